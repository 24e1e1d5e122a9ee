"""One line's cells turned into a fact, every fault of the row reported with its column."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from sys import intern

from core.domain.episode import (
    AdoptionDecision,
    AsylumStatus,
    Episode,
    Review,
    RowSource,
)
from core.imports.ssda903.problems import Problems
from core.imports.ssda903.result import AdoptedRow, EarlierRow, HeaderRow
from core.imports.ssda903.tables import LOADED

_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})", re.ASCII)
_LONGEST_CELL = 64
_KNOWN = frozenset(column for table in LOADED for column in table.columns)
#: The DfE rule that a column breaks when it holds no date; "date" where none is known.
DATE_RULES = {
    "DOB": "102", "MC_DOB": "date", "DECOM": "141", "DEC": "147", "REVIEW": "166",
    "DUC": "104", "DATE_PLACED": "115", "DATE_PLACED_CEASED": "116",
    "DATE_INT": "112", "DATE_MATCH": "113",
}  # fmt: skip


class Cells:
    """The cells of one line under their headings; set anew for each line of a file."""

    def __init__(self, headings: list[str], file: str, problems: Problems) -> None:
        self._headings = headings
        self._place = {heading: number for number, heading in enumerate(headings) if heading}
        self._file = file
        self._problems = problems
        self._dates: dict[str, date] = {}
        self._values: list[str] = []
        self.line = 0
        self.faulty = False

    def load(self, line: int, text: str, values: list[str]) -> None:
        """Take a line and its cells; looks for placeholders and for cells that are too long."""
        self.line, self._values, self.faulty = line, values, False
        if "DUMMY" in text.upper():
            self._placeholders()
        if len(text) > _LONGEST_CELL and max(map(len, values)) > _LONGEST_CELL:
            for heading, value in zip(self._headings, values, strict=True):
                if len(value) > _LONGEST_CELL and heading in _KNOWN:
                    self.fault(heading, "too long", f"{heading} has over 64 characters.")

    def _placeholders(self) -> None:
        for number, value in enumerate(self._values):
            if value.upper().strip("* ") != "DUMMY" and "*DUMMY*" not in value.upper():
                continue
            heading = self._headings[number] or None
            if heading == "CHILD" or heading in DATE_RULES:
                self.fault(heading, "dummy", f"{heading} holds a placeholder. Give what is so.")
            else:
                self._problems.warning(
                    self._file, self.line, heading, "dummy",
                    "The cell holds a placeholder and is read as blank. Give what is so.",
                )  # fmt: skip
            self._values[number] = ""

    def fault(self, column: str, rule: str, message: str) -> None:
        """Report an error in this row, which keeps it from being loaded."""
        self.faulty = True
        self._problems.error(self._file, self.line, column, rule, message)

    def text(self, column: str) -> str:
        """The cell, "" when blank or when the file has no such column."""
        number = self._place.get(column)
        return self._values[number] if number is not None else ""

    def code(self, column: str) -> str:
        """The cell as a code in capitals."""
        return intern(self.text(column).upper())

    def child(self) -> str:
        """The local id as it stands; blank is a fault."""
        child = self.text("CHILD")
        if not child and not self.faulty:
            self.fault("CHILD", "child", "CHILD is blank. Give the child's id.")
        return child

    def day(self, column: str, required: bool = False) -> date | None:
        """The cell as a date, strictly dd/mm/yyyy; None when blank or at fault."""
        text = self.text(column)
        if known := self._dates.get(text):
            return known
        rule = DATE_RULES[column]
        if not text:
            if required and not self.faulty:
                self.fault(column, rule, f"{column} is blank. Give a date as dd/mm/yyyy.")
            return None
        shape = _DATE.fullmatch(text)
        if shape is None:
            self.fault(
                column, rule,
                f"{column} is not a date written dd/mm/yyyy, such as 05/04/2018. Write it so.",
            )  # fmt: skip
            return None
        try:
            found = date(int(shape[3]), int(shape[2]), int(shape[1]))
        except ValueError:
            self.fault(column, rule, f"{column} is no day in the calendar. Check day and month.")
            return None
        if not 1900 <= found.year <= 2100:
            self.fault(column, rule, f"{column} is not between 1900 and 2100. Check the year.")
            return None
        self._dates[text] = found
        return found

    @property
    def source(self) -> RowSource:
        return RowSource(self._file, self.line)


def header_row(cells: Cells) -> HeaderRow:
    """A row of the Header table; a blank date of birth is loaded and flagged."""
    return HeaderRow(
        dob=cells.day("DOB"),
        sex=cells.code("SEX"),
        ethnicity=cells.code("ETHNIC"),
        upn=cells.text("UPN").upper(),
        mother=cells.code("MOTHER"),
        mother_child_dob=cells.day("MC_DOB"),
        source=cells.source,
    )


def episode(cells: Cells) -> Episode | None:
    """A row of the Episodes table, None without a start date."""
    decom, dec = cells.day("DECOM", required=True), cells.day("DEC")
    if decom is None:
        return None
    return Episode(
        decom=decom,
        rne=cells.code("RNE"),
        ls=cells.code("LS"),
        cin=cells.code("CIN"),
        place=cells.code("PLACE"),
        place_provider=cells.code("PLACE_PROVIDER"),
        dec=dec,
        rec=cells.code("REC"),
        reason_place_change=cells.code("REASON_PLACE_CHANGE"),
        home_post=cells.text("HOME_POST").upper(),
        pl_post=cells.text("PL_POST").upper(),
        urn=cells.text("URN").upper(),
        source=cells.source,
    )


def review(cells: Cells) -> Review | None:
    """A row of the Reviews table, None without the review's date."""
    on, code = cells.day("REVIEW", required=True), cells.code("REVIEW_CODE")
    if on is None:
        return None
    return Review(on, (code,) if code else (), cells.source)


