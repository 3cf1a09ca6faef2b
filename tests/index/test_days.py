"""A generation on a day: what it finds then is what an index built without the other documents finds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from corpus.catalogue import CATALOGUE as CATALOGUE_FILE
from corpus.catalogue import read_corpus
from index.build import build
from index.encoder import Encoder
from index.generation import Generation, load_generation
from index.lexical import LexicalIndex, build_lexical, tokens
from index.search import Searcher
from index.store import Store
from index.vectors import index_of
from tests.conftest import DOCUMENTS, twin
from tests.corpus.samples import CATALOGUE, write_corpus
from tests.index.conftest import Small

DAY = date(2999, 1, 1)
QUESTIONS = [
    ("en", "How does a city join?"),
    ("en", "What does the open letter ask of national governments?"),
    ("en", "Where are the headquarters of CityNet?"),
    ("en", "How many Japanese local governments belong to ICLEI?"),
    ("en", "What is the European model?"),
    ("ja", "公開要望書は何を求めていますか？"),
    ("ja", "会議はいつどこで開かれますか？"),
    ("ja", "シティネットの本部はどこですか？"),
    ("ja", "参加費用はいくらですか？"),
    ("th", "เมืองใดลงนามเป็นเมืองแรก"),
]


@dataclass(frozen=True)
class Pair:
    """The shipped corpus with one document that has not begun, and without it; both indexed."""

    partly: Generation
    without: Generation


def build_with(change: Callable[[str], str], data: Path, folder: Path, encoder: Encoder) -> Generation:
    """The corpus in `folder`, its catalogue changed, built on top of `data`: no vector is computed twice."""
    path = folder / CATALOGUE_FILE
    before = path.read_text(encoding="utf-8")
    path.write_text(change(before), encoding="utf-8")
    store = Store(data / "index")
    try:
        built = build(read_corpus(folder), encoder, store, by="tests")
    finally:
        path.write_text(before, encoding="utf-8")
    return load_generation(store.folder(built.id), encoder)


def pair_of(document: str, indexed: Small, folder: Path, encoder: Encoder) -> Pair:
    documents = shutil.copytree(indexed.documents, folder / "documents")
    data = twin(indexed.data, folder / "data")
    head = f'id = "{document}"\n'

    def with_line(line: str) -> Generation:
        return build_with(lambda text: text.replace(head, head + line), data, documents, encoder)

    return Pair(with_line("valid_from = 2999-01-01\n").on(date(2998, 12, 31)), with_line("retired = 2000-01-01\n"))


@pytest.fixture(scope="module", params=["press-release", "open-letter-en", "framework-ja", "faq"])
def pair(
    request: pytest.FixtureRequest, few: Small, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> Pair:
    return pair_of(request.param, few, tmp_path_factory.mktemp("days"), encoder)


@pytest.fixture(params=["open-letter-en"])
def shipped_pair(request: pytest.FixtureRequest, built: Path, tmp_path: Path, encoder: Encoder) -> Pair:
    """In all languages: what the classifier learns from a few differs more between the two."""
    return pair_of(request.param, Small(DOCUMENTS, built), tmp_path, encoder)


def test_it_holds_the_same(pair: Pair) -> None:
    assert list(pair.partly.documents) == list(pair.without.documents)
    assert pair.partly.passages == pair.without.passages
    assert pair.partly.faq.entries == pair.without.faq.entries
    assert pair.partly.phrasings.keys.tolist() == pair.without.phrasings.keys.tolist()
    assert pair.partly.phrasings.entries.tolist() == pair.without.phrasings.entries.tolist()
    assert len(pair.partly.sentences) == len(pair.without.sentences)
    for name in ("lexical", "faq_lexical"):
        one, other = getattr(pair.partly, name), getattr(pair.without, name)
        assert {language: index.size for language, index in one.items() if index.size} == {
            language: index.size for language, index in other.items() if index.size
        }


def test_it_finds_the_same(shipped_pair: Pair, encoder: Encoder) -> None:
    """But for near ties: words are a little rarer or less rare, centres and classifier are of all the documents."""
    one, other = Searcher(shipped_pair.partly, encoder), Searcher(shipped_pair.without, encoder)
    for language, question in QUESTIONS:
        here, there = one.search(question, language), other.search(question, language)
        assert here.news == there.news
        assert here.hits[0].passage in [hit.passage for hit in there.hits[:10]], question
        assert there.hits[0].passage in [hit.passage for hit in here.hits[:10]], question
        assert here.matches[0].entry in [match.entry for match in there.matches[:10]], question
        assert there.matches[0].entry in [match.entry for match in here.matches[:10]], question
        scores = {match.entry.id: match.score for match in there.matches}
        for match in here.matches[:5]:
            assert match.score == pytest.approx(scores[match.entry.id], abs=0.3), question


def test_a_day_on_which_all_is_in_force_changes_nothing(generation: Generation) -> None:
    assert generation.on(DAY) is generation


@pytest.fixture
def all_coming(small: Small, encoder: Encoder) -> Generation:
    write_corpus(
        small.documents, {"catalogue.toml": CATALOGUE.replace("authority", "valid_from = 2999-01-01\nauthority")}
    )
    built = build(read_corpus(small.documents), encoder, small.store, by="tests")
    return load_generation(small.store.folder(built.id), encoder)


def test_before_anything_begins_nothing_is_found(all_coming: Generation, encoder: Encoder) -> None:
    searcher = Searcher(all_coming.on(date(2998, 12, 31)), encoder)
    for language in ("en", "ja", "th"):
        findings = searcher.search("How does a town leave the harbour club?", language)
        assert (findings.hits, findings.matches, findings.news) == ((), (), frozenset())
    assert all_coming.on(DAY) is all_coming


@pytest.mark.filterwarnings("error")
def test_a_language_whose_only_document_has_not_begun_is_searched_quietly(small: Small, encoder: Encoder) -> None:
    catalogue = CATALOGUE.replace('language = "ja"', 'language = "ja"\nvalid_from = 2999-01-01')
    write_corpus(small.documents, {"catalogue.toml": catalogue})
    built = build(read_corpus(small.documents), encoder, small.store, by="tests")
    generation = load_generation(small.store.folder(built.id), encoder).on(date(2998, 12, 31))
    assert Searcher(generation, encoder).search("会費はいくらですか？", "ja").hits


# The indexes


KEPT = [True, False, True, True, False]


def test_a_vector_index_of_only_some() -> None:
    vectors = np.eye(5, 8, dtype=np.float32)
    index = index_of(vectors, 8)
    some = index.only(KEPT)
    question = np.arange(8, dtype=np.float32)
    np.testing.assert_array_equal(some.scores(question), index.scores(question)[KEPT])
    assert (len(index), len(some)) == (5, 3)
    assert len(index.only([False] * 5)) == 0
    assert len(index_of(np.zeros((0, 8), np.float32), 8).only([])) == 0


def test_a_lexical_index_of_only_some(tmp_path: Path) -> None:
    texts = ["a blue flag", "a green flag and a blue ship", "the harbour master", "", "flag flag harbour"]
    build_lexical(texts, tmp_path)
    index = LexicalIndex.load(tmp_path)
    some = index.only(KEPT)
    assert some.size == 3
    for question in ("blue flag", "harbour", "green", "nothing of it", ""):
        np.testing.assert_array_equal(some.scores(question), index.scores(question)[KEPT])
        assert ((some.coverage(question) >= 0) & (some.coverage(question) <= 1.001)).all()
    assert some.coverage("blue flag")[0] == pytest.approx(1)
    assert some.only([True] * 3).scores("flag").tolist() == some.scores("flag").tolist()
    assert index.only([False] * 5).scores("flag").tolist() == []
    assert tokens("blue flag")
