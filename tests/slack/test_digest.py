"""The weekly digest: when it is due, that it comes once, and that nothing keeps it away for good."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.database import Database, now, open_database
from assistant.digests import DigestRow, Digests, Week, week_due
from assistant.enquiries import EnquiryRow, Feedback
from assistant.handover import HandoverRow, StaffReply, StaffReplyRow, State
from assistant.models import Outcome
from tests.slack.conftest import StartBot, latin_words
from tests.slack.staff import SETTINGS, STAFF_CHANNEL, furnish
from tests.slack.workspace import Message, Workspace, pings

TOKYO = ZoneInfo("Asia/Tokyo")
HOSTILE = "Why <!channel> did *everybody* <@U0SATO> lose the cup?"
PNG = b"\x89PNG\r\n\x1a\n"


# when it is due


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        ("2026-11-16 09:00", "2026-11-16"),
        ("2026-11-16 08:59", "2026-11-09"),
        ("2026-11-18 03:00", "2026-11-16"),
        ("2026-11-22 23:59", "2026-11-16"),
        ("2026-11-23 12:00", "2026-11-16"),  # Labour Thanksgiving Day, a Monday
        ("2026-11-24 08:59", "2026-11-16"),
        ("2026-11-24 09:00", "2026-11-23"),
        ("2026-05-04 09:00", "2026-04-27"),  # Greenery Day, Children's Day, and one for Constitution Day on Sunday
        ("2026-05-06 23:00", "2026-04-27"),
        ("2026-05-07 09:00", "2026-05-04"),
    ],
)
def test_it_is_due_at_nine_on_the_first_working_day_of_the_week(moment: str, monday: str) -> None:
    week = week_due(datetime.fromisoformat(moment).replace(tzinfo=TOKYO), "Asia/Tokyo", "JP")
    assert week.monday == date.fromisoformat(monday)
    assert week.begins == datetime.fromisoformat(monday).replace(tzinfo=TOKYO)


def test_nine_is_the_staffs_nine_and_holidays_are_their_countrys() -> None:
    moment = datetime(2026, 11, 23, 1, tzinfo=UTC)  # ten in Tokyo, a holiday; nine in Singapore
    assert week_due(moment, "Asia/Singapore", "SG").monday == date(2026, 11, 23)
    assert week_due(moment - timedelta(minutes=1), "Asia/Singapore", "SG").monday == date(2026, 11, 16)
    assert week_due(moment, "Asia/Tokyo", "JP").monday == date(2026, 11, 16)
    assert week_due(moment, "Asia/Tokyo", "SG").monday == date(2026, 11, 23)


def test_a_week_has_its_digest_on_its_first_working_day() -> None:
    """Mid-Autumn Festival and National Day took China's week from 2 to 6 October 2023; Saturday was worked for them."""
    shanghai = ZoneInfo("Asia/Shanghai")
    days = [datetime(2023, 10, day, 12, tzinfo=shanghai) for day in range(1, 10)]
    due = [week_due(day, "Asia/Shanghai", "CN").monday for day in days]
    assert due == [date(2023, 9, 25)] * 6 + [date(2023, 10, 2)] * 2 + [date(2023, 10, 9)]


# which bot sends it


def url_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'desk.sqlite3'}"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = open_database(url_in(tmp_path))
    yield made
    made.close()


def a_week(monday: str) -> Week:
    return Week(date.fromisoformat(monday), datetime.fromisoformat(monday).replace(tzinfo=TOKYO))


def test_one_bot_takes_it_and_another_after_a_while_if_it_was_not_sent(database: Database) -> None:
    digests, week = Digests(database), a_week("2026-11-16")
    row = digests.take(week)
    assert row is not None
    assert (row.since, row.until, row.attempts) == (week.begins - timedelta(days=7), week.begins, 1)
    assert Digests(database).take(week) is None
    with database.session() as session:
        session.get_one(DigestRow, week.monday).held_until = now() - timedelta(seconds=1)
    again = Digests(database).take(week)
    assert again is not None
    assert again.attempts == 2
    digests.put_off(again, "the network is down")
    assert digests.take(week) is None, "not at once"
    with database.session() as session:
        held = session.get_one(DigestRow, week.monday).held_until
        assert held is not None
        assert timedelta(seconds=1) < held - now() < timedelta(seconds=10)
    digests.done(again)
    with database.session() as session:
        session.get_one(DigestRow, week.monday).held_until = None
    assert digests.take(week) is None


