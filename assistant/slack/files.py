"""Files that people send in Slack, fetched from Slack alone."""

from __future__ import annotations

from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from assistant.slack.text import flattened
from corpus.errors import DeskError

_HOSTS = ("files.slack.com", "slack-files.com")
_LARGEST = 50 * 2**20
_TIMEOUT = 30


class FileError(DeskError):
    """A file cannot be fetched."""


class _NoRedirects(HTTPRedirectHandler):
    """Follows no redirect: where a file is, Slack says at once; elsewhere the token has no business."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def fetch(file: dict[str, Any], token: str, api_url: str) -> bytes:
    """The content of a file that an event tells of. Raises FileError; nothing but Slack's hosts is ever asked."""
    name = flattened(str(file.get("name") or "")) or file.get("id")
    url = quote(str(file.get("url_private_download") or file.get("url_private") or ""), safe="%/:?&=+,;~")
    if not _is_slack(url, api_url):
        raise FileError(f"{name}: not kept by Slack, and nothing else is fetched; upload the file itself")
    size = int(file.get("size") or 0)
    if size > _LARGEST:
        raise FileError(f"{name}: larger than {_LARGEST // 2**20} MB; split it, or add it with `corpus add`")
    request = Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - checked above
    try:
        with build_opener(_NoRedirects).open(request, timeout=_TIMEOUT) as answer:
            content: bytes = answer.read(_LARGEST + 1)
            kind, length = answer.headers.get_content_type(), answer.headers.get("Content-Length")
    except (HTTPError, URLError, HTTPException, OSError) as error:
        raise FileError(f"{name}: Slack does not hand it out: {error}") from error
    if kind == "text/html" and ("html" not in str(file.get("mimetype")) or len(content) != size):
        raise FileError(f"{name}: Slack answers with its sign-in page: the scope files:read is missing")
    if len(content) > _LARGEST:
        raise FileError(f"{name}: larger than {_LARGEST // 2**20} MB")
    if length is not None and len(content) < int(length):  # http.client says nothing of it
        raise FileError(f"{name}: it came in part only; send it again")
    return content


def _is_slack(url: str, api_url: str) -> bool:
    """Whether a URL leads to Slack's file hosts by HTTPS, or to where the Web API is."""
    try:
        asked, api = urlsplit(url), urlsplit(api_url)
        same_origin = (asked.scheme, asked.hostname, asked.port) == (api.scheme, api.hostname, api.port)
        by_slack = asked.scheme == "https" and asked.hostname in _HOSTS and asked.port in {None, 443}
    except ValueError:  # a port that is none
        return False
    return asked.username is None and (same_origin or by_slack)
