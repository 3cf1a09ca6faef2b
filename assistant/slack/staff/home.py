"""What staff and admins see in the App Home besides: the queue, the week, what waits for review, the index."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    HeaderBlock,
    PlainTextObject,
    RichTextBlock,
    RichTextElement,
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
from assistant.preferences import PreferenceRow
from assistant.settings import Settings
from assistant.slack.blocks import bullets, button, menu, paragraph, small
from assistant.slack.people import People, Role
from assistant.slack.staff.cards import Card, asker_language, card_buttons, card_head, language_name
from assistant.slack.staff.figures import (
    authority_name,
    duration_name,
    failed_name,
    outcome_name,
    staff_language,
    state_name,
    topic_name,
)
from assistant.slack.staff.rebuilds import INDEX_REFRESH, INDEX_ROLLBACK, trial_lines
from assistant.slack.text import flattened, shorten
from assistant.slack.threads import Threads
from assistant.staff_faq import StaffFaq
from assistant.statistics import Statistics, gather
from assistant.suggestions import question_of
from corpus.faq import Review
from index.generation import IndexedDocument
from index.store import DamagedPointerError

QUEUE_STATE, QUEUE_LANGUAGE = "queue_state", "queue_language"
ALL = "all"
"""What a filter is set to that lets all through."""
_WAITING = (State.HELD, State.OPEN, State.CLAIMED, State.REPLIED)
_WEEK = timedelta(days=7)
_FRESH = timedelta(minutes=5)
_QUEUED, _GROUPS, _REVIEWED, _NAMED, _DOCUMENTS = 10, 5, 3, 3, 20
_QUESTION = 300
_SHA = 8
_Text = RichTextElementParts.Text
_Matter = tuple[HandoverRow, EnquiryRow]


class StaffHome:
    """Makes the staff's and the admins' parts of Homes."""

    def __init__(self, desk: Desk, record: Record, handovers: Handovers, people: People, threads: Threads,
                 settings: Settings) -> None:  # fmt: skip
        self._desk = desk
        self._record = record
        self._handovers = handovers
        self._staff_faq = StaffFaq(record.database)
        self._people = people
        self._threads = threads
        self._languages = settings.desk_staff_languages
        self._zone = settings.desk_timezone
        self._week: tuple[Statistics, int] | None = None
        """What was asked, and by how many."""
        self._counting = threading.Lock()

    def count(self) -> bool:
        """Count what the week has brought, unless that was done a moment ago; whether it was counted."""
        with self._counting:
            if self._week and now() - self._week[0].until < _FRESH:
                return False
            until = now()
            since = until - _WEEK
            counted = gather(self._record.database, since, until, self._desk, self._languages)
            self._week = counted, self._record.askers(since)
            return True

    def blocks(self, chosen: PreferenceRow, reader: str, role: Role) -> list[Block]:
        """What somebody of the staff sees, in the language that they read if the staff reads it."""
        language = staff_language(reader if reader in self._languages else self._languages[0])
        shown = [*self._queue(chosen, language), *self._of_week(language), *self._reviews(language)]
        return [*shown, *self._index(language)] if role >= Role.ADMIN else shown

    # the queue

    def _queue(self, chosen: PreferenceRow, language: str) -> list[Block]:
        """What is not resolved, as filtered: first what waits for staff, of that what was asked first."""
        _ = staff_translation(language).gettext
        matters = self._handovers.with_enquiries(*_WAITING)
        if not matters:
            return [HeaderBlock(text=_("Queue")), paragraph(_("Nothing waits for a person."))]
        state, tongue = chosen.queue_state or ALL, chosen.queue_language or ALL
        found = [
            matter
            for matter in sorted(matters, key=lambda matter: matter[0].state == State.REPLIED)
            if state in {ALL, matter[0].state} and tongue in {ALL, asker_language(matter[1])}
        ]
        filters = ActionsBlock(
            elements=[
                menu(QUEUE_STATE, _states(matters, language), state),
                menu(QUEUE_LANGUAGE, _tongues(matters, tongue, language), tongue),
            ]
        )
        shown: list[Block] = [HeaderBlock(text=_("Queue")), filters]
        if not found:
            shown.append(paragraph(_("Nothing here is as chosen above.")))
        for handover, enquiry in found[:_QUEUED]:
            shown += self._entry(handover, enquiry, language)
        return [*shown, *_more(len(found) - _QUEUED, language)]

    def _entry(self, handover: HandoverRow, enquiry: EnquiryRow, language: str) -> list[Block]:
        """A handover with the buttons of its card."""
        users = {enquiry.user, handover.holder}
        card = Card(
            handover=handover,
            enquiry=enquiry,
            replies=(),
            names={user: self._people.name(user) for user in users if user},
            channel=self._people.channel_name(enquiry.channel),
            link=self._threads.link(enquiry),
            nearest={},
            faq=self._staff_faq.of(enquiry.id),
            cited=(),
        )
        question = RichTextQuoteElement(elements=[_Text(text=shorten(enquiry.question, _QUESTION, language))])
        head = RichTextBlock(elements=[card_head(card, language), question])
        return [head, ActionsBlock(elements=card_buttons(card, language))]

    # the week

    def _of_week(self, language: str) -> list[Block]:
        """What was asked, and what of it nobody could answer."""
        _ = staff_translation(language).gettext
        head = HeaderBlock(text=_("The last seven days"))
        if self._week is None:
            return [head, small(_("They are being counted …"))]
        week, askers = self._week
        if not week.enquiries:
            return [head, paragraph(_("Nobody has asked anything."))]
        outcomes = {outcome_name(outcome, language): count for outcome, count in week.outcomes.items()}
        outcomes[failed_name(language)] = week.failed
        languages = {language_name(tag, language): count for tag, count in week.languages.items()}
        topics = {topic_name(topic, language): count for topic, count in week.topics.items()}
        lines = [
            _line(_("Enquiries: {count}").format(count=week.enquiries), _counted(outcomes)),
            _line(_("People who asked: {count}").format(count=askers)),
            _line(_("Languages"), _counted(languages)),
            *([_line(_("Topics"), _counted(topics))] if topics else []),
        ]
        return [head, bullets(lines), *self._unanswered(week, language)]

    def _unanswered(self, week: Statistics, language: str) -> list[Block]:
        """Questions, grouped, to which neither the desk nor a person has had an answer."""
        _ = staff_translation(language).gettext
        groups = week.unreplied
        if not groups:
            return []
        items = []
        for group in groups[:_GROUPS]:
            tongues = wording.listed([language_name(tag, language) for tag in group.languages], language)
            question = wording.quoted(shorten(flattened(group.question), _QUESTION, group.language), group.language)
            items.append(_line(f"{group.unreplied} × {question}", tongues))
        head = HeaderBlock(text=_("Nobody could answer"))
        return [head, bullets(items), *_more(len(groups) - _GROUPS, language)]

    # translations

    def _reviews(self, language: str) -> list[Block]:
        """Of each language, how many entries of the FAQ wait for somebody who reads it; and the first of them."""
        _ = staff_translation(language).gettext
        waiting = [
            (entry, [tag for tag, worded in entry.wordings.items() if worded.review is Review.UNREVIEWED])
            for entry in self._desk.generation.faq.entries
        ]
        counts = Counter(tag for _entry, tags in waiting for tag in tags)
        if not counts:
            return []
        items = [_line(_("Languages"), _counted({language_name(tag, language): n for tag, n in counts.most_common()}))]
        found = [(entry, tags) for entry, tags in waiting if tags]
        for entry, tags in found[:_REVIEWED]:
            tag, question = question_of(entry, language)
            question = wording.quoted(shorten(question, _QUESTION, tag), tag)
            names = " · ".join(language_name(tag, language) for tag in tags)
            some = names if len(tags) <= _NAMED else _("{count} languages").format(count=len(tags))
            items.append(_line(f"{entry_locator(entry)} {question}", some))
        advice = _("If you read one of these languages: check the answers, and tell an admin which ones are right.")
        head = HeaderBlock(text=_("FAQ: translations to review"))
        return [head, bullets(items), *_more(len(found) - _REVIEWED, language), small(advice)]

    # the index

    def _index(self, language: str) -> list[Block]:
        """Which index answers, how it fared, what it holds, and how to change it."""
        _ = staff_translation(language).gettext
        generation = self._desk.generation
        manifest = generation.manifest
        built = datetime.fromisoformat(manifest.created)
        fared = trial_lines(manifest.trial, language) or [_("none, for there was no index before it")]
        if manifest.trial and manifest.trial.forced:
            fared.append(_("made current although it is worse"))
        about = [
            _line(_("Age"), duration_name(now() - built, language)),
            _line(_("Last evaluation"), " · ".join(fared)),
        ]
        documents = [_document(each, each.document.id in generation.documents, language) for each in manifest.documents]
        return [
            HeaderBlock(text=_("Index and documents")),
            paragraph(wording.status(generation, self._zone, language)),
            bullets([*about, *documents[:_DOCUMENTS]]),
            *_more(len(documents) - _DOCUMENTS, language),
            ActionsBlock(elements=[self._refresh(manifest.id, language), *self._rollback(language)]),
        ]

    def _refresh(self, generation: str, language: str) -> ButtonElement:
        _ = staff_translation(language).gettext
        return button(_("Refresh the index"), INDEX_REFRESH, generation)

    def _rollback(self, language: str) -> list[ButtonElement]:
        """To the generation before; no button where there is none."""
        _ = staff_translation(language).gettext
        try:
            previous = self._desk.store.previous()
        except DamagedPointerError:
            return []
        if previous is None:
            return []
        back = button(_("Roll back"), INDEX_ROLLBACK, previous)
        back.confirm = ConfirmObject(
            title=_("Roll back"),
            text=PlainTextObject(
                text=_("The desk will answer from {id} until somebody refreshes the index.").format(id=previous)
            ),
            confirm=_("Roll back"),
            deny=_("Cancel"),
        )
        return [back]


def _states(matters: Iterable[_Matter], language: str) -> dict[str, str]:
    """The choices of the queue's filter by state, with how many there are of each."""
    _ = staff_translation(language).gettext
    counts = Counter(handover.state for handover, _enquiry in matters)
    name = _("Every state")
    every = {ALL: f"{name} ({counts.total()})"}
    return every | {state.value: f"{state_name(state, language)} ({counts[state]})" for state in _WAITING}


