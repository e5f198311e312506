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
def _longest() -> int:
    return max(map(len, _phrases()), default=0)


def find_indicator(phrase: str, unit: str) -> Indicator | None:
    """The catalogue's entry whose words make up most of the phrase, of a kind that fits the unit; None where none does."""
    phrase = _FILLING.sub("", phrase)
    known, size = _phrases(), len(phrase)
    best: tuple[int, str] | None = None
    for start in range(size):
        for end in range(min(size, start + _longest()), start + 1, -1):
            identifier = known.get(phrase[start:end])
            if identifier is None or not _fits(indicators()[identifier], unit):
                continue
            if (end - start) * 5 >= size * 3 and (best is None or end - start > best[0]):
                best = (end - start, identifier)
            break
    return indicators()[best[1]] if best is not None else None


_PERSONS = ("人", "名", "位", "人次")


def _fits(indicator: Indicator, unit: str) -> bool:
    if (indicator.kind == "rate") != (unit in ("%", "百分点", "个百分点")):
        return False
    if (indicator.kind == "money") != (unit in ("元", "万元")):
        return False
    if unit in ("人", "名", "位") and indicator.kind == "count" and indicator.unit not in (*_PERSONS, "户", "个"):
        return False  # 立案23件23人: the persons are another count
    return not (indicator.kind == "persons" and unit not in ("人", "名", "位", "人次", "户", "个"))
