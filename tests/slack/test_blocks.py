"""Replies as Block Kit: within Slack's limits whatever is in them, nothing in them formatted or pinging anybody."""

from datetime import date
from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from assistant.context import Context
from assistant.models import Citation, ContactDetail, Outcome, Reply
from assistant.slack import blocks
from corpus.models import Authority, Kind, Passage
from tests.slack.limits import (
    MESSAGE_BLOCKS_TEXT,
    MESSAGE_TEXT,
    Json,
    block_errors,
    pings_in,
    text_length,
    walk,
)

THAI, JAPANESE = "เมืองลงนามในปฏิญญาเมืองหมุนเวียน", "循環型都市を推進する新たな国際枠組みが始動しました"
HOSTILE = "<!channel> *bold* _it_ ~no~ `code` <@U1> <https://evil.example|site> & &lt;!here&gt; :tada: @everyone"


def citation(number: int = 1, quote: str = "Yokohama signed first.", **more: Any) -> Citation:
    given: dict[str, Any] = {
        "number": number,
        "document": "press-release",
        "title": "A release",
        "kind": Kind.PRESS_RELEASE,
        "authority": Authority.OFFICIAL,
        "locator": f"body, paragraph {number}",
        "page": None,
        "quote": quote,
        "url": None,
        "published": "2025-11",
        "source": "Press release, City of Yokohama",
    }
    return Citation(**{**given, **more})


def reply(**more: Any) -> Reply:
    given: dict[str, Any] = {
        "question": "Which city signed first?",
        "language": "en",
        "outcome": Outcome.ANSWERED,
        "confidence": 0.9,
        "text": "Yokohama signed first.",
        "citations": (citation(),),
        "generation": "000001-abcdef01",
        "elapsed_ms": 12.5,
        "indexed": date(2026, 11, 24),
    }
    return Reply(**{**given, **more})


def passage(text: str, number: int = 1) -> Passage:
    return Passage(
        id=f"p{number}",
        document="press-release",
        language="ja",
        headings=("本文",),
        number=number,
        alone=False,
        start=0,
        text=text,
        sentences=((0, len(text)),),
    )


def as_json(made: list[Block]) -> list[Json]:
    return [block.to_dict() for block in made]


def shown(made: list[Json]) -> list[str]:
    return [part["text"] for part in walk(made) if isinstance(part.get("text"), str)]


def action_ids(made: list[Json]) -> list[str]:
    return [part["action_id"] for part in walk(made) if "action_id" in part]


def accepted(made: list[Json], text: str = "") -> None:
    """Slack takes these blocks in one message, and they notify nobody."""
    assert block_errors(made) == []
    assert text_length(made) <= MESSAGE_BLOCKS_TEXT
    assert len(text) <= MESSAGE_TEXT
    assert pings_in(text, made) == []


MONSTERS = {
    "Thai": reply(text=THAI * 250, citations=[citation(n, THAI * 310) for n in (1, 2, 3)], language="th"),
    "Japanese": reply(text=JAPANESE * 320, citations=[citation(n, JAPANESE * 400) for n in (1, 2, 3)], language="ja"),
    "Japanese in an English reply": reply(
        text="word " * 1600, citations=[citation(n, JAPANESE * 400) for n in (1, 2, 3)]
    ),
    "one word": reply(text="x" * 8000, citations=[citation(n, "y" * 10_000) for n in (1, 2, 3)]),
    "long names": reply(
        citations=[citation(n, "z" * 10_000, source="s" * 3000, locator="l" * 3000) for n in (1, 2, 3)],
        contact=ContactDetail(name="n" * 8000, detail="d" * 8000),
    ),
    "markup that grows when escaped": reply(
        text="<&>" * 2700, citations=[citation(n, "<&>" * 3400) for n in (1, 2, 3)]
    ),
}


@pytest.mark.parametrize("case", MONSTERS)
def test_a_monstrous_reply_keeps_to_the_limits_and_keeps_its_buttons(case: str) -> None:
    monster = MONSTERS[case]
    made = as_json(blocks.reply_blocks(monster, "0a1b2c3d"))
    accepted(made, blocks.reply_text(monster))
    assert action_ids(made) == ["show_context", "ask_staff", "answer_feedback"]
    assert len([part for part in walk(made) if part.get("type") == "rich_text_quote"]) == 3
    for number in (1, 2, 3):
        assert [text for text in shown(made) if text.startswith(f"[{number}] ")]


