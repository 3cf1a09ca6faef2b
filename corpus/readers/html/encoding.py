"""The bytes of a web page as text: by its byte order mark, by what it says its encoding is, or else as UTF-8."""

from __future__ import annotations

import codecs
import re

import webencodings
from selectolax.lexbor import LexborHTMLParser

from corpus.errors import CorpusError

_LARGEST = 64_000_000  # bytes; saved pages carry their pictures
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


def decode(data: bytes, name: str) -> str:
    """The page as text, its line ends as line feeds.

    Raises CorpusError, in the name of the file, if the bytes are empty, too many or another kind of file's, do
    not decode as what the page says they are, or are no HTML. Encodings are read as browsers read them
    (https://encoding.spec.whatwg.org).
    """
    _refuse_other_kinds(data, name)
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
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        _refuse_no_page(text, name)
        return text
    at = failure.start if failure else 0
    raise CorpusError(f"{name}: {label}, but byte {at} (line {data[:at].count(10) + 1}) does not decode; "
                      "open it in a browser and save it again as UTF-8") from failure  # fmt: skip


def _refuse_other_kinds(data: bytes, name: str) -> None:
    if not data.strip():
        raise CorpusError(f"{name}: is empty")
    if len(data) > _LARGEST:
        raise CorpusError(f"{name}: has {len(data):,} bytes, more than {_LARGEST:,}; save it without its pictures")
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise CorpusError(f"{name}: is {what}, not a web page; give it its right ending or save it as HTML")


def _encoding(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """How the page says it is encoded, in words, and the Python codecs to try."""
    if data.startswith(codecs.BOM_UTF8):
        return "its byte order mark says UTF-8", ("utf-8-sig",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "its byte order mark says UTF-16", ("utf-16",)
    if data[:2] in {b"<\0", b"\0<"}:
        return "it looks like UTF-16", ("utf-16-le" if data[0] else "utf-16-be",)
    xml = _XML_ENCODING.match(data)
    declared = [xml.group(1).decode("latin-1")] if xml else []
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


def _refuse_no_page(text: str, name: str) -> None:
    if "\0" in text:
        raise CorpusError(f"{name}: holds NUL bytes (line {text[: text.index(chr(0))].count(chr(10)) + 1}): "
                          "is it really a web page? Save it again from a browser")  # fmt: skip
    if _SUBSET.match(text):
        raise CorpusError(f"{name}: its document type defines entities, which browsers do not know; "
                          "open it in a browser and save it again")  # fmt: skip
    if not re.search(r"<[a-zA-Z!]", text):
        raise CorpusError(f"{name}: holds no HTML; if it is plain text, give it the ending .txt")
