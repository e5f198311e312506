"""What only a server can show: being away, refusing, hanging, being written to by others, and being rebuilt while others read."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import neo4j
import pytest
from graph_engines import access_to, opening
from graph_samples import Report, listing
from pydantic import SecretStr
from servers.starting import free_port, start

from fazhi.errors import Conflict, Invalid, TimedOut, TooLarge, Unavailable
from graph import neo4j as engine
from graph import open_store
from graph.address import Access
from graph.neo4j import Neo4jGraph

pytestmark = pytest.mark.servers
NOWHERE = Path("/nonexistent")


@pytest.fixture
def open_graph(tmp_path, request):
    with opening("neo4j", tmp_path, request) as open_graph:
        yield open_graph


def reports(count, year=2023, program="法律八进"):
    return [Report(f"r{number}", year=year).adopts(program).counts("disputes_mediated", number).change(number) for number in range(count)]


def last_transaction(server):
    with neo4j.GraphDatabase.driver(server.url, auth=(server.user, server.password)) as driver:
        return driver.execute_query(
            "SHOW DATABASES YIELD name, lastCommittedTxn WHERE name = 'neo4j' RETURN lastCommittedTxn AS last", database_="system"
        ).records[0]["last"]


# -- getting in ------------------------------------------------------------------------------------------------------------------------------------


def test_wrong_password_says_what_to_set_and_shows_no_secret(neo4j_server, caplog):
    store = Neo4jGraph(neo4j_server.url, Access(user="neo4j", password=SecretStr("geheimes-wort")), writable=False)
    with pytest.raises(Unavailable) as caught:
        store.read("RETURN 1 AS x")
    assert "FAZHI_GRAPH_PASSWORD" in caught.value.cure
    for shown in (str(caught.value), repr(store), repr(store._access), repr(vars(store)), caplog.text):
        assert "geheimes-wort" not in shown


def test_credentials_may_stand_in_the_url_and_are_not_kept_there(neo4j_server):
    url = neo4j_server.url.replace("//", f"//{neo4j_server.user}:{neo4j_server.password}@")
    store = open_store(url, NOWHERE, writable=False)
    assert store.read("RETURN 1 AS x") == [{"x": 1}]
    assert neo4j_server.password not in repr(vars(store))
    store.close()


def test_server_that_is_away_says_so_soon_and_shows_no_secret():
    store = open_store(f"bolt://somebody:geheimes-wort@127.0.0.1:{free_port()}", NOWHERE, writable=False)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="does not answer") as caught:
        store.read("RETURN 1 AS x")
    assert time.monotonic() - began < 15
    assert "geheimes-wort" not in str(caught.value) and "FAZHI_GRAPH" in caught.value.cure


def test_writer_waits_no_longer_than_its_patience(caplog):
    store = Neo4jGraph(f"bolt://127.0.0.1:{free_port()}", Access(patience=15.0), writable=True)  # the driver itself tries for some seconds
    with caplog.at_level(logging.WARNING), pytest.raises(Unavailable, match="does not answer"):
        store.apply(reports(1))
    assert "Trying again" in caplog.text


def test_server_of_an_unsupported_version_says_which_is_needed(neo4j_server, monkeypatch):
    monkeypatch.setattr(engine, "OLDEST", (2099, 1))
    with pytest.raises(Unavailable, match=r"is Neo4j 5\.\d+") as caught:
        Neo4jGraph(neo4j_server.url, access_to(neo4j_server), writable=False).read("RETURN 1 AS x")
    assert "2099.1 or newer" in caught.value.cure


def test_unknown_database_says_so(neo4j_server):
    with pytest.raises(Unavailable, match="no database elsewhere"):
        Neo4jGraph(f"{neo4j_server.url}/elsewhere", access_to(neo4j_server), writable=False).read("RETURN 1 AS x")


def test_database_is_the_path_of_the_url(neo4j_server):
    assert Neo4jGraph(f"{neo4j_server.url}/neo4j", access_to(neo4j_server), writable=False).read("RETURN 1 AS x") == [{"x": 1}]


@pytest.mark.parametrize("url", ["bolt://", "neo4j://:7687", "bolt://host:port", "ftp://host", "bolt://geheimes-wort@[::1"])
def test_url_that_names_no_server_is_invalid_and_not_repeated(url):
    with pytest.raises(Invalid) as caught:
        open_store(url, NOWHERE, writable=False)
    assert "geheimes-wort" not in str(caught.value)


def test_certificates_that_are_not_there_are_invalid(neo4j_server, tmp_path):
    with pytest.raises(Invalid, match="FAZHI_GRAPH_CA"):
        Neo4jGraph(neo4j_server.url, Access(ca=tmp_path / "none.pem"), writable=False)


def test_server_without_encryption_is_not_taken_for_one_with(neo4j_server):
    store = open_store(neo4j_server.url.replace("bolt:", "bolt+ssc:"), NOWHERE, writable=False, access=access_to(neo4j_server))
    with pytest.raises(Unavailable, match="does not answer"):
        store.read("RETURN 1 AS x")


# -- writing ---------------------------------------------------------------------------------------------------------------------------------------


def test_applying_again_commits_nothing(open_graph, neo4j_server):
    store = open_graph()
    store.apply(reports(3))
    before = last_transaction(neo4j_server)
    store.apply(reports(3))
    assert last_transaction(neo4j_server) == before


def test_constraints_and_indexes_are_made_once(open_graph, neo4j_server):
    import cypher

    open_graph().apply(reports(1))
    made = open_graph(writable=False).read("MATCH (n) RETURN count(n) AS n")[0]["n"]
    with neo4j.GraphDatabase.driver(neo4j_server.url, auth=(neo4j_server.user, neo4j_server.password)) as driver:
        names = {row["name"] for row in driver.execute_query(cypher.load("neo4j/index_names")).records}
        online = driver.execute_query("SHOW INDEXES YIELD state WHERE state <> 'ONLINE' RETURN count(*) AS waiting").records[0]["waiting"]
    wanted = {cypher.load(name).split()[2] for name in cypher.names("schema")}
    assert made and wanted <= names and not online


def test_writers_that_meet_in_a_deadlock_both_get_through(open_graph):
    """Shared nodes in opposite orders: the server ends one of the two, which is tried again."""
    stores = [open_graph(), open_graph()]
    stores[0].apply([Report("seed").adopts("甲").adopts("乙").change(0)])
    failed = []

    def work(store, number):
        try:
            for turn in range(10):
                programs = ["甲", "乙"] if number else ["乙", "甲"]
                report = Report(f"w{number}-{turn}", year=2000 + turn)
                for program in programs:
                    report.adopts(program)
                store.apply([report.change(turn)])
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(store, number)) for number, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(list(stores[0].fingerprints())) == 21


def test_lack_of_memory_is_too_large_and_not_tried_again(open_graph):
    store = open_graph()
    began = time.monotonic()
    with pytest.raises(TooLarge):
        store.read("UNWIND range(1, 60000000) AS x WITH collect(x) AS xs RETURN size(xs)", timeout=120)
    assert time.monotonic() - began < 60
    assert store.read("RETURN 1 AS x") == [{"x": 1}]


def test_answer_of_a_user_is_bounded_in_this_process(open_graph):
    with pytest.raises(TooLarge, match="gives back too much"):
        open_graph(writable=False).read("UNWIND range(1, 1000) AS x RETURN range(1, 1000) AS xs", untrusted=True)


@pytest.mark.parametrize("untrusted", [False, True])
@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        (
            "UNWIND range(1, 120) AS x RETURN x, x % 7 AS y ORDER BY y DESC, x DESC",
            [{"x": x, "y": x % 7} for x in sorted(range(1, 121), key=lambda x: (-(x % 7), -x))],
        ),
        ("UNWIND range(1, 120) AS x RETURN DISTINCT x % 3 AS y ORDER BY y SKIP 1 LIMIT 5;", [{"y": 1}, {"y": 2}]),
        ("UNWIND range(1, 60) AS x WITH x ORDER BY -x RETURN x", [{"x": x} for x in range(60, 0, -1)]),
        ("UNWIND range(1, 3) AS x RETURN x + 1", [{"x + 1": 2}, {"x + 1": 3}, {"x + 1": 4}]),
        ("RETURN 1 AS x UNION RETURN 2 AS x", [{"x": 1}, {"x": 2}]),
        ("UNWIND [] AS x RETURN x, 1 AS y", []),
        ("RETURN null", [{"null": None}]),
        ("RETURN null AS x, [1, [2]] AS y, {a: {b: 1}} AS z // the end", [{"x": None, "y": [1, [2]], "z": {"a": {"b": 1}}}]),
        ("UNWIND range(1, 120) AS x RETURN x % 2 AS odd, count(*) AS n ORDER BY odd", [{"odd": 0, "n": 60}, {"odd": 1, "n": 60}]),
    ],
)
def test_rows_come_as_the_statement_orders_them_however_they_travel(open_graph, statement, rows, untrusted):
    store = open_graph(writable=False)
    for _ in range(2):
        assert store.read(statement, untrusted=untrusted) == rows
    assert store.read(statement, untrusted=untrusted, max_rows=1) == rows[:1]


def test_fault_in_a_users_statement_is_named_where_it_stands(open_graph):
    with pytest.raises(Invalid, match=r"line 1, column 12") as caught:
        open_graph(writable=False).read("RETURN 1 + nothing AS x", untrusted=True)
    assert "packed" not in str(caught.value)


# -- a server that goes ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(600)
def test_writing_goes_on_by_itself_when_a_killed_server_comes_back(tmp_path, caplog):
    port = free_port()
    server = start("neo4j", tmp_path / "server", port=port, heap="384m")
    try:
        writer = Neo4jGraph(server.url, access_to(server, patience=400), writable=True)
        reader = Neo4jGraph(server.url, access_to(server), writable=False)
        writer.apply(reports(5))
        assert len(list(reader.fingerprints())) == 5
        server.stop(signal.SIGKILL)
        with pytest.raises(Unavailable):
            reader.read("RETURN 1 AS x")
        done = threading.Event()
        thread = threading.Thread(target=lambda: (writer.apply(reports(10)), done.set()))
        with caplog.at_level(logging.WARNING):
            thread.start()
            told = time.monotonic() + 90
            while "Trying again" not in caplog.text and time.monotonic() < told:
                time.sleep(0.5)
            assert not done.is_set() and "Trying again" in caplog.text
            server = start("neo4j", tmp_path / "server", port=port, password=server.password, heap="384m")
            thread.join(timeout=300)
        assert done.is_set()
        assert len(list(reader.fingerprints())) == 10
    finally:
        server.stop(signal.SIGKILL)


@pytest.mark.parametrize("statement", ["RETURN 1 AS x", "RETURN 2 AS x"])
def test_users_statement_that_gets_no_answer_times_out(open_graph, neo4j_server, monkeypatch, statement):
    """Now and then Neo4j answers nothing at all to a statement that it ended while it planned it; here nothing is answered for sure."""
    if neo4j_server.pid is None:
        pytest.skip("the server is not ours to stop")
    monkeypatch.setattr(engine, "GATE_SECONDS", 1000.0)
    monkeypatch.setattr(engine, "ANSWER_SECONDS", 0.5)
    store = open_graph()
    for _ in range(2):  # asked again, a statement goes another way
        assert store.read("RETURN 1 AS x", untrusted=True) == [{"x": 1}]
    neo4j_server.stop(signal.SIGSTOP)
    try:
        with pytest.raises(TimedOut, match=r"0\.5 seconds"):
            store.read(statement, timeout=0.5, untrusted=True)
    finally:
        neo4j_server.go_on()
    assert store.read("RETURN 3 AS x", timeout=60, untrusted=True) == [{"x": 3}]


# -- rebuilding ------------------------------------------------------------------------------------------------------------------------------------

OLD, NEW = reports(40, 2021, "法律七进"), reports(60, 2022, "法律八进")
STATE = """MATCH (r:Report) WITH count(r) AS reports, collect(DISTINCT r.year) AS years
RETURN reports, years, COUNT { (:Measure)-[:ABOUT]->(:Place) } AS measures, COUNT { (:Place)-[:ADOPTS]->(:Program) } AS adoptions"""


def watch(reader, seen, stop):
    while not stop.is_set():
        try:
            (row,) = reader.read(STATE)
            seen.append((row["reports"], tuple(row["years"]), row["measures"], row["adoptions"]))
        except Unavailable:
            seen.append(None)


def wait_for_more(seen, count):
    deadline, enough = time.monotonic() + 60, len(seen) + count
    while len(seen) < enough and time.monotonic() < deadline:
        time.sleep(0.02)


def watched(reader, work):
    """What a reader saw while the work went on, and the state before and after."""
    seen, stop = [], threading.Event()
    thread = threading.Thread(target=watch, args=(reader, seen, stop))
    thread.start()
    try:
        wait_for_more(seen, 3)
        work()
        time.sleep(engine.GATE_SECONDS)
        wait_for_more(seen, 3)
    finally:
        stop.set()
        thread.join()
    return seen


BEFORE, AFTER = (40, (2021,), 40, 40), (60, (2022,), 60, 60)


def test_readers_see_the_old_graph_or_the_new_one_while_it_is_rebuilt(open_graph):
    writer, reader = open_graph(), open_graph(writable=False)
    writer.rebuild(OLD)
    seen = watched(reader, lambda: writer.rebuild(NEW))
    assert set(seen) == {BEFORE, AFTER}  # and not once that it was away
    assert seen == sorted(seen)


def test_readers_see_old_nothing_or_new_where_one_transaction_would_be_too_large(open_graph, fresh, monkeypatch):
    monkeypatch.setattr(engine, "WHOLE", 10)
    monkeypatch.setattr(engine, "BATCH", 7)
    monkeypatch.setattr(engine, "GATE_PATIENCE", 0.1)
    writer, reader = open_graph(), open_graph(writable=False)
    writer.rebuild(OLD)
    time.sleep(engine.GATE_SECONDS)
    seen = watched(reader, lambda: writer.rebuild(NEW))
    assert set(seen) == {BEFORE, None, AFTER}
    fresh.apply(NEW)
    assert listing(writer) == listing(fresh)


def test_rebuild_takes_out_more_edges_than_a_transaction_may_hold(open_graph, fresh, neo4j_server, monkeypatch):
    """2,000 reports were refused so: 256 MB of the server's memory are the edges of some thousand."""
    monkeypatch.setattr(engine, "WHOLE", 10)
    writer = open_graph()
    writer.rebuild(OLD)
    with neo4j.GraphDatabase.driver(neo4j_server.url, auth=(neo4j_server.user, neo4j_server.password)) as driver:
        for _ in range(6):
            driver.execute_query(
                "MATCH (report:Report) WITH report LIMIT 40 UNWIND range(1, 1000) AS number CREATE (report)-[:CITES {report: report.id}]->(report)"
            )
    writer.rebuild(NEW)
    fresh.apply(NEW)
    assert listing(writer) == listing(fresh)


