"""Which documents may be quoted on a day: days begin in Japan, and a document ends when its successor begins."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine

from corpus.catalogue import load_catalogue, read_corpus
from corpus.errors import CorpusError
from corpus.models import Authority, Document, Kind
from corpus.validity import ending, in_force, today
from tests.corpus.samples import CATALOGUE, write_corpus

DAY = date(2026, 4, 1)
BEFORE, AFTER = DAY - timedelta(1), DAY + timedelta(1)


def document(id: str, **changes: date | str) -> Document:  # noqa: A002
    return Document.model_validate(
        {"id": id, "file": id, "kind": Kind.OTHER, "authority": Authority.OFFICIAL, "title": id, "language": "en"}
        | changes
    )


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-31T14:59:59Z", BEFORE),
        ("2026-03-31T15:00:00Z", DAY),
        ("2026-04-01T14:59:59Z", DAY),
        ("2026-04-01T15:00:00Z", AFTER),
        ("2026-03-31T23:00:00-10:00", DAY),
    ],
)
def test_days_begin_at_midnight_in_japan(moment: str, day: date) -> None:
    with time_machine.travel(moment, tick=False):
        assert today() == day


OLD = document("old", superseded_by="new")
CASES: dict[str, tuple[list[Document], str, str, str]] = {
    # The documents, and which of them are in force the day before, on the day, and the day after.
    "no dates": ([document("a")], "a", "a", "a"),
    "a beginning": ([document("a", valid_from=DAY)], "", "a", "a"),
    "retired": ([document("a"), document("b", retired=BEFORE)], "a", "a", "a"),
    "a successor at once": ([OLD, document("new")], "new", "new", "new"),
    "a successor to come": ([OLD, document("new", valid_from=DAY)], "old", "new", "new"),
    "a successor retired after it began": (
        [OLD, document("new", valid_from=BEFORE, retired=DAY)], "", "", "",
    ),
    "a successor retired on its first day": ([OLD, document("new", valid_from=DAY, retired=DAY)], "old", "", ""),
    "a successor retired before it began": (
        [OLD, document("new", valid_from=DAY, retired=BEFORE)], "old", "old", "old",
    ),
    "a successor that is not there": ([OLD], "old", "old", "old"),
    "a chain whose last begins before its second": (
        [OLD, document("new", valid_from=AFTER, superseded_by="newest"), document("newest", valid_from=DAY)],
        "old", "newest", "newest",
    ),
    "a chain": (
        [OLD, document("new", valid_from=DAY, superseded_by="newest"), document("newest", valid_from=AFTER)],
        "old", "new", "newest",
    ),
    "one for two": (
        [OLD, document("other", superseded_by="new"), document("new", valid_from=DAY)], "old other", "new", "new",
    ),
    "a beginning after the successor's": (
        [document("old", valid_from=AFTER, superseded_by="new"), document("new", valid_from=DAY)], "", "new", "new",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_in_force(case: str) -> None:
    documents, *expected = CASES[case]
    for day, ids in zip((BEFORE, DAY, AFTER), expected, strict=True):
        assert [d.id for d in in_force(documents, day)] == ids.split(), day


@pytest.mark.parametrize("case", CASES)
def test_what_is_over_never_comes_back_and_says_why(case: str) -> None:
    documents, *_ = CASES[case]
    known = {d.id: d for d in documents}
    for d in documents:
        over = [ending(d, known, day) for day in (BEFORE, DAY, AFTER, date(2999, 1, 1))]
        first = next((place for place, reason in enumerate(over) if reason), len(over))
        assert all(over[first:]), d.id
        assert all(reason is None or "retired on 20" in reason or "superseded by 'new" in reason for reason in over)


BAD = {
    "an unknown successor": ('superseded_by = "laws"', "rules is superseded_by 'laws'"),
    "a successor that is no id": ('superseded_by = "../notes"', "'../notes'"),
    "itself": ('superseded_by = "rules"', "rules → rules"),
    "a circle": ('superseded_by = "notes"', "rules → notes → rules"),
    "a day that is none": ('valid_from = "2026-02-30"', "2026-02-30"),
    "a day in words": ('valid_from = "next year"', "next year"),
    "a retirement in words": ('retired = "long ago"', "long ago"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_date_or_successor_is_refused_by_name(tmp_path: Path, case: str) -> None:
    line, named = BAD[case]
    catalogue = CATALOGUE.replace('published = "2025-11"', line)
    if case == "a circle":
        catalogue = catalogue.replace('file = "notes.txt"', 'file = "notes.txt"\nsuperseded_by = "rules"')
    with pytest.raises(CorpusError) as refusal:
        load_catalogue(write_corpus(tmp_path, {"catalogue.toml": catalogue}))
    assert named in str(refusal.value)


def test_what_is_over_is_not_read_at_all_and_what_is_to_come_is(tmp_path: Path) -> None:
    catalogue = CATALOGUE.replace('published = "2025-11"', "valid_from = 2026-04-01").replace(
        'file = "notes.txt"', 'file = "notes.txt"\nsuperseded_by = "rules"'
    )
    folder = write_corpus(tmp_path, {"catalogue.toml": catalogue})
    before = read_corpus(folder, day=BEFORE)
    assert [d.id for d in before.documents] == ["rules", "notes", "faq"]
    (folder / "notes.txt").unlink()
    assert [d.id for d in read_corpus(folder, day=DAY).documents] == ["rules", "faq"]
