"""Whether a report agrees with itself. Facts are put together by hand, so that a change of the rules that find them can't hide a change of the audit."""

from __future__ import annotations

import re
import time
from typing import Any

import msgspec
import pytest

import vocabulary
from ingest.audit import audit_report
from ingest.audit.amounts import bounds_of, judge_rate
from ingest.audit.frame import years_in
from ingest.ids import fact_id
from ingest.model import Analysis, Fact, Finding, Frame, Section, Source
from ingest.pipeline import load_pipeline

Row = tuple[str, str, str | None, float, str] | tuple[str, str, str | None, float, str, str]


def build(text: str, rows: list[Row], *, frame: Frame | None = None, sections: tuple[Section, ...] = (), others: tuple[Fact, ...] = ()) -> Analysis:
    """An analysis with one count a row: (surface, indicator, its id, value, unit, approximation). Surfaces are looked up from left to right."""
    facts, position = [], 0
    for row in rows:
        surface, indicator, identifier, value, unit, *approx = row
        start = text.index(surface, position)
        position = start + len(surface)
        facts.append(
            Fact(
                id=fact_id("a.txt", "metric", None, None, None, start, position, indicator),
                doc="a.txt",
                type="metric",
                surface=surface,
                start=start,
                end=position,
                section="results",
                indicator=indicator,
                indicator_id=identifier,
                canonical=identifier,
                value=value,
                unit=unit,
                approx=approx[0] if approx else None,  # type: ignore[arg-type]
                year=2023,
                polarity="negative" if value == 0 else "positive",
            )
        )
    sentences = tuple((match.start(), match.end()) for match in re.finditer("[^。；\n]+[。；\n]?", text))
    ordered = tuple(sorted((*facts, *others), key=lambda fact: (fact.start, fact.end)))
    return Analysis(doc="a.txt", frame=frame or Frame(year=2023), sections=sections, sentences=sentences, facts=ordered)


def audit(text: str, rows: list[Row], **more: Any) -> tuple[Finding, ...]:
    analysis = build(text, rows, **more)
    findings = audit_report(Source(key="a.txt", text=text), analysis)
    for finding in findings:
        for side in finding.evidence:
            assert side.start is None or text[side.start : side.end] == side.surface
        assert set(finding.facts) <= {fact.id for fact in analysis.facts}
        assert finding.message_zh.endswith("。")
        assert finding.message_en.endswith(".")
    return findings


def kinds(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.kind, finding.severity) for finding in findings]


# -- rates -----------------------------------------------------------------------------------------------------------------------------------------


def rated(whole: float, part: float, rate: float, *, approx: str | None = None, word: str = "办结") -> tuple[Finding, ...]:
    text = f"受理群众诉求{whole}件，{word}{part}件，{word}率达{rate}%。"
    stated: Row = (f"{word}率达{rate}%", f"群众诉求{word}率", "closing_rate", rate, "%")
    return audit(
        text,
        [
            (f"受理群众诉求{whole}件", "受理群众诉求", "requests_accepted", whole, "件"),
            (f"{word}{part}件", f"{word}群众诉求", "requests_closed", part, "件"),
            (*stated, approx) if approx else stated,  # type: ignore[misc]
        ],
    )


@pytest.mark.parametrize(
    ("whole", "part", "rate", "expected"),
    [
        (560, 520, 92.8, [("rate_truncated", "note")]),
        (560, 520, 92.9, []),
        (560, 520, 92.86, []),
        (560, 520, 92.85, [("rate_truncated", "note")]),
        (560, 520, 93, []),
        (560, 520, 92, [("rate_truncated", "note")]),
        (560, 520, 95, [("rate_differs", "warning")]),
        (560, 520, 100, [("rate_differs", "warning")]),
        (1000, 998, 100, [("rate_differs", "note")]),  # nearly all is not all
        (560, 560, 100, []),
        (1000, 927, 92.75, []),  # within a tenth of a point
        (100, 120, 98, [("rate_differs", "warning")]),  # more closed than accepted
    ],
)
def test_a_rate_is_held_against_the_counts_before_it(whole: int, part: int, rate: float, expected: list[tuple[str, str]]) -> None:
    assert kinds(rated(whole, part, rate)) == expected


