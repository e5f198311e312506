"""Panel, sums, files and coverage over a small collection with conflicts, units, rates and words that a spreadsheet would run."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from search_api_corpus import Tale, build_entry
from starlette.testclient import TestClient

from archive.model import Failure
from fazhi import projection, workspace
from fazhi.settings import Settings
from search_api.app import create_app

A, B, C, D = (f"cn:350524/{name}" for name in ("甲溪镇", "乙岭乡", "丙河镇", "丁山镇"))
MEDIATED = "indicator:disputes_mediated"


def number(surface: str, value: float, unit: str = "件", indicator: str = "disputes_mediated", **more: Any) -> tuple[str, str, dict[str, Any]]:
    return "metric", surface, {"indicator": indicator, "indicator_id": indicator, "value": value, "unit": unit, **more}


def raw(surface: str, value: float, words: str, unit: str) -> tuple[str, str, dict[str, Any]]:
    return "metric", surface, {"indicator": words, "value": value, "unit": unit}


TALES = [
    Tale(
        "甲溪镇2023.txt",
        "甲溪镇2023年报告\n一、主要成效\n调解矛盾纠纷100件。全年调解矛盾纠纷90余件。受理诉求50件，办结诉求40件，办结率80%。\n",
        A,
        2023,
        [
            number("100件", 100),
            number("90余件", 90, approx="more_than"),
            number("50件", 50, indicator="requests_accepted"),
            number("40件", 40, indicator="requests_closed"),
            number("80%", 80, "%", "closing_rate"),
        ],
    ),
    Tale(
        "乙岭乡2023.txt",
        "乙岭乡2023年报告\n一、主要成效\n调解矛盾纠纷30余起。受理诉求10件，办结诉求5件，办结率99%。调解率约95%。计划调解矛盾纠纷999件。\n",
        B,
        2023,
        [
            number("30余起", 30, "起", approx="more_than"),
            number("10件", 10, indicator="requests_accepted"),
            number("5件", 5, indicator="requests_closed"),
            number("99%", 99, "%", "closing_rate"),
            number("999件", 999, modality="planned"),
        ],
    ),
    Tale(
        "丙河镇2023.txt",
        "丙河镇2023年报告\n一、主要成效\n=HYPERLINK调解矛盾纠纷7件。又说调解矛盾纠纷9件。\n",
        C,
        2023,
        [number("7件", 7), number("9件", 9), raw("=HYPERLINK调解矛盾纠纷7件", 7, "=1+1", "件")],
    ),
    Tale("丁山镇2023.txt", "丁山镇2023年报告\n一、主要成效\n调解矛盾纠纷600人次。\n", D, 2023, [number("600人次", 600, "人次")]),
    Tale("甲溪镇2022.txt", "甲溪镇2022年报告\n一、主要成效\n本镇依法行政。\n", A, 2022),
    Tale("乙岭乡2024.txt", "乙岭乡2024年报告\n一、主要成效\n2021年调解矛盾纠纷20件。\n", B, 2024, [number("20件", 20, year=2021)]),
]


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(home=tmp_path_factory.mktemp("measures") / "home", refresh_seconds=0.0, workers=1)
    with workspace.open(settings=settings) as space, space.writing("test"):
        space.archive.commit([build_entry(tale) for tale in TALES])
        failure = Failure(name="丙河镇2022.pdf", reason="It has no text layer.", cure="", seen="2024-01-01T00:00:00+00:00")
        space.archive.record_run("2024-01-01T00:00:00+00:00", {"new": len(TALES)}, [failure])
        projection.drain(space)
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        yield client


def ask(client: TestClient, address: str = "/api/measures", **parameters: Any) -> Any:
    response = client.get(address, params={"indicator": "调解矛盾纠纷数", **parameters})
    assert response.status_code == 200, response.text
    return response


def cells_of(client: TestClient, **parameters: Any) -> dict[tuple[str, int, str | None], dict[str, Any]]:
    cells = ask(client, view="panel", size=200, **parameters).json()["cells"]
    found = {(cell["name"], cell["year"], cell["unit"]): cell for cell in cells}
    assert len(found) == len(cells)
    return found


def table(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8"))))


def test_an_exact_number_wins_over_an_approximation_that_allows_it(numbers: TestClient) -> None:
    cell = cells_of(numbers)["甲溪镇", 2023, "件"]
    assert (cell["state"], cell["value"], cell["approx"], len(cell["statements"])) == ("stated", 100, None, 2)
    assert cell["path"] == ["福建省", "泉州市", "安溪县"]
    sentence = cell["statements"][0]["sentence"]
    assert sentence["text"] == TALES[0].text[sentence["start"] : sentence["end"]] == "调解矛盾纠纷100件。"


def test_two_values_are_a_conflict_and_nothing_is_chosen(numbers: TestClient) -> None:
    cell = cells_of(numbers)["丙河镇", 2023, "件"]
    assert (cell["state"], cell["value"], cell["low"], cell["high"], cell["between"]) == ("conflict", None, 7, 9, "one_report")
    assert [statement["value"] for statement in cell["statements"]] == [7, 9]


def test_a_plan_is_no_number_and_an_approximation_keeps_its_bounds(numbers: TestClient) -> None:
    cell = cells_of(numbers)["乙岭乡", 2023, "起"]
    assert [statement["value"] for statement in cell["statements"]] == [30]
    assert (cell["value"], cell["approx"], cell["low"], cell["high"]) == (30, "more_than", 30, 40)


def test_empty_cells_tell_why(numbers: TestClient) -> None:
    cells = cells_of(numbers, empty=True, **{"from": 2021})
    assert cells["甲溪镇", 2022, None]["state"] == "without_indicator"
    assert cells["丙河镇", 2022, None]["state"] == "unreadable"
    assert cells["丁山镇", 2022, None]["state"] == "no_report"
    assert cells["乙岭乡", 2024, None]["state"] == "without_indicator"
    assert cells["乙岭乡", 2021, "件"]["value"] == 20
    assert len(cells) == 4 * 4


@pytest.mark.parametrize("empty", [True, False])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_of_cells_join_to_the_whole(numbers: TestClient, size: int, empty: bool) -> None:
    whole = ask(numbers, view="panel", size=200, empty=empty).json()["cells"]
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = ask(numbers, view="panel", size=size, empty=empty, **cursor).json()
        assert len(page["cells"]) <= size
        found += page["cells"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert found == whole


def test_sums_add_one_kind_of_unit_and_say_who_answered(numbers: TestClient) -> None:
    lines = {(line["year"], line["unit"]): line for line in ask(numbers, by="county").json()["sums"]}
    line = lines[2023, "件"]  # 100件 and 30余起; 7 or 9 is undecided; 600人次 is something else
    assert (line["value"], line["approx"], line["low"], line["high"]) == (130, "more_than", 137, 149)
    assert (line["answered"], line["conflicting"], line["reporting"], line["other_units"]) == (2, 1, 4, 1)
    assert (lines[2023, "人次"]["value"], lines[2023, "人次"]["answered"], lines[2023, "人次"]["other_units"]) == (600, 1, 3)
    assert (lines[2021, "件"]["reporting"], lines[2021, "件"]["from_other_years"]) == (0, 1)


def test_rates_are_never_added_and_weighted_only_where_counts_bear_them_out(numbers: TestClient) -> None:
    (line,) = ask(numbers, indicator="办结率", by="prefecture").json()["sums"]
    assert (line["place"], line["added"], line["value"], line["low"]) == ("cn:3505", False, None, None)
    assert (line["least"], line["median"], line["most"], line["answered"]) == (80, 89.5, 99, 2)
    assert (line["pooled"], line["parts"], line["wholes"], line["weighted"]) == (80, 40, 50, 1)  # 5 of 10 are not 99 %
    assert line["weight"] == "requests_closed/requests_accepted"


def test_sums_page_by_page(numbers: TestClient) -> None:
    whole = ask(numbers, by="county").json()["sums"]
    first = ask(numbers, by="county", size=2).json()
    assert first["sums"] + ask(numbers, by="county", size=2, cursor=first["next"]).json()["sums"] == whole


def test_csv_has_all_cells_with_their_sentences(numbers: TestClient) -> None:
    rows = table(ask(numbers, format="csv"))
    assert [(row["place_name"], row["year"], row["state"], row["value"], row["unit"]) for row in rows] == [
        ("丁山镇", "2023", "stated", "600", "人次"),
        ("丙河镇", "2023", "conflict", "", "件"),
        ("乙岭乡", "2021", "stated", "20", "件"),
        ("乙岭乡", "2023", "stated", "30", "起"),
        ("甲溪镇", "2023", "stated", "100", "件"),
    ]
    assert rows[1]["all_values"] == "7件 | 9件"
    assert rows[4]["sentence"] == "调解矛盾纠纷100件。"
    assert rows[4]["county"] == "安溪县"


def test_csv_runs_no_formula(numbers: TestClient) -> None:
    rows = table(ask(numbers, format="csv", indicator=["=1+1", "调解矛盾纠纷数"]))
    assert {row["indicator_name"] for row in rows} == {"'=1+1", "调解矛盾纠纷数"}
    cells = [cell for row in rows for cell in row.values()]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))]


def test_parquet_holds_the_same_with_types(numbers: TestClient) -> None:
    from arro3.io import read_parquet

    rows = table(ask(numbers, format="csv"))
    read = read_parquet(io.BytesIO(ask(numbers, format="parquet").content)).read_all()
    assert read.column("value").to_pylist() == [float(row["value"]) if row["value"] else None for row in rows]
    assert read.column("year").to_pylist() == [int(row["year"]) for row in rows]
    assert read.column("sentence").to_pylist() == [row["sentence"].removeprefix("'") for row in rows]


def test_a_file_of_sums(numbers: TestClient) -> None:
    rows = table(ask(numbers, format="csv", by="county", **{"from": 2023}))
    assert [(row["unit"], row["sum"], row["added"], row["answered"], row["reporting"]) for row in rows] == [
        ("人次", "600", "true", "1", "4"),
        ("件", "130", "true", "2", "4"),
    ]


@pytest.mark.parametrize("format", ["csv", "parquet"])
@pytest.mark.parametrize("more", [{}, {"by": "county"}, {"empty": True, "from": 2022, "to": 2023, "place": "安溪县"}])
def test_a_citation_describes_the_file_and_makes_it_again(numbers: TestClient, format: str, more: dict[str, Any]) -> None:
    file = ask(numbers, format=format, **more)
    address = file.headers["link"].partition("<")[2].partition(">")[0]
    citation = numbers.get(address).json()
    assert citation["sha256"] == hashlib.sha256(file.content).hexdigest()
    assert citation["bytes"] == len(file.content)
    assert citation["snapshot"] == file.headers["x-snapshot"] == ask(numbers).json()["snapshot"]
    assert "public" in citation["licence"]
    assert citation["query"]["indicators"] == ["调解矛盾纠纷数"]
    assert numbers.get(citation["address"]).content == file.content
    if format == "csv":
        assert citation["rows"] == len(table(file))
        assert [column["name"] for column in citation["columns"]] == list(table(file)[0])


def test_a_citation_without_a_format_is_that_of_the_csv(numbers: TestClient) -> None:
    citation = ask(numbers, "/api/measures/citation").json()
    assert (citation["format"], dict(parse_qsl(citation["address"].partition("?")[2]))["view"]) == ("csv", "panel")


def test_bom_is_for_excel_only(numbers: TestClient) -> None:
    assert ask(numbers, format="csv", bom=True).content == b"\xef\xbb\xbf" + ask(numbers, format="csv").content


@pytest.mark.parametrize(
    "parameters",
    [
        {"view": "statements", "format": "csv"},
        {"level": "county"},
        {"empty": True},
        {"view": "panel", "by": "county"},
        {"by": "county", "empty": True},
        {"by": "village"},
        {"by": "township"},
        {"bom": True},
        {"format": "csv", "cursor": "x"},
        {"view": "panel", "cursor": "x"},
        {"by": "county", "cursor": "x"},
        {"view": "panel", "from": 2024, "to": 2020},
    ],
    ids=str,
)
def test_what_does_not_go_together_is_refused(numbers: TestClient, parameters: dict[str, Any]) -> None:
    response = numbers.get("/api/measures", params={"indicator": "调解矛盾纠纷数", **parameters})
    assert response.status_code == 400
    assert response.json()["cure"]


def test_too_many_empty_cells_are_refused_before_they_are_made(numbers: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fazhi.measuring.panel.MOST_CELLS", 15)
    asked = {"indicator": "调解矛盾纠纷数", "format": "csv", "empty": True}
    assert numbers.get("/api/measures", params={**asked, "from": 2021}).status_code == 413  # 4 places × 4 years
    assert numbers.get("/api/measures", params={**asked, "from": 2022}).status_code == 200


def test_a_file_about_an_unknown_indicator_is_a_problem(numbers: TestClient) -> None:
    for format in ("csv", "parquet"):
        assert numbers.get("/api/measures", params={"indicator": "没有这个", "format": format}).status_code == 404


def test_statements_of_several_indicators(numbers: TestClient) -> None:
    rows = ask(numbers, indicator=["办结率", "调解矛盾纠纷数"]).json()["measures"]
    assert {row["indicator_name"] for row in rows} == {"办结率", "调解矛盾纠纷数"}
    assert {row["modality"] for row in rows} == {"done", "planned"}  # as before: statements are all there


def test_coverage_tells_the_reason(numbers: TestClient) -> None:
    answer = ask(numbers, "/api/coverage").json()
    cells = {(row["name"], cell["year"]): cell for row in answer["rows"] for cell in row["years"]}
    assert (cells["甲溪镇", 2023]["stated"], cells["甲溪镇", 2023]["reason"]) == (True, None)
    assert (cells["甲溪镇", 2022]["state"], cells["甲溪镇", 2022]["reason"]) == ("present", "without_indicator")
    assert (cells["丙河镇", 2022]["state"], cells["丙河镇", 2022]["reason"], cells["丙河镇", 2022]["file"]) == ("unreadable", "unreadable", "丙河镇2022.pdf")
    assert (cells["丁山镇", 2024]["state"], cells["丁山镇", 2024]["reason"]) == ("missing", "no_report")
    silent = numbers.get("/api/coverage").json()["rows"][0]["years"][0]
    assert (silent["stated"], silent["reason"]) == (None, "no_report")


def test_the_archive_ahead_of_the_graph_gives_no_file(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", refresh_seconds=0.0, workers=1)
    with workspace.open(settings=settings) as space, space.writing("test"):
        space.archive.commit([build_entry(TALES[0])])
        projection.drain(space)
        space.archive.commit([build_entry(TALES[1])])
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        response = client.get("/api/measures", params={"indicator": "调解矛盾纠纷数", "format": "csv"})
        assert response.status_code == 409
        assert "not in the graph" in response.json()["detail"]
