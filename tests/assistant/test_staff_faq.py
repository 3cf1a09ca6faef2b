"""Entries that staff approved: numbered once, every version kept, whoever saves at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
import time_machine

from assistant.audit import Audit
from assistant.database import Database
from assistant.enquiries import Record
from assistant.handover import Handovers
from assistant.outbox import Note, Outbox
from assistant.retention import expire
from assistant.staff_faq import FaqVersionRow, OvertakenError, StaffFaq, UnchangedError, is_indexed
from corpus.faq import Faq, FaqEntry, Quotation, Wording, with_approved

TOKYO = "Asia/Tokyo"
QUOTED = (Quotation(document="rules", quote="Towns join the harbour club by writing a letter."),)


@pytest.fixture
def staff_faq(database: Database) -> StaffFaq:
    return StaffFaq(database)


def worded(answer: str, question: str = "Is there a fee?") -> dict[str, Wording]:
    return {"en": Wording(questions=(question,), answer=answer)}


def save(
    staff_faq: StaffFaq, enquiry: str, answer: str = "No.", *, by: str = "U1", instead_of: str | None = None,
    seen: int | None = None,
) -> FaqVersionRow:  # fmt: skip
    return staff_faq.save(enquiry, worded(answer), QUOTED, instead_of=instead_of, by=by, name=f"Staff {by}", seen=seen)


def answers(staff_faq: StaffFaq) -> dict[int, str]:
    return {entry.number: entry.wordings["en"].answer for entry in staff_faq.approved(TOKYO).entries}


def test_an_entry_says_who_approved_it_when_from_what_and_which_gap_it_fills(staff_faq: StaffFaq) -> None:
    with time_machine.travel("2026-03-31T15:00:00Z"):
        entry = save(staff_faq, "e1", instead_of="joining-fee").entry(TOKYO)
    assert entry.approval is not None
    assert (entry.approval.by, entry.approval.enquiry) == ("Staff U1", "e1")
    assert entry.approval.on == date(2026, 4, 1)  # in Tokyo
    (elsewhere,) = staff_faq.approved("America/Lima").entries
    assert elsewhere.approval is not None
    assert elsewhere.approval.on == date(2026, 3, 31)
    assert (entry.number, entry.instead_of, entry.quotations, entry.gap) == (1001, "joining-fee", QUOTED, False)
    assert staff_faq.approved(TOKYO).entries == (entry,)


def test_a_later_version_holds_under_the_same_number_and_the_earlier_ones_are_kept(staff_faq: StaffFaq) -> None:
    first, other = save(staff_faq, "e1", "No.", instead_of="joining-fee"), save(staff_faq, "e2", "Yes.")
    second = save(staff_faq, "e1", "Ten yen.", by="U2")
    assert (first.number, other.number, second.number) == (1001, 1002, 1001)
    assert answers(staff_faq) == {1001: "Ten yen.", 1002: "Yes."}
    assert second.instead_of == "joining-fee"  # the gap that the first one filled
    kept = [(v.version, v.by, v.wordings["en"]["answer"], v.retired) for v in staff_faq.history(first.entry_id)]
    assert kept == [(1, "U1", "No.", False), (2, "U2", "Ten yen.", False)]
    newest = staff_faq.of("e1")
    assert newest is not None
    assert newest.version == 2
    assert staff_faq.of("e3") is None


def test_a_retired_entry_is_out_until_somebody_approves_it_anew(staff_faq: StaffFaq) -> None:
    entry = save(staff_faq, "e1", instead_of="joining-fee").entry_id
    retired = staff_faq.retire(entry, by="U2", name="Mori")
    assert retired is not None
    assert (retired.version, retired.retired, retired.by_name) == (2, True, "Mori")
    assert staff_faq.approved(TOKYO).entries == ()
    assert staff_faq.approved(TOKYO).retired == (entry,)
    assert staff_faq.retire(entry, by="U1", name="Sato") is None
    assert staff_faq.retire("staff-e9", by="U1", name="Sato") is None
    again = save(staff_faq, "e1", "Ten yen.")
    assert (again.version, again.number, again.instead_of) == (3, 1001, "joining-fee")
    assert staff_faq.approved(TOKYO).retired == ()
    assert answers(staff_faq) == {1001: "Ten yen."}


def test_a_version_that_nobody_has_seen_is_not_overwritten(staff_faq: StaffFaq) -> None:
    save(staff_faq, "e1", "No.", seen=0)
    with pytest.raises(OvertakenError) as overtaken:
        save(staff_faq, "e1", "Ten yen.", by="U2", seen=0)
    assert overtaken.value.newest.by_name == "Staff U1"
    save(staff_faq, "e1", "Ten yen.", by="U2", seen=1)
    with pytest.raises(OvertakenError):
        save(staff_faq, "e1", "Twenty yen.", seen=1)
    staff_faq.retire("staff-e1", by="U2", name="Mori")
    with pytest.raises(OvertakenError):
        save(staff_faq, "e1", "Ten yen.", by="U2", seen=2)
    assert len(staff_faq.history("staff-e1")) == 3
    assert staff_faq.approved(TOKYO).entries == ()


def test_what_is_sent_twice_is_saved_once(staff_faq: StaffFaq, database: Database) -> None:
    for seen, answer in ((0, "No."), (1, "Ten yen.")):
        assert save(staff_faq, "e1", answer, seen=seen).version == seen + 1
        for again in (seen, seen + 1):
            with pytest.raises(UnchangedError) as unchanged:
                save(staff_faq, "e1", answer, seen=again)
            assert unchanged.value.newest.version == seen + 1
    assert [row.action for row in Audit(database).latest(10)] == ["save_faq"] * 2
    with pytest.raises(OvertakenError):  # the same words by somebody else are another's approval
        save(staff_faq, "e1", "Ten yen.", by="U2", seen=1)


def test_entries_that_are_saved_at_the_same_moment_get_numbers_of_their_own(database: Database) -> None:
    """By threads of one bot and, as each has connections of its own, as by several bots."""
    start = Barrier(8)

    def one(number: int) -> int:
        start.wait()
        return save(StaffFaq(database), f"e{number}").number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(one, range(8)))
    assert sorted(numbers) == list(range(1001, 1009))


def test_of_those_who_change_an_entry_at_the_same_moment_one_is_first(database: Database) -> None:
    staff_faq = StaffFaq(database)
    save(staff_faq, "e1", seen=0)
    start = Barrier(8)

    def one(number: int) -> bool:
        start.wait()
        if number % 2:
            return staff_faq.retire("staff-e1", by=f"U{number}", name="Mori") is not None
        try:
            save(staff_faq, "e1", f"{number} yen.", by=f"U{number}", seen=1)
        except OvertakenError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(one, range(8)))
    # Whoever changed it first is the only one who changed it; it may have been retired after that.
    assert sum(done[0::2]) <= 1
    assert sum(done[1::2]) == 1
    assert [v.version for v in staff_faq.history("staff-e1")] == list(range(1, 2 + sum(done)))


def test_every_change_is_on_the_log_and_on_the_card(staff_faq: StaffFaq, database: Database) -> None:
    record, handovers = Record(database), Handovers(database)
    enquiry = record.receive(channel="C1", ts="1.1", thread="1.1", user="U7", question="Is there a fee?")
    assert enquiry is not None
    handovers.open(enquiry, "U7")

    def cards() -> int:
        return sum(row.note == Note.CARD for row in Outbox(database).waiting())

    before = cards()
    save(staff_faq, enquiry)
    save(staff_faq, enquiry, "Ten yen.", by="U2")
    staff_faq.retire(f"staff-{enquiry}", by="U1", name="Sato")
    assert cards() == before + 3
    log = [(row.user, row.action, row.subject, row.detail) for row in Audit(database).latest(3)]
    entry = f"staff-{enquiry}"
    assert log == [
        ("U1", "retire_faq", entry, "version 3"),
        ("U2", "save_faq", entry, "version 2"),
        ("U1", "save_faq", entry, "version 1"),
    ]


def test_an_entry_outlives_its_enquiry(staff_faq: StaffFaq, database: Database) -> None:
    record = Record(database)
    enquiry = record.receive(channel="C1", ts="1.1", thread="1.1", user="U7", question="Is there a fee?")
    assert enquiry is not None
    record.failed(enquiry, "no reply")
    save(staff_faq, enquiry)
    expire(database, 0)
    assert record.get(enquiry) is None
    assert answers(staff_faq) == {1001: "No."}
    assert staff_faq.retire(f"staff-{enquiry}", by="U1", name="Sato") is not None


def gap(number: int = 5, name: str = "joining-fee") -> FaqEntry:
    wordings = {
        "en": Wording(questions=("Is there a fee?", "What does it cost?"), answer="Not stated."),
        "ja": Wording(questions=("費用は？",), answer="示されていません。"),
    }
    return FaqEntry(number=number, id=name, topic="joining", gap=True, quotations=QUOTED, wordings=wordings)


def test_an_entry_takes_over_the_questions_of_its_gap_in_every_language(staff_faq: StaffFaq) -> None:
    faq = Faq(entries=(gap(), gap(6, "deadline")))
    save(staff_faq, "e1", "No.", instead_of="joining-fee")
    taken = with_approved(faq, staff_faq.approved(TOKYO).entries)
    assert [entry.id for entry in taken.entries] == ["deadline", "staff-e1"]
    (entry,) = [entry for entry in taken.entries if entry.id == "staff-e1"]
    assert sorted(entry.phrasings()) == [("en", "Is there a fee?"), ("en", "What does it cost?"), ("ja", "費用は？")]
    staff_faq.retire("staff-e1", by="U1", name="Sato")
    assert with_approved(faq, staff_faq.approved(TOKYO).entries) == faq


def test_a_gap_that_two_entries_fill_is_gone_while_one_of_them_is_left(staff_faq: StaffFaq) -> None:
    """Two had asked before the first reply was saved."""
    faq = Faq(entries=(gap(),))
    save(staff_faq, "e1", "No.", instead_of="joining-fee")
    save(staff_faq, "e2", "Ten yen.", instead_of="joining-fee")
    both = with_approved(faq, staff_faq.approved(TOKYO).entries).entries
    assert [entry.id for entry in both] == ["staff-e1", "staff-e2"]
    staff_faq.retire("staff-e1", by="U1", name="Sato")
    (left,) = with_approved(faq, staff_faq.approved(TOKYO).entries).entries
    assert ("ja", "費用は？") in set(left.phrasings())


def test_it_is_known_what_an_index_lacks(staff_faq: StaffFaq) -> None:
    faq = Faq(entries=(gap(),))
    assert is_indexed(staff_faq.approved(TOKYO), faq)
    save(staff_faq, "e1", "No.", instead_of="joining-fee")
    assert not is_indexed(staff_faq.approved(TOKYO), faq)
    indexed = with_approved(faq, staff_faq.approved(TOKYO).entries)
    assert is_indexed(staff_faq.approved(TOKYO), indexed)
    save(staff_faq, "e1", "Ten yen.", by="U2")
    assert not is_indexed(staff_faq.approved(TOKYO), indexed)
    staff_faq.retire("staff-e1", by="U1", name="Sato")
    assert not is_indexed(staff_faq.approved(TOKYO), indexed)
    assert is_indexed(staff_faq.approved(TOKYO), faq)
