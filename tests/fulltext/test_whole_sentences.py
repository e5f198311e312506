"""What makes a sentence the place's own, and what makes two sentences the same."""

from __future__ import annotations

import pytest
from ranking_corpus import TOWNS

from fulltext.highlight import find_passages
from fulltext.likeness import log_likelihood
from fulltext.project import OWN, project
from fulltext.query import parse
from fulltext.sentences import build_view, join_names, key_of

NAMES = join_names(["参内镇", "安溪县", "湾美社区"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("参内镇聘请法律顾问2名，审查合同30余份。", "聘请法律顾问十二名，审查合同126份。"),
        ("我镇坚持党建引领，推进基层治理。", "坚持党建引领 推进基层治理"),
        ("安溪县参内镇在湾美社区设立调解工作室。", "在设立调解工作室。"),
        ("本乡深入开展“法律八进”活动，效果良好。", "深入开展法律七进活动，效果良好。"),
    ],
)
def test_numbers_names_and_signs_make_no_difference(one: str, other: str) -> None:
    assert key_of(one, NAMES) == key_of(other, NAMES) != ""
    assert key_of(one, NAMES) == key_of(one.replace("，", " "), NAMES)


def test_other_words_make_another_sentence() -> None:
    assert key_of("推进法治政府建设走深走实。") != key_of("推进平安乡镇建设走深走实。")


def test_a_short_sentence_is_no_template() -> None:
    assert key_of("健全工作机制。") == ""


def test_own_is_what_only_the_place_can_know() -> None:
    own = {}
    for town in TOWNS:
        assert town.item
        view = build_view(town.item.text, town.item.analysis)
        own[town.item.document.key] = [sentence.own for sentence in view.sentences]
    assert own["town-2"] == [True, False]  # a number; a body and the place's own name are everybody's
    assert own["town-0"] == [False, False]


def test_own_sentences_stand_in_a_cell_of_their_own() -> None:
    assert TOWNS[2].item and TOWNS[0].item
    assert "合同" in project(TOWNS[2].item).cells[OWN].words
    assert "司法" not in project(TOWNS[2].item).cells[OWN].words
    assert OWN not in project(TOWNS[0].item).cells


def test_log_likelihood_is_nothing_where_chance_would_do() -> None:
    assert log_likelihood(5, 10, 50, 100) == 0
    assert log_likelihood(2, 10, 50, 100) == 0
    assert 0 < log_likelihood(6, 10, 50, 100) < log_likelihood(10, 10, 50, 100) < log_likelihood(10, 10, 10, 100)
    assert log_likelihood(10, 10, 10, 10) == 0


@pytest.mark.parametrize(
    ("query", "shown", "lit"),
    [
        ("body:司法所", "第三镇司法所调解纠纷30件。", "第三镇司法所"),
        ("body:第三镇司法所", "第三镇司法所调解纠纷30件。", "第三镇司法所"),
        ("indicator:审查合同数", "第三镇聘请律师担任法律顾问，审查合同41份。", "审查合同41份"),
    ],
)
def test_a_body_and_a_number_are_shown_where_the_report_has_them(query: str, shown: str, lit: str) -> None:
    assert TOWNS[2].item
    view = build_view(TOWNS[2].item.text, TOWNS[2].item.analysis)
    (passage,) = find_passages(view, parse(query))
    assert view.original[passage.start : passage.end] == shown
    assert [view.original[start:end] for start, end in passage.matches] == [lit]
