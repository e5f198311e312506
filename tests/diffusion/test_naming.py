from __future__ import annotations

import pytest

from diffusion.attribution.naming import Named, find_sources


def find(sentence: str, name: str, kind: str) -> list[tuple[str, str]]:
    at = sentence.index(name)
    found = find_sources(sentence, [Named(at, at + len(name), "node", kind)])  # type: ignore[arg-type]
    return [(source.role, sentence[source.start : source.end]) for source in found]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("我镇学习借鉴参内镇的民情茶室经验，设立调解室。", "学习借鉴参内镇的民情茶室经验"),
        ("借鉴参内镇“民情茶室”做法，打造议事平台。", "借鉴参内镇“民情茶室”做法"),
        ("组织网格员赴参内镇考察学习。", "赴参内镇考察"),
        ("先后到参内镇实地观摩，形成本镇方案。", "到参内镇实地观摩"),
        ("复制推广参内镇经验。", "推广参内镇经验"),
    ],
)
def test_whom_it_learned_from(sentence: str, words: str) -> None:
    ((role, said),) = find(sentence, "参内镇", "place")
    assert role == "peer"
    assert said.endswith(words)


@pytest.mark.parametrize(
    "sentence",
    [
        "参内镇深入开展法律八进。",
        "到参内镇政府办事的群众增多。",
        "学习宣传民法典，参内镇组织讲座4场。",
        "推广法律明白人。参内镇经验丰富。",
        "在参内镇召开会议。",
    ],
)
def test_a_place_alone_is_no_source(sentence: str) -> None:
    assert find(sentence, "参内镇", "place") == []


@pytest.mark.parametrize(
    ("sentence", "name", "kind"),
    [
        ("按照县司法局工作部署，培育法律明白人。", "县司法局", "body"),
        ("根据县司法局《关于培育法律明白人的通知》要求，组建队伍。", "县司法局", "body"),
        ("依据《法律明白人培养工作规范》，组建队伍。", "《法律明白人培养工作规范》", "document"),
        ("贯彻落实县委依法治县办关于法律明白人的实施方案。", "县委依法治县办", "body"),
    ],
)
def test_on_whose_order(sentence: str, name: str, kind: str) -> None:
    ((role, said),) = find(sentence, name, kind)
    assert role == "superior"
    assert name in said


@pytest.mark.parametrize("sentence", ["县司法局派员参加培训。", "配合县司法局开展法律明白人培训，按要求上报。"])
def test_a_body_alone_orders_nothing(sentence: str) -> None:
    assert find(sentence, "县司法局", "body") == []


def test_sources_come_in_order_and_long_sentences_end() -> None:
    sentence = "根据县司法局部署，赴甲镇考察，借鉴乙镇经验。"
    named = [
        Named(sentence.index(name), sentence.index(name) + len(name), name, kind) for name, kind in (("乙镇", "place"), ("县司法局", "body"), ("甲镇", "place"))
    ]
    assert [(source.node, source.role) for source in find_sources(sentence, named)] == [("县司法局", "superior"), ("甲镇", "peer"), ("乙镇", "peer")]
    endless = "赴" * 100_000
    assert find_sources(endless, [Named(50_000, 50_002, "x", "place")]) == []
