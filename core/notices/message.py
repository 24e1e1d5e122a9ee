"""A message as it is mailed: headers, plain text, and an invitation beside it where it has one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from core.notices.header import mailbox, one_line, subject


class CannotBeAddressed(ValueError):
    """The address of a message cannot stand in its head."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message is made of. ``at`` is the moment of sending (UTC, no zone).

    A line of ``body`` that begins with "/" is a path of the service: ``public_url`` goes before it.
    """

    message_id: str
    authority: str
    sender: str
    to_name: str
    address: str
    subject: str
    body: str
    public_url: str
    at: datetime
    calendar: str = ""
    method: str = ""


def mailed(facts: Facts) -> EmailMessage:
    """The message; CannotBeAddressed where the address is none."""
    message = EmailMessage(policy=SMTP)
    try:
        if not facts.address.isascii():
            raise CannotBeAddressed(facts.address)
        to = Address(addr_spec=facts.address).addr_spec
    except (MessageError, ValueError, IndexError, AttributeError) as fault:
        raise CannotBeAddressed(facts.address) from fault
    message["From"] = mailbox("From", f"Permanence, {facts.authority}", facts.sender)
    message["To"] = mailbox("To", facts.to_name, to)
    message["Subject"] = subject(facts.subject)
    message["Date"] = format_datetime(facts.at.replace(tzinfo=UTC))
    message["Message-ID"] = facts.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text(facts), cte="quoted-printable")
    if facts.calendar:
        message.add_alternative(
            facts.calendar, subtype="calendar", params={"method": facts.method}, cte="base64"
        )
    return message


def text(facts: Facts) -> str:
    """The text as it is read: whole addresses, and from whom it comes."""
    body = with_addresses(facts.body, facts.public_url).rstrip()
    return (
        f"{body}\n\n-- \nFrom the Permanence service of {one_line(facts.authority)}: "
        f"{facts.public_url}\nNobody reads what is sent back to this address.\n"
    )


def with_addresses(body: str, public_url: str) -> str:
    """The text with the public address before each line that is a path."""
    lines = body.replace("\r\n", "\n").split("\n")
    return "\n".join(f"{public_url}{line}" if line.startswith("/") else line for line in lines)
