"""The watch on what Slack refuses: every attempt that failed is counted, whoever made it."""

from __future__ import annotations

from slack_sdk.http_retry.handler import RetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from assistant import metrics
from corpus.errors import DeskError

METHODS = frozenset({
    "apps.connections.open", "assistant.threads.setStatus", "assistant.threads.setSuggestedPrompts", "auth.test",
    "chat.getPermalink", "chat.postEphemeral", "chat.postMessage", "chat.update", "conversations.history",
    "conversations.info", "conversations.members", "conversations.open", "conversations.replies",
    "files.completeUploadExternal", "files.getUploadURLExternal", "usergroups.users.list", "users.info",
    "views.open", "views.publish", "views.update",
})  # fmt: skip
"""The methods that the desk calls."""
ERRORS = frozenset({
    "account_inactive", "cannot_dm_bot", "cant_update_message", "channel_not_found", "edit_window_closed",
    "exchange_expired", "expired_trigger_id", "fatal_error", "internal_error", "invalid_arguments", "invalid_auth",
    "invalid_blocks", "is_archived", "is_inactive", "message_not_found", "messages_tab_disabled", "missing_scope",
    "msg_too_long", "no_permission", "not_allowed_token_type", "not_authed", "not_in_channel", "ratelimited",
    "request_timeout", "restricted_action", "service_unavailable", "team_access_not_granted", "thread_not_found",
    "token_expired", "token_revoked", "too_many_attachments", "trigger_exchanged", "user_disabled",
    "user_not_found", "user_not_in_channel", "user_not_visible",
})  # fmt: skip
"""The errors of Slack's that somebody would want to tell apart."""
_TOO_MANY = 429


class UnreachableError(DeskError):
    """Slack cannot be reached; what it would say of the tokens nobody knows."""

    def __init__(self, api_url: str, error: OSError) -> None:
        super().__init__(
            f"Slack at {api_url} cannot be reached: {error}; look at the network, the name server, "
            "a proxy (HTTPS_PROXY) and SLACK_API_URL"
        )


class Watch(RetryHandler):
    """Sees how each attempt of a client ended, and never has one repeated: to stand before the handlers that do."""

    def __init__(self, api_url: str) -> None:
        super().__init__()
        self._api_url = api_url

    def can_retry(self, *, state: RetryState, request: HttpRequest, response: HttpResponse | None = None,  # noqa: ARG002
                  error: Exception | None = None) -> bool:  # noqa: ARG002  # fmt: skip
        if (failure := _failure(response)) is not None:
            method = request.url.removeprefix(self._api_url).partition("?")[0]  # another address may hold a secret
            metrics.count_slack_error(method if method in METHODS else metrics.OTHER, failure)
        return False


def _failure(response: HttpResponse | None) -> str | None:
    """What went wrong, in a word; None where nothing did."""
    if response is None:
        return "no_answer"
    if response.status_code == _TOO_MANY:
        return "ratelimited"
    if response.status_code != 200:
        return f"http_{response.status_code // 100}xx"
    if not response.body or response.body.get("ok", True):
        return None
    error = response.body.get("error")
    return error if error in ERRORS else metrics.OTHER
