"""Where sentences end, in scripts with and without spaces."""

from __future__ import annotations

import re
from itertools import pairwise

from sentencex import get_sentence_boundaries

from corpus.models import Span

# What sentencex leaves: 。before a digit, and the Khmer full stop.
_MORE_ENDS = re.compile(r"[。！？｡][」』）)】〉》”’]*(?=[^\s。！？｡」』）)】〉》”’])|[។៕]+(?=.)")
# A quoted sentence inside another one does not end that one: 「…。」と述べました。
_GOES_ON = re.compile(r"(?<=[」』”])(?:と|って|など|、|は|が|を|に|の|も|で)")
_ENDS = re.compile(r"[.!?。！？｡။។៕।॥…][\"'”’」』）)\]】〉》]*$")


def split_sentences(text: str, language: str) -> tuple[Span, ...]:
    """Spans of the sentences of `text`, white space around them left out.

    Never across a line break: the lines of a passage are list items or table rows.
    """
    spans: list[Span] = []
    for line in re.finditer(r"[^\n]+", text):
        words = line.group()
        cuts = {boundary["end_index"] for boundary in get_sentence_boundaries(language, words)}
        cuts |= {end.end() for end in _MORE_ENDS.finditer(words)}
        inner = sorted(cut for cut in cuts if cut < len(words) and not _GOES_ON.match(words, cut))
        for left, right in pairwise([0, *inner, len(words)]):
            if stripped := words[left:right].strip():
                start = line.start() + words.index(stripped, left)
                spans.append((start, start + len(stripped)))
    return tuple(spans)


def is_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does (and not as a caption, a table row or a name)."""
    return bool(_ENDS.search(text))
