"""Dates and spans of time: full dates, month and day with the year around them, months, spans of years.

A bare year (2023年) is no finding of its own: every fact has its ``year``.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import NamedTuple

from ingest.draft import Draft
from ingest.rejections import Reject, unheard

_TO = r"(?:至|到|起至|-{1,2}|—{1,2}|~)"
_HANZI_YEAR, _HANZI = r"[一二][〇零一二三四五六七八九]{3}", r"[一二三四五六七八九十]"
_OTHER_YEAR = {"去": -1, "上": -1, "明": 1, "次": 1}


@cache
def _pattern(*, spaced: bool) -> re.Pattern[str]:
    """Every form of a date. ``spaced``: digits may stand apart, as converters leave them (2 0 2 4 年 1 月 1 4 日)."""
    y, m, d = r"(?:19|20)\d\d", r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
    if spaced:
        y, m, d = r"(?:1 ?9|2 ?0) ?\d ?\d", r"(?:1 ?[0-2]|0? ?[1-9])", r"(?:3 ?[01]|[12] ?\d|0? ?[1-9])"
    return re.compile(
        rf"(?<![\d\-/])(?<!\d\.)(?:"
        # 2023年3月1日, and to 3月5日, to 5日
        rf"(?P<y1>{y})年(?P<m1>{m})月(?P<d1>{d})(?:[日号](?!令)(?:(?:上午|下午)?{_TO}(?:(?P<y2>{y})年)?(?:(?P<m2>{m})月)?(?P<d2>{d})[日号])?|{_TO}(?P<d2b>{d})[日号]|(?=[\n，。）])|$)"
        # 2023-11-22, 2023.11.22, 2023/11/22
        rf"|(?P<y3>{y})(?P<mark>[-./])(?P<m3>{m})(?P=mark)(?P<d3>{d})(?![\d./-])"
        # 2023年1月至11月, 2023年1-11月, 2023年10月至2024年3月, 2023年5月
        rf"|(?P<y4>{y})年(?P<m4>{m})(?:(?:月(?:[上中下]旬|[初底末])?)?{_TO}(?:(?P<y5>{y})年)?(?P<m5>{m}))?月(?!\d)(?:[上中下]旬|[初底末](?!级))?"
        # 2023年上半年, 2023年第一季度
        rf"|(?P<y6>{y})年度?(?P<part>上半年|下半年|第?[一二三四1-4]季度)"
        # 2021-2025年, 2021年至2025年, （2021-2025）
        rf"|(?P<y7>{y})年?{_TO}(?P<y8>{y})(?:学年)?(?:年度?|(?=[）》”]))"
        # 3月20日, 3月1日至5日, 3月1-5日
        rf"|(?P<m9>{m})月(?P<d9>{d})(?:[日号](?:{_TO}(?:(?P<m10>{m})月)?(?P<d10>{d})[日号])?|{_TO}(?P<d10b>{d})[日号])"
        # 1月至11月, 1-11月
        rf"|(?P<m11>{m})月?{_TO}(?P<m12>{m})月(?![龄内大饼])"
        # 5月, 5月份, 5月底
        rf"|(?P<m13>{m})月(?:份|[上中下]旬|[初底末])?(?![龄内余均度大饼\d])"
        # 12·4 before a day's name
        rf"|(?P<m14>{m})[.·](?P<d14>{d})(?=”?(?:国家|全国|国际|世界|全民)?(?![个万亿倍余多])[\u4e00-\u9fff]{{1,8}}(?<!工作)日)"
        rf")"
        # 二〇二三年十一月二十二日
        rf"|(?P<y15>{_HANZI_YEAR})年(?P<m15>{_HANZI}{{1,2}})月(?:(?P<d15>{_HANZI}{{1,3}})日)?"
    )


_SPACED = re.compile(r"\d \d")
# where a date may begin: digits before a mark of one, or a year in words; trying the whole pattern at every number would take three times as long
_NUMBER = re.compile(r"[0-9一二](?:(?<=[0-9])(?<![0-9][0-9])[0-9]*+(?=[年月至到起./·~— -])|(?<=[一二])(?=[〇零一二三四五六七八九]{3}年))")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年|([今本当同去上明次])年")
_RECURRING = re.compile(r"(?:每[年个逢月]|逐|各|[单双]|第)$")
_LABEL = re.compile(r"(发布|公开|发文|更新|公布|成文|签发|印发)(?:日期|时间)：?$")
_PRINTED = re.compile(r"印发")
_HALF = {
    "上半年": ("01", "06"),
    "下半年": ("07", "12"),
    "一": ("01", "03"),
    "二": ("04", "06"),
    "三": ("07", "09"),
    "四": ("10", "12"),
    "1": ("01", "03"),
    "2": ("04", "06"),
    "3": ("07", "09"),
    "4": ("10", "12"),
}
_DIGIT = {character: number for number, character in enumerate("〇一二三四五六七八九")} | {"零": 0}
_ROLES = {
    "发布": "published",
    "公开": "published",
    "公布": "published",
    "更新": "published",
    "印发": "printed",
    "发文": "signed",
    "成文": "signed",
    "签发": "signed",
}


class Span(NamedTuple):
    """A date in the text. ``iso`` is 2023-11-22, 2023-05, 2021/2025 or, without any year, --12-04; ``kind`` names the form."""

    start: int
    end: int
    iso: str
    kind: str
    said: str = ""  # the form without the year where that was only understood: --03-20


def hanzi_number(text: str) -> int:
    """一 … 三十一; 0 where it is none."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGIT.get(text, 0)
    return (_DIGIT.get(tens, 0) if tens else 1) * 10 + (_DIGIT.get(ones, 0) if ones else 0)


