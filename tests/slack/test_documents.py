"""Admins send files: what they would change is shown first, and nothing changes before somebody says so."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from assistant.audit import Audit
from assistant.database import Database
from assistant.enquiries import open_record
from assistant.models import Outcome
from assistant.slack.files import FileError, fetch
from assistant.uploads import Decision, UploadRow
from corpus.catalogue import load_catalogue
from corpus.models import Document
from tests.conftest import ROOT, Small, clean_environment, twin
from tests.corpus.make_hostile import HOSTILE_HTML, HOSTILE_TEXT, HOSTILE_WORD
from tests.corpus.samples import contents
from tests.index.test_crashes import mounting
from tests.slack.brief import own
from tests.slack.conftest import (
    BotProcess,
    Office,
    explained,
    latin_words,
    opened_office,
    quotes,
    tokens,
)
from tests.slack.limits import walk
from tests.slack.reports import ENDS, PATIENCE, current, generation_in, is_report
from tests.slack.staff import BOSS, SATO, SETTINGS, furnish, staffed
from tests.slack.workspace import Message, View, Workspace, pings

CHIEF = "U0CHIEF"
"""Another admin."""
LANTERN = """# The Lantern Fund

## What it pays

The Lantern Fund pays fifty thousand yen to every city that joins.

## Whom to write to

Cities write to the keeper of the lantern by the end of March.
"""
QUESTION = "How much does the Lantern Fund pay to every city that joins?"
FILES = ROOT / "tests" / "corpus" / "files"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {**SETTINGS, "DESK_ADMINS": f"{BOSS},{CHIEF}"}


@pytest.fixture(scope="module")
def at_hand(brief: Small, tmp_path_factory: pytest.TempPathFactory) -> Small:
    return own(brief, tmp_path_factory.mktemp("brief"))


@pytest.fixture(scope="module", autouse=True)
def staff_room(office: Office) -> Iterator[None]:
    with staffed(office, CHIEF, "U5"):
        office.workspace.add_user(CHIEF, "Chief")
        yield


@pytest.fixture(autouse=True)
def as_before(office: Office, brief: Small, at_hand: Small) -> Iterator[None]:
    """Each test begins with the corpus folder and the generation that the first one found."""
    before = current(office)
    yield
    shutil.rmtree(at_hand.documents)
    shutil.copytree(brief.documents, at_hand.documents)
    (office.data / "index" / "CURRENT").write_text(before)


@dataclass(frozen=True)
class Sent:
    """A direct message with files, and what the bot says to it."""

    office: Office
    user: str
    ts: str

    @property
    def said(self) -> list[Message]:
        """The bot's messages below it, but for replies to questions."""
        thread = self.office.workspace.messages(f"D{self.user}", self.ts)
        return [m for m in thread if m.from_bot and not m.deleted and _kind(m) in {"report", "file"}]

    def shown(self, number: int = 1) -> Message:
        """What the `number`-th file, or description of one, led to, once that is known."""

        def known() -> Message | None:
            done = [m for m in self.said if (_kind(m) == "file" or m.action_ids or "see below" in m.shown)
                    and not ENDS.search(m.shown)]  # fmt: skip
            return done[number - 1] if len(done) >= number else None

        with explained(self.office.bot):
            return self.office.workspace.wait_for(known, PATIENCE, f"word of file {number}")

    def built(self) -> Message:
        """The report of the build that followed, once it tells of its end."""

        def ended() -> Message | None:
            return next((m for m in self.said if is_report(m) and ENDS.search(m.shown)), None)

        with explained(self.office.bot):
            return self.office.workspace.wait_for(ended, PATIENCE, "the end of the build")

    def click(self, action_id: str, message: Message, user: str | None = None) -> list[Message]:
        """Press a button; what the person who pressed it is told alone, by the time all is quiet."""
        click = self.office.workspace.click(action_id, user or self.user, message)
        click.wait_ack()
        self.office.workspace.settle(0.3)
        return click.replies

    def add(self, message: Message) -> Message:
        """Add the file; returns the report of the build."""
        assert self.click("document_add", message) == []
        return self.built()


def _kind(message: Message) -> str | None:
    payload: dict[str, str] = (message.metadata or {}).get("event_payload", {})
    return payload.get("message")


def send(office: Office, name: str, content: bytes | str, /, *, user: str = BOSS, text: str = "",
         mimetype: str = "text/plain", **about: Any) -> Sent:  # fmt: skip
    """Send a file in a direct message; `about`: what Slack's event says of it otherwise."""
    made = content.encode() if isinstance(content, str) else content
    file = {**office.workspace.add_file(user, name, made, mimetype), **about}
    return Sent(office, user, office.workspace.direct_message(user, text, files=[file]))


