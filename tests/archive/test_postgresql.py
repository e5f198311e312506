"""The archive on a real PostgreSQL: who may not get in, what is away, who waits for whom."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import archive_places
import pytest
from archive_places import Place, address_of, administer
from pydantic import SecretStr
from servers.sharing import Run
from servers.starting import Server, free_port, start
from test_archive import make_entry

from archive import postgresql
from archive.store import Archive
from fazhi.errors import Conflict, FazhiError, Invalid, Unavailable
from fazhi.settings import load_settings
from ingest.ids import report_id

pytestmark = pytest.mark.servers


@pytest.fixture
def place(tmp_path: Path, server_run: Run) -> Iterator[Place]:
    with archive_places.making("postgresql", tmp_path, server_run) as made:
        yield made


def database_of(place: Place) -> str:
    return place.url.rsplit("/", 1)[1]


def refusal(url: str, password: str | None, folder: Path) -> FazhiError:
    with pytest.raises(FazhiError) as caught:
        Archive.open(url, str(folder), SecretStr(password) if password else None)
    return caught.value


# -- getting in ------------------------------------------------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_said_and_not_shown(place: Place, tmp_path: Path) -> None:
    error = refusal(place.url, "geheim-falsch", tmp_path)
    assert isinstance(error, Unavailable)
    assert "refuses the user fazhi" in error.detail and "FAZHI_ARCHIVE_PASSWORD" in error.cure
    assert "geheim" not in f"{error} {error!r}"


def test_no_password_is_said(place: Place, tmp_path: Path) -> None:
    assert "FAZHI_ARCHIVE_PASSWORD" in refusal(place.url, None, tmp_path).cure


def test_a_missing_database_is_said_with_how_to_make_it(postgresql_server: Server, tmp_path: Path) -> None:
    error = refusal(address_of(postgresql_server, "nowhere"), postgresql_server.password, tmp_path)
    assert isinstance(error, Unavailable)
    assert "no database nowhere" in error.detail and "createdb" in error.cure


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    error = refusal(f"postgresql+psycopg://fazhi@127.0.0.1:{free_port()}/fazhi", "geheim", tmp_path)
    assert isinstance(error, Unavailable)
    assert "does not answer" in error.detail and "Start it" in error.cure


@pytest.mark.parametrize("url", ["postgresql+psycopg://fazhi:geheim@[broken/fazhi", "postgresql://fazhi:geheim@host:port/fazhi"])
def test_an_address_that_cannot_be_read_is_refused_without_its_password(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_ARCHIVE", url)
    with pytest.raises(FazhiError) as caught:
        Archive.open(load_settings().archive_url, str(tmp_path))
    assert "geheim" not in str(caught.value)
    assert "geheim" not in str(refusal(url, None, tmp_path))


def test_the_password_may_stand_in_the_address_and_is_taken_out_of_it(place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert place.password
    address = place.url.replace("//fazhi@", f"//fazhi:{urllib.parse.quote(place.password, safe='')}@").replace("+psycopg", "")
    monkeypatch.setenv("FAZHI_ARCHIVE", address)
    settings = load_settings()
    assert place.password not in repr(settings) and urllib.parse.quote(place.password, safe="") not in repr(settings)
    assert settings.archive_password and settings.archive_password.get_secret_value() == place.password
    with Archive.open(settings.archive_url, str(tmp_path), settings.archive_password) as archive:
        assert place.password not in repr(archive._engine)
        assert archive.shared


def test_without_the_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "[postgres]" in refusal("postgresql+psycopg://fazhi@127.0.0.1/fazhi", None, tmp_path).cure


def test_a_key_that_no_index_takes_is_refused_and_nothing_else_is_lost(place: Place) -> None:
    noise = random.Random(1)
    with place.open() as archive:
        with pytest.raises(Invalid, match="too long"):
            archive.commit([make_entry("".join(chr(noise.randrange(0x4E00, 0x9FFF)) for _ in range(5000)))])
        assert archive.commit([make_entry("a.txt")]) == ["new"]


# -- reading only ----------------------------------------------------------------------------------------------------------------------------------------


def test_a_user_who_may_only_read_reads_and_is_told_so_when_changing(place: Place, postgresql_server: Server, tmp_path: Path) -> None:
    reader = f"reader_{os.getpid()}"
    with place.open() as archive:
        archive.commit([make_entry("a.txt")])
    administer(
        postgresql_server,
        f"DROP ROLE IF EXISTS {reader}",
        f"CREATE ROLE {reader} LOGIN PASSWORD 'only-reading'",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}",
        database=database_of(place),
    )
    try:
        with Archive.open(address_of(postgresql_server, database_of(place), reader), str(tmp_path / "originals"), SecretStr("only-reading")) as archive:
            assert archive.text(report_id("a.txt"))
            assert archive.statistics().documents == 1
            with pytest.raises(Unavailable, match="right to write"):
                archive.commit([make_entry("b.txt")])
    finally:
        administer(postgresql_server, f"DROP OWNED BY {reader}", f"DROP ROLE {reader}", database=database_of(place))


def test_a_database_set_to_reading_is_read_and_says_so_when_changed(place: Place, postgresql_server: Server) -> None:
    with place.open() as archive:
        archive.commit([make_entry("a.txt")])
    administer(postgresql_server, f"ALTER DATABASE {database_of(place)} SET default_transaction_read_only = on")
    with place.open() as archive:
        assert archive.document(report_id("a.txt")).key == "a.txt"
        with pytest.raises(Unavailable, match="read-only"):
            archive.commit([make_entry("b.txt")])


# -- several at once -------------------------------------------------------------------------------------------------------------------------------------


def test_writers_take_turns_and_no_change_is_lost(place: Place) -> None:
    """Counters are read, then written: without turns, two would give out the same number."""
    failures: list[BaseException] = []

    def write(archive: Archive, name: str) -> None:
        try:
            for number in range(10):
                archive.commit([make_entry(f"{name}-{number}.txt", f"{name}第{number}份")])
        except BaseException as error:
            failures.append(error)

    with place.open() as one, place.open() as two:
        threads = [threading.Thread(target=write, args=(archive, name)) for archive, name in ((one, "a"), (one, "b"), (two, "c"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        changes = one.pending("graph", 1000)
        assert len({change.sequence for change in changes} | {change.sequence for change in one.pending("text", 1000)}) == 60 == one.sequence()
        assert one.snapshot() == two.snapshot()
        again = one.snapshot()
        one.commit([make_entry("z.txt", "多一份")])
        one.delete("z.txt")
        assert one.snapshot() == again


def test_two_that_open_a_new_archive_at_once_both_get_it(place: Place) -> None:
    opened: list[str] = []

    def open_it() -> None:
        with place.open() as archive:
            opened.append(archive.snapshot())

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4


def test_a_writer_that_waits_too_long_is_told_so(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "LOCK_SECONDS", 1)
    with place.open() as one, place.open() as two, one._write(guarded=False):
        with pytest.raises(Conflict, match="Another process"):
            two.forget_failure("x")
        assert two.generation() == 0  # reading goes on


def test_what_is_asked_in_one_go_is_of_one_state(place: Place) -> None:
    with place.open() as reader, place.open() as writer:
        writer.commit([make_entry("a.txt")])
        with reader._engine.connect() as connection:
            before = connection.exec_driver_sql("SELECT count(*) FROM documents").scalar()
            writer.commit([make_entry("b.txt", "二")])
            assert connection.exec_driver_sql("SELECT count(*) FROM documents").scalar() == before == 1
        assert reader.statistics().documents == 2


# -- a server that goes away -----------------------------------------------------------------------------------------------------------------------------

_COMMITTING = """
import sys
sys.path[:0] = sys.argv[4:]
from pydantic import SecretStr
from test_archive import make_entry
from archive.store import Archive
with Archive.open(sys.argv[1], sys.argv[2], SecretStr(sys.argv[3])) as archive:
    for number in range(10_000):
        archive.commit([make_entry(f"{number}-{part}.txt", f"第{number}-{part}份") for part in range(5)])
        print(number, flush=True)
