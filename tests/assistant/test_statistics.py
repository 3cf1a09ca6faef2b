"""What was asked in a period, counted; and what nobody could answer, grouped."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import time_machine

from assistant.database import Database
from assistant.desk import Desk
from assistant.enquiries import EnquiryRow, FloodError, Record
from assistant.handover import TO_A_PERSON, Handovers, StaffReply, State
from assistant.models import Enquiry, Outcome
from assistant.settings import Settings
from assistant.statistics import Statistics, gather
from index.golden import GoldenKind, read_golden
from tests.conftest import Small

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)

FEE = {
    "en": "What does it cost to take part in the declaration?",
    "ja": "参加費用はいくらですか",
    "th": "การเข้าร่วมมีค่าธรรมเนียมเท่าไร",
}
BREAD = "How do I bake sourdough bread?"
FIRST = "Which city signed first?"


@pytest.fixture(scope="module")
def desk(few: Small) -> Desk:
    return Desk(Settings(_env_file=None, desk_data_dir=few.data, desk_corpus_dir=few.documents))


class People:
    """Ask the desk, as people do in Slack, at the moment that a test says."""

    def __init__(self, desk: Desk, database: Database) -> None:
        self.desk, self.database = desk, database
        self.record, self.handovers = Record(database), Handovers(database)
        self._asked = 0

    def ask(self, question: str, at: datetime | None = None, thread: str | None = None) -> str:
        """Ask something, at a moment of the week if none is given; returns the enquiry's id."""
        self._asked += 1
        at = at or MONDAY + self._asked * timedelta(seconds=1)
        ts = f"{self._asked}.0"
        with time_machine.travel(at, tick=False):
            name = self.record.receive(channel="C1", ts=ts, thread=thread or ts, user="U1", question=question)
            assert name is not None
            earlier = tuple(self.record.history("C1", thread, ts)) if thread else ()
            self.record.replied(name, self.desk.reply(Enquiry(question=question, history=earlier)))
        return name

    def ask_a_person(self, enquiry: str, at: datetime = MONDAY) -> str:
        with time_machine.travel(at, tick=False):
            assert self.handovers.open(enquiry, "U1")
        return enquiry

    def reply(self, enquiry: str, at: datetime) -> None:
        with time_machine.travel(at, tick=False):
            self.handovers.reply(enquiry, "U2", StaffReply(text="It costs nothing."))

    def gather(self, since: datetime = MONDAY, **more: Any) -> Statistics:
        return gather(self.database, since, since + WEEK, self.desk, **more)


@pytest.fixture
def people(desk: Desk, database: Database) -> People:
    return People(desk, database)


def test_an_empty_week_is_quiet(people: People) -> None:
    found = people.gather()
    assert found.is_quiet
    assert (found.enquiries, found.failed, found.waiting, found.median_wait) == (0, 0, 0, None)
    assert (found.languages, found.topics, found.unanswered) == ({}, {}, ())
    assert found.outcomes == dict.fromkeys(Outcome, 0)
    assert found.handovers == dict.fromkeys(TO_A_PERSON, 0)


def test_what_a_flood_brought_too_much_is_not_counted(people: People) -> None:
    people.ask(FIRST)
    with time_machine.travel(MONDAY + timedelta(seconds=2), tick=False), pytest.raises(FloodError):
        people.record.receive(channel="C1", ts="99.0", thread="99.0", user="U1", question=BREAD, most=1)
    found = people.gather()
    assert (found.enquiries, found.failed, found.unanswered) == (1, 0, ())


def test_enquiries_are_counted_by_outcome_language_and_topic(people: People) -> None:
    for question in (FIRST, FIRST, *FEE.values(), BREAD, "hello"):
        people.ask(question)
    failed = people.record.receive(channel="C1", ts="99.0", thread="99.0", user="U1", question="横浜市とは")
    assert failed is not None
    people.record.failed(failed, "the disk is full")
    with people.database.session() as session:
        session.get_one(EnquiryRow, failed).received_at = MONDAY
    found = people.gather()
    assert found.enquiries == 8
    assert found.outcomes == {
        Outcome.ANSWERED: 2, Outcome.NOT_STATED: 3, Outcome.NOT_FOUND: 1, Outcome.HELP: 1, Outcome.POSSIBLE: 0,
    }  # fmt: skip
    assert found.failed == 1
    assert list(found.languages.items()) == [("en", 5), ("ja", 2), ("th", 1)]
    assert list(found.topics.items()) == [("joining", 3), ("declaration", 2)]
    assert not found.is_quiet


