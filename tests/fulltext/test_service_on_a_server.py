"""The whole way with FAZHI_TEXT alone set to a server: command line and API answer as they do with the embedded engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from text_engines import ENGINES, Place

from fazhi.settings import load_settings
from search_api.app import create_app
from search_api.reader import Reader

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "corpus"
GONE = "休宁县-溪口镇-2021.txt"
ASKED = [
    {"q": "法律顾问", "facets": "year,county,program,section,level"},
    {"q": '"矛盾纠纷" OR 法律明白人', "sort": "-year", "size": "7"},
    {"q": "调解 section:plan"},
    {"place": "cn:34", "sort": "place", "size": "50", "facets": "township"},
    {"q": "法?宣传", "modality": "done"},
]


class Service:
    """One data folder with its engine, as commands and requests see it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.home = place.folder / "home"
        self.variables = {"FAZHI_HOME": str(self.home), "FAZHI_WORKERS": "1", "FAZHI_TEXT_PREFIX": place.prefix, "FAZHI_REFRESH_SECONDS": "0"}
        if place.server:
            self.variables |= {"FAZHI_TEXT": place.server.url, "FAZHI_TEXT_USER": place.server.user or "", "FAZHI_TEXT_PASSWORD": place.server.password or ""}

    def run(self, *command: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "fazhi", *command], capture_output=True, text=True, cwd=ROOT, env={**os.environ, **self.variables}, timeout=240
        )
        return done.returncode, done.stdout, done.stderr

    @contextmanager
    def serve(self) -> Iterator[TestClient]:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.variables.items():
                patch.setenv(name, value)
            settings = load_settings()
        with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
            yield client

    def ask_api(self) -> list[Any]:
        """What the API answers, without scores (rounded apart) and what names the moment."""
        with self.serve() as client:
            answers = [client.get("/api/search", params=params) for params in ASKED]
            assert [answer.status_code for answer in answers] == [200] * len(ASKED)
            return [plain(answer.json()) for answer in answers]

    def ask_command(self) -> list[Any]:
        answers = [self.run("search", question, "--json") for question in ("法律顾问", "section:plan 法治", "NOT 调解")]
        assert [code for code, _, _ in answers] == [0, 0, 0]
        return [plain(json.loads(out)) for _, out, _ in answers]


def plain(answer: Any) -> Any:
    """Without snapshot and cursors, and with scores to four digits."""
    if isinstance(answer, dict):
        return {key: float(f"{value:.4g}") if key == "score" else plain(value) for key, value in answer.items() if key not in ("snapshot", "cursor", "next")}
    return [plain(part) for part in answer] if isinstance(answer, list) else answer


@pytest.fixture(scope="module")
def services(places: Callable[[str], Place]) -> Iterator[Callable[[str], Service]]:
    made: dict[str, Service] = {}

    def make(engine: str) -> Service:
        if engine not in made:
            made[engine] = Service(places(engine))
            code, _, err = made[engine].run("ingest", str(EXAMPLES))
            assert code == 0, err
        return made[engine]

    yield make


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_commands_and_api_answer_alike(services: Callable[[str], Service], engine: str) -> None:
    ours, theirs = services("embedded"), services(engine)
    assert theirs.ask_command() == ours.ask_command()
    assert theirs.ask_api() == ours.ask_api()
    code, out, err = theirs.run("check", "--deep")
    assert code == 0, out + err
    assert not (theirs.home / "text").exists()
    status = json.loads(theirs.run("status", "--json")[1])
    assert (status["text"]["engine"], status["text"]["reports"]) == ("elasticsearch", status["archive"]["reports"])


@pytest.mark.servers
@pytest.mark.parametrize("engine", ["elasticsearch"])
def test_deleting_losing_and_rebuilding(places: Callable[[str], Place], engine: str) -> None:
    ours, theirs = Service(places("embedded")), Service(places(engine))
    for service in (ours, theirs):
        assert service.run("ingest", str(EXAMPLES))[0] == 0
        assert service.run("delete", GONE)[0] == 0
    after = theirs.ask_api()
    assert after == ours.ask_api()
    assert GONE not in json.dumps(after, ensure_ascii=False)
    with theirs.place.client() as client:
        for name in theirs.place.indexes():
            client.indices.delete(index=name)
    code, _, _ = theirs.run("check")
    assert code == 1
    for service in (ours, theirs):  # what was deleted counts in scores until an index is merged or rebuilt
        assert service.run("rebuild", "text")[0] == 0
    assert theirs.run("check", "--deep")[0] == 0
    assert theirs.ask_api() == ours.ask_api()
    assert len(theirs.place.indexes()) == 1


@pytest.mark.servers
def test_what_a_service_has_kept_goes_when_another_process_deletes(places: Callable[[str], Place]) -> None:
    service = Service(places("elasticsearch"))
    assert service.run("ingest", str(EXAMPLES))[0] == 0
    beside = Service(service.place)  # another service on the same data, that has kept nothing
    asked = [*ASKED, {"q": "法律顾问 絕无此词"}, *({"q": word, "size": "50"} for word in ("法治", "调解", "普法", "村", "依法"))]

    def ask(client: TestClient) -> list[Any]:
        return [client.get("/api/search", params=params).json() for params in asked]

    with service.serve() as client:
        reader: Reader = client.app.state.reader  # type: ignore[attr-defined]
        before = ask(client)
        reader.count_said()
        said = reader.known_said()
        assert said.is_settled
        assert ask(client) == before
        code, _, err = service.run("delete", GONE)
        assert code == 0, err
        after = ask(client)
        assert reader.known_said() is not said
        reader.count_said()
        assert ask(client) == after != before
    assert GONE not in json.dumps(after, ensure_ascii=False)
    with beside.serve() as client:
        assert ask(client) == after


@pytest.mark.servers
def test_a_server_that_is_away_is_named_by_commands_and_api(places: Callable[[str], Place], services: Callable[[str], Service]) -> None:
    service = services("elasticsearch")
    away = Service(service.place)
    away.variables |= {"FAZHI_TEXT": "http://joe:s3cret@127.0.0.1:9", "FAZHI_TEXT_USER": "", "FAZHI_TEXT_PASSWORD": "", "FAZHI_TEXT_PATIENCE": "0"}
    code, out, err = away.run("search", "法律顾问")
    assert code == 1
    assert "http://127.0.0.1:9 does not answer" in out + err
    assert "s3cret" not in out + err
