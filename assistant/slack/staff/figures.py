"""What the desk counts and holds is called in a language of the staff: in the digest, the report, forms and Homes."""

from __future__ import annotations

import gettext
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_interval, format_timedelta

from assistant.handover import State
from assistant.languages import FALLBACK
from assistant.messages import staff_translation
from assistant.models import Outcome
from corpus.models import Authority, Kind


def staff_language(language: str) -> str:
    """`language` if there are words for staff in it, else the one in which they will be: names should match them."""
    return language if isinstance(staff_translation(language), gettext.GNUTranslations) else FALLBACK


def outcome_name(outcome: Outcome, language: str) -> str:
    """How the desk replied: "answered", "the documents are silent"."""
    _ = staff_translation(language).gettext
    return {
        Outcome.ANSWERED: _("answered"),
        Outcome.POSSIBLE: _("perhaps"),
        Outcome.NOT_STATED: _("the documents are silent"),
        Outcome.NOT_FOUND: _("found nothing"),
        Outcome.HELP: _("told what it can do"),
    }[outcome]


def failed_name(language: str) -> str:
    """What enquiries are called that got no reply."""
    return staff_translation(language).gettext("failed")


def state_name(state: State, language: str) -> str:
    """How far a handover is."""
    _ = staff_translation(language).gettext
    return {
        State.HELD: _("In review"),
        State.SENT: _("Reviewed and sent"),
        State.OPEN: _("Open"),
        State.CLAIMED: _("Taken"),
        State.REPLIED: _("Replied to"),
        State.RESOLVED: _("Closed"),
    }[state]


def topic_name(topic: str, language: str) -> str:
    """What a topic of the FAQ is called; a topic that is not known here, as the FAQ's files call it."""
    _ = staff_translation(language).gettext
    return {
        "conference": _("The conference"),
        "contacts": _("Contacts"),
        "declaration": _("The declaration"),
        "europe": _("Europe"),
        "joining": _("Joining"),
        "letter": _("The open letter"),
        "organisations": _("Organisations"),
        "staff": _("Answers of staff"),
    }.get(topic, topic)


def kind_name(kind: Kind, language: str) -> str:
    """What a kind of documents is called."""
    _ = staff_translation(language).gettext
    return {
        Kind.PRESS_RELEASE: _("press release"),
        Kind.OPEN_LETTER: _("open letter"),
        Kind.FRAMEWORK: _("framework"),
        Kind.FAQ: _("FAQ"),
        Kind.OTHER: _("other"),
    }[kind]


def authority_name(kind: Kind, authority: Authority, language: str) -> str:
    """What weight a document of a kind has."""
    _ = staff_translation(language).gettext
    if kind is Kind.FAQ:
        return _("answers prepared by this desk")
    return {
        Authority.OFFICIAL: _("official"),
        Authority.STAFF: _("approved by staff"),
        Authority.DIGEST: _("digest"),
    }[authority]


def period_name(since: datetime, until: datetime, zone: str, language: str) -> str:
    """The days from `since` up to, and not with, `until`: "Nov 16 – 22, 2026"."""
    here = ZoneInfo(zone)
    first, last = since.astimezone(here).date(), (until - timedelta(microseconds=1)).astimezone(here).date()
    return str(format_interval(first, last, "yMMMd", locale=Locale.parse(language, sep="-")))


def duration_name(duration: timedelta, language: str) -> str:
    """About how long: "2 hours"."""
    return format_timedelta(duration, granularity="minute", locale=Locale.parse(language, sep="-"))
