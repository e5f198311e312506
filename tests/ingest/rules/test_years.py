"""Numbers of an earlier year than the report's."""

from __future__ import annotations

import pytest

from ingest.model import Source
from ingest.pipeline import load_pipeline

HEAD = "安溪县官桥镇人民政府2023年法治政府建设情况报告\n\n2023年，官桥镇推进法治政府建设，现报告如下。\n一、主要工作\n（一）化解矛盾纠纷。\n"


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("2022年，调解矛盾纠纷70件。2021年调解矛盾纠纷60件。上年调解纠纷65件。", [(70, 2022), (60, 2021), (65, 2022)]),
        ("2023年调解纠纷50件，2019年调解纠纷70件。", [(50, 2023), (70, 2019)]),
        ("去年共排查隐患30处，今年排查隐患40处。", [(30, 2022), (40, 2023)]),
        ("2022年全年办理法律援助案件12件，群众满意率98%。", [(12, 2022), (98, 2022)]),
        ("2022年新建调解室3个。", [(3, 2022)]),
        # the year belongs to something else, or to the time since
        ("2016年成立的调解室调解纠纷50件。", [(50, 2023)]),
        ("2022年印发方案，调解纠纷60件。", [(60, 2023)]),
        ("2021年以来调解纠纷200件。", [(200, 2023)]),
        ("自2020年起调解纠纷200件。", [(200, 2023)]),
        ("与2022年相比，调解纠纷60件。", [(60, 2023)]),
        ("与去年同期相比，调解纠纷60件。", [(60, 2023)]),
        ("落实《法治建设实施方案（2021年）》，调解纠纷20件。", [(20, 2023)]),
        ("1998年调解纠纷20件。", [(20, 2023)]),
    ],
)
def test_the_year_that_a_sentence_speaks_of(sentence: str, numbers: list[tuple[float, int]]) -> None:
    facts = load_pipeline().analyse(Source(key="a.txt", text=f"{HEAD}{sentence}\n合成\n")).facts
    assert [(fact.value, fact.year) for fact in facts if fact.type == "metric"] == numbers


def test_a_report_without_a_year_has_no_year_before_it() -> None:
    text = HEAD.replace("2023年", "") + "去年调解纠纷20件。\n合成\n"
    facts = load_pipeline().analyse(Source(key="a.txt", text=text)).facts
    assert [fact.year for fact in facts if fact.type == "metric"] == [None]
