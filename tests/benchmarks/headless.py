"""Steps/s of the window's training with no window and no engine: run by `window.py` as a process of its own, as its window is.

Argument: layers. Prints the number.
"""

from __future__ import annotations

import sys
import time

from flowviz.startup import importing, keep_freed_memory

keep_freed_memory()
with importing():
    from flowviz.training import Trainer

from .couplings import endless  # noqa: E402

SECONDS = 3.0


def main() -> int:
    trainer = Trainer(endless(int(sys.argv[1])), threads=1)
    for _ in trainer.run(50):
        pass
    first, began = trainer.step, time.perf_counter()
    for _ in trainer.run(None):
        if time.perf_counter() - began >= SECONDS:
            break
    print((trainer.step - first) / (time.perf_counter() - began))
    return 0


if __name__ == "__main__":
    sys.exit(main())
