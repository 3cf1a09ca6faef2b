"""The home of sentence-transformers: any of its models, by name or folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.encoder import BUNDLED, EncoderError, Vectors


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
