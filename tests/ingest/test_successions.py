"""Townships that became others, and townships that the register of today does not list. All texts are made up."""

from __future__ import annotations

import pytest

from ingest.model import Analysis, Source
from ingest.pipeline import load_pipeline
from ingest.successions import find_successions

COUNTY = "cn:350524"


def read(text: str) -> list[tuple[tuple[str, ...], tuple[str, ...], str, str | None]]:
    found = find_successions(text, lambda word: word in ("安溪县", "泉州市", "福建省"))
    return [(tuple(text[slice(*span)] for span in one.old), tuple(text[slice(*span)] for span in one.new), one.kind, one.date) for one in found]


@pytest.mark.parametrize(
    ("text", "old", "new", "kind", "date"),
    [
        ("2021年9月，经省政府批准，撤销东溪乡、西源乡，合并设立官桥镇。", ("东溪乡", "西源乡"), ("官桥镇",), "merge", "2021-09"),
        ("撤销东溪乡和西源乡两个乡的建制，新设官桥镇。", ("东溪乡", "西源乡"), ("官桥镇",), "merge", None),
        ("撤销东溪镇、西源镇，设立东源街道、西山街道。", ("东溪镇", "西源镇"), ("东源街道", "西山街道"), "merge", None),
        ("2019年撤销东溪镇，以原东溪镇的行政区域设立东溪街道。", ("东溪镇",), ("东溪街道",), "upgrade", "2019"),
        ("我镇由原东溪乡、西源乡合并而成。", ("东溪乡", "西源乡"), (), "merge", None),
        ("官桥镇于建县时设立，由东溪乡改设而来。", (), (), "", None),
        ("安溪县官桥镇由东溪乡、西源乡合并而成。", ("东溪乡", "西源乡"), ("官桥镇",), "merge", None),
        ("东溪乡和西源乡合并成立东源镇。", ("东溪乡", "西源乡"), ("东源镇",), "merge", None),
        ("原北岭镇整建制并入参内镇。", ("北岭镇",), ("参内镇",), "merge", None),
        ("2020年5月，安溪县撤销东溪乡建制，其行政区域划归官桥镇管辖。", ("东溪乡",), ("官桥镇",), "merge", "2020-05"),
        ("湖头乡撤乡设镇，更名为湖头镇。", ("湖头乡",), ("湖头镇",), "upgrade", None),
        ("经省政府批准东溪乡更名为东源乡。", ("东溪乡",), ("东源乡",), "rename", None),
        ("东溪镇改设为东溪街道办事处。", ("东溪镇",), ("东溪街道",), "upgrade", None),
        ("官桥镇（原东溪乡）开展普法。", ("东溪乡",), ("官桥镇",), "upgrade", None),
        ("我街道前身为东溪镇，2019年改设街道。", ("东溪镇",), (), "rename", "2019"),
        ("2016年由东溪镇析置东源街道。", ("东溪镇",), ("东源街道",), "split", "2016"),
        ("墨渊乡撤乡设镇，更名为倴城镇。", ("墨渊乡",), ("倴城镇",), "upgrade", None),
        # offices, villages and pieces of land are no townships, and what is said of all is said of none
        ("撤销东溪乡司法所，设立官桥镇司法所。", (), (), "", None),
        ("官桥镇综合执法队更名为官桥镇综合行政执法队。", (), (), "", None),
        ("东溪乡综治办并入官桥镇平安办。", (), (), "", None),
        ("将东溪乡的三个村划归官桥镇管辖。", (), (), "", None),
        ("官桥镇将原计生办、农业办合并为综合服务中心。", (), (), "", None),
        ("推进乡镇合并，部分乡镇并入官桥镇。", (), (), "", None),
        ("未将湖头镇并入官桥镇。", (), (), "", None),
        ("撤销蓬莱镇和金谷镇，合并设立蓬莱镇。", ("金谷镇",), ("蓬莱镇",), "merge", None),
        ("撤销行政处罚决定3件，设立人民调解室2个。", (), (), "", None),
    ],
)
def test_what_a_sentence_says(text: str, old: tuple[str, ...], new: tuple[str, ...], kind: str, date: str | None) -> None:
    assert read(text) == ([(old, new, kind, date)] if old else [])


def test_said_twice_is_found_twice_and_long_repetitions_end() -> None:
    assert len(read("撤销东溪乡，设立东溪镇。\n原北岭镇并入参内镇。")) == 2
    for piece in ("东溪乡和", "撤销", "由东溪镇", "撤销东溪乡", "乡改为", "（原东"):
        assert isinstance(read(piece * 20_000), list)
    assert len(analyse(REPORT.format(title="安溪县东溪乡人民政府", town="东溪乡", said="安溪县东溪乡、" * 4_000)).facts) > 4_000
    assert len(analyse(REPORT.format(title="安溪县官桥镇人民政府", town="官桥镇", said="2015年，撤销湖头镇，设立官桥镇。" * 2_000)).facts) > 4_000


