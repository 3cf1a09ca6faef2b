"""Words that point back: what shows that a question leans on the one before it ("and when is it?")."""

from __future__ import annotations

from assistant.messages import pointing_phrases
from index.lexical import is_unspaced, words


def leans_on_thread(question: str, language: str) -> bool:
    """Whether a question in `language` has words that point back to what was said before."""
    found = words(question)
    spaced, run = f" {' '.join(found)} ", "".join(found)
    for phrase in pointing_phrases(language):
        wanted = words(phrase)
        # Where words have no spaces between them, or endings grow onto them, a phrase is found within a word.
        text, sought = (run, "".join(wanted)) if is_unspaced(wanted[0]) else (spaced, f" {' '.join(wanted)} ")
        if text.startswith(sought) if phrase.endswith("…") else sought in text:
            return True
    return False
