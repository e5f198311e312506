from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from search_api_corpus import TALES, build_entry
from starlette.testclient import TestClient

from fazhi import projection, workspace
from fazhi.settings import Settings
from search_api.app import create_app

LOCAL = "http://127.0.0.1:8000"


def fill(home: Path) -> Settings:
    """A data folder with the corpus in all three stores."""
    settings = Settings(home=home, refresh_seconds=0.0, workers=1)
    with workspace.open(settings=settings) as space, space.writing("test"):
        space.archive.commit([build_entry(tale) for tale in TALES])
        space.archive.record_run("2024-01-01T00:00:00+00:00", {"new": len(TALES)}, [_unreadable()])
        projection.drain(space)
    return settings


def _unreadable() -> Any:
    from archive.model import Failure

    return Failure(name="甲溪镇2022.pdf", reason="It has no text layer.", cure="Recognise its characters first.", seen="2024-01-01T00:00:00+00:00")


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return fill(tmp_path_factory.mktemp("search_api") / "home")


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of the filled service; tests must not change what it serves."""
    with TestClient(create_app(settings), base_url=LOCAL) as client:
        yield client


@pytest.fixture
def own_client(tmp_path: Path) -> Iterator[TestClient]:
    """A client of a service of its own, for tests that change something."""
    with TestClient(create_app(fill(tmp_path / "home")), base_url=LOCAL) as client:
        yield client


@pytest.fixture
def report(client: TestClient) -> Any:
    """key → report id."""
    from ingest.ids import report_id

    return report_id
