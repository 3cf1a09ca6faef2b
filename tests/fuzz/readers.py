"""Coverage-guided fuzzing of a reader: `python -m tests.fuzz.readers READER [libFuzzer's arguments]`.

READER is one of text, markdown, html, docx, pdf. Whatever the bytes, the reader gives a content that passages can be
made of, or refuses the file with CorpusError: any other error is a crash, and libFuzzer keeps what led to it. Of a Word
file, the bytes are those of word/document.xml: no fuzzer finds its way through a compressed archive.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import atheris
import docx as python_docx

with atheris.instrument_imports(include=["corpus", "pypdf"]):
    from corpus.clean import strip_invisible
    from corpus.errors import CorpusError
    from corpus.models import Authority, Document, Kind
    from corpus.split import split

    ENDINGS = {"text": "txt", "markdown": "md", "html": "html", "docx": "docx", "pdf": "pdf"}
    name = sys.argv[1]
    reader = importlib.import_module(f"corpus.readers.{name}")

from tests.corpus.samples import NOTES, RULES

FILES = Path(__file__).parents[1] / "corpus" / "files"
_LARGEST = 100_000
DOCUMENT = Document(
    id="fuzz", file=f"fuzz.{ENDINGS[name]}", kind=Kind.OTHER, authority=Authority.DIGEST, title="Fuzz", language="en"
)


def read(data: bytes) -> None:
    try:
        content = reader.read(_packed(data) if name == "docx" else data, DOCUMENT)
    except CorpusError:
        return
    for passage in split(DOCUMENT, content.blocks, hashlib.sha256(data).hexdigest()).passages:
        assert passage.text
        assert strip_invisible(passage.text) == passage.text


def _word() -> bytes:
    """A small Word file."""
    file = python_docx.Document()
    file.add_heading("The rules", 1)
    file.add_paragraph("Towns join the harbour club by writing a letter.", style="List Number")
    file.add_table(2, 2).cell(0, 0).text = "harbour"
    made = BytesIO()
    file.save(made)
    return made.getvalue()


def _packed(data: bytes) -> bytes:
    """The Word file with other words in it."""
    made = BytesIO()
    with ZipFile(BytesIO(WORD)) as known, ZipFile(made, "w") as packed:
        for part in known.namelist():
            packed.writestr(part, data if part == WORDS else known.read(part))
    return made.getvalue()


def seeds(folder: Path) -> None:
    """Something to begin with: small files of the tests."""
    for path in FILES.glob(f"*.{ENDINGS[name]}"):
        if path.stat().st_size < _LARGEST:
            (folder / path.name).write_bytes(path.read_bytes())
    if name == "docx":
        with ZipFile(BytesIO(WORD)) as known:
            (folder / "words").write_bytes(known.read(WORDS))
        return
    for number, words in enumerate((RULES, NOTES)):
        page = f"<!doctype html><title>x</title><h1>Rules</h1><p>{words}</p><ul><li>one<li>two</ul>"
        (folder / str(number)).write_text(page if name == "html" else words, encoding="utf-8")


WORD, WORDS = _word(), "word/document.xml"

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as kept:
        seeds(Path(kept))
        atheris.Setup([sys.argv[0], *sys.argv[2:], kept], read)
        atheris.Fuzz()
