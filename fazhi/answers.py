"""What a workspace answers: plain data that prints as a table and writes as JSON."""

from __future__ import annotations

from typing import Any

import msgspec

from archive.model import Failure, Projection, Run, Statistics
from fazhi.lease import Holder
from fulltext.understood import Understood


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """Where an ingest stands: inputs ``read`` so far, of which ``done`` are in the archive or have failed; ``name`` is the latest."""

    read: int
    done: int
    failed: int
    name: str = ""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What an ingest did. ``interrupted`` where it was stopped before its end: what it counts is in, running it again goes on.

    ``lost_reviews`` are numbers of people's decisions that applied before and apply nowhere now.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicate: int = 0
    failed: int = 0
    failures: tuple[Failure, ...] = ()
    wrote: bool = False
    interrupted: bool = False
    seconds: float = 0.0
    snapshot: str = ""
    lost_reviews: tuple[int, ...] = ()


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence of the original: ``text`` is exactly the characters from ``start`` to ``end``; ``highlights`` are (start, end) in the original too.

    ``own``: it states something that only the place can know. ``places``: how many places here say the same but for names and numbers; None where it is too
    short to tell.
    """

    text: str
    start: int
    end: int
    section: str = "other"
    highlights: tuple[tuple[int, int], ...] = ()
    own: bool = False
    places: int | None = None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One report that matches."""

    report: str
    key: str
    title: str | None
    place: str | None
    place_name: str | None
    path: tuple[str, ...]
    year: int | None
    score: float
    passages: tuple[Passage, ...] = ()
    cursor: str = ""


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer rests on. A township or year outside it has no report here, which says nothing about what was done there."""

    reports: int
    places: int
    from_year: int | None
    to_year: int | None
    unreadable: int


class UnknownPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place that a question names and no report here is of. ``registered``: the official list has one of this name, so it is the report that is missing."""

    name: str
    registered: bool


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Answer to a search. ``next`` is the cursor of the following page, None on the last. ``synonyms``, where asked for: what was widened, and by what.
    ``understood``: what was made of a question in a whole sentence, None where every word was demanded."""

    hits: tuple[Found, ...]
    total: int
    next: str | None
    snapshot: str
    coverage: Coverage
    synonyms: dict[str, tuple[str, ...]] | None = None
    understood: Understood | None = None
    unknown_places: tuple[UnknownPlace, ...] = ()


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence that uses a name: ``text`` is exactly the characters of the original from ``start`` to ``end``."""

    report: str
    key: str
    place_name: str | None
    year: int | None
    text: str
    start: int
    end: int


class Nearest(msgspec.Struct, frozen=True, kw_only=True):
    """The catalogue's entry whose writing is most like a name; ``similarity`` of their characters from 0 to 1."""

    entry: str  # its name; of an indicator its id
    spelling: str
    similarity: float


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A name that reports use and no catalogue holds. ``first_year`` is the first in which a report here says it, which is not its origin."""

    kind: str  # program, platform, body, indicator
    name: str
    spellings: tuple[str, ...]  # other writings of it
    townships: int
    reports: int
    mentions: int
    first_year: int | None
    last_year: int | None
    unit: str | None  # of an indicator
    nearest: Nearest | None
    examples: tuple[Example, ...]


class Candidates(msgspec.Struct, frozen=True, kw_only=True):
    """``total`` counts all candidates, shown or not."""

    candidates: tuple[Candidate, ...]
    total: int
    snapshot: str
    coverage: Coverage


class Reviewed(msgspec.Struct, frozen=True, kw_only=True, rename={"cls": "class", "same_as": "as"}):
    """A decision on a name; see ``vocabulary.overlay.Decision``. ``known``: the packaged catalogue has the name by now, so accepting it changes nothing."""

    kind: str
    name: str
    decision: str  # accept, reject
    same_as: str | None
    id: str | None
    cls: str | None
    definition: str | None
    unit: str | None
    local: bool
    reason: str | None
    decided: str | None  # ISO date
    where: str  # file and entry
    known: bool


class CypherAnswer(msgspec.Struct, frozen=True, kw_only=True):
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    truncated: bool
    snapshot: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """How one projection differs from the archive, by report ids: lacking, there without a document, or made from another state of it.

    Only a deep check fills the rest: reports of which there is more or less than they say, and ids of nodes that no report speaks of (``strays``), or that
    are missing or hang under the wrong place (``lost``). ``terms`` is False where the index holds terms that no report accounts for.
    """

    projection: Projection
    missing: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    pending: int = 0
    miscounted: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    terms: bool = True

    @property
    def fine(self) -> bool:
        return self.terms and not (self.missing or self.surplus or self.stale or self.pending or self.miscounted or self.strays or self.lost)


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """``fine`` where nothing differs and no original is missing. ``deep``: edges, nodes and terms of every report were counted, too."""

    fine: bool
    deep: bool = False
    reports: int
    differences: tuple[Difference, ...]
    missing_originals: tuple[str, ...]
    snapshot: str


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """What was mended: reports per projection, stray nodes and stray files taken away; ``rebuilt`` where mending by report would not do.

    ``missing_originals`` only a new ingest of these keys can mend.
    """

    graph: int
    text: int
    swept: int
    missing_originals: tuple[str, ...]
    strays: int = 0
    rebuilt: tuple[Projection, ...] = ()


class Rebuild(msgspec.Struct, frozen=True, kw_only=True):
    reports: int
    rebuilt: tuple[Projection, ...]
    seconds: float


class Deletion(msgspec.Struct, frozen=True, kw_only=True):
    """``lost_reviews`` are numbers of people's decisions that applied before and apply nowhere now; kept, they apply again if the document comes back."""

    deleted: tuple[str, ...]
    unknown: tuple[str, ...]
    lost_reviews: tuple[int, ...] = ()


class Status(msgspec.Struct, frozen=True, kw_only=True):
    home: str
    archive: Statistics
    coverage: Coverage
    text: dict[str, Any]
    graph: dict[str, Any]
    disk: dict[str, int]  # bytes
    runs: tuple[Run, ...]
    failures: tuple[Failure, ...]
    writer: Holder | None
    stale: int = 0  # documents that were read with other rules or words than the present ones
    pipeline: str = ""
    vocabulary: str = ""
