"""Every sentence of the desk's own is translated, and each translation says what its sentence says."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message

from assistant.languages import FALLBACK, SUPPORTED
from assistant.messages import catalogues, conjunctions, translation

LANGUAGES = [language for language in SUPPORTED if language != FALLBACK]
CATALOGUES = [(language, domain) for domain, languages in catalogues.LANGUAGES.items() for language in languages]


@pytest.fixture(scope="module", params=CATALOGUES, ids=lambda it: f"{it[0]}-{it[1]}")
def which(request: pytest.FixtureRequest) -> tuple[str, str]:
    language, domain = request.param
    return language, domain


@pytest.fixture(scope="module")
def catalogue(which: tuple[str, str]) -> Catalog:
    return catalogues.read(*which)


def sentences(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def test_there_are_sentences() -> None:
    officials, staff = ({str(m.id) for m in sentences(catalogues.extracted(domain))} for domain in catalogues.LANGUAGES)
    assert "official" in officials
    assert any("something went wrong" in sentence for sentence in officials)
    assert "Take it" in staff
    assert "Take it" not in officials


def test_every_language_has_the_officials_sentences() -> None:
    assert set(catalogues.LANGUAGES["desk"]) == set(LANGUAGES)


def test_a_catalogue_has_the_sentences_of_the_code_and_no_others(catalogue: Catalog, which: tuple[str, str]) -> None:
    """`make messages` brings it up to date."""
    assert {str(m.id) for m in sentences(catalogue)} == {str(m.id) for m in sentences(catalogues.extracted(which[1]))}
    assert not catalogue.obsolete


def test_nothing_is_left_untranslated(catalogue: Catalog) -> None:
    assert catalogues.untranslated(catalogue) == []


def test_what_gettext_reads_is_what_translators_wrote(catalogue: Catalog, which: tuple[str, str]) -> None:
    path = catalogues.po_path(*which).with_suffix(".mo")
    assert path.read_bytes() == catalogues.compiled(catalogue)


def test_a_translation_has_the_places_of_its_sentence(catalogue: Catalog) -> None:
    wrong = [m.id for m in sentences(catalogue) if set(places(str(m.string))) != set(places(str(m.id)))]
    assert wrong == []


def test_a_translation_keeps_what_people_type(catalogue: Catalog) -> None:
    """Numbers, addresses and keys are the same in every language."""
    pattern = re.compile(r"Ctrl-\w|\d+|/\w+")
    for message in sentences(catalogue):
        before, after = (re.sub(r"(?<=\d)[.,](?=\d{3})", "", str(text)) for text in (message.id, message.string))
        assert set(pattern.findall(before)) <= set(pattern.findall(after)), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_is_found_at_work(language: str) -> None:
    assert translation(language).gettext("official") != "official"


@pytest.mark.parametrize("language", ["en", "sw", "xx-Nonsense"])
def test_without_a_translation_there_is_english(language: str) -> None:
    assert translation(language).gettext("official") == "official"


def places(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_language_has_words_between_two_questions(language: str) -> None:
    assert conjunctions(language)
