"""Admins run the index from Slack: refresh, roll back, status, log; and no stop of the bot costs what was decided."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from assistant.audit import Audit, AuditRow
from assistant.forgetting import forget
from assistant.holdings import SOMEONE
from assistant.models import Outcome
from assistant.staff_faq import StaffFaq
from corpus.faq import Wording
from tests.assistant.test_gate import put_questions_under_other_answers
from tests.conftest import Small
from tests.slack.brief import own
from tests.slack.conftest import BotProcess, Office, explained, opened_office, quotes
from tests.slack.reports import ENDS, PATIENCE, current, generation_in, is_report, report
from tests.slack.staff import BOSS, MORI, SATO, SETTINGS, STAFF_CHANNEL, furnish, open_case, staffed
from tests.slack.test_documents import LANTERN, QUESTION, send
from tests.slack.test_staff_faq import faq_form, kept, save
from tests.slack.workspace import Message, pings

CHIEF = "U0CHIEF"
"""Another admin."""
OFFICIAL = "U5"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {**SETTINGS, "DESK_ADMINS": f"{BOSS},{CHIEF}"}


@pytest.fixture(scope="module")
def at_hand(brief: Small, tmp_path_factory: pytest.TempPathFactory) -> Small:
    return own(brief, tmp_path_factory.mktemp("brief"))


@pytest.fixture(scope="module", autouse=True)
def staff_room(office: Office) -> Iterator[None]:
    with staffed(office, CHIEF, OFFICIAL):
        office.workspace.add_user(CHIEF, "Chief")
        yield


@pytest.fixture(autouse=True)
def as_before(office: Office, brief: Small, at_hand: Small) -> Iterator[None]:
    """Each test begins with the corpus folder, the generation and the FAQ that the first one found."""
    before = current(office)
    yield
    shutil.rmtree(at_hand.documents)
    shutil.copytree(brief.documents, at_hand.documents)
    staff_faq = StaffFaq(office.record.database)
    for entry in staff_faq.approved("Asia/Tokyo").entries:
        staff_faq.retire(entry.id, by=BOSS, name="Boss")
    (office.data / "index" / "CURRENT").write_text(before)
    for name in _ids(office):
        if name > before:
            shutil.rmtree(office.data / "index" / "generations" / name)


def command(office: Office, word: str, user: str = BOSS) -> Message:
    """A word after the slash command; what that person alone is told."""
    given = office.workspace.command("/declaration", word, user, "C1")
    given.wait_ack()
    (told,) = given.wait_replies()
    assert told.ephemeral_to == user
    return told


def reports(office: Office, user: str = BOSS) -> list[Message]:
    """Of builds, in somebody's direct messages."""
    return [m for m in office.workspace.messages(f"D{user}") if is_report(m)]


def refreshed(office: Office, user: str = BOSS, order: Callable[[], object] | None = None) -> Message:
    """Refresh the index, or do what leads to it; the report, once it tells of the end."""
    before = len(reports(office, user))
    if order is None:
        assert "direct messages" in command(office, "refresh", user).shown
    else:
        order()

    def ended() -> Message | None:
        new = reports(office, user)[before:]
        return new[0] if new and ENDS.search(new[0].shown) else None

    with explained(office.bot):
        return office.workspace.wait_for(ended, PATIENCE, "the end of a refresh")


def pressed(office: Office, action_id: str, message: Message, user: str = BOSS, value: str | None = None) -> Message:
    """Press a button; what that person alone is told."""
    click = office.workspace.click(action_id, user, message, value)
    click.wait_ack()
    (told,) = click.wait_replies()
    assert told.ephemeral_to == user
    return told


def put(documents: Path, name: str = "lantern", text: str = LANTERN) -> None:
    """A document in the corpus folder, as an operator would put it there."""
    (documents / f"{name}.md").write_text(text, encoding="utf-8")
    entry = f'\n[[document]]\nid = "{name}"\nfile = "{name}.md"\nkind = "other"\nauthority = "official"\n'
    with (documents / "catalogue.toml").open("a", encoding="utf-8") as catalogue:
        catalogue.write(f'{entry}title = "The Lantern Fund"\nlanguage = "en"\n')


