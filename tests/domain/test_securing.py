"""What secures permanence, by which outcome, and what alone does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders.dated import child, dues, ppm, run, said, typed

from core.domain.care_days import Stretch
from core.domain.courses import Decided
from core.domain.record.recorded import Recorded
from core.domain.securing import secured
from core.domain.tracking import track
from plugins.ppm_guidance import PROCEDURES

PPM2, PPM10 = PROCEDURES
ON = "2026-03-02"

SECURES = {
    "adoption order": typed("adoption", order_on=ON),
    "special guardianship order": typed("proceedings", ended_on=ON, order="sgo"),
    "child arrangements order": typed("proceedings", ended_on=ON, order="cao"),
    "a permanent match": typed("match", **{"for": "long-term-fostering", "matched_on": ON}),
    "an agency match": typed("adoption", matched_on=ON),
}
ALONE_IS_NOT = {
    "a care order": typed("proceedings", ended_on=ON, order="care-order"),
    "an interim care order": typed("proceedings", issued_on=ON, application="care-order"),
    "a placement order": typed("adoption", placement_order_on=ON),
    "a placement for adoption": typed("adoption", placed_on=ON),
    "a match that is not for good": typed("match", **{"for": "other", "matched_on": ON}),
    "fostering said to be achieved": typed("plan", primary="long-term-fostering", achieved_on=ON),
    "a return home while in care": typed("plan", primary="return-home", achieved_on=ON),
    "a care order, then more": typed("plan", primary="care-order-to-sgo-cao", achieved_on=ON),
    "an agreed plan": typed("plan", primary="adoption", agreed_on=ON),
}


@pytest.mark.clause("PPM2-2.4", "PPM10-3")
@pytest.mark.parametrize("words", SECURES)
def test_an_order_or_a_permanent_match_secures_it_and_ends_what_is_asked(words: str) -> None:
    one = child("2026-01-05", recorded=[SECURES[words], ppm("2026-02-02")])
    found = secured(one, date(2026, 1, 5))
    by = "a permanent match" if words == "an agency match" else words
    assert found is not None and (found.on, found.words) == (date(2026, 3, 2), by)
    for code, standard in (("next-ppm", PPM10), ("plan-tracked", PPM2)):
        (due,) = dues(one, code, standard)
        assert said(due, "2026-03-01") in ("running", "soon")
        assert said(due, "2026-03-02") == "stopped"


@pytest.mark.clause("PPM2-2.4", "PPM10-3")
@pytest.mark.parametrize("words", ALONE_IS_NOT)
def test_a_care_interim_or_placement_order_alone_is_not_permanence(words: str) -> None:
    one = child("2026-01-05", recorded=[ALONE_IS_NOT[words], ppm("2026-02-02")])
    assert secured(one, date(2026, 1, 5)) is None
    for code, standard in (("next-ppm", PPM10), ("plan-tracked", PPM2)):
        (due,) = dues(one, code, standard)
        assert due.stopped_on in (None, date(2033, 5, 4)) and not due.not_for
        assert said(due, "2026-06-01") == "late"


@pytest.mark.clause("PPM2-2.4", "PPM10-3")
@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("E4A", "return home, as care ended"),
        ("E4B", "return home, as care ended"),
        ("E11", "adoption order"),
        ("E45", "special guardianship order"),
        ("E41", "child arrangements order"),
        ("E6", ""),
    ],
)
def test_return_home_is_permanence_once_care_ends(reason: str, words: str) -> None:
    period = run(reason, "2026-01-05", "2026-05-01")
    one = child(period, recorded=[ppm("2026-02-02")])
    found = secured(one, period.start)
    assert (found.words if found else "") == words
    (due,) = dues(one, "next-ppm", PPM10)
    assert said(due, "2026-05-01") == "stopped" and said(due, "2026-04-30") == "late"


def test_what_broke_down_or_was_before_this_care_secures_nothing_now() -> None:
    broke = typed(
        "match", **{"for": "long-term-fostering", "matched_on": ON, "ended_on": "2026-04-01"}
    )
    assert secured(child(recorded=[broke]), date(2026, 1, 5)) is None
    before = child(recorded=[typed("proceedings", ended_on="2020-01-05", order="sgo")])
    assert secured(before, date(2026, 1, 5)) is None
    assert secured(before, None) is not None


MATCHED = typed("match", **{"for": "long-term-fostering", "matched_on": ON})
WITH_ADOPTERS = typed("adoption", matched_on=ON)


@pytest.mark.clause("PPM10-3", "PPM2-2.4")
@pytest.mark.parametrize(
    ("match", "later", "stays"),
    [
        (MATCHED, [], True),
        (MATCHED, [run("U4", "2026-03-16")], True),
        (MATCHED, [run("U4", "2026-03-16", "2026-05-01"), run("U4", "2026-05-06")], True),
        (MATCHED, [run("U4", "2026-03-16", "2026-05-01"), run("U4", "2026-05-01")], False),
        (MATCHED, [run("U4", "2026-03-16", "2026-05-01"), run("K2", "2026-05-01")], False),
        (MATCHED, [run("U6", "2026-05-01")], False),
        (WITH_ADOPTERS, [run("A5", "2026-04-01")], True),
        (WITH_ADOPTERS, [run("A3", "2026-04-01", "2026-05-01"), run("A5", "2026-05-01")], True),
        (WITH_ADOPTERS, [run("A5", "2026-04-01", "2026-05-01"), run("U6", "2026-05-01")], False),
    ],
)
def test_a_match_secures_it_as_long_as_the_child_is_with_those_carers(
    match: Recorded, later: list[Stretch], stays: bool
) -> None:
    """Nobody has to type that it ended: another placement says so, and what was asked goes on."""
    first = run("U6", "2026-01-05", later[0].start.isoformat() if later else "")
    one = child("2026-01-05", placements=[first, *later], recorded=[match, ppm("2026-02-02")])
    found = secured(one, date(2026, 1, 5))
    assert (found.words if found else "") == ("a permanent match" if stays else "")
    for code, standard in (("next-ppm", PPM10), ("plan-tracked", PPM2)):
        state = said(dues(one, code, standard)[-1], "2026-06-01")
        assert state == ("stopped" if stays else "late")


def test_a_match_of_earlier_care_or_whose_decision_was_reversed_secures_nothing() -> None:
    again = child(
        run("E8", "2025-01-06", "2026-04-01"), "2026-09-01",
        placements=[run("U4", "2025-01-06", "2026-04-01"), run("U4", "2026-09-01")],
        recorded=[MATCHED],
    )  # fmt: skip
    assert secured(again, date(2026, 9, 1)) is None
    decided = replace(
        child("2026-01-05", recorded=[WITH_ADOPTERS]),
        decisions=(Decided(date(2026, 1, 20), date(2026, 5, 1)),),
    )
    assert secured(decided, date(2026, 1, 5)) is None
    typed_so = typed("adoption", matched_on=ON, reversed_on="2026-05-01")
    assert secured(child("2026-01-05", recorded=[typed_so]), date(2026, 1, 5)) is None


@pytest.mark.clause("PPM2-2.4", "PPM10-3")
@pytest.mark.parametrize(("ended", "by"), [("2026-09-01", ""), ("2026-10-01", "return-home")])
def test_a_return_home_on_the_day_on_which_care_began_again_secures_nothing(
    ended: str, by: str
) -> None:
    """A return home of the earlier care is over with the first day of the new one."""
    now = run("E4A", "2026-09-01", ended) if by else run("", "2026-09-01")
    one = child(run("E4A", "2025-01-06", "2026-09-01"), now)
    found = secured(one, date(2026, 9, 1))
    assert (found.outcome if found else "") == by
    assert track(one, ()).secured_by == by
