"""Curation: whatever happens, the catalogue parses, names files that exist, and keeps what is not being changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine

from corpus.catalogue import load_catalogue, read_corpus
from corpus.curation import Added, add, retire
from corpus.errors import CorpusError, UnknownDocumentError
from corpus.models import Authority, Document, Kind
from tests.corpus.samples import CATALOGUE, RULES, contents, write_corpus
from tests.index.doomed import Fate, Harm, doom

DUES = "# Harbour dues\n\nA visiting ship pays nine crowns a night.\n"
FILES = Path(__file__).parent / "files"

COMMENTED = """\
# What the desk quotes.

[[document]] # the first
id = "rules"   # never change it
file = "rules.md"
kind = "framework"
authority = "official"
title = 'The "rules" # of the club'
language = "en"
published = "2025-11"  # the month
headings = [
  "One",  # a comment in a list
]
# the rules end here

# The notes:
# a digest.
[[document]]
id    = "notes"
file  = "notes.txt"
kind  = "other"
authority = "digest"
title = "Notes on the rules"
language = "ja"
[document.issuer]
ja = "港"

# The FAQ.
[[document]]
id = "faq"
file = "faq"
kind = "faq"
authority = "digest"
title = "FAQ"
language = "mul"

# Nothing below this line.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "documents")


def file(tmp_path: Path, name: str = "dues.md", content: str | bytes = DUES) -> Path:
    path = tmp_path / "inbox" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def put(folder: Path, path: Path, id: str | None = None, **changes: Any) -> Added:  # noqa: A002
    fields: dict[str, Any] = {"kind": Kind.OTHER, "authority": Authority.OFFICIAL, "title": "Dues", "language": "en"}
    return add(folder, path, id=id, **{**fields, **changes})


def entry(folder: Path, id: str) -> Document:  # noqa: A002
    return next(document for document in load_catalogue(folder) if document.id == id)


def assert_sound(folder: Path) -> None:
    """The catalogue parses, and every file that it names is there."""
    for document in load_catalogue(folder):
        assert (folder / document.file).exists(), document.file


# What is written


def test_a_new_document_is_copied_described_and_read(folder: Path, tmp_path: Path) -> None:
    source = file(tmp_path)
    added = put(folder, source, published="2026-01", url="https://example.org/dues", issuer={"en": "The club"})
    assert added.replaced is None
    assert added.document == entry(folder, "dues")
    assert added.document.issuer == {"en": "The club"}
    assert (folder / added.document.file).read_bytes() == source.read_bytes()
    assert "nine crowns" in read_corpus(folder).text("dues")
    assert source.exists(), "copied, not moved"


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", ["", "last line without an end"])
def test_a_new_entry_is_put_after_all_that_was_there(tmp_path: Path, ends: str, last: str) -> None:
    catalogue = COMMENTED.removesuffix("\n") if last else COMMENTED
    before = catalogue.replace("\n", ends).encode()
    folder = write_corpus(tmp_path / "documents", {"catalogue.toml": before})
    put(folder, file(tmp_path))
    after = (folder / "catalogue.toml").read_bytes()
    assert after.startswith(before)
    assert (b"\r\n" in after) == (ends == "\r\n")
    assert after.count(b"\n") == after.count(ends.encode()), "the line ends of the file, all through"
    assert [document.id for document in load_catalogue(folder)] == ["rules", "notes", "faq", "dues"]


def change(name: str, folder: Path, tmp_path: Path) -> None:
    put(folder, file(tmp_path), name) if name == "rules" else retire(folder, name)


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", ["rules", "notes"])
def test_a_changed_entry_leaves_every_other_byte_alone(tmp_path: Path, name: str, ends: str) -> None:
    """Also the comments around it, those between it and the next one, and its own beside what stays."""
    heads = {"rules": '[[document]] # the first\nid = "rules"   # never', "notes": '[[document]]\nid    = "notes"'}
    tails = {"rules": "# the rules end here\n", "notes": "\n# The FAQ."}
    folder = write_corpus(tmp_path / "documents", {"catalogue.toml": COMMENTED.replace("\n", ends)})
    change(name, folder, tmp_path)
    after = (folder / "catalogue.toml").read_bytes().decode()
    head, tail = (text[name].replace("\n", ends) for text in (heads, tails))
    assert after.startswith(COMMENTED.replace("\n", ends).partition(head)[0] + head)
    assert after.endswith(tail + COMMENTED.replace("\n", ends).partition(tail)[2])
    assert after.count("\n") == after.count(ends)
    assert_sound(folder)


