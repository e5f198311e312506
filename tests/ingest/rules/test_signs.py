"""The words that patterns are looked for by: a pattern must find with them what it finds without."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.rules import events, platforms, programs, quotes
from ingest.rules.signs import Signs, iter_at, iter_near

_TREES = Signs("松 柏树 树林")


def spans(matches):
    return [match.span() for match in matches]


def texts_of(pattern):
    """Texts in which the pattern matches, and nearly does, one behind the other."""
    matching = st.from_regex(pattern.pattern)
    return st.lists(matching | st.sampled_from(["。", "“", "”", "、", "的", "在", "制度", "行动", "法治", "1"]), min_size=6, max_size=16).map("".join)


def test_words_come_by_position_and_overlapping_ones_once():
    assert _TREES.spans("柏树林边有松，松下有树林") == [(0, 2), (5, 6), (7, 8), (10, 12)]
    assert _TREES.starts("柏树林") == [0, 1]
    assert _TREES.spans("无") == []


def test_a_pattern_is_tried_only_around_its_words():
    two = re.compile("..")
    assert [match.group() for match in iter_near(two, _TREES, "甲乙丙松丁戊己庚辛", 1, 1)] == ["丙松"]
    assert [match.group() for match in iter_near(two, _TREES, "甲松乙松丙丁", 1, 1)] == ["甲松", "乙松"]
    assert list(iter_near(two, _TREES, "甲乙丙丁", 1, 1)) == []


@pytest.mark.parametrize(
    ("pattern", "signs", "examples"),
    [
        (programs._SUFFIX, programs._SUFFIX_SIGNS, 500),
        (programs._ENTERS, programs._ENTERS_SIGNS, 100),
        (programs._PARTS, programs._PARTS_SIGNS, 25),
        (events._MEETING, events._MEETING_SIGNS, 100),
        (quotes._QUOTED, quotes._QUOTED_SIGNS, 50),
    ],
    ids=["suffix", "enters", "parts", "meeting", "quoted"],
)
def test_a_pattern_begins_with_one_of_its_words(pattern, signs, examples):
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(texts_of(pattern))
    def check(text):
        assert spans(iter_at(pattern, signs, text)) == spans(pattern.finditer(text))

    check()


def test_what_a_platform_may_begin_with_leaves_none_out():
    everywhere = re.compile(platforms._UNQUOTED.pattern.removeprefix(platforms._MAY_BEGIN))
    assert everywhere.pattern != platforms._UNQUOTED.pattern

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(texts_of(everywhere))
    def check(text):
        assert spans(platforms._UNQUOTED.finditer(text)) == spans(everywhere.finditer(text))

    check()