def uploads(database: Database) -> list[UploadRow]:
    with database.session() as session:
        return list(session.query(UploadRow).order_by(UploadRow.received_at))


def upload_of(office: Office, message: Message) -> UploadRow:
    """The upload that a preview's buttons are about."""
    (value,) = {part["value"] for part in walk(message.blocks) if part.get("action_id") == "document_discard"}
    (row,) = [row for row in uploads(office.record.database) if row.id == value]
    return row


def kept(office: Office, upload_id: str) -> bytes | None:
    with office.record.database.session() as session:
        return session.get_one(UploadRow, upload_id).content


@dataclass(frozen=True)
class State:
    """All that must not change before somebody says so."""

    documents: dict[str, bytes]
    generations: list[str]
    current: str


def state(office: Office, at_hand: Small) -> State:
    generations = sorted(path.name for path in (office.data / "index" / "generations").iterdir())
    return State(contents(at_hand.documents), generations, current(office))


def catalogued(at_hand: Small, name: str) -> Document:
    (found,) = [document for document in load_catalogue(at_hand.documents) if document.id == name]
    return found


# The way of a file


def test_a_file_is_looked_at_first_and_answers_from_confirmation_to_rollback(
    office: Office, channel: str, at_hand: Small
) -> None:
    workspace, before = office.workspace, state(office, at_hand)
    old = office.ask(channel, QUESTION)
    assert not [quote for quote in quotes(old) if "fifty thousand" in quote]

    sent = send(office, "lantern.md", LANTERN)
    shown = sent.shown()
    assert state(office, at_hand) == before
    assert shown.action_ids == ["document_add", "document_discard", "document_describe"]
    assert "lantern.md" in shown.shown.splitlines()[0]
    assert "“The Lantern Fund” (lantern)" in shown.shown
    assert "lantern: +2 ~0 −0 passages" in shown.shown
    assert "would replace" not in shown.shown
    assert "read without losses" in shown.shown
    assert office.ask(channel, QUESTION).shown == old.shown
    assert state(office, at_hand) == before

    report = sent.add(shown)
    generation = generation_in(report)
    assert generation == current(office) != before.current
    assert "lantern: +2 ~0 −0 passages" in report.shown
    after = workspace.message(shown.channel, shown.ts)
    assert "Added by Boss." in after.shown
    assert after.action_ids == []
    assert contents(at_hand.documents).keys() - before.documents.keys() == {"lantern.md"}
    assert catalogued(at_hand, "lantern").authority == "official"
    new = office.ask(channel, QUESTION)  # the first question after the confirmation
    assert [quote for quote in quotes(new) if "pays fifty thousand yen to every city" in quote]
    assert office.rows(channel)[-1].generation == generation
    log = [(row.user, row.action, row.subject) for row in Audit(office.record.database).latest(3)]
    upload = upload_of(office, shown)
    assert log == [
        (BOSS, "refresh", generation),
        (BOSS, "add_document", "lantern"),
        (BOSS, "send_document", upload.id),
    ]
    assert (upload.decision, upload.decided_by, kept(office, upload.id)) == (Decision.ADDED, BOSS, None)

    (told,) = workspace.click("index_rollback", BOSS, report).wait_replies()
    assert told.ephemeral_to == BOSS
    assert before.current in told.shown
    assert "lantern: +2 ~0 −0 passages" in told.shown  # what the next build would bring back
    assert current(office) == before.current
    again = office.ask(channel, QUESTION)
    assert again.shown == old.shown
    assert "lantern.md" in contents(at_hand.documents)


def test_a_document_is_indexed_though_its_preview_is_gone(office: Office) -> None:
    sent = send(office, "lantern.md", LANTERN)
    shown = sent.shown()
    office.workspace.fail_next("chat.update", 200, "message_not_found")
    sent.click("document_add", shown)
    assert generation_in(sent.built()) == current(office)


def test_a_discarded_file_leaves_nothing_behind(office: Office, at_hand: Small) -> None:
    """Not even what a slow reader found in it."""
    before, read_before = state(office, at_hand), len(list((office.data / "readings").glob("*")))
    sent = send(office, "framework.pdf", (FILES / "chromium-en.pdf").read_bytes(), mimetype="application/pdf")
    shown = sent.shown()
    upload = upload_of(office, shown)
    assert kept(office, upload.id) == (FILES / "chromium-en.pdf").read_bytes()
    assert sent.click("document_discard", shown) == []
    after = office.workspace.message(shown.channel, shown.ts)
    assert "Discarded by Boss" in after.shown
    assert after.action_ids == []
    assert kept(office, upload.id) is None
    assert upload_of(office, shown).decision == Decision.DISCARDED
    assert state(office, at_hand) == before
    assert len(list((office.data / "readings").glob("*"))) == read_before
    latest = Audit(office.record.database).latest(1)[0]
    assert (latest.user, latest.action) == (BOSS, "discard_document")


