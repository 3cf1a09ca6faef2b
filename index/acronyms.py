"""Acronyms that a question names and nothing here knows: what the documents say of CityNet is not about UCLG.

City names can be looked up; the names of bodies and programmes are too many. Most are asked about by their initials,
and an acronym stands out in every script.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.faq import Faq
from index.keys import Keys, keys_of

_ACRONYM = re.compile("(?<![A-Za-z])[A-Z]{3,}(?![a-z])")
_LATIN_WORD = re.compile("[A-Za-z]+")


@dataclass(frozen=True)
class Acronyms:
    """Which acronyms are known. What somebody shouts is known too: keys stand for the words of all languages."""

    known: Keys
    """(n,), of words in small letters, ascending."""

    @classmethod
    def of(cls, documents: str, faq: Faq) -> Acronyms:
        """Known is what `documents` have, and entries of an FAQ that state something; and what any entry writes small.

        A known gap may be asked with the names of bodies of which the documents are silent.
        """
        wordings = [(entry.gap, wording) for entry in faq.entries for wording in entry.wordings.values()]
        known = set(_LATIN_WORD.findall(documents))
        for gap, wording in wordings:
            found = _LATIN_WORD.findall("\n".join((*wording.questions, wording.answer)))
            known.update(word for word in found if not (gap and word.isupper()))
        return cls(np.unique(keys_of({word.casefold() for word in known})))

    @classmethod
    def load(cls, path: Path) -> Acronyms:
        return cls(np.load(path, allow_pickle=False))

    def save(self, path: Path) -> None:
        np.save(path, self.known)

    def strange_in(self, question: str) -> frozenset[str]:
        """The acronyms that stand in a question and are not known, in small letters."""
        found = list(dict.fromkeys(acronym.casefold() for acronym in _ACRONYM.findall(question)))
        is_known = np.isin(keys_of(found), self.known)
        return frozenset(acronym for acronym, known in zip(found, is_known, strict=True) if not known)
