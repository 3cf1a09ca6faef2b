"""Personal details are found in what staff wrote, whatever script it is in; what is public anyway is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.personal import personal_details

PUBLIC = "谷澤 寿和 Tel 045-671-4889 kankyo@city.example.jp, sustainable development"


def found(text: str, *names: str) -> list[str]:
    return personal_details(text, names=names, public=PUBLIC, country="JP")


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("Write to linh.tran+desk@mail.hanoi.example.vn.", ["linh.tran+desk@mail.hanoi.example.vn"]),
        ("メールはsato@city.example.jpまで", ["sato@city.example.jp"]),
        ("Call +84 90 123 4567 after six.", ["+84 90 123 4567"]),
        ("携帯は090-1234-5678です", ["090-1234-5678"]),
        ("携帯は０９０−１２３４−５６７８です", ["０９０−１２３４−５６７８"]),
        ("(03) 5541-1234, +66-81-234-5678", ["(03) 5541-1234", "+66-81-234-5678"]),
        ("a@b.example and again a@b.example", ["a@b.example"]),
        ("Tel 045-671-4889 or kankyo@city.example.jp", []),
        ("Founded on 26 November 2025 by 12 cities, 3,450 tonnes, ISO 59004:2024, 2025-11-26.", []),
        ("参加費は１都市あたり５００，０００円、2025年11月26日", []),
        ("", []),
    ],
)
def test_addresses_and_numbers(text: str, details: list[str]) -> None:
    assert found(text) == details


@pytest.mark.parametrize(
    ("text", "name", "details"),
    [
        ("Dear Linh Tran, joining is free.", "Linh Tran", ["Linh Tran"]),
        ("dear LINH TRAN, joining is free.", "Linh Tran", ["Linh Tran"]),
        ("Dear Ms Linh, joining is free.", "Linh Tran", ["Linh"]),
        ("Dear Mr. Tran:", "linh.tran", ["tran"]),
        ("佐藤が対応します。", "佐藤", ["佐藤"]),
        ("佐藤様、参加は無料です。", "佐藤 花子", ["佐藤"]),
        ("担当：Satoです", "佐藤 / Sato", ["Sato"]),
        ("Chào chị Hương,", "Nguyễn Thị Hương", ["Hương"]),
        ("เรียนคุณสมชายครับ", "สมชาย ใจดี", ["สมชาย"]),
        ("The satoyama landscape is protected.", "Sato", []),
        ("An analysis of plans.", "An Li", []),
        ("Sustainable cities", "sustainable", []),  # a word of the documents
        ("Who asks?", "", []),
        ("森林を守る", "森", []),
    ],
)
def test_names_of_those_who_asked_and_replied(text: str, name: str, details: list[str]) -> None:
    assert found(text, name) == details


def test_everything_is_told_once_in_the_order_of_its_kind() -> None:
    text = "Sato: 090-1234-5678, sato@x.example, Sato, 090-1234-5678"
    assert found(text, "Sato", "Sato") == ["sato@x.example", "090-1234-5678", "Sato"]


@given(st.text(), st.text())
def test_any_text_can_be_looked_through(text: str, name: str) -> None:
    details = found(text, name)
    assert len(set(details)) == len(details)
    assert [detail for detail in details if detail.casefold() not in text.casefold()] == []
