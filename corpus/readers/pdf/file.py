"""A PDF file, opened: what pypdf can only read in part is refused."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError

from corpus.errors import CorpusError

_DAMAGE = re.compile(
    r"PdfReadError|decompressing|page tree entry|Skipping broken|Impossible to decode|cannot be decoded"
    r"|not defined|cyclic form"
)
# How pypdf names an object, with where it stands in memory; and what it says of one that contains itself.
_OBJECT = re.compile(r"IndirectObject\((\d+), \d+, \d+\)")
_LOOP = re.compile(r"self reference for object (\d+)")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def open_pdf(data: bytes, name: str) -> tuple[PdfReader, int]:
    """The file, opened, and how many pages it has.

    Raises CorpusError, in the name of the file, if it is no PDF, is damaged, needs a password or has no pages.
    """
    if b"%PDF-" not in data[:1024]:
        raise CorpusError(f"{name}: not a PDF (it does not begin with %PDF-); give it the ending that fits it")
    try:
        reader = PdfReader(BytesIO(data))
        opened = not reader.is_encrypted or bool(reader.decrypt(""))
    except DependencyError as error:
        raise CorpusError(
            f"{name}: encrypted, and the package cryptography is missing; install pypdf[crypto]"
        ) from error
    except Exception as error:
        raise CorpusError(f"{name}: damaged or cut short ({reason(error)}); fetch it again") from error
    if not opened:
        raise CorpusError(f"{name}: needs a password to open; save it without one")
    try:
        count = len(reader.pages)
    except Exception as error:
        raise CorpusError(f"{name}: its pages cannot be listed ({reason(error)}); fetch it again") from error
    if not count:
        raise CorpusError(f"{name}: has no pages; damaged or cut short: fetch it again")
    return reader, count


@contextmanager
def pypdf_log() -> Iterator[list[str]]:
    """What pypdf logs meanwhile, up to a thousand messages, kept off the terminal."""
    messages: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if len(messages) < 1000:
                messages.append(record.getMessage())

    logger, keeper = logging.getLogger("pypdf"), Keeper()
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(keeper)
    try:
        yield messages
    finally:
        logger.removeHandler(keeper)
        logger.propagate = propagate


def refuse_damage(log: list[str], where: str) -> None:
    """Raises CorpusError for what pypdf read in part: it leaves out what it cannot unpack, and only logs it."""
    if fault := next((message for message in log if _DAMAGE.search(message)), None):
        said = reason(ValueError(fault)).encode("ascii", "replace").decode()
        raise CorpusError(f"{where} is damaged ({said[:80]}); fetch it again")


def has_pictures(page: PageObject) -> bool:
    """Whether a page draws pictures, as a scan does."""
    try:
        objects: Any = page["/Resources"]
        objects = objects["/XObject"]
        return any(found.get_object().get("/Subtype") in {"/Image", "/Form"} for found in objects.values())
    except Exception:  # no such entry, or a broken one: the page shows no picture either
        return False


def reason(error: Exception) -> str:
    """The first line of what an error says, or its kind, for a refusal: the same on every run."""
    said = _OBJECT.sub(r"object \1", str(error).split("\n")[0])
    if loop := _LOOP.search(said):
        return f"object {loop[1]} refers to itself"
    return (_ADDRESS.sub("", said) or type(error).__name__)[:120]
