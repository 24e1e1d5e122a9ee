"""The DfE's numbered rules for one child's rows: which are broken, where, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from core.domain.child import ChildFacts
from core.domain.episode import (
    AdoptionDecision,
    Episode,
    RowSource,
    collection_year,
    year_ends,
    year_starts,
)
from core.domain.periods import (
    PeriodOfCare,
    StatusRun,
    all_periods,
    continues,
    in_hand,
    status_runs,
)
from core.domain.ssda903_codes import (
    ADOPTED,
    FOR_ADOPTION,
    OTHER_PLACEMENTS,
    TEMPORARY,
    is_valid,
)
from core.domain.stated_care import WORDS as STATED_WORDS

#: What each rule says, in plain words, and how to mend it. Keys are DfE numbers, or words.
RULES: dict[str, str] = {
    "142": "An earlier episode has no end date or no reason it ended. Give both.",
    "143": "The reason for the new episode (RNE) is blank or not in the list for this year.",
    "144": "The legal status (LS) is blank or not in the list for this year.",
    "145": "The category of need (CIN) is blank or not in the list for this year.",
    "146": "The placement type (PLACE) is blank or not in the list for this year.",
    "148": "An end date (DEC) and a reason it ended (REC) go together. Give both or neither.",
    "149": "The reason the episode ended (REC) is not in the list for this year.",
    "167": "The participation code (REVIEW_CODE) is blank or not in the list.",
    "178": "The placement provider (PLACE_PROVIDER) is not in the list.",
    "1009": "The reason for the placement change is not in the list for this year.",
    "213": "A temporary or other placement has no provider. Leave PLACE_PROVIDER blank.",
    "217t": "Independent living (P2) is no placement type from 28 October 2023. "
    "Check the placement, or its end.",
    "233": "An open episode has no reason for a placement change. Leave it blank.",
    "355": "The episode starts and ends on the same day. Check both dates.",
    "356": "The episode ends before it starts. Check both dates.",
    "357": "The first episode in hand starts this year but its reason is not S. "
    "Add the episode before it, or change the reason to S.",
    "361": "Police protection (L1) lasts more than 72 hours. Check the dates.",
    "362": "An emergency protection order (L2) lasts more than 21 days. Check the dates.",
    "363": "A child assessment order (L3) lasts more than 7 days. Check the dates.",
    "364": "Accommodation under PACE (J2) lasts more than 21 days. Check the dates.",
    "378": "A child placed with parents (P1) cannot be under section 20 (V2).",
    "384": "A child having short breaks (V3, V4) cannot be in long-term foster care (U1, U4).",
    "388": "The episode ends with X1 but no episode starts on that day. Add it, or change X1.",
    "390": "The child was adopted, but the last placement is not for adoption (A3 to A6).",
    "399": "There is a review, but the child had only short breaks (V3, V4).",
    "408": "Placed for adoption under a placement order (A5, A6), but the status is not E1.",
    "431": "The reason is S, but the episode before ended on the same day.",
    "432": "The child left care at the end of the episode before. The reason must be S.",
    "433": "The reason is a change during care, but the episode does not start on the day "
    "the episode before ended.",
    "434": "The reason is L, but the legal status did not change, or the placement did.",
    "435": "The reason is P or T, but the placement did not change, or the legal status did.",
    "436": "The reason is B or U, but the legal status or the placement did not change.",
    "437": "There are episodes after the child died or was found to be 18 or over.",
    "440": "The code is PN0 (under 4), but the child was 4 or over at the review.",
    "441": "The child was under 4 at the review. The participation code must be PN0.",
    "445": "A freeing order (D1) cannot start after 30 December 2005.",
    "446": "A placement order (E1) cannot start before December 2005.",
    "501": "The episode starts before an earlier one ended. Check the dates of both.",
    "504": "The category of need is not the one at the start of this period of care.",
    "550": "The provider PR0 is only for a child placed with parents (P1).",
    "551": "Placed for adoption, but there is no decision that the child should be placed.",
    "553": "A placement order, but there is no decision that the child should be placed.",
    "557": "The child left care and was not adopted, but the adoption decision is not ended. "
    "Give the date and the reason.",
    "short breaks mixed": "Short breaks (V3, V4) and another legal status follow on in one "
    "period of care.",
    "birth dates differ": "Sources state more than one date of birth. What a person typed is used, "
    "else what the latest file says, and of one return its first Header row.",
    "no header row": "The child has no row in the Header table. Add it.",
    **STATED_WORDS,
}

_ROW_CODES = (("RNE", "143", "rne"), ("LS", "144", "ls"), ("CIN", "145", "cin"),
              ("PLACE", "146", "place"))  # fmt: skip
_BLANK_ALLOWED = (("PLACE_PROVIDER", "178", "place_provider"), ("REC", "149", "rec"),
                  ("REASON_PLACE_CHANGE", "1009", "reason_place_change"))  # fmt: skip
_P2_ENDED = date(2023, 10, 28)
_LONGEST = {"L1": ("361", 3), "L2": ("362", 21), "L3": ("363", 7), "J2": ("364", 21)}


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a row breaks; `since` is when the row takes effect, None if it has no date."""

    rule: str
    column: str
    source: RowSource | None
    since: date | None
    other: RowSource | None = None