def approve(office: Office, question: str, answer: str, enquiry: str = "aaaa0001") -> int:
    """An FAQ entry in the record; its number."""
    wordings = {"en": Wording(questions=(question,), answer=answer)}
    return StaffFaq(office.record.database).save(enquiry, wordings, instead_of=None, by=SATO, name="Sato").number


def log(office: Office, count: int) -> list[AuditRow]:
    return Audit(office.record.database).latest(count)


# Status, log, and who may


def test_everybody_sees_which_index_answers_and_staff_what_waits(office: Office, channel: str) -> None:
    open_case(office, channel, "What is the joining fee?", OFFICIAL)
    case = open_case(office, channel, "Which city was the second to sign?", OFFICIAL)
    case.click("enquiry_claim", SATO)
    told = {user: command(office, "status", user).shown for user in (OFFICIAL, SATO, BOSS)}
    assert all(current(office) in text for text in told.values())
    assert all("6 documents" in text for text in told.values())
    assert "open" not in told[OFFICIAL]
    assert re.search(r"\b1 open, 1 taken", told[SATO])
    assert told[BOSS] == told[SATO]


@pytest.mark.parametrize("user", [OFFICIAL, SATO])
@pytest.mark.parametrize("word", ["refresh", "rollback", "log", "Refresh", "ROLLBACK "])
def test_others_are_told_kindly_that_this_is_for_admins(office: Office, word: str, user: str) -> None:
    before, messages = current(office), len(office.workspace.messages(f"D{user}"))
    told = command(office, word, user)
    assert "Only admins" in told.shown
    assert told.action_ids == []
    office.workspace.settle(0.3)
    assert current(office) == before
    assert len(office.workspace.messages(f"D{user}")) == messages
    assert reports(office, user) == []


def test_the_log_tells_who_did_what_newest_first(office: Office, channel: str) -> None:
    office.workspace.add_user("U0LOUD", "<!here> *Loud*")
    Audit(office.record.database).log("U0LOUD", "shout", "nothing", "line one\nline two")
    case = open_case(office, channel, "What is the joining fee?", OFFICIAL)
    case.click("enquiry_claim", MORI)
    told = command(office, "log")
    lines = told.shown.splitlines()
    assert [line.split(" · ")[1:3] for line in lines[:3]] == [
        ["Mori", "claim"], [OFFICIAL.lower(), "ask_staff"], ["<!here> *Loud*", "shout"],
    ]  # fmt: skip
    assert re.match(r"\d+ \w{3} \d{4} \d\d:\d\d · ", lines[0])
    assert case.id in lines[0]
    assert "line two" not in told.shown
    assert pings(told) == []
    for number in range(30):
        Audit(office.record.database).log(BOSS, "count", f"{number} " + "很长" * 50, "长" * 500)
    lines = command(office, "log").shown.splitlines()
    assert len(lines) == 20
    assert " 29 " in f" {lines[0].split(' · ')[3]} "


# Refresh


def test_a_refresh_with_nothing_new_says_so(office: Office) -> None:
    before, logged = current(office), log(office, 1)
    report = refreshed(office)
    assert report.shown == f"Nothing has changed: generation {before} holds it all."
    assert report.action_ids == []
    assert current(office) == before
    assert [row.id for row in log(office, 1)] == [row.id for row in logged]


