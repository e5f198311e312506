"""What is particular to an index on a server: its alias, its faults, its limits. On real servers; a gate before one plays proxies and outages."""

from __future__ import annotations

import base64
import json
import logging
import shutil
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import elasticsearch
import pytest
from fulltext_corpus import CORPUS, change, removal
from gate import Gate
from pydantic import SecretStr
from text_engines import Place

from fazhi.errors import FazhiError, Invalid, TimedOut, Unavailable
from fulltext import elastic, elastic_bulk, elastic_held, open_store
from fulltext.address import Access, split_credentials
from fulltext.elastic import ElasticTextStore
from fulltext.elastic_errors import translate_answer
from fulltext.elastic_mapping import build_mapping
from fulltext.query import parse
from fulltext.store import Filters, TextStore
from ingest.ids import report_id

pytestmark = pytest.mark.servers
SECRET = "s3cret-of-joe"


@pytest.fixture(params=["elasticsearch", "elasticsearch9"])
def place(request: pytest.FixtureRequest, places: Callable[[str], Place]) -> Place:
    return places(request.param)


@pytest.fixture
def filled(place: Place) -> Iterator[TextStore]:
    opened = place.open()
    opened.apply(CORPUS)
    yield opened
    opened.close()


@pytest.fixture
def gate(place: Place) -> Iterator[Gate]:
    assert place.server
    opened = Gate(place.server.url)
    opened.open()
    yield opened
    opened.close()


def through(gate: Gate, place: Place, **access: object) -> ElasticTextStore:
    store = open_store(gate.url, place.folder, access=replace(place.access(), user=None, password=None, **access))  # type: ignore[arg-type]
    assert isinstance(store, ElasticTextStore)
    return store


# the alias


def test_the_mapping_takes_nothing_that_it_does_not_name(filled: TextStore, place: Place) -> None:
    with place.client() as client, pytest.raises(elasticsearch.BadRequestError, match="strict_dynamic_mapping"):
        client.index(index=f"{place.prefix}-reports", document={"unknown": 1})


@pytest.mark.parametrize("sweep", ["rebuild", "apply"])
def test_what_a_killed_rebuild_left_is_swept(filled: TextStore, place: Place, sweep: str) -> None:
    script = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from fulltext_corpus import CORPUS, change
from fulltext import elastic_bulk, open_store
from fulltext.address import Access
elastic_bulk.REQUEST_BYTES = 1
def changes():
    for number in range(30):
        yield change(f"new{number}", [("other", "法治。", None)])
    os.kill(os.getpid(), signal.SIGKILL)
