"""One file read under limits: `python -m corpus.readers.child READER PATH`, the document's JSON on stdin.

Prints the content as JSON; ends with REFUSED and the reason on stderr where the file is refused.
"""

from __future__ import annotations

import importlib
import resource
import sys
from pathlib import Path

from corpus.errors import CorpusError
from corpus.models import Content, Document
from corpus.readers import REFUSED

_CPU_SECONDS = 20
_MEMORY = 500 * 1024 * 1024


def main(reader: str, path: str) -> int:
    for limit, value in ((resource.RLIMIT_CPU, _CPU_SECONDS), (resource.RLIMIT_DATA, _MEMORY)):
        resource.setrlimit(limit, (value, value))
    document = Document.model_validate_json(sys.stdin.buffer.read())
    try:
        content: Content = importlib.import_module(f"corpus.readers.{reader}").read(Path(path).read_bytes(), document)
    except CorpusError as error:
        sys.stderr.write(str(error))
        return REFUSED
    except (MemoryError, RecursionError, OSError) as error:
        sys.stderr.write(f"cannot be read within the limits ({error!r:.200})")
        return REFUSED
    sys.stdout.write(content.model_dump_json())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
