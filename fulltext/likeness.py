"""What makes one report like another: the sentences that both have, and the words that tell it from the rest of the collection."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

import msgspec

from fulltext.choosing import Said
from fulltext.kept import KeptCounts
from fulltext.query import Like, Query
from fulltext.sentences import View
from fulltext.store import Filters, TextStore
from ingest.segment import search_words

_WORDS = 40
_CONSIDERED = 250  # words of a report whose frequency is asked
_SENTENCES = 200
_SENTENCE = 6.0  # what a sentence that one place says counts, against the logarithms that words count
_LEAST = 2  # reports that a significant term stands in
_MOST_CANDIDATES = 400


class Significant(msgspec.Struct, frozen=True, kw_only=True):
    term: str
    reports: int
    all_reports: int
    score: float  # log-likelihood ratio


def likeness(store: TextStore, view: View, *, said: Said | None = None, frequencies: KeptCounts[str] | None = None) -> Like:
    """What to look for to find reports like this one: words by how much oftener they stand in it than elsewhere, sentences by how few places say them.

    ``said`` and ``frequencies`` keep counts from one question to the next.
    """
    counts = Counter(iter_telling_words(view.folded))
    candidates = [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1] * len(item[0]), item[0]))[:_CONSIDERED]]
    found = store.frequencies(candidates) if frequencies is None else frequencies.get(candidates, store.frequencies)
    everything = max(int(store.statistics()["reports"]), 1)
    weights = {word: (1 + math.log(counts[word])) * math.log(1 + everything / found[word]) for word in candidates if found[word] > 1}
    words = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_WORDS]
    keys = list(dict.fromkeys(sentence.key for sentence in view.sentences if sentence.key))[:_SENTENCES]
    places = (said or Said()).count(store, keys)
    return Like(tuple(words), tuple((key, _SENTENCE / (1 + math.log2(max(places[key], 1)))) for key in keys))


def shared_words(like: Like, view: View, limit: int = 10) -> tuple[str, ...]:
    """The words looked for that another report has, most telling first."""
    there = {word for word, _, _ in search_words(view.folded)}
    return tuple(word for word, _ in like.words if word in there)[:limit]


def significant_terms(store: TextStore, query: Query | None, filters: Filters, views: Iterable[View], total: int, limit: int) -> tuple[Significant, ...]:
    """Words that stand in more reports of a result than chance would have it. ``views`` are of some of its reports: their words are the candidates; how many
    reports have each, in the result and in all, is counted exactly."""
    everything = max(int(store.statistics()["reports"]), 1)
    sampled = Counter(word for view in views for word in set(iter_telling_words(view.folded)))
    candidates = [word for word, _ in sorted(sampled.items(), key=lambda item: (-item[1], -len(item[0]), item[0]))]
    # what stands in most reports sampled mostly stands in most reports at all: rarer words get half of the places
    commonest, others = candidates[: _MOST_CANDIDATES // 2], candidates[_MOST_CANDIDATES // 2 :]
    candidates = [*commonest, *others[: _MOST_CANDIDATES // 2]]
    outside = store.frequencies(candidates)
    inside = store.frequencies(candidates, query, filters)
    found = [
        Significant(term=word, reports=inside[word], all_reports=outside[word], score=round(score, 3))
        for word in candidates
        if inside[word] >= _LEAST and (score := log_likelihood(inside[word], total, outside[word], everything)) > 0
    ]
    return tuple(sorted(found, key=lambda term: (-term.score, term.term))[:limit])


def log_likelihood(inside: int, result: int, everywhere: int, all_reports: int) -> float:
    """How far ``inside`` of ``result`` reports is from ``everywhere`` of ``all_reports`` (Dunning's ratio, 2 × log); 0 where it is no more than elsewhere."""
    others, rest = everywhere - inside, all_reports - result
    if rest <= 0 or result <= 0 or inside * all_reports <= everywhere * result:
        return 0.0
    cells = ((inside, result), (others, rest), (result - inside, result), (rest - others, rest))
    shares = (everywhere / all_reports, everywhere / all_reports, 1 - everywhere / all_reports, 1 - everywhere / all_reports)
    return 2 * sum(count * math.log(count / (size * share)) for (count, size), share in zip(cells, shares, strict=True) if count > 0)


def iter_telling_words(folded: str) -> Iterable[str]:
    """Words of two characters and more, without numbers."""
    return (word for word, _, _ in search_words(folded) if len(word) > 1 and not any(sign.isdigit() for sign in word))
