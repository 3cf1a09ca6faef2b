"""Which words of a passage to quote: always one slice of it, whole sentences, never a word changed."""

from __future__ import annotations

from corpus.models import Passage, Span
from index.search import Hit

_NEIGHBOUR = 0.6
"""A neighbouring sentence is quoted too if it scores at least this share of the best one."""


def best_sentences(hit: Hit) -> Span:
    """The span of the passage's best sentence, with the better of its neighbours if that is near as good."""
    scores, spans = hit.sentences, hit.passage.sentences
    if not spans:
        return 0, len(hit.passage.text)
    best = max(range(len(spans)), key=scores.__getitem__)
    neighbours = [place for place in (best - 1, best + 1) if 0 <= place < len(spans)]
    near = max(neighbours, key=scores.__getitem__, default=best)
    first, last = sorted((best, near)) if scores[near] >= _NEIGHBOUR * scores[best] else (best, best)
    return spans[first][0], spans[last][1]


def quote(passage: Passage, span: Span) -> str:
    """The words of `span`. Raises ValueError if it is empty or reaches outside the passage."""
    start, end = span
    words = passage.text[start:end]
    if not (0 <= start < end <= len(passage.text)) or not words.strip():
        raise ValueError(f"no quotation at {span} of passage {passage.id}, which has {len(passage.text)} characters")
    return words
