"""`corpus check`: a file read as an ingest would, in a child process that may come to harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import CorpusError
from corpus.models import Authority, Document, Kind
from corpus.readers import read_content
from tests.conftest import Command

FILES = Path(__file__).parent / "files"
DOCUMENT = Document(id="it", file="it", kind=Kind.OTHER, authority=Authority.DIGEST, title="It", language="ja")

REFUSALS = {
    "password.pdf": "password",
    "image-only.pdf": "OCR",
    "columns-by-rows.pdf": "columns",
    "euc-fonts.pdf": "EUC-H",
    "truncated.pdf": "damaged",
    "not-a-pdf.pdf": "not a PDF",
}


@pytest.mark.parametrize(("name", "reason"), REFUSALS.items())
def test_a_file_that_cannot_be_quoted_is_refused_with_its_reason(command: Command, name: str, reason: str) -> None:
    refused = command("corpus", "check", str(FILES / name))
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.startswith(f"error: {name}: ")
    assert reason in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stderr.count("\n") == 1


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
