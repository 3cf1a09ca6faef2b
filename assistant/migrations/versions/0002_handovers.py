"""Handovers, replies of people, the outbox and the audit log; who has an enquiry in hand."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("enquiries") as enquiries:
        enquiries.add_column(sa.Column("private", sa.Boolean, nullable=False, server_default=sa.false()))
        enquiries.add_column(sa.Column("leased_until", sa.DateTime(timezone=True)))
    op.create_table(
        "handovers",
        sa.Column("enquiry_id", sa.String(16), sa.ForeignKey("enquiries.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("holder", sa.String(64)),
        sa.Column("resolved_by", sa.String(64)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("card_channel", sa.String(64)),
        sa.Column("card_ts", sa.String(64)),
        sa.Column("undelivered", sa.String(200)),
    )
    op.create_table(
        "staff_replies",
        sa.Column("enquiry_id", sa.String(16), sa.ForeignKey("enquiries.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("content", sa.JSON, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "enquiry_id", sa.String(16), sa.ForeignKey("enquiries.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("note", sa.String(16), nullable=False),
        sa.Column("to_staff", sa.Boolean, nullable=False),
        sa.Column("occasion", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.Column("done_at", sa.DateTime(timezone=True), index=True),
        sa.Column("error", sa.Text),
        sa.UniqueConstraint("enquiry_id", "note", "occasion"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("user", sa.String(64), nullable=False, index=True),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )

    op.create_table(
        "faq_versions",
        sa.Column("entry_id", sa.String(80), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("enquiry_id", sa.String(16), index=True),
        sa.Column("instead_of", sa.String(80)),
        sa.Column("topic", sa.String(80), nullable=False),
        sa.Column("wordings", sa.JSON, nullable=False),
        sa.Column("quotations", sa.JSON, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
    )

    op.create_table(
        "uploads",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("uploads", "faq_versions", "audit", "outbox", "staff_replies", "handovers"):
        op.drop_table(table)
    with op.batch_alter_table("enquiries") as enquiries:
        enquiries.drop_column("leased_until")
        enquiries.drop_column("private")
