"""The procedures that an authority follows on a day, each with its figures of that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from builders.house import AT, House
from builders.queries import counted
from builders.standards import CIRCLE, OTHER, with_standards

from core.domain.dates import Period, Unit
from core.store import enabled, local_settings
from core.store.database import db, writing
from core.usecases import editions
from core.usecases.calendar import Dates, bodies, propose
from core.usecases.editions import Editions
from core.usecases.posts import there

KEY = ("STD", "", "made-up-ppm", "period")
FOUR, TEN = Period(4, Unit.WEEKS), Period(10, Unit.WEEKS)
BEFORE, FIRST = date(2026, 8, 31), date(2026, 9, 1)


def standard(house: House) -> Editions:
    """Bexley follows the standard too, and has set its first meeting to four weeks."""
    registry = with_standards(house)
    with writing():
        enabled.add(house.whole, "STD", 2, date(2026, 1, 1), "", AT)
        local_settings.add(house.whole, KEY, "4 weeks", FIRST, "Agreed", AT)
    return editions.of(house.whole, registry)


def period(here: Editions, on: date) -> Period | None:
    procedure = here.in_force("STD", on)
    rule = procedure.deadline("made-up-ppm") if procedure else None
    return rule.period if rule else None


def test_the_figure_of_the_day_is_in_the_edition(house: House) -> None:
    here = standard(house)
    assert (period(here, BEFORE), period(here, FIRST)) == (TEN, FOUR)
    (followed,) = [one for one in here.followed(FIRST) if one.code == "STD"]
    assert followed is here.in_force("STD", FIRST)
    kept = here.kept("STD", "", FIRST)
    assert kept is followed


def test_another_authority_has_the_procedures_own(house: House) -> None:
    standard(house)
    other = House(house.app, house.today, "TOY", "toyshire")
    registry = house.app.extensions["permanence"].registry
    assert period(editions.of(other.whole, registry), FIRST) == TEN


def test_between_two_changes_the_same_procedures_are_given_again(house: House) -> None:
    here = standard(house)
    assert here.followed(date(2026, 10, 1)) is here.followed(date(2031, 1, 1))
    assert here.followed(BEFORE) is not here.followed(FIRST)


def test_what_is_always_on_comes_last_and_was_always_there(house: House) -> None:
    here = standard(house)
    assert [one.code for one in here.followed(date(1999, 1, 1))] == ["LAW"]
    assert [one.code for one in here.followed(FIRST)] == ["BEX", "STD", "LAW"]


def test_what_is_not_installed_is_left_out(house: House) -> None:
    with writing():
        enabled.add(house.whole, "GONE", 2, date(2026, 1, 1), "", AT)
    registry = with_standards(house)
    assert "GONE" not in [o.code for o in editions.followed(house.whole, registry, FIRST)]
    assert editions.in_force(house.whole, registry, "GONE", FIRST) is None
    assert editions.kept(house.whole, registry, "STD", "no such edition", FIRST) is None


def test_of_two_settings_from_one_day_the_later_made_holds(house: House) -> None:
    standard(house)
    with writing():
        later = datetime(2026, 11, 24, 9, 0)
        local_settings.add(house.whole, KEY, "6 weeks", FIRST, "Corrected", later)
    registry = house.app.extensions["permanence"].registry
    assert period(editions.of(house.whole, registry), FIRST) == Period(6, Unit.WEEKS)


def test_of_two_bodies_with_one_code_the_first_procedures_meets(house: House) -> None:
    twice = replace(OTHER, code="TWO", bodies=(replace(CIRCLE, title="Second Circle"),))
    registry = with_standards(house, twice)
    with writing():
        enabled.add(house.whole, "STD", 2, date(2026, 1, 1), "", AT)
        enabled.add(house.whole, "TWO", 3, date(2026, 1, 1), "", AT)
    scope = house.scope("panel.administrator")
    titles = [meets.body.title for meets in bodies(scope, registry)]
    assert titles == ["Permanence Panel", "Planning Circle"]
    with_posts = [one.title for one in there(scope, registry, house.today)]
    assert "Planning Circle" in with_posts
    assert "Second Circle" not in with_posts


def test_the_bodies_of_what_is_followed_later_can_be_planned_and_meet_from_then(
    house: House,
) -> None:
    begins = date(2027, 1, 4)
    registry = with_standards(house)
    with writing():
        enabled.add(house.whole, "STD", 2, begins, "", AT)
    scope = house.scope("panel.administrator")
    titles = [meets.body.title for meets in bodies(scope, registry)]
    assert titles == ["Permanence Panel", "Planning Circle"]
    dates = Dates(f"STD:{CIRCLE.code}", date(2026, 12, 28), date(2027, 1, 11), time(10, 0))
    made = propose(scope, registry, dates).days
    assert [(one.on, one.made) for one in made] == [
        (date(2026, 12, 28), False),
        (begins, True),
        (date(2027, 1, 11), True),
    ]


def test_the_queries_do_not_grow_with_what_is_set(house: House) -> None:
    here = standard(house)

    def read() -> object:
        return [editions.of(house.whole, here.registry).followed(on) for on in (BEFORE, FIRST)]

    db.session.rollback()
    before = counted(read)
    with writing():
        for number in range(20):
            local_settings.add(
                house.whole, KEY, f"{number + 1} weeks", date(2027, 1, number + 1), "Again", AT
            )
    db.session.rollback()
    assert counted(read) == before
    one = counted(lambda: editions.kept(house.whole, here.registry, "STD", "", FIRST))
    assert one == counted(lambda: local_settings.every(house.whole))
