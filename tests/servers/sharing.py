"""One server of a kind for a whole test run, however many workers it has: the first that asks starts it, the process that began the run stops it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from servers.starting import Absent, Kind, Server, lives, start

ADDRESSES: dict[Kind, str] = {
    "neo4j": "NEO4J_URI",
    "elasticsearch": "ELASTICSEARCH_URL",
    "elasticsearch9": "ELASTICSEARCH9_URL",
    "postgresql": "POSTGRESQL_URL",
}


@dataclass(frozen=True)
class Run:
    """One test run: ``folder`` is shared by its workers, ``owner`` is the process that began it."""

    folder: Path
    owner: int

    @staticmethod
    def begin() -> Run:
        for left in Path(tempfile.gettempdir()).glob("fazhi-servers-*-*"):  # by a run that was killed; its servers have ended by themselves
            pid = left.name.split("-")[2]
            if pid.isdigit() and not lives(int(pid)):
                shutil.rmtree(left, ignore_errors=True)
        return Run(Path(tempfile.mkdtemp(prefix=f"fazhi-servers-{os.getpid()}-")), os.getpid())

    def end(self) -> None:
        for note in self.folder.glob("*.json"):
            _read(note).stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, kind: Kind) -> Server:
        """The server of this kind; started if nobody has asked before. Skips the test where there is none, and fails it under CI=true."""
        if address := os.environ.get(ADDRESSES[kind]):
            prefix = kind.upper().removesuffix("9")
            return Server(address, os.environ.get(f"{prefix}_USER"), os.environ.get(f"{prefix}_PASSWORD"))
        note, refusal = self.folder / f"{kind}.json", self.folder / f"{kind}.absent"
        with FileLock(self.folder / f"{kind}.lock"):
            if note.exists():
                return _read(note)
            if not refusal.exists():
                try:
                    server = start(kind, self.folder / kind, owner=self.owner)
                except Absent as absent:
                    refusal.write_text(str(absent), encoding="utf-8")
                else:
                    note.write_text(json.dumps({**vars(server), "folder": str(server.folder)}), encoding="utf-8")
                    return server
        raise give_up(f"no {kind} server: {ADDRESSES[kind]} is not set, and {refusal.read_text(encoding='utf-8')}")

    @contextmanager
    def only_user(self, kind: Kind) -> Iterator[None]:
        """Keep the other workers from a server in the meantime: Neo4j's community edition has one graph for all."""
        with FileLock(self.folder / f"{kind}.use"):
            yield


def give_up(reason: str) -> BaseException:
    """To be raised: skips the test, or fails it under CI=true."""
    if os.environ.get("CI", "").lower() in ("true", "1"):
        return pytest.fail.Exception(reason, pytrace=False)
    return pytest.skip.Exception(reason)


def _read(note: Path) -> Server:
    told = json.loads(note.read_text(encoding="utf-8"))
    return Server(**{**told, "folder": Path(told["folder"])})
