"""Corpus to generation: encode what changed, write aside, verify, rename into place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from corpus.catalogue import Corpus
from corpus.faq import FaqEntry
from corpus.files import digest
from corpus.progress import Progress, Stage, no_progress
from index.acronyms import Acronyms
from index.centring import centre, means
from index.classifier import Classifier
from index.continents import SPELLINGS, Continents
from index.encoder import Encoder, Vectors
from index.generation import (
    ACRONYMS,
    BRIEF_FAQ,
    CLASSIFIER,
    CONTINENTS,
    FAQ,
    FAQ_LEXICAL,
    FORMAT,
    LEXICAL,
    MANIFEST,
    MANIFEST_DIGEST,
    PHRASINGS,
    PLACES,
    QUESTIONS,
    Centres,
    DamagedGenerationError,
    Generation,
    IndexedDocument,
    Manifest,
    Trial,
    is_sound,
    read_generation,
    read_manifest,
    verify,
)
from index.lexical import build_lexical
from index.phrasings import Phrasing, Phrasings
from index.places import CITIES, places_of
from index.prepared import Prepared
from index.store import Store
from index.texts import Text, Texts, encode, in_batches, searched
from index.unanswerable import NEAR_MISSES, OFF_TOPIC, still_unanswered
from index.vector_store import VectorStore
from index.vectors import ByteIndex
from index.whitening import Groups

_BATCH = 1024
_KIN = {"id": ("ms",), "ms": ("id",)}
"""Languages whose speakers read one another: what an entry says in one has the words of a question in the other."""

Gate = Callable[[Generation, str | None], Trial | None]
"""Is called with a generation that is about to become current, and the id of the one that is. Raises to refuse."""


def open_gate(candidate: Generation, current: str | None) -> Trial | None:
    """Lets every generation pass."""


def build(corpus: Corpus, encoder: Encoder, store: Store, *, by: str, force: bool = False, gate: Gate = open_gate,
          progress: Progress = no_progress) -> Manifest:  # fmt: skip
    """Build a generation of `corpus` and, if `gate` lets it pass, make it current.

    If the current generation already holds just this, it is returned and nothing is written (`force`
    builds it anyway). Whatever fails, the current generation stays as it was.
    Raises DeskError subclasses, and OSError where the disk refuses.
    """
    with store.lock():
        content = _content(corpus, encoder, store.vectors)
        current = store.trusted()
        if current and not force and _is_good(store, current, content):
            return verify(store.folder(current))
        with store.workspace() as folder:
            generation = store.next_id(content)
            manifest = _write(folder, generation, corpus, encoder, content, current, by, store, gate, progress)
            verify(folder)
            store.adopt(folder, generation)
        store.activate(generation)
        return manifest


def _is_good(store: Store, generation: str, content: str) -> bool:
    try:
        if verify(store.folder(generation)).content != content:
            return False
        verify(store.folder(generation), store.vectors)
    except DamagedGenerationError:
        return False
    return True


def _content(corpus: Corpus, encoder: Encoder, vectors: VectorStore) -> str:
    """A digest of all that decides what a generation holds and where, the readers' work included."""
    parts = [str(FORMAT), vectors.kind, encoder.name, *map(digest, (OFF_TOPIC, NEAR_MISSES, CITIES, SPELLINGS))]
    parts += [document.model_dump_json() for document in corpus.documents]
    parts += [passage.model_dump_json() for passage in corpus.passages()] + [corpus.faq.model_dump_json()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _write(folder: Path, generation: str, corpus: Corpus, encoder: Encoder, content: str, previous: str | None,
           by: str, store: Store, gate: Gate, progress: Progress) -> Manifest:  # fmt: skip
    texts = Texts.of(corpus)
    passages, asked, others = texts.passages, texts.phrasings, texts.unanswerable
    vectors = _encode(list(texts), encoder, _known_vectors(store, encoder), folder, progress)
    sizes = [len(passages), len(texts.sentences), len(asked)]
    paragraphs, sentences, questions, strange = np.split(vectors, np.cumsum(sizes))
    languages = [passage.language for passage in passages]
    passage_centres = means(paragraphs, languages)
    question_languages = [phrasing.language for phrasing in asked]
    question_centres = means(questions, question_languages)
    sentence_languages = [passage.language for passage, _ in texts.sentences]
    centred = centre(questions, question_languages, question_centres)
    for name, rows in (
        ("paragraphs", centre(paragraphs, languages, passage_centres)),
        ("sentences", centre(sentences, sentence_languages, passage_centres)),
    ):
        store.vectors.write(folder, generation, name, rows, encoder.dimension)
    ByteIndex.write(centred, folder / QUESTIONS)
    owners = Phrasings.of(asked)
    owners.save(folder / PHRASINGS)
    strange = centre(strange, [language for kind in others for language, _ in kind], question_centres)
    kept = still_unanswered(strange, centred, np.array([p.entry.approval is not None for p in asked], dtype=bool))
    kinds = np.repeat(np.arange(len(others)), [len(kind) for kind in others])[kept]
    _, kinds = np.unique(kinds, return_inverse=True)  # of some nothing may be left
    groups = np.append(owners.entries, owners.entries.max(initial=-1) + 1 + kinds)
    _classifier(np.concatenate([centred, strange[kept]]), groups, asked, store, progress).save(folder / CLASSIFIER)
    centres = [*passage_centres.values(), *question_centres.values()]
    np.save(folder / "centres.npy", np.stack(centres) if centres else np.zeros((0, encoder.dimension), np.float32))
    names = Centres(passages=tuple(passage_centres), questions=tuple(question_centres))
    (folder / "centres.json").write_text(names.model_dump_json())
    for language in sorted(set(languages)):
        build_lexical([searched(p) for p in passages if p.language == language], folder / LEXICAL / language)
    for language in sorted(set(question_languages)):
        worded = [_worded(entry, language) for entry in corpus.faq.entries]
        build_lexical(worded, folder / FAQ_LEXICAL / language)
    (folder / "passages.jsonl").write_text("".join(p.model_dump_json() + "\n" for p in passages), encoding="utf-8")
    for name, faq in ((FAQ, corpus.faq), (BRIEF_FAQ, corpus.faq.brief())):
        (folder / name).write_text(faq.model_dump_json(), encoding="utf-8")
    documents = "\n".join(map(searched, passages))
    places_of(documents, corpus.faq).save(folder / PLACES)
    Acronyms.of(documents, corpus.faq).save(folder / ACRONYMS)
    (folder / CONTINENTS).write_text(Continents.of(corpus.faq).model_dump_json(), encoding="utf-8")
    manifest = Manifest(
        format=FORMAT,
        id=generation,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        by=by,
        encoder=encoder.name,
        dimension=encoder.dimension,
        documents=tuple(_indexed(corpus)),
        content=content,
        counts={
            "documents": len(corpus.documents),
            "passages": len(passages),
            "sentences": len(texts.sentences),
            "faq_entries": len(corpus.faq.entries),
            "faq_phrasings": len(asked),
        },
        previous=previous,
        lapses=corpus.lapses,
        warnings=corpus.warnings,
        files={},
    )
    files = {str(path.relative_to(folder)): digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    trial = gate(read_generation(folder, manifest, store.vectors), previous)
    manifest = manifest.model_copy(update={"files": files, "trial": trial})
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    (folder / MANIFEST_DIGEST).write_text(digest(folder / MANIFEST))
    return manifest


def _classifier(
    vectors: Vectors, groups: Groups, asked: Sequence[Phrasing], store: Store, progress: Progress
) -> Classifier:
    """The classifier of entries by their phrasings, and of what is none of theirs; that of the current generation if
    it learnt from the same. `vectors` and `groups` are those of the phrasings, then of what is unanswerable.
    """
    lines = [f"{phrasing.entry.id}\t{phrasing.language}\t{phrasing.question}" for phrasing in asked]
    samples = "\n".join(lines).encode() + vectors.tobytes() + groups.tobytes()
    learnt_from = hashlib.sha256(samples).hexdigest()
    current = store.trusted()
    if current and is_sound(store.folder(current)):
        known = Classifier.load(store.folder(current) / CLASSIFIER)
        if known.learnt_from == learnt_from:
            return known
    return Classifier.fit(vectors, groups, learnt_from, progress)


def _worded(entry: FaqEntry, language: str) -> str:
    """All that an entry says in a language and in its kin, for matching words; "" where it says nothing."""
    kin = (language, *_KIN.get(language, ()))
    asked = [question for tag, question in entry.phrasings() if tag in kin]
    return "\n".join([*asked, *(entry.wordings[tag].answer for tag in kin if tag in entry.wordings)])


def _indexed(corpus: Corpus) -> Iterator[IndexedDocument]:
    for reading in corpus.readings:
        yield IndexedDocument(document=reading.document, sha256=reading.sha256, passages=len(reading.passages))
    if corpus.faq_document:
        entries = len(corpus.faq.entries)
        yield IndexedDocument(document=corpus.faq_document, sha256=corpus.faq_sha256, passages=entries)


def _encode(texts: Sequence[Text], encoder: Encoder, known: dict[str, Vectors], folder: Path,
            progress: Progress) -> Vectors:  # fmt: skip
    """The raw vectors of `texts`, (n, dimension), those already known taken over; kept for the next build."""
    keys = {text: hashlib.sha256("\n".join(text).encode()).hexdigest() for text in texts}
    vectors = Prepared.load().known(keys, encoder)
    vectors |= {text: known[key] for text, key in keys.items() if key in known and text not in vectors}
    wanted = [text for text in keys if text not in vectors]
    progress(Stage.ENCODING, 0, len(wanted))
    done = 0
    for mode, batch in in_batches(wanted, _BATCH):
        vectors.update(zip(((mode, text) for text in batch), encode(encoder, mode, batch), strict=True))
        done += len(batch)
        progress(Stage.ENCODING, done, len(wanted))
    place = {text: row for row, text in enumerate(vectors)}
    stacked = np.stack(list(vectors.values())) if vectors else np.zeros((0, encoder.dimension), np.float32)
    np.save(folder / "vectors.npy", stacked)
    (folder / "vectors.json").write_text(json.dumps([keys[text] for text in vectors]))
    return np.asarray(stacked[[place[text] for text in texts]], dtype=np.float32)


def _known_vectors(store: Store, encoder: Encoder) -> dict[str, Vectors]:
    """Vectors of earlier builds by text: of the current generation and of the newest, if they are sound, else older."""
    known: dict[str, Vectors] = {}
    taken = 0
    for generation in dict.fromkeys(filter(None, [store.trusted(), *reversed(store.ids())])):
        folder = store.folder(generation)
        if taken == 2 or not is_sound(folder) or read_manifest(folder).encoder != encoder.name:
            continue
        taken += 1
        keys = json.loads((folder / "vectors.json").read_text())
        known.update(zip(keys, np.load(folder / "vectors.npy", allow_pickle=False), strict=True))
    return known
