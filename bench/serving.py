"""The server under eight clients, and beside it the engines alone: the same queries on the same files by eight threads, without HTTP, highlights or anything else of ours. And every page of the site."""

from __future__ import annotations

import json
import os
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
from clients import Asked, ask_all, spread
from processes import proportional, surroundings, tree

import cypher
import fazhi
from fazhi.combining import Combiner, Question
from fazhi.workspace import Workspace
from fulltext.compile import compile_query
from fulltext.embedded import _FACET_FIELDS
from fulltext.narrow import narrow
from fulltext.query import parse

CLIENTS = 8
WARM_SECONDS = 30.0  # names with their pinyin and the drawing of charts are made beside the first answers
_ASKED = 4_000  # different questions of each kind
_PAGES = 12  # of each kind of page
_EXPLORED = ("Township", "Program", "Body", "LegalAdviser", "MediationRoom")  # around what people look


@contextmanager
def server(command: str, home: Path, environment: Mapping[str, str] | None = None, processes: int = 1) -> Iterator[tuple[str, int]]:
    """Address and process id of a server on this home, ready to answer. ``environment`` comes on top of this process's."""
    process = subprocess.Popen(
        [command, "serve", "--home", str(home), "--port", "0", "--processes", str(processes)], stdout=subprocess.PIPE, text=True, env=surroundings(environment)
    )
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
        combined = questions.combined(workspace, _ASKED)
        pages = [Asked(*page) for page in questions.pages(workspace, _PAGES)]
    asked = {
        "search": [Asked("search with facets" if "facets" in each else "search", questions.search_path(each)) for each in searches],
        "neighbours": [Asked(label, questions.neighbours_path(id)) for label, id in entities],
        "two_hops": [Asked(label, questions.two_hops_path(id)) for label, id in entities if label in _EXPLORED],
        "combined": [Asked(each.get("find", "places"), "/api/query", json.dumps(each).encode()) for each in combined],
        "pages": pages,
    }
    mixed = [*asked["search"], *asked["neighbours"]]
    random.Random(1).shuffle(mixed)
    with server(command, home, processes=os.cpu_count() or 1) as (address, pid):
        ask_all(address, mixed[:200], clients=CLIENTS, seconds=WARM_SECONDS)  # whoever runs a server asks it more than once
        started = sum(map(proportional, tree(pid)))
        found: dict[str, Any] = {name: ask_all(address, each, clients=CLIENTS, seconds=seconds) for name, each in asked.items()}
        for name in ("search", "neighbours", "combined"):
            found[f"{name}_alone"] = ask_all(address, asked[name], clients=1, seconds=seconds / 2)
        found["memory"] = {"started": started, "after": sum(map(proportional, tree(pid))), "processes": os.cpu_count() or 1}
    found["bare_search"] = bare_search(home, searches, seconds)
    found["bare_neighbours"] = bare_neighbours(home, entities, seconds)
    found["bare_two_hops"] = bare_two_hops(home, [id for label, id in entities if label in _EXPLORED], seconds)
    found["bare_combined"] = bare_combined(home, combined, seconds)
    return found


def bare_search(home: Path, searches: Sequence[dict[str, Any]], seconds: float) -> dict[str, float]:
    """tantivy alone: first page and facet counts of queries that were compiled beforehand."""
    with fazhi.open(home, mode="read") as workspace:
        index = workspace.text._reader()
        searcher = index.searcher()
        compiled = []
        for asked in searches:
            filters = questions.filters_of(asked)
            compiled.append((compile_query(index.schema, narrow(parse(asked["q"]), filters)), _terms(questions.facets_of(asked), 20)))

        def ask(number: int) -> None:
            query, terms = compiled[number % len(compiled)]
            searcher.search(query, limit=10)
            if terms:
                searcher.aggregate(query, terms)

        return _threads(ask, seconds)


def _terms(facets: Sequence[str], size: int) -> dict[str, Any]:
    return {facet: {"terms": {"field": _FACET_FIELDS[facet], "size": size + 1}} for facet in facets}


def bare_neighbours(home: Path, entities: Sequence[tuple[str, str]], seconds: float) -> dict[str, float]:
    """kglite alone: the first page of the same statement."""
    statement = cypher.load("read/neighbours")
    with fazhi.open(home, mode="read") as workspace:
        session = workspace.graph._session

        def ask(number: int) -> None:
            parameters = {"id": entities[number % len(entities)][1], "relation": None, "year": None, "direction": "both", "skip": 0, "limit": 51}
            session.cypher(statement, params=parameters, timeout_ms=10_000).to_list()

        return _threads(ask, seconds)


def bare_two_hops(home: Path, ids: Sequence[str], seconds: float) -> dict[str, float]:
    """kglite alone: what two hops lead to, as far as a picture shows it."""
    statement = """MATCH (middle {id: $id})-[one]-(near) WHERE NOT near:Report AND NOT near:Measure WITH middle, near LIMIT 24
MATCH (near)-[two]-(far) WHERE NOT far:Report AND NOT far:Measure AND far.id <> $id RETURN near.id AS near, type(two) AS relation, far.id AS far LIMIT 500"""
    with fazhi.open(home, mode="read") as workspace:
        session = workspace.graph._session
        return _threads(lambda number: session.cypher(statement, params={"id": ids[number % len(ids)]}, timeout_ms=10_000).to_list(), seconds)


def bare_combined(home: Path, combined: Sequence[dict[str, Any]], seconds: float) -> dict[str, float]:
    """Both engines alone: the statements and the searches that we answer these questions with, recorded beforehand, one after the other; of the first 100 questions."""
    with fazhi.open(home, mode="read") as workspace:
        combiner = Combiner(workspace, 3600.0)
        recorded = [_record(workspace, combiner, each) for each in (combined[0], *combined[:100])][1:]  # the first one ever reads which places there are
        session, index = workspace.graph._session, workspace.text._reader()
        searcher = index.searcher()

        def ask(number: int) -> None:
            statements, searches = recorded[number % len(recorded)]
            for statement, parameters in statements:
                session.cypher(statement, params=parameters, timeout_ms=10_000).to_list()
            for query, limit, terms in searches:
                searcher.search(query, limit=limit)
                if terms:
                    searcher.aggregate(query, terms)

        return _threads(ask, seconds)


def _record(workspace: Workspace, combiner: Combiner, asked: dict[str, Any]) -> tuple[list[tuple[str, dict[str, Any]]], list[tuple[Any, int, dict[str, Any]]]]:
    """The statements with their parameters, and the compiled searches with their sizes and facets, that a question is answered with."""
    statements: list[tuple[str, dict[str, Any]]] = []
    searches: list[tuple[Any, int, dict[str, Any]]] = []
    graph, text = workspace.graph, workspace.text
    schema = text._reader().schema  # type: ignore[attr-defined]

    def read(statement: str, parameters: Mapping[str, Any] | None = None, **how: Any) -> Any:
        statements.append((statement, dict(parameters or {})))
        return type(graph).read(graph, statement, parameters, **how)

    def search(query: Any, filters: Any, **how: Any) -> Any:
        searches.append((compile_query(schema, narrow(query, filters)), how.get("size", 10), _terms(how.get("facets", ()), how.get("facet_size", 20))))
        return type(text).search(text, query, filters, **how)

    graph.read, text.search = read, search  # type: ignore[method-assign]
    try:
        combiner.answer(Question.model_validate(asked))
    finally:
        del graph.read, text.search
    return statements, searches


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
