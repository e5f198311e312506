"""The types that travel along a report's way: source, frame, sections, facts, analysis.

Offsets are character offsets (Python ``str`` indices) into ``Source.text``, the decoded original. They are half open: ``text[start:end]`` is the evidence.
Everything here is plain data that ``msgspec`` writes to JSON and back without loss. It has no cycles, so what there is many of (``gc=False``) need not be
looked at by the garbage collector.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

FactType = Literal[
    "place", "body", "organisation", "person", "legal_adviser", "mediation_room", "program", "platform",
    "document", "docnumber", "date", "event", "metric", "relation",
]  # fmt: skip
SectionKind = Literal["heading", "results", "problems", "plan", "responsibility", "other"]
Modality = Literal["done", "ongoing", "planned", "exhorted"]
Polarity = Literal["positive", "negative"]
Approximation = Literal["more_than", "at_least", "less_than", "about"]


class Cell(msgspec.Struct, frozen=True, gc=False):
    """One cell of a table that holds something. ``row``, ``column`` count from 0; ``rows``, ``columns`` tell how many it covers; ``heads``: a header."""

    start: int
    end: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    heads: bool = False


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table as it lies in ``Source.text``: a row a line, cells parted by tabs (by | in md). ``exact``: merged cells are known from the file, not guessed."""

    start: int
    end: int
    cells: tuple[Cell, ...]
    exact: bool = False


class Recognised(msgspec.Struct, frozen=True, gc=False):
    """A line that was read off a picture, and how sure the recognition was, 0..1."""

    start: int
    end: int
    confidence: float


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One readable report as a reader hands it on.

    ``key`` names it for ever (path in the corpus, URL, or the id its user gave). ``text`` is the decoded original: for txt, md and jsonl text the exact
    characters of the file (a byte order mark and line ends are kept), for html, docx and pdf the text that the reader took out. ``raw`` are the file's bytes.
    """

    key: str
    text: str
    raw: bytes = b""
    format: str = "txt"
    encoding: str = "utf-8"
    title: str | None = None
    url: str | None = None
    published: str | None = None  # ISO date
    place: str | None = None  # a place that the metadata names, in words or as a graph id
    metadata: dict[str, Any] = {}
    tables: tuple[Table, ...] = ()  # where the file itself says what is a table; those of plain text are found by ``ingest.tables``
    recognised: tuple[Recognised, ...] = ()  # by position; empty where nothing was read off a picture


class Issuer(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    node: str | None = None


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """Whose report it is and which year it covers. What the text does not decide is None, with ``candidates`` listed."""

    place: str | None = None  # graph id of the place that reports: cn:350524/参内镇, or cn:530423/?1a2b3c4d where the text does not name it
    place_name: str | None = None  # 参内镇
    path: tuple[str, ...] = ()  # names from the province down: 福建省, 泉州市, 安溪县, 参内镇
    level: str | None = None  # province, prefecture, county, township, village
    status: Literal["resolved", "unresolved", "ambiguous"] = "unresolved"
    candidates: tuple[str, ...] = ()
    place_evidence: tuple[str, ...] = ()  # why: "title", "issuer", "path", "docnumber", "url", "metadata", "vote"
    title: str | None = None
    year: int | None = None
    year_evidence: str | None = None
    coverage_end: str | None = None  # ISO date; before the year's end where the report was signed earlier
    issuers: tuple[Issuer, ...] = ()
    addressees: tuple[Issuer, ...] = ()
    docnumber: str | None = None
    signed: str | None = None  # ISO date
    warnings: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A stretch of the original under one heading; nested sections follow their parent, ``path`` is like 一/（二）/3."""

    kind: SectionKind
    start: int
    end: int
    heading: str = ""
    level: int = 0
    path: str = ""


class Fact(msgspec.Struct, frozen=True, omit_defaults=False, gc=False):
    """One finding with its evidence; field by field as DESIGN describes the output of ``fazhi extract``."""

    id: str
    doc: str
    type: FactType
    surface: str
    start: int
    end: int
    section: SectionKind = "other"
    canonical: str | None = None
    node: str | None = None
    indicator: str | None = None
    indicator_id: str | None = None
    value: float | int | None = None
    unit: str | None = None
    approx: Approximation | None = None
    year: int | None = None
    date: str | None = None
    relation: str | None = None
    subject: str | None = None
    object: str | None = None
    subject_node: str | None = None  # graph ids of the ends of a relation
    object_node: str | None = None
    modality: Modality = "done"
    polarity: Polarity = "positive"
    rule: str = ""
    confidence: float = 0.5
    attrs: dict[str, Any] = {}  # per type: role, firm, variant, members, valid_from, status, candidates


class Node(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A graph node that facts of this report speak of. ``labels`` as in DESIGN section 5, most general first: ("Place", "Township")."""

    id: str
    labels: tuple[str, ...]
    name: str
    properties: dict[str, Any] = {}


FindingKind = Literal[
    "rate_truncated", "rate_differs", "parts_differ", "two_values", "zero_and_count",
    "year_differs", "plan_year", "signed_outside", "part_of_year", "village_count",
]  # fmt: skip
Severity = Literal["note", "warning"]


class Side(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One side of a finding. ``surface`` is the original's slice ``start``..``end``; both are None where it stands outside the text (metadata, a register)."""

    role: str  # rate, part, whole, value, year, signature, register
    surface: str
    start: int | None = None
    end: int | None = None
    fact: str | None = None  # id of the fact, where the side is one
    value: float | int | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Two statements of one report that do not go together. It changes nothing: every fact keeps the value that the report states."""

    id: str
    kind: FindingKind
    severity: Severity
    message_zh: str
    message_en: str
    stated: float | int | None = None
    computed: float | int | None = None
    unit: str | None = None
    facts: tuple[str, ...] = ()
    evidence: tuple[Side, ...] = ()


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """All that the pipeline says about one source. Facts are ordered by (start, end, type, id); the same input gives the same bytes.

    ``nodes`` holds every node that a fact's ``node``, ``subject_node`` or ``object_node`` names, and the places above them.
    ``sentences`` are (start, end) pairs in the original, in order, without overlap.
    """

    doc: str
    frame: Frame
    sections: tuple[Section, ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()
    facts: tuple[Fact, ...] = ()
    nodes: tuple[Node, ...] = ()
    pipeline: str = ""  # version of the rules
    vocabulary: str = ""  # hash of the vocabulary
    findings: tuple[Finding, ...] = ()  # what does not go together, by the position of the first evidence


class Rejection(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A candidate that the rules looked at and did not take. ``reason`` is one of ``ingest.rejections.REASONS``, ``against`` what spoke against it."""

    type: FactType
    surface: str
    start: int
    end: int
    rule: str
    reason: str
    against: str | None = None


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """An analysis with what was turned down on the way to it, by (start, end, type, reason). ``dropped`` counts rejections beyond the limit that is kept."""

    analysis: Analysis
    rejections: tuple[Rejection, ...] = ()
    dropped: int = 0
