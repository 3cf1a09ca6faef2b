"""Builds ordered in Slack are made one after the other, whatever becomes of what follows on them."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue

import pytest
from slack_sdk import WebClient

from assistant.audit import Audit
from assistant.database import open_database
from assistant.indexing import Built
from assistant.settings import Settings
from assistant.slack.mail import Letter, Mail
from assistant.slack.staff import rebuilds
from assistant.slack.staff.rebuilds import Order, Place, Rebuilds, Report
from corpus.progress import Stage
from tests.corpus.samples import write_corpus


def test_what_fails_after_a_build_does_not_keep_the_next_from_being_made(tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None, desk_corpus_dir=write_corpus(tmp_path / "documents"), desk_data_dir=tmp_path / "data"
    )
    database = open_database(settings.database_url)
    rebuilds = Rebuilds(WebClient("xoxb-nobody"), settings, Audit(database))
    rebuilds.start()
    ended: SimpleQueue[Built | None] = SimpleQueue()

    def fail(_built: Built | None) -> None:
        raise OSError("Slack is away")

    try:
        rebuilds.order(Order("U1", None, "", ended=fail))
        rebuilds.order(Order("U2", None, "", ended=ended.put))
        built = ended.get(timeout=60)
    finally:
        rebuilds.stop()
        database.close()
    assert built is not None
    assert not built.is_new  # the first one was made


class Kept(Mail):
    """Letters that nobody carries away."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def post(self, channel: str, thread: str | None, letter: Letter) -> str:
        self.texts.append(letter.text)
        return "1.0"

    def change(self, channel: str, ts: str, letter: Letter) -> None:
        self.texts.append(letter.text)


def test_progress_never_runs_backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Golden questions may be asked twice: of the generation in place, and of the new one."""
    monkeypatch.setattr(rebuilds, "_EDIT_SECONDS", 0.0)
    mail = Kept()
    tell = Report(mail, Place("C1"), "Indexing.").progress("en")
    for stage, done in ((Stage.ENCODING, 100), (Stage.ASKING, 93), (Stage.ASKING, 91), (Stage.ASKING, 95)):
        tell(stage, done, 100)
    assert [text.split(": ")[1] for text in mail.texts[1:]] == ["100 %", "93 %", "93 %", "95 %"]
