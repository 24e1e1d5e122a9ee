"""What an authority may set of a procedure, and the procedure with what it has set."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from builders.standards import BODY, CIRCLE, FULL, LAW, STANDARD, deadline

import plugins.bcp
import plugins.bexley
import plugins.ppm_guidance
import plugins.somerset
from core.domain.dates import Period, Unit
from core.domain.procedure import Procedure
from core.domain.procedure.figure import Figure
from core.domain.procedure.local import Setting, applied, figures, in_force
from core.domain.procedure.membership import Quorum

SINCE = date(2026, 9, 1)
PERIOD = "STD//made-up-ppm/period"
OWN = replace(STANDARD, code="OWN", authority="OWN")


def setting(key: str, value: str, since: date = SINCE, number: int = 1, **more: object) -> Setting:
    procedure, body, rule, what = key.split("/")
    at = datetime(2026, 8, 1, 9, number)
    return Setting(
        procedure,
        body,
        rule,
        what,
        value,
        since,
        "Agreed",
        "Ada",
        at,
        f"s{number}",
        **more,  # type: ignore[arg-type]
    )


def with_set(procedure: Procedure, key: str, value: str, on: date = SINCE) -> Procedure:
    return applied(procedure, in_force([setting(key, value)], on))


def keys(procedure: Procedure) -> set[str]:
    return {figure.key for figure in figures(procedure)}


def test_of_a_standard_the_periods_of_its_deadlines_may_be_set() -> None:
    (period,) = [one for one in figures(STANDARD) if one.key == PERIOD]
    assert (period.value, period.clauses, period.laid_down) == ("10 weeks", ("STD-1",), True)


def test_what_an_authoritys_own_procedure_lays_down_may_not() -> None:
    assert "OWN//made-up-ppm/period" not in keys(OWN)


@pytest.mark.clause("BEX-1.6")
def test_bexleys_three_working_days_are_not_to_be_set() -> None:
    assert not any("referral-received" in key for key in keys(plugins.bexley.PROCEDURE))


def test_a_figure_that_is_our_reading_may_be_set_and_says_so() -> None:
    reads = replace(OWN, deadlines=(deadline("recently", "STD-1", 5, set_here=True),))
    (figure,) = [one for one in figures(reads) if one.rule == "recently"]
    assert (figure.value, figure.laid_down) == ("5 weeks", False)


@pytest.mark.clause("PPM2-7", "PPM2-2.5")
def test_from_when_on_something_drifts_may_be_set() -> None:
    ppm2 = plugins.ppm_guidance.PROCEDURES[0]
    slipped, drift = "PPM2//step-slipped", "PPM2//section-20-drift"
    found = {one.key: one for one in figures(ppm2)}
    words = {key: found[key].words(found[key].value) for key in found if "step-slipped" in key}
    assert words == {f"{slipped}/days": "28 days", f"{slipped}/moves": "2 times"}
    assert not found[f"{drift}/days"].laid_down and f"{drift}/moves" not in found
    rule = with_set(ppm2, f"{slipped}/moves", "3").watch("step-slipped")
    assert rule is not None and (rule.days, rule.moves) == (28, 3)
    assert rule.reading == "set by the authority, instead of 2 times"
    other = with_set(ppm2, f"{slipped}/moves", "3").watch("section-20-drift")
    assert other is not None and (other.days, other.local) == (84, "")
    quiet = with_set(ppm2, f"{drift}/days", "42").watch("section-20-drift")
    assert quiet is not None and quiet.days == 42


def test_a_law_that_is_always_on_has_nothing_to_set() -> None:
    assert figures(LAW) == ()
    assert with_set(LAW, "LAW//made-up-ppm/period", "1 week") is LAW


def test_of_a_body_what_the_procedure_does_not_lay_down_may_be_set() -> None:
    of_body = {key for key in keys(OWN) if f"/{BODY}/" in key}
    assert of_body == {
        f"OWN/{BODY}/most-cases/most",
        f"OWN/{BODY}/case-timing/minutes",
        f"OWN/{BODY}/most-members/most",
        f"OWN/{BODY}/quorum/others",
        f"OWN/{BODY}/chair-order/posts",
    }
    full = {key for key in keys(replace(OWN, bodies=(FULL,))) if f"/{FULL.code}/" in key}
    assert full == set()


def test_the_days_of_late_actions_and_of_disputes_may_be_set() -> None:
    staged = {key for key in keys(OWN) if "//late-action/" in key or "//dispute-" in key}
    assert {"OWN//late-action/owner", "OWN//dispute-resolution/whole"} < staged
    assert "OWN//late-action/longest-pause" in staged
    assert len(staged) == 4 + 1 + 5 + 1


def test_a_period_set_stands_in_the_rule_with_what_it_replaced() -> None:
    rule = with_set(STANDARD, PERIOD, "4 weeks").deadline("made-up-ppm")
    assert rule is not None
    assert rule.period == Period(4, Unit.WEEKS)
    assert rule.local == "set by the authority, instead of 10 weeks"
    assert rule.clauses == ("STD-1",)


def test_every_period_of_a_deadline_may_be_set_by_itself() -> None:
    months = Unit.MONTHS
    rule = deadline(
        "health",
        "STD-1",
        1,
        by_age=((5, Period(6, months)), (None, Period(12, months))),
        repeats=True,
        then=(Period(3, months),),
    )
    procedure = replace(STANDARD, deadlines=(rule,), bodies=())
    assert [figure.what for figure in figures(procedure)] == [
        "period",
        "under-5",
        "older",
        "then-1",
    ]
    now = with_set(procedure, "STD//health/older", "9 months").deadline("health")
    assert now is not None
    assert now.by_age == ((5, Period(6, months)), (None, Period(9, months)))
    assert (now.period, now.then) == (rule.period, rule.then)


def test_each_period_of_a_deadline_is_named_by_what_it_runs_from() -> None:
    three, six = Period(3, Unit.MONTHS), Period(6, Unit.MONTHS)
    rule = deadline("review", "STD-1", 4, then=(three, six), then_words="the last review")
    procedure = replace(STANDARD, deadlines=(rule,), bodies=())
    assert [figure.title for figure in figures(procedure)] == [
        "Review of STD-1",
        "Review of STD-1 (number 2, from the last review)",
        "Review of STD-1 (each later one, from the last review)",
    ]


def test_what_the_authority_adds_to_a_body_cites_no_clause() -> None:
    body = with_set(STANDARD, f"STD/{BODY}/most-cases/most", "6").body(BODY)
    assert body is not None and body.most_cases is not None
    rule = body.most_cases
    assert (rule.most, rule.clauses, rule.local) == (6, (), "set by the authority")
    assert rule.findings(5) == ()
    assert rule.findings(6)[0].message.startswith("The agenda is full: at most 6")


def test_a_quorum_a_time_and_an_order_of_chairs_can_be_added() -> None:
    settings = [
        setting(f"STD/{BODY}/quorum/others", "2", number=1),
        setting(f"STD/{BODY}/case-timing/minutes", "5,10,5", number=2),
        setting(f"STD/{BODY}/chair-order/posts", "scribe,convenor", number=3),
    ]
    body = applied(STANDARD, in_force(settings, SINCE)).body(BODY)
    assert body is not None and body.timing is not None
    assert body.timing.minutes == 20
    assert [rule.others for rule in body.membership if isinstance(rule, Quorum)] == [2]
    assert {post.code: post.chairs for post in body.posts} == {"scribe": 1, "convenor": 2}


def test_a_setting_holds_from_its_day_until_a_later_one() -> None:
    settings = [
        setting(PERIOD, "4 weeks", date(2026, 9, 1), 1),
        setting(PERIOD, "6 weeks", date(2027, 1, 1), 2),
        setting(PERIOD, "", date(2027, 6, 1), 3),
    ]
    periods = {}
    for on in (date(2026, 8, 31), date(2026, 9, 1), date(2026, 12, 31), date(2027, 1, 1)):
        rule = applied(STANDARD, in_force(settings, on)).deadline("made-up-ppm")
        periods[on] = str(rule.period) if rule else ""
    assert list(periods.values()) == ["10 weeks", "4 weeks", "4 weeks", "6 weeks"]
    assert applied(STANDARD, in_force(settings, date(2027, 6, 1))) is STANDARD


def test_what_was_taken_back_does_not_hold() -> None:
    back = setting(PERIOD, "4 weeks", taken_back_at=datetime(2026, 9, 2))
    assert applied(STANDARD, in_force([back], SINCE)) is STANDARD


def test_a_setting_of_what_an_edition_lays_down_since_is_left_out() -> None:
    laid_down = replace(STANDARD, bodies=(FULL,))
    assert with_set(laid_down, f"STD/{BODY}/most-cases/most", "9") is laid_down


def test_a_setting_that_cannot_be_read_is_left_out() -> None:
    assert with_set(STANDARD, PERIOD, "soon") is STANDARD
    assert with_set(STANDARD, f"STD/{BODY}/chair-order/posts", "nobody") is STANDARD


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        (PERIOD, " 4  Weeks ", "4 weeks"),
        (PERIOD, "1 month", "1 month"),
        (PERIOD, "3 working days", "3 working days"),
        (PERIOD, "0 weeks", None),
        (PERIOD, "1000 weeks", None),
        (PERIOD, "-1 weeks", None),
        (PERIOD, "4 moons", None),
        (PERIOD, "weeks", None),
        (f"STD/{BODY}/most-cases/most", "12", "12"),
        (f"STD/{BODY}/most-cases/most", "012", "12"),
        (f"STD/{BODY}/most-cases/most", "0", None),
        (f"STD/{BODY}/most-cases/most", "1.5", None),
        (f"STD/{BODY}/most-cases/most", "²", None),
        (f"STD/{BODY}/most-cases/most", "9" * 5000, None),
        (f"STD/{BODY}/case-timing/minutes", "5, 15, 5", "5,15,5"),
        (f"STD/{BODY}/case-timing/minutes", "0,0,0", None),
        (f"STD/{BODY}/case-timing/minutes", "5,15", None),
        (f"STD/{BODY}/case-timing/minutes", "5,,5", None),
        (f"STD/{BODY}/chair-order/posts", "scribe,convenor", "scribe,convenor"),
        (f"STD/{BODY}/chair-order/posts", "scribe,scribe", None),
        (f"STD/{BODY}/chair-order/posts", "scribe,king", None),
        (f"STD/{BODY}/chair-order/posts", ",", None),
    ],
)
def test_what_is_typed_is_read_or_refused(key: str, typed: str, kept: str | None) -> None:
    figure = next(one for one in figures(STANDARD) if one.key == key)
    assert figure.read(typed) == kept


def _quorum(procedure: Procedure) -> Figure:
    return next(one for one in figures(procedure) if one.rule == "quorum" and one.body)


def test_no_more_members_are_needed_than_there_are_posts() -> None:
    bcp = _quorum(plugins.bcp.PROCEDURE)
    assert [bcp.too_many(typed) for typed in ("1", "2", "3", "999")] == [False] * 2 + [True] * 2
    assert bcp.limit == (
        "Enter a whole number from 1 to 2: there are 3 posts, the chair’s among them"
    )
    assert not _quorum(STANDARD).too_many("2") and _quorum(STANDARD).too_many("3")
    several = _quorum(plugins.somerset.PROCEDURE)
    assert not several.too_many("999") and several.limit == ""


def test_a_value_is_said_in_words() -> None:
    said = {one.rule: one.words for one in figures(STANDARD)}
    assert said["most-cases"]("1") == "1 case"
    assert said["most-cases"]("6") == "6 cases"
    assert said["made-up-ppm"]("4 weeks") == "4 weeks"
    assert said["case-timing"]("5,15,5") == "25 minutes: 5, 15 and 5"
    assert said["chair-order"]("scribe,convenor") == "Scribe, then Convenor"
    assert said["quorum"](None) == ""


def test_every_figure_has_a_key_of_its_own() -> None:
    two = replace(STANDARD, bodies=(CIRCLE, replace(CIRCLE, code="other-circle")))
    listed = [figure.key for figure in figures(two)]
    assert len(set(listed)) == len(listed)


def test_a_quorum_that_was_set_before_it_was_too_many_holds_as_it_is_shown() -> None:
    bcp = _quorum(plugins.bcp.PROCEDURE)
    held = with_set(plugins.bcp.PROCEDURE, bcp.key, "5")
    (quorum,) = (rule for rule in held.bodies[0].membership if isinstance(rule, Quorum))
    assert quorum.others == 5
