"""A file's type is told by what is in it; programs, macros, archives and bombs are refused."""

from __future__ import annotations

import random
import struct
import tracemalloc
from io import BytesIO

import pytest
from builders.files import (
    HTML,
    JPEG,
    PDF,
    PNG,
    PROGRAM,
    SVG,
    VBA,
    compound,
    email,
    excel,
    office,
    open_document,
    outlook,
    packed,
    word,
)

from core.documents.file_types import told
from core.documents.taken_types import NotTaken

ODS = "spreadsheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HEIC = b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + b"\0" * 40
OBJECT = "application/vnd.openxmlformats-officedocument.oleObject"
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"


def refused(content: bytes, name: str = "paper") -> str:
    with pytest.raises(NotTaken) as refusal:
        told(BytesIO(content), name)
    return refusal.value.what


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF, "a.pdf", "application/pdf"),
        (PDF + HTML, "polyglot.pdf", "application/pdf"),
        (word(), "a.docx", WORD),
        (excel(), "A.XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (open_document(), "a.odt", "application/vnd.oasis.opendocument.text"),
        (open_document(ODS), "a", "application/vnd.oasis.opendocument.spreadsheet"),
        (b"We met.\nThey were well.", "a.txt", "text/plain"),
        ("Größe, \u05e9\u05dc\u05d5\u05dd".encode(), "a", "text/plain"),
        ("Windows wrote this".encode("utf-16"), "a.txt", "text/plain"),
        (b"caf\xe9 1 < 2 and 3 > 2", "a.txt", "text/plain"),
        (JPEG, "a.jpeg", "image/jpeg"),
        (PNG, "a.png", "image/png"),
        (b"II*\0\x08\0\0\0" + b"\0" * 40, "a.tif", "image/tiff"),
        (HEIC, "IMG_0042.HEIC", "image/heic"),
        (email(("plan.pdf", PDF)), "a.eml", "message/rfc822"),
        (outlook(plan__pdf=PDF * 200, photo__png=PNG), "a.msg", "application/vnd.ms-outlook"),
        (PDF, "Letter to J.Smith v1.2", "application/pdf"),
    ],
)  # fmt: skip
def test_what_is_taken(content: bytes, name: str, media_type: str) -> None:
    assert told(BytesIO(content), name).media_type == media_type


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (PROGRAM, "a program"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 60, "a program"),
        (b"#!/bin/sh\nrm -r x\n", "a script"),
        (HTML, "a web page"),
        (b"\n <!-- a --> \n<svg onload='x'>", "an SVG"),
        (HTML.decode().encode("utf-16"), "a web page"),
        (b"Dear all\n<script>alert(1)</script>", "a web page"),
        (SVG, "an SVG"),
        (b"{\\rtf1 hello}", "a Rich Text file"),
        (b"Rar!\x1a\x07\x00" + b"\0" * 30, "an archive"),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 30, "an archive"),
        (b"\x1f\x8b\x08" + b"\0" * 30, "an archive"),
        (packed({"a.txt": b"x"}), "an archive (ZIP)"),
        (packed({"a/B.class": b"x"}), "a program"),
        (office("wordprocessingml.document", VBA), "macros"),
        (office(**{"word/VBAPROJECT.BIN": b"x"}), "macros"),
        (packed({"[Content_Types].xml": f'<T><D ContentType="{MACRO_MAIN}"/></T>'}), "macros"),
        (office("wordprocessingml.document", OBJECT), "embedded"),
        (open_document(**{"Basic/Standard/script.xml": b"x"}), "macros"),
        (open_document(manifest="<encryption-data/>"), "a password"),
        (compound({"EncryptedPackage": b"x" * 5_000}), "a password"),
        (compound({"WordDocument": b"x" * 5_000, "Macros/VBA/dir": b"x"}), "of the old kind"),
        (email(("invoice.pdf", PROGRAM)), "attachment invoice.pdf is a program"),
        (email(("in.eml", email(("a.js", b"x=1")))), "attachment a.js is really plain text"),
        (outlook(plan__pdf=PDF, virus__pdf=PROGRAM * 50), "attachment virus.pdf is a program"),
        (word()[:-30], "cannot be read"),
        (b"\0\1\2\3" * 20, "of a kind that is not known"),
    ],
)  # fmt: skip
def test_what_is_refused_with_what_it_is(content: bytes, what: str) -> None:
    assert what in refused(content)


@pytest.mark.parametrize(
    ("content", "name", "what"),
    [
        (PROGRAM, "report.pdf", "a program"),
        (PDF, "report.exe", "really a PDF, and its name ends in .exe"),
        (PNG, "photo.jpg", "really a PNG image, and its name ends in .jpg"),
        (b"plain words", "run.bat", "really plain text, and its name ends in .bat"),
        (b"plain words", "report.docx", "really plain text, and its name ends in .docx"),
        (office(), "letter.xlsx", "really a Word document, and its name ends in .xlsx"),
    ],
)
def test_a_name_that_lies_is_refused(content: bytes, name: str, what: str) -> None:
    assert what in refused(content, name)


def test_a_bomb_is_refused_without_being_unpacked() -> None:
    types = {"[Content_Types].xml": "<Types/>"}
    large = packed({**types, "word/document.xml": b"\0" * 60_000_000})
    swollen = packed({"[Content_Types].xml": b" " * 9_000_000})
    entities = "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><Types>&a;</Types>"
    tracemalloc.start()
    assert "unpack to far more" in refused(large)
    assert "unpack to far more" in refused(swollen)
    assert "cannot be read" in refused(packed({"[Content_Types].xml": entities}))
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("content", [b"%PDF-1.4\n", PDF[:-6] + b"x" * 9_000, PDF + b"\0" * 9_000])
def test_a_pdf_without_its_end_is_refused(content: bytes) -> None:
    assert "damaged" in refused(content, "a.pdf")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_part_that_declares_entities_is_refused(encoding: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w>&b;</w>'
    content = bomb.replace("?>", f' encoding="{encoding}"?>', 1).encode(encoding)
    for name in ("xl/workbook.xml", "word/document.xml", "xl/worksheets/sheet1.xml"):
        assert "entities" in refused(office(**{name: content}))
    assert "entities" in refused(open_document(**{"content.xml": content}))


def test_a_list_of_contents_that_is_itself_a_bomb_is_not_read() -> None:
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 9, 9, 30_000_000, 0, 0)
    assert "cannot be read" in refused(b"PK\x03\x04" + b"\0" * 100 + end)
    assert "unpack to far more" in refused(b"PK\x03\x04" + b"\0" * 30_000_000 + end)


def test_two_parts_of_one_name_are_refused() -> None:
    twice = packed({"[Content_Types].xml": "<Types/>", "[content_types].XML": "<Types/>"})
    assert "cannot be read" in refused(twice)


@pytest.mark.parametrize("content", [word(), open_document(), outlook(a__pdf=PDF), email()])
def test_a_damaged_file_is_told_or_refused_and_never_a_fault(content: bytes) -> None:
    chance = random.Random(20261123)
    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(chance.choice((1, 4, 30))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        cut = chance.randrange(1, len(damaged)) if chance.random() < 0.3 else len(damaged)
        try:
            told(BytesIO(bytes(damaged[:cut])), "paper")
        except NotTaken as refusal:
            assert refusal.what


def test_a_chain_that_runs_in_a_circle_ends() -> None:
    good = outlook(a__pdf=PDF)
    table_at = len(good) - 512
    circle = good[:table_at] + struct.pack("<128I", *([0] * 128))
    assert refused(circle)
