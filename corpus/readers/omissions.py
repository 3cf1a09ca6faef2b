"""What is left out of a Word file or a web page, or loses its form, in the words that a curator is told."""

from __future__ import annotations

CONTENTS = "the table of contents is left out"
DRAWN = "text in diagrams and charts is left out"
EMBEDDED = "embedded files are left out"
FIELD = "a field that shows nothing but what Word computes is left out"
FORMULAS = "formulas are left out"
FRAMES = "the text of embedded frames and objects is left out"
HIDDEN = "hidden text is left out"
NOTE_IN_NOTE = "a note that another note refers to is left out"
NOTE_NUMBERS = "notes are numbered anew on each page or in each section: their numbers are left out"
STRUCK = "struck-out text is left out"
SYMBOLS = "characters of a symbol font are left out"
TABLE = "a table is flattened to lines, a row a line: check what each line says"
TRACKED = "holds tracked changes: inserted text is kept, deleted text is left out"
UNSEEN_NOTE = "a note of hidden, struck-out or computed text is left out: check the numbers of the notes after it"


def numbers_of_form(form: str) -> str:
    """Numbers in a form of Word's that is not known here, or beyond those that are known of a form."""
    return f"numbers of the form {form[:40]!r} are left out: check how Word shows them"
