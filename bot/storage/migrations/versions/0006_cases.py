"""Cases."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _time(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _case() -> sa.Column[str]:
    return sa.Column("case", sa.String(32), sa.ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)


def _number() -> sa.Column[int]:
    return sa.Column("number", sa.Integer(), primary_key=True)


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.String(64), sa.ForeignKey("conversations.id", ondelete="SET NULL"), nullable=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("team", sa.String(32), nullable=False),
        sa.Column("urgency", sa.String(16), nullable=False),
        _time("opened_at"),
        _time("waiting_since", nullable=True),
        _time("queued_at", nullable=True),
        _time("alerted_at", nullable=True),
        sa.Column("taken_by", sa.String(64), nullable=True),
        _time("taken_at", nullable=True),
        _time("alive_at", nullable=True),
        _time("closed_at", nullable=True),
        sa.Column("escalations", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("told", sa.String(32), nullable=False),
        sa.Column("closing", sa.JSON(), nullable=True),
        sa.Column("carried", sa.LargeBinary(), nullable=True),
        sa.Column("wish", sa.LargeBinary(), nullable=True),
        _time("wish_read_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
    )
    op.create_index("ix_cases_state", "cases", ["state"])
    op.create_index("ix_cases_conversation", "cases", ["conversation"])
    op.create_table(
        "case_moves",
        _case(),
        _number(),
        _time("at"),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("before", sa.String(16), nullable=False),
        sa.Column("after", sa.String(16), nullable=False),
        sa.Column("team", sa.String(32), nullable=False),
        sa.Column("why", sa.String(32), nullable=False),
    )
    op.create_table(
        "case_lines",
        _case(),
        _number(),
        sa.Column("conversation", sa.String(64), sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("message_id", sa.String(64), nullable=True),
        _time("at"),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("case", "message_id", name="uq_case_lines_message"),
    )
    op.create_index("ix_case_lines_conversation", "case_lines", ["conversation"])
    op.create_table(
        "case_notes",
        _case(),
        _number(),
        _time("at"),
        sa.Column("worker", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "case_referrals",
        _case(),
        _number(),
        _time("at"),
        sa.Column("worker", sa.String(64), nullable=False),
        sa.Column("contact", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    for table in ("case_referrals", "case_notes", "case_lines", "case_moves", "cases"):
        op.drop_table(table)
