from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from search_api_corpus import LOCAL, fill
from starlette.testclient import TestClient

from fazhi.settings import Settings
from search_api.app import create_app


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from in_browser import CHROMIUM, PATIENCE
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], timeout=PATIENCE)
        yield browser
        browser.close()
