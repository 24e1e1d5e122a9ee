"""Reading the older Office container: what is in it, and single streams of it, within bounds.

The format is Microsoft's "Compound File Binary" (MS-CFB); an Outlook message is kept in one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST_SECTOR = 0xFFFF_FFFA
NONE = 0xFFFF_FFFF
ENTRY = 128
ENTRIES_MOST = 20_000
STORAGE, STREAM, ROOT = 1, 2, 5


class Unreadable(Exception):
    """The file is no such container, or it is damaged."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder (``storage``) or a stream of the container; sizes are in bytes."""

    path: str
    storage: bool
    start: int
    size: int


class CompoundFile:
    """A container read from a stream that can be moved in; nothing is read whole at the start."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._length = stream.seek(0, 2)
        stream.seek(0)
        head = stream.read(512)
        if len(head) < 512 or not head.startswith(MARK):
            raise Unreadable
        shift, small_shift = struct.unpack("<HH", head[30:34])
        if shift not in (9, 12) or small_shift != 6:
            raise Unreadable
        self._size = 1 << shift
        directory, self._cutoff = struct.unpack("<I4xI", head[48:60])
        small_first, _, more, _ = struct.unpack("<IIII", head[60:76])
        self._table = self._allocation(list(struct.unpack("<109I", head[76:512])), more)
        self.entries, root = self._directory(directory)
        self._small_table = _numbers(b"".join(self._chain(small_first)))
        self._small = b"".join(self._chain(root.start))[: root.size]

    def read(self, entry: Entry) -> bytes:
        """The whole of one stream; it cannot be longer than the file."""
        if entry.size > self._length:
            raise Unreadable
        if entry.size >= self._cutoff:
            read = b"".join(self._chain(entry.start))
        else:
            numbers = _followed(self._small_table, entry.start)
            read = b"".join(self._small[number * 64 : number * 64 + 64] for number in numbers)
        if len(read) < entry.size:
            raise Unreadable
        return read[: entry.size]

    def _sector(self, number: int) -> bytes:
        self._stream.seek((number + 1) * self._size)
        read = self._stream.read(self._size)
        if not read:
            raise Unreadable
        return read.ljust(self._size, b"\0")

    def _allocation(self, listed: list[int], more: int) -> list[int]:
        """Which sector follows which, from every sector that says so."""
        each, most = self._size // 4, self._length // self._size + 1
        while more < LAST_SECTOR:
            if len(listed) > most + 109:
                raise Unreadable
            *numbers, more = _numbers(self._sector(more))
            listed += numbers
        used = [number for number in listed if number < LAST_SECTOR]
        if len(used) * each > 4 * most + 4 * each or len(set(used)) < len(used):
            raise Unreadable
        return [number for sector in used for number in _numbers(self._sector(sector))]

    def _chain(self, start: int) -> Iterator[bytes]:
        for number in _followed(self._table, start):
            yield self._sector(number)

    def _directory(self, start: int) -> tuple[tuple[Entry, ...], Entry]:
        """Every entry with its path, and the root, which holds the small streams."""
        whole = b"".join(self._chain(start))
        raw = [whole[at : at + ENTRY] for at in range(0, len(whole) - ENTRY + 1, ENTRY)]
        if not raw or len(raw) > ENTRIES_MOST or raw[0][66] != ROOT:
            raise Unreadable
        found: list[Entry] = []
        waiting = [(struct.unpack("<I", raw[0][76:80])[0], "")]
        seen: set[int] = {0}
        while waiting:
            number, folder = waiting.pop()
            if number == NONE:
                continue
            if number in seen or number >= len(raw):
                raise Unreadable
            seen.add(number)
            entry = raw[number]
            length, kind = struct.unpack("<HB", entry[64:67])
            left, right, child = struct.unpack("<III", entry[68:80])
            begin, size = struct.unpack("<II", entry[116:124])
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            path = f"{folder}{name}"
            found.append(Entry(path, kind == STORAGE, begin, 0 if kind == STORAGE else size))
            waiting += [(left, folder), (right, folder)]
            if kind == STORAGE:
                waiting.append((child, f"{path}/"))
        begin, size = struct.unpack("<II", raw[0][116:124])
        return tuple(found), Entry("", True, begin, size)


def _numbers(sector: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(sector) // 4}I", sector))


def _followed(table: list[int], start: int) -> Iterator[int]:
    """The numbers of a chain; one that runs in a circle is refused."""
    number, steps = start, 0
    while number < LAST_SECTOR:
        steps += 1
        if number >= len(table) or steps > len(table):
            raise Unreadable
        yield number
        number = table[number]