def asylum_status(cells: Cells) -> AsylumStatus:
    """A row of the UASC table."""
    return AsylumStatus(cells.day("DUC"), cells.source)


def adoption_decision(cells: Cells) -> AdoptionDecision | None:
    """A row of the PlacedAdoption table, None without the date of the decision."""
    decided, ceased = cells.day("DATE_PLACED", required=True), cells.day("DATE_PLACED_CEASED")
    if decided is None:
        return None
    return AdoptionDecision(decided, ceased, cells.code("REASON_PLACED_CEASED"), cells.source)


def adopted(cells: Cells) -> AdoptedRow:
    """A row of the AD1 table; a blank date is loaded and flagged."""
    return AdoptedRow(
        decided_on=cells.day("DATE_INT"),
        matched_on=cells.day("DATE_MATCH"),
        by_foster_carer=cells.code("FOSTER_CARE"),
        adopters=cells.code("NB_ADOPTR"),
        sex_of_adopters=cells.code("SEX_ADOPTR"),
        status_of_adopters=cells.code("LS_ADOPTR"),
        source=cells.source,
    )


def earlier_permanence(cells: Cells) -> EarlierRow:
    """A row of the PrevPerm table; its date may have unknown parts and stays as it stands."""
    return EarlierRow(
        option=cells.code("PREV_PERM"),
        authority=cells.code("LA_PERM"),
        order_on=cells.text("DATE_PERM"),
        source=cells.source,
    )


Fact = HeaderRow | Episode | Review | AsylumStatus | AdoptionDecision | AdoptedRow | EarlierRow
READERS: dict[str, Callable[[Cells], Fact | None]] = {
    "Header": header_row,
    "Episodes": episode,
    "Reviews": review,
    "UASC": asylum_status,
    "PlacedAdoption": adoption_decision,
    "AD1": adopted,
    "PrevPerm": earlier_permanence,
}
#: The tables whose rows are of a year; the others are identity, or entries of the record.
OF_A_YEAR = ("Episodes", "Reviews", "UASC", "PlacedAdoption")
