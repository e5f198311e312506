"""Adoptions whose sources are known: townships with three sources each, superiors' acts, copied text that is found in part, reports that are missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diffusion.networks.panel import Panel, spread

START, YEARS = 2012, 10
BASE, PEER, ACT_SOON, ACT_LATER = 0.005, 0.2, 0.25, 0.05
COPIED = {"peer": 0.6, "act": 0.8}
FOUND, FALSE = 0.9, 0.03
Source = tuple[str, int]  # "base", "act" or "peer", and the number of the superior or place


@dataclass(frozen=True)
class World:
    panel: Panel
    sources: dict[tuple[int, int], Source]  # of (practice, place)
    edges: set[tuple[int, int]]


def simulate(practices: int, *, places: int = 60, counties: int = 6, missing: float = 0.1, seed: int = 1) -> World:
    chance = np.random.default_rng(seed)
    county = np.repeat(np.arange(counties), places // counties)
    peers = [_choose_peers(place, county, chance) for place in range(places)]
    superiors = [(0, 1 + int(own)) for own in county]
    when = np.full((practices, places), -1)
    sources: dict[tuple[int, int], Source] = {}
    copied: dict[tuple[int, int], list[int]] = {}
    acts = []
    for practice in range(practices):
        act_year = {0: int(chance.integers(START + 2, START + YEARS))} if chance.random() < 0.3 else {}
        act_year |= {1 + own: int(chance.integers(START, START + YEARS)) for own in range(counties) if chance.random() < 0.15}
        acts += [(superior, practice, year) for superior, year in act_year.items()]
        for year in range(START, START + YEARS):
            there = [place for place in range(places) if 0 <= when[practice, place] < year]
            for place in np.flatnonzero(when[practice] < 0):
                parents: list[tuple[float, Source]] = [(BASE, ("base", 0))]
                parents += [(ACT_SOON if year - act_year[s] < 2 else ACT_LATER, ("act", s)) for s in superiors[place] if act_year.get(s, 9999) <= year]
                parents += [(PEER, ("peer", peer)) for peer in peers[place] if peer in there]
                if chance.random() >= 1 - np.prod([1 - rate for rate, _ in parents]):
                    continue
                rates = np.array([rate for rate, _ in parents])
                source = parents[chance.choice(len(parents), p=rates / rates.sum())][1]
                when[practice, place] = year
                sources[practice, int(place)] = source
                shown = [source[1] if source[0] == "peer" else ~source[1]] if source[0] != "base" and chance.random() < COPIED[source[0]] * FOUND else []
                shown += [int(chance.choice(there))] if there and chance.random() < FALSE else []
                if shown:
                    copied[practice, int(place)] = shown
    edges = {(peer, place) for place in range(places) for peer in peers[place]}
    return World(_observe(when, missing, county, superiors, acts, copied, chance), sources, edges)


def _choose_peers(place: int, county: np.ndarray, chance: np.random.Generator) -> list[int]:
    near = [other for other in np.flatnonzero(county == county[place]) if other != place]
    return [int(peer) for peer in (*chance.choice(near, 2, replace=False), chance.choice(np.flatnonzero(county != county[place])))]


def _observe(when, missing, county, superiors, acts, copied, chance) -> Panel:  # type: ignore[no-untyped-def]
    """Reports speak of a practice from its year on; some are missing."""
    lower, upper = np.zeros_like(when), np.full_like(when, -1)
    until = np.full(len(county), START - 1)
    for place in range(len(county)):
        present = [START + step for step in range(YEARS) if chance.random() >= missing]
        until[place] = max(present, default=START - 1)
        for practice in np.flatnonzero(when[:, place] >= 0):
            after = [year for year in present if year >= when[practice, place]]
            if after:
                upper[practice, place] = after[0]
                lower[practice, place] = max((year for year in present if year < after[0]), default=START - 1)
    seen = {(practice, place): dict.fromkeys(sources, 1.0) for (practice, place), sources in copied.items() if upper[practice, place] >= 0}
    return Panel(spread(lower, upper, START, YEARS), START, until, county, superiors, acts, seen)
