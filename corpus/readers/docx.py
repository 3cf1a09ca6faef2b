"""Word files, read from their parts (ECMA-376) with lxml.

python-docx is for writing: its paragraphs lack text in content controls and text boxes, tracked insertions,
footnotes and numbering, without a word about it.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from io import BytesIO

from lxml import etree

from corpus.clean import display
from corpus.errors import CorpusError
from corpus.models import Block, Content, Document
from corpus.readers.html import BREAK, SUPERSCRIPTS, letters, one_line, pieces, roman

_MOST_ENTRIES = 5_000
_LARGEST = 400_000_000  # bytes of all parts together, pictures among them
_LARGEST_PART = 40_000_000  # bytes of a part that is read; a thousand pages take about ten million
_MOST_TAGS = 3_000_000
_DENSEST = 250  # how many bytes one byte may inflate to, in a part of over a million
_DEEPEST = 60  # tables, text boxes and content controls in one another
_LONGEST = 100_000  # characters in one paragraph
_MOST_BLOCKS = 50_000

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "urn:schemas-microsoft-com:vml": "v",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
}

_TRACKED = "holds tracked changes: inserted text is kept, deleted text is left out"
_TABLE = "a table is flattened to lines, a row a line: check what each line says"
_HIDDEN = "hidden text is left out"
_STRUCK = "struck-out text is left out"
_CONTENTS = "the table of contents is left out"
_SYMBOLS = "characters of a symbol font are left out"
_MATH = "formulas are left out"
_DRAWN = "text in diagrams and charts is left out"
_EMBEDDED = "embedded files are left out"
_FIELD = "a field that shows nothing but what Word computes is left out"

_OFF = {"0", "false", "off"}
_HEADING_STYLE = re.compile(r"(?:heading|見出し|标题|標題|제목)\s*([1-9])", re.IGNORECASE)
_TITLE_STYLES = {"title", "表題", "标题", "標題", "제목"}
_CONTENTS_STYLE = re.compile(r"(?:toc|目次|table of figures)\s*\d*|index \d", re.IGNORECASE)
_ARTICLE = re.compile(r"第.{1,6}[条章節編款項]|(?:article|chapter|section|part)\b", re.IGNORECASE)
_EQ_RUBY = re.compile(r"\\s\s*\\up\s*-?\d+\s*\(.*?\)\s*[,;](.*)\)\s*$", re.DOTALL)  # how Word 97 wrote ruby
_NOTE_LEAD = re.compile(r"[※*＊注註(（\[［【]\s*$")


def read(data: bytes, document: Document) -> Content:
    """The blocks of a Word file (.docx, .docm, .dotx) as Word shows them, page furniture left out.

    A title is a paragraph of Word's Title style or, without one, the only first-level heading if the file
    starts with it. Numbers that Word draws before paragraphs are part of their text; the text of a footnote
    follows the paragraph that refers to it.

    Raises CorpusError if the file is no Word file, is damaged, protected, hostile, or has no text.
    """
    package = _Package(data, document.file)
    body = _Body(package)
    blocks = _with_title(body.blocks())
    if not any(block.level == 0 and not block.title for block in blocks):
        raise CorpusError(f"{document.file}: holds no text to quote; is it a scan or a picture? Bring the text itself")
    return Content(blocks=tuple(blocks), warnings=tuple(body.warnings))


def _with_title(blocks: list[Block]) -> list[Block]:
    if any(block.title for block in blocks) or not blocks or blocks[0].level != 1:
        return blocks
    if any(block.level == 1 for block in blocks[1:]):
        return blocks
    title = Block(text=blocks[0].text, title=True)
    return [title] + [b.model_copy(update={"level": b.level - 1}) if b.level else b for b in blocks[1:]]


def _name(element: etree._Element) -> str:
    """An element's name with the prefix that this module gives its namespace: "w:p"."""
    tag = element.tag
    return _prefixed(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1000)
def _prefixed(tag: str) -> str:
    namespace, _, local = tag[1:].rpartition("}")
    return f"{_PREFIXES.get(namespace, '?')}:{local}"


