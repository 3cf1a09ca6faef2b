"""Officials greet, say where they are from, and ask more than one thing: what they ask is answered all the same."""

from __future__ import annotations

import pytest

from assistant.gist import sentences
from corpus.faq import load_faq
from tests.assistant.conftest import Ask
from tests.conftest import ROOT

INTRODUCED = {
    "Good morning. I am writing from Khulna City. Could you tell me what the purpose of the declaration is?":
        ("answered", "declaration-purpose"),
    "Selamat pagi, kami dari Kota Bogor. Kota mana yang pertama menandatangani?": ("answered", "first-signatory"),
    "您好，我們是高雄市政府環境局。參加要繳多少費用？": ("not_stated", "joining-fee"),
    "สวัสดีครับ เมืองของเราจะเข้าร่วมได้อย่างไร": ("answered", "joining-procedure"),
    "ជំរាបសួរ តើទីក្រុងណាបានចុះហត្ថលេខាមុនគេ": ("answered", "first-signatory"),
    "नमस्ते, मैं इंदौर नगर निगम से हूँ। शामिल होने का शुल्क कितना है?": ("not_stated", "joining-fee"),
    "Thank you very much. One more thing. Who founded the declaration?": ("answered", "founder"),
}  # fmt: skip
RULED_OUT = [
    "How about Osaka? When did it sign?",
    "大阪市はどうですか。いつ署名しましたか。",
    "The conference of 2024 was good. What was its theme?",
    "เรื่องการประชุม ASCC ปี 2570 ครับ จัดที่ไหนครับ?",
    "ASCC令和9年の件です。会場はどこですか。",
    "民國116年的會議。會場在哪裡？",
    "I have a meeting with the mayor of Paris tomorrow. Where does he live?",
]


def test_an_introduction_does_not_keep_a_question_from_its_answer(ask_all: Ask) -> None:
    entries = {entry.id: entry for entry in load_faq(ROOT / "corpus" / "documents" / "faq").entries}
    replies = ask_all(list(INTRODUCED))
    for reply, (outcome, entry) in zip(replies, INTRODUCED.values(), strict=True):
        assert reply["outcome"] == outcome, reply["question"]
        assert entries[entry].wordings[reply["language"]].answer in reply["text"]


def test_what_another_sentence_rules_out_is_not_answered(ask_all: Ask) -> None:
    assert [r["outcome"] for r in ask_all(RULED_OUT) if r["outcome"] == "answered"] == []


@pytest.mark.parametrize(
    ("message", "language", "parts"),
    [
        ("What is CityNet?", "en", ()),
        ("Hello, what is CityNet?", "en", ("what is CityNet?",)),
        ("Good morning everyone what is CityNet", "en", ("everyone what is CityNet",)),
        ("Hi. What is CityNet? Thanks!", "en", ("What is CityNet?",)),
        ("こんにちは。大阪市の者です。費用は？", "ja", ("大阪市の者です。", "費用は？")),
        ("សួស្តី តើថ្លៃប៉ុន្មាន?", "km", ("តើថ្លៃប៉ុន្មាន?",)),
        ("", "en", ()),
        ("…", "en", ()),
    ],
)
def test_greetings_and_thanks_are_no_part_of_what_is_asked(message: str, language: str, parts: tuple[str, ...]) -> None:
    assert sentences(message, language) == parts


def test_a_whole_speech_is_not_taken_apart() -> None:
    assert sentences("Who signed? " * 7, "en") == ()


def test_a_request_for_a_person_is_no_greeting() -> None:
    assert sentences("Can I talk to a person who signed the declaration?", "en") == ()
