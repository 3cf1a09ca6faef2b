"""Golden questions: what officials ask, and what a right reply is. Whoever wrote them had not seen the FAQ."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints, ValidationError

from corpus.errors import CorpusError, problems
from corpus.models import Frozen, Words

_FOLDER = Path(__file__).parent


class GoldenKind(StrEnum):
    """What a right reply does."""

    ANSWERABLE = "answerable"
    """It answers with a quotation."""
    GAP = "gap"
    """It says that the documents do not state it."""
    NEAR_MISS = "near_miss"
    """It does not answer, although the documents come close or the question takes something false for granted."""
    OFF_TOPIC = "off_topic"
    """It does not answer."""
    HELP = "help"
    """It greets and says what it can do."""


class Half(StrEnum):
    """Models are fitted to one half and judged by the other; no code mixes them."""

    TUNE = "tune"
    TEST = "test"


class GoldenQuestion(Frozen):
    """A question, in whose thread it stands, and how to tell a right reply."""

    id: Annotated[str, StringConstraints(pattern=r"^\S+-[0-9]+$")]
    """Language and number, "ja-031"."""
    language: str
    question: Words
    history: tuple[Words, ...] = ()
    kind: GoldenKind
    evidence: tuple[Words, ...] = ()
    """Verbatim pieces of documents, each of which carries the answer."""
    gap: str | None = None
    """Which of the matters that no source states."""
    entries: tuple[str, ...] = ()
    """The FAQ entries that answer it, or that say that nothing does."""
    fact: str | None = None
    """What a right answer says, where no piece of a document says it alone."""
    note: str = ""

    @property
    def half(self) -> Half:
        """Odd numbers are for tuning, even ones for testing."""
        return Half.TUNE if int(self.id.rpartition("-")[2]) % 2 else Half.TEST


def read_golden(files: Iterable[Path] = (), half: Half | None = None) -> tuple[GoldenQuestion, ...]:
    """The golden questions of `files`, JSON lines (the shipped ones if there are none), of one half or of both.

    Raises CorpusError naming the file and the line that cannot be used, or where no question is left.
    """
    questions: list[GoldenQuestion] = []
    paths = list(files) or sorted(_FOLDER.glob("questions.*.jsonl"))
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CorpusError(f"{path}: {error}; golden questions are JSON lines in UTF-8") from error
        for number, line in enumerate(lines, 1):
            try:
                questions.append(GoldenQuestion.model_validate_json(line))
            except ValidationError as error:
                raise CorpusError(f"{path}, line {number}: {problems(error)}") from error
    kept = tuple(question for question in questions if half in (None, question.half))
    if not kept:
        raise CorpusError(f"no golden question{f' of the {half} half' if half else ''} in {', '.join(map(str, paths))}")
    return kept
