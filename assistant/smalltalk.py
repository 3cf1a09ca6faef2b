"""Greetings, thanks, and "what can you do?": what is no question about the documents."""

from __future__ import annotations

from functools import cache

from assistant.languages import SUPPORTED
from assistant.messages import smalltalk_phrases
from index.lexical import words

_LONGEST = 80


def is_smalltalk(question: str) -> bool:
    """Whether the question is made of nothing but known phrases of courtesy and calls for help."""
    rest = _letters(question)
    if not rest or len(rest) > _LONGEST:
        return not rest
    while rest:
        phrase = next((p for p in _phrases() if rest.startswith(p)), None)
        if phrase is None:
            return False
        rest = rest[len(phrase) :]
    return True


def _letters(text: str) -> str:
    return "".join(words(text))


@cache
def _phrases() -> tuple[str, ...]:
    """All phrases in all languages, longest first."""
    phrases = {_letters(phrase) for language in SUPPORTED for phrase in smalltalk_phrases(language)}
    return tuple(sorted(phrases, key=len, reverse=True))
