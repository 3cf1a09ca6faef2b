"""What is secret is masked, by its looks or because it is set."""

from __future__ import annotations

import pytest

from assistant.masking import mask, passwords_in
from assistant.settings import Settings

BOT, APP = "xoxb-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx", "xapp-1-A012BCDEFGH-1234567890-abcdef0123456789"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"token={BOT} refused", "token=xoxb-*** refused"),
        (f"{{'token': '{APP}'}}", "{'token': 'xapp-***'}"),
        ("xoxe.xoxp-1-Mi0yLTEy xoxe-1-My0x", "xoxe.xoxp-*** xoxe-***"),
        (f"Authorization: Bearer {BOT}", "Authorization: Bearer ***"),
        (
            "wss://wss-primary.slack.com/link/?ticket=4f-9&app_id=1",
            "wss://wss-primary.slack.com/link/?ticket=***&app_id=1",
        ),
        ("https://hooks.slack.com/commands/T1/2/abc failed", "https://hooks.slack.com/commands/*** failed"),
        ("postgresql+psycopg://desk:pa:ss/wo@host:5432/desk", "postgresql+psycopg://desk:***@host:5432/desk"),
        ("postgresql://host/desk?user=u&password=abc", "postgresql://host/desk?user=u&password=***"),
        (
            "https://slack.com/api/auth.test at 10:30, a@b.example",
            "https://slack.com/api/auth.test at 10:30, a@b.example",
        ),
        ("Which city signed first? 横浜市", "Which city signed first? 横浜市"),
    ],
)
def test_by_its_looks(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("secret", ["8f742231b10e8888abcd99yyyzzz85a5", "p@ss/word", "日本", "a.b*c", "x"])
def test_because_it_is_set(secret: str) -> None:
    assert mask(f"with {secret}, and '{secret}'", [secret]) == "with ***, and '***'"
    assert mask(f"un{secret}like", ["x"]) == f"un{secret}like", "a short one does not eat words"


def test_of_two_the_longer_one_goes_whole() -> None:
    assert mask("abc-def", ["abc", "abc-def", ""]) == "***"


@pytest.mark.parametrize(
    ("url", "passwords"),
    [
        ("postgresql+psycopg://desk:p%40ss@host/desk", ["p@ss"]),
        ("postgresql://host/desk?password=s%3Dx", ["s=x"]),
        ("postgresql://desk:pa/ss@host/desk", ["pa/ss"]),
        ("postgresql://desk:p#a?ss@host/desk", ["p#a?ss"]),
        ("postgresql://desk@host/desk", []),
        ("sqlite:////var/desk.sqlite3", []),
        ("postgresql://[half/desk", []),
    ],
)
def test_a_databases_password_is_a_secret(url: str, passwords: list[str]) -> None:
    assert passwords_in(url) == passwords
    settings = Settings(_env_file=None, desk_database_url=url, slack_bot_token=BOT)
    assert settings.secrets == (BOT, *passwords)
    assert not any(secret in repr(settings) for secret in settings.secrets)
