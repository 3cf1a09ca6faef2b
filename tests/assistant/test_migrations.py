"""The migrations lead to the schema that the models declare, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, RowMapping, create_engine, inspect, select, text

from assistant import migrations
from assistant.enquiries import open_record
from assistant.handover import Handovers
from assistant.settings import SettingsError
from assistant.tables import METADATA

MOMENT = datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)
_ENQUIRY = {"channel": "C1", "thread": "1.1", "user": "U1", "received_at": MOMENT, "confidence": None, "error": None}
FIRST_ROWS: dict[str, list[dict[str, Any]]] = {
    "deliveries": [{"event_id": "Ev1", "received_at": MOMENT}],
    "enquiries": [
        {**_ENQUIRY, "id": "0a0a0a0a", "ts": "1.1", "question": "最初に署名した都市はどこですか？", "status": "replied",
         "replied_at": MOMENT, "language": "ja", "outcome": "answered", "confidence": 0.875,
         "reply": {"text": "横浜市", "citations": []}, "generation": "000001-0123abcd", "elapsed_ms": 12.5},
        {**_ENQUIRY, "id": "0b0b0b0b", "ts": "1.2", "question": "Why?", "status": "received", "replied_at": None,
         "language": None, "outcome": None, "reply": None, "generation": None, "elapsed_ms": None},
        {**_ENQUIRY, "id": "0c0c0c0c", "ts": "1.3", "question": "x", "status": "failed", "replied_at": None,
         "language": None, "outcome": None, "reply": None, "generation": None, "elapsed_ms": None, "error": "too long"},
    ],
    "feedback": [{"enquiry_id": "0a0a0a0a", "user": "U1", "helpful": True, "given_at": MOMENT}],
}  # fmt: skip
"""What the first release may have put on record: by table, in the order that foreign keys ask for."""


def to_revision(engine: Engine, scripts: ScriptDirectory, revision: str) -> None:
    """Bring a database up, or back down, to a revision, by Alembic."""
    config = Config()
    config.set_main_option("script_location", scripts.dir)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        down = revision == "base"
        (command.downgrade if down else command.upgrade)(config, revision)


def at_one_offset(row: RowMapping) -> dict[str, Any]:
    """A row with its moments in UTC, which SQLite forgets and PostgreSQL tells in its own zone."""
    return {
        name: (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))
        if isinstance(value, datetime)
        else value
        for name, value in row.items()
    }


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
    migrations.upgrade(engine)
    to_revision(engine, scripts, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(engine)
    assert migrations.revision(engine) == migrations.HEAD


def test_a_record_of_the_first_release_is_brought_up_to_date_with_all_that_is_in_it(
    database_url: str, engine: Engine, scripts: ScriptDirectory
) -> None:
    to_revision(engine, scripts, "0001")
    assert set(inspect(engine).get_table_names()) == {*FIRST_ROWS, "alembic_version"}
    first = MetaData()
    first.reflect(engine)
    with engine.begin() as connection:
        for table, rows in FIRST_ROWS.items():
            connection.execute(first.tables[table].insert(), rows)

    record = open_record(database_url)

    assert migrations.revision(engine) == migrations.HEAD
    with engine.connect() as connection:
        for table, rows in FIRST_ROWS.items():
            columns = [first.tables[table].c[name] for name in rows[0]]
            kept = connection.execute(select(*columns).order_by(columns[0])).mappings()
            assert [at_one_offset(row) for row in kept] == rows, table
    answered, waiting = record.get("0a0a0a0a"), record.get("0b0b0b0b")
    assert answered is not None
    assert (answered.citations, answered.received_at, answered.private) == ([], MOMENT, False)
    assert record.feedback("0a0a0a0a") == {"U1": True}
    assert record.first_delivery("Ev1") is False, "a delivery of then is a repetition now"
    assert record.receive(channel="C1", ts="1.1", thread="1.1", user="U1", question="Again?") is None
    assert waiting is not None
    assert [row.id for row in record.take_abandoned()] == ["0b0b0b0b"], "what had no reply then gets it now"
    assert Handovers(record.database).open("0a0a0a0a", "U1"), "it can be handed over"
    if engine.dialect.name == "sqlite":
        with record.database.session() as session:
            assert session.scalar(text("PRAGMA foreign_keys")) == 1, "and what refers to what is looked after again"
    record.close()


def test_every_release_is_brought_up_to_date_from(engine: Engine, scripts: ScriptDirectory) -> None:
    """From each schema that there ever was, to the one that the models declare."""
    for script in reversed(list(scripts.walk_revisions())):
        to_revision(engine, scripts, script.revision)
        migrations.upgrade(engine)
        assert migrations.revision(engine) == migrations.HEAD
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        to_revision(engine, scripts, "base")


def test_an_older_program_refuses_a_newer_record_in_a_sentence_and_leaves_it_alone(
    database_url: str, engine: Engine
) -> None:
    open_record(database_url).close()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE enquiries ADD COLUMN mood TEXT"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match=rf"schema 9999 of a later version, this one knows {migrations.HEAD}; run"):
        open_record(database_url)
    assert migrations.revision(engine) == "9999"
    assert "mood" in {column["name"] for column in inspect(engine).get_columns("enquiries")}


def test_an_upgrade_keeps_what_was_recorded(database_url: str) -> None:
    record = open_record(database_url)
    enquiry = record.receive(channel="C1", ts="1.1", thread="1.1", user="U1", question="?")
    assert enquiry is not None
    record.close()
    again = open_record(database_url)
    assert again.get(enquiry) is not None
    again.close()
