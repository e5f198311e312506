"""Pages about what is in the graph: programs, places, entities, numbers, coverage, and the graph itself, with their charts."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lxml import etree, html
from search_api_corpus import ROOM, A, B
from starlette.testclient import TestClient
from test_pages import inside, page

from fazhi import locating
from fazhi.pictures import rendering
from graph.queries import AdoptionYear, Entity
from ingest.ids import report_id
from search_api import charts, exploring
from search_api.adopting import gather_adopters

Ids = Callable[[str], str]
PROGRAM = "program:法律八进"
SVG = "{http://www.w3.org/2000/svg}"
CHARTS = (
    f"/charts/program-years.{{}}?id={PROGRAM}",
    f"/charts/program-map.{{}}?id={PROGRAM}",
    "/charts/place-reports.{}?id=cn:350524",
    f"/charts/place-map.{{}}?id={A}",
    f"/charts/place-timeline.{{}}?id={A}",
    "/charts/coverage.{}?indicator=disputes_mediated",
    "/charts/measures.{}?indicator=disputes_mediated",
    "/charts/measures.{}?indicator=disputes_mediated&view=rollup",
    f"/charts/graph.{{}}?id={A}&hops=2",
    f"/charts/compare.{{}}?left={A}&right={B}",
    "/charts/search-years.{}?q=法律八进&synonyms=true",
)


def rows_of(found: html.HtmlElement, id: str) -> list[list[str]]:
    """The cells of a table as words."""
    table = found.get_element_by_id(id)
    return [[" ".join(cell.text_content().split()) for cell in row] for row in table.xpath(".//tbody/tr")]


def table_of(client: TestClient, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).content.decode("utf-8-sig"))))


# -- programs --------------------------------------------------------------------------------------------------------------------------------------


def test_a_program_says_who_takes_it_up_and_when(client: TestClient) -> None:
    found = page(client, f"/programs/{PROGRAM}")
    assert found.xpath("//h1")[0].text == "法律八进"
    assert "普法活动" in found.find_class("box")[0].text_content()  # the catalogue's definition
    years = {row[0]: row[1:] for row in rows_of(found, "years")}
    assert years["2021"] == ["0", "0", "1", "0", "1"]  # 甲溪镇 plans it: no deed
    assert years["2022"] == ["1", "0", "0", "1", "1"]
    assert years["2023"] == ["2", "0", "0", "3", "3"]
    adopters = {row[0].rpartition(" › ")[2]: row[1:] for row in rows_of(found, "adopters")}
    assert adopters["乙岭乡"] == ["2022", "2022", ""]
    assert adopters["甲溪镇"] == ["2023", "2023", "2021"]
    assert "不是起源" in found.find_class("caution")[0].text_content()
    assert "7 份报告" in found.find_class("coverage")[0].text_content()


def test_a_program_can_be_asked_about_by_place_and_year(client: TestClient) -> None:
    found = page(client, f"/programs/{PROGRAM}?place={B}&to=2022")
    assert [row[0].rpartition(" › ")[2] for row in rows_of(found, "adopters")] == ["乙岭乡"]
    assert all("place=" in image.get("src") and "to=2022" in image.get("src") for image in found.xpath("//figure//img"))


def test_sentences_of_adopters_lead_to_the_report(client: TestClient) -> None:
    found = page(client, f"/programs/{PROGRAM}")
    link = inside(found, "passage", "a")[0]
    assert "法律八进" in link.text_content()
    assert "".join(part.text_content() for part in page(client, link.get("href").partition("#")[0]).find_class("pointed")) == link.text_content()


def test_programs_are_listed_and_found_by_name(client: TestClient) -> None:
    named = [link.text.strip() for link in inside(page(client, "/programs"), "chips", "a")]
    assert "法律八进" in named
    found = page(client, "/programs?q=七进")
    assert [cell.text_content() for cell in found.xpath("//tbody//th")] == ["法律七进"]
    assert page(client, "/programs?q=没有的").find_class("empty")


def test_an_unknown_program_is_a_problem_in_words(client: TestClient) -> None:
    assert page(client, "/programs/program:没有", status=404).find_class("problem")


def test_a_plan_is_not_a_first_year() -> None:
    def adoption(year: int, modality: str) -> AdoptionYear:
        return AdoptionYear(place=A, name="甲溪镇", year=year, modality=modality)

    (adopter,) = gather_adopters([adoption(2021, "planned"), adoption(2023, "ongoing"), adoption(2024, "done")])
    assert (adopter.first_seen, adopter.stated, adopter.planned) == (2023, (2023, 2024), (2021,))
    (planner,) = gather_adopters([adoption(2021, "exhorted")])
    assert planner.first_seen is None


# -- places ----------------------------------------------------------------------------------------------------------------------------------------


def test_places_lead_down_from_the_province(client: TestClient) -> None:
    found = page(client, "/places")
    province = next(link for link in inside(found, "tile", "a") if link.text == "福建省")
    assert page(client, province.get("href")).xpath("//h1")[0].text == "福建省"
    assert [link.text for link in page(client, "/places?q=乙岭").xpath("//tbody//th/a")] == ["乙岭乡"]


def test_a_township_tells_its_years_programs_and_numbers(client: TestClient, report: Ids) -> None:
    found = page(client, f"/places/{A}")
    assert [link.text for link in inside(found, "crumbs", "a")] == ["福建省", "泉州市", "安溪县"]
    assert rows_of(found, "timeline") == [["法律七进", "2021", "已完成", "没有报告", ""], ["法律八进", "2023", "计划", "没有报告", "已完成"]]
    assert rows_of(found, "figures") == [["调解矛盾纠纷数", "2021", "超过30件", "没有报告", "126件"]]
    assert [row[0].split()[0] for row in rows_of(found, "people")] == ["茶香室"]
    (matrix,) = rows_of(found, "matrix")
    assert matrix[0] == "甲溪镇" and matrix[2] == "!"  # 2022: a file that can't be read
    evidence = found.get_element_by_id("figures").xpath(".//td/a")[1].get("href")
    answer = client.get(evidence, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"].startswith(f"/reports/{report('甲溪镇2023.txt')}?at=")


def test_a_county_counts_what_lies_below(client: TestClient) -> None:
    found = page(client, "/places/cn:350524")
    assert {row[0] for row in rows_of(found, "matrix")} >= {"甲溪镇", "乙岭乡"}
    assert {link.text for link in inside(found, "columned", "a")} >= {"甲溪镇", "乙岭乡"}


# -- entities --------------------------------------------------------------------------------------------------------------------------------------


def test_an_entity_shows_its_ties_and_sentences(client: TestClient) -> None:
    found = page(client, f"/entities/{ROOM}")
    assert "茶香室" in found.xpath("//h1")[0].text
    assert "甲溪镇" in found.xpath("//table")[0].text_content()
    assert any("茶香室" in mark.text for mark in inside(found, "hit", "mark"))


def test_places_and_programs_have_pages_of_their_own(client: TestClient) -> None:
    for id, path in ((A, "/places/"), (PROGRAM, "/programs/")):
        assert client.get(f"/entities/{id}", follow_redirects=False).headers["location"].startswith(path)


def test_entities_are_found_by_kind(client: TestClient) -> None:
    found = page(client, "/entities?type=MediationRoom&lang=en")
    assert [cell.text_content() for cell in found.xpath("//tbody//th")] == ["茶香室"]
    assert "mediation room" in found.xpath("//tbody")[0].text_content()


# -- numbers, coverage -----------------------------------------------------------------------------------------------------------------------------


def test_indicators_lead_to_their_numbers(client: TestClient) -> None:
    link = page(client, "/measures").xpath("//tbody//th/a")[0]
    found = page(client, link.get("href"))
    cells = {(row[0].split()[0], row[1]): row[2] for row in rows_of(found, "numbers")}
    assert cells == {("甲溪镇", "2021"): "超过30件", ("甲溪镇", "2023"): "126件", ("乙岭乡", "2022"): "8件"}


def test_sums_say_how_many_answered(client: TestClient) -> None:
    found = page(client, "/measures?indicator=disputes_mediated&view=rollup")
    rows = {row[1]: row for row in rows_of(found, "numbers")}
    assert rows["2023"][2] == "126件" and rows["2023"][-1].startswith("1 / ")


def test_fields_that_do_not_belong_to_the_view_do_no_harm(client: TestClient) -> None:
    """A form sends all of its fields, whichever view is chosen."""
    for view in ("statements", "panel", "rollup"):
        found = page(client, f"/measures?indicator=disputes_mediated&view={view}&level=township&by=county&empty=true")
        assert rows_of(found, "numbers")


def test_the_coverage_tells_missing_from_unreadable(client: TestClient) -> None:
    found = page(client, "/coverage")
    cells = {row.xpath("./th/a")[0].text: [cell.get("class") for cell in row.xpath("./td")] for row in found.get_element_by_id("matrix").xpath(".//tbody/tr")}
    assert cells["甲溪镇"][:3] == ["present", "unreadable", "present"]
    assert cells["乙岭乡"][:3] == ["missing", "present", "present"]
    asked = page(client, "/coverage?indicator=disputes_mediated")
    silent = [cell.get("class") for cell in asked.get_element_by_id("matrix").xpath(".//tbody/tr[th/a='乙岭乡']/td")]
    assert silent[2] == "present silent"
    assert "甲溪镇2022.pdf" in found.text_content()


# -- comparison ------------------------------------------------------------------------------------------------------------------------------------


def test_two_places_stand_side_by_side_with_their_sentences(client: TestClient) -> None:
    found = page(client, f"/compare?left={A}&right={B}")
    rows = {row[0].split()[0]: row for row in rows_of(found, "items")}
    assert "两边都写明" in rows["法律八进"][0] and "法律八进" in rows["法律八进"][1] and "法律八进" in rows["法律八进"][2]
    assert "只有左边写明" in rows["法律七进"][0] and "未写到" in rows["法律七进"][2]
    assert "不等于没有做" in found.find_class("caution")[0].text_content()
    only = next(link.get("href") for link in inside(found, "chips", "a") if link.text.strip() == "只有左边写明")
    assert "法律八进" not in {row[0].split()[0] for row in rows_of(page(client, only), "items")}


def test_a_plan_on_one_side_is_no_deed(client: TestClient) -> None:
    found = page(client, f"/compare?left={A}&left_year=2021&right={B}&right_year=2022")
    (row,) = [row for row in rows_of(found, "items") if row[0].startswith("法律八进")]
    assert "只有右边写明" in row[0] and "计划" in row[1]


def test_the_form_of_a_comparison_shows_before_anything_is_asked(client: TestClient) -> None:
    found = page(client, f"/compare?left={A}")
    assert found.xpath("//input[@name='left']")[0].get("value") == A
    assert not found.find_class("problem")


# -- graph -----------------------------------------------------------------------------------------------------------------------------------------


def test_the_graph_leads_from_node_to_node(client: TestClient) -> None:
    found = page(client, f"/graph?id={A}")
    (drawing,) = found.xpath("//*[local-name()='svg']")
    links = {link.get("aria-label"): link.get("href") for link in drawing.xpath(".//*[local-name()='a']")}
    moved = page(client, next(address for name, address in links.items() if name.startswith("法律八进")))
    assert moved.xpath("//h1")[0].text == "法律八进"
    assert any("甲溪镇" in (link.get("aria-label") or "") for link in moved.xpath("//*[local-name()='a']"))


def test_the_table_beside_the_graph_has_every_tie_with_its_evidence(client: TestClient) -> None:
    found = page(client, f"/graph?id={A}")
    rows = rows_of(found, "ties")
    planned = next(row for row in rows if "法律八进" in row[2])
    assert planned[3] == "2021、2023" and "计划" in planned[4] and "已完成" in planned[4]
    fact = found.get_element_by_id("ties").xpath(".//td[last()]/a")[0].get("href")
    assert client.get(fact, follow_redirects=False).status_code == 303


def test_the_graph_can_be_narrowed(client: TestClient) -> None:
    relations = {row[1] for row in rows_of(page(client, f"/graph?id={A}&relation=OPERATES"), "ties")}
    assert relations == {"设有"}
    assert {row[3] for row in rows_of(page(client, f"/graph?id={A}&year=2021"), "ties")} == {"2021"}
    assert page(client, f"/graph?id={A}&relation=LEADS").find_class("empty")


def test_two_hops_reach_what_neighbours_share(client: TestClient) -> None:
    one, two = (page(client, f"/graph?id={ROOM}&hops={hops}") for hops in (1, 2))
    names = [{link.get("aria-label").partition(" (")[0] for link in found.xpath("//*[local-name()='svg']//*[local-name()='a']")} for found in (one, two)]
    assert "法律八进" not in names[0]
    assert "法律八进" in names[1]


def test_only_what_is_never_done_is_drawn_broken() -> None:
    def tie(*modalities: str) -> exploring.Tie:
        return exploring.Tie(source="a", relation="ADOPTS", target="b", hop=1, edges=1, years=(), modalities=modalities, facts=())

    assert exploring.is_planned(tie("planned", "exhorted"))
    assert not exploring.is_planned(tie("done", "planned"))
    assert not exploring.is_planned(tie())


def test_a_drawing_holds_every_node_once_and_none_on_another() -> None:
    nodes = {str(number): exploring.Node(str(number), ("Program",), f"项目{number}") for number in range(30)}
    ties = [
        exploring.Tie(source="0", relation="ADOPTS" if number % 2 else "OPERATES", target=str(number), hop=1, edges=1, years=(), modalities=(), facts=())
        for number in range(1, 20)
    ]
    ties += [
        exploring.Tie(source=str(number), relation="PART_OF", target=str(number - 10), hop=2, edges=1, years=(), modalities=(), facts=())
        for number in range(20, 30)
    ]
    around = exploring.Around(
        middle=Entity(id="0", labels=("Place",), name="甲"),
        nodes=nodes,
        ties=tuple(ties[:19]),
        shown=tuple(ties),
        counts={("ADOPTS", True): 25, ("OPERATES", True): 9},
        is_cut=False,
    )
    drawing = exploring.lay_out(around)
    assert sorted(box.node.id for box in drawing.boxes) == sorted(nodes)
    spots = [(box.x, box.y) for box in drawing.boxes] + [(heading.x, heading.y) for heading in drawing.headings]
    for x, y in spots:
        assert 0 <= x <= drawing.width - drawing.column and 13 <= y <= drawing.height - 13
        assert not [other for other in spots if other != (x, y) and abs(other[0] - x) < drawing.column and abs(other[1] - y) < 26]
    assert {heading.relation: heading.more for heading in drawing.headings} == {"ADOPTS": 15, "OPERATES": 0}


# -- charts ----------------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", CHARTS)
def test_a_chart_is_drawn_and_downloads_in_three_forms(client: TestClient, address: str) -> None:
    drawn = client.get(address.format("svg"))
    assert drawn.headers["content-type"] == "image/svg+xml"
    picture = etree.fromstring(drawn.content)
    assert picture.tag == f"{SVG}svg"
    assert not picture.findall(f".//{SVG}script") + picture.findall(f".//{SVG}foreignObject")
    assert "style-src 'self'" in drawn.headers["content-security-policy"]
    assert client.get(address.format("svg"), headers={"if-none-match": drawn.headers["etag"]}).status_code == 304
    rows = table_of(client, address.format("csv"))
    assert rows
    png = client.get(address.format("png"))
    assert (png.status_code, png.content[:8]) == (200, b"\x89PNG\r\n\x1a\n") if charts.has_chinese_font() else (png.status_code == 503)
    assert "attachment" in png.headers.get("content-disposition", "") or png.status_code == 503


def test_every_figure_of_a_page_can_be_fetched_and_read_as_a_table(client: TestClient) -> None:
    for path in (
        f"/programs/{PROGRAM}",
        f"/places/{A}",
        "/places/cn:350524",
        "/coverage",
        "/measures?indicator=disputes_mediated",
        f"/graph?id={A}",
        f"/compare?left={A}&right={B}",
        "/?q=法律八进",
    ):
        found = page(client, path)
        figures = found.find_class("chart")
        assert figures
        for figure in figures:
            for image in figure.iter("img"):
                assert image.get("alt")
                assert client.get(image.get("src")).status_code == 200
            table = next(link.get("href") for link in inside(found, "downloads", "a") if link.get("href").startswith("#"))
            assert found.get_element_by_id(table[1:]).tag == "table"


def test_the_table_of_a_chart_has_its_numbers(client: TestClient) -> None:
    years = {row["year"]: row for row in table_of(client, f"/charts/program-years.csv?id={PROGRAM}")}
    assert (years["2023"]["first_seen"], years["2023"]["first_seen_so_far"], years["2021"]["planned_only"]) == ("2", "3", "1")
    where = {row["name"]: row for row in table_of(client, f"/charts/program-map.csv?id={PROGRAM}")}
    assert where["乙岭乡"]["first_seen"] == "2022"
    assert where["乙岭乡"]["point"] == "county"  # an invented township: its county's point stands in, and the table says so


def test_words_of_reports_are_text_in_a_chart() -> None:
    rows = [{"name": "<script>alert(1)</script>", "year": 2023, "kind": "done"}]
    spec = charts.draw_dots(rows, names=["<script>alert(1)</script>"], kinds={"done": "#000000"}, years=[2023], words={"x": "year"}, description="<b>")
    chart = charts.Chart(name="x", spec=spec, columns=("name",), rows=(("=1+1",),))
    picture = etree.fromstring(charts.draw_svg(chart).encode())
    assert not picture.findall(f".//{SVG}script")
    assert "<script>alert(1)</script>" in "".join(picture.itertext())
    assert "'=1+1" in charts.write_csv(chart).decode()


def test_a_png_without_a_chinese_font_is_refused_with_a_cure(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "has_chinese_font", lambda: False)
    answer = client.get(CHARTS[0].format("png"))
    assert answer.status_code == 503
    assert "SVG" in answer.json()["cure"]


def test_a_font_that_is_installed_later_is_found_without_a_restart(tmp_path: Path) -> None:
    font = next((path for path in Path("/usr/share/fonts").rglob("*.tt[cf]") if re.search("wqy|cjk|SourceHan|droidsansfallback", path.name, re.I)), None)
    if font is None:
        pytest.skip("no Chinese font on this machine: apt-get install fonts-wqy-zenhei")
    empty = tmp_path / "fonts.conf"
    empty.write_text(f"<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig><dir>{tmp_path / 'fonts'}</dir></fontconfig>")
    script = f"""
