"""Facts as an SSDA903 return states them: episodes, reviews, adoption decisions, asylum status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.domain.ssda903_codes import SHORT_BREAKS, TEMPORARY


@dataclass(frozen=True, slots=True)
class RowSource:
    """Where a fact was read: the file's name as shown to people, and its line (the header is 1)."""

    file: str
    line: int

    @classmethod
    def of_file(cls, file_id: int | None, line: int | None) -> RowSource | None:
        """Where a stored row was read; the file is its id as text, as names can recur.

        The id is filled up with zeros: rows are put in order by it, as text.
        """
        return cls(f"{file_id:012d}", line or 0) if file_id is not None else None


@dataclass(frozen=True, slots=True)
class Typed:
    """Who typed a row, and the day of the files' row that it corrects (core.domain.typed_care).

    With ``void`` the row says that there is nothing in the place of the one it corrects.
    """

    by: int | None = None
    corrects: date | None = None
    void: bool = False


@dataclass(frozen=True, slots=True)
class Episode:
    """One row of the Episodes table: codes are text ("" is blank), `dec` None is open.

    `year` is the collection year of the file that last stated the row; None if from no file.
    `said_of`, of this and of every other fact, is the local id of which the row is, where that
    record has been merged into the child's own; "" for the child's own.
    """

    decom: date
    rne: str = ""
    ls: str = ""
    cin: str = ""
    place: str = ""
    place_provider: str = ""
    dec: date | None = None
    rec: str = ""
    reason_place_change: str = ""
    home_post: str = ""
    pl_post: str = ""
    urn: str = ""
    source: RowSource | None = None
    year: int | None = None
    typed: Typed | None = None
    said_of: str = ""

    @property
    def is_short_break(self) -> bool:
        """Legal status V3 or V4: not counted as looked after."""
        return self.ls in SHORT_BREAKS

    @property
    def is_temporary(self) -> bool:
        """A temporary move, T0 to T4: the child is expected to go back."""
        return self.place in TEMPORARY

    @property
    def stated(self) -> tuple[object, ...]:
        """What the row says, without where and when it was read: equal rows repeat each other."""
        return (
            self.decom, self.dec, self.rne, self.ls, self.cin, self.place, self.place_provider,
            self.rec, self.reason_place_change, self.home_post, self.pl_post, self.urn,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Review:
    """One review held; `codes` are the participation codes given for that date."""

    on: date
    codes: tuple[str, ...] = ()
    source: RowSource | None = None
    year: int | None = None
    typed: Typed | None = None
    said_of: str = ""


@dataclass(frozen=True, slots=True)
class AdoptionDecision:
    """The decision that a child should be placed for adoption, and its reversal if there is one."""

    decided: date
    reversed_on: date | None = None
    reversed_why: str = ""
    source: RowSource | None = None
    year: int | None = None
    typed: Typed | None = None
    said_of: str = ""


@dataclass(frozen=True, slots=True)
class AsylumStatus:
    """A row of the UASC table; `until` None is no end recorded."""

    until: date | None = None
    source: RowSource | None = None
    year: int | None = None
    typed: Typed | None = None
    said_of: str = ""


def collection_year(on: date) -> int:
    """The collection year that holds `on`: 1 April to 31 March, named by the year it ends in."""
    return on.year + 1 if (on.month, on.day) >= (4, 1) else on.year


def year_starts(year: int) -> date:
    """The first day of a collection year: 1 April of the year before."""
    return date(min(max(year - 1, 1), 9999), 4, 1)


def year_ends(year: int) -> date:
    """The last day of a collection year: 31 March."""
    return date(min(max(year, 1), 9999), 3, 31)
