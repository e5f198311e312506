"""Acts of superiors that no text here shows: places below one superior take up a practice at about the same time, and nobody here was before them.

Of each superior, practice and year it is asked how much better the adoptions below are explained if there had been an act, by the rates of known acts. What it
explains has to outweigh how seldom acts are (``prior``), and to be at least ``LEAST`` adoptions. Reconstructing the words of such an act is not tried (Burgess
et al., LobbyBack, 2016, do that).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from diffusion.networks.cascades import Floats, Ints
from diffusion.networks.panel import ACT_AGES, Panel, Parents, Text
from diffusion.networks.parents import Fit, Problem

LEAST = 2.5  # adoptions that an inferred act explains, as expected
_USUAL = (0.3, 0.3, 0.15, 0.05)  # rates of acts by age where no act of that level is known
_HIDDEN_SHARE = 2.0  # inferred acts beside those that are known: few orders are published, fewer taken in
_LEAST_PRIOR, _MOST_PRIOR = 0.02, 0.3  # of an act of a superior on a practice

Shared = Mapping[tuple[int, int], int]  # (practice, place) → how many places below the same superior have the same words


def infer_acts(panel: Panel, text: Text, parents: Parents, found: Fit, shared: Shared) -> Panel:
    """The panel with the acts that have to be assumed, after those that are there. Only the lowest superiors of each place are asked: their acts show best."""
    problem = parents.problem
    whole = _explain_without(problem, found)
    event_at = {(int(practice), int(place)): at for at, (practice, place) in enumerate(zip(problem.event_practice, parents.event_place, strict=True))}
    below: dict[int, list[int]] = {}
    for place, chain in enumerate(panel.superiors):
        if chain:
            below.setdefault(chain[-1], []).append(place)
    known = {(superior, practice) for superior, practice, _ in panel.acts}
    practices, years = len(panel.chances), panel.chances.shape[2] - 1
    prior = float(np.clip(len(panel.acts) * _HIDDEN_SHARE / max(len(below) * practices, 1), _LEAST_PRIOR, _MOST_PRIOR))
    rates = _rates(panel, found, practices)
    acts, copied = list(panel.acts), {key: dict(sources) for key, sources in panel.copied.items()}
    for superior, places in sorted(below.items()):
        for practice in range(practices):
            here = [place for place in places if (practice, place) in event_at]
            if len(here) < LEAST or (superior, practice) in known:
                continue
            ratio = np.array([text.weigh(1.0 if shared.get((practice, place), 0) >= 2 else None) for place in here], np.float64)
            others = whole[[event_at[practice, place] for place in here]]
            gain, year, explained = max(_weigh(panel, practice, year, places, here, ratio, others, rates) for year in range(years))
            if gain + np.log(prior) > 0 and explained >= LEAST:
                acts.append((superior, practice, panel.start + year))
                for place, likely in zip(here, ratio, strict=True):
                    if likely > 1:
                        copied.setdefault((practice, place), {})[~superior] = 1.0
    return replace(panel, acts=acts, copied=copied)


def _explain_without(problem: Problem, found: Fit) -> Floats:
    """How well each event is explained by its candidates, with rates as all other practices show them: a rate that rests on these very events would speak for
    itself."""
    whole = np.zeros(problem.events)
    exposure = problem.sum_years(np.ones(len(problem.class_years)))
    practice_of = problem.event_practice[problem.event]
    for practice, (here, mine) in enumerate(zip(_group(practice_of, problem), _group(problem.practice, problem), strict=True)):
        event = problem.event[here]
        rate, at = np.unique(problem.rate[here], return_inverse=True)
        shape = problem.shape[problem.kind[rate]]
        brought = np.bincount(at, weights=found.share[here] * problem.event_mass[event], minlength=len(rate))
        peer = rate >= problem.first_edge
        waited = np.bincount(problem.exposed[mine], weights=problem.years[mine], minlength=problem.first_edge)[np.where(peer, 0, rate)]
        waited[peer] = problem.peers.list_years(practice, rate[peer] - problem.first_edge)
        value = (shape + np.maximum(found.transmissions[rate] - brought, 0)) / (shape / found.mean[problem.kind[rate]] + np.maximum(exposure[rate] - waited, 0))
        own = rate < len(problem.class_years)
        value[own] = found.value[rate[own]]  # the base rate is this practice's own
        np.add.at(whole, event, value[at] * problem.weight[here])
    return whole


def _group(practice: Ints, problem: Problem) -> list[Ints]:
    """The rows of each practice."""
    order = np.argsort(practice, kind="stable")
    return np.split(order, np.searchsorted(practice[order], np.arange(len(problem.class_years))))[1:]


def _rates(panel: Panel, found: Fit, practices: int) -> Floats:
    """By age, of the lowest level of superiors."""
    depth = max((len(chain) for chain in panel.superiors), default=0) - 1
    if not panel.acts or depth < 0:
        return np.array(_USUAL)
    first = practices + depth * ACT_AGES
    rates: Floats = np.maximum(found.value[first : first + ACT_AGES], np.array(_USUAL) / 4)
    return rates


def _weigh(
    panel: Panel, practice: int, year: int, places: Sequence[int], here: Sequence[int], ratio: Floats, others: Floats, rates: Floats
) -> tuple[float, int, float]:
    """(gain in log-likelihood of an act in a year, the year, adoptions that it explains)."""
    chances = panel.chances[practice]
    ages = np.minimum(np.arange(chances.shape[1] - 1) - year, ACT_AGES - 1)
    rate = np.where(ages >= 0, rates[np.maximum(ages, 0)], 0.0)
    when, mass = chances[here, 1:], chances[here, 1:].sum(axis=1)
    act = (when / np.maximum(mass, 1e-9)[:, None]) @ rate * ratio
    had = np.cumsum(chances[places], axis=1)[:, :-1]
    waited = float((np.clip(1 - had, 0, 1) @ rate).sum())
    explained = act / np.maximum(act + others, 1e-12) * mass
    return float((mass * np.log1p(act / np.maximum(others, 1e-12))).sum() - waited), year, float(explained.sum())
