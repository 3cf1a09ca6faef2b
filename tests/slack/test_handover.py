"""An enquiry goes to a person: the way of the official who asked and of the staff who reply, button by button."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.audit import Audit
from assistant.dates import minute
from assistant.handover import Handovers, State
from assistant.locators import source_name
from assistant.models import Outcome
from assistant.retention import expire
from corpus.catalogue import Corpus
from corpus.faq import Wording
from tests.conftest import Small
from tests.slack.conftest import CHANNEL, BotProcess, Office, enquiry_of, explained, latin_words, opened_office, quotes
from tests.slack.limits import Json, walk
from tests.slack.staff import (
    ALL_MOVES,
    BOSS,
    MORI,
    MOVES,
    NAMES,
    SATO,
    SETTINGS,
    STAFF_CHANNEL,
    hand_over,
    open_case,
    option_values,
    staffed,
)
from tests.slack.test_bot import ENGLISH, JAPANESE
from tests.slack.workspace import Message, View, Workspace, pings

UNKNOWN = "What is the joining fee?"
UNSURE = "What do cities exchange about plastic and food?"
THAI = "เมืองใดลงนามเป็นเมืองแรก"
VIETNAMESE = "Thành phố thứ hai ký tuyên bố là thành phố nào?"
HOSTILE = "<!channel> & <@U1> *bold* _slanted_ <https://evil.example/|here> `co`"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return SETTINGS


@pytest.fixture(scope="module", autouse=True)
def staff_room(office: Office) -> Iterator[None]:
    with staffed(office):
        yield


def wording(corpus: Corpus, entry: str, language: str) -> Wording:
    (found,) = [each for each in corpus.faq.entries if each.id == entry]
    return found.wordings[language]


def buttons(message: Message) -> dict[str, dict[str, object]]:
    return {str(part["action_id"]): part for part in walk(message.blocks) if part.get("type") == "button"}


def text_field(form: View) -> Json:
    """Where the reply is written."""
    (field,) = [part for part in walk(form.blocks) if part.get("action_id") == "reply_text"]
    return field


# The button


@pytest.mark.parametrize(
    ("question", "outcome", "first"),
    [
        (ENGLISH, Outcome.ANSWERED, False),
        (UNKNOWN, Outcome.NOT_STATED, True),
        ("How do I bake bread?", Outcome.NOT_FOUND, True),
        (UNSURE, Outcome.POSSIBLE, True),
        ("hello", Outcome.HELP, True),
        ("Can I speak to someone?", Outcome.HELP, True),
    ],
)
def test_every_reply_lets_people_ask_a_person_first_of_all_where_it_does_not_answer(
    office: Office, channel: str, question: str, outcome: Outcome, first: bool
) -> None:
    reply = office.ask(channel, question)
    assert office.row(channel).outcome == outcome
    assert reply.action_ids.count("ask_staff") == 1
    assert (reply.action_ids[0] == "ask_staff") == first


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("I want to talk to a person", "A person can take over: press “Ask a person” below."),
        ("担当者と話したいのですが", "担当者が承ります。下の「担当者に尋ねる」を押してください。"),
        ("ขอคุยกับเจ้าหน้าที่ครับ", "เจ้าหน้าที่รับช่วงต่อให้ได้ กรุณากด “สอบถามเจ้าหน้าที่” ด้านล่าง"),
    ],
)
def test_who_asks_for_a_person_in_words_is_shown_the_button_and_nobody_is_called_before_it_is_pressed(
    office: Office, channel: str, question: str, text: str
) -> None:
    reply = office.ask(channel, question)
    assert reply.shown.splitlines()[0] == text
    assert "@" not in reply.shown  # no contact beside the button
    assert [action for action in reply.action_ids if action != "answer_feedback"] == ["ask_staff"]
    assert Handovers(office.record.database).get(enquiry_of(reply)) is None
    assert hand_over(office, reply).steps == ["asked"]


def test_thanks_are_returned_in_a_sentence(office: Office, channel: str) -> None:
    reply = office.ask(channel, "Thank you, understood!")
    assert reply.shown.splitlines()[0] == "You are welcome. Ask on whenever you like."
    assert not any(action.startswith("ask_example") for action in reply.action_ids)


# The way of an enquiry


@pytest.mark.parametrize("question", [UNKNOWN, JAPANESE, THAI], ids=["English", "Japanese", "Thai"])
def test_an_enquiry_goes_from_open_to_closed_and_card_thread_and_record_show_every_step(
    office: Office, channel: str, question: str
) -> None:
    workspace = office.workspace
    reply = office.ask(channel, question, "U1")
    case = hand_over(office, reply)
    assert (case.state, case.steps) == (State.OPEN, ["asked"])
    assert (case.handover.asked_by, case.handover.holder) == ("U1", None)
    ts = case.card.ts

    case.press("enquiry_claim", SATO)
    assert (case.state, case.handover.holder, case.steps) == (State.CLAIMED, SATO, ["asked", "claimed"])

    case.reply(SATO, "Please write to ICLEI Japan.").settled()
    assert (case.state, case.steps) == (State.REPLIED, ["asked", "claimed", "reply"])
    answer = case.said[-1]
    assert "Please write to ICLEI Japan." in answer.shown
    assert "Sato" in answer.shown.splitlines()[0]  # a person's words, and whose

    case.press("enquiry_resolve", SATO)
    assert (case.state, case.handover.resolved_by) == (State.RESOLVED, SATO)
    assert case.steps == ["asked", "claimed", "reply", "resolved"]

    assert [card.ts for card in case.cards] == [ts]
    thread = [m for m in workspace.messages(channel, str(reply.thread_ts)) if m.from_bot]
    assert thread == [reply, *case.said]
    assert all(message.thread_ts == reply.thread_ts for message in case.said)
    assert [row.action for row in Audit(office.record.database).latest(4)] == ["resolve", "reply", "claim", "ask_staff"]
    assert {row.subject for row in Audit(office.record.database).latest(4)} == {case.id}


def test_a_reply_at_once_takes_the_enquiry_and_nobody_else_replies_meanwhile(office: Office, channel: str) -> None:
    case = open_case(office, channel, UNKNOWN)
    form = case.form(SATO)
    case.settled()
    assert (case.state, case.handover.holder) == (State.CLAIMED, SATO)
    since = minute(case.handover.since, "Asia/Tokyo", "en")
    assert case.refused("enquiry_reply", MORI) == f"Sato has this enquiry, since {since}."
    assert office.workspace.modal(MORI) is None
    office.workspace.submit_view(form, SATO, {"reply_text": "There is none."}).wait_ack()
    case.settled()
    assert case.steps == ["asked", "claimed", "reply"]


def test_an_enquiry_that_is_given_back_is_taken_by_another_and_the_asker_hears_once_that_somebody_has_it(
    office: Office, channel: str
) -> None:
    case = open_case(office, channel, UNKNOWN)
    case.press("enquiry_claim", SATO).press("enquiry_release", SATO)
    assert (case.state, case.handover.holder) == (State.OPEN, None)
    case.press("enquiry_claim", MORI)
    assert (case.state, case.handover.holder) == (State.CLAIMED, MORI)
    case.reply(MORI, "There is none.").settled()
    assert case.steps == ["asked", "claimed", "reply"]
    assert "Mori" in case.said[-1].shown


def test_who_replied_may_add_to_it(office: Office, channel: str) -> None:
    case = open_case(office, channel, UNKNOWN).reply(SATO, "There is none.").settled()
    assert "Sato" in case.refused("enquiry_reply", MORI)
    case.reply(SATO, "I have asked ICLEI: there is none.").settled()
    assert case.steps == ["asked", "claimed", "reply", "reply"]
    assert case.state == State.REPLIED


@pytest.mark.parametrize(
    ("questions", "about"),
    [
        ((UNKNOWN, ENGLISH), "About your question “{}”:"),
        ((JAPANESE, "参加費用はいくらですか？"), "ご質問「{}」について："),
    ],
    ids=["English", "Japanese"],
)
def test_of_two_enquiries_in_a_thread_each_message_says_which_it_is_about(
    office: Office, channel: str, questions: tuple[str, str], about: str
) -> None:
    reply = office.ask(channel, questions[0])
    first = hand_over(office, reply)
    second = hand_over(office, office.ask(channel, questions[1], thread_ts=reply.thread_ts))
    first.press("enquiry_claim", SATO).reply(SATO, "2026").settled().press("enquiry_resolve", SATO)
    second.reply(MORI, "2027").settled()
    lines = [[message.shown.splitlines()[0] for message in case.said] for case in (first, second)]
    assert about.format(questions[0]) not in lines[0][:1]  # there was no other yet
    assert lines[0][1:] == [about.format(questions[0])] * 3
    assert lines[1] == [about.format(questions[1])] * 3
    assert about.format(questions[1]) in second.said[-1].text


def test_the_asker_closes_and_opens_it_again_from_the_thread(office: Office, channel: str) -> None:
    case = open_case(office, channel, UNKNOWN).reply(SATO, "There is none.").settled()
    answer = case.said[-1]
    assert set(answer.action_ids) & ALL_MOVES == {"enquiry_resolve", "enquiry_reopen"}
    case.press("enquiry_resolve", "U1", answer)
    assert (case.state, case.handover.resolved_by) == (State.RESOLVED, "U1")
    assert "u1" in case.card.shown.splitlines()[0]
    closed = case.said[-1]
    assert set(closed.action_ids) & ALL_MOVES == {"enquiry_reopen"}
    case.press("enquiry_reopen", "U1", closed)
    assert (case.state, case.handover.holder, case.handover.resolved_by) == (State.OPEN, None, None)
    assert case.steps == ["asked", "claimed", "reply", "resolved", "reopened"]
    case.reply(MORI, "Now there is one.").settled()
    assert case.state == State.REPLIED
    assert [row.by for row in case.handovers.replies(case.id)] == [SATO, MORI]


def test_still_open_says_the_asker_below_a_reply(office: Office, channel: str) -> None:
    case = open_case(office, channel, UNKNOWN).reply(SATO, "There is none.").settled()
    case.press("enquiry_reopen", "U1", case.said[-1])
    assert (case.state, case.steps[-1]) == (State.OPEN, "reopened")


def test_to_ask_a_person_again_opens_what_is_closed_and_else_says_that_it_is_with_one(
    office: Office, channel: str
) -> None:
    reply = office.ask(channel, UNKNOWN)
    case = hand_over(office, reply)
    for user in ("U1", "U2"):
        (told,) = office.workspace.click("ask_staff", user, reply).wait_replies()
        assert told.ephemeral_to == user
    assert case.settled().steps == ["asked"]
    case.press("enquiry_resolve", SATO)
    case.press("ask_staff", "U1", reply)
    assert (case.state, case.steps) == (State.OPEN, ["asked", "resolved", "reopened"])


def test_who_asks_in_japanese_is_told_all_of_it_in_japanese(office: Office, channel: str) -> None:
    case = open_case(office, channel, JAPANESE).reply(SATO, "ありません。").settled()
    case.press("enquiry_resolve", "U1", case.said[-1]).press("enquiry_reopen", "U1", case.said[-1])
    assert case.steps == ["asked", "claimed", "reply", "resolved", "reopened"]
    assert [latin_words(message.shown, ["Sato"]) for message in case.said] == [[]] * 5
    closed = case.said[-2]
    assert latin_words(case.refused("enquiry_reopen", "U1", closed)) == []  # it is open already


# Who may


@pytest.mark.parametrize("user", ["U5", "U1"], ids=["a stranger", "the asker"])
def test_only_staff_take_give_back_and_reply(office: Office, channel: str, user: str) -> None:
    case = open_case(office, channel, UNKNOWN)
    first = case.card
    taken = case.press("enquiry_claim", SATO).card
    for action, card in (("enquiry_claim", first), ("enquiry_release", taken), ("enquiry_reply", taken)):
        assert case.refused(action, user, card)
    assert office.workspace.modal(user) is None
    assert case.settled().handover.holder == SATO


def test_others_than_the_asker_and_staff_neither_close_nor_open_it_again(office: Office, channel: str) -> None:
    case = open_case(office, channel, UNKNOWN).reply(SATO, "There is none.").settled()
    for action in ("enquiry_resolve", "enquiry_reopen"):
        assert case.refused(action, "U2", case.said[-1])
    assert case.settled().state == State.REPLIED


def test_an_admin_is_staff_too(office: Office, channel: str) -> None:
    case = open_case(office, channel, UNKNOWN).reply(BOSS, "There is none.").settled()
    assert case.handover.holder == BOSS


def test_the_second_to_take_it_is_told_who_has_it(office: Office, channel: str) -> None:
    case = open_case(office, channel, UNKNOWN)
    card = case.card
    case.press("enquiry_claim", SATO, card)
    assert "Sato" in case.refused("enquiry_claim", MORI, card)
    again = case.click("enquiry_claim", SATO, card)
    office.workspace.settle()
    assert again.replies == []
    assert case.settled().handover.version == 2
    assert case.handover.holder == SATO


# The card


def test_the_card_tells_what_was_asked_where_by_whom_and_what_the_desk_found(office: Office, channel: str) -> None:
    office.workspace.add_user("U41", "Linh")
    case = open_case(office, channel, UNKNOWN, "U41")
    card, row = case.card, office.row(channel)
    head, *rest = card.shown.splitlines()
    assert "Linh" in head
    assert f"#{channel.lower()}" in head
    assert UNKNOWN in rest[0]
    assert row.confidence is not None
    assert f"{row.confidence:.2f}" in card.shown
    assert row.reply is not None
    cited = [c["locator"] for c in row.reply["citations"] if c["kind"] != "faq"]
    assert cited
    assert all(locator in card.shown for locator in cited)
    link = str(buttons(card)["open_thread"]["url"])
    assert link.startswith("https://")
    assert str(row.thread).replace(".", "") in link
    assert office.workspace.click("open_thread", MORI, card).wait_ack() == {}
    assert UNKNOWN in card.text  # what a notification shows


@pytest.mark.parametrize(("question", "tongue"), [(THAI, "th"), (VIETNAMESE, "vi")])
def test_for_a_language_that_staff_do_not_read_the_card_shows_the_nearest_questions_in_theirs(
    office: Office, channel: str, corpus: Corpus, question: str, tongue: str
) -> None:
    case = open_case(office, channel, question)
    assert case.enquiry.language == tongue
    for language in ("en", "ja"):
        asked = {e.wordings[language].questions[0] for e in corpus.faq.entries if language in e.wordings}
        assert [text for text in asked if text in case.card.shown], f"nothing in {language}: {case.card.shown}"


@pytest.mark.parametrize("question", [UNKNOWN, JAPANESE])
def test_for_a_language_that_staff_read_it_does_not(
    office: Office, channel: str, corpus: Corpus, question: str
) -> None:
    case = open_case(office, channel, question)
    asked = {w.questions[0] for e in corpus.faq.entries for tag, w in e.wordings.items() if tag in ("en", "ja")}
    assert [text for text in asked - {question} if text in case.card.shown] == []


def test_japanese_staff_read_the_card_and_the_home_in_japanese(at_hand: Small, tmp_path: Path) -> None:
    with opened_office(at_hand, {**SETTINGS, "DESK_STAFF_LANGUAGES": "ja"}, tmp_path) as office, staffed(office):
        case = open_case(office, CHANNEL, UNKNOWN)
        (said,) = [line for line in case.card.shown.splitlines() if line.startswith("当デスクの回答")]
        assert ", " not in said
        assert "記者発表資料、横浜市、本文、" in said
        (nearest,) = [line for line in case.card.shown.splitlines() if line.startswith("FAQで近い質問")]
        assert re.search("「.+」 「.+」", nearest)
        case.press("enquiry_claim", SATO)
        since = minute(case.handover.since, "Asia/Tokyo", "ja")
        assert since in case.refused("enquiry_reply", MORI)
        office.workspace.open_home(BOSS)
        view = office.workspace.wait_for(lambda: office.workspace.home(BOSS), what="a Home")
        (faq,) = [line for line in view.shown.splitlines() if line.startswith("よくある質問 · ")]
        assert "当デスクが用意した回答" in faq
        assert "要約" not in faq


# The reply


def test_the_form_shows_the_question_a_draft_and_what_may_help(office: Office, channel: str, corpus: Corpus) -> None:
    form = open_case(office, channel, UNSURE).form(SATO)
    assert UNSURE in form.shown
    elements = {str(part["action_id"]): part for part in walk(form.blocks) if "action_id" in part}
    assert list(elements) == ["reply_faq", "reply_text", "reply_citations"]
    (nearest, *_) = option_values(form, "reply_faq")
    assert elements["reply_text"]["initial_value"] == wording(corpus, nearest, "en").answer
    assert f"At most {elements['reply_text']['max_length']:,} characters." in form.shown
    assert 1 <= len(option_values(form, "reply_citations")) <= 10


@pytest.mark.parametrize("question", [UNKNOWN, ENGLISH, JAPANESE, THAI], ids=["gap", "English", "Japanese", "Thai"])
def test_what_the_asker_has_read_already_is_no_draft(office: Office, channel: str, question: str) -> None:
    field = text_field(open_case(office, channel, question).form(SATO))
    assert field.get("initial_value") is None
    assert field["placeholder"]["text"] == "What the asker should know, in their language"


def test_a_second_reply_begins_empty(office: Office, channel: str) -> None:
    case = open_case(office, channel, UNSURE).reply(SATO, "They exchange what works.").settled()
    assert text_field(case.form(SATO)).get("initial_value") is None


@pytest.mark.parametrize("question", [UNKNOWN, UNSURE, JAPANESE, THAI])
def test_the_passages_that_the_desk_quoted_are_offered_first(office: Office, channel: str, question: str) -> None:
    case = open_case(office, channel, question)
    quoted = [citation["quote"] for citation in case.enquiry.citations if citation["kind"] != "faq"]
    assert quoted
    form = case.form(SATO)
    offered = option_values(form, "reply_citations")
    assert len(offered) == len(set(offered)) <= 10
    case.reply(SATO, "See below.", reply_citations=offered[: len(quoted)]).settled()
    assert quotes(case.said[-1]) == quoted


@pytest.mark.parametrize("which", [0, -1], ids=["first", "last"])
@pytest.mark.parametrize(
    ("question", "language"), [(UNKNOWN, "en"), (JAPANESE, "ja"), (THAI, "th")], ids=["English", "Japanese", "Thai"]
)
def test_an_answer_of_the_faq_is_sent_in_the_askers_language_instead_of_typing(
    office: Office, channel: str, corpus: Corpus, question: str, language: str, which: int
) -> None:
    case = open_case(office, channel, question)
    form = case.form(SATO)
    entry = option_values(form, "reply_faq")[which]  # the first is the one whose answer is the draft
    answer = wording(corpus, entry, language).answer
    assert office.workspace.submit_view(form, SATO, {"reply_faq": entry}).wait_ack() == {}
    case.settled()
    assert case.said[-1].shown.splitlines()[1:][: len(answer.splitlines())] == answer.splitlines()
    (row,) = case.handovers.replies(case.id)
    assert (row.reply.text, row.reply.faq_entry) == (answer, entry)


def test_where_the_faq_knows_the_language_not_there_is_nothing_but_passages_to_start_from(
    office: Office, channel: str
) -> None:
    case = open_case(office, channel, VIETNAMESE)
    form = case.form(SATO)
    elements = {str(part["action_id"]): part for part in walk(form.blocks) if "action_id" in part}
    assert list(elements) == ["reply_text", "reply_citations"]
    assert elements["reply_text"].get("initial_value") is None
    office.workspace.submit_view(form, SATO, {"reply_text": "Chưa có thành phố thứ hai."}).wait_ack()
    case.settled()
    assert "Chưa có thành phố thứ hai." in case.said[-1].shown


def test_a_draft_that_nobody_changed_is_sent_as_it_stands(office: Office, channel: str, corpus: Corpus) -> None:
    case = open_case(office, channel, UNSURE)
    form = case.form(SATO)
    answer = wording(corpus, option_values(form, "reply_faq")[0], "en").answer
    assert office.workspace.submit_view(form, SATO, {}).wait_ack() == {}
    case.settled()
    assert answer in case.said[-1].shown


def test_words_of_ones_own_go_before_an_answer_of_the_faq(office: Office, channel: str, corpus: Corpus) -> None:
    case = open_case(office, channel, UNKNOWN)
    entry = option_values(case.form(SATO), "reply_faq")[0]
    case.reply(SATO, "Thank you for asking.", reply_faq=entry).settled()
    (row,) = case.handovers.replies(case.id)
    assert row.reply.text == f"Thank you for asking.\n\n{wording(corpus, entry, 'en').answer}"


@pytest.mark.parametrize("question", [UNKNOWN, JAPANESE, THAI], ids=["English", "Japanese", "Thai"])
def test_passages_that_staff_tick_are_quoted_verbatim_with_where_they_stand(
    office: Office, channel: str, corpus: Corpus, question: str
) -> None:
    case = open_case(office, channel, question)
    form = case.form(SATO)
    ticked = option_values(form, "reply_citations")[:2]
    case.reply(SATO, "See below.", reply_citations=ticked).settled()
    (row,) = case.handovers.replies(case.id)
    citations = row.reply.citations
    assert [citation.number for citation in citations] == [1, 2]
    assert all(citation.quote in corpus.text(citation.document) for citation in citations)
    assert quotes(case.said[-1]) == [citation.quote for citation in citations]
    numbered = [line for line in case.said[-1].shown.splitlines() if re.match(r"\[\d\]", line)]
    assert [line[:3] for line in numbered] == ["[1]", "[2]"]
    assert all(citation.locator in line for citation, line in zip(citations, numbered, strict=True))
    language = str(case.enquiry.language)
    names = [source_name(reading.document, language) for reading in corpus.readings]
    assert all(any(name in line for name in names) for line in numbered), numbered


def test_nothing_is_quoted_that_nobody_ticked(office: Office, channel: str) -> None:
    case = open_case(office, channel, UNKNOWN).reply(SATO, "There is none.").settled()
    assert quotes(case.said[-1]) == []
    assert not re.search(r"\[\d\]", case.said[-1].shown)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_a_reply_without_words_is_an_error_in_the_form_and_nothing_is_sent(
    office: Office, channel: str, text: str
) -> None:
    case = open_case(office, channel, UNKNOWN)
    form = case.form(SATO)
    tick = option_values(form, "reply_citations")[:1]
    sent = office.workspace.submit_view(form, SATO, {"reply_text": text, "reply_citations": tick})
    assert list(sent.wait_ack()["errors"]) == ["reply_text"]
    assert office.workspace.modal(SATO) is not None
    assert case.settled().steps == ["asked", "claimed"]
    office.workspace.submit_view(form, SATO, {"reply_text": "There is none."}).wait_ack()
    assert case.settled().steps == ["asked", "claimed", "reply"]


def test_a_form_that_is_sent_twice_is_one_reply(office: Office, channel: str) -> None:
    """When Slack hears of the first too late, it tells the person that it failed, and they press "Send" again."""
    case = open_case(office, channel, UNKNOWN)
    form = case.form(SATO)
    sent = [office.workspace.submit_view(form, SATO, {"reply_text": "There is none."}) for _ in range(2)]
    for each in sent:
        each.wait_ack()
    assert case.settled().steps == ["asked", "claimed", "reply"]


def test_a_form_that_was_overtaken_keeps_what_was_written_and_says_how_things_are(office: Office, channel: str) -> None:
    case = open_case(office, channel, UNKNOWN)
    form = case.form(SATO)
    case.settled().press("enquiry_release", SATO).press("enquiry_claim", MORI)
    sent = office.workspace.submit_view(form, SATO, {"reply_text": "There is none."})
    errors = sent.wait_ack()["errors"]
    assert list(errors) == ["reply_text"]
    assert "Mori" in errors["reply_text"]
    assert case.settled().steps == ["asked", "claimed"]


def test_the_longest_reply_that_the_form_takes_comes_whole(office: Office, channel: str) -> None:
    text = "これは長い返信です。" * 300
    case = open_case(office, channel, JAPANESE).reply(SATO, text).settled()
    assert text in case.said[-1].shown.replace("\n", "")  # in several blocks, cut where a sentence ends


# Where it may not be seen or cannot be done


def test_a_private_question_is_told_of_by_direct_message_only(office: Office, channel: str) -> None:
    workspace = office.workspace
    (private,) = workspace.command("/declaration", UNKNOWN, "U21", channel).wait_replies()
    office.row(channel)
    case = hand_over(office, private, "U21")
    assert "open_thread" not in case.card.action_ids
    case.press("enquiry_claim", SATO).reply(SATO, "There is none.").settled()
    case.press("enquiry_resolve", "U21", case.said[-1])
    assert case.steps == ["asked", "claimed", "reply", "resolved"]
    assert [message.channel for message in case.said] == [workspace.dm("U21")] * 4
    assert all(UNKNOWN in message.shown for message in case.said)  # or nobody knew what it is about
    assert workspace.messages(channel) == []
    assert workspace.messages(workspace.dm("U21")) == case.said


def test_a_question_asked_directly_is_answered_there(office: Office) -> None:
    workspace = office.workspace
    ts = workspace.direct_message("U22", UNKNOWN)
    (reply,) = workspace.wait_for_reply("DU22", ts)
    office.rows("DU22")
    case = hand_over(office, reply, "U22").reply(SATO, "There is none.").settled()
    assert case.steps == ["asked", "claimed", "reply"]
    assert all((message.channel, message.thread_ts) == ("DU22", ts) for message in case.said)


def test_the_button_of_somebody_elses_reply_hands_over_too_and_the_asker_keeps_the_say(
    office: Office, channel: str
) -> None:
    reply = office.ask(channel, UNKNOWN, "U1")
    case = hand_over(office, reply, "U2").reply(SATO, "There is none.").settled()
    assert case.handover.asked_by == "U2"
    case.press("enquiry_resolve", "U1", case.said[-1])
    assert case.state == State.RESOLVED


def test_nothing_that_people_write_pings_or_formats(office: Office, channel: str) -> None:
    workspace = office.workspace
    workspace.add_user("U0LOUD", "<!here> *Loud*")
    case = open_case(office, channel, f"What is {HOSTILE}?", "U0LOUD").reply(SATO, f"It is {HOSTILE}").settled()
    assert case.said[-1].thread_ts is not None
    assert "It is <!channel> & <@U1> *bold*" in case.said[-1].shown
    assert "It is <!channel> & <@U1> *bold*" in case.card.shown
    assert [p for m in workspace.messages(STAFF_CHANNEL) if m.from_bot for p in pings(m)] == []
    texts = [part for m in (case.card, *case.said) for part in walk(m.blocks) if part.get("type") == "mrkdwn"]
    assert texts == []


def test_buttons_of_what_is_no_longer_on_record_say_so(office: Office, channel: str) -> None:
    reply = office.ask(channel, UNKNOWN)
    case = hand_over(office, reply).reply(SATO, "There is none.").settled()
    card, answer = case.card, case.said[-1]
    expire(office.record.database, 0)
    clicks = [("ask_staff", "U1", reply), ("enquiry_resolve", "U1", answer), ("enquiry_reopen", "U1", answer)]
    clicks += [(action, SATO, card) for action in sorted(MOVES[State.REPLIED] | {"enquiry_save_faq"})]
    for action, user, message in clicks:
        click = office.workspace.click(action, user, message, case.id)
        click.wait_ack()
        (told,) = click.wait_replies()
        assert told.ephemeral_to == user


# Other settings, each with a bot of its own


@pytest.fixture
def environment(environment: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    return {**environment, **request.param}


def ask(workspace: Workspace, bot: BotProcess, question: str = UNKNOWN) -> Message:
    with explained(bot):
        ts = workspace.mention(CHANNEL, "U1", question)
        (reply,) = workspace.wait_for_reply(CHANNEL, ts)
        return reply


@pytest.mark.parametrize("environment", [{}], indirect=True)
def test_without_a_staff_channel_the_button_says_whom_to_ask_instead(workspace: Workspace, bot: BotProcess) -> None:
    for question, contact in ((UNKNOWN, "ICLEI"), ("参加費用はいくらですか？", "イクレイ")):
        reply = ask(workspace, bot, question)
        click = workspace.click("ask_staff", "U1", reply)
        click.wait_ack()
        (told,) = click.wait_replies()
        assert contact in told.shown
        assert told.ephemeral_to == "U1"
    assert len([m for m in workspace.messages(CHANNEL) if m.from_bot]) == 2  # the replies, and nothing for all to see
    assert workspace.refusals == []


@pytest.mark.parametrize(
    ("environment", "staff"),
    [
        ({"DESK_STAFF_CHANNEL": STAFF_CHANNEL, "DESK_STAFF": "S0CREW"}, {MORI}),
        ({"DESK_STAFF_CHANNEL": STAFF_CHANNEL}, {SATO, MORI}),
        (
            {"DESK_STAFF_CHANNEL": STAFF_CHANNEL, "DESK_STAFF": "U0NOBODY", "DESK_ADMINS": f"S0CREW,{BOSS}"},
            {MORI, BOSS},
        ),
    ],
    ids=["a user group", "the members of the staff channel", "admins, and a group of them"],
    indirect=["environment"],
)
def test_staff_are_who_the_settings_say(workspace: Workspace, bot: BotProcess, staff: set[str]) -> None:
    workspace.add_channel(STAFF_CHANNEL)
    workspace.add_usergroup("S0CREW", [MORI])
    for user, name in NAMES.items():
        workspace.add_user(user, name)
    for user in (SATO, MORI):
        workspace.say(STAFF_CHANNEL, user, "Good morning")
    reply = ask(workspace, bot)
    workspace.click("ask_staff", "U1", reply).wait_ack()

    def card() -> Message | None:
        return next((m for m in workspace.messages(STAFF_CHANNEL) if m.from_bot), None)

    first = workspace.wait_for(card)
    for user in sorted({SATO, MORI, BOSS, "U5"} - staff):
        click = workspace.click("enquiry_claim", user, first)
        click.wait_ack()
        (told,) = click.wait_replies()
        assert told.ephemeral_to == user
    assert "enquiry_claim" in workspace.message(STAFF_CHANNEL, first.ts).action_ids
    for user in sorted(staff):
        workspace.click("enquiry_claim", user, first).wait_ack()
        workspace.wait_for(lambda: "enquiry_release" in workspace.message(STAFF_CHANNEL, first.ts).action_ids)
        taken = workspace.message(STAFF_CHANNEL, first.ts)
        assert NAMES[user] in taken.shown
        workspace.click("enquiry_release", user, taken).wait_ack()
        workspace.wait_for(lambda: "enquiry_claim" in workspace.message(STAFF_CHANNEL, first.ts).action_ids)
    assert workspace.refusals == []
