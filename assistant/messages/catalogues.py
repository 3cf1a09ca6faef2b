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
from assistant.messages import DOMAIN, STAFF_DOMAIN

_CODE = Path(__file__).parents[1]
_HEADER: dict[str, Any] = {
    "project": "declaration-desk",
    "header_comment": "# The sentences of Declaration Desk.",
    "fuzzy": False,
}


_OF_STAFF = ("slack/staff/**.py", "report.py")
"""Where sentences stand that staff and admins see."""
LANGUAGES = {
    DOMAIN: tuple(language for language in SUPPORTED if language != FALLBACK),
    STAFF_DOMAIN: ("ja",),
}
"""Into which languages the sentences of each domain are translated."""


def extracted(domain: str) -> Catalog:
    """Every sentence of a domain that is marked for translation in the code."""
    catalog = Catalog(project="declaration-desk", charset="utf-8")
    theirs, others = ("python", "ignore") if domain == STAFF_DOMAIN else ("ignore", "python")
    method_map = [*((pattern, theirs) for pattern in _OF_STAFF), ("**.py", others)]
    for name, line, message, comments, _ in extract_from_dir(_CODE, method_map=method_map):
        catalog.add(message, locations=[(name, line)], auto_comments=comments)
    return catalog


def po_path(language: str, domain: str) -> Path:
    return Path(__file__).parent / language.replace("-", "_") / "LC_MESSAGES" / f"{domain}.po"


def read(language: str, domain: str) -> Catalog:
    """A language's translations; an empty catalogue where there are none yet."""
    path = po_path(language, domain)
    if not path.exists():
        return Catalog(locale=language.replace("-", "_"), domain=domain, **_HEADER)
    with path.open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"), domain=domain)


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
    missing = 0
    for domain, languages in LANGUAGES.items():
        template = extracted(domain)
        for language in languages:
            for sentence in _bring_up_to(template, language, domain):
                missing += 1
                sys.stderr.write(f"{language} {domain}: not translated: {sentence}\n")
    return min(missing, 1)


def _bring_up_to(template: Catalog, language: str, domain: str) -> list[str]:
    """Merge a language's catalogue with the code's sentences and compile it; returns what is not translated."""
    catalog = read(language, domain)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path = po_path(language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, omit_header=False, width=0, no_location=True, sort_output=True)
    path.with_suffix(".mo").write_bytes(compiled(catalog))
    return untranslated(catalog)


if __name__ == "__main__":
    sys.exit(main())
