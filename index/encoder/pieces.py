"""Text to the ids of vocabulary pieces, by SentencePiece (Kudo 2018), from the pieces in the weights file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from index.encoder.weights import Weights

_SPACES = re.compile(" {2,}")


def piece_model(weights: Weights) -> bytes:
    """A SentencePiece model of the vocabulary; characters are replaced before it sees them."""
    protocol: Any = import_module("sentencepiece.sentencepiece_model_pb2")  # it makes its classes as it loads
    model = protocol.ModelProto()
    trainer, normalizer = model.trainer_spec, model.normalizer_spec
    trainer.model_type, trainer.vocab_size = trainer.UNIGRAM, len(weights.scores)
    trainer.bos_id, trainer.eos_id, trainer.pad_id = weights.begin, weights.end, weights.padding
    trainer.unk_id = weights.unknown
    normalizer.name, normalizer.remove_extra_whitespaces = "identity", False
    kinds = protocol.ModelProto.SentencePiece
    specials = {weights.begin, weights.end, weights.padding, len(weights.scores) - 1}  # the last one is <mask>
    for number, (piece, score) in enumerate(zip(weights.pieces(), weights.scores.tolist(), strict=True)):
        added = model.pieces.add(piece=piece, score=score)
        if number == weights.unknown:
            added.type = kinds.UNKNOWN
        elif number in specials:
            added.type = kinds.CONTROL
    return bytes(model.SerializeToString())


class Pieces:
    """The tokenizer: text in, ids out, without the ids of begin and end."""

    def __init__(self, model: bytes, weights: Weights) -> None:
        from sentencepiece import SentencePieceProcessor

        self._processor: Any = SentencePieceProcessor(model_proto=model)
        self._characters = {0: "", **weights.characters}

    def ids(self, text: str) -> Sequence[int]:
        ids: Sequence[int] = self._processor.encode(_SPACES.sub(" ", text.translate(self._characters)))
        return ids
