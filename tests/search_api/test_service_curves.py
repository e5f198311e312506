"""Curves over HTTP and on the command line: what is refused, and why, and what is told where the data carry it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from search_api_corpus import LOCAL, Tale, adopts, build_entry
from starlette.testclient import TestClient

from diffusion.robustness import Robustness
from fazhi import cli, projection, workspace
from fazhi.curve_command import print_robustness
from fazhi.settings import Settings
from search_api.app import create_app

PROGRAM = "法律八进"
FIRST, LAST = 2015, 2024


def towns() -> list[str]:
    return [f"cn:350524/{chr(0x7532 + at)}{chr(0x6E05 + at)}镇" for at in range(60)]


def years_of_adoption() -> list[int]:
    """Sixty places on a logistic curve around 2019.5, to a year."""
    from math import ceil, log

    return [ceil(2019.5 + log((at + 0.5) / (59.5 - at)) / 0.9) for at in range(60)]


def tales() -> Iterator[Tale]:
    for at, (town, begun) in enumerate(zip(towns(), years_of_adoption(), strict=True)):
        for year in range(FIRST, LAST + 1):
            if (at * 7 + year * 3) % 11 == 0:
                continue  # missing
            name = town.rpartition("/")[2]
            said = f"{name}深入开展{PROGRAM}活动。" if year >= begun else f"{name}落实普法责任制。"
            text = f"{name}{year}年法治政府建设情况报告\n一、主要成效\n{said}第{at}号。\n"
            yield Tale(f"{name}{year}.txt", text, town, year, adopts(town, PROGRAM, PROGRAM) if year >= begun else [])


@pytest.fixture(scope="module")
def spread(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp("curves") / "home")
    with workspace.open(settings=settings) as space, space.writing("test"):
        space.archive.commit([build_entry(tale) for tale in tales()])
        projection.drain(space)
    return settings


@pytest.fixture(scope="module")
def spread_client(spread: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(spread), base_url=LOCAL) as client:
        yield client


def test_a_curve_that_was_planted_is_told_with_its_bounds(spread_client: TestClient) -> None:
    answer = spread_client.get(f"/api/programs/{PROGRAM}/curve")
    assert answer.status_code == 200, answer.text
    curve = answer.json()
    assert curve["program"] == f"program:{PROGRAM}"
    assert curve["snapshot"] and curve["coverage"]["reports"] == len(list(tales()))
    assert [year["year"] for year in curve["years"]] == list(range(FIRST, LAST + 1))
    assert curve["refused"] is None
    logistic = next(fit for fit in curve["fits"] if fit["name"] == "logistic")
    inflection = next(each for each in logistic["parameters"] if each["name"] == "inflection")
    assert inflection["low"] <= 2019.5 <= inflection["high"]
    for year, value in zip(curve["years"], curve["estimates"][0]["values"], strict=True):
        truth = sum(begun <= year["year"] for begun in years_of_adoption()) / 60
        assert year["lower"] <= truth + 1e-6 <= year["upper"] + 2e-6
        assert value == pytest.approx(truth, abs=0.08)
    assert any("not the origin" in caveat for caveat in curve["caveats"])
    assert spread_client.get(f"/api/programs/program:{PROGRAM}/curve").json() == curve


def test_the_command_says_the_same(spread: Settings, spread_client: TestClient, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> None:
    told = json.loads(run(["curve", PROGRAM, "--json"], spread.home, monkeypatch, capfdbinary))
    answer = spread_client.get(f"/api/programs/{PROGRAM}/curve").json()
    assert told["snapshot"] == answer["snapshot"]
    assert all(told["curve"][name] == answer[name] for name in ("years", "fits", "estimates", "chosen", "reading", "caveats"))
    table = run(["curve", PROGRAM], spread.home, monkeypatch, capfdbinary)
    assert "60 places with reports" in table
    assert "logistic: AICc" in table


def test_tests_and_robustness_are_told_when_asked_for(spread_client: TestClient, spread: Settings, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> None:
    plain = spread_client.get(f"/api/programs/{PROGRAM}/curve").json()
    assert (plain["hazard"], plain["neighbours"], plain["robustness"]) == (None, None, None)
    told = spread_client.get(f"/api/programs/{PROGRAM}/curve?tests=true&robustness=true").json()
    assert {name: value for name, value in told.items() if name not in ("hazard", "neighbours", "robustness")} == {
        name: value for name, value in plain.items() if name not in ("hazard", "neighbours", "robustness")
    }
    assert told["hazard"]["refused"]["code"] == "few_counties"  # all are of one county
    assert told["neighbours"]["refused"]["code"] == "few_counties"
    block = told["robustness"]
    assert [shaken["name"] for shaken in block["hidden"]] == ["hidden_10", "hidden_30"]
    assert all(0.6 < shaken["tau"] <= 1 and 0.9 <= shaken["jaccard"] <= 1 for shaken in block["hidden"])
    assert block["counties"] is None
    assert block["mentions"] == sum(bool(tale.facts) for tale in tales())
    assert block["templates"] is not None
    assert block["reversed"] == {"name": "county_share", "forward": None, "backward": None}
    print_robustness(msgspec.convert(block, Robustness))
    assert "hidden_30, 5 tries" in capfdbinary.readouterr().out.decode()
    assert "No hazard is fitted" in run(["curve", PROGRAM, "--tests"], spread.home, monkeypatch, capfdbinary)


def run(arguments: list[str], home: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> str:
    monkeypatch.setattr(sys, "argv", ["fazhi", "--home", str(home), *arguments])
    with pytest.raises(SystemExit) as left:
        cli.main()
    out, err = capfdbinary.readouterr()
    assert left.value.code == 0, err
    return str(out.decode())


def test_few_reports_carry_no_law(client: TestClient) -> None:
    curve = client.get("/api/programs/法律八进/curve").json()
    assert curve["refused"]["code"] in ("few_events", "mostly_missing")
    assert curve["fits"] == []
    assert curve["chosen"] is None
    assert [year["year"] for year in curve["years"]] == [2021, 2022, 2023]
    assert all(year["lower"] <= year["upper"] for year in curve["years"])


def test_a_family_counts_the_first_of_its_variants(client: TestClient) -> None:
    alone = client.get("/api/programs/program:法律八进/curve").json()
    family = client.get("/api/programs/program:法律进/curve").json()
    assert family["program"] == "program:法律进"
    assert [year["adopted"] for year in alone["years"]] == [0, 1, 2]
    assert [year["adopted"] for year in family["years"]] == [1, 2, 2]  # 甲溪镇 had 法律七进 in 2021 and only planned 法律八进


def test_a_practice_of_the_catalogue_that_nobody_names_has_no_adopters(client: TestClient) -> None:
    curve = client.get("/api/programs/河长制/curve").json()
    assert curve["refused"]["code"] == "no_adopters"
    assert curve["adopters"] == 0


def test_a_practice_that_nobody_knows_is_not_found(client: TestClient) -> None:
    answer = client.get("/api/programs/没有这种做法/curve")
    assert answer.status_code == 404
    assert answer.json()["cure"]


def test_a_collection_without_reports_has_no_years(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(home=tmp_path / "home")), base_url=LOCAL) as empty:
        curve = empty.get("/api/programs/法律八进/curve").json()
    assert curve["refused"]["code"] == "no_years"
    assert curve["years"] == []


def test_wrong_seeds_are_refused(client: TestClient) -> None:
    assert client.get("/api/programs/法律八进/curve?seed=-1").status_code == 422
    assert client.get("/api/programs/法律八进/curve?sede=1").status_code == 422
