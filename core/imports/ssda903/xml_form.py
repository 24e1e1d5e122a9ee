"""The XML form of the return, streamed: each child's elements as lines of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from core.domain.readable import readable
from core.imports.ssda903.problems import Problems
from core.imports.ssda903.tables import TABLES
from core.imports.ssda903.text import NotReadable

ROOT = "EXPSSDA903"
CHUNK = 64 * 1024
_MOST_SILENT = 1024 * 1024
_MOST_TEXT = 200
_MOST_RECORDS = 2_000
_DEEPEST = 12
_BLANKS = b" \t\r\n"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
#: Elements that hold a record, and the table whose line each is.
_GROUPS = {
    "EPISODE": "Episodes",
    "AREVIEW": "Reviews",
    "AD_PLACED": "PlacedAdoption",
    "PERMANENCE": "PrevPerm",
    "AMISSING": "Missing",
    "OC2": "OC2",
}
_RENAMED = {"CHILDID": "CHILD", "PL": "PLACE"}
_COLUMNS = {table.name: frozenset(table.columns) for table in TABLES}
_OWN = {name: columns - {"CHILD", "DOB", "SEX"} for name, columns in _COLUMNS.items()}
#: The tables whose fields stand side by side in HEADER.
_IN_HEADER = ("AD1", "OC3")
_KNOWN_IN_HEADER = (
    _COLUMNS["Header"] | _COLUMNS["UASC"] | _OWN["AD1"] | _OWN["OC3"] | {"UASC"}
)  # fmt: skip
_CUT_OFF = frozenset({3, 5, 20})
_ENCODING = frozenset({18, 19})
_INVALID = 4
_OTHER_ENCODING = (
    "From this line on the file is not in the encoding that it names (UTF-8 where it names none), "
    "or that encoding is not known. Save it as UTF-8, or export it again."
)


@dataclass(slots=True)
class Record:
    """One line of a table as the elements give it: columns that are lacking are blank."""

    table: str
    line: int
    values: dict[str, str] = field(default_factory=dict)


def is_xml(head: bytes) -> bool:
    """Whether a file that begins so is XML, or would be: its first sign is "<"."""
    for mark in _MARKS:
        if head.startswith(mark):
            head = head[len(mark) :].replace(b"\0", b"")
            break
    return head.lstrip(_BLANKS).startswith(b"<")


def children(stream: BinaryIO, file: str, problems: Problems) -> Iterator[tuple[str, list[Record]]]:
    """Each child's id ("" where it is lacking) and records, in the file's order.

    Raises NotReadable where the file as a whole cannot be read. Declarations of document types
    and entities are refused before anything is made of them.
    """
    parser: Any = DefusedExpatParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    handler = _Elements(file, problems, parser)
    parser.setContentHandler(handler)
    silent = 0
    chunk = b""
    try:
        while chunk := stream.read(CHUNK):
            handler.heard = False
            parser.feed(chunk)
            yield from handler.taken()
            silent = 0 if handler.heard else silent + len(chunk)
            if silent > _MOST_SILENT:
                raise NotReadable(
                    "not sound XML",
                    "Over a million characters stand here without an element. This does not look "
                    "like a return. Export it again.",
                    handler.line(),
                )
        parser.close()
    except DefusedXmlException:
        raise NotReadable(
            "document type",
            "The file declares a document type (DOCTYPE) or entities, which a return does not "
            "need and which are not read. Take the declaration out, or export the file again.",
            handler.line(),
        ) from None
    except SAXParseException as error:
        raise _not_sound(error, chunk) from None
    except (LookupError, ValueError):
        raise NotReadable("encoding", _OTHER_ENCODING, handler.line()) from None
    yield from handler.taken()
    if handler.found == 0:
        raise NotReadable("empty", "The file has no CHILD element. Export it again.")


def _not_sound(error: SAXParseException, chunk: bytes) -> NotReadable:
    code, line = getattr(error.getException(), "code", 0), error.getLineNumber()
    column = (error.getColumnNumber() or 0) + 1
    if code in _CUT_OFF:
        return NotReadable(
            "cut off", "The file ends before its last element is closed. Export it again.", line
        )
    if code in _ENCODING or (code == _INVALID and not _utf8(chunk)):
        return NotReadable("encoding", _OTHER_ENCODING, line)
    return NotReadable(
        "not sound XML",
        f"The file is not sound XML from this line, column {column:,}, on. Export it again.",
        line,
    )


def _utf8(chunk: bytes) -> bool:
    """Whether a part of a file is UTF-8, a letter cut in two at its ends aside."""
    start = next((n for n, byte in enumerate(chunk[:4]) if byte & 0xC0 != 0x80), 0)
    try:
        chunk[start:].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(chunk) - start - 3 and error.reason == "unexpected end of data"
    return True


class _Elements(ContentHandler):
    """Gathers the children that are complete; line numbers are the file's own.

    A file that stands in one line is counted as if each element stood in a line of its own.
    """

    def __init__(self, file: str, problems: Problems, parser: Any) -> None:
        super().__init__()
        self._file, self._problems, self._parser = file, problems, parser
        self._open: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._records: list[Record] = []
        self._record: list[Record] = []
        self._done: list[tuple[str, list[Record]]] = []
        self._told: set[tuple[str, str]] = set()
        self._laid = 1
        self._leaf = False
        self._in_one_line: bool | None = None
        self._child_line = 0
        self.heard = False
        self.found = 0

    def taken(self) -> list[tuple[str, list[Record]]]:
        """The children completed since the last asking."""
        done, self._done = self._done, []
        return done

    def line(self) -> int:
        """The line reached in the file."""
        return int(self._parser.getLineNumber() or 1)

    def _here(self) -> int:
        return self._laid if self._in_one_line else self.line()

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        self.heard, self._leaf = True, True
        self._laid += 1
        self._text, self._length = [], 0
        plain = name.rpartition(":")[2].upper()
        depth = len(self._open)
        self._open.append(plain)
        if depth == 0 and plain != ROOT:
            raise NotReadable(
                "wrong root",
                f"This is XML, but not a return: its first element is not {ROOT}. "
                "Give the SSDA903 return as XML, or its tables as CSV.",
                self.line(),
            )
        if depth > _DEEPEST:
            raise NotReadable(
                "too deep",
                f"Elements stand {_DEEPEST} deep in one another, which no return has. "
                "Export the file again.",
                self.line(),
            )
        if depth == 1 and plain == "CHILD":
            self._child_line = self.line()
            self._records, self._record = [], []
            self.found += 1
        elif depth >= 2 and self._open[1] == "CHILD":
            self._inside(plain, depth)

    def _inside(self, plain: str, depth: int) -> None:
        if self._in_one_line is None:
            self._in_one_line = self.line() == self._child_line
            if self._in_one_line:
                self._problems.warning(
                    self._file, None, None, "one line",
                    "The elements all stand in one line. The lines that are said here are those "
                    "of the file laid out with each element in a line of its own.",
                )  # fmt: skip
        table = _record_of(plain, depth)
        if table is None:
            return
        if len(self._records) >= _MOST_RECORDS:
            raise NotReadable(
                "too much of one child",
                f"A child has over {_MOST_RECORDS:,} records, which no return has. "
                "Look for a CHILD element that is not closed, or export the file again.",
                self.line(),
            )
        self._records.append(Record(table, self._here()))
        self._record.append(self._records[-1])

    def characters(self, content: str) -> None:
        self.heard = True
        if self._length < _MOST_TEXT:
            self._text.append(content[: _MOST_TEXT - self._length])
            self._length += len(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        self.heard = True
        plain = self._open.pop()
        depth = len(self._open)
        leaf, self._leaf = self._leaf, False
        if not leaf:
            self._laid += 1
        if depth == 0 or self._open[0] != ROOT:
            return
        if depth == 1:
            if plain == "CHILD":
                self._child_ends()
            else:
                self._unknown(plain, ROOT)
        elif self._open[1] != "CHILD":
            return
        elif _record_of(plain, depth):
            self._record.pop()
        elif leaf:
            self._value(plain, readable("".join(self._text)).strip())

    def _value(self, plain: str, text: str) -> None:
        if not self._record:
            self._unknown(plain, self._open[-1])
            return
        record = self._record[-1]
        name = _RENAMED.get(plain, plain)
        known = _KNOWN_IN_HEADER if record.table == "Header" else _COLUMNS[record.table]
        if name not in known:
            self._unknown(plain, self._open[-1])
        elif name in record.values and text:
            self._problems.warning(
                self._file, self._here(), name, "element twice",
                "The element stands twice in one record. The first is read. Keep one.",
            )  # fmt: skip
        elif text:
            record.values[name] = text

    def _unknown(self, plain: str, within: str) -> None:
        key = (within[:40], plain[:40])
        if key not in self._told and len(self._told) < 100:
            self._told.add(key)
            self._problems.warning(
                self._file, self._here(), plain[:40], "extra element",
                "The element is not one of the return's at this place and is left out.",
            )  # fmt: skip

    def _child_ends(self) -> None:
        headers = [record for record in self._records if record.table == "Header"]
        child = next((r.values["CHILD"] for r in headers if "CHILD" in r.values), "")
        records = self._records
        for header in headers:
            records += _tables_in(header)
        if not headers:
            records.append(Record("Header", self._here()))
        self._done.append((child, records))
        self._records, self._record = [], []


def _record_of(plain: str, depth: int) -> str | None:
    """The table whose line an element is, None where it is none."""
    return "Header" if plain == "HEADER" and depth == 2 else _GROUPS.get(plain)


def _tables_in(header: Record) -> Iterator[Record]:
    """The lines of other tables that stand in a HEADER, each where anything is said of it."""
    asylum = header.values.pop("UASC", "")
    until = header.values.pop("DUC", "")
    if asylum not in ("", "0") or until:
        yield Record("UASC", header.line, {"DUC": until})
    for table in _IN_HEADER:
        said = {name: header.values.pop(name) for name in _OWN[table] if name in header.values}
        if said:
            yield Record(table, header.line, said)
