"""Draw the pictures of the README from real replies: `make pictures`."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from assistant.colour import print_reply
from assistant.desk import Desk
from assistant.models import Enquiry
from assistant.settings import Settings

_PICTURE = Path(__file__).parent / "pictures" / "conversation.svg"
_QUESTIONS = ("Which city signed first?", "参加費用はいくらですか？", "How do I bake bread?")
_INK, _PAPER = (38, 38, 38), (252, 252, 250)
_ANSI = [_INK, (170, 40, 40), (20, 110, 60), (150, 100, 0), (30, 90, 170), (130, 60, 140), (0, 110, 120), (90, 90, 90)]
_CELL = 12.2
"""The width of a cell in rich's SVG."""
_LENGTH = re.compile(r'textLength="[\d.]+"([^>]*>)([^<]*)<')


def main() -> None:
    desk = Desk(Settings())
    with open(os.devnull, "w") as nowhere:
        console = Console(record=True, width=96, file=nowhere, force_terminal=True, highlight=False)
        for question in _QUESTIONS:
            console.print(Text(f"? {question}", style="bold blue"))
            print_reply(desk.reply(Enquiry(question=question)), console)
            console.print()
        svg = console.export_svg(title="Declaration Desk", theme=TerminalTheme(_PAPER, _INK, _ANSI))
    _PICTURE.write_text(_LENGTH.sub(_at_its_width, svg), encoding="utf-8")


def _at_its_width(text: re.Match[str]) -> str:
    """rich gives every character one cell, and so squeezes those that take two."""
    rest, words = text.groups()
    return f'textLength="{cell_len(html.unescape(words)) * _CELL:.1f}"{rest}{words}<'


if __name__ == "__main__":
    main()
