"""What the API answers. Offsets are characters (Unicode code points, not UTF-16 units) into the decoded original, half open."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(title="Name", examples=["参内镇"])]
ReportRef = Annotated[str, Field(title="Report", description="Id of the report: GET /api/reports/{id}.", examples=["4be19c2b7a0d95e1"])]
FactRefs = Annotated[tuple[str, ...], Field(title="Facts", description="Ids of the facts this stands on: GET /api/facts/{id}.")]
Year = Annotated[int | None, Field(title="Year", examples=[2023])]
ModalityField = Annotated[str | None, Field(title="Modality", description="done, ongoing, planned or exhorted. A plan is never a deed.", examples=["done"])]


class Answered(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Coverage(Answered):
    """What an answer rests on. A township or a year outside it has no report here, which says nothing about what was done there."""

    reports: int = Field(title="Reports", description="Reports that were looked at: those of the asked place, years and level.", examples=[24])
    townships: int = Field(title="Townships", description="Reporting townships among them.", examples=[6])
    years: tuple[int, ...] = Field(title="Years", description="Years that they cover.", examples=[[2020, 2021, 2022, 2023]])
    undated: int = Field(title="Undated", description="Reports of that place whose year the text does not tell: years leave them out.", examples=[0])
    unreadable: int = Field(title="Unreadable", description="Files of the whole collection that could not be read.", examples=[0])


class Grounded(Answered):
    """An answer that counts or compares: it says which state of the collection it comes from and what it rests on."""

    snapshot: str = Field(title="Snapshot", description="Names the state of the collection: equal snapshots give equal answers.", examples=["9f3a5c0d11e2b764"])
    coverage: Coverage = Field(title="Coverage")


class Paged(Answered):
    next: str | None = Field(None, title="Next", description="Give it back as cursor to get the next page; null on the last.")


class Span(Answered):
    start: int = Field(title="Start", examples=[120])
    end: int = Field(title="End", examples=[124])


class Passage(Answered):
    """A sentence of the original: text is exactly the characters from start to end."""

    text: str = Field(title="Sentence", examples=["深入开展“法律八进”活动。"])
    start: int = Field(title="Start", examples=[118])
    end: int = Field(title="End", examples=[131])
    section: str = Field(title="Section", description="heading, results, problems, plan, responsibility or other.", examples=["results"])
    highlights: tuple[Span, ...] = Field((), title="Highlights", description="What matched, in offsets of the original.")
    own: bool | None = Field(
        default=None,
        title="Own",
        description="In a search: it states something that only the place can know, a figure, a named room or person, a place inside it.",
    )
    places: int | None = Field(
        default=None,
        title="Places",
        description="In a search: how many places here say the same but for numbers and names of places; null where it is too short to tell.",
        examples=[1],
    )


class ScorePart(Answered):
    """A part of a score; the parts of a hit add up to it."""

    text: str = Field(title="Text", description="What was looked for.", examples=["法律八进"])
    kind: str = Field(title="Kind", description="word, phrase, or likeness.", examples=["phrase"])
    where: str = Field(
        title="Where",
        description="text, title, own (sentences that state something of the place's own), headings, or within (asked sections).",
        examples=["own"],
    )
    score: float = Field(title="Score", examples=[7.3])


class Hit(Answered):
    report: ReportRef
    key: str = Field(title="Key", description="The name under which the document was taken in.", examples=["参内镇2023.txt"])
    title: str | None = Field(None, title="Title", examples=["参内镇2023年法治政府建设情况报告"])
    place: str | None = Field(None, title="Place", description="Graph id of the place that reports.", examples=["cn:350524/参内镇"])
    place_name: str | None = Field(None, title="Name of the place", examples=["参内镇"])
    path: tuple[str, ...] = Field((), title="Path", description="Names from the province down.", examples=[["福建省", "泉州市", "安溪县", "参内镇"]])
    level: str | None = Field(None, title="Level", examples=["township"])
    year: Year = None
    score: float = Field(title="Score", description="How well the words match; only its order within one answer means anything.", examples=[7.3])
    passages: tuple[Passage, ...] = Field((), title="Passages", description="The sentences that matched, best first: the place's own before what many say.")
    explanation: tuple[ScorePart, ...] | None = Field(None, title="Explanation", description="The parts of the score, where explain was asked for.")


class FacetValue(Answered):
    value: str = Field(title="Value", description="What to give as the filter.", examples=["2023"])
    label: str = Field(title="Label", examples=["2023"])
    reports: int = Field(title="Reports", examples=[12])


class PlaceCount(Answered):
    id: str = Field(title="Id", description="What to give as place.", examples=["cn:3505"])
    label: str = Field(title="Label", examples=["泉州市"])
    level: str = Field(title="Level", examples=["prefecture"])
    reports: int = Field(title="Reports", description="Matching reports of the place and of everything below it.", examples=[12])
    below: tuple[PlaceCount, ...] = Field((), title="Below", description="Places directly below that have a matching report, most first.")
    more: int | None = Field(
        0,
        title="More",
        description="Places directly below that have one and are not listed; null where they were not counted. Raise facet_size, or ask with place.",
    )


class PlaceCounts(Answered):
    """A place that is not here has no matching report in this collection, which says nothing about what it did."""

    roots: tuple[PlaceCount, ...] = Field(title="Roots", description="Provinces; or the highest places that reports are known to be from.")
    more: int = Field(0, title="More", description="Of these, so many are not listed.")
    placed: int = Field(title="Placed", description="Matching reports that say where they are from.", examples=[12])


class YearCount(Answered):
    year: int = Field(title="Year", examples=[2023])
    reports: int = Field(title="Reports", description="Reports of that year that match.", examples=[12])
    covered: int = Field(title="Covered", description="Reports of that year that there are here for the asked place and level: out of so many.", examples=[24])


class UnderstoodPart(Answered):
    kind: str = Field(title="Kind", description="place, years, level, name (of a program, a platform or a document) or word.", examples=["place"])
    text: str = Field(title="Text", description="As it stands in the question.", examples=["安溪县"])
    start: int = Field(title="Start", description="Where it begins in q, in characters.", examples=[5])
    end: int = Field(title="End", description="Where it ends.", examples=[8])
    value: str = Field(
        title="Value",
        description="What it was taken for: names of a place with | between them, years as 2020-2022 (2020- from then on), a level, the words.",
        examples=["安溪县"],
    )


class Understood(Answered):
    """A question in a whole sentence, as it was read. Every hit meets all conditions, has all names and at least so many of the words."""

    conditions: tuple[UnderstoodPart, ...] = Field((), title="Conditions", description="Places, years and levels: filters. Take a part out of q to drop it.")
    names: tuple[UnderstoodPart, ...] = Field((), title="Names", description="Names of the vocabulary, and titles in 《》, that every hit has.")
    words: tuple[UnderstoodPart, ...] = Field((), title="Words", description="What the question is about.")
    least: int = Field(0, title="Least", description="How many of the words every hit has at least; the more it has, the higher it stands.", examples=[2])
    doing: tuple[UnderstoodPart, ...] = Field((), title="Doing", description="Words that only add to the score: 聘请, 建立.")
    dropped: tuple[str, ...] = Field(
        (), title="Dropped", description="What was not looked for: what asks, and what holds a sentence together.", examples=[["哪些", "了"]]
    )


class Widened(Answered):
    text: str = Field(title="Text", description="What was asked for.", examples=["七五普法"])
    also: tuple[str, ...] = Field(title="Also", description="The other writings that counted as well.", examples=[["“七五”普法"]])


class Correction(Answered):
    q: str = Field(title="Question", description="To be asked instead.", examples=["法治副校长"])
    reports: int = Field(title="Reports", description="Reports that it finds.", examples=[3])
    kind: str = Field(title="Kind", description="spelling: a name of the vocabulary or of a place that is read or written alike. any: any of the words.")


class UnknownPlace(Answered):
    """A place that the question names and no report here is of. So it finds nothing there, which says nothing about what was done there."""

    name: str = Field(title="Name", description="As the question names it, or the id that it gives.", examples=["参内乡"])
    registered: bool = Field(
        title="Registered", description="Whether the official list of places has one of this name: then it is the report that is missing.", examples=[False]
    )
    near: tuple[str, ...] = Field((), title="Near", description="Places with reports whose names are read or written alike.", examples=[["参内镇"]])


class SearchAnswer(Grounded, Paged):
    hits: tuple[Hit, ...] = Field(title="Hits")
    total: int = Field(title="Total", description="Reports that match, on all pages.", examples=[12])
    facets: dict[str, tuple[FacetValue, ...]] = Field({}, title="Facets", description="Reports that match, by value of each asked facet, most first.")
    places: PlaceCounts | None = Field(None, title="Places", description="Matching reports by place at every level, where the facet place was asked for.")
    years: tuple[YearCount, ...] | None = Field(None, title="Years", description="In order of years, where the histogram was asked for.")
    synonyms: tuple[Widened, ...] | None = Field(None, title="Synonyms", description="What was widened, where synonyms were asked for.")
    understood: Understood | None = Field(
        None, title="Understood", description="How a question in a whole sentence was read; null where every word was demanded. reading=words switches it off."
    )
    did_you_mean: tuple[Correction, ...] = Field(
        (), title="Did you mean", description="Where nothing matches, or a place is unknown: questions that find something."
    )
    unknown_places: tuple[UnknownPlace, ...] = Field(
        (), title="Unknown places", description="Of the places that the question names in its words (place:参内乡) those that no report here is of."
    )


class Similar(Hit):
    shared_words: tuple[str, ...] = Field((), title="Shared words", description="Those that tell these two reports from others, most telling first.")


class SimilarReports(Grounded, Paged):
    report: ReportRef
    hits: tuple[Similar, ...] = Field(title="Hits", description="Most alike first; passages are the sentences that both reports have.")
    total: int = Field(title="Total", description="Reports that share anything telling with it.")


class SignificantTerm(Answered):
    term: str = Field(title="Term", examples=["民情"])
    reports: int = Field(title="Reports", description="Reports of the result that have it.", examples=[8])
    all_reports: int = Field(title="All reports", description="Reports of the whole collection that have it.", examples=[9])
    score: float = Field(title="Score", description="How far it is from chance: log-likelihood ratio, 10.8 is one in a thousand.", examples=[31.2])


class SignificantTerms(Grounded):
    terms: tuple[SignificantTerm, ...] = Field(title="Terms", description="Words of more reports of the result than of others, least by chance first.")
    total: int = Field(title="Total", description="Reports of the result.", examples=[12])
    collection: int = Field(title="Collection", description="Reports in the index.", examples=[300])


class SearchCitation(Answered):
    """What it takes to cite an exported result and to make it again: equal snapshot, query and program give equal bytes."""

    title: str
    file: str
    format: str
    snapshot: str
    query: dict[str, Any]
    address: str = Field(title="Address", description="The request that gives the same file.")
    rows: int
    bytes: int
    sha256: str
    columns: tuple[dict[str, Any], ...]
    synonyms: tuple[Widened, ...] = ()
    understood: Understood | None = None
    coverage: Coverage
    licence: str
    notes: tuple[str, ...]
    program: dict[str, str]


class Suggestion(Answered):
    text: str = Field(title="Text", examples=["法律八进"])
    kind: str = Field(title="Kind", description="program, indicator or place.", examples=["program"])
    id: str = Field(title="Id", description="Its id, for the filters place and program and for GET /api/measures.", examples=["program:法律八进"])
    alias_of: str | None = Field(None, title="Alias of", description="The usual name, where text is another one.", examples=[None])


class Suggestions(Answered):
    suggestions: tuple[Suggestion, ...] = Field(title="Suggestions", description="Best first.")


class Issuer(Answered):
    name: Name
    node: str | None = Field(None, title="Id", examples=["body:cn:350524/参内镇/人民政府"])


class Frame(Answered):
    """Whose report it is and which year it covers. What the text does not decide is null, with candidates listed."""

    place: str | None = None
    place_name: str | None = None
    path: tuple[str, ...] = ()
    level: str | None = None
    status: str = Field("unresolved", title="Status", description="resolved, unresolved (the text does not name the place) or ambiguous.")
    candidates: tuple[str, ...] = ()
    place_evidence: tuple[str, ...] = Field((), title="Evidence for the place")
    title: str | None = None
    year: Year = None
    year_evidence: str | None = None
    coverage_end: str | None = Field(None, title="Coverage ends", description="ISO date, before the year's end where the report was signed earlier.")
    issuers: tuple[Issuer, ...] = ()
    addressees: tuple[Issuer, ...] = ()
    docnumber: str | None = None
    signed: str | None = None
    warnings: tuple[str, ...] = ()


class Section(Span):
    kind: str = Field(title="Kind", examples=["results"])
    heading: str = Field("", title="Heading", examples=["一、主要举措和成效"])
    level: int = 0
    path: str = Field("", title="Path", examples=["一/（二）/3"])


class Side(Answered):
    """One side of a finding; start and end are null where it stands outside the text (metadata, a register)."""

    role: str = Field(title="Role", description="rate, part, whole, value, year, signature or register.", examples=["rate"])
    surface: str = Field(title="Surface", examples=["办结率达92.8%"])
    start: int | None = Field(None, title="Start", examples=[120])
    end: int | None = Field(None, title="End", examples=[129])
    fact: str | None = Field(None, title="Fact", description="GET /api/facts/{id}, where the side is a fact.")
    value: float | int | None = Field(None, title="Value", examples=[92.8])


class Finding(Answered):
    """Two statements of one report that do not go together. Nothing is corrected: the facts keep what the report states."""

    id: str = Field(title="Id")
    kind: str = Field(
        title="Kind",
        description="rate_truncated, rate_differs, parts_differ, two_values, zero_and_count, year_differs, plan_year, signed_outside, part_of_year "
        "or village_count.",
        examples=["rate_truncated"],
    )
    severity: str = Field(title="Severity", description="note or warning.", examples=["note"])
    message_zh: str = Field(title="Message in Chinese", examples=["办结率写作92.8%，按所列数 520 ÷ 560 = 92.86%，是截去尾数而不是四舍五入。"])
    message_en: str = Field(title="Message in English")
    stated: float | int | None = Field(None, title="Stated", examples=[92.8])
    computed: float | int | None = Field(None, title="Computed", examples=[92.8571])
    unit: str | None = Field(None, title="Unit", examples=["%"])
    facts: FactRefs = ()
    evidence: tuple[Side, ...] = Field((), title="Evidence", description="Both sides.")


class Report(Answered):
    report: ReportRef
    key: str = Field(title="Key", examples=["参内镇2023.txt"])
    title: str | None = None
    format: str = Field(title="Format", examples=["txt"])
    url: str | None = None
    published: str | None = None
    duplicate_of: str | None = Field(None, title="Duplicate of", description="Key of the document with the same bytes that is counted in its place.")
    version: str = Field(title="Version", description="sha256 of the original's bytes.")
    ingested: str = Field(title="Taken in", description="ISO time.")
    frame: Frame
    sections: tuple[Section, ...] = ()
    facts: dict[str, int] = Field({}, title="Facts", description="How many facts of each type.", examples=[{"program": 3, "metric": 14}])
    findings: tuple[Finding, ...] = Field((), title="Findings", description="What does not go together in it: rates and counts, parts and sums, years.")
    characters: int = Field(title="Characters", description="Length of the text.", examples=[3012])
    metadata: dict[str, Any] = {}


class ReportText(Answered):
    report: ReportRef
    text: str = Field(title="Text", description="The decoded original, character for character.")
    sentences: tuple[Span, ...] = ()
    sections: tuple[Section, ...] = ()


class Fact(Answered):
    """One finding with its evidence: surface is exactly the characters of the original from start to end."""

    id: str = Field(title="Id", examples=["4be19c2b7a0d95e1-0a1b2c3d4e5f6071"])
    report: ReportRef
    type: str = Field(title="Type", examples=["program"])
    surface: str = Field(title="Surface", examples=["法律八进"])
    start: int = Field(title="Start", examples=[120])
    end: int = Field(title="End", examples=[124])
    section: str = Field("other", title="Section", examples=["results"])
    canonical: str | None = Field(None, title="Canonical name", examples=["法律八进"])
    node: str | None = Field(None, title="Graph id", examples=["program:法律八进"])
    indicator: str | None = None
    indicator_id: str | None = None
    value: float | int | None = Field(None, title="Value", description="In base units; money in 万元.")
    unit: str | None = None
    approx: str | None = Field(None, title="Approximation", description="more_than, at_least, less_than or about.")
    year: Year = None
    date: str | None = None
    relation: str | None = None
    subject: str | None = None
    object: str | None = None
    subject_node: str | None = None
    object_node: str | None = None
    modality: ModalityField = "done"
    polarity: str = "positive"
    rule: str = Field("", title="Rule", description="Which rule found it.")
    confidence: float = Field(0.5, title="Confidence", description="0 to 1, calibrated.", examples=[0.93])
    attrs: dict[str, Any] = {}
    sentence: Passage | None = Field(None, title="Sentence", description="The sentence it stands in.")


class Facts(Paged):
    facts: tuple[Fact, ...]
    total: int = Field(title="Total", description="Facts of the asked types in this report.", examples=[96])


class Node(Answered):
    id: str = Field(title="Id", examples=["cn:350524/参内镇"])
    labels: tuple[str, ...] = Field(title="Labels", description="Most general first.", examples=[["Place", "Township"]])
    name: Name


class Entity(Node):
    reports: int = Field(0, title="Reports", description="Reports that mention it.")
    properties: dict[str, Any] = {}


class Entities(Grounded, Paged):
    entities: tuple[Entity, ...]


class EntityAnswer(Grounded, Entity):
    pass


class Neighbour(Answered):
    """One edge as seen from the entity."""

    relation: str = Field(title="Relation", examples=["ADOPTS"])
    direction: str = Field(title="Direction", description="out: the edge starts at the entity asked for.", examples=["out"])
    id: str = Field(title="Id", examples=["program:法律八进"])
    labels: tuple[str, ...] = Field(title="Labels", examples=[["Program"]])
    name: Name
    report: str | None = Field(None, title="Report", description="null for edges that follow from ids, such as a township in its county.")
    facts: FactRefs = ()
    year: Year = None
    modality: ModalityField = None
    properties: dict[str, Any] = {}
    passages: tuple[Passage, ...] = Field(
        default=(), title="Passages", description="With evidence: the sentences of the first facts; of REUSES the longest passage, as the later report has it."
    )
    source_passage: Passage | None = Field(default=None, title="Source passage", description="Of REUSES, with evidence: the same as the earlier report has it.")


class Neighbours(Grounded, Paged):
    neighbours: tuple[Neighbour, ...]


class RolledUp(Answered):
    """What townships below a place are tied to, themselves or by their villages and bodies."""

    relation: str = Field(title="Relation", examples=["ADOPTS"])
    direction: str = Field(title="Direction", description="out: from the townships to it.", examples=["out"])
    id: str = Field(title="Id", examples=["program:法律八进"])
    labels: tuple[str, ...] = Field(title="Labels", examples=[["Program"]])
    name: Name
    townships: int = Field(title="Townships", description="Townships that are tied to it, in any modality.", examples=[6])
    doing: int = Field(title="Doing", description="Of which so many do it or have done it; the others only plan it or are told to.", examples=[5])
    edges: int = Field(title="Edges", description="Statements in the graph.", examples=[9])
    years: tuple[int, ...] = Field((), title="Years", examples=[[2022, 2023]])
    fact: str | None = Field(None, title="Fact", description="One of those it stands on: GET /api/facts/{id} has its sentence.")


class RollUp(Grounded, Paged):
    """A township that is not counted has no such statement here, or no report at all: **answered of townships** says how many could speak."""

    place: str = Field(title="Place", examples=["cn:350524"])
    townships: int = Field(title="Townships", description="Townships known at or below the place.", examples=[24])
    answered: int = Field(title="Answered", description="Of which so many have a report here, of the asked year where one was asked.", examples=[6])
    items: tuple[RolledUp, ...] = Field(title="Items", description="That of most townships first.")


class Evidence(Answered):
    """What one report says of the entity."""

    report: ReportRef
    title: str | None = None
    place: str | None = None
    year: Year = None
    relation: str = Field(title="Relation", examples=["MENTIONS"])
    modality: ModalityField = None
    count: int = Field(title="Count", description="How often.", examples=[2])
    facts: FactRefs = ()
    passages: tuple[Passage, ...] = Field((), title="Passages", description="Sentences of the first facts, with the facts' surface highlighted.")


class EvidenceList(Grounded, Paged):
    evidence: tuple[Evidence, ...]


class Place(Grounded):
    """A place with what is known at and below it."""

    entity: Entity
    path: tuple[Entity, ...] = Field((), title="Path", description="From the province down to the place above this one.")
    children: tuple[Entity, ...] = Field((), title="Children", description="Directly below; reports counts those at and below each.")
    reports: int = Field(title="Reports", description="Reports that cover this place or one below.")
    townships: int = Field(title="Townships", description="Townships known at or below.")
    townships_with_reports: int = Field(title="Townships with reports", description="The others have no report here; that does not say what they did.")
    years: tuple[int, ...] = ()
    adopters: int = Field(title="Adopters", description="Places at or below of which a report says that they carry out a program.")
    programs: int = Field(title="Programs", description="Programs that they carry out.")
    rooms: int = Field(title="Mediation rooms")
    advisers: int = Field(title="Legal advisers")


class Adoption(Answered):
    """One report's statement that a place adopts a program."""

    place: str = Field(title="Place", examples=["cn:350524/参内镇"])
    name: Name
    program: str = Field(title="Program", description="The variant that the report names.", examples=["program:法律八进"])
    program_name: str = Field(title="Name of the program", examples=["法律八进"])
    year: Year = None
    modality: ModalityField = None
    first_seen: int | None = Field(
        None, title="First seen", description="First year in which a report here says that the place does it; not its origin. null: only planned."
    )
    report: ReportRef
    facts: FactRefs = ()
    passages: tuple[Passage, ...] = ()


