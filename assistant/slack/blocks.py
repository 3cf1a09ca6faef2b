"""Replies as Block Kit. Words from documents and people go into rich text, which never pings or formats."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextActionsBlock,
    ContextBlock,
    FeedbackButtonObject,
    FeedbackButtonsElement,
    Option,
    PlainTextObject,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextQuoteElement,
    RichTextSectionElement,
    StaticSelectElement,
)

from assistant import wording
from assistant.context import Context
from assistant.messages import translation
from assistant.models import Citation, Outcome, Reply
from assistant.slack.text import escape, shorten
from corpus.sentences import split_sentences

ANSWER_FEEDBACK = "answer_feedback"
SHOW_CONTEXT = "show_context"
ASK_STAFF = "ask_staff"
ASK_EXAMPLE = "ask_example"
EXAMPLE_ACTIONS = re.compile(rf"^{ASK_EXAMPLE}:\d+$")

_QUOTE = 900
LONGEST_LEAD = 2500
_SMALL = 500
_BUTTON = 75
_AROUND = 500
_CUT = "…"
_Text = RichTextElementParts.Text


def reply_blocks(reply: Reply, enquiry_id: str, *notes: Block) -> list[Block]:
    """A reply: the answer, its quotations each with where to find it, the index's date, `notes`, the buttons."""
    _ = translation(reply.language).gettext
    blocks: list[Block] = [paragraph(shorten(reply.text, LONGEST_LEAD, reply.language))]
    for citation in reply.citations:
        blocks += quotation_blocks(citation, reply.language, told=reply.tells(citation))
    if contact := wording.contact_line(reply):
        blocks.append(paragraph(shorten(contact, _SMALL, reply.language)))
    blocks += [small(wording.index_line(reply)), *notes]
    ask = button(wording.ask_a_person(reply.language), ASK_STAFF, enquiry_id)
    show = button(_("Show in context"), SHOW_CONTEXT, enquiry_id)
    is_settled = reply.outcome in {Outcome.ANSWERED, Outcome.HELP}
    buttons = [*([show] if reply.citations else []), ask] if is_settled else [ask, *([show] if reply.citations else [])]
    blocks.append(ActionsBlock(elements=buttons))
    if reply.examples:
        blocks.append(example_buttons(reply.examples, reply.language))
    blocks.append(_feedback(reply, enquiry_id))
    return blocks


def reply_text(reply: Reply) -> str:
    """The reply in one string, for notifications and screen readers."""
    return escape(shorten(reply.text, LONGEST_LEAD, reply.language))


def context_blocks(contexts: list[Context], language: str) -> list[Block]:
    """Quotations with the passages around them, the quoted words in bold."""
    blocks: list[Block] = []
    for context in contexts:
        line = wording.citation_line(context.citation, language)
        blocks.append(small(f"[{context.citation.number}] {line}"))
        parts = [
            *([_Text(text=_end_of(context.before.text) + "\n\n")] if context.before else []),
            *_marked(context.passage.text, context.citation.quote, language),
            *([_Text(text="\n\n" + shorten(context.after.text, _AROUND, language))] if context.after else []),
        ]
        blocks.append(RichTextBlock(elements=[RichTextQuoteElement(elements=parts)]))
    return blocks


def question_block(question: str) -> Block:
    """A question shown above its reply."""
    return small(f"? {question}")


def quotation_blocks(citation: Citation, language: str, *, told: bool = False) -> list[Block]:
    """The words of a citation, set off unless they are `told` above, and where they stand."""
    words = shorten(citation.quote, _QUOTE, language)
    line = f"[{citation.number}] {wording.citation_line(citation, language)}"
    if told:
        return [small(line)]
    return [RichTextBlock(elements=[RichTextQuoteElement(elements=[_Text(text=words)])]), small(line)]


def notice_blocks(text: str) -> list[Block]:
    return [paragraph(text)]


def _marked(text: str, quote: str, language: str) -> list[RichTextElementParts.Text]:
    """A passage's words, those of the quotation in bold; the far ends of a long passage are cut off."""
    before, _, after = text.partition(quote) if quote in text else ("", "", "\n" + text)
    parts = [
        _Text(text=_end_of(before)) if before else None,
        _Text(text=shorten(quote, _QUOTE, language), style={"bold": True}),
        _Text(text=shorten(after, _AROUND, language)) if after else None,
    ]
    return [part for part in parts if part]


def _end_of(text: str) -> str:
    return text if len(text) <= _AROUND else _CUT + text[-_AROUND:]


def example_buttons(examples: Sequence[str], language: str) -> Block:
    """Questions to ask at one press."""
    return ActionsBlock(
        elements=[
            ButtonElement(
                text=PlainTextObject(text=shorten(example, _BUTTON, language), emoji=False),
                action_id=f"{ASK_EXAMPLE}:{number}",
                value=example,
            )
            for number, example in enumerate(examples)
        ]
    )


def _feedback(reply: Reply, enquiry_id: str) -> Block:
    _ = translation(reply.language).gettext
    return ContextActionsBlock(
        elements=[
            FeedbackButtonsElement(
                action_id=ANSWER_FEEDBACK,
                positive_button=FeedbackButtonObject(text=_("Helpful"), value=f"+{enquiry_id}"),
                negative_button=FeedbackButtonObject(text=_("Not helpful"), value=f"-{enquiry_id}"),
            )
        ]
    )


def paragraphs(text: str, language: str) -> list[Block]:
    """A text of any length, cut at the ends of sentences into blocks that Slack takes; nothing is left out."""
    shown: list[Block] = []
    while len(text) > LONGEST_LEAD:
        ends = [end for _, end in split_sentences(text, language) if end <= LONGEST_LEAD]
        cut = ends[-1] if ends else LONGEST_LEAD
        shown.append(paragraph(text[:cut].strip()))
        text = text[cut:].strip()
    return [*shown, paragraph(text)]


def button(text: str, action_id: str, value: str, style: str | None = None) -> ButtonElement:
    return ButtonElement(
        text=PlainTextObject(text=text[:_BUTTON], emoji=False), action_id=action_id, value=value, style=style
    )


def menu(action_id: str, options: Mapping[str, str], chosen: str) -> StaticSelectElement:
    """A menu of texts by their values, one of them chosen."""
    offered = {value: Option(value=value, text=text[:_BUTTON]) for value, text in options.items()}
    return StaticSelectElement(action_id=action_id, options=list(offered.values()), initial_option=offered[chosen])


def paragraph(text: str) -> RichTextBlock:
    """Running text, just as it is."""
    return RichTextBlock(elements=[RichTextSectionElement(elements=[_Text(text=text)])])


def moment(value: datetime) -> RichTextElementParts.Date:
    """A moment in the reader's own time zone."""
    return RichTextElementParts.Date(
        timestamp=int(value.timestamp()), format="{date_short_pretty} {time}", fallback=f"{value:%Y-%m-%d %H:%M} UTC"
    )


def bullets(items: Sequence[Sequence[RichTextElement]]) -> RichTextBlock:
    """A list, each item made of parts of rich text."""
    sections = [RichTextSectionElement(elements=list(item)) for item in items]
    return RichTextBlock(elements=[RichTextListElement(style="bullet", elements=sections)])


def small(text: str) -> ContextBlock:
    """A line beside the matter."""
    return ContextBlock(elements=[PlainTextObject(text=text[:_SMALL], emoji=False)])
