"""Full text in a folder: tantivy behind ``TextStore``.

The folder holds one index per rebuild (``index-1``, ``index-2``) and the file ``current`` that names the one in use; a rebuild fills the next one and then
replaces that file. One process writes, any number reads; readers see a commit after ``refresh``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import tantivy

from archive.model import Change
from fazhi.errors import Conflict, Invalid, Unavailable
from fulltext.compile import compile_query, pairs_field, words_field
from fulltext.counting import expect
from fulltext.cursor import read_cursor
from fulltext.kept import KeptViews
from fulltext.narrow import narrow
from fulltext.paging import Ranking
from fulltext.project import ALL, LEVEL_KINDS, Row, project
from fulltext.query import Query, ranks
from fulltext.scope import CELLS, bound_year, iter_texts
from fulltext.sentences import View
from fulltext.store import Facet, Filters, Result, Sort

FORMAT = 3  # goes up when the fields below change; an older index then asks to be rebuilt
HEAP = 64_000_000  # bytes that the writer may fill before it writes a segment
REBUILD_BATCH = 2_000

_CURE = "Run `fazhi rebuild text`: it fills a new index from the archive."
_FACET_FIELDS: dict[str, str] = {
    "year": "year",
    "level": "level",
    "program": "program_id",
    "body": "body_name",
    "indicator": "indicator_id",
    "section": "section",
    "modality": "modality",
    **{level: level for level in LEVEL_KINDS},
}
# order of hits → number to sort by; "report" is the order where nothing gives a score
_SORT_FIELDS: dict[str, str] = {"year": "by_year", "-year": "by_year_last", "place": "by_place", "report": "number"}
_KEYWORDS = ("place", "program", "body", "indicator", "said", "cells")
_FAST_KEYWORDS = ("level", "place_id", "section", "modality", "program_id", "body_name", "indicator_id", *LEVEL_KINDS)
_COUNTED = {"different_words": "words", "different_pairs": "pairs"}  # fast field → what ``counts`` calls it
_ALL_BUCKETS = 65_000
_encode = msgspec.json.Encoder(order="deterministic").encode


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
    for name in (*_SORT_FIELDS.values(), *_COUNTED):
        if name != "number":
            builder.add_unsigned_field(name, fast=True)
    for name in _KEYWORDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in _FAST_KEYWORDS:
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
    if (year := bound_year(row.year)) is not None:
        document.add_integer("year", year)
    for order, key in row.sort_keys.items():
        document.add_unsigned(_SORT_FIELDS[order], key)
    for field, values in (
        ("place", row.places),
        ("program", row.programs),
        ("program_id", row.program_ids),
        ("body", row.bodies),
        ("body_name", row.body_names),
        ("indicator", row.indicators),
        ("indicator_id", row.indicator_ids),
        ("section", row.sections),
        ("modality", row.modalities),
        ("said", row.said),
        ("cells", tuple(row.cells)),
    ):
        for value in values:
            document.add_text(field, value)
    counts = expect(row)
    for field, name in _COUNTED.items():
        document.add_unsigned(field, counts[name])
    if row.level:
        document.add_text("level", row.level)
    if row.place:
        document.add_text("place_id", row.place)
    for level, node in row.chain.items():
        document.add_text(level, node)
    for cell, text in iter_texts(row):
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
        self._mirror: tempfile.TemporaryDirectory[str] | None = None  # beside a folder that can't be written
        self._kept: KeptViews[str] = KeptViews()  # of the index as it is; a new one whenever that may have changed
        self._seen = b""  # tantivy's own list of what the index is made of, as it was when it was last looked at

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
        views: bool = False,
    ) -> Result:
        """See ``TextStore``. Without anything to score by, "score" orders by report id. Raises Invalid for a cursor of another order."""
        tree = narrow(query, filters)
        order = "report" if sort == "score" and (tree is None or not ranks(tree)) else sort
        after = read_cursor(cursor, order) if cursor else None
        index, kept = self._reader_and_kept()
        if index is None:
            return Result(hits=(), total=0, facets=dict.fromkeys(facets, ()))
        with _engine_errors():
            searcher = index.searcher()
            compiled = compile_query(index.schema, tree)
            ranking = Ranking(searcher, compiled, order, _SORT_FIELDS.get(order))
            hits, total = ranking.page(size, after)
            counted = _count(searcher, compiled, facets, facet_size)
            shown = {hit.report: _read_view(searcher, kept, hit.report, ranking.addresses[hit.report]) for hit in hits} if views else {}
            return Result(hits=tuple(hits), total=total, facets=counted, views=shown)

    def views(self, reports: Sequence[str]) -> Mapping[str, View]:
        index, kept = self._reader_and_kept()
        if index is None:
            return {}
        found: dict[str, View] = {}
        with _engine_errors():
            searcher = index.searcher()
            for report in reports:
                for _, address in searcher.search(tantivy.Query.term_query(index.schema, "report", report, "basic"), limit=1, count=False).hits:
                    found[report] = _read_view(searcher, kept, report, address)
        return found

    def count(self, queries: Sequence[Query], filters: Filters) -> list[int]:
        """See ``TextStore``."""
        index = self._reader()
        if index is None:
            return [0 for _ in queries]
        with _engine_errors():
            searcher = index.searcher()
            compiled = (compile_query(index.schema, narrow(query, filters)) for query in queries)
            return [_count_hits(searcher, tantivy.Query.const_score_query(each, 1.0)) for each in compiled]

    def said_by(self, keys: Sequence[str]) -> Mapping[str, int]:
        """See ``TextStore``."""
        index = self._reader()
        if index is None:
            return dict.fromkeys(keys, 0)
        searcher = index.searcher()
        places = {"places": {"terms": {"field": "place_id", "size": _ALL_BUCKETS, "segment_size": _ALL_BUCKETS}}}
        found: dict[str, int] = {}
        with _engine_errors():
            placed = searcher.aggregate(tantivy.Query.all_query(), {"placed": {"value_count": {"field": "place_id"}}})["placed"]["value"]
            for key in dict.fromkeys(keys):
                query = tantivy.Query.term_query(index.schema, "said", key, "basic")
                found[key] = _count_hits(searcher, query)
                if found[key] > 1 or placed < searcher.num_docs:  # most sentences are one report's; where all reports have a place, that is one place
                    found[key] = len(searcher.aggregate(query, places)["places"]["buckets"])
        return found

    def said_otherwise(self, most: int) -> None:
        """See ``TextStore``."""

    def frequencies(self, words: Sequence[str], query: Query | None = None, filters: Filters | None = None) -> Mapping[str, int]:
        """See ``TextStore``."""
        tree = narrow(query, filters or Filters())
        index = self._reader()
        if index is None:
            return dict.fromkeys(words, 0)
        searcher, field = index.searcher(), words_field(ALL)
        found: dict[str, int] = {}
        with _engine_errors():
            among = None if tree is None else compile_query(index.schema, tree)
            for word in dict.fromkeys(words):
                stands = tantivy.Query.term_query(index.schema, field, word, "basic")
                both = stands if among is None else tantivy.Query.boolean_query([(tantivy.Occur.Must, among), (tantivy.Occur.Must, stands)])
                found[word] = _count_hits(searcher, tantivy.Query.const_score_query(both, 1.0))
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

    def counts(self) -> Iterator[tuple[str, Mapping[str, int]]]:
        """See ``TextStore``. tantivy lists no document's terms: each document says how many it was given, and the documents of all terms must add up."""
        index = self._reader()
        if index is None:
            return
        total: Counter[str] = Counter()
        searcher = index.searcher()
        for report, address in _iter_addresses(index, searcher):
            with _engine_errors():
                counts = {name: int(searcher.fast_field_values(field, [address])[0] or 0) for field, name in _COUNTED.items()}
            total.update(counts)
            yield report, counts
        with _engine_errors():
            found = {name: sum(count for _, count in _terms(searcher, field)) for name, field in (("words", words_field(ALL)), ("pairs", pairs_field(ALL)))}
        if any(found[name] != total[name] for name in found):
            yield "", {name: found[name] - total[name] for name in found}

    def listing(self) -> Iterator[str]:
        """See ``TextStore``. Documents by report id, with a hash of what highlighting reads, then terms with the number of documents that have them."""
        index = self._reader()
        if index is None:
            return
        searcher = index.searcher()
        numbers = ("number", "year", *(field for field in (*_SORT_FIELDS.values(), *_COUNTED) if field != "number"))
        for report, address in _iter_addresses(index, searcher):
            with _engine_errors():
                told = {field: searcher.fast_field_values(field, [address])[0] for field in numbers}
                view = hashlib.blake2b(bytes(searcher.doc(address)["view"][0]), digest_size=16).hexdigest()
            yield _encode({"report": report, **told, "view": view}).decode()
        cells = [field for cell in CELLS for field in (words_field(cell), pairs_field(cell))]
        for field in ("state", *_KEYWORDS, *_FAST_KEYWORDS, *cells):
            with _engine_errors():
                terms = sorted(_terms(searcher, field))
            for term, count in terms:
                yield _encode({"field": field, "term": term, "reports": count}).decode()

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
            if self._name is not None and self._current() == self._name and self._index is not None and self._mirror is None:
                self._reload()
            elif self._writer is None:
                self._index = self._name = None

    def moment(self) -> Hashable | None:
        """See ``TextStore``."""
        with self._lock:
            return None if self.writable or self._index is None or not self._seen else (self._name, self._seen)

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
                self._reload()

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

    def tidy(self) -> None:
        """See ``TextStore``. Raises Conflict where this store was opened for reading."""
        with self._lock:
            if not self.writable:
                raise _opened_for_reading()
            if self._current() is not None:
                self._open_writer()
                self._remove_others()

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
            if self._mirror is not None:
                self._mirror.cleanup()
                self._mirror = None

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
                        index = tantivy.Index.open(self._openable(self.folder / name))
                        index.config_reader("manual")
                        index.searcher()
                        self._index, self._name = index, name
                        self._kept, self._seen = KeptViews(), b""
                        break
                    except ValueError as error:
                        if attempt == 2 or self._current() == name:
                            raise Unavailable(f"The text index can't be read: {_first_line(error)}.", cure=_CURE) from error
            return self._index

    def _reader_and_kept(self) -> tuple[tantivy.Index | None, KeptViews[str]]:
        """Both of one moment. A searcher that is asked for afterwards shows that moment or a later one: nothing older is kept."""
        with self._lock:
            return self._reader(), self._kept

    def _reload(self) -> None:
        """See what was committed since. Views are kept for as long as nothing was."""
        assert self._index is not None and self._name is not None
        made_of = self.folder / self._name / "meta.json"
        with _engine_errors():
            before = made_of.read_bytes()
            self._index.reload()
            after = made_of.read_bytes()
        if not before == after == self._seen:
            self._kept, self._seen = KeptViews(), before  # where they differ, the next look shows it

    def _openable(self, folder: Path) -> str:
        """tantivy locks an index to open it, which needs a file: where none can be made, links to the index's files in a folder of our own do."""
        if self.writable or not folder.is_dir() or os.access(folder, os.W_OK):
            return str(folder)
        if self._mirror is not None:
            self._mirror.cleanup()
        self._mirror = tempfile.TemporaryDirectory(prefix="fazhi-index-")
        for file in folder.iterdir():
            if not file.name.endswith(".lock"):
                Path(self._mirror.name, file.name).symlink_to(file.absolute())
        return self._mirror.name

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
                self._remove_others()
                return writer
            self._index = self._name = None  # a rebuild came between: its index is the one to write

    def _remove_others(self) -> None:
        """Sweep what a killed rebuild left behind; whoever holds the writer's lock knows that nobody fills it any more."""
        for path in self.folder.glob("index-*"):
            if path.name != self._name:
                shutil.rmtree(path, ignore_errors=True)
        for path in self.folder.glob("current-*"):
            path.unlink(missing_ok=True)


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


