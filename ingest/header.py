"""The parts of a document around its text: title, addressee, document number, signature, and the year that all of them speak of."""

from __future__ import annotations

import re
from collections import Counter

from ingest.draft import Draft
from ingest.patterns import lazy

_TITLE = lazy(
    r"(?:法治|依法|法制|普法|述法|行政执法|法律|司法|平安|综治|政务公开|党政主要负责人|第一责任人|履行推进).{0,60}(?:报告|总结|汇报|情况|述职|要点|计划|自查|材料|综述)"
)
_TITLE_LINE = lazy(r"(?:报告|总结|汇报|情况|述职述法|述法|自查|材料|综述)(?:（.{1,14}）)?$")
_ORDER = lazy(r"(?:关于.{2,80}的|.{4,60})(?:通知|意见|实施方案|工作方案|行动方案|决定|决议|批复|通告|函)(?:（.{1,14}）)?$")  # of a superior, to those below
_TITLE_YEAR = lazy(r"(?<!\d)(20\d\d)(?:年度?|(?=法治|普法))")
_CHINESE_YEAR = lazy(r"([二〇零一三四五六七八九]{4})年")
_DATE_LINE = lazy(r"^[^\d]{0,30}(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})日?(?:印发|发布|公布)?$")
_CHINESE_DATE_LINE = lazy(r"^[^〇零]{0,20}(二[〇零][〇零一二三四五六七八九]{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日(?:印发)?$")
_PUBLISHED = lazy(r"(?:发布|发文|成文|印发|公开)?(?:时间|日期)：?(20\d\d)[-年./](\d{1,2})")
ADDRESSEE = lazy(r"^[^。，；]{2,60}：$")
_DOCNUMBER = lazy(r"([\u4e00-\u9fff]{1,12}?)〔(20\d\d)〕第?(\d{1,4})号")
_DOCNUMBER_BEFORE = lazy(r"^[\u4e00-\u9fff]{1,12}?〔20\d\d〕第?\d{1,4}号(?=.)")
_ISSUER = lazy(
    r"(?:人民政府办公室|人民政府|委员会|街道办事处|办事处|党工委|党委|管理委员会|管委会|司法局|公安局|[\u4e00-\u9fff]{2,12}局|人民法院|人民检察院|办公室|指挥部)$"
)
_CLOSING = lazy(r"(抄送|抄报|主送|附件|联系人|（?此件|（?公开|（?合成|（?联系|主办单位|版权所有|责任编辑|信息来源|扫一扫|上一篇|下一篇|分享到|【?打印)")
_CLOSING_LONG = lazy(r"(抄送|抄报|附件|联系人|（?此件|（?合成|主办单位|版权所有|.{0,12}ICP备)")
_PROSE = lazy(r"[一二三四五六七八九十]、|（一）|\d{4}年[^度]?，|今年|近年|一年来|根据|按照|为")
_TWO_COMMAS = lazy("，.*，")
_DIGITS = {character: number for number, character in enumerate("〇一二三四五六七八九")} | {"零": 0}


def _chinese_year(text: str) -> int | None:
    digits = [_DIGITS.get(character) for character in text]
    return None if None in digits or len(digits) != 4 else int("".join(str(digit) for digit in digits))


