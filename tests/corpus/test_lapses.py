"""FAQ entries rest when text that carries their answers was replaced or taken out, and at no other time."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.catalogue import Corpus, read_corpus
from corpus.errors import CorpusError
from corpus.lapses import standing
from tests.corpus.samples import CATALOGUE, ENTRIES, NOTES, RULES, write_corpus

REPLACED = 'language = "en"\nreplaced = 2026-01-01'
ALL = ["joining", "leaving", "meetings", "fee", "anthem"]


def read(folder: Path, rules: str = RULES, entry: str = 'language = "en"', entries: str = ENTRIES) -> Corpus:
    """The small corpus with other rules."""
    catalogue = CATALOGUE.replace('language = "en"', entry)
    return read_corpus(write_corpus(folder, {"catalogue.toml": catalogue, "rules.md": rules,
                                             "faq/entries.toml": entries}))  # fmt: skip


def names(corpus: Corpus) -> tuple[list[str], list[str]]:
    return [entry.id for entry in corpus.faq.entries], [lapse.entry for lapse in corpus.lapses]


def test_nothing_rests_where_nothing_is_gone(tmp_path: Path) -> None:
    assert names(read(tmp_path)) == (ALL, [])
    assert names(read(tmp_path, entry=REPLACED)) == (ALL, []), "replaced by the same words"


def test_an_entry_rests_when_its_words_were_replaced(tmp_path: Path) -> None:
    corpus = read(tmp_path, RULES.replace("blue flag", "green flag"), REPLACED)
    assert names(corpus) == (["joining", "meetings", "fee", "anthem"], ["leaving"])
    (lapse,) = corpus.lapses
    assert lapse.number == 2
    assert [(q.document, q.quote) for q in lapse.lost] == [
        ("rules", "A town leaves the harbour club by flying a blue flag for seven days.")
    ], "the quotation that is lost, and not the one that still stands in the notes"
    assert "blue flag" not in corpus.faq.text()


def test_words_lost_by_a_slip_of_the_pen_refuse_the_corpus(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="blue flag"):
        read(tmp_path, RULES.replace("blue flag", "green flag"))
    with pytest.raises(CorpusError, match="青い旗"):
        read_corpus(write_corpus(tmp_path, {
            "catalogue.toml": CATALOGUE.replace('language = "en"', REPLACED),
            "notes.txt": NOTES.replace("青い旗", "緑の旗"),
        }))  # fmt: skip


@pytest.mark.parametrize("entry", ["retired = 2026-01-01", 'superseded_by = "notes"'])
def test_entries_rest_when_their_document_was_taken_out(tmp_path: Path, entry: str) -> None:
    assert names(read(tmp_path, entry=f'language = "en"\n{entry}')) == ([], ALL)


def test_an_entry_wakes_when_its_quotation_is_mended(tmp_path: Path) -> None:
    rules = RULES.replace("blue flag", "green flag")
    assert names(read(tmp_path, rules, REPLACED))[1] == ["leaving"]
    mended = ENTRIES.replace("blue flag", "green flag")
    assert names(read(tmp_path, rules, REPLACED, mended)) == (ALL, [])


def test_an_entry_wakes_when_the_words_come_back(tmp_path: Path) -> None:
    assert names(read(tmp_path, RULES.replace("blue flag", "green flag"), REPLACED))[1] == ["leaving"]
    assert names(read(tmp_path, RULES, REPLACED)) == (ALL, [])


def test_an_entry_that_quotes_what_is_to_come_does_not_lapse(tmp_path: Path) -> None:
    """It is indexed, and rests only until the day."""
    assert names(read(tmp_path, entry='language = "en"\nvalid_from = 2999-01-01')) == (ALL, [])


def test_words_that_only_another_document_still_has_do_not_carry_an_entry(tmp_path: Path) -> None:
    corpus = read(tmp_path)
    others = [passage for passage in corpus.passages() if passage.document != "rules"]
    faq, lapses = standing(corpus.faq, others, {"rules"})
    assert faq.entries == ()
    assert [lapse.entry for lapse in lapses] == ALL
    assert faq.contacts == corpus.faq.contacts, "people can be asked all the same"
