"""What of a web page is its content: the elements that hold it, and what is left out of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.readers import omissions

_FURNITURE = {"nav", "footer", "aside", "script", "style", "noscript", "template", "head", "title", "rt", "rp", "rtc",
              "button", "input", "select", "textarea", "datalist", "label", "meter", "progress", "svg", "canvas",
              "audio", "video", "iframe", "object", "embed", "applet", "map", "noframes", "noembed"}  # fmt: skip
_FURNITURE_ROLES = {"alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "menubar", "navigation",
                    "search", "toolbar"}  # fmt: skip
_FRAMES = {"iframe", "object", "embed", "applet"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASSES = {"sr-only", "visually-hidden", "screen-reader-text", "visuallyhidden"}
_STRUCK = {"del", "s", "strike"}


def main_elements(page: LexborHTMLParser) -> list[LexborNode]:
    """The elements that hold the page's content: `main`, or `article` if it holds most of the text, or the body."""
    mains = [node for node in page.css("main, [role=main]") if not _hidden(node)]
    if mains:
        return _outermost(mains)
    body = page.body
    if body is None:
        return []
    articles = _outermost(page.css("article"))
    if sum(_weight(article) for article in articles) * 2 > _weight(body):
        return articles
    return [body]


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Those of `nodes`, in document order, that are in no other."""
    found: list[LexborNode] = []
    inside: set[int] = set()
    for node in nodes:
        if node.mem_id not in inside:
            found.append(node)
            inside.update(inner.mem_id for inner in node.css("main, [role=main], article"))
    return found


def _weight(root: LexborNode) -> int:
    """How many characters of content stand in an element."""
    texts = (node.text_content for node, entering in walk(root) if entering and node.is_text_node)
    return sum(len((text or "").strip()) for text in texts)


def walk(root: LexborNode, warnings: dict[str, None] | None = None) -> Iterator[tuple[LexborNode, bool]]:
    """Each node of the content in `root`, (node, entering), without recursion; text nodes are only entered.

    What is left out is not entered; the keys of `warnings` get what a curator should know of it.
    """
    stack: list[LexborNode] = []
    node: LexborNode | None = root
    while True:
        if node is None:
            if not stack:
                return
            node = stack.pop()
            yield node, False
            node = node.next if stack else None
        elif node.is_text_node:
            yield node, True
            node = node.next if stack else None
        elif not node.is_element_node or (stack and _left_out(node, stack, warnings)):
            node = node.next
        else:
            yield node, True
            stack.append(node)
            node = node.first_child


def _left_out(node: LexborNode, ancestors: list[LexborNode], warnings: dict[str, None] | None) -> bool:
    tag, attributes = node.tag or "", node.attributes
    reason = ""
    if tag in _FRAMES:
        reason = omissions.FRAMES
    elif tag in _FURNITURE or (attributes.get("role") or "").lower() in _FURNITURE_ROLES:
        return True
    elif tag == "header":  # an article's header holds its title; a page's does not
        return not any(ancestor.tag in {"main", "article"} or ancestor.attributes.get("role") == "main"
                       for ancestor in ancestors)  # fmt: skip
    elif tag == "math":
        reason = omissions.FORMULAS
    elif tag in _STRUCK:
        reason = omissions.STRUCK
    elif _hidden(node):
        reason = omissions.HIDDEN
    if reason and warnings is not None and (tag in _FRAMES or node.text().strip()):
        warnings[reason] = None
    return bool(reason)


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))
        or not _HIDDEN_CLASSES.isdisjoint((attributes.get("class") or "").split())
        or (node.tag == "dialog" and "open" not in attributes)
    )
