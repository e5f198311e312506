"""Who has words of whom."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("report", sa.String(16), primary_key=True),
        sa.Column("source", sa.String(16), primary_key=True),
        sa.Column("report_mark", sa.String(64), nullable=False),
        sa.Column("source_mark", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("characters", sa.Integer, nullable=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.Column("identity", sa.Float, nullable=False),
        sa.Column("boilerplate", sa.Float, nullable=False),
        sa.Column("evidence", sa.String(32), nullable=False),
        sa.Column("text_start", sa.Integer, nullable=False),
        sa.Column("text_end", sa.Integer, nullable=False),
        sa.Column("source_start", sa.Integer, nullable=False),
        sa.Column("source_end", sa.Integer, nullable=False),
    )
    op.create_index("links_by_source", "links", ["source"])
