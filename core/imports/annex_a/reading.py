"""Rows of Annex A lists 8 and 10 read into what they state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from core.domain.record.assessment import HEALTH
from core.imports.annex_a import values
from core.imports.gathered import Gathered
from core.imports.row import SheetRow

CARE = "stated-care"
UNKNOWN_WORDS = (
    "The words are not known, so nothing is made of them; they are kept as they stand. Give the "
    "code of the national list."
)


def list_8(row: SheetRow, out: Gathered, as_at: date) -> None:
    """A child in care: who they are, their care as the list has it, plan, team and worker."""
    child = row.local_id("child")
    if not child:
        return
    out.child(child)
    born = _identity(row, out, child, as_at)
    days = {
        code: row.day(code)
        for code in (
            "started_on", "legal_status_since", "latest_review_on", "ceased_on", "placement_since",
        )
    }  # fmt: skip
    if row.has("started_on") and days["started_on"] is None and row.cell("started_on") == "":
        row.warning("started_on", "blank", "The day on which care started is blank. Give it.")
    assessed = row.day("health")
    _order_of_days(row, born, {**days, "health": assessed}, as_at)
    for code, value in days.items():
        out.fact(child, CARE, code, value, code)
    _health(out, child, assessed)
    coded: tuple[tuple[str, Callable[[str], str | None]], ...] = (
        ("legal_status", values.legal_status),
        ("placement", values.placement),
        ("provider", values.provider),
        ("need", values.need),
        ("ceased_why", values.why_ceased),
    )
    for code, reader in coded:
        out.fact(child, CARE, code, _coded(row, code, reader), code)
    out.fact(child, CARE, "asylum", _known(row, "asylum", values.yes_no), "asylum")
    _plan(row, out, child)
    out.team(child, row.line_of_text("team"))
    out.person(child, "worker", row.line_of_text("worker"))


def list_10(row: SheetRow, out: Gathered, as_at: date) -> None:
    """A child with a plan of adoption: the days of the decision, order, match and placement."""
    child = row.local_id("child")
    if not child:
        return
    out.child(child)
    born = _identity(row, out, child, as_at)
    codes = (
        "started_on", "decided_on", "placement_order_on", "matched_on", "placed_on", "order_on",
        "reversed_on", "ffa_placed_on",
    )  # fmt: skip
    days = {code: row.day(code) for code in codes}
    _order_of_days(row, born, days, as_at)
    out.fact(child, CARE, "started_on", days.pop("started_on"), "started_on")
    for code, value in days.items():
        out.fact(child, "adoption", code, value, code)
    reason = row.line_of_text("reversed_why")
    if reason:
        why = values.why_reversed(reason)
        if why is None:
            row.warning(
                "reversed_why",
                "unrecognised",
                "The reason is in words that are not known and is left out. Give RD1 to RD4.",
            )
        out.fact(child, "adoption", "reversed_why", why or "", "reversed_why")


def _identity(row: SheetRow, out: Gathered, child: str, as_at: date) -> date | None:
    for code, reader in (("sex", values.sex), ("ethnicity", values.ethnicity)):
        out.identity(child, code, _known(row, code, reader), code)
    disability = _known(row, "disability", values.yes_no)
    out.identity(child, "disability", disability.capitalize(), "disability")
    born = row.day("born")
    if born is not None and born > as_at:
        row.warning("born", "born later", "The date of birth is after the day of the list.")
    out.identity(child, "born", born, "born")
    return born


def _known(row: SheetRow, code: str, reader: Callable[[str], str | None]) -> str:
    """A value that is left out, with a warning, where its words are not known."""
    text = row.line_of_text(code)
    found = reader(text) if text else ""
    if found is None:
        row.warning(
            code,
            "unrecognised",
            "The value is not one of the list and is left out. Give one of the list.",
        )
    return found or ""


def _coded(row: SheetRow, code: str, reader: Callable[[str], str | None]) -> str:
    """A value of which the words are kept, with a warning, where they are not known."""
    text = row.line_of_text(code)
    found = reader(text) if text else ""
    if found is None:
        row.warning(code, "unrecognised", UNKNOWN_WORDS)
        found = text
    return found


def _order_of_days(
    row: SheetRow, born: date | None, days: dict[str, date | None], as_at: date
) -> None:
    """Warn of days that cannot be: before the birth, after the list, or the wrong way round."""
    for code, value in days.items():
        if value is None:
            continue
        if born is not None and value < born:
            row.warning(code, "impossible date", "The day is before the date of birth. Check both.")
        if value > as_at:
            row.warning(
                code, "impossible date",
                "The day is after the day of the list. Check it, or the day given for the list.",
            )  # fmt: skip
    start, end = days.get("started_on"), days.get("ceased_on")
    if start is not None and end is not None and end < start:
        row.warning("ceased_on", "impossible date", "Care ends before it starts. Check both days.")
    decided, placed = days.get("decided_on"), days.get("placed_on")
    if decided is not None and placed is not None and placed < decided:
        row.warning(
            "placed_on", "impossible date",
            "The child is placed before the decision that they should be. Check both days.",
        )  # fmt: skip


def _health(out: Gathered, child: str, assessed: date | None) -> None:
    """The last health assessment; each list of another day adds one."""
    if assessed is not None:
        key = f"{HEALTH} {assessed.isoformat()}"
        out.fact(child, "assessment", "what", HEALTH, "health", key)
        out.fact(child, "assessment", "done_on", assessed, "health", key)


def _plan(row: SheetRow, out: Gathered, child: str) -> None:
    text = row.line_of_text("plan", 1_000)
    if not text:
        return
    code, known = values.plan(text)
    if not known:
        row.warning(
            "plan",
            "unrecognised",
            "The plan is in words that are not known. It is kept as a plan that is not specified, "
            "with the words.",
        )
    out.fact(child, "plan", "primary", code, "plan")
    if code == "unspecified":
        out.fact(child, "plan", "primary_words", text, "plan")
