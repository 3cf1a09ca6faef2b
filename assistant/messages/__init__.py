"""Every sentence the desk says of its own, in the languages it speaks.

English stands in the code as gettext message ids; `<language>/LC_MESSAGES/desk.po` holds the
translations of what officials see, staff.po, in the languages that staff read, of what staff and admins see.
`make messages` extracts and compiles them.
"""

from __future__ import annotations

import gettext
import tomllib
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
DOMAIN, STAFF_DOMAIN = "desk", "staff"


@cache
def translation(language: str) -> gettext.NullTranslations:
    """The messages in `language`; English where it is not translated."""
    return gettext.translation(DOMAIN, _FOLDER, languages=[language.replace("-", "_")], fallback=True)


@cache
def staff_translation(language: str) -> gettext.NullTranslations:
    """What staff and admins see, in `language`; English where it is not translated."""
    return gettext.translation(STAFF_DOMAIN, _FOLDER, languages=[language.replace("-", "_")], fallback=True)


def smalltalk_phrases(kind: str, language: str) -> list[str]:
    """Phrases of a kind of smalltalk in `language`; each kind has a file of its name."""
    return _phrases(kind).get(language, [])


def pointing_phrases(language: str) -> list[str]:
    """Phrases of `language` that point back; those that do so at the beginning only end in "…"."""
    return _phrases("pointing").get(language, [])


def asking_phrases(language: str) -> list[str]:
    """Phrases of `language` that ask; those that do so at the beginning, or the end, only end, or begin, with "…"."""
    return _phrases("asking").get(language, [])


def introducing_phrases(language: str) -> list[str]:
    """Phrases of `language` with which askers speak of themselves; "…" as in `asking_phrases`."""
    return _phrases("introducing").get(language, [])


def closing_phrases(language: str) -> list[str]:
    """Phrases of `language` with which letters end; "…" as in `asking_phrases`."""
    return _phrases("closing").get(language, [])


def own_city(language: str) -> list[str]:
    """What officials call the city that they work for, in `language`."""
    return _phrases("own_city").get(language, [])


def declarations(language: str) -> list[str]:
    """What the Asian and the European declaration are called in `language`."""
    return _phrases("declarations").get(language, [])


def conjunctions(language: str) -> list[str]:
    """Words of `language` between two questions in one sentence."""
    return _phrases("conjunctions").get(language, [])


def telltales(language: str) -> list[str]:
    """Words that tell `language` from its neighbours; endings of words begin with "-"."""
    return _phrases("telltale").get(language, [])


def language_requests() -> dict[str, list[str]]:
    """By the language asked in, how people ask to be answered in the language "{}"."""
    return _override()["requests"]


def language_names() -> dict[str, list[str]]:
    """By language, names that people use for it."""
    return _override()["names"]


@cache
def _override() -> dict[str, dict[str, list[str]]]:
    content: dict[str, dict[str, list[str]]] = tomllib.loads((_FOLDER / "override.toml").read_text(encoding="utf-8"))
    return content


@cache
def _phrases(name: str) -> dict[str, list[str]]:
    content: dict[str, list[str]] = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return content
