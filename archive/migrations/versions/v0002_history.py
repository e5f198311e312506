"""What each run wrote, analyses that a newer one replaced, with which rules a document was read, and who writes.

Documents that are there already are put down to the latest run, for nothing tells which of the earlier ones it was.
"""

import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_PAGE = 200


def upgrade() -> None:
    for table in ("documents", "runs"):
        op.add_column(table, sa.Column("pipeline", sa.String(32), nullable=False, server_default=""))
        op.add_column(table, sa.Column("vocabulary", sa.String(32), nullable=False, server_default=""))
    op.create_index("documents_by_rules", "documents", ["pipeline", "vocabulary"])
    op.add_column("versions", sa.Column("source", sa.LargeBinary))
    op.add_column("runs", sa.Column("kind", sa.String(16), nullable=False, server_default="ingest"))
    op.add_column("runs", sa.Column("complete", sa.Boolean, nullable=False, server_default=sa.true()))
    op.create_table(
        "past_analyses",
        sa.Column("report", sa.String(16), primary_key=True),
        sa.Column("fingerprint", sa.String(64), primary_key=True),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("analysis", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "run_reports",
        sa.Column("run", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("report", sa.String(16), primary_key=True),
        sa.Column("key", Key, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("version", sa.String(64)),
        sa.Column("fingerprint", sa.String(64)),
    )
    op.create_index("run_reports_by_report", "run_reports", ["report", "run"])
    op.create_table(
        "leases",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("beat", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.Float, nullable=False),
        sa.Column("holder", sa.JSON, nullable=False),
    )
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    after = ""
    rows = sa.text(
        "SELECT d.report AS report, v.analysis AS analysis FROM documents d JOIN versions v ON v.report = d.report AND v.version = d.version "
        "WHERE d.report > :after ORDER BY d.report LIMIT :page"
    )
    note = sa.text("UPDATE documents SET pipeline = :pipeline, vocabulary = :vocabulary WHERE report = :report")
    while page := connection.execute(rows, {"after": after, "page": _PAGE}).all():
        told = [(row.report, json.loads(zlib.decompress(bytes(row.analysis)))) for row in page]
        connection.execute(
            note, [{"report": report, "pipeline": said.get("pipeline", "")[:32], "vocabulary": said.get("vocabulary", "")[:32]} for report, said in told]
        )
        after = page[-1].report
    latest = connection.execute(sa.text("SELECT max(id) FROM runs")).scalar()
    if latest is not None:
        connection.execute(
            sa.text(
                "INSERT INTO run_reports (run, report, key, outcome, version, fingerprint) "
                "SELECT :run, report, key, CASE WHEN duplicate_of IS NULL THEN 'new' ELSE 'duplicate' END, version, fingerprint FROM documents"
            ),
            {"run": latest},
        )
