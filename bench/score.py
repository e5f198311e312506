"""Score extraction against labels: `make score` runs it on the five labelled reports beside the repository, LABELLED=held_out on those of bench/labelled.

    python bench/score.py [--labelled development|held_out|unseen] [--gold GOLD.jsonl] [--texts FOLDER] [--scorer score.py] [--errors N]

The labelled reports are not part of the repository; where they are absent this says so and ends with 0 (with 1 under CI=true).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from ingest.pipeline import load_pipeline
from ingest.readers import Limits, Unreadable, iter_sources

SHARED = Path(__file__).resolve().parents[2] / "shared"
LABELLED = Path(__file__).resolve().parent / "labelled"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=SHARED / "gold" / "seeds.jsonl")
    parser.add_argument("--texts", type=Path, default=SHARED / "seeds")
    parser.add_argument("--scorer", type=Path, default=SHARED / "gold" / "score.py")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--labelled", choices=("development", "held_out", "unseen"))
    arguments = parser.parse_args()
    if arguments.labelled:
        arguments.gold, arguments.texts = LABELLED / f"{arguments.labelled}.jsonl", LABELLED / arguments.labelled
    missing = [path for path in (arguments.gold, arguments.texts, arguments.scorer) if not path.exists()]
    if missing:
        print(f"No labelled reports here ({missing[0]} is absent): nothing to score.")
        return 1 if os.environ.get("CI") == "true" else 0
    pipeline = load_pipeline()
    with tempfile.NamedTemporaryFile("wb", suffix=".jsonl") as predicted:
        for source in iter_sources([arguments.texts], limits=Limits()):
            if isinstance(source, Unreadable):
                print(source)
                continue
            for fact in pipeline.analyse(source).facts:
                predicted.write(msgspec.json.encode(fact) + b"\n")
        predicted.flush()
        return subprocess.run([sys.executable, arguments.scorer, arguments.gold, predicted.name, "--errors", str(arguments.errors)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
