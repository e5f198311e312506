"""Break things on purpose, many times, and see that a plain rerun puts them right: `python -m bench.faults`.

    python -m bench.faults [--reports 500] [--kills 100] [--seed 1] [--only ingest,rebuild,delete,repair,reuse,order,media] [--home DIR] [--page docs/reliability.md]

Works on whatever engines FAZHI_GRAPH, FAZHI_TEXT and FAZHI_ARCHIVE name, embedded ones otherwise. On servers it empties graph and index before it begins: name
ones that hold nothing else. The yardstick is an undisturbed run of the same reports on the same engines: after every fault and its cure `check --deep` has to be
clean and `fazhi export graph` and `index` have to give the same bytes. Exit code 1 where they did not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.faults import kills, media, orders
from bench.faults.stage import Outcome, Stage

PARTS = ("ingest", "rebuild", "delete", "repair", "reuse", "order", "media")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--kills", type=int, default=100, help="of the ingest; of rebuild, delete, repair and reuse a fifth of that each")
    parser.add_argument("--orders", type=int, default=20, help="shuffled orders")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--home", type=Path, help="where to work; a temporary folder by default")
    parser.add_argument("--page", type=Path, help="write the table into this page, between its marks")
    options = parser.parse_args()
    chosen = options.only.split(",")
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="fazhi-faults-", dir=options.home) as folder:
        stage = Stage(Path(folder), options.reports, options.seed)
        fewer = max(1, options.kills // 5)
        trials = {
            "ingest": lambda: kills.kill_ingest(stage, options.kills),
            "rebuild": lambda: kills.kill_rebuild(stage, fewer),
            "delete": lambda: kills.kill_delete(stage, fewer),
            "repair": lambda: kills.kill_repair(stage, fewer),
            "reuse": lambda: kills.kill_reuse(stage, fewer),
            "order": lambda: orders.shuffle(stage, options.orders),
            "media": lambda: media.break_media(stage),
        }
        for name in chosen:
            for outcome in trials[name]():
                print(f"{outcome.fault}: {outcome.tries} tries, {outcome.clean} clean. {outcome.note}", *outcome.wrong, sep="\n    ", flush=True)
                outcomes.append(outcome)
    return write_table(stage, outcomes, options.page, "faults")


def write_table(stage: Stage, outcomes: list[Outcome], page: Path | None, mark: str) -> int:
    """Print the table, put it between the page's marks of this name, and return the exit code."""
    table = _format(stage, outcomes)
    print(table)
    if page:
        begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
        before, _, rest = page.read_text(encoding="utf-8").partition(begin)
        page.write_text(f"{before}{begin}\n{table}\n{end}{rest.partition(end)[2]}", encoding="utf-8")
    return 0 if all(outcome.clean == outcome.tries and not outcome.wrong for outcome in outcomes) else 1


def _format(stage: Stage, outcomes: list[Outcome]) -> str:
    engines = f"graph {stage.engines['graph']}, text {stage.engines['text']}, archive {stage.engines['archive']}"
    about = (
        f"{stage.count} generated reports, seed {stage.seed}, {stage.batches['FAZHI_BATCH']} in a commit; {engines}; {datetime.now(UTC).date().isoformat()}."
    )
    rows = [f"| {outcome.fault} | {outcome.tries} | {outcome.clean} | {outcome.note} |" for outcome in outcomes]
    return "\n".join([about, "", "| fault | tries | clean and equal afterwards | what was seen |", "| --- | --- | --- | --- |", *rows])


if __name__ == "__main__":
    sys.exit(main())
