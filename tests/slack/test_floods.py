"""A flood from one person, through two bots: as many answers as are allowed, one kind sentence, the rest on record."""

from __future__ import annotations

from collections import Counter

import pytest

from assistant.channels import ChannelRow, Channels
from assistant.enquiries import EnquiryRow
from tests.slack.conftest import Office, explained, latin_words
from tests.slack.test_bot import ENGLISH, JAPANESE
from tests.slack.workspace import Message

MOST = 20


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"DESK_QUESTIONS_A_MINUTE": str(MOST)}


def of(office: Office, user: str) -> list[EnquiryRow]:
    return [row for row in office.record.all() if row.user == user]


def outcomes(office: Office, user: str) -> Counter[str]:
    return Counter(row.status for row in of(office, user))


def is_notice(message: Message) -> bool:
    return str(MOST) in message.shown and "\n" not in message.shown


def test_two_bots_together_take_so_many_and_tell_once_in_the_askers_language(office: Office, channel: str) -> None:
    workspace = office.workspace
    office.start(workspace)
    asked = [workspace.mention(channel, "U1", JAPANESE) for _ in range(MOST + 10)]
    other = workspace.mention(channel, "U2", ENGLISH)
    with explained(office.bot):
        workspace.wait_for(
            lambda: outcomes(office, "U1") == {"replied": MOST, "refused": 10}, 60, "an end of the flood"
        )
    workspace.settle(0.5)
    said = [message for ts in asked for message in office.replies(channel, ts)]
    (notice,) = [message for message in said if is_notice(message)]
    assert len(said) == MOST + 1, "what was refused is told once"
    assert latin_words(notice.shown) == []
    refused = {row.ts for row in of(office, "U1") if row.status == "refused"}
    assert notice.thread_ts in refused
    assert {row.error for row in of(office, "U1") if row.status == "refused"} == {
        f"more than {MOST} questions of one person within a minute"
    }
    (reply,) = workspace.wait_for_reply(channel, other)
    assert "Yokohama" in reply.shown, "somebody else is not held up"


def test_the_command_is_answered_in_private_and_so_is_what_comes_too_much(office: Office, channel: str) -> None:
    commands = [office.workspace.command("/declaration", ENGLISH, "U3", channel) for _ in range(MOST + 3)]
    with explained(office.bot):
        office.workspace.wait_for(lambda: outcomes(office, "U3") == {"replied": MOST, "refused": 3}, 60, "an end of it")
    office.workspace.settle(0.5)
    told = [message for message in office.workspace.ephemerals(channel, "U3") if is_notice(message)]
    assert len(told) == 1
    assert "ask again" in told[0].shown
    assert all(command.wait_ack() is not None for command in commands)


def test_what_people_say_to_each_other_is_refused_without_a_word(office: Office, channel: str) -> None:
    Channels(office.record.database).put("U0BOSS", ChannelRow(
        channel=channel, every_question=True, private=False, review_below=0.0, language=None,
    ))  # fmt: skip
    said = [office.workspace.say(channel, "U4", ENGLISH) for _ in range(MOST + 3)]
    with explained(office.bot):
        office.workspace.wait_for(lambda: outcomes(office, "U4") == {"replied": MOST, "refused": 3}, 60, "an end of it")
    office.workspace.settle(0.5)
    replies = [message for ts in said for message in office.replies(channel, ts)]
    assert len(replies) == MOST
    assert not any(map(is_notice, replies))
