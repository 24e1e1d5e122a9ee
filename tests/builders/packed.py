"""Files for packs: PDFs of so many pages, turned, locked or signed off, pictures, Word files."""

from __future__ import annotations

from io import BytesIO

import docx
from fpdf import FPDF
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

RUNS = "app.alert(1)"
NAMES = "Łukasz, Zoë, Nguyễn and Ọláwálé"


def pdf(text: str = "A report", pages: int = 1, *, turned: int = 0, locked: bool = False) -> bytes:
    """A PDF each of whose pages says the text and its number; ``turned`` by so many degrees."""
    made = FPDF()
    made.set_font("helvetica", "", 14)
    for number in range(1, pages + 1):
        made.add_page()
        made.text(20, 30, f"{text} {number}")
    content = bytes(made.output())
    if not turned and not locked:
        return content
    writer = PdfWriter(clone_from=BytesIO(content))
    for page in writer.pages:
        page.rotate(turned)
    if locked:
        writer.encrypt("a-password", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_note(text: str = "A report", note: str = "Noted here") -> bytes:
    """A PDF with a typed note that is drawn on its page, and a script that runs as it opens."""
    writer = PdfWriter(clone_from=BytesIO(pdf(text)))
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})
    shown = StreamObject()
    shown.set_data(f"BT /F 12 Tf 2 5 Td ({note}) Tj ET".encode())
    shown[NameObject("/Subtype")] = NameObject("/Form")
    shown[NameObject("/BBox")] = ArrayObject(map(NumberObject, (0, 0, 100, 20)))
    shown[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F"): named})}
    )
    noted = FreeText(text=note, rect=(50, 550, 150, 570))
    noted[NameObject("/AP")] = DictionaryObject({NameObject("/N"): writer._add_object(shown)})
    writer.add_annotation(0, noted)
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(RUNS)}
    )
    writer.root_object[NameObject("/OpenAction")] = script
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(width: int = 60, height: int = 40, kind: str = "PNG") -> bytes:
    made = BytesIO()
    Image.new("RGB", (width, height), "navy").save(made, kind)
    return made.getvalue()


def word(text: str = "A statement") -> bytes:
    """A Word file with a heading, text, a list, a table and a picture."""
    document = docx.Document()
    document.add_heading("What has happened", 1)
    document.add_paragraph(text)
    document.add_paragraph("A thing of a list", style="List Bullet")
    table = document.add_table(2, 2)
    table.cell(1, 1).text = "In a cell"
    document.add_picture(BytesIO(picture()))
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def texts(content: bytes) -> list[str]:
    """What stands on each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
