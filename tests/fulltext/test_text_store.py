"""What every engine does: the contract of ``fulltext.store.TextStore``, on each of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fulltext_corpus import CORPUS, change, removal
from text_engines import Place

from fazhi.errors import Conflict, Invalid
from fulltext.counting import expect
from fulltext.cursor import Cursor, write_cursor
from fulltext.project import project
from fulltext.query import Phrase, parse
from fulltext.store import Filters, Result, TextStore
from ingest.ids import report_id


@pytest.fixture
def filled(store: TextStore) -> TextStore:
    """A store of the test's own."""
    store.apply(CORPUS)
    return store


def keys(result: Result) -> str:
    names = {report_id(change.item.document.key): change.item.document.key for change in CORPUS if change.item}
    return "".join(sorted(names[hit.report] for hit in result.hits))


def ask(store: TextStore, query: str | None, **filters: object) -> str:
    return keys(store.search(parse(query) if query else None, Filters(**filters)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("法律顾问", "ac"),
        ("法律顧問", "ac"),
        ("顾问", "ac"),
        ('"聘请法律顾问"', "ac"),
        ('"聘请顾问"', ""),
        ("聘请顾问", "ac"),
        ("法律八进", "a"),
        ("法律?进", "a"),
        ("法*校长", "d"),
        ("聘请?律", "ac"),
        ("镇", "ab"),
        ('"镇"', "ab"),
        ("民情茶室 NOT 法律顾问", "b"),
        ("民情茶室 OR 副校长", "abd"),
        ("NOT 法治", "e"),
        ("title:2022年", "b"),
        ("title:法治", "a"),
        ("year:2023", "ac"),
        ("year:[2021 TO 2022]", "be"),
        ("place:泉州市", "abc"),
        ("place:泉州", "abc"),
        ("place:城口", "d"),
        ("section:plan 茶室", "a"),
        ("section:results 茶室", "b"),
        ("section:problems", "d"),
        ("modality:ongoing", "b"),
        ("modality:planned 茶室", "a"),
        ("modality:done 茶室", "b"),
        ("section:plan modality:done 茶室", ""),
        ("section:plan NOT 茶室", "b"),
        ("program:法律八进", "a"),
        ("program:program:法律八进", "a"),
        ("open data", "e"),
        ("ＯＰＥＮ", "e"),
        ("2025", "e"),
        ("3.5万元", "e"),
        ("不在这里", ""),
    ],
)
def test_what_a_query_finds(standing: TextStore, query: str, found: str) -> None:
    assert ask(standing, query) == found


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, "abcde"),
        ({"place": "cn:35"}, "abc"),
        ({"place": "cn:3505"}, "abc"),
        ({"place": "cn:350525"}, "c"),
        ({"place": "cn:350524/甲乙镇"}, "ab"),
        ({"place": "cn:350"}, ""),
        ({"from_year": 2022}, "abc"),
        ({"to_year": 2022}, "be"),
        ({"from_year": 2024, "to_year": 2020}, ""),
        ({"level": "township"}, "abcd"),
        ({"program": "法治宣传"}, "b"),
        ({"section": "plan"}, "ab"),
        ({"modality": "planned"}, "a"),
    ],
)
def test_what_filters_leave(standing: TextStore, filters: dict[str, object], found: str) -> None:
    assert ask(standing, None, **filters) == found


def test_best_hit_has_the_exact_characters_in_its_title(store: TextStore) -> None:
    store.apply(
        [
            change("words", [("other", "政府重视法治，建设道路。", None)]),
            change("text", [("other", "全面推进法治政府建设，成效明显。", None)]),
            change("title", [("other", "全面推进法治政府建设，成效明显。", None)], title="法治政府建设报告"),
        ]
    )
    hits = store.search(parse("法治政府建设"), Filters()).hits
    assert [hit.report for hit in hits] == [report_id("title"), report_id("text"), report_id("words")]


