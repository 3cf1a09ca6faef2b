"""Files to blocks: structure is kept, layout goes, and no word is lost."""

from __future__ import annotations

from pathlib import Path
from string import ascii_letters
from time import monotonic

import pytest

from corpus.errors import CorpusError
from corpus.models import Authority, Block, Document, Kind
from corpus.readers import read_content
from corpus.split import split


def blocks_of(tmp_path: Path, name: str, content: str | bytes, headings: tuple[str, ...] = ()) -> list[Block]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_content(path, document(name, headings)).blocks)


def document(name: str, headings: tuple[str, ...] = (), language: str = "en") -> Document:
    return Document(id="it", file=name, kind=Kind.OTHER, authority=Authority.OFFICIAL, title="It", language=language,
                    headings=headings)  # fmt: skip


def words(blocks: list[Block]) -> list[str]:
    return [block.text for block in blocks]


def test_a_text_file_has_a_title_sections_and_paragraphs(tmp_path: Path) -> None:
    blocks = blocks_of(tmp_path, "it.txt", "題名\n二行目\n\n本文です。\n\n【※1 注】\n\n注の文です。\n", ())
    assert [(b.text, b.title, b.level) for b in blocks] == [
        ("題名二行目", True, 0),
        ("本文です。", False, 0),
        ("【※1 注】", False, 1),
        ("注の文です。", False, 0),
    ]


def test_lines_that_the_catalogue_names_are_headings(tmp_path: Path) -> None:
    blocks = blocks_of(tmp_path, "it.txt", "Title\n\nMayor's  comment\n\nWelcome.\n", ("Mayor's comment",))
    assert [(b.text, b.level) for b in blocks[1:]] == [("Mayor's comment", 1), ("Welcome.", 0)]


@pytest.mark.parametrize("mark", ["- ", "* ", "• ", "・", "- ・"])
def test_list_marks_are_layout(tmp_path: Path, mark: str) -> None:
    blocks = blocks_of(tmp_path, "it.txt", f"Title\n\nTwo requests:\n{mark}first\n{mark}second\n")
    assert [(b.text, b.item) for b in blocks[1:]] == [("Two requests:", False), ("first", True), ("second", True)]


@pytest.mark.parametrize("mark", ["・", "- ・", "•"])
def test_a_list_mark_alone_is_no_item(tmp_path: Path, mark: str) -> None:
    assert words(blocks_of(tmp_path, "it.txt", f"Title\n\nOne request:\n{mark}\n・first\n")) == [
        "Title",
        "One request:",
        "first",
    ]
    with pytest.raises(CorpusError, match="no text to quote"):
        blocks_of(tmp_path, "it.txt", f"Title\n\n{mark}\n")


def test_emphasis_marks_are_layout(tmp_path: Path) -> None:
    assert words(blocks_of(tmp_path, "it.txt", "題名\n\n**公開要望**しました。イクレイ **日本**は\n"))[1] in {
        "公開要望しました。イクレイ 日本は",
        "公開要望しました。イクレイ日本は",
    }


def test_emphasis_that_never_ends_is_text_and_takes_no_time(tmp_path: Path) -> None:
    line = "**a " * 3_000
    started = monotonic()
    assert words(blocks_of(tmp_path, "it.txt", f"Title\n\n**one** {line}\n**two**\n"))[1] == f"one {line.strip()} two"
    assert monotonic() - started < 1


@pytest.mark.parametrize("name", ["it.txt", "it.md"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Title\n\nThe\0 text.", r"NUL bytes \(line 3\)"),
        ("題\n\n市長です。".encode("cp932"), r"not UTF-8 at byte 0 \(line 1\)"),
        ("Title\n\nThe te\ufffdt.".encode(), "a character was lost"),
        (b"Title\n\n" + b"word " * 5_000, "part it into paragraphs"),
        (b"Title\n\n" + b"A line.\n\nAnother.\n\n" * 600_000, "has 11,400,007 bytes, more than 10,000,000"),
        (b" \n", "is empty"),
    ],
)
def test_what_is_no_text_or_too_much_is_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    with pytest.raises(CorpusError, match=f"^{name}: .*{reason}"):
        blocks_of(tmp_path, name, content)


def test_more_text_than_a_document_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="more than 5,000,000; save it in parts"):
        blocks_of(tmp_path, "it.txt", "Title\n\n" + "".join(f"{n} {'x' * 15_000}\n\n" for n in range(334)))


@pytest.mark.parametrize("text", ["See my__file__name in the annex.", "Population 2 ** 20 people."])
def test_marks_inside_words_are_words(tmp_path: Path, text: str) -> None:
    assert words(blocks_of(tmp_path, "it.txt", f"Title\n\n{text}\n"))[1] == text