def test_the_finding_keeps_what_is_stated_and_adds_what_was_computed() -> None:
    (finding,) = rated(560, 520, 92.8)
    assert (finding.stated, finding.computed, finding.unit) == (92.8, 92.8571, "%")
    assert [(side.role, side.value) for side in finding.evidence] == [("rate", 92.8), ("part", 520), ("whole", 560)]
    assert len(finding.facts) == 3
    assert "520 ÷ 560 = 92.86%" in finding.message_zh
    assert "520 ÷ 560 = 92.86%" in finding.message_en


@pytest.mark.parametrize(
    ("rate", "approx", "fits"),
    [
        (90, "at_least", True),
        (90, "more_than", True),
        (95, "at_least", False),
        (93.5, "about", True),
        (98, "about", False),
        (93, "less_than", True),
        (90, "less_than", False),
    ],
)
def test_a_rate_with_an_approximation_is_held_to_it(rate: float, approx: str, fits: bool) -> None:
    assert kinds(rated(560, 520, rate, approx=approx)) == ([] if fits else [("rate_differs", "warning")])


def test_counts_in_round_numbers_prove_nothing() -> None:
    text = "受理群众诉求500余件，办结480余件，办结率达91%。"
    rows: list[Row] = [("受理群众诉求500余件", "受理群众诉求", None, 500, "件", "more_than"), ("办结480余件", "办结群众诉求", None, 480, "件", "more_than")]
    assert audit(text, [*rows, ("办结率达91%", "群众诉求办结率", None, 91, "%")]) == ()


def test_one_pair_that_fits_is_enough() -> None:
    text = "排查调处纠纷30起，调解成功28起，受理纠纷52件，调解成功52件，调解成功率100%。"
    rows: list[Row] = [
        ("排查调处纠纷30起", "排查调处纠纷", None, 30, "起"),
        ("调解成功28起", "调解成功纠纷", None, 28, "起"),
        ("受理纠纷52件", "受理纠纷", None, 52, "件"),
        ("调解成功52件", "调解成功纠纷", None, 52, "件"),
        ("调解成功率100%", "调解成功率", None, 100, "%"),
    ]
    assert audit(text, rows) == ()


def test_what_is_left_over_is_not_the_whole() -> None:
    text = "共发生纠纷38件，已成功调解37件，正在调处纠纷1件，调解成功率97.4%。"
    rows: list[Row] = [
        ("共发生纠纷38件", "发生纠纷", None, 38, "件"),
        ("已成功调解37件", "成功调解纠纷", None, 37, "件"),
        ("正在调处纠纷1件", "正在调处纠纷", None, 1, "件"),
        ("调解成功率97.4%", "调解成功率", None, 97.4, "%"),
    ]
    assert audit(text, rows) == ()
    assert kinds(audit(text.replace("97.4", "90.4"), [*rows[:3], ("调解成功率90.4%", "调解成功率", None, 90.4, "%")])) == [("rate_differs", "warning")]


def test_a_rate_of_both_together_fits() -> None:
    text = "镇调委会受理纠纷10件、办结10件，村调委会受理纠纷20件、办结18件，办结率93.3%。"
    rows: list[Row] = [
        ("受理纠纷10件", "受理纠纷", None, 10, "件"),
        ("办结10件", "办结纠纷", None, 10, "件"),
        ("受理纠纷20件", "受理纠纷", None, 20, "件"),
        ("办结18件", "办结纠纷", None, 18, "件"),
        ("办结率93.3%", "纠纷办结率", None, 93.3, "%"),
    ]
    assert audit(text, rows) == ()


def test_the_rate_of_other_things_is_left_alone() -> None:
    text = "排查矛盾纠纷55件，成功化解51件。包案化解信访积案3件，化解率100%。"
    rows: list[Row] = [
        ("排查矛盾纠纷55件", "排查矛盾纠纷", None, 55, "件"),
        ("成功化解51件", "成功化解矛盾纠纷", None, 51, "件"),
        ("包案化解信访积案3件", "包案化解信访积案", None, 3, "件"),
        ("化解率100%", "化解率", None, 100, "%"),
    ]
    assert audit(text, rows) == ()


