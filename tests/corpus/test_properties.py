"""Whatever the text: cleaning settles at once and keeps every word, and every passage stands where it says."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from corpus.clean import CJK, display, join_lines, locate, match, strip_invisible
from corpus.errors import CorpusError
from corpus.faq import Quotation, find_quotation
from corpus.models import Block, Content, Document, Passage, Reading
from corpus.readers import read_content
from corpus.readers.pdf.repair import despace, join_wrapped, plain_forms
from corpus.sentences import split_sentences
from corpus.split import split
from tests.corpus.strategies import blocks, broken_texts, document, languages, plain, shown, texts

JOINERS = "\u200c\u200d"
PREFIXED = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
"""Format characters (Cf) that are drawn: Prepended_Concatenation_Mark (UAX #44)."""


def is_seen(character: str) -> bool:
    if character.isspace():
        return False
    return character in JOINERS + PREFIXED or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}


def words_of(text: str) -> str:
    """The text without white space and what cannot be seen."""
    return "".join(filter(is_seen, text))


@pytest.mark.parametrize("clean", [display, join_lines, match, strip_invisible, plain_forms, despace])
@given(text=broken_texts)
def test_cleaning_twice_is_cleaning_once(clean: Callable[[str], str], text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(text=broken_texts)
def test_japanese_forms_settle_at_once(text: str) -> None:
    once = plain_forms(text, japanese=True)
    assert plain_forms(once, japanese=True) == plain_forms(once) == once


@pytest.mark.parametrize("clean", [display, join_lines, strip_invisible, despace])
@given(text=broken_texts)
def test_cleaning_never_changes_a_word(clean: Callable[[str], str], text: str) -> None:
    assert words_of(clean(text)) == words_of(text)


@given(text=broken_texts)
def test_what_is_shown_is_what_readers_agreed_on(text: str) -> None:
    """Display text holds no character that cannot be seen, encodes as UTF-8, and joining keeps it so."""
    shown_text = display(text)
    assert all(is_seen(character) or character in " \n" for character in shown_text)
    assert "  " not in shown_text
    assert shown_text.encode().decode() == shown_text
    assert display(join_lines(shown_text)) == join_lines(shown_text)


@given(text=texts.map(lambda text: re.sub(rf"(?!\s)[{CJK}]", "", text)))
@example("one\n\u3000\u3000\ntwo")
def test_joining_lines_never_joins_two_words(text: str) -> None:
    """But in scripts that wrap without a space."""
    assert join_lines(text).split() == text.split()


@given(lines=st.lists(broken_texts.map(lambda text: text.replace("\n", " ")), max_size=6))
def test_joining_a_paragraph_keeps_every_word(lines: list[str]) -> None:
    assert words_of(join_wrapped(lines)) == words_of("".join(lines))


def test_only_control_format_and_surrogate_characters_are_unseen() -> None:
    wrong = [
        f"U+{code:04X}"
        for code in range(sys.maxunicode + 1)
        if not (character := chr(code)).isspace()
        and unicodedata.category(character) != "Cn"  # Unicode of Python 3.11 may not know it yet
        and (strip_invisible(character) == character) != is_seen(character)
    ]
    assert wrong == []


@given(text=texts, data=st.data())
def test_any_slice_of_a_text_is_located(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    needle = text[start : data.draw(st.integers(start, len(text)))]
    needle = data.draw(st.sampled_from((needle, f"\n{needle} ", "　".join(needle))))
    span = locate(needle, text)
    if not needle.strip():
        assert span is None
        return
    assert span is not None
    assert 0 <= span[0] < span[1] <= len(text)
    found = text[slice(*span)]
    assert found == found.strip()
    assert "".join(found.split()) == "".join(needle.split())


@given(text=texts, needle=texts)
def test_what_is_not_there_is_not_located(text: str, needle: str) -> None:
    there = bool(needle.split()) and "".join(needle.split()) in "".join(text.split())
    assert (locate(needle, text) is not None) == there


@given(text=shown, language=languages)
@example("ខ។។", "km")
@example("«ខ។» គ។", "km")
@example("End.) Next.", "en")
@example("か。\u3099き", "ja")
@example("1. First. 2. Second.", "en")
def test_sentences_are_whole(text: str, language: str) -> None:
    end = 0
    for start, stop in split_sentences(text, language):
        sentence = text[start:stop]
        assert end <= start < stop <= len(text)
        assert not text[end:start].strip()
        assert sentence == sentence.strip()
        assert "\n" not in sentence
        begins_line = start == 0 or text[start - 1].isspace()
        assert begins_line or unicodedata.category(sentence[0])[0] != "M", "a mark torn off its letter"
        end = stop
    assert not text[end:].strip()


def assert_sound(reading: Reading, found: list[Block]) -> None:
    """Every block stands in the text, in order, with nothing between but line breaks and item marks."""
    end = 0
    for block in found:
        while reading.text.startswith("\n", end):
            end += 1
        end += block.item and not block.level and not block.title and reading.text.startswith("・" + block.text, end)
        assert reading.text.startswith(block.text, end)
        end += len(block.text)
    assert end == len(reading.text)
    assert words_of(reading.text).replace("・", "") == words_of("".join(b.text for b in found)).replace("・", "")
    titles_and_headings = {block.text for block in found if block.title or block.level}
    between, end = "", 0
    for passage in reading.passages:
        stop = passage.start + len(passage.text)
        assert end <= passage.start < stop <= len(reading.text)
        assert reading.text[passage.start : stop] == passage.text
        assert_sentences(passage)
        between += reading.text[end : passage.start]
        end = stop
    left = words_of(between + reading.text[end:])
    assert left == words_of("".join(block.text for block in found if block.title or block.level))
    assert [passage.id for passage in reading.passages] == [f"it:{n}" for n in range(1, len(reading.passages) + 1)]
    for passage in reading.passages:
        assert set(passage.headings) <= titles_and_headings
        assert (passage.document, passage.language) == (reading.document.id, reading.document.language)
    for one, other in pairwise(reading.passages):
        assert other.number == (one.number + 1 if not one.alone and other.number > 1 else 1)


def assert_sentences(passage: Passage) -> None:
    rest, end = "", 0
    for start, stop in passage.sentences:
        assert end <= start < stop <= len(passage.text)
        assert passage.text[start:stop].strip() == passage.text[start:stop]
        rest += passage.text[end:start]
        end = stop
    assert not (rest + passage.text[end:]).replace("・", "").strip()
    assert passage.sentences


@given(found=st.lists(blocks, max_size=12), language=languages)
def test_any_blocks_are_split_without_loss(found: list[Block], language: str) -> None:
    assert_sound(split(document(language=language), found, ""), found)


def read(folder: pytest.TempPathFactory, name: str, content: bytes, headings: tuple[str, ...] = ()) -> list[Block]:
    path = folder.getbasetemp() / name
    path.write_bytes(content)
    return list(read_content(path, document(name, headings=headings)).blocks)


@pytest.mark.parametrize("name", ["it.txt", "it.md"])
@given(text=texts, language=languages)
@example("題名\n\n・\n", "ja")
@example("Title\n\n- ・\n- \nText.", "en")
def test_any_file_is_read_and_split_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, text: str, language: str
) -> None:
    try:
        found = read(tmp_path_factory, name, text.encode())
    except CorpusError as error:
        assert name in str(error)  # noqa: PT017
        return
    for block in found:
        assert block.text
        assert display(block.text) == block.text
    assert_sound(split(document(name, language), found, ""), found)


LAYOUT = "-*•・"


@given(text=texts, headings=st.lists(shown, max_size=2))
@example("T\n\na\u3000\n\u2028\nb", [])
def test_no_word_of_a_text_file_is_lost(
    tmp_path_factory: pytest.TempPathFactory, text: str, headings: list[str]
) -> None:
    """But for marks of lists and of emphasis, and for what a page repeats."""
    paragraphs = ["".join(part.split()) for part in re.split(r"\n\s*\n", display(text.replace("**", "")))]
    assume(all(paragraphs.count(part) < 3 for part in paragraphs))
    try:
        found = read(tmp_path_factory, "it.txt", text.encode(), tuple(headings))
    except CorpusError:
        return
    written = words_of(text).translate(dict.fromkeys(map(ord, LAYOUT)))
    assert words_of("".join(block.text for block in found)).translate(dict.fromkeys(map(ord, LAYOUT))) == written


@given(
    parts=st.lists(st.tuples(st.sampled_from(("## ", "### ", "- ", "> ", "", "> - ")), plain), min_size=1, max_size=8)
)
def test_no_word_of_a_markdown_file_is_lost(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, str]]
) -> None:
    text = "\n\n".join(mark + words for mark, words in [("# ", "T"), *parts, ("", "T")])
    found = read(tmp_path_factory, "it.md", text.encode())
    assert [block.text for block in found] == [display(words) for words in ["T", *(words for _, words in parts), "T"]]


