"""Web pages: the words a browser shows, exactly, and nothing around them."""

from __future__ import annotations

import re
from time import monotonic

import pytest

from corpus.errors import CorpusError
from corpus.models import Authority, Content, Document, Kind
from corpus.readers import html
from tests.corpus.make_hostile import HOSTILE_HTML

LONGEST = 20.0  # seconds


def document(name: str = "page.html") -> Document:
    return Document(id="it", file=name, kind=Kind.OTHER, authority=Authority.OFFICIAL, title="It", language="ja")


def read(page: str | bytes) -> Content:
    return html.read(page.encode() if isinstance(page, str) else page, document())


def texts(page: str | bytes) -> list[str]:
    return [block.text for block in read(page).blocks]


def shape(page: str) -> list[tuple[str, int, bool, bool]]:
    return [(block.text, block.level, block.title, block.item) for block in read(page).blocks]


PAGE = """<!doctype html><html lang=ja><head><meta charset=utf-8><title>宣言 | 市のサイト</title>
<style>p { color: red }</style></head><body>
<header><a href=/>市のサイト</a></header><nav><ul><li>ホーム</ul></nav>
<main><article><header><h1>アジア循環都市宣言</h1></header>
<p>2025年11月、<b>市</b>長は<ruby>循環<rp>（</rp><rt>じゅんかん</rt><rp>）</rp></ruby>都市を
  宣言しました。</p>
<h2>第1条</h2><p>Cities <i>shall</i> <b>share</b> data.</p>
<ul><li>水<li>森<p>森の説明。</ul>
<form><label>名前</label><input value=x><button>送る</button></form>
<noscript>JavaScript を有効に</noscript><template><p>型</p></template><p hidden>隠れた文。</p>
</article><aside>関連記事</aside></main><footer>著作権</footer><script>var a = '<p>';</script></body></html>"""


def test_a_page_is_its_title_sections_paragraphs_and_items() -> None:
    assert shape(PAGE) == [
        ("アジア循環都市宣言", 0, True, False),
        ("2025年11月、市長は循環都市を宣言しました。", 0, False, False),
        ("第1条", 1, False, False),
        ("Cities shall share data.", 0, False, False),
        ("水", 0, False, True),
        ("森", 0, False, True),
        ("森の説明。", 0, False, False),
    ]
    assert read(PAGE).warnings == ("hidden text is left out",)


@pytest.mark.parametrize(
    ("inline", "shown"),
    [
        ("<b>市</b>長", "市長"),
        ("<b>市</b>\n<i>長</i>", "市長"),
        ("<b>Asian</b> <i>Cities</i>", "Asian Cities"),
        ("<b>Asian </b><i>Cities</i>", "Asian Cities"),
        ("<b>A</b>sian\n   Cities", "Asian Cities"),
        ("この\nCircular Cities", "この Circular Cities"),
        ("ปฏิญญา<b>เมือง</b>หมุนเวียน", "ปฏิญญาเมืองหมุนเวียน"),
        ("a&amp;lt;b &#x5E02;&#38263;", "a&lt;b 市長"),
        ("A&nbsp;&nbsp;B", "A B"),
        ("循&shy;環\u200b都\u2060市\ufeff", "循環都市"),
        ("\u202eabc\u202c \u2066d\u2069", "abc d"),
        ("一行目<br>二行目", "一行目二行目"),
        ("line one<br>line two", "line one line two"),
        ("10<sup>6</sup> t", "10⁶ t"),
        ("CO<sub>2</sub>", "CO2"),
        ('宣言<sup><a href="#n1">1</a></sup>は', "宣言は"),
        ('宣言<sup><a href="#n1">※1</a></sup>は', "宣言※1は"),
        ("<ruby>市<rt>し</ruby><ruby>長<rt>ちょう</ruby>", "市長"),
        ("x<!-- y -->z<wbr>w", "xzw"),
        ('前<svg><text>絵</text></svg><img src="data:image/png;base64,AAAA" alt="絵">後', "前後"),
        ("前<span style='display: none'>隠</span><span class=sr-only>隠</span>後", "前後"),
        ("<del>旧</del>新<s>旧</s>", "新"),
        ("葛\U000e0100飾", "葛\U000e0100飾"),
    ],
)
def test_the_words_of_a_paragraph(inline: str, shown: str) -> None:
    assert texts(f"<p>{inline}</p>") == [shown]


@pytest.mark.parametrize(
    ("listed", "shown"),
    [
        ("<ol><li>a<li>b</ol>", ["a", "b"]),
        ("<ol start=3><li>a<li>b</ol>", ["3. a", "4. b"]),
        ("<ol type=a><li>x<li>y</ol>", ["a. x", "b. y"]),
        ("<ol type=I start=4><li>x</ol>", ["IV. x"]),
        ("<ol><li value=7>x<li>y</ol>", ["7. x", "8. y"]),
        ("<ol reversed><li>x<li>y</ol>", ["2. x", "1. y"]),
        ("<ol type=a><li>x<ul><li>y</ul><li>z</ol>", ["a. x", "y", "b. z"]),
        ("<ul><li>・甲<li><p>乙</p></ul>", ["甲", "乙"]),
        ("<p>一覧<br>・甲<br>・乙</p>", ["一覧", "甲", "乙"]),
        ("<p>一<br><br>二</p>", ["一", "二"]),
        ("<dl><dt>連絡先<dd>市役所</dl>", ["連絡先", "市役所"]),
        ("<pre>a\n  b</pre>", ["a\nb"]),
        ("<blockquote><p>x<p>y</blockquote>", ["x", "y"]),
    ],
)
def test_lists_and_other_blocks(listed: str, shown: list[str]) -> None:
    assert texts(listed) == shown


