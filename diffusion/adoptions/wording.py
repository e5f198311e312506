"""What a sentence says of when a practice began, and whether it ended.

    自2019年以来 in a report on 2021: begun in 2019          连续三年: there for three years, this one included
    2020年3月启动: begun in 2020                              今年新建, 首次: begun in the year of the report

A year that is that of the report says no more than the report itself: 2021年以来，我镇深入开展… is how reports on 2021 begin.
"""

from __future__ import annotations

import re

from diffusion.adoptions.model import Said

_BEFORE, _AFTER = 60, 24  # characters around the name in which its beginning is told
_YEAR = r"(?P<year>(?:19|20)\d\d)\s*年"
_DAY = r"(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?(?:初|底|末|上半年|下半年)?"
_BEGIN = "启动|成立|建立|设立|组建|挂牌|揭牌|开始|首次|率先|创建|建成|引入|试点|探索|打造|推出|创设|出台"
_SINCE = re.compile(rf"(?:自|从)?\s*{_YEAR}{_DAY}\s*(?:起|开始|以来|至今)")
_STARTED = re.compile(rf"{_YEAR}{_DAY}，?[^，。；;0-9]{{0,20}}?(?:{_BEGIN})")
_DONE_THEN = re.compile(rf"(?:于|在|自|从)\s*{_YEAR}{_DAY}")
_NEW = "启动|成立|建立|设立|组建|挂牌|揭牌|建成|引入|推出|创设|增设"
_FRESH = re.compile(rf"(?:今年|本年|本年度|年内|新近)[^，。；;]{{0,12}}?(?:{_NEW})|首次|首创|新(?:建|{_NEW})")
_IN_A_ROW = re.compile(r"连续\s*(?P<count>[2-9两二三四五六七八九])\s*年")
_END = "停止|取消|撤销|终止|中止"
_STOPPED_BEFORE = re.compile(rf"(?:不再|{_END})[^，。；;]{{0,10}}$")
_STOPPED_AFTER = re.compile(rf"[^，。；;]{{0,8}}(?:已|被)?(?:停办|停用|{_END})")
_NUMBERS = {"两": 2, **{digit: value for value, digit in enumerate("二三四五六七八九", 2)}, **{str(value): value for value in range(2, 10)}}


def read(sentence: str, at: int, length: int, covered: int) -> Said:
    """What is said around the name at ``at`` in a report on the year ``covered``. Years after the report's own say nothing."""
    begin = max(_last_stop(sentence, at), at - _BEFORE)
    before, after = sentence[begin:at], sentence[at + length : at + length + _AFTER]
    stopped = bool(_STOPPED_BEFORE.search(before[-16:]) or _STOPPED_AFTER.match(after))
    for part in (before, after):
        if found := _SINCE.search(part):
            year = int(found["year"])
            if year < covered:
                return Said(year - 1, year, stopped)
        if found := _STARTED.search(part):
            year = int(found["year"])
            if year <= covered:
                return Said(year - 1, year, stopped)
        if found := _IN_A_ROW.search(part):
            return Said(None, covered - _NUMBERS[found["count"]] + 1, stopped)
        if found := _DONE_THEN.search(part):
            year = int(found["year"])
            if year < covered:
                return Said(None, year, stopped)
    if _FRESH.search(before) or _FRESH.match(after):
        return Said(covered - 1, covered, stopped)
    return Said(stopped=stopped)


def _last_stop(sentence: str, at: int) -> int:
    return max(sentence.rfind(stop, 0, at) for stop in "。；;！？\n") + 1
