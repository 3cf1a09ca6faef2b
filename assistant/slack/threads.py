"""Threads: the addresses of the places where enquiries were asked."""

from __future__ import annotations

from assistant.enquiries import EnquiryRow
from assistant.slack.mail import Mail


class Threads:
    """Addresses of threads. Slack is asked for each of them once: a view shows many, and is made at every click."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail
        self._known: dict[tuple[str, str], str] = {}

    def link(self, enquiry: EnquiryRow) -> str | None:
        """The address of an enquiry's thread; None where it was asked in private, or Slack does not tell."""
        if enquiry.private:
            return None
        place = enquiry.channel, enquiry.thread
        if place not in self._known and (found := self._mail.link(*place)):
            self._known[place] = found
        return self._known.get(place)
