"""Saved questions with their alerts, sessions of pages, and a limit of bodies for each key."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("question", sa.JSON, nullable=False),
        sa.Column("webhook", sa.Text),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("checked", sa.String(32)),
        sa.Column("checked_at", sa.String(32)),
        sa.Column("problem", sa.Text),
    )
    op.create_table(
        "watch_marks",
        sa.Column("watch", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("mark", sa.String(32), primary_key=True),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("watch", sa.Integer, nullable=False),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.Column("time", sa.String(32), nullable=False),
        sa.Column("snapshot", sa.String(32), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
    )
    op.create_index("alerts_by_mark", "alerts", ["watch", "mark"], unique=True)
    op.create_table(
        "deliveries",
        sa.Column("alert", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_try", sa.Float, nullable=False),
        sa.Column("told", sa.Text),
    )
    op.create_index("deliveries_by_time", "deliveries", ["state", "next_try"])
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
    )
    op.add_column("api_keys", sa.Column("max_body", sa.BigInteger))
