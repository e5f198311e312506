"""How the reports of a collection write of what is new to a place, and how of what goes on there.

A place whose report names a practice for the first time has either just taken it up or has left it out before. What stands around the name tells the two apart,
but not by the same words everywhere: where one county's clerks 建立 every year anew, another's keep the word for the first. So the words are learnt from the
collection itself. Sentences of a place that named the practice in an earlier report show how one writes of what goes on; first ones after reports that were
silent show how one writes of what is new, those aside that come late. Nothing is learnt from few of them, and where both are written alike nothing follows.

A naive Bayes classifier from unsure examples, of the family of learning from positive and unlabelled ones (Elkan and Noto, KDD 2008).
"""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from diffusion.adoptions.model import Mention
from ingest.segment import cut

_BEFORE, _AFTER = 30, 20  # characters around the name that are looked at
_FOLDS = 5  # a county's sentences are weighed by words that were learnt from the other counties
_LEAST_SEEN = 5  # sentences with a word that is to tell anything
_LEAST_WEIGHT, _MOST_WEIGHT = 1.0, 3.0  # of a word: natural logarithm of how much more often it stands with what is new
_LEAST_FIRST = 40  # first sentences to learn from
_BANDS = (-6.0, -3.0, -1.0, 1.0, 3.0, 6.0)  # sums of weights between which sentences are taken together
_LATE_AS_ALWAYS = 0.7  # share of late first sentences that are written like later ones; a guess: collections with a known truth have .45 to .8
_LEAST_LEFT = 0.1  # of a share among first sentences, however many of them come late
_ANYHOW = 0.003  # share of either that falls into any band: what is in none of them tells nothing


class First(msgspec.Struct, frozen=True):
    """The first sentences on a practice in reports of a place, all of one year, and the later ones. ``chance``: that it was taken up in that year, by what
    reports before it were silent; None where it is not to be learnt from: nothing was silent, or the sentence is dated."""

    place: str
    first: tuple[Mention, ...]
    later: tuple[Mention, ...]
    chance: float | None


class Wordings(msgspec.Struct, frozen=True):
    """``weights`` of words by fold, ``odds`` of new against late for each band of their sums; empty where nothing could be learnt."""

    weights: tuple[Mapping[str, float], ...] = ()
    odds: tuple[float, ...] = ()

    def judge(self, place: str, first: Iterable[Mention]) -> float:
        """How much likelier these first sentences are where the practice is new than where it comes late; 1 tells nothing."""
        if not self.odds:
            return 1.0
        return self.odds[_band(_score(self.weights[_fold(place)], first))]


NOTHING_LEARNT = Wordings()


def learn(tracks: Sequence[First]) -> Wordings:
    """From all places and practices of a collection."""
    known = [track for track in tracks if track.chance is not None]
    if len(known) < _LEAST_FIRST or not any(track.later for track in tracks):
        return NOTHING_LEARNT
    late = _LATE_AS_ALWAYS * sum(1 - (track.chance or 0.0) for track in known) / len(known)
    weights = _weigh(known, tracks, late)
    first = [_band(_score(weights[_fold(track.place)], track.first)) for track in known]
    later = Counter(_band(_score(weights[_fold(track.place)], [mention])) for track in tracks for mention in track.later)
    return Wordings(weights, _odds(first, later, late))


def _weigh(known: Sequence[First], tracks: Sequence[First], late: float) -> tuple[Mapping[str, float], ...]:
    """By fold: how much more often a word stands in sentences on what is new than in later ones of the same practices and years. ``late``: the share of first
    sentences that are written like later ones, for they come late."""
    new = [(track.place, mention) for track in known for mention in track.first]
    old = [(track.place, mention) for track in tracks for mention in track.later]
    first, later = _Seen.of(new, [1.0] * len(new)), _Seen.of(old, _balance([mention for _, mention in new], [mention for _, mention in old]))
    return tuple(_weigh_without(fold, first, later, late) for fold in range(_FOLDS))


def _weigh_without(fold: int, first: _Seen, later: _Seen, late: float) -> Mapping[str, float]:
    weights = {}
    for word in sorted({*first.words, *later.words}):
        (first_times, first_share), (later_times, later_share) = first.without(fold, word), later.without(fold, word)
        if first_times + later_times >= _LEAST_SEEN:
            seen, always = (first_share + 0.5) / (first.all_without(fold) + 1), (later_share + 0.5) / (later.all_without(fold) + 1)
            weight = math.log(_take_out(seen, always, late) / always)
            if abs(weight) >= _LEAST_WEIGHT:
                weights[word] = max(-_MOST_WEIGHT, min(_MOST_WEIGHT, weight))
    return weights


