"""Saved questions and their alerts: what the archive keeps of them. Pure."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

import msgspec

DeliveryState = Literal["waiting", "sent", "given_up"]


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """A saved question. ``checked``: snapshot that it was last compared with; None while what there was at its beginning is not known."""

    id: int
    name: str
    question: dict[str, Any]
    webhook: str | None
    created: str
    created_by: str
    checked: str | None = None
    checked_at: str | None = None
    problem: str | None = None


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One change that a watch asked for, told once. ``snapshot``: the state of the collection in which it was found."""

    id: int
    watch: int
    time: str
    snapshot: str
    content: dict[str, Any]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """An alert on its way to an address. ``next_try``: seconds since 1970."""

    alert: int
    url: str
    state: DeliveryState
    attempts: int
    next_try: float
    told: str | None = None


def mark_of(change: str) -> str:
    """32 hex digits by which a watch knows a change again."""
    return hashlib.blake2b(change.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
