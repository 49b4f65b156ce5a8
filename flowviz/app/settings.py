"""What the window remembers from one start to the next: one JSON object per group, in the system's own store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, QStandardPaths

ORGANIZATION = APPLICATION = "FlowViz"
RECENT = 10
"""Files that 'open recent' keeps."""


class Settings:
    """Groups of plain values. A group that cannot be read is an empty one: a damaged file must not keep a window shut."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, ORGANIZATION, APPLICATION
        )

    def group(self, name: str) -> dict[str, Any]:
        """The group's values; change the copy and `put` it back."""
        try:
            values = json.loads(str(self._store.value(name, "{}")))
        except ValueError:
            return {}
        return values if isinstance(values, dict) else {}

    def put(self, name: str, values: dict[str, Any]) -> None:
        # INI turns True into 'true' and [] into None, so the whole group is one string.
        self._store.setValue(name, json.dumps(values))

    def change(self, name: str, **values: Any) -> None:
        """Sets some values of a group."""
        self.put(name, self.group(name) | values)

    # ---- recent files ----

    def recent(self) -> list[str]:
        """Paths, the newest first, without those that are gone."""
        paths = self.group("recent").get("paths", [])
        return [path for path in paths if isinstance(path, str) and Path(path).is_file()]

    def add_recent(self, path: str | Path) -> None:
        new = str(Path(path).absolute())
        self.put("recent", {"paths": [new, *(path for path in self.recent() if path != new)][:RECENT]})


def data_folder() -> Path:
    """Where autosaves lie; made when it is not there."""
    base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    folder = Path(base) / APPLICATION
    folder.mkdir(parents=True, exist_ok=True)
    return folder
