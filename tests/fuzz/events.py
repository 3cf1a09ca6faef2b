"""Coverage-guided fuzzing of what is brought to the bot: `python -m tests.fuzz.events [libFuzzer's arguments]`.

Over HTTP, no bytes without a signature get more than a refusal; and no message's text breaks what is read from it,
put on record, or shown again on a card.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["assistant.slack", "assistant.models", "corpus.clean", "slack_bolt"]):
    from slack_bolt import App

    from assistant.enquiries import FloodError, open_record
    from assistant.models import clean_question, is_question
    from assistant.slack.backlog import Backlog
    from assistant.slack.http import SLACK_PATH, HttpServer
    from assistant.slack.staff.cards import card_blocks, card_text
    from assistant.slack.text import addresses_other, escape, flattened, mentions, mentions_people, question_in, shorten

from tests.slack.limits import block_errors, pings_in
from tests.slack.test_cards import CARD

BOT = "U0BOT"
MOST = 20
REFUSALS = {"400 Bad Request", "401 Unauthorized", "401 OK"}
SEEDS = [
    b"\x00" + b'{"type":"event_callback","event":{"type":"message","text":"<@U0BOT> Which city?"}}',
    b"\x01" + b"payload=%7B%22type%22%3A%22block_actions%22%7D",
    b"\x02" + "<@U0BOT> <!channel> &lt;@U1&gt; *Which* city\u202e? <https://evil.example|here> 横浜市".encode(),
]

app = App(token="xoxb-1", signing_secret="s" * 32, token_verification_enabled=False, logger=logging.getLogger("fuzz"))
door = HttpServer(app, 0, lambda: None, Backlog())
record = open_record(f"sqlite:///{Path(tempfile.mkdtemp()) / 'desk.sqlite3'}")
numbers = iter(range(10**9))


def try_it(data: bytes) -> None:
    given = atheris.FuzzedDataProvider(data)
    kind = given.ConsumeIntInRange(0, 2)
    if kind < 2:
        knock(given, ("application/json", "application/x-www-form-urlencoded")[kind])
    else:
        say(given.ConsumeUnicode(given.remaining_bytes()))


def knock(given: atheris.FuzzedDataProvider, content_type: str) -> None:
    """What is not signed is refused, by a status that is no failure."""
    stamp = given.PickValueInList(["", "0", "1764300000", "²", "9" * 21, "-1"])
    body = given.ConsumeBytes(given.remaining_bytes())
    answers: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": SLACK_PATH,
        "QUERY_STRING": "",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": stamp,
        "HTTP_X_SLACK_SIGNATURE": "v0=00",
        "wsgi.input": BytesIO(body),
    }
    list(door._serve(environ, lambda status, headers, _=None: answers.append(status)))  # type: ignore[arg-type]
    assert answers
    assert answers[0] in REFUSALS, answers


def say(text: str) -> None:
    """Whatever somebody writes can be kept, and shown."""
    question = question_in(text, BOT)
    for about in (mentions(text, BOT), mentions_people(text), addresses_other(text, BOT)):
        assert isinstance(about, bool)
    ts = str(next(numbers))
    try:
        enquiry = record.receive(channel="C1", ts=ts, thread=ts, user="U1", question=question, most=MOST)
    except FloodError as flood:
        enquiry = flood.enquiry_id
    kept = record.get(enquiry or "")
    assert kept is not None
    assert kept.question == question
    assert not is_question(text) or clean_question(text)
    assert len(shorten(question, 900, "en")) <= 900
    card = replace(CARD, enquiry=kept, names={"U1": flattened(text) or "U1"})
    made = [block.to_dict() for block in card_blocks(card, "en")]
    assert pings_in(card_text(card, "en"), made) == []
    assert question == "" or block_errors(made) == []
    assert pings_in(escape(text), []) == []


if __name__ == "__main__":
    logging.disable()
    with tempfile.TemporaryDirectory() as kept:
        for number, seed in enumerate(SEEDS):
            (Path(kept) / str(number)).write_bytes(seed)
        atheris.Setup([*sys.argv, kept], try_it)
        atheris.Fuzz()
