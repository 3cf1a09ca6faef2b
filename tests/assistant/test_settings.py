"""Settings from the environment: read, checked, and never shown where they are secrets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.settings import ROOT, Settings, SettingsError, load_settings, strangers


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(("DESK_", "SLACK_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def settings(**values: str) -> Settings:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in values.items():
            environment.setenv(name, value)
        return Settings(_env_file=None)


def test_without_any_the_defaults_hold() -> None:
    found = settings()
    assert found.desk_data_dir == ROOT / "var"
    assert found.desk_corpus_dir == ROOT / "corpus" / "documents"
    assert found.desk_encoder == "bundled"
    assert found.desk_retention_days == 365
    assert found.api_url == "https://slack.com/api/"
    assert found.missing_secrets() == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
    assert found.missing_secrets(http=True) == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]


def test_the_record_is_kept_with_the_data_where_no_database_is_named() -> None:
    assert settings(DESK_DATA_DIR="/somewhere").database_url == "sqlite:////somewhere/desk.sqlite3"
    assert settings(DESK_DATABASE_URL="postgresql://host/desk").database_url == "postgresql://host/desk"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("U12345", ("U12345",)),
        ("U12345,S67890", ("U12345", "S67890")),
        (" U12345 , W67890 ,", ("U12345", "W67890")),
        ("", ()),
        (" , ", ()),
    ],
)
@pytest.mark.parametrize("name", ["DESK_STAFF", "DESK_ADMINS"])
def test_people_are_listed_by_comma(name: str, given: str, read: tuple[str, ...]) -> None:
    assert getattr(settings(**{name: given}), name.lower()) == read


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/api", "http://127.0.0.1:8080/api/", "http://127.0.0.1:8080/api//"]
)
def test_the_api_s_root_ends_in_one_slash(url: str) -> None:
    assert settings(SLACK_API_URL=url).api_url == "http://127.0.0.1:8080/api/"


WRONG = {
    "SLACK_BOT_TOKEN": ["xoxp-1", "xapp-1", "token"],
    "SLACK_APP_TOKEN": ["xoxb-1", "token"],
    "SLACK_API_URL": ["slack.com", "ftp://slack.com/api/", "https://", "https:// /"],
    "DESK_STAFF_CHANNEL": ["general", "#general", "U12345", "c12345"],
    "DESK_STAFF": ["ann", "C12345", "U12345 U67890"],
    "DESK_ADMINS": ["@ann", "U12345,ann"],
    "DESK_STAFF_LANGUAGES": ["xx", "en,xx", "english", ","],
    "DESK_RETENTION_DAYS": ["0", "-5", "a year", "3651"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_what_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    _, *problems = str(refusal.value).splitlines()
    assert [problem.split(":")[0].strip() for problem in problems] == [name]
    assert "pattern" not in problems[0], "an operator need not read regular expressions"
    assert refusal.value.exit_status == 2


def test_a_slip_in_a_name_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing else would tell whoever wrote DESK_STAF why nobody is staff."""
    assert strangers() == []
    monkeypatch.setenv("DESK_STAF", "U12345")
    monkeypatch.setenv("DESK_STAFF", "U12345")
    (tmp_path / ".env").write_text("desk_retention = 30\nDESK_COLOUR = blue\nANOTHER_PROGRAM = 1\n")
    assert strangers() == [
        "DESK_COLOUR is no setting",
        "DESK_RETENTION is no setting, DESK_RETENTION_DAYS may be meant",
        "DESK_STAF is no setting, DESK_STAFF may be meant",
    ]


def test_secrets_are_not_shown() -> None:
    found = settings(SLACK_BOT_TOKEN="xoxb-hunter2", SLACK_APP_TOKEN="xapp-hunter2", SLACK_SIGNING_SECRET="hunter2")
    assert "hunter2" not in repr(found)
    assert "hunter2" not in str(found.model_dump())
    assert "hunter2" not in found.model_dump_json()
    assert found.secret("slack_signing_secret") == "hunter2"


def test_settings_cannot_be_changed_at_work() -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings().desk_retention_days = 1  # type: ignore[misc]


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
