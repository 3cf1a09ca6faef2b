"""The examiner: asks generations golden questions, and keeps what it found."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from pydantic import ValidationError

from assistant.answerer import Answerer
from assistant.evaluation.verdicts import Verdict, judge_replies
from assistant.evidence import WEIGHTS
from corpus.files import write_whole
from corpus.models import Frozen
from corpus.progress import Progress, Stage, no_progress
from corpus.validity import today
from index.encoder import Encoder, Vectors
from index.generation import Generation, Manifest, load_generation
from index.golden import GoldenQuestion
from index.search import Searcher
from index.store import Store


class Marks(Frozen):
    """The golden questions that a generation replies to rightly, and what each reply rests on: the documents that it
    cites, and its FAQ entry ("faq:joining-fee")."""

    right: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, verdicts: Sequence[Verdict]) -> Marks:
        rests_on = {v.question.id: (*v.documents, *([f"faq:{v.entry}"] if v.entry else [])) for v in verdicts}
        return cls(right={v.question.id: rests_on[v.question.id] for v in verdicts if v.right})


class Examiner:
    """Examines the generations of a store."""

    def __init__(self, store: Store, encoder: Encoder, folder: Path, progress: Progress = no_progress) -> None:
        """`folder` keeps question vectors and marks, so that nothing is asked twice."""
        self._store, self._folder, self._progress = store, folder, progress
        self._encoder = _Remembering(encoder, folder)

    def ask(self, generation: Generation, questions: Sequence[GoldenQuestion]) -> list[Verdict]:
        """Verdicts on what a generation replies, with what is in force today."""
        in_force = generation.on(today())
        reply = Answerer(Searcher(in_force, self._encoder), retention_days=0, zone="UTC").reply
        verdicts: list[Verdict] = []
        self._progress(Stage.ASKING, 0, len(questions))
        for verdict in judge_replies(questions, reply, in_force.faq):
            verdicts.append(verdict)
            self._progress(Stage.ASKING, len(verdicts), len(questions))
        self._encoder.keep()
        return verdicts

    def marks(self, manifest: Manifest, questions: Sequence[GoldenQuestion]) -> Marks | None:
        """The marks of a sound generation, kept or made now; None where another encoder built it."""
        path = self._path(manifest, questions)
        with suppress(FileNotFoundError, ValidationError):  # damaged, they are made anew
            return Marks.model_validate_json(path.read_bytes())
        if manifest.encoder != self._encoder.name:
            return None
        generation = load_generation(self._store.folder(manifest.id), self._encoder, self._store.vectors)
        return self.keep(manifest, questions, self.ask(generation, questions))

    def keep(self, manifest: Manifest, questions: Sequence[GoldenQuestion], verdicts: Sequence[Verdict]) -> Marks:
        """Keep what came of a generation, for when it is asked for again."""
        marks = Marks.of(verdicts)
        path = self._path(manifest, questions)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, marks.model_dump_json().encode())
        return marks

    def _path(self, manifest: Manifest, questions: Sequence[GoldenQuestion]) -> Path:
        """By generation and day, for documents come and go, and by what decides whether a reply is right."""
        asked = "\n".join([str(today()), WEIGHTS.read_text(), *(golden.model_dump_json() for golden in questions)])
        return self._folder / f"{manifest.id}-{hashlib.sha256(asked.encode()).hexdigest()[:16]}.json"


class _Remembering:
    """An encoder that remembers, for the next runs too, what golden questions made it encode.

    Texts that came together are kept together: in another batch, the fast engine's vectors come out a little
    different, and one golden question in sixty with them.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        self._path = folder / f"asked-{hashlib.sha256(encoder.name.encode()).hexdigest()[:16]}.npz"
        self._has_unsaved = False

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        asked = tuple(texts)
        if asked not in self._known:
            self._known[asked] = self._encoder.encode_query(asked)
            self._has_unsaved = True
        return self._known[asked]

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode_document(texts)

    def keep(self) -> None:
        """Write what is known to the disk, for the next time."""
        if self._has_unsaved:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            content = BytesIO()
            np.savez(content, texts=json.dumps(list(self._known)), vectors=np.concatenate([*self._known.values()]))
            write_whole(self._path, content.getvalue())
            self._has_unsaved = False

    @cached_property
    def _known(self) -> dict[tuple[str, ...], Vectors]:
        """By the texts that came together; nothing where there is no file yet, or a damaged one."""
        try:
            with np.load(self._path, allow_pickle=False) as kept:
                batches = [tuple(batch) for batch in json.loads(str(kept["texts"]))]
                ends = np.cumsum([len(batch) for batch in batches])
                return dict(zip(batches, np.split(kept["vectors"], ends[:-1]), strict=True))
        except (FileNotFoundError, BadZipFile, EOFError, KeyError, ValueError, zlib.error):
            return {}
