"""What went wrong between us and Elasticsearch, said with its cure. Nothing that goes to a user or a log holds credentials."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import elastic_transport
from elasticsearch import ApiError, UnsupportedProductError

from fazhi.errors import FazhiError, Invalid, TimedOut, Unavailable

REBUILD = "Run `fazhi rebuild text`: it fills a new index from the archive."
_VERSIONS = "Point FAZHI_TEXT to Elasticsearch 8.19 or 9.x."
_DISK = "Make room on the server's disk; Elasticsearch lifts the block by itself then."
_FULL = ("No space left on device", "Disk quota exceeded")  # the operating system's words, which the server passes on
_LONGEST_REASON = 200

BUSY = frozenset({429, 502, 503, 504})  # answers after which the same request may succeed


_UNREADY = {"no_shard_available_action_exception", "unavailable_shards_exception"}


class IndexMissing(Unavailable):
    """The index that was asked is not there."""


class NotReady(Unavailable):
    """The server, or a shard of the index, can't answer now: it starts, or the index is being taken away under the request."""


@contextmanager
def engine_errors(url: str) -> Iterator[None]:
    """Raises FazhiError for every error of the client inside the block."""
    try:
        yield
    except (elastic_transport.TransportError, ApiError) as error:
        raise translate(error, url) from None  # the client's own errors carry whole answers


def translate(error: Exception, url: str) -> FazhiError:
    """``url`` without credentials."""
    if isinstance(error, UnsupportedProductError):
        return _no_elasticsearch(url)
    if isinstance(error, ApiError):
        if error.meta.status not in {401, 403, 407, *BUSY} and not error.meta.headers.get("x-elastic-product"):
            return _no_elasticsearch(url)
        return translate_answer(error.meta.status, error.body, url)
    if isinstance(error, elastic_transport.ConnectionTimeout):
        return TimedOut(f"Elasticsearch at {url} took too long to answer.", cure="Ask for less, ask again when it is less busy, or raise FAZHI_TEXT_TIMEOUT.")
    if isinstance(error, elastic_transport.TlsError):
        return Unavailable(f"The certificate of {url} is not trusted.", cure="Name the file with the certificate of who signed it in FAZHI_TEXT_CA.")
    if isinstance(error, elastic_transport.SerializationError):
        return _no_elasticsearch(url)
    return Unavailable(f"Elasticsearch at {url} does not answer.", cure="Start it, or correct FAZHI_TEXT.")


def translate_answer(status: int, body: Any, url: str) -> FazhiError:
    """The error that an answer of this status with this body means."""
    kinds = set(_iter_values(body, "type"))
    reason = explain(body)
    if status == 401:
        return Unavailable(
            f"Elasticsearch at {url} does not know these credentials.", cure="Correct FAZHI_TEXT_USER and FAZHI_TEXT_PASSWORD, or FAZHI_TEXT_API_KEY."
        )
    if "cluster_block_exception" in kinds:
        if "disk" in reason or "read-only-allow-delete" in reason or "read-only / allow delete" in reason:
            return Unavailable(f"Elasticsearch at {url} takes no more text: its disk is nearly full.", cure=_DISK)
        return Unavailable(f"Elasticsearch at {url} has blocked the index: {reason}.", cure="Lift the block on the server.")
    if tells_full_disk(body):
        return Unavailable(f"Elasticsearch at {url} takes no more text: its disk is full.", cure=_DISK)
    if status == 403:
        return Unavailable(
            f"Elasticsearch at {url} does not allow it: {reason}.",
            cure="Give the user the privileges read, write, create_index, delete_index, view_index_metadata and manage on the indexes of FAZHI_TEXT_PREFIX.",
        )
    if kinds & {"media_type_header_exception", "content_type_header_exception"} or status in (406, 415):
        return Unavailable(f"The Elasticsearch at {url} is of a version that is not supported.", cure=_VERSIONS)
    if kinds & {"index_not_found_exception", "shard_not_found_exception"}:
        return IndexMissing("The text index is not there.", cure=REBUILD)
    if kinds & {"too_many_clauses", "too_many_nested_clauses"} or "nested depth" in reason or "maxClauseCount" in reason:
        return Invalid("The query is too large for this server.", cure="Write it with fewer clauses, fewer * or flatter brackets.")
    if kinds & {"search_context_missing_exception", "no_search_context_exception"}:
        return Unavailable("The text index was switched while it was being listed.", cure="Ask again.")
    if status == 413:
        return Unavailable(f"A report is too large for Elasticsearch at {url}.", cure="Raise http.max_content_length on the server, or take the report out.")
    if status == 429:
        return Unavailable(f"Elasticsearch at {url} is too busy: {reason}.", cure="Ask again in a moment; give it more memory if it stays so.")
    if status in BUSY or kinds & _UNREADY:
        return NotReady(f"Elasticsearch at {url} is not ready: {reason}.", cure="Wait until it has started, and look into its log if it stays so.")
    if status in (404, 405):
        return Unavailable(f"Elasticsearch at {url} does not know the request: {reason}.", cure=_VERSIONS)
    return Unavailable(f"Elasticsearch at {url} failed: {reason}.", cure=REBUILD)


def explain(body: Any) -> str:
    """The reason at the root of an error's body, in one line."""
    roots = body.get("error", {}).get("root_cause") if isinstance(body, dict) and isinstance(body.get("error"), dict) else None
    found = next(_iter_values(roots, "reason"), "") or next(_iter_values(body, "reason"), "") or (body if isinstance(body, str) else "")
    return " ".join(found.split())[:_LONGEST_REASON].rstrip(".") or "no reason given"


def tells_full_disk(body: Any) -> bool:
    """Whether the answer says that there was no room to write: the same may succeed once there is."""
    return any(words in reason for reason in _iter_values(body, "reason") for words in _FULL)


def is_busy(error: Exception) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(error, ApiError):
        return error.meta.status in BUSY
    return isinstance(error, elastic_transport.ConnectionError | elastic_transport.ConnectionTimeout) and not isinstance(error, elastic_transport.TlsError)


def _iter_values(body: Any, name: str) -> Iterator[str]:
    """Texts under this name, the outer ones first."""
    if isinstance(body, dict):
        if isinstance(body.get(name), str):
            yield body[name]
        for key in ("error", "root_cause", "caused_by", "failed_shards", "reason"):
            yield from _iter_values(body.get(key), name)
    elif isinstance(body, list):
        for part in body:
            yield from _iter_values(part, name)


def _no_elasticsearch(url: str) -> Unavailable:
    return Unavailable(f"What answers at {url} is no Elasticsearch that this version can use.", cure=_VERSIONS)
