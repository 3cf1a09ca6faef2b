"""Greetings, thanks, and "what can you do?": what is no question about the documents."""

from __future__ import annotations

from functools import cache

from assistant.languages import SUPPORTED
from assistant.messages import smalltalk_phrases
from index.lexical import words

_LONGEST = 80


def is_smalltalk(question: str) -> bool:
    """Whether the question is made of nothing but known phrases of courtesy and calls for help."""
    return _phrases_of(question) is not None


def smalltalk_language(question: str, spoken: str, before: str | None) -> str:
    """The language to return a courtesy in: "謝謝" is Chinese, though nothing but the phrase tells.

    `spoken` is what the letters say, `before` what was spoken in the thread, or is set.
    """
    known = [set(_phrases()[phrase]) for phrase in _phrases_of(question) or ()]
    courteous = set.intersection(*known) if known else set()
    if before and (before in courteous or spoken not in courteous):
        return before
    return spoken if spoken in courteous else next(iter(sorted(courteous, key=SUPPORTED.index)), spoken)


def _phrases_of(question: str) -> list[str] | None:
    """The phrases that the question is made of; None if there is more to it."""
    rest, phrases = _letters(question), []
    if len(rest) > _LONGEST:
        return None
    while rest:
        phrase = next((p for p in _phrases() if rest.startswith(p)), None)
        if phrase is None:
            return None
        phrases.append(phrase)
        rest = rest[len(phrase) :]
    return phrases


def _letters(text: str) -> str:
    return "".join(words(text))


@cache
def _phrases() -> dict[str, list[str]]:
    """The languages of each phrase, the longest phrases first."""
    phrases: dict[str, list[str]] = {}
    for language in SUPPORTED:
        for phrase in smalltalk_phrases(language):
            phrases.setdefault(_letters(phrase), []).append(language)
    return dict(sorted(phrases.items(), key=lambda item: -len(item[0])))
