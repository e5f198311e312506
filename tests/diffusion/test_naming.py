from __future__ import annotations

import pytest

from diffusion.attribution.naming import Named, find_order, find_sources, widen


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
        "学习借鉴参内镇经验，推行法律明白人制度。",
        "赴参内镇考察学习后，推行法律明白人制度。",
        "借鉴参内镇做法，推行法律明白人。",
        "参照参内镇模式推行法律明白人。",
        "参照参内镇的做法，推行法律明白人。",
        "复制推广参内镇经验。",
        "引进参内镇的法律明白人做法。",
        "受参内镇启发，推行法律明白人。",
        "受参内镇做法启发，推行法律明白人。",
        "受参内镇法律明白人工作启发，我镇推行。",
        "仿照参内镇做法，推行法律明白人。",
        "效仿参内镇推行法律明白人。",
        "对标参内镇，推行法律明白人。",
        "向参内镇学习，推行法律明白人。",
        "向参内镇取经，推行法律明白人。",
        "到参内镇取经学艺，推行法律明白人。",
        "吸收参内镇经验，推行法律明白人。",
        "照搬参内镇模式，推行法律明白人。",
        "移植参内镇经验推行法律明白人。",
        "法律明白人的做法源于参内镇。",
        "参内镇首创的法律明白人，我镇予以推行。",
        "推行参内镇首创的法律明白人制度。",
        "推行由参内镇率先探索的法律明白人制度。",
        "在参内镇经验的基础上，推行法律明白人。",
        "在学习参内镇的基础上，推行法律明白人。",
        "到参内镇学习观摩后，推行法律明白人。",
        "组织干部赴参内镇观摩，推行法律明白人。",
        "把参内镇的好做法引进来，推行法律明白人。",
        "将参内镇经验引入本镇，推行法律明白人。",
        "结合参内镇经验，推行法律明白人。",
        "以参内镇为样板，推行法律明白人。",
        "以参内镇为榜样，推行法律明白人。",
        "以参内镇为范本推行法律明白人。",
        "沿用参内镇的做法推行法律明白人。",
        "采用参内镇的法律明白人做法。",
        "采纳参内镇的经验推行法律明白人。",
        "学参内镇做法，推行法律明白人。",
        "学习参内镇，推行法律明白人。",
        "学习了参内镇的先进经验，推行法律明白人。",
        "考察参内镇后，推行法律明白人。",
        "考察学习参内镇的法律明白人工作后，推行。",
        "走访参内镇后推行法律明白人。",
        "观摩参内镇法律明白人工作，随后推行。",
        "邀请参内镇介绍经验，推行法律明白人。",
        "请参内镇传授经验，推行法律明白人。",
        "参内镇的经验给了我们启发，推行法律明白人。",
        "借鉴邻近的参内镇的经验，推行法律明白人。",
        "借鉴兄弟乡镇参内镇的经验，推行法律明白人。",
        "借鉴安溪县参内镇的经验，推行法律明白人。",
        "赴安溪县参内镇实地考察，推行法律明白人。",
        "学习安溪县参内镇等地经验，推行法律明白人。",
        "与参内镇交流后，推行法律明白人。",
        "同参内镇结对共建，引进其法律明白人做法。",
        "参考参内镇的实践，推行法律明白人。",
        "借力参内镇经验，推行法律明白人。",
        "推广运用参内镇的法律明白人经验。",
        "引入参内镇法律明白人机制。",
        "从参内镇引进法律明白人做法。",
        "从参内镇学来法律明白人的做法。",
        "依照参内镇的样子推行法律明白人。",
        "照着参内镇的做法推行法律明白人。",
        "跟着参内镇学，推行法律明白人。",
        "派员到参内镇跟班学习，推行法律明白人。",
        "组团前往参内镇，学习法律明白人做法。",
        "赴参内镇，实地学习法律明白人做法。",
        "在考察参内镇之后，推行法律明白人。",
        "经到参内镇学习，推行法律明白人。",
        "借参内镇之经验，推行法律明白人。",
        "取参内镇之长，推行法律明白人。",
        "得到参内镇指点，我镇法律明白人于2月上岗。",
        "承蒙参内镇帮助，建立法律明白人制度。",
        "在参内镇跟班学习时，干部深受触动，回来即推行法律明白人。",
        "在参内镇考察期间得知法律明白人，随后推行。",
        "法律明白人取经于参内镇。",
        "到参内镇实地看过之后，我镇推行法律明白人。",
        "参内镇负责同志来我处介绍经验后，我镇推行法律明白人。",
        "参内镇骨干上门传授经验，我镇建起法律明白人队伍。",
        "参考参内镇，我镇引进法律明白人。",
        "借参内镇之石攻玉，我镇建立法律明白人制度。",
        "在参内镇同志的帮助下，我镇办起法律明白人学堂。",
        "在参内镇的悉心指导下，我镇推行法律明白人。",
        "参内镇法律明白人的做法传到我镇，今年正式实行。",
        "推行法律明白人时，全镇充分参考了参内镇的制度文本。",
        "学参内镇、补短板，推行法律明白人。",
        "参内镇同行手把手指导，法律明白人在我镇开办。",
        "通过与参内镇签订友好协议，我镇移植了法律明白人制度。",
        "法律明白人在我镇落地。该经验系从参内镇考察所得。",
        "我镇推行法律明白人。其蓝本是参内镇的经验。",
        "参内镇的法律明白人搞得好，我镇主动上门取经，年内照样开办。",
        "参内镇在这方面走在前列，我镇多次组织干部前去观摩。按照其思路，今年推行法律明白人。",
        "今年，镇司法所与参内镇结为共建对子。在其指导下，法律明白人在我镇正式运行。",
    ],
)
def test_many_ways_to_say_whom_it_learned_from(sentence: str) -> None:
    assert {role for role, _ in find(sentence, "参内镇", "place")} == {"peer"}


