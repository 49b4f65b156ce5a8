"""`make run` on a machine with no display: the main job all the same, with its results left in a folder.

`python -m flowviz.cli_first_run FOLDER` trains the first project and takes a picture of the window opened with it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .cli import explain, main


def first_run(folder: Path) -> int:
    """Trains the first project into FOLDER/two_moons.pt and pictures the window as FOLDER/window.png."""
    checkpoint, picture = folder / "two_moons.pt", folder / "window.png"
    print("flowviz: there is no display here, so the first project (RealNVP on two moons) is trained without a window")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"flowviz: {explain(error)}", file=sys.stderr)
        return 2
    code = main(["train", "--preset", "realnvp", "--target", "two_moons", "--out", str(checkpoint)])
    if code == 0:
        code = main(["screenshot", str(picture), "--project", str(checkpoint)])
    if code == 0:
        print(f"flowviz: the checkpoint is {checkpoint.resolve()}")
        print(f"flowviz: the picture of the window is {picture.resolve()}")
    return code


if __name__ == "__main__":
    sys.exit(first_run(Path(sys.argv[1] if len(sys.argv) > 1 else "out")))
