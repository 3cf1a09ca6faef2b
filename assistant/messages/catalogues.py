"""Extract, merge and compile the interface's sentences: `python -m assistant.messages.catalogues`."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from assistant.languages import FALLBACK, SUPPORTED
from assistant.messages import DOMAIN

_CODE = Path(__file__).parents[1]
_HEADER: dict[str, Any] = {
    "project": "declaration-desk",
    "header_comment": "# The sentences of Declaration Desk.",
    "fuzzy": False,
}


def extracted() -> Catalog:
    """Every sentence marked for translation in the code."""
    catalog = Catalog(project="declaration-desk", charset="utf-8")
    for name, line, message, comments, _ in extract_from_dir(_CODE, method_map=[("**.py", "python")]):
        catalog.add(message, locations=[(name, line)], auto_comments=comments)
    return catalog


def po_path(language: str) -> Path:
    return Path(__file__).parent / language.replace("-", "_") / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """A language's translations; an empty catalogue where there are none yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language.replace("-", "_"), domain=DOMAIN, **_HEADER)
    with path.open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"), domain=DOMAIN)


def compiled(catalog: Catalog) -> bytes:
    """The catalogue in the form that gettext reads."""
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """Sentences without a translation, or whose translation is of an earlier wording."""
    return [str(message.id) for message in catalog if message.id and (not message.string or message.fuzzy)]


def main() -> int:
    """Bring every catalogue up to the code; returns 1 if a sentence is left untranslated."""
    template, missing = extracted(), 0
    for language in SUPPORTED:
        if language == FALLBACK:
            continue
        catalog = read(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, omit_header=False, width=0, no_location=True, sort_output=True)
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        for sentence in untranslated(catalog):
            missing += 1
            sys.stderr.write(f"{language}: not translated: {sentence}\n")
    return min(missing, 1)


if __name__ == "__main__":
    sys.exit(main())
