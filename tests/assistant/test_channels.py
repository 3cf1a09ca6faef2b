"""How the desk answers in a channel, and which replies wait for review."""

from __future__ import annotations

import pytest

from assistant.audit import Audit
from assistant.channels import EVERYTHING, NOTHING, ChannelRow, Channels
from assistant.database import Database
from assistant.models import Outcome
from tests.assistant.samples import citation, reply


def as_set(review_below: float = NOTHING, language: str | None = None) -> ChannelRow:
    return ChannelRow(channel="C1", every_question=True, private=False, review_below=review_below, language=language)


def test_a_channel_that_nobody_has_set_takes_mentions_answers_all_at_once_and_as_asked(database: Database) -> None:
    channel = Channels(database).of("C1")
    assert (channel.every_question, channel.private, channel.review_below, channel.language) == (
        False,
        False,
        NOTHING,
        None,
    )


def test_what_was_set_last_holds_and_each_change_is_on_the_audit_log(database: Database) -> None:
    channels = Channels(database)
    for language in ("ja", "ja", "en", None):
        channels.put("U1", as_set(language=language))
        assert channels.of("C1").language == language
    assert channels.of("C2").every_question is False
    assert [row.detail.rpartition("=")[2] for row in Audit(database).latest(9)] == ["None", "en", "ja"]


@pytest.mark.parametrize(
    ("below", "outcome", "confidence", "held"),
    [
        (NOTHING, Outcome.NOT_FOUND, 0.0, False),
        (0.7, Outcome.POSSIBLE, 0.69, True),
        (0.7, Outcome.NOT_STATED, 0.7, False),
        (0.9, Outcome.NOT_STATED, 0.7, True),
        (EVERYTHING, Outcome.NOT_FOUND, 1.0, True),
        (EVERYTHING, Outcome.HELP, 1.0, False),
        (0.9, Outcome.HELP, 0.1, False),
    ],
)
def test_which_replies_wait_for_review(below: float, outcome: Outcome, confidence: float, held: bool) -> None:
    cited = () if outcome in {Outcome.NOT_FOUND, Outcome.HELP} else (citation(),)
    made = reply(outcome=outcome, confidence=confidence, citations=cited)
    assert as_set(below).holds(made) is held
