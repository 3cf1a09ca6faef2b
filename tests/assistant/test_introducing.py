"""Officials say which city they are from: that is no part of what they ask, and another city is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.desk import Desk
from assistant.introducing import as_own_city, asked_about, introduces, without_introduction
from assistant.languages import SUPPORTED
from assistant.messages import introducing_phrases, own_city
from assistant.models import Enquiry
from index.search import Findings, Searcher
from tests.assistant.conftest import Ask

ABOUT_ANOTHER_CITY = [
    "Good day, I am from the planning office of Iloilo. We heard that Osaka signed first. When was that?",
    "富山市で国際交流を担当しております。大阪市が横浜市より先に署名したと聞いたのですが、なぜ大阪が最初になったのですか。",
    "왜 오사카가 제일 먼저 서명했나요?",
    "नमस्कार, म पोखरा महानगरपालिकाको योजना शाखाबाट लेख्दै छु। ओसाकाले यो घोषणामा कुन मितिमा हस्ताक्षर गरेको हो?",
    "Why did Seoul sign first?",
    "서울시가 아시아 순환도시 선언에 제일 먼저 서명하게 된 배경은 무엇인가요?",
    "ソウル市が最初に署名したのはいつですか。",
]


def test_what_is_asked_of_another_city_is_not_answered_with_what_the_documents_say_of_one(ask_all: Ask) -> None:
    assert [r["question"] for r in ask_all(ABOUT_ANOTHER_CITY) if r["outcome"] == "answered"] == []


@pytest.mark.parametrize(
    ("question", "places", "about"),
    [
        ("I am from Khulna, who signed first?", {"khulna"}, set()),
        ("Greetings from Khulna! Who signed first?", {"khulna"}, set()),
        ("I am from Khulna. We heard that Osaka was first. Why?", {"khulna", "osaka"}, {"osaka"}),
        ("Could you tell us when Osaka signed?", {"osaka"}, {"osaka"}),
        ("When did our friends in Osaka sign?", {"osaka"}, {"osaka"}),
        ("Who signed first?", set(), set()),
    ],
)
def test_an_asker_s_own_city_is_not_what_is_asked_about(question: str, places: set[str], about: set[str]) -> None:
    findings = replace(Findings("", "en", (), ()), question=question)
    assert asked_about(frozenset(places), findings) == about


@pytest.mark.parametrize(
    ("sentence", "language", "rest"),
    [
        ("I am from Iloilo, who signed first?", "en", "who signed first?"),
        ("I am from Iloilo, as you see, who signed first?", "en", "as you see, who signed first?"),
        ("当市は検討中です、費用は？", "ja", "費用は？"),
        ("ผมจากเทศบาลนครขอนแก่น อยากทราบว่าใครลงนามก่อน", "th", "อยากทราบว่าใครลงนามก่อน"),
        ("Who signed first, and may we join?", "en", "Who signed first, and may we join?"),
        ("We are from Cebu", "en", "We are from Cebu"),
        ("", "en", ""),
    ],
)
def test_an_introduction_is_left_out(sentence: str, language: str, rest: str) -> None:
    assert without_introduction(sentence, language) == rest


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_language_has_words_for_introducing_oneself(language: str) -> None:
    assert len(introducing_phrases(language)) >= 6
    assert introduces(introducing_phrases(language)[0].strip("…"), language)


@pytest.mark.parametrize(
    ("question", "language", "places", "asked"),
    [
        ("Can Chiba join?", "en", {"chiba"}, "Can our city join?"),
        ("Can Ho Chi Minh City join?", "en", {"ho chi minh city", "minh"}, "Can our city join?"),
        ("千葉市は参加できますか？", "ja", {"千葉"}, "弊市は参加できますか?"),
        ("부산시도 참여할 수 있나요?", "ko", {"부산"}, "우리 시도 참여할 수 있나요?"),
        ("เชียงใหม่เข้าร่วมได้ไหม", "th", {"เชียงใหม่"}, "เมืองของเราเข้าร่วมได้ไหม"),
        ("Can Nara join, as Naranja did?", "en", {"nara"}, "Can our city join, as Naranja did?"),
        ("can chiba join", "en", {"chiba"}, "can our city join"),
        ("what am I reading here?", "en", {"reading"}, None),
        ("How do we join?", "en", set(), None),
    ],
)
def test_a_city_s_name_gives_way_to_our_city(question: str, language: str, places: set[str], asked: str | None) -> None:
    assert as_own_city(question, language, places) == asked


def test_who_names_no_city_is_searched_for_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Encoding a question is most of what a reply takes."""
    searched: list[str] = []
    search = Searcher.search

    def counted(self: Searcher, question: str, *rest: str) -> Findings:
        searched.append(question)
        return search(self, question, *rest)

    monkeypatch.setattr(Searcher, "search", counted)
    desk.reply(Enquiry(question="How do we join?"))
    assert searched == ["How do we join?"]
    desk.reply(Enquiry(question="How does Chiba join?"))
    assert searched[-1] == "How does our city join?"


def test_every_language_has_a_word_for_our_city() -> None:
    assert all(len(own_city(language)) == 1 for language in SUPPORTED)
