"""Paths between entities: the cheapest first, where passing a hub costs more than passing something rare; the same on every engine."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from graph.pathfinding import Way, find_ways


class Sketch:
    """A graph given as pairs of names, as far as ``graph.pathfinding`` asks a store about it."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.neighbours: dict[str, list[str]] = {}
        for one, other in pairs:
            self.neighbours.setdefault(one, []).append(other)
            self.neighbours.setdefault(other, []).append(one)

    def read(self, statement: str, parameters: Mapping[str, Any] | None = None, **_: Any) -> list[dict[str, Any]]:
        ids = (parameters or {})["ids"]
        if "AS degree" in statement:
            return [{"id": id, "labels": ["Program"], "name": id, "degree": len(self.neighbours.get(id, ()))} for id in ids]
        edge = {"relation": "ADOPTS", "report": "r", "facts": ["f"], "year": 2020, "modality": "done"}
        return [{"id": id, "other_id": other, "source": min(id, other), **edge} for id in ids for other in self.neighbours.get(id, ())]

    def ways(self, source: str, target: str, max_hops: int) -> list[tuple[float, tuple[str, ...]]]:
        """All of them, by trying: (cost, ids), cheapest first."""
        found: list[tuple[float, tuple[str, ...]]] = []

        def walk(path: tuple[str, ...]) -> None:
            if path[-1] == target:
                tolls = sum(math.log10(len(self.neighbours[id])) for id in path[1:-1])
                found.append((round(len(path) - 1 + tolls, 6), path))
            elif len(path) <= max_hops:
                for other in self.neighbours.get(path[-1], ()):
                    if other not in path:
                        walk((*path, other))

        walk((source,))
        return sorted(found)


def ids(way: Way) -> tuple[str, ...]:
    return tuple(place.id for place in way.places)


def test_a_rare_program_joins_before_one_that_everybody_takes_up() -> None:
    crowd = [(f"镇{number}", "大家都做") for number in range(200)]
    sketch: Any = Sketch([("甲", "大家都做"), ("乙", "大家都做"), ("甲", "少有"), ("乙", "少有"), *crowd])
    found = find_ways(sketch, "甲", "乙", max_hops=4, k=3)
    assert [ids(way) for way in found.ways] == [("甲", "少有", "乙"), ("甲", "大家都做", "乙")]
    assert found.ways[0].cost == pytest.approx(2 + math.log10(2), abs=1e-6) and found.ways[1].cost > 4
    assert not found.bounded


def test_a_longer_way_through_rare_things_is_cheaper_than_a_short_one_through_a_hub() -> None:
    crowd = [(f"镇{number}", "大家都做") for number in range(2_000)]
    sketch: Any = Sketch([("甲", "大家都做"), ("乙", "大家都做"), ("甲", "一"), ("一", "丙"), ("丙", "二"), ("二", "乙"), *crowd])
    found = find_ways(sketch, "甲", "乙", max_hops=4, k=2)
    assert [len(way.hops) for way in found.ways] == [4, 2]


def test_what_has_too_many_edges_is_met_and_not_passed() -> None:
    crowd = [(f"镇{number}", "大家都做") for number in range(6_000)]
    sketch: Any = Sketch([("甲", "大家都做"), ("乙", "大家都做"), ("大家都做", "旁"), ("旁", "又"), ("又", "乙"), *crowd])
    found = find_ways(sketch, "甲", "乙", max_hops=4, k=5)
    assert ("甲", "大家都做", "乙") in [ids(way) for way in found.ways] and found.bounded


@pytest.mark.parametrize("seed", range(40))
def test_the_cheapest_ways_are_those_that_trying_all_finds(seed: int) -> None:
    chance = random.Random(seed)
    names = [f"{number:02}" for number in range(chance.randint(4, 12))]
    pairs = [pair for pair in itertools.combinations(names, 2) if chance.random() < 0.35]
    sketch: Any = Sketch(pairs)
    for max_hops, k in ((1, 3), (3, 4), (4, 2), (5, 20)):
        source, target = chance.sample(names, 2)
        found = find_ways(sketch, source, target, max_hops=max_hops, k=k)
        expected = sketch.ways(source, target, max_hops)
        assert [way.cost for way in found.ways] == pytest.approx([cost for cost, _ in expected[:k]], abs=2e-6)
        shown = [ids(way) for way in found.ways]
        assert len(set(shown)) == len(shown) and set(shown) <= {path for _, path in expected}
        for way in found.ways:
            for (one, other), hop in zip(itertools.pairwise(ids(way)), way.hops, strict=True):
                assert {one, other} == {hop.source, hop.target}
