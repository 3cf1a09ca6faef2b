"""Files that wait for a decision: kept until the first one, and described from what they say themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import time_machine

from assistant.database import Database
from assistant.uploads import Decision, DescribedOtherwiseError, Uploads, described
from corpus.catalogue import load_catalogue
from corpus.curation import add, retire
from corpus.models import Block, Content
from tests.conftest import DOCUMENTS
from tests.corpus.samples import CATALOGUE, write_corpus

FIELDS = {"kind": "other", "title": "The Lantern Fund", "language": "en", "authority": "official"}


@pytest.fixture
def uploads(database: Database) -> Uploads:
    return Uploads(database)


def decision(uploads: Uploads, upload: str) -> tuple[str, str | None]:
    row = uploads.get(upload)
    assert row is not None
    return row.decision, row.decided_by


# Until somebody decides


def test_a_file_waits_with_what_would_be_said_of_it(uploads: Uploads) -> None:
    upload = uploads.put("U1", "灯.pdf", b"%PDF\0\xff", FIELDS).id
    row = uploads.get(upload)
    assert row is not None
    assert (row.user, row.name, row.fields, row.decision) == ("U1", "灯.pdf", FIELDS, Decision.OPEN)
    assert uploads.content(upload) == b"%PDF\0\xff"
    assert uploads.describe(upload, {**FIELDS, "title": "The lamp"})
    row = uploads.get(upload)
    assert row is not None
    assert row.fields["title"] == "The lamp"
    assert uploads.get("none") is None
    assert uploads.content("none") is None
    assert not uploads.describe("none", FIELDS)
    assert uploads.decide("none", Decision.ADDED, "U1") is None


def test_what_was_seen_otherwise_is_not_decided_on(uploads: Uploads) -> None:
    seen = uploads.put("U1", "lantern.md", b"text", FIELDS)
    assert uploads.describe(seen.id, {**FIELDS, "title": "The lamp"})
    with pytest.raises(DescribedOtherwiseError):
        uploads.decide(seen.id, Decision.ADDED, "U1", seen.description)
    assert decision(uploads, seen.id) == (Decision.OPEN, None)
    now = uploads.get(seen.id)
    assert now is not None
    assert uploads.decide(seen.id, Decision.ADDED, "U1", now.description) == b"text"


@pytest.mark.parametrize("first", [Decision.ADDED, Decision.DISCARDED])
def test_the_first_decision_hands_the_file_out_and_in_the_end_nothing_of_it_is_kept(
    uploads: Uploads, first: Decision
) -> None:
    upload = uploads.put("U1", "a.txt", b"text", FIELDS).id
    assert uploads.decide(upload, first, "U1") == b"text"
    if first is Decision.ADDED:
        assert uploads.content(upload) == b"text"  # it may yet come to nothing
        uploads.done(upload)
    for later in (Decision.ADDED, Decision.DISCARDED):
        assert uploads.decide(upload, later, "U2") is None
    assert not uploads.describe(upload, FIELDS)
    assert decision(uploads, upload) == (first, "U1")
    assert uploads.content(upload) is None


def test_of_several_who_decide_at_the_same_moment_one_does(uploads: Uploads) -> None:
    upload = uploads.put("U1", "a.txt", b"text", FIELDS).id
    start = Barrier(8)

    def one(number: int) -> bytes | None:
        start.wait()
        return uploads.decide(upload, Decision.ADDED if number % 2 else Decision.DISCARDED, f"U{number}")

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(one, range(8)))
    (winner,) = [number for number, content in enumerate(given) if content == b"text"]
    assert given.count(None) == 7
    assert decision(uploads, upload) == (Decision.ADDED if winner % 2 else Decision.DISCARDED, f"U{winner}")


def test_a_file_that_could_not_be_added_waits_again(uploads: Uploads) -> None:
    upload = uploads.put("U1", "a.txt", b"text", FIELDS).id
    assert uploads.decide(upload, Decision.ADDED, "U1") == b"text"
    uploads.reopen(upload)
    assert decision(uploads, upload) == (Decision.OPEN, None)
    assert uploads.describe(upload, FIELDS)
    assert uploads.decide(upload, Decision.DISCARDED, "U2") == b"text"


def test_what_a_bot_was_adding_when_it_stopped_waits_again_and_nothing_else(uploads: Uploads) -> None:
    waits, adding, added, discarded = (uploads.put("U1", "a.txt", b"text", FIELDS).id for _ in range(4))
    for upload in (adding, added):
        uploads.decide(upload, Decision.ADDED, "U1")
    uploads.done(added)
    uploads.decide(discarded, Decision.DISCARDED, "U1")
    uploads.reopen_unfinished()
    decisions = [decision(uploads, upload)[0] for upload in (waits, adding, added, discarded)]
    assert decisions == [Decision.OPEN, Decision.OPEN, Decision.ADDED, Decision.DISCARDED]
    assert uploads.decide(adding, Decision.ADDED, "U2") == b"text"
    uploads.reopen(added)  # nothing is left to wait for
    assert decision(uploads, added) == (Decision.ADDED, "U1")


def test_what_nobody_decides_on_is_let_go_of_in_the_end(uploads: Uploads) -> None:
    with time_machine.travel("2026-01-01T00:00:00Z"):
        old = uploads.put("U1", "a.txt", b"text", FIELDS).id
    with time_machine.travel("2026-02-01T00:00:00Z"):
        new = uploads.put("U1", "a.txt", b"text", FIELDS).id
        uploads.expire(30)
    assert decision(uploads, old) == (Decision.DISCARDED, None)
    assert uploads.content(old) is None
    assert decision(uploads, new) == (Decision.OPEN, None)


# What is said of a file that says nothing of itself


def read(*texts: str, title: str = "") -> Content:
    return Content(blocks=(*([Block(text=title, title=True)] if title else []), *(Block(text=text) for text in texts)))


@pytest.mark.parametrize(
    ("name", "title", "kind"),
    [
        ("press-2026.pdf", "A new member", "press_release"),
        ("kisha.pdf", "記者発表資料 横浜市", "press_release"),
        ("x.pdf", "Open letter to the mayors of Asia", "open_letter"),
        ("都市宣言.pdf", "", "framework"),
        ("x.docx", "Declaration framework", "framework"),
        ("minutes.txt", "Minutes of a meeting", "other"),
    ],
)
def test_its_kind_is_told_by_its_name_and_title(name: str, title: str, kind: str, tmp_path: Path) -> None:
    made = described(name, read("Some text.", title=title), write_corpus(tmp_path))
    assert made["kind"] == kind
    assert made["authority"] == "official"
    assert made["title"] == (title or Path(name).stem)


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (("The town pays forty crowns a year to the treasurer of the club.",), "en"),
        (("町は会計係に毎年四十クローネを払います。",), "ja"),
        (("เมืองที่ต้องการถอนตัวต้องแจ้งเป็นลายลักษณ์อักษรล่วงหน้า",), "th"),
        ((), "en"),
    ],
)
def test_its_language_is_told_by_its_text(texts: tuple[str, ...], language: str, tmp_path: Path) -> None:
    assert described("a.txt", read(*texts), write_corpus(tmp_path))["language"] == language


def test_a_title_is_one_line_of_bearable_length(tmp_path: Path) -> None:
    made = described("a.md", read("x", title="The  rules\nof the " + "harbour " * 100), write_corpus(tmp_path))
    assert made["title"].startswith("The rules of the harbour harbour")
    assert len(made["title"]) <= 200


@pytest.mark.parametrize("name", ["rules.md", "rules.pdf", "notes.docx"])
def test_a_file_with_the_name_of_a_document_takes_its_place(name: str, tmp_path: Path) -> None:
    folder = write_corpus(tmp_path)
    made = described(name, read("Some text.", title="Something else"), folder)
    (old,) = [document for document in load_catalogue(folder) if document.id == Path(name).stem]
    kept = (old.title, old.kind, old.language, old.authority, old.id, old.published)
    assert tuple(made[key] for key in ("title", "kind", "language", "authority", "id", "published")) == kept


LETTER = "私たちはアジアの都市に呼びかける。循環経済をともに進めよう。" * 200


@pytest.mark.parametrize(
    ("name", "text", "takes"),
    [
        ("書簡.pdf", LETTER, "open-letter-ja"),
        ("open letter.pdf", "We call upon the cities of Asia to work together for a circular economy. " * 200,
         "open-letter-en"),
        ("書簡.pdf", "前文だけ。", None),  # many FAQ entries lean on what the digest says
        ("lettre.pdf", "Nous appelons les villes d'Asie. " * 400, None),  # no digest in that language
        ("議事録.pdf", LETTER, None),
    ],
)  # fmt: skip
def test_the_document_itself_takes_the_place_of_the_digest_that_stood_in_for_it(
    name: str, text: str, takes: str | None
) -> None:
    made = described(name, read(text, title=Path(name).stem), DOCUMENTS)
    assert made.get("id") == takes
    assert made["authority"] == "official"


def test_a_digest_that_was_taken_out_is_not_brought_back(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path, {"catalogue.toml": CATALOGUE.replace('kind = "other"', 'kind = "framework"')})
    text = read("町は港長に手紙を書いて港の会に入ります。" * 30, title="港の会の枠組み")
    assert described("new.txt", text, folder)["id"] == "notes"
    retire(folder, "notes")
    assert "id" not in described("new.txt", text, folder)


@pytest.mark.parametrize("name", ["rules.md", "x.txt", "!.md"])
def test_what_is_said_can_be_put_into_the_catalogue(name: str, tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus")
    file = tmp_path / name
    file.write_text("# New rules\n\nThe town pays fifty crowns.\n", encoding="utf-8")
    fields: dict[str, Any] = described(name, read("The town pays fifty crowns.", title="New rules"), folder)
    made = add(folder, file, **fields)
    assert made.document in load_catalogue(folder)
    assert (made.replaced is not None) == (name == "rules.md")
