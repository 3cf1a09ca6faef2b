"""Words in common: tokens that suit their script, scores that bm25s gives, and how much of a question is covered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.catalogue import Corpus
from index.build import _worded
from index.lexical import LexicalIndex, build_lexical, tokens

TEXTS = (
    "Yokohama signed the declaration first.",
    "CityNet has its headquarters in Seoul.",
    "The declaration has no fee. The declaration is open.",
    "",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cities sign, CITIES lead!", ["cities", "sign", "cities", "lead"]),
        ("UN-Habitat’s 2,500 members", ["un", "habitat", "s", "2", "500", "members"]),
        ("ＡＳＣＣ２０２５", ["ascc2025"]),
        ("署名都市", ["署名", "名都", "都市"]),
        ("第1号", ["第", "1", "号"]),
        ("イクレイ", ["イク", "クレ", "レイ"]),
        ("時々", ["時々"]),
        ("ｲｸﾚｲ", ["イク", "クレ", "レイ"]),
        ("CityNetが", ["citynet", "が"]),
        ("เมือง", ["เม", "มื", "ือ", "อง"]),
        ("ទីក្រុង", ["ទី", "ីក", "ក្", "្រ", "រុ", "ុង"]),
        ("မြို့", ["မြ", "ြိ", "ို", "ု့"]),
        ("도시 선언", ["도시", "선언"]),
        ("शहर का नाम", ["शहर", "का", "नाम"]),
        ("thành phố", ["thành", "phố"]),
        ("", []),
        (" ?!… ", []),
        ("\x00\u200b", []),
    ],
)
def test_words_of_spaced_scripts_and_pairs_of_the_others(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def index(folder: Path, texts: Sequence[str] = TEXTS) -> LexicalIndex:
    build_lexical(texts, folder)
    return LexicalIndex.load(folder)


def test_scores_are_those_of_bm25s(tmp_path: Path) -> None:
    """They are read without bm25s, so they are held against it."""
    import bm25s

    lexical = index(tmp_path)
    reference = bm25s.BM25.load(tmp_path, show_progress=False)
    for question in ("Who signed the declaration?", "declaration declaration", "Seoul", "has no fee"):
        wanted = [token for token in tokens(question) if token in reference.vocab_dict]
        np.testing.assert_allclose(lexical.scores(question), reference.get_scores(wanted), atol=1e-5)


def test_the_text_with_the_words_scores_highest(tmp_path: Path) -> None:
    lexical = index(tmp_path)
    assert lexical.size == len(TEXTS)
    assert int(np.argmax(lexical.scores("Where are the headquarters of CityNet?"))) == 1
    assert int(np.argmax(lexical.scores("fee"))) == 2


@pytest.mark.parametrize("question", ["", "?!", "zebra", "\x00"])
def test_words_that_nowhere_stand_score_nothing(tmp_path: Path, question: str) -> None:
    lexical = index(tmp_path)
    assert lexical.scores(question).tolist() == [0, 0, 0, 0]
    assert lexical.coverage(question).tolist() == [0, 0, 0, 0]


def test_coverage_is_the_share_of_a_question_that_a_text_has(tmp_path: Path) -> None:
    lexical = index(tmp_path)
    assert lexical.coverage("declaration").tolist() == [1, 0, 1, 0]
    whole, half = lexical.coverage("Seoul")[1], lexical.coverage("Seoul zebra")[1]
    assert whole == 1
    assert 0 < half < 1


def test_a_rare_word_covers_more_of_a_question_than_a_common_one(tmp_path: Path) -> None:
    covered = index(tmp_path).coverage("Seoul declaration")
    assert covered[1] > covered[0] > 0


def test_saying_a_word_twice_asks_for_no_more(tmp_path: Path) -> None:
    lexical = index(tmp_path)
    np.testing.assert_allclose(lexical.coverage("Seoul Seoul fee"), lexical.coverage("Seoul fee"))


@pytest.mark.parametrize("texts", [[""], ["one"], ["", "?"], ["same same", "same"]], ids=str)
def test_the_smallest_indexes_work_too(tmp_path: Path, texts: list[str]) -> None:
    lexical = index(tmp_path, texts)
    for question in ("one", "same", "", "zebra"):
        assert lexical.scores(question).shape == (len(texts),)
        assert np.all((lexical.coverage(question) >= 0) & (lexical.coverage(question) <= 1.001))


@pytest.mark.parametrize("language", ["id", "ms"])
def test_malay_words_count_for_indonesian_questions_and_the_reverse(corpus: Corpus, language: str) -> None:
    kin = {"id": "ms", "ms": "id"}[language]
    entry = next(entry for entry in corpus.faq.entries if {"id", "ms", "en"} <= entry.wordings.keys())
    worded = _worded(entry, language)
    assert entry.wordings[language].answer in worded
    assert entry.wordings[kin].answer in worded
    assert entry.wordings["en"].answer not in worded
