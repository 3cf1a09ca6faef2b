"""No crash costs the index that serves: killed at every step, by a full disk, in a folder that cannot be written."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine

from corpus.catalogue import Corpus
from index.build import build
from index.encoder import Encoder
from index.generation import is_sound, load_generation, verify
from index.search import Searcher
from index.store import StorageError, Store
from tests.conftest import ROOT, Command
from tests.corpus.samples import NOTES, write_corpus
from tests.index.conftest import Small
from tests.index.doomed import Fate, Harm, doom

QUESTION = "How does a town leave the harbour club?"
KILLS = int(os.environ.get("DESK_TEST_KILLS", "3"))
"""How often the random test kills a build; 100 take about ten minutes."""


def answer(store: Store, encoder: Encoder) -> list[str]:
    """What the current generation, every file of it sound, finds for one question."""
    folder = store.folder(store.current() or "none")
    verify(folder)
    findings = Searcher(load_generation(folder, encoder), encoder).search(QUESTION, "en")
    return [hit.passage.text for hit in findings.hits] + [match.entry.id for match in findings.matches]


def fates(work: Callable[[], object], small: Small, harm: Harm) -> Iterator[Fate]:
    """Work that comes to harm at its first change of the index, then at its second …, until it is done unharmed."""
    for place in range(500):
        fate = doom(work, small.data, place, harm, expected=StorageError)
        yield fate
        if fate is Fate.DONE:
            return
    raise AssertionError("it never came to an end")


@pytest.fixture
def grown(small: Small, small_corpus: Corpus, encoder: Encoder) -> Small:
    """With a second generation beside the first."""
    build(small_corpus, encoder, small.store, by="tests", force=True)
    return small


@pytest.mark.parametrize("harm", Harm)
def test_a_build_may_end_at_any_step(small: Small, small_corpus: Corpus, encoder: Encoder, harm: Harm) -> None:
    """Its vectors are known, so that it comes to its end quickly; the other steps are those of any build."""
    before, expected = small.store.current(), answer(small.store, encoder)

    def work() -> object:
        return build(small_corpus, encoder, small.store, by="tests", force=True)

    steps = 0
    for fate in fates(work, small, harm):
        steps += 1
        assert fate is not Fate.BROKEN
        assert answer(small.store, encoder) == expected
        if harm is Harm.FULL_DISK and fate is Fate.FAILED:
            assert small.store.current() == before, "what could not be finished does not serve"
            assert not list((small.data / "index" / "generations").glob(".*"))
    assert steps > 20, "every file that is written, and the renaming, was a step"
    assert small.store.current() == small.store.ids()[-1] != before
    assert build(small_corpus, encoder, small.store, by="tests").id == small.store.current()
    assert not list((small.data / "index").rglob(".*")), "and what the dead left behind is gone"


@pytest.mark.parametrize("harm", Harm)
def test_a_rollback_may_end_at_any_step(grown: Small, encoder: Encoder, harm: Harm) -> None:
    first, second = grown.store.ids()
    expected = answer(grown.store, encoder)

    def work() -> None:
        with grown.store.lock():
            grown.store.activate(first)

    for fate in fates(work, grown, harm):
        assert fate is not Fate.BROKEN
        assert grown.store.current() in {first, second}
        assert answer(grown.store, encoder) == expected
    assert grown.store.current() == first


def test_pruning_may_end_at_any_step(small: Small, small_corpus: Corpus, encoder: Encoder) -> None:
    """There is never half a generation that one could roll back to."""
    for _ in range(3):
        build(small_corpus, encoder, small.store, by="tests", force=True)
    expected = answer(small.store, encoder)

    def work() -> None:
        with small.store.lock():
            small.store.prune(1, is_sound)

    for fate in fates(work, small, Harm.KILL):
        assert fate is not Fate.BROKEN
        assert answer(small.store, encoder) == expected
        for generation in small.store.ids():
            verify(small.store.folder(generation))
    assert small.store.ids() == [small.store.current()]
    assert not list((small.data / "index" / "generations").glob(".*"))


@pytest.mark.timeout(240 + 30 * KILLS)
def test_builds_killed_at_random_moments(
    command: Command, environment: dict[str, str], small: Small, tmp_path: Path
) -> None:
    """The command itself, encoding included; afterwards `index verify` passes and the answer is the same."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    print("seed", seed)

    def asked() -> tuple[str, list[object]]:
        done = command("ask", "--json", QUESTION, env=small.settings)
        assert done.returncode == 0, done.stderr
        reply = json.loads(done.stdout)
        return reply["text"], reply["citations"]

    expected = asked()
    longest = 4.0  # seconds; grows to what a build takes here
    for round_ in range(KILLS):
        new = "".join(f"第{round_}回の記録、その{n}。港の会は{n}日に集まりました。\n\n" for n in range(40))
        write_corpus(small.documents, {"notes.txt": NOTES + new})
        moment = chance.uniform(0, longest)
        with subprocess.Popen(
            [sys.executable, str(ROOT / "run_bot.py"), "index", "build"],
            env={**environment, **small.settings},
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as building:
            began = time.monotonic()
            try:
                building.wait(moment)
                longest = time.monotonic() - began
            except subprocess.TimeoutExpired:
                building.send_signal(signal.SIGKILL)
                longest = max(longest, moment * 1.5)
        checked = command("index", "verify", env=small.settings)
        assert checked.returncode == 0, (seed, round_, checked.stderr)
        assert asked() == expected, (seed, round_)


def test_a_clock_set_back_changes_nothing(small: Small, encoder: Encoder, small_corpus: Corpus) -> None:
    first = small.store.current()
    with time_machine.travel("2001-01-01"):
        second = build(small_corpus, encoder, small.store, by="tests", force=True)
    third = build(small_corpus, encoder, small.store, by="tests", force=True)
    assert second.created.startswith("2001-01-01")
    assert small.store.ids() == [first, second.id, third.id], "their order is the order they were built in"
    assert small.store.current() == third.id
    assert small.store.previous() == second.id


def has_namespaces() -> bool:
    """Whether a test may mount something that only its own processes see."""
    if shutil.which("unshare") is None:
        return False
    tried = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


mounting = pytest.mark.skipif(not has_namespaces(), reason="this system lets nobody mount in a namespace of their own")


def in_a_namespace(script: str, environment: dict[str, str], small: Small) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-euc", script],
        env={
            **environment,
            **small.settings,
            "DATA": str(small.data),
            "DESK": f"{sys.executable} {ROOT / 'run_bot.py'}",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@mounting
def test_a_disk_that_is_full(environment: dict[str, str], small: Small) -> None:
    """A real file system without room: a clear error, the old answer, and a build once there is room."""
    done = in_a_namespace(
        'cp -r "$DATA" "$DATA.copy"; mount -t tmpfs -o size=20m none "$DATA"; cp -r "$DATA.copy/." "$DATA"\n'
        'head -c 30m /dev/zero > "$DATA/filler" 2>/dev/null || true\n'
        "$DESK index build --force && exit 9\n"
        f'$DESK index verify; $DESK ask "{QUESTION}" | head -1\n'
        'rm "$DATA/filler"; $DESK index build --force; $DESK index verify\n',
        environment,
        small,
    )
    assert done.returncode == 0, done.stderr
    assert "No space left on device" in done.stderr or "database or disk is full" in done.stderr
    assert "index prune" in done.stderr
    assert "Traceback" not in done.stderr
    lines = done.stdout.splitlines()
    assert "files as they were built" in lines[0]
    assert "blue flag" in lines[1]
    assert lines[2].startswith("built: generation 000002")


@mounting
def test_a_data_folder_that_cannot_be_written(environment: dict[str, str], small: Small) -> None:
    done = in_a_namespace(
        'mount --bind "$DATA" "$DATA"; mount -o remount,bind,ro "$DATA"\n'
        "$DESK index build --force && exit 9\n$DESK index rollback && exit 9\n"
        f'$DESK index verify; $DESK ask "{QUESTION}" | head -1\n',
        environment,
        small,
    )
    assert done.returncode == 0, done.stderr
    assert "DESK_DATA_DIR" in done.stderr
    assert "Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr
    lines = done.stdout.splitlines()
    assert "files as they were built" in lines[0]
    assert "blue flag" in lines[1]
