"""Questions to the bot, wherever they are asked: one reply each, in the thread, in the asker's language, or silence."""

import json
import re
from datetime import date, datetime

import pytest

from assistant.dates import local_day
from assistant.models import Outcome
from corpus.catalogue import Corpus
from tests.slack.conftest import Office, enquiry_of, latin_words, quotes
from tests.slack.limits import Json, walk
from tests.slack.workspace import Message, pings

ENGLISH = "Which city signed first?"
JAPANESE = "最初に署名した都市はどこですか？"


def index_day(office: Office) -> date:
    current = (office.data / "index" / "CURRENT").read_text().strip()
    manifest = office.data / "index" / "generations" / current / "manifest.json"
    return local_day(datetime.fromisoformat(json.loads(manifest.read_text())["created"]), "Asia/Tokyo")


# A reply


def test_a_mention_gets_one_reply_in_its_thread_though_it_comes_as_two_events(office: Office, channel: str) -> None:
    workspace = office.workspace
    ts = workspace.mention(channel, "U1", ENGLISH)
    (reply,) = workspace.wait_for_reply(channel, ts)
    workspace.settle(0.3)
    events = workspace.events(ts)
    assert [event.event["type"] for event in events] == ["app_mention", "message"]
    assert all(delivery.acked for event in events for delivery in workspace.deliveries(event.event_id))
    assert workspace.messages(channel) == [workspace.message(channel, ts), reply]
    assert reply.thread_ts == ts
    assert "Yokohama" in reply.shown.splitlines()[0]


@pytest.mark.parametrize("question", [ENGLISH, JAPANESE, "What is the joining fee?", "How many cities have signed?"])
def test_every_quotation_is_verbatim_and_says_where_it_stands(
    office: Office, channel: str, corpus: Corpus, question: str
) -> None:
    reply = office.ask(channel, question)
    recorded = office.row(channel).reply
    assert recorded is not None
    quoted = [citation for citation in recorded["citations"] if citation["kind"] != "faq"]
    assert quoted
    assert quotes(reply) == [citation["quote"] for citation in quoted]
    assert all(citation["quote"] in corpus.text(citation["document"]) for citation in quoted)
    numbered = [line for line in reply.shown.splitlines() if re.match(r"\[\d\]", line)]
    assert [line[:3] for line in numbered] == [f"[{n}]" for n in range(1, len(recorded["citations"]) + 1)]
    assert all(citation["locator"] in line for citation, line in zip(recorded["citations"], numbered, strict=True))


def test_an_official_document_is_told_from_a_digest_and_from_the_faq(office: Office, channel: str) -> None:
    lines = office.ask(channel, ENGLISH).shown.splitlines()
    (release,) = [line for line in lines if "Press release, City of Yokohama" in line]
    assert "November 2025" in release
    assert release.endswith("official")
    assert [line for line in lines if line.startswith("[") and "digest" in line and line != release]
    assert [line for line in lines if re.match(r"\[\d\] FAQ \d+", line)]


def test_a_reply_tells_the_date_of_the_index_and_can_be_rated_and_looked_up(office: Office, channel: str) -> None:
    reply, day = office.ask(channel, ENGLISH), index_day(office)
    assert f"Index of {day.day} {day:%b} {day.year}" in reply.shown
    assert reply.action_ids == ["show_context", "ask_staff", "answer_feedback"]
    assert enquiry_of(reply) == office.row(channel).id
    assert "Yokohama" in reply.text  # what a notification shows


def test_japanese_is_answered_in_japanese_with_every_word_around_the_quotations(office: Office, channel: str) -> None:
    reply, day = office.ask(channel, JAPANESE), index_day(office)
    assert "横浜市" in reply.shown.splitlines()[0]
    assert f"{day.year}年{day.month}月{day.day}日" in reply.shown
    assert latin_words(reply.shown, quotes(reply)) == []
    assert latin_words(reply.text) == []


