"""From whom an adoption comes: a hazard that superiors' acts, peers that adopted before, and the world outside add up to, weighed with copied text.

The rate at which a place takes up a practice is the sum of its parents' rates: a base rate of the practice, a rate for each kind of superior act and its age, a
rate for each peer that has the practice. Each rate has a Gamma prior around the mean of its class, which the data give; small shapes keep most of the many
peers near nothing. Fitted by expectation and maximisation: an adoption is shared among its parents by rate x likelihood ratio of its text; a rate is the mean
of its posterior, given its shares over the time at risk. (The exponent of the mean logarithm, which variational Bayes would take, keeps rates that brought a
single adoption at nothing.) The shares of one adoption are the posterior of its source.

Of the family of NETRATE (``netrate.py``) and NEHA (Harden et al., Journal of Politics), which know neither texts nor superiors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diffusion.networks.cascades import Floats, Ints

STEPS = 60
_LITTLE = 1e-9
_BLOCK = 1000  # places whose exposure to all others is reckoned at a time
_SEEN_BEFORE = 1.0  # adoptions of each class, as it were


@dataclass(frozen=True)
class Peers:
    """Edges between places in the order of their targets, whose rates are the last of a problem, and how long each acted: ``active`` (practice x place x year)
    is how strong an example a place was in a year, ``risk`` the probability that a place was watched without the practice in it.

    Years of exposure are reckoned where they are asked for: a row for each edge and practice would take more room than all else.
    """

    source: Ints
    target: Ints
    active: Floats
    risk: Floats

    def sum_years(self, times: Floats) -> Floats:
        """By edge, of all practices, each as often as ``times`` says."""
        practices, places, years = self.active.shape
        examples = (self.active * times[:, None, None]).transpose(1, 0, 2).reshape(places, practices * years)
        waiting = self.risk.transpose(1, 0, 2).reshape(places, practices * years)
        exposed = np.zeros(len(self.source))
        for first in range(0, places, _BLOCK):
            here = slice(*np.searchsorted(self.target, (first, first + _BLOCK)))
            exposed[here] = (waiting[first : first + _BLOCK] @ examples.T)[self.target[here] - first, self.source[here]]
        return exposed

    def list_years(self, practice: int, edges: Ints) -> Floats:
        """Of some edges and one practice."""
        years: Floats = (self.active[practice, self.source[edges]] * self.risk[practice, self.target[edges]]).sum(axis=1)
        return years


@dataclass(frozen=True)
class Problem:
    """Who may have brought whom to what. A candidate k says that ``event[k]`` may have come through ``rate[k]``; ``weight[k]`` is the probability that the
    source was there before, times the likelihood ratio of the text.

    Row m of the exposure says that ``exposed[m]``, which is no peer, acted for ``years[m]`` on places at risk in ``practice[m]``; ``peers`` knows it of peers.
    ``class_years`` (practice x class) counts all of a class, also rates that no event may have come through and that are not listed. ``kind`` is each rate's
    class, ``shape`` each class's prior. ``usual``: the mean rate of each class that is assumed where there are no data (1 / year); it weighs as much as one
    adoption. ``event_mass``: the probability that the event fell into the time that was watched.
    """

    event: Ints
    rate: Ints
    weight: Floats
    event_practice: Ints
    event_mass: Floats
    exposed: Ints
    practice: Ints
    years: Floats
    peers: Peers
    class_years: Floats
    kind: Ints
    shape: Floats
    usual: Floats

    @property
    def events(self) -> int:
        return len(self.event_practice)

    @property
    def rates(self) -> int:
        return len(self.kind)

    @property
    def first_edge(self) -> int:
        return self.rates - len(self.peers.source)

    def sum_years(self, times: Floats) -> Floats:
        """Years that each rate acted, of all practices, each as often as ``times`` says."""
        others = _sum(self.exposed, self.years * times[self.practice], self.first_edge)
        return np.concatenate([others, self.peers.sum_years(times)])


@dataclass(frozen=True)
class Fit:
    """``share`` of each candidate in its event (their sum is 1); ``transmissions`` and ``value`` of each rate, ``mean`` of each class (1 / year)."""

    share: Floats
    transmissions: Floats
    value: Floats
    mean: Floats


def fit(problem: Problem, *, steps: int = STEPS, counts: Floats | None = None, start: Fit | None = None) -> Fit:
    """``counts``: how often each practice counts, for resampling. ``start``: a fit of nearly the same problem, which saves steps."""
    times = np.ones(len(problem.class_years)) if counts is None else counts
    event_times = times[problem.event_practice]
    candidate_times = (event_times * problem.event_mass)[problem.event]
    exposure = problem.sum_years(times)
    class_exposure = np.maximum(times @ problem.class_years, _LITTLE)
    shape = problem.shape[problem.kind]
    mean = start.mean if start else problem.usual
    value = start.value if start else mean[problem.kind]
    share = transmissions = np.zeros(0)
    for _ in range(steps):
        part = value[problem.rate] * problem.weight
        whole = _sum(problem.event, part, problem.events)[problem.event]
        share = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
        transmissions = _sum(problem.rate, share * candidate_times, problem.rates)
        mean = (_sum(problem.kind, transmissions, len(problem.shape)) + _SEEN_BEFORE) / (class_exposure + _SEEN_BEFORE / problem.usual)
        value = (shape + transmissions) / (shape / mean[problem.kind] + exposure)
    return Fit(share, transmissions, value, mean)


def _sum(group: Ints, weights: Floats, size: int) -> Floats:
    return np.bincount(group, weights=weights, minlength=size).astype(np.float64, copy=False)
