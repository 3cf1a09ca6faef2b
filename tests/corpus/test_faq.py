"""The FAQ's promises: enough entries, in both languages, each carried by words that stand in a document."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict

import pytest

from corpus.catalogue import Corpus
from corpus.clean import match
from corpus.faq import FaqEntry, Review, as_asked
from corpus.models import FAQ_DOCUMENT, Authority

LANGUAGES = ("en", "ja")
TRANSLATIONS = ("ko", "zh-Hans", "zh-Hant", "th", "vi", "id", "ms", "fil", "hi", "bn", "ta", "ne", "my", "km")
TOPICS = ("joining", "declaration", "letter", "europe", "organisations", "conference", "contacts")

# "What no source states" in ../shared/sources/facts.md, item by item.
SILENCES = {
    "fee or cost of joining": "joining-fee",
    "deadline": "joining-deadline",
    "application form": "application-form",
    "required papers": "required-papers",
    "whether a council resolution is needed": "council-resolution",
    "minimum population": "minimum-population",
    "eligibility of prefectures": "prefecture-eligibility",
    "eligibility of wards and towns": "ward-town-eligibility",
    "cities outside Asia": "outside-asia-eligibility",
    "reporting duty and its interval": "reporting-duty",
    "how to withdraw": "withdrawal",
    "legal force": "legal-force",
    "number of Asian signatories after Yokohama": "asian-signatory-count",
    "the text of the ten commitments": "ten-commitments-text",
    "subsidies": "subsidies",
    "voting rights": "voting-rights",
    "logo rules": "logo-rules",
    "language of the signed text": "text-language",
    "who signs when a mayor cannot": "deputy-signature",
}

# Counts that an answer makes of what its quotation lists, and names that are asked about (C40): no facts of their own.
COUNTED = {
    ("conference-dates", "ja"): {"3"},
    ("ten-commitments-text", "ja"): {"2"},
    ("other-frameworks", "ja"): {"40"},
    ("other-frameworks", "en"): {"40"},
}

# Words that by themselves say yes or no at the beginning of an answer.
YES_OR_NO = {
    "en": ("yes", "no", "indeed", "correct", "right", "not at all"),
    "ja": (
        *("はい", "いいえ", "ええ", "そうです", "違います", "そのとおりです"),
        *("あります", "ありません", "できます", "できません"),
        *("含まれています", "要望されています", "求めています", "加盟しています", "同じものです", "公式ではありません"),
    ),
    "ko": ("예", "네", "아니요", "아니오", "아닙니다", "맞습니다", "그렇습니다", "있습니다", "없습니다"),
    "zh-Hans": ("是", "是的", "不是", "对", "不对", "没错", "有", "有的", "没有", "可以", "不可以", "两者相同"),
    "zh-Hant": ("是", "是的", "不是", "對", "不對", "沒錯", "有", "有的", "沒有", "可以", "不可以", "兩者相同"),
    "th": ("ใช่", "ใช่ครับ", "ใช่ค่ะ", "ไม่", "ไม่ใช่", "มี", "ไม่มี", "ได้", "ไม่ได้", "ถูกต้อง"),
    "vi": ("có", "không", "vâng", "đúng", "đúng vậy", "phải"),
    "id": ("ya", "tidak", "bukan", "ada", "tidak ada", "benar", "betul", "bisa", "keduanya sama"),
    "ms": ("ya", "tidak", "bukan", "ada", "tiada", "benar", "betul", "boleh"),
    "fil": ("oo", "opo", "hindi", "hindi po", "mayroon", "wala", "tama", "iisa ang mga ito"),
    "hi": ("हाँ", "हां", "जी हाँ", "नहीं", "जी नहीं", "सही"),
    "bn": ("হ্যাঁ", "জি", "না", "আছে", "নেই"),
    "ta": ("ஆம்", "ஆமாம்", "இல்லை", "உண்டு", "இருக்கிறது"),
    "ne": ("हो", "होइन", "छ", "छैन", "हजुर"),
    "my": (
        *("ဟုတ်ကဲ့", "ဟုတ်ပါသည်", "မဟုတ်ပါ", "ရှိပါသည်", "ရှိခဲ့ပါသည်", "မရှိပါ"),
        *("ပါဝင်ပါသည်", "တောင်းဆိုထားပါသည်", "အတူတူပင် ဖြစ်ပါသည်"),
    ),
    "km": ("បាទ", "ចាស", "មាន", "មែន", "ទេ", "គ្មាន", "មិនមែន"),
}

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\d{2,4}-\d{2,4}-\d{4}")
_URL = re.compile(r"https?://[^\s<>「」（）(),]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture(scope="module")
def entries(corpus: Corpus) -> dict[str, FaqEntry]:
    return {entry.id: entry for entry in corpus.faq.entries}


def test_there_are_entries_enough(entries: dict[str, FaqEntry]) -> None:
    assert len(entries) >= 45


@pytest.mark.parametrize("topic", TOPICS)
def test_every_matter_that_officials_ask_about_has_answers(entries: dict[str, FaqEntry], topic: str) -> None:
    assert any(entry.topic == topic and not entry.gap for entry in entries.values())


def test_every_entry_has_both_languages_and_three_phrasings_in_each(entries: dict[str, FaqEntry]) -> None:
    for entry in entries.values():
        for language in LANGUAGES:
            wording = entry.wordings[language]
            assert len({match(question) for question in wording.questions}) >= 3, f"{entry.id} in {language}"
            assert wording.answer.strip(), f"{entry.id} in {language}"


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_has_every_entry_and_says_that_nobody_has_approved_it(
    corpus: Corpus, entries: dict[str, FaqEntry], language: str
) -> None:
    for entry in entries.values():
        wording = entry.wordings[language]
        assert len({match(question) for question in wording.questions}) >= 3, entry.id
        assert wording.review is Review.UNREVIEWED, entry.id
    assert all(language in contact for contact in corpus.faq.contacts.values())


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_has_the_figures_and_addresses_of_the_english_answer(
    corpus: Corpus, entries: dict[str, FaqEntry], language: str
) -> None:
    """But for months, which some languages write as figures."""
    months = {str(month) for month in range(1, 13)}
    differing = {}
    for entry in entries.values():
        here, there = (facts(entry.wordings[name].answer) for name in (language, "en"))
        if there - here or here - there - months:
            differing[entry.id] = (there - here, here - there)
    assert differing == {}
    for contact in corpus.faq.contacts.values():
        assert facts(contact[language].detail) == facts(contact["en"].detail)


def test_no_phrasing_belongs_to_two_entries(entries: dict[str, FaqEntry]) -> None:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries.values():
        for wording in entry.wordings.values():
            for question in wording.questions:
                owners[as_asked(question)].add(entry.id)
    assert {question: ids for question, ids in owners.items() if len(ids) > 1} == {}


def test_every_quotation_stands_verbatim_in_its_document(corpus: Corpus, entries: dict[str, FaqEntry]) -> None:
    """White space aside: the press release breaks lines where a quotation does not."""
    texts = {document.id: "".join(corpus.text(document.id).split()) for document in corpus.documents}
    for entry in entries.values():
        for quotation in entry.quotations:
            assert quotation.document != FAQ_DOCUMENT, f"{entry.id} quotes the FAQ itself"
            assert "".join(quotation.quote.split()) in texts[quotation.document], f"{entry.id}: {quotation.quote}"


def test_every_answer_is_carried_for_readers_of_both_languages(corpus: Corpus, entries: dict[str, FaqEntry]) -> None:
    """By an official document, or by a digest in the reader's own language."""
    for entry in entries.values():
        for language in LANGUAGES:
            assert readable(corpus, entry, language), f"{entry.id} in {language}"


