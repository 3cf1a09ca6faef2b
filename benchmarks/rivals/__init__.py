"""What the desk is compared with, a module each: built into a folder, loaded from it, asked.

Put together as their guides do. They find and do not answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from index.encoder import Vectors

TOP = 3
"""As many pieces as the desk shows. LangChain's default is 4, LlamaIndex's 2."""


class Text(NamedTuple):
    """What a rival is given to index: a document, or an FAQ entry in one language."""

    text: str
    entry: str | None = None


class Piece(NamedTuple):
    """What a rival finds: a piece of a text, as its splitter cut it."""

    text: str
    entry: str | None
    distance: float


Retrieve = Callable[[str], list[Piece]]
"""Question to the nearest pieces, nearest first."""


class Embed(Protocol):
    """An encoder in a rival's hands."""

    name: str
    dimension: int

    def question(self, text: str) -> list[float]: ...

    def pieces(self, texts: Sequence[str]) -> list[list[float]]: ...


class Watch(Protocol):
    """Tells how long a rival's own encoder takes."""

    def watched(self, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Vectors: ...
