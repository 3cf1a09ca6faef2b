"""Word files: the words Word shows, exactly, with their numbers, and nothing around them."""

from __future__ import annotations

from io import BytesIO
from time import monotonic

import docx as python_docx
import pytest
from docx.enum.text import WD_BREAK

from corpus.errors import CorpusError
from corpus.models import Authority, Content, Document, Kind
from corpus.readers import docx
from corpus.readers.docx.number_formats import format_number
from tests.corpus.make_hostile import HOSTILE_WORD, paragraph, word

LONGEST = 20.0  # seconds
TABLE = "a table is flattened to lines, a row a line: check what each line says"
TRACKED = "holds tracked changes: inserted text is kept, deleted text is left out"


def read(data: bytes) -> Content:
    file = Document(id="it", file="it.docx", kind=Kind.OTHER, authority=Authority.OFFICIAL, title="It", language="ja")
    return docx.read(data, file)


def texts(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks]


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def test_a_file_that_python_docx_wrote() -> None:
    file = python_docx.Document()
    file.add_heading("アジア循環都市宣言", 0)
    file.add_heading("第1章 総則", 1)
    line = file.add_paragraph("市")
    line.add_run("長").bold = True
    line.add_run("は、宣言します。")
    file.add_heading("目的", 2)
    wrapped = file.add_paragraph("Asian ")
    wrapped.add_run("Cities").italic = True
    wrapped.add_run().add_break()
    wrapped.add_run("share.")
    wrapped.add_run().add_break(WD_BREAK.PAGE)
    file.add_paragraph("ปฏิญญาเมืองหมุนเวียน", style="List Bullet")
    file.add_paragraph("first", style="List Number")
    file.add_paragraph("second", style="List Number")
    table = file.add_table(2, 2)
    for index, words in enumerate(("都市", "人口", "横浜", "377万")):
        table.cell(index // 2, index % 2).text = words
    file.sections[0].header.paragraphs[0].text = "ページの飾り"
    stream = BytesIO()
    file.save(stream)
    content = read(stream.getvalue())
    assert [(b.text, b.level, b.title, b.item, b.page) for b in content.blocks] == [
        ("アジア循環都市宣言", 0, True, False, None),
        ("第1章 総則", 1, False, False, None),
        ("市長は、宣言します。", 0, False, False, None),
        ("目的", 2, False, False, None),
        ("Asian Cities share.", 0, False, False, None),
        ("ปฏิญญาเมืองหมุนเวียน", 0, False, True, None),
        ("1. first", 0, False, True, None),
        ("2. second", 0, False, True, None),
        ("都市 | 人口", 0, False, False, None),
        ("横浜 | 377万", 0, False, False, None),
    ]
    assert content.warnings == (TABLE,)


def test_headings_by_style_by_inheritance_and_by_outline_level() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="mine"><w:name w:val="章題"/><w:basedOn w:val="1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="ja"><w:name w:val="見出し 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="toc"><w:name w:val="toc 1"/></w:style>'
    )
    body = (
        paragraph("目次の行 1", '<w:pStyle w:val="toc"/>')
        + paragraph("一", '<w:pStyle w:val="mine"/>')
        + paragraph("二", '<w:pStyle w:val="ja"/>')
        + paragraph("三", '<w:outlineLvl w:val="2"/>')
        + paragraph("四", '<w:pStyle w:val="1"/>')
        + paragraph("本文。", '<w:pStyle w:val="mine"/><w:outlineLvl w:val="9"/>')
    )
    content = read(word(body, styles=styles))
    assert [(b.text, b.level) for b in content.blocks] == [("一", 1), ("二", 2), ("三", 3), ("四", 1), ("本文。", 0)]
    assert content.warnings == ("the table of contents is left out",)


def test_the_only_first_heading_is_the_title() -> None:
    body = (
        paragraph("題", '<w:outlineLvl w:val="0"/>') + paragraph("節", '<w:outlineLvl w:val="1"/>') + paragraph("文。")
    )
    assert [(b.text, b.title, b.level) for b in read(word(body)).blocks] == [
        ("題", True, 0),
        ("節", False, 1),
        ("文。", False, 0),
    ]


def level(at: int, form: str, text: str, more: str = "", start: int = 1) -> str:
    return (f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
            f'<w:lvlText w:val="{text}"/></w:lvl>')  # fmt: skip


def numbered(text: str, at: int = 0, number: int = 1) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>')


