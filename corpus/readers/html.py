"""Web pages, through selectolax (lexbor): a browser's parser, so that the text is what a browser shows."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import webencodings
from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.clean import CJK, display, join_lines
from corpus.errors import CorpusError
from corpus.models import Block, Content, Document

BREAK = "\v"
"""A forced line break inside a run of text that `pieces` takes apart."""

_LARGEST = 64_000_000  # bytes; saved pages carry their pictures
_DEEPEST = 2_000  # elements in one another; lexbor takes time that grows with the square
_MOST_TAGS = 1_000_000
_MOST_STYLED = 200  # bold and the like left open, which a browser opens anew in each paragraph
_LONGEST = 100_000  # characters in one paragraph
_MOST_BLOCKS = 50_000

_MAGIC = {b"%PDF": "a PDF", b"PK\x03\x04": "a zip or Word file", b"\xd0\xcf\x11\xe0": "an old Office file",
          b"bplist": "a Safari web archive", b"\x1f\x8b": "a gzip file", b"\x89PNG": "a picture",
          b"MIME-Version": "an MHTML archive", b"From: <Saved by": "an MHTML archive"}  # fmt: skip
# What WHATWG's names mean in Python; more than one where Python's codec lacks characters that browsers know.
_CODECS = {"gbk": ("gb18030",), "big5hkscs": ("big5hkscs", "cp950"), "euc_jp": ("euc_jp", "euc_jis_2004")}
# Where Python's EUC-JP and ISO-2022-JP differ from https://encoding.spec.whatwg.org/#index-jis0208
_JIS = str.maketrans("〜‖−¢£¬", "～∥－￠￡￢")
_XML_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)")
_SUBSET = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<!DOCTYPE[^>\[]*\[", re.IGNORECASE)
_META_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';]+)", re.IGNORECASE)

_SCAN = re.compile(r"<!--|-->|<(/?)([a-zA-Z][^\s/>]*)(?:[^<>]*(/)>)?")
_RAW = {"script", "style", "textarea", "title"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_CLOSED_BY_THEMSELVES = _VOID | {"p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option",
                                 "optgroup", "rt", "rp", "rb", "rtc", "html", "head", "body", "colgroup"}  # fmt: skip
_STYLING = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
_SVG = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use", "stop", "image", "g", "animate"}

_BLOCK = {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl",
          "dt", "fieldset", "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
          "hr", "legend", "li", "main", "menu", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
          "th", "thead", "tr", "ul"}  # fmt: skip
_FURNITURE = {"nav", "footer", "aside", "script", "style", "noscript", "template", "head", "title", "rt", "rp", "rtc",
              "button", "input", "select", "textarea", "datalist", "label", "meter", "progress", "svg", "canvas",
              "audio", "video", "iframe", "object", "embed", "applet", "map", "noframes", "noembed"}  # fmt: skip
_FURNITURE_ROLES = {"alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "menubar", "navigation",
                    "search", "toolbar"}  # fmt: skip
_FRAMES = {"iframe", "object", "embed", "applet"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASSES = {"sr-only", "visually-hidden", "screen-reader-text", "visuallyhidden"}
_STRUCK = {"del", "s", "strike"}

_SPACES = str.maketrans({"\f": " ", "\v": " ", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
_IDEOGRAPH = re.compile(f"[{CJK}]")
_BULLET = re.compile(r"^[・•]\s*")
_LINE_START = re.compile(r"[・•●○■□◆◇▪※]|[(（]?[0-9０-９]{1,2}[)）.．]\s|[-*]\s")
SUPERSCRIPTS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
"""Raised digits as characters, so that 10 to the 6th is not read as 106."""


def read(data: bytes, document: Document) -> Content:
    """The blocks of a web page's main content: furniture, form controls and hidden elements are left out.

    The first `h1` is the title, or else the page's `<title>`.

    Raises CorpusError if the file is no web page, does not decode as what it says it is, is nested or
    long beyond reason, or has no text of its own.
    """
    name = document.file
    source = _decode(data, name)
    _check_nesting(source, name)
    page = LexborHTMLParser(source)
    if page.css_first("frameset") is not None:
        raise CorpusError(f"{name}: is a set of frames without text; save the page that is inside the frame")
    gathering = _Gathering(name)
    for root in _main(page):
        gathering.add(root)
    blocks = _with_title(gathering.blocks, page)
    running = sum(len(block.text) for block in blocks if not block.title and block.level == 0)
    scripted = page.css_first("script") is not None
    if not running or (scripted and running < 20):
        raise CorpusError(f"{name}: no text: does the page need JavaScript? Open it in a browser and save it as PDF")
    return Content(blocks=tuple(blocks), warnings=tuple(gathering.warnings))


def pieces(run: str) -> Iterator[tuple[str, bool]]:
    """The paragraphs in a run of text whose forced breaks are `BREAK`: (text, whether it is a list item).

    Two breaks in a row part paragraphs; a line that starts with a list mark is a paragraph of its own;
    other lines are joined as wrapped lines are. A bullet is layout and goes, any other mark stays.
    """
    for part in re.split(rf"{BREAK}(?:\s*{BREAK})+", unwrap(run)):
        lines: list[str] = []
        for line in part.split(BREAK):
            if lines and not _LINE_START.match(line.lstrip()):
                lines[-1] += "\n" + line
            else:
                lines.append(line)
        for line in lines:
            text = display(join_lines(line))
            item = _BULLET.match(text)
            if text := text[item.end() :] if item else text:
                yield text, item is not None


def one_line(run: str) -> str:
    """A run of text that is one paragraph whatever its breaks: a heading, a cell."""
    return display(join_lines(unwrap(run).replace(BREAK, "\n")))


def unwrap(run: str) -> str:
    """Without the line ends of the source, which are spaces but between CJK characters (CSS Text 3, 4.1.3)."""
    parts: list[str] = []
    for line in filter(None, (line.strip(" \t") for line in run.split("\n"))):
        if parts:
            before, after = parts[-1][-1], line[0]
            joined = BREAK in {before, after} or (_IDEOGRAPH.match(before) and _IDEOGRAPH.match(after))
            line = line if joined else f" {line}"
        parts.append(line)
    return "".join(parts)


def _decode(data: bytes, name: str) -> str:
    """The page as text, by its byte order mark, its declaration, or else as UTF-8."""
    if not data.strip():
        raise CorpusError(f"{name}: is empty")
    if len(data) > _LARGEST:
        raise CorpusError(f"{name}: has {len(data):,} bytes, more than {_LARGEST:,}; save it without its pictures")
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise CorpusError(f"{name}: is {what}, not a web page; give it its right ending or save it as HTML")
    label, names = _encoding(data, name)
    failure: UnicodeDecodeError | None = None
    for codec in names:
        try:
            text = codecs.decode(data, codec)
        except UnicodeDecodeError as error:
            failure = failure or error
            continue
        if names[0] in {"euc_jp", "iso2022_jp"}:
            text = text.translate(_JIS)
        return _checked(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), name)
    at = failure.start if failure else 0
    raise CorpusError(f"{name}: {label}, but byte {at} (line {data[:at].count(10) + 1}) does not decode; "
                      "open it in a browser and save it again as UTF-8") from failure  # fmt: skip


def _encoding(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """How the page says it is encoded, in words, and the Python codecs to try."""
    if data.startswith(codecs.BOM_UTF8):
        return "its byte order mark says UTF-8", ("utf-8-sig",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "its byte order mark says UTF-16", ("utf-16",)
    if data[:2] in {b"<\0", b"\0<"}:
        return "it looks like UTF-16", ("utf-16-le" if data[0] else "utf-16-be",)
    declared = [match.group(1).decode("latin-1") for match in [_XML_ENCODING.match(data)] if match]
    for meta in LexborHTMLParser(data[:4096].decode("latin-1")).css("meta"):
        if charset := meta.attributes.get("charset"):
            declared.append(charset)
        elif (meta.attributes.get("http-equiv") or "").lower() == "content-type":
            declared += _META_CHARSET.findall(meta.attributes.get("content") or "")
    if not declared:
        return "it does not say its encoding, which then is UTF-8", ("utf-8",)
    encoding = webencodings.lookup(declared[0])
    if encoding is None or encoding.name in {"replacement", "x-user-defined"}:
        raise CorpusError(f"{name}: says its encoding is {declared[0]!r}, which browsers do not know; "
                          "save it again as UTF-8")  # fmt: skip
    codec = encoding.codec_info.name
    if codec.startswith("utf-16"):  # a meta element that can be read is not in UTF-16
        codec = "utf-8"
    return f"it says it is {declared[0]}", _CODECS.get(codec, (codec,))


def _checked(text: str, name: str) -> str:
    if "\0" in text:
        raise CorpusError(f"{name}: holds NUL bytes (line {text[: text.index(chr(0))].count(chr(10)) + 1}): "
                          "is it really a web page? Save it again from a browser")  # fmt: skip
    if _SUBSET.match(text):
        raise CorpusError(f"{name}: its document type defines entities, which browsers do not know; "
                          "open it in a browser and save it again")  # fmt: skip
    if not re.search(r"<[a-zA-Z!]", text):
        raise CorpusError(f"{name}: holds no HTML; if it is plain text, give it the ending .txt")
    return text


def _check_nesting(source: str, name: str) -> None:
    """Refuses pages that nest without end before they are parsed; counts tags, roughly."""
    if source.count("<") > _MOST_TAGS:
        raise CorpusError(f"{name}: holds more than {_MOST_TAGS:,} tags; save it in parts")
    depth, styled, drawing, raw = 0, 0, False, ""
    for token in _SCAN.finditer(source):
        tag = (token.group(2) or token.group()).lower()
        if raw:
            if tag == raw and (token.group(1) or raw == "-->"):
                raw = ""
        elif tag == "<!--":
            raw = "-->"
        elif tag in _RAW and not token.group(1):
            raw = tag
        elif tag in _CLOSED_BY_THEMSELVES or tag == "-->" or (drawing and token.group(3) and tag in _SVG):
            continue
        else:
            drawing = not token.group(1) if tag == "svg" else drawing
            step = -1 if token.group(1) else 1
            depth = max(depth + step, 0)
            styled = max(styled + step, 0) if tag in _STYLING else styled
            if depth > _DEEPEST or styled > _MOST_STYLED:
                line = source.count("\n", 0, token.start()) + 1
                raise CorpusError(f"{name}: elements are nested too deep (more than {_DEEPEST:,}, or "
                                  f"{_MOST_STYLED} of bold and the like; line {line}); "
                                  "open the page in a browser and save it as PDF")  # fmt: skip


def _main(page: LexborHTMLParser) -> list[LexborNode]:
    """The elements that hold the page's content: `main`, or `article` if it holds most of the text, or the body."""
    mains = [node for node in page.css("main, [role=main]") if not _hidden(node)]
    if mains:
        return _outermost(mains)
    body = page.body
    if body is None:
        return []
    articles = _outermost(page.css("article"))
    if sum(_weight(article) for article in articles) * 2 > _weight(body):
        return articles
    return [body]


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Those of `nodes`, in document order, that are in no other."""
    found: list[LexborNode] = []
    inside: set[int] = set()
    for node in nodes:
        if node.mem_id not in inside:
            found.append(node)
            inside.update(inner.mem_id for inner in node.css("main, [role=main], article"))
    return found


def _weight(root: LexborNode) -> int:
    """How many characters of content stand in an element."""
    texts = (node.text_content for node, entering in _walk(root) if entering and node.is_text_node)
    return sum(len((text or "").strip()) for text in texts)


def _walk(root: LexborNode, warnings: dict[str, None] | None = None) -> Iterator[tuple[LexborNode, bool]]:
    """Each node of the content, (node, entering), without recursion; what is left out is not entered."""
    stack: list[LexborNode] = []
    node: LexborNode | None = root
    while True:
        if node is None:
            if not stack:
                return
            node = stack.pop()
            yield node, False
            node = node.next if stack else None
        elif node.is_text_node:
            yield node, True
            node = node.next if stack else None
        elif not node.is_element_node or (stack and _left_out(node, stack, warnings)):
            node = node.next
        else:
            yield node, True
            stack.append(node)
            node = node.first_child


def _left_out(node: LexborNode, ancestors: list[LexborNode], warnings: dict[str, None] | None) -> bool:
    tag, attributes = node.tag or "", node.attributes
    reason = ""
    if tag in _FRAMES:
        reason = "the text of embedded frames and objects is left out"
    elif tag in _FURNITURE or (attributes.get("role") or "").lower() in _FURNITURE_ROLES:
        return True
    elif tag == "header":  # an article's header holds its title; a page's does not
        return not any(ancestor.tag in {"main", "article"} or ancestor.attributes.get("role") == "main"
                       for ancestor in ancestors)  # fmt: skip
    elif tag == "math":
        reason = "formulas are left out"
    elif tag in _STRUCK:
        reason = "struck-out text is left out"
    elif _hidden(node):
        reason = "hidden text is left out"
    if reason and warnings is not None and (tag in _FRAMES or node.text().strip()):
        warnings[reason] = None
    return bool(reason)


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))
        or not _HIDDEN_CLASSES.isdisjoint((attributes.get("class") or "").split())
        or (node.tag == "dialog" and "open" not in attributes)
    )


@dataclass
class _List:
    """A list being read; `style` is "" where numbers are layout."""

    style: str
    number: int
    step: int

    @classmethod
    def of(cls, node: LexborNode) -> _List:
        attributes = node.attributes
        if node.tag != "ol" or re.search(r"list-style[^;]*none", attributes.get("style") or ""):
            return cls("", 0, 1)
        kind, start = attributes.get("type") or "1", _integer(attributes.get("start"))
        reverse = "reversed" in attributes
        valued = any(_integer(child.attributes.get("value")) is not None for child in node.iter())
        meaningful = kind in set("aAiI") or (start or 1) != 1 or reverse or valued
        if start is None:
            start = sum(child.tag == "li" for child in node.iter()) if reverse else 1
        return cls(kind if meaningful else "", start, -1 if reverse else 1)

    def mark(self, item: LexborNode) -> str:
        """The next item's number as a browser shows it, if it means something."""
        value = _integer(item.attributes.get("value"))
        number = self.number if value is None else value
        self.number = number + self.step
        if not self.style:
            return ""
        if self.style in {"a", "A"} and number > 0:
            shown = letters(number)
        elif self.style in {"i", "I"} and 0 < number < 4000:
            shown = roman(number)
        else:
            shown = str(number)
        return f"{shown.upper() if self.style.isupper() else shown}."


