"""Corpora of the shipped documents with an FAQ cut short, so that a build takes a few seconds."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tomlkit

from tests.conftest import DOCUMENTS, Small, index_with, small_in, twin

ENTRIES = (
    "joining-procedure",
    "scheme-operator",
    "joining-fee",
    "joining-deadline",
    "later-signatories",
    "first-signatory",
    "announcement-date",
    "founder",
    "conference-outline",
)
"""What the brief FAQ has, in every language: known gaps, and neighbours that are easily taken for each other."""


def build_brief(folder: Path, engines: Path, *, languages: tuple[str, ...] | None = None, phrasings: int,
                entries: tuple[str, ...] | None = None) -> None:  # fmt: skip
    """The shipped documents with the FAQ in some languages, some entries and so many phrasings of each, indexed."""
    made = small_in(folder)
    shutil.copytree(DOCUMENTS, made.documents, ignore=_folders_of_faq)
    for path in (made.documents / "faq").glob("*.toml"):
        if path.stem == "entries":
            _change(path, lambda content: {"entry": [e for e in content["entry"] if _is_in(e["id"], entries)]})
        elif languages is None or path.stem in languages:
            _change(path, lambda content: {**content, "entries": _cut(content["entries"], entries, phrasings)})
        else:
            path.unlink()
    index_with(engines, made)


def own(small: Small, folder: Path) -> Small:
    """A copy that may be changed, the documents too."""
    return Small(shutil.copytree(small.documents, folder / "documents"), twin(small.data, folder / "var"))


def _folders_of_faq(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_dir() and Path(folder).name == "faq"]


def _change(path: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    path.write_text(tomlkit.dumps(change(tomllib.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")


def _cut(worded: dict[str, Any], entries: tuple[str, ...] | None, phrasings: int) -> dict[str, Any]:
    return {
        name: {**wording, "questions": _lines(wording["questions"][:phrasings])}
        for name, wording in worded.items()
        if _is_in(name, entries)
    }


def _lines(texts: list[str]) -> tomlkit.items.Array:
    """One a line, as in the files that are cut short."""
    array = tomlkit.array()
    array.extend(texts)
    return array.multiline(True)


def _is_in(name: str, entries: tuple[str, ...] | None) -> bool:
    return entries is None or name in entries
