"""Why a file was refused, in the staff's language: what admins meet most. Errors themselves are in English."""

from __future__ import annotations

import re
from functools import cache

from assistant.messages import staff_translation
from corpus.errors import DeskError, one_line


def N_(sentence: str) -> str:  # noqa: N802 - gettext's name for what is only marked
    """A sentence that is translated where it is used."""
    return sentence


_SENTENCES = (
    N_("{name}: no reader for files without an ending; there are readers for {endings}"),
    N_("{name}: no reader for {ending}; there are readers for {endings}"),
    N_("{name}: is empty"),
    N_("{name}: holds no text to quote"),
    N_("{name}: holds no text to quote, only headings and page numbers"),
    N_("{name}: has {size} bytes, more than {most}; save it in parts"),
    N_("{name}: has {size} bytes, more than {most}; save it without its pictures"),
    N_("{name}: holds {count} characters, more than {most}; save it in parts"),
    N_("{name}: a paragraph of {count} characters, more than {most} ({words}); part it into paragraphs"),
    N_("{name}: not UTF-8 at byte {byte} (line {line}); save it as UTF-8"),
    N_("{name}: a character was lost before the file was saved ({words}); get the file from where it was written"),
    N_("{name}: not read within {seconds} seconds; is it damaged, or made to hang? Save it in parts"),
    N_("{name}: not a PDF (it does not begin with %PDF-); give it the ending that fits it"),
    N_("{name}: needs a password to open; save it without one"),
    N_("{name}: is protected by a password; open it in Word, remove the password, save it again"),
    N_("{name}: no text on any page ({count}): a scan? Run text recognition (OCR) over it, or ask the issuer for the "
       "text"),
    N_("{name}: no text on any page ({count}): it is blank; bring the file that holds the text"),
    N_("{name}: damaged or cut short ({reason}); fetch it again"),
    N_("{name}: is damaged or cut short ({reason}); fetch or save it again"),
    N_("{name}: page {page} has columns drawn line by line across the page ({lines} lines), so that sentences would be "
       "mixed up; save it in one column, or as text"),
    N_("{name}: is an old Word file (.doc); open it in Word and save it as .docx"),
    N_("{name}: is an Excel file; save it as PDF or put its text into a Word file"),
    N_("{name}: is a PowerPoint file; save it as PDF or put its text into a Word file"),
    N_("{name}: would unpack to {size} bytes, more than {most}; save it without its pictures"),
    N_("{name}: no text: does the page need JavaScript? Open it in a browser and save it as PDF"),
    N_("{name}: elements are nested too deep ({reason}); open the page in a browser and save it as PDF"),
    N_("{name}: not kept by Slack, and nothing else is fetched; upload the file itself"),
    N_("{name}: larger than {size} MB; split it, or add it with `corpus add`"),
    N_("{name}: larger than {size} MB"),
    N_("{name}: Slack does not hand it out: {reason}"),
    N_("{name}: Slack answers with its sign-in page: the scope files:read is missing"),
    N_("{name}: it came in part only; send it again"),
    N_("{folder}: somebody else is changing the catalogue; try again"),
    N_("{folder}: {reason}; the catalogue's folder must be writable"),
    N_("{document} is the only document left; the desk would have nothing to quote"),
)  # fmt: skip
"""As errors say them, word for word; of two that fit, the first holds."""
_FOR_SLACK = {
    "{name} is in the catalogue already, as {document}; with --id {id} its entry is replaced":
        N_("{name} is in the catalogue already, as {document}; to replace that, choose it in “Takes the place of”"),
    "{document} is not quoted any more: {reason}": N_("{document} is out of force already ({reason})"),
    "{document} would be gone until {day}; add the file under another id, with --supersedes {id}, and it takes over on "
    "that day": N_("{document} would be gone until {day}; leave “Valid from” empty, or have the file added by command"),
}  # fmt: skip
"""What errors say of commands, as it is said to people who have buttons."""


def told(error: DeskError, language: str) -> str:
    """What an error says, in one line of the staff's `language`; in its own words where nobody has translated them."""
    said = one_line(str(error))
    for original, sentence in (*_FOR_SLACK.items(), *((each, each) for each in _SENTENCES)):
        if found := _pattern(original).fullmatch(said):
            return staff_translation(language).gettext(sentence).format(**found.groupdict())
    return said


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    """What a sentence becomes with its values filled in."""
    parts = re.split(r"\{(\w+)\}", sentence)
    return re.compile("".join(f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)))
