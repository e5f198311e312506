from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from search_api_corpus import fill
from starlette.testclient import TestClient

from fazhi import workspace
from fulltext.query import parse
from fulltext.store import Filters
from search_api import reader as reading
from search_api.exploring import explore, new_kept_ties
from search_api.likening import answer_similar
from search_api.reader import Reader, State


@pytest.fixture
def reader(client: TestClient) -> Reader:
    kept: Reader = client.app.state.reader  # type: ignore[attr-defined]
    return Reader(kept.workspace, 3_600.0)


def test_an_answer_is_remembered_until_the_collection_changes(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(name: str) -> str:
        asked.append(name)
        return name

    for name in ("a", "b", "a", "b"):
        assert reader.remember(name, lambda name=name: answer(name)) == name  # type: ignore[misc]
    assert asked == ["a", "b"]
    monkeypatch.setattr(reading, "_KEPT_ANSWERS", 1)
    reader._state = State("another", 1)
    reader.remember("a", lambda: answer("a"))
    assert asked == ["a", "b", "a"]
    for name in ("b", "a"):
        reader.remember(name, lambda name=name: answer(name))  # type: ignore[misc]
    assert asked == ["a", "b", "a", "b", "a"]  # the oldest goes where there are too many


def test_what_is_read_while_another_process_still_writes_is_forgotten_when_it_has_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = fill(tmp_path / "home")
    statement = "MATCH (r:Report) RETURN r.id AS id ORDER BY id"
    with workspace.open(settings=settings) as writer, workspace.open(settings=settings, mode="read") as space:
        reader = Reader(space, 0.0)
        (key, *_) = [document.key for document in writer.archive.documents()]

        def ask() -> int:
            reader.refresh()
            return len(reader.remember("reports", lambda: list(reader.graph.read(statement))))

        before, during = ask(), []
        close = writer.close_stores

        def look_and_close() -> None:
            during.append((writer.archive.generation(), ask()))
            kept = reader.known_ties()
            assert reader.known_ties() is kept
            during_ties.append(kept)
            close()

        during_ties: list[Any] = []
        monkeypatch.setattr(writer, "close_stores", look_and_close)
        writer.delete([key])
        monkeypatch.undo()
        assert during[-1] == (writer.archive.generation(), before)  # the archive had its last word; the graph was not written yet
        assert ask() == before - 1
        assert reader.known_ties() is not during_ties[-1]
        kept = reader.known_ties()
        assert ask() == before - 1 and reader.known_ties() is kept  # nothing new


def test_what_this_process_has_written_is_read_again(tmp_path: Path) -> None:
    with workspace.open(settings=fill(tmp_path / "home")) as space:
        reader = Reader(space, 0.0)
        reader.refresh()
        before = reader.known_ties()
        with space.writing("test"):
            pass
        reader.refresh()
        assert reader.known_ties() is not before


def test_what_was_counted_is_counted_anew_in_another_state(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = reader.workspace.text.count

    def count(queries: list[Any], filters: Filters) -> object:
        asked.append(len(queries))
        return real(queries, filters)

    monkeypatch.setattr(reader.workspace.text, "count", count)
    words = [parse(word) for word in ("法律", "调解", "法律")]
    assert None not in words
    before = reader.count(words)  # type: ignore[arg-type]
    assert before == real(words, Filters()) and before[0] > 0  # type: ignore[arg-type]
    assert reader.count(words[:2]) == before[:2] and reader.count([]) == []  # type: ignore[arg-type]
    assert asked == [2]
    reader._state = State("another", 1)
    assert reader.count(words) == before  # type: ignore[arg-type]
    assert asked == [2, 2]


def test_all_sentences_are_counted_once_for_a_state_that_is_asked_often(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    monkeypatch.setattr(reader.workspace.text, "said_otherwise", counted.append)
    said = reader.known_said()
    for _ in range(reading._ASKED_SAID):
        assert not counted
        reader.known_said()
        said.asked += 1
    reader.count_said()  # what the thread does that the next one starts
    reader.known_said()
    assert len(counted) == 1 and said.is_settled
    reader._state = State("another", 1)
    assert reader.known_said() is not said and not reader.known_said().is_settled


def test_an_answer_that_fails_is_asked_for_again(reader: Reader) -> None:
    def fail() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        reader.remember("a", fail)
    assert reader.remember("a", lambda: "found") == "found"


def test_what_was_kept_of_hubs_changes_no_picture(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_api.exploring._READ_FURTHER", 2)  # so that the little corpus has nodes with more ties than are read
    townships = [row["id"] for row in reader.graph.read("MATCH (t:Township)<-[:COVERS]-() RETURN DISTINCT t.id AS id ORDER BY id")]
    kept = new_kept_ties()
    alone = [explore(reader.graph, id, hops=2) for id in townships]
    assert [explore(reader.graph, id, hops=2, kept=kept) for id in townships] == alone
    assert kept._found
    asked: list[list[str]] = []
    real = reader.graph.read

    def read(statement: str, parameters: dict[str, Any], **how: Any) -> object:
        asked.append(parameters.get("ids", []))
        return real(statement, parameters, **how)

    monkeypatch.setattr(reader.graph, "read", read)
    assert [explore(reader.graph, id, hops=2, kept=kept) for id in townships] == alone
    seldom = sum(map(len, asked))
    asked.clear()
    assert [explore(reader.graph, id, hops=2) for id in townships] == alone
    assert seldom < sum(map(len, asked))
    assert len(asked) == 3 * len(townships)  # the node, its ties, and those of all that it is tied to


def test_ties_are_kept_by_what_was_asked(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_api.exploring._MANY", 1)
    kept, townships = new_kept_ties(), [row["id"] for row in reader.graph.read("MATCH (t:Township) RETURN t.id AS id ORDER BY id")]
    for year in (None, 2022, 2023):
        for relation in (None, "ADOPTS"):
            for id in townships:
                found = explore(reader.graph, id, hops=2, relation=relation, year=year, kept=kept)
                assert found == explore(reader.graph, id, hops=2, relation=relation, year=year)


def test_no_more_ties_are_kept_than_there_is_room_for() -> None:
    kept = new_kept_ties(most=5)
    for number in range(4):
        kept.keep(number, [(None, None)] * 2)  # type: ignore[list-item]
    assert kept.find(0) is None and kept.find(1) is None
    assert len(kept.find(2) or ()) == len(kept.find(3) or ()) == 2


def test_how_common_words_are_is_asked_once_for_a_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = fill(tmp_path / "home")
    asked: list[str] = []

    def similar(reader: Reader, report: str) -> tuple[str, ...]:
        found = answer_similar(reader, report, place=None, from_year=None, to_year=None, size=5, cursor=None)
        return tuple(f"{hit.report} {hit.score} {hit.shared_words}" for hit in found.hits)

    with workspace.open(settings=settings) as writer, workspace.open(settings=settings, mode="read") as space:
        first, second, third, *_ = [document.report for document in writer.archive.documents()]
        frequencies = space.text.frequencies

        def noted(words: Sequence[str], *more: Any) -> Mapping[str, int]:
            asked.extend(words)
            return frequencies(words, *more)

        monkeypatch.setattr(space.text, "frequencies", noted)
        reader = Reader(space, 0.0)
        reader.refresh()
        before = {report: similar(reader, report) for report in (first, second)}
        assert len(asked) == len(set(asked)) > 0
        assert {report: similar(reader, report) for report in (first, second)} == before
        assert len(asked) == len(set(asked))
        writer.delete([next(document.key for document in writer.archive.documents() if document.report == third)])
        reader.refresh()
        asked.clear()
        after = {report: similar(reader, report) for report in (first, second)}
        assert asked
        fresh = Reader(space, 0.0)
        fresh.refresh()
        assert after == {report: similar(fresh, report) for report in (first, second)}
