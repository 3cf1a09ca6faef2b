"""Files of every format that are hostile or odd: `python -m tests.corpus.make_hostile [FOLDER]` writes them all.

Nothing here is committed as a file: some are large, and virus scanners dislike bombs.
"""

from __future__ import annotations

import struct
import sys
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

from tests.corpus.make_hostile_pdf import HOSTILE_PDF, deflated_zeros

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{_OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_FORMATS = "application/vnd.openxmlformats-officedocument"
_WORD = f"{_FORMATS}.wordprocessingml.document.main+xml"
PARTS = {"styles": "styles.xml", "numbering": "numbering.xml", "footnotes": "footnotes.xml", "endnotes": "endnotes.xml",
         "settings": "settings.xml"}  # fmt: skip
DAY = (2026, 1, 1, 0, 0, 0)


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph with one run; `properties` is what stands in its w:pPr."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def word(body: str, *, prolog: str = "", extra: Mapping[str, str | bytes] | None = None, main: str = _WORD,
         encoding: str = "utf-8", **parts: str) -> bytes:  # fmt: skip
    """A Word file from the XML in its w:body and in its other parts (styles=…, footnotes=… without their root)."""
    relations = "".join(f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{PARTS[kind]}"/>' for kind in parts)
    package = "http://schemas.openxmlformats.org/package/2006"
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="x"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        "word/document.xml": (f'<?xml version="1.0" encoding="{encoding}"?>{prolog}<w:document {_NAMESPACES}><w:body>'
                              f"{body}</w:body></w:document>").encode(encoding),
        **{f"word/{PARTS[kind]}": f"<w:{kind} {_NAMESPACES}>{content}</w:{kind}>" for kind, content in parts.items()},
        **(extra or {}),
    }  # fmt: skip
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package_file:
        for name, content in files.items():
            package_file.writestr(zipfile.ZipInfo(name, DAY), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _laughs(tag: str) -> str:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return f'<!DOCTYPE {tag} [<!ENTITY l0 "lol">{entities}]>'


def _false_size() -> bytes:
    """A part that unpacks to more than the zip says."""
    data = word(paragraph("x" * 3_000_000))
    at = data.index(b"PK\x01\x02", data.rindex(b"word/document.xml") - 60)
    return data[: at + 24] + struct.pack("<I", 1000) + data[at + 28 :]


def _bomb() -> bytes:
    """A main part of 1.1 GB, which took no time to make: stored as it is deflated, then said to be deflated."""
    name, packed = b"word/document.xml", deflated_zeros(1100)
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(word(""))) as whole, zipfile.ZipFile(stream, "w") as bomb:
        for entry in whole.namelist():
            bomb.writestr(zipfile.ZipInfo(entry, DAY), packed if entry == name.decode() else whole.read(entry))
    data = bytearray(stream.getvalue())
    for at in (data.index(name) - 30 + 8, data.rindex(name) - 46 + 10):  # the method's place in either header
        data[at : at + 2] = struct.pack("<H", zipfile.ZIP_DEFLATED)
        data[at + 14 : at + 18] = struct.pack("<I", 1_100_000_000)
    return bytes(data)


def _many_entries() -> bytes:
    return word(paragraph("x"), extra={f"word/media/{i}.png": b"" for i in range(6_000)})


def _protected() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def _circle() -> bytes:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:name w:val="{one}"/><w:basedOn w:val="{other}"/></w:style>'
        for one, other in (("A", "B"), ("B", "C"), ("C", "A"))
    )
    return word(paragraph("Styles in a circle.", '<w:pStyle w:val="A"/>'), styles=styles)


def _nested_tables() -> bytes:
    opened = "<w:tbl><w:tr><w:tc>" * 70
    return word(opened + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 70)


def _note_in_itself() -> bytes:
    reference = '<w:p><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>A note.</w:t></w:r></w:p>'
    return word(reference, footnotes=f'<w:footnote w:id="2">{reference}</w:footnote>')


