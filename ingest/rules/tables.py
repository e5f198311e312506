"""Metrics out of tables: a number with the words that head its row and its column, its unit and its year.

What a number is called is put together from both headers. In the catalogue it is looked up only where the headers say no more than the entry does: the requests
of one kind of applicant are no count of all requests.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from ingest.draft import Draft, Mention
from ingest.model import Cell, Modality, Table
from ingest.patterns import lazy
from ingest.rules.indicators import Indicator, find_indicator
from ingest.rules.metrics import read_remark
from ingest.rules.naming import candidates_of
from ingest.rules.sheets import Datum, Sheet, Told, read_number, unit_words
from ingest.rules.spans import Spans
from ingest.script import simplify

_WIDEST = 100  # columns; more are no table that a person made
_ENUMERATION = lazy(r"^(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[.、）]|[①-⑳])")
_PART = lazy(r"^(?:其中|包括|含)[：:]?")
_BRACKET = lazy(r"（([^（）]{1,12})）$")
_UNIT_SAID = lazy(r"单位[：:]([^（）。；\n]{1,16})")
_TRAILING_UNIT = lazy(r"[/，、]([\u4e00-\u9fff%]{1,3})$")
_TOTAL = lazy(r"(?:合计|总计|共计|累计|小计|总数|全[县市区镇乡街道]{1,2}(?:合计|总计)?|合计数|总计数)$")
_GENERAL = lazy(
    r"(?:数量|数值|数据|数|值|结果|情况|指标值|完成(?:数|量|情况|值)?|实际(?:数|完成)?|本[年期]数?|全年|年度|发生数|统计数?|合计|总计|小计|累计数?|总数)$"
)
_BARE_MEASURE = lazy(r"(?:件数|宗数|起数|次数|人数|户数|个数|份数|条数|场次|人次|人次数|金额|数额|总额|比例|占比|比重)$")
_MEASURE = lazy(r"(?:数量?|量|额|率|比例?|占比|比重|满意度|次|件|宗|起|人次|面积|得分|分数)$")
_UNIT_OF_HEADER = lazy(r"(?:(人次|件次|户次|场次)数?|([件宗起次人户个份条场项家名处篇期册])数)$")
_MONEY = lazy(r"金额|款额|罚款|罚没款|经费|资金|收费|投入|费用")
_RATE = lazy(r"率$|占比$|比例$|比重$|满意度$|百分比$|增[长减幅]$")
_YEAR = lazy(r"((?:19|20)\d\d)年?度?")
_THIS_YEAR = lazy(r"^(?:本年度?|今年|当年|本期)(?!度)")
_LAST_YEAR = lazy(r"^(?:上一?年度?|去年)(?:同期)?(?!结转|结余|遗留|转入|末)")
_PERIOD = lazy(r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?$|第?[一二三四1-4]季度$|[上下]半年$|\d{1,2}-\d{1,2}月份?$")
_AIM = lazy(r"计划|目标|任务|预期|拟")
_ENTITY_HEADING = lazy(r"(?:单位|部门|机构|主体|村居?|社区|乡镇|镇街|街道|地区|区域|辖区|网格|姓名|所在地|名单)(?:名称)?$|^村（社区）|^单位名称")
_ENTITY = lazy(r"(?:村|社区|居委会|镇|乡|街道|县|区|市|旗|局|所|站|中心|[大中支分]队|队|办|办公室|委员会|法庭|法院|检察院|学校|公司|委|厅)$")
_PROSE = lazy(r"[，。；！？]")
_CAPTION_LENGTH = 60
_BEFORE = 300  # characters before a table in which its caption may stand
_WIDE = str.maketrans("():", "（）：")
_CAPTION_MARK = lazy(
    r"^附?表[\d一二三四五六七八九十]{0,3}[：:.、]?|^[一二三四五六七八九十]{1,3}、|^（[一二三四五六七八九十]{1,3}）|^20\d\d年度?|(?:统计|汇总|情况)?表$"
)
_OWN = lazy(r"(?:本|全|我)[县市区镇乡街道局]{1,2}(?:合计|总计)?$")


class _Name(NamedTuple):
    """What a number counts. ``qualified``: the name says more than the part that a catalogue may know it by."""

    full: str
    core: str
    qualified: bool


def read_tables(draft: Draft) -> None:
    """Add the metrics of every table, and take away those that the rules of prose made of its rows."""
    spans, prose = [], []
    remarks: list[tuple[int, int, str]] = []
    found: list[tuple[Datum, _Around]] = []
    entities = {(mention.start, mention.end): mention for mention in reversed(draft.mentions) if mention.type in ("place", "body") and mention.node is not None}
    for table in draft.tables:
        cells = [_told(draft, cell) for cell in table.cells]
        sheet = Sheet([told for told in cells if told.words], table.exact)
        if not 1 < sheet.width <= _WIDEST:
            continue
        data = list(sheet.iter_data())
        notes = list(sheet.iter_notes())
        remarks += [(*_span(draft, note.told.cell), note.label) for note in notes]
        noted = {note.told.cell for note in notes}
        used = {datum.told.cell for datum in data} | {cell for datum in data for cell in datum.labels}
        spans.append(_span(draft, table))
        prose += [_span(draft, told.cell) for told in cells if told.cell not in used and told.cell not in noted and told.is_prose]
        caption, unit, year = _read_caption(draft, table, sheet)
        around = _Around(caption, unit, year, entities, len({datum.labels for datum in data}) == 1, table.exact)
        found += [(datum, around) for datum in data]
    rows, sentences = Spans(spans), Spans(prose)
    draft.mentions = [
        mention
        for mention in draft.mentions
        if mention.type != "metric" or not rows.touches(mention.start, mention.start + 1) or sentences.touches(mention.start, mention.start + 1)
    ]
    for datum, around in found:
        _add(draft, datum, around)
    for start, end, label in remarks:
        read_remark(draft, start, end, read_header(label, draft.frame.year).words)


def _span(draft: Draft, stretch: Table | Cell) -> tuple[int, int]:
    """Where a table or a cell stands in the cleaned text."""
    return draft.text.to_clean(stretch.start), draft.text.to_clean(stretch.end)


class _Around(NamedTuple):
    """What is said of a whole table."""

    caption: str | None
    unit: str | None
    year: int | None
    entities: dict[tuple[int, int], Mention]
    alone: bool  # one row of data
    exact: bool


def _told(draft: Draft, cell: Cell) -> Told:
    start, end = _span(draft, cell)
    words = draft.clean[start:end].strip("；| \n")
    return Told(cell, words, read_number(words))


def _read_caption(draft: Draft, table: Table, sheet: Sheet) -> tuple[str | None, str | None, int | None]:
    """(caption, unit, year) from the lines right before a table and the lines across it, above its header."""
    before = simplify(draft.source.text[max(0, table.start - _BEFORE) : table.start]).translate(_WIDE)
    lines = [words for line in before.rstrip("\n").split("\n")[-4:] if (words := "".join(line.split()).strip("；|#*"))][-2:]
    across = [told.words for row in sheet.order[:3] for told in sheet.rows[row] if len(sheet.rows[row]) == 1]
    caption: str | None = None
    unit: str | None = None
    for words in [*reversed(across), *reversed(lines)]:
        if (said := _UNIT_SAID.search(words)) is not None and unit is None:
            unit = said.group(1).strip("）")
        rest = re.sub(r"[（〔]?(?:计量)?单位：.*$", "", words)
        if caption is None and rest and len(rest) <= _CAPTION_LENGTH and not _PROSE.search(rest):
            caption = rest.rstrip("：")
    year = _YEAR.search(caption or "")
    return caption, unit, int(year.group(1)) if year is not None else None


# --- one number -----------------------------------------------------------------------------------------------------------------------------------------------


class _Header(NamedTuple):
    """A header's words without numbering, unit and year, and what these say."""

    words: str
    unit: str | None = None
    year: int | None = None
    period: str | None = None


