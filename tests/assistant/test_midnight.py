"""Documents begin and end at midnight in Japan, also in a desk that is running, and without a new build."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import time_machine

from assistant.desk import Desk, build_index
from assistant.models import Enquiry, Outcome, Reply
from assistant.settings import Settings
from assistant.wording import status
from corpus.curation import add
from corpus.models import Authority, Kind
from index.encoder import Encoder
from tests.conftest import Small
from tests.corpus.samples import RULES

EVE, DAY = "2026-03-31T14:59:59Z", "2026-03-31T15:00:00Z"
LEAVE = Enquiry(question="How does a town leave the harbour club?")
ANTHEM = Enquiry(question="Does the club have an anthem?")
SONGS = "# Songs of the harbour club\n\n## The anthem\n\nThe anthem of the harbour club is “The Tide Comes Home”.\n"


@pytest.fixture
def settings(small: Small) -> Settings:
    return Settings(_env_file=None, desk_data_dir=small.data, desk_corpus_dir=small.documents)


def put(settings: Settings, text: str, id: str, supersedes: tuple[str, ...] = ()) -> None:  # noqa: A002
    """Add a document that begins on 1 April 2026."""
    path = settings.desk_data_dir / f"{id}.md"
    path.write_text(text, encoding="utf-8")
    with time_machine.travel("2026-01-01"):
        add(settings.desk_corpus_dir, path, id=id, kind=Kind.FRAMEWORK, authority=Authority.OFFICIAL, title=id,
            language="en", valid_from="2026-04-01", supersedes=supersedes)  # fmt: skip


def said(reply: Reply) -> str:
    return "\n".join([reply.text, *(citation.quote for citation in reply.citations)])


def test_a_document_is_quoted_from_its_day_on(settings: Settings, encoder: Encoder) -> None:
    put(settings, SONGS, "songs")
    with time_machine.travel(EVE, tick=False) as clock:
        built = build_index(settings, encoder).id
        desk = Desk(settings)
        before = desk.reply(ANTHEM)
        assert before.outcome is Outcome.NOT_STATED
        assert "Tide" not in said(before)
        assert "songs" not in desk.generation.documents
        clock.move_to(DAY)
        after = desk.reply(ANTHEM)
        assert after.outcome in {Outcome.ANSWERED, Outcome.POSSIBLE}
        assert after.citations[0].document == "songs"
        assert "Tide" in said(after)
        assert (before.generation, after.generation) == (built, built)
        clock.move_to(EVE)
        assert "Tide" not in said(desk.reply(ANTHEM)), "and a clock that was wrong does no harm"


def test_a_document_goes_when_its_successor_begins(settings: Settings, encoder: Encoder) -> None:
    put(settings, RULES.replace("a blue flag for seven days", "a white flag for nine nights"), "new-rules", ("rules",))
    with time_machine.travel(EVE, tick=False) as clock:
        build_index(settings, encoder)
        desk = Desk(settings)
        before = desk.reply(LEAVE)
        assert before.outcome is Outcome.ANSWERED
        assert "blue flag" in said(before)
        assert "white flag" not in said(before)
        clock.move_to(DAY)
        for question in ("How does a town leave the harbour club?", "leaving the club", "What does membership cost?",
                         "Where does the club meet?", "How does a town join the harbour club?"):  # fmt: skip
            reply = desk.reply(Enquiry(question=question))
            assert "rules" not in {citation.document for citation in reply.citations}, question
            assert "blue flag" not in said(reply), "nor by the FAQ"
        assert "white flag" in said(desk.reply(Enquiry(question="leaving the club by flying a white flag")))


def test_a_desk_that_starts_on_the_day_says_what_one_says_that_was_running(
    settings: Settings, encoder: Encoder
) -> None:
    put(settings, SONGS, "songs")
    with time_machine.travel(EVE, tick=False) as clock:
        build_index(settings, encoder)
        running = Desk(settings)
        clock.move_to(DAY)
        one, other = running.reply(ANTHEM), Desk(settings).reply(ANTHEM)
        assert (one.outcome, one.text, one.citations) == (other.outcome, other.text, other.citations)
        assert running.help_text("en") == Desk(settings).help_text("en")


def test_a_build_on_the_day_and_one_on_the_eve_say_the_same(
    settings: Settings, encoder: Encoder, tmp_path: Path
) -> None:
    put(settings, RULES.replace("blue flag", "white flag"), "new-rules", ("rules",))
    other = settings.model_copy(update={"desk_data_dir": tmp_path / "other"})
    shutil.copytree(settings.desk_data_dir, other.desk_data_dir)
    with time_machine.travel(EVE, tick=False) as clock:
        build_index(settings, encoder)
        clock.move_to(DAY)
        build_index(other, encoder)
        for question in (LEAVE, ANTHEM, Enquiry(question="会費はいくらですか？"), Enquiry(question="member fee")):
            early, late = Desk(settings).reply(question), Desk(other).reply(question)
            assert (early.outcome, early.citations) == (late.outcome, late.citations), question


@pytest.mark.parametrize(("zone", "day"), [("Asia/Tokyo", date(2026, 4, 1)), ("Asia/Bangkok", date(2026, 3, 31))])
def test_a_reply_tells_the_index_s_day_where_staff_work(
    settings: Settings, encoder: Encoder, zone: str, day: date
) -> None:
    there = settings.model_copy(update={"desk_timezone": zone})
    with time_machine.travel(DAY, tick=False):
        build_index(there, encoder, force=True)
        desk = Desk(there)
        assert desk.reply(LEAVE).indexed == day
        assert f"{day:%-d %b %Y}" in status(desk.generation, zone, "en")
