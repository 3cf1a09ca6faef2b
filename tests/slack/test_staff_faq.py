"""A person's reply becomes an FAQ entry: by a form, answered with at once, edited, retired, with its history kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from assistant.audit import Audit
from assistant.dates import local_day, published
from assistant.enquiries import EnquiryRow
from assistant.models import Outcome
from assistant.orders import Orders
from assistant.outbox import Outbox
from assistant.retention import expire
from assistant.staff_faq import FaqVersionRow, StaffFaq
from corpus.catalogue import read_corpus
from corpus.faq import FaqEntry, Wording
from tests.conftest import Small
from tests.slack.brief import own
from tests.slack.conftest import Office, explained
from tests.slack.limits import Json, walk
from tests.slack.reports import generation_in, is_report, report
from tests.slack.staff import (
    BOSS,
    MORI,
    NAMES,
    SATO,
    SETTINGS,
    STAFF_CHANNEL,
    Case,
    open_case,
    option_values,
    staffed,
)
from tests.slack.workspace import Message, View, pings

FEE = "What is the joining fee?"
SECOND = "Which city was the second to sign?"
ASKER = "U0LINH"
OFF_TOPIC = "How many bicycles does the desk lend to delegates?"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return SETTINGS


@pytest.fixture(scope="module")
def at_hand(brief: Small, tmp_path_factory: pytest.TempPathFactory) -> Small:
    return own(brief, tmp_path_factory.mktemp("brief"))


@pytest.fixture(scope="module", autouse=True)
def staff_room(office: Office) -> Iterator[None]:
    with staffed(office, ASKER):
        office.workspace.add_user(ASKER, "Linh Tran")
        yield


def faq_form(case: Case, user: str = SATO, source: Message | None = None) -> View:
    """Press "Save as FAQ entry", and see the form."""
    before = case.workspace.modal(user)
    case.click("enquiry_save_faq", user, source)

    def opened() -> View | None:
        modal = case.workspace.modal(user)
        return modal if modal and (before is None or modal.id != before.id) else None

    return case.workspace.wait_for(opened, what=f"a form for {user}")


def save(case: Case, user: str = SATO, form: View | None = None, **values: str) -> None:
    """Fill in the form as somebody would who changes nothing but these, and find it taken."""
    form = form or faq_form(case, user)
    given = {name.replace("__", ":"): value for name, value in values.items()}
    assert case.workspace.submit_view(form, user, given).wait_ack() == {}


def errors(case: Case, form: View, user: str = SATO, **values: str | list[str]) -> Json:
    """What the form says is wrong; it stays open, and nothing is kept."""
    before = history(case)
    given = {name.replace("__", ":"): value for name, value in values.items()}
    told: Json = case.workspace.submit_view(form, user, given).wait_ack()["errors"]
    open_form = case.workspace.modal(user)
    assert open_form is not None
    assert open_form.id == form.id
    assert history(case) == before
    return told


def inputs(form: View) -> dict[str, Json]:
    return {str(block["element"]["action_id"]): block["element"] for block in form.blocks if block["type"] == "input"}


def kept(case: Case) -> FaqVersionRow:
    row = StaffFaq(case.record.database).of(case.id)
    assert row is not None
    return row


def history(case: Case) -> list[tuple[int, str, bool]]:
    return [(v.version, v.by, v.retired) for v in StaffFaq(case.record.database).history(f"staff-{case.id}")]


def replied(office: Office, channel: str, question: str, reply: str, user: str = ASKER) -> Case:
    return open_case(office, channel, question, user).reply(SATO, reply).settled()


def indexed(office: Office, case: Case, number: int = 1) -> str:
    """The generation that the `number`-th build for this enquiry led to, as is told below its card."""
    return generation_in(report(office, STAFF_CHANNEL, case.card.ts, number))


def answered(office: Office, channel: str, question: str) -> tuple[Message, EnquiryRow]:
    """The bot's reply to a question in a channel, with its record."""
    message = office.ask(channel, question, "U7")
    return message, office.rows(channel)[-1]


def shipped(at_hand: Small, entry: str) -> FaqEntry:
    (found,) = [each for each in read_corpus(at_hand.documents).faq.entries if each.id == entry]
    return found


# The life of an entry


