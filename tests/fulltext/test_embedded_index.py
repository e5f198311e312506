"""What is particular to the index in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fulltext_corpus import CORPUS, removal

from fazhi.errors import Conflict, Unavailable
from fulltext import open_store
from fulltext.query import parse
from fulltext.store import Filters, TextStore


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[TextStore]:
    opened = open_store(None, tmp_path / "text", writable=True)
    opened.apply(CORPUS)
    yield opened
    opened.close()


def test_a_reader_sees_commits_after_refresh(filled: TextStore, tmp_path: Path) -> None:
    reader = open_store(None, tmp_path / "text", writable=False)
    assert reader.search(None, Filters()).total == 5
    filled.apply([removal("a")])
    assert reader.search(None, Filters()).total == 5
    reader.refresh()
    assert reader.search(None, Filters()).total == 4


def test_a_reader_names_the_moment_that_it_shows(filled: TextStore, tmp_path: Path) -> None:
    reader = open_store(None, tmp_path / "text", writable=False)
    assert filled.moment() is None and reader.moment() is None  # not opened yet
    reader.search(None, Filters())
    reader.refresh()
    before = reader.moment()
    reader.refresh()
    assert reader.moment() == before is not None
    filled.apply([removal("a")])
    assert reader.moment() == before
    reader.refresh()
    assert reader.moment() != before
    after = reader.moment()
    filled.rebuild(CORPUS[:2])
    reader.refresh()
    reader.search(None, Filters())
    reader.refresh()
    assert reader.moment() not in (before, after, None)


def test_a_reader_follows_a_rebuild(filled: TextStore, tmp_path: Path) -> None:
    reader = open_store(None, tmp_path / "text", writable=False)
    assert reader.search(None, Filters()).total == 5
    filled.rebuild(CORPUS[:2])
    assert reader.search(None, Filters()).total == 5
    reader.refresh()
    assert reader.search(None, Filters()).total == 2
    assert len(list((tmp_path / "text").glob("index-*"))) == 1


@pytest.mark.parametrize("damage", ["meta", "segment", "pointer", "folder"])
def test_a_damaged_index_says_how_to_mend_it(filled: TextStore, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "text"
    filled.close()
    index = next(folder.glob("index-*"))
    if damage == "meta":
        (index / "meta.json").write_text("{")
    elif damage == "segment":
        for file in index.glob("*.term"):
            file.unlink()
    elif damage == "pointer":
        (folder / "current").write_text("nonsense")
    else:
        for file in index.iterdir():
            file.unlink()
        index.rmdir()
    broken = open_store(None, folder, writable=True)
    with pytest.raises(Unavailable, match="fazhi rebuild text"):
        broken.search(parse("法治"), Filters())
    broken.rebuild(CORPUS)
    assert broken.search(None, Filters()).total == 5


def test_two_writers_do_not_meet(filled: TextStore, tmp_path: Path) -> None:
    other = open_store(None, tmp_path / "text", writable=True)
    with pytest.raises(Conflict, match="Another process"):
        other.apply([removal("a")])
    with pytest.raises(Conflict, match="Another process"):
        other.rebuild([])
    filled.close()
    other.apply([removal("a")])
    assert other.search(None, Filters()).total == 4
