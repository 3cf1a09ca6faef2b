"""The gist of a message: its sentences one by one, without greetings and numbers before them, and what it asks.

Officials greet, say where they are from, and ask two things at once; taken as a whole, that is near nothing.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from assistant.asking import looks_like_question
from assistant.introducing import COMMA, without_introduction
from assistant.messages import conjunctions
from assistant.smalltalk import Smalltalk, smalltalk
from corpus.sentences import split_sentences
from index.lexical import is_unspaced

_MOST_SENTENCES, _LONGEST_GREETING = 6, 6
"""The latter in words."""
_COURTESIES = {Smalltalk.GREETING, Smalltalk.THANKS}
_NUMBER = re.compile(r"[(（]?(?:[Qq]\s?\d{0,2}|\d{1,2}|[A-Ha-h])[.:)．：）、](?!\d)\s*")
"""What questions are numbered with, at their beginning: "1)", "Q2:", "a)"; not the hour of "9:30"."""
_GAP = re.compile(r"[\s,،、，]+")
_LETTER = r"[\w\u0300-\u036f\u0900-\u0dff]"
"""With the marks of Latin and Indic letters, which are no word characters to `re`."""


def sentences(message: str, language: str) -> tuple[str, ...]:
    """The sentences of a message that has several, or a greeting before its one; () where it is as it should be.

    () of a whole speech too: what it asks for is for a person to say.
    """
    spans = split_sentences(message, language)
    if len(spans) > _MOST_SENTENCES:
        return ()
    ungreeted = [_without_greeting(_unnumbered(message[start:end])) for start, end in spans]
    parts = [without_introduction(sentence, language) for sentence in ungreeted]
    told = tuple(part for part in parts if not smalltalk(part))
    return () if told == (message.strip(),) else told


def questions(message: str, language: str) -> tuple[str, ...]:
    """What a message asks, one by one: its sentences that ask, parted where both sides of a comma or an "and" do."""
    parts = sentences(message, language) or (message,)
    clauses = [clause for part in parts for clause in _clauses(part, language)]
    return tuple(clause for clause in clauses if looks_like_question(clause, language))


def _unnumbered(sentence: str) -> str:
    number = _NUMBER.match(sentence)
    return sentence[number.end() :] if number else sentence


def _without_greeting(sentence: str) -> str:
    gaps = islice(_GAP.finditer(sentence), _LONGEST_GREETING)
    ends = [gap.end() for gap in gaps if smalltalk(sentence[: gap.start()]) in _COURTESIES]
    return sentence[max(ends, default=0) :]


def _clauses(sentence: str, language: str) -> list[str]:
    clauses, start = [], 0
    for joint in _joints(language).finditer(sentence):
        left, right = sentence[start : joint.start()], sentence[joint.end() :]
        if looks_like_question(left, language) and looks_like_question(right, language):
            clauses.append(left.strip())
            start = joint.end()
    return [*clauses, sentence[start:].strip()]


@cache
def _joints(language: str) -> re.Pattern[str]:
    """Where a sentence may be parted: at commas, and at words for "and"."""
    words = [re.escape(word) for word in conjunctions(language)]
    whole = [word if is_unspaced(word[0]) else rf"(?<!{_LETTER}){word}(?!{_LETTER})" for word in words]
    return re.compile("|".join([COMMA, *whole]), re.IGNORECASE)
