"""Introducing oneself: what askers say of themselves ("I am from Cebu City") is no part of the question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from assistant.asking import looks_like_question
from assistant.messages import introducing_phrases, own_city
from assistant.pointing import has_phrase
from corpus.sentences import split_sentences
from index.lexical import words
from index.search import Findings

COMMA = "[,،、，;；၊]"
"""Between clauses, as a regular expression."""
_JOINT = re.compile(rf"{COMMA}\s*")
_SPACED_JOINT = re.compile(rf"{COMMA}\s*|\s+")
"""Where words have no spaces between them, clauses have."""
_LATIN = "[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"
_CLAUSES_SPACED = {"ja", "th", "my", "km"}


def introduces(clause: str, language: str) -> bool:
    """Whether askers speak of themselves in a clause in `language`, and ask nothing in it."""
    found = words(clause)
    speaks = any(has_phrase(found, phrase) for phrase in introducing_phrases(language))
    return speaks and not looks_like_question(clause, language)


def says_where_from(findings: Findings) -> bool:
    """Whether a sentence, of which these are the findings, says where its asker is from."""
    return introduces(findings.question, findings.language) and bool(_named(findings))


def names_own_place(findings: Findings) -> bool:
    """Whether a message, of which these are the findings, names where its asker is from, besides what it asks."""
    return asked_about(_named(findings), findings) != _named(findings)


def without_introduction(sentence: str, language: str) -> str:
    """What a sentence says after its asker's introduction of themselves; all of it where that is all there is."""
    end = 0
    joint = _SPACED_JOINT if language in _CLAUSES_SPACED else _JOINT
    for clause, after in _clauses(sentence, joint):
        if looks_like_question(clause, language):
            break
        end = after if introduces(clause, language) else end
    return sentence[end:] or sentence


def asked_about(names: frozenset[str], findings: Findings) -> frozenset[str]:
    """Which places and bodies a question is about, of those that it names: not the one whose official asks it.

    That is in the first clause of an introduction that names one: "I am from Khulna. We heard that Osaka was first"
    is about Osaka.
    """
    if not names:
        return frozenset()
    message, language = findings.question, findings.language
    sentences = [message[start:end] for start, end in split_sentences(message, language)]
    clauses = [clause for sentence in sentences for clause, _ in _clauses(sentence, _JOINT)]
    worded = [" ".join(words(clause)) for clause in clauses]
    naming = [frozenset(name for name in names if name in clause) for clause in worded]
    first = (row for row, clause in enumerate(clauses) if naming[row] and introduces(clause, language))
    own = next(first, len(clauses))
    return names - frozenset().union(*naming[own : own + 1]).difference(*naming[:own], *naming[own + 1 :])


def as_own_city(question: str, language: str, places: Iterable[str]) -> str | None:
    """A question as somebody of the city that it names, one of `places`, would put it, or None if it names none.

    "Can Chiba join?" is near to nothing, in any language; "can our city join?" is near to what holds for any city.
    Written small, "reading" is no city, unless all of an English message is written so, as in a chat.
    """
    question, own = unicodedata.normalize("NFKC", question), own_city(language)
    named = sorted(places, key=len, reverse=True)
    if not own or not named:
        return None
    name = re.compile(rf"{as_names(named)}[市시]?", re.IGNORECASE)  # after a name in another script, "city" may follow
    all_small = language == "en" and question.islower()
    asked = name.sub(lambda found: found[0] if found[0][0].islower() and not all_small else own[0], question)
    return asked if asked != question else None


def as_names(named: Iterable[str]) -> str:
    """Names, as a regular expression: in Latin letters, each is a whole word ("Nara" does not begin "Naranja")."""
    return rf"(?<!{_LATIN})(?:{'|'.join(map(re.escape, named))})(?!{_LATIN})"


def _named(findings: Findings) -> frozenset[str]:
    return findings.strange_names | findings.known_places.keys()


def _clauses(sentence: str, joint: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    """Each clause, and where the next one begins."""
    start = 0
    for found in joint.finditer(sentence):
        yield sentence[start : found.start()], found.end()
        start = found.end()
    yield sentence[start:], len(sentence)
