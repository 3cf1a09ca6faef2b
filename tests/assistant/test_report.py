"""The report, through the command: what it says in the terminal, and the page and chart that it makes."""

from __future__ import annotations

import itertools
import json
import re
import warnings
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from assistant.chart import BLUE, Bar, Panel, chart, png
from assistant.enquiries import EnquiryRow, open_record
from assistant.handover import TO_A_PERSON
from assistant.languages import SUPPORTED
from assistant.models import Outcome
from assistant.report import Report
from assistant.statistics import Statistics
from index.golden import GoldenKind, read_golden
from tests.conftest import Command

FEE = {
    "en": "What does it cost to take part in the declaration?",
    "ja": "参加費用はいくらですか",
    "th": "การเข้าร่วมมีค่าธรรมเนียมเท่าไร",
}
FIRST = "Which city signed first?"
HOSTILE = "<script>alert(1)</script> [red]Who won[/red] :smile: the world cup & why?"
ASKED = [FIRST, FIRST, *FEE.values(), HOSTILE]


@pytest.fixture
def asked(command: Command, tmp_path: Path) -> Command:
    """The command, with some questions on record that it was asked."""
    done = command("ask", "--json", stdin="\n".join(ASKED))
    outcomes = [json.loads(line)["outcome"] for line in done.stdout.splitlines()]
    assert outcomes == ["answered", "answered", "not_stated", "not_stated", "not_stated", "not_found"]
    return command


def cells(table: str) -> list[list[str]]:
    """The rows of a table of the page."""
    parsed = LexborHTMLParser(table)
    return [[cell.text() for cell in row.css("th, td")] for row in parsed.css("tr")]


def test_the_terminal_shows_what_was_asked(asked: Command) -> None:
    done = asked("report")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    for line in ("answered 2", "the documents are silent 3", "found nothing 1", "English 4", "Japanese 1", "Thai 1",
                 "Joining 3", "The declaration 2"):  # fmt: skip
        assert line.split() in lines
    assert "perhaps" not in done.stdout, "what nothing was counted of is left out"
    assert lines.index(["English", "4"]) < lines.index(["Japanese", "1"])
    groups = done.stdout.partition("Nobody could answer")[2]
    assert re.search(r"^ *3  \S.*\S  +English, Japanese, Thai +0$", groups, re.MULTILINE)
    assert "<script>alert(1)</script> [red]Who won[/red] :smile:" in groups, "nothing of a question is markup"
    assert FIRST not in groups


def test_it_counts_the_last_days(asked: Command, tmp_path: Path) -> None:
    record = open_record(f"sqlite:///{tmp_path / 'var' / 'desk.sqlite3'}")
    with record.database.session() as session:
        for row in session.query(EnquiryRow).where(EnquiryRow.question == FIRST):
            row.received_at -= timedelta(days=9)
    record.close()
    assert ["Enquiries", "4"] in [line.split() for line in asked("report").stdout.splitlines()]
    assert ["Enquiries", "6"] in [line.split() for line in asked("report", "--days", "10").stdout.splitlines()]
    assert asked("report", "--days", "0").returncode == 2


