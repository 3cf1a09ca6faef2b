"""What the README shows is what the product does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.write_readme import QUESTIONS, README, settings_table
from tests.conftest import DOCUMENTS, Command, Small

_DAYS = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日時点|of \d{1,2} \w{3} \d{4}")


@pytest.fixture(scope="session")
def at_hand(built: Path) -> Small:
    """All that is shipped."""
    return Small(DOCUMENTS, built)


def test_settings_table() -> None:
    assert settings_table() in README.read_text(encoding="utf-8"), "run `make readme`"


def test_conversation(command: Command) -> None:
    """The output under the first command, but for the day on which the index was built."""
    printed = command("run", stdin="".join(f"{question}\n" for question in QUESTIONS)).stdout
    shown = README.read_text(encoding="utf-8").partition("| make run\n")[2].partition("```")[0]
    assert _DAYS.sub("", printed).strip() == _DAYS.sub("", shown).strip(), "run `make readme`"


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README.read_text(encoding="utf-8")):
        assert (README.parent / target).exists(), target
