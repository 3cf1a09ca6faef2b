"""The gist of a message: its sentences one by one, without the greetings before them.

Officials greet, say where they are from, and ask two things at once; taken as a whole, that is near nothing.
"""

from __future__ import annotations

import re
from itertools import islice

from assistant.smalltalk import Smalltalk, smalltalk
from corpus.sentences import split_sentences

_MOST_SENTENCES, _LONGEST_GREETING = 6, 6
"""The latter in words."""
_COURTESIES = {Smalltalk.GREETING, Smalltalk.THANKS}
_GAP = re.compile(r"[\s,،、，]+")


def sentences(message: str, language: str) -> tuple[str, ...]:
    """The sentences of a message that has several, or a greeting before its one; () where it is as it should be.

    () of a whole speech too: what it asks for is for a person to say.
    """
    spans = split_sentences(message, language)
    if len(spans) > _MOST_SENTENCES:
        return ()
    parts = [_without_greeting(message[start:end]) for start, end in spans]
    told = tuple(part for part in parts if not smalltalk(part))
    return () if told == (message.strip(),) else told


def _without_greeting(sentence: str) -> str:
    gaps = islice(_GAP.finditer(sentence), _LONGEST_GREETING)
    ends = [gap.end() for gap in gaps if smalltalk(sentence[: gap.start()]) in _COURTESIES]
    return sentence[max(ends, default=0) :]
