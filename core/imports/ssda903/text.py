"""A file's lines as text, streamed: encodings, byte order marks, line ends, size and binary."""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import BinaryIO

from core.imports.ssda903.problems import Problems

LONGEST_LINE = 64 * 1024


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read and the name shown for it; a stream is read from its start."""

    name: str
    content: bytes | Path | BinaryIO


class NotReadable(Exception):
    """The file as a whole cannot be read: the rule word and the message."""

    def __init__(self, rule: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.rule, self.message, self.line = rule, message, line


def opened(source: SourceFile, limit_bytes: int) -> AbstractContextManager[BinaryIO]:
    """The file opened for reading, refused when it is too large or no ordinary file."""
    content = source.content
    if isinstance(content, bytes):
        _check_size(len(content), limit_bytes)
        return nullcontext(BytesIO(content))
    if not isinstance(content, Path):
        _check_size(content.seek(0, SEEK_END), limit_bytes)
        content.seek(0)
        return nullcontext(content)
    try:
        about = content.stat()
        if not stat.S_ISREG(about.st_mode):
            raise NotReadable("not a file", "This is not an ordinary file. Give a CSV file.")
        _check_size(about.st_size, limit_bytes)
        return content.open("rb")
    except OSError as error:
        raise NotReadable(
            "not readable", "The file could not be opened. Check that it is there and may be read."
        ) from error


def _check_size(size: int, limit_bytes: int) -> None:
    if size > limit_bytes:
        raise NotReadable(
            "too large",
            f"The file has {_megabytes(size)}; at most {_megabytes(limit_bytes)} is read. "
            "Check that this is one table of a return; if it is, split it and keep the header "
            "row in each part.",
        )
    if size == 0:
        raise NotReadable("empty", "The file is empty. Export the table again.")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size >= 100_000 else f"{size:,} bytes"


def lines(
    stream: BinaryIO, name: str, limit_bytes: int, problems: Problems
) -> Iterator[tuple[int, str]]:
    """Each line's number and text without its end; Windows-1252 is accepted with one warning."""
    number = read = 0
    told = False
    while chunk := stream.readline(LONGEST_LINE):
        read += len(chunk)
        if read > limit_bytes:
            _check_size(read, limit_bytes)
        if read == len(chunk):
            chunk = _start(chunk)
        if len(chunk) >= LONGEST_LINE:
            number += 1
            if number == 1:
                raise NotReadable(
                    "long line",
                    "The first line has over 64,000 characters. This does not look like a table.",
                    number,
                )
            problems.error(
                name, number, None, "long line",
                "The line has over 64,000 characters and is not loaded. Look for a lost line end.",
            )  # fmt: skip
            while chunk and not chunk.endswith(b"\n"):
                chunk = stream.readline(LONGEST_LINE)
                read += len(chunk)
                _check_size(read, limit_bytes)
            continue
        for raw in chunk.rstrip(b"\r\n").split(b"\r"):
            number += 1
            try:
                yield number, raw.decode("utf-8")
            except UnicodeDecodeError:
                if not told:
                    told = True
                    problems.warning(
                        name, number, None, "encoding",
                        "From this line on some characters are not UTF-8 and are read as "
                        "Windows-1252. Check letters with accents, or save as CSV UTF-8.",
                    )  # fmt: skip
                yield number, raw.decode("cp1252", errors="replace")


def _start(chunk: bytes) -> bytes:
    """The first line without its byte order mark; what is no CSV is refused by its first bytes."""
    if chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotReadable("encoding", "The file is saved as UTF-16. Save it as CSV UTF-8.", 1)
    if chunk.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NotReadable("not text", "This is a workbook, not a CSV file. Save it as CSV UTF-8.")
    if b"\x00" in chunk:
        raise NotReadable("not text", "This is not a text file. Give a CSV file.")
    return chunk.removeprefix(b"\xef\xbb\xbf")


def cells(line: str) -> list[str] | None:
    """The line's cells, trimmed; None when its quotation marks do not close."""
    if '"' not in line:
        return [cell.strip() for cell in line.split(",")]
    try:
        return [cell.strip() for cell in next(csv.reader([line], strict=True))]
    except (csv.Error, StopIteration):
        return None
