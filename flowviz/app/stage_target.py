"""The left panel of the stage: the target, with the tools that paint it, or the axes to look along when it has many."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ..engine.messages import TargetInfo
from ..pipeline import DrawnTarget, NamedTarget
from .canvas import TargetCanvas
from .canvas_tools import CanvasTools
from .document import Document
from .running import target_title
from .stage_items import MOST_DOTS
from .stage_panel import ROW, FlatButton, Panel, Words
from .theme import UNIT
from .translation import language


class TargetPanel(Panel):
    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._failed = ""
        self.canvas = TargetCanvas(document)
        self.set_body(self.canvas)
        self.tools = CanvasTools(self.canvas)
        self.axes = AxisPickers(document)
        self._footer = QStackedWidget()
        self._footer.addWidget(self.tools)
        self._footer.addWidget(self.axes)
        self._footer.setFixedHeight(2 * ROW + UNIT // 2)
        self.footer.addWidget(self._footer)
        self.axes.blank_button.clicked.connect(self.canvas.clear)
        language().changed.connect(self.retranslate)
        self.retranslate()

    def show_target(self, info: TargetInfo | None) -> None:
        """What the engine says of the target."""
        self.canvas.set_target_info(info)
        if info is not None:
            self.axes.set_columns(info.columns)
        self.update_words()

    def show_failure(self, failed: str) -> None:
        """Why the target cannot be used; empty: it can."""
        self._failed = failed
        self.update_words()

    def update_words(self) -> None:
        """Titles, hints and tools as they should be now."""
        target, canvas = self._document.project.target, self.canvas
        info = canvas.target_info
        many = (
            not isinstance(target, DrawnTarget)
            and info is not None
            and info.event_shape[0] > 2
            and len(info.event_shape) == 1
        )
        self._footer.setCurrentWidget(self.axes if many else self.tools)
        self.tools.set_paintable(canvas.paintable)
        self._show_points(many)
        title = self.tr("Target")
        name = target_title(self._document.project)
        if isinstance(target, DrawnTarget):
            self.say(title, self.tr("{name}, exact").format(name=name))
        elif info is None:
            self.say(title, name)
        elif info.density is not None:
            self.say(title, self.tr("{name}, exact density").format(name=name))
        else:
            self.say(title, self._points_words(name, info))
        self.hint.say(self._hint())

    def _points_words(self, name: str, info: TargetInfo) -> str:
        count = info.points.shape[0] if info.points is not None else 0
        shown = -(-count // -(-count // MOST_DOTS)) if count else 0
        if self._document.project.view.projection == "principal":
            words = self.tr("{name}: first two principal components, {count} held-out points")
            return str(words.format(name=name, count=f"{shown:,}"))
        if max(self._document.project.view.axes) >= len(info.columns):
            return str(self.tr("{name}: {count} held-out points").format(name=name, count=f"{shown:,}"))
        first, second = (info.columns[axis] for axis in self._document.project.view.axes)
        return self.tr("{name}: {first} and {second}, {count} held-out points").format(
            name=name, first=first, second=second, count=f"{shown:,}"
        )

    def _show_points(self, many: bool) -> None:
        info, canvas = self.canvas.target_info, self.canvas
        wanted = self._document.project.view.samples or many or canvas.density is None
        drawn = isinstance(self._document.project.target, DrawnTarget)
        if info is None or info.points is None or len(info.points.shape) != 2 or not wanted or canvas.painting:
            canvas.dots.show_points(None)
        elif not drawn or self._matches_drawing(info):
            canvas.dots.show_points(info.points.numpy())

    def _matches_drawing(self, info: TargetInfo) -> bool:
        """Points of an older drawing would lie where nothing is painted any more."""
        target = self._document.project.target
        return isinstance(target, DrawnTarget) and info.box == target.box

    def _hint(self) -> str:
        canvas = self.canvas
        if canvas.blank and not canvas.painting:
            return self.tr("Paint here what the flow shall learn.")
        if self._failed:
            return self._failed
        if canvas.target_info is None and isinstance(self._document.project.target, NamedTarget) and not canvas.density:
            return self.tr("The engine is starting.")
        return ""

    def retranslate(self) -> None:
        self.canvas.setAccessibleName(self.tr("Target: a canvas to paint on"))
        self.canvas.cursor.describe()
        self.update_words()


class AxisPickers(QWidget):
    """Which two coordinates are shown of a target that has more, and a way to a canvas."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._columns: tuple[str, ...] = ()
        self.boxes = (QComboBox(), QComboBox())
        self._labels = (Words("muted"), Words("muted"))
        self.blank_button = FlatButton()
        self.principal = FlatButton(checkable=True)
        self.principal.setObjectName("principalAxes")
        self.principal.clicked.connect(lambda on: document.look(projection="principal" if on else "axes"))
        self.corner = FlatButton()
        self.corner.setObjectName("showCorner")
        self.corner.clicked.connect(lambda: document.look(corner=True))
        panel = QVBoxLayout(self)
        panel.setContentsMargins(0, 0, 0, 0)
        panel.setSpacing(UNIT // 2)
        row = QHBoxLayout()
        row.setSpacing(UNIT // 2)
        for number, (label, box) in enumerate(zip(self._labels, self.boxes, strict=True)):
            box.setFixedHeight(ROW)
            box.setMinimumContentsLength(3)
            box.activated.connect(lambda _index, number=number: self._chosen(number))
            row.addWidget(label)
            row.addWidget(box, 1)
        panel.addLayout(row)
        below = QHBoxLayout()
        below.addWidget(self.principal)
        below.addWidget(self.corner)
        below.addStretch(1)
        below.addWidget(self.blank_button)
        panel.addLayout(below)
        language().changed.connect(self.retranslate)
        self.retranslate()

    def set_columns(self, columns: tuple[str, ...]) -> None:
        if columns != self._columns:
            self._columns = columns
            for box in self.boxes:
                box.clear()
                box.addItems(list(columns))
        self.show_axes()

    def show_axes(self) -> None:
        principal = self._document.project.view.projection == "principal"
        self.principal.setChecked(principal)
        for part in (*self.boxes, *self._labels):
            part.setEnabled(not principal)
        for box, axis in zip(self.boxes, self._document.project.view.axes, strict=True):
            if axis < box.count():
                box.setCurrentIndex(axis)

    def _chosen(self, number: int) -> None:
        """Two different axes: choosing the other one's swaps them."""
        axes = list(self._document.project.view.axes)
        chosen = self.boxes[number].currentIndex()
        if chosen == axes[1 - number]:
            axes[1 - number] = axes[number]
        axes[number] = chosen
        self._document.look(axes=(axes[0], axes[1]))
        self.show_axes()

    def retranslate(self) -> None:
        for label, box, text in zip(self._labels, self.boxes, (self.tr("across"), self.tr("up")), strict=True):
            label.setText(text)
            box.setAccessibleName(self.tr("Axis {name}").format(name=text))
        self.principal.set_words(
            self.tr("Principal"),
            self.tr("The two directions in which the data vary most, in place of two coordinates"),
        )
        self.corner.set_words(self.tr("All pairs"), self.tr("Every pair of the first six coordinates at once"))
        self.blank_button.set_words(
            self.tr("Draw instead"), self.tr("A blank canvas of two dimensions in place of this target")
        )
