"""Long work in a process of its own: a build takes both cores and much memory, which a bot must not keep."""

from __future__ import annotations

import logging
import multiprocessing
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from corpus.errors import DeskError
from corpus.progress import Progress, Stage

_log = logging.getLogger(__name__)
_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


class BrokenOffError(DeskError):
    """The process ended before its work did: killed, or out of memory."""


def apart(work: Callable[Concatenate[Progress, _Given], _Made], progress: Progress,
          *args: _Given.args, **kwargs: _Given.kwargs) -> _Made:  # fmt: skip
    """What `work`, a function of a module, returns or raises when it is called in a process of its own.

    Arguments and result must survive pickling. Of an error come its kind and its words, and of a slip of ours a
    RuntimeError. Raises BrokenOffError too.
    """
    context = multiprocessing.get_context("spawn")  # threads of this process must not be copied
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, work, args, kwargs))
    process.start()
    theirs.close()
    try:
        while True:
            kind, content = ours.recv()
            if kind == "progress":
                progress(*content)
            elif kind == "raised":
                kind_of_error, words = content
                raise kind_of_error.__new__(kind_of_error, words)  # made of its words alone, whatever it was made of
            else:
                return cast(_Made, content)
    except EOFError as error:
        raise BrokenOffError("the work was broken off; try again") from error
    finally:
        ours.close()  # whatever is still told fails, and ends the work
        process.join()


def _work(pipe: Connection, work: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    def progress(stage: Stage, done: int, total: int) -> None:
        pipe.send(("progress", (stage, done, total)))

    try:
        made = ("made", work(progress, *args, **kwargs))
    except (DeskError, OSError) as error:
        made = ("raised", (type(error), str(error)))
    except Exception as error:
        where = "".join(traceback.format_tb(error.__traceback__))  # what it says may be somebody's words
        _log.error("work in a process of its own failed, %s:\n%s", type(error).__name__, where)
        made = ("raised", (RuntimeError, repr(error)))
    with suppress(BrokenPipeError):  # whoever ordered it is gone
        pipe.send(made)
    pipe.close()
