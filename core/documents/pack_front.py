"""The front of a pack and its foot: cover, contents with page numbers and links, the outline."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from core.documents.pack import PackFacts
from core.documents.pdf_file import Copying, PdfFile, dictionary, numbers
from core.documents.pdf_pages import Placed, as_picture, page_of, placed
from core.documents.sheets import FONT, FOOT, MARGIN, Sheets, drawable

MM = 72 / 25.4
FOOT_SIZE = 8
LINE = 6.0
NUMBER_WIDTH = 14


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: its title, 1 to 3 deep, and the page after the front, from 0."""

    title: str
    level: int
    page: int


@dataclass(frozen=True, slots=True)
class Link:
    """Where on a page of the front (from 0) one line of the contents stands, in points."""

    page: int
    rect: tuple[float, float, float, float]


def finish(
    file: PdfFile, facts: PackFacts, pages: list[Placed], entries: list[Entry]
) -> tuple[int, list[tuple[str, int]]]:
    """Write front, feet, outline and the tree of pages; how many pages, and the contents."""
    guess = 2 + len(entries) // 40
    sheets, links = _front(facts, entries, guess)
    if sheets.page != guess:
        sheets, links = _front(facts, entries, sheets.page)
    front = sheets.page
    sizes = [(page.width, page.height) for page in pages]
    _feet(sheets, facts, front, sizes)
    reader = PdfReader(BytesIO(bytes(sheets.output())))
    copying = Copying(file, reader)
    made = [placed(copying, reader.pages[n], whole=True) for n in range(front)] + pages
    at = [file.reserve() for _ in made]
    tree = file.reserve()
    to = [front + entry.page for entry in entries]
    for number, page in enumerate(made):
        foot = as_picture(copying, reader.pages[front + number], (0, 0, page.width, page.height))
        drawn = file.stream(page.content + b" q /Artifact BMC /Foot Do EMC Q")
        whole = page_of(page, foot, drawn)
        whole[NameObject("/Parent")] = tree
        notes = [
            file.add(_link(link, at[to[n]])) for n, link in enumerate(links) if link.page == number
        ]
        if notes:
            whole[NameObject("/Annots")] = ArrayObject(notes)
        file.write(at[number], whole)
    copying.drain()
    count = NumberObject(len(at))
    file.write(tree, dictionary(Type=NameObject("/Pages"), Kids=ArrayObject(at), Count=count))
    file.finish(_root(file, tree, _outline(file, entries, [at[n] for n in to])), _info(file, facts))
    return len(made), [(entry.title, page + 1) for entry, page in zip(entries, to, strict=True)]


def _front(facts: PackFacts, entries: list[Entry], front: int) -> tuple[Sheets, list[Link]]:
    """The cover and the contents, whose numbers follow a front of so many pages."""
    sheets = Sheets()
    sheets.set_title(drawable(facts.title))
    sheets.add_page()
    sheets.set_y(60)
    sheets.heading(facts.body, 1)
    sheets.heading(facts.day, 2)
    if facts.place:
        sheets.say(facts.place)
    sheets.ln(12)
    sheets.say("Confidential", bold=True)
    sheets.say(
        f"This copy is for {facts.reader}. It holds what {facts.reader} may see, and is not to be "
        "passed on. Delete it once the meeting’s minutes are ratified, or the meeting is cancelled."
    )
    sheets.fact("Made", facts.made)
    sheets.add_page()
    sheets.heading("Contents", 1)
    return sheets, [_entry(sheets, entry, front + entry.page + 1) for entry in entries]


def _entry(sheets: Sheets, entry: Entry, number: int) -> Link:
    """One line of the contents, its title in as many lines as it needs."""
    inset = 6.0 * (entry.level - 1)
    sheets.set_font(FONT, "B" if entry.level == 1 else "", 10)
    wide = sheets.epw - inset - NUMBER_WIDTH
    title = drawable(entry.title).replace("\n", " ")
    lines: Any = sheets.multi_cell(wide, LINE, title, dry_run=True, output="LINES", align="L")
    if sheets.get_y() + LINE * len(lines) > sheets.h - FOOT:
        sheets.add_page()
    top = sheets.get_y()
    sheets.set_x(MARGIN + inset)
    sheets.multi_cell(wide, LINE, title, new_x="LMARGIN", new_y="NEXT", align="L")
    bottom = sheets.get_y()
    sheets.set_xy(MARGIN + sheets.epw - NUMBER_WIDTH, top)
    sheets.cell(NUMBER_WIDTH, LINE, str(number), align="R")
    sheets.set_xy(MARGIN, bottom)
    rect = (
        (MARGIN + inset) * MM,
        (sheets.h - bottom) * MM,
        (MARGIN + sheets.epw) * MM,
        (sheets.h - top) * MM,
    )
    return Link(sheets.page - 1, rect)


