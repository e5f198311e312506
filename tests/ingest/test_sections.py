"""A heading's words decide the kind of a section."""

import pytest

from ingest.sections import kind_of_heading, read_sections
from ingest.text import Text


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("二、存在的不足和原因", "problems"), ("三、存在问题", "problems"), ("（四）工作中的短板和不足", "problems"), ("四、目前存在的主要问题", "problems"),
        ("三、2024年工作打算", "plan"), ("五、下一步工作安排", "plan"), ("四、2023年推进法治政府建设的主要安排", "plan"), ("三、下步工作思路", "plan"), ("明年工作计划", "plan"), ("三、今后努力方向", "plan"),
        ("三、党政主要负责人履行推进法治建设第一责任人职责情况", "responsibility"), ("一、2023年主要举措和成效", "results"), ("四、其他需要报告的事项", "other"),
        ("（二）着力化解矛盾问题，维护社会稳定", None), ("（一）强化组织领导", None), ("二、聚焦群众急难愁盼，解决突出困难", None), ("四、存在问题及下一步打算", "problems"),
        ("（二）总结考核指标，为来年打下基础", None), ("二、为下一步工作奠定坚实基础", None), ("四、来年重点工作", "plan"),
    ],
)  # fmt: skip
def test_kind_of_heading(heading, kind):
    assert kind_of_heading(heading) == kind


REPORT = """一、2022年工作情况
（一）加强学习。组织学法六次。
（二）存在的困难。经费不足。
二、存在的问题
一是意识不强。
三、下一步打算
（一）加强学习。全年学法。
"""


def test_nested_sections_take_the_kind_of_the_one_around_them():
    clean = Text.of(REPORT).clean
    sections = read_sections(clean, 0, len(clean), frozenset())
    found = {section.path: section.kind for section in sections}
    assert found == {"一": "results", "一/（一）": "results", "一/（二）": "problems", "二": "problems", "三": "plan", "三/（一）": "plan"}


def test_a_plan_without_heading_begins_where_a_paragraph_says_so():
    clean = Text.of("溪口镇全年开展普法。\n下一步，溪口镇将继续努力。\n").clean
    kinds = [(section.kind, clean[section.start : section.start + 3]) for section in read_sections(clean, 0, len(clean), frozenset())]
    assert kinds == [("results", "溪口镇"), ("plan", "下一步")]


def test_sections_lie_inside_their_parent_and_in_order():
    clean = Text.of(REPORT).clean
    sections = read_sections(clean, 0, len(clean), frozenset())
    assert [section.start for section in sections] == sorted(section.start for section in sections)
    assert all(section.end <= len(clean) and section.start < section.end for section in sections)


def test_a_heading_that_names_the_year_after_opens_a_plan():
    clean = Text.of("一、2023年重点工作\n做好普法。\n二、2024年重点工作\n做好普法。\n").clean
    assert [section.kind for section in read_sections(clean, 0, len(clean), frozenset(), 2023) if section.heading] == ["results", "plan"]
