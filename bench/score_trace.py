"""Score tracing on simulated collections, from raw text to adoptions, sources and network: part of `make score-diffusion`.

    python bench/score_trace.py [--reports 1000] [--seeds 1 2] [--family enumerated narrative] [--missing 0.1] [--resamples 100] [--json]

Reports go through `fazhi ingest`, the answers are those of `fazhi trace` and `fazhi network`; truth.json is only compared with.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import fazhi
from diffusion.adoptions.model import CLAIMS
from diffusion.networks import trust
from diffusion.networks.cascades import Ints
from diffusion.networks.panel import Panel, build
from diffusion.networks.parents import fit
from diffusion.simulating import FAMILIES, simulate
from fazhi.studying import TEXT, study
from fazhi.tracing import Trace, draw_network, trace
from fazhi.workspace import Workspace

CLAIMED = {"adopted", "continued", "reported_by_superior", "stopped"}
PEERS = {"sibling", "horizontal"}


class Target(NamedTuple):
    value: float
    at_most: bool = False


TARGETS = {
    "adoptions F1": Target(0.92),
    "planned as done": Target(0.02, at_most=True),
    "intervals hold the year": Target(0.95),
    "median width": Target(1.0, at_most=True),
    "source of peer adoptions": Target(0.85),
    "channel": Target(0.90),
    "shown edges right": Target(0.90),
    "shown on shuffled data": Target(0.05, at_most=True),
}


def score(truth: dict[str, Any], traces: dict[str, Trace]) -> dict[str, Any]:
    adopted = {(told["place"], told["program"]): told for told in truth["adoptions"]}
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for told in truth["mentions"]:
        said[told["place"], told["program"]].add(told["status"])
    should = {key for key, statuses in said.items() if statuses & CLAIMED}
    rows = {(row.place, program): row for program, found in traces.items() for row in found.adoptions if row.program == program}
    claims = {key for key, row in rows.items() if row.status in CLAIMS}
    planned = {key for key, statuses in said.items() if "planned" in statuses and not statuses & CLAIMED}
    sources = {(row.place, program): row for program, found in traces.items() for row in found.attributions if row.program == program}
    held, widths, channel, source, words = [], [], [], [], []
    for key in sorted(claims & adopted.keys()):
        row, true, told = rows[key], adopted[key], sources[key]
        assert row.t_upper is not None
        held.append((row.t_lower is None or row.t_lower < true["year"]) and true["year"] <= row.t_upper)
        widths.append(row.t_upper - row.t_lower if row.t_lower is not None else np.inf)
        channel.append(told.channel == true["channel"])
        if true["channel"] in PEERS:
            source.append(told.source == true["source"])
            if told.text_backed:
                words.append(told.source == true["source"])
    precision, recall = share(len(claims & should), len(claims)), share(len(claims & should), len(should))
    return {
        "adoptions F1": 2 * precision * recall / max(precision + recall, 1e-9),
        "planned as done": share(len(planned & claims), len(planned)),
        "intervals hold the year": share(sum(held), len(held)),
        "median width": float(statistics.median(widths)) if widths else float("nan"),
        "source of peer adoptions": share(sum(source), len(source)),
        "channel": share(sum(channel), len(channel)),
        "source where words tell it": share(sum(words), len(words)),
        "counts": {
            "to be claimed": len(should),
            "claimed": len(claims),
            "planned only": len(planned),
            "of peers": len(source),
            "of them told by words": len(words),
        },
    }


def score_network(truth: dict[str, Any], workspace: Workspace, resamples: int) -> dict[str, Any]:
    found = draw_network(workspace, resamples=resamples, shuffles=resamples)
    true = {(edge["source"], edge["target"]) for edge in truth["network"]}
    shown = [edge for edge in found.edges if edge.shown]
    assembled = study(workspace).assembled
    cohort = trust.choose_cohorts(assembled.places)
    false = [show_shuffled(assembled.panel, cohort, exchanged, resamples) for exchanged in (cohort, np.zeros_like(cohort))]
    return {
        "shown edges right": share(sum((edge.source, edge.target) in true for edge in shown), len(shown)),
        "shown on shuffled data": share(max(false), len(shown)),
        "edges": {"shown": len(shown), "true": len(true), "where neighbours are exchanged": false[0], "where anybody is": false[1]},
    }


def show_shuffled(panel: Panel, cohort: Ints, exchanged: Ints, resamples: int) -> int:
    """Edges that would be shown where those of each group of ``exchanged`` who took a practice up have changed places. All count, also without words."""
    shuffled = trust.exchange(panel, exchanged, np.random.default_rng(7))
    parents = build(shuffled, TEXT)
    return int(trust.judge(shuffled, TEXT, parents, fit(parents.problem), cohort, resamples=resamples, shuffles=resamples, seed=2).shown.sum())


def share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def run(family: str, reports: int, seed: int, missing: float, resamples: int) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="trace-"))
    try:
        simulate(folder / "out", reports=reports, seed=seed, family=family, missing=missing)
        truth = json.loads((folder / "out" / "truth.json").read_bytes())
        with fazhi.open(folder / "home") as workspace:
            workspace.ingest([folder / "out" / "reports"])
            traces = {
                told["id"]: trace(workspace, told["name"]) for told in truth["programs"] if any(each["program"] == told["id"] for each in truth["mentions"])
            }
            figures = score(truth, traces)
            if resamples:
                figures |= score_network(truth, workspace, resamples)
        return {"family": family, "seed": seed, "missing": missing, **figures}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--family", nargs="+", choices=sorted(FAMILIES), default=sorted(FAMILIES))
    parser.add_argument("--missing", type=float, default=0.1)
    parser.add_argument("--resamples", type=int, default=100, help="0: no network")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    met = True
    for family in arguments.family:
        for seed in arguments.seeds:
            figures = run(family, arguments.reports, seed, arguments.missing, arguments.resamples)
            if arguments.json:
                print(json.dumps(figures, ensure_ascii=False))
                continue
            print(f"\n{family}, seed {seed}, {arguments.reports} reports, {arguments.missing:.0%} missing: {figures['counts']} {figures.get('edges', '')}")
            for name, target in TARGETS.items():
                if name not in figures:
                    continue
                value = figures[name]
                good = value <= target.value if target.at_most else value >= target.value
                met = met and good
                print(f"  {name:26} {value:6.3f}   {'at most' if target.at_most else 'at least'} {target.value:.2f} {'' if good else '  MISSED'}")
            print(f"  {'source where words tell it':26} {figures['source where words tell it']:6.3f}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