@lru_cache(maxsize=4096)
def read_header(words: str, year: int | None) -> _Header:
    """``words`` of one header cell; ``year`` is the report's own, for 本年 and 上年."""
    words = _PART.sub("", _ENUMERATION.sub("", _PART.sub("", words))).strip("：: ")
    unit: str | None = None
    for _ in range(2):
        said = _BRACKET.search(words)
        if said is None:
            break
        inner = said.group(1).removeprefix("单位：").removeprefix("单位:")
        if inner not in unit_words() and inner not in ("百分比", "万", "亿元"):
            break
        unit, words = unit or inner, words[: said.start()]
    if unit is None and (said := _UNIT_SAID.search(words)) is not None and said.group(1) in unit_words():
        unit, words = said.group(1), words[: said.start()].rstrip("（，、 ")
    if unit is None and (said := _TRAILING_UNIT.search(words)) is not None and said.group(1) in unit_words():
        unit, words = said.group(1), words[: said.start()]
    stated: int | None = None
    if (found := _YEAR.match(words)) is not None:
        stated, words = int(found.group(1)), words[found.end() :]
    elif year is not None and (found := _LAST_YEAR.match(words)) is not None:
        stated, words = year - 1, words[found.end() :]
    elif year is not None and (found := _THIS_YEAR.match(words)) is not None:
        stated, words = year, words[found.end() :]
    period = words if _PERIOD.match(words) else None
    return _Header("" if period else words.strip("：: "), unit, stated, period)


