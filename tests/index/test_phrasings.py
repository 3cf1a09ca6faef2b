"""Whose each row of the question index is, and of which entry a question is a phrasing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.faq import Faq, FaqEntry, Quotation, Wording
from index.phrasings import Phrasings, phrasings_of

ASKED: list[dict[str, tuple[str, ...]]] = [
    {"en": ("What does it cost?", "Fee?"), "ja": ("費用は？",)},
    {"en": ("Who signed first?",), "de": ("Gift",)},
    {"en": ("Gift",)},
]


def entry(number: int, asked: dict[str, tuple[str, ...]]) -> FaqEntry:
    return FaqEntry(
        number=number,
        id=f"e{number}",
        topic="t",
        quotations=(Quotation(document="d", quote="q"),),
        wordings={language: Wording(questions=questions, answer="a") for language, questions in asked.items()},
    )


@pytest.fixture
def phrasings(tmp_path: Path) -> Phrasings:
    """As they are read from a generation."""
    faq = Faq(entries=tuple(entry(number, asked) for number, asked in enumerate(ASKED, 1)))
    Phrasings.of(phrasings_of(faq)).save(tmp_path / "it.npz")
    return Phrasings.load(tmp_path / "it.npz")


def test_rows_go_entry_by_entry_and_language_by_language(phrasings: Phrasings) -> None:
    assert phrasings.entries.tolist() == [0, 0, 0, 1, 1, 2]
    spoken = [phrasings.languages[language] for language in phrasings.spoken]
    assert spoken == ["en", "en", "ja", "de", "en", "en"]
    assert len(phrasings) == 6


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("What does it cost?", "en", 0),
        ("what does it COST", "en", 0),
        ("費用は", "ja", 0),
        ("費用は？", "en", 0),
        ("Gift", "en", 2),
        ("Gift", "de", 1),
        ("Gift", "fr", 1),
        ("What does that cost?", "en", None),
        ("…?!", "en", None),
        ("", "en", None),
    ],
)
def test_a_phrasing_is_known_by_its_words(
    phrasings: Phrasings, question: str, language: str, expected: int | None
) -> None:
    assert phrasings.entry_of(question, language) == expected


def test_where_entries_rest_the_others_are_counted_anew(phrasings: Phrasings) -> None:
    kept = np.array([True, False, True])
    assert phrasings.of_entries(kept).tolist() == [True, True, True, False, False, True]
    left = phrasings.only(kept)
    assert left.entries.tolist() == [0, 0, 0, 1]
    assert left.entry_of("Gift", "de") == 1
    assert left.entry_of("Who signed first?", "en") is None


def test_of_no_phrasings_nothing_is_one() -> None:
    nothing = Phrasings.of(())
    assert len(nothing) == 0
    assert nothing.entry_of("Fee?", "en") is None
    assert len(nothing.only(np.zeros(0, dtype=bool))) == 0
