"""What a marked sentence most likely says of its practice, by the weights that ``ingest.examples.training`` learns."""

from __future__ import annotations

from functools import cache
from math import exp
from typing import Literal, NamedTuple, get_args

import msgspec

from ingest.draft import Draft, Mention
from ingest.examples.features import features
from ingest.examples.marking import mark
from ingest.model import SectionKind
from ingest.wordings import wording
from vocabulary import EXAMPLES

SENTENCES, WEIGHTS = EXAMPLES / "sentences.tsv", EXAMPLES / "weights.json"

Said = Literal["done", "planned", "exhorted", "none", "elsewhere"]
SAID: tuple[Said, ...] = get_args(Said)
DOUBTED = 0.4
"""A deed is doubted below this probability that the sentence tells of one. Of hands that were left out of what is learnt that doubts at most 1.5 % of the deeds
and catches a quarter to three quarters of the rest (docs/extraction.md; bench/score_examples.py)."""


class Weights(msgspec.Struct, frozen=True):
    """``sha256`` is that of the sentences; ``always`` and each feature's row are hundredths, in the order of ``SAID``."""

    sha256: str
    always: list[int]
    features: dict[str, list[int]]


class Reading(NamedTuple):
    said: Said
    probability: float


@cache
def _weights() -> Weights:
    return msgspec.json.decode(WEIGHTS.read_bytes(), type=Weights)


def weigh(weights: Weights, marked: str, section: str) -> dict[Said, float]:
    """Probability of each of ``SAID``. Raises ValueError where the sentence has no sign for the practice."""
    known = weights.features
    rows = [known[name] for name in features(marked, section) & known.keys()]
    totals = [sum(column) for column in zip(weights.always, *rows, strict=True)]
    most = max(totals)
    shares = [exp((total - most) / 100) for total in totals]
    return {said: share / sum(shares) for said, share in zip(SAID, shares, strict=True)}


def doubt(draft: Draft, practice: Mention, section: SectionKind) -> Reading | None:
    """What a sentence says in which the wordings have found a deed, where that is no deed by its likeness to others; None where it may well be one, or where
    words that only deeds have stand beside it."""
    if _is_sure(draft, practice):
        return None
    told = weigh(_weights(), mark(draft, practice), section)
    if told["done"] >= DOUBTED:
        return None
    said = max((each for each in SAID if each != "done"), key=lambda each: told[each])
    return Reading(said, round(told[said], 3))


def _is_sure(draft: Draft, practice: Mention) -> bool:
    clean = draft.clean
    if wording("by_order").match(clean, draft.clause_at(practice.start)[0], practice.start) or wording("otherwise_after").match(clean, practice.end):
        return True
    return bool(wording("here_too").search(clean, practice.end, draft.sentence_at(practice.start)[1]))
