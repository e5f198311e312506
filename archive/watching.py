"""Saved questions, their alerts and what is to be sent: the part of ``archive.store.Archive`` that keeps them.

An alert is told exactly once, wherever a process is killed: the mark of a change, its alert and its delivery are written in one transaction, and a change whose
mark is there is passed over. Nothing here touches documents, runs or the outbox, so it needs no writer's lease.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from archive import schema
from archive.keys import show_plainly
from archive.slicing import iter_spans
from archive.watches import Alert, Delivery, DeliveryState, Watch
from fazhi.errors import Contradiction, Invalid, NotFound

MOST = 200
"""Watches at a time: each costs a question after every ingest."""

_watches, _marks, _alerts, _deliveries = schema.watches, schema.watch_marks, schema.alerts, schema.deliveries


class Watching:
    """Needs the rest of ``Archive``: its transactions."""

    _engine: Engine

    def _write(self, *, guarded: bool = True) -> Any:
        raise NotImplementedError

    def snapshot_of(self, connection: Connection) -> str:
        raise NotImplementedError

    # -- questions -------------------------------------------------------------------------------------------------------------------------------------

    def add_watch(self, name: str, question: Mapping[str, Any], *, webhook: str | None = None, by: str) -> Watch:
        """Save a question. Raises Invalid for a name of nothing, Contradiction where there are too many."""
        name = name.strip()
        if not name or len(name) > 200 or not name.isprintable():
            raise Invalid("The name of a saved question has 1 to 200 printable characters.", cure="Name it after what it asks.")
        with self._write(guarded=False) as connection:
            if (connection.scalar(select(func.count()).select_from(_watches)) or 0) >= MOST:
                connection.rollback()
                raise Contradiction(f"There are {MOST} saved questions already.", cure="Delete one that nobody reads.")
            values = {"name": name, "question": dict(question), "webhook": webhook, "created": _now(), "created_by": show_plainly(by)}
            id = connection.execute(insert(_watches).values(**values).returning(_watches.c.id)).scalar_one()
        return self.watch(int(id))

    def watches(self) -> list[Watch]:
        """Oldest first."""
        with self._engine.connect() as connection:
            return [Watch(**row._mapping) for row in connection.execute(select(_watches).order_by(_watches.c.id))]

    def watch(self, id: int) -> Watch:
        """Raises NotFound."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_watches).where(_watches.c.id == id)).first()
        if row is None:
            raise NotFound(f"There is no saved question {id}.", cure="`fazhi watch list` shows them, GET /api/watches too.")
        return Watch(**row._mapping)

    def delete_watch(self, id: int) -> Watch:
        """Forget a question with its alerts and what was to be sent of them. Raises NotFound."""
        found = self.watch(id)
        with self._write(guarded=False) as connection:
            told = select(_alerts.c.id).where(_alerts.c.watch == id)
            connection.execute(delete(_deliveries).where(_deliveries.c.alert.in_(told)))
            connection.execute(delete(_alerts).where(_alerts.c.watch == id))
            connection.execute(delete(_marks).where(_marks.c.watch == id))
            connection.execute(delete(_watches).where(_watches.c.id == id))
        return found

    # -- checks ----------------------------------------------------------------------------------------------------------------------------------------

    def unknown_marks(self, watch: int, marks: Collection[str]) -> set[str]:
        """Those of ``marks`` that the watch does not know."""
        with self._engine.connect() as connection:
            return set(marks) - _known(connection, watch, marks)

    def begin_watch(self, watch: int, marks: Collection[str], snapshot: str) -> None:
        """What there is already at the beginning of a watch: nothing of it is an alert. A watch that has begun stays as it is."""
        with self._write(guarded=False) as connection:
            row = connection.execute(select(_watches.c.checked).where(_watches.c.id == watch)).first()
            if row is None or row.checked is not None:
                connection.rollback()
                return
            known = _known(connection, watch, marks)
            _insert_marks(connection, watch, [mark for mark in dict.fromkeys(marks) if mark not in known])
            connection.execute(update(_watches).where(_watches.c.id == watch).values(checked=snapshot, checked_at=_now(), problem=None))

    def note_check(self, watch: int, found: Mapping[str, Mapping[str, Any]], snapshot: str, *, complete: bool = True) -> list[Alert]:
        """Make alerts of the changes {mark: content} that the watch does not know; ``complete``: it was compared with all of ``snapshot``.

        Whoever else checked meanwhile, each change is told once. A watch that was deleted meanwhile tells nothing.
        """
        with self._write(guarded=False) as connection:
            row = connection.execute(select(_watches.c.webhook).where(_watches.c.id == watch)).first()
            if row is None:
                connection.rollback()
                return []
            known = _known(connection, watch, found)
            moment = _now()
            made: list[Alert] = []
            for mark, content in found.items():
                if mark in known:
                    continue
                values = {"watch": watch, "mark": mark, "time": moment, "snapshot": snapshot, "content": dict(content)}
                id = int(connection.execute(insert(_alerts).values(**values).returning(_alerts.c.id)).scalar_one())
                made.append(Alert(id=id, watch=watch, time=moment, snapshot=snapshot, content=dict(content)))
                if row.webhook:
                    connection.execute(insert(_deliveries).values(alert=id, url=row.webhook, state="waiting", attempts=0, next_try=0.0))
            _insert_marks(connection, watch, [mark for mark in found if mark not in known])
            if complete:
                connection.execute(update(_watches).where(_watches.c.id == watch).values(checked=snapshot, checked_at=moment, problem=None))
        return made

    def fail_check(self, watch: int, problem: str) -> None:
        """Why a check could not be made. It is made again the next time."""
        with self._write(guarded=False) as connection:
            connection.execute(update(_watches).where(_watches.c.id == watch).values(problem=show_plainly(problem), checked_at=_now()))

    # -- alerts ----------------------------------------------------------------------------------------------------------------------------------------

    def alerts(self, *, watch: int | None = None, before: int | None = None, limit: int = 50) -> list[Alert]:
        """Newest first; ``before`` a number goes on where a page ended."""
        columns = (_alerts.c.id, _alerts.c.watch, _alerts.c.time, _alerts.c.snapshot, _alerts.c.content)
        query = select(*columns).order_by(_alerts.c.id.desc()).limit(limit)
        if watch is not None:
            query = query.where(_alerts.c.watch == watch)
        if before is not None:
            query = query.where(_alerts.c.id < before)
        with self._engine.connect() as connection:
            return [Alert(**row._mapping) for row in connection.execute(query)]

    def alert(self, id: int) -> Alert:
        """Raises NotFound."""
        found = self.alerts(before=id + 1, limit=1)
        if not found or found[0].id != id:
            raise NotFound(f"There is no alert {id}.", cure="GET /api/alerts lists them.")
        return found[0]

    # -- what is to be sent ----------------------------------------------------------------------------------------------------------------------------

    def deliveries(self, *, state: DeliveryState | None = None, alerts: Sequence[int] | None = None, limit: int = 1000) -> list[Delivery]:
        """Newest first."""
        query = select(_deliveries).order_by(_deliveries.c.alert.desc()).limit(limit)
        if state is not None:
            query = query.where(_deliveries.c.state == state)
        if alerts is not None:
            query = query.where(_deliveries.c.alert.in_(list(alerts)))
        with self._engine.connect() as connection:
            return [Delivery(**row._mapping) for row in connection.execute(query)]

    def claim_deliveries(self, moment: float, hold: float, limit: int = 20) -> list[Delivery]:
        """What is due at ``moment``, oldest first, with how often it was tried before. For ``hold`` seconds nobody else gets it: after that it is due again,
        where its sender was killed."""
        due = select(_deliveries).where(_deliveries.c.state == "waiting", _deliveries.c.next_try <= moment).order_by(_deliveries.c.alert).limit(limit)
        with self._engine.connect() as connection:
            if connection.execute(due).first() is None:
                return []
        with self._write(guarded=False) as connection:
            rows = [Delivery(**row._mapping) for row in connection.execute(due)]
            for row in rows:
                connection.execute(update(_deliveries).where(_deliveries.c.alert == row.alert).values(next_try=moment + hold, attempts=row.attempts + 1))
        return rows

    def finish_delivery(self, alert: int, state: DeliveryState, told: str, next_try: float = 0.0) -> None:
        with self._write(guarded=False) as connection:
            values = {"state": state, "told": show_plainly(told), "next_try": next_try}
            connection.execute(update(_deliveries).where(_deliveries.c.alert == alert).values(**values))


def _known(connection: Connection, watch: int, marks: Iterable[str]) -> set[str]:
    query = select(_marks.c.mark).where(_marks.c.watch == watch)
    return {mark for chosen in iter_spans(set(marks)) for mark in connection.scalars(query.where(_marks.c.mark.in_(chosen)))}


def _insert_marks(connection: Connection, watch: int, marks: Sequence[str]) -> None:
    if marks:
        connection.execute(insert(_marks), [{"watch": watch, "mark": mark} for mark in marks])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
