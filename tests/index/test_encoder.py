"""One contract over every encoder: the bundled one, and a real model of sentence-transformers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.encoder import BUNDLED, Encoder, EncoderError, Vectors, load_encoder

TEXTS = (
    "Yokohama was the first city to sign the declaration.",
    "Bread is baked at two hundred degrees.",
    "CityNet",
    "横浜市は第1号都市として署名しました。",
    "เมืองโยโกฮามาลงนามเป็นเมืองแรก",
    "word " * 40,
)
HOSTILE = ("", " ", "\x00", "\n\n", "🙂", "x" * 700, "\ufffd\u202e", "－" * 50)

MODES = ("encode_query", "encode_document")


@pytest.fixture(scope="session", params=["bundled", "sentence-transformers"])
def any_encoder(request: pytest.FixtureRequest) -> Encoder:
    made: Encoder = request.getfixturevalue("encoder" if request.param == "bundled" else "minilm")
    return made


@pytest.fixture(params=MODES)
def encode(request: pytest.FixtureRequest, any_encoder: Encoder) -> Callable[[list[str]], Vectors]:
    found: Callable[[list[str]], Vectors] = getattr(any_encoder, request.param)
    return found


def test_a_vector_a_text(any_encoder: Encoder, encode: Callable[[list[str]], Vectors]) -> None:
    vectors = encode(list(TEXTS))
    assert vectors.shape == (len(TEXTS), any_encoder.dimension)
    assert vectors.dtype == np.float32


def test_no_texts_no_vectors(any_encoder: Encoder, encode: Callable[[list[str]], Vectors]) -> None:
    vectors = encode([])
    assert vectors.shape == (0, any_encoder.dimension)
    assert vectors.dtype == np.float32


def test_vectors_are_of_length_one(encode: Callable[[list[str]], Vectors]) -> None:
    np.testing.assert_allclose(np.linalg.norm(encode(list(TEXTS)), axis=1), 1, atol=1e-4)


def test_hostile_texts_have_vectors_too(any_encoder: Encoder, encode: Callable[[list[str]], Vectors]) -> None:
    vectors = encode(list(HOSTILE))
    assert vectors.shape == (len(HOSTILE), any_encoder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_a_text_s_vector_is_the_same_each_time_and_in_any_company(encode: Callable[[list[str]], Vectors]) -> None:
    together = encode(list(TEXTS))
    np.testing.assert_allclose(encode(list(TEXTS)), together, atol=1e-4)
    np.testing.assert_allclose(encode([TEXTS[2]]), together[2:3], atol=1e-4)
    np.testing.assert_allclose(encode(list(TEXTS[::-1])), together[::-1], atol=1e-4)


def test_a_question_is_nearer_to_the_passage_that_answers_it(any_encoder: Encoder) -> None:
    (question,) = any_encoder.encode_query(["Which city signed first?"])
    right, wrong = any_encoder.encode_document(list(TEXTS[:2]))
    assert question @ right > question @ wrong + 0.02


def test_questions_that_mean_the_same_are_nearer_than_others(any_encoder: Encoder) -> None:
    one, same, other = any_encoder.encode_query(
        ["How do we join the declaration?", "What must a city do to sign up?", "Where was the conference held?"]
    )
    assert one @ same > one @ other


def test_the_bundled_encoder_tells_questions_from_passages(encoder: Encoder) -> None:
    """multilingual-e5 was trained with a prefix for each, and finds less where both get the same."""
    text = "Yokohama signed first."
    assert float(encoder.encode_query([text])[0] @ encoder.encode_document([text])[0]) < 0.999


def test_the_bundled_encoder_reads_across_languages(encoder: Encoder) -> None:
    (question,) = encoder.encode_query(["Which city was the first to sign the declaration?"])
    right, wrong = encoder.encode_document([TEXTS[3], "本部は韓国・ソウル市に所在。"])
    assert question @ right > question @ wrong


def test_encoders_are_told_apart_by_name(encoder: Encoder, minilm: Encoder, minilm_folder: Path) -> None:
    assert encoder.name != minilm.name
    assert str(minilm_folder) in minilm.name


def test_bundled_is_the_name_of_the_bundled_one(encoder: Encoder) -> None:
    assert load_encoder(BUNDLED).name == encoder.name


def test_a_folder_without_a_model_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="DESK_ENCODER") as refusal:
        load_encoder(str(tmp_path))
    assert str(tmp_path) in str(refusal.value)
    assert BUNDLED in str(refusal.value)
    assert refusal.value.exit_status == 2
