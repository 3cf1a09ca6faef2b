"""Officials say which city they are from: that is no part of what they ask, and another city is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.introducing import asked_about, introduces, without_introduction
from assistant.languages import SUPPORTED
from assistant.messages import introducing_phrases
from corpus.faq import load_faq
from index.search import Findings
from tests.assistant.conftest import Ask
from tests.conftest import ROOT

FROM_A_CITY = {
    "We in Kupang want to send a courier letter to CityNet, so would you please tell us in what city and country its "
    "main office is?": "citynet-seat",
    "佐賀県の国際課です。表敬訪問の日程を組んでおり、CityNetの本部がどの国のどの市に置かれているのか教えていただけますでしょうか。":
        "citynet-seat",
    "我在常德市外事办工作，打电话咨询亚洲智慧城市会议前想知道对方怎么称呼，请问新闻稿上写的负责人姓甚名谁？":
        "conference-contact-person",
    "Tôi ở Sở Ngoại vụ tỉnh Bắc Ninh, đang tính liên hệ phía châu Âu nên cần biết đơn vị nào đã chủ trì việc cho ra "
    "đời bản tuyên bố bên đó.": "europe-founder",
    "တောင်ကြီးမြို့ စည်ပင်ကပါခင်ဗျာ၊ လေ့လာရေးခရီးထွက်ရင်း CityNet ရဲ့ ဌာနချုပ်ကို ဝင်လည်ချင်လို့ ဘယ်နိုင်ငံ ဘယ်မြို့မှာ ရှိတာလဲ သိလိုပါတယ်။":
        "citynet-seat",
}  # fmt: skip
ABOUT_ANOTHER_CITY = [
    "Good day, I am from the planning office of Iloilo. We heard that Osaka signed first. When was that?",
    "富山市で国際交流を担当しております。大阪市が横浜市より先に署名したと聞いたのですが、なぜ大阪が最初になったのですか。",
    "왜 오사카가 제일 먼저 서명했나요?",
    "नमस्कार, म पोखरा महानगरपालिकाको योजना शाखाबाट लेख्दै छु। ओसाकाले यो घोषणामा कुन मितिमा हस्ताक्षर गरेको हो?",
    "Why did Seoul sign first?",
    "서울시가 아시아 순환도시 선언에 제일 먼저 서명하게 된 배경은 무엇인가요?",
    "ソウル市が最初に署名したのはいつですか。",
]


def test_a_city_that_askers_are_from_does_not_keep_their_question_from_its_answer(ask_all: Ask) -> None:
    entries = {entry.id: entry for entry in load_faq(ROOT / "corpus" / "documents" / "faq").entries}
    for reply, entry in zip(ask_all(list(FROM_A_CITY)), FROM_A_CITY.values(), strict=True):
        assert reply["outcome"] == "answered", reply["question"]
        assert entries[entry].wordings[reply["language"]].answer in reply["text"]


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
