"""Parts against their sum: 纠纷52件，其中婚姻12件、邻里10件…, and 讲座3次、宣讲5次，共8次."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ingest.audit.amounts import bounds_of, overlap, write, write_stated
from ingest.audit.reading import Reading, checks, side_of
from ingest.model import Fact, Finding
from ingest.patterns import lazy

_AMONG = lazy("其\\s*中")
_JOINED = lazy(r"[、，,；;和及与以并（(）)：:]*")
_ENDS_LIST = lazy("[；;]")  # after a list with commas: what follows is another statement
_TOTAL = lazy(
    r"[，、,；;：:（(]*(?:以上|上述|两项|三项)?(?:总共|一共|共计|共計|合计|合計|总计|總計|共)(?:为|為|有|达|達)?(?=[\d〇零一二两三四五六七八九十百千万])"
)
_OPEN_END = lazy(r"^[）)]?等")
_LEAD = 8  # characters in which 共 stands
_REACH = 6  # counts before 其中 that may be the sum
_MOST_PARTS = 40


class Sums(NamedTuple):
    """``parts`` are ids of counts that are parts of another one: they are no second value of its indicator."""

    findings: list[Finding]
    parts: frozenset[str]


class _List(NamedTuple):
    parts: list[Fact]
    wholes: list[Fact]  # the nearest first
    closed: bool  # nothing is left out: the parts must add up
    in_all: bool = False  # the sum stands behind the parts
    doubtful: bool = False  # there may be steps of one thing among them

    @property
    def settled(self) -> Iterable[str]:
        """Ids of counts that are not the report's word on their indicator: parts, and a 共115件 that was named after the last part."""
        return [fact.id for fact in (*self.parts, *(self.wholes if self.in_all else ()))]


def check_sums(reading: Reading) -> Sums:
    """Findings where parts exceed their sum, or where a closed list does not reach it. A list that says 其中 may leave things out."""
    findings: list[Finding] = []
    parts: set[str] = set()
    for listed in (*_lists_among(reading), *_lists_in_all(reading)):
        parts.update(listed.settled)
        finding = _check(reading, listed)
        if finding is not None:
            findings.append(finding)
    return Sums(findings, frozenset(parts))


def _check(reading: Reading, listed: _List) -> Finding | None:
    bounds = [bounds_of(part) for part in listed.parts]
    least, most = sum(bound[0] for bound in bounds), sum(bound[1] for bound in bounds)
    for whole in listed.wholes:
        if overlap((least, most), bounds_of(whole)) or (not listed.closed and least <= bounds_of(whole)[1]):
            return None
    if listed.doubtful:
        return None
    whole = listed.wholes[0]
    total: float | int = sum(part.value or 0 for part in listed.parts)
    unit = whole.unit or ""
    sides = [side_of(whole, "whole"), *(side_of(part, "part") for part in listed.parts)]
    sum_zh, sum_en = " + ".join(write(part.value) for part in listed.parts), f"{write(total)}{unit}"
    zh = f"总数写作{write_stated(whole, True)}，所列各项 {sum_zh} = {sum_en}。"
    en = f"The total is stated as {write_stated(whole, False)}; the parts listed give {sum_zh} = {sum_en}."
    return reading.find("parts_differ", "warning", zh, en, sides, stated=whole.value, computed=total, unit=unit or None)


def _lists_among(reading: Reading) -> Iterator[_List]:
    """Parts after 其中, up to where the list ends, with the counts before it that they may be parts of."""
    counts = reading.counts
    ends: list[int] = []
    for mark in _AMONG.finditer(reading.text):
        ends = ends or [count.end for count in counts]
        index = bisect_right(ends, mark.start())
        if index >= len(counts) or counts[index].start - mark.end() > 12 or "。" in reading.text[mark.end() : counts[index].start]:
            continue
        parts = _run(reading, index)
        wholes = _wholes_before(reading, index, parts[0]) if parts else []
        if not wholes or _is_stage(parts[0]):
            continue
        parts = next((fitting for whole in wholes if (fitting := _head_that_adds_up(parts, whole))), parts)
        last = parts[-1]
        closed = any(checks().rest.search(part.indicator or "") for part in parts) and not _OPEN_END.match(reading.text[last.end : last.end + 2])
        yield _List(parts, wholes, closed and len(parts) > 1)


