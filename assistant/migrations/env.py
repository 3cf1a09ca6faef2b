"""Run by Alembic; the connection comes from `upgrade`, or from `alembic -x url=…` for contributors."""

from alembic import context

from assistant.enquiries import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
