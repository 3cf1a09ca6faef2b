"""The card of a handover in the staff channel: what was asked, what the desk found, who has it since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel import Locale
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    DividerBlock,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
    RichTextSectionElement,
)

from assistant.enquiries import EnquiryRow
from assistant.handover import IN_REVIEW, HandoverRow, StaffReplyRow, State
from assistant.languages import identify
from assistant.messages import staff_translation
from assistant.models import Outcome, Reply
from assistant.review import ReviewRow, Verdict
from assistant.slack.blocks import LONGEST_LEAD, button, moment, paragraph, quotation_blocks, small
from assistant.slack.staff.figures import outcome_name
from assistant.slack.text import escape, flattened, shorten
from assistant.staff_faq import FaqVersionRow
from assistant.wording import quoted

ENQUIRY_CLAIM = "enquiry_claim"
ENQUIRY_RELEASE = "enquiry_release"
ENQUIRY_REPLY = "enquiry_reply"
ENQUIRY_RESOLVE = "enquiry_resolve"
ENQUIRY_REOPEN = "enquiry_reopen"
ENQUIRY_SAVE_FAQ = "enquiry_save_faq"
FAQ_RETIRE = "faq_retire"
OPEN_THREAD = "open_thread"
REPLY_SEND, REPLY_EDIT, REPLY_REJECT = "reply_send", "reply_edit", "reply_reject"

_LONG, _GLIMPSE = 1500, 200
_SIGNS = {
    State.HELD: "🟣", State.SENT: "✅",
    State.OPEN: "🟠", State.CLAIMED: "🔵", State.REPLIED: "🟢", State.RESOLVED: "⚪",
}  # fmt: skip
_Element = RichTextElementParts.Text | RichTextElementParts.Date
_Text = RichTextElementParts.Text


@dataclass(frozen=True)
class Card:
    """All that a card shows."""

    handover: HandoverRow
    enquiry: EnquiryRow
    replies: Sequence[StaffReplyRow]
    names: dict[str, str]
    """What the people on it are called, by user id."""
    channel: str
    """Where it was asked, as people call it."""
    link: str | None
    """To the thread, where there is one."""
    nearest: Mapping[str, Sequence[tuple[str, str]]]
    """The nearest FAQ questions by the language they are for, each with its own; empty if staff read the asker's."""
    faq: FaqVersionRow | None
    """The FAQ entry that its reply became."""
    cited: Sequence[str]
    """What the desk quoted."""
    review: ReviewRow | None = None
    """The reply that was held, where it was."""


def card_blocks(card: Card, language: str) -> list[Block]:
    """The card, worded in a language of the staff."""
    question = RichTextQuoteElement(elements=[_Text(text=shorten(card.enquiry.question, _LONG, language))])
    blocks: list[Block] = [RichTextBlock(elements=[card_head(card, language), question])]
    for tag, questions in card.nearest.items():
        blocks.append(small(_nearest(tag, questions, language)))
    blocks.append(small(_found(card, language)))
    if card.review:
        blocks += _reviewed(card, card.review, language)
    for said in card.replies:
        blocks += [DividerBlock(), _said(said, card, language)]
    if card.faq:
        blocks.append(small(_kept(card.faq, language)))
    if card.handover.undelivered:
        _ = staff_translation(language).gettext
        problem = _("⚠️ The asker could not be told in Slack: {reason}. Please reach them another way.")
        blocks.append(paragraph(problem.format(reason=card.handover.undelivered)))
    blocks.append(ActionsBlock(elements=card_buttons(card, language)))
    return blocks


def card_text(card: Card, language: str) -> str:
    """The card in one line, for notifications."""
    question = flattened(card.enquiry.question)[:_GLIMPSE]
    return escape(f"{_SIGNS[State(card.handover.state)]} {_state(card, language)}: {question}")


def language_name(tag: str, language: str) -> str:
    """What a language is called in `language`."""
    return Locale.parse(language, sep="-").languages.get(tag.replace("-", "_")) or tag


def asker_language(enquiry: EnquiryRow) -> str:
    """The language in which the asker was, or will be, answered."""
    return enquiry.language or identify(enquiry.question)


def card_head(card: Card, language: str) -> RichTextSectionElement:
    """ "🟠 Open · asked 3 min ago in #circular-cities by Linh (Vietnamese)"."""
    _ = staff_translation(language).gettext
    tongue = language_name(asker_language(card.enquiry), language)
    asked = _("asked by {name} in {channel} ({language})").format(
        name=_name(card, card.enquiry.user), channel=card.channel, language=tongue
    )
    elements: list[_Element] = [
        _Text(text=f"{_SIGNS[State(card.handover.state)]} "),
        _Text(text=_state(card, language), style={"bold": True}),
        _Text(text=" · "),
        moment(card.handover.since),
        _Text(text=f" · {asked} "),
        moment(card.enquiry.received_at),
        _Text(text=f" · {card.enquiry.id}"),
    ]
    return RichTextSectionElement(elements=elements)


