"""Prepared vectors: of the texts that we ship, so that a first build encodes only what is somebody's own.

`python -m index.prepared` writes them, from those that it finds and what it must encode. They are by the bundled
encoder's C engine, whose vector of a text is the same wherever and beside whatever it is encoded. Nothing rests on
them but the time that a build takes: without them, one comes to the same index but for the noise of the faster engine.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.catalogue import read_corpus
from index.encoder import BUNDLED, Encoder, Vectors, load_encoder
from index.keys import Keys, keys_of
from index.texts import Text, Texts, encode, in_batches

PREPARED = Path(__file__).with_name("prepared")
_DOCUMENTS = Path(__file__).resolve().parents[1] / "corpus" / "documents"
_ENCODER, _KEYS, _VECTORS = "encoder", "keys.npy", "vectors.npy"
_STEPS = 512
"""To one: of a unit vector of this encoder no component comes to a quarter, and a byte holds a cosine of .9997."""
_BATCH = 256


@dataclass(frozen=True)
class Prepared:
    """Vectors of texts, by the texts' keys."""

    encoder: str
    """The name of the encoder that they are of."""
    keys: Keys
    """(n,), ascending."""
    rows: NDArray[np.int8]
    """(n, dimension): unit vectors in steps of 1/512."""

    @classmethod
    def load(cls, folder: Path = PREPARED) -> Prepared:
        """What `save` wrote, or nothing where it is gone; the vectors are read where they are asked for."""
        if not (folder / _KEYS).exists():
            return cls("", np.zeros(0, np.uint64), np.zeros((0, 0), np.int8))
        keys, rows = (np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in (_KEYS, _VECTORS))
        return cls((folder / _ENCODER).read_text(encoding="utf-8").strip(), keys, rows)

    def save(self, folder: Path = PREPARED) -> None:
        folder.mkdir(exist_ok=True)
        np.save(folder / _KEYS, self.keys)
        np.save(folder / _VECTORS, self.rows)
        (folder / _ENCODER).write_text(f"{self.encoder}\n", encoding="utf-8")

    def known(self, texts: Iterable[Text], encoder: Encoder) -> dict[Text, Vectors]:
        """Unit vectors (dimension,) of those of `texts` that are prepared; of none for another encoder."""
        wanted = list(texts)
        if encoder.name != self.encoder or not wanted:
            return {}
        keys = keys_of(f"{mode}\n{text}" for mode, text in wanted)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found = np.flatnonzero(self.keys[places] == keys)
        vectors = self.rows[places[found]].astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return {wanted[place]: vector for place, vector in zip(found, vectors, strict=True)}

    @classmethod
    def of(cls, vectors: dict[Text, Vectors], encoder: Encoder) -> Prepared:
        keys = keys_of(f"{mode}\n{text}" for mode, text in vectors)
        order = np.argsort(keys)
        rows = np.round(np.stack(list(vectors.values()))[order] * _STEPS).astype(np.int8)
        return cls(encoder.name, keys[order], rows)


def main() -> None:
    """Bring the prepared vectors up to date with the shipped corpus."""
    encoder = load_encoder(BUNDLED)
    texts = list(dict.fromkeys(Texts.of(read_corpus(_DOCUMENTS))))
    vectors = Prepared.load().known(texts, encoder)
    wanted = [text for text in texts if text not in vectors]
    done = 0
    for mode, batch in in_batches(wanted, _BATCH):
        print(f"\r{done}/{len(wanted)} texts encoded", end="", file=sys.stderr)
        vectors.update(zip(((mode, text) for text in batch), encode(encoder, mode, batch), strict=True))
        done += len(batch)
    Prepared.of(vectors, encoder).save()
    print(f"\r{len(wanted)} of {len(texts)} texts encoded", file=sys.stderr)


if __name__ == "__main__":
    main()
