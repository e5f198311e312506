"""The archive's tables. A change here needs a new file in migrations/versions and its name in ``HEAD``."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, MetaData, String, Table, true

from archive.texts import AnyText

HEAD = "0006"  # known without importing Alembic, which costs more than opening the archive; a test compares it with the migration files

metadata = MetaData()

# The smallest key of equal documents is the counted one, so keys must sort by code point in every database, whatever its locale.
Key = AnyText(exact=True)
Text = AnyText

documents = Table(
    "documents",
    metadata,
    Column("report", String(16), primary_key=True),
    Column("key", Key, nullable=False, unique=True),
    Column("version", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("format", String(16), nullable=False),
    Column("title", Text),
    Column("url", Text),
    Column("published", String(32)),
    Column("place", Text),
    Column("place_name", Text),
    Column("level", String(16)),
    Column("path", JSON, nullable=False),
    Column("year", Integer),
    Column("duplicate_of", Key),
    Column("metadata", JSON, nullable=False),
    Column("ingested", String(32), nullable=False),
    Column("pipeline", String(32), nullable=False, server_default=""),  # with which rules and words its current analysis was made
    Column("vocabulary", String(32), nullable=False, server_default=""),
    Column("reviewed", String(32), nullable=False, server_default=""),  # digest of the reviews that apply to it; place, level and path are as they leave them
    Index("documents_by_version", "version", "key"),
    Index("documents_by_place", "place", "year"),
    Index("documents_by_rules", "pipeline", "vocabulary"),
)

versions = Table(
    "versions",
    metadata,
    Column("report", String(16), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("format", String(16), nullable=False),
    Column("encoding", String(32), nullable=False),
    Column("ingested", String(32), nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("analysis", LargeBinary, nullable=False),
    Column("source", LargeBinary),  # what its reader said of it beside the text, so that it can be analysed again; None: read before this was kept
    Index("versions_by_version", "version"),
)

# Analyses that a newer one of the same bytes replaced: what a report used to say stays comparable.
past_analyses = Table(
    "past_analyses",
    metadata,
    Column("report", String(16), primary_key=True),
    Column("fingerprint", String(64), primary_key=True),
    Column("version", String(64), nullable=False),
    Column("analysis", LargeBinary, nullable=False),
)

# At most one row per projection and report: a newer change replaces the row and its sequence, so an older mark_done can't swallow it.
outbox = Table(
    "outbox",
    metadata,
    Column("projection", String(16), primary_key=True),
    Column("report", String(16), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Index("outbox_by_sequence", "projection", "sequence"),
)

# Which report has words that an earlier one has, as the last comparison of all texts found it; the marks are the fingerprints of both as they were compared.
links = Table(
    "links",
    metadata,
    Column("report", String(16), primary_key=True),
    Column("source", String(16), primary_key=True),
    Column("report_mark", String(64), nullable=False),
    Column("source_mark", String(64), nullable=False),
    Column("year", Integer),
    Column("characters", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("identity", Float, nullable=False),
    Column("boilerplate", Float, nullable=False),
    Column("evidence", String(32), nullable=False),
    Column("text_start", Integer, nullable=False),
    Column("text_end", Integer, nullable=False),
    Column("source_start", Integer, nullable=False),
    Column("source_end", Integer, nullable=False),
    Index("links_by_source", "source"),
)

state = Table("state", metadata, Column("name", String(32), primary_key=True), Column("value", String(64), nullable=False))

failures = Table(
    "failures",
    metadata,
    Column("name", Key, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("cure", Text, nullable=False),
    Column("origin", String(32), nullable=False),  # which ingest command it came from: the same command without it means that it is mended
    Column("seen", String(32), nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("started", String(32), nullable=False),
    Column("finished", String(32), nullable=False),
    Column("counts", JSON, nullable=False),
    Column("kind", String(16), nullable=False, server_default="ingest"),
    Column("complete", Boolean, nullable=False, server_default=true()),  # False: cut off, or still at work
    Column("pipeline", String(32), nullable=False, server_default=""),
    Column("vocabulary", String(32), nullable=False, server_default=""),
)

# What a run left of each report that it changed; version and fingerprint are None where it deleted it.
run_reports = Table(
    "run_reports",
    metadata,
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("report", String(16), primary_key=True),
    Column("key", Key, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("version", String(64)),
    Column("fingerprint", String(64)),
    Column("reviewed", String(32), nullable=False, server_default=""),
    Index("run_reports_by_report", "report", "run"),
)

# What people decided, kept for ever: undoing one notes when and by whom.
reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("action", String(16), nullable=False),
    Column("author", Text, nullable=False),
    Column("created", String(32), nullable=False),
    Column("note", Text, nullable=False),
    Column("report", String(16)),  # of a decision on a fact, with its document's key
    Column("key", Key),
    Column("anchor", JSON),
    Column("node", Key),
    Column("target", Key),
    Column("name", Text),
    Column("side", String(8)),
    Column("reports", JSON, nullable=False),
    Column("nodes", JSON, nullable=False),
    Column("undone", String(32)),
    Column("undone_by", Text),
    Column("run", Integer, nullable=False),  # in which it was made, and undone: what reports said at the end of a run is known by it
    Column("undone_run", Integer),
    Index("reviews_by_report", "report"),
)

# What came of the reviews that hold, in every report that they are about. A review without a row applies nowhere now.
review_effects = Table(
    "review_effects",
    metadata,
    Column("review", Integer, primary_key=True, autoincrement=False),
    Column("report", String(16), primary_key=True),
    Column("applied", Boolean, nullable=False),
    Column("fact", Text),
    Column("reason", Text, nullable=False),
    Index("review_effects_by_report", "report"),
)

# Who writes, where several machines share one archive. ``beat`` grows with every sign of life: it, not the clock, says whether the holder lives.
leases = Table(
    "leases",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("token", String(32), nullable=False),
    Column("beat", BigInteger, nullable=False),
    Column("seen", Float, nullable=False),  # seconds of the database's clock
    Column("holder", JSON, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("created", String(32), nullable=False),
    Column("started", String(32)),
    Column("finished", String(32)),
    Column("done", Integer, nullable=False),
    Column("total", Integer),
    Column("request", JSON, nullable=False),
    Column("result", JSON, nullable=False),
    Column("error", Text),
    Index("jobs_by_state", "state", "created"),
)

# Who may come in. The key itself is nowhere: ``digest`` is the sha256 of it.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("created", String(32), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("used", String(32)),
    Column("revoked", String(32)),
    Column("revoked_by", Text),
    Column("max_body", BigInteger),  # bytes of one request's body; None: what the settings say
)

# Browsers that have signed in with a key. The token itself is nowhere: ``digest`` is the sha256 of it.
sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("key", String(16), nullable=False),  # id of the key; "" for that of the settings
    Column("created", String(32), nullable=False),
    Column("expires", Float, nullable=False),  # seconds since 1970
)

# Saved questions. ``checked`` is the snapshot that a watch was last compared with; None: what there was at its beginning is not known yet.
watches = Table(
    "watches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("question", JSON, nullable=False),
    Column("webhook", Text),
    Column("created", String(32), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("checked", String(32)),
    Column("checked_at", String(32)),
    Column("problem", Text),  # why the last check failed
)

# What a watch knows of, from its beginning on or by an alert: a digest of each, so that no change is told twice.
watch_marks = Table(
    "watch_marks",
    metadata,
    Column("watch", Integer, primary_key=True, autoincrement=False),
    Column("mark", String(32), primary_key=True),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("watch", Integer, nullable=False),
    Column("mark", String(32), nullable=False),
    Column("time", String(32), nullable=False),
    Column("snapshot", String(32), nullable=False),
    Column("content", JSON, nullable=False),
    Index("alerts_by_mark", "watch", "mark", unique=True),
)

# Alerts that are to be sent to somebody's address, in the transaction that made the alert.
deliveries = Table(
    "deliveries",
    metadata,
    Column("alert", Integer, primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, sent, given_up
    Column("attempts", Integer, nullable=False),
    Column("next_try", Float, nullable=False),  # seconds since 1970
    Column("told", Text),  # what the last try brought
    Index("deliveries_by_time", "state", "next_try"),
)

# Every change that was asked for over HTTP, and every change of keys. Only ever added to, but for how it ended.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("time", String(32), nullable=False),
    Column("who", Text, nullable=False),
    Column("door", String(16), nullable=False),
    Column("key", String(16)),
    Column("what", Text, nullable=False),
    Column("made", Text),
    Column("result", String(16)),
)
