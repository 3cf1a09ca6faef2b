"""The folder of generations, and the pointer to the one that serves."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from index.store import Store, UnknownGenerationError

A, B, C, D = "000001-aaaaaaaa", "000002-bbbbbbbb", "000003-cccccccc", "000010-dddddddd"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "index")


def fill(store: Store, *names: str) -> None:
    for name in names:
        store.folder(name).mkdir(parents=True)


def test_before_the_first_build_there_is_nothing(store: Store) -> None:
    assert store.ids() == []
    assert store.current() is None
    assert store.previous() is None


def test_generations_are_listed_oldest_first_and_nothing_else_is(store: Store) -> None:
    fill(store, D, B, A, ".building-xyz", "notes", "000001", "000004-AAAAAAAA")
    assert store.ids() == [A, B, D]


def test_activate_makes_current_and_the_one_before_it_previous(store: Store) -> None:
    fill(store, A, B, C)
    store.activate(C)
    assert (store.current(), store.previous()) == (C, B)
    store.activate(A)
    assert (store.current(), store.previous()) == (A, None)


def test_what_does_not_exist_cannot_be_made_current(store: Store) -> None:
    fill(store, A)
    store.activate(A)
    for name in (B, "", "../elsewhere", ".", A + "\n"):
        with pytest.raises(UnknownGenerationError, match=A):
            store.activate(name)
    assert store.current() == A


def test_ids_run_on_whatever_was_deleted_or_the_clock_says(store: Store) -> None:
    assert store.next_id("f" * 64) == "000001-ffffffff"
    fill(store, A, D)
    assert store.next_id("0" * 64) == "000011-00000000"


@pytest.mark.parametrize(("keep", "left"), [(1, [A, D]), (2, [A, C, D]), (9, [A, B, C, D])])
def test_prune_keeps_the_newest_and_the_current_one(store: Store, keep: int, left: list[str]) -> None:
    fill(store, A, B, C, D)
    store.activate(A)
    gone = store.prune(keep, lambda folder: True)
    assert store.ids() == left
    assert sorted([*gone, *left]) == [A, B, C, D]


def test_a_workspace_leaves_nothing_behind(store: Store) -> None:
    fill(store, A)
    with pytest.raises(RuntimeError), store.workspace() as folder:  # noqa: PT012 - the failure is the point
        (folder / "half").write_text("x")
        raise RuntimeError
    assert sorted(path.name for path in store.folder(A).parent.iterdir()) == [A]


def test_whoever_takes_the_lock_sweeps_what_a_crash_left(store: Store) -> None:
    fill(store, A, ".building-crashed", f".leaving-{B}")
    with store.lock(), store.workspace() as folder:
        assert sorted(path.name for path in folder.parent.iterdir()) == sorted([A, folder.name])


def test_an_adopted_folder_is_a_generation_in_one_step(store: Store) -> None:
    fill(store, A)
    with store.workspace() as folder:
        (folder / "manifest.json").write_text("{}")
        assert store.ids() == [A], "not before it is finished"
        store.adopt(folder, B)
    assert store.ids() == [A, B]
    assert (store.folder(B) / "manifest.json").read_text() == "{}"


def test_one_at_a_time(store: Store) -> None:
    """Whoever comes second waits until the first is done."""
    entered = threading.Event()
    order: list[str] = []

    def second() -> None:
        with Store(store.folder("").parent).lock():
            order.append("second")

    with store.lock():
        other = threading.Thread(target=second)
        other.start()
        assert not entered.wait(0.3)
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]