def test_a_rate_that_names_its_own_object_is_not_that_of_the_counts_before() -> None:
    text = "排查矛盾纠纷55件，成功化解51件，初信初访一次性化解率94%。"
    rows: list[Row] = [
        ("排查矛盾纠纷55件", "排查矛盾纠纷", None, 55, "件"),
        ("成功化解51件", "成功化解矛盾纠纷", None, 51, "件"),
        ("初信初访一次性化解率94%", "初信初访一次性化解率", None, 94, "%"),
    ]
    assert audit(text, rows) == ()


def test_a_rate_reaches_one_sentence_back_and_no_further_than_its_paragraph() -> None:
    rows: list[Row] = [
        ("受理群众诉求560件", "受理群众诉求", None, 560, "件"),
        ("办结520件", "办结群众诉求", None, 520, "件"),
        ("办结率99%", "群众诉求办结率", None, 99, "%"),
    ]
    assert kinds(audit("受理群众诉求560件。办结520件，办结率99%。", rows)) == [("rate_differs", "warning")]
    assert audit("受理群众诉求560件。\n办结520件，办结率99%。", rows) == ()
    assert audit("受理群众诉求560件。做了很多事。办结520件，办结率99%。", rows) == ()


# -- sums ------------------------------------------------------------------------------------------------------------------------------------------


def listed(total: int, parts: dict[str, int], *, lead: str = "受理纠纷", end: str = "。") -> tuple[Finding, ...]:
    items = "、".join(f"{name}{value}件" for name, value in parts.items())
    rows: list[Row] = [(f"{lead}{total}件", lead, "disputes_accepted", total, "件")]
    rows += [(f"{name}{value}件", name, None, value, "件") for name, value in parts.items()]
    return audit(f"{lead}{total}件，其中{items}{end}", rows)


@pytest.mark.parametrize(
    ("total", "parts", "expected"),
    [
        (52, {"婚姻纠纷": 20, "邻里纠纷": 30, "其他纠纷": 2}, []),
        (52, {"婚姻纠纷": 20, "邻里纠纷": 30, "其他纠纷": 4}, [("parts_differ", "warning")]),
        (60, {"婚姻纠纷": 20, "邻里纠纷": 30, "其他纠纷": 2}, [("parts_differ", "warning")]),  # 其他 closes the list
        (60, {"婚姻纠纷": 20, "邻里纠纷": 30}, []),  # 其中 may leave kinds out
        (40, {"婚姻纠纷": 20, "邻里纠纷": 30}, [("parts_differ", "warning")]),
        (40, {"重大纠纷": 50}, [("parts_differ", "warning")]),
        (40, {"办结": 38, "满意": 37}, []),  # steps, not kinds
    ],
)
def test_parts_are_held_against_their_sum(total: int, parts: dict[str, int], expected: list[tuple[str, str]]) -> None:
    assert kinds(listed(total, parts)) == expected


def test_a_list_that_ends_in_deng_is_open() -> None:
    assert listed(60, {"婚姻纠纷": 20, "其他纠纷": 2}, end="等。") == ()


def test_the_sum_may_be_any_count_before_the_list() -> None:
    text = "受理纠纷52件，化解成功50件，其中婚姻纠纷20件，邻里纠纷30件，其他纠纷2件。"
    rows: list[Row] = [("受理纠纷52件", "受理纠纷", None, 52, "件"), ("化解成功50件", "化解成功纠纷", None, 50, "件")]
    rows += [(f"{name}{value}件", name, None, value, "件") for name, value in (("婚姻纠纷", 20), ("邻里纠纷", 30), ("其他纠纷", 2))]
    assert audit(text, rows) == ()


def test_what_follows_a_list_is_no_part_of_it() -> None:
    rows: list[Row] = [
        ("行政复议案件14件", "行政复议案件", None, 14, "件"),
        ("维持9件", "维持", None, 9, "件"),
        ("驳回5件", "驳回", None, 5, "件"),
        ("行政诉讼案件21件", "行政诉讼案件", None, 21, "件"),
    ]
    assert audit("行政复议案件14件，其中维持9件，驳回5件，行政诉讼案件21件。", rows) == ()
    assert audit("行政复议案件14件，其中维持9件，驳回5件；行政诉讼案件21件。", rows) == ()


