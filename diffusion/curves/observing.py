"""What was seen of each place: the years in which it can have taken the practice up, and how well each fits what its reports say and leave out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from diffusion.adoptions import detection
from diffusion.adoptions.detection import Track
from diffusion.adoptions.model import Adoption, Mention
from diffusion.attribution.assembling import chain
from diffusion.curves.model import Act, CurveYear
from diffusion.networks.cascades import Floats, Ints

NEVER = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Observed:
    """Eligible places in order. ``fits`` (place x cell) is the probability of what the place's reports say and leave out if it took the practice up in that
    cell: before ``first``, in each year from ``first`` to ``last``, later. Taken up after ``lower``, if silent reports are taken at their word (``first`` - 2:
    nothing is known), and by ``upper`` (NEVER: no adoption was seen). ``acts``: first year with an act of a superior, NEVER where none.
    """

    places: tuple[str, ...]
    first: int
    last: int
    present: tuple[frozenset[int], ...]
    lower: Ints
    upper: Ints
    fits: Floats
    acts: Ints
    outside: int

    @property
    def adopters(self) -> int:
        return int((self.upper < NEVER).sum())

    @property
    def left_censored(self) -> int:
        return int(((self.upper < NEVER) & (self.lower < self.first - 1)).sum())

    @property
    def events(self) -> int:
        return self.adopters - self.left_censored

    @property
    def reports(self) -> Ints:
        return np.array([len(own) for own in self.present], np.int64)

    @property
    def missing_share(self) -> float:
        slots = len(self.places) * (self.last - self.first + 1)
        return 1 - sum(map(len, self.present)) / slots if slots else 1.0


def observe(
    rows: Iterable[Adoption],
    present: Mapping[str, Collection[int]],
    first: int,
    last: int,
    *,
    mention_rate: float = 1.0,
    acts: Sequence[Act] = (),
    eligible: Collection[str] | None = None,
) -> Observed:
    """``eligible`` are the places of ``present`` unless given: give them where reports are taken away, so that places without any stay in the count.

    Each silent report weighs 1 - ``mention_rate`` against years of adoption up to its own; an interval that a text dates stands as it is.
    """
    rows = list(rows)
    claims = [row for row in rows if row.begins]
    heirs = {row.place for row in rows if row.predecessor is not None} - {row.place for row in claims}  # their predecessors count
    places = tuple(sorted({*(present if eligible is None else eligible)} - heirs))
    claimed = {row.place: row for row in sorted(claims, key=lambda row: row.t_upper or 0, reverse=True)}  # of several variants the first counts
    years = tuple(frozenset(year for year in present.get(place, ()) if first <= year <= last) for place in places)
    none = first - 2
    lower, upper = np.full(len(places), none, np.int64), np.full(len(places), NEVER, np.int64)
    cells = max(last - first + 3, 0)
    fits = np.zeros((len(places), cells))
    for at, place in enumerate(places):
        row = claimed.get(place)
        if row is None:
            if years[at]:
                lower[at] = max(years[at])
        else:
            assert row.t_upper is not None
            upper[at] = max(row.t_upper, first - 1)
            lower[at] = min(max(_lower(row, years[at], none), none), upper[at] - 1)
        fits[at] = _weigh(row, int(lower[at]), int(upper[at]), years[at], first, last, mention_rate)
    since = acts_in_force(places, acts)
    return Observed(
        places=places,
        first=first,
        last=last,
        present=years,
        lower=lower,
        upper=upper,
        fits=fits,
        acts=np.array([since.get(place, NEVER) for place in places], np.int64),
        outside=len(set(claimed) - set(places)),
    )


def mirror(observed: Observed) -> Observed:
    """The same adoptions with the last year first, without acts: whoever adopted late is early now. Who was never seen with it stays so."""
    first, last, adopters = observed.first, observed.last, observed.upper < NEVER
    fits = np.zeros_like(observed.fits)
    fits[:, 1:-1] = observed.fits[:, -2:0:-1]
    fits[:, -1] = observed.fits[:, 0]  # there before watching began: after its end
    fits[~adopters] = 0.0
    fits[~adopters, -1] = 1.0
    later = observed.lower < first - 1
    return replace(
        observed,
        present=tuple(frozenset(first + last - year for year in own) for own in observed.present),
        lower=np.where(adopters, first + last - 1 - observed.upper, last),
        upper=np.where(adopters & ~later, first + last - 1 - observed.lower, NEVER),
        fits=fits,
        acts=np.full_like(observed.acts, NEVER),
    )


def _lower(row: Adoption, years: frozenset[int], none: int) -> int:
    """The end that nothing but missing reports leaves open: what a text dates, or the last report before that does not name it. The end that the row has
    where no text dates it is a probable one, and bounds must not rest on it."""
    if row.basis == "said" and row.t_lower is not None:
        return row.t_lower
    return max((year for year in years if row.t_upper is not None and year < row.t_upper), default=none)


def _weigh(row: Adoption | None, lower: int, upper: int, years: frozenset[int], first: int, last: int, mention_rate: float) -> Floats:
    """Cells: before ``first``, ``first`` … ``last``, later. A claim's interval holds; without a claim any year may be, the less so the more are silent."""
    weights = np.zeros(last - first + 3)
    end = upper if row is not None else last + 1
    dated = row is not None and row.basis == "said" and row.t_lower is not None
    for cell in range(len(weights)):
        year = first - 1 + cell
        if row is not None and (year > upper or (dated and year <= lower)):
            continue
        weights[cell] = (1 - mention_rate) ** sum(year <= silent < end for silent in years)
    if not weights.any():  # a claim of a date after the last year, or silence that leaves no year: what the interval says stands
        weights[min(max(upper - first + 1, 0), len(weights) - 1)] = 1.0
    return weights


def mention_rate(mentions: Iterable[Mention], present: Mapping[str, Collection[int]]) -> float:
    """How often a report names a practice that the place has (``diffusion.adoptions.detection``)."""
    naming: dict[str, set[int]] = {}
    for mention in mentions:
        if mention.own and mention.claims:
            naming.setdefault(mention.place, set()).add(mention.covered)
    tracks = (Track(tuple((year, "named" if year in own else "silent") for year in sorted(present.get(place, ()))), None) for place, own in naming.items())
    return detection.mention_rate(tracks)


def acts_in_force(places: Iterable[str], acts: Sequence[Act]) -> dict[str, int]:
    """The first year in which some superior of a place has acted; places without such a superior are left out."""
    earliest: dict[str, int] = {}
    for act in acts:
        earliest[act.superior] = min(act.year, earliest.get(act.superior, act.year))
    found = {place: [earliest[superior] for superior in chain(place) if superior in earliest] for place in places}
    return {place: min(years) for place, years in found.items() if years}


def count_years(observed: Observed) -> tuple[CurveYear, ...]:
    """Risk sets, shares and bounds of each year."""
    lower, upper, size = observed.lower, observed.upper, len(observed.places)
    counted = []
    for year in range(observed.first, observed.last + 1) if size else ():
        there = np.array([year in own for own in observed.present])
        adopted, without = int((upper <= year).sum()), int((lower >= year).sum())
        risk = there & (lower >= year - 1)
        counted.append(
            CurveYear(
                year=year,
                observed=int(there.sum()),
                missing=size - int(there.sum()),
                at_risk=int(risk.sum()),
                events=int((risk & (upper == year)).sum()),
                adopted=adopted,
                open=size - adopted - without,
                share=round(adopted / (adopted + without), 6) if adopted + without else None,
                lower=round(adopted / size, 6),
                upper=round((size - without) / size, 6),
            )
        )
    return tuple(counted)
