"""The bot on a machine whose clock is wrong: `python wrong_clock.py SECONDS …`, so many seconds ahead of others."""

import sys
import time
from pathlib import Path

import time_machine

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.console import main

if __name__ == "__main__":
    ahead = float(sys.argv.pop(1))
    time_machine.travel(time.time() + ahead).start()
    sys.exit(main())
