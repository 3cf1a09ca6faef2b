"""The words that officials ask with: they tell languages that share a script."""

from __future__ import annotations

import json

import pytest

from assistant.vocabulary import VOCABULARY, counted, likeliest
from corpus.catalogue import read_corpus
from corpus.faq import Faq
from index.lexical import words
from tests.conftest import DOCUMENTS


def test_what_is_shipped_is_counted_in_the_faq() -> None:
    """Whoever changes much of the FAQ runs `make vectors`."""
    shipped, now = json.loads(VOCABULARY.read_text(encoding="utf-8")), counted(read_corpus(DOCUMENTS).faq)
    assert shipped.keys() == now.keys()
    for language, counts in now.items():
        known = shipped[language].keys() & counts.keys()
        assert len(known) >= 0.98 * len(counts.keys() | shipped[language].keys()), f"{language}: run `make vectors`"


@pytest.mark.parametrize(
    ("text", "languages", "language"),
    [
        ("Bandar mana yang menandatangani dahulu?", ("id", "ms"), "ms"),
        ("Kota mana yang menandatangani dulu?", ("id", "ms"), "id"),
        ("यसमा कति सहर सामेल छन्?", ("hi", "ne"), "ne"),
        ("इसमें कितने शहर शामिल हैं?", ("hi", "ne"), "hi"),
    ],
)
def test_a_language_is_told_by_its_words(text: str, languages: tuple[str, ...], language: str) -> None:
    assert likeliest(words(text), languages)[0] == language


def test_how_much_of_a_text_is_known_is_told() -> None:
    assert likeliest(words("which city signed"), ("en",)) == ("en", 1.0)
    assert likeliest(["which", "zzyzx"], ("en",)) == ("en", 0.5)
    assert likeliest([], ("id", "ms")) == ("id", 0.0)


def test_an_faq_that_says_nothing_counts_nothing() -> None:
    assert not any(counted(Faq(entries=())).values())
