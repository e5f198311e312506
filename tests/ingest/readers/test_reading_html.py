from __future__ import annotations

import contextlib
import json
import time

import page_layouts as pages
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import read_one, refuse_one

from ingest.readers.html import CannotRead, read_page
from ingest.readers.page_facts import _cut_site_name
from ingest.readers.page_lines import drop_surroundings

BODY = f"<h1>{pages.TITLE}</h1><div>{pages.PARAGRAPHS}</div>"


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize("name", pages.LAYOUTS)
def test_every_paragraph_of_the_layout_is_a_line_in_order(name: str) -> None:
    lines = read_page(pages.LAYOUTS[name]()).text.split("\n")
    assert [line for line in lines if line in pages.LINES] == pages.LINES


@pytest.mark.parametrize("name", pages.LAYOUTS)
def test_nothing_of_the_surroundings_is_in_the_text(name: str) -> None:
    text = read_page(pages.LAYOUTS[name]()).text
    assert [noise for noise in pages.NOISE if noise in text] == []
    assert len(text.split("\n")) <= len(pages.LINES) + (3 if name == "attachments" else 1)


@pytest.mark.parametrize("name", pages.LAYOUTS)
def test_the_title_is_the_first_line(name: str) -> None:
    reading = read_page(pages.LAYOUTS[name]())
    assert reading.text.startswith(pages.TITLE + "\n")
    assert reading.title == (pages.TITLE if name != "word_as_doc" else None)


@pytest.mark.parametrize("name", ["trs", "jcms", "ucap", "wordpress", "vue", "wechat", "index_in_list", "tables_2008", "one_form"])
def test_publication_date(name: str) -> None:
    assert read_page(pages.LAYOUTS[name]()).published == "2024-01-15"


def test_index_table_becomes_metadata() -> None:
    assert read_page(pages.trs()).metadata == {
        "index_number": "QX000-2024-0001",
        "publisher": "青溪镇",
        "signed": "2024-01-12",
        "source": "青溪镇",
        "site": "清河县人民政府",
    }
    assert read_page(pages.index_in_list()).metadata["docnumber"] == "青政〔2024〕3号"


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="https://example.org/a.html">',
        '<meta property="og:url" content="https://example.org/a.html">',
        '<meta name="Url" content="https://example.org/a.html">',
        "<!-- saved from url=(0026)https://example.org/a.html -->",
    ],
)
def test_source_url(head: str) -> None:
    assert read_page(page(BODY, head)).url == "https://example.org/a.html"


def test_a_relative_canonical_link_is_no_url() -> None:
    assert read_page(page(BODY, '<link rel="canonical" href="/a.html">')).url is None


@pytest.mark.parametrize(
    ("shown", "cut"),
    [
        ("青溪镇2023年法治政府建设情况报告_清河县人民政府", "青溪镇2023年法治政府建设情况报告"),
        ("青溪镇2023年法治政府建设情况报告-政务公开-清河县人民政府门户网站", "青溪镇2023年法治政府建设情况报告"),
        ("青溪镇2023年法治政府建设情况报告 - 法治建设 - 清河县", "青溪镇2023年法治政府建设情况报告"),
        ("青溪镇2021-2023年法治政府建设情况报告", "青溪镇2021-2023年法治政府建设情况报告"),
        ("青溪镇法治政府建设实施方案（2021-2025年）", "青溪镇法治政府建设实施方案（2021-2025年）"),
    ],
)
def test_site_names_are_cut_off_the_title(shown: str, cut: str) -> None:
    assert _cut_site_name(shown) == cut


def test_a_title_in_the_browser_bar_alone_is_metadata_not_text() -> None:
    reading = read_page(page(f"<div>{pages.PARAGRAPHS}</div>", f"<title>{pages.TITLE}</title>"))
    assert reading.title == pages.TITLE
    assert pages.TITLE not in reading.text


@pytest.mark.parametrize(("codec", "declared"), [("gb18030", "gb2312"), ("gb18030", "GBK"), ("utf-8", "gb2312"), ("gb18030", "utf-8")])
def test_the_charset_is_honoured_where_it_is_true(codec: str, declared: str) -> None:
    markup = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head><body>{BODY}</body></html>'
    source = read_one("a.html", markup.encode(codec))
    assert pages.PARA_2 in source.text
    assert source.encoding == codec


def test_big5_page() -> None:
    line = "青溪鎮堅持依法行政，認真落實縣政府關於法治建設的部署，全年召開專題會議4次，研究解決問題。"
    raw = f'<html><head><meta charset="big5"></head><body><p>{line}</p><p>{line}</p></body></html>'.encode("big5")
    assert read_one("a.htm", raw).text == f"{line}\n{line}"


def test_a_table_keeps_its_rows_with_tabs_between_cells() -> None:
    rows = "<tr><th>指标</th><th>数量</th></tr><tr><td><p>调解</p><p>案件</p></td><td> 13\n6 </td></tr><tr><td></td><td>3</td></tr>"
    table = f"<table><caption>统计表</caption>{rows}</table>"
    text = read_page(page(f"<h1>{pages.TITLE}</h1><div>{pages.PARAGRAPHS}{table}<p>以上数据，截至年底。</p></div>")).text
    assert text.endswith("统计表\n指标\t数量\n调解 案件\t13 6\n\t3\n以上数据，截至年底。")


def test_a_report_in_a_nested_layout_table_is_lines_not_cells() -> None:
    assert "\t" not in read_page(pages.tables_2008()).text


