"""Words that point back: what shows that a question leans on the one before it ("and when is it?")."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.messages import pointing_phrases
from index.lexical import is_unspaced, words


def leans_on_thread(question: str, language: str) -> bool:
    """Whether a question in `language` has words that point back to what was said before."""
    found = words(question)
    return any(has_phrase(found, phrase) for phrase in pointing_phrases(language))


def context(history: Sequence[str], language: str) -> str:
    """What a question may lean on: the one before it and, where that leans on its own predecessor, both; else ""."""
    before = list(history[-2:])
    return " ".join(before if len(before) > 1 and leans_on_thread(before[-1], language) else before[-1:])


def has_phrase(found: Sequence[str], phrase: str) -> bool:
    """Whether a phrase stands among the words of a text: "phrase…" at its beginning, "…phrase" at its end."""
    wanted = words(phrase)
    # Where words have no spaces between them, or endings grow onto them, a phrase is found within a word.
    if is_unspaced(wanted[0]):
        text, sought = "".join(found), "".join(wanted)
    else:
        text, sought = f" {' '.join(found)} ", f" {' '.join(wanted)} "
    if phrase.endswith("…"):
        return text.startswith(sought)
    return text.endswith(sought) if phrase.startswith("…") else sought in text