def test_a_server_that_gives_a_writer_too_little_memory_is_told_what_to_set(open_graph):
    greedy = "UNWIND range(1, 5000000) AS number WITH collect(toString(number)) AS numbers RETURN size(numbers) AS size"
    with pytest.raises(Unavailable, match="too little memory") as caught:
        open_graph()._write(lambda transaction: transaction.run(greedy).consume())
    assert "db.memory.transaction.max" in caught.value.cure


def test_rebuild_that_failed_behind_the_gate_is_done_again(open_graph, fresh, monkeypatch):
    monkeypatch.setattr(engine, "WHOLE", 10)
    monkeypatch.setattr(engine, "GATE_PATIENCE", 0.1)
    writer, reader = open_graph(), open_graph(writable=False)
    writer.apply(OLD)

    def broken():
        yield from NEW[:20]
        raise RuntimeError("archive went away")

    with pytest.raises(RuntimeError):
        writer.rebuild(broken())
    for ask in (lambda: reader.read("RETURN 1 AS x"), lambda: list(reader.fingerprints())):
        with pytest.raises(Unavailable, match="filled anew") as caught:
            ask()
        assert "fazhi rebuild graph" in caught.value.cure
    with pytest.raises(Unavailable, match="filled anew"):
        writer.apply(OLD)
    writer.rebuild(NEW)
    fresh.apply(NEW)
    assert listing(reader) == listing(fresh)