def test_source_line_ends_between_chinese_characters_vanish_and_others_are_blanks() -> None:
    text = read_page(page(f"<div><p>镇人民\n   政府认真落实，共办理 12\n件，依托 Wi-Fi\n平台开展工作。</p>{pages.PARAGRAPHS}</div>")).text
    assert text.startswith("镇人民政府认真落实，共办理 12 件，依托 Wi-Fi 平台开展工作。\n")


def test_ascii_punctuation_counts_as_prose_too() -> None:
    words = pages.PARAGRAPHS.replace("，", ",").replace("；", ";")
    text = read_page(page(f"{pages.NAVIGATION}<div><div>{words}</div></div>{pages.FOOTER}")).text
    assert text.startswith("2023年,青溪镇") and "版权所有" not in text


def test_lines_of_the_report_that_look_like_surroundings_stay_between_its_sentences() -> None:
    lines = [
        "第一段讲工作情况，内容很多，一直写到二十五个字以上才算结束。",
        "来源：群众来信",
        "主办单位：司法所",
        "第二段讲工作情况，内容很多，一直写到二十五个字以上才算结束。",
    ]
    assert drop_surroundings(lines) == (lines, [])


def test_signature_and_date_behind_the_last_sentence_stay() -> None:
    lines = ["第一段讲工作情况，内容很多，一直写到二十五个字以上才算结束。", "青溪镇人民政府", "2024年1月12日", "责任编辑：某某", "版权所有：某县"]
    assert drop_surroundings(lines) == (lines[:3], lines[3:])


@pytest.mark.parametrize(
    ("markup", "kind", "words"),
    [
        ('<html><head><title>x</title><script src=a></script></head><body><div id="app"></div><script src=b></script></body></html>', "no_text", "scripts"),
        ('<html><body><h1>青溪镇报告</h1><p>详见附件。</p><a href="/f/1.pdf">2023年报告.pdf</a></body></html>', "no_text", "2023年报告.pdf"),
        ("<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>", "no_text", "no report"),
        ("<html><body></body></html>", "no_text", "no report"),
    ],
    ids=["scripted", "attachments only", "404", "empty"],
)
def test_a_page_without_a_report_is_refused(markup: str, kind: str, words: str) -> None:
    failure = refuse_one("a.html", markup.encode())
    assert failure.kind == kind
    assert words in failure.reason


def test_entities_are_neither_expanded_nor_fetched() -> None:
    bombs = "".join(f"<!ENTITY e{n} '" + f"&e{n - 1};" * 10 + "'>" for n in range(1, 12))
    markup = f'<!DOCTYPE html [<!ENTITY e0 "lol">{bombs}<!ENTITY x SYSTEM "file:///etc/hostname">]><html><body><p>&e11;&x;</p>{BODY}</body></html>'
    text = read_page(markup).text
    assert len(text) < 2000
    assert pages.PARA_1 in text


@pytest.mark.parametrize(
    "markup",
    [
        "<html><body>" + "<div>" * 100_000 + pages.PARAGRAPHS,
        "<html><body>" + "<div class=share><p>分享，</p></div>" * 5000 + pages.PARAGRAPHS,
        "<table><tr><td>" * 5000 + pages.PARAGRAPHS,
    ],
    ids=["deep", "many", "tables"],
)
def test_hostile_markup_ends_soon(markup: str) -> None:
    started = time.process_time()
    with contextlib.suppress(CannotRead):
        read_page(markup)
    assert time.process_time() - started < 5


@settings(max_examples=150)
@given(
    st.recursive(
        st.text(max_size=30),
        lambda inner: st.tuples(st.sampled_from(["div", "p", "table", "tr", "td", "pre", "a", "ul", "br", "script"]), st.lists(inner, max_size=4)),
        max_leaves=25,
    )
)
def test_any_tree_gives_lines_or_a_reason(tree: object) -> None:
    def write(node: object) -> str:
        if isinstance(node, tuple):
            return f"<{node[0]}>{''.join(write(child) for child in node[1])}</{node[0]}>"
        return str(node).replace("<", "&lt;")

    try:
        text = read_page(f"<html><body>{write(tree)}{BODY}</body></html>").text
    except CannotRead:
        return
    assert all(line.strip("　 ") for line in text.split("\n"))


def test_the_html_of_a_row_is_read_like_a_page() -> None:
    row = json.dumps({"key": "k", "html": pages.trs(), "place": "青溪镇", "title": "由用户给的标题"}, ensure_ascii=False).encode()
    source = read_one("rows.jsonl", row)
    assert source.text == read_page(pages.trs()).text
    assert (source.key, source.title, source.place, source.published, source.format) == ("k", "由用户给的标题", "青溪镇", "2024-01-15", "html")
    assert source.raw == pages.trs().encode()


def test_attachments_are_listed_with_their_addresses() -> None:
    links = '<a href="/files/a.docx">附件1：统计表</a><a href="b.pdf?v=1"></a><a href="/files/a.docx">附件1</a><a href="http://[bad/c.zip">附件3</a><a href="/other.html">链接</a>'
    reading = read_page(
        f'<html><head><meta property="og:url" content="http://example.test/x/1.html"></head><body><div>{pages.PARAGRAPHS}{links}</div></body></html>'
    )
    assert reading.metadata["attachments"] == [
        {"name": "附件1", "link": "http://example.test/files/a.docx"},
        {"name": "b.pdf?v=1", "link": "http://example.test/x/b.pdf?v=1"},
        {"name": "附件3", "link": "http://[bad/c.zip"},
    ]
