"""Building: only what changed is encoded, nothing is half done, and whatever fails leaves the current one serving."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.catalogue import Corpus, read_corpus
from corpus.progress import Stage
from index.build import build
from index.encoder import Encoder, Vectors
from index.generation import load_generation, read_manifest, verify
from tests.conftest import ROOT, Command
from tests.corpus.samples import NOTES, RULES, write_corpus
from tests.index.conftest import Small


def everything(folder: Path) -> dict[str, bytes]:
    """Every file under `folder` with what it holds; the lock, which holds nothing, aside."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*")
            if path.is_file() and path.name != "LOCK"}  # fmt: skip


def test_building_again_changes_nothing(small: Small, small_corpus: Corpus, encoder: Encoder) -> None:
    before = everything(small.data)
    again = build(small_corpus, encoder, small.store, by="somebody else")
    assert again.id == small.store.current()
    assert everything(small.data) == before


def test_force_builds_a_new_generation_without_encoding_anything_anew(
    small: Small, small_corpus: Corpus, encoder: Encoder
) -> None:
    first = small.store.current()
    assert first is not None
    todo: list[int] = []
    second = build(
        small_corpus,
        encoder,
        small.store,
        by="tests",
        force=True,
        progress=lambda _stage, _done, total: todo.append(total),
    )
    assert second.id != first
    assert second.previous == first
    assert small.store.current() == second.id
    assert set(todo) == {0}, "every text is known from the generation before"
    assert small.store.ids() == [first, second.id]
    assert verify(small.generation(first)).content == second.content


@pytest.mark.parametrize("name", ["OFF_TOPIC", "NEAR_MISSES", "CITIES"])
def test_what_an_index_is_made_from_besides_the_corpus_makes_it_another(
    small: Small, small_corpus: Corpus, encoder: Encoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "later.toml").write_text("# as a later version has it")
    before = small.store.current()
    monkeypatch.setattr(f"index.build.{name}", tmp_path / "later.toml")
    assert build(small_corpus, encoder, small.store, by="tests").id != before


def test_nothing_is_built_for_what_is_no_question(command: Command, fresh: Small) -> None:
    done = command("ask", "a" * 2001, env=fresh.settings)
    assert done.returncode != 0
    assert "2,000" in done.stderr
    assert "building" not in done.stderr
    assert fresh.store.current() is None


def test_only_what_changed_is_encoded(small: Small, encoder: Encoder) -> None:
    write_corpus(small.documents, {"notes.txt": NOTES + "\n旗は青です。\n"})
    todo: list[tuple[Stage, int, int]] = []
    build(read_corpus(small.documents), encoder, small.store, by="tests", progress=lambda *done: todo.append(done))
    assert todo[0] == (Stage.ENCODING, 0, 2), "one passage and its one sentence"
    assert todo[-1] == (Stage.ENCODING, 2, 2)


def test_vectors_taken_over_are_those_of_a_build_from_nothing(small: Small, encoder: Encoder, tmp_path: Path) -> None:
    write_corpus(small.documents, {"rules.md": RULES.replace("Aomori", "Hakodate"),
                                   "faq/entries.toml": (small.documents / "faq/entries.toml").read_text()
                                   .replace("Aomori", "Hakodate")})  # fmt: skip
    corpus = read_corpus(small.documents)
    grown = build(corpus, encoder, small.store, by="tests")
    fresh = Small(small.documents, tmp_path / "fresh")
    new = build(corpus, encoder, fresh.store, by="tests")
    one, other = (
        load_generation(made.store.folder(manifest.id), encoder) for made, manifest in ((small, grown), (fresh, new))
    )
    assert one.passages == other.passages
    question = encoder.encode_query(["Where does the club meet?"])[0]
    for name in ("paragraphs", "sentences", "questions"):
        np.testing.assert_allclose(
            getattr(one, name).scores(question), getattr(other, name).scores(question), atol=1e-4
        )