def test_a_replaced_entry_says_only_what_was_said_of_the_new_file(tmp_path: Path) -> None:
    """But the issuer and the headings are handed on."""
    catalogue = COMMENTED.replace("published", 'url = "https://example.org"\nissuer = { en = "The club" }\npublished')
    folder = write_corpus(tmp_path / "documents", {"catalogue.toml": catalogue})
    with time_machine.travel("2026-03-31T15:30:00Z"):
        added = put(folder, file(tmp_path), "rules", title="New rules")
    assert added.replaced is not None
    assert added.replaced.published == "2025-11"
    new = entry(folder, "rules")
    assert (new.title, new.url, new.published) == ("New rules", None, None)
    assert (new.issuer, new.headings) == ({"en": "The club"}, ("One",))
    assert new.replaced == date(2026, 4, 1), "the day in Japan"


def test_a_catalogue_with_a_list_of_inline_tables_is_refused_before_anything_is_copied(tmp_path: Path) -> None:
    inline = 'document = [{ id = "rules", file = "rules.md", kind = "other", authority = "official", title = "R", language = "en" }]\n'  # noqa: E501
    folder = write_corpus(tmp_path / "documents", {"catalogue.toml": inline})
    before = contents(folder)
    with pytest.raises(CorpusError, match=r"\[\[document\]\]"):
        put(folder, file(tmp_path))
    assert contents(folder) == before


# Ids and files


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Harbour Dues (2026).MD", "harbour-dues-2026"),
        ("宣言 2026.md", "other-en"),
        ("港の会 dues.txt", "dues"),
        ("2026.md", "other-en"),
        ("RULES.md", "rules-2"),
        ("faq.md", "faq-2"),
        ("-_-.md", "other-en"),
        ("x" * 200 + ".md", "x" * 70),
    ],
)
def test_an_id_that_is_free_is_made_of_the_name(folder: Path, tmp_path: Path, name: str, expected: str) -> None:
    before = load_catalogue(folder)
    assert put(folder, file(tmp_path, name)).document.id == expected
    assert load_catalogue(folder)[: len(before)] == before
    assert_sound(folder)


def test_files_of_one_name_get_numbers(folder: Path, tmp_path: Path) -> None:
    ids = [put(folder, file(tmp_path, "宣言.md", f"{DUES}\nThat is rule {n}.\n")).document.id for n in range(3)]
    assert ids == ["other-en", "other-en-2", "other-en-3"]
    for number, name in enumerate(ids):
        assert f"That is rule {number}." in read_corpus(folder).text(name)


def test_endings_in_capitals_are_read(folder: Path, tmp_path: Path) -> None:
    source = file(tmp_path, "FRAMEWORK.PDF", (FILES / "chromium-en.pdf").read_bytes())
    assert put(folder, source).document.file == "framework.pdf"
    assert "circular economy" in read_corpus(folder).text("framework")


def test_the_same_content_is_refused_with_the_id_that_it_has(folder: Path, tmp_path: Path) -> None:
    put(folder, file(tmp_path), "dues")
    before = contents(folder)
    for name in (None, "other"):
        with pytest.raises(CorpusError, match=r"again\.md is in the catalogue already, as 'dues'"):
            put(folder, file(tmp_path, "again.md"), name)
    assert contents(folder) == before
    assert put(folder, file(tmp_path), "dues", title="Dues, corrected").document.replaced is None, "no text is gone"


def test_what_was_retired_may_come_back(folder: Path, tmp_path: Path) -> None:
    put(folder, file(tmp_path), "dues")
    retire(folder, "dues")
    assert put(folder, file(tmp_path), "dues").document.retired is None
    assert "nine crowns" in read_corpus(folder).text("dues")


def test_a_file_that_lies_in_the_folder_stays_where_it_is(folder: Path, tmp_path: Path) -> None:
    (folder / "Harbour dues.md").write_text(DUES)
    (tmp_path / "link.md").symlink_to(folder / "Harbour dues.md")
    before = contents(folder)
    for number, path in enumerate((folder / "Harbour dues.md", tmp_path / "link.md")):
        added = put(folder, path, "dues", title=f"Dues {number}")
        assert added.document.file == "Harbour dues.md"
    after = contents(folder)
    assert {**after, "catalogue.toml": b""} == {**before, "catalogue.toml": b""}


def test_a_link_in_the_folder_to_a_file_elsewhere_is_copied(folder: Path, tmp_path: Path) -> None:
    """Otherwise the document would be gone with the file that it points at."""
    (folder / "link.md").symlink_to(file(tmp_path))
    added = put(folder, folder / "link.md", "dues")
    file(tmp_path).unlink()
    assert (folder / added.document.file).read_text() == DUES


