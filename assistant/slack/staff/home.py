"""What staff and admins see in the App Home besides: the queue, the week, what waits for review, the index."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from babel.dates import format_timedelta
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ConfirmObject,
    HeaderBlock,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
)

from assistant import wording
from assistant.database import now
from assistant.dates import day, published
from assistant.desk import Desk
from assistant.enquiries import EnquiryRow, Record
from assistant.handover import HandoverRow, Handovers, State
from assistant.locators import entry_locator, source_name
from assistant.messages import staff_translation
from assistant.models import Outcome
from assistant.preferences import PreferenceRow
from assistant.settings import Settings
from assistant.slack.blocks import bullets, button, menu, paragraph, small
from assistant.slack.people import People, Role
from assistant.slack.staff.cards import Card, asker_language, card_buttons, card_head, language_name
from assistant.slack.staff.rebuilds import INDEX_REFRESH, INDEX_ROLLBACK, trial_lines
from assistant.slack.text import shorten
from assistant.slack.threads import Threads
from assistant.staff_faq import StaffFaq
from assistant.statistics import Statistics, gather
from assistant.suggestions import question_of
from corpus.faq import FaqEntry, Review
from corpus.models import Authority
from index.generation import IndexedDocument
from index.store import DamagedPointerError

_log = logging.getLogger(__name__)
QUEUE_STATE, QUEUE_LANGUAGE = "queue_state", "queue_language"
ALL = "all"
"""What a filter is set to that lets all through."""
_WEEK = timedelta(days=7)
_FRESH = timedelta(minutes=5)
_QUEUED, _GROUPS, _REVIEWED, _DOCUMENTS = 10, 5, 2, 20
_QUESTION, _SHORT = 300, 60
_SHA = 8
_Text = RichTextElementParts.Text
_Matter = tuple[HandoverRow, EnquiryRow]
