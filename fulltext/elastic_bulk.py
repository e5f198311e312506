"""Many writes in few requests: at most ``IN_FLIGHT`` of them at a time, each of some megabytes, so that memory here and there is bounded.

What a busy server refuses is sent again after a pause; what it will never take is counted and reported, the rest goes in.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import elastic_transport
import msgspec
from elasticsearch import ApiError, Elasticsearch

from fazhi.errors import Unavailable
from fulltext.elastic_client import Patience
from fulltext.elastic_errors import BUSY, explain, is_busy, tells_full_disk, translate, translate_answer
from fulltext.elastic_room import blame_disk

REQUEST_BYTES = 6_000_000
IN_FLIGHT = 2
_SAMPLES = 3
_NOT_FOUND = 404  # of a deletion: it was not there anyway
_FILTER = "errors,items.*._id,items.*.status,items.*.error"


class _Write(NamedTuple):
    label: str  # how the user knows the report
    lines: bytes


class BulkWriter:
    """Use it in a ``with`` block; leaving it waits for everything. ``alias`` must be an alias: none is made up where it has gone."""

    def __init__(self, client: Elasticsearch, url: str, alias: str, patience: float) -> None:
        self._client = client
        self._url = url
        self._alias = alias
        self._patience = patience
        self._waiting: list[_Write] = []
        self._bytes = 0
        self._flying: deque[Future[list[str]]] = deque()
        self._pool = ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="fazhi-bulk")
        self._refused: list[str] = []
        self._refused_count = 0
        self._sent = 0

    def __enter__(self) -> BulkWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.drain()
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def index(self, report: str, label: str, document: dict[str, Any]) -> None:
        self._add(_Write(label, b'{"index":{"_id":"%b"}}\n%b\n' % (report.encode(), msgspec.json.encode(document))))

    def delete(self, report: str, label: str) -> None:
        self._add(_Write(label, b'{"delete":{"_id":"%b"}}\n' % report.encode()))

    def drain(self) -> None:
        """Wait until all is written. Raises Unavailable that counts what was refused and shows three of them."""
        self._send()
        while self._flying:
            self._land()
        if self._refused_count:
            shown = "; ".join(self._refused)
            more = f"; and {self._refused_count - len(self._refused)} more" if self._refused_count > len(self._refused) else ""
            raise Unavailable(
                f"Elasticsearch at {self._url} refused {self._refused_count} of {self._sent} reports: {shown}{more}.",
                cure="The others are in. Mend or delete those reports, or run `fazhi rebuild text` if the index is of another make.",
            )

    def _add(self, write: _Write) -> None:
        if self._waiting and self._bytes + len(write.lines) > REQUEST_BYTES:
            self._send()
        self._waiting.append(write)
        self._bytes += len(write.lines)

    def _send(self) -> None:
        if not self._waiting:
            return
        while len(self._flying) >= IN_FLIGHT:
            self._land()
        self._flying.append(self._pool.submit(self._write, self._waiting))
        self._sent += len(self._waiting)
        self._waiting, self._bytes = [], 0

    def _land(self) -> None:
        refused = self._flying.popleft().result()
        self._refused_count += len(refused)
        self._refused += refused[: _SAMPLES - len(self._refused)]

    def _write(self, writes: list[_Write]) -> list[str]:
        """Write all; returns what was refused and why. Raises FazhiError where the server stays away."""
        patience = Patience(self._patience, partial(blame_disk, self._client, self._url))
        refused: list[str] = []
        while writes:
            try:
                lines: Any = b"".join(write.lines for write in writes)  # the client takes them as they are
                answer = self._client.bulk(index=self._alias, operations=lines, require_alias=True, filter_path=_FILTER).body
            except (elastic_transport.TransportError, ApiError) as error:
                told = translate(error, self._url)
                if isinstance(error, ApiError) and error.meta.status == 413 and len(writes) > 1:  # the server takes less at once than usual
                    return refused + self._write(writes[: len(writes) // 2]) + self._write(writes[len(writes) // 2 :])
                if isinstance(error, ApiError) and error.meta.status == 413:
                    return [*refused, f"{writes[0].label}: {len(writes[0].lines):,} bytes are more than it takes in one request"]
                if not is_busy(error):
                    raise told from None
                patience.wait(told)
                continue
            if not answer["errors"]:
                return refused
            again: list[_Write] = []
            busy: dict[str, Any] | None = None
            for write, item in zip(writes, answer["items"], strict=True):
                (told_item,) = item.values()
                status = told_item["status"]
                if status in BUSY or tells_full_disk(told_item):
                    again.append(write)
                    busy = told_item
                elif "error" in told_item:
                    if told_item["error"].get("type") == "index_not_found_exception":
                        raise translate_answer(status, told_item, self._url)
                    refused.append(f"{write.label}: {explain(told_item)}")
            if busy is not None:
                if len(again) < len(writes):
                    patience.calm()
                patience.wait(translate_answer(busy["status"], busy, self._url))
            writes = again
        return refused
