"""What a fact's confidence means: how often its rule was right on labelled texts.

For a rule that was right ``r`` times of ``n``, at least ten: (r + 4 · p) / (n + 4), p being the share of its type. The four imagined cases (a beta
prior) keep a rule that was never wrong from claiming certainty. A rule with fewer cases keeps what it states itself, but no more than its type reaches.
The counts are in vocabulary/confidence.yaml; bench/calibrate.py makes them.
"""

from __future__ import annotations

from functools import cache, lru_cache

import vocabulary

_PRIOR = 4
_LEAST = 10
_MOST = 0.999


@cache
def _table() -> tuple[dict[str, float], dict[str, float]]:
    """(confidence by rule, share by family of rules: what stands before the dot)."""
    counts: dict[str, dict[str, int]] = vocabulary.load("confidence")
    right: dict[str, int] = {}
    of: dict[str, int] = {}
    for rule, count in counts.items():
        family = rule.partition(".")[0]
        right[family] = right.get(family, 0) + count["right"]
        of[family] = of.get(family, 0) + count["of"]
    shares = {family: (right[family] + 1) / (of[family] + 2) for family in of}
    by_rule = {
        rule: min(_MOST, round((count["right"] + _PRIOR * shares[rule.partition(".")[0]]) / (count["of"] + _PRIOR), 3))
        for rule, count in counts.items()
        if count["of"] >= _LEAST
    }
    return by_rule, shares


@lru_cache(maxsize=4096)
def calibrate(rule: str, stated: float) -> float:
    """The measured confidence of a rule; for one that was hardly ever seen on labelled texts what it states itself, but no more than its family reaches."""
    by_rule, shares = _table()
    known = by_rule.get(rule)
    if known is not None:
        return known
    share = shares.get(rule.partition(".")[0])
    return stated if share is None else min(stated, round(share, 3))
