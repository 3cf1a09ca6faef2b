"""Enquiry to reply: search, judge, quote, word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from time import perf_counter
from typing import Any

from assistant.asking import looks_like_question
from assistant.context import in_context
from assistant.dates import explain_relative_dates, local_day
from assistant.dates import published as published_date
from assistant.evidence import Judgement, contradicts, holds_for_any_city, is_on_topic, judge, same_question
from assistant.gist import questions, sentences
from assistant.introducing import as_names, as_own_city, says_where_from
from assistant.languages import FALLBACK, identify, spoken_before
from assistant.locators import entry_locator, passage_locator, source_name
from assistant.messages import translation
from assistant.models import MOST_CITATIONS, Citation, ContactDetail, Enquiry, Outcome, Reply
from assistant.overhearing import is_for_desk
from assistant.override import requested_language, without_request
from assistant.pointing import context, leans_on_thread
from assistant.quoting import best_sentences, quote, whole
from assistant.rephrasing import in_its_language, unshouted, without_closing
from assistant.smalltalk import Smalltalk, smalltalk, smalltalk_language
from assistant.suggestions import Suggestions
from assistant.wording import no_staff, person_can, welcome
from corpus.faq import FaqEntry, Review, Wording
from corpus.models import FAQ_DOCUMENT, Authority, Kind, Passage
from index.generation import Generation
from index.search import Searcher

_EXAMPLES = 4
_STANDS_ALONE = 0.85
"""A follow-up that is answered this surely by itself needs no help from its thread."""
_SURE = 0.7
"""A message that is answered, or known to be a gap, less surely may have a sentence that says better what is asked."""
_ONE_OF_SEVERAL = 0.9
"""Of several questions in a message, one that is answered this surely."""
_ONE_OF_TWO = 0.75
"""Each of two questions in a message is answered at least this surely, or the message is taken as a whole."""
_NEAR = 6
"""Among how many entries that a whole message comes nearest to is what answers its parts."""
_WORTH_TELLING = 0.2
"""A reply that is less sure tells of no entry that may answer: passages alone are shown."""
_MOST_NAMED = 5
"""So many of the names are told that the documents say nothing of."""
_DEFAULT_CONTACT = "iclei-japan"
_AUTHORITIES = list(Authority)


class Answerer:
    """Answers enquiries from one generation. Safe to share among threads."""

    def __init__(self, searcher: Searcher, retention_days: int, zone: str) -> None:
        """`zone` is the time zone whose days replies tell."""
        self._searcher = searcher
        self._zone = zone
        self._retention_days = retention_days

    @property
    def generation(self) -> Generation:
        return self._searcher.generation

    def reply(self, enquiry: Enquiry) -> Reply:
        """The reply to `enquiry`, in the language of its question or in the one that its thread asks for."""
        started = perf_counter()
        question, history = _asked(enquiry)
        spoken = identify(question, history, enquiry.setting)
        courtesy = smalltalk(question)
        if courtesy:
            spoken = smalltalk_language(question, spoken, spoken_before(history, enquiry.setting))
        language = requested_language(enquiry.question, enquiry.history) or enquiry.answer_in or spoken
        if courtesy:
            text = self._courteous(courtesy, language, staffed=enquiry.staffed)
            examples = self.examples(language, _EXAMPLES) if courtesy is Smalltalk.GREETING else ()
            judgement, citations = Judgement(Outcome.HELP, 1.0), []
            is_sent_on = courtesy is Smalltalk.PERSON and not enquiry.staffed
            contact = self.contact(language) if is_sent_on else None
        else:
            judgement = self._judge_message(question, history, spoken)
            citations = self._citations(judgement, language)
            text = self._text(judgement, citations, question, language)
            contact = self._contact(judgement, language)
            examples = self.examples(language, 3) if judgement.outcome is Outcome.NOT_FOUND else ()
        return Reply(
            question=enquiry.question,
            language=language,
            outcome=judgement.outcome,
            confidence=round(judgement.confidence, 3),
            text=text,
            citations=tuple(citations),
            contact=contact,
            generation=self.generation.manifest.id,
            elapsed_ms=round((perf_counter() - started) * 1000, 1),
            indexed=local_day(datetime.fromisoformat(self.generation.manifest.created), self._zone),
            unreviewed=any(
                _wording(entry, language).review is Review.UNREVIEWED for entry in self._told(judgement, language)
            ),
            examples=examples,
            entries=tuple(entry_locator(entry) for entry in judgement.entries),
        )

    def concerns(self, enquiry: Enquiry) -> bool:
        """Whether words that nobody put to the desk are, surely enough, a question for it."""
        question, history = _asked(enquiry)
        spoken = identify(question, history, enquiry.setting)
        if smalltalk(question) or not looks_like_question(question, spoken):
            return False
        return is_for_desk(self._judge(question, history, spoken))

    def suggestions(
        self, enquiry: Enquiry, count: int, reader: str, quoted: Sequence[dict[str, Any]] = ()
    ) -> Suggestions:
        """The `count` nearest FAQ entries and passages, located for a `reader` of that language.

        The passages of citations that were `quoted` in the desk's own reply, as recorded, come before the nearest.
        """
        question, history = _asked(enquiry)
        language = identify(question, history, enquiry.setting)
        findings = self._searcher.search(question, language, context(history, language))
        shown = [(context.passage, context.citation.quote) for context in in_context(quoted, self.generation, reader)]
        nearest = [(hit.passage, quote(hit.passage, best_sentences(hit))) for hit in findings.hits[:count]]
        cited = [
            (passage.document, passage_locator(passage, reader), passage.page, words)
            for passage, words in _without_overlap([*shown, *nearest])
        ]
        return Suggestions(
            entries=tuple(match.entry for match in findings.matches[:count]),
            citations=tuple(self._cite(number, *piece, reader) for number, piece in enumerate(cited, 1)),
        )

    def contact(self, language: str) -> ContactDetail | None:
        """Whom to ask where nothing else is known."""
        return self._contact_detail(_DEFAULT_CONTACT, language)

    def _judge_message(self, message: str, history: Sequence[str], language: str) -> Judgement:
        """The judgement on a message or, where that settles less, on what it asks of any city."""
        message = in_its_language(without_closing(message, language), language)
        judged = self._judge_as_it_stands(message, history, language)
        if _is_settled(judged) and not (judged.entries and all(map(holds_for_any_city, judged.entries))):
            return judged
        as_own = self._judge_as_own_city(message, history, language)
        least = judged.confidence if _is_settled(judged) or judged.unsaid else 0.0
        return as_own if as_own and as_own.confidence > least else judged

    def _judge_as_own_city(self, message: str, history: Sequence[str], language: str) -> Judgement | None:
        """What holds for any city, where a message asks it of one by name: "Can Chiba join?"

        Of a city that documents name, how to join is all that is taken: what is asked of it they may state.
        """
        places = self.generation.places
        known = places.known_in(message)
        asked = as_own_city(message, language, places.named_in(message, language) | known.keys())
        judged = self._judge(asked, history, language) if asked else None
        if not judged or not _is_settled(judged) or not judged.entries:
            return None
        holds = all(holds_for_any_city(entry) and not (entry.gap and known) for entry in judged.entries)
        return judged if holds else None

    def _judge_as_it_stands(self, message: str, history: Sequence[str], language: str) -> Judgement:
        """The judgement on a message as a whole, on the two things that it asks, or on one of its sentences."""
        whole = self._judge(message, history, language)
        both = self._judge_two(message, history, language, whole)
        if not both and len(whole.entries) > 1 and self._asks_something_else(message, language):
            whole = replace(whole, outcome=Outcome.POSSIBLE, entries=(), candidates=whole.entries)
        is_sure = _is_settled(whole) and whole.confidence >= _SURE and not whole.names_own_place
        if both or is_sure or (history and leans_on_thread(message, language)):
            return both or whole
        part = self._judge_sentences(message, language)
        if not part:
            return whole
        return part if whole.outcome is Outcome.NOT_FOUND or part.confidence > whole.confidence else whole

    def _judge(self, question: str, history: Sequence[str], language: str) -> Judgement:
        """The judgement on the question alone or, where it leans on the thread, together with it."""
        alone = judge(self._searcher.search(question, language))
        if not history:
            return alone
        leaning = judge(self._searcher.search(question, language, context(history, language)))
        if _is_settled(alone) and alone.confidence >= _STANDS_ALONE and not leans_on_thread(question, language):
            # "Where is its seat?" without "its" is surely about somebody's seat; the thread is surer whose.
            return leaning if _is_settled(leaning) and leaning.confidence > alone.confidence else alone
        agreed = alone.entry is not None and alone.entry in (leaning.entry, *leaning.candidates[:1])
        return alone if agreed and alone.confidence > leaning.confidence else leaning

    def _judge_two(self, message: str, history: Sequence[str], language: str, whole: Judgement) -> Judgement | None:
        """The entries that answer the two questions of a message, if each has its own and the whole comes near both.

        The second may lean on the first: "Where is its seat, and how many members has it?"
        """
        asked = questions(message, language)
        findings = self._searcher.search(message, language, context(history, language)) if len(asked) == 2 else None
        if not findings or same_question(findings):
            return None
        near = [match.entry for match in findings.matches[:_NEAR] if match.entry.quotations]
        near = [entry for entry in near if not contradicts(entry, findings)]
        first = self._judge(asked[0], history, language)
        leaning = judge(self._searcher.search(asked[1], language, context=asked[0]))
        seconds = (leaning, judge(self._searcher.search(asked[1], language)))
        second = next((part for part in seconds if part.entry in near and part.entry is not first.entry), None)
        if not second or first.entry not in near:
            return None
        entries, confidence = (*first.entries[:1], *second.entries[:1]), min(first.confidence, second.confidence)
        is_surer = whole.entry is None or whole.entry in entries or confidence > whole.confidence
        if confidence < _ONE_OF_TWO or not is_surer:
            return None
        outcome = Outcome.NOT_STATED if all(entry.gap for entry in entries) else Outcome.ANSWERED
        return replace(whole, outcome=outcome, confidence=confidence, entries=entries)

    def _asks_something_else(self, message: str, language: str) -> bool:
        """Whether one of two questions in a message is about something else altogether."""
        asked = questions(message, language)
        parts = (judge(self._searcher.search(part, language)) for part in asked)
        return len(asked) > 1 and any(part.outcome is Outcome.NOT_FOUND for part in parts)

    def _judge_sentences(self, message: str, language: str) -> Judgement | None:
        """The surest entry that one of several sentences asks for, if the whole is near it and does not rule it out.

        What the others say, but for where the asker is from, must be about our subject, whatever "whom do I contact?"
        alone is near to.
        """
        parts = [self._searcher.search(sentence, language) for sentence in sentences(message, language)]
        asking = [part for part in parts if looks_like_question(part.question, language)]
        judged = [found for found in map(judge, parts) if found.entries and _is_settled(found)]
        surest = max(judged, key=lambda judgement: judgement.confidence, default=None)
        if not surest or (len(asking) > 1 and surest.confidence < _ONE_OF_SEVERAL):
            return None
        whole = self._searcher.search(message, language)
        others = [part for part in parts if part not in asking]
        if not is_on_topic(whole) and not (others and all(map(says_where_from, others))):
            return None
        near = [match.entry for match in whole.matches[:_NEAR]]
        is_ruled_out = any(entry not in near or contradicts(entry, whole) for entry in surest.entries)
        return None if is_ruled_out else surest

    def _citations(self, judgement: Judgement, language: str) -> list[Citation]:
        """The quotations that carry what is said, or that may help, and the first entry that is told."""
        told = self._told(judgement, language)[:1]
        if judgement.entries:
            by_entry = [self._quoted_by(entry, language) for entry in judgement.entries]
            in_turn = [piece for pieces in zip_longest(*by_entry) for piece in pieces if piece]
            pieces = _without_overlap(in_turn)[: MOST_CITATIONS - 1]
        else:
            carried = [piece for entry in judgement.candidates for piece in self._quoted_by(entry, language)[:1]]
            found = [(hit.passage, quote(hit.passage, best_sentences(hit))) for hit in judgement.hits]
            known = 1 if judgement.has_news else len(carried)
            pieces = _without_overlap([*carried[:known], *found[:1], *carried[known:], *found[1:]])
            pieces = pieces[: MOST_CITATIONS - len(told)]
            pieces.sort(key=lambda piece: _AUTHORITIES.index(self.generation.authority(piece[0])))
        citations = [
            self._cite(number, p.document, passage_locator(p, language), p.page, words, language)
            for number, (p, words) in enumerate(pieces, 1)
        ]
        for entry in told:
            citations.append(self._cite_entry(len(citations) + 1, entry, language))
        return citations

    def _told(self, judgement: Judgement, language: str) -> tuple[FaqEntry, ...]:
        """The entries that answer or, where it tells readers of a language more than the passages that are shown, the
        one that may: they are in others, or there are none, as staff approved it without a document."""
        if judgement.entries or not judgement.candidates:
            return judgement.entries
        is_readable = language in self._digest_languages()
        is_likely = judgement.confidence >= _WORTH_TELLING and not judgement.has_news
        is_all = not judgement.candidates[0].quotations
        return judgement.candidates[:1] if is_all or (is_likely and not is_readable) else ()

    def _quoted_by(self, entry: FaqEntry, language: str) -> list[tuple[Passage, str]]:
        """The quotations that carry an entry, official ones first; digests in the reader's language, or in English."""
        readable_language = language if language in self._digest_languages() else FALLBACK
        pieces = [(passage, whole(passage, words)) for passage, words in self._searcher.quoted_by(entry)]
        readable = [
            (passage, words)
            for passage, words in pieces
            if self.generation.authority(passage) is Authority.OFFICIAL or passage.language == readable_language
        ]
        return sorted(readable or pieces, key=lambda piece: _AUTHORITIES.index(self.generation.authority(piece[0])))

    def _digest_languages(self) -> frozenset[str]:
        passages = self.generation.passages
        return frozenset(p.language for p in passages if self.generation.authority(p) is Authority.DIGEST)

    def _cite_entry(self, number: int, entry: FaqEntry, language: str) -> Citation:
        words = _wording(entry, language).answer
        citation = self._cite(number, FAQ_DOCUMENT, entry_locator(entry), None, words, language)
        if entry.approval is None:
            return citation
        return citation.model_copy(update={"authority": Authority.STAFF, "published": entry.approval.on.isoformat()})

    def _cite(
        self, number: int, document_id: str, locator: str, page: int | None, words: str, language: str
    ) -> Citation:
        document = self.generation.documents[document_id]
        return Citation(
            number=number,
            document=document.id,
            title=document.title,
            kind=document.kind,
            authority=document.authority,
            locator=locator,
            page=page,
            quote=words,
            url=document.url,
            published=document.published,
            source=source_name(document, language),
        )

    def _text(self, judgement: Judgement, citations: Iterable[Citation], question: str, language: str) -> str:
        _ = translation(language).gettext
        if judgement.entries:
            answers = [_wording(entry, language).answer for entry in judgement.entries]
            if any(language not in entry.wordings for entry in judgement.entries):
                answers.insert(0, _("Nobody has put this answer into your language yet:"))
            if judgement.unsaid:
                unsaid = _("I do not find this said of “{named}” in the documents. They do say:")
                answers.insert(0, unsaid.format(named=_(", ").join(_as_written(judgement.unsaid, question))))
            lead = "\n".join(dict.fromkeys(answers))
        elif judgement.outcome is Outcome.ANSWERED:
            lead = _("The documents say:")
        elif judgement.outcome is Outcome.POSSIBLE:
            lead = _("I am not sure that these passages answer you:")
        else:
            lead = _(
                "I found nothing about this in the documents. I can help with the Asian Circular Cities Declaration: "
                "joining it, what it is, the open letter, the European model, the organisations and the conference."
            )
        notes = [
            note
            for citation in citations
            if citation.kind is not Kind.FAQ
            for note in explain_relative_dates(citation.quote, self.generation.documents[citation.document], language)
        ]
        return "\n".join([lead, *dict.fromkeys(notes)])

    def _contact(self, judgement: Judgement, language: str) -> ContactDetail | None:
        contact_id = next((entry.contact for entry in judgement.entries if entry.contact), None)
        if judgement.outcome is Outcome.POSSIBLE:
            contact_id = _DEFAULT_CONTACT
        return self._contact_detail(contact_id, language)

    def _contact_detail(self, contact_id: str | None, language: str) -> ContactDetail | None:
        wordings = self.generation.faq.contacts.get(contact_id or "", {})
        contact = wordings.get(language) or wordings.get(FALLBACK)
        return ContactDetail(name=contact.name, detail=contact.detail) if contact else None

    def examples(self, language: str, count: int) -> tuple[str, ...]:
        """The first question of the first answerable entry of each topic."""
        first: dict[str, str] = {}
        for entry in self.generation.faq.entries:
            wording = entry.wordings.get(language)
            if wording and not entry.gap and entry.topic not in first:
                first[entry.topic] = wording.questions[0]
        return tuple(first.values())[:count]

    def _courteous(self, courtesy: Smalltalk, language: str, *, staffed: bool) -> str:
        """The reply to smalltalk."""
        match courtesy:
            case Smalltalk.GREETING:
                return self.help_text(language)
            case Smalltalk.THANKS:
                return welcome(language)
            case Smalltalk.PERSON:
                return person_can(language) if staffed else no_staff(language, None)

    def help_text(self, language: str) -> str:
        """What the desk does, which documents it knows and how old they are, and what it keeps."""
        _ = translation(language).gettext
        listed = []
        for document in self.generation.documents.values():
            if document.authority is Authority.OFFICIAL or document.language in {language, "mul"}:
                when = published_date(document.published, language)
                kind = _("digest") if document.authority is Authority.DIGEST and document.kind is not Kind.FAQ else ""
                extra = _(", ").join(part for part in (kind, when) if part)
                name = source_name(document, language)
                listed.append(_("{name} ({details})").format(name=name, details=extra) if extra else name)
        return "\n".join([
            _("Hello! I answer officials' questions about the Asian Circular Cities Declaration, with quotations from "
              "the documents that you can check, and I say so when the documents are silent."),
            _("I know: {documents}.").format(documents=_("; ").join(listed)),
            _("If I cannot answer, a person can: press “Ask a person” below a reply, or ask whom it names."),
            _("Questions and replies are kept for {days} days, to improve the answers.").format(
                days=self._retention_days
            ),
        ])  # fmt: skip


