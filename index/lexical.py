"""Words in common: BM25 over the passages of one language, with tokens that suit its script."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.clean import match

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]

# Han, kana, Hangul, Thai, Lao, Myanmar, Khmer: no spaces, or words too long to match whole.
_UNSPACED = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e4e\u0e50-\u0e59\u0e80-\u0eff"
_UNSPACED += "\u1000-\u1049\u1050-\u109f\u1780-\u17d3\u17d7\u17dc-\u17ff"  # without their full stops
_MARKS = "\u0300-\u036f\u0900-\u0963\u0966-\u0dff"  # Latin accents; Indic letters with their vowel signs
_RUNS = re.compile(rf"[{_UNSPACED}]+|(?:[^\W_{_UNSPACED}]|[{_MARKS}])+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")


def words(text: str) -> list[str]:
    """The words of the text's match form, with their vowel signs; of unspaced scripts, what runs together."""
    return _RUNS.findall(match(text))


def is_unspaced(word: str) -> bool:
    return bool(_IS_UNSPACED.match(word))


def tokens(text: str) -> list[str]:
    """Words of spaced scripts, character bigrams of the others, of the text's match form."""
    found: list[str] = []
    for run in words(text):
        if is_unspaced(run) and len(run) > 1:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(run)
    return found


class _Vocabulary:
    """Which column a token has. Read when it is first asked: of most languages it never is."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    @cached_property
    def _columns(self) -> dict[str, int]:
        columns: dict[str, int] = json.loads(self._content)
        return columns

    def column(self, token: str) -> int | None:
        return self._columns.get(token)


class LexicalIndex:
    """BM25 and inverse document frequencies of a list of texts.

    bm25s computes a score for each token in each text that has it, and keeps them as a sparse matrix by
    column, one token a column; a question's score is the sum of its columns. Those files are read here
    without bm25s, whose import would take a quarter of a second from every first answer.
    """

    def __init__(self, vocabulary: _Vocabulary, data: Floats, texts: Integers, bounds: Integers, size: int) -> None:
        self._vocabulary = vocabulary
        self._data, self._texts, self._bounds = data, texts, bounds
        self.size = size

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """An index that `build_lexical` wrote; of its files, which may be deleted meanwhile but not changed, what a
        question needs is read when it is asked."""
        data, texts, bounds = (
            np.load(folder / f"{name}.csc.index.npy", mmap_mode="r", allow_pickle=False)
            for name in ("data", "indices", "indptr")
        )
        vocabulary = _Vocabulary((folder / "vocab.index.json").read_bytes())
        size = json.loads((folder / "params.index.json").read_text(encoding="utf-8"))["num_docs"]
        return cls(vocabulary, data, texts, bounds, size)

    def only(self, kept: Sequence[bool] | NDArray[np.bool_]) -> LexicalIndex:
        """An index of the texts that are `kept`, one truth value a text; words stay as rare as they were."""
        mask = np.array(kept, dtype=bool)
        entries = mask[self._texts]
        place = np.cumsum(mask, dtype=np.int32) - 1
        bounds = np.concatenate([[0], np.cumsum(entries, dtype=np.int32)])[self._bounds]
        texts = np.asarray(place[self._texts[entries]], dtype=np.int32)
        return LexicalIndex(self._vocabulary, self._data[entries], texts, bounds.astype(np.int32), int(mask.sum()))

    def scores(self, question: str) -> Floats:
        """BM25 of every text for the question, in index order."""
        scores = np.zeros(self.size, dtype=np.float32)
        for token in tokens(question):
            column = self._column(token)
            scores[self._texts[column]] += self._data[column]
        return scores

    def coverage(self, question: str) -> Floats:
        """How much of the question each text has: 0 … 1, its tokens weighted by their rarity here."""
        covered = np.zeros(self.size, dtype=np.float32)
        total = 0.0
        for token in set(tokens(question)):
            holders = self._texts[self._column(token)]
            weight = float(np.log(1 + self.size / (1 + len(holders))))
            covered[holders] += weight
            total += weight
        return covered / total if total else covered

    def _column(self, token: str) -> slice:
        """Where the token's texts and their scores stand."""
        place = self._vocabulary.column(token)
        return slice(0, 0) if place is None else slice(int(self._bounds[place]), int(self._bounds[place + 1]))


def build_lexical(texts: Sequence[str], folder: Path) -> None:
    """Write an index of `texts`, at least one, to `folder`."""
    import bm25s

    bm25 = bm25s.BM25()
    bm25.index([tokens(text) or [""] for text in texts], show_progress=False)
    bm25.save(folder, show_progress=False)
