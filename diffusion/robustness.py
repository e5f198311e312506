"""Does a result stand when the collection is another one than it happens to be? Reports hidden, counties left out, words of templates not counted.

Whatever is computed from a collection can be tried: give the collection and the function that makes a ``Result`` of it. The places that are counted, and what
was learnt from all reports (how often a report names a practice), have to stay the same in that function, or hiding reports would also change the question.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec
import numpy as np

from diffusion.adoptions.model import Mention, Watched

SHARES = (0.1, 0.3)
DRAWS = 5
_MOST_COUNTIES = 30  # tried; of more a seeded choice

Passages = Mapping[str, Sequence[tuple[int, int]]]
"""Key of a report → offsets of its passages that are a template's."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """``order``: what is put in order → where (places by year); ``found``: what is said to be there (adopters, edges written source>target); ``intervals``
    (lower, upper] of places, None for no end; ``label``: the reading, if any; ``numbers``: single figures whose range is told."""

    order: Mapping[str, float]
    found: frozenset[str]
    intervals: Mapping[str, tuple[int | None, int | None]] = {}
    label: str | None = None
    numbers: Mapping[str, float] = {}


Compute = Callable[[Watched], Result]


class Range(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    value: float
    low: float
    high: float


class Shaken(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of a result over ``tries``: medians and the worst. ``tau``: Kendall's (b) between the orders of what both have; ``jaccard``: of what is
    found, without what was taken away. None where nothing can be compared. ``holding``: share of intervals that hold the ones of the whole collection, as
    they should where reports are hidden; ``same_label``: share of tries with the same reading. ``numbers``: the figure itself, its least and its greatest."""

    name: str
    tries: int
    tau: float | None
    least_tau: float | None
    jaccard: float | None
    least_jaccard: float | None
    holding: float | None
    same_label: float | None
    numbers: tuple[Range, ...]