@pytest.mark.parametrize("question", ["こんにちは", "パンの焼き方を教えてください", "参加費用はいくらですか？"])
def test_the_buttons_and_notes_of_other_outcomes_are_japanese_too(office: Office, channel: str, question: str) -> None:
    reply = office.ask(channel, question)
    assert office.row(channel).outcome != Outcome.ANSWERED
    assert set(latin_words(reply.shown, quotes(reply))) <= {"ICLEI", "CityNet"}


@pytest.mark.parametrize("question", ["How do I bake bread?", "hello"])
def test_where_there_is_no_answer_there_are_no_references(office: Office, channel: str, question: str) -> None:
    reply = office.ask(channel, question)
    assert quotes(reply) == []
    assert not re.search(r"\[\d\]", reply.shown)
    assert "show_context" not in reply.action_ids
    assert 3 <= len([name for name in reply.action_ids if name.startswith("ask_example")]) <= 4


def test_the_record_holds_the_enquiry_and_its_reply(office: Office, channel: str) -> None:
    reply = office.ask(channel, ENGLISH, user="U7")
    row = office.row(channel)
    assert (row.user, row.thread, row.ts, row.question) == ("U7", reply.thread_ts, reply.thread_ts, ENGLISH)
    assert (row.status, row.language, row.outcome) == ("replied", "en", "answered")
    assert row.generation == (office.data / "index" / "CURRENT").read_text().strip()
    assert row.confidence is not None
    assert 0 < row.confidence <= 1
    assert 0 < (row.elapsed_ms or 0) < 5000
    assert row.reply is not None
    assert row.reply["text"] == reply.shown.splitlines()[0]


def test_a_status_shows_while_the_desk_works(office: Office, channel: str) -> None:
    replies = [office.ask(channel, question) for question in (ENGLISH, JAPANESE)]
    shown = [status for status in office.workspace.statuses if status["channel_id"] == channel]
    assert [status["thread_ts"] for status in shown] == [reply.thread_ts for reply in replies]
    assert latin_words(shown[0]["status"])
    assert not latin_words(shown[1]["status"])
    calls = [c for c in office.workspace.calls() if channel in (c.args.get("channel_id"), c.args.get("channel"))]
    assert [call.method for call in calls] == ["assistant.threads.setStatus", "chat.postMessage"] * 2


# Conversations


def test_a_direct_message_needs_no_mention(office: Office) -> None:
    workspace = office.workspace
    ts = workspace.direct_message("U21", ENGLISH)
    (reply,) = workspace.wait_for_reply("DU21", ts)
    assert "Yokohama" in reply.shown
    second = workspace.direct_message("U21", "And who signed second?", thread_ts=ts)
    workspace.wait_for_reply("DU21", ts, count=2)
    workspace.settle(0.3)
    assert [m.from_bot for m in workspace.messages("DU21")] == [False, True, False, True]
    assert [row.thread for row in office.rows("DU21")] == [ts, ts]
    assert office.rows("DU21")[1].ts == second


def test_a_private_channel_is_a_channel(office: Office, channel: str) -> None:
    office.workspace.add_channel("G7", private=True)
    assert "Yokohama" in office.ask("G7", ENGLISH).shown
    assert office.row("G7").outcome == Outcome.ANSWERED


def test_a_follow_up_needs_no_mention_and_is_understood_by_what_was_asked_before(office: Office, channel: str) -> None:
    question = "In which year was it founded?"
    office.ask(channel, question)
    workspace, first = office.workspace, office.ask(channel, "What is CityNet?")
    assert first.thread_ts is not None
    workspace.say(channel, "U2", question, thread_ts=first.thread_ts)
    (_, reply) = workspace.wait_for_reply(channel, first.thread_ts, count=2)
    alone, _, together = office.rows(channel)
    assert (alone.outcome, alone.confidence) != (together.outcome, together.confidence)
    assert together.outcome == Outcome.ANSWERED
    assert "1987" in reply.shown


