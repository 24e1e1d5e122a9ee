"""The made-up children hang together, repeat for a seed, and stand on both sides of each rule."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from core.domain.child import ChildFacts
from core.domain.episode import AdoptionDecision, Episode, Review
from core.domain.ssda903_codes import is_valid
from core.domain.ssda903_rules import broken_rules
from demo.calendars import (
    WorkingDays,
    age_on,
    bank_holidays,
    birthday,
    collection_year,
    months_after,
    panel_days,
)
from demo.children import MadeUpChild
from demo.lives import make_children, stream_children

TODAY = date(2026, 11, 22)
OTHER_DAYS = (date(2025, 5, 7), date(2028, 2, 29), date(2027, 3, 31))
WORKING = WorkingDays(bank_holidays(2005, 2030))


@pytest.fixture(scope="module")
def children() -> tuple[MadeUpChild, ...]:
    return make_children(903, TODAY, 2000)


@pytest.fixture(scope="module")
def stories(children: tuple[MadeUpChild, ...]) -> dict[str, dict[str, MadeUpChild]]:
    """The scripted children by rule, then by side; of a sibling group, the last."""
    found: dict[str, dict[str, MadeUpChild]] = defaultdict(dict)
    for child in children:
        if child.story:
            rule, side = child.story.split(": ", 1)
            found[rule][side] = child
    return found


def started(child: MadeUpChild) -> date:
    """The day the latest period of care began."""
    return max(one.decom for one in child.episodes if one.rne == "S")


def days_since(day: date) -> int:
    return (TODAY - day).days


def test_the_same_seed_and_day_make_the_same_children() -> None:
    assert make_children(7, TODAY, 300) == make_children(7, TODAY, 300)


def test_another_seed_makes_other_children() -> None:
    assert make_children(7, TODAY, 300) != make_children(8, TODAY, 300)


def test_a_larger_number_begins_with_the_children_of_a_smaller_one() -> None:
    assert make_children(7, TODAY, 400)[:250] == make_children(7, TODAY, 250)


def test_children_come_one_at_a_time_in_the_number_asked_for() -> None:
    stream = stream_children(7, TODAY, 100_000)
    assert next(stream) == make_children(7, TODAY, 1)[0]
    assert len(make_children(7, TODAY, 240)) == 240


def test_every_age_from_unborn_to_17_is_there_in_the_demo() -> None:
    demo = make_children(903, TODAY, 240)
    ages = {age_on(child.born, TODAY) for child in demo if child.episodes}
    assert set(range(18)) <= ages
    assert any(child.unborn and not child.episodes for child in demo)


def test_local_ids_are_unique_and_some_begin_with_zeros(children: tuple[MadeUpChild, ...]) -> None:
    ids = [child.local_id for child in children]
    assert len(set(ids)) == len(ids)
    assert any(one.startswith("0") for one in ids) and any(not one.startswith("0") for one in ids)


def test_pupil_numbers_are_well_formed_and_never_shared(children: tuple[MadeUpChild, ...]) -> None:
    numbers = [child.upn for child in children if not child.upn.startswith("UN")]
    assert len(numbers) == len(set(numbers)) > 100
    assert all(re.fullmatch(r"[A-HJ-NP-RT-Z]999\d{9}", one) for one in numbers)


@pytest.mark.parametrize("today", [TODAY, *OTHER_DAYS])
def test_the_dfe_rules_find_nothing_wrong_in_any_life(today: date) -> None:
    broken = {
        (child.story, child.local_id, one.rule)
        for child in make_children(11, today, 1500)
        for one in broken_rules(as_facts(child))
    }
    assert broken == set()


@pytest.mark.parametrize("today", [TODAY, *OTHER_DAYS])
def test_episodes_chain_and_say_what_changed(today: date) -> None:
    for child in make_children(12, today, 1500):
        where = (child.local_id, child.story)
        assert all(one.dec for one in child.episodes[:-1]), where
        assert not child.episodes or child.episodes[0].rne == "S", where
        for one in child.episodes:
            assert child.born <= one.decom <= today, where
            assert one.dec is None or one.decom < one.dec <= today, where
            assert bool(one.dec) == bool(one.reason_ceased), where
            assert not (one.placement == "P1" and one.legal_status == "V2"), where
            assert (one.legal_status == "E1") or one.placement not in ("A5", "A6"), where
            assert bool(one.provider) != one.placement.startswith("T"), where
        for before, after in pairwise(child.episodes):
            status = before.legal_status != after.legal_status
            place = (before.placement, before.placement_post, before.urn) != (
                after.placement,
                after.placement_post,
                after.urn,
            )
            if after.rne == "S":
                assert before.reason_ceased != "X1" and after.decom > before.dec, where
            else:
                assert (before.reason_ceased, after.decom) == ("X1", before.dec), where
                assert (status, place) == {
                    "L": (True, False),
                    "P": (False, True),
                    "T": (False, True),
                    "B": (True, True),
                    "U": (True, True),
                }[after.rne], where
        last = child.episodes[-1] if child.episodes else None
        assert last is None or last.reason_ceased != "X1", where
        assert last is None or last.dec or birthday(child.born, 18) > today, where


def test_codes_are_in_the_list_of_their_year(children: tuple[MadeUpChild, ...]) -> None:
    for child in children:
        assert is_valid("ETHNIC", child.ethnicity, None)
        for one in child.episodes:
            year = collection_year(one.dec or TODAY)
            for column, code in (
                ("RNE", one.rne),
                ("LS", one.legal_status),
                ("CIN", one.category_of_need),
                ("PLACE", one.placement),
            ):
                assert is_valid(column, code, year), (child.local_id, column, code, year)
            for column, code in (
                ("PLACE_PROVIDER", one.provider),
                ("REC", one.reason_ceased),
                ("REASON_PLACE_CHANGE", one.reason_place_change),
            ):
                assert not code or is_valid(column, code, year), (child.local_id, column, code)
        assert all(is_valid("REVIEW_CODE", one.participation, None) for one in child.reviews)


def test_reviews_fall_inside_periods_of_care_and_some_are_late(
    children: tuple[MadeUpChild, ...],
) -> None:
    on_time = late = 0
    for child in children:
        days = [one.held for one in child.reviews]
        assert days == sorted(set(days))
        for day in days:
            assert any(one.decom <= day <= (one.dec or TODAY) for one in child.episodes)
        first = [day for day in days if day >= started(child)][:1] if child.episodes else []
        for day in first:
            in_time = day <= WORKING.after(started(child), 20)
            on_time, late = on_time + in_time, late + (not in_time)
        assert child.booked_review is None or child.booked_review > TODAY
    assert on_time > late > 20


def test_plans_meetings_and_proceedings_follow_from_one_another(
    children: tuple[MadeUpChild, ...],
) -> None:
    heard_days = set(panel_days(date(2010, 1, 1), TODAY))
    for child in children:
        plan, court = child.plan, child.proceedings
        assert plan is None or plan.agreed is None or plan.identified <= plan.agreed <= TODAY
        assert set(child.panel_dates) <= heard_days
        assert all(day <= TODAY for day in child.ppm_dates)
        if any(one.legal_status == "C1" for one in child.episodes):
            assert court is not None
            first = min(one.decom for one in child.episodes if one.legal_status == "C1")
            assert court.issued <= first
            assert court.concluded is None or court.issued < court.concluded <= TODAY
        if child.adoption_application is not None:
            assert child.adoption_match is not None
            assert child.adoption_match < child.adoption_application


def test_siblings_share_name_home_team_and_proceedings(children: tuple[MadeUpChild, ...]) -> None:
    groups: dict[str, list[MadeUpChild]] = defaultdict(list)
    for child in children:
        if child.sibling_group:
            groups[child.sibling_group].append(child)
    full = list(groups.values())[:-1]
    assert {len(group) for group in full} == {2, 3, 4}
    together = 0
    for group in full:
        assert len({(one.family_name, one.social_worker, one.iro) for one in group}) == 1
        assert len({one.born for one in group}) == len(group)
        issued = {one.proceedings.issued for one in group if one.proceedings}
        assert len(issued) <= 1
        posts = {one.episodes[0].placement_post for one in group if one.episodes}
        together += len(posts) < len(group)
    assert 0 < together < len(full)


def test_every_rule_has_a_child_on_each_side(
    stories: dict[str, dict[str, MadeUpChild]],
) -> None:
    assert [rule for rule, sides in stories.items() if len(sides) < 2] == []
    letters = {rule[8] for rule in stories if rule.startswith("BEX-1.4.")}
    assert letters == set("abcdefghij")


def test_first_ppms_stand_on_the_limit_and_a_day_to_each_side(
    stories: dict[str, dict[str, MadeUpChild]],
) -> None:
    sides = stories["BEX-1.4.b first PPM"].values()
    waiting = {days_since(started(one)) for one in sides if not one.ppm_dates}
    held = {(one.ppm_dates[0] - started(one)).days for one in sides if one.ppm_dates}
    assert (waiting, held) == ({27, 28, 29}, {27, 28, 29})


def test_proceedings_stand_at_each_week_with_a_panel_and_without(
    stories: dict[str, dict[str, MadeUpChild]],
) -> None:
    waiting, heard = set(), set()
    for one in stories["BEX-1.4.f week 10"].values():
        assert one.proceedings is not None and one.episodes[-1].legal_status == "C1"
        if one.panel_dates:
            heard.add((one.panel_dates[0] - one.proceedings.issued).days)
        else:
            waiting.add(days_since(one.proceedings.issued))
    assert (waiting, heard) == ({28, 63, 69, 70, 71, 77, 140}, {56, 70, 71})


def test_residential_placements_stand_on_the_limit_and_a_day_to_each_side(
    stories: dict[str, dict[str, MadeUpChild]],
) -> None:
    sides = stories["BEX-1.1.e 28 days residential"]
    begun = {side: one.episodes[-1].decom for side, one in sides.items()}
    assert all(one.episodes[-1].placement == "K2" for one in sides.values())
    assert {
        days_since(begun[side])
        for side, one in sides.items()
        if not one.panel_dates and not one.residential_not_permanent
    } == {27, 28, 29}
    assert {
        (one.panel_dates[0] - begun[side]).days for side, one in sides.items() if one.panel_dates
    } == {28, 29}
    assert sum(bool(one.residential_not_permanent) for one in sides.values()) == 1


def test_recent_placements_stand_at_twelve_weeks_before_the_second_review(
    stories: dict[str, dict[str, MadeUpChild]],
) -> None:
    sides = stories["BEX-1.4.d recent placement"].values()
    before = {
        (one.booked_review - one.episodes[-1].decom).days
        for one in sides
        if one.booked_review and len(one.reviews) == 1
    }
    assert before == {83, 84, 85}
    assert any(len(one.reviews) > 1 for one in sides)


def test_plans_stand_on_each_side_of_the_second_review(
    stories: dict[str, dict[str, MadeUpChild]],
) -> None:
    sides = stories["BEX-0.2 plan by second review"].values()
    gaps = {
        (one.plan.agreed - one.reviews[1].held).days
        for one in sides
        if one.plan and one.plan.agreed
    }
    assert gaps == {-1, 0, 1}
    assert any(one.plan is None and len(one.reviews) > 1 for one in sides)


def test_referrals_stand_at_three_working_days_before_panel(
    stories: dict[str, dict[str, MadeUpChild]],
) -> None:
    counted = set()
    for one in stories["BEX-1.6 three working days"].values():
        assert one.referral is not None and one.referral.received <= TODAY
        number = next(
            n for n in range(9) if WORKING.before(one.referral.panel, n) == one.referral.received
        )
        counted.add(number)
    assert counted == {2, 3, 4}


def test_family_meetings_and_safety_plans_are_there_and_missing_in_each_pair(
    stories: dict[str, dict[str, MadeUpChild]],
) -> None:
    sides = stories["BEX-0.4 family network"].values()
    pairs = {(bool(one.family_network_meeting), bool(one.safety_plan)) for one in sides}
    assert len(pairs) == 4


def test_recent_care_and_section_20_stand_at_twelve_weeks(
    stories: dict[str, dict[str, MadeUpChild]],
) -> None:
    for rule in ("BEX-1.4.h recently looked after", "Section 20"):
        young = [one for side, one in stories[rule].items() if "16 or over" not in side]
        assert {83, 84, 85} <= {days_since(started(one)) for one in young}
        assert all(one.episodes[-1].legal_status == "V2" for one in young)


@pytest.mark.parametrize("today", [TODAY, *OTHER_DAYS])
def test_first_reviews_are_due_now_before_and_after_on_any_day(today: date) -> None:
    this = today if WORKING.is_working(today) else WORKING.after(today, 1)
    sides = [
        one
        for one in make_children(903, today, 10)
        if one.story.startswith("CPPCR-33(1)") and not one.reviews
    ]
    due = [WORKING.after(started(one), 20) for one in sides]
    assert due == [WORKING.after(this, 1), this, WORKING.before(this, 1)]


def test_months_and_birthdays_stop_at_the_end_of_short_months() -> None:
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert birthday(date(2012, 2, 29), 18) == date(2030, 2, 28)
    assert months_after(date(2026, 1, 15), -12) == date(2025, 1, 15)
    assert {(b - a) for a, b in pairwise(panel_days(date(2026, 1, 1), TODAY))} == {
        timedelta(days=14)
    }


def as_facts(child: MadeUpChild) -> ChildFacts:
    """The made-up rows as the core would have read them."""
    return ChildFacts(
        child.local_id,
        tuple(
            Episode(
                one.decom,
                one.rne,
                one.legal_status,
                one.category_of_need,
                one.placement,
                one.provider,
                one.dec,
                one.reason_ceased,
                one.reason_place_change,
                one.home_post,
                one.placement_post,
                one.urn,
            )
            for one in child.episodes
        ),
        tuple(Review(one.held, (one.participation,)) for one in child.reviews),
        tuple(
            AdoptionDecision(one.decided, one.ceased, one.reason_ceased)
            for one in child.adoption_decisions
        ),
        births=(child.born,),
    )
