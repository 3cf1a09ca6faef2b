"""The desk at work: one encoder, the current generation, and a reply for every enquiry."""

from __future__ import annotations

import getpass
import logging
import os
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.answerer import Answerer
from assistant.models import ContactDetail, Enquiry, Reply
from assistant.settings import Settings
from assistant.suggestions import Suggestions
from corpus.progress import Progress, no_progress
from corpus.validity import today
from index.centring import centre
from index.encoder import Encoder, Vectors, load_encoder
from index.generation import DamagedGenerationError, EarlierFormatError, Generation, Manifest, load_generation, verify
from index.search import Searcher
from index.store import DamagedPointerError, Store, UnknownGenerationError
from index.vector_store import VectorsError, VectorStore
from index.whitening import whiten

if TYPE_CHECKING:
    from assistant.evaluation.examiner import Examiner
    from corpus.catalogue import Corpus

_log = logging.getLogger(__name__)
_BATCH = 32
_REMEMBERED = 10_000
"""Questions whose vectors are kept, for the next statistics."""


def open_store(settings: Settings) -> Store:
    return Store(settings.desk_data_dir / "index", VectorStore(settings.vectors_url))


def open_encoder(settings: Settings, *, lasting: bool = False) -> Encoder:
    """The encoder in force; a process that is `lasting`, or has a first index to build, starts with the fast engine."""
    much = lasting or not open_store(settings).ids()
    return load_encoder(settings.desk_encoder, settings.engines, lasting=much)


def build_index(settings: Settings, encoder: Encoder, *, by: str | None = None, force: bool = False,
                progress: Progress = no_progress) -> Manifest:  # fmt: skip
    """Build a generation from the corpus folder and make it current, if it answers as well as the one before.

    Raises WorseGenerationError where it does not (`force` makes it current all the same), and other DeskErrors.
    """
    from assistant.evaluation.examiner import Examiner
    from assistant.gate import Gate
    from index.build import build

    corpus = corpus_in_force(settings, progress=progress)
    store = open_store(settings)
    gate = Gate(store, Examiner(store, encoder, settings.golden, progress), force=force)
    return build(corpus, encoder, store, by=by or _user(), force=force, gate=gate, progress=progress)


def roll_back(settings: Settings, generation: str | None = None) -> tuple[str, bool]:
    """Make an earlier generation current, the previous one unless one is named; its id, and whether it was not current
    before: of two people at once, one does it.

    Raises UnknownGenerationError, DamagedGenerationError.
    """
    store = open_store(settings)
    with store.lock():
        wanted = generation or store.previous()
        if wanted is None:
            raise UnknownGenerationError("there is no generation before the current one")
        if wanted == store.trusted():
            return wanted, False
        verify(store.folder(store.known(wanted)), store.vectors)
        store.activate(wanted)
    return wanted, True


def corpus_in_force(settings: Settings, *, progress: Progress = no_progress) -> Corpus:
    """What a build would index now: the corpus folder's documents and FAQ, and the entries that staff approved.

    Raises DeskErrors.
    """
    from assistant.staff_faq import approved_in
    from corpus.catalogue import read_corpus

    approved = approved_in(settings.database_url, settings.desk_timezone)
    return read_corpus(settings.desk_corpus_dir, approved=approved, cache=settings.readings, progress=progress)


def news_of_corpus(corpus: Corpus, store: Store) -> str:
    """What to tell of a corpus that is no more as the current generation has it; "" where it is.

    Raises DamagedGenerationError.
    """
    from index.changes import outdated

    current = store.current()
    if current is None:
        return ""
    names = outdated(store.folder(current), verify(store.folder(current)), corpus)
    return f"the corpus has changed since: {', '.join(names)}; next: `python run_bot.py index build`" if names else ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"uid {os.getuid()}"


