"""What Slack accepts in blocks and views, refused as Slack refuses it.

The limits are those of https://docs.slack.dev/reference/block-kit; where the documentation and Slack's live validator
are known to differ, only what both accept is accepted. Texts are counted in characters, as they are sent (an escaped
``&amp;`` counts five). Unknown properties are refused, as Slack does, so a misspelt field can't pass unnoticed.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]

MESSAGE_TEXT = 40_000
UPDATED_TEXT = 4_000
MESSAGE_BLOCKS = 50
MESSAGE_BLOCKS_TEXT = 13_200
VIEW_BLOCKS = 100
MARKDOWN = 12_000

_PINGS = re.compile(
    r"<!(?:channel|here|everyone)(?:\|[^>]*)?>|<!subteam\^[A-Z0-9]+(?:\|[^>]*)?>|<@[UWB][A-Z0-9]+(?:\|[^>]*)?>"
)
_PLAIN_PINGS = re.compile(r"(?<![\w<!])@(?:channel|here|everyone)\b")
_TEXT, _PLAIN, _MRKDWN = ("plain_text", "mrkdwn"), ("plain_text",), ("mrkdwn",)
_STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}
_INLINE = {  # rich text element: its fields, the required ones marked
    "text": {"text!", "style"},
    "link": {"url!", "text", "style", "unsafe"},
    "user": {"user_id!", "style"},
    "usergroup": {"usergroup_id!", "style"},
    "channel": {"channel_id!", "style"},
    "emoji": {"name!", "skin_tone", "unicode", "style"},
    "broadcast": {"range!", "style"},
    "date": {"timestamp!", "format!", "url", "fallback", "style"},
    "color": {"value!", "style"},
    "team": {"team_id!", "style"},
}
_CHILDREN = {
    "actions",
    "context",
    "divider",
    "header",
    "image",
    "section",
    "table",
}  # docs and live validator agree on these
_SELECTS = {"static_select", "multi_static_select"}
_PICKERS = {
    *("users_select", "multi_users_select", "channels_select", "multi_channels_select"),
    *("conversations_select", "multi_conversations_select", "datepicker", "timepicker", "datetimepicker"),
}
_CHOICES = {  # elements with options: their fields besides type, action_id and options
    "static_select": {"option_groups", "initial_option", "confirm", "focus_on_load", "placeholder"},
    "multi_static_select": {
        *("option_groups", "initial_options", "confirm", "focus_on_load", "placeholder", "max_selected_items"),
    },
    "radio_buttons": {"initial_option", "confirm", "focus_on_load"},
    "checkboxes": {"initial_options", "confirm", "focus_on_load"},
    "overflow": {"confirm"},
}
_ACTIONS = {"button", "overflow", "radio_buttons", "checkboxes", *_SELECTS, *_PICKERS}
_INPUTS = {"plain_text_input", "radio_buttons", "checkboxes", *_SELECTS, *_PICKERS}
INTERACTIVE = {*_ACTIONS, *_INPUTS, "feedback_buttons", "icon_button"}


def walk(value: object) -> Iterator[Json]:
    """Every object in a structure of blocks, depth first, in reading order."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from walk(part)
    elif isinstance(value, list):
        for part in value:
            yield from walk(part)


def text_length(blocks: list[Json]) -> int:
    """Characters of text in all blocks together: what ``msg_blocks_too_long`` counts."""
    return sum(len(part["text"]) for part in walk(blocks) if isinstance(part.get("text"), str))


def pings_in(text: str, blocks: list[Json], *, linkified: bool = False) -> list[str]:
    """Whatever notifies somebody: mentions in text, mrkdwn and markdown, and rich text elements that mention.

    The same characters in plain_text or in a rich text ``text`` element notify nobody and are not reported.
    ``linkified``: posted with ``link_names`` or ``parse="full"``, where a bare ``@channel`` notifies too.
    """
    texts, found = [text], []
    for part in walk(blocks):
        kind = part.get("type")
        if kind in ("mrkdwn", "markdown"):
            texts.append(part["text"])
        elif kind == "broadcast":
            found.append(f"<!{part['range']}>")
        elif kind == "user":
            found.append(f"<@{part['user_id']}>")
        elif kind == "usergroup":
            found.append(f"<!subteam^{part['usergroup_id']}>")
    for each in texts:
        found += _PINGS.findall(each)
        if linkified:
            found += _PLAIN_PINGS.findall(each)
    return found