@pytest.mark.parametrize(("silence", "entry"), SILENCES.items())
def test_what_no_source_states_is_a_known_gap(entries: dict[str, FaqEntry], silence: str, entry: str) -> None:
    assert entry in entries, f"no entry on {silence}"
    assert entries[entry].gap


@pytest.mark.parametrize("language", [*LANGUAGES, *TRANSLATIONS])
def test_no_answer_begins_with_yes_or_no(entries: dict[str, FaqEntry], language: str) -> None:
    """A question may be put the other way round: "Is it true that the letter does not ask for …?"."""
    words = "|".join(map(re.escape, YES_OR_NO[language]))
    after = r"[\s.,:;!。、，：；！।၊။។៖—–]" if language in {"th", "km"} else r"\s*[.,:;!。、，：；！।၊။។៖—–]"
    opening = re.compile(rf"(?:{words})(?:{after}|$)", re.IGNORECASE)
    assert [entry.id for entry in entries.values() if opening.match(entry.wordings[language].answer)] == []


def test_a_known_gap_says_whom_to_ask(corpus: Corpus, entries: dict[str, FaqEntry]) -> None:
    for entry in entries.values():
        if entry.gap and not entry.contact:
            assert "Please ask the staff here" in entry.wordings["en"].answer, entry.id
        elif entry.gap:
            assert entry.contact
            assert set(corpus.faq.contacts[entry.contact]) >= set(LANGUAGES)


