"""The shipped documents: their catalogue entries, and passages that can be found again in the text that is shown."""

from __future__ import annotations

from itertools import pairwise

import pytest

from corpus.catalogue import Corpus
from corpus.models import Authority, Kind
from tests.conftest import Command

DIGESTS = ("open-letter-ja", "open-letter-en", "framework-ja", "framework-en")


def test_the_press_release_is_the_one_official_document(corpus: Corpus) -> None:
    official = [document for document in corpus.documents if document.authority is Authority.OFFICIAL]
    assert [document.id for document in official] == ["press-release"]
    release = official[0]
    assert (release.kind, release.language) == (Kind.PRESS_RELEASE, "ja")
    assert release.published == "2025-11", "the press release carries no day of its own"
    assert release.url is None, "the press release carries no address of its own"
    assert release.issuer == {"ja": "横浜市", "en": "City of Yokohama"}


@pytest.mark.parametrize("document", DIGESTS)
def test_what_we_wrote_ourselves_is_a_digest(corpus: Corpus, document: str) -> None:
    found = next(d for d in corpus.documents if d.id == document)
    assert found.authority is Authority.DIGEST


@pytest.mark.parametrize(("document", "own_words"), [("en", "in its own words"), ("ja", "自らの言葉")])
@pytest.mark.parametrize("kind", ["open-letter", "framework"])
def test_a_digest_says_that_it_is_one(corpus: Corpus, kind: str, document: str, own_words: str) -> None:
    assert own_words in corpus.text(f"{kind}-{document}")


def test_letter_and_framework_are_there_in_both_languages(corpus: Corpus) -> None:
    for kind in (Kind.OPEN_LETTER, Kind.FRAMEWORK):
        assert {d.language for d in corpus.documents if d.kind is kind} == {"ja", "en"}


def test_list_names_every_document_and_show_prints_each(command: Command, corpus: Corpus) -> None:
    listed = command("corpus", "list")
    assert listed.returncode == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [d.id for d in corpus.documents]
    for document in ("open-letter-en", "faq"):
        shown = command("corpus", "show", document)
        assert shown.returncode == 0
        assert shown.stdout == corpus.text(document) + "\n"


def test_an_unknown_document_is_refused_with_those_that_there_are(command: Command, corpus: Corpus) -> None:
    shown = command("corpus", "show", "press_release")
    assert shown.returncode == 1
    assert shown.stdout == ""
    assert "'press_release'" in shown.stderr
    assert all(document.id in shown.stderr for document in corpus.documents)


def test_every_passage_stands_in_the_text_where_it_says(corpus: Corpus) -> None:
    for reading in corpus.readings:
        for passage in reading.passages:
            assert reading.text[passage.start : passage.start + len(passage.text)] == passage.text, passage.id
            assert (passage.document, passage.language) == (reading.document.id, reading.document.language)


def test_passages_follow_one_another_and_have_ids_of_their_own(corpus: Corpus) -> None:
    for reading in corpus.readings:
        for earlier, later in pairwise(reading.passages):
            assert earlier.start + len(earlier.text) <= later.start
        ids = [passage.id for passage in reading.passages]
        assert len(ids) == len(set(ids))


def test_every_word_of_a_document_is_a_passage_s_or_a_heading_s(corpus: Corpus) -> None:
    """Nothing is skipped silently between the text that is shown and the passages that are searched."""
    for reading in corpus.readings:
        between, end = "", 0
        for passage in reading.passages:
            between += reading.text[end : passage.start]
            end = passage.start + len(passage.text)
        headings = {heading for passage in reading.passages for heading in passage.headings}
        left = [line for line in (between + reading.text[end:]).split("\n") if line and line not in headings]
        assert len(left) <= 1, f"{reading.document.id}: only the title may be left, not {left}"


def test_sentences_are_slices_in_order_that_do_not_overlap(corpus: Corpus) -> None:
    for passage in corpus.passages():
        assert passage.sentences, f"{passage.id} has no sentence to quote"
        end = 0
        for start, stop in passage.sentences:
            assert end <= start < stop <= len(passage.text), passage.id
            words = passage.text[start:stop]
            assert words == words.strip()
            assert "\n" not in words
            end = stop


def test_sentences_cover_their_passage_but_for_list_marks(corpus: Corpus) -> None:
    for passage in corpus.passages():
        rest, end = "", 0
        for start, stop in passage.sentences:
            rest += passage.text[end:start]
            end = stop
        rest += passage.text[end:]
        assert not rest.replace("・", "").strip(), passage.id
