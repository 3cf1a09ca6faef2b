"""Personal details in a text that is about to become public: addresses, telephone numbers, names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from phonenumbers import PhoneNumberMatcher

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SHORTEST_NAME = 3


def personal_details(text: str, *, names: Iterable[str], public: str, country: str) -> list[str]:
    """E-mail addresses, telephone numbers (as written in `country`, ISO 3166, or with a "+") and `names` in `text`,
    but for what the `public` text has too."""
    numbers = [match.raw_string for match in PhoneNumberMatcher(text, country)]
    called = [name for name in names if len(name) >= _SHORTEST_NAME and name.casefold() in text.casefold()]
    found = dict.fromkeys([*_EMAIL.findall(text), *numbers, *called])
    return [detail for detail in found if detail not in public]
