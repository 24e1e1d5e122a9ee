"""Typed rows of care: what they stand in place of, and what then stands."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.care import LOOKED_AFTER, MISSING, care_on
from core.domain.care_typing import ADOPTION_DECISION, ASYLUM, EPISODE, REVIEW, CareKind, faults
from core.domain.child import ChildFacts
from core.domain.episode import AsylumStatus, Episode, Review, RowSource, Typed
from core.domain.typed_care import standing

ON = date(2026, 11, 23)
FIRST, SECOND = date(2025, 5, 1), date(2025, 9, 1)


def row(
    decom: date, year: int | None = None, typed: Typed | None = None, ls: str = "C1"
) -> Episode:
    source = RowSource("000000000001", 2) if typed is None else None
    return Episode(decom, "S", ls, "N1", "U6", "PR1", source=source, year=year, typed=typed)


def child(*episodes: Episode, **more: object) -> ChildFacts:
    return ChildFacts("0101", episodes, **more)  # type: ignore[arg-type]


def test_a_typed_row_stands_in_place_of_the_files_row_of_the_day_that_it_corrects() -> None:
    stood = standing(child(row(FIRST, 2026), row(SECOND, None, Typed(1, FIRST), "C2")))
    assert [(e.decom, e.ls) for e in stood.episodes] == [(SECOND, "C2")]


def test_a_typed_row_stands_over_a_file_that_came_later_with_the_same_day() -> None:
    stood = standing(child(row(FIRST, None, Typed(1), "C2"), row(FIRST, 2027)))
    assert [e.ls for e in stood.episodes] == ["C2"]


def test_a_void_leaves_nothing_in_the_place_of_the_files_row() -> None:
    void = row(FIRST, None, Typed(1, FIRST, void=True))
    assert standing(child(row(FIRST, 2026), void)).episodes == ()


def test_a_corrected_child_whom_the_latest_return_lacks_is_still_noticed() -> None:
    corrected = child(row(FIRST, 2025), row(FIRST, None, Typed(1, FIRST), "C2"))
    assert care_on(standing(corrected), ON, {2025, 2026}).status == MISSING
    assert care_on(standing(corrected), ON, {2025}).status == LOOKED_AFTER
    only_typed = child(row(FIRST, None, Typed(1), "C2"))
    assert care_on(standing(only_typed), ON, {2025, 2026}).status == LOOKED_AFTER


def test_a_typed_review_and_asylum_status_stand_over_files() -> None:
    file = RowSource("000000000001", 3)
    stood = standing(
        child(
            reviews=(
                Review(FIRST, ("PN1",), file, 2026),
                Review(FIRST, ("PN7",), typed=Typed(1, FIRST)),
                Review(SECOND, ("PN1",), file, 2026),
            ),
            asylum=(
                AsylumStatus(None, file, 2026),
                AsylumStatus(SECOND, typed=Typed(1)),
            ),
        )
    )
    assert [(r.on, r.codes) for r in stood.reviews] == [(FIRST, ("PN7",)), (SECOND, ("PN1",))]
    assert [a.until for a in stood.asylum] == [SECOND]


def test_facts_without_a_typed_row_stay_as_they_are() -> None:
    facts = child(row(FIRST, 2026))
    assert standing(facts) is facts


GOOD = {"decom": "2025-05-01", "rne": "S", "ls": "C1", "cin": "N1", "place": "U6"}


DECIDED = {"decided_on": "2025-05-01"}


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (EPISODE, GOOD | {"decom": ""}, "decom"),
        (EPISODE, GOOD | {"ls": ""}, "ls"),
        (EPISODE, GOOD | {"ls": "C9"}, "ls"),
        (EPISODE, GOOD | {"decom": "2026-11-24"}, "decom"),
        (EPISODE, GOOD | {"decom": "2019-05-03"}, "decom"),
        (EPISODE, GOOD | {"dec": "2025-04-30"}, "dec"),
        (EPISODE, GOOD | {"urn": "x" * 65}, "urn"),
        (REVIEW, {"held_on": "2026-12-01", "code": "PN1"}, "held_on"),
        (REVIEW, {"held_on": "2026-10-01", "code": ""}, "code"),
        (ADOPTION_DECISION, DECIDED | {"ceased_on": "2025-06-01"}, "ceased_reason"),
        (ADOPTION_DECISION, DECIDED | {"ceased_reason": "RD1"}, "ceased_on"),
        (
            ADOPTION_DECISION,
            DECIDED | {"ceased_on": "2025-04-01", "ceased_reason": "RD1"},
            "ceased_on",
        ),
        (ASYLUM, {"ceases": "2018-01-01"}, "ceases"),
    ],
)  # fmt: skip
def test_what_is_impossible_is_refused_beside_its_field(
    kind: CareKind, values: dict[str, str], field: str
) -> None:
    born = date(2019, 5, 4)
    assert [f.field for f in faults(kind, values, {}, born, ON)] == [field]


def test_a_code_of_no_list_may_stay_in_a_row_that_has_it() -> None:
    values = GOOD | {"place": "F1"}
    assert faults(EPISODE, values, {"place": "F1"}, None, ON) == ()
    assert faults(ASYLUM, {"ceases": "2027-01-01"}, {}, None, ON) == ()
