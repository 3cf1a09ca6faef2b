"""What people ask and what comes back, through `ask --json`."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from corpus.catalogue import Corpus
from corpus.clean import locate
from index.encoder import Encoder
from index.generation import load_generation
from index.search import Searcher
from index.store import Store
from tests.assistant.conftest import Ask, Json
from tests.conftest import DOCUMENTS, ROOT, Command, Small

JOINING = [
    "How do we join?",
    "How can our city join the declaration?",
    "joining procedure",
    "What steps should a local government take if it wishes to endorse the ACCD?",
    "参加するにはどうすればよいですか",
    "参加方法",
    "宣言都市になるには何から始めたらいいでしょう",
]
ANSWERED = [
    *JOINING,
    "最初に署名した都市はどこですか？",
    "Which city was the first to sign?",
    "What is CityNet?",
    "シティネットとは何ですか？",
    "What is ICLEI?",
    "イクレイの世界本部はどこですか？",
    "How many cities have joined the European declaration?",
    "欧州の宣言には何都市が参加していますか？",
    "What does the open letter ask for?",
    "公開書簡では何を求めましたか？",
    "What was the theme of ASCC 2025?",
    "来年度、会議の名称はどう変わりますか？",
    "Who runs the Asian Circular Cities Declaration?",
    "横浜市長は誰ですか？",
]
NOT_STATED = [
    "What is the joining fee?",
    "参加費用はいくらですか？",
    "What is the deadline for joining?",
    "申込みの期限はいつですか？",
    "Is the declaration legally binding on the cities that sign?",
    "法的効力",
    "May we print the declaration's logo on our brochures?",
    "宣言から脱退する方法は？",
]
NOT_FOUND = [
    "How do I bake bread?",
    "パンの焼き方を教えてください",
    "Who won the football world cup in 1998?",
    "asdf qwer zxcv",
    "おすすめのラーメン屋は？",
]
NEAR_MISSES = [
    "UCLG membership total?",
    "How often is the digest updated?",
    "circularcitiesdeclaration.euの最終更新日はいつでしょうか",
]
"""Each sounds like what an entry answers, and asks for what no document says."""
HELP = ["hello", "Thanks!", "こんにちは", "What can you do?", "何ができますか？", "?", "🙂"]
OTHER = [
    "Who witnessed the open letter?",
    "What did Mr Takemoto say about development in Asia?",
    "写真を提供してもらえますか",
    "Which cities were with Yokohama in the open letter?",
    "担当課の電話番号を教えてください",
    "Why Asia?",
    "What do European signatories gain?",
]

EXPECTED = [
    *((question, "answered") for question in ANSWERED),
    *((question, "not_stated") for question in NOT_STATED),
    *((question, "not_found") for question in NOT_FOUND),
    *((question, "help") for question in HELP),
]

FIELDS = {"question", "language", "outcome", "confidence", "text", "citations", "contact", "generation", "elapsed_ms"}
CITATION_FIELDS = {"number", "document", "title", "kind", "authority", "locator", "page", "quote", "url", "published"}
AUTHORITIES = ["official", "staff", "digest"]
"""In the order in which they are quoted."""


@pytest.fixture(scope="session")
def at_hand(built: Path) -> Small:
    """All that is shipped, as for `ask_all`."""
    return Small(DOCUMENTS, built)


@pytest.fixture(scope="module")
def replies(ask_all: Ask) -> dict[str, Json]:
    questions = [question for question, _ in EXPECTED] + NEAR_MISSES + OTHER
    return dict(zip(questions, ask_all(questions), strict=True))


@pytest.fixture(scope="module")
def citations(replies: dict[str, Json]) -> list[Json]:
    return [citation for reply in replies.values() for citation in reply["citations"]]


@pytest.mark.parametrize(("question", "outcome"), EXPECTED)
def test_a_question_has_the_outcome_that_the_documents_allow(
    replies: dict[str, Json], question: str, outcome: str
) -> None:
    assert replies[question]["outcome"] == outcome, replies[question]["text"]


@pytest.mark.parametrize("question", NEAR_MISSES)
def test_what_only_comes_near_is_not_answered(replies: dict[str, Json], question: str) -> None:
    assert replies[question]["outcome"] in {"possible", "not_found"}, replies[question]["text"]


@pytest.mark.parametrize("question", JOINING)
def test_every_wording_of_how_do_we_join_names_whom_to_ask(replies: dict[str, Json], question: str) -> None:
    reply = replies[question]
    japanese = reply["language"] == "ja"
    assert reply["contact"]["name"] == ("イクレイ日本" if japanese else "ICLEI Japan")
    assert "iclei-japan@iclei.org" in reply["contact"]["detail"]
    assert reply["citations"][-1]["locator"] == "FAQ 1"


def test_the_first_city_is_answered_in_the_press_release_s_words(replies: dict[str, Json]) -> None:
    first = replies["最初に署名した都市はどこですか？"]["citations"][0]
    assert (first["document"], first["kind"], first["authority"]) == ("press-release", "press_release", "official")
    assert "横浜市は第1号都市として署名しました" in first["quote"]
    assert "横浜市" in replies["最初に署名した都市はどこですか？"]["text"]


def test_citynet_is_quoted_from_its_footnote(replies: dict[str, Json]) -> None:
    locators = [citation["locator"] for citation in replies["What is CityNet?"]["citations"]]
    assert any(locator.startswith("※3 シティネット（CityNet）") for locator in locators)


def test_a_fee_that_is_not_stated_is_not_guessed(replies: dict[str, Json]) -> None:
    for question in ("What is the joining fee?", "参加費用はいくらですか？"):
        reply = replies[question]
        assert not re.search(r"\d+\s*(yen|円|USD|EUR|\$|€)", reply["text"])
        assert reply["contact"] is not None


def test_a_relative_date_is_shown_with_the_year_it_means(replies: dict[str, Json]) -> None:
    reply = replies["来年度、会議の名称はどう変わりますか？"]
    assert any("来年度" in citation["quote"] for citation in reply["citations"])
    assert "2026年度" in reply["text"]
    assert "2027年3月" in reply["text"]


def test_a_reply_is_in_the_language_of_its_question(replies: dict[str, Json]) -> None:
    for question, reply in replies.items():
        japanese = bool(re.search(r"[぀-ヿ一-鿿]", question))
        assert reply["language"] == ("ja" if japanese else "en"), question
        assert bool(re.search(r"[぀-ヿ]", reply["text"])) == japanese, question


def test_locators_are_in_the_reader_s_language(replies: dict[str, Json]) -> None:
    for question, reply in replies.items():
        for citation in reply["citations"]:
            other = r"\bparagraph\b|\bbody\b" if reply["language"] == "ja" else "段落|本文"
            assert not re.search(other, citation["locator"]), question


def test_a_digest_is_cited_in_the_reader_s_language(replies: dict[str, Json]) -> None:
    for question, reply in replies.items():
        for citation in reply["citations"]:
            if citation["authority"] == "digest" and citation["kind"] != "faq":
                assert citation["document"].endswith(f"-{reply['language']}"), question


def test_a_reply_has_the_fields_of_the_contract_and_no_others(replies: dict[str, Json]) -> None:
    for question, reply in replies.items():
        assert set(reply) == FIELDS, question
        assert isinstance(reply["text"], str)
        assert reply["text"].strip()
        assert 0 <= reply["confidence"] <= 1
        assert reply["elapsed_ms"] >= 0
        assert re.fullmatch(r"\d{6}-[0-9a-f]{8}", reply["generation"])
        assert reply["contact"] is None or set(reply["contact"]) == {"name", "detail"}


def test_a_citation_has_the_fields_of_the_contract_and_no_others(citations: list[Json]) -> None:
    for citation in citations:
        assert set(citation) == CITATION_FIELDS
        assert citation["kind"] in {"press_release", "open_letter", "framework", "faq", "other"}
        assert citation["authority"] in set(AUTHORITIES)
        assert citation["page"] is None or isinstance(citation["page"], int)
        assert citation["url"] is None or citation["url"].startswith("https://")
        assert citation["locator"].strip()
        assert citation["title"].strip()
        if citation["published"] is not None:
            assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", citation["published"])


def test_the_question_comes_back_as_it_was_asked(replies: dict[str, Json]) -> None:
    assert {question: reply["question"] for question, reply in replies.items()} == {q: q for q in replies}


def test_the_text_has_no_markup(replies: dict[str, Json]) -> None:
    for question, reply in replies.items():
        assert not re.search(r"\*\*|__|^#+ |\]\(|<[^>]+\|", reply["text"], re.MULTILINE), question


def test_every_quotation_is_a_piece_of_what_show_prints(citations: list[Json], command: Command) -> None:
    documents = sorted({citation["document"] for citation in citations})
    assert "press-release" in documents
    shown = {document: command("corpus", "show", document).stdout for document in documents}
    for citation in citations:
        assert citation["quote"] in shown[citation["document"]], citation


def test_every_quotation_of_the_press_release_stands_in_its_source(citations: list[Json]) -> None:
    source = (ROOT / "corpus" / "documents" / "press-release.ja.txt").read_text(encoding="utf-8")
    source = re.sub(r"(?m)^- ・", "", source.replace("**", ""))
    for citation in citations:
        if citation["document"] == "press-release":
            assert locate(citation["quote"].replace("\n・", "\n"), source), citation["quote"]


def test_there_are_three_citations_at_most_numbered_from_one(replies: dict[str, Json]) -> None:
    for question, reply in replies.items():
        numbers = [citation["number"] for citation in reply["citations"]]
        assert numbers == list(range(1, len(numbers) + 1)), question
        assert len(numbers) <= 3, question


def test_no_passage_is_quoted_twice_in_a_reply(replies: dict[str, Json]) -> None:
    for question, reply in replies.items():
        places = [(citation["document"], citation["locator"]) for citation in reply["citations"]]
        assert len(places) == len(set(places)), question


def test_documents_come_before_the_faq_entry(replies: dict[str, Json]) -> None:
    for question, reply in replies.items():
        kinds = [citation["kind"] for citation in reply["citations"]]
        assert "faq" not in kinds[:-1], question


def test_an_official_document_is_quoted_before_a_digest(replies: dict[str, Json]) -> None:
    for question, reply in replies.items():
        weights = [AUTHORITIES.index(c["authority"]) for c in reply["citations"] if c["kind"] != "faq"]
        assert weights == sorted(weights), f"{question}: {reply['outcome']}"


def test_what_is_answered_is_carried_by_a_document(replies: dict[str, Json]) -> None:
    """An FAQ entry that this desk wrote itself carries nothing alone."""
    for question, reply in replies.items():
        if reply["outcome"] in {"answered", "not_stated"}:
            assert any(citation["kind"] != "faq" for citation in reply["citations"]), question


def test_where_nothing_was_found_and_in_greetings_nothing_is_cited(replies: dict[str, Json]) -> None:
    for question, reply in replies.items():
        if reply["outcome"] in {"not_found", "help"}:
            assert reply["citations"] == [], question


def test_a_quotation_is_one_or_two_sentences_or_a_list(replies: dict[str, Json], corpus: Corpus) -> None:
    sentences = {p.text[a:b] for p in corpus.passages() for a, b in p.sentences}
    for question, reply in replies.items():
        for citation in reply["citations"]:
            if citation["kind"] != "faq":
                held = [sentence for sentence in sentences if sentence in citation["quote"]]
                covered = [s for s in held if not any(s != other and s in other for other in held)]
                lines = citation["quote"].splitlines()
                is_list = len(lines) > 1 and all(line.startswith("・") for line in lines[1:])
                assert is_list or 1 <= len(covered) <= 2, f"{question}: {citation['quote']}"


def test_help_tells_what_the_desk_knows_and_keeps(replies: dict[str, Json]) -> None:
    english, japanese = replies["hello"]["text"], replies["こんにちは"]["text"]
    assert "Press release, City of Yokohama (November 2025)" in english
    assert "digest" in english
    assert "365 days" in english
    assert "横浜市（2025年11月）" in japanese
    assert "要約" in japanese
    assert "365日" in japanese


def test_every_entry_asked_in_its_own_words_answers_with_itself(ask_all: Ask, corpus: Corpus) -> None:
    """A known gap says that the documents are silent; any other entry answers."""
    asked = [(entry, wording.questions[0]) for entry in corpus.faq.entries for wording in entry.wordings.values()]
    wrong = []
    for (entry, question), reply in zip(asked, ask_all([question for _, question in asked]), strict=True):
        expected = ("not_stated" if entry.gap else "answered", f"FAQ {entry.number}")
        found = (reply["outcome"], "".join(citation["locator"] for citation in reply["citations"][-1:]))
        if found != expected:
            wrong.append((question, found, expected))
    assert wrong == []


FOLLOW_UPS: list[tuple[list[str], str, str, str]] = [
    (["What is CityNet?"], "Where is its headquarters?", "answered", "Seoul"),
    (["What is ICLEI?"], "Where is its headquarters?", "answered", "Bonn"),
    (["シティネットとは何ですか？"], "本部はどこですか？", "answered", "ソウル"),
    (["How do we join?"], "And what does it cost?", "not_stated", "costs anything"),
    (["How do we join?", "Thanks"], "How do I bake bread?", "not_found", "nothing"),
    (["How do I bake bread?"], "What is CityNet?", "answered", "CityNet"),
    (["What is CityNet?"], "Thank you!", "help", "You are welcome."),
    (["What is CityNet?"], "Can I speak to someone?", "help", "No staff can be reached through me here."),
    (["最初に署名した都市はどこですか？"], "What is ICLEI?", "answered", "ICLEI"),
]


def test_follow_ups_are_understood_with_what_was_asked_before(ask_all: Ask) -> None:
    asked: list[str | Json] = [{"question": question, "history": history} for history, question, _, _ in FOLLOW_UPS]
    wrong = [
        (history, question, reply["outcome"], reply["text"])
        for (history, question, outcome, words), reply in zip(FOLLOW_UPS, ask_all(asked), strict=True)
        if reply["outcome"] != outcome or words not in reply["text"]
    ]
    assert wrong == []


def test_the_reply_s_day_is_the_index_s(command: Command) -> None:
    shown = command("ask", "What is CityNet?")
    assert shown.returncode == 0
    found = re.search(r"Index of (\d{1,2}) (\w{3}) (\d{4})", shown.stdout)
    assert found is not None
    assert int(found[3]) >= 2025
    japanese = re.search(r"(\d{4})年(\d{1,2})月(\d{1,2})日時点の索引", command("ask", "シティネットとは？").stdout)
    assert japanese is not None
    year, month, dom = map(int, japanese.groups())
    assert date(year, month, dom).strftime("%b") == found[2]


def test_what_may_help_is_what_the_three_nearest_entries_quote(
    replies: dict[str, Json], built: Path, encoder: Encoder
) -> None:
    """Their writers read the passages, and put them to questions; nobody put the nearest passage to this one.

    It has the last place where two of the three quote the same.
    """
    store = Store(built / "index")
    searcher = Searcher(load_generation(store.folder(store.current() or ""), encoder), encoder)
    possible = [question for question in NEAR_MISSES if replies[question]["outcome"] == "possible"]
    for question in possible:
        nearest = searcher.search(question, replies[question]["language"]).matches[:3]
        quoted = [words for match in nearest for _, words in searcher.quoted_by(match.entry)]
        shown = [citation["quote"] for citation in replies[question]["citations"] if citation["kind"] != "faq"]
        unquoted = [quote for quote in shown if not any(words in quote for words in quoted)]
        they_share = len(frozenset[str]().union(*(match.passages for match in nearest))) < sum(
            len(match.passages) for match in nearest
        )
        assert len(unquoted) <= they_share, question
    assert possible