def test_a_refresh_takes_up_what_is_new_and_its_button_takes_it_back(
    office: Office, channel: str, at_hand: Small
) -> None:
    before, old = current(office), office.ask(channel, QUESTION)
    put(at_hand.documents)
    report = refreshed(office)
    generation = generation_in(report)
    assert generation == current(office) != before
    assert "lantern: +2 ~0 −0 passages" in report.shown
    assert [quote for quote in quotes(office.ask(channel, QUESTION)) if "fifty thousand" in quote]
    assert (log(office, 1)[0].user, log(office, 1)[0].action, log(office, 1)[0].subject) == (
        BOSS,
        "refresh",
        generation,
    )

    told = pressed(office, "index_rollback", report)
    assert f"Generation {before} answers now, until somebody builds again." in told.shown
    assert "lantern: +2 ~0 −0 passages" in told.shown
    assert current(office) == before
    assert office.ask(channel, QUESTION).shown == old.shown
    assert (log(office, 1)[0].action, log(office, 1)[0].subject) == ("rollback", before)
    said = f"Boss rolled back: generation {before} answers now, until somebody builds again."
    after = office.workspace.wait_for(
        lambda: next((m for m in reports(office) if said in m.shown), None), what="the thread to say so"
    )
    assert after.ts == report.ts
    assert after.shown == report.shown.removesuffix("Roll back") + said
    assert after.action_ids == []

    again = refreshed(office)  # the documents stayed in the catalogue
    assert generation_in(again) > generation
    assert [quote for quote in quotes(office.ask(channel, QUESTION)) if "fifty thousand" in quote]


def test_two_admins_who_refresh_at_once_are_told_each(office: Office, at_hand: Small) -> None:
    put(at_hand.documents)
    before = {user: len(reports(office, user)) for user in (BOSS, CHIEF)}
    for user in (BOSS, CHIEF):
        command(office, "refresh", user)

    def both() -> bool:
        new = [reports(office, user)[before[user] :] for user in (BOSS, CHIEF)]
        return all(len(told) == 1 and ENDS.search(told[0].shown) for told in new)

    office.workspace.wait_for(both, PATIENCE, "both reports")
    one, other = (reports(office, user)[-1] for user in (BOSS, CHIEF))
    assert generation_in(one) == generation_in(other) == current(office)
    assert "Nothing has changed" in other.shown


def test_questions_are_answered_while_the_index_is_built(office: Office, channel: str, at_hand: Small) -> None:
    before = current(office)
    put(at_hand.documents)
    begun = len(reports(office))
    command(office, "refresh")
    office.workspace.wait_for(lambda: len(reports(office)) > begun)
    reply = office.ask(channel, "Which city signed first?")
    assert "Yokohama" in reply.shown
    assert office.rows(channel)[-1].generation == before
    assert not ENDS.search(reports(office)[-1].shown), "the build was over before the question"
    office.workspace.wait_for(lambda: ENDS.search(reports(office)[-1].shown), PATIENCE)


def test_an_admin_who_is_forgotten_while_a_build_runs_stays_forgotten(office: Office, at_hand: Small) -> None:
    put(at_hand.documents)
    begun = len(reports(office, CHIEF))
    command(office, "refresh", CHIEF)
    office.workspace.wait_for(lambda: len(reports(office, CHIEF)) > begun)
    forget(office.record.database, CHIEF)
    assert not ENDS.search(reports(office, CHIEF)[-1].shown), "the build was over before they were forgotten"
    office.workspace.wait_for(lambda: ENDS.search(reports(office, CHIEF)[-1].shown), PATIENCE)
    latest = log(office, 1)[0]
    assert (latest.user, latest.action, latest.subject) == (SOMEONE, "refresh", current(office))


@pytest.mark.parametrize("harm", ["catalogue", "file", "faq"])
def test_a_corpus_that_cannot_be_read_changes_nothing(office: Office, channel: str, at_hand: Small, harm: str) -> None:
    before, logged = current(office), len(office.bot.log())
    if harm == "catalogue":
        (at_hand.documents / "catalogue.toml").write_text("[[document]]\nid = 'x'\n")
    elif harm == "file":
        (at_hand.documents / "press-release.ja.txt").unlink()
    else:
        (at_hand.documents / "faq" / "en.toml").write_text("entries = 3")
    report = refreshed(office)
    assert "The index stays as it was: " in report.shown
    assert {"catalogue": "catalogue.toml", "file": "press-release", "faq": "en.toml"}[harm] in report.shown
    assert report.action_ids == []
    assert current(office) == before
    assert "Yokohama" in office.ask(channel, "Which city signed first?").shown
    assert "Traceback" not in office.bot.log()[logged:]


