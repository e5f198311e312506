"""Adoptions as cascades: for each practice, who adopted it when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cascades:
    """Events by cascade, then time, then node. ``node`` and ``cascade`` are positions in ``nodes`` and ``names``; times are in one unit, whichever."""

    nodes: tuple[str, ...]
    names: tuple[str, ...]
    node: Ints
    cascade: Ints
    time: Floats

    def __len__(self) -> int:
        return len(self.time)

    def with_events(self, node: Ints, cascade: Ints, time: Floats) -> Cascades:
        """Other events among the same nodes and cascades."""
        order = np.lexsort((node, time, cascade))
        return Cascades(self.nodes, self.names, node[order], cascade[order], time[order])


@dataclass(frozen=True)
class Pairs:
    """Every (earlier, later) pair of events of one cascade with strictly different times, sorted by target, source and cascade.

    ``first[k]`` to ``first[k + 1]`` are the pairs of edge k, from ``source[k]`` to ``target[k]``; ``target_first`` the same for the edges of each node.
    ``event`` is the later event, ``lag`` the time between the two.
    """

    source: Ints
    target: Ints
    first: Ints
    target_first: Ints
    event: Ints
    lag: Floats


def build_cascades(events: Iterable[tuple[str, str, float]], nodes: Sequence[str] = ()) -> Cascades:
    """From (node, cascade, time); the earliest counts where a node comes twice in a cascade. Nodes and cascades sort as texts, numbers among them by value.

    ``nodes`` that never adopt may be named as well.
    """
    earliest: dict[tuple[str, str], float] = {}
    for node, cascade, time in events:
        key = (cascade, node)
        earliest[key] = min(time, earliest.get(key, time))
    names = sorted({cascade for cascade, _ in earliest}, key=_by_value)
    all_nodes = sorted({*nodes, *(node for _, node in earliest)}, key=_by_value)
    place, number = {node: at for at, node in enumerate(all_nodes)}, {name: at for at, name in enumerate(names)}
    empty = Cascades(tuple(all_nodes), tuple(names), np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64))
    return empty.with_events(
        np.fromiter((place[node] for _, node in earliest), np.int64, len(earliest)),
        np.fromiter((number[cascade] for cascade, _ in earliest), np.int64, len(earliest)),
        np.fromiter(earliest.values(), np.float64, len(earliest)),
    )


def bounds(cascades: Cascades) -> Ints:
    """Where each cascade's events begin; one more at the end."""
    return np.searchsorted(cascades.cascade, np.arange(len(cascades.names) + 1))


def build_pairs(cascades: Cascades) -> Pairs:
    """All pairs; ties never link."""
    earlier, later = [], []
    edges = bounds(cascades)
    for begin, end in zip(edges[:-1], edges[1:], strict=True):
        time = cascades.time[begin:end]
        before = np.searchsorted(time, time, side="left")  # how many events of the cascade are strictly earlier
        later.append(np.repeat(np.arange(begin, end), before))
        steps = np.arange(before.sum()) - np.repeat(np.cumsum(before) - before, before)
        earlier.append(begin + steps)
    first_event = np.concatenate([np.empty(0, np.int64), *earlier])
    event = np.concatenate([np.empty(0, np.int64), *later])
    key = cascades.node[event] * len(cascades.nodes) + cascades.node[first_event]
    order = np.argsort(key, kind="stable")
    key, event = key[order], event[order]
    lag = cascades.time[event] - cascades.time[first_event[order]]
    found, first = np.unique(key, return_index=True)
    target, source = np.divmod(found, max(1, len(cascades.nodes)))
    return Pairs(
        source=source,
        target=target,
        first=np.append(first, len(key)).astype(np.int64),
        target_first=np.searchsorted(target, np.arange(len(cascades.nodes) + 1)),
        event=event,
        lag=lag,
    )


def _by_value(name: str) -> tuple[bool, int, str]:
    return (False, int(name), name) if name.isdecimal() and name.isascii() else (True, 0, name)
