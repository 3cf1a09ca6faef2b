"""Numbers as lists show them in letters and in Roman numerals."""

from __future__ import annotations

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def letters(number: int) -> str:
    """Lower-case letters from 1: 1 is a, 26 is z, 27 is aa; "" below."""
    shown = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        shown = chr(97 + rest) + shown
    return shown


def roman(number: int) -> str:
    """Lower-case Roman numerals, 1 to 3999."""
    shown = ""
    for value, numeral in _ROMAN:
        times, number = divmod(number, value)
        shown += numeral * times
    return shown