@pytest.mark.parametrize(
    "fault",
    [{"status": 429, "retry_after": 1, "times": 2}, {"status": 500, "garbage": True, "times": 4},
     {"status": 200, "error": "internal_error", "times": 2}],
    ids=["rate limit", "garbage", "error"],
)  # fmt: skip
def test_how_a_build_ended_is_told_though_slack_takes_no_word_for_a_while(
    office: Office, at_hand: Small, fault: dict[str, int | bool | str]
) -> None:
    put(at_hand.documents)
    office.workspace.fail_next("chat.update", **fault)  # type: ignore[arg-type]
    assert generation_in(refreshed(office)) == current(office)
    assert len([call for call in office.workspace.calls("chat.update") if call.injected]) >= int(fault["times"])


def test_where_the_admin_cannot_be_written_to_they_are_told_at_once(office: Office) -> None:
    before = len(reports(office))
    office.workspace.fail_next("conversations.open", 200, "internal_error")
    told = command(office, "refresh")
    assert re.search(r"\b[0-9a-f]{8}\b", told.shown)
    office.workspace.settle(0.5)
    assert len(reports(office)) == before


# Rollback


def test_before_going_back_one_sees_what_that_would_change(office: Office, channel: str, at_hand: Small) -> None:
    before = current(office)
    put(at_hand.documents)
    number = approve(office, "Who lights the lantern?", "The keeper does.")
    after = generation_in(refreshed(office))
    assert office.ask(channel, "Who lights the lantern?").shown.startswith("The keeper does.")

    shown = command(office, "rollback")
    assert f"Going back to generation {before} would change:" in shown.shown
    assert "lantern: +0 ~0 −2 passages" in shown.shown
    assert "faq: +0 ~0 −1 entries" in shown.shown
    assert f"It lacks these FAQ entries: FAQ {number}" in shown.shown
    assert "It lacks these documents: lantern" in shown.shown
    assert "again" not in shown.shown
    assert "the next build brings them back" in shown.shown
    assert shown.action_ids == ["index_rollback"]
    assert current(office) == after
    office.workspace.settle(0.3)

    told = pressed(office, "index_rollback", shown)
    assert f"Generation {before} answers now" in told.shown
    assert "lantern: +2 ~0 −0 passages" in told.shown
    assert "faq: +1 ~0 −0 entries" in told.shown
    assert current(office) == before
    assert not office.ask(channel, "Who lights the lantern?").shown.startswith("The keeper does.")


def test_before_and_after_going_back_what_was_taken_out_and_answers_again_is_named(
    office: Office, at_hand: Small
) -> None:
    number = approve(office, "Who lights the lantern?", "The keeper does.")
    put(at_hand.documents)
    older = generation_in(refreshed(office))
    StaffFaq(office.record.database).retire("staff-aaaa0001", by=SATO, name="Sato")
    office.run("corpus", "retire", "lantern")
    report = refreshed(office)
    again = (
        f"It answers again with these FAQ entries, which rest or were taken out: FAQ {number}",
        "It quotes these documents again, which were taken out: lantern",
    )
    shown = command(office, "rollback").shown
    assert f"Going back to generation {older} would change:" in shown
    assert [line for line in again if line not in shown] == []
    assert "It lacks" not in shown
    told = pressed(office, "index_rollback", report).shown
    assert [line for line in again if line not in told] == []


