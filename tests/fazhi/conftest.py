from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sample_reports import write_reports

from fazhi import cli, workspace
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


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., tuple[int, str, str]]:
    """The command line as its user sees it: (exit code, standard output, standard error)."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["fazhi", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capfdbinary.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, out.decode(), err.decode()

    return call