open_store(sys.argv[2], Path("."), access=Access(prefix=sys.argv[3])).rebuild(changes())
"""
    assert place.server
    subprocess.run([sys.executable, "-c", script, str(Path(__file__).parent), place.server.url, place.prefix], timeout=60, cwd=Path(__file__).parents[2])
    assert len(place.indexes()) == 2
    filled.refresh()
    assert filled.search(None, Filters()).total == 5
    with closing(place.open()) as store:
        if sweep == "rebuild":
            store.rebuild(CORPUS[:3])
        else:
            store.apply([removal("a"), removal("b")])
        assert store.search(None, Filters()).total == 3
    assert len(place.indexes()) == 1


def test_readers_see_the_old_or_the_new_index_never_half(filled: TextStore, place: Place) -> None:
    seen: set[int] = set()
    stop = threading.Event()
    failed: list[BaseException] = []

    def read() -> None:
        reader = place.open(writable=False)
        try:
            while not stop.is_set():
                seen.add(reader.search(parse("法治 OR NOT 法治"), Filters()).total)
                seen.add(len(reader.views([each.report for each in CORPUS])))
                reader.refresh()
        except BaseException as error:
            failed.append(error)
        finally:
            reader.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(8):
        filled.rebuild(CORPUS[:2] if number % 2 == 0 else CORPUS)
    stop.set()
    for reader in readers:
        reader.join()
    assert not failed
    assert seen <= {2, 5}


def test_an_index_that_was_taken_away_is_not_made_up(filled: TextStore, place: Place) -> None:
    with place.client() as client:
        client.indices.delete(index=place.indexes()[0])
    with pytest.raises(Unavailable, match="fazhi rebuild text"):
        filled.apply([CORPUS[0]])
    assert place.indexes() == []
    assert filled.search(None, Filters()).total == 0
    filled.rebuild(CORPUS)
    assert filled.search(None, Filters()).total == 5


def test_an_index_taken_away_while_it_is_filled_fails_the_rebuild(filled: TextStore, place: Place) -> None:
    def changes():  # type: ignore[no-untyped-def]
        yield CORPUS[0]
        with place.client() as client:
            client.indices.delete(index=place.indexes()[1])
        yield CORPUS[1]

    with pytest.raises(Unavailable):
        filled.rebuild(changes())
    assert filled.search(None, Filters()).total == 5
    assert len(place.indexes()) == 1


def test_an_index_of_another_format_asks_to_be_rebuilt(place: Place) -> None:
    old = {**build_mapping(), "_meta": {"made_by": "fazhi", "format": 0}}
    with place.client() as client:
        client.indices.create(index=f"{place.prefix}-reports-4", mappings=old, aliases={f"{place.prefix}-reports": {}})
    store = place.open()
    for ask in (lambda: store.search(None, Filters()), lambda: list(store.fingerprints()), lambda: store.apply(CORPUS), store.statistics):
        with pytest.raises(Unavailable, match=r"format 0.*fazhi rebuild text"):
            ask()
    store.rebuild(CORPUS)
    assert store.search(None, Filters()).total == 5
    assert place.indexes() == [f"{place.prefix}-reports-5"]
    store.close()


def test_an_index_of_somebody_else_is_left_alone(place: Place) -> None:
    with place.client() as client:
        client.indices.create(index=f"{place.prefix}-reports")
        client.indices.create(index=f"{place.prefix}-reports-other")
    store = place.open()
    for ask in (lambda: store.search(None, Filters()), lambda: store.apply(CORPUS), lambda: store.rebuild(CORPUS)):
        with pytest.raises(Unavailable, match="FAZHI_TEXT_PREFIX"):
            ask()
    assert place.indexes() == [f"{place.prefix}-reports", f"{place.prefix}-reports-other"]
    store.close()


def test_an_alias_that_others_share_is_ours_alone_after_a_rebuild(filled: TextStore, place: Place) -> None:
    with place.client() as client:
        client.indices.create(index=f"{place.prefix}-foreign", aliases={f"{place.prefix}-reports": {}})
    filled.refresh()
    with pytest.raises(Unavailable, match="names 2 indexes"):
        filled.search(None, Filters())
    filled.rebuild(CORPUS)
    assert filled.search(None, Filters()).total == 5
    assert f"{place.prefix}-foreign" in place.indexes()


def test_two_services_share_a_server(filled: TextStore, place: Place, places: Callable[[str], Place], request: pytest.FixtureRequest) -> None:
    other = places(request.node.callspec.params["place"]).open()
    other.apply(CORPUS[:1])
    other.rebuild(CORPUS[:2])
    assert (filled.search(None, Filters()).total, other.search(None, Filters()).total) == (5, 2)
    other.close()


# many


def test_several_shards_give_the_same_scores_and_counts(place: Place, places: Callable[[str], Place], request: pytest.FixtureRequest) -> None:
    reports = [
        change(
            f"k{number}",
            [("results", "法治" * (number % 5 + 1) + "，调解。" * (number % 3), "done")],
            year=2018 + number % 7,
            place=f"cn:3505{10 + number % 40}",
        )
        for number in range(150)
    ]
    one, several = place.open(), open_store(place.server.url, place.folder, access=replace(places(request.node.callspec.params["place"]).access(), shards=3))  # type: ignore[union-attr]
    for store in (one, several):
        store.rebuild(reports)
    for text in ("法治", "调解", '"治，调"', "section:results 调解 法治"):
        first, second = (store.search(parse(text), Filters(), size=200, facets=("year", "county"), facet_size=5) for store in (one, several))
        assert second.facets == first.facets
        assert {hit.report: hit.score for hit in second.hits} == pytest.approx({hit.report: hit.score for hit in first.hits}, rel=1e-5)
    assert list(several.fingerprints()) == list(one.fingerprints())
    for store in (one, several):
        store.close()


def test_more_than_one_answer_holds(filled: TextStore, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = filled.search(parse("法治 OR NOT 法治"), Filters(), size=50)
    lists = list(filled.fingerprints()), list(filled.counts()), list(filled.listing()), filled.views([each.report for each in CORPUS])
    monkeypatch.setattr(elastic, "_WINDOW", 2)
    monkeypatch.setattr(elastic, "_LISTED", 2)
    monkeypatch.setattr(elastic, "_VIEWS", 2)
    monkeypatch.setattr(elastic_held, "_VALUES", 2)
    assert filled.search(parse("法治 OR NOT 法治"), Filters(), size=50) == whole
    assert (list(filled.fingerprints()), list(filled.counts()), list(filled.listing()), filled.views([each.report for each in CORPUS])) == lists
    gone = whole.hits[3].report
    filled.apply([change for change in [removal(key) for key in "abcde"] if change.report == gone])
    assert len(filled.search(parse("法治 OR NOT 法治"), Filters(), size=50, cursor=whole.hits[3].cursor).hits) == 1


def test_bytes_on_their_way_are_bounded(gate: Gate, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elastic_bulk, "REQUEST_BYTES", 400_000)
    gate.delay = 0.05
    store = through(gate, place)
    store.apply([change(f"k{number}", [("other", "法治政府建设。" * 800, None)]) for number in range(60)])
    assert gate.most <= elastic_bulk.IN_FLIGHT
    assert gate.largest <= 400_000
    assert sum("_bulk" in request for request in gate.seen) >= 10
    assert store.search(None, Filters()).total == 60
    store.close()


def test_a_query_of_any_size_is_answered_or_invalid(filled: TextStore) -> None:
    for text in (
        " OR ".join(f"法{number:03}*设" for number in range(150)),
        "(" * 20 + "法治" + ")" * 20,
        "".join(f"(法{n} OR 设{n} 建{n} " for n in range(19)) + "法" + ")" * 19,
    ):
        for within in ("", "modality:done "):
            try:
                assert filled.search(parse(within + text[:1900] if "(" not in text else within + text), Filters()).total >= 0
            except Invalid as error:
                assert error.cure


# faults


def test_a_busy_server_is_waited_for(gate: Gate, place: Place, caplog: pytest.LogCaptureFixture) -> None:
    store = through(gate, place)
    store.apply(CORPUS[:1])
    left = iter([429, 503, 429])
    gate.refuse = lambda method, path: (
        (status, {"error": {"type": "es_rejected_execution_exception", "reason": "queue full"}}) if "_bulk" in path and (status := next(left, 0)) else None
    )
    store.apply(CORPUS)
    assert store.search(None, Filters()).total == 5
    assert sum("Trying again" in record.getMessage() for record in caplog.records) == 3
    store.close()


def test_a_search_whose_shard_is_taken_away_under_it_is_asked_again(gate: Gate, place: Place) -> None:
    store = through(gate, place)
    store.apply(CORPUS)
    gone = {"error": {"type": "search_phase_execution_exception", "reason": "all shards failed", "failed_shards": [{"reason": {"reason": "closed"}}]}}
    left = iter([503, 503])
    gate.refuse = lambda method, path: (status, gone) if path.partition("?")[0].endswith(("_search", "_mget")) and (status := next(left, 0)) else None
    assert store.search(None, Filters()).total == 5
    left = iter([503])
    assert len(store.views([each.report for each in CORPUS])) == 5
    left = iter([503] * 9)
    with pytest.raises(Unavailable, match="not ready"):
        store.search(None, Filters())
    store.close()


def test_a_server_that_stays_busy_is_given_up(gate: Gate, place: Place) -> None:
    store = through(gate, place, patience=1.0)
    store.apply(CORPUS[:1])
    gate.refuse = lambda method, path: (429, {"error": {"type": "es_rejected_execution_exception", "reason": "queue full"}})
    with pytest.raises(Unavailable, match="too busy: queue full"):
        store.apply(CORPUS)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="too busy"):
        store.search(None, Filters())
    assert time.monotonic() - began < 1
    gate.refuse = lambda method, path: None
    store.apply(CORPUS)
    assert store.search(None, Filters()).total == 5
    store.close()


def test_a_report_for_which_there_was_no_room_goes_in_once_there_is(gate: Gate, place: Place) -> None:
    store = through(gate, place)
    store.apply(CORPUS[:1])
    left = iter([True])
    full = {"errors": True, "items": [{"index": {"_id": "new", "status": 500, "error": {"type": "i_o_exception", "reason": "No space left on device"}}}]}
    gate.refuse = lambda method, path: (200, full) if "_bulk" in path and next(left, False) else None
    store.apply([change("new", [("other", "新。", None)])])
    assert store.search(None, Filters()).total == 2
    store.close()


def test_a_server_without_a_master_is_named(gate: Gate, place: Place) -> None:
    """So is one whose disk is full: it can't be asked how full, and what is written only takes too long."""
    store = through(gate, place, patience=0.6)
    store.apply(CORPUS[:1])
    gate.refuse = lambda method, path: (
        (200, {"blocks": {"global": {"2": {"description": "no master", "retryable": True}}}})
        if "_cluster/state" in path
        else (503, {"error": {"type": "master_not_discovered_exception", "reason": None}})
        if "_bulk" in path
        else None
    )
    with pytest.raises(Unavailable, match="no master node, as where its disk is full"):
        store.apply(CORPUS)
    store.close()


