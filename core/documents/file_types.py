"""Telling a file's type by what is in it, never by its name; what is not taken is refused."""

from __future__ import annotations

import codecs
import mimetypes
import re
from collections.abc import Iterable
from typing import BinaryIO

import puremagic

from core.documents.compound_file import MARK, CompoundFile, Unreadable
from core.documents.message_file import (
    OUTLOOK_MARK,
    looks_sent,
    outlook_attachments,
    sent_attachments,
)
from core.documents.packed_file import packed
from core.documents.taken_types import (
    AS_PDF,
    EMAIL,
    GIF,
    HEIC,
    JPEG,
    ONE_BY_ONE,
    OUTLOOK,
    PDF,
    PNG,
    SAID,
    TAKEN,
    TEXT,
    TIFF,
    FileType,
    NotTaken,
)
from core.domain.paper import ending, shown_name

HEAD = 4_096
CHUNK = 1024 * 1024
TAIL = 8_192
IMAGES = {
    "image/jpeg": JPEG,
    "image/png": PNG,
    "image/gif": GIF,
    "image/tiff": TIFF,
    "image/heic": HEIC,
    "image/heif": HEIC,
}
HEIC_ALSO = (b"ftypmif1", b"ftypmsf1")
PROGRAMS = re.compile(r"executable|\bDLL\b|Mach-O|Java bytecode|AppImage|shortcut|\bELF\b", re.I)
ARCHIVES = re.compile(r"archive|compressed|cabinet|ISO-?9660|disk image|\bTAR\b", re.I)
#: What a browser or a reader would run or load, wherever it stands in the first part of a text.
MARKUP = re.compile(
    r"<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed|meta|hta:|\?php)\b"
    r"|^\s*<(?:\?xml|!--|[a-z][a-z0-9:-]*[\s>/])",
    re.IGNORECASE,
)
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
RUN = (
    ".bat .cmd .com .exe .scr .pif .msi .msp .ps1 .psm1 .vbs .vbe .vb .js .jse .mjs .ts .hta .wsf"
    " .wsh .jar .py .pyw .rb .pl .php .sh .reg .url .lnk .scf .inf .cpl .dll .app .html .htm .xhtml"
    " .mht .svg .xml .xsl .docm .dotm .xlsm .xltm .xlsb .xlam .pptm .potm .ppsm .rtf .doc .xls .ppt"
    " .dot .xlt .zip .rar .7z .gz .tar .iso .img .one"
)
KNOWN = frozenset(RUN.split()) | {end for one in TAKEN for end in one.endings}
OLD_OFFICE = {
    "WordDocument": "a Word document of the old kind (.doc)",
    "Workbook": "an Excel workbook of the old kind (.xls)",
    "Book": "an Excel workbook of the old kind (.xls)",
    "PowerPoint Document": "a PowerPoint file of the old kind (.ppt)",
}
WITHIN_MOST = 3


def told(stream: BinaryIO, name: str, *, within: int = 0) -> FileType:
    """The type of a file by its content; NotTaken where it is none that is taken.

    The stream can be moved in. A name whose end belongs to another type is refused with what the
    file really is; the end of a name that belongs to no type is taken as words of the name.
    """
    found = _content(stream, within)
    end = ending(name)
    if end not in found.endings and (end in KNOWN or end in mimetypes.types_map):
        raise NotTaken(
            f"really {found.words}, and its name ends in {end}", "Give it a name that says so"
        )
    return found


def _content(stream: BinaryIO, within: int) -> FileType:
    stream.seek(0)
    head = stream.read(HEAD)
    if not head:
        raise NotTaken("empty")
    if head.startswith(b"%PDF-"):
        return _pdf(stream)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return packed(stream)
    if head.startswith(MARK):
        return _outlook(stream, within)
    if (text := _text(stream, head)) is not None:
        return _words(stream, head, text, within)
    return _image(head)


def _pdf(stream: BinaryIO) -> FileType:
    """A PDF ends with where its parts are: one that does not was cut off."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - TAIL))
    tail = stream.read(TAIL)
    if b"%%EOF" not in tail and b"startxref" not in tail:
        raise NotTaken("a PDF that is damaged or not whole", "Save or download it once more")
    return PDF


def _text(stream: BinaryIO, head: bytes) -> str | None:
    """The beginning of a text; None where the file is none: a control character stands in it."""
    for mark, encoding in MARKS.items():
        if head.startswith(mark) and encoding == "utf-16":
            return head[: len(head) // 2 * 2].decode(encoding, "replace")
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        if CONTROLS.search(chunk):
            return None
    try:
        return head.decode("utf-8-sig", "strict" if len(head) < HEAD else "ignore")
    except UnicodeDecodeError:
        return head.decode("cp1252", "replace")


def _words(stream: BinaryIO, head: bytes, text: str, within: int) -> FileType:
    if looks_sent(head):
        _check_within(sent_attachments(stream), within)
        return EMAIL
    if text.startswith("{\\rtf"):
        raise NotTaken(
            "a Rich Text file, which can carry programs", "Save it as a Word document, or as PDF"
        )
    if text.startswith(("#!", "<?php", "%!PS")):
        raise NotTaken("a script, which is a program")
    if MARKUP.search(text):
        drawn = "<svg" in text.lower()
        raise NotTaken("an SVG drawing" if drawn else "a web page or other marked-up text", AS_PDF)
    return TEXT


def _outlook(stream: BinaryIO, within: int) -> FileType:
    try:
        container = CompoundFile(stream)
    except (Unreadable, RecursionError) as fault:
        raise NotTaken("an older Office file that cannot be read", AS_PDF) from fault
    names = {entry.path for entry in container.entries}
    if "EncryptedPackage" in names:
        raise NotTaken("locked with a password", "Take the password off, and add it again")
    for name, what in OLD_OFFICE.items():
        if name in names:
            raise NotTaken(
                f"{what}, which can carry programs", "Save it in the new kind, or as PDF"
            )
    if OUTLOOK_MARK not in names:
        raise NotTaken("of a kind that is not known", _only())
    _check_within(outlook_attachments(container), within)
    return OUTLOOK


def _check_within(attachments: Iterable[tuple[str, BinaryIO]], within: int) -> None:
    """Refuse an e-mail that carries what would not be taken by itself."""
    if within >= WITHIN_MOST:
        raise NotTaken("an e-mail within an e-mail within an e-mail", AS_PDF)
    for given, content in attachments:
        name = shown_name(given)
        if not content.seek(0, 2):
            continue
        try:
            told(content, name, within=within + 1)
        except NotTaken as refusal:
            raise NotTaken(
                f"an e-mail whose attachment {name} is {refusal.what}", AS_PDF
            ) from refusal


def _image(head: bytes) -> FileType:
    if head[4:12] in HEIC_ALSO and b"heic" in head[16:64]:
        return HEIC
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        found = []
    for candidate in found:
        if candidate.mime_type in IMAGES:
            return IMAGES[candidate.mime_type]
        if PROGRAMS.search(candidate.name):
            raise NotTaken("a program")
        if ARCHIVES.search(candidate.name):
            raise NotTaken("an archive", ONE_BY_ONE)
        if candidate.mime_type.startswith(("audio/", "video/")):
            raise NotTaken("a sound or a film", "Give a link to where it is kept")
        if candidate.mime_type.startswith("image/"):
            raise NotTaken("an image of a kind that is not taken", "Save it as JPEG, PNG or PDF")
    raise NotTaken("of a kind that is not known", _only())


def _only() -> str:
    return f"These are taken: {SAID}"
