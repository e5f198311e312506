"""A report's text cut into lines and pieces, so that a page can show which facts lie where, however they overlap. Pure; nothing here knows HTML."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from ingest.model import Fact, Section

_AFTER_HEADING = 4  # characters that may follow a heading on its line: signs, a stray bracket, a converter's **


class Piece(NamedTuple):
    """A run of characters with the same facts on it, the shortest fact first.

    ``pointed``: it lies in the passage that the reader was led to. ``heading``: it is a heading that stands at the head of a paragraph.
    """

    text: str
    start: int
    facts: tuple[Fact, ...]
    pointed: bool = False
    heading: bool = False


class Line(NamedTuple):
    """One line of the original without its line end. ``level`` is the heading's (from 1), 0 for text. ``opens``: starts of the sections that begin in it."""

    start: int
    level: int
    pieces: tuple[Piece, ...]
    opens: tuple[int, ...] = ()


def choose_facts(facts: Sequence[Fact], types: Collection[str]) -> list[Fact]:
    """Facts to mark. Relations span whole clauses and would cover all else: they show only when asked for."""
    return [fact for fact in facts if (fact.type in types if types else fact.type != "relation")]


def mark_lines(text: str, facts: Sequence[Fact], sections: Sequence[Section], pointed: tuple[int, int] | None = None) -> list[Line]:
    """Lines with text in them. Joined again with what was between the pieces they give the original."""
    headings = {section.start: section for section in sections if section.heading}
    run_in = _find_run_in(text, headings)
    spans = [(fact.start, fact.end) for fact in facts] + list(run_in.items()) + ([pointed] if pointed else [])
    cuts = sorted({cut for span in spans for cut in span} | {len(text)})
    coming = sorted(facts, key=lambda fact: fact.start)
    lines: list[Line] = []
    active: list[Fact] = []
    begin, cut, fact = 0, 0, 0
    for raw in text.splitlines(keepends=True):
        stop = begin + len(raw.rstrip())
        pieces = []
        here = begin
        while here < stop:
            while cuts[cut] <= here:
                cut += 1
            while fact < len(coming) and coming[fact].start <= here:
                active.append(coming[fact])
                fact += 1
            active = [one for one in active if one.end > here]
            end = min(cuts[cut], stop)
            over = tuple(sorted(active, key=lambda one: (one.end - one.start, one.start, one.id)))
            heading = any(left <= here < right for left, right in run_in.items()) if run_in else False
            pieces.append(Piece(text[here:end], here, over, pointed is not None and pointed[0] <= here < pointed[1], heading))
            here = end
        opens = tuple(start for start in headings if begin <= start < begin + len(raw))
        level = max((max(headings[start].level, 1) for start in opens if start not in run_in), default=0)
        if any(not piece.text.isspace() for piece in pieces):
            lines.append(Line(begin, level, tuple(pieces), opens))
        begin += len(raw)
    return lines


def _find_run_in(text: str, headings: Mapping[int, Section]) -> dict[int, int]:
    """Headings at the head of a paragraph instead of on a line of their own: start → end, which is the start where the text is not as the heading says."""
    found = {}
    for start, section in headings.items():
        line = text[start:].split("\n", 1)[0].rstrip()
        if len(line) > len(section.heading) + _AFTER_HEADING:
            end = start + len(section.heading)
            found[start] = end if text[start:end] == section.heading else start
    return found
