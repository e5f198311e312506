"""Known names from the vocabulary, found with Aho-Corasick on a folded copy of the text.

Folding drops quotes, brackets and middle dots and lowers Latin letters, so that “八五”普法 = 八五普法 and 一村（居）一法律顾问 = 一村居一法律顾问. A map leads back.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

import vocabulary
from vocabulary.names import DROPPED, fold_name

__all__ = ["Catalogue", "Entry", "Folded", "Hit", "balance", "catalogue", "fold_name", "fold_text"]

_PAIRS = {"“": "”", "‘": "’", "（": "）", "〔": "〕"}


class Folded(NamedTuple):
    """``text`` and where each of its characters stands in ``clean``."""

    text: str
    offsets: list[int]


@lru_cache(maxsize=1)
def fold_text(clean: str) -> Folded:
    pieces: list[str] = []
    offsets: list[int] = []
    position = 0
    for match in DROPPED.finditer(clean):
        start = match.start()
        if start > position:
            pieces.append(clean[position:start])
            offsets.extend(range(position, start))
        position = match.end()
    pieces.append(clean[position:])
    offsets.extend(range(position, len(clean)))
    text = "".join(pieces)
    lowered = text.lower()
    return Folded(lowered if len(lowered) == len(text) else text, offsets)


class Entry(NamedTuple):
    """One line of a vocabulary file. ``generic``: too common to be a name. ``bare``: whether it is a name without quotes or a class word."""

    name: str
    kind: str
    family: str | None
    members: tuple[str, ...]
    generic: bool
    bare: bool
    properties: dict[str, Any]


class Hit(NamedTuple):
    entry: Entry
    start: int  # in clean; a quote mark that belongs to the name is inside
    end: int
    variant: str  # the vocabulary's spelling that was found


class Catalogue:
    """The entries of ``vocabulary/<name>.yaml``; made once a process by ``catalogue()``."""

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        self.entries: dict[str, Entry] = {}
        spellings: dict[str, tuple[Entry, str]] = {}
        for row in entries:
            entry = Entry(
                str(row["name"]),
                row.get("kind", ""),
                row.get("family"),
                tuple(row.get("members", ())),
                bool(row.get("generic")),
                bool(row.get("bare", True)),
                {key: row[key] for key in sorted(row.keys() & {"member", "local", "date"})},
            )
            self.entries[entry.name] = entry
            for spelling in map(str, (entry.name, *row.get("variants", ()))):
                folded = fold_name(spelling)
                for variant in {folded, folded.replace("、", "，"), folded.replace("、", "")}:
                    if len(variant) >= 2:
                        spellings.setdefault(variant, (entry, spelling))
        self._spellings = spellings
        self._keys = list(spellings)
        self._matcher = AhoCorasick(self._keys, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA) if self._keys else None

    def get(self, words: str) -> Entry | None:
        """The entry that is spelt so, as a whole."""
        found = self._spellings.get(fold_name(words))
        return found[0] if found else None

    def find(self, clean: str) -> list[Hit]:
        """All spellings in the text, leftmost longest."""
        if self._matcher is None:
            return []
        folded = fold_text(clean)
        hits = []
        for index, first, last in self._matcher.find_matches_as_indexes(folded.text):
            entry, spelling = self._spellings[self._keys[index]]
            start, end = folded.offsets[first], folded.offsets[last - 1] + 1
            if end - start - (last - first) > 6:
                continue  # a match over a long gap of dropped marks is chance
            hits.append(Hit(entry, *balance(clean, start, end), spelling))
        return hits


def balance(clean: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span by one mark where a quote or bracket inside it is open: 法律“七进 → 法律“七进”."""
    words = clean[start:end]
    for opening, closing in _PAIRS.items():
        difference = words.count(opening) - words.count(closing)
        if difference == 1 and clean[end : end + 1] == closing:
            end += 1
        elif difference == -1 and clean[start - 1 : start] == opening:
            start -= 1
    return start, end


@cache
def catalogue(name: str) -> Catalogue:
    """The catalogue of ``vocabulary/<name>.yaml``: a list of entries, a mapping with such a list under ``names``, or a mapping of lists of words."""
    data = vocabulary.load(name)
    rows = data if isinstance(data, list) else data["names"] if "names" in data else [row for value in data.values() for row in value]
    return Catalogue([row if isinstance(row, dict) else {"name": row} for row in rows])
