"""Measure the whole way on generated reports: `make bench`.

    python bench/run.py [--reports 10000] [--quick] [--servers | --embedded] [--home DIR] [--out FILE] [--page docs/performance.md]

Makes the reports, takes them in, does the bare work beside it, extracts alone, takes them in again, serves them to eight clients, then does the like on a real Neo4j and Elasticsearch where a JDK and Maven are
there, and prints one table with the ratios. Everything is measured in this one run on this one machine, so ratios hold where absolute figures don't. Linux only (it reads /proc). Figures go to
bench/results.json as well.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bare
import extraction
import on_servers
import serving
from generate import generate
from ingesting import changed, check, hashes, ingest

import fazhi

COMMAND = str(Path(sys.executable).with_name("fazhi"))
AIMS = {"ingest": 100.0, "memory": 1536.0, "help": 0.5}
ASKED = (  # kind of question, what it is, the engines alone, p95 in milliseconds
    ("search", "search with facets and highlights", "tantivy", 100.0),
    ("neighbours", "neighbours", "kglite", 50.0),
    ("two_hops", "two hops around an entity", "kglite", 100.0),
    ("combined", "text and graph conditions together", "both engines", 200.0),
)
PAGE_AIMS = {"first": 300.0, "size": 300.0}  # milliseconds until a page begins, kB of it without its charts
_SAMPLE = 550  # reports for extraction alone


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--quick", action="store_true", help="300 reports and short rounds: shows that it runs, and hot spots, no more")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--servers", action="store_true", help="only Neo4j and Elasticsearch")
    only.add_argument("--embedded", action="store_true", help="all but Neo4j and Elasticsearch")
    parser.add_argument("--server-reports", type=int, default=2_000, help="how many of the reports go to the servers, where everything is done several times")
    parser.add_argument("--home", type=Path, help="an empty folder to keep the data in; without it the data goes when the run ends")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("results.json"))
    parser.add_argument(
        "--page", type=Path, help="a page whose tables, between <!-- bench embedded --> and <!-- /bench embedded -->, and the like for servers, are replaced"
    )
    arguments = parser.parse_args()
    reports = 300 if arguments.quick else arguments.reports
    seconds = 3.0 if arguments.quick else 15.0
    with tempfile.TemporaryDirectory(prefix="fazhi-bench-") as folder:
        home = arguments.home or Path(folder) / "home"
        if home.exists() and any(home.iterdir()):
            parser.error(f"{home} is not empty")
        results: dict[str, Any] = {"machine": machine(), "load_before": os.getloadavg()[0]}
        if not arguments.servers:
            results["embedded"] = measure(Path(folder), home, reports, arguments.seed, seconds)
        if not arguments.embedded:
            results["servers"] = measure_servers(Path(folder) / "servers", min(reports, arguments.server_reports), arguments.seed, seconds)
        results["load_after"] = os.getloadavg()[0]
    arguments.out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for part in ("embedded", "servers"):
        if part in results:
            told = "\n".join((f"{describe(results, part)}.", "", *("| " + " | ".join(row) + " |" for row in table(results[part], part))))
            print(f"\n{told}")
            if arguments.page:
                write_between(arguments.page, part, told)
    print(f"\nAll figures: {arguments.out}")
    return 0


def measure(folder: Path, home: Path, reports: int, seed: int, seconds: float) -> dict[str, Any]:
    corpus = folder / "corpus"
    _say(f"making {reports} reports")
    characters = generate(corpus, reports, seed)
    results: dict[str, Any] = {"reports": reports, "characters": characters / reports}
    _say("ingest")
    results["ingest"] = ingest(COMMAND, home, corpus)
    _say(f"{results['ingest']['per_second']:.0f} reports/s; the same input again")
    before = hashes(home)
    results["again"] = ingest(COMMAND, home, corpus)
    results["again"]["changed"] = changed(before, hashes(home))
    with fazhi.open(home, mode="read") as workspace:
        results["check"] = check(COMMAND, workspace)
    results["disk"] = {path.name: size(path) for path in sorted(home.iterdir())}
    _say("bare work")
    results["bare"] = bare.measure(home, corpus, folder / "bare")
    _say("extraction alone")
    files = sorted(corpus.rglob("*.txt"))
    results["extraction"] = extraction.measure(random.Random(seed).sample(files, min(_SAMPLE, len(files))))
    _say("server")
    results["server"] = serving.measure(COMMAND, home, seconds)
    results["help"] = statistics.median(timed([COMMAND, "--help"]) for _ in range(7))
    return results


def measure_servers(folder: Path, reports: int, seed: int, seconds: float) -> dict[str, Any]:
    characters = generate(folder / "corpus", reports, seed)
    return {"reports": reports, "characters": characters / reports, **on_servers.measure(COMMAND, folder / "corpus", folder, seconds, _say)}


def write_between(page: Path, part: str, told: str) -> None:
    begin, end = f"<!-- bench {part} -->", f"<!-- /bench {part} -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    page.write_text(f"{before}{begin}\n{told}\n{end}{rest.partition(end)[2]}", encoding="utf-8")


def size(path: Path) -> float:
    """MiB."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 2**20


def timed(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def machine() -> dict[str, Any]:
    model = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), platform.machine()
    )
    return {"cores": len(os.sched_getaffinity(0)), "model": model, "python": platform.python_version(), "date": datetime.now(UTC).date().isoformat()}


