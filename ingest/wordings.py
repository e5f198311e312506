"""The wordings of vocabulary/moods.yaml as regular expressions."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import vocabulary

_OPENS, _CLOSES = "[“‘《「（]{0,2}", "[”’》」）]{0,2}"
_TAILS = 3  # words that may stand between a name and what is said of it: “法律明白人”培育|工作|机制
_ITEM = r"(?:（[一二三四五六七八九十\d]{1,2}）|\d{1,2}[.、]|[一二三四五六七八九十]{1,2}(?:[、是]|(?=要))|其[一二三四五六]，?)?"
_SENTENCE = rf"(?:^|(?<=[。；！？])){_ITEM}(?:(?:此外|同时|与此同时|另外|另一方面|其次|再次|最后|其间|在此基础上)，?)?"
_WILL = r"将(?<![^，。；：、\n镇乡县市区州局院街道办会所们我也年里门组队站厅部委心员是起]将)"
_PLACED_WITHIN = 40  # characters behind 将 in which a verb of placing makes what stands between its object

# A guard before the first character says the same behind it: (?<![虚模])拟 and 拟(?<![虚模]拟). Where all alternatives begin with a plain character, they are
# found six times as fast.
_GUARDED = re.compile(r"^\(\?<!(\[[^]]+\])\)([\u4e00-\u9fff]+)(?=[(|]|$)")


@cache
def _catalogue() -> dict[str, str]:
    """The alternatives of each list as one expression, its parts filled in. Groups for years are numbered: an expression may have several."""
    told: dict[str, Any] = vocabulary.load("moods")
    parts = {"verb": "|".join(told["verbs"]), **told["parts"]}
    joined: dict[str, str] = {"tail": parts["tail"]}
    for name, entries in told.items():
        if name not in ("verbs", "parts"):
            filled = (_fill(entry, parts) for entry in ([entries] if isinstance(entries, str) else entries))
            joined[name] = _number_years("|".join(_GUARDED.sub(r"\2(?<!\1\2)", entry) for entry in filled))
    return joined


def _fill(entry: str, parts: dict[str, str]) -> str:
    for name, words in parts.items():
        entry = entry.replace(f"{{{name}}}", f"(?:{words})")
    return entry


def _number_years(words: str) -> str:
    first, *rest = words.split("(?P<year>")
    return first + "".join(f"(?P<year{number}>{part}" for number, part in enumerate(rest))


@cache
def wording(name: str) -> re.Pattern[str]:
    """One list as an expression. Lists in _before end where a name begins, those in _after begin where it ends; the others stand anywhere."""
    words = _catalogue()
    if name == "will":
        placed = rf"(?![^，。；：\n]{{0,{_PLACED_WITHIN}}}?(?:{words['placed']}))"
        return re.compile(rf"{_WILL}(?:(?={words['will']})|(?={words['will_unless_placed']}){placed})")
    if name == "planned_sentence":
        return re.compile(f"{_SENTENCE}(?:{words[name]})", re.MULTILINE)
    if name == "theirs":
        return re.compile(f"(?:{words[name]}){_OPENS}(?:农村|乡村|村级)?{_OPENS}")
    if name == "exhorted_at_start":
        return re.compile(f"{_ITEM}(?:{words[name]})")
    if name.endswith("_before"):
        return re.compile(f"(?:{words[name]})的?(?:{_OPENS}(?:农村|乡村|村级|村（社区）|村（居）|村居))?{_OPENS}$")
    if name.endswith("_after"):
        return re.compile(f"{_CLOSES}(?:的?(?:{words['tail']})){{0,{_TAILS}}}(?:{words[name]})")
    return re.compile(words[name])
