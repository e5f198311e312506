"""What the API answers about a practice on its way. Intervals are half open, (t_lower, t_upper]; a plan claims no adoption; first means first seen here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from search_api.models import Answered, Grounded, Name, Paged

StatusField = Annotated[
    Literal["adopted", "continued", "planned", "exhorted", "negated", "reported_by_superior", "inherited", "stopped", "unknown"],
    Field(title="Status", description="What reports say. planned, exhorted, negated and unknown claim no adoption.", examples=["adopted"]),
]
ChannelField = Annotated[
    Literal["vertical", "sibling", "horizontal", "hidden_common", "self", "independent", "unknown"],
    Field(title="Channel", description="sibling: a township of the same county; horizontal: of another; hidden_common: a source whose text is not here."),
]
ReasonField = Annotated[
    Literal["named", "ordered", "mentioned", "text", "act", "siblings", "time", "succession"] | None,
    Field(
        title="Reason",
        description="The strongest ground: the report names its source, the same words, another township in the sentence that takes it up,"
        " a superior's text before, siblings, or time alone.",
    ),
]
Lower = Annotated[int | None, Field(title="After", description="Taken up after the end of this year; null: it was there when the collection begins.")]
Upper = Annotated[int | None, Field(title="By", description="Taken up by the end of this year; null where nothing is claimed.", examples=[2021])]


class Evidence(Answered):
    """A sentence of a report, by its offsets in the original."""

    report: str = Field(title="Report", description="Id of the report: GET /api/reports/{id}.", examples=["4be19c2b7a0d95e1"])
    key: str = Field(title="Key", description="Its key in the collection.", examples=["福建省/安溪县/00042.txt"])
    place: str | None = Field(None, title="Place", description="Whose report it is.")
    year: int | None = Field(None, title="Year", description="The year that it covers.")
    start: int
    end: int
    text: str
    fact: str | None = Field(None, title="Fact", description="The statement in it: GET /api/facts/{id}.")


class SlotCounts(Answered):
    """What there was to see: a slot is one year of one township that has reports here; eligible = observed + missing."""

    places: int = Field(title="Townships", examples=[80])
    from_year: int
    to_year: int
    eligible: int = Field(title="Eligible", description="Reports that townships and years make possible.", examples=[640])
    observed: int = Field(title="Observed", description="Reports that are here.", examples=[475])
    missing: int = Field(title="Missing", description="Reports that are not; they say nothing.", examples=[165])
    unreadable: int = Field(title="Unreadable", description="Files of the whole collection that could not be read.", examples=[0])
    adopters: int = Field(title="Adopters", description="Townships of which a report states it.")
    censored: int = Field(title="Censored", description="Adopters that had it when the collection begins.")
    ties: int = Field(title="Ties", description="Adopters that share their year with another one.")
    censored_share: float | None = Field(None, title="Censored share", description="Of the adopters; null where there are none.")
    tie_share: float | None = Field(None, title="Tie share", description="Of the adopters; null where there are none.")


class Caveat(Answered):
    code: str = Field(title="Code", examples=["first_here"])
    text: str = Field(title="Text", description="In English.")


class Spread(Grounded):
    """An answer about a practice on its way: with what it rests on and how it may be read."""

    program: str = Field(title="Program", examples=["program:积分制"])
    name: Name
    slots: SlotCounts = Field(title="Slots")
    caveats: tuple[Caveat, ...] = Field(title="Caveats", description="How the answer may be read.")


class UnitRow(Answered):
    """One township that some report names with the practice."""

    place: str
    name: Name
    county: str
    county_name: str
    status: StatusField
    t_lower: Lower
    t_upper: Upper
    censored: Literal["left", "right"] | None = Field(None, title="Censored", description="left: there when the collection begins; right: not seen adopted.")
    basis: Literal["said", "covered"] = Field(title="Basis", description="Where t_upper comes from: a date in the text, or the year that the report covers.")
    p: float = Field(title="Probability", description="That what status says is so.")
    variants: tuple[str, ...] = ()
    present: tuple[int, ...] = Field(title="Present", description="Years of its reports here.")
    missing: tuple[int, ...] = Field(title="Missing", description="Years without a report here.")
    sentences: tuple[Evidence, ...] = ()
    before: float = Field(0.0, title="Before", description="Probability that it was there when the collection begins.")
    years: dict[int, float] = Field({}, title="Years", description="Probability of each year as the one of taking up.")


class DeedRow(Answered):
    """A superior's text that some adoption is put down to."""

    place: str
    name: Name
    year: int
    report: str
    key: str


class Timeline(Spread, Paged):
    units: tuple[UnitRow, ...]
    deeds: tuple[DeedRow, ...] = Field(title="Deeds", description="Superiors' texts.")


