"""What tests share: the shipped corpus indexed once by the real encoder, and the command as a person types it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.desk import build_index
from assistant.settings import Settings
from corpus.catalogue import Corpus, read_corpus
from index.encoder import BUNDLED, Encoder, load_encoder

ROOT = Path(__file__).resolve().parents[1]
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled encoder, loaded once."""
    return load_encoder(BUNDLED)


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The shipped corpus."""
    return read_corpus(ROOT / "corpus" / "documents")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A data folder with an index of the shipped corpus; read-only by agreement."""
    folder = tmp_path_factory.mktemp("built")
    build_index(Settings(_env_file=None, desk_data_dir=folder), encoder)
    return folder


@pytest.fixture
def data_dir(built: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own, with an index of the shipped corpus and no record yet."""
    return shutil.copytree(built, tmp_path / "var", ignore=shutil.ignore_patterns("*.sqlite3*"))


@pytest.fixture
def environment(data_dir: Path) -> dict[str, str]:
    """The environment of a command: nothing of the desk's set but where its data is."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DESK_", "SLACK_"))}
    return {**inherited, "DESK_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def command(environment: dict[str, str], tmp_path: Path) -> Command:
    """Runs `python run_bot.py …` in an empty folder; `stdin` is piped in, `env` added to the environment."""

    def run(
        *arguments: str, stdin: str | bytes = b"", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, str(ROOT / "run_bot.py"), *arguments],
            input=data,
            capture_output=True,
            cwd=tmp_path,
            env={**environment, **(env or {})},
            timeout=120,
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
