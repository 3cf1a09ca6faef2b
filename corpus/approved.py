"""Entries that staff approved, as files: entries.toml and one <language>.toml, as the FAQ's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError

from corpus.catalogue import Approved
from corpus.errors import CorpusError
from corpus.faq import ENTRIES, load_faq
from corpus.files import write_whole

_HEAD = "# FAQ entries that staff approved, by `python run_bot.py faq export`: a later export writes them anew.\n\n"


def write_approved(folder: Path, approved: Approved) -> list[Path]:
    """Write the entries to `folder`, and take files away that none of them needs any more; the paths written.

    What is out of force is left out. Raises CorpusError where the folder holds something else, or cannot be written.
    """
    files = _files(approved)
    try:
        strangers = sorted({path.name for path in folder.glob("*")} - _names_of(folder))
        if strangers:
            raise CorpusError(f"{folder}: holds {strangers[0]!r}, which is no export; name an empty folder")
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            write_whole(folder / name, (_HEAD + tomlkit.dumps(content)).encode())
        for name in _names_of(folder) - files.keys():
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise CorpusError(f"{error.filename or folder}: {error.strerror}; the folder must be writable") from error
    return [folder / name for name in files]


def _names_of(folder: Path) -> set[str]:
    """The files of an earlier export in `folder`."""
    if not (folder / ENTRIES).exists():
        return set()
    try:
        faq = load_faq(folder)
    except (CorpusError, ValidationError):
        return set()
    return {ENTRIES, *(f"{language}.toml" for entry in faq.entries for language in entry.wordings)}


def _files(approved: Approved) -> dict[str, dict[str, Any]]:
    """By file name, what stands in it; nothing where there is no entry."""
    if not approved.entries:
        return {}
    heads: list[dict[str, Any]] = []
    files: dict[str, dict[str, Any]] = {ENTRIES: {"entry": heads}}
    for entry in approved.entries:
        kept = entry.model_dump(exclude={"wordings", "also_asked"}, exclude_none=True)
        heads.append({name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()})
        for language, wording in sorted(entry.wordings.items()):
            words = {"questions": list(wording.questions), "answer": wording.answer, "review": wording.review.value}
            files.setdefault(f"{language}.toml", {"entries": {}})["entries"][entry.id] = words
    return files
