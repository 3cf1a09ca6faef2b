"""The App Home: what an official can do next, what the desk holds for them, and in which language."""

from __future__ import annotations

import logging
import threading
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.models.blocks import Block, DividerBlock, PlainTextObject, RichTextElementParts, SectionBlock

from assistant import wording
from assistant.database import new_reference
from assistant.desk import Desk
from assistant.enquiries import EnquiryRow, Record
from assistant.handover import HandoverRow, Handovers, State
from assistant.languages import FALLBACK, SUPPORTED, of_locale, own_name, spoken_before
from assistant.logs import about
from assistant.messages import translation
from assistant.preferences import Preferences
from assistant.settings import Settings
from assistant.slack.blocks import bullets, example_buttons, menu, moment, notice_blocks, paragraph, small
from assistant.slack.mail import Mail
from assistant.slack.people import People, Role
from assistant.slack.staff.home import StaffHome
from assistant.slack.text import flattened, shorten
from assistant.slack.threads import Threads

_log = logging.getLogger(__name__)
SET_LANGUAGE = "set_language"
_EXAMPLES = 4
_LISTED = 5
_HISTORY = 5
_QUESTION = 150
_SECTION = 3000
_Text = RichTextElementParts.Text


class Home:
    """Publishes the Home of everybody: the official's for all, with what staff and admins need where they are such."""

    def __init__(self, client: WebClient, desk: Desk, record: Record, handovers: Handovers, people: People,
                 settings: Settings) -> None:  # fmt: skip
        self._client = client
        self._desk = desk
        self._record = record
        self._handovers = handovers
        self._people = people
        self._preferences = Preferences(record.database)
        self._threads = Threads(Mail(client))
        self._staff = StaffHome(desk, record, handovers, people, self._threads, settings)
        self._showing = threading.Lock()

    def opened(self, user: str) -> None:
        """Show somebody's Home; what takes a while to count follows."""
        self.show(user)
        if self._people.role(user) >= Role.STAFF and self._staff.count():
            self.show(user)

    def choose(self, user: str, **preferences: str | None) -> None:
        """Note what somebody has chosen in their Home."""
        self._preferences.put(user, **preferences)

    def after(self, body: dict[str, Any]) -> None:
        """Show what came of a click in somebody's Home, or of a form, which may have been opened from there."""
        if body.get("view"):
            self.show(body["user"]["id"])

    def language(self, user: str) -> str:
        """What somebody has set; before they have: the language that they asked in last, else that of their Slack."""
        return (
            self._preferences.of(user).language
            or spoken_before(self._record.latest_questions(user, _HISTORY))
            or of_locale(self._people.locale(user))
            or FALLBACK
        )

    def show(self, user: str) -> None:
        """Show somebody's Home as things are; in whatever way that fails, they are told in a sentence."""
        language = FALLBACK
        try:
            language = self.language(user)
            with self._showing:  # or of two shown at once, the older one might be what stays
                self._put(user, self._blocks(user, language), language)
        except Exception:
            reference = new_reference()
            with about(reference=reference):
                _log.exception("%s: the Home of %s could not be shown", reference, user)
                try:
                    self._put(user, notice_blocks(wording.failure(language, reference)), language)
                except (SlackClientError, OSError) as error:
                    _log.error("%s: not even a notice could be shown: %s", reference, error)

    def _put(self, user: str, shown: list[Block], language: str) -> None:
        view = {"type": "home", "private_metadata": language, "blocks": [block.to_dict() for block in shown]}
        self._client.views_publish(user_id=user, view=view)

    def _blocks(self, user: str, language: str) -> list[Block]:
        what_it_is, *more = self._desk.help_text(language).split("\n")
        choice = menu(SET_LANGUAGE, {each: own_name(each) for each in SUPPORTED}, language)
        head = SectionBlock(text=PlainTextObject(text=what_it_is[:_SECTION], emoji=False), accessory=choice)
        role = self._people.role(user)
        work = self._staff.blocks(self._preferences.of(user), language, role) if role >= Role.STAFF else []
        own = self._own_questions(user, language)
        return [head, *work, *([DividerBlock()] if work else []), *own, *self._start(language), *map(small, more)]

    def _start(self, language: str) -> list[Block]:
        """Questions to begin with."""
        _ = translation(language).gettext
        examples = self._desk.examples(language, _EXAMPLES)
        if not examples:
            return [paragraph(_("Write me your question in our direct messages. In a channel, mention me."))]
        invitation = _(
            "Press a question, or write me your own in our direct messages: the answer comes there. "
            "In a channel, mention me."
        )
        return [paragraph(invitation), example_buttons(examples, language)]

    def _own_questions(self, user: str, language: str) -> list[Block]:
        """What of theirs a person is to answer, and is not resolved."""
        unresolved = [state for state in State if state not in {State.SENT, State.RESOLVED}]
        found = self._handovers.with_enquiries(*unresolved, user=user)
        if not found:
            return []
        _ = translation(language).gettext
        listed = [self._own_question(*each, language) for each in found[-_LISTED:]]
        blocks: list[Block] = [paragraph(_("Your open questions:")), bullets(listed[::-1])]
        if left := len(found) - len(listed):
            blocks.append(small(_("and {count} more").format(count=left)))
        return blocks

    def _own_question(
        self, handover: HandoverRow, enquiry: EnquiryRow, language: str
    ) -> list[RichTextElementParts.Text | RichTextElementParts.Link | RichTextElementParts.Date]:
        _ = translation(language).gettext
        state = {
            State.HELD: _("a person looks at the answer before you get it"),
            State.OPEN: _("waits for a person"),
            State.CLAIMED: _("a person is at it"),
            State.REPLIED: _("a person has replied; please say there whether that answers it"),
        }[State(handover.state)]
        question, link = shorten(flattened(enquiry.question), _QUESTION, language), self._threads.link(enquiry)
        called = RichTextElementParts.Link(url=link, text=question) if link else _Text(text=question)
        return [called, _Text(text="\n"), _Text(text=state, style={"bold": True}), _Text(text=" · "),
                moment(handover.since)]  # fmt: skip
