"""Metrics out of tables. Each case is a table and all the metrics that must come out of it, no more and no fewer; names and numbers are made up."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.gazetteer import gazetteer
from ingest.model import Analysis, Recognised, Source
from ingest.pipeline import load_pipeline
from ingest.readers.html import read_page
from ingest.readers.reading import source_of
from ingest.rules.sheets import read_number
from ingest.rules.tables import name_number, read_header
from ingest.tables import find_tables

HEAD = "休宁县海阳镇2023年法治政府建设情况报告\n2023年，休宁县海阳镇坚持依法行政，认真落实上级部署，现将有关情况报告如下。\n"
TAIL = "\n以上情况特此报告，请予审阅。\n"


def analyse(text: str, **fields: Any) -> tuple[Source, Analysis]:
    source = Source(key="t", text=text, **fields)
    return source, load_pipeline().analyse(source)


def analyse_page(markup: str) -> tuple[Source, Analysis]:
    page = f"<html><body><h1>休宁县海阳镇2023年法治政府建设情况报告</h1><div><p>{HEAD.splitlines()[1]}</p>{markup}<p>{TAIL.strip()}</p></div></body></html>"
    source = source_of("t", page.encode(), read_page(page))
    return source, load_pipeline().analyse(source)


def metrics_of(source: Source, analysis: Analysis) -> list[Any]:
    found = [fact for fact in analysis.facts if fact.type == "metric"]
    assert all(fact.surface == source.text[fact.start : fact.end] for fact in found)
    return found


def told(facts: list[Any]) -> list[tuple[str | None, float | int | None, str | None, int | None]]:
    return [(fact.indicator, fact.value, fact.unit, fact.year) for fact in facts]


def rows_of(*lines: str) -> str:
    """Lines with | between cells as rows with tabs."""
    return "\n".join("\t".join(cell.strip() for cell in line.split("|")) for line in lines)


CASES: list[tuple[str, str, list[tuple[str, float, str | None, int]]]] = [
    ("one header", rows_of("指标|数量", "调解纠纷|56件", "发放资料|1.2万份"), [("调解纠纷", 56, "件", 2023), ("发放资料", 12000, "份", 2023)]),
    ("unit in the header", rows_of("指标|数量（件）", "调解纠纷|56", "行政处罚|12"), [("调解纠纷", 56, "件", 2023), ("行政处罚", 12, "件", 2023)]),
    ("unit in the row", rows_of("指标|数量", "调解纠纷（件）|56", "罚没金额（万元）|3.5"), [("调解纠纷", 56, "件", 2023), ("罚没金额", 3.5, "万元", 2023)]),
    ("unit of the table", "统计表（单位：件）\n" + rows_of("指标|数量", "调解纠纷|56", "行政处罚|12"), [("调解纠纷", 56, "件", 2023), ("行政处罚", 12, "件", 2023)]),
    ("unit on a line of its own", "统计表\n单位：件\n" + rows_of("指标|数量", "调解纠纷|56", "行政处罚|12"), [("调解纠纷", 56, "件", 2023), ("行政处罚", 12, "件", 2023)]),
    (
        "two units of the table",
        "统计表（单位：宗、万元）\n" + rows_of("种类|处罚数|罚没金额", "城市管理|12|3.5", "市场监管|5|0.8"),
        [("城市管理处罚数", 12, "宗", 2023), ("城市管理罚没金额", 3.5, "万元", 2023), ("市场监管处罚数", 5, "宗", 2023), ("市场监管罚没金额", 0.8, "万元", 2023)],
    ),
    (
        "column of units",
        rows_of("指标|计量单位|数量", "调解纠纷|件|56", "发放资料|份|3,200", "满意度|%|97.5"),
        [("调解纠纷", 56, "件", 2023), ("发放资料", 3200, "份", 2023), ("满意度", 97.5, "%", 2023)],
    ),
    (
        "column of units with days and ten thousands",
        rows_of("序号|项目|单位|数值", "1|顾问坐班|天|48", "2|发放资料|万份|2.4", "3|追回欠薪|万元|1 205.4", "4|热线工单|件|9 316"),
        [("顾问坐班", 48, "天", 2023), ("发放资料", 24000, "份", 2023), ("追回欠薪", 1205.4, "万元", 2023), ("热线工单", 9316, "件", 2023)],
    ),
    (
        "remarks",
        rows_of("项目|单位|数值|备注", "合同审查|份|96|其中退回12份", "调解受理|件|310|同比-4.5%", "调解成功|件|301|97.1%", "普法活动|场|42|", "行政强制|件|0|无"),
        [("合同审查", 96, "份", 2023), ("退回合同审查", 12, "份", 2023), ("调解受理", 310, "件", 2023), ("调解受理同比", -4.5, "%", 2023), ("调解成功", 301, "件", 2023), ("调解成功率", 97.1, "%", 2023), ("普法活动", 42, "场", 2023), ("行政强制", 0, "件", 2023)],
    ),
    ("years over columns", rows_of("指标|2022年|2023年", "调解纠纷（件）|40|56", "普法活动（场）|20|24"), [("调解纠纷", 40, "件", 2022), ("调解纠纷", 56, "件", 2023), ("普法活动", 20, "场", 2022), ("普法活动", 24, "场", 2023)]),
    ("bare years over columns", rows_of("指标|2021|2022", "调解纠纷（件）|40|56", "普法活动（场）|20|24"), [("调解纠纷", 40, "件", 2021), ("调解纠纷", 56, "件", 2022), ("普法活动", 20, "场", 2021), ("普法活动", 24, "场", 2022)]),
    ("last year and this", rows_of("指标|上年数|本年数", "调解纠纷（件）|40|56", "普法活动（场）|20|24"), [("调解纠纷", 40, "件", 2022), ("调解纠纷", 56, "件", 2023), ("普法活动", 20, "场", 2022), ("普法活动", 24, "场", 2023)]),
    ("years down the side", rows_of("年份|调解纠纷（件）", "2021|40", "2022|45", "2023|50"), [("调解纠纷", 40, "件", 2021), ("调解纠纷", 45, "件", 2022), ("调解纠纷", 50, "件", 2023)]),
    ("years with 年 down the side", rows_of("年度|调解纠纷（件）", "2021年|40", "2022年|45"), [("调解纠纷", 40, "件", 2021), ("调解纠纷", 45, "件", 2022)]),
    ("year of the table", "2022年行政执法统计表\n" + rows_of("指标|数量", "调解纠纷|56件", "行政处罚|12件"), [("调解纠纷", 56, "件", 2022), ("行政处罚", 12, "件", 2022)]),
    ("growth", rows_of("指标|数量（件）|同比增长（%）", "调解纠纷|56|12.5", "行政处罚|12|-3"), [("调解纠纷", 56, "件", 2023), ("调解纠纷同比增长", 12.5, "%", 2023), ("行政处罚", 12, "件", 2023), ("行政处罚同比增长", -3, "%", 2023)]),
    ("percent cells", rows_of("指标|结果", "调解成功率|97.52%", "办结率|100％"), [("调解成功率", 97.52, "%", 2023), ("办结率", 100, "%", 2023)]),
    ("approximations", rows_of("指标|数量", "发放资料|近3000份", "受教育群众|2万余人次"), [("发放资料", 3000, "份", 2023), ("受教育群众", 20000, "人次", 2023)]),
    ("wide digits", rows_of("指标|数量", "调解纠纷|５６件", "行政处罚|１２件"), [("调解纠纷", 56, "件", 2023), ("行政处罚", 12, "件", 2023)]),
    ("traditional characters", rows_of("指標|數量（件）", "調解糾紛|56", "行政處罰|12"), [("调解纠纷", 56, "件", 2023), ("行政处罚", 12, "件", 2023)]),
    ("empty, slash and dash", rows_of("指标|数量（件）|备注", "调解纠纷|56|", "行政许可||", "行政强制|/|", "行政检查|—|", "行政给付|-|", "行政裁决|无|", "行政处罚|0|"), [("调解纠纷", 56, "件", 2023), ("行政处罚", 0, "件", 2023)]),
    ("serial numbers", rows_of("序号|指标|数量（件）", "1|调解纠纷|56", "2|行政处罚|12"), [("调解纠纷", 56, "件", 2023), ("行政处罚", 12, "件", 2023)]),
    ("serial numbers without a header", rows_of("|指标|数量（件）", "1|调解纠纷|56", "2|行政处罚|12", "3|行政许可|7"), [("调解纠纷", 56, "件", 2023), ("行政处罚", 12, "件", 2023), ("行政许可", 7, "件", 2023)]),
    ("numbered columns", rows_of("种类|宗数|金额（万元）", "甲|1|2", "城市管理处罚|12|3.5", "市场监管处罚|5|0.8"), [("城市管理处罚宗数", 12, "宗", 2023), ("城市管理处罚金额", 3.5, "万元", 2023), ("市场监管处罚宗数", 5, "宗", 2023), ("市场监管处罚金额", 0.8, "万元", 2023)]),
    ("total row", rows_of("种类|处罚宗数", "城市管理|12", "市场监管|5", "合计|17"), [("城市管理处罚宗数", 12, "宗", 2023), ("市场监管处罚宗数", 5, "宗", 2023), ("处罚宗数", 17, "宗", 2023)]),
    ("total column", rows_of("种类|一般程序|简易程序|合计", "城市管理|12|3|15", "水上交通|1|0|1"), [("城市管理一般程序", 12, None, 2023), ("城市管理简易程序", 3, None, 2023), ("城市管理", 15, None, 2023), ("水上交通一般程序", 1, None, 2023), ("水上交通简易程序", 0, None, 2023), ("水上交通", 1, None, 2023)]),
    ("part of the row above", rows_of("指标|数量（件）", "调解纠纷|56", "其中：邻里纠纷|20", "行政处罚|12"), [("调解纠纷", 56, "件", 2023), ("邻里纠纷", 20, "件", 2023), ("行政处罚", 12, "件", 2023)]),
    ("two panels", rows_of("项目|数量|项目|数量", "调解室|5间|法律顾问|12名", "普法阵地|3处|法律明白人|80人"), [("调解室", 5, "间", 2023), ("法律顾问", 12, "名", 2023), ("普法阵地", 3, "处", 2023), ("法律明白人", 80, "人", 2023)]),
    ("no header", rows_of("调解纠纷|56件", "发放资料|300份", "普法活动|12场"), [("调解纠纷", 56, "件", 2023), ("发放资料", 300, "份", 2023), ("普法活动", 12, "场", 2023)]),
    ("markdown", "| 指标 | 数量（件） |\n|:---|---:|\n| 调解纠纷 | 56 |\n| 行政处罚 | 12 |", [("调解纠纷", 56, "件", 2023), ("行政处罚", 12, "件", 2023)]),
    ("two headers, places left empty", rows_of("种类|行政处罚||检查次数", "|宗数|金额（万元）|", "城市管理|12|3.5|300", "市场监管|5|0.8|60"), [("城市管理行政处罚宗数", 12, "宗", 2023), ("城市管理行政处罚金额", 3.5, "万元", 2023), ("城市管理检查次数", 300, "次", 2023), ("市场监管行政处罚宗数", 5, "宗", 2023), ("市场监管行政处罚金额", 0.8, "万元", 2023), ("市场监管检查次数", 60, "次", 2023)]),
    ("row headers left empty", rows_of("大类|小类|件数", "矛盾纠纷|邻里纠纷|20", "|婚姻纠纷|6", "信访事项|初信初访|8"), [("矛盾纠纷邻里纠纷件数", 20, "件", 2023), ("矛盾纠纷婚姻纠纷件数", 6, "件", 2023), ("信访事项初信初访件数", 8, "件", 2023)]),
    ("billions", rows_of("指标|数额（亿元）", "财政投入|1.5", "村集体资金|0.2"), [("财政投入数额", 15000, "万元", 2023), ("村集体资金数额", 2000, "万元", 2023)]),
    ("money in yuan", rows_of("指标|金额（元）", "罚款|3500", "没收|200"), [("罚款金额", 3500, "元", 2023), ("没收金额", 200, "元", 2023)]),
]  # fmt: skip


@pytest.mark.parametrize(("table", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_a_table_says(table: str, expected: list[tuple[str, float, str | None, int]]) -> None:
    assert told(metrics_of(*analyse(f"{HEAD}{table}{TAIL}"))) == expected


NOTHING = [
    ("names and posts", rows_of("姓名|职务|电话", "王某|司法所所长|05591234567", "李某|综治办主任|05597654321")),
    ("dates and numbers of documents", rows_of("文件名称|文号|日期", "普法方案|溪政〔2023〕5号|2023.5", "执法方案|溪政〔2023〕8号|2023.8")),
    ("words only", rows_of("工作内容|完成情况", "法律顾问|已聘请", "普法阵地|已建成")),
    ("not applicable", rows_of("指标|数量", "行政强制|/", "行政裁决|—")),
    ("serial numbers only", rows_of("序号|名称", "1|调解委员会", "2|普法办公室", "3|司法所")),
    ("codes and telephones", rows_of("机构名称|代码|联系电话", "司法所|3410|7512345", "执法队|3411|7512346")),
    ("ranges and masked digits", rows_of("指标|数量", "调解纠纷|××", "普法活动|3-5场")),
]


@pytest.mark.parametrize("table", [case[1] for case in NOTHING], ids=[case[0] for case in NOTHING])
def test_what_counts_nothing(table: str) -> None:
    assert told(metrics_of(*analyse(f"{HEAD}{table}{TAIL}"))) == []


# --- merged cells, from pages ---------------------------------------------------------------------------------------------------------------------------------

DISCLOSURE = """
<p>二、主动公开政府信息情况</p><table>
<tr><td colspan=4>第二十条第（一）项</td></tr><tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>
<tr><td>规章</td><td>0</td><td></td><td>0</td></tr><tr><td>行政规范性文件</td><td>2</td><td>1</td><td>7</td></tr>
<tr><td colspan=4>第二十条第（五）项</td></tr><tr><td>信息内容</td><td colspan=3>本年处理决定数量</td></tr><tr><td>行政许可</td><td colspan=3>123</td></tr>
<tr><td colspan=4>第二十条第（八）项</td></tr><tr><td>信息内容</td><td colspan=3>本年收费金额（单位：万元）</td></tr><tr><td>行政事业性收费</td><td colspan=3>1.25</td></tr></table>"""

REQUESTS = """
<p>三、收到和处理政府信息公开申请情况</p><table><tr><td rowspan=3 colspan=3>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td><td colspan=4>申请人情况</td></tr>
<tr><td rowspan=2>自然人</td><td colspan=2>法人或其他组织</td><td rowspan=2>总计</td></tr><tr><td>商业企业</td><td>其他</td></tr>
<tr><td colspan=3>一、本年新收政府信息公开申请数量</td><td>12</td><td>1</td><td>0</td><td>13</td></tr>
<tr><td colspan=3>二、上年结转政府信息公开申请数量</td><td>2</td><td></td><td>/</td><td>2</td></tr>
<tr><td rowspan=3>三、本年度办理结果</td><td colspan=2>（一）予以公开</td><td>8</td><td>0</td><td>0</td><td>8</td></tr>
<tr><td>（三）不予公开</td><td>1.属于国家秘密</td><td>1</td><td>0</td><td>0</td><td>1</td></tr>
<tr><td colspan=2>（七）总计</td><td>9</td><td>0</td><td>0</td><td>9</td></tr></table>"""

LAWSUITS = """
<table><tr><td colspan=3>行政复议</td><td colspan=4>行政诉讼</td></tr><tr><td rowspan=2>结果维持</td><td rowspan=2>结果纠正</td><td rowspan=2>总计</td>
<td colspan=2>未经复议直接起诉</td><td colspan=2>复议后起诉</td></tr><tr><td>结果维持</td><td>总计</td><td>结果维持</td><td>总计</td></tr>
<tr><td>1</td><td>2</td><td>3</td><td>4</td><td>5</td><td>6</td><td>7</td></tr></table>"""


def test_groups_and_headers_that_come_again() -> None:
    assert [(name, value, unit) for name, value, unit, _ in told(metrics_of(*analyse_page(DISCLOSURE)))] == [
        ("规章制发件数", 0, "件"), ("规章现行有效件数", 0, "件"), ("行政规范性文件制发件数", 2, "件"), ("行政规范性文件废止件数", 1, "件"), ("行政规范性文件现行有效件数", 7, "件"),
        ("行政许可处理决定数量", 123, None), ("行政事业性收费收费金额", 1.25, "万元"),
    ]  # fmt: skip


def test_three_rows_of_headers_and_three_columns_of_row_headers() -> None:
    facts = metrics_of(*analyse_page(REQUESTS))
    assert [(name, value) for name, value, _, _ in told(facts)] == [
        ("自然人新收政府信息公开申请数量", 12), ("商业企业新收政府信息公开申请数量", 1), ("其他新收政府信息公开申请数量", 0), ("新收政府信息公开申请数量", 13),
        ("自然人上年结转政府信息公开申请数量", 2), ("上年结转政府信息公开申请数量", 2),
        ("办理结果予以公开自然人", 8), ("办理结果予以公开商业企业", 0), ("办理结果予以公开其他", 0), ("办理结果予以公开", 8),
        ("不予公开属于国家秘密自然人", 1), ("不予公开属于国家秘密商业企业", 0), ("不予公开属于国家秘密其他", 0), ("不予公开属于国家秘密", 1),
        ("办理结果自然人", 9), ("办理结果商业企业", 0), ("办理结果其他", 0), ("办理结果", 9),
    ]  # fmt: skip
    secret = facts[10]
    assert secret.attrs["row"] == "三、本年度办理结果 / （三）不予公开 / 1.属于国家秘密" and secret.attrs["column"] == "申请人情况 / 自然人"
    assert secret.attrs["table"] == "三、收到和处理政府信息公开申请情况"
    assert {fact.year for fact in facts} == {2023}


def test_numbers_under_headers_alone() -> None:
    assert [name for name, *_ in told(metrics_of(*analyse_page(LAWSUITS)))] == [
        "行政复议结果维持", "行政复议结果纠正", "行政复议", "行政诉讼未经复议直接起诉结果维持", "行政诉讼未经复议直接起诉", "行政诉讼复议后起诉结果维持", "行政诉讼复议后起诉",
    ]  # fmt: skip


def test_one_number_for_several_rows_is_of_all_of_them() -> None:
    table = "<table><tr><td>项目</td><td>件数</td></tr><tr><td>行政许可</td><td rowspan=2>30</td></tr><tr><td>行政确认</td></tr><tr><td>行政处罚</td><td>12</td></tr></table>"
    assert [(name, value) for name, value, *_ in told(metrics_of(*analyse_page(table)))] == [("行政许可、行政确认件数", 30), ("行政处罚件数", 12)]


# --- whose figures, and what they may be compared with --------------------------------------------------------------------------------------------------------


def test_the_figures_of_parts_are_theirs_and_the_total_is_the_reports() -> None:
    facts = metrics_of(*analyse(f"{HEAD}{rows_of('网格|调解纠纷数（件）', '第一网格|12', '第二网格|8', '合计|20')}{TAIL}"))
    assert [(fact.indicator, fact.subject, fact.indicator_id, bool(fact.attrs.get("total"))) for fact in facts] == [
        ("第一网格调解纠纷数", "第一网格", None, False), ("第二网格调解纠纷数", "第二网格", None, False), ("调解纠纷数", "海阳镇", "disputes_mediated", True),
    ]  # fmt: skip


def test_a_village_of_the_register_keeps_figures_of_its_own() -> None:
    village = next(name for name in gazetteer().villages("cn:341022/海阳镇") if name.endswith("村"))
    facts = metrics_of(*analyse(f"{HEAD}{rows_of('村（社区）|调解纠纷数（件）', f'{village}|12', '合计|12')}{TAIL}"))
    assert (facts[0].indicator, facts[0].subject_node, facts[0].indicator_id) == ("调解纠纷数", f"cn:341022/海阳镇/{village}", "disputes_mediated")


def test_a_body_that_the_text_knows_is_the_subject() -> None:
    facts = metrics_of(*analyse(f"{HEAD}{rows_of('执法主体|行政处罚宗数', '综合行政执法队|23', '合计|23')}{TAIL}"))
    assert facts[0].subject == "海阳镇综合行政执法队" and facts[0].subject_node and facts[0].indicator_id is None
    assert facts[1].subject == "海阳镇" and facts[1].indicator_id is not None


def test_things_that_are_counted_are_no_subjects() -> None:
    facts = metrics_of(*analyse(f"{HEAD}{rows_of('项目|数量', '司法所|3个', '调解中心|2个')}{TAIL}"))
    assert [(fact.indicator, fact.subject) for fact in facts] == [("司法所", "海阳镇"), ("调解中心", "海阳镇")]


def test_the_part_of_a_month_is_not_the_indicator_of_the_year() -> None:
    facts = metrics_of(*analyse(f"{HEAD}{rows_of('月份|调解纠纷数（件）', '1月|5', '2月|7', '合计|12')}{TAIL}"))
    assert [(fact.value, fact.indicator_id, fact.attrs.get("period")) for fact in facts] == [
        (5, None, "1月"),
        (7, None, "2月"),
        (12, "disputes_mediated", None),
    ]


def test_a_kind_is_not_the_indicator_of_all_kinds() -> None:
    facts = metrics_of(*analyse(f"{HEAD}{rows_of('种类|调解纠纷数（件）', '邻里|5', '土地|7')}{TAIL}"))
    assert [(fact.indicator, fact.indicator_id) for fact in facts] == [("邻里调解纠纷数", None), ("土地调解纠纷数", None)]


def test_an_aim_is_planned_and_so_is_the_plans_section() -> None:
    facts = metrics_of(
        *analyse(
            f"{HEAD}一、主要工作\n{rows_of('指标|目标数（场）|完成数（场）', '普法活动|30|24', '培训班|6|5')}\n二、下一步打算\n{rows_of('指标|场次', '普法活动|40', '培训班|8')}{TAIL}"
        )
    )
    assert [(fact.value, fact.modality) for fact in facts] == [(30, "planned"), (24, "done"), (6, "planned"), (5, "done"), (40, "planned"), (8, "planned")]


# --- prose and tables ---------------------------------------------------------------------------------------------------------------------------------------


def test_rows_are_no_sentences_and_sentences_in_cells_are() -> None:
    table = rows_of("工作内容|完成情况|件数", "矛盾纠纷|全年排查矛盾纠纷56件，化解成功55件。|56", "普法宣传|开展宣讲12场，受众300人次。|12")
    facts = metrics_of(*analyse(f"{HEAD}{table}\n以上合计调解纠纷68件。\n"))
    assert sorted((fact.value, fact.rule == "metric.table") for fact in facts) == [
        (12, False),
        (12, True),
        (55, False),
        (56, False),
        (56, True),
        (68, False),
        (300, False),
    ]


def test_a_row_header_opens_no_section() -> None:
    _, analysis = analyse(
        f"{HEAD}一、主要工作\n{rows_of('项目|数量（件）', '一、调解纠纷|56', '二、下一步打算|3')}\n全镇发放资料300份。\n二、存在问题\n不够。\n"
    )
    assert [section.heading for section in analysis.sections if section.heading] == ["一、主要工作", "二、存在问题"]
    assert {fact.section for fact in analysis.facts if fact.type == "metric"} == {"results"}


def test_a_row_is_one_sentence_for_the_reader() -> None:
    source, analysis = analyse(f"{HEAD}{rows_of('项目|数量（件）', '调解纠纷|56', '行政处罚|12')}{TAIL}")
    sentences = [source.text[start:end] for start, end in analysis.sentences]
    assert "调解纠纷\t56" in sentences and "行政处罚\t12" in sentences
    assert all(first[1] <= second[0] for first, second in zip(analysis.sentences, analysis.sentences[1:], strict=False))


def test_a_table_ends_the_heading_zone() -> None:
    source, analysis = analyse("休宁县海阳镇2023年行政执法情况报告\n" + rows_of("项目|数量（件）", "调解纠纷|56", "行政处罚|12"))
    assert [(fact.value, fact.section) for fact in metrics_of(source, analysis)] == [(56, "results"), (12, "results")]


def test_names_do_not_reach_over_cells() -> None:
    _, analysis = analyse(f"{HEAD}{rows_of('名称|数量', '休宁县海阳镇|3个', '人民政府|5个')}{TAIL}")
    assert "\t" not in "".join(fact.surface for fact in analysis.facts)


def test_confidence_falls_with_what_is_taken_for_granted() -> None:
    def sure(markup: str) -> float:
        return float(metrics_of(*analyse_page(markup))[0].confidence)

    def page(head: str, cell: str) -> str:
        return f"<table><tr><td>项目</td><td>{head}</td></tr><tr><td>行政检查甲类</td><td>{cell}</td></tr><tr><td>行政检查乙类</td><td>{cell}</td></tr></table>"

    assert sure(page("数量（次）", "56")) > sure(page("数量", "56")) > 0.5
    assert sure(page("数量（次）", "56")) > float(
        metrics_of(*analyse(f"{HEAD}{rows_of('项目|数量（次）', '行政检查甲类|56', '行政检查乙类|5')}{TAIL}"))[0].confidence
    )


def test_a_scan_lowers_the_confidence_of_what_stands_on_it() -> None:
    text = f"{HEAD}{rows_of('项目|数量（件）', '调解纠纷|56', '行政处罚|12')}{TAIL}"
    first, second = text.index("调解纠纷\t"), text.index("行政处罚\t")
    sure = metrics_of(*analyse(text))
    doubtful = metrics_of(*analyse(text, recognised=(Recognised(first, first + 7, 0.5), Recognised(second, second + 7, 1.0))))
    assert [fact.attrs["ocr_confidence"] for fact in doubtful] == [0.5, 1.0]
    assert [fact.confidence for fact in doubtful] == [round(sure[0].confidence * 0.5, 3), sure[1].confidence]
    assert [msgspec.structs.replace(fact, confidence=0, attrs={}) for fact in doubtful] == [
        msgspec.structs.replace(fact, confidence=0, attrs={}) for fact in sure
    ]


# --- the parts ----------------------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("56", 56, None), ("1,300", 1300, None), ("12.50", 12.5, None), ("3.0", 3, None), ("97.5%", 97.5, "%"), ("56件", 56, "件"), ("1.2万", 12000, None), ("1.2万件", 12000, "件"),
        ("12.5万元", 12.5, "万元"), ("0.3亿元", 3000, "万元"), ("3500元", 3500, "元"), ("近80人", 80, "人"), ("300余份", 300, "份"), ("-3", -3, None), ("12场次", 12, "场次"),
    ],
)  # fmt: skip
def test_numbers_that_fill_a_cell(words: str, value: float, unit: str | None) -> None:
    number = read_number(words)
    assert number is not None and (number.value, number.unit) == (value, unit)


@pytest.mark.parametrize("words", ["", "调解", "2023年", "2023-05-01", "3/4", "12件3人", "第3", "56（含3件）", "1.2.3", "/", "—", "1234567890123", "七"])
def test_what_is_no_number(words: str) -> None:
    assert read_number(words) is None


@pytest.mark.parametrize(
    ("words", "name", "unit", "year"),
    [
        ("2022年", "", None, 2022), ("2022年调解数（件）", "调解数", "件", 2022), ("一、本年新收数量", "新收数量", None, 2023), ("上年同期", "", None, 2022), ("上年结转数", "上年结转数", None, None),
        ("其中：（一）邻里纠纷", "邻里纠纷", None, None), ("金额（单位：万元）", "金额", "万元", None), ("金额，万元", "金额", "万元", None), ("村（社区）", "村（社区）", None, None), ("①普法", "普法", None, None),
    ],
)  # fmt: skip
def test_what_a_header_says(words: str, name: str, unit: str | None, year: int | None) -> None:
    header = read_header(words, 2023)
    assert (header.words, header.unit, header.year) == (name, unit, year)


@pytest.mark.parametrize(
    ("row", "column", "name"),
    [
        ("调解纠纷", "数量", "调解纠纷"),
        ("行政处罚", "宗数", "行政处罚宗数"),
        ("新收申请数量", "自然人", "自然人新收申请数量"),
        ("矛盾纠纷", "调解成功", "矛盾纠纷调解成功"),
        ("", "结果维持", "结果维持"),
        ("数量", "调解室", "调解室"),
    ],
)
def test_names_are_put_together(row: str, column: str, name: str) -> None:
    assert name_number(row, column).full == name


# --- any table ----------------------------------------------------------------------------------------------------------------------------------------------

KINDS = st.lists(st.text(alphabet="甲乙丙丁戊己庚辛", min_size=2, max_size=4), min_size=2, max_size=5, unique=True)


@given(KINDS, KINDS, st.data())
@settings(max_examples=60, deadline=None)
def test_every_number_is_found_once_with_its_row_and_column(rows: list[str], columns: list[str], data: Any) -> None:
    cells = {(row, column): data.draw(st.one_of(st.none(), st.integers(10, 99_999))) for row in rows for column in columns}
    lines = [
        "\t".join(["种类", *columns]),
        *("\t".join([row, *("" if cells[row, column] is None else str(cells[row, column]) for column in columns)]) for row in rows),
    ]
    found = metrics_of(*analyse(HEAD + "\n".join(lines) + TAIL))
    wanted = [(row, column, value) for (row, column), value in cells.items() if value is not None]
    assert [(fact.attrs["row"], fact.attrs["column"], fact.value) for fact in found] == wanted


@given(st.text(alphabet="甲乙数量合计1290.%件（）/—年 \t|\n", max_size=160))
@settings(max_examples=150, deadline=None)
def test_any_table_gives_facts_that_stand_in_it(words: str) -> None:
    source, analysis = analyse(HEAD + words + TAIL)
    tables = find_tables(source.text)
    for fact in metrics_of(source, analysis):
        if fact.rule == "metric.table":
            assert any(table.start <= fact.start < table.end for table in tables) and "\n" not in fact.surface
    assert len({fact.id for fact in analysis.facts}) == len(analysis.facts)


@pytest.mark.parametrize("row", ["甲\t1\n", "甲\t乙\n", "\t1\n", "内容\t数量\n甲\t1\n", "甲\t\t1\n\t乙\t2\n", "|甲|1|\n", "1\t2\t3\n", "项\t数\n甲\t1\n\n"])
def test_long_tables_end_soon(row: str) -> None:
    started = time.monotonic()
    analyse(HEAD + row * (60_000 // len(row)))
    assert time.monotonic() - started < 30
