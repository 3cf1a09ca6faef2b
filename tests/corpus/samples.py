"""A small corpus that a test can write down, bend and break: four documents and five FAQ entries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

CATALOGUE = """
[[document]]
id = "rules"
file = "rules.md"
kind = "framework"
authority = "official"
title = "The rules"
language = "en"
published = "2025-11"

[[document]]
id = "notes"
file = "notes.txt"
kind = "other"
authority = "digest"
title = "Notes on the rules"
language = "ja"

[[document]]
id = "faq"
file = "faq"
kind = "faq"
authority = "digest"
title = "FAQ"
language = "mul"
"""

RULES = """# The rules of the harbour club

## Joining

Towns join the harbour club by writing a letter to the harbour master. The letter names the town's harbour.

## Leaving

A town leaves the harbour club by flying a blue flag for seven days.

## Meetings

- The club meets every spring in Aomori.
- The club meets every autumn in Busan.

## Money

Each town pays forty crowns a year to the treasurer. Next year the sum is raised to fifty crowns.
"""

NOTES = """港の会の手引き

【入会】

町は港長に手紙を書いて港の会に入ります。手紙には港の名を書きます。

【退会】

町は青い旗を七日間掲げて港の会を退きます。

【会費】

町は会計係に毎年四十クローネを払います。
"""

ENTRIES = """
[[entry]]
number = 1
id = "joining"
topic = "members"
contact = "master"
quotations = [
  { document = "rules", quote = "Towns join the harbour club by writing a letter to the harbour master." },
  { document = "notes", quote = "町は港長に手紙を書いて港の会に入ります。" },
]

[[entry]]
number = 2
id = "leaving"
topic = "members"
quotations = [
  { document = "rules", quote = "A town leaves the harbour club by flying a blue flag for seven days." },
  { document = "notes", quote = "町は青い旗を七日間掲げて港の会を退きます。" },
]

[[entry]]
number = 3
id = "meetings"
topic = "meetings"
quotations = [{ document = "rules", quote = "The club meets every spring in Aomori." }]

[[entry]]
number = 4
id = "fee"
topic = "money"
quotations = [
  { document = "rules", quote = "Each town pays forty crowns a year to the treasurer." },
  { document = "notes", quote = "町は会計係に毎年四十クローネを払います。" },
]

[[entry]]
number = 5
id = "anthem"
topic = "members"
gap = true
contact = "master"
quotations = [{ document = "rules", quote = "The letter names the town's harbour." }]
"""

ENGLISH = """
[contacts.master]
name = "The harbour master"
detail = "Pier 4"

[entries.joining]
questions = ["How does a town join the harbour club?", "joining the club", "What must we do to become a member?"]
answer = "A town joins by writing a letter to the harbour master."

[entries.leaving]
questions = ["How does a town leave the harbour club?", "leaving the club", "How do we give up membership?"]
answer = "A town leaves by flying a blue flag for seven days."

[entries.meetings]
questions = ["Where does the club meet?", "meeting places", "In which towns are the meetings held?"]
answer = "The club meets in Aomori in spring."

[entries.fee]
questions = ["What does membership cost?", "yearly fee", "How much does each town pay?"]
answer = "Each town pays forty crowns a year."

[entries.anthem]
questions = ["Does the club have an anthem?", "song of the club", "Which anthem is sung at the meetings?"]
answer = "The documents do not say whether the club has an anthem."
"""

JAPANESE = """
[contacts.master]
name = "港長"
detail = "第四桟橋"

[entries.joining]
questions = ["港の会に入るにはどうしますか？", "入会の方法", "会員になるには何が必要ですか？"]
answer = "港長に手紙を書いて入会します。"

[entries.leaving]
questions = ["港の会を退くにはどうしますか？", "退会の方法", "会員をやめるには？"]
answer = "青い旗を七日間掲げて退会します。"

[entries.fee]
questions = ["会費はいくらですか？", "年会費", "町はいくら払いますか？"]
answer = "毎年四十クローネです。"
"""

SMALL: Mapping[str, str] = {
    "catalogue.toml": CATALOGUE,
    "rules.md": RULES,
    "notes.txt": NOTES,
    "faq/entries.toml": ENTRIES,
    "faq/en.toml": ENGLISH,
    "faq/ja.toml": JAPANESE,
}


def write_corpus(folder: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the small corpus to `folder`, with `changes` by file name (None leaves a file out); returns `folder`."""
    files: dict[str, str | bytes | None] = {**SMALL, **(changes or {})}
    for name, content in files.items():
        if content is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under `folder` with what it holds; the lock, which holds nothing, aside."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".catalogue.lock"
    }
