"""Bring the parts of the README that commands produce up to date: `make readme`.

A test compares them with what the product does.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from assistant.settings import ROOT, Settings

README = ROOT / "README.md"
QUESTIONS = ("最初に署名した都市はどこですか？", "What is CityNet?", "What is the joining fee?")
_OUTPUT = re.compile(r"(\| make run\n).*?(?=```)", re.DOTALL)
_TABLE = re.compile(r"(\| variable \| default \| what it is \|\n\|---\|---\|---\|\n).*?(?=\n\n)", re.DOTALL)


def settings_table() -> str:
    """A row for each setting: its variable, its default, what it is."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default.relative_to(ROOT) if isinstance(field.default, Path) else field.default
        default = ",".join(default) if isinstance(default, tuple) else default
        shown = f"`{default}`" if default not in (None, "") else ""
        rows.append(f"| `{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def conversation() -> str:
    """What `make run` prints for the README's questions."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "run_bot.py"), "run"],
        input="".join(f"{question}\n" for question in QUESTIONS),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.rstrip() + "\n"


def main() -> None:
    text = README.read_text(encoding="utf-8")
    text = _OUTPUT.sub(lambda found: found[1] + conversation(), text)
    README.write_text(_TABLE.sub(lambda found: found[1] + settings_table(), text), encoding="utf-8")


if __name__ == "__main__":
    main()
