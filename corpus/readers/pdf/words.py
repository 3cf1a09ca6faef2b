"""The words of a document, against which hyphens at the ends of lines are held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.readers.pdf.lines import Line


class Words:
    """The words of a document, case folded, and which of them a hyphen at the end of a line has cut in two.

    Known words are those that stand whole somewhere. If most of the words cut are known ones, the layout
    hyphenates, and then unknown ones are taken for cut too, unless they stand with their hyphen elsewhere.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        texts = [line.text.casefold().rstrip() for line in lines]
        self._known = {word for text in texts for word in re.findall(r"[^\W\d_]{3,}(?!-$)", text)}
        self._compounds = {
            word.replace("-", "") for text in texts for word in re.findall(r"[^\W\d_]+-[^\W\d_]+(?!-)", text)
        }
        cut = [
            (left[1] + right[0]) in self._known
            for before, after in pairwise(texts)
            if (left := re.search(r"([^\W\d_]+)-$", before)) and (right := re.match(r"[^\W\d_]+", after))
        ]
        self._hyphenates = sum(cut) >= 3 and sum(cut) > 0.4 * len(cut)

    def __contains__(self, word: object) -> bool:
        return word in self._known or (self._hyphenates and word not in self._compounds)
