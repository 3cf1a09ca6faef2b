"""The index commands as a person types them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from index.generation import verify
from tests.conftest import Command
from tests.corpus.samples import NOTES, write_corpus
from tests.index.conftest import Small
from tests.index.test_generation import rewrite

Outcome = tuple[int, str, str]


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(content)


def test_status_tells_what_serves(command: Command, small: Small) -> None:
    told = command("index", "status", env=small.settings)
    assert told.returncode == 0
    assert small.pointer.read_text().strip() in told.stdout
    for document in ("rules", "notes", "faq"):
        assert document in told.stdout


NEWS = "the corpus has changed since"


def news(command: Command, small: Small) -> list[str]:
    """What `index status` and `doctor` tell of a corpus that has changed since."""
    looks = command("index", "status", env=small.settings), command("doctor", env=small.settings)
    assert [look.returncode for look in looks] == [0, 0]
    return [line[line.find(NEWS) :] for look in looks for line in look.stdout.splitlines() if NEWS in line]


def test_status_and_doctor_name_what_is_not_in_the_index_yet(command: Command, small: Small) -> None:
    assert news(command, small) == []
    put_lantern(small)
    added = command("corpus", "add", str(small.documents / "lantern.md"), "--kind", "other", "--title", "Lanterns",
                    "--language", "en", env=small.settings)  # fmt: skip
    assert added.returncode == 0
    assert command("corpus", "retire", "notes", env=small.settings).returncode == 0
    # An entry of the FAQ rests with the document that it quotes.
    assert news(command, small) == [f"{NEWS}: notes, faq, lantern; next: `python run_bot.py index build`"] * 2
    assert command("index", "build", env=small.settings).returncode == 0
    assert news(command, small) == []


def put_lantern(small: Small) -> None:
    text = "# Lanterns\n\nThe lantern fund was closed in 2031.\n"
    (small.documents / "lantern.md").write_text(text, encoding="utf-8")


def test_what_a_build_would_not_index_is_no_news(command: Command, small: Small) -> None:
    for path in (small.documents / "faq").glob("*.toml"):
        path.write_text(f"# A comment.\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert news(command, small) == []
    catalogue = small.documents / "catalogue.toml"
    catalogue.write_text(
        catalogue.read_text(encoding="utf-8").replace('title = "', 'title = "New: ', 1), encoding="utf-8"
    )
    assert news(command, small) == [f"{NEWS}: rules; next: `python run_bot.py index build`"] * 2


def test_a_sound_index_stays_so_where_the_corpus_cannot_be_read(command: Command, small: Small) -> None:
    (small.documents / "catalogue.toml").write_text("[[document", encoding="utf-8")
    status, doctor = command("index", "status", env=small.settings), command("doctor", env=small.settings)
    assert status.returncode == 0
    assert re.search(rf"{NEWS} is not known: .*catalogue\.toml", status.stdout)
    assert "✓ index: generation" in doctor.stdout
    assert doctor.stdout.count("catalogue.toml") == 1, "one trouble is told once"


def test_status_as_json_is_json_and_nothing_else(command: Command, small: Small) -> None:
    told = command("index", "status", "--json", env=small.settings)
    assert told.returncode == 0
    status = json.loads(told.stdout)
    assert status["id"] == small.pointer.read_text().strip()
    assert [indexed["document"]["id"] for indexed in status["documents"]] == ["rules", "notes", "faq"]


@pytest.mark.parametrize("name", ["passages.jsonl", "faq.json", "brief-faq.json", "centres.npy"])
def test_status_of_a_damaged_generation_is_its_damage(command: Command, small: Small, name: str) -> None:
    (small.generation() / name).write_bytes(b"{")
    told = command("index", "status", env=small.settings)
    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.startswith("error: ")
    assert name in told.stderr
    assert "Traceback" not in told.stderr


def test_verify_says_that_all_is_well(command: Command, small: Small) -> None:
    checked = command("index", "verify", env=small.settings)
    assert checked.returncode == 0
    assert small.pointer.read_text().strip() in checked.stdout


def test_an_index_of_an_earlier_version_is_built_anew_at_the_first_question(command: Command, small: Small) -> None:
    rewrite(small.generation(), format=1, counts="as they once were")
    before = small.pointer.read_text().strip()
    told = command("index", "status", env=small.settings)
    assert told.returncode == 1
    assert f"{before} has the format 1 of an earlier version" in told.stderr
    asked = command("ask", "--json", "How does a town join the harbour club?", env=small.settings)
    assert asked.returncode == 0, asked.stderr
    assert "format 1 of an earlier version" in asked.stderr
    reply = json.loads(asked.stdout)
    assert reply["outcome"] == "answered"
    assert reply["generation"] == small.pointer.read_text().strip() != before
    again = command("ask", "--json", "How does a town join the harbour club?", env=small.settings)
    assert (again.stderr, json.loads(again.stdout)["generation"]) == ("", reply["generation"])


@pytest.mark.parametrize("number", [1, 99])
def test_an_index_of_another_version_is_no_hindrance_to_a_build(command: Command, small: Small, number: int) -> None:
    rewrite(small.generation(), format=number)
    built = command("index", "build", env=small.settings)
    assert built.returncode == 0, built.stderr
    assert command("index", "verify", env=small.settings).returncode == 0


def test_an_index_of_a_later_version_is_left_to_it(command: Command, small: Small) -> None:
    rewrite(small.generation(), format=99)
    before = small.pointer.read_text()
    asked = command("ask", "How does a town join the harbour club?", env=small.settings)
    assert asked.returncode == 1
    assert "format 99 of a later version" in asked.stderr
    assert "Traceback" not in asked.stderr
    assert small.pointer.read_text() == before


@pytest.mark.parametrize("name", ["sentences.faiss", "manifest.json"])
def test_verify_names_what_is_damaged(command: Command, small: Small, name: str) -> None:
    flip(small.generation() / name)
    checked = command("index", "verify", env=small.settings)
    assert checked.returncode == 1
    assert name in checked.stderr
    assert small.pointer.read_text().strip() in checked.stderr
    assert "Traceback" not in checked.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("index", "verify", "../../index"),
        ("index", "rollback", "999999-deadbeef"),
        ("index", "rollback"),
    ],
    ids=" ".join,
)
def test_an_unknown_generation_is_refused(command: Command, small: Small, arguments: tuple[str, ...]) -> None:
    before = small.pointer.read_bytes()
    refused = command(*arguments, env=small.settings)
    assert refused.returncode == 1
    assert refused.stderr.startswith("error: ")
    assert refused.stdout == ""
    assert small.pointer.read_bytes() == before


@pytest.mark.parametrize("what", ["status", "verify"])
def test_before_the_first_build_one_is_told_to_build(command: Command, tmp_path: Path, what: str) -> None:
    told = command("index", what, env={"DESK_DATA_DIR": str(tmp_path / "nothing")})
    assert told.returncode == 1
    assert told.stderr.startswith("error: there is no ")


def test_rollback_list_and_prune_go_through_the_generations(command: Command, small: Small) -> None:
    """Build two more, go back, go back again by name, look, and tidy up."""

    def run(*arguments: str) -> str:
        done = command("index", *arguments, env=small.settings)
        assert done.returncode == 0, done.stderr
        return done.stdout

    write_corpus(small.documents, {"notes.txt": NOTES + "\n旗は青です。\n"})
    run("build")
    run("build", "--force")
    first, second, third = small.store.ids()
    assert small.store.current() == third

    assert second in run("rollback"), "the previous one"
    assert small.store.current() == second
    assert first in run("rollback", first), "the one named"
    assert small.store.current() == first

    lines = run("list").splitlines()
    assert [line[2:].split()[0] for line in lines] == [first, second, third]
    assert [line[0] for line in lines] == ["*", " ", " "]

    assert second in run("prune", "--keep", "1")
    assert small.store.ids() == [first, third], "the newest, and the one that serves"
    assert "built" in run("build"), "what the corpus folder holds comes back"
    assert small.store.current() == small.store.ids()[-1]


def test_pruning_keeps_the_newest_sound_generation(command: Command, small: Small) -> None:
    """The one that answers in place of a damaged current one."""
    command("index", "build", "--force", env=small.settings)
    first, second = small.store.ids()
    flip(small.generation(second) / "vectors.npy")
    assert command("index", "prune", "--keep", "1", env=small.settings).stdout == "nothing to delete\n"
    assert small.store.ids() == [first, second]


def test_a_lost_pointer_is_told(command: Command, small: Small) -> None:
    small.pointer.unlink()
    told = command("index", "status", env=small.settings)
    assert told.returncode == 1
    assert "CURRENT names no generation" in told.stderr


def test_a_data_folder_that_is_none_is_named(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    told = command("index", "status", env={"DESK_DATA_DIR": str(tmp_path / "file")})
    assert told.returncode == 1
    assert "DESK_DATA_DIR" in told.stderr


def test_a_group_without_a_command_shows_its_help(command: Command) -> None:
    told = command("index")
    assert told.returncode == 2
    assert "rollback" in told.stderr
    assert "error:" not in told.stderr


def test_a_damaged_generation_does_not_cost_its_sound_vectors(command: Command, small: Small) -> None:
    command("index", "build", "--force", env=small.settings)
    flip(small.generation() / "vectors.npy")
    mended = command("index", "build", env=small.settings)
    assert mended.returncode == 0
    assert "texts" not in mended.stderr, "the one before it has them all"


def test_rollback_to_a_damaged_generation_is_refused(command: Command, small: Small) -> None:
    command("index", "build", "--force", env=small.settings)
    first, second = small.store.ids()
    flip(small.generation(first) / "faq.json")
    refused = command("index", "rollback", env=small.settings)
    assert refused.returncode == 1
    assert "faq.json" in refused.stderr
    assert small.store.current() == second


def test_a_damaged_current_generation_is_stood_in_for(command: Command, small: Small) -> None:
    """The one before it answers, with a warning that says what to do, and no file is touched."""
    command("index", "build", "--force", env=small.settings)
    first, second = small.store.ids()
    flip(small.generation(second) / "passages.jsonl")
    damaged = (small.generation(second) / "passages.jsonl").read_bytes()

    answered = command("ask", "--json", "How does a town leave the harbour club?", env=small.settings)
    assert answered.returncode == 0
    assert json.loads(answered.stdout)["generation"] == first
    assert "passages.jsonl" in answered.stderr
    assert "index build" in answered.stderr
    assert small.pointer.read_text().strip() == second
    assert (small.generation(second) / "passages.jsonl").read_bytes() == damaged

    assert command("index", "build", env=small.settings).returncode == 0, "building mends it"
    mended = command("ask", "--json", "How does a town leave the harbour club?", env=small.settings)
    assert mended.stderr == ""
    assert json.loads(mended.stdout)["generation"] == small.store.ids()[-1]


def test_without_a_sound_generation_nothing_is_answered_and_nothing_touched(command: Command, small: Small) -> None:
    flip(small.generation() / "paragraphs.faiss")
    before = {path: path.read_bytes() for path in small.generation().rglob("*") if path.is_file()}
    refused = command("ask", "--json", "How does a town leave the harbour club?", env=small.settings)
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.startswith("error: ")
    assert "paragraphs.faiss" in refused.stderr
    assert "index build" in refused.stderr
    assert {path: path.read_bytes() for path in small.generation().rglob("*") if path.is_file()} == before
    assert small.store.ids() == [small.generation().name]


@pytest.mark.parametrize("content", [b"\xb0\xb0\xb0\xb0\xb0\xb1-deadbeef\n", b"000009-deadbeef\n"],
                         ids=["high bits", "another number"])  # fmt: skip
def test_a_damaged_pointer_is_told_and_does_not_hide_the_generations_there_are(
    command: Command, small: Small, content: bytes
) -> None:
    """CURRENT lies in the index folder too: what it named goes on answering, until a build names it again."""
    (only,) = small.store.ids()
    small.pointer.write_bytes(content)
    checked = command("index", "verify", env=small.settings)
    assert checked.returncode == 1
    assert checked.stderr.startswith("error: ")
    assert "CURRENT" in checked.stderr

    answered = command("ask", "--json", "How does a town leave the harbour club?", env=small.settings)
    assert answered.returncode == 0
    assert json.loads(answered.stdout)["generation"] == only
    assert "CURRENT" in answered.stderr
    assert small.store.ids() == [only], "it is not built anew silently"

    assert command("index", "build", env=small.settings).returncode == 0
    assert small.store.current() == small.store.ids()[-1]


def test_another_encoder_indexes_and_answers(
    command: Command, small: Small, minilm_folder: Path, tmp_path: Path
) -> None:
    """Any sentence-transformers model by its folder: it builds its own index, which the bundled one then refuses."""
    data = tmp_path / "minilm"
    own = {**small.settings, "DESK_DATA_DIR": str(data)}
    questions = "How does a town leave the harbour club?\nWhat does membership cost?\n"
    answered = command("ask", "--json", stdin=questions, env={**own, "DESK_ENCODER": str(minilm_folder)})
    assert answered.returncode == 0, answered.stderr
    leave, cost = (json.loads(line) for line in answered.stdout.splitlines())
    assert (leave["outcome"], cost["outcome"]) == ("answered", "answered")
    assert "blue flag" in leave["citations"][0]["quote"]
    assert "forty crowns" in cost["citations"][0]["quote"]

    assert str(minilm_folder) in verify(Small(small.documents, data).generation()).encoder

    before = (data / "index" / "CURRENT").read_bytes()
    refused = command("ask", "--json", "What does membership cost?", env=own)
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "DESK_ENCODER" in refused.stderr
    assert "index build" in refused.stderr
    assert (data / "index" / "CURRENT").read_bytes() == before
    verify(Small(small.documents, data).generation())

    assert command("index", "build", env=own).returncode == 0, "what the message advises helps"
    status = json.loads(command("index", "status", "--json", env=own).stdout)
    assert str(minilm_folder) not in status["encoder"]