def test_a_reply_in_the_place_of_a_known_gap_answers_in_every_language_until_it_is_retired(
    office: Office, channel: str, at_hand: Small
) -> None:
    workspace, gap = office.workspace, shipped(at_hand, "joining-fee")
    asked = {language: wording.questions[0] for language, wording in gap.wordings.items()}
    assert len(asked) == 16
    case = replied(office, channel, FEE, "Joining costs nothing before April 2027.")
    assert case.enquiry.outcome == Outcome.NOT_STATED

    form = faq_form(case)
    assert inputs(form)["faq_question"]["initial_value"] == FEE
    assert inputs(form)["faq_answer"]["initial_value"] == "Joining costs nothing before April 2027."
    assert {"faq_question:ja", "faq_answer:ja"} <= inputs(form).keys()
    assert "personal details:" not in form.shown
    save(case, form=form)
    assert workspace.modal(SATO) is None
    first = indexed(office, case)
    row = kept(case.settled())
    assert f"FAQ {row.number}, approved by Sato" in case.card.shown
    assert row.number > 217  # no number of the FAQ's files, which may grow

    message, reply = answered(office, channel, FEE)
    assert (reply.outcome, reply.generation) == (Outcome.ANSWERED, first)
    assert message.shown.splitlines()[0] == "Joining costs nothing before April 2027."
    today = published(local_day(row.at, "Asia/Tokyo").isoformat(), "en")
    assert f"[1] FAQ {row.number} · {today} · approved by staff" in message.shown.splitlines()
    for language, question in asked.items():
        message, reply = answered(office, channel, question)
        assert (reply.outcome, reply.language) == (Outcome.ANSWERED, language)
        assert "Joining costs nothing before April 2027." in message.shown
        assert gap.wordings[language].answer not in message.shown
        assert f"FAQ {row.number}" in message.shown

    form = faq_form(case, MORI)
    assert inputs(form)["faq_answer"]["initial_value"] == "Joining costs nothing before April 2027."
    save(case, MORI, form, faq_answer="Joining is free.", faq_question__ja="参加費用は？", faq_answer__ja="無料です。")
    second = indexed(office, case, 2)
    assert second > first
    assert answered(office, channel, FEE)[0].shown.splitlines()[0] == "Joining is free."
    assert answered(office, channel, asked["ja"])[0].shown.splitlines()[0] == "無料です。"
    assert "Joining is free." in answered(office, channel, asked["th"])[0].shown
    assert kept(case.settled()).number == row.number
    assert f"FAQ {row.number}, approved by Mori" in case.card.shown

    case.click("faq_retire", SATO)
    indexed(office, case, 3)
    for language, question in asked.items():
        message, reply = answered(office, channel, question)
        assert (reply.outcome, reply.language) == (Outcome.NOT_STATED, language)
        assert message.shown.startswith(gap.wordings[language].answer[:50])
        assert f"FAQ {row.number}" not in message.shown
    assert f"FAQ {row.number}, retired by Sato" in case.settled().card.shown
    assert "faq_retire" not in case.card.action_ids

    assert history(case) == [(1, SATO, False), (2, MORI, False), (3, SATO, True)]
    answers = [v.wordings["en"]["answer"] for v in StaffFaq(office.record.database).history(f"staff-{case.id}")]
    assert answers == ["Joining costs nothing before April 2027.", "Joining is free.", "Joining is free."]
    log = [(r.action, r.user, r.subject) for r in Audit(office.record.database).latest(50) if case.id in r.subject]
    assert log[:3] == [
        ("retire_faq", SATO, f"staff-{case.id}"),
        ("save_faq", MORI, f"staff-{case.id}"),
        ("save_faq", SATO, f"staff-{case.id}"),
    ]

    form = faq_form(case)  # what was retired can be approved anew, as it was worded last
    assert inputs(form)["faq_answer"]["initial_value"] == "Joining is free."
    assert inputs(form)["faq_answer:ja"]["initial_value"] == "無料です。"
    save(case, form=form, faq_answer="Joining is free again.")
    indexed(office, case, 4)
    assert answered(office, channel, FEE)[0].shown.splitlines()[0] == "Joining is free again."
    assert kept(case).number == row.number
    case.settled().click("faq_retire", SATO)
    indexed(office, case, 5)