def _is_settled(judgement: Judgement) -> bool:
    return judgement.outcome in {Outcome.ANSWERED, Outcome.NOT_STATED}


def _asked(enquiry: Enquiry) -> tuple[str, Sequence[str]]:
    """What is asked, without a request for a language, and what was asked before; a request alone repeats the last."""
    texts = map(without_request, (*enquiry.history, enquiry.question))
    thread = [unshouted(text) for text in texts if text]
    return (thread[-1], thread[:-1]) if thread else ("", ())


def _as_written(names: Iterable[str], question: str) -> list[str]:
    """Names in their match form, as a question first writes them, in its order; a few of many."""
    longest_first = sorted(names, key=len, reverse=True)
    written = re.findall(as_names(longest_first), unicodedata.normalize("NFKC", question), re.IGNORECASE)
    first: dict[str, str] = {}
    for name in written or longest_first:
        first.setdefault(name.casefold(), name)
    return list(first.values())[:_MOST_NAMED]


def _without_overlap(pieces: Iterable[tuple[Passage, str]]) -> list[tuple[Passage, str]]:
    """The pieces without those whose passage is quoted by an earlier one."""
    first: dict[str, tuple[Passage, str]] = {}
    for passage, words in pieces:
        first.setdefault(passage.id, (passage, words))
    return list(first.values())


def _wording(entry: FaqEntry, language: str) -> Wording:
    """The entry in `language`; in English, or else in any, where there is none."""
    return entry.wordings.get(language) or entry.wordings.get(FALLBACK) or next(iter(entry.wordings.values()))
