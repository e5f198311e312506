"""The study of a collection, kept in its data folder: what `trace` and the pages answer from without fitting anything again.

One SQLite file, ``diffusion/study.db``, made beside the old one and put in its place: readers see one or the other. It can be deleted at any time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from diffusion.adoptions.model import Adoption
from diffusion.attribution.model import Attribution

if TYPE_CHECKING:
    from fazhi.tracing import Coverage
    from fazhi.workspace import Workspace

FOLDER, FILE = "diffusion", "study.db"
VERSION = "11"  # of the models and of the file: raise it with every change of what comes out

Rows = tuple[tuple[Adoption, ...], tuple[Attribution, ...]]


@dataclass(frozen=True)
class Kept:
    path: Path
    snapshot: str
    coverage: Coverage
    programs: tuple[str, ...]

    def rows(self, program: str) -> Rows:
        """Adoptions of a program and where they come from, by place."""
        with closing(sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True)) as connection:
            (told,) = connection.execute("SELECT told FROM programs WHERE program = ?", (program,)).fetchone()
        rows: Rows = msgspec.msgpack.decode(told, type=Rows)
        return rows


def open_study(workspace: Workspace) -> Kept | None:
    """The study of the collection as it is now; None where there is none."""
    from fazhi.tracing import Coverage

    path, snapshot = workspace.settings.home / FOLDER / FILE, workspace.archive.snapshot()
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            told = dict(connection.execute("SELECT name, value FROM about"))
            programs = tuple(row[0] for row in connection.execute("SELECT program FROM programs ORDER BY program"))
        if (told.get("snapshot"), told.get("version")) != (snapshot, VERSION):
            return None
        return Kept(path, snapshot, msgspec.json.decode(told["coverage"], type=Coverage), programs)
    except (sqlite3.DatabaseError, KeyError, msgspec.DecodeError):
        return None  # damaged: it is made again


def save_study(workspace: Workspace, snapshot: str, coverage: Coverage, programs: Mapping[str, Rows]) -> Kept:
    folder = workspace.settings.home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{FILE}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    about = {"snapshot": snapshot, "version": VERSION, "coverage": msgspec.json.encode(coverage).decode()}
    try:
        with closing(sqlite3.connect(fresh)) as connection, connection:
            connection.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
            connection.execute("CREATE TABLE programs (program TEXT PRIMARY KEY, told BLOB NOT NULL) WITHOUT ROWID")
            connection.executemany("INSERT INTO about VALUES (?, ?)", sorted(about.items()))
            connection.executemany(
                "INSERT INTO programs VALUES (?, ?)", [(program, msgspec.msgpack.encode(rows)) for program, rows in sorted(programs.items())]
            )
        fresh.replace(folder / FILE)
    finally:
        fresh.unlink(missing_ok=True)
    return Kept(folder / FILE, snapshot, coverage, tuple(sorted(programs)))
