"""Review before sending: staff send, edit or reject what the desk wants to reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.models.blocks import Block, InputBlock, PlainTextInputElement, PlainTextObject
from slack_sdk.models.views import View

from assistant.context import in_context
from assistant.enquiries import EnquiryRow
from assistant.handover import HandoverRow, StaleError
from assistant.models import Reply
from assistant.review import ReviewRow, Reviews, Verdict
from assistant.slack.blocks import LONGEST_LEAD, paragraph, quotation_blocks, small
from assistant.slack.people import Role
from assistant.slack.staff.cards import REPLY_EDIT, REPLY_REJECT, REPLY_SEND, held_blocks, language_name
from assistant.slack.staff.forms import REPLY_TEXT
from assistant.slack.staff.staffroom import Body, Staffroom
from assistant.slack.text import flattened, shorten
from corpus.models import Kind

EDIT_FORM, REJECT_FORM = "reply_edit_form", "reply_reject_form"
REPLY_NOTE = "reply_note"
_QUESTION = 1000
_LONGEST_NOTE = 500

Decide = Callable[[EnquiryRow, str], HandoverRow]
"""A decision on the reply to an enquiry, by who takes it."""


def register(app: App, room: Staffroom, reviews: Reviews) -> None:
    """Attach the listeners of reviews to `app`."""
    _ = room.say

    def reviewed(enquiry: EnquiryRow) -> ReviewRow | None:
        """The review of an enquiry's reply, if nobody has decided yet."""
        review = reviews.get(enquiry.id)
        return review if review and review.verdict is None else None

    def decided(enquiry: EnquiryRow) -> str:
        """Who decided what, for somebody who came too late."""
        review = reviews.get(enquiry.id)
        if review is None or review.verdict is None:
            return _("There is no reply to review.")
        told = {
            Verdict.SENT: _("{name} has sent this reply already."),
            Verdict.EDITED: _("{name} has edited and sent this reply already."),
            Verdict.REJECTED: _("{name} has rejected this reply already."),
        }[Verdict(review.verdict)]
        return told.format(name=room.people.name(review.by or ""))

    def lapsed(reply: Reply) -> str | None:
        """Why a reply can no longer be sent: what it quotes must stand in the index that answers now."""
        quoted = [citation.model_dump(mode="json") for citation in reply.citations if citation.kind is not Kind.FAQ]
        if len(in_context(quoted, room.desk.generation, reply.language)) == len(quoted):
            return None
        return _("What this reply quotes is no longer in the index. Reject it, and a person answers instead.")

    def on_card(action_id: str, do: Callable[[Body, WebClient, EnquiryRow, ReviewRow], None]) -> None:
        """A button below a reply that waits."""

        @app.action(action_id)
        def pressed(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
            ack()
            with room.at_click(body, client):
                if not room.allows(Role.STAFF, body, client) or not (enquiry := room.enquiry_of(body, client, action)):
                    return
                if review := reviewed(enquiry):
                    do(body, client, enquiry, review)
                else:
                    room.tell(body, client, decided(enquiry))

    def send(body: Body, client: WebClient, enquiry: EnquiryRow, review: ReviewRow) -> None:
        if problem := lapsed(review.reply):
            room.tell(body, client, problem)
            return
        try:
            reviews.send(enquiry.id, body["user"]["id"])
        except StaleError:
            room.tell(body, client, decided(enquiry))
        room.courier.wake()

    def edit(body: Body, client: WebClient, enquiry: EnquiryRow, review: ReviewRow) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=_edit_form(enquiry, review.reply, room))

    def reject(body: Body, client: WebClient, enquiry: EnquiryRow, review: ReviewRow) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=_reject_form(enquiry, review.reply, room))

    on_card(REPLY_SEND, send)
    on_card(REPLY_EDIT, edit)
    on_card(REPLY_REJECT, reject)

    def in_form(callback_id: str, field: str, decide: Callable[[EnquiryRow, ReviewRow, str, str], str | None]) -> None:
        """A form in which a text is written; `decide` says what is wrong with it."""

        @app.view(callback_id)
        def sent(ack: Ack, body: Body, view: dict[str, Any]) -> None:
            user, enquiry = body["user"]["id"], room.record.get(view["private_metadata"])
            written = (view["state"]["values"][field][field]["value"] or "").strip()
            problem = None
            if enquiry is None:
                problem = _("That enquiry is no longer on record.")
            elif room.people.role(user) < Role.STAFF:
                problem = room.refusal(Role.STAFF)
            elif not written:
                problem = _("Please write something.")
            elif review := reviewed(enquiry):
                try:
                    problem = decide(enquiry, review, user, written)
                except StaleError:
                    problem = decided(enquiry)
            else:
                problem = decided(enquiry)
            if problem:
                ack(response_action="errors", errors={field: problem})
                return
            ack()
            room.courier.wake()
            room.home.after(body)

    def edited(enquiry: EnquiryRow, review: ReviewRow, user: str, written: str) -> str | None:
        reply = review.reply
        if problem := lapsed(reply):
            return problem
        reviews.send(enquiry.id, user, None if written == _editable(reply).strip() else written)
        return None

    def rejected(enquiry: EnquiryRow, _review: ReviewRow, user: str, written: str) -> None:
        reviews.reject(enquiry.id, user, written)

    in_form(EDIT_FORM, REPLY_TEXT, edited)
    in_form(REJECT_FORM, REPLY_NOTE, rejected)


