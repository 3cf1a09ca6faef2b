"""Which words of a passage to quote: always one slice of it, whole sentences and whole lists, never a word changed."""

from __future__ import annotations

import re

from corpus.models import Passage, Span
from index.search import Hit

_NEIGHBOUR = 0.6
"""A neighbouring sentence is quoted too if it scores at least this share of the best one."""
_ITEM = re.compile(r"[・•‣◦*-]\s*\S|\(?\d{1,2}[.)]\s|[①-⑳]")
_BARE = 40  # characters
_PHONE = re.compile(r"\d{2,5}-\d{2,4}-\d{3,4}|\+\d[\d -]{7,}")


def best_sentences(hit: Hit) -> Span:
    """The span of the passage's best sentence, with the better of its neighbours if that is near as good.

    An item of a list comes with its list and what leads into it, a telephone number with whose it is.
    """
    scores, passage = hit.sentences, hit.passage
    if not passage.sentences:
        return 0, len(passage.text)
    best = max(range(len(scores)), key=scores.__getitem__)
    neighbours = [place for place in (best - 1, best + 1) if 0 <= place < len(scores)]
    near = max(neighbours, key=scores.__getitem__, default=best)
    first, last = sorted((best, near)) if scores[near] >= _NEIGHBOUR * scores[best] else (best, best)
    while first > 0 and _is_item(passage, first):
        first -= 1
    first -= _is_bare_number(passage, first)
    return passage.sentences[first][0], passage.sentences[_end_of_list(passage, last)][1]


def whole(passage: Passage, words: str) -> str:
    """`words` of a passage with the list that they lead into, or with whose telephone number they are."""
    start = passage.text.find(words)
    if start < 0:  # a heading
        return words
    end = start + len(words.rstrip())
    first = next((place for place, span in enumerate(passage.sentences) if span[0] == start), None)
    last = next((place for place, span in enumerate(passage.sentences) if span[1] == end), None)
    if first is not None and _is_bare_number(passage, first):
        start = passage.sentences[first - 1][0]
    if last is not None and not _is_item(passage, last):
        end = passage.sentences[_end_of_list(passage, last)][1]
    return passage.text[start:end]


def quote(passage: Passage, span: Span) -> str:
    """The words of `span`. Raises ValueError if it is empty or reaches outside the passage."""
    start, end = span
    words = passage.text[start:end]
    if not (0 <= start < end <= len(passage.text)) or not words.strip():
        raise ValueError(f"no quotation at {span} of passage {passage.id}, which has {len(passage.text)} characters")
    return words


def _end_of_list(passage: Passage, place: int) -> int:
    """The last item of the list that goes on after a sentence; the sentence itself where none does."""
    while place + 1 < len(passage.sentences) and _is_item(passage, place + 1):
        place += 1
    return place


def _is_bare_number(passage: Passage, place: int) -> bool:
    """Whether a sentence is a telephone number with hardly more than a name; whose it is stands before it."""
    text = _sentence(passage, place)
    return place > 0 and len(text) <= _BARE and bool(_PHONE.search(text))


def _is_item(passage: Passage, place: int) -> bool:
    """Whether a sentence stands in a line that begins as an item of a list does; the mark is no part of it."""
    line = passage.text.rfind("\n", 0, passage.sentences[place][0]) + 1
    return line > 0 and bool(_ITEM.match(passage.text, line))


def _sentence(passage: Passage, place: int) -> str:
    start, end = passage.sentences[place]
    return passage.text[start:end]
