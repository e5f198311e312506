"""Hazards and tests of neighbours on worlds in which the part of neighbours is known."""

from __future__ import annotations

import numpy as np
import pytest
from planted_curves import report, take_at_their_word, watch

from diffusion.curves.estimating import draw_years
from diffusion.curves.hazard import Hazard, fit_hazard, measure_direction
from diffusion.curves.model import Act
from diffusion.curves.neighbours import NeighbourTest, compare_neighbours, measure
from diffusion.curves.observing import Observed, mirror, observe

FIRST, LAST = 2014, 2024


def spread(seed: int, *, county: float, act: float, counties: int = 40, base: float = -3.2, missing: float = 0.05) -> Observed:
    """A hazard of complementary log-log form, in places by eights in a county; half of the counties act in 2018."""
    chance = np.random.default_rng(seed)
    places = [f"cn:{350101 + at // 5 * 100 + at % 5}/{number}镇" for at in range(counties) for number in range(8)]
    of = np.repeat(np.arange(counties), 8)
    acting = {f"cn:{350101 + at // 5 * 100 + at % 5}" for at in range(0, counties, 2)}
    acts = np.array([place.partition("/")[0] in acting for place in places])
    years = np.full(len(places), LAST + 9)
    for year in range(FIRST, LAST + 1):
        had = years < year
        share = (np.bincount(of, had)[of] - had) / 7
        hazard = 1 - np.exp(-np.exp(base + county * share + act * (acts & (year >= 2018))))
        years[(chance.random(len(places)) < hazard) & ~had] = year
    watched = report(dict(zip(places, years.tolist(), strict=True)), chance, FIRST, LAST, missing, 1.0)
    orders = [Act(superior=superior, year=2018) for superior in sorted(acting)]
    return observe(take_at_their_word(watched), watched.present, FIRST, LAST, acts=orders)


def weigh(found: Hazard, name: str) -> tuple[float, float, float]:
    assert found.refused is None, found.refused
    one = next(each for each in found.coefficients if each.name == name)
    return one.low, one.value, one.high


def test_planted_weights_of_neighbours_and_acts_are_recovered() -> None:
    found = [fit_hazard(spread(seed, county=2.0, act=1.0, counties=200), draws=2) for seed in range(3)]
    for name, truth in (("county_share", 2.0), ("act", 1.0)):
        told = [weigh(each, name) for each in found]
        assert np.mean([value for _, value, _ in told]) == pytest.approx(truth, abs=0.3), name
        assert sum(low <= truth <= high for low, _, high in told) >= 2, name
        assert all(low > 0 for low, _, _ in told), name


def test_few_counties_make_neighbours_seem_less_not_more() -> None:
    told = [weigh(fit_hazard(spread(seed, county=2.0, act=1.0), draws=3), "county_share") for seed in range(6)]
    assert 1.0 < np.mean([value for _, value, _ in told]) < 2.0
    assert sum(low > 0 for low, _, _ in told) >= 4


def test_where_neighbours_do_not_matter_they_are_not_found_to() -> None:
    told = [weigh(fit_hazard(spread(100 + seed, county=0.0, act=1.0), draws=4), "county_share") for seed in range(8)]
    assert sum(low > 0 for low, _, _ in told) <= 1
    assert abs(np.mean([value for _, value, _ in told])) < 0.6


def test_the_same_seed_gives_the_same_weights() -> None:
    observed = spread(1, county=2.0, act=1.0)
    assert fit_hazard(observed, draws=3) == fit_hazard(observed, draws=3)
    assert fit_hazard(observed, draws=3) != fit_hazard(observed, draws=3, seed=2)


def test_too_few_adoptions_are_refused() -> None:
    found = fit_hazard(spread(1, county=0.0, act=0.0, counties=12, base=-5.0), draws=3)
    assert found.refused and found.refused.code == "few_events"
    assert found.coefficients == ()


def test_few_counties_are_refused() -> None:
    found = fit_hazard(spread(1, county=2.0, act=1.0, counties=6), draws=3)
    assert found.refused and found.refused.code == "few_counties"


def test_an_act_that_parts_adopters_from_others_is_refused() -> None:
    found = fit_hazard(spread(1, county=0.0, act=60.0, base=-50.0, missing=0.0), draws=2)
    assert found.refused and found.refused.code == "separated"


def test_without_adopters_there_is_nothing_to_explain() -> None:
    found = fit_hazard(spread(1, county=0.0, act=0.0, base=-60.0), draws=2)
    assert found.refused and found.refused.code == "no_adopters"


def test_years_are_drawn_from_what_is_open() -> None:
    watched, _ = watch("logistic", missing=0.4, rate=0.9, inflection=2019.0)
    observed = observe(take_at_their_word(watched), watched.present, watched.first, watched.last)
    drawn = draw_years(observed, 30, 1)
    adopters = observed.upper <= LAST
    assert np.all(drawn[:, adopters] <= observed.upper[adopters])
    assert np.all(drawn[:, adopters] > observed.lower[adopters])
    assert np.all(drawn[:, ~adopters] > observed.lower[~adopters])
    assert (drawn.std(0) > 0).any()


# -- neighbours --------------------------------------------------------------------------------------------------------------------------------------


