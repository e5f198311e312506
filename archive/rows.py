"""The archive's tables as rows of plain values, which every database gives and takes alike: what a backup is made of.

Whatever tables the schema has are copied; a new one needs nothing here.
"""

from __future__ import annotations

import base64
import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import JSON, Column, Connection, LargeBinary, MetaData, Select, Table, column, create_engine, delete, event, func, insert, select, table, update
from sqlalchemy.sql.expression import TableClause

from archive import schema
from archive.upgrade import upgrade
from fazhi.errors import Conflict, Invalid

if TYPE_CHECKING:
    from archive.store import Archive

TRANSIENT = frozenset({"leases", "outbox"})
"""Tables that say who writes now and what projections wait for: both are made anew."""

_UNCOUNTED = TRANSIENT | {"state"}
_SPAN = 200  # rows in one statement, and in memory
_CHUNK = 4_000_000  # bytes of rows in one piece

Columns = Mapping[str, Sequence[str]]
"""{table: names of its columns in the order of the values in its rows}."""

Rows = Iterator[tuple[str, list[list[Any]]]]
"""(table, rows) in pieces; a table may come in several."""


def describe_tables() -> dict[str, list[str]]:
    """The tables that are copied, in a fixed order, with their columns."""
    return {str(made.name): [str(item.name) for item in made.columns] for made in schema.metadata.sorted_tables if made.name not in TRANSIENT}


@contextmanager
def one_state(archive: Archive) -> Iterator[Connection]:
    """A connection on which everything that is asked is of the same moment, whoever writes meanwhile."""
    with archive._engine.connect() as connection:
        yield connection


def dump(connection: Connection, name: str) -> Iterator[tuple[int, bytes]]:
    """(number of rows, JSON lines), a few megabytes at a time: each line is an array of the values, bytes in base64."""
    chosen = schema.metadata.tables[name]
    lines: list[bytes] = []
    size = 0
    query = select(*(column(item.name, item.type) for item in chosen.columns)).select_from(table(name)).order_by(*(item.name for item in chosen.primary_key))
    for row in connection.execution_options(yield_per=_SPAN).execute(query):
        line = msgspec.json.encode(list(row))
        lines.append(line)
        size += len(line)
        if size > _CHUNK:
            yield len(lines), b"\n".join(lines) + b"\n"
            lines, size = [], 0
    if lines:
        yield len(lines), b"\n".join(lines) + b"\n"


def read_lines(lines: bytes) -> list[list[Any]]:
    """Raises ValueError for what ``dump`` has not written."""
    rows = [msgspec.json.decode(line) for line in lines.splitlines()]
    if not all(isinstance(row, list) for row in rows):
        raise ValueError("a row is no array")
    return rows


def list_versions(connection: Connection) -> Iterator[str]:
    """Names of all original files that these rows speak of, each once, in order."""
    versions = schema.versions
    query: Select[Any] = select(versions.c.version).distinct().order_by(versions.c.version)
    for row in connection.execution_options(yield_per=1000).execute(query):
        yield row.version


def names_version(archive: Archive, version: str) -> bool:
    """Whether the archive speaks of this original now."""
    with archive._engine.connect() as connection:
        return connection.execute(select(schema.versions.c.report).where(schema.versions.c.version == version)).first() is not None


def find_content(archive: Archive) -> str | None:
    """The name of a table that has rows; None where nothing was ever put into the archive."""
    with archive._engine.connect() as connection:
        return _find_content(connection)


def mark_of(archive: Archive) -> str | None:
    """The mark that ``fill`` was given, where it came to its end."""
    with archive._engine.connect() as connection:
        return archive._get(connection, "restored", "") or None


def fill(archive: Archive, revision: str, columns: Columns, rows: Callable[[], Rows], mark: str) -> None:
    """Put all rows into an empty archive, in one transaction: all or none. ``mark`` (at most 64 characters) says later that it was done.

    Rows of an older ``revision`` are brought up to date first. Every report waits for the projections afterwards. Raises Conflict where the archive is not
    empty, or for rows of a newer revision; Invalid for rows that do not fit.
    """
    if revision == schema.HEAD:
        _fill(archive, columns, rows(), mark)
        return
    with tempfile.TemporaryDirectory(prefix="fazhi-restore-") as folder, _upgraded(Path(folder) / "older.db", revision, columns, rows()) as connection:
        _fill(archive, describe_tables(), _all_rows(connection), mark)