def test_the_first_decision_counts(office: Office, at_hand: Small) -> None:
    before = state(office, at_hand)
    discarded = send(office, "lantern.md", LANTERN)
    shown = discarded.shown()
    discarded.click("document_discard", shown)
    for action in ("document_add", "document_discard", "document_describe"):
        (told,) = discarded.click(action, shown, CHIEF)
        assert told.ephemeral_to == CHIEF
        assert "already" in told.shown
    assert state(office, at_hand) == before
    assert office.workspace.modal(CHIEF) is None

    added = send(office, "lantern.md", LANTERN)
    shown = added.shown()
    with ThreadPoolExecutor(2) as pool:  # two screens, one moment
        clicks = list(pool.map(lambda user: office.workspace.click("document_add", user, shown), (BOSS, CHIEF)))
    generation_in(added.built())
    office.workspace.settle(0.5)
    assert sorted(len(click.replies) for click in clicks) == [0, 1]
    assert [reply.shown for click in clicks for reply in click.replies] == ["That file was added or discarded already."]
    assert [m for m in added.said if is_report(m) and ENDS.search(m.shown)] == [added.built()]
    (told,) = added.click("document_discard", shown)
    assert "already" in told.shown
    assert "lantern.md" in contents(at_hand.documents)


def test_a_form_about_a_file_that_is_decided_on_says_so(office: Office) -> None:
    sent = send(office, "lantern.md", LANTERN)
    shown = sent.shown()
    form = described_by(sent, shown)
    sent.click("document_discard", shown)
    told = office.workspace.submit_view(form, BOSS, {"title": "Another title"}).wait_ack()
    assert "already" in told["errors"]["title"]


def test_it_is_described_otherwise_and_looked_at_again(office: Office, at_hand: Small) -> None:
    before = state(office, at_hand)
    sent = send(office, "報告.txt", "宣言の枠組み\n\n参加都市は、年会費として五万円を支払うものとする。\n")
    shown = sent.shown()
    form = described_by(sent, shown)
    elements = {str(part["action_id"]): part for part in walk(form.blocks) if "action_id" in part}
    assert elements["title"]["initial_value"] == "宣言の枠組み"
    assert elements["language"]["initial_option"]["value"] == "ja"
    assert elements["authority"]["initial_option"]["value"] == "official"
    assert elements["id"]["initial_option"]["text"]["text"] == "none: it is new"
    assert {"press-release", "framework-ja"} <= {option["value"] for option in elements["id"]["options"]}
    assert "faq" not in {option["value"] for option in elements["id"]["options"]}

    for wrong, reason in (
        ({"published": "26 November"}, "2025-11-26"),
        ({"published": "2025-11-31"}, "2025-11-26"),
        ({"published": "3025"}, "not after next year"),
        ({"valid_from": "soon"}, "2026-04-01"),
        ({"valid_from": "2040-04-01", "id": "framework-ja"}, "would be gone until then"),
        ({"url": "javascript:alert(1)"}, "https://"),
        ({"url": "not a url"}, "https://"),
        ({"url": "https://"}, "https://"),
        ({"title": " "}, "one line"),
        ({"title": "A" * 201}, "at most 200 characters"),
    ):
        (field,) = wrong.keys() - {"id"}
        answer = office.workspace.submit_view(form, BOSS, wrong).wait_ack()
        assert answer["response_action"] == "errors"
        assert list(answer["errors"]) == [field]
        assert reason in answer["errors"][field]
        assert "valid_from" not in answer["errors"][field]
        assert "--supersedes" not in answer["errors"][field]
        assert state(office, at_hand) == before
    several = {"title": "A" * 3000, "published": "3025", "url": "x"}
    assert office.workspace.submit_view(form, BOSS, several).wait_ack()["errors"].keys() == several.keys()
    assert upload_of(office, shown).fields["title"] == "宣言の枠組み"

    given = {"title": "The framework in full", "kind": "framework", "language": "ja", "authority": "official",
             "id": "framework-ja", "published": "2025-11", "valid_from": "", "url": "https://a.example/f"}  # fmt: skip
    assert office.workspace.submit_view(form, BOSS, given).wait_ack() == {}
    looked = sent.shown(2)
    digest = catalogued(at_hand, "framework-ja")
    assert f"would replace: {digest.title}" in looked.shown
    assert "「The framework in full」 (framework-ja)" in looked.shown
    assert "FAQ entries would rest" in looked.shown
    assert state(office, at_hand) == before

    generation_in(sent.add(looked))
    new = catalogued(at_hand, "framework-ja")
    assert (new.title, new.kind, new.authority) == ("The framework in full", "framework", "official")
    assert (new.published, new.url, new.valid_from) == ("2025-11", "https://a.example/f", None)
    assert new.replaced is not None
    (told,) = sent.click("document_add", shown)  # the button of the first preview is about the same file
    assert "already" in told.shown
    assert "framework-ja: +1 ~0 −" in sent.built().shown
    assert "五万円" in office.run("corpus", "show", "framework-ja")

    unrelated = send(office, "lantern.md", LANTERN).shown()  # what rests already does not rest because of this one
    assert "would rest" not in unrelated.shown