def test_numbers_are_shown_as_word_shows_them() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0">'
        + level(0, "decimal", "第%1条")
        + level(1, "decimalFullWidth", "（%2）", '<w:suff w:val="nothing"/>')
        + level(2, "aiueoFullWidth", "%3.")
        + level(3, "decimal", "%1.%2.%4", "<w:isLgl/>")
        + level(4, "bullet", "•")
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="8"/>'
        "</w:lvlOverride></w:num>"
    )
    body = (
        numbered("目的") + numbered("甲", 1) + numbered("乙", 1) + numbered("ア行", 2) + numbered("イ行", 2)
        + numbered("深い", 3) + numbered("点", 4) + numbered("定義") + numbered("丙", 1) + numbered("附則", 0, 2)
        + numbered("附則", 0, 2) + numbered("番号なし", 0, 0)
    )  # fmt: skip
    blocks = read(word(body, numbering=numbering)).blocks
    assert [block.text for block in blocks] == [
        "第1条 目的", "（１）甲", "（２）乙", "ア. ア行", "イ. イ行", "1.2.1 深い", "点", "第2条 定義", "（１）丙",
        "第8条 附則", "第9条 附則", "番号なし",
    ]  # fmt: skip
    assert [block.item for block in blocks] == [False, *[True] * 6, False, True, False, False, False]


def test_an_empty_paragraph_has_its_number_too() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0">'
        + level(0, "decimal", "%1.")
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    assert texts(word(numbered("甲") + numbered("") + numbered("乙"), numbering=numbering)) == ["1. 甲", "3. 乙"]


def test_a_style_gives_its_paragraphs_their_level_and_number() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="h2"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:numId w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
    )
    numbering = (
        '<w:abstractNum w:abstractNumId="0">' + level(0, "upperRoman", "%1.")
        + level(1, "japaneseCounting", "第%2節", '<w:pStyle w:val="h2"/>')
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )  # fmt: skip
    body = paragraph("x.") + "".join(paragraph("題", '<w:pStyle w:val="h2"/>') for _ in range(12))
    assert texts(word(body, styles=styles, numbering=numbering))[-2:] == ["第十一節 題", "第十二節 題"]


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (7, "decimalZero", "07"), (28, "lowerLetter", "bb"), (4, "upperRoman", "IV"), (12, "ordinal", "12th"),
        (3, "decimalEnclosedCircle", "③"), (2, "iroha", "ﾛ"), (20, "japaneseCounting", "二十"), (2, "ganada", "나"),
        (10, "thaiNumbers", "๑๐"), (3, "thaiLetters", "ค"), (2, "ideographTraditional", "乙"), (1, "none", ""),
        (99, "decimalEnclosedCircle", None), (1, "bahtText", None), (7, "decimalZero3", "007"),
        (1, "decimalZeroX", None), (1, "decimalZero999999999", None), (4000, "lowerRoman", None),
    ],
)  # fmt: skip
def test_number_formats(number: int, form: str, shown: str | None) -> None:
    assert format_number(number, form) == shown