def test_documents_that_the_index_lacks_after_a_rollback_are_marked(office: Office, at_hand: Small) -> None:
    def lines() -> dict[str, str]:
        shown = command(office, "documents").shown.splitlines()
        return {line.split(" · ")[1]: line for line in shown if " · " in line}

    put(at_hand.documents)
    report = refreshed(office)
    assert lines().keys() > {"lantern", "press-release"}
    assert "index" not in "".join(lines().values())
    pressed(office, "index_rollback", report)
    marked = [line for line in lines().values() if "⚠️" in line]
    assert marked == ["The Lantern Fund · lantern · English · official · ⚠️ not in the index that answers now"]

    catalogue = at_hand.documents / "catalogue.toml"
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace('id = "press-release"',
                         'id = "press-release"\nreplaced = 2026-01-01'), encoding="utf-8")  # fmt: skip
    assert lines()["press-release"].endswith("⚠️ the index that answers now has it as it was before")


def test_before_the_first_generation_there_is_nothing(office: Office) -> None:
    assert current(office) == min(_ids(office))
    told = command(office, "rollback")
    assert "nothing to go back to" in told.shown
    assert told.action_ids == []


def test_a_damaged_generation_is_not_gone_back_to(office: Office, at_hand: Small) -> None:
    before = current(office)
    put(at_hand.documents)
    after = generation_in(refreshed(office))
    shown = command(office, "rollback")
    passages = office.data / "index" / "generations" / before / "passages.jsonl"
    content = passages.read_bytes()
    passages.unlink()  # it may be a link to a file that other tests read
    passages.write_bytes(content[:-100])
    try:
        told = pressed(office, "index_rollback", shown)
        assert "Nothing was changed" in told.shown
        assert "passages.jsonl does not match its digest" in told.shown
        assert current(office) == after
        told = command(office, "rollback")
        assert "nothing to go back to" in told.shown
        assert "passages.jsonl does not match its digest" in told.shown
        assert told.action_ids == []
    finally:
        passages.write_bytes(content)


def test_of_two_who_roll_back_at_once_one_does_it(office: Office, at_hand: Small) -> None:
    before = current(office)
    put(at_hand.documents)
    report = refreshed(office)
    with ThreadPoolExecutor(2) as pool:  # two screens, one moment
        clicks = list(pool.map(lambda user: office.workspace.click("index_rollback", user, report), (BOSS, CHIEF)))
    told = sorted(click.wait_replies()[0].shown.splitlines()[0] for click in clicks)
    assert told == [
        f"Generation {before} answers already.",
        f"Generation {before} answers now, until somebody builds again.",
    ]
    assert [row.action for row in log(office, 2)] == ["rollback", "refresh"]


def test_a_stale_rollback_button_says_how_things_are(office: Office, at_hand: Small) -> None:
    first = current(office)
    put(at_hand.documents)
    report = refreshed(office)
    pressed(office, "index_rollback", report)
    assert f"Generation {first} answers already." in pressed(office, "index_rollback", report).shown
    assert current(office) == first

    put(at_hand.documents, "lamp", LANTERN.replace("Lantern", "Lamp"))
    newer = refreshed(office)  # its button leads back to what answered before it was built
    third = generation_in(newer)
    assert f"Generation {first} answers now" in pressed(office, "index_rollback", newer).shown
    (office.data / "index" / "CURRENT").write_text(third)
    generations = office.data / "index" / "generations"
    (generations / first).rename(generations / "aside")
    try:
        told = pressed(office, "index_rollback", report).shown
        assert "Nothing was changed" in told
        assert f"no generation '{first}'" in told
        assert current(office) == third
    finally:
        (generations / "aside").rename(generations / first)


@pytest.mark.parametrize("user", [SATO, OFFICIAL])
def test_the_buttons_of_a_report_are_for_admins(office: Office, at_hand: Small, user: str) -> None:
    put(at_hand.documents)
    report = refreshed(office)
    assert "Only admins" in pressed(office, "index_rollback", report, user).shown
    assert current(office) == generation_in(report)
    shown = command(office, "rollback")
    assert shown.action_ids == ["index_rollback"]


# The gate


