"""What people decide about facts and nodes, and what came of it in which report."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    for table in ("documents", "run_reports"):
        op.add_column(table, sa.Column("reviewed", sa.String(32), nullable=False, server_default=""))
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("report", sa.String(16)),
        sa.Column("key", Key),
        sa.Column("anchor", sa.JSON),
        sa.Column("node", Key),
        sa.Column("target", Key),
        sa.Column("name", sa.Text),
        sa.Column("side", sa.String(8)),
        sa.Column("reports", sa.JSON, nullable=False),
        sa.Column("nodes", sa.JSON, nullable=False),
        sa.Column("undone", sa.String(32)),
        sa.Column("undone_by", sa.Text),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("undone_run", sa.Integer),
    )
    op.create_index("reviews_by_report", "reviews", ["report"])
    op.create_table(
        "review_effects",
        sa.Column("review", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("report", sa.String(16), primary_key=True),
        sa.Column("applied", sa.Boolean, nullable=False),
        sa.Column("fact", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("review_effects_by_report", "review_effects", ["report"])