@pytest.mark.parametrize(
    ("inside", "shown", "warning"),
    [
        (run("市") + run("長", "<w:b/>"), "市長", None),
        (run("Asian ") + run("Cities"), "Asian Cities", None),
        ("<w:r><w:t> Asian </w:t><w:tab/><w:t>Cities</w:t></w:r>", "Asian Cities", None),
        ("<w:r><w:t>一行目</w:t><w:br/><w:t>二行目</w:t></w:r>", "一行目二行目", None),
        (f"<w:hyperlink>{run('リンク')}</w:hyperlink>{run('先')}", "リンク先", None),
        (f"<w:smartTag><w:sdt><w:sdtContent>{run('市')}</w:sdtContent></w:sdt></w:smartTag>", "市", None),
        (f"{run('前')}<w:ins>{run('新')}</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", "前新", TRACKED),
        (f"{run('前')}<w:moveTo>{run('新')}</w:moveTo><w:moveFrom>{run('旧')}</w:moveFrom>", "前新", TRACKED),
        (run("前") + run("隠", "<w:vanish/>") + run("後", '<w:vanish w:val="0"/>'), "前後", "hidden text is left out"),
        (run("前") + run("旧", "<w:strike/>"), "前", "struck-out text is left out"),
        (run("10") + run("6", '<w:vertAlign w:val="superscript"/>') + run(" t"), "10⁶ t", None),
        (f"<w:r><w:ruby><w:rt>{run('し')}</w:rt><w:rubyBase>{run('市')}</w:rubyBase></w:ruby></w:r>{run('長')}",
         "市長", None),
        (f"<w:fldSimple w:instr='REF x'>{run('第3条')}</w:fldSimple>", "第3条", None),
        (f"{field('begin')}<w:r><w:instrText>REF x</w:instrText></w:r>{run('不')}{field('separate')}{run('第3条')}"
         f"{field('end')}{run('に')}", "第3条に", None),
        (f"{field('begin')}<w:r><w:instrText>EQ \\* jc2 \\o\\ad(\\s\\up 9(し),市)</w:instrText></w:r>{field('end')}"
         f"{run('長')}", "市長", None),
        (run("前") + '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "前",
         "characters of a symbol font are left out"),
        (run("前") + '<w:r><w:sym w:font="Wingdings" w:char="F00FC"/></w:r>', "前",
         "characters of a symbol font are left out"),
        (run("前") + '<w:r><w:sym w:font="Wingdings" w:char="00FC"/></w:r>', "前",
         "characters of a symbol font are left out"),
        (run("前") + '<w:r><w:sym w:font="Segoe UI Emoji" w:char="1F331"/></w:r>', "前\U0001f331", None),
        (run("a") + "<w:r><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/></w:r>" + run("c\u200bd\u202ee"), "a-bcde",
         None),
        (run("前") + "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>", "前", "formulas are left out"),
        (run("A &amp;lt; B"), "A &lt; B", None),
    ],
)  # fmt: skip
def test_the_words_of_a_paragraph(inside: str, shown: str, warning: str | None) -> None:
    content = read(word(f"<w:p>{inside}</w:p>"))
    assert [block.text for block in content.blocks] == [shown]
    assert content.warnings == ((warning,) if warning else ())


def test_hand_made_lists_and_double_breaks_part_a_paragraph() -> None:
    lines = "<w:br/>".join(f"<w:t>{line}</w:t>" for line in ("一覧", "・甲", "・乙", "", "終わり。"))
    blocks = read(word(f"<w:p><w:r>{lines}</w:r></w:p>{paragraph('・丙')}")).blocks
    assert [(b.text, b.item) for b in blocks] == [
        ("一覧", False), ("甲", True), ("乙", True), ("終わり。", False), ("丙", True),
    ]  # fmt: skip


def test_paragraphs_whose_end_was_deleted_are_one() -> None:
    body = paragraph("市長は", "<w:rPr><w:del/></w:rPr>") + paragraph("宣言します。")
    assert texts(word(body)) == ["市長は宣言します。"]


NOTES = (
    '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
    '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>' + run(" 国際機関です。") + "</w:p></w:footnote>"
    '<w:footnote w:id="3"><w:p>'
    + run("※")
    + "<w:r><w:footnoteRef/></w:r>"
    + run(" 都市の網です。")
    + "</w:p></w:footnote>"
    '<w:footnote w:id="4"><w:p>' + run("＊ 印の注。") + "</w:p></w:footnote>"
)


def reference(note: int, more: str = "", after: str = "") -> str:
    return f'<w:r><w:footnoteReference w:id="{note}" {more}/>{after}</w:r>'


def test_notes_follow_the_paragraph_that_refers_to_them() -> None:
    body = (
        f"<w:p>{run('イクレイ')}{reference(2)}{run('と')}{run('シティネット※')}{reference(3)}{run('です。')}</w:p>"
        f"<w:p>{run('印')}{reference(4, 'w:customMarkFollows=' + chr(34) + '1' + chr(34), '<w:t>＊</w:t>')}</w:p>"
    )
    assert texts(word(body, footnotes=NOTES)) == [
        "イクレイとシティネット※2です。", "1 国際機関です。", "※2 都市の網です。", "印＊", "＊ 印の注。",
    ]  # fmt: skip


def test_notes_in_a_table_follow_the_row_and_endnotes_have_their_own_numbers() -> None:
    endnote = '<w:endnote w:id="2"><w:p><w:r><w:endnoteRef/></w:r>' + run(" 末尾の注。") + "</w:p></w:endnote>"
    cells = f"<w:tc><w:p>{run('甲')}{reference(2)}</w:p></w:tc><w:tc>{paragraph('乙')}</w:tc>"
    body = f'<w:tbl><w:tr>{cells}</w:tr></w:tbl><w:p>{run("丙")}<w:r><w:endnoteReference w:id="2"/></w:r></w:p>'
    assert texts(word(body, footnotes=NOTES, endnotes=endnote)) == ["甲 | 乙", "1 国際機関です。", "丙", "i 末尾の注。"]


