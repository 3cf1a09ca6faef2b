"""Makes the files in tests/corpus/files: `python -m tests.corpus.make_files [NAME …]`.

The tests read the committed files and need none of this. Making them anew needs Chromium, LibreOffice
(`apt-get install libreoffice-writer-nogui`), the fonts (`fonts-ipaexfont-mincho fonts-thai-tlwg`) and ReportLab
(`pip install reportlab`, with Pillow).
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from functools import partial
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter

from tests.corpus.texts import ENGLISH_SENTENCES, JAPANESE_SENTENCES, PARTS, RUNNING

FILES = Path(__file__).parent / "files"
FONTS = {"ja": "IPAexMincho", "en": "DejaVu Serif", "th": "Garuda"}
THAI_FONT = Path("/usr/share/fonts/truetype/tlwg/Garuda.ttf")
MM = 72 / 25.4
A4, A6 = (210 * MM, 297 * MM), (105 * MM, 148 * MM)
CHROMIUM = (
    "/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
)  # fmt: skip


# --- printed by Chromium ------------------------------------------------------------------------------


def chromium(html: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        page, pdf = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(html, "utf-8")
        command = [*CHROMIUM, f"--user-data-dir={folder}/profile", f"--print-to-pdf={pdf}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return pdf.read_bytes()


def page_html(language: str, body: str, style: str = "") -> str:
    return f"""<!doctype html><html lang="{language}"><meta charset="utf-8"><title>fixture</title><style>
body {{ font: 11pt/1.7 "{FONTS[language]}"; margin: 0 }} h1 {{ font-size: 16pt }} h2 {{ font-size: 12pt }}
h1, h2 {{ font-weight: normal }} ul {{ list-style: none; padding: 0 }}
@page {{ margin: 60mm 65mm 70mm;
  @top-center {{ content: "{RUNNING[language]}"; font: 8pt "{FONTS[language]}" }}
  @bottom-center {{ content: "- " counter(page) " -"; font: 8pt "{FONTS[language]}" }} }}
{style}</style>{body}</html>"""


def body_html(language: str) -> str:
    tags = {"title": "h1", "heading": "h2", "text": "p", "item": "div", "note": "p"}
    return "\n".join(f"<{tags[kind]}>{escape(text)}</{tags[kind]}>" for kind, text in PARTS[language])


def chromium_text(language: str) -> bytes:
    return chromium(page_html(language, body_html(language)))


def chromium_vertical() -> bytes:
    style = "html { writing-mode: vertical-rl } @page { margin: 50mm; @top-center { content: none } }"
    return chromium(page_html("ja", body_html("ja"), style))


def chromium_ruby() -> bytes:
    body = f"""<h1>読み仮名つきの案内</h1>
<p>{JAPANESE_SENTENCES[0]}</p>
<p><ruby>市長<rt>しちょう</rt></ruby>は、<ruby>宣言<rt>せんげん</rt></ruby>に<ruby>署名<rt>しょめい</rt></ruby>する。</p>
<p>{JAPANESE_SENTENCES[10]}</p>"""
    return chromium(page_html("ja", body))


TABLE = (("都市", "人口", "年会費"), ("北町市", "12万人", "300千円"), ("南浜市", "45万人", "500千円"),
         ("東川市", "8万人", "200千円"))  # fmt: skip


def chromium_table() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    style = "table { border-collapse: collapse; width: 100% } td { border: 1px solid; padding: 4px }"
    text = f"<h1>参加都市の一覧</h1><p>{JAPANESE_SENTENCES[0]}</p><table>{rows}</table><p>{JAPANESE_SENTENCES[10]}</p>"
    return chromium(page_html("ja", text, style))


def chromium_columns() -> bytes:
    """Two columns as a browser sets them: the first whole, then the second; nothing is interleaved."""
    style = ("body { column-count: 2; column-gap: 8mm; font-size: 9pt } h1 { column-span: all } "
             "@page { margin: 30mm }")  # fmt: skip
    return chromium(page_html("ja", body_html("ja"), style))


# --- printed by LibreOffice ---------------------------------------------------------------------------


def libreoffice(fodt: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "it.fodt").write_text(fodt, "utf-8")
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
                   "--outdir", folder, f"{folder}/it.fodt"]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return Path(folder, "it.pdf").read_bytes()


def libreoffice_text(language: str) -> bytes:
    return libreoffice(document_fodt(language))


def document_fodt(language: str) -> str:
    styles = {"title": "Title", "heading": "Heading", "text": "Body", "item": "Body", "note": "Body"}
    body = "\n".join(f'<text:p text:style-name="{styles[kind]}">{escape(text)}</text:p>'
                     for kind, text in PARTS[language])  # fmt: skip
    font, western, country = FONTS[language], *(("th", "TH") if language == "th" else ("en", "GB"))

    def style(name: str, size: int, space: str, align: str = "start") -> str:
        return f"""<style:style style:name="{name}" style:family="paragraph">
