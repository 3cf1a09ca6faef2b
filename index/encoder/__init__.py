"""Text to unit vectors: the bundled encoder, or any sentence-transformers model by name or path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import DeskError

Vectors = NDArray[np.float32]

BUNDLED = "bundled"


class EncoderError(DeskError):
    """The encoder that DESK_ENCODER names cannot be loaded."""

    exit_status = 2


class Encoder(Protocol):
    """What turns questions and passages into vectors of one space."""

    @property
    def name(self) -> str:
        """What an index must have been built with to be searched with this encoder."""

    @property
    def dimension(self) -> int: ...

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions, shape (len(texts), dimension)."""

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, shape (len(texts), dimension)."""


def load_encoder(name: str, engines: Path | None = None, *, lasting: bool = False) -> Encoder:
    """The encoder that DESK_ENCODER names.

    `engines` is the folder where the bundled encoder keeps its fast engine, `lasting` whether it should
    start with it (see BundledEncoder). Raises EncoderError.
    """
    if name == BUNDLED:
        from index.encoder.bundled import BundledEncoder

        return BundledEncoder(engines, lasting=lasting)
    from index.encoder.transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(name)