@lru_cache(maxsize=1024)
def _column_words(columns: tuple[str, ...], siblings: tuple[tuple[str, ...], ...], has_row: bool, year: int | None) -> tuple[tuple[_Header, ...], str]:
    """The headers above a number, and as many of their words, from the lowest up, as tell its column from the others."""
    headers = tuple(read_header(words, year) for words in columns)
    paths = [tuple(read_header(words, year).words for words in path) for path in siblings]
    own = tuple(header.words for header in headers)
    told = [words for words in own if words]
    if told and _TOTAL.match(told[-1]):
        told = told[:-1] if len(told) > 1 and (not has_row or _MEASURE.search(told[-2])) else []
        return headers, "".join(told)
    if not has_row:
        return headers, "".join(told)
    depth = next((depth for depth in range(1, len(own) + 1) if sum(path[-depth:] == own[-depth:] for path in paths) == 1), len(own))
    if own and depth == 1 and len(own) > 1 and (_GENERAL.match(own[-1]) or _BARE_MEASURE.match(own[-1])) and not _TOTAL.match(own[-1]):
        depth = 2  # 行政处罚 | 宗数: a measure alone says too little
    return headers, "".join(words for words in own[-depth:] if words)


def _row_words(datum: Datum, year: int | None) -> tuple[list[_Header], str, bool]:
    """The headers left of a number, the words of the lowest two, and whether the row is a total."""
    headers = [read_header(words, year) for words in datum.rows]
    words = [header.words for header in headers if header.words]
    total = bool(words) and bool(_TOTAL.match(words[-1]) or _OWN.match(words[-1]))
    if datum.told.cell.rows > 1 and len(words) > 1:
        return headers, "、".join(words), False  # one number for several rows
    if total:
        words = words[:-1]
    return headers, "".join(words[-2:]), total


def name_number(row: str, column: str) -> _Name:
    """What a number counts, from the words of both headers: 行政处罚 and 宗数, 调解纠纷 and 数量, 新收申请数量 and 自然人."""
    if not row or not column:
        return _Name(row or column, row or column, False)
    if _GENERAL.match(column):
        return _Name(row, row, False)
    if _GENERAL.match(row):
        return _Name(column, column, False)
    if _BARE_MEASURE.match(column):
        core = row
        return _Name(row if row.endswith(column) else f"{row.removesuffix('数')}{column}", core, False)
    if _MEASURE.search(row) and not _MEASURE.search(column):
        return _Name(f"{column}{row}", row, True)
    return _Name(f"{row}{column}", f"{row}{column}", True)


