"""The zip that a Word file is: every part is checked before it is parsed, and nothing outside is fetched."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from io import BytesIO

from lxml import etree

from corpus.errors import CorpusError
from corpus.readers.docx.elements import Element, attribute

_MOST_ENTRIES = 5_000
_LARGEST = 400_000_000  # bytes of all parts together, pictures among them
_LARGEST_PART = 40_000_000  # bytes of a part that is read; a thousand pages take about ten million
_MOST_TAGS = 3_000_000
_DENSEST = 250  # how many bytes one byte may inflate to, in a part of over a million


class Package:
    """A Word file's parts by name and by kind; `name` is the file's, for refusals, and `main` the main part's.

    Raises CorpusError, here and wherever a part is asked for, if the file is no Word file, or is damaged,
    protected or hostile.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._refuse_other_kinds(data)
        self._zip = self._open(data)
        self._types = self._content_types()
        self.main = self._main_part()
        self._kinds = self._relations(self.main)

    def refusal(self, reason: str) -> CorpusError:
        """The error that says why this file is refused, to be raised."""
        return CorpusError(f"{self.name}: {reason}")

    def xml(self, part: str) -> Element:
        """A part's root element. Parts are UTF-8 or UTF-16 (ECMA-376-2, 8.1.1) and have no DTD."""
        data = self._read(part)
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
            if reason == "unknown error":  # what lxml says where libxml2 got no memory
                raise self.refusal(f"{part} takes more memory than there is; save it in parts") from error
            if "depth" in reason:
                raise self.refusal(f"{part} nests too deep ({reason}); open it in Word and save it again") from error
            if "huge" in reason or "too long" in reason.lower():
                raise self.refusal(f"a paragraph in {part} is too long; part it into paragraphs") from error
            raise self.refusal(f"{part} is no XML ({reason}); open it in Word and save it again") from error

    def optional(self, kind: str) -> Element | None:
        """The root of the part that the main part calls its `kind`: "styles", "footnotes" …"""
        part = self._kinds.get(kind)
        return self.xml(part) if part is not None and part in self._zip.namelist() else None

    def _refuse_other_kinds(self, data: bytes) -> None:
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

    def _open(self, data: bytes) -> zipfile.ZipFile:
        if data.count(b"PK\x01\x02") > _MOST_ENTRIES:
            raise self.refusal(f"holds more than {_MOST_ENTRIES:,} files, unlike a Word file; save it again from Word")
        try:
            package = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, RecursionError) as error:
            raise self.refusal(f"is damaged or cut short ({error}); fetch or save it again") from error
        self._refuse_entries(package.infolist())
        return package

    def _refuse_entries(self, entries: list[zipfile.ZipInfo]) -> None:
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

    def _read(self, part: str) -> bytes:
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

    def _content_types(self) -> dict[str, str]:
        if "[Content_Types].xml" not in self._zip.namelist():
            raise self.refusal("is a zip but no Word file; unpack it, or save the document as .docx")
        found: dict[str, str] = {}
        for entry in self.xml("[Content_Types].xml"):
            part = attribute(entry, "PartName") or "*." + (attribute(entry, "Extension") or "")
            found[part.lstrip("/").lower()] = attribute(entry, "ContentType") or ""
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
                if attribute(relation, "TargetMode") != "External":
                    kind = (attribute(relation, "Type") or "").rpartition("/")[2]
                    target = posixpath.normpath(posixpath.join("/", folder, attribute(relation, "Target") or ""))
                    found.setdefault(kind, target.lstrip("/"))
        return found
