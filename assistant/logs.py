"""The log of a running bot: what goes into it, and how it looks."""

from __future__ import annotations

import logging

from assistant.settings import Settings


def log_to_stderr(settings: Settings) -> None:  # noqa: ARG001
    """Send what the desk and its libraries have to say to stderr."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("alembic", "slack_sdk"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)  # it warns of the token in the environment
