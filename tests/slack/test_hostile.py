"""Hostile people: what they write forges nothing, wherever it is shown again, and what is secret stays so."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.conftest import Command
from tests.slack.conftest import Office, explained
from tests.slack.limits import walk
from tests.slack.staff import SATO, SETTINGS, hand_over, open_case, staffed
from tests.slack.test_bot import ENGLISH
from tests.slack.workspace import Message, View, pings

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff]"
)
LOG_LINE = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+: |  \| )")
FORGED = "2026-01-01 00:00:00,000 INFO assistant.slack.app: forged"
HOSTILE = {
    "terminal": "Which city signed first?\x1b[2J\x1b]0;owned\x07\x9b31m \x1b]8;;https://evil.example\x1b\\here",
    "bidi": "Which city \u202eterces\u202c \u2066signed\u2069 \u200ffirst\u061c?",
    "zero width": "Wh\u200bich ci\u2060ty sig\xadned fi\ufeffrst?\u180e",
    "lone surrogates": "Which city \ud800signed\udfff first?",
    "nul and controls": "Which\x00 city\x01 signed\x08 first?\x7f\x85",
    "tags": "Which city signed first?\U000e0041\U000e0042\U000e007f",
    "forged lines": f"Which city signed first?\n\n🟢 Replied to by Sato\r\n{FORGED}\u2028{FORGED}",
    "markup": "<!channel> <@U1> *Which* city signed first? <https://evil.example|here> &amp;lt;!here&amp;gt;",
}


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {**SETTINGS, "SLACK_SIGNING_SECRET": SECRET}


@pytest.fixture(scope="module", autouse=True)
def staff_room(office: Office) -> Iterator[None]:
    with staffed(office, refusals=True):
        yield


@pytest.mark.parametrize("case", HOSTILE)
def test_a_question_forges_nothing_where_it_is_shown_again(office: Office, channel: str, case: str) -> None:
    workspace = office.workspace
    handed = open_case(office, channel, HOSTILE[case])
    form, card = handed.form(SATO), handed.card
    workspace.open_home(SATO)
    home = workspace.wait_for(lambda: workspace.home(SATO), what="the Home")
    assert UNSEEN.sub("", HOSTILE[case])[:10].strip("<>!") in card.shown.replace("@channel", "channel")
    for shown in (*(m.shown for m in workspace.messages(channel) if m.from_bot), card.shown, form.shown, home.shown):
        assert not UNSEEN.search(shown)
    assert not UNSEEN.search(handed.enquiry.question)
    assert "\n" not in card.text, "a notification is one line"
    assert FORGED not in form.shown.splitlines(), "a form shows it as one paragraph"
    said: list[Message | View] = [m for m in workspace.messages(channel) if m.from_bot]
    for source in [card, form, home, *said]:
        assert pings(source) == []
        assert not [part for part in walk(source.blocks) if "evil.example" in str(part.get("url"))]


def test_it_forges_nothing_in_the_report_and_the_log(office: Office, channel: str) -> None:
    for question in HOSTILE.values():
        office.ask(channel, question)
    office.run("report", "--html", "report.html")
    page = (office.folder / "report.html").read_bytes().decode()
    assert "<!channel>" not in page
    assert "evil.example|here>" not in page
    assert not UNSEEN.search(page)
    lines = office.bot.log().splitlines()
    assert [line for line in lines if not LOG_LINE.match(line)] == []
    assert FORGED not in office.bot.log()


def test_a_persons_name_forges_nothing_on_the_card(office: Office, channel: str) -> None:
    office.workspace.add_user("U0EVIL", "Eve\n🟢 Replied to by Sato\u202e\x1b[31m")
    card = open_case(office, channel, ENGLISH, "U0EVIL").card
    head = card.shown.splitlines()[0]
    assert "Eve 🟢 Replied to by Sato" in head
    assert not UNSEEN.search(card.shown)


@pytest.mark.parametrize("first", ["", "\u202e\x00", "Which city? " * 3334])
def test_a_person_can_be_asked_though_the_thread_began_with_what_is_no_question(
    office: Office, channel: str, first: str
) -> None:
    refused = office.ask(channel, first)
    reply = office.ask(channel, ENGLISH, thread_ts=refused.thread_ts)
    case = hand_over(office, reply)
    assert ENGLISH in case.card.shown
    assert "reply_text" in [part.get("action_id") for part in walk(case.form(SATO).blocks)]


@pytest.mark.parametrize("secret", ["bot token", "app token", "signing secret"])
def test_what_slack_says_of_a_token_comes_to_the_log_without_it(office: Office, channel: str, secret: str) -> None:
    workspace = office.workspace
    told = {"bot token": workspace.bot_token, "app token": workspace.app_token, "signing secret": SECRET}[secret]
    workspace.fail_next(
        "chat.postMessage", 200, f"refused_{secret.replace(' ', '_')}: {told}\n{FORGED}", channel=channel
    )
    with explained(office.bot):
        ts = workspace.mention(channel, "U1", ENGLISH)
        workspace.wait_for_reply(channel, ts)
        enquiry = office.row(channel).id
        workspace.wait_for(lambda: f"enquiry {enquiry}: Slack refused" in office.bot.log(), what="a line of the log")
    log = office.bot.log()
    assert told not in log
    assert "refused_" not in log, "what is no code of Slack's is left out as a whole"
    assert [line for line in log.splitlines() if not LOG_LINE.match(line)] == []


DATABASES = {
    "nobody there": "postgresql+psycopg://desk:hunter-2-pass@127.0.0.1:1/desk",
    "port is no number": "postgresql+psycopg://desk:hunter-2-pass@127.0.0.1:port/desk",
    "no host": "postgresql+psycopg://desk:hunter-2-pass",
    "an @ in the password": "postgresql+psycopg://desk:x@hunter-2-pass@127.0.0.1:1/desk",
    "an option": "postgresql+psycopg://127.0.0.1:1/desk?password=hunter-2-pass",
    "unknown database": "nosuch://desk:hunter-2-pass@127.0.0.1/desk",
}


@pytest.mark.parametrize("case", DATABASES)
@pytest.mark.parametrize("arguments", [("doctor",), ("report",)], ids=" ".join)
def test_a_databases_password_is_shown_by_no_command(command: Command, case: str, arguments: tuple[str, ...]) -> None:
    done = command(*arguments, env={"DESK_DATABASE_URL": DATABASES[case]})
    said = done.stdout + done.stderr
    assert done.returncode in {1, 2}
    assert "DESK_DATABASE_URL" in said
    assert "hunter" not in said
    assert "Traceback" not in said


def test_the_doctor_masks_what_is_secret_in_an_address(command: Command) -> None:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1-secret", "SLACK_APP_TOKEN": "xapp-1-secret"}
    done = command("doctor", env={**tokens, "SLACK_API_URL": "http://proxy:hunter-2-pass@127.0.0.1:1/api/"})
    assert done.returncode == 1
    assert "Slack at http://proxy:***@127.0.0.1:1/api/ cannot be reached" in done.stdout
    assert not re.search("hunter|secret", done.stdout + done.stderr)


def test_a_piped_question_does_not_write_to_the_terminal_as_it_likes(command: Command) -> None:
    done = command("run", stdin="".join(f"{q}\n" for q in HOSTILE.values() if not re.search("[\ud800-\udfff\n]", q)))
    assert done.stdout.count("\n? ") + done.stdout.startswith("? ") == 6
    assert not UNSEEN.search(done.stdout + done.stderr)
