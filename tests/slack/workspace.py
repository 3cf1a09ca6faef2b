"""A strict local stand-in for one Slack workspace: Web API and Socket Mode on one port of 127.0.0.1.

It drives a real Bolt app, in this process or another, over real sockets. Point the app at ``Workspace.api_url`` with
``Workspace.bot_token`` and ``Workspace.app_token``, let people ``say``, ``mention``, ``click``; look at ``messages``,
``ephemerals``, ``calls``. It refuses what Slack refuses, with Slack's own error codes, and where Slack's documentation
and its live behaviour differ it takes the stricter side. The server runs in a thread of its own with its own event
loop; everything public is synchronous and may be called from any thread.
"""

import asyncio
import contextlib
import copy
import hmac
import html
import itertools
import json
import mimetypes
import re
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout, WSMsgType, web

from tests.slack import limits
from tests.slack.limits import Json

T = TypeVar("T")
SCOPES = (
    *(
        "app_mentions:read",
        "assistant:write",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
    ),
    *(
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "reactions:write",
        "usergroups:read",
        "users:read",
    ),
)
_JSON_ARGUMENTS = {"blocks", "attachments", "view", "prompts", "metadata", "loading_messages", "unfurls"}
_URLS = {"response_url", "upload_url"}
"""What is called like a method here, to be failed and looked at like one; Slack answers with an HTTP status alone."""
_TOKEN_LIKE = re.compile(r"<(?:[@#!][^<>]+|https?://[^<>]+|mailto:[^<>]+)>")


class RefusedError(Exception):
    """Raised inside a method to answer ``{"ok": false, "error": code}``."""

    def __init__(self, code: str, faults: Sequence[str] = (), **extra: str) -> None:
        super().__init__(code)
        self.answer: Json = {"ok": False, "error": code, **extra}
        if faults:
            self.answer |= {"errors": list(faults), "response_metadata": {"messages": [f"[ERROR] {f}" for f in faults]}}


@dataclass(frozen=True)
class Message:
    """One message as it stood when it was looked at; ``Workspace.message`` reads it again.

    ``thread_ts`` is the root's ts in a reply and None in a root. ``edited`` and ``deleted`` tell what happened to it.
    """

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    from_bot: bool = False
    edited: bool = False
    deleted: bool = False
    ephemeral_to: str | None = None
    reactions: tuple[tuple[str, str], ...] = ()  # (name, user)
    files: tuple[Json, ...] = ()
    metadata: Json | None = None
    linkified: bool = False  # posted with link_names or parse="full"

    @property
    def shown(self) -> str:
        """What a reader sees, without markup objects: the blocks' texts, or the text when there are no blocks."""
        return _shown(self.blocks) if self.blocks else self.text

    @property
    def action_ids(self) -> list[str]:
        """The action ids a reader can act on, in reading order."""
        return [str(part["action_id"]) for part in limits.walk(self.blocks) if "action_id" in part]


@dataclass(frozen=True)
class View:
    """A published Home view or an open modal; ``data`` is the view as Slack sends it back, with id, hash and state."""

    id: str
    user: str
    data: Json

    @property
    def blocks(self) -> list[Json]:
        return list(self.data["blocks"])

    @property
    def shown(self) -> str:
        return _shown(self.blocks)


@dataclass(frozen=True)
class Call:
    """One call of the Web API and its answer. ``at``: monotonic seconds; ``injected``: answered by ``fail_next``."""

    method: str
    args: Json
    at: float
    answer: Json
    status: int = 200
    injected: bool = False


@dataclass(frozen=True)
class Ack:
    """An acknowledgement: ``seconds`` from sending the envelope to hearing of it."""

    envelope_id: str
    kind: str
    seconds: float
    payload: Json
    event_id: str | None = None


@dataclass(frozen=True)
class Event:
    """An Events API event as it was handed out first."""

    event_id: str
    event: Json


@dataclass(frozen=True)
class Delivery:
    """One sending of an event, or one that still waits for a connection (``sent`` False)."""

    envelope_id: str
    retry_attempt: int
    retry_reason: str
    sent: bool
    acked: bool


class Interaction:
    """A slash command, a click or a submitted modal, and what came of it."""

    def __init__(self, workspace: "Workspace", payload: Json, response_url: str | None = None) -> None:
        self.payload = payload
        self.trigger_id = str(payload.get("trigger_id", ""))
        self.response_url = response_url
        self.ack: Json | None = None  # the payload of the acknowledgement, {} when it had none, None before
        self.seconds: float | None = None  # from delivery to acknowledgement
        self.error: str | None = None  # what Slack would tell the person: operation_timeout, dispatch_failed
        self.replies: list[Message] = []  # all that came back, in the acknowledgement or by response_url, as it came
        self.responses: list[Message] = []  # what came by response_url
        self._workspace = workspace

    def wait_ack(self, timeout: float = 5) -> Json:
        """The acknowledgement's payload, {} when it carries none; fails when Slack would show the person an error."""
        self._workspace.wait_for(lambda: self.ack is not None or self.error, timeout, "an acknowledgement")
        assert self.ack is not None, f"Slack would tell the person: {self.error}"
        return self.ack

    def wait_replies(self, count: int = 1, timeout: float = 30) -> list[Message]:
        """At least so many messages that came back, in the acknowledgement or by response_url."""
        self._workspace.wait_for(lambda: len(self.replies) >= count, timeout, f"{count} replies to the interaction")
        return list(self.replies)


class Shown(Protocol):
    """Whatever has blocks: a Message or a View."""

    @property
    def blocks(self) -> list[Json]: ...


def pings(source: Shown) -> list[str]:
    """What in a message or view would notify somebody, as it stands there: ``<!channel>``, ``<@U…>``, ``<!subteam^…>``.

    Mentions in ``text`` count even beside blocks (there they reach notifications), so an empty list means: nobody.
    """
    text = source.text if isinstance(source, Message) else ""
    return limits.pings_in(text, source.blocks, linkified=isinstance(source, Message) and source.linkified)


def typed(text: str, *, link: bool = True) -> str:
    """What Slack makes of what a person types: & < > escaped outside mentions and links, bare addresses linked."""
    parts, end = [], 0
    for token in _TOKEN_LIKE.finditer(text):
        parts += [_escape(text[end : token.start()], link), token.group()]
        end = token.end()
    return "".join([*parts, _escape(text[end:], link)])


def _escape(text: str, link: bool) -> str:
    escaped = html.escape(text, quote=False)
    return re.sub(r"https?://[^\s、。<>]+", r"<\g<0>>", escaped) if link else escaped


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(filter(None, map(_shown, value)))
    if not isinstance(value, dict):
        return ""
    if value.get("type") in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
        return "".join(str(part.get("text") or part.get("url") or "") for part in value["elements"])
    if isinstance(value.get("text"), str):
        return str(value["text"])
    return "\n".join(filter(None, map(_shown, value.values())))


