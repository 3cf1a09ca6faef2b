"""What a build changed, by document; and that what did not change is neither counted nor encoded."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.catalogue import Corpus, read_corpus
from corpus.faq import Faq
from corpus.models import FAQ_DOCUMENT, Passage
from corpus.progress import Stage
from index.build import build
from index.changes import Change, Contents, compare, lacking, lacking_documents
from index.encoder import Encoder
from index.generation import read_manifest
from tests.conftest import Command
from tests.corpus.samples import CATALOGUE, ENGLISH, ENTRIES, JAPANESE, NOTES, RULES, write_corpus
from tests.index.conftest import Small

MONEY = "Each town pays forty crowns a year to the treasurer. Next year the sum is raised to fifty crowns."
MOVED = RULES.replace("- The club meets every spring in Aomori.\n", "").replace(
    "every autumn in Busan.", "every autumn in Busan.\n- The club meets every spring in Aomori."
)


def passages(*texts: str, document: str = "rules", headings: tuple[str, ...] = ()) -> tuple[Passage, ...]:
    return tuple(
        Passage(id=f"{document}:{n}", document=document, language="en", headings=headings, number=n, alone=False,
                start=0, text=text, sentences=((0, len(text)),))
        for n, text in enumerate(texts, 1)
    )  # fmt: skip


def counts(before: Contents, after: Contents) -> dict[str, tuple[int, int, int]]:
    return {change.document: (change.added, change.changed, change.removed) for change in compare(before, after)}


# Comparing


def test_nothing_and_nothing_are_the_same(small_corpus: Corpus) -> None:
    assert compare(Contents(), Contents()) == ()
    assert compare(Contents.of_corpus(small_corpus), Contents.of_corpus(small_corpus)) == ()


def test_everything_is_new_to_nothing_and_the_other_way_round(small_corpus: Corpus) -> None:
    whole = Contents.of_corpus(small_corpus)
    assert counts(Contents(), whole) == {"rules": (4, 0, 0), "notes": (3, 0, 0), "faq": (5, 0, 0)}
    assert counts(whole, Contents()) == {"rules": (0, 0, 4), "notes": (0, 0, 3), "faq": (0, 0, 5)}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([MONEY], [MONEY.replace("forty", "fifty")], (0, 1, 0)),
        ([MONEY], ["Ships are to be painted green."], (1, 0, 1)),
        ([MONEY], [MONEY, "Ships are to be painted green."], (1, 0, 0)),
        ([MONEY, MONEY], [MONEY], (0, 0, 1)),
        ([MONEY], [MONEY + " one", MONEY + " two"], (1, 1, 0)),
        ([MONEY + " one", MONEY + " two"], [MONEY + " two", MONEY + " one"], (0, 0, 0)),
        ([MONEY + " one", MONEY + " two"], [MONEY + " two!", MONEY + " one!"], (0, 2, 0)),
    ],
)
def test_passages_are_added_changed_and_removed(
    before: list[str], after: list[str], expected: tuple[int, int, int]
) -> None:
    found = counts(Contents(passages(*before)), Contents(passages(*after)))
    assert found.get("rules", (0, 0, 0)) == expected


def test_a_passage_under_another_heading_is_changed() -> None:
    before, after = (passages(MONEY, headings=(heading,)) for heading in ("Money", "Dues"))
    assert counts(Contents(before), Contents(after)) == {"rules": (0, 1, 0)}


def test_the_most_alike_are_taken_for_each_other() -> None:
    """Not the first that come near: of three edited paragraphs none is both removed and added."""
    old = [f"{MONEY} This is paragraph {'abc'[n] * 30}." for n in range(3)]
    new = [text.replace("crowns", "dollars") for text in reversed(old)]
    assert counts(Contents(passages(*old)), Contents(passages(*new))) == {"rules": (0, 3, 0)}


def test_documents_are_told_apart_even_where_they_say_the_same() -> None:
    before, after = passages(MONEY, document="a"), passages(MONEY, document="b")
    assert counts(Contents(before), Contents(after)) == {"b": (1, 0, 0), "a": (0, 0, 1)}


def test_a_faq_entry_is_changed_by_its_words_and_not_by_its_place(small_corpus: Corpus) -> None:
    faq = small_corpus.faq
    first, *others = faq.entries
    edited = first.model_copy(update={"topic": "letters"})
    after = faq.model_copy(update={"entries": (*reversed(others[1:]), edited)})
    assert compare(Contents(faq=faq), Contents(faq=after)) == (
        Change(document=FAQ_DOCUMENT, added=0, changed=1, removed=1),
    )
    assert [entry.id for entry in lacking(Contents(faq=faq), Contents(faq=after))] == [others[0].id]
    assert lacking(Contents(), Contents(faq=faq)) == ()
    assert len(lacking(Contents(faq=faq), Contents(faq=Faq()))) == 5


def test_documents_that_are_lacking_are_named_once() -> None:
    both = (*passages(MONEY, "Another passage.", document="a"), *passages(MONEY, document="b"))
    assert lacking_documents(Contents(both), Contents(passages(MONEY, document="b"))) == ("a",)
    assert lacking_documents(Contents(both), Contents()) == ("a", "b")
    assert lacking_documents(Contents(), Contents(both)) == ()


texts = st.lists(st.sampled_from([MONEY, MONEY + " x", MONEY.upper(), "Short.", "港の会", "Another one altogether."]))


@given(before=texts, after=texts)
def test_the_counts_add_up(before: list[str], after: list[str]) -> None:
    added, changed, removed = counts(Contents(passages(*before)), Contents(passages(*after))).get("rules", (0, 0, 0))
    assert len(before) - removed + added == len(after)
    assert changed <= min(len(before), len(after))
    assert (added, changed, removed) == (0, 0, 0) or sorted(before) != sorted(after)
    back = counts(Contents(passages(*after)), Contents(passages(*before))).get("rules", (0, 0, 0))
    assert back == (removed, changed, added)


# Building


def encoded(small: Small, encoder: Encoder) -> int:
    """How many texts a build of the folder as it stands encodes."""
    totals: list[int] = []

    def note(stage: Stage, done: int, total: int) -> None:
        if stage is Stage.ENCODING:
            totals.append(total)

    build(read_corpus(small.documents), encoder, small.store, by="tests", progress=note)
    return max(totals, default=0)


def reordered() -> str:
    first, *entries = CATALOGUE.split("[[document]]")
    return "[[document]]".join([first, *reversed(entries)])


@pytest.mark.parametrize(
    "changes",
    [
        {"catalogue.toml": reordered()},
        {"catalogue.toml": "# a comment\n" + CATALOGUE},
        {"rules.md": MOVED},
        {"faq/en.toml": ENGLISH.replace("[entries.joining]", "\n# first\n[entries.joining]")},
    ],
    ids=["the catalogue's order", "a comment", "an item moved", "a comment in the FAQ"],
)
def test_what_only_moved_is_not_encoded(small: Small, encoder: Encoder, changes: dict[str, str]) -> None:
    write_corpus(small.documents, changes)
    assert encoded(small, encoder) <= (1 if changes.get("rules.md") else 0), "a list that reads otherwise, at most"


def test_paragraphs_that_only_moved_are_no_change(small: Small, encoder: Encoder) -> None:
    """Whole sections, and the documents too."""
    title, *sections = RULES.split("\n## ")
    before = Contents.of_generation(small.generation())
    write_corpus(small.documents, {"rules.md": "\n## ".join([title, *reversed(sections)]),
                                   "catalogue.toml": reordered()})  # fmt: skip
    first = small.store.current()
    assert encoded(small, encoder) == 0
    assert small.store.current() != first, "quotations stand elsewhere, so it is another generation"
    assert compare(before, Contents.of_generation(small.generation())) == ()


def test_after_a_rollback_the_next_build_encodes_nothing(small: Small, encoder: Encoder) -> None:
    write_corpus(small.documents, {"notes.txt": NOTES + "\n旗は青です。\n"})
    assert encoded(small, encoder) == 2
    first, second = small.store.ids()
    small.store.activate(first)
    assert encoded(small, encoder) == 0
    newest = small.store.current() or ""
    assert newest not in {first, second}
    assert read_manifest(small.generation(newest)).content == read_manifest(small.generation(second)).content


def test_a_build_and_a_rollback_say_what_they_change(command: Command, small: Small) -> None:
    """Words added, changed and removed in a document and in the FAQ; then all of it the other way round."""
    run: Callable[..., str] = lambda *arguments: command("index", *arguments, env=small.settings).stdout  # noqa: E731
    entries = ENTRIES + (
        '[[entry]]\nnumber = 6\nid = "flag"\ntopic = "flags"\n'
        'quotations = [{ document = "notes", quote = "旗は青です。" }]\n'
    )
    english = ENGLISH.replace("Each town pays forty crowns a year.", "Forty crowns a year.") + (
        '\n[entries.flag]\nquestions = ["Which colour has the flag?"]\nanswer = "Blue."\n'
    )
    write_corpus(small.documents, {
        "notes.txt": NOTES + "\n旗は青です。\n",
        "rules.md": RULES.replace("fifty", "sixty").replace("- The club meets every autumn in Busan.", ""),
        "faq/entries.toml": entries,
        "faq/en.toml": english,
    })  # fmt: skip
    assert run("build").splitlines()[1:] == [
        "  rules  passages: 2 changed",
        "  notes  passages: 1 added",
        "  faq    entries: 1 added, 1 changed",
    ]
    assert run("build").splitlines()[1:] == [], "nothing is said where nothing was built"
    assert run("rollback").splitlines()[1:] == [
        "the next build would bring back:",
        "  rules  passages: 2 changed",
        "  notes  passages: 1 added",
        "  faq    entries: 1 added, 1 changed",
        "FAQ entries that this generation lacks: 6 flag",
    ]
    assert run("rollback", small.store.ids()[-1]).splitlines()[1:] == ["the next build would change nothing"]


def test_a_rollback_is_possible_while_the_corpus_is_broken(command: Command, small: Small) -> None:
    command("index", "build", "--force", env=small.settings)
    first = small.store.ids()[0]
    write_corpus(small.documents, {"rules.md": RULES.encode("utf-16")})
    done = command("index", "rollback", env=small.settings)
    assert (done.returncode, small.store.current()) == (0, first)
    assert done.stderr.startswith("warning: ")
    assert "rules.md" in done.stderr


def test_what_cannot_be_compared_counts_as_added(command: Command, small: Small) -> None:
    (small.generation() / "faq.json").write_text("{}")
    write_corpus(small.documents, {"faq/ja.toml": JAPANESE.replace("毎年四十", "年に四十")})
    done = command("index", "build", env=small.settings)
    assert done.returncode == 0
    assert "faq.json" in done.stderr
    assert "  rules  passages: 4 added" in done.stdout
    assert json.loads(command("index", "status", "--json", env=small.settings).stdout)["id"] == small.store.current()


def test_progress_goes_to_the_log_and_not_to_stdout(command: Command, fresh: Small) -> None:
    done = command("index", "build", env=fresh.settings)
    log = done.stderr.splitlines()
    assert log[0] == "building the index: 0/42 texts"
    assert log[-2:] == ["building the index: 42/42 texts", "building the index: learning the questions"]
    assert len(log) <= 4, "and perhaps an estimate"
    assert done.stdout.startswith("built: ")
    assert "texts" not in done.stdout
