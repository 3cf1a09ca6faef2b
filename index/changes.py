"""Changes: what one state of the corpus has that another has not, by document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from corpus.catalogue import Corpus
from corpus.faq import Faq, FaqEntry
from corpus.models import FAQ_DOCUMENT, Frozen, Passage
from index.generation import DamagedGenerationError, Manifest, read_faq, read_passages, verify
from index.store import Store

_ALIKE = 60.0
"""Two passages that share this much (rapidfuzz's ratio, of 100) are one that was changed."""


@dataclass(frozen=True)
class Contents:
    """What can be compared of a generation, or of a corpus that is not built yet."""

    passages: tuple[Passage, ...] = ()
    faq: Faq = field(default_factory=Faq)

    @classmethod
    def of_generation(cls, folder: Path) -> Contents:
        """Of the verified generation in `folder`."""
        return cls(read_passages(folder), read_faq(folder))

    @classmethod
    def of_corpus(cls, corpus: Corpus) -> Contents:
        return cls(tuple(corpus.passages()), corpus.faq)

    def pieces(self) -> dict[str, list[str]]:
        """By document, what its passages say with their headings; the FAQ's pieces are its entries."""
        pieces: dict[str, list[str]] = {}
        for passage in self.passages:
            pieces.setdefault(passage.document, []).append("\n".join([*passage.headings, passage.text]))
        if self.faq.entries:
            pieces[FAQ_DOCUMENT] = [entry.model_dump_json() for entry in self.faq.entries]
        return pieces


class Change(Frozen):
    """How many passages of a document (entries, of the FAQ) were added, changed and removed."""

    document: str
    added: int
    changed: int
    removed: int


def since_previous(
    store: Store, manifest: Manifest, warn: Callable[[str], object] = lambda _: None
) -> tuple[Change, ...]:
    """What a generation changed of the one before it; everything is new where that one is gone or, as `warn` is told,
    damaged."""
    before = Contents()
    if manifest.previous:
        try:
            verify(store.folder(manifest.previous))
            before = Contents.of_generation(store.folder(manifest.previous))
        except DamagedGenerationError as error:
            warn(f"{error}; everything counts as added")
    return compare(before, Contents.of_generation(store.folder(manifest.id)))


def compare(before: Contents, after: Contents) -> tuple[Change, ...]:
    """The documents that differ, those of `after` first. Passages that only moved are no change."""
    old, new = before.pieces(), after.pieces()
    changes = []
    for document in dict.fromkeys([*new, *old]):
        if document == FAQ_DOCUMENT:
            change = _entries(before.faq.entries, after.faq.entries)
        else:
            change = _passages(document, old.get(document, []), new.get(document, []))
        if change.added or change.changed or change.removed:
            changes.append(change)
    return tuple(changes)


def outdated(folder: Path, manifest: Manifest, corpus: Corpus) -> tuple[str, ...]:
    """The documents of which a build would index something else than the verified generation in `folder` has: other
    passages or entries, or that something else is said of them in the catalogue."""
    built = {indexed.document.id: indexed.document for indexed in manifest.documents}
    now = {document.id: document for document in corpus.documents}
    changed = {change.document for change in compare(Contents.of_generation(folder), Contents.of_corpus(corpus))}
    return tuple(name for name in dict.fromkeys([*built, *now]) if name in changed or built.get(name) != now.get(name))


def lacking(before: Contents, after: Contents) -> tuple[FaqEntry, ...]:
    """The FAQ entries of `before` that `after` has not."""
    have = {entry.id for entry in after.faq.entries}
    return tuple(entry for entry in before.faq.entries if entry.id not in have)


def lacking_documents(before: Contents, after: Contents) -> tuple[str, ...]:
    """The documents of `before` of which `after` has nothing."""
    have = {passage.document for passage in after.passages}
    return tuple(dict.fromkeys(p.document for p in before.passages if p.document not in have))


def _entries(old: Iterable[FaqEntry], new: Iterable[FaqEntry]) -> Change:
    before, after = ({entry.id: entry.without_enquiry() for entry in entries} for entries in (old, new))
    both = before.keys() & after.keys()
    return Change(
        document=FAQ_DOCUMENT,
        added=len(after.keys() - both),
        changed=sum(before[entry] != after[entry] for entry in both),
        removed=len(before.keys() - both),
    )


def _passages(document: str, old: Sequence[str], new: Sequence[str]) -> Change:
    gone, come = list((Counter(old) - Counter(new)).elements()), list((Counter(new) - Counter(old)).elements())
    changed = _alike(gone, come)
    return Change(document=document, added=len(come) - changed, changed=changed, removed=len(gone) - changed)


def _alike(gone: Sequence[str], come: Sequence[str]) -> int:
    """How many pairs of the two are alike, each taken once, the most alike first."""
    if not gone or not come:
        return 0
    scores = cdist(gone, come, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    rows, columns = np.nonzero(scores)
    order = np.argsort(-scores[rows, columns], kind="stable")
    rows_taken, columns_taken = set(), set()
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row not in rows_taken and column not in columns_taken:
            rows_taken.add(row)
            columns_taken.add(column)
    return len(rows_taken)