class Variant(Answered):
    """A program of the same family."""

    id: str
    name: Name
    relation: str = Field(title="Relation", description="self, family, variant, extends or extended_by.")
    reports: int
    adopters: int
    first_year: int | None = None
    last_year: int | None = None


class Adopters(Grounded, Paged):
    adopters: tuple[Adoption, ...]
    variants: tuple[Variant, ...] = Field((), title="Variants", description="Programs of the same family. Adopters of a variant are listed with the program.")


class Indicator(Answered):
    id: str = Field(title="Id", examples=["indicator:disputes_mediated"])
    name: Name
    catalogued: bool = Field(title="Catalogued", description="false: words of a report that the catalogue of indicators does not know.")
    measures: int
    reports: int
    units: tuple[str, ...] = ()


class Indicators(Grounded, Paged):
    indicators: tuple[Indicator, ...]


class Measure(Answered):
    """One number that one report states, with the sentence that states it."""

    id: str
    indicator: str = Field(title="Indicator", description="Id of the indicator.")
    indicator_name: str = Field(title="Name of the indicator", examples=["调解矛盾纠纷数"])
    phrase: str | None = Field(None, title="Phrase", description="The report's own words for it.", examples=["调解各类矛盾纠纷"])
    value: float | None = Field(title="Value", description="In base units; money in 万元.", examples=[126])
    unit: str | None = Field(None, title="Unit", examples=["件"])
    approx: str | None = Field(None, title="Approximation", description="more_than, at_least, less_than, about; null: stated as exact.", examples=["more_than"])
    year: Year = None
    modality: ModalityField = None
    polarity: str = Field("positive", title="Polarity", description="negative: the report says that it did not happen, and the value is 0.")
    place: str | None = None
    place_name: str | None = None
    report: ReportRef
    fact: str = Field(title="Fact", description="GET /api/facts/{id}.")
    sentence: Passage | None = Field(None, title="Sentence", description="The evidence, with the number highlighted.")
    findings: tuple[str, ...] = Field(
        (), title="Findings", description="Kinds of what does not go together with this number in its report; GET /api/reports/{id} has the findings."
    )


