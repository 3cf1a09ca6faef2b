"""Greetings, thanks, "what can you do?", "can I speak to someone?": what is no question about the documents."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from assistant.languages import SUPPORTED
from assistant.messages import smalltalk_phrases
from index.lexical import words

_LONGEST = 80


class Smalltalk(StrEnum):
    """What a message of nothing but known phrases is; by this name, its phrases stand in the messages' folder."""

    GREETING = "smalltalk"
    """A greeting, a call for help, or nothing in words."""
    THANKS = "thanks"
    PERSON = "person"
    """A person is asked for, however politely."""


def smalltalk(question: str) -> Smalltalk | None:
    """Which smalltalk the question is; None if there is more to it than known phrases."""
    phrases = _phrases_of(question)
    if phrases is None:
        return None
    kinds = {_phrases()[phrase][0] for phrase in phrases}
    if Smalltalk.PERSON in kinds:
        return Smalltalk.PERSON
    return Smalltalk.THANKS if kinds == {Smalltalk.THANKS} else Smalltalk.GREETING


def smalltalk_language(question: str, spoken: str, before: str | None) -> str:
    """The language to return smalltalk in: "謝謝" is Chinese, though nothing but the phrase tells.

    `spoken` is what the letters say, `before` what was spoken in the thread, or is set.
    """
    known = [set(_phrases()[phrase][1]) for phrase in _phrases_of(question) or ()]
    courteous = set.intersection(*known) if known else set()
    if before and (before in courteous or spoken not in courteous):
        return before
    return spoken if spoken in courteous else next(iter(sorted(courteous, key=SUPPORTED.index)), spoken)


def _phrases_of(question: str) -> list[str] | None:
    """The phrases that the question is made of; None if there is more to it."""
    text = _letters(question)
    if len(text) > _LONGEST:
        return None
    upto: dict[int, list[str]] = {0: []}
    """The phrases that the text is made of up to a place; where there are two ways, the longer ones come first."""
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1) if start in upto else ():
            if (phrase := text[start:end]) in _phrases():
                upto[end] = [*upto[start], phrase]
    return upto.get(len(text))


def _letters(text: str) -> str:
    return "".join(words(text))


@cache
def _phrases() -> dict[str, tuple[Smalltalk, list[str]]]:
    """What each phrase is, and in which languages."""
    phrases: dict[str, tuple[Smalltalk, list[str]]] = {}
    for kind in Smalltalk:
        for language in SUPPORTED:
            for phrase in smalltalk_phrases(kind, language):
                phrases.setdefault(_letters(phrase), (kind, []))[1].append(language)
    return phrases
