"""The threat model names, for each claim, tests that are there."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| what they")]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_there_are_claims() -> None:
    assert len(ROWS) > 30


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_each_claim_has_its_test(row: str) -> None:
    _, attack, defence, tests, _ = (cell.strip() for cell in row.split("|"))
    assert attack
    assert defence
    named = NAMED.findall(tests)
    assert named
    assert NAMED.sub("", tests).strip() == ""
    for path, name in named:
        assert name.startswith("test_")
        assert name in names_in(path), f"{path}::{name}"
