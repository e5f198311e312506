"""Questions in whole sentences: how they are read, and what they find on every engine."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from fulltext_corpus import change
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Change
from fazhi.errors import Invalid
from fulltext.explaining import explain
from fulltext.highlight import find_passages
from fulltext.query import parse
from fulltext.question import bounds, read, read_sentence
from fulltext.store import Filters, TextStore
from fulltext.understood import Understood
from ingest.ids import report_id


def understand(question: str) -> Understood:
    found = read_sentence(question)
    assert found, question
    return found[1]


def texts(question: str) -> tuple[str, ...]:
    understood = understand(question)
    return tuple(part.text for part in (*understood.names, *understood.words, *understood.doing))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("哪些乡镇聘请了法律顾问", ("法律顾问", "聘请")),
        ("2022年安溪县有哪些乡镇建立了人民调解室?", ("人民调解室", "建立")),
        ("法律明白人是怎么培养的", ("法律明白人", "培养")),
        ("请问有多少个村建立了调解工作室呢", ("调解", "工作室", "建立")),
        ("谁执法谁普法是怎么落实的", ("谁执法谁普法", "落实")),
        ("开着调解车化解纠纷", ("调解车", "化解", "纠纷")),
        ("我想知道各镇在涉企检查方面有什么做法", ("涉企", "检查")),
        ("哪些区域开展了普法", ("区域", "普法", "开展")),
        ("有哪些人民调解室", ("人民调解室",)),
        ("《中华人民共和国民法典》是怎么宣传的", ("《中华人民共和国民法典》", "宣传")),
        ("哪些鄉鎮聘請了法律顧問", ("法律顧問", "聘請")),
        ("法律顾问？", ("法律顾问",)),
    ],
)
def test_what_a_question_is_about(question: str, words: tuple[str, ...]) -> None:
    assert texts(question) == words


@pytest.mark.parametrize(
    ("question", "conditions"),
    [
        ("2022年安溪县有哪些乡镇建立了人民调解室?", {"years": "2022-2022", "place": "安溪县", "level": "township"}),
        ("2020年至2022年泉州市哪些街道办了法治夜校", {"years": "2020-2022", "place": "泉州市", "level": "township"}),
        ("2020—2022年哪些镇举办了法治夜校", {"years": "2020-2022", "level": "township"}),
        ("二〇二一年以来福建有哪些县开展了普法", {"years": "2021-", "place": "福建省", "level": "county"}),
        ("2020年以前是怎么普法的", {"years": "-2019"}),
        ("聘请了法律顾问的乡镇", {"level": "township"}),
        ("除了双峰县，哪些地方推行法律八进", {"place": "NOT 双峰县"}),
        ("除双峰县外，哪些地方推行法律八进", {"place": "NOT 双峰县"}),
        ("双峰县之外哪些镇推行法律八进", {"place": "NOT 双峰县", "level": "township"}),
        ("除了双峰县、安溪县以外哪些镇推行法律八进", {"place": "NOT 双峰县|安溪县", "level": "township"}),
        ("哪些乡镇没有提到信访", {"level": "township"}),
        ("哪些乡镇有没有聘请法律顾问", {"level": "township"}),
        ("哪些乡镇保护未成年人", {"level": "township"}),
        ("安溪县聘请法律顾问了没有", {"place": "安溪县"}),
        ("各街道怎样开展普法", {"level": "township"}),
        ("平安乡镇建设怎么样", {}),
        ("哪些村在榕树下议事", {}),
    ],
)
def test_what_a_question_is_asked_of(question: str, conditions: dict[str, str]) -> None:
    assert {part.kind: part.value for part in understand(question).conditions} == conditions


@pytest.mark.parametrize(
    "query",
    [
        *(
            "法律顾问",
            "法律八进 法律顾问",
            "法治副校长到校讲课",
            "配备专职合法性审查员",
            "人民调解和行政调解",
            "法律顾问的配备",
            "请示报告制度",
            "许多大型活动",
        ),
        *("谁主管谁负责", "哪里有纠纷哪里就有调解"),  # what stands twice asks nothing
        *("哪些 “法律顾问”", "year:2022 哪些乡镇", "哪些 OR 法律顾问", "哪些（乡镇）", "哪些*", "法?进校园", "哪些 -乡镇", "哪些 非 乡镇", '"怎么 培养"~5'),
        *("", "  ", "？", "哪些", "怎么办", "哪些" * 200),
    ],
)
def test_what_is_no_question_is_read_word_by_word(query: str) -> None:
    assert read_sentence(query) is None


@pytest.mark.parametrize(
    "question",
    [
        *("哪些乡镇没有法律顾问", "哪些乡镇未聘请法律顾问", "哪些乡镇没聘法律顾问", "哪些乡镇不设法律顾问", "哪些乡镇无法律顾问", "哪些乡镇缺法律顾问"),
        *("哪些乡镇没有提到聘请法律顾问", "哪些乡镇不是没有提到信访", "哪些乡镇没有提到信访和网格", "没有提到信访的网格是怎么普法的"),
        *("除了法律顾问，哪些乡镇有调解室", "除了双峰县的法律顾问，哪些镇有调解室", "除2021年外哪些镇有调解室", "安溪县和双峰县以外哪些镇有调解室"),
        *("除了泉州市安溪县，哪些镇有调解室", "不包括双峰县的哪些镇有调解室", "泉州市和安溪县怎么普法", "哪些 !乡镇", "哪些 ！乡镇"),
    ],
)
def test_what_denies_otherwise_is_read_word_by_word(question: str) -> None:
    """Left out, 没有 made the question its opposite."""
    assert read(question) == (parse(question), None)


@pytest.mark.parametrize("query", ["？", "%", "💥", "，。", "\\"])
def test_only_punctuation_is_refused(query: str) -> None:
    """It found every report."""
    with pytest.raises(Invalid, match="nothing to look for") as caught:
        read(query)
    assert caught.value.position == 0 and caught.value.cure
    assert read("  ") == (None, None)


def test_a_word_that_is_not_told_of_is_told_as_what_every_hit_meets() -> None:
    (part,) = understand("哪些乡镇没有提到信访").names
    assert (part.kind, part.text, part.value) == ("word", "没有提到信访", "NOT 信访")


def test_reading_word_by_word_can_be_asked_for() -> None:
    question = "哪些乡镇聘请了法律顾问"
    assert read(question, whole=False) == (parse(question), None)
    assert read(question)[1] is not None
    assert read(None) == (None, None)
    with pytest.raises(Invalid):
        read("哪些 (乡镇")


def test_each_part_stands_where_it_says() -> None:
    question = "請問2022年安溪縣有哪些鄉鎮建立了人民調解室？"
    understood = understand(question)
    parts = (*understood.conditions, *understood.names, *understood.words, *understood.doing)
    assert [question[part.start : part.end] for part in parts] == [part.text for part in parts] == ["2022年", "安溪縣", "鄉鎮", "人民調解室", "建立"]


def test_what_is_left_of_a_question_is_a_question_again() -> None:
    question = "2022年安溪县有哪些乡镇建立了人民调解室?"
    for part in understand(question).conditions:
        left = understand(question[: part.start] + question[part.end :])
        assert part.kind not in [other.kind for other in left.conditions]


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("福建省泉州市安溪县怎么普法", "cn:350524"),
        ("安溪有哪些乡镇普法", "cn:350524"),
        ("鼓楼区怎么普法", None),
        ("福州市鼓楼区怎么普法", "cn:350102"),
        ("怎么普法", None),
        ("安溪县和永春县怎么普法", None),
        ("除了安溪县，哪些地方普法", None),
    ],
)
def test_bounds_name_a_place_where_the_names_mean_one(question: str, place: str | None) -> None:
    assert bounds(understand(question)).place == place


def test_bounds_of_years_and_level() -> None:
    found = bounds(understand("2020年以来2022年以前哪些乡镇聘请了法律顾问"))
    assert (found.from_year, found.to_year, found.level) == (2020, 2021, "township")


def test_bounds_of_several_years_and_levels() -> None:
    found = bounds(understand("2021年和2023年哪些县和哪个乡镇聘请了法律顾问"))
    assert (found.from_year, found.to_year, found.level) == (2021, 2023, None)
    found = bounds(understand("2023年和2020年以前哪些乡镇聘请了法律顾问"))
    assert (found.from_year, found.to_year) == (None, 2023)


@given(st.text(alphabet="没有不除了外和、双峰提到哪些乡镇2022年安溪县法律顾问的了吗怎么请问《》、，。?？ " + string.ascii_letters, max_size=60))
def test_anything_can_be_read_or_is_refused_with_a_reason(question: str) -> None:
    try:
        _, understood = read(question)
    except Invalid:
        return
    for part in (*understood.conditions, *understood.words) if understood else ():
        assert question[part.start : part.end] == part.text


def test_a_long_sentence_is_read_fast() -> None:
    """No rule goes over the text more than a fixed number of times: the longest sentence stays within the same work for each character."""
    assert read_sentence("哪些" + "调解了" * 66) is not None
    assert read_sentence("哪些" + "调解了" * 67) is None  # over LONGEST: pasted text


# -- what questions find ---------------------------------------------------------------------------------------------------------------------------------


AT = ("福建省", "泉州市", "安溪县", "甲乡")


def tell(key: str, *sentences: str, year: int = 2022, place: str = "cn:350524/甲乡", path: tuple[str, ...] = AT, level: str = "township") -> Change:
    return change(key, [("results", sentence, None) for sentence in sentences], year=year, place=place, path=path, level=level)


CORPUS = [
    tell("a", "甲乡选聘律师担任法律顾问。", "开展消防演练。"),
    tell("b", "乙镇聘请法律顾问两名，审查合同。", place="cn:350524/乙镇", path=("福建省", "泉州市", "安溪县", "乙镇")),
    tell("c", "丙镇聘请教练三名。", place="cn:350525/丙镇", path=("福建省", "泉州市", "永春县", "丙镇")),
    tell("d", "丁镇聘请法律顾问。", "丁镇培养法律明白人。", year=2020, place="cn:350525/丁镇", path=("福建省", "泉州市", "永春县", "丁镇")),
    tell("e", "全县聘请法律顾问。", place="cn:350524", path=("福建省", "泉州市", "安溪县"), level="county"),
    tell("f", "流动的调解车下村，就地解决纠纷。", place="cn:350525/戊镇", path=("福建省", "泉州市", "永春县", "戊镇")),
]
NAMES = {report_id(key): key for key in "abcdef"}


def found(store: TextStore, question: str) -> str:
    return "".join(NAMES[hit.report] for hit in store.search(read(question)[0], Filters()).hits)


@pytest.mark.parametrize(
    ("question", "reports"),
    [
        ("哪些乡镇聘请了法律顾问", "abd"),
        ("哪些县聘请了法律顾问", "e"),
        ("谁聘请了法律顾问？", "abde"),
        ("2022年哪些乡镇聘请了法律顾问", "ab"),
        ("永春县有哪些乡镇聘请了法律顾问?", "d"),
        ("永春有哪些乡镇聘请了法律顾问?", "d"),
        ("福建省安溪县有哪些乡镇聘请了法律顾问?", "ab"),
        ("南安市有哪些乡镇聘请了法律顾问?", ""),
        ("2022年安溪县有哪些乡镇？", "ab"),
        ("法律明白人是怎么培养的", "d"),
        ("开着调解车化解纠纷", "f"),
        ("法律顾问审查合同吗", "b"),
        ("法律顾问怎么审查", "abde"),
        ("安溪县和永春县有哪些乡镇聘请了法律顾问", "abd"),
        ("福建省安溪县和永春县有哪些乡镇聘请了法律顾问", "abd"),
        ("安溪县、南安市有哪些乡镇聘请了法律顾问", "ab"),
        ("2020年和2022年哪些乡镇聘请了法律顾问", "abd"),
        ("2020年、2021年哪些乡镇聘请了法律顾问", "d"),
        ("2020年以前和2022年哪些乡镇聘请了法律顾问", "ab"),
        ("哪些县和哪个乡镇聘请了法律顾问", "abde"),
        ("哪些乡镇没有提到法律顾问", "cf"),
        ("哪里没有提到法律顾问", "cf"),
        ("除了永春县，哪些乡镇聘请了法律顾问", "ab"),
        ("除安溪县、南安市以外，哪些乡镇聘请了法律顾问", "d"),
        ("哪些乡镇没有法律顾问", ""),
    ],
)
def test_what_a_question_finds(standing: TextStore, question: str, reports: str) -> None:
    assert "".join(sorted(found(standing, question))) == reports


def test_who_has_more_of_the_words_comes_first(standing: TextStore) -> None:
    assert found(standing, "哪些乡镇聘请了法律顾问")[-1] == "a"
    assert found(standing, "法律顾问怎么审查")[0] == "b"


@pytest.mark.parametrize("question", ["哪些乡镇聘请了法律顾问", "开着调解车化解纠纷", "法律明白人是怎么培养的", "法律顾问怎么审查"])
def test_the_parts_of_a_questions_score_add_up(standing: TextStore, question: str) -> None:
    tree, _ = read(question)
    hits = standing.search(tree, Filters()).hits
    parts = explain(standing, tree, Filters(), [hit.report for hit in hits])
    for hit in hits:
        assert sum(part.score for part in parts[hit.report]) == pytest.approx(hit.score, rel=1e-4)


def test_the_sentence_with_more_of_the_words_is_shown_first(standing: TextStore) -> None:
    tree, _ = read("哪些乡镇聘请了法律顾问")
    view = standing.views([report_id("d")])[report_id("d")]
    shown = [view.original[passage.start : passage.end] for passage in find_passages(view, tree)]
    assert shown[0] == "丁镇聘请法律顾问。"


def test_narrowed_to_sections_a_question_finds_only_there(standing: TextStore) -> None:
    tree, _ = read("哪些乡镇聘请了法律顾问")
    assert standing.search(tree, Filters(section="results")).total == 3
    assert standing.search(tree, Filters(section="plan")).total == 0


PAGE = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")


def test_the_page_tells_how_its_examples_are_read() -> None:
    table = PAGE.partition("| question | asked of | about |\n")[2].partition("\n\n")[0].splitlines()[1:]
    assert len(table) > 3
    for row in table:
        question, conditions, words = (cell.strip().strip("`") for cell in row.strip("|").split("|"))
        understood = understand(question)
        assert conditions == (", ".join(part.value for part in understood.conditions) or "–"), question
        assert words == ", ".join(texts(question)), question