def describe(results: dict[str, Any], part: str) -> str:
    made, found = results["machine"], results[part]
    return (
        f"{found['reports']} generated reports of {found['characters']:.0f} characters; "
        f"{made['cores']} cores ({made['model']}), Python {made['python']}, {made['date']}, load {results['load_before']:.1f} when it began"
    )


def table(found: dict[str, Any], part: str) -> list[tuple[str, str, str]]:
    """Rows of what, how much, and the aim or what it compares with."""
    return [("what", "measured", "aim, or beside it"), ("---", "---", "---"), *(on_servers.rows(found) if part == "servers" else rows(found))]


def rows(results: dict[str, Any]) -> list[tuple[str, str, str]]:
    taken, again, alone, single, served = results["ingest"], results["again"], results["bare"], results["extraction"], results["server"]
    shares = ", ".join(f"{name.removeprefix('fazhi_')} {share:.0%}" for name, share in single["shares"].items())
    told = [
        (
            "ingest, end to end into both stores",
            f"**{taken['per_second']:.0f} reports/s** ({taken['wall']:.0f} s, {taken['cpu']:.0f} s of CPU)",
            f"≥ {AIMS['ingest']:.0f}",
        ),
        (
            "CPU time of a report: workers / main process",
            f"{(taken['cpu'] - taken['cpu_main']) / results['reports'] * 1000:.1f} / {taken['cpu_main'] / results['reports'] * 1000:.1f} ms",
            "",
        ),
        ("memory of ingest: main / largest worker / all together", f"{taken['main']:.0f} / {taken['worker']:.0f} / {taken['total']:.0f} MiB", ""),
        (
            "bare work, one process, one part after the other",
            f"{alone['per_second']:.0f} reports/s (" + ", ".join(f"{name} {took / alone['wall']:.0%}" for name, took in alone["seconds"].items()) + ")",
            "",
        ),
        ("ingest against the bare work", f"{taken['wall'] / alone['wall']:.1f} × its time, {taken['cpu'] / alone['cpu_total']:.1f} × its CPU time", ""),
        (
            "extraction alone on one core",
            f"{single['per_second']:.0f} reports/s ({single['milliseconds']:.1f} ms, {single['facts_per_report']:.0f} facts each)",
            shares,
        ),
        (
            "the same input again",
            f"{again['per_second']:.0f} reports/s; " + (f"changed: {', '.join(again['changed'][:5])}" if again["changed"] else "no file changed"),
            "no file changed",
        ),
        on_servers.check_row(results["check"], results["reports"]),
        ("data folder", ", ".join(f"{name} {megabytes:.0f}" for name, megabytes in results["disk"].items() if megabytes >= 0.5) + " MiB", ""),
    ]
    for name, label, engine, aim in ASKED:
        found, beside = served[name], served[f"bare_{name}"]
        told.append(
            (
                f"{label}, {found['clients']} clients without a pause",
                f"p50 {found['p50']:.1f}, **p95 {found['p95']:.1f}**, p99 {found['p99']:.1f} ms; {found['per_second']:.0f}/s",
                f"p95 < {aim:.0f} ms",
            )
        )
        if f"{name}_alone" in served:
            one = served[f"{name}_alone"]
            told.append((f"{name}, one client", f"p50 {one['p50']:.1f}, p95 {one['p95']:.1f}, p99 {one['p99']:.1f} ms; {one['per_second']:.0f}/s", ""))
        told.append(
            (
                f"{engine} alone, 8 threads, same questions",
                f"p50 {beside['p50']:.1f}, p95 {beside['p95']:.1f}, p99 {beside['p99']:.1f} ms; {beside['per_second']:.0f}/s",
                f"ours takes {beside['per_second'] / found['per_second']:.1f} × as long",
            )
        )
    told.append(pages_row(served["pages"]))
    memory = served["memory"]
    told += [
        (
            f"memory of the server, {memory['processes']} processes together: warm / after the questions",
            f"{memory['started']:.0f} / **{memory['after']:.0f} MiB**",
            f"< {AIMS['memory']:.0f} MiB",
        ),
        ("`fazhi --help`", f"{results['help']:.2f} s", f"< {AIMS['help']} s"),
    ]
    return told


def pages_row(found: dict[str, Any]) -> tuple[str, str, str]:
    """The slowest and the largest pages by name."""
    first = sorted(((kind, told["first"]["p95"]) for kind, told in found["kinds"].items()), key=lambda each: -each[1])
    size = sorted(((kind, told["largest"] / 1000) for kind, told in found["kinds"].items()), key=lambda each: -each[1])
    late = [f"{kind} {milliseconds:.0f}" for kind, milliseconds in first if milliseconds >= PAGE_AIMS["first"]]
    return (
        f"pages, {len(first)} kinds of them, {found['clients']} clients without a pause, until the answer begins",
        f"{len(first) - len(late)} kinds with p95 < {PAGE_AIMS['first']:.0f} ms; slowest: {', '.join(late or [f'{kind} {took:.0f}' for kind, took in first[:3]])} ms; "
        f"largest: {', '.join(f'{kind} {kilobytes:.0f}' for kind, kilobytes in size[:3])} kB",
        f"each p95 < {PAGE_AIMS['first']:.0f} ms, < {PAGE_AIMS['size']:.0f} kB",
    )


def _say(what: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
