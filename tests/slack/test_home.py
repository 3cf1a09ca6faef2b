"""The App Home as people find it: officials in their language, staff with the queue, admins with the index."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from assistant.channels import EVERYTHING, ChannelRow, Channels
from assistant.database import now
from assistant.enquiries import EnquiryRow, open_record
from assistant.handover import HandoverRow, State
from assistant.languages import SUPPORTED
from assistant.models import Outcome
from assistant.preferences import Preferences
from assistant.slack.staff import cards
from corpus.catalogue import Corpus
from tests.slack.conftest import CHANNEL, BotProcess, Office, explained, latin_words, quotes
from tests.slack.limits import Json, walk
from tests.slack.staff import BOSS, MORI, SATO, SETTINGS, furnish, open_case
from tests.slack.test_bot import ENGLISH, JAPANESE
from tests.slack.test_bot_buttons import current, rolled_back
from tests.slack.workspace import Message, View, Workspace, pings

THAI = "เมืองใดลงนามเป็นเมืองแรก"
FEE = "What is the joining fee?"
HOSTILE = "<!channel> & <@U1> *bold* _slanted_ <https://evil.example/|here> `co`"
LOCALES = {"en": "en-US", "ja": "ja-JP", "th": "th-TH"}
_users = itertools.count(500)


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return SETTINGS


@pytest.fixture(scope="module", autouse=True)
def staff_room(office: Office) -> None:
    furnish(office.workspace)


@pytest.fixture(autouse=True)
def nothing_is_refused(office: Office) -> Iterator[None]:
    """Slack takes every view, and nothing in one pings."""
    refused, wrong = len(office.workspace.refusals), len(office.workspace.problems)
    yield
    assert office.workspace.refusals[refused:] == []
    assert office.workspace.problems[wrong:] == []


@pytest.fixture(autouse=True)
def closed(office: Office) -> None:
    """Each test begins with an empty queue and no filters."""
    with office.record.database.session() as session:
        session.execute(update(HandoverRow).values(state=State.RESOLVED))
    for user in (SATO, MORI, BOSS):
        Preferences(office.record.database).put(user, language=None, queue_state=None, queue_language=None)


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """For a bot of a test's own."""
    return {**environment, **SETTINGS}


@pytest.fixture
def official(office: Office) -> str:
    return arrive(office, "en-US")


def arrive(office: Office, locale: str) -> str:
    """Somebody new, who reads Slack in a locale."""
    return office.workspace.add_user(f"U0{next(_users)}", locale=locale)


def opened(office: Office, user: str) -> View:
    """Open one's Home, and see it."""
    return after(office, user, lambda: office.workspace.open_home(user))


def pressed(office: Office, user: str, view: View, action_id: str, value: str | None = None) -> View:
    """Press something in a Home, and see one's own Home afterwards."""
    return after(office, user, lambda: office.workspace.click(action_id, user, view, value).wait_ack())


def after(office: Office, user: str, act: Callable[[], object]) -> View:
    """Somebody's Home, once it was shown anew after something and nothing more comes."""
    workspace = office.workspace

    def shown() -> int:
        return len([call for call in workspace.calls("views.publish") if call.args["user_id"] == user])

    before = shown()
    act()
    with explained(office.bot):
        workspace.wait_for(lambda: shown() > before, 20, f"the Home of {user}")
        workspace.settle(0.3)
    view = workspace.home(user)
    assert view
    assert pings(view) == []
    return view


def elements(view: View, action_id: str) -> list[Json]:
    return [part for part in walk(view.blocks) if re.fullmatch(action_id, str(part.get("action_id", "")))]


def menu(view: View, action_id: str) -> tuple[str, dict[str, str]]:
    """What a menu is set to, and its choices by value."""
    (element,) = elements(view, action_id)
    return element["initial_option"]["value"], {each["value"]: each["text"]["text"] for each in element["options"]}


def action_ids(view: View) -> set[str]:
    return {str(part["action_id"]).partition(":")[0] for part in walk(view.blocks) if "action_id" in part}


def queue(view: View) -> list[str]:
    """The enquiries of the queue that is shown, in its order."""
    return [str(part["value"]) for part in elements(view, "enquiry_resolve")]


def links(view: View) -> list[tuple[str, str]]:
    """Every link in running text: its words, and where it leads."""
    return [(part["text"], part["url"]) for part in walk(view.blocks) if part.get("type") == "link"]