def _take_out(seen: float, always: float, late: float) -> float:
    """What is left of a share among first sentences without those that come late and are written like later ones."""
    return max(seen - late * always, _LEAST_LEFT * seen) / (1 - late)


class _Seen(msgspec.Struct, frozen=True):
    """Sentences with each word, by fold: how many, and what they count together; and what all sentences count."""

    times: Mapping[str, Sequence[int]]
    words: Mapping[str, Sequence[float]]
    whole: Sequence[float]

    @classmethod
    def of(cls, sentences: Sequence[tuple[str, Mention]], shares: Sequence[float]) -> _Seen:
        times: defaultdict[str, list[int]] = defaultdict(lambda: [0] * _FOLDS)
        words: defaultdict[str, list[float]] = defaultdict(lambda: [0.0] * _FOLDS)
        whole = [0.0] * _FOLDS
        for (place, mention), share in zip(sentences, shares, strict=True):
            fold = _fold(place)
            whole[fold] += share
            for word in read_words(mention):
                times[word][fold] += 1
                words[word][fold] += share
        return cls(times, words, whole)

    def without(self, fold: int, word: str) -> tuple[int, float]:
        if word not in self.times:
            return 0, 0.0
        return sum(self.times[word]) - self.times[word][fold], sum(self.words[word]) - self.words[word][fold]

    def all_without(self, fold: int) -> float:
        return sum(self.whole) - self.whole[fold]


def _balance(new: Sequence[Mention], old: Sequence[Mention]) -> list[float]:
    """What each later sentence counts, so that later ones are spread over practices and years as first ones are, and count as many as they are."""
    by_program = _ratio(Counter(mention.program for mention in new), Counter(mention.program for mention in old))
    by_year = _ratio(Counter(str(mention.covered) for mention in new), Counter(str(mention.covered) for mention in old))
    shares = [by_program[mention.program] * by_year[str(mention.covered)] for mention in old]
    whole = sum(shares)
    return [share * len(old) / whole for share in shares] if whole else [1.0] * len(old)


def _ratio(wanted: Counter[str], there: Counter[str]) -> dict[str, float]:
    return {key: wanted[key] / often for key, often in there.items()}


def _odds(first: Sequence[int], later: Counter[int], late: float) -> tuple[float, ...]:
    """New against late by band: of the late ones a share is written like later sentences, the rest like new ones."""
    bands = range(len(_BANDS) + 2)
    always, seen = ([count / max(sum(counts), 1) for count in counts] for counts in ([later[band] for band in bands], [first.count(band) for band in bands]))
    new = [_take_out(share, often, late) for share, often in zip(seen, always, strict=True)]
    coming_late = [_LATE_AS_ALWAYS * often + (1 - _LATE_AS_ALWAYS) * share for often, share in zip(always, new, strict=True)]
    return tuple((one + _ANYHOW) / (other + _ANYHOW) for one, other in zip(new, coming_late, strict=True))


def _score(weights: Mapping[str, float], mentions: Iterable[Mention]) -> float | None:
    """Sum of the weights of a sentence's words; of several sentences that which tells the most. None where no word tells anything."""
    told = [[weights[word] for word in sorted(read_words(mention)) if word in weights] for mention in mentions]
    return max((sum(found) for found in told if found), key=abs, default=None)


def _band(score: float | None) -> int:
    """The last is for sentences without any word that tells."""
    return len(_BANDS) + 1 if score is None else sum(score > edge for edge in _BANDS)


def read_words(mention: Mention) -> frozenset[str]:
    """Words around the name within its sentence, marked by their side; numbers are all one word."""
    left, right = mention.sentence[: mention.at], mention.sentence[mention.at + mention.length :]
    left = left[max(left.rfind(stop) for stop in "。；;！？\n") + 1 :][-_BEFORE:]
    sides = (("<", left), (">", right[:_AFTER]))
    return frozenset(side + ("#" if word.isdigit() else word) for side, text in sides for word in cut(text) if word.strip())


def _fold(place: str) -> int:
    return zlib.crc32(place.partition("/")[0].encode()) % _FOLDS
