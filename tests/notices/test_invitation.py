"""An invitation as calendars read it: in summer and in winter, asked for and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32
from email.utils import getaddresses

import pytest
from icalendar import Calendar

from core.domain.inviting import Change, Held, Method, Told, change
from core.notices.invitation import Organizer, invitation
from core.notices.message import CannotBeAddressed, Facts, mailed

AT = datetime(2026, 11, 23, 9, 0)
BY = Organizer(
    'London Borough of Bexley; "the borough"', "permanence@bexley.test", "https://p.test"
)
TOLD = Told(
    "Permanence Panel",
    date(2026, 12, 3),
    time(10, 0),
    125,
    "Room 3, Civic Offices; 2 Watling Street – the long room behind the café\non the left",
    'Ada "Quill", Œuvre',
    "ada@bexley.test",
)


def read(told: Told = TOLD, sequence: int = 0, method: Method = Method.REQUEST) -> Calendar:
    return Calendar.from_ical(invitation("abcdefgh", told, sequence, method, BY, AT))


def test_it_is_read_back_as_it_was_meant() -> None:
    calendar = read(sequence=3)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (
        "abcdefgh@permanence", 3, "CONFIRMED",
    )  # fmt: skip
    assert event["SUMMARY"] == "Permanence Panel"
    assert event["LOCATION"].replace("\n", " ") == TOLD.place.replace("\n", " ")
    assert event["DESCRIPTION"] == "https://p.test/meetings/abcdefgh"
    assert event["ORGANIZER"] == "mailto:permanence@bexley.test"
    assert "London Borough of Bexley" in event["ORGANIZER"].params["CN"]
    assert event["ATTENDEE"] == "mailto:ada@bexley.test"
    assert "Œuvre" in event["ATTENDEE"].params["CN"]
    assert event.decoded("DTSTAMP") == AT.replace(tzinfo=UTC)
    assert event.decoded("LAST-MODIFIED") == AT.replace(tzinfo=UTC)


def test_what_is_taken_back_has_the_same_id_and_says_so() -> None:
    (event,) = read(sequence=4, method=Method.CANCEL).walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (
        "abcdefgh@permanence", 4, "CANCELLED",
    )  # fmt: skip
    assert read(method=Method.CANCEL)["METHOD"] == "CANCEL"


@pytest.mark.parametrize(
    ("on", "hours"),
    [
        (date(2026, 12, 3), 0),
        (date(2027, 6, 3), 1),
        (date(2027, 3, 27), 0),
        (date(2027, 3, 29), 1),
        (date(2027, 10, 30), 1),
        (date(2027, 11, 1), 0),
    ],
)
def test_ten_in_london_is_ten_in_london_in_summer_and_in_winter(on: date, hours: int) -> None:
    told = Told("A panel", on, time(10, 0), 60, "", "Ada", "ada@bexley.test")
    calendar = read(told)
    (event,), (zone,) = calendar.walk("VEVENT"), calendar.walk("VTIMEZONE")
    assert event["DTSTART"].params["TZID"] == zone["TZID"] == "Europe/London"
    begins = datetime.combine(on, time(10, 0))
    assert event["DTSTART"].to_ical().decode() == f"{begins:%Y%m%dT%H%M%S}"
    # By the rules that come with it, whatever zones the calendar knows itself.
    by_rule = zone.to_tz()
    assert begins.replace(tzinfo=by_rule).utcoffset() == timedelta(hours=hours)
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(hours=1)


def test_lines_are_folded_and_end_as_calendars_want_them() -> None:
    text = invitation("abcdefgh", TOLD, 0, Method.REQUEST, BY, AT)
    lines = text.encode().split(b"\r\n")
    assert text.endswith("\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_a_name_or_a_place_cannot_put_in_a_line_of_its_own() -> None:
    hostile = 'x"\r\nATTENDEE:mailto:other@else.test\r\n'
    told = Told(hostile, TOLD.on, TOLD.starts, 60, hostile, hostile, "ada@bexley.test")
    (event,) = read(told).walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:ada@bexley.test"


@pytest.mark.parametrize(
    "name", ["Ada\\", "Ada\\;X=1", "Ada \x1b[31m\x00", "نیک\u200cنام", "Ж" * 120]
)
def test_odd_characters_leave_a_calendar_whole(name: str) -> None:
    told = Told(name, TOLD.on, TOLD.starts, 60, name, name, "ada@bexley.test")
    text = invitation("abcdefgh", told, 0, Method.REQUEST, BY, AT)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:ada@bexley.test"
    assert event["SUMMARY"] == name.replace("\x1b", "").replace("\x00", "")
    assert not [c for c in text if ord(c) < 32 and c not in "\r\n\t"]
    assert ("\u200c" in event["ATTENDEE"].params["CN"]) == ("\u200c" in name)


def test_a_meeting_in_the_last_minute_of_a_day_has_no_end_before_it_begins() -> None:
    told = Told("A panel", TOLD.on, time(23, 59), 60, "", "Ada", "ada@bexley.test")
    (event,) = read(told).walk("VEVENT")
    assert "DTEND" not in event


def test_no_meeting_lasts_into_the_next_day() -> None:
    told = Told("A panel", TOLD.on, time(23, 0), 600, "", "Ada", "ada@bexley.test")
    assert told.ends.date() == told.on


def test_it_is_mailed_beside_the_text_with_its_method() -> None:
    text = invitation("abcdefgh", TOLD, 0, Method.REQUEST, BY, AT)
    message = mailed(facts(calendar=text, method="REQUEST"))
    assert message.get_content_type() == "multipart/alternative"
    plain, calendar = message.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert calendar.get_content_type() == "text/calendar"
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert calendar.get_payload(decode=True) == text.encode()


def facts(**more: str) -> Facts:
    given = {
        "message_id": "<a@b.test>", "authority": "A\r\nBcc: x@y.test", "sender": "p@b.test",
        "to_name": "Ada\r\nBcc: x@y.test", "address": "ada@b.test",
        "subject": "Hello\r\nBcc: x@y.test", "body": "Look:\n/meetings/a", "public_url": "https://p",
    }  # fmt: skip
    return Facts(**{**given, "at": AT, **more})  # type: ignore[arg-type]


def test_nothing_typed_becomes_a_header() -> None:
    message = mailed(facts())
    assert message["Bcc"] is None
    assert b"\nBcc" not in message.as_bytes()
    assert message["Subject"] == "Hello Bcc: x@y.test"
    assert "https://p/meetings/a" in message.get_content()


NAMES = [
    "=?utf-8?q?Ada=0D=0ABcc:_x@y.test?=",
    "=?utf-8?b?QWRhDQpCY2M6IHhAeS50ZXN0?=",
    "The Royal Borough of Kensington and Chelsea, with Westminster, Children's Services",
    "Rhondda Cynon Taf County Borough Council Children and Young People's Services Directorate",
    'O\'Neil, Ada ("Quill") <x@y.test>',
    "Cyngor Sir Gâr, Gwasanaethau Plant, Neuadd y Sir, Caerfyrddin (Adran Addysg a Phlant)",
    "Ὀδυσσεύς; محمد عبد الله, 李小龍",
    "中," * 60,
    "Ж" * 120,
    "Ada\\",
    "a, b; c@d.test",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_as_it_is_and_does_nothing_else(name: str) -> None:
    raw = mailed(facts(authority=name, to_name=name, subject=name)).as_bytes()
    head = raw.split(b"\r\n\r\n")[0].split(b"\r\n")
    names = {line.split(b":")[0] for line in head if line[:1] not in b" \t"}
    assert names == {
        b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Auto-Submitted", b"MIME-Version",
        b"X-Auto-Response-Suppress", b"Content-Type", b"Content-Transfer-Encoding",
    }  # fmt: skip
    assert max(map(len, head)) <= 76 and b"\n" not in raw.replace(b"\r\n", b"")
    for header, address, said in (
        ("From", "p@b.test", f"Permanence, {name}"),
        ("To", "ada@b.test", name),
    ):
        (one,) = getaddresses([_raw(raw, header)])
        assert one[1] == address
        assert str(make_header(decode_header(one[0]))) == said or one[0] == said
    assert str(make_header(decode_header(_raw(raw, "Subject")))) == name


def _raw(message: bytes, header: str) -> str:
    """A header as it was written, in one line."""
    found = message_from_bytes(message, policy=compat32)[header]
    return "".join(str(found).splitlines())


@pytest.mark.parametrize("address", ["", "ada", "ada@b\r\nBcc: x@y", "ädа@b.test", "a b@c.test"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(CannotBeAddressed):
        mailed(facts(address=address)).as_bytes()


def test_what_a_calendar_holds_is_compared_with_what_is_wanted() -> None:
    other = Told("Permanence Panel", date(2026, 12, 10), time(10, 0), 125, "", "Ada", "a@b.test")
    assert change(None, None) is None
    assert change(None, TOLD) == Change(0, TOLD, Method.REQUEST)
    assert change(Held(0, TOLD, False, True), TOLD) is None
    assert change(Held(0, TOLD, False, True), other) == Change(1, other, Method.REQUEST, TOLD)
    assert change(Held(0, TOLD, False, False), other) == Change(1, other, Method.REQUEST)
    assert change(Held(1, TOLD, False, True), None) == Change(2, TOLD, Method.CANCEL, TOLD)
    assert change(Held(1, TOLD, False, False), None) == Change(2, TOLD, None)
    assert change(Held(2, TOLD, True, True), None) is None
    assert change(Held(2, TOLD, True, True), TOLD) == Change(3, TOLD, Method.REQUEST)
    assert Told.of_kept(TOLD.kept()) == TOLD


def test_what_is_told_is_compared_with_what_went_and_not_with_what_waits() -> None:
    other = replace(TOLD, on=date(2026, 12, 10))
    waits = Held(1, other, False, True, TOLD, queued=True)
    for wanted in (replace(other, address="b@b.test"), replace(other, on=date(2026, 12, 17))):
        found = change(waits, wanted)
        assert found is not None and found.before == TOLD and not found.again
    found = change(waits, TOLD)
    assert found is not None and found.again and found.before is None
    found = change(waits, None)
    assert found == Change(2, TOLD, Method.CANCEL, TOLD)
    taken_back = Held(2, TOLD, True, True, TOLD, queued=True)
    found = change(taken_back, other)
    assert found is not None and found.before == TOLD
