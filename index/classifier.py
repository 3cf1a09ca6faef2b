"""Which FAQ entry a question asks for: softmax regression over all phrasings in all languages.

Vectors are whitened first (index/whitening.py). Each entry is a class and each phrasing a sample, as is each question
that no entry answers (index/unanswerable.py); what tells neighbouring entries apart ("which city signed first?",
"when did it sign?") is learnt, where the cosine with a phrasing only sees that both are near.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.progress import Progress, Stage, no_progress
from index.encoder import Vectors
from index.whitening import Groups, whiten, whitening

_SEEN = 400_000
"""How many samples are seen in all: each of many a few times, each of few often."""
_LEAST_ROUNDS, _MOST_ROUNDS = 15, 200
_COOLING = ((0.02, 8), (0.005, 4), (0.001, 3))
"""Step sizes, and for how many of fifteen rounds: large steps come near soon, but where they end is chance."""
_PENALTY = 5e-3
"""On large weights: ten times less, and where the steps end would be chance for one question in a hundred."""
_SMALLEST_BATCH, _LARGEST_BATCH = 256, 1024
"""Large batches are quick, but of few samples they would leave too few steps."""


@dataclass(frozen=True)
class Classifier:
    """The fitted model: log softmax of whiten(vector) · weights + bias."""

    matrix: Vectors
    """(dimension, dimension), for whitening."""
    weights: Vectors
    """(dimension, classes)."""
    bias: Vectors
    """(classes,)."""
    learnt_from: str = ""
    """A digest of what it was fitted to."""

    @classmethod
    def fit(
        cls, vectors: Vectors, groups: Groups, learnt_from: str = "", progress: Progress = no_progress
    ) -> Classifier:
        """Fit to centred `vectors` (n, dimension) and the class of each (0 … k - 1, each at least once)."""
        matrix = whitening(vectors, groups)
        classes = int(groups.max(initial=-1)) + 1
        if classes < 2:  # nothing to tell apart
            return cls(matrix, np.zeros((vectors.shape[1], classes), np.float32), np.zeros(classes, np.float32))
        from sklearn.exceptions import ConvergenceWarning  # a second to import, while building only
        from sklearn.neural_network import MLPClassifier

        vectors, groups = _evened(vectors, groups)
        rounds = int(np.clip(_SEEN // len(vectors), _LEAST_ROUNDS, _MOST_ROUNDS))
        batch = int(np.clip(len(vectors) // 8, _SMALLEST_BATCH, _LARGEST_BATCH))
        model = MLPClassifier(
            hidden_layer_sizes=(),
            alpha=_PENALTY,
            batch_size=min(batch, len(vectors)),
            random_state=0,
            warm_start=True,
            n_iter_no_change=_MOST_ROUNDS,
        )
        whitened = whiten(vectors, matrix)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # so many rounds and no more are wanted
            progress(Stage.LEARNING, 0, _LEAST_ROUNDS)
            done = 0
            for step, share in _COOLING:
                model.set_params(learning_rate_init=step, max_iter=max(rounds * share // _LEAST_ROUNDS, 1))
                model.fit(whitened, groups)
                done += share
                progress(Stage.LEARNING, done, _LEAST_ROUNDS)
        weights, bias = model.coefs_[0], model.intercepts_[0]
        if classes == 2:  # scikit-learn keeps one column for two classes
            weights, bias = np.hstack([np.zeros_like(weights), weights]), np.append(np.zeros_like(bias), bias)
        return cls(matrix, weights.astype(np.float32), bias.astype(np.float32), learnt_from)

    @classmethod
    def load(cls, path: Path) -> Classifier:
        with np.load(path, allow_pickle=False) as stored:
            return cls(stored["matrix"], stored["weights"], stored["bias"], str(stored["learnt_from"]))

    def save(self, path: Path) -> None:
        np.savez(path, matrix=self.matrix, weights=self.weights, bias=self.bias, learnt_from=self.learnt_from)

    @property
    def size(self) -> int:
        """The number of classes."""
        return len(self.bias)

    def only(self, kept: NDArray[np.bool_]) -> Classifier:
        """A classifier of the classes that are `kept`, one truth value a class."""
        return Classifier(self.matrix, self.weights[:, kept], self.bias[kept], self.learnt_from)

    def log_probabilities(self, vector: Vectors) -> Vectors:
        """The log-probability (classes,) of each class for a centred `vector` (dimension,)."""
        logits = whiten(vector, self.matrix) @ self.weights + self.bias
        if not len(logits):
            return logits
        shifted = logits - logits.max()
        return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)


def _evened(vectors: Vectors, groups: Groups) -> tuple[Vectors, Groups]:
    """The samples, those of small classes repeated until each class has half as many as the median class.

    An entry that staff wrote has one phrasing, and the others have a hundred: it would hardly ever be likely.
    """
    sizes = np.bincount(groups)
    least = int(np.median(sizes) / 2)
    more = [np.resize(np.flatnonzero(groups == c), least - sizes[c]) for c in np.flatnonzero(sizes < least)]
    rows = np.concatenate([np.arange(len(groups)), *more])
    return vectors[rows], groups[rows]
