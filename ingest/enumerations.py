"""Practices that a text names one after another: what is said before the first or behind the last is said of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ingest.draft import Draft, Mention
from ingest.patterns import lazy

_AND = lazy(r"[”’》」）]{0,2}(?:制度|机制|工作|活动|建设|培育|服务)?(?:、|和|与|及|以及|，以及|和以及|、以及)[“‘《「]{0,2}")


def find_enumerations(draft: Draft) -> Mapping[tuple[int, int], tuple[int, int]]:
    """By the span of a practice that stands in an enumeration: where its first name begins and where its last ends."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    row: list[Mention] = []
    for practice in _in_order(draft.of("program")):
        if row and _AND.fullmatch(draft.clean, row[-1].end, practice.start) is None:
            _note(row, found)
            row = []
        row.append(practice)
    _note(row, found)
    return found


def _in_order(practices: Iterable[Mention]) -> Iterable[Mention]:
    """Without those inside others."""
    end = 0
    for practice in practices:
        if practice.start >= end:
            yield practice
            end = practice.end


def _note(row: list[Mention], found: dict[tuple[int, int], tuple[int, int]]) -> None:
    if len(row) > 1:
        found.update(((practice.start, practice.end), (row[0].start, row[-1].end)) for practice in row)
