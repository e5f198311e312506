"""Spans of text that do not overlap, asked in logarithmic time."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

import vocabulary
from ingest.draft import Draft


class Spans:
    """Spans that do not overlap one another, asked whether any touches another span."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans = sorted(spans)
        self._starts = [start for start, _ in self.spans]

    def touches(self, start: int, end: int) -> bool:
        index = bisect_left(self._starts, end) - 1
        return index >= 0 and self.spans[index][1] > start


class Taken:
    """The characters of a text that are spoken for; spans may be added at any time."""

    def __init__(self, size: int) -> None:
        self._taken = bytearray(size)

    def add(self, start: int, end: int) -> None:
        self._taken[start:end] = b"\1" * (end - start)

    def touches(self, start: int, end: int) -> bool:
        return self._taken.find(1, start, end) >= 0


def accepted_spans(clean: str) -> Spans:
    """Where practices stand that people accepted: they said so, whatever else the name sounds like (老杨调解室, 红黑榜微信群)."""
    names = tuple(decision.name for decision in vocabulary.overlay().accepted("program"))
    return Spans([match.span() for match in _written(names).finditer(clean)] if names else [])


@lru_cache(maxsize=4)
def _written(names: tuple[str, ...]) -> re.Pattern[str]:
    """With or without quotation marks around any part: 三步五访工作法, “三步五访”工作法; the longest name first."""
    return re.compile("|".join("[“”‘’]?".join(map(re.escape, name)) for name in sorted(names, key=len, reverse=True)))


def drop_short_places_inside(draft: Draft, names: list[tuple[int, int]]) -> None:
    """Take back short forms of places inside these names: 安徽 in 安徽某某律师事务所 is no place that the report speaks of."""
    short = [mention for mention in draft.mentions if mention.rule == "place.short_form"] if names else []
    for mention in short:
        if any(start <= mention.start and mention.end <= end for start, end in names):
            draft.mentions.remove(mention)
            draft.reject("place", mention.start, mention.end, mention.rule, "another finding stands there")
