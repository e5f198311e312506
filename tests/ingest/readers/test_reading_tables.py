"""Tables as the readers lay them out: a row a line, a place for every cell, and what each cell covers."""

from __future__ import annotations

import io
import time
from typing import Any

import docx
import page_layouts as pages
import pytest
from docx.oxml import OxmlElement
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import make_ruled_pdf, read_one

from ingest.model import Source
from ingest.readers.grid import Piece, build_tables, is_data, lay_out
from ingest.readers.html import read_page
from ingest.tables import find_tables
from ingest.text import Text


def cells_of(source: Any) -> list[list[tuple[str, int, int, int, int]]]:
    """(words, row, column, rows, columns) of each cell of each table."""
    return [[(source.text[cell.start : cell.end], cell.row, cell.column, cell.rows, cell.columns) for cell in table.cells] for table in source.tables]


def read_table(markup: str) -> Any:
    return read_page(f"<html><body><h1>{pages.TITLE}</h1><div>{pages.PARAGRAPHS}{markup}<p>以上数据，截至年底。</p></div></body></html>")


def read_document(document: Any) -> Source:
    stream = io.BytesIO()
    document.save(stream)
    return read_one("a.docx", stream.getvalue())


def fill(table: Any, rows: list[list[str]]) -> None:
    for row, words in zip(table.rows, rows, strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word


# --- html -----------------------------------------------------------------------------------------------------------------------------------------------------


def test_html_cells_know_what_they_cover() -> None:
    reading = read_table(
        "<table><tr><td rowspan=2>种类</td><td colspan='2'>行政处罚</td></tr><tr><td>宗数</td><td>金额</td></tr><tr><td>城管</td><td>12</td><td></td></tr></table>"
    )
    assert reading.text.endswith("种类\t行政处罚\t\n\t宗数\t金额\n城管\t12\t\n以上数据，截至年底。")
    assert cells_of(reading) == [
        [("种类", 0, 0, 2, 1), ("行政处罚", 0, 1, 1, 2), ("宗数", 1, 1, 1, 1), ("金额", 1, 2, 1, 1), ("城管", 2, 0, 1, 1), ("12", 2, 1, 1, 1)]
    ]


def test_html_headers_are_marked() -> None:
    reading = read_table("<table><thead><tr><td>甲项</td><td>乙项</td></tr></thead><tr><th>丙项</th><td>3</td></tr></table>")
    assert [cell.heads for cell in reading.tables[0].cells] == [True, True, True, False]


def test_html_tables_of_one_page_stay_apart() -> None:
    one = "<table><tr><td>甲项</td><td>1</td></tr><tr><td>乙项</td><td>2</td></tr></table>"
    assert [[cell[0] for cell in table] for table in cells_of(read_table(one + one.replace("项", "类")))] == [
        ["甲项", "1", "乙项", "2"],
        ["甲类", "1", "乙类", "2"],
    ]


def test_a_table_around_tables_arranges_and_the_inner_one_shows() -> None:
    reading = read_table("<table><tr><td>左栏</td><td><table><tr><td>甲项</td><td>1</td></tr><tr><td>乙项</td><td>2</td></tr></table></td></tr></table>")
    assert reading.text.endswith("左栏\n甲项\t1\n乙项\t2\n以上数据，截至年底。")
    assert len(reading.tables) == 1


def test_a_table_of_prose_arranges() -> None:
    assert not read_table(f"<table><tr><td>{pages.PARA_2 * 8}</td><td>右栏</td></tr></table>").tables


def test_words_of_a_table_outside_of_its_cells_are_not_lost() -> None:
    reading = read_table("<table><caption>统计表</caption><tr><td>甲项</td><td>1</td></tr><tr><td>乙项</td><td>2</td></tr><p>漏写的话</p></table>")
    assert "统计表\n甲项\t1" in reading.text and "漏写的话" in reading.text


def test_a_table_of_figures_beside_the_prose_belongs_to_the_report() -> None:
    table = "<table><tr><td>指标</td><td>数量</td></tr><tr><td>调解纠纷</td><td>56件</td></tr><tr><td>行政处罚</td><td>12</td></tr></table>"
    calendar = "<table>" + ("<tr>" + "".join(f"<td>{day}</td>" for day in range(7)) + "</tr>") * 4 + "</table>"
    text = read_page(f"<body><div>{calendar}</div><div><div>{pages.PARAGRAPHS}</div>{table}</div>{pages.FOOTER}</body>").text
    assert text.endswith("指标\t数量\n调解纠纷\t56件\n行政处罚\t12")
    assert "0\t1\t2" not in text


@pytest.mark.parametrize("span", ["60000", "-3", "x", "1.5", "", "999999999999"])
def test_a_span_that_makes_no_sense_does_no_harm(span: str) -> None:
    reading = read_table(f"<table><tr><td colspan='{span}' rowspan='{span}'>甲项</td><td>1</td></tr><tr><td>乙项</td><td>2</td></tr></table>")
    assert {cell[0] for cell in cells_of(reading)[0]} == {"甲项", "1", "乙项", "2"}


def test_hostile_spans_end_soon() -> None:
    started = time.monotonic()
    reading = read_table("<table>" + "<tr><td rowspan=60000 colspan=1000>甲</td><td>1</td></tr>" * 4000 + "</table>")
    assert len(reading.text) < 200_000 and time.monotonic() - started < 10


# --- docx -----------------------------------------------------------------------------------------------------------------------------------------------------


def test_docx_cells_know_what_they_cover() -> None:
    document = docx.Document()
    document.add_paragraph("表")
    table = document.add_table(4, 4)
    fill(table, [["种类", "行政处罚", "", "检查"], ["", "宗数", "金额", ""], ["城管", "12", "3.5", "300"], ["合计", "12", "", "300"]])
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 3).merge(table.cell(1, 3))
    source = read_document(document)
    assert source.text == "表\n种类\t行政处罚\t\t检查\n\t宗数\t金额\t\n城管\t12\t3.5\t300\n合计\t12\t\t300"
    assert cells_of(source)[0][:5] == [("种类", 0, 0, 2, 1), ("行政处罚", 0, 1, 1, 2), ("检查", 0, 3, 2, 1), ("宗数", 1, 1, 1, 1), ("金额", 1, 2, 1, 1)]
    assert source.tables[0].exact


