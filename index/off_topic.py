"""Off topic: questions about other things, from which the classifier learns what nothing here is about."""

from __future__ import annotations

import tomllib
from itertools import chain, islice
from pathlib import Path

_QUESTIONS = Path(__file__).with_name("off_topic.toml")


def off_topic(most: int) -> list[tuple[str, str]]:
    """The language and the words of up to `most` questions about other things, as many of each language."""
    by_language: dict[str, list[str]] = tomllib.loads(_QUESTIONS.read_text(encoding="utf-8"))
    rounds = zip(*([(language, text) for text in texts] for language, texts in by_language.items()), strict=True)
    return list(islice(chain.from_iterable(rounds), most))
