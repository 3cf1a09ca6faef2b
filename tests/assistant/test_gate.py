"""The gate: no build makes the desk answer worse unseen."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.evaluation.examiner import Marks
from assistant.evaluation.verdicts import Verdict
from assistant.gate import _lost, questions_about
from assistant.models import Outcome
from corpus.catalogue import Corpus, read_corpus
from corpus.faq import Faq
from index.build import build
from index.encoder import Encoder
from index.generation import load_generation
from index.golden import GoldenKind, GoldenQuestion
from tests.conftest import ROOT, Command, Small


@pytest.fixture
def english(tmp_path: Path) -> Path:
    """The shipped documents with the English FAQ only."""
    documents = shutil.copytree(ROOT / "corpus" / "documents", tmp_path / "documents")
    for path in (documents / "faq").glob("*.toml"):
        if path.stem not in {"entries", "en"}:
            path.unlink()
    return documents


def put_questions_under_other_answers(faq: Path) -> None:
    """Every entry gets the phrasings of the one after the next forty."""
    text = faq.read_text(encoding="utf-8")
    lists = re.findall(r"^questions = \[\n.*?^\]\n", text, flags=re.S | re.M)
    moved = iter(lists[40:] + lists[:40])
    faq.write_text(re.sub(r"^questions = \[\n.*?^\]\n", lambda _: next(moved), text, flags=re.S | re.M))


def test_a_worse_generation_is_refused_and_what_serves_stays(
    command: Command, english: Path, tmp_path: Path, engines: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(engines, data / "encoder")
    settings = {"DESK_CORPUS_DIR": str(english), "DESK_DATA_DIR": str(data)}
    first = command("index", "build", env=settings)
    assert first.returncode == 0, first.stderr
    assert "golden questions" not in first.stdout  # there was nothing to compare with
    serving = (data / "index" / "CURRENT").read_text().strip()

    put_questions_under_other_answers(english / "faq" / "en.toml")
    refused = command("index", "build", env=settings)
    assert refused.returncode == 1
    assert "golden questions" in refused.stderr
    assert "--force" in refused.stderr
    assert re.search(r"^  en-\d+: ", refused.stderr, flags=re.M), "no lost question is named"
    assert (data / "index" / "CURRENT").read_text().strip() == serving
    assert command("index", "list", env=settings).stdout.count("passages") == 1

    forced = command("index", "build", "--force", env=settings)
    assert forced.returncode == 0, forced.stderr
    assert "made current with --force" in forced.stdout
    assert "made current with --force" in command("index", "status", env=settings).stdout
    assert json.loads(command("index", "status", "--json", env=settings).stdout)["trial"]["forced"]

    evaluated = command("evaluate", "--json", "--half", "test", env=settings)
    before = json.loads(evaluated.stdout)["previous"]
    assert before["generation"] == serving
    assert before["right"] < before["right_before"]
    assert before["lost"]


@pytest.fixture(scope="module")
def kind_of_loss(small_built: Small, encoder: Encoder) -> Callable[..., bool]:
    """Whether a question that was right, resting on `rested_on`, counts as lost when it comes out like this."""
    generation = load_generation(small_built.generation(), encoder)

    def counts(kind: GoldenKind, outcome: Outcome, rested_on: str, entry: str | None, *documents: str) -> bool:
        golden = GoldenQuestion(id="en-001", language="en", question="?", kind=kind)
        verdict = Verdict(
            question=golden, outcome=outcome, language="en", confidence=0.5, shown=(), entry=entry, documents=documents,
            elapsed_ms=1,
        )  # fmt: skip
        before = Marks(right={"en-001": (rested_on,)})
        return bool(_lost(before, [verdict], generation.manifest, generation.faq, generation))

    return counts


def test_what_no_longer_comes_out_right_is_lost(kind_of_loss: Callable[..., bool], small_built: Small) -> None:
    assert kind_of_loss(GoldenKind.ANSWERABLE, Outcome.POSSIBLE, "rules", None, "rules")
    assert kind_of_loss(GoldenKind.GAP, Outcome.ANSWERED, "rules", known_entry(small_built), "rules")


def test_what_went_with_its_document_or_its_entry_is_no_loss(small: Small, encoder: Encoder) -> None:
    """Somebody retired or replaced it, and was told what rests on it."""
    before = load_generation(small.generation(), encoder)
    golden = GoldenQuestion(id="en-001", language="en", question="?", kind=GoldenKind.ANSWERABLE)
    verdict = Verdict(question=golden, outcome=Outcome.NOT_FOUND, language="en", confidence=0.5, shown=(), entry=None,
                      elapsed_ms=1)  # fmt: skip
    (small.documents / "rules.md").write_text(f"{(small.documents / 'rules.md').read_text()}\nOne more rule.\n")
    build(read_corpus(small.documents), encoder, small.store, by="tests")
    after = load_generation(small.generation(), encoder)
    for rested_on, is_lost in {"rules": False, "notes": True}.items():
        lost = _lost(Marks(right={"en-001": (rested_on,)}), [verdict], before.manifest, before.faq, after)
        assert bool(lost) is is_lost, rested_on


def test_an_entry_that_now_answers_what_was_a_gap_is_no_loss(kind_of_loss: Callable[..., bool]) -> None:
    assert not kind_of_loss(GoldenKind.GAP, Outcome.ANSWERED, "rules", "approved-yesterday", "rules")
    assert not kind_of_loss(GoldenKind.GAP, Outcome.ANSWERED, "rules", None, "new-document")
    assert kind_of_loss(GoldenKind.ANSWERABLE, Outcome.NOT_STATED, "rules", "approved-yesterday", "rules")


def known_entry(small: Small) -> str:
    return str(json.loads((small.generation() / "faq.json").read_text())["entries"][0]["id"])


def test_another_corpus_is_not_asked_about_this_one(corpus: Corpus, small_built: Small) -> None:
    assert len(questions_about(corpus.faq)) > 400
    other = Faq.model_validate_json((small_built.generation() / "faq.json").read_bytes())
    assert questions_about(other) == ()
