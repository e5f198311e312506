"""What is looked at before a pattern is tried (last and first characters, words near) never turns down what the pattern takes."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import linking, places, settlements
from ingest.rules import bodies, persons
from ingest.rules.signs import iter_at, iter_near
from ingest.rules.spans import Taken

THOROUGH = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def made_of(words: str, longest: int = 14) -> st.SearchStrategy[str]:
    """Texts put together from words that are parted by blanks."""
    return st.lists(st.sampled_from(words.split()), max_size=longest).map("".join)


def spans(matches) -> list[tuple[int, int]]:
    return [match.span() for match in matches]


@pytest.mark.parametrize(
    ("pattern", "last"),
    [
        (bodies._MODEL, bodies._MODEL_LAST),
        (bodies._LEVEL, bodies._LEVEL_LAST),
        (bodies._TRADE, bodies._TRADE_LAST),
        (bodies._COUNTED_BEFORE, bodies._COUNTED_LAST),
        (persons._COUNTED, persons._COUNTED_LAST),
    ],
    ids=["model", "level", "trade", "counted body", "counted person"],
)
def test_a_pattern_ends_with_one_of_its_last_characters(pattern, last):
    @THOROUGH
    @given(st.from_regex(pattern.pattern))
    def check(text):
        assert text[-1] in last

    check()


@pytest.mark.parametrize("last", sorted(bodies._RIGHT))
def test_what_goes_on_behind_a_head_begins_with_one_of_its_first_characters(last):
    @THOROUGH
    @given(st.from_regex(rf"\A(?:{bodies._RIGHT[last].pattern})"))
    def check(text):
        assert text[0] in bodies._RIGHT_STARTS[last]

    check()


def test_every_head_s_last_character_has_first_ones():
    assert bodies._RIGHT.keys() == bodies._RIGHT_STARTS.keys()


@THOROUGH
@given(st.from_regex(rf"\A(?:{bodies._MERGED.pattern})"))
def test_what_is_merged_with_a_body_is_looked_at(text):
    assert bodies._merged(text, 0) is not None


@THOROUGH
@given(st.from_regex(rf"\A(?:{settlements._ZONE.pattern})"))
def test_a_zone_begins_with_one_of_its_first_characters(text):
    assert text[0] in settlements._ZONE_STARTS


def test_guards_are_found_as_without_their_first_characters():
    found = bodies.heads().guards
    first, _, rest = found.pattern.partition("])")
    assert first.startswith("(?=[")
    plain = re.compile(rest)

    @THOROUGH
    @given(made_of("联合 县 在 存 线 组织 部 委员 镇 1 的 辖区 内 设 立 开 充分发挥 规范 全 面 安 由 并 等 级 充分 经由 任 务"))
    def check(text):
        assert spans(found.finditer(text)) == spans(plain.finditer(text))

    check()


@THOROUGH
@given(made_of("村 社区 小区 嘎查 民 委 矫正 域 达 长 塘坝 ， 服务 部 间"))
def test_settlements_end_as_their_pattern_says(text):
    assert spans(iter_at(settlements._SUFFIX, settlements._SUFFIX_SIGNS, text)) == spans(settlements._SUFFIX.finditer(text))


@THOROUGH
@given(made_of("在 仁 河 路 街 巷 大道 大街 步行街 集市 社 道 路 、 开 进行 为 的 镇 老 步 行 商业街", 20))
def test_sites_are_those_of_their_pattern(text):
    assert spans(places._iter_sites(text)) == spans(places._SITE.finditer(text))


@THOROUGH
@given(made_of("聘请 聘任 了 特聘 邀请 律师 聘 请 ，"))
def test_who_is_hired_is_found_as_its_pattern_says(text):
    assert spans(iter_at(persons._HIRED, persons._HIRED_SIGNS, text)) == spans(persons._HIRED.finditer(text))


@THOROUGH
@given(made_of("我 本人 名 叫 镇 ， 我叫 \n"))
def test_who_says_a_name_is_found_as_its_pattern_says(text):
    assert spans(iter_near(persons._CALLED, persons._CALLED_SIGNS, text, before=0, after=0)) == spans(persons._CALLED.finditer(text))


@THOROUGH
@given(made_of("阿 依 古 丽 · 买买提 员 由 ， 镇 艾力 肉孜", 24))
def test_transcribed_names_are_found_as_their_pattern_says(text):
    assert spans(iter_near(persons._TRANSCRIBED, persons._DOT, text, before=7, after=8)) == spans(persons._TRANSCRIBED.finditer(text))


@THOROUGH
@given(made_of("湾美 村 社区 洞头 塘坝村 ， 镇 湾美社区 居"), st.sampled_from(["湾美社区", "塘坝村", "洞头", "头村", "美社区"]))
def test_a_village_that_stands_there_may_stand_there(text, village):
    assert linking.may_stand(village, linking.village_ends(text)) >= (village in text)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6))), st.integers(0, 30), st.integers(1, 6))
def test_what_is_taken_is_touched(added, start, length):
    taken = Taken(40)
    for position, size in added:
        taken.add(position, position + size)
    assert taken.touches(start, start + length) == any(position < start + length and start < position + size for position, size in added if size)
