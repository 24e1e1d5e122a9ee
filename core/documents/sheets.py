"""Pages of our own in a PDF: headings, text, tables and pictures, in a font for all names."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from fpdf import FPDF, FPDFException
from PIL import Image, UnidentifiedImageError

from core.documents.word import clean

FONTS = Path(__file__).parent / "fonts"
FONT = "DejaVu"
SIZES = {1: 18, 2: 15, 3: 13, 4: 11.5}
TEXT, SMALL = 10, 8.5
MARGIN, FOOT = 20, 18
PIXELS_MOST = 60_000_000
SIDE_MOST = 1_800
CELL_MOST = 1_200
COLUMNS_MOST = 10

for _name in ("fpdf", "fontTools", "PIL"):
    logging.getLogger(_name).setLevel(logging.ERROR)


class NoPicture(Exception):
    """A picture that cannot be shown, and why."""


class Sheets(FPDF):
    """A4 pages that grow as one writes, the foot kept free; ``page`` is the last one's number."""

    def __init__(self) -> None:
        super().__init__(format="A4")
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, FOOT)
        self.add_font(FONT, "", FONTS / "DejaVuSans.ttf")
        self.add_font(FONT, "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_font(FONT, "", TEXT)

    def heading(self, text: str, level: int) -> None:
        """A heading, which does not stand alone at the end of a page."""
        size = SIZES[min(level, 4)]
        if self.get_y() > self.h - FOOT - 25:
            self.add_page()
        elif self.get_y() > MARGIN + 1:
            self.ln(3)
        self._lines(text, "B", size)
        self.ln(1)

    def say(self, text: str, *, bold: bool = False, small: bool = False) -> None:
        self._lines(text, "B" if bold else "", SMALL if small else TEXT)
        self.ln(1.2)

    def fact(self, label: str, text: str) -> None:
        """A label, and below it what it says; what is not said is said to be so."""
        if self.get_y() > self.h - FOOT - 12:
            self.add_page()
        self._lines(label, "B", TEXT)
        self._lines(text or "Not answered", "", TEXT)
        self.ln(1.8)

    def _lines(self, text: str, style: str, size: float) -> None:
        self.set_font(FONT, style, size)
        self.multi_cell(
            0, size * 0.5, drawable(text) or " ", new_x="LMARGIN", new_y="NEXT", align="L"
        )

    def grid(self, rows: Sequence[Sequence[str]]) -> None:
        """A table; one with too many columns or too long cells is written line by line."""
        columns = max((len(row) for row in rows), default=0)
        long = any(len(cell) > CELL_MOST for row in rows for cell in row)
        if columns > COLUMNS_MOST or long or not columns:
            self._listed(rows)
            return
        self.set_font(FONT, "", SMALL)
        try:
            with self.table(
                line_height=SMALL * 0.5, first_row_as_headings=False, text_align="LEFT"
            ) as table:
                for row in rows:
                    cells = [drawable(cell) or " " for cell in row]
                    table.row([*cells, *[" "] * (columns - len(cells))])
        except (ValueError, FPDFException):
            self._listed(rows)
        self.ln(2)

    def _listed(self, rows: Sequence[Sequence[str]]) -> None:
        for row in rows:
            self.say(" | ".join(row), small=True)

    def picture(self, content: bytes | Path, *, whole: bool = False) -> None:
        """A picture, no wider than the text; ``whole`` gives it a page of its own to fill."""
        made, width, height = small_enough(content)
        if whole and self.get_y() > MARGIN + 30:
            self.add_page()
        room = self.h - FOOT - self.get_y()
        most = self.h - FOOT - MARGIN
        wide = min(self.epw, width * 25.4 / (96 if not whole else 1))
        high = wide * height / width
        if high > room and high <= most and not whole:
            self.add_page()
            room = most
        if high > room:
            wide, high = wide * room / high, room
        self.image(made, w=wide, h=high)
        self.ln(2)


def drawable(text: str) -> str:
    """The text with what no font draws left out."""
    return clean(text).replace("\t", "    ").replace("\u00ad", "").replace("\ufeff", "")


def small_enough(content: bytes | Path) -> tuple[BytesIO, int, int]:
    """A picture as a JPEG that a page needs no larger, with its width and height in pixels."""
    try:
        with Image.open(content if isinstance(content, Path) else BytesIO(content)) as found:
            if found.width * found.height > PIXELS_MOST or not found.width or not found.height:
                raise NoPicture("it has too many pixels")
            found.draft("RGB", (SIDE_MOST, SIDE_MOST))
            turned = _upright(found)
            turned.thumbnail((SIDE_MOST, SIDE_MOST))
            plain = Image.new("RGB", turned.size, "white")
            clear = turned.convert("RGBA")
            plain.paste(clear, mask=clear.getchannel("A"))
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
    ) as fault:
        raise NoPicture("it is broken, or of a kind that is not drawn") from fault
    made = BytesIO()
    plain.save(made, "JPEG", quality=82)
    made.seek(0)
    return made, plain.width, plain.height


def _upright(found: Image.Image) -> Image.Image:
    from PIL import ImageOps

    return ImageOps.exif_transpose(found) or found