def test_an_older_preview_adds_nothing_once_the_file_is_described_otherwise(office: Office, at_hand: Small) -> None:
    """It is closed; on a screen that does not show that yet, its button is refused."""
    before = state(office, at_hand)
    sent = send(office, "lantern.md", LANTERN)
    first = sent.shown()
    form = described_by(sent, first)
    assert office.workspace.submit_view(form, BOSS, {"title": "The Fund of Lanterns"}).wait_ack() == {}
    second = sent.shown(2)
    assert "“The Fund of Lanterns” (lantern)" in second.shown
    (told,) = sent.click("document_add", first)
    assert told.ephemeral_to == BOSS
    assert "described otherwise since" in told.shown
    assert state(office, at_hand) == before
    closed = office.workspace.message(first.channel, first.ts)
    assert closed.shown == "lantern.md: described otherwise, see below."
    assert closed.action_ids == []

    generation_in(sent.add(second))
    assert catalogued(at_hand, "lantern").title == "The Fund of Lanterns"


def described_by(sent: Sent, message: Message) -> View:
    """Press "Describe it otherwise", and see the form."""
    before = sent.office.workspace.modal(sent.user)
    sent.click("document_describe", message)

    def opened() -> View | None:
        modal = sent.office.workspace.modal(sent.user)
        return modal if modal and (before is None or modal.id != before.id) else None

    return sent.office.workspace.wait_for(opened, what="the form")


def test_a_newer_copy_of_a_document_takes_its_place(office: Office, at_hand: Small) -> None:
    digest = (at_hand.documents / "framework-digest.en.md").read_text(encoding="utf-8")
    changed = digest.replace("Fee: the published documents", "Costs: the published documents")
    shown = send(office, "framework-digest.en.md", changed).shown()
    old = catalogued(at_hand, "framework-en")
    assert f"would replace: {old.title}" in shown.shown
    assert "framework-en: +0 ~1 −0 passages" in shown.shown
    assert "1 FAQ entries would rest" in shown.shown
    assert "FAQ 5" in shown.shown


def test_what_a_build_takes_up_besides_the_file_is_told_apart(office: Office) -> None:
    """After a rollback: the document that was rolled back from stayed in the catalogue."""
    first = send(office, "lamp.md", LANTERN.replace("Lantern", "Lamp"))
    preview = first.shown()
    assert "also take up" not in preview.shown
    first.click("index_rollback", first.add(preview))
    shown = send(office, "lantern.md", LANTERN).shown()
    before, _, besides = shown.shown.partition("not of this file: the build would also take up")
    assert "lantern: +2 ~0 −0 passages" in before
    assert "lamp" not in before
    assert "  · lamp: +2 ~0 −0 passages" in besides
    assert "lantern: " not in besides


def test_what_is_there_already_changes_nothing(office: Office, at_hand: Small) -> None:
    release = (at_hand.documents / "press-release.ja.txt").read_bytes()
    assert "nothing of what is indexed would change" in send(office, "press-release.ja.txt", release).shown().shown
    refused = send(office, "another name.txt", release).shown()
    assert "in the catalogue already, as 'press-release'" in refused.shown
    assert "document_add" not in refused.action_ids


def test_files_of_one_message_are_looked_at_one_after_the_other_and_once(office: Office) -> None:
    workspace = office.workspace
    files = [workspace.add_file(BOSS, name, LANTERN.replace("fifty", name).encode(), "text/plain")
             for name in ("one.md", "two.md")]  # fmt: skip
    ts = workspace.direct_message(BOSS, "", files=files)
    (event,) = workspace.events(ts)
    workspace.redeliver(event.event_id, retry_attempt=1)
    sent = Sent(office, BOSS, ts)
    sent.shown(2)
    workspace.settle(1)
    assert [m.shown.splitlines()[0].split(" · ")[0] for m in sent.said] == ["one.md", "two.md"]