def _small_number(text: str) -> int:
    """一..三十一."""
    if text == "十":
        return 10
    tens, _, ones = text.partition("十")
    if "十" not in text:
        return _DIGITS.get(text, 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def find_docnumber(clean: str, end: int) -> re.Match[str] | None:
    """The first document number before ``end``: groups are prefix, year and number."""
    return _DOCNUMBER.search(clean[:end]) if clean.find("〔20", 0, end) >= 0 else None


def find_head(clean: str) -> tuple[int, str | None]:
    """(end of the heading zone, title). The zone ends with the addressee line, or before the first line that is prose or a section heading."""
    position = 0
    title_parts: list[str] = []
    title: str | None = None
    for number, line in enumerate(clean.splitlines(keepends=True)):
        start, position = position, position + len(line)
        words = line.strip()
        if number > 14 or (len(words) > 70 and not _TITLE_LINE.search(words)) or _PROSE.match(words):
            return start, title
        if "。" in words or (title is not None and ("；" in words or _TWO_COMMAS.search(words))):
            return start, title
        if title is None and (_TITLE.search(words) or (_TITLE_LINE.search(words) and len(words) > 6) or _ORDER.match(words)):
            title = words
            if title_parts and not _TITLE.search(words) and not _ORDER.match(words):
                title = title_parts[-1] + words
        elif ADDRESSEE.match(words):
            return position, title
        title_parts.append(words)
    return (0 if title is None else position), title


def is_order(title: str | None) -> bool:
    """Whether a title is that of a notice, an opinion or a plan: it speaks of the year in which it is issued, not of the one before."""
    return title is not None and _TITLE_LINE.search(title) is None and _ORDER.match(title) is not None


def find_tail(clean: str, head_end: int) -> int:
    """Where the closing lines (signature, date, copies, printing office) begin."""
    tail = start = len(clean)
    for whole in reversed(clean.splitlines(keepends=True)[-14:]):
        start, line = start - len(whole), whole.strip()
        if start < head_end:
            break
        short = len(line) <= 40 and not line.endswith(("。", "；", "？", "！")) and "，" not in line
        closing = short and (_DATE_LINE.match(line) or _CHINESE_DATE_LINE.match(line) or _ISSUER.search(line) or _CLOSING.match(line))
        if closing or (len(line) < 120 and _CLOSING_LONG.match(line)):
            tail = start
        elif line:
            break
    return tail


def title_of(draft: Draft, title: str | None) -> str | None:
    if title is None:
        return draft.source.title
    words = re.sub(r"^[^\u4e00-\u9fff\d《“〔（]+", "", title.replace(" ", ""))
    return (_DOCNUMBER_BEFORE.sub("", words) if is_order(title) else words) or draft.source.title


def find_year(draft: Draft, title: str | None, signed: str | None) -> tuple[int | None, str | None, list[str]]:
    """(covered year, where it was read, warnings). The title decides; then 2023年度; then the lead; then the signature (January to June report on the year before)."""
    warnings: list[str] = []
    clean = draft.clean
    stated = Counter(int(match.group(1)) for match in re.finditer(r"(20\d\d)年度", clean)) if "年度" in clean else Counter()
    for text, where in ((title or "", "title"), (draft.source.title or "", "title")):
        years = [int(match.group(1)) for match in _TITLE_YEAR.finditer(text)] or [
            year for match in _CHINESE_YEAR.finditer(text) if (year := _chinese_year(match.group(1)))
        ]
        if years:
            if stated and stated.most_common(1)[0][0] != years[0]:
                warnings.append(f"The title says {years[0]}, the text says {stated.most_common(1)[0][0]}年度.")
            return years[0], where, warnings
    if stated:
        return min(stated, key=lambda year: (-stated[year], year)), "text", warnings
    lead = clean[draft.head_end : draft.head_end + 300]
    if (match := re.search(r"(20\d\d)年(?:以来|来|，|,|度|上半年|全年|[^\d]{0,6}(?:镇|乡|县|市|区|局|街道))", lead)) is not None:
        return int(match.group(1)), "lead", warnings
    if signed is not None:
        year, month = int(signed[:4]), int(signed[5:7])
        return (year - 1 if month <= 6 and not is_order(title) else year), "signature", warnings
    if (match := _PUBLISHED.search(clean[:600])) is not None:  # a page's own line: 发布时间：2024-03-21
        year, month = int(match.group(1)), int(match.group(2))
        return (year - 1 if month <= 6 and title is not None and _TITLE.search(title) else year), "published", warnings
    named = Counter(int(match.group(1)) for match in re.finditer(r"(20[12]\d)年", clean))
    if named:
        return min(named, key=lambda year: (-named[year], year)), "text", warnings
    for value in (draft.source.metadata.get("year"), draft.source.published):
        if value and (match := re.match(r"(20\d\d)(?:-(\d\d))?", str(value))) is not None:
            return int(match.group(1)) - (1 if match.group(2) and int(match.group(2)) <= 6 else 0), "metadata", warnings
    return None, None, warnings


def find_signed(clean: str, tail_start: int) -> str | None:
    """ISO date of the signature: the first date line of the closing part."""
    for line in clean[tail_start:].splitlines():
        if match := _DATE_LINE.match(line.strip()):
            year, month, day = (int(part) for part in match.groups())
        elif match := _CHINESE_DATE_LINE.match(line.strip()):
            year, month, day = _chinese_year(match.group(1)) or 0, _small_number(match.group(2)), _small_number(match.group(3))
        else:
            continue
        if 1 <= month <= 12 and 1 <= day <= 31 and year:
            return f"{year:04d}-{month:02d}-{day:02d}"
    return None
