"""The one truth: documents, their versions and analyses, what projections still have to take over, runs, failures and jobs.

Every change is one transaction. Originals are on disk before the row that names them; the outbox rows of a change are in the change's own transaction.
All methods may be called from several threads; several processes may read while one writes.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, get_args

import msgspec
from sqlalchemy import URL, Connection, Engine, Row, Select, create_engine, delete, event, func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from archive import history, leases, postgresql, reviewing, schema
from archive.deciding import Deciding
from archive.doorkeeping import Doorkeeping
from archive.history import Running
from archive.leases import Lease
from archive.linking import FORGOTTEN, QUEUE, Linking, count_links, forget_links
from archive.model import Change, Document, Entry, Extent, Failure, Job, JobState, Outcome, Projectable, Projection, Run, Statistics, Trace
from archive.originals import Originals
from archive.packing import decoder_of, pack, unpack
from archive.readonly import url_for_reading
from archive.slicing import SPAN, iter_spans
from archive.upgrade import revision, upgrade
from archive.watching import Watching
from fazhi.errors import Conflict, FazhiError, Invalid, NotFound, Unavailable
from ingest.ids import report_id
from ingest.model import Analysis, Source

if TYPE_CHECKING:
    from pydantic import SecretStr

PROJECTIONS: tuple[Projection, ...] = get_args(Projection)
WRITER = "writer"  # name of the lease
_Form = TypeVar("_Form")
_PAGE = 1000
_documents, _versions, _outbox, _state = schema.documents, schema.versions, schema.outbox, schema.state


def now(*, exactly: bool = False) -> str:
    """ISO time to the second, or ``exactly``: to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds" if exactly else "seconds")


def version_of(raw: bytes) -> str:
    """A version's name: the sha256 of the bytes, 64 hex digits."""
    return hashlib.sha256(raw).hexdigest()