def _attribute(element: etree._Element | None, local: str) -> str | None:
    """An attribute by its name, whatever its namespace."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == local:
            return str(value)
    return None


def _child(element: etree._Element | None, *path: str) -> etree._Element | None:
    for name in path:
        element = next((child for child in element if _name(child) == name), None) if element is not None else None
    return element


def _value(element: etree._Element | None, *path: str) -> str | None:
    return _attribute(_child(element, *path), "val")


def _number(text: str | None, default: int = 0) -> int:
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,9}", text) else default


class _Package:
    """The zip and its parts; every part is checked before it is parsed, and nothing outside is fetched."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._zip = self._open(data)
        self._types = self._content_types()
        self.main = self._main_part()
        self.relations = self._relations(self.main)

    def refusal(self, reason: str) -> CorpusError:
        return CorpusError(f"{self.name}: {reason}")

    def _open(self, data: bytes) -> zipfile.ZipFile:
        if not data:
            raise self.refusal("is empty")
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            if "EncryptedPackage".encode("utf-16-le") in data:
                raise self.refusal("is protected by a password; open it in Word, remove the password, save it again")
            raise self.refusal("is an old Word file (.doc); open it in Word and save it as .docx")
        if not data.startswith(b"PK"):
            kinds = {b"%PDF": "a PDF", b"{\\rt": "an RTF file"}
            kind = kinds.get(data[:4], "something else" if b"<" not in data[:100] else "a web page or XML file")
            raise self.refusal(f"is no Word file but {kind}; give it its right ending or save it as .docx")
        if data.count(b"PK\x01\x02") > _MOST_ENTRIES:
            raise self.refusal(f"holds more than {_MOST_ENTRIES:,} files, unlike a Word file; save it again from Word")
        try:
            package = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, RecursionError) as error:
            raise self.refusal(f"is damaged or cut short ({error}); fetch or save it again") from error
        entries = package.infolist()
        names = [entry.filename for entry in entries]
        if len(names) > _MOST_ENTRIES or len({name.lower() for name in names}) < len(names):
            raise self.refusal("holds two files of one name, or too many; save it again from Word")
        for name in names:
            if name.startswith("/") or "\\" in name or ".." in name.split("/"):
                raise self.refusal(f"holds a file that points out of it ({name[:60]!r}); save it again from Word")
        if any(entry.flag_bits & 1 for entry in entries):
            raise self.refusal("is an encrypted zip; remove the password and save it again")
        if (total := sum(entry.file_size for entry in entries)) > _LARGEST:
            raise self.refusal(f"would unpack to {total:,} bytes, more than {_LARGEST:,}; save it without its pictures")
        return package

    def read(self, part: str) -> bytes:
        """A part's bytes, inflated no further than it may."""
        try:
            entry = self._zip.getinfo(part)
            most = _LARGEST_PART
            if entry.file_size > 1_000_000:
                most = min(most, max(entry.compress_size * _DENSEST, 1_000_000))
            with self._zip.open(entry) as stream:
                data = stream.read(most + 1)
                complete = len(data) > most or not stream.read(1)
        except KeyError as error:
            raise self.refusal(f"lacks its part {part!r}; open it in Word and save it again") from error
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError,
                ValueError) as error:  # fmt: skip
            raise self.refusal(f"is damaged in {part} ({error}); fetch or save it again") from error
        if len(data) > most or not complete:
            raise self.refusal(f"{part} unpacks to more than {most:,} bytes: is it a bomb? Save it in parts")
        return data

    def xml(self, part: str) -> etree._Element:
        """A part's root element. Parts are UTF-8 or UTF-16 (ECMA-376-2, 8.1.1) and have no DTD."""
        data = self.read(part)
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        try:
            text = data.decode("utf-16" if wide else "utf-8-sig")
        except UnicodeDecodeError as error:
            raise self.refusal(f"{part} is neither UTF-8 nor UTF-16; open it in Word and save it again") from error
        if re.search(r"<!(?:DOCTYPE|ENTITY)", text):
            raise self.refusal(f"{part} holds a document type definition, unlike a Word file; save it again from Word")
        if "\0" in text:
            raise self.refusal(f"{part} holds NUL bytes; open it in Word and save it again")
        if text.count("<") > _MOST_TAGS:
            raise self.refusal(f"{part} holds more than {_MOST_TAGS:,} tags; save it in parts")
        parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False,
                                 huge_tree=False, remove_comments=True, remove_pis=True)  # fmt: skip
        try:
            return etree.fromstring(text.encode(), parser)
        except etree.XMLSyntaxError as error:
            reason = error.msg or "broken"
            if "depth" in reason:
                raise self.refusal(f"{part} nests too deep ({reason}); open it in Word and save it again") from error
            if "huge" in reason or "too long" in reason.lower():
                raise self.refusal(f"a paragraph in {part} is too long; part it into paragraphs") from error
            raise self.refusal(f"{part} is no XML ({reason}); open it in Word and save it again") from error

    def optional(self, kind: str) -> etree._Element | None:
        """The root of the part that the main part calls its `kind`: "styles", "footnotes" …"""
        part = self.relations.get(kind)
        return self.xml(part) if part is not None and part in self._zip.namelist() else None

    def _content_types(self) -> dict[str, str]:
        if "[Content_Types].xml" not in self._zip.namelist():
            raise self.refusal("is a zip but no Word file; unpack it, or save the document as .docx")
        found: dict[str, str] = {}
        for entry in self.xml("[Content_Types].xml"):
            part = _attribute(entry, "PartName") or "*." + (_attribute(entry, "Extension") or "")
            found[part.lstrip("/").lower()] = _attribute(entry, "ContentType") or ""
        return found

    def _main_part(self) -> str:
        part = self._relations("").get("officeDocument", "")
        kind = self._types.get(part.lower()) or self._types.get(f"*.{part.lower().rpartition('.')[2]}", "")
        if "wordprocessingml" not in kind and "ms-word" not in kind:
            for word, what in (("spreadsheet", "an Excel file"), ("ms-excel", "an Excel file"),
                               ("presentation", "a PowerPoint file"), ("powerpoint", "a PowerPoint file")):  # fmt: skip
                if word in kind:
                    raise self.refusal(f"is {what}; save it as PDF or put its text into a Word file")
            raise self.refusal("is a zip but no Word file; save the document as .docx")
        return part

    def _relations(self, part: str) -> dict[str, str]:
        """The parts that `part` refers to by kind; those outside the file are not looked at."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, str] = {}
        if path in self._zip.namelist():
            for relation in self.xml(path):
                if _attribute(relation, "TargetMode") != "External":
                    kind = (_attribute(relation, "Type") or "").rpartition("/")[2]
                    target = posixpath.normpath(posixpath.join("/", folder, _attribute(relation, "Target") or ""))
                    found.setdefault(kind, target.lstrip("/"))
        return found


@dataclass
class _Style:
    name: str = ""
    level: int | None = None  # outline level, 0 for the first; 9 is running text
    numbering: tuple[int | None, int | None] = (None, None)  # numId, ilvl
    hidden: bool | None = None
    struck: bool | None = None


class _Styles:
    """Styles with what they inherit from those they are based on."""

    def __init__(self, root: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._resolved: dict[str, _Style] = {}
        self._default: dict[str, str] = {}
        for element in root if root is not None else ():
            if _name(element) == "w:style":
                identifier = _attribute(element, "styleId") or ""
                self._elements[identifier] = element
                if _attribute(element, "default") in {"1", "true", "on"}:
                    self._default[_attribute(element, "type") or ""] = identifier

    def paragraph(self, identifier: str | None) -> _Style:
        """A paragraph's style by its id, or the default one."""
        return self.get(identifier if identifier in self._elements else self._default.get("paragraph"))

    def get(self, identifier: str | None) -> _Style:
        """A style with all it inherits; a circle of styles ends where it closes."""
        if identifier is None or identifier not in self._elements:
            return _Style()
        if identifier not in self._resolved:
            chain: list[str] = []
            current: str | None = identifier
            while current is not None and current in self._elements and current not in chain and len(chain) < 50:
                chain.append(current)
                current = _value(self._elements[current], "w:basedOn")
            style = _Style()
            for step in reversed(chain):
                style = self._own(step, style)
            self._resolved[identifier] = style
        return self._resolved[identifier]

    def _own(self, identifier: str, base: _Style) -> _Style:
        element = self._elements[identifier]
        name = _value(element, "w:name") or ""
        properties, run = _child(element, "w:pPr"), _child(element, "w:rPr")
        level = _value(properties, "w:outlineLvl")
        numbering = _child(properties, "w:numPr")
        own_id, own_level = _value(numbering, "w:numId"), _value(numbering, "w:ilvl")
        heading = _HEADING_STYLE.fullmatch(name.strip())
        return _Style(
            name=name.strip(),
            level=_number(level) if level is not None else int(heading.group(1)) - 1 if heading else base.level,
            numbering=(_number(own_id) if own_id else base.numbering[0],
                       _number(own_level) if own_level else base.numbering[1]),
            hidden=base.hidden if (own := _toggle(run, "w:vanish")) is None else own,
            struck=base.struck if (own := _struck(run)) is None else own,
        )  # fmt: skip


