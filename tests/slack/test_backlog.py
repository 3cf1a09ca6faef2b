"""Answers let acknowledgements pass, but not for ever."""

from __future__ import annotations

import threading
import time

from assistant.slack.backlog import Backlog


def test_an_answer_waits_until_every_event_is_acknowledged() -> None:
    backlog, passed = Backlog(), threading.Event()
    backlog.let_pass()
    backlog.came()
    backlog.came()

    def give() -> None:
        backlog.let_pass()
        passed.set()

    answer = threading.Thread(target=give)
    answer.start()
    backlog.left()
    assert not passed.wait(0.2)
    backlog.left()
    assert passed.wait(1)
    answer.join()


def test_no_answer_waits_for_what_nobody_acknowledges_any_more() -> None:
    """A bot that is told to stop in a crowd answers what it accepted, and leaves the rest to Slack."""
    backlog, passed = Backlog(), threading.Event()
    backlog.came()

    def give() -> None:
        for _ in range(100):
            backlog.let_pass()
        passed.set()

    answer = threading.Thread(target=give)
    answer.start()
    backlog.close()
    assert passed.wait(1)
    answer.join()


def test_an_asker_is_not_kept_waiting_by_an_event_that_never_ends() -> None:
    backlog, begun = Backlog(), time.monotonic()
    backlog.came()
    backlog.let_pass()
    assert 1 < time.monotonic() - begun < 5
