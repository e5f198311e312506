"""One indicator, two values in one report: 共调解矛盾纠纷126件 in one section, 共调解矛盾纠纷128件 in another."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import NamedTuple

from ingest.audit.amounts import bounds_of, overlap, write_stated
from ingest.audit.reading import Reading, checks, side_of
from ingest.model import Fact, Finding, Severity
from ingest.patterns import lazy

_YEAR = lazy(r"(20\d\d)\s*年")
_FORMER = lazy("去年|上年|上一年|往年|前年")
_PERIOD = lazy(
    r"上半年|下半年|[一二三四1-4]季度|(?<!\d)\d{1,2}\s*月(?!\s*[-至到—~])"
    r"|每[年个月周季天日次逢]|暑假|寒假|节前|期间|当天|当日|活动中|现场|此次|本次|会上"
)
_UP_TO = lazy(r"(?:截[至止].{0,8}|\d\s*月?\s*[-至到—~]\s*)$", re.S)
_GRADE = lazy(r"(?:[镇乡村县市区街省]|街道|社区|网格)级|各村|每村|各社区|村（社区）|[镇乡村]调委会")
_PART = lazy("其中|包括")
_WORDS = lazy("各[项类种级]?|[的、，共了“”（）]|累计|先后|矛盾(?=纠纷)|全年|开展|组织|进行")
_FAR = 20  # times: values farther apart are no two statements of one number
_MOST = 12  # values of one indicator that are looked at


class _Scope(NamedTuple):
    """What a value speaks of besides its indicator: two values of different scope are no contradiction."""

    family: str
    year: int | None
    period: str
    grade: str
    subject: str


def check_repeats(reading: Reading, parts: Collection[str]) -> list[Finding]:
    """A finding for each catalogued indicator with values that can't all be true of one scope.

    warning: the same words, and each value stands as a total of the year. note: same words without that, or other words for the same indicator. Parts of a
    list, values of a month, of one village or of last year, and statements that are compatible (300余 and 326) are passed over.
    """
    groups: dict[str, list[Fact]] = {}
    for count in reading.counts:
        if count.indicator_id is not None and count.modality == "done":
            groups.setdefault(count.indicator_id, []).append(count)
    found = []
    for group in groups.values():
        if len(group) < 2 or _are_equal(group):
            continue
        scoped: dict[_Scope, list[Fact]] = {}
        for count in group[:_MOST]:
            if count.id not in parts and not _is_part(reading, count, group):
                scoped.setdefault(_scope_of(reading, count), []).append(count)
        for same in scoped.values():
            finding = _check(reading, same)
            if finding is not None:
                found.append(finding)
    return found


def _are_equal(group: Sequence[Fact]) -> bool:
    first = group[0]
    return all(count.value == first.value for count in group)


def _is_part(reading: Reading, count: Fact, group: Sequence[Fact]) -> bool:
    """Whether 其中 stands between an earlier value of the indicator and this one, within the sentence."""
    before = reading.before(count)
    mark = _PART.search(before)
    return mark is not None and any(other.end <= count.end - len(before) + mark.start() <= count.start for other in group if other is not count)


def _scope_of(reading: Reading, count: Fact) -> _Scope:
    before = reading.before(count)
    year = count.year
    if _FORMER.search(before):
        year = (reading.frame.year or 0) - 1
    elif named := _YEAR.findall(before):
        year = int(named[-1])
    period = ""
    for match in _PERIOD.finditer(before):
        if not _UP_TO.search(before, max(0, match.start() - 10), match.start()):
            period = "".join(match.group().split())
    grade = _GRADE.search(count.indicator or "") or _GRADE.search(count.surface)
    return _Scope(checks().family(count.unit), year, period, grade.group() if grade else "", _subject_of(reading, count, len(before)))


def _subject_of(reading: Reading, count: Fact, length: int) -> str:
    """The body or village that the sentence names last before the count; empty for the reporting place and its own government and party committee."""
    facts, frame = reading.analysis.facts, reading.frame
    start = count.end - length
    subject = ""
    for fact in facts[bisect_left(facts, start, key=lambda fact: fact.start) :]:
        if fact.start >= count.end:
            break
        if fact.type == "body":
            own = fact.attrs.get("kind") in ("government", "party") and (fact.node or "").startswith(f"body:{frame.place}/")
            subject = "" if own else fact.node or fact.surface
        elif fact.type in ("place", "organisation", "mediation_room") and fact.node != frame.place and fact.attrs.get("level") in (None, "village"):
            subject = fact.node or fact.surface
    return subject


def _check(reading: Reading, group: list[Fact]) -> Finding | None:
    clash = _clashing(group)
    if len(clash) < 2:
        return None
    if any(count.polarity == "negative" for count in clash):
        return _find_zero(reading, clash)
    if _adds_up(clash):
        return None
    total = [_is_total(reading, count) for count in clash]
    alike = _are_alike(clash)
    if not alike and (not all(total) or len({reading.sentence_of(count.start) for count in clash}) < len(clash)):
        return None  # other words in one sentence tell the next step: 发现隐患33处，整改31处
    if any(total) and not all(total):
        most = max(float(count.value or 0) for count, is_total in zip(clash, total, strict=True) if is_total)
        if all(float(count.value or 0) <= most for count in clash):
            return None  # 全年发放5000份, and 500份 of them on one day
    values = [float(count.value or 0) for count in clash]
    if max(values) > _FAR * max(min(values), 1):
        return None  # 12场 and 9000次 are hardly the same thing, whatever the catalogue made of their words
    return _find_values(reading, clash, "warning" if alike and all(total) else "note")


def _clashing(group: Sequence[Fact]) -> list[Fact]:
    """Of statements that are compatible the first; what is left contradicts each other."""
    kept: list[Fact] = []
    for count in group:
        if not any(overlap(bounds_of(count), bounds_of(other)) for other in kept):
            kept.append(count)
    return kept


def _adds_up(group: Sequence[Fact]) -> bool:
    """镇级12件、村级20件，共32件: the greatest is the sum of the others."""
    values = sorted(float(count.value or 0) for count in group)
    return len(values) > 2 and abs(sum(values[:-1]) - values[-1]) < 1e-6


def _is_total(reading: Reading, count: Fact) -> bool:
    return checks().totals.search(reading.before(count)) is not None


def _are_alike(group: Sequence[Fact]) -> bool:
    """Whether the report's own words for the values are the same, or one has only more of them, and speak of the same step of the work."""
    if len({frozenset(checks().stages.findall(count.indicator or "")) for count in group}) > 1:
        return False
    phrases = [_WORDS.sub("", count.indicator or "") for count in group]
    shortest = min(phrases, key=len)
    return bool(shortest) and all(shortest in phrase for phrase in phrases)


def _find_values(reading: Reading, group: Sequence[Fact], severity: Severity) -> Finding:
    name = group[0].canonical or group[0].indicator or ""
    zh = f"{name}有不同的数：{'、'.join(write_stated(count, True) for count in group)}"
    en = f"{name} is given as {', '.join(write_stated(count, False) for count in group)}"
    zh += "。" if severity == "warning" else "，可能不是一回事。"
    en += "." if severity == "warning" else "; they may be about different things."
    return reading.find("two_values", severity, zh, en, [side_of(count, "value") for count in group], unit=group[0].unit)


def _find_zero(reading: Reading, group: Sequence[Fact]) -> Finding | None:
    counted = [count for count in group if (count.value or 0) > 0]
    denied = [count for count in group if count.polarity == "negative"]
    if not counted or not _are_alike([denied[0], counted[0]]):
        return None
    name = counted[0].canonical or counted[0].indicator or ""
    zh = f"{name}：一处说未发生，一处写作{write_stated(counted[0], True)}。"
    en = f"{name}: one sentence says that there was none, another gives {write_stated(counted[0], False)}."
    return reading.find("zero_and_count", "warning", zh, en, [side_of(denied[0], "value"), side_of(counted[0], "value")], unit=counted[0].unit)
