from __future__ import annotations

from contextlib import closing

import pytest
from graph_samples import Report, listing

from fazhi.errors import Conflict, Unavailable
from graph.embedded import EmbeddedGraph


@pytest.fixture
def store(tmp_path):
    store = EmbeddedGraph(tmp_path / "graph", writable=True)
    yield store
    store.close()


def test_applying_again_writes_nothing(store):
    changes = [Report("a").adopts("法律八进").change()]
    store.apply(changes)
    version = store._session.version()
    store.apply(changes)
    assert store._session.version() == version


def test_second_writer_hears_who_holds_the_graph(store, tmp_path):
    with pytest.raises(Conflict, match=r"process \d+ since"):
        EmbeddedGraph(tmp_path / "graph", writable=True)


def test_reader_sees_commits_after_checkpoint_and_refresh(store, tmp_path):
    reader = EmbeddedGraph(tmp_path / "graph", writable=False)
    store.apply([Report("a").change()])
    store._checkpoint()
    assert list(reader.fingerprints()) == []
    reader.refresh()
    assert len(list(reader.fingerprints())) == 1


def test_reader_of_an_empty_folder_waits_for_a_graph(tmp_path):
    reader = EmbeddedGraph(tmp_path / "graph", writable=False)
    assert reader.read("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]
    writer = EmbeddedGraph(tmp_path / "graph", writable=True)
    writer.apply([Report("a").change()])
    writer.close()
    reader.refresh()
    assert reader.read("MATCH (n:Report) RETURN count(n) AS n") == [{"n": 1}]


def test_rebuild_gives_the_same_graph_and_readers_follow(store, tmp_path):
    changes = [Report("a").adopts("法律八进").change(), Report("b", "cn:350524/白水乡").counts(None, 3, phrase="走访群众").change()]
    store.apply(changes)
    store._checkpoint()
    reader = EmbeddedGraph(tmp_path / "graph", writable=False)
    before = listing(store)
    store.rebuild(iter(changes))
    assert listing(store) == before
    reader.refresh()
    assert listing(reader) == before
    assert len(list((tmp_path / "graph").glob("*.kgl"))) == 1


def test_failed_rebuild_keeps_the_old_graph(store, tmp_path):
    store.apply([Report("a").change()])
    before = listing(store)

    def broken():
        yield Report("b").change()
        raise RuntimeError("archive went away")

    with pytest.raises(RuntimeError):
        store.rebuild(broken())
    assert listing(store) == before
    assert len(list((tmp_path / "graph").glob("*.kgl"))) == 1


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"not a graph"])
def test_damaged_file_says_so_and_can_be_rebuilt(tmp_path, damage):
    folder = tmp_path / "graph"
    changes = [Report("a").change()]
    store = EmbeddedGraph(folder, writable=True)
    store.apply(changes)
    store.close()
    file = folder / (folder / "current").read_text()
    file.write_bytes(damage(file.read_bytes()))
    reader = EmbeddedGraph(folder, writable=False)
    with pytest.raises(Unavailable) as caught:
        reader.read("RETURN 1 AS x")
    assert "fazhi rebuild graph" in caught.value.cure
    store = EmbeddedGraph(folder, writable=True)
    with pytest.raises(Unavailable):
        store.apply(changes)
    store.rebuild(changes)
    assert len(list(store.fingerprints())) == 1
    reader.refresh()
    assert len(list(reader.fingerprints())) == 1
    store.close()


def test_missing_file_says_so(tmp_path):
    (tmp_path / "current").write_text("graph-7.kgl")
    with pytest.raises(Unavailable):
        EmbeddedGraph(tmp_path, writable=False).read("RETURN 1 AS x")


def test_a_reader_names_the_moment_that_it_shows(tmp_path):
    writer = EmbeddedGraph(tmp_path, writable=True)
    writer.apply([Report("a", "cn:350524/青石镇", 2022).change()])
    assert writer.moment() is None
    writer.close()
    reader = EmbeddedGraph(tmp_path, writable=False)
    before = reader.moment()
    reader.refresh()
    assert reader.moment() == before is not None
    with closing(EmbeddedGraph(tmp_path, writable=True)) as writer:
        writer.apply([Report("b", "cn:350524/青石镇", 2023).change()])
    assert reader.moment() == before
    reader.refresh()
    assert reader.moment() != before
    reader.close()