def broken_rules(child: ChildFacts, adoption_table: bool = True) -> tuple[Broken, ...]:
    """Every rule broken by the child's rows, each once a row.

    `adoption_table` False leaves out 551 and 553: no table of decisions was handed in.
    """
    rows = in_hand(child.episodes)
    found: list[Broken] = []
    for row in rows:
        found.extend(_row_alone(row))
    found.extend(_row_after_row(rows))
    for period in all_periods(rows):
        found.extend(_period(period))
    found.extend(_reviews(child, rows))
    found.extend(_adoption(child, rows, adoption_table))
    if len(set(child.births)) > 1:
        found.append(Broken("birth dates differ", "DOB", None, None))
    if not child.in_header:
        found.append(Broken("no header row", "CHILD", None, None))
    return tuple(found)


def _at(row: Episode, rule: str, column: str, other: Episode | None = None) -> Broken:
    return Broken(rule, column, row.source, row.decom, other.source if other else None)


def _row_alone(row: Episode) -> Iterator[Broken]:
    year = collection_year(row.dec) if row.dec else row.year
    for column, rule, name in _ROW_CODES:
        if not is_valid(column, getattr(row, name), year):
            yield _at(row, rule, column)
    for column, rule, name in _BLANK_ALLOWED:
        code = getattr(row, name)
        if code and not is_valid(column, code, year):
            yield _at(row, rule, column)
    if (row.dec is None) != (row.rec == ""):
        yield _at(row, "148", "REC" if row.dec is None else "DEC")
    if row.dec is not None and row.dec <= row.decom:
        yield _at(row, "355" if row.dec == row.decom else "356", "DEC")
    yield from _row_clashes(row, year)


def _row_clashes(row: Episode, year: int | None) -> Iterator[Broken]:
    if row.place_provider and (row.place in TEMPORARY or row.place in OTHER_PLACEMENTS):
        yield _at(row, "213", "PLACE_PROVIDER")
    if row.place_provider == "PR0" and row.place != "P1":
        yield _at(row, "550", "PLACE_PROVIDER")
    if row.place == "P2" and is_valid("PLACE", "P2", year) and _last_day(row) > _P2_ENDED:
        yield _at(row, "217t", "PLACE")
    if year is not None and year >= 2026 and row.dec is None and row.reason_place_change:
        yield _at(row, "233", "REASON_PLACE_CHANGE")
    if row.place == "P1" and row.ls == "V2":
        yield _at(row, "378", "PLACE")
    if row.is_short_break and row.place in ("U1", "U4"):
        yield _at(row, "384", "PLACE")
    if row.rec in ADOPTED and row.place not in FOR_ADOPTION:
        yield _at(row, "390", "REC")
    if row.place in ("A5", "A6") and row.ls != "E1":
        yield _at(row, "408", "PLACE")
    if row.ls == "E1" and row.decom < date(2005, 12, 1):
        yield _at(row, "446", "LS")
    if row.ls == "D1" and row.decom > date(2005, 12, 30) and (year is None or year < 2025):
        yield _at(row, "445", "LS")


def _last_day(row: Episode) -> date:
    """The last day of which the row speaks: its end, or that of the year of its file."""
    return row.dec or (year_ends(row.year) if row.year else row.decom)


def _row_after_row(rows: tuple[Episode, ...]) -> Iterator[Broken]:
    starts = {row.decom for row in rows}
    if rows and rows[0].rne != "S" and _starts_in_its_year(rows[0]):
        yield _at(rows[0], "357", "RNE")
    longest: Episode | None = None
    gone = False
    for number, row in enumerate(rows):
        before = rows[number - 1] if number else None
        last = number == len(rows) - 1
        if not last and (row.dec is None or not row.rec):
            yield _at(row, "142", "DEC" if row.dec is None else "REC", rows[number + 1])
        if row.rec == "X1" and row.dec is not None and (last or row.dec not in starts):
            yield Broken("388", "REC", row.source, max(row.dec, row.decom))
        if gone:
            yield _at(row, "437", "DECOM", before)
        gone = gone or row.rec in ("E2", "E15")
        if longest is not None and row.decom < (longest.dec or date.max):
            yield _at(row, "501", "DECOM", longest)
        if longest is None or (row.dec or date.max) > (longest.dec or date.max):
            longest = row
        if before is not None:
            yield from _pair(before, row)