def _toggle(run: etree._Element | None, name: str) -> bool | None:
    element = _child(run, name)
    return None if element is None else (_attribute(element, "val") or "1") not in _OFF


def _struck(run: etree._Element | None) -> bool | None:
    single, double = _toggle(run, "w:strike"), _toggle(run, "w:dstrike")
    return None if single is None and double is None else bool(single or double)


@dataclass
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False
    restart: int | None = None  # the level (from 1) that starts this one anew; 0: none does
    style: str | None = None


@dataclass
class _Scheme:
    """An abstract numbering and where its counters stand."""

    levels: dict[int, _Level]
    counters: dict[int, int] = field(default_factory=dict)
    started: set[int] = field(default_factory=set)  # numIds whose start overrides were applied


class _Numbering:
    """The numbers that Word draws before paragraphs (ECMA-376-1, 17.9)."""

    def __init__(self, root: etree._Element | None, warnings: dict[str, None]) -> None:
        self._warnings = warnings
        self._schemes: dict[str, _Scheme] = {}
        self._numbers: dict[int, tuple[_Scheme, dict[int, int], dict[int, _Level]]] = {}
        elements = list(root) if root is not None else []
        linked: dict[str, str] = {}
        by_style: dict[str, str] = {}
        for element in elements:
            if _name(element) == "w:abstractNum":
                identifier = _attribute(element, "abstractNumId") or ""
                levels = {_number(_attribute(child, "ilvl")): _level(child) for child in element
                          if _name(child) == "w:lvl"}  # fmt: skip
                self._schemes[identifier] = _Scheme(levels)
                if style := _value(element, "w:styleLink"):
                    by_style[style] = identifier
                if style := _value(element, "w:numStyleLink"):
                    linked[identifier] = style
        for identifier, style in linked.items():
            if style in by_style:
                self._schemes[identifier] = self._schemes[by_style[style]]
        for element in elements:
            scheme = self._schemes.get(_value(element, "w:abstractNumId") or "")
            if _name(element) == "w:num" and scheme is not None:
                starts, levels = {}, {}
                for override in element:
                    if _name(override) == "w:lvlOverride":
                        at = _number(_attribute(override, "ilvl"))
                        if (start := _value(override, "w:startOverride")) is not None:
                            starts[at] = _number(start, 1)
                        if (level := _child(override, "w:lvl")) is not None:
                            levels[at] = _level(level)
                self._numbers[_number(_attribute(element, "numId"))] = (scheme, starts, levels)

    def level_of(self, identifier: int, style: str | None) -> int:
        """The level that a numbering gives to a paragraph style, 0 without one."""
        scheme = self._numbers[identifier][0] if identifier in self._numbers else _Scheme({})
        return next((at for at, level in scheme.levels.items() if style and level.style == style), 0)

    def next(self, identifier: int, at: int) -> tuple[str, str] | None:
        """Counts a paragraph: (its number as Word shows it, what stands between it and the text).

        The number is "" for a bullet; None if the paragraph has no number at all.
        """
        if identifier not in self._numbers:
            return None
        scheme, starts, overrides = self._numbers[identifier]
        levels = {**scheme.levels, **overrides}
        levels |= {i: replace(levels[i], start=start) for i, start in starts.items() if i in levels}
        level = levels.get(at)
        if level is None:
            return None
        counters = scheme.counters
        if identifier not in scheme.started:
            scheme.started.add(identifier)
            for overridden in starts:
                counters.pop(overridden, None)
        counters[at] = counters.get(at, level.start - 1) + 1
        for deeper in [d for d in counters if d > at]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart > 0 and at < restart):
                del counters[deeper]
        if level.form == "bullet":
            return ("※" if level.text.strip() == "※" else ""), " "
        gap = "" if level.suffix == "nothing" else " "
        shown = re.sub(
            r"%([1-9])", lambda match: self._shown(levels, counters, int(match.group(1)) - 1, level), level.text
        )
        return (shown, gap) if shown.strip() else None

    def _shown(self, levels: dict[int, _Level], counters: dict[int, int], at: int, of: _Level) -> str:
        level = levels.get(at, _Level())
        number = counters.setdefault(at, level.start)
        form = (
            "decimal" if of.legal and level.form != "none" and not level.form.startswith("decimalZero") else level.form
        )
        shown = format_number(number, form)
        if shown is None:
            self._warnings[f"numbers of the form {form!r} are left out: check how Word shows them"] = None
        return shown or ""


