"""A practice on its way, asked of the service: timeline, first seen, channels, variants, their page and their pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from search_api_corpus import LOCAL
from starlette.testclient import TestClient

from diffusion.simulating import simulate
from fazhi import workspace
from fazhi.settings import Settings
from ingest.ids import report_id
from search_api.app import create_app
from search_api.spreading import PictureName

PROGRAM = "program:积分制"
ROUTES = ("timeline", "first-seen", "channels", "variants")


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A client of a small simulated collection."""
    folder = tmp_path_factory.mktemp("spreading")
    simulate(folder / "sim", reports=60, seed=3)
    settings = Settings(home=folder / "home", workers=1)
    with workspace.open(settings=settings) as space:
        space.ingest([folder / "sim" / "reports"])
    with TestClient(create_app(settings), base_url=LOCAL) as client:
        yield client


@pytest.fixture(scope="module")
def program(simulated: TestClient) -> str:
    """The practice that most places of it state."""
    found = simulated.get("/api/entities", params={"type": "Program", "size": 100}).json()["entities"]
    counted = {one["id"]: len(simulated.get(f"/api/programs/{one['id']}/adopters", params={"size": 200}).json()["adopters"]) for one in found}
    return max(sorted(counted), key=lambda id: counted[id])


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_says_what_it_rests_on(simulated: TestClient, program: str, route: str) -> None:
    answer = simulated.get(f"/api/programs/{program}/{route}")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    slots = body["slots"]
    assert slots["eligible"] == slots["observed"] + slots["missing"] > 0
    assert body["snapshot"] and body["coverage"]["reports"] == 60
    assert "first_here" in {caveat["code"] for caveat in body["caveats"]} and all(caveat["text"] for caveat in body["caveats"])
    assert "origin" not in " ".join(body) and answer.json() == simulated.get(f"/api/programs/{program.removeprefix('program:')}/{route}").json()


def test_every_row_of_a_timeline_leads_to_its_sentence(simulated: TestClient, program: str) -> None:
    body = simulated.get(f"/api/programs/{program}/timeline").json()
    assert body["units"]
    for unit in body["units"]:
        assert not set(unit["present"]) & set(unit["missing"])
        for sentence in unit["sentences"]:
            text = simulated.get(f"/api/reports/{sentence['report']}/text").json()["text"]
            assert text[sentence["start"] : sentence["end"]].strip() == sentence["text"]
        if unit["status"] in ("planned", "exhorted", "negated", "unknown"):
            assert unit["t_upper"] is None


def test_pages_of_a_list_join_to_the_whole(simulated: TestClient, program: str) -> None:
    whole = simulated.get(f"/api/programs/{program}/timeline").json()["units"]
    joined: list[Any] = []
    cursor: str | None = None
    while True:
        page = simulated.get(f"/api/programs/{program}/timeline", params={"size": 2, **({"cursor": cursor} if cursor else {})}).json()
        joined += page["units"]
        cursor = page["next"]
        if cursor is None:
            break
    assert joined == whole
    for wrong in ("x", "-1", "999999", "１"):
        assert simulated.get(f"/api/programs/{program}/timeline", params={"cursor": wrong}).status_code == 400


def test_channels_add_up_and_every_source_has_a_reason_and_evidence(simulated: TestClient, program: str) -> None:
    body = simulated.get(f"/api/programs/{program}/channels").json()
    whole = next(group for group in body["groups"] if group["group"] is None) if body["groups"] else {"shares": [], "total": 0}
    assert sum(share["count"] for share in whole["shares"]) == whole["total"] == len(body["attributions"])
    for row in body["attributions"]:
        assert (row["reason"] is None) == (row["source"] is None)
        assert row["sentences"] or row["source"] is None


def test_what_nobody_names_is_not_found_with_a_cure(simulated: TestClient) -> None:
    for route in ROUTES:
        answer = simulated.get(f"/api/programs/program:没有这个做法/{route}")
        assert answer.status_code == 404 and answer.json()["cure"], route
    assert simulated.get("/programs/program:没有这个做法/diffusion").status_code == 404


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_reason_and_evidence_and_links_every_sentence(simulated: TestClient, program: str, lang: str) -> None:
    answer = simulated.get(f"/programs/{program}/diffusion", params={"lang": lang})
    assert answer.status_code == 200 and len(answer.content) < 300_000
    page = etree.HTML(answer.text)
    assert not page.xpath("//script|//*[@style]")
    body = simulated.get(f"/api/programs/{program}/channels").json()
    rows = page.xpath("//table[@id='arrows']/tbody/tr")
    assert len(rows) == len(body["attributions"])
    links = page.xpath("//p[@class='passage']/a/@href")
    assert links and all(simulated.get(link).status_code == 200 for link in sorted(set(links))[:5])
    known = page.xpath("//a[contains(@href, '/diffusion')]") or simulated.get(f"/programs/{program}").text
    assert "/diffusion" in simulated.get(f"/programs/{program}").text and known


