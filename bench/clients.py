"""Concurrent clients of a running server: each a process of its own that asks as soon as it has its answer, over one kept-alive connection.

Plain http.client, because the clients share the machine with the server: they should take as little of it as they can.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from http.client import HTTPConnection
from multiprocessing import get_context
from statistics import quantiles
from urllib.parse import urlsplit

Asked = tuple[str, str]  # kind of question, path with its query


def ask_all(address: str, questions: Sequence[Asked], *, clients: int, seconds: float, most: int = 20_000) -> dict[str, object]:
    """Latencies in milliseconds by kind and over all, and answers per second. Raises RuntimeError for any answer but 200: a refusal would be fast for nothing."""
    with ProcessPoolExecutor(clients, mp_context=get_context("spawn")) as pool:
        list(pool.map(_idle, range(clients)))  # all are there before the first one asks
        began = time.monotonic() + 0.5
        each = pool.map(
            _ask, [address] * clients, [list(questions)] * clients, range(clients), [began] * clients, [seconds] * clients, [most // clients] * clients
        )
        found = [answer for answers in each for answer in answers]
    kinds: dict[str, list[float]] = {}
    for kind, took in found:
        kinds.setdefault(kind, []).append(took)
    return {
        "clients": clients,
        "answers": len(found),
        "per_second": len(found) / seconds,
        **spread([took for _, took in found]),
        "kinds": {kind: {"answers": len(times), **spread(times)} for kind, times in sorted(kinds.items())},
    }


def spread(times: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99."""
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else [*times] * 99
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(times)}


def _idle(_: int) -> None:
    time.sleep(0.2)


def _ask(address: str, questions: list[Asked], number: int, began: float, seconds: float, most: int) -> list[tuple[str, float]]:
    random.Random(number).shuffle(questions)
    host = urlsplit(address)
    connection = HTTPConnection(host.hostname or "", host.port, timeout=60)
    connection.connect()
    time.sleep(max(0.0, began - time.monotonic()))
    found: list[tuple[str, float]] = []
    while len(found) < most and time.monotonic() < began + seconds:
        kind, path = questions[len(found) % len(questions)]
        asked = time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        found.append((kind, (time.perf_counter() - asked) * 1000))
        if response.status != 200:
            raise RuntimeError(f"{response.status} for {path}: {body[:300].decode()}")
    connection.close()
    return found