def test_a_name_that_the_catalogue_would_trim_is_not_kept(folder: Path) -> None:
    (folder / " dues.md").write_text(DUES)
    put(folder, folder / " dues.md")
    assert_sound(folder)


def test_no_file_is_ever_overwritten(folder: Path, tmp_path: Path) -> None:
    """Neither the one that is replaced, nor one that has the name, nor one that was edited after it was added."""
    (folder / "dues.md").write_text("Somebody's own.\n")
    first = put(folder, file(tmp_path), "dues").document.file
    (folder / first).write_text("Edited here.\n")
    second = put(folder, file(tmp_path), "dues").document.file
    third = put(folder, file(tmp_path, content=DUES + "\nMore.\n"), "dues").document.file
    assert len({"dues.md", first, second, third}) == 4
    assert (folder / "dues.md").read_text() == "Somebody's own.\n"
    assert (folder / first).read_text() == "Edited here.\n"
    assert (folder / second).read_text() == DUES
    assert put(folder, file(tmp_path), "dues").document.file == second, "a file that is there is not copied again"


# What is refused


def test_what_cannot_be_added_leaves_everything_as_it_was(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "inbox" / "folder.md").mkdir(parents=True)
    (tmp_path / "inbox" / "folder.pdf").mkdir()
    good = file(tmp_path)
    refused: list[tuple[Path, dict[str, Any], str]] = [
        (tmp_path / "inbox" / "nowhere.md", {}, "nowhere.md"),
        (tmp_path / "inbox" / "nowhere.pdf", {}, "nowhere.pdf"),
        (tmp_path / "inbox" / "folder.md", {}, "folder.md"),
        (tmp_path / "inbox" / "folder.pdf", {}, "folder.pdf"),
        (file(tmp_path, "empty.md", ""), {}, "empty.md"),
        (file(tmp_path, "wide.md", DUES.encode("utf-16")), {}, "UTF-8"),
        (file(tmp_path, "dues.odt"), {}, ".odt"),
        (file(tmp_path, "dues"), {}, "without an ending"),
        (FILES / "password.pdf", {}, "password"),
        (FILES / "truncated.pdf", {}, "truncated.pdf"),
        (good, {"kind": Kind.FAQ}, "FAQ"),
        (good, {"id": "faq"}, "'faq'"),
        (good, {"id": "../dues"}, "id: .*'../dues'"),
        (good, {"id": "Dues"}, "id: .*'Dues'"),
        (good, {"id": "x" * 81}, "id: .*at most 80"),
        (good, {"title": "  "}, "title"),
        (good, {"language": "English"}, "language: .*'English'"),
        (good, {"language": "../en"}, "language: .*'../en'"),
        (good, {"published": "May"}, "published: .*2025-11 or .*'May'"),
        (good, {"published": "2026-02-30"}, "published: .*'2026-02-30'"),
        (good, {"published": "3025"}, "published: .*not after next year"),
        (good, {"title": "A" * 201}, "title: .*at most 200"),
        (good, {"url": "javascript:alert(1)"}, "url: must be an address"),
        (good, {"url": "ftp://harbour.example/dues"}, "url: must be an address"),
        (good, {"valid_from": "soon"}, "valid_from: must be a day, as in 2026-04-01"),
        (good, {"id": "rules", "valid_from": date(2999, 1, 1)}, "--supersedes rules"),
        (good, {"supersedes": ["laws"]}, "'laws'"),
        (good, {"id": "rules", "supersedes": ["rules"]}, "'rules' cannot supersede itself"),
    ]
    before = contents(folder)
    for path, changes, reason in refused:
        with pytest.raises(CorpusError, match=reason) as refusal:
            put(folder, path, **changes)
        assert "\n" not in str(refusal.value)
        assert contents(folder) == before, (path, changes)


