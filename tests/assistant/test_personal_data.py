"""What is kept about a person: every table is known, all of it is told, and nobody else is."""

from __future__ import annotations

import base64
import json

import pytest
from sqlalchemy import Column, MetaData, String, Table, func, select

from assistant.database import Database
from assistant.holdings import KEPT, SOMEONE, USER, Holding
from assistant.personal_data import count, export
from assistant.tables import METADATA
from tests.assistant.people import ASKER, BOSS, LONGER, OTHER, SATO, SECRET, Peopled


@pytest.fixture
def peopled(database: Database) -> Peopled:
    return Peopled(database)


def unknown(metadata: MetaData) -> dict[str, set[str]]:
    """By table, the columns of which nothing is said, or that are not there."""
    said = {holding.name: columns_of(holding) for holding in KEPT}
    there = {name: set(table.columns.keys()) for name, table in metadata.tables.items()}
    return {name: wrong for name in said | there if (wrong := set(said.get(name, ())) ^ there.get(name, set()))}


def columns_of(holding: Holding) -> list[str]:
    owner = [holding.owner] if holding.owner else []
    return [*owner, *holding.people, *holding.words, *holding.askers_words, *holding.plain]


def test_what_each_column_of_each_table_keeps_about_people_is_said_once() -> None:
    assert unknown(METADATA) == {}
    assert len({holding.name for holding in KEPT}) == len(KEPT)
    for holding in KEPT:
        columns = columns_of(holding)
        assert len(columns) == len(set(columns))


def test_a_new_table_or_column_of_which_nothing_is_said_is_found() -> None:
    more = MetaData()
    for table in METADATA.tables.values():
        table.to_metadata(more)
    Table("visitors", more, Column("user", String))
    more.tables["preferences"].append_column(Column("called", String))
    assert unknown(more) == {"visitors": {"user"}, "preferences": {"called"}}


def test_every_column_that_can_hold_a_person_does_in_these_tests(database: Database, peopled: Peopled) -> None:
    with database.session() as session:
        for holding in KEPT:
            assert session.scalar(select(func.count()).select_from(holding.table)), holding.name
            for name in (*holding.people, *([holding.owner] if holding.owner else [])):
                column = holding.column(name)
                values = session.scalars(select(column).where(column.is_not(None))).all()
                assert any(USER.fullmatch(value) for value in values), f"{holding.name}.{name}"
    assert peopled.open


def test_of_an_asker_all_is_told_with_what_came_of_it(database: Database, peopled: Peopled) -> None:
    told = json.loads(json.dumps(export(database, ASKER)))
    assert list(told) == [
        "user", "exported_at", "enquiries", "feedback", "preferences", "uploads", "had_to_do_with", "named_in",
    ]  # fmt: skip
    assert [enquiry["id"] for enquiry in told["enquiries"]] == sorted([peopled.replied, peopled.open, peopled.rejected])
    (replied,) = [enquiry for enquiry in told["enquiries"] if enquiry["id"] == peopled.replied]
    assert replied["question"] == f"{SECRET} and its fee?"
    assert replied["reply"]["text"] == f"Nothing on {SECRET} and its fee?"
    assert [given["helpful"] for given in replied["feedback"]] == [True, True]
    assert [handover["state"] for handover in replied["handovers"]] == ["resolved"]
    assert [said["content"]["text"] for said in replied["staff_replies"]] == [
        f"No {SECRET}, says <@{BOSS}>, 担当{BOSS}に"
    ]
    (rejected,) = [enquiry for enquiry in told["enquiries"] if enquiry["id"] == peopled.rejected]
    assert [review["note"] for review in rejected["reviews"]] == [f"{SECRET} is wrong"]
    assert [given["helpful"] for given in told["feedback"]] == [False]
    assert [preference["language"] for preference in told["preferences"]] == ["ja"]
    assert {row["action"] for row in told["had_to_do_with"]["audit"]} == {"ask_staff"}
    assert told["named_in"] == {"enquiries": 2, "reviews": 1, "corrections": 1}


def test_of_staff_is_told_what_they_did_without_what_others_asked(database: Database, peopled: Peopled) -> None:
    told = export(database, SATO)
    assert told["enquiries"] == []
    involved = told["had_to_do_with"]
    assert {name for name, rows in involved.items() if rows} == {
        "enquiries", "handovers", "staff_replies", "reviews", "uploads", "audit", "corrections", "faq_versions",
    }  # fmt: skip
    assert [row["by_name"] for row in involved["faq_versions"]] == ["Sato"]
    assert [row["id"] for row in involved["enquiries"]] == [peopled.checked]
    assert not {"question", "reply"} & involved["enquiries"][0].keys()
    assert all("content" not in row for row in involved["reviews"])


def test_files_are_told_whole(database: Database, peopled: Peopled) -> None:
    files = {row["id"]: row["content"] for row in export(database, BOSS)["uploads"]}
    assert files == {peopled.waiting: base64.b64encode(b"Dear \xff").decode(), peopled.added: None}


@pytest.mark.parametrize("user", [ASKER, OTHER, SATO, BOSS, LONGER])
def test_nobody_else_is_told_of(database: Database, peopled: Peopled, user: str) -> None:
    """But for those whom somebody named in their own words."""
    told = export(database, user)
    people = {ASKER, OTHER, SATO, BOSS, LONGER} - {user}
    found = [value for value in values(told) if value in people]
    assert found == []
    assert user == LONGER or SOMEONE in values(told)
    assert peopled.open


def values(told: object) -> list[object]:
    if isinstance(told, dict):
        return [found for value in told.values() for found in values(value)]
    if isinstance(told, list):
        return [found for value in told for found in values(value)]
    return [told]


def test_of_somebody_who_is_not_on_record_nothing_is_counted(database: Database, peopled: Peopled) -> None:
    assert count(database, "U0NOBODY") == {}
    assert count(database, "U0ASK") == {}, "a shorter ID"
    assert count(database, LONGER) == {"enquiries": 1, "preferences": 1}
    assert peopled.open
