"""What torch imports late, imported when nobody waits for it.

Making an optimiser imports `torch._dynamo` (0.9 s, to tell a compiler that nobody uses to keep out). The first picture need
not wait for that: it is put off to a thread that runs once the picture is on its way.
"""

from __future__ import annotations

import importlib
import threading

import torch


def postpone() -> None:
    """Lets an optimiser be made without the import. With a torch that does it in another way, this changes nothing."""
    made = getattr(torch.optim.Optimizer.add_param_group, "__wrapped__", None)
    if made is not None:
        vars(made).setdefault("__dynamo_disable", made)


def catch_up() -> None:
    """Imports it now, beside whatever else goes on."""
    threading.Thread(target=importlib.import_module, args=("torch._dynamo",), name="warm-up", daemon=True).start()
