"""What somebody asks of the register: read from the address, and said back to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from dateutil.relativedelta import relativedelta

from core.domain import care
from core.domain.finding import Finding
from core.domain.ssda903_codes import (
    CONNECTED_FOSTERING,
    FOR_ADOPTION,
    LEGAL_STATUS,
    LONG_TERM_FOSTERING,
    OTHER_PLACEMENTS,
    PLACEMENT,
    TEMPORARY,
    words,
)
from core.store.register import Choice, Sort, Wanted

STATUSES = (
    care.LOOKED_AFTER,
    care.CEASED,
    care.MISSING,
    care.UNKNOWN,
    care.SHORT_BREAKS_ONLY,
    care.NO_EPISODES,
)
FOSTERING = frozenset({"U1", "U2", "U3", "U4", "U5", "U6"})

#: Groups of placement codes, by the word that stands in the address.
GROUPS: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "fostering": ("Any foster care", FOSTERING),
        "connected-fostering": ("Foster care with a relative or friend", CONNECTED_FOSTERING),
        "long-term-fostering": ("Long-term foster care", LONG_TERM_FOSTERING),
        "adoption": ("Placed for adoption", FOR_ADOPTION),
        "parents": ("With own parents", frozenset({"P1"})),
        "residential": (
            "Residential care, school or hospital",
            frozenset({"K1", "K2", "R1", "R2", "R3", "R5", "S1"}),
        ),
        "independent": (
            "Supported or independent living",
            frozenset({"H5", "K3", "P2", "P3"}),
        ),
        "temporary": ("In a temporary placement now", TEMPORARY),
        "other": ("Another placement", OTHER_PLACEMENTS),
    }
)

FIELDS = (
    "status",
    "legal-status",
    "placement",
    "team",
    "worker",
    "age-from",
    "age-to",
    "flags",
)
MINE = "mine"
OLDEST = 25


@dataclass(frozen=True, slots=True)
class Item:
    """One choice of a list, as the field macros want it."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that is set, in words, with the name by which it is taken away."""

    name: str
    text: str


@dataclass(slots=True)
class Asked:
    """What was asked: as typed, as understood, and what is wrong with it."""

    typed: dict[str, str]
    wanted: Wanted = field(default_factory=Wanted)
    findings: list[Finding] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)


def statuses() -> list[Item]:
    return [Item(status, status[0].upper() + status[1:]) for status in STATUSES]


def legal_statuses() -> list[Item]:
    return [Item(code, words("LS", code)) for code in LEGAL_STATUS]


def placements() -> list[Item]:
    groups = [Item(word, text) for word, (text, _codes) in GROUPS.items()]
    return groups + [Item(code, words("PLACE", code)) for code in PLACEMENT]


def items(choices: Sequence[Choice]) -> list[Item]:
    return [Item(choice.key, choice.name) for choice in choices]


def read(
    address: Mapping[str, str],
    on: date,
    account_id: int | None,
    teams: Sequence[Choice],
    workers: Sequence[Choice],
    searched: str = "",
) -> Asked:
    """Read the filters, the order and the page; what cannot be read is a finding by its field."""
    asked = Asked({name: address.get(name, "").strip() for name in (*FIELDS, "sort", "order")})
    status = _one_of(asked, "status", statuses(), "Choose a status from the list")
    legal_status = _one_of(
        asked, "legal-status", legal_statuses(), "Choose a legal status from the list"
    )
    placement = _one_of(asked, "placement", placements(), "Choose a placement from the list")
    team = _one_of(asked, "team", items(teams), "Choose a team from the list")
    worker = _one_of(
        asked,
        "worker",
        [Item(MINE, "Allocated to me"), *items(workers)],
        "Choose a worker from the list",
    )
    _one_of(asked, "flags", [Item("any", "With problems in their data")], "Tick the box, or not")
    born_from, born_to = _ages(asked, on)
    codes = GROUPS[placement][1] if placement in GROUPS else frozenset({placement} - {""})
    temporary = codes <= TEMPORARY
    asked.wanted = Wanted(
        status=status or None,
        legal_status=legal_status or None,
        base_placements=frozenset() if temporary else codes,
        placements=codes if temporary else frozenset(),
        team_id=next((t.id for t in teams if t.key == team), None),
        worker_id=account_id
        if worker == MINE
        else next((w.id for w in workers if w.key == worker), None),
        born_from=born_from,
        born_to=born_to,
        flagged=asked.typed["flags"] == "any",
        words=tuple(searched.split()),
        sort=_sort(asked),
        descending=_descending(asked),
        page=_page(asked, address.get("page", "")),
    )
    return asked


def _refuse(asked: Asked, message: str, name: str | None) -> None:
    asked.findings.append(Finding(message, field=name))


def _one_of(asked: Asked, name: str, choices: Sequence[Item], message: str) -> str:
    typed = asked.typed[name]
    if not typed:
        return ""
    for choice in choices:
        if choice.value == typed:
            asked.chosen.append(Chosen(name, choice.text))
            return typed
    _refuse(asked, message, name)
    return ""


def _ages(asked: Asked, on: date) -> tuple[date | None, date | None]:
    """The first and last birthdays of the ages asked for; an unborn child counts as 0."""
    youngest, oldest = _age(asked, "age-from"), _age(asked, "age-to")
    if youngest is not None and oldest is not None and youngest > oldest:
        _refuse(asked, "“Age to” must be the same as “age from”, or more", "age-to")
        return None, None
    if youngest is not None:
        asked.chosen.append(Chosen("age-from", f"Aged {youngest} or over"))
    if oldest is not None:
        asked.chosen.append(Chosen("age-to", f"Aged {oldest} or under"))
    first = on - relativedelta(years=oldest + 1) + timedelta(days=1) if oldest is not None else None
    last = on - relativedelta(years=youngest) if youngest else None
    return first, last


def _age(asked: Asked, name: str) -> int | None:
    typed = asked.typed[name]
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3 and int(typed) <= OLDEST):
        _refuse(asked, f"Age must be a whole number from 0 to {OLDEST}", name)
        return None
    return int(typed)


def _sort(asked: Asked) -> Sort:
    typed = asked.typed["sort"]
    if typed and typed not in {str(sort) for sort in Sort}:
        _refuse(asked, "The list cannot be put in that order. Choose one of its headings", None)
        asked.typed["sort"] = ""
    return Sort(asked.typed["sort"] or Sort.NAME)


def _descending(asked: Asked) -> bool:
    if asked.typed["order"] not in ("", "ascending", "descending"):
        _refuse(asked, "The order must be ascending or descending", None)
        asked.typed["order"] = ""
    return asked.typed["order"] == "descending"


def _page(asked: Asked, typed: str) -> int:
    typed = typed.strip()
    if not typed:
        return 1
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 6 and int(typed) >= 1):
        _refuse(asked, "There is no such page of the list. Pages are counted from 1", None)
        return 1
    return int(typed)
