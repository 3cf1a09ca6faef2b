"""Builds ordered in Slack are made one after the other, whatever becomes of what follows on them."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue

from slack_sdk import WebClient

from assistant.audit import Audit
from assistant.database import open_database
from assistant.indexing import Built
from assistant.settings import Settings
from assistant.slack.staff.rebuilds import Order, Rebuilds
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