def fingerprint_of(source: Source, version: str, *, pipeline: str, vocabulary: str) -> str:
    """32 hex digits over all that an analysis depends on: bytes, decoded text, rules, vocabulary and metadata. Equal fingerprints need no new extraction."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(source.text.encode("utf-8", "surrogatepass"))
    about = [version, pipeline, vocabulary, source.format, source.title, source.url, source.published, source.place, source.metadata]
    digest.update(msgspec.json.encode(about, order="deterministic"))
    return digest.hexdigest()


class Archive(Deciding, Doorkeeping, Linking, Watching):
    """Open it with ``Archive.open``; close it when done. Every method may raise ``fazhi.errors.Unavailable``."""

    def __init__(self, engine: Engine, originals: Originals) -> None:
        self._engine = engine
        self.originals = originals
        self._fence: str | None = None
        self._pending: dict[tuple[str, str, str], tuple[str, Analysis]] = {}  # text and analysis of the last batch: the other projection asks for it next

    @classmethod
    def open(cls, url: str, originals_url: str, password: SecretStr | None = None) -> Self:
        """Open or create the archive at a SQLAlchemy URL, its tables brought up to date; originals at an fsspec URL.

        ``password`` is that of the URL's user on a server, where the URL does not have it.

        Raises Invalid for a URL that no driver knows, Unavailable where nothing answers, Conflict where a newer version of the program wrote it.
        """
        try:
            unchanging = url_for_reading(url)
            address: str | URL = unchanging or url
            options: dict[str, Any] = {}
            if postgresql.is_postgresql(url):
                address, options = postgresql.make_address(url, password.get_secret_value() if password else None), postgresql.engine_options()
            engine = create_engine(address, json_serializer=lambda value: msgspec.json.encode(value).decode(), **options)
        except ModuleNotFoundError as error:
            if error.name == "psycopg":
                raise postgresql.explain_missing_driver() from None
            raise Invalid(f"The archive can't be opened at this URL: {error}", cure="Use sqlite:///… or postgresql+psycopg://… in FAZHI_ARCHIVE.") from None
        except (SQLAlchemyError, ImportError) as error:
            raise Invalid(f"The archive can't be opened at this URL: {error}", cure="Use sqlite:///… or postgresql+psycopg://… in FAZHI_ARCHIVE.") from None
        if engine.dialect.name == "sqlite":
            if unchanging is None:
                event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        elif options:
            postgresql.prepare(engine)
        archive = cls(engine, Originals(originals_url))
        try:
            with engine.connect() as connection:
                current = revision(connection)
            if current != schema.HEAD:
                with archive._write(guarded=False) as connection:
                    upgrade(connection)
        except FazhiError:
            engine.dispose()
            raise
        except (OperationalError, DBAPIError) as error:
            engine.dispose()
            raise Unavailable(
                f"The archive {engine.url.database if engine.dialect.name == 'sqlite' else engine.url.render_as_string()} does not open: {error.orig}.",
                cure="See that the data folder exists and may be written, or that the database server runs; of a file that is damaged, restore a backup.",
            ) from None
        return archive

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- taking in ---------------------------------------------------------------------------------------------------------------------------------

    def commit(self, entries: Sequence[Entry], *, run: Running | None = None) -> list[Outcome]:
        """Take the entries in, all or none, in one transaction; one outcome each, in their order.

        new: a key not seen before. duplicate: the same, where other keys have the same bytes. changed: other bytes, rules, vocabulary or metadata than before.
        unchanged: nothing is written for it; when all are unchanged nothing is written at all. What changes is put down to ``run``.
        """
        self.originals.put({entry.version: entry.source.raw for entry in entries})
        reports = [report_id(entry.source.key) for entry in entries]
        with self._write() as connection:
            known = {row.report: row for row in _each(connection, select(_documents), _documents.c.report, reports)}
            current = {report: (row.version, row.fingerprint) for report, row in known.items()}
            taken = {
                row.version for row in _each(connection, select(_documents.c.version).distinct(), _documents.c.version, [entry.version for entry in entries])
            }
            outcomes: list[Outcome] = []
            rows: dict[str, dict[str, Any]] = {}
            kept: dict[tuple[str, str], dict[str, Any]] = {}
            traces: list[Trace] = []
            moment = now()
            for report, entry in zip(reports, entries, strict=True):
                mark = (entry.version, entry.fingerprint)
                if current.get(report) == mark:
                    outcomes.append("unchanged")
                    continue
                outcomes.append("changed" if report in current else "duplicate" if entry.version in taken else "new")
                traces.append(Trace(report=report, key=entry.source.key, outcome=outcomes[-1], version=entry.version, fingerprint=entry.fingerprint))
                current[report] = mark
                taken.add(entry.version)
                rows[report] = _document_row(report, entry, moment)
                kept[report, entry.version] = _version_row(report, entry, moment)
            if not rows:
                connection.rollback()
                return outcomes
            self._apply_reviews(connection, rows, kept)
            traces = [msgspec.structs.replace(trace, reviewed=rows[trace.report]["reviewed"]) for trace in traces]
            _upsert(connection, _documents, list(rows.values()), ["report"])
            self._keep_past(connection, kept)
            _upsert(connection, _versions, list(kept.values()), ["report", "version"])
            touched = {row["version"] for row in rows.values()} | {known[report].version for report in rows if report in known}
            before = {report: (known[report].duplicate_of if report in known else None) for report in rows}
            moved = self._settle_duplicates(connection, touched, before)
            never_projected = {report for report in rows if report not in known and report in moved and moved[report] is not None}
            self._announce(connection, (set(rows) | set(moved)) - never_projected)
            self._move_snapshot(connection, gone=[known[report] for report in rows if report in known], come=list(rows.values()))
            noted = history.note(connection, run, traces, moment) if run is not None else None
        if run is not None and noted is not None:
            run.id, run.counts = noted
        return outcomes

    def _keep_past(self, connection: Connection, kept: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
        columns = select(_versions.c.report, _versions.c.version, _versions.c.fingerprint)
        there = {(row.report, row.version): row.fingerprint for row in _each(connection, columns, _versions.c.report, {report for report, _ in kept})}
        history.keep_past(connection, [pair for pair, row in kept.items() if pair in there and there[pair] != row["fingerprint"]])

    def delete(self, key: str, *, run: Running | None = None) -> Document:
        """Forget a document with all its versions; where it was the counted one of equal documents, the next takes its place. Raises NotFound."""
        report = report_id(key)
        with self._write() as connection:
            row = connection.execute(select(_documents).where(_documents.c.report == report)).first()
            if row is None:
                connection.rollback()
                raise NotFound(f"There is no document {key}.", cure="`fazhi status --documents` lists the keys.")
            dropped = set(connection.scalars(select(_versions.c.version).where(_versions.c.report == report)))
            connection.execute(delete(_documents).where(_documents.c.report == report))
            connection.execute(delete(_versions).where(_versions.c.report == report))
            connection.execute(delete(schema.past_analyses).where(schema.past_analyses.c.report == report))
            reviewing.forget_effects(connection, [report])
            if forget_links(connection, report):
                self._set(connection, links=FORGOTTEN)
            moved = self._settle_duplicates(connection, {row.version}, {})
            self._announce(connection, {report, *moved})
            self._move_snapshot(connection, gone=[row], come=[])
            connection.execute(delete(schema.failures).where(schema.failures.c.name == key))
            dropped -= set(connection.scalars(select(_versions.c.version).where(_versions.c.version.in_(dropped))))
            gone = Trace(report=report, key=key, outcome="deleted", version=None, fingerprint=None)
            noted = history.note(connection, run, [gone], now()) if run is not None else None
        if run is not None and noted is not None:
            run.id, run.counts = noted
        self.originals.remove(dropped)
        return _document(row)

    def _settle_duplicates(self, connection: Connection, versions: Collection[str], before: Mapping[str, str | None]) -> dict[str, str | None]:
        """Mark all but the smallest key of each version as its duplicates. Returns {report: duplicate_of} of those whose standing changed.

        ``before`` gives the standing of reports that were just rewritten, whose row no longer tells.
        """
        columns = select(_documents.c.report, _documents.c.key, _documents.c.version, _documents.c.duplicate_of)
        groups: dict[str, list[Row[Any]]] = {}
        for row in _each(connection, columns, _documents.c.version, versions):
            groups.setdefault(row.version, []).append(row)
        moved: dict[str, str | None] = {}
        for members in groups.values():
            counted = min(member.key for member in members)
            for member in members:
                standing = None if member.key == counted else counted
                if standing != member.duplicate_of:
                    connection.execute(update(_documents).where(_documents.c.report == member.report).values(duplicate_of=standing))
                if standing != before.get(member.report, member.duplicate_of):
                    moved[member.report] = standing
        return moved

    def _announce(self, connection: Connection, reports: Collection[str]) -> None:
        sequence = int(self._get(connection, "sequence", "0"))
        rows = [{"projection": projection, "report": report} for report in sorted(reports) for projection in PROJECTIONS]
        for row in rows:
            sequence += 1
            row["sequence"] = sequence  # type: ignore[assignment]
        if rows:
            _upsert(connection, _outbox, rows, ["projection", "report"])
        self._set(connection, sequence=str(sequence))
        self._step(connection)

    def _move_snapshot(self, connection: Connection, *, gone: Iterable[Row[Any]], come: Iterable[Mapping[str, Any]]) -> None:
        total = int(self._get(connection, "content", "0"), 16)
        total -= sum(_weight(row.key, row.version, reviewing.mark(row.fingerprint, row.reviewed)) for row in gone)
        total += sum(_weight(row["key"], row["version"], reviewing.mark(row["fingerprint"], row["reviewed"])) for row in come)
        self._set(connection, content=f"{total % (1 << 64):016x}")

    # -- documents ---------------------------------------------------------------------------------------------------------------------------------

    def lookup(self, key: str) -> Document | None:
        """The document of a source key, counted or not."""
        return self.find(report_id(key))

    def find(self, report: str) -> Document | None:
        row = self._first(select(_documents).where(_documents.c.report == report))
        return _document(row) if row else None

    def document(self, report: str) -> Document:
        """Raises NotFound."""
        found = self.find(report)
        if found is None:
            raise NotFound(f"There is no report {report}.", cure="Report ids come from a search or from GET /api/entities.")
        return found

    def same(self, key: str, version: str, fingerprint: str) -> bool:
        """Whether the key's current version and fingerprint are these, so that nothing is to be done."""
        row = self._first(select(_documents.c.version, _documents.c.fingerprint).where(_documents.c.report == report_id(key)))
        return row is not None and (row.version, row.fingerprint) == (version, fingerprint)

    def documents(
        self,
        *,
        after: str | None = None,
        limit: int | None = None,
        counted: bool = True,
        place: str | None = None,
        level: str | None = None,
        from_year: int | None = None,
        to_year: int | None = None,
    ) -> Iterator[Document]:
        """Documents by key; ``after`` a key goes on where a page ended. ``counted`` leaves duplicates out. ``place`` is a graph id, with all below it."""
        query = _narrow(select(_documents), counted=counted, place=place, level=level, from_year=from_year, to_year=to_year).order_by(_documents.c.key)
        left = limit
        while left is None or left > 0:
            page = self._all((query if after is None else query.where(_documents.c.key > after)).limit(_PAGE if left is None else min(_PAGE, left)))
            for row in page:
                yield _document(row)
            if len(page) < _PAGE:
                return
            after = page[-1].key
            left = None if left is None else left - len(page)

    def extent(self, *, place: str | None = None, level: str | None = None, from_year: int | None = None, to_year: int | None = None) -> Extent:
        """How many counted reports of how many places and years there are within these bounds."""
        columns = (
            func.count().label("reports"),
            func.count(_documents.c.place.distinct()).label("places"),
            func.min(_documents.c.year).label("from_year"),
            func.max(_documents.c.year).label("to_year"),
        )
        query: Select[Any] = _narrow(select(*columns), counted=True, place=place, level=level, from_year=from_year, to_year=to_year)
        row = self._first(query)
        assert row is not None
        return Extent(**row._mapping)

    def scan(self, form: type[_Form]) -> Iterator[tuple[Document, _Form]]:
        """Every counted document by key, with those fields of its analysis, as reviewed, that ``form`` has (a struct with fields of ``Analysis``)."""
        decode = decoder_of(form)
        query = (
            select(_documents, _versions.c.analysis)
            .join(_versions, (_documents.c.report == _versions.c.report) & (_documents.c.version == _versions.c.version))
            .where(_documents.c.duplicate_of.is_(None))
            .order_by(_documents.c.key)
            .limit(SPAN)
        )
        after: str | None = None
        while page := self._all(query if after is None else query.where(_documents.c.key > after)):
            reviewed = self._analyses([row.report for row in page if row.reviewed])
            for row in page:
                known = reviewed.get(row.report)
                yield _document(row), decode(bytes(row.analysis) if known is None else pack(known))
            after = page[-1].key

    def quote(self, reports: Sequence[str], form: type[_Form]) -> dict[str, tuple[str, _Form]]:
        """Report → its decoded original and those fields of its analysis, as the rules made it, that ``form`` has; those that are gone are left out.

        Decisions of people take facts out or link them, and leave id and offsets as they are, so whoever has a fact's id finds it here.
        """
        decode = decoder_of(form)
        query = select(_documents.c.report, _versions.c.text, _versions.c.analysis).join(
            _versions, (_documents.c.report == _versions.c.report) & (_documents.c.version == _versions.c.version)
        )
        with self._engine.connect() as connection:
            rows = list(_each(connection, query, _documents.c.report, reports))
        return {row.report: (zlib.decompress(row.text).decode("utf-8", "surrogatepass"), decode(bytes(row.analysis))) for row in rows}

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """(report, fingerprint) of every counted document, ordered by report."""
        after = ""
        columns = (_documents.c.report, _documents.c.fingerprint, _documents.c.reviewed)
        query = select(*columns).where(_documents.c.duplicate_of.is_(None)).order_by(_documents.c.report).limit(10 * _PAGE)
        while page := self._all(query.where(_documents.c.report > after)):
            yield from ((row.report, reviewing.mark(row.fingerprint, row.reviewed)) for row in page)
            after = page[-1].report

    def projectable(self, report: str) -> Projectable:
        """Raises NotFound."""
        found = self._projectables([report]).get(report)
        if found is None:
            raise NotFound(f"There is no report {report}.")
        return found

    def projectables(self, reports: Sequence[str]) -> dict[str, Projectable]:
        """The same of many at once; those that are gone are left out. All are in memory: ask for some hundred at a time."""
        return self._projectables(reports)

    def text(self, report: str) -> str:
        """The decoded original of the current version, in which every offset counts. Raises NotFound."""
        return zlib.decompress(self._current(report, _versions.c.text)).decode("utf-8", "surrogatepass")

    def analysis(self, report: str) -> Analysis:
        """What the report says, as people have decided it. Raises NotFound."""
        found = self._analyses([report]).get(report)
        return self.extracted(report) if found is None else found

    def extracted(self, report: str) -> Analysis:
        """The same as the rules made it, whatever people have decided. Raises NotFound."""
        return unpack(self._current(report, _versions.c.analysis))

    def original(self, report: str) -> tuple[bytes, str]:
        """The current version's bytes and its format (txt, md, html, docx, pdf). Raises NotFound."""
        document = self.document(report)
        return self.originals.get(document.version), document.format

    def history(self, report: str) -> list[tuple[str, str]]:
        """(version, ISO time) of every version that was ever taken in, oldest first. Raises NotFound."""
        self.document(report)
        return [
            (row.version, row.ingested)
            for row in self._all(
                select(_versions.c.version, _versions.c.ingested).where(_versions.c.report == report).order_by(_versions.c.ingested, _versions.c.version)
            )
        ]

    def stale(self, *, pipeline: str, vocabulary: str) -> Iterator[Document]:
        """Documents that were read with other rules or words than these, by key; may be gone through while they are brought up to date."""
        query = select(_documents).where(history.is_stale(pipeline, vocabulary)).order_by(_documents.c.key).limit(_PAGE)
        after: str | None = None
        while page := self._all(query if after is None else query.where(_documents.c.key > after)):
            yield from map(_document, page)
            after = page[-1].key

    def count_stale(self, *, pipeline: str, vocabulary: str) -> int:
        with self._engine.connect() as connection:
            return int(connection.scalar(select(func.count()).select_from(_documents).where(history.is_stale(pipeline, vocabulary))) or 0)

    def source(self, report: str) -> Source:
        """The current version as its reader handed it on, bytes and text included. Raises NotFound, also where the original file is gone or damaged."""
        document = self.document(report)
        packed = self._current(report, _versions.c.source)
        raw = self.originals.get(document.version)
        text = self.text(report)
        if not packed:  # taken in before this was kept: all that its row tells
            title = document.title if document.title != self.analysis(report).frame.title else None
            about = (document.url, document.published, document.metadata)
            return Source(key=document.key, text=text, raw=raw, format=document.format, title=title, url=about[0], published=about[1], metadata=dict(about[2]))
        return msgspec.structs.replace(_source_decoder.decode(zlib.decompress(packed)), raw=raw, text=text)

    def missing_originals(self) -> Iterator[Document]:
        """Documents whose original file is gone."""
        for document in self.documents(counted=False):
            if not self.originals.exists(document.version):
                yield document

    def sweep_originals(self) -> int:
        """Remove files that no version names, such as those written just before a crash. Returns how many. Only the one writer may call it."""
        stray = []
        names = list(self.originals.iter_versions())
        with self._engine.connect() as connection:
            known = {row.version for row in _each(connection, select(_versions.c.version).distinct(), _versions.c.version, names)}
            stray = [name for name in names if name not in known]
        self.originals.remove(stray)
        return len(stray)

    # -- projections -------------------------------------------------------------------------------------------------------------------------------

    def pending(self, projection: Projection, limit: int) -> list[Change]:
        """The oldest changes a projection has not taken over, at most one a report, each with the report's state of now."""
        rows = self._all(select(_outbox.c.report, _outbox.c.sequence).where(_outbox.c.projection == projection).order_by(_outbox.c.sequence).limit(limit))
        items = self._projectables([row.report for row in rows], keep=True)
        links = self.links_about([row.report for row in rows]) if projection == "graph" else {}
        changes = []
        for row in rows:
            item = items.get(row.report)
            item = item if item is not None and item.document.duplicate_of is None else None
            changes.append(Change(sequence=row.sequence, report=row.report, item=item, links=links.get(row.report, ())))
        return changes

    def mark_done(self, projection: Projection | Literal["links"], sequences: Sequence[int]) -> None:
        """The projection has these changes durably. A change that came meanwhile has a newer sequence and stays."""
        if not sequences:
            return
        with self._write() as connection:
            for chosen in iter_spans(sequences):
                connection.execute(delete(_outbox).where(_outbox.c.projection == projection, _outbox.c.sequence.in_(chosen)))
            self._step(connection)

    def mark_stale(self, projection: Projection, reports: Collection[str]) -> None:
        """Ask a projection to take these reports over again, whatever it has of them."""
        if not reports:
            return
        with self._write() as connection:
            sequence = int(self._get(connection, "sequence", "0"))
            rows = [{"projection": projection, "report": report, "sequence": sequence + step} for step, report in enumerate(sorted(reports), 1)]
            _upsert(connection, _outbox, rows, ["projection", "report"])
            self._set(connection, sequence=str(sequence + len(rows)))
            self._step(connection)

    def changes(self) -> Iterator[Change]:
        """Every counted document as a change, for a rebuild; 100 in memory at a time."""
        page: list[str] = []
        for report, _ in self.fingerprints():
            page.append(report)
            if len(page) == 100:
                yield from self._as_changes(page)
                page = []
        yield from self._as_changes(page)

    def _as_changes(self, reports: list[str]) -> Iterator[Change]:
        items, links = self._projectables(reports), self.links_about(reports)
        for report in reports:
            if report in items:
                yield Change(sequence=0, report=report, item=items[report], links=links.get(report, ()))

    def sequence(self) -> int:
        """The sequence of the newest change: whatever is committed later has a higher one."""
        with self._engine.connect() as connection:
            return int(self._get(connection, "sequence", "0"))

    def settle(self, projection: Projection, sequence: int) -> None:
        """A rebuilt projection has everything up to ``sequence``."""
        queues = (projection, QUEUE) if projection == "graph" else (projection,)
        with self._write() as connection:
            connection.execute(delete(_outbox).where(_outbox.c.projection.in_(queues), _outbox.c.sequence <= sequence))
            self._step(connection)

    def snapshot(self) -> str:
        """16 hex digits that name the present content: archives with the same documents and analyses have the same, in whatever order these came."""
        with self._engine.connect() as connection:
            return self._get(connection, "content", f"{0:016x}")

    def snapshot_of(self, connection: Connection) -> str:
        """The same, as a transaction that is open already sees it."""
        return self._get(connection, "content", f"{0:016x}")

    def generation(self) -> int:
        """Grows with every commit and with every projection brought up to date: a server that sees it grow refreshes its stores."""
        with self._engine.connect() as connection:
            return int(self._get(connection, "generation", "0"))

    # -- runs, failures, jobs ----------------------------------------------------------------------------------------------------------------------

    def record_run(
        self,
        started: str,
        counts: Mapping[str, int],
        failed: Sequence[Failure],
        *,
        origin: str = "",
        readable: Collection[str] = (),
        whole: bool = True,
        run: Running | None = None,
    ) -> bool:
        """Note an ingest. Writes, and returns True, only where documents or the list of unreadable inputs changed.

        ``failed`` inputs are put on that list. One goes off it when its name is among ``readable``, or when the ``whole`` of its ``origin`` is read without it.
        """
        table = schema.failures
        with self._write() as connection:
            listed = {row.name: row for row in connection.execute(select(table))}
            failing = {failure.name: failure for failure in failed}
            fresh = [
                item for item in failing.values() if item.name not in listed or (listed[item.name].reason, listed[item.name].cure) != (item.reason, item.cure)
            ]
            mended = [row.name for row in listed.values() if row.name not in failing and (row.name in readable or (whole and row.origin == origin))]
            if not fresh and not mended and not any(counts.get(outcome) for outcome in ("new", "changed", "duplicate")):
                connection.rollback()
                return False
            moment = now()
            for chosen in iter_spans(mended):
                connection.execute(delete(table).where(table.c.name.in_(chosen)))
            if fresh:
                _upsert(
                    connection,
                    table,
                    [{"name": item.name, "reason": item.reason, "cure": item.cure, "origin": origin, "seen": moment} for item in fresh],
                    ["name"],
                )
            if run is not None and run.id is not None:
                done = update(schema.runs).where(schema.runs.c.id == run.id)
                connection.execute(done.values(finished=moment, counts=dict(counts), complete=whole))
            else:
                told = {"kind": run.kind, "pipeline": run.pipeline, "vocabulary": run.vocabulary} if run is not None else {}
                connection.execute(insert(schema.runs).values(started=started, finished=moment, counts=dict(counts), complete=whole, **told))
            self._step(connection)
        return True

    def failures(self) -> list[Failure]:
        """Inputs that could not be taken in, by name."""
        return [
            Failure(name=row.name, reason=row.reason, cure=row.cure, seen=row.seen)
            for row in self._all(select(schema.failures).order_by(schema.failures.c.name))
        ]

    def forget_failure(self, name: str) -> bool:
        """Take a name off the list of unreadable inputs; False where it is not on it."""
        with self._write() as connection:
            return bool(connection.execute(delete(schema.failures).where(schema.failures.c.name == name)).rowcount)

    def runs(self, limit: int = 20) -> list[Run]:
        """The latest ingests and deletions that changed something, newest first."""
        with self._engine.connect() as connection:
            return history.list_runs(connection, limit)

    def run(self, id: int) -> Run:
        """Raises NotFound."""
        with self._engine.connect() as connection:
            found = history.find_run(connection, id)
        if found is None:
            raise NotFound(f"There is no run {id}.", cure="`fazhi runs` lists them, GET /api/runs too.")
        return found

    def settle_run(self, run: Running) -> None:
        """A run that is not an ingest has done all it was asked."""
        if run.id is not None:
            with self._write() as connection:
                connection.execute(update(schema.runs).where(schema.runs.c.id == run.id).values(complete=True))

    def touched(self, first: int, second: int) -> list[tuple[str, str]]:
        """(key, report) of all that changed between the ends of two runs, by key."""
        with self._engine.connect() as connection:
            return history.list_touched(connection, min(first, second), max(first, second))

    def states(self, reports: Sequence[str], run: int) -> Mapping[str, Trace]:
        """How each of these reports stood at the end of a run; one that was not there yet is left out."""
        found: dict[str, Trace] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(reports), SPAN):
                found.update(history.read_traces(connection, reports[start : start + SPAN], run))
        return found

    def past_analysis(self, report: str, fingerprint: str) -> Analysis | None:
        """What the rules made of a report in one of its states, however old; None where the report was deleted since."""
        with self._engine.connect() as connection:
            packed = history.read_packed(connection, report, fingerprint)
        return None if packed is None else unpack(packed)

    def analysis_at(self, trace: Trace, run: int) -> Analysis | None:
        """What a report said at the end of a run that left it so, with the reviews that held then; None where it was deleted since."""
        past = self.past_analysis(trace.report, trace.fingerprint) if trace.fingerprint else None
        if past is None or not trace.reviewed:
            return past
        with self._engine.connect() as connection:
            reviews = reviewing.at_run(connection, trace.report, run)
            text = connection.scalar(select(_versions.c.text).where(_versions.c.report == trace.report, _versions.c.version == trace.version))
        return past if text is None else reviewing.reconsider(past, reviews, bytes(text))

    def add_job(self, job: Job) -> None:
        with self._write(guarded=False) as connection:
            connection.execute(insert(schema.jobs).values(**msgspec.to_builtins(job)))

    def change_job(self, id: str, **values: Any) -> None:
        """Set fields of a job, such as ``state`` or ``done``."""
        with self._write(guarded=False) as connection:
            connection.execute(update(schema.jobs).where(schema.jobs.c.id == id).values(**values))

    def job(self, id: str) -> Job:
        """Raises NotFound."""
        row = self._first(select(schema.jobs).where(schema.jobs.c.id == id))
        if row is None:
            raise NotFound(f"There is no job {id}.", cure="POST /api/documents gives a job's id.")
        return _job(row)

    def latest(self, limit: int) -> list[Document]:
        """The counted documents that came or changed last, latest first."""
        query = select(_documents).where(_documents.c.duplicate_of.is_(None)).order_by(_documents.c.ingested.desc(), _documents.c.key).limit(limit)
        return [_document(row) for row in self._all(query)]

    def jobs(self, state: JobState | None = None, limit: int = 100, *, newest: bool = False) -> list[Job]:
        """Oldest first, or ``newest`` first."""
        created, id = schema.jobs.c.created, schema.jobs.c.id
        query = select(schema.jobs).order_by(created.desc() if newest else created, id).limit(limit)
        return [_job(row) for row in self._all(query if state is None else query.where(schema.jobs.c.state == state))]

    def statistics(self) -> Statistics:
        def count(connection: Connection, query: Select[Any]) -> int:
            return int(connection.scalar(select(func.count()).select_from(query.subquery())) or 0)

        with self._engine.connect() as connection:
            documents = count(connection, select(_documents.c.report))
            duplicates = count(connection, select(_documents.c.report).where(_documents.c.duplicate_of.is_not(None)))
            waiting = {row[0]: int(row[1]) for row in connection.execute(select(_outbox.c.projection, func.count()).group_by(_outbox.c.projection))}
            waiting["graph"] = waiting.get("graph", 0) + waiting.get(QUEUE, 0)
            return Statistics(
                documents=documents,
                reports=documents - duplicates,
                duplicates=duplicates,
                versions=count(connection, select(_versions.c.report)),
                failures=count(connection, select(schema.failures.c.name)),
                pending={projection: waiting.get(projection, 0) for projection in PROJECTIONS},
                snapshot=self._get(connection, "content", f"{0:016x}"),
                reviews=count(connection, select(schema.reviews.c.id).where(schema.reviews.c.undone.is_(None))),
                lost=len(reviewing.lost(connection)),
                links=count_links(connection, self._get(connection, "links", "")),
            )

    # -- who writes --------------------------------------------------------------------------------------------------------------------------------

    @property
    def shared(self) -> bool:
        """Whether several machines can reach this archive, so that a lock of one of them does not tell who writes."""
        return self._engine.dialect.name != "sqlite"

    def lease(self) -> Lease | None:
        """Who holds the writer's lease; None where nobody does."""
        with self._engine.connect() as connection:
            return leases.read(connection, WRITER)

    def take_lease(self, token: str, holder: Mapping[str, Any], *, last: Lease | None = None) -> bool:
        """Take the writer's lease where it is free, or from the holder of ``last``, who has given no sign of life since; False where somebody holds it."""
        with self._write(guarded=False) as connection:
            if last is None:
                return leases.take(connection, WRITER, token, dict(holder))
            return leases.seize(connection, WRITER, token, dict(holder), last=last)

    def renew_lease(self, token: str) -> bool:
        """A sign of life; False where the lease has gone to somebody else."""
        with self._write(guarded=False) as connection:
            return leases.renew(connection, WRITER, token)

    def release_lease(self, token: str) -> None:
        with self._write(guarded=False) as connection:
            leases.release(connection, WRITER, token)

    def guard(self, token: str | None) -> None:
        """From now on every change of documents, runs and outbox first makes sure that the lease is held with this token; None: no longer."""
        self._fence = token

    def ensure_lease(self) -> None:
        """Raises Conflict where the lease that this process works under has gone to another one: what is written outside the archive asks here first."""
        if self._fence is not None:
            with self._engine.connect() as connection:
                _check_fence(connection, self._fence)

    # -- below -------------------------------------------------------------------------------------------------------------------------------------

    def _write(self, *, guarded: bool = True) -> Any:
        """A transaction that holds the writer's lock from its first statement, so that what it reads is still so when it writes.

        A ``guarded`` one raises Conflict where the lease that this process works under has gone to another one; see ``guard``.
        """
        return _Writing(self._engine, self._fence if guarded else None)

    def _first(self, query: Select[Any]) -> Row[Any] | None:
        with self._engine.connect() as connection:
            return connection.execute(query).first()

    def _all(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    def _current(self, report: str, column: Any) -> bytes:
        row = self._first(
            select(column)
            .join(_documents, (_documents.c.report == _versions.c.report) & (_documents.c.version == _versions.c.version))
            .where(_documents.c.report == report)
        )
        if row is None:
            raise NotFound(f"There is no report {report}.", cure="Report ids come from a search or from GET /api/entities.")
        return bytes(row[0] or b"")

    def _projectables(self, reports: Sequence[str], *, keep: bool = False) -> dict[str, Projectable]:
        """``keep`` remembers what the rules made of these reports until others are kept: they are about to be asked for again."""
        joined = select(_documents, _versions.c.text, _versions.c.analysis).join(
            _versions, (_documents.c.report == _versions.c.report) & (_documents.c.version == _versions.c.version)
        )
        with self._engine.connect() as connection:
            rows = list(_each(connection, joined, _documents.c.report, reports))
            reviews = reviewing.applied_to(connection, [row.report for row in rows if row.reviewed])
        known = self._pending
        said = {
            (row.report, row.version, row.fingerprint): known.get((row.report, row.version, row.fingerprint))
            or (zlib.decompress(row.text).decode("utf-8", "surrogatepass"), unpack(row.analysis))
            for row in rows
        }
        if keep:
            self._pending = said
        return {
            row.report: Projectable(
                document=_document(row), text=text, analysis=reviewing.reconsider(analysis, reviews[row.report], text) if row.report in reviews else analysis
            )
            for row, (text, analysis) in zip(rows, said.values(), strict=True)
        }

    def _analyses(self, reports: Sequence[str]) -> dict[str, Analysis]:
        """What those of these reports say that people have decided on."""
        with self._engine.connect() as connection:
            reviews = reviewing.applied_to(connection, reports)
            held = [row for page in reviewing.iter_held(connection, reports=list(reviews)) for row in page]
        return {row.report: reviewing.reconsider(unpack(bytes(row.analysis)), reviews[row.report], bytes(row.text)) for row in held}

    @staticmethod
    def _get(connection: Connection, name: str, default: str) -> str:
        return connection.scalar(select(_state.c.value).where(_state.c.name == name)) or default

    @staticmethod
    def _set(connection: Connection, **values: str) -> None:
        _upsert(connection, _state, [{"name": name, "value": value} for name, value in values.items()], ["name"])

    def _step(self, connection: Connection) -> None:
        self._set(connection, generation=str(int(self._get(connection, "generation", "0")) + 1))


class _Writing:
    """``with`` block around one writing transaction: commits at its end, rolls back on an error."""

    def __init__(self, engine: Engine, fence: str | None) -> None:
        self._shared = engine.dialect.name == "postgresql"
        # a writer waits for its turn and must then see what was committed meanwhile
        options: dict[str, Any] = {"isolation_level": "READ COMMITTED"} if self._shared else {}
        self._connection = engine.connect().execution_options(fazhi_writes=True, **options)
        self._fence = fence

    def __enter__(self) -> Connection:
        try:
            self._connection.begin()
            if self._shared:
                postgresql.take_turn(self._connection)
        except FazhiError:
            self._connection.close()
            raise
        except OperationalError as error:
            self._connection.close()
            raise Unavailable(
                f"The archive does not take changes: {error.orig}.", cure="Another process may be writing, or the disk may be full or read-only."
            ) from None
        if self._fence is not None:
            try:
                _check_fence(self._connection, self._fence)
            except BaseException:
                self._connection.close()
                raise
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        try:
            if kind is None and self._connection.in_transaction():
                self._connection.commit()
        except OperationalError as failure:
            raise Unavailable(f"The archive does not take changes: {failure.orig}.", cure="The disk may be full or read-only.") from None
        finally:
            self._connection.close()
        if isinstance(error, OperationalError):
            raise Unavailable(f"The archive does not take changes: {error.orig}.", cure="The disk may be full or read-only.") from None


def _check_fence(connection: Connection, token: str) -> None:
    if not leases.is_held(connection, WRITER, token):
        raise Conflict("Another process has taken over writing, because this one gave no sign of life.", cure="Run it again once the other is done.")


_source_decoder = msgspec.json.Decoder(Source)


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says, not where the driver guesses
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("fazhi_writes") else "BEGIN")


