"""Words without which a slow pattern cannot match, found for all patterns in one pass over the text.

Each rule declares its words once, as ``Signs``. The first rule that asks about a text has all of them looked for; the others find theirs ready.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick, Implementation

_words_of: list[tuple[str, ...]] = []  # by the number of the Signs


class Signs:
    """Words, parted by blanks. To be made when a module is loaded, not later."""

    def __init__(self, words: str) -> None:
        self._number = len(_words_of)
        _words_of.append(tuple(words.split()))
        _automaton.cache_clear()
        _find_all.cache_clear()

    def starts(self, clean: str) -> list[int]:
        """Where the words stand, by position."""
        return sorted({start for start, _ in _find_all(clean)[self._number]})

    def spans(self, clean: str) -> list[tuple[int, int]]:
        """(start, end) of the words, by position; of overlapping ones the first, of those that begin together the shortest."""
        kept = []
        reached = 0
        for span in sorted(_find_all(clean)[self._number]):
            if span[0] >= reached:
                kept.append(span)
                reached = span[1]
        return kept


@cache
def _automaton() -> tuple[AhoCorasick, list[list[int]]]:
    """The automaton of all words, and by word the numbers of the Signs that have it."""
    owners: dict[str, list[int]] = {}
    for number, words in enumerate(_words_of):
        for word in words:
            owners.setdefault(word, []).append(number)
    return AhoCorasick(list(owners), implementation=Implementation.ContiguousNFA), list(owners.values())


@lru_cache(maxsize=1)
def _find_all(clean: str) -> list[list[tuple[int, int]]]:
    """By the number of the Signs the spans of its words, by their ends."""
    automaton, owners = _automaton()
    found: list[list[tuple[int, int]]] = [[] for _ in _words_of]
    for word, start, end in automaton.find_matches_as_indexes(clean, overlapping=True):
        for number in owners[word]:
            found[number].append((start, end))
    return found


def iter_at(pattern: re.Pattern[str], signs: Signs, clean: str) -> Iterator[re.Match[str]]:
    """Matches of a pattern that always begins with one of the signs: those of ``pattern.finditer``."""
    reached = 0
    for start in signs.starts(clean):
        if start >= reached and (match := pattern.match(clean, start)) is not None:
            yield match
            reached = match.end()


def iter_near(pattern: re.Pattern[str], signs: Signs, clean: str, before: int, after: int) -> Iterator[re.Match[str]]:
    """Matches of a pattern, tried only around the signs: ``before`` characters to the left and ``after`` to the right of them."""
    low = high = -1
    for start, end in signs.spans(clean):
        start, end = max(0, start - before), end + after
        if start <= high:
            high = end
            continue
        if high > low:
            yield from pattern.finditer(clean, low, high)
        low, high = max(start, high), end
    if high > low:
        yield from pattern.finditer(clean, low, high)
