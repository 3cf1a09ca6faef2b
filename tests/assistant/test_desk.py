"""The desk at work: one encoder, whichever generation is current, from any thread."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.desk import Desk, build_index, open_encoder, open_store
from assistant.models import Enquiry
from assistant.settings import Settings
from corpus.catalogue import read_corpus
from index.encoder import Encoder
from tests.conftest import Small, twin
from tests.corpus.samples import RULES, write_corpus

LEAVE = Enquiry(question="How does a town leave the harbour club?")


@pytest.fixture
def settings(tmp_path: Path, engines: Path) -> Settings:
    corpus = write_corpus(tmp_path / "corpus")
    made = Settings(_env_file=None, desk_data_dir=tmp_path / "data", desk_corpus_dir=corpus)
    shutil.copytree(engines, made.engines)
    return made


def rewrite(settings: Settings, old: str, new: str) -> None:
    for path in settings.desk_corpus_dir.rglob("*.*"):
        if path.is_file():
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def damage(folder: Path) -> None:
    with (folder / "brief-faq.json").open("ab") as file:
        file.write(b" ")


def test_a_new_generation_is_taken_up_between_two_questions(settings: Settings, encoder: Encoder) -> None:
    desk = Desk(settings)
    before = desk.reply(LEAVE)
    assert "blue flag" in before.text
    rewrite(settings, "blue flag", "green flag")
    built = build_index(settings, encoder)
    after = desk.reply(LEAVE)
    assert "green flag" in after.text
    assert "green flag" in after.citations[0].quote
    assert (after.generation, desk.generation.manifest.id) == (built.id, built.id)


def test_a_rollback_is_taken_up_too(settings: Settings, encoder: Encoder) -> None:
    desk = Desk(settings)
    first = desk.reply(LEAVE).generation
    second = build_index(settings, encoder, force=True).id
    assert desk.reply(LEAVE).generation == second
    open_store(settings).activate(first)
    assert desk.reply(LEAVE).generation == first


def test_a_damaged_new_generation_does_not_stop_a_running_desk(settings: Settings, encoder: Encoder) -> None:
    desk = Desk(settings)
    serving = desk.reply(LEAVE).generation
    store = open_store(settings)
    broken = "000002-0badbad0"
    shutil.copytree(store.folder(serving), store.folder(broken))
    damage(store.folder(broken))
    store.activate(broken)
    assert desk.reply(LEAVE).generation == serving
    assert desk.reply(LEAVE).generation == serving, "and it does not try again at every question"
    mended = build_index(settings, encoder).id
    assert desk.reply(LEAVE).generation == mended


def test_a_damaged_generation_is_stood_in_for_by_the_newest_sound_one(settings: Settings, encoder: Encoder) -> None:
    first = build_index(settings, encoder).id
    second = build_index(settings, encoder, force=True).id
    third = build_index(settings, encoder, force=True).id
    store = open_store(settings)
    damage(store.folder(third))
    warnings: list[str] = []
    assert Desk(settings, warn=warnings.append).reply(LEAVE).generation == second
    assert len(warnings) == 1
    assert third in warnings[0]
    assert second in warnings[0]
    damage(store.folder(second))
    assert Desk(settings, warn=warnings.append).reply(LEAVE).generation == first


def test_many_threads_get_the_replies_that_one_gets(desk: Desk) -> None:
    questions = ["What is CityNet?", "How do we join?", "How do I bake bread?", "参加費用は？", "hello"] * 6
    alone = [desk.reply(Enquiry(question=question)) for question in questions[:5]] * 6
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: desk.reply(Enquiry(question=question)), questions))
    for one, other in zip(alone, together, strict=True):
        assert (one.outcome, one.text, one.citations) == (other.outcome, other.text, other.citations)


def test_threads_that_ask_while_the_index_changes_are_all_answered(settings: Settings, encoder: Encoder) -> None:
    desk = Desk(settings)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(desk.reply, LEAVE) for _ in range(20)]
        built = {build_index(settings, encoder, force=True).id for _ in range(2)}
        asked += [pool.submit(desk.reply, LEAVE) for _ in range(20)]
        replies = [future.result() for future in asked]
    assert {reply.outcome for reply in replies} == {"answered"}
    assert replies[-1].generation == max(built)


@pytest.mark.parametrize(
    ("language", "question"), [("en", "How do we join?"), ("ja", "参加するにはどうすればよいですか？")]
)
def test_examples_are_questions_that_are_answered(desk: Desk, language: str, question: str) -> None:
    examples = desk.examples(language, 4)
    assert len(examples) == 4
    assert len(set(examples)) == 4
    for example in examples:
        assert desk.reply(Enquiry(question=example)).outcome == "answered", example
    assert desk.reply(Enquiry(question=question)).outcome == "answered"


def test_suggestions_come_where_nothing_was_found(desk: Desk) -> None:
    assert desk.reply(Enquiry(question="How do I bake bread?")).examples
    assert desk.reply(Enquiry(question="hello")).examples
    assert desk.reply(Enquiry(question="What is CityNet?")).examples == ()


def test_a_document_put_into_the_corpus_is_quoted(few: Small, tmp_path: Path) -> None:
    """A question that no FAQ entry asks is answered, or possibly answered, in the new document's own words."""
    folder = shutil.copytree(few.documents, tmp_path / "corpus")
    with (folder / "catalogue.toml").open("a", encoding="utf-8") as catalogue:
        catalogue.write('\n[[document]]\nid = "rules"\nfile = "rules.md"\nkind = "other"\nauthority = "official"\n')
        catalogue.write('title = "Rules of the harbour club"\nlanguage = "en"\n')
    (folder / "rules.md").write_text(RULES, encoding="utf-8")
    data = twin(few.data, tmp_path / "data")
    settings = Settings(_env_file=None, desk_corpus_dir=folder, desk_data_dir=data)
    build_index(settings, open_encoder(settings, lasting=True))
    reply = Desk(settings).reply(LEAVE)
    assert reply.outcome in {"answered", "possible"}
    assert any("blue flag" in citation.quote for citation in reply.citations if citation.document == "rules")


def test_help_names_the_documents_there_are(settings: Settings, encoder: Encoder) -> None:
    build_index(settings, encoder)
    said = Desk(settings).help_text("en")
    assert "Declaration framework (November 2025)" in said
    assert "Notes on the rules" not in said, "it is in Japanese"
    assert len(read_corpus(settings.desk_corpus_dir).documents) == 3
