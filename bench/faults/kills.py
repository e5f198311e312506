"""``kill -9`` at a random moment, then the same command again."""

from __future__ import annotations

from collections.abc import Iterator

from archive.model import Change
from bench.faults.stage import Outcome, Stage
from diffusion.simulating import simulate
from fazhi import workspace
from fazhi.projection import drain
from fazhi.reusing import list_links, open_reuse


def kill_ingest(stage: Stage, kills: int) -> Iterator[Outcome]:
    """Each time into an empty folder."""
    outcome = Outcome(f"`kill -9` during ingest of {stage.count} reports")
    wanted, seconds = stage.undisturbed()
    reached: list[int] = []
    while outcome.tries < kills:
        home = stage.new_home()
        ended = stage.run(home, "ingest", stage.corpus, "--quiet", kill_after=stage.chance.uniform(0, seconds))
        if ended.killed:
            reached.append(_count(home))
            again = stage.run(home, "ingest", stage.corpus, "--quiet")
            stage.judge(outcome, home, wanted, again)
        stage.drop(home)
    outcome.note = f"killed with {min(reached)} to {max(reached)} reports committed, {sum(not count for count in reached)} times before the first"
    yield outcome


def kill_rebuild(stage: Stage, kills: int) -> Iterator[Outcome]:
    """The old one must be in use and whole before anything is run again."""
    outcome = Outcome("`kill -9` during rebuild")
    wanted, _ = stage.undisturbed()
    home = stage.filled()
    seconds = stage.run(home, "rebuild").seconds
    while outcome.tries < kills:
        ended = stage.run(home, "rebuild", kill_after=stage.chance.uniform(0, seconds))
        if not ended.killed:
            continue
        embedded = stage.engines["graph"] == "embedded"  # Neo4j may keep readers out until the rebuild is run again: docs/engines.md
        old = Outcome("the old one")
        if embedded:
            stage.judge(old, home, wanted)
        again = stage.run(home, "rebuild")
        stage.judge(outcome, home, wanted, again)
        leftovers = [path.name for path in (*(home / "text").glob("index-*"), *(home / "graph").glob("graph-*.kgl"))]
        if old.wrong or len(leftovers) > 2:
            outcome.wrong += [*old.wrong, f"there is {', '.join(leftovers)}"]
            outcome.clean = min(outcome.clean, outcome.tries - 1)
    stage.drop(home)
    outcome.note = "the old one stayed in use, whole; nothing left over after the next rebuild"
    yield outcome


def kill_delete(stage: Stage, kills: int) -> Iterator[Outcome]:
    """Beside a folder that never saw what is deleted."""
    outcome = Outcome("`kill -9` during delete of a fifth of the reports")
    files = sorted(path for path in stage.corpus.rglob("*") if path.is_file())
    gone = sorted(stage.chance.sample(files, max(1, len(files) // 5)))
    keys = [path.relative_to(stage.corpus).as_posix() for path in gone]
    rest = stage.folder / "rest"
    for path in files:
        if path not in gone:
            copy = rest / path.relative_to(stage.corpus)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    wanted, _ = stage.undisturbed(rest)
    home = stage.filled()
    seconds = stage.run(home, "delete", *keys).seconds
    left: list[int] = []
    while outcome.tries < kills:
        stage.run(home, "ingest", stage.corpus, "--quiet")
        ended = stage.run(home, "delete", *keys, kill_after=stage.chance.uniform(0, seconds))
        if not ended.killed:
            continue
        left.append(_count(home) - (stage.count - len(keys)))
        stage.run(home, "delete", *keys)  # exit code 1 where some are gone already: they are named
        stage.judge(outcome, home, wanted)
    stage.drop(home)
    outcome.note = f"killed with {min(left)} to {max(left)} of {len(keys)} still to delete; equal to a store that never saw them"
    yield outcome


def kill_repair(stage: Stage, kills: int) -> Iterator[Outcome]:
    """After a third of the reports were lost from both projections."""
    outcome = Outcome("`kill -9` during repair of a third of the reports")
    wanted, _ = stage.undisturbed()
    home = stage.filled()
    with workspace.open(home, mode="read") as space:
        reports = [report for report, _ in space.archive.fingerprints()]
    seconds = 0.0
    while outcome.tries < kills:
        lost = [Change(sequence=0, report=report, item=None) for report in stage.chance.sample(reports, max(1, len(reports) // 3))]
        with workspace.open(home) as space, space.writing("damage"):
            space.graph.apply(lost)
            space.text.apply(lost)
        if not seconds:
            seconds = stage.run(home, "repair").seconds
            continue
        ended = stage.run(home, "repair", kill_after=stage.chance.uniform(0, seconds))
        again = stage.run(home, "repair")
        if ended.killed:
            stage.judge(outcome, home, wanted, again)
    stage.drop(home)
    outcome.note = "run again, it mends the rest"
    yield outcome


def kill_reuse(stage: Stage, kills: int) -> Iterator[Outcome]:
    """While it is written down, and given to the graph, which reports have words of which, or have them no more."""
    outcome = Outcome("`kill -9` while `reuse build` writes the edges between reports")
    texts = stage.folder / "texts that share words"
    simulate(texts, reports=stage.count, seed=stage.seed)
    home = stage.new_home()
    stage.run(home, "ingest", texts / "reports", "--quiet")
    seconds = stage.run(home, "reuse", "build").seconds
    wanted = stage.content(home)
    between = 0
    while outcome.tries < kills:
        with workspace.open(home) as space, space.writing("test"):
            links = list_links(open_reuse(space))
            space.archive.keep_links(stage.chance.sample(links, outcome.tries % len(links)), snapshot="another")
            drain(space)
        ended = stage.run(home, "reuse", "build", kill_after=stage.chance.uniform(0, seconds))
        if not ended.killed:
            continue
        with workspace.open(home, mode="read") as space:
            between += bool(space.archive.pending_links(1))
        again = stage.run(home, "reuse", "build")
        stage.judge(outcome, home, wanted, again)
    stage.drop(home)
    outcome.note = f"{between} times between archive and graph"
    yield outcome


def _count(home: object) -> int:
    """Documents that are committed."""
    with workspace.open(str(home), mode="read", create=True) as space:
        return space.archive.statistics().documents