HOSTILE_WORD: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "empty": (lambda: b"", "is empty"),
    "text": (lambda: b"just words", "is no Word file"),
    "pdf": (lambda: b"%PDF-1.7\n", "but a PDF"),
    "old-doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Word file"),
    "password": (_protected, "protected by a password"),
    "truncated": (lambda: word(paragraph("x"))[:400], "damaged or cut short"),
    "flipped": (lambda: (lambda d: d[:700] + bytes([d[700] ^ 255]) + d[701:])(word(paragraph("x"))), "damaged"),
    "no-word": (lambda: word("", main="text/plain"), "no Word file"),
    "excel": (lambda: word("", main=f"{_FORMATS}.spreadsheetml.sheet.main+xml"), "Excel"),
    "blank": (lambda: word("<w:p/>"), "holds no text"),
    "no-body": (lambda: word("", extra={"word/document.xml": f'<w:document xmlns:w="{W}"/>'}), "no body"),
    "bomb": (_bomb, "would unpack to"),
    "small-bomb": (lambda: word("<!--" + "x" * 30_000_000 + "-->"), "bomb"),
    "false-size": (_false_size, "damaged"),
    "many-files": (_many_entries, "more than 5,000 files"),
    "outside": (lambda: word(paragraph("x"), extra={"../../etc/passwd": "x"}), "points out of it"),
    "twice": (lambda: word(paragraph("x"), extra={"word/DOCUMENT.xml": "x"}), "two files of one name"),
    "laughs": (lambda: word(paragraph("&l9;"), prolog=_laughs("w:document")), "document type definition"),
    "laughs-utf-16": (lambda: word(paragraph("&l9;"), prolog=_laughs("w:document"), encoding="utf-16"),
                      "document type definition"),
    "external-entity": (lambda: word(paragraph("&x;"), prolog='<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
                        "document type definition"),
    "shift-jis-part": (lambda: word(paragraph("市長です。"), encoding="shift_jis"), "neither UTF-8 nor UTF-16"),
    "deep": (lambda: word("<w:sdt>" * 50_000 + "</w:sdt>" * 50_000), "nests too deep"),
    "deep-tables": (_nested_tables, "nested more than"),
    "deep-runs": (lambda: word("<w:p>" + "<w:smartTag>" * 100 + "</w:smartTag>" * 100 + "</w:p>"), "nested more than"),
    "long": (lambda: word(paragraph("".join(map(chr, range(0x4E00, 0x9F00))) * 500)), "too long|bomb"),
    "many-tags": (lambda: word("<w:p/>" * 3_100_000), "tags|bomb"),
    "nul": (lambda: word(paragraph("a\0b")), "NUL"),
    "not-xml": (lambda: word("<w:p>"), "no XML"),
    "lost": (lambda: word(paragraph("a\ufffdb")), "a character was lost"),
    "alt-chunk": (lambda: word(paragraph("x") + '<w:altChunk r:id="a"/>'), "altChunk"),
    "endless-field": (lambda: word('<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>' + paragraph("lost")),
                      "never ends"),
    "circle": (_circle, None),
    "note-in-itself": (_note_in_itself, None),
}  # fmt: skip
"""By name: what makes it, and a part of the reason it is refused for; None if its text comes out."""


