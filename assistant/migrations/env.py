"""Run by Alembic; the connection comes from `upgrade`, or from `alembic -x url=…` for contributors."""

from alembic import context

from assistant.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