def block_errors(blocks: list[Any], surface: str = "message", pointer: str = "/blocks") -> list[str]:
    """What Slack says of these blocks, one line a fault. ``surface``: message, home or modal."""
    return _Check(surface).all_blocks(blocks, pointer).errors


def view_errors(view: Json) -> list[str]:
    """What Slack says of a Home view or a modal, empty when it takes it."""
    check, kind = _Check(str(view.get("type"))), view.get("type")
    if kind not in ("home", "modal"):
        return check.fault("/view/type", f"unsupported type: {kind}").errors
    modal = {"title!", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"}
    common = {"type!", "blocks!", "private_metadata", "callback_id", "external_id"}
    check.fields(view, "/view", common | modal if kind == "modal" else common)
    for name in ("title", "submit", "close"):
        check.text(view.get(name), f"/view/{name}", 24, _PLAIN)
    check.size(view.get("private_metadata"), "/view/private_metadata", 3000)
    check.size(view.get("callback_id"), "/view/callback_id", 255)
    check.size(view.get("external_id"), "/view/external_id", 255)
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        check.all_blocks(blocks, "/view/blocks")
        if kind == "modal" and "submit" not in view and any(_type(block) == "input" for block in blocks):
            check.fault("/view", "missing required field: submit")
    elif "blocks" in view:
        check.fault("/view/blocks", "must provide an array")
    return check.errors


def _type(value: object) -> str:
    return str(value.get("type")) if isinstance(value, dict) else ""


class _Check:
    """Collects faults; every check is silent on a value of None, which only ``fields`` reports."""

    def __init__(self, surface: str) -> None:
        self.surface, self.errors = surface, list[str]()
        self._block_ids = set[str]()
        self._markdown = self._tables = 0

    def fault(self, pointer: str, what: str) -> "_Check":
        self.errors.append(f"{what} [json-pointer:{pointer}]")
        return self

    def fields(self, value: Json, pointer: str, names: set[str]) -> None:
        """Every field with a ``!`` must be there, and nothing but these fields."""
        for name in sorted(names):
            if name.endswith("!") and value.get(name[:-1]) is None:
                self.fault(pointer, f"missing required field: {name[:-1]}")
        for name in value.keys() - {name.rstrip("!") for name in names}:
            self.fault(pointer, f"invalid additional property: {name}")

    def size(self, value: object, pointer: str, most: int, least: int = 0) -> None:
        if value is None:
            return
        if not isinstance(value, str):
            self.fault(pointer, "must provide a string")
        elif len(value) > most:
            self.fault(pointer, f"must be less than {most + 1} characters")
        elif len(value.strip()) < least:
            self.fault(pointer, f"must be more than {least - 1} characters")

    def url(self, value: object, pointer: str) -> None:
        self.size(value, pointer, 3000, 1)
        if isinstance(value, str) and not re.match(r"(https?://|mailto:|slack://|tel:)\S+$", value):
            self.fault(pointer, "must be a valid url")

    def one_of(self, value: object, pointer: str, allowed: set[str]) -> None:
        if value is not None and value not in allowed:
            self.fault(pointer, f"value {value!r} is not one of {', '.join(sorted(allowed))}")

    def text(self, value: object, pointer: str, most: int, kinds: tuple[str, ...] = _TEXT) -> None:
        """A text object: of a permitted kind, not empty, not too long."""
        if value is None:
            return
        if not isinstance(value, dict):
            self.fault(pointer, "must provide an object")
        elif _type(value) not in kinds:
            self.fault(f"{pointer}/type", f"unsupported type: {_type(value)}")
        else:
            self.fields(value, pointer, {"type!", "text!", "emoji" if _type(value) == "plain_text" else "verbatim"})
            self.size(value.get("text"), f"{pointer}/text", most, 1)

    def items(self, value: object, pointer: str, most: int, each: Callable[[Json, str], None], least: int = 1) -> None:
        """An array of objects within its limits, each checked."""
        if value is None:
            return
        if not isinstance(value, list):
            self.fault(pointer, "must provide an array")
            return
        if len(value) > most:
            self.fault(pointer, f"no more than {most} items allowed")
        if len(value) < least:
            self.fault(pointer, f"no fewer than {least} items allowed")
        for number, item in enumerate(value):
            if isinstance(item, dict):
                each(item, f"{pointer}/{number}")
            else:
                self.fault(f"{pointer}/{number}", "must provide an object")

    # blocks

    def all_blocks(self, blocks: list[Any], pointer: str) -> "_Check":
        self.items(blocks, pointer, MESSAGE_BLOCKS if self.surface == "message" else VIEW_BLOCKS, self.block, least=0)
        if self._markdown > MARKDOWN:
            self.fault(pointer, f"markdown text must be less than {MARKDOWN + 1} characters in all")
        if self._tables > 1:
            self.fault(pointer, "only_one_table_allowed")
        return self

    def block(self, block: Json, pointer: str) -> None:
        check = getattr(self, f"_block_{_type(block)}", None)
        if check is None:
            self.fault(f"{pointer}/type", f"unsupported type: {_type(block)}")
            return
        if self.surface != "message" and _type(block) in ("markdown", "context_actions", "table", "container", "card"):
            self.fault(pointer, f"unsupported type: {_type(block)} in a {self.surface} view")
        block_id = block.get("block_id")
        self.size(block_id, f"{pointer}/block_id", 255, 1)
        if isinstance(block_id, str):
            if block_id in self._block_ids:
                self.fault(f"{pointer}/block_id", f"`block_id` {block_id} already exists for another block")
            self._block_ids.add(block_id)
        check(block, pointer)
        seen = set[str]()
        own = [part for part in walk({k: v for k, v in block.items() if k != "child_blocks"}) if "action_id" in part]
        for action_id in (str(part["action_id"]) for part in own):
            if action_id in seen:
                self.fault(pointer, f"`action_id` {action_id} already exists for another action")
            seen.add(action_id)

    def _block(self, block: Json, pointer: str, *names: str) -> None:
        self.fields(block, pointer, {"type!", "block_id", *names})

    def _block_section(self, block: Json, pointer: str) -> None:
        self._block(block, pointer, "text", "fields", "accessory", "expand")
        if block.get("text") is None and block.get("fields") is None:
            self.fault(pointer, "missing required field: text or fields")
        self.text(block.get("text"), f"{pointer}/text", 3000)
        self.items(block.get("fields"), f"{pointer}/fields", 10, lambda item, at: self.text(item, at, 2000))
        if (accessory := block.get("accessory")) is not None:
            self.element(accessory, f"{pointer}/accessory", {"image", *_ACTIONS})

    def _block_divider(self, block: Json, pointer: str) -> None:
        self._block(block, pointer)

    def _block_header(self, block: Json, pointer: str) -> None:
        self._block(block, pointer, "text!", "level")
        self.text(block.get("text"), f"{pointer}/text", 150, _PLAIN)

    def _block_image(self, block: Json, pointer: str) -> None:
        self._block(block, pointer, "alt_text!", "image_url", "slack_file", "title")
        self._picture(block, pointer)
        self.text(block.get("title"), f"{pointer}/title", 2000, _PLAIN)

    def _block_actions(self, block: Json, pointer: str) -> None:
        self._block(block, pointer, "elements!")
        self.items(block.get("elements"), f"{pointer}/elements", 25, lambda item, at: self.element(item, at, _ACTIONS))

    def _block_context(self, block: Json, pointer: str) -> None:
        def part(item: Json, at: str) -> None:
            if _type(item) == "image":
                self.element(item, at, {"image"})
            else:
                self.text(item, at, 3000)

        self._block(block, pointer, "elements!")
        self.items(block.get("elements"), f"{pointer}/elements", 10, part)

    def _block_context_actions(self, block: Json, pointer: str) -> None:
        kinds = {"feedback_buttons", "icon_button"}
        self._block(block, pointer, "elements!")
        self.items(block.get("elements"), f"{pointer}/elements", 5, lambda item, at: self.element(item, at, kinds))

    def _block_input(self, block: Json, pointer: str) -> None:
        self._block(block, pointer, "label!", "element!", "hint", "optional", "dispatch_action")
        self.text(block.get("label"), f"{pointer}/label", 2000, _PLAIN)
        self.text(block.get("hint"), f"{pointer}/hint", 2000, _PLAIN)
        if (element := block.get("element")) is not None:
            self.element(element, f"{pointer}/element", _INPUTS)

    def _block_markdown(self, block: Json, pointer: str) -> None:
        self._block(block, pointer, "text!")
        self.size(block.get("text"), f"{pointer}/text", MARKDOWN, 1)
        self._markdown += len(str(block.get("text", "")))

    def _block_table(self, block: Json, pointer: str) -> None:
        self._tables += 1
        self._block(block, pointer, "rows!", "column_settings")
        rows = block.get("rows")
        if not isinstance(rows, list) or not 1 <= len(rows) <= 100:
            self.fault(f"{pointer}/rows", "must provide an array of 1 to 100 rows")
            return
        for number, row in enumerate(rows):
            self.items(row, f"{pointer}/rows/{number}", 20, self._cell)
        self.items(
            [item or {} for item in block.get("column_settings") or []],
            f"{pointer}/column_settings",
            20,
            lambda item, at: self.fields(item, at, {"align", "is_wrapped"}),
            least=0,
        )

    def _cell(self, cell: Json, pointer: str) -> None:
        if _type(cell) == "rich_text":
            self._block_rich_text(cell, pointer)
        elif _type(cell) == "raw_text":
            self.fields(cell, pointer, {"type!", "text!"})
            self.size(cell.get("text"), f"{pointer}/text", 3000, 1)
        elif _type(cell) != "raw_number":
            self.fault(f"{pointer}/type", f"unsupported type: {_type(cell)}")

    def _block_container(self, block: Json, pointer: str) -> None:
        names = ("subtitle", "width", "icon", "is_collapsible", "default_collapsed", "has_header_divider")
        self._block(block, pointer, "child_blocks!", "title", "rich_text_title", *names)
        if block.get("title") is None and block.get("rich_text_title") is None:
            self.fault(pointer, "missing required field: title")
        self.text(block.get("title"), f"{pointer}/title", 150, _PLAIN)
        self.text(block.get("subtitle"), f"{pointer}/subtitle", 150)
        self.one_of(block.get("width"), f"{pointer}/width", {"narrow", "standard", "wide", "full"})
        if block.get("default_collapsed") and not block.get("is_collapsible"):
            self.fault(f"{pointer}/default_collapsed", "requires is_collapsible")

        def child(item: Json, at: str) -> None:
            if _type(item) in _CHILDREN:
                self.block(item, at)
            else:
                self.fault(f"{at}/type", f"unsupported type: {_type(item)} in a container")

        self.items(block.get("child_blocks"), f"{pointer}/child_blocks", 10, child)

    def _block_alert(self, block: Json, pointer: str) -> None:
        self._block(block, pointer, "text!", "level")
        self.text(block.get("text"), f"{pointer}/text", 3000)
        self.one_of(block.get("level"), f"{pointer}/level", {"default", "info", "warning", "error", "success"})

    def _block_card(self, block: Json, pointer: str) -> None:
        self._block(block, pointer, "hero_image", "icon", "title", "subtitle", "body", "actions")
        if not block.keys() & {"hero_image", "title", "body", "actions"}:
            self.fault(pointer, "missing required field: hero_image, title, body or actions")
        for name, most in (("title", 150), ("subtitle", 150), ("body", 200)):
            self.text(block.get(name), f"{pointer}/{name}", most)
        self.items(block.get("actions"), f"{pointer}/actions", 25, lambda item, at: self.element(item, at, {"button"}))

    def _block_rich_text(self, block: Json, pointer: str) -> None:
        self._block(block, pointer, "elements!")
        self.items(block.get("elements"), f"{pointer}/elements", 1000, self._rich)

    def _rich(self, part: Json, pointer: str) -> None:
        kind = _type(part)
        if kind == "rich_text_list":
            self.fields(part, pointer, {"type!", "elements!", "style!", "indent", "offset", "border"})
            self.one_of(part.get("style"), f"{pointer}/style", {"bullet", "ordered"})
            self.items(part.get("elements"), f"{pointer}/elements", 1000, self._list_item)
        elif kind in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
            extra = {"border", "language"} if kind == "rich_text_preformatted" else {"border"}
            self.fields(part, pointer, {"type!", "elements!"} | (extra if kind != "rich_text_section" else set()))
            inline = {"text", "link"} if kind == "rich_text_preformatted" else set(_INLINE)
            self.items(
                part.get("elements"), f"{pointer}/elements", 1000, lambda i, at: self._inline(i, at, inline), least=0
            )
        else:
            self.fault(f"{pointer}/type", f"unsupported type: {kind}")

    def _list_item(self, part: Json, pointer: str) -> None:
        if _type(part) == "rich_text_section":
            self._rich(part, pointer)
        else:
            self.fault(f"{pointer}/type", f"unsupported type: {_type(part)}")

    def _inline(self, part: Json, pointer: str, allowed: set[str]) -> None:
        kind = _type(part)
        if kind not in allowed:
            self.fault(f"{pointer}/type", f"unsupported type: {kind}")
            return
        self.fields(part, pointer, {"type!", *_INLINE[kind]})
        if kind == "text":
            self.size(part.get("text"), f"{pointer}/text", MESSAGE_TEXT, 0)
            if part.get("text") == "":
                self.fault(f"{pointer}/text", "must be more than 0 characters")
        if kind == "link":
            self.url(part.get("url"), f"{pointer}/url")
        if kind == "broadcast":
            self.one_of(part.get("range"), f"{pointer}/range", {"channel", "here", "everyone"})
        style = part.get("style")
        if style is not None and (not isinstance(style, dict) or style.keys() - _STYLES):
            self.fault(f"{pointer}/style", f"invalid style: {style}")

    # elements

    def element(self, element: object, pointer: str, allowed: set[str]) -> None:
        """An element of a permitted kind, with its own limits."""
        kind = _type(element)
        if not isinstance(element, dict) or kind not in allowed:
            self.fault(f"{pointer}/type", f"unsupported type: {kind}")
            return
        self.size(element.get("action_id"), f"{pointer}/action_id", 255, 1)
        if kind in _PICKERS:
            self.text(element.get("placeholder"), f"{pointer}/placeholder", 150, _PLAIN)
        elif kind in _CHOICES:
            self._choices(element, pointer)
        else:
            getattr(self, f"_{kind}")(element, pointer)

    def _button(self, element: Json, pointer: str) -> None:
        names = {"action_id", "url", "value", "style", "confirm", "accessibility_label", "agent_prompt"}
        self.fields(element, pointer, {"type!", "text!", *names})
        self.text(element.get("text"), f"{pointer}/text", 75, _PLAIN)
        self.size(element.get("value"), f"{pointer}/value", 2000)
        self.size(element.get("accessibility_label"), f"{pointer}/accessibility_label", 75)
        self.url(element.get("url"), f"{pointer}/url")
        self.one_of(element.get("style"), f"{pointer}/style", {"primary", "danger"})
        self._confirm(element, pointer)

    def _confirm(self, element: Json, pointer: str) -> None:
        confirm = element.get("confirm")
        if isinstance(confirm, dict):
            self.fields(confirm, f"{pointer}/confirm", {"title!", "text!", "confirm!", "deny!", "style"})
            for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
                kinds = _TEXT if name == "text" else _PLAIN
                self.text(confirm.get(name), f"{pointer}/confirm/{name}", most, kinds)
        elif confirm is not None:
            self.fault(f"{pointer}/confirm", "must provide an object")

    def _feedback_buttons(self, element: Json, pointer: str) -> None:
        self.fields(element, pointer, {"type!", "action_id!", "positive_button!", "negative_button!"})
        for name in ("positive_button", "negative_button"):
            button, at = element.get(name), f"{pointer}/{name}"
            if isinstance(button, dict):
                self.fields(button, at, {"text!", "value!", "accessibility_label"})
                self.text(button.get("text"), f"{at}/text", 75, _PLAIN)
                self.size(button.get("value"), f"{at}/value", 2000)
                self.size(button.get("accessibility_label"), f"{at}/accessibility_label", 75)

    def _icon_button(self, element: Json, pointer: str) -> None:
        names = {"action_id", "value", "confirm", "accessibility_label", "visible_to_user_ids"}
        self.fields(element, pointer, {"type!", "icon!", "text!", *names})
        self.one_of(element.get("icon"), f"{pointer}/icon", {"trash"})
        self.text(element.get("text"), f"{pointer}/text", 75, _PLAIN)
        self.size(element.get("value"), f"{pointer}/value", 2000)
        self._confirm(element, pointer)

    def _image(self, element: Json, pointer: str) -> None:
        self.fields(element, pointer, {"type!", "alt_text!", "image_url", "slack_file"})
        self._picture(element, pointer)

    def _picture(self, element: Json, pointer: str) -> None:
        if (element.get("image_url") is None) == (element.get("slack_file") is None):
            self.fault(pointer, "missing required field: image_url")
        self.size(element.get("alt_text"), f"{pointer}/alt_text", 2000)
        self.url(element.get("image_url"), f"{pointer}/image_url")

    def _choices(self, element: Json, pointer: str) -> None:
        kind, offered = _type(element), list[Json]()

        def option(item: Json, at: str) -> None:
            self.fields(item, at, {"text!", "value!", "description", *({"url"} if kind == "overflow" else ())})
            texts = _TEXT if kind in ("radio_buttons", "checkboxes") else _PLAIN
            self.text(item.get("text"), f"{at}/text", 75, texts)
            self.size(item.get("value"), f"{at}/value", 150, 1)
            self.text(item.get("description"), f"{at}/description", 75, texts)
            if any(item.get("value") == other.get("value") for other in offered):
                self.fault(f"{at}/value", f"value {item.get('value')!r} already exists for another option")
            offered.append(item)

        def group(item: Json, at: str) -> None:
            self.fields(item, at, {"label!", "options!"})
            self.text(item.get("label"), f"{at}/label", 75, _PLAIN)
            self.items(item.get("options"), f"{at}/options", 100, option)

        self.fields(element, pointer, {"type!", "action_id", "options", *_CHOICES[kind]})
        most = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10}.get(kind, 100)
        self.text(element.get("placeholder"), f"{pointer}/placeholder", 150, _PLAIN)
        if (element.get("options") is None) == (element.get("option_groups") is None):
            self.fault(pointer, "missing required field: options")
        self.items(element.get("options"), f"{pointer}/options", most, option)
        self.items(element.get("option_groups"), f"{pointer}/option_groups", 100, group)
        first = element.get("initial_option")
        for chosen in [*(element.get("initial_options") or ()), *([first] if first is not None else [])]:
            if chosen not in offered:
                self.fault(pointer, "initial options must be among the options")
        self._confirm(element, pointer)

    def _plain_text_input(self, element: Json, pointer: str) -> None:
        names = {"initial_value", "multiline", "min_length", "max_length", "placeholder", "focus_on_load"}
        self.fields(element, pointer, {"type!", "action_id", "dispatch_action_config", *names})
        self.text(element.get("placeholder"), f"{pointer}/placeholder", 150, _PLAIN)
        most = element.get("max_length")
        if most is not None and not (isinstance(most, int) and 1 <= most <= 3000):
            self.fault(f"{pointer}/max_length", "must be between 1 and 3000")
        self.size(element.get("initial_value"), f"{pointer}/initial_value", most if isinstance(most, int) else 3000)