def test_a_server_that_goes_and_comes_back_is_waited_for(gate: Gate, place: Place) -> None:
    store = through(gate, place)
    store.apply(CORPUS[:1])
    gate.close()
    with pytest.raises(Unavailable, match="does not answer"):
        store.search(None, Filters())
    threading.Timer(1.5, gate.open).start()
    store.apply(CORPUS)
    assert store.search(None, Filters()).total == 5
    store.close()


def test_a_server_that_is_away_says_so(place: Place) -> None:
    store = open_store("http://127.0.0.1:9", place.folder, access=Access(prefix=place.prefix, patience=0.0))
    for ask in (
        lambda: store.search(None, Filters()),
        lambda: store.apply(CORPUS),
        lambda: store.rebuild(CORPUS),
        store.statistics,
        lambda: list(store.counts()),
    ):
        with pytest.raises(Unavailable, match=r"does not answer. Start it, or correct FAZHI_TEXT"):
            ask()
    store.close()


def test_a_slow_answer_is_timed_out(gate: Gate, place: Place) -> None:
    store = through(gate, place)
    store.apply(CORPUS)
    store.close()
    store = through(gate, place, timeout=0.3)
    gate.delay = 1.0
    with pytest.raises(TimedOut, match="took too long"):
        store.search(parse("法治"), Filters())
    store.close()


