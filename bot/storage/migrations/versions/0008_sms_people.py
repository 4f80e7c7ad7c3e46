"""Who writes by SMS."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "sms_people",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("conversation", sa.String(64), sa.ForeignKey("conversations.id", ondelete="SET NULL"), nullable=True),
        sa.Column("opted_out", sa.Boolean(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_id", sa.String(128), nullable=True),
        sa.Column("state", sa.LargeBinary(), nullable=True),
    )
    op.create_index("ix_sms_people_last_at", "sms_people", ["last_at"])


def downgrade() -> None:
    op.drop_table("sms_people")
