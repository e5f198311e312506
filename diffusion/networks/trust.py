"""Which edges of a network may be believed: support over resampled practices, and how many such edges shuffled data would show.

A test inside one network does not do: netinf's own passes more edges on shuffled years than on the real ones (``netinf.infer``). So the places that took up
a practice are exchanged among those of their cohort, all else left as it was, and the fit is made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from diffusion.networks.cascades import Floats, Ints
from diffusion.networks.panel import Panel, Parents, Text, build
from diffusion.networks.parents import Fit, fit

SUPPORT, Q = 0.8, 0.05  # of edges that may be shown
TRANSMISSIONS = 0.5  # expected ones that make an edge one, in a resampled network
LEAST_PRACTICES = 10  # with fewer, resampling practices says nothing
LEAST_DRAWS = 10  # resampled and shuffled networks
STEPS = 30


@dataclass(frozen=True)
class Trust:
    """By edge of the parents: ``support``, share of resampled networks that have it; ``q``, expected share of false ones among edges that carry as much.
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
    strengths = []
    for strength in shuffle(panel, text, cohort, shuffles, chance):
        strengths.append(strength)
        tell(done := done + 1, resamples + shuffles)
    own = found.transmissions[parents.first_edge :]
    enough = len(parents.problem.class_years) >= LEAST_PRACTICES and min(resamples, shuffles) >= LEAST_DRAWS
    return Trust(hits / max(resamples, 1), false_share(own, strengths), enough)


def resample(parents: Parents, found: Fit, number: int, chance: np.random.Generator) -> Iterator[Floats]:
    """Expected transmissions of each edge, in networks of practices drawn with replacement."""
    practices = len(parents.problem.class_years)
    for _ in range(number):
        counts = np.bincount(chance.integers(0, practices, practices), minlength=practices).astype(np.float64)
        yield fit(parents.problem, steps=STEPS // 2, counts=counts, start=found).transmissions[parents.first_edge :]


def shuffle(panel: Panel, text: Text, cohort: Ints, number: int, chance: np.random.Generator) -> Iterator[Floats]:
    """Expected transmissions of the edges of networks in which nobody is who they were."""
    for _ in range(number):
        parents = build(exchange(panel, cohort, chance), text)
        yield fit(parents.problem, steps=STEPS).transmissions[parents.first_edge :]


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
    """For each edge: edges of shuffled networks that carry as much, on average, over the edges of this one that do; never less than for a stronger edge."""
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
