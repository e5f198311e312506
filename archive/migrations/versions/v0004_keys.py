"""API keys with roles, and the log of changes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("used", sa.String(32)),
        sa.Column("revoked", sa.String(32)),
        sa.Column("revoked_by", sa.Text),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("time", sa.String(32), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("door", sa.String(16), nullable=False),
        sa.Column("key", sa.String(16)),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("made", sa.Text),
        sa.Column("result", sa.String(16)),
    )
