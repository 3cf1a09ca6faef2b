"""PDF, through pypdf: text that can be quoted exactly, or a reason why there is none.

pypdf gives the words of a page but not its layout, and garbage without an error for fonts that it cannot
decode. So each page is walked with visitors that keep where every piece of text was drawn; what that
cannot settle is refused.
"""

from __future__ import annotations

from corpus.errors import CorpusError
from corpus.models import Content, Document
from corpus.readers.checks import has_text
from corpus.readers.pdf.blocks import blocks_of
from corpus.readers.pdf.file import has_pictures, open_pdf, pypdf_log, reason, refuse_damage
from corpus.readers.pdf.layout import page_of
from corpus.readers.pdf.legibility import refuse_garbage
from corpus.readers.pdf.lines import Page
from corpus.readers.pdf.walk import rows_of


def read(data: bytes, document: Document) -> Content:
    """The blocks of a PDF, with 1-based page numbers, and what a curator should look at.

    Raises CorpusError, with the page and what to do, for a file that is damaged, needs a password, has no
    text (a scan), uses fonts that cannot be decoded, or whose text comes out in another order than it is read.
    """
    try:
        with pypdf_log() as log:
            pages, warnings = _pages(data, document.file, log)
    except MemoryError as error:
        raise CorpusError(f"{document.file}: takes more memory than there is; save it anew from its program") from error
    blocks, remarks = blocks_of(pages, document.file)
    if not has_text(blocks):
        raise CorpusError(f"{document.file}: holds no text to quote, only headings and page numbers")
    return Content(blocks=tuple(blocks), warnings=tuple(warnings + remarks))


def _pages(data: bytes, name: str, log: list[str]) -> tuple[list[Page], list[str]]:
    """The pages that have text, and what a curator should look at; `log` is what pypdf logs meanwhile."""
    pages: list[Page] = []
    warnings: list[str] = []
    empty: list[int] = []
    pictures = False
    reader, count = open_pdf(data, name)
    for number in range(1, count + 1):
        refuse_damage(log, name)
        log.clear()
        where = f"{name}: page {number}"
        try:
            page = reader.pages[number - 1]
            rows = rows_of(page)
            refuse_damage(log, where)
            if rows:
                refuse_garbage(rows, number, where, log, warnings)
                pages.append(page_of(rows, number, where, warnings))
            else:
                empty.append(number)
                pictures = pictures or has_pictures(page)
        except (CorpusError, MemoryError):
            raise
        except Exception as error:
            raise CorpusError(
                f"{where} cannot be read ({reason(error)}); save the file anew from the program that made it"
            ) from error
    if not pages:
        what = "a scan? Run text recognition (OCR) over it, or ask the issuer for the text" if pictures else (
            "it is blank; bring the file that holds the text")  # fmt: skip
        raise CorpusError(f"{name}: no text on any page ({count}): {what}")
    if empty:
        warnings.append(_without_text(empty, pictures))
    return pages, warnings


def _without_text(pages: list[int], pictures: bool) -> str:
    more = f" and {len(pages) - 10} more" if len(pages) > 10 else ""
    what = f"page {pages[0]} has" if len(pages) == 1 else f"pages {', '.join(map(str, pages[:10]))}{more} have"
    return f"{what} no text{' but pictures: a scan?' if pictures else ''}"
