"""The examiner asks golden questions, and encodes nothing twice that it asked before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.evaluation.examiner import Examiner, _Remembering
from index.encoder import Encoder, Vectors
from index.generation import load_generation, read_manifest
from index.golden import GoldenKind, GoldenQuestion
from tests.conftest import Small

FIRST = GoldenQuestion(id="en-001", language="en", question="What are the rules?", kind=GoldenKind.GAP, entries=("e",))
FOLLOW_UP = FIRST.model_copy(update={"id": "en-002", "question": "And when?", "history": ("What are the rules?",)})


class Counting:
    """An encoder that keeps what it is asked to encode."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self.encode_document = encoder.encode_document
        self._encode_query = encoder.encode_query
        self.asked: list[tuple[str, ...]] = []

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        self.asked.append(tuple(texts))
        return self._encode_query(texts)


def test_what_was_asked_once_is_not_encoded_again(small: Small, encoder: Encoder, tmp_path: Path) -> None:
    counting = Counting(encoder)
    generation = load_generation(small.generation(), encoder)
    verdicts = [
        [
            verdict.model_dump(exclude={"elapsed_ms"})
            for verdict in Examiner(small.store, counting, tmp_path / "golden").ask(generation, [FIRST, FOLLOW_UP])
        ]
        for _ in range(2)
    ]
    assert verdicts[0] == verdicts[1]
    assert len(counting.asked) == len(set(counting.asked)), "the second run knows all from the first"
    assert {len(texts) for texts in counting.asked} == {1, 2}, "a follow-up is encoded with what it leans on"


def test_what_is_kept_is_what_was_encoded_together(encoder: Encoder, tmp_path: Path) -> None:
    batches = [["one"], ["one", "and two"], ["three", "four"]]
    first = _Remembering(encoder, tmp_path)
    made = [first.encode_query(batch) for batch in batches]
    first.keep()
    counting = Counting(encoder)
    again = _Remembering(counting, tmp_path)
    for batch, vectors in zip(batches, made, strict=True):
        assert np.array_equal(again.encode_query(batch), vectors)
    assert not counting.asked


@pytest.mark.parametrize("harm", ["cut", "empty", "another file", "a bit turned"])
def test_a_damaged_file_is_made_anew(small: Small, encoder: Encoder, tmp_path: Path, harm: str) -> None:
    """A power cut, or a full disk, on some earlier day is no reason to refuse every build from then on."""
    kept, manifest = tmp_path / "golden", read_manifest(small.generation())
    before = Examiner(small.store, encoder, kept).marks(manifest, [FIRST, FOLLOW_UP])
    for path in kept.iterdir():
        content = path.read_bytes()
        middle = len(content) // 2
        path.write_bytes({
            "cut": content[:middle],
            "empty": b"",
            "another file": b"The harbour club.",
            "a bit turned": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        }[harm])  # fmt: skip
    counting = Counting(encoder)
    generation = load_generation(small.generation(), encoder)
    examiner = Examiner(small.store, counting, kept)
    assert examiner.marks(manifest, [FIRST, FOLLOW_UP]) == before
    examiner.ask(generation, [FIRST, FOLLOW_UP])
    again = Counting(encoder)
    Examiner(small.store, again, kept).ask(generation, [FIRST, FOLLOW_UP])
    assert counting.asked
    assert not again.asked
