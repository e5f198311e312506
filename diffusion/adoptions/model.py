"""What is read from the archive, and what is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Status = Literal[
    "adopted", "continued", "planned", "exhorted", "negated", "reported_by_superior", "inherited", "stopped", "unknown"
]  # fmt: skip
CLAIMS: frozenset[Status] = frozenset({"adopted", "continued", "reported_by_superior", "inherited", "stopped"})  # of adoption; the others claim none
BEGINS: frozenset[Status] = CLAIMS - {"inherited"}  # what a place took up itself: a successor's practice is its predecessor's, counted there
Basis = Literal["said", "covered"]


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A report's statement that ``place`` has to do with ``program``. ``sentence`` is the original's; the program's name begins ``at`` in it and is
    ``length`` long."""

    place: str
    program: str
    report: str
    covered: int  # the year that the report is about
    own: bool  # the place's own report, not a superior's
    modality: Literal["done", "ongoing", "planned", "exhorted"]
    negated: bool
    fact: str
    confidence: float
    sentence: str
    at: int
    length: int
    key: str = ""  # of the report; ``start``, ``end``: of the sentence in it
    start: int = 0
    end: int = 0
    until: int = 0  # where the paragraph ends that the sentence stands in, or the text under it if it is a heading

    @property
    def claims(self) -> bool:
        """Whether it says that the place has it; plans, calls and denials don't."""
        return self.happens and not self.negated

    @property
    def happens(self) -> bool:
        """Whether it speaks of what is or is not, rather than of what shall be."""
        return self.modality in ("done", "ongoing")


class Said(msgspec.Struct, frozen=True):
    """What a sentence itself says of the beginning: taken up after the end of ``lower`` and by the end of ``upper``; None where it does not say."""

    lower: int | None = None
    upper: int | None = None
    stopped: bool = False


class Adoption(msgspec.Struct, frozen=True, kw_only=True):
    """One row for each place and traced program, with intervals (``t_lower``, ``t_upper``] of calendar years.

    ``censored``: "left" where it was there when the collection began to watch, "right" where no adoption was seen. ``p``: that what the status says is
    so, by the confidence of its facts. ``basis`` says where the upper end comes from: a date in the text, or the year that the report covers. ``years``: the
    probability of each year as the one of taking up, ``before`` that it was there when the collection begins to watch; nothing where no adoption is claimed.
    Where the status is inherited, interval and probabilities are those of ``predecessor``, a graph id.
    """

    place: str
    program: str
    status: Status
    t_lower: int | None
    t_upper: int | None
    censored: Literal["left", "right"] | None
    p: float
    facts: tuple[str, ...]
    variant: str = ""
    basis: Basis = "covered"
    before: float = 0.0
    years: dict[int, float] = {}
    predecessor: str | None = None

    @property
    def begins(self) -> bool:
        """Whether the place is seen to have taken it up itself."""
        return self.status in BEGINS and self.t_upper is not None


class Succession(msgspec.Struct, frozen=True, kw_only=True):
    """Reports say that ``old`` became ``new`` in ``year``; where no text dates it, the first year whose reports say so (``dated`` is False)."""

    old: str
    new: str
    year: int
    dated: bool
    facts: tuple[str, ...]


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """All that was read: mentions in order of place, year and offset; the years of each place's reports; the years that the collection spans."""

    mentions: tuple[Mention, ...]
    present: Mapping[str, tuple[int, ...]]
    first: int
    last: int
    successions: tuple[Succession, ...] = ()
