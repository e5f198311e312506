"""Named mediation rooms. Each line is a made-up sentence and the rooms that must come out of it, no more and no fewer."""

import pytest
from name_reading import found, read, surfaces

from ingest.rules.rooms import rooms


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("建成“槐树下”调解工作室。", ["槐树下调解工作室"]),
        ("设立“槐树下”调解室、“红灯笼”调解室。", ["槐树下调解室", "红灯笼调解室"]),
        ("打造“槐树下”“红灯笼”两个特色调解室。", ["槐树下调解室", "红灯笼调解室"]),
        ("“槐树下”、“红灯笼”等调解工作室化解纠纷30件。", ["槐树下调解工作室", "红灯笼调解工作室"]),
        ("组建“槐树下调解室”。", ["槐树下调解室"]),
        ("依托老兵调解室化解矛盾。", ["老兵调解室"]),
        ("依托欧阳山河调解室化解矛盾。", ["欧阳山河调解室"]),
        ("“秋嫂”工作室化解邻里纠纷20件。", ["秋嫂工作室"]),
        ("设立“百姓评理室”，让群众说事。", ["百姓评理室"]),
        ("掛牌成立「槐樹下」調解工作室。", ["槐树下调解工作室"]),
        ("推广“槐树下”矛盾纠纷化解工作室。", ["槐树下矛盾纠纷化解工作室"]),
    ],
)
def test_named_rooms(sentence, expected):
    assert found(read(rooms, sentence)) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "建成村级调解室12个。",
        "培育个人品牌调解工作室3家。",
        "设立人民调解室和婚姻家庭纠纷调解室。",
        "在派出所设立驻所调解室。",
        "规范各村（社区）调解室建设。",
        "“名师”工作室开展教研活动。",
        "落实《柳河镇“槐树下”调解室管理办法》。",
        "调解室调解室调解室。",
    ],
)
def test_rooms_without_a_name(sentence):
    assert found(read(rooms, sentence)) == []


def test_node_and_kind():
    draft = read(rooms, "建成“槐树下”调解工作室。")
    (mention,) = draft.of("mediation_room")
    assert mention.node == "room:cn:990101/柳河镇/槐树下"
    assert mention.attrs == {"kind": "调解工作室", "name": "槐树下"}
    assert draft.nodes[mention.node].labels == ("MediationRoom",)


def test_each_of_a_list_has_its_own_evidence():
    assert surfaces(read(rooms, "打造“槐树下”“红灯笼”等品牌调解室。")) == ["“槐树下”", "“红灯笼”"]