def test_passages_cut_anew_from_the_same_files_are_a_new_generation(
    small: Small, small_corpus: Corpus, encoder: Encoder
) -> None:
    """After an upgrade the readers may cut otherwise; quotations must be what `corpus show` prints all the same."""
    rules, *others = small_corpus.readings
    upgraded = rules.model_copy(update={"passages": rules.passages[:-1]})
    built = build(small_corpus.model_copy(update={"readings": (upgraded, *others)}), encoder, small.store, by="tests")
    passages = load_generation(small.store.folder(built.id), encoder).passages
    assert [p for p in passages if p.document == "rules"] == list(upgraded.passages)


class FailingEncoder:
    """The real encoder on a machine that runs out of memory at its second batch."""

    def __init__(self, real: Encoder) -> None:
        self._real, self._batches = real, 0
        self.name, self.dimension = real.name + "-other", real.dimension

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        self._count()
        return self._real.encode_query(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        self._count()
        return self._real.encode_document(texts)

    def _count(self) -> None:
        self._batches += 1
        if self._batches == 2:
            raise MemoryError


def test_an_encoder_that_fails_half_way_leaves_everything_as_it_was(
    small: Small, small_corpus: Corpus, encoder: Encoder
) -> None:
    before = everything(small.data)
    with pytest.raises(MemoryError):
        build(small_corpus, FailingEncoder(encoder), small.store, by="tests")
    assert everything(small.data) == before
    build(small_corpus, encoder, small.store, by="tests", force=True)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("rules.md", RULES.encode("utf-16"), "UTF-8"),
        ("rules.md", RULES.replace("Aomori", "Hakodate"), "every spring in Aomori"),
    ],
    ids=["not UTF-8", "a quotation that no longer stands"],
)
def test_a_bad_document_is_refused_and_the_current_one_stays(
    command: Command, small: Small, name: str, content: str | bytes, reason: str
) -> None:
    write_corpus(small.documents, {name: content})
    before = everything(small.data)
    done = command("index", "build", env=small.settings)
    assert done.returncode == 1
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
    assert everything(small.data) == before


def test_the_index_still_answers_while_a_document_is_bad(command: Command, small: Small) -> None:
    write_corpus(small.documents, {"rules.md": ""})
    answered = command("ask", "--json", "How does a town leave the harbour club?", env=small.settings)
    assert answered.returncode == 0
    assert "blue flag" in answered.stdout


def test_a_build_says_what_it_built_and_shows_how_far_it_is(command: Command, fresh: Small) -> None:
    first = command("index", "build", env=fresh.settings)
    assert first.returncode == 0
    assert first.stdout.startswith("built: generation 000001-")
    assert "3 documents" in first.stdout
    assert "5 faq entries" in first.stdout
    assert "texts" in first.stderr, "progress goes to stderr"
    again = command("index", "build", env=fresh.settings)
    assert again.returncode == 0
    assert again.stdout.startswith("unchanged: generation 000001-")
    forced = command("index", "build", "--force", env=fresh.settings)
    assert forced.stdout.startswith("built: generation 000002-")


def test_two_builds_at_once_both_end_well(environment: dict[str, str], fresh: Small, tmp_path: Path) -> None:
    settings = {**environment, **fresh.settings}
    running = [
        subprocess.Popen(
            [sys.executable, str(ROOT / "run_bot.py"), "index", "build"],
            env=settings,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ended = [process.communicate(timeout=100) for process in running]
    assert [process.returncode for process in running] == [0, 0], ended
    (only,) = fresh.store.ids()
    assert fresh.store.current() == only
    verify(fresh.generation(only))


def test_a_build_killed_half_way_leaves_nothing_that_counts(
    environment: dict[str, str], command: Command, fresh: Small, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, str(ROOT / "run_bot.py"), "index", "build"],
        env={**environment, **fresh.settings},
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as building:
        assert building.stderr is not None
        assert "building the index" in building.stderr.readline(), "it is at work"
        building.send_signal(signal.SIGKILL)
    assert fresh.store.ids() == []
    assert fresh.store.current() is None

    assert command("index", "build", env=fresh.settings).returncode == 0
    assert read_manifest(fresh.generation()).counts["documents"] == 3
    assert not list((fresh.data / "index" / "generations").glob(".building-*"))
