"""The stand-in workspace itself: a small real Bolt app over real sockets, and what Slack would refuse."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from socket import SHUT_RDWR
from typing import Any

import pytest
import websocket
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.socket_mode.interval_runner import IntervalRunner
from slack_sdk.webhook import WebhookClient

from tests.slack.workspace import Event, Message, View, Workspace, pings, typed

Json = dict[str, Any]
PLAIN = {"type": "plain_text", "text": "Yes"}


def button(action_id: str = "go", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": PLAIN, **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def section(text: str, kind: str = "mrkdwn") -> Json:
    return {"type": "section", "text": {"type": kind, "text": text}}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def quote(*parts: Json) -> Json:
    return rich({"type": "rich_text_quote", "elements": list(parts)})


FEEDBACK: Json = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "answer_feedback",
            "positive_button": {"text": PLAIN, "value": "7:up"},
            "negative_button": {"text": PLAIN, "value": "7:down"},
        }
    ],
}
ANSWER = [
    section("*Answer*"),
    quote({"type": "text", "text": "<!channel> stays a quote"}),
    actions(button("ask", value="1")),
]
MODAL: Json = {
    "type": "modal",
    "title": PLAIN,
    "submit": PLAIN,
    "blocks": [
        {
            "type": "input",
            "block_id": "reply",
            "label": PLAIN,
            "element": {"type": "plain_text_input", "action_id": "reply_text", "max_length": 20},
        }
    ],
}
HOME: Json = {"type": "home", "blocks": [section("Home"), actions(button("refresh"))]}


def option(value: str, **more: Any) -> Json:
    return {"text": PLAIN, "value": value, **more}


def choice(kind: str, *options: Json, **more: Any) -> Json:
    return {"type": kind, "action_id": kind, "options": list(options), **more}


def question(element: Json, *, optional: bool = False) -> Json:
    return {"type": "input", "block_id": element["action_id"], "label": PLAIN, "element": element, "optional": optional}


def form(*inputs: Json) -> Json:
    return {"type": "modal", "title": PLAIN, "submit": PLAIN, "callback_id": "form", "blocks": list(inputs)}


class Bot:
    """A Bolt app that answers mentions in the thread and has one of each kind of listener.

    The adapter asks for a second connection at once when it starts, and looks for a new session only every half second.
    Unless ``plain``, it is kept from the first and made quicker at the second: these tests are not about the adapter.
    """

    def __init__(self, workspace: Workspace, *, plain: bool = False) -> None:
        self.heard: list[tuple[str, str, str | None]] = []  # listener, event id or action value, retry number
        self.client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
        self.app = app = App(client=self.client)
        self.adapter = SocketModeHandler(app, workspace.app_token)
        self.socket = socket = self.adapter.client
        if not plain:
            socket.current_app_monitor_started = True
            socket.current_session_runner.shutdown()  # type: ignore[no-untyped-call]
            socket.current_session_runner = IntervalRunner(socket._run_current_session, 0.02).start()
        self.release = threading.Event()

        @app.event("app_mention")
        def mentioned(event: Json, body: Json, request: Any, say: Any) -> None:
            retry = request.headers.get("x-slack-retry-num", [None])[0]
            self.heard.append(("app_mention", body["event_id"], retry))
            say(text="Answer", blocks=[*ANSWER, FEEDBACK], thread_ts=event.get("thread_ts") or event["ts"])

        @app.event("message")
        def message(event: Json, body: Json) -> None:
            self.heard.append(("message", body["event_id"], None))

        @app.event("member_joined_channel")
        def joined(event: Json, body: Json) -> None:
            self.heard.append(("joined", body["event_id"], None))

        @app.event("app_home_opened")
        def home(event: Json, client: WebClient) -> None:
            client.views_publish(user_id=event["user"], view=HOME)

        @app.command("/declaration")
        def command(ack: Any, respond: Any, command: Json) -> None:
            if command["text"] == "status":
                ack("All well")
            elif command["text"] == "sleep":
                self.release.wait(2)
                ack("Late")
            else:
                ack()
                respond(text=f"You asked: {command['text']}", blocks=[section("Private"), actions(button("ask"))])

        @app.action("ask")
        def ask(ack: Any, body: Json, respond: Any, action: Json, client: WebClient) -> None:
            ack()
            self.heard.append(("ask", action.get("value", ""), None))
            if body["container"]["is_ephemeral"]:
                respond(text="Replaced", replace_original=True)
            else:
                client.views_open(trigger_id=body["trigger_id"], view=MODAL)

        @app.action("answer_feedback")
        def feedback(ack: Any, action: Json) -> None:
            ack()
            self.heard.append(("answer_feedback", action["value"], None))

        @app.action("refresh")
        def refresh(ack: Any, body: Json) -> None:
            ack()
            self.heard.append(("refresh", body["view"]["id"], None))

        @app.view({"type": "view_submission", "callback_id": ""})
        def submitted(ack: Any, view: Json) -> None:
            text = view["state"]["values"]["reply"]["reply_text"]["value"]
            if text == "bad":
                ack(response_action="errors", errors={"reply": "Not this"})
            else:
                ack()
                self.heard.append(("submitted", text, None))

    def close(self) -> None:
        """End it quickly: ``close`` alone waits up to ten seconds for the reading thread to notice."""
        self.release.set()
        self.socket.auto_reconnect_enabled = False
        session = self.socket.current_session
        if session is not None and session.sock is not None and session.sock.sock is not None:
            session.sock.sock.shutdown(SHUT_RDWR)
            end = time.monotonic() + 2
            while session.sock is not None and time.monotonic() < end:
                time.sleep(0.005)
        self.socket.closed = True
        self.socket.enqueue_message("")  # or the processing thread waits a second for a message
        self.socket.close()
        self.app.listener_runner.listener_executor.shutdown()


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace() as made:
        made.add_channel("C1")
        yield made


@pytest.fixture
def bot(workspace: Workspace) -> Iterator[Bot]:
    made = Bot(workspace)
    made.socket.connect()
    workspace.wait_connected()
    yield made
    made.close()


@pytest.fixture(scope="module")
def quiet() -> Iterator[Workspace]:
    """One workspace without a bot, for whatever only calls the Web API."""
    with Workspace() as made:
        made.add_channel("C1")
        yield made


@pytest.fixture(scope="module")
def client(quiet: Workspace) -> WebClient:
    return WebClient(token=quiet.bot_token, base_url=quiet.api_url)


# Events


def test_a_mention_is_two_events_with_one_ts_and_gets_its_reply_in_the_thread(workspace: Workspace, bot: Bot) -> None:
    ts = workspace.mention("C1", "U1", "Is A & B <x> in https://example.org/a?")
    (reply,) = workspace.wait_for_reply("C1", ts)
    workspace.wait_for(lambda: len(bot.heard) == 2)
    first, second = workspace.events(ts)
    assert [first.event["type"], second.event["type"]] == ["app_mention", "message"]
    assert first.event_id != second.event_id
    assert first.event["text"] == "<@U0BOTUSER> Is A &amp; B &lt;x&gt; in <https://example.org/a?>"
    assert reply.thread_ts == ts
    assert "<!channel> stays a quote" in reply.shown
    assert reply.action_ids == ["ask", "answer_feedback"]
    assert workspace.refusals == []
    workspace.settle(0.3)
    assert workspace.unacknowledged == []
    assert len(workspace.wait_for_reply("C1", ts)) == 1
    assert all(ack.seconds < 3 for ack in workspace.acks)


def test_a_direct_message_comes_through_the_im_channel(workspace: Workspace, bot: Bot) -> None:
    ts = workspace.direct_message("U1", "Hello")
    workspace.wait_for(lambda: bot.heard)
    (event,) = workspace.events(ts)
    assert (event.event["channel"], event.event["channel_type"]) == ("DU1", "im")


def test_a_channel_that_removed_the_bot_sends_nothing_and_takes_nothing(workspace: Workspace, bot: Bot) -> None:
    workspace.remove_bot("C1")
    assert workspace.events(workspace.mention("C1", "U1", "Hello")) == []
    with pytest.raises(SlackApiError, match="not_in_channel"):
        bot.client.chat_postMessage(channel="C1", text="Hello")


def test_redelivery_repeats_the_event_in_a_new_envelope(workspace: Workspace, bot: Bot) -> None:
    ts = workspace.mention("C1", "U1", "Hello")
    workspace.wait_for_reply("C1", ts)
    mention = workspace.events(ts)[0].event_id
    workspace.redeliver(mention)
    workspace.redeliver(mention, retry_attempt=2)
    workspace.wait_for_reply("C1", ts, count=3)
    assert sorted(retry or "0" for kind, _, retry in bot.heard if kind == "app_mention") == ["0", "0", "2"]
    workspace.wait_for(lambda: [d.acked for d in workspace.deliveries(mention)] == [True] * 3)
    assert len({ack.envelope_id for ack in workspace.acks if ack.event_id == mention}) == 3


def test_an_event_that_nobody_acknowledges_comes_once_more(workspace: Workspace, bot: Bot) -> None:
    workspace.retry_delay = 0.3
    event_id = workspace.send_event(
        {"type": "team_join", "user": {"id": "U9"}}
    )  # Bolt acknowledges only what it handles
    workspace.wait_for(lambda: len(workspace.deliveries(event_id)) == 2)
    workspace.settle(0.5)
    assert workspace.unacknowledged == [event_id]
    tried = [(d.retry_attempt, d.retry_reason, d.acked) for d in workspace.deliveries(event_id)]
    assert tried == [(0, "", False), (1, "timeout", False)]


def test_the_bot_hears_its_own_messages_but_bolt_drops_them(workspace: Workspace, bot: Bot) -> None:
    ts = bot.client.chat_postMessage(channel="C1", text="Hello")["ts"]
    (event,) = workspace.events(ts)
    workspace.wait_for(lambda: [ack for ack in workspace.acks if ack.event_id == event.event_id])
    assert event.event["bot_id"] == workspace.bot_id
    assert bot.heard == []


def test_edits_and_deletions_are_told(workspace: Workspace, bot: Bot) -> None:
    ts = workspace.say("C1", "U1", "Helo")
    workspace.edit("C1", ts, "Hello")
    workspace.delete("C1", ts)
    workspace.wait_for(lambda: len(bot.heard) == 3)
    assert [e.event.get("subtype") for e in workspace.events()] == [None, "message_changed", "message_deleted"]
    assert workspace.message("C1", ts).deleted


# Connections


def test_a_dropped_socket_is_replaced_and_events_wait_for_it(workspace: Workspace) -> None:
    bot = Bot(workspace, plain=True)
    try:
        bot.adapter.connect()  # type: ignore[no-untyped-call]
        workspace.wait_connected()
        workspace.settle(0.6)
        workspace.drop_socket()
        assert workspace.connections == 0
        opened = workspace.connections_opened
        ts = workspace.mention("C1", "U1", "Hello")
        workspace.wait_for_reply("C1", ts, timeout=5)
        assert workspace.connections_opened > opened
    finally:
        bot.close()


def test_a_disconnect_frame_makes_the_client_reconnect(workspace: Workspace, bot: Bot) -> None:
    workspace.disconnect(grace=0.2)
    workspace.wait_for(lambda: workspace.connections_opened >= 2, 15)  # the adapter may sit in select for ten seconds
    ts = workspace.mention("C1", "U1", "Hello")
    workspace.wait_for_reply("C1", ts, timeout=15)


def test_two_bots_share_the_events(workspace: Workspace, bot: Bot) -> None:
    other = Bot(workspace)
    try:
        other.socket.connect()
        workspace.wait_connected(count=2)
        workspace.mention("C1", "U1", "Hello")
        workspace.wait_for(lambda: bot.heard and other.heard)
        assert {bot.heard[0][0], other.heard[0][0]} == {"app_mention", "message"}
    finally:
        other.close()


def test_a_ticket_opens_one_connection(workspace: Workspace) -> None:
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    url = str(client.apps_connections_open(app_token=workspace.app_token)["url"])
    first = websocket.create_connection(url)
    assert json.loads(first.recv())["type"] == "hello"
    with pytest.raises(websocket.WebSocketBadStatusException, match="401"):
        websocket.create_connection(url)
    first.close()
    workspace.wait_for(lambda: workspace.connections == 0)


def test_a_false_acknowledgement_is_a_problem(workspace: Workspace, bot: Bot) -> None:
    bot.socket.send_message('{"envelope_id": "none"}')
    workspace.wait_for(lambda: workspace.problems)


def test_nothing_is_left_behind() -> None:
    before = set(threading.enumerate())
    with Workspace() as workspace:
        bot = Bot(workspace)
        bot.socket.connect()
        workspace.wait_connected()
        bot.close()
    assert [t.name for t in set(threading.enumerate()) - before if t.name == "workspace"] == []


# Clicks, commands, views


def test_a_click_carries_what_slack_sends_and_opens_a_modal(workspace: Workspace, bot: Bot) -> None:
    ts = workspace.mention("C1", "U1", "Hello")
    (reply,) = workspace.wait_for_reply("C1", ts)
    click = workspace.click("ask", "U2", reply)
    assert click.wait_ack() == {}
    assert bot.heard[-1] == ("ask", "1", None)
    assert click.payload["container"]["thread_ts"] == ts
    assert click.payload["message"]["blocks"] == reply.blocks
    assert click.payload["actions"][0]["block_id"] == reply.blocks[2]["block_id"]
    modal = workspace.wait_for(lambda: workspace.modal("U2"))

    bad = workspace.submit_view(modal, "U2", {"reply_text": "bad"})
    assert bad.wait_ack()["errors"] == {"reply": "Not this"}
    assert workspace.modal("U2") is not None
    workspace.submit_view(modal, "U2", {"reply_text": "good"}).wait_ack()
    workspace.wait_for(lambda: ("submitted", "good", None) in bot.heard)
    assert workspace.modal("U2") is None
    for values in ({"reply_text": ""}, {"reply_text": "x" * 21}, {"reply_text": "x", "other": "x"}):
        with pytest.raises(AssertionError):
            workspace.submit_view(modal, "U2", values)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        bot.client.views_open(trigger_id=click.trigger_id, view=MODAL)


CHOICES = form(
    question({"type": "plain_text_input", "action_id": "text", "initial_value": "A draft"}, optional=True),
    question(choice("checkboxes", option("1", description=PLAIN), option("2"), option("3")), optional=True),
    question(choice("static_select", option("1", description=PLAIN), option("2"), initial_option=option("2"))),
    question(choice("multi_static_select", option("1"), option("2"), max_selected_items=1), optional=True),
)


@pytest.mark.parametrize(
    ("filled", "state"),
    [
        ({}, ["A draft", [], option("2"), []]),
        ({"text": "", "static_select": "1"}, [None, [], option("1", description=PLAIN), []]),
        (
            {"text": "x", "checkboxes": ["1", "3"], "multi_static_select": ["2"]},
            ["x", [option("1", description=PLAIN), option("3")], option("2"), [option("2")]],
        ),
    ],
    ids=["untouched", "emptied", "filled in"],
)
def test_a_form_is_sent_as_it_was_filled_in(workspace: Workspace, filled: dict[str, Any], state: list[Any]) -> None:
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    client.views_open(trigger_id=workspace.command("/x", "", "U1", "C1").trigger_id, view=CHOICES)
    modal = workspace.modal("U1")
    assert modal is not None
    values = workspace.submit_view(modal, "U1", filled).payload["view"]["state"]["values"]
    kinds = ("value", "selected_options", "selected_option", "selected_options")
    names = ("text", "checkboxes", "static_select", "multi_static_select")
    assert [values[name][name][kind] for name, kind in zip(names, kinds, strict=True)] == state


@pytest.mark.parametrize(
    "filled",
    [
        {"checkboxes": ["4"]},
        {"checkboxes": "1"},
        {"static_select": "3"},
        {"multi_static_select": ["1", "2"]},
        {"x": "1"},
    ],
    ids=["no such box", "not several", "no such option", "too many", "no such input"],
)
def test_a_form_is_filled_in_with_what_it_offers(workspace: Workspace, filled: dict[str, Any]) -> None:
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    client.views_open(trigger_id=workspace.command("/x", "", "U1", "C1").trigger_id, view=CHOICES)
    modal = workspace.modal("U1")
    assert modal is not None
    with pytest.raises(AssertionError):
        workspace.submit_view(modal, "U1", filled)


def test_feedback_is_one_of_two_buttons(workspace: Workspace, bot: Bot) -> None:
    ts = workspace.mention("C1", "U1", "Hello")
    (reply,) = workspace.wait_for_reply("C1", ts)
    for value in (None, "negative", "7:down"):
        workspace.click("answer_feedback", "U1", reply, value).wait_ack()
    heard = [value for kind, value, _ in bot.heard if kind == "answer_feedback"]
    assert heard == ["7:up", "7:down", "7:down"]


def test_only_what_is_there_can_be_clicked(workspace: Workspace, bot: Bot) -> None:
    posted = bot.client.chat_postMessage(
        channel="C1", text="x", blocks=[actions(button("a", value="1")), actions(button("a", value="2"))]
    )
    message = workspace.message("C1", posted["ts"])
    for action_id, value in (("none", None), ("a", "3"), ("a", None)):
        with pytest.raises(AssertionError):
            workspace.click(action_id, "U1", message, value)
    bot.client.chat_delete(channel="C1", ts=posted["ts"])
    with pytest.raises(AssertionError, match="deleted"):
        workspace.click("a", "U1", message, "1")


def test_a_command_answers_in_private_by_response_url(workspace: Workspace, bot: Bot) -> None:
    command = workspace.command("/declaration", "A & B", "U1", "C1")
    assert command.wait_ack() == {}
    (reply,) = command.wait_replies()
    assert reply.text == "You asked: A &amp; B"
    assert workspace.ephemerals("C1", "U1") == [reply]
    assert workspace.messages("C1") == []
    with pytest.raises(AssertionError, match="only U1"):
        workspace.click("ask", "U2", reply)

    click = workspace.click("ask", "U1", reply)
    assert click.payload["container"]["is_ephemeral"]
    assert "message" not in click.payload
    (changed,) = click.wait_replies()
    assert (changed.ts, changed.text, changed.blocks) == (reply.ts, "Replaced", [])


def test_a_command_may_answer_in_its_acknowledgement(workspace: Workspace, bot: Bot) -> None:
    command = workspace.command("/declaration", "status", "U1", "C1")
    assert [m.text for m in command.wait_replies()] == ["All well"]
    assert command.responses == []


def test_a_command_without_acknowledgement_has_failed(workspace: Workspace, bot: Bot) -> None:
    workspace.ack_limit = 0.3
    command = workspace.command("/declaration", "sleep", "U1", "C1")
    with pytest.raises(AssertionError, match="operation_timeout"):
        command.wait_ack()
    bot.release.set()
    workspace.wait_for(lambda: command.ack is not None)
    assert (command.seconds or 0) >= 0.2


def test_a_command_without_a_bot_has_failed(workspace: Workspace) -> None:
    workspace.ack_limit = 0.3
    with pytest.raises(AssertionError, match="dispatch_failed"):
        workspace.command("/declaration", "Hello", "U1", "C1").wait_ack()


def test_a_response_url_serves_five_times_and_not_for_ever(workspace: Workspace, bot: Bot) -> None:
    command = workspace.command("/declaration", "Hello", "U1", "C1")
    command.wait_replies()
    assert command.response_url is not None
    webhook = WebhookClient(command.response_url)
    assert webhook.send(text="x" * 40_001).status_code == 404
    assert [webhook.send(text="more").status_code for _ in range(5)] == [200, 200, 200, 200, 404]
    assert len(workspace.ephemerals("C1", "U1")) == 5
    workspace.response_lifetime = 0
    assert "expired_url" in (webhook.send(text="more").body or "")


def test_the_home_view_is_published_and_clicked(workspace: Workspace, bot: Bot) -> None:
    workspace.open_home("U1")
    home = workspace.wait_for(lambda: workspace.home("U1"))
    assert home.shown == "Home\nYes"
    workspace.click("refresh", "U1", home).wait_ack()
    workspace.wait_for(lambda: ("refresh", home.id, None) in bot.heard)


def test_a_trigger_expires(workspace: Workspace, bot: Bot) -> None:
    workspace.trigger_lifetime = 0.0
    click = workspace.command("/declaration", "status", "U1", "C1")
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        bot.client.views_open(trigger_id=click.trigger_id, view=MODAL)


# Faults


def test_a_rate_limit_tells_when_to_come_back(workspace: Workspace) -> None:
    handlers: list[Any] = [RateLimitErrorRetryHandler(max_retry_count=1)]
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=handlers)
    workspace.fail_next("chat.postMessage", retry_after=0)
    client.chat_postMessage(channel="C1", text="Hello")
    assert [(call.status, call.injected) for call in workspace.calls("chat.postMessage")] == [(429, True), (200, False)]
    assert len(workspace.messages("C1")) == 1
    assert workspace.refusals == []


def test_other_faults_leave_nothing_behind(workspace: Workspace) -> None:
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])
    workspace.fail_next("chat.postMessage", status=200, error="fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        client.chat_postMessage(channel="C1", text="Hello")
    workspace.fail_next("chat.postMessage", status=500, garbage=True, times=2)
    for _ in range(2):
        with pytest.raises((SlackApiError, SlackRequestError)):
            client.chat_postMessage(channel="C1", text="Hello")
    assert workspace.messages("C1") == []
    client.chat_postMessage(channel="C1", text="Hello")
    assert len(workspace.messages("C1")) == 1


def test_a_lost_answer_makes_slack_sdk_post_twice(workspace: Workspace) -> None:
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    workspace.fail_next("chat.postMessage", lost=True)
    client.chat_postMessage(channel="C1", text="Hello")  # its default retry handler repeats after a broken connection
    assert len(workspace.messages("C1")) == 2


@pytest.mark.parametrize("taken", [False, True])
def test_something_may_happen_at_a_call_that_breaks_off(workspace: Workspace, taken: bool) -> None:
    workspace.add_channel("C2")
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])
    happened: list[int] = []
    workspace.at_next(
        "chat.postMessage", lambda: happened.append(len(workspace.messages("C2"))), channel="C2", taken=taken
    )
    client.chat_postMessage(channel="C1", text="Another channel")
    with pytest.raises(OSError):  # noqa: PT011 (urllib and http.client raise what they like)
        client.chat_postMessage(channel="C2", text="Hello")
    assert happened == [0]
    assert len(workspace.messages("C2")) == taken
    client.chat_postMessage(channel="C2", text="Again")
    assert happened == [0]
    assert workspace.refusals == []


def test_a_slow_method_takes_its_time(workspace: Workspace) -> None:
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    workspace.slow("chat.postMessage", 0.3)
    start = time.monotonic()
    client.chat_postMessage(channel="C1", text="Hello")
    assert time.monotonic() - start >= 0.3


# What Slack refuses


BAD_BLOCKS: list[tuple[str, list[Any], str]] = [
    ("51 blocks", [{"type": "divider"}] * 51, "no more than 50 items"),
    ("unknown type", [{"type": "chart"}], "unsupported type"),
    ("unknown property", [{"type": "divider", "colour": "red"}], "invalid additional property"),
    ("long section", [section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ("empty section", [section("")], "must be more than 0 characters"),
    ("blank section", [section("  ")], "must be more than 0 characters"),
    ("section of nothing", [{"type": "section"}], "missing required field"),
    ("eleven fields", [{"type": "section", "fields": [PLAIN] * 11}], "no more than 10 items"),
    ("long field", [{"type": "section", "fields": [{**PLAIN, "text": "x" * 2001}]}], "less than 2001"),
    ("long header", [{"type": "header", "text": {**PLAIN, "text": "x" * 151}}], "less than 151"),
    ("mrkdwn header", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "unsupported type: mrkdwn"),
    ("eleven in context", [{"type": "context", "elements": [PLAIN] * 11}], "no more than 10 items"),
    ("button in context", [{"type": "context", "elements": [button()]}], "unsupported type: button"),
    ("26 buttons", [actions(*[button(f"a{n}") for n in range(26)])], "no more than 25 items"),
    ("no buttons", [actions()], "no fewer than 1 items"),
    ("long button", [actions(button(text={**PLAIN, "text": "x" * 76}))], "less than 76"),
    ("mrkdwn button", [actions(button(text={"type": "mrkdwn", "text": "x"}))], "unsupported type: mrkdwn"),
    ("long value", [actions(button(value="x" * 2001))], "less than 2001"),
    ("long action id", [actions(button("x" * 256))], "less than 256"),
    ("two action ids", [actions(button("a"), button("a"))], "already exists for another action"),
    ("long block id", [actions(button(), block_id="x" * 256)], "less than 256"),
    ("two block ids", [{"type": "divider", "block_id": "b"}] * 2, "already exists for another block"),
    ("long url", [actions(button(url="https://example.org/" + "x" * 3000))], "less than 3001"),
    ("no url", [actions(button(url="example.org"))], "valid url"),
    ("style", [actions(button(style="green"))], "is not one of danger, primary"),
    ("markdown in all", [{"type": "markdown", "text": "x" * 6001}] * 2, "less than 12001"),
    ("two tables", [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2, "only_one_table_allowed"),
    ("rich text of text", [rich({"type": "text", "text": "x"})], "unsupported type: text"),
    ("empty rich text", [quote({"type": "text", "text": ""})], "more than 0 characters"),
    ("rich list of text", [rich({"type": "rich_text_list", "style": "bullet", "elements": [PLAIN]})], "unsupported"),
    ("list style", [rich({"type": "rich_text_list", "style": "x", "elements": []})], "is not one of"),
    (
        "mention in code",
        [rich({"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]})],
        "user",
    ),
    ("rich text style", [quote({"type": "text", "text": "x", "style": {"loud": True}})], "invalid style"),
    ("feedback in actions", [actions(FEEDBACK["elements"][0])], "unsupported type: feedback_buttons"),
    (
        "feedback without value",
        [{**FEEDBACK, "elements": [{**FEEDBACK["elements"][0], "negative_button": {"text": PLAIN}}]}],
        "missing required field: value",
    ),
    ("two options of one value", [actions(choice("static_select", option("1"), option("1")))], "already exists for an"),
    ("eleven boxes", [actions(choice("checkboxes", *[option(str(n)) for n in range(11)]))], "no more than 10 items"),
    ("long option", [actions(choice("checkboxes", option("x" * 151)))], "less than 151"),
    ("long description", [actions(choice("checkboxes", option("1", description={**PLAIN, "text": "x" * 76})))], "76"),
    (
        "option of mrkdwn",
        [actions(choice("static_select", option("1", text={"type": "mrkdwn", "text": "x"})))],
        "mrkdwn",
    ),
    ("option with a link", [actions(choice("static_select", option("1", url="https://a.org/")))], "property: url"),
    ("no options", [actions({"type": "static_select", "action_id": "s"})], "missing required field: options"),
    ("placeholder of boxes", [actions(choice("checkboxes", option("1"), placeholder=PLAIN))], "property: placeholder"),
    (
        "other boxes ticked",
        [actions(choice("checkboxes", option("1"), initial_options=[option("2")]))],
        "among the opt",
    ),
    (
        "long group",
        [
            actions(
                {
                    "type": "static_select",
                    "option_groups": [{"label": {**PLAIN, "text": "x" * 76}, "options": [option("1")]}],
                }
            )
        ],
        "less than 76",
    ),
    (
        "rich text in a container",
        [{"type": "container", "title": PLAIN, "child_blocks": [quote({"type": "text", "text": "x"})]}],
        "unsupported type: rich_text in a container",
    ),
]


@pytest.mark.parametrize(("blocks", "fault"), [case[1:] for case in BAD_BLOCKS], ids=[case[0] for case in BAD_BLOCKS])
def test_bad_blocks_are_refused_and_the_fault_is_named(client: WebClient, blocks: list[Any], fault: str) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C1", text="x", blocks=blocks)
    assert refused.value.response["error"] == "invalid_blocks"
    assert any(fault in message for message in refused.value.response["response_metadata"]["messages"])


GOOD_BLOCKS: list[Json] = [
    section("x" * 3000),
    {"type": "section", "fields": [{**PLAIN, "text": "x" * 2000}], "accessory": button(value="x" * 2000)},
    {"type": "header", "text": {**PLAIN, "text": "x" * 150, "emoji": True}},
    {
        "type": "context",
        "elements": [PLAIN, {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a"}],
    },
    actions(*[button(f"a{n}", text={**PLAIN, "text": "x" * 75}) for n in range(25)]),
    FEEDBACK,
    {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash", "text": PLAIN, "value": "1"}]},
    {"type": "markdown", "text": "**x**"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}, quote({"type": "text", "text": "x"})]]},
    {"type": "alert", "text": PLAIN, "level": "info"},
    {
        "type": "container",
        "title": PLAIN,
        "is_collapsible": True,
        "child_blocks": [section("x"), actions(button("go"))],
    },
    rich(
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": " ", "style": {"bold": True}},
                {"type": "link", "url": "https://example.org/", "text": "x"},
                {"type": "user", "user_id": "U1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "emoji", "name": "wave"},
                {"type": "broadcast", "range": "here"},
            ],
        },
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}]},
        {"type": "rich_text_list", "style": "ordered", "elements": [{"type": "rich_text_section", "elements": []}]},
    ),
    actions(
        {"type": "static_select", "action_id": "s", "options": [{"text": PLAIN, "value": "1"}], "placeholder": PLAIN},
        {"type": "overflow", "action_id": "o", "options": [{"text": PLAIN, "value": "1"}]},
        choice("checkboxes", option("1", description=PLAIN), option("2"), initial_options=[option("2")]),
        {"type": "static_select", "action_id": "g", "option_groups": [{"label": PLAIN, "options": [option("1")]}]},
    ),
]


@pytest.mark.parametrize("block", GOOD_BLOCKS, ids=lambda block: str(block["type"]))
def test_what_slack_takes_is_taken(client: WebClient, quiet: Workspace, block: Json) -> None:
    posted = client.chat_postMessage(channel="C1", text="x", blocks=[block])
    (kept,) = quiet.message("C1", posted["ts"]).blocks
    assert kept["block_id"]
    assert {
        k: v for k, v in kept.items() if k not in ("block_id", "elements", "child_blocks", "accessory")
    }.items() <= block.items()


def refused(client: WebClient, method: str, **args: Any) -> str:
    with pytest.raises(SlackApiError) as error:
        client.api_call(method, json=args)
    return str(error.value.response["error"])


@pytest.mark.parametrize(
    ("method", "args", "code"),
    [
        ("chat.shout", {}, "unknown_method"),
        ("chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C1"}, "no_text"),
        ("chat.postMessage", {"channel": "C1", "text": " "}, "no_text"),
        ("chat.postMessage", {"channel": "C1", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C1", "blocks": [section("x" * 2700)] * 5}, "msg_blocks_too_long"),
        ("chat.postMessage", {"channel": "C1", "blocks": "{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "C1", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "C1", "text": "x", "thread_ts": "1.1"}, "thread_not_found"),
        ("chat.postMessage", {"channel": "C1", "text": "x", "markdown_text": "x"}, "markdown_text_conflict"),
        ("chat.postMessage", {"channel": "C1", "attachments": [{"text": "x"}]}, "invalid_attachments"),
        ("chat.postEphemeral", {"channel": "C1", "user": "U404", "text": "x"}, "user_not_in_channel"),
        ("chat.update", {"channel": "C1", "ts": "1.1", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": "C1", "ts": "1.1"}, "message_not_found"),
        ("conversations.open", {"users": "U404"}, "user_not_found"),
        ("chat.getPermalink", {"channel": "C1", "message_ts": "1.1"}, "message_not_found"),
        ("conversations.replies", {"channel": "C1", "ts": "1.1"}, "thread_not_found"),
        ("conversations.info", {"channel": "C404"}, "channel_not_found"),
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("usergroups.users.list", {"usergroup": "S404"}, "no_such_subteam"),
        ("files.info", {"file": "F404"}, "file_not_found"),
        ("files.getUploadURLExternal", {"filename": "a.png", "length": 0}, "missing_argument"),
        ("files.getUploadURLExternal", {"filename": "", "length": 3}, "missing_argument"),
        ("files.getUploadURLExternal", {"filename": "a.png", "length": "three"}, "invalid_arguments"),
        ("files.getUploadURLExternal", {"filename": "a.png", "length": 3, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
        ("files.completeUploadExternal", {}, "invalid_arguments"),
        ("files.completeUploadExternal", {"files": []}, "invalid_arguments"),
        ("files.completeUploadExternal", {"files": [{"id": "F1", "name": "a"}]}, "invalid_arguments"),
        ("files.completeUploadExternal", {"files": [{"id": "F404"}]}, "file_not_found"),
        ("files.completeUploadExternal", {"files": [{"id": "F1"}], "channel_id": "C404"}, "channel_not_found"),
        ("files.completeUploadExternal", {"files": [{"id": "F1"}], "channel_id": "U1"}, "invalid_channel"),
        ("reactions.add", {"channel": "C1", "timestamp": "1.1", "name": "eyes"}, "message_not_found"),
        ("assistant.threads.setStatus", {"channel_id": "C1", "thread_ts": "1.1", "status": "x"}, "invalid_thread_ts"),
        ("views.open", {"trigger_id": "x", "view": MODAL}, "invalid_trigger_id"),
        ("views.publish", {"user_id": "U404", "view": HOME}, "user_not_found"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
    ],
)
def test_what_slack_refuses(client: WebClient, method: str, args: Json, code: str) -> None:
    assert refused(client, method, **args) == code


def test_the_right_token_is_needed(quiet: Workspace) -> None:
    for token, code in (
        ("xoxb-other", "invalid_auth"),
        (quiet.app_token, "not_allowed_token_type"),
        (None, "not_authed"),
    ):
        assert refused(WebClient(token=token, base_url=quiet.api_url), "auth.test") == code


def test_a_scope_is_needed(workspace: Workspace) -> None:
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    workspace.scopes.remove("reactions:write")
    assert refused(client, "reactions.add", channel="C1") == "missing_scope"
    assert "reactions:write" not in str(client.auth_test().headers["x-oauth-scopes"])


def test_prompts_are_refused_in_a_thread(client: WebClient, quiet: Workspace) -> None:
    channel, prompts = quiet.dm("U1"), [{"title": "What?", "message": "What is it?"}]
    client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts * 4)
    assert len(quiet.prompts[-1]["prompts"]) == 4
    ts = quiet.direct_message("U1", "Hello")
    method = "assistant.threads.setSuggestedPrompts"
    assert refused(client, method, channel_id=channel, thread_ts=ts, prompts=prompts) == "invalid_thread_ts"
    assert refused(client, method, channel_id=channel, prompts=prompts * 5) == "invalid_arguments"
    assert refused(client, method, channel_id=channel, prompts=[{"title": "What?"}]) == "invalid_arguments"
    client.assistant_threads_setStatus(channel_id=channel, thread_ts=ts, status="is reading", loading_messages=["a"])
    assert quiet.statuses[-1]["status"] == "is reading"


@pytest.mark.parametrize(
    ("view", "pointer"),
    [
        ({**HOME, "type": "modal"}, "/view"),
        ({**HOME, "blocks": [{"type": "divider"}] * 101}, "/view/blocks"),
        ({**HOME, "blocks": [FEEDBACK]}, "/view/blocks/0"),
        ({**HOME, "private_metadata": "x" * 3001}, "/view/private_metadata"),
        ({**HOME, "title": PLAIN}, "/view"),
    ],
)
def test_bad_home_views_are_refused(client: WebClient, quiet: Workspace, view: Json, pointer: str) -> None:
    quiet.add_user("U1")
    with pytest.raises(SlackApiError) as error:
        client.views_publish(user_id="U1", view=view)
    assert error.value.response["error"] == "invalid_arguments"
    assert any(f"[json-pointer:{pointer}" in fault for fault in error.value.response["response_metadata"]["messages"])


def test_bad_modals_are_refused_and_keep_their_trigger(workspace: Workspace, bot: Bot) -> None:
    trigger = workspace.command("/declaration", "status", "U1", "C1").trigger_id
    long = {**PLAIN, "text": "x" * 25}
    for part in (
        {"title": long},
        {"submit": long},
        {"close": long},
        {"submit": None},
        {"private_metadata": "x" * 3001},
    ):
        view = {k: v for k, v in {**MODAL, **part}.items() if v is not None}
        assert refused(bot.client, "views.open", trigger_id=trigger, view=view) == "invalid_arguments"
    opened = bot.client.views_open(trigger_id=trigger, view=MODAL)["view"]
    assert refused(bot.client, "views.update", view_id=opened["id"], hash="old", view=MODAL) == "hash_conflict"
    bot.client.views_update(view_id=opened["id"], hash=opened["hash"], view={**MODAL, "close": PLAIN})
    modal = workspace.modal("U1")
    assert isinstance(modal, View)
    assert modal.data["close"] == PLAIN


# Messages


def test_messages_are_changed_and_deleted(client: WebClient, quiet: Workspace) -> None:
    theirs = quiet.say("C1", "U1", "Hello")
    assert refused(client, "chat.update", channel="C1", ts=theirs, text="x") == "cant_update_message"
    assert refused(client, "chat.delete", channel="C1", ts=theirs) == "cant_delete_message"
    ts = client.chat_postMessage(channel="C1", text="One", blocks=ANSWER, thread_ts=theirs)["ts"]
    assert refused(client, "chat.postMessage", channel="C1", text="x", thread_ts=ts) == "thread_not_found"
    client.chat_update(channel="C1", ts=ts, text="Two")
    changed = quiet.message("C1", ts)
    assert (changed.text, changed.blocks, changed.edited) == ("Two", [], True)
    assert [m["text"] for m in client.conversations_replies(channel="C1", ts=theirs)["messages"]] == ["Hello", "Two"]
    client.reactions_add(channel="C1", timestamp=ts, name="eyes")
    assert refused(client, "reactions.add", channel="C1", timestamp=ts, name="eyes") == "already_reacted"
    client.reactions_remove(channel="C1", timestamp=ts, name="eyes")
    client.chat_delete(channel="C1", ts=ts)
    assert quiet.message("C1", ts).deleted
    assert refused(client, "chat.update", channel="C1", ts=ts, text="x") == "message_not_found"


def test_a_changed_message_keeps_its_metadata_and_takes_less_text(client: WebClient, quiet: Workspace) -> None:
    metadata = {"event_type": "made", "event_payload": {"id": "7"}}
    ts = client.chat_postMessage(channel="C1", text="One", metadata=metadata)["ts"]
    assert refused(client, "chat.update", channel="C1", ts=ts, text="x" * 4001) == "msg_too_long"
    client.chat_update(channel="C1", ts=ts, text="x" * 4000)
    for asked, told in ((True, metadata), (False, None)):
        page = client.conversations_history(channel="C1", latest=ts, inclusive=True, include_all_metadata=asked)
        assert page["messages"][0].get("metadata") == told


def test_where_the_bot_is_not_or_nobody_may_write_nothing_is_posted_or_changed(workspace: Workspace, bot: Bot) -> None:
    for channel, private, posting, changing in (
        ("C2", False, "not_in_channel", "no_permission"),
        ("C3", True, "channel_not_found", "channel_not_found"),
    ):
        workspace.add_channel(channel, private=private)
        ts = bot.client.chat_postMessage(channel=channel, text="One")["ts"]
        workspace.remove_bot(channel)
        assert refused(bot.client, "chat.postMessage", channel=channel, text="x") == posting
        assert refused(bot.client, "chat.update", channel=channel, ts=ts, text="x") == changing
        invited = ("joined", workspace.invite_bot(channel, "U1"), None)
        workspace.wait_for(lambda event=invited: event in bot.heard)  # type: ignore[misc]
        workspace.archive(channel)
        assert refused(bot.client, "chat.postMessage", channel=channel, text="x") == "is_archived"
        assert refused(bot.client, "chat.update", channel=channel, ts=ts, text="x") == "is_inactive"
        workspace.archive(channel, False)
        bot.client.chat_update(channel=channel, ts=ts, text="Two")


def test_an_ephemeral_message_cannot_be_updated(client: WebClient, quiet: Workspace) -> None:
    quiet.say("C1", "U1", "Hello")
    ts = client.chat_postEphemeral(channel="C1", user="U1", text="Psst")["message_ts"]
    assert [m.ts for m in quiet.ephemerals("C1", "U1")] == [ts]
    assert refused(client, "chat.update", channel="C1", ts=ts, text="x") == "message_not_found"


def test_forms_and_json_are_read_alike(client: WebClient, quiet: Workspace) -> None:
    blocks = '[{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}]'
    for kind in ("json", "data", "params"):
        args: dict[str, Any] = {kind: {"channel": "C1", "text": "x", "blocks": blocks}}
        posted = client.api_call("chat.postMessage", **args)
        assert quiet.message("C1", posted["ts"]).blocks[0]["text"]["text"] == "x"


def test_pings_are_found_where_they_notify_and_only_there() -> None:
    def message(text: str = "", *blocks: Json, linkified: bool = False) -> Message:
        return Message("C1", "1.1", "U0", text, list(blocks), linkified=linkified)

    hostile = "<!channel> <!here|here> <@U1> <!subteam^S1> @everyone"
    assert pings(message(hostile)) == ["<!channel>", "<!here|here>", "<@U1>", "<!subteam^S1>"]
    assert pings(message("x", section(hostile))) == pings(message(hostile))
    assert pings(message("x", {"type": "markdown", "text": "<!everyone>"})) == ["<!everyone>"]
    assert pings(message("@channel", linkified=True)) == ["@channel"]
    loud = ({"type": "broadcast", "range": "here"}, {"type": "user", "user_id": "U1"})
    assert pings(message("x", quote(*loud))) == ["<!here>", "<@U1>"]
    assert (
        pings(message("&lt;!channel&gt;", section(hostile, "plain_text"), quote({"type": "text", "text": hostile})))
        == []
    )


def test_people_are_known_with_their_locale(client: WebClient, quiet: Workspace) -> None:
    quiet.add_user("U2", locale="ja-JP", is_restricted=True)
    assert client.users_info(user="U2", include_locale=True)["user"]["locale"] == "ja-JP"
    assert "locale" not in client.users_info(user="U2")["user"]
    quiet.add_usergroup("S1", ["U2"])
    assert client.usergroups_users_list(usergroup="S1")["users"] == ["U2"]


@pytest.mark.parametrize("error", ["user_disabled", "user_not_found"])
def test_who_has_left_gets_no_direct_messages(client: WebClient, quiet: Workspace, error: str) -> None:
    user = quiet.add_user(f"U{error.upper()}")
    client.conversations_open(users=user)
    quiet.say("C1", user, "Goodbye")
    quiet.remove_user(user, error)
    assert refused(client, "conversations.open", users=user) == error
    assert user not in client.conversations_members(channel="C1")["members"]
    if error == "user_disabled":
        assert client.users_info(user=user)["user"]["deleted"] is True
    else:
        assert refused(client, "users.info", user=user) == error


def test_a_file_needs_the_token_or_is_a_sign_in_page(workspace: Workspace, bot: Bot) -> None:
    file = workspace.add_file("U1", "framework.pdf", b"%PDF-1.7")
    workspace.direct_message("U1", "Add this", files=[file])
    workspace.wait_for(lambda: bot.heard)
    (event,) = [e for e in workspace.events() if e.event.get("subtype") == "file_share"]
    assert isinstance(event, Event)
    url = event.event["files"][0]["url_private_download"]
    assert urllib.request.urlopen(url, timeout=5).read().startswith(b"<!DOCTYPE html>")
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {workspace.bot_token}"})
    assert urllib.request.urlopen(request, timeout=5).read() == b"%PDF-1.7"
    assert bot.client.files_info(file=file["id"])["file"]["name"] == "framework.pdf"


def test_the_bot_uploads_a_file_into_a_channel_or_a_thread(workspace: Workspace, bot: Bot) -> None:
    root = workspace.say("C1", "U1", "Show me")
    bot.client.files_upload_v2(channel="C1", filename="a.png", title="Bars", content=b"png", alt_txt="A chart")
    bot.client.files_upload_v2(channel="C1", thread_ts=root, filename="b.txt", content="text", initial_comment="Here")
    first, second = [message for message in workspace.messages("C1") if message.from_bot]
    assert (first.text, first.thread_ts, first.files[0]["title"]) == ("", None, "Bars")
    assert (second.text, second.thread_ts, second.files[0]["title"]) == ("Here", root, "b.txt")
    assert (workspace.content(first.files[0]), workspace.content(second.files[0])) == (b"png", b"text")
    assert first.files[0]["mimetype"] == "image/png"
    (told,) = bot.client.conversations_history(channel="C1", limit=1)["messages"]
    assert [file["name"] for file in told["files"]] == ["a.png"]
    assert workspace.refusals == []


def test_an_upload_has_the_length_that_was_announced_and_ends_once(client: WebClient, quiet: Workspace) -> None:
    def announce() -> Json:
        answer = client.files_getUploadURLExternal(filename="a.txt", length=4)
        return {"id": answer["file_id"], "url": answer["upload_url"]}

    def send(url: str, content: bytes) -> int:
        try:
            return int(urllib.request.urlopen(url, content, timeout=5).status)
        except urllib.error.HTTPError as error:
            return error.code

    file, other = announce(), announce()
    wanted: list[dict[str, str | None]] = [{"id": file["id"]}]
    assert refused(client, "files.completeUploadExternal", files=wanted) == "file_not_found", "nothing came yet"
    assert send(file["url"], b"four!") == 404
    assert send(quiet.origin + "/upload/v1/other", b"four") == 404
    assert send(file["url"], b"four") == 200
    assert send(file["url"], b"four") == 404
    assert refused(client, "files.completeUploadExternal", files=[*wanted, {"id": other["id"]}]) == "file_not_found"
    assert client.files_completeUploadExternal(files=wanted)["files"] == [{"id": file["id"], "title": "a.txt"}]
    assert refused(client, "files.completeUploadExternal", files=wanted) == "file_not_found", "it ends once"
    assert all(not message.files for message in quiet.messages("C1")), "it is private"


def test_typed_text_is_escaped_as_slack_does() -> None:
    assert typed("a < b & c <@U1> https://a.org/?x=1&y") == "a &lt; b &amp; c <@U1> <https://a.org/?x=1&amp;y>"
