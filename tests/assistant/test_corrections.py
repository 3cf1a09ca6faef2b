"""Whoever was given an answer is found again, for when it turns out wrong."""

from __future__ import annotations

from assistant.corrections import Corrections, Source, Subject
from assistant.database import Database
from assistant.enquiries import Record
from corpus.models import Kind
from tests.assistant.samples import citation, reply


def test_who_was_told_two_answers_at_once_was_told_each(database: Database) -> None:
    """A reply has room for one FAQ entry among its citations, and may give the answers of two."""
    record = Record(database)
    asked = record.receive(channel="C1", ts="1.1", thread="1.1", user="U1", question="Where is it, and how large?")
    assert asked is not None
    cited = citation(2, kind=Kind.FAQ, document="faq", locator="FAQ 72")
    record.replied(asked, reply(citations=(citation(), cited), entries=("FAQ 72", "FAQ 73")))
    told = {
        name: [row.id for row in Corrections(database).told(Subject(source=Source.FAQ, name=name))]
        for name in ("FAQ 72", "FAQ 73", "FAQ 7")
    }
    assert told == {"FAQ 72": [asked], "FAQ 73": [asked], "FAQ 7": []}
