"""Run by Alembic; the connection comes from `upgrade`, or from `alembic -x url=…` for contributors."""

from alembic import context

from assistant import audit, enquiries, handover, outbox  # noqa: F401 - they declare the tables
from assistant.database import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
