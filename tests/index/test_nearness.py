"""How near entries are: in the asker's language, and in the others."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.faq import FaqEntry, Quotation, Wording
from index.nearness import Nearness
from index.phrasings import Phrasing, Phrasings
from index.vectors import Floats, Places


def entry(number: int) -> FaqEntry:
    return FaqEntry(
        number=number,
        id=f"e{number}",
        topic="t",
        quotations=(Quotation(document="d", quote="q"),),
        wordings={"en": Wording(questions=("?",), answer="a")},
    )


@pytest.fixture
def near() -> Nearness:
    """Entry 1 has four phrasings in English and one in Japanese, entry 2 one in Japanese, entry 3 one in English."""
    owners = [(1, "en")] * 4 + [(1, "ja"), (2, "ja"), (3, "en")]
    return Nearness(Phrasings.of([Phrasing(entry(number), language, "?") for number, language in owners]), 3)


def cosines(places: Places) -> Floats:
    """Of a question with the phrasings at some places."""
    return np.array([0.1, 0.9, 0.5, 0.7, 0.3, 0.4, 0.2], dtype=np.float32)[places]


ALL = np.arange(3)


def test_the_nearest_three_phrasings_stand_for_an_entry(near: Nearness) -> None:
    nearest, three, _ = near.of(cosines, ALL, "en")
    np.testing.assert_allclose(nearest, [0.9, 0.4, 0.2])
    np.testing.assert_allclose(three, [0.7, 0.4, 0.2], rtol=1e-6)


def test_the_other_languages_are_told_apart_from_the_asker_s(near: Nearness) -> None:
    _, three, abroad = near.of(cosines, ALL, "ja")
    np.testing.assert_allclose(three, [0.3, 0.4, 0.2], rtol=1e-6)
    np.testing.assert_allclose(abroad, [0.7, 0.4, 0.2], rtol=1e-6)  # where there is no other, the own one again


def test_a_language_that_nothing_is_worded_in_takes_the_best_of_the_others(near: Nearness) -> None:
    nearest, three, abroad = near.of(cosines, ALL, "sw")
    np.testing.assert_allclose(nearest, [0.9, 0.4, 0.2])
    np.testing.assert_allclose(three, [0.7, 0.4, 0.2], rtol=1e-6)
    np.testing.assert_allclose(abroad, [0.5, 0.4, 0.2], rtol=1e-6)


def test_of_some_entries_it_looks_at_their_phrasings_alone(near: Nearness) -> None:
    asked: list[int] = []

    def noted(places: Places) -> Floats:
        asked.extend(places.tolist())
        return cosines(places)

    nearest, three, _ = near.of(noted, np.array([2, 1]), "en")
    np.testing.assert_allclose(nearest, [0.2, 0.4])
    np.testing.assert_allclose(three, [0.2, 0.4])
    assert sorted(asked) == [5, 6]


def test_without_entries_nothing_is_near() -> None:
    nothing = Nearness(Phrasings.of([]), 0)
    assert [len(values) for values in nothing.of(cosines, np.arange(0), "en")] == [0, 0, 0]
