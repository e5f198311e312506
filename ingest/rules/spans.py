"""Spans of text that do not overlap, asked in logarithmic time."""

from __future__ import annotations

from bisect import bisect_left


class Spans:
    """Spans that do not overlap one another, asked whether any touches another span."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans = sorted(spans)
        self._starts = [start for start, _ in self.spans]

    def touches(self, start: int, end: int) -> bool:
        index = bisect_left(self._starts, end) - 1
        return index >= 0 and self.spans[index][1] > start
