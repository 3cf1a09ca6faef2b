"""Personal details in a text that is about to become public: addresses, telephone numbers, names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from phonenumbers import PhoneNumberMatcher

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_LATIN = "A-Za-zÀ-ɏḀ-ỿ"
_BETWEEN_PARTS = re.compile(r"[\s._,/()・（）-]+")
_SHORTEST_LATIN, _SHORTEST = 3, 2


def personal_details(text: str, *, names: Iterable[str], public: str, country: str) -> list[str]:
    """E-mail addresses, telephone numbers (as written in `country`, ISO 3166, or with a "+") and `names`, whole or in
    part, in `text`, but for what the `public` text has too."""
    numbers = [match.raw_string for match in PhoneNumberMatcher(text, country)]
    called = [part for name in names for part in _called(name, text)]
    found = dict.fromkeys([*_EMAIL.findall(text), *numbers, *called])
    return [detail for detail in found if detail not in public]


def _called(name: str, text: str) -> Iterator[str]:
    """The name if it is in `text`, or else its parts that are: few are addressed by all of them."""
    if _is_in(name, text):
        yield name
    else:
        yield from (part for part in _BETWEEN_PARTS.split(name) if _is_in(part, text))


def _is_in(name: str, text: str) -> bool:
    """Whether `text` has a name, which is no mere part of another word where words have letters in common."""
    is_latin = bool(re.match(f"[{_LATIN}]", name))
    if len(name) < (_SHORTEST_LATIN if is_latin else _SHORTEST):
        return False
    edge = (f"(?<![{_LATIN}])", f"(?![{_LATIN}])") if is_latin else ("", "")
    return re.search(re.escape(name).join(edge), text, re.IGNORECASE) is not None
