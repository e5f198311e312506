"""A report that is being written: its text, and where in it stands what will have to be told as truth."""

from __future__ import annotations

from collections.abc import Iterable


class Sheet:
    """Lines of (text, tag) pieces; ``spans`` are (start, end, tag) in the finished text."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._pieces: list[str] = []
        self._length = 0
        self.spans: list[tuple[int, int, object]] = []

    def line(self, pieces: Iterable[tuple[str, object]]) -> None:
        for text, tag in pieces:
            start = self._length
            self._pieces.append(text)
            self._length += len(text)
            if tag is not None:
                self.spans.append((start, self._length, tag))
        self._pieces.append("\n")
        self._length += 1

    @property
    def text(self) -> str:
        return "".join(self._pieces)
