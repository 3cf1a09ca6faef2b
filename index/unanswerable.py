"""Unanswerable: questions that no entry answers, from which the classifier learns what is not asked for.

What is off topic, about other things, is one class beside the entries. Near misses, which sound like what an entry
answers and ask for something else, are a class beside each entry.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from itertools import chain, zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

OFF_TOPIC = Path(__file__).with_name("off_topic.toml")
NEAR_MISSES = Path(__file__).with_name("near_misses.toml")

_OFF_TOPIC, _NEAR_MISSES = 10, 5
"""One question to so many phrasings, of all entries and of its own: a few phrasings cannot be told from all else."""
_NEAR = 0.6
"""The centred cosine from which on two questions may be the same."""

Question = tuple[str, str]
"""A language, and words in it."""


def unanswerable(phrasings: Mapping[str, int]) -> list[list[Question]]:
    """What is off topic, then the near misses of one entry after the other, for an FAQ with so many phrasings of each
    entry; [] for a small one."""
    strange = off_topic(sum(phrasings.values()) // _OFF_TOPIC)
    near = near_misses({entry: count // _NEAR_MISSES for entry, count in phrasings.items()})
    return [strange, *near] if strange else []


def off_topic(most: int) -> list[Question]:
    """Up to `most` questions about other things, as many of each language, or none."""
    by_language: dict[str, list[str]] = tomllib.loads(OFF_TOPIC.read_text(encoding="utf-8"))
    each = most // len(by_language)
    return [(language, question) for language, questions in by_language.items() for question in questions[:each]]


def near_misses(most: Mapping[str, int]) -> list[list[Question]]:
    """For each entry that has any and of which `most` wants some: up to so many, of as many languages as may be."""
    by_entry: dict[str, dict[str, list[str]]] = tomllib.loads(NEAR_MISSES.read_text(encoding="utf-8"))
    near = (_in_turn(by_entry.get(entry, {}))[:count] for entry, count in most.items())
    return [misses for misses in near if misses]


def _in_turn(by_language: Mapping[str, list[str]]) -> list[Question]:
    """The first question of each language, then the second of each."""
    columns = ([(language, question) for question in questions] for language, questions in by_language.items())
    return [near for near in chain.from_iterable(zip_longest(*columns)) if near]


def still_unanswered(questions: Vectors, phrasings: Vectors, approved: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which `questions`, centred (n, dimension), no entry answers that staff approved since.

    `approved` tells of each of the `phrasings` whether it is of such an entry. Left out is what is near to one, and
    nearer than to all others.
    """
    unanswered = np.ones(len(questions), dtype=bool)
    if approved.any():
        nearest = (questions @ phrasings[approved].T).max(axis=1)
        near = np.flatnonzero(nearest >= _NEAR)
        others = (questions[near] @ phrasings[~approved].T).max(axis=1, initial=-1)
        unanswered[near] = nearest[near] < others
    return unanswered
