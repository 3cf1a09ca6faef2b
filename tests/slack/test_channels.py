"""Channel settings: what an admin sets in the form is how the desk answers there from the next message on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.audit import Audit
from assistant.models import Outcome
from tests.slack.conftest import CHANNEL, BotProcess, Office, enquiry_of, explained, latin_words, quotes
from tests.slack.limits import walk
from tests.slack.staff import BOSS, MORI, SATO, SETTINGS, furnish, hand_over, staffed
from tests.slack.test_bot import ENGLISH, JAPANESE
from tests.slack.test_bot_failures import is_kind_sentence_with_id, without_index
from tests.slack.workspace import Message, View, Workspace

SILENT = "What is the joining fee?"
UNSURE = "Was Jakarta among the cities behind the open letter?"
UNKNOWN = "How do I bake bread?"
FOLLOW_UP = "And on which date did it sign?"
INPUTS = ["channel_questions", "channel_private", "channel_review", "channel_language"]
SMALL_TALK = [
    "Good morning everyone",
    "Thanks a lot!",
    "lol",
    "What can you do?",
    "Who wants coffee?",
    "How much does the new server cost?",
    "The train to Yokohama is late",
    "I read that Yokohama was the first city to sign the declaration",
    "Are we going to sign the declaration or not?",
    UNKNOWN,
    "お疲れ様です",
    "来週横浜に出張します",
    "予算の締め切りはいつですか？",
    "横浜市が最初に署名したそうです",
    "ขอบคุณครับ",
    "โยโกฮามาเป็นเมืองแรกที่ลงนาม",
]


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return SETTINGS


@pytest.fixture(scope="module", autouse=True)
def staff_room(office: Office) -> Iterator[None]:
    with staffed(office):
        yield


def settings_form(workspace: Workspace, channel: str, user: str = BOSS) -> View:
    """Type the command, and see the form."""
    before = workspace.modal(user)
    workspace.command("/declaration", "settings", user, channel).wait_ack()

    def another() -> View | None:
        modal = workspace.modal(user)
        return modal if modal and (before is None or modal.id != before.id) else None

    return workspace.wait_for(another, what="the form")


def set_up(workspace: Workspace, channel: str, **values: str) -> None:
    """Set how the desk answers in a channel; what is not given stays as it is."""
    form = settings_form(workspace, channel)
    filled = {f"channel_{name}": value for name, value in values.items()}
    assert workspace.submit_view(form, BOSS, filled).wait_ack() == {}


def chosen(form: View) -> dict[str, str]:
    return {part["action_id"]: part["initial_option"]["value"] for part in walk(form.blocks) if "action_id" in part}


def said_by_bot(office: Office, channel: str) -> list[Message]:
    return [message for message in office.workspace.messages(channel) if message.from_bot]


def stays_silent(office: Office, channel: str, before: int = 0) -> None:
    """Nothing new was said to anybody there, and nothing is kept."""
    office.workspace.settle(0.5)
    assert len(said_by_bot(office, channel)) == before
    assert len(office.rows(channel)) == before


# The form


def test_the_form_shows_how_the_channel_is_set_and_what_is_saved_is_on_the_audit_log(
    office: Office, channel: str
) -> None:
    form = settings_form(office.workspace, channel)
    assert f"#{channel.lower()}" in form.shown
    assert chosen(form) == dict(zip(INPUTS, ["mentions", "public", "0.0", "as_asked"], strict=True))
    filled = dict(zip(INPUTS, ["every", "private", "0.9", "ja"], strict=True))
    assert office.workspace.submit_view(form, BOSS, filled).wait_ack() == {}
    assert chosen(settings_form(office.workspace, channel)) == filled
    (row,) = Audit(office.record.database).latest(1)
    assert (row.user, row.action, row.subject) == (BOSS, "settings", channel)
    assert row.detail == "every_question=True private=True review_below=0.9 language=ja"
    set_up(office.workspace, channel)
    assert Audit(office.record.database).latest(1)[0].id == row.id, "nothing was changed"


def test_a_channel_offers_every_language_of_the_desk(office: Office, channel: str) -> None:
    form = settings_form(office.workspace, channel)
    (languages,) = [part for part in walk(form.blocks) if part.get("action_id") == "channel_language"]
    assert len(languages["options"]) == 17


@pytest.mark.parametrize("user", ["U1", SATO], ids=["an official", "staff"])
def test_only_admins_set_a_channel(office: Office, channel: str, user: str) -> None:
    command = office.workspace.command("/declaration", "settings", user, channel)
    (told,) = command.wait_replies()
    assert "DESK_ADMINS" in told.shown
    assert told.ephemeral_to == user
    assert office.workspace.modal(user) is None


def test_direct_messages_have_no_settings(office: Office) -> None:
    before = office.workspace.modal(BOSS)
    (told,) = office.workspace.command("/declaration", "settings", BOSS, office.workspace.dm(BOSS)).wait_replies()
    assert "channel" in told.shown
    assert office.workspace.modal(BOSS) == before


def test_nobody_can_review_where_there_is_no_staff_channel(
    workspace: Workspace, environment: dict[str, str], request: pytest.FixtureRequest
) -> None:
    environment["DESK_ADMINS"] = BOSS
    bot: BotProcess = request.getfixturevalue("bot")
    furnish(workspace)
    with explained(bot):
        form = settings_form(workspace, CHANNEL)
        answer = workspace.submit_view(form, BOSS, {"channel_review": "1.0"}).wait_ack()
        assert "DESK_STAFF_CHANNEL" in answer["errors"]["channel_review"]
        assert workspace.submit_view(form, BOSS, {"channel_private": "private"}).wait_ack() == {}


# Every question


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        (ENGLISH, Outcome.ANSWERED),
        (JAPANESE, Outcome.ANSWERED),
        ("最初に署名した都市を教えてください", Outcome.ANSWERED),
        ("เมืองใดลงนามเป็นเมืองแรก มีเมืองไหนบ้าง", Outcome.ANSWERED),
        (SILENT, Outcome.NOT_STATED),
        (UNSURE, Outcome.POSSIBLE),
    ],
)
def test_where_every_question_is_answered_no_mention_is_needed(
    office: Office, channel: str, question: str, outcome: Outcome
) -> None:
    workspace = office.workspace
    workspace.say(channel, "U1", question)
    stays_silent(office, channel)
    set_up(workspace, channel, questions="every")
    ts = workspace.say(channel, "U1", question)
    with explained(office.bot):
        (reply,) = workspace.wait_for_reply(channel, ts)
    assert (reply.thread_ts, enquiry_of(reply)) == (ts, office.row(channel).id)
    assert office.row(channel).outcome == outcome
    assert office.row(channel).overheard
    for event in workspace.events(ts):
        workspace.redeliver(event.event_id)
    stays_silent(office, channel, before=1)


def test_small_talk_is_neither_answered_nor_kept(office: Office, channel: str) -> None:
    set_up(office.workspace, channel, questions="every")
    for text in SMALL_TALK:
        office.workspace.say(channel, "U1", text)
    stays_silent(office, channel)
    office.workspace.say(channel, "U1", ENGLISH)  # and the bot is there
    office.workspace.wait_for(lambda: said_by_bot(office, channel))


def test_what_is_said_to_people_by_bots_or_by_an_edit_is_not_answered(office: Office, channel: str) -> None:
    workspace = office.workspace
    set_up(workspace, channel, questions="every")
    for text in (f"<@{SATO}> {ENGLISH}", f"{ENGLISH} <@{SATO}>", f"<!here> {ENGLISH}"):
        ts = f"{1700000000 + len(text)}.000100"
        event = {"type": "message", "channel": channel, "channel_type": "channel", "user": "U1", "text": text, "ts": ts}
        workspace.send_event({**event, "event_ts": ts})
    bot = {"type": "message", "channel": channel, "channel_type": "channel", "bot_id": "B77", "user": "U77"}
    workspace.send_event({**bot, "text": ENGLISH, "ts": "1700000001.000200", "event_ts": "1700000001.000200"})
    root = workspace.say(channel, "U1", "Good morning")
    workspace.say(channel, "U2", ENGLISH, root)
    workspace.edit(channel, root, ENGLISH)
    stays_silent(office, channel)


def test_in_a_thread_only_who_was_answered_need_not_mention_the_desk_again(office: Office, channel: str) -> None:
    workspace = office.workspace
    set_up(workspace, channel, questions="every")
    ts = workspace.say(channel, "U1", ENGLISH)
    workspace.wait_for_reply(channel, ts)
    workspace.say(channel, "U2", "What is CityNet?", ts)
    workspace.say(channel, "U1", "Great, I will tell the mayor about it", ts)
    stays_silent(office, channel, before=1)
    workspace.say(channel, "U1", FOLLOW_UP, ts)
    *_, reply = workspace.wait_for_reply(channel, ts, 2)
    assert "26" in reply.shown.splitlines()[0]
    workspace.mention(channel, "U2", UNKNOWN, ts)
    workspace.wait_for_reply(channel, ts, 3)
    assert [row.overheard for row in office.rows(channel)] == [True, True, False]


def test_a_mention_is_answered_whatever_it_says_once(office: Office, channel: str) -> None:
    set_up(office.workspace, channel, questions="every")
    reply = office.ask(channel, UNKNOWN)
    stays_silent(office, channel, before=1)
    office.workspace.say(channel, "U1", "Pity. How do I bake a cake?", reply.thread_ts)  # the thread is the desk's
    office.workspace.wait_for_reply(channel, str(reply.thread_ts), 2)


def test_what_was_overheard_meets_with_silence_when_the_desk_fails(office: Office, channel: str) -> None:
    set_up(office.workspace, channel, questions="every")
    with without_index(office):
        office.workspace.say(channel, "U1", ENGLISH)
        stays_silent(office, channel)


def test_what_is_set_back_is_as_ever(office: Office, channel: str) -> None:
    set_up(office.workspace, channel, questions="every")
    set_up(office.workspace, channel, questions="mentions")
    office.workspace.say(channel, "U1", ENGLISH)
    stays_silent(office, channel)


# Private answers


@pytest.mark.parametrize("question", [ENGLISH, JAPANESE])
def test_a_private_answer_is_for_the_asker_alone_and_stands_where_they_see_it(
    office: Office, channel: str, question: str
) -> None:
    workspace = office.workspace
    set_up(workspace, channel, private="private")
    ts = workspace.mention(channel, "U1", question)
    with explained(office.bot):
        (reply,) = workspace.wait_for(lambda: workspace.ephemerals(channel, "U1"))
    assert quotes(reply)
    assert reply.thread_ts is None, "in a thread without replies, Slack shows no such message"
    assert office.row(channel).private
    assert said_by_bot(office, channel) == []

    workspace.say(channel, "U1", "And on which date?" if question == ENGLISH else "それはいつですか？", ts)
    *_, second = workspace.wait_for(lambda: (shown := workspace.ephemerals(channel, "U1"))[1:] and shown)
    assert second.thread_ts == ts, "the thread has a reply, the asker's own"
    assert "26" in second.shown
    assert said_by_bot(office, channel) == []


def test_a_private_answer_can_be_rated_and_handed_over_and_a_person_replies_directly(
    office: Office, channel: str
) -> None:
    workspace = office.workspace
    set_up(workspace, channel, private="private", questions="every")
    workspace.say(channel, "U21", SILENT)
    (reply,) = workspace.wait_for(lambda: workspace.ephemerals(channel, "U21"))
    (thanks,) = workspace.click("answer_feedback", "U21", reply, "negative").wait_replies()
    assert thanks.ephemeral_to == "U21"
    case = hand_over(office, reply, "U21").reply(MORI, "There is none.").settled()
    assert case.steps == ["asked", "claimed", "reply"]
    assert {message.channel for message in case.said} == {workspace.dm("U21")}
    assert said_by_bot(office, channel) == []


def test_who_has_left_the_channel_gets_the_private_answer_directly(office: Office, channel: str) -> None:
    workspace = office.workspace
    set_up(workspace, channel, private="private")
    workspace.fail_next("chat.postEphemeral", status=200, error="user_not_in_channel")
    workspace.mention(channel, "U22", ENGLISH)
    (reply,) = workspace.wait_for(lambda: workspace.messages(workspace.dm("U22")))
    assert quotes(reply)
    assert said_by_bot(office, channel) == []


def test_that_the_desk_failed_is_private_too(office: Office, channel: str) -> None:
    set_up(office.workspace, channel, private="private")
    with without_index(office):
        office.workspace.mention(channel, "U1", ENGLISH)
        (told,) = office.workspace.wait_for(lambda: office.workspace.ephemerals(channel, "U1"))
    assert is_kind_sentence_with_id(told)
    assert said_by_bot(office, channel) == []


# Language


def test_a_channel_has_a_language_unless_the_asker_wants_another(office: Office, channel: str) -> None:
    workspace = office.workspace
    set_up(workspace, channel, language="ja")
    reply = office.ask(channel, ENGLISH)
    assert latin_words(reply.shown.splitlines()[0]) == []
    assert office.row(channel).language == "ja"
    asked_for = office.ask(channel, "Answer in English, please: " + ENGLISH)
    assert "Yokohama was the first city" in asked_for.shown
    nothing = office.ask(channel, "")
    assert latin_words(nothing.shown) == []
    (private,) = workspace.command("/declaration", ENGLISH, "U1", channel).wait_replies()
    assert latin_words(private.shown.splitlines()[0]) == []


def test_an_official_who_writes_japanese_is_answered_in_the_channels_english(office: Office, channel: str) -> None:
    set_up(office.workspace, channel, language="en", questions="every")
    ts = office.workspace.say(channel, "U1", JAPANESE)
    (reply,) = office.workspace.wait_for_reply(channel, ts)
    assert "Yokohama was the first city" in reply.shown


def test_other_channels_are_as_they_were(office: Office, channel: str) -> None:
    set_up(office.workspace, channel, language="ja", private="private", questions="every", review="1.0")
    other = office.workspace.add_channel(f"{channel}OTHER")
    assert "Yokohama" in office.ask(other, ENGLISH).shown.splitlines()[0]
