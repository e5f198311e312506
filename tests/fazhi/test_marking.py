from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fazhi.explaining.marking import assign_lanes, choose_facts, mark_lines
from ingest.model import Fact, Rejection, Section


def fact(start: int, end: int, type: str = "program", id: str = "") -> Fact:
    return Fact(id=id or f"{type}-{start}-{end}", doc="d", type=type, surface="", start=start, end=end)  # type: ignore[arg-type]


TEXTS = st.text(alphabet="甲乙。 \n\r<&\t\u2028", max_size=60)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=8), st.tuples(st.integers(0, 60), st.integers(1, 20)))
def test_pieces_carry_exactly_the_facts_that_lie_over_them(text: str, spans: list[tuple[int, int]], pointed: tuple[int, int]) -> None:
    facts = [fact(start, min(start + length, len(text)), id=str(number)) for number, (start, length) in enumerate(spans) if start < len(text)]
    span = (pointed[0], min(pointed[0] + pointed[1], len(text)))
    lines = mark_lines(text, facts, (), span if span[0] < span[1] else None)
    shown = set()
    for line in lines:
        for piece in line.pieces:
            assert text[piece.start : piece.start + len(piece.text)] == piece.text
            for offset in range(piece.start, piece.start + len(piece.text)):
                assert offset not in shown
                shown.add(offset)
                assert {one.id for one in piece.facts} == {one.id for one in facts if one.start <= offset < one.end}
                assert piece.pointed == (span[0] <= offset < span[1])
    assert {offset for offset, character in enumerate(text) if not character.isspace()} <= shown


def test_crossing_facts_are_cut_where_they_cross() -> None:
    (line,) = mark_lines("甲乙丙丁", [fact(0, 3), fact(1, 4, "metric")], ())
    assert [(piece.text, len(piece.facts)) for piece in line.pieces] == [("甲", 1), ("乙丙", 2), ("丁", 1)]


def test_the_shortest_fact_comes_first() -> None:
    (line,) = mark_lines("甲乙丙丁", [fact(0, 4, "body"), fact(1, 2, "place")], ())
    assert [piece.facts[0].type for piece in line.pieces] == ["body", "place", "body"]


def test_the_line_of_a_heading_has_its_level() -> None:
    sections = (Section(kind="results", start=2, end=9, heading="一、甲", level=1), Section(kind="results", start=6, end=9, heading="（一）", level=2))
    assert [line.level for line in mark_lines("题\n一、甲\n（一）\n文", [], sections)] == [0, 1, 2, 0]


def test_relations_show_only_when_asked_for() -> None:
    facts = [fact(0, 1), fact(0, 9, "relation")]
    assert [one.type for one in choose_facts(facts, ())] == ["program"]
    assert [one.type for one in choose_facts(facts, ("relation",))] == ["relation"]


SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 12)), max_size=4)


@given(SPANS)
def test_facts_on_the_same_character_have_lanes_of_their_own(spans: list[tuple[int, int]]) -> None:
    text = "甲乙丙丁\n戊己庚辛壬癸\n子丑寅卯辰巳午未"
    facts = [fact(start, min(start + length, len(text)), id=str(number)) for number, (start, length) in enumerate(spans) if start < len(text)]
    lines = mark_lines(text, facts, ())
    lanes = assign_lanes(lines)
    for line in lines:
        for piece in line.pieces:
            taken = [lanes[one.id] for one in piece.facts]
            assert len(set(taken)) == len(taken)


def test_a_longer_fact_lies_below_what_stands_in_it() -> None:
    facts = [fact(0, 8, "document"), fact(1, 3, "place"), fact(4, 6, "date"), fact(8, 9, "metric")]
    assert assign_lanes(mark_lines("甲乙丙丁戊己庚辛壬", facts, ())) == {"document-0-8": 1, "place-1-3": 0, "date-4-6": 0, "metric-8-9": 0}


@given(TEXTS, SPANS)
def test_rejected_characters_are_told_apart(text: str, spans: list[tuple[int, int]]) -> None:
    rejections = [
        Rejection(type="place", surface="", start=start, end=min(start + length, len(text)), rule="r", reason="a slogan")
        for start, length in spans
        if start < len(text)
    ]
    for line in mark_lines(text, [], (), rejections=rejections):
        starts = {piece.start for piece in line.pieces}
        for piece in line.pieces:
            for offset in range(piece.start, piece.start + len(piece.text)):
                assert piece.rejected == any(one.start <= offset < one.end for one in rejections)
                if any(one.start == offset for one in rejections):
                    assert offset in starts


def test_headings_in_great_number_take_no_long_time() -> None:
    text = "一、甲\n" * 20_000
    sections = [Section(kind="results", start=start, end=start + 4, heading="一、甲", level=1) for start in range(0, len(text), 4)]
    assert len(mark_lines(text, [], sections)) == 20_000
