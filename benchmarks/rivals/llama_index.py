"""LlamaIndex + FAISS, as in developers.llamaindex.ai/python/examples/vector_stores/faissindexdemo.

It splits by its own defaults.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
from llama_index.core import Document, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.embeddings import BaseEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore
from pydantic import PrivateAttr

from benchmarks.rivals import TOP, Embed, Piece, Retrieve, Text


class _Encoder(BaseEmbedding):  # type: ignore[misc]  # not installed where types are checked
    """As LlamaIndex takes an encoder."""

    _embed: Embed = PrivateAttr()

    def __init__(self, embed: Embed) -> None:
        super().__init__(model_name=embed.name)
        self._embed = embed

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._embed.question(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._embed.pieces(texts)


def build(texts: Sequence[Text], embed: Embed, folder: Path) -> None:
    store = FaissVectorStore(faiss_index=faiss.IndexFlatL2(embed.dimension))
    # The entry is each document's id, not metadata, which LlamaIndex would encode along with the text.
    documents = [Document(text=text, id_=f"{place}:{entry or ''}") for place, (text, entry) in enumerate(texts)]
    storage = StorageContext.from_defaults(vector_store=store)
    index = VectorStoreIndex.from_documents(documents, storage_context=storage, embed_model=_Encoder(embed))
    index.storage_context.persist(str(folder))


def load(embed: Embed, folder: Path) -> Retrieve:
    store = FaissVectorStore.from_persist_dir(str(folder))
    storage = StorageContext.from_defaults(vector_store=store, persist_dir=str(folder))
    index = load_index_from_storage(storage, embed_model=_Encoder(embed))
    retriever = index.as_retriever(similarity_top_k=TOP)

    def retrieve(question: str) -> list[Piece]:
        # FAISS gives distances here, nearest first, although LlamaIndex calls them scores.
        found = retriever.retrieve(question)
        entries = [f.node.ref_doc_id.partition(":")[2] or None for f in found]
        return [Piece(f.node.get_content(), entry, float(f.score)) for f, entry in zip(found, entries, strict=True)]

    return retrieve
