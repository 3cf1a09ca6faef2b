"""However somebody writes, what is searched is what the FAQ is asked with."""

from __future__ import annotations

import pytest

from assistant.languages import SUPPORTED
from assistant.messages import closing_phrases, declarations
from assistant.rephrasing import in_its_language, unshouted, without_closing
from corpus.catalogue import Corpus
from tests.assistant.conftest import Ask


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("WHICH CITY SIGNED FIRST?", "which city signed first?"),
        ("APA ITU DEKLARASI KOTA SIRKULAR ASIA?", "apa itu deklarasi kota sirkular asia?"),
        ("ICLEI ACCD", "ICLEI ACCD"),
        ("ICLEI ACCD ASCC とは", "ICLEI ACCD ASCC とは"),
        ("What is CITYNET?", "What is CITYNET?"),
        ("1 2 3", "1 2 3"),
        ("", ""),
    ],
)
def test_what_is_shouted_is_said(written: str, said: str) -> None:
    assert unshouted(written) == said


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("en", "Is there a fee? Regards, Dr. S. Kumar, IAS", "Is there a fee?"),
        ("en", "Is there a fee?\nBest regards,\nSiti, DBKL", "Is there a fee?"),
        ("en", "Thanks! How do we join?", "Thanks! How do we join?"),
        ("en", "Is there a fee? Thanks. And when do we pay?", "Is there a fee? Thanks. And when do we pay?"),
        ("ja", "参加費はいくらですか。よろしくお願いいたします。谷澤", "参加費はいくらですか。"),
        ("id", "Apakah ada biaya? Terima kasih, Budi", "Apakah ada biaya?"),
        ("ko", "참가비가 있나요? 감사합니다.", "참가비가 있나요?"),
        ("th", "Thank you", "Thank you"),
    ],
)
def test_the_end_of_a_letter_is_no_part_of_the_question(language: str, written: str, said: str) -> None:
    assert without_closing(written, language) == said


def test_letters_end_in_every_language() -> None:
    assert all(closing_phrases(language) for language in SUPPORTED)


def test_the_declarations_are_called_as_the_faq_calls_them(corpus: Corpus) -> None:
    answers = {language: "\n".join(e.wordings[language].answer for e in corpus.faq.entries) for language in SUPPORTED}
    for language in SUPPORTED:
        asian, european = declarations(language)
        assert asian in answers[language]
        assert european in answers[language]


def test_an_english_name_is_put_into_the_language_of_the_question() -> None:
    asked = "Siapa yang menjalankan asian circular cities declaration?"
    assert in_its_language(asked, "id") == "Siapa yang menjalankan Deklarasi Kota Sirkular Asia?"
    assert in_its_language("What is the Asian Circular Cities Declaration?", "en").endswith("Declaration?")


@pytest.mark.parametrize(
    ("question", "language", "entry"),
    [
        ("Siapa yang menjalankan Asian Circular Cities Declaration?", "id", "FAQ 2"),
        ("ai điều hành asian circular cities declaration", "vi", "FAQ 2"),
        ("Asian Circular Cities Declarationに参加するには？", "ja", "FAQ 1"),
        ("KOTA MANA YANG PERTAMA MENANDATANGANI?", "id", "FAQ 31"),
        ("SINO ANG UNANG LUMAGDA?", "fil", "FAQ 31"),
        ("Is there a deadline? Regards, J. Reyes, MENRO, LGU Loon", "en", "FAQ 6"),
        ("Q1: Who runs it? Q2: Is there a fee?", "en", "FAQ 2"),
        ("URGENT: which city signed first?", "en", "FAQ 31"),
        ("May cities join?", "en", "FAQ 1"),
        ("CityNet yang menjalankannya, kan?", "id", "FAQ 2"),
    ],
)
def test_it_is_answered_all_the_same(ask_all: Ask, question: str, language: str, entry: str) -> None:
    (reply,) = ask_all([question])
    assert reply["language"] == language
    assert reply["outcome"] in {"answered", "not_stated"}
    assert reply["citations"][-1]["locator"] == entry