@given(content=st.binary(max_size=60) | broken_texts.map(lambda text: text.encode("utf-8", "surrogatepass")))
@pytest.mark.parametrize("name", ["it.txt", "it.md"])
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes) -> None:
    try:
        assert read(tmp_path_factory, name, content)
    except CorpusError as error:
        assert name in str(error)  # noqa: PT017


@given(found=st.lists(blocks, min_size=1, max_size=6), data=st.data())
def test_a_quotation_s_words_are_those_of_the_passage(found: list[Block], data: st.DataObject) -> None:
    reading = split(document(), found, "")
    assume(reading.passages)
    passage = data.draw(st.sampled_from(reading.passages))
    text = data.draw(st.sampled_from((passage.text, *passage.headings)))
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))]
    quote = data.draw(st.sampled_from((quote, f" {quote}\n", " ".join(quote))))
    assume(quote.strip())
    at, words = find_quotation(Quotation(document="it", quote=quote), reading.passages)
    assert any(words in text for text in (at.text, *at.headings))
    assert words in reading.text
    assert "".join(words.split()) == "".join(quote.split())


@given(found=st.lists(blocks, min_size=1, max_size=4), quote=shown)
def test_a_quotation_that_stands_nowhere_is_refused(found: list[Block], quote: str) -> None:
    passages = split(document(), found, "").passages
    squeezed = "".join(quote.split())
    assume(not any(squeezed in "".join(text.split()) for p in passages for text in (p.text, *p.headings)))
    with pytest.raises(CorpusError, match="not found in 'it'"):
        find_quotation(Quotation(document="it", quote=quote), passages)


@given(found=st.lists(blocks, max_size=6), warnings=st.lists(shown, max_size=2), headings=st.lists(shown, max_size=2))
def test_what_is_written_as_json_is_read_back_equal(
    found: list[Block], warnings: list[str], headings: list[str]
) -> None:
    content = Content(blocks=tuple(found), warnings=tuple(warnings))
    assert Content.model_validate_json(content.model_dump_json()) == content
    described = document(headings=tuple(headings))
    assert Document.model_validate_json(described.model_dump_json()) == described
    reading = split(described, found, "0")
    assert Reading.model_validate_json(reading.model_dump_json()) == reading
    assert Reading.model_validate(json.loads(reading.model_dump_json())) == reading
    for passage in reading.passages:
        assert Passage.model_validate_json(passage.model_dump_json()) == passage
