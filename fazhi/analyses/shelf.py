"""Where analyses are kept: a folder each below ``analyses`` of the data folder, ``run.json`` for how it stands, ``result.json`` for what came out.

They hold nothing that can't be reckoned again, so a backup leaves them out and each can be deleted at any time.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import msgspec

from archive.store import now
from fazhi.errors import Conflict, Invalid, NotFound

Kind = Literal["trace", "network", "reuse"]
State = Literal["queued", "running", "done", "failed", "cancelled"]
FOLDER = "analyses"
OPEN: frozenset[State] = frozenset({"queued", "running"})
MOST = 200  # kept; of more the oldest finished ones go
_MOST_OPEN = 50
_ID = re.compile(r"a[1-9][0-9]{0,8}")
_TAKEN = {"trace": {"program"}, "network": {"resamples", "shuffles"}, "reuse": set()}


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """How an analysis stands. ``snapshot``: of the collection that it was made of, once it is done; until then the one it was asked of.

    The same kind, parameters, seed, snapshot and version give the same bytes, whose SHA-256 is ``digest``.
    """

    id: str
    kind: Kind
    parameters: dict[str, Any]
    seed: int
    snapshot: str
    version: str
    state: State
    created: str
    started: str | None = None
    finished: str | None = None
    done: int = 0
    total: int | None = None
    error: str | None = None
    digest: str | None = None


class Shelf:
    """The analyses of one data folder. Several processes may use it: every file is put in its place whole."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    def add(self, kind: Kind, parameters: dict[str, Any], seed: int, *, snapshot: str, version: str) -> Analysis:
        """A queued analysis. Raises Invalid for parameters that its kind does not take, Conflict where too many wait."""
        check(kind, parameters)
        there = self.list()
        if sum(one.state in OPEN for one in there) >= _MOST_OPEN:
            raise Conflict(f"{_MOST_OPEN} analyses wait already.", cure="Wait until some are done, or cancel one with DELETE /api/runs/{id}.")
        number = max((int(one.id[1:]) for one in there), default=0) + 1
        while True:
            try:
                (self.folder / f"a{number}").mkdir(parents=True)
                break
            except FileExistsError:
                number += 1
        analysis = Analysis(
            id=f"a{number}", kind=kind, parameters=parameters, seed=seed, snapshot=snapshot, version=version, state="queued", created=now()
        )  # fmt: skip
        self.put(analysis)
        for old in [one for one in there if one.state not in OPEN][MOST - 1 :]:
            shutil.rmtree(self.folder / old.id, ignore_errors=True)
        return analysis

    def list(self) -> list[Analysis]:
        """All, newest first."""
        if not self.folder.is_dir():
            return []
        found = [self._read(path.name) for path in self.folder.iterdir() if _ID.fullmatch(path.name)]
        return sorted((one for one in found if one is not None), key=lambda one: -int(one.id[1:]))

    def read(self, id: str) -> Analysis:
        """Raises NotFound."""
        found = self._read(id) if _ID.fullmatch(id) else None
        if found is None:
            raise NotFound(f"There is no analysis {id}.", cure="GET /api/runs lists those that there are.")
        return found

    def result(self, id: str) -> bytes:
        """What came out, as it is kept. Raises NotFound, and Conflict where it is not done."""
        analysis = self.read(id)
        if analysis.state != "done":
            why = analysis.error or f"it is {analysis.state}"
            raise Conflict(
                f"Analysis {id} has no result: {why}.", cure="Ask GET /api/runs/{id} how it stands." if analysis.state in OPEN else "Ask for it again."
            )
        return (self.folder / id / "result.json").read_bytes()

    def put(self, analysis: Analysis) -> None:
        self._write(self.folder / analysis.id / "run.json", msgspec.json.encode(analysis))

    def put_result(self, id: str, result: bytes) -> None:
        self._write(self.folder / id / "result.json", result)

    def tell(self, id: str, done: int, total: int) -> None:
        """Progress of a running analysis, in a file of its own: who works must not write over what cancels it."""
        self._write(self.folder / id / "progress.json", msgspec.json.encode([done, total]))

    def remove(self, id: str) -> None:
        shutil.rmtree(self.folder / id, ignore_errors=True)

    def _read(self, id: str) -> Analysis | None:
        try:
            analysis = msgspec.json.decode((self.folder / id / "run.json").read_bytes(), type=Analysis)
        except (FileNotFoundError, msgspec.DecodeError):
            return None
        if analysis.state == "running":
            with suppress(FileNotFoundError, msgspec.DecodeError):
                done, total = msgspec.json.decode((self.folder / id / "progress.json").read_bytes(), type=tuple[int, int])
                analysis = msgspec.structs.replace(analysis, done=done, total=total)
        return analysis

    def _write(self, path: Path, content: bytes) -> None:
        beside = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            with beside.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except FileNotFoundError:  # it was removed meanwhile
            return


def check(kind: Kind, parameters: dict[str, Any]) -> None:
    """Raises Invalid."""
    unknown = sorted(set(parameters) - _TAKEN[kind])
    if unknown:
        raise Invalid(f"An analysis of kind {kind} takes no {', '.join(unknown)}.", cure=f"It takes {', '.join(sorted(_TAKEN[kind])) or 'no parameters'}.")
    if kind == "trace" and not str(parameters.get("program") or "").strip():
        raise Invalid("A trace needs a program.", cure='Give its name or id in parameters: {"program": "法律八进"}.')
