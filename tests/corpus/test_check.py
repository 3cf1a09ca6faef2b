"""`corpus check`: a file read as an ingest would, in a child process that may come to harm.

What is refused, and why, stands in test_hostile_files.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import readers
from corpus.errors import CorpusError
from corpus.models import Authority, Document, Kind
from corpus.readers import numerals, read_content
from tests.conftest import Command

FILES = Path(__file__).parent / "files"
DOCUMENT = Document(id="it", file="it", kind=Kind.OTHER, authority=Authority.DIGEST, title="It", language="ja")


def test_a_good_file_is_printed_as_it_may_be_quoted(command: Command) -> None:
    shown = command("corpus", "check", str(FILES / "chromium-ja.pdf"))
    assert shown.returncode == 0
    assert "循環都市をめざす都市間協力の枠組み" in shown.stdout
    assert "left out running headers" in shown.stderr


def test_a_page_and_a_missing_file(command: Command, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "<h1>市の宣言</h1><p>横浜<b>市</b>長が宣言に署名し、循環型都市への移行を表明しました。</p><script>x</script>"
    )
    shown = command("corpus", "check", str(tmp_path / "page.html"))
    assert (shown.returncode, shown.stdout) == (
        0,
        "市の宣言\n\n横浜市長が宣言に署名し、循環型都市への移行を表明しました。\n",
    )
    missing = command("corpus", "check", str(tmp_path / "none.pdf"))
    assert missing.returncode == 1
    assert "no such file" in missing.stderr


def test_what_takes_too_much_memory_is_refused_and_harms_nobody(tmp_path: Path) -> None:
    """The file alone is larger than the child may hold."""
    path = tmp_path / "huge.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(600 * 1024 * 1024)
    with pytest.raises(CorpusError, match="limits"):
        read_content(path, DOCUMENT)


@pytest.mark.parametrize("ending", [".pdf", ".txt"])
def test_a_reader_that_fails_says_with_which_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, ending: str
) -> None:
    """One line for a curator, the traceback for who looks for it. A module that is no reader stands in for one."""
    monkeypatch.setitem(readers._READERS, ".pdf", "numerals")
    monkeypatch.setitem(readers._IN_PLACE, ".txt", numerals)
    path = tmp_path / f"it{ending}"
    path.write_bytes(b"x")
    with caplog.at_level("DEBUG", "corpus.readers"), pytest.raises(CorpusError) as refused:
        read_content(path, DOCUMENT.model_copy(update={"file": path.name}))
    assert str(refused.value) == (
        f"it{ending}: its reader failed (AttributeError: module 'corpus.readers.numerals' has no attribute 'read'); "
        "please report the file, or save it anew from its program"
    )
    assert "Traceback" in caplog.text


def test_a_pdf_in_the_catalogue_is_quoted_with_its_page(command: Command, tmp_path: Path) -> None:
    """From the file to the answer: a document's own PDF is one catalogue entry."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "framework.pdf").write_bytes((FILES / "chromium-en.pdf").read_bytes())
    (folder / "catalogue.toml").write_text(
        '[[document]]\nid = "framework"\nfile = "framework.pdf"\nkind = "framework"\nauthority = "official"\n'
        'title = "Framework"\nlanguage = "en"\n'
    )
    settings = {"DESK_CORPUS_DIR": str(folder), "DESK_DATA_DIR": str(tmp_path / "data")}
    shown = command("corpus", "show", "framework", env=settings).stdout
    sentence = "This framework helps cities that work towards a circular economy to learn from each other."
    assert sentence in shown
    assert command("index", "build", env=settings).returncode == 0
    asked = command("ask", "--json", sentence, env=settings)
    assert f'"quote":"{sentence}' in asked.stdout
    assert '"page":1' in asked.stdout