class Measures(Grounded, Paged):
    measures: tuple[Measure, ...]


class CoverageCell(Answered):
    year: int = Field(title="Year", examples=[2023])
    state: Literal["present", "missing", "unreadable"] = Field(
        title="State", description="missing: no report is here, which does not say that nothing was done. unreadable: a file is there but can't be read."
    )
    reports: tuple[str, ...] = ()
    stated: bool | None = Field(
        None, title="Stated", description="Where an indicator is asked about: whether a report states a number of that place and year, done or ongoing."
    )
    reason: Literal["no_report", "unreadable", "without_indicator"] | None = Field(
        None,
        title="Reason",
        description="Why there is no report, or no number of the indicator: no_report is here; unreadable, see file; without_indicator: it is silent.",
    )
    file: str | None = Field(default=None, title="File", description="The file that could not be read.", examples=["甲溪镇2022.pdf"])


class CoverageRow(Answered):
    place: str = Field(title="Place", examples=["cn:350524/参内镇"])
    name: Name
    path: tuple[str, ...] = ()
    reason: Literal["no_report"] | None = Field(
        None,
        title="Reason",
        description=(
            "no_report: the register lists this township, and no report of it is here (of the years asked about). "
            "That says nothing about what was done there. null: there is one."
        ),
    )
    years: tuple[CoverageCell, ...] = ()
    undated: tuple[str, ...] = Field((), title="Undated", description="Reports whose year the text does not tell.")


