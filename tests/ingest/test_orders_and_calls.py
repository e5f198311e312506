"""Superiors' notices, what they call for, and what the report of a county says of its townships."""

from __future__ import annotations

import pytest

from ingest.model import Analysis, Source
from ingest.pipeline import load_pipeline


def analyse(text: str, key: str = "k.txt") -> Analysis:
    return load_pipeline().analyse(Source(key=key, text=text))


@pytest.mark.parametrize(
    ("text", "place", "year", "title"),
    [
        (
            "安政办〔2017〕61号\n安溪县人民政府办公室关于推行“法治带头人”的通知\n各乡镇人民政府、街道办事处：\n现就有关事项通知如下。\n一、各镇要组织落实。\n2017年5月6日\n",
            "cn:350524",
            2017,
            "安溪县人民政府办公室关于推行“法治带头人”的通知",
        ),
        (
            "安溪县司法局关于推进一村一法律顾问工作的实施意见\n为深入推进这项工作，提出如下意见。\n一、总体要求\n各镇要组织落实。\n2021年4月2日\n",
            "cn:350524",
            2021,
            "安溪县司法局关于推进一村一法律顾问工作的实施意见",
        ),
        (
            "安溪县参内镇人民政府关于印发《参内镇普法方案》的通知\n各村（居）委会：\n为做好普法，制定方案。\n2021年4月2日\n",
            "cn:350524/参内镇",
            2021,
            "安溪县参内镇人民政府关于印发《参内镇普法方案》的通知",
        ),
        ("关于安溪县2021年法治政府建设情况的报告\n2021年，我县深入推进。\n2022年3月1日\n", "cn:350524", 2021, "关于安溪县2021年法治政府建设情况的报告"),
    ],
)
def test_a_notice_is_its_issuers_and_of_its_own_year(text: str, place: str, year: int, title: str) -> None:
    frame = analyse(text).frame
    assert (frame.place, frame.year, frame.title) == (place, year, title)


HEAD = "安溪县参内镇2022年法治政府建设情况报告\n一、主要举措和成效\n"


@pytest.mark.parametrize(
    ("sentence", "modality"),
    [
        ("会议要求各村学习“枫桥经验”，抓好落实。", "exhorted"),
        ("号召村居向“无讼村”看齐。", "exhorted"),
        ("按照县委要求各村均已推行“枫桥经验”。", "done"),
        ("达到要求的村居开展“枫桥经验”宣讲。", "done"),
        ("“法治带头人”预计明年落地。", "planned"),
        ("“法治带头人”活动计划于2023年启动。", "planned"),
        ("“法治带头人”活动将法律送到家门口。", "done"),
        ("推行“枫桥经验”，化解矛盾20件。", "done"),
    ],
)
def test_what_is_called_for_or_expected_is_no_deed(sentence: str, modality: str) -> None:
    facts = [fact for fact in analyse(HEAD + sentence).facts if fact.relation == "ADOPTS"]
    assert {fact.modality for fact in facts} == {modality}


@pytest.mark.parametrize("sentence", ["“枫桥经验”已经停办。", "“枫桥经验”还没有开展起来。", "尚未推行“枫桥经验”。", "不再开展“枫桥经验”活动。"])
def test_what_is_denied_after_the_name_is_not_taken_up(sentence: str) -> None:
    assert {fact.polarity for fact in analyse(HEAD + sentence).facts if fact.relation == "ADOPTS"} == {"negative"}


COUNTY = "安溪县人民政府关于2022年法治政府建设情况的报告\n一、主要举措和成效\n"


@pytest.mark.parametrize(
    ("sentence", "places"),
    [
        ("指导参内镇推行“枫桥经验”，成效明显。", {"cn:350524/参内镇"}),
        ("参内镇、湖头镇和官桥镇建立了“无讼村”机制。", {"cn:350524/参内镇", "cn:350524/湖头镇", "cn:350524/官桥镇"}),
        ("推行“枫桥经验”，化解矛盾20件。", {"cn:350524"}),
        ("在参内镇召开会议，推行“枫桥经验”。", {"cn:350524"}),
    ],
)
def test_a_county_tells_what_its_townships_do(sentence: str, places: set[str]) -> None:
    assert {fact.subject_node for fact in analyse(COUNTY + sentence).facts if fact.relation == "ADOPTS"} == places