def test_a_full_disk_is_waited_for_and_named(filled: TextStore, place: Place) -> None:
    index = place.indexes()[0]
    with place.client() as client:
        client.indices.put_settings(index=index, settings={"index.blocks.read_only_allow_delete": True})
        hasty = open_store(place.server.url, place.folder, access=replace(place.access(), patience=0.6))  # type: ignore[union-attr]
        with pytest.raises(Unavailable, match="disk is nearly full"):
            hasty.apply([change("new", [("other", "新。", None)])])
        assert hasty.search(None, Filters()).total == 5
        hasty.close()
        threading.Timer(1.0, lambda: client.indices.put_settings(index=index, settings={"index.blocks.read_only_allow_delete": None})).start()
        filled.apply([change("new", [("other", "新。", None)])])
    assert filled.search(None, Filters()).total == 6


def test_reports_that_the_server_refuses_are_counted_with_three_samples(place: Place) -> None:
    mapping = build_mapping()
    del mapping["properties"]["township"]
    with place.client() as client:
        client.indices.create(index=f"{place.prefix}-reports-1", mappings=mapping, aliases={f"{place.prefix}-reports": {}})
    store = place.open()
    with pytest.raises(Unavailable, match=r"refused 5 of 7 reports: (k\d: .*township.*; ){3}and 2 more"):
        store.apply(
            [
                change(
                    f"k{number}",
                    [("other", "法治。", None)],
                    place="cn:350524" if number > 4 else "cn:350524/甲乙镇",
                    level="county" if number > 4 else "township",
                )
                for number in range(7)
            ]
        )
    store.refresh()
    assert store.search(parse("法治"), Filters()).total in (0, 2)  # in, and visible with the next refresh at the latest
    with place.client() as client:
        client.indices.refresh(index=f"{place.prefix}-reports")
    assert store.search(parse("法治"), Filters()).total == 2
    store.close()