@pytest.mark.parametrize("sentence", ["循着参内镇的路子，我镇推行法律明白人。", "有了参内镇的先例，我镇放心推行法律明白人。"])
def test_a_place_before_what_is_ours_is_mentioned_at_least(sentence: str) -> None:
    assert find(sentence, "参内镇", "place") == [("mentioned", "参内镇")]


@pytest.mark.parametrize(
    "sentence",
    [
        "与参内镇接壤的地段，我镇推行法律明白人。",
        "会同参内镇，我镇开展法律明白人培训。",
        "参内镇前来学习后，我镇法律明白人更有干劲。",
        "走访参内镇困难群众时，我镇法律明白人同行。",
        "不同于参内镇，我镇推行法律明白人。",
        "到参内镇政府办事的群众增多。",
        "学习宣传民法典，参内镇组织讲座4场。",
        "在参内镇召开会议。",
        "与参内镇联合执法。",
        "与参内镇交界处发生纠纷。",
        "到参内镇开展普法宣传。",
        "参内镇推行法律明白人。",
        "学习贯彻参内镇党委会议精神。",
        "赴参内镇开展执法检查。",
        "到参内镇调解纠纷3件。",
        "参内镇人民政府印发方案。",
        "参内镇来我镇考察学习。",
        "参内镇派员到我镇学习经验。",
        "接待参内镇考察团3批。",
        "把法律明白人经验推广到参内镇。",
        "经验在参内镇推广。",
        "我镇经验被参内镇借鉴。",
        "为参内镇提供经验。",
        "向参内镇介绍经验。",
        "参内镇学习了我镇做法。",
        "引入参内镇法律服务所律师2名。",
        "参照参内镇标准发放补贴。",
        "结合参内镇实际，推行法律明白人。",
        "以参内镇为中心，推行法律明白人。",
        "到参内镇各村调研3次。",
        "学习参内镇规章制度。",
        "参内镇深入开展法律八进。",
        "不照搬参内镇的做法，推行法律明白人。",
        "没有照搬参内镇模式，推行法律明白人。",
        "从参内镇引进律师1名，推行法律明白人。",
        "前往参内镇调研矛盾纠纷。",
        "参内镇干部来我镇办理手续。",
        "在参内镇交流中心设立工作站，推行法律明白人。",
        "村民在参内镇学习期间与人发生纠纷，法律明白人到场调解。",
        "得到参内镇籍乡贤帮助，推行法律明白人。",
        "获得参内镇群众帮助30次。",
        "参内镇法律明白人上门介绍法律知识300次。",
        "到参内镇现场看望慰问法律明白人。",
        "得到参内镇群众好评。",
        "在参内镇举办培训时，发放资料200份。",
        "将参内镇列为试点。",
        "走访参内镇困难群众后，推行法律明白人。",
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


@pytest.mark.parametrize("before", ["借鉴", "受", "在考察学习"])
def test_names_of_places_above_are_part_of_the_name(before: str) -> None:
    sentence, above, town = f"{before}福建省泉州市安溪县参内镇经验启发，推行法律明白人。", ("福建省", "泉州市", "安溪县"), "参内镇"
    named = [Named(sentence.index(name), sentence.index(name) + len(name), name, "place") for name in (*above, town)]
    assert [source.node for source in find_sources(sentence, named)] == [town]


def test_the_sentence_before_or_after_may_name_the_source() -> None:
    parts = ("组织干部赴参内镇考察。", "回来后，培育法律明白人60名。", "开展学法12次。", "推行法律八进。", "该做法借鉴自官桥镇经验。")
    text, spans = "".join(parts), []
    for part in parts:
        spans.append((spans[-1][1] if spans else 0, (spans[-1][1] if spans else 0) + len(part)))
    assert [text[slice(*widen(text, spans, at))] for at in range(5)] == [
        parts[0],
        parts[0] + parts[1],
        parts[2],
        parts[3] + parts[4],
        parts[4],
    ]


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


@pytest.mark.parametrize(
    "sentence",
    [
        "按照县司法局部署，我镇启动法律明白人工作。",
        "依据安溪县文件精神，全镇推行法律明白人工作机制。",
        "县委政法委下达任务后，全镇成立专班，推出法律明白人制度。",
        "作为县级统一部署的规定动作，法律明白人在各村选出。",
        "按照上级统一部署，全镇推行“法律明白人”制度。",
        "县委依法治县办印发通知后，法律明白人在我乡落地。",
        "响应县委号召，我镇推行法律明白人制度。",
        "根据县里统一要求，推行法律明白人制度。",
        "严格对照县里下发的清单，选出法律明白人。",
        "县里召开推进会后，我镇立即建立法律明白人制度。",
        "法律明白人系安溪县今年统一推开，我镇司法所长挂帅落实。",
        "法律明白人（县定任务）：已选出。",
        "安溪县把法律明白人列为必答题，我镇按期完成。",
    ],
)
def test_sentences_that_say_that_somebody_above_wants_it(sentence: str) -> None:
    assert find_order(sentence, sentence.index("法律明白人"), len("法律明白人"))


@pytest.mark.parametrize(
    "sentence",
    [
        "我镇推行法律明白人制度。",
        "按照村规民约，各村选出法律明白人。",
        "各社区把法律明白人请进网格。",
        "联合县司法局培训法律明白人30名。",
        "各县区来我镇考察，我镇介绍法律明白人制度。",
        "根据群众要求，我镇推行法律明白人制度。",
        "按照“谁执法谁普法”要求，选出法律明白人。",
        "推行法律明白人制度，得到县委充分肯定。",
    ],
)
def test_sentences_that_name_no_order(sentence: str) -> None:
    assert find_order(sentence, sentence.index("法律明白人"), len("法律明白人")) is None