def note(*paragraphs: str) -> str:
    return f'<w:footnote w:id="2">{"".join(paragraphs)}</w:footnote>'


def test_a_field_that_never_ends_in_a_note_or_a_text_box_is_refused() -> None:
    endless = f"<w:p>{field('begin')}{run('失う。')}</w:p>{paragraph('これも。')}"
    for body, where in (
        (f"<w:p>{run('本文。')}{reference(2)}</w:p>", "note 1"),
        (
            f"<w:p>{run('本文。')}<w:r><w:pict><w:txbxContent>{endless}</w:txbxContent></w:pict></w:r></w:p>",
            "a text box",
        ),
    ):
        with pytest.raises(CorpusError, match=f"it.docx: {where} holds a field that never ends"):
            read(word(body, footnotes=note(endless)))


DELETED_END = "<w:rPr><w:del/></w:rPr>"


def test_a_last_paragraph_keeps_its_text_though_its_end_was_deleted() -> None:
    """There is nothing that it could go on with: in a note, a cell, a text box, before a table."""
    body = f"<w:p>{run('本文。')}{reference(2)}</w:p>"
    shown = texts(word(body, footnotes=note(paragraph("注の", DELETED_END), paragraph("文。", DELETED_END))))
    assert shown == ["本文。", "注の文。"]
    cells = "".join(f"<w:tc>{paragraph(text, DELETED_END)}</w:tc>" for text in ("甲", "乙"))
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('箱。', DELETED_END)}</w:txbxContent></w:pict></w:r>"
    body = f"{paragraph('前。', DELETED_END)}<w:tbl><w:tr>{cells}</w:tr></w:tbl><w:p>{box}{run('後。')}</w:p>"
    assert texts(word(body + paragraph("終。", DELETED_END))) == ["前。", "甲 | 乙", "後。", "箱。", "終。"]


def test_notes_and_text_boxes_of_what_was_joined_follow_it() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('箱。')}</w:txbxContent></w:pict></w:r>"
    start = f"<w:p><w:pPr>{DELETED_END}</w:pPr>{run('市長は')}{reference(2)}{box}</w:p>"
    assert texts(word(start + paragraph("宣言します。"), footnotes=note(paragraph("注。")))) == [
        "市長は宣言します。", "注。", "箱。",
    ]  # fmt: skip


def test_a_note_and_a_text_box_under_ruby_are_kept() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('箱。')}</w:txbxContent></w:pict></w:r>"
    base = f"{run('市')}{reference(2)}{box}"
    ruby = f"<w:r><w:ruby><w:rt>{run('し')}</w:rt><w:rubyBase>{base}</w:rubyBase></w:ruby></w:r>"
    assert texts(word(f"<w:p>{ruby}{run('長。')}</w:p>", footnotes=note(paragraph("注。")))) == [
        "市長。",
        "注。",
        "箱。",
    ]


@pytest.mark.parametrize(("property_", "warning"), [("vanish", "hidden text is"), ("strike", "struck-out text is")])
def test_notes_and_text_boxes_of_text_that_is_left_out_are_left_out(property_: str, warning: str) -> None:
    box = f"<w:pict><w:txbxContent>{paragraph('箱。')}</w:txbxContent></w:pict>"
    unseen = f'<w:r><w:rPr><w:{property_}/></w:rPr><w:t>旧</w:t><w:footnoteReference w:id="2"/>{box}</w:r>'
    ruby = f"<w:r><w:rPr><w:{property_}/></w:rPr><w:ruby><w:rubyBase>{reference(2)}</w:rubyBase></w:ruby></w:r>"
    for hidden in (unseen, ruby):
        content = read(word(f"<w:p>{run('本文。')}{hidden}</w:p>", footnotes=note(paragraph("隠れた注。"))))
        assert [block.text for block in content.blocks] == ["本文。"]
        assert any(said.startswith("a note of hidden, struck-out") for said in content.warnings)
        assert any(said.startswith(warning) for said in content.warnings) == (hidden == unseen)


