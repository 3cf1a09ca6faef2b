"""Charts of counts: bars with their names and numbers, readable in Japanese, and by the colour-blind."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # a second to import, for those who want to see a chart only
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

BLUE, GREEN, ORANGE, SKY, RED = "#0072B2", "#009E73", "#E69F00", "#56B4E9", "#D55E00"
BLACK, GREY = "#000000", "#999999"
"""Colours that people with any kind of colour blindness tell apart (Okabe and Ito 2008)."""

_WIDTH, _BAR, _AROUND = 4.8, 0.28, 0.5
"""Inches: the width of a column, the height that a bar takes, and what a panel takes beside its bars."""
_RESOLUTION = 160
_TITLE, _HEADING, _TEXT = 13, 11, 10


class Bar(NamedTuple):
    """A count; its name stands beside the bar, so that nobody needs the colour to read it."""

    name: str
    number: int
    colour: str = BLUE


class Panel(NamedTuple):
    """Counts under a heading, the first one on top; at least one."""

    title: str
    bars: tuple[Bar, ...]


def chart(title: str, panels: Sequence[Panel]) -> Figure:
    """The panels in two columns: a picture that is wider than high is shown larger in Slack."""
    from matplotlib.figure import Figure

    columns = _columns(panels)
    height = max(_height(column) for column in columns)
    figure = Figure(figsize=(_WIDTH * len(columns), height + _AROUND), layout="constrained")
    figure.suptitle(title, fontproperties=_font(_TITLE))
    for place, column in zip(figure.subfigures(1, len(columns), squeeze=False)[0], columns, strict=True):
        rest = round(height - _height(column), 6)  # stays empty, so that bars are of one height everywhere
        ratios = [*(_height([panel]) for panel in column), *([rest] if rest else [])]
        below = place.subplots(len(ratios), height_ratios=ratios, squeeze=False)[:, 0]
        for axes, panel in zip(below, column, strict=False):
            _draw(axes, panel)
        for axes in below[len(column) :]:
            axes.set_axis_off()
    return figure


def png(figure: Figure) -> bytes:
    """The figure as a PNG picture."""
    target = BytesIO()
    figure.savefig(target, format="png", dpi=_RESOLUTION)
    return target.getvalue()


def _columns(panels: Sequence[Panel]) -> list[list[Panel]]:
    """The panels, each in the column that is less high so far."""
    columns: list[list[Panel]] = [[] for _ in panels[:2]]
    for panel in panels:
        min(columns, key=_height).append(panel)
    return columns


def _height(panels: Sequence[Panel]) -> float:
    return sum(len(panel.bars) * _BAR + _AROUND for panel in panels)


def _draw(axes: Axes, panel: Panel) -> None:
    names, numbers, colours = zip(*panel.bars, strict=True)
    places = range(len(numbers))
    bars = axes.barh(places, numbers, color=colours, height=0.7)
    axes.bar_label(bars, [f"{number:,}" for number in numbers], padding=4, fontproperties=_font(_TEXT))
    axes.set_yticks(places, names, fontproperties=_font(_TEXT))
    axes.set_title(panel.title, loc="left", fontproperties=_font(_HEADING))
    axes.set_xlim(0, max(1, *numbers) * 1.12)  # room for the number
    axes.set_ylim(len(numbers) - 0.5, -0.5)
    axes.xaxis.set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.spines[:].set_visible(False)


def _font(size: float) -> FontProperties:
    """IPAex Gothic, with Japanese and Latin letters, from a package: no font on the machine is needed."""
    from matplotlib import font_manager
    from matplotlib_fontja import get_font_ttf_path

    path = get_font_ttf_path()
    if path not in {font.fname for font in font_manager.fontManager.ttflist}:
        font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(family=["IPAexGothic", "DejaVu Sans"], size=size)
