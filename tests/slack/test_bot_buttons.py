"""What people click and open: feedback, quotations in context, example questions, suggested prompts."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.models import Outcome
from assistant.retention import expire
from corpus.catalogue import Corpus
from tests.conftest import Small
from tests.slack.conftest import Office, enquiry_of, latin_words, quotes
from tests.slack.limits import walk
from tests.slack.test_bot import ENGLISH, JAPANESE, formatted
from tests.slack.workspace import Message, pings


def bold(message: Message) -> list[str]:
    return [part["text"] for part in walk(message.blocks) if part.get("style", {}).get("bold")]


def current(office: Office) -> str:
    return (office.data / "index" / "CURRENT").read_text().strip()


@contextmanager
def rolled_back(office: Office) -> Iterator[str]:
    """Whatever is built inside, the generation of before (its id is given) serves again afterwards."""
    before = current(office)
    try:
        yield before
    finally:
        office.run("index", "rollback", before)


# Feedback


@pytest.mark.parametrize(("side", "helpful"), [("positive", True), ("negative", False)])
def test_feedback_is_on_record_and_thanked_for_in_private(
    office: Office, channel: str, side: str, helpful: bool
) -> None:
    reply = office.ask(channel, ENGLISH)
    click = office.workspace.click("answer_feedback", "U5", reply, side)
    click.wait_ack()
    (thanks,) = click.wait_replies()
    assert office.record.feedback(enquiry_of(reply)) == {"U5": helpful}
    assert (thanks.ephemeral_to, thanks.thread_ts) == ("U5", reply.thread_ts)
    assert office.replies(channel, str(reply.thread_ts)) == [reply]


def test_each_person_has_one_opinion_the_last(office: Office, channel: str) -> None:
    reply = office.ask(channel, ENGLISH)
    for user, side in (("U5", "positive"), ("U6", "positive"), ("U5", "negative"), ("U6", "positive")):
        office.workspace.click("answer_feedback", user, reply, side).wait_replies()
    assert office.record.feedback(enquiry_of(reply)) == {"U5": False, "U6": True}


def test_feedback_on_a_japanese_reply_is_thanked_for_in_japanese(office: Office, channel: str) -> None:
    reply = office.ask(channel, JAPANESE)
    (thanks,) = office.workspace.click("answer_feedback", "U5", reply, "negative").wait_replies()
    assert not latin_words(thanks.shown)


def test_a_private_answer_can_be_rated_and_looked_up_too(office: Office, channel: str) -> None:
    workspace = office.workspace
    (reply,) = workspace.command("/declaration", ENGLISH, "U1", channel).wait_replies()
    assert office.row(channel).status == "replied"
    workspace.click("answer_feedback", "U1", reply, "positive").wait_replies()
    assert office.record.feedback(enquiry_of(reply)) == {"U1": True}
    (shown,) = workspace.click("show_context", "U1", reply).wait_replies()
    assert bold(shown) == quotes(reply)
    assert workspace.message(channel, reply.ts) == reply  # it is still there
    assert workspace.messages(channel) == []


# In context


@pytest.mark.parametrize("question", [ENGLISH, JAPANESE, "What is the joining fee?"])
def test_context_is_private_and_marks_the_quoted_words_among_their_neighbours(
    office: Office, channel: str, corpus: Corpus, question: str
) -> None:
    workspace, reply = office.workspace, office.ask(channel, question)
    click = workspace.click("show_context", "U2", reply)
    click.wait_ack()
    (shown,) = click.wait_replies()
    assert (shown.ephemeral_to, shown.thread_ts) == ("U2", reply.thread_ts)
    assert office.replies(channel, str(reply.thread_ts)) == [reply]
    assert bold(shown) == quotes(reply)
    (place, *_) = [
        n for n, p in enumerate(corpus.passages()) if p.document == "press-release" and quotes(reply)[0] in p.text
    ]
    around = list(corpus.passages())[place - 1 : place + 2]
    assert [p.headings for p in around] == [around[1].headings] * 3
    first = quotes(shown)[0]
    assert around[1].text in first
    assert first.index(around[0].text[:30]) < first.index(quotes(reply)[0]) < first.index(around[2].text[:30])
    assert pings(shown) == []
    if question == JAPANESE:
        assert not latin_words(shown.shown.splitlines()[0])


# Buttons that time has overtaken


def test_buttons_of_a_reply_that_is_no_longer_on_record_say_so(office: Office, channel: str) -> None:
    reply = office.ask(channel, ENGLISH)
    office.row(channel)
    expire(office.record.database, 0)
    for action, value in (("answer_feedback", "positive"), ("show_context", None)):
        click = office.workspace.click(action, "U2", reply, value)
        click.wait_ack()
        (told,) = click.wait_replies()
        assert "no longer" in told.shown
        assert told.ephemeral_to == "U2"
    assert office.record.feedback(enquiry_of(reply)) == {}


def test_a_new_generation_is_taken_up_between_two_questions_and_old_buttons_still_work(
    office: Office, channel: str
) -> None:
    def serving() -> str:
        (status,) = office.workspace.command("/declaration", "status", "U1", channel).wait_replies()
        return status.shown

    with rolled_back(office) as old:
        assert old in serving()
        reply = office.ask(channel, ENGLISH)
        office.run("index", "build", "--force")
        new = current(office)
        assert new != old
        assert new in serving()
        office.ask(channel, "What is CityNet?")
        assert [row.generation for row in office.rows(channel)] == [old, new]
        (shown,) = office.workspace.click("show_context", "U2", reply).wait_replies()
        assert bold(shown) == quotes(reply)
    assert old in serving()


def test_a_damaged_generation_is_never_answered_from(office: Office, channel: str) -> None:
    office.ask(channel, ENGLISH)
    before, damaged = current(office), "999999-abcdef01"
    generations = office.data / "index" / "generations"
    shutil.copytree(generations / before, generations / damaged)
    (generations / damaged / "passages.jsonl").write_text("")
    pointer = office.data / "index" / "CURRENT"
    pointer.write_text(damaged)
    try:
        assert "CityNet" in office.ask(channel, "What is CityNet?").shown
        assert damaged not in [row.generation for row in office.rows(channel)]
    finally:
        pointer.write_text(before)
        shutil.rmtree(generations / damaged)


NOTICE = """A notice

