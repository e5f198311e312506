"""Each server beside the embedded engine, with the same reports: the same hits, order, scores, counts and passages."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from fulltext_corpus import change
from text_engines import Place

import fazhi
from archive.model import Change
from fulltext.explaining import explain
from fulltext.highlight import find_passages
from fulltext.query import Query, parse
from fulltext.store import Facet, Filters, Hit, Sort, TextStore
from ingest.segment import search_words

EXAMPLES = Path(__file__).parents[2] / "examples" / "corpus"
FACETS: tuple[Facet, ...] = ("province", "prefecture", "county", "township", "year", "level", "program", "body", "indicator", "section", "modality")
CLOSE = 1e-5  # scores are sums of 4-byte floats, added up in another order

QUERIES = [
    "法治",
    "法律顾问",
    "法治政府建设",
    "人民调解 矛盾纠纷",
    "法律明白人 OR 法律顾问",
    "调解 NOT 法律顾问",
    "NOT 调解",
    '"矛盾纠纷"',
    '"依法行政"',
    '"推进法治政府建设"',
    '"镇"',
    "镇",
    "，",
    '"，全"',
    "title:法治政府",
    'title:"情况报告"',
    "title:(法治 OR 报告) 调解",
    "section:plan 法治",
    "section:results 调解",
    "modality:done 法律",
    "modality:planned (普法 OR 法治)",
    "section:problems",
    "section:plan NOT 法治",
    "year:2022 法治",
    "year:[2021 TO 2023]",
    "place:海阳镇 法治",
    "法律進校園 OR 普法",
    "(普法 OR 学法) (考试 OR 培训) NOT 信访",
    "依法 OR title:2022 OR year:2023",
    '"社区社区"',
    '"镇镇"',
    "法?政府",
    "法治*建设",
    "人?调解",
    "?法?治?",
    "依法*政",
    "title:法*政府",
    "section:plan 法*设",
    "modality:done 人*调解",
    "法*治 OR 普法",
    '"调解 矛盾"~8',
    '"普法 法治 宣传"~12',
    'section:results "法律 调解"~9',
    "body:司法所 调解",
    "indicator:调解矛盾纠纷数",
]
FILTERS = [
    Filters(),
    Filters(place="cn:34"),
    Filters(from_year=2021, to_year=2022),
    Filters(level="township", section="results"),
    Filters(modality="done"),
    Filters(section="plan", modality="planned"),
    Filters(place="cn:34", program="法律明白人"),
]


class Pair(NamedTuple):
    embedded: TextStore
    server: TextStore


def invent(count: int) -> list[Change]:
    """Reports of sentences put together by chance, with words in very different numbers of them."""
    chance = random.Random(7)
    subjects = ["社区社区", "本镇镇", "镇党委", "司法所", "各村", "派出所", "綜治中心", "社区"]
    verbs = ["开展", "推进", "组织", "完善", "落實", "打算建立", "继续加强"]
    things = ["法治政府建设", "法律顾问制度", "人民调解", "普法宣传", "法律八进", "矛盾纠纷排查", "依法行政", "ＡＢ平台", "3.5万元经费", "法治副校长", "信访"]
    kinds = ["results", "results", "problems", "plan", "other", "responsibility"]
    made = []
    for number in range(count):
        parts = [
            (
                chance.choice(kinds),
                "".join(
                    f"{chance.choice(subjects)}{chance.choice(verbs)}{chance.choice(things[: 2 + number % 10])}{chance.choice('，、')}"
                    for _ in range(chance.randint(1, 4))
                ).rstrip("，、")
                + "。",
                chance.choice([None, "done", "done", "ongoing", "planned"]),
            )
            for _ in range(chance.randint(1, 12))
        ]
        county, town = chance.choice([("cn:341022", "甲镇"), ("cn:341022", "乙乡"), ("cn:350524", "丙镇"), ("cn:500229", "丁镇")])
        made.append(
            change(
                f"invented-{number}",
                parts,
                year=chance.choice([None, 2020, 2021, 2022, 2023]),
                place=f"{county}/{town}",
                path=("某省", "某市", "某县", town),
                title=chance.choice([None, f"{town}法治政府建设情况报告", f"{town}2022年报告"]),
                programs=["法律八进"],
            )
        )
    return made


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Change]:
    """The example corpus as the pipeline reads it, and invented reports."""
    with fazhi.open(tmp_path_factory.mktemp("home")) as space:
        space.ingest([EXAMPLES])
        return [*space.archive.changes(), *invent(80)]


@pytest.fixture(scope="module", params=[pytest.param(name, marks=pytest.mark.servers) for name in ("elasticsearch", "elasticsearch9")])
def pair(request: pytest.FixtureRequest, places: Callable[[str], Place], reports: Sequence[Change]) -> Iterator[Pair]:
    opened = Pair(places("embedded").open(), places(request.param).open())
    for store in opened:
        store.apply(reports)
    yield opened
    for store in opened:
        store.close()


def in_ties(hits: Sequence[Hit]) -> list[set[str]]:
    """Reports in order, those of the same score together."""
    groups: list[tuple[float, set[str]]] = []
    for hit in hits:
        if groups and abs(groups[-1][0] - hit.score) <= CLOSE * max(abs(hit.score), 1.0):
            groups[-1][1].add(hit.report)
        else:
            groups.append((hit.score, {hit.report}))
    return [reports for _, reports in groups]


def passages(store: TextStore, query: Query | None, filters: Filters, hits: Sequence[Hit]) -> dict[str, object]:
    views = store.views([hit.report for hit in hits])
    return {report: find_passages(view, query, filters) for report, view in views.items()}


@pytest.mark.parametrize("filters", FILTERS, ids=repr)
@pytest.mark.parametrize("text", QUERIES)
def test_hits_scores_counts_and_passages(pair: Pair, text: str, filters: Filters) -> None:
    query = parse(text)
    ours, theirs = (store.search(query, filters, size=1_000, facets=FACETS) for store in pair)
    assert theirs.total == ours.total
    assert theirs.facets == ours.facets
    scores = {hit.report: hit.score for hit in ours.hits}
    assert {hit.report: hit.score for hit in theirs.hits} == pytest.approx(scores, rel=CLOSE)
    assert in_ties(theirs.hits) == in_ties(ours.hits)
    assert passages(pair.server, query, filters, theirs.hits[:10]) == passages(pair.embedded, query, filters, theirs.hits[:10])


@pytest.mark.parametrize("sort", ["year", "-year", "place", "score"])
@pytest.mark.parametrize("text", [None, "调解", "year:[2021 TO 2023]"])
def test_pages_in_every_order(pair: Pair, sort: Sort, text: str | None) -> None:
    query = parse(text) if text else None
    walked = []
    for store in pair:
        hits: list[Hit] = []
        while page := store.search(query, Filters(), sort=sort, size=7, cursor=hits[-1].cursor if hits else None).hits:
            hits += page
        walked.append(hits)
    if sort == "score" and text == "调解":
        assert in_ties(walked[0]) == in_ties(walked[1])
    else:
        assert [hit.report for hit in walked[0]] == [hit.report for hit in walked[1]]


def test_a_cursor_of_one_engine_is_read_by_the_other(pair: Pair) -> None:
    query = parse("法律顾问 OR 普法")
    whole = [hit.report for hit in pair.embedded.search(query, Filters(), sort="place", size=1_000).hits]
    for first, second in (pair, reversed(pair)):
        page = first.search(query, Filters(), sort="place", size=9)
        assert [hit.report for hit in second.search(query, Filters(), sort="place", size=1_000, cursor=page.hits[-1].cursor).hits] == whole[9:]


def test_fingerprints_counts_and_views(pair: Pair, reports: Sequence[Change]) -> None:
    assert list(pair.server.fingerprints()) == list(pair.embedded.fingerprints())
    assert list(pair.server.counts()) == list(pair.embedded.counts())
    ids = [each.report for each in reports]
    assert pair.server.views(ids) == pair.embedded.views(ids)


def test_facets_cut_at_the_same_value(pair: Pair) -> None:
    for size in (1, 2, 3, 5):
        assert (
            pair.server.search(None, Filters(), facets=FACETS, facet_size=size, size=0).facets
            == pair.embedded.search(None, Filters(), facets=FACETS, facet_size=size, size=0).facets
        )


def test_counts_of_words_and_of_who_says_a_sentence(pair: Pair, reports: Sequence[Change]) -> None:
    views = pair.embedded.views([each.report for each in reports])
    keys = sorted({sentence.key for view in views.values() for sentence in view.sentences if sentence.key})
    assert len(keys) > 500  # more than one request holds
    assert pair.server.said_by(keys) == pair.embedded.said_by(keys)
    words = sorted({word for view in views.values() for word, _, _ in search_words(view.folded)})
    assert pair.server.frequencies(words) == pair.embedded.frequencies(words)
    asked = parse("调解"), Filters(from_year=2021)
    assert pair.server.frequencies(words, *asked) == pair.embedded.frequencies(words, *asked)
    assert set(pair.embedded.said_by(keys).values()) != {1}
    told = pair.server.said_otherwise(10_000)
    assert told is not None
    assert {key: told.get(key, 1) for key in keys} == pair.embedded.said_by(keys)


def test_explanations(pair: Pair) -> None:
    for text in ("法律顾问", "人民调解 矛盾纠纷", "section:plan 法治", "法*治 OR 普法"):
        query = parse(text)
        reports = [hit.report for hit in pair.embedded.search(query, Filters(), size=5).hits]
        ours, theirs = (explain(store, query, Filters(), reports) for store in pair)
        for report in reports:
            assert {(part.text, part.kind, part.where): part.score for part in theirs[report]} == pytest.approx(
                {(part.text, part.kind, part.where): part.score for part in ours[report]}, rel=1e-4
            )
