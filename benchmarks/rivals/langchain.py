"""LangChain + FAISS, as in docs.langchain.com/oss/python/langchain/knowledge-base, whose sizes these are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.rivals import TOP, Embed, Piece, Retrieve, Text


class _Encoder(Embeddings):  # type: ignore[misc]  # not installed where types are checked
    """As LangChain takes an encoder."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._embed.pieces(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._embed.question(text)


def build(texts: Sequence[Text], embed: Embed, folder: Path) -> None:
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    documents = [Document(page_content=text, metadata={"entry": entry}) for text, entry in texts]
    FAISS.from_documents(splitter.split_documents(documents), _Encoder(embed)).save_local(str(folder))


def load(embed: Embed, folder: Path) -> Retrieve:
    # It keeps texts as a pickle; this one is our own.
    store = FAISS.load_local(str(folder), _Encoder(embed), allow_dangerous_deserialization=True)

    def retrieve(question: str) -> list[Piece]:
        # What its retriever calls, but that the distances are kept.
        found = store.similarity_search_with_score(question, k=TOP)
        return [Piece(doc.page_content, doc.metadata["entry"], float(distance)) for doc, distance in found]

    return retrieve
