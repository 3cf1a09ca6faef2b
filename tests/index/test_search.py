"""Findings: ranked passages that a reader may be shown, and the FAQ entries that ask the same."""

from __future__ import annotations

from itertools import pairwise

import pytest

from corpus.models import Authority
from index.generation import Generation
from index.search import Findings, Searcher

QUESTIONS = [
    ("en", "Where are the headquarters of CityNet?"),
    ("en", "fee"),
    ("en", "x" * 2000),
    ("ja", "シティネットの本部はどこですか？"),
    ("ja", "費用"),
    ("th", "เมืองใดลงนามเป็นเมืองแรก"),
    ("my", "မည်သည့်မြို့က ပထမဆုံး လက်မှတ်ထိုးသနည်း"),
    ("en", "?"),
]


@pytest.fixture(scope="module", params=QUESTIONS, ids=lambda question: f"{question[0]} {question[1][:12]}")
def findings(request: pytest.FixtureRequest, searcher: Searcher) -> Findings:
    language, question = request.param
    return searcher.search(question, language)


def test_the_best_comes_first(findings: Findings) -> None:
    assert findings.hits
    assert findings.matches
    assert all(one.score >= other.score for one, other in pairwise(findings.hits))
    assert all(one.score >= other.score for one, other in pairwise(findings.matches))


def test_scores_keep_to_their_scales(findings: Findings) -> None:
    for hit in findings.hits:
        assert -1.001 <= hit.cosine <= 1.001
        assert 0 <= hit.coverage <= 1.001
        assert len(hit.sentences) == len(hit.passage.sentences)
    for match in findings.matches:
        assert 0 <= match.coverage <= 1.001


def test_nothing_comes_twice(findings: Findings) -> None:
    passages = [hit.passage.id for hit in findings.hits]
    assert len(passages) == len(set(passages))
    entries = [match.entry.id for match in findings.matches]
    assert len(entries) == len(set(entries))


def test_digests_are_found_in_the_asker_s_language_and_the_official_document_always(
    findings: Findings, generation: Generation
) -> None:
    expected = findings.language if findings.language in {"en", "ja"} else "en"
    for hit in findings.hits:
        document = generation.documents[hit.passage.document]
        assert document.authority is Authority.OFFICIAL or document.language == expected, document.id


def test_what_the_documents_do_not_state_answers_nothing(findings: Findings, generation: Generation) -> None:
    """Sections that list silences carry known gaps; as passages they would answer "no fee is stated" with "fee"."""
    for hit in findings.hits:
        assert not set(generation.documents[hit.passage.document].silences) & set(hit.passage.headings)


@pytest.mark.parametrize(
    ("language", "question", "words"),
    [
        ("ja", "シティネットの本部はどこにありますか？", "本部は韓国・ソウル市に所在"),
        ("en", "Where are the headquarters of CityNet?", "Seoul"),
        ("ja", "会議の名称は来年度どう変わりますか？", "アジア太平洋循環型都市フォーラム"),
        ("en", "How many Japanese local governments belong to ICLEI?", "27"),
    ],
)
def test_the_passage_that_answers_is_among_the_first(
    searcher: Searcher, language: str, question: str, words: str
) -> None:
    hits = searcher.search(question, language).hits
    assert any(words in hit.passage.text for hit in hits[:5])


def test_an_entry_s_own_phrasing_finds_it(searcher: Searcher, generation: Generation) -> None:
    entry = next(entry for entry in generation.faq.entries if entry.id == "withdrawal")
    for language, wording in entry.wordings.items():
        for question in wording.questions:
            assert searcher.search(question, language).matches[0].entry.id == "withdrawal", question


def test_a_follow_up_is_searched_with_what_it_follows(searcher: Searcher) -> None:
    alone = searcher.search("Where is its headquarters?", "en")
    after = searcher.search("Where is its headquarters?", "en", context="What is CityNet?")
    about_iclei = searcher.search("Where is its headquarters?", "en", context="What is ICLEI?")
    assert after.question == alone.question
    assert "citynet" in after.matches[0].entry.id
    assert "iclei" in about_iclei.matches[0].entry.id


def test_a_question_typed_as_an_entry_has_it_is_that_question(searcher: Searcher) -> None:
    first = searcher.search("How do we join?", "en").matches[0]
    assert (first.entry.id, first.nearest) == ("joining-procedure", 1.0)


def test_the_same_words_after_another_question_may_mean_something_else(searcher: Searcher) -> None:
    """“How do we join?” after a question on ICLEI is about ICLEI: the thread counts as much as the words."""
    leaning = searcher.search("How do we join?", "en", context="What is ICLEI?").matches
    assert all(match.nearest < 0.98 for match in leaning)
