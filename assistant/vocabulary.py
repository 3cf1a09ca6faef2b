"""The words that officials ask with, by language: they tell a language where no telltale does.

`python -m assistant.vocabulary` counts them in the FAQ's phrasings, to vocabulary.json.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from corpus.faq import Faq
from index.lexical import words

VOCABULARY = Path(__file__).with_name("vocabulary.json")
_DOCUMENTS = Path(__file__).parents[1] / "corpus/documents"
_LATIN = "[a-z\u00e0-\u024f\u1e00-\u1eff]"
LATIN_WRITTEN = ("en", "vi", "id", "ms", "fil")
"""Languages that nobody writes in other letters."""
_WRITTEN_IN = {
    **dict.fromkeys((*LATIN_WRITTEN, "th", "my", "km", "bn", "ta"), re.compile(_LATIN)),
    **dict.fromkeys(("hi", "ne"), re.compile(f"{_LATIN}|[\u0900-\u097f]")),
}
"""The languages that share a script with others, or whose speakers type Latin letters, by how their words begin."""
_LEAST = 2
"""In so many phrasings a word stands at least: one may be a slip."""
_UNSEEN = 0.1
"""What a word counts in a language that has it not."""


def counted(faq: Faq) -> dict[str, dict[str, int]]:
    """By language and word: in how many phrasings of `faq` it stands."""
    counts = {language: Counter[str]() for language in _WRITTEN_IN}
    for entry in faq.entries:
        for language, counter in counts.items():
            asked = entry.wordings[language].questions if language in entry.wordings else ()
            counter.update(word for question in asked for word in set(words(question)))
    return {
        language: {w: n for w, n in sorted(counter.items()) if n >= _LEAST and _WRITTEN_IN[language].match(w)}
        for language, counter in counts.items()
    }


def likeliest(found: Iterable[str], languages: Sequence[str]) -> tuple[str, float]:
    """Which of `languages` words are in, by naive Bayes with Lidstone smoothing, and which share of them it has.

    The first, and 0, of no words.
    """
    asked, counts = list(found), _counts()
    seen = frozenset().union(*(counts[language] for language in languages))
    told = [word for word in asked if word in seen]
    weights = {language: _weight(told, counts[language], len(seen)) for language in languages}
    best = max(weights, key=weights.__getitem__)
    return best, sum(word in counts[best] for word in asked) / max(len(asked), 1)


def _weight(told: Sequence[str], counts: Mapping[str, int], seen: int) -> float:
    """The logarithm of how likely a language's phrasings have these words."""
    total = sum(counts.values()) + _UNSEEN * seen
    return sum(math.log((counts.get(word, 0) + _UNSEEN) / total) for word in told)


@cache
def shared() -> frozenset[str]:
    """Words that all LATIN_WRITTEN languages ask with, and that tell none of them: "declaration", "website"."""
    return frozenset.intersection(*(frozenset(_counts()[language]) for language in LATIN_WRITTEN))


@cache
def _counts() -> dict[str, dict[str, int]]:
    stored: dict[str, dict[str, int]] = json.loads(VOCABULARY.read_text(encoding="utf-8"))
    return stored


if __name__ == "__main__":
    from corpus.catalogue import read_corpus

    VOCABULARY.write_text(
        json.dumps(counted(read_corpus(_DOCUMENTS).faq), ensure_ascii=False, separators=(",", ":")) + "\n",
        encoding="utf-8",
    )
