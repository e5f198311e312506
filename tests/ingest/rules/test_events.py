"""Events. Each line is a made-up sentence and the names that must come out of it, no more and no fewer."""

import pytest
from name_reading import found, read

from ingest.rules.events import events


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("全面贯彻党的二十大、党的十九届六中全会精神。", ["党的二十大", "党的十九届六中全会"]),
        ("学习贯彻二十届三中全会精神。", ["党的二十届三中全会"]),
        ("利用“12.4”国家宪法日、民法典宣传月集中宣传。", ["国家宪法日", "民法典宣传月"]),
        ("召开柳河镇调解骨干业务培训会。", ["柳河镇调解骨干业务培训会"]),
        ("举办2022年“法润山乡”文艺演出。", ["2022年“法润山乡”文艺演出"]),
        ("召开民营企业法治座谈会2次。", ["民营企业法治座谈会"]),
    ],
)
def test_names_that_are_events(sentence, expected):
    assert found(read(events, sentence)) == expected


@pytest.mark.parametrize(
    "sentence", ["召开会议12次，举办各类培训班3期。", "开展“法律八进”活动。", "二十大类事项。", "开展形式多样的法治宣传活动。", "“党委会”前学法。"]
)
def test_what_is_no_event(sentence):
    assert found(read(events, sentence)) == []


def test_date_and_node_of_a_local_event():
    draft = read(events, "5月12日，柳河镇组织村居干部民法典专题培训班。")
    (mention,) = draft.of("event")
    assert (mention.canonical, mention.date) == ("村居干部民法典专题培训班", "2022-05-12")
    assert mention.node == "event:cn:990101/柳河镇/2022/村居干部民法典专题培训班"


def test_a_congress_is_one_event_for_all():
    (mention,) = read(events, "学习党的二十大精神。").of("event")
    assert mention.node == "event:党的二十大"