def test_docx_header_rows_are_marked() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    fill(table, [["指标", "数量"], ["调解", "3"]])
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    assert [cell.heads for cell in read_document(document).tables[0].cells] == [True, True, False, False]


def test_a_docx_table_around_a_table_arranges_and_the_inner_one_shows() -> None:
    document = docx.Document()
    outer = document.add_table(1, 2)
    outer.cell(0, 0).text = "左栏"
    fill(outer.cell(0, 1).add_table(2, 2), [["甲", "1"], ["乙", "2"]])
    source = read_document(document)
    assert source.text == "左栏\n甲\t1\n乙\t2"
    assert cells_of(source) == [[("甲", 0, 0, 1, 1), ("1", 0, 1, 1, 1), ("乙", 1, 0, 1, 1), ("2", 1, 1, 1, 1)]]


def test_a_cell_with_paragraphs_and_tabs_stays_one_cell() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    fill(table, [["指标", "数量"], ["调解\t纠纷", "3"]])
    table.cell(1, 0).add_paragraph("（件）")
    assert read_document(document).text == "指标\t数量\n调解 纠纷 （件）\t3"


def test_a_docx_table_of_prose_arranges() -> None:
    document = docx.Document()
    fill(document.add_table(1, 2), [["工作内容", "认真落实各项制度，" * 40]])
    source = read_document(document)
    assert source.text.split("\n") == ["工作内容", "认真落实各项制度，" * 40] and not source.tables


# --- pdf ------------------------------------------------------------------------------------------------------------------------------------------------------

ROWS = [["种类", "行政处罚", "", "检查次数"], ["", "宗数", "金额", ""], ["城管", "12", "3.5", "300"], ["合计", "12", "", "300"]]
ABOVE = ["青溪镇2023年行政执法统计表", "现将有关情况公布如下："]


def test_pdf_tables_with_lines_are_read_cell_by_cell() -> None:
    source = read_one("a.pdf", make_ruled_pdf(ABOVE, ROWS, ["以上数据截至年底。"], spans={(0, 0): (2, 1), (0, 1): (1, 2), (0, 3): (2, 1)}))
    assert source.text.split("\n") == [*ABOVE, "种类\t行政处罚\t\t检查次数", "\t宗数\t金额\t", "城管\t12\t3.5\t300", "合计\t12\t\t300", "以上数据截至年底。"]
    assert cells_of(source)[0][:4] == [("种类", 0, 0, 2, 1), ("行政处罚", 0, 1, 1, 2), ("检查次数", 0, 3, 2, 1), ("宗数", 1, 1, 1, 1)]


def test_pdf_tables_without_lines_stay_text() -> None:
    source = read_one("a.pdf", make_ruled_pdf(ABOVE, ROWS, ["以上数据截至年底。"], framed=False))
    assert not source.tables and source.text.startswith("\n".join(ABOVE)) and "3.5" in source.text