def _run(reading: Reading, index: int) -> list[Fact]:
    """Counts from ``index`` on that stand in one list: one unit, only marks between them, kinds and no stages. Rates between them are passed over."""
    counts = reading.counts
    first = counts[index]
    family = checks().family(first.unit)
    parts = [first]
    end = first.end
    marks = ""
    for count in counts[index + 1 : index + 1 + _MOST_PARTS]:
        gap = reading.between(end, count.start)
        if _JOINED.fullmatch(gap) is None or (_ENDS_LIST.search(gap) and marks and not _ENDS_LIST.search(marks)):
            break
        marks += gap
        if count.unit == "%":
            end = count.end
            continue
        if checks().family(count.unit) != family or count.polarity != "positive" or _is_stage(count):
            break
        parts.append(count)
        end = count.end
    return parts


def _is_stage(count: Fact) -> bool:
    """其中办结520件: how far the work got, which may overlap with what else is listed."""
    return checks().stages.search(count.indicator or "") is not None


def _wholes_before(reading: Reading, index: int, first: Fact) -> list[Fact]:
    sentence, family = reading.sentence_of(first.start), checks().family(first.unit)
    found = []
    for count in reversed(reading.counts[max(0, index - _REACH) : index]):
        if sentence - reading.sentence_of(count.start) > 1 or "\n" in reading.text[count.end : first.start]:
            break
        if checks().family(count.unit) == family and count.polarity == "positive":
            found.append(count)
    return found


def _lists_in_all(reading: Reading) -> Iterator[_List]:
    """a件、b件、c件，共d件: a count that is nothing but 共 and a number, after a list of the same unit."""
    counts = reading.counts
    for index, whole in enumerate(counts):
        lead = whole.surface[:_LEAD]
        if index < 2 or not ("共" in lead or "计" in lead or "計" in lead) or _TOTAL.match("".join(whole.surface.split())) is None:
            continue
        parts = _run_back(reading, index, whole)
        if len(parts) < 2 or _OPEN_END.match(reading.between(parts[-1].end, whole.start)):
            continue
        fitting = _tail_that_adds_up(parts, whole)
        first = checks().stages.match(parts[0].indicator or "")  # 调处土地纠纷66件、邻里纠纷31件: one verb for all
        doubtful = any(map(_is_stage, parts[1:])) or (first is None and _is_stage(parts[0]))
        yield _List(fitting or parts, [whole], True, True, doubtful)


def _run_back(reading: Reading, index: int, whole: Fact) -> list[Fact]:
    """The list that ends right before a total."""
    family, start = checks().family(whole.unit), whole.start
    parts: list[Fact] = []
    for count in reversed(reading.counts[max(0, index - _MOST_PARTS) : index]):
        gap = reading.between(count.end, start)
        if _JOINED.fullmatch(gap) is None and not _OPEN_END.match(gap):
            break
        if checks().family(count.unit) != family or count.polarity != "positive":
            break
        parts.append(count)
        start = count.start
    return parts[::-1]


def _head_that_adds_up(parts: Sequence[Fact], whole: Fact) -> list[Fact] | None:
    """The beginning of the list that gives the sum: 其中维持9件、驳回2件，行政诉讼21件 goes on with something else."""
    least = most = 0.0
    for size, part in enumerate(parts, 1):
        low, high = bounds_of(part)
        least, most = least + low, most + high
        if size > 1 and overlap((least, most), bounds_of(whole)):
            return list(parts[:size])
    return None


def _tail_that_adds_up(parts: Sequence[Fact], whole: Fact) -> list[Fact] | None:
    """The shortest end of the list, of two at least, that gives the total: what stands before it may be no part of it."""
    least = most = 0.0
    for size, part in enumerate(reversed(parts), 1):
        low, high = bounds_of(part)
        least, most = least + low, most + high
        if size > 1 and overlap((least, most), bounds_of(whole)):
            return list(parts[-size:])
    return None
