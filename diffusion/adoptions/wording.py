"""What a sentence says of when a practice began, and whether it ended.

    自2019年以来 in a report on 2021: begun in 2019          连续三年: there for three years, this one included
    2020年3月启动: begun in 2020                              今年新建, 首次: begun in the year of the report

A year that is that of the report says no more than the report itself: 2021年以来，我镇深入开展… is how reports on 2021 begin.
"""

from __future__ import annotations

import re

from diffusion.adoptions.model import Said

_BEFORE, _AFTER = 60, 24  # characters around the name in which its beginning is told
_GAP = "[^，。；;！？\n0-9]"
_THEN = r"(?:(?P<year>(?:19|20)\d\d)\s*年|(?P<last>去年|上一?年)|(?P<earlier>前年))"
_THIS = "今年|本年度?|当年"
_DAY = r"(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?(?:年?[初底末]|上半年|下半年)?"
_BEGIN = "启动|成立|建立|设立|组建|挂牌|揭牌|开始|首次|率先|创建|建成|引入|试点|探索|打造|推出|创设|出台"
_NEW = "启动|成立|建立|设立|组建|挂牌|揭牌|建成|引入|推出|创设|增设"
_COUNT = "[2-9两二三四五六七八九十]"
_NUMBERS = {"两": 2, **{digit: value for value, digit in enumerate("二三四五六七八九十", 2)}, **{str(value): value for value in range(2, 10)}}

# begun in that year
_SINCE = re.compile(
    rf"(?:自|从)?\s*{_THEN}{_DAY}\s*(?:起|开始|以来|至今)|(?:自|从)\s*{_THEN.replace('?P<', '?P<since_')}{_DAY}{_GAP}{{0,14}}?(?:起|开始|以来|至今)"
)
_SINCE_BEFORE, _SINCE_AFTER = re.compile(rf"(?:自|从)\s*{_THEN}{_DAY}{_GAP}{{0,12}}$"), re.compile(rf"{_GAP}{{0,8}}?(?:以来|至今|起)")
_STARTED = re.compile(
    rf"{_THEN}{_DAY}，?{_GAP}{{0,20}}?(?:{_BEGIN})|(?:始于|起于|始建于|[创成组]建于|成立于|建于|启动于|创立于)\s*{_THEN.replace('?P<', '?P<since_')}"
)
# begun in the year of the report
_FRESH = re.compile(
    rf"(?:今年|本年|本年度|年内|新近){_GAP}{{0,12}}?(?:{_NEW})|首次|首创|(?<![创更革刷])新(?:建|推行|实行|{_NEW})|(?:自|从)?(?:{_THIS}){_DAY}\s*(?:起|开始)"
)
# there in that year, or for so many years
_IN_A_ROW = re.compile(rf"连续\s*第?\s*(?P<count>{_COUNT})\s*个?年")
_NTH_YEAR = re.compile(rf"{_GAP}*第\s*(?P<count>{_COUNT})\s*个?年(?!度)")
_LASTING = re.compile(rf"{_GAP}{{0,6}}?(?:已|至今|持续)?(?:推行|运行|实施|开展|实行|坚持)了?已?\s*(?P<count>{_COUNT})\s*[余多]?年")
_YEARS_SINCE = re.compile(rf"{_GAP}{{0,6}}?(?P<count>{_COUNT})\s*[余多]?年来")
_DONE_THEN = re.compile(rf"(?:于|在|自|从)\s*{_THEN}{_DAY}")
_BY_THEN = re.compile(rf"(?:截[至止]|到|至)\s*{_THEN}\s*(?:年?[底末]|\d{{1,2}}\s*月)|{_THEN.replace('?P<', '?P<from_')}\s*[至到—－~-]{{1,2}}")
_RIGHT_THEN = re.compile(rf"{_THEN}{_DAY}，?(?:[我全本][镇乡县市区])?{_GAP}{{0,8}}$")
_MORE_THAN_THEN = re.compile(rf"{_GAP}{{0,6}}?(?:[比较由从])\s*{_THEN}{_GAP}{{0,4}}\d*{_GAP}{{0,4}}(?:增|减|扩|升|提高|发展|下降)")
_GOES_ON = re.compile(rf"继续{_GAP}{{0,4}}(?:推行|开展|实施|深化|推进|完善|运行|落实|加强|发挥|做好){_GAP}{{0,4}}$")
_END = "停止|停办|停用|取消|撤销|终止|中止|废止|撤下"
_NO_MORE = "不再(?:单独|单设|保留|延续|沿用|续办|开展|实行|推行|实施)|未再(?:续办|开展|实行|推行|实施)|退出(?:运行|使用)|画上句号"
_STOPPED_BEFORE = re.compile(rf"(?:不再|(?<![未有不曾])(?:{_END}|结束))[^，。；;]{{0,10}}$")
_STOPPED_AFTER = re.compile(rf"[^，。；;]{{0,14}}?(?:已|被)?(?<![未有不曾])(?:{_END})|[^。；;]{{0,24}}?(?:{_NO_MORE})|的试[行点](?:工作)?(?:已经?)?结束")


