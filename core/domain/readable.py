"""Words as they are kept, typed or from a file: without the characters that nobody can read."""

from __future__ import annotations

#: Characters that part words or lines in some programs and are nothing else: a space is kept.
PARTS_WORDS = {0x0B: " ", 0x0C: " ", **dict.fromkeys(range(0x1C, 0x20), " "), 0x85: " "}
NEVER_READ: dict[int, str | None] = dict.fromkeys(
    (
        *(code for code in range(0x20) if chr(code) not in "\t\n"),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xFDD0, 0xFDF0),
        *(plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF)),
    )
)
NEVER_READ |= PARTS_WORDS


def readable(text: str) -> str:
    """Words as they are kept: with newlines of one kind, without what nobody can read.

    Control characters but newline and tab are taken out, or are a space where they part words;
    those too that turn the direction of what follows, and what Unicode never makes a character
    (https://www.unicode.org/faq/private_use.html).
    """
    if text.isprintable():
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(NEVER_READ)