def test_a_running_header_is_left_out(tmp_path: Path) -> None:
    page = "GREEN × EXPO 2027\nYOKOHAMA\n\nParagraph {}.\n\n"
    blocks = blocks_of(tmp_path, "it.txt", "Title\n\n" + "".join(page.format(n) for n in ("one", "two", "three")))
    assert words(blocks) == ["Title", "Paragraph one.", "Paragraph two.", "Paragraph three."]
    warnings = read_content(tmp_path / "it.txt", document("it.txt")).warnings
    assert warnings == ("left out what is repeated on every page: GREEN × EXPO 2027 YOKOHAMA",)


@pytest.mark.parametrize(
    "lines",
    [
        ["Article 1", "Cities commit.", "Article 2", "Cities report.", "Article 3", "Cities leave."],
        ["第1条", "都市は約束する。", "第2条", "都市は報告する。", "第3条", "都市は退会できる。"],
        ["Fee: 100 yen", "Fee: 200 yen", "Fee: 300 yen"],
    ],
    ids=["articles", "条", "figures"],
)
def test_paragraphs_that_differ_in_a_figure_are_no_furniture(tmp_path: Path, lines: list[str]) -> None:
    """Nothing is skipped silently: only what is repeated may be a running header."""
    blocks = blocks_of(tmp_path, "it.txt", "\n\n".join(["Title", *lines]))
    text = "\n".join(words(blocks))
    assert [line for line in lines if line not in text] == []


