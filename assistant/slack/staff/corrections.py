"""Corrections in Slack: staff see who was told what is wrong now, and write to all of them at once."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.models.blocks import ActionsBlock, InputBlock, PlainTextInputElement, PlainTextObject
from slack_sdk.models.views import View, ViewState

from assistant.corrections import Corrections, Source, Subject
from assistant.orders import Order, Place
from assistant.slack.blocks import button, notice_blocks, paragraph
from assistant.slack.mail import Letter, Mail
from assistant.slack.people import Role
from assistant.slack.staff.staffroom import Body, Staffroom
from assistant.slack.text import escape, shorten
from assistant.slack.threads import Threads

CORRECTION_WRITE = "correction_write"
CORRECTION_FORM, CORRECTION_TEXT = "correction_form", "correction_text"
_LONGEST = 2500
_SHOWN = 10
_QUESTION = 100


class Offers:
    """Tells staff who was told what is wrong now."""

    def __init__(self, client: WebClient, room: Staffroom, corrections: Corrections) -> None:
        self._mail, self._threads = Mail(client), Threads(Mail(client))
        self._room, self._corrections = room, corrections

    def follow(self, order: Order) -> None:
        """Show staff who was told what an order's build has changed: an FAQ entry's below the card that it came from,
        a document's in the staff channel."""
        channel = self._room.settings.desk_staff_channel
        for subject in order.corrected:
            self.make(subject, Place(channel) if channel and subject.source is Source.DOCUMENT else order.place)

    def make(self, subject: Subject, place: Place | None) -> None:
        """Show staff who was told, with a button to write to them; nothing where nobody was."""
        told = self._corrections.told(subject)
        if not told or place is None:
            return
        _, people = self._room.say, self._room.people
        lines = [
            _("{count} questions were answered with {subject} as it was:").format(count=len(told), subject=subject.name)
        ]
        for enquiry in told[:_SHOWN]:
            question = shorten(" ".join(enquiry.question.split()), _QUESTION, self._room.language)
            link = self._threads.link(enquiry)
            lines.append(" · ".join(filter(None, [people.name(enquiry.user), f"“{question}”", link])))
        if len(told) > _SHOWN:
            lines.append(_("and {count} more").format(count=len(told) - _SHOWN))
        text = "\n".join(lines)
        write = button(_("Send them a correction"), CORRECTION_WRITE, subject.model_dump_json())
        shown = [*notice_blocks(text), ActionsBlock(elements=[write])]
        self._mail.post(place.channel, place.thread, Letter(escape(text), shown, {"message": "correction-offer"}))


def register(app: App, room: Staffroom, corrections: Corrections) -> None:
    """Attach the listeners of corrections to `app`."""
    _ = room.say

    @app.action(CORRECTION_WRITE)
    def wanted(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
        ack()
        with room.at_click(body, client):
            if not room.allows(Role.STAFF, body, client):
                return
            subject = Subject.model_validate_json(action["value"])
            client.views_open(trigger_id=body["trigger_id"], view=_form(subject, len(corrections.told(subject)), room))

    @app.view(CORRECTION_FORM)
    def written(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        user = body["user"]["id"]
        subject = Subject.model_validate_json(view["private_metadata"])
        text = (ViewState(**view["state"]).values[CORRECTION_TEXT][CORRECTION_TEXT].value or "").strip()
        if room.people.role(user) < Role.STAFF or not text:
            problem = room.refusal(Role.STAFF) if text else _("Write what is right now.")
            ack(response_action="errors", errors={CORRECTION_TEXT: problem})
            return
        corrections.send(subject, corrections.told(subject), text, user)
        ack()
        room.courier.wake()


def _form(subject: Subject, count: int, room: Staffroom) -> View:
    _ = room.say
    text = PlainTextInputElement(action_id=CORRECTION_TEXT, multiline=True, max_length=_LONGEST)
    about = _("It goes to {count} threads that were answered with {subject}, marked as a correction.")
    return View(
        type="modal",
        callback_id=CORRECTION_FORM,
        title=PlainTextObject(text=_("Correction")),
        submit=PlainTextObject(text=_("Send")),
        close=PlainTextObject(text=_("Cancel")),
        private_metadata=subject.model_dump_json(),
        blocks=[
            paragraph(about.format(count=count, subject=subject.name)),
            InputBlock(block_id=CORRECTION_TEXT, label=_("What is right now"), element=text),
        ],
    )
