"""What a story of one practice is made of. Years are calendar years, intervals half open (lower, upper]."""

from __future__ import annotations

from typing import Literal

import msgspec

from diffusion.adoptions.model import BEGINS, CLAIMS, Basis, Status
from diffusion.attribution.model import Channel

Reason = Literal["named", "ordered", "mentioned", "text", "act", "siblings", "time", "succession"]
# how far a statement about the collection as a whole can be trusted; the words stand in labels.yaml
Caveat = Literal["first_here", "missing", "censored", "ties", "time_only", "few", "hidden", "one_year", "candidate", "mostly_missing"]


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a report's original. ``place`` and ``year`` are the report's; ``fact`` is the statement in it, where it is one."""

    report: str
    key: str
    place: str | None
    year: int | None
    start: int
    end: int
    text: str
    fact: str | None = None


class Banner(msgspec.Struct, frozen=True, kw_only=True):
    """What a story rests on. A slot is one year of one place that has reports here; ``eligible`` = ``observed`` + ``missing``.

    ``censored``: of the ``adopters`` how many had it when the collection begins to watch them. ``ties``: how many share their year with another one, so
    that nobody can say which came first. Shares are of ``adopters``, None where there are none.
    """

    places: int
    from_year: int
    to_year: int
    eligible: int
    observed: int
    missing: int
    unreadable: int
    adopters: int
    censored: int
    ties: int
    practices: int = 1  # of several, adopters are pairs of a township and a practice

    @property
    def censored_share(self) -> float | None:
        return round(self.censored / self.adopters, 4) if self.adopters else None

    @property
    def tie_share(self) -> float | None:
        return round(self.ties / self.adopters, 4) if self.adopters else None


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A place that some report names with the practice. ``present`` and ``missing`` are the years of its reports, and those without one here."""

    place: str
    name: str
    county: str
    county_name: str
    status: Status
    t_lower: int | None
    t_upper: int | None
    censored: Literal["left", "right"] | None
    basis: Basis
    p: float
    variants: tuple[str, ...]
    present: tuple[int, ...]
    missing: tuple[int, ...]
    sentences: tuple[Sentence, ...]
    before: float = 0.0  # probability that it was there when the collection begins
    years: dict[int, float] = {}  # and of each year as the one of taking up

    @property
    def claims(self) -> bool:
        """Whether a report says that it is or was done there; plans, calls and denials don't."""
        return self.status in CLAIMS and self.t_upper is not None

    @property
    def begins(self) -> bool:
        """Whether it took it up itself; what a successor has counts where it began."""
        return self.status in BEGINS and self.t_upper is not None


class Arrow(msgspec.Struct, frozen=True, kw_only=True):
    """Where one adoption comes from, as far as these reports tell. ``source`` is None where none is named; ``sentences``: the adopter's first."""

    target: str
    target_name: str
    source: str | None
    source_name: str | None
    channel: Channel
    posterior: float
    text_backed: bool
    reason: Reason | None
    from_year: int | None
    to_year: int | None
    sentences: tuple[Sentence, ...]


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """A superior's text that speaks of the practice."""

    place: str
    name: str
    year: int
    report: str
    key: str


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A place that may have been the first of this collection. ``p``: that none is seen earlier; ``p_alone``: that all others are later; ``before``: that it
    was there when the collection begins, where no order can be seen."""

    place: str
    name: str
    county_name: str
    t_lower: int | None
    t_upper: int
    censored: bool
    p: float
    p_alone: float
    before: float
    sentences: tuple[Sentence, ...]


class FirstSeen(msgspec.Struct, frozen=True, kw_only=True):
    """``separable``: one place was first in this collection, whatever the true years in the intervals are. Never an origin."""

    separable: bool
    reason: Literal["clear", "ties", "left_censored", "only", "none"]
    year: int | None
    candidates: tuple[Candidate, ...]


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """One channel's part of adoptions; ``low`` and ``high`` are the 95 % interval by Wilson."""

    channel: Channel
    count: int
    text_backed: int
    share: float
    low: float
    high: float


class Channels(msgspec.Struct, frozen=True, kw_only=True):
    group: str | None  # a county's graph id, a year, or None for all
    name: str
    total: int
    shares: tuple[Share, ...]


class VariantUse(msgspec.Struct, frozen=True, kw_only=True):
    """One name of a family. ``members`` is what the catalogue lists; ``stated`` the member sets that reports list, each with how many places do."""

    program: str
    name: str
    members: tuple[str, ...]
    stated: tuple[MemberSet, ...]
    places: int
    first_seen: int | None


class MemberSet(msgspec.Struct, frozen=True, kw_only=True):
    members: tuple[str, ...]
    places: int
    sentence: Sentence


class VariantStep(msgspec.Struct, frozen=True, kw_only=True):
    """How many places state these names of a family in a year; ``before``: the ones they stated in ``before_year``, the last earlier year that has any."""

    year: int
    before_year: int | None
    before: tuple[str, ...]
    now: tuple[str, ...]
    places: int


class Variants(msgspec.Struct, frozen=True, kw_only=True):
    family: str
    uses: tuple[VariantUse, ...]
    steps: tuple[VariantStep, ...]


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """All that pictures, pages, files and answers say of one practice."""

    program: str
    name: str
    snapshot: str
    banner: Banner
    units: tuple[Unit, ...]
    arrows: tuple[Arrow, ...]
    deeds: tuple[Deed, ...]
    first: FirstSeen
    channels: tuple[Channels, ...]
    caveats: tuple[Caveat, ...]
