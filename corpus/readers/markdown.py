"""Markdown, through markdown-it (CommonMark)."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.clean import display, join_lines
from corpus.errors import CorpusError
from corpus.models import Block, Content, Document
from corpus.readers.plain import checked, decode

_DEEPEST = 100  # levels that the parser goes down; what lies deeper it leaves out


def read(data: bytes, document: Document) -> Content:
    """The blocks of a Markdown file: the first `#` heading is the title, `##` the sections.

    Raises CorpusError if it is no text in UTF-8, is too large, or if lists and quotations stand so deep in one
    another that words would be left out.
    """
    content = decode(data, document.file)
    tokens = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).parse(content)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        raise CorpusError(f"{document.file}: lists or quotations stand too deep in one another; write them flatter")
    blocks: list[Block] = []
    heading, number, depth = "", "", 0
    for token in tokens:
        if token.type == "heading_open":
            heading = token.tag
        elif token.type == "list_item_open":
            number, depth = f"{token.info}{token.markup} " if token.info else "", depth + 1
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type == "inline" and (text := join_lines(display(_plain(token)))):
            level = int(heading[1:]) if heading else 0
            if level == 1 and not blocks:
                blocks.append(Block(text=text, title=True))
            else:
                blocks.append(Block(text=number + text, level=max(level - 1, 1) if level else 0, item=depth > 0))
            heading = number = ""
        elif token.type in {"fence", "code_block"} and (text := display(token.content)):
            blocks.append(Block(text=text))
    return checked(blocks, document.file)


def _plain(inline: Token) -> str:
    """The words of an inline token without its markup."""
    parts = []
    for child in inline.children or []:
        if child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        else:
            parts.append(child.content)
    return "".join(parts)