def test_a_period_has_its_first_moment_and_not_its_last(people: People) -> None:
    moments = [MONDAY - timedelta(microseconds=1), MONDAY, MONDAY + WEEK - timedelta(microseconds=1), MONDAY + WEEK]
    names = [people.ask_a_person(people.ask(BREAD, at), at) for at in moments]
    for name, at in zip(names, moments, strict=True):
        with time_machine.travel(at, tick=False):
            people.record.give_feedback(name, "U1", helpful=True)
    found = people.gather()
    assert (found.enquiries, found.handovers[State.OPEN], found.helpful) == (2, 2, 2)
    assert found.unanswered[0].enquiries == tuple(names[1:3])
    assert people.gather(MONDAY - WEEK).enquiries == people.gather(MONDAY + WEEK).enquiries == 1


def test_a_period_may_begin_at_midnight_anywhere(people: People) -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    begins = datetime(2026, 11, 16, tzinfo=tokyo)
    people.ask(BREAD, begins - HOUR)
    name = people.ask(BREAD, begins + HOUR)
    (group,) = people.gather(begins).unanswered
    assert group.enquiries == (name,)


def test_handovers_are_counted_by_how_far_they_are(people: People) -> None:
    opened, claimed, replied, resolved = (people.ask_a_person(people.ask(BREAD)) for _ in range(4))
    people.handovers.claim(claimed, "U2")
    people.reply(replied, MONDAY + HOUR)
    people.handovers.resolve(resolved, "U1")
    earlier = people.ask_a_person(people.ask(BREAD, MONDAY - WEEK), MONDAY - WEEK)
    found = people.gather()
    assert found.handovers == {State.OPEN: 1, State.CLAIMED: 1, State.REPLIED: 1, State.RESOLVED: 1}
    assert found.waiting == 3, "those of earlier weeks wait too"
    assert people.handovers.get(earlier) is not None
    assert people.handovers.get(opened) is not None


def test_the_wait_for_a_person_is_the_median_of_the_first_replies_of_the_period(people: People) -> None:
    waits = {1: MONDAY, 3: MONDAY + HOUR, 30: MONDAY - 29 * HOUR}  # the last one asked in the week before
    names = [people.ask_a_person(people.ask(BREAD, at), at) for at in waits.values()]
    for name, hours, at in zip(names, waits, waits.values(), strict=True):
        people.reply(name, at + hours * HOUR)
    people.reply(names[0], MONDAY + 50 * HOUR)  # a second reply makes no wait longer
    people.ask_a_person(people.ask(BREAD))  # and who still waits has no wait yet
    assert people.gather().median_wait == 3 * HOUR
    assert people.gather(MONDAY - WEEK).median_wait is None
    people.reply(people.ask_a_person(people.ask(BREAD)), MONDAY + 5 * HOUR)
    assert people.gather().median_wait == 4 * HOUR


def test_feedback_is_counted_as_the_last_word_of_each_person(people: People) -> None:
    name = people.ask(FIRST)
    with time_machine.travel(MONDAY, tick=False):
        for user, helpful in (("U1", True), ("U1", False), ("U2", True), ("U3", True)):
            people.record.give_feedback(name, user, helpful=helpful)
    found = people.gather()
    assert (found.helpful, found.not_helpful) == (2, 1)


def test_a_topic_that_the_faq_has_no_more_is_not_counted(people: People) -> None:
    name = people.ask(FIRST)
    with people.database.session() as session:
        row = session.get_one(EnquiryRow, name)
        assert row.reply is not None
        citations = [{**citation, "locator": "FAQ 9999"} for citation in row.reply["citations"]]
        row.reply = {**row.reply, "citations": citations}
    assert people.gather().topics == {}


def test_questions_that_nobody_could_answer_are_grouped_whatever_their_language(people: People) -> None:
    bread = people.ask(BREAD)
    fees = [people.ask(question) for question in (*FEE.values(), FEE["ja"])]
    people.reply(people.ask_a_person(fees[1]), MONDAY + HOUR)
    people.ask(FIRST)
    people.ask("hello")
    first, second = people.gather(readers=("ja",)).unanswered
    assert (first.count, first.replied, first.languages) == (4, 1, ("ja", "en", "th"))
    assert first.enquiries == tuple(fees)
    assert (first.question, first.language) == (FEE["ja"], "ja")
    assert (second.question, second.count, second.enquiries, second.replied) == (BREAD, 1, (bread,), 0)
    assert people.gather(readers=("th",)).unanswered[0].question == FEE["th"]
    assert people.gather(readers=("vi",)).unanswered[0].question in FEE.values()


