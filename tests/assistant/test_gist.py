"""Officials greet, say where they are from, and ask more than one thing: what they ask is answered all the same."""

from __future__ import annotations

import pytest

from assistant.gist import questions, sentences
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
    "I am from Bangkok, could you tell me which city was the first to sign the declaration?":
        ("answered", "first-signatory"),
    "We are from Cebu, which city signed first?": ("answered", "first-signatory"),
    "We in Kupang want to send a courier letter to CityNet, so would you please tell us in what city and country its "
    "main office is?": ("answered", "citynet-seat"),
    "佐賀県の国際課です。表敬訪問の日程を組んでおり、CityNetの本部がどの国のどの市に置かれているのか教えていただけますでしょうか。":
        ("answered", "citynet-seat"),
    "我在常德市外事办工作，打电话咨询亚洲智慧城市会议前想知道对方怎么称呼，请问新闻稿上写的负责人姓甚名谁？":
        ("answered", "conference-contact-person"),
    "Tôi ở Sở Ngoại vụ tỉnh Bắc Ninh, đang tính liên hệ phía châu Âu nên cần biết đơn vị nào đã chủ trì việc cho ra "
    "đời bản tuyên bố bên đó.": ("answered", "europe-founder"),
    "တောင်ကြီးမြို့ စည်ပင်ကပါခင်ဗျာ၊ လေ့လာရေးခရီးထွက်ရင်း CityNet ရဲ့ ဌာနချုပ်ကို ဝင်လည်ချင်လို့ ဘယ်နိုင်ငံ ဘယ်မြို့မှာ ရှိတာလဲ သိလိုပါတယ်။":
        ("answered", "citynet-seat"),
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
    assert [r["question"] for r in ask_all(RULED_OUT) if r["outcome"] == "answered"] == []


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


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("1) Who runs it? 2) Is there a fee?", ("Who runs it?", "Is there a fee?")),
        ("Q1: Who runs it? Q2: Is there a fee?", ("Who runs it?", "Is there a fee?")),
        ("（1）誰が運営していますか。（2）費用はかかりますか。", ("誰が運営していますか。", "費用はかかりますか。")),
        ("9:30 is when it starts. Is that right?", ("9:30 is when it starts.", "Is that right?")),
        ("2.5 days it lasts. Is that right?", ("2.5 days it lasts.", "Is that right?")),
    ],
)
def test_numbers_of_questions_are_no_part_of_them(message: str, parts: tuple[str, ...]) -> None:
    assert sentences(message, "ja" if "誰" in message else "en") == parts


def test_a_whole_speech_is_not_taken_apart() -> None:
    assert sentences("Who signed? " * 7, "en") == ()


def test_a_request_for_a_person_is_no_greeting() -> None:
    assert sentences("Can I talk to a person who signed the declaration?", "en") == ()


TWO_THINGS = {
    "Where is the seat of ICLEI and how many members does it have?": ("iclei-seat", "iclei-size"),
    "Which city signed first and on which date?": ("first-signatory", "yokohama-signing-date"),
    "イクレイの世界本部はどこですか。会員数はどのくらいですか。": ("iclei-seat", "iclei-size"),
    "CityNet的总部在哪个城市，会员有多少个？": ("citynet-seat", "citynet-members"),
    "เมืองแรกที่ลงนามคือเมืองไหน แล้วลงนามวันที่เท่าไร": ("first-signatory", "yokohama-signing-date"),
    "シティネットの本部はどこで、会員はいくつですか": ("citynet-seat", "citynet-members"),
    "ICLEI தலைமையகம் எந்த ஊரில், உறுப்பினர் எத்தனை பேர்?": ("iclei-seat", "iclei-size"),
}
ONE_THING = [
    "How many cities and organisations took part in the conference?",
    "Where is the seat of ICLEI and how is the weather there?",
    "What is the open letter, and who won the football match?",
    "Which city signed first in Osaka and on which date?",
]


def test_who_asks_two_things_is_told_both(ask_all: Ask) -> None:
    entries = {entry.id: entry for entry in load_faq(ROOT / "corpus" / "documents" / "faq").entries}
    for reply, asked in zip(ask_all(list(TWO_THINGS)), TWO_THINGS.values(), strict=True):
        assert reply["outcome"] == "answered", reply["question"]
        answers = [entries[entry].wordings[reply["language"]].answer for entry in asked]
        assert reply["text"].startswith("\n".join(answers)), reply["question"]
        assert [citation["kind"] == "faq" for citation in reply["citations"]] == [False, False, True]


def test_what_is_left_of_a_message_about_something_else_is_not_taken_for_the_whole(ask_all: Ask) -> None:
    """“What should I do?” alone is near to “How do we join?”."""
    lost = [
        "マイナンバーカードを紛失しました。どうすればよいでしょうか。",
        "I have lost my passport. What should I do?",
        "I lost my badge at the conference. What should I do?",
        "여권을 잃어버렸습니다. 어떻게 해야 하나요?",
        "ทำหนังสือเดินทางหายครับ ต้องทำอย่างไรครับ",
    ]
    assert [reply["question"] for reply in ask_all(lost) if reply["outcome"] != "not_found"] == []


def test_nothing_is_added_where_one_thing_is_asked_or_the_other_is_not_known(ask_all: Ask) -> None:
    answers = [entry.wordings["en"].answer for entry in load_faq(ROOT / "corpus" / "documents" / "faq").entries]
    for reply in ask_all(ONE_THING):
        assert len([answer for answer in answers if answer in reply["text"]]) <= 1, reply["question"]


@pytest.mark.parametrize(
    ("message", "language", "parts"),
    [
        ("Hi. Who founded it? And when?", "en", ("Who founded it?", "And when?")),
        ("Who founded it and who runs it?", "en", ("Who founded it", "who runs it?")),
        ("Which of the cities and regions have signed", "en", ("Which of the cities and regions have signed",)),
        ("We are from Cebu. Who signed?", "en", ("Who signed?",)),
        ("本部はどこで、加盟数はいくつですか", "ja", ("本部はどこで", "加盟数はいくつですか")),
        ("सीटीनेट कब और किसने बनाया?", "hi", ("सीटीनेट कब", "किसने बनाया?")),
        ("कार्यक्रम कहाँ भयो र कति सहर आए?", "ne", ("कार्यक्रम कहाँ भयो", "कति सहर आए?")),
        ("क्षमता विकास के हो?", "ne", ("क्षमता विकास के हो?",)),
        ("We signed.", "en", ()),
        ("", "en", ()),
    ],
)
def test_a_message_is_parted_where_both_sides_ask(message: str, language: str, parts: tuple[str, ...]) -> None:
    assert questions(message, language) == parts