def _tongues(matters: Iterable[_Matter], chosen: str, language: str) -> dict[str, str]:
    """The choices of the queue's filter by language: those that were asked in, and the chosen one."""
    _ = staff_translation(language).gettext
    counts = Counter(asker_language(enquiry) for _handover, enquiry in matters)
    name = _("Every language")
    every = {ALL: f"{name} ({counts.total()})"}
    tags = [tag for tag, _count in counts.most_common()]
    asked = dict.fromkeys([*tags, *([chosen] if chosen != ALL else [])])
    return every | {tag: f"{language_name(tag, language)} ({counts[tag]})" for tag in asked}


def _counted(counts: Mapping[str, int]) -> str:
    """ "Japanese 20 · English 12"; what there is none of is left out."""
    return " · ".join(f"{name} {count}" for name, count in counts.items() if count)


def _line(name: str, text: str = "") -> list[RichTextElement]:
    """ "Languages · Japanese 20 · English 12", its name in bold."""
    return [_Text(text=name, style={"bold": True}), *([_Text(text=f" · {text}")] if text else [])]


def _document(indexed: IndexedDocument, in_force: bool, language: str) -> list[RichTextElement]:
    """A document's name, weight, language, date, size and version."""
    _ = staff_translation(language).gettext
    document = indexed.document
    about = [
        authority_name(document.kind, document.authority, language),
        language_name(document.language, language),
        published(document.published, language),
        _("replaced on {day}").format(day=day(document.replaced, language)) if document.replaced else "",
        _("retired on {day}").format(day=day(document.retired, language)) if document.retired else "",
        _("not in force today") if not in_force and not document.retired else "",
        _("version {version}").format(version=indexed.sha256[:_SHA]),
    ]
    return _line(source_name(document, language), " · ".join(part for part in about if part))


def _more(left: int, language: str) -> list[Block]:
    """That there is more than is shown, if there is."""
    _ = staff_translation(language).gettext
    return [small(_("and {count} more").format(count=left))] if left > 0 else []
