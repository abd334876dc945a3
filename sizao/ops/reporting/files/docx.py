"""The report in Word, for agencies that edit it further."""

import io
from collections.abc import Collection, Sequence

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from sizao.ops.reporting.models import Report
from sizao.ops.reporting.sheet import HELD_BACK, Sheet, Table, full_sheet, public_sheet
from sizao.vocabulary.dates import say_number
from sizao.vocabulary.text import N_

MARGIN_CM = 2
LATIN_FONT, CHINESE_FONT = "Arial", "Noto Sans CJK SC"


def as_docx(report: Report, language: str, public: bool) -> bytes:
    """A .docx with the headline numbers, the tables and the text."""
    sheet = (public_sheet if public else full_sheet)(report, language)
    document = Document()
    _set_page(document)
    _set_fonts(document)
    document.add_heading(sheet.title, level=1)
    for label, value in sheet.facts:
        line = document.add_paragraph(f"{label}{'：' if language.startswith('zh') else ': '}{value}")
        line.paragraph_format.space_after = Pt(0)
    _headline(document, sheet)
    for table in sheet.tables:
        document.add_heading(table.title, level=2)
        _table(document, table)
    _words(document, sheet)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_page(document) -> None:
    """A4, with the margins of an office document."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN_CM)


def _set_fonts(document) -> None:
    """Word takes Chinese glyphs from the East Asian font, which has to be named apart."""
    for style in ("Normal", "Heading 1", "Heading 2"):
        font = document.styles[style].font
        font.name = LATIN_FONT
        font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE_FONT)


def _headline(document, sheet: Sheet) -> None:
    rows = [(line.label, say_number(line.n), _signed(line.difference), line.definition) for line in sheet.lines]
    heads = [N_("Indicator"), N_("Count"), N_("Change from the day before"), N_("Definition")]
    _grid(document, [head.say(sheet.language) for head in heads], rows, numbers=(1, 2), widths=(4.4, 1.8, 2.4, 8.4))


def _signed(difference: int | None) -> str:
    return "" if difference is None else f"{difference:+,}".replace("-", "−") if difference else "0"


def _table(document, table: Table) -> None:
    rows = [(row.label, *(HELD_BACK if n is None else say_number(n) for n in row.counts)) for row in table.rows]
    n = len(table.columns)
    _grid(document, ["", *table.columns], rows, numbers=range(1, n + 1), widths=(5, *[12 / n] * n))


def _grid(
    document, heads: list[str], rows: list[tuple[str, ...]], *, numbers: Collection[int], widths: Sequence[float]
) -> None:
    """A table: `numbers` are set to the right, `widths` in centimetres; the head is repeated on each page."""
    grid = document.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    grid.autofit = False
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for texts in (heads, *rows):
        cells = (grid.rows[0] if texts is heads else grid.add_row()).cells
        for place, (cell, text, width) in enumerate(zip(cells, texts, widths, strict=True)):
            cell.text, cell.width = text, Cm(width)
            if place in numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _words(document, sheet: Sheet) -> None:
    if sheet.revisions:
        document.add_heading(N_("Late data").say(sheet.language), level=2)
        heads = [N_("Indicator"), N_("Day"), N_("Reported before"), N_("Now")]
        rows = [(line.label, line.day, say_number(line.was), say_number(line.is_now)) for line in sheet.revisions]
        _grid(document, [head.say(sheet.language) for head in heads], rows, numbers=(2, 3), widths=(6, 5, 3, 3))
    for text in (sheet.correction, *sheet.text.splitlines(), *sheet.notes):
        if text:
            document.add_paragraph(text)
