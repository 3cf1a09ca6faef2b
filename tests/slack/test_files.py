"""Where a file may be fetched from: Slack's file hosts by HTTPS, the origin of the Web API, and nowhere else."""

from __future__ import annotations

import socket

import pytest

from assistant.slack.files import FileError, fetch

API = "https://slack.com/api/"
ELSEWHERE = [
    "https://evil.example/x",
    "https://files.slack.com.evil.example/x",
    "https://evil.example/?files.slack.com",
    "https://evil.example#files.slack.com",
    "https://files.slack.com@evil.example/x",
    "https://files.slack.com:x@evil.example/x",
    "https://slack.com@evil.example/x",
    "https://user@files.slack.com/x",
    "https://:password@files.slack.com/x",
    "https://evil.example\\@files.slack.com/x",
    "https://files.slack.com\\.evil.example/x",
    "https://files.slack.com\t.evil.example/x",
    "https://files.slack.com\n@evil.example/x",
    "https://files.slack.com\x00.evil.example/x",
    "https://files.slack.com%2eevil.example/x",
    "https://files.slack.com%40evil.example/x",
    "https://files。slack。com/x",
    "https://ﬁles.slack.com/x",
    "https://files.slack.com./x",
    "https://files.slack.com:80/x",
    "https://files.slack.com:8443/x",
    "https://files.slack.com:x/x",
    "http://files.slack.com/x",
    "http://slack.com/x",
    "https://slack.com:8443/x",
    "HTTP://FILES.SLACK.COM/x",
    "ftp://files.slack.com/x",
    "file:///etc/passwd",
    "file://files.slack.com/etc/passwd",
    "data:text/plain,x",
    "gopher://files.slack.com/x",
    "//files.slack.com/x",
    "/files.slack.com/x",
    "https:files.slack.com/x",
    "https:///files.slack.com/x",
    "http://127.0.0.1/x",
    "https://127.0.0.1/x",
    "https://localhost/x",
    "https://2130706433/x",
    "https://0x7f.1/x",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://10.0.0.1/x",
    "https://192.168.1.1/x",
    "http://169.254.169.254/latest/meta-data/",
    "https://metadata.google.internal/x",
    "",
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The hosts that were looked up, none of which is: nothing in the tests leaves this machine."""
    hosts: list[object] = []

    def look_up(host: object, *_: object, **__: object) -> list[object]:
        hosts.append(host)
        raise socket.gaierror("no network in the tests")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return hosts


@pytest.mark.parametrize("url", ELSEWHERE, ids=ascii)
@pytest.mark.parametrize("field", ["url_private", "url_private_download"])
def test_no_address_but_slacks_is_asked(asked: list[object], url: str, field: str) -> None:
    with pytest.raises(FileError, match="not kept by Slack, and nothing else is fetched"):
        fetch({"name": "x.md", field: url}, "xoxb-secret", API)
    assert asked == []


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://files.slack.com/files-pri/T1-F1/x.md", "files.slack.com"),
        ("https://FILES.slack.com:443/x", "files.slack.com"),
        ("https://slack-files.com/x", "slack-files.com"),
        ("https://slack.com/files/x", "slack.com"),
        ("https://files.slack.com/@evil.example", "files.slack.com"),
        ("https://files.slack.com?@evil.example", "files.slack.com"),
    ],
)
def test_slacks_are_asked(asked: list[object], url: str, host: str) -> None:
    with pytest.raises(FileError, match="Slack does not hand it out") as refusal:
        fetch({"name": "x.md", "url_private": url}, "xoxb-secret", API)
    assert [str(each).lower() for each in asked] == [host]
    assert "xoxb" not in str(refusal.value)


def test_a_files_name_forges_nothing() -> None:
    with pytest.raises(FileError) as refusal:
        fetch({"name": "x\n\u202e\x1b[31mall is well", "url_private": "https://evil.example"}, "xoxb-secret", API)
    assert str(refusal.value).startswith("x [31mall is well: not kept by Slack")
