"""Documents that admins send: what a file would change, then added or discarded at a click."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ConfirmObject,
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.views import View, ViewState

from assistant import wording
from assistant.apart import apart
from assistant.corrections import Source, Subject
from assistant.database import new_reference
from assistant.indexing import Preview, preview
from assistant.languages import SUPPORTED
from assistant.logs import about
from assistant.orders import Order, Place
from assistant.slack.blocks import button, notice_blocks, paragraph
from assistant.slack.files import fetch
from assistant.slack.mail import Letter, Mail
from assistant.slack.people import Role
from assistant.slack.private import Send
from assistant.slack.staff import refusals
from assistant.slack.staff.cards import language_name
from assistant.slack.staff.figures import authority_name, kind_name
from assistant.slack.staff.rebuilds import Report, change_lines, trial_lines
from assistant.slack.staff.staffroom import Body, Staffroom
from assistant.slack.text import escape, flattened, shorten
from assistant.uploads import Decision, DescribedOtherwiseError, UploadRow, Uploads, described
from corpus import curation
from corpus.catalogue import load_catalogue
from corpus.errors import CorpusError, DeskError, one_line
from corpus.models import Authority, Content, Document, Kind
from corpus.readers import read_content
from corpus.validity import ending, today

_log = logging.getLogger(__name__)
DOCUMENT_ADD, DOCUMENT_DISCARD, DOCUMENT_DESCRIBE = "document_add", "document_discard", "document_describe"
DOCUMENT_RETIRE = "document_retire"
DESCRIBE_FORM = "document_describe_form"
_NEW = "-"
_SHOWN = 5
_LONGEST_NAME = 200
"""Bytes that every file system takes, with a suffix."""
_OPTION = 75

Event = dict[str, Any]


class Intake:
    """Takes files in, one after the other: reading one and trying it out needs both cores."""

    def __init__(self, client: WebClient, room: Staffroom, uploads: Uploads) -> None:
        self._mail, self._token = Mail(client), str(client.token)
        self._room = room
        self._uploads = uploads
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="intake")

    def receive(self, event: Event) -> None:
        """Take the files of a direct message, if its sender is an admin; say kindly why not, if they are not."""
        _ = self._room.say
        user, place = event["user"], Place(event["channel"], event.get("thread_ts") or event["ts"])
        if self._room.people.role(user) < Role.ADMIN:
            self._say(place, wording.no_files(self._room.home.language(user)))
            return
        for file in event["files"]:
            self._pool.submit(self._guarded, self._take, user, place, file)

    def show(self, upload_id: str, place: Place, older: str) -> None:
        """Show what a file would change, as it is described now; then close the `older` preview."""
        self._pool.submit(self._guarded, partial(self._preview, older=older), "", place, upload_id)

    def stop(self) -> None:
        self._pool.shutdown(wait=True)

    def _guarded(self, work: Callable[..., None], user: str, place: Place, what: Any) -> None:
        """Whatever fails, the admin gets a sentence and nothing is changed."""
        _ = self._room.say
        try:
            work(user, place, what)
        except DeskError as error:
            self._say(
                place, _("Nothing was changed: {reason}").format(reason=refusals.told(error, self._room.language))
            )
        except Exception:
            reference = new_reference()
            with about(reference=reference):
                _log.exception("%s: a file could not be taken in", reference)
                self._say(place, wording.failure(self._room.language, reference))

    def _take(self, user: str, place: Place, file: dict[str, Any]) -> None:
        name, settings = flattened(str(file.get("name") or "")) or "file", self._room.settings
        content = fetch(file, self._token, settings.api_url)
        with _on_disk(name, content) as path:
            read = _read(path)
        fields = described(name, read, settings.desk_corpus_dir)
        upload = self._uploads.put(user, name, content, fields)
        self._room.audit.log(user, "send_document", upload.id, name)
        self._preview(user, place, upload.id)

    def _preview(self, _user: str, place: Place, upload_id: str, older: str | None = None) -> None:
        _ = self._room.say
        upload = self._uploads.get(upload_id)
        content = self._uploads.content(upload_id)
        if upload is None or content is None or upload.decision != Decision.OPEN:
            raise CorpusError(_("somebody has decided on that file already"))
        title = _("{name}: looking at what it would change …").format(name=upload.name)
        report = Report(self._mail, place, title)
        language = self._room.language
        seen: Preview | None = None
        try:
            with _on_disk(upload.name, content) as path:
                seen = apart(preview, report.progress(language), self._room.settings, path, upload.fields)
            text = _told(upload.name, upload.fields, seen, self._room)
        except DeskError as error:
            reason = refusals.told(error, language)
            text = _("{name}: it cannot be added: {reason}").format(name=upload.name, reason=reason)
        report.end(text, [_buttons(upload, self._room, addable=seen is not None)])
        if older:
            self._close(place, older, _("{name}: described otherwise, see below.").format(name=upload.name))

    def _close(self, place: Place, ts: str, text: str) -> None:
        """Put a sentence in the place of a preview that was described otherwise; its button adds nothing any more."""
        letter = Letter(escape(text), notice_blocks(text), {"message": "file"})
        try:
            self._mail.change(place.channel, ts, letter)
        except (SlackClientError, OSError) as error:
            _log.warning("an older preview in %s could not be closed: %s", place.channel, error)

    def _say(self, place: Place, text: str) -> None:
        self._mail.post(place.channel, place.thread, Letter(escape(text), notice_blocks(text), {"message": "file"}))


def register(app: App, room: Staffroom, uploads: Uploads, intake: Intake) -> None:
    """Attach the listeners of documents to `app`."""
    _ = room.say

    def too_late(body: Body, client: WebClient) -> None:
        room.tell(body, client, _("That file was added or discarded already."))

    def place_of(body: Body) -> Place:
        message = body["message"]
        return Place(body["container"]["channel_id"], message.get("thread_ts") or message["ts"])

    @app.action(DOCUMENT_ADD)
    def added(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
        ack()
        with room.at_click(body, client):
            if not room.allows(Role.ADMIN, body, client):
                return
            user, (upload_id, _by, seen) = body["user"]["id"], str(action["value"]).partition(" ")
            try:
                content = uploads.decide(upload_id, Decision.ADDED, user, seen)
            except DescribedOtherwiseError:
                room.tell(body, client, _("That file was described otherwise since: look at its latest preview."))
                return
            upload = uploads.get(upload_id)
            if upload is None or content is None:
                too_late(body, client)
                return
            try:
                with _on_disk(upload.name, content) as path:
                    made = curation.add(room.settings.desk_corpus_dir, path, **upload.fields)
            except DeskError as error:
                uploads.reopen(upload.id)
                room.tell(
                    body, client, _("Nothing was changed: {reason}").format(reason=refusals.told(error, room.language))
                )
                return
            except Exception:
                uploads.reopen(upload.id)
                raise
            room.audit.log(user, "add_document", made.document.id, upload.name)
            uploads.done(upload.id)
            title = _("{title} is in the corpus; it is being indexed.").format(title=made.document.title)
            gone = [made.document.id] if made.replaced else []
            index(user, place_of(body), title, [*gone, *made.supersedes])
            room.conclude(body, client, _("Added by {name}.").format(name=room.people.name(user)))

    def index(user: str, place: Place, title: str, gone: Sequence[str]) -> None:
        """Index the corpus as it is now; then tell staff who was told what documents that are `gone` said."""
        corrected = tuple(Subject(source=Source.DOCUMENT, name=document) for document in gone)
        # The admin has decided: that golden questions get worse by it is on the record as forced, and no hindrance.
        room.rebuilds.order(Order(user, place, title, force=True, corrected=corrected))

    @app.action(DOCUMENT_RETIRE)
    def unwanted(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
        ack()
        with room.at_click(body, client):
            if not room.allows(Role.ADMIN, body, client):
                return
            user = body["user"]["id"]
            try:
                document = curation.retire(room.settings.desk_corpus_dir, str(action["value"]))
            except DeskError as error:
                room.tell(
                    body, client, _("Nothing was changed: {reason}").format(reason=refusals.told(error, room.language))
                )
                return
            room.audit.log(user, "retire_document", document.id, document.title)
            title = _("{title} is out of force; the index is being refreshed.").format(title=document.title)
            room.tell(body, client, title)
            index(user, Place(Mail(client).direct_channel(user)), title, [document.id])

    @app.action(DOCUMENT_DISCARD)
    def discarded(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
        ack()
        with room.at_click(body, client):
            if not room.allows(Role.ADMIN, body, client):
                return
            user, upload = body["user"]["id"], str(action["value"])
            if uploads.decide(upload, Decision.DISCARDED, user) is None:
                too_late(body, client)
                return
            room.audit.log(user, "discard_document", upload)
            name = room.people.name(user)
            room.conclude(body, client, _("Discarded by {name}; nothing of the file is kept.").format(name=name))

    @app.action(DOCUMENT_DESCRIBE)
    def description_wanted(ack: Ack, client: WebClient, body: Body, action: dict[str, Any]) -> None:
        ack()
        with room.at_click(body, client):
            if not room.allows(Role.ADMIN, body, client):
                return
            upload = uploads.get(str(action["value"]))
            if upload is None or upload.decision != Decision.OPEN:
                too_late(body, client)
                return
            place = place_of(body)
            about = f"{upload.id} {place.channel} {place.thread} {body['message']['ts']}"
            catalogue = _in_force(room)
            client.views_open(trigger_id=body["trigger_id"], view=_form(upload.fields, about, catalogue, room))

    @app.view(DESCRIBE_FORM)
    def description_given(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        upload_id, channel, thread, older = view["private_metadata"].split(" ")
        upload, fields = uploads.get(upload_id), _fields_in(view)
        if room.people.role(body["user"]["id"]) < Role.ADMIN:
            ack(response_action="errors", errors={"title": room.refusal(Role.ADMIN)})
            return
        if upload and (wrong := _mistakes(upload.name, fields, room)):
            ack(response_action="errors", errors=wrong)
            return
        if not uploads.describe(upload_id, fields):
            ack(response_action="errors", errors={"title": _("That file was added or discarded already.")})
            return
        ack()
        intake.show(upload_id, Place(channel, thread), older)


def show(room: Staffroom, send: Send) -> None:
    """`/declaration documents`: what is in force, each with a button to take it out; and what does not answer yet."""
    _ = room.say
    indexed = {each.document.id: each.document for each in room.desk.generation.manifest.documents}
    shown: list[Block] = []
    for document in _in_force(room):
        dates = [_("published {date}").format(date=document.published)] if document.published else []
        dates += [_("valid from {date}").format(date=document.valid_from)] if document.valid_from else []
        dates += [_("until {id} takes its place").format(id=document.superseded_by)] if document.superseded_by else []
        marks = [] if document.id in indexed else [_("⚠️ not in the index that answers now")]
        if document.id in indexed and indexed[document.id] != document:
            marks = [_("⚠️ the index that answers now has it as it was before")]
        about = [language_name(document.language, room.language),
                 authority_name(document.kind, document.authority, room.language)]  # fmt: skip
        line = " · ".join([document.title, document.id, *about, *dates, *marks])
        retire = button(_("Retire"), DOCUMENT_RETIRE, document.id)
        retire.confirm = ConfirmObject(
            title=_("Retire a document"),
            text=PlainTextObject(text=_("Nothing of it is quoted any more, and FAQ entries that quote it rest.")),
            confirm=_("Retire"),
            deny=_("Cancel"),
        )
        shown += [paragraph(line), ActionsBlock(elements=[retire])]
    text = _("Documents in force. Send me a file in our direct messages to add or replace one.")
    send(text, [*notice_blocks(text), *shown])


def _told(name: str, fields: dict[str, Any], seen: Preview, room: Staffroom) -> str:
    """What a file would change, as one reads it on a phone."""
    _, language = room.say, room.language
    about = [name, *([_("{pages} pages").format(pages=seen.pages)] if seen.pages else [])]
    kind = Kind(fields["kind"])
    about += [language_name(str(fields["language"]), language), kind_name(kind, language),
              authority_name(kind, Authority(fields["authority"]), language)]  # fmt: skip
    title = wording.quoted(seen.title, str(fields["language"]))
    lines = [" · ".join(about), f"{title} ({seen.document})"]
    if seen.replaced:
        lines.append(_("would replace: {title}").format(title=seen.replaced))
    lines += change_lines(seen.changes, language) or [_("nothing of what is indexed would change")]
    if seen.also:
        lines.append(_("not of this file: the build would also take up what the index that answers now lacks:"))
        lines += [f"  · {line}" for line in change_lines(seen.also, language)]
    lines += trial_lines(seen.trial, language)
    if seen.lost:
        lines.append(_("{count} got worse:").format(count=len(seen.lost)))
        lines += [f"  · {question}" for question in seen.lost[:_SHOWN]]
    elif seen.trial and seen.trial.right < seen.trial.right_before:
        lines.append(_(
            "No question gets worse unexpectedly. Fewer are right because the text behind them goes, or because what "
            "was “not stated” until now may be answered."
        ))  # fmt: skip
    if seen.lapses:
        lines.append(_("{count} FAQ entries would rest, since text that they quote goes: {names}").format(
            count=len(seen.lapses), names=wording.listed(seen.lapses[:_SHOWN], language)
        ))  # fmt: skip
    lines += [f"⚠️ {one_line(warning)}" for warning in seen.warnings] or [_("read without losses")]
    return "\n".join(lines)


def _buttons(upload: UploadRow, room: Staffroom, *, addable: bool) -> Block:
    """What there is to decide on a file; it is added as it is described here, and not otherwise."""
    _ = room.say
    describe = button(_("Describe it otherwise"), DOCUMENT_DESCRIBE, upload.id)
    discard = button(_("Discard"), DOCUMENT_DISCARD, upload.id)
    add = [button(_("Add it"), DOCUMENT_ADD, f"{upload.id} {upload.description}", "primary")] if addable else []
    return ActionsBlock(elements=[*add, discard, describe])


def _form(fields: dict[str, Any], about: str, catalogue: list[Document], room: Staffroom) -> View:
    """What the catalogue is to say of a file."""
    _, language = room.say, room.language

    def select(name: str, label: str, options: dict[str, str], chosen: str) -> InputBlock:
        made = {value: Option(value=value, text=shorten(text, _OPTION, language)) for value, text in options.items()}
        element = StaticSelectElement(action_id=name, options=list(made.values()), initial_option=made.get(chosen))
        return InputBlock(block_id=name, label=label, element=element)

    def line(name: str, label: str, hint: str | None = None) -> InputBlock:
        element = PlainTextInputElement(action_id=name, initial_value=fields.get(name) or None)
        return InputBlock(block_id=name, label=label, element=element, hint=hint, optional=name != "title")

    kinds = {kind.value: kind_name(kind, language) for kind in Kind if kind is not Kind.FAQ}
    places = {
        _NEW: _("none: it is new"),
        **{document.id: f"{document.title} ({document.id})" for document in catalogue},
    }
    return View(
        type="modal",
        callback_id=DESCRIBE_FORM,
        title=PlainTextObject(text=_("Describe the file")),
        submit=PlainTextObject(text=_("Look again")),
        close=PlainTextObject(text=_("Cancel")),
        private_metadata=about,
        blocks=[
            line("title", _("Title")),
            select("kind", _("Kind"), kinds, fields["kind"]),
            select("language", _("Language"), {t: language_name(t, language) for t in SUPPORTED}, fields["language"]),
            select("authority", _("Whose words it has"), {
                Authority.OFFICIAL: _("official"), Authority.DIGEST: _("a digest, not official wording"),
            }, fields["authority"]),
            select("id", _("Takes the place of"), places, fields.get("id") or _NEW),
            line("published", _("Published"), _("A year, month or day: 2025, 2025-11 or 2025-11-26.")),
            line("valid_from", _("Valid from"), _("The day from which it is quoted: 2026-04-01. At once if empty.")),
            line("url", _("Address")),
        ],
    )  # fmt: skip


def _fields_in(view: dict[str, Any]) -> dict[str, Any]:
    state = ViewState(**view["state"]).values
    fields: dict[str, Any] = {}
    for name, inputs in state.items():
        given = inputs[name]
        option = given.selected_option
        chosen = (option.value if isinstance(option, Option) else option["value"]) if option else given.value
        if chosen and chosen != _NEW:
            fields[name] = chosen.strip()
    return fields


def _mistakes(name: str, fields: dict[str, Any], room: Staffroom) -> dict[str, str]:
    """What is said wrongly of a file, by the form's inputs: how to say it. What else is wrong, the preview tells."""
    _ = room.say
    how = {
        "title": _("A title of one line, of at most {count} characters.").format(count=curation.LONGEST_TITLE),
        "published": _("A year, a month or a day, as 2025, 2025-11 or 2025-11-26, and not after next year."),
        "valid_from": _("A day, as 2026-04-01. Where the file takes another document's place, leave it empty: "
                        "that document would be gone until then."),
        "url": _("An address that begins with https:// or http://."),
    }  # fmt: skip
    try:
        curation.check(room.settings.desk_corpus_dir, name, **{"title": "", **fields})
    except curation.DescriptionError as error:
        return {field: how[field] for field in error.fields if field in how}
    except DeskError:
        pass
    return {}


def _in_force(room: Staffroom) -> list[Document]:
    catalogue = load_catalogue(room.settings.desk_corpus_dir)
    known = {document.id: document for document in catalogue}
    return [d for d in catalogue if d.kind is not Kind.FAQ and ending(d, known, today()) is None]


def _read(path: Path) -> Content:
    document = Document(
        id="check", file=path.name, kind=Kind.OTHER, authority=Authority.DIGEST, title=path.name, language="ja"
    )
    return read_content(path, document)


class _on_disk(tempfile.TemporaryDirectory[str]):  # noqa: N801 - reads as a function
    """A file by its name in a folder of its own, while it is needed."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__()
        path = Path(name)
        stem = path.stem.encode()[:_LONGEST_NAME].decode(errors="ignore")
        self._file, self._content = f"{stem.strip('.') or 'file'}{path.suffix}", content

    def __enter__(self) -> Path:  # type: ignore[override]
        path = Path(super().__enter__()) / self._file
        path.write_bytes(self._content)
        return path
