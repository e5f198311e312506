"""The whole way on a real Neo4j and Elasticsearch, beside the bare work on the same servers: every figure is a ratio of this run.

The servers are started as the tests start them (tests/servers) and end with the run. What is compared takes turns, so that what else the machine does falls on both.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import bare_servers
import elasticsearch
import neo4j
import questions
from clients import spread
from ingesting import changed, check, hashes, ingest
from serving import WARM_SECONDS
from serving import server as serve

import cypher
import fazhi
from fazhi.batch import _collecting_rarely
from fazhi.settings import load_settings
from fazhi.workspace import Workspace
from fulltext.elastic import ElasticTextStore
from fulltext.elastic_mapping import build_document
from fulltext.project import project
from graph.neo4j import Neo4jGraph

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from servers.starting import VERSIONS, Absent, Server, start

AIMS = {"writing": 1.3, "again": 20.0, "check": 10.0, "p95": 1.2}
ROUNDS = 3
PREFIX = "fazhi-bench"
HEAP = "1g"
_ASKED = 1_000  # different questions of each kind
_WARM = 100
_CHECKED = 10_000  # reports that the aim is about
_ADOPTERS = """MATCH (program:Program {id: $id})<-[adopts:ADOPTS]-(place:Place)
RETURN place.id AS place, place.name AS name, adopts.year AS year, adopts.modality AS modality ORDER BY place, year, modality LIMIT 100"""


def measure(command: str, corpus: Path, folder: Path, seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    """All figures; or ``absent`` with the reason where no servers can be had. ``seconds`` for each kind of question."""
    servers: list[Server] = []
    try:
        say("starting Neo4j and Elasticsearch")
        servers.append(start("neo4j", folder / "neo4j", heap=HEAP))
        servers.append(start("elasticsearch", folder / "elasticsearch", heap=HEAP))
        return measure_on(*servers, command, corpus, folder, seconds, say)
    except Absent as absent:
        return {"absent": str(absent)}
    finally:
        for server in servers:
            server.stop()


def measure_on(graph: Server, text: Server, command: str, corpus: Path, folder: Path, seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    environment = {"FAZHI_GRAPH": graph.url, "FAZHI_GRAPH_USER": graph.user or "", "FAZHI_GRAPH_PASSWORD": graph.password or ""}
    environment |= {"FAZHI_TEXT": text.url, "FAZHI_TEXT_PREFIX": PREFIX}
    with (
        neo4j.GraphDatabase.driver(graph.url, auth=(graph.user or "", graph.password or ""), notifications_min_severity="OFF") as driver,
        elasticsearch.Elasticsearch(text.url, request_timeout=120) as client,
    ):
        bench = _Bench(command, corpus, folder, environment, driver, client)
        say("ingest into the servers, once for nothing: they are slow when they have just started")
        bench.ingest(0)
        say("writing in turns: the bare work, graph and index alone, the whole ingest")
        written = bench.write()
        say("the same input again, and check")
        again = bench.ingest_again()
        with bench.workspace() as workspace:
            checked = check(command, workspace, environment)
        say("questions in turns")
        return {
            "versions": [VERSIONS["neo4j"], VERSIONS["elasticsearch"]],
            "reports": written.pop("reports"),
            "write": written,
            "again": again,
            "check": checked,
            "ask": bench.ask(seconds),
        }


class _Bench:
    def __init__(
        self, command: str, corpus: Path, folder: Path, environment: dict[str, str], driver: neo4j.Driver, client: elasticsearch.Elasticsearch
    ) -> None:
        self.command, self.corpus, self.folder, self.environment, self.driver, self.client = command, corpus, folder, environment, driver, client
        self.home = folder / "home-0"
        self.first = 0.0  # seconds of the last ingest into empty servers

    @contextmanager
    def workspace(self) -> Iterator[Workspace]:
        told = {name.removeprefix("FAZHI_").lower(): value for name, value in self.environment.items()}
        with fazhi.open(settings=load_settings(home=self.home, **told), mode="read") as workspace:
            yield workspace

    def empty(self) -> None:
        bare_servers.empty_graph(self.driver)
        bare_servers.empty_text(self.client, PREFIX)

    def ingest(self, number: int) -> float:
        """Seconds of the command from an empty data folder into empty servers."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home = self.folder / f"home-{number}"
        self.empty()
        self.first = float(ingest(self.command, self.home, self.corpus, self.environment)["wall"])
        return self.first

    def write(self) -> dict[str, Any]:
        """Seconds of each round. The last thing in the servers is what an ingest left."""
        with self.workspace() as workspace:
            changes = list(workspace.archive.changes())
            batch = workspace.settings.projection_batch
            documents = [(change.report, build_document(project(change.item))) for change in changes if change.item]
            rows = bare_servers.read_graph(self.driver)
            settings = workspace.settings

        def take_over(store: Neo4jGraph | ElasticTextStore) -> None:
            """As an ingest does it: from the facts."""
            with _collecting_rarely():
                rest = iter(changes)
                while some := list(islice(rest, batch)):
                    store.apply(some)
            store.close()

        def ours_graph() -> None:
            take_over(Neo4jGraph(settings.graph, settings.graph_access, writable=True))

        def ours_text() -> None:
            take_over(ElasticTextStore(settings.text, settings.text_access, writable=True))

        works: dict[str, Callable[[], None]] = {
            "bare graph": lambda: bare_servers.write_graph(self.driver, rows),
            "graph": ours_graph,
            "bare text": lambda: bare_servers.write_text(self.client, documents),
            "text": ours_text,
        }
        seconds: dict[str, list[float]] = {name: [] for name in (*works, "ingest")}
        for number in range(1, ROUNDS + 1):
            for name, work in works.items():
                self.empty()
                seconds[name].append(_timed(work))
            seconds["ingest"].append(self.ingest(number))
        counts = {"nodes": sum(len(part) for statement, part in rows if "CREATE (node" in statement)}
        counts["edges"] = sum(len(part) for _, part in rows) - counts["nodes"]
        return {"reports": len(changes), **counts, "seconds": seconds, "best": {name: min(taken) for name, taken in seconds.items()}}

    def ingest_again(self) -> dict[str, Any]:
        files, before = hashes(self.home), bare_servers.writes(self.driver, self.client)
        seconds = [float(ingest(self.command, self.home, self.corpus, self.environment)["wall"]) for _ in range(ROUNDS)]
        after = bare_servers.writes(self.driver, self.client)
        return {"seconds": min(seconds), "ratio": self.first / min(seconds), "changed": changed(files, hashes(self.home)), "written": before != after}

    def ask(self, seconds: float) -> dict[str, Any]:
        """Milliseconds of an answer over HTTP, decoded, and of what the servers' own clients give for it."""
        with self.workspace() as workspace:
            searches = questions.searches(workspace, _ASKED)
            ids = [id for _, id in questions.neighbours(workspace, _ASKED)]
            programs = [row["id"] for row in workspace.graph.read("MATCH (p:Program)<-[:ADOPTS]-() RETURN DISTINCT p.id AS id ORDER BY id")]
            assert isinstance(workspace.text, ElasticTextStore)
            search = bare_servers.search(self.client, workspace.text, searches)
        page = {"relation": None, "year": None, "direction": "both", "skip": 0, "limit": 51}
        raw = {
            "search": search,
            "neighbours": bare_servers.run(self.driver, cypher.load("read/neighbours"), [{**page, "id": id} for id in ids]),
            "cypher": bare_servers.run(self.driver, _ADOPTERS, [{"id": id} for id in programs]),
        }
        with serve(self.command, self.home, self.environment) as (address, _), _connect(address) as connection:
            time.sleep(WARM_SECONDS)  # names with their pinyin, the pages that are read at start
            ours = {
                "search": lambda number: _get(connection, questions.search_path(searches[number % len(searches)])),
                "neighbours": lambda number: _get(connection, questions.neighbours_path(ids[number % len(ids)])),
                "cypher": lambda number: _post(connection, "/api/cypher", {"statement": _ADOPTERS, "parameters": {"id": programs[number % len(programs)]}}),
            }
            return {name: in_turns(ours[name], raw[name], seconds) for name in ours}


