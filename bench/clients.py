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
from typing import NamedTuple
from urllib.parse import urlsplit


class Asked(NamedTuple):
    """``path`` with its query; with a ``body`` of JSON it is posted."""

    kind: str
    path: str
    body: bytes | None = None


class Answered(NamedTuple):
    kind: str
    first: float  # milliseconds until the answer began
    took: float  # and until it was there
    size: int  # bytes of its body


def ask_all(address: str, questions: Sequence[Asked], *, clients: int, seconds: float, most: int = 20_000) -> dict[str, object]:
    """Latencies in milliseconds by kind and over all, and answers per second. Raises RuntimeError for any answer but 200: a refusal would be fast for nothing."""
    with ProcessPoolExecutor(clients, mp_context=get_context("spawn")) as pool:
        list(pool.map(_idle, range(clients)))  # all are there before the first one asks
        began = time.monotonic() + 0.5
        each = pool.map(
            _ask, [address] * clients, [list(questions)] * clients, range(clients), [began] * clients, [seconds] * clients, [most // clients] * clients
        )
        found = [answer for answers in each for answer in answers]
    kinds: dict[str, list[Answered]] = {}
    for answer in found:
        kinds.setdefault(answer.kind, []).append(answer)
    return {
        "clients": clients,
        "answers": len(found),
        "per_second": len(found) / seconds,
        **spread([answer.took for answer in found]),
        "kinds": {kind: _describe(answers) for kind, answers in sorted(kinds.items())},
    }


def _describe(answers: Sequence[Answered]) -> dict[str, object]:
    first = spread([answer.first for answer in answers])
    return {"answers": len(answers), **spread([answer.took for answer in answers]), "first": first, "largest": max(answer.size for answer in answers)}


def spread(times: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99."""
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else [*times] * 99
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(times)}


def _idle(_: int) -> None:
    time.sleep(0.2)


def _ask(address: str, questions: list[Asked], number: int, began: float, seconds: float, most: int) -> list[Answered]:
    random.Random(number).shuffle(questions)
    host = urlsplit(address)
    connection = HTTPConnection(host.hostname or "", host.port, timeout=60)
    connection.connect()
    time.sleep(max(0.0, began - time.monotonic()))
    found: list[Answered] = []
    while len(found) < most and time.monotonic() < began + seconds:
        question = questions[len(found) % len(questions)]
        asked = time.perf_counter()
        connection.request("GET" if question.body is None else "POST", question.path, question.body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        first = time.perf_counter()
        body = response.read()
        found.append(Answered(question.kind, (first - asked) * 1000, (time.perf_counter() - asked) * 1000, len(body)))
        if response.status != 200:
            raise RuntimeError(f"{response.status} for {question.path}: {body[:300].decode()}")
    connection.close()
    return found