def test_a_follow_up_that_the_asker_also_sends_to_the_channel_or_with_a_file_is_answered_once(
    office: Office, channel: str
) -> None:
    workspace, first = office.workspace, office.ask(channel, ENGLISH)
    assert first.thread_ts is not None
    file = workspace.add_file("U1", "map.pdf", b"%PDF-1.4")
    workspace.say(channel, "U1", "What is CityNet?", thread_ts=first.thread_ts, files=[file])
    workspace.wait_for_reply(channel, first.thread_ts, count=2)
    ts = workspace.say(channel, "U1", "What is ICLEI?", thread_ts=first.thread_ts)
    broadcast = {**workspace.events(ts)[0].event, "subtype": "thread_broadcast"}
    workspace.wait_for_reply(channel, first.thread_ts, count=3)
    workspace.send_event(broadcast)
    workspace.settle(0.3)
    assert len(office.replies(channel, first.thread_ts)) == 3


@pytest.mark.parametrize("beginning", ["<@U2>", "  <@U2|bob>,", "<!here>", "<!subteam^S012AB|@mayors>"])
def test_what_is_said_to_somebody_else_in_the_thread_is_left_alone(
    office: Office, channel: str, beginning: str
) -> None:
    workspace, first = office.workspace, office.ask(channel, ENGLISH)
    assert first.thread_ts is not None
    workspace.say(channel, "U1", f"{beginning} {ENGLISH}", thread_ts=first.thread_ts)
    workspace.settle(0.3)
    assert len(office.replies(channel, first.thread_ts)) == 1
    assert len(office.rows(channel)) == 1


def test_somebody_else_and_the_bot_together_are_spoken_to(office: Office, channel: str) -> None:
    workspace, first = office.workspace, office.ask(channel, ENGLISH)
    assert first.thread_ts is not None
    workspace.mention(channel, "U1", "<@U2> What is CityNet?", thread_ts=first.thread_ts)
    workspace.wait_for_reply(channel, first.thread_ts, count=2)


def test_where_it_is_not_spoken_to_it_says_and_records_nothing(office: Office, channel: str) -> None:
    workspace = office.workspace
    ts = workspace.say(channel, "U1", ENGLISH)
    workspace.say(channel, "U2", JAPANESE, thread_ts=ts)
    workspace.say(channel, "U2", f"&lt;@{workspace.bot_user_id}&gt; declaration-desk help", thread_ts=ts)
    workspace.edit(channel, ts, f"<@{workspace.bot_user_id}> {ENGLISH}")
    workspace.delete(channel, ts)
    here = {"channel": channel, "channel_type": "channel", "type": "message"}
    joined = f"<@{workspace.bot_user_id}> has joined the channel"
    for number, event in enumerate(
        [
            {"subtype": "channel_join", "user": "U3", "text": "<@U3> has joined the channel"},
            {"subtype": "channel_join", "user": workspace.bot_user_id, "text": joined, "inviter": "U1"},
            {"subtype": "channel_topic", "user": "U3", "text": "set the topic: which city signed first?"},
            {"subtype": "bot_message", "bot_id": "B9", "text": f"<@{workspace.bot_user_id}> {ENGLISH}"},
        ]
    ):
        workspace.send_event(
            {**here, **event, "ts": f"1700000000.00000{number}", "event_ts": f"1700000000.00000{number}"}
        )
    workspace.settle(0.3)
    assert [m for m in workspace.messages(channel) if m.from_bot] == []
    assert office.rows(channel) == []
    assert workspace.unacknowledged == []


def test_edits_deletions_and_bots_are_left_alone_in_a_thread_of_its_own_too(office: Office, channel: str) -> None:
    workspace, first = office.workspace, office.ask(channel, ENGLISH)
    assert first.thread_ts is not None
    ts = workspace.say(channel, "U2", "<@U1> no", thread_ts=first.thread_ts)
    workspace.edit(channel, ts, "What is CityNet?")
    workspace.edit(channel, first.thread_ts, f"<@{workspace.bot_user_id}> What is CityNet?")
    workspace.delete(channel, ts)
    bot: Json = {"type": "message", "channel": channel, "channel_type": "channel", "thread_ts": first.thread_ts}
    bot |= {
        "user": "U9BOT",
        "bot_id": "B9",
        "text": ENGLISH,
        "ts": "1700000001.000001",
        "event_ts": "1700000001.000001",
    }
    workspace.send_event(bot)
    workspace.settle(0.3)
    assert len(office.replies(channel, first.thread_ts)) == 1
    assert len(office.rows(channel)) == 1