def direct(office: Office, user: str) -> list[Message]:
    return [message for message in office.workspace.messages(f"D{user}") if message.from_bot]


def heading(view: View, name: str) -> str:
    """What stands under a heading, up to the next one."""
    shown: dict[str, list[str]] = {}
    under = ""
    for block in view.blocks:
        if block["type"] == "header":
            under = block["text"]["text"]
        else:
            shown.setdefault(under, []).append(View("", "", {"blocks": [block]}).shown)
    return "\n".join(shown[name])


# The official's: their language


@pytest.mark.parametrize(
    ("locale", "language"),
    [("en-GB", "en"), ("ja-JP", "ja"), ("th-TH", "th"), ("zh-TW", "zh-Hant"), ("zh-CN", "zh-Hans"), ("fil-PH", "fil"),
     ("de-DE", "en"), ("", "en")],
)  # fmt: skip
def test_it_greets_in_the_language_of_slack_before_anything_is_asked_or_set(
    office: Office, locale: str, language: str
) -> None:
    view = opened(office, arrive(office, locale))
    assert menu(view, "set_language")[0] == language
    assert "365" in view.shown
    assert bool(latin_words(view.blocks[0]["text"]["text"].replace("Asian Circular Cities Declaration", ""))) == (
        language in {"en", "fil"}
    )


def test_the_language_of_the_latest_question_goes_before_that_of_slack(office: Office, channel: str) -> None:
    user = arrive(office, "th-TH")
    office.ask(channel, ENGLISH, user)
    office.ask(channel, JAPANESE, user)
    assert menu(opened(office, user), "set_language")[0] == "ja"


def test_a_channel_s_language_is_not_taken_for_that_of_who_asks_there(office: Office, channel: str) -> None:
    Channels(office.record.database).put(BOSS, ChannelRow(channel=channel, language="km"))
    user = arrive(office, "th-TH")
    office.ask(channel, ENGLISH, user)
    assert office.row(channel).language == "km"
    assert menu(opened(office, user), "set_language")[0] == "en"
    office.ask(channel, "ASCC 2025?", user)
    assert menu(opened(office, user), "set_language")[0] == "en"


@pytest.mark.parametrize("language", ["ja", "th"])
def test_the_language_that_somebody_sets_goes_before_all_and_shows_at_once(
    office: Office, channel: str, official: str, language: str
) -> None:
    office.ask(channel, ENGLISH, official)
    view = opened(office, official)
    assert menu(view, "set_language")[0] == "en"
    view = pressed(office, official, view, "set_language", language)
    assert menu(view, "set_language")[0] == language
    assert opened(office, official).shown == view.shown
    assert Preferences(office.record.database).of(official).language == language


def test_every_language_is_offered_under_its_own_name(office: Office, official: str) -> None:
    _, choices = menu(opened(office, official), "set_language")
    assert list(choices) == list(SUPPORTED)
    assert len(set(choices.values())) == 16
    assert {"English", "日本語", "한국어", "ไทย", "Tiếng Việt", "ខ្មែរ", "தமிழ்"} <= set(choices.values())


@pytest.mark.parametrize("language", ["ja", "th"])
def test_all_that_an_official_reads_is_in_their_language(office: Office, channel: str, language: str) -> None:
    user = arrive(office, LOCALES[language])
    case = open_case(office, channel, JAPANESE if language == "ja" else THAI, user)
    for act in (None, "claim", "reply"):
        if act == "claim":
            case.click("enquiry_claim", SATO)
        elif act == "reply":
            case.reply(SATO, "はい。")
        view = opened(office, user)
        view.blocks[0].pop("accessory")  # names each language in itself
        names = {"Asian", "Circular", "Cities", "Declaration", "City", "Yokohama", "channel", "mention"}
        assert set(latin_words(view.shown)) - names == set()


@pytest.mark.parametrize("language", SUPPORTED)
def test_it_is_short_in_every_language(office: Office, official: str, language: str) -> None:
    """A phone shows it without much scrolling: what it is, what to do next, what is known and kept."""
    Preferences(office.record.database).put(official, language=language)
    view = opened(office, official)
    assert [block["type"] for block in view.blocks[:2]] == ["section", "rich_text"]
    assert len(view.blocks) <= 6
    assert len(view.shown) < 1200


# The official's: questions to begin with