def _integer(value: str | None) -> int | None:
    match = re.match(r"\s*([+-]?\d{1,9})", value or "")
    return int(match.group(1)) if match else None


def letters(number: int) -> str:
    """1 is a, 26 is z, 27 is aa."""
    shown = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        shown = chr(97 + rest) + shown
    return shown


def roman(number: int) -> str:
    """Lower-case Roman numerals, 1 to 3999."""
    shown = ""
    for value, numeral in ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
                           (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):  # fmt: skip
        times, number = divmod(number, value)
        shown += numeral * times
    return shown


class _Gathering:
    """Turns a walk over elements into blocks; a heading's level is that of its tag until `_with_title`."""

    def __init__(self, name: str) -> None:
        self.blocks: list[Block] = []
        self.warnings: dict[str, None] = {}
        self._name = name
        self._run: list[str] = []
        self._heading = 0
        self._lists: list[_List] = []
        self._item: str | None = None  # the mark of an item whose first block is still to come
        self._pre = 0
        self._raised: list[int] = []
        self._row: list[str] | None = None  # in a table that is read by rows: the row's cells so far
        self._tables: list[bool] = []  # whether each table that is open is read by rows

    def add(self, root: LexborNode) -> None:
        """Everything in `root`."""
        for node, entering in _walk(root, warnings=self.warnings):
            if node.is_text_node:
                self._run.append((node.text_content or "").translate(_SPACES))
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
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._heading = int(tag[1])
        elif tag in {"ol", "ul", "menu", "dir"}:
            self._lists.append(_List.of(node))
        elif tag == "li":
            self._item = self._lists[-1].mark(node) if self._lists else ""
        elif tag == "pre":
            self._pre += 1
        elif tag == "table":
            self._tables.append(_by_rows(node))
            if self._tables[-1]:
                self.warnings["a table is flattened to lines, a row a line: check what each line says"] = None
        elif tag == "tr" and self._tables and self._tables[-1]:
            self._row = []

    def _leave(self, node: LexborNode, tag: str) -> None:
        if tag == "sup" and self._raised:
            self._end_raised(node, self._raised.pop())
        elif tag in {"td", "th"} and self._row is not None:
            self._row.append(one_line("".join(self._run)))
            self._run.clear()
        elif tag == "tr" and self._row is not None:
            row, self._row = " | ".join(self._row).rstrip(" |"), None
            self._run.clear()
            if row:
                self._append(Block(text=display(row)))
        elif tag in _BLOCK:
            self._flush()
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
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
        if not re.fullmatch(r"[0-9+\-−]+", raised):
            return
        parent = node.parent
        linked = node.css_first("a[href*='#']") is not None or (
            parent is not None and parent.tag == "a" and "#" in (parent.attributes.get("href") or "")
        )
        note = linked or node.attributes.get("role") == "doc-noteref"
        self._run[start:] = [] if note else [raised.translate(SUPERSCRIPTS)]

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
        if len(run) > 10 * _LONGEST:  # too long to be cleaned
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
        if len(block.text) > _LONGEST:
            raise CorpusError(f"{self._name}: a paragraph of {len(block.text):,} characters, more than {_LONGEST:,} "
                              f"({block.text[:30]!r}…); part it into paragraphs")  # fmt: skip
        if "\ufffd" in block.text:
            at = block.text.index("\ufffd")
            around = block.text[max(at - 15, 0) : at + 15]
            raise CorpusError(f"{self._name}: a character was lost before the page was saved ({around!r}); "
                              "save it again from where it was published")  # fmt: skip
        if len(self.blocks) == _MOST_BLOCKS:
            raise CorpusError(f"{self._name}: has more than {_MOST_BLOCKS:,} paragraphs; save it in parts")
        self.blocks.append(block)


def _by_rows(table: LexborNode) -> bool:
    """Whether a table holds data; one that lays out a page (or has one column) is read as running text."""
    if (table.attributes.get("role") or "") in {"presentation", "none"}:
        return False
    if table.css_first("table table, h1, h2, h3, h4, h5, h6, p + p + p") is not None:
        return False
    cells = [[cell for cell in row.iter() if cell.tag in {"td", "th"}] for row in table.css("tr")]
    return any(len(row) > 1 for row in cells) and all(len(cell.text()) < 1000 for row in cells for cell in row)


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
