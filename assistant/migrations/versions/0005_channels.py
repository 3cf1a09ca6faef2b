"""Channels' settings, reviews of replies before they are sent, corrections of what was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("enquiries") as enquiries:
        enquiries.add_column(sa.Column("overheard", sa.Boolean, nullable=False, server_default=sa.false()))
        enquiries.add_column(sa.Column("approved_by", sa.String(64)))
    op.create_table(
        "channels",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("every_question", sa.Boolean, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("review_below", sa.Float, nullable=False),
        sa.Column("language", sa.String(35)),
    )
    op.create_table(
        "reviews",
        sa.Column("enquiry_id", sa.String(16), sa.ForeignKey("enquiries.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("verdict", sa.String(16)),
        sa.Column("by", sa.String(64)),
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.Column("text", sa.Text),
        sa.Column("note", sa.Text),
    )

    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("corrections")
    op.drop_table("reviews")
    op.drop_table("channels")
    with op.batch_alter_table("enquiries") as enquiries:
        enquiries.drop_column("approved_by")
        enquiries.drop_column("overheard")
