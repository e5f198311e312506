"""Full text on a server: Elasticsearch 8.19 or 9 behind ``TextStore``.

Only what every server has without plugins is used. Reports are documents by their id, so that writing one again changes nothing; each ``apply`` is durable and
visible when it returns. Scores are those of the whole index, also where it has several shards.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import blake2b
from typing import Any, Literal, TypeVar

import msgspec

from archive.model import Change
from fazhi.errors import Conflict, FazhiError, Invalid, Unavailable
from fulltext import elastic_index
from fulltext.address import Access
from fulltext.cursor import Cursor, read_cursor
from fulltext.elastic_bulk import BulkWriter
from fulltext.elastic_client import Patience, ask_patiently, connect
from fulltext.elastic_errors import IndexMissing, NotReady, engine_errors, translate_answer
from fulltext.elastic_held import KEEP, Held
from fulltext.elastic_index import InUse
from fulltext.elastic_mapping import FACET_FIELDS, KEYWORDS, SORT_FIELDS, build_document, pairs_field, shorten, words_field
from fulltext.elastic_query import EVERYTHING, Json, compile_query
from fulltext.elastic_room import blame_disk
from fulltext.kept import KeptViews
from fulltext.narrow import narrow
from fulltext.project import ALL, project
from fulltext.query import Query, ranks
from fulltext.scope import CELLS
from fulltext.sentences import View
from fulltext.store import Facet, Filters, Hit, Result, Sort

T = TypeVar("T")
Views = Literal["none", "known", "all"]  # what a page of hits brings along of them: nothing, which versions they are, their texts as well

_WINDOW = 10_000  # most hits that the server gives in one answer
_ALL_BUCKETS = 65_000
_PLACELESS = 5_000  # sentences of reports without a place, counted along with those that several reports have
_VIEWS = 50  # of 30 to 100 kB each in one answer
_LISTED = 5_000
_FILTERS = 500  # counted in one request
_EXACT = 50  # places
_MOST_EXACT = 40_000  # what the server can
_LARGEST = 2**63 - 1
_VERSION: Sequence[Json] = ({"field": "fingerprint"},)
_SAME_SCORE = 2e-7  # scores are 4-byte floats, and their parts may be added up in another order
_OLDEST = 8
_LOOKS = 3
_UNREADY_PAUSE = 0.1  # seconds
_encode = msgspec.json.Encoder(order="deterministic").encode


class ElasticTextStore:
    """``TextStore`` on Elasticsearch. Safe to use from several threads. ``url`` without credentials."""

    def __init__(self, url: str, access: Access, *, writable: bool) -> None:
        self.url = url
        self.access = access
        self.writable = writable
        self.alias = elastic_index.alias_of(access.prefix)
        self._client = connect(url, access)
        self._lock = threading.RLock()
        self._looked = False
        self._in_use: InUse | None = None
        self._ready = False  # to be written
        self._kept: KeptViews[tuple[str, str]] = KeptViews()  # by report and fingerprint

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
        """See ``TextStore``. Without anything to score by, "score" orders by report id. Raises Invalid for a cursor of another order, and TimedOut."""
        tree = narrow(query, filters)
        order = "report" if sort == "score" and (tree is None or not ranks(tree)) else sort
        after = read_cursor(cursor, order) if cursor else None
        compiled = compile_query(tree, scored=order == "score")

        def ask(in_use: InUse) -> Result:
            asked: Views = "none" if not views or size > _VIEWS else "known" if self._kept.is_likely else "all"
            hits, answer = self._page(compiled, order, size, after, _count(facets, facet_size, in_use.shards), asked)
            counted: dict[str, tuple[tuple[str, int], ...]] = {facet: _read_buckets(answer, facet, facet_size) for facet in facets}
            shown = {} if asked == "none" else self._show_views(answer["hits"]["hits"])
            return Result(hits=tuple(hits), total=int(answer["hits"]["total"]["value"]), facets=counted, views=shown)

        found = self._read(ask, Result(hits=(), total=0, facets=dict.fromkeys(facets, ())))
        if views and size > _VIEWS:
            return msgspec.structs.replace(found, views=self.views([hit.report for hit in found.hits]))
        return found

    def views(self, reports: Sequence[str]) -> Mapping[str, View]:
        found: dict[str, View] = {}
        for first in range(0, len(reports), _VIEWS):
            some = list(reports[first : first + _VIEWS])
            nothing: list[Any] = []
            for item in self._read(lambda _: self._get_views(some), nothing):  # noqa: B023 - called at once
                found[item["_id"]] = _read_view(item)
        return found

    def count(self, queries: Sequence[Query], filters: Filters) -> list[int]:
        """See ``TextStore``."""
        compiled = [compile_query(narrow(query, filters), scored=False) for query in queries]
        return [told["doc_count"] for told in self._count_filters(compiled, EVERYTHING, {})]

    def said_by(self, keys: Sequence[str]) -> Mapping[str, int]:
        """See ``TextStore``. A sentence has no more places than reports, so counting as many exactly is enough; up to 40,000, which is more than there are. The
        server makes room for all of it for each sentence, so those that many say are asked once more: they are few."""
        said = self._count_places(keys, _EXACT)
        most = max((reports for reports, _ in said.values()), default=0)
        if most > _EXACT:
            said |= self._count_places([key for key, (reports, _) in said.items() if reports > _EXACT], min(most, _MOST_EXACT))
        return {key: places for key, (_, places) in said.items()}

    def said_otherwise(self, most: int) -> Mapping[str, int] | None:
        """See ``TextStore``. None for several shards too, which know of their own reports only what two of them say."""
        most = min(most, _ALL_BUCKETS - _PLACELESS)
        shared = {"field": "said", "size": most, "min_doc_count": 2, "collect_mode": "breadth_first"}
        asked = {
            "shared": {"terms": shared, "aggregations": _places(_EXACT)},
            "nowhere": {"missing": {"field": "place_id"}, "aggregations": {"said": {"terms": {"field": "said", "size": _PLACELESS}}}},
        }

        def ask(in_use: InUse) -> tuple[Sequence[Any], Sequence[Any]] | None:
            if in_use.shards > 1:
                return None
            told = self._count_once(EVERYTHING, asked)
            return told["shared"]["buckets"], told["nowhere"]["said"]["buckets"]

        nothing: tuple[Sequence[Any], Sequence[Any]] | None = [], []
        found = self._read(ask, nothing)
        if found is None or len(found[0]) >= most or len(found[1]) >= _PLACELESS:
            return None
        said = {bucket["key"]: 0 for bucket in found[1]} | {bucket["key"]: bucket["places"]["value"] for bucket in found[0]}
        many = {bucket["key"]: bucket["doc_count"] for bucket in found[0] if bucket["doc_count"] > _EXACT}
        counted = self._count_places(list(many), min(max(many.values(), default=0), _MOST_EXACT))
        return said | {key: places for key, (_, places) in counted.items()}

    def _count_places(self, keys: Sequence[str], exact: int) -> dict[str, tuple[int, int]]:
        """(reports, places) that say each of these sentences; the places are counted exactly up to ``exact``."""
        told = self._count_filters([{"term": {"said": key}} for key in keys], EVERYTHING, _places(exact))
        return {key: (bucket["doc_count"], bucket["places"]["value"]) for key, bucket in zip(keys, told, strict=True)}

    def frequencies(self, words: Sequence[str], query: Query | None = None, filters: Filters | None = None) -> Mapping[str, int]:
        """See ``TextStore``."""
        among = compile_query(narrow(query, filters or Filters()), scored=False)
        told = self._count_filters([{"term": {words_field(ALL): shorten(word)}} for word in words], among, {})
        return {word: bucket["doc_count"] for word, bucket in zip(words, told, strict=True)}

    def _count_filters(self, filters: Sequence[Json], among: Json, counting: Json) -> Iterator[Any]:
        """The bucket of each filter, with what ``counting`` counts in it."""
        for first in range(0, len(filters), _FILTERS):
            some = list(filters[first : first + _FILTERS])
            asked = {"named": {"filters": {"filters": some}, **({"aggregations": counting} if counting else {})}}
            nothing: list[Any] = [{"doc_count": 0, **{name: {"value": 0} for name in counting}} for _ in some]
            yield from self._read(lambda _: self._count_once(among, asked)["named"]["buckets"], nothing)  # noqa: B023 - called at once

    def _count_once(self, among: Json, asked: Json) -> Any:
        with engine_errors(self.url):
            answer = self._client.search(
                index=self.alias, query=among, size=0, track_total_hits=False, aggregations=asked, allow_partial_search_results=False
            ).body
        return answer["aggregations"]

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """See ``TextStore``. All of one moment; raises Unavailable where a rebuild takes the index away meanwhile."""
        if self._find() is not None:
            with suppress(IndexMissing), self._hold(self.alias) as held:
                yield from _read_fingerprints(held)

    def counts(self) -> Iterator[tuple[str, Mapping[str, int]]]:
        """See ``TextStore``. Asked of the terms themselves; no term stands in the index without its document."""
        if self._find() is None:
            return
        counting = {name: {"value_count": {"field": field}} for name, field in (("words", words_field(ALL)), ("pairs", pairs_field(ALL)))}
        with suppress(IndexMissing), self._hold(self.alias) as held:
            for bucket in held.iter_values("report", counting):
                for _ in range(bucket["doc_count"]):
                    yield bucket["key"]["report"], {name: int(bucket[name]["value"]) for name in counting}
        self._forget_fielddata()

    def listing(self) -> Iterator[str]:
        """See ``TextStore``. Documents by report id, with a hash of what highlighting reads, then terms with the number of documents that have them."""
        if self._find() is None:
            return
        numbers = ["fingerprint", "year", *SORT_FIELDS.values()]
        cells = [field for cell in CELLS for field in (words_field(cell), pairs_field(cell))]
        with suppress(IndexMissing), self._hold(self.alias) as held:
            for hit in held.iter_hits(_VIEWS, stored_fields="view", docvalue_fields=numbers):
                told = hit["fields"]
                view = blake2b(_unwrap_view(hit), digest_size=16).hexdigest()
                yield _encode({"report": hit["sort"][0], "id": hit["_id"], **{name: told.get(name) for name in numbers}, "view": view}).decode()
            for field in (*KEYWORDS, *cells):
                for bucket in held.iter_values(field, {}):
                    yield _encode({"field": field, "term": bucket["key"][field], "reports": bucket["doc_count"]}).decode()
        self._forget_fielddata()

    def statistics(self) -> Mapping[str, Any]:
        """engine, reports, bytes on disk, segments, index."""
        in_use = self._find()
        if in_use is None:
            return {"engine": "elasticsearch", "reports": 0, "bytes": 0, "segments": 0, "index": None}
        with engine_errors(self.url):
            told = self._client.indices.stats(index=in_use.name, metric=["docs", "store", "segments"]).body["_all"]["primaries"]
        return {
            "engine": "elasticsearch",
            "reports": told["docs"]["count"],
            "bytes": told["store"]["size_in_bytes"],
            "segments": told["segments"]["count"],
            "index": in_use.name,
        }

    def refresh(self) -> None:
        """What others have written is there at once; only which index is in use is looked up anew."""
        with self._lock:
            self._looked = False

    def moment(self) -> None:
        """See ``TextStore``. A server shows every commit at once."""

    # writing

    def apply(self, changes: Sequence[Change]) -> None:
        """See ``TextStore``. Waits while the server is away or busy. Raises Conflict where this store was opened for reading, and Unavailable with
        three samples where the server refuses reports for good; the others are in then."""
        if not changes:
            return
        self._open_for_writing()
        last = {change.report: change for change in changes}
        try:
            with BulkWriter(self._client, self.url, self.alias, self.access.patience) as writer:
                for change in last.values():
                    _write(writer, change)
            self._patiently(lambda: self._client.indices.refresh(index=self.alias))
        except IndexMissing:
            self._looked = self._ready = False
            raise

    def rebuild(self, changes: Iterable[Change]) -> None:
        """See ``TextStore``. Works beside an index of another make too. What an earlier rebuild left unfinished goes."""
        self._check_writable()
        self._check_version()
        named = self._patiently(lambda: elastic_index.list_named(self._client, self.alias))
        ours = self._sweep()
        name = elastic_index.name_next(self.alias, ours)
        filling = elastic_index.filling_alias(name)
        self._patiently(lambda: elastic_index.create(self._client, name, filling, self.access.shards))
        try:
            expected: dict[str, str] = {}
            touched: set[str] = set()
            with BulkWriter(self._client, self.url, filling, self.access.patience) as writer:
                for change in changes:
                    if change.report in touched:
                        writer.drain()  # two requests on their way may overtake each other
                    touched.add(change.report)
                    _write(writer, change)
                    if change.item is None:
                        expected.pop(change.report, None)
                    else:
                        expected[change.report] = change.item.document.fingerprint
            self._patiently(lambda: self._client.indices.refresh(index=name))
            with self._hold(name) as held:
                _compare(expected, _read_fingerprints(held))
            self._patiently(lambda: elastic_index.switch(self._client, self.alias, name, named))
        except BaseException:
            with suppress(Exception):
                if not elastic_index.list_ours(self._client, self.alias)[name]:  # the answer to the switch may have been lost
                    self._client.indices.delete(index=name)
            raise
        finally:
            self.refresh()
        self._sweep()

    def tidy(self) -> None:
        """See ``TextStore``. Raises Conflict where this store was opened for reading."""
        self._check_writable()
        self._sweep()

    def release(self) -> None:
        """Nothing is held between two calls."""

    def close(self) -> None:
        with self._lock:
            self._looked = self._ready = False
            self._in_use = None
        self._client.close()

    # the index

    def _find(self) -> InUse | None:
        """The index in use; None where nothing was ever written. Looked up once after each ``refresh``."""
        with self._lock:
            if not self._looked:
                with engine_errors(self.url):
                    self._in_use = elastic_index.find_in_use(self._client, self.alias)
                self._looked = True
            return self._in_use

    def _read(self, ask: Callable[[InUse], T], empty: T) -> T:
        """``ask`` of the index in use; again where a rebuild takes it away meanwhile: then it is missing, or its shards answer no more. ``empty`` where nothing
        was ever written."""
        for attempt in range(_LOOKS):
            in_use = self._find()
            if in_use is None:
                return empty
            try:
                return ask(in_use)
            except (IndexMissing, NotReady) as error:
                self.refresh()
                if attempt == _LOOKS - 1:
                    raise
                if isinstance(error, NotReady):
                    time.sleep(_UNREADY_PAUSE)
        raise AssertionError

    def _open_for_writing(self) -> None:
        self._check_writable()
        with self._lock:
            if self._ready and self._find() is not None:
                return
            self._check_version()
            self._patiently(lambda: elastic_index.find_in_use(self._client, self.alias))  # one of another make stays until it is rebuilt
            ours = self._sweep()
            if not ours:
                self._patiently(lambda: elastic_index.create(self._client, elastic_index.name_next(self.alias, ours), self.alias, self.access.shards))
            self._looked, self._ready = False, True
            self._find()

    def _sweep(self) -> list[str]:
        """Take away what unfinished rebuilds left; returns what is in use. Only the one writer may call it."""
        found = self._patiently(lambda: elastic_index.list_ours(self._client, self.alias))
        for name, used in found.items():
            if not used:
                self._patiently(lambda name=name: self._client.indices.delete(index=name, ignore_unavailable=True))  # type: ignore[misc]
        return [name for name, used in found.items() if used]

    def _check_writable(self) -> None:
        if not self.writable:
            raise Conflict("The text index is open for reading only.", cure="Write with the command that opened it for writing.")

    def _check_version(self) -> None:
        """Raises Unavailable for a server that is too old. A server that doesn't tell, or not to this user, is taken as it is."""
        version = ""
        with suppress(FazhiError), engine_errors(self.url):  # whatever it is, the next request says it better
            version = str(self._client.info().body.get("version", {}).get("number", ""))
        major = version.partition(".")[0]
        if major.isdecimal() and int(major) < _OLDEST:
            raise Unavailable(f"Elasticsearch at {self.url} is {version}, which is not supported.", cure="Point FAZHI_TEXT to Elasticsearch 8.19 or 9.x.")

    def _patiently(self, ask: Callable[[], T]) -> T:
        return ask_patiently(ask, self.url, Patience(self.access.patience, partial(blame_disk, self._client, self.url)))

    # pages

    def _show_views(self, hits: Sequence[Any]) -> dict[str, View]:
        """Of the hits of a page: those that were kept, those that came along, and those that are asked for now."""
        shown: dict[str, View] = {}
        missing: list[str] = []
        for hit in hits:
            report, told = hit["sort"][-1], hit["fields"]
            view = self._kept.find((report, told["fingerprint"][0]))
            if view is not None:
                shown[report] = view
            elif "view" in told:
                shown[report] = self._keep_view(hit)
            else:
                missing.append(report)
        if missing:
            with engine_errors(self.url):
                answer = self._client.search(
                    index=self.alias,
                    query={"bool": {"filter": [{"terms": {"report": missing}}]}},
                    sort=[{"report": "asc"}],
                    size=len(missing),
                    track_total_hits=False,
                    stored_fields="view",
                    docvalue_fields=_VERSION,
                    allow_partial_search_results=False,
                ).body
            shown |= {hit["sort"][-1]: self._keep_view(hit) for hit in answer["hits"]["hits"]}
        return shown

    def _keep_view(self, hit: Any) -> View:
        view = _read_view(hit)
        self._kept.keep((hit["sort"][-1], hit["fields"]["fingerprint"][0]), view)
        return view

    def _get_views(self, reports: list[str]) -> list[Any]:
        with engine_errors(self.url):
            answer = self._client.mget(index=self.alias, ids=reports, stored_fields="view", realtime=False).body
        for item in answer["docs"]:
            if "error" in item:
                raise translate_answer(500, item, self.url)
        return [item for item in answer["docs"] if item["found"]]

    def _page(self, query: Json, order: str, size: int, after: Cursor | None, counting: Json, views: Views) -> tuple[list[Hit], Any]:
        """Hits after the cursor, and the first answer with the total, the counts and the views."""
        place: list[Any] | None = None
        skip = 0
        if after is not None:
            if order == "report":
                place = [after.report]
            elif order == "score":
                score = self._score(query, after)
                if score is None:  # it has gone: the hits that stood before it are skipped
                    skip = after.rank - 1
                else:
                    place = [score, after.report]
            elif not isinstance(after.value, int):
                raise Invalid("The cursor can't be read.", cure="Take it from the last hit of the page before, unchanged.")
            else:
                place = [max(-_LARGEST, min(after.value, _LARGEST)), after.report]
        rank = 0 if after is None else after.rank
        hits: list[Hit] = []
        first: Any = None
        if skip:
            place, rank = self._skip(query, order, skip), skip
            if place is None:
                size = 0
        while first is None or len(hits) < size:
            wanted = min(size - len(hits), _WINDOW)
            answer = self._ask(query, order, wanted, place, counting if first is None else {}, views)
            first = answer if first is None else first
            found = answer["hits"]["hits"]
            for hit in found:
                rank += 1
                place = hit["sort"]
                hits.append(_show(order, hit["sort"], rank))
            if len(found) < wanted or not wanted:
                break
        return hits, first

    def _skip(self, query: Json, order: str, count: int) -> list[Any] | None:
        """Where the hit at rank ``count`` stands; None where there are not so many."""
        place: list[Any] | None = None
        while count:
            found = self._ask(query, order, min(count, _WINDOW), place, {})["hits"]["hits"]
            if not found:
                return None
            count -= len(found)
            place = found[-1]["sort"]
        return place

    def _score(self, query: Json, after: Cursor) -> float | None:
        """What the cursor's report scores now, with the reports that have come and gone since; None where it is no hit any more."""
        alone = {"bool": {"must": [query], "filter": [{"term": {"report": after.report}}]}}
        found = self._ask(alone, "score", 1, None, {})["hits"]["hits"]
        if not found:
            return None
        now, then = float(found[0]["sort"][0]), -float(after.value)
        return then if abs(now - then) <= _SAME_SCORE * abs(then) else now

    def _ask(self, query: Json, order: str, size: int, place: list[Any] | None, counting: Json, views: Views = "none") -> Any:
        fields = {"score": [{"_score": "desc"}], "report": []}.get(order) if order in ("score", "report") else [{SORT_FIELDS[order]: "asc"}]
        with engine_errors(self.url):
            return self._client.search(
                index=self.alias,
                query=query,
                sort=[*(fields or []), {"report": "asc"}],
                size=size,
                search_after=place,
                track_total_hits=True,
                stored_fields="view" if views == "all" else "_none_",
                docvalue_fields=None if views == "none" else _VERSION,
                aggregations=counting or None,
                search_type="dfs_query_then_fetch",  # the same scores however many shards there are
                allow_partial_search_results=False,
                preference=blake2b(msgspec.json.encode(query), digest_size=8).hexdigest(),  # the same copy for all pages of a search: copies differ in scores
            ).body

    @contextmanager
    def _hold(self, index: str) -> Iterator[Held]:
        """What the index holds now, to be read in pages. Raises FazhiError."""
        with engine_errors(self.url):
            held = Held(self._client, self._client.open_point_in_time(index=index, keep_alive=KEEP).body["id"])
            try:
                yield held
            finally:
                with suppress(Exception):
                    self._client.close_point_in_time(id=held.id)

    def _forget_fielddata(self) -> None:
        with suppress(FazhiError), engine_errors(self.url):  # who may only read can't; the server does it itself when it needs the memory
            self._client.indices.clear_cache(index=self.alias, fielddata=True)


