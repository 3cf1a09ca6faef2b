"""What people say to each other, and which of it is a question for the desk."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.asking import looks_like_question
from assistant.desk import Desk
from assistant.languages import SUPPORTED, identify
from assistant.messages import asking_phrases
from assistant.models import Enquiry
from assistant.settings import Settings
from index.golden import GoldenKind, GoldenQuestion, read_golden
from index.lexical import words
from tests.conftest import Small

MARKS = str.maketrans("", "", "?？")
STATEMENTS = [
    "Good morning everyone",
    "I read that Yokohama was the first city to sign the declaration.",
    "See https://example.com/declaration?city=yokohama",
    "横浜市が最初に署名したそうです",
    "宣言に参加するつもりです。",
    "요코하마가 처음 서명했대요",
    "横滨是第一个签署的城市",
    "橫濱是第一個簽署的城市",
    "โยโกฮามาเป็นเมืองแรกที่ลงนาม",
    "Yokohama là thành phố đầu tiên ký",
    "Kota kita sebaiknya ikut deklarasi",
    "Bandar kita patut sertai deklarasi ini",
    "Pumirma na ang Yokohama sa deklarasyon",
    "योकोहामा ने सबसे पहले हस्ताक्षर किए",
    "ইয়োকোহামা প্রথম স্বাক্ষর করেছে",
    "யோகோஹாமா முதலில் கையெழுத்திட்டது",
    "योकोहामाले पहिले हस्ताक्षर गर्‍यो",
    "ယိုကိုဟားမားမြို့က ပထမဆုံး လက်မှတ်ထိုးတယ်",
    "យូកូហាម៉ាបានចុះហត្ថលេខាមុនគេ",
]


@pytest.fixture(scope="module")
def desk(few: Small) -> Desk:
    return Desk(Settings(_env_file=None, desk_corpus_dir=few.documents, desk_data_dir=few.data), lasting=True)


def golden(*kinds: GoldenKind, languages: Sequence[str] = SUPPORTED) -> list[GoldenQuestion]:
    return [question for question in read_golden() if question.kind in kinds and question.language in languages]


def share_concerning(desk: Desk, questions: list[GoldenQuestion]) -> float:
    asked = [Enquiry(question=each.question, history=each.history) for each in questions]
    return sum(desk.concerns(enquiry) for enquiry in asked) / len(asked)


@pytest.mark.parametrize("language", SUPPORTED)
def test_most_questions_are_told_by_their_words_where_they_have_no_question_mark(language: str) -> None:
    asked = [each.question.translate(MARKS) for each in golden(GoldenKind.ANSWERABLE, languages=[language])]
    told = [text for text in asked if looks_like_question(text, identify(text))]
    assert len(told) / len(asked) > 0.6


@pytest.mark.parametrize("text", STATEMENTS)
def test_what_is_no_question_is_not_taken_for_one(text: str) -> None:
    assert not looks_like_question(text, identify(text))
    assert looks_like_question(text + "？", identify(text))


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_language_has_words_that_ask(language: str) -> None:
    phrases = asking_phrases(language)
    assert len(phrases) >= 10
    assert len(set(phrases)) == len(phrases)
    assert all(words(phrase) for phrase in phrases)


def test_most_questions_for_the_desk_concern_it_and_of_others_hardly_any(desk: Desk) -> None:
    """The numbers that docs/decisions/0011-channel-settings.md gives, for the languages that this index has."""
    here = ["en", "ja", "th"]
    assert share_concerning(desk, golden(GoldenKind.ANSWERABLE, languages=here)) > 0.7
    assert share_concerning(desk, golden(GoldenKind.GAP, languages=here)) > 0.5
    assert share_concerning(desk, golden(GoldenKind.OFF_TOPIC, languages=here)) < 0.03
    assert share_concerning(desk, golden(GoldenKind.HELP, languages=here)) == 0


def test_a_follow_up_concerns_the_desk_with_its_thread(desk: Desk) -> None:
    question = "And on which date did it sign?"
    assert desk.concerns(Enquiry(question=question, history=("Which city signed first?",)))
    assert not desk.concerns(Enquiry(question="And at what time is lunch?", history=("Which city signed first?",)))
