"""Curves of adoption on worlds whose law of growth is known, and on data that can carry none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.fitters.npmle import npmle
from msgspec.structs import replace
from planted_curves import NAMES, PROGRAM, mention_of, take_at_their_word, watch

from diffusion.adoptions.coding import code
from diffusion.adoptions.model import Adoption, Watched
from diffusion.curves.estimating import draw_counts, estimate_kaplan_meier, estimate_masses
from diffusion.curves.fitting import fit_curves
from diffusion.curves.judging import judge_curve
from diffusion.curves.model import Act, Curve, FitName
from diffusion.curves.observing import Observed, acts_in_force, count_years, mention_rate, observe

LOGISTIC = {"rate": 0.9, "inflection": 2019.0}
BASS = {"before": 0.05, "innovation": 0.03, "imitation": 0.6}
STEP = {"before": 0.05, "year": 2019.0, "rate": 0.03, "after": 0.5}


def judged(watched: Watched, **more: object) -> Curve:
    more = {"resamples": 40, **more}
    return judge_curve(PROGRAM, take_at_their_word(watched), watched.present, watched.first, watched.last, **more)  # type: ignore[arg-type]


def seen(watched: Watched) -> Observed:
    return observe(take_at_their_word(watched), watched.present, watched.first, watched.last)


@pytest.mark.parametrize(("law", "of"), [("logistic", LOGISTIC), ("bass", BASS), ("step", STEP), ("constant", {"rate": 0.12})])
def test_parameters_are_recovered_within_intervals_that_hold_them(law: FitName, of: dict[str, float]) -> None:
    held = dict.fromkeys(of, 0)
    values: dict[str, list[float]] = {name: [] for name in of}
    worlds, resamples = (6, 40) if law == "step" else (24, 80)  # a step is sought in each year
    for seed in range(worlds):
        observed = seen(watch(law, seed=seed, **of)[0])
        [fit] = fit_curves(observed, draw_counts(len(observed.places), resamples, seed), [law])
        for name, value in of.items():
            parameter = fit.parameter(name)
            held[name] += parameter.low <= value <= parameter.high
            values[name].append(parameter.value)
    for name, value in of.items():
        spread = np.std(values[name]) / math.sqrt(worlds)
        assert abs(np.mean(values[name]) - value) <= max(4 * spread, 0.03 * min(value, 1)), name
        assert held[name] >= 0.66 * worlds, name


@pytest.mark.parametrize(("law", "of", "reading"), [("logistic", LOGISTIC, "s_shaped"), ("bass", BASS, "s_shaped"), ("step", STEP, "step")])
def test_the_law_of_a_world_is_told_by_its_shape(law: str, of: dict[str, float], reading: str) -> None:
    curve = judged(watch(law, seed=3, **of)[0])
    assert curve.refused is None
    assert (curve.reading, curve.reading_refused) == (reading, None)


def test_a_steady_world_is_never_read_as_peers() -> None:
    for seed in range(6):
        curve = judged(watch("constant", rate=0.12, seed=seed)[0])
        assert curve.reading in ("steady", None)
        assert curve.reading or (curve.reading_refused and curve.reading_refused.code == "undecided")


def test_silent_reports_are_reckoned_with() -> None:
    watched, _ = watch("logistic", mention=0.7, seed=5, **LOGISTIC)
    rate = mention_rate(watched.mentions, watched.present)
    assert rate == pytest.approx(0.7, abs=0.05)
    observed = observe(code(watched, PROGRAM, NAMES), watched.present, watched.first, watched.last, mention_rate=rate)
    [fit] = fit_curves(observed, draw_counts(len(observed.places), 40, 1), ["logistic"])
    assert fit.parameter("inflection").value == pytest.approx(2019.0, abs=0.35)
    [deaf] = fit_curves(seen(watched), draw_counts(len(observed.places), 40, 1), ["logistic"])
    assert abs(fit.parameter("inflection").value - 2019.0) < abs(deaf.parameter("inflection").value - 2019.0)


def test_the_likelihood_is_the_binomial_one_where_nothing_is_missing() -> None:
    watched, _ = watch("logistic", missing=0.0, seed=2, **LOGISTIC)
    observed = seen(watched)
    [fit] = fit_curves(observed, draw_counts(len(observed.places), 2, 1), ["logistic"])
    rate, middle = fit.parameter("rate").value, fit.parameter("inflection").value
    share = {year: 1 / (1 + math.exp(-rate * (year - middle))) for year in range(2014, 2025)}
    first = sum(row.t_upper == 2014 for row in take_at_their_word(watched))
    likelihood = first * math.log(share[2014]) + (200 - first) * math.log(1 - share[2014])
    for year in count_years(observed)[1:]:
        hazard = (share[year.year] - share[year.year - 1]) / (1 - share[year.year - 1])
        likelihood += year.events * math.log(hazard) + (year.at_risk - year.events) * math.log(1 - hazard)
    assert fit.log_likelihood == pytest.approx(likelihood, abs=0.02)  # the parameters are rounded


def test_no_other_parameters_fit_better() -> None:
    from scipy.optimize import minimize

    observed = seen(watch("bass", seed=9, **BASS)[0])
    [fit] = fit_curves(observed, draw_counts(len(observed.places), 2, 1), ["bass"])

    def lost(theta: np.ndarray) -> float:
        before, p, q = 1 / (1 + np.exp(-theta[0])), np.exp(theta[1]), np.exp(theta[2])
        left = (1 - before) / (p + q * before) * np.exp(-(p + q) * np.arange(12.0))
        grown = np.diff((1 - p * left) / (1 + q * left), prepend=0.0, append=1.0)
        return -float(np.log(np.maximum(observed.fits @ grown, 1e-300)).sum())

    found = min((minimize(lost, start, method="Nelder-Mead", options={"maxiter": 4000}) for start in ([-4, -4, -1], [-6, -3, 0])), key=lambda one: one.fun)
    assert fit.log_likelihood >= -found.fun - 0.01


def test_turnbull_is_that_of_lifelines() -> None:
    observed = seen(watch("logistic", missing=0.4, seed=4, **LOGISTIC)[0])
    masses = estimate_masses(observed.fits, np.ones((1, len(observed.places))))[0]
    cells = [np.flatnonzero(row) for row in observed.fits]
    left = np.array([own[0] for own in cells], float)
    right = np.array([own[-1] for own in cells], float)
    probabilities, intervals = npmle(left, right, tol=1e-10)
    ends = [int(interval.right) for interval in intervals]  # where in an interval the mass lies nobody can know, so only its end is compared
    assert len(ends) > 5
    assert masses.cumsum()[ends] == pytest.approx(probabilities.cumsum(), abs=1e-4)


def test_kaplan_meier_is_that_of_lifelines() -> None:
    watched, _ = watch("logistic", missing=0.2, seed=6, **LOGISTIC)
    observed = seen(watched)
    ours = estimate_kaplan_meier(observed, draw_counts(len(observed.places), 2, 1))
    uppers = {row.place: row.t_upper for row in take_at_their_word(watched)}
    rows = [(min(own), uppers.get(place) or max(own), place in uppers) for place, own in watched.present.items()]
    entry, end, event = map(np.array, zip(*[row for row in rows if row[1] > row[0]], strict=True))
    theirs = KaplanMeierFitter().fit(end - 2013, event, entry=entry - 2013, timeline=np.arange(1, 12))
    assert [value or 0.0 for value in ours.values] == pytest.approx((1 - theirs.survival_function_["KM_estimate"]).tolist(), abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 50), hide=st.integers(0, 2**32 - 1), share=st.sampled_from([0.1, 0.3, 0.7]))
def test_hiding_reports_only_widens_the_bounds(seed: int, hide: int, share: float) -> None:
    watched, _ = watch("logistic", places=30, first=2018, last=2023, seed=seed, **LOGISTIC)
    chance = np.random.default_rng(hide)
    kept = {place: tuple(year for year in own if chance.random() >= share) for place, own in watched.present.items()}
    fewer = replace(watched, present=kept, mentions=tuple(mention for mention in watched.mentions if mention.covered in kept[mention.place]))
    eligible = list(watched.present)
    before = count_years(observe(take_at_their_word(watched), watched.present, 2018, 2023, eligible=eligible))
    after = count_years(observe(take_at_their_word(fewer), fewer.present, 2018, 2023, eligible=eligible))
    for old, new in zip(before, after, strict=True):
        assert new.lower <= old.lower <= old.upper <= new.upper
        assert new.open >= old.open
        assert new.missing >= old.missing


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 100))
def test_bounds_hold_the_truth_and_shares_lie_within(seed: int) -> None:
    watched, years = watch("logistic", places=40, missing=0.3, seed=seed, **LOGISTIC)
    truth = [years[place] for place in watched.present]
    for year in count_years(seen(watched)):
        assert year.lower <= sum(when <= year.year for when in truth) / len(truth) + 1e-6
        assert sum(when <= year.year for when in truth) / len(truth) <= year.upper + 1e-6
        assert year.observed + year.missing == len(truth)
        assert year.events <= year.at_risk <= year.observed
        assert year.share is None or year.lower <= year.share <= year.upper


def test_a_silent_report_between_missing_ones_counts_as_not_yet() -> None:
    present = {"cn:350524/甲镇": (2019, 2021), "cn:350524/乙镇": (2019, 2022)}
    row = Adoption(place="cn:350524/乙镇", program=PROGRAM, status="adopted", t_lower=2019, t_upper=2022, censored=None, p=1, facts=())
    years = {year.year: year for year in count_years(observe([row], present, 2019, 2022))}
    assert [(years[year].adopted, years[year].open) for year in (2019, 2020, 2021, 2022)] == [(0, 0), (0, 1), (0, 1), (1, 1)]
    assert [(years[year].lower, years[year].upper, years[year].share) for year in (2020, 2022)] == [(0.0, 0.5, 0.0), (0.5, 1.0, 1.0)]
    assert [(years[year].at_risk, years[year].events) for year in (2019, 2021, 2022)] == [(2, 0), (1, 0), (0, 0)]  # 乙镇 may have had it in 2021


def test_plans_calls_and_denials_are_no_adoptions() -> None:
    watched, _ = watch("logistic", seed=1, **LOGISTIC)
    rows = take_at_their_word(watched)
    unsure = [replace(row, status=status, t_upper=None) for row, status in zip(rows, ["planned", "exhorted", "negated", "unknown"] * 50, strict=False)]
    curve = judge_curve(PROGRAM, unsure, watched.present, watched.first, watched.last)
    assert curve.refused and curve.refused.code == "no_adopters"
    assert curve.adopters == 0


def test_the_same_seed_gives_the_same_curve_in_any_order() -> None:
    watched, _ = watch("logistic", places=80, seed=8, **LOGISTIC)
    rows = take_at_their_word(watched)
    shuffled = dict(sorted(watched.present.items(), key=lambda item: hash(item[0])))
    once = judge_curve(PROGRAM, rows, watched.present, watched.first, watched.last, resamples=30)
    again = judge_curve(PROGRAM, rows[::-1], shuffled, watched.first, watched.last, resamples=30)
    assert once == again


def test_other_years_shift_the_curve() -> None:
    once = judged(watch("logistic", places=80, seed=8, **LOGISTIC)[0])
    later = judged(watch("logistic", places=80, seed=8, first=2010, last=2020, rate=0.9, inflection=2015.0)[0])
    assert [year.lower for year in once.years] == [year.lower for year in later.years]
    assert once.fits[0].parameter("inflection").value == pytest.approx(later.fits[0].parameter("inflection").value + 4, abs=0.01)


def test_before_the_turning_point_no_peers_are_read_from_it() -> None:
    curve = judged(watch("logistic", rate=0.6, inflection=2025.5, seed=2)[0])
    assert curve.fits
    assert curve.reading is None
    assert curve.reading_refused and curve.reading_refused.code in ("before_inflection", "undecided")


def test_a_rise_that_began_before_watching_is_not_read() -> None:
    curve = judged(watch("logistic", rate=0.9, inflection=2014.2, seed=2)[0])
    assert curve.reading is None or curve.reading != "s_shaped"


def test_acts_of_superiors_reach_the_places_below() -> None:
    acts = [Act(superior="cn:3501", year=2019), Act(superior="cn:350221", year=2017), Act(superior="cn:35", year=2021)]
    assert acts_in_force(["cn:350121/甲镇", "cn:350221/乙镇", "cn:350222/丙镇", "cn:360102/丁镇"], acts) == {
        "cn:350121/甲镇": 2019,
        "cn:350221/乙镇": 2017,
        "cn:350222/丙镇": 2021,
    }


def test_an_act_of_some_counties_explains_them_better_than_a_year_for_all() -> None:
    early, _ = watch("step", places=100, seed=1, **STEP)
    late, _ = watch("step", places=100, seed=2, year=2022.0, rate=0.03, after=0.5)
    moved = {place.replace("cn:35", "cn:36"): place for place in late.present}
    present = {**early.present, **{new: late.present[old] for new, old in moved.items()}}
    mentions = early.mentions + tuple(mention_of(mention.place.replace("cn:35", "cn:36"), mention.covered) for mention in late.mentions)
    both = replace(early, present=present, mentions=mentions)
    curve = judged(both, acts=[Act(superior="cn:35", year=2019), Act(superior="cn:36", year=2022)])
    assert curve.chosen == "mandate"
    assert curve.reading == "step"
    assert [act.year for act in curve.mandates] == [2019, 2022]
    fit = curve.fits[0]
    assert fit.parameter("after").low <= 0.5 <= fit.parameter("after").high
    assert all(low <= value <= high for low, value, high in zip(fit.low, fit.values, fit.high, strict=True))


def nothing() -> Watched:
    return Watched(mentions=(), present={}, first=0, last=-1)


def one_report() -> Watched:
    return Watched(mentions=(mention_of("cn:350524/甲镇", 2020),), present={"cn:350524/甲镇": (2020,)}, first=2020, last=2020)


def one_year() -> Watched:
    places = [f"cn:350524/{at}镇" for at in range(40)]
    return Watched(mentions=tuple(mention_of(place, 2020) for place in places[:20]), present=dict.fromkeys(places, (2020,)), first=2020, last=2020)


def two_years() -> Watched:
    return watch("logistic", places=100, first=2019, last=2020, seed=1, **LOGISTIC)[0]


def all_at_once() -> Watched:
    places = [f"cn:350524/{at}镇" for at in range(40)]
    mentions = tuple(mention_of(place, year) for place in places for year in (2021, 2022))
    return Watched(mentions=mentions, present=dict.fromkeys(places, (2019, 2020, 2021, 2022)), first=2019, last=2022)


def nobody() -> Watched:
    return replace(all_at_once(), mentions=())


def few() -> Watched:
    return watch("logistic", places=9, seed=1, **LOGISTIC)[0]


def nearly_all_missing() -> Watched:
    return watch("logistic", places=300, missing=0.93, seed=1, **LOGISTIC)[0]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (nothing, "no_years"), (one_report, "one_report"), (one_year, "one_year"), (two_years, "few_years"), (all_at_once, "one_year"), (nobody, "no_adopters"), (few, "few_events"),
        (nearly_all_missing, "mostly_missing"),
    ],
)  # fmt: skip
def test_poor_data_are_refused_with_a_reason(data: object, code: str) -> None:
    watched = data()  # type: ignore[operator]
    curve = judge_curve(PROGRAM, take_at_their_word(watched), watched.present, watched.first, watched.last, mention_rate=0.9, resamples=20)
    assert curve.refused and curve.refused.code == code
    assert len(curve.refused.reason) > 40
    assert (curve.fits, curve.chosen, curve.reading) == ((), None, None)
    assert len(curve.years) == max(watched.last - watched.first + 1, 0)


def test_places_known_only_through_superiors_are_told_but_not_counted() -> None:
    watched, _ = watch("logistic", seed=1, **LOGISTIC)
    rows = take_at_their_word(watched)
    heard = replace(rows[0], place="cn:350999/无报告镇", status="reported_by_superior")
    curve = judge_curve(PROGRAM, [*rows, heard], watched.present, watched.first, watched.last, resamples=20)
    assert (curve.outside, curve.eligible) == (1, 200)
    assert any("only superiors' reports" in caveat for caveat in curve.caveats)