def test_markup_in_a_file_formats_nothing(office: Office) -> None:
    title = "<!channel> *bold* <https://evil.example/|here> & <@U1>"
    shown = send(office, "<!here>.txt", f"{title}\n\nThe text of <@U1>.\n").shown()
    assert f"“{title}”" in shown.shown
    assert pings(shown) == []
    assert [part for part in walk(shown.blocks) if part.get("type") == "mrkdwn"] == []


@pytest.mark.parametrize(
    "name",
    [
        "アジア循環型都市宣言の枠組みと参加の手引き.md",
        "宣言" * 60 + ".md",  # 362 bytes, more than a file system takes
        "พิธีลงนาม (1).MD",
        "A & B #2 50%25?.md",
        "folder/inside.md",
        "../../outside.md",
    ],
)
def test_any_name_will_do(office: Office, at_hand: Small, name: str) -> None:
    sent = send(office, "x.md", LANTERN, name=name, title=name)
    shown = sent.shown()
    assert name in shown.shown.splitlines()[0]
    assert "document_add" in shown.action_ids
    before = contents(at_hand.documents).keys()
    sent.click("document_add", shown)
    (made,) = contents(at_hand.documents).keys() - before
    assert made.isascii()
    assert "/" not in made
    generation_in(sent.built())


# Files that cannot be taken in


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "not-a-pdf.pdf": ((FILES / "not-a-pdf.pdf").read_bytes(), "not a PDF"),
    "password.pdf": ((FILES / "password.pdf").read_bytes(), "needs a password"),
    "scan.pdf": ((FILES / "image-only.pdf").read_bytes(), "OCR"),
    "blank.pdf": ((FILES / "blank.pdf").read_bytes(), "blank"),
    "cut.pdf": ((FILES / "truncated.pdf").read_bytes(), "damaged or cut short"),
    "columns.pdf": ((FILES / "columns-by-rows.pdf").read_bytes(), "columns"),
    "bomb.docx": (HOSTILE_WORD["bomb"][0](), str(HOSTILE_WORD["bomb"][1])),
    "laughs.docx": (HOSTILE_WORD["laughs"][0](), str(HOSTILE_WORD["laughs"][1])),
    "table.docx": (HOSTILE_WORD["excel"][0](), str(HOSTILE_WORD["excel"][1])),
    "deep.html": (HOSTILE_HTML["deep"][0](), "too deep"),
    "script.html": (HOSTILE_HTML["script-only"][0](), "JavaScript"),
    "binary.txt": (HOSTILE_TEXT["binary.txt"][0](), "not UTF-8"),
    "stars.txt": (HOSTILE_TEXT["stars.txt"][0](), "part it into paragraphs"),
    "nothing.txt": (b"\n", "empty"),
    "figures.xlsx": (b"PK\x03\x04", ".xlsx"),
    "picture.png": (b"\x89PNG\r\n", ".png"),
    "README": (b"Read me.", "README"),
}  # fmt: skip


def test_a_file_that_cannot_be_read_is_refused_with_its_reason(office: Office, at_hand: Small) -> None:
    """All in one message: each is told of by itself, in a sentence for an admin, not for who runs the machine."""
    workspace, before, known = office.workspace, state(office, at_hand), len(uploads(office.record.database))
    logged = len(office.bot.log())
    files = [workspace.add_file(BOSS, name, content, "application/octet-stream")
             for name, (content, _) in UNREADABLE.items()]  # fmt: skip
    sent = Sent(office, BOSS, workspace.direct_message(BOSS, "", files=files))
    sent.shown(len(files))
    workspace.settle(0.5)
    for message, (name, (_, reason)) in zip(sent.said, UNREADABLE.items(), strict=True):
        assert "Nothing was changed" in message.shown, name
        assert name in message.shown
        assert any(part in message.shown for part in reason.split("|")), message.shown
        assert "\n" not in message.shown
        assert "/tmp" not in message.shown
        assert message.action_ids == []
    assert state(office, at_hand) == before
    assert len(uploads(office.record.database)) == known
    assert "Traceback" not in office.bot.log()[logged:]


def test_a_page_without_text_is_pointed_out(office: Office) -> None:
    content = (FILES / "blank-page-inside.pdf").read_bytes()
    shown = send(office, "pages.pdf", content, mimetype="application/pdf").shown()
    (warning,) = [line for line in shown.shown.splitlines() if "⚠️" in line]
    assert "page 2" in warning
    assert "read without losses" not in shown.shown
    assert "3 pages" in shown.shown.splitlines()[0]
    assert "document_add" in shown.action_ids


