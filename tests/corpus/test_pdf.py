"""PDF files of several programs come back as their sentences, or are refused with the reason.

The files and what they say are made by make_files.py and texts.py; nothing here needs the programs.
"""

from __future__ import annotations

import contextlib
import logging
import time
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from corpus.clean import display
from corpus.errors import CorpusError
from corpus.models import Authority, Block, Content, Document, Kind
from corpus.readers import pdf
from corpus.readers.pdf.blocks import blocks_of
from corpus.readers.pdf.lines import Line, Page, width
from corpus.split import split
from tests.corpus.make_hostile_pdf import HOSTILE_PDF
from tests.corpus.texts import ENGLISH_SENTENCES, JAPANESE_SENTENCES, PARTS, RUNNING, THAI_SENTENCES

FILES = Path(__file__).parent / "files"
SENTENCES = {"ja": JAPANESE_SENTENCES, "en": ENGLISH_SENTENCES, "th": THAI_SENTENCES}
PRINTED = [f"{program}-{language}" for program in ("chromium", "libreoffice", "reportlab") for language in SENTENCES]


def document(name: str, language: str = "ja") -> Document:
    return Document(id="it", file=f"{name}.pdf", kind=Kind.OTHER, authority=Authority.OFFICIAL, title="It",
                    language=language)  # fmt: skip


def content_of(name: str) -> Content:
    language = name.rpartition("-")[2]
    return pdf.read((FILES / f"{name}.pdf").read_bytes(), document(name, language if language in SENTENCES else "ja"))


def text_of(name: str) -> str:
    language = name.rpartition("-")[2]
    reading = split(document(name, language if language in SENTENCES else "ja"), list(content_of(name).blocks), "")
    for passage in reading.passages:
        assert reading.text[passage.start :].startswith(passage.text)
    return reading.text


def squeezed(text: str) -> str:
    return "".join(text.split())


# --- files as programs print them ---------------------------------------------------------------------


@pytest.mark.parametrize("name", PRINTED)
def test_every_sentence_comes_back_as_written(name: str) -> None:
    text = text_of(name)
    assert [sentence for sentence in SENTENCES[name[-2:]] if sentence not in text] == []


@pytest.mark.parametrize("name", PRINTED)
def test_running_headers_and_page_numbers_are_left_out(name: str) -> None:
    text = text_of(name)
    assert RUNNING[name[-2:]] not in text
    content = content_of(name)
    assert content.warnings == (f"left out running headers and footers: {RUNNING[name[-2:]]}",)
    pages = [block.page for block in content.blocks]
    assert pages == sorted(pages, key=lambda page: page or 0)
    assert pages[0] == 1
    assert pages[-1] is not None
    assert pages[-1] > 1


@pytest.mark.parametrize("name", PRINTED)
def test_titles_headings_items_and_paragraphs_are_told_apart(name: str) -> None:
    expected = [(part.text.lstrip("・• "), part.kind) for part in PARTS[name[-2:]]]
    kinds = []
    for block in content_of(name).blocks:
        kind = "title" if block.title else "heading" if block.level else "item" if block.item else "text"
        kinds.append((block.text, "note" if kind == "text" and block.text[0] in "※*" else kind))
    assert kinds == expected


@pytest.mark.parametrize("name", ["chromium-ja", "libreoffice-ja", "reportlab-ja"])
def test_no_radical_is_left(name: str) -> None:
    assert [c for c in text_of(name) if "\u2e80" <= c <= "\u2fdf"] == []


def test_a_newspaper_s_columns_are_read_one_after_the_other() -> None:
    text = text_of("chromium-columns")
    assert [sentence for sentence in JAPANESE_SENTENCES if sentence not in text] == []


def test_vertical_writing_is_joined_glyph_by_glyph() -> None:
    text = text_of("chromium-vertical")
    assert [s for s in JAPANESE_SENTENCES if squeezed(s) not in squeezed(text)] == []
    assert len([s for s in JAPANESE_SENTENCES if s in text]) >= 10
    assert "第2条（参加の手続き）" in [block.text for block in content_of("chromium-vertical").blocks if block.level]


def test_ruby_is_left_out_with_a_warning() -> None:
    text, content = text_of("chromium-ruby"), content_of("chromium-ruby")
    assert "市長は、宣言に署名する。" in text
    assert "しちょう" not in text
    assert content.warnings == ("page 1: left out ruby (how to read a word): しちょう, せんげん, しょめい",)


