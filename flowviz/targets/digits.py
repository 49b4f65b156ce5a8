"""Handwritten digits, 8 x 8 pixels of 17 levels, as scikit-learn carries them (Alpaydin and Kaynak 1998): no download."""

from __future__ import annotations

import torch

from ..pipeline import NAMED
from .images import PictureDensity, Pictures

TRAIN, HELD_OUT = 1000, 350
"""The first 1000 are trained on, the next 350 held out, the last 447 are the test split, as in Tomczak's
"Deep Generative Modeling" (2022), so that figures can be compared."""
LEVELS = 17


def digits(*, device: torch.device | str = "cpu", seed: int = 0) -> PictureDensity:
    """The 1797 digits (1, 8, 8), levels 0..16, classes 0 to 9."""
    # Two thirds of a second, that only those who want digits shall wait for.
    from sklearn.datasets import load_digits

    data = load_digits()
    pictures = Pictures(
        torch.from_numpy(data.images).to(torch.uint8).unsqueeze(1), torch.from_numpy(data.target).to(torch.int64)
    )
    info = NAMED["digits"]
    return PictureDensity(
        pictures.part(slice(0, TRAIN)),
        pictures.part(slice(TRAIN, TRAIN + HELD_OUT)),
        pictures.part(slice(TRAIN + HELD_OUT, None)),
        title=info.title,
        levels=LEVELS,
        class_names=info.classes,
        device=device,
        seed=seed,
    )