# What is not Slack's is not fetched


@dataclass
class Elsewhere:
    """A server of somebody else's, and what it was asked for."""

    port: int = 0
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """Path and token."""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(answers: dict[str, tuple[int, dict[str, str], bytes]]) -> Iterator[Elsewhere]:
    """A server on a port of its own that answers by path."""
    elsewhere = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            elsewhere.asked.append((self.path, self.headers.get("Authorization")))
            status, headers, body = answers.get(self.path, (200, {}, LANTERN.encode()))
            self.send_response(status)
            for name, value in {"Content-Type": "text/plain", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    elsewhere.port = server.server_port
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield elsewhere
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_address_that_is_not_slacks_is_refused_and_never_asked(office: Office, at_hand: Small) -> None:
    before, known, api = state(office, at_hand), len(uploads(office.record.database)), office.workspace.origin
    with serving({}) as elsewhere:
        evil, host = elsewhere.origin, api.removeprefix("http://")
        urls = [
            f"{evil}/lantern.md",
            f"{api}@{evil.removeprefix('http://')}/lantern.md",
            f"http://{host}:{host}@{evil.removeprefix('http://')}/",
            f"http://files.slack.com@{evil.removeprefix('http://')}/lantern.md",
            f"http://{evil.removeprefix('http://')}\\@{host}/lantern.md",
            f"{evil}/{api}/files-pri/x",
            f"https://127.0.0.1:{elsewhere.port}/files.slack.com/",
            "http://files.slack.com/lantern.md",
            "https://files.slack.com.evil.example/lantern.md",
            "https://files.slack.com:8443/lantern.md",
            "https://evil.example/files.slack.com/lantern.md",
            "https://docs.google.example/document/d/1",
            f"file://{at_hand.documents / 'catalogue.toml'}",
            "ftp://files.slack.com/lantern.md",
            "http://127.0.0.1:notaport/lantern.md",
            "//files.slack.com/lantern.md",
            "",
        ]  # fmt: skip
        files = []
        for url in urls:
            file = office.workspace.add_file(BOSS, "lantern.md", LANTERN.encode(), "text/plain")
            files.append({**file, "url_private": url, "url_private_download": url})
        sent = Sent(office, BOSS, office.workspace.direct_message(BOSS, "", files=files))
        sent.shown(len(urls))
        office.workspace.settle(0.5)
        assert elsewhere.asked == []
    for message, url in zip(sent.said, urls, strict=True):
        assert "lantern.md: not kept by Slack, and nothing else is fetched" in message.shown, url
        assert message.action_ids == []
    assert state(office, at_hand) == before
    assert len(uploads(office.record.database)) == known


def test_a_file_that_slack_has_no_address_of_is_named_all_the_same(office: Office) -> None:
    """Deleted before it was looked at, or kept by another workspace that lets nobody look."""
    for about in ({"id": "F0GONE", "mode": "tombstone"}, {"id": "F0GONE", "file_access": "check_file_info"}):
        sent = Sent(office, BOSS, office.workspace.direct_message(BOSS, "", files=[about]))
        assert "F0GONE" in sent.shown().shown
        assert "None" not in sent.shown().shown


def test_the_address_of_the_api_is_asked_with_the_token_and_a_redirect_is_not_followed() -> None:
    with serving({}) as elsewhere:
        away = (302, {"Location": f"{elsewhere.origin}/stolen"}, b"")
        near = (301, {"Location": "/there.md"}, b"")
        with serving({"/away.md": away, "/near.md": near}) as slack:

            def get(path: str) -> bytes:
                file = {"name": path[1:], "url_private_download": f"{slack.origin}{path}", "mimetype": "text/plain"}
                return fetch(file, "xoxb-secret", f"{slack.origin}/api/")

            assert get("/there.md") == LANTERN.encode()
            for path in ("/away.md", "/near.md"):
                with pytest.raises(FileError, match=path[1:]):
                    get(path)
            assert slack.asked == [(path, "Bearer xoxb-secret") for path in ("/there.md", "/away.md", "/near.md")]
        assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        (200, {"Content-Length": "100000"}, "in part"),
        (403, {}, "403"),
        (404, {}, "404"),
        (500, {}, "500"),
    ],
)
def test_what_slack_does_not_hand_out_whole_is_refused(status: int, headers: dict[str, str], reason: str) -> None:
    with serving({"/lantern.md": (status, headers, b"# The Lantern")}) as slack:
        file = {"name": "lantern.md", "url_private": f"{slack.origin}/lantern.md", "mimetype": "text/plain"}
        with pytest.raises(FileError, match=f"lantern.md: .*{reason}"):
            fetch(file, "xoxb-secret", f"{slack.origin}/api/")


