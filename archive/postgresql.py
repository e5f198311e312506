"""What it takes for PostgreSQL to behave as SQLite does: one writer at a time, one state for all that a reader asks at once, errors that say what to do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, event, make_url, text
from sqlalchemy.exc import ArgumentError

from fazhi.errors import Conflict, FazhiError, Invalid, Unavailable

LOCK_SECONDS = 30  # that a change waits for another one, as long as SQLite waits
CONNECT_SECONDS = 10
_BEGINNINGS = ("postgresql://", "postgresql+psycopg://", "postgres://")
_CURE_URL = "Write FAZHI_ARCHIVE as postgresql+psycopg://USER@HOST:5432/DATABASE, the password in FAZHI_ARCHIVE_PASSWORD."
# the lock is one per schema of a database: archives beside each other do not wait for each other
_LOCK = text("SELECT set_config('lock_timeout', :wait, true), pg_advisory_xact_lock(hashtext('fazhi-archive'), hashtext(current_schema()))")


def is_postgresql(url: str) -> bool:
    return url.startswith(_BEGINNINGS)


def split_password(url: str) -> tuple[str, str | None]:
    """The URL without the password, and the password where the URL has one. Raises Invalid, without quoting the URL."""
    parsed = _parse(url)
    password = parsed.password or parsed.query.get("password")
    bare = parsed._replace(password=None).difference_update_query(["password"])
    return bare.render_as_string(hide_password=False), str(password) if password else None


def make_address(url: str, password: str | None) -> URL:
    """What SQLAlchemy connects to; shown, it hides the password. Raises Invalid."""
    parsed = _parse(url).set(drivername="postgresql+psycopg")
    return parsed.set(password=password) if password and not parsed.password else parsed


def engine_options() -> dict[str, Any]:
    """What readers ask within one transaction, they ask of one state; a connection that broke is noticed before it is used again."""
    connecting = {"connect_timeout": CONNECT_SECONDS, "application_name": "fazhi", "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    return {"pool_pre_ping": True, "isolation_level": "REPEATABLE READ", "connect_args": connecting}


def prepare(engine: Engine) -> None:
    address = f"{engine.url.host or 'this machine'}{f':{engine.url.port}' if engine.url.port else ''}"

    @event.listens_for(engine, "handle_error")
    def explain(context: ExceptionContext) -> BaseException | None:
        if context.is_pre_ping:
            return None  # the pool connects again
        return translate(context.original_exception, address, engine.url)


def take_turn(connection: Connection) -> None:
    """Wait until no other transaction writes; from then on this one sees all that is committed. Raises Conflict after ``LOCK_SECONDS``."""
    connection.execute(_LOCK, {"wait": f"{LOCK_SECONDS}s"})


def translate(error: BaseException, address: str, url: URL) -> FazhiError | None:
    """What the server or the way to it says, by SQLSTATE; None for what is a fault of the program."""
    import psycopg

    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate or ""
    said = _first_line(error)
    if state.startswith("28") or "password authentication failed" in said or "no password supplied" in said:
        return Unavailable(f"PostgreSQL at {address} refuses the user {url.username or ''}: {said}.", cure="Correct FAZHI_ARCHIVE_PASSWORD or FAZHI_ARCHIVE.")
    if state == "3D000" or ("database" in said and "does not exist" in said):
        return Unavailable(
            f"PostgreSQL at {address} has no database {url.database or ''}.",
            cure=f"Make it with `createdb --encoding=UTF8 {url.database or 'fazhi'}`, or correct FAZHI_ARCHIVE.",
        )
    if state == "55P03":
        return Conflict(f"Another process has been changing the archive for {LOCK_SECONDS} s.", cure="Wait until it has finished.")
    if state in ("42501", "25006"):
        return Unavailable(f"The archive does not take changes: {said}.", cure="Give the user of FAZHI_ARCHIVE the right to write, or name the main server.")
    if state.startswith("53"):
        return Unavailable(f"PostgreSQL at {address} is short of something: {said}.", cure="Look at its disk, its memory and max_connections.")
    if state == "54000" and "index row" in said:
        return Invalid("A key or a name is too long for PostgreSQL's index.", cure="Give the document a key of at most 2,000 bytes.")
    if state in ("40P01", "40001"):
        return Unavailable(f"PostgreSQL at {address} broke the change off: {said}.", cure="Run it again.")
    if state.startswith(("57P", "08")) or (isinstance(error, psycopg.OperationalError) and not state):
        return Unavailable(f"PostgreSQL at {address} does not answer: {said}.", cure="Start it, or correct FAZHI_ARCHIVE. Nothing committed is lost.")
    if isinstance(error, psycopg.OperationalError):
        return Unavailable(f"PostgreSQL at {address} failed: {said}.", cure="Look into the server's log.")
    return None


def explain_missing_driver() -> Invalid:
    return Invalid("For an archive on PostgreSQL the driver psycopg is missing.", cure="Install it with `pip install 'psycopg[binary]'`: the extra [postgres].")


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise Invalid("The address of the archive can't be read.", cure=_CURE_URL) from None


def _first_line(error: BaseException) -> str:
    """libpq puts the same failure once per address of a host; it never says the password."""
    lines = [" ".join(line.split()) for line in str(error).splitlines() if line.strip()]
    said = lines[0] if lines else type(error).__name__
    return (said.partition(" FATAL: ")[2] or said.removeprefix("connection failed: ")).removesuffix(".")
