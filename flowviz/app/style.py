"""The look of the window's own bars as a style sheet of the theme's colours.

It is set on the bars alone, never on the window: below a style sheet, Qt gives widgets their old palettes back when the
theme changes, and the views have palettes of their own.
"""

from __future__ import annotations

from .theme import UNIT, theme

_SHEET = """
QMenuBar {{ background: {surface}; border: none; padding: 2px {half}px; }}
QMenuBar::item {{ background: transparent; padding: {half}px {unit}px; border-radius: {half}px; }}
QMenuBar::item:selected {{ background: {hover}; }}
QMenu {{ background: {surface}; border: 1px solid {border}; padding: {half}px; }}
QMenu::item {{ padding: 5px {wide}px 5px {unit}px; border-radius: {half}px; }}
QMenu::item:selected {{ background: {selection}; color: {text}; }}
QMenu::item:disabled {{ color: {muted}; }}
QMenu::icon {{ padding-left: {half}px; }}
QMenu::separator {{ height: 1px; background: {border}; margin: {half}px; }}
#toolBar {{ background: {surface}; border: none; border-top: 1px solid {grid}; border-bottom: 1px solid {border};
    padding: {half}px {unit}px; spacing: {half}px; }}
#toolBar::separator {{ width: 1px; background: {border}; margin: {half}px {half}px; }}
#toolBar QToolButton {{ border: 1px solid transparent; border-radius: {half}px; padding: 5px {unit}px; }}
#toolBar QToolButton:hover {{ background: {hover}; }}
#toolBar QToolButton:focus {{ border-color: {accent}; }}
#toolBar QToolButton:disabled {{ color: {muted}; }}
#toolBar #trainButton {{ background: {accent}; color: {accent_text}; font-weight: 600; }}
#toolBar #trainButton:focus {{ border-color: {text}; }}
#toolBar #targetPicker, #toolBar #presetPicker, #toolBar #devicePicker {{ background: {raised};
    border: 1px solid {border}; padding: 5px {picker}px 5px {unit}px; }}
#toolBar #targetPicker:hover, #toolBar #presetPicker:hover, #toolBar #devicePicker:hover {{ background: {hover}; }}
#toolBar #targetPicker:focus, #toolBar #presetPicker:focus, #toolBar #devicePicker:focus {{ border-color: {accent}; }}
#toolBar QToolButton::menu-indicator {{ subcontrol-position: right center; subcontrol-origin: padding;
    right: {half}px; }}
#toolBar #seedField {{ background: {raised}; border: 1px solid {border}; border-radius: {half}px; padding: 5px {half}px; }}
#toolBar #seedField:focus {{ border-color: {accent}; background: {surface}; }}
QLabel[role="muted"] {{ color: {muted}; }}
#commandFinder {{ background: {raised}; border: 1px solid {border}; border-radius: {half}px; padding: 5px {unit}px; }}
#commandFinder:focus {{ border-color: {accent}; background: {surface}; }}
#commandList {{ background: {surface}; border: 1px solid {border}; outline: none; }}
#commandList::item {{ padding: {half}px {unit}px; }}
#commandList::item:selected {{ background: {selection}; color: {text}; }}
#statusBar {{ background: {surface}; border-top: 1px solid {border}; }}
#statusBar::item {{ border: none; }}
#statusBar QLabel {{ color: {muted}; }}
#statusBar #statusPhase, #statusBar #statusNll {{ color: {text}; }}
#statusProgress {{ background: {grid}; border: none; border-radius: {half}px; }}
#statusProgress::chunk {{ background: {accent}; border-radius: {half}px; }}
"""


def sheet() -> str:
    """The style sheet in the colours of the theme in force."""
    colors = {name: getattr(theme().colors, name) for name in type(theme().colors).__dataclass_fields__}
    return _SHEET.format(half=UNIT // 2, unit=UNIT, wide=UNIT * 3, picker=UNIT * 3, **colors)