def test_another_bot_that_mentions_it_starts_no_conversation_of_bots(office: Office, channel: str) -> None:
    """Two bots that answer each other's mentions never end."""
    text = f"<@{office.workspace.bot_user_id}> {ENGLISH}"
    said = {"channel": channel, "ts": "1700000002.000001", "event_ts": "1700000002.000001", "text": text}
    said |= {"user": "U9BOT", "bot_id": "B9", "app_id": "A9"}
    office.workspace.send_event({**said, "type": "app_mention"})
    office.workspace.send_event({**said, "type": "message", "channel_type": "channel"})
    office.workspace.settle(0.3)
    assert [m for m in office.workspace.messages(channel) if m.from_bot] == []
    assert office.rows(channel) == []


def test_a_person_whose_id_begins_like_the_bots_is_another_person(office: Office, channel: str) -> None:
    office.workspace.say(channel, "U1", f"<@{office.workspace.bot_user_id}2> {ENGLISH}")
    office.workspace.settle(0.3)
    assert [m for m in office.workspace.messages(channel) if m.from_bot] == []


@pytest.mark.parametrize("retry_attempt", [0, 1])
def test_whatever_is_delivered_twice_is_answered_once(office: Office, channel: str, retry_attempt: int) -> None:
    workspace = office.workspace
    ts = workspace.mention(channel, "U1", ENGLISH)
    events = workspace.events(ts)
    workspace.redeliver(events[1].event_id, retry_attempt)
    workspace.wait_for_reply(channel, ts)
    for event in events:
        workspace.redeliver(event.event_id, retry_attempt)
    workspace.settle(0.3)
    assert len(office.replies(channel, ts)) == 1
    assert len(office.rows(channel)) == 1
    assert all(delivery.acked for event in events for delivery in workspace.deliveries(event.event_id))


def test_each_question_of_a_busy_thread_has_its_reply(office: Office, channel: str) -> None:
    workspace, first = office.workspace, office.ask(channel, ENGLISH)
    assert first.thread_ts is not None
    for number in range(5):
        workspace.mention(channel, f"U{number}", "What is CityNet?", thread_ts=first.thread_ts)
        workspace.say(channel, f"U{number}", "What is ICLEI?", thread_ts=first.thread_ts)
    workspace.wait_for_reply(channel, first.thread_ts, count=11)
    workspace.settle(0.3)
    assert len(office.replies(channel, first.thread_ts)) == 11


# The command


def test_the_command_answers_in_private_even_where_the_bot_is_no_member(office: Office, channel: str) -> None:
    workspace = office.workspace
    workspace.remove_bot(channel)
    command = workspace.command("/declaration", ENGLISH, "U1", channel)
    assert command.wait_ack() == {}
    (reply,) = command.wait_replies()
    workspace.settle(0.2)
    assert reply.ephemeral_to == "U1"
    assert "Yokohama" in reply.shown
    assert quotes(reply)
    assert reply.action_ids == ["show_context", "ask_staff", "answer_feedback"]
    assert command.replies == [reply]
    assert workspace.messages(channel) == []
    assert pings(reply) == []


@pytest.mark.parametrize("text", ["", "  ", "help"])
def test_the_command_without_a_question_tells_what_the_desk_can_do(office: Office, channel: str, text: str) -> None:
    (reply,) = office.workspace.command("/declaration", text, "U1", channel).wait_replies()
    assert "365 days" in reply.shown
    assert "Press release, City of Yokohama" in reply.shown
    assert reply.ephemeral_to == "U1"
    assert len([name for name in reply.action_ids if name.startswith("ask_example")]) == 4


