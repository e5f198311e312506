"""What makes a place take a practice up in a year, given that it has not yet: earlier adopters near by, an act of a superior, or only the passing of time.

A discrete-time hazard with the complementary log-log link (its coefficients are those of proportional hazards in continuous time), one row for each place and
year at risk, errors clustered by county (statsmodels, GLM with cov_type="cluster"). Time enters as a trend, so that what all places have in common
is not put down to neighbours. Where intervals leave the year open, ``draws`` years are drawn from them and the fits combined by Rubin's rules. Drawn years know
nothing of neighbours, which pulls their coefficients towards nothing, the more so the more is missing. Few counties do the same, as shares rise with the
trend: where 40 counties were planted with 2.0, 1.5 came out, with 200 counties 1.95. What is found is therefore rather too little than too much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from diffusion.curves.estimating import draw_years
from diffusion.curves.model import Refused
from diffusion.curves.observing import NEVER, Observed, mirror
from diffusion.networks.cascades import Floats, Ints
from diffusion.networks.panel import Bools

DRAWS = 20
EVENTS_EACH = 10  # for each covariate (Peduzzi and others, 1996)
LEAST_COUNTIES = 10  # errors clustered by fewer are too small
FEW_COUNTIES = 30
_WITHIN = 1e-6


class Coefficient(msgspec.Struct, frozen=True, kw_only=True):
    """``value`` with its 95 % interval, of the logarithm of the hazard; ``ratio``: what the hazard is multiplied by for ``per``."""

    name: str
    value: float
    low: float
    high: float
    ratio: float
    per: str


class Hazard(msgspec.Struct, frozen=True, kw_only=True):
    """``events`` and ``at_risk`` (place-years) are means over the draws. ``left_out``: covariates that do not vary here, or that these events can't carry."""

    coefficients: tuple[Coefficient, ...]
    events: float
    at_risk: float
    counties: int
    left_out: tuple[str, ...]
    refused: Refused | None
    caveats: tuple[str, ...]
    seed: int
    draws: int


_PER = {"county_share": "10 points more adopters among the county's other places", "prefecture_share": "10 points more in the prefecture's other counties",
        "act": "an act of a superior in force", "trend": "a year", "trend_squared": "a year, squared"}  # fmt: skip
_SHARES = ("county_share", "prefecture_share")


class _Table(msgspec.Struct, frozen=True):
    """One row for each place and year at risk. ``columns``: covariates by name."""

    taken: Bools
    county: Ints
    columns: dict[str, Floats]


def fit_hazard(observed: Observed, *, seed: int = 1, draws: int = DRAWS) -> Hazard:
    """Nothing is raised for poor data: ``refused`` says why there are no coefficients."""
    counties = len({place.partition("/")[0] for place in observed.places})

    def refuse(refused: Refused, events: float = 0.0, at_risk: float = 0.0, left_out: Sequence[str] = ()) -> Hazard:
        return Hazard(
            coefficients=(), events=events, at_risk=at_risk, counties=counties, left_out=tuple(left_out), refused=refused, caveats=(), seed=seed, draws=draws
        )

    if not observed.adopters:
        return refuse(Refused(code="no_adopters", reason="No report here says that its place has taken this up, so there is nothing to explain."))
    if counties < LEAST_COUNTIES:
        return refuse(
            Refused(code="few_counties", reason=f"{counties} counties: with fewer than {LEAST_COUNTIES} the errors of places side by side can't be told.")
        )
    tables = [_tabulate(observed, years) for years in draw_years(observed, draws, seed)]
    events, at_risk = round(float(np.mean([table.taken.sum() for table in tables])), 1), round(float(np.mean([len(table.taken) for table in tables])), 1)
    names = [name for name in _PER if all(np.ptp(table.columns[name]) > _WITHIN for table in tables if len(table.taken))]
    if events < EVENTS_EACH * len(names) and "trend_squared" in names:
        names.remove("trend_squared")
    left_out = [name for name in _PER if name not in names]
    if not set(names) - {"trend", "trend_squared"}:
        return refuse(Refused(code="no_variation", reason="Neither neighbours nor acts differ between these places and years."), events, at_risk, left_out)
    if events < EVENTS_EACH * len(names):
        reason = f"{events:g} adoptions for {len(names)} covariates; each asks for {EVENTS_EACH} at least."
        return refuse(Refused(code="few_events", reason=reason), events, at_risk, left_out)
    if any(_is_separated(table, names) for table in tables):
        reason = "Some covariate parts those who adopt from those who don't without exception, so its weight has no bound."
        return refuse(Refused(code="separated", reason=reason), events, at_risk, left_out)
    caveats = ["A cause that the places of a county share looks the same as examples within it; nothing here shows that one place made another adopt."]
    if counties < FEW_COUNTIES:
        caveats.append(f"Errors are clustered by {counties} counties; with so few, intervals come out somewhat too narrow.")
    return Hazard(
        coefficients=_combine(tables, names),
        events=events,
        at_risk=at_risk,
        counties=counties,
        left_out=tuple(left_out),
        refused=None,
        caveats=tuple(caveats),
        seed=seed,
        draws=draws,
    )


