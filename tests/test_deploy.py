"""What an operator is given to install: the unit holds together, and what it and the guide name exists."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest

from assistant import metrics
from assistant.settings import Settings
from tests.conftest import ROOT, Command

UNIT, EXAMPLE = ROOT / "deploy" / "declaration-desk.service", ROOT / "deploy" / "env.example"
GUIDES = [ROOT / "docs" / f"operators.{language}.md" for language in ("en", "ja")]
INSTALLED, STATE = "/opt/declaration-desk", "/var/lib/declaration-desk"


@pytest.fixture(scope="module")
def unit() -> dict[str, list[str]]:
    """The values of each key."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in UNIT.read_text().splitlines():
        if line and not line.startswith(("#", "[")):
            key, _, value = line.partition("=")
            found[key].append(value)
    return found


def assigned(text: str) -> dict[str, str]:
    return dict(re.findall(r"^#?([A-Z][A-Z_]+)=(.*)$", text, re.MULTILINE))


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """With the program where it is here: systemd looks for it."""
    if (systemd := shutil.which("systemd-analyze")) is None:
        pytest.skip("systemd-analyze is not installed")
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text().replace(INSTALLED, str(ROOT)))
    checked = subprocess.run([systemd, "verify", "--man=no", copy], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_the_unit_starts_what_there_is_where_it_may_write(unit: dict[str, list[str]]) -> None:
    (start,) = unit["ExecStart"]
    python, program = start.split()
    assert python == f"{INSTALLED}/.venv/bin/python"
    assert program == f"{INSTALLED}/run_bot.py"
    assert (ROOT / "run_bot.py").is_file()
    assert unit["StateDirectory"] == [STATE.removeprefix("/var/lib/")]
    assert unit["WorkingDirectory"] == [STATE]
    assert unit["EnvironmentFile"] == [re.search(r"# (\S+),", EXAMPLE.read_text())[1]]  # type: ignore[index]
    for key in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices"):
        assert unit[key] == ["yes"]
    assert unit["ProtectSystem"] == ["strict"]
    assert unit["Restart"] == ["on-failure"]
    assert unit["MemoryMax"]
    documents = [value for value in unit["Documentation"] if value.startswith("file:")]
    assert [(ROOT / Path(value).relative_to(f"file:{INSTALLED}")).exists() for value in documents] == [True]


def test_the_example_sets_what_there_is(unit: dict[str, list[str]]) -> None:
    example = assigned(EXAMPLE.read_text())
    assert {name.lower() for name in example} <= set(Settings.model_fields)
    for name in ("DESK_DATA_DIR", "DESK_CORPUS_DIR"):
        assert Path(example[name]).parent == Path(STATE), "where the unit may write"
    values: dict[str, Any] = {name.lower(): value for name, value in example.items() if value}
    assert Settings(_env_file=None, **values).desk_health_port == int(example["DESK_HEALTH_PORT"])


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_the_guide_names_what_there_is(guide: Path, command: Command) -> None:
    text = guide.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert (guide.parent / target).exists(), target
    for name in re.findall(r"deploy/[\w.-]+", text):
        assert (ROOT / name).is_file(), name
    for name in re.findall(r"\b(?:DESK|SLACK)_[A-Z_]+\b", text):
        assert name.lower() in Settings.model_fields, name
    named = {tuple(found) for found in re.findall(r"[`$] ?desk ([a-z]+)(?: (build|verify|prune|rollback))?", text)}
    assert ("doctor", "") in named
    for words in named:
        told = command(*filter(None, words), "--help")
        assert told.returncode == 0, words


def test_the_metrics_that_the_guides_alert_on_are_told() -> None:
    told = generate_latest(metrics.REGISTRY).decode() + Path(metrics.__file__).read_text()
    for guide in GUIDES:
        names = set(re.findall(r"\bdesk_[a-z_]+", guide.read_text(encoding="utf-8")))
        assert len(names) >= 8
        for name in names:
            family = re.sub(r"_(total|bucket|info)$", "", name)
            assert re.search(rf"{family}\b", told), name


def test_the_guides_say_the_same() -> None:
    one, other = (guide.read_text(encoding="utf-8") for guide in GUIDES)
    assert re.findall(r"^```.*?^```", one, re.MULTILINE | re.DOTALL) == re.findall(
        r"^```.*?^```", other, re.MULTILINE | re.DOTALL
    )
    assert len(re.findall(r"^## ", one, re.MULTILINE)) == len(re.findall(r"^## ", other, re.MULTILINE))
