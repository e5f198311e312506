"""Where in the original the sentence stands that says something."""

from __future__ import annotations

from bisect import bisect_right
from typing import Protocol


class Split(Protocol):
    """What has sentences: an analysis, or as much of it as was read."""

    @property
    def sentences(self) -> tuple[tuple[int, int], ...]: ...


def find_sentence(analysis: Split, start: int, end: int, length: int) -> tuple[int, int]:
    """From the start of the sentence that holds ``start`` to the end of the one that holds ``end``; the span itself where no sentence holds it."""
    sentences = analysis.sentences
    first = bisect_right(sentences, (start, length)) - 1
    last = bisect_right(sentences, (max(start, end - 1), length)) - 1
    left = sentences[first][0] if first >= 0 and sentences[first][1] > start else start
    right = sentences[last][1] if last >= 0 and sentences[last][1] >= end else end
    return min(left, start), max(right, end)
