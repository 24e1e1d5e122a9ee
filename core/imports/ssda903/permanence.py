"""The AD1 and PrevPerm tables: what a return states of an adoption and of earlier permanence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.domain.dates import partial_day
from core.domain.episode import RowSource
from core.domain.ssda903_codes import is_valid
from core.imports.ssda903.problems import Problems
from core.imports.ssda903.result import AdoptedRow, EarlierRow, Row
from core.imports.stated import Stated, StatedFact

FORMAT = "ssda903"
_PARTIAL = re.compile(r"(\d\d|zz)/(\d\d|zz)/(\d{4}|zzzz)", re.ASCII | re.IGNORECASE)
_AUTHORITY = re.compile(r"\d{3}|NIR|SCO|WAL|NUK", re.ASCII)
_DATES = (("112", "DATE_INT", "decided_on"), ("113", "DATE_MATCH", "matched_on"))


def partial_date_words(text: str) -> str | None:
    """A date with unknown parts in words: "27 March 2019", "March 2019", "2019", "not known".

    "" for a blank; None where it is no such date.
    """
    if not text:
        return ""
    return partial_day(text) if _PARTIAL.fullmatch(text) else None


def check_permanence(
    adopted: Iterable[Row[AdoptedRow]], earlier: Iterable[Row[EarlierRow]], problems: Problems
) -> None:
    """Codes and dates of AD1 (112 to 114, 175 to 177) and PrevPerm (631 to 635), all warnings."""
    for row in adopted:
        for column, rule, message in _adopted_faults(row.fact):
            problems.warning(row.file, row.line, column, rule, message)
    for other in earlier:
        for column, rule, message in _earlier_faults(other.fact):
            problems.warning(other.file, other.line, column, rule, message)


def _adopted_faults(row: AdoptedRow) -> Iterator[tuple[str, str, str]]:
    for rule, column, name in _DATES:
        if getattr(row, name) is None:
            yield column, rule, f"{column} is blank. Give a date as dd/mm/yyyy."
    if not is_valid("FOSTER_CARE", row.by_foster_carer, None):
        yield "FOSTER_CARE", "114", "FOSTER_CARE is neither 0 nor 1 and is left out. Give one."
    if not is_valid("NB_ADOPTR", row.adopters, None):
        yield "NB_ADOPTR", "175", "NB_ADOPTR is neither 1 nor 2 and is left out. Give one."
    if not is_valid("SEX_ADOPTR", row.sex_of_adopters, None):
        yield "SEX_ADOPTR", "176", "SEX_ADOPTR is not in the list. Give M1, F1, MM, FF or MF."
    if not is_valid("LS_ADOPTR", row.status_of_adopters, None):
        yield "LS_ADOPTR", "177", "LS_ADOPTR is not in the list. Give L0, L11, L12, L2, L3 or L4."


def _earlier_faults(row: EarlierRow) -> Iterator[tuple[str, str, str]]:
    if not is_valid("PREV_PERM", row.option, None):
        yield "PREV_PERM", "631", "PREV_PERM is not in the list and is left out. Give P1 to P4, Z1."
    if partial_date_words(row.order_on) is None:
        yield (
            "DATE_PERM", "632",
            "DATE_PERM is left out: it is no date written dd/mm/yyyy, with zz for a day or month "
            "that is not known and zzzz for a year, such as zz/03/2019. Write it so.",
        )  # fmt: skip
    if row.authority and not _AUTHORITY.fullmatch(row.authority):
        yield (
            "LA_PERM", "633",
            "LA_PERM is left out. Give the authority's 3 digits, 999, NIR, SCO, WAL or NUK.",
        )  # fmt: skip
    if row.option == "Z1" and (row.authority or row.order_on):
        yield "PREV_PERM", "635", "There was none (Z1), so LA_PERM and DATE_PERM must be blank."


def stated_of(
    children: Iterable[str],
    adopted: Iterable[Row[AdoptedRow]],
    earlier: Iterable[Row[EarlierRow]],
) -> Stated:
    """What the two tables state as entries of the record; what is no code or date is left out."""
    facts: list[StatedFact] = []
    for row in adopted:
        facts += _facts(row.child, "adoption", row.fact.source, _adopted_values(row.fact))
    for other in earlier:
        facts += _facts(
            other.child, "previous-permanence", other.fact.source, _earlier_values(other.fact)
        )
    return Stated(FORMAT, children=tuple(children), facts=tuple(facts))


def _adopted_values(row: AdoptedRow) -> Iterator[tuple[str, str, str]]:
    yield "decided_on", row.decided_on.isoformat() if row.decided_on else "", "DATE_INT"
    yield "matched_on", row.matched_on.isoformat() if row.matched_on else "", "DATE_MATCH"
    yield "by_foster_carer", {"1": "yes", "0": "no"}.get(row.by_foster_carer, ""), "FOSTER_CARE"
    known = is_valid("NB_ADOPTR", row.adopters, None)
    yield "adopters", row.adopters if known else "", "NB_ADOPTR"


def _earlier_values(row: EarlierRow) -> Iterator[tuple[str, str, str]]:
    known = is_valid("PREV_PERM", row.option, None)
    yield "option", row.option if known else "", "PREV_PERM"
    yield "order_on", partial_date_words(row.order_on) or "", "DATE_PERM"
    whose = row.authority if _AUTHORITY.fullmatch(row.authority) else ""
    yield "authority", whose, "LA_PERM"


def _facts(
    child: str, kind: str, source: RowSource | None, values: Iterable[tuple[str, str, str]]
) -> Iterator[StatedFact]:
    if source is None:
        return
    for field, value, column in values:
        if value:
            yield StatedFact(child, kind, field, value, source, column=column)
