"""Places that no document names: found in questions of every script, and not mistaken for ordinary words."""

from __future__ import annotations

import pytest

from corpus.faq import Faq, FaqEntry, Quotation, Wording
from index.places import Places, places_of

DOCUMENTS = """横浜市は第1号都市として署名しました。 Cebu City and Danang took part.
The Nagano Declaration was later than Mannheim2020."""


@pytest.fixture(scope="module")
def places() -> Places:
    wording = {
        "id": Wording(questions=("Ke kota mana surat ini?",), answer="Untuk semua kota."),
        "bn": Wording(questions=("chithi kobe deya hoyechilo?",), answer="২০২৫ সালে।"),
        "vi": Wording(questions=("thu ngo la gi?",), answer="Không rõ."),
    }
    quotation = Quotation(document="d", quote="q")
    entries = [
        FaqEntry(number=n, id=f"e{n}", topic="letter", quotations=(quotation,), wordings=wording) for n in range(1, 6)
    ]
    return places_of(DOCUMENTS, Faq(entries=tuple(entries)))


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Why did Osaka sign first?"),
        ("en", "why did osaka sign first"),
        ("vi", "Vì sao Hà Nội ký đầu tiên?"),
        ("ms", "Cuaca di Shah Alam"),
        ("ja", "大阪市はなぜ最初に署名したのですか"),
        ("zh-Hans", "上海是什么时候退出的？"),
        ("zh-Hant", "台北市何時簽署？"),
        ("ko", "부산은 언제 서명했나요?"),
        ("ko", "왜 오사카가 제일 먼저 서명했나요?"),
        ("my", "အိုဆာကာမြို့က ဘာကြောင့် ပထမဆုံး"),
        ("ne", "ओसाकाले कहिले हस्ताक्षर गर्‍यो?"),
        ("th", "เชียงใหม่ลงนามเมื่อใด"),
        ("km", "ហេតុអ្វីភ្នំពេញចុះហត្ថលេខាមុនគេ"),
        ("my", "ရန်ကုန်မြို့တော်ဝန်က ဘာကြောင့်"),
        ("hi", "दिल्ली के मेयर ने क्या कहा"),
        ("ne", "पोखराका मेयरले के भने"),
        ("bn", "ঢাকার মেয়র কী বলেছেন"),
        ("ta", "மதுரையில் எப்போது கையெழுத்தானது"),
        ("bn", "ইসলামাবাদের মেয়র কী বলেছেন"),
    ],
)
def test_a_city_that_no_document_names_is_found(places: Places, language: str, question: str) -> None:
    assert places.named_in(question, language)


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "When did Yokohama sign?"),
        ("ja", "横浜市はいつ署名しましたか"),
        ("en", "Was Cebu City there?"),
        ("vi", "Đà Nẵng có tham gia không?"),  # the documents write Danang
        ("en", "Is it open to cities of any size?"),
        ("zh-Hans", "达沃斯的那家机构怎么看？"),  # Davos, not Davao
        ("th", "เซ็นได้ที่ไหน"),  # "where can it be signed?", not Sendai
        ("ko", "아시아 태평양 도시도 참여하나요?"),  # the Pacific, not Pyongyang
        ("ko", "나가노 선언이 뭐예요?"),  # Nagano, not Naga
        ("zh-Hant", "曼海姆那場會議是發表場合嗎？"),  # the documents write Mannheim2020
        ("bn", "ম্যানহাইমের সম্মেলন কবে?"),
    ],
)
def test_a_city_of_the_documents_is_no_stranger(places: Places, language: str, question: str) -> None:
    assert not places.named_in(question, language)


def test_a_city_of_the_documents_is_told_with_all_its_spellings(places: Places) -> None:
    named = places.known_in("세부시는 언제 서명했나요? And Da Nang?")
    assert set(named) == {"세부시", "da nang"}
    assert {"cebu", "宿务"} <= named["세부시"]
    assert places.known_in("When did Osaka sign?") == {}


def test_a_word_of_the_language_is_not_taken_for_a_name(places: Places) -> None:
    """Kota and Surat are cities of India, Kobe is one of Japan; "kobe" is Bengali for "when"."""
    assert not places.named_in("Surat ke kota kami", "id")
    assert not places.named_in("kobe hoyechilo", "bn")
    assert places.named_in("When did Kobe sign?", "en")
    assert not places.named_in("tuyen bo la gi", "vi"), "which means: what is it?"


def test_a_larger_city_is_a_name_though_some_phrasing_writes_it_small() -> None:
    wording = {"en": Wording(questions=("did tokyo sign?",), answer="That is not stated.")}
    entry = FaqEntry(
        number=1, id="e", topic="letter", quotations=(Quotation(document="d", quote="q"),), wordings=wording
    )
    assert places_of(DOCUMENTS, Faq(entries=(entry,))).named_in("When did Tokyo sign?", "en") == {"tokyo"}


def test_without_cities_nothing_is_found() -> None:
    assert Places.of((), {}).named_in("Why did Osaka sign first?", "en") == frozenset()


def test_what_many_entries_write_in_a_script_without_capitals_is_a_word() -> None:
    """ "Who" is written in Bengali as Kara, a city of Togo; whoever writes often of Dhaka means the city."""

    def holders(count: int) -> Places:
        wording = {"bn": Wording(questions=("কী বলা আছে?", "ঢাকার সঙ্গে কারা ছিল?"), answer="জানা নেই।")}
        quotation = Quotation(document="d", quote="q")
        entries = [
            FaqEntry(number=n, id=f"e{n}", topic="letter", quotations=(quotation,), wordings=wording)
            for n in range(1, count + 1)
        ]
        return places_of(DOCUMENTS, Faq(entries=tuple(entries)))

    assert holders(5).named_in("ঢাকা আর কারা?", "bn") == {"ঢাকা"}
    assert holders(4).named_in("ঢাকা আর কারা?", "bn") == {"ঢাকা", "কারা"}


def test_what_an_entry_is_first_asked_with_in_a_script_without_capitals_is_a_word() -> None:
    """ "Difference" begins, in Bengali, as Parth does, a city that no document names."""
    wording = {"bn": Wording(questions=("এদের মধ্যে পার্থক্য কী?",), answer="জানা নেই।")}
    entry = FaqEntry(
        number=1, id="e", topic="letter", quotations=(Quotation(document="d", quote="q"),), wordings=wording
    )
    assert not places_of(DOCUMENTS, Faq(entries=(entry,))).named_in("পার্থক্য কী?", "bn")
    assert places_of(DOCUMENTS, Faq(entries=())).named_in("পার্থক্য কী?", "bn")
