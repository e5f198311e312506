"""What is said where in a table: header rows, row headers, numbers. Words are those of the cleaned text; nothing here knows what they mean.

A sheet falls into stretches: header rows, then rows of data, up to the next header rows. The tables of yearly reports put several of them under one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import vocabulary
from ingest.model import Approximation, Cell
from ingest.patterns import lazy

_NUMBER = lazy(
    r"(?P<before>约|近|超过?|逾|≥|不少于|不低于)?(?P<digits>[-+]?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|[-+]?\d{1,12}(?:\.\d+)?)(?P<power>万|亿)?(?P<more>余|多)?"
    r"(?P<unit>[^\d\s]{0,5}?)(?P<after>余|以上|左右)?$"
)
_APPROXIMATIONS: dict[str, Approximation] = {
    "约": "about", "近": "about", "左右": "about", "超": "more_than", "超过": "more_than", "逾": "more_than", "余": "more_than", "多": "more_than",
    "≥": "at_least", "不少于": "at_least", "不低于": "at_least", "以上": "at_least",
}  # fmt: skip
_POWERS = {"": 1, "万": 10_000, "亿": 100_000_000}
_ABSENT = lazy(r"[-—/／\\×…*]{1,4}$|无$|不适用$|不涉及$|N/?A$", re.IGNORECASE)
_YEAR_CELL = lazy(r"(?:19|20)\d\d(?:年度?)?$")
_SERIAL_HEADER = lazy(r"(?:序号?|编号|项次|行次|栏次|№|No\.?)$", re.IGNORECASE)
# columns whose numbers count nothing
_UNCOUNTED = lazy(r"电话|手机|联系方式|身份证|证件?号|文号|案号|账号|编码|代码|邮编|日期|时间|年月|地址|网址|页码|排名|名次|备注|出生|年龄")
_NOTES_HEADER = lazy(r"备注|附注|说明|备注说明|情况说明|补充说明")
_UNIT_HEADER = lazy(r"(?:计量)?单位$")
_YEAR_HEADER = lazy(r"年份?$|年度$")
_NOTE = lazy(r"(?:备?注|说明|填表|制表|审核|填报|联系|单位负责|统计负责|数据来源)[^：]{0,8}：")
_FORM_FIELD = lazy(r"[^：（]{2,12}：")  # 填报单位：…, above the header
_SENTENCE = lazy(r"[，。；！？]")
_HEADER_WORD = lazy(r"(?:内容|项目|指标|名称|事项|类别|类型|种类|序号|单位|部门|年度|年份|情形|情况|方式)$")
_COLUMN_LETTER = lazy(r"[甲乙丙丁]$|栏次$|行次$|序号$")
_MOST_HEADS = 6  # rows; more words above the first number are a table of words


class Number(NamedTuple):
    """A number that fills its cell: 56, 1,300, 12.5万元, 97.5%, 近30."""

    value: float | int
    unit: str | None
    approx: Approximation | None


class Told(NamedTuple):
    """A cell that holds something, with its words as the rules read them and the number that it is, if it is one."""

    cell: Cell
    words: str
    number: Number | None

    @property
    def is_absent(self) -> bool:
        return self.number is None and bool(_ABSENT.match(self.words))

    @property
    def is_prose(self) -> bool:
        """Whether the cell holds whole sentences, which the rules of prose read better."""
        return self.number is None and len(self.words) > 12 and bool(_SENTENCE.search(self.words))


class Datum(NamedTuple):
    """A number with all that heads it: row headers from the left, column headers from the top, and the unit that a column of units gives."""

    told: Told
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_heading: str  # what stands above the row headers: 事项, 村（社区）
    unit: str | None
    group: str | None  # a line across the table above the row
    year: int | None  # of a column of years
    labels: tuple[Cell, ...]  # the cells of ``rows``
    siblings: tuple[tuple[str, ...], ...]  # the column headers of all numbers of the stretch


@cache
def unit_words() -> frozenset[str]:
    return frozenset(vocabulary.load("units")["units"])


@cache
def _said_units() -> frozenset[str]:
    """What a column of units may hold: units, ten thousands of them, and spans of time, which somebody measured if a table has them."""
    data = vocabulary.load("units")
    return frozenset((*data["units"], *(f"万{unit}" for unit in data["units"]), *data["durations"]))


def read_number(words: str) -> Number | None:
    """The number that a cell consists of; None for anything else. 1.3万件 gives 13000 件, money stays in 万元."""
    match = _NUMBER.match(words)
    if match is None:
        return None
    unit = match["unit"] or None
    if unit is not None and unit not in unit_words():
        return None
    digits = match["digits"].replace(",", "").replace(" ", "")
    value = float(digits) if "." in digits else int(digits)
    power = match["power"] or ""
    if power and unit == "元":
        value, unit = value * (_POWERS[power] // 10_000), "万元"
    elif power:
        value *= _POWERS[power]
    elif unit == "亿元":
        value, unit = value * 10_000, "万元"
    if isinstance(value, float):
        value = round(value) if value == round(value) else round(value, 6)
    return Number(value, unit, next((_APPROXIMATIONS[word] for word in (match["before"], match["more"], match["after"]) if word), None))


class Note(NamedTuple):
    """A remark on a row: ``label`` is what heads the row."""

    told: Told
    label: str


class Sheet:
    """A table's cells by place. ``exact``: merged cells are known; else an empty place under or right of a header is taken for covered by it."""

    def __init__(self, cells: Sequence[Told], exact: bool) -> None:
        self.exact = exact
        self.rows: dict[int, list[Told]] = {}
        self.at: dict[tuple[int, int], Told] = {}
        self.width = 1 + max((told.cell.column + told.cell.columns - 1 for told in cells), default=-1)
        for told in cells:
            cell = told.cell
            self.rows.setdefault(cell.row, []).append(told)
            for row in range(cell.row, cell.row + cell.rows):
                for column in range(cell.column, cell.column + cell.columns):
                    self.at[row, column] = told
        self.order = sorted(self.rows)
        self._columns: dict[int, list[Told]] = {}
        for told in cells:
            self._columns.setdefault(told.cell.column, []).append(told)

    def iter_data(self) -> Iterator[Datum]:
        """Every number of the table that something heads, in reading order."""
        for stretch in self._stretches():
            yield from stretch.iter_data()

    def iter_notes(self) -> Iterator[Note]:
        """The remarks (备注) beside the numbers."""
        for stretch in self._stretches():
            yield from stretch.iter_notes()

    def _stretches(self) -> Iterator[_Stretch]:
        heads: list[int] = []
        group: str | None = None
        is_new = False  # the group was named after the last row of data
        stretch: _Stretch | None = None
        for place, row in enumerate(self.order):
            told = self.rows[row]
            if self._heads(place, told, heads, stretch):
                if stretch is not None:
                    yield stretch
                    heads, stretch, group = [], None, group if is_new else None
                heads.append(row)
            elif any(cell.number is not None for cell in told):
                stretch = stretch or _Stretch(self, heads)
                stretch.rows[row], is_new = group, False
            elif len(told) == 1 and told[0].cell.columns >= self.width > 1 and not _NOTE.match(told[0].words):
                group, is_new = told[0].words, True
            elif stretch is not None:
                stretch.rows[row] = group  # its cells may be headers of the rows below
        if stretch is not None:
            yield stretch

    def _heads(self, place: int, told: list[Told], heads: list[int], stretch: _Stretch | None) -> bool:
        """Whether a row heads the ones below."""
        numbers = [cell for cell in told if cell.number is not None]
        if all(cell.cell.heads for cell in told) and not numbers:
            return len(told) > 1 or bool(heads and stretch is None)
        if numbers:
            return stretch is None and (self._names_years(numbers, place) or (self._numbers_below(place) and _numbers_columns(told, heads)))
        words = [cell for cell in told if cell.cell.columns < self.width]
        if not words or any(cell.is_absent or len(cell.words) > 60 or _FORM_FIELD.match(cell.words) for cell in words):
            return False
        if stretch is not None:
            # among data, words alone may be a row of text: a header is known by its first word, and has numbers below
            return len(words) > 1 and bool(_HEADER_WORD.search(words[0].words) or words[0].words in stretch.heading(0)) and self._opens_data(place, words)
        return self._goes_on_heading(heads[-1], words) if heads else len(words) > 1

    def _goes_on_heading(self, head: int, words: list[Told]) -> bool:
        """Whether words under a header row are its second half: they stand below a header that covers several columns, or below nothing."""
        if self.exact:
            return any(cell.cell.columns > 1 for cell in self.rows[head]) and any(
                (above := self.at.get((head, cell.cell.column))) is not None and above.cell.columns > cell.cell.columns for cell in words
            )
        return any((head, cell.cell.column) not in self.at for cell in words) and words[0].cell.column > 0

    def _names_years(self, numbers: list[Told], place: int) -> bool:
        """Whether the numbers of a row are years over columns: 指标 2021 2022 2023."""
        if len(numbers) < 2 or not all(_YEAR_CELL.match(cell.words) for cell in numbers):
            return False
        row = self.order[place]
        below = [told for told in self._columns[numbers[0].cell.column] if told.cell.row > row]
        return bool(below) and not all(_YEAR_CELL.match(told.words) for told in below)

    def _numbers_below(self, place: int) -> bool:
        return place + 1 < len(self.order) and any(cell.number is not None for cell in self.rows[self.order[place + 1]])

    def _opens_data(self, place: int, words: list[Told]) -> bool:
        below = self.rows[self.order[place + 1]] if place + 1 < len(self.order) else []
        columns = {cell.cell.column for cell in words[1:]}
        return any(cell.number is not None and cell.cell.column in columns for cell in below)