class Reversed(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that examples make large, as it is and with time running backward: no less backward, and it shows no direction."""

    name: str
    forward: float | None
    backward: float | None


class Robustness(msgspec.Struct, frozen=True, kw_only=True):
    """``hidden``: reports taken away at random, by share. ``counties``: each left out once; ``weightiest`` changes most. ``templates``: sentences in
    templates not counted, ``templated`` of them; None where the texts were not compared. ``reversed``: with time running backward, where that was tried."""

    hidden: tuple[Shaken, ...]
    counties: Shaken | None
    weightiest: str | None
    templates: Shaken | None
    templated: int
    mentions: int
    reversed: Reversed | None
    seed: int
    draws: int
    caveats: tuple[str, ...]


def try_out(
    watched: Watched,
    compute: Compute,
    *,
    passages: Passages | None = None,
    turned: Reversed | None = None,
    shares: Sequence[float] = SHARES,
    draws: int = DRAWS,
    seed: int = 1,
) -> Robustness:
    """``passages`` None: texts were not compared, so templates are not tried. ``turned``: what came of reversing time, for those results that time changes."""
    whole = compute(watched)
    hidden = []
    for number, share in enumerate(shares):
        tries = [compute(hide(watched, share, np.random.default_rng([seed, number, draw]))) for draw in range(draws)]
        hidden.append(_compare(f"hidden_{share:.0%}".replace("%", ""), whole, tries, [whole.found] * draws))
    counties = _choose_counties(watched, seed)
    left = [compute(leave_out(watched, county)) for county in counties]
    expected = [frozenset(one for one in whole.found if not _is_of(one, county)) for county in counties]
    weights = [_distance(whole, result, rest) for result, rest in zip(left, expected, strict=True)]
    kept = watched if passages is None else without_templates(watched, passages)
    caveats = ["Hiding reports shows what more missing reports would do, not what those that are missing now hide: they are not missing at random."]
    if len({place.partition("/")[0] for place in watched.present}) == 1:
        caveats.append("There is one county, so none can be left out.")
    if passages is None:
        caveats.append("The texts have not been compared, so sentences of templates are counted like any other.")
    return Robustness(
        hidden=tuple(hidden),
        counties=_compare("county_left_out", whole, left, expected) if left else None,
        weightiest=counties[int(np.argmax(weights))] if counties and max(weights) > 0 else None,
        templates=_compare("templates_excluded", whole, [compute(kept)], [whole.found]) if passages is not None else None,
        templated=len(watched.mentions) - len(kept.mentions),
        mentions=len(watched.mentions),
        reversed=turned,
        seed=seed,
        draws=draws,
        caveats=tuple(caveats),
    )


# -- other collections -----------------------------------------------------------------------------------------------------------------------------


def hide(watched: Watched, share: float, chance: np.random.Generator) -> Watched:
    """Without that share of the places' reports, and without all that these say. The years of watching stay."""
    slots = [(place, year) for place in sorted(watched.present) for year in watched.present[place]]
    gone = {slots[at] for at in chance.permutation(len(slots))[: round(share * len(slots))]}
    return _keep(watched, lambda place, year: (place, year) not in gone, watched.present)


def leave_out(watched: Watched, county: str) -> Watched:
    """Without the places of a county, their reports, and what its own texts say."""
    kept = _keep(watched, lambda place, year: not _is_of(place, county), [place for place in watched.present if not _is_of(place, county)])
    return msgspec.structs.replace(kept, mentions=tuple(mention for mention in kept.mentions if not _is_of(mention.place, county)))


def without_templates(watched: Watched, passages: Passages) -> Watched:
    """Without mentions half of whose sentence lies in a template: their reports stay, and count as silent."""

    def is_own(mention: Mention) -> bool:
        inside = [min(end, mention.end) - max(start, mention.start) for start, end in passages.get(mention.key, ())]
        return 2 * max(inside, default=0) < max(mention.end - mention.start, 1)

    return msgspec.structs.replace(watched, mentions=tuple(mention for mention in watched.mentions if is_own(mention)))


def _keep(watched: Watched, keeps: Callable[[str, int], bool], places: Iterable[str]) -> Watched:
    present = {place: tuple(year for year in watched.present[place] if keeps(place, year)) for place in places}
    there = {(place, year) for place, years in present.items() for year in years}
    gone = {
        mention.report
        for mention in watched.mentions
        if mention.own
        and mention.place in watched.present
        and mention.covered in watched.present[mention.place]
        and (mention.place, mention.covered) not in there
    }
    mentions = tuple(mention for mention in watched.mentions if mention.report not in gone)
    return msgspec.structs.replace(watched, present=present, mentions=mentions)


def _is_of(node: str, county: str) -> bool:
    """Of edges, whether either end is."""
    return any(end == county or end.startswith(county + "/") for end in node.split(">"))


def _choose_counties(watched: Watched, seed: int) -> list[str]:
    counties = sorted({place.partition("/")[0] for place in watched.present})
    if len(counties) < 2:
        return []
    if len(counties) > _MOST_COUNTIES:
        counties = sorted(np.random.default_rng(seed).choice(counties, _MOST_COUNTIES, replace=False).tolist())
    return counties


# -- comparison ------------------------------------------------------------------------------------------------------------------------------------


def compare_orders(one: Mapping[str, float], other: Mapping[str, float]) -> float | None:
    """Kendall's tau-b of what both have; None where fewer than two, or where either has them all at once."""
    from scipy.stats import kendalltau

    common = sorted(one.keys() & other.keys())
    if len({one[each] for each in common}) < 2 or len({other[each] for each in common}) < 2:
        return None
    return float(kendalltau([one[each] for each in common], [other[each] for each in common]).statistic)


def compare_sets(one: Collection[str], other: Collection[str]) -> float | None:
    """Jaccard's index; None where both are empty."""
    union = set(one) | set(other)
    return len(set(one) & set(other)) / len(union) if union else None


def holds(outer: tuple[int | None, int | None], inner: tuple[int | None, int | None]) -> bool:
    """Whether an interval, None for no end, holds another."""
    (low, high), (least, most) = outer, inner
    return (low is None or (least is not None and low <= least)) and (high is None or (most is not None and high >= most))


def _compare(name: str, whole: Result, tries: Sequence[Result], expected: Sequence[frozenset[str]]) -> Shaken:
    taus = [tau for each in tries if (tau := compare_orders(whole.order, each.order)) is not None]
    sets = [index for each, rest in zip(tries, expected, strict=True) if (index := compare_sets(rest, each.found)) is not None]
    held = [holds(interval, whole.intervals[place]) for each in tries for place, interval in each.intervals.items() if place in whole.intervals]
    labels = [each.label == whole.label for each in tries]
    numbers = []
    for figure, value in sorted(whole.numbers.items()):
        values = [each.numbers[figure] for each in tries if figure in each.numbers]
        if values:
            numbers.append(Range(name=figure, value=round(value, 4), low=round(min(values), 4), high=round(max(values), 4)))
    return Shaken(
        name=name,
        tries=len(tries),
        tau=_middle(taus),
        least_tau=round(min(taus), 4) if taus else None,
        jaccard=_middle(sets),
        least_jaccard=round(min(sets), 4) if sets else None,
        holding=round(sum(held) / len(held), 4) if held else None,
        same_label=round(sum(labels) / len(labels), 4) if whole.label is not None and labels else None,
        numbers=tuple(numbers),
    )


def _middle(values: Sequence[float]) -> float | None:
    return round(float(np.median(values)), 4) if values else None


def _distance(whole: Result, result: Result, expected: frozenset[str]) -> float:
    """How far a result is from the whole: lost order, lost findings, moved figures."""
    tau, index = compare_orders(whole.order, result.order), compare_sets(expected, result.found)
    moved = [abs(result.numbers[name] - value) / (abs(value) or 1.0) for name, value in whole.numbers.items() if name in result.numbers]
    return (1 - tau if tau is not None else 0.0) + (1 - index if index is not None else 0.0) + max(moved, default=0.0)
