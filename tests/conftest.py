"""What tests share: three corpora indexed once by the real encoder, and the command as a person types it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from assistant.desk import build_index, open_encoder
from assistant.settings import Settings
from corpus.catalogue import Corpus, read_corpus
from index.build import build
from index.encoder import BUNDLED, Encoder, load_encoder
from index.generation import is_sound, verify
from index.store import Store
from tests.corpus.samples import write_corpus

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ROOT / "corpus" / "documents"
FEW = ("entries", "en", "ja", "th")
"""The files of the shipped FAQ that tests need which are about anything but languages."""
Command = Callable[..., "subprocess.CompletedProcess[str]"]

# Properties: the same examples every time; many more, new ones, with `pytest --hypothesis-profile=thorough`.
hypothesis.settings.register_profile("quick", deadline=None, max_examples=100, derandomize=True, database=None)
hypothesis.settings.register_profile(
    "thorough", deadline=None, max_examples=5000, database=None, suppress_health_check=list(hypothesis.HealthCheck)
)
hypothesis.settings.load_profile("quick")
_hypothesis_home = tempfile.TemporaryDirectory(prefix="hypothesis-")  # its caches, gone when the tests end
set_hypothesis_home_dir(_hypothesis_home.name)


@dataclass(frozen=True)
class Small:
    """A corpus folder and a data folder, the corpus indexed."""

    documents: Path
    data: Path

    @property
    def store(self) -> Store:
        return Store(self.data / "index")

    @property
    def settings(self) -> dict[str, str]:
        return {"DESK_CORPUS_DIR": str(self.documents), "DESK_DATA_DIR": str(self.data)}

    @property
    def pointer(self) -> Path:
        return self.data / "index" / "CURRENT"

    def generation(self, name: str | None = None) -> Path:
        """The folder of a generation, of the current one if no name is given."""
        return self.store.folder(name or self.pointer.read_text().strip())


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled encoder, loaded once."""
    return load_encoder(BUNDLED)


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the fast engine, if this processor takes it: set up once, for every command too."""
    folder = tmp_path_factory.mktemp("encoder")
    load_encoder(BUNDLED, folder, lasting=True)
    return folder


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The shipped corpus."""
    return read_corpus(DOCUMENTS)


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory, engines: Path) -> Iterator[Small]:
    """The shipped documents with the FAQ in a few languages, and the fast engine; read-only by agreement."""
    folder = tmp_path_factory.mktemp("few")
    left_out = [path.name for path in (DOCUMENTS / "faq").iterdir() if path.stem not in FEW]
    documents = shutil.copytree(DOCUMENTS, folder / "documents", ignore=shutil.ignore_patterns(*left_out))
    made = Small(documents, folder / "var")
    settings = Settings(_env_file=None, desk_corpus_dir=made.documents, desk_data_dir=made.data)
    shutil.copytree(engines, settings.engines)
    build_index(settings, open_encoder(settings))
    yield made
    verify(made.generation())


@pytest.fixture(scope="session")
def built(few: Small, tmp_path_factory: pytest.TempPathFactory, corpus: Corpus) -> Iterator[Path]:
    """A data folder with the fast engine and an index of the shipped corpus; read-only by agreement.

    It takes minutes, even with what is known from `few`, which is for all tests but those of many languages.
    """
    made = Small(DOCUMENTS, twin(few.data, tmp_path_factory.mktemp("built") / "var"))
    settings = Settings(_env_file=None, desk_data_dir=made.data)
    build(corpus, open_encoder(settings, lasting=True), made.store, by="tests")
    with made.store.lock():
        made.store.prune(1, is_sound)
    yield made.data
    verify(made.generation())


def twin(data: Path, copy: Path) -> Path:
    """A copy of a data folder but for its record; what nobody changes in place, generations and engines, is linked."""

    def link_or_copy(source: str, target: str) -> None:
        linked = {"generations", "encoder"} & set(Path(source).relative_to(data).parts)
        (os.link if linked else shutil.copy2)(source, target)

    return shutil.copytree(data, copy, copy_function=link_or_copy, ignore=shutil.ignore_patterns("*.sqlite3*"))


@pytest.fixture(scope="session")
def at_hand(few: Small) -> Small:
    """What a command finds where a test sets nothing; a module for which this is too little says otherwise."""
    return few


def clean_environment() -> dict[str, str]:
    """The environment with nothing of the desk's set."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("DESK_", "SLACK_"))}


@pytest.fixture(scope="session")
def small_built(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Small:
    """Read-only by agreement."""
    folder = tmp_path_factory.mktemp("small")
    made = Small(write_corpus(folder / "documents"), folder / "data")
    build(read_corpus(made.documents), encoder, made.store, by="tests")
    return made


@pytest.fixture
def small(small_built: Small, tmp_path: Path) -> Small:
    shutil.copytree(small_built.documents.parent, tmp_path / "small")
    return Small(tmp_path / "small" / "documents", tmp_path / "small" / "data")


@pytest.fixture
def environment(at_hand: Small, tmp_path: Path) -> dict[str, str]:
    """The environment of a command: of the desk's, it sets the corpus and a data folder of the test's own."""
    mine = Small(at_hand.documents, twin(at_hand.data, tmp_path / "var"))
    return {**clean_environment(), **mine.settings, "PYTHONUNBUFFERED": "1"}


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
