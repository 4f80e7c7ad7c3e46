"""Alerts and what goes to outward human channels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "outbox",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("lane", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("receiver", sa.Integer(), nullable=False),
        sa.Column("case", sa.String(64), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(64), nullable=False),
        sa.Column("urgency", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(64), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("claimed_until", moment, nullable=True),
        sa.Column("claimed_by", sa.String(32), nullable=True),
        sa.Column("done_at", moment, nullable=True),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_due", "outbox", ["state", "due_at"])
    op.create_index("ix_outbox_lane", "outbox", ["lane", "number"])
    op.create_table(
        "human_threads",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("case", sa.String(64), primary_key=True),
        sa.Column("remote", sa.String(200), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("shown_at", moment, nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
    )
    op.create_index("ix_human_threads_remote", "human_threads", ["channel", "remote"])
    op.create_table(
        "human_calls",
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("id", sa.String(128), primary_key=True),
        sa.Column("at", moment, nullable=False),
    )
    op.create_index("ix_human_calls_at", "human_calls", ["at"])
    op.create_table(
        "leases",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("holder", sa.String(32), nullable=False),
        sa.Column("until", moment, nullable=False),
    )


def downgrade() -> None:
    for table in ("leases", "human_calls", "human_threads", "outbox"):
        op.drop_table(table)
