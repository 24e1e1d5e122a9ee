"""The lines at the head of a message: what is typed is shown there as it is, and does nothing else.

The standard library reads once more what it is given: it opens encoded words, and the line breaks
in them, and takes the quotes off a name that it folds. What is made here is folded by nothing else.
"""

from __future__ import annotations

import re
from base64 import b64encode
from email.policy import Policy

ENCODED_MOST = 36
"""So many bytes make an encoded word that leaves room for the header's name in its line."""
LINE_MOST = 76
PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
"""What a name before an address may be without quotes."""


class Line(str):
    """A header as it is read, which is written as ``written`` and not as email would write it."""

    name: str
    written: str

    def fold(self, *, policy: Policy) -> str:
        """The whole header, as the policy asks a header for it."""
        return f"{self.name}: {self.written}{policy.linesep}"


def subject(words: str) -> Line:
    """The subject."""
    said = one_line(words)
    plain = _ascii(said) and len(said) + len("Subject: ") <= LINE_MOST
    return _line("Subject", said, said if plain else encoded(said))


def mailbox(name: str, words: str, address: str) -> Line:
    """A header of one address, with a name before it; the address is an address already."""
    said = one_line(words)
    if not said:
        return _line(name, address, address)
    short = _ascii(said) and len(said) + len(address) + len(name) + 7 <= LINE_MOST
    if short and PLAIN.fullmatch(said):
        phrase = shown = said
    elif short:
        quoted = said.replace("\\", "\\\\").replace('"', '\\"')
        phrase = shown = f'"{quoted}"'
    else:
        shown, phrase = said, f"{encoded(said)}\r\n"
    return _line(name, f"{shown} <{address}>", f"{phrase} <{address}>")


def one_line(words: str) -> str:
    """Words as one line: nothing in them begins another header."""
    shown = "".join(c if c.isprintable() else " " for c in words)
    return " ".join(shown.split())


def encoded(words: str) -> str:
    """Words as encoded words (RFC 2047), each of whole characters, one to a line."""
    parts, part = [], b""
    for character in words:
        whole = character.encode()
        if len(part) + len(whole) > ENCODED_MOST:
            parts.append(part)
            part = b""
        part += whole
    return "\r\n ".join(f"=?utf-8?b?{b64encode(one).decode()}?=" for one in (*parts, part))


def _ascii(words: str) -> bool:
    """Whether words can stand as they are: an encoded word among them would be opened."""
    return words.isascii() and "=?" not in words


def _line(name: str, read: str, written: str) -> Line:
    line = Line(read)
    line.name, line.written = name, written
    return line