def test_the_page_needs_nothing_from_elsewhere(asked: Command, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    done = asked("report", "--html", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Enquiries" in done.stdout
    html = path.read_text(encoding="utf-8")
    page = LexborHTMLParser(html)
    assert [node.attributes["lang"] for node in page.css("html")] == ["en"]
    assert [node.text().partition(", ")[0] for node in page.css("h1")] == ["Enquiries"]
    assert page.css_first("figure svg") is not None
    assert page.css("svg text") == [], "letters are drawn: a reader needs no font"
    assert page.css("script, link, img, iframe, object") == []
    assert [
        node for node in page.css("[src], [href]") if not str(node.attributes.get("href", "#")).startswith("#")
    ] == []
    headings = [node.text() for node in page.css("h2")]
    assert headings == ["Outcome", "Language", "Topic", "Nobody could answer"]
    tables = {h: cells(t.html or "") for h, t in zip(["", *headings], page.css("table"), strict=True)}
    assert tables[""][0] == ["Enquiries", "6"]
    assert tables["Outcome"] == [["answered", "2"], ["the documents are silent", "3"], ["found nothing", "1"]]
    heads, fees, hostile = tables["Nobody could answer"]
    assert heads == ["Times", "Question", "Languages", "Replied to"]
    assert (fees[0], fees[2], fees[3]) == ("3", "English, Japanese, Thai", "0")
    assert hostile == ["1", HOSTILE, "English", "0"]
    assert f'<td lang="{"en" if fees[1] == FEE["en"] else "ja"}">{fees[1]}</td>' in html


def test_the_terminal_names_the_most_asked_questions_and_the_page_all(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    strange = [
        g.question for g in read_golden((), None) if g.kind is GoldenKind.OFF_TOPIC and g.language in ("en", "ja")
    ]
    asked = command("ask", "--json", stdin="\n".join([*strange, *strange[-2:]]))
    unanswered = [line for line in asked.stdout.splitlines() if json.loads(line)["outcome"] != "answered"]
    done = command("report", "--html", str(path))
    rows = cells(LexborHTMLParser(path.read_text(encoding="utf-8")).css("table")[-1].html or "")[1:]
    assert len(rows) > 20
    assert [int(row[0]) for row in rows] == sorted((int(row[0]) for row in rows), reverse=True)
    assert sum(int(row[0]) for row in rows) == len(unanswered)
    assert done.stdout.splitlines()[-1] == f"and {len(rows) - 20} more"


def test_a_desk_that_was_asked_nothing_says_so(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    done = command("report", "--html", str(path))
    assert done.returncode == 0
    assert ["Enquiries", "0"] in [line.split() for line in done.stdout.splitlines()]
    page = LexborHTMLParser(path.read_text(encoding="utf-8"))
    assert page.css("svg, h2") == []
    assert [cells(table.html or "") for table in page.css("table")] == [[["Enquiries", "0"]]]


def test_a_page_that_cannot_be_written_is_an_error(command: Command, tmp_path: Path) -> None:
    done = command("report", "--html", str(tmp_path / "nowhere" / "report.html"))
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "nowhere" in done.stderr


# the chart

ENGLISH = [
    Panel(
        "Outcome", (Bar("answered", 80, "#009E73"), Bar("the documents are silent", 17), Bar("told what it can do", 3))
    ),
    Panel("Language", tuple(Bar(f"Language {number}", 12345 - number) for number in range(13))),
    Panel("Topic", tuple(Bar(f"The topic of number {number}", number + 1) for number in range(8))),
]
JAPANESE = [
    Panel(
        "結果", (Bar("回答済み", 80), Bar("文書に記載がありませんでした", 17), Bar("使い方のご案内", 3), Bar("失敗", 1))
    ),
    Panel("言語", tuple(Bar(name, 1) for name in ("日本語", "英語", "タミル語", "中国語（簡体字）", "インドネシア語"))),
    Panel("話題", tuple(Bar(name, 987654) for name in ("参加", "組織", "宣言", "会議", "欧州", "公開書簡"))),
]
ONE = [Panel("Outcome", (Bar("answered", 1),))]
TWO = [Panel("Outcome", (Bar("answered", 1),)), Panel("Language", (Bar("English", 1),))]


def words(figure: Figure) -> list[Text]:
    """All that is written in a figure, where it was drawn."""
    FigureCanvasAgg(figure).draw()  # type: ignore[no-untyped-call]
    texts = [found for found in figure.findobj(Text) if isinstance(found, Text)]
    return [text for text in texts if text.get_visible() and text.get_text().strip()]


@pytest.mark.parametrize("panels", [ENGLISH, JAPANESE, ONE, TWO], ids=["english", "japanese", "one", "two"])
def test_nothing_in_a_chart_is_cut_off_or_covers_anything_else(panels: list[Panel]) -> None:
    figure = chart("お問い合わせ（2026年11月16日～22日）", panels)
    drawn = [text for text in words(figure) if text.axes is None or text.axes.axison]
    shown = {text.get_text() for text in drawn}
    assert {bar.name for panel in panels for bar in panel.bars} <= shown
    assert {f"{bar.number:,}" for panel in panels for bar in panel.bars} <= shown
    assert {panel.title for panel in panels} <= shown
    boxes = [text.get_window_extent() for text in drawn]
    width, height = figure.bbox.width, figure.bbox.height
    for text, box in zip(drawn, boxes, strict=True):
        assert min(box.x0, box.y0, width - box.x1, height - box.y1) >= 0, f"{text} is cut off"
    for (one, box), (other, place) in itertools.combinations(zip(drawn, boxes, strict=True), 2):
        assert not box.overlaps(place), f"{one} covers {other}"


def test_japanese_is_drawn_with_letters_and_not_with_boxes() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a letter that no font has
        picture = Image.open(BytesIO(png(chart("お問い合わせ", JAPANESE))))
    assert picture.format == "PNG"
    assert picture.width > picture.height
    assert picture.width > 1000
    with pytest.warns(UserWarning, match="missing from font"):
        png(chart("ថ្ងៃនេះ", ONE))  # so that the test above cannot pass by looking at nothing


def test_the_chart_has_no_more_bars_than_can_be_read() -> None:
    statistics = Statistics(
        since=datetime(2026, 11, 15, 15, tzinfo=UTC), until=datetime(2026, 11, 22, 15, tzinfo=UTC), enquiries=40,
        outcomes={**dict.fromkeys(Outcome, 0), Outcome.ANSWERED: 40}, failed=0, topics={"joining": 2, "new-topic": 1},
        languages={tag: 20 - number for number, tag in enumerate(SUPPORTED)}, handovers=dict.fromkeys(TO_A_PERSON, 0),
        waiting=0, median_wait=timedelta(hours=26), helpful=0, not_helpful=0, unanswered=(),
    )  # fmt: skip
    report = Report(statistics, "Asia/Tokyo", "en")
    figure = report.chart()
    assert figure is not None
    shown = [text.get_text() for text in words(figure)]
    kept = list(statistics.languages.values())[:12]
    assert shown[shown.index("others") - 12] == "English"
    assert "Khmer" not in shown
    assert str(sum(statistics.languages.values()) - sum(kept)) in shown
    assert "Nov 16 – 22, 2026" in report.title.replace("\u2009", " "), "the days are those of the staff's time zone"
    assert ("Time to a person's reply (median)", "1 day") in report.lines()
    assert [bar.name for bar in report.panels()[1].bars][-1] == "Khmer", "the table has them all"
    assert report.panels()[2].bars == (Bar("Joining", 2, BLUE), Bar("new-topic", 1, BLUE))
