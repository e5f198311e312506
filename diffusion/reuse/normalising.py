"""Characters as they are compared: no punctuation, no blanks, every number one sign, a report's own place one and those above it another, simplified script;
with a map back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from ingest.gazetteer import stem_of
from ingest.script import simplify

Codes = npt.NDArray[np.uint16]
Offsets = npt.NDArray[np.int32]
_STOPS = np.array([ord(mark) for mark in "。！？；\n\r"], dtype=np.uint32)

NUMBER, PLACE, ABOVE = 1, 2, 3  # codes that no character of a report has; 0 parts texts and never agrees with anything


@cache
def _table() -> Codes:
    """Code of each character: itself, 0 for what is dropped. Beyond the basic plane characters count as one and the same."""
    table = np.zeros(0x10000, dtype=np.uint16)
    table[0x3400:0xA000] = np.arange(0x3400, 0xA000)
    table[0xF900:0xFB00] = np.arange(0xF900, 0xFB00)
    for first, last, shift in ((0x61, 0x7B, 0), (0x41, 0x5B, 0x20), (0xFF21, 0xFF3B, 0x61 - 0xFF21), (0xFF41, 0xFF5B, 0x61 - 0xFF41)):
        table[first:last] = np.arange(first + shift, last + shift)
    for first in (0x30, 0xFF10):
        table[first : first + 10] = NUMBER
    table[0x3007] = 0x3007  # 〇
    return table


def normalise(text: str, names: Sequence[str] = (), above: Sequence[str] = ()) -> tuple[Codes, Offsets, npt.NDArray[np.bool_]]:
    """(codes, offset of each in ``text``, whether a sentence ends behind it).

    ``names`` of the reporting place, with or without 镇, become one sign, so that words taken over agree in spite of it; those of the places ``above`` it
    become another: 在安溪县委的领导下 is what anybody writes.
    """
    points = np.frombuffer(simplify(text).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = np.where(points < 0x10000, _table()[np.minimum(points, 0xFFFF)], 0xFFFF).astype(np.uint16)
    offsets = np.arange(len(codes), dtype=np.int32)
    for start, end, sign in _find_names(text, names, above):
        codes[start] = sign
        codes[start + 1 : end] = 0
    kept = codes != 0
    codes, offsets = codes[kept], offsets[kept]
    if len(codes):
        again = np.zeros(len(codes), dtype=bool)
        again[1:] = (codes[1:] == NUMBER) & (codes[:-1] == NUMBER)
        codes, offsets = codes[~again], offsets[~again]
    stops = np.cumsum(np.isin(points, _STOPS))
    ends = np.ones(len(codes), dtype=np.bool_)
    ends[:-1] = stops[offsets[1:]] > stops[offsets[:-1]]
    return codes, offsets, ends


def _find_names(text: str, names: Sequence[str], above: Sequence[str]) -> list[tuple[int, int, int]]:
    """(start, end, sign) where a place is named: in full, or by its stem where that is followed by what it is called after (参内镇, 参内镇政府, 参内的)."""
    signs = _spell(above, ABOVE) | _spell(names, PLACE)
    if not signs:
        return []
    spellings = sorted(signs, key=lambda spelling: (-len(spelling), spelling))
    return [(*match.span(), signs[match.group()]) for match in re.finditer("|".join(map(re.escape, spellings)), text)]


def _spell(names: Sequence[str], sign: int) -> dict[str, int]:
    return {spelling: sign for name in names for spelling in (name, stem_of(name)) if len(spelling) >= 2}
