"""Statistics: what was asked of the desk in a period, what came of it, and what nobody could answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.database import Database
from assistant.enquiries import FAILED, REFUSED, EnquiryRow, Feedback
from assistant.handover import TO_A_PERSON, HandoverRow, StaffReplyRow, State
from assistant.languages import identify
from assistant.locators import entry_locator
from assistant.models import Outcome
from assistant.pointing import leans_on_thread
from corpus.faq import Faq
from corpus.models import Frozen, Kind
from index.encoder import Vectors
from index.lexical import words

if TYPE_CHECKING:
    from assistant.desk import Desk

_UNANSWERED = {Outcome.NOT_FOUND, Outcome.POSSIBLE, Outcome.NOT_STATED}
_SAME = 0.4
"""Matters whose mean cosine is this or more are one group. With known gaps as they are, nearly nine of ten pairs of
golden questions that come into one group ask for the same, and six of ten that ask for the same come into one."""
_MOST_GROUPED = 5000
"""Different questions that are compared with each other; of more, the newest are."""


class Group(Frozen):
    """Questions that ask about the same."""

    question: str
    """The one in their middle, of those without a person's reply if there are any, and of these in a language that
    staff read if there are any; if it leans on its thread, with the one before it."""
    language: str
    """Its language."""
    count: int
    replied: int
    """To how many of them a person has replied."""
    languages: tuple[str, ...]
    """In which they were asked, the most frequent one first."""
    enquiries: tuple[str, ...]
    """Their ids, in the order received."""

    @property
    def unreplied(self) -> int:
        """To how many of them nobody has replied."""
        return self.count - self.replied


class Statistics(Frozen):
    """What happened from `since` up to, and not with, `until`."""

    since: datetime
    until: datetime
    enquiries: int
    """All that were received, but for what a flood brought too much."""
    outcomes: dict[Outcome, int]
    """Of those with a reply; every outcome is there."""
    failed: int
    """Enquiries that got no reply because something went wrong."""
    languages: dict[str, int]
    """By BCP 47 tag, the most frequent one first."""
    topics: dict[str, int]
    """By topic of the FAQ entry that the reply cites, if it cites one, the most frequent one first."""
    handovers: dict[State, int]
    """Enquiries for which a person was asked, by how far they are now; every state of those is there."""
    waiting: int
    """Handovers without a reply at this moment, whenever they were asked for."""
    median_wait: timedelta | None
    """From asking for a person to the person's first reply, of the first replies given; None without any."""
    helpful: int
    not_helpful: int
    unanswered: tuple[Group, ...]
    """What the desk could not answer, or was handed over: the most asked first."""

    @property
    def unreplied(self) -> list[Group]:
        """Of that, what not everybody has a person's reply to: first what most wait for."""
        return sorted((group for group in self.unanswered if group.unreplied), key=lambda group: -group.unreplied)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was asked of anybody."""
        return not (self.enquiries or any(self.handovers.values()))


@dataclass(frozen=True)
class _Asked:
    """An enquiry, as far as it is counted."""

    id: str
    question: str
    language: str
    text: str
    """The question, with the one before it in its thread if it leans on that."""
    outcome: Outcome | None
    failed: bool
    entry: str | None
    """The locator of the FAQ entry that its reply cites."""
    handed_over: bool
    replied: bool

    @property
    def matter(self) -> str:
        """The same for questions that are surely the same: they have the same words, or the same known gap answers."""
        gap = self.entry if self.outcome is Outcome.NOT_STATED else None
        return gap or "".join(words(self.text)) or self.text


def gather(database: Database, since: datetime, until: datetime, desk: Desk, readers: Sequence[str] = ()) -> Statistics:
    """The statistics of a period; `desk` knows the FAQ's topics and which questions are alike.

    `readers` are the languages in which a group's question is shown if it was asked in one of them.
    """
    with database.session() as session:
        asked = _asked(session, since, until)
        handovers = _handovers(session, since, until)
        waits = _waits(session, since, until)
        waiting = select(func.count()).where(HandoverRow.state.in_([State.OPEN, State.CLAIMED]))
        return Statistics(
            since=since,
            until=until,
            enquiries=len(asked),
            outcomes={outcome: sum(one.outcome is outcome for one in asked) for outcome in Outcome},
            failed=sum(one.failed for one in asked),
            languages=_counted(one.language for one in asked),
            topics=_counted(_topics(asked, desk.generation.faq)),
            handovers={state: handovers[state] for state in TO_A_PERSON},
            waiting=session.scalar(waiting) or 0,
            median_wait=timedelta(seconds=median(waits)) if waits else None,
            helpful=_feedback(session, since, until, helpful=True),
            not_helpful=_feedback(session, since, until, helpful=False),
            unanswered=_groups([one for one in asked if _is_unanswered(one)], desk, readers),
        )


def _asked(session: Session, since: datetime, until: datetime) -> list[_Asked]:
    """The enquiries of the period, in the order received."""
    of_enquiry = (HandoverRow.enquiry_id == EnquiryRow.id, HandoverRow.state.in_(TO_A_PERSON))
    has_handover = select(HandoverRow.enquiry_id).where(*of_enquiry).exists()
    has_reply = select(StaffReplyRow.enquiry_id).where(StaffReplyRow.enquiry_id == EnquiryRow.id).exists()
    columns = (EnquiryRow.id, EnquiryRow.channel, EnquiryRow.thread, EnquiryRow.question, EnquiryRow.language,
               EnquiryRow.outcome, EnquiryRow.status, EnquiryRow.reply)  # fmt: skip
    of_period = (EnquiryRow.received_at >= since, EnquiryRow.received_at < until, EnquiryRow.status != REFUSED)
    rows = session.execute(
        select(*columns, has_handover, has_reply).where(*of_period).order_by(EnquiryRow.received_at, EnquiryRow.id)
    )
    before: dict[tuple[str, str], str] = {}
    asked = []
    for name, channel, thread, question, known, outcome, status, reply, handed_over, replied in rows:
        language = known or identify(question)
        earlier = before.get((channel, thread))
        leans = earlier is not None and leans_on_thread(question, language)
        before[channel, thread] = question
        asked.append(_Asked(
            id=name,
            question=question,
            language=language,
            text=f"{earlier} {question}" if leans else question,
            outcome=Outcome(outcome) if outcome else None,
            failed=status == FAILED,
            entry=_entry(reply),
            handed_over=handed_over,
            replied=replied,
        ))  # fmt: skip
    return asked


def _entry(reply: Mapping[str, Any] | None) -> str | None:
    """The locator of the FAQ entry that a recorded reply cites."""
    citations = reply["citations"] if reply else ()
    return next((str(citation["locator"]) for citation in citations if citation["kind"] == Kind.FAQ), None)


def _topics(asked: Iterable[_Asked], faq: Faq) -> Iterable[str]:
    """The topics of the entries that were cited, as far as the FAQ still has them."""
    topics = {entry_locator(entry): entry.topic for entry in faq.entries}
    return [topics[one.entry] for one in asked if one.entry in topics]


def _handovers(session: Session, since: datetime, until: datetime) -> Counter[str]:
    of_period = (HandoverRow.asked_at >= since, HandoverRow.asked_at < until)
    counted = session.execute(select(HandoverRow.state, func.count()).where(*of_period).group_by(HandoverRow.state))
    handovers: Counter[str] = Counter()
    for state, count in counted:
        handovers[state] = count
    return handovers


def _waits(session: Session, since: datetime, until: datetime) -> list[float]:
    """The seconds that those waited who got a first reply in the period: of those who asked in it, some still wait."""
    first = func.min(StaffReplyRow.at)
    rows = session.execute(
        select(HandoverRow.asked_at, first.label("first"))
        .join(StaffReplyRow, StaffReplyRow.enquiry_id == HandoverRow.enquiry_id)
        .group_by(HandoverRow.enquiry_id, HandoverRow.asked_at)
        .having(first >= since, first < until)
    )
    return [(replied - asked).total_seconds() for asked, replied in rows]


def _feedback(session: Session, since: datetime, until: datetime, *, helpful: bool) -> int:
    given = (Feedback.given_at >= since, Feedback.given_at < until, Feedback.helpful.is_(helpful))
    return session.scalar(select(func.count()).select_from(Feedback).where(*given)) or 0


def _is_unanswered(one: _Asked) -> bool:
    return one.outcome in _UNANSWERED or one.handed_over


def _groups(asked: Sequence[_Asked], desk: Desk, readers: Sequence[str]) -> tuple[Group, ...]:
    """The questions grouped by what they ask, the largest group first."""
    if not asked:
        return ()
    vectors = desk.question_vectors([(one.text, one.language) for one in asked])
    places = {matter: place for place, matter in enumerate(dict.fromkeys(one.matter for one in asked))}
    matters = np.array([places[one.matter] for one in asked])
    members: dict[int, list[int]] = defaultdict(list)
    for number, label in enumerate(_labels(vectors, matters)[matters].tolist()):
        members[label].append(number)
    groups = [_group([asked[n] for n in numbers], vectors[numbers], readers) for numbers in members.values()]
    return tuple(sorted(groups, key=lambda group: -group.count))


def _labels(vectors: Vectors, matters: NDArray[np.int64]) -> NDArray[np.int64]:
    """The group of each matter: average linkage, until what would be joined is less alike than the same.

    `vectors` (n, dimension) are of questions, `matters` (n,) says which of 0 … k - 1 each is; returns (k,) labels.
    """
    count = int(matters.max()) + 1
    sums = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, matters, vectors)
    means = sums[-_MOST_GROUPED:]
    labels = np.arange(count, dtype=np.int64)
    if len(means) > 1:
        from sklearn.cluster import AgglomerativeClustering  # a second to import, for those who want statistics only

        clustering = AgglomerativeClustering(
            n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - _SAME
        )
        labels[-_MOST_GROUPED:] = count + clustering.fit_predict(means)
    return labels


def _group(members: Sequence[_Asked], vectors: Vectors, readers: Sequence[str]) -> Group:
    """A group of enquiries with their vectors (n, dimension)."""
    nearness = vectors @ vectors.mean(axis=0)
    middle, _ = max(
        zip(members, nearness.tolist(), strict=True),
        key=lambda one: (not one[0].replied, one[0].language in readers, one[1]),
    )
    return Group(
        question=middle.text,
        language=middle.language,
        count=len(members),
        replied=sum(one.replied for one in members),
        languages=tuple(_counted(one.language for one in members)),
        enquiries=tuple(one.id for one in members),
    )


def _counted(values: Iterable[str]) -> dict[str, int]:
    """How often each comes, the most frequent first; of those as frequent, by name."""
    counts = Counter(values)
    return {value: counts[value] for value in sorted(counts, key=lambda each: (-counts[each], each))}
