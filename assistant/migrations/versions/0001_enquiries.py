"""Enquiries, deliveries and feedback."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("event_id", sa.String(64), primary_key=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "enquiries",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("ts", sa.String(64), nullable=False),
        sa.Column("thread", sa.String(64), nullable=False, index=True),
        sa.Column("user", sa.String(64), nullable=False, index=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False, index=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("replied_at", sa.DateTime(timezone=True)),
        sa.Column("language", sa.String(35)),
        sa.Column("outcome", sa.String(16)),
        sa.Column("confidence", sa.Float),
        sa.Column("reply", sa.JSON),
        sa.Column("generation", sa.String(64)),
        sa.Column("elapsed_ms", sa.Float),
        sa.Column("error", sa.Text),
        sa.UniqueConstraint("channel", "ts"),
    )
    op.create_table(
        "feedback",
        sa.Column("enquiry_id", sa.String(16), sa.ForeignKey("enquiries.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user", sa.String(64), primary_key=True),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("feedback")
    op.drop_table("enquiries")
    op.drop_table("deliveries")
