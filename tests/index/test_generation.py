"""A generation describes itself, holds nothing but plain formats, and shows when anything in it is not as it was."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.catalogue import Corpus
from index.encoder import Encoder
from index.generation import (
    FOR_BUILDS,
    FORMAT,
    DamagedGenerationError,
    ForeignEncoderError,
    Generation,
    is_sound,
    load_generation,
    read_manifest,
    verify,
)
from index.store import Store
from index.vectors import load_index
from tests.conftest import ROOT
from tests.index.conftest import Small


@pytest.fixture(scope="module")
def shipped(built: Path) -> Path:
    """The folder of the shipped corpus' generation; read-only by agreement."""
    store = Store(built / "index")
    return store.folder(store.current() or "")


@pytest.fixture
def mine(few: Small, tmp_path: Path) -> Path:
    """A copy of a generation, to be damaged."""
    return shutil.copytree(few.generation(), tmp_path / few.generation().name)


def damage(folder: Path) -> str:
    """What `verify` says is wrong with a generation; nothing if nothing is."""
    try:
        verify(folder)
    except DamagedGenerationError as error:
        return str(error)
    return ""


def files_of(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def test_it_tells_what_it_holds_from_what_when_and_by_whom(shipped: Path, corpus: Corpus, encoder: Encoder) -> None:
    manifest = read_manifest(shipped)
    assert manifest.id == shipped.name
    assert manifest.format == FORMAT
    assert (manifest.encoder, manifest.dimension) == (encoder.name, encoder.dimension)
    assert manifest.created.endswith("+00:00")
    assert manifest.by
    assert tuple(indexed.document for indexed in manifest.documents) == corpus.documents
    assert manifest.counts == {
        "documents": len(corpus.documents),
        "passages": sum(len(reading.passages) for reading in corpus.readings),
        "sentences": sum(len(p.sentences) for p in corpus.passages()),
        "faq_entries": len(corpus.faq.entries),
        "faq_phrasings": sum(len(w.questions) for e in corpus.faq.entries for w in e.wordings.values()),
    }


@pytest.mark.parametrize("name", ["press-release", "framework-en"])
def test_a_document_s_digest_is_the_sha256_of_its_file(shipped: Path, name: str) -> None:
    """What `sha256sum` prints, so that anyone can tell which edition of a document was indexed."""
    (indexed,) = (i for i in read_manifest(shipped).documents if i.document.id == name)
    file = ROOT / "corpus" / "documents" / indexed.document.file
    assert indexed.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_every_file_is_in_the_manifest_with_its_digest(shipped: Path) -> None:
    digests = {
        path.relative_to(shipped).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files_of(shipped)
        if path.name not in {"manifest.json", "manifest.sha256"}
    }
    assert read_manifest(shipped).files == digests
    own = hashlib.sha256((shipped / "manifest.json").read_bytes()).hexdigest()
    assert (shipped / "manifest.sha256").read_text().strip() == own


def test_nothing_in_it_needs_pickle(shipped: Path) -> None:
    """Every file is read by a reader of a plain format; none of them can run code."""
    for path in files_of(shipped):
        if path.suffix == ".npy":
            numbers = np.load(path, allow_pickle=False).dtype
            assert {kind.base.kind for kind, *_ in (numbers.fields or {"": [numbers]}).values()} <= set("fiu"), path
        elif path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                assert {array.dtype.kind for array in arrays.values()} <= set("fiuU"), path
        elif path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix == ".jsonl":
            assert all(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()), path
        elif path.suffix == ".faiss":
            assert path.read_bytes()[:4] == b"IxFI", f"{path}: not flat"
            assert len(load_index(path)) > 0
        else:
            assert path.name == "manifest.sha256"
            int(path.read_text(), 16)


def test_its_passages_are_the_corpus_s_and_its_vectors_theirs(generation: Generation, corpus: Corpus) -> None:
    assert generation.passages == tuple(corpus.passages())
    assert generation.faq == corpus.faq.brief()
    assert len(generation.paragraphs) == len(generation.passages)
    assert len(generation.sentences) == sum(len(passage.sentences) for passage in generation.passages)
    assert len(generation.questions) == len(generation.phrasings)
    assert set(generation.lexical) == {"en", "ja"}
    for language, lexical in generation.lexical.items():
        assert lexical.size == sum(passage.language == language for passage in generation.passages)


@pytest.mark.parametrize("name", FOR_BUILDS)
def test_what_only_builds_read_is_no_hindrance_to_serving(mine: Path, encoder: Encoder, name: str) -> None:
    """It is checked by whoever reads it: `verify`, and the next build."""
    with (mine / name).open("ab") as file:
        file.write(b"?")
    assert load_generation(mine, encoder).faq.entries
    assert not is_sound(mine)


def test_a_flipped_byte_is_found_in_every_file(mine: Path) -> None:
    """At its start, in its middle, and at its end; the message names the file."""
    checked = 0
    for path in files_of(mine):
        sound = path.read_bytes()
        for place in sorted({0, len(sound) // 2, len(sound) - 1}):
            path.write_bytes(sound[:place] + bytes([sound[place] ^ 0x01]) + sound[place + 1 :])
            message = damage(mine)
            assert path.relative_to(mine).as_posix() in message, f"byte {place}: {message or 'not noticed'}"
            checked += 1
        path.write_bytes(sound)
    assert damage(mine) == ""
    assert checked > 20


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF], ids=hex)
def test_a_flipped_byte_in_the_manifest_s_own_digest_is_found(mine: Path, flip: int) -> None:
    path = mine / "manifest.sha256"
    sound = path.read_bytes()
    for place in range(len(sound)):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ flip]) + sound[place + 1 :])
        with pytest.raises(DamagedGenerationError, match="manifest"):
            verify(mine)


