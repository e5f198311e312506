"""Who writes, for machines that share one archive: a row with a holder, a token and a beat that grows with every sign of life.

No clock decides whether a holder lives: whoever wants to take over watches the beat stand still, by a clock of its own that never jumps. The time in the row
only tells when it was last seen, so that a living holder can be named at once.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, literal_column, select, update

from archive import schema

_leases = schema.leases


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """``age`` are seconds since the last sign of life by the database's clock; below zero where that clock was set back."""

    token: str
    beat: int
    age: float
    holder: dict[str, Any]


def read(connection: Connection, name: str) -> Lease | None:
    query = select(_leases.c.token, _leases.c.beat, (_now(connection) - _leases.c.seen).label("age"), _leases.c.holder)
    row = connection.execute(query.where(_leases.c.name == name)).first()
    return Lease(token=row.token, beat=row.beat, age=float(row.age), holder=row.holder) if row else None


def take(connection: Connection, name: str, token: str, holder: dict[str, Any]) -> bool:
    """False where somebody holds it."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    values = {"name": name, "token": token, "beat": 0, "seen": _now(connection), "holder": holder}
    return connection.execute(insert(_leases).values(**values).on_conflict_do_nothing().returning(_leases.c.name)).first() is not None


def seize(connection: Connection, name: str, token: str, holder: dict[str, Any], *, last: Lease) -> bool:
    """Take it from a holder that has not given a sign of life since ``last``; False where it has."""
    change = update(_leases).where(_leases.c.name == name, _leases.c.token == last.token, _leases.c.beat == last.beat)
    return bool(connection.execute(change.values(token=token, beat=0, seen=_now(connection), holder=holder)).rowcount)


def renew(connection: Connection, name: str, token: str) -> bool:
    """Give a sign of life; False where somebody else holds it now."""
    change = update(_leases).where(_leases.c.name == name, _leases.c.token == token)
    return bool(connection.execute(change.values(beat=_leases.c.beat + 1, seen=_now(connection))).rowcount)


def release(connection: Connection, name: str, token: str) -> None:
    connection.execute(delete(_leases).where(_leases.c.name == name, _leases.c.token == token))


def is_held(connection: Connection, name: str, token: str) -> bool:
    """Whether it is held with this token, and stays so until the transaction ends."""
    query = select(_leases.c.token).where(_leases.c.name == name)
    return connection.scalar(query.with_for_update() if connection.dialect.name == "postgresql" else query) == token


def _now(connection: Connection) -> Any:
    """Seconds since 1970 by the database's clock, which all its machines share."""
    if connection.dialect.name == "postgresql":
        return literal_column("extract(epoch from clock_timestamp())")
    return literal_column("((julianday('now') - 2440587.5) * 86400.0)")
