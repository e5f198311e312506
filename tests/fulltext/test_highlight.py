from __future__ import annotations

from itertools import pairwise

import pytest
from fulltext_corpus import change
from hypothesis import given, settings
from hypothesis import strategies as st

from fulltext.highlight import Passage, find_passages
from fulltext.query import parse
from fulltext.sentences import View, build_view
from fulltext.store import Filters
from ingest.model import Analysis, Frame


def view(*parts: tuple[str, str, str | None], programs: tuple[str, ...] = ()) -> View:
    item = change("a", parts, programs=programs).item
    assert item
    return build_view(item.text, item.analysis)


def shown(seen: View, passages: tuple[Passage, ...]) -> list[tuple[str, list[str]]]:
    return [(seen.original[passage.start : passage.end], [seen.original[start:end] for start, end in passage.matches]) for passage in passages]


def ask(seen: View, query: str, **filters: str) -> list[tuple[str, list[str]]]:
    return shown(seen, find_passages(seen, parse(query), Filters(**filters)))  # type: ignore[arg-type]


PLAIN = view(
    ("heading", "甲乙镇法治政府建设报告", None),
    ("results", "聘请法律顾问一名。", "done"),
    ("results", "法律服务有顾问，也有宣传。", "done"),
    ("plan", "明年继续聘请法律顾问。", "planned"),
)


def test_exact_characters_are_enough() -> None:
    assert ask(PLAIN, "聘请法律顾问") == [("聘请法律顾问一名。", ["聘请法律顾问"]), ("明年继续聘请法律顾问。", ["聘请法律顾问"])]


def test_words_show_where_the_run_does_not_stand() -> None:
    assert ("法律服务有顾问，也有宣传。", ["顾问", "宣传"]) in ask(PLAIN, "宣传顾问")


def test_quoted_text_is_not_shown_by_its_words() -> None:
    assert ask(PLAIN, '"法律服务有顾问"') == [("法律服务有顾问，也有宣传。", ["法律服务有顾问"])]


def test_section_confines_passages() -> None:
    assert ask(PLAIN, "section:plan 法律顾问") == [("明年继续聘请法律顾问。", ["法律顾问"])]


def test_modality_filter_confines_passages() -> None:
    assert ask(PLAIN, "法律顾问", modality="planned") == [("明年继续聘请法律顾问。", ["法律顾问"])]


def test_what_is_not_wanted_is_not_shown() -> None:
    assert ask(PLAIN, "宣传 NOT 顾问") == [("法律服务有顾问，也有宣传。", ["宣传"])]


def test_section_alone_shows_its_first_sentences() -> None:
    assert ask(PLAIN, "section:plan") == [("明年继续聘请法律顾问。", [])]


def test_filters_without_text_show_nothing() -> None:
    assert find_passages(PLAIN, None, Filters(place="cn:35")) == ()


def test_program_shows_where_it_is_named() -> None:
    seen = view(("other", "概述。", None), ("results", "开展“法律八进”活动。", "done"), programs=("法律八进",))
    assert ask(seen, "program:法律八进") == [("开展“法律八进”活动。", ["法律八进"])]


@pytest.mark.parametrize(
    ("original", "query", "match"),
    [
        ("一年来，各中小学按照年初计划全部配备了法治副\n校长，定期到校上课。", "法治副校长", "法治副\n校长"),
        ("开展 法 治 副 校 长 工作。", "法治副校长", "法 治 副 校 长"),
        ("開展法治副校長工作。", "法治副校长", "法治副校長"),
        ("开展法治副校长工作。", "法治副校長", "法治副校长"),
        ("调解 376 件。", '"调解376件"', "调解 376 件"),
        ("调解３７６件。", "376件", "３７６件"),
        ("建设ＯＰＥＮ平台。", "open平台", "ＯＰＥＮ平台"),
        ("开展**法律八进**活动。", "法律八进", "法律八进"),
        ("法律八进、法律七进。", "法律?进", "法律八进"),
    ],
)
def test_converter_noise_does_not_hide_a_match(original: str, query: str, match: str) -> None:
    seen = build_view(original, Analysis(doc="a", frame=Frame(), sentences=((0, len(original)),)))
    assert match in [text for _, matches in ask(seen, query) for text in matches]


def test_a_number_is_not_lit_up_inside_another() -> None:
    seen = view(("other", "2025年有5名律师。", None))
    assert ask(seen, "5名") == [("2025年有5名律师。", ["5名"])]


def test_a_match_over_two_sentences_shows_both() -> None:
    seen = view(("other", "开展宣传。法治为先。", None))
    seen = build_view("开展宣传。法治为先。", Analysis(doc="a", frame=Frame(), sentences=((0, 5), (5, 10))))
    assert ask(seen, '"宣传。法治"') == [("开展宣传。法治为先。", ["宣传。法治"])]


def test_at_most_so_many_passages() -> None:
    seen = view(*[("other", f"法治{number}。", None) for number in range(9)])
    assert len(find_passages(seen, parse("法治"), limit=4)) == 4


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from("法治副校長长 \n，。“”#*１1a\u3000律顾问"), max_size=80),
    st.lists(st.integers(0, 80), max_size=8),
    st.sampled_from(["法治", "校长", '"法治副"', "法?副", "1", "a", "律顾问"]),
)
def test_spans_are_inside_the_original_and_in_order(original: str, cuts: list[int], query: str) -> None:
    bounds = sorted({0, len(original), *(cut for cut in cuts if cut < len(original))})
    analysis = Analysis(doc="a", frame=Frame(), sentences=tuple(pairwise(bounds)))
    for passage in find_passages(build_view(original, analysis), parse(query)):
        assert 0 <= passage.start < passage.end <= len(original)
        position = passage.start
        for start, end in passage.matches:
            assert position <= start < end <= passage.end
            position = end
