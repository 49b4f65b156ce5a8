"""The tools under the canvas: what paints, how wide, how soft, how strongly."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from .actions import with_keys
from .canvas import TargetCanvas
from .canvas_words import CLEAR_KEY, INVERT_KEY, KEYS, tool_name, tool_tip
from .painting import LEAST_INK, SIZES, TOOLS, Brush, Tool
from .stage_bars import BarSlider
from .stage_panel import ROW, FlatButton
from .theme import UNIT
from .translation import language


class CanvasTools(QWidget):
    """Two rows: the tools with clear and invert, and the brush."""

    def __init__(self, canvas: TargetCanvas) -> None:
        super().__init__()
        self.setObjectName("canvasTools")
        self._canvas = canvas
        self._group = QButtonGroup(self)
        self.buttons: dict[Tool, FlatButton] = {}
        tools = QHBoxLayout()
        tools.setSpacing(0)
        for tool in TOOLS:
            button = FlatButton("tool_" + tool, checkable=True)
            button.setObjectName("tool_" + tool)
            button.clicked.connect(lambda _checked=False, tool=tool: self.choose(tool))
            self._group.addButton(button)
            tools.addWidget(button)
            self.buttons[tool] = button
        tools.addStretch(1)
        self.clear_button, self.invert_button = FlatButton("tool_clear"), FlatButton("tool_invert")
        self.clear_button.setObjectName("tool_clear")
        self.invert_button.setObjectName("tool_invert")
        self.clear_button.clicked.connect(canvas.clear)
        self.invert_button.clicked.connect(canvas.invert)
        tools.addWidget(self.clear_button)
        tools.addWidget(self.invert_button)

        self.size_bar = BarSlider(self._size_words, _position(canvas.brush.size))
        self.softness_bar = BarSlider(self._softness_words, round(100 * canvas.brush.softness))
        self.strength_bar = BarSlider(self._strength_words, round(100 * canvas.brush.strength))
        self.strength_bar.setMinimum(round(100 * LEAST_INK))
        self.text = QLineEdit(canvas.text)
        self.text.setMaxLength(24)
        self.text.setFixedHeight(ROW - 4)
        self.text.hide()
        self.text.textChanged.connect(self._text_typed)
        brush = QHBoxLayout()
        brush.setSpacing(UNIT // 2)
        brush.addWidget(self.text, 2)
        for slider in (self.size_bar, self.softness_bar, self.strength_bar):
            slider.valueChanged.connect(self._brush_chosen)
            brush.addWidget(slider, 1)

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addLayout(tools)
        column.addLayout(brush)
        canvas.tools_changed.connect(self._show)
        language().changed.connect(self.retranslate)
        self.retranslate()
        self._show()

    def choose(self, tool: Tool) -> None:
        """This tool paints from now on."""
        self._canvas.choose_tool(tool)

    def set_paintable(self, paintable: bool) -> None:
        """Tools are of use where there is a plane to paint on; a blank canvas can be had anywhere."""
        bars: list[QWidget] = [self.size_bar, self.softness_bar, self.strength_bar, self.text]
        for widget in (*self.buttons.values(), self.invert_button, *bars):
            widget.setEnabled(paintable)

    def retranslate(self) -> None:
        for tool, button in self.buttons.items():
            name = tool_name(tool)
            button.set_words(name, with_keys(name, KEYS[tool]) + "\n" + tool_tip(tool))
        clear, invert = self.tr("Clear: a blank canvas"), self.tr("Invert: full where it is empty")
        self.clear_button.set_words(clear, with_keys(clear, CLEAR_KEY))
        self.invert_button.set_words(invert, with_keys(invert, INVERT_KEY))
        self.size_bar.setToolTip(self.tr("Width of the brush, in cells of the canvas, which has 256 × 256"))
        self.softness_bar.setToolTip(self.tr("How gently the brush ends: 0 % is a hard edge"))
        self.strength_bar.setToolTip(self.tr("How much one stroke adds, or takes away"))
        for slider, name in (
            (self.size_bar, self.tr("Brush size")),
            (self.softness_bar, self.tr("Brush softness")),
            (self.strength_bar, self.tr("Brush strength")),
        ):
            slider.setAccessibleName(name)
            slider.update()
        self.text.setAccessibleName(self.tr("Text to paint"))
        self.text.setPlaceholderText(self.tr("Text to paint"))

    def _brush_chosen(self) -> None:
        self._canvas.brush = Brush(
            size=_size(self.size_bar.value()),
            softness=self.softness_bar.value() / 100,
            strength=self.strength_bar.value() / 100,
        )

    def _show(self) -> None:
        """What the canvas has now, whoever chose it."""
        canvas = self._canvas
        self.buttons[canvas.tool].setChecked(True)
        self.text.setVisible(canvas.tool == "text")
        self.softness_bar.setVisible(canvas.tool != "text")
        for bar, position in (
            (self.size_bar, _position(canvas.brush.size)),
            (self.softness_bar, round(100 * canvas.brush.softness)),
            (self.strength_bar, round(100 * canvas.brush.strength)),
        ):
            bar.blockSignals(True)
            bar.setValue(position)
            bar.blockSignals(False)

    def _text_typed(self, text: str) -> None:
        self._canvas.text = text

    def _size_words(self, position: int) -> str:
        return str(self.tr("Size {cells}").format(cells=round(_size(position))))

    def _softness_words(self, position: int) -> str:
        return str(self.tr("Soft {percent} %").format(percent=position))

    def _strength_words(self, position: int) -> str:
        return str(self.tr("Ink {percent} %").format(percent=position))


def _size(position: int) -> float:
    """The brush's width at a position of its slider: finer steps where it is narrow."""
    low, high = SIZES
    return low + (high - low) * (position / 100) ** 2


def _position(size: float) -> int:
    low, high = SIZES
    return round(100 * math.sqrt((size - low) / (high - low)))
