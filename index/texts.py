"""What a build encodes: passages, their sentences, the questions of the FAQ, and questions that no entry answers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.catalogue import Corpus
from corpus.models import Passage
from index.encoder import Encoder, Vectors
from index.phrasings import Phrasing, phrasings_of
from index.unanswerable import Question, unanswerable


class Mode(StrEnum):
    """As what a text is encoded."""

    QUESTION = "q"
    PASSAGE = "p"


Text = tuple[Mode, str]


@dataclass(frozen=True)
class Texts:
    """The texts of a corpus, each kind in the order of its rows in an index."""

    passages: tuple[Passage, ...]
    sentences: tuple[tuple[Passage, str], ...]
    """Each with its passage."""
    phrasings: tuple[Phrasing, ...]
    unanswerable: tuple[tuple[Question, ...], ...]
    """One kind after the other, as the classifier learns them."""

    @classmethod
    def of(cls, corpus: Corpus) -> Texts:
        passages, phrasings = tuple(corpus.passages()), phrasings_of(corpus.faq)
        strange = unanswerable(Counter(phrasing.entry.id for phrasing in phrasings))
        return cls(
            passages=passages,
            sentences=tuple((p, p.text[start:end]) for p in passages for start, end in p.sentences),
            phrasings=phrasings,
            unanswerable=tuple(tuple(kind) for kind in strange),
        )

    def __iter__(self) -> Iterator[Text]:
        """All of them, in the order of the fields."""
        yield from ((Mode.PASSAGE, searched(passage)) for passage in self.passages)
        yield from ((Mode.PASSAGE, sentence) for _, sentence in self.sentences)
        yield from ((Mode.QUESTION, phrasing.question) for phrasing in self.phrasings)
        yield from ((Mode.QUESTION, question) for kind in self.unanswerable for _, question in kind)


def searched(passage: Passage) -> str:
    """The text that stands for a passage in the indexes: its headings give its sentences their subject."""
    return "\n".join([*passage.headings, passage.text])


def in_batches(texts: Iterable[Text], size: int) -> list[tuple[Mode, list[str]]]:
    """Texts to encode together, up to `size` of one mode and about one length, in an order that makes progress even."""
    by_mode: dict[Mode, list[str]] = {mode: [] for mode in Mode}
    for mode, text in texts:
        by_mode[mode].append(text)
    batches = []
    for mode, found in by_mode.items():
        found.sort(key=len)
        batches += [(mode, found[start : start + size]) for start in range(0, len(found), size)]
    random.Random(0).shuffle(batches)  # noqa: S311 - long texts first would make the estimate far too long
    return batches


def encode(encoder: Encoder, mode: Mode, texts: Sequence[str]) -> Vectors:
    """Unit vectors (n, dimension) of `texts`."""
    return encoder.encode_query(texts) if mode is Mode.QUESTION else encoder.encode_document(texts)
