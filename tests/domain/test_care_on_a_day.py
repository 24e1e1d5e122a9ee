"""A child's care as at a date: each fact of the SSDA903 reference, section 5."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.domain.care import CareFacts, care_on, facts_json
from core.domain.child import ChildFacts
from core.domain.episode import AdoptionDecision, AsylumStatus, Episode, Review
from core.domain.ssda903_codes import words

ON = date(2026, 3, 31)


def episode(start: str, end: str | None = None, rne: str = "S", ls: str = "C2",
            place: str = "U6", rec: str | None = None, **more: object) -> Episode:  # fmt: skip
    dec = date.fromisoformat(end) if end else None
    reason = rec if rec is not None else ("X1" if end else "")
    row = Episode(date.fromisoformat(start), rne, ls, "N1", place, "PR1", dec, reason)
    return replace(row, **more)


def care(*episodes: Episode, on: date = ON, years: tuple[int, ...] = (), reviews: str = "",
         **more: object) -> CareFacts:  # fmt: skip
    held = tuple(Review(date.fromisoformat(text), ("PN1",)) for text in reviews.split())
    return care_on(ChildFacts("0101", episodes, held, **more), on, years)


def test_a_known_start_is_the_s_that_opens_the_current_period() -> None:
    facts = care(
        episode("2024-01-01", "2024-02-01", rec="E4A"),
        episode("2025-05-01", "2025-06-01"),
        episode("2025-06-01", rne="P"),
    )
    assert facts.status == "looked after"
    assert facts.became_looked_after == date(2025, 5, 1)
    assert facts.became_looked_after_known is True


def test_an_unknown_start_has_the_earliest_date_in_hand() -> None:
    facts = care(episode("2025-05-01", rne="P"), reviews="2025-06-01 2025-09-01")
    assert facts.became_looked_after == date(2025, 5, 1)
    assert facts.became_looked_after_known is False
    assert facts.legal_status_since == date(2025, 5, 1)
    assert facts.legal_status_since_known is False
    assert facts.second_review is None
    assert facts.reviews == (date(2025, 6, 1), date(2025, 9, 1))


def test_care_ceased_on_the_last_end_with_its_reason_and_no_current_order() -> None:
    facts = care(episode("2025-05-01", "2026-03-31", rec="E45"))
    assert (facts.status, facts.ceased, facts.ceased_reason) == ("ceased", ON, "E45")
    assert (facts.legal_status, facts.placement, facts.in_proceedings) == (None, None, None)


def test_an_end_after_the_date_asked_is_not_there_yet() -> None:
    facts = care(episode("2025-05-01", "2026-03-31", rec="E45"), on=date(2026, 3, 30))
    assert (facts.status, facts.ceased) == ("looked after", None)


@pytest.mark.parametrize("rec", ["X1", ""])
def test_an_end_with_nothing_after_and_no_reason_to_leave_is_status_unknown(rec: str) -> None:
    facts = care(episode("2025-05-01", "2025-06-01", rec=rec))
    assert (facts.status, facts.ceased) == ("status unknown", None)
    assert ("388" in facts.flags) is (rec == "X1")


def test_short_breaks_alone_and_no_episodes_are_said() -> None:
    assert care(episode("2025-05-01", ls="V4")).status == "short breaks only"
    assert care().status == "no episodes"
    assert care(episode("2026-04-01")).status == "no episodes"


def test_a_short_break_after_care_leaves_the_child_ceased() -> None:
    facts = care(episode("2025-05-01", "2025-06-01", rec="E4A"), episode("2025-07-01", ls="V3"))
    assert (facts.status, facts.ceased) == ("ceased", date(2025, 6, 1))


def test_an_open_row_that_the_latest_file_lacks_is_missing_once_that_year_began() -> None:
    row = episode("2024-05-01", year=2025)
    assert care(row, on=date(2025, 3, 31), years=(2025, 2026)).status == "looked after"
    missing = care(row, on=date(2025, 4, 1), years=(2025, 2026))
    assert missing.status == "open but missing from latest file"
    assert missing.legal_status == "C2"
    assert care(row, on=ON, years=(2025,)).status == "looked after"
    assert care(replace(row, year=2026), on=ON, years=(2025, 2026)).status == "looked after"


def test_section_20_runs_through_moves_and_stops_with_another_status() -> None:
    rows = (
        episode("2026-01-01", "2026-01-11", ls="V2"),
        episode("2026-01-11", "2026-02-01", rne="P", ls="V2"),
    )
    open_v2 = care(*rows, episode("2026-02-01", rne="P", ls="V2"))
    assert (open_v2.section20_days, open_v2.section20_days_in_period) == (89, 89)
    then_order = care(*rows, episode("2026-02-01", rne="L", ls="C1"))
    assert (then_order.section20_days, then_order.section20_days_in_period) == (None, 31)


@pytest.mark.parametrize(
    ("status", "answer"),
    [("C1", True), ("C2", False), ("E1", False), ("V2", None), ("L1", None), ("L2", None)],
)
def test_proceedings_are_inferred_or_unknown(status: str, answer: bool | None) -> None:
    assert care(episode("2025-05-01", ls=status)).in_proceedings is answer


def test_a_placement_order_is_granted_with_the_first_e1_and_revoked_by_what_follows() -> None:
    rows = (
        episode("2025-05-01", "2025-07-01"),
        episode("2025-07-01", "2025-08-01", rne="L", ls="E1"),
    )
    assert care(*rows, on=date(2025, 7, 15)).placement_order_granted == date(2025, 7, 1)
    back = care(*rows, episode("2025-08-01", rne="L", ls="C2"))
    assert back.placement_order_revoked == date(2025, 8, 1)
    assert back.legal_status_since == date(2025, 8, 1)
    assert care(*rows, on=date(2025, 7, 15)).placement_order_revoked is None
    assert care(*rows, on=date(2025, 7, 15)).full_care_order_ever


def test_a_temporary_placement_shows_the_one_behind_it() -> None:
    rows = (episode("2025-05-01", "2026-03-25"), episode("2026-03-25", rne="P", place="T4"))
    facts = care(*rows)
    assert (facts.placement, facts.base_placement) == ("T4", "U6")
    only_temporary = care(episode("2025-05-01", place="T0"))
    assert (only_temporary.placement, only_temporary.base_placement) == ("T0", None)
    assert care(episode("2025-05-01")).base_placement == "U6"


def test_placed_for_adoption_since_the_run_that_is_still_so() -> None:
    rows = (
        episode("2025-05-01", "2025-06-01", ls="E1", place="A6"),
        episode("2025-06-01", "2025-07-01", rne="P", ls="E1", place="U6"),
        episode("2025-07-01", "2025-08-01", rne="P", ls="E1", place="A6"),
        episode("2025-08-01", "2025-08-03", rne="P", ls="E1", place="T1"),
        episode("2025-08-03", rne="P", ls="E1", place="A6"),
    )
    assert care(*rows).placed_for_adoption_since == date(2025, 7, 1)
    assert care(*rows).placed_for_adoption_since_known
    assert care(*rows, on=date(2025, 6, 15)).placed_for_adoption_since is None


def test_an_adoption_decision_is_live_until_it_is_reversed() -> None:
    decision = AdoptionDecision(date(2025, 6, 1), date(2025, 9, 1), "RD1")
    row = episode("2025-05-01")
    before = care(row, on=date(2025, 8, 31), adoption_decisions=(decision,))
    assert before.adoption_decision_live
    after = care(row, on=date(2025, 9, 1), adoption_decisions=(decision,))
    assert not after.adoption_decision_live
    assert after.adoption_decision is not None
    assert after.adoption_decision.reversed_why == "RD1"
    too_early = care(row, on=date(2025, 5, 31), adoption_decisions=(decision,))
    assert too_early.adoption_decision is None


def test_asylum_status_ends_on_its_date() -> None:
    status = (AsylumStatus(date(2026, 1, 10)),)
    assert care(on=date(2026, 1, 9), asylum=status).asylum_seeking
    assert not care(on=date(2026, 1, 10), asylum=status).asylum_seeking


def test_the_latest_years_asylum_row_is_the_one_read() -> None:
    rows = (AsylumStatus(date(2028, 1, 1), year=2025), AsylumStatus(date(2026, 1, 10), year=2026))
    assert not care(on=ON, asylum=rows).asylum_seeking


def test_reviews_are_distinct_dates_within_the_period_up_to_the_date() -> None:
    facts = care(
        episode("2025-05-01"),
        reviews="2025-04-30 2025-09-01 2025-05-20 2025-05-20 2026-04-01",
    )
    assert facts.reviews == (date(2025, 5, 20), date(2025, 9, 1))
    assert facts.second_review == date(2025, 9, 1)


def test_the_second_review_needs_every_file_since_the_period_began() -> None:
    row = episode("2024-05-01", year=2026)
    held = "2024-05-20 2025-05-01"
    assert care(row, reviews=held, years=(2026,)).second_review is None
    assert care(row, reviews=held, years=(2025, 2026)).second_review == date(2025, 5, 1)


def test_placements_in_12_months_leave_out_same_carer_and_temporary_moves() -> None:
    rows = (
        episode("2025-03-31", "2025-04-01"),
        episode("2025-04-01", "2025-05-01", rne="P"),
        episode("2025-05-01", "2025-06-01", rne="T"),
        episode("2025-06-01", "2025-06-03", rne="P", place="T4"),
        episode("2025-06-03", rne="B", ls="E1"),
    )
    assert care(*rows).placements_in_12_months == 2


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ((episode("2025-05-01", rec="E8"),), "148"),
        ((episode("2025-05-01", "2025-06-01", rec=""),), "148"),
        ((episode("2025-05-01", "2025-05-01", rec="E8"),), "355"),
        ((episode("2025-05-01", "2025-04-01", rec="E8"),), "356"),
        ((episode("2025-05-01", rne="P", year=2026),), "357"),
        ((episode("2025-05-01", place="P1", ls="V2"),), "378"),
        ((episode("2025-05-01", ls="V3", place="U4"),), "384"),
        ((episode("2025-05-01", "2025-06-01", rec="E11"),), "390"),
        ((episode("2025-05-01", place="A6"),), "408"),
        ((episode("2025-05-01", "2025-06-01", rec="E4A"), episode("2025-06-01")), "431"),
        ((episode("2025-05-01", "2025-06-01", rec="E4A"), episode("2025-07-01", rne="P")), "432"),
        ((episode("2025-05-01", "2025-06-01"), episode("2025-06-02", rne="P")), "433"),
        ((episode("2025-05-01", "2025-06-01"), episode("2025-06-02", rne="P")), "388"),
        ((episode("2025-05-01", "2025-06-01"), episode("2025-06-01", rne="L")), "434"),
        ((episode("2025-05-01", "2025-06-01"), episode("2025-06-01", rne="P")), "435"),
        ((episode("2025-05-01", "2025-06-01"), episode("2025-06-01", rne="B")), "436"),
        ((episode("2025-05-01", "2025-06-01", rec="E2"), episode("2025-07-01")), "437"),
        ((episode("2025-05-01"), episode("2025-06-01")), "142"),
        ((episode("2025-05-01"), episode("2025-06-01")), "501"),
        ((episode("2025-05-01", "2025-07-01"), episode("2025-06-01")), "501"),
        ((episode("2025-05-01", "2025-06-01"), episode("2025-06-01", rne="P", cin="N2")), "504"),
        ((episode("2025-05-01", place="A5", ls="E1"),), "551"),
        ((episode("2025-05-01", ls="E1"),), "553"),
        ((episode("2025-05-01", rne="Q"),), "143"),
        ((episode("2025-05-01", ls="C9"),), "144"),
        ((episode("2025-05-01", cin=""),), "145"),
        ((episode("2025-05-01", place="K3", year=2024),), "146"),
        ((episode("2025-05-01", "2026-01-01", rec="E43"),), "149"),
        ((episode("2025-05-01", place_provider="PR9"),), "178"),
        ((episode("2025-05-01", "2025-05-05", ls="L1", rec="E4A"),), "361"),
        ((episode("2025-05-01", "2025-06-01", ls="V3"), episode("2025-06-01", rne="L")),
         "short breaks mixed"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_a_flag(rows: tuple[Episode, ...], rule: str) -> None:
    assert rule in care(*rows).flags


def test_a_sound_child_has_no_flags() -> None:
    facts = care(
        episode("2025-05-01", "2025-06-01", ls="V2", year=2026),
        episode("2025-06-01", "2025-08-01", rne="L", ls="C1", year=2026),
        episode("2025-08-01", rne="B", ls="C2", place="U4", year=2026),
        reviews="2025-05-20 2025-08-15",
        births=(date(2015, 1, 1),),
        years=(2026,),
    )
    assert facts.flags == ()
    assert facts.second_review == date(2025, 8, 15)


def test_a_rule_is_flagged_only_once_its_row_is_there() -> None:
    rows = (episode("2025-05-01", "2025-06-01"), episode("2025-06-02", rne="P"))
    assert care(*rows, on=date(2025, 5, 31)).flags == ()
    assert "433" in care(*rows, on=date(2025, 6, 2)).flags


def test_an_adoption_decision_left_open_when_care_ends_is_557() -> None:
    row = episode("2025-05-01", "2025-09-01", rec="E4A")
    open_decision = (AdoptionDecision(date(2025, 6, 1)),)
    assert "557" in care(row, adoption_decisions=open_decision).flags
    closed = (AdoptionDecision(date(2025, 6, 1), date(2025, 8, 1), "RD1"),)
    assert "557" not in care(row, adoption_decisions=closed).flags
    adopted = episode("2025-05-01", "2025-09-01", rec="E11", place="A6", ls="E1")
    assert "557" not in care(adopted, adoption_decisions=open_decision).flags


def test_participation_codes_follow_the_fourth_birthday() -> None:
    birthday = date(2025, 6, 1)
    row, born = episode("2025-05-01"), (date(2021, 6, 1),)

    def flagged(on: date, code: str) -> tuple[str, ...]:
        return care_on(ChildFacts("1", (row,), (Review(on, (code,)),), births=born), ON).flags

    assert flagged(birthday, "PN0") == ("440",)
    assert flagged(birthday - timedelta(days=1), "PN0") == ()
    assert flagged(birthday - timedelta(days=1), "PN1") == ("441",)
    assert flagged(birthday, "PN1") == ()
    assert flagged(birthday, "PN9") == ("167",)


def test_several_births_and_a_lacking_header_row_are_flags_in_words() -> None:
    facts = care(births=(date(2015, 1, 1), date(2015, 1, 2)), in_header=False)
    assert facts.flags == ("birth dates differ", "no header row")


def test_a_review_under_short_breaks_alone_is_399() -> None:
    assert "399" in care(episode("2025-05-01", ls="V4"), reviews="2025-06-01").flags


def test_the_facts_have_the_shape_that_others_rely_on() -> None:
    rows = (
        episode("2026-03-23", "2026-03-28", ls="V2", year=2026),
        episode("2026-03-28", rne="P", ls="V2", place="T4", place_provider="", year=2026),
    )
    facts = facts_json(care(*rows, years=(2026,), reviews="2026-04-20", on=date(2026, 4, 30)))
    assert facts == {
        "child": "0101", "status": "looked after", "became_looked_after": "2026-03-23",
        "became_looked_after_known": True, "ceased": None, "legal_status": "V2",
        "legal_status_since": "2026-03-23", "placement": "T4", "base_placement": "U6",
        "in_proceedings": None, "reviews": ["2026-04-20"], "second_review": None, "flags": [],
    }  # fmt: skip


def test_codes_are_said_in_plain_words() -> None:
    assert words("LS", "C2") == "Full care order (C2)"
    assert words("PLACE", "F1") == "Older code, meaning not confirmed (F1)"
    assert words("PLACE", "QQ") == "Not in the national list (QQ)"
    assert words("REC", "E99") == "Ended by a repair tool, not by the authority (E99)"
    assert words("LS", "") == "Not recorded"