class CandidateRow(Answered):
    place: str
    name: Name
    county_name: str
    t_lower: Lower
    t_upper: int
    censored: bool
    p: float = Field(title="Probability", description="That no other is seen earlier. What was there when the collection begins has no order among itself.")
    p_alone: float = Field(title="Alone", description="That all others are later.")
    before: float = Field(title="Before", description="That it was there when the collection begins.")
    sentences: tuple[Evidence, ...] = ()


class KnownEvent(Answered):
    """A cited fact from outside the collection."""

    year: int
    date: str | None = None
    place: str
    place_name: str
    event: str = Field(title="Event", description="In English.")
    event_zh: str = Field(title="Event in Chinese")
    cited: str = Field(title="Cited", description="Where it stands.")
    sure: Literal["documented", "reported", "unverified"]
    note: str | None = Field(None, title="Note", description="What speaks against taking it for the beginning.")


class FirstSeenAnswer(Spread):
    """Who was seen first in this collection. That is never an origin: what is known of that stands in known_history, with its sources."""

    separable: bool = Field(title="Separable", description="One township was first here, whatever the true years in the intervals are.")
    reason: Literal["clear", "ties", "left_censored", "only", "none"] = Field(
        title="Reason", description="Why the candidates are one, several or none; only: nobody else is seen with it."
    )
    year: int | None = Field(None, title="Year", description="Only where the first one and its year are clear.")
    candidates: tuple[CandidateRow, ...]
    known_history: tuple[KnownEvent, ...] = Field(title="Known history", description="External facts, cited; nothing of this collection went into them.")


class ArrowRow(Answered):
    target: str
    target_name: str
    source: str | None = Field(None, title="Source", description="Graph id of the likely source; null where none can be named.")
    source_name: str | None = None
    channel: ChannelField
    posterior: float = Field(title="Posterior", description="Probability of this source.")
    text_backed: bool
    reason: ReasonField = None
    from_year: int | None = None
    to_year: int | None = None
    sentences: tuple[Evidence, ...] = Field((), title="Evidence", description="The adopter's sentences first, then the source's.")


class ShareRow(Answered):
    channel: ChannelField
    count: int
    text_backed: int
    share: float
    low: float = Field(title="Low", description="Lower end of the 95 % interval (Wilson).")
    high: float = Field(title="High", description="Upper end of it.")


class ChannelGroup(Answered):
    group: str | None = Field(None, title="Group", description="A county's graph id, a year, or null for all.")
    name: str
    total: int
    shares: tuple[ShareRow, ...]


class ChannelsAnswer(Spread, Paged):
    groups: tuple[ChannelGroup, ...]
    attributions: tuple[ArrowRow, ...]


class MemberSetRow(Answered):
    members: tuple[str, ...]
    places: int
    sentence: Evidence


class VariantUseRow(Answered):
    program: str
    name: Name
    members: tuple[str, ...] = Field((), title="Members", description="As the catalogue lists them.")
    stated: tuple[MemberSetRow, ...] = Field((), title="Stated", description="Sets that reports list themselves: one name can mean several.")
    places: int
    first_seen: int | None = Field(None, title="First seen", description="First year in which a report here states it.")


class VariantStepRow(Answered):
    year: int
    before_year: int | None = Field(None, title="Year before", description="The last earlier year in which these townships stated any name of the family.")
    before: tuple[str, ...] = Field(title="Before", description="Names that they stated in it.")
    now: tuple[str, ...]
    places: int


class VariantsAnswer(Spread):
    family: str
    uses: tuple[VariantUseRow, ...]
    steps: tuple[VariantStepRow, ...]


class EdgeRow(Answered):
    source: str
    source_name: str
    target: str
    target_name: str
    expected: float = Field(title="Expected", description="Practices that came this way, as the fit reckons.")
    support: float = Field(title="Support", description="Share of resampled sets of practices in which the edge is there.")
    q: float = Field(title="q", description="Share of edges as far beyond chance that data with the places of each county exchanged would give.")
    shown: bool = Field(title="Shown", description="Whether it may be drawn.")
    text_backed: bool


class NetworkSlots(Answered):
    """What there was to see: eligible = observed + missing reports."""

    places: int
    from_year: int
    to_year: int
    eligible: int
    observed: int
    missing: int


class NetworkAnswer(Grounded, Paged):
    current: bool = Field(title="Current", description="false: the collection has changed since the network was reckoned.")
    run: str = Field(title="Run", description="The analysis that it comes from: GET /api/runs/{id}.", examples=["a1"])
    slots: NetworkSlots
    programs: int
    seed: int
    edges_in_all: int
    edges_drawn: int
    edges: tuple[EdgeRow, ...]
    caveats: tuple[Caveat, ...]
