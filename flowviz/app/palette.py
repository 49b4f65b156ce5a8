"""The palette: every kind of layer as a card with its icon, name and formula, to be dragged into the strip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..pipeline import LAYERS, LayerSpec, Project, SpecError, layer_problem, suited, trace_shapes
from . import edits
from .document import Document
from .formula import FormulaLabel
from .icons import icon, pixmap
from .layering import LayerCommands
from .strip_gestures import LAYER_MIME, Press, drag
from .theme import UNIT, theme
from .translation import sentence, spec


class LayerPalette(QWidget):
    """Cards in groups. Drag one into the strip, or put it after the selected layer: its plus, or Enter."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layerPalette")
        self.commands = LayerCommands(document, self._complain, self)
        self.search = QLineEdit()
        self.search.setObjectName("layerSearch")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._insert_first)
        self._nothing = QLabel()
        self._nothing.setWordWrap(True)
        self._nothing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._notice = QLabel()
        self._notice.setWordWrap(True)
        self._notice.setForegroundRole(QPalette.ColorRole.BrightText)
        self._notice.hide()
        self._document = document
        document.changed.connect(self._notice.hide)
        document.changed.connect(self._document_changed)
        document.shape_changed.connect(self._judge)
        self.cards: list[LayerCard] = []
        self._groups: dict[str, QLabel] = {}
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(UNIT, 0, UNIT, UNIT)
        column.setSpacing(UNIT // 2)
        column.addWidget(self._nothing)
        for kind in LAYERS.values():
            if kind.group not in self._groups:
                self._groups[kind.group] = heading = QLabel()
                heading.setForegroundRole(QPalette.ColorRole.PlaceholderText)
                heading.setContentsMargins(0, UNIT if len(self._groups) > 1 else 0, 0, 0)
                column.addWidget(heading)
            card = LayerCard(kind)
            card.wanted.connect(self.commands.insert)
            card.stepped.connect(lambda by, card=card: self._step(card, by))
            column.addWidget(card)
            self.cards.append(card)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(content)
        for surface in (self.area.viewport(), content):
            surface.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, UNIT, 0, 0)
        layout.setSpacing(UNIT)
        for part in (self.search, self._notice):
            row = QVBoxLayout()
            row.setContentsMargins(UNIT, 0, UNIT, 0)
            row.addWidget(part)
            layout.addLayout(row)
        layout.addWidget(self.area, 1)
        theme().changed.connect(self._tint)
        self._say()
        self._filter("")
        self._judge()

    def sizeHint(self) -> QSize:
        return QSize(27 * UNIT, 70 * UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(23 * UNIT, 20 * UNIT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down leads from the search into the cards."""
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus() and (shown := self._shown()):
            shown[0].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    # ---- parts ----

    def _shown(self) -> list[LayerCard]:
        return [card for card in self.cards if not card.isHidden()]

    def _filter(self, text: str) -> None:
        for card in self.cards:
            card.setVisible(card.matches(text))
        for group, heading in self._groups.items():
            heading.setVisible(any(card.kind.group == group for card in self._shown()))
        self._nothing.setVisible(not self._shown())
        self._nothing.setText(self.tr("No layer has “{text}” in its name or description.").format(text=text.strip()))

    def _insert_first(self) -> None:
        if self.search.text().strip() and (shown := self._shown()):
            self.commands.insert(shown[0].name)

    def _step(self, card: LayerCard, by: int) -> None:
        shown = self._shown()
        index = shown.index(card) + by
        if index < 0:
            self.search.setFocus(Qt.FocusReason.BacktabFocusReason)
        elif index < len(shown):
            shown[index].setFocus(Qt.FocusReason.TabFocusReason)
            self.area.ensureWidgetVisible(shown[index], 0, UNIT)

    def _document_changed(self, old: Project, new: Project) -> None:
        if old.pipeline != new.pipeline or old.view.selected != new.view.selected:
            self._judge()

    def _judge(self) -> None:
        """Dims the cards of what could not take the events where it would go now, and says why."""
        shape, pipeline = self._document.event_shape, self._document.project.pipeline
        if shape is not None:
            shape = trace_shapes(pipeline, shape)[edits.gap_after(pipeline, self._document.project.view.selected)]
        for card in self.cards:
            problem = None if shape is None else layer_problem(suited(card.kind(), shape), shape)
            parts = (problem.sentence, problem.remedy) if problem is not None else ()
            card.set_problem("\n".join(sentence(part) for part in parts if part))

    def _complain(self, error: SpecError) -> None:
        self._notice.setText(sentence(error))
        self._notice.show()

    def _say(self) -> None:
        self.setAccessibleName(self.tr("Palette of layers"))
        self.search.setPlaceholderText(self.tr("Search layers"))
        self.search.setAccessibleName(self.tr("Search layers"))
        for group, heading in self._groups.items():
            heading.setText(spec(group))
        for card in self.cards:
            card.say()

    def _tint(self) -> None:
        for card in self.cards:
            card.tint()


class LayerCard(QWidget):
    """One kind of layer."""

    wanted = Signal(str)
    """The kind: put one after the selected layer."""
    stepped = Signal(int)
    """To the next (1) or the previous (-1) card."""

    def __init__(self, kind: type[LayerSpec]) -> None:
        super().__init__()
        self.kind = kind
        self.name = str(kind.__struct_config__.tag)
        self.problem = ""
        self._press: Press | None = None
        self.setObjectName(f"card_{self.name}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._icon = QLabel()
        self._title = QLabel()
        self._title.setWordWrap(True)
        # The part of the formula up to the first comma says enough on a card; the inspector has all of it.
        self._formula = FormulaLabel(kind.formula.split(",  ")[0], size=max(10.0, self.font().pointSizeF() + 1))
        self._formula.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.plus = QToolButton(self)
        self.plus.setObjectName(f"insert_{self.name}")
        self.plus.setAutoRaise(True)
        self.plus.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plus.setCursor(Qt.CursorShape.ArrowCursor)
        self.plus.setFixedSize(3 * UNIT, 3 * UNIT)
        self.plus.clicked.connect(lambda: self.wanted.emit(self.name))
        self.plus.setVisible(False)
        for label in (self._icon, self._title, self._formula):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QGridLayout(self)
        layout.setContentsMargins(UNIT, UNIT * 3 // 4, UNIT, UNIT * 3 // 4)
        layout.setHorizontalSpacing(UNIT)
        layout.setVerticalSpacing(UNIT // 4)
        layout.addWidget(self._icon, 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._title, 0, 1)
        layout.addWidget(self._formula, 1, 1)
        layout.setColumnStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.say()
        self.tint()

    def set_problem(self, problem: str) -> None:
        """Why a layer of this kind could not work where it would go; empty: it could. The card still goes anywhere."""
        if problem != self.problem:
            self.problem = problem
            for label in (self._icon, self._title, self._formula):
                label.setEnabled(not problem)
            self.say()
            self.tint()

    def matches(self, text: str) -> bool:
        """Whether every word is in the card's name, group or description, in English or the user's language."""
        parts = (self.kind.title, self.kind.group, self.kind.description, self.kind.paper, self.name)
        heap = " ".join([*parts, *map(spec, parts)]).casefold()
        return all(word in heap for word in text.casefold().split())

    def say(self) -> None:
        kind = self.kind
        title = spec(kind.title)
        self._title.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(spec(kind.description))
        costs = self.tr("Density: {normalize}; samples: {generate}").format(
            normalize=spec(kind.normalize_cost), generate=spec(kind.generate_cost)
        )
        lines = [
            title,
            *filter(None, (self.problem,)),
            kind.formula,
            f"log|det J| = {kind.log_det}",
            spec(kind.description),
            costs,
            kind.paper,
        ]
        self.setToolTip("\n".join(lines))
        insert = self.tr("Insert {layer} after the selected layer").format(layer=title)
        self.plus.setToolTip(insert)
        self.plus.setAccessibleName(insert)

    def tint(self) -> None:
        ratio = self.devicePixelRatio()
        image = pixmap(f"layer_{self.name}", round(3 * UNIT * ratio), *(("muted", 0.5) if self.problem else ()))
        image.setDevicePixelRatio(ratio)
        self._icon.setPixmap(image)
        self.plus.setIcon(icon("plus", "accent"))
        self.update()

    # ---- Qt ----

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            self._show_plus(event.type() == QEvent.Type.HoverEnter or self.hasFocus())
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_plus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_plus(self.underMouse())

    def _show_plus(self, shown: bool) -> None:
        self.plus.move(self.width() - self.plus.width() - UNIT // 2, (self.height() - self.plus.height()) // 2)
        self.plus.setVisible(shown)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme().color("hover" if self.underMouse() else "raised"))
        focused = self.hasFocus()
        painter.setPen(QPen(theme().color("accent" if focused else "border"), 2 if focused else 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            grip = event.position().toPoint()
            self._press = Press(grip, lambda: self._drag(grip))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is not None and self._press.move(event.position().toPoint()):
            self._press = None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._press = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.wanted.emit(self.name)
            case Qt.Key.Key_Down | Qt.Key.Key_Right:
                self.stepped.emit(1)
            case Qt.Key.Key_Up | Qt.Key.Key_Left:
                self.stepped.emit(-1)
            case Qt.Key.Key_Escape if self._press is not None:
                self._press.cancel()
            case _:
                super().keyPressEvent(event)

    def _drag(self, grip: QPoint) -> None:
        self.plus.hide()
        drag(self, LAYER_MIME, self.name, grip, Qt.DropAction.CopyAction)
