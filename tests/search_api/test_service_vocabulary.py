"""What the service says of names that no catalogue has, and of numbers that do not go together; on reports that the rules have read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from fazhi import reviewing
from fazhi import workspace as workspaces
from fazhi.reviewed import adopt
from fazhi.settings import Settings
from ingest.ids import report_id
from search_api.app import create_app
from vocabulary.overlay import EMPTY

TEXT = (
    "安溪县{township}人民政府{year}年法治政府建设情况报告\n"
    "一、主要工作情况\n"
    "推行“灯下议事坊”工作法。全年受理群众诉求560件，办结520件，办结率达{rate}。调解矛盾纠纷{count}件。\n"
)
REPORTS = {
    "a.txt": TEXT.format(township="参内镇", year=2022, rate="70%", count=31),
    "b.txt": TEXT.format(township="参内镇", year=2023, rate="92.9%", count=32),
    "c.txt": TEXT.format(township="魁斗镇", year=2023, rate="92.8%", count=33),
}


@pytest.fixture(scope="module")
def read_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("read")
    for name, text in REPORTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    settings = Settings(home=folder / "home", refresh_seconds=0.0, workers=1)
    with workspaces.open(settings=settings) as space:
        space.ingest([folder / name for name in REPORTS])
    return settings


@pytest.fixture(scope="module")
def read_client(read_settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(read_settings), base_url="http://127.0.0.1:8000") as client:
        yield client
    adopt(EMPTY)


def test_candidates_come_with_counts_years_and_sentences(read_client: TestClient) -> None:
    answer = read_client.get("/api/vocabulary/candidates", params={"kind": "program"}).json()
    (candidate,) = answer["candidates"]
    assert (candidate["name"], candidate["townships"], candidate["reports"]) == ("灯下议事坊", 2, 3)
    assert (candidate["first_year"], candidate["last_year"]) == (2022, 2023)
    for example in candidate["examples"]:
        assert REPORTS[example["key"]][example["start"] : example["end"]] == example["text"]
        assert example["report"] == report_id(example["key"])
    assert answer["coverage"]["reports"] == 3
    assert answer["snapshot"]


def test_size_cuts_and_total_tells_of_the_rest(read_client: TestClient) -> None:
    everything = read_client.get("/api/vocabulary/candidates", params={"size": 200}).json()
    one = read_client.get("/api/vocabulary/candidates", params={"size": 1}).json()
    assert one["candidates"] == everything["candidates"][:1]
    assert one["total"] == everything["total"] == len(everything["candidates"])
    assert read_client.get("/api/vocabulary/candidates", params={"kind": "law"}).status_code == 422


def test_a_decision_shows_at_once(read_client: TestClient, read_settings: Settings) -> None:
    reviewing.reject(read_settings, "灯下议事坊", "program")
    try:
        assert read_client.get("/api/vocabulary/candidates", params={"kind": "program"}).json()["candidates"] == []
    finally:
        reviewing.undo(read_settings)
    assert len(read_client.get("/api/vocabulary/candidates", params={"kind": "program"}).json()["candidates"]) == 1


def test_a_report_tells_what_does_not_go_together_in_it(read_client: TestClient) -> None:
    (finding,) = read_client.get(f"/api/reports/{report_id('a.txt')}").json()["findings"]
    assert (finding["kind"], finding["severity"], finding["stated"], finding["computed"], finding["unit"]) == ("rate_differs", "warning", 70, 92.8571, "%")
    assert all(REPORTS["a.txt"][side["start"] : side["end"]] == side["surface"] for side in finding["evidence"])
    for fact in finding["facts"]:
        assert read_client.get(f"/api/facts/{fact}").status_code == 200
    assert read_client.get(f"/api/reports/{report_id('b.txt')}").json()["findings"] == []


def test_a_number_in_doubt_is_flagged_and_keeps_its_value(read_client: TestClient) -> None:
    rates = read_client.get("/api/measures", params={"indicator": "closing_rate"}).json()["measures"]
    assert sorted((measure["value"], tuple(measure["findings"])) for measure in rates) == [
        (70, ("rate_differs",)),
        (92.8, ("rate_truncated",)),
        (92.9, ()),
    ]
    disputes = read_client.get("/api/measures", params={"indicator": "disputes_mediated"}).json()["measures"]
    assert [measure["findings"] for measure in disputes] == [[], [], []]


def test_the_report_page_shows_them(read_client: TestClient) -> None:
    page = read_client.get(f"/reports/{report_id('a.txt')}").text
    assert "办结率写作70%，按所列数 520 ÷ 560 = 92.86%。" in page
    assert 'id="audit"' not in read_client.get(f"/reports/{report_id('b.txt')}").text
