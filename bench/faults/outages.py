"""Servers that go away, hang or fill their disk in the middle of an ingest: `PYTHONPATH=tests python -m bench.faults.outages`.

    PYTHONPATH=tests python -m bench.faults.outages [--reports 500] [--seconds 60] [--only gone,hung,disk,ingest,rebuild,delete,repair] [--kills 100] [--home DIR] [--page docs/reliability.md]

Starts its own Neo4j and Elasticsearch (``tests/servers``). While one is away, a `fazhi serve` on the same engines is asked every second: what needs the missing engine has to
answer 503 with a problem document, everything else as ever, and all of it again once the engine is back, without a restart. Afterwards `check --deep` has to be
clean and the exports equal to those of an undisturbed run on the same servers. Exit code 1 where they were not.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from servers.starting import Kind, Server, free_port, start

from bench.faults import kills
from bench.faults.__main__ import write_table
from bench.faults.media import mounted
from bench.faults.stage import COMMAND, Outcome, Stage

ASKED = {"/healthz": None, "/readyz": "any", "/api/search?q=法律": "text", "/api/runs": None, "/api/schema": "graph"}  # route → the engine that it needs
PARTS = ("gone", "hung", "disk", "ingest", "rebuild", "delete", "repair")  # the last four: what is killed
SERVER_SECONDS = 120  # how long a stopped server may take to come back
_NAMES: dict[Kind, str] = {"elasticsearch": "Elasticsearch", "neo4j": "Neo4j"}
_DISK: dict[Kind, str] = {"elasticsearch": "40m", "neo4j": "900m"}  # Neo4j sets 256 MB aside for each log of changes before it begins
_SEAM: dict[Kind, str] = {"elasticsearch": "text", "neo4j": "graph"}


class Park:
    """The two servers; each keeps its folder, port and password when it is started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.servers: dict[Kind, Server] = {}
        for kind in _NAMES:
            self.servers[kind] = start(kind, folder / kind)
        graph, text = self.servers["neo4j"], self.servers["elasticsearch"]
        os.environ |= {"FAZHI_GRAPH": graph.url, "FAZHI_GRAPH_USER": graph.user or "", "FAZHI_GRAPH_PASSWORD": graph.password or "", "FAZHI_TEXT": text.url}

    def again(self, kind: Kind) -> None:
        old = self.servers[kind]
        self.servers[kind] = start(kind, self.folder / kind, port=int(old.url.rpartition(":")[2]), password=old.password)

    def stop(self) -> None:
        for server in self.servers.values():
            server.stop(signal.SIGKILL)


