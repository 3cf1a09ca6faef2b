"""Asking: whether a text is a question."""

from __future__ import annotations

import re

from assistant.messages import asking_phrases
from assistant.pointing import has_phrase
from index.lexical import words

_MARK = re.compile(r"[？؟⁇]|\?(?![\w/=&%])")
"""A question mark, but not one within an address."""


def looks_like_question(text: str, language: str) -> bool:
    """Whether a text in `language` has a question mark, or words that ask."""
    if _MARK.search(text):
        return True
    found = words(text)
    return any(has_phrase(found, phrase) for phrase in asking_phrases(language))
