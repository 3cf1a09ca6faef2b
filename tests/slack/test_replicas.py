"""Several bots on one database, SQLite's file or a PostgreSQL server: they share the work and do nothing twice."""

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from assistant.enquiries import REPLIED, Record, open_record
from assistant.handover import State
from tests.conftest import Command
from tests.slack.conftest import CHANNEL, StartBot, enquiry_of, explained
from tests.slack.staff import (
    MORI,
    NAMES,
    SATO,
    SETTINGS,
    STAFF_CHANNEL,
    Case,
    furnish,
    is_answer,
    lapse,
)
from tests.slack.test_bot import ENGLISH
from tests.slack.workspace import Interaction, Workspace

UNKNOWN = "What is the joining fee?"
ANSWER = "There is none."


@pytest.fixture
def environment(environment: dict[str, str], database_url: str) -> dict[str, str]:
    return {**environment, **SETTINGS, "DESK_DATABASE_URL": database_url}


@pytest.fixture
def record(database_url: str) -> Iterator[Record]:
    made = open_record(database_url)
    yield made
    made.close()


def replies(workspace: Workspace, asked: list[str]) -> list[int]:
    """How many replies each question of the channel has."""
    return [len([m for m in workspace.messages(CHANNEL, ts) if is_answer(m)]) for ts in asked]


def test_a_new_generation_reaches_every_bot_between_two_questions(
    workspace: Workspace, start_bot: StartBot, record: Record, command: Command
) -> None:
    def ask_all() -> set[str | None]:
        """Ask until both bots have answered; the generations that did."""
        threads = [workspace.mention(CHANNEL, f"U{number}", ENGLISH) for number in range(8)]
        for ts in threads:
            workspace.wait_for_reply(CHANNEL, ts)
        workspace.wait_for(lambda: all(row.status == REPLIED for row in record.all()))
        return {row.generation for row in record.all()[-8:]}

    with explained(start_bot(workspace)), explained(start_bot(workspace)):
        (old,) = ask_all()
        built = command("index", "build", "--force")
        assert built.returncode == 0, built.stderr
        (new,) = ask_all()
        assert new != old


def test_what_a_bot_that_is_killed_had_in_hand_another_answers_once(
    workspace: Workspace, start_bot: StartBot, record: Record
) -> None:
    first, second = start_bot(workspace), start_bot(workspace)
    workspace.slow("chat.postMessage", 0.3)
    with explained(second), ThreadPoolExecutor(10) as people:
        asked = list(people.map(lambda n: workspace.mention(CHANNEL, f"U{n}", ENGLISH), range(40)))
        workspace.wait_for(lambda: len(record.all()) == 40, what="all to be on record")
        first.process.kill()
        first.process.wait()
        workspace.slow("chat.postMessage", 0)
        in_hand = [row for row in record.all() if row.status != REPLIED]
        assert in_hand
        lapse(record)
        for ts in asked:
            workspace.wait_for_reply(CHANNEL, ts)
        workspace.wait_for(lambda: all(row.status == REPLIED for row in record.all()), what="all to be replied to")
    workspace.settle(0.5)
    assert replies(workspace, asked) == [1] * 40


@pytest.mark.parametrize("ahead", [3600, -3600])
def test_a_bot_whose_clock_is_wrong_takes_nothing_out_of_anothers_hands(
    workspace: Workspace, start_bot: StartBot, record: Record, ahead: float
) -> None:
    """While the replies take as long as several looks at what is abandoned."""
    right, other = start_bot(workspace), start_bot(workspace, clock_ahead=ahead)
    workspace.slow("chat.postMessage", 8)
    people = [f"U{number}" for number in range(6)]
    with explained(right), explained(other):
        asked = {user: workspace.direct_message(user, ENGLISH) for user in people}  # of which Slack tells in turn
        for user, ts in asked.items():
            workspace.wait_for_reply(workspace.dm(user), ts)
        workspace.wait_for(lambda: all(row.status == REPLIED for row in record.all()), what="all to be replied to")
        moments = sorted(row.received_at for row in record.all())
        assert (moments[-1] - moments[0]).total_seconds() > 3000, "both bots have had some"
    workspace.settle(0.5)
    assert [len([m for m in workspace.messages(workspace.dm(user)) if is_answer(m)]) for user in people] == [1] * 6


