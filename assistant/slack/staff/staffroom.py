"""The staff's side of the desk: what their listeners share, and how people are told no."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient

from assistant.audit import Audit
from assistant.desk import Desk
from assistant.enquiries import EnquiryRow, Record
from assistant.handover import Handovers
from assistant.messages import staff_translation
from assistant.settings import Settings
from assistant.slack import blocks
from assistant.slack.courier import Courier
from assistant.slack.home import Home
from assistant.slack.mail import Letter, Mail
from assistant.slack.people import People, Role
from assistant.slack.private import never_silent, privately
from assistant.slack.staff.rebuilds import Rebuilds
from assistant.slack.text import escape
from assistant.staff_faq import StaffFaq

Body = dict[str, Any]


@dataclass(frozen=True)
class Staffroom:
    """Everything that staff and admins work with."""

    desk: Desk
    record: Record
    handovers: Handovers
    staff_faq: StaffFaq
    audit: Audit
    courier: Courier
    rebuilds: Rebuilds
    people: People
    home: Home
    settings: Settings

    @property
    def language(self) -> str:
        """What cards, forms and words to staff are in."""
        return self.settings.desk_staff_languages[0]

    def say(self, sentence: str) -> str:
        """A sentence of the staff's messages, in their language."""
        return staff_translation(self.language).gettext(sentence)

    @contextmanager
    def at_click(self, body: Body, client: WebClient) -> Iterator[None]:
        """What a click calls for. The person hears of whatever fails; their Home, if it was there, shows the rest."""
        with never_silent(body, client):
            yield
            self.home.after(body)

    def tell(self, body: Body, client: WebClient, text: str) -> None:
        """Tell the person who clicked, and nobody else."""
        privately(body, client)(escape(text), blocks.notice_blocks(text))

    def conclude(self, body: Body, client: WebClient, decision: str) -> None:
        """Put what somebody decided in the place of the buttons of the message that they clicked on."""
        message = body["message"]
        text = f"{html.unescape(message['text'])}\n{decision}"
        letter = Letter(escape(text), blocks.notice_blocks(text), {"message": "decided"})
        Mail(client).change(body["container"]["channel_id"], message["ts"], letter)

    def allows(self, role: Role, body: Body, client: WebClient) -> bool:
        """Whether the person who clicked may; if not, they are told why."""
        if self.people.role(body["user"]["id"]) >= role:
            return True
        self.tell(body, client, self.refusal(role))
        return False

    def refusal(self, role: Role) -> str:
        """What is told to somebody who may not do what that role may."""
        _ = self.say
        if role is Role.ADMIN:
            return _("Only admins can do this. If you are one, have yourself added to DESK_ADMINS.")
        return _("Only staff can do this. If you are staff, ask an admin to add you to DESK_STAFF.")

    def enquiry_of(self, body: Body, client: WebClient, action: dict[str, Any]) -> EnquiryRow | None:
        """The enquiry that a button is about; the person is told where it is no longer on record."""
        _ = self.say
        enquiry = self.record.get(str(action.get("value", "")))
        if enquiry is None:
            self.tell(body, client, _("That enquiry is no longer on record."))
        return enquiry
