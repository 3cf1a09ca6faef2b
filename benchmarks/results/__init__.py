"""What was measured, with the commit it was measured at."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def save(name: str, measured: dict[str, Any]) -> None:
    """Print results as JSON, and keep them as benchmarks/results/`name`.json."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True, cwd=_FOLDER
    )
    text = json.dumps({"commit": commit.stdout.strip(), **measured}, indent=1)
    (_FOLDER / f"{name}.json").write_text(text + "\n")
    print(text)