def _level(element: etree._Element) -> _Level:
    restart = _value(element, "w:lvlRestart")
    form = _value(element, "w:numFmt")
    alternative = next((child for child in element if _name(child) == "mc:AlternateContent"), None)
    if alternative is not None:  # 001, 002, which Word 2007 did not know
        custom = _child(alternative, "mc:Choice", "w:numFmt")
        first = (_attribute(custom, "format") or "").partition(",")[0]
        form = f"decimalZero{len(first)}" if re.fullmatch("0+1", first) else _attribute(custom, "val")
    return _Level(
        start=_number(_value(element, "w:start"), 0),
        form=form or "decimal",
        text=_value(element, "w:lvlText") or "",
        suffix=_value(element, "w:suff") or "tab",
        legal=bool(_toggle(element, "w:isLgl")),
        restart=_number(restart) if restart is not None else None,
        style=_value(element, "w:pStyle"),
    )


_SEQUENCES = {
    "aiueo": "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ",
    "aiueoFullWidth": "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
    "iroha": "ｲﾛﾊﾆﾎﾍﾄﾁﾘﾇﾙｦﾜｶﾖﾀﾚｿﾂﾈﾅﾗﾑｳヰﾉｵｸﾔﾏｹﾌｺｴﾃｱｻｷﾕﾒﾐｼヱﾋﾓｾｽ",
    "irohaFullWidth": "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス",
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ganada": "가나다라마바사아자차카타파하",
    "chosung": "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
    "thaiLetters": "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
}
_DIGITS = {
    "decimalFullWidth": "０１２３４５６７８９",
    "decimalFullWidth2": "０１２３４５６７８９",
    "ideographDigital": "〇一二三四五六七八九",
    "japaneseDigitalTenThousand": "〇一二三四五六七八九",
    "taiwaneseDigital": "○一二三四五六七八九",
    "koreanDigital": "영일이삼사오육칠팔구",
    "thaiNumbers": "๐๑๒๓๔๕๖๗๘๙",
    "hindiNumbers": "०१२३४५६७८९",
}
_SAME = {"decimalEnclosedCircleChinese": "decimalEnclosedCircle", "chineseCountingThousand": "japaneseCounting",
         "chineseCounting": "japaneseCounting", "taiwaneseCounting": "japaneseCounting",
         "taiwaneseCountingThousand": "japaneseCounting", "decimalHalfWidth": "decimal"}  # fmt: skip


