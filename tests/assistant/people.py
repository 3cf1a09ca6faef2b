"""A database in which everybody who can be on record is, in every column that can hold a person."""

from __future__ import annotations

from datetime import date

from assistant.channels import ChannelRow, Channels
from assistant.corrections import Corrections, Offer, Source, Subject
from assistant.database import Database, now
from assistant.digests import Digests, Week
from assistant.enquiries import Record
from assistant.handover import Handovers, StaffReply
from assistant.models import Outcome, Reply
from assistant.orders import Order, Orders, Place
from assistant.preferences import Preferences
from assistant.review import Reviews
from assistant.staff_faq import StaffFaq
from assistant.uploads import Decision, Uploads
from corpus.faq import Wording
from tests.assistant.samples import reply

ASKER, OTHER, SATO, BOSS = "U0ASKER", "U0OTHER", "U0SATO", "W0BOSS"
"""Two who ask, one of the staff, an admin."""
LONGER = "U0ASKER7"
"""Somebody whose ID begins as another's."""
SECRET = "zanzibar"
"""Stands in what the first asker wrote or was told, and nowhere else."""
_FIELDS = {"kind": "other", "title": "A letter", "language": "en", "authority": "official"}


def a_reply(question: str) -> Reply:
    return reply(question=question, outcome=Outcome.NOT_FOUND, text=f"Nothing on {question}", citations=())


class Peopled:
    """What was put into the database; the ids of the enquiries by what became of them."""

    def __init__(self, database: Database) -> None:
        self._record, self._handovers = Record(database), Handovers(database)
        self._faq, self._database = StaffFaq(database), database
        self.replied = self._ask(ASKER, f"{SECRET} and its fee?")
        self.open = self._ask(ASKER, f"{SECRET} once more?")
        self.claimed = self._ask(OTHER, f"Did <@{ASKER}> or <@{LONGER}> ask?")
        self.held = self._ask(OTHER, "Is it held?", note=False)
        self.checked = self._ask(OTHER, "Is it checked?", note=False)
        self.rejected = self._ask(ASKER, f"Is {SECRET} rejected?", note=False)
        self._work()
        self._settings(database)

    def _ask(self, user: str, question: str, *, note: bool = True) -> str:
        ts = str(len(self._record.all()))
        enquiry = self._record.receive(channel="C1", ts=ts, thread=ts, user=user, question=question)
        assert enquiry is not None
        if note:
            self._record.replied(enquiry, a_reply(question))
        return enquiry

    def _work(self) -> None:
        """Staff at work: replies, reviews, FAQ entries, of which each names who it was."""
        handovers, reviews = self._handovers, Reviews(self._database, self._handovers)
        self._record.first_delivery("Ev1")
        for user in (ASKER, SATO):
            self._record.give_feedback(self.replied, user, helpful=True)
            self._record.give_feedback(self.claimed, user, helpful=False)
        handovers.open(self.replied, ASKER)
        handovers.reply(self.replied, SATO, StaffReply(text=f"No {SECRET}, says <@{BOSS}>, 担当{BOSS}に"))
        handovers.resolve(self.replied, BOSS)
        handovers.carded(self.replied, "C0STAFF", "1.5")
        handovers.open(self.open, ASKER)
        handovers.open(self.claimed, SATO)
        handovers.claim(self.claimed, SATO)
        for held in (self.held, self.checked, self.rejected):
            reviews.hold(held, a_reply(f"What of {held}?"), tell=True)
        reviews.send(self.checked, SATO, f"It is checked for <@{ASKER}>, 質問者{ASKER}へ")
        reviews.reject(self.rejected, SATO, f"{SECRET} is wrong")
        self.entry = self._faq.save(
            self.replied, {"en": Wording(questions=("Is there a fee?",), answer=f"No, says {BOSS}.")},
            instead_of=None, by=SATO, name="Sato",
        ).entry_id  # fmt: skip

    def _settings(self, database: Database) -> None:
        """What people set, sent and ordered."""
        for user in (ASKER, SATO, LONGER):
            Preferences(database).put(user, language="ja")
        uploads = Uploads(database)
        self.waiting = uploads.put(BOSS, "letter.txt", b"Dear \xff", dict(_FIELDS)).id
        self.added = uploads.put(BOSS, "old.txt", b"text", dict(_FIELDS)).id
        uploads.decide(self.added, Decision.ADDED, SATO)
        uploads.done(self.added)
        self.order = Orders(database).put(Order(BOSS, Place(f"D{BOSS}"), f"Refresh, by <@{SATO}>")).id
        self.offer = Offer(subject=Subject(source=Source.FAQ, name="FAQ 1001", entry=self.entry, enquiry=self.replied))
        Corrections(database).send(self.offer, [], f"Not so, <@{ASKER}>", SATO)
        Channels(database).put(BOSS, ChannelRow(channel="C1", every_question=True, private=False, review_below=0.5))
        Digests(database).take(Week(date(2026, 1, 5), now()))
