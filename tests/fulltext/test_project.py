from __future__ import annotations

import pytest
from fulltext_corpus import change
from hypothesis import given
from hypothesis import strategies as st

from fulltext.characters import fold, normal, pairs
from fulltext.project import place_chain, project
from fulltext.scope import iter_pieces
from fulltext.sentences import build_view
from ingest.model import Analysis, Frame


def row(*parts: tuple[str, str, str | None], **more: object):  # type: ignore[no-untyped-def]
    item = change("a", parts, **more).item  # type: ignore[arg-type]
    assert item
    return project(item)


@pytest.mark.parametrize(
    ("place", "path", "chain"),
    [
        (
            "cn:350524/参内镇",
            ("福建省", "泉州市", "安溪县", "参内镇"),
            {"province": "cn:35", "prefecture": "cn:3505", "county": "cn:350524", "township": "cn:350524/参内镇"},
        ),
        ("cn:500229/巴山镇", ("重庆市", "城口县", "巴山镇"), {"province": "cn:50", "county": "cn:500229", "township": "cn:500229/巴山镇"}),
        (
            "cn:530423/?1a2b3c4d",
            ("云南省", "玉溪市", "通海县"),
            {"province": "cn:53", "prefecture": "cn:5304", "county": "cn:530423", "township": "cn:530423/?1a2b3c4d"},
        ),
        ("cn:500229/?1a2b3c4d", ("重庆市", "城口县"), {"province": "cn:50", "county": "cn:500229", "township": "cn:500229/?1a2b3c4d"}),
        (
            "cn:350524/参内镇/湾美社区",
            ("福建省", "泉州市", "安溪县", "参内镇", "湾美社区"),
            {"province": "cn:35", "prefecture": "cn:3505", "county": "cn:350524", "township": "cn:350524/参内镇", "village": "cn:350524/参内镇/湾美社区"},
        ),
        ("cn:4419/虎门镇", ("广东省", "东莞市", "虎门镇"), {"province": "cn:44", "prefecture": "cn:4419", "township": "cn:4419/虎门镇"}),
        ("cn:3505", ("福建省", "泉州市"), {"province": "cn:35", "prefecture": "cn:3505"}),
        ("cn:35", ("福建省",), {"province": "cn:35"}),
        (None, (), {}),
    ],
)
def test_chain_of_a_place(place: str | None, path: tuple[str, ...], chain: dict[str, str]) -> None:
    assert place_chain(place, path, None) == chain


def test_a_sentence_stands_in_the_cell_of_its_section_and_modalities() -> None:
    cells = row(("results", "设立调解室。", "done"), ("plan", "继续宣传。", None)).cells
    assert set(cells) == {"", "own", "results/done", "plan/"}  # the helper's fact is an event, which makes a sentence the place's own
    assert cells["results/done"].words == "设立 调解 室"
    assert cells["plan/"].words == "继续 宣传"


def test_the_innermost_section_counts() -> None:
    item = change("a", [("results", "设立调解室。", None)]).item
    assert item
    nested = item.analysis.sections[0].__class__(kind="plan", start=0, end=6)
    analysis = Analysis(doc="a", frame=Frame(), sections=(*item.analysis.sections, nested), sentences=item.analysis.sentences)
    assert [sentence.section for sentence in build_view(item.text, analysis).sentences] == ["plan"]


def test_text_between_sentences_is_not_lost() -> None:
    original = "开头。调解室。结尾。"
    sentences = build_view(original, Analysis(doc="a", frame=Frame(), sentences=((3, 7),))).sentences
    assert [(sentence.start, sentence.end) for sentence in sentences] == [(0, 3), (3, 7), (7, 10)]


def test_either_script_is_indexed_simplified() -> None:
    assert row(("other", "設立調解室。", None)).cells[""] == row(("other", "设立调解室。", None)).cells[""]


def test_programs_are_found_by_name_and_id() -> None:
    assert row(("other", "开展法律八进。", None), programs=["法律八进"]).programs == ("program:法律八进", "法律八进")


def test_places_are_found_by_id_full_and_short_name() -> None:
    assert {"cn:35", "cn:3505", "cn:350524", "cn:350524/甲乙镇", "泉州市", "泉州", "甲乙镇"} <= set(row(("other", "法治。", None)).places)


@given(st.text(max_size=40))
def test_the_nth_pair_begins_with_the_nth_character(text: str) -> None:
    squeezed = "".join(fold(text).split())
    found = pairs(squeezed).split(" ") if len(squeezed) > 1 else []
    assert [pair[0] for pair in found] == list(squeezed[:-1])


@given(st.text(max_size=60))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(max_size=40))
def test_a_query_is_compared_as_a_report_is(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(st.text("甲乙丙丁", min_size=1, max_size=12), st.sets(st.integers(1, 10)))
def test_pieces_cover_all_but_the_gaps(text: str, gaps: set[int]) -> None:
    inside = tuple(sorted(gap for gap in gaps if gap < len(text) - 1))
    covered = {offset + index: character for offset, piece in iter_pieces(text, inside) for index, character in enumerate(piece)}
    assert covered == {index: character for index, character in enumerate(text) if index not in inside}