@contextmanager
def _connect(address: str) -> Iterator[HTTPConnection]:
    host = urlsplit(address)
    connection = HTTPConnection(host.hostname or "", host.port, timeout=60)
    connection.connect()
    try:
        yield connection
    finally:
        connection.close()


def _get(connection: HTTPConnection, path: str) -> None:
    connection.request("GET", path)
    _read(connection, path)


def _post(connection: HTTPConnection, path: str, body: dict[str, Any]) -> None:
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    _read(connection, path)


def _read(connection: HTTPConnection, path: str) -> None:
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{response.status} for {path}: {body[:300].decode()}")
    json.loads(body)


def in_turns(ours: Callable[[int], object], raw: Callable[[int], object], seconds: float) -> dict[str, Any]:
    """One after the other with the same question; who begins changes."""
    for number in range(_WARM):
        ours(number), raw(number)
    until = time.monotonic() + seconds
    times: tuple[list[float], list[float]] = [], []
    number = _WARM
    while time.monotonic() < until:
        for which in ((0, 1), (1, 0))[number % 2]:
            times[which].append(_timed(lambda which=which, number=number: (ours, raw)[which](number)) * 1000)  # type: ignore[misc]
        number += 1
    first, second = spread(times[0]), spread(times[1])
    return {"ours": first, "raw": second, "count": len(times[0]), "p50_ratio": first["p50"] / second["p50"], "p95_ratio": first["p95"] / second["p95"]}


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def rows(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Rows of what, how much, and the aim. One that says why, where there were no servers."""
    if "absent" in found:
        return [("Neo4j and Elasticsearch", f"not measured: {found['absent']}", "")]
    written, again, asked, reports = found["write"], found["again"], found["ask"], found["reports"]
    best = written["best"]

    def beside(ours: float, bare: float) -> str:
        return f"{ours / bare:.2f} × ({ours:.1f} s, bare {bare:.1f} s)"

    bare, both = best["bare graph"] + best["bare text"], best["graph"] + best["text"]
    wrote = ", ".join([*again["changed"][:5], *(["the servers"] if again["written"] else [])])
    told = [
        (
            f"**servers** (Neo4j {found['versions'][0]}, Elasticsearch {found['versions'][1]}): {reports} reports with {written['edges'] / reports:.0f} edges each into graph and index, from their facts, beside the bare bulk work",
            f"**{both / bare:.2f} ×** ({both:.1f} s, bare {bare:.1f} s)",
            f"≤ {AIMS['writing']} ×",
        ),
        ("graph alone, beside one UNWIND loop", beside(best["graph"], best["bare graph"]), ""),
        ("index alone, beside one bulk call", beside(best["text"], best["bare text"]), ""),
        ("whole ingest (reading, extraction, archive, originals, both servers) beside the bare bulk work", beside(best["ingest"], bare), ""),
        (
            "the same input again",
            f"**{again['ratio']:.0f} ×** as fast as the first time ({again['seconds']:.1f} s); wrote: {wrote or 'nothing'}",
            f"≥ {AIMS['again']:.0f} ×; nothing",
        ),
        check_row(found["check"], reports),
    ]
    for name, label in (("search", "search with passages and facets"), ("neighbours", "neighbours"), ("cypher", "a Cypher statement")):
        row = asked[name]
        told.append(
            (
                f"{label}, API beside the raw client, in turns: p50 / p95",
                f"{row['ours']['p50']:.1f} / {row['ours']['p95']:.1f} ms, raw {row['raw']['p50']:.1f} / {row['raw']['p95']:.1f} ms: {row['p50_ratio']:.2f} / **{row['p95_ratio']:.2f} ×**",
                f"p95 ≤ {AIMS['p95']} ×",
            )
        )
    return told


def check_row(found: dict[str, float], reports: int) -> tuple[str, str, str]:
    """What the aim asks of 10,000 reports, reckoned from fewer: the comparing by their number, the start of the command once."""
    told = f"**{found['seconds']:.1f} s**"
    if reports != _CHECKED:
        told = f"{found['seconds']:.1f} s, {found['comparing']:.2f} s of it comparing; reckoned for {_CHECKED:,}: **{found['seconds'] + found['comparing'] * (_CHECKED / reports - 1):.1f} s**"
    return f"`fazhi check` of {reports} reports", told, f"< {AIMS['check']:.0f} s for {_CHECKED:,}"
