"""The one way in: `python run_bot.py` starts the bot; `python run_bot.py --help` lists the commands."""

import sys

from assistant.console import main

if __name__ == "__main__":
    sys.exit(main())
