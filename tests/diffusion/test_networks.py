from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.networks.cascades import build_cascades, build_pairs
from diffusion.networks.netinf import automatic_rate, infer
from diffusion.networks.netrate import estimate
from diffusion.networks.ranking import rate_ranking

events = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("XYZ"), st.integers(2016, 2020).map(float)), max_size=30)


@given(events)
def test_pairs_are_all_strictly_later_ones(listed: list[tuple[str, str, float]]) -> None:
    cascades = build_cascades(listed)
    pairs = build_pairs(cascades)
    first: dict[tuple[str, str], float] = {}
    for node, cascade, time in listed:
        first[cascade, node] = min(time, first.get((cascade, node), time))
    wanted = sorted(
        (u, v, cascade, first[cascade, v] - first[cascade, u])
        for cascade, u in first
        for other, v in first
        if cascade == other and first[cascade, u] < first[cascade, v]
    )
    found = []
    for edge, (source, target) in enumerate(zip(pairs.source, pairs.target, strict=True)):
        for at in range(pairs.first[edge], pairs.first[edge + 1]):
            event = pairs.event[at]
            assert cascades.node[event] == target
            found.append((cascades.nodes[source], cascades.nodes[target], cascades.names[cascades.cascade[event]], float(pairs.lag[at])))
    assert sorted(found) == wanted


@given(events, st.sampled_from(["constant", "tree"]))
def test_gains_fall_and_no_edge_comes_twice(listed: list[tuple[str, str, float]], base: str) -> None:
    found = infer(build_cascades(listed), 1.0, base=base)  # type: ignore[arg-type]
    assert all(later.gain <= earlier.gain + 1e-6 for earlier, later in zip(found, found[1:], strict=False))
    assert len({(edge.source, edge.target) for edge in found}) == len(found)
    assert all(edge.gain > 0 and edge.source != edge.target for edge in found)


@given(events, st.integers(-30, 30))
def test_years_shifted_change_nothing(listed: list[tuple[str, str, float]], years: int) -> None:
    moved = [(node, cascade, time + years) for node, cascade, time in listed]
    assert infer(build_cascades(moved), 1.0) == infer(build_cascades(listed), 1.0)


@pytest.mark.parametrize("listed", [[], [("a", "X", 2019.0)], [("a", "X", 2019.0), ("b", "X", 2019.0)]])
def test_without_two_times_there_is_no_edge_and_no_rate(listed: list[tuple[str, str, float]]) -> None:
    cascades = build_cascades(listed)
    assert infer(cascades, 1.0) == []
    assert len(estimate(cascades, 2020.0).rate) == 0
    with pytest.raises(ValueError, match="different times"):
        automatic_rate(cascades)


def test_the_earliest_adoption_counts() -> None:
    cascades = build_cascades([("a", "X", 2.0), ("a", "X", 1.0), ("b", "X", 2.0)], nodes=["c"])
    assert (list(cascades.time), cascades.nodes) == ([1.0, 2.0], ("a", "b", "c"))


def test_exposure_counts_those_who_never_adopted() -> None:
    """Of a's two practices b takes up one, after a year; the other it could have taken up for 3 years."""
    rates = estimate(build_cascades([("a", "X", 0.0), ("b", "X", 1.0), ("a", "Y", 0.0)]), horizon=3.0, steps=1)
    assert list(rates.transmissions) == [1.0]
    assert list(rates.rate) == [pytest.approx(1 / 4)]


def test_rates_are_found_again() -> None:
    """A chain a → b → c with rates 1 and 0.5, 4,000 practices, watched for 5 years."""
    chance = np.random.default_rng(3)
    listed = []
    for number in range(4_000):
        time = 0.0
        for node, rate in (("a", None), ("b", 1.0), ("c", 0.5)):
            time += chance.exponential(1 / rate) if rate else 0.0
            if time < 5.0:
                listed.append((node, str(number), time))
    cascades = build_cascades(listed)
    rates = estimate(cascades, 5.0, steps=400)
    found = {(cascades.nodes[s], cascades.nodes[t]): rate for s, t, rate in zip(rates.source, rates.target, rates.rate, strict=True)}
    assert found["a", "b"] == pytest.approx(1.0, rel=0.06)
    assert found["b", "c"] == pytest.approx(0.5, rel=0.06)
    assert found["a", "c"] < 0.02


def test_ranking_figures_by_hand() -> None:
    quality = rate_ranking([("a", "b"), ("b", "a"), ("a", "c")], {("a", "b"), ("a", "c")})
    assert (quality.break_even, quality.average_precision) == (0.5, pytest.approx((1 + 2 / 3) / 2))
    assert quality.f1 == pytest.approx(0.8)
    assert rate_ranking([], {("a", "b")}).f1 == 0
    with pytest.raises(ValueError, match="no true edges"):
        rate_ranking([], set())