def test_a_table_is_kept_line_by_line_with_a_warning() -> None:
    text, content = text_of("chromium-table"), content_of("chromium-table")
    assert "都市 人口 年会費\n北町市 12万人 300千円\n南浜市 45万人 500千円" in text
    assert JAPANESE_SENTENCES[0] in text
    assert JAPANESE_SENTENCES[10] in text
    assert content.warnings == ("page 1 holds a table that was flattened to lines",)


def test_a_table_of_labels_and_sentences_is_no_pair_of_columns() -> None:
    assert [s for s in JAPANESE_SENTENCES[:8] if s not in text_of("table-of-words")] == []
    assert content_of("table-of-words").warnings == ("page 1 holds a table that was flattened to lines",)


def test_an_owner_s_password_keeps_nobody_from_reading() -> None:
    assert ENGLISH_SENTENCES[0] in text_of("owner-password")


def test_a_blank_page_is_told() -> None:
    content = content_of("blank-page-inside")
    assert content.warnings == ("page 2 has no text",)
    assert [block.page for block in content.blocks] == [1, 3]


# --- files that are refused ---------------------------------------------------------------------------

REFUSED = {
    "columns-by-rows": "page 1 has columns drawn line by line",
    "columns-by-rows-en": "page 1 has columns drawn line by line",
    "columns-in-one-object": "page 1 has columns drawn line by line",
    "euc-fonts": "page 1 uses a font with the encoding EUC-H",
    "without-unicode": "page 1 uses the font AAAAAA+DejaVuSerif, which does not say",
    "image-only": "no text on any page (2): a scan?",
    "blank": "no text on any page (1): it is blank",
    "password": "needs a password",
    "truncated": "damaged or cut short",
    "broken-page": "page 2 cannot be read",
    "not-a-pdf": "not a PDF",
}


@pytest.mark.parametrize(("name", "reason"), REFUSED.items())
def test_what_cannot_be_quoted_exactly_is_refused(name: str, reason: str) -> None:
    with pytest.raises(CorpusError) as refused:
        content_of(name)
    message = str(refused.value)
    assert message.startswith(f"{name}.pdf: {reason}")
    assert ";" in message or "OCR" in message, "says what to do"
    assert "\n" not in message


def assert_read_or_refused(data: bytes, name: str) -> None:
    with contextlib.suppress(CorpusError):
        assert pdf.read(data, document(name)).blocks


