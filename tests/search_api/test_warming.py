from __future__ import annotations

import logging

import pytest
from search_api_corpus import LOCAL
from starlette.testclient import TestClient

from fazhi.settings import Settings
from search_api import warming
from search_api.app import create_app
from search_api.warming import Warmer


def warm(client: TestClient) -> None:
    warmer = Warmer(client.app.state.reader)  # type: ignore[attr-defined]
    warmer.start()
    warmer._thread.join()
    warmer.stop()


def test_every_step_works(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "fazhi.http"):
        warm(client)
    assert not [record for record in caplog.records if "not warmed" in record.message]
    assert client.app.state.reader._suggestions is not None  # type: ignore[attr-defined]


def test_what_was_read_in_advance_is_there_for_the_first_who_asks(settings: Settings) -> None:
    with TestClient(create_app(settings), base_url=LOCAL) as client:
        warm(client)
        reader = client.app.state.reader  # type: ignore[attr-defined]
        state = reader._state
        reader.refresh(now=True)
        assert reader._state is state
        assert state.standings is not None


def test_a_step_that_fails_stops_none_of_the_others(client: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("no drawing here")

    reader = client.app.state.reader  # type: ignore[attr-defined]
    reader._suggestions = None
    monkeypatch.setattr(warming, "_draw_chart", fail)
    with caplog.at_level(logging.INFO, "fazhi.http"):
        warm(client)
    assert [record.message for record in caplog.records if record.name == "fazhi.http"] == ["not warmed: no drawing here"]
    assert reader._suggestions is not None


def test_one_that_is_stopped_does_nothing_more(client: TestClient) -> None:
    reader = client.app.state.reader  # type: ignore[attr-defined]
    reader._suggestions = None
    warmer = Warmer(reader)
    warmer.stop()
    warmer._work()
    assert reader._suggestions is None