def format_number(number: int, form: str) -> str | None:
    """A number as Word draws it in one of its formats (ECMA-376-1, 17.18.59); None if this reader can't.

    Never wrong rather than always there: sequences end with their last character.
    """
    form = _SAME.get(form, form)
    if form == "none":
        return ""
    if form == "decimal":
        return str(number)
    if form.startswith("decimalZero"):  # with how many digits, two without it
        return f"{number:0{int(form[11:] or 2)}}"
    if form == "numberInDash":
        return f"- {number} -"
    if number < 1 or number > 3999:
        return None
    if form in {"lowerLetter", "upperLetter"}:  # after z comes aa, then bb
        shown = letters((number - 1) % 26 + 1) * ((number - 1) // 26 + 1)
        return shown if form == "lowerLetter" else shown.upper()
    if form in {"lowerRoman", "upperRoman"}:
        return roman(number) if form == "lowerRoman" else roman(number).upper()
    if form == "ordinal":
        ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{ending}"
    if form in _SEQUENCES:
        return _SEQUENCES[form][number - 1] if number <= len(_SEQUENCES[form]) else None
    if form in _DIGITS:
        return "".join(_DIGITS[form][int(digit)] for digit in str(number))
    if form == "japaneseCounting" and number < 100:
        tens, ones = divmod(number, 10)
        digits = " 一二三四五六七八九"
        return ((digits[tens] if tens > 1 else "") + ("十" if tens else "") + digits[ones]).strip()
    return None


@dataclass
class _Paragraph:
    """What was gathered in a paragraph: its text, and what follows it."""

    text: list[str] = field(default_factory=list)
    run: list[str] = field(default_factory=list)  # of the run that is being read
    notes: list[Block] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)


