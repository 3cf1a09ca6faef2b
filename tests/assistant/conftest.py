"""The desk over the shipped corpus, and what it replies when asked through the command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.desk import Desk
from assistant.settings import Settings
from tests.conftest import ROOT, clean_environment, twin

Json = dict[str, Any]
Ask = Callable[[Sequence[str | Json]], list[Json]]
MANY = 500


class Clock:
    """A steady clock, which goes on as a test says."""

    def __init__(self) -> None:
        self._seconds = 1000.0

    def __call__(self) -> float:
        return self._seconds

    def pass_by(self, seconds: float) -> None:
        self._seconds += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def desk(built: Path) -> Desk:
    return Desk(Settings(_env_file=None, desk_data_dir=built))


@pytest.fixture(scope="session")
def ask_all(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks questions by `ask --json`, many in two runs at once; a question may be an object with its history."""
    runs = [twin(built, tmp_path_factory.mktemp("asked") / "var") for _ in range(2)]

    def ask_in(data: Path, questions: Sequence[str | Json]) -> list[Json]:
        lines = [question if isinstance(question, str) else json.dumps(question) for question in questions]
        done = subprocess.run(
            [sys.executable, str(ROOT / "run_bot.py"), "ask", "--json"],
            input="\n".join(lines).encode(),
            capture_output=True,
            cwd=data,
            env={**clean_environment(), "DESK_DATA_DIR": str(data)},
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        replies: list[Json] = [json.loads(line) for line in done.stdout.decode().splitlines()]
        assert len(replies) == len(questions), "a reply a line, and nothing else"
        return replies

    def ask(questions: Sequence[str | Json]) -> list[Json]:
        if len(questions) < MANY:
            return ask_in(runs[0], questions)
        half = len(questions) // 2
        with ThreadPoolExecutor(2) as pool:
            one, other = pool.map(ask_in, runs, (questions[:half], questions[half:]))
        return one + other

    return ask
