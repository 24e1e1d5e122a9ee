"""A Word file read to be laid out: headings, text, lists, tables and pictures, in their order."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

PARTS_MOST = 120 * 1024 * 1024
TEXT_MOST = 24 * 1024 * 1024
PICTURE_MOST = 30 * 1024 * 1024
BLOCKS_MOST = 6_000
ROWS_MOST = 1_000


class NotRead(Exception):
    """A Word file that is too large, or that cannot be read."""


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes


Block = Heading | Text | Rows | Picture


def read(path: Path) -> Iterator[Block]:
    """What stands in a Word file; NotRead where that cannot be told."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
        texts = sum(i.file_size for i in infos if i.filename.endswith((".xml", ".rels")))
        if sum(info.file_size for info in infos) > PARTS_MOST or texts > TEXT_MOST:
            raise NotRead("it is too large")
        document = docx.Document(str(path))
    except NotRead:
        raise
    except Exception as fault:
        raise NotRead("it is broken") from fault
    yield from _blocks(document)


def _blocks(document: Any) -> Iterator[Block]:
    for number, inner in enumerate(document.iter_inner_content()):
        if number > BLOCKS_MOST:
            yield Text("The rest of this paper is too long to be shown here: open it by itself.")
            return
        if isinstance(inner, Table):
            yield Rows(tuple(_rows(inner)))
        else:
            yield from _paragraph(document, inner)


def _paragraph(document: Any, paragraph: Paragraph) -> Iterator[Block]:
    text = "".join(_texts(paragraph._p))
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if text.strip():
        level = style.rpartition(" ")[2]
        if style == "Title":
            yield Heading(text, 1)
        elif style.startswith("Heading") and level.isdecimal():
            yield Heading(text, min(int(level) + 1, 3))
        else:
            properties = paragraph._p.pPr
            listed = style.startswith("List") or (
                properties is not None and properties.numPr is not None
            )
            yield Text(f"•  {text}" if listed else text)
    for blip in paragraph._p.iter(qn("a:blip")):
        part = document.part.related_parts.get(blip.get(qn("r:embed")) or "")
        if part is not None and len(part.blob) <= PICTURE_MOST:
            yield Picture(part.blob)


def _texts(element: Any) -> Iterator[str]:
    """The text of a paragraph, also of links, boxes and what was inserted; not what was deleted."""
    for one in element.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen")):
        if one.tag == qn("w:t"):
            yield one.text or ""
        elif one.tag == qn("w:tab"):
            yield "    " if one.getparent().tag == qn("w:r") else ""
        elif one.tag == qn("w:noBreakHyphen"):
            yield "-"
        else:
            yield "\n"


def _rows(table: Table) -> Iterator[tuple[str, ...]]:
    """The rows of a table; a cell that spans stands once, and a table in a cell as its text."""
    for number, row in enumerate(table._tbl.tr_lst):
        if number > ROWS_MOST:
            return
        yield tuple(
            "\n".join("".join(_texts(p)) for p in cell.iter(qn("w:p"))) for cell in row.tc_lst
        )
