"""What is typed into a page, read back: whole numbers, words, and the three boxes of a date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from core.domain.readable import readable

PARTS = ("day", "month", "year")
FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST_VERSION = 999_999_999
MOST_ID = 2_147_483_647
BOX_MOST = 20
IN_YEARS = f"must be in the years {FIRST_YEAR} to {LAST_YEAR}"


def whole(text: str, least: int, most: int) -> int | None:
    """A whole number between two others, both of them included; None for anything else.

    No text longer than the longest such number is read, so thousands of digits cost nothing.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))):
        return None
    number = int(text)
    return number if least <= number <= most else None


def row_id(text: str) -> int | None:
    """The number of a row that a form or an address names; None for what is no such number."""
    return whole(text, 1, MOST_ID)


def version(text: str) -> int:
    """The version that a form carries; 0 for one that is none of ours, which nobody has seen."""
    return whole(text, 0, MOST_VERSION) or 0


def page_number(text: str) -> int:
    """The page of a list that an address names; the first for what is no number of a page."""
    return whole(text, 1, 100_000) or 1


def words(text: str) -> str:
    """Words as they are kept, of what was typed."""
    return readable(text)


def date_boxes(
    values: Mapping[str, str], name: str, said: str = "This date"
) -> tuple[dict[str, str], date | None, str]:
    """The three boxes of a date as they were typed, their day, and what is wrong with them.

    The day is None where nothing was typed (nothing is wrong then) or where it is no real day
    from 1900 to 2100; the fault is said of the date as it is called (``said``).
    """
    parts = {part: words(values.get(f"{name}-{part}", "")).strip() for part in PARTS}
    if not any(parts.values()):
        return parts, None, ""
    if lacking := [part for part, box in parts.items() if not box]:
        return parts, None, f"{said} must include a {' and a '.join(lacking)}"
    on, month = whole(parts["day"], 1, 31), whole(parts["month"], 1, 12)
    year = whole(parts["year"], 1, 9999) if len(parts["year"]) == 4 else None
    if on is not None and month is not None and year is not None:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return parts, None, f"{said} {IN_YEARS}"
        try:
            return parts, date(year, month, on), ""
        except ValueError:
            pass
    elif on is not None and month is not None and whole(parts["year"], 0, 999) is not None:
        return parts, None, f"{said} must have a year of four figures, such as 27 3 2027"
    return parts, None, f"{said} must be a real date, such as 27 3 2027"


def joined(parts: Mapping[str, str]) -> str:
    """Three boxes as one text, from which they can be shown again; "" where nothing was typed."""
    boxes = [parts[part].replace("/", " ") for part in PARTS]
    return "/".join(boxes) if any(boxes) else ""


def boxes(value: str) -> dict[str, str]:
    """A date's three boxes, from ISO text or from what was typed."""
    try:
        known = date.fromisoformat(value)
    except ValueError:
        typed = [*value.split("/"), "", "", ""]
        return dict(zip(PARTS, typed[:3], strict=True))
    return dict(zip(PARTS, (str(known.day), str(known.month), str(known.year)), strict=True))
