from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from township_simulation import World, simulate

from diffusion.networks.panel import NO_ACT, Panel, Parents, Text, build, spread
from diffusion.networks.parents import Fit, fit
from diffusion.networks.ranking import rate_ranking
from diffusion.networks.trust import LEAST_COHORT, choose_cohorts, exchange, false_share, judge

TEXT = Text()
BLIND = Text(0.5, 0.5)  # a match says nothing


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(60)


@pytest.fixture(scope="module")
def fitted(world: World) -> tuple[Parents, Fit]:
    parents = build(world.panel, TEXT)
    return parents, fit(parents.problem)


def rank(parents: Parents, found: Fit) -> list[tuple[int, int]]:
    carried = found.transmissions[parents.first_edge :]
    return [(int(parents.edge_source[at]), int(parents.edge_target[at])) for at in np.argsort(-carried, kind="stable") if carried[at] > 1e-6]


def quality(world: World, parents: Parents, found: Fit) -> float:
    return rate_ranking([(str(s), str(t)) for s, t in rank(parents, found)], {(str(s), str(t)) for s, t in world.edges}).average_precision


def test_edges_are_found_from_times_and_texts(world: World, fitted: tuple[Parents, Fit]) -> None:
    assert quality(world, *fitted) >= 0.95


def test_text_tells_more_than_time(world: World, fitted: tuple[Parents, Fit]) -> None:
    blind = build(world.panel, BLIND)
    assert quality(world, blind, fit(blind.problem)) < quality(world, *fitted) - 0.05


def test_the_source_of_an_adoption(world: World, fitted: tuple[Parents, Fit]) -> None:
    """Exact source of adoptions that come from a peer, and where they come from at all: base, act or peer."""
    parents, found = fitted
    problem = parents.problem
    right_peer, peers, right_kind = 0, 0, 0
    for event in range(problem.events):
        kind, number = world.sources[int(problem.event_practice[event]), int(parents.event_place[event])]
        mine = np.flatnonzero(problem.event == event)
        of_kind = np.bincount(np.minimum(problem.kind[problem.rate[mine]], 2), weights=found.share[mine], minlength=3)
        right_kind += ("base", "act", "peer")[int(np.argmax(of_kind))] == kind
        if kind == "peer":
            peers += 1
            through_peers = mine[problem.rate[mine] >= parents.first_edge]
            best = through_peers[np.argmax(found.share[through_peers])] if len(through_peers) else -1
            right_peer += best >= 0 and parents.edge_source[problem.rate[best] - parents.first_edge] == number
    assert right_peer / peers >= 0.8
    assert right_kind / problem.events >= 0.88


def test_shares_are_a_distribution(fitted: tuple[Parents, Fit]) -> None:
    parents, found = fitted
    assert np.bincount(parents.problem.event, weights=found.share) == pytest.approx(np.ones(parents.problem.events))
    assert (parents.edge_source != parents.edge_target).all()
    assert ((parents.act == NO_ACT) | (parents.problem.kind[parents.problem.rate] == 1)).all()


def test_shown_edges_are_right_and_shuffled_data_show_none(world: World) -> None:
    small = simulate(50, places=48, counties=4, seed=7)
    cohort = small.panel.county
    shuffled = exchange(small.panel, cohort, np.random.default_rng(3))
    shown = []
    for panel in (small.panel, shuffled):
        parents = build(panel, TEXT)
        trust = judge(panel, TEXT, parents, fit(parents.problem), cohort, resamples=20, shuffles=10, seed=5)
        shown.append([(int(parents.edge_source[at]), int(parents.edge_target[at])) for at in np.flatnonzero(trust.shown)])
    real, false = shown
    assert len(real) >= 20
    assert sum(edge in small.edges for edge in real) / len(real) >= 0.9
    assert len(false) <= 0.05 * len(real)


def test_the_same_seed_gives_the_same_judgement() -> None:
    world = simulate(8, places=20, counties=2)
    parents = build(world.panel, TEXT)
    found = fit(parents.problem)
    one, other = (judge(world.panel, TEXT, parents, found, world.panel.county, resamples=4, shuffles=3, seed=2) for _ in range(2))
    assert one.support.tobytes() == other.support.tobytes()
    assert one.q.tobytes() == other.q.tobytes()


