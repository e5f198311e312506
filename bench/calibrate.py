"""How often each rule is right on labelled texts, written to vocabulary/confidence.yaml: what a fact's confidence means.

    python bench/calibrate.py GOLD TEXTS [GOLD TEXTS …] [--scorer score.py]

GOLD are labels as bench/labelled/README.md describes them (or the labels of seeds.jsonl), TEXTS the folder with the texts. A prediction is right where the scorer matches it
with a label, for metrics in number and name; predictions that meet a generic label are not counted. Each text is counted once a name, as the scorer does.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import msgspec

from ingest.model import Fact
from ingest.pipeline import load_pipeline
from ingest.readers import Limits, Unreadable, iter_sources

ROOT = Path(__file__).resolve().parents[1]
SCORER = ROOT.parent / "shared" / "gold" / "score.py"
GRADED = ("metric.table",)  # says itself, case by case, how much was taken for granted; one figure for all would say less
HEAD = """# How often each rule was right on labelled texts: right, of. Made by `python bench/calibrate.py`, not by hand.
# A fact's confidence follows from them (ingest/confidence.py); rules that are not listed keep what they state, cut to what their type reaches.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", type=Path, metavar="GOLD TEXTS")
    parser.add_argument("--scorer", type=Path, default=SCORER)
    arguments = parser.parse_args()
    if len(arguments.pairs) % 2:
        parser.error("labels and texts come in pairs")
    scorer = _load(arguments.scorer)
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for gold, texts in zip(arguments.pairs[::2], arguments.pairs[1::2], strict=True):
        _count(scorer, gold, texts, counted)
    for rule in GRADED:
        counted.pop(rule, None)
    lines = [f"{rule}: {{right: {count['right']}, of: {count['right'] + count['wrong']}}}\n" for rule, count in sorted(counted.items())]
    (ROOT / "vocabulary" / "confidence.yaml").write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{len(lines)} rules, {sum(sum(count.values()) for count in counted.values())} predictions")
    return 0


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("scorer", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"There is no scorer at {path}.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _count(scorer: Any, gold: Path, texts: Path, counted: dict[str, Counter[str]]) -> None:
    labels, _, _ = scorer.read_gold(gold)
    documents = {label["doc"] for label in labels}
    pipeline = load_pipeline()
    for source in iter_sources([texts], limits=Limits()):
        if isinstance(source, Unreadable):
            continue
        name = Path(source.key).name
        document = name if name in documents else Path(name).stem
        if document not in documents:
            continue
        wanted = [label for label in labels if label["doc"] == document]
        seen: set[tuple[str, str]] = set()
        for fact in pipeline.analyse(source).facts:
            kind = scorer.group(fact.type)
            if kind not in scorer.SCORED:
                continue
            if kind != "metric":
                key = (kind, scorer.fold(fact.canonical or fact.surface))
                if key in seen:
                    continue
                seen.add(key)
            verdict = _judge(scorer, fact, [label for label in wanted if label["kind"] == kind])
            if verdict is not None:
                counted[fact.rule]["right" if verdict else "wrong"] += 1


def _judge(scorer: Any, fact: Fact, labels: list[dict[str, Any]]) -> bool | None:
    """Whether a label says so; None where only a generic one does."""
    row = msgspec.to_builtins(fact)
    fits = scorer.same_number if fact.type == "metric" else scorer.same_name
    met = [label for label in labels if fits(label, row)]
    asked = [label for label in met if not label["free"]]
    if not met and fact.type == "date" and any(label["start"] is not None for label in labels):
        return None  # the labels with offsets name only some dates
    if fact.type == "metric" and asked:
        return any(scorer.named(label, row) for label in asked)
    return True if asked else None if met else False


if __name__ == "__main__":
    sys.exit(main())
