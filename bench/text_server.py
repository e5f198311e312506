"""Full text on a real Elasticsearch beside its bare client: the same documents in one bulk, the same questions as ready-made requests.

    python bench/text_server.py http://127.0.0.1:9200 [--reports 2000] [--page FILE]

Takes generated reports in with the embedded engine, then writes them to the server in turns with the bare client, and asks in turns. Uses names that begin with
fazhi-bench on the server and takes them away again.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import elasticsearch
import elasticsearch.helpers
import questions
from clients import spread
from generate import generate

import fazhi
from archive.model import Change
from fulltext import open_store
from fulltext.address import Access
from fulltext.elastic import ElasticTextStore
from fulltext.elastic_bulk import BulkWriter
from fulltext.elastic_mapping import build_document, build_mapping, build_settings
from fulltext.narrow import narrow
from fulltext.project import project
from fulltext.query import parse
from fulltext.store import Filters

COMMAND = str(Path(sys.executable).with_name("fazhi"))
PREFIX = "fazhi-bench"
BARE = f"{PREFIX}-bare"
ROUNDS = 3
BATCH = 256  # reports that an ingest hands over at once


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--reports", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--page", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fazhi-bench-") as folder:
        found = measure(arguments.url, Path(folder), arguments.reports, arguments.seconds)
    print(json.dumps(found, indent=1))
    told = "\n".join(table(found))
    print(told)
    if arguments.page:
        arguments.page.write_text(told + "\n", encoding="utf-8")
    return 0


def measure(url: str, folder: Path, reports: int, seconds: float) -> dict[str, Any]:
    home = folder / "home"
    generate(folder / "corpus", reports, 1)
    subprocess.run([COMMAND, "ingest", str(folder / "corpus"), "--home", str(home)], check=True, stdout=subprocess.DEVNULL)
    with fazhi.open(home, mode="read") as workspace:
        changes = list(workspace.archive.changes())
    store = open_store(url, folder, access=Access(prefix=PREFIX))
    assert isinstance(store, ElasticTextStore)
    with elasticsearch.Elasticsearch(url, request_timeout=120) as client:
        try:
            found: dict[str, Any] = {"reports": reports, "load_before": os.getloadavg()[0], "write": write(store, client, changes)}
            found["ask"] = ask(store, client, home, seconds)
            found["load_after"] = os.getloadavg()[0]
            return found
        finally:
            for name in client.indices.get(index=f"{PREFIX}-*").body:
                client.indices.delete(index=name)
            store.close()


def write(store: ElasticTextStore, client: elasticsearch.Elasticsearch, changes: Sequence[Change]) -> dict[str, Any]:
    """Seconds of each round: ours (rows made from the analysis, documents, writing, as an ingest does it), the making alone, and the bare bulk of the same documents."""
    documents = [(change.report, build_document(project(change.item))) for change in changes if change.item]
    ours, bare, alone = [], [], []
    for turn in range(ROUNDS * 3):
        clear(client)
        if turn % 3 == 2:
            store.refresh()
            store.apply(changes[:1])
            began = time.perf_counter()
            with BulkWriter(store._client, store.url, store.alias, store.access.patience) as writer:
                for report, document in documents:
                    writer.index(report, report, document)
            client.indices.refresh(index=store.alias)
            alone.append(time.perf_counter() - began)
        elif turn % 3:
            client.indices.create(index=BARE, mappings=build_mapping(), settings=build_settings(1))
            began = time.perf_counter()
            elasticsearch.helpers.bulk(client, ({"_index": BARE, "_id": report, "_source": document} for report, document in documents), chunk_size=BATCH)
            client.indices.refresh(index=BARE)
            bare.append(time.perf_counter() - began)
        else:
            store.refresh()
            store.apply(changes[:1])
            began = time.perf_counter()
            rest = iter(changes)
            while batch := list(islice(rest, BATCH)):
                store.apply(batch)
            ours.append(time.perf_counter() - began)
    began = time.perf_counter()
    for change in changes:
        if change.item:
            build_document(project(change.item))
    making = time.perf_counter() - began
    bytes_each = sum(len(json.dumps(document, ensure_ascii=False).encode()) for _, document in documents[:200]) / len(documents[:200])
    return {"ours": ours, "bare": bare, "alone": alone, "making": making, "bytes": bytes_each, "ratio": statistics.median(ours) / statistics.median(bare)}


def clear(client: elasticsearch.Elasticsearch) -> None:
    for name in client.indices.get(index=f"{PREFIX}-*").body:
        client.indices.delete(index=name)


def ask(store: ElasticTextStore, client: elasticsearch.Elasticsearch, home: Path, seconds: float) -> dict[str, Any]:
    """Milliseconds of a first page with its facets, of the same with what its passages are made from, and of the answer of the API; each beside the bare client."""
    asked = questions.searches(home, 2_000)
    with fazhi.open(home, mode="read") as workspace:
        store.rebuild(workspace.archive.changes())
    parsed = [(parse(each["q"]), filters_of(each), each) for each in asked]
    bodies = record(store, parsed)

    def search(number: int) -> list[str]:
        query, filters, each = parsed[number % len(parsed)]
        facets = [facet for facet in each.get("facets", "").split(",") if facet]
        return [hit.report for hit in store.search(query, filters, sort=each.get("sort", "score"), facets=facets).hits]  # type: ignore[misc]

    def bare_search(number: int) -> list[str]:
        answer = client.search(**bodies[number % len(bodies)])
        return [hit["sort"][-1] for hit in answer["hits"]["hits"]]

    def page(number: int) -> None:
        store.views(search(number))

    def bare_page(number: int) -> None:
        reports = bare_search(number)
        if reports:
            client.mget(index=store.alias, ids=reports, stored_fields="view", realtime=False)

    return {
        "compiling": statistics.median(timed(lambda number: narrow(parse(parsed[number % len(parsed)][2]["q"]), parsed[number % len(parsed)][1]), 500)),
        "search": in_turns(search, bare_search, seconds),
        "page": in_turns(page, bare_page, seconds),
        "api": in_turns(api(store, home, asked), bare_page, seconds),
    }


def record(store: ElasticTextStore, parsed: Sequence[Any]) -> list[dict[str, Any]]:
    """The requests that the store makes of these questions, as the bare client takes them."""
    bodies: list[dict[str, Any]] = []
    real = store._client.search

    def keep(**body: Any) -> Any:
        bodies.append({name: value for name, value in body.items() if value is not None})
        return real(**body)

    store._client.search = keep  # type: ignore[method-assign]
    for query, filters, each in parsed:
        store.search(query, filters, sort=each.get("sort", "score"), facets=[facet for facet in each.get("facets", "").split(",") if facet])  # type: ignore[misc]
    store._client.search = real  # type: ignore[method-assign]
    return bodies


def api(store: ElasticTextStore, home: Path, asked: Sequence[dict[str, Any]]) -> Callable[[int], None]:
    """The whole service without the network: routes, passages, coverage, JSON."""
    from starlette.testclient import TestClient

    from fazhi.settings import Settings
    from search_api.app import create_app

    served = TestClient(create_app(Settings(home=home, text=store.url, text_prefix=PREFIX)), base_url="http://127.0.0.1:8000")
    served.__enter__()

    def ask(number: int) -> None:
        assert served.get(questions.search_path(asked[number % len(asked)])).status_code == 200

    return ask


def filters_of(each: dict[str, Any]) -> Filters:
    return Filters(place=each.get("place"), from_year=each.get("from"), to_year=each.get("to"), section=each.get("section"))


def timed(ask: Callable[[int], object], count: int) -> list[float]:
    times = []
    for number in range(count):
        began = time.perf_counter()
        ask(number)
        times.append((time.perf_counter() - began) * 1000)
    return times


def in_turns(ours: Callable[[int], object], bare: Callable[[int], object], seconds: float) -> dict[str, Any]:
    """One after the other with the same question, so that what else the machine does falls on both; who begins changes."""
    for number in range(100):
        ours(number), bare(number)
    until = time.monotonic() + seconds
    times: tuple[list[float], list[float]] = [], []
    number = 100
    while time.monotonic() < until:
        for which in ((0, 1), (1, 0))[number % 2]:
            began = time.perf_counter()
            (ours, bare)[which](number)
            times[which].append((time.perf_counter() - began) * 1000)
        number += 1
    first, second = spread(times[0]), spread(times[1])
    return {"ours": first, "bare": second, "count": len(times[0]), "p50_ratio": first["p50"] / second["p50"], "p95_ratio": first["p95"] / second["p95"]}


def table(found: dict[str, Any]) -> list[str]:
    written, asked = found["write"], found["ask"]
    each = found["reports"]
    best, bare = statistics.median(written["ours"]), statistics.median(written["bare"])
    rows = [
        "| what | ours | bare client | ratio | aim |",
        "| --- | --- | --- | --- | --- |",
        f"| {each} reports into the index ({written['bytes'] / 1000:.0f} kB each), median of {ROUNDS} | {best:.1f} s ({each / best:.0f}/s; {written['making']:.1f} s of it make the documents; {statistics.median(written['alone']):.1f} s with ready ones) | {bare:.1f} s ({each / bare:.0f}/s) | {written['ratio']:.2f} | 1.3 |",
    ]
    for name, label in (
        ("search", "a page of hits with facets"),
        ("page", "the same with the text of its reports"),
        ("api", "the answer of the API, with passages, against that"),
    ):
        row = asked[name]
        rows.append(
            f"| {label}: p50, p95 of {row['count']} | {row['ours']['p50']:.1f}, {row['ours']['p95']:.1f} ms | {row['bare']['p50']:.1f}, {row['bare']['p95']:.1f} ms | {row['p50_ratio']:.2f}, **{row['p95_ratio']:.2f}** | 1.2 |"
        )
    return rows


if __name__ == "__main__":
    sys.exit(main())
