"""The classifier: tells neighbouring entries apart, whatever their number, and comes back from disk as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.classifier import Classifier
from index.encoder import Encoder

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
