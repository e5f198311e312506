"""The server under eight clients, and beside it the engines alone: the same queries on the same files by eight threads, without HTTP, highlights or anything else of ours."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import questions
from clients import ask_all, spread
from processes import resident, surroundings

import cypher
import fazhi
from fulltext.compile import compile_query
from fulltext.embedded import _FACET_FIELDS
from fulltext.narrow import narrow
from fulltext.query import parse

CLIENTS = 8
_ASKED = 4_000  # different questions of each kind


@contextmanager
def server(command: str, home: Path, environment: Mapping[str, str] | None = None) -> Iterator[tuple[str, int]]:
    """Address and process id of a server on this home, ready to answer. ``environment`` comes on top of this process's."""
    process = subprocess.Popen([command, "serve", "--home", str(home), "--port", "0"], stdout=subprocess.PIPE, text=True, env=surroundings(environment))
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http://"))
        for _ in range(600):
            try:
                if urlopen(f"{address}/readyz").status == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(30)


def measure(command: str, home: Path, seconds: float) -> dict[str, Any]:
    with fazhi.open(home, mode="read") as workspace:
        searches = questions.searches(workspace, _ASKED)
        entities = list(questions.neighbours(workspace, _ASKED))
    search_paths = [("search with facets" if "facets" in asked else "search", questions.search_path(asked)) for asked in searches]
    neighbour_paths = [(label, questions.neighbours_path(id)) for label, id in entities]
    mixed = [*search_paths, *neighbour_paths]
    random.Random(1).shuffle(mixed)
    with server(command, home) as (address, pid):
        started = resident(pid)
        ask_all(address, mixed[:200], clients=2, seconds=2)  # warm: whoever runs a server asks it more than once
        found: dict[str, Any] = {
            "search": ask_all(address, search_paths, clients=CLIENTS, seconds=seconds),
            "neighbours": ask_all(address, neighbour_paths, clients=CLIENTS, seconds=seconds),
            "search_alone": ask_all(address, search_paths, clients=1, seconds=seconds / 2),
            "neighbours_alone": ask_all(address, neighbour_paths, clients=1, seconds=seconds / 2),
        }
        found["memory"] = {"started": started, "after": resident(pid)}
    found["bare_search"] = bare_search(home, searches, seconds)
    found["bare_neighbours"] = bare_neighbours(home, entities, seconds)
    return found


def bare_search(home: Path, searches: Sequence[dict[str, Any]], seconds: float) -> dict[str, float]:
    """tantivy alone: first page and facet counts of queries that were compiled beforehand."""
    with fazhi.open(home, mode="read") as workspace:
        index = workspace.text._reader()
        searcher = index.searcher()
        compiled = []
        for asked in searches:
            filters = questions.filters_of(asked)
            terms = {facet: {"terms": {"field": _FACET_FIELDS[facet], "size": 21}} for facet in asked.get("facets", "").split(",") if facet}
            compiled.append((compile_query(index.schema, narrow(parse(asked["q"]), filters)), terms))

        def ask(number: int) -> None:
            query, terms = compiled[number % len(compiled)]
            searcher.search(query, limit=10)
            if terms:
                searcher.aggregate(query, terms)

        return _threads(ask, seconds)


def bare_neighbours(home: Path, entities: Sequence[tuple[str, str]], seconds: float) -> dict[str, float]:
    """kglite alone: the first page of the same statement."""
    statement = cypher.load("read/neighbours")
    with fazhi.open(home, mode="read") as workspace:
        session = workspace.graph._session

        def ask(number: int) -> None:
            parameters = {"id": entities[number % len(entities)][1], "relation": None, "year": None, "direction": "both", "skip": 0, "limit": 51}
            session.cypher(statement, params=parameters, timeout_ms=10_000).to_list()

        return _threads(ask, seconds)


def _threads(ask: Callable[[int], None], seconds: float) -> dict[str, float]:
    until = time.monotonic() + seconds

    def work(first: int) -> list[float]:
        times = []
        number = first
        while time.monotonic() < until:
            began = time.perf_counter()
            ask(number)
            times.append((time.perf_counter() - began) * 1000)
            number += CLIENTS
        return times

    with ThreadPoolExecutor(CLIENTS) as pool:
        times = [took for found in pool.map(work, range(CLIENTS)) for took in found]
    return {"answers": len(times), "per_second": len(times) / seconds, **spread(times)}
