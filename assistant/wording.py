"""The lines around an answer, in the asker's language: where quotations stand, whom to ask, how fresh."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from assistant.dates import day, local_day, published
from assistant.messages import translation
from assistant.models import Citation, ContactDetail, Reply
from corpus.models import Authority, Kind
from index.generation import Generation

_SEPARATOR = " · "


def listed(names: Iterable[str], language: str) -> str:
    """Names one after the other: "English, Japanese"."""
    return translation(language).gettext(", ").join(names)


def quoted(text: str, language: str) -> str:
    """A text in the quotation marks of its language."""
    return translation(language).gettext("“{text}”").format(text=text)


def citation_line(citation: Citation, language: str) -> str:
    """ "Press release, City of Yokohama · body, paragraph 4 · November 2025 · official"."""
    parts = [citation.source, citation.locator, published(citation.published, language), authority(citation, language)]
    if citation.kind is Kind.FAQ:
        parts = [citation.locator, *parts[2:]]
    return _SEPARATOR.join(part for part in parts if part)


def authority(citation: Citation, language: str) -> str:
    """What weight a citation has, for a reader."""
    _ = translation(language).gettext
    if citation.kind is Kind.FAQ and citation.authority is not Authority.STAFF:
        return _("answer prepared by this desk")
    return {
        Authority.OFFICIAL: _("official"),
        Authority.STAFF: _("approved by staff"),
        Authority.DIGEST: _("digest, not official wording"),
    }[citation.authority]


def contact_line(reply: Reply) -> str:
    """Whom to ask; "" where the reply names nobody."""
    return best_asked(reply.contact, reply.language) if reply.contact else ""


def best_asked(contact: ContactDetail, language: str) -> str:
    _ = translation(language).gettext
    return _("Best asked of: {name}, {detail}").format(name=contact.name, detail=contact.detail)


def index_line(reply: Reply) -> str:
    """How fresh the answer is, and whether its words were approved."""
    _ = translation(reply.language).gettext
    fresh = _("Index of {day}").format(day=day(reply.indexed, reply.language))
    return _SEPARATOR.join([fresh, _("translation not yet reviewed")] if reply.unreviewed else [fresh])


def status(generation: Generation, zone: str, language: str) -> str:
    """Which generation serves, since which day in a time zone, and what it holds."""
    _ = translation(language).gettext
    built, counts = datetime.fromisoformat(generation.manifest.created), generation.manifest.counts
    return _("Index {id}, built on {day}: {documents} documents, {passages} passages, {entries} FAQ entries.").format(
        id=generation.manifest.id,
        day=day(local_day(built, zone), language),
        documents=counts["documents"],
        passages=counts["passages"],
        entries=counts["faq_entries"],
    )


def perhaps_lost(language: str, reference: str) -> str:
    """What an asker is told when nobody knows whether they have their reply."""
    _ = translation(language).gettext
    return _(
        "My answer may not have reached you. If you do not see it, please ask once more (reference {reference})."
    ).format(reference=reference)


def failure(language: str, enquiry_id: str) -> str:
    """What an asker is told when the desk failed."""
    _ = translation(language).gettext
    return _(
        "Sorry, something went wrong here and I could not answer. Please ask again in a minute; "
        "if it stays so, give the staff this number: {id}"
    ).format(id=enquiry_id)


def bad_question(language: str, *, too_long: bool) -> str:
    """What an asker is told whose message cannot be a question."""
    _ = translation(language).gettext
    if too_long:
        return _("That is too long for me: please ask in at most 2,000 characters.")
    return _("Please write your question with the mention, for example: “Which city signed first?”")


def too_many_questions(language: str, count: int) -> str:
    """What an asker is told, once, who asks more questions in a minute than `count`, which are taken."""
    _ = translation(language).gettext
    return _(
        "I can take {count} questions a minute from one person, and these were more. "
        "Please wait a minute, then ask again what I have not answered."
    ).format(count=count)


def ask_a_person(language: str) -> str:
    """The button by which people reach a person."""
    return translation(language).gettext("Ask a person")


def welcome(language: str) -> str:
    """What an asker is told who says thank you, or that all is clear."""
    return translation(language).gettext("You are welcome. Ask on whenever you like.")


def person_can(language: str) -> str:
    """What an asker is told who asks for a person in words."""
    _ = translation(language).gettext
    return _("A person can take over: press “{button}” below.").format(button=ask_a_person(language))


def asked(language: str, *, reached: bool) -> str:
    """What an asker is told whose question goes to staff, who can be reached in Slack or not."""
    _ = translation(language).gettext
    if reached:
        return _("I have passed your question to a person. The reply will come here.")
    return _(
        "I have kept your question for a person, but I cannot reach the staff at the moment; "
        "I will pass it on as soon as I can."
    )


def held(language: str) -> str:
    """What an asker is told whose reply is reviewed before it is sent."""
    return translation(language).gettext("A person looks at the answer before you get it. It will come soon.")


def checked(language: str, name: str) -> str:
    """Below a reply of the desk that a member of staff has looked at."""
    return translation(language).gettext("Checked by a person: {name}").format(name=name)


def claimed(language: str) -> str:
    return translation(language).gettext("A person has taken up your question.")


def resolved(language: str) -> str:
    return translation(language).gettext("Your question is closed. If something is missing, please open it again.")


def reopened(language: str) -> str:
    return translation(language).gettext("Your question is open again; a person will look at it.")


def from_a_person(language: str, name: str) -> str:
    """The head of a reply that a member of staff wrote."""
    return translation(language).gettext("A person replies: {name}").format(name=name)


def about(question: str, language: str) -> str:
    """Which question a message is about that does not stand right below it."""
    return translation(language).gettext("About your question “{question}”:").format(question=question)


def you_asked(question: str, language: str) -> str:
    """Above the reply to a question that was chosen elsewhere."""
    return translation(language).gettext("You asked: “{question}”").format(question=question)


def correction(language: str, question: str) -> str:
    """The head of a correction that staff send."""
    _ = translation(language).gettext
    return _("Correction by a person to what you were told about “{question}”:").format(question=question)


def no_files(language: str) -> str:
    """What is told to somebody who sends the desk a file, and is no admin."""
    _ = translation(language).gettext
    return _("Thank you, but only admins can give me documents; I have not kept your file. If you have a question "
             "about the declaration, just write it here.")  # fmt: skip


def only_staff(language: str) -> str:
    """What is told to somebody who presses a button for staff, or for the one who asked."""
    return translation(language).gettext("Only staff, or whoever asked, can do this.")


def open_again(language: str) -> str:
    """The button that opens a closed question again."""
    return translation(language).gettext("Open again")


def answers_it(language: str) -> str:
    """The button by which an asker closes a question that a person replied to."""
    return translation(language).gettext("That answers it")


def still_open(language: str) -> str:
    """The button by which an asker says that a person's reply was not enough."""
    return translation(language).gettext("Still open")