def test_what_nobody_had_foreseen_is_answered_next_time_however_it_is_asked(office: Office, channel: str) -> None:
    case = replied(office, channel, OFF_TOPIC, "The desk lends ten bicycles to delegates.")
    assert case.enquiry.outcome != Outcome.ANSWERED
    lines = f"{OFF_TOPIC}\n\n  Can I borrow a bike from you?  \n"
    save(case, faq_question=lines)
    indexed(office, case)
    number = kept(case).number
    for question in (
        OFF_TOPIC,
        "Can I borrow a bike from you?",
        "How many bicycles are lent to delegates by the desk?",
    ):
        message, reply = answered(office, channel, question)
        assert reply.outcome == Outcome.ANSWERED, question
        assert message.shown.splitlines()[0] == "The desk lends ten bicycles to delegates."
        assert f"FAQ {number}" in message.shown
    assert kept(case).wordings["en"]["questions"] == [OFF_TOPIC, "Can I borrow a bike from you?"]


def test_what_staff_quoted_in_their_reply_carries_the_entry(office: Office, channel: str) -> None:
    case = open_case(office, channel, "Who organised the bicycle tour of the conference?", ASKER)
    form = case.form(SATO)
    boxes = [part for part in walk(form.blocks) if part.get("action_id") == "reply_citations"]
    ticked = str(boxes[0]["options"][0]["value"])
    sent = {"reply_text": "The City of Yokohama organised it.", "reply_citations": [ticked]}
    assert office.workspace.submit_view(form, SATO, sent).wait_ack() == {}
    case.settled()
    save(case)
    indexed(office, case)
    (quotation,) = kept(case).quotations
    assert quotation["document"] == ticked.partition(":")[0]
    message, reply = answered(office, channel, "Who organised the bicycle tour of the conference?")
    assert reply.outcome == Outcome.ANSWERED
    assert message.shown.splitlines()[0] == "The City of Yokohama organised it."
    assert reply.reply is not None
    documents, entry = reply.reply["citations"][:-1], reply.reply["citations"][-1]
    assert [citation["document"] for citation in documents] == [quotation["document"]]
    assert (entry["locator"], entry["authority"]) == (f"FAQ {kept(case).number}", "staff")


def test_an_edited_entry_keeps_its_quotations_whatever_was_replied_since(office: Office, channel: str) -> None:
    case = open_case(office, channel, "Who organised the boat tour of the conference?", ASKER)
    ticked = option_values(case.form(SATO), "reply_citations")[:2]
    case.reply(SATO, "The City of Yokohama organised it.", reply_citations=ticked).settled()
    save(case)
    own = kept(case).quotations
    assert [quotation["document"] for quotation in own] == [each.partition(":")[0] for each in ticked]
    case.settled().reply(SATO, "It was on a Tuesday.").settled()
    form = faq_form(case)
    boxes = inputs(form)["faq_quotations"]
    assert [option["value"] for option in boxes["initial_options"]] == ticked
    save(case, form=form, faq_answer="The City of Yokohama did.")
    assert kept(case).quotations == own

    form = faq_form(case.settled())
    sent = office.workspace.submit_view(form, SATO, {"faq_quotations": ticked[:1]})
    assert sent.wait_ack() == {}
    assert kept(case).quotations == own[:1]
    assert (
        option_values(faq_form(case.settled()), "faq_quotations") == ticked
    )  # what was left out may be taken in again


def test_two_entries_that_are_saved_at_once_are_both_indexed(office: Office, channel: str) -> None:
    cases = [
        replied(office, channel, f"What colour is the {thing} of the desk?", f"The {thing} is {colour}.")
        for thing, colour in (("door", "green"), ("roof", "violet"))
    ]
    forms = [faq_form(case, user) for case, user in zip(cases, (SATO, MORI), strict=True)]
    for case, user, form in zip(cases, (SATO, MORI), forms, strict=True):
        case.workspace.submit_view(form, user, {})
    for case in cases:
        report(office, STAFF_CHANNEL, case.card.ts)
    assert len({kept(case).number for case in cases}) == 2
    for thing, colour in (("door", "green"), ("roof", "violet")):
        message, _ = answered(office, channel, f"What colour is the {thing} of the desk?")
        assert message.shown.splitlines()[0] == f"The {thing} is {colour}."