@pytest.mark.parametrize("language", ["en", "ja", "th"])
def test_a_question_that_is_pressed_is_answered_in_direct_messages(
    office: Office, corpus: Corpus, language: str
) -> None:
    workspace, user = office.workspace, arrive(office, LOCALES[language])
    view = opened(office, user)
    buttons = elements(view, r"ask_example:\d")
    known = {q for e in corpus.faq.entries if language in e.wordings for q in e.wordings[language].questions}
    assert len(buttons) == 4
    assert {button["value"] for button in buttons} <= known
    for button in buttons[:2]:
        before = len(direct(office, user))
        workspace.click(button["action_id"], user, view).wait_ack()
        workspace.wait_for(lambda before=before: len(direct(office, user)) == before + 2)  # type: ignore[misc]
        asked, answer = direct(office, user)[before:]
        assert button["value"] in asked.shown
        assert (asked.thread_ts, answer.thread_ts) == (None, asked.ts)
        assert quotes(answer)
        assert pings(asked) == []
    rows = office.rows(f"D{user}")
    assert [(row.user, row.question, row.private) for row in rows] == [
        (user, button["value"], False) for button in buttons[:2]
    ]
    assert {row.outcome for row in rows} <= {Outcome.ANSWERED, Outcome.NOT_STATED}
    assert {row.language for row in rows} == {language}


def test_a_follow_up_below_such_an_answer_is_understood_by_it(office: Office, official: str) -> None:
    workspace, view = office.workspace, opened(office, official)
    workspace.click("ask_example:1", official, view).wait_ack()
    workspace.wait_for(lambda: len(direct(office, official)) == 2)
    root = direct(office, official)[0]
    workspace.direct_message(official, "Who runs it?", thread_ts=root.ts)
    workspace.wait_for_reply(f"D{official}", root.ts, count=2)
    assert [row.thread for row in office.rows(f"D{official}")] == [root.ts] * 2


def test_where_the_faq_has_no_questions_in_a_language_it_says_how_to_ask(office: Office) -> None:
    view = opened(office, arrive(office, "ko-KR"))
    assert elements(view, "ask_example.*") == []
    assert len(view.blocks) > 2


# The language setting and replies


@pytest.mark.parametrize(
    ("question", "language"), [("CityNet", "th"), ("ICLEI Japan?", "th"), (ENGLISH, "en"), (JAPANESE, "ja")]
)
def test_the_setting_decides_the_replys_language_where_the_question_does_not_tell(
    office: Office, channel: str, official: str, question: str, language: str
) -> None:
    Preferences(office.record.database).put(official, language="th")
    office.ask(channel, question, official)
    assert office.row(channel).language == language


def test_without_a_setting_a_name_is_answered_in_english(office: Office, channel: str, official: str) -> None:
    office.ask(channel, "CityNet", official)
    assert office.row(channel).language == "en"


def test_what_cannot_be_a_question_is_met_in_the_language_that_is_set(
    office: Office, channel: str, official: str
) -> None:
    Preferences(office.record.database).put(official, language="ja")
    assert not latin_words(office.ask(channel, "", official).shown)


# The official's: open questions


def test_an_official_sees_how_far_their_question_is_and_where_it_stands(
    office: Office, channel: str, official: str
) -> None:
    assert "open questions" not in opened(office, official).shown
    case = open_case(office, channel, FEE, official)
    open_case(office, channel, ENGLISH, "U1")
    address = office.workspace.calls("chat.getPermalink")[-1].answer["permalink"].split("/p")[0]

    def seen() -> View:
        view = opened(office, official)
        ((words, url),) = links(view)
        assert words == FEE
        assert url.startswith(f"{address}/p")
        assert url.endswith(case.enquiry.thread.replace(".", ""))
        (date,) = [part for part in walk(view.blocks) if part.get("type") == "date"]
        assert date["timestamp"] == int(case.handover.since.timestamp())
        return view

    assert "waits for a person" in seen().shown
    case.click("enquiry_claim", SATO)
    case.settled()
    assert "a person is at it" in seen().shown
    case.reply(SATO, "There is none.").settled()
    assert "a person has replied" in seen().shown
    case.click("enquiry_resolve", official, case.said[-1])
    case.settled()
    assert links(opened(office, official)) == []


def test_a_private_question_is_listed_without_a_link(office: Office, channel: str, official: str) -> None:
    (reply,) = office.workspace.command("/declaration", FEE, official, channel).wait_replies()
    office.row(channel)
    office.workspace.click("ask_staff", official, reply).wait_ack()
    view = opened(office, official)
    assert FEE in view.shown
    assert links(view) == []


