"""The migrations lead to the schema that the models declare, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect

from assistant import migrations
from assistant.enquiries import open_record
from assistant.tables import METADATA


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return ScriptDirectory.from_config(config)


def test_they_create_what_the_models_declare(engine: Engine) -> None:
    migrations.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_what_must_be_unique_is_in_the_database(engine: Engine) -> None:
    """Deduplication is the database's: several replicas share nothing else."""
    migrations.upgrade(engine)
    found = inspect(engine)
    assert [set(c["column_names"]) for c in found.get_unique_constraints("enquiries")] == [{"channel", "ts"}]
    assert found.get_pk_constraint("deliveries")["constrained_columns"] == ["event_id"]
    assert set(found.get_pk_constraint("feedback")["constrained_columns"]) == {"enquiry_id", "user"}


def test_the_known_head_is_the_newest_revision(scripts: ScriptDirectory) -> None:
    assert scripts.get_heads() == [migrations.HEAD]


def test_each_revision_is_a_file_called_after_it(scripts: ScriptDirectory) -> None:
    for script in scripts.walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")


def test_a_database_knows_its_revision(engine: Engine) -> None:
    assert migrations.revision(engine) is None
    migrations.upgrade(engine)
    assert migrations.revision(engine) == migrations.HEAD
    migrations.upgrade(engine)
    assert migrations.revision(engine) == migrations.HEAD


def test_every_step_can_be_taken_back(engine: Engine, scripts: ScriptDirectory) -> None:
    from alembic import command

    migrations.upgrade(engine)
    config = Config()
    config.set_main_option("script_location", scripts.dir)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(engine)
    assert migrations.revision(engine) == migrations.HEAD


def test_an_upgrade_keeps_what_was_recorded(database_url: str) -> None:
    record = open_record(database_url)
    enquiry = record.receive(channel="C1", ts="1.1", thread="1.1", user="U1", question="?")
    assert enquiry is not None
    record.close()
    again = open_record(database_url)
    assert again.get(enquiry) is not None
    again.close()
