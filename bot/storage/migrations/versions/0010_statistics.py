"""Counts by month, and what has been published of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counts",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("measure", sa.String(32), primary_key=True),
        sa.Column("dimension", sa.String(32), primary_key=True),
        sa.Column("category", sa.String(64), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_table(
        "publications",
        sa.Column("period", sa.String(7), primary_key=True),
        sa.Column("measure", sa.String(32), primary_key=True),
        sa.Column("body", sa.JSON(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("publications")
    op.drop_table("counts")