def _each(connection: Connection, query: Select[Any], column: Any, values: Collection[Any]) -> Iterator[Row[Any]]:
    """Rows of ``query`` whose ``column`` is one of ``values``, in slices that every database takes."""
    for chosen in iter_spans(values):
        yield from connection.execute(query.where(column.in_(chosen))).all()


def _upsert(connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> None:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as engine_insert
    else:
        from sqlalchemy.dialects.sqlite import insert as engine_insert  # type: ignore[assignment]
    statement = engine_insert(table)
    values = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=values), [dict(row) for row in rows])


def _narrow(query: Any, *, counted: bool, place: str | None, level: str | None, from_year: int | None, to_year: int | None) -> Any:
    if counted:
        query = query.where(_documents.c.duplicate_of.is_(None))
    if place is not None:
        query = query.where(_below(place))
    if level is not None:
        query = query.where(_documents.c.level == level)
    if from_year is not None:
        query = query.where(_documents.c.year >= from_year)
    if to_year is not None:
        query = query.where(_documents.c.year <= to_year)
    return query


def _below(place: str) -> Any:
    """Condition: the place itself or one below it. Ids are hierarchical: cn:35, cn:3505, cn:350524, cn:350524/参内镇."""
    column = _documents.c.place
    if "/" in place:
        return or_(column == place, column.startswith(place + "/", autoescape=True))
    return column.startswith(place, autoescape=True)


