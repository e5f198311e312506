"""Tables in plain text: rows on lines of their own, cells parted by tabs, or by | as in Markdown.

The readers of docx, html and pdf lay tables out with tabs, a place for every cell of the grid, so that what is found here is what they put there. What merged
cells cover is empty in a text; a reader that knows it hands it on as ``Source.tables``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ingest.model import Cell, Table
from ingest.patterns import lazy

SEPARATORS = "\t|｜"
_LINE = lazy(r"[^\n]+")
_TAB, _PIPE = lazy(r"\t"), lazy(r"(?<!\\)[|｜]")
_BLANKS = " \t\r\xa0\u2002\u2003\u3000\u200b\ufeff"
# a label and its words, as word processors part them in a list: no table, however many lines of it
_LIST_LABEL = lazy(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)、.．]?[、.．:：]?$|第[一二三四五六七八九十]{1,3}[章节条款]$|[●○•·▪■◆□*+\-–—]$")
_RULE_LINE = lazy(r"[\s|｜:+=\-]*-[\s|｜:+=\-]*$")  # |---|:--:| under the header row
_LONGEST_CELL = 300  # characters; a longer one is prose in two columns
_SAME_SHARE = 0.8  # of the rows have the same number of cells


def has_separators(text: str) -> bool:
    """Whether a text may hold tables at all: most hold none, and asking is cheap."""
    return "\t" in text or "|" in text or "｜" in text


def find_tables(text: str) -> tuple[Table, ...]:
    """Tables by their layout, in order. Cells that are empty are left out; what is merged is not known."""
    return tuple(_table_of(text, rows) for rows in iter_blocks(text)) if has_separators(text) else ()


def iter_blocks(text: str) -> Iterator[list[list[tuple[int, int]]]]:
    """The rows of each table, as (start, end) of each field on the line, the line that Markdown draws under its header left out."""
    for separator in (_TAB, _PIPE):
        if separator.search(text) is None:
            continue
        block: list[list[tuple[int, int]]] = []
        last = -1
        for line in _LINE.finditer(text):
            fields = _fields(text, line.start(), line.end(), separator)
            if block and (fields is None or line.start() - last > 1):
                if _is_table(text, block):
                    yield block
                block = []
            if fields is not None:
                last = line.end()
                if not (separator is _PIPE and _RULE_LINE.match(text, line.start(), line.end())):
                    block.append(fields)
        if _is_table(text, block):
            yield block


def _fields(text: str, start: int, end: int, separator: re.Pattern[str]) -> list[tuple[int, int]] | None:
    """(start, end) of each field of a line; None for a line without the separator, or with nothing but an indent before its words."""
    marks = [match.start() for match in separator.finditer(text, start, end)]
    if not marks:
        return None
    edges = [start - 1, *marks, end]
    fields = [(left + 1, right) for left, right in zip(edges, edges[1:], strict=False)]
    if separator is _PIPE:  # the outer ones of | a | b | part nothing
        fields = fields[bool(not text[slice(*fields[0])].strip(_BLANKS)) :]
        if len(fields) > 1 and not text[slice(*fields[-1])].strip(_BLANKS):
            fields = fields[:-1]
    return fields if len(fields) > 1 else None


def _is_table(text: str, rows: list[list[tuple[int, int]]]) -> bool:
    """Whether lines with separators are rows of one table: two at least, of the same width, cells short; not a list with tabs after its labels."""
    if len(rows) < 2:
        return False
    widths = Counter(len(fields) for fields in rows)
    if widths.most_common(1)[0][1] < _SAME_SHARE * len(rows):
        return False
    words = [[text[left:right].strip(_BLANKS) for left, right in fields] for fields in rows]
    if any(len(cell) > _LONGEST_CELL for row in words for cell in row) or not any(sum(map(bool, row)) > 1 for row in words):
        return False
    # rows that have words in one place only, behind an indent, are paragraphs
    if all(sum(map(bool, row)) <= 1 for row in words[:2]) and not any(row[0] for row in words):
        return False
    return not (max(widths) == 2 and all(not row[0] or _LIST_LABEL.match(row[0]) for row in words) and all(len(row[1]) > 8 for row in words if len(row) > 1))


def _table_of(text: str, rows: list[list[tuple[int, int]]]) -> Table:
    cells = []
    for number, fields in enumerate(rows):
        for column, (left, right) in enumerate(fields):
            words = text[left:right]
            start = left + len(words) - len(words.lstrip(_BLANKS))
            end = right - len(words) + len(words.rstrip(_BLANKS))
            if end > start:
                cells.append(Cell(start, end, number, column))
    return Table(start=rows[0][0][0], end=rows[-1][-1][1], cells=tuple(cells))
