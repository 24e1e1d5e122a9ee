"""Two people on one record: what both typed is kept, and only one field changed by both clashes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.domain.merge import Clash, merge

FIELDS = st.sampled_from(["sought", "summary", "worker", "team"])
VALUES = st.sampled_from(["", "a", "b", "c"])
RECORDS = st.dictionaries(FIELDS, VALUES)


def test_two_people_on_different_fields_keep_both() -> None:
    seen = {"sought": "", "team": "Quill team"}
    stored = {"sought": "", "team": "Sedge team"}
    merged = merge(seen, {"sought": "A match", "team": "Quill team"}, stored)
    assert merged.changes == {"sought": "A match"}
    assert merged.clashes == ()


def test_two_people_on_one_field_clash_with_both_texts() -> None:
    merged = merge({"sought": ""}, {"sought": "mine"}, {"sought": "theirs"})
    assert merged.changes == {}
    assert merged.clashes == (Clash("sought", "mine", "theirs"),)


def test_taking_an_answer_out_is_a_change_like_any_other() -> None:
    assert merge({"sought": "old"}, {"sought": ""}, {"sought": "old"}).changes == {"sought": ""}
    assert merge({"sought": "old"}, {"sought": ""}, {"sought": "new"}).clashes == (
        Clash("sought", "", "new"),
    )


@given(RECORDS, RECORDS, RECORDS)
def test_every_field_typed_is_kept_refused_or_left_and_nothing_else_is_touched(
    seen: dict[str, str], typed: dict[str, str], stored: dict[str, str]
) -> None:
    merged = merge(seen, typed, stored)
    clashing = {clash.field for clash in merged.clashes}
    assert not clashing & set(merged.changes)
    assert clashing | set(merged.changes) <= set(typed)
    for field, mine in typed.items():
        before, now = seen.get(field, ""), stored.get(field, "")
        result = merged.changes.get(field, now)
        if field in clashing:
            assert mine not in (before, now) and before != now
        elif mine == before:
            assert result == now
        else:
            assert result == mine


@given(RECORDS, RECORDS)
def test_alone_on_a_record_there_is_no_clash_and_all_that_was_typed_stands(
    stored: dict[str, str], typed: dict[str, str]
) -> None:
    merged = merge(stored, typed, stored)
    assert merged.clashes == ()
    after = {**stored, **merged.changes}
    assert all(after.get(field, "") == mine for field, mine in typed.items())


@given(RECORDS, RECORDS, RECORDS)
def test_saving_the_same_again_changes_nothing(
    seen: dict[str, str], typed: dict[str, str], stored: dict[str, str]
) -> None:
    first = merge(seen, typed, stored)
    after = {**stored, **first.changes}
    assert merge(seen, typed, after).changes == {}


@given(RECORDS, RECORDS, RECORDS)
def test_whoever_saves_first_loses_nothing_to_the_second(
    seen: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    first = merge(seen, mine, seen)
    stored = {**seen, **first.changes}
    second = merge(seen, theirs, stored)
    for field, value in first.changes.items():
        assert second.changes.get(field, stored[field]) == value
