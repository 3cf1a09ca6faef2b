"""The lines around an answer: where a quotation stands, what it weighs, whom to ask, how fresh it is."""

from __future__ import annotations

import pytest

from assistant.languages import SUPPORTED
from assistant.locators import entry_locator, passage_locator, source_name
from assistant.models import ContactDetail, Outcome
from assistant.wording import (
    ask_a_person,
    authority,
    bad_question,
    citation_line,
    contact_line,
    failure,
    index_line,
    one_line_reply,
    person_can,
    plain_reply,
)
from corpus.catalogue import Corpus
from corpus.models import Authority, Document, Kind, Passage
from tests.assistant.samples import citation, reply


def passage(*headings: str, number: int = 1, alone: bool = True, page: int | None = None) -> Passage:
    return Passage(id="it:1", document="it", language="ja", headings=headings, number=number, alone=alone, page=page,
                   start=0, text="Text.", sentences=((0, 5),))  # fmt: skip


@pytest.mark.parametrize(
    ("at", "language", "locator"),
    [
        (passage("【※ 3 シティネット（CityNet）】"), "en", "※3 シティネット（CityNet）"),
        (passage("【※4 イクレイ】", number=2, alone=False), "en", "※4 イクレイ, paragraph 2"),
        (passage("【※4 イクレイ】", number=2, alone=False), "ja", "※4 イクレイ、第2段落"),
        (passage(number=4, alone=False), "en", "body, paragraph 4"),
        (passage(number=4, alone=False), "ja", "本文、第4段落"),
        (passage("お問合せ先", "【ASCCについて】"), "ja", "お問合せ先 › ASCCについて"),
        (passage("Article 4", page=2), "en", "p. 2, Article 4"),
        (passage("第4条", page=2), "ja", "2ページ、第4条"),
        (passage(page=1), "en", "p. 1, body"),
    ],
)
def test_a_locator_is_what_a_reader_needs_to_find_a_passage(at: Passage, language: str, locator: str) -> None:
    assert passage_locator(at, language) == locator


def test_an_entry_is_found_by_its_number(corpus: Corpus) -> None:
    assert entry_locator(corpus.faq.entries[6]) == "FAQ 7"


def test_a_document_is_called_by_its_kind_and_issuer(corpus: Corpus) -> None:
    documents = {document.id: document for document in corpus.documents}
    assert source_name(documents["press-release"], "en") == "Press release, City of Yokohama"
    assert source_name(documents["press-release"], "ja") == "記者発表資料、横浜市"
    assert source_name(documents["open-letter-en"], "en") == "Open letter"


def test_a_document_of_another_kind_is_called_by_its_title() -> None:
    minutes = Document(
        id="m",
        file="m.md",
        kind=Kind.OTHER,
        authority=Authority.OFFICIAL,
        title="Minutes",
        language="en",
        issuer={"en": "The council"},
    )
    assert source_name(minutes, "en") == "Minutes, The council"
    assert source_name(minutes, "ja") == "Minutes、The council", "in English where it is not given in theirs"


@pytest.mark.parametrize(
    ("kind", "weight", "shown"),
    [
        (Kind.PRESS_RELEASE, Authority.OFFICIAL, "official"),
        (Kind.FRAMEWORK, Authority.DIGEST, "digest, not official wording"),
        (Kind.FAQ, Authority.DIGEST, "answer prepared by this desk"),
        (Kind.FAQ, Authority.STAFF, "approved by staff"),
    ],
)
def test_a_citation_says_what_it_weighs(kind: Kind, weight: Authority, shown: str) -> None:
    cited = citation(kind=kind, authority=weight)
    assert authority(cited, "en") == shown
    assert citation_line(cited, "en").endswith(shown)
    assert authority(cited, "ja") != shown


def test_a_citation_is_one_line() -> None:
    assert citation_line(citation(), "en") == (
        "Press release, City of Yokohama · body, paragraph 4 · November 2025 · official"
    )
    assert citation_line(citation(published=None), "en") == (
        "Press release, City of Yokohama · body, paragraph 4 · official"
    )


def test_a_reply_says_whom_to_ask_and_how_fresh_it_is() -> None:
    asked = reply(contact=ContactDetail(name="ICLEI Japan", detail="iclei-japan@iclei.org"))
    assert contact_line(asked) == "Best asked of: ICLEI Japan, iclei-japan@iclei.org"
    assert contact_line(reply()) == ""
    assert index_line(asked) == "Index of 1 Dec 2025"
    assert index_line(reply(language="ja")) == "2025年12月1日時点の索引"


def test_a_plain_reply_has_everything_once() -> None:
    shown = plain_reply(
        reply(
            citations=(citation(1), citation(2, kind=Kind.FAQ, locator="FAQ 31", quote="Yokohama did.")),
            contact=ContactDetail(name="ICLEI Japan", detail="iclei-japan@iclei.org"),
        )
    )
    for part in ("Yokohama did.", "[1] “Yokohama signed first.”", "[2] FAQ 31", "ICLEI Japan", "Index of 1 Dec 2025"):
        assert shown.count(part) == 1, part


def test_suggestions_are_shown_where_there_are_some() -> None:
    lost = reply(outcome=Outcome.NOT_FOUND, citations=(), examples=("How do we join?",))
    assert "You could ask:" in plain_reply(lost)
    assert "How do we join?" in plain_reply(lost)
    assert "You could ask:" not in plain_reply(reply())


def test_one_line_is_one_line() -> None:
    shown = one_line_reply(reply(text="One.\nTwo.", citations=(citation(quote="a\n・b"),)))
    assert "\n" not in shown
    assert "One. Two." in shown


@pytest.mark.parametrize("language", ["en", "ja"])
def test_failures_are_one_kind_sentence_with_a_number_to_name(language: str) -> None:
    said = failure(language, "1a2b3c4d")
    assert "1a2b3c4d" in said
    assert "\n" not in said
    assert bad_question(language, too_long=True) != bad_question(language, too_long=False)
    assert "2,000" in bad_question(language, too_long=True)


@pytest.mark.parametrize("language", SUPPORTED)
def test_who_asks_for_a_person_is_told_the_button_s_name(language: str) -> None:
    assert ask_a_person(language) in person_can(language)