def _day(year: int | None, month: int, day: int) -> str | None:
    """ISO date, or None where the calendar has no such day."""
    try:
        date(year or 2024, month, day)
    except ValueError:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"


def _month(year: int | None, month: int) -> str:
    return f"{year:04d}-{month:02d}" if year else f"--{month:02d}"


def _until(first: str | None, last: str | None) -> str | None:
    return f"{first}/{last}" if first and last and last > first else first


def year_before(text: str, position: int, year: int | None) -> int | None:
    """The year that a month at ``position`` belongs to: the last one named before it in the same line, else ``year``."""
    start = max(text.rfind("\n", 0, position) + 1, position - 60)
    named = None
    for match in _YEAR.finditer(text, start, position):
        named = match
    if named is None or (position - named.end() > 1 and re.search("[。；]", text[named.end() : position])):
        return year
    if named.group(1):
        # 2021-2025年 inside a title says nothing about the months after it
        return int(named.group(1)) if text[named.end() : position].count("》") == 0 else year
    shift = _OTHER_YEAR.get(named.group(2), 0)
    return year + shift if year is not None else None


def iter_dates(text: str, year: int | None = None, *, plan_from: int | None = None, reject: Reject = unheard) -> list[Span]:
    """Dates in ``text`` by position. ``year`` is the report's; from ``plan_from`` on, months without a year are the next year's."""
    found: list[Span] = []
    taken = 0
    match_date = _pattern(spaced=" " in text and _SPACED.search(text) is not None).match
    for number in _NUMBER.finditer(text):
        if number.start() < taken or not (match := match_date(text, number.start())):
            continue
        span = _read(text, match, year + 1 if year is not None and plan_from is not None and match.start() >= plan_from else year)
        if span is not None:
            found.append(span)
            taken = span.end
        else:
            recurs = _RECURRING.search(text, max(0, match.start() - 2), match.start())
            reject("date", match.start(), match.end(), "date", "comes round again, no one date" if recurs else "no such day", recurs.span() if recurs else None)
    return found


