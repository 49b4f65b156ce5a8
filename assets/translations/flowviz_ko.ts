<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>Announcer</name>
    <message>
        <source>It is started again and goes on from its last copy; nothing of the project is lost.</source>
        <translation>다시 시작하여 마지막 사본에서 이어 갑니다. 프로젝트는 아무것도 잃지 않습니다.</translation>
    </message>
    <message>
        <source>Halve the Learning Rate</source>
        <translation>학습률 절반으로</translation>
    </message>
    <message>
        <source>Halve the Batch</source>
        <translation>배치 절반으로</translation>
    </message>
    <message>
        <source>Use the CPU</source>
        <translation>CPU 쓰기</translation>
    </message>
    <message>
        <source>Show the Layer</source>
        <translation>층 보기</translation>
    </message>
    <message>
        <source>The engine runs again.</source>
        <translation>엔진이 다시 실행됩니다.</translation>
    </message>
    <message>
        <source>The engine has stopped several times in a row. Your project is unharmed.</source>
        <translation>엔진이 여러 번 잇달아 멈추었습니다. 프로젝트는 무사합니다.</translation>
    </message>
    <message>
        <source>Restart the Engine</source>
        <translation>엔진 다시 시작</translation>
    </message>
</context>
<context>
    <name>Autosave</name>
    <message>
        <source>The automatic copy was not written: {problem}</source>
        <translation>자동 사본을 쓰지 못했습니다: {problem}</translation>
    </message>
    <message>
        <source>FlowViz ended unexpectedly last time. {name}, as it was at {time}, can be recovered.</source>
        <translation>지난번에 FlowViz가 예기치 않게 종료되었습니다. {time}의 {name}을(를) 되살릴 수 있습니다.</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>복구</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>버리기</translation>
    </message>
</context>
<context>
    <name>AxisPickers</name>
    <message>
        <source>across</source>
        <translation>가로</translation>
    </message>
    <message>
        <source>up</source>
        <translation>세로</translation>
    </message>
    <message>
        <source>Axis {name}</source>
        <translation>{name} 축</translation>
    </message>
    <message>
        <source>Principal</source>
        <translation>주성분</translation>
    </message>
    <message>
        <source>The two directions in which the data vary most, in place of two coordinates</source>
        <translation>두 좌표 대신, 데이터가 가장 크게 변하는 두 방향</translation>
    </message>
    <message>
        <source>All pairs</source>
        <translation>모든 쌍</translation>
    </message>
    <message>
        <source>Every pair of the first six coordinates at once</source>
        <translation>처음 여섯 좌표의 모든 쌍을 한꺼번에</translation>
    </message>
    <message>
        <source>Draw instead</source>
        <translation>대신 그리기</translation>
    </message>
    <message>
        <source>A blank canvas of two dimensions in place of this target</source>
        <translation>이 목표 대신 2차원 빈 캔버스</translation>
    </message>
</context>
<context>
    <name>Banners</name>
    <message numerus="yes">
        <source>%n more message(s)</source>
        <translation>
            <numerusform>알림 %n개 더</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Bar</name>
    <message>
        <source>Close this message</source>
        <translation>이 알림 닫기</translation>
    </message>
</context>
<context>
    <name>BasePage</name>
    <message>
        <source>Kind of base</source>
        <translation>기저의 종류</translation>
    </message>
    <message>
        <source>Fitted to the training data before the first step.</source>
        <translation>첫 스텝 전에 학습 데이터에 맞춥니다.</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>Change {field}</source>
        <translation>{field} 바꾸기</translation>
    </message>
</context>
<context>
    <name>CanvasCursor</name>
    <message>
        <source>Arrow keys move a cursor; Space puts the tool down, and up again</source>
        <translation>방향키로 커서를 움직이고, 스페이스로 도구를 내리고 올립니다</translation>
    </message>
    <message>
        <source>{tool} down at {point}</source>
        <translation>{tool} 내림, 위치 {point}</translation>
    </message>
    <message>
        <source>{tool} up at {point}</source>
        <translation>{tool} 올림, 위치 {point}</translation>
    </message>
</context>
<context>
    <name>CanvasTools</name>
    <message>
        <source>Clear: a blank canvas</source>
        <translation>비우기: 빈 캔버스</translation>
    </message>
    <message>
        <source>Invert: full where it is empty</source>
        <translation>뒤집기: 빈 곳을 가득 채움</translation>
    </message>
    <message>
        <source>Width of the brush, in cells of the canvas, which has 256 × 256</source>
        <translation>붓의 너비(256 × 256 캔버스의 칸 수)</translation>
    </message>
    <message>
        <source>How gently the brush ends: 0 % is a hard edge</source>
        <translation>붓 가장자리의 부드러움: 0 %는 뚜렷한 경계</translation>
    </message>
    <message>
        <source>How much one stroke adds, or takes away</source>
        <translation>한 획이 더하거나 지우는 양</translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation>붓 크기</translation>
    </message>
    <message>
        <source>Brush softness</source>
        <translation>붓 부드러움</translation>
    </message>
    <message>
        <source>Brush strength</source>
        <translation>붓 세기</translation>
    </message>
    <message>
        <source>Text to paint</source>
        <translation>그릴 글자</translation>
    </message>
    <message>
        <source>Size {cells}</source>
        <translation>크기 {cells}</translation>
    </message>
    <message>
        <source>Soft {percent} %</source>
        <translation>번짐 {percent} %</translation>
    </message>
    <message>
        <source>Ink {percent} %</source>
        <translation>세기 {percent} %</translation>
    </message>
</context>
<context>
    <name>Columns</name>
    <message>
        <source>Columns</source>
        <translation>열</translation>
    </message>
    <message>
        <source>The columns that are learnt; at least one.</source>
        <translation>배울 열. 적어도 하나.</translation>
    </message>
</context>
<context>
    <name>ContextPicker</name>
    <message>
        <source>given the class</source>
        <translation>클래스 조건</translation>
    </message>
    <message>
        <source>given</source>
        <translation>조건</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>클래스</translation>
    </message>
</context>
<context>
    <name>CornerPanel</name>
    <message>
        <source>The points are on their way.</source>
        <translation>점을 가져오고 있습니다.</translation>
    </message>
    <message>
        <source>{name}: the first {count} coordinates, step {step}</source>
        <translation>{name}: 처음 {count}개 좌표, 스텝 {step}</translation>
    </message>
    <message>
        <source>All pairs</source>
        <translation>모든 쌍</translation>
    </message>
    <message>
        <source>Two coordinates</source>
        <translation>두 좌표</translation>
    </message>
    <message>
        <source>Back to target and model side by side</source>
        <translation>목표와 모델을 나란히 보는 화면으로 돌아가기</translation>
    </message>
    <message>
        <source>held-out</source>
        <translation>검증</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>표본</translation>
    </message>
</context>
<context>
    <name>CurvesPanel</name>
    <message>
        <source>{name}, density per unit; not trained yet: press Train (F5)</source>
        <translation>{name}, 단위당 밀도. 아직 학습 전: 학습(F5)을 누르세요</translation>
    </message>
    <message>
        <source>{name}, density per unit; step {step}</source>
        <translation>{name}, 단위당 밀도. 스텝 {step}</translation>
    </message>
    <message>
        <source>Target and model</source>
        <translation>목표와 모델</translation>
    </message>
    <message>
        <source>target</source>
        <translation>목표</translation>
    </message>
    <message>
        <source>target: density not known</source>
        <translation>목표: 밀도를 알 수 없음</translation>
    </message>
    <message>
        <source>model (averaged weights)</source>
        <translation>모델(평균 가중치)</translation>
    </message>
    <message>
        <source>model</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>Samples of the model, below the curves</source>
        <translation>모델의 표본(곡선 아래)</translation>
    </message>
    <message>
        <source>Fit: show the whole target (0)</source>
        <translation>맞춤: 목표 전체 보기 (0)</translation>
    </message>
    <message>
        <source>Draw instead</source>
        <translation>대신 그리기</translation>
    </message>
    <message>
        <source>A blank canvas of two dimensions in place of this target</source>
        <translation>이 목표 대신 2차원 빈 캔버스</translation>
    </message>
    <message>
        <source>Density of target and model</source>
        <translation>목표와 모델의 밀도</translation>
    </message>