def _feet(sheets: Sheets, facts: PackFacts, front: int, sizes: list[tuple[float, float]]) -> None:
    """A page for each page of the pack, with nothing on it but its foot."""
    front_size = (sheets.w * MM, sheets.h * MM)
    every = [front_size] * front + sizes
    sheets.set_auto_page_break(False)
    for number, (width, height) in enumerate(every, 1):
        sheets.add_page(orientation="P" if width <= height else "L")
        sheets.set_font(FONT, "", FOOT_SIZE)
        sheets.set_xy(MARGIN, sheets.h - 9)
        whose = f"{facts.reader} · Confidential · {facts.body}, {facts.day}"
        room = sheets.epw - 30
        while sheets.get_string_width(drawable(whose)) > room and len(whose) > 10:
            whose = whose[:-2] + "…"
        sheets.cell(room, 4, drawable(whose))
        sheets.cell(30, 4, f"Page {number} of {len(every)}", align="R")


def _link(link: Link, to: IndirectObject) -> DictionaryObject:
    return dictionary(
        Type=NameObject("/Annot"),
        Subtype=NameObject("/Link"),
        Rect=numbers(link.rect),
        Border=numbers((0, 0, 0)),
        Dest=ArrayObject([to, NameObject("/Fit")]),
    )


def _outline(file: PdfFile, entries: list[Entry], to: list[IndirectObject]) -> IndirectObject:
    """The outline, as deep as the contents: each entry under the last one before it that is less
    deep."""
    root = file.reserve()
    refs = [file.reserve() for _ in entries]
    under = _under(entries)
    for above, found in under.items():
        parent = root if above is None else refs[above]
        for place, number in enumerate(found):
            item = _outlined(entries[number], to[number], parent)
            _chained(item, refs, found, place)
            _with_under(item, refs, under, number)
            file.write(refs[number], item)
    whole = dictionary(Type=NameObject("/Outlines"))
    _with_under(whole, refs, under, None)
    file.write(root, whole)
    return root


def _under(entries: list[Entry]) -> dict[int | None, list[int]]:
    """The places of the entries under each entry that has some, and under none."""
    under: dict[int | None, list[int]] = {}
    above: list[int] = []
    for number, entry in enumerate(entries):
        while above and entries[above[-1]].level >= entry.level:
            above.pop()
        under.setdefault(above[-1] if above else None, []).append(number)
        above.append(number)
    return under


def _with_under(
    item: DictionaryObject,
    refs: list[IndirectObject],
    under: dict[int | None, list[int]],
    number: int | None,
) -> None:
    """Have an item open on those under it, and say how many lines that are."""
    found = under.get(number)
    if found:
        item[NameObject("/First")], item[NameObject("/Last")] = refs[found[0]], refs[found[-1]]
        item[NameObject("/Count")] = NumberObject(_lines_under(under, number))


def _lines_under(under: dict[int | None, list[int]], number: int | None) -> int:
    found = under.get(number, ())
    return len(found) + sum(_lines_under(under, one) for one in found)


def _outlined(entry: Entry, to: IndirectObject, parent: IndirectObject) -> DictionaryObject:
    title = TextStringObject(drawable(entry.title).replace("\n", " "))
    return dictionary(Title=title, Dest=ArrayObject([to, NameObject("/Fit")]), Parent=parent)


def _chained(
    item: DictionaryObject, refs: list[IndirectObject], order: list[int], place: int
) -> None:
    if place:
        item[NameObject("/Prev")] = refs[order[place - 1]]
    if place + 1 < len(order):
        item[NameObject("/Next")] = refs[order[place + 1]]


def _root(file: PdfFile, tree: IndirectObject, outline: IndirectObject) -> IndirectObject:
    return file.add(
        dictionary(
            Type=NameObject("/Catalog"),
            Pages=tree,
            Outlines=outline,
            PageMode=NameObject("/UseOutlines"),
            Lang=TextStringObject("en-GB"),
            ViewerPreferences=dictionary(DisplayDocTitle=BooleanObject(True)),
        )
    )


def _info(file: PdfFile, facts: PackFacts) -> IndirectObject:
    return file.add(dictionary(Title=TextStringObject(drawable(facts.title))))