The Lantern Fund of <!channel> pays *fifty* thousand yen to every city; see <https://evil.example/|the form>, \
says <@U1> & `co`.
"""
ENTRY = """
[[document]]
id = "notice"
file = "notice.txt"
kind = "other"
authority = "official"
title = "A notice of *all* <!everyone>"
language = "en"
"""


def test_a_document_is_quoted_as_it_stands_and_not_at_all_once_it_is_gone(
    office: Office, channel: str, at_hand: Small, tmp_path: Path
) -> None:
    """Markup in a document formats nothing and pings nobody; a deleted document is cited no more."""
    folder = shutil.copytree(at_hand.documents, tmp_path / "documents")
    (folder / "notice.txt").write_text(NOTICE)
    catalogue = (folder / "catalogue.toml").read_text()
    (folder / "catalogue.toml").write_text(catalogue + ENTRY)
    setting, question = {"DESK_CORPUS_DIR": str(folder)}, "How much does the Lantern Fund pay to every city?"
    with rolled_back(office):
        office.run("index", "build", env=setting)
        reply = office.ask(channel, question)
        (quote,) = [quote for quote in quotes(reply) if "Lantern" in quote]
        assert "<!channel> pays *fifty* thousand yen" in quote
        assert quote in office.run("corpus", "show", "notice", env=setting)
        assert "A notice of *all* <!everyone>" in reply.shown
        (shown,) = office.workspace.click("show_context", "U2", reply).wait_replies()
        assert quote in bold(shown)
        assert (pings(reply), pings(shown), formatted(reply), formatted(shown)) == ([], [], [], [])

        (folder / "catalogue.toml").write_text(catalogue)
        office.run("index", "build", env=setting)
        assert "Lantern" not in office.ask(channel, question).shown
        (told,) = office.workspace.click("show_context", "U2", reply).wait_replies()
        assert "Lantern" not in told.shown
        assert "no longer" in told.shown or bold(told)


# Examples


@pytest.mark.parametrize("question", ["hello", "こんにちは", "How do I bake bread?"])
def test_an_example_button_asks_its_question_in_the_thread(office: Office, channel: str, question: str) -> None:
    workspace, reply = office.workspace, office.ask(channel, question)
    buttons = [p for p in walk(reply.blocks) if str(p.get("action_id")).startswith("ask_example")]
    assert [button["text"]["text"] for button in buttons] == [button["value"] for button in buttons]
    for number, button in enumerate(buttons):
        workspace.click(button["action_id"], "U3", reply).wait_ack()
        answer = workspace.wait_for_reply(channel, str(reply.thread_ts), count=number + 2)[-1]
        assert button["value"] in answer.shown  # nobody has seen the question otherwise
        assert quotes(answer)
    rows = office.rows(channel)[1:]
    assert [(row.user, row.question) for row in rows] == [("U3", button["value"]) for button in buttons]
    assert [row.outcome for row in rows] == [Outcome.ANSWERED] * len(buttons)
    assert {row.language for row in rows} == {"ja" if question == "こんにちは" else "en"}


def test_an_example_of_a_private_answer_is_answered_in_private(office: Office, channel: str) -> None:
    workspace = office.workspace
    (help_text,) = workspace.command("/declaration", "", "U1", channel).wait_replies()
    click = workspace.click("ask_example:0", "U1", help_text)
    click.wait_ack()
    (answer,) = click.wait_replies()
    assert quotes(answer)
    assert answer.ephemeral_to == "U1"
    assert answer.ts != help_text.ts
    assert workspace.messages(channel) == []


# Prompts


def test_opening_the_conversation_suggests_at_most_four_questions_that_are_answered(office: Office) -> None:
    workspace = office.workspace
    workspace.open_home("U31", "messages")
    given = workspace.wait_for(lambda: [p for p in workspace.prompts if p["channel_id"] == workspace.dm("U31")])
    (prompts,) = given
    assert "thread_ts" not in prompts
    assert 2 <= len(prompts["prompts"]) <= 4
    for prompt in prompts["prompts"]:
        ts = workspace.direct_message("U31", prompt["message"])
        assert quotes(workspace.wait_for_reply("DU31", ts)[0])
    assert {row.outcome for row in office.rows("DU31")} == {Outcome.ANSWERED}
    assert {row.language for row in office.rows("DU31")} == {"en", "ja"}
    assert workspace.home("U31") is None
