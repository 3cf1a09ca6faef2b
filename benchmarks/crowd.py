"""Fifty people at once, ten questions each, and a socket that drops: `python -m benchmarks.crowd [DATA]`.

The bot runs as in the tests, against a Slack on loopback, on a copy of DATA's index (var, where `index build` puts
it). Twice: each person asks when they have their reply, and all of them as fast as they can type. What a crowd costs:
how long Slack waits for its acknowledgements, what is lost or told twice, and the bot's memory. Results go to
benchmarks/results/crowd.json, with the commit.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from benchmarks.results import save
from tests.conftest import DOCUMENTS, ROOT, Small
from tests.slack.conftest import Office, opened_office

_PEOPLE, _QUESTIONS = 50, 10
_ASKED = ("Which city was the first to sign?", "最初に署名した都市はどこですか？")
_PATIENCE = 120.0


def main(data: Path) -> None:
    measured = {}
    for name in ("one by one", "all at once"):
        with (
            tempfile.TemporaryDirectory() as folder,
            opened_office(Small(DOCUMENTS, data), {}, Path(folder)) as office,
        ):
            measured[name] = _crowded(office, waiting=name == "one by one")
    save("crowd", {"people": _PEOPLE, "questions": _PEOPLE * _QUESTIONS, **measured})


def _crowded(office: Office, *, waiting: bool) -> dict[str, float]:
    """What a crowd costs; each waits for a reply before the next question, or nobody does."""
    workspace = office.workspace
    workspace.add_channel("C1")
    office.ask("C1", _ASKED[0])
    process = psutil.Process(office.bot.process.pid)
    alone = process.memory_info().rss
    acknowledged = len(workspace.acks)

    def ask(person: int) -> list[str]:
        asked = []
        for number in range(_QUESTIONS):
            asked.append(workspace.mention("C1", f"U{person}", _ASKED[number % len(_ASKED)]))
            if waiting:
                workspace.wait_for_reply("C1", asked[-1], timeout=_PATIENCE)
        return asked

    with ThreadPoolExecutor(_PEOPLE) as people:
        asking = [people.submit(ask, person) for person in range(_PEOPLE)]
        workspace.wait_for(lambda: len(workspace.acks) > acknowledged + _PEOPLE, _PATIENCE)
        workspace.drop_socket()
        asked = [ts for each in asking for ts in each.result()]
    for ts in asked:
        workspace.wait_for_reply("C1", ts, timeout=_PATIENCE)
    workspace.settle(2)
    replies = [len(office.replies("C1", ts)) for ts in asked]
    waits = [ack.seconds for ack in workspace.acks[acknowledged:]]
    return {
        "lost": replies.count(0),
        "told twice": sum(count > 1 for count in replies),
        "acknowledged after s, median": round(statistics.median(waits), 3),
        "acknowledged after s, slowest": round(max(waits), 3),
        "memory after one question, MB": round(alone / 1e6),
        "memory after the crowd, MB": round(process.memory_info().rss / 1e6),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "var")
