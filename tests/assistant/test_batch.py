"""A question a line in, a reply a line out, whatever the lines hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.desk import Desk
from assistant.models import Enquiry
from assistant.terminal import read_batch
from tests.conftest import Command

LONGEST = 2000

BAD_LINES: dict[str, bytes] = {
    "broken JSON": b'{"question": "What is CityNet?"',
    "JSON with a comma too many": b'{"question": "What is CityNet?",}',
    "in Shift_JIS": "最初に署名した都市は？".encode("shift_jis"),
    "in UTF-16": "What is CityNet?".encode("utf-16-le"),
    "in EUC-JP": "最初に署名した都市は？".encode("euc_jp"),
    "no question": b'{"history": ["What is CityNet?"]}',
    "an empty object": b"{}",
    "a question that is a number": b'{"question": 5}',
    "a question that is null": b'{"question": null}',
    "a question that is a list": b'{"question": ["What is CityNet?"]}',
    "a field that nobody knows": b'{"question": "What is CityNet?", "user": "U1"}',
    "a history that is a text": b'{"question": "Where is it?", "history": "What is CityNet?"}',
    "a history of numbers": b'{"question": "Where is it?", "history": [1]}',
    "an empty question": b'{"question": ""}',
    "a question of white space": b'{"question": " \\n\\t "}',
    "a question of control characters": b'{"question": "\\u0000\\u0007"}',
    "control characters only": b"\x00\x01\x02",
    "40,000 characters": b"a" * 40_000,
    "40,000 characters in an object": b'{"question": "' + b"a" * 40_000 + b'"}',
    "40,000 characters in the history": b'{"question": "x", "history": ["' + b"a" * 40_000 + b'"]}',
    "one character too many": "市".encode() * (LONGEST + 1),
    "half a surrogate pair": b'{"question": "\\ud800 What is CityNet?"}',
    "half a surrogate pair in the history": b'{"question": "Where is it?", "history": ["\\udfff"]}',
    "a number of 5,000 digits": b'{"question": ' + b"1" * 5_000 + b"}",
    "20,000 brackets": b'{"question": ' + b"[" * 20_000,
    "brackets that are closed": b'{"question": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
}
# What may be a bad line or a question, at the desk's choice; but never the end of the batch.
EITHER = {"half a surrogate pair", "half a surrogate pair in the history"}

GOOD_LINES: dict[str, tuple[bytes, str]] = {
    "plain": (b"What is CityNet?", "What is CityNet?"),
    "with spaces": (b"  What is\t CityNet? \r\n", "What is CityNet?"),
    "with control characters": (b"What\x00 is\x1b CityNet\x07?", "What is CityNet?"),
    "in colour": (b"What is \x1b[1;31mCityNet\x1b[0m?", "What is CityNet?"),
    "in invalid UTF-8": (b"What is \xff\xfe CityNet?", "What is \ufffd\ufffd CityNet?"),
    "an object": (b'{"question": "What is CityNet?"}', "What is CityNet?"),
    "an object with an empty history": (b'{"question": "What is CityNet?", "history": []}', "What is CityNet?"),
    "an escaped character": (b'{"question": "\\u30b7\\u30c6\\u30a3"}', "シティ"),
    "a pair of surrogates": (b'{"question": "\\ud83d\\ude42 CityNet"}', "🙂 CityNet"),
    "just short enough": ("市".encode() * LONGEST, "市" * LONGEST),
    "short enough without its spaces": (b"a " * 1000 + b" " * 5000, ("a " * 1000).strip()),
    "a JSON list": (b'["What is CityNet?"]', '["What is CityNet?"]'),
    "a JSON text": (b'"What is CityNet?"', '"What is CityNet?"'),
    "with a byte order mark": (b"\xef\xbb\xbfWhat is CityNet?", "What is CityNet?"),
    "an object with a byte order mark": (b'\xef\xbb\xbf{"question": "What is CityNet?"}', "What is CityNet?"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_what_is_no_question_is_said_to_be_none(desk: Desk, name: str) -> None:
    answer = read_batch(BAD_LINES[name])
    if name in EITHER and isinstance(answer, Enquiry):
        json.dumps(desk.reply(answer).model_dump(mode="json")).encode()
        return
    assert isinstance(answer, str)
    assert answer.strip()
    assert len(answer) < 500, "the message is for a person, and does not echo the line"
    answer.encode()


@pytest.mark.parametrize(("line", "question"), GOOD_LINES.values(), ids=GOOD_LINES)
def test_what_can_be_read_is_a_question(line: bytes, question: str) -> None:
    answer = read_batch(line)
    assert isinstance(answer, Enquiry)
    assert answer.question == question


@pytest.mark.parametrize("line", [b"", b"\n", b" \t \r\n", "　\n".encode()])
def test_a_blank_line_is_none(line: bytes) -> None:
    assert read_batch(line) is None


def test_an_object_brings_its_history() -> None:
    answer = read_batch(b'{"question": "Where is it?", "history": ["What is CityNet?", "Who  leads it?"]}')
    assert answer == Enquiry(question="Where is it?", history=("What is CityNet?", "Who leads it?"))


def test_replies_and_errors_stand_in_their_places(command: Command) -> None:
    lines = [
        b"What is CityNet?",
        b"",
        BAD_LINES["broken JSON"],
        b'{"question": "Where is its headquarters?", "history": ["What is CityNet?"]}',
        b"   ",
        BAD_LINES["40,000 characters"],
        BAD_LINES["control characters only"],
        GOOD_LINES["in invalid UTF-8"][0],
        BAD_LINES["a field that nobody knows"],
        "最初に署名した都市はどこですか？".encode(),
    ]
    done = command("ask", "--json", stdin=b"\n".join(lines))  # the last line has no end
    assert done.returncode == 1, "something in it was bad"
    answers: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.get("line") or answer["outcome"] for answer in answers] == [
        "answered", 3, "answered", 6, 7, "answered", 9, "answered",
    ]  # fmt: skip
    for answer in answers:
        if "line" in answer:
            assert set(answer) == {"error", "line"}
    assert "40,000" in answers[3]["error"]
    assert "user" in answers[6]["error"]
    assert "Seoul" in answers[2]["text"]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["a number of 5,000 digits", "20,000 brackets", "half a surrogate pair"])
def test_no_line_ends_the_batch_for_those_after_it(command: Command, name: str) -> None:
    done = command("ask", "--json", stdin=b"hello\n" + BAD_LINES[name] + b"\nhello\n")
    assert "Traceback" not in done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == 3
    assert (answers[0]["outcome"], answers[2]["outcome"]) == ("help", "help")
    if "line" in answers[1]:
        assert (answers[1]["line"], done.returncode) == (2, 1)


def test_a_good_batch_ends_well(command: Command) -> None:
    done = command("ask", "--json", stdin="hello\n\nThanks!\n")
    assert done.returncode == 0
    assert [json.loads(line)["question"] for line in done.stdout.splitlines()] == ["hello", "Thanks!"]
    assert done.stderr == ""


def test_without_json_a_reply_is_one_line_of_text(command: Command) -> None:
    done = command("ask", stdin="What is CityNet?\n{\n来年度、会議の名称はどう変わりますか？\n")
    assert done.returncode == 1
    first, bad, last = done.stdout.splitlines()
    assert first.startswith("CityNet is")
    assert "[1] “" in first
    assert "line 2" in bad
    assert "2026年度" in last


def test_no_lines_no_replies(command: Command) -> None:
    done = command("ask", "--json", stdin="")
    assert (done.returncode, done.stdout) == (0, "")
