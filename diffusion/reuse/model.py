"""What goes into a comparison and what comes out of it."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["copy", "template", "self"]
Direction = Literal["a->b", "none"]


class Item(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One report or document to be compared. ``unit`` is whose it is (graph id, or its key where nobody knows), ``names`` what its text calls that place,
    ``above`` what it calls those above it."""

    key: str
    text: str
    unit: str
    county: str = ""  # graph id; empty where unknown
    year: int | None = None  # that it covers
    issued: str | None = None  # ISO date
    superior: bool = False  # of a county or above: what it writes others may be told to write
    order: bool = False  # a notice, plan or opinion, not a yearly report: issued within its year, before the reports on that year
    names: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    mark: str = ""  # of all that the item was made from: another mark, another item


class Pair(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=False):
    """One passage that stands in two texts; offsets are those of the decoded originals. ``a`` is the earlier one where ``direction`` says so.

    ``aligned`` counts the characters that are the same in both, ``identity`` is their share of the alignment. ``best``: of a passage's possible sources this
    one agrees most; ``agreed`` counts as ``aligned`` does, but only in the part of the passage that half of its sources have: what stands beside it, and only
    one of them has, says nothing about whence the rest came. ``boilerplate`` is the probability that the words are anybody's.
    """

    a: str
    a_start: int
    a_end: int
    b: str
    b_start: int
    b_end: int
    aligned: int
    identity: float
    kind: Kind
    direction: Direction
    evidence: str = ""  # why the direction: covered year, issued, or nothing
    best: bool = False
    agreed: int = 0  # of a template all of ``aligned``
    template: str | None = None
    boilerplate: float = 0.0


class Template(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Words that many units share. ``level``: national (in several counties) or county; ``source``: key of the superior's document that has them first."""

    id: str
    level: Literal["national", "county"]
    county: str | None
    units: int
    reports: int
    source: str | None
    first_year: int | None
    text: str  # of its first occurrence here
    example: str  # key of the report that has it


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Limits with their reasons. They were chosen on seeds 2, 3 and 5 of both families of the simulator and checked on seeds 1 and 4; see docs/diffusion.md."""

    gram: int = 5  # characters
    common_units: int = 40  # a gram that more units use leads nowhere
    template_gram: int = 8
    national_units: int = 12  # least units of a national phrase
    national_share: float = 0.03  # and least share of all units
    steady: float = 0.5  # in its first year it is in so many of the counties that have it in its best year: what goes from place to place begins with a few
    everybody_share: float = 0.3  # what so many of all units write is nobody's, however it began
    phrase_units: int = 3  # least townships of words that stand anywhere
    scattered: float = 0.5  # most standard errors by which they may stand in one county more often than by chance: what is copied is a neighbour's first
    grown: float = 2.0  # the same for how late a template of such words may stand: what is copied begins with one
    superior_units: int = 4  # least superiors whose own texts share it
    superior_share: float = 0.15
    county_units: int = 3  # least townships of a county's template
    county_share: float = 0.6  # least share of the county's reports that have it, in the years that know it: who was told to write it does so each year
    county_towns: float = 0.6  # or least share of the county's townships that have it at some time
    county_rate: float = 0.25  # and of its reports, from the first year to the last: whose words a county has at hand, it uses now and then
    county_some: int = 4  # least townships of these
    verbatim: float = 0.6  # or, of these townships, least share of those that have the very same words: what goes from clerk to clerk changes on its way
    verbatim_run: int = 60  # characters that these words have at least
    verbatim_some: int = 5  # least townships that have them: few may well have copied with care
    order_share: float = 0.65  # the same where a superior's order has it before: an order that many take over once is a source and no template
    elsewhere: float = 0.25  # most units outside, as a share of those inside: what others took up is read by others
    seed_reach: int = 60  # characters between two common grams of one passage
    drift: int = 10  # most characters by which their diagonals differ
    least_covered: int = 10  # characters under common grams that make two places worth aligning
    margin: int = 100
    band: int = 24
    least_aligned: int = 30
    least_identity: float = 0.6
    least_copied: int = 45  # least_aligned of a copy
    anybodys: float = 0.7  # share of a passage that anybody writes, with which it is no copy
    a_user: float = 12.0  # characters that a passage has for each unit that writes them: longer ones are copies all the same
    short_aligned: int = 60  # of shorter copies
    frame_gap: int = 8  # characters of another matter in the same phrases
    frame_agreed: float = 0.85  # least share of what stands around it that is the same word for word
    short_boilerplate: float = 0.5  # this is the most that their words may be anybody's