def test_facets_roll_up_and_count(standing: TextStore) -> None:
    facets = standing.search(None, Filters(), facets=("province", "prefecture", "county", "township", "year", "level", "program", "section"), size=0).facets
    assert facets["province"] == (("cn:35", 3), ("cn:50", 1))
    assert facets["prefecture"] == (("cn:3505", 3),)
    assert facets["county"] == (("cn:350524", 2), ("cn:350525", 1), ("cn:500229", 1))
    assert facets["township"] == (("cn:350524/甲乙镇", 2), ("cn:350525/丙丁乡", 1), ("cn:500229/戊己镇", 1))
    assert facets["year"] == (("2023", 2), ("2021", 1), ("2022", 1))
    assert facets["level"] == (("township", 4),)
    assert facets["program"] == (("program:法律八进", 1), ("program:法治宣传", 1))
    assert facets["section"] == (("results", 3), ("plan", 2), ("other", 1), ("problems", 1))


def test_facet_size_cuts_equal_values_in_order(standing: TextStore) -> None:
    assert standing.search(None, Filters(), facets=("county",), facet_size=2).facets["county"] == (("cn:350524", 2), ("cn:350525", 1))


@pytest.mark.parametrize(("sort", "order"), [("year", "ebacd"), ("-year", "acbed"), ("place", "bacde")])
def test_orders(standing: TextStore, sort: str, order: str) -> None:
    names = {report_id(key): key for key in "abcde"}
    found = "".join(names[hit.report] for hit in standing.search(None, Filters(), sort=sort).hits)  # type: ignore[arg-type]
    if sort != "place":  # a and c are of the same year
        order = order.replace("ac", "".join(sorted("ac", key=report_id)))
    assert found == order


@pytest.mark.parametrize("sort", ["score", "year", "-year", "place"])
@pytest.mark.parametrize("query", [None, "法治", "法*治"])
def test_pages_join_to_the_whole(store: TextStore, sort: str, query: str | None) -> None:
    store.apply([change(f"k{number}", [("other", "法治" * (number % 4 + 1) + "。", None)], year=2020 + number % 3) for number in range(37)])
    tree = parse(query) if query else None
    whole = [hit.report for hit in store.search(tree, Filters(), sort=sort, size=100).hits]  # type: ignore[arg-type]
    assert len(set(whole)) == 37
    paged: list[str] = []
    cursor = None
    while True:
        page = store.search(tree, Filters(), sort=sort, size=5, cursor=cursor)  # type: ignore[arg-type]
        assert page.total == 37
        if not page.hits:
            break
        paged += [hit.report for hit in page.hits]
        cursor = page.hits[-1].cursor
    assert paged == whole


@pytest.mark.parametrize(("query", "sort"), [("法治", "year"), ("year:2023", "score"), ("法*治", "score")])
def test_cursor_holds_when_an_earlier_report_goes(store: TextStore, query: str, sort: str) -> None:
    store.apply([change(f"k{number}", [("other", "法治。", None)]) for number in range(20)])
    first = store.search(parse(query), Filters(), sort=sort, size=10)  # type: ignore[arg-type]
    whole = store.search(parse(query), Filters(), sort=sort, size=20).hits  # type: ignore[arg-type]
    gone = next(number for number in range(20) if report_id(f"k{number}") == first.hits[3].report)
    store.rebuild([change(f"k{number}", [("other", "法治。", None)]) for number in range(20) if number != gone])
    second = store.search(parse(query), Filters(), sort=sort, size=20, cursor=first.hits[-1].cursor)  # type: ignore[arg-type]
    assert [hit.report for hit in second.hits] == [hit.report for hit in whole[10:]]


def test_every_hit_can_be_gone_on_from(standing: TextStore) -> None:
    whole = standing.search(parse("法治 OR 茶室 OR data"), Filters()).hits
    for number, hit in enumerate(whole):
        rest = standing.search(parse("法治 OR 茶室 OR data"), Filters(), cursor=hit.cursor).hits
        assert [later.report for later in rest] == [later.report for later in whole[number + 1 :]]


