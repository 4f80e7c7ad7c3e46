"""What was not understood, for those who write training messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("words", sa.String(8), nullable=False),
        sa.Column("urgency", sa.String(16), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
    )
    op.create_index("ix_reviews_expires_on", "reviews", ["expires_on"])


def downgrade() -> None:
    op.drop_table("reviews")
