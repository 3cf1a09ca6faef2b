"""Text made readable (display) and comparable (match), without changing a word."""

from __future__ import annotations

import re
import unicodedata

# Han, kana, Hangul and their punctuation, and full-width forms: scripts that wrap without a space.
CJK = "\u2e80-\u30ff\u3100-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_UNSPACED_BREAK = re.compile(rf"(?<=[{CJK}])\s*\n\s*|\s*\n\s*(?=[{CJK}])")
_SPACES = re.compile(r"[^\S\n]+")
_INVISIBLE = {"Cc", "Cf"}
_KEPT = {"\n", "\t", "\u200c", "\u200d"}  # joiners carry meaning in Indic and Persian scripts


def strip_invisible(text: str) -> str:
    """Without control and format characters (bidi overrides, zero-width spaces, NUL …)."""
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _INVISIBLE)


def display(text: str) -> str:
    """The text as it is shown and quoted: no control characters, no doubled or trailing spaces."""
    lines = (_SPACES.sub(" ", line).strip() for line in strip_invisible(text).split("\n"))
    return "\n".join(lines).strip()


def join_lines(text: str) -> str:
    """Undo line wrapping: nothing between CJK characters, a space between words."""
    return _SPACES.sub(" ", _UNSPACED_BREAK.sub("", text).replace("\n", " ")).strip()


def match(text: str) -> str:
    """The text as it is searched and compared: NFKC, case folded, spaces single."""
    return " ".join(unicodedata.normalize("NFKC", strip_invisible(text)).casefold().split())


def locate(needle: str, text: str) -> tuple[int, int] | None:
    """Where `needle` stands in `text`, white space aside, as a span of `text`; None if nowhere."""
    positions = [i for i, character in enumerate(text) if not character.isspace()]
    squeezed = "".join(text[i] for i in positions)
    wanted = "".join(needle.split())
    found = squeezed.find(wanted) if wanted else -1
    if found < 0:
        return None
    return positions[found], positions[found + len(wanted) - 1] + 1