def test_where_nobody_listens_that_is_said() -> None:
    with serving({}) as slack:
        origin = slack.origin
    file = {"name": "lantern.md", "url_private": f"{origin}/lantern.md"}
    with pytest.raises(FileError, match=r"lantern\.md: Slack does not hand it out"):
        fetch(file, "xoxb-secret", f"{origin}/api/")


@pytest.mark.parametrize(
    ("name", "mimetype", "content"),
    [
        ("framework.pdf", "application/pdf", (FILES / "chromium-en.pdf").read_bytes()),
        ("page.html", "text/html", b"<!doctype html><title>x</title><h1>The Lantern Fund</h1><p>It pays much.</p>"),
        ("lantern.md", "text/markdown", LANTERN.encode()),
    ],
)
def test_slacks_sign_in_page_is_not_taken_for_the_file(
    office: Office, at_hand: Small, name: str, mimetype: str, content: bytes
) -> None:
    """Slack answers so where the bot may not read files."""
    before = state(office, at_hand)
    office.workspace.scopes.remove("files:read")
    try:
        shown = send(office, name, content, mimetype=mimetype).shown()
    finally:
        office.workspace.scopes.add("files:read")
    assert "files:read" in shown.shown
    assert shown.action_ids == []
    assert state(office, at_hand) == before
    assert "document_add" in send(office, name, content, mimetype=mimetype).shown().action_ids


def test_what_is_too_large_is_not_read_to_its_end(office: Office) -> None:
    large = 60 * 2**20
    told = send(office, "large.pdf", b"x", size=large).shown().shown
    assert "large.pdf: larger than 50 MB" in told
    told = send(office, "liar.txt", b"x" * large, size=1).shown().shown
    assert "liar.txt: larger than 50 MB" in told


# Who may


@pytest.mark.parametrize(
    ("user", "locale", "question"),
    [
        ("U5", "en-US", "Which city signed first?"),
        ("U6", "ja-JP", "最初に署名した都市はどこですか"),
        (SATO, "en-US", ""),
    ],
)
def test_somebody_elses_file_is_refused_kindly_and_not_kept_and_their_question_is_answered(
    office: Office, at_hand: Small, user: str, locale: str, question: str
) -> None:
    workspace, before, known = office.workspace, state(office, at_hand), len(uploads(office.record.database))
    if user != SATO:
        workspace.add_user(user, user.title(), locale=locale)
    log = len(Audit(office.record.database).latest(1000))
    files = {path: path.read_bytes() for path in office.data.rglob("*") if path.is_file() and "sqlite" not in path.name}
    sent = send(office, "lantern.md", LANTERN, user=user, text=question)
    told = sent.shown()
    if question:
        office.workspace.wait_for_reply(f"D{user}", sent.ts, 2)
        (row,) = office.rows(f"D{user}")
        assert row.outcome == Outcome.ANSWERED
        assert row.question == question
    workspace.settle(0.5)
    assert sent.said == [told]
    assert told.action_ids == []
    words = "admins" if locale == "en-US" else "管理者"
    assert words in told.shown
    assert not latin_words(told.shown) or locale == "en-US"
    assert pings(told) == []
    assert len(uploads(office.record.database)) == known
    assert len(Audit(office.record.database).latest(1000)) == log
    assert state(office, at_hand) == before
    assert {path: path.read_bytes() for path in files} == files


def test_buttons_of_a_preview_are_for_admins(office: Office, at_hand: Small) -> None:
    before = state(office, at_hand)
    sent = send(office, "lantern.md", LANTERN)
    shown = sent.shown()
    for user in (SATO, "U5"):
        for action in ("document_add", "document_discard", "document_describe"):
            (told,) = sent.click(action, shown, user)
            assert told.ephemeral_to == user
            assert "admins" in told.shown
    assert upload_of(office, shown).decision == Decision.OPEN
    assert state(office, at_hand) == before
    form = described_by(sent, shown)
    refused = office.workspace.submit_view(form, SATO, {"title": "Mine"}).wait_ack()
    assert list(refused["errors"]) == ["title"]
    assert upload_of(office, shown).fields["title"] == "The Lantern Fund"


