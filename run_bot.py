"""The one way in: `python run_bot.py` starts the bot; `python run_bot.py --help` lists the commands."""

import gc
import sys

gc.set_threshold(50_000)  # loading makes much and drops little: looking for garbage would take a tenth of a start

from assistant.console import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