@pytest.mark.parametrize("text", ["status", " Status "])
def test_the_commands_status_tells_which_index_serves(office: Office, channel: str, text: str) -> None:
    (reply,) = office.workspace.command("/declaration", text, "U1", channel).wait_replies()
    assert (office.data / "index" / "CURRENT").read_text().strip() in reply.shown
    assert re.search(r"\d+ documents, \d+ passages", reply.shown)
    assert (reply.ephemeral_to, office.workspace.messages(channel)) == ("U1", [])


# Hostile and helpless input


HOSTILE = [
    "<!channel> Which city signed first?",
    "Which city signed first? <!here> <!everyone>",
    "<@U1> and <@U2|bob>: which city signed first?",
    "<!subteam^S012AB|@mayors> which city signed first?",
    "*Which* _city_ ~signed~ `first`? <b>&amp;lt;!channel&amp;gt;</b>",
    "Which city signed first? <https://evil.example/x|official site> https://evil.example/y",
    "> Which city signed first?\n```code```\n• @channel @here :tada:",
]


def formatted(message: Message) -> list[Json]:
    """The parts of a message in which Slack would format, link or ping."""
    kinds = {"mrkdwn", "markdown", "link", "user", "usergroup", "broadcast", "channel", "emoji"}
    return [part for part in walk(message.blocks) if part.get("type") in kinds]


@pytest.mark.parametrize("question", HOSTILE)
def test_markup_in_a_question_pings_nobody_and_formats_nothing(office: Office, channel: str, question: str) -> None:
    reply = office.ask(channel, question)
    assert pings(reply) == []
    assert formatted(reply) == []
    assert reply.blocks
    assert not reply.linkified
    assert not re.search(r"<[^>]*>", reply.text)
    (call,) = [c for c in office.workspace.calls("chat.postMessage") if c.args["channel"] == channel]
    assert not {"link_names", "parse"} & call.args.keys()
    (answer,) = office.workspace.command("/declaration", question, "U1", channel).wait_replies()
    assert (pings(answer), formatted(answer)) == ([], [])


def test_a_question_is_recorded_as_it_was_typed(office: Office, channel: str) -> None:
    office.ask(channel, HOSTILE[4])
    assert office.row(channel).question == HOSTILE[4]


def test_emphasis_does_not_keep_a_question_from_its_answer(office: Office, channel: str) -> None:
    assert "Yokohama" in office.ask(channel, "*Which* city signed _first_?").shown.splitlines()[0]


HELPLESS = {
    "forty thousand characters": ("Which city? " * 3334, "en", "2,000"),
    "forty thousand characters in Japanese": ("どの都市ですか。" * 5000, "ja", "2,000字"),
    "nothing": ("", "en", ENGLISH),
    "control characters": ("\x00\x07\u200b\u202e\u2066", "en", ENGLISH),
    "many control characters": ("\u200b" * 2500, "en", ENGLISH),
}


@pytest.mark.parametrize("case", HELPLESS)
def test_what_cannot_be_a_question_gets_one_kind_sentence_with_what_to_do(
    office: Office, channel: str, case: str
) -> None:
    text, language, advice = HELPLESS[case]
    reply = office.ask(channel, text)
    office.workspace.settle(0.2)
    assert office.replies(channel, str(reply.thread_ts)) == [reply]
    assert advice in reply.shown
    assert "\n" not in reply.shown
    assert len(reply.shown) < 200
    assert bool(latin_words(reply.shown)) == (language == "en")
    assert office.row(channel).status == "failed"


def test_the_command_takes_no_endless_question_either(office: Office, channel: str) -> None:
    text, _, advice = HELPLESS["forty thousand characters in Japanese"]
    (reply,) = office.workspace.command("/declaration", text, "U1", channel).wait_replies()
    assert advice in reply.shown
    assert reply.ephemeral_to == "U1"


@pytest.mark.parametrize("case", HELPLESS)
def test_a_thread_survives_what_could_not_be_a_question(office: Office, channel: str, case: str) -> None:
    first = office.ask(channel, HELPLESS[case][0])
    assert "Yokohama" in office.ask(channel, ENGLISH, thread_ts=first.thread_ts).shown