@pytest.fixture(scope="module")
def strict(
    english: Small, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Office, Small]]:
    """An office whose builds are tried with golden questions, and its corpus."""
    small = own(english, tmp_path_factory.mktemp("english"))
    with opened_office(small, settings, tmp_path_factory.mktemp("strict")) as office:
        furnish(office.workspace)
        yield office, small


def test_a_long_build_is_told_in_one_message_that_is_edited_every_other_second(strict: tuple[Office, Small]) -> None:
    office, small = strict
    put(
        small.documents, text="\n\n".join(f"# Part {n}\n\nThe lantern burnt {n} nights in {n + 7}." for n in range(600))
    )
    begun = len(reports(office))
    report = refreshed(office)
    assert "golden questions: " in report.shown
    assert len(reports(office)) == begun + 1
    edits = [c for c in office.workspace.calls("chat.update") if c.args["ts"] == report.ts]
    posts = [c for c in office.workspace.calls("chat.postMessage") if c.args["channel"] == report.channel]
    assert len(posts) == begun + 1
    told = [str(call.args["text"]) for call in edits]
    assert len(told) >= 3, "too short a build to see it"
    progress, end = told[:-1], told[-1]
    assert ENDS.search(end)
    assert all(text.startswith("The index is being refreshed.\n") for text in progress)
    steps = [re.fullmatch(r".*\n(.+): (\d+) %", text, flags=re.DOTALL) for text in progress]
    assert all(steps)
    stages = [step.group(1) for step in steps if step]
    assert set(stages) <= {"reading documents", "indexing", "asking golden questions"}
    for stage in set(stages):
        done = [int(step.group(2)) for step in steps if step and step.group(1) == stage]
        assert done == sorted(done)
        assert max(done) <= 100
    waits = [later.at - earlier.at for earlier, later in pairwise(edits[:-1])]
    assert [round(wait, 1) for wait in waits if wait < 1.8] == []  # but for the last, which tells of the end


def test_a_worse_index_is_refused_until_an_admin_insists(strict: tuple[Office, Small]) -> None:
    office, small = strict
    before = current(office)
    put_questions_under_other_answers(small.documents / "faq" / "en.toml")
    report = refreshed(office)
    assert "The index stays as it was: not made current: of " in report.shown
    assert "golden questions" in report.shown
    assert re.search(r"^  en-\d+: ", report.shown, flags=re.M)
    assert current(office) == before
    assert report.action_ids == ["index_refresh"]
    refused = log(office, 1)[0]
    assert (refused.user, refused.action) == (BOSS, "refresh_refused")
    assert "golden questions" in refused.detail
    assert "golden questions" in command(office, "log").shown

    assert "Only admins" in pressed(office, "index_refresh", report, SATO).shown
    office.workspace.settle(0.5)
    assert current(office) == before

    forced = refreshed(office, order=lambda: office.workspace.click("index_refresh", BOSS, report).wait_ack())
    assert generation_in(forced) == current(office) != before
    made = log(office, 1)[0]
    assert (made.action, made.subject, made.detail) == ("refresh", current(office), "forced")
    assert "forced" in command(office, "log").shown
    told = pressed(office, "index_rollback", forced)
    assert f"Generation {before} answers now" in told.shown
    assert office.workspace.refusals == []


# The bot stops


@contextmanager
def office_of_its_own(brief: Small, settings: dict[str, str], folder: Path) -> Iterator[tuple[Office, Small]]:
    small = own(brief, folder / "brief")
    with opened_office(small, settings, folder) as office:
        furnish(office.workspace)
        office.workspace.add_channel("C1")
        yield office, small


def builder(bot: BotProcess) -> psutil.Process | None:
    """The process in which a bot's build goes on."""
    children = psutil.Process(bot.process.pid).children(recursive=True)
    return next((child for child in children if "spawn_main" in " ".join(child.cmdline())), None)


def killed_and_restarted(office: Office) -> BotProcess:
    office.bot.process.kill()
    office.bot.process.wait()
    office.workspace.settle(0.3)
    return office.start(office.workspace)