def _state(card: Card, language: str) -> str:
    _ = staff_translation(language).gettext
    handover = card.handover
    match State(handover.state):
        case State.HELD:
            return _("Reply waits for review")
        case State.SENT:
            return _("Sent by {name}").format(name=_name(card, handover.resolved_by))
        case State.OPEN:
            return _("Open")
        case State.CLAIMED:
            return _("Taken by {name}").format(name=_name(card, handover.holder))
        case State.REPLIED:
            return _("Replied to by {name}").format(name=_name(card, handover.holder))
        case State.RESOLVED:
            return _("Closed by {name}").format(name=_name(card, handover.resolved_by))


def _nearest(tag: str, questions: Sequence[tuple[str, str]], language: str) -> str:
    _ = staff_translation(language).gettext
    called = [
        quoted(question, own)
        if own == tag
        else _("{question} ({language})").format(question=quoted(question, own), language=language_name(own, language))
        for own, question in questions
    ]
    return _("Nearest in the FAQ, {language}: {questions}").format(
        language=language_name(tag, language), questions=" ".join(called)
    )


def _found(card: Card, language: str) -> str:
    """What the desk said, how sure it was, and what it quoted."""
    _ = staff_translation(language).gettext
    enquiry = card.enquiry
    if enquiry.outcome is None:
        return _("The desk could not answer: {error}").format(error=enquiry.error or "?")
    line = _("The desk said: {outcome} · confidence {confidence:.2f}").format(
        outcome=outcome_name(Outcome(enquiry.outcome), language), confidence=enquiry.confidence or 0.0
    )
    return " · ".join([line, *card.cited])


def _reviewed(card: Card, review: ReviewRow, language: str) -> list[Block]:
    """The reply that waits, or that was sent, as the asker sees it; or why it was rejected."""
    _ = staff_translation(language).gettext
    reply = review.reply
    if review.verdict == Verdict.REJECTED:
        rejected = _("{name} rejected the desk's reply: {note}").format(name=_name(card, review.by), note=review.note)
        return [paragraph(rejected), small(reply.text)]
    return held_blocks(reply, language) if card.handover.state in IN_REVIEW else []


def held_blocks(reply: Reply, language: str) -> list[Block]:
    """A reply's text and its quotations."""
    quotations = [block for c in reply.citations for block in quotation_blocks(c, language, told=reply.tells(c))]
    return [paragraph(shorten(reply.text, LONGEST_LEAD, reply.language)), *quotations]


def _kept(faq: FaqVersionRow, language: str) -> str:
    """Which FAQ entry became of it."""
    _ = staff_translation(language).gettext
    line = _("FAQ {number}, retired by {name}") if faq.retired else _("FAQ {number}, approved by {name}")
    return line.format(number=faq.number, name=faq.by_name)


def _said(said: StaffReplyRow, card: Card, language: str) -> Block:
    words = shorten(said.reply.text, _LONG, language)
    elements: list[_Element] = [
        _Text(text=f"{_name(card, said.by)} ", style={"bold": True}),
        moment(said.at),
        _Text(text=f"\n{words}"),
    ]
    return RichTextBlock(elements=[RichTextSectionElement(elements=elements)])


def card_buttons(card: Card, language: str) -> list[ButtonElement]:
    _ = staff_translation(language).gettext
    enquiry = card.enquiry.id
    claim = button(_("Take it"), ENQUIRY_CLAIM, enquiry, "primary")
    reply = button(_("Reply"), ENQUIRY_REPLY, enquiry)
    release = button(_("Give back"), ENQUIRY_RELEASE, enquiry)
    resolve = button(_("Close"), ENQUIRY_RESOLVE, enquiry)
    reopen = button(_("Open again"), ENQUIRY_REOPEN, enquiry)
    is_kept = card.faq is not None and not card.faq.retired
    save = button(_("Edit FAQ entry") if is_kept else _("Save as FAQ entry"), ENQUIRY_SAVE_FAQ, enquiry)
    send = button(_("Send"), REPLY_SEND, enquiry, "primary")
    edit = button(_("Edit") if card.review else _("Review"), REPLY_EDIT, enquiry)
    reject = button(_("Reject"), REPLY_REJECT, enquiry)
    buttons = {
        # Nobody sends what they have not seen: without the reply on it, there is only the way to it.
        State.HELD: [send, edit, reject] if card.review else [edit],
        State.SENT: [reopen],
        State.OPEN: [claim, reply, resolve],
        State.CLAIMED: [reply, release, resolve],
        State.REPLIED: [save, reply, resolve, reopen],
        State.RESOLVED: [*([save] if card.replies else []), reopen],
    }[State(card.handover.state)]
    if is_kept:
        retire = button(_("Retire FAQ entry"), FAQ_RETIRE, enquiry)
        retire.confirm = ConfirmObject(
            title=_("Retire FAQ entry"),
            text=PlainTextObject(text=_("The desk will not answer with it any more. Its history is kept.")),
            confirm=_("Retire"),
            deny=_("Cancel"),
        )
        buttons.append(retire)
    if card.link:
        thread = button(_("Open thread"), OPEN_THREAD, enquiry)
        thread.url = card.link
        buttons.append(thread)
    return buttons


def _name(card: Card, user: str | None) -> str:
    return card.names.get(user or "", user or "?")
