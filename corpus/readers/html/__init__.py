"""Web pages, through selectolax (lexbor): a browser's parser, so that the text is what a browser shows."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from corpus.errors import CorpusError
from corpus.models import Block, Content, Document
from corpus.readers.html.blocks import Gathering
from corpus.readers.html.content import main_elements
from corpus.readers.html.encoding import decode
from corpus.readers.html.nesting import refuse_nesting
from corpus.readers.inline import one_line


def read(data: bytes, document: Document) -> Content:
    """The blocks of a web page's main content: furniture, form controls and hidden elements are left out.

    The first `h1` is the title, or else the page's `<title>`.

    Raises CorpusError if the file is no web page, does not decode as what it says it is, is nested or
    long beyond reason, or has no text of its own.
    """
    name = document.file
    source = decode(data, name)
    refuse_nesting(source, name)
    page = LexborHTMLParser(source)
    if page.css_first("frameset") is not None:
        raise CorpusError(f"{name}: is a set of frames without text; save the page that is inside the frame")
    gathering = Gathering(name)
    for root in main_elements(page):
        gathering.add(root)
    blocks = _with_title(gathering.blocks, page)
    running = sum(len(block.text) for block in blocks if not block.title and block.level == 0)
    scripted = page.css_first("script") is not None
    if not running or (scripted and running < 20):
        raise CorpusError(f"{name}: no text: does the page need JavaScript? Open it in a browser and save it as PDF")
    return Content(blocks=tuple(blocks), warnings=tuple(gathering.warnings))


def _with_title(blocks: list[Block], page: LexborHTMLParser) -> list[Block]:
    """The blocks with their title, and headings counted from the sections below it."""
    first = next((i for i, block in enumerate(blocks) if block.level == 1), None)
    if first is None:
        shift, title = 1, page.css_first("head title")
        heading = one_line(title.text()) if title is not None else ""
        blocks = [Block(text=heading, title=True), *blocks] if heading else blocks
    else:
        blocks[first] = Block(text=blocks[first].text, title=True)
        shift = 0 if any(block.level == 1 for block in blocks) else 1
    return [block.model_copy(update={"level": max(block.level - shift, 1)}) if block.level else block
            for block in blocks]  # fmt: skip
