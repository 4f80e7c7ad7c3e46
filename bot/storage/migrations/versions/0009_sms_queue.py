"""SMS in and out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _incoming()
    _parts()
    _outgoing()
    op.create_table(
        "sms_kept_numbers",
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("abroad", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )


def _incoming() -> None:
    op.create_table(
        "sms_incoming",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("message", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("words", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("abroad", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(32), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("provider", "message", name="uq_sms_incoming_message"),
    )
    op.create_index("ix_sms_incoming_state", "sms_incoming", ["state", "person", "number"])
    op.create_index("ix_sms_incoming_person", "sms_incoming", ["person", "received_at"])


def _parts() -> None:
    op.create_table(
        "sms_parts",
        sa.Column("provider", sa.String(16), primary_key=True),
        sa.Column("message", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("abroad", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_sms_parts_state", "sms_parts", ["state", "person", "reference"])


def _outgoing() -> None:
    op.create_table(
        "sms_outgoing",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("words", sa.String(64), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("abroad", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("provider_id", sa.String(64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(32), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_sms_outgoing_state", "sms_outgoing", ["state", "person", "number"])
    op.create_index("ix_sms_outgoing_person", "sms_outgoing", ["person", "created_at"])
    op.create_index("ix_sms_outgoing_created_at", "sms_outgoing", ["created_at"])
    op.create_index("ix_sms_outgoing_provider_id", "sms_outgoing", ["provider_id"])


def downgrade() -> None:
    for table in ("sms_kept_numbers", "sms_outgoing", "sms_parts", "sms_incoming"):
        op.drop_table(table)
