"""The first tables: documents, versions, outbox, state, failures, runs, jobs.

Written out rather than made from ``archive.schema``, for that file moves on and this one must not.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("report", sa.String(16), primary_key=True),
        sa.Column("key", Key, nullable=False, unique=True),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("format", sa.String(16), nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("published", sa.String(32)),
        sa.Column("place", sa.Text),
        sa.Column("place_name", sa.Text),
        sa.Column("level", sa.String(16)),
        sa.Column("path", sa.JSON, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("duplicate_of", Key),
        sa.Column("metadata", sa.JSON, nullable=False),
        sa.Column("ingested", sa.String(32), nullable=False),
    )
    op.create_index("documents_by_version", "documents", ["version", "key"])
    op.create_index("documents_by_place", "documents", ["place", "year"])
    op.create_table(
        "versions",
        sa.Column("report", sa.String(16), primary_key=True),
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("format", sa.String(16), nullable=False),
        sa.Column("encoding", sa.String(32), nullable=False),
        sa.Column("ingested", sa.String(32), nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("analysis", sa.LargeBinary, nullable=False),
    )
    op.create_index("versions_by_version", "versions", ["version"])
    op.create_table(
        "outbox",
        sa.Column("projection", sa.String(16), primary_key=True),
        sa.Column("report", sa.String(16), primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
    op.create_index("outbox_by_sequence", "outbox", ["projection", "sequence"])
    op.create_table("state", sa.Column("name", sa.String(32), primary_key=True), sa.Column("value", sa.String(64), nullable=False))
    op.create_table(
        "failures",
        sa.Column("name", Key, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("cure", sa.Text, nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("seen", sa.String(32), nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("started", sa.String(32), nullable=False),
        sa.Column("finished", sa.String(32), nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("started", sa.String(32)),
        sa.Column("finished", sa.String(32)),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("result", sa.JSON, nullable=False),
        sa.Column("error", sa.Text),
    )
    op.create_index("jobs_by_state", "jobs", ["state", "created"])
