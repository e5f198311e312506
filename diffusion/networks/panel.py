"""Who took up what when, who was watched until when, which superior acted when, and what texts say of it: what a network is fitted to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from diffusion.networks.cascades import Floats, Ints
from diffusion.networks.parents import Peers, Problem

Channel = Literal["independent", "vertical", "sibling", "horizontal"]
CHANNELS: tuple[Channel, ...] = ("independent", "vertical", "sibling", "horizontal")  # the classes of rates, in their order
ACT_AGES = 4  # the years 0, 1, 2 and later since a superior's act have a rate each
NO_ACT = _NOBODY = -1

Bools: TypeAlias = npt.NDArray[np.bool_]

_SHAPES = np.array([10.0, 1.0, 0.15, 0.05])  # of the priors: base and acts have few rates; of many peers few matter, of far ones fewer
_USUAL = np.array([0.02, 0.2, 0.01, 0.001])  # rates (1 / year) of base, acts, near and far peers where there are no data
_SAME_YEAR = 0.5  # that the source was first, where a text shows who took it from whom and the years do not
_FORCE = np.array([1.0, 0.4, 0.2, 0.1, 0.1])  # of an example in the years after it: many follow soon, few later
_FAR_LISTED = 200  # places of other counties without words of an adoption that are asked whether it is from them; of more each would have next to no chance
_LEAST_INSIDE = 0.02  # probability of having been taken up while watching, of an event


@dataclass(frozen=True)
class Text:
    """What matching texts is worth: it finds ``recall`` of the true sources of adoptions, and a match with a source that is none in ``false`` of them."""

    recall: float = 0.7
    false: float = 0.03

    @property
    def found(self) -> float:
        """Likelihood ratio of a match."""
        return self.recall / self.false

    @property
    def missing(self) -> float:
        """Likelihood ratio where there is no match."""
        return (1 - self.recall) / (1 - self.false)

    def weigh(self, closeness: float | None) -> float:
        """Likelihood ratio of a match that is so close, beside the closest match of the adoption (1); None: no match."""
        return self.missing if closeness is None else max(self.found * closeness, self.missing)


@dataclass(frozen=True)
class Panel:
    """``chances`` (practice x place x 1 + years): the probability of each year as the one of taking up, the first for all before ``start``; all zero where no
    report says that it was. Each place was watched from ``start`` to its ``until``, and is in its ``county``.

    ``superiors`` of each place, the highest first; ``acts`` are (superior, practice, year). ``copied``: (practice, place) → sources whose text the adoption's
    text has, by the number of the place, or ~number of the superior; with how close it is, 1 for the closest.
    """

    chances: Floats
    start: int
    until: Ints
    county: Ints
    superiors: Sequence[Sequence[int]] = ()
    acts: Sequence[tuple[int, int, int]] = ()
    copied: Mapping[tuple[int, int], Mapping[int, float]] = field(default_factory=dict)


def spread(lower: Ints, upper: Ints, start: int, years: int) -> Floats:
    """Chances of intervals (``lower``, ``upper``], their years as likely; ``upper`` < 0: none; ``lower`` before ``start``: there when watching began."""
    chances = np.zeros((*upper.shape, years + 1))
    chances[..., 0] = (upper >= 0) & (lower < start)
    year = start + np.arange(years)
    inside = (year > lower[..., None]) & (year <= upper[..., None]) & (upper >= 0)[..., None] & (lower >= start)[..., None]
    chances[..., 1:] = inside / np.maximum(inside.sum(axis=-1, keepdims=True), 1)
    return chances


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
    """The problem of all adoptions that were watched, each as far as it was; those that were there when watching began have no source in these data."""
    seen = _Seen.of(panel)
    rows = _Rows()
    base = np.arange(len(seen.place))
    rows.add_candidates(base, seen.practice, np.ones(len(base)))
    years = seen.risk.sum(axis=(1, 2))
    rows.add_exposure(np.arange(seen.practices), np.arange(seen.practices), years)
    class_years = np.zeros((seen.practices, len(CHANNELS)))
    class_years[:, 0] = years
    act_rates = _add_acts(panel, text, seen, rows, class_years)
    first_edge = seen.practices + act_rates
    _count_peers(panel, seen, class_years)
    key = _add_edges(panel, text, seen, rows, first_edge)
    target, source = np.divmod(key, max(seen.places, 1))
    kind = np.concatenate(
        [np.zeros(seen.practices, np.int64), np.ones(act_rates, np.int64), np.where(panel.county[source] == panel.county[target], 2, 3).astype(np.int64)]
    )
    problem = Problem(
        event=rows.join("event"),
        rate=rows.join("rate"),
        weight=rows.join("weight"),
        event_practice=seen.practice,
        event_mass=seen.mass[seen.practice, seen.place],
        exposed=rows.join("exposed"),
        practice=rows.join("practice"),
        years=rows.join("years"),
        peers=Peers(source, target, seen.active, seen.risk),
        class_years=class_years,
        kind=kind,
        shape=_SHAPES,
        usual=_USUAL,
    )
    return Parents(problem, first_edge, source, target, seen.place, rows.join("act"))


@dataclass(frozen=True)
class _Seen:
    """The panel as the fit needs it, (practice x place x years) or (practice x place).

    ``when``: of what was taken up while watching, in which year; ``had``: probability of having it before each year; ``active``: the same, each year counting
    by the age of the example then; ``risk``: of being watched without it in each year; ``mass``: of having taken it up while watching; ``event``: its number
    or -1. ``above`` (place x level): superiors of each place, ``_NOBODY`` where it has fewer than others.
    """

    adopted: Bools
    when: Floats
    had: Floats
    active: Floats
    risk: Floats
    mass: Floats
    event: Ints
    practice: Ints  # of each event
    place: Ints
    above: Ints

    @property
    def practices(self) -> int:
        return len(self.adopted)

    @property
    def places(self) -> int:
        return int(self.adopted.shape[1])

    @property
    def years(self) -> int:
        return int(self.risk.shape[2])

    @classmethod
    def of(cls, panel: Panel) -> _Seen:
        adopted = panel.chances.sum(axis=2) > 0
        inside = panel.chances[..., 1:]
        mass = inside.sum(axis=2)
        had = np.cumsum(panel.chances, axis=2)[..., :-1]
        active = np.zeros_like(had)
        for year in range(had.shape[2]):
            active[..., year] = panel.chances[..., : year + 1] @ _FORCE[np.minimum(np.arange(year + 1, 0, -1), len(_FORCE)) - 1]
        watched = panel.start + np.arange(inside.shape[2])[None, :] <= panel.until[:, None]
        risk = np.where(adopted[..., None], np.clip(1 - had, 0, 1), watched[None, :, :].astype(np.float64))
        practice, place = np.nonzero(mass >= _LEAST_INSIDE)
        event = np.full(adopted.shape, -1)
        event[practice, place] = np.arange(len(place))
        depth = max(map(len, panel.superiors), default=0)
        above = np.full((adopted.shape[1], depth), _NOBODY)
        for at, chain in enumerate(panel.superiors):
            above[at, : len(chain)] = chain
        return cls(adopted, inside / np.maximum(mass, _LEAST_INSIDE)[..., None], had, active, risk, mass, event, practice, place, above)


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
        if not len(places):
            continue
        events = seen.event[practice, places]
        ratio = np.array([text.weigh(panel.copied.get((practice, int(place)), {}).get(~superior)) for place in places])
        for age, span in enumerate(_ages(year - panel.start, seen.years)):
            rate = seen.practices + depth[superior] * ACT_AGES + age
            total = seen.risk[practice, places, span].sum()
            rows.add_exposure(np.array([rate]), np.array([practice]), np.array([total]))
            class_years[practice, 1] += total
            then = seen.when[practice, places, span].sum(axis=1)
            chosen = (events >= 0) & (then > 0)
            rows.add_candidates(events[chosen], np.full(chosen.sum(), rate), then[chosen] * ratio[chosen], number)
    levels: int = max(depth.values(), default=-1) + 1
    return levels * ACT_AGES


def _ages(begin: int, years: int) -> list[slice]:
    """The years, counted from the first that was watched, in which an act of the year ``begin`` has each age."""
    edges = [begin + age for age in range(ACT_AGES)] + [max(years, begin + ACT_AGES)]
    return [slice(max(low, 0), max(high, 0)) for low, high in zip(edges, edges[1:], strict=False)]


def _count_peers(panel: Panel, seen: _Seen, class_years: Floats) -> None:
    """Exposure to all peers of the own county, and of others."""
    _, county = np.unique(panel.county, return_inverse=True)
    for practice in range(seen.practices):
        active, risk = seen.active[practice], seen.risk[practice]
        examples, waiting = np.zeros((seen.places, seen.years)), np.zeros((seen.places, seen.years))
        np.add.at(examples, county, active)
        np.add.at(waiting, county, risk)
        inside = float((examples * waiting).sum())
        class_years[practice, 2] += inside - float((active * risk).sum())
        class_years[practice, 3] += float(active.sum(axis=0) @ risk.sum(axis=0)) - inside


def _add_edges(panel: Panel, text: Text, seen: _Seen, rows: _Rows, first_edge: int) -> Ints:
    """Candidates of peers; returns the edges that some adoption may have come through, as target x places + source, in order."""
    keys, columns = [np.zeros(0, np.int64)], _Rows()
    for practice in range(seen.practices):
        has = np.flatnonzero(seen.adopted[practice])
        new = np.flatnonzero(seen.event[practice] >= 0)
        weight = _weigh(panel, text, seen, practice, has, new)
        row, column = np.nonzero(weight)
        keys.append(new[column] * seen.places + has[row])
        columns.add_candidates(seen.event[practice, new[column]], np.full(len(row), practice), weight[row, column])
    key, edge = np.unique(np.concatenate(keys), return_inverse=True)
    if seen.practices:
        rows.add_candidates(columns.join("event"), first_edge + edge, columns.join("weight"))
    return key


def _weigh(panel: Panel, text: Text, seen: _Seen, practice: int, has: Ints, new: Ints) -> Floats:
    """Probability of having been there before x likelihood ratio of the text, (has x new)."""
    when = seen.when[practice, new]
    before = seen.active[practice, has] @ when.T
    ratio = np.full_like(before, text.missing)
    row_of = {int(place): row for row, place in enumerate(has)}
    for column, place in enumerate(new):
        for source, closeness in panel.copied.get((practice, int(place)), {}).items():
            row = row_of.get(source)
            if row is not None:
                ratio[row, column] = text.weigh(closeness)
                before[row, column] += _SAME_YEAR * float(seen.when[practice, source] @ when[column] * min(seen.mass[practice, source], 1.0))
    before[has[:, None] == new[None, :]] = 0.0
    weight: Floats = before * ratio
    if len(has) > _FAR_LISTED:
        far = (ratio <= text.missing) & (panel.county[has][:, None] != panel.county[new][None, :]) & (weight > 0)
        _leave_out(weight, far, seen.above[has], seen.above[new])
    return weight


def _leave_out(weight: Floats, far: Bools, above_has: Ints, above_new: Ints) -> None:
    """Of places of other counties that only times speak for, as many as are listed keep their weight: the nearest in the hierarchy, then the likeliest."""
    near = (above_has[:, None, :] == above_new[None, :, :]).sum(axis=2)  # superiors that both have
    order = np.argsort(np.where(far, -2.0 * near - weight, np.inf), axis=0, kind="stable")  # no weight without words reaches 2
    rest = order[_FAR_LISTED:]
    kept = np.take_along_axis(weight, rest, axis=0)
    np.put_along_axis(weight, rest, np.where(np.take_along_axis(far, rest, axis=0), 0.0, kept), axis=0)
