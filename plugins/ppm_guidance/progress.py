"""What the core does of the two standards, and what of them is still to be built, by clause."""

from __future__ import annotations

from types import MappingProxyType

TWO_WEEK_ELSEWHERE = MappingProxyType(
    {
        "PPM2-2.2": "A planning meeting is booked for a child who is not looked after too, and its "
        "page says that it is pre-proceedings planning",
    }
)

TWO_WEEK = MappingProxyType(
    {
        "PPM2-6.2": "copies within 5 working days, and to whom",
    }
)

TEN_WEEK = MappingProxyType(
    {
        "PPM10-8": "actions through every meeting, and the report to panel",
        "PPM10-9": "the document within 3 working days, and the tick",
    }
)