def outcome(office: Office, question: str) -> tuple[str | None, Message]:
    reply = office.ask("C1", question, "U9")
    return office.rows("C1")[-1].outcome, reply


def test_a_build_whose_process_is_killed_changes_nothing_and_can_be_repeated(
    brief: Small, settings: dict[str, str], tmp_path: Path
) -> None:
    with office_of_its_own(brief, settings, tmp_path) as (office, small):
        before = current(office)
        put(small.documents)

        def kill() -> None:
            command(office, "refresh")
            office.workspace.wait_for(lambda: builder(office.bot), what="the build's process").kill()

        report = refreshed(office, order=kill)
        assert "The index stays as it was: the work was broken off; try again" in report.shown
        assert current(office) == before
        assert generation_in(refreshed(office)) == current(office) != before


@pytest.mark.parametrize("moment", ["at once", "while it is built"])
def test_what_staff_approved_is_indexed_by_the_bot_that_starts_next(
    brief: Small, settings: dict[str, str], tmp_path: Path, moment: str
) -> None:
    question = "Who lights the lantern of the desk?"
    with office_of_its_own(brief, settings, tmp_path) as (office, _):
        before = current(office)
        case = open_case(office, "C1", question, OFFICIAL).reply(SATO, "The keeper lights it.").settled()
        save(case, SATO, faq_form(case))
        if moment != "at once":
            office.workspace.wait_for(lambda: builder(office.bot), what="the build's process")
        bot = killed_and_restarted(office)
        assert current(office) in {before, *_ids(office)}
        assert "Yokohama" in outcome(office, "Which city signed first?")[1].shown

        def is_answered() -> bool:
            result, reply = outcome(office, question)
            return result == Outcome.ANSWERED and reply.shown.startswith("The keeper lights it.")

        with explained(bot):
            office.workspace.wait_for(is_answered, PATIENCE, "the entry to be indexed by itself")
        office.run("index", "verify")
        assert kept(case).version == 1
        case.check()


def test_the_bot_that_starts_next_ends_what_was_told_of_an_edited_entry_and_offers_to_correct(
    brief: Small, settings: dict[str, str], tmp_path: Path
) -> None:
    question = "Who lights the lantern of the desk?"
    with office_of_its_own(brief, settings, tmp_path) as (office, _):
        case = open_case(office, "C1", question, OFFICIAL).reply(SATO, "The keeper lights it.").settled()
        save(case, SATO, faq_form(case))
        report(office, STAFF_CHANNEL, case.card.ts)
        assert "The keeper lights it." in outcome(office, question)[1].shown
        save(case, SATO, faq_form(case), faq_answer="The gardener lights it.")

        def told() -> list[Message]:
            return [m for m in office.workspace.messages(STAFF_CHANNEL, case.card.ts) if is_report(m)]

        office.workspace.wait_for(lambda: len(told()) == 2, what="word of the second build")
        office.workspace.wait_for(lambda: builder(office.bot), what="the build's process")
        bot = killed_and_restarted(office)
        with explained(bot):
            report(office, STAFF_CHANNEL, case.card.ts, 2)
            offer = office.workspace.wait_for(lambda: offered(office, case.card.ts), what="an offer to correct")
        assert question in offer.shown
        assert len(told()) == 2
        assert "The gardener lights it." in outcome(office, question)[1].shown
        assert "declaration-desk" not in command(office, "log").shown
        assert office.workspace.refusals == []


def offered(office: Office, thread: str | None = None) -> Message | None:
    """The offer to correct what people were told, if there is one."""
    said = office.workspace.messages(STAFF_CHANNEL, thread)
    return next((message for message in said if "correction_write" in message.action_ids), None)


