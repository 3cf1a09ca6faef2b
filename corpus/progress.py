"""How far a long piece of work has come, for whoever watches."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with texts encoded so far and in all."""


def no_progress(done: int, total: int) -> None:
    """For work that nobody watches."""