@pytest.mark.parametrize("name", [name.value for name in PictureName if name not in (PictureName.curve, PictureName.robustness)])
def test_every_picture_comes_as_svg_and_csv(simulated: TestClient, program: str, name: str) -> None:
    svg = simulated.get(f"/charts/spread-{name}.svg", params={"id": program})
    assert svg.status_code == 200 and svg.headers["content-type"] == "image/svg+xml", svg.text[:300]
    words = "".join(etree.fromstring(svg.content).itertext())
    assert svg.headers["x-snapshot"] in words
    csv = simulated.get(f"/charts/spread-{name}.csv", params={"id": program})
    assert csv.status_code == 200 and len(csv.text.splitlines()) > 1
    again = simulated.get(f"/charts/spread-{name}.svg", params={"id": program}, headers={"If-None-Match": svg.headers["etag"]})
    assert again.status_code == 304


def test_first_seen_is_never_called_an_origin_and_history_is_cited(simulated: TestClient, program: str) -> None:
    body = simulated.get(f"/api/programs/{program}/first-seen").json()
    assert body["reason"] in ("clear", "ties", "left_censored", "only", "none")
    assert all(row["t_upper"] is not None for row in body["candidates"])
    assert all(0 <= row["p_alone"] <= row["p"] <= 1 for row in body["candidates"])
    assert all(event["cited"] for event in body["known_history"])


def test_the_handed_page_of_a_traced_practice_holds_the_same(tmp_path: Path, simulated: TestClient, program: str) -> None:
    from fazhi.handing import write_page
    from fazhi.tracing import trace

    space = simulated.app.state.reader.workspace  # type: ignore[attr-defined]
    file = write_page(space, trace(space, program), tmp_path / "page.html", lang="en")
    page = etree.HTML(file.read_text(encoding="utf-8"))
    body = simulated.get(f"/api/programs/{program}/timeline").json()
    assert body["snapshot"] in file.read_text(encoding="utf-8")
    if body["slots"]["adopters"]:
        assert len(page.xpath("//table[@id='units']/tbody/tr")) == len(body["units"])
    assert not page.xpath("//script|//@src|//@href")


def test_two_reports_of_an_arrow_stand_side_by_side(simulated: TestClient, program: str) -> None:
    from fazhi.reusing import build_reuse

    space = simulated.app.state.reader.workspace  # type: ignore[attr-defined]
    pair = next(pair for pair in build_reuse(space).pairs() if pair.kind == "copy")
    ids = [report_id(key) for key in (pair.a, pair.b)]
    answer = simulated.get(f"/reports/{ids[0]}/beside/{ids[1]}")
    assert answer.status_code == 200
    page = etree.HTML(answer.text)
    texts = ["".join(column.itertext()) for column in page.xpath("//div[contains(@class, 'beside')]")]
    wanted = simulated.get(f"/api/reports/{ids[0]}/text").json()["text"][pair.a_start : pair.a_end]
    lit = "".join("".join(mark.itertext()) for mark in page.xpath("//mark[starts-with(@id, 'left')]"))
    assert len(texts) == 2 and wanted[-8:] in lit and page.xpath("//a[@id='left1']/@href") == ["#right1"]
    assert simulated.get(f"/reports/{ids[0]}/beside/{ids[0]}").status_code == 400
    assert simulated.get(f"/reports/{ids[0]}/beside/{'0' * 16}").status_code == 404


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_over_all_practices_there_is_a_page_and_a_matrix(simulated: TestClient, lang: str) -> None:
    answer = simulated.get("/diffusion", params={"lang": lang})
    assert answer.status_code == 200
    page = etree.HTML(answer.text)
    rows = page.xpath("//table[@id='leads']/tbody/tr")
    csv = simulated.get("/charts/leadlag.csv").text.splitlines()
    assert len(rows) == min(len(csv) - 1, 80)
    svg = simulated.get("/charts/leadlag.svg")
    assert svg.status_code == 200 and etree.fromstring(svg.content) is not None
