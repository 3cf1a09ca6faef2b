"""Whether the fonts of a page say which characters they draw."""

from __future__ import annotations

import re
import unicodedata

from corpus.errors import CorpusError
from corpus.readers.pdf.rows import Row

_GARBLED_SHARE = 0.01  # of a page's characters; a stray bullet from a symbol font stays below it
_ANEW = "save the document anew from its program, with embedded Unicode fonts"
_DOUBLE_TONES = re.compile(r"[\u0e48-\u0e4b]{2}")


def refuse_garbage(rows: list[Row], number: int, where: str, log: list[str], warnings: list[str]) -> None:
    """Looks at a page's fonts, at what pypdf logged of them, and at what came out; adds to `warnings`.

    Raises CorpusError, with `where` the page is, for text that the fonts do not let anybody read.
    """
    _refuse_fonts(rows, where, log)
    text = "".join("".join(row.text.split()) for row in rows)
    odd = [c for c in text if c == "\ufffd" or unicodedata.category(c) in {"Co", "Cc", "Cn", "Cs"}]
    if len(odd) > max(1, _GARBLED_SHARE * len(text)):
        share = f"{len(odd)} of its {len(text)} characters mean nothing (such as U+{ord(odd[0]):04X})"
        raise CorpusError(f"{where} is garbled: {share}; {_ANEW}")
    if odd:
        warnings.append(f"page {number} holds a character that means nothing: U+{ord(odd[0]):04X}")
    if found := _DOUBLE_TONES.search(text):
        torn = text[max(0, found.start() - 1) : found.end()]
        raise CorpusError(f"{where} is garbled: Thai marks stand where none can ({torn}); {_ANEW}")


def _refuse_fonts(rows: list[Row], where: str, log: list[str]) -> None:
    for message in log:
        if "Advanced encoding" in message:
            encoding = (re.search(r"/?([\w-]+) not implemented", message) or [message, message])[1]
            raise CorpusError(f"{where} uses a font with the encoding {encoding}, which cannot be read; {_ANEW}")
    fonts = {id(font): font for row in rows for font in row.fonts}
    for font in fonts.values():
        coded = (
            font.get("/Subtype") == "/Type0" and "/Encoding" in font and str(font["/Encoding"]).startswith("/Identity")
        )
        if coded and "/ToUnicode" not in font:
            base = str(font.get("/BaseFont")).lstrip("/")
            raise CorpusError(f"{where} uses the font {base}, which does not say which characters it draws; {_ANEW}")
