"""Overhearing: whether something that people said to each other is a question for the desk."""

from __future__ import annotations

import re

from assistant.evidence import Judgement
from assistant.messages import asking_phrases
from assistant.models import Outcome
from assistant.pointing import has_phrase
from index.lexical import words

_MARK = re.compile(r"[？؟⁇]|\?(?![\w/=&%])")
"""A question mark, but not one within an address."""
_RELEVANT, _SURE = 0.9, 0.75
"""More than of what is put to the desk: most of what people say to each other is about something else. Of the golden
questions that have an answer, three of four come through; of those about something else, none."""
_REPLIES = {Outcome.ANSWERED, Outcome.NOT_STATED, Outcome.POSSIBLE}


def looks_like_question(text: str, language: str) -> bool:
    """Whether a text in `language` has a question mark, or words that ask."""
    if _MARK.search(text):
        return True
    found = words(text)
    return any(has_phrase(found, phrase) for phrase in asking_phrases(language))


def is_for_desk(judgement: Judgement) -> bool:
    """Whether a question that nobody put to the desk is about its documents, and has a reply worth an interruption."""
    return judgement.outcome in _REPLIES and judgement.relevance >= _RELEVANT and judgement.confidence >= _SURE
