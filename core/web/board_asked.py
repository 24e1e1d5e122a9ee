"""What somebody asks of the board: read from the address, and said back to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from core.domain.board_views import BY_CODE
from core.domain.finding import Finding
from core.store.board import Sort, Wanted
from core.store.register import Choice
from core.web.register import MINE, OLDEST, Chosen, Item, legal_statuses

FIELDS = ("view", "team", "worker", "legal-status", "plan", "late", "age-from", "age-to")
PLAN_STATES = (
    Item("none", "No plan recorded"),
    Item("unknown", "A plan, how far it is not recorded"),
    Item("provisional", "Provisional"),
    Item("agreed", "Agreed"),
    Item("achieved", "Achieved"),
)
LATE = Item("yes", "Only children with something late")
LATE_FAULT = "Tick “Only children with something late”, or leave it empty"


@dataclass(slots=True)
class Asked:
    """What was asked: as typed, as understood, in words, and what is wrong with it."""

    typed: dict[str, str]
    wanted: Wanted = field(default_factory=Wanted)
    findings: list[Finding] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)


def read(
    address: Mapping[str, str],
    on: date,
    account_id: int | None,
    teams: Sequence[Choice],
    workers: Sequence[Choice],
) -> Asked:
    """Read the view, the filters, the order and the page; ages are as on the day ``on``."""
    asked = Asked({name: address.get(name, "").strip() for name in (*FIELDS, "sort", "order")})
    view = asked.typed["view"]
    if view and view not in BY_CODE:
        asked.findings.append(Finding("Choose a saved view from the list", field="view"))
        view = ""
    mine = Item(MINE, "Allocated to me")
    team = _one_of(
        asked, "team", [Item(t.key, t.name) for t in teams], "Choose a team from the list"
    )
    worker = _one_of(
        asked,
        "worker",
        [mine, *(Item(w.key, w.name) for w in workers)],
        "Choose a worker from the list",
    )
    status = _one_of(asked, "legal-status", legal_statuses(), "Choose a legal status from the list")
    state = _one_of(asked, "plan", PLAN_STATES, "Choose how far the plan is from the list")
    late = _one_of(asked, "late", [LATE], LATE_FAULT)
    born_from, born_to = _ages(asked, on)
    asked.wanted = Wanted(
        view=view,
        team_id=next((t.id for t in teams if t.key == team), None),
        worker_id=account_id
        if worker == MINE
        else next((w.id for w in workers if w.key == worker), None),
        legal_status=status,
        plan_state=state,
        late=bool(late),
        born_from=born_from,
        born_to=born_to,
        sort=_sort(asked),
        descending=_descending(asked),
        page=_page(asked, address.get("page", "").strip()),
    )
    return asked


def _one_of(asked: Asked, name: str, choices: Sequence[Item], message: str) -> str:
    typed = asked.typed[name]
    if not typed:
        return ""
    for choice in choices:
        if choice.value == typed:
            asked.chosen.append(Chosen(name, choice.text))
            return typed
    asked.findings.append(Finding(message, field=name))
    return ""


def _ages(asked: Asked, on: date) -> tuple[date | None, date | None]:
    """The first and last birthdays of the ages asked for."""
    youngest, oldest = _age(asked, "age-from"), _age(asked, "age-to")
    if youngest is not None and oldest is not None and youngest > oldest:
        message = "“Age to” must be the same as “age from”, or more"
        asked.findings.append(Finding(message, field="age-to"))
        return None, None
    if youngest is not None:
        asked.chosen.append(Chosen("age-from", f"Aged {youngest} or over"))
    if oldest is not None:
        asked.chosen.append(Chosen("age-to", f"Aged {oldest} or under"))
    first = on - relativedelta(years=oldest + 1) + timedelta(days=1) if oldest is not None else None
    return first, on - relativedelta(years=youngest) if youngest else None


def _age(asked: Asked, name: str) -> int | None:
    typed = asked.typed[name]
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3 and int(typed) <= OLDEST):
        message = f"Age must be a whole number from 0 to {OLDEST}"
        asked.findings.append(Finding(message, field=name))
        return None
    return int(typed)


def _sort(asked: Asked) -> Sort:
    typed = asked.typed["sort"]
    if typed and typed not in {str(sort) for sort in Sort}:
        message = "The board cannot be put in that order. Choose one of its headings"
        asked.findings.append(Finding(message))
        asked.typed["sort"] = ""
    return Sort(asked.typed["sort"] or Sort.LATE)


def _descending(asked: Asked) -> bool:
    if asked.typed["order"] not in ("", "ascending", "descending"):
        asked.findings.append(Finding("The order must be ascending or descending"))
        asked.typed["order"] = ""
    return asked.typed["order"] == "descending"


def _page(asked: Asked, typed: str) -> int:
    if not typed:
        return 1
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 6 and int(typed) >= 1):
        message = "There is no such page of the board. Pages are counted from 1"
        asked.findings.append(Finding(message))
        return 1
    return int(typed)
