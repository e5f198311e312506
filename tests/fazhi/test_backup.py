"""Backup and restore: what comes back is what was there, on whatever engine, or nothing at all."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import archive_places
import pytest
from archive_places import Place
from pydantic import SecretStr
from sample_reports import make_report, write_reports
from servers.sharing import Run
from servers.starting import Server
from sqlalchemy import insert, select

from archive import rows, schema
from archive.model import Job
from archive.reviews import Order
from fazhi import backup, backup_file, workspace
from fazhi.errors import Conflict, Invalid, NotFound, Unavailable
from fazhi.exporting import list_lines
from fazhi.settings import Settings, load_settings
from fazhi.workspace import RESTORING, Workspace
from ingest.ids import report_id

ROOT = Path(workspace.__file__).parents[1]
OVERLAY = "decisions:\n- {kind: program, name: 周四说事夜, decision: accept, class: mechanism, definition: 每周四晚上干部到村里听群众说事。}\n"
RUNNER = Callable[..., tuple[int, str, str]]


def content_of(space: Workspace) -> dict[str, Any]:
    with rows.one_state(space.archive) as connection:
        tables = {name: b"".join(lines for _, lines in rows.dump(connection, name)) for name in rows.describe_tables() if name != "state"}
    return {"graph": list(list_lines(space, "graph")), "index": list(list_lines(space, "index")), "snapshot": space.archive.snapshot(), **tables}


def settings_on(place: Place, home: Path) -> Settings:
    if place.password is None:
        return load_settings(home=home)
    return load_settings(home=home, archive=place.url, archive_password=SecretStr(place.password))


@pytest.fixture
def lived_in(tmp_path: Path) -> Path:
    """A home that has seen something: versions, duplicates, deletions, past analyses, runs, failures, jobs, reviewed names."""
    home, corpus = tmp_path / "lived in", write_reports(tmp_path / "lived in corpus", 7)
    with workspace.open(home) as space:
        fill(space, corpus)
    return home


def fill(space: Workspace, corpus: Path) -> None:
    overlay = space.settings.vocabulary_folder
    overlay.mkdir(parents=True)
    (overlay / "reviewed.yaml").write_text(OVERLAY, encoding="utf-8")
    (corpus / "same.txt").write_text(make_report(1), encoding="utf-8")
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (corpus / "rows.jsonl").write_text(json.dumps({"key": "a\u0000b\u0001", "text": make_report(30), "title": "题\u0001", "note": "\u0000"}), encoding="utf-8")
    space.ingest([corpus], workers=1)
    (corpus / "000.txt").write_text(make_report(40), encoding="utf-8")
    space.ingest([corpus], workers=1)
    space.delete(["002.txt"])
    (corpus / "002.txt").unlink()
    space.archive.add_job(Job(id="j1", kind="ingest", state="done", created="2026-01-01", request={"files": ["一.txt"]}))


def review(space: Workspace) -> None:
    fact = next(fact for fact in space.archive.analysis(report_id("001.txt")).facts if fact.type == "metric")
    space.review([Order(action="reject", user="甲", fact=fact.id, note="数错了")])
    space.review([Order(action="rename", user="乙", node="program:法律八进", name="法律八进活动")])


@pytest.mark.parametrize("origin", archive_places.ENGINES)
@pytest.mark.parametrize("target", archive_places.ENGINES)
def test_what_is_restored_equals_what_was_backed_up_on_any_engine(origin: str, target: str, tmp_path: Path, server_run: Run) -> None:
    file = tmp_path / "backup.tar.gz"
    with (
        archive_places.making(origin, tmp_path / "from", server_run) as here,
        archive_places.making(target, tmp_path / "to", server_run) as there,
    ):
        with workspace.open(settings=settings_on(here, tmp_path / "one")) as space:
            corpus = write_reports(tmp_path / "corpus", 7)
            fill(space, corpus)
            review(space)
            before = content_of(space)
            assert before["reviews"] and before["review_effects"]
            written = backup.write(space, file)
        assert (written.documents, written.missing) == (8, ())
        restored = backup.restore(settings_on(there, tmp_path / "two"), file)
        assert (restored.documents, restored.originals, restored.snapshot) == (8, written.originals, written.snapshot)
        with workspace.open(settings=settings_on(there, tmp_path / "two")) as space:
            assert content_of(space) == before
            assert space.check(deep=True).fine
            assert list(space.archive.missing_originals()) == []
            assert (space.settings.vocabulary_folder / "reviewed.yaml").read_text(encoding="utf-8") == OVERLAY
            again = space.ingest([corpus], workers=1)  # goes on as if nothing had been
            assert (again.new, again.changed, again.wrote) == (0, 0, False)
            runs = {run.id for run in space.archive.runs()}
            (corpus / "new.txt").write_text(make_report(50), encoding="utf-8")
            assert space.ingest([corpus], workers=1).new == 1
            assert max(run.id for run in space.archive.runs()) > max(runs)


@pytest.fixture
def file(lived_in: Path, tmp_path: Path) -> Path:
    with workspace.open(lived_in, mode="read") as space:
        backup.write(space, tmp_path / "backup.tar.gz")
    return tmp_path / "backup.tar.gz"


def test_the_command_line_goes_the_whole_way(run: RUNNER, lived_in: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    code, said, _ = run("--home", lived_in, "backup", file)
    assert code == 0 and "8 documents" in said
    assert file.stat().st_mode & 0o777 == 0o600
    assert run("--home", lived_in, "backup", file)[0] == 1
    assert run("--home", lived_in, "backup", file, "--force")[0] == 0
    code, said, _ = run("--home", tmp_path / "new", "restore", file, "--json")
    assert code == 0 and json.loads(said)["documents"] == 8
    for which in ("graph", "index"):
        assert run("--home", lived_in, "export", which)[1] == run("--home", tmp_path / "new", "export", which)[1] != ""
    assert run("--home", tmp_path / "new", "check", "--deep")[0] == 0
    assert list(tmp_path.glob(".backup*")) == []


def test_any_tar_reads_it_and_every_table_is_in_it(file: Path) -> None:
    with tarfile.open(file) as archive:
        names = archive.getnames()
        head = json.load(archive.extractfile("backup.json"))  # type: ignore[arg-type]
        manifest = json.load(archive.extractfile("manifest.json"))  # type: ignore[arg-type]
    assert names[0] == "backup.json" and names[-1] == "manifest.json"
    assert set(head["tables"]) == set(schema.metadata.tables) - {"leases", "outbox"}
    assert head["revision"] == schema.HEAD
    assert {"documents", "versions", "past_analyses", "runs", "run_reports", "failures", "jobs", "state"} - {"past_analyses"} <= set(manifest["rows"])
    assert not any("lease" in name or "outbox" in name for name in names)


# -- consistent while others write -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", archive_places.ENGINES)
def test_a_backup_under_an_ingest_is_of_one_moment(engine: str, tmp_path: Path, server_run: Run) -> None:
    corpus = write_reports(tmp_path / "corpus", 60)
    with archive_places.making(engine, tmp_path / "from", server_run) as place:
        settings = settings_on(place, tmp_path / "one").model_copy(update={"batch": 2, "projection_batch": 4})
        with workspace.open(settings=settings) as space:
            space.ingest([corpus / "000.txt"], workers=1)
        worker = threading.Thread(target=lambda: _ingest(settings, corpus))
        worker.start()
        taken = []
        with workspace.open(settings=settings, mode="read") as space:
            while worker.is_alive() and len(taken) < 8:
                taken.append(backup.write(space, tmp_path / f"{len(taken)}.tar.gz"))
        worker.join()
        assert len({written.snapshot for written in taken}) > 1, "no backup was made while it worked"
        for number in {0, len(taken) // 2, len(taken) - 1}:
            home = tmp_path / f"restored {number}"
            restored = backup.restore(load_settings(home=home), tmp_path / f"{number}.tar.gz")
            assert restored.snapshot == taken[number].snapshot and restored.missing == ()
            with workspace.open(home) as space:
                assert space.check(deep=True).fine
                assert len(list(space.archive.documents(counted=False))) == taken[number].documents
                if number == len(taken) // 2:
                    space.ingest([corpus], workers=1)
                    with workspace.open(settings=settings, mode="read") as whole:
                        assert space.archive.snapshot() == whole.archive.snapshot()
                        assert list(list_lines(space, "graph")) == list(list_lines(whole, "graph"))


def _ingest(settings: Settings, corpus: Path) -> None:
    with workspace.open(settings=settings) as space:
        space.ingest([corpus], workers=1, inline=True)


def test_a_document_deleted_under_the_backup_has_it_begin_again(lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with workspace.open(lived_in) as space, workspace.open(lived_in) as other:
        get, deleted = space.archive.originals.get, iter(["003.txt"])

        def deleting(version: str) -> bytes:
            for key in deleted:
                other.delete([key])
            return get(version)

        monkeypatch.setattr(space.archive.originals, "get", deleting)
        written = backup.write(space, tmp_path / "backup.tar.gz")
        assert (written.documents, written.missing) == (7, ())
        assert written.snapshot == other.archive.snapshot()
    backup.restore(load_settings(home=tmp_path / "new"), tmp_path / "backup.tar.gz")
    with workspace.open(tmp_path / "new", mode="read") as space:
        assert space.archive.lookup("003.txt") is None and space.check().fine


def test_originals_that_are_gone_or_damaged_are_named_and_the_rest_is_kept(run: RUNNER, lived_in: Path, tmp_path: Path) -> None:
    with workspace.open(lived_in, mode="read") as space:
        gone, damaged = (space.archive.lookup(key) for key in ("003.txt", "004.txt"))
    assert gone and damaged
    (lived_in / "originals" / gone.version[0] / gone.version).unlink()
    (lived_in / "originals" / damaged.version[0] / damaged.version).write_bytes(b"x")
    code, _, told = run("--home", lived_in, "backup", tmp_path / "backup.tar.gz")
    assert code == 1 and gone.version in told and damaged.version in told
    code, _, told = run("--home", tmp_path / "new", "restore", tmp_path / "backup.tar.gz")
    assert code == 1 and gone.version in told
    with workspace.open(tmp_path / "new", mode="read") as space:
        assert {document.key for document in space.archive.missing_originals()} == {"003.txt", "004.txt"}
        assert space.archive.text(report_id("003.txt")) == make_report(3)


def test_a_disk_without_room_leaves_no_file(lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_file.os, "fsync", full)
    with workspace.open(lived_in, mode="read") as space, pytest.raises(Unavailable, match="No space left"):
        backup.write(space, tmp_path / "backup.tar.gz")
    assert [path.name for path in tmp_path.glob("*backup*")] == []
    with workspace.open(lived_in, mode="read") as space, pytest.raises(Unavailable, match="can't be written"):
        backup.write(space, tmp_path / "no folder" / "backup.tar.gz")


# -- what is refused -----------------------------------------------------------------------------------------------------------------------------------------


def test_a_home_that_is_not_empty_is_refused_and_left_alone(run: RUNNER, file: Path, lived_in: Path, tmp_path: Path) -> None:
    with workspace.open(lived_in, mode="read") as space:
        before = content_of(space)
    code, _, told = run("--home", lived_in, "restore", file)
    assert code == 1 and "not empty" in told
    with workspace.open(lived_in, mode="read") as space:
        assert content_of(space) == before
    for name in ("originals/a/abc", "vocabulary/reviewed.yaml"):
        home = tmp_path / name.split("/")[0]
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text("decisions: []\n")
        with pytest.raises(Conflict, match="There are"):
            backup.restore(load_settings(home=home), file)
        assert not (home / RESTORING).exists()
        with workspace.open(home, mode="read") as space:
            assert space.archive.statistics().documents == 0


def test_an_archive_that_only_has_its_tables_is_empty(file: Path, tmp_path: Path) -> None:
    workspace.open(tmp_path / "new").close()
    assert backup.restore(load_settings(home=tmp_path / "new"), file).documents == 8


def test_the_same_backup_twice_is_refused_with_what_to_do(file: Path, tmp_path: Path) -> None:
    backup.restore(load_settings(home=tmp_path / "new"), file)
    with pytest.raises(Conflict, match="already"):
        backup.restore(load_settings(home=tmp_path / "new"), file)


def test_no_backup_of_any_length_but_the_whole_is_taken(file: Path, tmp_path: Path) -> None:
    whole, cut = file.read_bytes(), tmp_path / "cut.tar.gz"
    chance = random.Random(3)
    for length in [0, 1, 20, len(whole) - 1, len(whole) - 9, *(chance.randrange(len(whole)) for _ in range(30))]:
        cut.write_bytes(whole[:length])
        with pytest.raises(Invalid):
            backup.restore(load_settings(home=tmp_path / "new"), cut)
    for more in (b"x", b"\0" * 100 + b"x", whole):
        cut.write_bytes(whole + more)
        with pytest.raises(Invalid):
            backup.restore(load_settings(home=tmp_path / "new"), cut)
    assert not (tmp_path / "new").exists()


def test_a_changed_byte_anywhere_in_the_content_is_found(file: Path, tmp_path: Path) -> None:
    whole, changed = gzip.decompress(file.read_bytes()), tmp_path / "changed.tar.gz"
    chance = random.Random(4)
    found = 0
    for _ in range(60):
        place = chance.randrange(len(whole))
        broken = bytearray(whole)
        broken[place] ^= 1 << chance.randrange(8)
        changed.write_bytes(gzip.compress(bytes(broken), 1))
        try:
            head, manifest, mark = backup_file.verify(changed)
        except Invalid:
            found += 1
        else:  # padding, or a field of tar's headers that nothing depends on
            assert (head, manifest, mark) == backup_file.verify(file)
            assert dict(backup_file.read(changed)) == dict(backup_file.read(file))
    assert found > 30


def test_a_changed_byte_of_the_manifest_is_found(file: Path, tmp_path: Path) -> None:
    """What it says of rows and missing originals is in no other member."""
    whole, changed = gzip.decompress(file.read_bytes()), tmp_path / "changed.tar.gz"
    begin = whole.index(b'{"members"')
    end = whole.index(b'"checksum"', begin)
    for place in [*range(begin, end, 37), *range(whole.index(b'"rows"', begin), end, 5)]:
        broken = bytearray(whole)
        broken[place] ^= 1
        changed.write_bytes(gzip.compress(bytes(broken), 1))
        with pytest.raises(Invalid):
            backup_file.verify(changed)


def test_a_changed_byte_of_the_file_is_found(file: Path, tmp_path: Path) -> None:
    whole, changed = file.read_bytes(), tmp_path / "changed.tar.gz"
    chance = random.Random(5)
    for place in [*range(4), *(chance.randrange(12, len(whole)) for _ in range(40))]:
        broken = bytearray(whole)
        broken[place] ^= 1 << chance.randrange(8)
        changed.write_bytes(bytes(broken))
        try:
            backup_file.verify(changed)
        except Invalid:
            continue
        assert list(backup_file.read(changed)) == list(backup_file.read(file))  # a flag of gzip's header


@pytest.mark.parametrize(
    ("name", "content"),
    [("../outside", b"x"), ("vocabulary/../../x.yaml", b"x"), ("rows/documents/00009.jsonl", b"[1]\n"), (f"originals/{'0' * 64}", b"x"), ("/etc/x", b"x")],
)
def test_a_file_with_something_else_in_it_is_refused(file: Path, tmp_path: Path, name: str, content: bytes) -> None:
    crafted = rewrite(file, tmp_path / "crafted.tar.gz", lambda entries: [(name, content), *entries])
    with pytest.raises(Invalid):
        backup.restore(load_settings(home=tmp_path / "new"), crafted)
    assert not (tmp_path / "new").exists()
    assert not (tmp_path.parent / "outside").exists()


def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        backup.restore(load_settings(home=tmp_path / "new"), tmp_path / "nowhere")
    (tmp_path / "text").write_text("一份报告")
    with pytest.raises(Invalid, match="not a backup"):
        backup.restore(load_settings(home=tmp_path / "new"), tmp_path / "text")
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("readme"), io.BytesIO())
    with pytest.raises(Invalid, match="not a backup"):
        backup.restore(load_settings(home=tmp_path / "new"), tmp_path / "other.tar.gz")


def rewrite(file: Path, to: Path, change: Callable[[list[tuple[str, bytes]]], list[tuple[str, bytes]]], *, sound: bool = False) -> Path:
    """The backup with other content; ``sound``: with a manifest that agrees."""
    entries = change(list(backup_file.read(file)))
    if not sound:
        with tarfile.open(to, "w:gz") as archive:
            for name, content in entries:
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        return to
    with backup_file.writing(to) as writer:
        for name, content in entries:
            kind, _, rest = name.partition("/")
            if kind == "rows":
                writer.add_rows(rest.split("/")[0], content.count(b"\n"), content)
            elif kind == "originals":
                writer.add_original(rest, content)
            elif name != "manifest.json":
                writer.add(name, content)
    return to


def test_a_newer_backup_is_refused(file: Path, tmp_path: Path) -> None:
    def newer(entries: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        head = json.loads(entries[0][1])
        return [("backup.json", json.dumps({**head, "revision": "9999"}).encode()), *entries[1:]]

    with pytest.raises(Conflict, match="newer"):
        backup.restore(load_settings(home=tmp_path / "new"), rewrite(file, tmp_path / "newer.tar.gz", newer, sound=True))


@pytest.mark.parametrize("engine", archive_places.ENGINES)
def test_a_backup_of_the_first_version_is_brought_up_to_date(engine: str, file: Path, tmp_path: Path, server_run: Run) -> None:
    """Its tables, with only what the first migration made of them."""
    from sqlalchemy import MetaData, create_engine

    from archive.upgrade import upgrade

    made = create_engine(f"sqlite:///{tmp_path / 'first.db'}")
    former = MetaData()
    with made.begin() as connection:
        upgrade(connection, "0001")
        former.reflect(connection)

    def older(entries: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        head = json.loads(entries[0][1])
        kept = {
            name: [column for column in columns if column in former.tables[name].columns] for name, columns in head["tables"].items() if name in former.tables
        }
        changed = [("backup.json", json.dumps({**head, "revision": "0001", "tables": kept}).encode())]
        for name, content in entries[1:]:
            table = name.split("/")[1] if name.startswith("rows/") else None
            if table is None:
                changed.append((name, content))
            elif table in kept:
                places = [head["tables"][table].index(column) for column in kept[table]]
                lines = [json.dumps([json.loads(line)[place] for place in places]) + "\n" for line in content.decode().splitlines()]
                changed.append((name, "".join(lines).encode()))
        return changed

    first = rewrite(file, tmp_path / "first.tar.gz", older, sound=True)
    with archive_places.making(engine, tmp_path / "to", server_run) as place:
        restored = backup.restore(settings_on(place, tmp_path / "new"), first)
        assert (restored.revision, restored.documents) == ("0001", 8)
        with workspace.open(settings=settings_on(place, tmp_path / "new")) as space, workspace.open(tmp_path / "lived in", mode="read") as before:
            assert space.check(deep=True).fine
            assert list(list_lines(space, "graph")) == list(list_lines(before, "graph"))
            documents = [list(opened.archive.documents(counted=False)) for opened in (space, before)]
            assert documents[0] == documents[1]
            assert space.status().stale == 0  # the rules each was read with are filled in by the migration
            assert space.archive.runs()[0].counts == before.archive.runs()[0].counts


# -- cut off -------------------------------------------------------------------------------------------------------------------------------------------------


def test_a_killed_backup_leaves_no_file_and_the_next_sweeps_its_rest(lived_in: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    code = (
        "import sys, time; from pathlib import Path; from fazhi import backup, workspace, backup_file\n"
        "add = backup_file.Writer.add_rows\n"
        "def slow(*a):\n    add(*a); print('adding', flush=True); time.sleep(30)\n"
        "backup_file.Writer.add_rows = slow\n"
        "backup.write(workspace.open(sys.argv[1], mode='read'), Path(sys.argv[2]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(lived_in), str(file)], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout and process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    assert not file.exists() and len(list(tmp_path.glob(".backup.tar.gz.*"))) == 1
    with workspace.open(lived_in, mode="read") as space:
        backup.write(space, file)
    assert list(tmp_path.glob(".backup.tar.gz.*")) == []


@pytest.mark.parametrize("engine", archive_places.ENGINES)
def test_a_restore_killed_at_any_moment_looks_like_nothing_whole_and_is_run_again(engine: str, file: Path, tmp_path: Path, server_run: Run) -> None:
    """The delays are spread over how long a restore takes here, so that kills fall before, in and after the transaction."""
    with archive_places.making(engine, tmp_path / "to", server_run) as place:
        home = tmp_path / "new"
        settings = settings_on(place, home)
        environment = {**os.environ, "FAZHI_HOME": str(home)}
        if place.password:
            environment |= {"FAZHI_ARCHIVE": place.url, "FAZHI_ARCHIVE_PASSWORD": place.password}
        seen = set()
        for step in ("_put_marker", "_put_files", "_insert", "_announce", "_rebuild"):
            kill_at(step, file, environment)
            try:
                with workspace.open(settings=settings, mode="read") as space:
                    state = space.archive.statistics()
                    assert state.documents == 8  # nobody gets in before it is complete
                    assert state.pending["graph"] == state.reports > 0
                    assert not space.check().fine
                    seen.add("complete")
            except Unavailable as error:
                assert "not finished" in error.detail and "fazhi restore" in error.cure
                seen.add("cut off")
        assert seen == {"cut off", "complete"}
        with pytest.raises(Conflict, match="already"):
            backup.restore(settings, file)
        with workspace.open(settings=settings) as space:
            space.rebuild()
            with workspace.open(tmp_path / "lived in", mode="read") as before:
                assert content_of(space) == content_of(before)


def kill_at(step: str, file: Path, environment: dict[str, str]) -> None:
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from archive import rows\nfrom archive.store import Archive\nfrom fazhi import backup\nfrom fazhi.settings import load_settings\n"
        f"step = {step!r}\n"
        "place = next(p for p in (backup, rows, Archive) if step in vars(p))\n"
        "whole = getattr(place, step)\n"
        "def cut_off(*a, **k):\n"
        "    if step in ('_put_marker', '_put_files', '_insert', '_announce'):\n"
        "        whole(*a, **k)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "setattr(place, step, cut_off)\n"
        "backup.restore(load_settings(), Path(sys.argv[1]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], env=environment, cwd=ROOT, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_restore_cut_off_between_commit_and_its_last_word_is_finished_by_the_next(file: Path, tmp_path: Path) -> None:
    home = tmp_path / "new"
    backup.restore(load_settings(home=home), file)
    _, _, mark = backup_file.verify(file)
    backup._put_marker(home / RESTORING, backup._Marker(str(file), mark, ""))
    with pytest.raises(Unavailable, match="not finished"):
        workspace.open(home)
    assert backup.restore(load_settings(home=home), file).documents == 8
    with workspace.open(home, mode="read") as space:
        assert space.check(deep=True).fine


def test_after_a_cut_off_restore_another_backup_may_be_taken(file: Path, tmp_path: Path) -> None:
    with workspace.open(tmp_path / "small") as space:
        (tmp_path / "one.txt").write_text(make_report(77), encoding="utf-8")
        space.ingest([tmp_path / "one.txt"], workers=1)
        backup.write(space, tmp_path / "small.tar.gz")
    home = tmp_path / "new"
    kill_at("_put_files", file, {**os.environ, "FAZHI_HOME": str(home)})
    assert (home / "vocabulary" / "reviewed.yaml").exists()
    backup.restore(load_settings(home=home), tmp_path / "small.tar.gz")
    with workspace.open(home, mode="read") as space:
        assert [document.key for document in space.archive.documents()] == ["one.txt"]
        assert len(list(space.archive.originals.iter_versions())) == 1
    assert not (home / "vocabulary" / "reviewed.yaml").exists()


def test_where_an_engine_is_away_the_rest_is_restored_and_the_cure_works(file: Path, lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "new"
    away = load_settings(home=home, text="http://127.0.0.1:9", text_patience=0.1)
    with pytest.raises(Unavailable, match="restored, but not graph and index") as caught:
        backup.restore(away, file)
    assert "fazhi rebuild" in caught.value.cure
    with workspace.open(home) as space, workspace.open(lived_in, mode="read") as before:
        space.rebuild()
        assert content_of(space) == content_of(before)


def test_work_that_was_waiting_is_said_to_be_cut_off(lived_in: Path, tmp_path: Path) -> None:
    with workspace.open(lived_in) as space:
        space.archive.add_job(Job(id="j2", kind="ingest", state="queued", created="2026-01-02"))
        backup.write(space, tmp_path / "backup.tar.gz")
    backup.restore(load_settings(home=tmp_path / "new"), tmp_path / "backup.tar.gz")
    with workspace.open(tmp_path / "new", mode="read") as space:
        assert (space.archive.job("j2").state, space.archive.job("j1").state) == ("failed", "done")
        assert space.archive.job("j2").error


def test_nothing_in_json_and_nothing_at_all_stay_apart(lived_in: Path, tmp_path: Path) -> None:
    values = {"action": "accept", "author": "甲", "created": "2026-01-01", "note": "", "reports": [], "nodes": [], "run": 0}
    with workspace.open(lived_in) as space:
        with space.archive._write() as connection:
            connection.execute(insert(schema.reviews).values(**values, id=1))
            connection.execute(insert(schema.reviews).values(**values, id=2, anchor={"start": 3}))
        backup.write(space, tmp_path / "backup.tar.gz")
    backup.restore(load_settings(home=tmp_path / "new"), tmp_path / "backup.tar.gz")
    with workspace.open(tmp_path / "new") as space, space.archive._engine.connect() as connection:
        assert connection.execute(select(schema.reviews.c.id, schema.reviews.c.anchor).order_by(schema.reviews.c.id)).all() == [(1, None), (2, {"start": 3})]
        assert connection.exec_driver_sql("SELECT count(*) FROM reviews WHERE anchor IS NULL").scalar() == 1


# -- with servers, and beside a server of ours -----------------------------------------------------------------------------------------------------------


@pytest.mark.servers
def test_a_service_wholly_on_servers_comes_back_embedded_and_the_other_way_round(
    lived_in: Path, tmp_path: Path, server_run: Run, neo4j_server: Server, elasticsearch_server: Server
) -> None:
    told: dict[str, Any] = {"graph": neo4j_server.url, "graph_user": neo4j_server.user, "graph_password": neo4j_server.password}
    told |= {"text": elasticsearch_server.url, "text_prefix": f"test-backup-{os.getpid()}"}
    with workspace.open(lived_in, mode="read") as space:
        before = content_of(space)
        backup.write(space, tmp_path / "embedded.tar.gz")
    with archive_places.making("postgresql", tmp_path / "to", server_run) as place, server_run.only_user("neo4j"):
        told |= {"archive": place.url, "archive_password": place.password}
        settings = load_settings(home=tmp_path / "on servers", **told)
        try:
            backup.restore(settings, tmp_path / "embedded.tar.gz")
            with workspace.open(settings=settings) as space:
                there = content_of(space)
                assert space.check(deep=True).fine
                assert {name: value for name, value in there.items() if name != "index"} == {name: value for name, value in before.items() if name != "index"}
                backup.write(space, tmp_path / "servers.tar.gz")
        finally:
            import elasticsearch

            with elasticsearch.Elasticsearch(elasticsearch_server.url) as client:
                for name in client.indices.get(index=f"{told['text_prefix']}*", expand_wildcards="all").body:
                    client.indices.delete(index=name)
    backup.restore(load_settings(home=tmp_path / "back"), tmp_path / "servers.tar.gz")
    with workspace.open(tmp_path / "back") as space:
        assert content_of(space) == before


@pytest.mark.parametrize("engine", archive_places.ENGINES)
def test_an_api_that_runs_over_the_empty_folder_shows_what_is_restored(engine: str, file: Path, tmp_path: Path, server_run: Run) -> None:
    from fastapi.testclient import TestClient

    from search_api.app import create_app

    with archive_places.making(engine, tmp_path / "to", server_run) as place:
        settings = settings_on(place, tmp_path / "new").model_copy(update={"refresh_seconds": 0.0})
        with TestClient(create_app(settings), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
            assert client.get("/api/search").json()["total"] == 0
            backup.restore(settings, file)
            with workspace.open(settings=settings, mode="read") as space:
                reports = space.archive.statistics().reports
            assert client.get("/api/search").json()["total"] == reports > 0
            answer = client.post("/api/cypher", json={"statement": "MATCH (r:Report) RETURN count(r) AS n"}).json()
            assert answer["rows"][0] in ([reports], {"n": reports})
