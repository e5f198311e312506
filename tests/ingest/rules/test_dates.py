"""Dates. Each line is a made-up wording and the ISO forms that must come out of it, no more and no fewer."""

import time

import pytest
from report_reading import first, read_report

from ingest.rules.dates import iter_dates, year_before

HEADING = "关于海阳镇2023年法治政府建设情况的报告\n2023年，休宁县海阳镇推进法治政府建设。\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年11月22日召开会议", ["2023-11-22"]),
        ("2023年6月3号", ["2023-06-03"]),
        ("发布日期：2023-02-10 15:34:38", ["2023-02-10"]),
        ("2023.11.2发布", ["2023-11-02"]),
        ("2023/1/2", ["2023-01-02"]),
        ("二〇二三年十一月二十二日", ["2023-11-22"]),
        ("二〇二三年十月", ["2023-10"]),
        ("2023年5月起", ["2023-05"]),
        ("4月3日上午举办培训", ["2023-04-03"]),
        ("3月1日至5日、6月10日至7月2日集中宣传", ["2023-03-01/2023-03-05", "2023-06-10/2023-07-02"]),
        ("3月1-5日", ["2023-03-01/2023-03-05"]),
        ("2023年3月1日至2024年2月29日", ["2023-03-01/2024-02-29"]),
        ("2023年1月至11月", ["2023-01/2023-11"]),
        ("2023年1-11月", ["2023-01/2023-11"]),
        ("2022年10月至2023年3月", ["2022-10/2023-03"]),
        ("1至10月", ["2023-01/2023-10"]),
        ("2023年上半年", ["2023-01/2023-06"]),
        ("2023年第三季度", ["2023-07/2023-09"]),
        ("2021-2025年", ["2021/2025"]),
        ("2021年至2025年", ["2021/2025"]),
        ("（2021—2025）", ["2021/2025"]),
        ("5月民法典宣传月", ["2023-05"]),
        ("11月底前", ["2023-11"]),
        ("“12.4”国家宪法日", ["--12-04"]),
        ("6·26国际禁毒日", ["--06-26"]),
        ("去年12月启动", ["2022-12"]),
        ("2022年3月5日印发，4月6日召开", ["2022-03-05", "2022-04-06"]),
        ("2022年3月5日印发。4月6日召开", ["2022-03-05", "2023-04-06"]),
    ],
)
def test_what_is_a_date(text, expected):
    assert [span.iso for span in iter_dates(text, 2023)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "2023年",
        "2023年度",
        "2023年以来",
        "5个月内",
        "每月10日",
        "每年12月4日",
        "2月1次",
        "18.5%",
        "电话0559-2023-1234",
        "第3月龄",
        "2023-00001",
        "1.2万元",
        "13月5日",
        "2023年2月30日",
        "12.4公里",
    ],
)
def test_what_is_no_date(text):
    assert list(iter_dates(text, 2023)) == []


def test_a_month_without_any_year_keeps_its_year_open():
    assert [span.iso for span in iter_dates("5月27日举办")] == ["--05-27"]


def test_months_of_the_plan_are_next_years():
    text = "5月开展宣传。下一步，6月开展检查。"
    assert [span.iso for span in iter_dates(text, 2023, plan_from=text.index("下一步"))] == ["2023-05", "2024-06"]


def test_year_before_does_not_cross_a_sentence():
    text = "2020年启动。5月"
    assert year_before(text, text.index("5月"), 2023) == 2023


def test_signature_printing_and_publishing_have_their_roles():
    draft, _ = read_report("一、做法", "推进普法。", "海阳镇人民政府", "2023年12月20日", "海阳镇党政办公室2023年12月21日印发")
    assert {mention.date: mention.attrs.get("role") for mention in draft.of("date")} == {"2023-12-20": "signed", "2023-12-21": "printed"}
    assert first("发布日期：2024-01-05", "date").attrs["role"] == "published"


def test_valid_period_of_a_title():
    date = first("落实《法治安徽建设规划（2021-2025年）》。", "date")
    assert (date.date, date.attrs["role"]) == ("2021/2025", "valid_period")


@pytest.mark.parametrize("piece", ["1", "一", "2023年", "1月至", "二〇", "1-"])
def test_a_long_run_is_read_in_linear_time(piece):
    begun = time.perf_counter()
    iter_dates(piece * (400_000 // len(piece)), 2023)
    assert time.perf_counter() - begun < 8
