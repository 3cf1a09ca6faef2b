"""Replies become FAQ entries: the form, what may not be in it, and the index that answers with it."""

from __future__ import annotations

import json
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from assistant.corrections import Source, Subject
from assistant.enquiries import EnquiryRow
from assistant.handover import StaffReply
from assistant.locators import entry_locator
from assistant.models import Outcome
from assistant.orders import Order, Place
from assistant.personal import personal_details
from assistant.slack.people import Role
from assistant.slack.staff import cards, forms
from assistant.slack.staff.staffroom import Body, Staffroom
from assistant.slack.text import flattened, shorten
from assistant.staff_faq import FaqVersionRow, OvertakenError, UnchangedError
from assistant.wording import listed
from corpus.faq import Quotation, Wording, as_asked
from corpus.models import Kind

_QUESTION = 100


def register(app: App, room: Staffroom) -> None:
    """Attach the listeners of staff's FAQ entries to `app`."""
    _, desk, record, handovers, people = room.say, room.desk, room.record, room.handovers, room.people
    language = room.language

    @app.action(cards.ENQUIRY_SAVE_FAQ)
    def faq_wanted(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
        ack()
        with room.at_click(body, client):
            if not room.allows(Role.STAFF, body, client) or not (enquiry := room.enquiry_of(body, client, action)):
                return
            draft = faq_draft(enquiry)
            if draft is None:
                room.tell(body, client, _("Reply to the asker first; the reply can then become an FAQ entry."))
                return
            details, languages = details_in(draft, enquiry), room.settings.desk_staff_languages
            form = forms.faq_form(enquiry.id, draft, quotable(enquiry), details, languages)
            client.views_open(trigger_id=body["trigger_id"], view=form)

    def faq_draft(enquiry: EnquiryRow) -> forms.Draft | None:
        """The entry that an enquiry led to, retired or not, or else its question with the last reply of a person; None
        without one."""
        kept, asker = room.staff_faq.of(enquiry.id), cards.asker_language(enquiry)
        if kept:
            entry = kept.entry(room.settings.desk_timezone)
            wordings = dict(entry.wordings)
            worded = asker if asker in wordings else next(iter(wordings))
            return forms.Draft(worded, wordings, entry.quotations, kept.version)
        replies = handovers.replies(enquiry.id)
        if not replies:
            return None
        wording = Wording(questions=(flattened(enquiry.question),), answer=replies[-1].reply.text)
        return forms.Draft(asker, {asker: wording}, quoted_in(replies[-1].reply))

    def details_in(draft: forms.Draft, enquiry: EnquiryRow) -> list[str]:
        """What in an entry looks personal and stands in no document."""
        generation = desk.generation
        public = "\n".join([*(p.text for p in generation.passages), generation.faq.text()])
        for contact in (each for by_tag in generation.faq.contacts.values() for each in by_tag.values()):
            public += f"\n{contact.name} {contact.detail}"
        names = [people.name(user) for user in (enquiry.user, *(said.by for said in handovers.replies(enquiry.id)))]
        return personal_details(draft.text(), names=names, public=public, country=room.settings.desk_holidays)

    @app.view(forms.FAQ_FORM)
    def faq_sent(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        user = body["user"]["id"]
        enquiry = record.get(json.loads(view["private_metadata"])["enquiry"])
        try:
            if enquiry is None:
                raise forms.FormError(forms.FAQ_QUESTION, _("That enquiry is no longer on record."))
            if people.role(user) < Role.STAFF:
                raise forms.FormError(forms.FAQ_QUESTION, room.refusal(Role.STAFF))
            draft = forms.entry_in(view, quotable(enquiry), language)
            refuse_taken(draft, enquiry)
            if not draft.public and (details := details_in(draft, enquiry)):
                raise forms.FormError(
                    forms.FAQ_PUBLIC,
                    _("Take these out, or tick that they may be public: {details}").format(
                        details=listed(details, language)
                    ),
                )
            saved = keep(draft, enquiry, user)
        except forms.FormError as error:
            ack(response_action="errors", errors={error.field: error.problem})
            return
        except UnchangedError as error:
            told = _("FAQ {number} says just this already: there is nothing to change.")
            ack(response_action="update", view=forms.notice(told.format(number=error.newest.number), language))
            return
        ack()
        room.courier.wake()
        room.home.after(body)
        index(saved, user, _("FAQ {number} is being indexed.").format(number=saved.number))

    def refuse_taken(draft: forms.Draft, enquiry: EnquiryRow) -> None:
        """Raises FormError where an entry would take over other entries' questions, but for the gap that it answers."""
        kept, approved = room.staff_faq.of(enquiry.id), room.staff_faq.approved(room.settings.desk_timezone)
        replaced = {kept.entry_id, kept.instead_of} if kept else {gap_of(enquiry)}
        generation, free = desk.generation, {*replaced, *approved.retired}
        others = [entry for entry in approved.entries if entry.id not in free]
        newest = {as_asked(question): entry for entry in others for _tag, question in entry.phrasings()}
        for tag, wording in draft.wordings.items():
            owners = [newest.get(as_asked(line)) or generation.entry_of(line, tag) for line in wording.questions]
            owned = zip(wording.questions, owners, strict=True)
            if theirs := [(line, entry) for line, entry in owned if entry and entry.id not in free]:
                named = [f"“{shorten(line, _QUESTION, tag)}” ({entry_locator(entry)})" for line, entry in theirs]
                problem = _("Other entries have these questions; take them out here: {questions}")
                raise forms.FormError(draft.input(forms.FAQ_QUESTION, tag), problem.format(questions=", ".join(named)))

    def keep(draft: forms.Draft, enquiry: EnquiryRow, user: str) -> FaqVersionRow:
        """Save what a form says. Raises FormError if somebody else was faster, UnchangedError."""
        try:
            return room.staff_faq.save(
                enquiry.id,
                draft.wordings,
                draft.quotations,
                instead_of=gap_of(enquiry),
                by=user,
                name=people.name(user),
                seen=draft.version,
            )
        except OvertakenError as error:
            problem = _("{name} has changed this entry meanwhile. Close this form, and open it again to see how.")
            raise forms.FormError(forms.FAQ_QUESTION, problem.format(name=error.newest.by_name)) from error

    def quotable(enquiry: EnquiryRow) -> tuple[Quotation, ...]:
        """What may carry the entry: its own quotations, and what people's replies quoted, the last one's first."""
        kept = room.staff_faq.of(enquiry.id)
        own = kept.entry(room.settings.desk_timezone).quotations if kept else ()
        said = reversed(handovers.replies(enquiry.id))
        return tuple(dict.fromkeys([*own, *(quotation for row in said for quotation in quoted_in(row.reply))]))

    def quoted_in(reply: StaffReply) -> tuple[Quotation, ...]:
        """The passages that a person's reply quotes."""
        cited = (c for c in reply.citations if c.kind is not Kind.FAQ)
        return tuple(Quotation(document=c.document, quote=c.quote) for c in cited)

    def gap_of(enquiry: EnquiryRow) -> str | None:
        """The known gap that the desk replied with: what staff approve answers it from now on."""
        cited = enquiry.citations if enquiry.outcome == Outcome.NOT_STATED else ()
        located = {citation["locator"] for citation in cited if citation["kind"] == Kind.FAQ}
        found = (entry.id for entry in desk.generation.faq.entries if entry.gap and entry_locator(entry) in located)
        return next(found, None)

    @app.action(cards.FAQ_RETIRE)
    def faq_unwanted(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
        ack()
        with room.at_click(body, client):
            if not room.allows(Role.STAFF, body, client) or not (enquiry := room.enquiry_of(body, client, action)):
                return
            user, kept = body["user"]["id"], room.staff_faq.of(enquiry.id)
            retired = room.staff_faq.retire(kept.entry_id, by=user, name=people.name(user)) if kept else None
            if retired is None:
                room.tell(body, client, _("That FAQ entry is retired already."))
                return
            room.courier.wake()
            index(retired, user, _("FAQ {number} is being taken out of the index.").format(number=retired.number))

    def index(faq: FaqVersionRow, user: str, title: str) -> None:
        """Index what staff approved or took out, and tell so below the card; then, who was told what it said before."""
        handover = handovers.get(faq.enquiry_id or "")
        place = Place(handover.card_channel, handover.card_ts) if handover and handover.card_channel else None
        name = entry_locator(faq.entry(room.settings.desk_timezone))
        subject = Subject(source=Source.FAQ, name=name, entry=faq.entry_id, enquiry=faq.enquiry_id)
        room.rebuilds.order(Order(user, place, title, corrected=(subject,) if faq.version > 1 else ()))
