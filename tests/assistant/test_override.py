"""A person may ask to be answered in another language than they write in."""

from __future__ import annotations

import pytest

from assistant.override import requested_language, without_request


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Which city signed first? Please answer in Japanese.", "ja"),
        ("answer in english", "en"),
        ("Reply in Traditional Chinese, please: what is the fee?", "zh-Hant"),
        ("最初に署名した都市はどこですか。英語で答えてください。", "en"),
        ("참가비는 얼마인가요? 영어로 답해 주세요", "en"),
        ("参加要交费吗？请用英语回答", "en"),
        ("要繳費嗎？請用日文回覆", "ja"),
        ("ค่าธรรมเนียมเท่าไร กรุณาตอบเป็นภาษาอังกฤษ", "en"),
        ("Phí tham gia là bao nhiêu? Vui lòng trả lời bằng tiếng Anh", "en"),
        ("Berapa biayanya? Tolong jawab dalam bahasa Inggris", "en"),
        ("Berapa yuran? Sila jawab dalam bahasa Inggeris", "en"),
        ("Magkano po? Pakisagot po sa Ingles", "en"),
        ("शुल्क कितना है? कृपया अंग्रेज़ी में उत्तर दें", "en"),
        ("ফি কত? অনুগ্রহ করে ইংরেজি ভাষায় উত্তর দিন", "en"),
        ("கட்டணம் எவ்வளவு? ஆங்கிலம் மொழியில் பதிலளிக்கவும்", "en"),
        ("शुल्क कति हो? अङ्ग्रेजीमा जवाफ दिनुहोस्", "en"),
        ("ကြေးဘယ်လောက်လဲ။ အင်္ဂလိပ်လို ဖြေပေးပါ", "en"),
        ("ថ្លៃប៉ុន្មាន? សូមឆ្លើយជាភាសាអង់គ្លេស", "en"),
    ],
)
def test_a_request_for_a_language_is_understood(question: str, language: str) -> None:
    assert requested_language(question) == language
    rest = without_request(question)
    assert len(rest) < len(question)
    assert requested_language(rest) is None


@pytest.mark.parametrize(
    "question",
    [
        "Is the declaration available in English?",
        "Which cities in Thailand signed?",
        "Please answer in Thailand's case only.",
        "英語の文書はありますか",
        "我们可以申请用英文写吗？",
        "",
    ],
)
def test_a_question_about_a_language_asks_for_none(question: str) -> None:
    assert requested_language(question) is None
    assert without_request(question) == question


def test_a_request_holds_for_the_thread_until_the_next() -> None:
    thread = ["参加費は？", "英語で答えてください"]
    assert requested_language("締め切りは？", thread) == "en"
    assert requested_language("日本語でお願いします", thread) == "ja"
    assert requested_language("締め切りは？", ["参加費は？"]) is None
