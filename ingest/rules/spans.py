"""Spans of text that do not overlap, asked in logarithmic time."""

from __future__ import annotations

from bisect import bisect_left

from ingest.draft import Draft


class Spans:
    """Spans that do not overlap one another, asked whether any touches another span."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans = sorted(spans)
        self._starts = [start for start, _ in self.spans]

    def touches(self, start: int, end: int) -> bool:
        index = bisect_left(self._starts, end) - 1
        return index >= 0 and self.spans[index][1] > start


def drop_short_places_inside(draft: Draft, names: list[tuple[int, int]]) -> None:
    """Take back short forms of places inside these names: 安徽 in 安徽某某律师事务所 is no place that the report speaks of."""
    if names:
        inside = [
            mention
            for mention in draft.mentions
            if mention.type == "place" and mention.rule == "place.short_form" and any(start <= mention.start and mention.end <= end for start, end in names)
        ]
        for mention in inside:
            draft.mentions.remove(mention)
            draft.reject("place", mention.start, mention.end, mention.rule, "another finding stands there")
