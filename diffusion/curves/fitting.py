"""Laws of growth, fitted to what was seen of each place.

The ceiling is fixed at all eligible places: estimated, it would lie near the last observation (Van den Bulte and Lilien, 1997). Where each place is seen
without the practice in one year and with it in the next, the likelihood is the binomial one of the risk set of each year; longer intervals, missing reports
and silence sum over the years they leave open. Maximised by scoring with the outer product of the places' scores, damped (Levenberg and Marquardt), for all
resamples at once.

constant: share ``before`` watching began, then ``rate`` a year of those left
logistic: ``rate``, ``inflection``
bass: ``before``, ``innovation`` p, ``imitation`` q: of those left, p + q x share take it up a year
step: ``before``, ``rate``, and ``after`` more from the year ``year`` on, which is estimated
mandate: the same from the year on in which a superior of the place has acted in this collection
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from diffusion.curves.model import CurveFit, FitName, Parameter
from diffusion.curves.observing import NEVER, Observed
from diffusion.networks.cascades import Floats, Ints

LAWS: tuple[FitName, ...] = ("constant", "logistic", "bass", "step", "mandate")
_LIMIT = 12.0  # of a parameter on its own scale: rates between e^-12 and e^3, shares between their logistics
_RIDGE = 1e-4  # a pull to the middle of that scale, so that a rate of nothing has a place to stop; it moves no rate that the data know
_SMALL = 1e-300
_TRIES = 60
_BOUND = 1e-5
_DIFFERENCE = 1e-4

Grow = Callable[[Floats, Floats, Floats], Floats]
"""(parameters (resample x k), ages (cell ends, years since watching began), age of the act (resample x 1 or group)) → shares (resample x group x end)."""


@dataclass(frozen=True)
class _Law:
    name: FitName
    starts: tuple[tuple[float, ...], ...]
    grow: Grow
    told: Callable[[Floats, int, int], dict[str, Floats]]  # parameters, the year that age 0 ends, → name → value for each resample


def _expit(value: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(value, -_LIMIT, _LIMIT)))


def _rate(value: Floats) -> Floats:
    return np.exp(np.clip(value, -_LIMIT, 3.0))


def _grow_constant(theta: Floats, ages: Floats, act: Floats) -> Floats:
    before, rate = _expit(theta[:, 0])[:, None, None], _rate(theta[:, 1])[:, None, None]
    return 1 - (1 - before) * np.exp(-rate * ages) * np.ones_like(act)[..., None]


def _grow_logistic(theta: Floats, ages: Floats, act: Floats) -> Floats:
    rate, middle = _rate(theta[:, 0])[:, None, None], theta[:, 1][:, None, None]
    return 1 / (1 + np.exp(np.clip(-rate * (ages - middle), -500, 500))) * np.ones_like(act)[..., None]


def _grow_bass(theta: Floats, ages: Floats, act: Floats) -> Floats:
    before, p, q = (part[:, None, None] for part in _bass(theta))
    left = (1 - before) / (p + q * before) * np.exp(-(p + q) * ages)
    return (1 - p * left) / (1 + q * left) * np.ones_like(act)[..., None]


def _bass(theta: Floats) -> tuple[Floats, Floats, Floats]:
    return _expit(theta[:, 0]), _rate(theta[:, 1]), _rate(theta[:, 2])


def _grow_step(theta: Floats, ages: Floats, act: Floats) -> Floats:
    """The act's own year counts as a year with it: orders come early in a year, reports are written after its end."""
    before, rate, after = (part[:, None, None] for part in (_expit(theta[:, 0]), _rate(theta[:, 1]), _rate(theta[:, 2])))
    since = np.clip(ages - (act[..., None] - 1), 0, np.maximum(ages, 0))
    return 1 - (1 - before) * np.exp(-rate * ages - after * since)


def _tell_inflection(theta: Floats, base: int, last: int) -> Floats:
    """When Bass growth is fastest: at the share (q - p) / 2q; where it only slows down from the beginning, at the beginning."""
    before, p, q = _bass(theta)
    turn = np.maximum((q - p) / (2 * q), 0)
    left = (1 - before) / (p + q * before)
    return base + np.maximum(-np.log((1 - turn) / (left * (p + q * turn))) / (p + q), 0)


_CONSTANT = _Law("constant", ((-3.0, -2.0),), _grow_constant, lambda theta, base, last: {"before": _expit(theta[:, 0]), "rate": _rate(theta[:, 1])})
_BASS = _Law(
    "bass",
    tuple((before, p, q) for before in (-4.0, -1.0) for p in (-5.0, -2.5) for q in (-2.0, 0.0)),
    _grow_bass,
    lambda theta, base, last: {
        "before": _expit(theta[:, 0]), "innovation": _rate(theta[:, 1]), "imitation": _rate(theta[:, 2]), "inflection": _tell_inflection(theta, base, last),
    },
)  # fmt: skip
_STARTS_OF_STEPS = tuple((before, rate, after) for before in (-4.0, -1.0) for rate in (-4.0, -2.0) for after in (-2.0, 0.0))