def test_it_makes_up_for_weeks_that_had_none(database: Database) -> None:
    digests, first, third = Digests(database), a_week("2026-11-02"), a_week("2026-11-16")
    sent, unsent = digests.take(first), digests.take(a_week("2026-11-09"))
    assert sent is not None
    assert unsent is not None
    digests.done(sent)
    row = digests.take(third)
    assert row is not None
    assert (row.since, row.until) == (first.begins, third.begins)
    digests.done(row)
    late = digests.take(a_week("2027-03-01"))
    assert late is not None
    assert late.until - late.since == timedelta(days=7), "but not for a whole winter"


# the bot


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return {**environment, **SETTINGS, "DESK_DATABASE_URL": url_in(tmp_path)}


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace() as made:
        furnish(made)
        yield made


def put(database: Database, question: str, outcome: Outcome, *, language: str = "en", days: float = 3) -> str:
    """An enquiry so many days before the week in which the digest of now is sent; returns its id."""
    received = week_due(now(), "Asia/Tokyo", "JP").begins - timedelta(days=days)
    with database.session() as session:
        name = f"{session.query(EnquiryRow).count() + 1:08x}"
        session.add(EnquiryRow(
            id=name, channel="C1", ts=f"{name}.0", thread=f"{name}.0", user="U1", question=question, status="replied",
            received_at=received, language=language, outcome=outcome, confidence=0.5, reply={"citations": []},
        ))  # fmt: skip
    return name


@pytest.fixture
def busy_week(database: Database) -> Database:
    """A record with something in last week, in the week before, and in this one."""
    put(database, "Which city signed first?", Outcome.ANSWERED)
    put(database, "最初に署名した都市はどこですか", Outcome.ANSWERED, language="ja")
    put(database, "ฤดูร้อนนี้ฝนตกไหม", Outcome.NOT_FOUND, language="th")
    hostile = [put(database, HOSTILE, Outcome.NOT_FOUND, days=days) for days in (2, 1.5, 1)]
    put(database, "An earlier question", Outcome.NOT_FOUND, days=8)
    put(database, "A later question", Outcome.NOT_FOUND, days=-0.01)
    with database.session() as session:  # as if all had been told of it
        asked = session.get_one(EnquiryRow, hostile[0]).received_at
        state, by = State.REPLIED, "U0SATO"
        session.add(
            HandoverRow(enquiry_id=hostile[0], state=state, since=asked, asked_by="U1", asked_at=asked, holder=by)
        )
        session.flush()
        content = StaffReply(text="They did not.").model_dump(mode="json")
        session.add(
            StaffReplyRow(enquiry_id=hostile[0], version=2, by=by, at=asked + timedelta(hours=2), content=content)
        )
        session.add(Feedback(enquiry_id=hostile[1], user="U1", helpful=False, given_at=asked))
    return database


def said(workspace: Workspace) -> list[Message]:
    """What the bot said of digests in the staff channel."""
    found = [m for m in workspace.messages(STAFF_CHANNEL) if m.from_bot]
    return [m for m in found if m.files or "digest" in str(m.metadata)]


def wait_for_digest(workspace: Workspace, timeout: float = 30) -> tuple[Message, Message]:
    """Its text and its chart, once both are there and nothing more comes."""
    workspace.wait_for(lambda: len(said(workspace)) >= 2, timeout, "a digest")
    workspace.settle(0.5)
    text, chart = said(workspace)
    return text, chart


def row_of(database: Database) -> DigestRow:
    with database.session() as session:
        return session.query(DigestRow).one()


def wait_for_row(workspace: Workspace, database: Database, field: str) -> DigestRow:
    """The digest's row, once it has something in a field."""

    def filled() -> bool:
        with database.session() as session:
            row = session.query(DigestRow).one_or_none()
        return row is not None and getattr(row, field) is not None

    workspace.wait_for(filled, 30, f"a digest with {field}")
    return row_of(database)


def test_one_of_two_bots_sends_the_text_and_the_chart(
    busy_week: Database, workspace: Workspace, start_bot: StartBot
) -> None:
    bots = [start_bot(workspace) for _ in range(2)]
    text, chart = wait_for_digest(workspace)
    assert "Enquiries · 6" in text.shown
    assert "Outcome · answered 2 · found nothing 4" in text.shown
    assert "Language · English 4 · Japanese 1 · Thai 1" in text.shown
    assert "Handovers · Replied to 1" in text.shown
    assert "Time to a person's reply (median) · 2 hours" in text.shown
    assert "Found helpful / not helpful · 0 / 1" in text.shown
    assert f"2 × “{HOSTILE}” (English)" in text.shown  # the third one has a person's reply
    assert text.shown.index("2 × ") < text.shown.index("1 × “ฤดูร้อน")
    assert "earlier question" not in text.shown
    assert "later question" not in text.shown
    assert "first" not in text.shown, "what was answered is not told among what was not"
    assert pings(text) == pings(chart) == []
    (file,) = chart.files
    assert workspace.content(file).startswith(PNG)
    assert file["title"] in text.shown
    (announced,) = [call.args for call in workspace.calls("files.getUploadURLExternal")]
    assert "answered 2" in announced["alt_txt"]
    row = row_of(busy_week)
    assert row.done_at is not None
    assert (row.posted_ts, row.error) == (text.ts, None)
    for bot in bots:
        assert bot.stop() == 0
    start_bot(workspace)
    workspace.settle(1)
    assert said(workspace) == [text, chart], "a bot that starts later has nothing to add"
    assert workspace.refusals == []


