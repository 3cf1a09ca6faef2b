"""The gate: a new generation must reply to the golden questions about as well as the one whose place it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.examiner import Examiner, Marks
from assistant.evaluation.verdicts import Verdict
from assistant.models import Outcome
from corpus.errors import DeskError
from corpus.faq import Faq
from corpus.models import FAQ_DOCUMENT
from corpus.validity import today
from index.generation import Generation, Manifest, Trial, is_sound, read_faq, read_manifest
from index.golden import GoldenKind, GoldenQuestion, read_golden
from index.store import Store

_MARGIN = 0.02
"""Of the golden questions, how many more may be replied to wrongly than before."""
_OURS = 0.5
"""Golden questions are about a corpus whose FAQ has at least this share of the entries that they name."""
_NAMED = 5
"""How many lost questions an error names."""


class WorseGenerationError(DeskError):
    """A generation would answer worse than the current one."""


@dataclass(frozen=True)
class Comparison:
    """A generation beside the current one."""

    questions: tuple[GoldenQuestion, ...]
    verdicts: tuple[Verdict, ...]
    """On what the generation replies."""
    lost: tuple[Verdict, ...]
    """On what it replies to wrongly, and the current one does not."""
    worse: bool
    """Whether it loses more than the margin."""
    trial: Trial


class Gate:
    """Lets a generation pass that loses no more than the margin; `index.build.build` calls it."""

    def __init__(self, store: Store, examiner: Examiner, *, force: bool = False) -> None:
        """`force` lets every generation pass."""
        self._store, self._examiner, self._force = store, examiner, force

    def __call__(self, candidate: Generation, current: str | None) -> Trial | None:
        """What came of the comparison; None where there is nothing to compare with.

        Raises WorseGenerationError.
        """
        comparison = self.compare(candidate, current)
        if comparison is None:
            return None
        if comparison.worse and not self._force:
            raise WorseGenerationError(_refusal(comparison))
        self._examiner.keep(candidate.manifest, comparison.questions, comparison.verdicts)
        return comparison.trial.model_copy(update={"forced": comparison.worse})

    def compare(self, candidate: Generation, current: str | None) -> Comparison | None:
        """How a generation and the current one reply; None where there is nothing to compare with."""
        if current is None:
            return None
        if not is_sound(self._store.folder(current)):  # damaged, or of another version: it cannot be asked
            return None
        manifest, faq = read_manifest(self._store.folder(current)), read_faq(self._store.folder(current))
        questions = questions_about(faq)
        before = self._examiner.marks(manifest, questions) if questions else None
        if before is None:
            return None
        verdicts = self._examiner.ask(candidate, questions)
        lost = _lost(before, verdicts, manifest, faq, candidate)
        right = [verdict.question.id for verdict in verdicts if verdict.right]
        gained = len(right) - len(before.right.keys() & right)
        return Comparison(
            questions=questions,
            verdicts=tuple(verdicts),
            lost=tuple(lost),
            worse=len(lost) - gained > _MARGIN * len(questions),
            trial=Trial(questions=len(questions), right=len(right), right_before=len(before.right)),
        )


def questions_about(faq: Faq) -> tuple[GoldenQuestion, ...]:
    """The golden questions in the languages of an FAQ; none where they are about another one."""
    known = {entry.id for entry in faq.entries}
    spoken = {language for entry in faq.entries for language in entry.wordings}
    questions = tuple(golden for golden in read_golden() if golden.language in spoken)
    named = {entry for golden in questions for entry in golden.entries}
    return questions if len(named & known) > _OURS * len(named) else ()


def _lost(before: Marks, verdicts: Sequence[Verdict], manifest: Manifest, faq: Faq, candidate: Generation,
          ) -> list[Verdict]:  # fmt: skip
    """What was right and is wrong now, but for what somebody took away, or answered, on purpose."""
    replaced = _replaced(manifest, candidate)
    gone = replaced | _resting(faq, candidate)
    known = {indexed.document.id for indexed in manifest.documents} - replaced
    return [
        verdict
        for verdict in verdicts
        if not verdict.right
        and verdict.question.id in before.right
        and not gone & set(before.right[verdict.question.id])
        and not _tells_news(verdict, faq, known)
    ]


def _replaced(before: Manifest, candidate: Generation) -> set[str]:
    """Documents that were replaced, retired or superseded."""
    there = {indexed.document.id: indexed.sha256 for indexed in candidate.manifest.documents}
    valid = candidate.on(today()).documents
    return {
        indexed.document.id
        for indexed in before.documents
        if there.get(indexed.document.id) != indexed.sha256 or indexed.document.id not in valid
    } - {FAQ_DOCUMENT}


def _resting(before: Faq, candidate: Generation) -> set[str]:
    """FAQ entries that went, mostly with their documents."""
    left = {entry.id for entry in candidate.on(today()).faq.entries}
    return {f"faq:{entry.id}" for entry in before.entries if entry.id not in left}


def _tells_news(verdict: Verdict, before: Faq, known: set[str]) -> bool:
    """Whether what was a gap is answered now, or perhaps is, by an entry that is new or a document not `known`."""
    if verdict.question.kind is not GoldenKind.GAP or verdict.outcome not in {Outcome.ANSWERED, Outcome.POSSIBLE}:
        return False
    is_new_entry = verdict.entry is not None and verdict.entry not in {entry.id for entry in before.entries}
    return is_new_entry or not set(verdict.documents) <= known


def _refusal(comparison: Comparison) -> str:
    trial, lost = comparison.trial, comparison.lost
    named = "\n".join(f"  {v.question.id}: {v.question.question} (now {v.outcome})" for v in lost[:_NAMED])
    more = f"\n  and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
    return (
        f"not made current: of {trial.questions} golden questions, {trial.right} would be replied to rightly, "
        f"{trial.right_before} are now. Lost:\n{named}{more}\n"
        "what serves stays; mend the FAQ or the documents and build again, or `index build --force` if this is meant"
    )