def _logistic(last_age: int) -> _Law:
    starts = tuple((rate, middle * last_age) for rate in (-1.5, 0.0) for middle in (0.2, 0.6, 1.0, 1.5))
    return _Law("logistic", starts, _grow_logistic, lambda theta, base, last: {"rate": _rate(theta[:, 0]), "inflection": base + theta[:, 1]})


def _step(name: FitName) -> _Law:
    return _Law(
        name, _STARTS_OF_STEPS, _grow_step,
        lambda theta, base, last: {"before": _expit(theta[:, 0]), "rate": _rate(theta[:, 1]), "after": _rate(theta[:, 2])},
    )  # fmt: skip


@dataclass(frozen=True)
class _Grouped:
    """Places that are alike: their ``fits``, the age at which an act came (``act``: which of the distinct ``ages_of_acts``), their number in each resample."""

    fits: Floats
    act: Ints
    ages_of_acts: Floats
    counts: Floats  # resample x group; the first row is the data as they are


def _group(observed: Observed, counts: Ints, with_acts: bool) -> _Grouped:
    never = observed.last - observed.first + 3  # the age of an act that never came
    ages = np.where(observed.acts < NEVER, np.clip(observed.acts - (observed.first - 1), 0, never), never) if with_acts else np.zeros(len(observed.places))
    kinds, group = np.unique(np.column_stack([observed.fits, ages]), axis=0, return_inverse=True)
    summed = np.zeros((len(counts) + 1, len(kinds)))
    for row, count in zip(summed, np.vstack([np.ones(len(observed.places), np.int64), counts]), strict=True):
        np.add.at(row, group.ravel(), count)
    distinct, column = np.unique(kinds[:, -1], return_inverse=True)
    return _Grouped(kinds[:, :-1], column.ravel(), distinct, summed)


def _log_fit(law: _Law, theta: Floats, data: _Grouped, acts: Floats) -> Floats:
    """Log probability of each group (resample x group)."""
    ends = np.arange(data.fits.shape[1] - 1, dtype=float)  # 0 is the end of the year before the first
    shares = law.grow(theta, ends, acts)
    grown = np.diff(shares, axis=2, prepend=0.0, append=1.0)
    if grown.shape[1] == 1:
        return np.log(np.maximum(grown[:, 0] @ data.fits.T, _SMALL))
    found = np.empty((len(theta), len(data.fits)))
    for column in range(grown.shape[1]):
        chosen = data.act == column
        found[:, chosen] = grown[:, column] @ data.fits[chosen].T
    return np.log(np.maximum(found, _SMALL))


def _maximise(law: _Law, theta: Floats, counts: Floats, data: _Grouped, acts: Floats) -> tuple[Floats, Floats]:
    """Parameters and log likelihoods, row by row of ``theta``, ``counts`` and ``acts``."""
    size = theta.shape[1]

    def likelihood(at: Floats, rows: Ints) -> Floats:
        found: Floats = (counts[rows] * _log_fit(law, at, data, acts[rows])).sum(1) - _RIDGE * (at**2).sum(1)
        return found

    theta = theta.copy()
    every = np.arange(len(theta))
    best, damping, running = likelihood(theta, every), np.full(len(theta), 1e-2), np.ones(len(theta), bool)
    for _ in range(_TRIES):
        rows = every[running]
        if not len(rows):
            break
        at, weights = theta[rows], counts[rows]
        scores = np.empty((len(rows), counts.shape[1], size))
        for axis in range(size):
            step = np.zeros(size)
            step[axis] = _DIFFERENCE
            scores[..., axis] = (_log_fit(law, at + step, data, acts[rows]) - _log_fit(law, at - step, data, acts[rows])) / (2 * _DIFFERENCE)
        slope = (weights[..., None] * scores).sum(1) - 2 * _RIDGE * at
        bend = np.swapaxes(scores * weights[..., None], 1, 2) @ scores
        diagonal = np.einsum("rii->ri", bend)
        bend = bend + np.eye(size) * (damping[rows, None] * diagonal + 2 * _RIDGE)[:, :, None]
        moved = at + np.clip(np.linalg.solve(bend, slope[..., None])[..., 0], -3, 3)
        reached = likelihood(moved, rows)
        gained = reached - best[rows]
        better = gained > 0
        theta[rows[better]], best[rows[better]] = moved[better], reached[better]
        damping[rows] = np.where(better, np.maximum(damping[rows] / 5, 1e-8), damping[rows] * 8)
        running[rows] = ~((better & (gained < _BOUND)) | (~better & (damping[rows] > 1e4)))
    return theta, (counts * _log_fit(law, theta, data, acts)).sum(1)