def test_a_frame_around_a_page_is_no_table() -> None:
    source = read_one("a.pdf", make_ruled_pdf(ABOVE, [["全镇认真落实各项制度"]], ["以上。"]))
    assert not source.tables and "全镇认真落实各项制度" in source.text


# --- the grid -------------------------------------------------------------------------------------------------------------------------------------------------

PIECES = st.builds(Piece, st.sampled_from(["", "甲", "12", "调解纠纷", "a b"]), st.integers(-1, 6), st.integers(-1, 6), st.booleans())


@given(st.lists(st.lists(PIECES, max_size=5), max_size=6))
@settings(max_examples=200, deadline=None)
def test_every_cell_is_the_slice_of_the_text_that_holds_its_words(rows: list[list[Piece]]) -> None:
    text, tables = build_tables(["前面的话", *lay_out(7, rows), "后面的话"])
    words = [piece.words for row in rows for piece in row if piece.words]
    assert [text[cell.start : cell.end] for table in tables for cell in table.cells] == words
    for table in tables:
        places = [
            (row, column) for cell in table.cells for row in range(cell.row, cell.row + cell.rows) for column in range(cell.column, cell.column + cell.columns)
        ]
        assert len(places) == len(set(places)), "cells overlap"
        assert len({line.count("\t") for line in text[table.start : table.end].split("\n")}) == 1, "rows differ in width"


def test_one_column_or_long_cells_are_no_data() -> None:
    assert not is_data([[Piece("甲")], [Piece("1")]])
    assert not is_data([[Piece("甲"), Piece("话" * 301)]])
    assert is_data([[Piece("甲"), Piece("1")]])


# --- plain text -----------------------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("指标\t数量\n调解\t12", ["指标", "数量", "调解", "12"]),
        ("指标\t数量\r\n调解\t12\r\n", ["指标", "数量", "调解", "12"]),
        ("话\n| 指标 | 数量 |\n|:---|---:|\n| 调解 | 12 |\n话", ["指标", "数量", "调解", "12"]),
        ("指标 | 数量\n--- | ---\n调解 | 12", ["指标", "数量", "调解", "12"]),
        ("指标｜数量\n调解｜12", ["指标", "数量", "调解", "12"]),
        ("甲\t\t丙\n\t1\t2", ["甲", "丙", "1", "2"]),
    ],
)
def test_tables_of_plain_text(text: str, cells: list[str]) -> None:
    (table,) = find_tables(text)
    assert [text[cell.start : cell.end] for cell in table.cells] == cells and not table.exact


@pytest.mark.parametrize(
    "text",
    [
        "一、\t加强组织领导，落实各项工作制度\n二、\t推进普法宣传，开展各类主题活动",  # a list with tabs after its labels
        "（一）\t召开专题会议12次研究部署工作\n（二）\t发放宣传资料300份以上", "1.\t召开专题会议12次研究部署\n2.\t发放宣传资料300份以上", "●\t召开专题会议12次研究部署\n●\t发放宣传资料300份以上",
        "\t全镇召开会议12次。\n\t发放资料300份。",  # indents
        "首页 | 政务公开 | 12345\n欢迎访问", "发布时间：2024-01-12\t来源：青溪镇",  # one line
        "甲\t1\n乙\t2\t3\n丙\n\n丁\t4\t5\t6", "没有制表符的话", "", "\t\n\t\n", "|\n|",
    ],
)  # fmt: skip
def test_what_is_no_table(text: str) -> None:
    assert find_tables(text) == ()


def test_cells_are_apart_in_the_cleaned_text_and_rows_do_not_join() -> None:
    original = "全镇矛盾纠纷排查化解和行政执法工作情况统计如下\n类别\t青溪镇\t2022年\n调解矛盾纠纷和信访事项\t\t136\n以上情况属实"
    text = Text.of(original)
    assert text.clean.split("\n") == ["全镇矛盾纠纷排查化解和行政执法工作情况统计如下", "类别；青溪镇；2022年", "调解矛盾纠纷和信访事项；；136", "以上情况属实"]
    start = text.clean.index("136")
    assert original[slice(*text.to_original(start, start + 3))] == "136"


@given(st.text(alphabet="甲1\t|\n -:\r　", max_size=120))
@settings(max_examples=300, deadline=None)
def test_any_layout_keeps_the_way_back(original: str) -> None:
    text = Text.of(original)
    for index in range(len(text.clean)):
        assert text.to_clean(text.to_original(index, index + 1)[0]) == index
    for table in find_tables(original):
        for cell in table.cells:
            words = original[cell.start : cell.end]
            assert words == words.strip() and "\n" not in words and table.start <= cell.start < cell.end <= table.end