def test_it_is_in_the_first_of_the_staffs_languages(
    busy_week: Database, workspace: Workspace, start_bot: StartBot, environment: dict[str, str]
) -> None:
    environment["DESK_STAFF_LANGUAGES"] = "ja,en"
    start_bot(workspace)
    text, chart = wait_for_digest(workspace)
    assert "日本語 1" in text.shown
    assert latin_words(text.shown, [HOSTILE]) == []
    assert latin_words(chart.files[0]["title"]) == []
    (announced,) = [call.args for call in workspace.calls("files.getUploadURLExternal")]
    assert latin_words(announced["alt_txt"]) == []


def test_an_answer_that_got_lost_makes_no_second_text(
    busy_week: Database, workspace: Workspace, start_bot: StartBot
) -> None:
    workspace.fail_next("chat.postMessage", lost=True)
    start_bot(workspace)
    text, _chart = wait_for_digest(workspace)
    assert row_of(busy_week).posted_ts == text.ts
    assert len(workspace.calls("chat.postMessage")) == 1


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_a_chart_that_slack_could_not_take_comes_later(
    busy_week: Database, workspace: Workspace, start_bot: StartBot, method: str
) -> None:
    workspace.fail_next(method, 200, "internal_error")
    start_bot(workspace)
    wait_for_digest(workspace)
    assert row_of(busy_week).attempts == 2


def test_a_chart_that_got_there_is_not_sent_again(
    busy_week: Database, workspace: Workspace, start_bot: StartBot
) -> None:
    workspace.fail_next("files.completeUploadExternal", lost=True)
    start_bot(workspace)
    wait_for_digest(workspace)
    wait_for_row(workspace, busy_week, "done_at")
    assert len(said(workspace)) == 2
    assert len(workspace.calls("files.completeUploadExternal")) == 1


def test_without_the_permission_for_files_there_is_the_text(
    busy_week: Database, workspace: Workspace, start_bot: StartBot
) -> None:
    workspace.scopes.remove("files:write")
    bot = start_bot(workspace)
    wait_for_row(workspace, busy_week, "done_at")
    (text,) = said(workspace)
    assert "Outcome · answered 2 · found nothing 4" in text.shown
    assert row_of(busy_week).error == "missing_scope"
    assert "missing_scope" in bot.log()


def test_a_killed_bots_digest_is_finished_by_another(
    busy_week: Database, workspace: Workspace, start_bot: StartBot
) -> None:
    workspace.slow("files.getUploadURLExternal", 30)
    bot = start_bot(workspace)
    wait_for_row(workspace, busy_week, "posted_ts")
    bot.stop(signal.SIGKILL)
    workspace.slow("files.getUploadURLExternal", 0)
    with busy_week.session() as session:
        held = session.query(DigestRow).one()
        assert held.held_until is not None
        assert held.held_until > now(), "it is in the dead bot's hands for a while"
        held.held_until = now()
    start_bot(workspace)
    wait_for_digest(workspace)
    assert row_of(busy_week).attempts == 2


def test_it_waits_for_a_staff_channel_that_is_shut(
    busy_week: Database, workspace: Workspace, start_bot: StartBot
) -> None:
    workspace.remove_bot(STAFF_CHANNEL)
    start_bot(workspace)
    wait_for_row(workspace, busy_week, "error")
    assert "not_in_channel" in str(row_of(busy_week).error)
    assert said(workspace) == []
    workspace.add_channel(STAFF_CHANNEL)
    wait_for_digest(workspace)


def test_a_new_desk_does_not_begin_with_a_digest(database: Database, workspace: Workspace, start_bot: StartBot) -> None:
    put(database, "What is it?", Outcome.HELP, days=-0.01)
    start_bot(workspace)
    wait_for_row(workspace, database, "done_at")
    workspace.settle(0.5)
    assert said(workspace) == []


def test_a_quiet_week_is_told_without_a_chart(database: Database, workspace: Workspace, start_bot: StartBot) -> None:
    put(database, "An earlier question", Outcome.NOT_FOUND, days=10)
    start_bot(workspace)
    wait_for_row(workspace, database, "done_at")
    (text,) = said(workspace)
    assert "Nobody has asked anything." in text.shown
    assert "earlier question" not in text.shown
