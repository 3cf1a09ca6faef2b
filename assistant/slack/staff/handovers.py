"""Buttons and forms of handovers: who may press them, and what happens."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from assistant import wording
from assistant.dates import minute
from assistant.enquiries import EnquiryRow
from assistant.handover import HandoverRow, StaleError, State
from assistant.languages import FALLBACK
from assistant.slack import blocks
from assistant.slack.people import Role
from assistant.slack.staff import cards, forms
from assistant.slack.staff.home import ALL, QUEUE_LANGUAGE, QUEUE_STATE
from assistant.slack.staff.letters import as_asked
from assistant.slack.staff.staffroom import Body, Staffroom
from assistant.suggestions import Suggestions

_log = logging.getLogger(__name__)
_SUGGESTED = 5

Move = Callable[[str, str], HandoverRow]
"""A change of a handover, by the id of its enquiry and who wants it."""
Tell = Callable[[HandoverRow | None], str]
"""Where a handover is, in words."""


def register(app: App, room: Staffroom) -> None:
    """Attach the listeners of handovers to `app`."""
    _, desk, record, handovers, people = room.say, room.desk, room.record, room.handovers, room.people
    language = room.language

    def suggestions(enquiry: EnquiryRow, reader: str) -> Suggestions:
        return desk.suggestions(as_asked(enquiry, record), _SUGGESTED, reader, enquiry.citations)

    def draft(enquiry: EnquiryRow, found: Suggestions) -> str:
        """A reply to begin with, where there is one that the asker has not read yet; "" otherwise."""
        nearest = found.draft(cards.asker_language(enquiry))
        has_read = handovers.replies(enquiry.id) or nearest in (enquiry.reply or {}).get("text", "")
        return "" if has_read else nearest

    def present(handover: HandoverRow | None) -> str:
        """Where a handover is, for somebody who thought it was elsewhere."""
        if handover is None:
            return _("That enquiry was not handed over.")
        match State(handover.state):
            case State.HELD:
                return _("The reply to this enquiry waits for review.")
            case State.SENT:
                return _("{name} has had the reply sent.").format(name=people.name(handover.resolved_by or ""))
            case State.OPEN:
                return _("This enquiry is open; nobody has it.")
            case State.CLAIMED:
                since = minute(handover.since, room.settings.desk_timezone, language)
                return _("{name} has this enquiry, since {time}.").format(
                    name=people.name(handover.holder or ""), time=since
                )
            case State.REPLIED:
                return _("{name} has replied to this enquiry already.").format(name=people.name(handover.holder or ""))
            case State.RESOLVED:
                return _("This enquiry is closed.")

    def to_asker(language: str, handover: HandoverRow | None) -> str:
        """Where a handover is, for its asker."""
        is_closed = handover is not None and handover.state == State.RESOLVED
        return wording.resolved(language) if is_closed else wording.with_a_person(language)

    def moved(body: Body, client: WebClient, move: Move, enquiry_id: str, otherwise: Tell = present) -> bool:
        """Make a change; whoever comes too late is told how things are."""
        try:
            move(enquiry_id, body["user"]["id"])
        except StaleError as error:
            room.tell(body, client, otherwise(error.handover))
            return False
        room.courier.wake()
        return True

    @app.action(blocks.ASK_STAFF)
    def asked(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
        ack()
        with room.at_click(body, client):
            enquiry = record.get(str(action.get("value", "")))
            tongue = cards.asker_language(enquiry) if enquiry else FALLBACK
            if enquiry is None:
                room.tell(body, client, wording.not_on_record(tongue))
            elif room.settings.desk_staff_channel is None:
                room.tell(body, client, wording.no_staff(tongue, desk.contact(tongue)))
            elif handovers.open(enquiry.id, body["user"]["id"]):
                room.courier.wake()
            else:
                room.tell(body, client, wording.with_a_person(tongue))

    def on_card(action_id: str, move: Move) -> None:
        """A button that staff press on a card."""

        @app.action(action_id)
        def pressed(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
            ack()
            with room.at_click(body, client):
                if room.allows(Role.STAFF, body, client) and (enquiry := room.enquiry_of(body, client, action)):
                    moved(body, client, move, enquiry.id)

    def by_asker_too(action_id: str, move: Move) -> None:
        """A button that stands on the card and in the asker's thread."""

        @app.action(action_id)
        def pressed(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
            ack()
            with room.at_click(body, client):
                user, enquiry = body["user"]["id"], room.enquiry_of(body, client, action)
                if enquiry is None:
                    return
                tongue = cards.asker_language(enquiry)
                if people.role(user) >= Role.STAFF:
                    moved(body, client, move, enquiry.id)
                elif user == enquiry.user:
                    moved(body, client, move, enquiry.id, partial(to_asker, tongue))
                else:
                    room.tell(body, client, wording.only_staff(tongue))

    on_card(cards.ENQUIRY_CLAIM, handovers.claim)
    on_card(cards.ENQUIRY_RELEASE, handovers.release)
    by_asker_too(cards.ENQUIRY_RESOLVE, handovers.resolve)
    by_asker_too(cards.ENQUIRY_REOPEN, handovers.reopen)

    @app.action(cards.ENQUIRY_REPLY)
    def reply_wanted(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
        ack()
        with room.at_click(body, client):
            if not room.allows(Role.STAFF, body, client) or not (enquiry := room.enquiry_of(body, client, action)):
                return
            handover = handovers.get(enquiry.id)
            # Who replies has it: nobody else should write a second reply meanwhile.
            if handover and handover.state == State.OPEN:
                if not moved(body, client, handovers.claim, enquiry.id):
                    return
                handover = handovers.get(enquiry.id)
            if (
                handover is None
                or handover.state not in {State.CLAIMED, State.REPLIED}
                or handover.holder not in {None, body["user"]["id"]}
            ):
                room.tell(body, client, present(handover))
                return
            found = suggestions(enquiry, language)
            form = forms.reply_form(enquiry, found, draft(enquiry, found), language)
            client.views_open(trigger_id=body["trigger_id"], view=form)

    @app.view(forms.REPLY_FORM)
    def reply_sent(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        enquiry = record.get(view["private_metadata"])
        if enquiry is None:
            ack(response_action="errors", errors={forms.REPLY_TEXT: _("That enquiry is no longer on record.")})
            return
        if people.role(body["user"]["id"]) < Role.STAFF:
            ack(response_action="errors", errors={forms.REPLY_TEXT: room.refusal(Role.STAFF)})
            return
        asker = cards.asker_language(enquiry)
        reply = forms.reply_in(view, suggestions(enquiry, asker), asker)
        if reply is None:
            ack(response_action="errors", errors={forms.REPLY_TEXT: _("Write a reply, or choose an answer above.")})
            return
        try:
            handovers.reply(enquiry.id, body["user"]["id"], reply)
        except StaleError as error:
            ack(response_action="errors", errors={forms.REPLY_TEXT: present(error.handover)})
            return
        ack()
        room.courier.wake()
        room.home.after(body)

    def filters(action_id: str) -> None:
        """A choice of what the queue in the Home shows."""

        @app.action(action_id)
        def chosen(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
            ack()
            with room.at_click(body, client):
                value = action["selected_option"]["value"]
                if room.allows(Role.STAFF, body, client):
                    room.home.choose(body["user"]["id"], **{action_id: None if value == ALL else value})

    filters(QUEUE_STATE)
    filters(QUEUE_LANGUAGE)

    @app.action(cards.OPEN_THREAD)
    @app.action("open_card")
    def followed(ack: Ack) -> None:
        """A link was followed; Slack wants to hear that we know."""
        ack()

    @app.event("member_joined_channel")
    def joined(event: dict[str, Any], context: dict[str, Any]) -> None:
        """The bot was (again) invited somewhere: what waited for that goes out."""
        if event.get("user") == context["bot_user_id"]:
            room.courier.hurry()
