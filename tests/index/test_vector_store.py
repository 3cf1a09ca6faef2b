"""Generations with their vectors in PostgreSQL: built, asked, verified, rolled back and pruned as others are."""

from __future__ import annotations

import json
import shutil
from datetime import date

import pytest

from corpus.catalogue import read_corpus
from corpus.progress import no_progress
from index.build import build
from index.encoder import Encoder
from index.generation import DamagedGenerationError, Generation, Trial, load_generation, verify
from index.search import Searcher
from index.store import Store
from index.vector_store import VectorsError, VectorStore
from tests.conftest import Command, Small
from tests.corpus.samples import CATALOGUE, write_corpus
from tests.index.test_pgvector import names, run

QUESTION = "How does a town leave the harbour club?"


@pytest.fixture
def store(small: Small, vectors_url: str) -> Store:
    """With a generation in files, which was there before, and one with its vectors in PostgreSQL."""
    return Store(small.data / "index", VectorStore(vectors_url))


def built(store: Store, small: Small, encoder: Encoder) -> str:
    return build(read_corpus(small.documents), encoder, store, by="tests", force=True).id


def loaded(store: Store, encoder: Encoder, name: str | None = None) -> Generation:
    return load_generation(store.folder(name or store.current() or ""), encoder, store.vectors)


def found(generation: Generation, encoder: Encoder) -> list[tuple[str, float]]:
    return [(hit.passage.id, hit.score) for hit in Searcher(generation, encoder).search(QUESTION, "en").hits]


def test_the_same_is_found_in_both(store: Store, small: Small, encoder: Encoder, vectors_url: str) -> None:
    before = found(loaded(store, encoder), encoder)
    built(store, small, encoder)
    folder = store.folder(store.current() or "")
    assert not (folder / "paragraphs.faiss").exists()
    assert len(names(vectors_url)) == 2
    after = found(loaded(store, encoder), encoder)
    assert [passage for passage, _ in after] == [passage for passage, _ in before]
    assert [score for _, score in after] == pytest.approx([score for _, score in before], abs=1e-4)


def test_a_change_of_place_is_a_change_that_is_built(store: Store, small: Small, encoder: Encoder) -> None:
    corpus = read_corpus(small.documents)
    first = store.current()
    second = build(corpus, encoder, store, by="tests").id
    assert second != first
    assert build(corpus, encoder, store, by="tests").id == second
    assert build(corpus, encoder, Store(small.data / "index"), by="tests").id not in {first, second}


def test_a_build_mends_what_was_lost(store: Store, small: Small, encoder: Encoder, vectors_url: str) -> None:
    lost = built(store, small, encoder)
    run(vectors_url, f"DROP TABLE {names(vectors_url)[0]}")
    with pytest.raises(DamagedGenerationError, match=f"{lost}.*is gone"):
        loaded(store, encoder)
    with pytest.raises(DamagedGenerationError, match=lost):
        verify(store.folder(lost), store.vectors)
    mended = build(read_corpus(small.documents), encoder, store, by="tests").id
    assert mended != lost
    assert found(loaded(store, encoder), encoder)


def test_pruning_drops_tables_and_a_rollback_finds_those_that_are_left(
    store: Store, small: Small, encoder: Encoder, vectors_url: str
) -> None:
    first, second, third = (built(store, small, encoder) for _ in range(3))
    assert len(names(vectors_url)) == 6
    with store.lock():
        store.activate(second)
        assert first in store.prune(1, lambda folder: True)
    assert store.ids() == [second, third]
    left = [str(name) for name in names(vectors_url)]
    assert len(left) == 4
    assert not [name for name in left if first.replace("-", "_") in name]
    for generation in (second, third):
        verify(store.folder(generation), store.vectors)
        assert found(loaded(store, encoder, generation), encoder)


def test_a_build_that_is_refused_leaves_no_table(
    store: Store, small: Small, encoder: Encoder, vectors_url: str
) -> None:
    def refuse(candidate: Generation, current: str | None) -> Trial | None:
        assert found(candidate, encoder)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(read_corpus(small.documents), encoder, store, by="tests", force=True, gate=refuse, progress=no_progress)
    assert names(vectors_url) == []


