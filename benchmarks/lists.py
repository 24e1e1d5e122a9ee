"""Made-up lists to import in one go: Annex A list 8, a case list and a tracker of the same."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from openpyxl import Workbook

from core.imports import case_list, tracker
from core.imports.annex_a.lists import LIST_8
from core.imports.layout import Layout
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Account, EntryStatement, IdentityFact, StatedWorker

STAFF, TEAMS = 200, 40
OF_LIST = ("sex", "ethnicity", "born", "started_on", "legal_status_since", "legal_status",
           "latest_review_on", "plan", "placement_since", "placement", "provider")  # fmt: skip
OF_CASES = ("given_name", "family_name", "born", "sex", "team", "service", "worker_email",
            "manager", "iro_staff_number")  # fmt: skip
OF_TRACKER = ("plan", "plan_on", "plan_state", "contingency", "ppm_on", "panel_on", "issued_on",
              "final_hearing_on", "lgm_on", "lgm_determination", "action",
              "action_owner_email", "action_due")  # fmt: skip
LISTED = date(2026, 9, 30)
AGAIN = date(2026, 10, 31)


@dataclass(frozen=True, slots=True)
class Stated:
    """How many rows an import of lists left of each kind."""

    statements: int
    identity: int
    people: int


def write_lists(folder: Path, children: int, *, moved: bool = False) -> None:
    """Write the three lists with so many children; each says about twenty things of a child.

    With ``moved`` the same children again, each with another legal status, placement, plan, worker
    and team, and the action due later.
    """
    _workbook(folder / "list 8.xlsx", LIST_8, OF_LIST, _rows(children, moved))
    with ExitStack() as stack:
        for name, layout, codes in (
            ("case list.csv", case_list.LAYOUT, OF_CASES),
            ("tracker.csv", tracker.LAYOUT, OF_TRACKER),
        ):
            file = stack.enter_context((folder / name).open("w", newline=""))
            writer = csv.writer(file)
            writer.writerow(layout.column(code).heading for code in ("child", *codes))
            for row in _rows(children, moved):
                writer.writerow(_text(row[code]) for code in ("child", *codes))


def add_staff(scope: Scope) -> None:
    """The people whom the lists name: two hundred accounts that nobody signs in to."""
    with writing():
        db.session.execute(
            sa.insert(Account),
            [
                {
                    "authority_id": scope.authority_id,
                    "email": f"worker{n}@bexley.example",
                    "name": f"Worker {n}",
                    "staff_number": f"S{n}",
                    "password_hash": "",
                    "grade": "",
                    "job": "",
                }
                for n in range(STAFF)
            ],
        )


def stated() -> Stated:
    counts = [
        db.session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in (EntryStatement, IdentityFact, StatedWorker)
    ]
    db.session.rollback()
    return Stated(*(count or 0 for count in counts))


def _rows(children: int, moved: bool) -> Iterator[dict[str, Any]]:
    made = random.Random(8)
    for number in range(children):
        worker = (number + moved) % STAFF
        born = date(2010, 1, 1) + timedelta(days=made.randrange(4_000))
        start = max(born, date(2019, 1, 1)) + timedelta(days=made.randrange(300))
        yield {
            "child": f"{number:06d}",
            "sex": made.choice(("Male", "Female")),
            "ethnicity": "WBRI",
            "born": born,
            "started_on": start,
            "legal_status_since": start + timedelta(days=200 + moved),
            "legal_status": "E1" if moved else "C2",
            "latest_review_on": start + timedelta(days=400 + moved),
            "plan": "Adoption" if moved else "Long-term fostering",
            "placement_since": start + timedelta(days=300 + moved),
            "placement": "A6" if moved else "U4",
            "provider": "PR1",
            "given_name": "Orlin",
            "family_name": f"Thistlewick {number}",
            "team": f"Team {(number + moved) % TEAMS}",
            "service": f"Service {number % 4}",
            "worker_email": f"worker{worker}@bexley.example",
            "manager": f"Manager {number % 20}",
            "iro_staff_number": f"S{(number + 7) % STAFF}",
            "plan_on": start + timedelta(days=500 + moved),
            "plan_state": "Agreed",
            "contingency": "Special guardianship order",
            "ppm_on": start + timedelta(days=500),
            "panel_on": start + timedelta(days=540),
            "issued_on": start + timedelta(days=30),
            "final_hearing_on": start + timedelta(days=190 + moved),
            "lgm_on": start + timedelta(days=20),
            "lgm_determination": "Threshold met: issue proceedings",
            "action": "Write to the carers about the match",
            "action_owner_email": f"worker{worker}@bexley.example",
            "action_due": date(2026, 12, 1 + moved),
        }


def _workbook(
    path: Path, layout: Layout, codes: tuple[str, ...], rows: Iterable[dict[str, Any]]
) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("List 8")
    sheet.append([layout.column(code).heading for code in ("child", *codes)])
    for row in rows:
        sheet.append([row[code] for code in ("child", *codes)])
    book.save(path)


def _text(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
