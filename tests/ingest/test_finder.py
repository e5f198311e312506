"""Names of places are found by their ends: as an automaton would find them, leftmost longest."""

from __future__ import annotations

import pytest
from ahocorasick_rs import AhoCorasick, MatchKind
from hypothesis import given
from hypothesis import strategies as st

from ingest.gazetteer import Finder, gazetteer

NAMES = st.lists(st.text("甲乙镇县", min_size=2, max_size=5), min_size=1, max_size=12, unique=True)


@given(NAMES, st.text("甲乙镇县，", max_size=40))
def test_as_an_automaton_finds_them(names: list[str], text: str) -> None:
    automaton = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)
    assert Finder(set(names)).find(text) == [(names[index], start, end) for index, start, end in automaton.find_matches_as_indexes(text)]


@pytest.mark.parametrize("drawn", range(3))
def test_all_names_of_the_register_in_a_row(drawn: int) -> None:
    names = list(gazetteer().names)
    text = "".join(name[drawn % 2 :] for name in names[drawn::3])
    automaton = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest)
    assert gazetteer().find_names(text) == [(names[index], start, end) for index, start, end in automaton.find_matches_as_indexes(text)]