def deal(seed: int, near: bool) -> tuple[list[str], np.ndarray, np.ndarray, dict[str, tuple[float, float]]]:
    """Ten counties of eight places on a grid, years that follow the county or nothing."""
    chance = np.random.default_rng(seed)
    places = [f"cn:{350101 + at // 5 * 100 + at % 5}/{number}镇" for at in range(10) for number in range(8)]
    centre = chance.integers(2015, 2024, 10).repeat(8)
    years = centre + chance.integers(-1, 2, 80)
    if not near:
        years = chance.permutation(years)
    middles = chance.uniform([25.0, 117.0], [27.0, 119.0], (10, 2)).repeat(8, 0)
    points = {place: tuple(point) for place, point in zip(places, middles + chance.normal(0, 0.03, (80, 2)), strict=True)}
    return places, years, chance.random(80) < 0.8, points  # type: ignore[return-value]


def compare(seed: int, near: bool, located: bool) -> dict[str, NeighbourTest]:
    places, years, adopter, points = deal(seed, near)
    reports = np.full(80, 9)
    found = compare_neighbours(places, np.stack([years] * 3), adopter, reports, points if located else {}, permutations=199)
    assert found.distance == ("kilometres" if located else "tree")
    return {test.name: test for test in found.tests}


@pytest.mark.parametrize("located", [True, False])
def test_years_that_follow_counties_are_near_in_space_and_time(located: bool) -> None:
    told = [compare(seed, True, located) for seed in range(6)]
    assert all(each["knox"].p <= 0.01 and each["mantel"].p <= 0.05 for each in told)
    assert all(each["knox"].value > 1.5 * each["knox"].expected for each in told)


@pytest.mark.parametrize("located", [True, False])
def test_years_that_follow_nothing_are_not(located: bool) -> None:
    told = [compare(seed, False, located) for seed in range(20)]
    for name in ("knox", "mantel", "joins"):
        assert sum(each[name].p <= 0.05 for each in told) <= 4, name  # one in twenty is expected
        assert np.mean([each[name].p for each in told]) == pytest.approx(0.5, abs=0.2), name


def test_knox_and_mantel_are_what_their_definitions_say() -> None:
    places, years, _, points = deal(3, True)
    found = compare_neighbours(places, years[None], np.ones(80, bool), np.full(80, 9), points, permutations=9)
    pairs = [(a, b) for a in range(80) for b in range(a)]
    between = measure(places, points)
    knox = sum(between[a, b] <= 20 and abs(years[a] - years[b]) <= 1 for a, b in pairs)
    assert found.tests[0].value == knox
    mantel = np.corrcoef([np.log1p(between[a, b]) for a, b in pairs], [abs(years[a] - years[b]) for a, b in pairs])[0, 1]
    assert found.tests[1].value == pytest.approx(mantel, abs=1e-3)
    assert [test.name for test in found.tests] == ["knox", "mantel"]  # all are adopters: nothing to be dealt out


def test_distances_are_kilometres_or_steps_in_the_tree() -> None:
    points = {"a": (39.9042, 116.4074), "b": (31.2304, 121.4737)}  # Beijing, Shanghai
    assert measure(["a", "b"], points)[0, 1] == pytest.approx(1067, abs=3)
    tree = measure(["cn:350121/甲镇", "cn:350121/乙镇", "cn:350122/丙镇", "cn:350221/丁镇", "cn:360121/戊镇"], None)
    assert tree[0].tolist() == [0, 1, 2, 3, 4]


def test_places_without_points_are_left_out_and_told() -> None:
    places, years, adopter, points = deal(1, True)
    gone = next(place for at, place in enumerate(places) if adopter[at])
    found = compare_neighbours(places, years[None], adopter, np.full(80, 9), {place: point for place, point in points.items() if place != gone}, permutations=9)
    assert (found.distance, found.unlocated) == ("kilometres", 1)


@pytest.mark.parametrize(("adopters", "code"), [(0, "no_adopters"), (5, "few_events")])
def test_few_adopters_are_refused(adopters: int, code: str) -> None:
    places, years, _, points = deal(1, True)
    found = compare_neighbours(places, years[None], np.arange(80) < adopters, np.full(80, 9), points)
    assert found.refused and found.refused.code == code


def test_adopters_of_one_year_are_refused() -> None:
    places, years, adopter, points = deal(1, True)
    found = compare_neighbours(places, np.full_like(years, 2020)[None], adopter, np.full(80, 9), points)
    assert found.refused and found.refused.code == "one_year"


def test_reversed_time_mirrors_what_was_seen_and_back() -> None:
    observed = spread(2, county=2.0, act=0.0)
    turned = mirror(observed)
    known = (observed.upper <= LAST) & (observed.lower >= FIRST - 1)
    assert np.array_equal(turned.upper[known], FIRST + LAST - 1 - observed.lower[known])
    again = mirror(turned)
    assert np.array_equal(again.upper[known], observed.upper[known])
    assert np.array_equal(again.fits[known], observed.fits[known])
    assert (turned.upper[~known] > LAST).all()


def test_examples_weigh_more_forward_than_backward() -> None:
    told = [measure_direction(spread(seed, county=3.0, act=0.0, counties=80, base=-4.0), draws=2) for seed in range(4)]
    assert all(forward is not None and backward is not None for forward, backward in told)
    assert sum((forward or 0) > (backward or 0) for forward, backward in told) >= 3
