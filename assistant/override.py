"""Override: the language that a person asks to be answered in, whatever they write in ("answer in English")."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from assistant.languages import SUPPORTED
from assistant.messages import language_names, language_requests
from corpus.clean import match

_ENDS = " \t\n,.;:!?、。！？，；।॥။៖–—-"


def requested_language(question: str, history: Sequence[str] = ()) -> str | None:
    """The language that the question, or the last request before it in the thread, asks for."""
    for text in (question, *reversed(history)):
        if found := _request(match(text)):
            return found[1]
    return None


def without_request(question: str) -> str:
    """The question without its request for a language; "" where it is nothing else."""
    found = _request(match(question))
    return match(question).replace(found[0], " ").strip(_ENDS) if found else question


def _request(text: str) -> tuple[str, str] | None:
    """The words of the request, and the language that they ask for: the longest where one holds another."""
    if not any(all(part in text for part in parts) for parts in _frames()):
        return None
    requests = ((words, language) for words, language in _requests().items() if _stands_in(text, words))
    return max(requests, key=lambda request: len(request[0]), default=None)


def _stands_in(text: str, words: str) -> bool:
    """Whether words stand in a text, and no Latin letter follows: "answer in Thailand" asks for no Thai."""
    _, found, after = text.partition(words)
    return bool(found) and not (after[:1].isascii() and after[:1].isalpha())


@cache
def _frames() -> frozenset[tuple[str, str]]:
    """What stands before and after the name of a language in requests."""
    frames = [match(request).split("{}") for asked in language_requests().values() for request in asked]
    return frozenset((before, after) for before, after in frames)


@cache
def _requests() -> dict[str, str]:
    """Every request, with every name of every language in it."""
    return {
        match(request.replace("{}", name)): language
        for language in SUPPORTED
        for name in _names(language)
        for asked in language_requests().values()
        for request in asked
    }


def _names(language: str) -> set[str]:
    """What a language is called in each language that the desk speaks."""
    from babel import Locale  # only where somebody asks for a language

    called = set(language_names().get(language, ()))
    for locale in SUPPORTED:
        names = Locale.parse(locale, sep="-").languages
        if name := names.get(language.replace("-", "_")):
            called.add(name)
    return called
