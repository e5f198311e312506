from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fazhi.errors import Invalid
from fulltext.narrow import narrow
from fulltext.query import MAX_CHARACTERS, And, Has, Keyword, Not, Or, Phrase, Term, Title, Within, Years, parse, ranks
from fulltext.store import Filters

ADVISER = Term("法律顾问", ("法律顾问",))
LAW = Term("法治", ("法治",))


def test_bare_text_is_its_words_and_itself() -> None:
    assert parse("法律八进") == Term("法律八进", ("法律", "八进"))


def test_blank_means_and() -> None:
    assert parse("法律顾问 法治") == And((ADVISER, LAW))


@pytest.mark.parametrize(
    "query",
    [
        "法律顾问 OR 法治",
        "法律顾问 或 法治",
        "法律顾问　ＯＲ　法治",
        "（法律顾问 OR 法治）",
        "(法律顾问)或(法治)",
        "法律顾问||法治",
        "法律顾问｜｜法治",
        "(法律顾问)||法治",
    ],
)
def test_or_in_every_writing(query: str) -> None:
    assert parse(query) == Or((ADVISER, LAW))


@pytest.mark.parametrize(
    "query",
    [
        "法律顾问 NOT 法治",
        "法律顾问 非 法治",
        "法律顾问 -法治",
        "法律顾问 AND NOT 法治",
        "法律顾问 与 非 法治",
        "法律顾问 !法治",
        "法律顾问 ！法治",
        "法律顾问&&!法治",
    ],
)
def test_not_in_every_writing(query: str) -> None:
    assert parse(query) == And((ADVISER, Not(LAW)))


def test_not_before_a_word_a_group_or_a_quote() -> None:
    assert parse("!法律顾问") == Not(ADVISER)
    assert parse("!(法律顾问 法治)") == Not(And((ADVISER, LAW)))
    assert parse("法律顾问 || !“法治”") == Or((ADVISER, Not(Phrase("法治"))))


@pytest.mark.parametrize(
    "query", ["法律顾问！ 法治", "法律顾问！法治", "法律顾问!法治", "法律顾问 ! 法治", "法律顾问 法治！", "法律顾问 &法治", "法律顾问&&法治"]
)
def test_an_exclamation_mark_after_a_word_is_no_operator(query: str) -> None:
    assert parse(query) == And((ADVISER, LAW))


def test_operator_characters_inside_words_are_text() -> None:
    assert parse("与会人员") == Term("与会人员", ("与会", "人员"))


@pytest.mark.parametrize("query", ['"法治副校长"', "“法治副校长”", "「法治副校长」", "＂法治副校长＂", '"法治 副校长"', "“法治副校長”"])
def test_quotes_are_exact_characters(query: str) -> None:
    assert parse(query) == Phrase("法治副校长")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('"坚持“枫桥经验”"', "坚持“枫桥经验”"),
        ("＂坚持“枫桥经验”＂", "坚持“枫桥经验”"),
        ('"“八五”普法 “法律八进”"', "“八五”普法“法律八进”"),
        ("“坚持“枫桥经验””", "坚持“枫桥经验”"),
        ("「坚持“枫桥经验”」", "坚持“枫桥经验”"),
    ],
)
def test_quotes_inside_quotes_are_part_of_the_phrase(query: str, text: str) -> None:
    assert parse(query) == Phrase(text)


@pytest.mark.parametrize("query", ["“法律顾问“ “法治“", '"法律顾问” “法治"', '"法律顾问” "法治"', "”法律顾问” ”法治”", "「法律顾问” “法治」"])
def test_quotes_that_keyboards_mix_end_at_the_next_one(query: str) -> None:
    assert parse(query) == And((Phrase("法律顾问"), Phrase("法治")))


def test_either_script_gives_the_same_tree() -> None:
    assert parse("法治政府建設") == parse("法治政府建设")


def test_blank_binds_less_than_or() -> None:
    assert parse("法治 法律顾问 OR 法治") == And((LAW, Or((ADVISER, LAW))))


def test_punctuation_parts_words() -> None:
    assert parse("法律顾问，法治。") == And((ADVISER, LAW))


def test_question_mark_at_the_end_is_no_wildcard() -> None:
    assert parse("法治？") == parse("法治?") == LAW


def test_one_free_character() -> None:
    assert parse("法律?进") == parse("法律？进") == Phrase("法律?进", (2,))