@pytest.mark.parametrize(("total", "expected"), [(8, []), (9, [("parts_differ", "warning")]), (5, [("parts_differ", "warning")])])
def test_a_total_behind_its_parts_is_held_against_them(total: int, expected: list[tuple[str, str]]) -> None:
    text = f"举办法治讲座3次、巡回宣讲5次，共{total}次。"
    rows: list[Row] = [
        ("举办法治讲座3次", "举办法治讲座", "law_lectures", 3, "次"),
        ("巡回宣讲5次", "巡回宣讲", "law_talks", 5, "次"),
        (f"共{total}次", "巡回宣讲", "law_talks", total, "次"),
    ]
    assert kinds(audit(text, rows)) == expected


def test_a_count_with_words_of_its_own_is_no_total() -> None:
    text = "举办法治讲座3次、巡回宣讲5次，共召开会议20次。"
    rows: list[Row] = [
        ("举办法治讲座3次", "举办法治讲座", None, 3, "次"),
        ("巡回宣讲5次", "巡回宣讲", None, 5, "次"),
        ("共召开会议20次", "召开会议", None, 20, "次"),
    ]
    assert audit(text, rows) == ()


def test_round_parts_and_sums_fit_within_what_they_leave_open() -> None:
    text = "发放资料5000余份，其中传单3000余份、手册2100份、其他资料100份。"
    rows: list[Row] = [
        ("发放资料5000余份", "发放资料", None, 5000, "份", "more_than"),
        ("传单3000余份", "传单", None, 3000, "份", "more_than"),
        ("手册2100份", "手册", None, 2100, "份"),
        ("其他资料100份", "其他资料", None, 100, "份"),
    ]
    assert audit(text, rows) == ()


# -- two values ------------------------------------------------------------------------------------------------------------------------------------


def repeated(first: str, second: str, one: Row, other: Row, **more: Any) -> list[tuple[str, str]]:
    return kinds(audit(f"{first}\n{second}", [one, other], **more))


ONE: Row = ("调解纠纷126件", "调解纠纷", "disputes_mediated", 126, "件")
OTHER: Row = ("调解纠纷128件", "调解纠纷", "disputes_mediated", 128, "件")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("全年共调解纠纷126件。", "累计调解纠纷128件。", [("two_values", "warning")]),
        ("调解纠纷126件。", "调解纠纷128件。", [("two_values", "note")]),
        ("上半年调解纠纷126件。", "全年共调解纠纷128件。", []),
        ("2022年共调解纠纷126件。", "2023年共调解纠纷128件。", []),
        ("去年共调解纠纷126件。", "今年共调解纠纷128件。", []),
        ("截至2023年11月，共调解纠纷126件。", "全年共调解纠纷128件。", [("two_values", "warning")]),
        ("1月至11月共调解纠纷126件。", "全年共调解纠纷128件。", [("two_values", "warning")]),
        ("5月调解纠纷126件。", "6月调解纠纷128件。", []),
        ("每个村调解纠纷126件。", "全年共调解纠纷128件。", []),
        ("在宣传活动中调解纠纷126件。", "全年共调解纠纷128件。", []),
        ("走访时调解纠纷126件。", "全年共调解纠纷128件。", []),  # fewer than the year's total
        ("全年共调解纠纷126件。", "走访时调解纠纷128件。", [("two_values", "note")]),  # more than it
    ],
)
def test_two_values_of_one_scope_are_a_finding(first: str, second: str, expected: list[tuple[str, str]]) -> None:
    assert repeated(first, second, ONE, OTHER) == expected


def test_values_far_apart_are_no_two_statements_of_one_number() -> None:
    rows: list[Row] = [("直播12场", "直播", "broadcasts", 12, "场"), ("直播9000次", "直播", "broadcasts", 9000, "次")]
    assert audit("共直播12场。\n共直播9000次。", rows) == ()


def test_both_values_are_in_the_message_and_the_evidence() -> None:
    (finding,) = audit("共调解纠纷126件。\n共调解纠纷128件。", [ONE, OTHER])
    assert ([side.value for side in finding.evidence], len(finding.facts)) == ([126, 128], 2)
    assert "126件、128件" in finding.message_zh