def test_a_missing_file_is_found_whichever_it_is(mine: Path) -> None:
    for path in files_of(mine):
        sound = path.read_bytes()
        path.unlink()
        with pytest.raises(DamagedGenerationError) as damage:
            verify(mine)
        assert path.name in str(damage.value)
        path.write_bytes(sound)
    verify(mine)


def test_a_file_cut_short_is_found(mine: Path) -> None:
    for path in files_of(mine):
        sound = path.read_bytes()
        for kept in (sound[:-1], b""):
            path.write_bytes(kept)
            with pytest.raises(DamagedGenerationError):
                verify(mine)
        path.write_bytes(sound)


@pytest.mark.parametrize("name", ["extra.bin", "lexical/en/extra.npy", "new/extra.txt", ".hidden"])
def test_a_file_too_many_is_found(mine: Path, name: str) -> None:
    path = mine / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    with pytest.raises(DamagedGenerationError, match=path.name):
        verify(mine)


def test_a_folder_without_anything_in_it_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedGenerationError, match="manifest"):
        verify(tmp_path)


def rewrite(folder: Path, **changes: object) -> None:
    """A manifest changed by somebody who also mended its digest."""
    content = json.loads((folder / "manifest.json").read_text()) | changes
    (folder / "manifest.json").write_text(json.dumps(content))
    (folder / "manifest.sha256").write_text(hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest())


@pytest.mark.parametrize(("changes", "says"), [
    ({"format": 99, "surprise": 1}, r"format 99 of a later version.*run that version"),
    ({"format": 1, "counts": None}, r"format 1 of an earlier version.*index build"),
], ids=["later", "earlier"])  # fmt: skip
def test_a_generation_of_another_version_says_what_to_do(mine: Path, changes: dict[str, object], says: str) -> None:
    rewrite(mine, **changes)
    with pytest.raises(DamagedGenerationError, match=says):
        verify(mine)


@pytest.mark.parametrize("changes", [{"encoder": None}, {"counts": "many"}, {"surprise": 1}], ids=str)
def test_a_manifest_that_makes_no_sense_is_damaged(mine: Path, changes: dict[str, object]) -> None:
    rewrite(mine, **changes)
    with pytest.raises(DamagedGenerationError, match="manifest"):
        verify(mine)


@pytest.mark.parametrize("outside", ["../outside", "/etc/hostname"])
def test_a_manifest_cannot_name_files_outside(mine: Path, outside: str) -> None:
    files = json.loads((mine / "manifest.json").read_text())["files"]
    rewrite(mine, files={**files, outside: "0" * 64})
    with pytest.raises(DamagedGenerationError, match="is missing"):
        verify(mine)


def test_an_index_of_another_encoder_is_not_read(small: Small, minilm: Encoder) -> None:
    with pytest.raises(ForeignEncoderError) as refusal:
        load_generation(small.generation(), minilm)
    message = str(refusal.value)
    assert minilm.name in message
    assert "DESK_ENCODER" in message
    assert "index build" in message
