"""The forms that staff fill in: a reply."""

from __future__ import annotations

import hashlib
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.views import View, ViewState

from assistant.enquiries import EnquiryRow
from assistant.handover import StaffReply
from assistant.languages import FALLBACK
from assistant.messages import staff_translation
from assistant.models import Citation
from assistant.slack.blocks import paragraph, small
from assistant.slack.staff.cards import asker_language, language_name
from assistant.slack.text import shorten
from assistant.suggestions import Suggestions, question_of
from corpus.faq import Review

REPLY_FORM = "enquiry_reply_form"
REPLY_TEXT, REPLY_FAQ, REPLY_CITATIONS = "reply_text", "reply_faq", "reply_citations"
_LONGEST_REPLY = 3000
_OPTION = 75
_QUESTION = 1000


def reply_form(enquiry: EnquiryRow, suggestions: Suggestions, language: str) -> View:
    """The form for a reply, with a draft, the nearest answers that may be sent instead, and passages to tick."""
    _ = staff_translation(language).gettext
    asker = asker_language(enquiry)
    shown: list[Block] = [
        paragraph(shorten(enquiry.question, _QUESTION, language)),
        small(_("The asker reads {language}.").format(language=language_name(asker, language))),
    ]
    if answers := _answers(suggestions, asker, language):
        select = StaticSelectElement(action_id=REPLY_FAQ, options=answers)
        label = _("Send this answer of the FAQ, in the asker's language")
        shown.append(InputBlock(block_id=REPLY_FAQ, label=label, element=select, optional=True))
    text = PlainTextInputElement(
        action_id=REPLY_TEXT,
        multiline=True,
        max_length=_LONGEST_REPLY,
        initial_value=suggestions.draft(asker)[:_LONGEST_REPLY] or None,
    )
    hint = PlainTextObject(text=_("A draft from the nearest answer stands here: change it, or write your own."))
    shown.append(InputBlock(block_id=REPLY_TEXT, label=_("Your reply"), hint=hint, element=text, optional=True))
    if passages := [_passage(citation) for citation in suggestions.citations]:
        boxes = CheckboxesElement(action_id=REPLY_CITATIONS, options=passages)
        label = _("Passages to quote below it")
        shown.append(InputBlock(block_id=REPLY_CITATIONS, label=label, element=boxes, optional=True))
    return View(
        type="modal",
        callback_id=REPLY_FORM,
        title=PlainTextObject(text=_("Reply")),
        submit=PlainTextObject(text=_("Send")),
        close=PlainTextObject(text=_("Cancel")),
        private_metadata=enquiry.id,
        blocks=shown,
    )


def reply_in(view: dict[str, Any], suggestions: Suggestions, asker: str) -> StaffReply | None:
    """What a filled-in form says; None if it says nothing.

    An answer of the FAQ takes the draft's place; whatever was written instead of the draft goes before it.
    """
    state = ViewState(**view["state"]).values
    written = _value(state, REPLY_TEXT, "value") or ""
    chosen = _value(state, REPLY_FAQ, "selected_option")
    ticked = {option["value"] for option in _value(state, REPLY_CITATIONS, "selected_options") or ()}
    entry = next((e for e in suggestions.entries if chosen and e.id == chosen["value"]), None)
    parts = [written.strip()]
    if entry is not None:
        if written.strip() == suggestions.draft(asker).strip():
            parts = []
        parts.append(entry.wordings[asker].answer)
    text = "\n\n".join(part for part in parts if part)
    if not text:
        return None
    quoted = [citation for citation in suggestions.citations if _key(citation) in ticked]
    numbered = tuple(c.model_copy(update={"number": number}) for number, c in enumerate(quoted, 1))
    return StaffReply(text=text, citations=numbered, faq_entry=entry.id if entry else None)


def _answers(suggestions: Suggestions, asker: str, language: str) -> list[Option]:
    """The FAQ's answers in the asker's language, called by their questions in the staff's."""
    _ = staff_translation(language).gettext
    options = []
    for entry, worded in suggestions.answers(asker):
        note = _("approved") if worded.review is Review.APPROVED else _("translation not reviewed")
        options.append(
            Option(
                value=entry.id,
                text=shorten(question_of(entry, language), _OPTION, language),
                description=shorten(f"{note}: {worded.answer}", _OPTION, asker),
            )
        )
    return options


def _passage(citation: Citation) -> Option:
    name = f"{citation.source} · {citation.locator}"
    return Option(
        value=_key(citation),
        text=shorten(name, _OPTION, FALLBACK),
        description=shorten(citation.quote, _OPTION, FALLBACK),
    )


def _key(citation: Citation) -> str:
    """Names a passage's quotation, in whatever language it is located."""
    return f"{citation.document}:{hashlib.sha256(citation.quote.encode()).hexdigest()[:16]}"


def _value(state: dict[str, Any], name: str, kind: str) -> Any:
    """What stands in an input of the form; None where it is not there or was left empty."""
    given = state.get(name, {}).get(name)
    return getattr(given, kind, None) if given is not None else None
