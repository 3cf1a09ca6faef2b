"""Questions that take something false for granted: what the documents do say is said, in the asker's language."""

from __future__ import annotations

import pytest

from assistant.answerer import _as_written
from assistant.desk import Desk
from assistant.models import Enquiry, Outcome, Reply
from assistant.slack.blocks import reply_blocks
from assistant.wording import plain_reply
from corpus.models import Kind
from tests.assistant.conftest import Ask, Json

FALSE_PREMISES = {
    "en": ("Didn't CityNet open its head office in Manila?", "Manila", "Seoul"),
    "ja": ("シティネットの本部は東京ですよね？", "東京", "ソウル"),
    "ko": ("시티넷 본부가 도쿄에 있는 게 맞죠?", "도쿄", "서울"),
    "zh-Hans": ("听说欧洲那边有200个城市参加，对吗？", "200", "90"),
    "zh-Hant": ("聽說歐洲版有200個城市，對嗎？", "200", "90"),
    "th": ("จาการ์ตาเป็นเมืองแรกที่เซ็นใช่มั้ย", "จาการ์ตา", "Yokohama"),
    "vi": ("Bangkok là nơi ký đầu tiên đúng không?", "Bangkok", "Yokohama"),
    "id": ("Katanya deklarasi Asia sudah dimulai sejak 2020, betul?", "2020", "2025"),
    "ms": ("Manila kan yang pertama tandatangan?", "Manila", "Yokohama"),
    "fil": ("Maynila ba ang unang pumirma?", "Maynila", "Yokohama"),
    "hi": ("सुना है कि टोक्यो ने सबसे पहले साइन किया था, सही है?", "टोक्यो", "Yokohama"),
    "bn": ("ইকলেই-র বিশ্ব সদর দপ্তর কোথায়, সিউলে?", "সিউল", "Bonn"),
    "ta": ("டோக்கியோ தான் முதலில் கையெழுத்திட்டதா?", "டோக்கியோ", "Yokohama"),
    "ne": ("के योकोहामाले २०२४ मा हस्ताक्षर गरेको हो?", "2024", "2025"),
    "my": ("တိုကျိုက ပထမဆုံး လက်မှတ်ထိုးတာလား", "တိုကျို", "ယိုကိုဟားမား"),
    "km": ("ទីក្រុងបាងកកជាអ្នកចុះហត្ថលេខាដំបូងមែនទេ?", "បាងកក", "Yokohama"),
}
"""By language: a question, what it has wrong, and a word of what is right."""


@pytest.fixture(scope="module")
def replies(ask_all: Ask) -> dict[str, Json]:
    asked = [question for question, *_ in FALSE_PREMISES.values()]
    return dict(zip(FALSE_PREMISES, ask_all(asked), strict=True))


@pytest.mark.parametrize("language", FALSE_PREMISES)
def test_a_false_premise_is_named_and_what_is_right_told(language: str, replies: dict[str, Json]) -> None:
    _, wrong, right = FALSE_PREMISES[language]
    reply = replies[language]
    first, *rest = reply["text"].splitlines()
    assert reply["language"] == language
    assert reply["outcome"] == "possible", "nothing is confirmed"
    assert wrong in first
    assert right in " ".join(rest)
    assert reply["citations"][-1]["kind"] == "faq", "what is right is quoted, and told in the asker's language"
    assert len(reply["citations"]) > 1


def test_what_is_asked_of_another_year_is_not_answered_with_this_one(ask_all: Ask) -> None:
    replies = ask_all(["ASCC 2019のテーマは何でしたか？", "What was the theme of ASCC 2019?"])
    assert {reply["outcome"] for reply in replies} <= {"possible", "not_stated"}


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What role does IGES play in the declaration?", "IGES"),
        ("JICAは支援していますか", "JICA"),
        ("IGES ជួយធ្វើអ្វីខ្លះសម្រាប់ក្រុងដែលចុះហត្ថលេខា?", "IGES"),
        ("Macam mana pula dengan AIIB, mereka sokong deklarasi ini tak?", "AIIB"),
        ("OECD 有沒有公開表態挺 ACCD？", "OECD"),
    ],
)
def test_nothing_of_others_is_told_of_a_body_that_nothing_here_knows(ask_all: Ask, question: str, name: str) -> None:
    """Nor are passages shown that have nothing to do with it, as those on ICLEI were where IGES was asked about."""
    (reply,) = ask_all([question])
    names_it = name in reply["text"].splitlines()[0]
    assert reply["outcome"] in {"not_found", "not_stated"} or (reply["outcome"] == "possible" and names_it)


def test_a_name_that_is_written_in_three_ways_is_told_once(ask_all: Ask) -> None:
    (reply,) = ask_all(["Didn't CityNet open its head office in Manila, MANILA, manila?"])
    assert reply["text"].splitlines()[0].lower().count("manila") == 1


def test_names_are_told_as_they_first_stand_and_a_few_of_many() -> None:
    asked = "Osaka or Tokyo, then osaka again? Not the guidance of IDA"
    assert _as_written({"osaka", "tokyo", "ida"}, asked) == ["Osaka", "Tokyo", "IDA"]
    many = [f"ABC{letter}" for letter in "DEFGHIJKLM"]
    assert _as_written(map(str.lower, many), " ".join(many)) == many[:5]


@pytest.fixture
def unsure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Reply:
    """The reply to "which city signed first?" in Indonesian, where nothing is sure enough to answer."""
    for threshold in ("_ANSWER", "_SILENT", "_BOTH_ANSWER", "_SAME_QUESTION", "_READ_PASSAGE_ANSWER"):
        monkeypatch.setattr(f"assistant.evidence.{threshold}", 1.1)
    reply = desk.reply(Enquiry(question="Kota mana yang pertama menandatangani?"))
    assert (reply.language, reply.outcome) == ("id", Outcome.POSSIBLE)
    return reply


def test_what_may_help_can_be_read_by_whoever_asked(unsure: Reply) -> None:
    """Documents are in Japanese and English; whoever reads neither is shown the FAQ's nearest entry too."""
    *passages, entry = unsure.citations
    assert passages
    assert entry.kind is Kind.FAQ
    assert "Yokohama adalah kota pertama" in entry.quote
    assert unsure.unreviewed
    assert entry.quote in plain_reply(unsure)
    assert entry.quote in str([block.to_dict() for block in reply_blocks(unsure, "e")])


def test_the_words_of_an_entry_that_answers_stand_there_once(desk: Desk) -> None:
    reply = desk.reply(Enquiry(question="Kota mana yang pertama menandatangani?"))
    told = reply.citations[-1].quote
    assert reply.outcome is Outcome.ANSWERED
    assert plain_reply(reply).count(told) == 1
    assert str([block.to_dict() for block in reply_blocks(reply, "e")]).count(told) == 1


def test_whoever_reads_a_language_of_the_documents_is_shown_their_words_alone(desk: Desk, unsure: Reply) -> None:
    reply = desk.reply(Enquiry(question=unsure.question, answer_in="en"))
    assert (reply.language, reply.outcome) == ("en", Outcome.POSSIBLE)
    assert Kind.FAQ not in {citation.kind for citation in reply.citations}
