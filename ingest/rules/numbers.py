"""Quantities in Chinese prose: number, approximation, unit. Finding them is easy; what they count is read in ``naming``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import vocabulary
from ingest.model import Approximation

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_MULTIPLIERS = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}


class Quantity(NamedTuple):
    """``start``..``end`` spans number and unit (1300余份); ``spoken`` tells a number in Chinese characters."""

    start: int
    end: int
    value: float | int
    unit: str
    approx: Approximation | None
    spoken: bool


def chinese_number(text: str) -> int | None:
    """三百二十一 → 321, 两万 → 20000, 百 → 100; None where it is not one number."""
    total = section = digit = 0
    seen = False
    for character in text:
        if character in _DIGITS:
            if digit and seen and not section:
                return None  # 一二, a list of digits
            digit = _DIGITS[character]
            seen = True
        elif character in _POWERS:
            section += (digit or 1) * _POWERS[character]
            digit = 0
            seen = True
        elif character in "万亿":
            total = (total + section + digit or 1) * (10_000 if character == "万" else 100_000_000)
            section = digit = 0
            seen = True
        else:
            return None
    return total + section + digit if seen else None


@cache
def _pattern() -> re.Pattern[str]:
    data = vocabulary.load("units")
    units = sorted({*data["units"]} - {"元", "万元", "亿元", "%"}, key=lambda unit: (-len(unit), unit))
    alternatives = "|".join(re.escape(unit) for unit in units)
    return re.compile(
        r"(?:(?P<digits>(?<![\d.\-+A-Za-z/第〔~#])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\d.\-+A-Za-z/第〔~#])\d+(?:\.\d+)?)(?P<power>[十百千]?万|[十百千亿])?|(?P<spoken>(?<![第数几十百千万〇零一二两三四五六七八九])[〇零一二两三四五六七八九十百千万]{1,9}))"
        r"(?P<more>余|多|来|几)?(?P<late>万|亿)?"
        rf"(?P<unit>%|(?:{alternatives})?(?:（次）|（场）)?|)(?P<trail>余|多)?(?P<money>元|万元|亿元)?"
    )


_NUMERAL = re.compile(r"[\d〇零一二两三四五六七八九十百千万]")
_BEFORE = re.compile(r"(近|将近|约|大约|约为|接近|超过|超|逾|突破|多达|至少|不少于|不低于|最少|不超过|少于|低于|不到|不足)(?:达到?|为|有|共)?$")
_AFTER = re.compile(r"(以上|左右|上下|以内|以下|之多)")
_DURATIONS = re.compile(r"(?:个)?(?:小时|分钟|工作日|季度|年头|周年|月(?!\w{0,2}(?:饼|嫂))|年|天|日|岁|秒|周(?!边|围))")
_LEVEL: dict[str, Approximation] = {
    "近": "about", "将近": "about", "约": "about", "大约": "about", "约为": "about", "接近": "about", "超过": "more_than", "超": "more_than", "逾": "more_than", "突破": "more_than",
    "至少": "at_least", "不少于": "at_least", "不低于": "at_least", "最少": "at_least", "不超过": "less_than", "少于": "less_than", "低于": "less_than", "不到": "less_than", "不足": "less_than",
}  # fmt: skip
_TRAIL: dict[str, Approximation] = {"以上": "at_least", "左右": "about", "上下": "about", "以内": "less_than", "以下": "less_than"}
_QUOTED = re.compile(r"“[^”\n]{0,40}”|《[^》\n]{0,80}》|〔[^〕\n]{0,12}〕\d*号?")
_SPOKEN_UNITS = frozenset("次 场 场次 人次 件 起 宗 例 名 人 位 户 家 份 期 条 处 所 个 支 轮 块 幅 部 册 座 间".split())


def _iter_numbers(text: str, start: int, stop: int) -> Iterator[re.Match[str]]:
    """``_pattern().finditer``, tried only where a number may begin: a set of characters is passed through faster than an alternation."""
    match_number = _pattern().match
    while (first := _NUMERAL.search(text, start, stop)) is not None:
        match = match_number(text, first.start(), stop)
        if match is None:
            start = first.end()
        else:
            yield match
            start = match.end()


def iter_quantities(text: str, start: int = 0, end: int | None = None) -> Iterator[Quantity]:
    """Quantities in ``text[start:end]``, left to right. Slogans in quotation marks, ordinals, dates, document numbers and durations are none."""
    stop = len(text) if end is None else end
    quoted = _QUOTED.finditer(text, start, stop)
    quote = next(quoted, None)
    for match in _iter_numbers(text, start, stop):
        if not match["unit"] and not match["money"]:
            continue
        while quote is not None and quote.end() <= match.start():
            quote = next(quoted, None)
        if quote is not None and quote.start() <= match.start() and match.end() <= quote.end():
            continue
        quantity = _read(text, match)
        if quantity is not None:
            yield quantity


_SHORT_UNITS = frozenset("道级部门面点班组片根把听顶对站栏圈堂节轮批期卷")
_RENAMED = {"（场）": "场", "场（次）": "场次", "人（次）": "人次", "件（次）": "件次", "人名": "人"}
_RANGE_AFTER = re.compile(r"[-~至到—]\d")
_RANGE_BEFORE = re.compile(r"\d[-~至到—]$")
_IDIOM = re.compile(r"千家|万户|千户")
_STREET = re.compile(r"[街巷路主心例]|大街|生命")
_RATE = re.compile(r"[\u4e00-\u9fff]{1,4}率")


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    """The quantity of a match, or None where it counts nothing or has no one value."""
    unit, spoken = match["unit"] or "", match["spoken"]
    after = text[match.end() : match.end() + 4]
    before = text[max(0, match.start() - 4) : match.start()]
    if match["more"] == "几" or _RANGE_AFTER.match(after) or _RANGE_BEFORE.search(before):
        return None
    if (match["money"] and unit and not match["trail"]) or (unit == "%" and (match["power"] or match["late"])):
        return None
    if (unit in ("", "个", "周") and _DURATIONS.match(text, match.start("unit"))) or (unit == "个" and (_DURATIONS.match(after) or after.startswith("百分点"))):
        return None
    if unit in _SHORT_UNITS and not _right_bounded(unit, after, before):
        return None
    if spoken is not None and not match["money"] and not _spoken_is_meant(match, unit, before, after, text):
        return None
    amount = _amount(match)
    if amount is None:
        return None
    value, money = amount
    unit = money or _RENAMED.get(unit, unit)
    end = match.end()
    if unit == "个" and after.startswith("场次"):
        unit, end = "场次", end + 2
    approx: Approximation | None = "more_than" if match["more"] or match["trail"] else None
    if approx is None and (word := _BEFORE.search(before)) is not None:
        approx = _LEVEL.get(word[1], "more_than")
    if (trail := _AFTER.match(text, end)) is not None:
        approx = approx or _TRAIL.get(trail[1], "more_than")
        end = trail.end()
    return Quantity(match.start(), end, value, unit, approx, spoken is not None)


def _amount(match: re.Match[str]) -> tuple[float | int, str | None] | None:
    """(value in base units, 元 or 万元 where it is money); None where the characters are no one number."""
    digits, spoken, money = match["digits"], match["spoken"], match["money"]
    number = chinese_number(spoken) if digits is None else float(digits.replace(",", "")) if "." in digits else int(digits.replace(",", ""))
    if number is None:
        return None
    power, late = match["power"] or "", match["late"] or ""
    amount = float(number) * _MULTIPLIERS[power] * _MULTIPLIERS[late]
    unit: str | None = None
    if money in ("万元", "亿元"):
        amount *= 1 if money == "万元" else 10_000
        unit = "万元"
    elif money is not None:
        in_ten_thousands = late or power.endswith(("万", "亿")) or (spoken or "").endswith(("万", "亿"))
        amount, unit = (amount / 10_000, "万元") if in_ten_thousands else (amount, "元")
    if amount > 1e13:
        return None
    return (round(amount) if abs(amount - round(amount)) < 1e-9 else round(amount, 6)), unit


def _spoken_is_meant(match: re.Match[str], unit: str, before: str, after: str, text: str) -> bool:
    """Whether a number in Chinese characters is meant as one: not 千家万户, 二条街, 万人成讼率."""
    if _IDIOM.match(match[0]) or (unit == "条" and _STREET.match(after)) or _RATE.match(after):
        return False
    return _spoken_counts(match["spoken"], unit, before, after, text, match.end())


def _spoken_counts(spoken: str, unit: str, before: str, after: str, text: str, end: int) -> bool:
    """Whether a number in Chinese characters counts something: 两个场次, 三名, 百余份; not 四个意识, 一项制度, 一次性, 第一."""
    if unit not in _SPOKEN_UNITS or before.endswith(("第", "新", "每", "逐", "某", "任", "同", "进", "十", "唯", "统", "“")):
        return (
            unit == "次"
            and spoken == "一"
            and bool(re.search(r"每(?:周|月|季度|半年|年|天|日|半月|两月|旬|个月)$|每(?:周|月|季度|半年|年|天|日)至少$", before))
        )
    if spoken in ("一", "〇", "零"):
        if unit == "次" and re.search(r"每(?:周|月|季度|半年|年|天|日|半月|个月)$", before):
            return not re.match("性", after)
        return bool(re.search(r"(?:至少|不少于|不低于|最少)$", before)) and unit in _SPOKEN_UNITS
    if unit == "个":
        ideas = vocabulary.load("units")["ideas"]
        tail = text[end : end + 8]
        return (
            bool(tail)
            and not any(idea in tail[:6] for idea in ideas)
            and not re.match(r"[“”，。、；）]", tail)
            and bool(
                re.match(
                    r"(?:行政村|自然村|村|社区|场次|网格|调解|法治|普法|执法|宣传|示范|站|点|所|平台|支部|党支部|企业|学校|案件|小组|工作组|专班|室|单位|部门|乡镇|镇|街道|居委会|小区|中心|试点|工作室|联系点)",
                    tail,
                )
            )
        )
    return not (unit in ("名", "人", "位") and re.match(r"[一称义单]", after)) and not re.match(r"性|化", after)


def _right_bounded(unit: str, after: str, before: str) -> bool:
    """Short units that are also the start of other words (部门, 门类, 组织) count only before a mark or a noun they go with."""
    if not after or re.match(r"[，。；、）！\n余以左的]", after):
        return True
    if unit == "部":
        return bool(re.match(r"法|规|电|手机|宣传片|微视频|作品|普法", after))
    if unit in ("期", "批", "轮", "堂", "节", "班"):
        return not re.match(r"[间限满望次级子]", after)
    return (unit in ("面",) and bool(re.match(r"锦旗|文化墙|墙|旗", after))) or (unit in ("对", "组", "片") and bool(re.match(r"夫妻|家庭", after)))