def _editable(reply: Reply) -> str:
    """A reply's text as it comes into the form."""
    return reply.text[:LONGEST_LEAD]


def _asked(enquiry: EnquiryRow, reply: Reply, room: Staffroom) -> list[Block]:
    """What was asked, and in which language its asker reads the reply."""
    _, language = room.say, room.language
    reads = _("The asker reads {language}.").format(language=language_name(reply.language, language))
    return [paragraph(shorten(flattened(enquiry.question), _QUESTION, language)), small(reads)]


def _edit_form(enquiry: EnquiryRow, reply: Reply, room: Staffroom) -> View:
    """The form in which a reply's text is changed; its quotations are shown, and stay as they are."""
    _, language = room.say, room.language
    text = PlainTextInputElement(
        action_id=REPLY_TEXT, multiline=True, max_length=LONGEST_LEAD, initial_value=_editable(reply)
    )
    hint = PlainTextObject(text=_("The quotations below stay as they are."))
    quotations = [block for c in reply.citations for block in quotation_blocks(c, language, told=reply.tells(c))]
    return View(
        type="modal",
        callback_id=EDIT_FORM,
        title=PlainTextObject(text=_("Edit the reply")),
        submit=PlainTextObject(text=_("Send")),
        close=PlainTextObject(text=_("Cancel")),
        private_metadata=enquiry.id,
        blocks=[
            *_asked(enquiry, reply, room),
            InputBlock(block_id=REPLY_TEXT, label=_("Reply"), hint=hint, element=text),
            *quotations,
        ],
    )


def _reject_form(enquiry: EnquiryRow, reply: Reply, room: Staffroom) -> View:
    """The form in which staff say why a reply is not sent."""
    _, language = room.say, room.language
    note = PlainTextInputElement(action_id=REPLY_NOTE, multiline=True, max_length=_LONGEST_NOTE)
    hint = PlainTextObject(
        text=_("For your colleagues: it stands on the card. The asker is told that a person will answer.")
    )
    return View(
        type="modal",
        callback_id=REJECT_FORM,
        title=PlainTextObject(text=_("Reject the reply")),
        submit=PlainTextObject(text=_("Reject")),
        close=PlainTextObject(text=_("Cancel")),
        private_metadata=enquiry.id,
        blocks=[
            *_asked(enquiry, reply, room),
            *held_blocks(reply, language),
            InputBlock(block_id=REPLY_NOTE, label=_("Why not?"), hint=hint, element=note),
        ],
    )
