"""Archives to run the same test on: what it says must hold on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr
from servers.sharing import Run
from servers.starting import Server

from archive.store import Archive

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)]

_numbers = itertools.count()


@dataclass(frozen=True)
class Place:
    """Where one archive is. ``url`` without the password."""

    url: str
    folder: Path  # of originals
    password: str | None = None

    def open(self) -> Archive:
        return Archive.open(self.url, str(self.folder / "originals"), SecretStr(self.password) if self.password else None)


@contextmanager
def making(engine: str, folder: Path, run: Run) -> Iterator[Place]:
    """A place where there is nothing yet, gone afterwards."""
    if engine == "sqlite":
        folder.mkdir(parents=True, exist_ok=True)
        yield Place(f"sqlite:///{folder / 'archive.db'}", folder)
        return
    server = run.ask("postgresql")
    name = f"test_{os.getpid()}_{next(_numbers)}"
    administer(server, f'CREATE DATABASE "{name}"')
    try:
        yield Place(address_of(server, name), folder, server.password)
    finally:
        with suppress(Exception):  # a test may have stopped the server
            administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def address_of(server: Server, database: str, user: str | None = None) -> str:
    """FAZHI_ARCHIVE without the password."""
    host = server.url.split("//")[1].split("/")[0]
    return f"postgresql+psycopg://{user or server.user}@{host}/{database}"


def administer(server: Server, *statements: str, database: str = "postgres") -> None:
    import psycopg

    address = server.url.replace("+psycopg", "").rsplit("/", 1)[0]
    with psycopg.connect(f"{address}/{database}", user=server.user, password=server.password, autocommit=True, connect_timeout=5) as connection:
        for statement in statements:
            connection.execute(statement)
