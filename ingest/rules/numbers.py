"""Quantities in Chinese prose: number, approximation, unit. Finding them is easy; what they count is read in ``naming``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import vocabulary
from ingest.model import Approximation
from ingest.patterns import lazy
from ingest.rejections import Reason, Reject, unheard

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_MULTIPLIERS = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}


class Quantity(NamedTuple):
    """``start``..``end`` spans number and unit (1300余份); ``spoken`` tells a number in Chinese characters, ``upper`` the end of a range (3至5次).

    ``per`` is the other side of a rate (91.3件/万人). ``unit`` is empty where the text gives none (关注人数1.1万).
    """

    start: int
    end: int
    value: float | int
    unit: str
    approx: Approximation | None
    spoken: bool
    upper: float | int | None = None
    per: str | None = None


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


_NOT_BEFORE = r"(?:(?<![\d\-+A-Za-z/第〔~#])(?<!\d\.)|(?<=[同环]比[-+]))"
_DIGITS_FORMS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?: \d{3})+(?:\.\d+)?(?!\d)|\d(?: \d)+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"  # 1,300 · 1 300 · 1 3 0 0 (converters) · 1300.5


@cache
def _pattern(*, inside: bool = False) -> re.Pattern[str]:
    """Number with its unit. ``inside`` reads the second number of a range, where a dash stands before it."""
    data = vocabulary.load("units")
    units = sorted({*data["units"]} - {"元", "万元", "亿元", "%"}, key=lambda unit: (-len(unit), unit))
    alternatives = "|".join(re.escape(unit) for unit in units)
    guard = "" if inside else _NOT_BEFORE
    spoken_guard = "" if inside else "(?<![第数几十百千万〇零一二两三四五六七八九])"
    return re.compile(
        r"(?:(?<=[达占降升近约超率比有至到逾高减增长过足加将把的滑跌落。；，\n])(?P<tenths>[一二三四五六七八九]成[一二三四五六七八九半]?)(?=[，。；、）以左多上的\n]|$)|百分之(?P<hundredths>\d{1,9}(?:\.\d{1,9})?|[〇零一二三四五六七八九十百]{1,5}(?:点[〇零一二三四五六七八九]{1,3})?)"
        rf"|(?:{guard}(?P<digits>{_DIGITS_FORMS})(?P<power>[十百千]?万|[十百千亿])?|{spoken_guard}(?P<spoken>[〇零一二两三四五六七八九十百千万]{{1,9}}))"
        r"(?P<more>余|多|来|几|[+＋](?![\dA-ZNX＋+]))?(?P<late>万|亿)?"
        rf"(?P<unit>%|(?:(?:{alternatives})(?:(?<=[人件户车批家例班篇案枚点台辆艘架间所处栋条站份组卷宗起])次(?![日月年要级第序]))?)?(?:（次）|（场）)?|)"
        r"(?P<trail>余|多)?(?P<money>元|万元|亿元)?(?:(?<=[件起例人个次])/(?P<per>万人|千人|百人|人|户|村))?)"
    )


_BEFORE = lazy(
    r"((?<![附就临最邻])近|将近|(?<![民公契条预签履违节邀解缔])(?<!(?<!损)失)约|大约|约为|接近|超过|(?<!赶)超|逾|突破|多达|至少|不少于|不低于|不下|最少|不超过|少于|低于|不到|不足|[≥≤＞＜><])(?:达到?|为|有|共)?$"
)
_AT_LEAST = lazy(r"(?:至少|最少|不少于|不低于)[\u4e00-\u9fff]{1,6}\Z")  # 至少开展1次
_AFTER = lazy(r"(以上|左右|上下|以内|以下|之多)")
_AFTER_FIRST = frozenset("以左上之")
_DURATIONS = lazy(r"(?:个)?(?:小时|分钟|工作日|季度|年头|周年|月(?!\w{0,2}(?:饼|嫂))|年|天|日|岁|秒|周(?!边|围))")
_LEVEL: dict[str, Approximation] = {
    "近": "about", "将近": "about", "约": "about", "大约": "about", "约为": "about", "接近": "about", "超过": "more_than", "超": "more_than", "逾": "more_than", "突破": "more_than",
    "至少": "at_least", "不少于": "at_least", "不低于": "at_least", "不下": "at_least", "最少": "at_least", "不超过": "less_than", "少于": "less_than", "低于": "less_than", "不到": "less_than", "不足": "less_than",
    "≥": "at_least", "≤": "less_than", ">": "more_than", "＞": "more_than", "<": "less_than", "＜": "less_than",
}  # fmt: skip
_TRAIL: dict[str, Approximation] = {"以上": "at_least", "左右": "about", "上下": "about", "以内": "less_than", "以下": "less_than"}
_QUOTED = lazy(r"“[^”\n]{0,40}”|《[^》\n]{0,80}》|〔[^〕\n]{0,12}〕\d*号?")
_SPOKEN_UNITS = frozenset(
    "次 场 场次 人次 件 起 宗 例 桩 名 人 位 户 家 份 期 条 处 所 个 支 轮 块 幅 部 册 本 座 间 篇 张 台 辆 堂 节 卷 套 批 批次 课时 学时 公里 亩 平方米".split()
)


@cache
def _start() -> re.Pattern[str]:
    """Where a quantity may begin: a digit, or a number in words (at most nine) before something that goes on. Most of the words (一是, 统一) count nothing."""
    goes_on = "".join(sorted({unit[0] for unit in vocabulary.load("units")["units"]}))
    return re.compile(rf"[\d{_WORDS}](?:(?<=\d)|[{_WORDS}]{{0,8}}+(?=[{re.escape(goes_on)}{_WORDS}分余多来几成亿元（/~至到—-]))")


_WORDS = "〇零一二两三四五六七八九十百千万"
_RANGE_MARKS = frozenset("-~至到—")
_RANGE_ENDS = _RANGE_MARKS | {"\n"}
_ORDINAL = frozenset("前第")
# What stands behind a number without a unit that _read_bare may take: a mark, the text's end, or a measure of time. Most numbers of a text (2023年, 一是, 统一) are none.
_BARE_NEXT = frozenset("，。；、）！\n.个小天分工") | {""}


def iter_quantities(text: str, start: int = 0, end: int | None = None, *, reject: Reject = unheard) -> Iterator[Quantity]:
    """Quantities in ``text[start:end]``, left to right. Slogans in quotation marks, ordinals, dates, document numbers and durations are none."""
    stop = len(text) if end is None else end
    quoted = _QUOTED.finditer(text, start, stop)
    quote = next(quoted, None)
    done = position = start
    find_number, match_number = _start().search, _pattern().match
    while (first := find_number(text, position, stop)) is not None:
        position = first.start() + 1
        match = match_number(text, position - 1, stop)
        if match is None:
            continue
        begin, position = match.span()
        if begin < done:
            continue
        tenths, hundredths, digits, _, _, _, _, unit, _, money, _ = match.groups()
        counts = unit or money or hundredths or tenths
        after = text[position : position + 1]
        if not counts and after not in _RANGE_MARKS and (digits is None or after not in _BARE_NEXT):
            continue
        while quote is not None and quote.end() <= begin:
            quote = next(quoted, None)
        if quote is not None and quote.start() <= begin and position <= quote.end():
            if unit or money:
                reject("metric", begin, position, "metric.count", "inside a title or quotation", quote.span())
            continue
        quantity: Quantity | Reason | None = _read_range(text, match, stop) if after in _RANGE_MARKS else None
        if quantity is None:
            quantity = _read(text, match) if counts else _read_bare(text, match)
        if isinstance(quantity, Quantity):
            done = quantity.end
            yield quantity
        elif quantity is not None:
            reject("metric", begin, position, "metric.count", quantity)


_RANGE_GUARD = lazy(r"[第前年月\d]$")


def _read_range(text: str, match: re.Match[str], stop: int) -> Quantity | None:
    """3-5次, 三至五名, 30%至40%: the lower number, at least, with the upper one kept; None where the match, before a mark, opens no range."""
    if match["tenths"] or match["hundredths"] or match["more"] or _RANGE_GUARD.search(text, max(0, match.start() - 1), match.start()):
        return None
    second = _pattern(inside=True).match(text, match.end() + 1, stop)
    if second is None or not (second["unit"] or second["money"]) or (match["spoken"] is None) != (second["spoken"] is None):
        return None
    if match["unit"] and match["unit"] != second["unit"]:
        return None
    lower, upper = _amount(match), _read(text, second, inside=True)
    if lower is None or not isinstance(upper, Quantity) or not lower[0] < upper.value:
        return None
    return upper._replace(start=match.start(), value=lower[0], approx="at_least", upper=upper.value)


_BARE_LEFT = lazy(
    r"(?:人数|人口|次数|[阅播点浏访][读放击览问]量|粉丝|指数|[\u4e00-\u9fff]率|得分|评分|成绩|总分|平均分|均分)(?:累计|共计|总计|已|共|均|高)?(?:达到?|为|是|有|近|约|超过?|逾|突破|降至|降到|升至|提升至|提升到|提高到|提高至|升到){0,2}$"
)
_SCORE = lazy(r"(?:[得平总均评][分]|评分|成绩|总分)(?:累计|共计|总计|已|共|均|高)?(?:达到?|为|是|有|近|约|超过?|逾|突破){0,2}$")
_PEOPLE = lazy(r"人口[^，。；\d]{0,6}$")
_BARE_RIGHT = lazy(r"[，。；、）！\n]|\.(?!\d)|$")
_TIME_LEFT = lazy(
    r"(?:平均|人均|时长|学时|服务|播[放音出]|广播|志愿|压缩[到至为]|缩短[到至为]|[缩降减][到至为]|用时|耗时|办理(?:时间|时限)|累计(?:时间|时长)?|驻村|坐班|值班|蹲点)[^，。；\n\d]{0,8}$"
)
_TIME_UNIT = lazy(r"(?:个)?(小时|天|分钟|工作日)(?![候气内前后然制])")
_TIME_UNITS = {"工作日": "个工作日"}  # what is counted has its 个: 0.5个工作日


def _read_bare(text: str, match: re.Match[str]) -> Quantity | None:
    """A number without a counted unit: 关注人数1.1万 has none, 服务692小时 and 平均7.5天结案 are spans of time that somebody measured."""
    if match["digits"] is None:
        return None
    time = _TIME_UNIT.match(text, match.start("unit") if match["unit"] else match.end())
    if time is None and _BARE_RIGHT.match(text, match.end()) is None:
        return None
    amount = _amount(match)
    if amount is None:
        return None
    approx: Approximation | None = "more_than" if match["more"] else None
    before = text[max(0, match.start() - 18) : match.start()]
    word = _BEFORE.search(before)
    if approx is None and word is not None:
        approx = _LEVEL.get(word[1], "more_than")
    if time is not None:
        if _TIME_LEFT.search(before) is None or (amount[0] == 24 and time[1] == "小时"):
            return None
        end = time.end()
        trail = _AFTER.match(text, end)
        if trail is not None:
            approx, end = approx or _TRAIL.get(trail[1], "more_than"), trail.end()
        return Quantity(match.start(), end, amount[0], _TIME_UNITS.get(time[1], time[1]), approx, False)
    if _BARE_LEFT.search(before) is None or amount[0] == 0:
        return None  # 复吸率为0 is told by the rule for zeros
    unit = "人" if _PEOPLE.search(before) else "分" if _SCORE.search(before) else ""
    return Quantity(match.start(), match.end(), amount[0], unit, approx, False)


_APPOSITION = lazy(r"、[\u4e00-\u9fff·]{2,4}\Z")
_SHORT_UNITS = frozenset("道级部门面点班组片根把听顶对站栏圈堂节轮批期卷")
_RENAMED = {"（场）": "场", "场（次）": "场次", "人（次）": "人次", "件（次）": "件次", "人名": "人"}
_RANGE_AFTER = lazy(r"[-~至到—]\d")
_RANGE_BEFORE = lazy(r"[\d一二两三四五六七八九十][-~至到—]$")
# the last characters before _BEFORE, and before _NOT_COUNTED, without which neither need be tried
_BEFORE_LAST, _NOT_COUNTED_LAST = frozenset("近约为过超逾破达少于下到足有共≥≤＞＜><\n"), frozenset("轮次节首版栋幢座期%分倍种字眼票")
_IDIOM = lazy(r"千家|万家|万户|千户")
_STREET = lazy(r"[街巷路主心例]|大街|生命")
_RATE = lazy(r"[\u4e00-\u9fff]{1,4}率")


_NOT_COUNTED = lazy(
    r"(?:(?<=轮)车|(?<=次)全会|(?<=节)[气假点约能日目]|(?<=首)[先次批个届席]|(?<=版)[本面权图块]|(?<=[栋幢座])(?:\d+(?:单元|号|[层楼室])|单元)|(?<=期)(?:工程|项目|建设)|(?<=%)(?:工作法|模式|机制)|(?<=分)(?:钟|之|别|类|级|管|局|公司|析|布|散|期|支|为|工|明|头|队|包|流|批)|(?<=倍)(?:增|感|加)|(?<=种)(?:[方模形]式|语言|植|类|子|情形|情况|[渠途]|可能|以上方式|力量|手段|机制)|(?<=字)(?:[号样真符典长经形诀体]|以[内上下])|(?<=眼)[前光界睛里下神]|(?<=票)(?:否决|[数据价]))"
)
_SCORE_LEFT = lazy(r"(?:分|成绩|平均|测评|考[核评试])[^，。；\n]{0,6}$")
_POWER_WORDS = frozenset("十百千万亿")


def _read(text: str, match: re.Match[str], *, inside: bool = False) -> Quantity | Reason:
    """The quantity of a match, or the reason why it counts nothing or has no one value. ``inside``: it ends a range."""
    if match["tenths"] or match["hundredths"]:
        return _read_hundredths(text, match)
    unit, spoken = match["unit"] or "", match["spoken"]
    start, end = match.span()
    after = text[end : end + 4]
    before = text[max(0, start - 4) : start]
    last = before[-1:]
    if (
        match["more"] == "几"
        or (after[:1] in _RANGE_MARKS and _RANGE_AFTER.match(after))
        or (not inside and last in _RANGE_ENDS and _RANGE_BEFORE.search(before))
    ):
        return "a range or vague digits, no one value"
    if unit == "分" and text.startswith("钟", match.end("unit")):
        return _read_bare(text, match) or "a length of time"
    if last in _ORDINAL or (text[end - 1] in _NOT_COUNTED_LAST and _NOT_COUNTED.match(text, end)):
        return "part of a longer word"
    if unit == "分" and _SCORE_LEFT.search(text, max(0, start - 12), start) is None:
        return "the words around do not fit"
    if spoken == "两" and unit in ("名", "位") and _APPOSITION.search(text, max(0, start - 6), start) is not None:
        return "counted, not named"  # 张甲、王乙两位律师: the names say it
    if unit == "个" and spoken is None and _aspects().match(text, end):
        return "a figure of speech"
    if match["money"] == "元" and spoken is not None and not match["more"] and not match["late"] and (len(spoken) == 1 or spoken in _POWER_WORDS):
        return "part of a longer word"  # 一元领导, 三元村
    if match["money"] and spoken is not None and spoken in _POWER_WORDS and not match["more"]:
        return "part of a longer word"  # 万元以上的合同
    if (match["money"] and unit and not match["trail"]) or (unit == "%" and (match["power"] or match["late"])):
        return "the unit is part of another word"
    if (unit in ("", "个", "周") and _DURATIONS.match(text, match.start("unit"))) or (unit == "个" and (_DURATIONS.match(after) or after.startswith("百分点"))):
        return _read_bare(text, match) or "a length of time"
    if unit in _SHORT_UNITS and not _right_bounded(unit, after, before):
        return "the unit is part of another word"
    if spoken is not None and not match["money"] and not _spoken_is_meant(match, unit, before, after, text):
        return "a number in words that counts nothing"
    amount = _amount(match)
    if amount is None:
        return "a range or vague digits, no one value"
    value, money = amount
    if text[start - 1 : start] == "-" and text[start - 2 : start - 1] == "比":
        value, start = -value, start - 1  # 同比-6.3%
    unit = money or _RENAMED.get(unit, unit)
    if unit == "个" and after.startswith("场次"):
        unit, end = "场次", end + 2
    approx: Approximation | None = "more_than" if match["more"] or match["trail"] else None
    if approx is None and spoken is not None and spoken[0] in "百千万" and before.endswith("上"):
        approx, start = "at_least", start - 1  # 上百家
    if approx is None and last in _BEFORE_LAST and (word := _BEFORE.search(before)) is not None:
        approx = _LEVEL.get(word[1], "more_than")
    if approx is None and ("少" in (words := text[max(0, match.start() - 10) : match.start()]) or "低" in words) and _AT_LEAST.search(words) is not None:
        approx = "at_least"
    if text[end : end + 1] in _AFTER_FIRST and (trail := _AFTER.match(text, end)) is not None:
        approx = approx or _TRAIL.get(trail[1], "more_than")
        end = trail.end()
    return Quantity(start, end, value, unit, approx, spoken is not None, per=match["per"])


@cache
def _aspects() -> re.Pattern[str]:
    """Nouns after a figure and 个 that name a way of seeing things, not things: 5个方面."""
    return re.compile("|".join(map(re.escape, vocabulary.load("units")["aspects"])))


def _read_hundredths(text: str, match: re.Match[str]) -> Quantity | Reason:
    """百分之九十八点五 → 98.5%, 九成八 → 98%, 七成半 → 75%."""
    words = match["hundredths"] or match["tenths"]
    if match["tenths"]:
        value: float | int = 10 * _DIGITS[words[0]] + (_DIGITS.get(words[2], 5) if len(words) > 2 else 0)
    elif words[0].isdigit():
        value = float(words) if "." in words else int(words)
    else:
        whole, _, part = words.partition("点")
        number = chinese_number(whole)
        if number is None:
            return "a range or vague digits, no one value"
        value = float(f"{number}.{''.join(str(_DIGITS[character]) for character in part)}") if part else number
    end = match.end()
    word = _BEFORE.search(text, max(0, match.start() - 4), match.start())
    approx = _LEVEL.get(word[1], "more_than") if word is not None else None
    if (trail := _AFTER.match(text, end)) is not None:
        approx, end = approx or _TRAIL.get(trail[1], "more_than"), trail.end()
    return Quantity(match.start(), end, value, "%", approx, True)


def _amount(match: re.Match[str]) -> tuple[float | int, str | None] | None:
    """(value in base units, 元 or 万元 where it is money); None where the characters are no one number."""
    _, _, digits, power, spoken, _, late, _, _, money, _ = match.groups()
    if digits is not None and len(digits) > 32:
        return None  # a run of digits, no count
    if digits is not None and not (power or late or money) and digits.isdecimal():
        return (value, None) if (value := int(digits)) <= _MOST else None
    number = chinese_number(spoken) if digits is None else _figure(digits)
    if number is None:
        return None
    amount = float(number) * _MULTIPLIERS[power or ""] * _MULTIPLIERS[late or ""]
    unit: str | None = None
    if money in ("万元", "亿元"):
        amount *= 1 if money == "万元" else 10_000
        unit = "万元"
    elif money is not None:
        in_ten_thousands = late or (power or "").endswith(("万", "亿")) or (spoken or "").endswith(("万", "亿"))
        amount, unit = (amount / 10_000, "万元") if in_ten_thousands else (amount, "元")
    if amount > _MOST:
        return None
    return (round(amount) if abs(amount - round(amount)) < 1e-9 else round(amount, 6)), unit


_MOST = 1e13


def _figure(digits: str) -> float | int:
    """1,300 and 1 300 → 1300."""
    plain = digits.replace(",", "").replace(" ", "")
    return float(plain) if "." in plain else int(plain)


def _spoken_is_meant(match: re.Match[str], unit: str, before: str, after: str, text: str) -> bool:
    """Whether a number in Chinese characters is meant as one: not 千家万户, 二条街, 万人成讼率."""
    if _IDIOM.match(match[0]) or (unit == "条" and _STREET.match(after)) or _RATE.match(after):
        return False
    return _spoken_counts(match, unit, before, after, text)


_EACH = lazy(r"每(?:周|月|季度|季|半年|年|天|日|半月|两月|旬|两?个月)(?:至少|组织|召开|开展|[^，。；：、\n\d]{0,10})\Z")


def _spoken_counts(match: re.Match[str], unit: str, before: str, after: str, text: str) -> bool:
    """Whether a number in Chinese characters counts something: 两个场次, 三名, 百余份; not 四个意识, 一项制度, 一次性, 第一."""
    spoken, (start, end), more = match["spoken"], match.span(), match["more"] or match["trail"]
    if spoken == "一" and unit in ("次", "场") and not after.startswith("性") and _EACH.search(text, max(0, start - 16), start) is not None:
        return True
    if unit not in _SPOKEN_UNITS or before.endswith(("第", "每", "十", "“")):
        return False
    if spoken in _POWER_WORDS and before.endswith("进"):
        return False  # 法律进百村
    if spoken in ("一", "〇", "零"):
        return bool(re.search(r"(?:至少|不少于|不低于|最少)$", before))
    if unit == "个" and not (more and spoken[-1] in "十百千万"):
        ideas = vocabulary.load("units")["ideas"]
        tail = text[end : end + 8]
        return (
            bool(tail)
            and not any(idea in tail[:6] for idea in ideas)
            and not re.match(r"[“”，。、；）]", tail)
            and bool(
                re.match(
                    r"(?:行政村|自然村|村|社区|场次|网格|调解|法治|普法|执法|宣传|示范|站|点|所|平台|支部|党支部|企业|学校|案件|小组|工作组|专班|室|单位|部门|乡镇|镇|街道|居委会|小区|中心|试点|工作室|联系点|嘎查|苏木|片区|园区|基地|人民|公共|法律|项目|点位|阵地|广场|党组织|专业|行业|微)",
                    tail,
                )
            )
        )
    return not (unit in ("名", "人", "位") and re.match(r"[一称义单]", after)) and not re.match(r"性|化", after)


def _right_bounded(unit: str, after: str, before: str) -> bool:
    """Short units that are also the start of other words (部门, 门类, 组织) count only before a mark or a noun they go with."""
    if not after or after[0] in "，。；、）！\n余以左的":
        return True
    if unit == "部":
        return bool(re.match(r"法|规|电|手机|宣传片|微视频|作品|普法", after))
    if unit in ("期", "批", "轮", "堂", "节", "班"):
        return not re.match(r"[间限满望次级子]", after)
    if unit == "对":
        return not re.match(r"[口外策比照接此于标准应称等话着折手付方立症待象面]", after)
    return (unit in ("面",) and bool(re.match(r"锦旗|文化墙|墙|旗", after))) or (unit in ("组", "片") and bool(re.match(r"夫妻|家庭", after)))
