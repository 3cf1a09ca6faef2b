"""Entries of the catalogue, changed where they stand: not a byte of the others, nor of a comment, is touched."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from corpus.errors import CorpusError

_HEAD = re.compile(r"^[ \t]*\[\[[ \t]*document[ \t]*\]\]", re.MULTILINE)


def change(catalogue: str, entries: dict[str, dict[str, Any]], whole: str) -> str:
    """The text of a catalogue with fields of documents set, by id; the entry `whole` loses its other fields.

    An entry that is not there yet is put at the end. Raises CorpusError where entries are not written one
    by one, as [[document]] tables.
    """
    ends = "\r\n" if "\r\n" in catalogue else "\n"
    pieces = _cut(catalogue)
    places = {tomllib.loads(piece)["document"][0]["id"]: place for place, piece in enumerate(pieces) if place}
    for name, fields in entries.items():
        if name in places:
            place = places[name]
            pieces[place] = _changed(pieces[place], fields, name != whole, ends)
        else:
            end = pieces[-1]
            pieces[-1] = end + ("" if end.endswith("\n") else ends) + ends
            pieces.append(_changed("[[document]]\n", fields, False, ends))
    return "".join(pieces)


def _cut(catalogue: str) -> list[str]:
    """What comes before the first entry, and the entries, each up to the next one's head."""
    starts = [match.start() for match in _HEAD.finditer(catalogue)]
    pieces = [catalogue[a:b] for a, b in zip([0, *starts], [*starts, len(catalogue)], strict=True)]
    try:
        read = [tomllib.loads(piece).get("document", []) for piece in pieces]
    except tomllib.TOMLDecodeError:  # a head inside of a string of many lines
        read = []
    if [entry for piece in read for entry in piece] != tomllib.loads(catalogue)["document"] or read[0]:
        raise CorpusError("write each document as a [[document]] table, then the catalogue can be changed from here")
    return pieces


def _changed(entry: str, fields: dict[str, Any], keep: bool, ends: str) -> str:
    """An entry with `fields` set, and without its others unless it is to `keep` them."""
    end = _end(entry)
    document = tomlkit.parse(entry[:end])
    tables = document["document"]
    assert isinstance(tables, AoT)  # noqa: S101 - _cut made sure
    _set(tables[0], fields, keep)
    text = tomlkit.dumps(document).replace("\r\n", "\n").rstrip("\n") + "\n"
    return text.replace("\n", ends) + entry[end:]


def _end(entry: str) -> int:
    """Where an entry's last value ends: the blank lines and comments after it may be about the next entry."""
    end = len(entry)
    while True:
        line = entry.rfind("\n", 0, end - 1) + 1
        words = entry[line:end].strip()
        if (words and not words.startswith("#")) or not _is_toml(entry[:line]):
            return end
        end = line


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _set(table: Table, fields: dict[str, Any], keep: bool) -> None:
    for name in [] if keep else [name for name in table if name not in fields]:
        del table[name]
    for name, value in fields.items():
        inline = tomlkit.inline_table() if isinstance(value, dict) else None
        if inline is not None:
            inline.update(value)
        table[name] = value if inline is None else inline
