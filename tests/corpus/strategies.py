"""Texts as hostile as files can be, for the tests of properties."""

from __future__ import annotations

from hypothesis import strategies as st

from corpus.clean import display
from corpus.models import Authority, Block, Document, Kind

WORDS = (
    "横浜市", "宣言", "市", "が", "ｲｸﾚｲ", "㍿", "葛\U000e0100城", "𠮟る", "か\u3099", "市⻑", "⾭い",
    "เมือง", "โยโกฮามา", "นํา", "น ำ", "กำ", "\u0e33", "\u0e32", "\u0e48", "\u0e31", "\u0e4d", "\uf70a", "ๆ",
    "ក្រុង", "ចុះហត្ថលេខា", "\u17b4", "\u17d2", "မြို့", "လက်မှတ်", "\u1037", "\u102d",
    "हस्ताक्षर", "क्\u200dष", "\u094d", "ि", "স্বাক্ষর", "\u09be", "கையெழுத்து", "\u0bbe", "می\u200cخواهم", "\u06dd",
    "Yokohama", "signed", "Straße", "İ", "ﬁn", "ŉ", "ᾴ", "J\u030c", "\u0345", "a", "Mr", "No", "U.S",
    "1", "2025", "１２", "①", "२०", "๒", "៣", "3.5",
    "１．", "👩\u200d👩\u200d👧", "🇯🇵", "e\u0301", "\u0301", "\ufe0f",
)  # fmt: skip
SPACES = (" ", "  ", "\u3000", "\u00a0", "\t", "\u2009", "\u202f", " " * 40)
BREAKS = ("\n", "\n\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\n \n", "\n\u3000", " \n")
UNSEEN = ("\u200b", "\u200e", "\u202e", "\u2066", "\u2069", "\ufeff", "\u00ad", "\u2060", "\x00", "\x07", "\x1b",
          "\x7f", "\U000e0041", "\U0001d173")  # fmt: skip
SURROGATES = ("\ud800", "\udc00", "\ud83d")
MARKS = (
    "。", "、", "．", ".", "!", "?", "？", "！", "…", "។", "៕", "၊", "။", "।", "॥", "「", "」", "『", "』",
    "（", "）", "(", ")", "“", "”", '"', "’", "«", "»", "【", "】", "〉", "・", "•", "●", "-", "–", "—",
    "*", "**", "#", "##", "※", "※3", "＊", "注", "注1", "(1)",
    "（１）", "1.", "a)", "ア．", "第1条", "‧", "︒", "⼀", ":",
    "~", "|", ">", "`", "```", "[1]", "<b>", "&amp;", "\\",
)  # fmt: skip
LEADS = ("\n- ", "\n* ", "\n・", "\n- ・", "\n• ", "\n・1. ", "\n1. ", "\n# ", "\n## ", "\n### ", "\n\n【", "】\n\n",
         "\n\n【※3 ", "\n> ", "\n    ", "\n---\n", "\n===\n", "\n```\n", "\n\n※1 ", "。\n", ". ")  # fmt: skip

_pieces = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS),
    st.sampled_from(SPACES),
    st.sampled_from(BREAKS),
    st.sampled_from(UNSEEN),
    st.sampled_from(MARKS),
    st.sampled_from(MARKS),
    st.sampled_from(LEADS),
    st.characters(exclude_categories=["Cs"]),
)
_crowds = st.one_of(  # of few characters that rules of cleaning turn upon
    st.text("ก \u0e30\u0e31\u0e32\u0e33\u0e34\u0e48\u0e49\u0e4c\u0e4d", max_size=9),
    st.text("甲乙a12 \u00a0\u3000\n、「※注＊", max_size=12),
    st.text("甲‧⼾戶a\u200b\r\n\u3000", max_size=9),
    st.text("a1.。)」”» \u0301\u200dと\n", max_size=12),
)
texts = st.lists(_pieces, max_size=25).map("".join) | _crowds
"""Any text that a file in UTF-8 can hold."""
broken_texts = st.lists(_pieces | st.sampled_from(SURROGATES), max_size=25).map("".join) | _crowds
"""Any text that a program can hold, with halves of surrogate pairs."""
shown = st.one_of(
    st.lists(_pieces, max_size=12).map("".join).map(display),
    st.lists(_pieces, max_size=12).map(lambda pieces: display(" ".join(pieces))),
    st.tuples(st.lists(_pieces, min_size=1, max_size=4), st.integers(20, 90)).map(
        lambda t: display("".join(t[0] * t[1]))
    ),
).filter(bool)
"""Texts as readers hand them on: never empty, sometimes longer than a passage may grow."""
plain = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join).filter(str.strip)
"""Words without a mark that Markdown could take for its own."""
languages = st.sampled_from(("ja", "zh", "th", "km", "my", "hi", "bn", "ta", "en", "de", "mul", "xyz"))
blocks = st.builds(
    Block,
    text=shown,
    level=st.sampled_from((0, 0, 0, 0, 1, 2, 3, 6)),
    title=st.sampled_from((False,) * 5 + (True,)),
    item=st.booleans(),
    page=st.none() | st.integers(1, 3),
)
"""Any block, and combinations that no reader makes."""


def document(name: str = "it.txt", language: str = "en", headings: tuple[str, ...] = ()) -> Document:
    return Document(id="it", file=name, kind=Kind.OTHER, authority=Authority.OFFICIAL, title="It", language=language,
                    headings=headings)  # fmt: skip