@pytest.mark.parametrize(
    ("value", "approx", "expected"),
    [
        (300, "more_than", []),
        (320, "about", []),
        (300, "at_least", []),
        (330, "less_than", []),
        (400, "more_than", [("two_values", "warning")]),
        (326, None, []),
    ],
)
def test_statements_that_are_compatible_are_none(value: int, approx: str | None, expected: list[tuple[str, str]]) -> None:
    surface = f"调解纠纷{value}来件"
    row: tuple[Any, ...] = (surface, "调解纠纷", "disputes_mediated", value, "件")
    one: Row = ("调解纠纷326件", "调解纠纷", "disputes_mediated", 326, "件")
    assert repeated("全年共调解纠纷326件。", f"全年共{surface}。", one, (*row, approx) if approx else row) == expected  # type: ignore[arg-type]


def test_parts_are_no_second_value() -> None:
    text = "全年共调解纠纷128件，其中村级调解纠纷126件。"
    assert audit(text, [OTHER, ("村级调解纠纷126件", "村级调解纠纷", "disputes_mediated", 126, "件")]) == ()
    text = "镇上共调解纠纷10件，各地共调解纠纷20件，合起来共调解纠纷30件。"
    rows: list[Row] = [(f"调解纠纷{value}件", "调解纠纷", "disputes_mediated", value, "件") for value in (10, 20, 30)]
    assert audit(text, rows) == ()


def test_what_another_body_or_a_village_does_has_its_own_value() -> None:
    text = "全年共调解纠纷126件。\n司法所全年共调解纠纷128件。"
    body = Fact(id="x", doc="a.txt", type="body", surface="司法所", start=13, end=16, node="body:cn:350524/参内镇/司法所", attrs={"kind": "justice"})
    assert text[13:16] == "司法所"
    assert audit(text, [ONE, OTHER], others=(body,)) == ()
    own = msgspec.structs.replace(body, node="body:cn:350524/参内镇/参内镇人民政府", attrs={"kind": "government"})
    frame = Frame(year=2023, place="cn:350524/参内镇")
    assert kinds(audit(text, [ONE, OTHER], others=(own,), frame=frame)) == [("two_values", "warning")]


def test_other_words_or_another_step_are_at_most_a_note() -> None:
    one: Row = ("排查隐患33处", "排查隐患", "hazards_found", 33, "处")
    assert repeated("全年共排查隐患33处。", "全年共发现问题隐患31处。", one, ("发现问题隐患31处", "发现问题隐患", "hazards_found", 31, "处")) == [
        ("two_values", "note")
    ]
    assert audit("全年共排查隐患33处，整改31处。", [one, ("整改31处", "整改排查隐患", "hazards_found", 31, "处")]) == ()


def test_none_and_some_contradict_each_other() -> None:
    none: Row = ("群体性上访", "群体性上访", "group_petitions", 0, "起")
    some: Row = ("群体性上访2起", "群体性上访", "group_petitions", 2, "起")
    (finding,) = audit("未发生群体性上访。\n处置群体性上访2起。", [none, some])
    assert (finding.kind, finding.severity) == ("zero_and_count", "warning")


# -- years -----------------------------------------------------------------------------------------------------------------------------------------


def test_years_of_a_heading() -> None:
    assert years_in("2021-2023年工作") == {2021, 2022, 2023}
    assert years_in("2023 年主要做法，附2020件") == {2023}
    assert years_in("2021年至2022年") == {2021, 2022}


def head(text: str, *headings: tuple[str, str]) -> tuple[Section, ...]:
    sections = [Section(kind="heading", start=0, end=text.index("\n") + 1)]
    for kind, heading in headings:
        start = text.index(heading)
        sections.append(Section(kind=kind, start=start, end=len(text), heading=heading, level=1))  # type: ignore[arg-type]
    return tuple(sections)


