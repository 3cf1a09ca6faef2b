"""The desk beside LangChain, LlamaIndex and a script by hand: cold start, memory, time a question, crowds, builds.

`make speed`, on an idle machine; some minutes. All in one run, cold processes in turn, with medians and the slowest.
The encoder is the desk's, but for the script's. The desk does more for its time: it judges, quotes, and puts on record.
Results go to benchmarks/results/speed.json, with the commit.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.one_rival import DESK, QUESTION
from benchmarks.results import save

ROOT = Path(__file__).resolve().parents[1]
_SYSTEMS = (DESK, "langchain", "llama_index", "by_hand")
_RUNS = 7
_COMPARED = "langchain"


def main() -> None:
    measured: dict[str, dict[str, Any]] = {system: {} for system in _SYSTEMS}
    with tempfile.TemporaryDirectory() as folder:
        places = {system: Path(folder) / system for system in _SYSTEMS}
        for system, place in places.items():
            measured[system]["build s"] = round(_run(_child(system, "build", place))[0], 1)
        _measure_starts(places, measured)
        for system, place in places.items():
            _, peak, told = _run(_child(system, "serve", place))
            measured[system] |= {**json.loads(told), "serving, peak MB": peak}
    mine, theirs = measured[DESK], measured[_COMPARED]
    ratios = {name: round(mine[name] / theirs[name], 2) for name in theirs if theirs[name]}
    save("speed", {"runs": _RUNS, **measured, f"{DESK} / {_COMPARED}": ratios})
    Console().print(_table(measured, ratios))


def _measure_starts(places: dict[str, Path], measured: dict[str, dict[str, Any]]) -> None:
    """Cold processes, one of each system in turn, so that a busy moment is everyone's."""
    runs: dict[str, list[tuple[float, float]]] = {system: [] for system in places}
    for _ in range(_RUNS + 1):
        for system, place in places.items():
            seconds, peak, told = _run(_ask_desk(place) if system == DESK else _child(system, "ask", place))
            assert told.strip(), f"{system} answered nothing"
            runs[system].append((seconds, peak))
    for system, found in runs.items():
        waits = [run[0] for run in found[1:]]  # the first fills the disk cache
        measured[system] |= {
            "cold start to the first answer s": round(statistics.median(waits), 2),
            "slowest s": round(max(waits), 2),
            "ask, peak MB": round(statistics.median(run[1] for run in found)),
        }


def _child(system: str, task: str, place: Path) -> tuple[list[str], dict[str, str]]:
    return [sys.executable, "-m", "benchmarks.one_rival", system, task, str(place)], {}


def _ask_desk(place: Path) -> tuple[list[str], dict[str, str]]:
    """The desk's own command, with all that it does."""
    return [sys.executable, str(ROOT / "run_bot.py"), "ask", QUESTION], {"DESK_DATA_DIR": str(place)}


def _run(command: tuple[list[str], dict[str, str]]) -> tuple[float, float, str]:
    """Seconds until the first line of output or the end, peak MB, and the last line of output."""
    arguments, environment = command
    started = time.perf_counter()
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, **environment}) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        seconds = time.perf_counter() - started
        told = (first + process.stdout.read()).decode().splitlines()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, arguments
    return seconds, round(usage.ru_maxrss / 1024, 1), told[-1] if told else ""


def _table(measured: dict[str, dict[str, Any]], ratios: dict[str, float]) -> Table:
    table = Table("", *measured, f"{DESK} / {_COMPARED}")
    for name in measured[DESK]:
        table.add_row(name, *(str(column[name]) for column in measured.values()), str(ratios.get(name, "–")))
    return table


if __name__ == "__main__":
    main()