def _numbers_columns(told: list[Told], heads: list[int]) -> bool:
    """Whether a row under the header gives numbers to the columns, as some forms do: 甲 乙 1 2 3."""
    counted = [cell.number.value for cell in told if cell.number is not None]
    others = [cell.words for cell in told if cell.number is None]
    return bool(heads) and len(counted) > 1 and counted == list(range(1, len(counted) + 1)) and all(_COLUMN_LETTER.match(words) for words in others)


class _Stretch:
    """Rows of data (each with the group it stands in) under the same header rows."""

    def __init__(self, sheet: Sheet, heads: list[int]) -> None:
        self.sheet = sheet
        self.heads = heads[-_MOST_HEADS:]
        self.rows: dict[int, str | None] = {}
        self._above: dict[int, tuple[int, Told]] = {}  # column → row and words of the last row header, while the rows are read from the top

    def heading(self, column: int) -> tuple[str, ...]:
        """The words that head a column, from the top."""
        found: list[Told] = []
        for place, row in enumerate(self.heads):
            told = self.sheet.at.get((row, column))
            if told is None and not self.sheet.exact and any((below, column) in self.sheet.at for below in self.heads[place + 1 :]):
                # an empty place over a header is covered from the left
                told = next((left for place in range(column - 1, -1, -1) if (left := self.sheet.at.get((row, place))) is not None), None)
            if told is not None and told not in found and told.cell.columns < self.sheet.width and (told.number is None or _YEAR_CELL.match(told.words)):
                found.append(told)
        return tuple(told.words for told in found)

    def _label(self, row: int, column: int) -> Told | None:
        """The cell of a row header; where merging is not known, an empty place is covered from above, as long as words stand right of it."""
        told = self.sheet.at.get((row, column))
        if told is not None:
            self._above[column] = row, told
            return told
        if self.sheet.exact or column not in self._above:
            return None
        right = self.sheet.at.get((row, column + 1))
        if any((row, left) in self.sheet.at for left in range(column)) or right is None or right.number is not None or right.is_absent:
            return None
        return self._above[column][1]

    def _roles(self, headings: list[tuple[str, ...]]) -> _Roles:
        last = [heading[-1] if heading else "" for heading in headings]
        columns = [[self.sheet.at[row, column] for row in self.rows if (row, column) in self.sheet.at] for column in range(self.sheet.width)]
        return _roles_of(columns, last)

    def iter_notes(self) -> Iterator[Note]:
        headings = [self.heading(column) for column in range(self.sheet.width)]
        noted = [column for column, heading in enumerate(headings) if heading and _NOTES_HEADER.fullmatch(heading[-1])]
        if not noted:
            return
        roles = self._roles(headings)
        for row in self.rows if roles.values else ():
            labels = [told for column in roles.labels if column not in noted and (told := self._label(row, column)) is not None and not told.is_absent]
            for column in noted:
                told = self.sheet.at.get((row, column))
                if labels and told is not None and not told.is_absent and told.cell.row == row:
                    yield Note(told, labels[-1].words)

    def iter_data(self) -> Iterator[Datum]:
        headings = [self.heading(column) for column in range(self.sheet.width)]
        last = [heading[-1] if heading else "" for heading in headings]
        roles = self._roles(headings)
        siblings = tuple(headings[column] for column in roles.values)
        groups = _label_groups(roles, last, bool(self.heads))
        for row, group in self.rows.items():
            labels = {column: self._label(row, column) for column in roles.labels}
            year = next((int(told.words[:4]) for column in roles.years if (told := self.sheet.at.get((row, column))) is not None), None)
            unit = next((told.words for column in roles.units if (told := self.sheet.at.get((row, column))) is not None and not told.is_absent), None)
            for column in roles.values:
                told = self.sheet.at.get((row, column))
                if told is None or told.number is None or (told.cell.row, told.cell.column) != (row, column):
                    continue
                found = [labels[place] for place in groups[column]]
                for covered in range(row + 1, row + told.cell.rows):  # one number for several rows is of all of them
                    found += [self.sheet.at.get((covered, place)) for place in groups[column]]
                words = list(dict.fromkeys(label for label in found if label is not None and not label.is_absent and label.cell != told.cell))
                if words or headings[column]:
                    heading = next((last[place] for place in reversed(groups[column]) if last[place]), "")
                    yield Datum(
                        told=told,
                        rows=tuple(label.words for label in words),
                        labels=tuple(label.cell for label in words),
                        columns=headings[column],
                        row_heading=heading,
                        unit=unit,
                        group=group,
                        year=year,
                        siblings=siblings,
                    )