</context>
<context>
    <name>DrawActions</name>
    <message>
        <source>&amp;Clear</source>
        <translation>비우기(&amp;C)</translation>
    </message>
    <message>
        <source>A blank canvas</source>
        <translation>빈 캔버스로 만듭니다</translation>
    </message>
    <message>
        <source>&amp;Invert</source>
        <translation>뒤집기(&amp;I)</translation>
    </message>
    <message>
        <source>Full where it is empty, empty where it is full</source>
        <translation>빈 곳은 채우고 찬 곳은 비웁니다</translation>
    </message>
    <message>
        <source>&amp;Larger Brush</source>
        <translation>붓 크게(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Smaller Brush</source>
        <translation>붓 작게(&amp;S)</translation>
    </message>
    <message>
        <source>S&amp;ofter Brush</source>
        <translation>번짐 늘리기(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Harder Brush</source>
        <translation>번짐 줄이기(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;More Ink</source>
        <translation>세기 높이기(&amp;M)</translation>
    </message>
    <message>
        <source>L&amp;ess Ink</source>
        <translation>세기 낮추기(&amp;E)</translation>
    </message>
    <message>
        <source>Draw with the &amp;Keyboard</source>
        <translation>키보드로 그리기(&amp;K)</translation>
    </message>
    <message>
        <source>Arrow keys move a cursor on the canvas; Space puts the tool down, and up again</source>
        <translation>방향키로 캔버스 위의 커서를 움직이고, 스페이스로 도구를 내리고 올립니다</translation>
    </message>
    <message>
        <source>&amp;Pin the Point at the Cursor</source>
        <translation>커서의 점 고정(&amp;P)</translation>
    </message>
    <message>
        <source>Its log-density stays in view, for target, model and ledger; once more lets it go</source>
        <translation>목표와 모델, 장부에서 그 점의 로그 밀도를 계속 보여 줍니다. 다시 누르면 풀립니다</translation>
    </message>
    <message>
        <source>Draw</source>
        <translation>그리기</translation>
    </message>
    <message>
        <source>The target is not known yet</source>
        <translation>아직 목표를 알 수 없습니다</translation>
    </message>
    <message numerus="yes">
        <source>%n dimension(s) cannot be painted; a blank canvas has two</source>
        <translation>
            <numerusform>%n차원 목표에는 그릴 수 없습니다. 빈 캔버스는 2차원입니다</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EditActions</name>
    <message>
        <source>File</source>
        <translation>파일</translation>
    </message>
    <message>
        <source>&amp;New</source>
        <translation>새로 만들기(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>열기(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>저장(&amp;S)</translation>
    </message>
    <message>
        <source>Save &amp;As…</source>
        <translation>다른 이름으로 저장(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Import Data…</source>
        <translation>데이터 가져오기(&amp;I)…</translation>
    </message>
    <message>
        <source>A picture, a table, a set of pictures or a sound to learn</source>
        <translation>배울 그림, 표, 그림 모음 또는 소리</translation>
    </message>
    <message>
        <source>Import &amp;Folder of Pictures…</source>
        <translation>그림 폴더 가져오기(&amp;F)…</translation>
    </message>
    <message>
        <source>All pictures of a folder, cropped and resized to one size; subfolders are classes</source>
        <translation>폴더의 모든 그림을 자르고 한 크기로 맞춤. 하위 폴더는 클래스</translation>
    </message>
    <message>
        <source>&amp;Use Flow as Target…</source>
        <translation>흐름을 목표로 쓰기(&amp;U)…</translation>
    </message>
    <message>
        <source>A trained flow as the density to learn: its log-density is known, and its samples never end</source>
        <translation>학습된 흐름을 배울 밀도로: 로그 밀도를 알고, 표본을 끝없이 뽑을 수 있습니다</translation>
    </message>
    <message>
        <source>&amp;Export Checkpoint…</source>
        <translation>체크포인트 내보내기(&amp;E)…</translation>
    </message>
    <message>
        <source>The trained flow as a torch checkpoint</source>
        <translation>학습된 흐름을 torch 체크포인트로</translation>
    </message>
    <message>
        <source>Import Pi&amp;peline…</source>
        <translation>파이프라인 가져오기(&amp;P)…</translation>
    </message>
    <message>
        <source>Layers and base from a JSON file</source>
        <translation>JSON 파일에서 층과 기저</translation>
    </message>
    <message>
        <source>Export Pipe&amp;line…</source>
        <translation>파이프라인 내보내기(&amp;L)…</translation>
    </message>
    <message>
        <source>Layers and base as a JSON file, without weights</source>
        <translation>층과 기저를 JSON 파일로(가중치 제외)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>끝내기(&amp;Q)</translation>
    </message>
    <message>
        <source>New</source>
        <translation>새로 만들기</translation>
    </message>
    <message>
        <source>Open Recent</source>
        <translation>최근 파일 열기</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>예제</translation>
    </message>
    <message>
        <source>Picture {file}</source>
        <translation>그림 {file}</translation>
    </message>
    <message>
        <source>Table {file}</source>
        <translation>표 {file}</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>편집</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>실행 취소(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>다시 실행(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Undo {step}</source>
        <translation>실행 취소(&amp;U): {step}</translation>
    </message>
    <message>
        <source>&amp;Redo {step}</source>
        <translation>다시 실행(&amp;R): {step}</translation>
    </message>
    <message>
        <source>Cu&amp;t Layer</source>
        <translation>층 잘라내기(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Copy Layer</source>
        <translation>층 복사(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Paste Layer</source>
        <translation>층 붙여넣기(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Duplicate Layer</source>
        <translation>층 복제(&amp;D)</translation>
    </message>
    <message>
        <source>D&amp;elete Layer</source>
        <translation>층 삭제(&amp;E)</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>층</translation>
    </message>
    <message>
        <source>&amp;Bypass</source>
        <translation>건너뛰기(&amp;B)</translation>
    </message>
    <message>
        <source>Take In &amp;Again</source>
        <translation>다시 넣기(&amp;A)</translation>
    </message>
    <message>
        <source>Leave the selected layer out, keeping its weights</source>
        <translation>고른 층을 가중치는 간직한 채 건너뜁니다</translation>
    </message>
    <message>
        <source>Move &amp;Left</source>
        <translation>왼쪽으로(&amp;L)</translation>
    </message>
    <message>
        <source>Move &amp;Right</source>
        <translation>오른쪽으로(&amp;R)</translation>
    </message>
    <message>
        <source>Select &amp;Previous</source>
        <translation>앞의 것 고르기(&amp;P)</translation>
    </message>
    <message>
        <source>Select &amp;Next</source>
        <translation>다음 것 고르기(&amp;N)</translation>
    </message>
    <message>
        <source>Insert Layer</source>
        <translation>층 넣기</translation>
    </message>
</context>
<context>
    <name>EmptyPipeline</name>
    <message>
        <source>Drag a layer here, or add an affine coupling.</source>
        <translation>층을 여기로 끌어오거나 아핀 커플링을 추가하세요.</translation>
    </message>
    <message>
        <source>Add affine coupling</source>
        <translation>아핀 커플링 추가</translation>
    </message>
    <message>
        <source>This base predicts the data&apos;s own levels: no layers stand before it.</source>
        <translation>이 기저는 데이터의 값 단계를 직접 예측하므로 앞에 층이 없습니다.</translation>
    </message>
</context>
<context>
    <name>EventsPanel</name>
    <message>
        <source>All</source>
        <translation>모두</translation>
    </message>
    <message>
        <source>None of the held-out events shown is of this class.</source>
        <translation>표시된 검증용 데이터 가운데 이 클래스인 것이 없습니다.</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>목표</translation>
    </message>
    <message>
        <source>{name}: click two of them, the ends A and B</source>
        <translation>{name}: 양 끝 A와 B가 될 둘을 누르세요</translation>
    </message>
    <message>
        <source>{name}: held-out pictures, {shape}</source>
        <translation>{name}: 검증용 그림, {shape}</translation>
    </message>
    <message>
        <source>{name}: held-out sequences, {shape}</source>
        <translation>{name}: 검증용 시퀀스, {shape}</translation>
    </message>
    <message>
        <source>class</source>
        <translation>클래스</translation>
    </message>
    <message>
        <source>Class of what is shown</source>
        <translation>표시할 것의 클래스</translation>
    </message>
    <message>
        <source>Held-out pictures</source>
        <translation>검증용 그림</translation>
    </message>
    <message>
        <source>Held-out sequences</source>
        <translation>검증용 시퀀스</translation>
    </message>
    <message>
        <source>Draw instead</source>
        <translation>대신 그리기</translation>
    </message>
    <message>
        <source>A blank canvas of two dimensions in place of this target</source>
        <translation>이 목표 대신 2차원 빈 캔버스</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>Untitled</source>
        <translation>제목 없음</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <source>Save As</source>
        <translation>다른 이름으로 저장</translation>
    </message>
    <message>
        <source>FlowViz project (*.pt)</source>
        <translation>FlowViz 프로젝트 (*.pt)</translation>
    </message>
    <message>
        <source>Saved {file}</source>
        <translation>{file} 저장됨</translation>
    </message>
    <message>
        <source>Import Data</source>
        <translation>데이터 가져오기</translation>
    </message>
    <message>
        <source>Target {target}</source>
        <translation>목표 {target}</translation>
    </message>
    <message>
        <source>Import Folder of Pictures</source>
        <translation>그림 폴더 가져오기</translation>
    </message>
    <message>
        <source>Use Flow as Target</source>
        <translation>흐름을 목표로 쓰기</translation>
    </message>
    <message>
        <source>Pipeline (*.flow.json)</source>
        <translation>파이프라인 (*.flow.json)</translation>
    </message>
    <message>
        <source>Import Pipeline</source>
        <translation>파이프라인 가져오기</translation>
    </message>
    <message>
        <source>Import {file}</source>
        <translation>{file} 가져오기</translation>
    </message>
    <message>
        <source>Export Pipeline</source>
        <translation>파이프라인 내보내기</translation>
    </message>
    <message>
        <source>Exported {file}</source>
        <translation>{file} 내보냄</translation>
    </message>
    <message>
        <source>Export Checkpoint</source>
        <translation>체크포인트 내보내기</translation>
    </message>
    <message>
        <source>Torch checkpoint (*.pt)</source>
        <translation>Torch 체크포인트 (*.pt)</translation>
    </message>
    <message>
        <source>flow</source>
        <translation>flow</translation>
    </message>
    <message>
        <source>All data ({patterns})</source>
        <translation>모든 데이터 ({patterns})</translation>
    </message>
    <message>
        <source>Tables and arrays ({patterns})</source>
        <translation>표와 배열 ({patterns})</translation>
    </message>
    <message>
        <source>Sounds ({patterns})</source>
        <translation>소리 ({patterns})</translation>
    </message>
    <message>
        <source>Sets of pictures: IDX, CIFAR ({patterns})</source>
        <translation>그림 모음: IDX, CIFAR ({patterns})</translation>
    </message>
    <message>
        <source>Pictures ({patterns})</source>
        <translation>그림 ({patterns})</translation>
    </message>
    <message>
        <source>Everything that opens here ({patterns})</source>
        <translation>여기서 열 수 있는 모든 것 ({patterns})</translation>
    </message>
</context>
<context>
    <name>Finder</name>
    <message>
        <source>Find a command ({key})</source>
        <translation>명령 찾기 ({key})</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>명령 찾기</translation>
    </message>
    <message>
        <source>Commands found</source>
        <translation>찾은 명령</translation>
    </message>
</context>
<context>
    <name>Form</name>
    <message>
        <source>on</source>
        <translation>켬</translation>
    </message>
    <message>
        <source>off</source>
        <translation>끔</translation>
    </message>
    <message>
        <source>At most {most} letters.</source>
        <translation>최대 {most}자.</translation>
    </message>
    <message>
        <source>A whole number {range}.</source>
        <translation>정수 {range}.</translation>
    </message>
    <message>
        <source>At most {most} whole numbers {range}, with commas between.</source>
        <translation>쉼표로 나눈 정수 {range}, 최대 {most}개.</translation>
    </message>
    <message>
        <source>A number {range}.</source>
        <translation>수 {range}.</translation>
    </message>
    <message>
        <source>from {low} to {high}</source>
        <translation>({low}~{high})</translation>
    </message>
    <message>
        <source>above {low}, at most {high}</source>
        <translation>({low} 초과 {high} 이하)</translation>
    </message>
    <message>
        <source>from {low} to below {high}</source>
        <translation>({low} 이상 {high} 미만)</translation>
    </message>
    <message>
        <source>above {low} and below {high}</source>
        <translation>({low} 초과 {high} 미만)</translation>
    </message>
</context>
<context>
    <name>FormRow</name>
    <message>
        <source>Has an effect only when {field} is {value}.</source>
        <translation>{field}이(가) {value}일 때만 효과가 있습니다.</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>비어 있음</translation>
    </message>
    <message>
        <source>Reset to default ({value})</source>
        <translation>기본값으로 ({value})</translation>
    </message>
</context>
<context>
    <name>GalleryPanel</name>
    <message>
        <source>{time} s left</source>
        <translation>{time}초 남음</translation>
    </message>
    <message>
        <source>temperature T = {value}</source>
        <translation>온도 T = {value}</translation>
    </message>
    <message>
        <source>Model: samples</source>
        <translation>모델: 표본</translation>
    </message>
    <message>
        <source>Model: from A to B</source>
        <translation>모델: A에서 B로</translation>
    </message>
    <message>
        <source>Model: there and back</source>
        <translation>모델: 왕복</translation>
    </message>
    <message>
        <source>Model: nearest training data</source>
        <translation>모델: 가장 가까운 학습 데이터</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <source>The drawing was stopped.</source>
        <translation>표본 뽑기를 멈추었습니다.</translation>
    </message>
    <message>
        <source>Draw again</source>
        <translation>다시 뽑기</translation>
    </message>
    <message>
        <source>original, what comes back, difference; largest {error}</source>
        <translation>원본, 되돌아온 것, 차이(최대 {error})</translation>
    </message>
    <message>
        <source>original, below it what comes back; off by {error} at most</source>
        <translation>원본, 그 아래는 되돌아온 것. 최대 {error} 차이</translation>
    </message>
    <message>
        <source>each sample above its nearest training datum</source>
        <translation>표본마다 그 아래에 가장 가까운 학습 데이터</translation>
    </message>
    <message>
        <source>a straight line in z, brought back; step {step}</source>
        <translation>z의 직선을 되돌린 것, 스텝 {step}</translation>
    </message>
    <message>
        <source>fixed latents, T = {value}, step {step}</source>
        <translation>고정된 잠재 변수, T = {value}, 스텝 {step}</translation>
    </message>
    <message>
        <source>fixed latents, not trained yet: press Train (F5)</source>
        <translation>고정된 잠재 변수. 아직 학습 전: 학습(F5)을 누르세요</translation>
    </message>
    <message>
        <source>the same latents all along, step {step}</source>
        <translation>늘 같은 잠재 변수, 스텝 {step}</translation>
    </message>
    <message>
        <source>What the model shows</source>
        <translation>모델이 보여 주는 것</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>From latents that stay the same: one sees them improve</source>
        <translation>늘 같은 잠재 변수에서 만든 표본: 나아지는 모습이 보입니다</translation>
    </message>
    <message>
        <source>Between</source>
        <translation>사이</translation>
    </message>
    <message>
        <source>From one datum to another, straight through the latents</source>
        <translation>한 데이터에서 다른 데이터로, 잠재 공간을 곧게 가로질러</translation>
    </message>
    <message>
        <source>Rebuilt</source>
        <translation>복원</translation>
    </message>
    <message>
        <source>Held-out data, what comes back from their latents, and the difference</source>
        <translation>검증용 데이터, 그 잠재 변수에서 되돌아온 것, 그 차이</translation>
    </message>
    <message>
        <source>Nearest</source>
        <translation>최근접</translation>
    </message>
    <message>
        <source>Samples and the training data nearest to them: is it learnt by heart?</source>
        <translation>표본과 가장 가까운 학습 데이터: 통째로 외운 것일까요?</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>온도</translation>
    </message>
    <message>
        <source>Scales the noise that samples are made from; 1 samples the model as it is</source>
        <translation>표본을 만드는 잡음의 배율. 1이면 모델 그대로 뽑습니다</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Stop drawing number by number</source>
        <translation>숫자를 하나씩 뽑는 일을 멈춥니다</translation>
    </message>
    <message>
        <source>How much is drawn</source>
        <translation>뽑은 정도</translation>
    </message>
    <message>
        <source>Pictures made by the model</source>
        <translation>모델이 만든 그림</translation>
    </message>
    <message>
        <source>Sequences made by the model</source>
        <translation>모델이 만든 시퀀스</translation>
    </message>
</context>
<context>
    <name>HistogramPopup</name>
    <message>
        <source>log|det J| over the held-out points, nats</source>
        <translation>검증용 점에서의 log|det J|, nats</translation>
    </message>
    <message>
        <source>mean {value}</source>
        <translation>평균 {value}</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Inspector</source>
        <translation>속성</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>선택</translation>
    </message>
    <message>
        <source>Maximum likelihood asks for the density: {count} passes of this layer at every step. IAF is meant for reverse KL against a known density (Training, objective), or for a teacher: open a trained flow as the target (File, Use Flow as Target) and learn from that.</source>
        <translation>최대 우도에는 밀도가 필요해 스텝마다 이 층을 {count}번 지나야 합니다. IAF는 밀도를 아는 목표에 대한 역방향 KL(학습, 목적 함수)이나 교사에게 배우는 데 알맞습니다. 학습된 흐름을 목표로 열어(파일, 흐름을 목표로 쓰기) 거기서 배우세요.</translation>
    </message>
    <message>
        <source>Layer {number}</source>
        <translation>{number}번 층</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>기저</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>데이터</translation>
    </message>
    <message>
        <source>What is selected in the strip</source>
        <translation>띠에서 고른 것</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>Settings of the training; each may change while it runs</source>
        <translation>학습 설정. 학습 중에도 바꿀 수 있습니다</translation>
    </message>
    <message>
        <source>sequential, %n pass(es)</source>
        <translation>순차적으로 %n번</translation>
    </message>
    <message>
        <source>Takes {kinds} only.</source>
        <translation>{kinds}만 받습니다.</translation>
    </message>
</context>
<context>
    <name>LayerCard</name>
    <message>
        <source>Density: {normalize}; samples: {generate}</source>
        <translation>밀도: {normalize}, 표본: {generate}</translation>
    </message>
    <message>
        <source>Insert {layer} after the selected layer</source>
        <translation>고른 층 뒤에 {layer} 넣기</translation>
    </message>
</context>
<context>
    <name>LayerEvents</name>
    <message>
        <source>input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>output</source>
        <translation>출력</translation>
    </message>
    <message>
        <source>state</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>goes on</source>
        <translation>계속 나아감</translation>
    </message>
    <message>
        <source>leaves for the base</source>
        <translation>기저로 떠남</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} ~ {high}</translation>
    </message>
    <message>
        <source>log|det J| by place</source>
        <translation>위치별 log|det J|</translation>
    </message>
    <message>
        <source>±{span} nats</source>
        <translation>±{span} nats</translation>
    </message>
    <message>
        <source>{low} to {high} nats</source>
        <translation>{low} ~ {high} nats</translation>
    </message>
    <message>
        <source>log|det J|</source>
        <translation>log|det J|</translation>
    </message>
</context>
<context>
    <name>LayerPage</name>
    <message>
        <source>numerical: found by iteration, to a stated error</source>
        <translation>수치적: 정해진 오차까지 반복하여 구함</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>밀도</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>Inverse</source>
        <translation>역변환</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>모양</translation>
    </message>
    <message>
        <source>Change {field}</source>
        <translation>{field} 바꾸기</translation>
    </message>
</context>
<context>
    <name>LayerPalette</name>
    <message>
        <source>No layer has “{text}” in its name or description.</source>
        <translation>이름이나 설명에 “{text}”이(가) 있는 층이 없습니다.</translation>
    </message>
    <message>
        <source>Palette of layers</source>
        <translation>층 팔레트</translation>
    </message>
    <message>
        <source>Search layers</source>
        <translation>층 찾기</translation>
    </message>
</context>
<context>
    <name>LayerPanel</name>
    <message>
        <source>This layer is bypassed: its output is its input.</source>
        <translation>이 층은 건너뜁니다: 출력이 입력과 같습니다.</translation>
    </message>
    <message>
        <source>Take it in again</source>
        <translation>다시 넣기</translation>
    </message>
    <message>
        <source>Whole flow</source>
        <translation>흐름 전체</translation>
    </message>
    <message>
        <source>Layer {number}: {layer}</source>
        <translation>{number}번 층: {layer}</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>데이터</translation>
    </message>
    <message>
        <source>Standardisation</source>
        <translation>표준화</translation>
    </message>
    <message>
        <source>Base: {base}</source>
        <translation>기저: {base}</translation>
    </message>
    <message>
        <source>a lattice, coloured by how much it was stretched</source>
        <translation>늘어난 정도로 색칠한 격자</translation>
    </message>
    <message>
        <source>held-out points, coloured by where they come from</source>
        <translation>온 곳에 따라 색칠한 검증용 점</translation>
    </message>
    <message>
        <source>log|det J| over its input, nats</source>
        <translation>입력에서의 log|det J|, nats</translation>
    </message>
    <message>
        <source>model density here</source>
        <translation>이곳의 모델 밀도</translation>
    </message>
    <message>
        <source>held-out events at this state</source>
        <translation>이 상태의 검증용 데이터</translation>
    </message>
    <message>
        <source>held-out events before and after</source>
        <translation>층 앞뒤의 검증용 데이터</translation>
    </message>
    <message>
        <source>z(x), and log|dz/dx| dashed, nats</source>
        <translation>z(x), 그리고 log|dz/dx|(파선), nats</translation>
    </message>
    <message>
        <source>log|dz/dx| over x, nats</source>
        <translation>x에 대한 log|dz/dx|, nats</translation>
    </message>
    <message>
        <source>model density of input and output, cross-faded</source>
        <translation>입력과 출력의 모델 밀도, 겹쳐 바뀜</translation>
    </message>
    <message>
        <source>held-out points from the base to the data</source>
        <translation>기저에서 데이터까지의 검증용 점</translation>
    </message>
    <message>
        <source>at the data</source>
        <translation>데이터에서</translation>
    </message>
    <message>
        <source>at the base</source>
        <translation>기저에서</translation>
    </message>
    <message>
        <source>step {number} of {count} from the base</source>
        <translation>기저에서 {count}단계 가운데 {number}단계</translation>
    </message>
    <message>
        <source>base</source>
        <translation>기저</translation>
    </message>
    <message>
        <source>input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>data</source>
        <translation>데이터</translation>
    </message>
    <message>
        <source>output</source>
        <translation>출력</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>재생</translation>
    </message>
    <message>
        <source>Run from one end to the other</source>
        <translation>한 끝에서 다른 끝까지 움직입니다</translation>
    </message>
    <message>
        <source>The coloured points through all layers, from the base to the data</source>
        <translation>색칠한 점이 기저에서 데이터까지 모든 층을 지나는 모습</translation>
    </message>
    <message>
        <source>In between: drawing</source>
        <translation>중간 상태는 그림일 뿐</translation>
    </message>
    <message>
        <source>Only the states between layers are the model&apos;s. What lies between two of them is a straight line, drawn.</source>
        <translation>층 사이의 상태만 모델의 것입니다. 두 상태 사이는 직선으로 그린 것입니다.</translation>
    </message>
    <message>
        <source>The selected layer, or the whole flow</source>
        <translation>선택한 층 또는 흐름 전체</translation>
    </message>
    <message>
        <source>Between input and output</source>
        <translation>입력과 출력 사이</translation>
    </message>
</context>
<context>
    <name>LogDetLedger</name>
    <message>
        <source>one point</source>
        <translation>한 점</translation>
    </message>
    <message>
        <source>pinned {point}</source>
        <translation>고정한 점 {point}</translation>
    </message>
    <message>
        <source>point {point}</source>
        <translation>점 {point}</translation>
    </message>
    <message>
        <source>log p(z) + Σ log|det J| = log p(x), {unit}</source>
        <translation>log p(z) + Σ log|det J| = log p(x), {unit}</translation>
    </message>
    <message>
        <source>(log₂ p(z) + Σ log₂|det J|)/D = log₂ p(x)/D, {unit}</source>
        <translation>(log₂ p(z) + Σ log₂|det J|)/D = log₂ p(x)/D, {unit}</translation>
    </message>
    <message>
        <source>held-out mean</source>
        <translation>검증용 평균</translation>
    </message>
    <message>
        <source>point at the model; a click keeps the point</source>
        <translation>모델 위를 가리키세요. 클릭하면 점이 고정됩니다</translation>
    </message>
    <message>
        <source>The engine is starting.</source>
        <translation>엔진을 시작하고 있습니다.</translation>
    </message>
    <message>
        <source>Here log p(x) is added up, layer by layer, as soon as there is a model.</source>
        <translation>모델이 생기면 log p(x)를 층마다 더해 보여 줍니다.</translation>
    </message>
    <message>
        <source>standardise</source>
        <translation>표준화</translation>
    </message>
    <message>
        <source>{number} {layer}</source>
        <translation>{number} {layer}</translation>
    </message>
    <message>
        <source>Log-det ledger</source>
        <translation>로그 행렬식 장부</translation>
    </message>
    <message>
        <source>Where log p(x) comes from</source>
        <translation>log p(x)의 내역</translation>
    </message>
    <message>
        <source>base</source>
        <translation>기저</translation>
    </message>
</context>
<context>
    <name>LossPlot</name>
    <message>
        <source>train</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>smoothed</source>
        <translation>평활</translation>
    </message>
    <message>
        <source>held-out</source>
        <translation>검증</translation>
    </message>
    <message>
        <source>floor</source>
        <translation>바닥</translation>
    </message>
    <message>
        <source>Gaussian</source>
        <translation>가우시안</translation>
    </message>
    <message>
        <source>KDE</source>
        <translation>KDE</translation>
    </message>
    <message>
        <source>No held-out loss yet.</source>
        <translation>아직 검증 손실이 없습니다.</translation>
    </message>
    <message>
        <source>step {step}</source>
        <translation>스텝 {step}</translation>
    </message>
    <message>
        <source>Loss, {unit}</source>
        <translation>손실, {unit}</translation>
    </message>
    <message>
        <source>Loss in {unit} over the steps</source>
        <translation>스텝에 따른 손실({unit})</translation>
    </message>
    <message>
        <source>Held-out loss {value} {unit} at step {step}</source>
        <translation>검증 손실 {value} {unit}, 스텝 {step}</translation>
    </message>
    <message>
        <source>{name} {value} {unit}</source>
        <translation>{name} {value} {unit}</translation>
    </message>
    <message>
        <source>Loss of each training batch</source>
        <translation>학습 배치마다의 손실</translation>
    </message>
    <message>
        <source>The training loss, averaged over about {steps} steps</source>
        <translation>약 {steps}스텝에 걸쳐 평균한 학습 손실</translation>
    </message>
    <message>
        <source>Mean negative log-likelihood of points that were never trained on</source>
        <translation>학습에 쓰지 않은 점들의 평균 음의 로그 우도</translation>
    </message>
    <message>
        <source>Entropy of the target: no model can have a lower loss</source>
        <translation>목표의 엔트로피: 어떤 모델도 이보다 낮은 손실을 가질 수 없습니다</translation>
    </message>
    <message>
        <source>One Gaussian with full covariance, on the held-out points</source>
        <translation>전체 공분산 가우시안 하나(검증용 점에서)</translation>
    </message>
    <message>
        <source>A kernel density estimate, on the held-out points</source>
        <translation>커널 밀도 추정(검증용 점에서)</translation>
    </message>
    <message>
        <source>log x</source>
        <translation>로그 x</translation>
    </message>
    <message>
        <source>Steps on a logarithmic scale</source>
        <translation>스텝을 로그 눈금으로</translation>
    </message>
    <message>
        <source>Fit: show all steps (0)</source>
        <translation>맞춤: 모든 스텝 보기 (0)</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>{name}[*] – {target} – FlowViz</source>
        <translation>{name}[*] – {target} – FlowViz</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>{device}: {why}</source>
        <translation>{device}: {why}</translation>
    </message>
    <message>
        <source>&amp;Palette</source>
        <translation>팔레트(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Stage</source>
        <translation>무대(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Loss</source>
        <translation>손실(&amp;L)</translation>
    </message>
    <message>
        <source>L&amp;edger</source>
        <translation>장부(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Inspector</source>
        <translation>속성(&amp;I)</translation>
    </message>
    <message>
        <source>S&amp;trip</source>
        <translation>띠(&amp;T)</translation>
    </message>
    <message>
        <source>FlowViz {version}
An explorer of normalizing flows. MIT licence.

Qt {qt}, PyTorch {torch}</source>
        <translation>FlowViz {version}
정규화 흐름 탐색기. MIT 라이선스.

Qt {qt}, PyTorch {torch}</translation>
    </message>
    <message>
        <source>(the engine is starting)</source>
        <translation>(엔진 시작 중)</translation>
    </message>
    <message>
        <source>About FlowViz</source>
        <translation>FlowViz 정보</translation>
    </message>
    <message>
        <source>Something in the window went wrong ({error}). Your project is unharmed; saving it is wise.</source>
        <translation>창에서 문제가 생겼습니다({error}). 프로젝트는 무사하지만 저장해 두는 것이 좋습니다.</translation>
    </message>
    <message>
        <source>Copy Details</source>
        <translation>자세한 내용 복사</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message numerus="yes">
        <source>%n dimension(s)</source>
        <translation>
            <numerusform>%n차원</numerusform>
        </translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>Sequences</source>
        <translation>시퀀스</translation>
    </message>
    <message>
        <source>T&amp;hreads</source>
        <translation>스레드(&amp;H)</translation>
    </message>
    <message>
        <source>New from Prese&amp;t</source>
        <translation>프리셋으로 새로 만들기(&amp;T)</translation>
    </message>
    <message>
        <source>Open Re&amp;cent</source>
        <translation>최근 파일(&amp;C)</translation>
    </message>
    <message>
        <source>E&amp;xamples</source>
        <translation>예제(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>파일(&amp;F)</translation>
    </message>
    <message>
        <source>Dra&amp;w</source>
        <translation>그리기(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>편집(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Insert</source>
        <translation>넣기(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Layers</source>
        <translation>층(&amp;L)</translation>
    </message>
    <message>
        <source>Pre&amp;set</source>
        <translation>프리셋(&amp;S)</translation>
    </message>
    <message>
        <source>Seve&amp;ral Steps</source>
        <translation>여러 스텝(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>학습(&amp;T)</translation>
    </message>
    <message>
        <source>Tar&amp;get</source>
        <translation>목표(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>장치(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>보기(&amp;V)</translation>
    </message>
    <message>
        <source>T&amp;iles Show</source>
        <translation>타일 표시(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Gallery</source>
        <translation>갤러리(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation>패널(&amp;P)</translation>
    </message>
    <message>
        <source>T&amp;heme</source>
        <translation>테마(&amp;H)</translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation>언어(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>도움말(&amp;H)</translation>
    </message>
</context>
<context>
    <name>ModelPanel</name>
    <message>
        <source>Model</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>{count} samples, step {step}</source>
        <translation>표본 {count}개, 스텝 {step}</translation>
    </message>
    <message>
        <source>exp(log p), not trained yet: press Train (F5)</source>
        <translation>exp(log p), 아직 학습 전: 학습(F5)을 누르세요</translation>
    </message>
    <message>
        <source>exp(log p), averaged weights, step {step}</source>
        <translation>exp(log p), 평균 가중치, 스텝 {step}</translation>
    </message>
    <message>
        <source>exp(log p), step {step}</source>
        <translation>exp(log p), 스텝 {step}</translation>
    </message>
    <message>
        <source>Model − target</source>
        <translation>모델 − 목표</translation>
    </message>
    <message>
        <source>density difference</source>
        <translation>밀도 차이</translation>
    </message>
    <message>
        <source>density per unit area</source>
        <translation>단위 면적당 밀도</translation>
    </message>
    <message>
        <source>Of more than two dimensions there are only samples to show</source>
        <translation>차원이 셋 이상이면 샘플만 보여 줄 수 있습니다</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>Held-out points on the target, samples of the model beside it</source>
        <translation>목표에는 검증용 점, 옆에는 모델의 표본</translation>
    </message>
    <message>
        <source>Contours</source>
        <translation>등고선</translation>
    </message>
    <message>
        <source>Lines of equal density, the same levels in both: they enclose 25, 50, 75 and 95 % of the target</source>
        <translation>밀도가 같은 선. 양쪽에 같은 높이로, 목표의 25, 50, 75, 95 %를 둘러쌉니다</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>차이</translation>
    </message>
    <message>
        <source>Model minus target: orange where the model has too much, blue too little</source>
        <translation>모델 빼기 목표: 모델이 많으면 주황, 적으면 파랑</translation>
    </message>
    <message>
        <source>Fit: show the whole target (0)</source>
        <translation>맞춤: 목표 전체 보기 (0)</translation>
    </message>
    <message>
        <source>Density of the model</source>
        <translation>모델의 밀도</translation>
    </message>
</context>
<context>
    <name>PipelineStrip</name>
    <message>
        <source>Strip</source>
        <translation>띠</translation>
    </message>
    <message>
        <source>Choose the base</source>
        <translation>기저 고르기</translation>
    </message>
    <message>
        <source>Bypass {layer}</source>
        <translation>{layer} 건너뛰기</translation>
    </message>
    <message>
        <source>Leave this layer out, keeping its weights, or take it in again (Ctrl+B)</source>
        <translation>가중치를 간직한 채 이 층을 건너뛰거나 다시 넣습니다 (Ctrl+B)</translation>
    </message>
    <message>
        <source>Take in Again</source>
        <translation>다시 넣기</translation>
    </message>
    <message>
        <source>Bypass</source>
        <translation>건너뛰기</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>잘라내기</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Paste After</source>
        <translation>뒤에 붙여넣기</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>복제</translation>
    </message>
    <message>
        <source>Move Left</source>
        <translation>왼쪽으로</translation>
    </message>
    <message>
        <source>Move Right</source>
        <translation>오른쪽으로</translation>
    </message>
    <message>
        <source>Insert After</source>
        <translation>뒤에 넣기</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Choose base {base}</source>
        <translation>기저 {base} 고르기</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>데이터</translation>
    </message>
    <message>
        <source>data</source>
        <translation>데이터</translation>
    </message>
    <message>
        <source>data, D = {count}</source>
        <translation>데이터, D = {count}</translation>
    </message>
    <message>
        <source>What is learnt: x, as it comes.</source>
        <translation>배울 것: 있는 그대로의 x.</translation>
    </message>
    <message>
        <source>base</source>
        <translation>기저</translation>
    </message>
    <message>
        <source>Standardise</source>
        <translation>표준화</translation>
    </message>
    <message>
        <source>(x − mean) / sd, recorded with the data; its log|det J| is counted. It cannot be moved.</source>
        <translation>(x − 평균) / 표준편차. 데이터와 함께 기록되며 log|det J|를 셈에 넣습니다. 옮길 수 없습니다.</translation>
    </message>
    <message>
        <source>Below the picture: mean log|det J| over the held-out points in {unit}, from data to base.</source>
        <translation>그림 아래: 검증용 점에서의 평균 log|det J|({unit}, 데이터에서 기저로).</translation>
    </message>
</context>
<context>
    <name>QuantilePlot</name>
    <message>
        <source>normal quantile</source>
        <translation>정규분포의 분위수</translation>
    </message>
    <message>
        <source>latent quantile</source>
        <translation>잠재 변수의 분위수</translation>
    </message>
</context>
<context>
    <name>Run</name>
    <message>
        <source>Seed {seed}</source>
        <translation>시드 {seed}</translation>
    </message>
    <message>
        <source>Target {target}</source>
        <translation>목표 {target}</translation>
    </message>
    <message>
        <source>Blank canvas</source>
        <translation>빈 캔버스</translation>
    </message>
    <message>
        <source>Preset {preset}</source>
        <translation>프리셋 {preset}</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>장치</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>스레드</translation>
    </message>
    <message>
        <source>Halve the learning rate</source>
        <translation>학습률 절반으로</translation>
    </message>
    <message>
        <source>Halve the batch</source>
        <translation>배치 절반으로</translation>
    </message>
</context>
<context>
    <name>RunActions</name>
    <message>
        <source>Train</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>학습(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>일시 정지(&amp;P)</translation>
    </message>
    <message>
        <source>Train to the end of the schedule, or pause</source>
        <translation>일정이 끝날 때까지 학습하거나 멈춥니다</translation>
    </message>
    <message>
        <source>&amp;Step</source>
        <translation>한 스텝(&amp;S)</translation>
    </message>
    <message>
        <source>One step of training</source>
        <translation>학습 한 스텝</translation>
    </message>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>%n 스텝</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Reset</source>
        <translation>초기화(&amp;R)</translation>
    </message>
    <message>
        <source>Back to step 0 and the same initial weights</source>
        <translation>스텝 0과 같은 초기 가중치로 돌아갑니다</translation>
    </message>
    <message>
        <source>New S&amp;eed</source>
        <translation>새 시드(&amp;E)</translation>
    </message>
    <message>
        <source>Other initial weights and other training data, from step 0</source>
        <translation>다른 초기 가중치와 학습 데이터로 스텝 0부터</translation>
    </message>
    <message>
        <source>&amp;Verify Flow</source>
        <translation>흐름 검사(&amp;V)</translation>
    </message>
    <message>
        <source>Whether the flow keeps the laws as it is trained now, layer by layer, with a report</source>
        <translation>지금 학습된 흐름이 법칙을 지키는지 층마다 검사하여 보고서로 보여 줍니다</translation>
    </message>
    <message>
        <source>Training Settin&amp;gs</source>
        <translation>학습 설정(&amp;G)</translation>
    </message>
    <message>
        <source>Objective, optimiser, schedule and batch, in the inspector</source>
        <translation>목적 함수, 최적화기, 일정, 배치(속성 창에서)</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>목표</translation>
    </message>
    <message>
        <source>&amp;Blank Canvas</source>
        <translation>빈 캔버스(&amp;B)</translation>
    </message>
    <message>
        <source>An empty canvas to draw a density on</source>
        <translation>밀도를 그릴 빈 캔버스</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>프리셋</translation>
    </message>
    <message>
        <source>{preset} (with {target})</source>
        <translation>{preset} (목표: {target})</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>장치</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>스레드</translation>
    </message>
    <message numerus="yes">
        <source>%n thread(s)</source>
        <translation>
            <numerusform>스레드 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>Chosen by FlowViz</source>
        <translation>FlowViz가 선택</translation>
    </message>
</context>
<context>
    <name>Sound</name>
    <message>
        <source>No program that plays sounds was found here: paplay, pw-play or aplay would do.</source>
        <translation>소리를 재생할 프로그램을 찾지 못했습니다. paplay, pw-play, aplay 가운데 하나면 됩니다.</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>No picture of the model yet.</source>
        <translation>아직 모델의 그림이 없습니다.</translation>
    </message>
    <message>
        <source>Train (F5)</source>
        <translation>학습 (F5)</translation>
    </message>
    <message>
        <source>There is nothing to learn yet: paint on the left.</source>
        <translation>아직 배울 것이 없습니다. 왼쪽에 칠해 보세요.</translation>
    </message>
    <message>
        <source>The engine is starting.</source>
        <translation>엔진을 시작하고 있습니다.</translation>
    </message>
    <message>
        <source>log p(x) = {value} nats</source>
        <translation>log p(x) = {value} nats</translation>
    </message>
    <message>
        <source>log p(x) ≈ {value} nats</source>
        <translation>log p(x) ≈ {value} nats</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>What the engine is doing</source>
        <translation>엔진이 하는 일</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>학습 진행</translation>
    </message>
    <message>
        <source>Steps of training</source>
        <translation>학습 스텝</translation>
    </message>
    <message>
        <source>Held-out negative log-likelihood, and the target&apos;s entropy</source>
        <translation>검증용 음의 로그 우도와 목표의 엔트로피</translation>
    </message>
    <message>
        <source>Speed of training</source>
        <translation>학습 속도</translation>
    </message>
    <message>
        <source>Memory of the engine</source>
        <translation>엔진의 메모리</translation>
    </message>
    <message>
        <source>Where it trains</source>
        <translation>학습하는 곳</translation>
    </message>
    <message>
        <source>Pictures a second, and their share of the engine&apos;s time</source>
        <translation>초당 그림 수와 엔진 시간에서 차지하는 비율</translation>
    </message>
    <message>
        <source>step {step:,} of {steps:,}</source>
        <translation>스텝 {step:,} / {steps:,}</translation>
    </message>
    <message>
        <source>{steps:,.0f} steps/s · {samples} samples/s</source>
        <translation>{steps:,.0f} 스텝/초 · {samples} 표본/초</translation>
    </message>
    <message>
        <source>engine {memory:,.0f} MB</source>
        <translation>엔진 {memory:,.0f} MB</translation>
    </message>
    <message>
        <source>{rate:.0f} frames/s ({share:.0f} %)</source>
        <translation>{rate:.0f} 프레임/초 ({share:.0f} %)</translation>
    </message>
    <message>
        <source>restarting the engine</source>
        <translation>엔진 다시 시작 중</translation>
    </message>
    <message>
        <source>no engine</source>
        <translation>엔진 없음</translation>
    </message>
    <message>
        <source>engine starting</source>
        <translation>엔진 시작 중</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>준비됨</translation>
    </message>
    <message>
        <source>training</source>
        <translation>학습 중</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>일시 정지</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>끝남</translation>
    </message>
    <message>
        <source>cannot train</source>
        <translation>학습할 수 없음</translation>
    </message>
    <message>
        <source>{nll} nats an event</source>
        <translation>데이터 하나당 {nll} nats</translation>
    </message>
    <message>
        <source>held-out NLL {nll} {unit}</source>
        <translation>검증 NLL {nll} {unit}</translation>
    </message>
    <message>
        <source>held-out NLL {nll} {unit} (floor {floor})</source>
        <translation>검증 NLL {nll} {unit} (바닥 {floor})</translation>
    </message>
    <message numerus="yes">
        <source>CPU, %n thread(s)</source>
        <translation>
            <numerusform>CPU, 스레드 %n개</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StripHeader</name>
    <message>
        <source>base → data</source>
        <translation>기저 → 데이터</translation>
    </message>
    <message>
        <source>data → base</source>
        <translation>데이터 → 기저</translation>
    </message>
    <message>
        <source>Mean log|det J| by place: blue −{span} nats an element, orange +{span} nats</source>
        <translation>위치별 평균 log|det J|: 파랑은 원소당 −{span} nats, 주황은 +{span} nats</translation>
    </message>
    <message>
        <source>Held-out pictures at each state; black to white is each state&apos;s own range</source>
        <translation>각 상태의 검증용 그림. 검정에서 흰색까지가 각 상태의 값 범위입니다</translation>
    </message>
    <message>
        <source>Held-out sequences at each state, each to its own scale</source>
        <translation>각 상태의 검증용 시퀀스(각자의 눈금)</translation>
    </message>
    <message>
        <source>More than two dimensions: held-out points on the two axes chosen</source>
        <translation>2차원이 넘음: 고른 두 축 위의 검증용 점</translation>
    </message>
    <message>
        <source>The model&apos;s density of each state, each to its own peak</source>
        <translation>각 상태의 모델 밀도(각자의 봉우리 기준)</translation>
    </message>
    <message>
        <source>Each state against where it came from</source>
        <translation>각 상태와 그것이 온 곳</translation>
    </message>
    <message>
        <source>A lattice carried along: blue where it shrank (−{span} nats), orange where it grew</source>
        <translation>함께 옮겨진 격자: 줄면 파랑(−{span} nats), 늘면 주황</translation>
    </message>
    <message>
        <source>Held-out points, coloured by where they were in the data</source>
        <translation>데이터에서의 위치에 따라 색칠한 검증용 점</translation>
    </message>
    <message>
        <source>Histogram of log|det J| over the held-out points</source>
        <translation>검증용 점에서의 log|det J| 히스토그램</translation>
    </message>
    <message>
        <source>log|det J| over the layer&apos;s input, −{span} to +{span} nats</source>
        <translation>층의 입력에서의 log|det J|, −{span} ~ +{span} nats</translation>
    </message>
    <message>
        <source>log|det J| over the layer&apos;s input: blue −{span} nats, orange +{span} nats</source>
        <translation>층의 입력에서의 log|det J|: 파랑 −{span} nats, 주황 +{span} nats</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>표시</translation>
    </message>
    <message>
        <source>What the tiles show</source>
        <translation>타일이 보여 주는 것</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>밀도</translation>
    </message>
    <message>
        <source>The model&apos;s own density of each state, exact</source>
        <translation>각 상태에서의 모델 밀도(정확한 값)</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>The same held-out pictures at each state</source>
        <translation>각 상태에서의 같은 검증용 그림</translation>
    </message>
    <message>
        <source>Waves</source>
        <translation>파형</translation>
    </message>
    <message>
        <source>The same held-out sequences at each state</source>
        <translation>각 상태에서의 같은 검증용 시퀀스</translation>
    </message>
    <message>
        <source>A grid is of data in the plane; pictures and sequences have too many dimensions for one</source>
        <translation>격자는 평면 데이터에만 그립니다. 그림과 시퀀스는 차원이 너무 많습니다</translation>
    </message>
    <message>
        <source>Pictures and sequences are shown themselves, not as points</source>
        <translation>그림과 시퀀스는 점이 아니라 그 자체로 보여 줍니다</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>격자</translation>
    </message>
    <message>
        <source>How each state is a warped copy of the data&apos;s plane</source>
        <translation>각 상태가 데이터 평면을 어떻게 휜 것인지</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>The same held-out points at each state</source>
        <translation>각 상태에서의 같은 검증용 점</translation>
    </message>
    <message>
        <source>Log-det</source>
        <translation>로그 행렬식</translation>
    </message>
    <message>
        <source>How much each layer stretches (+) or shrinks (−), in nats</source>
        <translation>각 층이 얼마나 늘리고(+) 줄이는지(−), nats</translation>
    </message>
    <message>
        <source>Turn the strip around</source>
        <translation>띠 뒤집기</translation>
    </message>
    <message>
        <source>Data to base is how a density is computed, base to data how samples are made.</source>
        <translation>데이터에서 기저로는 밀도를 계산하는 방향, 기저에서 데이터로는 표본을 만드는 방향입니다.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>크기</translation>
    </message>
    <message>
        <source>Size of the tiles</source>
        <translation>타일 크기</translation>
    </message>
    <message>
        <source>Size of the tiles, in per cent of the strip&apos;s height</source>
        <translation>타일 크기(띠 높이의 %)</translation>
    </message>
</context>
<context>
    <name>TargetCanvas</name>
    <message>
        <source>Clear the canvas</source>
        <translation>캔버스 비우기</translation>
    </message>
    <message>
        <source>Invert the canvas</source>
        <translation>캔버스 뒤집기</translation>
    </message>
</context>
<context>
    <name>TargetPage</name>
    <message>
        <source>Target</source>
        <translation>목표</translation>
    </message>
    <message>
        <source>Clear the canvas</source>
        <translation>캔버스 비우기</translation>
    </message>
    <message>
        <source>Conditional</source>
        <translation>조건부</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>열</translation>
    </message>
    <message>
        <source>{title}, {count}-D</source>
        <translation>{title}, {count}차원</translation>
    </message>
    <message>
        <source>This data has nothing to condition by: switch it off.</source>
        <translation>이 데이터에는 조건으로 쓸 것이 없습니다. 조건부를 끄세요.</translation>
    </message>
    <message>
        <source>Learns p(x | class) for {count} classes: {names}.</source>
        <translation>클래스 {count}개에 대해 p(x | 클래스)를 배웁니다: {names}.</translation>
    </message>
    <message>
        <source>Make the density conditional</source>
        <translation>밀도를 조건부로 만들기</translation>
    </message>
    <message>
        <source>Make the density unconditional</source>
        <translation>밀도를 조건 없이 만들기</translation>
    </message>
    <message>
        <source>Painted on the canvas: constant on each of 256 × 256 cells, so that all of it is exact.</source>
        <translation>캔버스에 칠한 밀도: 256 × 256 칸마다 일정하므로 모든 값이 정확합니다.</translation>
    </message>
    <message>
        <source>{value} {unit}, the loss&apos;s floor</source>
        <translation>{value} {unit}, 손실의 바닥</translation>
    </message>
    <message>
        <source>Dimensions</source>
        <translation>차원</translation>
    </message>
    <message>
        <source>Learns p(x | c), c = {names}.</source>
        <translation>p(x | c)를 배웁니다, c = {names}.</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>모양</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>단계 수</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>샘플링 레이트</translation>
    </message>
    <message>
        <source>{rate} Hz</source>
        <translation>{rate} Hz</translation>
    </message>
    <message>
        <source>{value} {unit} of x alone, which a conditional density may pass</source>
        <translation>{value} {unit}(x만의 엔트로피. 조건부 밀도의 손실은 이보다 낮아질 수 있음)</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation>엔트로피</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>Gaussian NLL</source>
        <translation>가우시안 NLL</translation>
    </message>
    <message>
        <source>KDE NLL</source>
        <translation>KDE NLL</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>Held out</source>
        <translation>검증용</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>테스트용</translation>
    </message>
    <message>
        <source>{count} points</source>
        <translation>점 {count}개</translation>
    </message>
    <message>
        <source>mean {mean}, sd {sd}</source>
        <translation>평균 {mean}, 표준편차 {sd}</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>외 {count}개</translation>
    </message>
    <message>
        <source>Choose target</source>
        <translation>목표 고르기</translation>
    </message>
    <message>
        <source>Change {field}</source>
        <translation>{field} 바꾸기</translation>
    </message>
    <message>
        <source>Choose columns</source>
        <translation>열 고르기</translation>
    </message>
</context>
<context>
    <name>TargetPanel</name>
    <message>
        <source>Target</source>
        <translation>목표</translation>
    </message>
    <message>
        <source>{name}, exact</source>
        <translation>{name}, 정확</translation>
    </message>
    <message>
        <source>{name}, exact density</source>
        <translation>{name}, 정확한 밀도</translation>
    </message>
    <message>
        <source>{name}: first two principal components, {count} held-out points</source>
        <translation>{name}: 첫 두 주성분, 검증용 점 {count}개</translation>
    </message>
    <message>
        <source>{name}: {count} held-out points</source>
        <translation>{name}: 검증용 점 {count}개</translation>
    </message>
    <message>
        <source>{name}: {first} and {second}, {count} held-out points</source>
        <translation>{name}: {first}와 {second}, 검증용 점 {count}개</translation>
    </message>
    <message>
        <source>Paint here what the flow shall learn.</source>
        <translation>흐름이 배울 것을 여기에 칠하세요.</translation>
    </message>
    <message>
        <source>The engine is starting.</source>
        <translation>엔진을 시작하고 있습니다.</translation>
    </message>
    <message>
        <source>Target: a canvas to paint on</source>
        <translation>목표: 그릴 수 있는 캔버스</translation>
    </message>
</context>
<context>
    <name>TileRow</name>
    <message>
        <source>Pipeline</source>
        <translation>파이프라인</translation>
    </message>
</context>
<context>
    <name>TileView</name>
    <message>
        <source>Pictures: black is {low}, white is {high}.</source>
        <translation>그림: 검정은 {low}, 흰색은 {high}입니다.</translation>
    </message>
    <message>
        <source>bypassed</source>
        <translation>건너뜀</translation>
    </message>
    <message>
        <source>{value} {unit}</source>
        <translation>{value} {unit}</translation>
    </message>
</context>
<context>
    <name>ToolBar</name>
    <message>
        <source>Toolbar</source>
        <translation>도구 모음</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>Seed of the initial weights and of the training data</source>
        <translation>초기 가중치와 학습 데이터의 시드</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>target</source>
        <translation>목표</translation>
    </message>
    <message>
        <source>preset</source>
        <translation>프리셋</translation>
    </message>
    <message>
        <source>device</source>
        <translation>장치</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>{preset}, edited</source>
        <translation>{preset}, 수정됨</translation>
    </message>
    <message>
        <source>{name}: {choice}</source>
        <translation>{name}: {choice}</translation>
    </message>
</context>
<context>
    <name>TrainingPage</name>
    <message>
        <source>This target has no log-density; reverse KL needs one. Choose maximum likelihood.</source>
        <translation>이 목표에는 로그 밀도가 없습니다. 역방향 KL에는 필요합니다. 최대 우도를 고르세요.</translation>
    </message>
    <message>
        <source>{share} %</source>
        <translation>{share} %</translation>
    </message>
    <message numerus="yes">
        <source>%n thread(s)</source>
        <translation>
            <numerusform>스레드 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>{device}, {threads}</source>
        <translation>{device}, {threads}</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>실행 장치</translation>
    </message>
    <message>
        <source>Change {field}</source>
        <translation>{field} 바꾸기</translation>
    </message>
</context>
<context>
    <name>VerifyPanel</name>
    <message>
        <source>Verify</source>
        <translation>검사</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>검사 항목</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>검사</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>한계</translation>
    </message>
    <message>
        <source>Latents of held-out data against the standard normal, with 95 % bands</source>
        <translation>검증용 데이터의 잠재 변수와 표준 정규분포의 비교(95 % 띠)</translation>
    </message>
    <message>
        <source>Verify again</source>
        <translation>다시 검사</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>텍스트로 복사</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>The laws are being run on the flow as it is trained now.</source>
        <translation>지금 학습된 흐름이 법칙을 지키는지 검사하고 있습니다.</translation>
    </message>
    <message>
        <source>Nothing was verified yet.</source>
        <translation>아직 검사한 것이 없습니다.</translation>
    </message>
    <message>
        <source>{failed} of {count} checks fail at step {step} ({seconds} s).</source>
        <translation>스텝 {step}에서 검사 {count}개 중 {failed}개가 통과하지 못했습니다 ({seconds}초).</translation>
    </message>
    <message>
        <source>All {count} laws hold at step {step} ({seconds} s).</source>
        <translation>스텝 {step}에서 법칙 {count}개가 모두 성립합니다({seconds}초).</translation>
    </message>
    <message>
        <source>{number} {layer}</source>
        <translation>{number} {layer}</translation>
    </message>
    <message>
        <source>Standardise</source>
        <translation>표준화</translation>
    </message>
    <message>
        <source>whole flow</source>
        <translation>흐름 전체</translation>
    </message>
    <message>
        <source>pass</source>
        <translation>통과</translation>
    </message>
    <message>
        <source>FAIL</source>
        <translation>실패</translation>
    </message>
</context>
<context>
    <name>ViewActions</name>
    <message>
        <source>View</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>&amp;Density</source>
        <translation>밀도(&amp;D)</translation>
    </message>
    <message>
        <source>Warped &amp;Grid</source>
        <translation>휜 격자(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Samples</source>
        <translation>표본(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Log-Det</source>
        <translation>로그 행렬식(&amp;L)</translation>
    </message>
    <message>
        <source>Tiles Show</source>
        <translation>타일 표시</translation>
    </message>
    <message>
        <source>&amp;Between Two Data</source>
        <translation>두 데이터 사이(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Rebuilt Data</source>
        <translation>복원한 데이터(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Nearest Data</source>
        <translation>가장 가까운 데이터(&amp;N)</translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation>갤러리</translation>
    </message>
    <message>
        <source>&amp;Turn the Strip</source>
        <translation>띠 뒤집기(&amp;T)</translation>
    </message>
    <message>
        <source>Show it from the base to the data</source>
        <translation>기저에서 데이터로 보여 줍니다</translation>
    </message>
    <message>
        <source>Model S&amp;amples</source>
        <translation>모델 표본(&amp;A)</translation>
    </message>
    <message>
        <source>Points drawn from the model on the stage</source>
        <translation>무대에 모델에서 뽑은 점을 보여 줍니다</translation>
    </message>
    <message>
        <source>&amp;Contours</source>
        <translation>등고선(&amp;C)</translation>
    </message>
    <message>
        <source>Lines of equal density on the stage</source>
        <translation>무대에 밀도가 같은 선을 보여 줍니다</translation>
    </message>
    <message>
        <source>Di&amp;fference</source>
        <translation>차이(&amp;F)</translation>
    </message>
    <message>
        <source>The model&apos;s density minus the target&apos;s</source>
        <translation>모델의 밀도에서 목표의 밀도를 뺀 값</translation>
    </message>
    <message>
        <source>Morph the &amp;Whole Flow</source>
        <translation>흐름 전체 변형(&amp;W)</translation>
    </message>
    <message>
        <source>The slider goes from base to data</source>
        <translation>슬라이더가 기저에서 데이터로 갑니다</translation>
    </message>
    <message>
        <source>All &amp;Pairs</source>
        <translation>모든 쌍(&amp;P)</translation>
    </message>
    <message>
        <source>Every pair of the first six coordinates at once</source>
        <translation>처음 여섯 좌표의 모든 쌍을 한꺼번에</translation>
    </message>
    <message>
        <source>&amp;Full Screen</source>
        <translation>전체 화면(&amp;F)</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>패널</translation>
    </message>
    <message>
        <source>&amp;Default Layout</source>
        <translation>기본 배치(&amp;D)</translation>
    </message>
    <message>
        <source>Like the &amp;System</source>
        <translation>시스템 설정대로(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>밝게(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>어둡게(&amp;D)</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>테마</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>도움말</translation>
    </message>
    <message>
        <source>&amp;Find a Command</source>
        <translation>명령 찾기(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation>단축키(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Documentation</source>
        <translation>설명서(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;About FlowViz</source>
        <translation>FlowViz 정보(&amp;A)</translation>
    </message>
</context>
<context>
    <name>Waveforms</name>
    <message numerus="yes">
        <source>%n moment(s)</source>
        <translation>
            <numerusform>시점 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>{time} ms</source>
        <translation>{time} ms</translation>
    </message>
    <message>
        <source>±{span}, every row</source>
        <translation>±{span}, 모든 행</translation>
    </message>
    <message>
        <source>moment {number}</source>
        <translation>시점 {number}</translation>
    </message>
    <message>
        <source>sees {time} before it, {field} at most</source>
        <translation>앞의 {time}를 봄(최대 {field})</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>{words} ({keys})</source>
        <translation>{words} ({keys})</translation>
    </message>
</context>
<context>
    <name>dialogs</name>
    <message>
        <source>Save {name} before it is closed?</source>
        <translation>닫기 전에 {name}을(를) 저장할까요?</translation>
    </message>
    <message>
        <source>Without saving, what was changed and learnt since the last save is lost.</source>
        <translation>저장하지 않으면 마지막 저장 뒤에 바꾸고 배운 것을 잃습니다.</translation>
    </message>
</context>
<context>
    <name>edits</name>
    <message>
        <source>Insert {layer}</source>
        <translation>{layer} 넣기</translation>
    </message>
    <message>
        <source>Insert layers</source>
        <translation>층 넣기</translation>
    </message>
    <message>
        <source>Duplicate {layer}</source>
        <translation>{layer} 복제</translation>
    </message>
    <message>
        <source>Cut {layer}</source>
        <translation>{layer} 잘라내기</translation>
    </message>
    <message>
        <source>Delete {layer}</source>
        <translation>{layer} 삭제</translation>
    </message>
    <message>
        <source>Move {layer}</source>
        <translation>{layer} 옮기기</translation>
    </message>
    <message>
        <source>Take {layer} in again</source>
        <translation>{layer} 다시 넣기</translation>
    </message>
    <message>
        <source>Bypass {layer}</source>
        <translation>{layer} 건너뛰기</translation>
    </message>
</context>
<context>
    <name>help</name>
    <message>
        <source>Shortcuts</source>
        <translation>단축키</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <source>With the keyboard on the canvas</source>
        <translation>캔버스에서 쓰는 키</translation>
    </message>
    <message>
        <source>Documentation</source>
        <translation>설명서</translation>
    </message>
</context>
<context>
    <name>self.sound</name>
    <message>
        <source>Play the chosen one as a sound</source>
        <translation>고른 것을 소리로 재생합니다</translation>
    </message>
</context>
<context>
    <name>sentences</name>
    <message>
        <source>The engine stopped before it was done.</source>
        <translation>엔진이 끝나기 전에 멈추었습니다.</translation>
    </message>
    <message>
        <source>The engine is not running.</source>
        <translation>엔진이 실행 중이 아닙니다.</translation>
    </message>
    <message>
        <source>The pipeline would have {count} layers; at most {most} are allowed.</source>
        <translation>파이프라인의 층이 {count}개가 됩니다. 최대 {most}개까지 가능합니다.</translation>
    </message>
    <message>
        <source>The clipboard holds no layers: copy one first.</source>
        <translation>클립보드에 층이 없습니다. 먼저 하나를 복사하세요.</translation>
    </message>
    <message>
        <source>{file} cannot be written: {error}</source>
        <translation>{file}에 쓸 수 없습니다: {error}</translation>
    </message>
    <message>
        <source>{file} holds nothing that can be used here.</source>
        <translation>{file}에는 여기서 쓸 수 있는 것이 없습니다.</translation>
    </message>
    <message>
        <source>Largest over {count} held-out points.</source>
        <translation>검증용 점 {count}개에서의 최댓값.</translation>
    </message>
    <message>
        <source>In single precision {figure}.</source>
        <translation>단정밀도에서는 {figure}.</translation>
    </message>
    <message>
        <source>log-det of the whole flow against autograd</source>
        <translation>흐름 전체의 로그 행렬식과 자동 미분의 비교</translation>
    </message>
    <message>
        <source>The inverse is found by iteration. In single precision {figure}.</source>
        <translation>역변환은 반복하여 구합니다. 단정밀도에서는 {figure}.</translation>
    </message>
    <message>
        <source>Base and log-dets add up to log p(x)</source>
        <translation>기저와 로그 행렬식의 합이 log p(x)와 같음</translation>
    </message>
    <message>
        <source>log p(x) in single against double precision</source>
        <translation>단정밀도와 배정밀도의 log p(x) 비교</translation>
    </message>
    <message>
        <source>{layer}: round trip</source>
        <translation>{layer}: 왕복</translation>
    </message>
    <message>
        <source>{layer}: log-dets of the two directions are opposite</source>
        <translation>{layer}: 두 방향의 로그 행렬식은 부호가 반대</translation>
    </message>
    <message>
        <source>Round trip of the data, double precision</source>
        <translation>데이터의 왕복, 배정밀도</translation>
    </message>
    <message>
        <source>Round trip of the data, single precision</source>
        <translation>데이터의 왕복, 단정밀도</translation>
    </message>
    <message>
        <source>Integral of the density: distance from 1</source>
        <translation>밀도의 적분: 1과의 차이</translation>
    </message>
    <message>
        <source>Latents of held-out data are normal: smallest p-value</source>
        <translation>검증용 데이터의 잠재 변수가 정규분포를 따름: 가장 작은 p값</translation>
    </message>
    <message>
        <source>Mean of ‖z‖² over held-out data: distance from D</source>
        <translation>검증용 데이터에서의 ‖z‖² 평균: D와의 차이</translation>
    </message>
    <message>
        <source>Sliced Wasserstein distance of samples and held-out data</source>
        <translation>표본과 검증용 데이터의 Sliced Wasserstein 거리</translation>
    </message>
    <message>
        <source>MMD² of samples and held-out data</source>
        <translation>표본과 검증용 데이터의 MMD²</translation>
    </message>
    <message>
        <source>The largest difference; it is rounding alone.</source>
        <translation>가장 큰 차이. 반올림 때문에만 생깁니다.</translation>
    </message>
    <message>
        <source>{layer}: log-det against autograd</source>
        <translation>{layer}: 로그 행렬식과 자동 미분의 비교</translation>
    </message>
    <message>
        <source>{value} over {box} in steps of {step}; {coarse} with twice the step. {outside} % of the samples fall outside.</source>
        <translation>{box}에서 간격 {step}(으)로 {value}, 간격을 두 배로 하면 {coarse}. 표본의 {outside} %가 밖에 있습니다.</translation>
    </message>
    <message>
        <source>Latents of held-out data</source>
        <translation>검증용 데이터의 잠재 변수</translation>
    </message>
    <message>
        <source>Kolmogorov–Smirnov of each of {count} coordinates over {points} points, Holm&apos;s correction; least likely: coordinate {column}.</source>
        <translation>좌표 {count}개마다 점 {points}개로 한 Kolmogorov–Smirnov 검정, Holm 보정. 가장 그럴듯하지 않은 것: 좌표 {column}.</translation>
    </message>
    <message>
        <source>{mean} for D = {count}; four standard errors are allowed.</source>
        <translation>D = {count}일 때 {mean}. 표준오차의 네 배까지 허용합니다.</translation>
    </message>
    <message>
        <source>Round trip of noise of standard deviation {scale}, single precision</source>
        <translation>표준편차 {scale}인 잡음의 왕복, 단정밀도</translation>
    </message>
    <message>
        <source>Not checked: {shape} numbers are too many for a Jacobian.</source>
        <translation>검사하지 않음: 숫자 {shape}개는 야코비안을 구하기에 너무 많습니다.</translation>
    </message>
    <message>
        <source>Not tested: the base is no standard normal.</source>
        <translation>검정하지 않음: 기저가 표준 정규분포가 아닙니다.</translation>
    </message>
    <message>
        <source>Not tested: there are too few points.</source>
        <translation>검정하지 않음: 점이 너무 적습니다.</translation>
    </message>
    <message>
        <source>p = {p} by shuffling {count} of each; training data against held-out data: {floor}.</source>
        <translation>{count}개씩 뒤섞어 구한 p = {p}. 학습 데이터와 검증용 데이터 사이의 값: {floor}.</translation>
    </message>
    <message>
        <source>Noise far out meets parts of the flow that no data has shaped.</source>
        <translation>멀리 벗어난 잡음은 데이터가 다듬지 않은 흐름의 부분을 지납니다.</translation>
    </message>
    <message>
        <source>The engine could not be started: {error}</source>
        <translation>엔진을 시작할 수 없습니다: {error}</translation>
    </message>
    <message>
        <source>Something went wrong in the engine: {error}</source>
        <translation>엔진에서 문제가 생겼습니다: {error}</translation>
    </message>
    <message>
        <source>There is not enough memory.</source>
        <translation>메모리가 부족합니다.</translation>
    </message>
    <message>
        <source>Make the batch size smaller, or the networks.</source>
        <translation>배치 크기나 신경망을 줄이세요.</translation>
    </message>
    <message>
        <source>The engine stopped by itself (exit code {code}).</source>
        <translation>엔진이 스스로 멈추었습니다(종료 코드 {code}).</translation>
    </message>
    <message>
        <source>The engine crashed (signal {name}).</source>
        <translation>엔진이 비정상 종료되었습니다(신호 {name}).</translation>
    </message>
    <message>
        <source>The engine stopped with an error: {line}</source>
        <translation>엔진이 오류로 멈추었습니다: {line}</translation>
    </message>
    <message>
        <source>The engine was killed from outside; the computer may be short of memory.</source>
        <translation>엔진이 외부에서 강제 종료되었습니다. 컴퓨터의 메모리가 부족할 수 있습니다.</translation>
    </message>
    <message>
        <source>The engine sent something that cannot be read: {error}</source>
        <translation>엔진이 읽을 수 없는 것을 보냈습니다: {error}</translation>
    </message>
    <message>
        <source>Another report was asked for before this one was done.</source>
        <translation>이 보고서가 끝나기 전에 다른 보고서를 요청했습니다.</translation>
    </message>
    <message>
        <source>There is nothing to verify: the project cannot be used as it is.</source>
        <translation>검사할 것이 없습니다. 지금 상태로는 프로젝트를 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>There is nothing to export: the project cannot be used as it is.</source>
        <translation>내보낼 것이 없습니다. 지금 상태로는 프로젝트를 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>The weights of this project would be lost: its data could not be read. Choose a target that can be used, then save.</source>
        <translation>이 프로젝트의 가중치를 잃게 됩니다. 데이터를 읽을 수 없었습니다. 쓸 수 있는 목표를 고른 뒤 저장하세요.</translation>
    </message>
    <message>
        <source>It was trained on another device; here it is set to automatic ({reason}).</source>
        <translation>다른 장치에서 학습되었습니다. 여기서는 자동으로 설정됩니다({reason}).</translation>
    </message>
    <message>
        <source>The weights were made anew: {reason}</source>
        <translation>가중치를 새로 만들었습니다: {reason}</translation>
    </message>
    <message>
        <source>This density is conditional: a context is needed with every point.</source>
        <translation>이 밀도는 조건부입니다. 점마다 조건이 필요합니다.</translation>
    </message>
    <message>
        <source>Batch normalisation cannot be set from an empty batch; at least one point is wanted</source>
        <translation>빈 배치로는 배치 정규화를 정할 수 없습니다. 점이 하나 이상 필요합니다</translation>
    </message>
    <message>
        <source>the standardisation has shape {got}; the data has {shape}</source>
        <translation>표준화의 모양은 {got}인데 데이터는 {shape}입니다</translation>
    </message>
    <message>
        <source>A context of shape {got} cannot be used; {count} rows of {width} are wanted.</source>
        <translation>모양이 {got}인 조건은 쓸 수 없습니다. 길이 {width}인 행이 {count}개 필요합니다.</translation>
    </message>
    <message>
        <source>{n} samples at temperature {temperature} cannot be drawn; neither may be negative</source>
        <translation>온도 {temperature}에서 표본 {n}개를 뽑을 수 없습니다. 둘 다 음수일 수 없습니다</translation>
    </message>
    <message>
        <source>the flow cannot be initialized from an empty batch; at least one point is wanted</source>
        <translation>빈 배치로는 흐름을 초기화할 수 없습니다. 점이 하나 이상 필요합니다</translation>
    </message>
    <message>
        <source>A class is out of range; 0 to {last} are known.</source>
        <translation>클래스가 범위를 벗어났습니다. 0~{last}만 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>the kernel density has no points yet; initialize the flow with training data first</source>
        <translation>커널 밀도에 아직 점이 없습니다. 먼저 학습 데이터로 흐름을 초기화하세요</translation>
    </message>
    <message>
        <source>{file} holds {labels} labels for {count} pictures, so none are used.</source>
        <translation>{file}에는 그림 {count}개에 레이블이 {labels}개 있어 레이블을 쓰지 않습니다.</translation>
    </message>
    <message>
        <source>{file} is an IDX file of {count} dimensions; pictures have 3 or 4.</source>
        <translation>{file}은(는) {count}차원 IDX 파일입니다. 그림은 3차원이나 4차원입니다.</translation>
    </message>
    <message>
        <source>The header of {file} says {sizes}, which holds no picture.</source>
        <translation>{file}의 헤더에 적힌 크기는 {sizes}입니다. 그림이 하나도 없습니다.</translation>
    </message>
    <message>
        <source>The header of {file} says {sizes}, but {bytes} bytes follow it; {count} whole pictures are used.</source>
        <translation>{file}의 헤더에 적힌 크기는 {sizes}인데 뒤에 {bytes}바이트가 있습니다. 온전한 그림 {count}개를 씁니다.</translation>
    </message>
    <message>
        <source>{file} is cut short: it holds no whole picture.</source>
        <translation>{file}이(가) 잘렸습니다. 온전한 그림이 없습니다.</translation>
    </message>
    <message>
        <source>{file} does not begin like an IDX file: its first bytes are {bytes}, not 00 00 08 03.</source>
        <translation>{file}의 시작이 IDX 파일과 다릅니다. 첫 바이트가 00 00 08 03이 아니라 {bytes}입니다.</translation>
    </message>
    <message>
        <source>{file} is an IDX file of numbers of type {type}; pictures are bytes, type 08.</source>
        <translation>{file}은(는) 자료형이 {type}인 IDX 파일입니다. 그림은 바이트(자료형 08)여야 합니다.</translation>
    </message>
    <message>
        <source>{file} is cut short: it ends within its header.</source>
        <translation>{file}이(가) 잘렸습니다. 헤더 중간에서 끝납니다.</translation>
    </message>
    <message>
        <source>{file} unpacks to more than {most} MB.</source>
        <translation>{file}을(를) 풀면 {most} MB를 넘습니다.</translation>
    </message>
    <message>
        <source>{files} are of CIFAR-10 and CIFAR-100; read one at a time.</source>
        <translation>CIFAR-10과 CIFAR-100이 섞여 있습니다: {files}. 한 번에 한 가지만 읽으세요.</translation>
    </message>
    <message>
        <source>{file} is no batch of CIFAR&apos;s: its {size} bytes are no whole number of records of 3,073 or 3,074 bytes that begin with labels.</source>
        <translation>{file}은(는) CIFAR 배치 파일이 아닙니다. 크기가 {size}바이트로, 레이블로 시작하는 3,073바이트나 3,074바이트 레코드로 나누어떨어지지 않습니다.</translation>
    </message>
    <message>
        <source>{file} has transparent pictures; they were laid on white.</source>
        <translation>{file}에 투명한 그림이 있어 흰 바탕에 놓았습니다.</translation>
    </message>
    <message>
        <source>{text}</source>
        <translation>{text}</translation>
    </message>
    <message>
        <source>{file} holds numbers from 0 to 1; they were rounded to 256 levels.</source>
        <translation>{file}의 값은 0에서 1 사이입니다. 256단계로 반올림했습니다.</translation>
    </message>
    <message>
        <source>{file} holds fractions; they were rounded to whole levels 0 to 255.</source>
        <translation>{file}에 소수가 들어 있어 0~255의 정수 단계로 반올림했습니다.</translation>
    </message>
    <message>
        <source>{file} holds 16-bit numbers; they were rounded to 256 levels.</source>
        <translation>{file}에 16비트 수가 들어 있어 256단계로 반올림했습니다.</translation>
    </message>
    <message>
        <source>{file} holds numbers from {low} to {high}; pictures are bytes 0 to 255, or numbers from 0 to 1.</source>
        <translation>{file}의 값은 {low}~{high}입니다. 그림의 값은 0~255의 바이트이거나 0~1의 수여야 합니다.</translation>
    </message>
    <message>
        <source>Left out because they are not {width} x {height} pixels like most ({count}); a side makes all of one size: {names}.</source>
        <translation>대부분({count}개)과 달리 {width} x {height} 픽셀이 아니어서 뺀 그림: {names}. 변의 길이를 정하면 모두 같은 크기가 됩니다.</translation>
    </message>
    <message>
        <source>{folder} holds no pictures; PNG, JPEG, GIF, BMP, TIFF and WebP files are looked for.</source>
        <translation>{folder}에 그림이 없습니다. PNG, JPEG, GIF, BMP, TIFF, WebP 파일을 찾습니다.</translation>
    </message>
    <message>
        <source>{folder} holds {count} pictures; the first {most} are used.</source>
        <translation>{folder}에 그림이 {count}개 있습니다. 처음 {most}개를 씁니다.</translation>
    </message>
    <message>
        <source>None of the {count} pictures in {folder} can be read.</source>
        <translation>{folder}의 그림 {count}개 가운데 읽을 수 있는 것이 없습니다.</translation>
    </message>
    <message>
        <source>Left out because they cannot be read as pictures: {names}.</source>
        <translation>그림으로 읽을 수 없어 뺀 파일: {names}.</translation>
    </message>
    <message>
        <source>The log-density of pictures is not known.</source>
        <translation>그림의 로그 밀도는 알려져 있지 않습니다.</translation>
    </message>
    <message>
        <source>{file} holds {count} pictures; the first {most} are used.</source>
        <translation>{file}에 그림이 {count}개 있습니다. 처음 {most}개를 씁니다.</translation>
    </message>
    <message>
        <source>The pictures of {file} have {channels} x {height} x {width} numbers; at most {most} can be learnt: save them smaller, or choose grey.</source>
        <translation>{file}의 그림 하나에는 숫자가 {channels} x {height} x {width}개 있습니다. 최대 {most}개까지 배울 수 있습니다. 더 작게 저장하거나 회색조를 고르세요.</translation>
    </message>
    <message>
        <source>{file} holds no set of pictures; a folder, or an IDX, CIFAR, NPY or NPZ file does.</source>
        <translation>{file}은(는) 그림 모음이 아닙니다. 폴더나 IDX, CIFAR, NPY, NPZ 파일을 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>The pictures of {file} have {channels} x {height} x {width} numbers; at most {most} can be learnt: choose a side of at most {side}, or grey.</source>
        <translation>{file}의 그림 하나에는 숫자가 {channels} x {height} x {width}개 있습니다. 최대 {most}개까지 배울 수 있습니다. 변의 길이를 {side} 이하로 하거나 회색조를 고르세요.</translation>
    </message>
    <message>
        <source>No file is chosen; pictures are read from a folder, or an IDX, CIFAR, NPY or NPZ file.</source>
        <translation>고른 파일이 없습니다. 그림은 폴더나 IDX, CIFAR, NPY, NPZ 파일에서 읽습니다.</translation>
    </message>
    <message>
        <source>{file} holds {count} pictures that can be used; at least {fewest} are needed.</source>
        <translation>{file}에 쓸 수 있는 그림이 {count}개 있습니다. 최소 {fewest}개가 필요합니다.</translation>
    </message>
    <message>
        <source>{file} is one picture; choose the folder that holds many.</source>
        <translation>{file}은(는) 그림 하나입니다. 그림이 여럿 든 폴더를 고르세요.</translation>
    </message>
    <message>
        <source>{file} is read as sequences of {channels} channels and {moments} moments; pictures are kept as bytes (uint8).</source>
        <translation>{file}을(를) 채널 {channels}개, 시점 {moments}개인 시퀀스로 읽습니다. 그림이라면 바이트(uint8)로 저장되어 있어야 합니다.</translation>
    </message>
    <message>
        <source>{file} is of no known kind; pictures (PNG, JPEG, GIF, BMP, TIFF, WebP), tables (CSV, NPY, NPZ), sounds (WAV) and sets of pictures (folders, IDX, CIFAR, NPY, NPZ) can be read.</source>
        <translation>{file}은(는) 알 수 없는 형식입니다. 그림(PNG, JPEG, GIF, BMP, TIFF, WebP), 표(CSV, NPY, NPZ), 소리(WAV), 그림 모음(폴더, IDX, CIFAR, NPY, NPZ)을 읽을 수 있습니다.</translation>
    </message>
    <message>
        <source>A trained flow cannot be opened here: {file}.</source>
        <translation>여기서는 학습된 흐름을 열 수 없습니다: {file}.</translation>
    </message>
    <message>
        <source>No checkpoint is chosen; a trained flow is read from a file saved by this program.</source>
        <translation>고른 체크포인트가 없습니다. 학습된 흐름은 이 프로그램이 저장한 파일에서 읽습니다.</translation>
    </message>
    <message>
        <source>{file} depends on numbers whose distribution is not known; a flow with classes, or without a context, can be a target.</source>
        <translation>{file}은(는) 분포를 알 수 없는 숫자를 조건으로 씁니다. 조건이 클래스이거나 조건이 없는 흐름만 목표로 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>{file} was trained on data of shape {flow}; that of &apos;{target}&apos; has shape {data}.</source>
        <translation>{file}은(는) 모양이 {flow}인 데이터로 학습되었는데 &apos;{target}&apos;의 데이터는 모양이 {data}입니다.</translation>
    </message>
    <message>
        <source>The weights of step {step}, learnt on data of this shape, are back.</source>
        <translation>이 모양의 데이터로 배운 스텝 {step}의 가중치로 돌아왔습니다.</translation>
    </message>
    <message>
        <source>The data has shape {now} instead of {before}: every weight was made anew, at step 0.</source>
        <translation>데이터의 모양이 {before}에서 {now}(으)로 바뀌어 모든 가중치를 스텝 0에서 새로 만들었습니다.</translation>
    </message>
    <message>
        <source>ActNorm cannot be set from an empty batch; at least one point is wanted</source>
        <translation>빈 배치로는 ActNorm을 정할 수 없습니다. 점이 하나 이상 필요합니다</translation>
    </message>
    <message>
        <source>a standardisation needs finite means and finite deviations above 0</source>
        <translation>표준화에는 유한한 평균과 0보다 큰 유한한 표준편차가 필요합니다</translation>
    </message>
    <message>
        <source>{where} is {value}; {allowed} is allowed</source>
        <translation>{where}의 값은 {value}입니다. 가능한 값: {allowed}</translation>
    </message>
    <message>
        <source>{where}: {kind} is not a known kind; there are {kinds}</source>
        <translation>{where}: {kind}은(는) 모르는 종류입니다. 있는 것: {kinds}</translation>
    </message>
    <message>
        <source>{where}: there is no field &apos;{field}&apos;; there are {names}</source>
        <translation>{where}: &apos;{field}&apos;이라는 항목은 없습니다. 있는 것: {names}</translation>
    </message>
    <message>
        <source>no preset is called &apos;{name}&apos;; there are {names}</source>
        <translation>&apos;{name}&apos;이라는 프리셋은 없습니다. 있는 것: {names}</translation>
    </message>
    <message>
        <source>The pipeline has {count} layers; at most {most} are allowed.</source>
        <translation>파이프라인의 층이 {count}개입니다. 최대 {most}개까지 가능합니다.</translation>
    </message>
    <message>
        <source>Remove some layers.</source>
        <translation>층을 몇 개 지우세요.</translation>
    </message>
    <message>
        <source>Data of shape {shape} cannot be used; 1 to {most} numbers a point can.</source>
        <translation>모양이 {shape}인 데이터는 쓸 수 없습니다. 한 점에 숫자 1~{most}개가 가능합니다.</translation>
    </message>
    <message>
        <source>{where}: {what}</source>
        <translation>{where}: {what}</translation>
    </message>
    <message>
        <source>an input of shape {got} cannot be used; the shape wanted is (batch, {wanted})</source>
        <translation>모양이 {got}인 입력은 쓸 수 없습니다. (배치, {wanted}) 모양이어야 합니다</translation>
    </message>
    <message>
        <source>Pixels are predicted level by level: the data&apos;s scale has to be one whole number of levels, 2 or more.</source>
        <translation>픽셀은 단계별로 예측합니다. 데이터의 배율은 모두 같은 단계 수, 곧 2 이상의 정수여야 합니다.</translation>
    </message>
    <message>
        <source>a context is needed: this network was made for one</source>
        <translation>조건이 필요합니다. 이 신경망은 조건을 받도록 만들어졌습니다</translation>
    </message>
    <message>
        <source>{share} % of the numbers lie outside −1 to 1, where the 256 classes of WaveNet&apos;s categorical output have no density: choose another output, or switch the data&apos;s standardisation off.</source>
        <translation>숫자의 {share} %가 −1~1 밖에 있는데, 거기서는 WaveNet 범주형 출력의 256개 클래스에 밀도가 없습니다. 다른 출력을 고르거나 데이터의 표준화를 끄세요.</translation>
    </message>
    <message>
        <source>{where}: the kind is missing; there are {kinds}</source>
        <translation>{where}: 종류가 빠졌습니다. 있는 것: {kinds}</translation>
    </message>
    <message>
        <source>The preset {preset} is made for {wanted}; this data is made of {kind}.</source>
        <translation>프리셋 {preset}에 맞는 데이터는 {wanted}인데 이 데이터는 {kind}입니다.</translation>
    </message>
    <message>
        <source>vectors</source>
        <translation>벡터</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>sequences</source>
        <translation>시퀀스</translation>
    </message>
    <message>
        <source>{layer} takes {wanted}; here it meets {kind}.</source>
        <translation>{layer}이(가) 받는 데이터는 {wanted}인데 여기 들어오는 것은 {kind}입니다.</translation>
    </message>
    <message>
        <source>Take it out, or choose other data.</source>
        <translation>이 층을 빼거나 다른 데이터를 고르세요.</translation>
    </message>
    <message>
        <source>Choose another conditioner in the inspector.</source>
        <translation>속성 창에서 다른 조건 신경망을 고르세요.</translation>
    </message>
    <message>
        <source>Put a flatten layer before it, or take it out.</source>
        <translation>앞에 평탄화 층을 넣거나 이 층을 빼세요.</translation>
    </message>
    <message>
        <source>{layer} splits the channels, and there is only one.</source>
        <translation>{layer}은(는) 채널을 나누는데 채널이 하나뿐입니다.</translation>
    </message>
    <message>
        <source>Choose a checkerboard mask, or put a squeeze before it.</source>
        <translation>체커보드 마스크를 고르거나 앞에 스퀴즈 층을 넣으세요.</translation>
    </message>
    <message>
        <source>{heads} heads do not divide {channels} channels.</source>
        <translation>채널 {channels}개를 헤드 {heads}개로 나눌 수 없습니다.</translation>
    </message>
    <message>
        <source>Choose a number of heads that divides the channels.</source>
        <translation>채널 수를 나누어떨어지게 하는 헤드 수를 고르세요.</translation>
    </message>
    <message>
        <source>Patches of {patch} do not tile {size}.</source>
        <translation>크기 {patch}의 패치로 {size}을(를) 빈틈없이 나눌 수 없습니다.</translation>
    </message>
    <message>
        <source>Choose a patch that divides every side.</source>
        <translation>모든 변을 나누어떨어지게 하는 패치 크기를 고르세요.</translation>
    </message>
    <message>
        <source>The base {base} takes {wanted}; here it meets {kind} of shape {shape}.</source>
        <translation>기저 {base}이(가) 받는 데이터는 {wanted}인데 여기 들어오는 것은 모양이 {shape}인 {kind}입니다.</translation>
    </message>
    <message>
        <source>Choose another base, such as the standard normal, or other data.</source>
        <translation>표준 정규분포 같은 다른 기저나 다른 데이터를 고르세요.</translation>
    </message>
    <message>
        <source>The base {base} predicts the data&apos;s own levels, so no layer can stand before it.</source>
        <translation>기저 {base}은(는) 데이터의 단계를 직접 예측하므로 앞에 층을 둘 수 없습니다.</translation>
    </message>
    <message>
        <source>Take the layers out, or choose another base.</source>
        <translation>층을 빼거나 다른 기저를 고르세요.</translation>
    </message>
    <message>
        <source>The base {base} depends on a context, and the pipeline has none.</source>
        <translation>기저 {base}에는 조건이 필요한데 파이프라인에 조건이 없습니다.</translation>
    </message>
    <message>
        <source>Make the density conditional, or choose another base.</source>
        <translation>밀도를 조건부로 만들거나 다른 기저를 고르세요.</translation>
    </message>
    <message>
        <source>A checkerboard needs places beside each other; a vector has none.</source>
        <translation>체커보드에는 서로 이웃한 자리가 필요한데 벡터에는 없습니다.</translation>
    </message>
    <message>
        <source>Pass the even or odd coordinates through instead.</source>
        <translation>대신 짝수나 홀수 좌표를 통과시키세요.</translation>
    </message>
    <message>
        <source>{layer} halves every side; here one of {size} is odd.</source>
        <translation>{layer}은(는) 모든 변을 절반으로 줄이는데 여기 {size}에는 홀수인 변이 있습니다.</translation>
    </message>
    <message>
        <source>Choose data whose sides are even, or take the layer out.</source>
        <translation>모든 변이 짝수인 데이터를 고르거나 이 층을 빼세요.</translation>
    </message>
    <message>
        <source>Split halves the channels; here there are {count}.</source>
        <translation>분할은 채널을 절반으로 나누는데 여기 채널은 {count}개입니다.</translation>
    </message>
    <message>
        <source>Put a squeeze before it.</source>
        <translation>앞에 스퀴즈 층을 넣으세요.</translation>
    </message>
    <message>
        <source>this is not valid JSON: {error}</source>
        <translation>올바른 JSON이 아닙니다: {error}</translation>
    </message>
    <message>
        <source>{bytes} bytes are too many; a pipeline file has a few thousand</source>
        <translation>{bytes}바이트는 너무 큽니다. 파이프라인 파일은 몇 천 바이트입니다</translation>
    </message>
    <message>
        <source>{file}: {error}</source>
        <translation>{file}: {error}</translation>
    </message>
    <message>
        <source>{file} has no array of {what}; there are {names}.</source>
        <translation>{file}에 쓸 수 있는 배열({what})이 없습니다. 있는 것: {names}.</translation>
    </message>
    <message>
        <source>{file} is damaged or cut short: {error}.</source>
        <translation>{file}이(가) 손상되었거나 잘렸습니다: {error}.</translation>
    </message>
    <message>
        <source>Of {file}, the array &apos;{name}&apos; is used, not {others}.</source>
        <translation>{file}에서 {others}이(가) 아니라 배열 &apos;{name}&apos;을(를) 씁니다.</translation>
    </message>
    <message>
        <source>{file} holds Python objects, which are never unpacked; save plain numbers.</source>
        <translation>{file}에 파이썬 객체가 들어 있어 풀지 않습니다. 숫자만 저장하세요.</translation>
    </message>
    <message>
        <source>{file} has no column of numbers.</source>
        <translation>{file}에 숫자 열이 없습니다.</translation>
    </message>
    <message>
        <source>{file} is a folder; pictures (PNG, JPEG, GIF, BMP, TIFF, WebP) and tables (CSV, NPY, NPZ) can be read.</source>
        <translation>{file}은(는) 폴더입니다. 그림(PNG, JPEG, GIF, BMP, TIFF, WebP)과 표(CSV, NPY, NPZ)를 읽을 수 있습니다.</translation>
    </message>
    <message>
        <source>{file} is empty.</source>
        <translation>{file}이(가) 비어 있습니다.</translation>
    </message>
    <message>
        <source>{file} has {size} MB; at most {most} MB can be read.</source>
        <translation>{file}은(는) {size} MB입니다. 최대 {most} MB까지 읽을 수 있습니다.</translation>
    </message>
    <message>
        <source>{file} has no array &apos;{name}&apos;; there are {names}.</source>
        <translation>{file}에 배열 &apos;{name}&apos;이(가) 없습니다. 있는 것: {names}.</translation>
    </message>
    <message>
        <source>{file} holds no arrays.</source>
        <translation>{file}에 배열이 없습니다.</translation>
    </message>
    <message>
        <source>{file} holds {type} values; a table has real numbers.</source>
        <translation>{file}에 {type} 값이 들어 있습니다. 표에는 실수가 있어야 합니다.</translation>
    </message>
    <message>
        <source>{file} holds a single number; a table has rows and columns.</source>
        <translation>{file}에는 숫자 하나뿐입니다. 표에는 행과 열이 있어야 합니다.</translation>
    </message>
    <message>
        <source>{file} has shape {shape}; a table has rows and columns.</source>
        <translation>{file}의 모양은 {shape}입니다. 표에는 행과 열이 있어야 합니다.</translation>
    </message>
    <message>
        <source>{file} holds {count} numbers; at most {most} can be used.</source>
        <translation>{file}에 숫자가 {count}개 있습니다. 최대 {most}개까지 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>{file}: there is no such file.</source>
        <translation>{file}: 그런 파일이 없습니다.</translation>
    </message>
    <message>
        <source>{file} cannot be opened: {error}.</source>
        <translation>{file}을(를) 열 수 없습니다: {error}.</translation>
    </message>
    <message>
        <source>{file} unpacks to {size} MB; 1 to {most} MB can be read.</source>
        <translation>{file}을(를) 풀면 {size} MB입니다. 1~{most} MB를 읽을 수 있습니다.</translation>
    </message>
    <message>
        <source>{file} has no array with rows and columns; there are {names}.</source>
        <translation>{file}에 행과 열이 있는 배열이 없습니다. 있는 것: {names}.</translation>
    </message>
    <message>
        <source>{file} is text in no known encoding; save it as UTF-8.</source>
        <translation>{file}의 문자 인코딩을 알 수 없습니다. UTF-8로 저장하세요.</translation>
    </message>
    <message>
        <source>{file} has no rows.</source>
        <translation>{file}에 행이 없습니다.</translation>
    </message>
    <message>
        <source>Rows of {file} left out because they do not have {fields} fields: {count}.</source>
        <translation>{file}에서 항목이 {fields}개가 아니어서 뺀 행: {count}.</translation>
    </message>
    <message>
        <source>Columns left out because they hold text: {names}.</source>
        <translation>글자가 들어 있어 뺀 열: {names}.</translation>
    </message>
    <message>
        <source>{file} cannot be read as CSV: {error}.</source>
        <translation>{file}을(를) CSV로 읽을 수 없습니다: {error}.</translation>
    </message>
    <message>
        <source>{file} is neither text nor an array; tables are read from CSV, NPY and NPZ files.</source>
        <translation>{file}은(는) 텍스트도 배열도 아닙니다. 표는 CSV, NPY, NPZ 파일에서 읽습니다.</translation>
    </message>
    <message>
        <source>{title} has no context to be conditioned by.</source>
        <translation>{title}에는 조건으로 쓸 것이 없습니다.</translation>
    </message>
    <message>
        <source>The log-density of this target is not known.</source>
        <translation>이 목표의 로그 밀도는 알려져 있지 않습니다.</translation>
    </message>
    <message>
        <source>{title} holds no pictures.</source>
        <translation>{title}에 그림이 없습니다.</translation>
    </message>
    <message>
        <source>The canvas box {box} has no area: its minima must be below its maxima.</source>
        <translation>캔버스 영역 {box}의 넓이가 없습니다. 최솟값이 최댓값보다 작아야 합니다.</translation>
    </message>
    <message>
        <source>The canvas is blank: draw something on it, or choose another target.</source>
        <translation>캔버스가 비어 있습니다. 무언가를 그리거나 다른 목표를 고르세요.</translation>
    </message>
    <message>
        <source>The drawing cannot be read: {error}.</source>
        <translation>그림을 읽을 수 없습니다: {error}.</translation>
    </message>
    <message>
        <source>no density is called &apos;{name}&apos;; there are {names}</source>
        <translation>&apos;{name}&apos;이라는 밀도는 없습니다. 있는 것: {names}</translation>
    </message>
    <message>
        <source>{file} has {width} x {height} pixels; at most {most} million are read.</source>
        <translation>{file}은(는) {width} x {height} 픽셀입니다. 최대 {most}백만 픽셀까지 읽습니다.</translation>
    </message>
    <message>
        <source>{file} has too many pixels; at most {most} million are read.</source>
        <translation>{file}의 픽셀이 너무 많습니다. 최대 {most}백만 픽셀까지 읽습니다.</translation>
    </message>
    <message>
        <source>{file} is all of one colour; a density needs some contrast.</source>
        <translation>{file}은(는) 한 가지 색뿐입니다. 밀도에는 명암 차이가 필요합니다.</translation>
    </message>
    <message>
        <source>{file} is dark on light: its darkness is taken as the density.</source>
        <translation>{file}은(는) 밝은 바탕에 어두운 그림입니다. 어두움을 밀도로 봅니다.</translation>
    </message>
    <message>
        <source>{file} has only {width} x {height} pixels: the density has edges where they meet.</source>
        <translation>{file}은(는) {width} x {height} 픽셀뿐이라 픽셀 경계에서 밀도가 끊깁니다.</translation>
    </message>
    <message>
        <source>{file} is no picture that can be read; PNG, JPEG, GIF, BMP, TIFF and WebP are.</source>
        <translation>{file}은(는) 읽을 수 있는 그림이 아닙니다. PNG, JPEG, GIF, BMP, TIFF, WebP를 읽습니다.</translation>
    </message>
    <message>
        <source>Windows of {length} moments of {file} have {channels} x {length} numbers; at most {most} can be learnt: choose a length of at most {longest}.</source>
        <translation>{file}에서 시점 {length}개인 구간 하나에는 숫자가 {channels} x {length}개 있습니다. 최대 {most}개까지 배울 수 있습니다. 길이를 {longest} 이하로 고르세요.</translation>
    </message>
    <message>
        <source>The log-density of sequences is not known.</source>
        <translation>시퀀스의 로그 밀도는 알려져 있지 않습니다.</translation>
    </message>
    <message>
        <source>No file is chosen; sequences are read from a WAV, NPY or NPZ file.</source>
        <translation>고른 파일이 없습니다. 시퀀스는 WAV, NPY 또는 NPZ 파일에서 읽습니다.</translation>
    </message>
    <message>
        <source>{file} has {rate} moments a second; it was resampled to {wanted} by a polyphase filter.</source>
        <translation>{file}의 시점은 초당 {rate}개입니다. 다상(polyphase) 필터로 초당 {wanted}개가 되도록 다시 표본화했습니다.</translation>
    </message>
    <message>
        <source>{file} has {count} moments; for windows of {length} at least {fewest} are needed: choose a shorter window.</source>
        <translation>{file}의 시점은 {count}개입니다. 길이 {length}인 구간에는 최소 {fewest}개가 필요합니다. 더 짧은 구간을 고르세요.</translation>
    </message>
    <message>
        <source>{file} is silent throughout.</source>
        <translation>{file}은(는) 처음부터 끝까지 무음입니다.</translation>
    </message>
    <message>
        <source>{file} holds whole numbers; uniform noise of one step makes them continuous, so that the density is a bound.</source>
        <translation>{file}에 정수가 들어 있습니다. 한 칸 폭의 균등 잡음을 더해 연속으로 만들므로 밀도는 한계값입니다.</translation>
    </message>
    <message>
        <source>Sequences of {file} left out because a number is missing: {count} of {total}.</source>
        <translation>{file}에서 숫자가 빠져 제외한 시퀀스: {total}개 가운데 {count}개.</translation>
    </message>
    <message>
        <source>{file} holds {count} sequences that can be used; at least {fewest} are needed.</source>
        <translation>{file}에 쓸 수 있는 시퀀스가 {count}개 있습니다. 최소 {fewest}개가 필요합니다.</translation>
    </message>
    <message>
        <source>{file} holds numbers beyond 1e30, which cannot be used.</source>
        <translation>{file}에 1e30을 넘는 수가 있어 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>The sequences of {file} have {channels} x {length} numbers; 1 to {most} can be learnt.</source>
        <translation>{file}의 시퀀스 하나에는 숫자가 {channels} x {length}개 있습니다. 1~{most}개를 배울 수 있습니다.</translation>
    </message>
    <message>
        <source>{file} holds no sequences; WAV, NPY and NPZ files do.</source>
        <translation>{file}에 시퀀스가 없습니다. WAV, NPY, NPZ 파일을 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>Context columns are used as they are, and these are far from the size of 1, which slows learning: {names}.</source>
        <translation>조건 열은 있는 그대로 쓰는데, 다음 열은 크기가 1과 크게 달라 학습이 느려집니다: {names}.</translation>
    </message>
    <message>
        <source>The log-density of a table is not known.</source>
        <translation>표의 로그 밀도는 알려져 있지 않습니다.</translation>
    </message>
    <message>
        <source>{file} has no column of numbers called &apos;{name}&apos;; there are {names}.</source>
        <translation>{file}에 &apos;{name}&apos;이라는 숫자 열이 없습니다. 있는 것: {names}.</translation>
    </message>
    <message>
        <source>A column of {file} is chosen twice; each may be used once.</source>
        <translation>{file}의 한 열을 두 번 골랐습니다. 각 열은 한 번만 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>{file} has {count} columns of numbers; at most {most} can be learnt at once.</source>
        <translation>{file}에 숫자 열이 {count}개 있습니다. 한 번에 최대 {most}개까지 배울 수 있습니다.</translation>
    </message>
    <message>
        <source>Rows of {file} with a number in every chosen column: {count}; at least {fewest} are needed.</source>
        <translation>{file}에서 고른 열마다 숫자가 있는 행: {count}. 최소 {fewest}행이 필요합니다.</translation>
    </message>
    <message>
        <source>Rows of {file} left out because a number is missing: {count} of {total}.</source>
        <translation>{file}에서 숫자가 빠져 제외한 행: {total}행 가운데 {count}행.</translation>
    </message>
    <message>
        <source>{file} holds numbers as large as {largest}; at most 1e30 can be used.</source>
        <translation>{file}에 {largest}만큼 큰 수가 있습니다. 최대 1e30까지 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>Always the same number: {names}. No density exists along it; its standard deviation is taken as 1.</source>
        <translation>늘 같은 수: {names}. 이 방향으로는 밀도가 없어 표준편차를 1로 둡니다.</translation>
    </message>
    <message>
        <source>Far from zero for how little they vary, so 32-bit numbers blur them: {names}. Subtract an offset first.</source>
        <translation>변화에 비해 0에서 너무 멀어 32비트 수로는 흐려집니다: {names}. 먼저 기준값을 빼세요.</translation>
    </message>
    <message>
        <source>Only a few different values: {names}. The likelihood of such columns can grow without bound.</source>
        <translation>서로 다른 값이 몇 개뿐입니다: {names}. 이런 열의 우도는 끝없이 커질 수 있습니다.</translation>
    </message>
    <message>
        <source>No file is chosen; a table is read from a CSV, NPY or NPZ file.</source>
        <translation>고른 파일이 없습니다. 표는 CSV, NPY 또는 NPZ 파일에서 읽습니다.</translation>
    </message>
    <message>
        <source>Every column of {file} is a context; at least one has to be learnt.</source>
        <translation>{file}의 모든 열이 조건입니다. 배울 열이 하나 이상 있어야 합니다.</translation>
    </message>
    <message>
        <source>{file} is no WAV file.</source>
        <translation>{file}은(는) WAV 파일이 아닙니다.</translation>
    </message>
    <message>
        <source>{file} is damaged or cut short: it does not say how its sound is kept.</source>
        <translation>{file}이(가) 손상되었거나 잘렸습니다. 소리의 저장 형식이 적혀 있지 않습니다.</translation>
    </message>
    <message>
        <source>{file} keeps its sound as {kind} of {bits} bits; PCM of 8, 16, 24 or 32 bits and floats can be read.</source>
        <translation>{file}의 소리는 {bits}비트 {kind} 형식입니다. 8, 16, 24, 32비트 PCM과 부동소수점을 읽을 수 있습니다.</translation>
    </message>
    <message>
        <source>The header of {file} makes no sense: {channels} channels, {rate} Hz, {frame} bytes a moment.</source>
        <translation>{file}의 헤더가 이치에 맞지 않습니다: 채널 {channels}개, {rate} Hz, 시점마다 {frame}바이트.</translation>
    </message>
    <message>
        <source>{file} is cut short; the {count} moments that it holds are used.</source>
        <translation>{file}이(가) 잘렸습니다. 남아 있는 시점 {count}개를 씁니다.</translation>
    </message>
    <message>
        <source>{file} holds {count} moments; the first {most} are used.</source>
        <translation>{file}에 시점이 {count}개 있습니다. 처음 {most}개를 씁니다.</translation>
    </message>
    <message>
        <source>The base, {title}, was made anew, since its weights have another form now; the layers keep theirs.</source>
        <translation>기저 {title}은(는) 가중치의 모양이 바뀌어 새로 만들었습니다. 층들의 가중치는 그대로입니다.</translation>
    </message>
    <message>
        <source>{file} is a torch file, but not a FlowViz checkpoint.</source>
        <translation>{file}은(는) torch 파일이지만 FlowViz 체크포인트가 아닙니다.</translation>
    </message>
    <message>
        <source>{file} has the unknown format &apos;{format}&apos;.</source>
        <translation>{file}의 형식 &apos;{format}&apos;을(를) 알 수 없습니다.</translation>
    </message>
    <message>
        <source>{file} was written by a newer FlowViz (format {format}); this one reads up to {known}.</source>
        <translation>{file}은(는) 더 새로운 FlowViz가 썼습니다(형식 {format}). 이 버전은 {known}까지 읽습니다.</translation>
    </message>
    <message>
        <source>{file} is truncated: its end is missing.</source>
        <translation>{file}이(가) 잘렸습니다. 끝부분이 없습니다.</translation>
    </message>
    <message>
        <source>{file} holds Python objects (a pickle), which are never opened; it may not be safe.</source>
        <translation>{file}에 파이썬 객체(pickle)가 들어 있어 열지 않습니다. 안전하지 않을 수 있습니다.</translation>
    </message>
    <message>
        <source>{file} cannot be read: {reason}.</source>
        <translation>{file}을(를) 읽을 수 없습니다: {reason}.</translation>
    </message>
    <message>
        <source>{file} is not a FlowViz checkpoint.</source>
        <translation>{file}은(는) FlowViz 체크포인트가 아닙니다.</translation>
    </message>
    <message>
        <source>{file} has the old format &apos;{format}&apos;, which can no longer be read.</source>
        <translation>{file}은(는) 더는 읽을 수 없는 옛 형식 &apos;{format}&apos;입니다.</translation>
    </message>
    <message>
        <source>{file}: the optimiser&apos;s state of &apos;{name}&apos; does not fit its tensor.</source>
        <translation>{file}: &apos;{name}&apos;의 최적화기 상태가 텐서와 맞지 않습니다.</translation>
    </message>
    <message>
        <source>{file}: the tensor &apos;{name}&apos; is missing.</source>
        <translation>{file}: 텐서 &apos;{name}&apos;이(가) 없습니다.</translation>
    </message>
    <message>
        <source>{file}: the tensor &apos;{name}&apos; has shape {got}; the pipeline needs {wanted}.</source>
        <translation>{file}: 텐서 &apos;{name}&apos;의 모양은 {got}인데 파이프라인에는 {wanted}이(가) 필요합니다.</translation>
    </message>
    <message>
        <source>{file}: the tensor &apos;{name}&apos; belongs to no part of its pipeline.</source>
        <translation>{file}: 텐서 &apos;{name}&apos;은(는) 파이프라인의 어느 부분에도 속하지 않습니다.</translation>
    </message>
    <message>
        <source>{file} is damaged: {part} is not what was written.</source>
        <translation>{file}이(가) 손상되었습니다: {part}이(가) 쓴 것과 다릅니다.</translation>
    </message>
    <message>
        <source>{count} numbers</source>
        <translation>숫자 {count}개</translation>
    </message>
    <message>
        <source>{count} classes</source>
        <translation>클래스 {count}개</translation>
    </message>
    <message>
        <source>The pipeline is conditioned by {wanted}; &apos;{target}&apos; has {there}.</source>
        <translation>파이프라인의 조건은 {wanted}인데 &apos;{target}&apos;의 조건은 {there}입니다.</translation>
    </message>
    <message>
        <source>Take the context anew from this data, or make the density unconditional.</source>
        <translation>이 데이터에서 조건을 새로 가져오거나 밀도를 조건 없이 만드세요.</translation>
    </message>
    <message>
        <source>The pipeline is conditional, and &apos;{target}&apos; has nothing to be conditioned by.</source>
        <translation>파이프라인은 조건부인데 &apos;{target}&apos;에는 조건으로 쓸 것이 없습니다.</translation>
    </message>
    <message>
        <source>Make the density unconditional, or choose data with classes or context columns.</source>
        <translation>밀도를 조건 없이 만들거나 클래스 또는 조건 열이 있는 데이터를 고르세요.</translation>
    </message>
    <message>
        <source>no device is called &apos;{name}&apos;; there are {names}</source>
        <translation>&apos;{name}&apos;이라는 장치는 없습니다. 있는 것: {names}</translation>
    </message>
    <message>
        <source>no CUDA device was found; here there is {there}</source>
        <translation>CUDA 장치를 찾지 못했습니다. 여기 있는 것: {there}</translation>
    </message>
    <message>
        <source>MPS needs a Mac with an Apple GPU; here there is {there}</source>
        <translation>MPS에는 Apple GPU가 있는 Mac이 필요합니다. 여기 있는 것: {there}</translation>
    </message>
    <message>
        <source>this PyTorch was built without CUDA; here there is {there}</source>
        <translation>이 PyTorch는 CUDA 없이 만들어졌습니다. 여기 있는 것: {there}</translation>
    </message>
    <message>
        <source>The device &apos;{name}&apos; is not available: {reason}.</source>
        <translation>장치 &apos;{name}&apos;을(를) 쓸 수 없습니다: {reason}.</translation>
    </message>
    <message>
        <source>{path} cannot be written: {reason}.</source>
        <translation>{path}에 쓸 수 없습니다: {reason}.</translation>
    </message>
    <message>
        <source>Along a great circle between the two latent points.</source>
        <translation>두 잠재점 사이의 대원을 따라갑니다.</translation>
    </message>
    <message>
        <source>Along a straight line between the two latent points.</source>
        <translation>두 잠재점 사이의 직선을 따라갑니다.</translation>
    </message>
    <message>
        <source>{bad} of {count} points are not finite here.</source>
        <translation>여기서 점 {count}개 가운데 {bad}개가 유한하지 않습니다.</translation>
    </message>
    <message>
        <source>In {bad} of {count} places the value is no number.</source>
        <translation>{count}곳 가운데 {bad}곳의 값이 숫자가 아닙니다.</translation>
    </message>
    <message>
        <source>Training steps are replayed as a CUDA graph.</source>
        <translation>학습 스텝을 CUDA 그래프로 재생합니다.</translation>
    </message>
    <message>
        <source>This flow&apos;s steps ask the GPU for numbers on their way, so they are not replayed.</source>
        <translation>이 흐름은 스텝 도중에 GPU에서 숫자를 읽어 와야 하므로 CUDA 그래프로 재생하지 않습니다.</translation>
    </message>
    <message>
        <source>Training steps cannot be replayed as a CUDA graph: {reason}</source>
        <translation>학습 스텝을 CUDA 그래프로 재생할 수 없습니다: {reason}</translation>
    </message>
    <message>
        <source>Step {step}: {tensor} of the base is not finite (normalizing direction, data to base). The weights of step {back} are back.</source>
        <translation>스텝 {step}: 기저의 {tensor}이(가) 유한하지 않습니다(정규화 방향, 데이터에서 기저로). 스텝 {back}의 가중치로 돌아왔습니다.</translation>
    </message>
    <message>
        <source>Lower the learning rate (now {rate}), or the gradient clip (now {clip}).</source>
        <translation>학습률(지금 {rate})이나 기울기 제한(지금 {clip})을 낮추세요.</translation>
    </message>
    <message>
        <source>Step {step}: {tensor} of layer {number}, {title}, is not finite (normalizing direction, data to base). The weights of step {back} are back.</source>
        <translation>스텝 {step}: {number}번 층({title})의 {tensor}이(가) 유한하지 않습니다(정규화 방향, 데이터에서 기저로). 스텝 {back}의 가중치로 돌아왔습니다.</translation>
    </message>
    <message>
        <source>Step {step}: {tensor} of the target is not finite. The weights of step {back} are back.</source>
        <translation>스텝 {step}: 목표의 {tensor}이(가) 유한하지 않습니다. 스텝 {back}의 가중치로 돌아왔습니다.</translation>
    </message>
    <message>
        <source>Step {step}: {tensor} of the base is not finite (generative direction, base to data). The weights of step {back} are back.</source>
        <translation>스텝 {step}: 기저의 {tensor}이(가) 유한하지 않습니다(생성 방향, 기저에서 데이터로). 스텝 {back}의 가중치로 돌아왔습니다.</translation>
    </message>
    <message>
        <source>Look at the target: it holds values that cannot be learnt from.</source>
        <translation>목표를 확인하세요. 배울 수 없는 값이 들어 있습니다.</translation>
    </message>
    <message>
        <source>Some points fall outside the box of the uniform base, where the density is zero: widen it (half width now {width}), or choose a base with mass everywhere.</source>
        <translation>일부 점이 균등 기저의 상자 밖, 밀도가 0인 곳에 떨어집니다. 상자를 넓히거나(지금 절반 너비 {width}) 어디서나 밀도가 있는 기저를 고르세요.</translation>
    </message>
    <message>
        <source>Lower the learning rate (now {rate}), or clip the gradient, at 5 for instance.</source>
        <translation>학습률(지금 {rate})을 낮추거나 기울기를 예를 들어 5로 제한하세요.</translation>
    </message>
    <message>
        <source>Lower the learning rate (now {rate}), or the log-scale bound of this layer (now {bound}).</source>
        <translation>학습률(지금 {rate})이나 이 층의 로그 배율 한계(지금 {bound})를 낮추세요.</translation>
    </message>
    <message>
        <source>Step {step}: {tensor} of layer {number}, {title}, is not finite (generative direction, base to data). The weights of step {back} are back.</source>
        <translation>스텝 {step}: {number}번 층({title})의 {tensor}이(가) 유한하지 않습니다(생성 방향, 기저에서 데이터로). 스텝 {back}의 가중치로 돌아왔습니다.</translation>
    </message>
    <message>
        <source>This pipeline needs {count} passes a step under maximum likelihood; reverse KL or a teacher needs one.</source>
        <translation>이 파이프라인은 최대 우도에서 스텝마다 {count}번 계산해야 합니다. 역방향 KL이나 교사 흐름이면 한 번으로 됩니다.</translation>
    </message>
    <message>
        <source>This pipeline needs {count} passes a step under reverse KL; maximum likelihood needs one.</source>
        <translation>이 파이프라인은 역방향 KL에서 스텝마다 {count}번 계산해야 합니다. 최대 우도면 한 번으로 됩니다.</translation>
    </message>
    <message>
        <source>Reverse KL cannot train a conditional density; use maximum likelihood, or make it unconditional.</source>
        <translation>역방향 KL로는 조건부 밀도를 학습할 수 없습니다. 최대 우도를 쓰거나 조건 없이 만드세요.</translation>
    </message>
    <message>
        <source>Reverse KL needs the target&apos;s log-density, and that of &apos;{target}&apos; is not known; use maximum likelihood.</source>
        <translation>역방향 KL에는 목표의 로그 밀도가 필요한데 &apos;{target}&apos;의 것은 알려져 있지 않습니다. 최대 우도를 쓰세요.</translation>
    </message>
    <message>
        <source>Reverse KL is infinite for &apos;{target}&apos;, whose density is zero in places, whatever the flow; use maximum likelihood.</source>
        <translation>&apos;{target}&apos;은(는) 밀도가 0인 곳이 있어 어떤 흐름으로도 역방향 KL이 무한대입니다. 최대 우도를 쓰세요.</translation>
    </message>
    <message>
        <source>No better held-out loss in {count} measurements: training has stopped at step {step}, and the weights of step {best} are back.</source>
        <translation>{count}번 측정하는 동안 검증 손실이 나아지지 않아 스텝 {step}에서 학습을 멈추고 스텝 {best}의 가중치로 돌아왔습니다.</translation>
    </message>
    <message>
        <source>There is nothing to train: no layer has weights.</source>
        <translation>학습할 것이 없습니다. 가중치가 있는 층이 없습니다.</translation>
    </message>
    <message>
        <source>There is nothing to train: every layer is frozen.</source>
        <translation>학습할 것이 없습니다. 모든 층이 고정되어 있습니다.</translation>
    </message>
    <message>
        <source>There is nothing to train: the base was fitted to the data at once.</source>
        <translation>학습할 것이 없습니다. 기저를 데이터에 한 번에 맞추었습니다.</translation>
    </message>
    <message>
        <source>Layer {number}, {title}, was made anew, since its weights have another form now; the others keep theirs.</source>
        <translation>{number}번 층({title})은 가중치의 형태가 달라져 새로 만들었습니다. 다른 층은 그대로입니다.</translation>
    </message>
    <message>
        <source>The new seed counts from the next reset on.</source>
        <translation>새 시드는 다음 초기화부터 적용됩니다.</translation>
    </message>
    <message>
        <source>Training goes on at &apos;{device}&apos;; the data&apos;s random numbers start anew there.</source>
        <translation>학습을 &apos;{device}&apos;에서 이어 갑니다. 데이터의 난수는 거기서 새로 시작합니다.</translation>
    </message>
    <message>
        <source>the snapshot was taken of another pipeline</source>
        <translation>스냅숏이 다른 파이프라인의 것입니다</translation>
    </message>
    <message>
        <source>The new optimiser starts with empty moments; the weights stay.</source>
        <translation>새 최적화기는 빈 모멘트에서 시작합니다. 가중치는 그대로입니다.</translation>
    </message>
</context>
<context>
    <name>spec</name>
    <message>
        <source>Affine coupling</source>
        <translation>아핀 커플링</translation>
    </message>
    <message>
        <source>Affine</source>
        <translation>아핀</translation>
    </message>
    <message>
        <source>Coupling</source>
        <translation>커플링</translation>
    </message>
    <message>
        <source>Half of the coordinates pass through and decide how the other half is scaled and shifted.</source>
        <translation>좌표의 절반은 그대로 지나가며, 나머지 절반의 배율과 이동을 정합니다.</translation>
    </message>
    <message>
        <source>one pass</source>
        <translation>한 번에</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>이름표</translation>
    </message>
    <message>
        <source>Your own name for this layer</source>
        <translation>이 층에 붙이는 나만의 이름</translation>
    </message>
    <message>
        <source>Bypass</source>
        <translation>건너뛰기</translation>
    </message>
    <message>
        <source>Leave this layer out, keeping its weights</source>
        <translation>가중치는 간직한 채 이 층을 건너뜁니다</translation>
    </message>
    <message>
        <source>Trainable</source>
        <translation>학습 가능</translation>
    </message>
    <message>
        <source>Off: the layer keeps its weights while others learn</source>
        <translation>끄면 다른 층이 배우는 동안 이 층의 가중치는 그대로입니다</translation>
    </message>
    <message>
        <source>Passed through</source>
        <translation>통과하는 좌표</translation>
    </message>
    <message>
        <source>even</source>
        <translation>짝수</translation>
    </message>
    <message>
        <source>first_half</source>
        <translation>앞쪽 절반</translation>
    </message>
    <message>
        <source>odd</source>
        <translation>홀수</translation>
    </message>
    <message>
        <source>second_half</source>
        <translation>뒤쪽 절반</translation>
    </message>
    <message>
        <source>Conditioner</source>
        <translation>조건 신경망</translation>
    </message>
    <message>
        <source>The network that gives the scales and shifts</source>
        <translation>배율과 이동을 내는 신경망</translation>
    </message>
    <message>
        <source>Hidden widths</source>
        <translation>은닉층 너비</translation>
    </message>
    <message>
        <source>Units of each hidden layer, from input to output</source>
        <translation>입력에서 출력까지 각 은닉층의 유닛 수</translation>
    </message>
    <message>
        <source>units</source>
        <translation>유닛</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>활성화 함수</translation>
    </message>
    <message>
        <source>Non-linearity after each hidden layer</source>
        <translation>각 은닉층 뒤의 비선형 함수</translation>
    </message>
    <message>
        <source>relu</source>
        <translation>ReLU</translation>
    </message>
    <message>
        <source>elu</source>
        <translation>ELU</translation>
    </message>
    <message>
        <source>gelu</source>
        <translation>GELU</translation>
    </message>
    <message>
        <source>silu</source>
        <translation>SiLU</translation>
    </message>
    <message>
        <source>tanh</source>
        <translation>tanh</translation>
    </message>
    <message>
        <source>Residual</source>
        <translation>잔차 연결</translation>
    </message>
    <message>
        <source>Adds each hidden layer&apos;s input to its output where the widths agree</source>
        <translation>너비가 같은 은닉층에서 입력을 출력에 더합니다</translation>
    </message>
    <message>
        <source>Log-scale bound</source>
        <translation>로그 배율 한계</translation>
    </message>
    <message>
        <source>Largest |s|: s = c·tanh(raw/c), so that no single layer can explode</source>
        <translation>|s|의 최댓값: s = c·tanh(raw/c). 한 층이 폭주하지 않게 합니다</translation>
    </message>
    <message>
        <source>nats</source>
        <translation>nats</translation>
    </message>
    <message>
        <source>Initial weight scale</source>
        <translation>초기 가중치 크기</translation>
    </message>
    <message>
        <source>Standard deviation of the last layer&apos;s initial weights; 0 starts as the identity</source>
        <translation>마지막 층 초기 가중치의 표준편차. 0이면 항등 변환으로 시작합니다</translation>
    </message>
    <message>
        <source>Additive coupling</source>
        <translation>가법 커플링</translation>
    </message>
    <message>
        <source>Additive</source>
        <translation>가법</translation>
    </message>
    <message>
        <source>Half of the coordinates pass through and decide how the other half is shifted; volume is kept.</source>
        <translation>좌표의 절반은 그대로 지나가며, 나머지 절반의 이동을 정합니다. 부피는 변하지 않습니다.</translation>
    </message>
    <message>
        <source>Masked autoregressive (MAF)</source>
        <translation>마스크 자기회귀 (MAF)</translation>
    </message>
    <message>
        <source>MAF</source>
        <translation>MAF</translation>
    </message>
    <message>
        <source>Autoregressive</source>
        <translation>자기회귀</translation>
    </message>
    <message>
        <source>Each coordinate is scaled and shifted by a network of those before it: density in one pass.</source>
        <translation>각 좌표의 배율과 이동을 앞선 좌표들의 신경망이 정합니다. 밀도는 한 번에 계산됩니다.</translation>
    </message>
    <message>
        <source>sequential</source>
        <translation>순차적으로</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>순서</translation>
    </message>
    <message>
        <source>natural</source>
        <translation>원래대로</translation>
    </message>
    <message>
        <source>reversed</source>
        <translation>거꾸로</translation>
    </message>
    <message>
        <source>Inverse autoregressive (IAF)</source>
        <translation>역 자기회귀 (IAF)</translation>
    </message>
    <message>
        <source>IAF</source>
        <translation>IAF</translation>
    </message>
    <message>
        <source>A MAF turned around: samples in one pass, density coordinate by coordinate.</source>
        <translation>MAF를 뒤집은 것: 표본은 한 번에, 밀도는 좌표마다 차례로 계산됩니다.</translation>
    </message>
    <message>
        <source>Diagonal scaling</source>
        <translation>대각 스케일링</translation>
    </message>
    <message>
        <source>Scaling</source>
        <translation>스케일링</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>선형</translation>
    </message>
    <message>
        <source>One learned scale a coordinate: NICE&apos;s only change of volume.</source>
        <translation>좌표마다 배우는 배율 하나: NICE에서 부피가 바뀌는 유일한 곳입니다.</translation>
    </message>
    <message>
        <source>ActNorm</source>
        <translation>ActNorm</translation>
    </message>
    <message>
        <source>Invertible linear (1×1 convolution)</source>
        <translation>가역 선형 (1×1 합성곱)</translation>
    </message>
    <message>
        <source>1×1 linear</source>
        <translation>1×1 선형</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <source>PLU factors (triangular, cheap log-det) or the plain matrix W</source>
        <translation>PLU 인수분해(삼각 행렬, 로그 행렬식이 저렴) 또는 행렬 W 그대로</translation>
    </message>
    <message>
        <source>plu</source>
        <translation>PLU</translation>
    </message>
    <message>
        <source>plain</source>
        <translation>행렬 그대로</translation>
    </message>
    <message>
        <source>Starts as</source>
        <translation>시작 모습</translation>
    </message>
    <message>
        <source>The identity, or a random rotation; in a trained flow always the identity</source>
        <translation>항등 변환 또는 무작위 회전. 학습된 흐름에서는 늘 항등 변환</translation>
    </message>
    <message>
        <source>identity</source>
        <translation>항등</translation>
    </message>
    <message>
        <source>rotation</source>
        <translation>회전</translation>
    </message>
    <message>
        <source>Permutation</source>
        <translation>순열</translation>
    </message>
    <message>
        <source>Reverse the coordinates, or one fixed random order (never the identity)</source>
        <translation>좌표를 거꾸로, 또는 고정된 무작위 순서로(항등은 아님)</translation>
    </message>
    <message>
        <source>reverse</source>
        <translation>거꾸로</translation>
    </message>
    <message>
        <source>random</source>
        <translation>무작위</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>Of the random order</source>
        <translation>무작위 순서의 시드</translation>
    </message>
    <message>
        <source>Householder</source>
        <translation>하우스홀더</translation>
    </message>
    <message>
        <source>A learned rotation of the coordinates or channels, made of reflections; it starts as pairs that cancel.</source>
        <translation>반사를 이어 만든, 좌표나 채널의 회전을 배웁니다. 처음에는 반사가 둘씩 짝지어 상쇄됩니다.</translation>
    </message>
    <message>
        <source>Reflections</source>
        <translation>반사 수</translation>
    </message>
    <message>
        <source>How many learned reflections in a row; where they are odd, the first has a fixed partner</source>
        <translation>잇달아 배우는 반사의 수. 홀수이면 첫 반사에 고정된 짝이 붙습니다</translation>
    </message>
    <message>
        <source>Batch normalisation</source>
        <translation>배치 정규화</translation>
    </message>
    <message>
        <source>BatchNorm</source>
        <translation>BatchNorm</translation>
    </message>
    <message>
        <source>Normalises by the batch&apos;s mean and variance while training, and by their running averages otherwise; a batch&apos;s log-densities then depend on the whole batch.</source>
        <translation>학습 중에는 배치의 평균과 분산으로, 그 밖에는 그 이동 평균으로 정규화합니다. 학습 중 각 점의 로그 밀도는 배치 전체에 따라 달라집니다.</translation>
    </message>
    <message>
        <source>How much of the running mean and variance each training batch replaces</source>
        <translation>학습 배치마다 이동 평균과 이동 분산을 새 값으로 바꾸는 비율</translation>
    </message>
    <message>
        <source>Element-wise affine</source>
        <translation>원소별 아핀</translation>
    </message>
    <message>
        <source>Element-wise</source>
        <translation>원소별</translation>
    </message>
    <message>
        <source>One learned scale and shift for every number of the event, a pixel each on pictures; set from the first batch.</source>
        <translation>데이터 하나를 이루는 수마다(그림에서는 픽셀마다) 배우는 배율과 이동 하나. 첫 배치에서 정해집니다.</translation>
    </message>
    <message>
        <source>Squeeze</source>
        <translation>스퀴즈</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>모양</translation>
    </message>
    <message>
        <source>Every 2×2 block of pixels becomes four channels (of a sequence, two moments become two channels).</source>
        <translation>2×2 픽셀 블록마다 채널 네 개가 됩니다(시퀀스에서는 두 시점이 채널 두 개가 됩니다).</translation>
    </message>
    <message>
        <source>Haar wavelet</source>
        <translation>하르 웨이블릿</translation>
    </message>
    <message>
        <source>Haar</source>
        <translation>하르</translation>
    </message>
    <message>
        <source>An orthogonal squeeze: the first channels are a smaller picture, the others its details.</source>
        <translation>직교 스퀴즈: 앞쪽 채널은 작아진 그림, 나머지는 그 세부입니다.</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>분할</translation>
    </message>
    <message>
        <source>Half of the channels leave for the base here, judged by a Gaussian whose mean and width are learnt from the half that goes on: several scales in one flow.</source>
        <translation>채널의 절반이 여기서 기저로 빠져나가며, 계속 가는 절반에서 평균과 너비를 배우는 가우시안으로 평가됩니다: 한 흐름 안의 여러 스케일.</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>평탄화</translation>
    </message>
    <message>
        <source>Reads a picture in raster order, as one vector or as a sequence of pixels, for layers that take those.</source>
        <translation>그림을 래스터 순서로 읽어 벡터 하나나 픽셀의 시퀀스로 만듭니다. 그런 것을 받는 층 앞에 둡니다.</translation>
    </message>
    <message>
        <source>Into</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>One vector, channel after channel; or a sequence, pixel after pixel, whose channels stay</source>
        <translation>채널 순서로 이은 벡터 하나, 또는 채널은 그대로 두고 픽셀을 이은 시퀀스</translation>
    </message>
    <message>
        <source>vector</source>
        <translation>벡터</translation>
    </message>
    <message>
        <source>sequence</source>
        <translation>시퀀스</translation>
    </message>
    <message>
        <source>Logit</source>
        <translation>로짓</translation>
    </message>
    <message>
        <source>Takes numbers between 0 and 1, such as grey levels, to the whole line.</source>
        <translation>회색 단계처럼 0과 1 사이인 수를 실수 전체로 옮깁니다.</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>여백</translation>
    </message>
    <message>
        <source>α: the numbers are squeezed into [α, 1 − α] before the logit, so that 0 and 1 stay finite</source>
        <translation>α: 로짓 전에 수를 [α, 1 − α] 안으로 좁혀 0과 1에서도 유한하게 합니다</translation>
    </message>
    <message>
        <source>Sigmoid</source>
        <translation>시그모이드</translation>
    </message>
    <message>
        <source>Takes the whole line to numbers between 0 and 1: before a uniform base, or to undo a logit.</source>
        <translation>실수 전체를 0과 1 사이의 수로 옮깁니다: 균등 기저 앞에 두거나 로짓을 되돌릴 때 씁니다.</translation>
    </message>
    <message>
        <source>Planar</source>
        <translation>평면</translation>
    </message>
    <message>
        <source>Pushes or pulls along one plane; the inverse solves one equation for one number.</source>
        <translation>한 평면을 따라 밀거나 당깁니다. 역변환은 수 하나에 대한 방정식 하나를 풉니다.</translation>
    </message>
    <message>
        <source>root of one equation</source>
        <translation>방정식 하나의 근</translation>
    </message>
    <message>
        <source>One pass for</source>
        <translation>한 번에 계산할 것</translation>
    </message>
    <message>
        <source>The direction in which the formula is used as it is written; the other one solves for its inverse</source>
        <translation>식을 그대로 쓰는 방향. 반대 방향은 역을 풀어서 구합니다</translation>
    </message>
    <message>
        <source>density</source>
        <translation>밀도</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>Radial</source>
        <translation>방사형</translation>
    </message>
    <message>
        <source>Pushes away from one centre, or pulls towards it.</source>
        <translation>한 중심에서 밀어내거나 중심으로 당깁니다.</translation>
    </message>
    <message>
        <source>Sylvester</source>
        <translation>실베스터</translation>
    </message>
    <message>
        <source>Several planar steps at once, in orthogonal directions.</source>
        <translation>서로 직교하는 방향의 평면 변환 여러 개를 한꺼번에.</translation>
    </message>
    <message>
        <source>roots, one after another</source>
        <translation>근을 하나씩 차례로</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>랭크</translation>
    </message>
    <message>
        <source>Units inside, at most the number of coordinates</source>
        <translation>내부 유닛 수. 최대 좌표의 수</translation>
    </message>
    <message>
        <source>Residual (i-ResNet)</source>
        <translation>잔차 (i-ResNet)</translation>
    </message>
    <message>
        <source>A residual network, held back so that it can be undone by iteration.</source>
        <translation>반복 계산으로 되돌릴 수 있도록 억제한 잔차 신경망.</translation>
    </message>
    <message>
        <source>Jacobian of D passes</source>
        <translation>야코비안: D번 계산</translation>
    </message>
    <message>
        <source>Lipschitz bound</source>
        <translation>립시츠 한계</translation>
    </message>
    <message>
        <source>κ &lt; 1: how strongly g may stretch; below 1 an inverse exists</source>
        <translation>κ &lt; 1: g가 늘릴 수 있는 정도. 1보다 작으면 역변환이 존재합니다</translation>
    </message>
    <message>
        <source>Continuous (FFJORD)</source>
        <translation>연속 (FFJORD)</translation>
    </message>
    <message>
        <source>FFJORD</source>
        <translation>FFJORD</translation>
    </message>
    <message>
        <source>A flow in continuous time, along a learnt vector field.</source>
        <translation>배운 벡터장을 따르는 연속 시간 흐름.</translation>
    </message>
    <message>
        <source>ODE solve</source>
        <translation>ODE 풀이</translation>
    </message>
    <message>
        <source>Smooth, as the equation&apos;s solver needs it</source>
        <translation>방정식 풀이에 필요한 매끄러운 함수</translation>
    </message>
    <message>
        <source>softplus</source>
        <translation>softplus</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>How long the flow runs</source>
        <translation>흐름이 진행되는 시간</translation>
    </message>
    <message>
        <source>Runge–Kutta steps (4 evaluations each) across the time</source>
        <translation>시간 전체에 걸친 룽게–쿠타 스텝 수(스텝마다 4번 평가)</translation>
    </message>
    <message>
        <source>Trace</source>
        <translation>대각합</translation>
    </message>
    <message>
        <source>Exact (D derivatives a step), or Hutchinson&apos;s unbiased estimate while training; figures are always exact</source>
        <translation>정확한 값(스텝마다 미분 D번), 또는 학습 중에는 Hutchinson의 불편 추정. 표시되는 수치는 늘 정확합니다</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>정확히</translation>
    </message>
    <message>
        <source>hutchinson</source>
        <translation>Hutchinson</translation>
    </message>
    <message>
        <source>Standard normal</source>
        <translation>표준 정규분포</translation>
    </message>
    <message>
        <source>Mean 0, covariance 1; nothing to learn.</source>
        <translation>평균 0, 공분산 1. 배울 것이 없습니다.</translation>
    </message>
    <message>
        <source>Gaussian</source>
        <translation>가우시안</translation>
    </message>
    <message>
        <source>Full covariance, fitted to the data by maximum likelihood (divide by N).</source>
        <translation>전체 공분산을 최대 우도로 데이터에 맞춥니다(N으로 나눔).</translation>
    </message>
    <message>
        <source>Learn mean and covariance by gradient, too</source>
        <translation>평균과 공분산도 기울기로 배웁니다</translation>
    </message>
    <message>
        <source>Gaussian mixture</source>
        <translation>가우시안 혼합</translation>
    </message>
    <message>
        <source>Several Gaussians: separate modes without filaments between them.</source>
        <translation>여러 가우시안: 봉우리 사이를 잇는 실가닥이 없습니다.</translation>
    </message>
    <message>
        <source>Components</source>
        <translation>성분 수</translation>
    </message>
    <message>
        <source>How many Gaussians</source>
        <translation>가우시안의 개수</translation>
    </message>
    <message>
        <source>Learn weights, means and scales by gradient</source>
        <translation>가중치, 평균, 배율을 기울기로 배웁니다</translation>
    </message>
    <message>
        <source>Uniform</source>
        <translation>균등분포</translation>
    </message>
    <message>
        <source>A box. Outside it the density is zero, and the log-density −∞.</source>
        <translation>상자 모양. 바깥에서는 밀도가 0, 로그 밀도는 −∞입니다.</translation>
    </message>
    <message>
        <source>Half width</source>
        <translation>절반 너비</translation>
    </message>
    <message>
        <source>The box is [−w, w] in every coordinate</source>
        <translation>상자는 모든 좌표에서 [−w, w]입니다</translation>
    </message>
    <message>
        <source>Kernel density (KDE)</source>
        <translation>커널 밀도 (KDE)</translation>
    </message>
    <message>
        <source>One Gaussian kernel on each training point: no training, only a bandwidth.</source>
        <translation>학습점마다 가우시안 커널 하나: 학습은 없고 대역폭만 있습니다.</translation>
    </message>
    <message>
        <source>Bandwidth rule</source>
        <translation>대역폭 규칙</translation>
    </message>
    <message>
        <source>How the kernel&apos;s width is chosen; leave-one-out maximises its likelihood</source>
        <translation>커널 폭을 고르는 법. 하나 빼기(leave-one-out)는 그 우도를 최대로 합니다</translation>
    </message>
    <message>
        <source>leave_one_out</source>
        <translation>하나 빼기</translation>
    </message>
    <message>
        <source>manual</source>
        <translation>직접 지정</translation>
    </message>
    <message>
        <source>scott</source>
        <translation>Scott</translation>
    </message>
    <message>
        <source>silverman</source>
        <translation>Silverman</translation>
    </message>
    <message>
        <source>Bandwidth</source>
        <translation>대역폭</translation>
    </message>
    <message>
        <source>Width of the kernel when the rule is manual, in the data&apos;s units</source>
        <translation>직접 지정할 때의 커널 폭(데이터 단위)</translation>
    </message>
    <message>
        <source>data units</source>
        <translation>데이터 단위</translation>
    </message>
    <message>
        <source>Points</source>
        <translation>점</translation>
    </message>
    <message>
        <source>How many training points carry a kernel</source>
        <translation>커널을 얹을 학습점의 수</translation>
    </message>
    <message>
        <source>Logistic</source>
        <translation>로지스틱</translation>
    </message>
    <message>
        <source>NICE&apos;s prior: independent, with heavier tails than the normal; nothing to learn.</source>
        <translation>NICE의 사전분포: 서로 독립이고 정규분포보다 꼬리가 두껍습니다. 배울 것이 없습니다.</translation>
    </message>
    <message>
        <source>Gaussian by context</source>
        <translation>조건별 가우시안</translation>
    </message>
    <message>
        <source>Mean and width of every coordinate are learnt for each class, or as a line in a continuous context.</source>
        <translation>좌표마다 평균과 너비를 클래스별로, 또는 연속 조건에 대한 직선으로 배웁니다.</translation>
    </message>
    <message>
        <source>PixelCNN</source>
        <translation>PixelCNN</translation>
    </message>
    <message>
        <source>Each pixel&apos;s level is predicted from those above and to the left, channels in order.</source>
        <translation>각 픽셀의 단계를 위쪽과 왼쪽 픽셀로부터 채널 순서대로 예측합니다.</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>신경망</translation>
    </message>
    <message>
        <source>What predicts a pixel from those before it</source>
        <translation>앞선 픽셀로부터 다음 픽셀을 예측하는 신경망</translation>
    </message>
    <message>
        <source>Feature maps of each hidden layer</source>
        <translation>각 은닉층의 특징 맵 수</translation>
    </message>
    <message>
        <source>maps</source>
        <translation>맵</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>블록</translation>
    </message>
    <message>
        <source>Gated residual blocks</source>
        <translation>게이트 잔차 블록의 수</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>커널</translation>
    </message>
    <message>
        <source>Side of the hidden kernels, odd</source>
        <translation>은닉층 커널의 한 변(홀수)</translation>
    </message>
    <message>
        <source>PixelRNN</source>
        <translation>PixelRNN</translation>
    </message>
    <message>
        <source>Each pixel&apos;s level is predicted by recurrent layers from all pixels before it, channels in order.</source>
        <translation>각 픽셀의 단계를 순환 층이 앞선 모든 픽셀로부터 채널 순서대로 예측합니다.</translation>
    </message>
    <message>
        <source>Variant</source>
        <translation>변형</translation>
    </message>
    <message>
        <source>Diagonal BiLSTM (sees every earlier pixel) or Row LSTM (a triangle, faster)</source>
        <translation>Diagonal BiLSTM(앞선 모든 픽셀을 봄) 또는 Row LSTM(삼각형 영역만 보며 더 빠름)</translation>
    </message>
    <message>
        <source>diagonal</source>
        <translation>대각</translation>
    </message>
    <message>
        <source>row</source>
        <translation>행</translation>
    </message>
    <message>
        <source>Units h of each LSTM; its input has 2h</source>
        <translation>각 LSTM의 유닛 수 h. 입력은 2h입니다</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>층</translation>
    </message>
    <message>
        <source>LSTM layers with residual connections</source>
        <translation>잔차 연결이 있는 LSTM 층의 수</translation>
    </message>
    <message>
        <source>Side of the first masked convolution, odd</source>
        <translation>첫 마스크 합성곱의 한 변(홀수)</translation>
    </message>
    <message>
        <source>WaveNet</source>
        <translation>WaveNet</translation>
    </message>
    <message>
        <source>Each moment is predicted from those before it by causal dilated convolutions.</source>
        <translation>각 시점을 인과적 팽창 합성곱이 앞선 시점들로부터 예측합니다.</translation>
    </message>
    <message>
        <source>What predicts a moment from those before it</source>
        <translation>앞선 시점으로부터 다음 시점을 예측하는 신경망</translation>
    </message>
    <message>
        <source>Skip channels</source>
        <translation>스킵 채널</translation>
    </message>
    <message>
        <source>Feature maps of the skip path</source>
        <translation>스킵 경로의 특징 맵 수</translation>
    </message>
    <message>
        <source>Layers a block</source>
        <translation>블록당 층 수</translation>
    </message>
    <message>
        <source>Dilations 1, 2, 4, ... of one block</source>
        <translation>한 블록 안의 팽창(1, 2, 4, ...)</translation>
    </message>
    <message>
        <source>How often the dilations start again</source>
        <translation>팽창을 처음부터 되풀이하는 횟수</translation>
    </message>
    <message>
        <source>Taps of each causal convolution</source>
        <translation>각 인과적 합성곱의 탭 수</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>출력</translation>
    </message>
    <message>
        <source>256 μ-law classes (for numbers between −1 and 1), a mixture of logistics, or one Gaussian</source>
        <translation>μ-law 클래스 256개(−1과 1 사이의 수), 로지스틱 혼합, 또는 가우시안 하나</translation>
    </message>
    <message>
        <source>gaussian</source>
        <translation>가우시안</translation>
    </message>
    <message>
        <source>categorical</source>
        <translation>범주형</translation>
    </message>
    <message>
        <source>logistics</source>
        <translation>로지스틱 혼합</translation>
    </message>
    <message>
        <source>Of the mixture</source>
        <translation>혼합의 성분 수</translation>
    </message>
    <message>
        <source>MLP</source>
        <translation>MLP</translation>
    </message>
    <message>
        <source>Fully connected layers over the numbers of a vector.</source>
        <translation>벡터의 수들에 대한 완전 연결 층.</translation>
    </message>
    <message>
        <source>MADE</source>
        <translation>MADE</translation>
    </message>
    <message>
        <source>Fully connected layers, masked so that each output sees only the inputs before it.</source>
        <translation>각 출력이 앞선 입력만 보도록 마스크를 씌운 완전 연결 층.</translation>
    </message>
    <message>
        <source>Named density</source>
        <translation>이름 있는 밀도</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>One of the named densities</source>
        <translation>이름 있는 밀도 가운데 하나</translation>
    </message>
    <message>
        <source>Drawn density</source>
        <translation>그린 밀도</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>영역</translation>
    </message>
    <message>
        <source>Where the canvas lies</source>
        <translation>캔버스가 놓인 곳</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>출처</translation>
    </message>
    <message>
        <source>The picture that it was made from</source>
        <translation>이 밀도를 만든 그림</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>표</translation>
    </message>
    <message>
        <source>File</source>
        <translation>파일</translation>
    </message>
    <message>
        <source>CSV, NPY or NPZ with one row a point</source>
        <translation>한 행이 한 점인 CSV, NPY 또는 NPZ</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>열</translation>
    </message>
    <message>
        <source>Which columns, in order; none means every numeric column</source>
        <translation>쓸 열과 그 순서. 비우면 모든 숫자 열</translation>
    </message>
    <message>
        <source>Array</source>
        <translation>배열</translation>
    </message>
    <message>
        <source>Which array of an NPZ file; empty means the first that has rows</source>
        <translation>NPZ 파일의 배열. 비우면 행이 있는 첫 배열</translation>
    </message>
    <message>
        <source>Standardise</source>
        <translation>표준화</translation>
    </message>
    <message>
        <source>Train on (x − mean)/sd; its Jacobian is counted, and samples are undone</source>
        <translation>(x − 평균)/표준편차로 학습합니다. 야코비안을 셈에 넣고, 표본은 되돌립니다</translation>
    </message>
    <message>
        <source>Held out</source>
        <translation>검증용</translation>
    </message>
    <message>
        <source>Share of the rows kept aside to judge by</source>
        <translation>평가를 위해 따로 둔 행의 비율</translation>
    </message>
    <message>
        <source>Context columns</source>
        <translation>조건 열</translation>
    </message>
    <message>
        <source>Columns that the density may be conditioned by instead of learning them</source>
        <translation>배우는 대신 밀도의 조건으로 쓸 수 있는 열</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>File or folder</source>
        <translation>파일 또는 폴더</translation>
    </message>
    <message>
        <source>A folder, or an IDX, CIFAR, NPY or NPZ file</source>
        <translation>폴더, 또는 IDX, CIFAR, NPY, NPZ 파일</translation>
    </message>
    <message>
        <source>Which array of an NPZ file; empty means the first that holds pictures</source>
        <translation>NPZ 파일의 배열. 비우면 그림이 있는 첫 배열</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>한 변</translation>
    </message>
    <message>
        <source>Pictures of a folder are cropped to a centred square and resized to this side; 0 keeps their size</source>
        <translation>폴더의 그림을 가운데 정사각형으로 잘라 한 변을 이 크기로 맞춥니다. 0이면 크기를 그대로 둡니다</translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>픽셀</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>회색조</translation>
    </message>
    <message>
        <source>Turn colours into grey levels</source>
        <translation>색을 회색 단계로 바꿉니다</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>비트</translation>
    </message>
    <message>
        <source>Levels kept: 2 to this power; fewer than 8 drops the finest</source>
        <translation>남길 단계 수: 2의 거듭제곱. 8보다 작으면 가장 미세한 단계를 버립니다</translation>
    </message>
    <message>
        <source>Share of the pictures kept aside to judge by</source>
        <translation>평가를 위해 따로 둔 그림의 비율</translation>
    </message>
    <message>
        <source>Sequences</source>
        <translation>시퀀스</translation>
    </message>
    <message>
        <source>A WAV, NPY or NPZ file</source>
        <translation>WAV, NPY 또는 NPZ 파일</translation>
    </message>
    <message>
        <source>Which array of an NPZ file; empty means the first that holds sequences</source>
        <translation>NPZ 파일의 배열. 비우면 시퀀스가 있는 첫 배열</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>길이</translation>
    </message>
    <message>
        <source>Moments in one window of a long recording</source>
        <translation>긴 녹음에서 한 구간의 시점 수</translation>
    </message>
    <message>
        <source>moments</source>
        <translation>시점</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>샘플링 레이트</translation>
    </message>
    <message>
        <source>A sound of another rate is resampled to this one; 0 keeps its own</source>
        <translation>레이트가 다른 소리는 이 값으로 다시 샘플링합니다. 0이면 원래 값을 유지합니다</translation>
    </message>
    <message>
        <source>Hz</source>
        <translation>Hz</translation>
    </message>
    <message>
        <source>Train on (x − mean)/sd of each channel; its Jacobian is counted</source>
        <translation>채널마다 (x − 평균)/표준편차로 학습합니다. 야코비안을 셈에 넣습니다</translation>
    </message>
    <message>
        <source>Share kept aside to judge by; of a recording, its end</source>
        <translation>평가를 위해 따로 둔 비율. 녹음에서는 끝부분</translation>
    </message>
    <message>
        <source>Trained flow</source>
        <translation>학습된 흐름</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>체크포인트</translation>
    </message>
    <message>
        <source>A flow saved by this program</source>
        <translation>이 프로그램으로 저장한 흐름</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>목적 함수</translation>
    </message>
    <message>
        <source>Maximum likelihood on samples, or reverse KL where the target has a log-density</source>
        <translation>표본의 최대 우도, 또는 로그 밀도가 있는 목표의 역방향 KL</translation>
    </message>
    <message>
        <source>maximum_likelihood</source>
        <translation>최대 우도</translation>
    </message>
    <message>
        <source>reverse_kl</source>
        <translation>역방향 KL</translation>
    </message>
    <message>
        <source>Affine couplings with alternating masks; on pictures over two scales.</source>
        <translation>마스크를 번갈아 쓰는 아핀 커플링. 그림에서는 두 스케일에 걸쳐 씁니다.</translation>
    </message>
    <message>
        <source>Additive couplings, then a diagonal scaling: the only change of volume.</source>
        <translation>가법 커플링 뒤에 대각 스케일링: 부피는 여기서만 바뀝니다.</translation>
    </message>
    <message>
        <source>ActNorm, invertible 1×1 convolution and affine coupling in turn; on pictures over two scales.</source>
        <translation>ActNorm, 가역 1×1 합성곱, 아핀 커플링을 차례로 되풀이. 그림에서는 두 스케일에 걸쳐 씁니다.</translation>
    </message>
    <message>
        <source>Masked autoregressive layers in alternating order: density in one pass, samples one by one.</source>
        <translation>순서를 번갈아 쓰는 마스크 자기회귀 층: 밀도는 한 번에, 표본은 하나씩.</translation>
    </message>
    <message>
        <source>Neural spline flow on two moons</source>
        <translation>두 초승달을 학습한 신경 스플라인 흐름</translation>
    </message>
    <message>
        <source>Neural spline flow on eight Gaussians</source>
        <translation>여덟 가우시안을 배운 신경 스플라인 흐름</translation>
    </message>
    <message>
        <source>One Gaussian on the digits</source>
        <translation>손글씨 숫자에 맞춘 가우시안 하나</translation>
    </message>
    <message>
        <source>Kernel density on the digits</source>
        <translation>손글씨 숫자의 커널 밀도</translation>
    </message>
    <message>
        <source>NICE on the digits</source>
        <translation>손글씨 숫자를 배운 NICE</translation>
    </message>
    <message>
        <source>RealNVP on the digits</source>
        <translation>손글씨 숫자를 배운 RealNVP</translation>
    </message>
    <message>
        <source>Glow on the digits</source>
        <translation>손글씨 숫자를 배운 Glow</translation>
    </message>
    <message>
        <source>MAF on the digits</source>
        <translation>손글씨 숫자를 배운 MAF</translation>
    </message>
    <message>
        <source>Neural spline flow on the digits</source>
        <translation>손글씨 숫자를 배운 신경 스플라인 흐름</translation>
    </message>
    <message>
        <source>PixelCNN on the digits</source>
        <translation>손글씨 숫자를 배운 PixelCNN</translation>
    </message>
    <message>
        <source>PixelRNN on the digits</source>
        <translation>손글씨 숫자를 배운 PixelRNN</translation>
    </message>
    <message>
        <source>WaveNet on the digits, pixel by pixel</source>
        <translation>손글씨 숫자를 픽셀 하나씩 배운 WaveNet</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>스텝</translation>
    </message>
    <message>
        <source>Length of the run and of the schedule</source>
        <translation>학습과 일정의 길이</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>스텝</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>배치 크기</translation>
    </message>
    <message>
        <source>Points in one step</source>
        <translation>한 스텝의 점 수</translation>
    </message>
    <message>
        <source>points</source>
        <translation>점</translation>
    </message>
    <message>
        <source>Optimiser</source>
        <translation>최적화기</translation>
    </message>
    <message>
        <source>Fused where torch has it</source>
        <translation>torch가 지원하면 융합(fused) 방식</translation>
    </message>
    <message>
        <source>adam</source>
        <translation>Adam</translation>
    </message>
    <message>
        <source>adamw</source>
        <translation>AdamW</translation>
    </message>
    <message>
        <source>sgd</source>
        <translation>SGD</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>학습률</translation>
    </message>
    <message>
        <source>At its highest</source>
        <translation>가장 높을 때의 값</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>가중치 감쇠</translation>
    </message>
    <message>
        <source>L2 penalty (decoupled in AdamW)</source>
        <translation>L2 벌점(AdamW에서는 분리됨)</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>모멘텀</translation>
    </message>
    <message>
        <source>Which coordinates or channels (on pictures and sequences also: which places of a checkerboard) pass unchanged and decide how the others are transformed</source>
        <translation>그대로 지나가며 나머지의 변환을 정하는 좌표나 채널(그림과 시퀀스에서는 체커보드의 칸도 가능)</translation>
    </message>
    <message>
        <source>checkerboard</source>
        <translation>체커보드</translation>
    </message>
    <message>
        <source>checkerboard_odd</source>
        <translation>체커보드(홀수)</translation>
    </message>
    <message>
        <source>Spline coupling</source>
        <translation>스플라인 커플링</translation>
    </message>
    <message>
        <source>Spline</source>
        <translation>스플라인</translation>
    </message>
    <message>
        <source>Half of the coordinates pass through and decide the knots of a rising rational-quadratic spline for each of the others.</source>
        <translation>좌표의 절반은 그대로 지나가며, 나머지 각각에 쓸 증가하는 유리 이차 스플라인의 매듭점을 정합니다.</translation>
    </message>
    <message>
        <source>Bins</source>
        <translation>구간 수</translation>
    </message>
    <message>
        <source>Pieces of each spline</source>
        <translation>각 스플라인의 조각 수</translation>
    </message>
    <message>
        <source>Tail bound</source>
        <translation>꼬리 경계</translation>
    </message>
    <message>
        <source>The spline acts on [−B, B]; outside, it is the identity</source>
        <translation>스플라인은 [−B, B]에서 작용하며 바깥에서는 항등 변환입니다</translation>
    </message>
    <message>
        <source>The order in which the numbers are predicted, one from those before it</source>
        <translation>앞선 수로부터 다음 수를 예측하는 순서</translation>
    </message>
    <message>
        <source>Spline autoregressive</source>
        <translation>스플라인 자기회귀</translation>
    </message>
    <message>
        <source>Spline AR</source>
        <translation>스플라인 AR</translation>
    </message>
    <message>
        <source>Each coordinate goes through a rising rational-quadratic spline whose knots depend on those before it.</source>
        <translation>각 좌표가 증가하는 유리 이차 스플라인을 지나며, 그 매듭점은 앞선 좌표들이 정합니다.</translation>
    </message>
    <message>
        <source>Transformer autoregressive (TarFlow)</source>
        <translation>트랜스포머 자기회귀 (TarFlow)</translation>
    </message>
    <message>
        <source>TarFlow</source>
        <translation>TarFlow</translation>
    </message>
    <message>
        <source>A causal transformer over patches scales and shifts each patch by those before it.</source>
        <translation>패치에 대한 인과적 트랜스포머가 앞선 패치들로 각 패치의 배율과 이동을 정합니다.</translation>
    </message>
    <message>
        <source>Patch</source>
        <translation>패치</translation>
    </message>
    <message>
        <source>Side of a picture&apos;s square patches, or moments of a sequence, that make one token; of a vector every coordinate is a token</source>
        <translation>토큰 하나가 되는 그림의 정사각형 패치 한 변, 또는 시퀀스의 시점 수. 벡터에서는 좌표마다 토큰 하나입니다</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>채널</translation>
    </message>
    <message>
        <source>Width of a token inside</source>
        <translation>내부에서 토큰의 너비</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>헤드</translation>
    </message>
    <message>
        <source>Attention heads; must divide the channels</source>
        <translation>어텐션 헤드 수. 채널 수의 약수여야 합니다</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>깊이</translation>
    </message>
    <message>
        <source>Attention layers</source>
        <translation>어텐션 층의 수</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>드롭아웃</translation>
    </message>
    <message>
        <source>Share of features left out at random while training; 0 for none</source>
        <translation>학습 중 무작위로 빼는 특징의 비율. 0이면 빼지 않음</translation>
    </message>
    <message>
        <source>A learned scale and shift a coordinate (a channel on pictures and sequences), set from the first batch so that its outputs have mean 0 and variance 1.</source>
        <translation>좌표마다(그림과 시퀀스에서는 채널마다) 배우는 배율과 이동. 첫 배치에서 출력의 평균이 0, 분산이 1이 되도록 정해집니다.</translation>
    </message>
    <message>
        <source>A learned invertible mix of all coordinates, or of the channels at every place: Glow&apos;s 1×1 convolution.</source>
        <translation>모든 좌표를, 또는 자리마다 채널을 가역적으로 섞는 것을 배웁니다: Glow의 1×1 합성곱.</translation>
    </message>
    <message>
        <source>Reorders the coordinates (channels on pictures), so that the next layer sees them in other roles.</source>
        <translation>좌표(그림에서는 채널)의 순서를 바꾸어 다음 층에서 다른 역할을 하게 합니다.</translation>
    </message>
    <message>
        <source>Newton iterations</source>
        <translation>뉴턴 반복</translation>
    </message>
    <message>
        <source>ODE solve, refined by Newton iterations</source>
        <translation>미분방정식 풀이, 뉴턴 반복으로 다듬음</translation>
    </message>
    <message>
        <source>Of SGD</source>
        <translation>SGD의 모멘텀</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>일정</translation>
    </message>
    <message>
        <source>Constant, or a cosine down to zero at the last step</source>
        <translation>일정하게, 또는 마지막 스텝에서 0이 되는 코사인</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>코사인</translation>
    </message>
    <message>
        <source>constant</source>
        <translation>일정</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>워밍업</translation>
    </message>
    <message>
        <source>Steps over which the rate climbs from zero</source>
        <translation>학습률이 0에서 올라가는 동안의 스텝 수</translation>
    </message>
    <message>
        <source>Gradient clip</source>
        <translation>기울기 제한</translation>
    </message>
    <message>
        <source>Largest norm of the gradient; 0 for none</source>
        <translation>기울기 노름의 최댓값. 0이면 제한 없음</translation>
    </message>
    <message>
        <source>Averaged weights</source>
        <translation>평균 가중치</translation>
    </message>
    <message>
        <source>Decay of the moving average that pictures and exports use; 0 for none</source>
        <translation>그림과 내보내기에 쓰는 이동 평균의 감쇠율. 0이면 쓰지 않음</translation>
    </message>
    <message>
        <source>Patience</source>
        <translation>조기 종료 대기</translation>
    </message>
    <message>
        <source>Stop, and go back to the best weights, after this many held-out measurements without a better one; 0 never stops</source>
        <translation>검증 측정이 이 횟수만큼 나아지지 않으면 멈추고 가장 좋은 가중치로 돌아갑니다. 0이면 멈추지 않습니다</translation>
    </message>
    <message>
        <source>measurements</source>
        <translation>회 측정</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>장치</translation>
    </message>
    <message>
        <source>Where it trains; auto takes a GPU if one is there</source>
        <translation>학습할 곳. 자동은 GPU가 있으면 GPU를 씁니다</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>cpu</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>cuda</source>
        <translation>CUDA</translation>
    </message>
    <message>
        <source>mps</source>
        <translation>MPS</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>스레드</translation>
    </message>
    <message>
        <source>Of the CPU; 0 chooses one for small flows and leaves a core to the window</source>
        <translation>CPU 스레드 수. 0이면 작은 흐름에는 하나만 쓰고 코어 하나를 창에 남깁니다</translation>
    </message>
    <message>
        <source>Of the initial weights and of the training data</source>
        <translation>초기 가중치와 학습 데이터의 시드</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>온도</translation>
    </message>
    <message>
        <source>Scales the noise that shown samples are made from</source>
        <translation>보여 주는 표본을 만드는 잡음의 배율</translation>
    </message>
    <message>
        <source>Drawing share</source>
        <translation>그리기 비율</translation>
    </message>
    <message>
        <source>Share of the engine&apos;s time that pictures may take</source>
        <translation>엔진 시간 가운데 그림에 써도 되는 비율</translation>
    </message>
    <message>
        <source>RealNVP</source>
        <translation>RealNVP</translation>
    </message>
    <message>
        <source>NICE</source>
        <translation>NICE</translation>
    </message>
    <message>
        <source>Glow</source>
        <translation>Glow</translation>
    </message>
    <message>
        <source>Five inverse autoregressive layers: samples in one pass, density coordinate by coordinate.</source>
        <translation>역 자기회귀 층 다섯 개: 표본은 한 번에, 밀도는 좌표마다.</translation>
    </message>
    <message>
        <source>Neural spline flow</source>
        <translation>신경 스플라인 흐름</translation>
    </message>
    <message>
        <source>Couplings with rational-quadratic splines: the sharpest preset for points.</source>
        <translation>유리 이차 스플라인 커플링: 점 데이터에 가장 선명한 프리셋입니다.</translation>
    </message>
    <message>
        <source>Sixteen planar layers: the oldest residual flow, and a weak one.</source>
        <translation>평면 층 열여섯 개: 가장 오래된, 그리고 표현력이 약한 잔차 흐름.</translation>
    </message>
    <message>
        <source>One continuous layer: a learnt vector field, followed by a solver.</source>
        <translation>연속 층 하나: 배운 벡터장을 풀이기가 따라갑니다.</translation>
    </message>
    <message>
        <source>Four causal transformers over patches of a picture, in alternating order.</source>
        <translation>그림의 패치에 대한, 순서를 번갈아 쓰는 인과적 트랜스포머 네 개.</translation>
    </message>
    <message>
        <source>Gated masked convolutions predict each pixel from those above and to the left.</source>
        <translation>게이트 마스크 합성곱이 위쪽과 왼쪽 픽셀로부터 각 픽셀을 예측합니다.</translation>
    </message>
    <message>
        <source>A Diagonal BiLSTM predicts each pixel from all those before it.</source>
        <translation>Diagonal BiLSTM이 앞선 모든 픽셀로부터 각 픽셀을 예측합니다.</translation>
    </message>
    <message>
        <source>Causal dilated convolutions predict each moment from a long past.</source>
        <translation>인과적 팽창 합성곱이 긴 과거로부터 각 시점을 예측합니다.</translation>
    </message>
    <message>
        <source>Parametric density estimation: one Gaussian with full covariance, fitted to the data.</source>
        <translation>모수적 밀도 추정: 전체 공분산을 가진 가우시안 하나를 데이터에 맞춥니다.</translation>
    </message>
    <message>
        <source>Kernel density</source>
        <translation>커널 밀도</translation>
    </message>
    <message>
        <source>One Gaussian kernel on each of 2,000 training points.</source>
        <translation>학습점 2,000개마다 가우시안 커널 하나.</translation>
    </message>
    <message>
        <source>Two moons</source>
        <translation>두 초승달</translation>
    </message>
    <message>
        <source>Two interleaved half circles, blurred.</source>
        <translation>서로 맞물린 흐릿한 반원 두 개.</translation>
    </message>
    <message>
        <source>Eight Gaussians</source>
        <translation>가우시안 여덟 개</translation>
    </message>
    <message>
        <source>Eight round modes on a circle: a flow joins them by thin filaments.</source>
        <translation>원 위의 둥근 봉우리 여덟 개: 흐름은 이들을 가는 실가닥으로 잇습니다.</translation>
    </message>
    <message>
        <source>Twenty-five Gaussians</source>
        <translation>가우시안 스물다섯 개</translation>
    </message>
    <message>
        <source>A five by five lattice of narrow modes.</source>
        <translation>5×5 격자로 놓인 좁은 봉우리.</translation>
    </message>
    <message>
        <source>Checkerboard</source>
        <translation>체커보드</translation>
    </message>
    <message>
        <source>Eight uniform squares with sharp edges and touching corners.</source>
        <translation>모서리가 맞닿은, 경계가 날카로운 균등한 정사각형 여덟 개.</translation>
    </message>
    <message>
        <source>Four rings</source>
        <translation>고리 네 개</translation>
    </message>
    <message>
        <source>Four thin concentric rings.</source>
        <translation>가는 동심원 고리 네 개.</translation>
    </message>
    <message>
        <source>Two circles</source>
        <translation>두 원</translation>
    </message>
    <message>
        <source>A circle inside another: no continuous map can open them.</source>
        <translation>원 안의 원: 연속 사상으로는 열 수 없습니다.</translation>
    </message>
    <message>
        <source>Pinwheel</source>
        <translation>바람개비</translation>
    </message>
    <message>
        <source>Five arms, bent by a twist that grows with the radius.</source>
        <translation>반지름이 커질수록 더 비틀리는 팔 다섯 개.</translation>
    </message>
    <message>
        <source>Two spirals</source>
        <translation>두 나선</translation>
    </message>
    <message>
        <source>Two arms wound around each other.</source>
        <translation>서로 감긴 두 팔.</translation>
    </message>
    <message>
        <source>Swiss roll</source>
        <translation>스위스 롤</translation>
    </message>
    <message>
        <source>One long spiral arm, blurred.</source>
        <translation>흐릿한 긴 나선 팔 하나.</translation>
    </message>
    <message>
        <source>Banana</source>
        <translation>바나나</translation>
    </message>
    <message>
        <source>x2 is normal and bends x1 into a parabola: one autoregressive layer is exact in the right order.</source>
        <translation>x2는 정규분포이고 x1을 포물선으로 굽힙니다: 순서가 맞으면 자기회귀 층 하나로 정확합니다.</translation>
    </message>
    <message>
        <source>Funnel</source>
        <translation>깔때기</translation>
    </message>
    <message>
        <source>The first coordinate sets the scale of the second: wide at one end, a needle at the other.</source>
        <translation>첫 좌표가 둘째 좌표의 배율을 정합니다: 한쪽은 넓고 다른 쪽은 바늘 같습니다.</translation>
    </message>
    <message>
        <source>Sine</source>
        <translation>사인</translation>
    </message>
    <message>
        <source>A sine wave with normal noise.</source>
        <translation>정규 잡음이 섞인 사인 곡선.</translation>
    </message>
    <message>
        <source>Cross</source>
        <translation>십자</translation>
    </message>
    <message>
        <source>Two long Gaussians across each other.</source>
        <translation>서로 교차하는 긴 가우시안 두 개.</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>별</translation>
    </message>
    <message>
        <source>A five-pointed star, uniform inside.</source>
        <translation>안쪽이 균등한 오각별.</translation>
    </message>
    <message>
        <source>Corners</source>
        <translation>모서리</translation>
    </message>
    <message>
        <source>Four L-shaped corners, uniform inside.</source>
        <translation>안쪽이 균등한 L자 모서리 네 개.</translation>
    </message>
    <message>
        <source>Four circles</source>
        <translation>네 원</translation>
    </message>
    <message>
        <source>Four thin circles that cross each other.</source>
        <translation>서로 엇갈린 가는 원 네 개.</translation>
    </message>
    <message>
        <source>Correlated Gaussian</source>
        <translation>상관된 가우시안</translation>
    </message>
    <message>
        <source>One Gaussian with correlation 0.8: a linear layer is enough.</source>
        <translation>상관 0.8인 가우시안 하나: 선형 층 하나면 충분합니다.</translation>
    </message>
    <message>
        <source>Donut</source>
        <translation>도넛</translation>
    </message>
    <message>
        <source>One thick ring: a hole that a flow can only thin out.</source>
        <translation>두꺼운 고리 하나: 흐름은 구멍을 옅게 만들 수만 있습니다.</translation>
    </message>
    <message>
        <source>Heart</source>
        <translation>하트</translation>
    </message>
    <message>
        <source>The outline of a heart, blurred.</source>
        <translation>흐릿한 하트 윤곽.</translation>
    </message>
    <message>
        <source>Infinity</source>
        <translation>무한대</translation>
    </message>
    <message>
        <source>A figure of eight that crosses itself.</source>
        <translation>스스로 교차하는 8자.</translation>
    </message>
    <message>
        <source>Wave (energy U2)</source>
        <translation>물결 (에너지 U2)</translation>
    </message>
    <message>
        <source>The second energy of Rezende and Mohamed (2015), within |x1| &lt; 3.5.</source>
        <translation>Rezende와 Mohamed(2015)의 두 번째 에너지, |x1| &lt; 3.5 안에서.</translation>
    </message>
    <message>
        <source>Split (energy U3)</source>
        <translation>갈림 (에너지 U3)</translation>
    </message>
    <message>
        <source>The third energy of Rezende and Mohamed (2015): a wave that parts in the middle.</source>
        <translation>Rezende와 Mohamed(2015)의 세 번째 에너지: 가운데서 갈라지는 물결.</translation>
    </message>
    <message>
        <source>Fork (energy U4)</source>
        <translation>갈래 (에너지 U4)</translation>
    </message>
    <message>
        <source>The fourth energy of Rezende and Mohamed (2015): a wave that forks to one side.</source>
        <translation>Rezende와 Mohamed(2015)의 네 번째 에너지: 한쪽으로 갈라지는 물결.</translation>
    </message>
    <message>
        <source>Turning moons</source>
        <translation>회전하는 초승달</translation>
    </message>
    <message>
        <source>The two moons turned by an angle: the number that the density can be conditioned by.</source>
        <translation>어떤 각도만큼 돌린 두 초승달: 이 각도를 밀도의 조건으로 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>Three peaks</source>
        <translation>봉우리 셋</translation>
    </message>
    <message>
        <source>Three Gaussians of different width and weight on a line.</source>
        <translation>직선 위의, 폭과 무게가 다른 가우시안 세 개.</translation>
    </message>
    <message>
        <source>Claw</source>
        <translation>발톱</translation>
    </message>
    <message>
        <source>A normal with five sharp teeth (Marron and Wand 1992).</source>
        <translation>뾰족한 이가 다섯인 정규분포(Marron과 Wand 1992).</translation>
    </message>
    <message>
        <source>Laplace</source>
        <translation>라플라스</translation>
    </message>
    <message>
        <source>A sharp peak with heavy tails.</source>
        <translation>꼬리가 두꺼운 뾰족한 봉우리.</translation>
    </message>
    <message>
        <source>Exponential</source>
        <translation>지수분포</translation>
    </message>
    <message>
        <source>Zero below 0, decaying above: an edge in the density.</source>
        <translation>0 아래는 0, 위로는 감소: 밀도에 모서리가 있습니다.</translation>
    </message>
    <message>
        <source>Helix</source>
        <translation>나사선</translation>
    </message>
    <message>
        <source>A screw line in space, blurred.</source>
        <translation>공간 속의 흐릿한 나사선.</translation>
    </message>
    <message>
        <source>Swiss roll in 3-D</source>
        <translation>3차원 스위스 롤</translation>
    </message>
    <message>
        <source>A rolled-up sheet, blurred.</source>
        <translation>둘둘 말린 흐릿한 종이.</translation>
    </message>
    <message>
        <source>Torus</source>
        <translation>토러스</translation>
    </message>
    <message>
        <source>The surface of a ring-shaped tube, blurred.</source>
        <translation>고리 모양 관의 흐릿한 표면.</translation>
    </message>
    <message>
        <source>Correlated Gaussian in 8-D</source>
        <translation>8차원 상관된 가우시안</translation>
    </message>
    <message>
        <source>Eight coordinates, each correlated 0.8 with its neighbour.</source>
        <translation>이웃과 상관이 0.8인 좌표 여덟 개.</translation>
    </message>
    <message>
        <source>Funnel in 8-D</source>
        <translation>8차원 깔때기</translation>
    </message>
    <message>
        <source>The first coordinate sets the scale of the seven others.</source>
        <translation>첫 좌표가 나머지 일곱의 배율을 정합니다.</translation>
    </message>
    <message>
        <source>Mixture in 8-D</source>
        <translation>8차원 혼합</translation>
    </message>
    <message>
        <source>Eight Gaussians on the axes of an 8-dimensional space.</source>
        <translation>8차원 공간의 축 위에 놓인 가우시안 여덟 개.</translation>
    </message>
    <message>
        <source>Autoregressive process</source>
        <translation>자기회귀 과정</translation>
    </message>
    <message>
        <source>A Gaussian process of second order that rings: each moment depends on the two before it.</source>
        <translation>울림이 있는 2차 가우시안 과정: 각 시점은 앞선 두 시점에 따라 정해집니다.</translation>
    </message>
    <message>
        <source>Sine mixture</source>
        <translation>사인 혼합</translation>
    </message>
    <message>
        <source>Three harmonics of random phase on one of four pitches, with normal noise.</source>
        <translation>네 음높이 가운데 하나에 놓인, 위상이 무작위인 배음 세 개에 정규 잡음을 더한 것.</translation>
    </message>
    <message>
        <source>Chirps</source>
        <translation>처프</translation>
    </message>
    <message>
        <source>Tones that glide up or down, with normal noise.</source>
        <translation>미끄러지듯 높아지거나 낮아지는 음에 정규 잡음을 더한 것.</translation>
    </message>
    <message>
        <source>Plucked strings</source>
        <translation>퉁긴 현</translation>
    </message>
    <message>
        <source>Strings of four pitches, plucked at random and dying away (Karplus and Strong 1983).</source>
        <translation>무작위로 퉁겨져 잦아드는 네 음높이의 현(Karplus와 Strong 1983).</translation>
    </message>
    <message>
        <source>Digits</source>
        <translation>손글씨 숫자</translation>
    </message>
    <message>
        <source>1797 handwritten digits of 8 x 8 pixels in 17 grey levels.</source>
        <translation>8 x 8 픽셀, 회색 17단계의 손글씨 숫자 1797개.</translation>
    </message>
    <message>
        <source>RealNVP on two moons</source>
        <translation>두 초승달을 학습한 RealNVP</translation>
    </message>
    <message>
        <source>RealNVP on eight Gaussians</source>
        <translation>가우시안 여덟 개를 학습한 RealNVP</translation>
    </message>
    <message>
        <source>MAF on eight Gaussians</source>
        <translation>가우시안 여덟 개를 학습한 MAF</translation>
    </message>
    <message>
        <source>IAF on the pinwheel</source>
        <translation>바람개비를 학습한 IAF</translation>
    </message>
    <message>
        <source>NICE on the Swiss roll</source>
        <translation>스위스 롤을 학습한 NICE</translation>
    </message>
    <message>
        <source>Glow on the checkerboard</source>
        <translation>체커보드를 학습한 Glow</translation>
    </message>
    <message>
        <source>One Gaussian on the banana</source>
        <translation>바나나에 맞춘 가우시안 하나</translation>
    </message>
    <message>
        <source>Kernel density on two spirals</source>
        <translation>두 나선의 커널 밀도</translation>
    </message>
</context>
<context>
    <name>stage</name>
    <message>
        <source>Only for two dimensions: of more, the density of two coordinates alone is not known</source>
        <translation>2차원에서만 볼 수 있습니다. 차원이 더 많으면 좌표 둘만의 밀도는 알 수 없습니다</translation>
    </message>
    <message>
        <source>There is no density of the target to subtract</source>
        <translation>빼 볼 목표의 밀도가 없습니다</translation>
    </message>
    <message>
        <source>Not of pictures and sequences: those are shown themselves</source>
        <translation>그림과 시퀀스에는 없습니다. 그 자체를 보여 줍니다</translation>
    </message>
    <message>
        <source>Only for vectors of more than two dimensions</source>
        <translation>2차원보다 큰 벡터에서만</translation>
    </message>
    <message>
        <source>Only for pictures and sequences</source>
        <translation>그림과 시퀀스에서만</translation>
    </message>
    <message>
        <source>The target&apos;s density is that of every class or value together: there is none to subtract for one</source>
        <translation>목표의 밀도는 모든 클래스나 값을 합친 것이므로 하나만 골라 뺄 밀도가 없습니다</translation>
    </message>
</context>
<context>
    <name>tools</name>
    <message>
        <source>Brush</source>
        <translation>붓</translation>
    </message>
    <message>
        <source>Spray</source>
        <translation>스프레이</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>지우개</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>선</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>타원</translation>
    </message>
    <message>
        <source>Filled ellipse</source>
        <translation>채운 타원</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>글자</translation>
    </message>
    <message>
        <source>Paint density. Shift: level or upright. [ and ]: size. Escape: take back</source>
        <translation>밀도를 칠합니다. Shift: 수평 또는 수직. [ 와 ]: 크기. Esc: 되돌리기</translation>
    </message>
    <message>
        <source>Spray dots; they build up while the mouse rests</source>
        <translation>점을 뿌립니다. 마우스를 멈추고 있으면 쌓입니다</translation>
    </message>
    <message>
        <source>Take density away</source>
        <translation>밀도를 지웁니다</translation>
    </message>
    <message>
        <source>A straight line. Shift: at 0, 45 or 90 degrees</source>
        <translation>직선. Shift: 0, 45, 90도</translation>
    </message>
    <message>
        <source>The outline of an ellipse. Shift: a circle</source>
        <translation>타원의 윤곽. Shift: 원</translation>
    </message>
    <message>
        <source>An ellipse and all that is in it. Shift: a circle</source>
        <translation>속을 채운 타원. Shift: 원</translation>
    </message>
    <message>
        <source>Put the words of the field below where you press</source>
        <translation>누른 곳에 아래 입력란의 글자를 넣습니다</translation>
    </message>
    <message>
        <source>Brush stroke</source>
        <translation>붓질</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>지우기</translation>
    </message>
    <message>
        <source>Move the cursor</source>
        <translation>커서 이동</translation>
    </message>
    <message>
        <source>Arrow keys</source>
        <translation>방향키</translation>
    </message>
    <message>
        <source>Move it in large steps</source>
        <translation>커서를 크게 이동</translation>
    </message>
    <message>
        <source>Shift + arrow keys</source>
        <translation>Shift + 방향키</translation>
    </message>
    <message>
        <source>Put the tool down, and up again</source>
        <translation>도구를 내리고 올리기</translation>
    </message>
    <message>
        <source>Space, Enter</source>
        <translation>스페이스, Enter</translation>
    </message>
    <message>
        <source>Take the stroke back</source>
        <translation>획 취소</translation>
    </message>
    <message>
        <source>Escape</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Smaller and larger brush</source>
        <translation>붓 작게, 크게</translation>
    </message>
    <message>
        <source>Move the view</source>
        <translation>화면 이동</translation>
    </message>
    <message>
        <source>Ctrl + arrow keys</source>
        <translation>Ctrl + 방향키</translation>
    </message>
    <message>
        <source>Zoom in, zoom out, show all</source>
        <translation>확대, 축소, 전체 보기</translation>
    </message>
</context>
<context>
    <name>units</name>
    <message>
        <source>nats</source>
        <translation>nats</translation>
    </message>
    <message>
        <source>bits/dim</source>
        <translation>bits/dim</translation>
    </message>
    <message>
        <source>nats/moment</source>
        <translation>nats/시점</translation>
    </message>
</context>
</TS>