@pytest.mark.parametrize("name", ["chromium-ja", "reportlab-ja", "libreoffice-en"])
def test_a_file_cut_anywhere_is_read_or_refused(name: str) -> None:
    data = (FILES / f"{name}.pdf").read_bytes()
    for step in range(1, 12):
        assert_read_or_refused(data[: len(data) * step // 12], name)


@pytest.mark.parametrize("name", ["chromium-ja", "reportlab-ja", "libreoffice-en"])
def test_no_word_of_a_damaged_file_gets_lost_silently(name: str) -> None:
    data = (FILES / f"{name}.pdf").read_bytes()
    whole = pdf.read(data, document(name)).blocks
    for step in range(1, 20):
        at = len(data) * step // 20
        with contextlib.suppress(CorpusError):
            assert pdf.read(data[:at] + b"\0" * 40 + data[at + 40 :], document(name)).blocks == whole


@pytest.mark.parametrize("numbers", [b"1e400 0 0 1 0 0 Tm", b"1 0 0 1 1e300 -1e300 Tm", b"0 0 0 0 0 0 Tm", b"(x) 1 Tm"])
def test_absurd_coordinates_are_read_or_refused(numbers: bytes) -> None:
    writer, out = PdfWriter(PdfReader(FILES / "blank-page-inside.pdf")), BytesIO()
    contents = writer.pages[0].get_contents()
    assert contents is not None
    contents.set_data(b"BT /F1 12 Tf 1e9 TL " + numbers + b" (Cities join the club) Tj T* (and stay in it.) Tj ET")
    writer.pages[0].replace_contents(contents)
    writer.write(out)
    assert_read_or_refused(out.getvalue(), "absurd")


def test_an_object_that_refers_to_itself_is_named_alike_on_every_run() -> None:
    with pytest.raises(CorpusError) as refused:
        pdf.read(HOSTILE_PDF["object-in-itself"][0](), document("loop"))
    assert str(refused.value) == (
        "loop.pdf: page 1 cannot be read (object 4 refers to itself); save the file anew from the program that made it"
    )


def test_a_list_of_many_pages_without_text_is_short() -> None:
    writer, out = PdfWriter(PdfReader(FILES / "blank-page-inside.pdf")), BytesIO()
    for _ in range(30):
        writer.add_blank_page(600, 800)
    writer.write(out)
    assert pdf.read(out.getvalue(), document("blanks")).warnings == (
        "pages 2, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 21 more have no text",
    )


def test_pypdf_s_log_stays_off_the_terminal(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(CorpusError):
        content_of("euc-fonts")
    assert caplog.records == []
    assert logging.getLogger("pypdf").propagate


def test_many_lines_take_time_in_proportion() -> None:
    lines = [Line("都市は互いの経験を学び合う" * 2, 1, 50, 800 - 15.0 * n, 10, 310) for n in range(3800)]
    started = time.monotonic()
    blocks, _ = blocks_of([Page(1, tuple(lines))], "it.pdf")
    assert time.monotonic() - started < 5
    assert sum(len(block.text) for block in blocks) == 3800 * 26


# --- lines --------------------------------------------------------------------------------------------


def page(number: int, *texts: str, size: float = 10) -> Page:
    lines = [Line(text, number, 50, 800 - 15.0 * n, size, 50 + width(text) * size) for n, text in enumerate(texts)]
    return Page(number, tuple(lines))


def words(*pages: Page) -> list[Block]:
    return blocks_of(pages, "it.pdf")[0]


FULL = "参加する都市は数値目標を定め、その達成状況を"


def test_a_paragraph_goes_on_over_a_page_break_around_a_footnote() -> None:
    blocks = words(
        page(1, "循環都市の枠組み", f"{FULL}報告し、", FULL, "※1 注の文です。"),
        page(2, "毎年報告する。", "費用は別に定める。"),
    )
    assert [block.text for block in blocks][1:] == [
        f"{FULL}報告し、{FULL}毎年報告する。",
        "※1 注の文です。",
        "費用は別に定める。",
    ]
    assert [block.page for block in blocks] == [1, 1, 1, 2]


@pytest.mark.parametrize("heads", [("第1条", "第2条", "第3条"), ("Article 1", "Article 2", "Article 3")])
def test_headings_that_count_like_the_pages_are_no_running_headers(heads: tuple[str, ...]) -> None:
    blocks = words(*(page(n, head, f"{FULL}{n}回報告する。", "以上。") for n, head in enumerate(heads, 1)))
    assert [block.text for block in blocks if block.level] == list(heads)


@pytest.mark.parametrize("foot", ["- {} -", "{}", "Page {}", "{} / 3", "{}ページ", "p. {}", "循環都市 {}"])
def test_page_numbers_in_many_forms_are_left_out(foot: str) -> None:
    blocks = words(*(page(n, "本文です。", f"第{n}の文は違う。", foot.format(n)) for n in (1, 2, 3)))
    assert not any(foot.format(n) == block.text for block in blocks for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("【公開要望】", 1),
        ("第12条（雑則）", 1),
        ("第十二条　雑則", 1),
        ("別紙1", 1),
        ("附則", 1),
        ("Article 4", 1),
        ("1. Scope", 1),
        ("Annex II: Definitions", 1),
        ("第1条の規定により、次の都市を除く。", 0),
        ("Article 4 applies to every city.", 0),
        ("附則に定めるところにより報告する。", 0),
    ],
)
def test_headings_are_short_lines_that_are_no_sentences(line: str, level: int) -> None:
    blocks = words(page(1, "循環都市の枠組み", line, f"{FULL}報告する。", "以上。"))
    assert [block.level for block in blocks if block.text == display(line)] == [level]


def test_articles_stand_under_chapters() -> None:
    blocks = words(page(1, "循環都市の枠組み", "第1章 総則", "第1条（目的）", f"{FULL}報告する。"))
    assert [(b.text, b.level) for b in blocks if b.level] == [("第1章 総則", 1), ("第1条（目的）", 2)]


@pytest.mark.parametrize("marks", ["・・", "•●", "--", "①②", ("(1)", "(2)"), ("（ア）", "（イ）"), ("1)", "2)")])
def test_lists_are_items(marks: tuple[str, str]) -> None:
    blocks = words(
        page(1, "循環都市の枠組み", f"{FULL}、次のとおり報告する。", f"{marks[0]} 目標を定める", f"{marks[1]} 報告する")
    )
    assert [block.item for block in blocks] == [False, False, True, True]


def test_a_hyphen_goes_if_the_document_knows_the_word() -> None:
    first = "The cities of the framework co-operate and every exam-"
    blocks, warnings = blocks_of(
        [page(1, "Title", first, "ple helps them. This example is a well-", "defined one.")], "it.pdf"
    )
    assert "every example helps" in blocks[1].text
    assert "a well-defined one" in blocks[1].text
    assert any("well-defined" in warning for warning in warnings)
