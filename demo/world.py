"""What all the made-up lives share: the day it is, the dice, the people and the working days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random

from demo.calendars import WorkingDays, bank_holidays
from demo.staff import CASE_TEAMS, StaffMember

_YEARS_BACK, _YEARS_ON = 19, 2


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who a child may be allocated to: a worker, their team and its manager."""

    social_worker: str
    team: str
    team_manager: str


@dataclass(slots=True)
class World:
    """One run of the generator. Everything that varies comes from `dice`, in one order."""

    today: date
    dice: Random
    working_days: WorkingDays
    allocations: tuple[Allocation, ...]
    iros: tuple[str, ...]
    service_manager: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    groups: Iterator[int] = field(default_factory=lambda: count(1))

    def ago(self, days: int) -> date:
        """The day so many days before today."""
        return self.today - timedelta(days=days)

    def between(self, first: date, last: date) -> date:
        """Any day from the first to the last; the first where the last is not after it."""
        return first + timedelta(days=self.dice.randint(0, max(0, (last - first).days)))


def world_for(seed: int, today: date, staff: Sequence[StaffMember]) -> World:
    """A world with those staff on that day; the same seed throws the same dice."""
    managers = {
        one.team: one.email
        for one in staff
        if one.roles[0] == "team.manager" and one.team in CASE_TEAMS
    }
    return World(
        today=today,
        dice=Random(seed),
        working_days=WorkingDays(bank_holidays(today.year - _YEARS_BACK, today.year + _YEARS_ON)),
        allocations=tuple(
            Allocation(one.email, one.team, managers[one.team])
            for one in staff
            if one.roles[0] == "social.worker"
        ),
        iros=tuple(one.email for one in staff if one.grade == "iro"),
        service_manager=next(one.email for one in staff if one.roles[0] == "service.manager"),
    )
