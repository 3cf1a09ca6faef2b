"""Where sentences end, in scripts with and without spaces."""

from __future__ import annotations

import re
from itertools import pairwise

from sentencex import get_sentence_boundaries

from corpus.models import Span

# sentencex leaves 。and its like alone before a digit; in CJK text they end a sentence all the same.
_CJK_END = re.compile(r"[。！？｡][」』）)】〉》”’]*(?=[^\s」』）)】〉》”’])")
_ENDS = re.compile(r"[.!?。！？｡။។៕।॥…][\"'”’」』）)\]】〉》]*$")


def split_sentences(text: str, language: str) -> tuple[Span, ...]:
    """Spans of the sentences of `text`, white space around them left out.

    Never across a line break: the lines of a passage are list items or table rows.
    """
    spans: list[Span] = []
    for line in re.finditer(r"[^\n]+", text):
        for boundary in get_sentence_boundaries(language, line.group()):
            start, end = boundary["start_index"], boundary["end_index"]
            cuts = [start, *(start + cut.end() for cut in _CJK_END.finditer(line.group()[start:end])), end]
            for left, right in pairwise(cuts):
                piece = line.group()[left:right]
                if stripped := piece.strip():
                    left += len(piece) - len(piece.lstrip())
                    spans.append((line.start() + left, line.start() + left + len(stripped)))
    return tuple(spans)


def is_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does (and not as a caption, a table row or a name)."""
    return bool(_ENDS.search(text))