class _Roles(NamedTuple):
    """What the columns of a stretch are for, each from left to right. A column that is none of these (备注, 电话, 序号) says nothing here."""

    years: tuple[int, ...]
    units: tuple[int, ...]
    values: tuple[int, ...]
    labels: tuple[int, ...]


def _roles_of(columns: list[list[Told]], last: list[str]) -> _Roles:
    """``columns``: the cells of each column; ``last``: the lowest words that head it."""
    years, units, values, labels = [], [], [], []
    for column, cells in enumerate(columns):
        told = [cell for cell in cells if not cell.is_absent]
        if not told or _SERIAL_HEADER.match(last[column]) or _UNCOUNTED.search(last[column]) or (column == 0 and _counts_up(columns)):
            continue
        if (column == 0 or _YEAR_HEADER.search(last[column])) and all(_YEAR_CELL.match(cell.words) for cell in told):
            years.append(column)
        elif _UNIT_HEADER.match(last[column]) and all(cell.words in _said_units() for cell in told):
            units.append(column)
        elif 2 * sum(cell.number is not None for cell in told) >= len(told):
            values.append(column)
        elif not any(cell.is_prose for cell in told):
            labels.append(column)
    return _Roles(tuple(years), tuple(units), tuple(values), tuple(labels))


def _counts_up(columns: list[list[Told]]) -> bool:
    """Whether the first column only numbers the rows: 1, 2, 3 … beside words."""
    first = [told.number.value for told in columns[0] if told.number is not None]
    return (
        1 < len(first) == len(columns[0])
        and first[0] == 1
        and all(later == earlier + 1 for earlier, later in pairwise(first))
        and len(columns) > 2
        and any(told.number is None and not told.is_absent for told in columns[1])
    )


def _label_groups(roles: _Roles, last: list[str], headed: bool) -> dict[int, list[int]]:
    """The row headers of each column of numbers: the words at the left of the table, or, where it has several panels side by side, those right before it."""
    first = min(roles.values, default=0)
    leading = [column for column in roles.labels if column < first]
    groups: dict[int, list[int]] = {}
    current = leading
    for column in roles.values:
        near = [place for place in roles.labels if max((value for value in roles.values if value < column), default=-1) < place < column]
        if near and near[0] > first and (not headed or (bool(leading) and last[near[-1]] == last[leading[-1]])):
            current = near
        groups[column] = current
    return groups
