"""The catalogue of indicators: a raw phrase finds its canonical name."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import vocabulary

_FILLING = re.compile("各项|各类|各种|各级|[、“”（）的共]")


class Indicator(NamedTuple):
    id: str
    name: str
    unit: str | None
    kind: str  # count, rate, money, persons, area, length, time


@cache
def indicators() -> dict[str, Indicator]:
    """Every catalogued indicator by id."""
    return {entry["id"]: Indicator(entry["id"], entry["name"], entry.get("unit"), entry.get("kind", "count")) for entry in vocabulary.load("indicators")}


@cache
def _phrases() -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in vocabulary.load("indicators"):
        for phrase in (*entry.get("synonyms", ()), *entry.get("nouns", ()), entry["name"].removesuffix("数").removesuffix("次").removesuffix("人")):
            phrase = _FILLING.sub("", phrase)
            if len(phrase) >= 2:
                found.setdefault(phrase, entry["id"])
    return found


@cache
def _lengths() -> dict[str, list[int]]:
    """How long the phrases are that begin with two characters, the longest first."""
    found: dict[str, set[int]] = {}
    for phrase in _phrases():
        found.setdefault(phrase[:2], set()).add(len(phrase))
    return {head: sorted(lengths, reverse=True) for head, lengths in found.items()}


def find_indicator(phrase: str, unit: str) -> Indicator | None:
    """The catalogue's entry whose words make up most of the phrase, of a kind that fits the unit; None where none does."""
    phrase = _FILLING.sub("", phrase)
    known, lengths, size = _phrases(), _lengths(), len(phrase)
    best: Indicator | None = None
    most = max(1, (size * 3 - 1) // 5)  # a phrase has to be longer: two characters at least, and three fifths of the words
    for start in range(size - most):
        for length in lengths.get(phrase[start : start + 2], ()):
            if length <= most:
                break
            identifier = known.get(phrase[start : start + length]) if start + length <= size else None
            if identifier is not None and _fits(indicator := indicators()[identifier], unit):
                best, most = indicator, length
                break
    return best


_SPANS = frozenset(("小时", "天", "分钟", "个工作日"))
_PERSONS = ("人", "名", "位", "人次")


def _fits(indicator: Indicator, unit: str) -> bool:
    if (indicator.kind == "rate") != (unit in ("%", "百分点", "个百分点")):
        return False
    if unit in _SPANS and indicator.kind != "time":
        return False
    if (indicator.kind == "money") != (unit in ("元", "万元")):
        return False
    if unit in ("人", "名", "位") and indicator.kind == "count" and indicator.unit not in (*_PERSONS, "户", "个"):
        return False  # 立案23件23人: the persons are another count
    return not (indicator.kind == "persons" and unit not in ("人", "名", "位", "人次", "户", "个"))
