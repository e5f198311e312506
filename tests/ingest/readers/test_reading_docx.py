from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image
from samples import make_zip, read_one, refuse_one

from ingest.readers import Limits
from ingest.readers.docx_numbers import chinese_number

W = nsdecls("w")


def save(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def text_of(*elements: str) -> str:
    """Text of a document whose body holds these pieces of XML."""
    document = docx.Document()
    for element in elements:
        document.element.body.insert_element_before(parse_xml(element.replace(">", f" {W}>", 1)), "w:sectPr")
    return read_one("a.docx", save(document)).text


def rewrite(raw: bytes, part: str, change: Any) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        return make_zip({name: change(package.read(name)) if name == part else package.read(name) for name in package.namelist()})


def numbered(*paragraphs: tuple[int, str]) -> str:
    """Text of a document in which each paragraph (depth, words) is in one list: 一、 and （一） and 1."""
    document = docx.Document()
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{words}"/></w:lvl>'
        for depth, (form, words) in enumerate([("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%1.%3．"), ("bullet", "●")])
    )
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {W} w:numId="91"><w:abstractNumId w:val="90"/></w:num>'))
    for depth, words in paragraphs:
        paragraph = document.add_paragraph(words)
        paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="91"/></w:numPr>'))
    return read_one("a.docx", save(document)).text


def test_paragraphs_and_tables_in_document_order() -> None:
    document = docx.Document()
    document.add_heading("一、工作情况", 1)
    document.add_paragraph("　　表前的话。")
    table = document.add_table(2, 2)
    for cell, words in zip((cell for row in table.rows for cell in row.cells), ["指标", "数量", "调解", "136"], strict=True):
        cell.text = words
    document.add_paragraph("表后的话。\n另一行。")
    assert read_one("a.docx", save(document)).text == "一、工作情况\n表前的话。\n指标\t数量\n调解\t136\n表后的话。\n另一行。"


def test_merged_cells_are_told_once() -> None:
    document = docx.Document()
    document.add_paragraph("表")
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "合并"
    table.cell(0, 2).text = "右"
    table.cell(1, 0).text = "下"
    assert read_one("a.docx", save(document)).text == "表\n合并\t\t右\n下\t\t"


def test_a_layout_table_of_one_cell_gives_its_paragraphs() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "第一段"
    cell.add_paragraph("第二段")
    assert read_one("a.docx", save(document)).text == "第一段\n第二段"


def test_insertions_content_controls_smart_tags_and_links_are_read() -> None:
    assert text_of(
        "<w:p><w:r><w:t>由</w:t></w:r><w:smartTag><w:r><w:t>2023年</w:t></w:r></w:smartTag><w:ins><w:r><w:t>插入</w:t></w:r></w:ins><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
        "<w:sdt><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt><w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p>",
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>整段控件</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    ) == "由2023年插入控件链接\n整段控件"  # fmt: skip


def test_hidden_and_field_code_text_is_left_out() -> None:
    assert text_of(
        '<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>'
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显示</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>'
    ) == "显示"  # fmt: skip


def test_a_text_box_is_told_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent>"
    alternate = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="wps">'
        f"{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    assert text_of(f"<w:p><w:r><w:t>段落</w:t></w:r><w:r>{alternate}</w:r></w:p>") == "段落\n框里的话"


def test_numbers_that_word_makes_are_put_back() -> None:
    assert numbered((0, "工作情况"), (1, "组织领导"), (1, "矛盾纠纷"), (2, "排查"), (2, "调处"), (0, "存在问题"), (1, "人员不足"), (3, "小点")).split("\n") == [
        "一、工作情况",
        "（一）组织领导",
        "（二）矛盾纠纷",
        "一.1．排查",
        "一.2．调处",
        "二、存在问题",
        "（一）人员不足",
        "小点",
    ]


def test_a_number_in_the_text_is_not_doubled_but_counted() -> None:
    assert numbered((0, "一、工作情况"), (0, "存在问题")) == "一、工作情况\n二、存在问题"


def test_numbers_by_style() -> None:
    document = docx.Document()
    document.add_paragraph("先做", style="List Number")
    document.add_paragraph("再做", style="List Number")
    document.add_paragraph("小点", style="List Bullet")
    assert read_one("a.docx", save(document)).text == "1.先做\n2.再做\n小点"


@pytest.mark.parametrize(("value", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100"), (0, "0")])
def test_chinese_numbers(value: int, words: str) -> None:
    assert chinese_number(value) == words


def test_title_and_properties() -> None:
    document = docx.Document()
    document.core_properties.title = "模板留下的标题"
    document.core_properties.author = "办公室"
    document.add_paragraph("青溪镇报告", style="Title")
    document.add_paragraph("正文。")
    source = read_one("a.docx", save(document))
    assert (source.title, source.metadata["title"], source.metadata["author"]) == ("青溪镇报告", "模板留下的标题", "办公室")


def test_a_title_property_that_the_text_does_not_show_is_not_believed() -> None:
    document = docx.Document()
    document.core_properties.title = "模板留下的标题"
    document.add_paragraph("正文。")
    assert read_one("a.docx", save(document)).title is None


def test_a_docx_named_doc_is_read() -> None:
    document = docx.Document()
    document.add_paragraph("正文。")
    assert read_one("a.doc", save(document)).text == "正文。"


def test_a_docx_without_text() -> None:
    assert refuse_one("a.docx", save(docx.Document())).kind == "blank"


def test_a_docx_of_pictures_alone() -> None:
    document = docx.Document()
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    document.add_picture(picture)
    failure = refuse_one("a.docx", save(document))
    assert failure.kind == "scanned" and "OCR" in failure.cure


def test_a_broken_docx() -> None:
    raw = rewrite(save(docx.Document()), "word/document.xml", lambda part: part[:200])
    assert refuse_one("a.docx", raw).kind == "damaged"
    assert refuse_one("a.docx", make_zip({"word/document.xml": b"<x/>"})).kind == "damaged"


def test_entities_in_a_docx_are_neither_expanded_nor_read_from_disk() -> None:
    document = docx.Document()
    document.add_paragraph("正文MARK")
    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/hostname">]>'

    def poison(part: bytes) -> bytes:
        return re.sub(rb"(<\?xml[^>]*\?>)", lambda found: found.group(1) + bomb, part).replace(b"MARK", b"&b;&x;")

    assert read_one("a.docx", rewrite(save(document), "word/document.xml", poison)).text == "正文"


def test_a_docx_that_unpacks_to_too_much() -> None:
    document = docx.Document()
    document.add_paragraph("正文。")
    raw = rewrite(save(document), "word/styles.xml", lambda part: part + b" " * 3_000_000)
    assert refuse_one("a.docx", raw, Limits(max_unpacked_bytes=2_000_000)).kind == "bomb"
