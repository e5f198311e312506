"""One practice's curve: what was seen, what follows from it, and what must not be concluded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from diffusion.adoptions.model import Adoption
from diffusion.curves.estimating import draw_counts, estimate_kaplan_meier, estimate_turnbull
from diffusion.curves.fitting import fit_curves
from diffusion.curves.model import Act, Curve, CurveFit, CurveYear, FitName, Reading, Refused
from diffusion.curves.observing import Observed, count_years, observe

RESAMPLES = 200
LEAST_EVENTS = 10  # adoptions with both ends; a law of three parameters asks for that many at least
LEAST_YEARS = 3
LEAST_REPORTS = 2.0  # of a place on average: a place with one report is counted as watched, however many of its reports are missing
MOST_MISSING = 0.9
_EQUAL = 2.0  # difference of AICc below which two laws are as good as each other
_SHAPE: dict[FitName, Reading] = {"constant": "steady", "logistic": "s_shaped", "bass": "s_shaped", "step": "step", "mandate": "step"}
_WORDS: dict[Reading, str] = {"steady": "a steady rate", "s_shaped": "an S-shaped rise", "step": "a step"}


def judge_curve(
    program: str,
    rows: Iterable[Adoption],
    present: Mapping[str, Collection[int]],
    first: int,
    last: int,
    *,
    mention_rate: float = 1.0,
    acts: Sequence[Act] = (),
    eligible: Collection[str] | None = None,
    seed: int = 1,
    resamples: int = RESAMPLES,
) -> Curve:
    """The curve of the practice that ``rows`` are about; see ``observe`` for the other arguments. Nothing is raised for poor data: ``refused`` says it."""
    observed = observe(rows, present, first, last, mention_rate=mention_rate, acts=acts, eligible=eligible)
    years = count_years(observed)
    refused = refuse(observed)
    there = bool(years) and (refused is None or refused.code in ("few_events", "one_year", "few_years", "mostly_missing"))
    counts = draw_counts(len(observed.places), resamples, seed) if there else None
    estimates = (estimate_turnbull(observed, counts), estimate_kaplan_meier(observed, counts)) if counts is not None else ()
    fits = fit_curves(observed, counts) if counts is not None and refused is None else ()
    rivals = tuple(fit.name for fit in fits[1:] if fit.aicc - fits[0].aicc < _EQUAL)
    reading, unread = _read_shape(fits, rivals, first, last) if fits else (None, refused)
    return Curve(
        program=program,
        years=years,
        estimates=estimates,
        fits=fits,
        chosen=fits[0].name if fits else None,
        rivals=rivals,
        reading=reading,
        reading_refused=unread,
        refused=refused,
        mandates=_list_acts(acts),
        caveats=_warn(observed, years, mention_rate, bool(acts), fits),
        eligible=len(observed.places),
        adopters=observed.adopters,
        left_censored=observed.left_censored,
        events=observed.events,
        outside=observed.outside,
        mention_rate=round(mention_rate, 4),
        seed=seed,
        resamples=resamples,
    )


def refuse(observed: Observed) -> Refused | None:
    """Why no law of growth can be fitted; None where one can."""
    reports = sum(map(len, observed.present))
    if not reports:
        return Refused(code="no_years", reason="No report here has a place and a year, so there is nothing to count.")
    if reports == 1:
        return Refused(code="one_report", reason="There is one report. A curve needs several places over several years.")
    if not observed.adopters:
        return Refused(
            code="no_adopters", reason="No report here says that its place has taken this up. That does not say that none has: plans and silence do not count."
        )
    watched = {year for own in observed.present for year in own}
    if len(watched) == 1:
        return Refused(code="one_year", reason=f"All reports are on {min(watched)}: what was there in one year has no curve.")
    if len(watched) < LEAST_YEARS:
        return Refused(code="few_years", reason=f"The reports cover {len(watched)} years. With fewer than {LEAST_YEARS} there is a rise and no shape.")
    each = reports / len(observed.places)
    if observed.missing_share >= MOST_MISSING or each < LEAST_REPORTS:
        span = observed.last - observed.first + 1
        return Refused(
            code="mostly_missing",
            reason=f"Of {span} years a place has reports on {each:.1f} on average, so that hardly anybody was seen both without it and with it.",
        )
    seen = {int(upper) for upper, lower in zip(observed.upper, observed.lower, strict=True) if upper <= observed.last and lower >= observed.first - 1}
    if observed.events < LEAST_EVENTS:
        return Refused(
            code="few_events",
            reason=f"Of {observed.adopters} adopters {observed.events} were seen without it before; fewer than {LEAST_EVENTS} can't tell one law from another.",
        )
    if len(seen) == 1:
        return Refused(code="one_year", reason=f"All adoptions that were watched fall in {min(seen)}: a rise within one year has no shape.")
    return None


def _read_shape(fits: Sequence[CurveFit], rivals: Sequence[FitName], first: int, last: int) -> tuple[Reading | None, Refused | None]:
    """The shape, where no law of another shape does as well and its turning point was watched."""
    shape = _SHAPE[fits[0].name]
    others = sorted({_WORDS[_SHAPE[name]] for name in rivals if _SHAPE[name] != shape})
    if others:
        return None, Refused(code="undecided", reason=f"{_WORDS[shape].capitalize()} and {' and '.join(others)} fit as well as each other.")
    if fits[0].name == "step" and fits[0].parameter("year").low <= first + 1:
        return None, Refused(code="rise_not_seen", reason=f"The step may lie in {first} or {first + 1}, where it can't be told from a mere beginning.")
    if shape != "s_shaped":
        return shape, None
    turn = fits[0].parameter("inflection")
    if turn.high > last:
        return None, Refused(
            code="before_inflection",
            reason=f"The rise may not have passed its turning point by {last}. Before that, peers and a common cause look alike, so neither is read from it.",
        )
    if turn.low < first:
        return None, Refused(code="rise_not_seen", reason=f"The turning point may lie before {first}, when watching began: how it began was not seen.")
    return shape, None


def _list_acts(acts: Sequence[Act]) -> tuple[Act, ...]:
    return tuple(sorted(set(acts), key=lambda act: (act.year, act.superior)))


def _warn(observed: Observed, years: Sequence[CurveYear], mention_rate: float, acts: bool, fits: Sequence[CurveFit]) -> tuple[str, ...]:
    """What has to be kept in mind, in words."""
    if not years:
        return ()
    told = [
        f"Shares are of the {len(observed.places)} places with a report here, not of all places there are.",
        "First seen in this collection is not the origin, and a missing report does not say that a place went without.",
    ]
    if observed.missing_share > 0:
        told.append(f"{observed.missing_share:.0%} of the reports of these places and years are missing; the bounds say what they could hide at most.")
    if observed.left_censored:
        told.append(f"{observed.left_censored} of {observed.adopters} adopters may have had it before watching began in {observed.first}.")
    if observed.outside:
        told.append(f"{observed.outside} places that only superiors' reports name are not counted, for nobody would have seen them without it.")
    if observed.adopters and mention_rate < 1:
        told.append(f"A report of a place that has the practice names it {mention_rate:.0%} of the time; the estimates reckon with that, the bounds do not.")
    if observed.adopters and acts:
        told.append("A superior's text that speaks of it may order it, or may report what its places do already.")
    if observed.adopters and not acts:
        told.append("No superior's text in this collection speaks of it, so a step by order from above has no date to be tested at but a fitted one.")
    if fits and _SHAPE[fits[0].name] == "s_shaped":
        told.append("An S-shaped rise fits examples of peers, but also places that differ in readiness, or orders that this collection lacks.")
    return tuple(told)