def test_a_note_in_a_note_is_told() -> None:
    content = read(
        word(f"<w:p>{run('本文。')}{reference(2)}</w:p>", footnotes=note(f"<w:p>{run('注。')}{reference(2)}</w:p>"))
    )
    assert content.warnings == ("a note that another note refers to is left out",)


def test_numbers_beyond_a_form_are_told_by_its_name() -> None:
    endnotes = '<w:endnote w:id="2"><w:p><w:r><w:endnoteRef/></w:r>' + run("注。") + "</w:p></w:endnote>"
    start = '<w:endnotePr><w:numStart w:val="4000"/></w:endnotePr>'
    content = read(word('<w:p><w:r><w:t>甲。</w:t><w:endnoteReference w:id="2"/></w:r></w:p>', endnotes=endnotes,
                        settings=start))  # fmt: skip
    assert content.warnings == ("numbers of the form 'lowerRoman' are left out: check how Word shows them",)


@pytest.mark.parametrize("form", ["decimalZeroX", "decimalZero²", "x" * 500])
def test_a_form_of_numbers_that_is_none_is_told(form: str) -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0">'
        + level(0, form, "%1.")
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    (warning,) = read(word(numbered("甲"), numbering=numbering)).warnings
    assert warning.startswith(f"numbers of the form '{form[:40]}' are left out")


def test_text_boxes_once_and_after_their_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('箱の文。')}</w:txbxContent>"
    drawn = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert texts(word(f"<w:p>{drawn}{run('本文。')}</w:p>")) == ["本文。", "箱の文。"]
    assert texts(word(f"<w:p><w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r></w:p>")) == [
        "箱の文。"
    ]


def test_content_controls_boxes_of_one_cell_and_deleted_rows() -> None:
    deleted = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('旧')}</w:tc><w:tc>{paragraph('旧')}</w:tc></w:tr>"
    body = (
        f"<w:sdt><w:sdtContent>{paragraph('欄の文。')}</w:sdtContent></w:sdt>"
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{paragraph('ここに入力')}</w:sdtContent></w:sdt>"
        f"<w:tbl><w:tr><w:tc>{paragraph('囲みの文。')}{paragraph('二つ目。')}</w:tc></w:tr></w:tbl>"
        f"<w:tbl><w:tr><w:tc>{paragraph('a')}</w:tc><w:tc>{paragraph('b')}</w:tc></w:tr>{deleted}</w:tbl>"
    )
    content = read(word(body))
    assert [block.text for block in content.blocks] == ["欄の文。", "囲みの文。", "二つ目。", "a | b"]
    assert set(content.warnings) == {TABLE, TRACKED}


def test_strict_files_utf_16_parts_macros_and_absolute_targets() -> None:
    strict = (
        '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body><w:p><w:r><w:t>厳密。</w:t></w:r>'
        "</w:p></w:body></w:document>"
    )
    assert texts(word("", extra={"word/document.xml": strict})) == ["厳密。"]
    assert texts(word(paragraph("市長です。"), encoding="utf-16")) == ["市長です。"]
    assert texts(word(paragraph("x."), main="application/vnd.ms-word.document.macroEnabled.main+xml")) == ["x."]


def test_nothing_outside_the_file_is_looked_at() -> None:
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
        'Type="x/styles" TargetMode="External" Target="http://127.0.0.1:9/"/><Relationship Id="b" Type="x/numbering" '
        'Target="../../../../etc/passwd"/></Relationships>'
    )
    assert texts(word(paragraph("x."), extra={"word/_rels/document.xml.rels": relation})) == ["x."]


@pytest.mark.parametrize("name", HOSTILE_WORD)
def test_hostile_files_end_in_a_reason_or_in_their_text(name: str) -> None:
    make, reason = HOSTILE_WORD[name]
    data, started = make(), monotonic()
    if reason is None:
        assert any("circle" in text or "note" in text for text in texts(data))
    else:
        with pytest.raises(CorpusError, match=reason) as refusal:
            read(data)
        assert str(refusal.value).startswith("it.docx: ")
    assert monotonic() - started < LONGEST


def test_any_flipped_byte_and_any_cut_is_read_or_refused() -> None:
    data = word(paragraph("市長です。") + numbered("x"), styles="", numbering="", footnotes=NOTES)
    for at in range(0, len(data), 3):
        for broken in (data[:at], data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]):
            try:
                read(broken)
            except CorpusError as refusal:
                assert str(refusal).startswith("it.docx: ")  # noqa: PT017
