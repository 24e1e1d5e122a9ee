"""A PDF written object by object as it grows, so that what is long is never whole in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any, BinaryIO

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
)

#: What leads out of what is drawn: to other pages, to other programs, to hidden data.
NOT_DRAWN = frozenset(
    {"/Parent", "/P", "/Metadata", "/PieceInfo", "/StructParent", "/StructParents", "/OPI", "/Ref"}
)
DEEPEST = 60
OBJECTS_MOST = 200_000
BYTES_MOST = 400 * 1024 * 1024


class TooMuch(Exception):
    """A source holds more than is copied of one."""


class PdfFile:
    """Objects go to the stream as they are added; only where each begins is remembered."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._at: list[int] = [0]
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> IndirectObject:
        """A reference to an object that is written later."""
        self._at.append(0)
        return IndirectObject(len(self._at) - 1, 0, self)

    def write(self, reference: IndirectObject, what: Any) -> int:
        """Write a reserved object; gives how many bytes it took."""
        began = self._at[reference.idnum] = self._out.tell()
        self._out.write(b"%d 0 obj\n" % reference.idnum)
        what.write_to_stream(self._out)
        self._out.write(b"\nendobj\n")
        return self._out.tell() - began

    def add(self, what: Any) -> IndirectObject:
        reference = self.reserve()
        self.write(reference, what)
        return reference

    def stream(self, content: bytes, **values: Any) -> IndirectObject:
        """Add a stream, compressed."""
        made = StreamObject()
        made.set_data(zlib.compress(content))
        made[NameObject("/Filter")] = NameObject("/FlateDecode")
        for key, value in values.items():
            made[NameObject(f"/{key}")] = value
        return self.add(made)

    def finish(self, root: IndirectObject, info: IndirectObject) -> None:
        """Write the table of where the objects begin, and the trailer."""
        began = self._out.tell()
        self._out.write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._at))
        for at in self._at[1:]:
            self._out.write(b"%010d 00000 %c \n" % (at, b"n" if at else b"f"))
        trailer = dictionary(Size=NumberObject(len(self._at)), Root=root, Info=info)
        self._out.write(b"trailer\n")
        trailer.write_to_stream(self._out)
        self._out.write(b"\nstartxref\n%d\n%%%%EOF\n" % began)


class Copying:
    """What one source's pages are drawn with, copied into a file: each object once."""

    def __init__(self, file: PdfFile, reader: PdfReader) -> None:
        self._file, self._reader = file, reader
        self._known: dict[tuple[int, int], IndirectObject] = {}
        self._waits: list[tuple[IndirectObject, IndirectObject]] = []
        self._bytes = 0

    def copy(self, what: Any) -> Any:
        """The same for the new file; what it points at is written by ``drain``."""
        return self._copied(what, 0)

    def add(self, what: Any) -> IndirectObject:
        reference = self._file.reserve()
        self._count(self._file.write(reference, what))
        return reference

    def drain(self) -> None:
        """Write what was pointed at, and what that points at."""
        while self._waits:
            mine, theirs = self._waits.pop()
            found = self._reader.get_object(theirs)
            if found is None:
                found = DictionaryObject()
            self._count(self._file.write(mine, self._copied(found, 0)))

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > BYTES_MOST or len(self._known) > OBJECTS_MOST:
            raise TooMuch

    def _copied(self, what: Any, depth: int) -> Any:
        if depth > DEEPEST:
            raise TooMuch
        if isinstance(what, IndirectObject):
            key = (what.idnum, what.generation)
            if key not in self._known:
                self._known[key] = self._file.reserve()
                self._waits.append((self._known[key], what))
            return self._known[key]
        if isinstance(what, StreamObject):
            made = StreamObject()
            made._data = what._data  # as it is encoded: the filters are copied with the rest
            self._into(made, what, depth)
            return made
        if isinstance(what, DictionaryObject):
            plain = DictionaryObject()
            self._into(plain, what, depth)
            return plain
        if isinstance(what, ArrayObject):
            return ArrayObject([self._copied(one, depth + 1) for one in what])
        return what

    def _into(self, made: DictionaryObject, what: DictionaryObject, depth: int) -> None:
        for key in what:
            if key in NOT_DRAWN or key == "/Length":
                continue
            made[NameObject(key)] = self._copied(what.raw_get(key), depth + 1)


def dictionary(**values: Any) -> DictionaryObject:
    """A dictionary of the format, from names without their slash."""
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in values.items()})


def numbers(values: Iterable[float]) -> ArrayObject:
    from pypdf.generic import FloatObject

    return ArrayObject([FloatObject(round(value, 4)) for value in values])
