"""`corpus add`, `corpus retire`, `corpus list`: documents put in and taken out by a person, up to the answer."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from assistant.desk import Desk
from assistant.models import Enquiry
from assistant.settings import Settings
from assistant.terminal import progress
from corpus.catalogue import load_catalogue
from corpus.progress import Stage
from tests.conftest import ROOT, Command, Small
from tests.corpus.samples import CATALOGUE, ENTRIES, RULES, contents, write_corpus
from tests.index.test_crashes import in_a_namespace, mounting

FILES = ROOT / "tests" / "corpus" / "files"
NEW_RULES = """# The rules of the harbour club, revised

## Joining

A harbour town is admitted by a vote of the members in winter.

## Leaving

A town leaves the harbour club by sending back its blue pennant.

## Money

Each town pays seventy crowns a year to the treasurer.
"""
QUESTIONS = [
    "How does a town join the harbour club?", "joining the club", "How does a town leave the harbour club?",
    "How do we give up membership?", "What does membership cost?", "How much does each town pay?",
    "Where does the club meet?", "meeting places", "Does the club have an anthem?", "港の会を退くにはどうしますか？",
    "会費はいくらですか？", "年会費", "What is a blue flag for?", "forty crowns a year to the treasurer",
]  # fmt: skip
OLD_SENTENCES = [
    line for line in RULES.replace("- ", "").replace(". ", ".\n").splitlines() if line.endswith(".")
]  # fmt: skip
DESCRIBED = ("--kind", "framework", "--title", "The rules, revised", "--language", "en")


@pytest.fixture
def new_rules(tmp_path: Path) -> Path:
    path = tmp_path / "new rules.md"
    path.write_text(NEW_RULES, encoding="utf-8")
    return path


def asked(small: Small, questions: list[str]) -> list[dict[str, Any]]:
    """Each reply as the JSON that `ask --json` prints."""
    desk = Desk(Settings(_env_file=None, desk_corpus_dir=small.documents, desk_data_dir=small.data))
    return [json.loads(desk.reply(Enquiry(question=question)).model_dump_json()) for question in questions]


def without_time(reply: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in reply.items() if key != "elapsed_ms"}


def refuse(command: Command, small: Small, *arguments: str, status: int = 1) -> str:
    """Run a command that must be refused, and change nothing; returns the one line that it says."""
    before = contents(small.documents)
    done = command("corpus", *arguments, env=small.settings)
    assert done.returncode == status, done
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert contents(small.documents) == before
    return done.stderr


def test_a_replaced_text_is_never_quoted_again(command: Command, small: Small, new_rules: Path) -> None:
    """From the file to the answer: nothing changes before the build; after it the old words are gone."""
    before = asked(small, QUESTIONS)
    added = command("corpus", "add", str(new_rules), *DESCRIBED, "--id", "rules", env=small.settings)
    assert added.returncode == 0, added.stderr
    assert added.stdout.splitlines()[0] == "replaced: rules, 3 passages from rules-" + (
        added.stdout.split("rules-")[1].split(".md")[0] + ".md (framework, official, en)"
    )
    assert "rules.md stays" in added.stdout
    assert "index build" in added.stdout
    assert "5 FAQ entries resting" in added.stderr
    assert "joining" in added.stderr
    assert [without_time(reply) for reply in asked(small, QUESTIONS)] == [without_time(reply) for reply in before]

    built = command("index", "build", env=small.settings)
    assert built.returncode == 0
    assert "2 leaving" in built.stderr
    assert "2 leaving" in command("index", "status", env=small.settings).stderr
    after = asked(small, [*QUESTIONS, *OLD_SENTENCES])
    for reply in after:
        said = "\n".join([reply["text"], *(citation["quote"] for citation in reply["citations"])])
        assert not [sentence for sentence in OLD_SENTENCES if sentence in said], reply["question"]
        assert "faq" not in {citation["document"] for citation in reply["citations"]}, reply["question"]
    assert len(OLD_SENTENCES) == 7
    pennant = asked(small, ["A town leaves the harbour club by sending back its blue pennant."])[0]
    assert "pennant" in "".join(citation["quote"] for citation in pennant["citations"])
    assert (small.documents / "rules.md").read_text() == RULES

    # A curator mends a quotation, and its entry answers again; the others rest.
    mended = ENTRIES.replace("flying a blue flag for seven days", "sending back its blue pennant")
    english = (
        (small.documents / "faq" / "en.toml")
        .read_text()
        .replace("flying a blue flag for seven days", "sending back its blue pennant")
    )
    (small.documents / "faq" / "entries.toml").write_text(mended)
    (small.documents / "faq" / "en.toml").write_text(english)
    woken = command("index", "build", env=small.settings)
    assert "4 FAQ entries resting" in woken.stderr
    assert "2 leaving" not in woken.stderr
    (leaving,) = asked(small, ["How does a town leave the harbour club?"])
    assert leaving["outcome"] == "answered"
    assert "pennant" in leaving["text"]


def test_a_new_document_is_quoted_with_all_that_was_said_of_it(command: Command, small: Small, tmp_path: Path) -> None:
    source = shutil.copyfile(FILES / "chromium-en.pdf", tmp_path / "宣言の 枠組み.PDF")
    catalogue = (small.documents / "catalogue.toml").read_bytes()
    added = command(
        "corpus", "add", str(source), "--kind", "press_release", "--title", "枠組み", "--language", "en",
        "--authority", "staff", "--issuer", "The club", "--published", "2026-05", "--url", "https://example.org/f",
        env=small.settings,
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    assert added.stdout.startswith("added: press-release-en, ")
    assert (small.documents / "catalogue.toml").read_bytes().startswith(catalogue)
    assert (small.documents / "press-release-en.pdf").read_bytes() == source.read_bytes()
    assert len(list((small.data / "readings").iterdir())) == 1

    assert "press-release-en  passages" in command("index", "build", env=small.settings).stdout
    assert len(list((small.data / "readings").iterdir())) == 1
    sentence = "This framework helps cities that work towards a circular economy to learn from each other."
    (reply,) = asked(small, [sentence])
    cited = next(citation for citation in reply["citations"] if citation["document"] == "press-release-en")
    assert sentence in cited["quote"]
    assert (cited["title"], cited["kind"], cited["authority"]) == ("枠組み", "press_release", "staff")
    assert (cited["published"], cited["url"], cited["page"]) == ("2026-05", "https://example.org/f", 1)
    assert "press-release-en" in refuse(command, small, "add", str(source), *DESCRIBED), "the same a second time"
    listed = command("corpus", "list", env=small.settings)
    assert "press-release-en" in listed.stdout


def test_it_is_official_unless_something_else_is_said(command: Command, small: Small, new_rules: Path) -> None:
    assert (
        "(framework, official, en)" in command("corpus", "add", str(new_rules), *DESCRIBED, env=small.settings).stdout
    )
    assert load_catalogue(small.documents)[-1].id == "new-rules"


@pytest.mark.parametrize(
    ("changes", "status", "named"),
    [
        ({"--kind": "poem"}, 2, "poem"),
        ({"--kind": "faq"}, 1, "index build"),
        ({"--id": "../rules"}, 1, "'../rules'"),
        ({"--valid-from": "86400"}, 1, "2026-04-01, got '86400'"),
    ],
)
def test_what_is_said_wrongly_is_refused_in_one_line(
    command: Command, small: Small, new_rules: Path, changes: dict[str, str], status: int, named: str
) -> None:
    options = dict(zip(DESCRIBED[::2], DESCRIBED[1::2], strict=True)) | changes
    arguments = [part for option in options.items() for part in option]
    assert named in refuse(command, small, "add", str(new_rules), *arguments, status=status)


@pytest.mark.parametrize("name", ["nowhere.pdf", "truncated.pdf"])
def test_a_file_that_cannot_be_read_is_refused_in_one_line(
    command: Command, small: Small, tmp_path: Path, name: str
) -> None:
    path = FILES / name if (FILES / name).exists() else tmp_path / name
    assert name in refuse(command, small, "add", str(path), *DESCRIBED)


def test_a_retired_document_is_not_quoted_and_stays_on_record(command: Command, small: Small) -> None:
    retired = command("corpus", "retire", "notes", env=small.settings)
    assert retired.returncode == 0
    assert retired.stdout.startswith("retired: notes")
    assert "3 FAQ entries resting" in retired.stderr
    assert "retired on" in refuse(command, small, "show", "notes")
    assert "retired on" in refuse(command, small, "retire", "notes")
    assert "only document left" in refuse(command, small, "retire", "rules")
    built = command("index", "build", env=small.settings)
    assert "  notes  passages: 3 removed" in built.stdout
    for reply in asked(small, QUESTIONS):
        assert "notes" not in {citation["document"] for citation in reply["citations"]}
    plain, every = (command("corpus", "list", *more, env=small.settings).stdout for more in ((), ("--all",)))
    assert "notes" not in plain
    (line,) = (line for line in every.splitlines() if line.startswith("notes"))
    assert line.endswith(f"[retired on {load_catalogue(small.documents)[1].retired}]")


def test_the_list_shows_what_begins_and_what_ends(command: Command, small: Small, new_rules: Path) -> None:
    added = command("corpus", "add", str(new_rules), *DESCRIBED, "--id", "rules-2", "--valid-from", "2999-04-01",
                    "--supersedes", "rules", "--supersedes", "notes", env=small.settings)  # fmt: skip
    assert added.returncode == 0
    assert "rules is superseded from 2999-04-01 on" in added.stdout
    lines = {line.split()[0]: line for line in command("corpus", "list", env=small.settings).stdout.splitlines()}
    assert list(lines) == ["rules", "notes", "faq", "rules-2"]
    for name in ("rules", "notes"):
        assert lines[name].endswith("[until rules-2 begins on 2999-04-01]")
    assert lines["rules-2"].endswith("[from 2999-04-01]")
    assert "pennant" in command("corpus", "show", "rules-2", env=small.settings).stdout

    assert "rules-2  passages: 3 added" in command("index", "build", env=small.settings).stdout
    status = command("index", "status", env=small.settings).stdout.splitlines()
    assert [line.split()[0] for line in status if "not in force today" in line] == ["rules-2"]
    assert not [r for r in asked(small, QUESTIONS) if "rules-2" in {c["document"] for c in r["citations"]}]

    command("corpus", "retire", "rules-2", env=small.settings)
    after = command("corpus", "list", env=small.settings).stdout
    assert "until" not in after, "it will never begin"
    assert "rules-2" not in after


def test_two_documents_added_at_one_moment_are_both_there(
    environment: dict[str, str], small: Small, tmp_path: Path
) -> None:
    running = []
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\nThis is document {name}.\n")
        running.append(subprocess.Popen(
            [sys.executable, str(ROOT / "run_bot.py"), "corpus", "add", str(tmp_path / f"{name}.md"), *DESCRIBED],
            env={**environment, **small.settings}, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ))  # fmt: skip
    ended = [process.communicate(timeout=100) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], ended
    ids = [document.id for document in load_catalogue(small.documents)]
    assert ids[:3] == ["rules", "notes", "faq"]
    assert sorted(ids[3:]) == ["one", "three", "two"]


@mounting
def test_a_corpus_folder_that_cannot_be_written_is_named(
    environment: dict[str, str], small: Small, new_rules: Path
) -> None:
    """And reading it goes on, also where nothing can be kept of what was read."""
    write_corpus(small.documents, {
        "framework.pdf": (FILES / "chromium-en.pdf").read_bytes(),
        "catalogue.toml": CATALOGUE + '\n[[document]]\nid = "pdf"\nfile = "framework.pdf"\nkind = "other"\n'
        'authority = "official"\ntitle = "P"\nlanguage = "en"\n',
    })  # fmt: skip
    before = contents(small.documents)
    script = "".join(f'mount --bind "${name}" "${name}"; mount -o remount,bind,ro "${name}"\n'
                     for name in ("DESK_CORPUS_DIR", "DATA"))  # fmt: skip
    script += (
        f"$DESK corpus show pdf\n"
        f'$DESK corpus add "{new_rules}" --kind other --title T --language en && exit 9\n'
        "$DESK corpus retire notes && exit 9\nexit 0\n"
    )
    done = in_a_namespace(script, environment, small)
    assert done.returncode == 0, done.stderr
    assert "circular economy" in done.stdout
    errors = done.stderr.splitlines()
    assert len(errors) == 2
    for error in errors:
        assert error.startswith(f"error: {small.documents}: Read-only file system; ")
        assert "writable" in error
    assert contents(small.documents) == before


def test_a_catalogue_that_cannot_be_written_costs_no_word(command: Command, small: Small, new_rules: Path) -> None:
    """A folder stands where the new catalogue is written, as no disk would have it: nothing is half done."""
    (small.documents / ".catalogue.toml.new").mkdir()
    assert "writable" in refuse(command, small, "add", str(new_rules), *DESCRIBED)


def test_a_build_that_takes_long_tells_how_long(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as report:
        report(Stage.READING, 0, 3)
        report(Stage.READING, 3, 3)
        report(Stage.ENCODING, 0, 100)
        report(Stage.ENCODING, 1, 100)
        time.sleep(3.05)
        report(Stage.ENCODING, 50, 100)
        report(Stage.ENCODING, 99, 100)
        report(Stage.ENCODING, 100, 100)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "building the index: 0/100 texts",
        "building the index: 50/100 texts, about 3 seconds left",
        "building the index: 100/100 texts",
    ]


def test_a_build_that_encodes_nothing_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as report:
        report(Stage.READING, 0, 0)
        report(Stage.ENCODING, 0, 0)
    assert capsys.readouterr() == ("", "")