class _Body:
    """Walks the main part in reading order."""

    def __init__(self, package: _Package) -> None:
        self.warnings: dict[str, None] = {}
        self._package = package
        self._styles = _Styles(package.optional("styles"))
        self._numbering = _Numbering(package.optional("numbering"), self.warnings)
        self._notes = {kind: self._note_elements(kind) for kind in ("footnote", "endnote")}
        self._counts = {"footnote": 0, "endnote": 0}
        self._settings = package.optional("settings")
        self._root = package.xml(package.main)
        self._fields: list[list[str]] = []  # open fields: the instruction gathered, then "" once the result began
        self._carried: list[str] = []  # text of a paragraph whose end was deleted
        self._in_note = ""
        self._cells = 0  # how many tables read by rows are open
        self._late: list[Block] = []  # notes of the row that is being read
        self._note_settings: dict[str, tuple[str | None, str | None, str | None]] = {}

    def blocks(self) -> list[Block]:
        body = _child(self._root, "w:body")
        if body is None:
            raise self._package.refusal(f"{self._package.main} holds no body; open it in Word and save it again")
        found: list[Block] = []
        for block in self._container(body, 0):
            if len(found) == _MOST_BLOCKS:
                raise self._package.refusal(f"has more than {_MOST_BLOCKS:,} paragraphs; save it in parts")
            found.append(block)
        if self._in_instruction() or self._carried:
            raise self._package.refusal("holds a field or a tracked deletion that never ends, so that text is lost; "
                                        "open it in Word and save it again")  # fmt: skip
        return found

    def _in_instruction(self) -> bool:
        return any(field[0] != "shown" for field in self._fields)

    def _note_elements(self, kind: str) -> dict[str, etree._Element]:
        root = self._package.optional(f"{kind}s")
        return {_attribute(note, "id") or "": note for note in root if _attribute(note, "type") in {None, "normal"}
                } if root is not None else {}  # fmt: skip

    def _warn(self, warning: str) -> None:
        self.warnings[warning] = None

    def _container(self, element: etree._Element, depth: int) -> Iterator[Block]:
        """The blocks in a body, cell, text box or note."""
        if depth > _DEEPEST:
            raise self._package.refusal(f"tables or text boxes are nested more than {_DEEPEST} deep; save it as PDF")
        for child in element:
            name = _name(child)
            if name == "w:p":
                yield from self._paragraph(child, depth)
            elif name == "w:tbl":
                yield from self._table(child, depth)
            elif name == "w:sdt":
                if _child(child, "w:sdtPr", "w:docPartObj", "w:docPartGallery") is not None and "Table of Contents" in (
                    _value(child, "w:sdtPr", "w:docPartObj", "w:docPartGallery") or ""
                ):
                    self._warn(_CONTENTS)
                elif _child(child, "w:sdtPr", "w:showingPlcHdr") is None:
                    content = _child(child, "w:sdtContent")
                    if content is not None:
                        yield from self._container(content, depth + 1)
            elif name in {"w:del", "w:moveFrom"}:
                self._warn(_TRACKED)
            elif name in {"w:ins", "w:moveTo", "w:customXml", "w:smartTag", "mc:AlternateContent", "mc:Choice"}:
                if name in {"w:ins", "w:moveTo"}:
                    self._warn(_TRACKED)
                yield from self._container(self._choice(child), depth + 1)
            elif name == "w:altChunk":
                raise self._package.refusal("holds another file (altChunk) that only Word unpacks; "
                                            "open it in Word and save it again")  # fmt: skip
            elif name in {"m:oMathPara", "m:oMath"}:
                self._warn(_MATH)

    @staticmethod
    def _choice(element: etree._Element) -> etree._Element:
        """Of alternative contents the first, which is the newest."""
        if _name(element) != "mc:AlternateContent":
            return element
        first = next((child for child in element if _name(child) == "mc:Choice"), None)
        fallback = _child(element, "mc:Fallback")
        return first if first is not None else fallback if fallback is not None else element

    def _paragraph(self, element: etree._Element, depth: int) -> Iterator[Block]:
        properties = _child(element, "w:pPr")
        identifier = _value(properties, "w:pStyle")
        style = self._styles.paragraph(identifier)
        gathered = _Paragraph()
        self._runs(element, gathered, style, 0)
        mark = _child(properties, "w:rPr")
        if _child(mark, "w:ins") is not None or _child(mark, "w:moveTo") is not None:
            self._warn(_TRACKED)
        if _child(mark, "w:del") is not None or _child(mark, "w:moveFrom") is not None:
            self._warn(_TRACKED)
            self._carried += gathered.text
            gathered.text = []
        else:
            gathered.text = self._carried + gathered.text
            self._carried = []
            yield from self._own_blocks(gathered, properties, identifier, style)
        if self._cells:
            self._late += gathered.notes
        else:
            yield from gathered.notes
        for box in gathered.boxes:
            yield from self._container(box, depth + 1)

    def _own_blocks(self, gathered: _Paragraph, properties: etree._Element | None, identifier: str | None,
                    style: _Style) -> Iterator[Block]:  # fmt: skip
        run = "".join(gathered.text)
        if len(run) > _LONGEST:
            raise self._package.refusal(f"a paragraph of {len(run):,} characters, more than {_LONGEST:,} "
                                        f"({run[:30]!r}…); part it into paragraphs")  # fmt: skip
        number = self._number(properties, identifier, style)  # empty paragraphs count too
        if not run.strip():
            return
        if "\ufffd" in run:
            at = run.index("\ufffd")
            around = run[max(at - 15, 0) : at + 15]
            raise self._package.refusal(f"a character was lost before the file was saved ({around!r}); "
                                        "get the file from where it was written")  # fmt: skip
        if _CONTENTS_STYLE.fullmatch(style.name):
            self._warn(_CONTENTS)
            return
        prefix = display(number[0]) + number[1] if number and number[0] else ""
        title = style.name.lower() in _TITLE_STYLES
        own_level = _value(properties, "w:outlineLvl")
        level = _number(own_level) if own_level is not None else style.level
        if title or (level is not None and level < 9):
            if text := display(prefix + one_line(run)):
                yield Block(text=text, title=True) if title else Block(text=text, level=(level or 0) + 1)
            return
        item = number is not None and not _ARTICLE.match(prefix)
        for text, bullet in pieces(run):
            yield Block(text=prefix + text, item=item or bullet)
            prefix, item = "", False

    def _number(self, properties: etree._Element | None, identifier: str | None, style: _Style
                ) -> tuple[str, str] | None:  # fmt: skip
        own = _child(properties, "w:numPr")
        own_id, own_level = _value(own, "w:numId"), _value(own, "w:ilvl")
        number = _number(own_id) if own_id is not None else style.numbering[0]
        if not number:
            return None
        if own_level is not None:
            level = _number(own_level)
        elif own_id is None and style.numbering[1] is not None:
            level = style.numbering[1]
        else:
            level = self._numbering.level_of(number, identifier)
        return self._numbering.next(number, level)

    def _runs(self, element: etree._Element, gathered: _Paragraph, style: _Style, depth: int) -> None:
        """The text of what stands in a paragraph: runs, and what wraps runs."""
        if depth > _DEEPEST:
            raise self._package.refusal(f"runs are nested more than {_DEEPEST} deep; open it in Word and save it again")
        for child in element:
            name = _name(child)
            if name == "w:r":
                self._run(child, gathered, style, depth)
            elif name in {"w:del", "w:moveFrom"}:
                self._warn(_TRACKED)
            elif name in {"m:oMath", "m:oMathPara"}:
                self._warn(_MATH)
            elif name == "w:sdt":
                content = _child(child, "w:sdtContent")
                if content is not None and _child(child, "w:sdtPr", "w:showingPlcHdr") is None:
                    self._runs(content, gathered, style, depth + 1)
            elif name in {"w:ins", "w:moveTo", "w:hyperlink", "w:fldSimple", "w:smartTag", "w:customXml", "w:dir",
                          "w:bdo", "mc:AlternateContent"}:  # fmt: skip
                if name in {"w:ins", "w:moveTo"}:
                    self._warn(_TRACKED)
                self._runs(self._choice(child), gathered, style, depth + 1)

    def _run(self, element: etree._Element, gathered: _Paragraph, style: _Style, depth: int) -> None:
        properties = _child(element, "w:rPr")
        own = self._styles.get(_value(properties, "w:rStyle"))
        shown = True
        for warning, value in (
            (_HIDDEN, (_toggle(properties, "w:vanish"), own.hidden, style.hidden)),
            (_STRUCK, (_struck(properties), own.struck, style.struck)),
        ):
            if next((v for v in value if v is not None), False):
                shown = False
                if any(_name(child) == "w:t" and (child.text or "").strip() for child in element):
                    self._warn(warning)
        gathered.run = text = list[str]()
        before = len(gathered.boxes)
        for child in element:
            piece: list[str] = []
            self._piece(child, piece, gathered, style, depth)
            if not self._in_instruction():
                text += piece
        if not shown:
            del gathered.boxes[before:]
            return
        raised = "".join(text)
        superscript = _value(properties, "w:vertAlign") == "superscript"
        if superscript and re.fullmatch(r"[0-9+\-−]+", raised) and raised != self._in_note:
            text = [raised.translate(SUPERSCRIPTS)]
        gathered.text += text

    def _piece(self, child: etree._Element, text: list[str], gathered: _Paragraph, style: _Style, depth: int) -> None:
        """One thing in a run."""
        name = _name(child)
        if name == "w:t":
            content = child.text or ""
            kept = child.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
            text.append((content if kept else content.strip(" \t\r\n")).translate(_SPACES))
        elif name in {"w:tab", "w:ptab"}:
            text.append(" ")
        elif name in {"w:br", "w:cr"}:
            text.append(BREAK)
        elif name == "w:noBreakHyphen":
            text.append("-")
        elif name == "w:sym":
            found = re.fullmatch(r"[0-9A-Fa-f]{1,5}", _attribute(child, "char") or "")
            code = int(found.group(), 16) if found else 0
            if code < 32 or 0xD800 <= code < 0xF900:
                self._warn(_SYMBOLS)
            else:
                text.append(chr(code))
        elif name == "w:ruby":
            base, inner = _child(child, "w:rubyBase"), _Paragraph()
            if base is not None:
                self._runs(base, inner, style, depth + 1)
                text += inner.text
        elif name == "w:fldChar":
            self._field(_attribute(child, "fldCharType") or "", text)
        elif name == "w:instrText" and self._fields and self._fields[-1][0] != "shown":
            self._fields[-1].append(child.text or "")
        elif name in {"w:footnoteReference", "w:endnoteReference"}:
            self._reference(child, name[2:].removesuffix("Reference"), text, gathered)
        elif name in {"w:footnoteRef", "w:endnoteRef"}:
            text.append(self._in_note)
        elif name in {"w:drawing", "w:pict", "w:object", "mc:AlternateContent"}:
            self._drawn(self._choice(child), gathered)

    def _field(self, kind: str, text: list[str]) -> None:
        if kind == "begin":
            self._fields.append(["instruction"])
        elif kind == "separate" and self._fields:
            self._fields[-1] = ["shown"]
        elif kind == "end" and self._fields:
            state, *instruction = self._fields.pop()
            code = "".join(instruction).strip()
            if state != "shown" and code.upper().startswith("EQ"):
                if ruby := _EQ_RUBY.search(code):
                    text.append(ruby.group(1))
                else:
                    self._warn(_FIELD)
            elif state != "shown" and not code.upper().startswith(("XE", "TC", "TA", "RD", "BOOKMARK", "SET")):
                self._warn(_FIELD)

    def _drawn(self, element: etree._Element, gathered: _Paragraph) -> None:
        """Text boxes, in order; of each alternative one."""
        stack = [element]
        while stack:
            current = stack.pop()
            name = _name(current)
            if name == "w:txbxContent":
                gathered.boxes.append(current)
                continue
            if name == "a:graphicData" and (_attribute(current, "uri") or "").endswith(("/diagram", "/chart")):
                self._warn(_DRAWN)
            elif name == "w:object":
                self._warn(_EMBEDDED)
            stack.extend(reversed(self._choice(current)))

    def _reference(self, element: etree._Element, kind: str, text: list[str], gathered: _Paragraph) -> None:
        """Puts a note's text, with its mark, after the paragraph.

        In the sentence the mark stays where what belongs to it stands before it (※), and else goes: it is
        no word of the sentence.
        """
        note = self._notes[kind].get(_attribute(element, "id") or "")
        custom = (_attribute(element, "customMarkFollows") or "0") not in _OFF
        mark = "" if custom else self._mark(kind)
        if mark and _NOTE_LEAD.search("".join(gathered.text[-3:] + gathered.run)):
            text.append(mark)
        if note is None or self._in_note:
            return
        self._in_note = mark or " "
        fields, self._fields = self._fields, []
        carried, self._carried = self._carried, []
        cells, self._cells = self._cells, 0
        blocks = list(self._container(note, 1))
        self._fields, self._carried, self._cells, self._in_note = fields, carried, cells, ""
        gathered.notes += blocks

    def _mark(self, kind: str) -> str:
        """The next automatic number of a note."""
        if kind not in self._note_settings:
            document = _child(self._settings, f"w:{kind}Pr")
            sections = (_child(s, f"w:{kind}Pr") for s in self._root.iter() if _name(s) == "w:sectPr")
            section = next((properties for properties in sections if properties is not None), None)
            form, start, restart = (
                _value(section, name) or _value(document, name) for name in ("w:numFmt", "w:numStart", "w:numRestart")
            )
            self._note_settings[kind] = form, start, restart
        form, start, restart = self._note_settings[kind]
        if restart in {"eachPage", "eachSect"}:
            self._warn("notes are numbered anew on each page or in each section: their numbers are left out")
            return ""
        number = _number(start, 1) + self._counts[kind]
        self._counts[kind] += 1
        shown = format_number(number, form or ("decimal" if kind == "footnote" else "lowerRoman"))
        if shown is None:
            self._warn(f"numbers of the form {form!r} are left out: check how Word shows them")
        return shown or ""

    def _table(self, element: etree._Element, depth: int) -> Iterator[Block]:
        """Rows as lines; a table of one column is a box around text, and is read as text."""
        if depth > _DEEPEST:
            raise self._package.refusal(f"tables or text boxes are nested more than {_DEEPEST} deep; save it as PDF")
        rows = [list(self._inside(row, "w:tc")) for row in self._inside(element, "w:tr")]
        if all(len(row) < 2 for row in rows):
            for row in rows:
                for cell in row:
                    yield from self._container(cell, depth + 1)
            return
        self._warn(_TABLE)
        for row in rows:
            self._cells += 1
            cells = [" ".join(block.text for block in self._container(cell, depth + 1)) for cell in row]
            self._cells -= 1
            if line := display(" | ".join(cells).rstrip(" |")):
                yield Block(text=line)
            if not self._cells:
                yield from self._late
                self._late = []

    def _inside(self, element: etree._Element, wanted: str) -> Iterator[etree._Element]:
        """Rows of a table or cells of a row, through whatever wraps them, without those that were deleted."""
        stack = list(reversed(element))
        while stack:
            child = stack.pop()
            name = _name(child)
            if name == wanted:
                properties = _child(child, "w:trPr" if wanted == "w:tr" else "w:tcPr")
                if _child(properties, "w:del") is not None or _child(properties, "w:cellDel") is not None:
                    self._warn(_TRACKED)
                    continue
                yield child
            elif name in {"w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo"}:
                stack.extend(reversed(child))


_SPACES = str.maketrans({"\f": " ", "\v": " ", "\r": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