def test_the_bot_that_starts_next_offers_to_correct_what_a_retired_document_said(
    brief: Small, settings: dict[str, str], tmp_path: Path
) -> None:
    with office_of_its_own(brief, settings, tmp_path) as (office, _):
        sent = send(office, "lantern.md", LANTERN)
        sent.add(sent.shown())
        assert any("fifty thousand" in quote for quote in quotes(outcome(office, QUESTION)[1]))
        pressed(office, "document_retire", command(office, "documents"), value="lantern")
        office.workspace.wait_for(lambda: builder(office.bot), what="the build's process")
        bot = killed_and_restarted(office)
        with explained(bot):
            offer = office.workspace.wait_for(lambda: offered(office), PATIENCE, "an offer to correct")
        assert QUESTION in offer.shown
        assert [message for message in reports(office) if "out of force" in message.shown] == []
        assert generation_in(reports(office)[-1]) == current(office)


def test_a_document_that_was_added_is_indexed_by_the_bot_that_starts_next(
    brief: Small, settings: dict[str, str], tmp_path: Path
) -> None:
    with office_of_its_own(brief, settings, tmp_path) as (office, _):
        sent = send(office, "lantern.md", LANTERN)
        shown = sent.shown()
        office.workspace.click("document_add", BOSS, shown).wait_ack()
        office.workspace.wait_for(lambda: log(office, 1)[0].action == "add_document")
        bot = killed_and_restarted(office)

        def told() -> Message | None:
            return next((m for m in reports(office) if ENDS.search(m.shown)), None)

        with explained(bot):
            report = office.workspace.wait_for(told, PATIENCE, "the end of a build that nobody asked for again")
        assert generation_in(report) == current(office)
        assert any("fifty thousand" in quote for quote in quotes(outcome(office, QUESTION)[1]))


@pytest.mark.parametrize("seconds", [0, 0.05])
def test_a_file_that_was_being_added_is_in_or_waits_again(
    brief: Small, settings: dict[str, str], tmp_path: Path, seconds: float
) -> None:
    with office_of_its_own(brief, settings, tmp_path) as (office, _):
        sent = send(office, "lantern.md", LANTERN)
        shown = sent.shown()
        office.workspace.click("document_add", BOSS, shown)
        time.sleep(seconds)
        bot = killed_and_restarted(office)
        with explained(bot):
            if log(office, 1)[0].action == "send_document":
                told = office.workspace.click("document_add", BOSS, shown)
                told.wait_ack()
                office.workspace.settle(0.5)
                assert [m.shown for m in told.replies if "already" not in m.shown] == []
                if told.replies:  # the bot was killed between catalogue and log
                    command(office, "refresh")

            def is_quoted() -> bool:
                return any("fifty thousand" in quote for quote in quotes(outcome(office, QUESTION)[1]))

            office.workspace.wait_for(is_quoted, PATIENCE, "the document to be indexed")


def test_a_preview_outlives_the_bot_that_made_it(brief: Small, settings: dict[str, str], tmp_path: Path) -> None:
    with office_of_its_own(brief, settings, tmp_path) as (office, _):
        sent = send(office, "lantern.md", LANTERN)
        shown = sent.shown()
        bot = killed_and_restarted(office)
        with explained(bot):
            assert generation_in(sent.add(shown)) == current(office)


def test_a_rollback_lasts_until_somebody_builds_again_whatever_restarts(
    brief: Small, settings: dict[str, str], tmp_path: Path
) -> None:
    """Also where the older generation lacks what staff approved since."""
    question = "Who lights the lantern of the desk?"
    with office_of_its_own(brief, settings, tmp_path) as (office, _):
        before = current(office)
        approve(office, question, "The keeper lights it.")
        report = refreshed(office)
        assert current(office) != before
        pressed(office, "index_rollback", report)
        assert current(office) == before
        office.bot.stop()
        office.start(office.workspace)
        office.workspace.settle(8, timeout=60)  # far longer than a build takes to begin
        assert current(office) == before
        assert outcome(office, question)[0] != Outcome.ANSWERED
        assert generation_in(refreshed(office)) == current(office) != before
        assert outcome(office, question)[0] == Outcome.ANSWERED


def _ids(office: Office) -> set[str]:
    return {path.name for path in (office.data / "index" / "generations").iterdir()}