def test_an_id_that_was_made_of_a_bad_language_is_no_complaint(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as refusal:
        put(folder, file(tmp_path, "宣言.md"), language="日本語")
    assert "id" not in str(refusal.value).split(": ")[0]


def test_a_folder_that_is_no_corpus_gets_no_lock(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="DESK_CORPUS_DIR"):
        put(tmp_path, file(tmp_path))
    assert not list(tmp_path.glob(".*"))


# Documents that begin and end


def test_a_successor_takes_over_at_once_or_on_its_day(folder: Path, tmp_path: Path) -> None:
    put(folder, file(tmp_path), "dues", supersedes=["notes"], valid_from=date(2999, 1, 1))
    assert entry(folder, "notes").superseded_by == "dues"
    assert {document.id for document in read_corpus(folder).documents} == {"rules", "notes", "faq", "dues"}
    put(folder, file(tmp_path), "dues", supersedes=["notes"])
    assert {document.id for document in read_corpus(folder).documents} == {"rules", "faq", "dues"}


def test_a_document_that_has_not_begun_can_be_corrected(folder: Path, tmp_path: Path) -> None:
    """Nothing of it is quoted yet, so nothing would be gone until it begins."""
    for title in ("Deus", "Dues"):
        put(folder, file(tmp_path), "dues", title=title, valid_from=date(2999, 1, 1))
    assert entry(folder, "dues").title == "Dues"


def test_a_corrected_document_still_ends_when_its_successor_begins(folder: Path, tmp_path: Path) -> None:
    put(folder, file(tmp_path), "dues", supersedes=["rules"], valid_from=date(2999, 1, 1))
    put(folder, file(tmp_path, "rules.md", RULES.replace("forty", "fourty")), "rules")
    assert entry(folder, "rules").superseded_by == "dues"
    with time_machine.travel("2999-01-01T00:00:00+09:00"):
        assert "rules" not in {document.id for document in read_corpus(folder).documents}


def test_a_superseded_document_that_is_added_again_is_in_force_again(folder: Path, tmp_path: Path) -> None:
    put(folder, file(tmp_path), "dues", supersedes=["rules"])
    put(folder, file(tmp_path, "rules.md", RULES + "\nOne more.\n"), "rules")
    assert "One more." in read_corpus(folder).text("rules")


def test_what_is_over_cannot_be_superseded_later(folder: Path, tmp_path: Path) -> None:
    """It would come back until then."""
    put(folder, file(tmp_path), "dues", supersedes=["rules"])
    before = contents(folder)
    with pytest.raises(CorpusError, match="'rules' is not quoted any more: superseded by 'dues'"):
        put(folder, file(tmp_path, content=DUES + "\nMore.\n"), "new", supersedes=["rules"], valid_from="2999-01-01")
    assert contents(folder) == before


def test_a_document_has_one_successor(folder: Path, tmp_path: Path) -> None:
    put(folder, file(tmp_path), "dues", supersedes=["rules"], valid_from=date(2999, 1, 1))
    before = contents(folder)
    with pytest.raises(CorpusError, match="'rules' is superseded by 'dues' already"):
        put(folder, file(tmp_path, content=DUES + "\nMore.\n"), "new", supersedes=["rules"])
    with pytest.raises(CorpusError, match="the FAQ is superseded by nothing"):
        put(folder, file(tmp_path, content=DUES + "\nMore.\n"), "new", supersedes=["faq"])
    assert contents(folder) == before


def test_a_corrected_digest_keeps_its_silences_and_a_document_in_its_place_has_none(tmp_path: Path) -> None:
    folder = write_corpus(
        tmp_path / "documents",
        {"catalogue.toml": CATALOGUE.replace('language = "ja"', 'language = "ja"\nsilences = ["会費"]')},
    )
    put(folder, file(tmp_path), "notes", authority=Authority.DIGEST)
    assert entry(folder, "notes").silences == ("会費",)
    put(folder, file(tmp_path, content=DUES + "\nMore.\n"), "notes")
    assert entry(folder, "notes").silences == ()


def test_two_that_supersede_each_other_are_refused(folder: Path, tmp_path: Path) -> None:
    put(folder, file(tmp_path), "dues", supersedes=["rules"], valid_from=date(2999, 1, 1))
    before = contents(folder)
    with pytest.raises(CorpusError, match="circle: rules → dues → rules"):
        put(folder, file(tmp_path, content=DUES + "\nMore.\n"), "rules", supersedes=["dues"])
    assert contents(folder) == before


def test_a_document_is_retired_on_its_day_and_only_once(folder: Path) -> None:
    with time_machine.travel("2026-03-31T15:30:00Z"):
        assert retire(folder, "notes").file == "notes.txt"
    assert entry(folder, "notes").retired == date(2026, 4, 1)
    assert {document.id for document in read_corpus(folder).documents} == {"rules", "faq"}
    before = contents(folder)
    with pytest.raises(CorpusError, match="'notes' is not quoted any more: retired on 2026-04-01"):
        retire(folder, "notes")
    with pytest.raises(UnknownDocumentError, match="'laws'"):
        retire(folder, "laws")
    with pytest.raises(CorpusError, match="'rules' is the only document left"):
        retire(folder, "rules")
    with pytest.raises(CorpusError, match="the FAQ is not retired"):
        retire(folder, "faq")
    assert contents(folder) == before


def test_a_document_that_replaced_its_predecessor_and_was_retired_does_not_bring_it_back(
    folder: Path, tmp_path: Path
) -> None:
    put(folder, file(tmp_path), "dues", supersedes=["rules"])
    retire(folder, "dues")
    assert {document.id for document in read_corpus(folder).documents} == {"notes", "faq"}


def test_a_successor_that_was_retired_before_it_began_supersedes_nothing(folder: Path, tmp_path: Path) -> None:
    put(folder, file(tmp_path), "dues", supersedes=["rules"], valid_from=date(2999, 1, 1))
    retire(folder, "dues")
    with time_machine.travel("2999-06-01"):
        assert {document.id for document in read_corpus(folder).documents} == {"rules", "notes", "faq"}


# Crashes

WORK: dict[str, Callable[[Path, Path], object]] = {
    "add": lambda folder, path: put(folder, path, "dues", supersedes=["notes"]),
    "replace": lambda folder, path: put(folder, path, "rules"),
    "retire": lambda folder, _: retire(folder, "notes"),
}


@pytest.mark.parametrize("what", WORK)
def test_a_change_may_be_killed_at_any_step_and_be_repeated(tmp_path: Path, what: str) -> None:
    source = file(tmp_path)
    steps = 0
    for place in range(50):
        folder = write_corpus(tmp_path / str(place))
        before = load_catalogue(folder)
        fate = doom(partial(WORK[what], folder, source), folder, place, Harm.KILL)
        assert fate in {Fate.DONE, Fate.KILLED}
        assert_sound(folder)
        if fate is Fate.DONE:
            break
        steps += 1
        changed = load_catalogue(folder) != before
        if what != "retire" or not changed:  # twice is refused, and it is retired all the same
            WORK[what](folder, source)
        assert_sound(folder)
        read_corpus(folder)
        assert not list(folder.glob(".*.new")), "what the dead left behind is gone"
    assert fate is Fate.DONE
    assert steps >= {"add": 5, "replace": 5, "retire": 3}[what], "the lock, the copy, the catalogue"


@pytest.mark.parametrize("what", WORK)
def test_a_full_disk_at_any_step_leaves_everything_as_it_was(tmp_path: Path, what: str) -> None:
    """Nothing can be created from some step on; what there is can be removed and renamed."""
    source = file(tmp_path)
    fates = []
    for place in range(50):
        folder = write_corpus(tmp_path / str(place))
        (folder / ".catalogue.lock").touch()
        before = contents(folder)
        fates.append(doom(partial(WORK[what], folder, source), folder, place, Harm.FULL_DISK, CorpusError))
        if fates[-1] is Fate.DONE:
            break
        assert contents(folder) == before
    assert fates[-1] is Fate.DONE
    assert Fate.FAILED in fates
    assert Fate.BROKEN not in fates


@pytest.mark.skipif(
    os.geteuid() == 0, reason="root may write everywhere; see tests/assistant/test_document_commands.py"
)
def test_a_folder_that_cannot_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    folder.chmod(0o555)
    try:
        with pytest.raises(CorpusError, match="must be writable"):
            put(folder, file(tmp_path))
    finally:
        folder.chmod(0o755)


def test_a_corpus_that_was_moved_is_as_good(folder: Path, tmp_path: Path) -> None:
    """The catalogue names files, not where the folder was."""
    put(folder, file(tmp_path))
    shutil.move(folder, tmp_path / "elsewhere")
    assert "nine crowns" in read_corpus(tmp_path / "elsewhere").text("dues")
    assert CATALOGUE in (tmp_path / "elsewhere" / "catalogue.toml").read_text()


def test_what_is_said_otherwise_of_a_replaced_document_is_told(folder: Path, tmp_path: Path) -> None:
    """A digest that is added again becomes official unless somebody says otherwise, and nobody shall overlook it."""
    changed = put(folder, file(tmp_path), "notes").changed()
    assert ("authority", "digest", "official") in changed
    assert ("title", "Notes on the rules", "Dues") in changed


def test_all_that_a_document_supersedes_is_told(folder: Path, tmp_path: Path) -> None:
    assert put(folder, file(tmp_path), "dues", supersedes=["rules"]).supersedes == ("rules",)
    again = put(folder, file(tmp_path, content=DUES + "\nMore.\n"), "dues", supersedes=["notes"])
    assert set(again.supersedes) == {"rules", "notes"}
