"""Words in common: BM25 over the passages of one language, with tokens that suit its script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from corpus.clean import match

# Han, kana, Hangul, Thai, Lao, Myanmar, Khmer: no spaces, or words too long to match whole.
_UNSPACED = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_RUNS = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")


def tokens(text: str) -> list[str]:
    """Words of spaced scripts, character bigrams of the others, of the text's match form."""
    found: list[str] = []
    for run in _RUNS.findall(match(text)):
        if _IS_UNSPACED.match(run) and len(run) > 1:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(run)
    return found


class LexicalIndex:
    """BM25 and inverse document frequencies of a list of texts."""

    def __init__(self, bm25: bm25s.BM25) -> None:
        self._bm25 = bm25
        self.size = int(bm25.scores["num_docs"])
        self._unseen = float(np.log(1 + self.size))

    @classmethod
    def of(cls, texts: Sequence[str]) -> LexicalIndex:
        """An index of `texts`, at least one."""
        bm25 = bm25s.BM25()
        bm25.index([tokens(text) or [""] for text in texts], show_progress=False)
        return cls(bm25)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        return cls(bm25s.BM25.load(folder, show_progress=False))

    def save(self, folder: Path) -> None:
        self._bm25.save(folder, show_progress=False)

    def scores(self, question: str) -> NDArray[np.float32]:
        """BM25 of every text for the question, in index order."""
        wanted = [token for token in tokens(question) if token in self._bm25.vocab_dict]
        if not wanted:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(wanted), dtype=np.float32)

    def coverage(self, question: str) -> NDArray[np.float32]:
        """How much of the question each text has: 0 … 1, its tokens weighted by their rarity here."""
        covered = np.zeros(self.size, dtype=np.float32)
        total = 0.0
        for token in set(tokens(question)):
            holders = self._holders(token)
            weight = float(np.log(1 + self.size / (1 + len(holders)))) if len(holders) else self._unseen
            covered[holders] += weight
            total += weight
        return covered / total if total else covered

    def _holders(self, token: str) -> NDArray[np.int32]:
        """Which texts have the token."""
        place = self._bm25.vocab_dict.get(token)
        bounds = self._bm25.scores["indptr"]
        if place is None or place + 1 >= len(bounds):
            return np.zeros(0, dtype=np.int32)
        return np.asarray(self._bm25.scores["indices"][bounds[place] : bounds[place + 1]], dtype=np.int32)
