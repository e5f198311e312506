"""netinf: the edges that explain the times of adoption best, one by one.

Gomez-Rodriguez, Leskovec, Krause, "Inferring Networks of Diffusion and Influence", KDD 2010, doi:10.1145/1835804.1835933. Each adoption is told by its
best parent; an edge gains what it adds to the log likelihood of the adoptions that it tells better. The stop by Vuong's test is that of the R package
NetworkInference; shuffled data pass it as well as real ones, so it is no protection against false edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, log, sqrt
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from diffusion.networks.cascades import Cascades, Floats, Ints, bounds, build_pairs

Base = Literal["constant", "tree"]
_CONSTANT = log(1e-64)
_SHARE = log(0.5)  # of an edge, and
_OUTSIDE = log(1e-10)  # of the world outside, where scores begin from a tree
_DIGITS = 9  # of a gain; equal ones go to the first target, then the first source


@dataclass(frozen=True)
class Edge:
    """``gain`` in nats; ``volume``: adoptions whose best parent it is when it is added; ``p`` by Vuong's test, None where there are too few cascades."""

    source: str
    target: str
    gain: float
    volume: int
    p: float | None


def infer(cascades: Cascades, rate: float, *, base: Base = "tree", edges: int | None = None, p: float | None = None) -> list[Edge]:
    """Edges by falling gain: at most ``edges``, and up to the first whose p reaches ``p``, that one included.

    ``rate`` is that of an exponential delay, in 1 / unit of time. ``base`` says what an adoption scores before it has a parent: "constant" as in the
    authors' program, "tree" as in the R package.
    """
    pairs = build_pairs(cascades)
    score = log(rate) - rate * pairs.lag + (_SHARE if base == "tree" else 0.0)
    best = _begin(cascades, rate, base)
    found: list[Edge] = []
    gains = np.full(len(pairs.source), -np.inf)
    top = np.full(len(cascades.nodes), -np.inf)
    top_edge = np.zeros(len(cascades.nodes), np.int64)

    def weigh(target: int) -> None:
        begin, end = pairs.target_first[target], pairs.target_first[target + 1]
        if begin == end:
            return
        low, high = pairs.first[begin], pairs.first[end]
        rises = np.maximum(score[low:high] - best[pairs.event[low:high]], 0.0)
        gains[begin:end] = np.round(np.add.reduceat(rises, pairs.first[begin:end] - low), _DIGITS)
        at = int(np.argmax(gains[begin:end]))
        top[target], top_edge[target] = gains[begin + at], begin + at

    for target in range(len(cascades.nodes)):
        weigh(target)
    while len(cascades.nodes) and (edges is None or len(found) < edges):
        target = int(np.argmax(top))
        if not top[target] > 0:
            break
        edge = int(top_edge[target])
        span = slice(pairs.first[edge], pairs.first[edge + 1])
        rises = np.maximum(score[span] - best[pairs.event[span]], 0.0)
        probability = _vuong(np.bincount(cascades.cascade[pairs.event[span]], weights=rises, minlength=len(cascades.names)))
        found.append(Edge(cascades.nodes[pairs.source[edge]], cascades.nodes[target], float(rises.sum()), int((rises > 0).sum()), probability))
        best[pairs.event[span]] += rises
        if p is not None and (probability is None or probability >= p):
            break
        weigh(target)
    return found


def automatic_rate(cascades: Cascades) -> float:
    """The mean of 1 / (mean time since a cascade's first event) and 1 / (mean time since the event before), as in the R package.

    Raises ValueError without two times in a cascade.
    """
    starts = bounds(cascades)
    since_first = cascades.time - cascades.time[np.minimum(starts[cascades.cascade], len(cascades) - 1)]
    follows = np.ones(len(cascades), bool)
    follows[starts[:-1][starts[:-1] < len(cascades)]] = False
    gaps = np.diff(cascades.time, prepend=0.0)[follows]
    if not gaps.sum():
        raise ValueError("No cascade has two different times, so there is no delay to measure.")
    return float((1 / since_first[follows].mean() + 1 / gaps.mean()) / 2)


def count_possible(cascades: Cascades) -> int:
    """Edges whose source adopted strictly before their target in some cascade."""
    return len(build_pairs(cascades).source)


def _begin(cascades: Cascades, rate: float, base: Base) -> Floats:
    if base == "constant":
        return np.full(len(cascades), _CONSTANT)
    lag = cascades.time - _previous(cascades)
    return np.where(np.isfinite(lag), _OUTSIDE + log(rate) - rate * np.where(np.isfinite(lag), lag, 0.0), 0.0)


def _previous(cascades: Cascades) -> Floats:
    """Time of the latest strictly earlier event of the same cascade; -inf where there is none."""
    previous = np.full(len(cascades), -np.inf)
    edges: Ints = bounds(cascades)
    for begin, end in zip(edges[:-1], edges[1:], strict=True):
        time = cascades.time[begin:end]
        before = np.searchsorted(time, time, side="left")
        previous[begin:end] = np.where(before > 0, time[np.maximum(before - 1, 0)], -np.inf)
    return previous


def _vuong(rises: npt.NDArray[Any]) -> float | None:
    """p that the tree with the edge tells the cascades no better, one parameter more taken off."""
    count = len(rises)
    if count < 2:
        return None
    differences = rises - 1 / count
    spread = float(differences.std(ddof=1))
    if not spread:
        return None
    return erfc(float(differences.sum()) / (spread * sqrt(count)) / sqrt(2)) / 2