@pytest.mark.parametrize("cursor", ["x", "!!!", "W10", "eyJhIjoxfQ"])
def test_a_made_up_cursor_is_invalid(standing: TextStore, cursor: str) -> None:
    with pytest.raises(Invalid):
        standing.search(None, Filters(), cursor=cursor)


def test_a_cursor_of_another_order_is_invalid(standing: TextStore) -> None:
    cursor = standing.search(None, Filters(), sort="year").hits[0].cursor
    with pytest.raises(Invalid, match="another search"):
        standing.search(None, Filters(), sort="place", cursor=cursor)


def test_applying_again_changes_nothing(filled: TextStore) -> None:
    before = filled.search(None, Filters()), list(filled.fingerprints())
    filled.apply(CORPUS)
    assert (filled.search(None, Filters()), list(filled.fingerprints())) == before


def test_the_last_change_of_a_report_counts(store: TextStore) -> None:
    store.apply([CORPUS[0], removal("a"), change("a", [("other", "新的内容。", None)], fingerprint="f2")])
    assert list(store.fingerprints()) == [(report_id("a"), "f2")]
    assert store.search(parse("法律顾问"), Filters()).total == 0


def test_a_removed_report_is_gone(filled: TextStore) -> None:
    filled.apply([removal("a"), removal("never there")])
    assert ask(filled, "法律顾问") == "c"
    assert filled.statistics()["reports"] == 4


def test_fingerprints_are_in_order_of_reports(standing: TextStore) -> None:
    assert list(standing.fingerprints()) == sorted((report_id(key), "f1") for key in "abcde")


def test_answers_are_the_same_after_a_rebuild(filled: TextStore) -> None:
    def answers() -> list[Result]:
        return [filled.search(parse(query), Filters(), facets=("county", "year")) for query in ("法治", "法律顾问 OR 茶室", "year:2023")]

    before = answers()
    filled.rebuild(reversed(CORPUS))
    assert [(result.total, [hit.report for hit in result.hits], result.facets) for result in answers()] == [
        (result.total, [hit.report for hit in result.hits], result.facets) for result in before
    ]


def test_a_failed_rebuild_leaves_the_old_index(filled: TextStore, place: Place) -> None:
    def broken():  # type: ignore[no-untyped-def]
        yield CORPUS[0]
        raise RuntimeError("the archive went away")

    with pytest.raises(RuntimeError):
        filled.rebuild(broken())
    assert filled.search(None, Filters()).total == 5
    assert len(place.indexes()) == 1


def test_nothing_indexed_gives_empty_answers(place: Place) -> None:
    reader = place.open(writable=False)
    assert reader.search(parse("法治"), Filters(), facets=("year",)) == Result(hits=(), total=0, facets={"year": ()})
    assert list(reader.fingerprints()) == []
    assert reader.statistics()["reports"] == 0
    assert list(reader.counts()) == list(reader.listing()) == []
    assert reader.views(["0" * 16]) == {}
    assert list(reader.count([Phrase("法治")], Filters())) == [0]
    assert reader.said_by(["0" * 13]) == {"0" * 13: 0}
    assert place.indexes() == []


def test_a_reading_store_does_not_write(filled: TextStore, place: Place) -> None:
    with pytest.raises(Conflict, match="reading only"):
        place.open(writable=False).apply([removal("a")])
    with pytest.raises(Conflict, match="reading only"):
        place.open(writable=False).rebuild([])


def test_what_apply_wrote_outlives_a_killed_process(place: Place) -> None:
    script = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from fulltext_corpus import change