def _fill(archive: Archive, columns: Columns, rows: Rows, mark: str) -> None:
    with archive._write() as connection:
        if content := _find_content(connection):
            connection.rollback()
            raise Conflict(f"The archive is not empty: there are {content}.", cure="Restore into a new data folder and a new database.")
        connection.execute(delete(schema.state))
        _insert(connection, columns, {name: schema.metadata.tables[name] for name in describe_tables()}, rows)
        cut_off = "It was under way when the backup was made; what it had not read by then is not in the backup."
        waiting = schema.jobs.c.state.in_(("queued", "running"))
        connection.execute(update(schema.jobs).where(waiting).values(state="failed", error=cut_off))
        counted = schema.documents.c.duplicate_of.is_(None)
        archive._announce(connection, list(connection.scalars(select(schema.documents.c.report).where(counted))))
        archive._set(connection, restored=mark)
        if connection.dialect.name == "postgresql":
            _continue_numbers(connection)


def _find_content(connection: Connection) -> str | None:
    for made in schema.metadata.sorted_tables:
        if made.name not in _UNCOUNTED and connection.execute(select(*made.primary_key.columns).limit(1)).first() is not None:
            return made.name
    return None


def _insert(connection: Connection, columns: Columns, tables: Mapping[str, Table], rows: Rows) -> None:
    for name, piece in rows:
        made = tables.get(name)
        names = columns.get(name, ())
        if made is None or set(names) != {item.name for item in made.columns}:
            raise Invalid(f"The table {name} of the backup is not one of its version's.", cure="Use another backup.")
        binary = [place for place, item in enumerate(names) if isinstance(made.columns[item].type, LargeBinary)]
        carrier = _carrier(made)
        for start in range(0, len(piece), _SPAN):
            connection.execute(insert(carrier), [_as_row(names, values, binary) for values in piece[start : start + _SPAN]])


def _as_row(names: Sequence[str], values: list[Any], binary: Iterable[int]) -> dict[str, Any]:
    if len(values) != len(names):
        raise Invalid("A row of the backup has too many or too few values.", cure="Use another backup.")
    for place in binary:
        if isinstance(values[place], str):
            values[place] = base64.b64decode(values[place])
    return dict(zip(names, values, strict=True))


def _carrier(made: Table) -> TableClause:
    """The table without its defaults, and with None as NULL also where a value is JSON."""

    def carry(item: Column[Any]) -> Any:
        return column(item.name, JSON(none_as_null=True) if isinstance(item.type, JSON) and item.nullable else item.type)

    return table(made.name, *(carry(item) for item in made.columns))


def _continue_numbers(connection: Connection) -> None:
    """Rows with numbers of their own don't move the counters of PostgreSQL."""
    for made in schema.metadata.sorted_tables:
        number = made.autoincrement_column
        if number is not None and made.name not in TRANSIENT:
            highest = select(func.coalesce(func.max(number), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(func.pg_get_serial_sequence(made.name, number.name), highest, False)))


@contextmanager
def _upgraded(path: Path, revision: str, columns: Columns, rows: Rows) -> Iterator[Connection]:
    """The rows of an older version in tables of today."""
    engine = create_engine(f"sqlite:///{path}", json_serializer=lambda value: msgspec.json.encode(value).decode())
    event.listen(engine, "connect", _leave_transactions_alone)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    try:
        with engine.begin() as connection:
            upgrade(connection, revision)
            former = MetaData()
            former.reflect(connection)
            _insert(connection, columns, former.tables, rows)
            upgrade(connection)
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _leave_transactions_alone(connection: Any, _: object) -> None:
    connection.isolation_level = None


def _all_rows(connection: Connection) -> Rows:
    for name in describe_tables():
        for _, lines in dump(connection, name):
            yield from ((name, piece) for piece in _pieces(read_lines(lines)))


def _pieces(rows: list[list[Any]]) -> Iterator[list[list[Any]]]:
    remaining = iter(rows)
    while piece := list(itertools.islice(remaining, _SPAN)):
        yield piece
