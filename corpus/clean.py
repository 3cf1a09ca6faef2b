"""Text made readable (display) and comparable (match), without changing a word."""

from __future__ import annotations

import re
import unicodedata

CJK = "\u2e80-\u30ff\u3100-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
"""For a character class: Han, kana, Hangul, their punctuation and full-width forms, which wrap without a space."""
UNSPACED = "\u0e00-\u0e4f\u0e5a-\u0eff\u1000-\u109f\u1780-\u17ff"
"""For a character class: Thai, Lao, Burmese and Khmer, whose words run together."""
_BREAKS = re.compile(r"\s*\n\s*")
_UNSPACED_BREAK = re.compile(rf"(?<=[{CJK}])\n|\n(?=[{CJK}])")
_SPACES = re.compile(r"[^\S\n]+")

# Control, format and surrogate characters (Unicode categories Cc, Cf, Cs) but for the line feed, the tab, the
# joiners U+200C and U+200D, which carry meaning in Indic and Persian scripts, and the signs that are drawn
# around or before what follows them (Prepended_Concatenation_Mark: U+06DD …).
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_SEPARATORS = re.compile("[\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]")


def strip_invisible(text: str) -> str:
    """Without control and format characters (bidi overrides, zero-width spaces, NUL …); separators become spaces."""
    return _INVISIBLE.sub("", _SEPARATORS.sub(" ", text))


def display(text: str) -> str:
    """The text as it is shown and quoted: no control characters, no doubled or trailing spaces."""
    lines = (_SPACES.sub(" ", line).strip() for line in strip_invisible(text).split("\n"))
    return "\n".join(lines).strip()


def join_lines(text: str) -> str:
    """Undo line wrapping: nothing between CJK characters, a space between words."""
    lines = _BREAKS.sub("\n", _SPACES.sub(" ", text).strip())
    return _UNSPACED_BREAK.sub("", lines).replace("\n", " ")


def match(text: str) -> str:
    """The text as it is searched and compared: NFKC, case folded, spaces single."""
    folded = unicodedata.normalize("NFKC", strip_invisible(text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def locate(needle: str, text: str) -> tuple[int, int] | None:
    """Where `needle` stands in `text`, white space aside, as a span of `text`; None if nowhere."""
    wanted = "".join(needle.split())
    found = "".join(text.split()).find(wanted) if wanted else -1
    if found < 0:
        return None
    positions = [i for i, character in enumerate(text) if not character.isspace()]
    return positions[found], positions[found + len(wanted) - 1] + 1
