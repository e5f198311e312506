"""Full text in a folder: tantivy behind ``TextStore``.

The folder holds one index per rebuild (``index-1``, ``index-2``) and the file ``current`` that names the one in use; a rebuild fills the next one and then
replaces that file. One process writes, any number reads; readers see a commit after ``refresh``.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import tantivy

from archive.model import Change
from fazhi.errors import Conflict, Invalid, Unavailable
from fulltext.compile import CELLS, compile_query, pairs_field, words_field
from fulltext.narrow import narrow
from fulltext.paging import Ranking, read_cursor
from fulltext.project import LEVEL_KINDS, Row, project
from fulltext.query import Query, ranks
from fulltext.sentences import View
from fulltext.store import Facet, Filters, Result, Sort

FORMAT = 1  # goes up when the fields below change; an older index then asks to be rebuilt
HEAP = 64_000_000  # bytes that the writer may fill before it writes a segment
REBUILD_BATCH = 2_000

_CURE = "Run `fazhi rebuild text`: it fills a new index from the archive."
_FACET_FIELDS: dict[str, str] = {
    "year": "year",
    "level": "level",
    "program": "program_id",
    "section": "section",
    **{level: level for level in LEVEL_KINDS},
}
# order of hits → number to sort by; "report" is the order where nothing gives a score
_SORT_FIELDS: dict[str, str] = {"year": "by_year", "-year": "by_year_last", "place": "by_place", "report": "number"}
_ALL_BUCKETS = 65_000


class _Pointer(msgspec.Struct):
    folder: str
    format: int


def build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_bytes_field("view", stored=True)
    builder.add_text_field("report", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("state", tokenizer_name="raw", index_option="basic")  # report and fingerprint, for ``fingerprints`` in order
    builder.add_unsigned_field("number", fast=True)  # the report id as a number: many at once in one call
    builder.add_integer_field("year", indexed=True, fast=True)
    for name in _SORT_FIELDS.values():
        if name != "number":
            builder.add_unsigned_field(name, fast=True)
    for name in ("place", "program", "cells"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("level", "section", "program_id", *LEVEL_KINDS):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for cell in CELLS:
        builder.add_text_field(words_field(cell), tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field(pairs_field(cell), tokenizer_name="whitespace", index_option="position")
    return builder.build()


def build_document(row: Row) -> tantivy.Document:
    document = tantivy.Document()
    document.add_bytes("view", msgspec.msgpack.encode(row.view))
    document.add_text("report", row.report)
    document.add_text("state", f"{row.report}\x1f{row.fingerprint}")
    document.add_unsigned("number", int(row.report, 16))
    if row.year is not None:
        document.add_integer("year", row.year)
    for order, key in row.sort_keys.items():
        document.add_unsigned(_SORT_FIELDS[order], key)
    for field, values in (
        ("place", row.places),
        ("program", row.programs),
        ("program_id", row.program_ids),
        ("section", row.sections),
        ("cells", tuple(row.cells)),
    ):
        for value in values:
            document.add_text(field, value)
    if row.level:
        document.add_text("level", row.level)
    for level, node in row.chain.items():
        document.add_text(level, node)
    for cell, text in (*row.cells.items(), ("title", row.title)):
        document.add_text(words_field(cell), text.words)
        document.add_text(pairs_field(cell), text.pairs)
    return document


class EmbeddedTextStore:
    """``TextStore`` on tantivy. Safe to use from several threads."""

    def __init__(self, folder: Path, *, writable: bool) -> None:
        self.folder = folder
        self.writable = writable
        self._lock = threading.RLock()
        self._name: str | None = None
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None

    # reading

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
    ) -> Result:
        """See ``TextStore``. Without anything to score by, "score" orders by report id. Raises Invalid for a cursor of another order."""
        tree = narrow(query, filters)
        order = "report" if sort == "score" and (tree is None or not ranks(tree)) else sort
        after = read_cursor(cursor, order) if cursor else None
        index = self._reader()
        if index is None:
            return Result(hits=(), total=0, facets=dict.fromkeys(facets, ()))
        with _engine_errors():
            searcher = index.searcher()
            compiled = compile_query(index.schema, tree)
            hits, total = Ranking(searcher, compiled, order, _SORT_FIELDS.get(order)).page(size, after)
            return Result(hits=tuple(hits), total=total, facets=_count(searcher, compiled, facets, facet_size))

    def views(self, reports: Sequence[str]) -> Mapping[str, View]:
        index = self._reader()
        found: dict[str, View] = {}
        if index is None:
            return found
        with _engine_errors():
            searcher = index.searcher()
            for report in reports:
                for _, address in searcher.search(tantivy.Query.term_query(index.schema, "report", report, "basic"), limit=1, count=False).hits:
                    found[report] = msgspec.msgpack.decode(bytes(searcher.doc(address)["view"][0]), type=View)
        return found

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        index = self._reader()
        if index is None:
            return
        with _engine_errors():
            states = index.searcher().terms_with_prefix("state", "", filter_query=tantivy.Query.all_query())
        for state, _ in states:
            report, _, fingerprint = state.partition("\x1f")
            yield report, fingerprint

    def statistics(self) -> Mapping[str, Any]:
        """engine, reports, bytes on disk, segments."""
        index = self._reader()
        if index is None or self._name is None:
            return {"engine": "tantivy", "reports": 0, "bytes": 0, "segments": 0}
        searcher = index.searcher()
        size = 0
        for file in (self.folder / self._name).iterdir():
            with suppress(OSError):  # a merge takes files away while we count
                size += file.stat().st_size
        return {"engine": "tantivy", "reports": searcher.num_docs, "bytes": size, "segments": searcher.num_segments}

    def refresh(self) -> None:
        with self._lock:
            if self._name is not None and self._current() == self._name and self._index is not None:
                with _engine_errors():
                    self._index.reload()
            elif self._writer is None:
                self._index = self._name = None

    # writing

    def apply(self, changes: Sequence[Change]) -> None:
        """See ``TextStore``. Raises Conflict where another process writes, or where this store was opened for reading."""
        if not changes:
            return
        documents = [(change.report, None if change.item is None else build_document(project(change.item))) for change in changes]
        with self._lock:
            writer = self._open_writer()
            try:
                with _engine_errors():
                    for report, document in documents:
                        writer.delete_documents_by_term("report", report)
                        if document is not None:
                            writer.add_document(document)
                    writer.commit()
            except BaseException:
                with suppress(ValueError):
                    writer.rollback()
                raise
            if self._index is not None:
                self._index.reload()

    def rebuild(self, changes: Iterable[Change]) -> None:
        """See ``TextStore``. Works on a broken index too. The old one goes when the new one is in use."""
        if not self.writable:
            raise _opened_for_reading()
        with self._lock:
            with suppress(Unavailable):  # a broken one can't be held by a writer
                self._open_writer()
            numbers = [int(path.name.removeprefix("index-")) for path in self.folder.glob("index-*") if path.name.removeprefix("index-").isdigit()]
            name = f"index-{max(numbers, default=0) + 1}"
            try:
                with _engine_errors():
                    _fill(self.folder / name, changes)
            except BaseException:
                shutil.rmtree(self.folder / name, ignore_errors=True)
                raise
            _write_pointer(self.folder, _Pointer(name, FORMAT))
            self.close()
            for path in self.folder.glob("index-*"):
                if path.name != name:
                    shutil.rmtree(path, ignore_errors=True)

    def release(self) -> None:
        """Let another process write; the next ``apply`` takes the index again."""
        with self._lock:
            if self._writer is not None:
                with suppress(ValueError):
                    self._writer.wait_merging_threads()
                self._writer = None

    def close(self) -> None:
        with self._lock:
            self.release()
            self._index = self._name = None

    # the folder

    def _reader(self) -> tantivy.Index | None:
        """The index in use; None where nothing was ever written."""
        with self._lock:
            if self._index is None:
                for attempt in (1, 2):  # a rebuild may take the old folder away between the two looks
                    name = self._current()
                    if name is None:
                        return None
                    try:
                        index = tantivy.Index.open(str(self.folder / name))
                        index.config_reader("manual")
                        index.searcher()
                        self._index, self._name = index, name
                        break
                    except ValueError as error:
                        if attempt == 2 or self._current() == name:
                            raise Unavailable(f"The text index can't be read: {_first_line(error)}.", cure=_CURE) from error
            return self._index

    def _current(self) -> str | None:
        try:
            pointer = msgspec.json.decode((self.folder / "current").read_bytes(), type=_Pointer)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            raise Unavailable("The text index can't be found: its file `current` can't be read.", cure=_CURE) from error
        if pointer.format != FORMAT:
            raise Unavailable(f"The text index has format {pointer.format}, this version reads format {FORMAT}.", cure=_CURE)
        return pointer.folder

    def _open_writer(self) -> tantivy.IndexWriter:
        if not self.writable:
            raise _opened_for_reading()
        if self._writer is not None:
            return self._writer
        if self._current() is None:
            _create(self.folder / "index-1")
            _write_pointer(self.folder, _Pointer("index-1", FORMAT))
        while True:
            index = self._reader()
            if index is None:
                raise Unavailable("The text index is gone.", cure=_CURE)
            try:
                writer = index.writer(HEAP, 1)
            except ValueError as error:
                if "LockBusy" in str(error):
                    raise Conflict("Another process is writing the text index.", cure="Wait until it has finished, or stop it.") from error
                raise Unavailable(f"The text index can't be written: {_first_line(error)}.", cure=_CURE) from error
            if self._current() == self._name:
                self._writer = writer
                return writer
            self._index = self._name = None  # a rebuild came between: its index is the one to write


def _create(folder: Path) -> tantivy.Index:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tantivy.Index(build_schema(), str(folder))
    except (OSError, ValueError) as error:
        raise Unavailable(
            f"The text index can't be created in {folder}: {_first_line(error)}.", cure="See that the folder can be written and the disk has room."
        ) from error


def _fill(folder: Path, changes: Iterable[Change]) -> None:
    """A new index of all changes, checked to have each report once."""
    index = _create(folder)
    writer = index.writer(HEAP, 1)
    reports: set[str] = set()
    try:
        for number, change in enumerate(changes, 1):
            writer.delete_documents_by_term("report", change.report)
            reports.discard(change.report)
            if change.item is not None:
                writer.add_document(build_document(project(change.item)))
                reports.add(change.report)
            if number % REBUILD_BATCH == 0:
                writer.commit()
        writer.commit()
    finally:
        writer.wait_merging_threads()  # nothing may write into a folder that is about to be taken away
    index.reload()
    found = index.searcher().num_docs
    if found != len(reports):
        raise Unavailable(
            f"The new text index has {found} reports instead of {len(reports)}; the old one stays.", cure="See that the disk has room and run it again."
        )


def _write_pointer(folder: Path, pointer: _Pointer) -> None:
    """Replace ``current`` at once: readers find the old name or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix="current-")
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(pointer))
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(folder / "current")


