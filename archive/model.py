"""What the archive hands out."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from ingest.model import Analysis, Source

Projection = Literal["graph", "text"]
Outcome = Literal["new", "changed", "unchanged", "duplicate"]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A known document: its current version and how it stands. ``report`` is its id in routes, graph and index."""

    key: str
    report: str  # ingest.ids.report_id(key)
    version: str  # sha256 of the bytes
    fingerprint: str  # hash of version, pipeline version, vocabulary version and the reviews that apply
    format: str
    title: str | None = None
    url: str | None = None
    published: str | None = None
    place: str | None = None  # graph id of the reporting place
    place_name: str | None = None
    level: str | None = None
    path: tuple[str, ...] = ()
    year: int | None = None
    duplicate_of: str | None = None  # key of the document with the same bytes that is counted
    metadata: dict[str, Any] = {}
    ingested: str = ""  # ISO time
    pipeline: str = ""  # version of the rules that the current analysis was made with
    vocabulary: str = ""  # version of the words
    reviewed: bool = False  # whether people's decisions apply to it


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One document ready to be committed."""

    source: Source
    version: str
    fingerprint: str
    analysis: Analysis
    packed: bytes = b""  # the analysis as the archive stores it, where a worker has already packed it; then ``analysis`` need hold no more than the frame
    pipeline: str = ""  # versions of rules and words that went into the fingerprint
    vocabulary: str = ""


class Projectable(msgspec.Struct, frozen=True, kw_only=True):
    """All that a projection needs of one report. ``text`` is the decoded original that every offset counts in."""

    document: Document
    text: str
    analysis: Analysis


class Link(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``report`` has words that ``source`` has as well, which was there before; ``evidence`` says what speaks for that, nothing that they come from there.

    ``characters`` are the same in all ``passages`` together, ``identity`` is their share, ``boilerplate`` the probability that the words are anybody's.
    The offsets are those of the passage with most of them, in the decoded originals of both. It holds while both have these marks (``Document.fingerprint``).
    """

    report: str
    source: str
    report_mark: str
    source_mark: str
    year: int | None  # that ``report`` covers
    characters: int
    passages: int
    identity: float
    boilerplate: float
    evidence: str
    text_start: int
    text_end: int
    source_start: int
    source_end: int


class KeptLinks(msgspec.Struct, frozen=True, kw_only=True):
    """How many links there are, and the snapshot of the collection that was compared; None where none ever was."""

    links: int
    snapshot: str | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the outbox: bring ``report`` to this state. ``item`` is None where the report has to go. ``links`` have the report at either end."""

    sequence: int
    report: str
    item: Projectable | None
    links: tuple[Link, ...] = ()


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """An input that could not be taken in. It stays listed until the same name is read or deleted."""

    name: str
    reason: str
    cure: str = ""
    seen: str = ""  # ISO time


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One ingest, deletion or review that changed something. ``complete`` is False at work and where it was cut off; ``finished`` is then its last commit."""

    id: int
    started: str  # ISO time
    finished: str
    counts: dict[str, int]  # new, changed, unchanged, duplicate, failed, deleted, reviewed
    kind: str = "ingest"  # ingest, stale, delete, review, undo
    complete: bool = True
    pipeline: str = ""
    vocabulary: str = ""


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """What a run left of one report; ``version`` and ``fingerprint`` are None where it deleted it. ``reviewed`` is a digest of the reviews that applied."""

    report: str
    key: str
    outcome: str  # new, changed, duplicate, deleted, reviewed
    version: str | None
    fingerprint: str | None
    reviewed: str = ""


JobState = Literal["queued", "running", "done", "failed"]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Work that a request asked for. ``total`` and ``done`` count inputs; ``result`` is there once ``state`` is done or failed."""

    id: str
    kind: str  # ingest
    state: JobState
    created: str
    started: str | None = None
    finished: str | None = None
    done: int = 0
    total: int | None = None
    request: dict[str, Any] = {}
    result: dict[str, Any] = {}
    error: str | None = None


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """Counts for ``status``. ``reports`` are the documents counted once; ``pending`` outbox rows per projection."""

    documents: int
    reports: int
    duplicates: int
    versions: int
    failures: int
    pending: dict[str, int]
    snapshot: str
    reviews: int = 0  # that hold, ``lost`` of which apply nowhere now
    lost: int = 0
    links: KeptLinks = KeptLinks(links=0, snapshot=None)


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to answer from: reports, the places they cover, and the first and last year; years are None where no report has one."""

    reports: int
    places: int
    from_year: int | None
    to_year: int | None
