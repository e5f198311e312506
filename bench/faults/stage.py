"""Where faults are tried: reports, data folders, the command as its user runs it, and the bytes that every trial has to end with."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.generate import generate
from fazhi import workspace
from fazhi.exporting import list_lines
from fazhi.settings import load_settings

COMMAND = (sys.executable, "-m", "fazhi")  # the code beside this script, wherever it was copied to


@dataclass
class Outcome:
    fault: str
    tries: int = 0
    clean: int = 0
    note: str = ""
    wrong: list[str] = field(default_factory=list)


@dataclass
class Content:
    """Digests of the exported lines of graph and index, and the archive's snapshot."""

    graph: str
    index: str
    snapshot: str


@dataclass
class Ended:
    """How a command ended; ``seconds`` from when it began to write, ``killed`` after that many."""

    code: int
    out: str
    err: str
    seconds: float
    killed: bool = False


@dataclass
class Stage:
    folder: Path
    count: int
    seed: int
    corpus: Path = field(init=False)
    chance: Random = field(init=False)
    engines: dict[str, str] = field(init=False)
    batches: dict[str, str] = field(init=False)
    _undisturbed: dict[Path, tuple[Content, float]] = field(default_factory=dict)
    _homes: int = 0

    def __post_init__(self) -> None:
        self.corpus = self.folder / "corpus"
        generate(self.corpus, self.count, self.seed)
        self.chance = Random(self.seed)
        # few reports make few commits: smaller ones leave as many moments between them as a large ingest has
        self.batches = {"FAZHI_BATCH": str(min(64, max(1, self.count // 12))), "FAZHI_PROJECTION_BATCH": str(min(256, max(1, self.count // 6)))}
        self.engines = {name: os.environ.get(f"FAZHI_{name.upper()}", "").partition("://")[0] or "embedded" for name in ("graph", "text", "archive")}

    def new_home(self) -> Path:
        """An empty data folder; servers that the environment names are emptied as well."""
        self._homes += 1
        home = self.folder / f"home{self._homes}"
        with workspace.open(home) as space:
            if set(self.engines.values()) != {"embedded"}:
                space.delete([document.key for document in space.archive.documents(counted=False)])
                space.rebuild()
        return home

    def drop(self, home: Path) -> None:
        shutil.rmtree(home, ignore_errors=True)

    def run(
        self,
        home: Path,
        *arguments: object,
        kill_after: float | None = None,
        prefix: tuple[str, ...] = (),
    ) -> Ended:
        """Run ``fazhi``. ``kill_after``: seconds after it began to write at which it gets SIGKILL, unless it has ended by then."""
        command = [*prefix, *COMMAND, "--home", str(home), *map(str, arguments)]
        with suppress(OSError):  # of one that was killed before
            (home / "writer.json").unlink()
        out, err = self.folder / "out", self.folder / "err"  # never on the disk that is being filled
        killed = False
        with out.open("wb") as told, err.open("wb") as complained:
            process = subprocess.Popen(command, stdout=told, stderr=complained, env={**os.environ, **self.batches})
            while not (home / "writer.json").exists() and process.poll() is None:
                time.sleep(0.002)
            began = time.monotonic()
            try:
                process.wait(kill_after)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                killed = True
            process.wait()
        return Ended(process.returncode, out.read_text("utf-8"), err.read_text("utf-8"), time.monotonic() - began, killed)

    def judge(self, outcome: Outcome, home: Path, wanted: Content, *ended: Ended) -> None:
        """Count one try: clean where the commands went well, `check --deep` finds nothing, and all that is stored is as wanted."""
        outcome.tries += 1
        wrong = [f"exit code {one.code}: {one.err.strip()[:200]}" for one in ended if one.code != 0]
        with workspace.open(home, mode="read") as space:
            found = space.check(deep=True)
        if not found.fine:
            wrong.append(f"check --deep: {found}"[:300])
        content = self.content(home)
        wrong += [f"{name} differs" for name in ("graph", "index", "snapshot") if getattr(content, name) != getattr(wanted, name)]
        outcome.clean += not wrong
        outcome.wrong += wrong
        print(f"{outcome.fault}: {outcome.clean} of {outcome.tries} clean", *wrong, file=sys.stderr, flush=True)

    def content(self, home: Path) -> Content:
        with workspace.open(settings=load_settings(home=home), mode="read") as space:
            return Content(graph=_digest(space, "graph"), index=_digest(space, "index"), snapshot=space.archive.snapshot())

    def undisturbed(self, corpus: Path | None = None) -> tuple[Content, float]:
        """What an ingest that nothing disturbs comes to, and the seconds that it writes."""
        corpus = corpus or self.corpus
        if corpus not in self._undisturbed:
            home = self.new_home()
            ended = self.run(home, "ingest", corpus, "--quiet")
            if ended.code != 0:
                raise SystemExit(f"The undisturbed run failed: {ended.err}")
            self._undisturbed[corpus] = self.content(home), ended.seconds
            self.drop(home)
        return self._undisturbed[corpus]

    def filled(self) -> Path:
        """A data folder that holds the corpus."""
        home = self.new_home()
        ended = self.run(home, "ingest", self.corpus, "--quiet")
        if ended.code != 0:
            raise SystemExit(f"Filling failed: {ended.err}")
        return home


def _digest(space: workspace.Workspace, which: str) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for line in list_lines(space, which):  # type: ignore[arg-type]
        digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()
