"""Prepared vectors: a first build encodes only what is somebody's own, and comes to the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.catalogue import Corpus, read_corpus
from corpus.progress import Stage
from index.build import build
from index.encoder import BUNDLED, Encoder, Vectors, load_encoder
from index.prepared import Prepared
from index.store import Store
from index.texts import Mode, Text, Texts, encode
from tests.conftest import Small

STRANGE: Text = (Mode.QUESTION, "Who sweeps the harbour when the herons have left?")


class Counting:
    """An encoder that counts what it is asked."""

    def __init__(self, encoder: Encoder, name: str = "") -> None:
        self._encoder = encoder
        self.name, self.dimension = name or encoder.name, encoder.dimension
        self.texts: list[str] = []

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return self._encoder.encode_query(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return self._encoder.encode_document(texts)


@pytest.fixture(scope="module")
def shipped(corpus: Corpus) -> list[Text]:
    """Every text that a build of the shipped corpus needs a vector of."""
    return list(dict.fromkeys(Texts.of(corpus)))


@pytest.fixture(scope="module")
def reference() -> Encoder:
    """The engine that they are made with."""
    return load_encoder(BUNDLED)


def test_a_first_build_has_next_to_nothing_to_encode(shipped: list[Text], reference: Encoder) -> None:
    """Whoever changes much of the corpus runs `make vectors`, or all who build it first wait for minutes."""
    known = Prepared.load().known(shipped, reference)
    assert len(shipped) > 50_000
    assert len(known) >= 0.98 * len(shipped), f"{len(shipped) - len(known)} are not prepared: run `make vectors`"


def test_they_are_what_the_encoder_says(shipped: list[Text], reference: Encoder) -> None:
    known = Prepared.load().known(shipped, reference)
    for mode in Mode:
        texts = [text for text in known if text[0] is mode]
        some = texts[:: max(len(texts) // 40, 1)]
        prepared = np.stack([known[text] for text in some])
        said = encode(reference, mode, [words for _, words in some])
        centre = said.mean(axis=0)  # what all texts share would hide what tells them apart
        ours, theirs = prepared - centre, said - centre
        cosines = (ours * theirs).sum(axis=1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)
        assert cosines.min() > 0.999
        assert np.allclose(np.linalg.norm(prepared, axis=1), 1, atol=1e-5)


def test_a_text_of_somebody_s_own_is_not_known(shipped: list[Text], reference: Encoder) -> None:
    question = next(text for text in shipped if text[0] is Mode.QUESTION)
    as_a_passage = (Mode.PASSAGE, question[1])
    assert set(Prepared.load().known([STRANGE, question, as_a_passage], reference)) == {question}
    assert Prepared.load().known([], reference) == {}


def test_another_encoder_s_index_takes_none(shipped: list[Text], reference: Encoder) -> None:
    assert Prepared.load().known(shipped[:10], Counting(reference, "another")) == {}


def test_without_them_all_is_encoded(shipped: list[Text], reference: Encoder, tmp_path: Path) -> None:
    assert Prepared.load(tmp_path).known(shipped[:10], reference) == {}


def test_what_is_written_is_what_is_read(reference: Encoder, tmp_path: Path) -> None:
    texts = [STRANGE, (Mode.PASSAGE, "The herons leave in October.")]
    vectors = {text: encode(reference, text[0], [text[1]])[0] for text in texts}
    Prepared.of(vectors, reference).save(tmp_path / "prepared")
    known = Prepared.load(tmp_path / "prepared").known(texts, reference)
    assert list(known) == texts
    assert all(float(known[text] @ vectors[text]) > 0.999 for text in texts)


def test_a_build_of_what_is_shipped_encodes_nothing(few: Small, reference: Encoder, tmp_path: Path) -> None:
    asked, stages = Counting(reference), set()
    few_corpus = read_corpus(few.documents)
    build(
        few_corpus,
        asked,
        Store(tmp_path / "index"),
        by="test",
        progress=lambda stage, _done, total: stages.add((stage, total > 0)),
    )
    texts = set(Texts.of(few_corpus))
    assert len(texts) > 5_000
    assert len(asked.texts) <= 0.02 * len(texts)
    assert (Stage.LEARNING, True) in stages, "to learn which question asks for what takes a while too: people are told"


def test_a_build_of_other_documents_encodes_all(small_corpus: Corpus, reference: Encoder, tmp_path: Path) -> None:
    asked = Counting(reference)
    build(small_corpus, asked, Store(tmp_path / "index"), by="test")
    assert sorted(asked.texts) == sorted(words for _, words in set(Texts.of(small_corpus)))
