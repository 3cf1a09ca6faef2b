"""What slow readers found is kept: measured by the processes that are started, which an audit hook (PEP 578) sees."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.cache import ContentCache
from corpus.catalogue import read_corpus
from corpus.errors import CorpusError
from corpus.models import Authority, Document, Kind
from corpus.readers import read_content
from tests.corpus.samples import CATALOGUE, write_corpus

FILES = Path(__file__).parent / "files"
DOCUMENT = Document(id="pdf", file="it.pdf", kind=Kind.OTHER, authority=Authority.OFFICIAL, title="It", language="en")

_started: list[list[str]] = []


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "subprocess.Popen":
        _started.append(list(arguments[1]))


@pytest.fixture(scope="session")
def _watched() -> None:
    sys.addaudithook(_note)  # one that cannot be taken away again


@pytest.fixture
def started(_watched: None) -> Iterator[list[list[str]]]:
    """The commands of the processes that were started in a test."""
    _started.clear()
    yield _started
    _started.clear()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A page, which is read in a child process as a PDF is, and sooner."""
    page = tmp_path / "it.html"
    page.write_text("<h1>Aims</h1><p>These cities work towards a circular economy.</p>", encoding="utf-8")
    return page


def test_a_pdf_is_read_once(tmp_path: Path, started: list[list[str]]) -> None:
    path = FILES / "chromium-en.pdf"
    expected = read_content(path, DOCUMENT)
    assert len(started) == 1, "so that the count below means something"
    for _ in range(3):
        assert ContentCache(tmp_path / "kept").read(path, DOCUMENT) == expected
    assert len(started) == 2


def test_without_a_folder_it_is_read_every_time(path: Path, started: list[list[str]]) -> None:
    cache = ContentCache(None)
    assert cache.read(path, DOCUMENT) == cache.read(path, DOCUMENT)
    assert len(started) == 2
    cache.keep_only([(path, DOCUMENT)])


def test_what_is_read_as_fast_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "it.md").write_text("# It\n\nA sentence.\n")
    ContentCache(tmp_path / "kept").read(tmp_path / "it.md", DOCUMENT)
    assert not (tmp_path / "kept").exists()


def test_a_changed_file_is_read_anew(path: Path, tmp_path: Path, started: list[list[str]]) -> None:
    cache = ContentCache(tmp_path / "kept")
    english = cache.read(path, DOCUMENT)
    times = path.stat()
    path.write_bytes(path.read_bytes().replace(b"circular", b"circulal"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    changed = cache.read(path, DOCUMENT)
    assert "circulal" in changed.model_dump_json()
    assert english != changed
    assert len(started) == 2


def test_a_changed_entry_is_read_anew(path: Path, tmp_path: Path, started: list[list[str]]) -> None:
    """Headings, title and language decide what a reader finds."""
    cache = ContentCache(tmp_path / "kept")
    for changes in ({}, {"headings": ("Aims",)}):
        cache.read(path, DOCUMENT.model_copy(update=changes))
    assert len(started) == 2


def test_a_file_that_is_refused_is_refused_every_time(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path / "kept")
    for _ in range(2):
        with pytest.raises(CorpusError, match="password"):
            cache.read(FILES / "password.pdf", DOCUMENT)
    with pytest.raises(CorpusError, match="no such file"):
        cache.read(tmp_path / "nowhere.pdf", DOCUMENT)


def flip(kept: Path) -> None:
    content = bytearray(kept.read_bytes())
    content[-40] ^= 1
    kept.write_bytes(content)


def swap(kept: Path) -> None:
    kept.unlink()
    kept.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a bit": flip,
    "cut": lambda kept: os.truncate(kept, 150),
    "empty": lambda kept: kept.write_bytes(b""),
    "without its seal": lambda kept: kept.write_bytes(kept.read_bytes().partition(b"\n")[2]),
    "no text": lambda kept: kept.write_bytes(os.urandom(500)),
    "other content": lambda kept: kept.write_bytes(kept.read_bytes().replace(b"cities", b"ducks!")),
}


def test_a_damaged_file_is_read_anew_and_mended(path: Path, tmp_path: Path, started: list[list[str]]) -> None:
    cache = ContentCache(tmp_path / "kept")
    expected = cache.read(path, DOCUMENT)
    (kept,) = (tmp_path / "kept").iterdir()
    sound = kept.read_bytes()
    for number, (damage, do) in enumerate(DAMAGES.items(), 2):
        do(kept)
        assert kept.read_bytes() != sound
        assert cache.read(path, DOCUMENT) == expected, damage
        assert kept.read_bytes() == sound
        assert cache.read(path, DOCUMENT) == expected
        assert len(started) == number, damage


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(
    path: Path, tmp_path: Path, started: list[list[str]]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    for folder in (tmp_path / "file", Path("/proc/kept")):
        cache = ContentCache(folder)
        assert "circular economy" in cache.read(path, DOCUMENT).model_dump_json()
        cache.keep_only([(path, DOCUMENT)])
    assert len(started) == 2
    assert (tmp_path / "file").read_text() == "not a folder"


def test_a_folder_in_the_place_of_a_kept_file_does_no_harm(path: Path, tmp_path: Path) -> None:
    cache = ContentCache(tmp_path / "kept")
    expected = cache.read(path, DOCUMENT)
    (kept,) = (tmp_path / "kept").iterdir()
    swap(kept)
    assert cache.read(path, DOCUMENT) == expected


def test_files_of_no_document_are_deleted(tmp_path: Path, started: list[list[str]]) -> None:
    entries = "".join(
        f'[[document]]\nid = "{name}"\nfile = "{name}.pdf"\nkind = "other"\nauthority = "official"\n'
        f'title = "{name}"\nlanguage = "en"\n\n'
        for name in ("one", "two")
    )
    folder = write_corpus(tmp_path / "documents", {
        "catalogue.toml": entries + CATALOGUE.lstrip(),
        "one.pdf": (FILES / "chromium-en.pdf").read_bytes(),
        "two.pdf": (FILES / "reportlab-en.pdf").read_bytes(),
    })  # fmt: skip
    kept = tmp_path / "kept"
    both = read_corpus(folder, cache=kept)
    assert read_corpus(folder, cache=kept) == both
    assert (len(started), len(list(kept.iterdir()))) == (2, 2)
    (kept / "left by an older version").write_text("x")
    catalogue = (folder / "catalogue.toml").read_text()
    (folder / "catalogue.toml").write_text(
        catalogue.replace('language = "en"', 'language = "en"\nretired = 2026-01-01', 1)
    )
    assert len(read_corpus(folder, cache=kept).readings) == len(both.readings) - 1
    assert (len(started), len(list(kept.iterdir()))) == (2, 1)
