"""``fazhi explain``: one page that needs nothing beside itself and shows every fact, what stayed open, and what was turned down."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html

from fazhi.explaining import render_page
from fazhi.explaining.view import About, View, build_view, value_of
from fazhi.explaining.words import Texts, labels
from ingest.model import Analysis, Explanation, Fact, Finding, Frame, Rejection, Side, Source
from ingest.pipeline import load_pipeline

Run = Callable[..., tuple[int, str, str]]

REPORT = (
    "安溪县参内镇2023年法治政府建设情况报告\n"
    "一、主要成效\n"
    "全镇深入贯彻《安溪县普法工作规划（2021-2025年）》，开展“法律八进”活动12场，树牢“四个意识”。\n"
    "建成“茶香室”调解工作室，调解矛盾纠纷126件，兑现奖补资金1.3万元。按《条例》办理，与城关镇交流。\n"
    "二、存在问题\n法律顾问作用发挥不够。\n"
    "三、下步计划\n下一步将推行一村一法律顾问。\n"
)
HOSTILE = (
    "安溪县参内镇2023年法治政府建设情况报告</title></style><script>alert(1)</script>\n"
    "一、主要成效<img src=x onerror=alert(2)>\n"
    "开展“法律八进<script>alert('x')</script>”活动，建成“茶香\" onmouseover=\"alert(3)室”调解室，见<a href='javascript:alert(4)'>此</a>https://example.org/x.css {{ 7*7 }}。\n"
    "</p></div></main><style>*{display:none}</style><!-- ]]> &lt;&amp; \x1b \u202e\n"
)


def explain(text: str, lang: str = "zh", **more: str) -> str:
    source = Source(key="甲.txt", text=text, **more)  # type: ignore[arg-type]
    return render_page(source, load_pipeline().explain(source), lang)


def sheets(page: html.HtmlElement) -> dict[str, html.HtmlElement]:
    return {sheet.find("blockquote").text_content(): sheet for sheet in page.find_class("sheet")}


def test_the_command_writes_one_page(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "甲.txt").write_text(REPORT, encoding="utf-8")
    code, out, err = run("explain", "甲.txt")
    assert (code, out, err) == (0, "Wrote 甲.txt.explain.html.\n", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["甲.txt", "甲.txt.explain.html"]
    page = html.document_fromstring((tmp_path / "甲.txt.explain.html").read_text(encoding="utf-8"))
    assert page.get("lang") == "zh-CN"
    code, out, _ = run("explain", "甲.txt", "-o", "out.html", "--lang", "en")
    assert (code, html.parse("out.html").getroot().get("lang")) == (0, "en")


def test_the_page_can_go_to_the_standard_output(run: Run, tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text(REPORT, encoding="utf-8")
    code, out, _ = run("explain", tmp_path / "甲.txt", "-o", "-")
    assert code == 0
    assert out == render_page(
        Source(key="甲.txt", text=REPORT, raw=REPORT.encode()), load_pipeline().explain(Source(key="甲.txt", text=REPORT, raw=REPORT.encode()))
    )


def test_one_report_of_several_is_chosen_by_its_key(run: Run, tmp_path: Path) -> None:
    rows = [{"key": "a", "text": REPORT}, {"key": "b", "text": REPORT.replace("参内镇", "湖头镇")}, {"key": "c", "text": "坏的 \ud800 字。" + REPORT}]
    (tmp_path / "many.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    code, _, err = run("explain", tmp_path / "many.jsonl")
    assert code == 2
    assert "--key 'a'" in err
    code, out, _ = run("explain", tmp_path / "many.jsonl", "--key", "b", "-o", "-")
    assert (code, "<dd>b</dd>" in out) == (0, True)
    code, _, err = run("explain", tmp_path / "many.jsonl", "--key", "c", "-o", "-")
    assert (code, "no report with the key c. many.jsonl" in err) == (1, True)


@pytest.mark.parametrize(("name", "content", "code", "words"), [("empty.txt", b"", 1, "empty.txt: "), ("scan.bin", b"\x00\x01" * 500, 1, "scan.bin: ")])
def test_what_is_no_report_is_named_with_its_cure(run: Run, tmp_path: Path, name: str, content: bytes, code: int, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    left, out, err = run("explain", tmp_path / name, "-o", tmp_path / "out.html")
    assert (left, out) == (code, "")
    assert words in err
    assert not (tmp_path / "out.html").exists()


def test_wrong_use_is_exit_code_2_and_a_missing_file_1(run: Run, tmp_path: Path) -> None:
    assert run("explain", tmp_path)[0] == 2
    assert run("explain", tmp_path / "nowhere.txt")[0] == 1
    report = tmp_path / "甲.txt"
    report.write_text(REPORT, encoding="utf-8")
    code, _, err = run("explain", report, "-o", report)
    assert (code, "is the report itself" in err) == (2, True)
    assert report.read_text(encoding="utf-8") == REPORT
    assert run("explain", report, "-o", tmp_path / "no" / "folder.html")[0] == 1


@pytest.mark.parametrize("text", [REPORT, HOSTILE])
def test_the_page_leads_nowhere_and_runs_nothing(text: str) -> None:
    written = explain(text, url="https://example.gov.cn/1.html", title="题</title><script>")
    page = html.document_fromstring(written)
    assert not [part.tag for part in page.iter("script", "link", "img", "iframe", "object", "embed", "form", "base")]
    for part in page.iter():
        names = [name for name in part.attrib if isinstance(name, str)]
        assert not [name for name in names if name.startswith("on") or name in ("src", "srcset", "style", "action", "background")]
        assert (part.get("href") or "#").startswith("#")
    (style,) = page.iter("style")
    assert not re.search(r"@import|url\(|//", style.text)
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize("text", [REPORT, HOSTILE])
def test_the_text_is_all_there(text: str) -> None:
    shown = html.document_fromstring(explain(text).replace("\x1b", "")).find_class("text")[0]
    assert [line.text_content() for line in shown.iter("p")] == [line.replace("\x1b", "").rstrip() for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize("text", [REPORT, HOSTILE, "", "。", REPORT * 3])
def test_every_link_leads_to_a_place_of_the_page(text: str) -> None:
    page = html.document_fromstring(explain(text))
    ids = Counter(page.xpath("//@id"))
    assert not {id for id, count in ids.items() if count > 1}
    assert {address[1:] for address in page.xpath("//@href")} <= set(ids)


def test_each_fact_has_a_mark_a_row_and_a_card() -> None:
    source = Source(key="甲.txt", text=REPORT)
    explanation = load_pipeline().explain(source)
    page = html.document_fromstring(render_page(source, explanation))
    facts = explanation.analysis.facts
    assert len(page.xpath("//table[@class='facts']/tbody/tr")) == len(page.find_class("sheet")) == len(facts) > 10
    for number, fact in enumerate(facts, 1):
        card = page.get_element_by_id(f"f{number}").text_content()
        assert fact.surface in card
        assert fact.rule in card
        assert f"{fact.confidence:.2f}" in card
        if fact.type != "relation":
            assert (fact.node or "未链接") in card
            marks = page.xpath(f"//div[@class='text']//*[@id='c{fact.start}']//mark[contains(concat(' ', @class, ' '), ' t-{fact.type} ')]")
            assert marks, fact


def test_a_card_says_how_sure_of_what_and_when() -> None:
    cards = sheets(html.document_fromstring(explain(REPORT)))
    program = cards["一村一法律顾问"].text_content()
    assert "program:一村一法律顾问" in program.replace("（居）", "")
    assert "计划" in program
    assert "also" in cards["一村一法律顾问"].find_class("also")[0].get("class")


def test_overlapping_facts_are_nested_with_lines_of_their_own() -> None:
    page = html.document_fromstring(explain(REPORT))
    place = page.xpath("//div[@class='text']//mark[contains(@class,'t-document')]/mark[contains(@class,'t-place')]")
    assert [mark.text for mark in place] == ["安溪县"]
    assert "lane" in place[0].getparent().get("class")
    assert "lane" not in place[0].get("class")


def test_what_is_undecided_stands_with_its_candidates() -> None:
    open_ones = html.document_fromstring(explain(REPORT)).get_element_by_id("undecided").text_content()
    assert "城关镇" in open_ones
    assert "甘肃省" in open_ones or "福建省" in open_ones
    assert re.search(r"等 \d+ 个", open_ones)
    assert "未指明是哪份文件" in open_ones


def test_what_was_rejected_stands_with_its_reason() -> None:
    rejected = html.document_fromstring(explain(REPORT)).get_element_by_id("rejected")
    groups = {group.find("summary").text.strip(): group.text_content() for group in rejected.iter("details")}
    assert "“四个意识”" in groups["口号"]
    assert "树牢“四个意识”" in groups["在书名号或引号之内"]
    english = html.document_fromstring(explain(REPORT, "en")).get_element_by_id("rejected").text_content()
    assert "inside a title or quotation" in english


def test_the_same_report_gives_the_same_page() -> None:
    assert explain(REPORT) == explain(REPORT)


# -- the view ----------------------------------------------------------------------------------------------------------------------------------------


def a_fact(type: str, start: int, end: int, **more: object) -> Fact:
    return Fact(id=f"{type}{start}-{end}", doc="a", type=type, surface="", start=start, end=end, **more)  # type: ignore[arg-type]


def view_of(text: str, *facts: Fact, rejections: list[Rejection] | None = None, **more: object) -> View:
    analysis = Analysis(doc="a", frame=Frame(), facts=facts)
    return build_view(Texts("zh"), About(title="题", key="a"), text, analysis, rejections=rejections, **more)  # type: ignore[arg-type]


def rejection(start: int, end: int, reason: str = "a slogan", text: str = "甲乙丙丁甲乙丙丁") -> Rejection:
    return Rejection(type="program", surface=text[start:end], start=start, end=end, rule="r", reason=reason)


@pytest.mark.parametrize(("value", "shown"), [(1300000, "1300000件"), (97.52, "97.52件"), (0, "0件"), (2.0, "2件"), (0.1, "0.1件")])
def test_a_value_shows_all_its_digits(value: float, shown: str) -> None:
    assert value_of(Texts("zh"), a_fact("metric", 0, 1, value=value, unit="件")) == shown


def test_a_card_leads_to_the_facts_beside_it() -> None:
    view = view_of("甲乙丙丁", a_fact("place", 0, 2), a_fact("body", 1, 3), a_fact("date", 3, 4))
    assert [[id for id, _ in card.beside] for card in view.cards] == [["f2"], ["f1"], []]


def test_relations_are_listed_and_marked_only_when_asked_for() -> None:
    facts = (a_fact("place", 0, 2), a_fact("relation", 0, 2))
    assert len(view_of("甲乙丙丁", *facts).cards) == 2
    assert [len(run.marks) for run in view_of("甲乙丙丁", *facts).paragraphs[0].runs] == [1, 0]
    asked = view_of("甲乙丙丁", *facts, types=["relation"])
    assert [card.fact.type for card in asked.cards] == ["relation"]
    assert [(entry.type, entry.available, entry.shown) for entry in asked.legend] == [("place", False, False), ("relation", True, True)]


def test_a_link_leads_to_what_is_shown_also_where_nothing_is_marked() -> None:
    text = "甲乙丙丁  \n戊己\n"
    view = view_of(text, a_fact("relation", 1, 3), a_fact("place", 4, 8), a_fact("place", 9, 10))
    assert [card.at for card in view.cards] == ["c1", "c7", "c8"]  # blanks at the end of a line are not shown
    assert [run.id for paragraph in view.paragraphs for run in paragraph.runs] == [None, "c1", "c7", "c8"]
    assert view_of("", a_fact("place", 0, 0)).cards[0].at == "c0"


def test_statements_that_do_not_go_together_stand_with_both_sides() -> None:
    text = "调解126件，成功120件，成功率99%。"
    sides = (Side(role="rate", surface="99%", start=text.index("99%"), end=text.index("99%") + 3), Side(role="register", surface="名录"))
    finding = Finding(id="1", kind="rate_differs", severity="warning", message_zh="应为95%", message_en="95% it is", evidence=sides)
    analysis = Analysis(doc="a", frame=Frame(), findings=(finding,))
    page = html.document_fromstring(render_page(Source(key="a", text=text), Explanation(analysis=analysis)))
    section = page.get_element_by_id("audit")
    assert "应为95%" in section.text_content()
    assert "名录" in section.text_content()
    (link,) = section.iter("a")
    assert page.get_element_by_id(link.get("href")[1:]).text == "99%。"


def test_equal_rejections_are_one_row_with_several_places() -> None:
    view = view_of("甲乙丙丁甲乙丙丁", rejections=[rejection(0, 2), rejection(4, 6), rejection(1, 3, "a figure of speech")])
    assert view.refusals is not None
    assert [(reason, count, [row.places for row in rows]) for reason, count, rows in view.refusals.groups] == [
        ("口号", 2, [("r0", "r4")]),
        ("比喻或成语", 1, [("r1",)]),
    ]
    row = view.refusals.groups[0][2][0]
    assert (row.before, row.surface, row.after) == ("", "甲乙", "丙丁甲乙丙丁")
    assert [run.spot for paragraph in view.paragraphs for run in paragraph.runs if run.spot] == ["r0", "r1", "r4"]


def test_nobody_asked_is_not_nothing_rejected() -> None:
    assert view_of("甲").refusals is None
    nothing = view_of("甲", rejections=[]).refusals
    assert nothing is not None
    assert nothing.groups == ()


def test_every_label_has_both_languages() -> None:
    assert all(set(words) == {"zh", "en"} and all(words.values()) for words in labels().values())


def test_dropped_rejections_are_counted_on_the_page() -> None:
    explanation = Explanation(analysis=Analysis(doc="a", frame=Frame()), rejections=(rejection(0, 2),), dropped=7)
    assert "另有 7 个候选未列出" in render_page(Source(key="a", text="甲乙丙丁甲乙丙丁"), explanation)
