"""Who took up what when, who was watched until when, which superior acted when, and what texts say of it: what a network is fitted to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from diffusion.networks.cascades import Floats, Ints
from diffusion.networks.parents import Problem

Channel = Literal["independent", "vertical", "sibling", "horizontal"]
CHANNELS: tuple[Channel, ...] = ("independent", "vertical", "sibling", "horizontal")  # the classes of rates, in their order
ACT_AGES = 4  # the years 0, 1, 2 and later since a superior's act have a rate each
NO_ACT = -1

Bools: TypeAlias = npt.NDArray[np.bool_]

_SHAPES = np.array([2.0, 1.0, 0.15, 0.05])  # of the priors: base and acts have few rates; of many peers few matter, of far ones fewer
_SAME_YEAR = 0.5  # that the source was first, where a text shows who took it from whom and the years do not
_EVER = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Text:
    """What matching texts is worth: it finds ``recall`` of the true sources of adoptions, and a match with a source that is none in ``false`` of them."""

    recall: float = 0.54
    false: float = 0.03

    @property
    def found(self) -> float:
        """Likelihood ratio of a match."""
        return self.recall / self.false

    @property
    def missing(self) -> float:
        """Likelihood ratio where there is no match."""
        return (1 - self.recall) / (1 - self.false)


@dataclass(frozen=True)
class Panel:
    """``lower`` and ``upper`` (practice x place, whole years): taken up after the one, by the end of the other. ``upper`` < 0: no report says so; ``lower``
    before ``start``: it was there when watching began. Each place was watched from ``start`` to its ``until``, and is in its ``county``.

    ``superiors`` of each place, the highest first; ``acts`` are (superior, practice, year). ``copied``: (practice, place) → sources whose text the adoption's
    text has, by the number of the place, or ~number of the superior.
    """

    lower: Ints
    upper: Ints
    start: int
    until: Ints
    county: Ints
    superiors: Sequence[Sequence[int]] = ()
    acts: Sequence[tuple[int, int, int]] = ()
    copied: Mapping[tuple[int, int], Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Parents:
    """What the numbers of a problem mean. Its rates: a base rate for each practice, then rates of acts, then from ``first_edge`` on the edges between places.

    ``act`` is the position in ``Panel.acts`` of each candidate, ``NO_ACT`` where it is none.
    """

    problem: Problem
    first_edge: int
    edge_source: Ints
    edge_target: Ints
    event_place: Ints
    act: Ints


def build(panel: Panel, text: Text) -> Parents:
    """The problem of all adoptions that were watched; those that were there when watching began have no source in these data."""
    seen = _Seen.of(panel)
    rows = _Rows()
    base = np.arange(len(seen.place))
    rows.add_candidates(base, seen.practice, np.ones(len(base)))
    rows.add_exposure(np.arange(seen.practices), np.arange(seen.practices), seen.risk.sum(axis=1))
    class_years = np.zeros((seen.practices, len(CHANNELS)))
    class_years[:, 0] = seen.risk.sum(axis=1)
    act_rates = _add_acts(panel, text, seen, rows, class_years)
    first_edge = seen.practices + act_rates
    key = _add_edges(panel, text, seen, rows, class_years, first_edge)
    target, source = np.divmod(key, max(seen.places, 1))
    kind = np.concatenate(
        [np.zeros(seen.practices, np.int64), np.ones(act_rates, np.int64), np.where(panel.county[source] == panel.county[target], 2, 3).astype(np.int64)]
    )
    problem = Problem(
        event=rows.join("event"),
        rate=rows.join("rate"),
        weight=rows.join("weight"),
        event_practice=seen.practice,
        exposed=rows.join("exposed"),
        practice=rows.join("practice"),
        years=rows.join("years"),
        class_years=class_years,
        kind=kind,
        shape=_SHAPES,
    )
    return Parents(problem, first_edge, source, target, seen.place, rows.join("act"))


@dataclass(frozen=True)
class _Seen:
    """The panel as the fit needs it, (practice x place): the ``first`` year it may have been taken up in, the ``year`` expected, the number of its ``event`` or
    -1, its years at ``risk``."""

    adopted: Bools
    old: Bools  # there when watching began
    first: Ints
    year: Floats
    end: Floats  # of being at risk
    event: Ints
    risk: Floats
    practice: Ints  # of each event
    place: Ints

    @property
    def practices(self) -> int:
        return len(self.adopted)

    @property
    def places(self) -> int:
        return int(self.adopted.shape[1])

    @classmethod
    def of(cls, panel: Panel) -> _Seen:
        adopted = panel.upper >= 0
        old = adopted & (panel.lower < panel.start)
        first = np.where(old, panel.start - 1, panel.lower + 1)
        year = np.where(old, panel.start - 1.0, (first + panel.upper) / 2)
        end = np.where(adopted, year, panel.until[None, :].astype(np.float64))
        practice, place = np.nonzero(adopted & ~old)
        event = np.full(adopted.shape, -1)
        event[practice, place] = np.arange(len(place))
        risk = np.where(old, 0.0, np.maximum(end - panel.start + 1, 0.0))
        return cls(adopted, old, first, year, end, event, risk, practice, place)


class _Rows:
    """Columns that grow."""

    def __init__(self) -> None:
        self._parts: dict[str, list[npt.NDArray[Any]]] = {}

    def add_candidates(self, event: Ints, rate: Ints, weight: Floats, act: int = NO_ACT) -> None:
        self._add(event=event, rate=rate, weight=weight, act=np.full(len(event), act))

    def add_exposure(self, exposed: Ints, practice: Ints, years: Floats) -> None:
        self._add(exposed=exposed, practice=practice, years=years)

    def _add(self, **columns: npt.NDArray[Any]) -> None:
        for name, column in columns.items():
            self._parts.setdefault(name, []).append(column)

    def join(self, name: str) -> npt.NDArray[Any]:
        return np.concatenate(self._parts[name])


def _add_acts(panel: Panel, text: Text, seen: _Seen, rows: _Rows, class_years: Floats) -> int:
    """Candidates and exposure of superiors' acts; returns the number of their rates: one for each level and age."""
    depth = {superior: level for chain in panel.superiors for level, superior in enumerate(chain)}
    below: dict[int, list[int]] = {}
    for place, chain in enumerate(panel.superiors):
        for superior in chain:
            below.setdefault(superior, []).append(place)
    for number, (superior, practice, year) in enumerate(panel.acts):
        places = np.array(below.get(superior, []), np.int64)
        events, low, high = seen.event[practice, places], seen.first[practice, places], panel.upper[practice, places]
        ratio = np.array([text.found if ~superior in panel.copied.get((practice, int(place)), ()) else text.missing for place in places], np.float64)
        for age in range(ACT_AGES if len(places) else 0):
            rate = seen.practices + depth[superior] * ACT_AGES + age
            begin, last = year + age, year + age if age < ACT_AGES - 1 else _EVER
            exposed = np.clip(np.minimum(seen.end[practice, places], last) - max(begin, panel.start) + 1, 0, None)
            total = exposed[~seen.old[practice, places]].sum()
            rows.add_exposure(np.array([rate]), np.array([practice]), np.array([total]))
            class_years[practice, 1] += total
            then = np.clip(np.minimum(high, last) - np.maximum(low, begin) + 1, 0, None) / np.maximum(high - low + 1, 1)
            chosen = (events >= 0) & (then > 0)
            rows.add_candidates(events[chosen], np.full(chosen.sum(), rate), then[chosen] * ratio[chosen], number)
    levels: int = max(depth.values(), default=-1) + 1
    return levels * ACT_AGES