"""


def test_a_killed_writer_leaves_whole_commits_only(place: Place, tmp_path: Path) -> None:
    assert place.password
    folders = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
    process = subprocess.Popen(
        [sys.executable, "-c", _COMMITTING, place.url, str(tmp_path / "originals"), place.password, *folders],
        stdout=subprocess.PIPE,
        cwd=Path(postgresql.__file__).parent.parent,
        text=True,
    )
    assert process.stdout
    said = [int(process.stdout.readline()) for _ in range(5)][-1]
    process.kill()
    process.wait()
    process.stdout.close()
    with place.open() as archive:
        documents = archive.statistics().documents
        assert documents % 5 == 0 and documents // 5 > said
        assert archive.statistics().pending == {"graph": documents, "text": documents}
        assert list(archive.missing_originals()) == []


def test_a_server_that_was_killed_is_said_to_be_away_and_used_again_once_it_is_back(tmp_path: Path) -> None:
    folder = Path(str(tmp_path / "server"))
    server = start("postgresql", folder)
    assert server.password
    try:
        with Archive.open(address_of(server, "postgres"), str(tmp_path / "originals"), SecretStr(server.password)) as archive:
            archive.commit([make_entry("a.txt")])
            server.stop(signal.SIGKILL)
            for ask in (archive.generation, archive.runs, lambda: archive.text(report_id("a.txt")), lambda: archive.commit([make_entry("b.txt", "二")])):
                with pytest.raises(Unavailable, match="Start it") as caught:
                    ask()
                assert server.password not in str(caught.value)
            port = int(server.url.rsplit(":", 1)[1].split("/")[0])
            server = start("postgresql", folder, port=port, password=server.password)
            assert archive.text(report_id("a.txt")) == make_entry("a.txt").source.text
            assert archive.commit([make_entry("b.txt", "二")]) == ["new"]
    finally:
        server.stop()


def test_a_connection_that_the_server_ends_costs_one_question_at_most(place: Place, postgresql_server: Server) -> None:
    with place.open() as archive:
        archive.commit([make_entry("a.txt")])
        administer(postgresql_server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database_of(place)}'")
        time.sleep(0.1)
        assert archive.document(report_id("a.txt")).key == "a.txt"
