"""Which language a question is in, among those the desk speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence

SUPPORTED = ("en", "ja")
FALLBACK = "en"

_KANA = re.compile(r"[\u3040-\u30ff\uff66-\uff9f]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_WORDS = re.compile(r"[^\W\d_A-Z]")
# Words that Chinese questions are made of, and Japanese ones without kana are not.
_CHINESE = re.compile(r"[吗嗎么麼哪谁們们这這吧呢怎]|什[么麼]|多少|如何|为什|為什")
_SENTENCE = re.compile(r"[A-Za-z]+(?:\W+[A-Za-z]+){2,}")
# "Where is its headquarters?", "and when?", それはいつですか: words that point back.
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|their|them|that|this|these|those|there|he|his|she|her)\b|^\W*(?:and|also|what about|how about)\b"
    r"|[そこあ](?:れ|の|こ|ちら)|^(?:では|じゃあ|また|ちなみに)",
    re.IGNORECASE,
)


def leans_on_thread(text: str) -> bool:
    """Whether a question has words that point back to what was said before."""
    return bool(_POINTS_BACK.search(text))


def identify(text: str, thread: Sequence[str] = ()) -> str:
    """The language of `text` (BCP 47): by script first; FALLBACK where the desk does not speak it.

    Where it has no words of its own ("ASCC 2025?"), the language of the question before it in `thread`.
    """
    if thread and not _WORDS.search(text):
        return identify(thread[-1], thread[:-1])
    if _KANA.search(text) or _HAN.search(text):
        # 参加費用, CityNet 本部: words without kana are Japanese too; "What does 来年度 mean?" is not.
        foreign = _SENTENCE.search(text) or (not _KANA.search(text) and _CHINESE.search(text))
        return FALLBACK if foreign else "ja"
    return FALLBACK
