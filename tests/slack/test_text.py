"""Text in and out of Slack, as tables."""

import pytest

from assistant.slack.text import addresses_other, escape, question_in, shorten
from tests.slack.limits import pings_in

BOT = "U0BOT"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("<@U0BOT> Which city?", "Which city?"),
        ("<@U0BOT|declaration-desk> Which city?", "Which city?"),
        ("Which city, <@U0BOT>?", "Which city, ?"),
        ("<@U0BOT>", ""),
        ("  <@U0BOT>\n\n ", ""),
        ("", ""),
        ("Is A &amp; B &lt;x&gt;?", "Is A & B <x>?"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&lt;@U0BOT&gt; Which city?", "<@U0BOT> Which city?"),
        ("see <https://example.org/a?b=1&amp;c=2>", "see https://example.org/a?b=1&c=2"),
        ("see <https://example.org|the site>", "see the site"),
        ("<mailto:a@example.org|a@example.org> who?", "a@example.org who?"),
        ("<@U2> and <@U3|bob>", "@U2 and @bob"),
        ("<@U0BOT2> is another", "@U0BOT2 is another"),
        ("in <#C1|general> and <#C2>", "in #general and #C2"),
        ("<!here> <!channel> all", "@here @channel all"),
        ("<!subteam^S1|@mayors> all", "@mayors all"),
        ("1 &lt; 2 and 3 &gt; 2", "1 < 2 and 3 > 2"),
        ("最初に署名した都市は？", "最初に署名した都市は？"),
        ("<@U0BOT>　最初に署名した都市は？", "最初に署名した都市は？"),
    ],
)
def test_the_words_of_a_message(text: str, question: str) -> None:
    assert question_in(text, BOT) == question


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<@U2> what do you think?", True),
        ("  \n<@U2|bob>, look", True),
        ("<!here> look", True),
        ("<!subteam^S1|@mayors> look", True),
        ("<@U0BOT2> look", True),
        ("<@U0BOT> look", False),
        ("<@U0BOT|desk> <@U2> look", False),
        ("And <@U2> asks which city?", False),
        ("<#C1> is a channel", False),
        ("<https://example.org> is a link", False),
        ("&lt;@U2&gt; is typed", False),
        ("Which city?", False),
        ("", False),
    ],
)
def test_whom_a_message_begins_by_mentioning(text: str, expected: bool) -> None:
    assert addresses_other(text, BOT) is expected


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U1|a> & <https://x.example|y>", "&lt;@U1|a&gt; &amp; &lt;https://x.example|y&gt;"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("A & B > C < D", "A &amp; B &gt; C &lt; D"),
        ("", ""),
        ("署名", "署名"),
    ],
)
def test_escaped_text_neither_pings_nor_loses_a_character(text: str, escaped: str) -> None:
    assert escape(text) == escaped
    assert pings_in(escaped, []) == []
    assert question_in(escaped, BOT) == text


SENTENCES = "The first city signed. The second one will follow! Will there be a third? Nobody knows."


@pytest.mark.parametrize("limit", [40, 60, 75])
def test_text_is_cut_at_the_end_of_a_sentence(limit: int) -> None:
    short = shorten(SENTENCES, limit, "en")
    kept = short.removesuffix(" …")
    assert kept != short
    assert SENTENCES.startswith(kept)
    assert kept[-1] in ".!?"
    assert len(short) <= limit


def test_text_that_fits_is_left_alone() -> None:
    assert shorten(SENTENCES, len(SENTENCES), "en") == SENTENCES
    assert shorten("", 10, "en") == ""


UNSPACED = {
    "Japanese": ("都市は署名しました。", "ja"),
    "Japanese without stops": ("循環型都市宣言制度", "ja"),
    "Chinese": ("城市签署了宣言。", "zh"),
    "Thai": ("เมืองลงนามในปฏิญญา", "th"),
    "Khmer": ("ទីក្រុងបានចុះហត្ថលេខា។ ", "km"),
    "Lao": ("ເມືອງໄດ້ລົງນາມ", "lo"),
    "one long word": ("x" * 50, "en"),
    "emoji": ("🌏", "en"),
    "unknown language": ("abc. ", "xx"),
}


@pytest.mark.parametrize("limit", [20, 75, 900])
@pytest.mark.parametrize("case", UNSPACED)
def test_scripts_without_spaces_are_cut_within_the_limit_and_marked(case: str, limit: int) -> None:
    piece, language = UNSPACED[case]
    text = piece * 1000
    short = shorten(text, limit, language)
    kept = short.removesuffix("…").rstrip()
    assert short.endswith("…")
    assert len(short) <= limit
    assert text.startswith(kept)
    assert len(kept) >= limit // 2
    if piece.endswith("。"):
        assert kept.endswith(piece)
