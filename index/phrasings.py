"""Phrasings: whose each row of the question index is, and of which entry a question is a phrasing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.faq import Faq, FaqEntry
from index.keys import Keys, keys_of
from index.lexical import words

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Phrasing:
    """One phrasing of an FAQ entry's question."""

    entry: FaqEntry
    language: str
    question: str


def phrasings_of(faq: Faq) -> tuple[Phrasing, ...]:
    """Every phrasing of every entry, entry by entry and, within it, language by language."""
    return tuple(
        Phrasing(entry, language, question) for entry in faq.entries for language, question in entry.phrasings()
    )


@dataclass(frozen=True)
class Phrasings:
    """What is known of the phrasings of an FAQ without their words, which are many: one row each, in their order.

    Fifty thousand objects would cost a command of one question more than the search itself.
    """

    entries: Integers
    """(n,) which entry each belongs to, in the FAQ's order."""
    languages: tuple[str, ...]
    """Those that occur."""
    spoken: Integers
    """(n,) which of `languages` each is in."""
    keys: Keys
    """(n,) that of each one's words, whatever its marks."""

    @classmethod
    def of(cls, phrasings: Sequence[Phrasing]) -> Phrasings:
        entries = {entry: row for row, entry in enumerate(dict.fromkeys(p.entry.id for p in phrasings))}
        languages = tuple(sorted({phrasing.language for phrasing in phrasings}))
        return cls(
            entries=np.array([entries[phrasing.entry.id] for phrasing in phrasings], dtype=np.int64),
            languages=languages,
            spoken=np.array([languages.index(phrasing.language) for phrasing in phrasings], dtype=np.int64),
            keys=keys_of("".join(words(phrasing.question)) for phrasing in phrasings),
        )

    @classmethod
    def load(cls, path: Path) -> Phrasings:
        with np.load(path, allow_pickle=False) as stored:
            languages = tuple(str(language) for language in stored["languages"])
            return cls(stored["entries"], languages, stored["spoken"], stored["keys"])

    def save(self, path: Path) -> None:
        languages = np.array(self.languages, dtype=str)
        np.savez(path, entries=self.entries, languages=languages, spoken=self.spoken, keys=self.keys)

    def __len__(self) -> int:
        return len(self.entries)

    def of_entries(self, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which phrasings, a truth value each, belong to the entries that are `kept`, one truth value an entry."""
        return np.asarray(kept[self.entries], dtype=bool)

    def only(self, kept: NDArray[np.bool_]) -> Phrasings:
        """The phrasings of the entries that are `kept`, one truth value an entry; the others are counted no more."""
        rows = self.of_entries(kept)
        places = np.cumsum(kept) - 1
        return Phrasings(places[self.entries[rows]], self.languages, self.spoken[rows], self.keys[rows])

    def entry_of(self, question: str, language: str) -> int | None:
        """Which entry a question is a phrasing of, whatever its marks: in its `language`, or else in another."""
        asked = "".join(words(question))
        rows = np.flatnonzero(self.keys == keys_of([asked]))
        if not asked or not len(rows):
            return None
        own = [row for row in rows if self.languages[self.spoken[row]] == language]
        return int(self.entries[own[0] if own else rows[0]])
