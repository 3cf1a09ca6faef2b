"""What Slack tells the desk, and what the desk does about it. Listeners only acknowledge and hand on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from assistant import wording
from assistant.context import Context, in_context
from assistant.desk import Desk
from assistant.enquiries import Record
from assistant.languages import SUPPORTED, identify
from assistant.messages import translation
from assistant.slack import blocks
from assistant.slack.bystander import Bystander
from assistant.slack.home import SET_LANGUAGE, Home
from assistant.slack.mail import Letter, Mail
from assistant.slack.manifest import COMMAND
from assistant.slack.people import People, Role
from assistant.slack.private import Send, never_silent, privately, spoken_in
from assistant.slack.text import addresses_other, escape, mentions, mentions_people, question_in
from assistant.slack.worker import Asked, Worker

_log = logging.getLogger(__name__)
_PROMPTS = 4
_PROMPT_LANGUAGES = ("en", "ja")
_TITLE = 75
_QUESTION_SUBTYPES = {None, "file_share", "thread_broadcast"}

Event = dict[str, Any]
Command = Callable[[Event, WebClient, Send], object]
"""What a word after the slash command does: to what Slack tells of the command, `Send` tells what came of it."""
TakeFiles = Callable[[Event], object]


def register(app: App, desk: Desk, record: Record, worker: Worker, bystander: Bystander, home: Home,
             people: People, commands: Mapping[str, Command], take_files: TakeFiles) -> None:  # fmt: skip
    """Attach the listeners of what officials do to `app`; `commands` and files are staff's and admins' matters."""

    def is_repeat(body: dict[str, Any]) -> bool:
        """Slack delivers some events twice, and Bolt would handle both."""
        try:
            return not record.first_delivery(body["event_id"])
        except SQLAlchemyError:
            _log.exception("event %s: whether it came before is not known", body["event_id"])
            return False

    # Questions are taken on in middleware, before Bolt acknowledges the event: what a bot has not noted when it is
    # killed, Slack delivers again. Who delivers what twice does not matter: a message is taken on once.

    def take_mention(event: Event, context: dict[str, Any], next_: Callable[[], None]) -> None:
        if not event.get("bot_id"):  # two bots that answer each other would never end
            worker.accept(_asked(event, context["bot_user_id"]))
        next_()

    @app.event("app_mention", middleware=[take_mention])
    def mentioned() -> None:
        """Taken on already."""

    def take_message(event: Event, body: dict[str, Any], context: dict[str, Any], next_: Callable[[], None]) -> None:
        take(event, body, context["bot_user_id"])
        next_()

    @app.event("message", middleware=[take_message])
    def said() -> None:
        """Taken on already."""

    def take(event: Event, body: dict[str, Any], bot: str) -> None:
        if event.get("subtype") not in _QUESTION_SUBTYPES or event.get("bot_id") or not event.get("user"):
            return
        asked, words = _asked(event, bot), event.get("text", "")
        if event.get("channel_type") == "im" and event.get("files"):
            if not is_repeat(body):
                take_files(event)
            if not asked.text:
                return
        spoken_to = event.get("channel_type") == "im" or mentions(words, bot)
        may_follow_up = "thread_ts" in event and asked.text and not addresses_other(words, bot)
        if spoken_to:
            worker.accept(asked)
        elif may_follow_up and record.knows_thread(asked.channel, asked.thread):
            # Staff who come into somebody's thread talk to the asker there, not to the desk.
            in_own_thread = record.has_asked(asked.user, asked.channel, asked.thread)
            if in_own_thread or people.role(asked.user) < Role.STAFF:
                worker.accept(asked)
        elif asked.text and not mentions_people(words):
            bystander.hear(asked)

    @app.event("app_home_opened")
    def home_opened(event: Event, client: WebClient) -> None:
        if event.get("tab") == "messages":
            _suggest_prompts(event["channel"], desk, client)
        else:
            home.opened(event["user"])

    @app.action(SET_LANGUAGE)
    def language_chosen(ack: Ack, client: WebClient, body: dict[str, Any], action: dict[str, Any]) -> None:
        ack()
        with never_silent(body, client):
            home.choose(body["user"]["id"], language=action["selected_option"]["value"])
            home.after(body)

    @app.command(COMMAND)
    def commanded(ack: Ack, client: WebClient, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        with never_silent(body, client):
            text = question_in(body.get("text", ""), context["bot_user_id"])
            send = privately(body, client)
            if (command := commands.get(text.casefold())) is not None:
                command(body, client, send)
                return
            trigger = body["trigger_id"]
            worker.accept(
                Asked(
                    text=text or "help",
                    channel=body["channel_id"],
                    ts=trigger,
                    thread=trigger,
                    user=body["user_id"],
                    private=send,
                )
            )

    @app.action(blocks.ANSWER_FEEDBACK)
    def rated(ack: Ack, client: WebClient, body: dict[str, Any], action: dict[str, Any]) -> None:
        ack()
        with never_silent(body, client):
            value = str(action.get("value", ""))
            known = record.give_feedback(value[1:], body["user"]["id"], helpful=value.startswith("+"))
            language = _language_of(record, value[1:])
            _ = translation(language).gettext
            text = _("Thank you, noted.") if known else wording.not_on_record(language)
            privately(body, client)(text, blocks.notice_blocks(text))

    @app.action(blocks.SHOW_CONTEXT)
    def context_wanted(ack: Ack, client: WebClient, body: dict[str, Any], action: dict[str, Any]) -> None:
        ack()
        with never_silent(body, client):
            enquiry = record.get(str(action.get("value", "")))
            language = (enquiry and enquiry.language) or SUPPORTED[0]
            _ = translation(language).gettext
            contexts: list[Context] = []
            if enquiry and enquiry.reply:
                contexts = in_context(enquiry.reply["citations"], desk.generation, language)
            text = _("In context:") if contexts else _("Those passages are no longer in the index; please ask again.")
            privately(body, client)(text, [*blocks.notice_blocks(text), *blocks.context_blocks(contexts, language)])

    @app.action(blocks.EXAMPLE_ACTIONS)
    def example_chosen(ack: Ack, client: WebClient, body: dict[str, Any], action: dict[str, Any]) -> None:
        ack()
        with never_silent(body, client):
            if body["container"]["type"] == "view":
                worker.accept(_asked_at_home(str(action["value"]), body, client))
                return
            message = body.get("message") or {}
            thread = message.get("thread_ts") or message.get("ts")
            worker.accept(
                Asked(
                    text=str(action["value"]),
                    channel=body["container"]["channel_id"],
                    ts=str(action["action_ts"]),
                    thread=thread or str(action["action_ts"]),
                    user=body["user"]["id"],
                    private=None if thread and not body["container"].get("is_ephemeral") else privately(body, client),
                    echo=True,
                )
            )


def _asked(event: Event, bot_user: str) -> Asked:
    return Asked(
        text=question_in(event.get("text", ""), bot_user),
        channel=event["channel"],
        ts=event["ts"],
        thread=event.get("thread_ts") or event["ts"],
        user=event.get("user", ""),
    )


def _asked_at_home(question: str, body: dict[str, Any], client: WebClient) -> Asked:
    """A question that was chosen in the Home: put into the person's direct messages, to be answered below it."""
    mail, user = Mail(client), body["user"]["id"]
    channel, text = mail.direct_channel(user), wording.you_asked(question, spoken_in(body))
    ts = mail.post(channel, None, Letter(escape(text), blocks.notice_blocks(text), {"message": "question"}))
    return Asked(text=question, channel=channel, ts=ts, thread=ts, user=user)


def _suggest_prompts(channel: str, desk: Desk, client: WebClient) -> None:
    """Questions to start from, in two languages. Under agent_view the call must not name a thread."""
    each = _PROMPTS // len(_PROMPT_LANGUAGES)
    questions = [question for language in _PROMPT_LANGUAGES for question in desk.examples(language, each)]
    prompts = [{"title": question[:_TITLE], "message": question} for question in questions]
    try:
        client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts)
    except SlackClientError as error:
        _log.warning("no suggested prompts in %s: %s", channel, error)


def _language_of(record: Record, enquiry_id: str) -> str:
    enquiry = record.get(enquiry_id)
    return (enquiry and enquiry.language) or identify(enquiry.question if enquiry else "")
