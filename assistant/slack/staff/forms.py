"""The forms that staff fill in: a reply, an FAQ entry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
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
from assistant.slack.text import flattened, shorten
from assistant.suggestions import Suggestions, question_of
from assistant.wording import listed
from corpus.faq import Quotation, Review, Wording

REPLY_FORM = "enquiry_reply_form"
REPLY_TEXT, REPLY_FAQ, REPLY_CITATIONS = "reply_text", "reply_faq", "reply_citations"
FAQ_FORM = "enquiry_save_faq_form"
FAQ_QUESTION, FAQ_ANSWER = "faq_question", "faq_answer"
"""Of the language that was asked in; with ":ja" and the like those of other languages."""
FAQ_QUOTATIONS, FAQ_PUBLIC = "faq_quotations", "faq_public"
_LONGEST_REPLY = 3000
_OPTION = 75
_QUESTION = 1000
_BOXES = 10
"""As many as Slack shows in one input."""


@dataclass(frozen=True)
class Draft:
    """An FAQ entry on its way through the form."""

    language: str
    """That it must be worded in: the asker's."""
    wordings: dict[str, Wording]
    quotations: tuple[Quotation, ...] = ()
    version: int = 0
    """The version of the entry that it changes; 0 where there is none yet."""
    public: bool = False
    """Whether somebody said that what looks personal in it may be public."""

    def worded(self, languages: Sequence[str]) -> dict[str, Wording | None]:
        """Its wordings by language, with empty ones for further `languages`."""
        return {tag: self.wordings.get(tag) for tag in dict.fromkeys([self.language, *languages, *self.wordings])}

    def input(self, name: str, tag: str) -> str:
        """What FAQ_QUESTION or FAQ_ANSWER is called for a language."""
        return name if tag == self.language else f"{name}:{tag}"

    def text(self) -> str:
        return "\n".join("\n".join([*w.questions, w.answer]) for w in self.wordings.values())


def reply_form(enquiry: EnquiryRow, suggestions: Suggestions, draft: str, language: str) -> View:
    """The form for a reply, with a draft, the nearest answers that may be sent instead, and passages to tick."""
    _ = staff_translation(language).gettext
    asker = asker_language(enquiry)
    shown: list[Block] = [
        paragraph(shorten(flattened(enquiry.question), _QUESTION, language)),
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
        initial_value=draft[:_LONGEST_REPLY] or None,
        placeholder=_("What the asker should know, in their language"),
    )
    limit = _("At most 3,000 characters.")
    drafted = _("A draft from the nearest answer stands here: change it, or write your own.")
    hint = PlainTextObject(text=f"{drafted} {limit}" if draft else limit)
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
    ticked = _ticked(state, REPLY_CITATIONS)
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
                text=shorten(question_of(entry, language)[1], _OPTION, language),
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


def _quotation(quotation: Quotation) -> Option:
    return Option(
        value=_key(quotation),
        text=shorten(quotation.quote, _OPTION, FALLBACK),
        description=shorten(quotation.document, _OPTION, FALLBACK),
    )


def _key(quoted: Citation | Quotation) -> str:
    """Names a passage's quotation, in whatever language it is located."""
    return f"{quoted.document}:{hashlib.sha256(quoted.quote.encode()).hexdigest()[:16]}"


def _value(state: dict[str, Any], name: str, kind: str) -> Any:
    """What stands in an input of the form; None where it is not there or was left empty."""
    given = state.get(name, {}).get(name)
    return getattr(given, kind, None) if given is not None else None


def _ticked(state: dict[str, Any], name: str) -> set[str]:
    """The values of the boxes that are ticked in an input of the form."""
    return {option.value for option in _value(state, name, "selected_options") or ()}


