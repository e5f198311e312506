"""Dates and spans of time: full dates, month and day with the year around them, months, spans of years.

A bare year (2023年) is no finding of its own: every fact has its ``year``.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from ingest.draft import Draft, draft_of

_Y, _M, _D = r"(?:19|20)\d\d", r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
_TO = r"(?:至|到|起至|-{1,2}|—{1,2}|~)"
_HANZI_YEAR, _HANZI = r"[一二][〇零一二三四五六七八九]{3}", r"[一二三四五六七八九十]"
_OTHER_YEAR = {"去": -1, "上": -1, "明": 1, "次": 1}

_DATE = re.compile(
    rf"(?<![\d.\-/])(?:"
    # 2023年3月1日, and to 3月5日, to 5日
    rf"(?P<y1>{_Y})年(?P<m1>{_M})月(?P<d1>{_D})(?:[日号](?!令)(?:(?:上午|下午)?{_TO}(?:(?P<y2>{_Y})年)?(?:(?P<m2>{_M})月)?(?P<d2>{_D})[日号])?|{_TO}(?P<d2b>{_D})[日号]|(?=[\n，。）])|$)"
    # 2023-11-22, 2023.11.22, 2023/11/22
    rf"|(?P<y3>{_Y})(?P<mark>[-./])(?P<m3>{_M})(?P=mark)(?P<d3>{_D})(?![\d./-])"
    # 2023年1月至11月, 2023年1-11月, 2023年10月至2024年3月, 2023年5月
    rf"|(?P<y4>{_Y})年(?P<m4>{_M})(?:月?{_TO}(?:(?P<y5>{_Y})年)?(?P<m5>{_M}))?月(?!\d)"
    # 2023年上半年, 2023年第一季度
    rf"|(?P<y6>{_Y})年度?(?P<part>上半年|下半年|第?[一二三四1-4]季度)"
    # 2021-2025年, 2021年至2025年, （2021-2025）
    rf"|(?P<y7>{_Y})年?{_TO}(?P<y8>{_Y})(?:学年)?(?:年度?|(?=[）》”]))"
    # 3月20日, 3月1日至5日, 3月1-5日
    rf"|(?P<m9>{_M})月(?P<d9>{_D})(?:[日号](?:{_TO}(?:(?P<m10>{_M})月)?(?P<d10>{_D})[日号])?|{_TO}(?P<d10b>{_D})[日号])"
    # 1月至11月, 1-11月
    rf"|(?P<m11>{_M})月?{_TO}(?P<m12>{_M})月(?![龄内大饼])"
    # 5月, 5月份, 5月底
    rf"|(?P<m13>{_M})月(?:份|[上中下]旬|[初底末])?(?![龄内余均度大饼\d])"
    # 12·4 before a day's name
    rf"|(?P<m14>{_M})[.·](?P<d14>{_D})(?=”?(?:国家|全国|国际|世界|全民)?[\u4e00-\u9fff]{{1,8}}日)"
    rf")"
    # 二〇二三年十一月二十二日
    rf"|(?P<y15>{_HANZI_YEAR})年(?P<m15>{_HANZI}{{1,2}})月(?:(?P<d15>{_HANZI}{{1,3}})日)?"
)
_NUMBER = re.compile(
    r"[0-9]+|[一二](?=[〇零一二三四五六七八九]{3}年)"
)  # where a date may begin: trying the whole pattern at every character would take milliseconds
_YEAR = re.compile(rf"(?<!\d)({_Y})年|([今本当同去上明次])年")
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


def iter_dates(text: str, year: int | None = None, *, plan_from: int | None = None) -> list[Span]:
    """Dates in ``text`` by position. ``year`` is the report's; from ``plan_from`` on, months without a year are the next year's."""
    found: list[Span] = []
    taken = 0
    for number in _NUMBER.finditer(text):
        if number.start() < taken or not (match := _DATE.match(text, number.start())):
            continue
        span = _read(text, match, year + 1 if year is not None and plan_from is not None and match.start() >= plan_from else year)
        if span is not None:
            found.append(span)
            taken = span.end
    return found


def _read(text: str, match: re.Match[str], year: int | None) -> Span | None:
    group = match.groupdict()
    iso: str | None
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
        iso, kind = _day(y9, m, d), "day"
        if last := group["d10"] or group["d10b"]:
            iso, kind = _until(iso, _day(y9, int(group["m10"] or m), int(last))), "days"
    elif group["m11"]:
        y11 = year_before(text, match.start(), year)
        iso, kind = _until(_month(y11, int(group["m11"])), _month(y11, int(group["m12"]))), "months"
    elif group["m13"]:
        iso, kind = _month(year_before(text, match.start(), year), int(group["m13"])), "month"
    else:
        iso, kind = f"--{int(group['m14']):02d}-{int(group['d14']):02d}", "feast"
    return Span(match.start(), match.end(), iso, kind) if iso else None


_CONFIDENCE = {"day": 0.97, "days": 0.95, "month": 0.85, "months": 0.9, "years": 0.95, "feast": 0.7}


@Language.component("fazhi_dates")
def dates(doc: Doc) -> Doc:
    """Note every date with its ISO form; ``attrs.role`` says signed, printed or published where the lines around tell."""
    draft = draft_of(doc)
    plan_from = next((section.start for section in draft.sections if section.kind == "plan"), None)
    for span in iter_dates(draft.clean, draft.frame.year, plan_from=plan_from):
        attrs: dict[str, object] = {"form": span.kind}
        if role := _role(draft, span):
            attrs["role"] = role
        year = int(span.iso[:4]) if span.iso[:4].isdigit() else None
        draft.add(
            "date", span.start, span.end, rule=f"date.{span.kind}", confidence=_CONFIDENCE[span.kind], canonical=span.iso, date=span.iso, year=year, attrs=attrs
        )
    return doc


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