@pytest.mark.parametrize("way", ["settings", "url", "key"])
def test_credentials_open_the_door_and_are_never_shown(gate: Gate, place: Place, caplog: pytest.LogCaptureFixture, way: str) -> None:
    caplog.set_level(logging.DEBUG)
    basic = base64.b64encode(f"joe:{SECRET}".encode()).decode()
    gate.authorization = f"ApiKey {SECRET}" if way == "key" else f"Basic {basic}"
    access = Access(prefix=place.prefix, patience=0.0)
    url = gate.url
    if way == "settings":
        access = replace(access, user="joe", password=SecretStr(SECRET))
    elif way == "url":
        url = url.replace("//", f"//joe:{SECRET}@")
    else:
        access = replace(access, api_key=SecretStr(SECRET))
    store = open_store(url, place.folder, access=access)
    store.apply(CORPUS)
    assert store.search(None, Filters()).total == 5
    gate.authorization = "Basic another"
    told = [repr(access), repr(store), repr(vars(store)), *caplog.messages]
    for ask in (lambda: store.search(None, Filters()), lambda: store.apply(CORPUS), lambda: store.rebuild(CORPUS), lambda: list(store.fingerprints())):
        with pytest.raises(Unavailable, match="FAZHI_TEXT_USER") as caught:
            ask()
        told += [str(caught.value), "".join(traceback.format_exception(caught.value))]
    gate.close()
    with pytest.raises(Unavailable, match="does not answer") as caught:
        store.search(None, Filters())
    told += ["".join(traceback.format_exception(caught.value)), *caplog.messages]
    assert not [text for text in told if SECRET in text or basic in text]
    store.close()


def test_forbidden_names_the_privileges(gate: Gate, place: Place) -> None:
    store = through(gate, place)
    store.apply(CORPUS)
    gate.refuse = lambda method, path: (
        403,
        {"error": {"type": "security_exception", "reason": "action [indices:data/read/search] is unauthorized for user [joe]"}, "status": 403},
    )
    with pytest.raises(Unavailable, match=r"is unauthorized.*view_index_metadata"):
        store.search(None, Filters())
    store.close()


def test_an_old_server_is_told_by_its_version(tmp_path: Path) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            old = {"name": "old", "version": {"number": "7.17.29", "build_flavor": "default"}, "tagline": "You Know, for Search"}
            refused = {"error": "Content-Type header [application/vnd.elasticsearch+json; compatible-with=8] is not supported", "status": 406}
            body = json.dumps(old if self.path == "/" else refused).encode()
            self.send_response(200 if self.path == "/" else 406)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    store = open_store(f"http://127.0.0.1:{server.server_address[1]}", tmp_path, access=Access(patience=0.0))
    for ask in (lambda: store.apply(CORPUS), lambda: store.search(None, Filters()), lambda: list(store.fingerprints())):
        with pytest.raises(Unavailable, match=r"not supported") as caught:
            ask()
        assert "8.19" in (caught.value.cure or "")
    with pytest.raises(Unavailable, match=r"7\.17\.29"):
        store.rebuild(CORPUS)
    store.close()
    server.shutdown()
    server.server_close()