def _add_edges(panel: Panel, text: Text, seen: _Seen, rows: _Rows, class_years: Floats, first_edge: int) -> Ints:
    """Candidates and exposure of peers; returns the edges that some adoption may have come through, as target x places + source, in order."""
    keys, columns = [np.zeros(0, np.int64)], _Rows()
    for practice in range(seen.practices):
        has = np.flatnonzero(seen.adopted[practice])
        new = np.flatnonzero(seen.event[practice] >= 0)
        gap = np.clip(seen.end[practice][None, :] - seen.year[practice, has][:, None], 0, None)  # how long each place was exposed to each that has it
        gap[:, seen.old[practice]] = 0.0
        gap[np.arange(len(has)), has] = 0.0
        same = panel.county[has][:, None] == panel.county[None, :]
        class_years[practice, 2:] += gap[same].sum(), gap[~same].sum()
        weight = _weigh(panel, text, seen, practice, has, new)
        row, column = np.nonzero(weight)
        keys.append(new[column] * seen.places + has[row])
        columns.add_candidates(seen.event[practice, new[column]], np.full(len(row), practice), weight[row, column])
        columns.add_exposure(keys[-1], np.full(len(row), practice), gap[row, new[column]])
    key, edge = np.unique(np.concatenate(keys), return_inverse=True)
    if seen.practices:
        rows.add_candidates(columns.join("event"), first_edge + edge, columns.join("weight"))
        rows.add_exposure(first_edge + edge, columns.join("practice"), columns.join("years"))
    target, source = np.divmod(key, max(seen.places, 1))
    for practice in range(seen.practices):  # where the source has a practice that the target never took up, it did nothing for all those years
        idle = np.flatnonzero(seen.adopted[practice, source] & ~seen.adopted[practice, target])
        waited = np.clip(seen.end[practice, target[idle]] - seen.year[practice, source[idle]], 0, None)
        rows.add_exposure(first_edge + idle, np.full(len(idle), practice), waited)
    return key


def _weigh(panel: Panel, text: Text, seen: _Seen, practice: int, has: Ints, new: Ints) -> Floats:
    """Probability of having been there before x likelihood ratio of the text, (has x new)."""
    before = _before(seen.first[practice, has], panel.upper[practice, has], seen.first[practice, new], panel.upper[practice, new])
    ratio = np.full_like(before, text.missing)
    row_of = {int(place): row for row, place in enumerate(has)}
    for column, place in enumerate(new):
        for source in panel.copied.get((practice, int(place)), ()):
            row = row_of.get(source)
            if row is not None:
                ratio[row, column] = text.found
                if seen.year[practice, source] <= seen.year[practice, place]:
                    before[row, column] = max(before[row, column], _SAME_YEAR)
    before[has[:, None] == new[None, :]] = 0.0
    weight: Floats = before * ratio
    return weight


def _before(low: Ints, high: Ints, other_low: Ints, other_high: Ints) -> Floats:
    """Probability that a year, evenly in low..high, is less than another, evenly in other_low..other_high; (one x other)."""
    total = np.zeros((len(low), len(other_low)))
    length, span = np.maximum(high - low + 1, 1)[:, None], np.maximum(other_high - other_low + 1, 1)
    for step in range(int(span.max(initial=0))):
        earlier = np.clip((other_low + step)[None, :] - low[:, None], 0, length) / length
        total += np.where(step < span, earlier, 0.0)
    probability: Floats = total / span[None, :]
    return probability
