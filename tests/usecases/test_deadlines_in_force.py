"""Which edition of which procedure a deadline stands under, and with which of the figures set."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from builders.dated import BANK_HOLIDAYS, day
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.clauses import Clause
from core.domain.dated import Course, Dated
from core.domain.dates import Calendar, Period, Unit
from core.domain.due import Due
from core.domain.procedure import Procedure
from core.domain.procedure.local import Setting
from core.domain.procedure.timetable import Deadline, Run
from core.domain.windows import Reckoned, of_course
from core.registry import Registered, Registry
from core.store.enabled import Enabled
from core.usecases.editions import Editions
from core.usecases.reckoning import windows_of

WEEKS = Unit.WEEKS
AT = datetime(2026, 1, 1)


def rule(code: str, weeks: int, **more: object) -> Deadline:
    plain: dict[str, object] = {
        "code": "first-ppm",
        "clauses": (f"{code}-1",),
        "anchor": "became-looked-after",
        "anchor_words": "becoming looked after",
        "period": Period(weeks, WEEKS),
    }
    return Deadline(**plain | more)  # type: ignore[arg-type]


def procedure(
    code: str, weeks: int, edition: str = "", since: str = "", **more: object
) -> Procedure:
    rules = more.pop("rules", None) or (rule(code, weeks),)
    return Procedure(
        code=code,
        title=code,
        clauses={f"{code}-1": Clause(f"{code}-1", "A rule", "A day")},
        edition=edition,
        in_force_from=day(since) if since else None,
        deadlines=rules,  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def follows(code: str, since: str, until: str = "", position: int = 1) -> Enabled:
    ends = day(until) if until else None
    return Enabled(position, code, position, day(since), ends, "", AT, "")


def figure(code: str, value: str, since: str) -> Setting:
    return Setting(code, "", "first-ppm", "period", value, day(since), "", "", AT, f"{code}{since}")


def editions(
    procedures: Iterable[Procedure], followed: Iterable[Enabled], *figures: Setting
) -> Editions:
    registry = Registry(Registered("toys", one) for one in procedures)
    return Editions(registry, followed, figures)


def reckoned(followed: Editions, began: str | None, **days: str) -> list[Reckoned]:
    """What is due of a child in care since a day; None where that day is not known."""
    events = {name: (Dated(day(on)),) for name, on in days.items()}
    unknown = {} if began else {"became-looked-after": "the day care began"}
    if began:
        events["became-looked-after"] = (Dated(day(began)),)
    course = Course(1, day(began or "2020-01-01"), events=events, unknown=unknown)
    return list(of_course(windows_of(followed), course, BANK_HOLIDAYS))


def stands(followed: Editions, began: str | None, **days: str) -> list[tuple[str, str, str]]:
    """Under which procedure and edition it stands, and when it is due."""
    return [
        (one.procedure.code, one.procedure.edition, str(one.due.due))
        for one in reckoned(followed, began, **days)
    ]


OLD, NEW = procedure("TOY", 4, "first"), procedure("TOY", 2, "second", "2026-06-01")


def test_the_edition_in_force_on_the_anchors_day_counts_also_for_a_limit_after_it() -> None:
    followed = editions([OLD, NEW], [follows("TOY", "2020-01-01")])
    assert stands(followed, "2026-05-31") == [("TOY", "first", "2026-06-28")]
    assert stands(followed, "2026-06-01") == [("TOY", "second", "2026-06-15")]


def test_an_edition_without_a_date_is_in_force_from_when_the_authority_follows_it() -> None:
    followed = editions([OLD], [follows("TOY", "2026-03-01", "2026-09-01")])
    assert [
        stands(followed, on) for on in ("2026-02-28", "2026-03-01", "2026-08-31", "2026-09-01")
    ] == [[], [("TOY", "first", "2026-03-29")], [("TOY", "first", "2026-09-28")], []]


def test_the_edition_is_that_of_its_own_anchor_whichever_run_is_the_earliest() -> None:
    earlier = (Run(anchor="x", anchor_words="x", period=Period(1, Unit.DAYS)),)
    old = procedure("TOY", 10, "first", rules=(rule("TOY", 10, or_earlier=earlier),))
    followed = editions([old, NEW], [follows("TOY", "2020-01-01")])
    assert stands(followed, "2026-05-25", x="2026-06-05") == [("TOY", "first", "2026-06-06")]


def test_each_run_of_what_repeats_stands_under_the_edition_of_its_own_day() -> None:
    again = {"repeats": True, "asks_for": "toy-circle", "met_by": ("x",)}
    old = procedure("TOY", 4, "first", rules=(rule("TOY", 4, **again),))
    new = procedure("TOY", 2, "second", "2026-06-01", rules=(rule("TOY", 2, **again),))
    followed = editions([old, new], [follows("TOY", "2020-01-01")])
    found = reckoned(followed, "2026-05-20", x="2026-06-10")
    assert [(one.procedure.edition, str(one.due.due), one.due.run) for one in found] == [
        ("first", "2026-06-17", 1),
        ("second", "2026-06-24", 2),
    ]


def test_a_figure_holds_from_its_day_and_says_that_the_authority_set_it() -> None:
    followed = editions(
        [OLD], [follows("TOY", "2020-01-01")],
        figure("TOY", "6 weeks", "2026-03-01"), figure("TOY", "3 weeks", "2026-06-01"),
    )  # fmt: skip
    assert [stands(followed, on)[0][2] for on in ("2026-02-28", "2026-03-01", "2026-06-01")] == [
        "2026-03-28",
        "2026-04-12",
        "2026-06-22",
    ]
    (found,) = reckoned(followed, "2026-03-01")
    assert found.due.reason == (
        "6 weeks from becoming looked after on 1 March 2026 (set by the authority, instead of "
        "4 weeks)"
    )


def test_the_first_procedure_wins_and_names_the_clause_that_it_replaced() -> None:
    two, ten = procedure("AAA", 2), procedure("BBB", 10)
    both = [follows("AAA", "2020-01-01"), follows("BBB", "2020-01-01", position=2)]
    (found,) = reckoned(editions([two, ten], both), "2026-03-02")
    assert (found.procedure.code, found.due.instead_of) == ("AAA", ("BBB-1",))
    turned = [follows("AAA", "2020-01-01", position=2), follows("BBB", "2020-01-01")]
    (found,) = reckoned(editions([two, ten], turned), "2026-03-02")
    assert (found.procedure.code, found.due.instead_of) == ("BBB", ("AAA-1",))
    assert str(found.due.due) == "2026-05-11"


def test_a_statutory_rule_stands_beside_and_is_never_replaced() -> None:
    law = procedure("LAW", 4, "", "2011-04-01", always=True)
    followed = editions([law, procedure("AAA", 2)], [follows("AAA", "2020-01-01")])
    found = reckoned(followed, "2026-03-02")
    assert {(one.procedure.code, one.due.instead_of) for one in found} == {
        ("LAW", ()),
        ("AAA", ()),
    }
    assert stands(followed, "2011-03-31") == []


def test_a_procedure_put_in_the_place_of_another_counts_from_its_day() -> None:
    changes = [follows("AAA", "2020-01-01", "2026-06-01"), follows("BBB", "2026-06-01")]
    followed = editions([procedure("AAA", 2), procedure("BBB", 10)], changes)
    assert stands(followed, "2026-05-31") == [("AAA", "", "2026-06-14")]
    assert stands(followed, "2026-06-01") == [("BBB", "", "2026-08-10")]


def there(found: Iterable[Reckoned], on: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(r.procedure.code, r.due.instead_of) for r in found if r.due.there(day(on))]


def test_what_is_not_known_stands_under_whatever_is_in_force_on_the_day_asked_about() -> None:
    changes = [
        follows("AAA", "2021-01-01", "2026-06-01"),
        follows("BBB", "2026-06-01"),
        follows("CCC", "2026-03-01", "2026-09-01", position=2),
    ]
    every = [procedure(code, 2) for code in ("AAA", "BBB", "CCC")]
    found = reckoned(editions(every, changes), None)
    assert all(one.due.missing == "the day care began" for one in found)
    assert there(found, "2020-12-31") == []
    assert there(found, "2026-02-28") == [("AAA", ())]
    assert there(found, "2026-03-01") == [("AAA", ("CCC-1",))]
    assert there(found, "2026-06-01") == [("BBB", ("CCC-1",))]
    assert there(found, "2026-09-01") == [("BBB", ())]


DAYS = st.dates(date(2026, 1, 1), date(2026, 4, 30))
ENABLED = st.lists(st.tuples(st.sampled_from(["AAA", "BBB"]), DAYS, st.none() | DAYS), max_size=4)
FIGURES = st.lists(st.tuples(st.sampled_from(["AAA", "BBB"]), st.integers(1, 3), DAYS), max_size=4)


@settings(max_examples=60, deadline=None)
@given(ENABLED, FIGURES, DAYS, st.none() | DAYS)
def test_on_each_day_the_windows_are_what_is_followed_on_that_day(
    enabled: list[tuple[str, date, date | None]],
    figures: list[tuple[str, int, date]],
    edition: date,
    began: date | None,
) -> None:
    rows = [
        Enabled(n, code, n, since, until, "", AT, "")
        for n, (code, since, until) in enumerate(enabled)
        if not any(other == code for other, _, _ in enabled[:n])
    ]
    procedures = [
        procedure("AAA", 4, "first"),
        procedure("AAA", 8, "second", str(edition)),
        procedure("BBB", 6),
        procedure("LAW", 9, "", "2026-02-01", always=True),
    ]
    set_ = [figure(code, f"{weeks} weeks", str(since)) for code, weeks, since in figures]
    followed = editions(procedures, rows, *set_)
    windows = windows_of(followed)
    for number in range(150):
        on = date(2025, 12, 20) + timedelta(days=number)
        held = sorted((w for w in windows if w.holds(on)), key=lambda w: (w.always, w.order))
        assert [w.procedure for w in held] == list(followed.followed(on))
        events = {"became-looked-after": (Dated(on),)} if began is None else {}
        unknown = {"became-looked-after": "not known"} if began else {}
        course = Course(1, date(2020, 1, 1), events=events, unknown=unknown)
        dues = [r for r in of_course(windows, course, Calendar()) if r.due.there(on)]
        wanted = [p for p in followed.followed(on) if p.always][:1]
        wanted += [p for p in followed.followed(on) if not p.always][:1]
        assert {r.procedure.edition + r.procedure.code for r in dues} == {
            p.edition + p.code for p in wanted
        }
        assert {_length(r.due) for r in dues} <= {str(p.deadlines[0].period) for p in wanted} | {""}
        keys = [(r.procedure.code, r.due.rule.code, r.due.run) for r in dues]
        assert len(keys) == len(set(keys))


def _length(due: Due) -> str:
    return due.reason.partition(" from")[0]
