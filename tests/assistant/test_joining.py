"""“How do we join?” in the sixteen languages, in words that are not the FAQ's: whom to ask is always named."""

from __future__ import annotations

import pytest

from assistant.languages import SUPPORTED
from tests.assistant.conftest import Ask, Json

ASKED = {
    "en": ("How do we join?", "How do we join in 2027?", "What must a city do to take part?"),
    "ja": ("参加するにはどうすればいいですか", "加盟方法を教えて", "2027年に参加したいのですが"),
    "ko": ("어떻게 가입하나요?", "우리 시가 참여하려면 어떻게 해야 합니까?"),
    "zh-Hans": ("我们怎么加入？", "我市想参加，需要怎么做？"),
    "zh-Hant": ("我們要怎麼加入？", "本市想參與，該怎麼辦？"),
    "th": ("เมืองของเราจะเข้าร่วมได้อย่างไร", "เข้าร่วมยังไง"),
    "vi": ("Làm thế nào để tham gia?", "Thành phố chúng tôi muốn gia nhập thì phải làm gì?"),
    "id": ("Bagaimana cara bergabung?", "Kota kami mau ikut, caranya bagaimana?"),
    "ms": ("Bagaimana cara untuk menyertai?", "Bandar kami nak sertai, macam mana?"),
    "fil": ("Paano sumali?", "Paano po makakasali ang aming lungsod?"),
    "hi": ("हम कैसे जुड़ें?", "हमारा शहर शामिल होना चाहता है, क्या करना होगा?"),
    "bn": ("আমরা কীভাবে যোগ দেব?", "আমাদের শহর যোগ দিতে চায়, কী করতে হবে?"),
    "ta": ("நாங்கள் எப்படி சேர்வது?", "எங்கள் நகரம் சேர என்ன செய்ய வேண்டும்?"),
    "ne": ("हामी कसरी सहभागी हुने?", "हाम्रो सहर सामेल हुन के गर्नुपर्छ?"),
    "my": ("ဘယ်လို ပါဝင်ရမလဲ", "ကျွန်ုပ်တို့မြို့ ပါဝင်လိုပါက ဘာလုပ်ရမလဲ"),
    "km": ("តើយើងចូលរួមដោយរបៀបណា?", "ទីក្រុងយើងចង់ចូលរួម តើត្រូវធ្វើអ្វី?"),
}
QUESTIONS = [question for questions in ASKED.values() for question in questions]


@pytest.fixture(scope="module")
def replies(ask_all: Ask) -> dict[str, Json]:
    return dict(zip(QUESTIONS, ask_all(QUESTIONS), strict=True))


def test_it_is_asked_in_every_language() -> None:
    assert set(ASKED) == set(SUPPORTED)


@pytest.mark.parametrize("question", QUESTIONS)
def test_iclei_japan_is_named_and_no_procedure_made_up(replies: dict[str, Json], question: str) -> None:
    """Where the desk is not sure that this is asked, it shows passages, and whom to ask all the same."""
    reply = replies[question]
    assert reply["outcome"] in {"answered", "possible"}
    assert "iclei-japan@iclei.org" in reply["contact"]["detail"]
    if reply["outcome"] == "answered":
        assert reply["citations"][-1]["locator"] == "FAQ 1"


def test_nearly_every_wording_is_understood(replies: dict[str, Json]) -> None:
    assert sum(reply["outcome"] == "answered" for reply in replies.values()) >= 0.9 * len(QUESTIONS)


OF_A_CITY = {
    "en": ("Can Chiba join?", "How can Shanghai join the declaration?", "How does Surabaya join?", "can chiba join"),
    "ko": ("지바도 참여할 수 있나요?",),
    "zh-Hans": ("千叶可以加入吗？",),
    "th": ("โอซาก้าเข้าร่วมได้ไหม",),
    "vi": ("Phnom Penh có tham gia được không?",),
    "id": ("Bagaimana cara Surabaya bergabung?",),
}


def test_who_asks_for_a_city_by_its_name_is_answered_as_for_any(ask_all: Ask) -> None:
    """One or the other is told a known gap: how near two entries are differs a little with the processor."""
    asked = [(question, language) for language, questions in OF_A_CITY.items() for question in questions]
    replies = ask_all([question for question, _ in asked])
    assert {reply["outcome"] for reply in replies} <= {"answered", "not_stated"}
    assert sum(reply["outcome"] == "answered" for reply in replies) >= 0.75 * len(asked)
    assert [reply["language"] for reply in replies] == [language for _, language in asked]
    assert all("iclei-japan@iclei.org" in reply["contact"]["detail"] for reply in replies)


def test_what_nothing_is_stated_of_is_stated_of_no_city(ask_all: Ask) -> None:
    asked = ["Does Surabaya have to pay?", "Did Chiba sign?", "Is Nara eligible?", "千葉市は参加できますか？"]
    assert {reply["outcome"] for reply in ask_all(asked)} <= {"not_stated", "answered"}
    for reply in ask_all(
        ["Why did Osaka sign first?", "なぜ大阪が最初に署名したのですか？", "What is the weather in Bangkok?"]
    ):
        assert reply["outcome"] != "answered", "nor is what holds for one city said of another"