def test_star_is_up_to_five_characters() -> None:
    tree = parse("法律*进")
    assert isinstance(tree, Or) and [clause.gaps for clause in tree.clauses if isinstance(clause, Phrase)] == [
        (),
        (2,),
        (2, 3),
        (2, 3, 4),
        (2, 3, 4, 5),
        (2, 3, 4, 5, 6),
    ]


def test_star_at_an_end_is_idle() -> None:
    assert parse("法律*") == Phrase("法律")


def test_proximity_is_in_either_order_and_up_to_the_distance() -> None:
    assert parse('"调解 网格"~1') == Or((Phrase("调解网格"), Phrase("网格调解"), Phrase("调解?网格", (2,)), Phrase("网格?调解", (2,))))


def test_proximity_joins_each_part_with_the_next() -> None:
    assert parse('"调解 网格 信访"~2') == And((parse('"调解 网格"~2'), parse('"网格 信访"~2')))  # type: ignore[arg-type]


@pytest.mark.parametrize("query", ["“调解　网格”～１", '"調解 網格"~1', "「调解 网格」~1"])
def test_proximity_in_every_writing(query: str) -> None:
    assert parse(query) == parse('"调解 网格"~1')


@pytest.mark.parametrize(
    ("query", "years"),
    [
        ("year:2023", Years(2023, 2023)),
        ("年份：2023年", Years(2023, 2023)),
        ("year:[2021 TO 2023]", Years(2021, 2023)),
        ("year:［2021 至 2023］", Years(2021, 2023)),
        ("year:{2020 TO 2024}", Years(2021, 2023)),
        ("year:2021-2023", Years(2021, 2023)),
        ("year:>=2021", Years(2021, None)),
        ("year:<2021", Years(None, 2020)),
    ],
)
def test_years(query: str, years: Years) -> None:
    assert parse(query) == years


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("place:cn:3508", Keyword("place", "cn:3508")),
        ('place:"cn:350524/甲乙镇"', Keyword("place", "cn:350524/甲乙镇")),
        ("地点：泉州市", Keyword("place", "泉州市")),
        ("program:法律八進", Keyword("program", "法律八进")),
        ("body:司法所", Keyword("body", "司法所")),
        ("机构：body:cn:350524/参内镇司法所", Keyword("body", "body:cn:350524/参内镇司法所")),
        ("indicator:調解矛盾糾紛數", Keyword("indicator", "调解矛盾纠纷数")),
        ("指标:indicator:disputes_mediated", Keyword("indicator", "indicator:disputes_mediated")),
        ("level:乡镇", Keyword("level", "township")),
        ("title:法治", Title(LAW)),
        ("section:plan", Has(sections=("plan",))),
        ("modality:planned", Has(modalities=("planned",))),
    ],
)
def test_fields(query: str, tree: object) -> None:
    assert parse(query) == tree


def test_section_says_where_its_neighbours_stand() -> None:
    assert parse("section:plan 法治") == And((Has(sections=("plan",)), Within(LAW, sections=("plan",))))


def test_several_sections_may_hold_the_words() -> None:
    tree = parse("section:(plan OR problems) 法治")
    assert isinstance(tree, And) and Within(LAW, sections=("plan", "problems")) in tree.clauses


def test_section_in_an_or_is_a_condition_of_its_own() -> None:
    assert parse("section:plan OR 法治") == Or((Has(sections=("plan",)), LAW))


@pytest.mark.parametrize("query", ["", "  　", "，。？", "\\", "~"])
def test_nothing_asked(query: str) -> None:
    assert parse(query) is None