class Unreadable(Answered):
    """A file that could not be read."""

    name: str
    reason: str
    cure: str
    seen: str


class Register(Answered):
    """Townships that there are by an official list, beside those that report. A township of the list without a report is not one that did nothing."""

    source: str = Field(
        title="Source",
        description="Whose list it is; vocabulary/SOURCES.md has more.",
        examples=["Ministry of Civil Affairs, register of administrative divisions"],
    )
    date: str = Field(title="Date", description="Townships that were dissolved before, or founded after it, are not in it.", examples=["2025-12-31"])
    listed: bool = Field(title="Listed", description="Whether the rows have its townships without reports.", examples=[True])
    townships: int = Field(title="Townships", description="How many it has at and below the asked place.", examples=[24])
    with_reports: int = Field(title="With reports", description="How many of them have at least one report here, of the years asked about.", examples=[6])
    outside: int = Field(
        title="Outside", description="Reporting townships that it lacks: dissolved or renamed since, or not named by their reports.", examples=[0]
    )


class CoverageTable(Grounded, Paged):
    years: tuple[int, ...] = Field(title="Years", description="The columns.")
    rows: tuple[CoverageRow, ...] = Field(
        title="Rows", description="Places that have at least one report; of a county, or with registered=true, also the register's other townships."
    )
    gazetteer: Register | None = Field(None, title="Gazetteer", description="How the reporting townships stand to the register; null for other levels.")
    unreadable: tuple[Unreadable, ...] = Field((), title="Unreadable", description="Files that could not be read, on the first page.")


