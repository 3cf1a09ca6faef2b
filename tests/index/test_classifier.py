"""The classifier: tells neighbouring entries apart, whatever their number, and comes back from disk as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.catalogue import Corpus
from corpus.faq import FaqEntry
from index.centring import centre, means
from index.classifier import Classifier, _evened
from index.encoder import Encoder, Vectors

QUESTIONS = (
    ("Which city signed first?", "Who was the first signatory?", "What city was the first to sign?"),
    ("When did Yokohama sign?", "On what day was it signed?", "What is the date of the signing?"),
    ("How much does it cost to join?", "Is there a fee for joining?", "What do members pay?"),
)


@pytest.fixture(scope="module")
def fitted(encoder: Encoder) -> Classifier:
    vectors = encoder.encode_query([question for asked in QUESTIONS for question in asked])
    return Classifier.fit(vectors, np.repeat(np.arange(3), 3), "these")


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("the first city that signed, please", 0),
        ("signing date?", 1),
        ("what is the price of joining", 2),
        ("最初に署名した都市はどこですか", 0),
    ],
)
def test_a_question_goes_to_its_entry(fitted: Classifier, encoder: Encoder, question: str, entry: int) -> None:
    found = fitted.log_probabilities(encoder.encode_query([question])[0])
    assert int(np.argmax(found)) == entry
    assert np.exp(found).sum() == pytest.approx(1, abs=1e-4)


def test_it_comes_back_from_disk_as_it_was(fitted: Classifier, encoder: Encoder, tmp_path: Path) -> None:
    fitted.save(tmp_path / "classifier.npz")
    read = Classifier.load(tmp_path / "classifier.npz")
    vector = encoder.encode_query(["signing date?"])[0]
    np.testing.assert_array_equal(read.log_probabilities(vector), fitted.log_probabilities(vector))
    assert read.learnt_from == "these"


def test_classes_that_rest_are_no_answer(fitted: Classifier, encoder: Encoder) -> None:
    left = fitted.only(np.array([False, True, True]))
    found = left.log_probabilities(encoder.encode_query(["Which city signed first?"])[0])
    assert found.shape == (2,)
    assert np.exp(found).sum() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("classes", [0, 1, 2])
def test_few_entries_are_enough(encoder: Encoder, classes: int) -> None:
    vectors = encoder.encode_query([q for asked in QUESTIONS[:classes] for q in asked] or ["nothing"])[: 3 * classes]
    few = Classifier.fit(vectors, np.repeat(np.arange(classes), 3))
    found = few.log_probabilities(encoder.encode_query(["When was it signed?"])[0])
    assert found.shape == (classes,)
    assert classes < 2 or int(np.argmax(found)) == 1


# An entry that staff wrote, beside those that were written with care


OTHERS, PHRASINGS = 8, 100
"""So many entries with so many phrasings, in all languages."""
NEW = {
    "May a town bring its own flag to the signing ceremony?": (
        "May a town bring its own flag to the signing ceremony?",
        "may a town bring its own flag to the signing ceremony",
        "Can we bring our own flag to the ceremony?",
        "Are towns allowed to bring a flag when they sign?",
    ),
    "Do companies pay a fee for joining?": (  # beside an entry about the fee of cities
        "Do companies pay a fee for joining?",
        "Is there a joining fee for companies?",
        "Must a company pay a fee to join?",
    ),
    "署名式に自分の町の旗を持って行けますか。": (
        "署名式に自分の町の旗を持って行けますか。",
        "署名式に町の旗を持参してもよいですか",
        "町の旗は署名式に持ち込めますか？",
    ),
}
"""The one phrasing of a new entry, and how others ask the same."""


@pytest.fixture(scope="module")
def with_new(encoder: Encoder, corpus: Corpus) -> Callable[[str, str], tuple[int, list[float]]]:
    """Fits to many phrasings of several entries and one phrasing of a new one; where a question goes."""
    entries = [entry for entry in corpus.faq.entries if entry.topic == "joining"][:OTHERS]
    assert "joining-fee" in {entry.id for entry in entries}
    asked = [(entry, tag, question) for entry in entries for tag, question in _some(entry)]
    raw = encoder.encode_query([question for _, _, question in asked])
    owners = [entries.index(entry) for entry, _, _ in asked]
    fitted: dict[str, tuple[Classifier, dict[str, Vectors]]] = {}

    def find(new: str, question: str) -> tuple[int, list[float]]:
        if new not in fitted:
            languages = [*(tag for _, tag, _ in asked), _language(new)]
            vectors = np.vstack([raw, encoder.encode_query([new])])
            centres = means(vectors, languages)
            groups = np.array([*owners, len(entries)])
            fitted[new] = Classifier.fit(centre(vectors, languages, centres), groups), centres
        classifier, centres = fitted[new]
        vector = centre(encoder.encode_query([question]), [_language(question)], centres)[0]
        found = np.exp(classifier.log_probabilities(vector)).tolist()
        return int(np.argmax(found)) - len(entries), found

    return find


def _some(entry: FaqEntry) -> list[tuple[str, str]]:
    """A hundred of its phrasings, of every language some."""
    every = list(entry.phrasings())
    return [every[n * len(every) // PHRASINGS] for n in range(PHRASINGS)]


def _language(text: str) -> str:
    return "en" if text.isascii() else "ja"


@pytest.mark.parametrize(("new", "question"), [(new, question) for new, asked in NEW.items() for question in asked])
def test_one_phrasing_beside_hundreds_is_found_however_it_is_asked(
    with_new: Callable[[str, str], tuple[int, list[float]]], new: str, question: str
) -> None:
    place, found = with_new(new, question)
    assert place == 0, "another entry is likelier"
    assert found[-1] > (0.97 if question == new else 0.8)  # counted once, it comes to 0.9 and 0.6


@pytest.mark.parametrize("question", ["Is there a fee for joining?", "参加費用はかかりますか", "How does a city join?"])
def test_what_was_found_before_is_found_beside_it(
    with_new: Callable[[str, str], tuple[int, list[float]]], question: str
) -> None:
    for new in NEW:
        place, found = with_new(new, question)
        assert place < 0, f"{new} takes it away"
        assert found[-1] < 0.2


@given(st.lists(st.integers(1, 40), min_size=2, max_size=12))
def test_no_class_is_smaller_than_half_the_median_one_and_each_keeps_its_own_samples(sizes: list[int]) -> None:
    groups = np.repeat(np.arange(len(sizes)), sizes)
    np.random.default_rng(len(groups)).shuffle(groups)
    vectors = np.arange(len(groups), dtype=np.float32)[:, None]  # each tells where it was
    rows, owners = _evened(vectors, groups)
    assert len(rows) == len(owners)
    np.testing.assert_array_equal(rows[: len(groups)], vectors)
    np.testing.assert_array_equal(owners[: len(groups)], groups)
    np.testing.assert_array_equal(groups[rows[:, 0].astype(int)], owners)  # no sample changes its class
    least = int(np.median(sizes) / 2)
    for group, size in enumerate(sizes):
        samples = Counter(rows[owners == group, 0].tolist())
        assert sum(samples.values()) == max(size, least)
        assert max(samples.values()) - min(samples.values()) <= 1  # none of them counts for more than another
