"""Off topic: questions about other things, from which the classifier learns what nothing here is about."""

from __future__ import annotations

import tomllib
from pathlib import Path

OFF_TOPIC = Path(__file__).with_name("off_topic.toml")


def off_topic(most: int) -> list[tuple[str, str]]:
    """The language and the words of up to `most` questions about other things, as many of each language, or none."""
    by_language: dict[str, list[str]] = tomllib.loads(OFF_TOPIC.read_text(encoding="utf-8"))
    each = most // len(by_language)
    return [(language, question) for language, questions in by_language.items() for question in questions[:each]]