@pytest.mark.parametrize("tag", ["h²", "h٣", "h7", "h0"])
def test_only_six_levels_of_headings_are_known(tag: str) -> None:
    assert shape(f"<h1>T</h1><p>a</p><{tag}>b</{tag}><p>c") == [
        ("T", 0, True, False),
        ("a", 0, False, False),
        ("b", 0, False, False),
        ("c", 0, False, False),
    ]


def test_a_table_is_a_line_a_row_and_a_warning() -> None:
    content = read("<table><tr><th>都市<th>人口<th>年<tr><td>横浜<td><td><p>2025<p>末</table>")
    assert [block.text for block in content.blocks] == ["都市 | 人口 | 年", "横浜 | | 2025 末"]
    assert content.warnings == ("a table is flattened to lines, a row a line: check what each line says",)


def test_a_table_that_lays_out_a_page_is_text() -> None:
    content = read("<table><tr><td><h1>T</h1><p>a<p>b<td><table><tr><td>c</table></table>")
    assert [block.text for block in content.blocks] == ["T", "a", "b", "c"]
    assert not content.warnings


def test_the_title_is_the_page_s_own_without_a_first_heading() -> None:
    assert shape("<title>A &amp; B</title><h2>S</h2><p>x") == [
        ("A & B", 0, True, False),
        ("S", 1, False, False),
        ("x", 0, False, False),
    ]


def test_an_article_is_the_content_if_it_holds_most_of_it() -> None:
    assert texts("<p>Menu</p><article><p>The whole text of it.</article>") == ["The whole text of it."]
    assert texts("<p>The whole text of it.</p><article><p>News</article>") == ["The whole text of it.", "News"]


SENTENCES = {
    "shift_jis": ("市長は①髙島～循環都市を宣言します。", "cp932"),
    "x-sjis": ("ｱｼﾞｱ循環都市", "cp932"),
    "euc-jp": ("市長は循環都市を宣言します。", "euc_jp"),
    "iso-2022-jp": ("市長は循環都市を宣言します。", "iso2022_jp"),
    "gb2312": ("亚洲循环城市宣言。镕", "gb18030"),
    "gb18030": ("亚洲循环城市宣言。㐂", "gb18030"),
    "big5": ("亞洲循環城市宣言。", "big5"),
    "euc-kr": ("아시아 순환도시 선언입니다. 뷁", "cp949"),
    "tis-620": ("ปฏิญญาเมืองหมุนเวียนแห่งเอเชีย", "tis_620"),
    "windows-874": ("“ปฏิญญา”", "cp874"),
    "windows-1258": ("Thành phố", "cp1258"),
    "iso-8859-1": ("“Cities” – déclaration", "cp1252"),
    "utf-8": ("市長 ปฏิญญา 선언", "utf-8"),
}


@pytest.mark.parametrize("label", SENTENCES)
def test_pages_in_old_encodings(label: str) -> None:
    sentence, codec = SENTENCES[label]
    sentence = sentence.encode(codec, "ignore").decode(codec)
    for meta in (f'<META CHARSET="{label}">', f'<meta http-equiv=Content-Type content="text/html; charset={label}">'):
        assert texts(f"<html><head>{meta}</head><p>{sentence}".encode(codec)) == [sentence]


def test_euc_jp_is_read_as_browsers_read_it() -> None:
    assert texts(b"<meta charset=euc-jp><p>\xad\xa1\xa1\xc1\xa1\xdd") == ["①～－"]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_outranks_the_declaration(codec: str) -> None:
    assert texts("<meta charset=shift_jis><p>市長です。".encode(codec)) == ["市長です。"]


def test_a_declaration_in_a_comment_is_none() -> None:
    assert texts("<!-- <meta charset=shift_jis> --><p>市長です。") == ["市長です。"]
    assert texts('<?xml version="1.0" encoding="Shift_JIS"?><html><p>市長です。'.encode("cp932")) == ["市長です。"]


@pytest.mark.parametrize("name", HOSTILE_HTML)
def test_hostile_pages_end_in_a_reason_or_in_their_text(name: str) -> None:
    make, reason = HOSTILE_HTML[name]
    data, started = make(), monotonic()
    if reason is None:
        assert "stays." in texts(data)[0]
    else:
        with pytest.raises(CorpusError, match=reason) as refusal:
            read(data)
        assert str(refusal.value).startswith("page.html: ")
        assert not re.search(r"Traceback|0x[0-9a-f]{6}", str(refusal.value))
    assert monotonic() - started < LONGEST


def test_any_prefix_of_a_page_is_read_or_refused() -> None:
    data = PAGE.encode()
    for end in range(0, len(data), 7):
        try:
            read(data[:end])
        except CorpusError as refusal:
            assert str(refusal).startswith("page.html: ")  # noqa: PT017
