"""A page of any PDF made into a picture to be placed: rotated, cut and with its notes as it shows.

What runs or leads elsewhere (scripts, links, attached files) does not come with it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from core.documents.pdf_file import Copying, TooMuch, dictionary, numbers

A4 = (595.28, 841.89)
FOOT = 34.0
NOTES_MOST = 500
CONTENT_MOST = 60 * 1024 * 1024
HIDDEN = 0x2 | 0x20
#: Notes that are not drawn on the page itself.
OFF_PAGE = frozenset({"/Popup", "/Link", "/FileAttachment", "/Sound", "/Movie", "/Screen"})

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """A page to be: its size in points, what it draws, and the content that draws it."""

    width: float
    height: float
    drawn: dict[str, IndirectObject]
    content: bytes


def placed(copying: Copying, page: PageObject, *, whole: bool = False) -> Placed:
    """Copy a page, to stand on A4 above the foot, smaller where it must be.

    ``whole`` leaves a page as large as it is: one of our own, which keeps the foot free.
    """
    box = [float(side) for side in page.cropbox]
    x0, y0 = min(box[0], box[2]), min(box[1], box[3])
    wide, high = abs(box[2] - box[0]), abs(box[3] - box[1])
    if not (1 <= wide <= 20_000 and 1 <= high <= 20_000):
        raise ValueError("a page without a size")
    turn = int(page.get("/Rotate") or 0) % 360
    unit = min(max(float(page.get("/UserUnit") or 1), 0.01), 100)
    shown = (high, wide) if turn in (90, 270) else (wide, high)
    paper = A4 if shown[1] >= shown[0] else (A4[1], A4[0])
    room = (paper[0], paper[1] - (0 if whole else FOOT))
    scale = (
        1.0 if whole else min(room[0] / (shown[0] * unit), room[1] / (shown[1] * unit), 1) * unit
    )
    left = (room[0] - shown[0] * scale) / 2
    up = paper[1] - room[1] + (room[1] - shown[1] * scale) / 2
    turned = _times((1, 0, 0, 1, -x0, -y0), _turn(turn, wide, high))
    matrix = _times(turned, (scale, 0, 0, scale, left, up))
    drawn = {"P": as_picture(copying, page, (x0, y0, x0 + wide, y0 + high))}
    content = [b"q", _operator(matrix), b"/P Do"]
    for number, (reference, place) in enumerate(_notes(copying, page)):
        drawn[f"N{number}"] = reference
        content += [b"q", _operator(place), b"/N%d Do Q" % number]
    copying.drain()
    return Placed(*paper, drawn, b" ".join([*content, b"Q"]))


def _turn(turn: int, wide: float, high: float) -> Matrix:
    match turn:
        case 90:
            return (0, -1, 1, 0, 0, wide)
        case 180:
            return (-1, 0, 0, -1, wide, high)
        case 270:
            return (0, 1, -1, 0, high, 0)
        case _:
            return (1, 0, 0, 1, 0, 0)


def _times(one: Matrix, two: Matrix) -> Matrix:
    """First the one, then the two."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _operator(matrix: Matrix) -> bytes:
    return b" ".join([*(b"%.5f" % value for value in matrix), b"cm"])


def as_picture(copying: Copying, page: PageObject, box: tuple[float, ...]) -> IndirectObject:
    """The page's own content as a form that can be drawn."""
    made = StreamObject()
    found = page.get("/Contents")
    found = found.get_object() if found is not None else None
    if isinstance(found, StreamObject) and not isinstance(found, ArrayObject):
        made = copying.copy(found)
    elif isinstance(found, ArrayObject):
        parts, size = [], 0
        for one in found:
            part = one.get_object()
            if isinstance(part, StreamObject):
                parts.append(part.get_data())
                size += len(parts[-1])
            if size > CONTENT_MOST:
                raise TooMuch
        made.set_data(zlib.compress(b"\n".join(parts)))
        made[NameObject("/Filter")] = NameObject("/FlateDecode")
    else:
        made.set_data(b"")
    made[NameObject("/Type")] = NameObject("/XObject")
    made[NameObject("/Subtype")] = NameObject("/Form")
    made[NameObject("/BBox")] = numbers(box)
    resources = page.get("/Resources")
    resources = resources.get_object() if resources is not None else None
    if not isinstance(resources, DictionaryObject):
        resources = DictionaryObject()
    made[NameObject("/Resources")] = copying.copy(resources)
    if isinstance(group := page.get("/Group"), DictionaryObject):
        made[NameObject("/Group")] = copying.copy(group)
    return copying.add(made)


