"""Text in and out of Slack: what people's messages say, and words that can neither ping nor break a limit."""

from __future__ import annotations

import re

from corpus.clean import strip_invisible
from corpus.sentences import split_sentences

_ENTITY = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_ELLIPSIS = " …"


def question_in(text: str, bot_user: str) -> str:
    """The words of a message: without the mention of the bot and what cannot be seen, Slack's escapes and link markup
    undone. Control and bidi characters end here: what is kept of a message is shown again in many places."""

    def words(entity: re.Match[str]) -> str:
        sign, target, label = entity.groups()
        name = (label or target).removeprefix("@")
        if sign == "@" and target == bot_user:
            return ""
        return {"@": f"@{name}", "!": f"@{name}", "#": f"#{name}"}.get(sign, name)

    plain = _ENTITY.sub(words, text)
    return strip_invisible(plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")).strip()


def mentions(text: str, user: str) -> bool:
    """Whether a message mentions `user`."""
    return any(entity.group(1) == "@" and entity.group(2) == user for entity in _ENTITY.finditer(text))


def mentions_people(text: str) -> bool:
    """Whether a message mentions anybody, or a group, or everybody."""
    return any(entity.group(1) in {"@", "!"} for entity in _ENTITY.finditer(text))


def addresses_other(text: str, bot_user: str) -> bool:
    """Whether a message begins by mentioning somebody other than the bot."""
    entity = _ENTITY.match(text.lstrip())
    return bool(entity and entity.group(1) in {"@", "!"} and entity.group(2) != bot_user)


def escape(text: str) -> str:
    """Text for fields that Slack reads as markup (`text`, mrkdwn): nothing in it links, pings or formats."""
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(character, entity)
    return text


def flattened(text: str) -> str:
    """Words of people's for a place within a line of the desk's: no breaks, nothing that cannot be seen."""
    return " ".join(strip_invisible(text).split())


def shorten(text: str, limit: int, language: str) -> str:
    """`text` cut to `limit` characters at the end of a sentence where there is one, with "…" where cut."""
    if len(text) <= limit:
        return text
    room = limit - len(_ELLIPSIS)
    ends = [end for _, end in split_sentences(text, language) if end <= room]
    return text[: ends[-1] if ends else room].rstrip() + _ELLIPSIS
