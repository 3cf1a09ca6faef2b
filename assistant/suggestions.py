"""What may help a member of staff with a reply: the FAQ entries and the passages that come nearest."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.models import Citation
from corpus.faq import FaqEntry, Review, Wording

FALLBACK_LANGUAGES = ("en", "ja")


@dataclass(frozen=True)
class Suggestions:
    """The nearest first."""

    entries: tuple[FaqEntry, ...]
    citations: tuple[Citation, ...]
    """Of the passages that were quoted already, then of the nearest."""

    def answers(self, language: str) -> list[tuple[FaqEntry, Wording]]:
        """The entries that say something in `language`, the approved wordings first."""
        worded = [(entry, entry.wordings[language]) for entry in self.entries if language in entry.wordings]
        return sorted(worded, key=lambda answer: answer[1].review is not Review.APPROVED)

    def draft(self, language: str) -> str:
        """A reply to begin with: the nearest answer in `language`; "" where there is none."""
        return next((entry.wordings[language].answer for entry in self.entries if language in entry.wordings), "")


def question_of(entry: FaqEntry, language: str) -> tuple[str, str]:
    """An entry's question as a reader of `language` knows it, or in a language that most staff read; first which."""
    tags = (language, *FALLBACK_LANGUAGES, *entry.wordings)
    tag = next(tag for tag in tags if tag in entry.wordings)
    return tag, entry.wordings[tag].questions[0]
