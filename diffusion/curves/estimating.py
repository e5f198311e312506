"""Shares without a law of growth.

The estimator of intervals is Turnbull's (B. W. Turnbull, The empirical distribution function with arbitrarily grouped, censored and truncated data, 1976):
expectation and maximisation over the cells in which adoption can lie. ``lifelines`` has the same for closed intervals
(https://lifelines.readthedocs.io, KaplanMeierFitter.fit_interval_censoring: "only closed interval are supported", left-censored rows begin at 0); ours also
takes weights within an interval, which silence gives, and all resamples at once. Tests hold both estimators against lifelines.
"""

from __future__ import annotations

import numpy as np

from diffusion.curves.model import Estimate
from diffusion.curves.observing import NEVER, Observed
from diffusion.networks.cascades import Floats, Ints
from diffusion.networks.panel import Bools

_STEPS = 5000
_TOLERANCE = 1e-8


def draw_counts(places: int, draws: int, seed: int) -> Ints:
    """How often each place is in each resample of places (draws x places)."""
    chance = np.random.default_rng(seed)
    return chance.multinomial(places, np.full(places, 1 / places), size=draws)


def estimate_masses(fits: Floats, counts: Floats) -> Floats:
    """Turnbull's probabilities of each cell, for each row of ``counts`` (how often each place counts)."""
    shapes, group = np.unique(fits, axis=0, return_inverse=True)
    shares = np.zeros((len(counts), len(shapes)))
    for row, count in zip(shares, counts, strict=True):
        np.add.at(row, group.ravel(), count)
    shares /= shares.sum(1, keepdims=True)
    masses = np.full((len(counts), fits.shape[1]), 1 / fits.shape[1])
    for _ in range(_STEPS):
        expected = np.divide(shares, masses @ shapes.T, out=np.zeros_like(shares), where=shares > 0)
        found = masses * (expected @ shapes)
        if np.abs(found - masses).max() < _TOLERANCE:
            return found
        masses = found
    return masses


def draw_years(observed: Observed, draws: int, seed: int) -> Ints:
    """Years of adoption drawn from what is open for each place, by Turnbull's probabilities (draws x places): ``first`` - 1 for before watching began,
    ``last`` + 1 for later or never."""
    masses = estimate_masses(observed.fits, np.ones((1, len(observed.places))))[0]
    chances = observed.fits * np.maximum(masses, 1e-9)  # where the estimator puts nothing a place's own interval still stands
    ends = (chances / chances.sum(1, keepdims=True)).cumsum(1)
    drawn = np.random.default_rng(seed).random((draws, len(observed.places)))
    cells = (drawn[:, :, None] > ends[None, :, :-1]).sum(2)
    return np.asarray(cells + observed.first - 1, np.int64)


def estimate_turnbull(observed: Observed, counts: Ints) -> Estimate:
    masses = estimate_masses(observed.fits, np.vstack([np.ones(len(observed.places)), counts]))
    shares = masses.cumsum(1)[:, 1:-1]  # up to the end of each year; what was there before is in them
    low, high = np.quantile(shares[1:], [0.025, 0.975], axis=0)
    return Estimate(name="turnbull", values=_told(shares[0]), low=_told(low), high=_told(high))


def estimate_kaplan_meier(observed: Observed, counts: Ints) -> Estimate:
    """Places whose first report does not name it yet, from then on (delayed entry), until they are seen with it or report no more."""
    rows = []
    for place, own in enumerate(observed.present):
        if not own:
            continue
        first_report, seen = min(own), int(observed.upper[place])
        rows.append((place, first_report, seen if seen < NEVER else max(own), seen < NEVER))
    kept = [row for row in rows if row[2] > row[1]]
    years = np.arange(observed.first, observed.last + 1)
    at = np.array([row[0] for row in kept], np.int64)
    entry, end = np.array([row[1] for row in kept], np.int64), np.array([row[2] for row in kept], np.int64)
    event = np.array([row[3] for row in kept], bool)
    risk = (entry[:, None] < years) & (years <= end[:, None])
    begun = event[:, None] & (end[:, None] == years)
    weights = np.vstack([np.ones(len(observed.places)), counts])[:, at].astype(float)
    at_risk, events = weights @ risk, weights @ begun
    staying = 1 - np.divide(events, at_risk, out=np.zeros_like(events), where=at_risk > 0)
    shares = 1 - staying.cumprod(1)
    known = (risk.any(0)).cumsum() > 0
    low, high = np.quantile(shares[1:], [0.025, 0.975], axis=0)
    return Estimate(name="kaplan_meier", values=_told(shares[0], known), low=_told(low, known), high=_told(high, known))


def _told(values: Floats, known: Bools | None = None) -> tuple[float | None, ...]:
    return tuple(round(min(max(float(value), 0.0), 1.0), 6) if known is None or known[at] else None for at, value in enumerate(values))
