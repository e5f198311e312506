"""Keys and the log of changes in the archive, on every database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from archive_places import Place
from sqlalchemy import text

from archive import rows, schema
from archive.keys import Actor, Session, digest_of, id_in, show_plainly
from archive.store import Archive
from fazhi.errors import Contradiction, Invalid, NotFound

ME = Actor(who="wang", door="command")


def all_values(archive: Archive) -> str:
    """Everything that stands in any table."""
    with rows.one_state(archive) as connection:
        return "\n".join(lines.decode() for name in rows.describe_tables() for _, lines in rows.dump(connection, name))


def test_a_key_is_known_by_its_hash_and_stands_nowhere(archive: Archive, place: Place) -> None:
    made = archive.new_key(" 李华 ", "editor", ME)
    assert (made.key.name, made.key.role, made.key.created_by, made.key.used, made.key.revoked) == ("李华", "editor", "wang", None, None)
    assert id_in(made.secret.encode()) == made.key.id
    assert len(made.secret.rpartition(f"{made.key.id}_")[2]) >= 43  # 256 bits
    assert archive.known_keys().active == {made.key.id: made.key}
    assert made.key.digest == digest_of(made.secret.encode())
    values = all_values(archive)
    assert made.key.digest in values
    assert made.secret.rpartition(f"{made.key.id}_")[2] not in values and made.secret not in repr(made)
    assert made.secret != archive.new_key("王", "editor", ME).secret


def test_a_revoked_key_opens_nothing_and_stays_listed(archive: Archive) -> None:
    assert not archive.known_keys().any
    first = archive.new_key("li", "reader", ME)
    gone = archive.revoke_key("li", Actor(who="chen", door="key", key="12345678"))
    assert gone.revoked and gone.revoked_by == "chen"
    assert archive.api_keys() == [gone]
    assert (archive.known_keys().active, archive.known_keys().any) == ({}, True)
    with pytest.raises(Contradiction, match="by chen"):
        archive.revoke_key(first.key.id, ME)
    second = archive.new_key("li", "admin", ME)  # the name is free again, and now means the new one
    assert archive.revoke_key("li", ME).id == second.key.id
    with pytest.raises(NotFound):
        archive.revoke_key(second.secret, ME)


def test_two_keys_that_open_can_not_share_a_name(archive: Archive) -> None:
    archive.new_key("li", "reader", ME)
    with pytest.raises(Contradiction, match="is called li already"):
        archive.new_key("li ", "admin", ME)
    assert len(archive.api_keys()) == 1
    assert len(archive.log()) == 1  # what was refused left nothing


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x1b[2Jb", "名" * 201])
def test_a_name_that_can_not_be_shown_is_refused(archive: Archive, name: str) -> None:
    with pytest.raises(Invalid):
        archive.new_key(name, "reader", ME)


def test_an_unknown_role_is_refused(archive: Archive) -> None:
    role: Any = "owner"
    with pytest.raises(Invalid, match="owner"):
        archive.new_key("li", role, ME)


def test_a_use_is_noted_and_an_earlier_one_does_not_undo_it(archive: Archive) -> None:
    id = archive.new_key("li", "reader", ME).key.id
    for moment in ("2026-02-02T00:00:00+00:00", "2026-02-01T00:00:00+00:00"):
        archive.note_uses({id: moment, "ffffffff": moment})
    assert archive.api_keys()[0].used == "2026-02-02T00:00:00+00:00"


def test_the_log_tells_who_did_what_and_how_it_went(archive: Archive) -> None:
    key = archive.new_key("li", "editor", ME).key
    li = Actor(who="li", door="key", key=key.id)
    number = archive.begin_entry(li, "POST /api/reviews")
    assert archive.log()[0].result is None
    archive.finish_entry(number, "201", "/api/reviews/7")
    archive.begin_entry(li, "DELETE /api/documents/参内镇\x1b[2J\x00\n.txt", result="403")
    archive.revoke_key(key.id, ME)
    found = [(entry.who, entry.door, entry.key, entry.what, entry.made, entry.result) for entry in archive.log()]
    assert found == [
        ("wang", "command", None, f"revoke editor key {key.id} of li", None, "done"),
        ("li", "key", key.id, "DELETE /api/documents/参内镇\\x1b[2J\\x00\\x0a.txt", None, "403"),
        ("li", "key", key.id, "POST /api/reviews", "/api/reviews/7", "201"),
        ("wang", "command", None, f"new editor key {key.id} for li", f"/api/keys/{key.id}", "done"),
    ]


def test_the_log_pages_and_narrows(archive: Archive) -> None:
    for number in range(5):
        archive.begin_entry(Actor(who=f"user {number % 2}", door="key", key=f"0000000{number % 2}"), f"POST /{number}", result="200")
    first = archive.log(limit=2)
    assert [entry.what for entry in first] == ["POST /4", "POST /3"]
    assert [entry.what for entry in archive.log(limit=2, before=first[-1].id)] == ["POST /2", "POST /1"]
    assert [entry.what for entry in archive.log(who="user 1")] == [entry.what for entry in archive.log(who="00000001")] == ["POST /3", "POST /1"]


def test_keys_and_log_change_no_snapshot_and_need_no_lease(archive: Archive) -> None:
    before = archive.snapshot(), archive.generation()
    assert archive.take_lease("somebody-else", {})
    archive.guard("not-the-token")  # whatever concerns documents is refused now
    id = archive.new_key("li", "reader", ME).key.id
    archive.finish_entry(archive.begin_entry(ME, "POST /x"), "200")
    archive.note_uses({id: "2026-01-01T00:00:00+00:00"})
    assert (archive.snapshot(), archive.generation()) == before


def test_keys_come_back_with_a_backup_and_the_log_goes_on_counting(archive: Archive, tmp_path: Path) -> None:
    made = archive.new_key("li", "reader", ME)
    with rows.one_state(archive) as connection:
        copied = [(name, rows.read_lines(lines)) for name in rows.describe_tables() for _, lines in rows.dump(connection, name)]
    with Archive.open(f"sqlite:///{tmp_path / 'other.db'}", str(tmp_path / "originals")) as other:
        rows.fill(other, schema.HEAD, rows.describe_tables(), lambda: iter(copied), "mark")
        assert other.known_keys().active == {made.key.id: made.key}
        assert other.begin_entry(ME, "POST /x") == other.log()[1].id + 1


def test_an_archive_from_before_keys_gets_their_tables(place: Place) -> None:
    from sqlalchemy import create_engine

    from archive import postgresql
    from archive.upgrade import upgrade

    engine = create_engine(postgresql.make_address(place.url, place.password) if place.password else place.url)
    with engine.begin() as connection:
        upgrade(connection, "0003")
        connection.execute(text("INSERT INTO state (name, value) VALUES ('content', '00000000000000ff')"))
    engine.dispose()
    with place.open() as opened:
        assert not opened.known_keys().any
        assert opened.new_key("li", "reader", ME).key.id in opened.known_keys().active
        assert opened.snapshot() == "00000000000000ff"


def test_what_is_logged_can_not_move_a_terminals_cursor() -> None:
    assert show_plainly("参内镇\r\x1b]0;x\x07") == "参内镇\\x0d\\x1b]0;x\\x07"
    assert len(show_plainly("长" * 3000)) == 2000


def test_a_session_is_known_by_its_hash_until_it_ends(archive: Archive) -> None:
    key = archive.new_key("li", "reader", ME).key
    first = archive.open_session(key.id, ME, moment=1000.0, seconds=60.0)
    known = archive.known_keys().sessions
    assert known == {digest_of(first.encode()): Session(key.id, 1060.0)}
    second = archive.open_session(key.id, ME, moment=1060.0, seconds=60.0)  # the first one has ended by now, and goes
    assert set(archive.known_keys().sessions) == {digest_of(second.encode())}
    archive.close_session(first)
    archive.close_session(second)
    assert archive.known_keys().sessions == {}
    assert [entry.what for entry in archive.log(limit=2)] == ["sign in", "sign in"]


@pytest.mark.parametrize("size", [0, -1, 1 << 62])
def test_a_key_has_a_sensible_limit_or_none(archive: Archive, size: int) -> None:
    with pytest.raises(Invalid):
        archive.new_key("li", "reader", ME, max_body=size)
    made = archive.new_key("li", "reader", ME, max_body=10)
    assert archive.known_keys().active[made.key.id].max_body == 10
