"""How the second reading by examples does on a hand that it has not seen: `python bench/score_examples.py` leaves one hand of vocabulary/examples/sentences.tsv
out at a time, learns from the others, and reads that one's sentences.

The columns: sentences of deeds, the share of these that would be doubted; sentences of anything else outside sections of plans and problems (there the
section decides), the share of these that would be doubted, and the share of these that are given the right name.
"""

from __future__ import annotations

from ingest.examples.reading import DOUBTED, SENTENCES, weigh
from ingest.examples.training import parse, train

_DECIDED = ("plan", "problems", "heading")


def main() -> None:
    examples = parse(SENTENCES.read_text(encoding="utf-8"))
    print(f"{'hand':10} {'deeds':>6} {'doubted':>8} {'others':>7} {'doubted':>8} {'rightly named':>14}")
    for hand in sorted({example.hand for example in examples}):
        weights = train([example for example in examples if example.hand != hand])
        told = [
            (example.said, weigh(weights, example.sentence, example.section))
            for example in examples
            if example.hand == hand and example.section not in _DECIDED
        ]
        deeds = [chances["done"] < DOUBTED for said, chances in told if said == "done"]
        others = [(said, chances) for said, chances in told if said != "done"]
        caught = [
            (said, max((each for each in chances if each != "done"), key=lambda each: chances[each])) for said, chances in others if chances["done"] < DOUBTED
        ]
        right = sum(said == named for said, named in caught)
        print(
            f"{hand:10} {len(deeds):6} {sum(deeds) / max(len(deeds), 1):8.3f} {len(others):7} {len(caught) / max(len(others), 1):8.3f} {right / max(len(others), 1):14.3f}"
        )


if __name__ == "__main__":
    main()
