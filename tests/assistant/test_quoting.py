"""A quotation is one slice of its passage: whole sentences, not a word changed."""

from __future__ import annotations

import pytest

from assistant.quoting import best_sentences, quote, whole
from corpus.models import Passage, Span
from index.search import Hit

TEXT = "One signs. Two follow. Three wait. Four leave."
SPANS: tuple[Span, ...] = ((0, 10), (11, 22), (23, 34), (35, 46))


def passage(spans: tuple[Span, ...] = SPANS, text: str = TEXT) -> Passage:
    return Passage(id="it:1", document="it", language="en", headings=(), number=1, alone=True, start=0, text=text,
                   sentences=spans)  # fmt: skip


def hit(*scores: float, spans: tuple[Span, ...] = SPANS) -> Hit:
    return Hit(passage=passage(spans), score=1, cosine=0.5, sentences=scores, coverage=0)


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ((0.1, 0.9, 0.1, 0.1), "Two follow."),
        ((0.1, 0.8, 0.9, 0.1), "Two follow. Three wait."),
        ((0.9, 0.8, 0.1, 0.1), "One signs. Two follow."),
        ((0.1, 0.1, 0.8, 0.9), "Three wait. Four leave."),
        ((0.8, 0.9, 0.85, 0.1), "Two follow. Three wait."),
        ((0.9, 0.1, 0.1, 0.89), "One signs."),
        ((0.5, 0.5, 0.5, 0.5), "One signs. Two follow."),
    ],
    ids=["alone", "with the one before", "first two", "last two", "the better neighbour", "not a distant one", "equal"],
)
def test_the_best_sentence_with_a_neighbour_that_is_near_as_good(scores: tuple[float, ...], words: str) -> None:
    found = hit(*scores)
    assert quote(found.passage, best_sentences(found)) == words


@pytest.mark.parametrize("scores", [(-0.1, -0.2, -0.3, -0.4), (-0.9, -0.9, -0.8, -0.9), (0.0, 0.0, 0.0, 0.0)], ids=str)
def test_poor_scores_give_a_quotation_of_two_sentences_at_most(scores: tuple[float, ...]) -> None:
    found = hit(*scores)
    words = quote(found.passage, best_sentences(found))
    assert words in TEXT
    assert 1 <= words.count(".") <= 2
    best = max(range(4), key=scores.__getitem__)
    assert TEXT[slice(*SPANS[best])] in words


def test_an_only_sentence_is_quoted() -> None:
    found = hit(0.3, spans=((0, 10),))
    assert quote(found.passage, best_sentences(found)) == "One signs."


def test_a_passage_without_sentences_is_quoted_whole() -> None:
    found = hit(spans=())
    assert quote(found.passage, best_sentences(found)) == TEXT


@pytest.mark.parametrize("span", [(-1, 5), (5, 5), (7, 5), (0, 47), (99, 100), (10, 11)], ids=str)
def test_what_is_no_piece_of_the_passage_is_no_quotation(span: Span) -> None:
    with pytest.raises(ValueError, match="no quotation"):
        quote(passage(), span)


LIST = "Leaders ask for this:\n・a framework\n・cooperation. Also in 2026.\n・awards\nThat is all."
LIST_SPANS: tuple[Span, ...] = ((0, 21), (23, 34), (36, 48), (49, 62), (64, 70), (71, 83))
WHOLE = LIST[:70]


@pytest.mark.parametrize(
    "best", [0, 1, 2, 3, 4], ids=["what leads in", "first", "second", "its second sentence", "last"]
)
def test_a_list_is_quoted_whole_with_what_leads_into_it(best: int) -> None:
    found = Hit(passage=passage(LIST_SPANS, LIST), score=1, cosine=0.5, coverage=0,
                sentences=tuple(0.9 if place == best else 0.1 for place in range(6)))  # fmt: skip
    assert quote(found.passage, best_sentences(found)) == WHOLE


def test_what_stands_after_a_list_is_quoted_alone() -> None:
    found = Hit(passage=passage(LIST_SPANS, LIST), score=1, cosine=0.5, coverage=0, sentences=(0, 0, 0, 0, 0, 0.9))
    assert quote(found.passage, best_sentences(found)) == "That is all."


def test_a_telephone_number_is_quoted_with_whose_it_is() -> None:
    text = "International Affairs Bureau, manager\nTanizawa, Tel 045-671-4889"
    found = Hit(
        passage=passage(((0, 37), (38, len(text))), text), score=1, cosine=0.5, coverage=0, sentences=(0.1, 0.9)
    )
    assert quote(found.passage, best_sentences(found)) == text
    assert whole(found.passage, "Tanizawa, Tel 045-671-4889") == text


def test_words_that_lead_into_a_list_bring_it_with_them() -> None:
    it = passage(LIST_SPANS, LIST)
    assert whole(it, "Leaders ask for this:") == WHOLE
    assert whole(it, "ask for this:") == WHOLE.removeprefix("Leaders ")
    assert whole(it, "a framework") == "a framework"
    assert whole(it, "awards") == "awards"
    assert whole(it, "That is all.") == "That is all."
    assert whole(it, "a heading, which is no part of the text") == "a heading, which is no part of the text"
