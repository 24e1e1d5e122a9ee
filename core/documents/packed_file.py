"""Telling a ZIP-packed file: which Office document it is; archives, macros and bombs are refused.

Nothing is ever unpacked whole: only the list of what is in it, and the small parts that name types.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import BinaryIO
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from core.documents.taken_types import (
    AS_PDF,
    EXCEL,
    ODP,
    ODS,
    ODT,
    ONE_BY_ONE,
    SLIDES,
    WORD,
    FileType,
    NotTaken,
)

END = b"PK\x05\x06"
END_SIZE = 22
HEAD = 4_096
LIST_MOST = 4 * 1024 * 1024
PART_MOST = 1024 * 1024
ENTRIES_MOST = 10_000
UNPACKED_MOST = 1024 * 1024 * 1024
SMALL = 8 * 1024 * 1024
SWOLLEN = 200
ENCRYPTED = 0x1
MAIN = {
    f"{WORD.media_type}.main+xml": WORD,
    f"{EXCEL.media_type}.main+xml": EXCEL,
    f"{SLIDES.media_type}.main+xml": SLIDES,
}
OPEN_DOCUMENTS = {one.media_type: one for one in (ODT, ODS, ODP)}
MACROS = ("macroenabled", "vbaproject", "vbadata", "macrosheet", "activex")
TYPES, MANIFEST = "[Content_Types].xml", "META-INF/manifest.xml"

BROKEN = ("a ZIP-packed file that cannot be read", "It may be damaged: save it once more")
BOMB = ("a file that would unpack to far more than it is", AS_PDF)
LOCKED = ("locked with a password", "Take the password off, and add it again")
MACRO = ("a document with macros, which are small programs", "Save it without macros, or as PDF")
EMBEDDED = ("a document with another file embedded in it", AS_PDF)
ENTITIES = ("a document that declares entities of its own", AS_PDF)
ARCHIVE = ("an archive (ZIP)", ONE_BY_ONE)
PROGRAM = ("a program packed as ZIP",)


def packed(stream: BinaryIO) -> FileType:
    """The Office document that a ZIP-packed file is; NotTaken for anything else."""
    _check_list(stream)
    try:
        with zipfile.ZipFile(stream) as archive:
            return _told(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        KeyError,
        EOFError,
        OSError,
    ) as fault:
        raise NotTaken(*BROKEN) from fault


def _check_list(stream: BinaryIO) -> None:
    """Refuse a list of contents too long to be read into memory, before anything reads it."""
    size = stream.seek(0, 2)
    start = stream.seek(max(0, size - 65_535 - END_SIZE))
    tail = stream.read(65_535 + END_SIZE)
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE:
        raise NotTaken(*BROKEN)
    entries, length, _begins = struct.unpack("<HII", tail[at + 10 : at + 20])
    if tail[max(0, at - 20) : at].startswith(b"PK\x06\x07") or length > start + at:
        raise NotTaken(*BROKEN)
    if length > LIST_MOST or entries > ENTRIES_MOST:
        raise NotTaken(*BOMB)
    stream.seek(0)


def _told(archive: zipfile.ZipFile) -> FileType:
    infos = archive.infolist()
    if len(infos) > ENTRIES_MOST or sum(info.file_size for info in infos) > UNPACKED_MOST:
        raise NotTaken(*BOMB)
    for info in infos:
        if info.file_size > SMALL and info.file_size > SWOLLEN * max(info.compress_size, 1):
            raise NotTaken(*BOMB)
    names = {info.filename.replace("\\", "/").lower() for info in infos}
    if len(names) < len(infos):
        raise NotTaken(*BROKEN)
    found = _open_document(archive) or _open_xml(archive, names)
    if found is None:
        java = any(n.endswith((".class", ".dex")) or n == "androidmanifest.xml" for n in names)
        raise NotTaken(*(PROGRAM if java else ARCHIVE))
    if any(info.flag_bits & ENCRYPTED for info in infos):
        raise NotTaken(*LOCKED)
    if any(name.rpartition("/")[2] in {"vbaproject.bin", "vbadata.xml"} for name in names):
        raise NotTaken(*MACRO)
    if any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise NotTaken(*BROKEN)
    for info in infos:
        if info.filename.lower().endswith((".xml", ".rels")) and info.filename != MANIFEST:
            _check_no_doctype(archive, info)
    return found


def _check_no_doctype(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Refuse a part that declares entities; no more of it is read than stands before its root."""
    began = False

    def declares(*_: object) -> None:
        raise NotTaken(*ENTITIES)

    def begins(*_: object) -> None:
        nonlocal began
        began = True

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = declares, begins
    read = 0
    with archive.open(info) as part:
        while not began and (chunk := part.read(HEAD)):
            read += len(chunk)
            if read > PART_MOST:
                raise NotTaken(*BOMB)
            try:
                parser.Parse(chunk, False)
            except expat.ExpatError as fault:
                if began:
                    return
                raise NotTaken(*BROKEN) from fault


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A small part of the file; no more of it is unpacked than such a part may have."""
    with archive.open(name) as part:
        read = part.read(PART_MOST + 1)
    if len(read) > PART_MOST:
        raise NotTaken(*BOMB)
    return read


def _open_document(archive: zipfile.ZipFile) -> FileType | None:
    names = archive.namelist()
    if "mimetype" not in names:
        return None
    found = OPEN_DOCUMENTS.get(_part(archive, "mimetype").decode("ascii", "replace").strip())
    if found is None:
        return None
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise NotTaken(*MACRO)
    if MANIFEST not in names:
        raise NotTaken(*BROKEN)
    manifest = _part(archive, MANIFEST).lower()
    if b"encryption-data" in manifest:
        raise NotTaken(*LOCKED)
    if b"oleobject" in manifest:
        raise NotTaken(*EMBEDDED)
    return found


def _open_xml(archive: zipfile.ZipFile, names: set[str]) -> FileType | None:
    if TYPES not in archive.namelist():
        return None
    try:
        root = fromstring(_part(archive, TYPES), forbid_dtd=True)
    except (ParseError, DefusedXmlException) as fault:
        raise NotTaken(*BROKEN) from fault
    types = {element.get("ContentType", "").strip() for element in root}
    if any(word in kind.lower() for kind in types for word in MACROS):
        raise NotTaken(*MACRO)
    if any(kind.lower().endswith(".oleobject") for kind in types) or any(
        name.rpartition("/")[2].startswith("oleobject") for name in names
    ):
        raise NotTaken(*EMBEDDED)
    main = [MAIN[kind] for kind in types if kind in MAIN]
    if len(main) != 1:
        raise NotTaken("an Office file of a kind that is not taken", AS_PDF)
    return main[0]