def test_what_nobody_could_answer_counts_those_only_whom_no_person_replied_to_either(people: People) -> None:
    fees = [people.ask(question) for question in (FEE["ja"], FEE["en"], FEE["th"])]
    breads = [people.ask(BREAD) for _ in range(2)]
    for name in fees[:2]:
        people.reply(people.ask_a_person(name), MONDAY + HOUR)
    found = people.gather(readers=("en", "ja"))
    assert [(group.question, group.unreplied) for group in found.unreplied] == [(BREAD, 2), (FEE["th"], 1)]
    people.reply(people.ask_a_person(fees[2]), MONDAY + HOUR)
    people.reply(people.ask_a_person(breads[0]), MONDAY + HOUR)
    assert [(group.question, group.unreplied) for group in people.gather().unreplied] == [(BREAD, 1)]


def test_what_is_asked_in_other_words_is_in_the_same_group_without_a_known_gap(people: People) -> None:
    alike = [
        people.ask(question)
        for question in ("明日の天気を教えて", "来週の天気どうですか", "What is the weather tomorrow?")
    ]
    other = people.ask(BREAD)
    groups = {group.enquiries for group in people.gather().unanswered}
    assert groups == {tuple(alike), (other,)}


def test_an_answer_that_was_not_enough_counts_as_none(people: People) -> None:
    people.ask(FIRST)
    handed = people.ask_a_person(people.ask(FIRST))
    (group,) = people.gather().unanswered
    assert group.enquiries == (handed,)


def test_a_follow_up_is_counted_with_the_question_that_it_leans_on(people: People) -> None:
    """The same words in two threads are two questions."""
    threads = []
    for thread, question in (("1.0", BREAD), ("3.0", "Who won the world cup in 2022?")):
        threads.append([people.ask(question, thread=thread), people.ask("Who told you that?", thread=thread)])
    groups = people.gather().unanswered
    assert sorted([*group.enquiries] for group in groups) == sorted(threads)
    assert not any(group.question.startswith("Who told") for group in groups), "nobody knows what that asks"


def test_groups_hold_what_asks_for_the_same(people: People) -> None:
    """Of golden questions about known gaps: most pairs in a group, and not too few pairs that belong into one."""
    golden = [g for g in read_golden((), None)
              if g.kind is GoldenKind.GAP and g.language in ("en", "ja", "th") and not g.history]  # fmt: skip
    asked = {people.ask(g.question): {g.gap, *g.entries} - {None} for g in golden}
    together = {
        frozenset(pair) for group in people.gather().unanswered for pair in itertools.combinations(group.enquiries, 2)
    }
    alike = {frozenset(pair) for pair in itertools.combinations(asked, 2) if asked[pair[0]] & asked[pair[1]]}
    assert len(together & alike) / len(together) > 0.8
    assert len(together & alike) / len(alike) > 0.4


def test_five_thousand_enquiries_are_counted_soon(people: People) -> None:
    questions = [g.question for g in read_golden((), None) if g.language in ("en", "ja")]
    rows = [
        EnquiryRow(
            id=f"{number:08x}", channel="C1", ts=f"{number}.0", thread=f"{number}.0", user="U1", status="replied",
            question=questions[number % len(questions)], language="en", received_at=MONDAY,
            outcome=Outcome.NOT_FOUND if number % 2 else Outcome.ANSWERED,
        )
        for number in range(5000)
    ]  # fmt: skip
    with people.database.session() as session:
        session.add_all(rows)
    people.gather()  # from now on, the questions' vectors are known
    started = time.perf_counter()
    found = people.gather()
    assert time.perf_counter() - started < 5
    assert found.enquiries == 5000
    assert sum(group.count for group in found.unanswered) == 2500


def test_vectors_are_of_one_length_and_the_same_when_remembered(desk: Desk) -> None:
    questions = [(question, language) for language, question in FEE.items()]
    first = desk.question_vectors([*questions, questions[0]])
    assert np.allclose(np.linalg.norm(first, axis=1), 1, atol=1e-5)
    assert np.array_equal(first[0], first[-1])
    assert np.array_equal(desk.question_vectors(questions), first[:-1])
