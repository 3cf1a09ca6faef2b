"""What became of the golden questions since the generation before."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evaluation.examiner import Examiner
from assistant.evaluation.verdicts import Verdict
from corpus.models import Frozen
from index.generation import DamagedGenerationError, Manifest, verify
from index.golden import GoldenQuestion
from index.store import Store

_NAMED = 10


class Comparison(Frozen):
    """With an earlier generation: which questions are replied to rightly now that were not, and the other way round."""

    generation: str
    right_before: int
    right: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    def said(self) -> str:
        """In words, for a person."""
        lost = ", ".join(self.lost[:_NAMED]) + (f" and {len(self.lost) - _NAMED} more" if self.lost[_NAMED:] else "")
        return (
            f"right: {self.right}; of generation {self.generation}: {self.right_before}. "
            f"Better now: {len(self.gained)}, worse: {len(self.lost)}{f' ({lost})' if lost else ''}"
        )


def compare_with_previous(examiner: Examiner, store: Store, manifest: Manifest, questions: Sequence[GoldenQuestion],
                          verdicts: Sequence[Verdict]) -> Comparison | None:  # fmt: skip
    """With the generation whose place `manifest`'s took; None where there is none, or none that can be asked."""
    if manifest.previous is None:
        return None
    try:
        before = examiner.marks(verify(store.folder(manifest.previous)), questions)
    except DamagedGenerationError:
        return None
    if before is None:
        return None
    right = [verdict.question.id for verdict in verdicts if verdict.right]
    return Comparison(
        generation=manifest.previous,
        right_before=len(before.right),
        right=len(right),
        gained=tuple(name for name in right if name not in before.right),
        lost=tuple(sorted(before.right.keys() - set(right))),
    )