def _read_view(hit: Any) -> View:
    return msgspec.msgpack.decode(_unwrap_view(hit), type=View)


def _unwrap_view(hit: Any) -> bytes:
    return msgspec.convert(hit["fields"]["view"][0], bytes)  # base64, five times as fast as Python's own


def _read_fingerprints(held: Held) -> Iterator[tuple[str, str]]:
    for hit in held.iter_hits(_LISTED, stored_fields="_none_", docvalue_fields=["fingerprint"]):
        yield hit["sort"][0], hit["fields"]["fingerprint"][0]


def _write(writer: BulkWriter, change: Change) -> None:
    if change.item is None:
        writer.delete(change.report, change.report)
    else:
        writer.index(change.report, change.item.document.key, build_document(project(change.item)))


def _compare(expected: Mapping[str, str], found: Iterator[tuple[str, str]]) -> None:
    """Raises Unavailable unless the new index has exactly these reports in these versions."""
    count = wrong = 0
    for report, fingerprint in found:
        count += 1
        wrong += expected.get(report) != fingerprint
    if wrong or count != len(expected):
        raise Unavailable(
            f"The new text index has {count} reports, {wrong} of them wrong, instead of {len(expected)}; the old one stays.", cure="Run it again."
        )


def _show(order: str, sort: Sequence[Any], rank: int) -> Hit:
    report = str(sort[-1])
    if order == "report":
        return Hit(report=report, score=0.0, stands=Cursor(order, int(report, 16), report, rank, 1))
    if order == "score":
        score = float(sort[0])
        return Hit(report=report, score=score, stands=Cursor(order, -score, report, rank, 1))
    return Hit(report=report, score=0.0, stands=Cursor(order, int(sort[0]), report, rank, 1))


def _places(exact: int) -> Json:
    """Counts the places in a bucket, exactly up to so many."""
    return {"places": {"cardinality": {"field": "place_id", "precision_threshold": exact}}}


def _count(facets: Sequence[Facet], size: int, shards: int) -> Json:
    exact = {"shard_size": _ALL_BUCKETS} if shards > 1 else {}  # one shard counts exactly anyway
    order = [{"_count": "desc"}, {"_key": "asc"}]
    return {facet: {"terms": {"field": FACET_FIELDS[facet], "size": max(size, 1), "order": order, **exact}} for facet in facets}


def _read_buckets(answer: Any, facet: str, size: int) -> tuple[tuple[str, int], ...]:
    return tuple((str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer["aggregations"][facet]["buckets"])[:size]