def _fit_law(law: _Law, data: _Grouped, acts: Floats) -> tuple[Floats, Floats]:
    """The data first, from every start; then each resample from where the data ended. ``acts`` (1 x distinct)."""
    starts = np.array(law.starts)
    found, reached = _maximise(law, starts, np.repeat(data.counts[:1], len(starts), 0), data, np.repeat(acts, len(starts), 0))
    best = found[reached.argmax()]
    rest, likelihoods = _maximise(law, np.repeat(best[None], len(data.counts) - 1, 0), data.counts[1:], data, np.repeat(acts, len(data.counts) - 1, 0))
    return np.vstack([best[None], rest]), np.concatenate([[reached.max()], likelihoods])


def fit_curves(observed: Observed, counts: Ints, names: Collection[FitName] = LAWS) -> tuple[CurveFit, ...]:
    """The laws of these names, the smallest AICc first; ``mandate`` only where some place has an act. ``counts``: resamples of places, for the intervals."""
    plain = _group(observed, counts, with_acts=False)
    last_age = observed.last - observed.first + 1
    informative = int((np.ptp(observed.fits, axis=1) > 0).sum())
    nowhere = np.zeros((1, 1))
    laws = [law for law in (_CONSTANT, _logistic(last_age), _BASS) if law.name in names]
    fits = [_tell(law, *_fit_law(law, plain, nowhere), nowhere, plain, observed, informative) for law in laws]
    if "step" in names:
        fits.append(_fit_step(plain, observed, last_age, informative))
    if "mandate" in names and (observed.acts < NEVER).any():
        grouped, law = _group(observed, counts, with_acts=True), _step("mandate")
        acts = grouped.ages_of_acts[None]
        fits.append(_tell(law, *_fit_law(law, grouped, acts), acts, grouped, observed, informative))
    return tuple(sorted(fits, key=lambda fit: (fit.aicc, fit.name)))


def _fit_step(data: _Grouped, observed: Observed, last_age: int, informative: int) -> CurveFit:
    """The year of the step is one more parameter: each is tried, in every resample."""
    law = _step("step")
    tried = np.arange(2.0, last_age + 1) if last_age > 1 else np.ones(1)
    starts, resamples = np.array(law.starts), len(data.counts) - 1
    found, reached = _maximise(
        law, np.tile(starts, (len(tried), 1)), np.repeat(data.counts[:1], len(starts) * len(tried), 0), data, np.repeat(tried, len(starts))[:, None]
    )  # year by year, all starts of each
    best = reached.reshape(len(tried), -1).argmax(1) + np.arange(len(tried)) * len(starts)
    rest, likelihoods = _maximise(
        law, np.repeat(found[best], resamples, 0), np.tile(data.counts[1:], (len(tried), 1)), data, np.repeat(tried, resamples)[:, None]
    )
    every = np.column_stack([reached[best], likelihoods.reshape(len(tried), resamples)])  # year x resample, the data themselves first
    thetas = np.concatenate([found[best][:, None], rest.reshape(len(tried), resamples, -1)], axis=1)
    chosen, rows = every.argmax(0), np.arange(resamples + 1)
    theta, ages = thetas[chosen, rows], tried[chosen]
    return _tell(law, theta, every[chosen, rows], ages[:, None], data, observed, informative, {"year": observed.first - 1 + ages})


def _tell(
    law: _Law,
    theta: Floats,
    likelihoods: Floats,
    acts: Floats,
    data: _Grouped,
    observed: Observed,
    informative: int,
    more: dict[str, Floats] | None = None,
) -> CurveFit:
    """Rounded, so that what is drawn and compared is the same on every machine."""
    told = {**law.told(theta, observed.first - 1, observed.last), **(more or {})}
    ends = np.arange(1, data.fits.shape[1] - 1, dtype=float)
    shares = law.grow(theta, ends, np.broadcast_to(acts, (len(theta), acts.shape[1])))
    if shares.shape[1] == 1:
        curves = shares[:, 0]
    else:
        held = np.column_stack([(data.counts * (data.act == column)).sum(1) for column in range(shares.shape[1])])
        curves = np.einsum("rat,ra->rt", shares, held / held.sum(1, keepdims=True))
    low, high = np.quantile(curves[1:], [0.025, 0.975], axis=0)
    count = theta.shape[1] + len(more or {})
    likelihood = float(likelihoods[0])
    return CurveFit(
        name=law.name,
        parameters=tuple(_tell_parameter(name, values) for name, values in told.items()),
        log_likelihood=round(likelihood, 4),
        aicc=round(2 * count - 2 * likelihood + 2 * count * (count + 1) / max(informative - count - 1, 1), 4),
        values=_round(curves[0]),
        low=_round(low),
        high=_round(high),
    )


def _tell_parameter(name: str, values: Floats) -> Parameter:
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return Parameter(name=name, value=round(float(values[0]), 4), low=round(float(low), 4), high=round(float(high), 4))


def _round(values: Sequence[float] | Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)
