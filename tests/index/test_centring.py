"""Centring takes away what the texts of a language have in common."""

from __future__ import annotations

import numpy as np
import pytest

from index.centring import centre, means
from index.encoder import Encoder, Vectors

ENGLISH = ("Which city signed first?", "What is CityNet?", "Is there a fee?", "Where was the conference?")
JAPANESE = (
    "最初に署名した都市はどこですか？",
    "シティネットとは何ですか？",
    "費用はかかりますか？",
    "会議の会場はどこですか？",
)


def random(rows: int, dimension: int = 8) -> Vectors:
    made = np.random.default_rng(rows).normal(size=(rows, dimension)).astype(np.float32) + 3
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


def test_there_is_a_mean_for_each_language_and_one_for_all() -> None:
    vectors = random(60)
    found = means(vectors, ["en"] * 30 + ["ja"] * 30)
    assert set(found) == {"", "en", "ja"}
    np.testing.assert_allclose(found[""], vectors.mean(axis=0), atol=1e-6)


def test_a_language_with_few_texts_leans_on_all() -> None:
    vectors = random(1001)
    found = means(vectors, ["en"] * 1000 + ["ja"])
    assert np.linalg.norm(found["ja"] - found[""]) < 0.1 * np.linalg.norm(vectors[-1] - found[""])
    assert np.linalg.norm(found["en"] - vectors[:1000].mean(axis=0)) < 0.01


def test_no_texts_no_means() -> None:
    assert means(np.zeros((0, 8), np.float32), []) == {}


def test_centred_vectors_are_of_length_one_and_what_is_left() -> None:
    vectors = random(50)
    centres = means(vectors, ["en"] * 50)
    centred = centre(vectors, ["en"] * 50, centres)
    np.testing.assert_allclose(np.linalg.norm(centred, axis=1), 1, atol=1e-5)
    assert centred.dtype == np.float32
    expected = vectors - centres["en"]
    np.testing.assert_allclose(centred, expected / np.linalg.norm(expected, axis=1, keepdims=True), atol=1e-5)


def test_a_language_never_seen_is_centred_like_all() -> None:
    vectors = random(5)
    centres = means(vectors, ["en"] * 5)
    np.testing.assert_allclose(centre(vectors, ["sw"] * 5, centres), centre(vectors, [""] * 5, centres))


@pytest.mark.parametrize("languages", [[], ["en"]])
def test_without_means_vectors_stay_as_they_are(languages: list[str]) -> None:
    vectors = random(len(languages))
    np.testing.assert_array_equal(centre(vectors, languages, {}), vectors)


def test_a_vector_that_is_its_mean_has_nothing_left_and_is_no_error() -> None:
    vectors = random(1)
    centred = centre(vectors, [""], {"": vectors[0]})
    assert np.all(np.isfinite(centred))


def test_across_languages_the_same_question_comes_nearest(encoder: Encoder) -> None:
    """Raw, a language's own questions lie together whatever they ask; centred, those that ask the same."""
    languages = ["en"] * len(ENGLISH) + ["ja"] * len(JAPANESE)
    vectors = encoder.encode_query([*ENGLISH, *JAPANESE])
    centred = centre(vectors, languages, means(vectors, languages))
    for place in range(len(ENGLISH)):
        others = centred @ centred[place]
        others[place] = -1
        assert int(np.argmax(others)) == len(ENGLISH) + place, ENGLISH[place]
