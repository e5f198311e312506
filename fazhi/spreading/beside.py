"""Two reports side by side: what they share, and what is a template that many share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from diffusion.reuse import Index, Pair


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a report's original. ``number`` tells which passage of the other report has the same words; template words have None."""

    text: str
    start: int
    kind: Literal["plain", "shared", "template"]
    number: int | None = None


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """Words that both have, by their places in both; ``identity`` is the share of characters that are the same."""

    number: int
    left_start: int
    left_end: int
    right_start: int
    right_end: int
    aligned: int
    identity: float
    direction: Literal["right", "left", "none"]  # which way they can have gone
    evidence: str


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """``shared`` and ``template``: characters of (left, right) that are so."""

    left: tuple[Stretch, ...]
    right: tuple[Stretch, ...]
    passages: tuple[Passage, ...]
    shared: tuple[int, int]
    template: tuple[int, int]


def list_pairs(index: Index, keys: Sequence[str]) -> list[Pair]:
    """The pairs that have one of these reports at an end. Lines are looked through before they are read, for there can be millions."""
    marks = [msgspec.json.encode(key) for key in keys]
    return [msgspec.json.decode(line, type=Pair) for line in index.lines() if any(mark in line for mark in marks)]


def lay_beside(left: tuple[str, str], right: tuple[str, str], pairs: Iterable[Pair]) -> Beside:
    """``left``, ``right``: key and original. Passages are numbered as the left report has them; words that both have win over templates."""
    kept = list(pairs)
    passages = _number(left[0], right[0], kept)
    sides = []
    for key, text, spans in (
        (*left, [(one.left_start, one.left_end, one.number) for one in passages]),
        (*right, [(one.right_start, one.right_end, one.number) for one in passages]),
    ):
        marks: list[tuple[int, int] | None] = [None] * len(text)  # kind and number of each character
        for start, end in _templates(key, kept):
            marks[start:end] = [(0, 0)] * len(marks[start:end])
        for start, end, number in spans:
            marks[start:end] = [(1, number)] * len(marks[start:end])
        sides.append((_cut(text, marks), sum(mark is not None and mark[0] == 1 for mark in marks), sum(mark is not None and mark[0] == 0 for mark in marks)))
    return Beside(
        left=sides[0][0], right=sides[1][0], passages=tuple(passages), shared=(sides[0][1], sides[1][1]), template=(sides[0][2], sides[1][2])
    )  # fmt: skip


def _number(left: str, right: str, pairs: Sequence[Pair]) -> list[Passage]:
    found = []
    for pair in pairs:
        if pair.kind == "template" or {pair.a, pair.b} != {left, right} or pair.a == pair.b:
            continue
        ahead = pair.a == left
        spans = (pair.a_start, pair.a_end, pair.b_start, pair.b_end) if ahead else (pair.b_start, pair.b_end, pair.a_start, pair.a_end)
        direction: Literal["right", "left", "none"] = "none" if pair.direction == "none" else "right" if ahead else "left"
        found.append((spans, pair, direction))
    return [
        Passage(
            number=number, left_start=spans[0], left_end=spans[1], right_start=spans[2], right_end=spans[3], aligned=pair.aligned, identity=pair.identity,
            direction=direction, evidence=pair.evidence,
        )
        for number, (spans, pair, direction) in enumerate(sorted(found, key=lambda row: row[0]), 1)
    ]  # fmt: skip


def _templates(key: str, pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    found = [(pair.b_start, pair.b_end) for pair in pairs if pair.kind == "template" and pair.b == key]
    return found + [(pair.a_start, pair.a_end) for pair in pairs if pair.kind == "template" and pair.a == key]


def _cut(text: str, marks: Sequence[tuple[int, int] | None]) -> tuple[Stretch, ...]:
    stretches = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marks[at] != marks[start]:
            mark = marks[start]
            kind: Literal["plain", "shared", "template"] = "plain" if mark is None else "shared" if mark[0] else "template"
            stretches.append(Stretch(text=text[start:at], start=start, kind=kind, number=mark[1] if mark is not None and mark[0] else None))
            start = at
    return tuple(stretches)
