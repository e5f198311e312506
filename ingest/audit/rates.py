"""Stated rates against the counts beside them: 受理560件，办结520件，办结率92.8%."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.audit.amounts import judge_rate, write
from ingest.audit.reading import Reading, checks, side_of
from ingest.model import Fact, Finding
from ingest.patterns import lazy

_NEAR = 12  # counts that are looked at before a rate
_OBJECT = 5  # characters at the end of a phrase that name what is counted
_UNFINISHED = lazy("正在|尚|未|剩余|其余|跟进")  # 已调解37件，正在调处1件: the rest, not the whole
_NO_WORDS = lazy(r"[^\u4e00-\u9fff]")


def check_rates(reading: Reading) -> list[Finding]:
    """A finding for each rate whose two counts stand before it, in its sentence or the one before, and give another number.

    Where several counts could be meant, one pair that fits is enough. Counts in round numbers (500余件) prove nothing.
    """
    found = []
    for index, rate in enumerate(reading.counts):
        if rate.unit == "%" and rate.indicator and (finding := _check(reading, index, rate)) is not None:
            found.append(finding)
    return found


def _check(reading: Reading, index: int, rate: Fact) -> Finding | None:
    name = checks().rate_name.search(rate.indicator or "")
    if name is None:
        return None
    is_part, is_whole = checks().rates[name.group()]
    nearby = _counts_before(reading, index, rate)
    own = (rate.indicator or "")[: name.start()]
    parts: list[Fact] = []
    wholes: list[Fact] = []
    for count in nearby:
        words = count.indicator or ""
        if is_part.search(words):
            parts.append(count)
        elif is_whole.search(words) and not _UNFINISHED.search(words):
            wholes.append(count)
    if not parts or not wholes:
        return None
    pairs = [(part, whole) for part in parts for whole in wholes if _comparable(part, whole, is_part)]
    if not pairs or pairs[0][0] is not parts[0] or not _speaks_of(own, pairs[0]):
        return None  # 信访积案3件，化解率100%: the rate is that of the nearest count, whose whole the report does not give
    verdicts = [judge_rate(rate, *_values(pair)) for pair in pairs]
    if "fits" in verdicts or _fits_together(rate, parts, wholes):
        return None
    for verdict in ("truncated", "nearly_all"):
        if verdict in verdicts:
            return _find(reading, rate, pairs[verdicts.index(verdict)], verdict)
    return _find(reading, rate, pairs[0], "differs")


def _counts_before(reading: Reading, index: int, rate: Fact) -> list[Fact]:
    """Exact counts before a rate, the nearest first, from its own sentence and the one before it in the same paragraph."""
    sentence = reading.sentence_of(rate.start)
    found = []
    for count in reversed(reading.counts[max(0, index - _NEAR) : index]):
        distance = sentence - reading.sentence_of(count.start)
        if distance > 1 or (distance == 1 and "\n" in reading.text[count.end : rate.start]):
            break
        if count.unit != "%" and count.approx is None and count.polarity == "positive":
            found.append(count)
    return found


def _comparable(part: Fact, whole: Fact, is_part: re.Pattern[str]) -> bool:
    """Same unit, and the same things counted: 化解信访积案3件 is no part of 排查矛盾纠纷55件. A bare 办结 has no object that could differ."""
    if checks().family(part.unit) != checks().family(whole.unit) or float(whole.value or 0) <= 0:
        return False
    if whole.start > part.start and float(whole.value or 0) < float(part.value or 0):
        return False
    words, of = _NO_WORDS.sub("", part.indicator or ""), _NO_WORDS.sub("", whole.indicator or "")
    if is_part.fullmatch(words):
        return True
    tail = of[-_OBJECT:]
    return any(tail[at : at + 2] in words for at in range(len(tail) - 1))


def _speaks_of(own: str, pair: tuple[Fact, Fact]) -> bool:
    """初信初访一次性化解率 is no rate of 矛盾纠纷, though these stand before it."""
    words = _NO_WORDS.sub("", own)
    told = f"{pair[0].indicator or ''}{pair[1].indicator or ''}"
    return len(words) < 2 or any(words[at : at + 2] in told for at in range(len(words) - 1))


def _values(pair: tuple[Fact, Fact]) -> tuple[float, float]:
    return float(pair[0].value or 0), float(pair[1].value or 0)


def _fits_together(rate: Fact, parts: Sequence[Fact], wholes: Sequence[Fact]) -> bool:
    """镇调委会受理10件、办结10件，村调委会受理20件、办结18件，办结率93.3%: the rate of both together."""
    if len(parts) < 2 or len(wholes) < 2:
        return False
    part, whole = sum(float(count.value or 0) for count in parts), sum(float(count.value or 0) for count in wholes)
    return whole > 0 and judge_rate(rate, part, whole) == "fits"


def _find(reading: Reading, rate: Fact, pair: tuple[Fact, Fact], verdict: str) -> Finding:
    part, whole = pair
    computed = 100 * _values(pair)[0] / _values(pair)[1]
    sides = [side_of(rate, "rate"), side_of(part, "part"), side_of(whole, "whole")]
    counts = f"{write(part.value)} ÷ {write(whole.value)} = {write(computed)}%"
    stated = f"{write(rate.value)}%"
    name = checks().rate_name.search(rate.indicator or "")
    label = name.group() if name else "比率"
    if verdict == "truncated":
        zh, en = f"{label}写作{stated}，按所列数 {counts}，是截去尾数而不是四舍五入。", f"{label} is stated as {stated}; {counts}, cut off instead of rounded."
        return reading.find("rate_truncated", "note", zh, en, sides, stated=rate.value, computed=computed, unit="%")
    zh, en = f"{label}写作{stated}，按所列数 {counts}。", f"{label} is stated as {stated}; the counts give {counts}."
    return reading.find("rate_differs", "note" if verdict == "nearly_all" else "warning", zh, en, sides, stated=rate.value, computed=computed, unit="%")
