"""What a reader needs to find a passage, and what a document is called, in the reader's language."""

from __future__ import annotations

import re

from assistant.messages import translation
from corpus.faq import FaqEntry
from corpus.models import Document, Kind, Passage

_BRACKETS = re.compile(r"^【(.+)】$")
_FOOTNOTE = re.compile(r"^※\s*(\d+)")


def passage_locator(passage: Passage, language: str) -> str:
    """For example "※3 シティネット（CityNet）", "body, paragraph 4", "p. 2, Article 4"."""
    _ = translation(language).gettext
    parts = [_("p. {page}").format(page=passage.page)] if passage.page is not None else []
    if passage.headings:
        parts.append(" › ".join(_tidy(heading) for heading in passage.headings))
    else:
        parts.append(_("body"))
    if not passage.alone:
        parts.append(_("paragraph {number}").format(number=passage.number))
    return _(", ").join(parts)


def entry_locator(entry: FaqEntry) -> str:
    return f"FAQ {entry.number}"


def source_name(document: Document, language: str) -> str:
    """The document's kind and issuer: "Press release, City of Yokohama"."""
    _ = translation(language).gettext
    names = {
        Kind.PRESS_RELEASE: _("Press release"),
        Kind.OPEN_LETTER: _("Open letter"),
        Kind.FRAMEWORK: _("Declaration framework"),
        Kind.FAQ: _("FAQ"),
        Kind.OTHER: document.title,
    }
    return _(", ").join(part for part in (names[document.kind], document.issuer_in(language)) if part)


def _tidy(heading: str) -> str:
    return _FOOTNOTE.sub(r"※\1", _BRACKETS.sub(r"\1", heading).strip())