def analyse(text: str, **source: str) -> Analysis:
    return load_pipeline().analyse(Source(key=source.pop("key", "a.txt"), text=text, **source))  # type: ignore[arg-type]


REPORT = "{title}2018年法治政府建设情况报告\n\n2018年，{town}推进法治政府建设，现报告如下。\n一、主要工作\n{said}\n"


@pytest.mark.parametrize("town", ["东溪乡", "墨渊乡"])  # one that the register has in another province, and one that it has nowhere
def test_a_township_of_its_county_that_no_register_lists_is_no_namesake(town: str) -> None:
    found = analyse(REPORT.format(title=f"安溪县{town}人民政府", town=town, said="开展法律八进活动12场。"))
    assert (found.frame.place, found.frame.level, found.frame.status) == (f"{COUNTY}/{town}", "township", "resolved")
    assert found.frame.path == ("福建省", "泉州市", "安溪县", town)
    assert found.frame.place_evidence == ("title", "not in the register")
    assert any(town in warning for warning in found.frame.warnings)
    assert {fact.node for fact in found.facts if fact.type == "place" and fact.surface == town} == {f"{COUNTY}/{town}"}
    assert [fact.subject_node for fact in found.facts if fact.relation == "ADOPTS"] == [f"{COUNTY}/{town}"]
    assert {node.id: node.labels for node in found.nodes}[f"{COUNTY}/{town}"] == ("Place", "Township")


def test_the_signature_names_it_as_well() -> None:
    text = "2018年法治政府建设情况报告\n\n我乡推进法治政府建设，现报告如下。\n一、主要工作\n开展学法12次。\n\n安溪县东溪乡人民政府\n2019年1月8日\n"
    assert analyse(text).frame.place == f"{COUNTY}/东溪乡"


def test_a_former_kind_is_the_township_of_today() -> None:
    assert analyse(REPORT.format(title="安溪县参内乡人民政府", town="参内乡", said="学法12次。")).frame.place == f"{COUNTY}/参内镇"
    assert analyse(REPORT.format(title="安溪县湖头乡人民政府", town="湖头乡", said="学法12次。")).frame.place == f"{COUNTY}/湖头镇"


def test_namesakes_elsewhere_stay_what_they_are() -> None:
    found = analyse(REPORT.format(title="泰顺县东溪乡人民政府", town="东溪乡", said="学法12次。"))
    assert found.frame.place == "cn:330329/东溪乡"
    assert analyse(REPORT.format(title="安溪县官桥镇人民政府", town="官桥镇", said="赴泰顺县东溪乡考察。")).frame.place == f"{COUNTY}/官桥镇"
    visited = analyse(REPORT.format(title="安溪县官桥镇人民政府", town="官桥镇", said="赴泰顺县东溪乡考察。"))
    assert {fact.node for fact in visited.facts if fact.surface == "东溪乡"} == {"cn:330329/东溪乡"}


@pytest.mark.parametrize("town", ["各乡镇", "平安乡镇", "人民政府乡", "司法局湖头镇", "全体乡"])
def test_words_that_only_look_like_a_name_make_no_place(town: str) -> None:
    found = analyse(f"安溪县{town}党委2018年法治政府建设情况报告\n\n2018年，安溪县推进法治政府建设。\n")
    assert not [fact for fact in found.facts if fact.rule == "place.not_in_register"]


def test_places_that_went_lie_in_the_county_of_the_report() -> None:
    said = "2017年9月，撤销东溪乡、墨渊乡，合并设立官桥镇。东溪乡原有的做法予以保留。"
    found = analyse(REPORT.format(title="安溪县官桥镇人民政府", town="官桥镇", said=said))
    edges = {(fact.subject_node, fact.object_node, fact.attrs["kind"], fact.attrs["date"]) for fact in found.facts if fact.relation == "SUCCEEDED_BY"}
    assert edges == {(f"{COUNTY}/{old}", f"{COUNTY}/官桥镇", "merge", "2017-09") for old in ("东溪乡", "墨渊乡")}
    assert {fact.node for fact in found.facts if fact.surface == "东溪乡"} == {f"{COUNTY}/东溪乡"}


def test_what_is_only_planned_is_so() -> None:
    said = "学法12次。\n二、下一步工作\n撤销东溪乡，合并设立官桥镇。"
    found = analyse(REPORT.format(title="安溪县官桥镇人民政府", town="官桥镇", said=said))
    assert {fact.modality for fact in found.facts if fact.relation == "SUCCEEDED_BY"} == {"planned"}
    found = analyse(REPORT.format(title="安溪县官桥镇人民政府", town="官桥镇", said="拟撤销东溪乡，设立官桥镇。"))
    assert {fact.modality for fact in found.facts if fact.relation == "SUCCEEDED_BY"} == {"planned"}
