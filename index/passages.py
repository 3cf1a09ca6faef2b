"""Passages beside a question: its cosines with paragraphs and sentences, of all passages or of the likely ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.vectors import Floats, Places, VectorIndex

NEAR = 200
"""Of a large index, so many passages by paragraph, by sentence and by words are looked at; 20 are shown."""
_SAMPLE = 2_000
"""So many passages tell of a large index what the mean passage is to a question: its deviation within 2 %."""


@dataclass(frozen=True)
class Beside:
    """Passages beside one question; all arrays follow `places`."""

    places: Places
    """Which passages, ascending."""
    cosines: Floats
    """The mean of the paragraph's and its best sentence's cosine."""
    sentences: tuple[Floats, NDArray[np.int64]]
    """The cosines of all their sentences, and where those of each passage begin, and at last end."""
    mean: float
    """Of `cosines` over all passages that there are."""
    deviation: float

    def sentences_of(self, row: int) -> tuple[float, ...]:
        """The cosine of each sentence of the passage in a row of `places`."""
        cosines, bounds = self.sentences
        return tuple(cosines[bounds[row] : bounds[row + 1]].tolist())

    @property
    def scores(self) -> Floats:
        """`cosines` in standard deviations above the mean passage."""
        return np.asarray((self.cosines - self.mean) / max(float(self.deviation), 1e-6), dtype=np.float32)


class PassageVectors:
    """The vectors of paragraphs and of their sentences."""

    def __init__(self, paragraphs: VectorIndex, sentences: VectorIndex, counts: Sequence[int]) -> None:
        """`counts` has how many sentences each passage has."""
        self._paragraphs, self._sentences = paragraphs, sentences
        self._bounds = np.cumsum([0, *counts], dtype=np.int64)
        self._sample: PassageVectors | None = None
        if not (paragraphs.is_exact and sentences.is_exact):
            chance = np.random.default_rng(0)
            places = np.sort(chance.choice(len(paragraphs), min(_SAMPLE, len(paragraphs)), replace=False))
            wanted, bounds = self._sentences_of(places)
            self._sample = PassageVectors(paragraphs.at(places), sentences.at(wanted), np.diff(bounds).tolist())

    def beside(self, vector: Floats, eligible: NDArray[np.bool_], likely: Places) -> Beside:
        """All passages or, of a large index, those near to `vector` that are `eligible`, and the `likely` ones."""
        if self._sample is None:
            return self._compared(vector, None)
        by_paragraph, _ = self._paragraphs.search(vector, NEAR, lambda places: eligible[places])
        by_sentence, _ = self._sentences.search(vector, NEAR, lambda places: eligible[self._owners(places)])
        places = np.unique(np.concatenate([by_paragraph, self._owners(by_sentence), likely]))
        sample = self._sample._compared(vector, None)
        return self._compared(vector, places, (sample.mean, sample.deviation))

    def _compared(self, vector: Floats, places: Places | None, spread: tuple[float, float] | None = None) -> Beside:
        """Those at `places`, all if None, `spread` the mean and deviation of all if these are not all."""
        wanted, bounds = (None, self._bounds) if places is None else self._sentences_of(places)
        paragraphs, sentences = self._paragraphs.scores(vector, places), self._sentences.scores(vector, wanted)
        best = np.full(len(paragraphs), -1.0, dtype=np.float32)
        np.maximum.at(best, np.repeat(np.arange(len(best)), np.diff(bounds)), sentences)
        cosines = np.asarray((paragraphs + best) / 2, dtype=np.float32)
        mean, deviation = spread or (cosines.mean(), cosines.std())
        places = np.arange(len(cosines)) if places is None else places
        return Beside(places, cosines, (sentences, bounds), mean, deviation)

    def _owners(self, sentences: Places) -> Places:
        """The passages that sentences are of."""
        return np.asarray(np.searchsorted(self._bounds, sentences, side="right") - 1, dtype=np.int64)

    def _sentences_of(self, passages: Places) -> tuple[Places, NDArray[np.int64]]:
        """Where the sentences of passages stand, one passage after another, and where among these each one's begin."""
        starts, counts = self._bounds[passages], self._bounds[passages + 1] - self._bounds[passages]
        bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return np.arange(bounds[-1]) + np.repeat(starts - bounds[:-1], counts), bounds