def test_who_is_told_may_stop_it() -> None:
    world = simulate(6, places=20, counties=2)
    parents = build(world.panel, TEXT)
    told = []

    def stop(done: int, of: int) -> None:
        told.append((done, of))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge(world.panel, TEXT, parents, fit(parents.problem), world.panel.county, resamples=3, shuffles=3, tell=stop)
    assert told == [(1, 6), (2, 6)]


def test_exchange_keeps_dates_links_and_cohorts(world: World) -> None:
    panel = world.panel
    other = exchange(panel, panel.county, np.random.default_rng(1))
    for practice in range(len(panel.chances)):
        for county in range(6):
            at = panel.county == county
            assert sorted(panel.chances[practice, at].tolist()) == sorted(other.chances[practice, at].tolist())
    assert sorted(map(len, other.copied.values())) == sorted(map(len, panel.copied.values()))
    assert (other.chances != panel.chances).any()


def test_places_stand_for_those_of_their_county_or_of_what_is_above_it_where_these_are_few() -> None:
    many = [f"cn:350524/第{n}镇" for n in range(LEAST_COHORT)]
    few = ["cn:350582/甲镇", "cn:350582/乙镇", "cn:350583/丙镇", "cn:350583/丁镇"]  # two counties of one prefecture
    far = ["cn:610922/戊镇", "cn:331024/己镇"]
    cohorts = choose_cohorts([*many, *few, *far]).tolist()
    groups = [set(cohorts[:4]), set(cohorts[4:8]), set(cohorts[8:])]
    assert list(map(len, groups)) == [1, 1, 1]
    assert len(set.union(*groups)) == 3


def test_who_has_its_neighbours_words_by_chance_is_not_shown() -> None:
    """A county in which everybody takes up everything and has the words of whoever was there before: pairs carry much, and no pair more than another."""
    chance = np.random.default_rng(3)
    lower = np.array([chance.permutation(6) + 2016 for _ in range(40)])
    copied = {
        (practice, place): {int(chance.choice(np.flatnonzero(lower[practice] < lower[practice, place]))): 1.0}
        for practice in range(40)
        for place in range(6)
        if lower[practice, place] > 2016
    }
    crowd = Panel(spread(lower, lower + 1, 2016, 8), 2016, until=np.full(6, 2023), county=np.zeros(6, np.int64), copied=copied)
    parents = build(crowd, TEXT)
    trust = judge(crowd, TEXT, parents, fit(parents.problem), crowd.county, resamples=10, shuffles=20)
    assert (trust.support >= 0.8).sum() >= 5
    assert trust.shown.sum() <= 1


def panel(lower: list[list[int]], upper: list[list[int]], **more: object) -> Panel:
    places = len(lower[0])
    told: dict[str, object] = {"until": np.full(places, 2022), "county": np.zeros(places, np.int64), "superiors": [(0,)] * places}
    return Panel(spread(np.array(lower), np.array(upper), 2018, 5), 2018, **(told | more))  # type: ignore[arg-type]


def candidates(parents: Parents) -> set[tuple[int, int]]:
    """(source, target) of each candidate that is a peer."""
    edge = parents.problem.rate[parents.problem.rate >= parents.first_edge] - parents.first_edge
    return {(int(parents.edge_source[at]), int(parents.edge_target[at])) for at in edge}


def test_the_same_year_gives_no_direction_without_text() -> None:
    tied = panel([[2018, 2018]], [[2019, 2019]])
    assert candidates(build(tied, TEXT)) == set()
    assert candidates(build(replace(tied, copied={(0, 1): {0: 1.0}}), TEXT)) == {(0, 1)}


def test_what_was_there_at_the_start_is_a_source_and_no_event() -> None:
    parents = build(panel([[2017, 2019]], [[2018, 2020]]), TEXT)
    assert list(parents.event_place) == [1]
    assert candidates(parents) == {(0, 1)}