def _read(text: str, match: re.Match[str], year: int | None) -> Span | None:
    group = match.groupdict()
    if " " in match.group():
        group = {name: found.replace(" ", "") if found else found for name, found in group.items()}
    iso: str | None
    said: str | None = None
    if group["y1"]:
        y, m, d = int(group["y1"]), int(group["m1"]), int(group["d1"])
        iso, kind = _day(y, m, d), "day"
        if last := group["d2"] or group["d2b"]:
            iso, kind = _until(iso, _day(int(group["y2"] or y), int(group["m2"] or m), int(last))), "days"
    elif group["y3"]:
        iso, kind = _day(int(group["y3"]), int(group["m3"]), int(group["d3"])), "day"
    elif group["y4"]:
        y, m = int(group["y4"]), int(group["m4"])
        iso, kind = _month(y, m), "month"
        if group["m5"]:
            iso, kind = _until(iso, _month(int(group["y5"] or y), int(group["m5"]))), "months"
    elif group["y6"]:
        part = group["part"]
        first, last = _HALF.get(part) or _HALF[part.removeprefix("第")[0]]
        iso, kind = f"{group['y6']}-{first}/{group['y6']}-{last}", "months"
    elif group["y7"]:
        iso, kind = _until(group["y7"], group["y8"]), "years"
    elif group["y15"]:
        digits = [_DIGIT[character] for character in group["y15"]]
        y, m = int("".join(map(str, digits))), hanzi_number(group["m15"])
        if not 1 <= m <= 12:
            return None
        iso, kind = (_day(y, m, hanzi_number(group["d15"])), "day") if group["d15"] else (_month(y, m), "month")
    elif _RECURRING.search(text, max(0, match.start() - 2), match.start()):
        return None
    elif group["m9"]:
        y9 = year_before(text, match.start(), year)
        m, d = int(group["m9"]), int(group["d9"])
        iso, kind, said = _day(y9, m, d), "day", _day(None, m, d)
        if last := group["d10"] or group["d10b"]:
            iso, kind = _until(iso, _day(y9, int(group["m10"] or m), int(last))), "days"
            said = _until(said, _day(None, int(group["m10"] or m), int(last)))
    elif group["m11"]:
        y11 = year_before(text, match.start(), year)
        iso, kind = _until(_month(y11, int(group["m11"])), _month(y11, int(group["m12"]))), "months"
    elif group["m13"]:
        iso, kind = _month(year_before(text, match.start(), year), int(group["m13"])), "month"
    else:
        iso, kind = f"--{int(group['m14']):02d}-{int(group['d14']):02d}", "feast"
    return Span(match.start(), match.end(), iso, kind, said or iso) if iso else None


_CONFIDENCE = {"day": 0.97, "days": 0.95, "month": 0.85, "months": 0.9, "years": 0.95, "feast": 0.7}


def dates(draft: Draft) -> None:
    """Note every date with its ISO form; ``attrs.role`` says signed, printed or published where the lines around tell."""
    plan_from = next((section.start for section in draft.sections if section.kind == "plan"), None)
    for span in iter_dates(draft.clean, draft.frame.year, plan_from=plan_from, reject=draft.reject):
        attrs: dict[str, object] = {"form": span.kind}
        if role := _role(draft, span):
            attrs["role"] = role
        year = int(span.iso[:4]) if span.iso[:4].isdigit() else None
        draft.add(
            "date",
            span.start,
            span.end,
            rule=f"date.{span.kind}",
            confidence=_CONFIDENCE[span.kind],
            canonical=span.said,
            date=span.iso,
            year=year,
            attrs=attrs,
        )


def _role(draft: Draft, span: Span) -> str | None:
    text = draft.clean
    if label := _LABEL.search(text, max(0, span.start - 8), span.start):
        return _ROLES[label.group(1)]
    if span.kind != "day":
        return None
    line_start, line_end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    after = text[span.end : line_end if line_end >= 0 else len(text)]
    if _PRINTED.match(after) and (span.start >= draft.tail_start or line_start == span.start):
        return "printed"
    if span.start >= draft.tail_start > 0 and not after.strip() and span.start - line_start <= 30:
        return "signed"
    return None
