"""What all commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="JSON, and nothing else, on stdout.")]


def settings_in_force() -> Settings:
    """The settings; raises SettingsError naming everything that is wrong."""
    from assistant.settings import load_settings

    return load_settings()


def counted(count: int, noun: str) -> str:
    """The noun in the plural where it needs it: 1 passage, 2 passages, 2 entries."""
    if count == 1:
        return f"1 {noun}"
    return f"{count:,} {noun[:-1]}ies" if noun.endswith("y") else f"{count:,} {noun}s"
