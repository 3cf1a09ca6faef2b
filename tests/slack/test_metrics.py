"""What a bot tells of itself, in Socket Mode: how it is, what Prometheus counts, and its log for machines."""

from __future__ import annotations

import ast
import inspect
import json
import re
import socket

import pytest
from prometheus_client.parser import text_string_to_metric_families
from slack_sdk import WebClient

from assistant.handover import WITH_STAFF
from assistant.languages import SUPPORTED
from assistant.models import Outcome
from assistant.slack.watch import ERRORS, METHODS
from tests.conftest import ROOT, Command, Small
from tests.slack.conftest import Office, tokens
from tests.slack.test_bot import ENGLISH, JAPANESE
from tests.slack.test_bot_failures import ID, without_index
from tests.slack.test_http import Answer, address, fetch, free_port
from tests.slack.workspace import Workspace

PORT = free_port()
FEE = "What is the joining fee?"
Samples = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture(scope="module")
def at_hand(brief: Small) -> Small:
    return brief


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"DESK_HEALTH_PORT": str(PORT), "DESK_LOG_FORMAT": "json", "DESK_STAFF_CHANNEL": "CSTAFF"}


def scraped(port: int) -> Samples:
    """Every sample by its name and its labels' values, in the order of the labels' names."""
    page = fetch(address(port, "/metrics"))
    assert page.status == 200
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
    }


def risen(before: Samples, after: Samples, name: str) -> dict[tuple[str, ...], float]:
    """By how much each series of a counter has risen."""
    return {
        labels: value - before.get((key, labels), 0)
        for (key, labels), value in after.items()
        if key == name and value != before.get((key, labels), 0)
    }


def test_it_says_how_it_is_and_nothing_of_slack_is_taken_there(office: Office) -> None:
    assert fetch(address(PORT, "/healthz")) == Answer(200, "alive\n")
    assert fetch(address(PORT, "/readyz")) == Answer(200, "ready\n")
    assert fetch(address(PORT)).status == 404


def test_only_this_machine_is_told(office: Office) -> None:
    """What listens on every address could not be listened beside."""
    with socket.socket() as other:
        other.bind(("127.0.0.2", PORT))


def test_questions_are_counted_by_outcome_and_language(office: Office, channel: str) -> None:
    before = scraped(PORT)
    for question in (ENGLISH, JAPANESE, FEE, "x" * 2001):
        office.ask(channel, question)
    after = scraped(PORT)
    assert risen(before, after, "desk_questions_total") == {
        ("en", "answered"): 1,
        ("ja", "answered"): 1,
        ("en", "not_stated"): 1,
        ("en", "refused"): 1,
    }
    for name in ("desk_answer_seconds_count", "desk_reply_seconds_count"):
        assert risen(before, after, name) == {(): 3}
    spent = risen(before, after, "desk_answer_seconds_sum")[()]
    assert 0 < spent < risen(before, after, "desk_reply_seconds_sum")[()] < 60


def test_a_failure_is_counted_and_its_log_is_one_object_a_line(office: Office, channel: str) -> None:
    before, logged = scraped(PORT), len(office.bot.log())
    with without_index(office):
        reply = office.ask(channel, ENGLISH)
    assert risen(before, scraped(PORT), "desk_questions_total") == {("other", "failed"): 1}
    entries = [json.loads(line) for line in office.bot.log()[logged:].split("\n") if line]
    (told,) = [entry for entry in entries if "traceback" in entry]
    assert [told["enquiry"]] == ID.findall(reply.shown)
    assert told["level"] == "ERROR"
    assert told["logger"] == "assistant.slack.worker"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told["time"])
    assert told["traceback"].startswith("Traceback")
    assert "\n" in told["traceback"]


def test_a_failed_click_is_logged_with_the_reference_that_the_person_has(office: Office, channel: str) -> None:
    reply = office.ask(channel, ENGLISH)
    with without_index(office):
        (told,) = office.workspace.click("show_context", "U2", reply).wait_replies()
    (reference,) = ID.findall(told.shown)
    entries = [json.loads(line) for line in office.bot.log().split("\n") if line]
    assert [entry["logger"] for entry in entries if entry.get("reference") == reference] == ["assistant.slack.private"]


