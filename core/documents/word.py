"""What every Word document here has: its language, real headings, lists and marked table heads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO

from docx import Document as new_docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

LANGUAGE = "en-GB"
AFTER_BIDI = ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without the characters that XML forbids, its line ends all alike."""
    return FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def begin(title: str, at: datetime) -> Document:
    """An empty document in British English with its title; ``at`` is when it is made (UTC)."""
    document = new_docx()
    fonts = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for language in fonts.findall(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    _spoken(normal.element.get_or_add_rPr())
    for name, size in (("Title", 20), ("Heading 1", 16), ("Heading 2", 13), ("Heading 3", 11)):
        style = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        drawn = style.element.get_or_add_rPr().find(qn("w:rFonts"))
        for theme in [a for a in drawn.attrib if a.endswith("Theme")]:
            del drawn.attrib[theme]
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(25)
    properties = document.core_properties
    properties.title, properties.language = clean(title), LANGUAGE
    properties.author, properties.comments = "", ""
    properties.created = properties.modified = at
    return document


def done(document: Document) -> bytes:
    """The document as the bytes of a .docx file."""
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def heading(document: Document, text: str, level: int) -> None:
    style = f"Heading {level}" if level else "Title"
    _paragraph(document, style).add_run(clean(text))


def say(document: Document, text: str, *, label: str = "", style: str | None = None) -> None:
    """A paragraph for each that was typed; single line ends stay within one, as line breaks."""
    for number, part in enumerate(re.split(r"\n{2,}", clean(text).strip("\n"))):
        paragraph = _paragraph(document, style)
        if label and not number:
            paragraph.add_run(f"{clean(label)} ").bold = True
        _run(paragraph, part)


def numbered(document: Document, lines: Sequence[str]) -> None:
    """A numbered list that starts at 1."""
    if not lines:
        return
    number = _new_numbering(document)
    for line in lines:
        paragraph = _paragraph(document, "List Number")
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = number
        _run(paragraph, clean(line))


def bullets(document: Document, lines: Iterable[str]) -> None:
    for line in lines:
        _run(_paragraph(document, "List Bullet"), clean(line))


def table(
    document: Document,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[int] = (),
) -> None:
    """A table whose first row is marked as its head, and repeats on each page.

    ``widths`` are those of its columns in millimetres; without them all are alike.
    """
    made = document.add_table(rows=1, cols=len(headings))
    made._tbl.tblStyle_val = _style_id("Table Grid")
    head = made.rows[0]
    marked = OxmlElement("w:tblHeader")
    marked.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(marked)
    for cell, text in zip(head.cells, headings, strict=True):
        cell.paragraphs[0].add_run(clean(text)).bold = True
    for row in rows:
        cells = made.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            _run(cell.paragraphs[0], clean(text))
    if widths:
        _widths(made, widths)
    _paragraph(document)


def _widths(made: Table, widths: Sequence[int]) -> None:
    """Columns as wide as is said: of each cell too, as some programs look at these alone."""
    made.autofit = False
    for column, wide in zip(made.columns, widths, strict=True):
        column.width = Mm(wide)
    for row in made.rows:
        for cell, wide in zip(row.cells, widths, strict=True):
            cell.width = Mm(wide)


def facts(document: Document, pairs: Iterable[tuple[str, str]]) -> None:
    """Labels with their values, a line each."""
    for label, value in pairs:
        say(document, value, label=f"{label}:")


def footer(document: Document, text: str) -> None:
    """At the foot of each page: what it is of, and "Page 1 of 3" as fields that Word works out."""
    foot = document.sections[0].footer.paragraphs[0]
    foot.add_run(f"{clean(text)} · Page ")
    _field(foot, "PAGE")
    foot.add_run(" of ")
    _field(foot, "NUMPAGES")


def _field(paragraph: Paragraph, instruction: str) -> None:
    made = OxmlElement("w:fldSimple")
    made.set(qn("w:instr"), instruction)
    run, shown = OxmlElement("w:r"), OxmlElement("w:t")
    shown.text = "1"
    run.append(shown)
    made.append(run)
    paragraph._p.append(made)


def _paragraph(document: Document, style: str | None = None) -> Paragraph:
    """A new paragraph at the end, before what lies last: the library looks through all for it."""
    body = document.element.body
    made = OxmlElement("w:p")
    body[-1].addprevious(made)
    paragraph = Paragraph(made, document._body)
    if style is not None:
        paragraph._p.style = _style_id(style)
    return paragraph


def _style_id(name: str) -> str:
    """The id of a style of the template: asked for by name, the library reads every style."""
    return name.replace(" ", "")


def _run(paragraph: Paragraph, text: str) -> None:
    run = paragraph.add_run(text)
    if _right_to_left(text):
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(OxmlElement("w:bidi"), *AFTER_BIDI)
        run.font.rtl = True


def _right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is of a script written from the right."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def _spoken(properties: BaseOxmlElement) -> None:
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    properties.append(language)


def _new_numbering(document: Document) -> int:
    """The id of a numbering of its own, so that each list starts again at 1."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element
    used = style.pPr.numPr.numId.val
    abstract = next(n for n in numbering.num_lst if n.numId == used).abstractNumId.val
    made = numbering.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)
