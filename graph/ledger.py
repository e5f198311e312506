"""What each report contributes to nodes that several reports speak of: a node's properties depend on who speaks of it now, never on who came last.

A node shows, property by property, the smallest value (by its JSON) that any report contributes. As long as all contributions are the same there is nothing
to choose; where they differ the node is ``contested``, and when one of them goes the rest are read again from the reports' ledgers.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterable
from typing import Any

import msgspec

from graph.project import NodeRow, Projection

_encode = msgspec.json.Encoder(order="deterministic").encode
_rows = msgspec.json.Decoder(tuple[NodeRow, ...])


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a node shows, and whether reports contribute different things to it."""

    row: NodeRow
    contested: bool = False


def write_ledger(rows: tuple[NodeRow, ...]) -> str:
    """The nodes of one report as a short string of ASCII."""
    return base64.b64encode(zlib.compress(_encode(rows), 3)).decode("ascii")


def read_ledger(ledger: str) -> tuple[NodeRow, ...]:
    """Inverse of ``write_ledger``."""
    return _rows.decode(zlib.decompress(base64.b64decode(ledger)))


def digest(projection: Projection) -> str:
    """Hash over all rows of a report: the same digest means that there is nothing to write."""
    return hashlib.blake2b(_encode(projection), digest_size=12).hexdigest()


def merge(rows: Iterable[NodeRow], *, contested: bool = False) -> Shown:
    """What a node shows for these contributions (at least one, all of one id): the smallest name and the smallest value of each property.

    ``contested`` True: others are known to differ already.
    """
    rows = list(rows)
    if len(rows) == 1:
        return Shown(row=rows[0], contested=contested)
    distinct = list({_encode(row): row for row in rows}.values())
    if len(distinct) == 1:
        return Shown(row=distinct[0], contested=contested)
    properties: dict[str, Any] = {}
    for property in sorted({name for row in distinct for name in row.properties}):
        properties[property] = min((row.properties[property] for row in distinct if property in row.properties), key=_encode)
    first = min(distinct, key=lambda row: (row.name, row.label))
    return Shown(row=NodeRow(id=first.id, label=first.label, name=first.name, properties=properties), contested=True)
