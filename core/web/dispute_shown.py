"""Disputes as they stand on a child, an item, an agenda and an action: in a line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for

from core.domain.dispute import ABOUT_SHORT
from core.store import disputes
from core.store.disputes import DisputeRow
from core.usecases import disputing
from core.web import asker
from core.web.access import ACCESS

COLOURS = {"open": "blue", "late": "red", "answered": "purple", "resolved": "green"}


@dataclass(frozen=True, slots=True)
class Line:
    """A dispute in short: what about, its stage, and by when that is to be answered."""

    row: DisputeRow
    about: str
    state: str
    colour: str
    address: str


def line(row: DisputeRow, on: date) -> Line:
    state = row.state(on)
    address = url_for("disputes.page", public_id=row.public_id)
    return Line(row, ABOUT_SHORT[row.about], state, COLOURS.get(state, "grey"), address)


def of_children(public_ids: Iterable[str]) -> Mapping[str, list[Line]]:
    """The open disputes on these children, by public id: one query, none for who sees none."""
    scope = asker.scope()
    if not ACCESS["disputes.page"].allows(scope.roles):
        return {}
    found = disputes.of_children(scope, public_ids)
    return {child: [line(row, scope.on) for row in rows] for child, rows in found.items()}


def of_action(action_id: int) -> list[Line]:
    """The open disputes about an action: one query, none for who sees none."""
    scope = asker.scope()
    if not ACCESS["disputes.page"].allows(scope.roles):
        return []
    return [line(row, scope.on) for row in disputes.of_action(scope, action_id)]


@dataclass(frozen=True, slots=True)
class OfChild:
    """Every dispute on a child, the latest first; and whether the asker may open one."""

    lines: tuple[Line, ...]
    opens: bool


def of_child(child_id: int, public_id: str) -> OfChild:
    """What a child's page shows of disputes: two queries."""
    scope = asker.scope()
    if not ACCESS["disputes.page"].allows(scope.roles):
        return OfChild((), False)
    rows = disputes.of_children(scope, [public_id], ended=True).get(public_id, [])
    able = ACCESS["disputes.new"].allows(scope.roles)
    opens = able and disputing.on_caseload(scope, child_id)
    return OfChild(tuple(line(row, scope.on) for row in rows), opens)