def test_of_fifty_handovers_that_two_people_take_at_the_same_moment_each_has_one_winner(
    workspace: Workspace, start_bot: StartBot, record: Record
) -> None:
    """Two bots, one database, two hundred questions; every state is seen, and nothing is said twice."""
    furnish(workspace)
    first, second = start_bot(workspace), start_bot(workspace)
    places = [workspace.add_channel(f"C0TOWN{number}") for number in range(10)]
    with explained(first), explained(second), ThreadPoolExecutor(16) as people:
        asked = [(places[number % 10], f"U{number}") for number in range(200)]
        threads = list(people.map(lambda each: workspace.mention(each[0], each[1], UNKNOWN), asked))
        replies = [
            workspace.wait_for_reply(channel, ts, timeout=60)[0]
            for (channel, _), ts in zip(asked, threads, strict=True)
        ]
        workspace.wait_for(lambda: all(row.status == REPLIED for row in record.all()))
        cases = [Case(workspace, record, enquiry_of(reply)) for reply in replies[:50]]

        def at_once(act: Callable[[Case, str], Any], users: Callable[[Case], tuple[str, str]]) -> list[list[Any]]:
            """Two people do the same at the same moment, for each handover."""

            def both(case: Case) -> list[Any]:
                gate = threading.Barrier(2)

                def one(user: str) -> Any:
                    gate.wait(10)
                    return act(case, user)

                with ThreadPoolExecutor(2) as two:
                    return list(two.map(one, users(case)))

            return list(people.map(both, cases))

        by_id = {enquiry_of(reply): reply for reply in replies}
        clicks = at_once(
            lambda case, user: workspace.click("ask_staff", user, by_id[case.id]),
            lambda case: (case.enquiry.user, "U0OTHER"),
        )
        _all_acknowledged(clicks)
        workspace.wait_for(lambda: all(case.handovers.get(case.id) for case in cases), what="50 handovers")
        assert [case.settled(40).state for case in cases] == [State.OPEN] * 50

        cards = {case.id: case.card for case in cases}
        clicks = at_once(
            lambda case, user: workspace.click("enquiry_claim", user, cards[case.id]), lambda _: (SATO, MORI)
        )
        _all_acknowledged(clicks)
        workspace.wait_for(lambda: all(case.state == State.CLAIMED for case in cases), what="50 winners")
        assert [case.settled(40).state for case in cases] == [State.CLAIMED] * 50
        for case, pair in zip(cases, clicks, strict=True):
            winner = case.handover.holder
            assert winner in (SATO, MORI)
            won, lost = pair if winner == SATO else pair[::-1]
            (told,) = lost.wait_replies()
            assert NAMES[winner] in told.shown
            assert won.replies == []

        for case in cases:
            winner = str(case.handover.holder)
            assert NAMES[winner] in case.refused("enquiry_reply", MORI if winner == SATO else SATO)
            form = case.form(winner)
            with ThreadPoolExecutor(2) as hands:
                send = lambda _, form=form, user=winner: workspace.submit_view(form, user, {"reply_text": ANSWER})  # noqa: E731
                sent = list(hands.map(send, range(2)))
            assert [each.wait_ack() for each in sent] == [{}, {}]
        assert [case.settled(40).state for case in cases] == [State.REPLIED] * 50
        assert [case.steps for case in cases] == [["asked", "claimed", "reply"]] * 50

        ends = {case.id: case.said[-1] for case in cases}
        clicks = at_once(
            lambda case, user: workspace.click("enquiry_resolve", user, ends[case.id]),
            lambda case: (case.enquiry.user, str(case.handover.holder)),
        )
        _all_acknowledged(clicks)
        workspace.wait_for(lambda: all(case.state == State.RESOLVED for case in cases), what="50 closed")
        assert [case.settled(40).state for case in cases] == [State.RESOLVED] * 50
        assert [case.steps for case in cases] == [["asked", "claimed", "reply", "resolved"]] * 50
    assert len(record.all()) == 200
    assert len([m for place in places for m in workspace.messages(place) if m.from_bot and is_answer(m)]) == 200
    assert len([m for m in workspace.messages(STAFF_CHANNEL) if m.from_bot]) == 50
    assert (workspace.refusals, workspace.problems, workspace.unacknowledged) == ([], [], [])


def _all_acknowledged(clicks: list[list[Interaction]]) -> None:
    for click in itertools.chain.from_iterable(clicks):
        click.wait_ack()