def _weight(key: str, version: str, fingerprint: str) -> int:
    return int.from_bytes(hashlib.blake2b("\x1f".join((key, version, fingerprint)).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _document_row(report: str, entry: Entry, moment: str) -> dict[str, Any]:
    source, frame = entry.source, entry.analysis.frame
    return {
        "report": report,
        "key": source.key,
        "version": entry.version,
        "fingerprint": entry.fingerprint,
        "format": source.format,
        "title": source.title or frame.title,
        "url": source.url,
        "published": source.published,
        "place": frame.place,
        "place_name": frame.place_name,
        "level": frame.level,
        "path": list(frame.path),
        "year": frame.year,
        "duplicate_of": None,
        "metadata": source.metadata,
        "ingested": moment,
        "pipeline": entry.pipeline,
        "vocabulary": entry.vocabulary,
        "reviewed": "",
    }


def _version_row(report: str, entry: Entry, moment: str) -> dict[str, Any]:
    return {
        "report": report,
        "version": entry.version,
        "fingerprint": entry.fingerprint,
        "format": entry.source.format,
        "encoding": entry.source.encoding,
        "ingested": moment,
        "text": zlib.compress(entry.source.text.encode("utf-8", "surrogatepass"), 3),
        "analysis": entry.packed or pack(entry.analysis),
        "source": zlib.compress(msgspec.json.encode(msgspec.structs.replace(entry.source, raw=b"", text="")), 3),
    }


def _document(row: Row[Any]) -> Document:
    return Document(
        key=row.key,
        report=row.report,
        version=row.version,
        fingerprint=reviewing.mark(row.fingerprint, row.reviewed),
        format=row.format,
        title=row.title,
        url=row.url,
        published=row.published,
        place=row.place,
        place_name=row.place_name,
        level=row.level,
        path=tuple(row.path),
        year=row.year,
        duplicate_of=row.duplicate_of,
        metadata=row._mapping["metadata"],
        ingested=row.ingested,
        pipeline=row.pipeline,
        vocabulary=row.vocabulary,
        reviewed=bool(row.reviewed),
    )


def _job(row: Row[Any]) -> Job:
    return Job(**row._mapping)