def faq_form(enquiry_id: str, entry: Draft, quotable: Sequence[Quotation], details: Sequence[str],
             languages: Sequence[str]) -> View:  # fmt: skip
    """The form for an FAQ entry, with what may be quoted to tick; `details` are personal ones in the entry,
    `languages` those of the staff."""
    language = languages[0]
    _ = staff_translation(language).gettext
    shown: list[Block] = []
    if details:
        warning = _("⚠️ Please check before saving, these look like personal details: {details}")
        shown.append(paragraph(warning.format(details=listed(details, language))))
    for tag, wording in entry.worded(languages).items():
        asked, answered = entry.input(FAQ_QUESTION, tag), entry.input(FAQ_ANSWER, tag)
        called, optional = language_name(tag, language), tag != entry.language
        question = PlainTextInputElement(
            action_id=asked, multiline=True, max_length=_LONGEST_REPLY,
            initial_value="\n".join(wording.questions)[:_LONGEST_REPLY] if wording else None,
        )  # fmt: skip
        answer = PlainTextInputElement(
            action_id=answered, multiline=True, max_length=_LONGEST_REPLY,
            initial_value=wording.answer[:_LONGEST_REPLY] if wording else None,
        )  # fmt: skip
        hint = PlainTextObject(text=_("One question a line: the first is shown, the others are ways to ask it."))
        shown += [
            InputBlock(
                block_id=asked, label=_("Question, {language}").format(language=called),
                hint=hint, element=question, optional=optional,
            ),
            InputBlock(
                block_id=answered, label=_("Answer, {language}").format(language=called),
                element=answer, optional=optional,
            ),
        ]  # fmt: skip
    shown.append(small(_("Whoever reads another language is given the English words, or else the first ones here.")))
    if offered := quotable[:_BOXES]:
        boxes = CheckboxesElement(
            action_id=FAQ_QUOTATIONS,
            options=[_quotation(quotation) for quotation in offered],
            initial_options=[_quotation(each) for each in offered if each in entry.quotations] or None,
        )
        label = _("Quotations that carry it")
        shown.append(InputBlock(block_id=FAQ_QUOTATIONS, label=label, element=boxes, optional=True))
    public = CheckboxesElement(
        action_id=FAQ_PUBLIC, options=[Option(value=FAQ_PUBLIC, text=_("What looks personal in it may be public."))]
    )
    shown.append(InputBlock(block_id=FAQ_PUBLIC, label=_("Personal details"), element=public, optional=True))
    return View(
        type="modal",
        callback_id=FAQ_FORM,
        title=PlainTextObject(text=_("FAQ entry")),
        submit=PlainTextObject(text=_("Approve")),
        close=PlainTextObject(text=_("Cancel")),
        private_metadata=json.dumps({"enquiry": enquiry_id, "language": entry.language, "version": entry.version}),
        blocks=shown,
    )


def notice(text: str, language: str) -> View:
    """What takes the place of an FAQ form that has nothing to change."""
    _ = staff_translation(language).gettext
    return View(type="modal", title=PlainTextObject(text=_("FAQ entry")), blocks=[paragraph(text)])


class FormError(Exception):
    """Something in a form must be put right; `field` is its input."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field, self.problem = field, problem


def entry_in(view: dict[str, Any], quotable: Sequence[Quotation], language: str) -> Draft:
    """What a filled-in FAQ form says. Raises FormError; `language` is that of its message."""
    _ = staff_translation(language).gettext
    about = json.loads(view["private_metadata"])
    state = ViewState(**view["state"]).values
    wordings: dict[str, Wording] = {}
    for block in state:
        name, _sep, tag = block.partition(":")
        if name != FAQ_QUESTION:
            continue
        suffix = f":{tag}" if tag else ""
        lines = (_value(state, f"{FAQ_QUESTION}{suffix}", "value") or "").splitlines()
        questions = tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
        answer = (_value(state, f"{FAQ_ANSWER}{suffix}", "value") or "").strip()
        if questions and answer:
            wordings[tag or about["language"]] = Wording(questions=questions, answer=answer)
        elif questions:
            raise FormError(f"{FAQ_ANSWER}{suffix}", _("There is a question without an answer."))
        elif answer:
            raise FormError(f"{FAQ_QUESTION}{suffix}", _("There is an answer without a question."))
    if about["language"] not in wordings:
        raise FormError(FAQ_QUESTION, _("Write a question and an answer."))
    ticked = _ticked(state, FAQ_QUOTATIONS)
    quotations = tuple(quotation for quotation in quotable if _key(quotation) in ticked)
    return Draft(about["language"], wordings, quotations, about["version"], public=bool(_ticked(state, FAQ_PUBLIC)))
