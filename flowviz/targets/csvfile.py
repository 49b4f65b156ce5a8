"""Numbers out of text: delimiter, decimal sign and header are found by trying, rows that do not fit are counted and left out."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..pipeline import Sentence, SpecError, say

_DELIMITERS = (",", ";", "\t", "|", "")
"""Tried in this order; the empty one is any white space."""
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "?", "."})
_SNIFFED = 100
"""Lines looked at to find the delimiter."""
_LONGEST_NAME = 60


class Dialect(NamedTuple):
    delimiter: str
    decimal_comma: bool
    header: bool
    fields: int


def read_csv(file: Path) -> tuple[tuple[str, ...], NDArray[np.float64], tuple[Sentence, ...]]:
    """Names (C,), values (N, C) with NaN where there is no number, and notes; SpecError when it is no text or has no row."""
    text = _decoded(file)
    lines = list(islice((line for line in text.splitlines() if _holds(line)), _SNIFFED))
    if not lines:
        raise SpecError(say("{file} has no rows.", file=file.name))
    dialect = sniff(lines)
    if len(lines) == dialect.header:
        raise SpecError(say("{file} has no rows.", file=file.name))
    names = _names(next(_rows(lines[:1], dialect)), dialect)
    quick = _quick(text, dialect)
    if quick is not None:
        return names, quick, ()
    try:
        every = list(_rows(io.StringIO(text, newline=""), dialect))
    except csv.Error as error:
        raise SpecError(say("{file} cannot be read as CSV: {error}.", file=file.name, error=error)) from error
    rows = [row for row in every if len(row) == dialect.fields and not row[0].startswith("#")]
    ragged = sum(len(row) != dialect.fields and _holds("".join(row)) for row in every)
    del rows[: dialect.header]
    notes = []
    if ragged:
        notes.append(
            say(
                "Rows of {file} left out because they do not have {fields} fields: {count}.",
                file=file.name,
                fields=dialect.fields,
                count=f"{ragged:,}",
            )
        )
    kept_names, kept, texts = [], [], []
    for name, cells in zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True):
        numbers, wordy = _numbers(cells, dialect.decimal_comma)
        if wordy:
            texts.append(name)
        else:
            kept_names.append(name)
            kept.append(numbers)
    if texts:
        notes.append(say("Columns left out because they hold text: {names}.", names=listed(texts)))
    values = np.stack(kept, 1) if kept else np.empty((len(rows), 0))
    return tuple(kept_names), values, tuple(notes)


def sniff(lines: list[str]) -> Dialect:
    """The dialect whose fields agree best in number and are most often numbers."""
    best, best_score = Dialect(",", False, False, 1), -1.0
    for delimiter in _DELIMITERS:
        for decimal_comma in (False, True) if delimiter != "," else (False,):
            trial = Dialect(delimiter, decimal_comma, False, 0)
            try:
                rows = list(_rows(lines, trial))
            except csv.Error:
                continue
            fields, agreeing = Counter(map(len, rows)).most_common(1)[0]
            body = [row for row in rows[1:] or rows if len(row) == fields]
            cells = [cell for row in body for cell in row]
            numeric = sum(_is_number(cell, decimal_comma) for cell in cells) / max(1, len(cells))
            score = agreeing / len(rows) * (numeric + 1e-3) + (1e-6 if fields > 1 else 0.0)
            if score > best_score:
                first, rest = rows[0], [row for row in rows[1:] if len(row) == fields]
                best = Dialect(delimiter, decimal_comma, _is_header(first, rest, decimal_comma), fields)
                best_score = score
    return best


def _is_header(first: list[str], rest: list[list[str]], decimal_comma: bool) -> bool:
    """Words above numbers, or words all along the first row."""
    words = [not _is_number(cell, decimal_comma) and cell.strip().lower() not in _MISSING for cell in first]
    if not any(words):
        return False
    if all(word or not cell.strip() for word, cell in zip(words, first, strict=True)):
        return True
    return any(
        word and rest and sum(_is_number(row[i], decimal_comma) for row in rest if i < len(row)) * 2 > len(rest)
        for i, word in enumerate(words)
    )


def _decoded(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SpecError(say("{file} cannot be opened: {error}.", file=file, error=error.strerror or error)) from error
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in data[:65_536]:
        raise SpecError(
            say("{file} is neither text nor an array; tables are read from CSV, NPY and NPZ files.", file=file.name)
        )
    else:
        encodings = ["utf-8-sig", "cp949", "latin-1"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SpecError(say("{file} is text in no known encoding; save it as UTF-8.", file=file.name))


def _holds(line: str) -> bool:
    """No blank line and no comment."""
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith("#")


def _rows(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    if not dialect.delimiter:
        return (line.split() for line in lines)
    return csv.reader(lines, delimiter=dialect.delimiter, skipinitialspace=True)


def _quick(text: str, dialect: Dialect) -> NDArray[np.float64] | None:
    """All numbers at once, in C; None where anything is no number."""
    if dialect.decimal_comma:
        return None
    skip = 0
    if dialect.header:
        for line in io.StringIO(text):
            skip += 1
            if _holds(line):
                break
    try:
        values = np.loadtxt(
            io.StringIO(text), delimiter=dialect.delimiter or None, skiprows=skip, ndmin=2, quotechar='"', comments="#"
        )
    except ValueError:
        return None
    return values if values.shape[1] == dialect.fields else None


def _numbers(cells: tuple[str, ...], decimal_comma: bool) -> tuple[NDArray[np.float64], bool]:
    """The column as numbers, NaN where a cell holds none; and whether it is text: fewer numbers than words."""
    if decimal_comma:
        cells = tuple(map(_pointed, cells))
    try:
        return np.array(cells, np.float64), not cells
    except ValueError:
        pass
    values = np.full(len(cells), np.nan)
    words = 0
    for i, cell in enumerate(cells):
        try:
            values[i] = float(cell)
        except ValueError:
            words += cell.strip().lower() not in _MISSING
    numbers = int(np.isfinite(values).sum())
    return values, words > numbers or numbers == 0


def _pointed(cell: str) -> str:
    """A cell with a decimal comma, with a decimal point; a comma at either end is none."""
    stripped = cell.strip()
    return stripped.replace(",", ".", 1) if stripped.strip(",") == stripped and "." not in stripped else "?"


def _is_number(cell: str, decimal_comma: bool) -> bool:
    try:
        float(_pointed(cell) if decimal_comma else cell)
    except ValueError:
        return False
    return True


def listed(names: Iterable[object], most: int = 12) -> str:
    """Names in a row, the first dozen of them."""
    words = [str(name) for name in names]
    return ", ".join(words[:most]) + (f", ... ({len(words)})" if len(words) > most else "")


def _names(first: list[str], dialect: Dialect) -> tuple[str, ...]:
    """The header's names, made different from each other; or column 1, column 2, ..."""
    names: list[str] = []
    for i in range(dialect.fields):
        name = first[i].strip()[:_LONGEST_NAME] if dialect.header and i < len(first) else ""
        name = name or f"column {i + 1}"
        unique, again = name, 2
        while unique in names:
            unique, again = f"{name} ({again})", again + 1
        names.append(unique)
    return tuple(names)
