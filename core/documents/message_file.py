"""The attachments of an e-mail, out of a message as it was sent or out of Outlook's own file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from io import BytesIO
from typing import BinaryIO

from core.documents.compound_file import CompoundFile, Unreadable
from core.documents.taken_types import AS_PDF, NotTaken

LARGEST = 40 * 1024 * 1024
PARTS_MOST = 200
HEADER = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{0,60}):[ \t]?", re.MULTILINE)
USUAL = frozenset({b"from", b"date", b"subject", b"message-id", b"mime-version", b"received"})

OUTLOOK_MARK = "__properties_version1.0"
OUTLOOK_NAMES = {"__substg1.0_3707001F": "utf-16-le", "__substg1.0_3707001E": "cp1252"}
OUTLOOK_DATA = "__substg1.0_37010102"
OUTLOOK_WITHIN = "__substg1.0_3701000D/"

TOO_LARGE = ("an e-mail of more than 40 MB", "Save its attachments, and add those")
BROKEN = ("an e-mail that cannot be read", AS_PDF)


def looks_sent(head: bytes) -> bool:
    """Whether a text begins as an e-mail does: with headers, at least two of the usual ones."""
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    named = {name.lower() for name in HEADER.findall(block)}
    return HEADER.match(head) is not None and len(named & USUAL) >= 2


def sent_attachments(stream: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    """The attachments of an e-mail, those of e-mails within it among them: name and content.

    A part that the e-mail shows as its own words, plain or formatted, is none.
    """
    if stream.seek(0, 2) > LARGEST:
        raise NotTaken(*TOO_LARGE)
    stream.seek(0)
    try:
        message = BytesParser(policy=policy.default).parse(stream)
        for number, part in enumerate(message.walk()):
            if number > PARTS_MOST:
                raise NotTaken(*BROKEN)
            if isinstance(part, EmailMessage) and (found := _attachment(part)) is not None:
                yield found
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as fault:
        raise NotTaken(*BROKEN) from fault


def _attachment(part: EmailMessage) -> tuple[str, BinaryIO] | None:
    if part.is_multipart():
        return None
    name = part.get_filename() or ""
    words = part.get_content_type() in {"text/plain", "text/html"}
    if words and not name and part.get_content_disposition() != "attachment":
        return None
    content = part.get_payload(decode=True)
    return name or "attachment", BytesIO(content if isinstance(content, bytes) else b"")


def outlook_attachments(container: CompoundFile) -> Iterator[tuple[str, BinaryIO]]:
    """The attachments of an Outlook message; an e-mail within it is gone through as itself."""
    by_path = {entry.path: entry for entry in container.entries}
    folders = sorted(
        entry.path
        for entry in container.entries
        if entry.storage and entry.path.rpartition("/")[2].startswith("__attach_version1.0_")
    )
    if len(folders) > PARTS_MOST:
        raise NotTaken(*BROKEN)
    try:
        for folder in folders:
            data = by_path.get(f"{folder}/{OUTLOOK_DATA}")
            within = f"{folder}/{OUTLOOK_WITHIN}"
            if data is None and f"{within}{OUTLOOK_MARK}" not in by_path:
                raise NotTaken("an Outlook message with another file embedded in it", AS_PDF)
            if data is None:
                continue
            name = "attachment"
            for stream_name, encoding in OUTLOOK_NAMES.items():
                if (named := by_path.get(f"{folder}/{stream_name}")) is not None:
                    name = container.read(named).decode(encoding, "replace")
                    break
            yield name, BytesIO(container.read(data))
    except Unreadable as fault:
        raise NotTaken(*BROKEN) from fault
