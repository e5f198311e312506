from __future__ import annotations

import pytest

from ingest.gazetteer import gazetteer
from search_api.matching_places import Found, PlaceNames, Wanted, clean_name
from search_api.matching_programs import Program, ProgramNames

VILLAGE = "cn:350524/参内镇/松影社区"


@pytest.fixture(scope="module")
def places() -> PlaceNames:
    return PlaceNames(gazetteer(), [(VILLAGE, "松影社区", ()), ("cn:350524/参内镇", "参内镇", ("云影乡",)), ("cn:350524/甲溪镇", "甲溪镇", ())])


@pytest.fixture(scope="module")
def programs() -> ProgramNames:
    catalogued = Program("program:法律明白人", "法律明白人", ("农村法律明白人", "“法律明白人”培养工程"))
    return ProgramNames(
        [catalogued, Program("program:法律八进", "法律八进"), Program("program:网格小院", "网格小院", ("法治小院",)), Program("program:法治小院", "法治小院")]
    )


def best(found: list[Found]) -> tuple[str, float, bool]:
    return found[0].place.id, found[0].score, found[0].certain


@pytest.mark.parametrize(
    ("name", "id", "score"),
    [
        ("安溪县参内镇", "cn:350524/参内镇", 100),
        ("福建省泉州市安溪县参内镇", "cn:350524/参内镇", 100),
        ("中国福建省/泉州市/安溪县/参内镇", "cn:350524/参内镇", 100),
        ("安溪縣參內鎮", "cn:350524/参内镇", 100),
        ("安溪参内镇人民政府", "cn:350524/参内镇", 100),
        ("泉州市参内镇", "cn:350524/参内镇", 98),
        ("参内镇", "cn:350524/参内镇", 95),
        ("云影乡", "cn:350524/参内镇", 87),
        ("安溪县参内乡", "cn:350524/参内镇", 85),
        ("福建 泉州 安溪 参内", "cn:350524/参内镇", 80),
        ("密云县", "cn:110118", 92),
        ("密云县溪翁庄镇", "cn:110118/溪翁庄镇", 100),
        ("北京市朝阳区", "cn:110105", 100),
        ("泉州", "cn:3505", 80),
        ("福建省", "cn:35", 100),
        ("参内镇松影社区", VILLAGE, 100),
        ("甲溪镇", "cn:350524/甲溪镇", 95),
        ("cn:350524/参内镇", "cn:350524/参内镇", 100),
    ],
)
def test_certain_places(places: PlaceNames, name: str, id: str, score: float) -> None:
    assert best(places.find(name)) == (id, score, True)


@pytest.mark.parametrize(
    "name", ["城关镇", "朝阳区", "鼓楼区", "安溪", "参内", "参内乡", "松影社区", "永春县参内镇", "大参内镇", "东城街道办事处", "甘肃省城关镇"]
)
def test_what_is_ambiguous_vague_or_contradicted_is_never_certain(places: PlaceNames, name: str) -> None:
    found = places.find(name)
    assert found and not any(place.certain for place in found)
    assert all(place.score < 95 for place in found)


@pytest.mark.parametrize("name", ["", "镇", "市", "没有这样的地方", "参" * 5000, "\x00\x00", "🙂🙂🙂"])
def test_unknown_names_have_no_candidates(places: PlaceNames, name: str) -> None:
    assert places.find(name) == []


def test_namesakes_are_told_apart_by_their_county(places: PlaceNames) -> None:
    namesakes = [found.place for found in places.find("城关镇") if found.place.name == "城关镇"]
    assert len(namesakes) > 50
    county = places.chain(namesakes[7].id)[-2]
    assert best(places.find("城关镇", [Wanted("county", (county.id,))])) == (namesakes[7].id, 100, True)


@pytest.mark.parametrize(
    ("said", "certain"),
    [
        (Wanted("county", ("安溪县",)), True),
        (Wanted("county", ("安溪",)), True),
        (Wanted("parent", ("福建省泉州市安溪县",)), True),
        (Wanted("parent", ("cn:350524",)), True),
        (Wanted("province", ("福建",)), True),
        (Wanted("level", ("乡级",)), True),
        (Wanted("county", ("永春县",)), False),
        (Wanted("province", ("cn:37",)), False),
        (Wanted("level", ("county",)), False),
        (Wanted("code", ("350525",)), False),
        (Wanted("county", ("",)), True),
        (Wanted("county", ("——",)), True),
        (Wanted("population", ("12",)), True),
    ],
)
def test_other_columns_support_or_contradict(places: PlaceNames, said: Wanted, certain: bool) -> None:
    assert best(places.find("参内镇", [said]))[::2] == ("cn:350524/参内镇", certain)


def test_code_of_an_area(places: PlaceNames) -> None:
    assert best(places.find("朝阳区", [Wanted("code", ("220104",))]))[:2] == ("cn:220104", 100)


def test_contradiction_costs(places: PlaceNames) -> None:
    assert places.find("参内镇", [Wanted("county", ("永春县",))])[0].score == 55


def test_beginnings(places: PlaceNames) -> None:
    assert "cn:350524/参内镇" in [place.id for place in places.begin_with("参", 200)]
    assert len(list(places.begin_with("城", 5))) == 5
    assert list(places.begin_with("", 5)) == []


@pytest.mark.parametrize(
    ("name", "cleaned"), [("參內鎮 人民政府", "参内镇"), ("东城街道办", "东城街道"), ("（安溪县）参内镇", "安溪县参内镇"), ("中国", "中国")]
)
def test_cleaning(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


@pytest.mark.parametrize(
    ("name", "id", "score", "certain"),
    [
        ("法律明白人", "program:法律明白人", 100, True),
        ("“法律明白人”", "program:法律明白人", 100, True),
        ("農村法律明白人", "program:法律明白人", 95, True),
        ("法律八进活动", "program:法律八进", 85, False),
        ("法治小院", "program:法治小院", 100, True),  # another's variant as well, but this is its own name
        ("program:法律八进", "program:法律八进", 100, True),
    ],
)
def test_programs(programs: ProgramNames, name: str, id: str, score: float, certain: bool) -> None:
    first = programs.find(name)[0]
    assert (first.program.id, first.score, first.certain) == (id, score, certain)


def test_similar_programs_are_offered_and_never_certain(programs: ProgramNames) -> None:
    found = programs.find("法律明白员")
    assert found[0].program.id == "program:法律明白人" and found[0].score <= 70
    assert not any(entry.certain for entry in found)
    assert programs.find("防汛抗旱") == []


def test_a_name_that_two_programs_share_is_not_certain() -> None:
    names = ProgramNames([Program("program:甲", "甲事通"), Program("program:乙", "甲事通")])
    assert [(entry.score, entry.certain) for entry in names.find("甲事通")] == [(80, False), (80, False)]
