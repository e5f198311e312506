"""The work that an ingest cannot do without, alone: reading the files, cutting words, writing the same documents into tantivy and the same rows into kglite.

What is written is taken from a finished data folder beforehand and is not timed: the rows of each report, and the statements with their parameters that bring them into a graph (recorded on a graph that is thrown
away). What is timed is the engines' own work, one after the other in one process, in batches of the same size and as durable as the ingest's.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import kglite
import rjieba
import tantivy

import cypher
import fazhi
import graph.embedded  # noqa: F401 - silences the engine's advice
from fulltext.embedded import HEAP, build_document, build_schema
from fulltext.project import project
from graph.write import execute, plan


class _Clock:
    """Adds up seconds of wall and CPU time by name."""

    def __init__(self) -> None:
        self.wall: Counter[str] = Counter()
        self.cpu: Counter[str] = Counter()

    def time(self, name: str) -> _Lap:
        return _Lap(self, name)


class _Lap:
    def __init__(self, clock: _Clock, name: str) -> None:
        self.clock, self.name = clock, name

    def __enter__(self) -> None:
        self.began = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.clock.wall[self.name] += time.perf_counter() - self.began[0]
        self.clock.cpu[self.name] += time.process_time() - self.began[1]


def measure(home: Path, corpus: Path, scratch: Path) -> dict[str, Any]:
    """Seconds of each part, and reports per second of all parts one after the other."""
    clock = _Clock()
    scratch.mkdir(parents=True)
    files = sorted(corpus.rglob("*.txt"))
    with clock.time("read"):
        texts = [path.read_bytes().decode() for path in files]
    rjieba.tokenize("预热", "search")
    with clock.time("segment"):
        for text in texts:
            rjieba.tokenize(text, "search")
    del texts
    index = tantivy.Index(build_schema(), str(_folder(scratch / "text")))
    writer = index.writer(HEAP, 1)
    recording = _Graph(scratch / "recording.kgl", "off")
    graph = _Graph(scratch / "bare.kgl", "full")
    with fazhi.open(home, mode="read") as workspace:
        changes = workspace.archive.changes()
        while batch := list(islice(changes, workspace.settings.projection_batch)):
            rows = [project(change.item) for change in batch if change.item is not None]
            with clock.time("tantivy"):
                for row in rows:
                    writer.add_document(build_document(row))
                writer.commit()
            recording.write(batch)
            with clock.time("kglite"):
                graph.replay(recording.taken)
    with clock.time("tantivy"):
        writer.wait_merging_threads()
    with clock.time("kglite"):
        graph.session.save()
    graph.session.close()
    wall = sum(clock.wall.values())
    return {
        "reports": len(files),
        "seconds": dict(clock.wall),
        "cpu": dict(clock.cpu),
        "wall": wall,
        "cpu_total": sum(clock.cpu.values()),
        "per_second": len(files) / wall,
    }


class _Graph:
    def __init__(self, path: Path, durable: str) -> None:
        self.session: Any = kglite.open_session(str(path), durable=durable)
        for name in cypher.names("schema"):
            self.session.execute(cypher.load(name))
        self.taken: list[tuple[str, Mapping[str, Any]]] = []

    def write(self, batch: list[Any]) -> None:
        """Bring a batch in, noting each statement that wrote."""
        writing = {cypher.load(name) for name in cypher.names("write")}
        self.taken = []

        def ask(statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
            return list(self.session.cypher(statement, params=dict(parameters), timeout_ms=0).to_list())

        todo = plan(ask, batch)
        with self.session.begin() as transaction:

            def run(statement: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
                if statement in writing:
                    self.taken.append((statement, parameters))
                return list(transaction.cypher(statement, params=dict(parameters), timeout_ms=0).to_list())

            execute(run, todo)

    def replay(self, taken: list[tuple[str, Mapping[str, Any]]]) -> None:
        with self.session.begin() as transaction:
            for statement, parameters in taken:
                transaction.cypher(statement, params=dict(parameters), timeout_ms=0)


def _folder(path: Path) -> Path:
    path.mkdir(parents=True)
    return path
