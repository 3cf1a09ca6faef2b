"""One file read under limits: `python -m corpus.readers.child READER PATH`, the document's JSON on stdin.

Prints the content as JSON; ends with REFUSED where the file is refused, the reason on the first line of
stderr, and below it the traceback of an error that the reader does not know.
"""

from __future__ import annotations

import importlib
import resource
import sys
import traceback
from pathlib import Path

from corpus.errors import CorpusError, one_line
from corpus.models import Content, Document
from corpus.readers import REFUSED, SECONDS, failure

_MEMORY = 400 * 1024 * 1024  # bytes; with the command around it that stays below 500 MB


def main(reader: str, path: str) -> int:
    for limit, value in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_DATA, _MEMORY)):
        resource.setrlimit(limit, (value, value))
    document = Document.model_validate_json(sys.stdin.buffer.read())
    name = document.file
    try:
        content: Content = importlib.import_module(f"corpus.readers.{reader}").read(Path(path).read_bytes(), document)
        found = content.model_dump_json()
    except CorpusError as error:
        return _refuse(str(error))
    except MemoryError:
        return _refuse(f"{name}: cannot be read within the limits (400 MB of memory); save it in parts")
    except OSError as error:
        return _refuse(f"{name}: cannot be read ({error.strerror or error}); may you read it?")
    except Exception as error:
        return _refuse(failure(name, error), traceback.format_exc())
    sys.stdout.write(found)
    return 0


def _refuse(reason: str, more: str = "") -> int:
    sys.stderr.write(f"{one_line(reason)}\n{more}")
    return REFUSED


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