@pytest.mark.parametrize("name", ["it.txt", "it.md"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_line_ends_of_every_system_are_read_alike(tmp_path: Path, name: str, ending: str) -> None:
    title = "# Title" if name.endswith("md") else "Title"
    content = ending.join([title, "", "Cities join", "the club.", "", "Cities leave.", ""])
    assert words(blocks_of(tmp_path, name, content.encode())) == ["Title", "Cities join the club.", "Cities leave."]


def test_a_byte_order_mark_is_no_character_of_the_title(tmp_path: Path) -> None:
    assert words(blocks_of(tmp_path, "it.txt", b"\xef\xbb\xbfTitle\n\nText.\n"))[0] == "Title"


def test_markdown_has_a_title_sections_and_items(tmp_path: Path) -> None:
    blocks = blocks_of(
        tmp_path, "it.md", "# T\n\n## One\n\nText *set*\noff.\n\n### Deep\n\n- first\n- second\n\n## Two\n\nEnd.\n"
    )
    assert [(b.text, b.title, b.level, b.item) for b in blocks] == [
        ("T", True, 0, False),
        ("One", False, 1, False),
        ("Text set off.", False, 0, False),
        ("Deep", False, 2, False),
        ("first", False, 0, True),
        ("second", False, 0, True),
        ("Two", False, 1, False),
        ("End.", False, 0, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("[the page](https://example.org) and `code`", "the page and code"),
        ("A &amp; B, 5 \\* 3", "A & B, 5 * 3"),
        ("<https://ascc.city.yokohama.lg.jp/>", "https://ascc.city.yokohama.lg.jp/"),
        ("> quoted text", "quoted text"),
        ("    indented text", "indented text"),
        ("```\nfenced text\n```", "fenced text"),
        ("snake_case__name", "snake_case__name"),
        ("**強調**した語", "強調した語"),
    ],
)
def test_markdown_s_markup_goes_and_its_words_stay(tmp_path: Path, content: str, text: str) -> None:
    assert words(blocks_of(tmp_path, "it.md", f"# T\n\n{content}\n"))[1:] == [text]


def test_numbered_items_of_markdown_keep_their_numbers(tmp_path: Path) -> None:
    blocks = blocks_of(tmp_path, "it.md", "# T\n\nCities shall:\n\n3. sign,\n4. report.\n\n- and tell\n")
    assert words(blocks)[1:] == ["Cities shall:", "3. sign,", "4. report.", "and tell"]


def test_wrapped_markdown_is_joined_past_what_cannot_be_seen(tmp_path: Path) -> None:
    assert words(blocks_of(tmp_path, "it.md", "# T\n\n宣言\u200b\n\ufeff都市\n"))[1] == "宣言都市"


@pytest.mark.parametrize("mark", ["- ", "> ", "1. "])
def test_deep_markdown_is_read_or_refused(tmp_path: Path, mark: str) -> None:
    assert words(blocks_of(tmp_path, "it.md", f"# T\n\n{mark * 40}the fee\n"))[1].endswith("the fee")
    with pytest.raises(CorpusError, match=r"it\.md: .* too deep"):
        blocks_of(tmp_path, "it.md", f"# T\n\nText.\n\n{mark * 200}the fee\n")


def test_markdown_s_html_is_not_lost(tmp_path: Path) -> None:
    """A block in HTML holds words too; to leave it out without a word would hide them from everybody."""
    try:
        blocks = blocks_of(tmp_path, "it.md", "# T\n\nBefore.\n\n<div>\nThe fee is 100 yen.\n</div>\n\nAfter.\n")
    except CorpusError:
        return  # refusing the file says so
    assert "The fee is 100 yen." in "\n".join(words(blocks))


def test_a_list_stays_with_the_words_that_lead_into_it(tmp_path: Path) -> None:
    passages = passages_of(tmp_path, "it.txt", "Title\n\nThe letter asks for:\n- support\n- awards\n\nThe end.\n")
    assert passages == ["The letter asks for:\n・support\n・awards", "The end."]


def test_captions_go_together(tmp_path: Path) -> None:
    assert passages_of(tmp_path, "it.txt", "Title\n\nThe mayor\n\nTel 1234\n\nHe signed.\n") == [
        "The mayor\nTel 1234",
        "He signed.",
    ]


def test_a_long_run_of_captions_is_cut(tmp_path: Path) -> None:
    passages = passages_of(
        tmp_path, "it.txt", "Title\n\n" + "\n\n".join("row " + letter * 90 for letter in ascii_letters)
    )
    assert len(passages) > 1
    assert max(map(len, passages)) <= 1000
    assert sum(passage.count("row") for passage in passages) == len(ascii_letters)


def test_a_passage_knows_its_headings_and_its_place_under_them(tmp_path: Path) -> None:
    content = "# T\n\n## One\n\nFirst.\n\nSecond.\n\n### Deep\n\nThird.\n\n## Two\n\nFourth.\n"
    reading = split(document("it.md"), blocks_of(tmp_path, "it.md", content), "0")
    assert [(p.text, p.headings, p.number, p.alone) for p in reading.passages] == [
        ("First.", ("One",), 1, False),
        ("Second.", ("One",), 2, False),
        ("Third.", ("One", "Deep"), 1, True),
        ("Fourth.", ("Two",), 1, True),
    ]


def test_an_item_s_mark_is_no_part_of_its_sentence(tmp_path: Path) -> None:
    reading = split(document("it.md"), blocks_of(tmp_path, "it.md", "# T\n\nAsk for:\n\n- support\n- awards\n"), "0")
    (passage,) = reading.passages
    assert [passage.text[start:end] for start, end in passage.sentences] == ["Ask for:", "support", "awards"]


@pytest.mark.parametrize(
    "item",
    [
        "1. 目的", "1．目的", "1、目的", "１ 目的", "（1）目的", "（１２）目的",
        "（ア）目的", "ア．目的", "（甲）目的", "（二）目的",
        "二、目的", "①目的", "⑴目的", "㋐目的", "Ⅱ 目的", "1.2.1 目的",
        "・目的", "● 目的", "※1 注", "12) aims", "(1) aims",
        "(a) aims", "a) aims", "iv. aims", "A. aims", "1.2 aims",
        "– aims", "ก. เป้าหมาย", "(ข) เป้าหมาย", "๑. เป้าหมาย",
    ],
)  # fmt: skip
def test_an_item_that_has_a_mark_gets_no_other(item: str) -> None:
    (passage,) = split(document("it.txt"), [Block(text=item, item=True)], "0").passages
    assert passage.text == item
    assert [passage.text[start:end] for start, end in passage.sentences] == [item]


@pytest.mark.parametrize(
    "item",
    [
        "目的", "10の約束", "2番目以降", "2025年の宣言", "3.5倍", "2,3の例",
        "1、2の都市", "一、二の例", "一つの都市", "（株）横浜",
        "（案）目的", "が、目的", "・・・以下略", "aims", "1,000 yen", "(CityNet) aims", "U.S. cities", "e.g. aims",
        "-5 degrees", "90 cities", "2025. aims", "น.ส. สมชาย",
    ],
)  # fmt: skip
def test_an_item_without_a_mark_gets_one(item: str) -> None:
    assert [p.text for p in split(document("it.txt"), [Block(text=item, item=True)], "0").passages] == [f"・{item}"]


def passages_of(tmp_path: Path, name: str, content: str) -> list[str]:
    return [p.text for p in split(document(name), blocks_of(tmp_path, name, content), "0").passages]


def test_a_text_that_begins_with_a_sentence_has_no_title(tmp_path: Path) -> None:
    """Nothing of it may be lost to quotation."""
    blocks = blocks_of(tmp_path, "it.txt", "The levy is 512 yen a year.\n\nThe report is due on 3 March.\n")
    assert [(block.text, block.title) for block in blocks] == [
        ("The levy is 512 yen a year.", False), ("The report is due on 3 March.", False),
    ]  # fmt: skip


@pytest.mark.parametrize("content", ["The levy is 512 yen a year.\n", "Levy: 512 yen\n", "会費は五百円です。"])
def test_a_text_of_one_paragraph_can_be_quoted(tmp_path: Path, content: str) -> None:
    assert words(blocks_of(tmp_path, "it.txt", content)) == [content.strip()]