<style:paragraph-properties fo:margin-bottom="{space}" fo:text-align="{align}" style:punctuation-wrap="simple"/>
<style:text-properties style:font-name="F" style:font-name-asian="F" style:font-name-complex="F"
 fo:font-size="{size}pt" style:font-size-asian="{size}pt" style:font-size-complex="{size}pt"
 fo:language="{western}" fo:country="{country}" style:language-asian="ja" style:country-asian="JP"
 style:language-complex="th" style:country-complex="TH"/></style:style>"""

    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="F" svg:font-family="'{font}'"/></office:font-face-decls>
<office:styles>{style("Title", 16, "5mm")}{style("Heading", 12, "2mm")}{style("Body", 11, "3mm", "justify")}
{style("Small", 8, "0mm")}</office:styles>
<office:automatic-styles><style:page-layout style:name="L"><style:page-layout-properties fo:page-width="105mm"
 fo:page-height="148mm" fo:margin="12mm" style:print-orientation="portrait"/>
<style:header-style><style:header-footer-properties fo:min-height="8mm" fo:margin-bottom="3mm"/></style:header-style>
<style:footer-style><style:header-footer-properties fo:min-height="8mm" fo:margin-top="3mm"/></style:footer-style>
</style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="L">
<style:header><text:p text:style-name="Small">{RUNNING[language]}</text:p></style:header>
<style:footer><text:p text:style-name="Small"><text:page-number text:select-page="current">1</text:page-number> /
 <text:page-count>1</text:page-count></text:p></style:footer></style:master-page></office:master-styles>
<office:body><office:text>{body}</office:text></office:body></office:document>"""  # fmt: skip


# --- drawn by ReportLab -------------------------------------------------------------------------------


def part(module: str, name: str) -> Any:
    """Something of ReportLab's or Pillow's, which only this script needs."""
    return getattr(importlib.import_module(module), name)


def reportlab_font(language: str) -> str:

    if language == "ja":
        part("reportlab.pdfbase.pdfmetrics", "registerFont")(
            part("reportlab.pdfbase.cidfonts", "UnicodeCIDFont")("HeiseiMin-W3")
        )
        return "HeiseiMin-W3"
    if language == "th":
        part("reportlab.pdfbase.pdfmetrics", "registerFont")(
            part("reportlab.pdfbase.ttfonts", "TTFont")("Garuda", str(THAI_FONT))
        )
        return "Garuda"
    return "Times-Roman"


def reportlab_text(language: str) -> bytes:

    font = reportlab_font(language)
    sizes = {"title": 16, "heading": 12}
    flow = []
    for kind, text in PARTS[language]:
        size = sizes.get(kind, 11)
        style = part("reportlab.lib.styles", "ParagraphStyle")(
            kind,
            fontName=font,
            fontSize=size,
            leading=size * 1.6,
            spaceAfter=size * 0.6,
            wordWrap=None if language == "en" else "CJK",
        )
        flow.append(part("reportlab.platypus", "Paragraph")(escape(text), style))

    def furniture(canvas: Any, template: Any) -> None:
        canvas.setFont(font, 8)
        canvas.drawCentredString(A6[0] / 2, A6[1] - 9 * MM, RUNNING[language])
        canvas.drawCentredString(A6[0] / 2, 8 * MM, {"ja": "{} ページ", "en": "Page {}", "th": "หน้า {}"}[language]
                                 .format(template.page))  # fmt: skip

    out = BytesIO()
    margins = {f"{side}Margin": 14 * MM for side in ("left", "right", "top", "bottom")}
    part("reportlab.platypus", "SimpleDocTemplate")(out, pagesize=A6, invariant=1, **margins).build(
        flow, onFirstPage=furniture, onLaterPages=furniture
    )
    return out.getvalue()


def canvas_pages(draw: Callable[[Any], None]) -> bytes:

    out = BytesIO()
    canvas = part("reportlab.pdfgen.canvas", "Canvas")(out, pagesize=A4, invariant=1)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def columns_by_rows() -> bytes:
    """Two columns whose lines are drawn across: left 1, right 1, left 2, right 2, …"""

    def draw(canvas: Any) -> None:
        text = "".join(JAPANESE_SENTENCES)
        left, right = text[: 24 * 12], (text * 2)[24 * 12 : 24 * 24]
        font = reportlab_font("ja")
        canvas.setFont(font, 9)
        canvas.drawString(60, 780, "二段組みの報告書")
        for row in range(12):
            canvas.drawString(60, 740 - 16 * row, left[24 * row : 24 * row + 24])
            canvas.drawString(310, 740 - 16 * row, right[24 * row : 24 * row + 24])

    return canvas_pages(draw)


def english_columns_by_rows() -> bytes:
    def draw(canvas: Any) -> None:
        lines = textwrap.wrap(" ".join(ENGLISH_SENTENCES) * 2, 46)
        half = len(lines) // 2
        canvas.setFont("Times-Roman", 11)
        for row in range(half):
            canvas.drawString(60, 740 - 14 * row, lines[row])
            canvas.drawString(310, 740 - 14 * row, lines[half + row])

    return canvas_pages(draw)


