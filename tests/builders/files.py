"""Files for tests, made as small as their formats allow: good ones, and those that are refused."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage
from io import BytesIO

import docx
import openpyxl

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\0" * 40
PROGRAM = b"MZ\x90\0" + b"\0" * 200
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
OPEN_XML = "application/vnd.openxmlformats-officedocument"
VBA = "application/vnd.ms-office.vbaProject"


def word() -> bytes:
    """A Word document, as Word's library writes it."""
    made = BytesIO()
    docx.Document().save(made)
    return made.getvalue()


def excel() -> bytes:
    """An Excel workbook, as its library writes it."""
    made = BytesIO()
    openpyxl.Workbook().save(made)
    return made.getvalue()


def packed(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these parts, in this order."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def office(kind: str = "wordprocessingml.document", *more: str, **parts: bytes) -> bytes:
    """An Open XML file of a kind; ``more`` are further content types, ``parts`` further parts."""
    types = [f"{OPEN_XML}.{kind}.main+xml", *more]
    listed = "".join(f'<Override PartName="/p{n}" ContentType="{t}"/>' for n, t in enumerate(types))
    return packed(
        {"[Content_Types].xml": TYPES.format(listed), "word/document.xml": "<w/>"} | parts
    )


def open_document(kind: str = "text", manifest: str = "<manifest/>", **parts: bytes) -> bytes:
    """An OpenDocument file."""
    mark = f"application/vnd.oasis.opendocument.{kind}"
    return packed({"mimetype": mark, "META-INF/manifest.xml": manifest, **parts})


def email(*attachments: tuple[str, bytes]) -> bytes:
    """An e-mail as it was sent."""
    message = EmailMessage()
    message["From"], message["To"] = "wim@made.example", "tal@made.example"
    message["Subject"], message["Date"] = "A visit", "Mon, 02 Nov 2026 10:00:00 +0000"
    message.set_content("We went to see them.")
    for name, content in attachments:
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An older Office container of these streams, by path; small ones go where small ones go."""
    paths = sorted(
        {"/".join(p.split("/")[:n]) for p in streams for n in range(1, p.count("/") + 2)}
    )
    sectors: list[bytes] = []
    table: list[int] = []

    def put(content: bytes) -> int:
        pieces = [content[at : at + 512].ljust(512, b"\0") for at in range(0, len(content), 512)]
        start = len(sectors)
        for number, piece in enumerate(pieces, 1):
            sectors.append(piece)
            table.append(start + number if number < len(pieces) else 0xFFFFFFFE)
        return start if pieces else 0xFFFFFFFE

    small, begins = b"", {}
    small_table: list[int] = []
    for path, content in streams.items():
        if len(content) >= 4096:
            begins[path] = put(content)
            continue
        begins[path] = len(small) // 64
        pieces = -(-len(content) // 64)
        first = len(small_table)
        small_table += [first + n for n in range(1, pieces)] + [0xFFFFFFFE] * bool(pieces)
        small += content.ljust(pieces * 64, b"\0")
    root = put(small)
    small_at = put(struct.pack(f"<{len(small_table)}I", *small_table).ljust(512, b"\xff"))

    def entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
        words = name.encode("utf-16-le") + b"\0\0"
        head = words.ljust(64, b"\0") + struct.pack("<HBB", len(words), kind, 1)
        return head + struct.pack("<III36xIIxxxx", 0xFFFFFFFF, right, child, start, size)

    def inside(folder: str) -> list[str]:
        return [p for p in paths if p.rpartition("/")[0] == folder]

    def following(path: str) -> int:
        beside = inside(path.rpartition("/")[0])
        at = beside.index(path) + 1
        return paths.index(beside[at]) + 1 if at < len(beside) else 0xFFFFFFFF

    entries = [entry("Root Entry", 5, 0xFFFFFFFF, 1, root, len(small))]
    for path in paths:
        name, within = path.rpartition("/")[2], inside(path)
        child = paths.index(within[0]) + 1 if within else 0xFFFFFFFF
        size = len(streams.get(path, b""))
        kind = 2 if path in streams else 1
        entries.append(entry(name, kind, following(path), child, begins.get(path, 0), size))
    directory = put(b"".join(entries))
    at = len(sectors)
    table.append(0xFFFFFFFD)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH6xIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, 1, directory, 0, 4096,
                        small_at, 1, 0xFFFFFFFE, 0)  # fmt: skip
    head += struct.pack("<109I", at, *[0xFFFFFFFF] * 108)
    return (
        head + b"".join(sectors) + struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    )


def outlook(**attachments: bytes) -> bytes:
    """An Outlook message whose attachments have these names (a "__" in one is its dot)."""
    streams = {"__properties_version1.0": b"\0" * 32, "__nameid_version1.0/x": b"y"}
    for number, (name, content) in enumerate(attachments.items()):
        folder = f"__attach_version1.0_#{number:08X}"
        streams[f"{folder}/__substg1.0_3707001F"] = name.replace("__", ".").encode("utf-16-le")
        streams[f"{folder}/__substg1.0_37010102"] = content
    return compound(streams)
