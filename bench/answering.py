"""CPU time of an answer in our own process, without HTTP and one after the other: what holds on a machine that does other things as well.

    .venv/bin/python bench/answering.py HOME [search,neighbours,two_hops,combined,pages] [NUMBER]

HOME has reports of ``bench/generate.py``; copy it before, for a server may write into it. Everything that runs in this process counts, the embedded engines too.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import questions
from clients import Asked, spread
from serving import _EXPLORED

import fazhi
from fazhi.settings import load_settings
from search_api.app import create_app

KINDS = "search,neighbours,two_hops,combined,pages"


def draw(home: Path, kind: str, number: int) -> list[Asked]:
    with fazhi.open(home, mode="read") as workspace:
        match kind:
            case "search":
                return [Asked(kind, questions.search_path(each)) for each in questions.searches(workspace, number)]
            case "neighbours":
                return [Asked(label, questions.neighbours_path(id)) for label, id in questions.neighbours(workspace, number)]
            case "two_hops":
                return [Asked(label, questions.two_hops_path(id)) for label, id in questions.neighbours(workspace, number) if label in _EXPLORED]
            case "combined":
                return [Asked(each.get("find", "places"), "/api/query", json.dumps(each).encode()) for each in questions.combined(workspace, number)]
            case "pages":
                return [Asked(*page) for page in questions.pages(workspace, max(1, number // 24))]
    raise SystemExit(f"There is no kind {kind}: {KINDS}.")


async def answer(app: Any, asked: Asked) -> float:
    """Milliseconds of CPU time. Raises RuntimeError for any answer but 200."""
    path, _, query = asked.path.partition("?")
    given = iter([{"type": "http.request", "body": asked.body or b"", "more_body": False}])
    status = 0

    async def receive() -> MutableMapping[str, Any]:
        return next(given, None) or await asyncio.Future()

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    headers = [(b"host", b"127.0.0.1:8000"), (b"content-type", b"application/json"), (b"content-length", str(len(asked.body or b"")).encode())]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET" if asked.body is None else "POST", "scheme": "http",
        "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": headers if asked.body is not None else headers[:1], "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8000), "state": {},
    }  # fmt: skip
    began = time.process_time()
    await app(scope, receive, send)
    took = (time.process_time() - began) * 1000
    if status != 200:
        raise RuntimeError(f"{status} for {asked.path}")
    return took


async def measure(home: Path, kinds: list[str], number: int) -> None:
    asked = {kind: draw(home, kind, number) for kind in kinds}
    app = create_app(load_settings(home=home), warm=True)
    async with app.router.lifespan_context(app):
        while any(thread.name == "fazhi-warming" for thread in threading.enumerate()):
            await asyncio.sleep(0.2)
        for kind, some in asked.items():
            times: dict[str, list[float]] = {}
            for one in some:
                times.setdefault(one.kind, []).append(await answer(app, one))
            every = {kind: [took for took_all in times.values() for took in took_all], **(times if len(times) > 1 else {})}
            for name, found in every.items():
                cuts = spread(found)
                print(
                    f"{name:28} {len(found):5} answers: mean {sum(found) / len(found):6.1f}, p50 {cuts['p50']:6.1f}, p95 {cuts['p95']:6.1f} ms of CPU time",
                    flush=True,
                )


if __name__ == "__main__":
    home, kinds, number, *_ = [*sys.argv[1:], *("", KINDS, "300")[len(sys.argv) - 1 :]]
    asyncio.run(measure(Path(home), kinds.split(","), int(number)))
