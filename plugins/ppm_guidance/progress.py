"""What the core does of the two standards without a rule of theirs, by clause."""

from __future__ import annotations

from types import MappingProxyType

TWO_WEEK_ELSEWHERE = MappingProxyType(
    {
        "PPM2-2.2": "A planning meeting is booked for a child who is not looked after too, and its "
        "pages and its record say that it is pre-proceedings planning",
    }
)