def ordered(orders: Orders, case: Case) -> int:
    """How many builds for an enquiry's entry have not ended."""
    return sum(row.thread == case.card.ts for row in orders.waiting())


def reports_of(office: Office, case: Case) -> list[Message]:
    """Of builds, below the card of an enquiry."""
    return [message for message in office.workspace.messages(STAFF_CHANNEL, case.card.ts) if is_report(message)]


def test_an_entry_outlives_its_enquiry(office: Office, channel: str) -> None:
    question = "Which music is played at the desk?"
    case = replied(office, channel, question, "Music for the koto.")
    save(case)
    indexed(office, case)
    card, form = case.settled().card, faq_form(case)
    expire(office.record.database, 0)
    office.ask(channel, question)
    message, reply = answered(office, channel, question)
    assert reply.outcome == Outcome.ANSWERED
    assert message.shown.splitlines()[0] == "Music for the koto."
    for action in ("enquiry_save_faq", "faq_retire"):
        (told,) = office.workspace.click(action, SATO, card, case.id).wait_replies()
        assert told.ephemeral_to == SATO
        assert "no longer on record" in told.shown
    assert "no longer on record" in errors(case, form)["faq_question"]


# The form


def test_the_longest_question_and_reply_fit_into_the_form_and_back(office: Office, channel: str) -> None:
    question = "Why is the sky over the desk so blue today? " * 30
    text = "それは秘密です。" * 300
    case = replied(office, channel, f"{question}\nReally?", text)
    form = faq_form(case)
    value = inputs(form)["faq_question"]["initial_value"]
    assert "\n" not in value
    assert value == f"{question.strip()} Really?"
    save(case, form=form)
    assert kept(case).wordings["en"]["answer"] == text


def test_markup_in_an_entry_pings_nobody(office: Office, channel: str) -> None:
    hostile = "Ask <!channel> & <@U1> *now* <https://evil.example/|here>\nor `never`."
    case = replied(office, channel, "Whom do I ask about the <!here> of *bold* roofs?", hostile)
    save(case)
    indexed(office, case)
    message, reply = answered(office, channel, "Whom do I ask about the <!here> of *bold* roofs?")
    assert reply.outcome == Outcome.ANSWERED
    assert "Ask <!channel> & <@U1> *now*" in message.shown
    assert pings(message) == []


@pytest.mark.parametrize(
    ("filled", "wrong"),
    [
        ({"faq_question": " "}, "faq_question"),
        ({"faq_answer": " \n "}, "faq_answer"),
        ({"faq_question": " \n", "faq_answer": " "}, "faq_question"),
        ({"faq_question__ja": "屋根は何色ですか。"}, "faq_answer:ja"),
        ({"faq_answer__ja": "緑です。"}, "faq_question:ja"),
    ],
)
def test_what_is_missing_is_said_where_it_is_missing(
    office: Office, channel: str, filled: dict[str, str], wrong: str
) -> None:
    case = replied(office, channel, FEE, "There is none.")
    form = faq_form(case)
    told = errors(case, form, **filled)
    assert list(told) == [wrong]
    assert "\n" not in told[wrong]
    assert history(case) == []


def test_questions_of_other_entries_are_named_with_their_numbers_before_anything_is_saved(
    office: Office, channel: str, at_hand: Small
) -> None:
    """Of the FAQ's files, in any language, and of staff, indexed or not; but not those of the gap that is answered."""
    files = [shipped(at_hand, name) for name in ("first-signatory", "announcement-date", "joining-fee")]
    case = replied(office, channel, "Which gate of the desk is open at night?", "The north gate.")
    save(case)
    signed, announced, fee = (entry.wordings["en"].questions[0] for entry in files)
    mine = replied(office, channel, "Which gate of the desk is open on Sundays?", "The south gate.")
    form = faq_form(mine)
    lines = [mine.enquiry.question, signed.upper().replace(" ", "  "), "which gate of the desk is open at night", fee]
    told = errors(mine, form, faq_question="\n".join(lines))
    assert list(told) == ["faq_question"]
    assert mine.enquiry.question not in told["faq_question"]
    for line, number in zip(lines[1:], (files[0].number, kept(case).number, files[2].number), strict=True):
        assert f"“{line}” (FAQ {number})" in told["faq_question"]
    told = errors(mine, form, faq_question__ja=announced, faq_answer__ja="南門です。")
    assert told == {"faq_question:ja": told["faq_question:ja"]}
    assert f"“{announced}” (FAQ {files[1].number})" in told["faq_question:ja"]
    save(mine, form=form, faq_question=lines[0])

    gap = replied(office, channel, FEE, "Joining is free.")
    save(gap, faq_question=f"{FEE}\n{fee}\n{files[2].wordings['en'].questions[1]}")
    gap.settled().click("faq_retire", SATO)
    save(replied(office, channel, "Which gate of the desk is blue?", "The west gate."), faq_question="Is a gate blue?")


