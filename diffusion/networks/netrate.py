"""NETRATE by expectation and maximisation: a rate for every edge, non-adoption counted.

Gomez-Rodriguez, Balduzzi, Schölkopf, "Uncovering the Temporal Dynamics of Diffusion Networks", ICML 2011, exponential delays. An adoption's parents
share it by their rates; an edge's rate is its shares (the expected transmissions) over the time that its target was exposed to its source. Rates of edges
that were rarely exposed explode: rank by transmissions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diffusion.networks.cascades import Cascades, Floats, Ints, bounds, build_pairs

_START = 0.05


@dataclass(frozen=True)
class Rates:
    """Edges by position in the nodes. ``rate`` in 1 / unit of time; ``transmissions``: adoptions of the target that come from the source, expected."""

    source: Ints
    target: Ints
    rate: Floats
    transmissions: Floats


def estimate(cascades: Cascades, horizon: float, *, steps: int = 50, penalty: float = 0.0) -> Rates:
    """Rates after ``steps``. Every cascade was watched until ``horizon``. ``penalty``: transmissions taken off each edge, which clears weak ones away."""
    pairs = build_pairs(cascades)
    edge = np.repeat(np.arange(len(pairs.source)), np.diff(pairs.first))
    exposure = _exposure(cascades, pairs.source, pairs.target, horizon)
    rate = np.full(len(pairs.source), _START)
    transmissions = np.zeros(len(pairs.source))
    for _ in range(steps):
        share = rate[edge]
        whole = _sum(pairs.event, share, len(cascades))[pairs.event]
        transmissions = _sum(edge, np.divide(share, whole, out=np.zeros_like(share), where=whole > 0), len(rate))
        rate = np.maximum(transmissions - penalty, 0.0) / exposure
    return Rates(pairs.source, pairs.target, rate, transmissions)


def _exposure(cascades: Cascades, source: Ints, target: Ints, horizon: float) -> Floats:
    """Time between the source's adoption and the target's, or the horizon where the target did not adopt, over all cascades of the source."""
    size = len(cascades.nodes)
    until_end = _sum(cascades.node, horizon - cascades.time, size)
    key = target * size + source
    exposure = until_end[source]
    edges = bounds(cascades)
    for begin, end in zip(edges[:-1], edges[1:], strict=True):
        node, time = cascades.node[begin:end], cascades.time[begin:end]
        pair = (node[:, None] * size + node[None, :]).ravel()  # (later?, earlier?)
        instead = (np.maximum(time[:, None] - time[None, :], 0.0) - (horizon - time)[None, :]).ravel()
        at = np.searchsorted(key, pair)
        known = (at < len(key)) & (key[np.minimum(at, len(key) - 1)] == pair) if len(key) else np.zeros(len(pair), bool)
        np.add.at(exposure, at[known], instead[known])
    return exposure


def _sum(group: Ints, weights: Floats, size: int) -> Floats:
    return np.bincount(group, weights=weights, minlength=size).astype(np.float64, copy=False)