from pydantic import SecretStr
from fulltext.address import Access
from fulltext import open_store
url, user, password, prefix = sys.argv[3:]
access = Access(user=user or None, password=SecretStr(password) if password else None, prefix=prefix)
open_store(url or None, Path(sys.argv[1]), writable=True, access=access).apply([change("a", [("other", "法治。", None)])])
os.kill(os.getpid(), signal.SIGKILL)
"""
    server = place.server
    where = [server.url, server.user or "", server.password or ""] if server else ["", "", ""]
    arguments = [str(place.folder / "text"), str(Path(__file__).parent), *where, place.prefix]
    subprocess.run([sys.executable, "-c", script, *arguments], check=False, timeout=60, cwd=Path(__file__).parents[2])
    store = place.open()
    assert list(store.fingerprints()) == [(report_id("a"), "f1")]
    store.apply([removal("a")])
    assert store.search(None, Filters()).total == 0


def test_views_are_of_the_reports_asked_for(standing: TextStore) -> None:
    views = standing.views([report_id("a"), report_id("zzz")])
    assert list(views) == [report_id("a")]
    assert views[report_id("a")].original.startswith("本镇聘请法律顾问")


@pytest.mark.parametrize("size", [2, 5, 60])  # one answer of a server brings at most fifty
@pytest.mark.parametrize("sort", ["score", "year"])
def test_a_search_brings_the_views_of_its_hits_along(standing: TextStore, size: int, sort: str) -> None:
    found = standing.search(parse("法律顾问 OR 本镇"), Filters(), sort=sort, size=size, views=True)  # type: ignore[arg-type]
    plain = standing.search(parse("法律顾问 OR 本镇"), Filters(), sort=sort, size=size)  # type: ignore[arg-type]
    assert (found.hits, found.total, plain.views) == (plain.hits, plain.total, {})
    assert found.hits and found.views == standing.views([hit.report for hit in found.hits])


def test_the_same_views_however_often_they_are_asked_for(standing: TextStore) -> None:
    """Those that were shown lately are kept, and then no longer asked for."""
    every = standing.views([each.report for each in CORPUS])
    for _ in range(100):
        found = standing.search(parse("法律顾问 OR 本镇"), Filters(), views=True)
        assert found.views == {hit.report: every[hit.report] for hit in found.hits}


def test_views_are_those_of_the_present_version(filled: TextStore, place: Place) -> None:
    reader = place.open(writable=False)
    for store in (filled, reader):
        for _ in range(100):
            (before,) = store.search(parse("聘请法律顾问"), Filters(), size=1, views=True).views.values()
    assert "人民调解" not in before.original
    first = filled.search(parse("聘请法律顾问"), Filters(), size=1).hits[0].report
    key = next(each.item.document.key for each in CORPUS if each.item and each.report == first)
    for number, text in enumerate(("聘请法律顾问，人民调解。", "聘请法律顾问，社区矫正。"), 2):
        filled.apply([change(key, [("other", text, None)], fingerprint=f"f{number}")])
        reader.refresh()
        for store in (filled, reader):
            assert store.search(parse("聘请法律顾问"), Filters(), views=True).views[first].original.strip() == text
            assert store.views([first])[first].original.strip() == text


def test_several_questions_are_counted_at_once(standing: TextStore) -> None:
    asked = ["法律顾问", "聘请顾问 NOT 法律八进", '"聘请顾问"', "title:法治"]
    queries = [query for each in asked if (query := parse(each)) is not None]
    for filters in (Filters(), Filters(from_year=2022), Filters(section="results")):
        assert list(standing.count(queries, filters)) == [standing.search(query, filters, size=1).total for query in queries]
    assert sum(standing.count(queries, Filters())) > 0
    assert list(standing.count([], Filters())) == []


def test_a_cursor_far_beyond_the_end_does_no_harm(standing: TextStore) -> None:
    far = write_cursor(Cursor("report", 2**64 - 1, "f" * 16, 2**32 - 1, 1))
    assert standing.search(None, Filters(), cursor=far) == Result(hits=(), total=5)


def test_a_reader_follows_what_another_one_writes(filled: TextStore, place: Place) -> None:
    reader = place.open(writable=False)
    assert reader.search(None, Filters()).total == 5
    filled.apply([removal("a")])
    reader.refresh()
    assert reader.search(None, Filters()).total == 4
    filled.rebuild(CORPUS[:2])
    reader.refresh()
    assert reader.search(None, Filters()).total == 2
    assert len(place.indexes()) == 1
    reader.close()


def test_a_rebuild_can_be_written_on(filled: TextStore) -> None:
    filled.rebuild(CORPUS[:2])
    filled.apply([CORPUS[3], removal("a")])
    assert ask(filled, None) == "bd"


def test_a_rebuild_of_nothing_is_empty(filled: TextStore) -> None:
    filled.rebuild([])
    assert filled.search(None, Filters()).total == 0
    assert list(filled.fingerprints()) == []


def test_in_a_rebuild_the_last_change_of_a_report_counts(store: TextStore) -> None:
    store.rebuild([CORPUS[0], removal("b"), CORPUS[1], change("a", [("other", "新的内容。", None)], fingerprint="f2"), removal("b")])
    assert list(store.fingerprints()) == [(report_id("a"), "f2")]


def test_paging_goes_on_where_the_last_hit_has_gone(store: TextStore) -> None:
    changes = [change(f"k{number}", [("other", "法治" * (number + 1) + "，" * 40 + "。", None)]) for number in range(12)]
    store.apply(changes)
    whole = [hit.report for hit in store.search(parse("法治"), Filters(), size=20).hits]
    first = store.search(parse("法治"), Filters(), size=5)
    store.rebuild([change for change in changes if change.report != whole[4]])
    rest = store.search(parse("法治"), Filters(), size=20, cursor=first.hits[-1].cursor)
    assert [hit.report for hit in rest.hits] == whole[5:]


def test_a_deleted_report_leaves_no_trace(store: TextStore, place: Place, places: Callable[[str], Place], request: pytest.FixtureRequest) -> None:
    stayed = [each for each in CORPUS if each.report != report_id("a")]
    store.apply(CORPUS)
    store.apply([change("b", [("plan", "另一个版本，言及别的事。", "planned")], fingerprint="f0")])
    store.apply([removal("a"), CORPUS[1]])
    other = places(request.node.callspec.params["place"]).open()
    other.apply(list(reversed(stayed)))
    listed = list(store.listing())
    assert listed == list(other.listing())
    assert len(listed) > 100
    assert (
        list(store.counts())
        == list(other.counts())
        == [(each.report, expect(project(each.item))) for each in sorted(stayed, key=lambda each: each.report) if each.item]
    )
    other.close()


def test_words_longer_than_an_engine_keeps_are_found_whole(store: TextStore) -> None:
    first, second = "a" * 300, "a" * 299 + "b"
    store.apply([change("a", [("other", f"见{first}。", None)]), change("b", [("other", f"见{second}。", None)])])
    for query in (first, f'"{first}"'):
        assert [hit.report for hit in store.search(parse(query), Filters()).hits] == [report_id("a")]
    assert list(store.counts()) != []


def test_characters_beyond_the_first_plane_and_odd_blanks_are_text(store: TextStore) -> None:
    store.apply([change("a", [("other", "住𠮷野\u3000村\u00a0民\u2028点\x1f上\x85学\ufeff校。", None)])])
    for query in ('"𠮷野村"', '"住𠮷"', "住?野", '"村民"', "𠮷野"):
        assert store.search(parse(query), Filters()).total == 1, query
    assert store.search(parse('"住野"'), Filters()).total == 0


def test_years_out_of_any_range_match_nothing_or_all(standing: TextStore) -> None:
    assert ask(standing, None, from_year=-(2**70)) == "abce"
    assert ask(standing, None, to_year=2**70) == "abce"
    assert ask(standing, None, from_year=2**40) == ""


def test_hits_without_a_ceiling(store: TextStore) -> None:
    assert store.search(None, Filters(), size=1_000_000) == Result(hits=(), total=0)
    store.apply(CORPUS)
    assert len(store.search(parse("法治 OR NOT 法治"), Filters(), size=1_000_000).hits) == 5
