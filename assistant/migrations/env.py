"""Run by Alembic; the connection comes from `upgrade`, or from `alembic -x url=…` for contributors."""

from alembic import context

# They declare the tables.
from assistant import audit, digests, enquiries, handover, outbox, preferences, staff_faq, uploads  # noqa: F401
from assistant.database import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