def measure_direction(observed: Observed, *, seed: int = 1, draws: int = 5) -> tuple[float | None, float | None]:
    """The weight of ``county_share`` as it is and with time reversed, both without acts; None where it can't be told. Examples work forward only: where the
    reverse weighs as much, what a county's places have in common explains as much."""
    told = []
    for one in (replace(observed, acts=np.full_like(observed.acts, NEVER)), mirror(observed)):
        found = fit_hazard(one, seed=seed, draws=draws)
        told.append(next((each.value for each in found.coefficients if each.name == "county_share"), None))
    return told[0], told[1]


def _tabulate(observed: Observed, years: Ints) -> _Table:
    """At risk from ``first`` until the year drawn, at most until the last report: what came after nobody saw."""
    span = np.arange(observed.first, observed.last + 1)
    until = np.array([max(own, default=observed.first - 1) for own in observed.present], np.int64)
    until = np.where(observed.upper < NEVER, np.maximum(until, observed.upper), until)
    risk = (span <= years[:, None]) & (span <= until[:, None])
    had = years[:, None] < span  # by the end of the year before
    codes = [place.partition("/")[0] for place in observed.places]
    county = np.unique(codes, return_inverse=True)[1].ravel()
    prefecture = np.unique([code[: len("cn:3505")] for code in codes], return_inverse=True)[1].ravel()
    here, size = _sum_by(county, had), _sum_by(county, np.ones((len(codes), 1)))
    around, wide = _sum_by(prefecture, had) - here, _sum_by(prefecture, np.ones((len(codes), 1))) - size
    place, year = np.nonzero(risk)
    trend = (span[year] - span.mean()) / 1.0
    acts = observed.acts[place] <= span[year]
    columns = {
        "county_share": _divide(here - had, size - 1)[place, year],
        "prefecture_share": _divide(around, wide)[place, year],
        "act": acts.astype(float),
        "trend": trend,
        "trend_squared": trend**2,
    }
    return _Table(years[place] == span[year], county[place], columns)


def _sum_by(group: Ints, values: Floats | Bools) -> Floats:
    sums = np.zeros((int(group.max()) + 1, values.shape[1]))
    np.add.at(sums, group, values)
    return np.asarray(sums[group], float)


def _divide(part: Floats, whole: Floats) -> Floats:
    shares: Floats = np.divide(part, whole, out=np.zeros_like(part, dtype=float), where=np.broadcast_to(whole, part.shape) > 0)
    return shares


def _design(table: _Table, names: Sequence[str]) -> Floats:
    return np.column_stack([np.ones(len(table.taken)), *(table.columns[name] for name in names)])


def _is_separated(table: _Table, names: Sequence[str]) -> bool:
    """Whether some weights put every adoption on one side and all else on the other or between (K. Konis, 2007, by a linear programme)."""
    from scipy.optimize import linprog

    design = _design(table, names)
    signed = np.where(table.taken, 1.0, -1.0)[:, None] * design / np.maximum(np.abs(design).max(0), _WITHIN)
    found = linprog(-signed.sum(0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=[(-1, 1)] * signed.shape[1], method="highs")
    return bool(found.status == 0 and -found.fun > 1e-4)


def _combine(tables: Sequence[_Table], names: Sequence[str]) -> tuple[Coefficient, ...]:
    """Rubin's rules: the mean of the draws, and the variance within them plus that between them."""
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.families.links import CLogLog
    from statsmodels.genmod.generalized_linear_model import GLM

    values, variances = [], []
    for table in tables:
        fitted = GLM(table.taken.astype(float), _design(table, names), family=Binomial(CLogLog())).fit(cov_type="cluster", cov_kwds={"groups": table.county})
        values.append(np.asarray(fitted.params))
        variances.append(np.diag(fitted.cov_params()))
    mean = np.mean(values, axis=0)
    between = np.var(values, axis=0, ddof=1) if len(tables) > 1 else np.zeros_like(mean)
    error = np.sqrt(np.mean(variances, axis=0) + (1 + 1 / len(tables)) * between)
    return tuple(
        Coefficient(
            name=name,
            value=round(float(value), 4),
            low=round(float(value - 1.96 * wide), 4),
            high=round(float(value + 1.96 * wide), 4),
            ratio=round(float(np.exp(np.clip(value * (0.1 if name in _SHARES else 1.0), -50, 50))), 4),
            per=_PER[name],
        )
        for name, value, wide in zip(names, mean[1:], error[1:], strict=True)
    )
