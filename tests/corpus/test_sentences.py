"""Sentences end where their script ends them."""

from __future__ import annotations

import pytest

from corpus.sentences import is_sentence, split_sentences

SENTENCES = {
    "ja": ("ja", ["横浜市が署名しました。", "参加は90都市です！", "本当ですか？", "はい。"]),
    "ja before a digit": ("ja", ["創設されました。", "2025年のことです。"]),
    "ja bracket closes the sentence": ("ja", ["（詳細は下記。）", "次の文です。"]),
    "ja quoted sentence inside one": ("ja", ["市長は「歓迎します。」と述べました。", "次の文です。"]),
    "ja decimal": ("ja", ["増加率は2.5倍です。", "以上です。"]),
    "en": ("en", ["Yokohama signed first.", "Who followed?", "Nobody yet!"]),
    "en abbreviations": ("en", ["Mr. Yamanaka signed at 2.30 p.m. in Yokohama.", "Dr. Lee came."]),
    "en numbers": ("en", ["It cost 2.5 million yen.", "That was all."]),
    "zh": ("zh", ["横滨市签署了宣言。", "共有90个城市！"]),
    "my": ("my", ["ယိုကိုဟားမားမြို့က လက်မှတ်ထိုးခဲ့သည်။", "၂၀၂၅ ခုနှစ်တွင် စတင်ခဲ့သည်။"]),
    "hi": ("hi", ["योकोहामा ने हस्ताक्षर किए।", "यह 2025 में शुरू हुआ।", "क्या यह सही है?"]),
    "en bracket that nothing opens": ("en", ["It signed.)", "It came."]),
    "en counted": ("en", ["1. It signed.", "2. It came."]),
    "ja counted": ("ja", ["(1) 署名しました。", "（２）参加しました。"]),
    "ja mark on the full stop": ("ja", ["はい。\ufe01", "次の文です。"]),
    "km two full stops": ("km", ["វាចាប់ផ្តើម។។"]),
    "km quoted": ("km", ["«វាចាប់ផ្តើម។»", "ទីក្រុង។"]),
    "km": ("km", ["ទីក្រុងយូកូហាម៉ាបានចុះហត្ថលេខា។", "វាចាប់ផ្តើមនៅឆ្នាំ២០២៥។"]),
}


@pytest.mark.parametrize(("language", "sentences"), SENTENCES.values(), ids=SENTENCES)
def test_sentences_are_told_apart(language: str, sentences: list[str]) -> None:
    text = ("" if language in {"ja", "zh"} else " ").join(sentences)
    assert [text[start:end] for start, end in split_sentences(text, language)] == sentences


def test_thai_has_no_full_stop_and_stays_whole() -> None:
    text = "เมืองโยโกฮามาลงนามเป็นเมืองแรก ปฏิญญานี้เปิดตัวในปี 2568"
    assert [text[start:end] for start, end in split_sentences(text, "th")] == [text]


def test_a_line_is_never_joined_to_the_next() -> None:
    text = "  first item\nsecond item  \n\nthird"
    assert [text[start:end] for start, end in split_sentences(text, "en")] == ["first item", "second item", "third"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t \n"])
def test_no_text_has_no_sentences(text: str) -> None:
    assert split_sentences(text, "en") == ()


@pytest.mark.parametrize(
    "text",
    ["署名しました。", "He signed.", "«ហត្ថលេខា។»", "“He signed.”", "（詳細は下記。）", "सही है।", "ခဲ့သည်။", "ហត្ថលេខា។"],
)
def test_a_sentence_is_known_by_its_end(text: str) -> None:
    assert is_sentence(text)


@pytest.mark.parametrize(
    "text", ["ASCC 全体集合写真", "Tel 045-671-4889", "会場： パシフィコ横浜ノース（11 月 25 日）", ""]
)
def test_a_caption_is_no_sentence(text: str) -> None:
    assert not is_sentence(text)
