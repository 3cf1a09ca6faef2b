"""What Slack has sent and nobody has acknowledged yet."""

from __future__ import annotations

import threading

_LONGEST = 2.0


class Backlog:
    """Events on their way to their acknowledgement, which answers let pass.

    What is not acknowledged within three seconds, Slack sends again. Python runs one thread at a time: beside answers,
    five hundred questions at once took 4.5 s to acknowledge, and 1.6 s before them.
    """

    def __init__(self) -> None:
        self._count = 0
        self._is_closed = False
        self._changed = threading.Condition()

    def came(self) -> None:
        """An event has come in."""
        with self._changed:
            self._count += 1

    def left(self) -> None:
        """An event is acknowledged, or given up."""
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def close(self) -> None:
        """Nothing is acknowledged from now on; what was not, Slack sends again, and no answer waits for it."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def let_pass(self) -> None:
        """Wait until all is acknowledged; two seconds at most, for an asker waits too."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or not self._count, _LONGEST)