@pytest.mark.parametrize(
    ("results", "plan", "expected"),
    [
        ("一、2023年主要成效", "二、2024年工作安排", []),
        ("一、2022年主要成效", "二、2024年工作安排", [("year_differs", "warning")]),
        ("一、2022-2023年主要成效", "二、2024年工作安排", []),
        ("一、2023年主要成效", "二、2023年工作安排", [("plan_year", "note")]),
        ("一、主要成效", "二、下一步打算", []),
    ],
)
def test_headings_are_held_against_the_covered_year(results: str, plan: str, expected: list[tuple[str, str]]) -> None:
    text = f"某某镇2023年法治政府建设情况报告\n{results}\n做了事。\n{plan}\n要做事。\n"
    frame = Frame(year=2023, year_evidence="title", title="某某镇2023年法治政府建设情况报告")
    assert kinds(audit(text, [], frame=frame, sections=head(text, ("results", results), ("plan", plan)))) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("现将2023年度情况报告如下。", []),
        ("现将2022年度情况报告如下。", [("year_differs", "warning")]),
        ("根据《关于印发2022年度要点的通知》，现将情况报告如下。", []),
        ("2022年度考核获评优秀。", []),
    ],
)
def test_the_text_is_held_against_its_title(line: str, expected: list[tuple[str, str]]) -> None:
    text = f"某某镇2023年法治政府建设情况报告\n{line}\n"
    frame = Frame(year=2023, year_evidence="title", title="某某镇2023年法治政府建设情况报告")
    assert kinds(audit(text, [], frame=frame, sections=head(text))) == expected


def test_the_title_of_the_page_is_held_against_the_heading() -> None:
    text = "某某镇2024年法治政府建设情况报告\n做了事。\n"
    analysis = build(text, [], frame=Frame(year=2024, year_evidence="title", title="某某镇2024年法治政府建设情况报告"), sections=head(text))
    (finding,) = audit_report(Source(key="a.txt", text=text, title="某某镇2025年法治政府建设情况报告"), analysis)
    assert (finding.kind, finding.severity, finding.stated, finding.computed) == ("year_differs", "warning", 2024, 2025)
    outside, inside = finding.evidence
    assert (outside.start, outside.surface) == (None, "某某镇2025年法治政府建设情况报告")
    assert (inside.start, inside.surface) == (3, "2024")
    assert audit_report(Source(key="a.txt", text=text, title="某某镇2024年报告"), analysis) == ()


@pytest.mark.parametrize(
    ("signed", "expected"),
    [
        ("2023-11-22", [("part_of_year", "note")]),
        ("2023-12-20", []),
        ("2024-01-15", []),
        ("2022-12-20", [("signed_outside", "warning")]),
        ("2025-01-10", [("signed_outside", "warning")]),
    ],
)
def test_the_signature_is_held_against_the_covered_year(signed: str, expected: list[tuple[str, str]]) -> None:
    text = f"某某镇2023年法治政府建设情况报告\n做了事。\n某某镇人民政府\n{signed}\n"
    start = text.index(signed)
    date = Fact(id="d", doc="a.txt", type="date", surface=signed, start=start, end=start + 10, date=signed, attrs={"role": "signed"})
    findings = audit(text, [], frame=Frame(year=2023, year_evidence="title", signed=signed), sections=head(text), others=(date,))
    assert kinds(findings) == expected
    assert all(finding.evidence[0].start == start for finding in findings)


# -- villages --------------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("全镇14个村（社区）均已签约。", ("全镇14个村（社区）均已签约", "村（社区）均已签约", "villages", 14, "个"), []),  # 14 in the register
        ("全镇16个村（社区）均已签约。", ("全镇16个村（社区）均已签约", "村（社区）均已签约", "villages", 16, "个"), [("village_count", "note")]),
        ("全镇下辖12个村（社区）。", ("全镇下辖12个村（社区）", "村（社区）", "villages", 12, "个"), [("village_count", "note")]),
        ("在3个村（社区）试点。", ("在3个村（社区）试点", "村（社区）试点", None, 3, "个"), []),
        ("建成16个村级调解室。", ("建成16个村级调解室", "村级调解室", None, 16, "个"), []),
        ("建成40个社区服务室。", ("建成40个社区服务室", "社区服务室", None, 40, "个"), []),
    ],
)
def test_village_counts_are_held_against_the_register(text: str, row: Row, expected: list[tuple[str, str]]) -> None:
    frame = Frame(year=2023, place="cn:350524/参内镇", level="township", status="resolved")
    findings = audit(text, [row], frame=frame)
    assert kinds(findings) == expected
    assert all(finding.evidence[1].start is None and "社区" in finding.evidence[1].surface for finding in findings)


def test_a_township_that_is_not_known_has_no_register() -> None:
    row: Row = ("全镇16个村（社区）均已签约", "村（社区）均已签约", "villages", 16, "个")
    assert audit("全镇16个村（社区）均已签约。", [row], frame=Frame(year=2023, place="cn:350524/?1a2b", level="township", status="unresolved")) == ()