def test_markup_in_a_question_does_nothing_in_any_home(office: Office, channel: str, official: str) -> None:
    case = open_case(office, channel, FEE, official)
    with office.record.database.session() as session:  # as no text from Slack would be recorded
        session.execute(update(EnquiryRow).where(EnquiryRow.id == case.id).values(question=HOSTILE))
    office.workspace.add_user(official, HOSTILE)
    for user in (official, SATO):
        view = opened(office, user)
        assert HOSTILE in view.shown
        kinds = {"mrkdwn", "markdown", "user", "usergroup", "broadcast", "channel", "emoji"}
        assert [part for part in walk(view.blocks) if part.get("type") in kinds] == []
        assert [url for _, url in links(view) if "evil" in url] == []


def test_an_official_sees_nothing_of_what_staff_see(office: Office, channel: str, official: str) -> None:
    open_case(office, channel, FEE, "U1")
    view = opened(office, official)
    assert action_ids(view) == {"set_language", "ask_example"}
    assert FEE not in view.shown


# The queue


def test_staff_see_what_waits_the_oldest_first_with_the_buttons_of_the_card(office: Office, channel: str) -> None:
    replied, claimed, still_open = (open_case(office, channel, q) for q in (ENGLISH, FEE, JAPANESE))
    claimed.click("enquiry_claim", MORI)
    replied.reply(SATO, "Yokohama.").settled()
    view = opened(office, SATO)
    assert queue(view) == [claimed.id, still_open.id, replied.id]
    for case in (claimed, still_open, replied):
        own = {
            str(part["action_id"])
            for block in view.blocks
            if block["type"] == "actions"
            for part in block["elements"]
            if part.get("value") == case.id
        }
        assert own == {action for action in case.settled().card.action_ids if not action.startswith("ask_")}
        assert case.enquiry.question in view.shown
    shown = heading(view, "Queue")
    assert "Taken by Mori" in shown
    assert "Replied to by Sato" in shown
    urls = [part["url"] for part in elements(view, "open_thread")]
    assert all(channel in url for url in urls)
    assert len(urls) == 3


def test_the_queue_is_filtered_by_state_and_by_language_and_stays_so(office: Office, channel: str) -> None:
    english, japanese, thai = (open_case(office, channel, q) for q in (FEE, JAPANESE, THAI))
    japanese.click("enquiry_claim", MORI)
    japanese.settled()
    view = opened(office, SATO)
    assert menu(view, "queue_state") == (
        "all",
        {"all": "Every state (3)", "held": "In review (0)", "open": "Open (2)", "claimed": "Taken (1)",
         "replied": "Replied to (0)"},
    )  # fmt: skip
    assert menu(view, "queue_language")[1] == {
        "all": "Every language (3)", "en": "English (1)", "ja": "Japanese (1)", "th": "Thai (1)",
    }  # fmt: skip
    view = pressed(office, SATO, view, "queue_state", "open")
    assert queue(view) == [english.id, thai.id]
    view = pressed(office, SATO, view, "queue_language", "th")
    assert queue(view) == [thai.id]
    assert queue(opened(office, SATO)) == [thai.id]
    assert queue(opened(office, MORI)) == [english.id, japanese.id, thai.id]
    thai.click("enquiry_resolve", MORI)
    view = opened(office, SATO)
    assert queue(view) == []
    assert "Nothing here is as chosen above" in view.shown
    assert menu(view, "queue_language")[0] == "th"
    view = pressed(office, SATO, view, "queue_language", "all")
    assert queue(view) == [english.id]


def test_a_reply_that_waits_for_review_is_in_the_queue_and_is_not_sent_unseen(
    office: Office, channel: str, official: str
) -> None:
    Channels(office.record.database).put(
        BOSS, ChannelRow(channel=channel, every_question=False, private=False, review_below=EVERYTHING, language=None)
    )
    office.ask(channel, ENGLISH, official)
    view = opened(office, SATO)
    assert menu(view, "queue_state")[1]["held"] == "In review (1)"
    assert ENGLISH in heading(view, "Queue")
    assert elements(view, cards.REPLY_SEND) == []
    (review,) = elements(view, cards.REPLY_EDIT)
    assert review["value"] == office.row(channel).id
    own = opened(office, official)
    assert "a person looks at the answer" in own.shown
    assert [words for words, _ in links(own)] == [ENGLISH]
    view = pressed(office, SATO, view, cards.REPLY_EDIT)
    form = office.workspace.modal(SATO)
    assert form
    after(office, SATO, lambda: office.workspace.submit_view(form, SATO, {}).wait_ack())
    office.workspace.wait_for(lambda: office.row(channel).status == "replied")
    assert "Nothing waits" in heading(opened(office, SATO), "Queue")
    assert links(opened(office, official)) == []


