"""Townships that became others: a successor goes on with what its predecessors had, and takes nothing up anew. All texts are made up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import fazhi
from diffusion.adoptions.coding import code
from diffusion.adoptions.inheriting import inherit
from diffusion.adoptions.model import BEGINS, Adoption, Succession
from diffusion.adoptions.reading import read
from diffusion.curves.observing import observe
from fazhi.diffusion_exporting import list_cascades
from fazhi.tracing import Trace, trace
from fazhi.workspace import Workspace
from graph import queries
from ingest.gazetteer import Place, gazetteer
from ingest.ids import report_of_fact

PROGRAM = "program:法律明白人"
STATED = (
    "撤销{old}、{other}，合并设立{new}。",
    "{new}由原{old}、{other}合并而成。",
    "我镇由{old}和{other}合并组建。",
    "原{old}整建制并入{new}。",
    "撤销{old}，其行政区域划归{new}管辖。",
    "{old}更名为{new}。",
    "我镇前身为{old}。",
    "{new}（原{old}）面貌一新。",
    "将{old}、{other}合并设立{new}。",
    "撤销{old}建制，设立{new}。",
    "经省政府批准，{old}撤乡设镇，更名为{new}。",
    "撤销{old}、{other}两个乡，以原{old}、{other}的行政区域设立{new}。",
    "{old}成建制划入{new}。",
    "{old}改设{new}。",
    "由{old}析置{new}。",
)
DATED = ("2019年6月，", "")
TAKES_UP = "培育法律明白人60名。"


def counties() -> Iterator[tuple[str, str, str]]:
    """(county, township, its id) of counties that share their name with no other place, none of them twice."""
    register = gazetteer()
    for identifier in sorted(place.id for place in register.places.values() if place.level == "county" and place.name.endswith("县")):
        place: Place = register.places[identifier]
        towns = [register.places[one].name for one in register.children(identifier)]
        town = next((name for name in towns if name.endswith("镇") and len(name) == 3 and len(register.named(name)) == 1), None)
        if town is not None and len(register.named(place.name)) == 1 and len(place.name) == 3 and not any(name.startswith(("墨渊", "砚泉")) for name in towns):
            yield place.name, town, f"{identifier}/{town}"


def write(folder: Path, county: str, town: str, year: int, *said: str) -> None:
    text = f"{county}{town}人民政府{year}年法治政府建设情况报告\n\n{year}年，{town}推进法治政府建设，现报告如下。\n一、主要工作\n" + "".join(
        f"{one}\n" for one in said
    )
    (folder / f"{county}{town}{year}.txt").write_text(text + "合成\n", encoding="utf-8")


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, Trace, list[str], dict[str, str]]]:
    """Thirty successors of places that had the practice in 2017, and some that did take it up themselves."""
    folder = tmp_path_factory.mktemp("became")
    reports = folder / "reports"
    reports.mkdir()
    places = counties()
    heirs, others = [], {}
    for at in range(len(STATED) * len(DATED)):
        county, new, id = next(places)
        words = STATED[at % len(STATED)].format(old="墨渊乡", other="砚泉乡", new=new)
        write(reports, county, "墨渊乡", 2017, TAKES_UP)
        write(reports, county, "墨渊乡", 2018, TAKES_UP)
        write(reports, county, new, 2020, DATED[at // len(STATED)] + words, TAKES_UP)
        write(reports, county, new, 2021, TAKES_UP)
        heirs.append(id)
    for name, before, words, own in (
        ("planned", TAKES_UP, "下一步，计划撤销墨渊乡、砚泉乡，合并设立{new}。", TAKES_UP),
        ("nothing to inherit", "拟培育法律明白人60名。", "2019年6月，撤销墨渊乡、砚泉乡，合并设立{new}。", TAKES_UP),
        ("dated later", TAKES_UP, "2019年6月，撤销墨渊乡、砚泉乡，合并设立{new}。", "自2021年起培育法律明白人60名。"),
        ("had it before", TAKES_UP, "2019年6月，墨渊乡并入{new}。", TAKES_UP),
    ):
        county, new, id = next(places)
        write(reports, county, "墨渊乡", 2018, before)
        write(reports, county, new, 2022, own, words.format(new=new))
        if name == "had it before":
            write(reports, county, new, 2017, TAKES_UP)
        others[name] = id
    with fazhi.open(folder / "home") as workspace:
        workspace.ingest([reports])
        yield workspace, trace(workspace, PROGRAM), heirs, others


def test_no_successor_takes_up_what_its_predecessor_had(collection: tuple[Workspace, Trace, list[str], dict[str, str]]) -> None:
    _, told, heirs, _ = collection
    rows = {row.place: row for row in told.adoptions}
    assert len(heirs) == 30
    assert {id: rows[id].status for id in heirs} == dict.fromkeys(heirs, "inherited")
    for id in heirs:
        gone = rows[f"{id.partition('/')[0]}/墨渊乡"]
        assert (rows[id].predecessor, rows[id].t_lower, rows[id].t_upper) == (gone.place, gone.t_lower, 2017)
        assert gone.status == "adopted"


def test_what_was_taken_up_anew_is_no_inheritance(collection: tuple[Workspace, Trace, list[str], dict[str, str]]) -> None:
    _, told, _, others = collection
    rows = {row.place: row for row in told.adoptions}
    assert {name: rows[id].status for name, id in others.items()} == dict.fromkeys(others, "adopted")


def test_the_source_is_the_predecessor_and_the_evidence_says_so(collection: tuple[Workspace, Trace, list[str], dict[str, str]]) -> None:
    workspace, told, heirs, _ = collection
    found = {row.place: row for row in told.attributions}
    for id in heirs:
        row = found[id]
        assert (row.channel, row.source, row.evidence[0].kind) == ("self", f"{id.partition('/')[0]}/墨渊乡", "succession")
        wanted = row.evidence[0].facts[0]
        fact = next(fact for fact in workspace.archive.analysis(report_of_fact(wanted)).facts if fact.id == wanted)
        assert (fact.relation, fact.subject_node, fact.object_node) == ("SUCCEEDED_BY", row.source, id)
        assert "墨渊乡" in fact.surface


def test_an_inheritance_counts_nowhere_as_an_adoption(collection: tuple[Workspace, Trace, list[str], dict[str, str]]) -> None:
    workspace, told, heirs, _ = collection
    assert not {row[0] for row in list_cascades(workspace)} & set(heirs)
    watched = read(workspace.archive)
    seen = observe(told.adoptions, watched.present, watched.first, watched.last)
    assert not set(seen.places) & set(heirs)
    assert seen.adopters == sum(row.status in BEGINS for row in told.adoptions)


def test_the_graph_says_who_became_whom(collection: tuple[Workspace, Trace, list[str], dict[str, str]]) -> None:
    workspace, _, heirs, _ = collection
    for id in heirs:
        became = queries.list_neighbours(workspace.graph, id, relation="SUCCEEDED_BY", direction="in").rows
        assert f"{id.partition('/')[0]}/墨渊乡" in {row.id for row in became if row.modality == "done"}


def adoption(place: str, upper: int, **more: object) -> Adoption:
    told = {"status": "adopted", "t_lower": upper - 1, "t_upper": upper, "censored": None, "p": 0.9, "facts": (f"{place}-fact",)} | more
    return Adoption(place=place, program=PROGRAM, **told)  # type: ignore[arg-type]


def became(old: str, new: str, year: int) -> Succession:
    return Succession(old=old, new=new, year=year, dated=True, facts=(f"{old}-{new}",))


def test_of_two_predecessors_the_earlier_counts_and_chains_hold() -> None:
    rows = [adoption("a", 2014), adoption("b", 2012), adoption("c", 2018), adoption("d", 2022)]
    for order in (1, -1):
        found = {row.place: row for row in inherit(rows, [became("a", "c", 2016), became("b", "c", 2016), became("c", "d", 2020)][::order])}
        assert (found["c"].predecessor, found["c"].t_upper, found["c"].facts) == ("b", 2012, ("b-c", "c-fact"))
        assert (found["d"].predecessor, found["d"].t_upper) == ("c", 2012)


def test_what_has_ended_is_not_handed_on() -> None:
    rows = [adoption("a", 2014, status="stopped"), adoption("c", 2018)]
    assert inherit(rows, [became("a", "c", 2016)]) == rows


def test_rows_are_the_same_without_successions(collection: tuple[Workspace, Trace, list[str], dict[str, str]]) -> None:
    watched = read(collection[0].archive)
    assert len({one.new for one in watched.successions}) >= 30
    assert all(row.predecessor is None for row in code(read(collection[0].archive, ["program:没有的"]), "program:没有的", {"program:没有的": "没有的"}))
