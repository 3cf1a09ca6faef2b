"""The Slack app manifest: what an admin pastes into Slack to create the app."""

from __future__ import annotations

from typing import Any

COMMAND = "/declaration"

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "mpim:history",
    "usergroups:read",
    "users:read",
)
"""What the bot may do; nothing that it does not use."""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
)


def manifest() -> dict[str, Any]:
    """The manifest. Suggested prompts are not in it: the bot sets them, from the FAQ, when it is opened."""
    description = "Answers enquiries about the Asian Circular Cities Declaration with verbatim quotations."
    return {
        "display_information": {"name": "Declaration Desk", "description": description},
        "features": {
            "agent_view": {"agent_description": description},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Declaration Desk", "always_online": True},
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": "Ask about the declaration; only you see the answer",
                    "usage_hint": "[question] | status | refresh | rollback | documents | settings | log",
                    "should_escape": True,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }
