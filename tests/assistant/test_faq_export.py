"""What staff approved leaves the database as files, and builds find it there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.database import open_database
from assistant.staff_faq import StaffFaq
from corpus.faq import Wording
from tests.conftest import Command
from tests.corpus.samples import write_corpus

QUESTION = "May a town send two letters to the harbour master?"
ANSWER = "One letter is enough; a second one does no harm."


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    documents = write_corpus(tmp_path / "documents")
    return {"DESK_CORPUS_DIR": str(documents), "DESK_DATA_DIR": str(tmp_path / "data")}


@pytest.fixture
def staff_faq(settings: dict[str, str], tmp_path: Path) -> StaffFaq:
    (tmp_path / "data").mkdir()
    return StaffFaq(open_database(f"sqlite:///{tmp_path / 'data' / 'desk.sqlite3'}"))


def approve(staff_faq: StaffFaq, enquiry: str, answer: str = ANSWER) -> str:
    wordings = {"en": Wording(questions=(QUESTION,), answer=answer)}
    return staff_faq.save(enquiry, wordings, instead_of=None, by="U1", name="Sato").entry_id


def test_an_exported_entry_is_answered_with_where_there_is_no_record(
    command: Command, settings: dict[str, str], staff_faq: StaffFaq, tmp_path: Path
) -> None:
    approve(staff_faq, "aaaa1111")
    exported = command("faq", "export", env=settings)
    assert "1 entry that staff approved" in exported.stdout
    folder = tmp_path / "documents" / "faq" / "approved"
    assert ANSWER in (folder / "en.toml").read_text(encoding="utf-8")
    assert 'by = "Sato"' in (folder / "entries.toml").read_text(encoding="utf-8")
    elsewhere = {**settings, "DESK_DATA_DIR": str(tmp_path / "elsewhere")}
    reply = json.loads(command("ask", QUESTION, "--json", env=elsewhere).stdout)
    assert reply["outcome"] == "answered"
    assert reply["text"] == ANSWER
    assert [(c["kind"], c["authority"], c["locator"]) for c in reply["citations"]] == [("faq", "staff", "FAQ 1001")]


def test_the_record_knows_better_than_an_older_export(
    command: Command, settings: dict[str, str], staff_faq: StaffFaq
) -> None:
    entry = approve(staff_faq, "aaaa1111")
    command("faq", "export", env=settings)
    approve(staff_faq, "aaaa1111", "Send as many as you like.")
    assert json.loads(command("ask", QUESTION, "--json", env=settings).stdout)["text"] == "Send as many as you like."
    staff_faq.retire(entry, by="U1", name="Sato")
    command("index", "build", env=settings)
    assert json.loads(command("ask", QUESTION, "--json", env=settings).stdout)["text"] != "Send as many as you like."


def test_an_export_leaves_out_what_was_retired(
    command: Command, settings: dict[str, str], staff_faq: StaffFaq, tmp_path: Path
) -> None:
    entry = approve(staff_faq, "aaaa1111")
    command("faq", "export", env=settings)
    staff_faq.retire(entry, by="U1", name="Sato")
    assert "1 retired left out" in command("faq", "export", env=settings).stdout
    folder = tmp_path / "documents" / "faq" / "approved"
    assert list(folder.iterdir()) == []


def test_a_folder_with_something_else_in_it_is_left_alone(
    command: Command, settings: dict[str, str], staff_faq: StaffFaq, tmp_path: Path
) -> None:
    approve(staff_faq, "aaaa1111")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    refused = command("faq", "export", "--to", str(tmp_path / "mine"), env=settings)
    assert refused.returncode == 1
    assert "letter.txt" in refused.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]
