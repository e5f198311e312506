"""What is left of results when reports, counties or templates are taken away."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from planted_curves import mention_of, take_at_their_word, watch

from diffusion.adoptions.model import Watched
from diffusion.robustness import Result, compare_orders, compare_sets, hide, holds, leave_out, try_out, without_templates

LOGISTIC = {"rate": 0.9, "inflection": 2020.0}


def small(seed: int = 1, missing: float = 0.1) -> Watched:
    return watch("logistic", places=60, first=2016, last=2023, missing=missing, seed=seed, **LOGISTIC)[0]


def compute(watched: Watched) -> Result:
    rows = take_at_their_word(watched)
    return Result(
        order={row.place: float(row.t_upper or 0) for row in rows},
        found=frozenset(row.place for row in rows),
        intervals={row.place: (row.t_lower, row.t_upper) for row in rows},
        label="many" if len(rows) > 20 else "few",
        numbers={"adopters": float(len(rows))},
    )


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 30), draw=st.integers(0, 10_000), share=st.sampled_from([0.1, 0.3, 0.6]))
def test_hiding_reports_widens_every_interval_and_finds_nobody_new(seed: int, draw: int, share: float) -> None:
    watched = small(seed)
    fewer = hide(watched, share, np.random.default_rng(draw))
    whole, left = compute(watched), compute(fewer)
    assert left.found <= whole.found
    assert all(holds(interval, whole.intervals[place]) for place, interval in left.intervals.items())
    reports = sum(map(len, watched.present.values()))
    assert sum(map(len, fewer.present.values())) == reports - round(share * reports)
    assert (fewer.first, fewer.last, set(fewer.present)) == (watched.first, watched.last, set(watched.present))
    assert {mention.report for mention in fewer.mentions} <= {f"{place}/{year}.txt" for place, years in fewer.present.items() for year in years}


def test_the_block_says_how_much_is_left() -> None:
    watched = small()
    block = try_out(watched, compute, passages={})
    ten, thirty = block.hidden
    assert [shaken.name for shaken in block.hidden] == ["hidden_10", "hidden_30"]
    assert ten.tries == block.draws == 5
    assert ten.tau and thirty.tau and 1 > ten.tau > thirty.tau > 0.5
    assert ten.jaccard and thirty.jaccard and 1 >= ten.jaccard >= thirty.jaccard > 0.7
    assert ten.least_tau and ten.least_tau <= ten.tau
    assert (ten.holding, ten.same_label) == (1.0, 1.0)
    assert ten.numbers[0].high <= ten.numbers[0].value
    assert block == try_out(watched, compute, passages={})
    assert block != try_out(watched, compute, passages={}, seed=2)


def test_a_result_that_rests_on_one_county_is_found_out() -> None:
    watched = small()
    heavy = "cn:350122"

    def rests(on: Watched) -> Result:
        there = sum(place.startswith(heavy) for place in on.present)
        return Result(order={place: float(len(years)) for place, years in on.present.items()}, found=frozenset(on.present), numbers={"there": float(there)})

    block = try_out(watched, rests)
    assert block.weightiest == heavy
    assert block.counties and block.counties.tries == 6
    assert block.counties.jaccard == 1.0  # nothing but the county itself is gone
    assert block.counties.numbers[0].low == 0.0


def test_of_edges_those_of_the_county_are_not_missed() -> None:
    watched = small()

    def edges(on: Watched) -> Result:
        places = sorted(on.present)
        return Result(order={}, found=frozenset(f"{a}>{b}" for a, b in zip(places, places[1:], strict=False)))

    block = try_out(watched, edges)
    assert block.counties and block.counties.least_jaccard and block.counties.least_jaccard > 0.9
    assert block.counties.tau is None


def test_leaving_a_county_out_takes_its_own_texts_along() -> None:
    watched = small()
    order = replace(mention_of("cn:350122", 2019), key="order.txt")
    left = leave_out(replace(watched, mentions=(*watched.mentions, order)), "cn:350122")
    assert not any(place.startswith("cn:350122") for place in left.present)
    assert not any(mention.place.startswith("cn:350122") for mention in left.mentions)
    assert any(mention.place.startswith("cn:350123") for mention in left.mentions)


def test_sentences_in_templates_are_not_counted_and_their_reports_are() -> None:
    watched = small()
    first = watched.mentions[0]
    left = without_templates(watched, {first.key: [(first.start - 5, first.end)]})
    assert len(left.mentions) == len(watched.mentions) - 1
    assert left.present == watched.present
    beside = without_templates(watched, {first.key: [(first.end - 3, first.end + 40)]})  # the template has only the sentence's end
    assert beside.mentions == watched.mentions
    block = try_out(watched, compute, passages={mention.key: [(0, 1000)] for mention in watched.mentions})
    assert block.templates and block.templates.jaccard == 0.0
    assert block.templated == block.mentions


def test_without_compared_texts_templates_are_not_tried() -> None:
    block = try_out(small(), compute)
    assert block.templates is None
    assert any("not been compared" in caveat for caveat in block.caveats)


@pytest.mark.parametrize(
    "watched",
    [
        Watched(mentions=(), present={}, first=0, last=-1),
        Watched(mentions=(mention_of("cn:350524/甲镇", 2020),), present={"cn:350524/甲镇": (2020,)}, first=2020, last=2020),
        small(missing=0.95),
    ],
    ids=["nothing", "one_report", "nearly_all_missing"],
)
def test_poor_collections_give_a_block_with_gaps(watched: Watched) -> None:
    block = try_out(watched, compute, passages={})
    assert len(block.hidden) == 2
    if not watched.mentions:
        assert all(shaken.tau is None and shaken.jaccard is None for shaken in block.hidden)
        assert block.counties is None


def test_comparisons_are_what_their_definitions_say() -> None:
    assert compare_orders({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 3, "c": 2}) == pytest.approx(1 / 3)
    assert compare_orders({"a": 1, "b": 1}, {"a": 1, "b": 2}) is None
    assert compare_sets({"a", "b"}, {"b", "c"}) == pytest.approx(1 / 3)
    assert compare_sets(set(), set()) is None
    assert holds((None, 2020), (2018, 2020))
    assert holds((2017, None), (2018, 2020))
    assert not holds((2018, 2020), (None, 2020))
    assert not holds((2018, 2019), (2018, 2020))
