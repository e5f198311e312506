from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulltext.characters import keyword
from fulltext.suggest import Entry, SuggestIndex, _is_one_off, iter_vocabulary, suggest

ENTRIES = [
    Entry("法律进机关", "program", "program:法律进机关", 2.0),
    Entry("法律八进", "program", "program:法律八进", 2.0),
    Entry("普法八进", "program", "program:法律八进", 1.0, "法律八进"),
    Entry("调解成功率", "indicator", "mediation_success_rate"),
    Entry("重庆市", "place", "cn:50"),
    Entry("泉州市", "place", "cn:3505"),
    Entry("110联动", "program", "program:110联动"),
]
INDEX = SuggestIndex(ENTRIES)


def names(prefix: str, limit: int = 10) -> list[str]:
    return [entry.name for entry in INDEX.suggest(prefix, limit)]


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("法律", ["法律八进", "法律进机关"]),
        ("法律進", ["法律进机关"]),
        ("fljj", ["法律进机关"]),
        ("FLJ", ["法律进机关"]),
        ("falvb", ["法律八进"]),
        ("fa'lv jin", ["法律进机关"]),
        ("tiaojie", ["调解成功率"]),
        ("chongqing", ["重庆市"]),
        ("qz", ["泉州市"]),
        ("110", ["110联动"]),
        ("ｑｚ", ["泉州市"]),
        ("", []),
        ("　", []),
        ("xyz", []),
    ],
)
def test_prefix_pinyin_and_initials(prefix: str, found: list[str]) -> None:
    assert names(prefix) == found


def test_a_thing_comes_once_by_the_name_that_fits() -> None:
    assert [(entry.name, entry.alias_of) for entry in INDEX.suggest("普法")] == [("普法八进", "法律八进")]


def test_at_most_so_many() -> None:
    assert len(names("法", 1)) == 1


def test_vocabulary_is_there() -> None:
    index = SuggestIndex(iter_vocabulary())
    assert "法律进机关" in [entry.name for entry in index.suggest("fljj", 20)]
    assert {entry.kind for entry in index.suggest("tj", 50)} >= {"indicator"}
    began = time.perf_counter()
    for prefix in ("f", "falv", "fljj", "法", "tiaojie"):
        index.suggest(prefix)
    assert time.perf_counter() - began < 5 * 0.02


@given(st.lists(st.text("法律进机关八", min_size=1, max_size=5), min_size=1, max_size=8), st.text("法律进机关八", min_size=1, max_size=3))
def test_every_name_with_the_prefix_is_found(found: list[str], prefix: str) -> None:
    entries = [Entry(name, "program", name) for name in found]
    assert {entry.name for entry in suggest(prefix, entries, 50)} == {name for name in found if name.startswith(prefix)}


@pytest.mark.parametrize(
    ("typed", "meant"), [("法律把进", "法律八进"), ("法律八近", "法律八进"), ("法制八进", "法治八进"), ("法律八", "法律八进"), ("法律八八进", "法律八进")]
)
def test_what_is_read_or_written_alike_is_near(typed: str, meant: str) -> None:
    assert meant in SuggestIndex(iter_vocabulary()).near(typed, limit=20)


def test_names_one_character_apart_are_found_as_by_comparing_all() -> None:
    index = SuggestIndex(iter_vocabulary())
    names = sorted(set(index._names))
    for number, name in enumerate(names[::7]):
        place = number % len(name)
        for typed in (name[:place] + name[place + 1 :], name[:place] + "镇" + name[place:], name[:place] + "镇" + name[place + 1 :]):
            if len(typed) > 2:
                near = {keyword(one) for one in index.near(typed, limit=1_000)}
                assert {one for one in names if one != typed and abs(len(one) - len(typed)) <= 1 and _is_one_off(one, typed)} <= near


def test_nothing_is_near_what_is_like_nothing() -> None:
    index = SuggestIndex(iter_vocabulary())
    assert index.near("黄梅戏曲艺术") == []
    assert index.near("进") == []
    assert "法律八进" not in index.near("法律八近", "place")
