"""Courtesy is returned, and who asks for a person is told how; a question that comes with it is still a question."""

from __future__ import annotations

import pytest

from assistant.languages import SUPPORTED, identify, spoken_before
from assistant.messages import smalltalk_phrases
from assistant.smalltalk import Smalltalk, smalltalk, smalltalk_language

GREETINGS = [
    "hello",
    "Hello!",
    "HI",
    "ｈｅｌｌｏ",
    "hi there :)",
    "Hello, good morning!",
    "Hello, thank you",
    "Thanks! What can you do?",
    "what can you do?",
    "Help",
    "help me please",
    "who are you",
    "こんにちは",
    "こんにちは！何ができますか？",
    "お世話になっております。よろしくお願いいたします。",
    "使い方を教えてください",
    "助けて",
    "?",
    "…",
    "🙂",
    "👍👍",
]
THANKS = [
    "Thank you very much!",
    "thanks, that was helpful",
    "Thank you, understood!",
    "Thank you so much, you're great!",
    "太感谢了",
    "terima kasih banyak ya",
    "Thanks, that helps a lot.",
    "That's clear now, no more questions. Bye!",
    "ありがとうございます。",
    "なるほど、よくわかりました。ありがとうございました。",
    "네, 이해했습니다. 감사합니다!",
    "明白了，谢谢！没有其他问题了。",
    "謝謝，我了解了",
    "เข้าใจแล้วครับ ขอบคุณมากครับ",
    "Cảm ơn, tôi đã hiểu",
    "Terima kasih, sudah jelas.",
    "Terima kasih, saya faham.",
    "Salamat po, naiintindihan ko na.",
    "धन्यवाद, मैं समझ गया।",
    "ধন্যবাদ, বুঝতে পেরেছি।",
    "நன்றி, புரிந்தது.",
    "धन्यवाद, बुझेँ।",
    "နားလည်ပါပြီ၊ ကျေးဇူးတင်ပါတယ်။",
    "យល់ហើយ សូមអរគុណ",
]
PERSON = [
    "I want to talk to a person",
    "Can I speak to someone?",
    "Hello, I'd like to talk to a person please. Thanks!",
    "担当者と話したいのですが",
    "お世話になっております。担当の方とお話しできますか？よろしくお願いいたします。",
    "담당자와 이야기하고 싶어요",
    "我想和真人说话",
    "請轉接專人，謝謝",
    "ขอคุยกับเจ้าหน้าที่หน่อยครับ",
    "Tôi muốn nói chuyện với nhân viên",
    "Bisakah saya berbicara dengan seseorang?",
    "Boleh saya bercakap dengan pegawai?",
    "Puwede po ba akong makipag-usap sa tao?",
    "क्या मैं किसी से बात कर सकता हूँ?",
    "আমি একজন মানুষের সাথে কথা বলতে চাই",
    "நான் ஒருவரிடம் பேசலாமா?",
    "म कर्मचारीसँग कुरा गर्न चाहन्छु",
    "လူတစ်ယောက်နဲ့ စကားပြောချင်ပါတယ်",
    "ខ្ញុំចង់និយាយជាមួយមនុស្ស",
]
QUESTIONS = [
    "Hello, how do we join?",
    "Thanks! What is CityNet?",
    "help us join the declaration",
    "What is this declaration?",
    "how does this work for prefectures",
    "hit",
    "Who are your members?",
    "great cities",
    "こんにちは、参加するにはどうすればいいですか？",
    "ありがとう。費用は？",
    "これは何の宣言ですか",
    "使い方を定めたロゴの規則は？",
    "ok 2025",
    "5",
    "fee",
    "費用",
    "Thanks for the press release of the mayor?",
    "Whom can I talk to about the declaration?",
    "担当者は誰ですか",
    "担当者と話したいのですが、費用はいくらですか",
]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, Smalltalk.GREETING) for text in GREETINGS),
        *((text, Smalltalk.THANKS) for text in THANKS),
        *((text, Smalltalk.PERSON) for text in PERSON),
    ],
)
def test_smalltalk_is_a_greeting_or_thanks_or_asks_for_a_person(text: str, kind: Smalltalk) -> None:
    assert smalltalk(text) is kind


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_no_smalltalk_however_polite(text: str) -> None:
    assert smalltalk(text) is None


@pytest.mark.parametrize("kind", Smalltalk)
@pytest.mark.parametrize("language", SUPPORTED)
def test_every_language_has_phrases_of_each_kind_and_each_is_known(language: str, kind: Smalltalk) -> None:
    phrases = smalltalk_phrases(kind, language)
    assert len(phrases) >= 14
    assert [phrase for phrase in phrases if smalltalk(phrase) is not kind] == []
    assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize("language", SUPPORTED)
def test_phrases_combine_freely(language: str) -> None:
    thanks, persons = (smalltalk_phrases(kind, language) for kind in (Smalltalk.THANKS, Smalltalk.PERSON))
    short = [phrase for phrase in thanks if len(phrase) < 30]
    assert {smalltalk(f"{one}, {other}!") for one in short for other in short} == {Smalltalk.THANKS}
    polite = f" {min(thanks, key=len)}."
    assert {smalltalk(asked + polite) for asked in persons} == {Smalltalk.PERSON}


@pytest.mark.parametrize(
    ("text", "thread", "language"),
    [
        ("謝謝", [], "zh-Hant"),
        ("Halo", [], "id"),
        ("नमस्कार", ["कुन सहर पहिलो हो?"], "ne"),
        ("नमस्कार", [], "hi"),
        ("hello", ["会議の名称は？"], "ja"),
        ("ありがとう", ["Which city signed first?"], "ja"),
    ],
)
def test_a_courtesy_is_returned_in_its_language(text: str, thread: list[str], language: str) -> None:
    spoken = identify(text, thread)
    assert smalltalk_language(text, spoken, spoken_before(thread)) == language


@pytest.mark.parametrize("text", ["hello " * 300, "ー" * 2000, "a" * 2000])
def test_a_long_text_is_told_quickly(text: str) -> None:
    assert smalltalk(text) is None
