"""Builds that people ask for in the stand-in workspace: the message in which each is told, up to its end."""

from __future__ import annotations

import re

from tests.conftest import Small
from tests.slack.conftest import Office, explained
from tests.slack.workspace import Message

ENDS = re.compile(
    r"Generation (\S+) answers now\.|The index stays as it was|Nothing has changed: generation (\S+) holds"
)
PATIENCE = 60
"""Seconds for a build of a brief corpus, on a machine that has much else to do."""


def report(office: Office, channel: str, thread: str | None = None, number: int = 1) -> Message:
    """The `number`-th report of a build there, from 1, once it tells of its end."""

    def ended() -> Message | None:
        found = [m for m in office.workspace.messages(channel, thread) if is_report(m)]
        return found[number - 1] if len(found) >= number and ENDS.search(found[number - 1].shown) else None

    with explained(office.bot):
        return office.workspace.wait_for(ended, PATIENCE, f"the end of build {number} told in {channel} {thread}")


def is_report(message: Message) -> bool:
    return bool((message.metadata or {}).get("event_payload", {}).get("message") == "report")


def generation_in(message: Message) -> str:
    """The generation that a report says answers now, be it that an earlier build had made it."""
    found = ENDS.search(message.shown)
    assert found is not None, message.shown
    assert found.group(1) or found.group(2), message.shown
    return str(found.group(1) or found.group(2))


def current(office: Office) -> str:
    return (office.data / "index" / "CURRENT").read_text().strip()


def at_work(office: Office, documents: Small) -> Small:
    """The office's data, with the documents that it was made of."""
    return Small(documents.documents, office.data)
