"""A report's text cut into lines and pieces, so that a page can show which facts lie where, however they overlap. Pure; nothing here knows HTML."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from ingest.model import Fact, Section


class Piece(NamedTuple):
    """A run of characters with the same facts on it, the shortest fact first. ``pointed``: it lies in the passage that the reader was led to."""

    text: str
    start: int
    facts: tuple[Fact, ...]
    pointed: bool


class Line(NamedTuple):
    """One line of the original without its line end. ``level`` is the heading's (1 and more), 0 for text."""

    start: int
    level: int
    pieces: tuple[Piece, ...]


def choose_facts(facts: Sequence[Fact], types: Collection[str]) -> list[Fact]:
    """Facts to mark. Relations span whole clauses and would cover all else: they show only when asked for."""
    return [fact for fact in facts if (fact.type in types if types else fact.type != "relation")]


def mark_lines(text: str, facts: Sequence[Fact], sections: Sequence[Section], pointed: tuple[int, int] | None = None) -> list[Line]:
    """Lines with text in them. Joined again with what was between the pieces they give the original."""
    headings = {section.start: max(section.level, 1) for section in sections if section.heading}
    starts = sorted(headings)
    cuts = {0, len(text)}
    for fact in facts:
        cuts.update((fact.start, fact.end))
    if pointed:
        cuts.update(pointed)
    ordered = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    opening = sorted(facts, key=lambda fact: fact.start)
    lines: list[Line] = []
    active: list[Fact] = []
    position, next_cut, next_fact, next_heading = 0, 0, 0, 0
    for raw in text.splitlines(keepends=True):
        begin, end = position, position + len(raw)
        position = end
        content = len(raw.rstrip())
        level = 0
        while next_heading < len(starts) and starts[next_heading] < end:
            level = headings[starts[next_heading]]
            next_heading += 1
        while next_cut < len(ordered) and ordered[next_cut] <= begin:
            next_cut += 1
        pieces = []
        here = begin
        stop = begin + content
        while here < stop:
            cut = min(ordered[next_cut], stop) if next_cut < len(ordered) else stop
            if next_cut < len(ordered) and ordered[next_cut] <= stop:
                next_cut += 1
            while next_fact < len(opening) and opening[next_fact].start <= here:
                active.append(opening[next_fact])
                next_fact += 1
            active = [fact for fact in active if fact.end > here]
            over = tuple(sorted(active, key=lambda fact: (fact.end - fact.start, fact.start, fact.id)))
            if cut > here:
                pieces.append(Piece(text[here:cut], here, over, pointed is not None and pointed[0] <= here < pointed[1]))
            here = cut
        if any(not piece.text.isspace() for piece in pieces):
            lines.append(Line(begin, level, tuple(pieces)))
    return lines