def signature(secret: str, stamp: str, body: bytes) -> str:
    """What Slack signs a request with (v0 of its scheme)."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, "sha256").hexdigest()


@dataclass
class _Channel:
    id: str
    name: str
    kind: str  # channel, group, im
    members: set[str] = field(default_factory=set)
    archived: bool = False


@dataclass
class _Fault:
    method: str
    channel: str | None
    times: int = 1
    status: int = 500
    error: str = ""
    retry_after: int = 1
    garbage: bool = False
    lost: bool = False  # the connection breaks before the answer
    half: bool = False  # it breaks in the middle of the answer
    taken: bool = False  # the call takes effect all the same
    do: Callable[[], object] | None = None

    def strikes(self, method: str, args: Json) -> bool:
        return self.times > 0 and self.method == method and self.channel in (None, args.get("channel"))


@dataclass(eq=False)
class _Socket:
    stream: web.WebSocketResponse
    transport: asyncio.Transport | None
    retiring: bool = False


@dataclass(eq=False)
class _Envelope:
    id: str
    kind: str  # events_api, slash_commands, interactive
    payload: Json
    event_id: str | None = None
    retry_attempt: int = 0
    retry_reason: str = ""
    interaction: Interaction | None = None
    sent: float | None = None
    acked: bool = False

    def body(self) -> tuple[bytes, str]:
        """What is posted to a request URL, and its content type."""
        if self.kind == "events_api":
            return json.dumps(self.payload).encode(), "application/json"
        form = {"payload": json.dumps(self.payload)} if self.kind == "interactive" else self.payload
        return urlencode(form).encode(), "application/x-www-form-urlencoded"

    def frame(self) -> str:
        frame: Json = {"envelope_id": self.id, "type": self.kind, "payload": self.payload}
        frame["accepts_response_payload"] = self.kind != "events_api"
        if self.kind == "events_api":
            frame |= {"retry_attempt": self.retry_attempt, "retry_reason": self.retry_reason}
        return json.dumps(frame)


@dataclass
class _Upload:
    """A file that was announced; its content, once it came; given to a channel or kept, it is none any more."""

    id: str
    name: str
    length: int
    content: bytes | None = None


@dataclass
class _ResponseUrl:
    interaction: Interaction
    channel: str
    user: str
    source: Message | None
    made: float
    used: int = 0


class Workspace:
    """The workspace; use it as a context manager. Times are seconds.

    ``retry_delay``: after it, an unacknowledged event is sent once more, as ``retry_attempt`` 1.
    ``ack_limit``: after it, an unacknowledged command, click or submission has failed for the person.
    ``trigger_lifetime``: how long a trigger_id may open a modal. ``response_lifetime``: how long a response_url lives.
    ``echo``: the bot receives its own messages as events, as it does in Slack.
    ``request_urls``: where to post events, clicks and commands to, in turn; without any, they go over sockets.
    """

    bot_token = "xoxb-test-token"
    app_token = "xapp-test-token"
    signing_secret = "signing-secret-of-tests"
    bot_user_id = "U0BOTUSER"
    bot_id = "B0BOT"
    app_id = "A0APP"
    team_id = "T0TEAM"
    domain = "circular-cities"

    def __init__(
        self,
        *,
        retry_delay: float = 3.0,
        ack_limit: float = 3.0,
        trigger_lifetime: float = 3.0,
        response_lifetime: float = 1800.0,
        echo: bool = True,
        request_urls: Sequence[str] = (),
    ) -> None:
        self.retry_delay, self.ack_limit = retry_delay, ack_limit
        self.trigger_lifetime, self.response_lifetime, self.echo = trigger_lifetime, response_lifetime, echo
        self.request_urls = list(request_urls)
        self.scopes: set[str] = set(SCOPES)  # what the bot token may do; take one away to see missing_scope
        self.problems: list[
            str
        ] = []  # what is wrong besides refused calls: unknown or second acknowledgements, bad frames
        self._changed = threading.Condition()
        self._api = _Api(self)
        self._numbers = itertools.count(1)
        self._channels: dict[str, _Channel] = {}
        self._messages: dict[str, dict[str, Message]] = {}
        self._users: dict[str, Json] = {}
        self._gone: dict[str, str] = {}  # who left: the error that tells of it
        self._usergroups: dict[str, list[str]] = {}
        self._files: dict[str, tuple[Json, bytes]] = {}
        self._uploads: dict[str, _Upload] = {}  # by the secret part of its URL
        self._homes: dict[str, View] = {}
        self._modals: dict[str, list[View]] = {}
        self._triggers: dict[str, tuple[str, float]] = {}  # trigger_id: user, made
        self._response_urls: dict[str, _ResponseUrl] = {}
        self._records: dict[str, list[Json]] = {"status": [], "prompts": [], "title": []}
        self._calls: list[Call] = []
        self._acks: list[Ack] = []
        self._events: list[Event] = []
        self._faults: list[_Fault] = []
        self._delays: dict[str, float] = {}
        self._tickets: set[str] = set()
        self._sockets: list[_Socket] = []
        self._requests: set[asyncio.Task[None]] = set()
        self._outbox: deque[_Envelope] = deque()
        self._envelopes: dict[str, _Envelope] = {}
        self._retried: set[str] = set()
        self._turn = self._busy = self._opened = 0
        self._active = time.monotonic()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._wake, self._stopping = asyncio.Event(), asyncio.Event()
        self._port = 0
        self.add_user(self.bot_user_id, "declaration-desk", is_bot=True)

    # life

    def start(self) -> None:
        """Open the port and begin to answer; returns when it listens."""
        assert self._thread is None, "the workspace is running"
        started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(started)), name="workspace", daemon=True)
        self._thread.start()
        started.wait(10)
        assert self._port, "the workspace did not start"

    def stop(self) -> None:
        """Cut every connection, close the port and end the thread; harmless when it is not running."""
        if self._thread is not None and self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(10)
            assert not self._thread.is_alive(), "the workspace did not stop"
            self._thread = self._loop = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """What the bot gets as SLACK_API_URL."""
        return f"{self.origin}/api/"

    # what the workspace is made of

    def add_channel(self, channel: str, name: str | None = None, *, private: bool = False, bot: bool = True) -> str:
        """A channel, with the bot in it unless told otherwise. People who speak in an unknown channel create it."""
        with self._changed:
            kind = "group" if private else "channel"
            made = self._channels.setdefault(channel, _Channel(channel, name or channel.lower(), kind))
            (made.members.add if bot else made.members.discard)(self.bot_user_id)
        return channel

    def add_user(self, user: str, name: str | None = None, *, locale: str = "en-US", **more: Any) -> str:
        """A person as ``users.info`` tells; ``more``: further fields (``is_restricted=True``: a guest)."""
        name = name or user.lower()
        base = {"id": user, "team_id": self.team_id, "name": name, "real_name": name.title(), "deleted": False}
        flags = {
            "is_bot": False,
            "is_admin": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "tz": "Asia/Tokyo",
        }
        profile = {"real_name": name.title(), "display_name": name}
        with self._changed:
            self._users[user] = {**base, **flags, "profile": profile, "locale": locale, **more}
        return user

    def add_usergroup(self, usergroup: str, users: Sequence[str]) -> str:
        """A user group (an id that starts with S) with its members."""
        with self._changed:
            self._usergroups[usergroup] = list(users)
        return usergroup

    def remove_bot(self, channel: str) -> None:
        """The bot is removed from the channel: no more events from there, and it can't post there (not_in_channel)."""
        with self._changed:
            self._channel(channel).members.discard(self.bot_user_id)

    def invite_bot(self, channel: str, inviter: str) -> str:
        """Somebody invites the bot to a channel (member_joined_channel); returns the event id."""
        with self._changed:
            self._speaking(channel, inviter)
            self._channel(channel).members.add(self.bot_user_id)
            event: Json = {"type": "member_joined_channel", "user": self.bot_user_id, "channel": channel}
            event |= {"channel_type": "C", "team": self.team_id, "inviter": inviter, "event_ts": self._new_ts()}
            return self.send_event(event)

    def archive(self, channel: str, archived: bool = True) -> None:
        """A channel is archived, or unarchived: nobody posts there, or changes what stands there."""
        with self._changed:
            self._channel(channel).archived = archived

    def remove_user(self, user: str, error: str = "user_disabled") -> None:
        """A person leaves; nobody can open their direct messages any more.

        ``error``: what Slack says of them: user_disabled of a member, user_not_found or user_not_visible of somebody
        from outside who is no longer shared with.
        """
        with self._changed:
            self._gone[user] = error
            self._users[user]["deleted"] = True
            for channel in self._channels.values():
                channel.members.discard(user)

    def add_file(self, user: str, name: str, content: bytes, mimetype: str = "application/pdf") -> Json:
        """An uploaded file, to be passed to ``say``, ``mention`` or ``direct_message``.

        It can be downloaded with the bot token; without it Slack answers 200 with its sign-in page, and so do we.
        """
        with self._changed:
            return self._keep_file(f"F0FILE{next(self._numbers)}", user, name, name, content, mimetype)

    def content(self, file: Json) -> bytes:
        """What is in a file of a message."""
        with self._changed:
            return self._files[file["id"]][1]

    def dm(self, user: str) -> str:
        """The direct message channel of the bot and this person."""
        with self._changed:
            self._person(user)
            made = self._channels.setdefault(f"D{user}", _Channel(f"D{user}", user, "im"))
            made.members |= {user, self.bot_user_id}
            return made.id

    # what people do

    def say(
        self, channel: str, user: str, text: str, thread_ts: str | None = None, *, files: Sequence[Json] = ()
    ) -> str:
        """A message in a channel; returns its ts. The text arrives as Slack would send it (see ``typed``)."""
        return self._speak(channel, user, typed(text), thread_ts, files, mention=False)

    def mention(
        self, channel: str, user: str, text: str, thread_ts: str | None = None, *, files: Sequence[Json] = ()
    ) -> str:
        """A message that mentions the bot: an app_mention and a message event with one ts and two event ids."""
        return self._speak(channel, user, f"<@{self.bot_user_id}> {typed(text)}", thread_ts, files, mention=True)

    def direct_message(self, user: str, text: str, thread_ts: str | None = None, *, files: Sequence[Json] = ()) -> str:
        """A message to the bot in its direct message channel (``dm(user)``); returns its ts."""
        return self._speak(self.dm(user), user, typed(text), thread_ts, files, mention=False)

    def edit(self, channel: str, ts: str, text: str) -> None:
        """The author edits a message (message_changed)."""
        with self._changed:
            before = self._existing(channel, ts)
            self._put(replace(before, text=typed(text), edited=True))
            self._tell_change(before)

    def delete(self, channel: str, ts: str) -> None:
        """Somebody deletes a message (message_deleted)."""
        with self._changed:
            before = self._existing(channel, ts)
            self._put(replace(before, deleted=True))
            self._tell_change(before)

    def command(self, command: str, text: str, user: str, channel: str) -> Interaction:
        """A slash command; works in every channel, whether the bot is in it or not."""
        with self._changed:
            room = self._speaking(channel, user)
            payload: Json = {"token": "verification", "team_id": self.team_id, "team_domain": self.domain}
            payload |= {"channel_id": channel, "channel_name": room.name if room.kind == "channel" else "directmessage"}
            payload |= {"user_id": user, "user_name": self._users[user]["name"], "command": command}
            payload |= {
                "text": typed(text, link=False).strip(),
                "api_app_id": self.app_id,
                "is_enterprise_install": "false",
            }
            return self._interact("slash_commands", payload, user, channel)

    def click(self, action_id: str, user: str, source: Message | View, value: str | None = None) -> Interaction:
        """A click on a button, a feedback button or a choice of a menu in a message, an ephemeral message or a view.

        ``value`` tells apart elements with one action id, names the option of a menu, and names the feedback button by
        its value, or as "positive" or "negative". Fails when ``source`` holds no such element. Somebody with a stale
        screen is played by passing an earlier Message; a deleted one can't be clicked.
        """
        with self._changed:
            action = self._action(source, action_id, value)
            payload: Json = {"type": "block_actions", "actions": [action]}
            if isinstance(source, View):
                payload["container"] = {"type": "view", "view_id": source.id}
                payload["view"] = copy.deepcopy(source.data)
                return self._interact("interactive", payload, user)
            now = self._messages[source.channel][source.ts]
            assert not now.deleted, f"the message {source.ts} is deleted, nobody can click {action_id}"
            assert now.ephemeral_to in (None, user), f"only {now.ephemeral_to} sees the message, {user} can't click it"
            container = {"type": "message", "message_ts": source.ts, "channel_id": source.channel}
            payload["container"] = {**container, "is_ephemeral": now.ephemeral_to is not None}
            if now.thread_ts:
                payload["container"]["thread_ts"] = now.thread_ts
            if now.ephemeral_to is None:  # Slack keeps no ephemeral message, so it can't send it along
                payload["message"] = self._message_json(now)
            payload |= {
                "channel": {"id": source.channel, "name": self._channel(source.channel).name},
                "state": {"values": {}},
            }
            return self._interact("interactive", payload, user, source.channel, now)

    def submit_view(self, view: View, user: str, values: Mapping[str, str | Sequence[str]]) -> Interaction:
        """Fill in a modal and submit it; ``values``: action id to text, to the value of an option, or to several.

        Fails when Slack itself would not let the person submit. The modal closes, changes or shows errors
        (``Interaction.ack["errors"]``) as the acknowledgement says.
        """
        with self._changed:
            state: dict[str, Json] = {}
            left = dict(values)
            for block in view.blocks:
                if block["type"] == "input":
                    name = block["element"]["action_id"]
                    state[block["block_id"]] = {name: _filled_in(block, left.pop(name, None))}
            assert not left, f"the modal has no inputs {sorted(left)}"
            data = {**copy.deepcopy(view.data), "state": {"values": state}}
            return self._interact("interactive", {"type": "view_submission", "view": data, "response_urls": []}, user)

    def open_home(self, user: str, tab: str = "home") -> str:
        """Somebody opens the app's Home ("home") or its conversation ("messages"); returns the event id."""
        with self._changed:
            event: Json = {"type": "app_home_opened", "user": user, "channel": self.dm(user), "tab": tab}
            event["event_ts"] = self._new_ts()
            if tab == "home" and user in self._homes:
                event["view"] = copy.deepcopy(self._homes[user].data)
            return self.send_event(event)

    def send_event(self, event: Json) -> str:
        """Any other event, as it stands; returns its event id."""
        with self._changed:
            made = Event(f"Ev0{next(self._numbers):07d}", event)
            self._events.append(made)
            self._post(made)
            return made.event_id

    def redeliver(self, event_id: str, retry_attempt: int = 0) -> None:
        """The same event again in a new envelope, as Slack does when an acknowledgement got lost."""
        with self._changed:
            self._post(next(event for event in self._events if event.event_id == event_id), retry_attempt)

    # faults

    def drop_socket(self) -> None:
        """Every connection is cut without a word, as by a broken network. Returns when it is done."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result(5)

    def disconnect(self, reason: str = "refresh_requested", grace: float = 1.0) -> None:
        """Slack asks for new connections, sends no more on the old ones, closes them after ``grace`` seconds."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self._retire(reason, grace), self._loop).result(5)

    def fail_next(
        self,
        method: str,
        status: int = 429,
        error: str = "ratelimited",
        *,
        retry_after: int = 1,
        times: int = 1,
        garbage: bool = False,
        lost: bool = False,
        half: bool = False,
        channel: str | None = None,
    ) -> None:
        """The next ``times`` calls of a method (or posts to "response_url"), or only those for a channel, fail.

        ``status`` 429 carries Retry-After; 200 answers ``{"ok": false, "error": error}``; ``garbage`` answers HTML
        instead of JSON. ``lost``: the call takes effect, but the connection breaks before its answer; ``half``: in the
        middle of it.
        """
        with self._changed:
            broken = lost or half
            self._faults.append(
                _Fault(method, channel, times, status, error, retry_after, garbage, lost, half, taken=broken)
            )

    def at_next(
        self, method: str, do: Callable[[], object], *, channel: str | None = None, taken: bool = False
    ) -> None:
        """Do something, such as killing the bot, at the next call of a method, or at the next one for a channel.

        It happens before the call is answered, and the connection breaks: ``taken`` says whether it takes effect.
        """
        with self._changed:
            self._faults.append(_Fault(method, channel, lost=True, taken=taken, do=do))

    def slow(self, method: str, seconds: float) -> None:
        """Every call of a method takes so long from now on; 0 ends it."""
        with self._changed:
            self._delays[method] = seconds

    # what can be seen

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Message]:
        """Everybody's messages in a channel, or a thread's with its root; oldest first, deleted ones marked."""
        with self._changed:
            every = [m for m in self._messages.get(channel, {}).values() if m.ephemeral_to is None]
            return [m for m in every if thread_ts is None or thread_ts in (m.ts, m.thread_ts)]

    def message(self, channel: str, ts: str) -> Message:
        """One message as it stands now, ephemeral ones too."""
        with self._changed:
            return self._messages[channel][ts]

    def ephemerals(self, channel: str, user: str) -> list[Message]:
        """What only this person was shown in this channel, oldest first, deleted ones marked."""
        with self._changed:
            return [m for m in self._messages.get(channel, {}).values() if m.ephemeral_to == user]

    def home(self, user: str) -> View | None:
        """The Home view published for this person."""
        with self._changed:
            return self._homes.get(user)

    def modal(self, user: str) -> View | None:
        """The modal this person has open, the topmost."""
        with self._changed:
            stack = self._modals.get(user)
            return stack[-1] if stack else None

    def events(self, ts: str | None = None) -> list[Event]:
        """The events that were sent, or only those about the message with this ts."""
        with self._changed:
            return [e for e in self._events if ts is None or ts == e.event.get("ts")]

    def deliveries(self, event_id: str) -> list[Delivery]:
        """Every envelope that carries or carried this event, in order."""
        with self._changed:
            found = [e for e in self._envelopes.values() if e.event_id == event_id]
            return [Delivery(e.id, e.retry_attempt, e.retry_reason, e.sent is not None, e.acked) for e in found]

    def calls(self, method: str | None = None) -> list[Call]:
        """Every call of the Web API that was answered, in order of answer; or one method's."""
        with self._changed:
            return [call for call in self._calls if method in (None, call.method)]

    @property
    def refusals(self) -> list[Call]:
        """The calls that Slack refused; injected faults are not among them."""
        with self._changed:
            return [call for call in self._calls if not call.injected and not call.answer.get("ok")]

    @property
    def acks(self) -> list[Ack]:
        with self._changed:
            return list(self._acks)

    @property
    def statuses(self) -> list[Json]:
        """The accepted arguments of assistant.threads.setStatus, in order."""
        return self._recorded("status")

    @property
    def prompts(self) -> list[Json]:
        """The accepted arguments of assistant.threads.setSuggestedPrompts, in order."""
        return self._recorded("prompts")

    @property
    def titles(self) -> list[Json]:
        """The accepted arguments of assistant.threads.setTitle and agents.sessions.rename, in order."""
        return self._recorded("title")

    @property
    def connections(self) -> int:
        """How many sockets are open now and would get events."""
        with self._changed:
            return sum(not socket.retiring for socket in self._sockets)

    @property
    def connections_opened(self) -> int:
        """How many sockets were ever opened; rises by one with each reconnection."""
        return self._opened

    @property
    def unacknowledged(self) -> list[str]:
        """Event ids that were delivered and never acknowledged in any envelope."""
        with self._changed:
            acked = {e.event_id for e in self._envelopes.values() if e.acked}
            return sorted({e.event_id for e in self._envelopes.values() if e.event_id and e.sent} - acked)

    def wait_for(self, predicate: Callable[[], T | None], timeout: float = 30, what: str = "") -> T:
        """What ``predicate`` returns, once that is true; fails with the latest happenings when it never is."""
        end = time.monotonic() + timeout
        while not (value := predicate()):
            if time.monotonic() > end:
                raise AssertionError(f"waited {timeout} s in vain for {what or predicate}\n{self.story()}")
            with self._changed:
                self._changed.wait(0.05)
        return value

    def wait_for_reply(self, channel: str, thread_ts: str, count: int = 1, timeout: float = 30) -> list[Message]:
        """The bot's messages in a thread, once there are at least ``count``; without deleted ones and the root."""

        def replies() -> list[Message]:
            thread = self.messages(channel, thread_ts)
            return [m for m in thread if m.from_bot and not m.deleted and m.ts != thread_ts]

        self.wait_for(lambda: len(replies()) >= count, timeout, f"{count} replies in {channel} {thread_ts}")
        return replies()

    def wait_connected(self, timeout: float = 30, count: int = 1) -> None:
        """Until at least ``count`` sockets are open."""
        self.wait_for(lambda: self.connections >= count, timeout, f"{count} connections")

    def settle(self, seconds: float = 0.5, timeout: float = 15) -> None:
        """Until nothing was sent, called or acknowledged for so long, and no call is being answered."""
        quiet = lambda: not self._busy and time.monotonic() - self._active >= seconds  # noqa: E731
        self.wait_for(quiet, timeout, f"{seconds} s of quiet")

    def story(self, last: int = 15) -> str:
        """The latest events and calls in words, for whoever reads a failure."""
        with self._changed:
            events = [f"  event {e.event_id} {_brief(e.event)}" for e in self._events[-last:]]
            calls = [f"  {c.method} {_brief(c.args)} -> {c.status} {_brief(c.answer)}" for c in self._calls[-last:]]
            return "\n".join([f"{self.connections} connections; events:", *events, "calls:", *calls, *self.problems])

    # inside: people, channels, messages (always under the lock)

    def _keep_file(self, number: str, user: str, name: str, title: str, content: bytes, mimetype: str) -> Json:
        url = f"{self.origin}/files-pri/{self.team_id}-{number}/{name}"
        about: Json = {
            "id": number,
            "name": name,
            "title": title,
            "mimetype": mimetype,
            "filetype": name.rpartition(".")[2],
        }
        about |= {"user": user, "size": len(content), "mode": "hosted", "is_external": False}
        about |= {"url_private": url, "url_private_download": url, "file_access": "visible"}
        self._files[number] = about, content
        return copy.deepcopy(about)

    def _recorded(self, kind: str) -> list[Json]:
        with self._changed:
            return list(self._records[kind])

    def _new_ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def _person(self, user: str) -> None:
        if user not in self._users:
            self.add_user(user)

    def _channel(self, channel: object) -> _Channel:
        if channel not in self._channels:
            raise RefusedError("channel_not_found")
        return self._channels[str(channel)]

    def _speaking(self, channel: str, user: str) -> _Channel:
        self._person(user)
        if channel not in self._channels:
            self.add_channel(channel)
        self._channels[channel].members.add(user)
        return self._channels[channel]

    def _existing(self, channel: object, ts: object) -> Message:
        message = self._messages.get(self._channel(channel).id, {}).get(str(ts))
        if message is None or message.deleted or message.ephemeral_to:
            raise RefusedError("message_not_found")
        return message

    def _put(self, message: Message) -> Message:
        self._messages.setdefault(message.channel, {})[message.ts] = message
        self._changed.notify_all()
        return message

    def _speak(
        self, channel: str, user: str, text: str, thread_ts: str | None, files: Sequence[Json], *, mention: bool
    ) -> str:
        with self._changed:
            self._speaking(channel, user)
            assert thread_ts is None or thread_ts in self._messages.get(channel, {}), (
                f"no message {thread_ts} in {channel}"
            )
            message = Message(
                channel, self._new_ts(), user, text, thread_ts=thread_ts, files=tuple(copy.deepcopy(list(files)))
            )
            self._put(message)
            if mention:
                event = self._message_json(message) | {
                    "type": "app_mention",
                    "channel": channel,
                    "event_ts": message.ts,
                }
                self._send_if_member(channel, {k: v for k, v in event.items() if k != "subtype"})
            self._tell(message)
            return message.ts

    def _message_json(self, message: Message) -> Json:
        made: Json = {
            "type": "message",
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "team": self.team_id,
        }
        if message.from_bot:
            made |= {"bot_id": self.bot_id, "app_id": self.app_id}
        if message.blocks:
            made["blocks"] = copy.deepcopy(message.blocks)
        if message.files:
            made |= {"subtype": "file_share", "files": copy.deepcopy(list(message.files)), "upload": False}
        if message.edited:
            made["edited"] = {"user": message.user, "ts": message.ts}
        if message.metadata:
            made["metadata"] = message.metadata
        replies = [
            m
            for m in self._messages.get(message.channel, {}).values()
            if m.thread_ts == message.ts and not m.ephemeral_to
        ]
        if message.thread_ts:
            root = self._messages[message.channel].get(message.thread_ts)
            made |= {"thread_ts": message.thread_ts, "parent_user_id": root.user if root else ""}
        elif replies:
            made |= {"thread_ts": message.ts, "reply_count": len(replies)}
        return made

    def _send_if_member(self, channel: str, event: Json) -> None:
        if self.bot_user_id in self._channels[channel].members:
            self.send_event(event)

    def _tell(self, message: Message) -> None:
        place = {
            "channel": message.channel,
            "channel_type": self._channels[message.channel].kind,
            "event_ts": message.ts,
        }
        self._send_if_member(message.channel, self._message_json(message) | place)

    def _tell_change(self, before: Message) -> None:
        now, ts = self._messages[before.channel][before.ts], self._new_ts()
        event: Json = {"type": "message", "hidden": True, "channel": now.channel, "ts": ts, "event_ts": ts}
        event |= {"channel_type": self._channels[now.channel].kind, "previous_message": self._message_json(before)}
        if now.deleted:
            event |= {"subtype": "message_deleted", "deleted_ts": now.ts}
        else:
            event |= {"subtype": "message_changed", "message": self._message_json(now)}
        self._send_if_member(now.channel, event)

    # inside: interactions

    def _interact(
        self, kind: str, payload: Json, user: str, channel: str | None = None, source: Message | None = None
    ) -> Interaction:
        self._person(user)
        trigger = f"{next(self._numbers)}.{secrets.token_hex(8)}"
        self._triggers[trigger] = user, time.monotonic()
        payload["trigger_id"] = trigger
        if kind == "interactive":
            name = self._users[user]["name"]
            payload |= {
                "user": {"id": user, "username": name, "name": name, "team_id": self.team_id},
                "token": "verification",
            }
            payload |= {
                "api_app_id": self.app_id,
                "team": {"id": self.team_id, "domain": self.domain},
                "enterprise": None,
            }
            payload["is_enterprise_install"] = False
        url = None
        if channel is not None:
            key = secrets.token_hex(8)
            url = payload["response_url"] = f"{self.origin}/actions/{key}"
        interaction = Interaction(self, payload, url)
        if channel is not None:
            self._response_urls[key] = _ResponseUrl(interaction, channel, user, source, time.monotonic())
        envelope = _Envelope(secrets.token_hex(8), kind, payload, interaction=interaction)
        self._enqueue(envelope)
        self._later(self.ack_limit, lambda: self._give_up(envelope))
        return interaction

    def _action(self, source: Message | View, action_id: str, value: str | None) -> Json:
        found: list[tuple[str, Json, Json]] = []  # block id, element, the chosen part of it
        for block in source.blocks:
            for part in [block, *block.get("child_blocks", [])]:
                own = {name: inner for name, inner in part.items() if name != "child_blocks"}
                elements = [element for element in limits.walk(own) if element.get("action_id") == action_id]
                chosen = [(element, _chosen(element, value)) for element in elements]
                found.extend((part["block_id"], element, choice) for element, choice in chosen if choice is not None)
        ids = [part["action_id"] for part in limits.walk(source.blocks) if "action_id" in part]
        assert found, f"nothing to click with action_id {action_id!r} and value {value!r}; there is {ids}"
        several = len({str(choice.get("value")) for _, _, choice in found}) > 1
        assert value is not None or not several, (
            f"several elements have action_id {action_id!r}; say which by its value"
        )
        block_id, element, choice = found[0]
        action = {"type": element["type"], "action_id": action_id, "block_id": block_id, "action_ts": self._new_ts()}
        if element["type"] in ("button", "icon_button", "feedback_buttons"):
            return action | {name: copy.deepcopy(choice[name]) for name in ("text", "value") if name in choice}
        return action | {"selected_option": copy.deepcopy(choice)}

    def _give_up(self, envelope: _Envelope) -> None:
        with self._changed:
            if envelope.interaction is not None and not envelope.acked:
                envelope.interaction.error = "operation_timeout" if envelope.sent else "dispatch_failed"
                if envelope in self._outbox:
                    self._outbox.remove(envelope)
                self._changed.notify_all()

    def _heard(self, frame: str) -> None:
        """Take a frame from the bot, which can only be an acknowledgement."""
        now = time.monotonic()
        with self._changed:
            try:
                said = json.loads(frame)
                envelope = self._envelopes[said["envelope_id"]]
            except (ValueError, KeyError, TypeError):
                self.problems.append(f"not an acknowledgement of anything sent: {frame[:200]}")
                return
            if envelope.acked:
                self.problems.append(f"acknowledged twice: {envelope.kind} {envelope.id}")
                return
            envelope.acked = True
            payload = said.get("payload") or {}
            self._acks.append(Ack(envelope.id, envelope.kind, now - (envelope.sent or now), payload, envelope.event_id))
            if (interaction := envelope.interaction) is not None:
                interaction.seconds = now - (envelope.sent or now)
                try:
                    self._take_ack(envelope, interaction, payload)
                except RefusedError as refused:
                    self.problems.append(f"the acknowledgement of {envelope.kind} is refused: {refused.answer}")
                interaction.ack = payload
            self._active = now
            self._changed.notify_all()

    def _take_ack(self, envelope: _Envelope, interaction: Interaction, payload: Json) -> None:
        """What Slack does with the payload of an acknowledgement: a reply to a command, or a modal's next step."""
        if envelope.kind == "slash_commands" and payload:
            user, channel = interaction.payload["user_id"], interaction.payload["channel_id"]
            interaction.replies.append(self._api.respond(payload, channel, user, None))
        elif interaction.payload.get("type") == "view_submission":
            user, stack = interaction.payload["user"]["id"], self._modals.get(interaction.payload["user"]["id"], [])
            action = payload.get("response_action")
            if action == "errors":
                known = {block["block_id"] for block in interaction.payload["view"]["blocks"]}
                if unknown := payload.get("errors", {}).keys() - known:
                    raise RefusedError("invalid_arguments", [f"errors name unknown block ids {sorted(unknown)}"])
            elif action in ("update", "push"):
                made = self._api.make_view(payload.get("view"), user, "modal")
                self._modals[user] = [*(stack[:-1] if action == "update" else stack), made]
            elif action in (None, "clear"):
                self._modals[user] = stack[:-1] if action is None else []
            else:
                raise RefusedError("invalid_arguments", [f"unknown response_action {action}"])

    # inside: envelopes

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.call_later, seconds, act)

    def _post(self, event: Event, retry_attempt: int = 0) -> None:
        authorization: Json = {"enterprise_id": None, "team_id": self.team_id, "user_id": self.bot_user_id}
        authorization |= {"is_bot": True, "is_enterprise_install": False}
        payload: Json = {
            "token": "verification",
            "team_id": self.team_id,
            "api_app_id": self.app_id,
            "type": "event_callback",
        }
        payload |= {"event": event.event, "event_id": event.event_id, "event_time": int(time.time())}
        payload |= {"authorizations": [authorization], "is_ext_shared_channel": False, "event_context": "4-context"}
        reason = "timeout" if retry_attempt else ""
        self._enqueue(_Envelope(secrets.token_hex(8), "events_api", payload, event.event_id, retry_attempt, reason))

    def _enqueue(self, envelope: _Envelope) -> None:
        assert self._loop is not None, "the workspace is not running"
        self._envelopes[envelope.id] = envelope
        self._outbox.append(envelope)
        self._active = time.monotonic()
        self._changed.notify_all()
        self._loop.call_soon_threadsafe(self._wake.set)

    def _retry(self, envelope: _Envelope) -> None:
        with self._changed:
            event_id = envelope.event_id
            if not envelope.acked and event_id is not None and event_id not in self._retried:
                self._retried.add(event_id)
                self.redeliver(event_id, retry_attempt=envelope.retry_attempt + 1)

    def _next(self) -> tuple[_Envelope, _Socket | str] | None:
        with self._changed:
            open_sockets = [socket for socket in self._sockets if not socket.retiring]
            ready: Sequence[_Socket | str] = self.request_urls or open_sockets
            if not ready or not self._outbox:
                return None
            self._turn += 1
            envelope = self._outbox.popleft()
            envelope.sent = self._active = time.monotonic()
            return envelope, ready[self._turn % len(ready)]

    # inside: the server, in its own thread

    async def _run(self, started: threading.Event) -> None:
        self._loop, self._stopping, self._wake = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        app = web.Application(client_max_size=8 * 2**20)
        app.router.add_route("*", "/api/{method}", self._serve_api)
        app.router.add_get("/link/", self._serve_socket)
        app.router.add_post("/actions/{key}", self._serve_response_url)
        app.router.add_get("/files-pri/{file}/{name}", self._serve_file)
        app.router.add_post("/upload/v1/{key}", self._serve_upload)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self._port = runner.addresses[0][1]
        sending = asyncio.create_task(self._send_all())
        started.set()
        await self._stopping.wait()
        sending.cancel()
        await self._cut()
        await runner.cleanup()

    async def _send_all(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while (pair := self._next()) is not None:
                envelope, socket = pair
                if isinstance(socket, str):
                    self._requests.add(asyncio.create_task(self._request(socket, envelope)))
                    continue
                try:
                    await socket.stream.send_str(envelope.frame())
                except (ConnectionError, RuntimeError):
                    self._forget(socket)
                    envelope.sent = None
                    self._outbox.appendleft(envelope)
                    continue
                if envelope.event_id is not None:
                    self._later(self.retry_delay, lambda late=envelope: self._retry(late))  # type: ignore[misc]

    async def _request(self, url: str, envelope: _Envelope) -> None:
        """Post an envelope as Slack does; the answer, if it is 200, acknowledges it. An event is tried again."""
        body, kind = envelope.body()
        stamp = str(int(time.time()))
        headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp}
        headers["X-Slack-Signature"] = signature(self.signing_secret, stamp, body)
        if envelope.retry_attempt:
            headers |= {"X-Slack-Retry-Num": str(envelope.retry_attempt), "X-Slack-Retry-Reason": "http_timeout"}
        answer = ""
        try:
            limit = ClientTimeout(self.ack_limit)
            async with ClientSession(timeout=limit) as session, session.post(url, data=body, headers=headers) as reply:
                answer = await reply.text()
                taken = reply.status == 200
        except (ClientError, TimeoutError):
            taken = False
        if taken:
            payload = json.loads(answer) if answer.strip() else {}
            self._heard(json.dumps({"envelope_id": envelope.id, "payload": payload}))
        elif envelope.event_id is not None:
            self._later(0, lambda: self._retry(envelope))

    async def _serve_socket(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:  # a URL of apps.connections.open serves one connection
            return web.Response(status=401, text="invalid or used ticket")
        self._tickets.discard(ticket)
        stream = web.WebSocketResponse()
        await stream.prepare(request)
        hello: Json = {
            "type": "hello",
            "num_connections": len(self._sockets) + 1,
            "connection_info": {"app_id": self.app_id},
        }
        hello["debug_info"] = {"host": "applink-stand-in", "build_number": 1, "approximate_connection_time": 18060}
        await stream.send_str(json.dumps(hello))
        socket = _Socket(stream, request.transport)
        with self._changed:
            self._sockets.append(socket)
            self._opened += 1
            self._changed.notify_all()
        self._wake.set()
        try:
            async for frame in stream:
                if frame.type == WSMsgType.TEXT:
                    self._heard(frame.data)
        finally:
            self._forget(socket)
        return stream

    def _forget(self, socket: _Socket) -> None:
        with self._changed:
            if socket in self._sockets:
                self._sockets.remove(socket)
            self._changed.notify_all()

    async def _cut(self) -> None:
        for socket in list(self._sockets):
            self._forget(socket)
            if socket.transport is not None:
                socket.transport.abort()

    async def _retire(self, reason: str, grace: float) -> None:
        for socket in list(self._sockets):
            socket.retiring = True
            await socket.stream.send_str(
                json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink"}})
            )
            asyncio.get_running_loop().call_later(grace, lambda old=socket: asyncio.ensure_future(old.stream.close()))  # type: ignore[misc]

    async def _serve_api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args, token = await _arguments(request)
        return await self._answer(request, method, args, lambda: self._api.call(method, args, token))

    async def _serve_response_url(self, request: web.Request) -> web.StreamResponse:
        try:
            args = json.loads(await request.read())
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        key = request.match_info["key"]
        return await self._answer(request, "response_url", args, lambda: self._take_response(key, args))

    def _take_response(self, key: str, args: Json) -> Json:
        known = self._response_urls.get(key)
        if known is None:
            raise RefusedError("invalid_url")
        if time.monotonic() - known.made > self.response_lifetime:
            raise RefusedError("expired_url")
        if known.used == 5:
            raise RefusedError("used_url")
        message = self._api.respond(args, known.channel, known.user, known.source)
        known.used += 1
        known.interaction.replies.append(message)
        known.interaction.responses.append(message)
        return {"ok": True}

    async def _serve_upload(self, request: web.Request) -> web.StreamResponse:
        """Takes a file as raw bytes, or as the one part of a form; the URL itself is the permission."""
        key, content = request.match_info["key"], b""
        if request.content_type == "multipart/form-data":
            for part in (await request.post()).values():
                content += part.file.read() if isinstance(part, web.FileField) else b""
        else:
            content = await request.read()
        about = {"length": len(content)}
        return await self._answer(request, "upload_url", about, lambda: self._take_upload(key, content))

    def _take_upload(self, key: str, content: bytes) -> Json:
        upload = self._uploads.get(key)
        if upload is None or upload.content is not None:
            raise RefusedError("file_not_found")
        if len(content) != upload.length:
            raise RefusedError("invalid_arguments", [f"{upload.length} bytes were announced, {len(content)} came"])
        upload.content = content
        return {"ok": True}

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        about = self._files.get(request.match_info["file"].partition("-")[2])
        allowed = request.headers.get("Authorization") == f"Bearer {self.bot_token}" and "files:read" in self.scopes
        if about is None or not allowed:
            return web.Response(
                text="<!DOCTYPE html><html><title>Sign in | Slack</title></html>", content_type="text/html"
            )
        return web.Response(body=about[1], content_type=about[0]["mimetype"])

    async def _answer(
        self, request: web.Request, method: str, args: Json, act: Callable[[], Json]
    ) -> web.StreamResponse:
        """Answer one call: slowed, failed or broken off where a test asked for it, and written down."""
        with self._changed:
            self._busy += 1
            self._active = time.monotonic()
        try:
            await asyncio.sleep(self._delays.get(method, 0))
            with self._changed:
                fault = next((f for f in self._faults if f.strikes(method, args)), None)
                if fault is not None:
                    fault.times -= 1
            if fault is not None and fault.do is not None:
                await asyncio.to_thread(fault.do)
            with self._changed:
                status, answer = 200, Json()
                if fault is None or fault.taken:
                    try:
                        answer = act()
                    except RefusedError as refused:
                        answer, status = refused.answer, 404 if method in _URLS else 200
                else:
                    status, answer = fault.status, {"ok": False, "error": fault.error}
                self._calls.append(Call(method, args, time.monotonic(), answer, status, injected=fault is not None))
        finally:
            with self._changed:
                self._busy -= 1
                self._active = time.monotonic()
                self._changed.notify_all()
        headers = {"x-oauth-scopes": ",".join(sorted(self.scopes)), "x-slack-req-id": secrets.token_hex(8)}
        if fault is not None and fault.lost and request.transport is not None:
            request.transport.abort()
        if fault is not None and fault.half and request.transport is not None:
            request.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            request.transport.close()
        if fault is not None and fault.garbage:
            return web.Response(status=status, text="<html>Something went wrong</html>", content_type="text/html")
        if status == 429 and fault is not None:
            headers["Retry-After"] = str(fault.retry_after)
        if method in _URLS and answer.get("ok"):
            return web.Response(text="ok")
        return web.json_response(answer, status=status, headers=headers)


def _chosen(element: Json, value: str | None) -> Json | None:
    """The part of an element that a click with this value chooses: the button, one of two, or an option; or None."""
    if element["type"] == "feedback_buttons":
        sides = {"positive": element["positive_button"], "negative": element["negative_button"]}
        found = sides.get(value or "positive") or next((b for b in sides.values() if b["value"] == value), None)
        return dict(found) if found else None
    if "options" in element or "option_groups" in element:
        grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
        offered = [*element.get("options", ()), *grouped]
        return next((dict(option) for option in offered if option["value"] == value), None)
    return element if value is None or element.get("value") == value else None


def _option(element: Json, value: object) -> Json:
    chosen = _chosen(element, str(value))
    assert chosen is not None, f"{element['action_id']} offers no {value!r}"
    return copy.deepcopy({name: chosen[name] for name in ("text", "value", "description") if name in chosen})


def _filled_in(block: Json, given: str | Sequence[str] | None) -> Json:
    """An input's part of a modal's state, as it was opened or as somebody filled it in.

    Fails where Slack would not let a person submit.
    """
    element = block["element"]
    name, kind = element["action_id"], element["type"]
    if kind == "plain_text_input":
        assert given is None or isinstance(given, str), f"{name} takes a text"
        filled = (element.get("initial_value") if given is None else given) or None
        length, most = len(filled or ""), element.get("max_length", 3000)
        assert length <= most, f"{name} has {length} characters, Slack would not submit it"
        assert filled is None or element.get("min_length", 0) <= length, f"{name} is too short to be submitted"
        entry: Json = {"value": filled}
    elif kind in ("checkboxes", "multi_static_select"):
        assert not isinstance(given, str), f"{name} takes several values"
        filled = element.get("initial_options", []) if given is None else [_option(element, each) for each in given]
        assert len(filled) <= element.get("max_selected_items", len(filled)), f"{name} does not take so many"
        entry = {"selected_options": filled}
    else:
        assert kind in ("static_select", "radio_buttons"), f"this stand-in can't fill in {kind}"
        filled = element.get("initial_option") if given is None else _option(element, given)
        entry = {"selected_option": filled}
    assert filled or block.get("optional"), f"{name} is required, Slack would not submit the modal without it"
    return {"type": kind, **entry}


def _brief(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 240 else f"{text[:240]}…"


async def _arguments(request: web.Request) -> tuple[Json, str | None]:
    """A call's arguments, from JSON, form or query alike, and its token."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            body = {}
        args |= body if isinstance(body, dict) else {}
    elif request.can_read_body:
        args |= dict(await request.post())
    for name in _JSON_ARGUMENTS & args.keys():
        if isinstance(args[name], str):
            with contextlib.suppress(ValueError):
                args[name] = json.loads(args[name])
    bearer = request.headers.get("Authorization", "")
    token = args.pop("token", None) or (bearer.removeprefix("Bearer ") if bearer else None)
    return args, token


def _true(value: object) -> bool:
    return value in (True, 1, "1", "true")


class _Api:
    """The Web API: every method raises RefusedError, or returns what is in the answer besides ``ok``."""

    def __init__(self, workspace: Workspace) -> None:
        self.w = workspace

    def call(self, method: str, args: Json, token: str | None) -> Json:
        known = _METHODS.get(method)
        if known is None:
            raise RefusedError("unknown_method", req_method=method)
        act, scopes = known
        if method == "api.test":
            return {"ok": True}
        wanted = self.w.app_token if method == "apps.connections.open" else self.w.bot_token
        if not token:
            raise RefusedError("not_authed")
        if token != wanted:
            raise RefusedError(
                "not_allowed_token_type" if token in (self.w.app_token, self.w.bot_token) else "invalid_auth"
            )
        if scopes and not self.w.scopes & set(scopes):
            raise RefusedError("missing_scope", needed=scopes[0], provided=",".join(sorted(self.w.scopes)))
        return {"ok": True, **act(self, args)}

    # messages

    def content(self, args: Json) -> tuple[str, list[Json]]:
        """Text and blocks, checked; ids are given to blocks and elements that have none, as Slack does."""
        text, blocks, markdown = args.get("text") or "", args.get("blocks"), args.get("markdown_text")
        if not isinstance(text, str):
            raise RefusedError("invalid_arguments", ["must provide a string [json-pointer:/text]"])
        if args.get("attachments"):
            raise RefusedError("invalid_attachments", ["this stand-in can't check attachments; use blocks"])
        if markdown is not None:
            if text or blocks:
                raise RefusedError("markdown_text_conflict")
            text, blocks = markdown, [{"type": "markdown", "text": markdown}]
        if len(text) > limits.MESSAGE_TEXT or len(markdown or "") > limits.MARKDOWN:
            raise RefusedError("msg_too_long")
        if isinstance(blocks, str):
            try:
                blocks = json.loads(blocks)
            except ValueError:
                raise RefusedError("invalid_blocks_format") from None
        if blocks is not None and not isinstance(blocks, list):
            raise RefusedError("invalid_blocks_format")
        if faults := limits.block_errors(blocks or []):
            raise RefusedError("invalid_blocks", faults)
        if limits.text_length(blocks or []) > limits.MESSAGE_BLOCKS_TEXT:
            raise RefusedError("msg_blocks_too_long")
        return text, _with_ids(blocks or [])

    def thread(self, channel: str, thread_ts: object, code: str = "thread_not_found") -> str | None:
        """The thread's root; a ts that is no root's is refused, though Slack may put up with a reply's."""
        if thread_ts in (None, ""):
            return None
        root = self.w._messages.get(channel, {}).get(thread_ts) if isinstance(thread_ts, str) else None
        if root is None or root.deleted or root.ephemeral_to or root.thread_ts:
            raise RefusedError(code)
        return root.ts

    def open(self, channel: str, code: str = "is_archived") -> str:
        """The channel, unless it is archived."""
        if self.w._channel(channel).archived:
            raise RefusedError(code)
        return channel

    def joined(self, channel: object) -> str:
        if str(channel)[:1] in ("U", "W") and str(channel) in self.w._users:
            return self.w.dm(str(channel))
        room = self.w._channel(channel)
        if self.w.bot_user_id not in room.members:
            raise RefusedError("channel_not_found" if room.kind == "group" else "not_in_channel")
        return room.id

    def make(self, args: Json, channel: str, user: str | None = None) -> Message:
        """Post a message from the bot, to all or (``user``) to one."""
        text, blocks = self.content(args)
        if not text.strip() and not blocks:
            raise RefusedError("no_text")
        linkified = _true(args.get("link_names")) or args.get("parse") == "full"
        made = Message(
            channel, self.w._new_ts(), self.w.bot_user_id, text, blocks, self.thread(channel, args.get("thread_ts"))
        )
        made = replace(made, from_bot=True, ephemeral_to=user, metadata=args.get("metadata"), linkified=linkified)
        self.w._put(made)
        if user is None and self.w.echo:
            self.w._tell(made)
        return made

    def change(self, message: Message, args: Json) -> Message:
        """Edit a message: text without blocks takes the blocks away, as Slack does; blocks alone keep the text."""
        text, blocks = self.content(args)
        if not text.strip() and not blocks:
            raise RefusedError("no_text")
        linkified = _true(args.get("link_names")) or args.get("parse") == "full"
        changed = self.w._put(
            replace(message, text=text or message.text, blocks=blocks, edited=True, linkified=linkified)
        )
        if message.ephemeral_to is None and self.w.echo:
            self.w._tell_change(message)
        return changed

    def respond(self, args: Json, channel: str, user: str, source: Message | None) -> Message:
        """What a response_url does: a new message, by default for one person, or a change of the one it came from."""
        if source is not None and (_true(args.get("delete_original")) or _true(args.get("replace_original"))):
            now = self.w._messages[source.channel][source.ts]
            if now.deleted:
                raise RefusedError("message_not_found")
            if not _true(args.get("delete_original")):
                return self.change(now, args)
            gone = self.w._put(replace(now, deleted=True))
            if now.ephemeral_to is None and self.w.echo:
                self.w._tell_change(now)
            return gone
        kind = args.get("response_type", "ephemeral")
        if kind not in ("ephemeral", "in_channel"):
            raise RefusedError("invalid_arguments", [f"unknown response_type {kind}"])
        return self.make(args, channel, user if kind == "ephemeral" else None)

    def chat_post_message(self, args: Json) -> Json:
        made = self.make(args, self.open(self.joined(args.get("channel"))))
        return {"channel": made.channel, "ts": made.ts, "message": self.w._message_json(made)}

    def chat_post_ephemeral(self, args: Json) -> Json:
        channel, user = self.open(self.joined(args.get("channel"))), str(args.get("user"))
        if user not in self.w._channel(channel).members:
            raise RefusedError("user_not_in_channel")
        return {"message_ts": self.make(args, channel, user).ts}

    def own(self, args: Json, code: str) -> Message:
        message = self.w._existing(args.get("channel"), args.get("ts"))
        if not message.from_bot:
            raise RefusedError(code)
        return message

    def chat_update(self, args: Json) -> Json:
        room = self.w._channel(args.get("channel"))
        if self.w.bot_user_id not in room.members:  # Slack names no error for it; this one tells to join
            raise RefusedError("channel_not_found" if room.kind == "group" else "no_permission")
        before = self.own({**args, "channel": self.open(room.id, "is_inactive")}, "cant_update_message")
        if len(args.get("text") or "") > limits.UPDATED_TEXT:
            raise RefusedError("msg_too_long")
        changed = self.change(before, args)
        message = self.w._message_json(changed)
        return {"channel": changed.channel, "ts": changed.ts, "text": changed.text, "message": message}

    def chat_delete(self, args: Json) -> Json:
        message = self.own(args, "cant_delete_message")
        self.w._put(replace(message, deleted=True))
        if self.w.echo:
            self.w._tell_change(message)
        return {"channel": message.channel, "ts": message.ts}

    def chat_get_permalink(self, args: Json) -> Json:
        message = self.w._existing(args.get("channel"), args.get("message_ts"))
        link = f"https://{self.w.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
        if message.thread_ts:
            link += f"?thread_ts={message.thread_ts}&cid={message.channel}"
        return {"channel": message.channel, "permalink": link}

    def reaction(self, args: Json) -> tuple[Message, tuple[str, str]]:
        self.joined(args.get("channel"))
        name = str(args.get("name"))
        if not re.fullmatch(r"[a-z0-9_+'-]+(?:::skin-tone-[2-6])?", name):
            raise RefusedError("invalid_name")
        return self.w._existing(args.get("channel"), args.get("timestamp")), (name, self.w.bot_user_id)

    def reactions_add(self, args: Json) -> Json:
        message, reaction = self.reaction(args)
        if reaction in message.reactions:
            raise RefusedError("already_reacted")
        self.w._put(replace(message, reactions=(*message.reactions, reaction)))
        return {}

    def reactions_remove(self, args: Json) -> Json:
        message, reaction = self.reaction(args)
        if reaction not in message.reactions:
            raise RefusedError("no_reaction")
        self.w._put(replace(message, reactions=tuple(r for r in message.reactions if r != reaction)))
        return {}

    # conversations, people, files

    def page(self, found: list[Message], args: Json) -> Json:
        start, most = int(args.get("cursor") or 0), int(args.get("limit") or 100)
        found = [m for m in found if not m.deleted]
        cursor = str(start + most) if start + most < len(found) else ""
        messages = [self.w._message_json(m) for m in found[start : start + most]]
        if not _true(args.get("include_all_metadata")):
            messages = [{name: part for name, part in m.items() if name != "metadata"} for m in messages]
        return {"messages": messages, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}

    def conversations_replies(self, args: Json) -> Json:
        channel = self.joined(args.get("channel"))
        root = self.thread(channel, args.get("ts"))
        if root is None:
            raise RefusedError("thread_not_found")
        return self.page(self.w.messages(channel, root), args)

    def conversations_history(self, args: Json) -> Json:
        channel = self.joined(args.get("channel"))
        roots = [m for m in self.w.messages(channel) if m.thread_ts is None]
        oldest, latest, inclusive = (
            args.get("oldest") or "0",
            args.get("latest") or "9999999999",
            _true(args.get("inclusive")),
        )
        inside = [m for m in roots if oldest < m.ts < latest or (inclusive and m.ts in (oldest, latest))]
        return self.page(inside[::-1], args)

    def conversations_info(self, args: Json) -> Json:
        return {"channel": self.room(self.w._channel(args.get("channel")))}

    def room(self, room: _Channel) -> Json:
        made: Json = {
            "id": room.id,
            "is_im": room.kind == "im",
            "is_channel": room.kind == "channel",
            "is_archived": room.archived,
        }
        if room.kind == "im":
            return made | {"user": room.name}
        made |= {"name": room.name, "is_private": room.kind == "group", "is_ext_shared": False}
        return made | {"is_member": self.w.bot_user_id in room.members, "num_members": len(room.members)}

    def conversations_members(self, args: Json) -> Json:
        members = sorted(self.w._channel(args.get("channel")).members)
        return {"members": members, "response_metadata": {"next_cursor": ""}}

    def conversations_list(self, args: Json) -> Json:
        rooms = [self.room(room) for room in self.w._channels.values() if room.kind == "channel"]
        return {"channels": rooms, "response_metadata": {"next_cursor": ""}}

    def conversations_open(self, args: Json) -> Json:
        user = str(args.get("users"))
        if user not in self.w._users or user in self.w._gone:
            raise RefusedError(self.w._gone.get(user, "user_not_found"))
        return {"channel": {"id": self.w.dm(user)}}

    def users_info(self, args: Json) -> Json:
        user = self.w._users.get(str(args.get("user")))
        if user is None or self.w._gone.get(user["id"], "user_disabled") != "user_disabled":  # the disabled are shown
            raise RefusedError(self.w._gone[user["id"]] if user else "user_not_found")
        shown = copy.deepcopy(user)
        if not _true(args.get("include_locale")):
            del shown["locale"]
        return {"user": shown}

    def usergroups_users_list(self, args: Json) -> Json:
        users = self.w._usergroups.get(str(args.get("usergroup")))
        if users is None:
            raise RefusedError("no_such_subteam")
        return {"users": list(users)}

    def files_info(self, args: Json) -> Json:
        known = self.w._files.get(str(args.get("file")))
        if known is None:
            raise RefusedError("file_not_found")
        return {"file": copy.deepcopy(known[0])}

    def files_get_upload_url(self, args: Json) -> Json:
        """https://docs.slack.dev/reference/methods/files.getUploadURLExternal"""
        name, length = args.get("filename"), str(args.get("length") or "0")
        if not name or length == "0":
            raise RefusedError("missing_argument")
        if not isinstance(name, str) or not length.isdecimal():
            raise RefusedError("invalid_arguments", ["filename is a string, length a number of bytes"])
        if len(args.get("alt_txt") or "") > 1000:
            raise RefusedError("alt_txt_too_large")
        if args.get("snippet_type"):
            raise RefusedError("unknown_snippet_type", ["this stand-in can't check snippets"])
        upload = _Upload(f"F0FILE{next(self.w._numbers)}", name, int(length))
        key = secrets.token_hex(8)
        self.w._uploads[key] = upload
        return {"upload_url": f"{self.w.origin}/upload/v1/{key}", "file_id": upload.id}

    def files_complete_upload(self, args: Json) -> Json:
        """https://docs.slack.dev/reference/methods/files.completeUploadExternal"""
        channel, thread, text, blocks = None, None, args.get("initial_comment") or "", list[Json]()
        if args.get("channels"):
            raise RefusedError("invalid_arguments", ["this stand-in knows channel_id only"])
        if args.get("channel_id"):
            if str(args["channel_id"])[:1] not in ("C", "G", "D"):
                raise RefusedError("invalid_channel")
            channel = self.joined(args["channel_id"])
            thread = self.thread(channel, args.get("thread_ts"))
            if not text and args.get("blocks"):
                blocks = self.content({"blocks": args["blocks"]})[1]
        wanted = self.named_files(args.get("files"))
        arrived = {upload.id: (key, upload) for key, upload in self.w._uploads.items() if upload.content is not None}
        if any(each["id"] not in arrived for each in wanted):
            raise RefusedError("file_not_found")
        kept = []
        for each in wanted:
            key, upload = arrived[each["id"]]
            del self.w._uploads[key]
            kind = mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
            title = each.get("title") or upload.name
            content = upload.content or b""
            kept.append(self.w._keep_file(upload.id, self.w.bot_user_id, upload.name, title, content, kind))
        if channel is not None:
            made = Message(channel, self.w._new_ts(), self.w.bot_user_id, text, blocks, thread, files=tuple(kept))
            made = self.w._put(replace(made, from_bot=True))
            if self.w.echo:
                self.w._tell(made)
        return {"files": [{"id": file["id"], "title": file["title"]} for file in kept]}

    def named_files(self, files: object) -> list[Json]:
        """The files that a call names: an array of objects, each with an id, none of them twice."""
        if isinstance(files, str):
            with contextlib.suppress(ValueError):
                files = json.loads(files)
        if not isinstance(files, list) or not files:
            raise RefusedError("invalid_arguments", ["must provide an array [json-pointer:/files]"])
        for each in files:
            if not isinstance(each, dict) or not isinstance(each.get("id"), str):
                raise RefusedError("invalid_arguments", ["every file has an id [json-pointer:/files]"])
            if each.keys() - {"id", "title", "highlight_type"}:
                raise RefusedError("invalid_arguments", ["invalid additional property [json-pointer:/files]"])
        if len({each["id"] for each in files}) < len(files):
            raise RefusedError("invalid_arguments", ["a file comes twice [json-pointer:/files]"])
        return files

    def auth_test(self, args: Json) -> Json:
        who = {
            "team_id": self.w.team_id,
            "user_id": self.w.bot_user_id,
            "bot_id": self.w.bot_id,
            "user": "declaration-desk",
        }
        return {
            "url": f"https://{self.w.domain}.slack.com/",
            "team": self.w.domain,
            "is_enterprise_install": False,
            **who,
        }

    def api_test(self, args: Json) -> Json:
        return {}

    def apps_connections_open(self, args: Json) -> Json:
        ticket = secrets.token_hex(8)
        self.w._tickets.add(ticket)
        return {"url": f"ws://127.0.0.1:{self.w._port}/link/?ticket={ticket}&app_id={self.w.app_id}"}

    # assistant threads (as for an app with agent_view)

    def set_status(self, args: Json) -> Json:
        channel = self.joined(args.get("channel_id"))
        if self.thread(channel, args.get("thread_ts"), "invalid_thread_ts") is None:
            raise RefusedError("invalid_thread_ts")
        messages = args.get("loading_messages") or []
        if not isinstance(args.get("status"), str) or not isinstance(messages, list) or len(messages) > 10:
            raise RefusedError("invalid_arguments", ["status must be a string, with at most 10 loading_messages"])
        self.w._records["status"].append(args)
        return {}

    def set_suggested_prompts(self, args: Json) -> Json:
        self.joined(args.get("channel_id"))
        prompts = args.get("prompts")
        if args.get("thread_ts"):  # Slack only fails silently; a test should hear of it
            raise RefusedError("invalid_thread_ts")
        if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
            raise RefusedError("invalid_arguments", ["between 1 and 4 prompts [json-pointer:/prompts]"])
        if not all(isinstance(p, dict) and p.get("title") and p.get("message") for p in prompts):
            raise RefusedError("invalid_arguments", ["every prompt has a title and a message [json-pointer:/prompts]"])
        self.w._records["prompts"].append(args)
        return {}

    def set_title(self, args: Json) -> Json:
        self.thread(self.joined(args.get("channel_id")), args.get("thread_ts"), "invalid_thread_ts")
        if not args.get("title"):
            raise RefusedError("invalid_arguments", ["missing required field: title"])
        self.w._records["title"].append(args)
        return {}

    # views

    def make_view(self, view: object, user: str, kind: str, old: View | None = None) -> View:
        if isinstance(view, str):
            view = json.loads(view)
        if not isinstance(view, dict):
            raise RefusedError("invalid_arguments", ["must provide an object [json-pointer:/view]"])
        faults = limits.view_errors(view)
        if view.get("type") != kind:
            faults.append(f"must be of type {kind} [json-pointer:/view/type]")
        if faults:
            raise RefusedError("invalid_arguments", faults)
        number = old.id if old else f"V0VIEW{next(self.w._numbers)}"
        data = {"private_metadata": "", "callback_id": "", "external_id": "", **copy.deepcopy(view)}
        data |= {"id": number, "team_id": self.w.team_id, "app_id": self.w.app_id, "bot_id": self.w.bot_id}
        data |= {"hash": f"{time.time():.6f}.{secrets.token_hex(4)}", "state": {"values": {}}, "root_view_id": number}
        data["blocks"] = _with_ids(view["blocks"])
        return View(number, user, data)

    def fresh(self, old: View | None, args: Json) -> None:
        if args.get("hash") and (old is None or old.data["hash"] != args["hash"]):
            raise RefusedError("hash_conflict")

    def views_publish(self, args: Json) -> Json:
        user = str(args.get("user_id"))
        if user not in self.w._users:
            raise RefusedError("user_not_found")
        old = self.w._homes.get(user)
        self.fresh(old, args)
        self.w._homes[user] = made = self.make_view(args.get("view"), user, "home", old)
        return {"view": made.data}

    def trigger(self, args: Json) -> str:
        """Whose trigger it is; each opens one modal, soon."""
        known = self.w._triggers.get(str(args.get("trigger_id")))
        if known is None:
            raise RefusedError("invalid_trigger_id")
        user, made = known
        if made < 0:
            raise RefusedError("exchanged_trigger_id")
        if time.monotonic() - made > self.w.trigger_lifetime:
            raise RefusedError("expired_trigger_id")
        return user

    def views_open(self, args: Json, push: bool = False) -> Json:
        user = self.trigger(args)
        made = self.make_view(args.get("view"), user, "modal")
        stack = self.w._modals.get(user, []) if push else []
        if len(stack) >= 3:
            raise RefusedError("push_limit_reached")
        self.w._triggers[args["trigger_id"]] = user, -1.0
        self.w._modals[user] = [*stack, made]
        return {"view": made.data}

    def views_push(self, args: Json) -> Json:
        return self.views_open(args, push=True)

    def views_update(self, args: Json) -> Json:
        wanted, external = args.get("view_id"), args.get("external_id")
        for stack in self.w._modals.values():
            for at, view in enumerate(stack):
                if view.id == wanted or (external and view.data["external_id"] == external):
                    self.fresh(view, args)
                    stack[at] = self.make_view(args.get("view"), view.user, "modal", view)
                    return {"view": stack[at].data}
        raise RefusedError("not_found")


def _with_ids(blocks: Sequence[Json]) -> list[Json]:
    """A copy in which every block has a block_id and every interactive element an action_id."""
    made = copy.deepcopy(list(blocks))
    for block in made:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        if "child_blocks" in block:
            block["child_blocks"] = _with_ids(block["child_blocks"])
        for part in limits.walk(block):
            if part.get("type") in limits.INTERACTIVE:
                part.setdefault("action_id", secrets.token_urlsafe(4))
    return made


_READ = ("channels:read", "groups:read", "im:read")
_HISTORY = ("channels:history", "groups:history", "im:history")
_METHODS: dict[
    str, tuple[Callable[[_Api, Json], Json], tuple[str, ...]]
] = {  # method: what it does, any of these scopes
    "agents.sessions.rename": (_Api.set_title, ("assistant:write", "chat:write")),
    "api.test": (_Api.api_test, ()),
    "apps.connections.open": (_Api.apps_connections_open, ()),
    "assistant.threads.setStatus": (_Api.set_status, ("assistant:write", "chat:write")),
    "assistant.threads.setSuggestedPrompts": (_Api.set_suggested_prompts, ("assistant:write",)),
    "assistant.threads.setTitle": (_Api.set_title, ("assistant:write",)),
    "auth.test": (_Api.auth_test, ()),
    "chat.delete": (_Api.chat_delete, ("chat:write",)),
    "chat.getPermalink": (_Api.chat_get_permalink, ()),
    "chat.postEphemeral": (_Api.chat_post_ephemeral, ("chat:write",)),
    "chat.postMessage": (_Api.chat_post_message, ("chat:write",)),
    "chat.update": (_Api.chat_update, ("chat:write",)),
    "conversations.history": (_Api.conversations_history, _HISTORY),
    "conversations.info": (_Api.conversations_info, _READ),
    "conversations.list": (_Api.conversations_list, _READ),
    "conversations.members": (_Api.conversations_members, _READ),
    "conversations.open": (_Api.conversations_open, ("im:write",)),
    "conversations.replies": (_Api.conversations_replies, _HISTORY),
    "files.completeUploadExternal": (_Api.files_complete_upload, ("files:write",)),
    "files.getUploadURLExternal": (_Api.files_get_upload_url, ("files:write",)),
    "files.info": (_Api.files_info, ("files:read",)),
    "reactions.add": (_Api.reactions_add, ("reactions:write",)),
    "reactions.remove": (_Api.reactions_remove, ("reactions:write",)),
    "usergroups.users.list": (_Api.usergroups_users_list, ("usergroups:read",)),
    "users.info": (_Api.users_info, ("users:read",)),
    "views.open": (_Api.views_open, ()),
    "views.publish": (_Api.views_publish, ()),
    "views.push": (_Api.views_push, ()),
    "views.update": (_Api.views_update, ()),
}
