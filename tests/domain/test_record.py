"""Kinds of entries, the plan in use, disagreements, proceedings on a day, and wrong values."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.domain.record import KINDS, FactType, Kind
from core.domain.record.recorded import (
    Recorded,
    plan_in_use,
    plan_otherwise,
    plan_state,
    proceedings_on,
)
from core.domain.record.statements import Statement
from core.domain.record.summary import Summary, summary
from core.domain.record.wrong import AT_ODDS, IN_ORDER, NEEDS, entry_faults, value_fault

MADE = datetime(2026, 11, 1, 9, 0)
ON = date(2026, 11, 23)
BORN = date(2020, 5, 4)


def entry(
    kind: str, number: int = 1, said: str = "", as_at: date = ON, of: str = "", **values: str
) -> Recorded:
    """An entry that one source stated: typed, or a kind of file (``said``).

    ``of`` is the local id of which it was said, where that record was merged into the child's.
    """
    return Recorded(
        number,
        f"entry-{number}",
        kind,
        MADE,
        tuple(
            Statement(
                number * 100 + n, field, value, format=said, as_at=as_at, stated_at=MADE, said_of=of
            )
            for n, (field, value) in enumerate(values.items())
        ),
    )


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_a_kind_names_only_fields_that_it_has(kind: Kind) -> None:
    codes = [field.code for field in kind.fields]
    assert len(codes) == len(set(codes))
    named = {*kind.key, *([kind.order] if kind.order else [])}
    named |= {code for pair in IN_ORDER.get(kind.code, ()) for code in pair}
    for field, _, needed in NEEDS.get(kind.code, ()):
        named |= {field, *needed}
    for field, _, other in AT_ODDS.get(kind.code, ()):
        named |= {field, other}
    named |= set(kind.apart)
    assert named <= set(codes)
    assert not kind.part_of or kind.part_of in KINDS
    assert bool(kind.key) != kind.single
    assert any(field.main for field in kind.fields)
    for field in kind.fields:
        assert bool(field.choices) == (field.type in (FactType.CHOICE, FactType.CHOICES))


def test_the_key_of_an_entry_is_what_names_it() -> None:
    assert KINDS["gateway"].key_of({"held_on": "2026-02-03"}) == "2026-02-03"
    meeting = {"meeting": "PPM", "held_on": " 2026-02-03 "}
    assert KINDS["earlier-meeting"].key_of(meeting) == "ppm 2026-02-03"
    assert KINDS["earlier-meeting"].key_of({"held_on": "2026-02-03"}) == ""
    assert KINDS["adoption"].key_of({"decided_on": "2026-02-03"}) == ""
    assert len(KINDS["contact"].key_of({"name": "n" * 900})) == 200


def test_the_plan_in_use_is_the_latest_that_has_not_ended() -> None:
    old = entry("plan", 1, primary="adoption", identified_on="2025-01-01")
    new = entry("plan", 2, primary="sgo", identified_on="2026-01-01")
    over = entry("plan", 3, primary="cao", identified_on="2026-06-01", ended_on="2026-07-01")
    listed = entry("plan", 4, "list 8", primary="adoption")
    assert plan_in_use([over, old, listed, new]) is new
    assert plan_in_use([over, listed]) is listed
    assert plan_in_use([over]) is None


@pytest.mark.parametrize(
    ("listed", "as_at", "differs"),
    [
        ("adoption", date(2026, 3, 31), True),
        ("adoption", date(2025, 3, 31), False),
        ("sgo-or-cao", date(2026, 3, 31), False),
        ("unspecified", date(2026, 3, 31), False),
    ],
)
def test_a_list_says_otherwise_where_it_is_later_and_means_another_plan(
    listed: str, as_at: date, differs: bool
) -> None:
    used = entry("plan", 1, primary="sgo", identified_on="2026-01-01")
    other = entry("plan", 2, "list 8", as_at, primary=listed)
    assert (plan_otherwise([used, other]) is other) == differs
    assert summary([used, other]).disagreements == differs


@pytest.mark.parametrize(
    ("as_at", "differs"), [(date(2026, 9, 1), True), (date(2026, 8, 31), False)]
)
def test_a_tracker_on_or_after_the_typed_day_says_otherwise_whatever_day_its_plan_has(
    as_at: date, differs: bool
) -> None:
    typed = Statement(1, "primary", "sgo", as_at=date(2026, 9, 1), stated_at=MADE)
    used = Recorded(1, "e", "plan", MADE, (typed,))
    other = entry("plan", 2, "tracker", as_at, primary="adoption", identified_on="2026-03-01")
    assert plan_in_use([used, other]) is used
    assert (plan_otherwise([used, other]) is other) == differs
    newer = entry("plan", 3, "tracker", date(2026, 10, 1), primary="sgo")
    assert plan_otherwise([used, other, newer]) is None


@pytest.mark.parametrize(
    ("as_at", "differs"), [(date(2026, 10, 20), True), (date(2026, 9, 30), False)]
)
def test_a_tracker_is_held_against_the_day_of_a_typed_plan_and_not_of_its_typing(
    as_at: date, differs: bool
) -> None:
    used = entry("plan", 1, as_at=ON, primary="sgo", identified_on="2026-10-01")
    other = entry("plan", 2, "tracker", as_at, primary="adoption", identified_on="2026-10-02")
    assert plan_in_use([used, other]) is used
    assert (plan_otherwise([used, other]) is other) == differs


@pytest.mark.parametrize("primary", ["unspecified", "adoption"])
def test_no_file_takes_the_place_of_a_typed_plan_whatever_day_its_plan_has(primary: str) -> None:
    typed = entry("plan", 1, as_at=date(2026, 9, 17), primary="long-term-fostering")
    filed = entry("plan", 2, "tracker", primary=primary, identified_on="2026-11-02")
    assert plan_in_use([typed, filed]) is typed
    differs = primary == "adoption"
    assert (plan_otherwise([typed, filed]) is filed) == differs
    assert summary([typed, filed]).disagreements == differs
    assert summary([typed, filed]).plan == "long-term-fostering"


@pytest.mark.parametrize("as_at", [date(2026, 9, 30), date(2026, 8, 31)])
def test_a_plan_typed_of_a_merged_record_stays_in_use_and_the_other_s_files_say_otherwise(
    as_at: date,
) -> None:
    typed = entry("plan", 1, as_at=date(2026, 9, 17), of="0102", primary="sgo", state="agreed")
    vague = entry("plan", 2, "tracker", as_at, primary="unspecified", identified_on="2026-11-02")
    assert plan_in_use([typed, vague]) is typed
    assert plan_otherwise([typed, vague]) is None
    filed = entry("plan", 3, "tracker", as_at, primary="adoption", identified_on="2026-11-02")
    assert plan_in_use([typed, filed]) is typed
    assert plan_otherwise([typed, filed]) is filed
    assert summary([typed, filed]).disagreements == 1


def test_of_plans_typed_of_two_records_that_are_one_the_own_is_in_use_and_the_other_is_said() -> (
    None
):
    own = entry("plan", 1, as_at=date(2026, 9, 1), primary="sgo", identified_on="2026-02-01")
    other = entry("plan", 2, as_at=date(2026, 9, 30), of="0102", primary="adoption")
    assert plan_in_use([own, other]) is own
    assert plan_otherwise([own, other]) is other
    over = entry(
        "plan", 2, as_at=date(2026, 9, 30), of="0102", primary="adoption", ended_on="2026-10-01"
    )
    assert plan_otherwise([own, over]) is None
    same = entry("plan", 2, as_at=date(2026, 9, 30), of="0102", primary="sgo")
    assert plan_otherwise([own, same]) is None


def test_words_that_nobody_knows_in_the_own_file_take_no_place_of_a_merged_record_s_file() -> None:
    vague = entry("plan", 1, "tracker", primary="unspecified", identified_on="2026-11-02")
    named = entry("plan", 2, "tracker", of="0102", primary="sgo", identified_on="2026-03-01")
    assert plan_in_use([vague, named]) is named
    own = entry("plan", 3, "tracker", primary="adoption", identified_on="2026-01-01")
    assert plan_in_use([vague, named, own]) is own
    typed = entry("plan", 4, as_at=date(2026, 9, 17), primary="cao")
    assert plan_otherwise([typed, vague, named]) is named


def test_a_file_with_another_contingency_than_a_typed_plan_says_otherwise() -> None:
    typed = entry("plan", 1, as_at=date(2026, 9, 17), primary="return-home")
    filed = entry(
        "plan", 2, "tracker", primary="return-home", contingencies="adoption",
        identified_on="2026-11-01",
    )  # fmt: skip
    assert summary([typed, filed]).contingencies == ""
    assert plan_otherwise([typed, filed]) is filed
    same = entry(
        "plan", 1, as_at=date(2026, 9, 17), primary="return-home", contingencies="adoption"
    )
    assert plan_otherwise([same, filed]) is None


def test_a_plan_that_a_file_does_not_specify_displaces_none_that_a_file_names() -> None:
    named = entry("plan", 1, "tracker", primary="sgo", identified_on="2026-03-01")
    vague = entry("plan", 2, "tracker", primary="unspecified", identified_on="2026-11-02")
    unsaid = entry("plan", 3, "tracker", identified_on="2026-11-03")
    assert plan_in_use([named, vague, unsaid]) is named
    assert plan_in_use([vague]) is vague


def test_of_several_plans_in_a_file_the_last_that_is_not_over_is_set_against_the_typed_one() -> (
    None
):
    typed = entry("plan", 1, as_at=date(2026, 9, 17), primary="sgo")
    old = entry("plan", 2, "tracker", primary="adoption", identified_on="2024-05-01")
    same = entry("plan", 3, "tracker", primary="sgo", identified_on="2026-09-01")
    over = entry("plan", 4, "tracker", primary="cao", identified_on="2026-10-01", state="ended")
    assert plan_otherwise([typed, old, same, over]) is None
    assert plan_otherwise([typed, old, over]) is old
    assert plan_otherwise([typed, over]) is None


def test_open_proceedings_close_together_may_be_the_same_and_the_hearing_is_kept() -> None:
    one = entry("proceedings", 1, issued_on="2026-09-01", final_hearing_on="2027-01-10")
    two = entry("proceedings", 2, "tracker", issued_on="2026-09-02")
    found = summary([one, two])
    assert (found.disagreements, found.final_hearing_on) == (1, date(2027, 1, 10))
    later = entry("proceedings", 2, "tracker", issued_on="2026-10-03")
    over = entry("proceedings", 2, "tracker", issued_on="2026-09-02", ended_on="2026-09-20")
    assert summary([one, later]).disagreements == summary([one, over]).disagreements == 0


def test_a_file_with_only_a_wider_word_does_not_disagree_in_one_entry() -> None:
    said = (
        Statement(1, "primary", "sgo", stated_at=MADE),
        Statement(2, "primary", "sgo-or-cao", format="list 8", as_at=ON),
        Statement(3, "primary", "adoption", format="tracker", as_at=ON),
    )
    plan = Recorded(1, "e", "plan", MADE, said)
    assert [one.value for one in plan.disagreements["primary"]] == ["adoption"]


def test_how_far_a_plan_is_follows_from_its_days_where_nobody_says() -> None:
    assert plan_state(entry("plan", primary="sgo")) == ""
    assert plan_state(entry("plan", agreed_on="2026-01-01")) == "agreed"
    achieved = entry("plan", agreed_on="2026-01-01", achieved_on="2026-02-01")
    assert plan_state(achieved) == "achieved"
    assert plan_state(entry("plan", state="provisional", agreed_on="2026-01-01")) == "provisional"


@pytest.mark.parametrize(
    ("on", "inside"),
    [
        (date(2026, 1, 9), None),
        (date(2026, 1, 10), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
        (date(2026, 9, 1), True),
    ],
)
def test_a_child_is_in_proceedings_from_their_issue_to_the_final_order(
    on: date, inside: bool | None
) -> None:
    entries = [
        entry("proceedings", 1, issued_on="2026-01-10", ended_on="2026-07-01"),
        entry("proceedings", 2, issued_on="2026-09-01"),
        entry("proceedings", 3, words="A day was never recorded"),
    ]
    assert proceedings_on(entries, on) is inside


def test_the_summary_says_what_is_in_use_of_each_kind() -> None:
    entries = [
        entry(
            "plan", 1, primary="sgo", contingencies="adoption,cao", state="agreed",
            identified_on="2026-01-01", agreed_on="2026-02-01",
        ),
        entry("proceedings", 2, issued_on="2026-01-10", final_hearing_on="2026-12-01"),
        entry("gateway", 3, held_on="2025-12-01", determination="issue"),
        entry("gateway", 4, held_on="2025-06-01", determination="s20"),
        entry("match", 5, matched_on="2026-10-01", ended_on="2026-11-01"),
        entry("match", 6, matched_on="2026-09-01"),
    ]  # fmt: skip
    assert summary(reversed(entries)) == Summary(
        plan="sgo",
        plan_state="agreed",
        plan_identified_on=date(2026, 1, 1),
        plan_agreed_on=date(2026, 2, 1),
        contingencies="adoption,cao",
        proceedings_issued_on=date(2026, 1, 10),
        final_hearing_on=date(2026, 12, 1),
        gateway_held_on=date(2025, 12, 1),
        gateway_determination="issue",
        matched_on=date(2026, 9, 1),
    )


@pytest.mark.parametrize(
    ("kind", "field", "value", "wrong"),
    [
        ("gateway", "held_on", "2026-11-24", "today or in the past"),
        ("gateway", "review_on", "2027-11-24", ""),
        ("gateway", "held_on", "2026-02-30", "a real date"),
        ("gateway", "held_on", "2020-01-04", ""),
        ("gateway", "held_on", "2019-01-04", "too long before"),
        ("proceedings", "issued_on", "2020-05-03", "on or after 4 May 2020"),
        ("carers-approval", "approved_on", "1999-05-03", ""),
        ("gateway", "determination", "guess", "choose one"),
        ("plan", "contingencies", "adoption,guess", "choose among"),
        ("plan", "contingencies", "adoption,sgo", ""),
        ("family-meeting", "agreed", "maybe", "yes or no"),
        ("assessment", "what", "health", "choose one"),
        ("assessment", "done_on", "2020-05-01", ""),
        ("emergency", "placed_on", "2020-05-01", "on or after 4 May 2020"),
        ("emergency", "out_of_area", "perhaps", "yes or no"),
        ("adoption", "adopters", "two", "a whole number"),
        ("adoption", "adopters", "0", "1 to 9"),
        ("adoption", "adopters", "10", "1 to 9"),
        ("adoption", "adopters", "2", ""),
        ("plan", "primary", "unspecified", "choose one"),
        ("contact", "email", "wim", "one address"),
        ("contact", "email", "wim@home.example", ""),
        ("contact", "phone", "ask her", "a number"),
        ("contact", "phone", "+44 (0)121 496 0000 ext. 4", ""),
        ("previous-permanence", "order_on", "soon", "a month and year"),
        ("previous-permanence", "order_on", "March 2030", "in the past"),
        ("previous-permanence", "order_on", "March 2019", ""),
        ("adoption", "adopters", "9" * 400, "a whole number"),
        ("contact", "name", "n" * 201, "too long"),
        ("view", "words", "n" * 20_001, "too long"),
    ],
)
def test_a_value_that_cannot_be_is_said_to_be_wrong(
    kind: str, field: str, value: str, wrong: str
) -> None:
    declared = KINDS[kind].field(field)
    assert declared is not None
    fault = value_fault(declared, value, ON, BORN)
    assert (wrong in fault) if wrong else fault == ""


def test_a_day_before_birth_is_not_refused_while_the_child_is_expected() -> None:
    issued = KINDS["proceedings"].field("issued_on")
    assert issued is not None
    assert value_fault(issued, "2026-11-01", ON, date(2027, 2, 1), expected=True) == ""


@pytest.mark.parametrize(
    ("kind", "values", "fields"),
    [
        ("plan", {"primary": "sgo", "state": "agreed"}, ["agreed_on", "agreed_by"]),
        ("plan", {"primary": "sgo", "state": "achieved"}, ["achieved_on"]),
        ("plan", {"state": "provisional"}, ["primary"]),
        ("proceedings", {"order": "sgo"}, ["ended_on"]),
        ("temporary-approval", {"outcome": "approved"}, ["approved_on", "ended_on"]),
        ("assessment", {"words": "Late"}, ["what", "done_on"]),
        ("plan", {"primary": "sgo", "contingencies": "adoption,sgo"}, ["contingencies"]),
        ("adoption", {"decided_on": "2026-02-01", "matched_on": "2026-01-01"}, ["matched_on"]),
        ("adoption", {"matched_on": "2026-02-01", "placed_on": "2026-01-01"}, ["placed_on"]),
        ("adoption", {"placed_on": "2026-02-01", "order_on": "2026-01-01"}, ["order_on"]),
        ("proceedings", {"issued_on": "2026-02-01", "ended_on": "2026-01-01"}, ["ended_on"]),
    ],
)
def test_parts_of_an_entry_that_do_not_fit_are_said_at_their_field(
    kind: str, values: dict[str, str], fields: list[str]
) -> None:
    every = frozenset(field.code for field in KINDS[kind].fields)
    assert [found.field for found in entry_faults(KINDS[kind], values, every)] == fields
    assert list(entry_faults(KINDS[kind], values, frozenset({"words"}))) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("zz/03/2019", "March 2019"),
        ("3/2019", "March 2019"),
        ("27/3/2019", "27 March 2019"),
        ("27 Mar 2019", "27 March 2019"),
        ("march 2019", "March 2019"),
        ("2019", "2019"),
        ("zz/zz/zzzz", "not known"),
        ("31/2/2019", "31/2/2019"),
        ("", ""),
    ],
)
def test_a_day_that_is_known_in_part_is_kept_in_the_words_of_files(typed: str, kept: str) -> None:
    field = KINDS["previous-permanence"].field("order_on")
    assert field is not None and field.as_kept(typed) == field.as_kept(kept) == kept


@pytest.mark.parametrize(
    ("kind", "values", "fields"),
    [
        ("plan", {"identified_on": "2026-02-01", "agreed_on": "2026-01-01"}, ["agreed_on"]),
        ("plan", {"achieved_on": "2026-02-01", "ended_on": "2026-01-01"}, ["ended_on"]),
        ("plan", {"state": "provisional", "achieved_on": "2026-01-01"}, ["state"]),
        ("plan", {"state": "ended", "achieved_on": "2026-01-01", "ended_on": "2026-02-01"}, []),
        ("plan", {"state": "provisional", "ended_on": "2026-02-01"}, []),
        ("gateway", {"held_on": "2026-02-01", "review_on": "2026-01-01"}, ["review_on"]),
        ("family-meeting", {"held_on": "2026-02-01", "next_on": "2026-01-01"}, ["next_on"]),
        (
            "decision-elsewhere",
            {"decided_on": "2026-02-01", "review_on": "2026-01-01"},
            ["review_on"],
        ),
        (
            "adoption",
            {"placed_on": "2026-02-01", "application_on": "2026-01-01"},
            ["application_on"],
        ),
        (
            "adoption",
            {"placement_order_on": "2026-02-01", "order_on": "2026-01-01"},
            ["order_on"],
        ),
        (
            "carers-approval",
            {"approved_on": "2026-02-01", "reviewed_on": "2026-01-01"},
            ["reviewed_on"],
        ),
        (
            "temporary-approval",
            {"approved_on": "2026-02-01", "extended_on": "2026-01-01", "ended_on": "2026-03-01"},
            ["extended_on"],
        ),
        (
            "temporary-approval",
            {"extended_on": "2026-03-01", "ended_on": "2026-02-01"},
            ["ended_on"],
        ),
        ("match", {"panel_on": "2026-02-01", "matched_on": "2026-01-01"}, ["matched_on"]),
        (
            "proceedings",
            {"issued_on": "2026-02-01", "final_evidence_on": "2026-01-01"},
            ["final_evidence_on"],
        ),
        ("proceedings", {"issued_on": "2026-02-01", "extended_to": "2026-01-01"}, ["extended_to"]),
    ],
)
def test_days_that_cannot_be_in_that_order_are_refused(
    kind: str, values: dict[str, str], fields: list[str]
) -> None:
    found = list(entry_faults(KINDS[kind], values, frozenset(values)))
    assert [one.field for one in found if "cannot be" in one.message] == fields