def test_what_a_crash_left_is_dropped_by_the_next(
    store: Store, small: Small, encoder: Encoder, vectors_url: str
) -> None:
    generation = built(store, small, encoder)
    folder = store.folder(generation)
    folder.rename(folder.parent / f".building-{generation}")
    with store.lock():
        pass
    assert names(vectors_url) == []
    assert not list(folder.parent.glob(".*"))


def test_what_a_crash_left_waits_for_a_database_that_is_away(
    store: Store, small: Small, encoder: Encoder, vectors_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    generation = built(store, small, encoder)
    folder = store.folder(generation)
    leaving = folder.rename(folder.parent / f".leaving-{generation}")
    with Store(small.data / "index", VectorStore("postgresql://127.0.0.1:1/desk")).lock():
        pass
    assert "left for now" in caplog.text
    assert leaving.is_dir()
    with store.lock():
        pass
    assert (names(vectors_url), leaving.exists()) == ([], False)


def test_without_the_setting_it_says_what_to_set(store: Store, small: Small, encoder: Encoder) -> None:
    generation = built(store, small, encoder)
    with pytest.raises(VectorsError, match="DESK_VECTORS_URL"):
        load_generation(store.folder(generation), encoder)


def test_documents_that_have_not_begun_are_left_out(store: Store, small: Small, encoder: Encoder) -> None:
    catalogue = CATALOGUE.replace('language = "ja"', 'language = "ja"\nvalid_from = 2999-01-01')
    write_corpus(small.documents, {"catalogue.toml": catalogue})
    built(store, small, encoder)
    whole = loaded(store, encoder)
    today = whole.on(date(2998, 12, 31))
    assert 0 < len(today.paragraphs) == len(today.passages) < len(whole.paragraphs)
    assert "ja" not in {
        hit.passage.language for hit in Searcher(today, encoder).search("会費はいくらですか？", "ja").hits
    }


# As commands


@pytest.fixture
def at_hand(small_built: Small) -> Small:
    return small_built


def test_an_operator_builds_asks_verifies_and_rolls_back(
    command: Command, environment: dict[str, str], vectors_url: str
) -> None:
    env = {"DESK_VECTORS_URL": vectors_url}
    first = command("index", "list").stdout.split()[1]
    made = command("index", "build", env=env)
    assert made.returncode == 0, made.stderr
    assert len(names(vectors_url)) == 2
    reply = json.loads(command("ask", "--json", QUESTION, env=env).stdout)
    assert reply["generation"] != first
    assert reply["citations"]
    assert command("index", "verify", env=env).returncode == 0

    unset = command("ask", QUESTION)
    assert (unset.returncode, "DESK_VECTORS_URL" in unset.stderr, "Traceback" in unset.stderr) == (2, True, False)

    sentences = next(str(name) for name in names(vectors_url) if "sentences" in str(name))
    run(vectors_url, f"DELETE FROM {sentences} WHERE place = 0")
    ill = command("index", "verify", env=env)
    assert ill.returncode == 1
    assert f"the table {sentences} does not hold what was written" in ill.stderr

    back = command("index", "rollback", env=env)
    assert back.returncode == 0, back.stderr
    assert json.loads(command("ask", "--json", QUESTION).stdout)["generation"] == first
    forward = command("index", "rollback", reply["generation"], env=env)
    assert (forward.returncode, sentences in forward.stderr) == (1, True)


def test_a_database_that_is_away_is_told_to_an_operator(command: Command) -> None:
    env = {"DESK_VECTORS_URL": "postgresql+psycopg://desk:secret@127.0.0.1:1/desk"}
    built = command("index", "build", env=env)
    assert built.returncode == 2
    assert "DESK_VECTORS_URL" in built.stderr
    assert "secret" not in built.stderr + built.stdout
    assert "Traceback" not in built.stderr
    asked = command("ask", "--json", QUESTION, env=env)
    assert asked.returncode == 0, "what serves is in files, and does"


def test_a_copy_of_the_data_folder_serves_from_the_same_tables(
    store: Store, small: Small, encoder: Encoder, vectors_url: str
) -> None:
    built(store, small, encoder)
    copy = shutil.copytree(small.data, small.data.parent / "copy")
    assert found(loaded(Store(copy / "index", VectorStore(vectors_url)), encoder), encoder)
