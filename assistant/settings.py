"""Settings, from the environment and from `.env`."""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.languages import SUPPORTED
from assistant.masking import passwords_in
from corpus.errors import DeskError
from index.encoder import BUNDLED

ROOT = Path(__file__).resolve().parents[1]
_ENV_FILES = (ROOT / ".env", Path(".env"))
_JAPAN = "JP"
_OURS = "DESK_"
_ALIKE = 0.8
"""From this likeness on (difflib), one name may be a slip of the other."""


class SettingsError(DeskError):
    """Settings are missing or malformed; the message names every one of them."""

    exit_status = 2


def _split(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _token(prefix: str) -> AfterValidator:
    def check(value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(prefix):
            raise ValueError(f"must start with {prefix}")
        return value

    return AfterValidator(check)


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"no time zone is called {name!r}; Asia/Tokyo is one") from None
    return name


def _country(code: str) -> str:
    if code == _JAPAN:  # known to be known, without an import that every start would wait for
        return code
    from holidays import list_supported_countries

    if code not in list_supported_countries():
        raise ValueError(f"holidays of {code!r} are not known; JP is Japan")
    return code


def _written_like(pattern: str, form: str) -> BeforeValidator:
    """That a text has a form, said to people in words."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise ValueError(f"must be {form}")  # not what it is: a secret may stand in the wrong place
        return value

    return BeforeValidator(check)


def _spoken(tag: str) -> str:
    if tag not in SUPPORTED:
        raise ValueError(f"{tag!r} is no language of the desk, which are {', '.join(SUPPORTED)}")
    return tag


def _some(tags: tuple[str, ...]) -> tuple[str, ...]:
    if not tags:
        raise ValueError("names no language")
    return tags


Tag = Annotated[str, AfterValidator(_spoken)]
Tags = Annotated[tuple[Tag, ...], NoDecode, BeforeValidator(_split), AfterValidator(_some)]
SlackId = Annotated[
    str, _written_like(r"[UWS][A-Z0-9]{2,}", "a Slack user or user-group ID, as U024BE7LH or S0614TZR7")
]
SlackIds = Annotated[tuple[SlackId, ...], NoDecode, BeforeValidator(_split)]
Channel = Annotated[
    str, _written_like(r"[CG][A-Z0-9]{2,}", "a channel's ID, as C024BE91L; it stands below a channel's details")
]
Root = Annotated[str, _written_like(r"https?://[^\s/]+(/\S*)?", "a URL that begins with https:// or http://")]


class Settings(BaseSettings):
    """What an operator can set. The field names, in capitals, are the variables' names."""

    model_config = SettingsConfigDict(env_file=_ENV_FILES, extra="ignore", frozen=True)

    slack_bot_token: Annotated[SecretStr | None, _token("xoxb-")] = Field(None, description="The bot's token, xoxb-…")
    slack_app_token: Annotated[SecretStr | None, _token("xapp-")] = Field(
        None, description="The app-level token for Socket Mode, xapp-…, with the scope connections:write"
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="For HTTP (`--http PORT`) in place of the app token: what Slack signs its requests with"
    )
    slack_api_url: Root = Field("https://slack.com/api/", description="The root of Slack's Web API")
    desk_data_dir: Path = Field(ROOT / "var", description="Where the index and the record are kept")
    desk_corpus_dir: Path = Field(ROOT / "corpus" / "documents", description="The folder with catalogue.toml")
    desk_database_url: SecretStr | None = Field(
        None,
        description="The record's database; SQLite in the data folder if not set. "
        "PostgreSQL: `postgresql+psycopg://…`, after `pip install '.[postgresql]'`",
    )
    desk_vectors_url: SecretStr | None = Field(
        None,
        description="A PostgreSQL with pgvector that keeps the vectors of passages, for corpora that outgrow a process "
        "(`postgresql+psycopg://…`); files in the data folder if not set",
    )
    desk_encoder: str = Field(
        BUNDLED, min_length=1, description="`bundled`, or the name or folder of any sentence-transformers model"
    )
    desk_staff_channel: Channel | None = Field(
        None, description="The channel where staff take over what the desk cannot answer; the bot must be in it"
    )
    desk_staff: SlackIds = Field(
        (),
        description="Slack user or user-group IDs of staff, comma-separated; without any: whoever is in their channel",
    )
    desk_admins: SlackIds = Field(
        (), description="Slack user or user-group IDs of admins, comma-separated; admins are staff too"
    )
    desk_staff_languages: Tags = Field(
        ("en", "ja"), description="The languages that staff read; cards and forms are in the first"
    )
    desk_remind_after: float = Field(
        1.0, gt=0, le=365, description="After so many working days, staff are reminded of an enquiry that waits"
    )
    desk_timezone: Annotated[str, AfterValidator(_timezone)] = Field(
        "Asia/Tokyo", description="Where staff work: when their days begin and end"
    )
    desk_holidays: Annotated[str, AfterValidator(_country)] = Field(
        _JAPAN, description="The country whose public holidays are no working days (ISO 3166, two letters)"
    )
    desk_questions_a_minute: int = Field(
        30, ge=20, description="How many questions of one person are taken in a minute, by all bots together"
    )
    desk_retention_days: int = Field(365, ge=1, le=3650, description="How long enquiries, and who did what, are kept")
    desk_health_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="In Socket Mode: the port on 127.0.0.1 that tells `/healthz`, `/readyz` and `/metrics`; "
        "over HTTP, that of `--http` does",
    )
    desk_log_format: Literal["text", "json"] = Field(
        "text", description="`text`, or `json`: an object a line, with the id of the enquiry that it is about"
    )
    desk_debug: bool = Field(
        False, description="Whether the bot's log holds what people ask and are told; only while a fault is looked for"
    )

    @model_validator(mode="before")
    @classmethod
    def _blank_is_not_set(cls, values: dict[str, Any]) -> dict[str, Any]:
        """`DESK_DATA_DIR=` in .env means the default, not the folder one happens to be in."""
        return {name: value for name, value in values.items() if not (isinstance(value, str) and not value.strip())}

    @property
    def database_url(self) -> str:
        if self.desk_database_url is not None:
            return self.desk_database_url.get_secret_value()
        return f"sqlite:///{self.desk_data_dir / 'desk.sqlite3'}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be shown nowhere, as far as it is set."""
        tokens = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        urls = filter(None, (self.database_url, self.vectors_url))
        passwords = [password for url in urls for password in passwords_in(url)]
        return (*(token.get_secret_value() for token in tokens if token), *passwords)

    @property
    def vectors_url(self) -> str | None:
        return self.desk_vectors_url.get_secret_value() if self.desk_vectors_url else None

    @property
    def readings(self) -> Path:
        """Where what slow readers found in files is kept, to be thrown away at any time."""
        return self.desk_data_dir / "readings"

    @property
    def engines(self) -> Path:
        """Where the bundled encoder's fast engine is set up, to be thrown away at any time."""
        return self.desk_data_dir / "encoder"

    @property
    def golden(self) -> Path:
        """Where golden questions' vectors and marks are kept, to be thrown away at any time."""
        return self.desk_data_dir / "golden"

    @property
    def api_url(self) -> str:
        """`slack_api_url` with its final slash, as slack_sdk joins method names to it."""
        return self.slack_api_url.rstrip("/") + "/"

    def require_secrets(self, *, http: bool) -> None:
        """Raise SettingsError naming what Slack's side needs and is not set."""
        if missing := self.missing_secrets(http=http):
            raise SettingsError(
                f"cannot start the Slack bot: {' and '.join(missing)} not set; put them into .env "
                "(see README, “In Slack”), or run `python run_bot.py chat` to ask in the terminal"
            )

    def missing_secrets(self, *, http: bool = False) -> list[str]:
        """The names of the secrets without which Socket Mode, or HTTP, cannot start."""
        needed = ("slack_bot_token", "slack_signing_secret" if http else "slack_app_token")
        return [name.upper() for name in needed if getattr(self, name) is None]

    @property
    def has_tokens(self) -> bool:
        """Whether a token or the signing secret is set: somebody wants Slack."""
        return any((self.slack_bot_token, self.slack_app_token, self.slack_signing_secret))

    def secret(self, name: str) -> str:
        """A secret that is set."""
        return str(getattr(self, name).get_secret_value())


def strangers() -> list[str]:
    """A sentence on each name that is set, begins as our settings do and is none of them."""
    known = [name.upper() for name in Settings.model_fields]
    files = (dotenv_values(path) for path in _ENV_FILES)
    strange = {name for name in map(str.upper, chain(os.environ, *files)) if name.startswith(_OURS)} - set(known)
    meant = {name: get_close_matches(name, known, 1, _ALIKE) for name in sorted(strange)}
    return [f"{name} is no setting" + "".join(f", {near} may be meant" for near in meant[name]) for name in meant]


def load_settings() -> Settings:
    """The settings in force. Raises SettingsError naming everything that is wrong, without its secrets."""
    try:
        return Settings()
    except ValidationError as error:
        problems = [
            f"  {str(problem['loc'][0]).upper()}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError("\n".join(["settings that cannot be used:", *problems])) from None
