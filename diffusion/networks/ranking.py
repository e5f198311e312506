"""How well a ranking of edges finds the true ones. Edges that are not ranked count as missed.

AUC is left out: counting who adopted before whom reaches 0.9 of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Quality:
    """``break_even``: precision at the rank that equals the number of true edges; ``f1``: best over all cuts; ``average_precision``: the sum of the
    precision at each hit, divided by the number of true edges."""

    break_even: float
    f1: float
    average_precision: float


def rate_ranking(ranked: Sequence[tuple[str, str]], true: set[tuple[str, str]]) -> Quality:
    """``ranked``: best first, each edge once. Raises ValueError without true edges."""
    if not true:
        raise ValueError("There are no true edges to find.")
    hits = np.fromiter((edge in true for edge in ranked), np.float64, len(ranked))
    if not len(hits):
        return Quality(0.0, 0.0, 0.0)
    found, rank = np.cumsum(hits), np.arange(1, len(hits) + 1)
    return Quality(
        break_even=float(found[min(len(hits), len(true)) - 1] / len(true)),
        f1=float((2 * found / (rank + len(true))).max()),
        average_precision=float((found / rank * hits).sum() / len(true)),
    )
