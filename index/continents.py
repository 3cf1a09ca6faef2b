"""Continents that a question names: what is told of Europe's cities is no answer about Asia's.

The documents tell of two declarations, which are alike in nearly all that is asked of them; in every language a
question about one is near to what is said of the other, and only the continent's name tells the two apart.
"""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

from corpus.clean import match
from corpus.faq import Faq
from corpus.models import Frozen
from index.lexical import words

SPELLINGS = Path(__file__).with_name("continents.toml")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


class Continents(Frozen):
    """How continents are written, and which of them each entry of an FAQ states something of."""

    spellings: dict[str, tuple[str, ...]]
    """By continent: in their match form."""
    stated: dict[str, frozenset[str]]
    """By the id of each entry that names any and is no known gap: of that the documents' silence holds for all."""

    @classmethod
    def of(cls, faq: Faq) -> Continents:
        written = tomllib.loads(SPELLINGS.read_text(encoding="utf-8"))
        spellings = {name: tuple(map(match, chain.from_iterable(by.values()))) for name, by in written.items()}
        known = cls(spellings=spellings, stated={})
        stated = {entry.id: known.named_in(entry.stated) for entry in faq.entries if not entry.gap}
        return known.model_copy(update={"stated": {entry: named for entry, named in stated.items() if named}})

    def named_in(self, text: str) -> frozenset[str]:
        """The continents that a text names."""
        run, apart = match(text), f" {' '.join(words(text))} "
        return frozenset(
            name
            for name, spellings in self.spellings.items()
            if any(f" {it} " in apart if _LATIN.match(it) else it in run for it in spellings)
        )

    def elsewhere(self, question: str) -> frozenset[str]:
        """The ids of the entries that tell of another continent alone than the one that a question names alone."""
        named = self.named_in(question)
        if len(named) != 1:
            return frozenset()
        return frozenset(entry for entry, stated in self.stated.items() if not named & stated)