import shutil
from pathlib import Path
from fazhi.pictures import rendering
folder = Path({str(tmp_path / "fonts")!r})
rendering.FONT_FOLDERS = (str(folder),)
folder.mkdir()
print(rendering.has_chinese_font(), rendering.has_chinese_font())
(folder / "deeper").mkdir()
shutil.copy({str(font)!r}, folder / "deeper")
print(rendering.has_chinese_font())
"""
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "FONTCONFIG_FILE": str(empty)}, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.split() == ["False", "False", "True"]


def test_points_are_found_by_graph_id() -> None:
    exact = locating.locate("cn:350526/浔中镇")
    assert exact is not None and exact.precision == "exact" and 25 < exact.lat < 26 and 118 < exact.lon < 119
    assert locating.locate("cn:350526/浔中镇/某村") == exact
    assert locating.locate("cn:350526") == locating.read_counties()["350526"]
    fallen_back = locating.locate("cn:350526/没有这个镇")
    assert fallen_back is not None and fallen_back.precision == "county"
    assert locating.locate("cn:35") is None and locating.locate("cn:3505") is None
    dongguan = locating.locate("cn:4419/虎门镇")
    assert dongguan is not None and dongguan.precision != "county"
    assert len(locating.list_register(["350526"])) > 10


def test_a_map_is_true_to_scale() -> None:
    frame = charts.Frame.of([25.0, 26.0], [118.0, 119.0])
    per_lat = frame.height / (frame.north - frame.south)
    per_lon = frame.width / (frame.east - frame.west)
    assert per_lon / per_lat == pytest.approx(0.9026, abs=0.01)  # cos 25.5°
    assert frame.south < 25 < 26 < frame.north and frame.west < 118 < 119 < frame.east


def test_names_on_a_map_do_not_cover_each_other() -> None:
    frame = charts.Frame.of([25.0, 26.0], [118.0, 119.0])
    rows: list[dict[str, Any]] = [
        {"name": "甲溪镇", "lat": 25.5, "lon": 118.5},
        {"name": "乙岭乡", "lat": 25.501, "lon": 118.501},
        {"name": "丙河镇", "lat": 25.9, "lon": 118.1},
    ]
    assert [row["name"] for row in frame.choose_labels(rows)] == ["甲溪镇", "丙河镇"]
    assert frame.choose_labels(rows * 100) == []


def test_addresses_with_signs_survive(client: TestClient) -> None:
    found = page(client, f"/graph?q={quote('法律')}")
    for link in found.xpath("//tbody//th/a"):
        assert client.get(link.get("href")).status_code == 200


# -- ways between two names, what townships have in common, reports alike ----------------------------------------------------------------------------


def test_a_way_between_two_names_shows_each_step_with_its_sentence(client: TestClient) -> None:
    found = page(client, f"/paths?from={A}&to={B}&hops=2")
    ways = inside(found, "way", "ol")
    assert ways
    via = [[link.text_content() for link in way.xpath("./li/a")] for way in ways]
    assert ["甲溪镇", "法律八进", "乙岭乡"] in via
    way = ways[via.index(["甲溪镇", "法律八进", "乙岭乡"])]
    links = [link.get("href") for link in way.xpath(".//p[@class='passage']/a")]
    assert len(links) == 2 and all(link.startswith("/reports/") for link in links)
    assert "法律八进" in "".join(part.text_content() for part in page(client, links[0].partition("#")[0]).find_class("pointed"))
    assert "采用" in way.find_class("step")[0].text_content()


def test_ends_of_a_way_may_be_named_and_are_chosen_where_several_have_the_name(client: TestClient) -> None:
    by_name = page(client, "/paths?from=甲溪镇&to=法律八进&k=1")
    assert len(by_name.find_class("way")) == 1
    assert by_name.xpath("//input[@name='from']")[0].get("value") == "甲溪镇"
    several = page(client, "/paths?from=法律&to=甲溪镇")
    assert not several.find_class("way")
    choices = inside(several, "choices", "a")
    assert {"法律七进", "法律八进"} <= {link.text for link in choices}
    chosen = page(client, next(link.get("href") for link in choices if link.text == "法律八进"))
    assert chosen.find_class("way")
    assert "没有叫“没有这个名称”的" in page(client, "/paths?from=没有这个名称&to=甲溪镇").find_class("empty")[0].text_content()


def test_no_way_says_that_it_is_silence(client: TestClient) -> None:
    found = page(client, f"/paths?from={ROOM}&to={B}&hops=1")
    assert "不说明没有关系" in found.find_class("empty")[0].text_content()
    assert len(page(client, f"/paths?from={A}&to={A}").find_class("way")) == 1
    assert [entry.text for entry in found.xpath("//nav//a[@aria-current]")] == ["关系图"]


@pytest.mark.parametrize("address", ["/graph", f"/graph?id={A}", f"/entities/{ROOM}"])
def test_ways_are_asked_for_from_where_one_is(client: TestClient, address: str) -> None:
    (form,) = page(client, address).xpath("//form[@action='/paths']")
    assert form.xpath(".//input[@name='from']")[0].get("value") == (address.partition("=")[2] or address.removeprefix("/entities/").removeprefix("/graph"))
    fields = {name: form.xpath(f".//input[@name='{name}']")[0] for name in ("from", "to", "hops", "k")}
    assert [field.get("value") for name, field in fields.items() if name in ("hops", "k")] == ["4", "3"]


def test_a_comparison_leads_to_the_ways_between_its_places(client: TestClient) -> None:
    (address,) = page(client, f"/compare?left={A}&right={B}").xpath("//a[starts-with(@href, '/paths')]/@href")
    assert page(client, address).find_class("way")
    assert not page(client, f"/compare?left={A}&right={A}&left_year=2021&right_year=2023").xpath("//a[starts-with(@href, '/paths')]")


def test_what_townships_have_in_common_is_counted_over_them(client: TestClient) -> None:
    answer = client.get("/api/places/cn:350524/neighbours", params={"relation": "ADOPTS"}).json()
    items = {item["name"]: item for item in answer["items"]}
    assert (answer["place"], answer["answered"], answer["coverage"]["townships"]) == ("cn:350524", 3, 3)
    assert (items["法律八进"]["townships"], items["法律八进"]["doing"]) == (3, 3)
    assert (items["法律七进"]["townships"], items["法律七进"]["doing"]) == (1, 1)
    assert client.get(f"/api/facts/{items['法律八进']['fact']}").status_code == 200
    early = client.get("/api/places/cn:350524/neighbours", params={"relation": "ADOPTS", "year": 2021}).json()
    assert early["answered"] == 1 and "法律七进" in {item["name"] for item in early["items"]}
    rows = rows_of(page(client, "/places/cn:350524"), "rolled")
    assert ["采用", "法律八进", "3 / 3"] in [row[:3] for row in rows]
    assert not page(client, f"/places/{A}").xpath("//*[@id='rolled']")  # one township has nothing in common with itself


def test_only_places_can_be_rolled_up(client: TestClient) -> None:
    assert client.get(f"/api/places/{PROGRAM}/neighbours").status_code == 404
    assert client.get("/api/places/cn:99/neighbours").status_code == 404
    assert client.get("/api/places/cn:35/neighbours", params={"relation": "CITES"}).status_code == 422


def test_a_report_shows_reports_like_it(client: TestClient) -> None:
    id = report_id("甲溪镇2023.txt")
    found = page(client, f"/reports/{id}")
    similar = found.get_element_by_id("similar")
    answer = client.get(f"/api/similar/{id}", params={"size": 5}).json()
    assert [link.get("href") for link in similar.xpath(".//h3/a")] == [f"/reports/{hit['report']}" for hit in answer["hits"]]
    assert "相近不说明谁写在前" in similar.text_content()
    (beside, *_) = [link.get("href") for link in similar.xpath(".//p[@class='where']/a")]
    assert beside.startswith(f"/reports/{id}/beside/")
