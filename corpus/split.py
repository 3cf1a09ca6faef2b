"""Blocks to passages: the smallest pieces that can be cited and still be understood."""

from __future__ import annotations

import re
from itertools import groupby

from corpus.models import Block, Document, Passage, Reading, Span
from corpus.sentences import is_sentence, split_sentences

_ITEM_MARK = "・"
_COUNTERS = "一二三四五六七八九十"
# An item that brings its own mark: a bullet, ①, （ア）, 1., 二、, a), iv., 1.2 and １ before a space.
_OWN_MARK = re.compile(
    "・(?!・)|[•●○◦▪■□◆◇※\u2460-\u24ff\u2776-\u2793\u3251-\u325f\u3280-\u3289\u32b1-\u32bf\u32d0-\u32fe]|[-–—*]\\s"
    rf"|[（(](?:\d{{1,3}}|[a-zA-Zａ-ｚＡ-Ｚア-ンｱ-ﾝก-ฮ甲乙丙丁戊]|[ivxIVX]{{2,5}}|[\u2160-\u217f]|[{_COUNTERS}]{{1,3}})[)）]"
    rf"|(?:\d{{1,3}}(?:[.．]\d{{1,3}})*|[{_COUNTERS}]{{1,3}})[.．)）、](?![\d{_COUNTERS}])"
    r"|(?:[^\W\d_]|[ivxIVX]{2,5})[.．)）](?![a-zA-Z\dก-ฮ])"
    r"|(?:\d{1,3}(?:[.．]\d{1,3})+|[０-９\u2160-\u217f]{1,2})\s"
)
_LONGEST = 900  # characters; a passage of several short lines grows no longer than this


def split(document: Document, blocks: list[Block], sha256: str) -> Reading:
    """The document's text with its passages cut out of it.

    A paragraph is a passage. A list goes with the paragraph that leads into it, and lines that are no
    sentences (captions, programme lines, a name and a number) go together, so that each can be quoted
    with what it belongs to.
    """
    text = ""
    passages: list[Passage] = []
    headings: list[tuple[int, str]] = []
    for is_heading, run in groupby(blocks, key=lambda block: block.title or block.level > 0):
        if is_heading:
            for block in run:
                text += ("\n\n" if text else "") + block.text
                if not block.title:
                    headings = [h for h in headings if h[0] < block.level] + [(block.level, block.text)]
            continue
        groups = _group(list(run))
        for number, group in enumerate(groups, 1):
            text += "\n\n" if text else ""
            passage_text, sentences = _join(group, document.language)
            passages.append(
                Passage(
                    id=f"{document.id}:{len(passages) + 1}",
                    document=document.id,
                    language=document.language,
                    headings=tuple(heading for _, heading in headings),
                    number=number,
                    alone=len(groups) == 1,
                    page=group[0].page,
                    start=len(text),
                    text=passage_text,
                    sentences=sentences,
                )
            )
            text += passage_text
    return Reading(document=document, sha256=sha256, text=text, passages=tuple(passages))


def _group(blocks: list[Block]) -> list[list[Block]]:
    """Runs of blocks that make a passage each."""
    groups: list[list[Block]] = []
    for block in blocks:
        group = groups[-1] if groups else []
        fits = sum(len(b.text) for b in group) + len(block.text) <= _LONGEST
        both_lines = bool(group) and not is_sentence(group[-1].text) and not is_sentence(block.text)
        if group and fits and (block.item or (both_lines and not group[-1].item)):
            group.append(block)
        else:
            groups.append([block])
    return groups


def _join(group: list[Block], language: str) -> tuple[str, tuple[Span, ...]]:
    """The passage's text and its sentences; the mark put before an item that has none is no part of its sentence."""
    text = ""
    spans: list[Span] = []
    for block in group:
        text += "\n" if text else ""
        text += _ITEM_MARK if block.item and not _OWN_MARK.match(block.text) else ""
        spans += [(len(text) + a, len(text) + b) for a, b in split_sentences(block.text, language)]
        text += block.text
    return text, tuple(spans)
