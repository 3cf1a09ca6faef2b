"""Building the index on behalf of somebody in Slack: at once, or to see first what a file would change."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from assistant.desk import build_index, corpus_in_force, open_encoder, open_store
from assistant.evaluation.examiner import Examiner
from assistant.gate import Comparison, Gate
from assistant.settings import Settings
from corpus import curation
from corpus.errors import DeskError
from corpus.models import Frozen
from corpus.progress import Progress
from index.build import build
from index.changes import Change, Contents, compare, since_previous
from index.generation import Generation, Manifest, Trial, read_manifest


class Built(Frozen):
    """What came of a build."""

    manifest: Manifest
    is_new: bool
    """Whether it made a generation; False where the current one holds just this."""
    changes: tuple[Change, ...]


class Preview(Frozen):
    """What a file would change."""

    title: str
    document: str
    """The id that it would have."""
    replaced: str | None
    """The title of the document whose place it would take."""
    pages: int | None
    warnings: tuple[str, ...]
    lapses: tuple[str, ...]
    """FAQ entries that would rest."""
    changes: tuple[Change, ...]
    also: tuple[Change, ...]
    """What a build takes up besides: the corpus has it already, and the index that answers now has not."""
    trial: Trial | None
    lost: tuple[str, ...]
    """Golden questions that would be replied to wrongly, and are not now."""


class _SeenError(DeskError):
    """Ends a build that was only to be looked at."""

    def __init__(self, comparison: Comparison | None) -> None:
        super().__init__("looked at")
        self.comparison = comparison


def rebuild(progress: Progress, settings: Settings, by: str, force: bool) -> Built:
    """Build a generation and make it current. Raises DeskErrors."""
    store = open_store(settings)
    before = store.ids()
    manifest = build_index(settings, open_encoder(settings), by=by, force=force, progress=progress)
    return Built(manifest=manifest, is_new=manifest.id not in before, changes=since_previous(store, manifest))


def preview(progress: Progress, settings: Settings, file: Path, fields: dict[str, Any]) -> Preview:
    """What would come of adding `file` to the corpus; neither corpus nor index are changed. Raises DeskErrors."""
    with tempfile.TemporaryDirectory() as folder:
        documents = shutil.copytree(settings.desk_corpus_dir, Path(folder) / "documents")
        imagined = _imagined(settings, documents, Path(folder) / "data")
        store, encoder = open_store(settings), open_encoder(settings)
        current = store.trusted()
        before = Contents.of_generation(store.folder(current)) if current else Contents()
        try:
            corpus = corpus_in_force(imagined)
            present, resting = Contents.of_corpus(corpus), {lapse.entry for lapse in corpus.lapses}
        except DeskError:  # the file may be what mends it
            present = before
            resting = {lapse.entry for lapse in read_manifest(store.folder(current)).lapses} if current else set()
        added = curation.add(documents, file, **fields)
        corpus = corpus_in_force(imagined, progress=progress)
        gate = Gate(store, Examiner(store, encoder, settings.golden, progress))

        def look(candidate: Generation, current: str | None) -> Trial | None:
            raise _SeenError(gate.compare(candidate, current))

        comparison: Comparison | None = None
        try:
            build(corpus, encoder, store, by="preview", force=True, gate=look, progress=progress)
        except _SeenError as seen:
            comparison = seen.comparison
    pages = max((block.page or 0 for block in added.content.blocks), default=0)
    return Preview(
        title=added.document.title,
        document=added.document.id,
        replaced=added.replaced.title if added.replaced else None,
        pages=pages or None,
        warnings=added.content.warnings,
        lapses=tuple(f"FAQ {lapse.number}" for lapse in corpus.lapses if lapse.entry not in resting),
        changes=compare(present, Contents.of_corpus(corpus)),
        also=compare(before, present),
        trial=comparison.trial if comparison else None,
        lost=tuple(verdict.question.question for verdict in comparison.lost) if comparison else (),
    )


def _imagined(settings: Settings, documents: Path, data: Path) -> Settings:
    """Settings with other documents, and what readers found in a copy: of a file that is discarded nothing is kept."""
    if settings.readings.is_dir():
        shutil.copytree(settings.readings, data / settings.readings.name)
    elsewhere = {
        "desk_corpus_dir": documents,
        "desk_data_dir": data,
        "desk_database_url": SecretStr(settings.database_url),
    }
    return settings.model_copy(update=elsewhere)
