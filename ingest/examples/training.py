"""What the sentences of ``vocabulary/examples/sentences.tsv`` teach: weights of their features, by multinomial logistic regression.

    python -m ingest.examples.training

makes ``weights.json`` anew. Features that fewer than ``HANDS`` hands use are left out: what one writer's turns of phrase tell would be learnt by heart, and
those who read reports of others' hands had nothing of it.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, get_args

import msgspec

from ingest.examples.features import features
from ingest.examples.marking import PRACTICE, plain
from ingest.examples.reading import SAID, SENTENCES, WEIGHTS, Weights
from ingest.model import SectionKind

HANDS = 4
_STRICTNESS = 5.0  # of the ridge penalty: half the sum of squares times this, against the log-likelihood of the examples
_SECTION = 3.0  # a section's kind is one feature against the hundreds of a sentence
_ROUNDS = 300
_CLAUSE = re.compile(r"[，；。：]")
_ITEM = re.compile(r"^(?:[一二三四五六七八九十]{1,2}是|（[一二三四五六七八九十]{1,2}）|0[.、])")


class Example(NamedTuple):
    said: str
    section: str
    hand: str
    sentence: str


class NotAnExample(ValueError):
    """A line of the file that says no example; the message names line and cure."""


def parse(text: str) -> list[Example]:
    """Lines of the file. Raises NotAnExample."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        example = Example(*fields) if len(fields := line.split("\t")) == 4 else None
        if example is None or example.said not in SAID or example.section not in get_args(SectionKind) or example.sentence.count(PRACTICE) != 1:
            raise NotAnExample(
                f"{SENTENCES.name}, line {number}: expected what is said ({', '.join(SAID)}), the section's kind ({', '.join(get_args(SectionKind))}), "
                f"a hand and a sentence with one {PRACTICE}, with tabs between them"
            )
        found.append(example._replace(sentence=plain(example.sentence)))
    return found


def train(examples: Sequence[Example], sha256: str = "", hands: int = HANDS) -> Weights:
    """Weights in hundredths. Raises ValueError without examples."""
    import numpy
    from scipy.optimize import minimize
    from scipy.special import logsumexp

    if not examples:
        raise ValueError("no examples to learn from")
    examples = [*examples, *_clauses(examples)]
    told = [features(example.sentence, example.section) for example in examples]
    names = _shared(zip((example.hand for example in examples), told, strict=True), hands)
    scale = numpy.array([_SECTION if name.startswith("section ") else 1.0 for name in names])
    there = _matrix(told, names).multiply(scale).tocsr()
    truth = numpy.eye(len(SAID))[[SAID.index(example.said) for example in examples]]

    def loss(flat: Any) -> tuple[float, Any]:
        weights = flat.reshape(len(names) + 1, len(SAID))
        scores = there @ weights[:-1] + weights[-1]
        total = logsumexp(scores, axis=1, keepdims=True)
        off = numpy.exp(scores - total) - truth
        value = float((total[:, 0] - (scores * truth).sum(axis=1)).sum() + _STRICTNESS / 2 * (weights[:-1] ** 2).sum())
        return value, numpy.vstack([there.T @ off + _STRICTNESS * weights[:-1], off.sum(axis=0)]).ravel()

    start = numpy.zeros((len(names) + 1) * len(SAID))
    weights = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS, "ftol": 1e-7}).x.reshape(len(names) + 1, len(SAID))
    weights[:-1] *= scale[:, None]
    rounded = numpy.rint(weights * 100).astype(int).tolist()
    return Weights(sha256, rounded[-1], {name: row for name, row in zip(names, rounded, strict=False) if any(row)})


def _clauses(examples: Sequence[Example]) -> list[Example]:
    """Of each deed the clause that names it, by itself: a short sentence tells of a deed as well, where what is planned or lacked needs its words."""
    cut = {}
    for example in examples:
        if example.said == "done" and example.section == "results":
            clause = _ITEM.sub("", next(part for part in _CLAUSE.split(example.sentence) if PRACTICE in part)) + "。"
            if clause.strip("。") != PRACTICE:
                cut[example.hand, clause] = Example(example.said, example.section, example.hand, clause)
    known = {example.sentence for example in examples}
    return [example for example in cut.values() if example.sentence not in known]


def _shared(told: Iterable[tuple[str, set[str]]], hands: int) -> list[str]:
    """Features that at least so many hands use, in order."""
    users: dict[str, set[str]] = defaultdict(set)
    for hand, names in told:
        for name in names:
            users[name].add(hand)
    return sorted(name for name, some in users.items() if len(some) >= hands)


def _matrix(told: Sequence[set[str]], names: Sequence[str]) -> Any:
    from scipy.sparse import csr_matrix

    column = {name: at for at, name in enumerate(names)}
    ends, columns = [0], []
    for some in told:
        columns += sorted(column[name] for name in some if name in column)
        ends.append(len(columns))
    return csr_matrix(([1.0] * len(columns), columns, ends), shape=(len(told), len(names)))


def main() -> None:
    source = SENTENCES.read_bytes()
    weights = train(parse(source.decode()), hashlib.sha256(source).hexdigest())
    WEIGHTS.write_bytes(msgspec.json.encode(weights) + b"\n")
    print(f"{len(weights.features)} features written to {WEIGHTS.name}")


if __name__ == "__main__":
    main()