def test_a_form_that_is_sent_twice_is_one_version(office: Office, channel: str) -> None:
    """When Slack hears of the first too late, it tells the person that it failed, and they press "Approve" again."""
    case = replied(office, channel, "What is on the roof of the desk?", "A wind vane.")
    form = faq_form(case)
    first, second = [office.workspace.submit_view(form, SATO, {}).wait_ack() for _ in range(2)]
    assert first == {}
    assert second["response_action"] == "update"
    assert f"FAQ {kept(case).number} says just this already" in str(second["view"])
    indexed(office, case)
    orders = Orders(office.record.database)
    office.workspace.wait_for(lambda: ordered(orders, case) == 0, what="the build to end")

    told = office.workspace.submit_view(faq_form(case.settled()), SATO, {}).wait_ack()  # an edit that changes nothing
    assert told["response_action"] == "update"
    assert history(case) == [(1, SATO, False)]
    assert ordered(orders, case) == 0
    assert len(reports_of(office, case)) == 1


def test_a_form_that_somebody_overtook_says_so_and_takes_nothing_back(office: Office, channel: str) -> None:
    case = replied(office, channel, "What is in the cellar of the desk?", "Wine.")
    mine = faq_form(case, SATO)
    save(case, MORI, faq_answer="Water.")
    told = errors(case, mine, faq_answer="Beer.")
    assert list(told) == ["faq_question"]
    assert "Mori" in told["faq_question"]
    assert kept(case).wordings["en"]["answer"] == "Water."

    save(case, SATO, faq_answer="Beer.")  # whoever has looked again may have their way
    assert kept(case).wordings["en"]["answer"] == "Beer."
    mine = faq_form(case, SATO)
    case.click("faq_retire", MORI, case.settled().card)
    office.workspace.wait_for(lambda: kept(case).retired)
    assert "Mori" in errors(case, mine, faq_answer="Beer.")["faq_question"]
    assert kept(case).retired


# Personal details


def test_personal_details_are_shown_before_saving_and_saved_only_by_whoever_says_that_they_may_be(
    office: Office, channel: str
) -> None:
    details = ["office@hanoi.example.vn", "+84 90 123 4567", "090-1234-5678", "Linh Tran", "Sato"]
    public = ["045-671-4889"]  # of the press release
    text = (
        "Dear Linh Tran, call +84 90 123 4567 or 090-1234-5678, or write to office@hanoi.example.vn. "
        "The city's number is 045-671-4889. Yours, Sato"
    )
    case = replied(office, channel, "What is the number of the roofer?", text)
    form = faq_form(case)
    (warning,) = [line for line in form.shown.splitlines() if "personal details:" in line]
    assert [detail for detail in details if detail not in warning] == []
    assert [number for number in public if number in warning] == []
    assert office.workspace.modal(SATO) is not None

    told = errors(case, form)
    assert list(told) == ["faq_public"]
    assert [detail for detail in details if detail not in told["faq_public"]] == []
    assert [number for number in public if number in told["faq_public"]] == []
    told = errors(case, form, faq_answer=text.replace("Linh Tran", "colleague").replace("Sato", "the desk"))
    assert "Linh" not in told["faq_public"]
    told = errors(case, form, faq_answer="The roofer knows.", faq_question="What is 090-1234-5678?")
    assert "090-1234-5678" in told["faq_public"]
    told = errors(
        case,
        form,
        faq_answer="It is known.",
        faq_question__ja="番号は？",
        faq_answer__ja="０９０−１２３４−５６７８です。",
    )
    assert list(told) == ["faq_public"]
    assert history(case) == []

    sent = office.workspace.submit_view(form, SATO, {"faq_public": ["faq_public"]})
    assert sent.wait_ack() == {}
    assert kept(case).wordings["en"]["answer"] == text


