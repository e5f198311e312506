"""A report's text cut into lines and pieces, so that a page can show which facts lie where, however they overlap. Pure; nothing here knows HTML."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from ingest.model import Fact, Rejection, Section

_AFTER_HEADING = 4  # characters that may follow a heading on its line: signs, a stray bracket, a converter's **


class Piece(NamedTuple):
    """A run of characters with the same facts on it, the shortest fact first.

    ``pointed``: it lies in the passage that the reader was led to. ``heading``: it is a heading that stands at the head of a paragraph.
    ``rejected``: a candidate that was turned down lies over it.
    """

    text: str
    start: int
    facts: tuple[Fact, ...]
    pointed: bool = False
    heading: bool = False
    rejected: bool = False


class Line(NamedTuple):
    """One line of the original without its line end. ``level`` is the heading's (from 1), 0 for text. ``opens``: starts of the sections that begin in it."""

    start: int
    level: int
    pieces: tuple[Piece, ...]
    opens: tuple[int, ...] = ()


def choose_facts(facts: Sequence[Fact], types: Collection[str]) -> list[Fact]:
    """Facts to mark. Relations span whole clauses and would cover all else: they show only when asked for."""
    return [fact for fact in facts if (fact.type in types if types else fact.type != "relation")]


def mark_lines(
    text: str,
    facts: Sequence[Fact],
    sections: Sequence[Section],
    pointed: tuple[int, int] | None = None,
    rejections: Sequence[Rejection] = (),
    anchors: Collection[int] = (),
) -> list[Line]:
    """Lines with text in them. Joined again with what was between the pieces they give the original. At each of ``anchors`` a piece begins."""
    headings = {section.start: section for section in sections if section.heading}
    heads = sorted(headings)
    run_in = _find_run_in(text, headings)
    lit = _merge(run_in.items())
    refused = _merge((rejection.start, rejection.end) for rejection in rejections)
    spans = [(fact.start, fact.end) for fact in facts] + list(run_in.items()) + ([pointed] if pointed else []) + refused
    cuts = sorted({cut for span in spans for cut in span} | {rejection.start for rejection in rejections} | {*anchors, len(text)})
    coming = sorted(facts, key=lambda fact: fact.start)
    lines: list[Line] = []
    active: list[Fact] = []
    begin, cut, fact, refusal, light, head = 0, 0, 0, 0, 0, 0
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
            while refusal < len(refused) and refused[refusal][1] <= here:
                refusal += 1
            active = [one for one in active if one.end > here]
            end = min(cuts[cut], stop)
            over = tuple(sorted(active, key=lambda one: (one.end - one.start, one.start, one.id)))
            while light < len(lit) and lit[light][1] <= here:
                light += 1
            heading = light < len(lit) and lit[light][0] <= here
            rejected = refusal < len(refused) and refused[refusal][0] <= here
            pieces.append(Piece(text[here:end], here, over, pointed is not None and pointed[0] <= here < pointed[1], heading, rejected))
            here = end
        first = head
        while head < len(heads) and heads[head] < begin + len(raw):
            head += 1
        opens = tuple(heads[first:head])
        level = max((max(headings[start].level, 1) for start in opens if start not in run_in), default=0)
        if any(not piece.text.isspace() for piece in pieces):
            lines.append(Line(begin, level, tuple(pieces), opens))
        begin += len(raw)
    return lines


def assign_lanes(lines: Sequence[Line], most: int = 4) -> dict[str, int]:
    """Fact id → lane, 0 and up, fewer than ``most``: facts that share a character get different ones, so that an underline keeps its height all along."""
    together: dict[str, set[str]] = {}
    lengths: dict[str, tuple[int, int, str]] = {}
    for line in lines:
        for piece in line.pieces:
            ids = [fact.id for fact in piece.facts]
            for fact in piece.facts:
                lengths[fact.id] = (fact.end - fact.start, fact.start, fact.id)
                together.setdefault(fact.id, set()).update(ids)
    lanes: dict[str, int] = {}
    for id in sorted(lengths, key=lengths.__getitem__):
        taken = {lanes[other] for other in together[id] if other in lanes}
        lanes[id] = min(next(lane for lane in range(len(taken) + 1) if lane not in taken), most - 1)
    return lanes


def _merge(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same characters as spans in order that do not touch."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _find_run_in(text: str, headings: Mapping[int, Section]) -> dict[int, int]:
    """Headings at the head of a paragraph instead of on a line of their own: start → end, which is the start where the text is not as the heading says."""
    found = {}
    for start, section in headings.items():
        stop = text.find("\n", start)
        if len(text[start : stop if stop >= 0 else None].rstrip()) > len(section.heading) + _AFTER_HEADING:
            end = start + len(section.heading)
            found[start] = end if text[start:end] == section.heading else start
    return found
