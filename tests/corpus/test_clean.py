"""Cleaning takes away what cannot be seen and never a word."""

from __future__ import annotations

import pytest

from corpus.clean import display, join_lines, locate, match, strip_invisible


@pytest.mark.parametrize(
    ("text", "needle", "found"),
    [
        ("横浜市は、第1号都市として署名しました。", "第1号都市", "第1号都市"),
        ("第 1 号の署名都市", "第1号の署名都市", "第 1 号の署名都市"),
        ("第1号\n都市", "第1号都市", "第1号\n都市"),
        ("Yokohama signed first.", "signed first", "signed first"),
        ("Yokohama signed\n  first.", "signed first", "signed\n  first"),
        ("  edge  ", "edge", "edge"),
        ("全角　空白", "全角空白", "全角　空白"),
        ("เมืองโยโกฮามา ลงนาม", "โยโกฮามาลงนาม", "โยโกฮามา ลงนาม"),
        ("ယိုကိုဟားမား မြို့", "ဟားမားမြို့", "ဟားမား မြို့"),
        ("योकोहामा ने हस्ताक्षर किए।", "हस्ताक्षर किए", "हस्ताक्षर किए"),
        ("a b a b c", "a b c", "a b c"),
    ],
)
def test_locate_finds_words_white_space_aside(text: str, needle: str, found: str) -> None:
    span = locate(needle, text)
    assert span is not None
    assert text[slice(*span)] == found


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ("横浜市が署名", "川崎市"),
        ("Yokohama signed", "yokohama signed"),
        ("第１号", "第1号"),
        ("abc", ""),
        ("abc", " \n"),
        ("", "abc"),
        ("ab", "abc"),
    ],
    ids=["other words", "other case", "other width", "nothing", "white space", "in nothing", "longer than the text"],
)
def test_locate_finds_nothing_else(text: str, needle: str) -> None:
    assert locate(needle, text) is None


@pytest.mark.parametrize(
    ("wrapped", "joined"),
    [
        ("横浜市は、\n来年度", "横浜市は、来年度"),
        ("アジア\n  太平洋", "アジア太平洋"),
        ("「宣言」\n（第1号）", "「宣言」（第1号）"),
        ("Cities sign\nthe declaration.", "Cities sign the declaration."),
        ("横浜市と\nCityNet\nが", "横浜市とCityNetが"),
        ("โยโกฮามา\nลงนาม", "โยโกฮามา ลงนาม"),
        ("လက်မှတ်\nထိုး", "လက်မှတ် ထိုး"),
        ("हस्ताक्षर\nकिए", "हस्ताक्षर किए"),
        ("one  two\n\tthree ", "one two three"),
        ("one\n　　\ntwo", "one two"),
        ("宣言\n　　\n都市", "宣言都市"),
        ("far" + "\n" * 20_000 + "apart" + "　" * 20_000, "far apart"),
        ("", ""),
    ],
)
def test_join_lines_puts_a_space_only_between_words(wrapped: str, joined: str) -> None:
    assert join_lines(wrapped) == joined


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x00b\x07", "ab"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("two  spaces \t tab", "two spaces tab"),
        ("  line one  \n\n  line two  \r\n", "line one\n\nline two"),
        ("全角　空白", "全角 空白"),
        ("क्‍ष and می‌خواهم", "क्‍ष and می‌خواهم"),
        ("\x1b[31mred", "[31mred"),
        ("", ""),
    ],
    ids=["NUL and bell", "bidi override", "zero width", "soft hyphen", "spaces", "lines", "wide space", "joiners",
         "escape", "nothing"],
)  # fmt: skip
def test_display_shows_what_can_be_seen(raw: str, shown: str) -> None:
    assert display(raw) == shown


@pytest.mark.parametrize(
    "text", ["横浜市が署名した。", "آية \u06dd١٢", "“quoted” – dashed …", "ก็ដាក់ငါ ह ि", "👩‍👩‍👧 family", "①㍿ｱ"]
)
def test_display_leaves_every_word_as_it_is(text: str) -> None:
    assert display(text) == text
    assert strip_invisible(text) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＣｉｔｙＮｅｔ", "citynet"),
        ("ｲｸﾚｲ", "イクレイ"),
        ("  What\tis\nthis ", "what is this"),
        ("STRASSE", "straße"),
        ("zero\u200bwidth", "zerowidth"),
    ],
)
def test_match_makes_alike_what_reads_alike(one: str, other: str) -> None:
    assert match(one) == match(other)


@pytest.mark.parametrize("text", ["ß\u0301", "\u0390", "J\u030c", "ᾴ\u0301"])
def test_match_changes_nothing_twice(text: str) -> None:
    assert match(match(text)) == match(text)


def test_match_keeps_apart_what_reads_differently() -> None:
    assert match("横浜市") != match("横須賀市")