def _iter_addresses(index: tantivy.Index, searcher: tantivy.Searcher) -> Iterator[tuple[str, Any]]:
    """(report, where its document is), ordered by report; a report that is there twice comes twice."""
    with _engine_errors():
        states = _terms(searcher, "state")
    for report in sorted({state.partition("\x1f")[0] for state, _ in states}):
        with _engine_errors():
            hits = searcher.search(tantivy.Query.term_query(index.schema, "report", report, "basic"), limit=10, count=False).hits
        for _, address in hits:
            yield report, address


def _terms(searcher: tantivy.Searcher, field: str) -> list[tuple[str, int]]:
    """Every term of a field with the number of documents that have it; what was deleted but not merged away yet does not count."""
    return [(term, count) for term, count in searcher.terms_with_prefix(field, "", filter_query=tantivy.Query.all_query()) if count]


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


def _count_hits(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    found: Any = searcher.search(query, limit=1)
    return int(found.count)


class _engine_errors:
    """tantivy speaks ValueError for whatever went wrong below it."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, ValueError | OSError) and not isinstance(error, Invalid):
            full = "No space left" in str(error)
            raise Unavailable(f"The text index failed: {_first_line(error)}.", cure="Make room on the disk, and run it again." if full else _CURE) from error


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0].rstrip(".")[:200]


def _opened_for_reading() -> Conflict:
    return Conflict("The text index is open for reading only.", cure="Write with the command that opened it for writing.")


def _read_view(searcher: tantivy.Searcher, kept: KeptViews[str], report: str, address: Any) -> View:
    view = kept.find(report)
    if view is None:
        view = msgspec.msgpack.decode(bytes(searcher.doc(address)["view"][0]), type=View)
        kept.keep(report, view)
    return view