def test_a_known_gap_says_in_both_languages_that_the_documents_are_silent(entries: dict[str, FaqEntry]) -> None:
    for entry in entries.values():
        if entry.gap:
            assert re.search(r"\b(do|does) not\b", entry.wordings["en"].answer), entry.id
            assert re.search(r"ません", entry.wordings["ja"].answer), entry.id


def test_joining_is_answered_and_names_whom_to_ask(corpus: Corpus, entries: dict[str, FaqEntry]) -> None:
    """The most likely first question: no procedure is published, ICLEI Japan runs the declaration, ask there."""
    entry = entries["joining-procedure"]
    assert entry.contact == "iclei-japan"
    for language in LANGUAGES:
        contact = corpus.faq.contacts["iclei-japan"][language]
        assert "iclei-japan@iclei.org" in contact.detail
        assert "iclei-japan@iclei.org" in entry.wordings[language].answer
    assert "general address" in corpus.faq.contacts["iclei-japan"]["en"].detail


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_states_a_figure_or_an_address_that_nothing_carries(
    corpus: Corpus, entries: dict[str, FaqEntry], language: str
) -> None:
    unsupported = {}
    for entry in entries.values():
        quotations = readable(corpus, entry, language)
        sources = [quote for _, quote in quotations]
        sources += [published(corpus, document) for document, _ in quotations]
        if entry.contact:
            sources.append(corpus.faq.contacts[entry.contact][language].detail)
        stated = facts(entry.wordings[language].answer) - facts("\n".join(sources))
        if stated := stated - COUNTED.get((entry.id, language), set()):
            unsupported[entry.id] = stated
    assert unsupported == {}


def test_contacts_are_those_that_the_sources_name(corpus: Corpus) -> None:
    details = {
        facts(contact.detail) for by_language in corpus.faq.contacts.values() for contact in by_language.values()
    }
    assert set().union(*details) == {
        "iclei-japan@iclei.org",
        "045-671-4889",
        "045-671-4933",
        *facts("045-671-4889 045-671-4933"),
    }


def readable(corpus: Corpus, entry: FaqEntry, language: str) -> list[tuple[str, str]]:
    """Document and words of the quotations that a reader of `language` is shown."""
    documents = {document.id: document for document in corpus.documents}
    return [
        (quotation.document, quotation.quote)
        for quotation in entry.quotations
        if documents[quotation.document].authority is Authority.OFFICIAL
        or documents[quotation.document].language == language
    ]


def published(corpus: Corpus, document: str) -> str:
    return next(d.published or "" for d in corpus.documents if d.id == document)


def facts(text: str) -> frozenset[str]:
    """Numbers, e-mail addresses, phone numbers and web addresses of a text."""
    text = unicodedata.normalize("NFKC", text)
    found = {hit for pattern in (_EMAIL, _PHONE, _URL) for hit in pattern.findall(text)}
    return frozenset(found | {number.replace(",", "") for number in _NUMBER.findall(text)})
