"""Word files, read from their parts (ECMA-376) with lxml.

python-docx is for writing: its paragraphs lack text in content controls and text boxes, tracked insertions,
footnotes and numbering, without a word about it.
"""

from __future__ import annotations

from corpus.errors import CorpusError
from corpus.models import Block, Content, Document
from corpus.readers.checks import has_text
from corpus.readers.docx.body import blocks_of
from corpus.readers.docx.package import Package
from corpus.readers.docx.parts import Parts


def read(data: bytes, document: Document) -> Content:
    """The blocks of a Word file (.docx, .docm, .dotx) as Word shows them, page furniture left out.

    A title is a paragraph of Word's Title style or, without one, the only first-level heading if the file
    starts with it. Numbers that Word draws before paragraphs are part of their text; the text of a footnote
    follows the paragraph that refers to it.

    Raises CorpusError if the file is no Word file, is damaged, protected, hostile, or has no text.
    """
    parts = Parts(Package(data, document.file))
    blocks = _with_title(blocks_of(parts))
    if not has_text(blocks):
        raise CorpusError(f"{document.file}: holds no text to quote; is it a scan or a picture? Bring the text itself")
    return Content(blocks=tuple(blocks), warnings=tuple(parts.warnings))


def _with_title(blocks: list[Block]) -> list[Block]:
    """The blocks as they are if they have a title or no heading that could be one."""
    if any(block.title for block in blocks) or not blocks or blocks[0].level != 1:
        return blocks
    if any(block.level == 1 for block in blocks[1:]):
        return blocks
    title = Block(text=blocks[0].text, title=True)
    return [title] + [b.model_copy(update={"level": b.level - 1}) if b.level else b for b in blocks[1:]]
