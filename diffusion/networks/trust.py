"""Which edges of a network may be believed: support over resampled practices, and how many such edges shuffled data would show.

A test inside one network does not do: netinf's own passes more edges on shuffled years than on the real ones (``netinf.infer``). So the places that took up
a practice are exchanged among those of their cohort, all else left as it was, and the fit is made again. Neighbours have each other's words whoever watches
whom, and who takes up much carries much: so an edge is judged by what it carries beyond what the same two places do there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from diffusion.networks.cascades import Floats, Ints
from diffusion.networks.panel import Panel, Parents, Text, build
from diffusion.networks.parents import Fit, fit

SUPPORT, Q = 0.8, 0.05  # of edges that may be shown
TRANSMISSIONS = 0.5  # expected ones that make an edge one, in a resampled network
LEAST_PRACTICES = 10  # with fewer, resampling practices says nothing
LEAST_DRAWS = 10  # resampled and shuffled networks
STEPS = 15  # of the fit of a resampled network, which begins where the whole one ended
FEW_STEPS = 8  # where edges are compared with chance: a fit that goes on gives more and more to whoever happens to carry most
LEAST_COHORT = 4  # places that can stand for each other: with fewer there is nothing to exchange
_LITTLE = 0.5  # transmissions that are added to those by chance, so that a pair that has none there is not surprising at once
_LEAST_CARRIED = 0.05  # of an edge in a shuffled network that is kept


class Strengths(NamedTuple):
    """Expected transmissions of the edges of one network: ``pair`` is target x places + source."""

    pair: Ints
    carried: Floats


@dataclass(frozen=True)
class Trust:
    """By edge of the parents: ``support``, share of resampled networks that have it; ``q``, expected share of false ones among edges as far beyond chance.
    ``enough``: there are practices and resampled networks enough to tell; without, no edge may be shown."""

    support: Floats
    q: Floats
    enough: bool = True

    @property
    def shown(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return (self.support >= SUPPORT) & (self.q <= Q) & self.enough


def judge(
    panel: Panel,
    text: Text,
    parents: Parents,
    found: Fit,
    cohort: Ints,
    *,
    resamples: int = 200,
    shuffles: int = 200,
    seed: int = 1,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> Trust:
    """``cohort`` of each place: those of one cohort may stand for each other. ``tell`` hears of each network that is done; what it raises ends the work."""
    chance = np.random.default_rng(seed)
    size = len(parents.edge_source)
    hits, done = np.zeros(size), 0
    for transmissions in resample(parents, found, resamples, chance):
        hits += transmissions >= TRANSMISSIONS
        tell(done := done + 1, resamples + shuffles)
    chances = _Chances()
    for shuffled in shuffle(panel, text, cohort, shuffles, chance):
        chances.add(shuffled)
        tell(done := done + 1, resamples + shuffles)
    enough = len(parents.problem.class_years) >= LEAST_PRACTICES and min(resamples, shuffles) >= LEAST_DRAWS
    return Trust(hits / max(resamples, 1), chances.judge(measure(panel, parents)), enough)


def choose_cohorts(places: Sequence[str]) -> Ints:
    """A number for each place (graph id), the same for those that can stand for each other: of one county, or where few of it are here, of what is above it."""
    cohorts = [place.partition("/")[0] for place in places]
    for length in (len("cn:3505"), len("cn:35"), 0):
        sizes = Counter(cohorts)
        cohorts = [cohort if sizes[cohort] >= LEAST_COHORT else cohort[:length] for cohort in cohorts]
    numbers = {cohort: at for at, cohort in enumerate(sorted(set(cohorts)))}
    return np.array([numbers[cohort] for cohort in cohorts], np.int64)


def resample(parents: Parents, found: Fit, number: int, chance: np.random.Generator) -> Iterator[Floats]:
    """Expected transmissions of each edge, in networks of practices drawn with replacement."""
    practices = len(parents.problem.class_years)
    for _ in range(number):
        counts = np.bincount(chance.integers(0, practices, practices), minlength=practices).astype(np.float64)
        yield fit(parents.problem, steps=STEPS, counts=counts, start=found).transmissions[parents.first_edge :]


def shuffle(panel: Panel, text: Text, cohort: Ints, number: int, chance: np.random.Generator) -> Iterator[Strengths]:
    """Networks in which nobody is who they were."""
    for _ in range(number):
        exchanged = exchange(panel, cohort, chance)
        yield measure(exchanged, build(exchanged, text))


def measure(panel: Panel, parents: Parents) -> Strengths:
    carried = fit(parents.problem, steps=FEW_STEPS).transmissions[parents.first_edge :]
    return Strengths(parents.edge_target * len(panel.county) + parents.edge_source, carried)


class _Chances:
    """What pairs of places carry in shuffled networks."""

    def __init__(self) -> None:
        self._sums = Strengths(np.zeros(0, np.int64), np.zeros(0))
        self._draws: list[Strengths] = []

    def add(self, drawn: Strengths) -> None:
        pairs, at = np.unique(np.concatenate([self._sums.pair, drawn.pair]), return_inverse=True)
        sums = np.zeros(len(pairs))
        np.add.at(sums, at, np.concatenate([self._sums.carried, drawn.carried]))
        self._sums = Strengths(pairs, sums)
        kept = drawn.carried >= _LEAST_CARRIED
        self._draws.append(Strengths(drawn.pair[kept], drawn.carried[kept]))

    def judge(self, own: Strengths) -> Floats:
        """q of each edge of a network."""
        return false_share(self._beyond(own), [self._beyond(drawn) for drawn in self._draws])

    def _beyond(self, network: Strengths) -> Floats:
        """How far each edge is beyond what its pair carries by chance, in standard errors of a count."""
        pairs, sums = self._sums
        at = np.searchsorted(pairs, network.pair)
        known = np.take(pairs, at, mode="clip") == network.pair if len(pairs) else np.zeros(len(at), np.bool_)
        usual = np.zeros(len(at))
        usual[known] = sums[at[known]] / len(self._draws)
        beyond: Floats = (network.carried - usual) / np.sqrt(usual + _LITTLE)
        return beyond


def exchange(panel: Panel, cohort: Ints, chance: np.random.Generator) -> Panel:
    """The same adoptions with the same dates and text links, by other places: in each practice its adopters change places within their cohort."""
    chances, copied = panel.chances.copy(), {}
    for practice, adopted in enumerate(panel.chances.sum(axis=2) > 0):
        new_place = np.arange(len(adopted))
        adopters = np.flatnonzero(adopted)
        for group in np.unique(cohort[adopters]):
            members = adopters[cohort[adopters] == group]
            new_place[members] = chance.permutation(members)
        chances[practice, new_place[adopters]] = panel.chances[practice, adopters]
        for place in adopters:
            sources = panel.copied.get((practice, int(place)))
            if sources:
                copied[practice, int(new_place[place])] = {int(new_place[source]) if source >= 0 else source: close for source, close in sources.items()}
    return replace(panel, chances=chances, copied=copied)


def false_share(own: Floats, shuffled: list[Floats]) -> Floats:
    """For each edge: edges of shuffled networks that are as strong, on average, over the edges of this one that are; never less than for a stronger edge."""
    if not shuffled or not len(own):
        return np.ones(len(own))
    others = np.sort(np.concatenate(shuffled))
    order = np.argsort(-own, kind="stable")
    as_strong = np.searchsorted(np.sort(own), own[order], side="left")
    false = (len(others) - np.searchsorted(others, own[order], side="left")) / len(shuffled)
    share = np.minimum(false / (len(own) - as_strong), 1.0)
    q = np.empty(len(own))
    q[order] = np.maximum.accumulate(share)
    return q
