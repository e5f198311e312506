"""Which of the matching sentences are shown, and in which order: the place's own before what many places say.

How many places say a sentence is asked of the index for those that might be shown, so that it is true of the reports that are there now.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, MutableMapping

import msgspec

from fulltext.highlight import Group, Matches, Passage, find_matches
from fulltext.query import Query
from fulltext.sentences import View
from fulltext.store import Filters, TextStore

_CONSIDERED = 3  # times as many as are shown
OWN = 1.5  # what a sentence of the place's own counts against one that is not


def worth(own: bool, places: int) -> float:
    """What a sentence counts for: half where 2 places say the same, a tenth where 500 do."""
    return (OWN if own else 1.0) / (1 + math.log2(max(places, 1)))


def choose_passages(
    store: TextStore, views: Mapping[str, View], query: Query | None, filters: Filters, *, limit: int, known: MutableMapping[str, int] | None = None
) -> dict[str, tuple[Passage, ...]]:
    """At most ``limit`` passages of each report, best first, each with how many places say it. ``known`` keeps counts from one question to the next; it must
    be emptied when the collection changes."""
    if limit < 1:
        return dict.fromkeys(views, ())
    known = {} if known is None else known
    found = {report: find_matches(view, query, filters) for report, view in views.items()}
    candidates = {report: matches.best(limit * _CONSIDERED) for report, matches in found.items()}
    keys = {view.sentences[first].key for report, view in views.items() for first, _ in candidates[report]}
    missing = [key for key in sorted(keys) if key and key not in known]
    if missing:
        known.update(store.said_by(missing))
    return {report: _choose(found[report], candidates[report], known, limit) for report in views}


def _choose(matches: Matches, candidates: list[Group], known: Mapping[str, int], limit: int) -> tuple[Passage, ...]:
    def value(group: Group) -> float:
        sentence = matches.view.sentences[group[0]]
        return matches.scores.get(group, 1.0) * worth(sentence.own, known.get(sentence.key, 1))

    if matches.scores:  # else nothing was looked for in them, and they come as they stand
        candidates = sorted(candidates, key=lambda group: (-value(group), group))
    shown = matches.show(candidates[:limit])
    return tuple(msgspec.structs.replace(passage, places=known[passage.key]) if passage.key in known else passage for passage in shown)