REBUILDER = """
import os, sys
sys.path.insert(0, {tests!r})
from test_neo4j_graph import NEW
from graph.address import Access
from graph.neo4j import Neo4jGraph
from pydantic import SecretStr
store = Neo4jGraph(os.environ["URL"], Access(user=os.environ["USER"], password=SecretStr(os.environ["PASSWORD"])), writable=True)
def slowly():
    yield from NEW
print("begun", flush=True)
while True:
    store.rebuild(slowly())
"""


@pytest.mark.parametrize("delay", [1.0, 2.5, 4.0])
def test_killed_rebuild_leaves_the_old_graph_or_the_new_one(open_graph, neo4j_server, delay, monkeypatch):
    monkeypatch.setattr(engine, "GATE_PATIENCE", engine.COMMIT_SECONDS + 5)
    open_graph().rebuild(OLD)
    tests = Path(__file__).parent
    environment = {"URL": neo4j_server.url, "USER": neo4j_server.user, "PASSWORD": neo4j_server.password, "PYTHONPATH": str(tests.parent)}
    process = subprocess.Popen([sys.executable, "-c", REBUILDER.format(tests=str(tests))], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout.readline() == "begun\n"
    time.sleep(delay)
    process.kill()
    process.wait()
    reader = open_graph(writable=False)
    (row,) = reader.read(STATE)
    assert (row["reports"], tuple(row["years"]), row["measures"], row["adoptions"]) in (BEFORE, AFTER)
    with pytest.raises(Conflict):
        reader.rebuild(NEW)


# -- differences that stay (docs/engines.md) -------------------------------------------------------------------------------------------------------


def test_own_numbers_of_nodes_differ(open_graph, fresh):
    store = open_graph()
    for graph in (store, fresh):
        graph.apply(reports(1))
    question = "MATCH (p:Province) RETURN id(p) AS id"
    assert fresh.read(question) == [{"id": "cn:35"}]
    assert isinstance(store.read(question)[0]["id"], int)


def test_collect_subquery_is_the_servers(open_graph, fresh):
    question = "RETURN COLLECT { UNWIND [1, 2] AS x RETURN x } AS xs"
    assert open_graph().read(question) == [{"xs": [1, 2]}]
    with pytest.raises(Invalid):
        fresh.read(question)
