"""Persons in roles and legal advisers. Names and sentences are made up; the report is 海阳镇's."""

import time

import pytest
from report_reading import first, mentions_of, read_report


def names(sentence: str) -> list[str | None]:
    return [canonical for _, canonical in mentions_of(sentence, "person", "legal_adviser")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("镇党委书记甄虚构主持会议", ["甄虚构"]),
        ("镇长贾示例高度重视", ["贾示例"]),
        ("司法所所长李样例、派出所副所长王范例到场", ["李样例", "王范例"]),
        ("邀请贾示例律师授课", ["贾示例"]),
        ("律师甄虚构、贾示例和李样例参加", ["甄虚构", "贾示例", "李样例"]),
        ("由欧阳虚构同志兼任办公室主任", ["欧阳虚构"]),
        ("由阿依古丽·买买提同志兼任办公室主任", ["阿依古丽·买买提"]),
        ("法官张样带队", ["张样"]),
        ("组长：甄虚构（镇党委书记）；副组长：贾示例", ["甄虚构", "贾示例"]),
        ("主讲人：李样例", ["李样例"]),
        ("县司法局党组书记、局长甄虚构到镇调研", ["甄虚构"]),
        ("安徽虚构律师事务所甄虚构、贾示例两位律师为村民答疑", ["甄虚构", "贾示例"]),
        ("（记者 甄虚构 通讯员 贾示例）", ["甄虚构", "贾示例"]),
        ("驻村法律顾问贾示例一起参加", ["贾示例"]),
    ],
)
def test_names_beside_roles(sentence, expected):
    assert names(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "全体干部高度重视，党委书记带头学法，镇长亲自抓，主任常年坚持",
        "由镇党委书记任组长、镇长任副组长，成员包括各办负责人",
        "律师解答群众咨询，民警严格执法，代表全体村民发言",
        "书记、镇长、分管领导严格履行职责",
        "村民李某某、王某与张×发生纠纷，当事人赵某",
        "习近平总书记强调，深入学习习近平同志重要讲话",
        "公职律师、执业律师、专职律师、值班律师参与",
        "党委副书记主讲，班子成员作发言",
        "配备法治副校长，安排人民调解员常驻",
        "委员会成员、网格员和志愿者宣传政策",
        "发挥法律顾问和公职律师作用，对接律师和向日葵小组",
    ],
)
def test_roles_and_words_that_are_no_names(sentence):
    assert names(sentence) == []


def test_role_and_body_of_a_person():
    attrs = first("司法所所长李样例到场", "person").attrs
    assert (attrs["role"], attrs["body"]) == ("司法所所长", "海阳镇司法所")


def test_a_chain_of_roles_belongs_to_one_body():
    assert first("县司法局党组书记、局长甄虚构到镇调研", "person").attrs["body"] == "休宁县司法局党组"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("我镇聘请甄虚构律师为我镇政府法律顾问", [("甄虚构", "海阳镇人民政府", None)]),
        ("聘请甄虚构为镇政府常年法律顾问", [("甄虚构", "海阳镇人民政府", None)]),
        ("聘请安徽虚构律师事务所甄虚构律师担任政府法律顾问", [("甄虚构", "海阳镇人民政府", "安徽虚构律师事务所")]),
        (
            "安徽虚构律师事务所甄虚构、贾示例两位律师担任镇政府法律顾问",
            [("甄虚构", "海阳镇人民政府", "安徽虚构律师事务所"), ("贾示例", "海阳镇人民政府", "安徽虚构律师事务所")],
        ),
        ("法律顾问：甄虚构（安徽虚构律师事务所）", [("甄虚构", "海阳镇人民政府", "安徽虚构律师事务所")]),
        ("聘请甄虚构律师担任村（居）法律顾问", [("甄虚构", "海阳镇", None)]),
    ],
)
def test_named_advisers_whom_they_serve_and_their_firm(sentence, expected):
    draft, start = read_report(sentence)
    advisers = [mention for mention in draft.of("legal_adviser") if mention.start >= start]
    assert [(mention.canonical, mention.attrs["serves"], mention.attrs.get("firm")) for mention in advisers] == expected


def test_adviser_node_and_the_node_it_serves_exist():
    draft, _ = read_report("聘请甄虚构律师为法律顾问")
    (adviser,) = draft.of("legal_adviser")
    assert adviser.node == "adviser:cn:341022/海阳镇/甄虚构"
    assert draft.nodes[adviser.node].labels == ("LegalAdviser",)
    assert adviser.attrs["serves_node"] in draft.nodes


def test_a_named_adviser_is_no_second_person():
    assert mentions_of("聘请甄虚构律师为法律顾问", "person") == []


def test_a_firm_as_adviser():
    adviser = first("聘请安徽虚构律师事务所为镇政府法律顾问", "legal_adviser")
    assert (adviser.canonical, adviser.attrs["firm"], adviser.attrs["post"]) == ("安徽虚构律师事务所", "安徽虚构律师事务所", True)


def test_an_unnamed_post_is_noted_once():
    assert mentions_of("聘请法律顾问2名，法律顾问参与合同审查，法律顾问列席会议", "legal_adviser") == [("法律顾问", "法律顾问（未具名）")]


@pytest.mark.parametrize("sentence", ["完善政府法律顾问制度", "落实“一村一法律顾问”", "法律顾问咨询记录册", "建成法律顾问工作室"])
def test_the_system_of_advisers_is_no_post(sentence):
    assert mentions_of(sentence, "legal_adviser") == []


@pytest.mark.parametrize("piece", ["法律顾问", "书记", "甄虚构律师、", "聘请", "阿·", "律师事务所、甄虚构"])
def test_a_long_run_is_read_in_linear_time(piece):
    begun = time.perf_counter()
    read_report(piece * (40_000 // len(piece)))
    assert time.perf_counter() - begun < 30
