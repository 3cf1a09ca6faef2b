"""Leases: work that a bot has in hand, and that another takes over when it is renewed no more.

Clocks jump, and those of two machines differ: no bot compares another's moments with its own. Each watches, by its own
steady clock, whether a lease still changes, as Kubernetes' leader election does (client-go, tools/leaderelection).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from assistant.database import now

LEASE = timedelta(seconds=20)
"""A lease that nobody has renewed for so long has lapsed; it is renewed four times meanwhile."""

_Key = TypeVar("_Key", str, int)
Lease = datetime | None
"""A moment that changes with each renewal; None where the work was let go of."""


def new_lease() -> datetime:
    """A lease from now on."""
    return now() + LEASE


class Watch:
    """What one bot has seen of leases."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells seconds, and never jumps."""
        self._clock = clock
        self._seen: dict[Any, tuple[Lease, float]] = {}

    def lapsed(self, leases: Mapping[_Key, Lease]) -> set[_Key]:
        """Which of all the `leases` there are were let go of, or are unchanged for as long as one lasts.

        To be asked every few seconds: what is seen for the first time has a whole lease before it.
        """
        present = self._clock()
        seen = {key: self._seen.get(key, (lease, present)) for key, lease in leases.items()}
        self._seen = {key: seen[key] if seen[key][0] == lease else (lease, present) for key, lease in leases.items()}
        longest = LEASE.total_seconds()
        return {key for key, (lease, since) in self._seen.items() if lease is None or present - since >= longest}


def is_unchanged(column: InstrumentedAttribute[Lease], lease: Lease) -> ColumnElement[bool]:
    """Whether a lease is as it was seen: of several that take over the work, one does."""
    return column.is_(None) if lease is None else column == lease
