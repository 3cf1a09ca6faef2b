"""The elements of a web page to blocks: headings, paragraphs, list items, rows of tables."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from corpus.clean import display
from corpus.errors import CorpusError
from corpus.models import Block
from corpus.readers import omissions
from corpus.readers.checks import LONGEST_PARAGRAPH, around_lost_character, refuse_another, refuse_long
from corpus.readers.html.content import walk
from corpus.readers.html.lists import List
from corpus.readers.inline import BREAK, LAYOUT, one_line, pieces, superscript, table_row

_BLOCK = {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl",
          "dt", "fieldset", "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
          "hr", "legend", "li", "main", "menu", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
          "th", "thead", "tr", "ul"}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


class Gathering:
    """Turns a walk over elements into blocks; a heading's level is that of its tag."""

    def __init__(self, name: str) -> None:
        self.blocks: list[Block] = []
        self.warnings: dict[str, None] = {}
        self._name = name
        self._run: list[str] = []
        self._heading = 0
        self._lists: list[List] = []
        self._item: str | None = None  # the mark of an item whose first block is still to come
        self._pre = 0
        self._raised: list[int] = []
        self._row: list[str] | None = None  # in a table that is read by rows: the row's cells so far
        self._tables: list[bool] = []  # whether each table that is open is read by rows

    def add(self, root: LexborNode) -> None:
        """Everything in `root`."""
        for node, entering in walk(root, self.warnings):
            if node.is_text_node:
                self._run.append((node.text_content or "").translate(LAYOUT))
            elif entering:
                self._enter(node, node.tag or "")
            else:
                self._leave(node, node.tag or "")
        self._flush()

    def _enter(self, node: LexborNode, tag: str) -> None:
        if tag == "br":
            self._run.append("\n" if self._pre else BREAK)
        elif tag == "sup":
            self._raised.append(len(self._run))
        elif tag in _BLOCK:
            self._flush()
        if tag in _HEADINGS:
            self._heading = int(tag[1])
        elif tag in {"ol", "ul", "menu", "dir"}:
            self._lists.append(List.of(node))
        elif tag == "li":
            self._item = self._lists[-1].mark(node) if self._lists else ""
        elif tag == "pre":
            self._pre += 1
        elif tag == "table":
            self._tables.append(_by_rows(node))
            if self._tables[-1]:
                self.warnings[omissions.TABLE] = None
        elif tag == "tr" and self._tables and self._tables[-1]:
            self._row = []

    def _leave(self, node: LexborNode, tag: str) -> None:
        if tag == "sup" and self._raised:
            self._end_raised(node, self._raised.pop())
        elif tag in {"td", "th"} and self._row is not None:
            self._row.append(one_line("".join(self._run)))
            self._run.clear()
        elif tag == "tr" and self._row is not None:
            row, self._row = table_row(self._row), None
            self._run.clear()
            if row:
                self._append(Block(text=row))
        elif tag in _BLOCK:
            self._flush()
        if tag in _HEADINGS:
            self._heading = 0
        elif tag in {"ol", "ul", "menu", "dir"} and self._lists:
            self._lists.pop()
            self._item = None
        elif tag == "li":
            self._item = None
        elif tag == "pre":
            self._pre -= 1
        elif tag == "table" and self._tables:
            self._tables.pop()

    def _end_raised(self, node: LexborNode, start: int) -> None:
        """Raised digits: a link to a note is no word of the sentence, an exponent is."""
        raised = "".join(self._run[start:]).strip()
        shown = superscript(raised)
        if shown is None:
            return
        parent = node.parent
        linked = node.css_first("a[href*='#']") is not None or (
            parent is not None and parent.tag == "a" and "#" in (parent.attributes.get("href") or "")
        )
        note = linked or node.attributes.get("role") == "doc-noteref"
        self._run[start:] = [] if note else [shown]

    def _flush(self) -> None:
        if self._row is not None:  # paragraphs in a cell
            if "".join(self._run).strip():
                self._run.append(" ")
            return
        run = "".join(self._run)
        self._run.clear()
        self._raised.clear()
        if not run.strip():
            return
        if len(run) > 10 * LONGEST_PARAGRAPH:  # too long to be cleaned
            self._append(Block(text=run))
        if self._heading:
            if text := one_line(run):
                self._append(Block(text=text, level=self._heading))
            return
        for text, bullet in [(display(run), False)] if self._pre else pieces(run):
            if text:
                mark, self._item = self._item, None
                self._append(Block(text=f"{mark} {text}" if mark else text, item=bullet or mark is not None))

    def _append(self, block: Block) -> None:
        refuse_long(block.text, self._name)
        if around := around_lost_character(block.text):
            raise CorpusError(f"{self._name}: a character was lost before the page was saved ({around!r}); "
                              "save it again from where it was published")  # fmt: skip
        refuse_another(len(self.blocks), self._name)
        self.blocks.append(block)


def _by_rows(table: LexborNode) -> bool:
    """Whether a table holds data; one that lays out a page (or has one column) is read as running text."""
    if (table.attributes.get("role") or "") in {"presentation", "none"}:
        return False
    if table.css_first("table table, h1, h2, h3, h4, h5, h6, p + p + p") is not None:
        return False
    cells = [[cell for cell in row.iter() if cell.tag in {"td", "th"}] for row in table.css("tr")]
    return any(len(row) > 1 for row in cells) and all(len(cell.text()) < 1000 for row in cells for cell in row)