class Watch:
    """Asks a `fazhi serve` every route once a second; keeps (second, route, status, whether it was a problem document, seconds it took)."""

    def __init__(self, home: Path) -> None:
        self.address = f"http://127.0.0.1:{free_port()}"
        self.seen: list[tuple[float, str, int, bool, float]] = []
        self._stop = threading.Event()
        self._serving = subprocess.Popen(
            [*COMMAND, "--home", str(home), "serve", "--port", self.address.rpartition(":")[2]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while self._ask("/readyz")[0] != 200:
            time.sleep(0.2)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _ask(self, route: str) -> tuple[int, bool]:
        try:
            with urllib.request.urlopen(self.address + urllib.request.quote(route, safe="/?=&"), timeout=30) as answer:
                return answer.status, False
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get_content_type() == "application/problem+json" and "title" in json.loads(error.read())
        except OSError:
            return 0, False

    def _run(self) -> None:
        while not self._stop.wait(1.0):
            for route in ASKED:
                began = time.monotonic()
                status, problem = self._ask(route)
                self.seen.append((began, route, status, problem, time.monotonic() - began))

    def judge(self, seam: str, since: float, until: float) -> tuple[list[str], str]:
        """What was wrong while ``seam`` was away (a second of grace at both ends), and what was seen."""
        wrong = []
        away = [each for each in self.seen if since + 1 <= each[0] and each[0] + each[4] <= until]
        for _, route, status, problem, _ in away:
            needed = ASKED[route]
            fine = (status == 503 and (problem or route == "/readyz")) if needed in ("any", seam) else status == 200
            if not fine:
                wrong.append(f"{route} answered {status} while {seam} was away")
        after = {route for _, route, status, _, _ in self.seen[-2 * len(ASKED) :] if status == 200}
        wrong += [f"{route} did not recover" for route in ASKED if route not in after]
        slowest = max((each[4] for each in away), default=0.0)
        return sorted(set(wrong)), f"{len(away)} requests to the API meanwhile as they should be, the slowest {slowest:.1f} s"

    def settle(self) -> None:
        """Wait for two whole rounds."""
        count = len(self.seen)
        while len(self.seen) < count + 3 * len(ASKED):
            time.sleep(0.2)

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._serving.send_signal(signal.SIGINT)
        self._serving.wait(30)


@contextmanager
def watching(home: Path) -> Iterator[Watch]:
    watch = Watch(home)
    try:
        yield watch
    finally:
        watch.close()


class Ingest:
    """`fazhi ingest` under way; ``err`` is what its user has seen."""

    def __init__(self, stage: Stage, home: Path) -> None:
        self.err = stage.folder / "err-outage"
        self._stream = self.err.open("wb")
        command = [*COMMAND, "--home", str(home), "ingest", str(stage.corpus)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self._stream, env={**os.environ, **stage.batches})

    def wait(self) -> tuple[int, str]:
        code = self._process.wait()
        self._stream.close()
        return code, self.err.read_text("utf-8", "replace")


def disturb(stage: Stage, park: Park, kind: Kind, seconds: float, *, hung: bool) -> Outcome:
    """Take a server away for a while in the middle of an ingest, with the API running beside."""
    name, seam = _NAMES[kind], _SEAM[kind]
    outcome = Outcome(f"{name} {'hangs (SIGSTOP)' if hung else 'stopped'} for {seconds:.0f} s during ingest")
    wanted, usual = stage.undisturbed()
    home = stage.new_home()
    with watching(home) as watch:
        ingest = Ingest(stage, home)
        time.sleep(1.5 + usual * stage.chance.uniform(0.1, 0.5))
        park.servers[kind].stop(signal.SIGSTOP if hung else signal.SIGTERM)
        since = time.monotonic()
        time.sleep(seconds)
        until = time.monotonic()
        if hung:
            park.servers[kind].go_on()
        else:
            park.again(kind)
        code, said = ingest.wait()
        watch.settle()
        wrong, seen = ([], "") if hung else watch.judge(seam, since, until)
    ended = [stage.run(home, "ingest", stage.corpus, "--quiet")] if code else []
    stage.judge(outcome, home, wanted, *ended)
    if name not in said and not hung:
        wrong.append(f"nothing was said about {name}: {said[-300:]}")
    if "Traceback" in said:
        wrong.append("a traceback reached the user")
    outcome.wrong += wrong
    waited = "went on by itself" if code == 0 else f"ended with exit code {code}; run again"
    outcome.note = f"ingest {waited}{', said “Trying again”' if 'Trying again' in said else ''}; {seen}".rstrip("; ")
    stage.drop(home)
    return outcome


def fill_disk(stage: Stage, folder: Path, kind: Kind) -> Outcome:
    """A server on a file system in memory that gets full, and then room again; Neo4j, which shuts a database that it can't write, is started again then."""
    name, seam = _NAMES[kind], f"FAZHI_{_SEAM[kind].upper()}"
    outcome = Outcome(f"disk of {name} full during ingest")
    wanted, _ = stage.undisturbed()
    with mounted(folder / f"small-{kind}", f"size={_DISK[kind]}") as disk:
        if disk is None:
            outcome.note = "skipped: needs root and the right to mount"
            return outcome
        server = start(kind, disk / "server")
        usual = {setting: value for setting, value in os.environ.items() if setting.startswith(seam)}
        os.environ |= {seam: server.url, f"{seam}_PATIENCE": "10", **({f"{seam}_PASSWORD": server.password} if server.password else {})}
        try:
            home = stage.new_home()
            ballast = disk / "ballast"
            with ballast.open("wb") as stream:
                free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
                stream.write(b"\0" * max(0, free - 400_000))
            full = stage.run(home, "ingest", stage.corpus, "--quiet")
            ballast.unlink()
            subprocess.run(["mount", "-o", "remount,size=2g", disk], check=True)
            if kind == "neo4j":
                server.stop(signal.SIGKILL)
                server = start(kind, disk / "server", port=int(server.url.rpartition(":")[2]), password=server.password)
            deadline = time.monotonic() + SERVER_SECONDS
            again = stage.run(home, "ingest", stage.corpus, "--quiet")
            while again.code and time.monotonic() < deadline:  # the server looks at its disk now and then
                time.sleep(5)
                again = stage.run(home, "ingest", stage.corpus, "--quiet")
            stage.judge(outcome, home, wanted, again)
            if full.code == 0 or "Traceback" in full.err:
                outcome.wrong.append(f"exit code {full.code}: {full.err.strip()[:300]}")
            told = full.err.strip().splitlines()[-1][:300].replace(server.url, "URL") if full.err.strip() else ""
            outcome.note = f"“{told}”; cure: make room{', start Neo4j again' if kind == 'neo4j' else ''}, run it again"
            stage.drop(home)
        finally:
            os.environ.pop(f"{seam}_PATIENCE", None)
            os.environ |= usual
            server.stop(signal.SIGKILL)
    return outcome


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults.outages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--kills", type=int, default=100, help="of the ingest; of rebuild, delete and repair a fifth of that each")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--home", type=Path)
    parser.add_argument("--page", type=Path, help="write the table into this page, between its marks")
    options = parser.parse_args()
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="fazhi-outages-", dir=options.home) as scratch:
        folder = Path(scratch)
        park = Park(folder)
        fewer = max(1, options.kills // 5)
        try:
            stage = Stage(folder, options.reports, options.seed)
            trials: dict[str, list[Callable[[], Outcome]]] = {
                "gone": [lambda kind=kind: disturb(stage, park, kind, options.seconds, hung=False) for kind in _NAMES],  # type: ignore[misc]
                "hung": [lambda kind=kind: disturb(stage, park, kind, options.seconds, hung=True) for kind in _NAMES],  # type: ignore[misc]
                "disk": [lambda kind=kind: fill_disk(stage, folder, kind) for kind in _NAMES],  # type: ignore[misc]
                "ingest": [lambda: next(kills.kill_ingest(stage, options.kills))],
                "rebuild": [lambda: next(kills.kill_rebuild(stage, fewer))],
                "delete": [lambda: next(kills.kill_delete(stage, fewer))],
                "repair": [lambda: next(kills.kill_repair(stage, fewer))],
            }
            for part in options.only.split(","):
                for trial in trials[part]:
                    outcome = trial()
                    print(f"{outcome.fault}: {outcome.tries} tries, {outcome.clean} clean. {outcome.note}", *outcome.wrong, sep="\n    ", flush=True)
                    outcomes.append(outcome)
        finally:
            park.stop()
        return write_table(stage, outcomes, options.page, "outages")


if __name__ == "__main__":
    sys.exit(main())
