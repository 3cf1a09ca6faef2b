"""When people last set their preferences: those of people who are not seen any more go, in time."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("preferences") as preferences:
        preferences.add_column(sa.Column("set_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE preferences SET set_at = CURRENT_TIMESTAMP")  # their time begins now
    with op.batch_alter_table("preferences") as preferences:
        preferences.alter_column("set_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("preferences") as preferences:
        preferences.drop_column("set_at")
