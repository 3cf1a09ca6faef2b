"""What is said of a handover: to staff in their channel, to the asker in the thread."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock, Block

from assistant import wording
from assistant.context import in_context
from assistant.corrections import Corrections
from assistant.desk import Desk
from assistant.enquiries import EnquiryRow, Record
from assistant.handover import HandoverRow, Handovers, State
from assistant.locators import passage_locator, source_name
from assistant.messages import staff_translation
from assistant.models import Citation, Enquiry, is_question
from assistant.outbox import Note, OutboxRow
from assistant.review import Reviews
from assistant.settings import Settings
from assistant.slack.blocks import (
    button,
    notice_blocks,
    paragraph,
    paragraphs,
    question_block,
    quotation_blocks,
    reply_blocks,
    reply_text,
    small,
)
from assistant.slack.mail import Letter, Mark
from assistant.slack.people import People
from assistant.slack.staff.cards import (
    ENQUIRY_REOPEN,
    ENQUIRY_RESOLVE,
    Card,
    asker_language,
    card_blocks,
    card_text,
)
from assistant.slack.text import escape, flattened, shorten
from assistant.staff_faq import StaffFaq
from assistant.suggestions import question_of
from corpus.models import Kind

_NEAREST = 2
_HISTORY = 5
_LONG = 6500
"""More than the form of a reply takes, and an answer of the FAQ."""
_SHORT = 200


def mark(row: OutboxRow) -> Mark:
    """By which the message of a note is found again."""
    return {"enquiry": row.enquiry_id, "message": f"{row.note}-{row.occasion}"}


def as_asked(enquiry: EnquiryRow, record: Record) -> Enquiry:
    """An enquiry on record as the desk was asked it."""
    earlier = record.history(enquiry.channel, enquiry.thread, enquiry.ts)[-_HISTORY:]
    history = tuple(filter(is_question, earlier))
    return Enquiry(question=enquiry.question, history=history, setting=enquiry.language)


class Letters:
    """Writes what is said of handovers, as they stand at the moment of writing."""

    def __init__(self, desk: Desk, record: Record, handovers: Handovers, reviews: Reviews, people: People,
                 settings: Settings) -> None:  # fmt: skip
        self._desk = desk
        self._reviews = reviews
        self._record = record
        self._handovers = handovers
        self._people = people
        self._staff_faq = StaffFaq(record.database)
        self._corrections = Corrections(record.database)
        self._languages = settings.desk_staff_languages

    def card(self, handover: HandoverRow, enquiry: EnquiryRow, link: str | None, mark: Mark) -> Letter:
        """The card of a handover."""
        replies, review = self._handovers.replies(enquiry.id), self._reviews.get(enquiry.id)
        users = {enquiry.user, handover.holder, handover.resolved_by, review and review.by}
        users |= {said.by for said in replies}
        card = Card(
            handover=handover,
            enquiry=enquiry,
            replies=replies,
            names={user: self._people.name(user) for user in users if user},
            channel=self._people.channel_name(enquiry.channel),
            link=link,
            nearest=self._nearest(enquiry),
            faq=self._staff_faq.of(enquiry.id),
            cited=self._cited(enquiry),
            review=review,
        )
        language = self._languages[0]
        return Letter(card_text(card, language), card_blocks(card, language), mark)

    def reminder(self, handover: HandoverRow, enquiry: EnquiryRow, link: str | None, mark: Mark) -> Letter:
        """That a handover waits too long."""
        _ = staff_translation(self._languages[0]).gettext
        waits = {
            State.HELD: _("⏰ A reply still waits for review: “{question}”"),
            State.OPEN: _("⏰ Nobody has taken this enquiry yet: “{question}”"),
            State.CLAIMED: _("⏰ This enquiry was taken and still waits for a reply: “{question}”"),
        }.get(State(handover.state))
        text = (waits or _("⏰ This enquiry waits: “{question}”")).format(
            question=shorten(flattened(enquiry.question), _SHORT, self._languages[0])
        )
        shown: list[Block] = [paragraph(text)]
        if link:
            card = button(_("Open card"), "open_card", enquiry.id)
            card.url = link
            shown.append(ActionsBlock(elements=[card]))
        return Letter(escape(text), shown, mark)

    def to_asker(self, note: Note, enquiry: EnquiryRow, mark: Mark, *, reached: bool) -> Letter:
        """What the asker is told of a step. `reached`: whether staff have the card."""
        language = asker_language(enquiry)
        if note is Note.ASKED:
            text = wording.asked(language, reached=reached)
        elif note is Note.HELD:
            text = wording.held(language)
        elif note is Note.CLAIMED:
            text = wording.claimed(language)
        elif note is Note.REOPENED:
            text = wording.reopened(language)
        else:
            text = wording.resolved(language)
        shown = notice_blocks(text)
        if note is Note.RESOLVED:
            again = button(wording.open_again(language), ENQUIRY_REOPEN, enquiry.id)
            shown.append(ActionsBlock(elements=[again]))
        return Letter(escape(text), shown, mark)

    def reply(self, enquiry: EnquiryRow, version: int, mark: Mark) -> Letter:
        """The reply of a person, with the passages that they ticked."""
        language = asker_language(enquiry)
        said = next(row for row in self._handovers.replies(enquiry.id) if row.version == version)
        head = wording.from_a_person(language, self._people.name(said.by))
        shown: list[Block] = [small(head), *paragraphs(said.reply.text, language)]
        for citation in said.reply.citations:
            told = citation.kind is Kind.FAQ  # in the person's own words
            shown += quotation_blocks(self._named(citation, language), language, told=told)
        done = button(wording.answers_it(language), ENQUIRY_RESOLVE, enquiry.id, "primary")
        still = button(wording.still_open(language), ENQUIRY_REOPEN, enquiry.id)
        shown.append(ActionsBlock(elements=[done, still]))
        return Letter(escape(f"{head}\n{shorten(said.reply.text, _LONG, language)}"), shown, mark)

    def correction(self, enquiry: EnquiryRow, correction: int, mark: Mark) -> Letter:
        """To somebody who was told what is wrong now."""
        language = asker_language(enquiry)
        head = wording.correction(language, shorten(flattened(enquiry.question), _SHORT, language))
        words = shorten(self._corrections.text(correction), _LONG, language)
        return Letter(escape(f"{head}\n{words}"), [small(head), paragraph(words)], mark)

    def channel_shut(self, channel: str, reason: str) -> Letter:
        """To admins: that staff cannot be reached, and what to do."""
        _ = staff_translation(self._languages[0]).gettext
        text = _(
            "I cannot post in the staff channel {channel} ({reason}): enquiries wait. Please invite me there with "
            "/invite, or set DESK_STAFF_CHANNEL to another channel and start me again. Nothing is lost."
        ).format(channel=channel, reason=reason)
        return Letter(escape(text), notice_blocks(text), {"message": "staff-channel"})

    def answer(self, enquiry: EnquiryRow, mark: Mark) -> Letter:
        """The desk's reply that somebody of the staff had sent; its question above it, for it was asked a while ago."""
        review = self._reviews.get(enquiry.id)
        assert review is not None  # noqa: S101 - no note without one
        reply = review.reply
        asked = [] if enquiry.private else [question_block(reply.question)]
        checked = small(wording.checked(reply.language, self._people.name(review.by or "")))
        return Letter(reply_text(reply), [*asked, *reply_blocks(reply, enquiry.id, checked)], mark)

    def about(self, letter: Letter, enquiry: EnquiryRow) -> Letter:
        """A letter that says which question it is about, for where that does not stand above it, or others do."""
        language = asker_language(enquiry)
        about = wording.about(shorten(flattened(enquiry.question), _SHORT, language), language)
        return Letter(f"{escape(about)}\n{letter.text}", [small(about), *letter.blocks], letter.mark)

    def _named(self, citation: Citation, language: str) -> Citation:
        """A citation on record with the name of its document, which no record keeps; its title if it is gone."""
        document = self._desk.generation.documents.get(citation.document)
        name = source_name(document, language) if document else citation.title
        return citation.model_copy(update={"source": name})

    def _cited(self, enquiry: EnquiryRow) -> list[str]:
        """What the desk's reply quotes, and still stands in the index, named for staff."""
        language = self._languages[0]
        contexts = in_context(enquiry.citations, self._desk.generation, language)
        return [wording.listed([c.citation.source, passage_locator(c.passage, language)], language) for c in contexts]

    def _nearest(self, enquiry: EnquiryRow) -> dict[str, list[tuple[str, str]]]:
        """The nearest FAQ questions, each with its language, by what staff read; none if that is what was asked in."""
        if asker_language(enquiry) in self._languages:
            return {}
        entries = self._desk.suggestions(as_asked(enquiry, self._record), _NEAREST, self._languages[0]).entries
        return {tag: [question_of(entry, tag) for entry in entries] for tag in self._languages if entries}
