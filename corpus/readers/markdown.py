"""Markdown, through markdown-it (CommonMark)."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.clean import display, join_lines
from corpus.models import Block, Document


def read(content: str, _: Document) -> list[Block]:
    """Blocks of a Markdown file: the first `#` heading is the title, `##` the sections."""
    blocks: list[Block] = []
    heading, depth = "", 0
    for token in MarkdownIt("commonmark", {"html": False}).parse(content):
        if token.type == "heading_open":
            heading = token.tag
        elif token.type == "list_item_open":
            depth += 1
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type == "inline" and (text := display(join_lines(_plain(token)))):
            level = int(heading[1:]) if heading else 0
            if level == 1 and not blocks:
                blocks.append(Block(text=text, title=True))
            else:
                blocks.append(Block(text=text, level=max(level - 1, 1) if level else 0, item=depth > 0))
            heading = ""
        elif token.type in {"fence", "code_block"} and (text := display(token.content)):
            blocks.append(Block(text=text))
    return blocks


def _plain(inline: Token) -> str:
    """The words of an inline token without its markup."""
    parts = []
    for child in inline.children or []:
        if child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        else:
            parts.append(child.content)
    return "".join(parts)
