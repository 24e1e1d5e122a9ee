"""What is found before a change and after it, and the mark of what somebody was shown."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.domain.finding import Finding
from core.domain.preview import mark_of
from core.domain.what_changes import Kind, Says, compared

THEN, NOW = date(2026, 12, 3), date(2026, 12, 10)
FINDINGS = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["late", "full", "of age"]),
        st.sampled_from(["a", "b"]),
    ),
    max_size=5,
)


@given(FINDINGS, FINDINGS)
def test_everything_new_is_said_and_nothing_that_was_known(
    before: list[Finding], after: list[Finding]
) -> None:
    says = compared(before, after)
    new = [(one.code, one.message) for one in says if one.kind is Kind.NEW]
    known = {(one.code, one.message) for one in before}
    assert new == [(f.code, f.message) for f in after if (f.code, f.message) not in known]
    gone = {one.code for one in says if one.kind is Kind.GONE}
    assert gone == {f.code for f in before} - {f.code for f in after}


@given(FINDINGS)
def test_what_stays_the_same_says_nothing(found: list[Finding]) -> None:
    assert compared(found, found) == ()


def test_a_finding_that_only_names_the_other_day_is_the_same_one() -> None:
    before = [Finding("Nobody holds the chair on 3 December 2026", "empty", ("TOY-2",))]
    after = [Finding("Nobody holds the chair on 10 December 2026", "empty", ("TOY-2",))]
    assert compared(before, after, THEN, NOW) == ()
    assert len(compared(before, after)) == 1
    (blocking,) = compared([], after)
    assert blocking == Says(Kind.NEW, after[0].message, ("TOY-2",), "empty", blocks=True)


def test_a_mark_is_that_of_what_is_shown() -> None:
    shown = Says(Kind.NEW, "Late", ("BEX-1.6",))
    assert mark_of(THEN, [shown]) == mark_of(THEN, [Says(Kind.NEW, "Late", ("BEX-1.6",))])
    assert mark_of(THEN, [shown]) != mark_of(NOW, [shown])
    assert mark_of(THEN, [shown]) != mark_of(THEN, [])