def test_staff_who_set_japanese_see_their_part_in_japanese(office: Office, channel: str) -> None:
    open_case(office, channel, JAPANESE)
    asked = [row.question for row in office.record.all()]
    for user in (SATO, BOSS):
        Preferences(office.record.database).put(user, language="ja")
        view = opened(office, user)
        view.blocks[0].pop("accessory")
        assert latin_words(view.shown, asked) == []


def test_without_anything_to_do_it_says_so(office: Office) -> None:
    view = opened(office, SATO)
    assert "Nothing waits for a person" in heading(view, "Queue")
    assert queue(view) == []


def test_an_enquiry_is_taken_replied_to_and_closed_from_the_home(office: Office, channel: str, official: str) -> None:
    workspace, case = office.workspace, open_case(office, channel, FEE, official)
    view = opened(office, SATO)
    view = pressed(office, SATO, view, "enquiry_claim", case.id)
    assert (case.settled().state, case.handover.holder) == (State.CLAIMED, SATO)
    assert "Taken by Sato" in view.shown
    view = pressed(office, SATO, view, "enquiry_release", case.id)
    assert case.settled().state == State.OPEN
    view = pressed(office, SATO, view, "enquiry_reply", case.id)
    assert "Taken by Sato" in view.shown
    form = workspace.modal(SATO)
    assert form
    view = after(office, SATO, lambda: workspace.submit_view(form, SATO, {"reply_text": "No fee."}).wait_ack())
    assert "Replied to by Sato" in view.shown
    assert case.settled().steps == ["asked", "claimed", "reply"]
    view = pressed(office, SATO, view, "enquiry_resolve", case.id)
    assert case.settled().state == State.RESOLVED
    assert queue(view) == []
    assert direct(office, SATO) == []


def test_who_comes_too_late_is_told_in_direct_messages_and_sees_how_things_are(office: Office, channel: str) -> None:
    case = open_case(office, channel, FEE)
    stale = opened(office, MORI)
    case.click("enquiry_claim", SATO)
    before = len(direct(office, MORI))
    view = pressed(office, MORI, stale, "enquiry_claim", case.id)
    (told,) = direct(office, MORI)[before:]
    assert "Sato has this enquiry" in told.shown
    assert pings(told) == []
    assert case.settled().handover.holder == SATO
    assert elements(view, "enquiry_claim") == []
    assert "Taken by Sato" in view.shown


def test_who_is_not_staff_can_do_nothing_with_a_home_of_staff(office: Office, channel: str, official: str) -> None:
    case = open_case(office, channel, FEE)
    view = opened(office, SATO)
    for number, (action, value) in enumerate(
        [("enquiry_claim", case.id), ("enquiry_reply", case.id), ("enquiry_resolve", case.id), ("queue_state", "open")],
        1,
    ):
        seen = pressed(office, official, view, action, value)
        assert len(direct(office, official)) == number
        assert "Only staff" in direct(office, official)[-1].shown
        assert action_ids(seen) == {"set_language", "ask_example"}
    assert case.settled().state == State.OPEN
    assert Preferences(office.record.database).of(official).queue_state is None


def test_the_longest_queue_and_the_longest_questions_fit(office: Office, channel: str, official: str) -> None:
    """Ten are shown of many, with a word of the rest; an official sees their latest five."""
    cases = []
    for number in range(30):
        question = f"{number} " + "เมืองของเราจะเข้าร่วมได้อย่างไร" * 60
        enquiry = office.record.receive(
            channel=channel, ts=f"{number}", thread=f"{number}", user=official, question=question, private=True
        )
        assert enquiry is not None
        office.record.failed(enquiry, "to be handed over")
        row = HandoverRow(
            enquiry_id=enquiry, state=State.OPEN, since=now(), asked_by=official, asked_at=now(), version=1
        )
        with office.record.database.session() as session:  # without cards, which would keep the courier busy for long
            session.add(row)
        cases.append(enquiry)
    view = opened(office, BOSS)
    assert queue(view) == cases[:10]
    assert "and 20 more" in view.shown
    assert len(view.blocks) <= 60
    own = opened(office, official)
    assert "and 25 more" in own.shown
    assert [str(number) in own.shown for number in (29, 25)] == [True, True]
    assert len(own.blocks) <= 9


