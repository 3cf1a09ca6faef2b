"""What Slack tells the desk, and what the desk does about it. Listeners only acknowledge and hand on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.models.blocks import Block

from assistant import wording
from assistant.context import Context, in_context
from assistant.desk import Desk
from assistant.enquiries import Record
from assistant.languages import FALLBACK, SUPPORTED, identify
from assistant.messages import translation
from assistant.slack import blocks
from assistant.slack.manifest import COMMAND
from assistant.slack.text import addresses_other, question_in
from assistant.slack.worker import Asked, Send, Worker

_log = logging.getLogger(__name__)
_PROMPTS = 4
_TITLE = 75
_QUESTION_SUBTYPES = {None, "file_share", "thread_broadcast"}

Event = dict[str, Any]


def register(app: App, desk: Desk, record: Record, worker: Worker) -> None:
    """Attach every listener of the desk to `app`."""

    @app.middleware
    def drop_repeats(body: dict[str, Any], next: Callable[[], BoltResponse], req: BoltRequest) -> BoltResponse:  # noqa: A002, ARG001
        """Slack delivers some events twice; Bolt would handle both."""
        event_id = body.get("event_id")
        if event_id and not record.first_delivery(event_id):
            return BoltResponse(status=200)
        return next()

    @app.event("app_mention")
    def mentioned(event: Event, context: dict[str, Any]) -> None:
        worker.accept(_asked(event, context["bot_user_id"]))

    @app.event("message")
    def said(event: Event, context: dict[str, Any]) -> None:
        bot = context["bot_user_id"]
        if event.get("subtype") not in _QUESTION_SUBTYPES or event.get("bot_id") or not event.get("user"):
            return
        asked = _asked(event, bot)
        direct = event.get("channel_type") == "im"
        follows_up = "thread_ts" in event and record.knows_thread(asked.channel, asked.thread)
        if direct or f"<@{bot}" in event.get("text", "") or (
            follows_up and asked.text and not addresses_other(event.get("text", ""), bot)
        ):  # fmt: skip
            worker.accept(asked)

    @app.event("app_home_opened")
    def home_opened(event: Event, client: WebClient) -> None:
        if event.get("tab") == "messages":
            _suggest_prompts(event["channel"], desk, client)
        else:
            texts = {language: desk.help_text(language) for language in SUPPORTED}
            client.views_publish(user_id=event["user"], view=blocks.home_view(texts))

    @app.command(COMMAND)
    def commanded(ack: Ack, body: dict[str, Any], respond: Respond, context: dict[str, Any]) -> None:
        ack()
        text = question_in(body.get("text", ""), context["bot_user_id"])
        send = _privately(respond, body)
        if text == "status":
            status = wording.status(desk.generation, FALLBACK)
            send(status, blocks.notice_blocks(status))
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
    def rated(ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond) -> None:
        ack()
        value = str(action.get("value", ""))
        known = record.give_feedback(value[1:], body["user"]["id"], helpful=value.startswith("+"))
        _ = translation(_language_of(record, value[1:])).gettext
        text = _("Thank you, noted.") if known else _("That reply is no longer on record.")
        _privately(respond, body)(text, blocks.notice_blocks(text))

    @app.action(blocks.SHOW_CONTEXT)
    def context_wanted(ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond) -> None:
        ack()
        enquiry = record.get(str(action.get("value", "")))
        language = (enquiry and enquiry.language) or SUPPORTED[0]
        _ = translation(language).gettext
        contexts: list[Context] = []
        if enquiry and enquiry.reply:
            contexts = in_context(enquiry.reply["citations"], desk.generation, language)
        text = _("In context:") if contexts else _("Those passages are no longer in the index; please ask again.")
        _privately(respond, body)(text, [*blocks.notice_blocks(text), *blocks.context_blocks(contexts, language)])

    @app.action(blocks.EXAMPLE_ACTIONS)
    def example_chosen(ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond) -> None:
        ack()
        message = body.get("message") or {}
        thread = message.get("thread_ts") or message.get("ts")
        worker.accept(
            Asked(
                text=str(action["value"]),
                channel=body["container"]["channel_id"],
                ts=str(action["action_ts"]),
                thread=thread or str(action["action_ts"]),
                user=body["user"]["id"],
                private=None if thread and not body["container"].get("is_ephemeral") else _privately(respond, body),
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


def _privately(respond: Respond, body: dict[str, Any]) -> Send:
    """Sends to that person alone, in the thread where they clicked if it is one."""
    message = body.get("message") or {}

    def send(text: str, shown: Sequence[Block]) -> object:
        return respond(
            text=text,
            blocks=shown,
            response_type="ephemeral",
            replace_original=False,
            thread_ts=message.get("thread_ts"),
        )

    return send


def _suggest_prompts(channel: str, desk: Desk, client: WebClient) -> None:
    """Questions to start from, in each language. Under agent_view the call must not name a thread."""
    each = _PROMPTS // len(SUPPORTED)
    questions = [question for language in SUPPORTED for question in desk.examples(language, each)]
    prompts = [{"title": question[:_TITLE], "message": question} for question in questions]
    try:
        client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts)
    except SlackClientError as error:
        _log.warning("no suggested prompts in %s: %s", channel, error)


def _language_of(record: Record, enquiry_id: str) -> str:
    enquiry = record.get(enquiry_id)
    return (enquiry and enquiry.language) or identify(enquiry.question if enquiry else "")