HOSTILE_HTML: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "empty": (lambda: b" \n", "is empty"),
    "pdf": (lambda: b"%PDF-1.7\n", "is a PDF"),
    "word": (lambda: word(paragraph("x")), "zip or Word file"),
    "mhtml": (lambda: b"From: <Saved by Blink>\nMIME-Version: 1.0\n", "MHTML"),
    "text": (lambda: b"just words", "holds no HTML"),
    "not-utf-8": (lambda: "<p>市長です。".encode("cp932"), "does not decode"),
    "not-what-it-says": (lambda: b"<meta charset=euc-jp>\n" + "<p>市長です。".encode("cp932"), "line 2"),
    "utf-7": (lambda: b"<meta charset=utf-7><p>+ZeVnLDBn", "browsers do not know"),
    "codec-of-python": (lambda: b"<meta charset=rot13><p>x", "browsers do not know"),
    "nul": (lambda: b"<p>a\0b</p>", "NUL"),
    "nul-reference": (lambda: b"<p>a&#0;b</p>", "a character was lost"),
    "surrogate-reference": (lambda: b"<p>a&#xD800;b</p>", "a character was lost"),
    "script-only": (lambda: b"<div id=root></div><script>document.write('x')</script>", "need JavaScript"),
    "loading": (lambda: b"<div id=root>Loading...</div><script src=app.js></script>", "need JavaScript"),
    "furniture-only": (lambda: b"<nav>x</nav><footer>y</footer>", "no text"),
    "frames": (lambda: b"<frameset><frame src=a.html></frameset>", "frames"),
    "deep": (lambda: b"<div>" * 100_000, "too deep"),
    "deep-unknown": (lambda: b"<x-y>" * 100_000, "too deep"),
    "deep-drawing": (lambda: b"<svg>" + b"<g>" * 100_000, "too deep"),
    "styled": (lambda: b"".join(b"<p><b id=%d>" % i for i in range(100_000)), "too deep"),
    "long": (lambda: b"<p>" + "市長".encode() * 5_000_000, "part it into paragraphs"),
    "many": (lambda: b"<p>x" * 200_000, "more than 50,000 paragraphs"),
    "many-tags": (lambda: b"<br>" * 1_100_000, "more than 1,000,000 tags"),
    "large": (lambda: b"<p>" + b"x" * 64_000_000, "more than 64,000,000"),
    "laughs": (lambda: f"{_laughs('html')}<p>The text &l9; stays.".encode(), "defines entities"),
    "external-entity": (lambda: b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;', "defines entities"),
    "unclosed-comments": (lambda: b"<p>The text stays." + b"<!--" * 200_000, None),
    "closing-tags": (lambda: b"<p>The text stays." + b"</b>" * 200_000, None),
    "many-attributes": (lambda: b"<p " + b" ".join(b"a%d=1" % i for i in range(20_000)) + b">The text stays.", None),
    "hidden-only": (lambda: b"<p hidden>x</p><div style='display:none'>y</div><script>z</script>", "need JavaScript"),
    "shift-jis": (lambda: b"<meta charset=shift_jis><p>" + "この文は残る（stays.）。".encode("cp932"), None),
    "euc-jp": (lambda: b"<meta charset=euc-jp><p>" + "この文は残る（stays.）。".encode("euc_jp"), None),
    "euc-jp-undeclared": (lambda: "<p>市長です。".encode("euc_jp"), "does not say its encoding"),
    "utf-16": (lambda: "<p>この文は残る（stays.）。".encode("utf-16"), None),
    "utf-16-undeclared": (lambda: "<p>この文は残る（stays.）。".encode("utf-16-le"), None),
    "pictures-of-20-mb": (lambda: b"<p>The text stays.<img src='data:image/png;base64," + b"A" * 20_000_000 + b"'>",
                          None),
}  # fmt: skip


HOSTILE_TEXT: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "binary.txt": (lambda: bytes(range(256)) * 40, "not UTF-8"),
    "nul.txt": (lambda: b"Title\n\nThe text\0 stays.", "NUL bytes (line 3)"),
    "shift-jis.txt": (lambda: "題\n\n市長です。".encode("cp932"), "not UTF-8"),
    "utf-16.txt": (lambda: "Title\n\nThe text.".encode("utf-16"), "not UTF-8"),
    "lost.txt": (lambda: "Title\n\nThe te\ufffdt.".encode(), "a character was lost"),
    "long.txt": (lambda: b"Title\n\n" + b"text " * 100_000, "part it into paragraphs"),
    "large.txt": (lambda: b"Title\n\n" + b"A line.\n" * 2_000_000, "save it in parts"),
    "stars.txt": (lambda: b"Title\n\n" + b"**a " * 500_000, "part it into paragraphs"),
    "brackets.md": (lambda: b"# Title\n\n" + b"![" * 3_000 + b" The text stays.", None),
    "quotations.md": (lambda: b"# Title\n\n" + b"> " * 90 + b"stays.\n" * 1_500, None),
}
"""By file name: as above."""


def main(folder: Path) -> None:
    """Writes every file into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for ending, files in ((".docx", HOSTILE_WORD), (".html", HOSTILE_HTML), (".pdf", HOSTILE_PDF), ("", HOSTILE_TEXT)):
        for name, (make, _) in files.items():
            (folder / f"{name}{ending}").write_bytes(make())


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "var/hostile"))