# Who may, and when


def test_only_staff_save_and_retire(office: Office, channel: str) -> None:
    case = replied(office, channel, "Who waters the plants of the desk?", "The night watch.")
    assert "staff" in case.refused("enquiry_save_faq", ASKER)
    assert office.workspace.modal(ASKER) is None
    form = faq_form(case)
    assert "staff" in errors_of_stranger(case, form)["faq_question"]
    save(case, BOSS)  # admins are staff too
    case.settled()
    assert "staff" in case.refused("faq_retire", ASKER)
    assert history(case) == [(1, BOSS, False)]


def errors_of_stranger(case: Case, form: View) -> Json:
    """What somebody is told who got hold of the form, or is no member of staff any more."""
    told: Json = case.workspace.submit_view(form, ASKER, {}).wait_ack()["errors"]
    assert history(case) == []
    return told


def test_where_nobody_has_replied_there_is_nothing_to_save(office: Office, channel: str) -> None:
    case, before = open_case(office, channel, FEE, ASKER), office.workspace.modal(SATO)
    assert "enquiry_save_faq" not in case.card.action_ids
    assert "Reply to the asker first" in case.refused("enquiry_save_faq", SATO, with_button(case, "enquiry_save_faq"))
    assert "retired already" in case.refused("faq_retire", SATO, with_button(case, "faq_retire"))
    assert office.workspace.modal(SATO) == before


def with_button(case: Case, action_id: str) -> Message:
    """The card as it would be with another button: such as a stale screen shows, or somebody forged."""
    card = case.card
    block = {"type": "actions", "block_id": "forged", "elements": [
        {"type": "button", "action_id": action_id, "value": case.id, "text": {"type": "plain_text", "text": "?"}}
    ]}  # fmt: skip
    return replace(card, blocks=[*card.blocks, block])


def test_an_entry_is_retired_once(office: Office, channel: str) -> None:
    case = replied(office, channel, "Who feeds the cat of the desk?", "Nobody, it hunts.")
    save(case)
    stale = case.settled().card
    case.click("faq_retire", SATO, stale)
    office.workspace.wait_for(lambda: kept(case).retired)
    case.settled()
    assert "retired already" in case.refused("faq_retire", MORI, stale)
    assert history(case) == [(1, SATO, False), (2, SATO, True)]


def test_a_build_that_cannot_be_told_is_made_all_the_same(office: Office, channel: str) -> None:
    case = replied(office, channel, "Who sweeps the yard of the desk?", "The neighbour.")
    form = faq_form(case)
    office.workspace.fail_next("chat.postMessage", 200, "internal_error", channel=STAFF_CHANNEL)
    save(case, form=form)
    outbox = Outbox(office.record.database)
    office.workspace.wait_for(lambda: not outbox.waiting(), what="the card to be told")

    def is_answered() -> bool:
        return answered(office, channel, "Who sweeps the yard of the desk?")[1].outcome == Outcome.ANSWERED

    with explained(office.bot):
        office.workspace.wait_for(is_answered, 60, "the entry to be indexed")


def test_the_wordings_of_other_languages_stay_when_the_entry_is_edited(office: Office, channel: str) -> None:
    """Thai was asked in; staff added Japanese; whoever edits sees both, and English, that they read."""
    case = replied(office, channel, "หลังคาสีอะไรในสำนักงานนี้", "สีเขียว")
    form = faq_form(case)
    assert {"faq_question", "faq_question:en", "faq_question:ja"} <= inputs(form).keys()
    save(case, form=form, faq_question__ja="屋根は何色ですか。", faq_answer__ja="緑です。")
    form = faq_form(case.settled(), MORI)
    assert inputs(form)["faq_answer"]["initial_value"] == "สีเขียว"
    assert inputs(form)["faq_answer:ja"]["initial_value"] == "緑です。"
    save(case, MORI, form, faq_answer__ja="青です。")
    worded = {tag: Wording.model_validate(each).answer for tag, each in kept(case).wordings.items()}
    assert worded == {"th": "สีเขียว", "ja": "青です。"}


# Corrections


