"""The published figures of netinf and NETRATE, reproduced on the data that lie beside the repository."""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from diffusion.networks.cascades import Cascades, build_cascades
from diffusion.networks.netinf import automatic_rate, count_possible, infer
from diffusion.networks.netrate import estimate
from diffusion.networks.ranking import rate_ranking

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "diffusion"

if not DATA.exists():
    if os.environ.get("CI") == "true":
        raise FileNotFoundError("The public data on diffusion have to be there in CI.")
    pytest.skip("The public data on diffusion are not beside this repository.", allow_module_level=True)

SNAP_EDGES = [("23", "0"), ("9", "5"), ("0", "31"), ("5", "14"), ("5", "3")]


def rows(name: str) -> Iterator[dict[str, str]]:
    path = DATA / name
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text("utf-8")
    return csv.DictReader(io.StringIO(text))


def read(name: str, node: str = "node", cascade: str = "cascade", time: str = "time") -> Cascades:
    return build_cascades((row[node], row[cascade], float(row[time])) for row in rows(name))


def edges(name: str) -> set[tuple[str, str]]:
    return {(row["source"], row["target"]) for row in rows(name)}


@pytest.fixture(scope="module")
def example() -> Cascades:
    return read("snap_example_cascades.csv")


@pytest.fixture(scope="module")
def policies() -> Cascades:
    return read("spid_policies.csv", "statenam", "policy", "adopt_year")


@pytest.fixture(scope="module")
def kronecker() -> Cascades:
    return read("kronecker_cascades.csv.gz")


def test_the_authors_own_example_edge_by_edge(example: Cascades) -> None:
    found = infer(example, 1.0, base="constant", edges=5)
    assert [(edge.source, edge.target) for edge in found] == SNAP_EDGES
    assert [edge.gain for edge in found] == pytest.approx([3049.810355, 3049.291245, 2905.326401, 2326.861114, 2181.930785], abs=1e-6)
    assert [edge.volume for edge in found] == [21, 21, 20, 16, 15]
    assert count_possible(example) == 543


def test_the_packages_example_edge_by_edge(example: Cascades) -> None:
    found = infer(example, 1.0)
    assert [(edge.source, edge.target) for edge in found[:5]] == SNAP_EDGES
    assert [edge.gain for edge in found[:5]] == pytest.approx([465.126182, 443.848516, 433.392765, 346.108828, 329.679264], abs=1e-6)
    assert {(edge.source, edge.target) for edge in found[:100]} == edges("snap_example_netinf100.csv")
    assert len(found) == 159
    quality = rate_ranking([(edge.source, edge.target) for edge in found], edges("snap_example_edges.csv"))
    assert (quality.break_even, quality.average_precision) == (pytest.approx(0.810, abs=1e-3), pytest.approx(0.806, abs=2e-3))


def test_policies_of_the_states(policies: Cascades) -> None:
    found = infer(policies, 0.5, p=0.1)
    assert len(found) == 864
    assert (found[-1].source, found[-1].target, round(found[-1].p or 0, 4)) == ("Arizona", "Hawaii", 0.1014)
    assert [(edge.target, edge.volume) for edge in found[:5]] == [
        ("Oregon", 198),
        ("Colorado", 177),
        ("Maryland", 179),
        ("Washington", 174),
        ("New Mexico", 186),
    ]
    senders = Counter(edge.source for edge in infer(policies, 0.5, edges=300))
    assert senders.most_common(2) == [("California", 45), ("Florida", 25)]
    assert count_possible(policies) == 2450
    assert automatic_rate(policies) == pytest.approx(0.57796, abs=5e-6)
    assert len(infer(policies, automatic_rate(policies), p=0.1)) == 866
    assert len(infer(policies, 0.5, p=0.1, base="constant")) == 693


def test_order_of_input_changes_nothing(policies: Cascades) -> None:
    listed = [(row["statenam"], row["policy"], float(row["adopt_year"])) for row in rows("spid_policies.csv")]
    shuffled = [listed[at] for at in np.random.default_rng(1).permutation(len(listed))]
    assert infer(build_cascades(shuffled), 0.5, edges=50) == infer(policies, 0.5, edges=50)


def test_netinf_on_the_large_benchmark(kronecker: Cascades) -> None:
    found = infer(kronecker, 0.25, edges=2_100)
    quality = rate_ranking([(edge.source, edge.target) for edge in found], edges("kronecker_edges.csv"))
    assert quality.break_even == pytest.approx(0.812, abs=1e-3)
    assert quality.f1 == pytest.approx(0.834, abs=1e-3)


@pytest.mark.parametrize(
    ("steps", "penalty", "ranked_by", "figure", "value"),
    [
        (50, 0.0, "transmissions", "average_precision", 0.811),
        (50, 0.0, "rate", "f1", 0.637),
        (200, 0.3, "both", "f1", 0.859),
        (200, 0.3, "both", "break_even", 0.815),
    ],
)
def test_netrate_on_the_large_benchmark(kronecker: Cascades, steps: int, penalty: float, ranked_by: str, figure: str, value: float) -> None:
    rates = estimate(kronecker, 10.0, steps=steps, penalty=penalty)
    score = {"transmissions": rates.transmissions, "rate": rates.rate, "both": rates.rate * rates.transmissions}[ranked_by]
    order = [int(at) for at in np.argsort(-score, kind="stable") if score[at] > 1e-9]
    ranked = [(kronecker.nodes[rates.source[at]], kronecker.nodes[rates.target[at]]) for at in order]
    assert getattr(rate_ranking(ranked, edges("kronecker_edges.csv")), figure) == pytest.approx(value, abs=1e-3)