def columns_in_one_object() -> bytes:
    """The same in a single text object, which moves from column to column."""

    def draw(canvas: Any) -> None:
        text = canvas.beginText()
        text.setFont(reportlab_font("ja"), 9)
        left = "".join(JAPANESE_SENTENCES)
        right = left[24 * 8 :]
        for row in range(8):
            for x, column in ((60, left), (310, right)):
                text.setTextOrigin(x, 740 - 16 * row)
                text.textOut(column[24 * row : 24 * row + 24])
        canvas.drawText(text)

    return canvas_pages(draw)


def table_of_words() -> bytes:
    """A table of labels and sentences, which is no pair of columns."""

    def draw(canvas: Any) -> None:
        canvas.setFont(reportlab_font("ja"), 9)
        for row, sentence in enumerate(JAPANESE_SENTENCES[:8]):
            canvas.drawString(60, 740 - 16 * row, f"項目{row + 1}")
            canvas.drawString(160, 740 - 16 * row, sentence)

    return canvas_pages(draw)


def without_unicode() -> bytes:
    """Fonts that do not say which characters their glyphs are."""
    writer, out = PdfWriter(PdfReader(BytesIO((FILES / "chromium-en.pdf").read_bytes()))), BytesIO()
    for page in writer.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            font.get_object().pop("/ToUnicode", None)
    writer.write(out)
    return out.getvalue()


def euc_fonts() -> bytes:
    """A CID font with the predefined CMap EUC-H, which pypdf does not know."""

    def draw(canvas: Any) -> None:

        font = part("reportlab.pdfbase.cidfonts", "CIDFont")("HeiseiMin-W3", "EUC-H")
        part("reportlab.pdfbase.pdfmetrics", "registerFont")(font)
        canvas.setFont(font.fontName, 11)
        for row, sentence in enumerate(JAPANESE_SENTENCES[:3]):
            canvas.drawString(60, 740 - 20 * row, sentence.encode("euc-jp").decode("latin-1"))

    return canvas_pages(draw)


def image_only() -> bytes:
    def draw(canvas: Any) -> None:

        picture = part("PIL.Image", "new")("1", (400, 200), 1)
        part("PIL.ImageDraw", "Draw")(picture).text((20, 80), "A scanned letter", fill=0)
        for _ in range(2):
            canvas.drawImage(part("reportlab.lib.utils", "ImageReader")(picture), 60, 400)
            canvas.showPage()

    return canvas_pages(draw)


def blank_page_inside() -> bytes:
    def draw(canvas: Any) -> None:
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(60, 740, ENGLISH_SENTENCES[0])
        canvas.showPage()
        canvas.showPage()
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(60, 740, ENGLISH_SENTENCES[1])

    return canvas_pages(draw)


def blank() -> bytes:
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(300, 400)
    writer.write(out)
    return out.getvalue()


def encrypted(user_password: str) -> bytes:
    writer, out = PdfWriter(PdfReader(BytesIO(blank_page_inside()))), BytesIO()
    writer.encrypt(user_password, "the owner's", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def truncated() -> bytes:
    data = (FILES / "reportlab-ja.pdf").read_bytes()
    return data[: len(data) // 2]


def broken_page() -> bytes:
    """The second page's contents are no stream that can be unpacked."""
    from pypdf.generic import NameObject, StreamObject

    writer, out = PdfWriter(PdfReader(BytesIO((FILES / "reportlab-en.pdf").read_bytes()))), BytesIO()
    stream = StreamObject()
    stream._data = b"no such thing"
    stream[NameObject("/Filter")] = NameObject("/NoSuchDecode")
    writer.pages[1][NameObject("/Contents")] = writer._add_object(stream)
    writer.write(out)
    return out.getvalue()


MAKERS: dict[str, Callable[[], bytes]] = {
    **{f"chromium-{language}": partial(chromium_text, language) for language in FONTS},
    **{f"libreoffice-{language}": partial(libreoffice_text, language) for language in FONTS},
    **{f"reportlab-{language}": partial(reportlab_text, language) for language in FONTS},
    "chromium-vertical": chromium_vertical,
    "chromium-ruby": chromium_ruby,
    "chromium-table": chromium_table,
    "chromium-columns": chromium_columns,
    "columns-by-rows": columns_by_rows,
    "columns-by-rows-en": english_columns_by_rows,
    "columns-in-one-object": columns_in_one_object,
    "table-of-words": table_of_words,
    "without-unicode": without_unicode,
    "euc-fonts": euc_fonts,
    "image-only": image_only,
    "blank": blank,
    "blank-page-inside": blank_page_inside,
    "password": lambda: encrypted("secret"),
    "owner-password": lambda: encrypted(""),
    "truncated": truncated,
    "broken-page": broken_page,
    "not-a-pdf": lambda: b"Dear curator,\nthis is a letter that somebody named .pdf.\n",
}  # fmt: skip


def main(names: list[str]) -> None:
    FILES.mkdir(exist_ok=True)
    for name, make in MAKERS.items():
        if not names or name in names:
            data = make()
            (FILES / f"{name}.pdf").write_bytes(data)
            print(f"{name}.pdf: {len(data):,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
