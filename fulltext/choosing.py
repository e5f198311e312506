"""Which of the matching sentences are shown, and in which order: the place's own before what many places say.

How many places say a sentence is asked of the index for those that might be shown, so that it is true of the reports that are there now.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import msgspec

from fulltext.highlight import Group, Matches, Passage, find_matches
from fulltext.kept import KeptCounts
from fulltext.query import Query
from fulltext.sentences import View
from fulltext.store import Filters, TextStore

_CONSIDERED = 3  # times as many as are shown
_MOST = 60_000  # sentences that more than one place says, of which all are kept at once
_KEPT = 200_000  # and sentences of any kind, as they were asked for
OWN = 1.5  # what a sentence of the place's own counts against one that is not


class Said:
    """How many places say a sentence, kept for one state of the collection. Used from many threads."""

    def __init__(self) -> None:
        self._counted: KeptCounts[str] = KeptCounts(_KEPT)
        self._otherwise: Mapping[str, int] | None = None
        self.asked = 0  # times that the index had to be asked
        self.is_settled = False  # whether all were counted, as far as the engine does that

    def count(self, store: TextStore, keys: Collection[str]) -> Mapping[str, int]:
        """Of each of these keys of sentences that stand in the index."""
        if (otherwise := self._otherwise) is not None:
            return {key: otherwise.get(key, 1) for key in keys}

        def ask(missing: Sequence[str]) -> Mapping[str, int]:
            self.asked += 1
            return store.said_by(missing)

        return self._counted.get(sorted(keys), ask)

    def count_all(self, store: TextStore) -> None:
        """Ask once for all that may be asked, where the engine can tell that: then it is asked no more."""
        self._otherwise = store.said_otherwise(_MOST)
        self.is_settled = True


def worth(own: bool, places: int) -> float:
    """What a sentence counts for: half where 2 places say the same, a tenth where 500 do."""
    return (OWN if own else 1.0) / (1 + math.log2(max(places, 1)))


def choose_passages(
    store: TextStore, views: Mapping[str, View], query: Query | None, filters: Filters, *, limit: int, said: Said | None = None
) -> dict[str, tuple[Passage, ...]]:
    """At most ``limit`` passages of each report, best first, each with how many places say it. ``said`` keeps counts from one question to the next."""
    if limit < 1:
        return dict.fromkeys(views, ())
    found = {report: find_matches(view, query, filters) for report, view in views.items()}
    candidates = {report: matches.best(limit * _CONSIDERED) for report, matches in found.items()}
    keys = {view.sentences[first].key for report, view in views.items() for first, _ in candidates[report]}
    known = (said or Said()).count(store, keys - {""})
    return {report: _choose(found[report], candidates[report], known, limit) for report in views}


def _choose(matches: Matches, candidates: list[Group], known: Mapping[str, int], limit: int) -> tuple[Passage, ...]:
    def value(group: Group) -> float:
        sentence = matches.view.sentences[group[0]]
        return matches.scores.get(group, 1.0) * worth(sentence.own, known.get(sentence.key, 1))

    if matches.scores:  # else nothing was looked for in them, and they come as they stand
        candidates = sorted(candidates, key=lambda group: (-value(group), group))
    shown = matches.show(candidates[:limit])
    return tuple(msgspec.structs.replace(passage, places=known[passage.key]) if passage.key in known else passage for passage in shown)
