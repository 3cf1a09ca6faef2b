"""Corrections in Slack: staff see who was told what is wrong now, and write to all of them at once, and once."""

from __future__ import annotations

import logging
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.models.blocks import ActionsBlock, Block, InputBlock, PlainTextInputElement, PlainTextObject
from slack_sdk.models.views import View, ViewState

from assistant.corrections import CorrectionRow, Corrections, Offer, Source, Subject
from assistant.orders import Order, Place
from assistant.slack.blocks import button, notice_blocks, paragraph
from assistant.slack.mail import Letter, Mail
from assistant.slack.people import Role
from assistant.slack.staff.staffroom import Body, Staffroom
from assistant.slack.text import escape, flattened, shorten
from assistant.slack.threads import Threads

_log = logging.getLogger(__name__)
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
        if place is None or not self._corrections.told(subject):
            return
        _, offer = self._room.say, Offer(subject=subject)
        write = button(_("Send them a correction"), CORRECTION_WRITE, offer.model_dump_json())
        self._mail.post(place.channel, place.thread, self._letter(subject, [], [ActionsBlock(elements=[write])]))

    def close(self, offer: Offer, sent: CorrectionRow, channel: str, ts: str) -> None:
        """Put what was sent in the place of an offer's button."""
        _ = self._room.say
        text = shorten(" ".join(sent.text.split()), _QUESTION, self._room.language)
        try:
            self._mail.change(channel, ts, self._letter(offer.subject, [sent_by(sent, self._room), f"“{text}”"], []))
        except (SlackClientError, OSError) as error:  # whoever presses the button is told, and it is tried again
            _log.warning("that a correction was sent could not be shown in %s: %s", channel, error)

    def _letter(self, subject: Subject, more: list[str], buttons: list[Block]) -> Letter:
        """Who was told, and what else there is to say."""
        _, people = self._room.say, self._room.people
        told = self._corrections.told(subject)
        lines = [
            _("{count} questions were answered with {subject} as it was:").format(count=len(told), subject=subject.name)
        ]
        for enquiry in told[:_SHOWN]:
            question = shorten(flattened(enquiry.question), _QUESTION, self._room.language)
            link = self._threads.link(enquiry)
            lines.append(" · ".join(filter(None, [people.name(enquiry.user), f"“{question}”", link])))
        if len(told) > _SHOWN:
            lines.append(_("and {count} more").format(count=len(told) - _SHOWN))
        text = "\n".join([*lines, *more])
        return Letter(escape(text), [*notice_blocks(text), *buttons], {"message": "correction-offer"})


def sent_by(sent: CorrectionRow, room: Staffroom) -> str:
    """Who sent a correction, and when."""
    _ = room.say
    at = sent.at.astimezone(ZoneInfo(room.settings.desk_timezone))
    told = _("{name} sent them a correction on {time}.")
    return told.format(name=room.people.name(sent.by), time=f"{at:%Y-%m-%d %H:%M}")


def register(app: App, room: Staffroom, corrections: Corrections, offers: Offers) -> None:
    """Attach the listeners of corrections to `app`."""
    _ = room.say

    @app.action(CORRECTION_WRITE)
    def wanted(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
        ack()
        with room.at_click(body, client):
            if not room.allows(Role.STAFF, body, client):
                return
            offer = Offer.model_validate_json(action["value"])
            channel, ts = body["container"]["channel_id"], body["container"]["message_ts"]
            if sent := corrections.sent(offer):
                room.tell(body, client, sent_by(sent, room))
                offers.close(offer, sent, channel, ts)
                return
            count = len(corrections.told(offer.subject))
            client.views_open(trigger_id=body["trigger_id"], view=_form(offer, f"{channel} {ts}", count, room))

    @app.view(CORRECTION_FORM)
    def written(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        user = body["user"]["id"]
        channel, ts, about = view["private_metadata"].split(" ", 2)
        offer = Offer.model_validate_json(about)
        text = (ViewState(**view["state"]).values[CORRECTION_TEXT][CORRECTION_TEXT].value or "").strip()
        if room.people.role(user) < Role.STAFF or not text:
            problem = room.refusal(Role.STAFF) if text else _("Write what is right now.")
            ack(response_action="errors", errors={CORRECTION_TEXT: problem})
            return
        sent = corrections.send(offer, corrections.told(offer.subject), text, user)
        if (sent.by, sent.text) == (user, text):  # also where Slack heard of it too late, and asked them to try again
            ack()
        else:
            ack(response_action="errors", errors={CORRECTION_TEXT: sent_by(sent, room)})
        room.courier.wake()
        offers.close(offer, sent, channel, ts)


def _form(offer: Offer, place: str, count: int, room: Staffroom) -> View:
    _ = room.say
    text = PlainTextInputElement(action_id=CORRECTION_TEXT, multiline=True, max_length=_LONGEST)
    about = _("It goes to {count} threads that were answered with {subject}, marked as a correction.")
    return View(
        type="modal",
        callback_id=CORRECTION_FORM,
        title=PlainTextObject(text=_("Correction")),
        submit=PlainTextObject(text=_("Send")),
        close=PlainTextObject(text=_("Cancel")),
        private_metadata=f"{place} {offer.model_dump_json()}",
        blocks=[
            paragraph(about.format(count=count, subject=offer.subject.name)),
            InputBlock(block_id=CORRECTION_TEXT, label=_("What is right now"), element=text),
        ],
    )
