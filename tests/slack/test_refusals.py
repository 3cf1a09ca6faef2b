"""Why files are refused, as admins read it in their own language: each sentence is one that an error says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.slack.files import FileError, fetch
from assistant.slack.staff import refusals
from assistant.slack.staff.documents import _read
from corpus.curation import add, retire
from corpus.errors import CorpusError, DeskError
from tests.conftest import Small
from tests.corpus.samples import write_corpus
from tests.slack.brief import own
from tests.slack.conftest import opened_office
from tests.slack.staff import BOSS, SETTINGS, furnish
from tests.slack.test_documents import LANTERN, UNREADABLE, described_by, send

JAPANESE = re.compile("[ぁ-ん]")


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_told_in_japanese(tmp_path: Path, name: str) -> None:
    content, reason = UNREADABLE[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CorpusError) as refusal:
        _read(tmp_path / name)
    told = refusals.told(refusal.value, "ja")
    if name != "laughs.docx":  # which nobody sends but to do harm
        assert JAPANESE.search(told), told
    assert name in told
    assert "{" not in told
    assert re.search(reason, refusals.told(refusal.value, "en"))


def test_what_was_said_of_commands_is_said_of_buttons(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "documents")
    fields = {"kind": "other", "authority": "official", "title": "Rules", "language": "en"}
    copy = tmp_path / "copy.md"
    copy.write_bytes((folder / "rules.md").read_bytes())
    with pytest.raises(CorpusError) as twice:
        add(folder, copy, **fields)
    with pytest.raises(CorpusError) as gone:
        add(folder, copy, id="rules", valid_from="2999-01-01", **fields)
    retire(folder, "rules")
    with pytest.raises(CorpusError) as again:
        retire(folder, "rules")
    for refusal in (twice, gone, again):
        told = {language: refusals.told(refusal.value, language) for language in ("en", "ja")}
        assert "--" not in "".join(told.values())
        assert "rules" in told["en"]
        assert JAPANESE.search(told["ja"])


def test_what_nobody_translated_is_told_in_its_own_words() -> None:
    assert refusals.told(DeskError("the lantern\nis out"), "ja") == "the lantern\\nis out"


@pytest.mark.parametrize("about", [{"size": 60 * 2**20}, {"url_private_download": "https://evil.example/x.md"}])
def test_what_cannot_be_fetched_is_told_in_japanese(about: dict[str, str | int]) -> None:
    file = {"name": "x.md", "url_private_download": "https://files.slack.com/x.md", **about}
    with pytest.raises(FileError) as refusal:
        fetch(file, "xoxb-secret", "https://slack.com/api/")
    assert JAPANESE.search(refusals.told(refusal.value, "ja"))


def test_an_admin_who_reads_japanese_is_told_in_japanese(brief: Small, tmp_path: Path) -> None:
    settings = {**SETTINGS, "DESK_STAFF_LANGUAGES": "ja,en"}
    with opened_office(own(brief, tmp_path / "brief"), settings, tmp_path) as office:
        furnish(office.workspace)
        told = send(office, "宣言.exe", b"MZ").shown().shown
        assert told.startswith("何も変更していません：宣言.exe：.exe のファイルは読み取れません。")
        sent = send(office, "lantern.md", LANTERN)
        form = described_by(sent, sent.shown())
        errors = office.workspace.submit_view(form, BOSS, {"published": "3025"}).wait_ack()["errors"]
        assert "再来年以降の日付は使えません" in errors["published"]