def _catalogued(name: _Name, unit: str | None, row: str, column: str) -> Indicator | None:
    """The catalogue's entry, where neither header narrows it."""
    units = [unit] if unit is not None else ["件", "人", "%", "万元"]
    for tried in units:
        found = next((entry for words in (name.full, name.core) for candidate in candidates_of(words) if (entry := find_indicator(candidate, tried))), None)
        if found is None:
            continue
        if not name.qualified:
            return found
        # 矛盾纠纷 | 调解成功: both are said by the entry's own name; 婚姻家庭纠纷 | 调解件数: the row narrows it
        if all(part in found.name or part.removesuffix("数") in found.name for part in (row, column)):
            return found
    return None


def _unit_of(datum: Datum, headers: list[_Header], around: _Around, column: str, name: str) -> tuple[str | None, float | int, str | None]:
    """(unit, value in it, where the unit was read)."""
    number = datum.told.number
    assert number is not None
    if number.unit is not None:
        return number.unit, number.value, "cell"
    unit, source = next(((header.unit, "header") for header in reversed(headers) if header.unit), (None, None))
    if unit is None and datum.unit is not None:
        unit, source = datum.unit, "column"
    if unit is None and not _RATE.search(name) and (said_by := _UNIT_OF_HEADER.search(column)) is not None:
        unit, source = said_by.group(1) or said_by.group(2), "header"
    if unit is None and around.unit is not None:
        said = [word for word in re.split(r"[、，,/和]", around.unit) if word in unit_words()]
        money = [word for word in said if word.endswith("元")]
        fitting = money if _MONEY.search(name) else [word for word in said if word not in money and (word == "%") == bool(_RATE.search(name))]
        if len(fitting) == 1:
            unit, source = fitting[0], "caption"
    value = number.value
    if unit == "亿元":
        unit, value = "万元", value * 10_000
    elif unit is not None and len(unit) > 1 and unit[0] == "万" and unit != "万元" and unit[1:] in unit_words():
        unit, value = unit[1:], _whole(value * 10_000)
    elif unit == "百分比":
        unit = "%"
    elif unit == "万":
        unit, value = None, value * 10_000
    return unit, round(value, 6) if isinstance(value, float) else value, source


def _whole(value: float | int) -> float | int:
    return round(value) if abs(value - round(value)) < 1e-6 else value


class _Subject(NamedTuple):
    """Whom a row speaks of. ``is_part``: somebody whose figures are a part of the report's; ``is_place``: one that the graph keeps figures of."""

    name: str | None
    node: str | None
    is_part: bool = False
    is_place: bool = False


def _subject(draft: Draft, datum: Datum, around: _Around, total: bool, column: str) -> _Subject:
    """The report's own place, or whom the row header names: its own heading or its suffix says so."""
    own = _Subject(draft.own_name or None, draft.frame.place)
    if total or not datum.labels:
        return own
    words = datum.rows[-1]
    mention = around.entities.get(_span(draft, datum.labels[-1]))
    is_listed = bool(_ENTITY_HEADING.search(datum.row_heading))
    counts_them = not column or bool(_GENERAL.match(column) or _BARE_MEASURE.match(column))
    if mention is not None and (is_listed or not counts_them):
        if mention.node == draft.frame.place:
            return own
        return _Subject(mention.canonical or words, mention.node, True, mention.type == "place")
    if is_listed or (_ENTITY.search(words) and not counts_them and len(words) >= 3):
        return _Subject(words, None, True)
    return own