def offer_below(office: Office, case: Case) -> Message:
    """The offer to correct what people were told, below a card."""
    (offer,) = office.workspace.wait_for(
        lambda: [
            m for m in office.workspace.messages(STAFF_CHANNEL, case.card.ts) if "correction_write" in m.action_ids
        ],
        what="an offer to correct",
    )
    return offer


def correction_form(office: Office, offer: Message, user: str) -> View:
    """Press "Send them a correction", and see the form."""
    office.workspace.click("correction_write", user, offer).wait_ack()
    return office.workspace.wait_for(lambda: office.workspace.modal(user), what="the form of a correction")


def test_whoever_was_told_what_is_wrong_now_can_be_sent_a_correction(office: Office, channel: str) -> None:
    """In the threads where they were told, by the desk and by the person whose reply became the entry; once each."""
    workspace = office.workspace
    case = replied(office, channel, "How many flags does a signatory city get?", "Two flags.")
    save(case)
    indexed(office, case)
    told, row = answered(office, channel, case.enquiry.question)
    assert "Two flags." in told.shown
    save(case, faq_answer="Three flags.")
    indexed(office, case, 2)
    offer = offer_below(office, case)
    assert case.enquiry.question in offer.shown
    assert workspace.click("correction_write", "U7", offer).wait_replies()[0].ephemeral_to == "U7"  # no staff
    form = correction_form(office, offer, SATO)
    answer = workspace.submit_view(form, SATO, {"correction_text": "It is three flags, <!channel>."})
    assert answer.wait_ack() == {}
    workspace.wait_for(lambda: not Outbox(office.record.database).waiting(), what="everybody to be told")
    threads = {(row.channel, row.thread), (case.enquiry.channel, case.enquiry.thread)}
    for place in threads:
        (sent,) = [m for m in workspace.messages(*place) if "three flags" in m.shown]
        assert case.enquiry.question in sent.shown
        assert pings(sent) == []
    logged = [(entry.user, entry.action) for entry in Audit(office.record.database).latest(3)]
    assert (SATO, "correct") in logged


def test_a_correction_is_sent_once_and_whoever_comes_later_hears_who_sent_it(office: Office, channel: str) -> None:
    workspace = office.workspace
    case = replied(office, channel, "How many drums does a signatory city get?", "Two drums.")
    save(case)
    indexed(office, case)
    save(case, faq_answer="Three drums.")
    indexed(office, case, 2)
    offer = offer_below(office, case)
    forms = {user: correction_form(office, offer, user) for user in (SATO, MORI)}
    given = {user: {"correction_text": f"It is three drums, says {NAMES[user]}."} for user in forms}
    with ThreadPoolExecutor(2) as pool:  # two screens, one moment
        sent = dict(zip(forms, pool.map(lambda u: workspace.submit_view(forms[u], u, given[u]), forms), strict=True))
    answers = {user: submission.wait_ack() for user, submission in sent.items()}
    (first,) = [user for user, answer in answers.items() if answer == {}]
    (late,) = forms.keys() - {first}
    said = f"{NAMES[first]} sent them a correction on "
    assert answers[late]["errors"]["correction_text"].startswith(said)

    workspace.wait_for(lambda: not Outbox(office.record.database).waiting(), what="everybody to be told")
    (correction,) = [m for m in workspace.messages(channel, case.enquiry.thread) if "three drums" in m.shown]
    assert f"says {NAMES[first]}" in correction.shown
    assert [row.user for row in Audit(office.record.database).latest(2) if row.action == "correct"] == [first]
    closed = workspace.wait_for(
        lambda: next((m for m in workspace.messages(STAFF_CHANNEL, case.card.ts) if said in m.shown), None),
        what="the offer to be closed",
    )
    assert closed.ts == offer.ts
    assert case.enquiry.question in closed.shown
    assert "three drums" in closed.shown
    assert closed.action_ids == []

    (told,) = workspace.click("correction_write", MORI, offer).wait_replies()  # on a screen of before
    assert told.ephemeral_to == MORI
    assert told.shown.startswith(said)
    assert "errors" not in workspace.submit_view(forms[first], first, given[first]).wait_ack()  # Slack's second try
    workspace.settle(0.5)
    assert len([m for m in workspace.messages(channel, case.enquiry.thread) if "three drums" in m.shown]) == 1
