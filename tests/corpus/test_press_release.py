"""The press release is quoted verbatim: every word of the source and none besides, cut where its structure cuts it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

import pytest

from assistant.locators import passage_locator
from corpus.catalogue import Corpus
from corpus.models import Passage, Reading
from tests.conftest import ROOT, Command

SOURCE = ROOT / "corpus" / "documents" / "press-release.ja.txt"
SOURCE_SHA256 = "51373424544294e1879529d6692f5b439520b2e6af349f5a898fcf19de7cdefc"
BANNER = "GREEN×EXPO2027YOKOHAMAJAPAN2027年国際園芸博覧会2027年3月～9月横浜・上瀬谷"


@pytest.fixture(scope="module")
def reading(corpus: Corpus) -> Reading:
    return next(reading for reading in corpus.readings if reading.document.id == "press-release")


def squeezed(text: str) -> str:
    """The text without list marks at the start of lines, and without white space."""
    return "".join(re.sub(r"^[ \t]*(?:- *)?・|^[ \t]*- ", "", text, flags=re.MULTILINE).split())


def test_the_source_is_the_city_s_text_byte_for_byte() -> None:
    assert hashlib.sha256(SOURCE.read_bytes()).hexdigest() == SOURCE_SHA256


def test_show_prints_every_word_of_the_source_but_the_banner(command: Command) -> None:
    shown = command("corpus", "show", "press-release")
    assert shown.returncode == 0, shown.stderr

    source = squeezed(SOURCE.read_text(encoding="utf-8").replace("**", ""))
    assert source.count(BANNER) == 3, "the banner stands three times in the source"
    assert squeezed(shown.stdout) == source.replace(BANNER, "")


def test_no_markup_is_shown(command: Command) -> None:
    shown = command("corpus", "show", "press-release").stdout
    assert "*" not in shown
    assert not re.search(r"^\s*- ", shown, re.MULTILINE), "list dashes are the layout's"


def test_no_passage_holds_the_banner(reading: Reading) -> None:
    everything = squeezed("".join(text for p in reading.passages for text in (*p.headings, p.text)))
    assert "YOKOHAMAJAPAN" not in everything
    assert "国際園芸博覧会" not in everything
    assert "上瀬谷" not in everything


def test_the_title_is_no_passage(reading: Reading) -> None:
    assert reading.text.startswith("循環型都市を推進する新たな国際枠組みが始動")
    assert not any(p.text.startswith("循環型都市を推進する新たな国際枠組みが始動") for p in reading.passages)


def test_its_sections_are_its_structure(reading: Reading) -> None:
    """Body, comments, conference, footnotes and contacts, in this order, by what a reader is told of them."""
    sections = list(dict.fromkeys(" › ".join(passage.headings) for passage in reading.passages))
    assert [re.sub(r"[【】\s]", "", section) for section in sections] == [
        "",
        "山中竹春横浜市長のコメント",
        "竹本和彦イクレイ日本理事長のコメント",
        "アジア・スマートシティ会議（ASCC）について",
        "ASCC2025概要",
        "※1欧州循環型都市宣言制度",
        "※2公開要望書の骨子",
        "※3シティネット（CityNet）",
        "※4イクレイ（ICLEI：持続可能な都市と地域をめざす自治体協議会）",
        "※5クロージング・セッションでの主なやりとり",
        "※6イクレイ世界理事会理事（サーキュラー成長担当）",
        "お問合せ先›アジア・スマートシティ会議全般について",
        "お問合せ先›イクレイ世界理事会理事就任について",
    ]


@pytest.mark.parametrize(
    ("words", "locator"),
    [
        ("本部は韓国・ソウル市に所在", "※3 シティネット（CityNet）"),
        ("現在までに欧州 22 カ国約 90 都市が参加", "※1 欧州循環型都市宣言制度"),
        ("自治体職員を対象とした能力開発等を含む技術協力の提供", "※2 公開要望書の骨子"),
        ("1990年に創設された", "※4 イクレイ（ICLEI：持続可能な都市と地域をめざす自治体協議会）"),
        ("世界経済フォーラム日本代表からは", "※5 クロージング・セッションでの主なやりとり"),
        ("分野別理事はサーキュラー成長担当を含め10名", "※6 イクレイ世界理事会理事（サーキュラー成長担当）"),
        ("創設を心から歓迎します", "山中 竹春 横浜市長のコメント"),
        ("公開書簡を重く受け止め", "竹本 和彦 イクレイ日本理事長のコメント"),
        ("2012 年にはじまり", "アジア・スマートシティ会議（ASCC）について"),
        ("パシフィコ横浜ノース", "ASCC2025 概要"),
        ("045-671-4889", "お問合せ先 › アジア・スマートシティ会議全般について"),
        ("045-671-4933", "お問合せ先 › イクレイ世界理事会理事就任について"),
    ],
)
def test_a_passage_is_found_by_its_section_and_not_by_a_page(reading: Reading, words: str, locator: str) -> None:
    passage = only(p for p in reading.passages if words in p.text)
    assert passage_locator(passage, "ja").startswith(locator)
    assert passage_locator(passage, "en").startswith(locator)
    assert passage.page is None


def test_the_five_requests_stay_with_the_sentence_that_leads_into_them(reading: Reading) -> None:
    passage = only(p for p in reading.passages if "枠組みの策定及び運営" in p.text)
    assert passage.text.startswith("アジアにおける循環型都市社会の実現に向けて")
    assert [line[0] for line in passage.text.split("\n")[1:]] == ["・"] * 5


def only(passages: Iterable[Passage]) -> Passage:
    """The one passage there is."""
    (found,) = passages
    return found
