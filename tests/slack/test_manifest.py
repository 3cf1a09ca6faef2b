"""The app manifest asks for what the bot uses, and for nothing else."""

import json

import pytest

from assistant.slack.manifest import manifest
from tests.conftest import Command
from tests.slack.conftest import Office
from tests.slack.limits import Json
from tests.slack.staff import SATO, SETTINGS, STAFF_CHANNEL, furnish
from tests.slack.workspace import _METHODS

EVENT_SCOPES = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
}
"""https://docs.slack.dev/reference/events: the scope without which Slack sends no such event."""


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {**SETTINGS, "DESK_STAFF": "S0STAFF"}


@pytest.fixture(scope="module", autouse=True)
def staff_room(office: Office) -> None:
    furnish(office.workspace)
    office.workspace.add_usergroup("S0STAFF", [SATO])


def scopes() -> set[str]:
    found: list[str] = manifest()["oauth_config"]["scopes"]["bot"]
    assert len(found) == len(set(found))
    return set(found)


def events() -> list[str]:
    found: list[str] = manifest()["settings"]["event_subscriptions"]["bot_events"]
    return found


def test_the_command_prints_the_manifest_and_nothing_else(command: Command) -> None:
    done = command("manifest")
    assert done.returncode == 0
    assert json.loads(done.stdout) == manifest()
    assert done.stderr == ""


def test_it_is_an_agent_in_socket_mode_with_a_command_a_home_and_a_conversation() -> None:
    features, settings = manifest()["features"], manifest()["settings"]
    assert features["agent_view"]["agent_description"]
    assert "assistant_view" not in features
    assert features["app_home"]["home_tab_enabled"]
    assert features["app_home"]["messages_tab_enabled"]
    assert not features["app_home"]["messages_tab_read_only_enabled"]
    assert [each["command"] for each in features["slash_commands"]] == ["/declaration"]
    assert all("url" not in each for each in features["slash_commands"])
    assert features["slash_commands"][0]["should_escape"]  # or a mention in a question comes as bare text
    assert settings["socket_mode_enabled"]
    assert settings["interactivity"] == {"is_enabled": True}
    assert "request_url" not in settings["event_subscriptions"]


def test_names_and_descriptions_keep_to_slacks_limits() -> None:
    made = manifest()
    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    assert len(made["features"]["bot_user"]["display_name"]) <= 80
    assert len(made["features"]["agent_view"]["agent_description"]) <= 300
    (command,) = made["features"]["slash_commands"]
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000


def test_the_bot_does_all_it_does_with_just_these_scopes_and_needs_each_of_them(office: Office, channel: str) -> None:
    workspace = office.workspace
    workspace.scopes = scopes()
    reply = office.ask(channel, "Which city signed first?")
    workspace.click("answer_feedback", "U1", reply, "positive").wait_replies()
    workspace.click("show_context", "U1", reply).wait_replies()
    workspace.command("/declaration", "status", "U1", channel).wait_replies()
    workspace.command("/declaration", "What is CityNet?", "U1", channel).wait_replies()
    ts = workspace.direct_message("U1", "hello")
    (greeting,) = workspace.wait_for_reply("DU1", ts)
    workspace.click("ask_example:0", "U1", greeting).wait_ack()
    workspace.wait_for_reply("DU1", ts, count=2)
    workspace.open_home("U1")
    workspace.open_home("U1", "messages")
    workspace.wait_for(lambda: workspace.home("U1") and workspace.prompts)
    workspace.click("ask_staff", "U1", reply).wait_ack()
    (card,) = workspace.wait_for(lambda: [m for m in workspace.messages(STAFF_CHANNEL) if m.from_bot])
    workspace.click("enquiry_claim", SATO, card).wait_ack()
    workspace.wait_for_reply(channel, reply.thread_ts or "", count=3)
    (private,) = workspace.command("/declaration", "Which city signed second?", "U1", channel).wait_replies()
    workspace.click("ask_staff", "U1", private).wait_ack()
    workspace.wait_for(lambda: "conversations.open" in {call.method for call in workspace.calls()})

    called = {call.method for call in workspace.calls()} - {"response_url"}
    for_methods = [set(_METHODS[method][1]) for method in called if _METHODS[method][1]]
    for_events = {scope for event in events() if (scope := EVENT_SCOPES[event])}
    assert for_events | {"commands"} <= scopes()
    elsewhere = {"commands", "files:read", "files:write", "groups:read"}  # files and digests; private channels
    assert scopes() <= for_events | elsewhere | set().union(*for_methods)


def test_the_bot_hears_every_event_that_the_manifest_subscribes_to_and_no_other(office: Office, channel: str) -> None:
    """Bolt acknowledges only what it has a listener for."""
    workspace = office.workspace
    workspace.add_channel("G1", private=True)
    talk: Json = {"user": "U1", "text": "just talk", "ts": "1700000003.000001", "event_ts": "1700000003.000001"}
    sent = {
        "app_home_opened": workspace.open_home("U1"),
        "app_mention": workspace.events(workspace.mention(channel, "U1", "hello"))[0].event_id,
        "member_joined_channel": workspace.send_event(
            {"type": "member_joined_channel", "user": "U0BOTUSER", "channel": channel, "channel_type": "C"}
        ),
        "message.channels": workspace.events(workspace.say(channel, "U1", "just talk"))[0].event_id,
        "message.groups": workspace.events(workspace.say("G1", "U1", "just talk"))[0].event_id,
        "message.im": workspace.events(workspace.direct_message("U1", "hello"))[0].event_id,
        "message.mpim": workspace.send_event({**talk, "type": "message", "channel": "G2", "channel_type": "mpim"}),
        "reaction_added": workspace.send_event({"type": "reaction_added", "user": "U1", "reaction": "eyes"}),
        "team_join": workspace.send_event({"type": "team_join", "user": {"id": "U9"}}),
    }
    workspace.settle(0.3)
    heard = {name for name, event in sent.items() if any(d.acked for d in workspace.deliveries(event))}
    assert heard == set(events())
    assert sorted(events()) == sorted(set(events()))
