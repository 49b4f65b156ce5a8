"""Sound out of WAV files: PCM of 8, 16, 24 and 32 bits, and floats; any number of channels.

Whole numbers k of b bits become k/2^{b−1}, from −1 to 1 (8 bits are counted from 128).
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..pipeline import Sentence, SpecError, say

MOST_MOMENTS = 50_000_000
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_NAMES = {2: "ADPCM", 6: "A-law", 7: "µ-law", 17: "ADPCM", 80: "MPEG", 85: "MP3"}


class Sound(NamedTuple):
    """Values (C, T) float32 from −1 to 1, moments a second, and the step between neighbouring values; 0: none to speak of."""

    values: NDArray[np.float32]
    rate: int
    step: float
    notes: tuple[Sentence, ...]


def is_wav(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WAVE"


def read_wav(file: Path) -> Sound:
    """The whole recording; SpecError, one sentence that names the file, when it cannot be read."""
    data = file.read_bytes()
    if not is_wav(data[:12]):
        raise SpecError(say("{file} is no WAV file.", file=file.name))
    form, sound, short = _chunks(data)
    if len(form) < 16:
        raise SpecError(say("{file} is damaged or cut short: it does not say how its sound is kept.", file=file.name))
    tag, channels, rate, _, frame, bits = struct.unpack("<HHIIHH", form[:16])
    if tag == _EXTENSIBLE and len(form) >= 26:
        tag = struct.unpack("<H", form[24:26])[0]
    if tag not in (_PCM, _FLOAT) or bits not in ((8, 16, 24, 32) if tag == _PCM else (32, 64)):
        raise SpecError(
            say(
                "{file} keeps its sound as {kind} of {bits} bits; PCM of 8, 16, 24 or 32 bits and floats can be read.",
                file=file.name,
                kind="PCM" if tag == _PCM else "float" if tag == _FLOAT else _NAMES.get(tag, str(tag)),
                bits=bits,
            )
        )
    if not channels or not rate or frame != channels * bits // 8:
        raise SpecError(
            say(
                "The header of {file} makes no sense: {channels} channels, {rate} Hz, {frame} bytes a moment.",
                file=file.name,
                channels=channels,
                rate=rate,
                frame=frame,
            )
        )
    moments = len(sound) // frame
    notes = []
    if short:
        notes.append(
            say(
                "{file} is cut short; the {count} moments that it holds are used.", file=file.name, count=f"{moments:,}"
            )
        )
    if moments > MOST_MOMENTS:
        notes.append(
            say(
                "{file} holds {count} moments; the first {most} are used.",
                file=file.name,
                count=f"{moments:,}",
                most=f"{MOST_MOMENTS:,}",
            )
        )
        moments = MOST_MOMENTS
    values = _values(sound[: moments * frame], tag, bits).reshape(moments, channels).T
    finite = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0) if tag == _FLOAT else values
    # A step of 24 bits is as fine as float32 itself.
    step = 2.0 ** (1 - bits) if tag == _PCM and bits <= 16 else 0.0
    return Sound(np.ascontiguousarray(finite), rate, step, tuple(notes))


def _chunks(data: bytes) -> tuple[bytes, bytes, bool]:
    """The format, the sound, and whether that ends before it should."""
    form, at = b"", 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        body = data[at + 8 : at + 8 + size]
        if name == b"fmt ":
            form = body
        elif name == b"data":
            # What is written while it is still being recorded does not know its size.
            return form, body, len(body) < size and size < 0xFFFF_F000
        at += 8 + size + size % 2
    return form, b"", True


def _values(data: bytes, tag: int, bits: int) -> NDArray[np.float32]:
    if tag == _FLOAT:
        return np.frombuffer(data, "<f4" if bits == 32 else "<f8").astype(np.float32)
    if bits == 8:
        return (np.frombuffer(data, np.uint8).astype(np.float32) - 128.0) / np.float32(128.0)
    if bits == 24:
        # Each three bytes stand above a zero byte, as numbers of 32 bits.
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        return (wide.view("<i4")[:, 0] / 2.0**31).astype(np.float32)
    return (np.frombuffer(data, f"<i{bits // 8}") / 2.0 ** (bits - 1)).astype(np.float32)
