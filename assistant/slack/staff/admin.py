"""What admins do with the index: refresh it, roll it back, read the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.models.blocks import ActionsBlock

from assistant import wording
from assistant.dates import minute
from assistant.desk import corpus_in_force, roll_back
from assistant.handover import State
from assistant.locators import entry_locator
from assistant.orders import Order, Place
from assistant.slack.blocks import button, notice_blocks
from assistant.slack.listeners import Command
from assistant.slack.mail import Mail
from assistant.slack.people import Role
from assistant.slack.private import Send
from assistant.slack.staff.channels import opens_settings
from assistant.slack.staff.documents import show as show_documents
from assistant.slack.staff.rebuilds import FORCE, INDEX_REFRESH, INDEX_ROLLBACK, change_lines
from assistant.slack.staff.staffroom import Body, Staffroom
from assistant.slack.text import escape
from corpus.errors import DeskError
from corpus.faq import FaqEntry
from index.changes import Contents, compare, lacking, lacking_documents
from index.generation import is_sound, verify
from index.store import UnknownGenerationError

_LOGGED = 20


def register(app: App, room: Staffroom) -> None:
    """Attach the listeners of the index's buttons to `app`."""
    _ = room.say

    @app.action(INDEX_REFRESH)
    def refresh_wanted(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
        ack()
        with room.at_click(body, client):
            if room.allows(Role.ADMIN, body, client):
                order_refresh(room, client, body["user"]["id"], force=action.get("value") == FORCE)

    @app.action(INDEX_ROLLBACK)
    def rollback_wanted(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
        ack()
        with room.at_click(body, client):
            if not room.allows(Role.ADMIN, body, client):
                return
            wanted, user = str(action.get("value", "")), body["user"]["id"]
            try:
                generation, is_new = roll_back(room.settings, wanted or None)
            except DeskError as error:
                room.tell(body, client, _("Nothing was changed: {reason}").format(reason=error))
                return
            if not is_new:
                room.tell(body, client, _("Generation {id} answers already.").format(id=generation))
                return
            room.audit.log(user, "rollback", generation)
            told = _("Generation {id} answers now, until somebody builds again.").format(id=generation)
            room.tell(body, client, "\n".join([told, *_what_comes_back(room, generation)]))
            if "message" in body:  # below a build: what is told there was true until now
                by = _("{name} rolled back: generation {id} answers now, until somebody builds again.")
                room.conclude(body, client, by.format(name=room.people.name(user), id=generation))


def order_refresh(room: Staffroom, client: WebClient, user: str, *, force: bool = False) -> None:
    """Build the index anew, and tell the admin how it goes in their direct messages."""
    place = Place(Mail(client).direct_channel(user))
    _ = room.say
    room.rebuilds.order(Order(user, place, _("The index is being refreshed."), force=force))


def commands(room: Staffroom) -> dict[str, Command]:
    """What may follow the slash command, by word; all but `status` is for admins."""

    def for_admins(command: Command) -> Command:
        def guarded(body: Body, client: WebClient, send: Send) -> None:
            if room.people.role(body["user_id"]) >= Role.ADMIN:
                command(body, client, send)
            else:
                _say(send, room.refusal(Role.ADMIN))

        return guarded

    def status(body: Body, _client: WebClient, send: Send) -> None:
        _status(room, body["user_id"], send)

    def refresh(body: Body, client: WebClient, send: Send) -> None:
        order_refresh(room, client, body["user_id"])
        _ = room.say
        _say(send, _("The index is being refreshed; I tell you in our direct messages how it goes."))

    def rollback(_body: Body, _client: WebClient, send: Send) -> None:
        _rollback(room, send)

    def log(_body: Body, _client: WebClient, send: Send) -> None:
        _log(room, send)

    def documents(_body: Body, _client: WebClient, send: Send) -> None:
        show_documents(room, send)

    only_admins = {
        "documents": documents,
        "refresh": refresh,
        "rollback": rollback,
        "log": log,
        "settings": opens_settings(room),
    }
    return {"status": status, **{word: for_admins(command) for word, command in only_admins.items()}}


def _status(room: Staffroom, user: str, send: Send) -> None:
    """Which index answers; for staff also what waits."""
    _, language = room.say, room.language
    lines = [wording.status(room.desk.generation, room.settings.desk_timezone, language)]
    if room.people.role(user) >= Role.STAFF:
        counts = {state: len(room.handovers.queue(state)) for state in (State.OPEN, State.CLAIMED, State.REPLIED)}
        waiting = _("Enquiries: {open} open, {claimed} taken, {replied} replied to and not closed.")
        lines.append(waiting.format(**{state.value: count for state, count in counts.items()}))
        if held := len(room.handovers.queue(State.HELD)):
            lines.append(_("Replies that wait for review: {count}").format(count=held))
    _say(send, "\n".join(lines))


def _rollback(room: Staffroom, send: Send) -> None:
    """What going back would change, and the button to do it."""
    _, store = room.say, room.desk.store
    try:
        previous = store.previous()
        if previous is None:
            raise UnknownGenerationError(_("there is no generation before the current one"))
        serving = store.folder(store.current() or "")
        current = Contents.of_generation(serving) if is_sound(serving) else Contents()
        verify(store.folder(previous))
        older = Contents.of_generation(store.folder(previous))
    except (DeskError, OSError) as error:
        _say(send, _("There is nothing to go back to: {reason}").format(reason=error))
        return
    lines = [
        _("Going back to generation {id} would change:").format(id=previous),
        *(change_lines(compare(current, older), room.language) or [_("nothing")]),
    ]
    lines += _come_and_gone(room, current, older)
    lines.append(_("The documents stay in the catalogue: the next build brings them back."))
    text = "\n".join(lines)
    back = ActionsBlock(elements=[button(_("Roll back"), INDEX_ROLLBACK, previous, "danger")])
    send(escape(text), [*notice_blocks(text), back])


def _what_comes_back(room: Staffroom, generation: str) -> list[str]:
    """What the next build would bring back; a corpus that cannot be read is no hindrance to going back."""
    _ = room.say
    try:
        newer = Contents.of_corpus(corpus_in_force(room.settings))
        older = Contents.of_generation(room.desk.store.folder(generation))
        changes = compare(older, newer)
    except DeskError as error:
        return [_("What the next build would bring back is not known: {reason}").format(reason=error)]
    lines = change_lines(changes, room.language)
    if not lines:
        return [_("The next build would change nothing.")]
    return [_("The next build would bring back:"), *lines, *_come_and_gone(room, newer, older)]


def _come_and_gone(room: Staffroom, newer: Contents, older: Contents) -> list[str]:
    """What an older generation lacks and, since it was taken out after it, what it answers with again; by name."""
    _ = room.say
    lines = []
    if lacks := lacking(newer, older):
        lines.append(_("It lacks these FAQ entries: {names}").format(names=_numbers(room, lacks)))
    if lacks_too := lacking_documents(newer, older):
        lines.append(_("It lacks these documents: {names}").format(names=wording.listed(lacks_too, room.language)))
    if again := lacking(older, newer):
        told = _("It answers again with these FAQ entries, which rest or were taken out: {names}")
        lines.append(told.format(names=_numbers(room, again)))
    if quoted := lacking_documents(older, newer):
        told = _("It quotes these documents again, which were taken out: {names}")
        lines.append(told.format(names=wording.listed(quoted, room.language)))
    return lines


def _numbers(room: Staffroom, entries: Sequence[FaqEntry]) -> str:
    return wording.listed(map(entry_locator, entries), room.language)


def _log(room: Staffroom, send: Send) -> None:
    """Who did what lately."""
    _ = room.say
    lines = [
        " · ".join(filter(None, [minute(row.at, room.settings.desk_timezone, room.language), room.people.name(row.user),
                                 row.action, row.subject, row.detail.split("\n")[0][:100]]))
        for row in room.audit.latest(_LOGGED)
    ]  # fmt: skip
    _say(send, "\n".join(lines) or _("Nobody has done anything yet."))


def _say(send: Send, text: str) -> None:
    send(escape(text), notice_blocks(text))
