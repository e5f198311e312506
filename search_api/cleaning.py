"""The original beside the text that the rules read: which characters were dropped on the way, which were written another way. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from ingest.text import Text

State = Literal["kept", "changed", "dropped"]


class Piece(NamedTuple):
    text: str
    state: State


class Row(NamedTuple):
    """A paragraph of the cleaned text beside the stretch of the original that it was made of. The originals of all rows joined are the whole original."""

    original: tuple[Piece, ...]
    clean: str


def pair_paragraphs(text: Text) -> list[Row]:
    """Rows in the order of the text. What no paragraph was made of stands with the one before it, or alone where there is none."""
    states = _mark(text)
    ends: list[tuple[int, str]] = []
    start = 0
    for line in text.clean.split("\n"):
        if line.strip():
            ends.append((_end_line(text.original, text.to_original(start, start + len(line))[1]), line))
        start += len(line) + 1
    rows: list[Row] = []
    here = 0
    for number, (end, line) in enumerate(ends):
        stop = len(text.original) if number == len(ends) - 1 else end
        rows.append(Row(tuple(_cut(text.original, states, here, stop)), line))
        here = stop
    if not ends and text.original:
        rows.append(Row(tuple(_cut(text.original, states, 0, len(text.original))), ""))
    return rows


def _end_line(original: str, end: int) -> int:
    """Behind the line ends that follow, so that the next row begins with its own words."""
    stop = end
    while stop < len(original) and original[stop].isspace():
        stop += 1
    return original.rfind("\n", end, stop) + 1 or end


def _mark(text: Text) -> bytearray:
    """0 dropped, 1 kept, 2 changed, for each character of the original."""
    states = bytearray(len(text.original))
    limits = [*text.clean_starts[1:], len(text.clean)]
    for clean, original, limit in zip(text.clean_starts, text.original_starts, limits, strict=False):  # no run at all: no limit either
        for place in range(limit - clean):
            states[original + place] = 1 if text.original[original + place] == text.clean[clean + place] else 2
    return states


def _cut(original: str, states: bytearray, start: int, stop: int) -> Iterator[Piece]:
    names: tuple[State, State, State] = ("dropped", "kept", "changed")
    begin = start
    for place in range(start + 1, stop + 1):
        if place == stop or states[place] != states[begin]:
            yield Piece(original[begin:place], names[states[begin]])
            begin = place