def test_examples_of_two_thousand_characters_keep_their_buttons() -> None:
    examples = tuple(piece * (2000 // len(piece)) for piece in (THAI, JAPANESE, "x", "Which city? "))
    made = as_json(blocks.reply_blocks(reply(outcome=Outcome.NOT_FOUND, citations=(), examples=examples), "0a1b2c3d"))
    accepted(made)
    buttons = [part for part in walk(made) if part.get("type") == "button"]
    assert [button["value"] for button in buttons] == ["0a1b2c3d", *examples]
    assert all(blocks.EXAMPLE_ACTIONS.match(button["action_id"]) for button in buttons[1:])
    assert action_ids(made)[-1] == "answer_feedback"


def test_a_quotation_that_fits_is_verbatim_and_one_that_is_cut_says_so() -> None:
    quote = "一文目です。二文目です。"
    made = as_json(blocks.reply_blocks(reply(citations=(citation(1, quote), citation(2, quote * 200))), "0a1b2c3d"))
    whole, cut = ("".join(shown([part])) for part in walk(made) if part.get("type") == "rich_text_quote")
    assert whole == quote
    assert cut.endswith("…")
    assert (quote * 200).startswith(cut.rstrip(" …"))
    assert cut.rstrip(" …").endswith("。")


def test_words_of_documents_and_people_are_plain_text_wherever_they_stand() -> None:
    hostile = reply(
        text=HOSTILE,
        citations=[citation(1, HOSTILE, source=HOSTILE, locator=HOSTILE)],
        contact=ContactDetail(name=HOSTILE, detail=HOSTILE),
        examples=(HOSTILE,),
    )
    made = as_json(blocks.reply_blocks(hostile, "0a1b2c3d"))
    accepted(made, blocks.reply_text(hostile))
    here = passage(HOSTILE)
    made += as_json(blocks.context_blocks([Context(hostile.citations[0], here, here, here)], "en"))
    made += as_json(blocks.notice_blocks(HOSTILE))
    assert pings_in("", made) == []
    kinds = {part["type"] for part in walk(made) if "type" in part}
    assert not kinds & {"mrkdwn", "markdown", "link", "user", "usergroup", "broadcast", "emoji", "header"}
    assert [part["text"] for part in walk(made) if part.get("text") == HOSTILE]  # not one character changed
    assert "<" not in blocks.reply_text(hostile)


def test_context_marks_the_quotation_and_shows_its_neighbours_in_order() -> None:
    texts = ("前の段落です。", "始めの文。引用された文。終わりの文。", "次の段落です。")
    before, here, after = (passage(text, n) for n, text in enumerate(texts))
    made = as_json(blocks.context_blocks([Context(citation(2, "引用された文。"), here, before, after)], "en"))
    accepted(made)
    assert [part["text"] for part in walk(made) if part.get("style", {}).get("bold")] == ["引用された文。"]
    text = "".join(part["text"] for part in walk(made) if part.get("type") == "text")
    assert [text.index(each) for each in texts] == sorted(text.index(each) for each in texts)
    assert any(line.startswith("[2] Press release, City of Yokohama") for line in shown(made))


@pytest.mark.parametrize("piece", [THAI, JAPANESE + "。", "word "])
def test_monstrous_context_keeps_to_the_limits_and_says_where_it_is_cut(piece: str) -> None:
    text = piece * 400
    before, here, after = passage(text), passage(f"{text}「{piece * 100}」{text}"), passage(text)
    contexts = [Context(citation(n, piece * 100), here, before, after) for n in (1, 2, 3)]
    made = as_json(blocks.context_blocks(contexts, "ja"))
    accepted(made)
    marked = [part["text"] for part in walk(made) if part.get("style", {}).get("bold")]
    assert len(marked) == 3
    assert all(words == piece * 100 or words.endswith("…") for words in marked)


def test_context_shows_of_a_long_neighbour_what_stands_next_to_the_passage() -> None:
    """The words right before a quotation are those that a reader looks for."""
    before = passage("遠い文です。" * 200 + "すぐ前の文です。")
    after = passage("すぐ後の文です。" + "遠い文です。" * 200)
    made = as_json(blocks.context_blocks([Context(citation(1, "引用。"), passage("引用。"), before, after)], "ja"))
    text = "".join(part["text"] for part in walk(made) if part.get("type") == "text")
    assert "すぐ前の文です。" in text
    assert "すぐ後の文です。" in text
