"""A known gap says that the documents are silent; it is not claimed where one that is news to the FAQ comes first."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.desk import Desk, build_index
from assistant.evidence import judge
from assistant.models import Enquiry, Outcome, Reply
from assistant.settings import Settings
from corpus.curation import add
from corpus.models import Authority, Kind
from index.encoder import Encoder
from index.search import Searcher
from tests.conftest import Small
from tests.corpus.samples import ENTRIES, write_corpus

ANTHEM = "The anthem of the harbour club is “The Tide Comes Home”."
SONGS = f"# Songs of the harbour club\n\n## The anthem\n\n{ANTHEM}\n"
QUESTIONS = ["Does the club have an anthem?", "song of the club", "Which anthem is sung at the meetings?"]


class Asked:
    """The small corpus with one more document, asked."""

    def __init__(self, small: Small, encoder: Encoder) -> None:
        self._settings = Settings(_env_file=None, desk_data_dir=small.data, desk_corpus_dir=small.documents)
        self._encoder = encoder

    def add(self, text: str, **fields: Any) -> None:
        path = self._settings.desk_data_dir / "songs.md"
        path.write_text(text, encoding="utf-8")
        described = {"kind": Kind.OTHER, "authority": Authority.OFFICIAL, "title": "Songs", "language": "en"}
        add(self._settings.desk_corpus_dir, path, id="songs", **{**described, **fields})

    def replies(self) -> list[Reply]:
        build_index(self._settings, self._encoder)
        desk = Desk(self._settings)
        return [desk.reply(Enquiry(question=question)) for question in QUESTIONS]


@pytest.fixture
def asked(small: Small, encoder: Encoder) -> Asked:
    return Asked(small, encoder)


def test_a_gap_answers_while_the_documents_are_silent(asked: Asked) -> None:
    for reply in asked.replies():
        assert reply.outcome is Outcome.NOT_STATED
        assert "do not say" in reply.text
        assert reply.contact is not None


def test_a_gap_is_not_claimed_when_a_new_document_states_it(asked: Asked) -> None:
    asked.add(SONGS)
    for reply in asked.replies():
        assert reply.outcome in {Outcome.ANSWERED, Outcome.POSSIBLE}
        assert reply.citations[0].document == "songs"
        assert ANTHEM in reply.citations[0].quote
        assert "do not say" not in reply.text
        assert "do not say" not in "".join(citation.quote for citation in reply.citations)


def test_a_gap_answers_where_the_new_document_is_about_something_else(asked: Asked) -> None:
    asked.add("# Pilots\n\nEvery ship longer than ninety metres takes a pilot on board.\n")
    assert [reply.outcome for reply in asked.replies()] == [Outcome.NOT_STATED] * 3


def test_a_digest_does_not_outweigh_a_gap(asked: Asked) -> None:
    """What is not official may be mistaken about what the documents state."""
    asked.add(SONGS, authority=Authority.DIGEST)
    assert [reply.outcome for reply in asked.replies()] == [Outcome.NOT_STATED] * 3


def test_a_gap_answers_again_once_a_curator_has_read_the_document(asked: Asked, small: Small) -> None:
    """An entry that quotes it: it is no news any more."""
    asked.add(SONGS + "\n## Dancing\n\nNobody dances at the meetings.\n")
    entries = ENTRIES.replace(
        '{ document = "rules", quote = "The letter names',
        '{ document = "songs", quote = "Nobody dances at the meetings." }, { document = "rules", quote = "The letter names',  # noqa: E501
    )
    write_corpus(small.documents, {"catalogue.toml": (small.documents / "catalogue.toml").read_bytes(),
                                   "faq/entries.toml": entries})  # fmt: skip
    assert [reply.outcome for reply in asked.replies()] == [Outcome.NOT_STATED] * 3


def test_what_answers_goes_on_answering(asked: Asked, small: Small, encoder: Encoder) -> None:
    """News stands against gaps only, not against an entry that has the answer."""
    asked.add("# Fees\n\n## Money\n\nEach town pays ninety crowns a year to the treasurer of the harbour club.\n")
    asked.replies()
    from index.generation import load_generation

    generation = load_generation(small.generation(), encoder)
    findings = Searcher(generation, encoder).search("What does membership cost?", "en")
    assert findings.news == {"songs"}
    assert judge(findings).outcome is Outcome.ANSWERED