def test_an_act_comes_before_what_it_brought() -> None:
    late = build(panel([[2018, 2018]], [[2019, 2019]], acts=[(0, 0, 2020)]), TEXT)
    assert (late.act == NO_ACT).all()
    same_year = build(panel([[2018, 2018]], [[2019, 2019]], acts=[(0, 0, 2019)]), TEXT)
    assert (same_year.act == 0).sum() == 2


def test_a_missing_report_makes_the_order_uncertain() -> None:
    """The source was seen in 2020 after a gap since 2018, the target in 2020: one chance in two that it was first."""
    parents = build(panel([[2018, 2019]], [[2020, 2020]]), BLIND)
    problem = parents.problem
    peers = problem.rate >= parents.first_edge
    assert candidates(parents) == {(0, 1)}
    assert problem.weight[peers] == pytest.approx([0.5])


@pytest.mark.parametrize(
    ("source", "target", "probability"), [((2018, 2019), (2019, 2020), 1), ((2019, 2020), (2018, 2020), 0), ((2018, 2020), (2018, 2020), 0.25)]
)
def test_the_probability_of_being_first(source: tuple[int, int], target: tuple[int, int], probability: float) -> None:
    """Of intervals (lower, upper], each of their years as likely."""
    parents = build(panel([[source[0], target[0]]], [[source[1], target[1]]]), BLIND)
    into = {
        int(parents.edge_target[rate - parents.first_edge]): weight
        for rate, weight in zip(parents.problem.rate, parents.problem.weight, strict=True)
        if rate >= parents.first_edge
    }
    assert into.get(1, 0.0) == pytest.approx(probability)


def test_what_was_probably_there_before_counts_by_what_is_left() -> None:
    """Nine in ten that it was there when watching began: a tenth of an event, and a source from the first year on."""
    chances = np.array([[[0.9, 0.1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0]]])
    parents = build(replace(panel([[2018, 2018]], [[2019, 2019]]), chances=chances), BLIND)
    assert list(parents.problem.event_mass) == pytest.approx([0.1, 1.0])
    assert candidates(parents) == {(0, 1)}


@pytest.mark.parametrize("upper", [[[-1, -1, -1]], [[2019, -1, -1]]])
def test_nothing_to_explain_is_no_error(upper: list[list[int]]) -> None:
    parents = build(panel([[2018, 2018, 2018]], upper), TEXT)
    found = fit(parents.problem)
    assert len(found.transmissions) == parents.problem.rates
    assert np.isfinite(found.value).all()


def test_false_share_by_hand() -> None:
    """Strengths 3, 2 and 1 here; two shuffled networks have one edge above 2 and three above 1 between them."""
    q = false_share(np.array([1.0, 3.0, 2.0]), [np.array([2.5, 1.5]), np.array([1.2])])
    assert q == pytest.approx([0.5, 0.0, 0.25])
    assert list(false_share(np.array([1.0]), [])) == [1.0]


def test_years_of_exposure_are_the_sum_over_practices() -> None:
    world = simulate(6, places=12, counties=2)
    peers = build(world.panel, TEXT).problem.peers
    times = np.arange(6.0)
    edges = np.arange(len(peers.source))
    assert len(edges) > 20
    one_by_one = sum(times[practice] * peers.list_years(practice, edges) for practice in range(6))
    assert peers.sum_years(times) == pytest.approx(one_by_one)


def test_of_hundreds_of_places_far_away_the_nearest_are_asked_and_all_whose_words_it_has() -> None:
    """The last place takes up what 300 places of other counties had before it; those with the highest numbers are of its prefecture."""
    places = 301
    lower = np.full((1, places), 2018)
    lower[0, -1] = 2020
    superiors = [(0, 1 + (place >= 200)) for place in range(places)]
    far = Panel(
        spread(lower, lower + 1, 2018, 5), 2018, until=np.full(places, 2022), county=np.arange(places), superiors=superiors, copied={(0, 300): {3: 1.0, 7: 0.5}}
    )
    parents = build(far, TEXT)
    into_last = {source for source, target in candidates(parents) if target == 300}
    assert {3, 7} | set(range(200, 300)) <= into_last
    assert len(into_last) == 202
