"""Stable identifiers: the same report, fact or thing has the same id in every run, on every machine, in every engine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@lru_cache(maxsize=1024)
def report_id(key: str) -> str:
    """16 hex digits for a source key, so that a URL or a path needs no escaping in a route."""
    return _digest(f"report\x1f{key}")


def fact_id(doc: str, type: str, relation: str | None, subject: str | None, object: str | None, start: int, end: int, name: str | None = None) -> str:
    """``<report id>-<16 hex digits>``: a hash of document, type, relation, ends and offsets; the first half says which report to open.

    ``name`` tells apart facts that share a span, such as the three zeros of one 未发生 X、Y、Z.
    """
    told = f"{doc}\x1f{type}\x1f{relation or ''}\x1f{subject or ''}\x1f{object or ''}\x1f{start}\x1f{end}\x1f{name or ''}"
    return f"{report_id(doc)}-{_digest(told)}"


def finding_id(doc: str, kind: str, spans: Sequence[tuple[int, int]]) -> str:
    """``<report id>-<16 hex digits>`` for what does not go together in a report: a hash of document, kind and the offsets of its evidence."""
    told = "\x1f".join(["finding", doc, kind, *(f"{start}-{end}" for start, end in spans)])
    return f"{report_id(doc)}-{_digest(told)}"


def report_of_fact(fact: str) -> str:
    """The report id inside a fact id."""
    return fact.partition("-")[0]
