"""Text that a PDF tore apart is put together again as it was written, and what is whole stays so."""

from __future__ import annotations

import pytest

from corpus.readers.pdf.repair import despace, join_wrapped, plain_forms


@pytest.mark.parametrize(
    ("drawn", "meant"),
    [
        ("市⻑の⾔葉", "市長の言葉"),
        ("⿊い⾊", "黒い色"),
        ("⻩⾊", "黄色"),
        ("︵目的︶︒", "（目的）。"),
        ("eﬃcient ﬁnance", "efficient finance"),
        ("ซํ้า ซำ้า จํานวน", "ซ้ำ ซ้ำ จำนวน"),
        ("ร\uf70aวม ส\uf70aู", "ร่วม สู่"),
        ("เป้ าหมาย", "เป้าหมาย"),
        ("ジョン‧スミス", "ジョン・スミス"),
        ("以上‧‧‧", "以上・・・"),
        ("เปื่ ่ั", "เปืั่่"),
        ("ก่ ิ", "กิ่"),
        ("นําา", "นำ"),
    ],
)
def test_look_alikes_are_what_they_stand_for(drawn: str, meant: str) -> None:
    assert plain_forms(drawn, japanese=True) == meant
    assert plain_forms(meant, japanese=True) == meant


def test_every_radical_has_its_character() -> None:
    for code in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6)):
        character = plain_forms(chr(code))
        if code not in {0x2E80, 0x2E9A}:  # no character resembles ⺀; U+2E9A is not assigned
            assert len(character) == 1
            assert "\u3400" <= character <= "\u9fff" or character >= "\U00020000"
    assert plain_forms("黑") == plain_forms("⿊") == "黑", "as Chinese has it"


@pytest.mark.parametrize(
    ("spaced", "close"),
    [
        ("宣 言 に 関", "宣言に関"),
        ("第 1 条", "第1条"),
        ("2026 年 6 月 1 日", "2026年6月1日"),
        ("宣 言 に 1 都市", "宣言に1都市"),
        ("目的 、 内容", "目的、内容"),
        ("イクレイ 日本", "イクレイ 日本"),
        ("事務局 CityNet と", "事務局 CityNet と"),
        ("※1 この宣言", "※1 この宣言"),
        ("Article 1 of 12", "Article 1 of 12"),
    ],
)
def test_spaces_that_no_writer_put_there_go(spaced: str, close: str) -> None:
    assert despace(spaced) == close
    assert despace(close) == close


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["宣言に", "関する"], "宣言に関する"),
        (["the cities", "join"], "the cities join"),
        (["電子メールで ", "desk@city.jp まで"], "電子メールで desk@city.jp まで"),
        (["電子メールで des", "k@resources.city.example.jp まで"], "電子メールで desk@resources.city.example.jp まで"),
        (["to circular-", "desk@city.exam", "ple.org if"], "to circular-desk@city.example.org if"),
        (["to desk@city.ex", "ample.jp if"], "to desk@city.example.jp if"),
        (["Please write to", "desk@city.example.org if"], "Please write to desk@city.example.org if"),
        (["to desk@city.example.org", "if unclear"], "to desk@city.example.org if unclear"),
        (["案内はhttps://www.city.exa", "mple.jp/a/how-to-join.ht", "mlに"], "案内はhttps://www.city.example.jp/a/how-to-join.htmlに"),
        (["at https:", "//city.example.org/a_", "b.html explains"], "at https://city.example.org/a_b.html explains"),
        (["at https://city.example.org/a.html", "explains"], "at https://city.example.org/a.html explains"),
        (["at https://city.example.org.", "The guide"], "at https://city.example.org. The guide"),
        (["well-", "defined"], "well-defined"),
        (["exam-", "ple"], "example"),
        (["no hyphen\0", "here"], "no hyphen\0 here"),
        (["เรียนรู้ซึ่ง", "กันและกัน"], "เรียนรู้ซึ่งกันและกัน"),
        (["ต่าง ๆ", "ที่"], "ต่าง ๆ ที่"),
        (["สมาชิก 12", "แห่ง"], "สมาชิก 12 แห่ง"),
    ],
)  # fmt: skip
def test_wrapped_lines_are_joined_as_they_were_written(lines: list[str], joined: str) -> None:
    assert join_wrapped(lines, {"example"}) == joined
    assert join_wrapped([joined]) == joined