# -- as a whole ------------------------------------------------------------------------------------------------------------------------------------


def test_plans_are_no_statements() -> None:
    analysis = build("共调解纠纷126件。\n共调解纠纷128件。", [ONE, OTHER])
    planned = tuple(msgspec.structs.replace(fact, modality="planned") if fact.value == 128 else fact for fact in analysis.facts)
    assert audit_report(Source(key="a.txt", text="共调解纠纷126件。\n共调解纠纷128件。"), msgspec.structs.replace(analysis, facts=planned)) == ()


def test_findings_have_stable_ids_and_an_order() -> None:
    text = "受理群众诉求560件，办结520件，办结率达92.8%。\n共调解纠纷126件。\n共调解纠纷128件。"
    rows: list[Row] = [
        ("受理群众诉求560件", "受理群众诉求", None, 560, "件"),
        ("办结520件", "办结群众诉求", None, 520, "件"),
        ("办结率达92.8%", "群众诉求办结率", None, 92.8, "%"),
        ONE,
        OTHER,
    ]
    findings = audit(text, rows)
    assert [finding.kind for finding in findings] == ["rate_truncated", "two_values"]
    assert audit(text, rows) == findings
    assert len({finding.id for finding in findings}) == 2
    assert audit(text, rows[:3])[0].id == findings[0].id


def test_the_pipeline_puts_the_findings_into_the_analysis() -> None:
    text = "参内镇2023年法治政府建设情况报告\n一、主要成效\n全年受理群众诉求560件，办结520件，办结率达92.8%。\n"
    analysis = load_pipeline().analyse(Source(key="a.txt", text=text))
    (finding,) = [finding for finding in analysis.findings if finding.kind == "rate_truncated"]
    assert [text[side.start : side.end] for side in finding.evidence] == [side.surface for side in finding.evidence]
    assert set(finding.facts) <= {fact.id for fact in analysis.facts}
    assert msgspec.json.decode(msgspec.json.encode(analysis), type=Analysis) == analysis


def test_a_text_of_nothing_but_counts_is_read_in_linear_time() -> None:
    text = "其中婚姻纠纷1件、" * 20_000
    rows: list[Row] = [("婚姻纠纷1件", "婚姻纠纷", "marriage_disputes", 1, "件")] * 20_000
    analysis = build(text, rows)
    began = time.perf_counter()
    audit_report(Source(key="a.txt", text=text), analysis)
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize(
    ("value", "approx", "bounds"),
    [
        (326, None, (326, 326)),
        (300, "more_than", (300, 400)),
        (10_000, "more_than", (10_000, 20_000)),
        (60, "more_than", (60, 70)),
        (100, "less_than", (0, 100)),
        (1000, "about", (900, 1100)),
    ],
)
def test_what_an_approximation_leaves_open(value: int, approx: str | None, bounds: tuple[float, float]) -> None:
    row: tuple[Any, ...] = ("x", "x", None, value, "件")
    (fact,) = build("x", [(*row, approx) if approx else row]).facts  # type: ignore[list-item]
    assert bounds_of(fact) == pytest.approx(bounds)


def test_a_range_ends_where_it_says() -> None:
    (fact,) = build("x", [("x", "x", None, 3, "件", "at_least")]).facts
    assert bounds_of(fact) == (3, float("inf"))
    assert bounds_of(msgspec.structs.replace(fact, attrs={"upper": 5})) == (3, 5)


def test_a_rate_may_be_rounded_to_the_places_it_is_stated_with() -> None:
    (fact,) = build("x", [("x", "办结率", None, 66.67, "%")]).facts
    assert judge_rate(fact, 2, 3) == "fits"
    (fact,) = build("x", [("x", "办结率", None, 66.66, "%")]).facts
    assert judge_rate(fact, 2, 3) == "truncated"


def test_the_words_to_check_by_are_said_once() -> None:
    data = vocabulary.load("checks")
    for words in (
        [name for row in data["rates"] for name in row["rate"]],
        [unit for row in data["units"] for unit in row],
        [word for row in data["villages"] for word in row["words"]],
        data["stages"],
        data["totals"],
    ):
        assert len(words) == len(set(words))
    assert all(row["part"] and row["whole"] for row in data["rates"])
    assert {row["of"] for row in data["villages"]} == {"all", "village", "community"}