@pytest.mark.parametrize(
    ("query", "position", "detail"),
    [
        ('法治 "顾问', 3, "quote"),
        ("法治 “顾问", 3, "quote"),
        ('""', 0, "nothing between"),
        ("(法治", 0, "not closed"),
        ("法治)", 2, "not opened"),
        ("()", 0, "nothing in the brackets"),
        ("AND 法治", 0, "nothing before"),
        ("法治 或", 3, "nothing after"),
        ("法治 OR OR 顾问", 6, "nothing before"),
        ("法治 NOT", 3, "nothing after"),
        ("地址:法治", 0, "no field"),
        ("year:", 0, "no value"),
        ("year:法治", 5, "no year"),
        ("level:国", 6, "no level"),
        ("section:附件", 8, "no section"),
        ("modality:done2", 9, "no modality"),
        ("place:泉*", 6, "whole value"),
        ("title:title:法治", 6, "inside a field"),
        ("title:(year:2023)", 7, "inside a field"),
        ("法治 *", 3, "wildcard stands alone"),
        ("法*治*政*府", 0, "more than two"),
        ("法治~", 2, "not offered"),
        ('法治 "调解 网格"~', 10, "no distance"),
        ('"调解 网格"~0', 7, "no distance"),
        ('"调解 网格"~21', 7, "no distance"),
        ('"调解 网格"~' + "9" * 1000, 7, "no distance"),
        ('法治 "调解网格"~5', 3, "two to 4 parts"),
        ('"一二 二三 三四 四五 五六"~5', 0, "two to 4 parts"),
        ('"调 网格"~5', 0, "too short"),
        ('program:"法律 八进"~5', 8, "whole value"),
        ('year:"2021 2022"~5', 5, "whole value"),
        ("法治^2", 2, "not offered"),
        ("[2021 TO 2023]", 0, "years only"),
        ("year:[2021", 5, "range"),
        ("(" * 21 + "法" + ")" * 21, 20, "nested"),
        (" OR ".join(["法"] * 201), 1000, "more than 200 clauses"),
        (" ".join(["法*治*府"] * 9), 48, "too many wildcards"),
        (" ".join(['"调解 网格"~20'] * 8), 77, "too many wildcards"),
        ("法" * (MAX_CHARACTERS + 1), MAX_CHARACTERS, "2,001 characters"),
    ],
)
def test_errors_say_where_and_what_cures(query: str, position: int, detail: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(query)
    assert caught.value.position == position
    assert detail in caught.value.detail
    assert caught.value.cure


def test_unknown_field_lists_the_known_ones() -> None:
    with pytest.raises(Invalid, match="place, year, program, body, section, modality, indicator, level, title"):
        parse("author:法治")


_PIECES = st.sampled_from(
    [
        *list('与或非()（）"“”:：[]{}*?~^-+/\\<> \u3000\n，!\x00😀İ'),
        *(
            "法治",
            "a",
            "1.3",
            "AND",
            "OR",
            "NOT",
            "title:",
            "year:",
            "section:",
            "place:",
            " TO ",
            "2021",
            ">=",
            "&&",
            "||",
            "!",
            "！",
            "\ud800",
            "法*治",
            "plan",
            "cn:35",
            '"调解 网格"~3',
            "~9",
            "body:",
            "indicator:",
        ),
    ]
)


@settings(max_examples=400, deadline=None)  # the first call loads dictionaries
@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=25).map("".join), st.lists(_PIECES, max_size=25).map(" ".join)))
def test_anything_typed_gives_a_tree_or_invalid(query: str) -> None:
    try:
        parse(query)
    except Invalid as error:
        assert error.cure
        assert error.position is None or 0 <= error.position <= len(query)


@pytest.mark.parametrize(
    "query",
    [
        "(" * 2000,
        "NOT " * 500 + "a",
        "-" * 1999 + "a",
        "!a " * 600,
        "“" * 2000,
        "“甲" * 1000,
        "a||" * 600,
        "a:" * 1000,
        '"' * 2000,
        "a* " * 600,
        "a OR b AND " * 150 + "c",
        "[" * 2000,
        "法" * 2000,
        "a-" * 999,
        "*" * 2000,
    ],
)
def test_hostile_queries_end_soon(query: str) -> None:
    began = time.monotonic()
    with suppress(Invalid):
        parse(query)
    assert time.monotonic() - began < 2


def test_filters_become_part_of_the_tree() -> None:
    tree = narrow(LAW, Filters(place="cn:3505", from_year=2021, level="township", program="法律八进", section="plan", modality="planned"))
    assert tree == And(
        (
            And((Has(("plan",), ("planned",)), Within(LAW, ("plan",), ("planned",)))),
            Keyword("place", "cn:3505"),
            Keyword("level", "township"),
            Keyword("program", "法律八进"),
            Years(2021, None),
        )
    )


def test_nothing_asked_stays_nothing() -> None:
    assert narrow(None, Filters()) is None


def test_unknown_section_in_a_filter_is_invalid() -> None:
    with pytest.raises(Invalid, match="no section"):
        narrow(None, Filters(section="appendix"))


def test_only_text_that_is_wanted_ranks() -> None:
    assert ranks(LAW) and ranks(And((LAW, Years(2023, 2023))))
    assert not ranks(And((Not(LAW), Years(2023, 2023))))
