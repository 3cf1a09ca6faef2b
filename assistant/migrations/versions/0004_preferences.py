"""What people have set for themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("user", sa.String(64), primary_key=True),
        sa.Column("language", sa.String(35)),
        sa.Column("queue_state", sa.String(16)),
        sa.Column("queue_language", sa.String(35)),
    )


def downgrade() -> None:
    op.drop_table("preferences")
