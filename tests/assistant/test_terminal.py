"""The desk in a terminal: `run` with questions piped in, and a conversation with a person."""

from __future__ import annotations

import os
import pty
import re
import select
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Command

QUESTIONS = "最初に署名した都市はどこですか？\nWhat is CityNet?\nWhat is the joining fee?\n"


def test_three_questions_piped_in_get_three_replies_with_citations(command: Command) -> None:
    done = command("run", stdin=QUESTIONS)
    assert done.returncode == 0
    assert done.stderr == ""
    replies = re.split(r"^\? ", done.stdout, flags=re.MULTILINE)[1:]
    assert len(replies) == 3
    city, network, fee = replies
    for question, reply in zip(QUESTIONS.splitlines(), replies, strict=True):
        assert reply.startswith(question)
        assert "[1]" in reply
        assert "“" in reply
        assert "FAQ" in reply
    assert "横浜市は第1号都市として署名しました" in city
    assert "記者発表資料" in city
    assert "年11月" in city
    assert "CityNet" in network
    assert "Press release, City of Yokohama" in network
    assert "· official" in network
    assert "digest, not official wording" in network
    assert "公式の文言ではありません" in city
    assert "answer prepared by this desk" in network
    assert "November 2025" in network
    assert "do not state" in fee
    assert "iclei-japan@iclei.org" in fee


def test_piped_questions_are_answered_even_where_tokens_are_set(command: Command) -> None:
    done = command("run", stdin="hello\n", env={"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"})
    assert done.returncode == 0
    assert "Hello!" in done.stdout


def test_piped_questions_stand_alone(command: Command) -> None:
    """Lines of a file are no thread: what was asked before changes nothing."""
    done = command("chat", stdin="Where?\nWhat is CityNet?\nWhere?\n")
    assert done.returncode == 0
    before, _, after = re.split(r"^\? ", done.stdout, flags=re.MULTILINE)[1:]
    assert before.strip() == after.strip()


def test_a_line_that_is_no_question_is_told_and_the_next_one_answered(command: Command) -> None:
    done = command("chat", stdin=b"\n  \n\x00\x01\n" + b"a" * 40_000 + b"\nhello\n")
    assert done.returncode == 1, "as of `ask`: a script learns that not all was answered"
    assert "2,000" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Hello!" in done.stdout
    assert len(done.stdout) < 3000, "a line that is too long is not echoed whole"


class Person:
    """Somebody at a terminal: types lines, reads what appears."""

    def __init__(self, descriptor: int, process: int) -> None:
        self._descriptor, self._process = descriptor, process

    def reads(self, until: str, seconds: float = 60) -> str:
        """What appears up to and with `until`."""
        seen = b""
        deadline = time.monotonic() + seconds
        while until.encode() not in seen:
            assert time.monotonic() < deadline, f"{until!r} did not appear in: {seen.decode(errors='replace')}"
            if select.select([self._descriptor], [], [], 0.2)[0]:
                try:
                    seen += os.read(self._descriptor, 65536)
                except OSError:  # the other side has gone
                    break
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode(errors="replace"))

    def types(self, text: str) -> None:
        os.write(self._descriptor, text.encode())

    def leaves(self) -> int:
        self.types("\x04")
        return os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])


@pytest.fixture
def at_a_terminal(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Person]]:
    opened: list[int] = []

    def start(*arguments: str, **more: str) -> Person:
        process, descriptor = pty.fork()
        if process == 0:
            os.chdir(tmp_path)
            os.execve(sys.executable, [sys.executable, str(ROOT / "run_bot.py"), *arguments], environment | more)  # noqa: S606
        opened.append(descriptor)
        return Person(descriptor, process)

    yield start
    for descriptor in opened:
        os.close(descriptor)


def test_whoever_set_half_a_set_of_tokens_is_told_why_there_is_no_bot(at_a_terminal: Callable[..., Person]) -> None:
    person = at_a_terminal("run", SLACK_BOT_TOKEN="xoxb-1")
    assert "SLACK_APP_TOKEN not set: no bot, but a conversation here" in person.reads("\r\n? ")
    assert person.leaves() == 0


def test_a_person_is_greeted_answered_and_understood(at_a_terminal: Callable[..., Person]) -> None:
    """Without tokens `run` is a conversation, in which a follow-up leans on what was asked before."""
    person = at_a_terminal("run")
    greeting = person.reads("\r\n? ")
    assert "Hello!" in greeting
    assert "こんにちは" in greeting
    person.types("What is CityNet?\n")
    assert "UN-ESCAP" in person.reads("\r\n? ")
    person.types("\n")
    person.reads("? ")
    person.types("Where is its headquarters?\n")
    assert "Seoul" in person.reads("\r\n? ")
    person.types("あ" * 300 + "a" * 1000 + "\n")
    assert "Traceback" not in person.reads("\r\n? ")
    assert person.leaves() == 0
