"""What an enquiry and a reply can be, and what they cannot."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from assistant.models import ContactDetail, Enquiry, Outcome, QuestionError, Reply, clean_question
from tests.assistant.samples import citation, reply


def test_outcomes_are_a_closed_list() -> None:
    assert {str(outcome) for outcome in Outcome} == {"answered", "possible", "not_stated", "not_found", "help"}
    with pytest.raises(ValidationError):
        reply(outcome="probably")


def test_no_citation_no_answered() -> None:
    with pytest.raises(ValidationError, match="no citation"):
        reply(citations=())


@pytest.mark.parametrize("outcome", [Outcome.NOT_FOUND, Outcome.HELP])
def test_where_nothing_relevant_was_found_nothing_is_referred_to(outcome: Outcome) -> None:
    with pytest.raises(ValidationError, match="no references"):
        reply(outcome=outcome)
    assert reply(outcome=outcome, citations=()).citations == ()


def test_three_citations_are_the_most() -> None:
    reply(citations=tuple(citation(n) for n in (1, 2, 3)))
    with pytest.raises(ValidationError):
        reply(citations=tuple(citation(n) for n in (1, 2, 3, 4)))


@pytest.mark.parametrize(
    "changes", [{"confidence": 1.01}, {"confidence": -0.1}, {"text": ""}, {"mood": "good"}], ids=str
)
def test_a_reply_keeps_to_its_fields(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        reply(**changes)


def test_a_quotation_of_nothing_is_none() -> None:
    with pytest.raises(ValidationError):
        citation(quote="")


def test_a_reply_cannot_be_changed() -> None:
    made = reply()
    with pytest.raises(ValidationError):
        made.outcome = Outcome.HELP  # type: ignore[misc]


def test_as_json_it_has_the_fields_of_the_contract() -> None:
    made = reply(contact=ContactDetail(name="ICLEI Japan", detail="iclei-japan@iclei.org"), examples=("Why?",))
    fields = json.loads(made.model_dump_json())
    assert list(fields) == [
        "question", "language", "outcome", "confidence", "text", "citations", "contact", "generation", "elapsed_ms",
    ]  # fmt: skip
    assert list(fields["citations"][0]) == [
        "number", "document", "title", "kind", "authority", "locator", "page", "quote", "url", "published",
    ]  # fmt: skip
    assert fields["contact"] == {"name": "ICLEI Japan", "detail": "iclei-japan@iclei.org"}
    assert isinstance(made, Reply)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Which\n city\t signed?  ", "Which city signed?"),
        ("\x00Which\x07 city?", "Which city?"),
        ("Which\u200b city\u202e?", "Which city?"),
        ("Which\r\ncity?", "Which city?"),
        ("全角　空白", "全角 空白"),
        ("می‌خواهم", "می‌خواهم"),
        ("x" * 2000, "x" * 2000),
        ("x " * 2000, ("x " * 1000 + "x " * 1000).strip()[:3999]),
    ],
)  # fmt: skip
def test_a_question_is_cleaned(raw: str, clean: str) -> None:
    if len(clean) > 2000:
        with pytest.raises(QuestionError, match=r"3,999.*2,000"):
            clean_question(raw)
    else:
        assert clean_question(raw) == clean


@pytest.mark.parametrize("separator", ["\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\xa0"], ids=ascii)
def test_words_that_are_apart_stay_apart(separator: str) -> None:
    assert clean_question(f"first{separator}city") == "first city"


@pytest.mark.parametrize("raw", ["", " ", "\x00", "\u200b\ufeff", "\n\r\t"], ids=ascii)
def test_a_question_of_nothing_is_refused(raw: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        clean_question(raw)


def test_a_question_too_long_is_refused_with_both_numbers() -> None:
    with pytest.raises(QuestionError, match=r"40,000.*2,000"):
        clean_question("x" * 40_000)


def test_an_enquiry_s_history_is_cleaned_too() -> None:
    assert Enquiry(question="x", history=(" a\n b ",)).history == ("a b",)
    with pytest.raises(QuestionError):
        Enquiry(question="x", history=(" ",))
