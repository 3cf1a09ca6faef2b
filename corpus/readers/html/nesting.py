"""How deep the elements of a web page are nested: a page that nests without end is refused before it is parsed."""

from __future__ import annotations

import re

from corpus.errors import CorpusError

_DEEPEST = 2_000  # elements in one another; lexbor takes time that grows with the square
_MOST_TAGS = 1_000_000
_MOST_STYLED = 200  # bold and the like left open, which a browser opens anew in each paragraph

_SCAN = re.compile(r"<!--|-->|<(/?)([a-zA-Z][^\s/>]*)(?:[^<>]*(/)>)?")
_RAW = {"script", "style", "textarea", "title"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_CLOSED_BY_THEMSELVES = _VOID | {"p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option",
                                 "optgroup", "rt", "rp", "rb", "rtc", "html", "head", "body", "colgroup"}  # fmt: skip
_STYLING = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
_SVG = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use", "stop", "image", "g", "animate"}


def refuse_nesting(source: str, name: str) -> None:
    """Counts the tags of a page, roughly, without parsing it.

    Raises CorpusError, in the name of the file, if there are too many or they are nested too deep.
    """
    if source.count("<") > _MOST_TAGS:
        raise CorpusError(f"{name}: holds more than {_MOST_TAGS:,} tags; save it in parts")
    depth, styled, drawing, raw = 0, 0, False, ""
    for token in _SCAN.finditer(source):
        tag = (token.group(2) or token.group()).lower()
        if raw:
            if tag == raw and (token.group(1) or raw == "-->"):
                raw = ""
        elif tag == "<!--":
            raw = "-->"
        elif tag in _RAW and not token.group(1):
            raw = tag
        elif tag in _CLOSED_BY_THEMSELVES or tag == "-->" or (drawing and token.group(3) and tag in _SVG):
            continue
        else:
            drawing = not token.group(1) if tag == "svg" else drawing
            step = -1 if token.group(1) else 1
            depth = max(depth + step, 0)
            styled = max(styled + step, 0) if tag in _STYLING else styled
            if depth > _DEEPEST or styled > _MOST_STYLED:
                line = source.count("\n", 0, token.start()) + 1
                raise CorpusError(f"{name}: elements are nested too deep (more than {_DEEPEST:,}, or "
                                  f"{_MOST_STYLED} of bold and the like; line {line}); "
                                  "open the page in a browser and save it as PDF")  # fmt: skip
