"""Is it answered? A probability that behaves as one, and the outcome that follows from it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from assistant.evidence import WEIGHTS, Logistic, judge, match_probability, passage_probability, relevance
from assistant.models import MOST_CITATIONS, Outcome
from corpus.faq import FaqEntry, Quotation, Wording
from corpus.models import Passage
from index.search import Findings, Hit, Match


def entry(number: int, *, gap: bool = False, topic: str = "t") -> FaqEntry:
    return FaqEntry(
        number=number,
        id=f"e{number}",
        topic=topic,
        gap=gap,
        quotations=(Quotation(document="d", quote="x"),),
        wordings={"en": Wording(questions=("q",), answer="a")},
    )


def hit(number: int, cosine: float, language: str = "en") -> Hit:
    passage = Passage(
        id=f"d:{number}",
        document="d",
        language=language,
        headings=(),
        number=number,
        alone=False,
        start=0,
        text="Text.",
        sentences=((0, 5),),
    )
    return Hit(passage=passage, score=cosine, cosine=cosine, sentences=(cosine,), coverage=max(cosine, 0))


def match(number: int, score: float, *, gap: bool = False) -> Match:
    return Match(
        entry=entry(number, gap=gap),
        score=score,
        likelihood=8 * (score - 1),
        nearest=score,
        local=score,
        abroad=score,
        coverage=max(score, 0),
        passages=frozenset({f"d:{number}"}),
    )


def findings(cosine: float = 0.1, score: float = 0.1, *, gap: bool = False) -> Findings:
    return Findings(
        question="q",
        language="en",
        hits=tuple(hit(n, cosine if n == 1 else 0.05) for n in range(1, 8)),
        matches=tuple(match(n, score if n == 1 else 0.05, gap=gap and n == 1) for n in range(1, 8)),
    )


def test_a_sure_match_answers() -> None:
    judged = judge(findings(0.8, 1.0))
    assert judged.outcome is Outcome.ANSWERED
    assert judged.entry is not None
    assert judged.entry.id == "e1"


def test_a_sure_match_with_a_gap_is_not_stated() -> None:
    judged = judge(findings(0.8, 1.0, gap=True))
    assert judged.outcome is Outcome.NOT_STATED
    assert judged.entry is not None


def between(*gaps: int, coverage: float = 0.5) -> Findings:
    """Findings that leave hardly anything to any but the first two entries."""
    first_two = [
        replace(match(n, 0.3, gap=n in gaps), likelihood=likelihood, nearest=0.5, coverage=coverage)
        for n, likelihood in ((1, -1.1), (2, -1.6))
    ]
    others = [replace(match(n, 0.25), likelihood=-7.0) for n in range(3, 8)]
    return replace(findings(0.3), matches=(*first_two, *others))


def test_a_question_between_two_entries_is_answered_by_both() -> None:
    judged = judge(between())
    assert judged.outcome is Outcome.ANSWERED
    assert [entry.id for entry in judged.entries] == ["e1", "e2"]
    assert judged.entry is judged.entries[0]


@pytest.mark.parametrize(
    "found",
    [
        between(2),
        between(1),
        between(coverage=0.0),
        replace(between(), strange_places=frozenset({"osaka"})),
        replace(between(), question="q in 2024"),
        replace(between(), matches=between().matches[:1]),
    ],
    ids=["a gap second", "a gap first", "no word in common", "another city", "another year", "no second"],
)
def test_two_entries_answer_only_if_they_state_it_together(found: Findings) -> None:
    assert len(judge(found).entries) < 2


@pytest.mark.parametrize(("probability", "entries"), [(0.95, ["e1"]), (0.8, ["e1", "e2"])])
def test_an_entry_that_is_not_quite_sure_answers_beside_the_second(
    probability: float, entries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.evidence.match_probability", lambda _: probability)
    assert [entry.id for entry in judge(between()).entries] == entries


@pytest.mark.parametrize(("probability", "outcome"), [(0.9, Outcome.ANSWERED), (0.4, Outcome.POSSIBLE)])
def test_no_entry_answers_a_question_that_may_be_about_something_else(
    probability: float, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.evidence.relevance", lambda _: probability)
    for found in (between(), findings(0.3, 0.97)):
        assert judge(found).outcome is outcome


def test_a_sure_passage_answers_where_no_entry_does() -> None:
    found = findings(1.0, 0.4)
    judged = judge(replace(found, matches=tuple(match(n, 0.4) for n in range(1, 8))))
    assert judged.outcome is Outcome.ANSWERED
    assert judged.entry is None
    assert [h.passage.id for h in judged.hits] == ["d:1"]


def test_what_may_help_is_possible_and_shown_in_part() -> None:
    judged = judge(
        Findings("q", "en", tuple(hit(n, 0.4) for n in range(1, 8)), tuple(match(n, 0.5) for n in range(1, 8)))
    )
    assert judged.outcome is Outcome.POSSIBLE
    assert judged.hits
    assert len(judged.hits) <= MOST_CITATIONS


@pytest.mark.parametrize("scores", [(0.0, 0.0), (-0.3, -0.3)], ids=str)
def test_what_is_about_something_else_is_not_found(scores: tuple[float, float]) -> None:
    judged = judge(findings(*scores))
    assert judged.outcome is Outcome.NOT_FOUND
    assert (judged.entry, judged.hits, judged.candidates) == (None, (), ())


def test_nothing_at_all_is_not_found() -> None:
    assert judge(Findings("q", "en", (), ())).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize("cosine", [-1.0, -0.2, 0.0, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("score", [-1.0, 0.0, 0.3, 0.7, 1.0])
def test_a_confidence_is_a_probability(cosine: float, score: float) -> None:
    found = findings(cosine, score)
    for probability in (match_probability, passage_probability, relevance):
        assert 0 <= probability(found) <= 1
    assert 0 <= judge(found).confidence <= 1


@pytest.mark.parametrize("language", ["en", "ja"], ids=["same language", "across languages"])
def test_better_evidence_is_never_less_sure(language: str) -> None:
    sure = [
        passage_probability(
            Findings("q", "en", tuple(hit(n, c if n == 1 else 0.05, language) for n in range(1, 8)), ())
        )
        for c in (0.1, 0.3, 0.5, 0.7, 0.9)
    ]
    assert sure == sorted(sure)
    assert sure[-1] > sure[0]
    matched = [match_probability(findings(0.1, score)) for score in (0.1, 0.3, 0.5, 0.7, 0.9)]
    assert matched == sorted(matched)


def test_the_weights_say_what_fitted_them() -> None:
    assert "benchmarks.fit_evidence" in json.loads(WEIGHTS.read_text())["command"]


def test_a_logistic_model_takes_as_many_features_as_it_has_weights() -> None:
    model = Logistic(weights=(1.0, 2.0), bias=0.0)
    assert model.probability((0.0, 0.0)) == 0.5
    with pytest.raises(ValueError, match="zip"):
        model.probability((1.0,))


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("What was the theme in 2024?", Outcome.POSSIBLE),
        ("2024年のテーマは？", Outcome.POSSIBLE),
        ("สาระสำคัญปี ๒๐๒๔", Outcome.POSSIBLE),
        ("What was the theme in 2025?", Outcome.ANSWERED),
        ("What was the theme of the 15th conference?", Outcome.POSSIBLE),
        ("We are a city of 300,000: what was the theme?", Outcome.ANSWERED),
    ],
)
def test_an_entry_does_not_answer_for_other_figures(question: str, outcome: Outcome) -> None:
    wording = Wording(questions=("theme of 2025",), answer="The theme of 2025 was …")
    found = findings(0.1, 1.0)
    stating = replace(found.matches[0], nearest=0.9, entry=found.matches[0].entry.model_copy(
        update={"wordings": {"en": wording}}))  # fmt: skip
    assert judge(replace(found, question=question, matches=(stating, *found.matches[1:]))).outcome is outcome


@pytest.mark.parametrize(("year", "outcome"), [("2025", Outcome.ANSWERED), ("2024", Outcome.POSSIBLE)])
def test_what_a_document_says_is_true_of_the_year_in_which_it_was_published(year: str, outcome: Outcome) -> None:
    found = asking(f"Who spoke at the end of ASCC {year}?", "conference")
    document = found.matches[0].entry.quotations[0].document
    assert judge(replace(found, published={document: "2025-11"})).outcome is outcome
    assert judge(found).outcome is Outcome.POSSIBLE


def test_a_year_does_not_contradict_an_entry_that_tells_of_none() -> None:
    """“How do we join in 2027?” is answered with how to join."""
    assert judge(asking("How do we join in 2027?", "joining")).outcome is Outcome.ANSWERED


def asking(question: str, topic: str, *places: str) -> Findings:
    """Findings for a question that comes near an entry on a topic, and names places that no document does."""
    found = findings(0.1, 1.0)
    first = replace(found.matches[0], nearest=0.9, entry=entry(1, topic=topic))
    return replace(found, question=question, matches=(first, *found.matches[1:]), strange_places=frozenset(places))


def test_an_entry_does_not_answer_for_a_city_that_no_document_names() -> None:
    assert judge(asking("Why did Osaka sign first?", "declaration", "osaka")).outcome is Outcome.POSSIBLE
    assert judge(asking("Why did Yokohama sign first?", "declaration")).outcome is Outcome.ANSWERED


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("Why did Seoul sign first?", Outcome.POSSIBLE),
        ("I am from Seoul, who signed first?", Outcome.ANSWERED),
        ("I am from Seoul, when did Seoul sign?", Outcome.POSSIBLE),
    ],
)
def test_an_entry_does_not_answer_for_a_city_of_which_it_states_nothing(question: str, outcome: Outcome) -> None:
    seoul = {"seoul": frozenset({"seoul", "ソウル"})}
    assert judge(replace(asking(question, "declaration"), known_places=seoul)).outcome is outcome


def test_an_entry_answers_for_a_city_of_which_it_states_something_in_any_language() -> None:
    found = asking("Does Seoul host it?", "organisations")
    stating = entry(1, topic="organisations").model_copy(
        update={"wordings": {"ja": Wording(questions=("q",), answer="本部はソウルにあります。")}}
    )
    matches = (replace(found.matches[0], entry=stating), *found.matches[1:])
    seoul = {"seoul": frozenset({"seoul", "ソウル"})}
    assert judge(replace(found, matches=matches, known_places=seoul)).outcome is Outcome.ANSWERED


@pytest.mark.parametrize(
    ("question", "places", "named"),
    [
        ("Why did Osaka sign first?", ["osaka"], {"osaka"}),
        ("Was it signed in 2019?", [], {"2019"}),
        ("Did Osaka sign in 2019?", ["osaka"], {"osaka", "2019"}),
        ("Was it signed in 2025, in month 3?", [], {"3"}),
        ("Was it signed in 11/2025?", [], set[str]()),
    ],
)
def test_a_sure_entry_that_has_not_what_is_named_may_answer_and_says_what_it_lacks(
    question: str, places: list[str], named: set[str]
) -> None:
    found = replace(asking(question, "declaration", *places), published={"d": "2025-11"})
    judged = judge(found)
    assert judged.unsaid == named
    assert judged.outcome is (Outcome.POSSIBLE if named else Outcome.ANSWERED)
    assert [entry.id for entry in judged.entries] == ["e1"]


def test_an_entry_does_not_answer_for_a_body_that_nothing_here_knows() -> None:
    strange = frozenset({"jica"})
    judged = judge(replace(asking("Does JICA support it?", "support"), strange_acronyms=strange))
    assert (judged.outcome, judged.unsaid) == (Outcome.POSSIBLE, strange)
    introduced = replace(asking("I am from JICA. Who supports it?", "support"), strange_acronyms=strange)
    assert judge(introduced).outcome is Outcome.ANSWERED
    assert judge(replace(asking("How can JICA join?", "joining"), strange_acronyms=strange)).outcome is Outcome.ANSWERED
    passage = findings(1.0, 0.1)
    assert judge(passage).outcome is Outcome.ANSWERED
    about_it = replace(passage, question="JICA's rule?", strange_acronyms=strange)
    assert judge(about_it).outcome is Outcome.POSSIBLE


def test_what_comes_near_to_a_question_about_an_unknown_body_is_not_shown() -> None:
    """“What does IGES do?” is near to what is said of ICLEI."""
    near = findings(0.3, 0.3)
    assert judge(near).outcome is Outcome.POSSIBLE
    strange = frozenset({"iges"})
    assert judge(replace(near, question="What does IGES do?", strange_acronyms=strange)).outcome is Outcome.NOT_FOUND
    introduced = replace(near, question="I am from IGES. What does it do?", strange_acronyms=strange)
    assert judge(introduced).outcome is Outcome.POSSIBLE
    joining = (replace(near.matches[0], entry=entry(1, topic="joining")), *near.matches[1:])
    asked = replace(near, question="May IGES join?", matches=joining, strange_acronyms=strange)
    assert judge(asked).outcome is Outcome.POSSIBLE


def test_the_month_of_a_document_is_no_figure_where_its_year_is_not_named() -> None:
    found = replace(asking("Did 11 cities sign?", "declaration"), published={"d": "2025-11"})
    assert judge(found).unsaid == {"11"}


def test_whoever_asks_how_to_join_may_name_their_city() -> None:
    assert judge(asking("How can Osaka join?", "joining", "osaka")).outcome is Outcome.ANSWERED


def test_a_passage_does_not_answer_for_a_city_that_no_document_names() -> None:
    found = findings(1.0, 0.1)
    assert judge(found).outcome is Outcome.ANSWERED
    assert judge(replace(found, strange_places=frozenset({"osaka"}))).outcome is Outcome.POSSIBLE


@pytest.mark.parametrize(
    ("question", "outcome"), [("q", Outcome.ANSWERED), ("ASCC 2024のテーマは？", Outcome.POSSIBLE)]
)
def test_a_passage_does_not_answer_for_a_year_that_it_does_not_name(question: str, outcome: Outcome) -> None:
    """“This year's theme” is no answer to a question on the theme of 2024."""
    assert judge(replace(findings(0.95, 0.1), question=question)).outcome is outcome
