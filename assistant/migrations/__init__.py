"""The record's schema through time, with Alembic: one file a change in versions/."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from assistant.settings import SettingsError

HEAD = "0007"
"""The newest revision in versions/. Known here so that a start with nothing to do needs no Alembic."""


def revision(engine: Engine) -> str | None:
    """The database's revision; None before the first."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return str(found) if found else None


def upgrade(engine: Engine) -> None:
    """Bring the database to HEAD; one process at a time, the others wait and find it done.

    Raises SettingsError if a later version of the desk has been at it.
    """
    found = revision(engine)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise SettingsError(
            f"DESK_DATABASE_URL: the record has the schema {found} of a later version, this one knows {HEAD}; "
            "run that version, or name another database"
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(7274496)"))
            elif engine.dialect.name == "sqlite":
                # SQLite changes a table by making it anew, and what refers to the old one would go with it.
                connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()  # of the connection that does not look after what refers to what
