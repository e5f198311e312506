"""Find a fact again that somebody has decided on, after its text or the rules have changed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archive.reviews import Anchor
from ingest.model import Fact

CONTEXT = 32  # characters kept on either side, blanks not counted
ENOUGH = 8  # of them must be the same for a place to count as the same
_VOUCHED = ("node", "indicator_id", "value", "unit", "approx", "year", "date", "modality", "polarity", "subject_node", "object_node")


def make_anchor(fact: Fact, text: str) -> Anchor:
    """``text`` is the decoded original that the fact's offsets count in."""
    before, after = _around(text, fact.start, fact.end)
    return Anchor(
        type=fact.type,
        relation=fact.relation,
        start=fact.start,
        end=fact.end,
        surface=fact.surface,
        before=before,
        after=after,
        fact=fact.id,
        name=_name(fact),
        subject=fact.subject,
        object=fact.object,
        says=says(fact),
    )


def says(fact: Fact) -> dict[str, Any]:
    """What a fact says beside where: its link, its number, its year and whether it is a deed."""
    return {field: value for field in _VOUCHED if (value := getattr(fact, field)) is not None}


def find_fact(anchor: Anchor, facts: Sequence[Fact], text: str) -> Fact | str:
    """The fact that the anchor means, or in words why there is none.

    It must be of the same type (and relation) and have the same words. Where these stand several times, the characters around tell which place it is, and of
    places with equal surroundings the one at the same offsets. Blanks and line ends make no difference. Never guesses: what stays open is not found.
    """
    words = _squeeze(anchor.surface)
    same = [fact for fact in facts if (fact.type, fact.relation) == (anchor.type, anchor.relation) and _squeeze(fact.surface) == words]
    if not same:
        return f"the rules find no {_kind(anchor)} “{words}” there any more" if words in _squeeze(text) else f"the text does not say “{words}” any more"
    known = _best_span(anchor, {(fact.start, fact.end) for fact in same}, text)
    if isinstance(known, str):
        return known
    there = [fact for fact in same if (fact.start, fact.end) == known]
    for fits in (
        lambda fact: fact.id == anchor.fact,
        lambda fact: (_name(fact), fact.subject, fact.object) == (anchor.name, anchor.subject, anchor.object),
        lambda fact: len(there) == 1,
    ):
        chosen = [fact for fact in there if fits(fact)]
        if len(chosen) == 1:
            return chosen[0]
    return f"{len(there)} facts of this type stand at “{words}” now, and none is the same as before"


def _best_span(anchor: Anchor, spans: set[tuple[int, int]], text: str) -> tuple[int, int] | str:
    scores = {span: _alike(anchor, _around(text, *span)) for span in spans}
    best = max(scores.values())
    if best < min(ENOUGH, len(anchor.before) + len(anchor.after)):
        return f"what stands around “{_squeeze(anchor.surface)}” has changed"
    first = [span for span, score in scores.items() if score == best]
    if len(first) > 1:
        first = [span for span in first if span == (anchor.start, anchor.end)]
    return first[0] if first else f"several places say “{_squeeze(anchor.surface)}” in the same surroundings"


def _alike(anchor: Anchor, around: tuple[str, str]) -> int:
    """How many characters on either side are the same, counted from the fact outwards."""
    before, after = around
    return _common(anchor.before[::-1], before[::-1]) + _common(anchor.after, after)


def _common(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    return _squeeze(text[max(0, start - 4 * CONTEXT) : start])[-CONTEXT:], _squeeze(text[end : end + 4 * CONTEXT])[:CONTEXT]


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _name(fact: Fact) -> str | None:
    return fact.indicator or fact.canonical


def _kind(anchor: Anchor) -> str:
    return f"relation {anchor.relation}" if anchor.relation else anchor.type.replace("_", " ")
