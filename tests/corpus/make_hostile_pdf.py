"""PDF files that are hostile or odd, put together by hand; make_hostile.py writes them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping

_WORDS = b"BT /F1 12 Tf 50 700 Td (Cities join the club.) Tj ET"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def deflated_zeros(megabytes: int) -> bytes:
    """A raw deflate stream of zeros, a thousandth as long, put together without inflating it."""
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = press.compress(bytes(1_000_000)) + press.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


def _bomb(megabytes: int) -> bytes:
    """Zeros, deflated twice: a millionth as long."""
    checksum = (megabytes * 1_000_000 % 65_521) << 16 | 1
    return zlib.compress(b"\x78\xda" + deflated_zeros(megabytes) + struct.pack(">I", checksum), 9)


def _file(objects: Mapping[int, bytes]) -> bytes:
    out, places = b"%PDF-1.7\n", dict[int, int]()
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, size = len(out), max(objects) + 1
    entries = (b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(size))
    return (out + b"xref\n0 %d\n" % size + b"".join(entries)
            + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start))  # fmt: skip


def _stream(data: bytes, entries: bytes = b"", length: bytes | None = None) -> bytes:
    return b"<</Length %s%s>>\nstream\n%s\nendstream" % (length or b"%d" % len(data), entries, data)


_TWICE = b"/Filter[/FlateDecode/FlateDecode]"


def _page(contents: bytes = b"4 0 R", resources: bytes = b"") -> bytes:
    return (b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %s/Resources<</Font<</F1 5 0 R>>%s>>>>"
            % (contents, resources))  # fmt: skip


def _one_page(changes: Mapping[int, bytes]) -> bytes:
    """A file of one page (3) with one line (4) in one font (5), with other objects in their place."""
    return _file({
        1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: _page(),
        4: _stream(_WORDS), 5: _FONT, **changes,
    })  # fmt: skip


def _object_stream_bomb() -> bytes:
    """The catalogue and the pages in an object stream of 1.1 GB, found through a cross-reference stream."""
    out = b"%PDF-1.7\n"
    objects, references = len(out), 0
    out += b"4 0 obj\n%s\nendobj\n" % _stream(_bomb(1100), b"/Type/ObjStm/N 2/First 10" + _TWICE)
    references = len(out)
    rows = [(0, 0, 255), (2, 4, 0), (2, 4, 1), (1, references, 0), (1, objects, 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    out += b"3 0 obj\n%s\nendobj\n" % _stream(table, b"/Type/XRef/W[1 4 1]/Size 5/Root 1 0 R")
    return out + b"startxref\n%d\n%%%%EOF\n" % references


def _many_bombs() -> bytes:
    """A page of forty streams, each of which is just small enough."""
    numbers = range(6, 46)
    page = _page(b"[" + b" ".join(b"%d 0 R" % n for n in numbers) + b"]")
    return _one_page({3: page, **{n: _stream(_bomb(70), _TWICE) for n in numbers}})


def _form(content: bytes, other: int) -> bytes:
    resources = b"<</Font<</F1 5 0 R>>/XObject<</X %d 0 R>>>>" % other
    return _stream(content, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources" + resources)


def _deep_tree() -> bytes:
    nodes = {6 + n: b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (7 + n if n < 4999 else 3) for n in range(5000)}
    return _one_page({1: b"<</Type/Catalog/Pages 6 0 R>>", **nodes})


def _letter_bomb() -> bytes:
    """A font whose table says what four thousand million codes mean."""
    table = (b"begincmap 1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange "
             b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange endcmap")  # fmt: skip
    return _one_page({5: _FONT[:-2] + b"/ToUnicode 6 0 R>>", 6: _stream(table)})


HOSTILE_PDF: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "png": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(2000), "not a PDF"),
    "page": (lambda: b"<!doctype html><p>The text.</p>", "not a PDF"),
    "pages-in-themselves": (lambda: _one_page({2: b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>"}), "cyclic page"),
    "pages-too-deep": (_deep_tree, "pages cannot be listed"),
    "pages-that-are-none": (lambda: _one_page({2: b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"}), None),
    "object-in-itself": (lambda: _one_page({4: _stream(_WORDS, length=b"4 0 R")}), "object 4 refers to itself"),
    "too-short": (lambda: _one_page({4: _stream(_WORDS, length=b"7")}), None),
    "too-long": (lambda: _one_page({4: _stream(_WORDS, length=b"999999")}), None),
    "bomb": (lambda: _one_page({4: _stream(_bomb(1100), _TWICE)}), "page 1 cannot be read"),
    "bomb-of-objects": (_object_stream_bomb, "pages cannot be listed"),
    "many-bombs": (_many_bombs, "page 1 cannot be read"),
    "letter-bomb": (_letter_bomb, "page 1 cannot be read"),
    "deep-arrays": (lambda: _one_page({4: _stream(b"[" * 200_000)}), "page 1 cannot be read"),
    "form-in-itself": (lambda: _one_page({3: _page(resources=b"/XObject<</X 6 0 R>>"), 4: _stream(b"/X Do " + _WORDS),
                                          6: _form(b"/X Do", 6)}), "page 1 is damaged"),
}  # fmt: skip
"""By name: what makes it, and a part of the reason it is refused for; None if its text comes out."""