def test_what_slack_refuses_is_counted_attempt_by_attempt(office: Office, channel: str) -> None:
    before = scraped(PORT)
    office.workspace.fail_next("chat.postMessage", status=429)
    office.workspace.fail_next("chat.postMessage", status=500)
    office.ask(channel, ENGLISH)
    after = scraped(PORT)
    assert risen(before, after, "desk_slack_errors_total") == {
        ("ratelimited", "chat.postMessage"): 1,
        ("http_5xx", "chat.postMessage"): 1,
    }
    for error in ("is_archived", "a_word_of_their_own"):
        office.workspace.fail_next("chat.postMessage", status=200, error=error)
        office.ask(channel, ENGLISH)
    assert risen(after, scraped(PORT), "desk_slack_errors_total") == {
        ("is_archived", "chat.postMessage"): 1,
        ("other", "chat.postMessage"): 1,
    }


def test_what_waits_and_what_serves_is_told(office: Office, channel: str) -> None:
    office.workspace.add_channel("CSTAFF")
    office.workspace.fail_next("chat.postMessage", 500, channel="CSTAFF")
    reply = office.ask(channel, FEE)
    before = scraped(PORT)
    office.workspace.click("ask_staff", "U1", reply).wait_ack()
    office.workspace.wait_for(lambda: scraped(PORT)[("desk_handovers_waiting", ("open",))] > 0, 5)
    after = scraped(PORT)
    assert risen(before, after, "desk_handovers_waiting") == {("open",): 1}
    assert after[("desk_handovers_waiting", ("claimed",))] == 0
    assert after[("desk_index_info", (office.data.joinpath("index", "CURRENT").read_text().strip(),))] == 1
    assert 0 < after[("desk_index_age_seconds", ())] < 24 * 3600
    assert after[("desk_questions_in_hand", ())] == 0
    assert after[("desk_questions_waiting", ())] == 0
    assert after[("desk_outbox_notes_waiting", ())] >= 1, "the card, which Slack has not taken yet"
    office.workspace.wait_for(lambda: scraped(PORT)[("desk_outbox_notes_waiting", ())] == 0, 10)
    assert after[("desk_slack_connected", ())] == 1
    assert after[("desk_database_up", ())] == 1
    assert after[("process_resident_memory_bytes", ())] > 1e6


def test_labels_come_from_closed_lists(office: Office, channel: str) -> None:
    """So that nobody is named in them, and their number has an end."""
    office.ask(channel, "Who is <@U77>? mail@example.org", user="U55")
    outcomes = {*Outcome, "refused", "failed"}
    bounds = {str(float(text)) for text in ("0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2", "2.5", "3", "5",
                                            "10", "30", "60", "300", "1800", "inf")}  # fmt: skip
    for name, labels in scraped(PORT):
        if name == "desk_questions_total":
            assert labels[0] in {*SUPPORTED, "other"}
            assert labels[1] in outcomes
        elif name.endswith("_bucket"):
            assert {str(float(label)) for label in labels} <= bounds
        elif name == "desk_handovers_waiting":
            assert labels[0] in WITH_STAFF
        elif name == "desk_slack_errors_total":
            assert labels[0] in {*ERRORS, "other", "no_answer", "http_5xx"}
            assert labels[1] in {*METHODS, "other"}
        else:
            assert labels == () or name in {"desk_build_info", "desk_index_info"}, name


def test_every_method_of_slacks_that_the_desk_calls_is_known() -> None:
    called = {
        node.func.attr
        for path in (ROOT / "assistant" / "slack").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and "_" in node.func.attr
    }
    sources = [inspect.getsource(getattr(WebClient, name)) for name in called if callable(getattr(WebClient, name, 0))]
    methods = {found for source in sources for found in re.findall(r'api_call\(\s*"([\w.]+)"', source)}
    assert "chat.postMessage" in methods
    assert methods - METHODS == set()


def test_a_port_that_is_taken_is_said_before_slack_hears_of_the_bot(
    office: Office, workspace: Workspace, command: Command
) -> None:
    done = command(env={**tokens(workspace), "DESK_HEALTH_PORT": str(PORT)})
    assert done.returncode == 2
    assert "DESK_HEALTH_PORT: cannot listen" in done.stderr
    assert workspace.connections_opened == 0


def test_a_bot_without_slack_is_not_ready(office: Office) -> None:
    """Last: the workspace goes."""
    office.workspace.stop()
    office.workspace.wait_for(lambda: fetch(address(PORT, "/readyz")).status == 503, 10)
    assert fetch(address(PORT, "/readyz")).text == "not connected to Slack\n"
    assert scraped(PORT)[("desk_slack_connected", ())] == 0
    assert fetch(address(PORT, "/healthz")).status == 200
