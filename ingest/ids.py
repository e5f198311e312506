"""Stable identifiers: the same report, fact or thing has the same id in every run, on every machine, in every engine."""

from __future__ import annotations

import hashlib


def _digest(*parts: object, size: int) -> str:
    return hashlib.blake2b("\x1f".join("" if part is None else str(part) for part in parts).encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def report_id(key: str) -> str:
    """16 hex digits for a source key, so that a URL or a path needs no escaping in a route."""
    return _digest("report", key, size=8)


def fact_id(doc: str, type: str, relation: str | None, subject: str | None, object: str | None, start: int, end: int, name: str | None = None) -> str:
    """``<report id>-<16 hex digits>``: a hash of document, type, relation, ends and offsets; the first half says which report to open.

    ``name`` tells apart facts that share a span, such as the three zeros of one 未发生 X、Y、Z.
    """
    return f"{report_id(doc)}-{_digest(doc, type, relation, subject, object, start, end, name, size=8)}"


def report_of_fact(fact: str) -> str:
    """The report id inside a fact id."""
    return fact.partition("-")[0]