def with_a_person(language: str) -> str:
    """What is told to somebody who asks for a person again."""
    return translation(language).gettext("Your question is with a person already; the reply will come here.")


def not_on_record(language: str) -> str:
    """What is told to somebody who clicked below a reply that was deleted from the record."""
    return translation(language).gettext("That reply is no longer on record.")


def no_staff(language: str, contact: ContactDetail | None) -> str:
    """What an asker is told where the desk has no staff, or an unset channel for them."""
    _ = translation(language).gettext
    sorry = _("No staff can be reached through me here.")
    return f"{sorry} {best_asked(contact, language)}" if contact else sorry


def plain_reply(reply: Reply) -> str:
    """A reply as plain text: the answer, then each quotation with where to find it."""
    lines = [reply.text]
    for citation in reply.citations:
        if not reply.tells(citation):
            lines += [
                "",
                f"  [{citation.number}] “{citation.quote}”",
                f"      {citation_line(citation, reply.language)}",
            ]
        else:
            lines += ["", f"  [{citation.number}] {citation_line(citation, reply.language)}"]
    lines += ["", *(line for line in (contact_line(reply), index_line(reply)) if line)]
    if reply.examples:
        _ = translation(reply.language).gettext
        lines += [_("You could ask:"), *(f"  · {example}" for example in reply.examples)]
    return "\n".join(lines)


def one_line_reply(reply: Reply) -> str:
    """A reply on one line, for scripts that read a reply a line."""
    quotes = [
        f"[{c.number}] {citation_line(c, reply.language)}"
        if reply.tells(c)
        else f"[{c.number}] “{c.quote}” ({citation_line(c, reply.language)})"
        for c in reply.citations
    ]
    return " ".join(" ".join([reply.text, *quotes]).split())
