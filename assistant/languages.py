"""Which language a question is in, among those the desk speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence

SUPPORTED = ("en", "ja")
FALLBACK = "en"

_KANA = re.compile(r"[\u3040-\u30ff\uff66-\uff9f]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_WORDS = re.compile(r"[^\W\d_A-Z]")
_LATIN = re.compile(r"[A-Za-z]")
# Function words that Chinese questions are made of and Japanese ones without kana are not.
_CHINESE = re.compile(r"[吗嗎么麼哪谁誰们們这這那的是了吧呢怎]|什[么麼]|多少|如何|为|為")


def identify(text: str, thread: Sequence[str] = ()) -> str:
    """The language of `text` (BCP 47): by script first; FALLBACK where the desk does not speak it.

    Where it has no words of its own ("ASCC 2025?"), the language of the question before it in `thread`.
    """
    if thread and not _WORDS.search(text):
        return identify(thread[-1], thread[:-1])
    if _KANA.search(text):
        return "ja"
    han = len(_HAN.findall(text))
    if han and not _CHINESE.search(text) and han >= len(_LATIN.findall(text)) / 3:
        return "ja"  # 参加費用, 署名都市: words without kana
    return FALLBACK