class Desk:
    """Answers from whichever generation is current; a new one is taken up between two questions."""

    def __init__(self, settings: Settings, *, lasting: bool = False, progress: Progress = no_progress,
                 warn: Callable[[str], None] = _log.warning) -> None:  # fmt: skip
        """Load the encoder and the current generation, building one if there is none or an earlier version's.

        `lasting` says that many questions will come. `warn` is told when the current generation is damaged
        and an older one serves instead.
        Raises DeskError subclasses.
        """
        self._settings = settings
        self._store = open_store(settings)
        self._encoder = open_encoder(settings, lasting=lasting)
        self._warn = warn
        self._lock = threading.Lock()
        self._warned = False
        self._encoded: dict[str, Vectors] = {}
        self._serving = self._named()
        if self._serving is None and not self._store.ids():
            build_index(settings, self._encoder, progress=progress)
            self._serving = self._named()
        try:
            self._whole = self._load()
        except EarlierFormatError as error:
            warn(f"{error}: that is done now")
            build_index(settings, self._encoder, progress=progress)
            self._serving = self._named()
            self._whole = self._load()
        self._answerer = self._of_today()

    @property
    def store(self) -> Store:
        return self._store

    def examiner(self, progress: Progress = no_progress) -> Examiner:
        """Asks golden questions with this desk's encoder."""
        from assistant.evaluation.examiner import Examiner

        return Examiner(self._store, self._encoder, self._settings.golden, progress)

    @property
    def generation(self) -> Generation:
        return self._current().generation

    @property
    def serving(self) -> Manifest:
        """Of the generation that serves; unlike a question, it does not have a new one taken up."""
        return self._whole.manifest

    def reply(self, enquiry: Enquiry) -> Reply:
        return self._current().reply(enquiry)

    def concerns(self, enquiry: Enquiry) -> bool:
        """Whether words that nobody put to the desk are, surely enough, a question for it."""
        return self._current().concerns(enquiry)

    def suggestions(
        self, enquiry: Enquiry, count: int, reader: str, quoted: Sequence[dict[str, Any]] = ()
    ) -> Suggestions:
        return self._current().suggestions(enquiry, count, reader, quoted)

    def question_vectors(self, questions: Sequence[tuple[str, str]]) -> Vectors:
        """Unit vectors (n, dimension) of n > 0 questions, each with its language: those that ask alike are near."""
        generation, known = self.generation, self._encoded
        new = [text for text in dict.fromkeys(text for text, _ in questions) if text not in known]
        for start in range(0, len(new), _BATCH):  # between two batches, an asker's question has its turn
            batch = new[start : start + _BATCH]
            known.update(zip(batch, self._encoder.encode_query(batch), strict=True))
        if len(known) > _REMEMBERED:
            self._encoded = {}
        raw = np.stack([known[text] for text, _ in questions])
        centred = centre(raw, [language for _, language in questions], generation.question_centres)
        return whiten(centred, generation.classifier.matrix)

    def contact(self, language: str) -> ContactDetail | None:
        return self._current().contact(language)

    def examples(self, language: str, count: int) -> tuple[str, ...]:
        return self._current().examples(language, count)

    def help_text(self, language: str) -> str:
        return self._current().help_text(language)

    def _current(self) -> Answerer:
        with self._lock:
            named = self._named()
            if named is not None and named != self._serving:
                before, self._serving = self._serving, named
                try:
                    self._whole = self._load()
                    self._answerer = self._of_today()
                    _log.info("now answering from generation %s", self._whole.manifest.id)
                except VectorsError:
                    self._serving = before  # tried again at the next question: its database may be back by then
                    _log.exception("generation %s cannot be used now", named)
                except Exception:
                    # What serves stays; the broken one is named once, not at every question.
                    _log.exception("generation %s cannot be used", named)
            elif today() != self._day:
                self._answerer = self._of_today()
            return self._answerer

    def _of_today(self) -> Answerer:
        """Answers from what is in force today: documents begin and end at midnight in Japan."""
        self._day = today()
        searcher = Searcher(self._whole.on(self._day), self._encoder)
        return Answerer(searcher, self._settings.desk_retention_days, self._settings.desk_timezone)

    def _named(self) -> str | None:
        """The generation that CURRENT names; None, with a warning, where it names none."""
        try:
            return self._store.current()
        except DamagedPointerError as error:
            if not self._warned:
                self._warn(f"{error}; answering from the newest sound generation")
            self._warned = True
            return None

    def _load(self) -> Generation:
        """The serving generation or, where its files are damaged, the newest sound one before it."""
        ids = self._store.ids()
        damage: DamagedGenerationError | None = None
        for name in reversed([name for name in ids if name <= (self._serving or ids[-1])]):
            try:
                generation = load_generation(self._store.folder(name), self._encoder, self._store.vectors)
            except DamagedGenerationError as error:
                damage = damage or error
                continue
            if damage:
                self._warn(f"{damage}; answering from {name} instead. Run `index build --force` to mend it.")
            return generation
        if isinstance(damage, EarlierFormatError):
            raise damage
        raise DamagedGenerationError(f"{damage}; run `index build --force` to build it anew")