def test_another_kind_of_server_is_told_from_elasticsearch(tmp_path: Path) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<h1>Welcome</h1>")

        do_POST = do_PUT = do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    other = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=other.serve_forever, args=(0.05,), daemon=True).start()
    store = open_store(f"http://127.0.0.1:{other.server_address[1]}", tmp_path, access=Access(patience=0.0))
    for ask in (lambda: store.search(None, Filters()), lambda: store.apply(CORPUS)):
        with pytest.raises(Unavailable, match=r"no Elasticsearch.*8\.19 or 9"):
            ask()
    store.close()
    other.shutdown()
    other.server_close()


def test_a_certificate_is_trusted_only_when_named(place: Place, tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    pem, ca = tmp_path / "both.pem", tmp_path / "ca.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", str(tmp_path / "key.pem"), "-out", str(ca)], check=True, capture_output=True)
    pem.write_text((tmp_path / "key.pem").read_text() + ca.read_text())
    assert place.server
    gate = Gate(place.server.url, pem)
    gate.open()
    store = through(gate, place, patience=0.0)
    with pytest.raises(Unavailable, match=r"certificate.*FAZHI_TEXT_CA"):
        store.search(None, Filters())
    store.close()
    store = through(gate, place, ca=ca)
    store.apply(CORPUS)
    assert store.search(None, Filters()).total == 5
    store.close()
    gate.close()


# without a server


@pytest.mark.parametrize(
    ("status", "body", "match"),
    [
        (
            406,
            {"error": "Content-Type header [application/vnd.elasticsearch+json; compatible-with=8] is not supported", "status": 406},
            "version that is not supported",
        ),
        (
            400,
            {"error": {"type": "media_type_header_exception", "reason": "A compatible version is required on both Content-Type and Accept headers."}},
            "version that is not supported",
        ),
        (503, {"error": {"type": "master_not_discovered_exception", "reason": None}, "status": 503}, "not ready: no reason given"),
        (500, "oops", "failed: oops"),
        (500, {"status": 500, "error": {"type": "i_o_exception", "reason": "No space left on device"}}, "its disk is full"),
        (413, "", "too large"),
        (
            400,
            {
                "error": {
                    "root_cause": [{"type": "too_many_nested_clauses", "reason": "Query contains too many nested clauses; maxClauseCount is set to 1024"}],
                    "type": "search_phase_execution_exception",
                    "reason": "all shards failed",
                }
            },
            "fewer clauses",
        ),
    ],
)
def test_answers_become_errors_with_a_cure(status: int, body: object, match: str) -> None:
    error = translate_answer(status, body, "http://h:9200")
    assert isinstance(error, FazhiError)
    assert match in str(error)
    assert error.cure


def test_credentials_are_parted_from_the_address() -> None:
    bare, user, password = split_credentials("https://jo%40e:p%3Aw@[::1]:9243/es/?x=1")
    assert (bare, user, password and password.get_secret_value()) == ("https://[::1]:9243/es", "jo@e", "p:w")
    for wrong in ("http://joe:s3cret@", "http://h:port:1", "http://joe:s3cret@h:99999999"):
        with pytest.raises(Invalid) as caught:
            split_credentials(wrong)
        assert "s3cret" not in str(caught.value)


def test_an_address_without_port_means_elasticsearchs(tmp_path: Path) -> None:
    store = open_store("http://127.0.0.1", tmp_path)
    assert isinstance(store, ElasticTextStore)
    assert [node.port for node in (each.config for each in store._client.transport.node_pool.all())] == [9200]
    store.close()


def test_a_missing_certificate_file_and_another_engine_are_invalid(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="FAZHI_TEXT_CA"):
        open_store("https://h:9200", tmp_path, access=Access(ca=tmp_path / "none.pem"))
    with pytest.raises(Invalid, match="names no full-text engine") as caught:
        open_store("solr://joe:s3cret@h", tmp_path)
    assert "s3cret" not in str(caught.value)


def test_removed_reports_are_no_error(filled: TextStore) -> None:
    filled.apply([removal("never there")])
    assert list(filled.fingerprints()) == sorted((report_id(key), "f1") for key in "abcde")