def test_a_file_in_a_channel_is_nobodys_document(office: Office, channel: str, at_hand: Small) -> None:
    workspace, before, known = office.workspace, state(office, at_hand), len(uploads(office.record.database))
    file = workspace.add_file(BOSS, "lantern.md", LANTERN.encode(), "text/markdown")
    ts = workspace.mention(channel, BOSS, "Which city signed first?", files=[file])
    (reply,) = workspace.wait_for_reply(channel, ts)
    assert "Yokohama" in reply.shown
    workspace.settle(0.5)
    assert office.replies(channel, ts) == [reply]
    assert len(uploads(office.record.database)) == known
    assert state(office, at_hand) == before


# What is worse, and where nothing can be written


RECIPES = "\n\n".join([
    "# Handbook of the house",
    "## Bread", "How do you bake sourdough bread? Mix flour, water and salt, and bake sourdough bread for an hour.",
    "## Passport", "You renew your passport at the passport office: to renew a passport, bring two photographs.",
    "## Australia", "The capital of Australia is Canberra.",
    "## Baseball", "There are nine players in a baseball team.",
    "## Library", "The opening hours of the public library are from nine to five.",
    "## Parking", "To apply for a parking permit for residents, write to the parking office.",
    "## Garage", "A building permit for a garage is given by the building office.",
    "## Curry", "A recipe for green curry: cook the green curry paste with coconut milk.",
])  # fmt: skip


def test_golden_questions_that_get_worse_are_named_before_and_forced_on_the_record(
    english: Small, settings: dict[str, str], tmp_path: Path
) -> None:
    """A document that answers what the desk should not: golden questions that are off topic."""
    small = own(english, tmp_path / "english")
    with opened_office(small, settings, tmp_path) as office:
        furnish(office.workspace)
        sent = send(office, "handbook.md", RECIPES)
        shown = sent.shown()
        lines = shown.shown.splitlines()
        (golden,) = [line for line in lines if line.startswith("golden questions: ")]
        right_before, right = (int(number) for number in golden.split(" of ")[0].split(": ")[1].split(" → "))
        assert right < right_before
        (place,) = [number for number, line in enumerate(lines) if "got worse:" in line]
        count = int(lines[place].split()[0])
        assert count >= 1
        named = [line.strip("· ") for line in lines[place + 1 :] if line.strip().startswith("·")]
        assert len(named) == min(count, 5)
        assert "document_add" in shown.action_ids
        report = sent.add(shown)
        assert f"{right_before} → {right}" in report.shown
        generation = generation_in(report)
        (built,) = [row for row in Audit(office.record.database).latest(9) if row.action == "refresh"]
        assert (built.subject, built.detail) == (generation, "forced")


@mounting
def test_where_the_corpus_folder_cannot_be_written_that_is_said_and_the_file_waits(
    brief: Small, settings: dict[str, str], tmp_path: Path
) -> None:
    small = Small(own(brief, tmp_path / "brief").documents, twin(brief.data, tmp_path / "var"))
    environment = {**clean_environment(), **small.settings, **settings, "PYTHONUNBUFFERED": "1"}
    with Workspace() as workspace:
        script = (
            f'mount --bind "{small.documents}" "{small.documents}"; mount -o remount,bind,ro "{small.documents}"\n'
            f'exec "{sys.executable}" "{ROOT / "run_bot.py"}"\n'
        )
        log = tmp_path / "bot.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                ["unshare", "--user", "--map-root-user", "--mount", "sh", "-euc", script],
                cwd=tmp_path, env={**environment, **tokens(workspace)}, stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
        bot = BotProcess(process, log)
        try:
            with explained(bot):
                workspace.wait_connected(20)
            furnish(workspace)
            office = office_of(workspace, bot, tmp_path, environment)
            sent = send(office, "lantern.md", LANTERN)
            shown = sent.shown()
            assert "lantern: +2 ~0 −0 passages" in shown.shown  # to look at it writes nothing
            for _ in range(2):  # it is still to be decided on
                (told,) = sent.click("document_add", shown)
                assert "must be writable" in told.shown
                assert told.ephemeral_to == BOSS
            assert upload_of(office, shown).decision == Decision.OPEN
            assert kept(office, upload_of(office, shown).id) == LANTERN.encode()
            assert "lantern.md" not in contents(small.documents)
            office.record.close()
        finally:
            process.kill()
            process.wait()


def office_of(workspace: Workspace, bot: BotProcess, folder: Path, environment: dict[str, str]) -> Office:
    def start(workspace: Workspace, port: int | None = None, clock_ahead: float = 0) -> BotProcess:
        raise AssertionError("one bot is enough")

    return Office(
        workspace, bot, open_record(f"sqlite:///{folder / 'var' / 'desk.sqlite3'}"), folder, environment, start
    )