def read(sentence: str, at: int, length: int, covered: int) -> Said:
    """What is said around the name at ``at`` in a report on the year ``covered``. Years after the report's own say nothing."""
    begin = max(_last_stop(sentence, at), at - _BEFORE)
    before, after = sentence[begin:at], sentence[at + length : at + length + _AFTER]
    stopped = bool(_STOPPED_BEFORE.search(before[-16:]) or _STOPPED_AFTER.match(after))
    begun = _begun(before, after, covered)
    if begun is not None:
        return Said(begun - 1, begun, stopped)
    clause = before[before.rfind("，") + 1 :]
    if _FRESH.search(clause):
        return Said(covered - 1, covered, stopped)
    there = _there(before, clause, after, covered)
    if there is not None:
        return Said(None, there, stopped)
    if _FRESH.search(before) or _FRESH.match(after):
        return Said(covered - 1, covered, stopped)
    return Said(None, covered - 1, stopped) if _GOES_ON.search(before) else Said(stopped=stopped)


def _begun(before: str, after: str, covered: int) -> int | None:
    """The year in which it was begun. One that is that of the report says so only with a verb of beginning."""
    for part in (before, after):
        if (year := _year(_SINCE.search(part), covered)) is not None and year < covered:
            return year
        if (year := _year(_STARTED.search(part), covered)) is not None and year <= covered:
            return year
    year = _year(_SINCE_BEFORE.search(before), covered) if _SINCE_AFTER.match(after) else None
    return year if year is not None and year < covered else None


def _there(before: str, clause: str, after: str, covered: int) -> int | None:
    """A year before the report's in which it was there already. ``clause``: the last one of what stands before the name."""
    lasting = (
        *(_IN_A_ROW.search(part) for part in (before, after)),
        *(pattern.search(clause) for pattern in (_LASTING, _NTH_YEAR)),
        *(pattern.match(after) for pattern in (_LASTING, _NTH_YEAR, _YEARS_SINCE)),
    )
    for found in lasting:
        if found is not None:
            return covered - _NUMBERS[found["count"]] + 1
    dated = _DONE_THEN.search(before)
    if dated is not None and not dated["year"] and dated.start() < len(before) - len(clause):
        dated = None  # 在去年工作基础上，… is about something else
    for found in (dated, _DONE_THEN.search(after), _BY_THEN.search(clause), _BY_THEN.search(before) if clause.startswith(("已", "连续")) else None,
                  _RIGHT_THEN.search(before), _MORE_THAN_THEN.match(after)):  # fmt: skip
        year = _year(found, covered)
        if year is not None and year < covered:
            return year
    return None


def _year(found: re.Match[str] | None, covered: int) -> int | None:
    """The year that a match tells, by its number or from the report's."""
    if found is None:
        return None
    for name, words in found.groupdict().items():
        if words:
            return covered - 1 if name.endswith("last") else covered - 2 if name.endswith("earlier") else int(words)
    return None


def _last_stop(sentence: str, at: int) -> int:
    return max(sentence.rfind(stop, 0, at) for stop in "。；;！？\n") + 1
