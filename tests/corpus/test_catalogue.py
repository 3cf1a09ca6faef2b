"""Nothing is skipped silently: what cannot be read is refused, and the message names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.catalogue import load_catalogue, read_corpus
from corpus.errors import CorpusError, UnknownDocumentError
from tests.conftest import Command
from tests.corpus.samples import CATALOGUE, ENGLISH, ENTRIES, JAPANESE, RULES, write_corpus

TWICE = CATALOGUE.replace('id = "notes"', 'id = "rules"')

BAD_CATALOGUES: dict[str, tuple[str | bytes | None, str]] = {
    "missing": (None, "catalogue.toml"),
    "broken TOML": ("[[document]\n", "catalogue.toml"),
    "not UTF-8": (CATALOGUE.encode("utf-16"), "catalogue.toml"),
    "id used twice": (TWICE, "rules"),
    "unknown kind": (CATALOGUE.replace('"framework"', '"poem"'), "poem"),
    "unknown authority": (CATALOGUE.replace('"official"', '"gossip"'), "gossip"),
    "id that is no id": (CATALOGUE.replace('id = "rules"', 'id = "../rules"'), "../rules"),
    "a date in words": (CATALOGUE.replace('"2025-11"', '"November 2025"'), "November 2025"),
    "a month that is none": (CATALOGUE.replace('"2025-11"', '"2025-13"'), "2025-13"),
    "a day that is none": (CATALOGUE.replace('"2025-11"', '"2025-02-30"'), "2025-02-30"),
    "a field that nobody knows": (CATALOGUE.replace("published", "publshed"), "publshed"),
    "a field left out": (CATALOGUE.replace('title = "The rules"', ""), "title"),
    "a blank language": (CATALOGUE.replace('language = "en"', 'language = ""'), "language"),
    "no list of documents": ("document = 5\n", "5"),
    "a table that nobody knows": (CATALOGUE.replace("[[document]]", "[[documents]]"), "documents"),
    "no document at all": ("", "catalogue.toml"),
    "a file that is not there": (CATALOGUE.replace('"rules.md"', '"rulez.md"'), "rulez.md"),
    "a file of an unknown ending": (CATALOGUE.replace('"rules.md"', '"rules.xyz"'), ".xyz"),
    "a file without an ending": (CATALOGUE.replace('"rules.md"', '"rules"'), "rules"),
    "a file name with a NUL": (CATALOGUE.replace('"rules.md"', '"ru\\u0000les.md"'), "ru"),
    "an FAQ of another id": (CATALOGUE.replace('id = "faq"', 'id = "fragen"'), "fragen"),
    "an FAQ that is a file": (CATALOGUE.replace('file = "faq"', 'file = "rules.md"'), "rules.md"),
}

BAD_DOCUMENTS: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "rules.md"),
    "blank": (" \n\n\t\n", "rules.md"),
    "control characters only": ("\x01\x02\n\n\x03", "rules.md"),
    "a title and no text": ("# The rules\n", "rules.md"),
    "not UTF-8": (RULES.encode("utf-16"), "rules.md"),
    "Latin-1": ("# Règles\n\nVoilà.\n".encode("latin-1"), "rules.md"),
    "cut in the middle of a character": (RULES.encode() + "港".encode()[:2], "rules.md"),
}

BAD_FAQS: dict[str, tuple[dict[str, str | bytes | None], str]] = {
    "entries missing": ({"faq/entries.toml": None}, "entries.toml"),
    "entries broken": ({"faq/entries.toml": "[[entry]\n"}, "entries.toml"),
    "entries not UTF-8": ({"faq/entries.toml": ENTRIES.encode("utf-16")}, "entries.toml"),
    "words broken": ({"faq/en.toml": '[entries.joining\nanswer = "x"'}, "en.toml"),
    "words not UTF-8": ({"faq/ja.toml": JAPANESE.encode("shift_jis")}, "ja.toml"),
    "id used twice": ({"faq/entries.toml": ENTRIES.replace('id = "leaving"', 'id = "joining"')}, "joining"),
    "number used twice": ({"faq/entries.toml": ENTRIES.replace("number = 2", "number = 1")}, "number"),
    "an entry without words": ({"faq/en.toml": ENGLISH.split("[entries.anthem]")[0]}, "anthem"),
    "words without an entry": ({"faq/ja.toml": JAPANESE.replace("entries.fee", "entries.fees")}, "fees"),
    "an entry without quotations": (
        {"faq/entries.toml": ENTRIES.replace('[{ document = "rules", quote = "The letter names', '[] # "')},
        "quotations",
    ),
    "a blank answer": ({"faq/en.toml": ENGLISH.replace("Each town pays forty crowns a year.", "  ")}, "answer"),
    "a blank question": ({"faq/en.toml": ENGLISH.replace("yearly fee", " ")}, "questions"),
    "a contact that nobody is": ({"faq/entries.toml": ENTRIES.replace('"master"', '"mistress"')}, "mistress"),
    "a field that nobody knows": ({"faq/entries.toml": ENTRIES.replace("gap =", "gapp =")}, "gapp"),
    "a table that nobody knows": ({"faq/ja.toml": JAPANESE.replace("[entries.", "[entry.")}, "entry"),
    "no list of entries": ({"faq/entries.toml": "entry = 5\n"}, "entries.toml"),
    "entries that are words": ({"faq/entries.toml": 'entry = ["joining"]\n'}, "entries.toml"),
    "an id that is a list": ({"faq/entries.toml": ENTRIES.replace('"anthem"', '["anthem"]')}, "anthem"),
    "words that are a list": ({"faq/en.toml": 'entries = ["joining"]\n'}, "en.toml"),
    "contacts that are a number": ({"faq/en.toml": "contacts = 3\n" + ENGLISH[ENGLISH.index("[entries") :]}, "en.toml"),
    "a quotation changed by a word": (
        {"faq/entries.toml": ENTRIES.replace("every spring in Aomori", "every spring in Ube")},
        "every spring in Ube",
    ),
    "a quotation of nothing": (
        {"faq/entries.toml": ENTRIES.replace("The club meets every spring in Aomori.", " ")},
        "entry.2.quotations.0.quote",
    ),
    "a quotation of another document": (
        {"faq/entries.toml": ENTRIES.replace('"notes", quote = "町は会計係', '"rules", quote = "町は会計係')},
        "町は会計係",
    ),
    "a quotation of no document": (
        {"faq/entries.toml": ENTRIES.replace('document = "notes"', 'document = "note"')},
        "'note'",
    ),
}


def test_a_good_corpus_is_read_whole(tmp_path: Path) -> None:
    corpus = read_corpus(write_corpus(tmp_path))
    assert [document.id for document in corpus.documents] == ["rules", "notes", "faq"]
    assert [entry.id for entry in corpus.faq.entries] == ["joining", "leaving", "meetings", "fee", "anthem"]


@pytest.mark.parametrize(("content", "named"), BAD_CATALOGUES.values(), ids=BAD_CATALOGUES)
def test_a_bad_catalogue_is_refused_by_name(tmp_path: Path, content: str | bytes | None, named: str) -> None:
    with pytest.raises(CorpusError) as refusal:
        read_corpus(write_corpus(tmp_path, {"catalogue.toml": content, "rules": RULES, "rules.xyz": RULES}))
    assert named in str(refusal.value)


@pytest.mark.parametrize(("content", "named"), BAD_DOCUMENTS.values(), ids=BAD_DOCUMENTS)
def test_a_bad_document_is_refused_by_name(tmp_path: Path, content: str | bytes, named: str) -> None:
    with pytest.raises(CorpusError) as refusal:
        read_corpus(write_corpus(tmp_path, {"rules.md": content}))
    assert named in str(refusal.value)


@pytest.mark.parametrize(("changes", "named"), BAD_FAQS.values(), ids=BAD_FAQS)
def test_a_bad_faq_is_refused_by_name(tmp_path: Path, changes: dict[str, str | bytes | None], named: str) -> None:
    with pytest.raises(CorpusError) as refusal:
        read_corpus(write_corpus(tmp_path, changes))
    assert named in str(refusal.value)


def test_a_person_sees_the_reason_and_no_traceback(command: Command, tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus", {"rules.md": RULES.encode("utf-16")})
    shown = command("corpus", "show", "rules", env={"DESK_CORPUS_DIR": str(folder)})
    assert shown.returncode == 1
    assert shown.stderr.startswith("error: ")
    assert "rules.md" in shown.stderr
    assert "UTF-8" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_a_corpus_folder_that_is_not_there_is_named(command: Command, tmp_path: Path) -> None:
    listed = command("corpus", "list", env={"DESK_CORPUS_DIR": str(tmp_path / "nowhere")})
    assert listed.returncode == 1
    assert "DESK_CORPUS_DIR" in listed.stderr
    assert "nowhere" in listed.stderr


def test_an_official_document_replaces_a_digest_by_its_entry_alone(tmp_path: Path) -> None:
    """Putting a signed letter into the corpus is a change of one entry."""
    changed = CATALOGUE.replace('file = "notes.txt"', 'file = "signed.md"').replace('"digest"', '"official"', 1)
    folder = write_corpus(tmp_path, {"catalogue.toml": changed, "signed.md": JAPANESE_RULES})
    documents = {document.id: document for document in read_corpus(folder).documents}
    assert (documents["notes"].file, documents["notes"].authority) == ("signed.md", "official")


def test_an_unknown_document_has_no_text(tmp_path: Path) -> None:
    corpus = read_corpus(write_corpus(tmp_path))
    with pytest.raises(UnknownDocumentError, match=r"'laws'.*rules, notes, faq"):
        corpus.text("laws")


def test_a_change_of_a_file_changes_its_digest_and_no_other(tmp_path: Path) -> None:
    before = {r.document.id: r.sha256 for r in read_corpus(write_corpus(tmp_path / "a")).readings}
    after = {
        r.document.id: r.sha256
        for r in read_corpus(write_corpus(tmp_path / "b", {"rules.md": RULES + "\nOne more.\n"})).readings
    }
    assert before["rules"] != after["rules"]
    assert before["notes"] == after["notes"]


def test_the_catalogue_keeps_its_order(tmp_path: Path) -> None:
    assert [d.id for d in load_catalogue(write_corpus(tmp_path))] == ["rules", "notes", "faq"]


JAPANESE_RULES = """# 港の会の規則

## 入会

町は港長に手紙を書いて港の会に入ります。

## 退会

町は青い旗を七日間掲げて港の会を退きます。

## 会費

町は会計係に毎年四十クローネを払います。
"""