def _count(searcher: tantivy.Searcher, query: tantivy.Query, facets: Sequence[Facet], size: int) -> dict[str, tuple[tuple[str, int], ...]]:
    """(value, reports) of each facet, most first, equal ones by value. Counts are exact: every segment gives all its values."""
    counted: dict[str, tuple[tuple[str, int], ...]] = {}
    undecided: Sequence[Facet] = facets
    for wanted in (size + 1, _ALL_BUCKETS):
        if not undecided:
            break
        terms = {facet: {"terms": {"field": _FACET_FIELDS[facet], "size": wanted, "segment_size": _ALL_BUCKETS}} for facet in undecided}
        answer = searcher.aggregate(query, terms)
        for facet in undecided:
            buckets = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer[facet]["buckets"]]
            if wanted == _ALL_BUCKETS or len(buckets) <= size or buckets[size - 1][1] != buckets[size][1]:
                counted[facet] = tuple(sorted(buckets, key=lambda bucket: (-bucket[1], bucket[0]))[:size])
        # where equal counts stand on both sides of the cut, chance would choose among them: look at all values
        undecided = [facet for facet in undecided if facet not in counted]
    return {facet: counted[facet] for facet in facets}


class _engine_errors:
    """tantivy speaks ValueError for whatever went wrong below it."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, ValueError | OSError) and not isinstance(error, Invalid):
            raise Unavailable(f"The text index failed: {_first_line(error)}.", cure=_CURE) from error


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0].rstrip(".")[:200]


def _opened_for_reading() -> Conflict:
    return Conflict("The text index is open for reading only.", cure="Write with the command that opened it for writing.")
