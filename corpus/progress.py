"""How far a long piece of work has come, for whoever watches."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """What is being done; the value is said to people."""

    READING = "reading documents"
    ENCODING = "building the index"
    LEARNING = "learning the questions"
    ASKING = "asking golden questions"


Progress = Callable[[Stage, int, int], None]
"""Called with the stage, how many of its pieces are done, and how many there are."""


def no_progress(stage: Stage, done: int, total: int) -> None:
    """For work that nobody watches."""
