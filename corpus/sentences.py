"""Where sentences end, in scripts with and without spaces."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from sentencex import get_sentence_boundaries

from corpus.models import Span

# What sentencex leaves: 。before a digit, and the Khmer full stop.
_MORE_ENDS = re.compile(r"[。！？｡][」』）)】〉》”’]*(?=[^\s。！？｡」』）)】〉》”’])|[។៕]+(?=[^។៕])")
# A quoted sentence inside another one does not end that one: 「…。」と述べました。
_GOES_ON = re.compile(r"(?<=[」』”])(?:と|って|など|、|は|が|を|に|の|も|で)")
# What an item is counted with, no sentence: 1. or ア． or (ii) before its words.
_COUNT = re.compile(r"\s*[（(]?(?:\d{1,3}|[^\W\d_]|[ivxIVX]{2,5})[.．)）]*\s*")
_CLOSING = re.compile("M|Pe|Pf|Cf")  # Unicode's categories of marks, closing brackets and quotation marks, joiners
_ENDS = re.compile(r"[.!?。！？｡။។៕।॥…][\"'”’»」』）)\]】〉》]*$")


def split_sentences(text: str, language: str) -> tuple[Span, ...]:
    """Spans of the sentences of `text`, white space around them left out.

    Never across a line break: the lines of a passage are list items or table rows.
    """
    spans: list[Span] = []
    for line in re.finditer(r"[^\n]+", text):
        words = line.group()
        cuts = {boundary["end_index"] for boundary in get_sentence_boundaries(language, words)}
        cuts |= {end.end() for end in _MORE_ENDS.finditer(words)}
        cuts = {_past_closing(words, cut) for cut in cuts}
        inner = sorted(cut for cut in cuts if cut < len(words) and not _GOES_ON.match(words, cut))
        inner = [cut for before, cut in pairwise([0, *inner]) if not _COUNT.fullmatch(words, before, cut)]
        for left, right in pairwise([0, *inner, len(words)]):
            if stripped := words[left:right].strip():
                start = line.start() + words.index(stripped, left)
                spans.append((start, start + len(stripped)))
    return tuple(spans)


def _past_closing(words: str, cut: int) -> int:
    """The cut, moved past what it would tear off: closing brackets and quotation marks, marks on a letter."""
    while 0 < cut < len(words) and not words[cut - 1].isspace() and _CLOSING.match(unicodedata.category(words[cut])):
        cut += 1
    return cut


def is_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does (and not as a caption, a table row or a name)."""
    return bool(_ENDS.search(text))
