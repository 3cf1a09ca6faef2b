"""Entries of the catalogue: changed as text, so that whatever else a person wrote stays as it is."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from corpus.entries import change
from corpus.errors import CorpusError

ENTRY = '[[document]]\nid = "a"\ntitle = "A"\n'


def read(catalogue: str) -> list[dict[str, Any]]:
    return list(tomllib.loads(catalogue)["document"])


@pytest.mark.parametrize(
    "last",
    [
        'title = "A # no comment"',
        'title = """\n# no comment\n\n# nor this"""',
        "title = '''\n#\n'''  # a comment",
        'list = [\n  "x",\n  # a comment\n]',
        "[document.issuer]\nen = 'E'",
        'issuer.en = "E"',
    ],
)
@pytest.mark.parametrize("tail", ["", "\n", "# about b\n", "\n# about b\n\n   # also\n"])
def test_a_field_is_set_before_the_comments_that_follow(last: str, tail: str) -> None:
    first, second = f'[[document]]\nid = "a"\n{last}\n', '[[document]]\nid = "b"\n'
    changed = change(first + tail + second, {"a": {"retired": date(2026, 4, 1)}}, whole="")
    assert changed.endswith(tail + second)
    assert read(changed) == [{**read(first)[0], "retired": date(2026, 4, 1)}, {"id": "b"}]


@pytest.mark.parametrize(
    "catalogue",
    [
        'document = [{ id = "a", title = "A" }]\n',
        ENTRY + 'note = """\n[[document]]\nid = "b"\n"""\n',
        '[["document"]]\nid = "a"\n',
    ],
    ids=["inline", "a head inside of a string", "a head in quotes"],
)
def test_entries_that_cannot_be_told_apart_are_refused(catalogue: str) -> None:
    with pytest.raises(CorpusError, match=r"\[\[document\]\]"):
        change(catalogue, {"a": {"title": "B"}}, whole="")


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
comments = st.lists(st.sampled_from(["", "# x", "  # [[document]] =", "#"]), max_size=3).map(
    lambda lines: "".join(line + "\n" for line in lines)
)


@given(titles=st.lists(words, min_size=1, max_size=4), place=st.integers(0, 4), new=words, tail=comments)
def test_the_others_keep_every_byte_and_the_changed_one_says_what_it_shall(
    titles: list[str], place: int, new: str, tail: str
) -> None:
    pieces = [
        tomlkit.dumps({"document": [{"id": str(number), "title": title, "more": ["#"]}]}) + tail
        for number, title in enumerate(titles)
    ]
    expected = [{"id": str(number), "title": title, "more": ["#"]} for number, title in enumerate(titles)]
    entry = {"id": str(place), "title": new}
    changed = change("".join(pieces), {str(place): entry}, whole=str(place))
    assert changed.startswith("".join(pieces[:place]))
    assert changed.endswith("".join(pieces[place + 1 :]))
    assert read(changed) == [*expected[:place], entry, *expected[place + 1 :]]