class Hop(Answered):
    source: str
    relation: str
    target: str
    report: str | None = None
    facts: FactRefs = ()
    year: Year = None
    modality: ModalityField = None
    passages: tuple[Passage, ...] = Field((), title="Evidence", description="Sentences of the hop's first facts.")


class GraphPath(Answered):
    nodes: tuple[Entity, ...]
    hops: tuple[Hop, ...]
    cost: float = Field(
        default=0.0, title="Cost", description="One for each hop, and for each node between the ends the decimal logarithm of its degree.", examples=[2.6]
    )
    degrees: tuple[int, ...] = Field(default=(), title="Degrees", description="Edges of each node, reports and measures left aside.", examples=[[31, 4, 27]])


class GraphPaths(Grounded):
    paths: tuple[GraphPath, ...] = Field(title="Paths", description="Cheapest first. Empty: no path of that length is known here.")
    bounded: bool = Field(
        default=False, title="Bounded", description="true: nodes with too many edges were met but not passed, so there may be dearer paths beside these."
    )


class CypherQuestion(BaseModel):
    model_config = ConfigDict(extra="forbid")

    statement: str = Field(
        title="Statement",
        description="A reading openCypher statement. Writing, files and procedures are refused.",
        examples=["MATCH (a:LegalAdviser)-[:ADVISES]->(b) RETURN a.name, b.name"],
        min_length=1,
        max_length=20_000,
    )
    parameters: dict[str, Any] = Field({}, title="Parameters", description="Values of $names in the statement.", examples=[{}])
    max_rows: int | None = Field(None, title="Most rows", description="No more than the server's own limit.", examples=[100], ge=1)
    timeout: float | None = Field(None, title="Seconds", description="No more than the server's own limit.", examples=[5], gt=0)


