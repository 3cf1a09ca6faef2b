"""Cards made by hand, where a test needs one that no enquiry of the small FAQ would get."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from slack_sdk.models.blocks import Block

from assistant.database import now
from assistant.enquiries import EnquiryRow
from assistant.handover import HandoverRow, State
from assistant.slack.staff.cards import Card, card_blocks
from assistant.suggestions import question_of
from corpus.faq import Approval, FaqEntry, Wording
from tests.slack.workspace import View

QUESTIONS = {"en": "What is the fee?", "ja": "費用はいくらですか？", "th": "ค่าธรรมเนียมเท่าไร"}
CARD = Card(
    handover=HandoverRow(enquiry_id="7d0795ac", state=State.OPEN, since=now(), asked_by="U1", asked_at=now()),
    enquiry=EnquiryRow(id="7d0795ac", channel="C1", ts="1.0", thread="1.0", user="U1", question="Phí là bao nhiêu?",
                       received_at=now(), language="vi", outcome="not_found", confidence=0.0),
    replies=(), names={}, channel="#cities", link=None, nearest={}, faq=None, cited=(),
)  # fmt: skip


def entry(*languages: str) -> FaqEntry:
    return FaqEntry(
        number=1001, id="staff-1", topic="staff", approval=Approval(by="Sato", on=date(2026, 11, 24)),
        wordings={tag: Wording(questions=(QUESTIONS[tag],), answer="…") for tag in languages},
    )  # fmt: skip


def shown(blocks: list[Block]) -> str:
    return View("", "", {"blocks": [block.to_dict() for block in blocks]}).shown


@pytest.mark.parametrize(
    ("worded", "line"),
    [
        (("en", "ja"), "Nearest in the FAQ, English: “What is the fee?”"),
        (("ja", "th"), "Nearest in the FAQ, English: 「費用はいくらですか？」 (Japanese)"),
        (("th",), "Nearest in the FAQ, English: “ค่าธรรมเนียมเท่าไร” (Thai)"),
    ],
)
def test_a_near_question_that_is_not_in_the_readers_language_says_in_which_it_is(
    worded: tuple[str, ...], line: str
) -> None:
    near = question_of(entry(*worded), "en")
    assert line in shown(card_blocks(replace(CARD, nearest={"en": [near]}), "en")).splitlines()
