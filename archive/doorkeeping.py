"""Who may come in, and what they did: the part of ``archive.store.Archive`` that keeps API keys and the log of changes.

None of it touches documents, runs or the outbox, so it needs no writer's lease and goes on beside an ingest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, or_, select, update

from archive import schema
from archive.keys import ROLES, Actor, Key, Known, LogEntry, NewKey, Role, Session, digest_of, make_id, make_secret, make_token, show_plainly
from fazhi.errors import Contradiction, Invalid, NotFound

_keys, _log, _sessions = schema.api_keys, schema.audit_log, schema.sessions
_NAME = 200  # characters


class Doorkeeping:
    """Needs the rest of ``Archive``: its transactions."""

    _engine: Engine

    def _write(self, *, guarded: bool = True) -> Any:
        raise NotImplementedError

    # -- keys ------------------------------------------------------------------------------------------------------------------------------------------

    def new_key(self, name: str, role: Role, by: Actor, *, max_body: int | None = None) -> NewKey:
        """Make a key; what is given back is the only place where it stands. ``max_body``: bytes of one request's body, where less than the settings allow.

        Raises Invalid, Contradiction where another key that opens has the name.
        """
        name = name.strip()
        if not name or len(name) > _NAME or not name.isprintable():
            raise Invalid("A key's name has 1 to 200 printable characters.", cure="Name it after whoever will send it.")
        if role not in ROLES:
            raise Invalid(f"There is no role {role}.", cure=f"Give one of {', '.join(ROLES)}.")
        if max_body is not None and not 1 <= max_body < 1 << 62:
            raise Invalid("The largest body of a key has at least one byte.", cure="Leave it out for what the settings say.")
        with self._write(guarded=False) as connection:
            former = connection.execute(select(_keys.c.id).where(_keys.c.name == name, _keys.c.revoked.is_(None))).first()
            if former is not None:
                raise Contradiction(f"The key {former.id} is called {name} already.", cure="Choose another name, or revoke that key first.")
            id = make_id()
            while connection.execute(select(_keys.c.id).where(_keys.c.id == id)).first() is not None:
                id = make_id()
            secret = make_secret(id)
            key = Key(id=id, name=name, role=role, digest=digest_of(secret.encode()), created=_now(), created_by=by.who, max_body=max_body)
            connection.execute(insert(_keys).values(**{field: getattr(key, field) for field in key.__struct_fields__}))
            _add(connection, by, f"new {role} key {id} for {name}", made=f"/api/keys/{id}", result="done")
        return NewKey(key=key, secret=secret)

    def revoke_key(self, key: str, by: Actor) -> Key:
        """Revoke the key with this id or name; it stays listed. Raises NotFound, Contradiction for one that is revoked already."""
        with self._write(guarded=False) as connection:
            rows = connection.execute(select(_keys).where(or_(_keys.c.id == key, _keys.c.name == key)).order_by(_keys.c.created, _keys.c.id)).all()
            if not rows:
                raise NotFound(f"There is no key {key}.", cure="`fazhi keys list` shows ids and names.")
            # an id is never taken for a name, and of keys that share a name at most one is not revoked
            chosen = next((row for row in rows if row.id == key), None) or next((row for row in rows if row.revoked is None), rows[-1])
            if chosen.revoked is not None:
                raise Contradiction(f"The key {chosen.id} ({chosen.name}) was revoked on {chosen.revoked} by {chosen.revoked_by}.", cure="It opens nothing.")
            moment = _now()
            connection.execute(update(_keys).where(_keys.c.id == chosen.id).values(revoked=moment, revoked_by=by.who))
            _add(connection, by, f"revoke {chosen.role} key {chosen.id} of {chosen.name}", result="done")
        return Key(**{**chosen._mapping, "revoked": moment, "revoked_by": by.who})

    def api_keys(self) -> list[Key]:
        """All keys, revoked ones too, oldest first."""
        with self._engine.connect() as connection:
            return [Key(**row._mapping) for row in connection.execute(select(_keys).order_by(_keys.c.created, _keys.c.id))]

    def known_keys(self) -> Known:
        with self._engine.connect() as connection:
            found = [Key(**row._mapping) for row in connection.execute(select(_keys).order_by(_keys.c.created, _keys.c.id))]
            sessions = {row.digest: Session(row.key, row.expires) for row in connection.execute(select(_sessions))}
        return Known({key.id: key for key in found if key.revoked is None}, bool(found), sessions)

    # -- sessions --------------------------------------------------------------------------------------------------------------------------------------

    def open_session(self, key: str, by: Actor, *, moment: float, seconds: float) -> str:
        """Let a browser in that has shown a key, for some ``seconds``; what is given back is the only place where its token stands. ``moment``: now."""
        token = make_token()
        with self._write(guarded=False) as connection:
            connection.execute(delete(_sessions).where(_sessions.c.expires <= moment))
            connection.execute(insert(_sessions).values(digest=digest_of(token.encode()), key=key, created=_now(), expires=moment + seconds))
            _add(connection, by, "sign in", result="done")
        return token

    def close_session(self, token: str) -> None:
        with self._write(guarded=False) as connection:
            connection.execute(delete(_sessions).where(_sessions.c.digest == digest_of(token.encode())))

    def note_uses(self, uses: Mapping[str, str]) -> None:
        """{id: ISO time of its last use}; an earlier time than the one that is noted, as from another server, changes nothing."""
        with self._write(guarded=False) as connection:
            for id, moment in sorted(uses.items()):
                later = or_(_keys.c.used.is_(None), _keys.c.used < moment)
                connection.execute(update(_keys).where(_keys.c.id == id, later).values(used=moment))

    # -- log -------------------------------------------------------------------------------------------------------------------------------------------

    def begin_entry(self, by: Actor, what: str, *, result: str | None = None) -> int:
        """Note that somebody asks for a change, before it is made; returns the entry's number for ``finish_entry``, which tells how it went."""
        with self._write(guarded=False) as connection:
            return _add(connection, by, what, result=result)

    def finish_entry(self, id: int, result: str, made: str | None = None) -> None:
        with self._write(guarded=False) as connection:
            connection.execute(update(_log).where(_log.c.id == id).values(result=result, made=show_plainly(made) if made else None))

    def log(self, *, who: str | None = None, before: int | None = None, limit: int = 50) -> list[LogEntry]:
        """Newest first; ``before`` a number goes on where a page ended. ``who``: a name, or the id of a key."""
        query = select(_log).order_by(_log.c.id.desc()).limit(limit)
        if who is not None:
            query = query.where(or_(_log.c.who == who, _log.c.key == who))
        if before is not None:
            query = query.where(_log.c.id < before)
        with self._engine.connect() as connection:
            return [_entry(row) for row in connection.execute(query)]


def _add(connection: Connection, by: Actor, what: str, *, made: str | None = None, result: str | None = None) -> int:
    values = {"time": _now(), "who": show_plainly(by.who), "door": by.door, "key": by.key, "what": show_plainly(what), "made": made, "result": result}
    return int(connection.execute(insert(_log).values(**values).returning(_log.c.id)).scalar_one())


def _entry(row: Row[Any]) -> LogEntry:
    return LogEntry(**row._mapping)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
