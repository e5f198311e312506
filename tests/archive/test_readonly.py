"""An archive that lies where nothing can be written."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive import readonly
from archive.store import Archive
from fazhi.errors import Unavailable


@pytest.fixture
def unchanging(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file system looks as if it were mounted for reading."""
    monkeypatch.setattr(os, "statvfs", lambda path: SimpleNamespace(f_flag=os.ST_RDONLY))


def test_on_a_medium_that_can_be_written_nothing_is_special(tmp_path: Path) -> None:
    assert readonly.url_for_reading(f"sqlite:///{tmp_path}/a.db") is None
    assert readonly.url_for_reading("postgresql+psycopg://x/y") is None


def test_what_was_closed_cleanly_is_read_without_a_lock_or_a_file_beside_it(tmp_path: Path, unchanging: None) -> None:
    url = f"sqlite:///{tmp_path / '档案?#.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readonly, "url_for_reading", lambda url: None)
        patch.setattr("archive.store.url_for_reading", lambda url: None)
        with Archive.open(url, str(tmp_path)) as archive:
            archive.record_run("2026-01-01", {"new": 1}, [])
    before = sorted(path.name for path in tmp_path.iterdir())
    with Archive.open(url, str(tmp_path)) as archive:
        assert len(archive.runs()) == 1
        with pytest.raises(Unavailable):
            archive.record_run("2026-01-02", {"new": 1}, [])
        assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_commits_that_still_stand_in_the_log_are_not_passed_over(tmp_path: Path, unchanging: None) -> None:
    (tmp_path / "a.db").write_bytes(b"")
    (tmp_path / "a.db-wal").write_bytes(b"x")
    with pytest.raises(Unavailable, match="still stand in the log"):
        readonly.url_for_reading(f"sqlite:///{tmp_path / 'a.db'}")