def _add(draft: Draft, datum: Datum, around: _Around) -> None:
    number = datum.told.number
    assert number is not None
    report_year = draft.frame.year
    columns, column = _column_words(datum.columns, datum.siblings, bool(datum.rows), report_year)
    rows, row, total = _row_words(datum, report_year)
    subject = _subject(draft, datum, around, total, column)
    if subject.is_part and column:
        name = _Name(column if subject.node is not None else f"{datum.rows[-1]}{column}", column, False)
    else:
        name = name_number(row if row and not _GENERAL.match(row) else (datum.group or row) if not column or _GENERAL.match(column) else row, column)
    if not name.full:  # the total of totals is what the table is about
        name = name_number(_CAPTION_MARK.sub("", _CAPTION_MARK.sub("", datum.group or around.caption or "")), "")
    headers = [*rows, *columns]
    unit, value, unit_from = _unit_of(datum, headers, around, column, name.full)
    period = next((header.period for header in headers if header.period), None)
    # the part of one office or month is no figure of the report; that of a village is the village's
    is_part = (subject.is_part and not subject.is_place and not around.alone) or period is not None
    entry = None if is_part else _catalogued(name, unit, row, column)
    if unit is None and entry is not None and entry.unit is not None and not _RATE.search(name.full):
        unit, unit_from = entry.unit, "indicator"
    stated = [header.year for header in reversed(headers) if header.year is not None]
    year = datum.year or (stated[0] if stated else None) or around.year
    start, end = _span(draft, datum.told.cell)
    draft.add(
        "metric",
        start,
        end,
        rule="metric.table",
        confidence=_confidence(name, unit, datum, around),
        indicator=name.full or None,
        indicator_id=entry.id if entry is not None else None,
        canonical=entry.name if entry is not None else None,
        value=value,
        unit=unit,
        approx=number.approx,
        year=year,
        subject=subject.name,
        subject_node=subject.node,
        modality=_modality(draft, datum, start),
        attrs=_attrs(datum, around, unit_from, period, total),
    )


def _modality(draft: Draft, datum: Datum, start: int) -> Modality:
    if draft.kind_at(start) == "plan" or any(_AIM.search(words) for words in (*datum.columns[-1:], *datum.rows[-1:])):
        return "planned"
    return "done"


def _confidence(name: _Name, unit: str | None, datum: Datum, around: _Around) -> float:
    """Lower for each thing that was not said but taken for granted."""
    sure = 0.92
    if unit is None:
        sure -= 0.07
    if not datum.columns:
        sure -= 0.1
    if not datum.rows:
        sure -= 0.05
    if not around.exact:
        sure -= 0.04
    return round(sure if name.full else 0.4, 2)


def _attrs(datum: Datum, around: _Around, unit_from: str | None, period: str | None, total: bool) -> dict[str, Any]:
    told = {
        "row": " / ".join(datum.rows),
        "column": " / ".join(datum.columns),
        "table": around.caption,
        "group": datum.group if datum.group != around.caption else None,
        "unit_from": unit_from,
        "period": period,
        "total": total,
    }
    return {name: value for name, value in told.items() if value}


# --- the pipeline's side --------------------------------------------------------------------------------------------------------------------------------------


def figures_start(draft: Draft) -> int:
    """Where the first table with a number in it begins in the cleaned text; past its end where there is none. No heading reaches into one."""
    for table in draft.tables:
        if any(_told(draft, cell).number is not None for cell in table.cells):
            return draft.text.to_clean(table.start)
    return len(draft.clean) + 1


def mask_tables(draft: Draft) -> str:
    """The cleaned text with ； for every character of a table, so that 一、 in a row opens no section."""
    clean = draft.clean
    pieces, position = [], 0
    for table in draft.tables:
        start, end = _span(draft, table)
        pieces += [clean[position:start], re.sub(r"[^\n]", "；", clean[max(start, position) : end])]
        position = max(position, end)
    return "".join([*pieces, clean[position:]])


def join_rows(draft: Draft) -> list[tuple[int, int]]:
    """The sentences for people: a row of a table is one, though each of its cells was read alone."""
    if not draft.tables:
        return draft.sentences
    rows = Spans([_span(draft, table) for table in draft.tables])
    joined: list[tuple[int, int]] = []
    for start, end in draft.sentences:
        if joined and rows.touches(start, end) and rows.touches(*joined[-1]) and "\n" not in draft.clean[joined[-1][1] : start]:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def tables(draft: Draft) -> None:
    """Add the metrics of tables, after those of prose, which it takes out of their rows."""
    if draft.tables:
        read_tables(draft)
