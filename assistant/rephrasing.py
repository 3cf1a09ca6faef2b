"""What somebody writes, put as the FAQ is asked: not shouted, without the end of a letter, and with the declarations'
names in its language."""

from __future__ import annotations

import re
from functools import cache

from assistant.asking import looks_like_question
from assistant.messages import closing_phrases, declarations
from assistant.pointing import has_phrase
from corpus.sentences import split_sentences
from index.lexical import words

_SHOUTED = 3
"""So many words, all in capitals, are shouted; one or two may be names."""


def unshouted(text: str) -> str:
    """A text that has nothing but capitals, in small letters: to the encoder, and to who tells languages, "WHO
    SIGNED FIRST?" is another question than "who signed first?"."""
    letters = [character for character in text if character.isalpha()]
    is_shouted = len(text.split()) >= _SHOUTED and letters and all(map(str.isupper, letters))
    return text.lower() if is_shouted else text


def without_closing(text: str, language: str) -> str:
    """A message without the end of a letter, from "Best regards" on, where nothing is asked after it."""
    spans = split_sentences(text, language)
    for place, (start, end) in enumerate(spans):
        rest = (text[begin:finish] for begin, finish in spans[place:])
        if place and _closes(text[start:end], language) and not any(looks_like_question(it, language) for it in rest):
            return text[:start].strip()
    return text


def _closes(sentence: str, language: str) -> bool:
    found = words(sentence)
    return any(has_phrase(found, phrase) for phrase in (*closing_phrases(language), *closing_phrases("en")))


def in_its_language(text: str, language: str) -> str:
    """A text in `language` with the declarations' English names in that language, which all phrasings but a few have:
    else it comes near to what tells those names."""
    return _english_names().sub(lambda found: _names(language).get(found[0].lower(), found[0]), text)


@cache
def _english_names() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, declarations("en"))), re.IGNORECASE)


@cache
def _names(language: str) -> dict[str, str]:
    """The names in `language`, by the English ones in small letters."""
    return dict(zip(map(str.lower, declarations("en")), declarations(language), strict=False))
