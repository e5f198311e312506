"""Documents and document numbers. Sentences are made up; each line is a text and the titles that must come out of it, no more and no fewer."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_reading import first, mentions_of, read_report

from ingest.rules.documents import iter_numbers, iter_titles, read_laws, read_titles


def titles(sentence: str) -> list[str | None]:
    return [canonical for _, canonical in mentions_of(sentence, "document")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("学习《宪法》《民法典》。", ["中华人民共和国宪法", "中华人民共和国民法典"]),
        (
            "学习《中华人民共和国土地管理法》、《信访工作条例》及《安徽省行政执法监督条例》。",
            ["中华人民共和国土地管理法", "信访工作条例", "安徽省行政执法监督条例"],
        ),
        ("转发《关于印发〈海阳镇普法规划〉的通知》。", ["关于印发〈海阳镇普法规划〉的通知"]),
        ("转发《关于印发<海阳镇普法规划>的通知》。", ["关于印发〈海阳镇普法规划〉的通知"]),
        ("转发《关于印发《海阳镇普法规划》的通知》。", ["关于印发《海阳镇普法规划》的通知"]),
        ("落实《法治休宁建设规划（2021－2025年）》。", ["法治休宁建设规划（2021-2025年）"]),
        ("学习《宪法、民法典》。", ["中华人民共和国宪法", "中华人民共和国民法典"]),
        ("签订《普法责任书》《承诺书》。", ["普法责任书", "承诺书"]),
        ("讲解宪法、民法典、刑法等法律知识。", ["中华人民共和国宪法", "中华人民共和国民法典", "中华人民共和国刑法"]),
        ("宣传反有组织犯罪法和社区矫正法。", ["中华人民共和国反有组织犯罪法", "中华人民共和国社区矫正法"]),
        ("学习党章党规。", ["中国共产党章程"]),
        ("制定海阳镇年度学法计划，修订海阳镇重大行政决策程序实施细则。", ["海阳镇年度学法计划", "海阳镇重大行政决策程序实施细则"]),
        ("印发了镇法治政府建设工作要点。", ["海阳镇法治政府建设工作要点"]),
        ("根据我县行政执法协调监督体系建设实施方案，抓好落实。", ["休宁县行政执法协调监督体系建设实施方案"]),
        ("制定2023年度领导干部会前学法计划，抓好落实。", ["2023年度领导干部会前学法计划"]),
    ],
)
def test_titles_in_marks_and_without(sentence, expected):
    assert titles(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "开展宪法日、宪法宣传周、民法典宣传月活动，建成民法典主题公园和宪法广场，组织宪法宣誓。",
        "开展“美好生活·民法典相伴”活动。",
        "制定工作方案，完善各项制度，制定培训计划，落实计划生育政策。",
        "完善镇级权责清单，推行清单化管理。",
        "按照上级有关实施方案要求，规范办理。",
        "落实镇村规划和县城规划，实施区域发展规划。",
        "推进城镇规划建设，严格按照规范办法律援助案件。",
    ],
)
def test_what_is_no_document(sentence):
    assert titles(sentence) == []


def test_an_unspecified_regulation_stays_unlinked():
    mention = first("开展《条例》宣传。", "document")
    assert (mention.canonical, mention.node, mention.attrs) == ("《条例》（未指明）", None, {"unlinked": True})


def test_a_short_name_that_the_text_introduces_is_linked():
    assert titles("落实《信访工作条例》（以下简称《条例》），宣传《条例》。") == ["信访工作条例"] * 3


def test_national_documents_and_local_ones_have_their_own_kind_of_node():
    draft, _ = read_report("落实《行政处罚法》和《海阳镇普法工作方案》。")
    assert [mention.node for mention in draft.of("document")] == ["law:中华人民共和国行政处罚法", "doc:海阳镇普法工作方案"]


def test_valid_years_and_number_belong_to_the_title():
    mention = first("落实《海阳镇法治建设规划（2021-2025年）》（海政〔2021〕7号）。", "document")
    assert (mention.attrs["valid_from"], mention.attrs["valid_to"], mention.attrs["number"]) == (2021, 2025, "海政〔2021〕7号")


def test_the_title_inside_a_notice_is_kept():
    assert first("转发《关于印发〈普法规划〉的通知》。", "document").attrs["about"] == "普法规划"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("海政〔2023〕18号", ["海政〔2023〕18号"]),
        ("根据休政办〔2023〕5号文件", ["休政办〔2023〕5号"]),
        ("（国发〔2015〕36号）", ["国发〔2015〕36号"]),
        ("休政办（2022）18号", ["休政办〔2022〕18号"]),
        ("皖政规〔2022〕第3号", ["皖政规〔2022〕3号"]),
        ("印发海综治办〔2021〕003号", ["海综治办〔2021〕3号"]),
        ("国务院令第711号", ["国务院令第711号"]),
    ],
)
def test_document_numbers(text, expected):
    assert [number.canonical for number in iter_numbers(text)] == expected


@pytest.mark.parametrize("text", ["索引号：11341022003/2023-00001", "电话18号", "门牌18号", "第12号令", "（2023）皖1022行初12号", "6月18号", "〔2023〕"])
def test_what_is_no_document_number(text):
    assert list(iter_numbers(text)) == []


def test_every_bracket_gives_one_form():
    for brackets in ("〔2023〕", "[2023]", "【2023】", "［2023］"):
        assert mentions_of(f"按照休政{brackets}9号执行。", "docnumber")[0][1] == "休政〔2023〕9号"


def test_the_reports_own_number_is_marked():
    heading = "中共休宁县海阳镇委员会文件\n海委〔2023〕9号\n关于海阳镇2023年法治政府建设情况的报告\n休宁县人民政府：\n2023年，海阳镇推进法治建设。\n"
    draft, _ = read_report("按照休政〔2022〕3号抓好落实。", heading=heading)
    assert [(mention.canonical, mention.attrs.get("header")) for mention in draft.of("docnumber")] == [("海委〔2023〕9号", True), ("休政〔2022〕3号", None)]


def test_a_mark_that_is_never_closed_hides_nothing():
    text = "《普法规划、《宪法》和《民法典》\n》《信访工作条例》"
    assert [text[start:end] for start, end in iter_titles(text)] == ["《宪法》", "《民法典》", "《信访工作条例》"]


@given(st.text(alphabet="《》〈〉法、\n以下简称“”", max_size=60))
def test_titles_never_overlap_and_lie_in_the_text(text):
    end = 0
    for reference in read_titles(text):
        assert end <= reference.start < reference.end <= len(text)
        end = reference.end


def test_laws_inside_titles_are_not_found_again():
    text = "《宪法》"
    assert read_laws(text, [(0, 4)]) == []


@pytest.mark.parametrize("piece", ["《", "》", "《宪法》", "制定", "〔2023〕", "宪法"])
def test_a_long_run_is_read_in_linear_time(piece):
    begun = time.perf_counter()
    read_report(piece * (60_000 // len(piece)))
    assert time.perf_counter() - begun < 30
