"""The parts of a Word file that its text is put together from."""

from __future__ import annotations

from corpus.readers.docx.notes import KINDS, Notes
from corpus.readers.docx.numbering import Numbering
from corpus.readers.docx.package import Package
from corpus.readers.docx.styles import Styles


class Parts:
    """A package's parts, parsed, and in the keys of `warnings` what a curator should know of them.

    Raises CorpusError if one of them is damaged or hostile.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self.warnings: dict[str, None] = {}
        self.styles = Styles(package.optional("styles"))
        self.numbering = Numbering(package.optional("numbering"), self.warn)
        notes = {kind: package.optional(f"{kind}s") for kind in KINDS}
        settings = package.optional("settings")
        self.main = package.xml(package.main)
        self.notes = Notes(notes, settings, self.main, self.warn)

    def warn(self, warning: str) -> None:
        """Tells a curator, once."""
        self.warnings[warning] = None
