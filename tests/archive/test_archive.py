"""The archive's contract: one truth, one transaction, nothing counted twice."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import archive_places
import pytest
from archive_places import Place
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers.sharing import Run

from archive import schema
from archive.model import Entry, Failure, Job
from archive.store import PROJECTIONS, Archive, fingerprint_of, version_of
from fazhi.errors import Conflict, Invalid, NotFound
from ingest.ids import report_id
from ingest.model import Analysis, Fact, Frame, Source


def make_entry(
    key: str, text: str = "某镇法治政府建设情况报告", *, rules: str = "1", year: int = 2023, place: str = "cn:350524/甲镇", title: str | None = None
) -> Entry:
    source = Source(key=key, text=text, raw=text.encode(), title=title)
    version = version_of(source.raw)
    fact = Fact(id=f"{report_id(key)}-{rules}", doc=key, type="place", surface=text[:2], start=0, end=2)
    analysis = Analysis(
        doc=key, frame=Frame(place=place, year=year, level="township", path=("福建省", "泉州市", "安溪县", "甲镇")), facts=(fact,), pipeline=rules
    )
    return Entry(source=source, version=version, fingerprint=fingerprint_of(source, version, pipeline=rules, vocabulary="v"), analysis=analysis)


def settle(archive: Archive) -> dict[str, list[tuple[str, bool]]]:
    """Take all pending changes over, as a projection would; {projection: [(report, is there)]}."""
    taken: dict[str, list[tuple[str, bool]]] = {}
    for projection in PROJECTIONS:
        changes = archive.pending(projection, 1000)
        archive.mark_done(projection, [change.sequence for change in changes])
        taken[projection] = [(change.report, change.item is not None) for change in changes]
    return taken


def test_a_committed_report_comes_back_whole(archive: Archive) -> None:
    entry = make_entry("a.txt", "甲镇\r\n法治政府建设 报告")
    assert archive.commit([entry]) == ["new"]
    report = report_id("a.txt")
    assert archive.text(report) == entry.source.text
    assert archive.analysis(report) == entry.analysis
    assert archive.original(report) == (entry.source.raw, "txt")
    document = archive.document(report)
    assert (document.key, document.place, document.year, document.level, document.path[0]) == ("a.txt", "cn:350524/甲镇", 2023, "township", "福建省")
    assert archive.projectable(report).analysis == entry.analysis


def test_the_same_again_is_unchanged_and_writes_nothing(archive: Archive, tmp_path: Path) -> None:
    archive.commit([make_entry("a.txt")])
    settle(archive)
    before = (archive.generation(), archive.snapshot(), archive.sequence())
    assert archive.commit([make_entry("a.txt")]) == ["unchanged"]
    assert archive.same("a.txt", make_entry("a.txt").version, make_entry("a.txt").fingerprint)
    assert (archive.generation(), archive.snapshot(), archive.sequence()) == before
    assert archive.pending("graph", 10) == []


def test_new_bytes_keep_the_old_version(archive: Archive) -> None:
    old, new = make_entry("a.txt", "旧文"), make_entry("a.txt", "新文")
    archive.commit([old])
    assert archive.commit([new]) == ["changed"]
    report = report_id("a.txt")
    assert archive.text(report) == "新文"
    assert {version for version, _ in archive.history(report)} == {old.version, new.version}
    assert archive.originals.get(old.version) == "旧文".encode()


def test_new_rules_replace_the_analysis_of_the_same_version(archive: Archive) -> None:
    archive.commit([make_entry("a.txt", rules="1")])
    assert archive.commit([make_entry("a.txt", rules="2")]) == ["changed"]
    assert archive.analysis(report_id("a.txt")).pipeline == "2"
    assert len(archive.history(report_id("a.txt"))) == 1


def test_metadata_that_the_analysis_reads_is_part_of_the_fingerprint() -> None:
    assert make_entry("a.txt", title="甲").fingerprint != make_entry("a.txt", title="乙").fingerprint


def test_equal_bytes_are_counted_once_under_the_smallest_key(archive: Archive) -> None:
    assert archive.commit([make_entry("b.txt"), make_entry("a.txt"), make_entry("c.txt")]) == ["new", "duplicate", "duplicate"]
    assert [document.key for document in archive.documents()] == ["a.txt"]
    assert {document.key: document.duplicate_of for document in archive.documents(counted=False)} == {"a.txt": None, "b.txt": "a.txt", "c.txt": "a.txt"}


def test_a_smaller_key_that_comes_later_takes_the_place_in_the_projections(archive: Archive) -> None:
    archive.commit([make_entry("b.txt")])
    settle(archive)
    archive.commit([make_entry("a.txt")])
    assert sorted(settle(archive)["graph"]) == sorted([(report_id("a.txt"), True), (report_id("b.txt"), False)])


def test_a_duplicate_that_changes_is_counted_again(archive: Archive) -> None:
    archive.commit([make_entry("a.txt"), make_entry("b.txt")])
    settle(archive)
    archive.commit([make_entry("b.txt", "另一份报告")])
    assert [document.key for document in archive.documents()] == ["a.txt", "b.txt"]
    assert settle(archive)["text"] == [(report_id("b.txt"), True)]


def test_the_counted_one_that_changes_promotes_the_next(archive: Archive) -> None:
    archive.commit([make_entry("a.txt"), make_entry("b.txt")])
    settle(archive)
    archive.commit([make_entry("a.txt", "另一份报告")])
    assert sorted(settle(archive)["text"]) == sorted([(report_id("a.txt"), True), (report_id("b.txt"), True)])


def test_a_counted_one_that_becomes_a_duplicate_leaves_the_projections(archive: Archive) -> None:
    archive.commit([make_entry("a.txt", "一"), make_entry("b.txt", "二")])
    settle(archive)
    archive.commit([make_entry("b.txt", "一")])
    assert settle(archive)["graph"] == [(report_id("b.txt"), False)]


def test_deleting_the_counted_one_promotes_the_next(archive: Archive) -> None:
    archive.commit([make_entry("a.txt"), make_entry("b.txt")])
    settle(archive)
    archive.delete("a.txt")
    assert sorted(settle(archive)["graph"]) == sorted([(report_id("a.txt"), False), (report_id("b.txt"), True)])
    assert archive.original(report_id("b.txt"))[0]


def test_deleting_the_last_holder_takes_all_its_originals_away(archive: Archive) -> None:
    archive.commit([make_entry("a.txt", "旧文")])
    archive.commit([make_entry("a.txt", "新文")])
    archive.delete("a.txt")
    assert list(archive.originals.iter_versions()) == []
    assert archive.statistics().versions == 0
    with pytest.raises(NotFound):
        archive.delete("a.txt")


def test_an_unknown_report_is_not_found(archive: Archive) -> None:
    for ask in (archive.document, archive.text, archive.analysis, archive.original, archive.projectable, archive.history):
        with pytest.raises(NotFound):
            ask("0123456789abcdef")
    assert archive.lookup("nowhere.txt") is None


def test_several_changes_of_a_report_wait_as_one(archive: Archive) -> None:
    for text in ("一", "二", "三"):
        archive.commit([make_entry("a.txt", text)])
    changes = archive.pending("graph", 10)
    assert [change.item.text for change in changes if change.item] == ["三"]


def test_a_change_that_comes_while_a_projection_works_is_not_marked_done(archive: Archive) -> None:
    archive.commit([make_entry("a.txt", "一")])
    under_way = archive.pending("graph", 10)
    archive.commit([make_entry("a.txt", "二")])
    archive.mark_done("graph", [change.sequence for change in under_way])
    assert [change.item.text for change in archive.pending("graph", 10) if change.item] == ["二"]


def test_projections_are_marked_apart(archive: Archive) -> None:
    archive.commit([make_entry("a.txt")])
    archive.mark_done("graph", [change.sequence for change in archive.pending("graph", 10)])
    assert archive.statistics().pending == {"graph": 0, "text": 1}


def test_settling_a_rebuild_keeps_what_came_during_it(archive: Archive) -> None:
    archive.commit([make_entry("a.txt")])
    sequence = archive.sequence()
    archive.commit([make_entry("b.txt", "另一份")])
    archive.settle("graph", sequence)
    assert [change.report for change in archive.pending("graph", 10)] == [report_id("b.txt")]


def test_changes_give_every_counted_document_in_the_order_of_fingerprints(archive: Archive) -> None:
    archive.commit([make_entry(f"{number}.txt", f"第{number}份") for number in range(250)] + [make_entry("z.txt", "第7份")])
    changes = list(archive.changes())
    assert [change.report for change in changes] == [report for report, _ in archive.fingerprints()] == sorted(change.report for change in changes)
    assert len(changes) == 250


@pytest.mark.parametrize("engine", archive_places.ENGINES)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(8)), cuts=st.lists(st.integers(0, 8), max_size=3))
def test_content_does_not_depend_on_order_or_batches(
    engine: str, server_run: Run, tmp_path_factory: pytest.TempPathFactory, order: list[int], cuts: list[int]
) -> None:
    entries = [make_entry(f"{number}.txt", f"第{number % 5}份") for number in range(8)]
    folder = tmp_path_factory.mktemp("order")
    with (
        archive_places.making("sqlite", folder / "a", server_run) as here,
        archive_places.making(engine, folder / "b", server_run) as there,
        here.open() as one,
        there.open() as other,
    ):
        one.commit(entries)
        edges = [0, *sorted(cuts), 8]
        for start, end in itertools.pairwise(edges):
            other.commit([entries[place] for place in order[start:end]])
        assert one.snapshot() == other.snapshot()
        assert list(one.fingerprints()) == list(other.fingerprints())
        shown = [(document.key, document.duplicate_of) for document in one.documents(counted=False)]
        assert shown == [(document.key, document.duplicate_of) for document in other.documents(counted=False)]


def test_a_deleted_document_leaves_the_snapshot_as_if_it_had_never_been(archive: Archive) -> None:
    empty = archive.snapshot()
    archive.commit([make_entry("a.txt", "一")])
    one = archive.snapshot()
    archive.commit([make_entry("b.txt", "二")])
    assert len({empty, one, archive.snapshot()}) == 3
    archive.delete("b.txt")
    assert archive.snapshot() == one


def test_a_failing_commit_leaves_nothing(archive: Archive) -> None:
    bad = make_entry("b.txt", "二")
    bad = Entry(source=bad.source, version=bad.version, fingerprint=None, analysis=bad.analysis)  # type: ignore[arg-type]
    with pytest.raises(Exception):  # noqa: B017 - whatever the driver says
        archive.commit([make_entry("a.txt"), bad])
    assert archive.statistics().documents == 0
    assert archive.pending("text", 10) == []


def test_documents_come_in_pages_and_within_bounds(archive: Archive) -> None:
    places = ["cn:350524/甲镇", "cn:350524/甲镇/乙村", "cn:350524/甲镇街道", "cn:530423/丙镇"]
    archive.commit([make_entry(f"{number}.txt", f"第{number}份", place=place, year=2020 + number) for number, place in enumerate(places)])
    assert [document.key for document in archive.documents(place="cn:35")] == ["0.txt", "1.txt", "2.txt"]
    assert [document.key for document in archive.documents(place="cn:350524/甲镇")] == ["0.txt", "1.txt"]
    assert [document.key for document in archive.documents(from_year=2021, to_year=2022)] == ["1.txt", "2.txt"]
    assert [document.key for document in archive.documents(limit=2)] + [document.key for document in archive.documents(after="1.txt")] == [
        "0.txt",
        "1.txt",
        "2.txt",
        "3.txt",
    ]
    extent = archive.extent(place="cn:3505")
    assert (extent.reports, extent.places, extent.from_year, extent.to_year) == (3, 3, 2020, 2022)


def test_a_run_that_changes_nothing_is_not_noted(archive: Archive) -> None:
    broken = Failure(name="x.pdf", reason="It is scanned.", cure="Use OCR.")
    assert archive.record_run("2026-01-01", {"new": 1}, [broken], origin="o")
    generation = archive.generation()
    assert not archive.record_run("2026-01-02", {"unchanged": 1}, [broken], origin="o")
    assert archive.generation() == generation
    assert [failure.reason for failure in archive.failures()] == ["It is scanned."]


def test_a_failure_is_listed_until_it_is_mended(archive: Archive) -> None:
    broken = [Failure(name="x.pdf", reason="It is scanned."), Failure(name="y.jsonl line 3", reason="No text.")]
    archive.record_run("2026-01-01", {}, broken, origin="o")
    archive.record_run("2026-01-02", {}, [], origin="another", readable={"x.pdf"})
    assert [failure.name for failure in archive.failures()] == ["y.jsonl line 3"]
    archive.record_run("2026-01-03", {}, [], origin="o", whole=False)
    assert len(archive.failures()) == 1
    archive.record_run("2026-01-04", {}, [], origin="o")
    assert archive.failures() == []


def test_a_job_is_kept_over_reopening(place: Place) -> None:
    with place.open() as first:
        first.add_job(Job(id="j1", kind="ingest", state="queued", created="2026-01-01", request={"files": ["一.txt"]}))
        first.change_job("j1", state="running", done=3)
    with place.open() as second:
        assert second.job("j1").request == {"files": ["一.txt"]}
        assert [job.done for job in second.jobs("running")] == [3]
        with pytest.raises(NotFound):
            second.job("j2")


def test_a_damaged_original_is_said_to_be_so(archive: Archive, tmp_path: Path) -> None:
    entry = make_entry("a.txt")
    archive.commit([entry])
    file = tmp_path / "originals" / entry.version[:1] / entry.version
    file.write_bytes(b"something else")
    with pytest.raises(NotFound, match="damaged"):
        archive.original(report_id("a.txt"))
    file.unlink()
    assert [document.key for document in archive.missing_originals()] == ["a.txt"]


def test_files_of_a_cut_off_write_are_swept_and_others_stay(archive: Archive, tmp_path: Path) -> None:
    archive.commit([make_entry("a.txt")])
    archive.originals.put({version_of(b"lost"): b"lost"})
    (tmp_path / "originals" / version_of(b"lost")[:1] / f".{version_of(b'lost')}.tmp").write_bytes(b"lo")
    assert archive.sweep_originals() == 2
    assert archive.original(report_id("a.txt"))[0]


def test_originals_may_lie_on_another_file_system(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path / 'a.db'}", f"memory://{random.getrandbits(64)}") as archive:
        entry = make_entry("a.txt")
        archive.commit([entry])
        assert archive.original(report_id("a.txt"))[0] == entry.source.raw
        archive.delete("a.txt")
        assert list(archive.originals.iter_versions()) == []


def test_the_migrations_lead_to_the_tables_in_the_schema(archive: Archive) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with archive._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_the_known_head_is_the_last_migration() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    import archive.migrations

    config = Config()
    config.set_main_option("script_location", str(Path(archive.migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_a_newer_archive_is_refused(place: Place) -> None:
    with place.open() as archive, archive._write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Conflict):
        place.open()


def test_a_url_without_a_driver_is_refused_with_a_cure() -> None:
    with pytest.raises(Invalid) as caught:
        Archive.open("nosuch://x", "/tmp")
    assert caught.value.cure


def test_keys_of_any_script_and_length_are_kept(archive: Archive) -> None:
    keys = [
        "报告/一.txt",
        "报告/阿.txt",
        "https://例.cn/a?b=1&c='\"%",
        "k" * 5000,
        "\u0000x",
        "a\u0001\u0000",
        "a\u0001",
        "a\u0001\u0001",
        "a\u0002",
        "B",
        "😀.txt",
    ]
    archive.commit([make_entry(key, f"第{number}份") for number, key in enumerate(keys)])
    assert [document.key for document in archive.documents()] == sorted(keys)
    assert all(archive.lookup(key) is not None for key in keys)
