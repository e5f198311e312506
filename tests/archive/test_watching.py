"""Saved questions, alerts and deliveries in the archive, on every database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from archive_places import Place
from sqlalchemy import event

from archive.store import Archive
from archive.watches import mark_of
from archive.watching import MOST
from fazhi.errors import Contradiction, Invalid, NotFound

FIRST, SECOND, THIRD = (mark_of(name) for name in "abc")


def test_a_change_is_told_once(archive: Archive) -> None:
    watch = archive.add_watch("w", {"kind": "search"}, by="li").id
    archive.begin_watch(watch, [FIRST], "s0")
    assert archive.watch(watch).checked == "s0"
    assert archive.alerts() == []
    assert archive.unknown_marks(watch, [FIRST, SECOND]) == {SECOND}
    (alert,) = archive.note_check(watch, {FIRST: {"n": 1}, SECOND: {"n": 2}}, "s1")
    assert (alert.content, alert.snapshot, archive.watch(watch).checked) == ({"n": 2}, "s1", "s1")
    assert archive.note_check(watch, {FIRST: {"n": 1}, SECOND: {"n": 2}}, "s2") == []
    archive.begin_watch(watch, [THIRD], "s3")  # it has begun
    assert [made.content for made in archive.note_check(watch, {THIRD: {"n": 3}}, "s3")] == [{"n": 3}]
    assert [found.content["n"] for found in archive.alerts()] == [3, 2]
    assert archive.alerts(before=archive.alerts()[0].id, limit=1) == [alert] == [archive.alert(alert.id)]


def test_two_that_check_at_once_tell_a_change_once(place: Place) -> None:
    with place.open() as archive:
        watch = archive.add_watch("w", {"kind": "search"}, by="li").id
        archive.begin_watch(watch, [], "s0")
        found = {mark_of(str(number)): {"n": number} for number in range(50)}
        with ThreadPoolExecutor(4) as pool:
            made = [alert for alerts in pool.map(lambda _: archive.note_check(watch, found, "s1"), range(8)) for alert in alerts]
        assert sorted(alert.content["n"] for alert in made) == list(range(50))
        assert len(archive.alerts(limit=100)) == 50


def test_a_check_that_is_cut_off_anywhere_leaves_nothing_behind_and_is_made_again(archive: Archive) -> None:
    watch = archive.add_watch("w", {"kind": "search"}, webhook="https://example.org/x", by="li").id
    archive.begin_watch(watch, [], "s0")
    statements = 0
    stop_at = 0

    def cut(*_: object) -> None:
        nonlocal statements
        statements += 1
        if statements == stop_at:
            raise KeyboardInterrupt

    event.listen(archive._engine, "before_cursor_execute", cut)
    try:
        for stop_at in range(1, 100):
            statements = 0
            try:
                made = archive.note_check(watch, {FIRST: {"n": 1}, SECOND: {"n": 2}}, "s1")
                break
            except KeyboardInterrupt:
                statements, kept, stop_at = 0, stop_at, 0
                assert archive.alerts() == []
                assert archive.deliveries() == []
                assert archive.watch(watch).checked == "s0"
                assert archive.unknown_marks(watch, [FIRST, SECOND]) == {FIRST, SECOND}
                stop_at = kept
    finally:
        event.remove(archive._engine, "before_cursor_execute", cut)
    assert stop_at > 5
    assert [alert.content["n"] for alert in made] == [1, 2]
    assert [delivery.alert for delivery in archive.deliveries()] == [alert.id for alert in reversed(made)]


def test_a_deleted_watch_takes_everything_along_and_tells_nothing_more(archive: Archive) -> None:
    watch = archive.add_watch("w", {"kind": "search"}, webhook="https://example.org/x", by="li").id
    archive.begin_watch(watch, [FIRST], "s0")
    archive.note_check(watch, {SECOND: {}}, "s1")
    assert archive.delete_watch(watch).name == "w"
    assert (archive.alerts(), archive.deliveries(), archive.note_check(watch, {THIRD: {}}, "s2")) == ([], [], [])
    again = archive.add_watch("w", {"kind": "search"}, by="li")
    assert archive.unknown_marks(again.id, [FIRST, SECOND]) == {FIRST, SECOND}  # also where its number is used again
    with pytest.raises(NotFound):
        archive.delete_watch(again.id + 1)


def test_what_is_due_belongs_to_one_sender_for_a_while(archive: Archive) -> None:
    watch = archive.add_watch("w", {"kind": "search"}, webhook="https://example.org/x", by="li").id
    archive.begin_watch(watch, [], "s0")
    (alert,) = archive.note_check(watch, {FIRST: {}}, "s1")
    (claimed,) = archive.claim_deliveries(1000.0, 60.0)
    assert (claimed.alert, claimed.url, claimed.attempts) == (alert.id, "https://example.org/x", 0)
    assert archive.claim_deliveries(1059.0, 60.0) == []
    (again,) = archive.claim_deliveries(1060.0, 60.0)  # its sender was killed
    assert again.attempts == 1
    archive.finish_delivery(alert.id, "waiting", "HTTP 500", 2000.0)
    assert archive.claim_deliveries(1999.0, 60.0) == []
    assert archive.claim_deliveries(2000.0, 60.0)
    archive.finish_delivery(alert.id, "sent", "HTTP 204")
    assert archive.claim_deliveries(9e9, 60.0) == []
    assert [(delivery.state, delivery.attempts, delivery.told) for delivery in archive.deliveries()] == [("sent", 3, "HTTP 204")]


def test_there_is_an_end_to_watches(archive: Archive) -> None:
    for number in range(MOST):
        archive.add_watch(f"w{number}", {"kind": "search"}, by="li")
    with pytest.raises(Contradiction):
        archive.add_watch("one more", {"kind": "search"}, by="li")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201])
def test_a_name_can_be_shown(archive: Archive, name: str) -> None:
    with pytest.raises(Invalid):
        archive.add_watch(name, {"kind": "search"}, by="li")
