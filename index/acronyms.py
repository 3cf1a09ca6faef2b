"""Acronyms that a question names and nothing here knows: what the documents say of CityNet is not about UCLG.

City names can be looked up; the names of bodies and programmes are too many. Most are asked about by their initials,
and an acronym in capitals stands out in every script.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.faq import Faq
from index.keys import Keys, are_among, keys_of

_LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_WORD = re.compile(f"[{_LATIN}]+")
_ACRONYM = re.compile(f"(?<![{_LATIN}])[A-Z]{{3,6}}(?=s?(?![{_LATIN}]))")
"""With the ending of a plural, if any ("NGOs"). What is longer is a word that somebody shouts."""
_NUMERAL = re.compile("[IVX]+")
_OF_MAIL = frozenset({
    "urgent", "asap", "attn", "btw", "eta", "faq", "fyi", "fwd", "imho", "imo", "info", "note", "pls", "rsvp", "tba",
    "tbc", "tbd", "thx", "tia", "tks",
    "gmt", "ict", "ist", "jst", "kst", "mmt", "myt", "npt", "pht", "pst", "sgt", "utc", "wib", "wit", "wita",
})  # fmt: skip
"""Abbreviations of mails, and time zones, in small letters."""


@dataclass(frozen=True)
class Acronyms:
    """Which words an acronym may be known by."""

    known: Keys
    """(n,), of words in small letters, ascending."""

    @classmethod
    def of(cls, documents: str, faq: Faq) -> Acronyms:
        """Known are the words of `documents` and of entries of an FAQ that state something, those that any entry writes
        small, currencies and what mails abbreviate.

        What only a known gap is asked with, in capitals, is a body of which the documents are silent.
        """
        from babel.numbers import list_currencies  # while building only

        words = {*list_currencies(), *_OF_MAIL, *_WORD.findall(documents)}
        for entry in faq.entries:
            for wording in entry.wordings.values():
                found = _WORD.findall("\n".join((*wording.questions, wording.answer)))
                words.update(word for word in found if not (entry.gap and word.isupper()))
        return cls(np.unique(keys_of({word.casefold() for word in words})))

    @classmethod
    def load(cls, path: Path) -> Acronyms:
        return cls(np.load(path, allow_pickle=False))

    def save(self, path: Path) -> None:
        np.save(path, self.known)

    def strange_in(self, question: str) -> frozenset[str]:
        """The acronyms that stand in a question and are not known, in small letters."""
        written = unicodedata.normalize("NFKC", question)
        acronyms = (acronym for acronym in _ACRONYM.findall(written) if not _NUMERAL.fullmatch(acronym))
        found = list(dict.fromkeys(map(str.casefold, acronyms)))
        is_known = are_among(found, self.known)
        return frozenset(acronym for acronym, known in zip(found, is_known, strict=True) if not known)
