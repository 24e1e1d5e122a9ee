"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

from enum import StrEnum
from io import SEEK_SET
from typing import BinaryIO

from core.imports.sheet_scan import SAVE_AS
from core.imports.ssda903.text import NotReadable

HEAD = 4096
OLE = b"\xd0\xcf\x11\xe0"
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM", "a picture"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"Rar!", "a packed folder"),
    (b"7z\xbc\xaf", "a packed folder"),
    (b"\x1f\x8b", "a packed file"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
GIVE = "Give a CSV file, a return as XML, or an Excel workbook (.xlsx)."


class Content(StrEnum):
    """How a file is to be read."""

    WORKBOOK = "workbook"
    MARKUP = "markup"
    TEXT = "text"


def told(stream: BinaryIO) -> Content:
    """What the stream holds; it is put back to its start. NotReadable for what is never read."""
    head = stream.read(HEAD)
    try:
        if head.startswith(b"PK\x03\x04"):
            return Content.WORKBOOK
        if head.startswith(OLE):
            raise NotReadable("workbook kind", _old(head + stream.read()))
        for start, what in _OTHERS:
            if head.startswith(start) and (len(start) > 2 or b"\x00" in head):
                raise NotReadable("not a table", f"This is {what}, whatever its name. {GIVE}")
        text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if text.startswith(b"<"):
            if b"<html" in text[:1024].lower():
                raise NotReadable(
                    "not a table",
                    "This is a web page, though it may be named a workbook. Open it in your "
                    "spreadsheet program and save it as an Excel workbook (.xlsx).",
                )
            return Content.MARKUP
        return Content.TEXT
    finally:
        stream.seek(0, SEEK_SET)


def _old(whole: bytes) -> str:
    """What a compound document is: the names of its parts stand in it as UTF-16."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in whole

    if holds("EncryptedPackage"):
        return "The workbook is protected with a password. Take the password off and save it again."
    if holds("WordDocument"):
        return "This is a Word document. Give the list as an Excel workbook (.xlsx) or CSV."
    return f"This is a workbook of an older kind (.xls). {SAVE_AS}"