# The week, and translations


def test_staff_see_what_the_week_brought_and_what_nobody_could_answer(
    workspace: Workspace, bot: BotProcess, environment: dict[str, str]
) -> None:
    furnish(workspace)
    questions = [(ENGLISH, "U1"), (FEE, "U1"), ("参加費用はいくらですか？", "U2"), ("How do I bake bread?", "U2")]
    for question, user in (*questions, ("What is CityNet?", "U3")):
        workspace.wait_for_reply(CHANNEL, workspace.mention(CHANNEL, user, question))
    record = open_record(f"sqlite:///{environment['DESK_DATA_DIR']}/desk.sqlite3")
    workspace.wait_for(lambda: all(row.replied_at for row in record.all()))
    with record.database.session() as session:  # what was asked in an older week is not counted
        old = update(EnquiryRow).where(EnquiryRow.user == "U3")
        session.execute(old.values(received_at=now() - timedelta(days=8)))
    record.close()
    workspace.open_home(SATO)

    def counted() -> View | None:
        home = workspace.home(SATO)
        return home if home and "Enquiries: " in home.shown else None

    view = workspace.wait_for(counted)
    assert "Enquiries: 4" in view.shown
    shown = heading(view, "The last seven days")
    assert "answered 1 · the documents are silent 2 · found nothing 1" in shown
    assert "People who asked: 2" in shown
    assert "English 3 · Japanese 1" in shown
    assert "Joining 2" in shown
    missing = heading(view, "Nobody could answer")
    assert re.search(f"2 × (“{re.escape(FEE)}”|「参加費用はいくらですか？」) · English, Japanese", missing)
    assert "1 × “How do I bake bread?” · English" in missing
    assert ENGLISH not in missing


def test_staff_see_which_translations_wait_for_review(office: Office, corpus: Corpus) -> None:
    shown = heading(opened(office, SATO), "FAQ: translations to review")
    thai = [e for e in corpus.faq.entries if "th" in e.wordings and e.wordings["th"].review == "unreviewed"]
    assert f"Thai {len(thai)}" in shown
    assert "Japanese" not in shown
    for entry in thai[:3]:
        assert f"FAQ {entry.number} “{entry.wordings['en'].questions[0]}”" in shown
    assert f"and {len(thai) - 3} more" in shown


# The index


def test_admins_see_which_documents_answer_and_in_which_version(office: Office, corpus: Corpus) -> None:
    shown = heading(opened(office, BOSS), "Index and documents")
    assert current(office) in shown
    for reading in corpus.readings:
        assert f"version {reading.sha256[:8]}" in shown
    (release,) = [line for line in shown.splitlines() if line.startswith("Press release")]
    assert "City of Yokohama · official · Japanese · November 2025" in release
    assert "Age" in shown
    assert "Last evaluation" in shown


def test_only_admins_see_the_index_and_may_change_it(office: Office) -> None:
    view = opened(office, BOSS)
    assert {"index_refresh"} <= action_ids(view)
    assert {"index_refresh", "index_rollback"} & action_ids(opened(office, SATO)) == set()
    before = current(office)
    seen = pressed(office, SATO, view, "index_refresh")
    assert "Only admins" in direct(office, SATO)[-1].shown
    assert "Index and documents" not in seen.shown
    assert current(office) == before


def test_an_admin_rolls_back_from_the_home_and_sees_it_there(office: Office) -> None:
    with rolled_back(office) as old:
        office.run("index", "build", "--force")
        new = current(office)
        view = opened(office, BOSS)
        assert new in heading(view, "Index and documents")
        (button,) = elements(view, "index_rollback")
        assert button["value"] == old
        assert old in button["confirm"]["text"]["text"]
        view = pressed(office, BOSS, view, "index_rollback")
        assert old in heading(view, "Index and documents")
        assert old in direct(office, BOSS)[-1].shown


# When something fails


def test_a_home_that_fails_says_so_with_a_number_for_staff(office: Office) -> None:
    user = arrive(office, "ja-JP")
    office.workspace.fail_next("views.publish", status=200, error="internal_error")
    view = opened(office, user)
    (number,) = re.findall(r"\b[0-9a-f]{8}\b", view.shown)
    assert number in office.bot.log()
    assert not latin_words(view.shown)
    assert "set_language" in action_ids(opened(office, user))
