from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_reports import write_reports

from fazhi import workspace
from fazhi.workspace import Workspace


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_reports(tmp_path / "corpus", 6)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def space(home: Path) -> Iterator[Workspace]:
    with workspace.open(home) as opened:
        yield opened