def _starts_in_its_year(row: Episode) -> bool:
    return row.year is not None and row.decom >= year_starts(row.year)


def _pair(before: Episode, row: Episode) -> Iterator[Broken]:
    if row.rne == "S" and row.decom == before.dec:
        yield _at(row, "431", "RNE", before)
    if row.rne != "S" and before.rec not in ("", "X1") and before.dec is not None:
        yield _at(row, "432", "RNE", before)
    if row.rne in ("L", "P", "T", "U", "B") and row.decom != before.dec:
        yield _at(row, "433", "DECOM", before)
    if not continues(row, before):
        return
    status = row.ls != before.ls
    moved = _where(row) != _where(before)
    if row.rne == "L" and (not status or moved):
        yield _at(row, "434", "RNE", before)
    if row.rne in ("P", "T") and (status or not moved):
        yield _at(row, "435", "RNE", before)
    if row.rne in ("B", "U") and not (status and moved):
        yield _at(row, "436", "RNE", before)


def _where(row: Episode) -> tuple[str, ...]:
    return (row.place, row.pl_post, row.urn, row.place_provider)


def _period(period: PeriodOfCare) -> Iterator[Broken]:
    first = period.episodes[0]
    for row in period.episodes[1:]:
        if row.cin != first.cin:
            yield _at(row, "504", "CIN", first)
    if period.mixed:
        yield _at(_first_of_other_kind(period), "short breaks mixed", "LS", first)
    for run in status_runs(period):
        yield from _too_long(run)


def _first_of_other_kind(period: PeriodOfCare) -> Episode:
    first = period.episodes[0]
    return next(row for row in period.episodes if row.is_short_break != first.is_short_break)


def _too_long(run: StatusRun) -> Iterator[Broken]:
    rule, days = _LONGEST.get(run.code, ("", 0))
    if rule and run.end is not None and (run.end - run.start).days > days:
        yield Broken(rule, "LS", run.source, run.end)


def _reviews(child: ChildFacts, rows: tuple[Episode, ...]) -> Iterator[Broken]:
    short = bool(rows) and all(row.is_short_break for row in rows)
    fourth = child.born + relativedelta(years=4) if child.born and child.born.year < 9990 else None
    for review in child.reviews:
        for code in review.codes or ("",):
            if not is_valid("REVIEW_CODE", code, None):
                yield Broken("167", "REVIEW_CODE", review.source, review.on)
            elif fourth is not None and code == "PN0" and review.on >= fourth:
                yield Broken("440", "REVIEW_CODE", review.source, review.on)
            elif fourth is not None and code != "PN0" and review.on < fourth:
                yield Broken("441", "REVIEW_CODE", review.source, review.on)
        if short:
            yield Broken("399", "REVIEW", review.source, review.on)


def _adoption(
    child: ChildFacts, rows: tuple[Episode, ...], adoption_table: bool
) -> Iterator[Broken]:
    if adoption_table and not child.adoption_decisions:
        for row in rows:
            if row.place in FOR_ADOPTION:
                yield _at(row, "551", "PLACE")
            if row.ls == "E1":
                yield _at(row, "553", "LS")
    left = [r for r in rows if r.dec and r.rec and r.rec != "X1" and r.rec not in ADOPTED]
    for decision in _decisions_in_hand(child.adoption_decisions):
        if decision.reversed_on is not None and decision.reversed_why:
            continue
        ended = next((row for row in left if row.dec and row.dec >= decision.decided), None)
        if ended is not None:
            yield Broken("557", "DATE_PLACED_CEASED", decision.source, ended.dec, ended.source)


def _decisions_in_hand(decisions: Iterable[AdoptionDecision]) -> tuple[AdoptionDecision, ...]:
    """The decisions to read: of one day what the latest year says, as with episodes."""
    listed = list(decisions)
    latest: dict[date, int] = {}
    for decision in listed:
        latest[decision.decided] = max(latest.get(decision.decided, 0), decision.year or 0)
    return tuple(d for d in listed if (d.year or 0) == latest[d.decided])


def rule_words(rule: str) -> str:
    """What a rule says, in plain words; the rule itself where this list has no words for it."""
    return RULES.get(rule, rule)


def flags(broken: Iterable[Broken], on: date) -> tuple[str, ...]:
    """The rules broken by rows in effect on that date, each once, sorted as text."""
    return tuple(sorted({b.rule for b in broken if b.since is None or b.since <= on}))
