"""The seam to full-text engines. Nothing outside this package knows which one runs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec

from archive.model import Change
from fulltext.cursor import Cursor, write_cursor
from fulltext.query import Query
from fulltext.sentences import View

Sort = Literal["score", "year", "-year", "place"]
PlaceLevel = Literal["province", "prefecture", "county", "township"]
Facet = Literal["province", "prefecture", "county", "township", "year", "level", "program", "body", "indicator", "section", "modality"]


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What must hold beside the words. ``place`` is a graph id and takes everything below it in."""

    place: str | None = None
    from_year: int | None = None
    to_year: int | None = None
    level: str | None = None
    program: str | None = None  # name or graph id
    body: str | None = None  # name, with or without the place in front, or graph id
    indicator: str | None = None  # name, catalogue id or a report's own words
    section: str | None = None  # the words must stand in sections of this kind
    modality: str | None = None  # the words must stand in a sentence with a fact of this modality


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    report: str
    score: float
    stands: Cursor  # where it stands among all hits

    @property
    def cursor(self) -> str:
        """Give it back to get what follows this hit."""
        return write_cursor(self.stands)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[tuple[str, int], ...]] = {}  # facet → (value, reports), most first
    views: Mapping[str, View] = {}  # of the hits, where they were asked for


class TextStore(Protocol):
    """Searchable reports. Every method may raise ``fazhi.errors.Unavailable``; writes are idempotent."""

    def apply(self, changes: Sequence[Change]) -> None:
        """Bring each report to the given state, durably."""

    def search(
        self,
        query: Query | None,
        filters: Filters,
        *,
        sort: Sort = "score",
        size: int = 10,
        cursor: str | None = None,
        facets: Sequence[Facet] = (),
        facet_size: int = 20,
        views: bool = False,
    ) -> Result:
        """Reports that match, best first. ``query`` None matches all. Cursors go on to the last hit, without a ceiling. ``views`` brings what showing the hits
        takes along: one trip to a server instead of two."""

    def views(self, reports: Sequence[str]) -> Mapping[str, View]:
        """What ``fulltext.highlight`` needs to show these reports, as they were indexed; unknown ones are left out."""

    def count(self, queries: Sequence[Query], filters: Filters) -> Sequence[int]:
        """How many reports match each of these, in one trip to a server."""

    def said_by(self, keys: Sequence[str]) -> Mapping[str, int]:
        """How many different places say each of these sentences (``Sentence.key``), with numbers and names of places left aside. Counted when it is asked, from
        the reports that are in the index: no order of work and no deleted report shows in it."""

    def said_otherwise(self, most: int) -> Mapping[str, int] | None:
        """How many places say each sentence that is not said by exactly one place: of every other sentence in the index it is known then without asking. None
        where these are ``most`` or more, or where asking ``said_by`` is no trip."""

    def frequencies(self, words: Sequence[str], query: Query | None = None, filters: Filters | None = None) -> Mapping[str, int]:
        """In how many of the reports that match each of these words stands, as ``ingest.segment.search_words`` cuts them."""

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """(report id, fingerprint) of every report in the index, ordered by report id."""

    def counts(self) -> Iterator[tuple[str, Mapping[str, int]]]:
        """(report id, {"words": n, "pairs": n}) of every report in the index, ordered by report id: how many different words and pairs of its whole text the
        engine has (see ``fulltext.counting.expect``), asked of the engine, not worked out from the text. A pair with the id "" tells of terms that no report
        accounts for. Slow is fine: ``check --deep`` alone asks."""

    def listing(self) -> Iterator[str]:
        """Every document and every term as lines of text, in an order of their own: two indexes of one engine that hold the same give the same lines."""

    def rebuild(self, changes: Iterable[Change]) -> None:
        """Fill a new index, check it, then switch: readers see the old or the new one, never half."""

    def tidy(self) -> None:
        """Take away what a rebuild that was killed left behind. Only the one writer may ask for it: it knows that nobody fills that any more."""

    def refresh(self) -> None:
        """Let a reading process see what another one has committed since."""

    def moment(self) -> Hashable | None:
        """Names what is read now, until ``refresh`` finds something newer: equal moments, equal answers. None where it may change at any time."""

    def statistics(self) -> Mapping[str, Any]:
        """Number of reports and bytes on disk, for ``status``."""

    def close(self) -> None: ...
