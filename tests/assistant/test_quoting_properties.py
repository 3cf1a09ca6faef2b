"""Whatever the passage and the scores: a quotation is a slice of the passage and of its document."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.quoting import best_sentences, quote
from corpus.models import Block, Passage, Reading
from corpus.split import split
from index.search import Hit
from tests.corpus.strategies import blocks, document, languages


@st.composite
def readings(draw: st.DrawFn) -> tuple[Reading, Passage]:
    """A reading and one of its passages."""
    found: list[Block] = draw(st.lists(blocks, min_size=1, max_size=6))
    reading = split(document(language=draw(languages)), found, "")
    assume(reading.passages)
    return reading, draw(st.sampled_from(reading.passages))


@given(found=readings(), data=st.data())
def test_a_quotation_is_whole_sentences_of_its_passage(found: tuple[Reading, Passage], data: st.DataObject) -> None:
    reading, passage = found
    count = len(passage.sentences)
    scores = data.draw(st.lists(st.floats(), min_size=count, max_size=count))
    span = best_sentences(Hit(passage=passage, score=0, cosine=0, sentences=tuple(scores), coverage=0))
    words = quote(passage, span)
    assert words in passage.text
    assert words in reading.text
    assert words == reading.text[passage.start + span[0] : passage.start + span[1]]
    assert span[0] in {start for start, _ in passage.sentences}
    assert span[1] in {end for _, end in passage.sentences}
    quoted = [scores[n] for n, (start, end) in enumerate(passage.sentences) if span[0] <= start and end <= span[1]]
    items = [line for line in words.splitlines() if re.match(r"[・•‣◦*-]|\(?\d{1,2}[.)]|[①-⑳]", line)]
    assert 1 <= len(quoted) <= 2 or items, "more than two sentences, and no list"
    if all(score == score for score in scores):
        assert max(quoted) == max(scores)


@given(found=readings(), start=st.integers(), end=st.integers())
def test_a_quotation_is_a_slice_or_an_error(found: tuple[Reading, Passage], start: int, end: int) -> None:
    reading, passage = found
    if 0 <= start < end <= len(passage.text) and passage.text[start:end].strip():
        assert quote(passage, (start, end)) in reading.text
    else:
        with pytest.raises(ValueError, match=passage.id):
            quote(passage, (start, end))


@given(found=readings(), data=st.data())
def test_any_span_inside_a_passage_is_quoted_as_it_stands(found: tuple[Reading, Passage], data: st.DataObject) -> None:
    reading, passage = found
    start = data.draw(st.integers(0, len(passage.text) - 1))
    end = data.draw(st.integers(start + 1, len(passage.text)))
    assume(passage.text[start:end].strip())
    words = quote(passage, (start, end))
    assert words == passage.text[start:end] == reading.text[passage.start + start : passage.start + end]
