"""An invitation to a meeting as calendars read it (iCalendar, iTIP): asked for, or taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from core.domain.dates import LONDON
from core.domain.inviting import Method, Told

#: The clock in London as it has changed since 1996: by rule, which every calendar reads.
LONDON_CLOCK = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""
PRODUCT = "-//Permanence//Meetings//EN"


@dataclass(frozen=True, slots=True)
class Organizer:
    """Who asks: the authority, the address that its messages come from, and its service's."""

    name: str
    address: str
    public_url: str


def uid(meeting_public_id: str) -> str:
    """The id of a meeting in every calendar: always the same, wherever the service is found."""
    return f"{meeting_public_id}@permanence"


def invitation(
    meeting_public_id: str,
    told: Told,
    sequence: int,
    method: Method,
    organizer: Organizer,
    at: datetime,
) -> str:
    """The text of an invitation to one person; ``at`` is UTC without a zone."""
    moment = at.replace(microsecond=0, tzinfo=UTC)
    event = Event()
    event.add("uid", uid(meeting_public_id))
    event.add("sequence", sequence)
    event.add("dtstamp", moment)
    event.add("last-modified", moment)
    event.add("dtstart", told.begins.replace(tzinfo=LONDON))
    # An end that is no later than the beginning is none that calendars read (RFC 5545, 3.8.2.2).
    if told.ends > told.begins:
        event.add("dtend", told.ends.replace(tzinfo=LONDON))
    event.add("summary", _shown(told.title))
    event.add("description", f"{organizer.public_url}/meetings/{meeting_public_id}")
    if told.place:
        event.add("location", _shown(told.place))
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("class", "PRIVATE")
    event.add("organizer", _who(organizer.address, organizer.name), encode=False)
    attendee = _who(told.address, told.name)
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText("NEEDS-ACTION")
    attendee.params["rsvp"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add_component(Timezone.from_ical(LONDON_CLOCK))
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def _shown(words: str) -> str:
    """Words without the control characters that no calendar may hold."""
    return "".join(c for c in words if c.isprintable() or c in "\n\t\u200c\u200d")


def _who(address: str, name: str) -> vCalAddress:
    who = vCalAddress(f"mailto:{address}")
    # A name in a parameter may hold neither quotes nor control characters, and nothing in it is
    # marked: what some readers take for a mark (a backslash) goes too.
    who.params["cn"] = vText("".join(c for c in _shown(name) if c not in '"\\\n\t'))
    return who
