"""Archives of every earlier version are brought up to date, on every database, with what is in them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from archive_places import Place
from sqlalchemy import Connection, Engine, create_engine, text
from test_archive import make_entry

import archive.migrations
from archive import postgresql, schema
from archive.upgrade import revision, upgrade
from ingest.ids import report_id

_config = Config()
_config.set_main_option("script_location", str(Path(archive.migrations.__file__).parent))
REVISIONS = [script.revision for script in reversed(list(ScriptDirectory.from_config(_config).walk_revisions()))]


@pytest.fixture
def engine(place: Place) -> Iterator[Engine]:
    made = create_engine(postgresql.make_address(place.url, place.password) if place.password else place.url)
    yield made
    made.dispose()


def fill_first(connection: Connection, key: str) -> None:
    """A document as the first version of the program wrote it."""
    entry = make_entry(key)
    row = {"report": report_id(key), "key": key, "version": entry.version, "fingerprint": entry.fingerprint[:32], "title": "甲镇\u3000报告", "year": 2023}
    connection.execute(
        text(
            "INSERT INTO documents (report, key, version, fingerprint, format, title, place, level, path, year, metadata, ingested) "
            "VALUES (:report, :key, :version, :fingerprint, 'txt', :title, 'cn:350524/甲镇', 'township', '[\"福建省\"]', :year, '{\"note\": 7}', '2026-01-01')"
        ),
        row,
    )
    told = {"report": row["report"], "version": row["version"], "fingerprint": row["fingerprint"]}
    told["text"] = zlib.compress(entry.source.text.encode())
    told["analysis"] = zlib.compress(msgspec.json.encode(entry.analysis))
    assert json.loads(zlib.decompress(told["analysis"]))["pipeline"] == "1"
    connection.execute(
        text(
            "INSERT INTO versions (report, version, fingerprint, format, encoding, ingested, text, analysis) "
            "VALUES (:report, :version, :fingerprint, 'txt', 'utf-8', '2026-01-01', :text, :analysis)"
        ),
        told,
    )
    connection.execute(text("INSERT INTO runs (started, finished, counts) VALUES ('2026-01-01', '2026-01-01', '{\"new\": 1}')"))
    connection.execute(text("INSERT INTO state (name, value) VALUES ('sequence', '2'), ('content', '00000000000000ff')"))
    connection.execute(text("INSERT INTO outbox (projection, report, sequence) VALUES ('graph', :report, 1), ('text', :report, 2)"), told)


@pytest.mark.parametrize("start", REVISIONS)
def test_what_an_earlier_version_wrote_is_there_after_the_upgrade(place: Place, engine: Engine, start: str) -> None:
    with engine.begin() as connection:
        upgrade(connection, REVISIONS[0])
        fill_first(connection, "a.txt")
        upgrade(connection, start)
        assert revision(connection) == start
    with place.open() as opened:
        document = opened.document(report_id("a.txt"))
        assert (document.key, document.title, document.metadata, document.path, document.pipeline) == ("a.txt", "甲镇\u3000报告", {"note": 7}, ("福建省",), "1")
        assert opened.analysis(report_id("a.txt")) == make_entry("a.txt").analysis
        assert opened.runs()[0].counts == {"new": 1}
        assert [change.report for change in opened.pending("graph", 10)] == [report_id("a.txt")]
        assert opened.commit([make_entry("a.txt", "新文"), make_entry("b.txt", "二")]) == ["changed", "new"]
        assert len(opened.history(report_id("a.txt"))) == 2
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_the_migrations_are_one_line() -> None:
    assert sorted(REVISIONS) == REVISIONS
    assert REVISIONS[-1] == schema.HEAD