def _notes(copying: Copying, page: PageObject) -> Iterator[tuple[IndirectObject, Matrix]]:
    """What notes and filled-in fields show on the page, each with where it is drawn."""
    listed = page.get("/Annots")
    listed = listed.get_object() if listed is not None else None
    for one in list(listed)[:NOTES_MOST] if isinstance(listed, ArrayObject) else ():
        note = one.get_object()
        if not isinstance(note, DictionaryObject):
            continue
        if note.get("/Subtype") in OFF_PAGE or int(note.get("/F") or 0) & HIDDEN:
            continue
        shown = _appearance(note)
        place = _where(note, shown) if shown is not None else None
        if shown is None or place is None:
            continue
        form = copying.copy(shown)
        form[NameObject("/Type")] = NameObject("/XObject")
        form[NameObject("/Subtype")] = NameObject("/Form")
        yield copying.add(form), place


def _appearance(note: DictionaryObject) -> StreamObject | None:
    looks = note.get("/AP")
    looks = looks.get_object() if looks is not None else None
    usual = looks.get("/N") if isinstance(looks, DictionaryObject) else None
    usual = usual.get_object() if usual is not None else None
    if isinstance(usual, DictionaryObject) and not isinstance(usual, StreamObject):
        state = note.get("/AS")
        usual = usual.get(state) if state is not None else None
        usual = usual.get_object() if usual is not None else None
    return usual if isinstance(usual, StreamObject) else None


def _where(note: DictionaryObject, shown: StreamObject) -> Matrix | None:
    """The matrix that puts an appearance into its note's rectangle (ISO 32000-1, 12.5.5)."""
    rect, box = _four(note.get("/Rect")), _four(shown.get("/BBox"))
    if rect is None or box is None:
        return None
    own: Any = shown.get("/Matrix")
    matrix = tuple(float(v) for v in own) if own is not None and len(own) == 6 else None
    a, b, c, d, e, f = matrix or (1, 0, 0, 1, 0, 0)
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in box[::2] for y in box[1::2]]
    low = min(x for x, _ in corners), min(y for _, y in corners)
    top = max(x for x, _ in corners), max(y for _, y in corners)
    if top[0] - low[0] <= 0 or top[1] - low[1] <= 0:
        return None
    sx, sy = (rect[2] - rect[0]) / (top[0] - low[0]), (rect[3] - rect[1]) / (top[1] - low[1])
    return (sx, 0, 0, sy, rect[0] - low[0] * sx, rect[1] - low[1] * sy)


def _four(found: Any) -> tuple[float, float, float, float] | None:
    found = found.get_object() if found is not None else None
    if not isinstance(found, ArrayObject) or len(found) != 4:
        return None
    a, b, c, d = (float(value) for value in found)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def page_of(placed_page: Placed, foot: IndirectObject, content: IndirectObject) -> DictionaryObject:
    """The dictionary of a placed page with its foot; the caller adds its parent and its links."""
    drawn = {NameObject(f"/{name}"): reference for name, reference in placed_page.drawn.items()}
    drawn[NameObject("/Foot")] = foot
    return dictionary(
        Type=NameObject("/Page"),
        MediaBox=numbers((0, 0, placed_page.width, placed_page.height)),
        Resources=dictionary(XObject=DictionaryObject(drawn)),
        Contents=content,
    )
