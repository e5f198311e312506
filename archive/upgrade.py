"""Bring an archive's tables to the version this program knows, inside the process that opens it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from archive.schema import HEAD
from fazhi.errors import Conflict


def revision(connection: Connection) -> str | None:
    """The archive's present revision; None where there are no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return row[0] if row else None


def upgrade(connection: Connection, to: str = HEAD) -> None:
    """Run what is missing up to this revision. Call it inside a writing transaction: two processes that open a new archive at once take turns.

    Raises Conflict for a newer archive.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        if revision(connection) != to:
            command.upgrade(config, to)
    except CommandError as error:
        raise Conflict(f"The archive was written by another version of fazhi-graph ({error}).", cure="Use the version that wrote it, or a newer one.") from None