@pytest.mark.parametrize(
    "sentence",
    [
        "参内镇推行法律明白人制度。",
        "参内镇培育法律明白人60名。",
        "参内镇大力推行法律明白人制度。",
        "参内镇率先推行法律明白人制度，成效明显。",
        "参内镇创新推行法律明白人制度。",
        "在参内镇推行法律明白人制度。",
        "在参内镇试点推行法律明白人制度。",
        "在参内镇开展法律明白人试点。",
        "选取参内镇开展法律明白人试点。",
        "选择参内镇作为法律明白人试点。",
        "以参内镇为试点，推行法律明白人制度。",
        "指导参内镇推行法律明白人制度。",
        "指导参内镇建立法律明白人队伍。",
        "支持参内镇打造法律明白人品牌。",
        "推动参内镇建立法律明白人制度。",
        "参内镇的法律明白人做法得到推广。",
        "参内镇“法律明白人”做法获省级表彰。",
        "参内镇法律明白人工作经验在全县推广。",
        "推广参内镇法律明白人经验。",
        "参内镇建立了法律明白人制度。",
        "参内镇已建立法律明白人制度。",
        "参内镇组建法律明白人队伍3支。",
        "参内镇设立法律明白人工作站。",
        "参内镇依托司法所推行法律明白人制度。",
        "参内镇结合实际，推行法律明白人制度。",
        "参内镇坚持问题导向，推行法律明白人制度。",
        "参内镇党委政府推行法律明白人制度。",
        "参内镇政府推行法律明白人制度。",
        "参内镇司法所推行法律明白人制度。",
        "如参内镇推行法律明白人制度。",
        "例如，参内镇推行法律明白人制度。",
        "其中参内镇推行法律明白人制度。",
        "涌现出参内镇“法律明白人”等一批典型。",
        "打造了参内镇“法律明白人”等品牌。",
        "形成参内镇“法律明白人”等经验做法。",
        "2022年，参内镇推行法律明白人制度。",
        "今年以来，参内镇推行法律明白人制度。",
    ],
)
def test_many_ways_to_say_that_a_township_does_it(sentence: str) -> None:
    assert taken_up(sentence) == {("cn:350524/参内镇", "done")}


@pytest.mark.parametrize(
    "sentence",
    [
        "参内镇、官桥镇推行法律明白人制度。",
        "参内镇和官桥镇推行法律明白人制度。",
        "参内镇、官桥镇等乡镇推行法律明白人制度。",
        "参内镇、官桥镇等地率先推行法律明白人制度。",
        "在参内镇、官桥镇试点推行法律明白人制度。",
        "参内镇、官桥镇先后建立法律明白人制度。",
        "指导参内镇、官桥镇推行法律明白人制度。",
    ],
)
def test_several_townships_at_once(sentence: str) -> None:
    assert taken_up(sentence) == {("cn:350524/参内镇", "done"), ("cn:350524/官桥镇", "done")}


@pytest.mark.parametrize(
    "sentence",
    [
        "全县推行法律明白人制度。",
        "县司法局推行法律明白人制度。",
        "要求参内镇推行法律明白人制度。",
        "参内镇拟推行法律明白人制度。",
        "参内镇将推行法律明白人制度。",
        "参内镇尚未推行法律明白人制度。",
        "赴参内镇督导法律明白人工作。",
    ],
)
def test_what_a_township_is_only_asked_for_is_none_of_its_deeds(sentence: str) -> None:
    assert ("cn:350524/参内镇", "done") not in taken_up(sentence)


def taken_up(sentence: str) -> set[tuple[str | None, str]]:
    """Who takes up what, in a county's report; what is denied is left out."""
    facts = [fact for fact in analyse(COUNTY + sentence).facts if fact.relation == "ADOPTS"]
    return {(fact.subject_node, fact.modality) for fact in facts if fact.polarity == "positive"}
