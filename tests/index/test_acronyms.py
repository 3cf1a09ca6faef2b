"""Bodies and programmes that nothing here knows are found by their initials, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.catalogue import Corpus
from corpus.faq import Faq, FaqEntry, Quotation, Wording
from index.acronyms import Acronyms
from index.texts import searched


@pytest.fixture(scope="module")
def acronyms(corpus: Corpus) -> Acronyms:
    return Acronyms.of("\n".join(map(searched, corpus.passages())), corpus.faq)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What role does IGES play?", {"iges"}),
        ("JICAは支援していますか", {"jica"}),
        ("아이제스(IGES)는 어떤 역할을 하나요?", {"iges"}),
        ("Macam mana pula dengan AIIB dan IMF?", {"aiib", "imf"}),
        ("亚投行（AIIB）支持ACCD吗？", {"aiib"}),
        ("UNFCCC全名？", {"unfccc"}),
        ("ＪＩＣＡは支援していますか", {"jica"}),
        ("Did other NKRAs sign?", {"nkra"}),
        ("Is it under the UNFCCC? Or UNIDO?", {"unfccc", "unido"}),
    ],
)
def test_what_nobody_here_knows_is_found(acronyms: Acronyms, question: str, found: set[str]) -> None:
    assert acronyms.strange_in(question) == found


@pytest.mark.parametrize(
    "question",
    [
        "Does UN-ESCAP support the ACCD?",
        "ASCC2025はいつ？",
        "HOW DO WE JOIN THE DECLARATION",
        "Sinong LGU ang unang pumirma?",
        "UBND thành phố chúng tôi ký được không?",
        "What is its URL?",
        "Is there a PhD among the speakers, or an MoU?",
        "URGENT: which city signed first?",
        "Please answer ASAP, FYI my mayor waits. When is it, in JST?",
        "How much is it in JPY or EUR?",
        "Chapter VIII of the framework",
        "MANDATORY?",
        "What is ICLEInya? Which UNDPs?",
        "NGUYỄN hỏi: thành phố NGHIÊN cứu",
        "",
    ],
)
def test_what_is_known_or_no_acronym_is_not(acronyms: Acronyms, question: str) -> None:
    assert acronyms.strange_in(question) == frozenset()


def test_what_only_a_known_gap_is_asked_with_is_not_known_by_it(tmp_path: Path) -> None:
    """“Does JICA pay?”, with the answer that the documents do not say: they do not know JICA."""
    entries = [
        FaqEntry(number=n, id=f"e{n}", topic="t", gap=gap, quotations=(Quotation(document="d", quote="q"),),
                 wordings={"en": Wording(questions=(question,), answer="It is.")})
        for n, (gap, question) in enumerate([(True, "Does JICA pay?"), (False, "What does the UNDP say?")], 1)
    ]  # fmt: skip
    Acronyms.of("The ADB.", Faq(entries=tuple(entries))).save(tmp_path / "known.npy")
    known = Acronyms.load(tmp_path / "known.npy")
    assert known.strange_in("JICA, UNDP, ADB and OECD") == {"jica", "oecd"}
    assert known.strange_in("DOES IT PAY?") == frozenset()
