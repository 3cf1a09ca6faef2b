"""Channel settings: the form by which admins say how the desk answers in a channel."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.models.blocks import InputBlock, PlainTextObject
from slack_sdk.models.views import View

from assistant.channels import EVERYTHING, NOTHING, ChannelRow, Channels
from assistant.languages import SUPPORTED
from assistant.slack.blocks import menu, notice_blocks, paragraph
from assistant.slack.listeners import Command
from assistant.slack.people import Role
from assistant.slack.private import Send
from assistant.slack.staff.cards import language_name
from assistant.slack.staff.staffroom import Body, Staffroom

SETTINGS_FORM = "channel_settings_form"
CHANNEL_QUESTIONS, CHANNEL_PRIVATE = "channel_questions", "channel_private"
CHANNEL_REVIEW, CHANNEL_LANGUAGE = "channel_review", "channel_language"
_MENTIONS, _EVERY = "mentions", "every"
_PUBLIC, _PRIVATE = "public", "private"
_AS_ASKED = "as_asked"
_CONFIDENCES = (0.7, 0.8, 0.9)
"""Below the first are the replies with which the desk is not sure; above it those that an FAQ entry answers."""
_DIRECT = "D"
"""How the ids of direct messages begin."""


def opens_settings(room: Staffroom) -> Command:
    """The command that opens the form for the channel in which it is typed."""
    channels = Channels(room.record.database)
    _ = room.say

    def settings(body: Body, client: WebClient, send: Send) -> None:
        channel = str(body["channel_id"])
        if channel.startswith(_DIRECT):
            text = _("There is nothing to set here. Type this in the channel that you want to set.")
            send(text, notice_blocks(text))
            return
        client.views_open(trigger_id=body["trigger_id"], view=_form(channels.of(channel), room))

    return settings


def register(app: App, room: Staffroom) -> None:
    """Attach the listener of the form to `app`."""
    channels = Channels(room.record.database)
    _ = room.say

    @app.view(SETTINGS_FORM)
    def settings_sent(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        user, wanted = body["user"]["id"], _settings_in(view)
        if room.people.role(user) < Role.ADMIN:
            ack(response_action="errors", errors={CHANNEL_QUESTIONS: room.refusal(Role.ADMIN)})
            return
        if wanted.review_below > NOTHING and room.settings.desk_staff_channel is None:
            nobody = _("Nobody could review: there is no staff channel. Set DESK_STAFF_CHANNEL first.")
            ack(response_action="errors", errors={CHANNEL_REVIEW: nobody})
            return
        channels.put(user, wanted)
        ack()


def _form(now: ChannelRow, room: Staffroom) -> View:
    """The form, as the channel is set now."""
    _, language = room.say, room.language

    def choice(name: str, label: str, options: dict[str, str], chosen: str, hint: str) -> InputBlock:
        return InputBlock(block_id=name, label=label, hint=hint, element=menu(name, options, chosen))

    reviews = {str(NOTHING): _("None: replies are sent at once")}
    for confidence in _CONFIDENCES:
        reviews[str(confidence)] = _("Replies with a confidence below {confidence:.2f}").format(confidence=confidence)
    reviews[str(EVERYTHING)] = _("Every reply")
    languages = {_AS_ASKED: _("The language of the question")}
    languages |= {tag: language_name(tag, language) for tag in SUPPORTED}
    return View(
        type="modal",
        callback_id=SETTINGS_FORM,
        title=PlainTextObject(text=_("Channel settings")),
        submit=PlainTextObject(text=_("Save")),
        close=PlainTextObject(text=_("Cancel")),
        private_metadata=now.channel,
        blocks=[
            paragraph(_("How I answer in {channel}").format(channel=room.people.channel_name(now.channel))),
            choice(
                CHANNEL_QUESTIONS,
                _("What I answer"),
                {_MENTIONS: _("Only messages that mention me"), _EVERY: _("Every question that I can answer")},
                _EVERY if now.every_question else _MENTIONS,
                _("I hear only what is said where I was invited to. What is no question for me, I do not keep."),
            ),
            choice(
                CHANNEL_PRIVATE,
                _("Who sees the answer"),
                {_PUBLIC: _("Everybody, in the thread"), _PRIVATE: _("Only who asked")},
                _PRIVATE if now.private else _PUBLIC,
                _("What only one person sees is gone when they load Slack again."),
            ),
            choice(
                CHANNEL_REVIEW,
                _("What staff look at before it is sent"),
                reviews,
                str(now.review_below),
                _("Such replies come to the staff channel, where somebody sends, edits or rejects them."),
            ),
            choice(
                CHANNEL_LANGUAGE,
                _("Language of the answers"),
                languages,
                now.language or _AS_ASKED,
                _("Whoever asks for another language gets it."),
            ),
        ],
    )


def _settings_in(view: dict[str, Any]) -> ChannelRow:
    """What a filled-in form says."""

    def chosen(name: str) -> str:
        return str(view["state"]["values"][name][name]["selected_option"]["value"])

    language = chosen(CHANNEL_LANGUAGE)
    return ChannelRow(
        channel=view["private_metadata"],
        every_question=chosen(CHANNEL_QUESTIONS) == _EVERY,
        private=chosen(CHANNEL_PRIVATE) == _PRIVATE,
        review_below=float(chosen(CHANNEL_REVIEW)),
        language=None if language == _AS_ASKED else language,
    )
