"""Text as a PDF gives it, repaired: the characters that were meant, their spaces, and lines joined to paragraphs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence

from corpus.clean import CJK, UNSPACED

# --- look-alikes --------------------------------------------------------------------------------------

# Characters that stand for another one in extracted text, because a font draws both with one glyph.
# CJK Radicals Supplement: Equivalent_Unified_Ideograph (Unicode 15.0, UAX #44); the Kangxi radicals have NFKC.
_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺"
    "⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_IDEOGRAPHS = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑𫜹忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀"
    "聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
# Forms for vertical writing (U+FE10 ff., U+FE30 ff.), back to the full-width characters that they set upright.
_VERTICAL = "︐︑︒︓︔︕︖︗︘︙︰︱︲︳︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈"
_UPRIGHT = "，、。：；！？〖〗…‥—–＿（）｛｝〔〕【】《》〈〉「」『』［］"
# Shifted Thai marks that fonts for Windows keep in the private use area (U+F700–F71A);
# Symbol's bullet, and the bullet of every code that WinAnsiEncoding leaves unused (ISO 32000-1, annex D).
_PRIVATE = "".join(map(chr, range(0xF700, 0xF71B))) + "\uf0b7\x7f"
_THAI = (
    "\u0e10\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4c"
    "\u0e0d\u0e31\u0e4d\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a••"
)
# Kangxi radicals whose Japanese character is another than NFKC's: 戶 靑 黃 黑.
_JAPANESE = str.maketrans("⼾⾭⿈⿊", "戸青黄黒")
_FORMS: dict[int, str] = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x2F00, 0x2FD6), *range(0xFB00, 0xFB07))},
    **dict(zip(map(ord, _RADICALS + _VERTICAL + _PRIVATE), _IDEOGRAPHS + _UPRIGHT + _THAI, strict=True)),
}
_MARKS = re.compile(r"[\u0e31\u0e34-\u0e3a\u0e48-\u0e4c]{2,}")  # the vowel comes before the tone
_MIDDLE_DOTS = re.compile(rf"‧+(?=[{CJK}])|(?<=[{CJK}])‧+")
_SARA_AM = re.compile(r"[\u0e4d\u0e33]((?:[\u0e48-\u0e4b]?\u0e32)+)")  # ํ + า is ำ, a tone mark before it
# A space before a vowel or a mark that leans on the letter before it.
_DEPENDENT = re.compile(r"(?<! ) +(?=[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e])")


def plain_forms(text: str, japanese: bool = False) -> str:
    """Look-alikes as the characters they stand for: 市⻑ is 市長, ﬁ is fi, ︒ is 。, ํา is ำ.

    Radicals (to the characters that Japanese uses, if `japanese`), forms for vertical writing, ligatures,
    Thai marks in the private use area, in the wrong order or torn off their letter. Idempotent.
    """
    text = (text.translate(_JAPANESE) if japanese else text).translate(_FORMS)
    text = _MIDDLE_DOTS.sub(lambda dots: "・" * len(dots.group()), text)
    text = _MARKS.sub(
        lambda marks: "".join(sorted(marks.group(), key=lambda m: m > "\u0e47")), _DEPENDENT.sub("", text)
    )
    return _SARA_AM.sub(lambda found: found[1].replace("\u0e32", "") + "\u0e33", text)


# --- spaces -------------------------------------------------------------------------------------------

_NO_NOTE = "(?<![※＊*注][0-9])(?<![※＊*注][0-9]{2})"  # ※1 この is a footnote's mark and its first word
_INSIDE = rf"(?<=[{CJK}])[ \u00a0]+(?=[0-9])|(?<=[0-9]){_NO_NOTE}[ \u00a0]+(?=[{CJK}])"
_AT_MARKS = (
    r"(?<=[、。，．・：；！？「『（【〔〈《])[ \u00a0]+|(?<![ \u00a0])[ \u00a0]+(?=[、。，．・：；！？」』）】〕〉》])"
)
_SPACED_OUT = re.compile(rf"(?<![^\s])[{CJK}](?:[ \u00a0]+[{CJK}](?![^\s]))+")
_CJK_SPACES = re.compile(f"{_INSIDE}|{_AT_MARKS}")


def despace(text: str) -> str:
    """Without the spaces that no writer put there: 第 1 条 is 第1条, 宣 言 に is 宣言に.

    Removed: spaces between CJK and digits, beside CJK punctuation, between single CJK characters. Kept:
    spaces between CJK and Latin words, between words of several characters (イクレイ 日本), and after the mark
    of a footnote (※1 この). Idempotent.
    """
    text = _SPACED_OUT.sub(lambda run: re.sub(r"[ \u00a0]+", "", run.group()), text)
    return _CJK_SPACES.sub("", text)


# --- wrapped lines ------------------------------------------------------------------------------------

# The end of a line inside an address, and what may follow it.
_URL_TAIL = re.compile(r"(?:https?:|www\.)[!-~]*$")
_LATIN_TAIL = re.compile(r"[\w.+%@-]+$", re.ASCII)
_LATIN_HEAD = re.compile(r"[!-~]+")
_ADDRESS_MARK = re.compile(r"[./@_=?&%#~\d]")
_ADDRESS_END = re.compile(
    r"\.(?:html|pdf|aspx?|php|org|com|net|int|info)[.,)]?$|(?:@|//|^www\.)[^/]*\.[a-z]{2}[.,)]?$", re.IGNORECASE
)
_DOMAIN = re.compile(r"[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}[.,)]?")
_HYPHEN_TAIL = re.compile(r"([^\W\d_]+)-$")
_HYPHEN_HEAD = re.compile(r"[^\W\d_]+")


def join_wrapped(lines: Sequence[str], words: Container[str] = ()) -> str:
    """One paragraph of the lines that a layout broke it into.

    Nothing goes between CJK characters, inside Thai, Lao, Burmese and Khmer, or inside an e-mail address or
    a URL; a space goes between words, and where the layout left one at the line's end. A hyphen at the end
    of a line is dropped if `words` (case folded) knows the word without it, and kept otherwise.
    """
    text = ""
    for line in lines:
        gap = _between(text, line, words) if text else ""
        text = text[:-1] if gap is None else text + gap
        text += line.lstrip(" ") if text.endswith(" ") else line
    return text.strip(" ")


def _between(before: str, after: str, words: Container[str]) -> str | None:
    """What stands between two lines of a paragraph; None if the layout put the hyphen in."""
    if before.endswith(" ") or after.startswith(" "):
        return "" if before.endswith(" ") else " "
    tail, head = before[-400:], _LATIN_HEAD.match(after)
    token = head.group() if head else ""
    followed_by_cjk = bool(re.match(rf"[{CJK}]", after[len(token) :].lstrip(" ")))
    if token and _in_address(tail, token, followed_by_cjk):
        return ""
    last, first = before[-1], after[:1]
    if re.match(rf"[{CJK}]", last) or re.match(rf"[{CJK}]", first):
        return ""
    if last == "ๆ":  # written with a space on either side
        return " "
    if re.match(rf"[{UNSPACED}]", last) and re.match(rf"[{UNSPACED}]", first):
        return ""
    if last == "\u00ad":
        return ""
    if last == "-" and (left := _HYPHEN_TAIL.search(tail)):
        right = _HYPHEN_HEAD.match(after)
        return None if right and f"{left[1]}{right.group()}".casefold() in words else ""
    return " "


def _in_address(tail: str, token: str, followed_by_cjk: bool) -> bool:
    """Whether the end of one line and the first word of the next are one URL or e-mail address."""
    if url := _URL_TAIL.search(tail):
        if _ADDRESS_END.search(url.group()):
            return token[0] in "/?#&=-_"
        ended = _ADDRESS_END.search(url.group() + token) or _ADDRESS_MARK.search(token.rstrip(".,)"))
        return bool(ended) or followed_by_cjk or token[0] == "-" or url.group()[-1] in "-_=&?@%~:"
    mail = _LATIN_TAIL.search(tail)
    if mail is None or "@" not in mail.group() + token:
        return False
    if "@" not in mail.group():  # before a CJK text's address stands no Latin word; an English one's parts have marks
        alone = bool(re.search(rf"[{CJK}]\s*$", tail[: mail.start()]))
        return alone or token[0] in "-._@+" or bool(re.search(r"[._+\d-]", mail.group()))
    ended = _ADDRESS_END.search(mail.group())
    return not ended or token[0] in "-." or bool(_DOMAIN.fullmatch(token))
