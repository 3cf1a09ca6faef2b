"""Properties: no text of people's pings or links; no order or repetition of events makes two replies or none."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.enquiries import EnquiryRow
from assistant.slack import blocks
from assistant.slack.staff.cards import card_blocks, card_text
from assistant.slack.text import escape, flattened, question_in
from corpus.clean import strip_invisible
from tests.slack.conftest import Office, explained
from tests.slack.limits import block_errors, pings_in, walk
from tests.slack.test_bot import ENGLISH, JAPANESE
from tests.slack.test_cards import CARD

BOT = "U0BOT"
PIECES = [
    *("<!channel>", "<!here|x>", "<!everyone>", "<!subteam^S1|@all>", "<@U1>", "<@U0BOT>", "<@W1|bob>", "<#C1|x>"),
    *("<https://evil.example|here>", "<mailto:a@b.example>", "<", ">", "&", "|", "!", "@", "&lt;", "&amp;", "&amp;lt;"),
    *("<!date^1^{date}|x>", "*", "_", "~", "`", "```", "\n", "> ", ":tada:", "@channel", "\u202e", "\u200b", "\x00"),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map("".join)
MARKUP = {"user", "usergroup", "broadcast", "channel", "link", "emoji", "mrkdwn", "markdown"}


@given(TEXTS)
def test_escaped_text_pings_nobody_and_makes_no_link(text: str) -> None:
    written = escape(text)
    assert not {"<", ">"} & set(written)
    assert pings_in(written, []) == []
    assert question_in(written, BOT) == strip_invisible(text).strip(), "and loses no visible character"


@given(TEXTS)
def test_what_is_read_from_a_message_and_written_again_pings_nobody(text: str) -> None:
    """Escaped twice by an attacker, it is still text: one escape is undone, and one is made."""
    for typed in (text, escape(text), escape(escape(text))):
        assert pings_in(escape(question_in(typed, BOT)), []) == []


@given(TEXTS.filter(lambda text: flattened(text) != ""), TEXTS.filter(lambda text: flattened(text) != ""))
def test_a_card_shows_any_question_and_any_name_as_they_are(question: str, name: str) -> None:
    kept, called = question_in(escape(question), BOT), flattened(name)
    card = replace(CARD, enquiry=_asked(kept), names={"U1": called}, cited=(kept[:400],))
    made = [block.to_dict() for block in card_blocks(card, "en")]
    assert block_errors(made) == []
    assert pings_in(card_text(card, "en"), made) == []
    assert {part.get("type") for part in walk(made)}.isdisjoint(MARKUP)
    assert "\n" not in card_text(card, "en")
    assert kept in [part.get("text") for part in walk(made)]
    assert called in "".join(str(part.get("text", "")) for part in walk(made))


@given(TEXTS.filter(lambda text: text.strip() != ""))
def test_every_way_of_showing_words_shows_them_as_they_are(text: str) -> None:
    made = [*blocks.notice_blocks(text), blocks.question_block(text), *blocks.paragraphs(text, "en")]
    shown = [block.to_dict() for block in made]
    assert pings_in("", shown) == []
    assert {part.get("type") for part in walk(shown)}.isdisjoint(MARKUP)


def _asked(question: str) -> EnquiryRow:
    row = CARD.enquiry
    return EnquiryRow(
        id=row.id, channel=row.channel, ts=row.ts, thread=row.thread, user=row.user, question=question,
        received_at=row.received_at, language=row.language, outcome=row.outcome, confidence=row.confidence,
    )  # fmt: skip


# Events

KINDS = ("message", "app_mention", "message_changed", "message_deleted")


@st.composite
def deliveries(draw: st.DrawFn) -> list[tuple[int, str, bool]]:
    """Events of up to three messages, in any order, some delivered again: (message, kind, again)."""
    events: list[tuple[int, str, bool]] = []
    for number in range(draw(st.integers(1, 3))):
        first = draw(st.sampled_from(["message", "app_mention"]))  # one of both comes, or nobody knows of it
        more = draw(st.lists(st.sampled_from(KINDS), max_size=4))
        events += [(number, kind, draw(st.booleans())) for kind in (first, *more)]
    return draw(st.permutations(events))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=deliveries())
def test_each_message_has_one_reply_in_whatever_order_its_events_come_and_how_often(
    office: Office, order: list[tuple[int, str, bool]]
) -> None:
    workspace = office.workspace
    channel = f"CP{len(workspace.events()):05d}"
    workspace.add_channel(channel)
    # Said by a person, and not told to the bot: the events of it come as the order says.
    workspace.remove_bot(channel)
    questions = [ENGLISH, JAPANESE, "What is CityNet?"]
    sent = {
        number: workspace.say(channel, "U1", f"<@{workspace.bot_user_id}> {questions[number]}") for number, *_ in order
    }
    workspace.invite_bot(channel, "U2")
    for number, kind, again in order:
        event = workspace.send_event(
            _event(kind, channel, sent[number], f"<@{workspace.bot_user_id}> {questions[number]}")
        )
        if again:
            workspace.redeliver(event, 1)
    with explained(office.bot):
        for ts in sent.values():
            workspace.wait_for_reply(channel, ts)
        workspace.settle(0.3)
        rows = office.rows(channel)
    assert {ts: len(office.replies(channel, ts)) for ts in sent.values()} == dict.fromkeys(sent.values(), 1)
    assert sorted(row.ts for row in rows) == sorted(sent.values())
    assert {row.status for row in rows} == {"replied"}


def _event(kind: str, channel: str, ts: str, text: str) -> dict[str, object]:
    """What Slack tells of a message, of its being edited, or deleted."""
    said = {"type": "message", "user": "U1", "text": text, "ts": ts}
    place = {"channel": channel, "channel_type": "channel", "event_ts": ts}
    if kind in {"message", "app_mention"}:
        return {**said, **place, "type": kind}
    about = {"message": {**said, "text": f"{text} edited"}} if kind == "message_changed" else {"deleted_ts": ts}
    return {
        "type": "message",
        "subtype": kind,
        "hidden": True,
        **place,
        "ts": f"{ts}9",
        "previous_message": said,
        **about,
    }
