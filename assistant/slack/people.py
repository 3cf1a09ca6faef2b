"""Who people are: officials, staff or admins, and what they are called."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from enum import IntEnum
from typing import TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from assistant.holdings import USER
from assistant.settings import Settings
from assistant.slack.text import flattened

_log = logging.getLogger(__name__)
_GROUP = "S"
_FRESH_SECONDS = 300
_Found = TypeVar("_Found")


class Role(IntEnum):
    """What a person may do; each role may do what those below it may."""

    OFFICIAL = 0
    STAFF = 1
    ADMIN = 2


class People:
    """Roles by the settings, names by Slack; both remembered for five minutes."""

    def __init__(self, client: WebClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._groups: dict[str, tuple[float, frozenset[str]]] = {}
        self._names: dict[str, tuple[float, str]] = {}
        self._locales: dict[str, tuple[float, str]] = {}

    def role(self, user: str) -> Role:
        """The highest role of a user; OFFICIAL while Slack does not say who is in a group."""
        if self._is_one_of(user, self._settings.desk_admins):
            return Role.ADMIN
        staff = self._settings.desk_staff
        if self._is_one_of(user, staff) or (not staff and user in self._in_staff_channel()):
            return Role.STAFF
        return Role.OFFICIAL

    def name(self, user: str) -> str:
        """What a user is called; their id where Slack does not say. The desk itself is called as on the record."""
        if not USER.fullmatch(user):
            return user
        return self._remembered(self._names, user, self._name_of, user)

    def locale(self, user: str) -> str:
        """In which locale a user reads Slack ("ja-JP"); "" where Slack does not say."""

        def ask(user: str) -> str:
            return str(self._client.users_info(user=user, include_locale=True)["user"].get("locale") or "")

        return self._remembered(self._locales, user, ask, "")

    def channel_name(self, channel: str) -> str:
        """What a channel is called, with its "#"; its id where Slack does not say."""
        return self._remembered(self._names, channel, self._name_of_channel, channel)

    def admins(self) -> frozenset[str]:
        """Every admin, those of groups too."""
        ids = self._settings.desk_admins
        members = [self._members(each) if each.startswith(_GROUP) else {each} for each in ids]
        return frozenset(user for found in members for user in found)

    def _is_one_of(self, user: str, ids: tuple[str, ...]) -> bool:
        return user in ids or any(user in self._members(each) for each in ids if each.startswith(_GROUP))

    def _members(self, group: str) -> frozenset[str]:
        def ask(usergroup: str) -> frozenset[str]:
            return frozenset(self._client.usergroups_users_list(usergroup=usergroup)["users"])

        return self._remembered(self._groups, group, ask, frozenset())

    def _in_staff_channel(self) -> frozenset[str]:
        def ask(channel: str) -> frozenset[str]:
            pages = self._client.conversations_members(channel=channel, limit=1000)
            return frozenset(user for page in pages for user in page["members"])

        channel = self._settings.desk_staff_channel
        return self._remembered(self._groups, channel, ask, frozenset()) if channel else frozenset()

    def _name_of(self, user: str) -> str:
        about = self._client.users_info(user=user)["user"]
        profile = about.get("profile", {})
        called = (profile.get("display_name"), about.get("real_name"), profile.get("real_name"), about["name"], user)
        return next(name for name in map(flattened, map(str, filter(None, called))) if name)

    def _name_of_channel(self, channel: str) -> str:
        about = self._client.conversations_info(channel=channel)["channel"]
        return f"#{about['name']}" if about.get("name") else channel

    def _remembered(self, known: dict[str, tuple[float, _Found]], key: str, ask: Callable[[str], _Found],
                    otherwise: _Found) -> _Found:  # fmt: skip
        """What Slack says of `key`; what it said before while it says nothing."""
        if key in known and time.monotonic() - known[key][0] < _FRESH_SECONDS:
            return known[key][1]
        try:
            known[key] = time.monotonic(), ask(key)
        except (SlackClientError, OSError) as error:
            _log.warning("Slack does not tell about %s: %s", key, error)
            return known[key][1] if key in known else otherwise
        return known[key][1]
