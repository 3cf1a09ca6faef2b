"""The question's language decides the reply's."""

from __future__ import annotations

import pytest

from assistant.languages import FALLBACK, SUPPORTED, identify, of_locale, own_name


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Which city signed first?", "en"),
        ("最初に署名した都市はどこですか？", "ja"),
        ("参加費用", "ja"),
        ("署名都市 一覧", "ja"),
        ("法的効力", "ja"),
        ("目的", "ja"),
        ("国際的評価", "ja"),
        ("行為者一覧", "ja"),
        ("会議終了時刻", "ja"),
        ("ﾖｺﾊﾏｼ", "ja"),
        ("CityNetとは", "ja"),
        ("CityNet 本部", "ja"),
        ("ASCC 2025", "en"),
        ("What does 来年度 mean in the press release?", "en"),
        ("哪个城市第一个签署？", "zh-Hans"),
        ("如何加入宣言？", "zh-Hans"),
        ("ICLEI日本的联系方式", "zh-Hans"),
        ("会费", "zh-Hans"),
        ("宣言是什麼？", "zh-Hant"),
        ("有多少城市參加了？", "zh-Hant"),
        ("เมืองใดลงนามเป็นเมืองแรก", "th"),
        ("မည်သည့်မြို့", "my"),
        ("Thành phố nào ký đầu tiên?", "vi"),
        ("thanh pho nao ky dau tien", "vi"),
        ("ACCD", "en"),
        ("Asian Circular Cities Declaration에 참가하려면?", "ko"),
        ("कौन सा शहर?", "hi"),
        ("कुन सहर पहिलो हो?", "ne"),
        ("কোন শহর প্রথম?", "bn"),
        ("ទីក្រុងណាដំបូង?", "km"),
        ("kota mana yang pertama tanda tangan?", "id"),
        ("bandar mana yang mula-mula menandatangani?", "ms"),
        ("anong lungsod ang unang lumagda?", "fil"),
        ("ibu pejabat CityNet di mana", "ms"),
        ("prachum nii mee wan nai thueng wan nai krub", "th"),
        ("CityNet bonbu eodieyo?", "ko"),
        ("saisho ni shomei shita toshi wa doko desu ka", "ja"),
        ("Apa isi surat terbuka itu?", "id"),
        ("Siapa yang mengasaskan deklarasi ini?", "ms"),
        ("Siapa penandatangan kedua setelah Yokohama?", "id"),
        ("1 yen berapa ringgit sekarang?", "ms"),
        ("Kantor pusat ICLEI di mana?", "id"),  # to the model, "di mana" is Italian
        ("CityNet bermarkas di mana?", "id"),
        ("Dove si trova la sede?", "en"),
        ("open letter yaarukku address pannanga", "ta"),
        ("ICLEI Japan head peru enna? Takemoto va", "ta"),
        ("press release-ல ACCD-க்கு support யாரு?", "ta"),
        ("CityNet email / tel?", "en"),  # which is borrowed in Manila too
        ("krong yerng trov tver avey knong pel na?", "km"),
        ("kya hamara shahar shamil ho sakta hai?", "hi"),
        ("海外亞洲城市 可否贊同", "zh-Hant"),
        ("Is Da Nang a signatory?", "en"),
        ("Is Hồ Chí Minh City invited?", "en"),
        ("Đà Nẵng có tham gia được không?", "vi"),
        ("Tuyên Bố Các Thành Phố Tuần Hoàn Châu Á Là Gì?", "vi"),
        ("谷澤 寿和", "ja"),
        ("谷澤 寿和 เป็นใคร", "th"),
        ("กรุงเทพฯ", "th"),
        ("도시", "ko"),
        ("yg mimpin european circular cities declaration siapa", "id"),  # a name, typed small
        ("May cities join?", "en"),  # in Filipino, "may" asks whether there is any
        ("may bayad ba?", "fil"),
        ("Yokohama yang pertama, kan?", "id"),  # "yang" and "kan" are Thai, too, in Latin letters
        ("trang web cua asia smart city conference", "vi"),
        ("asia smart city conference website", "en"),
        ("?", "en"),
        ("", "en"),
        ("12345", "en"),
    ],
)  # fmt: skip
def test_a_question_s_language_is_known_by_its_script(question: str, language: str) -> None:
    assert identify(question) == language


@pytest.mark.parametrize(
    ("question", "thread", "language"),
    [
        ("ASCC?", ["会議の名称は？"], "ja"),
        ("2025?", ["会議はいつですか？", "ASCC?"], "ja"),
        ("ASCC?", ["What is the conference called?"], "en"),
        ("And where?", ["会議の名称は？"], "en"),
        ("どこですか？", ["What is CityNet?"], "ja"),
        ("2025?", [], "en"),
        ("?", ["!", "2025"], "en"),
        ("Dokumen apa yang perlu disediakan?", ["Kami nak sertai ACCD, macam mana?"], "ms"),
        ("Dokumen apa yang perlu disediakan?", ["Bagaimana kota kami bisa bergabung?"], "id"),
        ("日本有多少地方政府加入？", ["請問 ICLEI 是什麼樣的組織？"], "zh-Hant"),
        ("日本有多少地方政府加入？", ["What is ICLEI?"], "zh-Hans"),
        ("e-mail?", ["Who runs the declaration?"], "en"),
        ("Berapa kosnya?", ["Bagaimanakah bandar kami boleh menyertai?"], "ms"),
    ],
)
def test_a_follow_up_without_words_is_in_its_thread_s_language(question: str, thread: list[str], language: str) -> None:
    assert identify(question, thread) == language


@pytest.mark.parametrize(
    ("question", "thread", "setting", "language"),
    [
        ("CityNet", [], "th", "th"),
        ("ICLEI Japan?", [], "ja", "ja"),
        ("deadline", [], "vi", "vi"),
        ("ASCC 2025?", [], "ko", "ko"),
        ("", [], "ta", "ta"),
        ("Dokumen apa yang perlu disediakan?", [], "ms", "ms"),
        ("日本有多少地方政府加入？", [], "zh-Hant", "zh-Hant"),
        # What tells its language is answered in that, whatever is set.
        ("Which city signed first?", [], "th", "en"),
        ("How?", [], "th", "en"),
        ("bandar", [], "th", "ms"),
        ("ใคร", [], "ja", "th"),
        ("目的", [], "th", "ja"),
        ("会费", [], "zh-Hant", "zh-Hans"),
        ("Dokumen apa yang perlu disediakan?", [], "th", "ms"),
        # So is what a thread tells.
        ("CityNet?", ["会議の名称は？"], "th", "ja"),
        ("2025?", ["会議の名称は？"], "th", "ja"),
        ("2025?", ["ASCC?"], "th", "th"),
    ],
)
def test_the_askers_setting_decides_where_neither_question_nor_thread_tells(
    question: str, thread: list[str], setting: str, language: str
) -> None:
    assert identify(question, thread, setting) == language


@pytest.mark.parametrize(
    ("locale", "language"),
    [("en-GB", "en"), ("ja-JP", "ja"), ("zh-CN", "zh-Hans"), ("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"),
     ("fil-PH", "fil"), ("tl-PH", "fil"), ("de-DE", None), ("", None), ("nonsense", None), ("x_Y-z", None)],
)  # fmt: skip
def test_a_locale_is_in_a_language(locale: str, language: str | None) -> None:
    assert of_locale(locale) == language


def test_each_language_has_a_name_of_its_own() -> None:
    names = {language: own_name(language) for language in SUPPORTED}
    assert len(set(names.values())) == len(SUPPORTED)
    assert (names["ja"], names["th"], names["zh-Hant"]) == ("日本語", "ไทย", "中文 (繁體)")


def test_what_the_desk_does_not_speak_is_answered_in_english() -> None:
    assert FALLBACK == "en"
    assert set(SUPPORTED) >= {"en", "ja"}
    foreign = [
        "Qual cidade assinou primeiro?",
        "İlk imzalayan şehir hangisi?",
        "کدام شهر اول امضا کرد؟",
        "ເມືອງໃດເຊັນກ່ອນ?",
    ]
    assert {identify(question) for question in foreign} == {"en"}
