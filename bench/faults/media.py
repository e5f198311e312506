"""Files that are gone, cut, read-only, or on a full disk, and a clock that jumps: a clear message, and a cure that works."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.faults.stage import Ended, Outcome, Stage


def break_media(stage: Stage) -> Iterator[Outcome]:
    embedded = set(stage.engines.values()) == {"embedded"}
    if embedded:
        yield _delete_index(stage)
        yield from _cut_graph(stage, 10)
        yield _read_only(stage)
        yield _full_disk(stage)
    yield _jump(stage)


def _says(ended: Ended, *words: str) -> bool:
    """It failed with one line that says why and what to do, and no traceback."""
    return ended.code in (1, 2) and "Traceback" not in ended.err and all(word in ended.err + ended.out for word in words)


def _note(outcome: Outcome, ended: Ended, *words: str) -> None:
    if not _says(ended, *words):
        outcome.wrong.append(f"the message: {ended.err.strip()[:300] or ended.out.strip()[:300]} (exit code {ended.code})")


def _delete_index(stage: Stage) -> Outcome:
    outcome = Outcome("folder of the index deleted")
    wanted, _ = stage.undisturbed()
    home = stage.filled()
    shutil.rmtree(home / "text")
    _note(outcome, stage.run(home, "check"), "missing", "fazhi repair")
    stage.judge(outcome, home, wanted, stage.run(home, "repair"))
    outcome.note = "`check` names the missing reports; cure: `fazhi repair`"
    stage.drop(home)
    return outcome


def _cut_graph(stage: Stage, tries: int) -> Iterator[Outcome]:
    outcome = Outcome("graph file truncated at a random byte")
    wanted, _ = stage.undisturbed()
    home = stage.filled()
    for _ in range(tries):
        (file,) = (home / "graph").glob("graph-*.kgl")
        os.truncate(file, stage.chance.randrange(file.stat().st_size))
        _note(outcome, stage.run(home, "check"), "graph", "fazhi rebuild graph")
        stage.judge(outcome, home, wanted, stage.run(home, "rebuild", "graph"))
    outcome.note = "whoever asks the graph is told so; searching text goes on; cure: `fazhi rebuild graph`"
    stage.drop(home)
    yield outcome


def _read_only(stage: Stage) -> Outcome:
    outcome = Outcome("data folder read-only")
    with mounted(stage.folder / "disk", f"size={stage.count + 200}m") as disk:
        if disk is None:
            outcome.note = "skipped: needs root and the right to mount"
            return outcome
        home = stage.filled()
        shutil.copytree(home, disk / "home")
        stage.drop(home)
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        outcome.tries = 1
        reads = stage.run(disk / "home", "search", "法律")
        refused = stage.run(disk / "home", "ingest", stage.corpus, "--quiet")
        outcome.clean = int(reads.code == 0 and _says(refused, "can't be written"))
        outcome.note = f"searching works; writing is refused: “{refused.err.strip()[:160].replace(str(disk), 'DIR')}”"
        if not outcome.clean:
            outcome.note += f" search: {reads.err.strip()[:200].replace(str(disk), 'DIR')}"
    return outcome


def _full_disk(stage: Stage) -> Outcome:
    outcome = Outcome("disk full during ingest")
    wanted, _ = stage.undisturbed()
    home = stage.filled()
    room = sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) // 2  # enough to begin, too little to end
    stage.drop(home)
    with mounted(stage.folder / "disk", f"size={room}") as disk:
        if disk is None:
            outcome.note = "skipped: needs root and the right to mount"
            return outcome
        home = disk / "home"
        home.mkdir()
        full = stage.run(home, "ingest", stage.corpus, "--quiet")
        subprocess.run(["mount", "-o", f"remount,size={room * 100}", disk], check=True)
        again = stage.run(home, "ingest", stage.corpus, "--quiet")
        _note(outcome, full)
        stage.judge(outcome, home, wanted, again)
        outcome.note = f"“{full.err.strip().splitlines()[-1][:200].replace(str(disk), 'DIR') if full.err.strip() else ''}”; cure: make room, run it again"
    return outcome


def _jump(stage: Stage) -> Outcome:
    outcome = Outcome("clock set a year forward, then two back, between runs")
    if shutil.which("faketime") is None:
        outcome.note = "skipped: needs the program faketime; tests/fazhi/test_one_truth.py and test_lease.py try it inside one process"
        return outcome
    wanted, _ = stage.undisturbed()
    home = stage.new_home()
    half = stage.folder / "half"
    for path in sorted(stage.corpus.rglob("*.txt"))[::2]:
        copy = half / path.relative_to(stage.corpus)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    ended = [stage.run(home, "ingest", corpus, "--quiet", prefix=("faketime", "-f", shift)) for corpus, shift in ((half, "+1y"), (stage.corpus, "-1y"))]
    stage.judge(outcome, home, wanted, *ended)
    outcome.note = "no answer depends on a clock"
    stage.drop(home)
    return outcome


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path | None]:
    """A small file system in memory; None where it may not be mounted."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=False)
