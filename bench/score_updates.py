"""How far bringing a few reports into a comparison agrees with comparing all again, and what it costs.

    python bench/score_updates.py --reports 1000 --left-out 20 --family enumerated narrative --seeds 1
    python bench/score_updates.py --reports 10000 --left-out 1 --family narrative --seeds 7 --draws 5

Of a simulated collection some reports are left out, the rest is compared, they are brought in, and the pairs are held against those of the whole collection. Then
as many others are taken out again. A pair agrees where both know the same two reports, kind and, by more than half, places.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from score_diffusion import items_of

from diffusion.reuse import Index, Pair, bring_in, build
from diffusion.reuse.model import Options
from diffusion.simulating import FAMILIES, simulate


def agree(one: Pair, other: Pair) -> bool:
    def share(start: int, end: int, begin: int, stop: int) -> float:
        return (min(end, stop) - max(start, begin)) / max(1, end - start, stop - begin)

    return share(one.a_start, one.a_end, other.a_start, other.a_end) > 0.5 and share(one.b_start, one.b_end, other.b_start, other.b_end) > 0.5


def count_found(wanted: Iterable[Pair], there: Iterable[Pair]) -> tuple[int, int]:
    """(how many of ``wanted`` are there, how many there are)."""
    by_ends: dict[tuple[str, str, str], list[Pair]] = defaultdict(list)
    for pair in there:
        by_ends[pair.a, pair.b, pair.kind].append(pair)
    wanted = list(wanted)
    return sum(any(agree(pair, other) for other in by_ends[pair.a, pair.b, pair.kind]) for pair in wanted), len(wanted)


def score(whole: Sequence[Pair], brought: Sequence[Pair], keys: set[str]) -> dict[str, Any]:
    """Recall and precision of the pairs of these reports, by kind; of copies also whether the best source is the same one; and how many others are the same."""
    figures: dict[str, Any] = {}
    for kind in ("copy", "self", "template"):
        one, other = ([pair for pair in pairs if pair.kind == kind and {pair.a, pair.b} & keys] for pairs in (whole, brought))
        found, wanted = count_found(one, other)
        right, there = count_found(other, one)
        figures[kind] = {"pairs": wanted, "recall": round(found / max(1, wanted), 4), "precision": round(right / max(1, there), 4)}
    best = [[pair for pair in pairs if pair.kind == "copy" and pair.best and {pair.a, pair.b} & keys] for pairs in (whole, brought)]
    figures["best source"] = round(count_found(best[0], best[1])[0] / max(1, len(best[0])), 4)
    rest = [{pair for pair in pairs if not {pair.a, pair.b} & keys} for pairs in (whole, brought)]
    figures["others the same"] = round(len(rest[0] & rest[1]) / max(1, len(rest[0] | rest[1])), 5)
    return figures


def run(family: str, reports: int, left_out: int, seed: int, draws: int) -> Iterable[dict[str, Any]]:
    options = Options()
    with tempfile.TemporaryDirectory(prefix="updates-") as folder:
        simulate(Path(folder) / "out", reports=reports, seed=seed, family=family, missing=0.1)
        items = items_of(Path(folder) / "out", json.loads((Path(folder) / "out" / "truth.json").read_bytes()))
        texts = {item.key: item.text for item in items}
        whole = build(items, options).pairs
        for draw in range(draws):
            chance = random.Random(100 * seed + draw)
            new = chance.sample(items, left_out)
            keys = {item.key for item in new}
            home = Path(folder) / f"index-{draw}"
            Index.save(home, build([item for item in items if item.key not in keys], options), "before", options)
            if not draw:
                bring_in(_opened(home), (), new, texts.__getitem__, "warm")  # compiled and in the system's memory, as where reports come every day
                Index.save(home, build([item for item in items if item.key not in keys], options), "before", options)
            began, cpu = time.monotonic(), time.process_time()
            index = bring_in(_opened(home), (), new, texts.__getitem__, "after")
            took = {"seconds": round(time.monotonic() - began, 2), "cpu seconds": round(time.process_time() - cpu, 2)}
            yield {"family": family, "seed": seed, "draw": draw, "brought in": len(new), **took, **score(whole, list(index.pairs()), keys)}
            gone = {item.key for item in chance.sample([item for item in items if item.key not in keys], left_out)}
            began, cpu = time.monotonic(), time.process_time()
            index = bring_in(_opened(home), gone, (), texts.__getitem__, "later")
            took = {"seconds": round(time.monotonic() - began, 2), "cpu seconds": round(time.process_time() - cpu, 2)}
            rest = build([item for item in items if item.key not in gone], options).pairs if reports <= 2000 else ()
            told = score(rest, list(index.pairs()), texts.keys() - gone) if rest else {}
            told.pop("others the same", None)
            yield {"family": family, "seed": seed, "draw": draw, "taken out": len(gone), **took, **told}


def _opened(home: Path) -> Index:
    index = Index.open(home)
    assert index is not None
    return index


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--left-out", type=int, default=20)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--family", nargs="+", choices=sorted(FAMILIES), default=sorted(FAMILIES))
    parser.add_argument("--draws", type=int, default=1)
    arguments = parser.parse_args()
    for family in arguments.family:
        for seed in arguments.seeds:
            for figures in run(family, arguments.reports, arguments.left_out, seed, arguments.draws):
                print(json.dumps(figures, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