class CypherAnswer(Grounded):
    columns: tuple[str, ...] = Field(title="Columns", examples=[["a.name", "b.name"]])
    rows: tuple[dict[str, Any], ...] = Field(title="Rows")
    truncated: bool = Field(title="Truncated", description="Whether there were more rows.")


class SchemaProperty(Answered):
    name: str
    type: str
    label: str
    label_zh: str


class SchemaNode(Answered):
    name: str
    label: str
    label_zh: str
    count: int
    properties: tuple[SchemaProperty, ...] = ()


class SchemaEdge(Answered):
    name: str
    label: str
    label_zh: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    count: int
    properties: tuple[SchemaProperty, ...] = ()


class SchemaExample(Answered):
    label: str
    label_zh: str
    statement: str = Field(title="Statement", description="To be sent to POST /api/cypher as it is.", examples=["MATCH (p:Program) RETURN p.name LIMIT 10"])


class Schema(Grounded):
    nodes: tuple[SchemaNode, ...]
    edges: tuple[SchemaEdge, ...]
    examples: tuple[SchemaExample, ...] = ()


class Job(Answered):
    """Work that a request asked for."""

    id: str = Field(title="Id")
    kind: str = Field(title="Kind", examples=["ingest"])
    state: str = Field(title="State", description="queued, running, done or failed.", examples=["done"])
    created: str
    started: str | None = None
    finished: str | None = None
    done: int = Field(0, title="Done", description="Inputs that are through.")
    total: int | None = Field(None, title="Total", description="Inputs, once they are counted.")
    result: dict[str, Any] = Field({}, title="Result", description="What it did, once state is done or failed.")
    error: str | None = None


class Jobs(Answered):
    jobs: tuple[Job, ...] = Field(title="Jobs", description="Newest first.")


class Deleted(Answered):
    deleted: tuple[str, ...] = Field(title="Deleted", description="Keys that are gone, with all that only they supported.")
    snapshot: str = Field(title="Snapshot", description="The state of the collection after it.")


class Example(Span):
    """A sentence that uses a name."""

    report: ReportRef
    key: str = Field(title="Key", examples=["参内镇2023.txt"])
    place_name: str | None = Field(None, title="Name of the place", examples=["参内镇"])
    year: Year = None
    text: str = Field(title="Sentence")


class Nearest(Answered):
    entry: str = Field(title="Entry", description="Name of the catalogue's entry; of an indicator its id.", examples=["法律八进"])
    spelling: str = Field(title="Spelling", description="The spelling of it that is most alike, without quotes and brackets.", examples=["普法八进"])
    similarity: float = Field(title="Similarity", description="Of the characters, 0 to 1.", examples=[0.75])


class Candidate(Answered):
    """A name that reports use and no catalogue holds."""

    kind: str = Field(title="Kind", description="program, platform, body or indicator.", examples=["program"])
    name: Name
    spellings: tuple[str, ...] = Field((), title="Spellings", description="Other writings of it.")
    townships: int = Field(title="Townships", description="Townships whose reports use it.", examples=[7])
    reports: int = Field(title="Reports", examples=[12])
    mentions: int = Field(title="Mentions", examples=[15])
    first_year: int | None = Field(None, title="First year", description="First year of a report here that uses it; not its origin.", examples=[2021])
    last_year: int | None = Field(None, title="Last year", examples=[2023])
    unit: str | None = Field(None, title="Unit", description="Of an indicator: the unit it is counted in most.")
    nearest: Nearest | None = Field(None, title="Nearest", description="The known name that is written most like it: perhaps the same thing.")
    examples: tuple[Example, ...] = Field((), title="Examples", description="Earliest sentences, of different places.")


class Candidates(Grounded):
    candidates: tuple[Candidate, ...] = Field(title="Candidates", description="Those of most townships first.")
    total: int = Field(title="Total", description="All candidates, shown or not.")


class Health(Answered):
    status: str = Field(title="Status", examples=["ok"])


class Readiness(Answered):
    status: str = Field(title="Status", description="ready, or not ready.", examples=["ready"])
    stores: dict[str, str] = Field(title="Stores", description="ok, or what is wrong, for archive, graph and text.")


class Run(Answered):
    """One ingest, deletion or review that changed something."""

    id: int = Field(title="Number", examples=[1])
    kind: str = Field(title="Kind", description="ingest, stale (read again from the stored originals), delete, review, undo (of reviews).", examples=["ingest"])
    started: str = Field(title="Started", description="ISO time.")
    finished: str = Field(title="Finished", description="ISO time; of the last commit where it is not complete.")
    complete: bool = Field(title="Complete", description="false: at work, or cut off; running it again goes on.")
    counts: dict[str, int] = Field(title="Counts", description="Documents by outcome.", examples=[{"new": 24, "failed": 1}])
    pipeline: str = Field("", title="Rules", description="Version of the rules that read the reports.", examples=["2026.11.1"])
    vocabulary: str = Field("", title="Vocabulary", description="Version of the vocabulary that read the reports.")


class AnalysisRun(Answered):
    """An analysis of the collection that was asked for, and all that it takes to repeat it."""

    id: str = Field(title="Id", examples=["a1"])
    kind: Literal["trace", "network", "reuse"] = Field(title="Kind")
    parameters: dict[str, Any] = Field(title="Parameters", examples=[{"program": "法律八进"}])
    seed: int
    snapshot: str = Field(title="Snapshot", description="State of the collection that it was made of.")
    version: str = Field(title="Version", description="Of the program and of what it studies.")
    state: Literal["queued", "running", "done", "failed", "cancelled"] = Field(title="State")
    created: str
    started: str | None = None
    finished: str | None = None
    done: int = Field(0, title="Done", description="Steps that are through.")
    total: int | None = Field(None, title="Total", description="Steps, once they are counted.")
    error: str | None = None
    digest: str | None = Field(None, title="Digest", description="SHA-256 of the result: equal digests are equal bytes.")


class RunParameters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    program: str | None = Field(None, title="Program", description="Of a trace: its name or id.", examples=["法律八进"], min_length=1, max_length=1000)
    resamples: int | None = Field(
        None, title="Resamples", description="Of a network: draws of practices behind support, 200 by default.", ge=1, le=2000, strict=True
    )
    shuffles: int | None = Field(None, title="Shuffles", description="Of a network: shuffled collections behind q, 200 by default.", ge=1, le=2000, strict=True)


class RunRequest(BaseModel):
    """An analysis to be made. The same kind, parameters, seed, snapshot and version give the same bytes."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["trace", "network", "reuse"] = Field(
        title="Kind", description="trace: one practice; network: all together, with null and resamples; reuse: all texts compared.", examples=["network"]
    )
    parameters: RunParameters = Field(RunParameters(program=None, resamples=None, shuffles=None), title="Parameters")
    seed: int = Field(1, title="Seed", description="Of what is drawn at random.", examples=[1], ge=0, le=2**31 - 1, strict=True)


class Runs(Answered):
    runs: tuple[Run, ...] = Field(title="Runs", description="Newest first.")
    analyses: tuple[AnalysisRun, ...] = Field((), title="Analyses", description="Those that were asked for with POST /api/runs, newest first.")


class AnalysisChange(Answered):
    """One row of two results that differs."""

    part: str = Field(title="Part", description="adoptions, attributions, edges, result or run.", examples=["edges"])
    key: tuple[str, ...] = Field(title="Key", description="Program and place, or source and target.")
    change: Literal["added", "removed", "changed"]
    before: dict[str, Any]
    after: dict[str, Any]


class AnalysisDiff(Paged):
    """How two analyses of one kind differ."""

    first: AnalysisRun
    second: AnalysisRun
    identical: bool = Field(title="Identical", description="The results are the same bytes.")
    changes: tuple[AnalysisChange, ...]


class FactDiff(Answered):
    """One difference in what a report says."""

    kind: str = Field(title="Kind", description="fact, link (what is linked to which node) or number.", examples=["number"])
    change: str = Field(title="Change", description="added, removed or changed.", examples=["changed"])
    type: str = Field(title="Type of the fact", examples=["metric"])
    name: str = Field(title="Name", examples=["调解矛盾纠纷"])
    before: dict[str, Any] = Field({}, title="Before", description="The fields that differ, as they were; all of a fact that went.", examples=[{"value": 20}])
    after: dict[str, Any] = Field({}, title="After", description="The same fields as they are now; all of a fact that came.", examples=[{"value": 25}])
    fact_before: str | None = Field(None, title="Fact before", description="Its id then.")
    fact_after: str | None = Field(None, title="Fact after", description="Its id now.")


class ReportDiff(Answered):
    report: ReportRef
    key: str = Field(title="Key", examples=["参内镇2023.txt"])
    change: str = Field(title="Change", description="added, removed or changed.", examples=["changed"])
    new_bytes: bool = Field(title="New bytes", description="The document itself is another version.")
    new_rules: bool = Field(title="New rules", description="It was read by other rules or with another vocabulary.")
    new_reviews: bool = Field(False, title="New reviews", description="People decided something about it, or took a decision back.")
    forgotten: bool = Field(title="Forgotten", description="It was deleted later, so what it said at one of the ends is not known any more.")
    frame_before: dict[str, Any] = Field({}, title="Frame before", description="Place, year and such, where they differ.")
    frame_after: dict[str, Any] = Field({}, title="Frame after")
    facts: tuple[FactDiff, ...] = Field((), title="Facts")


class RunDiff(Paged):
    first: Run
    second: Run
    reports: tuple[ReportDiff, ...] = Field(title="Reports", description="Those that differ, by key.")
