"""Care typed and corrected: it stands over returns, also after the next import; with history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from builders import imported
from builders.house import House

from core import worker
from core.domain.care_typing import ADOPTION_DECISION, ASYLUM, CARE_KINDS, EPISODE, REVIEW
from core.domain.finding import Refused
from core.store import care_rows, care_shown, imports
from core.store.care_rows import CareRow
from core.store.database import db, writing
from core.store.imports import RunState
from core.store.tables import AuditRow, CareSummary, Child
from core.store.tables import Episode as EpisodeTable
from core.usecases import importing, staging
from core.usecases.care import CareMoved, save_row, take_back, void_row
from core.usecases.child_changed import NoChild
from core.usecases.facts import facts
from core.usecases.identity import say

AT = datetime(2026, 11, 23, 9, 0)
FIRST = {"decom": "2026-02-01", "rne": "S", "ls": "C1", "cin": "N1", "place": "U6",
         "place_provider": "PR1"}  # fmt: skip
ENDED = FIRST | {"dec": "2026-05-01", "rec": "X1"}
SECOND = FIRST | {"decom": "2026-05-01", "rne": "L", "ls": "C2"}


def save(
    house: House, public_id: str, kind: str, values: Mapping[str, str], row: int | None = None,
    why: str = "", keep: bool = False, role: str = "social.worker", **more: Any,
) -> None:  # fmt: skip
    save_row(
        house.scope(role), public_id, CARE_KINDS[kind], row, values, why, keep, AT, **more
    )  # fmt: skip


def rows(house: House, child_id: int, kind: str = "episode") -> list[CareRow]:
    found = list(care_rows.rows(house.whole, child_id, CARE_KINDS[kind]))
    db.session.rollback()
    return found


def states(house: House, child_id: int, kind: str = "episode") -> list[str]:
    return [row.state for row in rows(house, child_id, kind)]


def row(house: House, child_id: int, state: str = "in use", kind: str = "episode") -> CareRow:
    return next(r for r in rows(house, child_id, kind) if r.state == state)


def said(house: House, on: date = date(2026, 11, 23)) -> dict[str, Any]:
    """The only child's facts, as `permanence facts` gives them."""
    (found,) = facts(house.whole, on)
    db.session.rollback()
    return found


def summary(house: House, child_id: int) -> tuple[Any, ...]:
    found = db.session.execute(
        sa.select(CareSummary.status, CareSummary.legal_status, CareSummary.placement,
                  CareSummary.became_looked_after, CareSummary.latest_review)
        .where(CareSummary.child_id == child_id)
    ).one()  # fmt: skip
    db.session.rollback()
    return tuple(found)


def wrong(do: Callable[[], None]) -> list[tuple[str | None, str, bool]]:
    with pytest.raises(Refused) as caught:
        do()
    return [(f.field, f.code, f.blocks) for f in caught.value.findings]


def test_care_typed_from_nothing_is_what_the_page_the_list_and_the_facts_say(house: House) -> None:
    child_id, public_id = house.child(status="no episodes", became_looked_after=None)
    save(house, public_id, "episode", ENDED, keep=True, why="The next row follows")
    save(house, public_id, "episode", SECOND)
    save(house, public_id, "review", {"held_on": "2026-03-01", "code": "PN1"})
    assert summary(house, child_id) == (
        "looked after", "C2", "U6", date(2026, 2, 1), date(2026, 3, 1)
    )  # fmt: skip
    shown = care_shown.care(house.scope("iro"), child_id)
    assert [(r.code, r.start, r.source and r.source.by) for r in shown.legal_statuses] == [
        ("C2", date(2026, 5, 1), "Social Worker Of Bexley"),
        ("C1", date(2026, 2, 1), "Social Worker Of Bexley"),
    ]
    found = said(house)
    assert (found["legal_status"], found["reviews"], found["flags"]) == ("C2", ["2026-03-01"], [])
    assert said(house, date(2026, 3, 1))["legal_status"] == "C1"


def test_a_correction_stands_over_the_return_and_its_own_correction_keeps_the_history(
    house: House,
) -> None:
    child_id, public_id = house.child()
    imported.episode(house, child_id, imported.returned(house), date(2026, 2, 1))
    first = row(house, child_id)
    moved = FIRST | {"decom": "2026-02-03", "ls": "V2"}
    save(house, public_id, "episode", moved, first.id, "The court papers")
    assert states(house, child_id) == ["in use", "overruled"]
    typed = row(house, child_id)
    assert (typed.corrects, typed.disagrees) == (date(2026, 2, 1), True)
    instead = row(house, child_id, "overruled").instead
    assert instead is not None and instead.id == typed.id
    assert said(house)["legal_status"] == "V2"

    save(house, public_id, "episode", moved | {"ls": "C2"}, typed.id, "The order", role="iro")
    assert states(house, child_id) == ["in use", "replaced", "overruled"]
    old = row(house, child_id, "replaced")
    assert (old.values["ls"], old.why, old.source and old.source.by) == (
        "V2", "The court papers", "Social Worker Of Bexley",
    )  # fmt: skip
    assert said(house)["legal_status"] == "C2"

    back = row(house, child_id)
    take_back(house.scope("iro"), public_id, EPISODE, back.id, "The return was right", AT)
    assert sorted(states(house, child_id)) == ["in use", "replaced", "replaced", "taken back"]
    assert row(house, child_id, "taken back").why == "The return was right"
    assert (said(house)["legal_status"], said(house)["became_looked_after"]) == (
        "C1", "2026-02-01",
    )  # fmt: skip
    did = db.session.execute(
        sa.select(AuditRow.did, AuditRow.before, AuditRow.after)
        .where(AuditRow.subject_id == public_id)
        .order_by(AuditRow.id)
    ).all()
    assert [d.did for d in did] == ["correct an episode"] * 2 + ["take back an episode"]
    assert (did[1].before["ls"], did[1].after["ls"], did[2].after["ls"]) == ("V2", "C2", "C1")


@pytest.mark.parametrize("years", [(2024, 2025), (2025, 2024)])
def test_a_row_that_a_later_return_has_too_is_not_the_one_to_correct(
    house: House, years: tuple[int, int]
) -> None:
    child_id, public_id = house.child()
    start, moved = date(2023, 7, 11), date(2024, 5, 1)
    for year in years:
        ended = {"dec": moved, "rec": "X1"} if year == 2025 else {}
        file_id = imported.returned(house, year)
        imported.episode(house, child_id, file_id, start, year=year, **ended)
        if ended:
            imported.episode(house, child_id, file_id, moved, year=year, rne="B", ls="C2")
    assert [(r.day, r.year, r.state) for r in rows(house, child_id)] == [
        (moved, 2025, "in use"), (start, 2025, "in use"), (start, 2024, "overtaken"),
    ]  # fmt: skip
    old, stands = row(house, child_id, "overtaken"), rows(house, child_id)[1]
    assert old.instead is not None and old.instead.id == stands.id
    with pytest.raises(CareMoved) as caught:
        save(house, public_id, "episode", dict(old.values) | {"place": "K2"}, old.id, "Seen")
    assert [r.id for r in caught.value.now] == [stands.id]

    save(house, public_id, "episode", dict(stands.values) | {"place": "K2"}, stands.id, "Seen")
    typed = rows(house, child_id)[1]
    assert [r.year for r in typed.overrules] == [2025]
    assert [r.state for r in rows(house, child_id)] == [
        "in use", "in use", "overruled", "overtaken",
    ]  # fmt: skip
    assert said(house)["became_looked_after"] == "2023-07-11"
    assert (said(house)["legal_status"], said(house)["flags"]) == ("C2", [])


def test_an_older_return_is_no_disagreement_with_what_was_typed(house: House) -> None:
    child_id, public_id = house.child()
    start = date(2026, 2, 1)
    for year, ls in ((2026, "V2"), (2027, "C2")):
        imported.episode(house, child_id, imported.returned(house, year), start, year=year, ls=ls)
    save(house, public_id, "episode", FIRST, row(house, child_id).id, "The order")
    assert row(house, child_id).disagrees
    again = rows(house, child_id)[0]
    save(house, public_id, "episode", FIRST | {"ls": "C2"}, again.id, "The second order")
    (first, *_) = rows(house, child_id)
    assert [r.values["ls"] for r in first.overrules] == ["C2"]


HEADER = b"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n0101,F,04/05/2019,WBRI,UN1,0,\n"
COLUMNS = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)


def bring_in(house: House, *decoms: str) -> None:
    """Import a return of the year to March 2026 with an open episode from each of these days."""
    settings = house.app.extensions["permanence"].settings
    lines = [f"0101,{decom},S,C1,N1,U6,PR1,,,,AB1 2CD,AB1 2CD," for decom in decoms]
    files = {"h.csv": HEADER, "e.csv": "\n".join([COLUMNS, *lines, ""]).encode()}
    public_id = staging.stage(
        house.scope("authority.administrator"),
        [(name, BytesIO(content)) for name, content in files.items()],
        settings.upload_folder,
        AT,
        limit_bytes=1_000_000,
    )
    assert worker.work_once(settings)
    run = imports.run(house.whole, public_id)
    db.session.rollback()
    assert run is not None and run.state is RunState.READY, run and run.failure
    importing.ask_to_apply(house.whole, run, run.staged_hash, AT)
    assert worker.work_once(settings)
    run = imports.run(house.whole, public_id)
    db.session.rollback()
    assert run is not None and run.state is RunState.APPLIED, run.failure


def test_the_next_import_of_the_year_leaves_what_was_typed(house: House) -> None:
    bring_in(house, "01/10/2025", "01/12/2025")
    child_id, public_id = db.session.execute(sa.select(Child.id, Child.public_id)).one()
    with writing():
        db.session.execute(sa.update(Child).values(given_name="Orlin"))
    scope = house.scope("panel.administrator")
    later, first = rows(house, child_id)
    corrected = {**first.values, "ls": "C2"}
    save_row(scope, public_id, EPISODE, first.id, corrected, "The order", True, AT)
    void_row(scope, public_id, EPISODE, later.id, "Entered twice", AT)
    say(scope, public_id, "sex", "M", "The birth certificate", "F", AT)
    before = (said(house), summary(house, child_id), states(house, child_id))
    assert before[0]["legal_status"] == "C2"
    assert before[2] == ["never happened", "overruled", "in use", "overruled"]

    bring_in(house, "01/10/2025", "01/12/2025")
    assert states(house, child_id) == before[2]
    assert (said(house), summary(house, child_id)) == before[:2]
    assert len(rows(house, child_id)) == 4
    assert db.session.execute(sa.select(Child.sex)).scalar_one() == "M"


def test_a_row_that_never_happened_is_not_counted_and_can_be_again(house: House) -> None:
    child_id, public_id = house.child()
    file_id = imported.returned(house)
    imported.episode(house, child_id, file_id, date(2026, 2, 1))
    scope = house.scope("iro")
    assert wrong(lambda: void_row(scope, public_id, EPISODE, row(house, child_id).id, " ", AT)) == [
        ("why", "", True)
    ]
    void_row(scope, public_id, EPISODE, row(house, child_id).id, "Another child's", AT)
    assert states(house, child_id) == ["never happened", "overruled"]
    assert said(house)["status"] == "no episodes"
    # To say otherwise of that day is to correct what says that nothing happened.
    assert wrong(lambda: save(house, public_id, "episode", FIRST)) == [("decom", "", True)]
    save(house, public_id, "episode", FIRST, row(house, child_id, "never happened").id, "It did")
    assert said(house)["legal_status"] == "C1"
    # Voiding what was typed over a file leaves nothing either; of what no file has, no row at all.
    void_row(scope, public_id, EPISODE, row(house, child_id).id, "It did not", AT)
    assert said(house)["status"] == "no episodes"
    save(house, public_id, "review", {"held_on": "2026-03-01", "code": "PN1"})
    void_row(scope, public_id, REVIEW, row(house, child_id, kind="review").id, "Put off", AT)
    assert sorted(states(house, child_id, "review")) == ["replaced", "taken back"]


def test_what_is_impossible_is_refused_and_a_broken_rule_is_kept_with_a_reason(
    house: House,
) -> None:
    child_id, public_id = house.child()
    imported.episode(house, child_id, imported.returned(house), date(2026, 2, 1))

    def add(**values: str) -> Callable[[], None]:
        return lambda: save(house, public_id, "episode", SECOND | values)

    assert wrong(add(dec="2026-04-30", rec="E4A")) == [("dec", "", True)]
    assert wrong(add(decom="2026-02-01")) == [("decom", "", True)]
    assert wrong(add(decom="2019-05-03")) == [("decom", "", True)]
    assert wrong(add(decom="2026-11-24")) == [("decom", "", True)]
    broken = wrong(add())
    assert {code for _, code, _ in broken} == {"142", "433", "501"}
    assert all(not blocks for _, _, blocks in broken)
    assert wrong(lambda: save(house, public_id, "episode", SECOND, keep=True)) == [
        ("why", "", True)
    ]
    assert len(rows(house, child_id)) == 1
    save(house, public_id, "episode", SECOND, keep=True, why="The first is being ended")
    assert len(rows(house, child_id)) == 2
    # The open episode before it is where care began, though no end of it is recorded.
    assert summary(house, child_id)[:4] == ("looked after", "C2", "U6", date(2026, 2, 1))
    assert said(house)["became_looked_after_known"]
    # A rule that was broken before does not ask again.
    save(house, public_id, "review", {"held_on": "2026-03-01", "code": "PN1"})
    assert wrong(
        lambda: save(house, public_id, "review", {"held_on": "2026-03-08", "code": "PN0"})
    ) == [("code", "440", False)]


def test_a_rule_that_another_episode_breaks_names_it_and_no_field_of_this_one(
    house: House,
) -> None:
    child_id, public_id = house.child()
    imported.episode(house, child_id, imported.returned(house), date(2026, 2, 1))
    with pytest.raises(Refused) as caught:
        save(house, public_id, "episode", SECOND)
    said = {f.code: (f.field, f.message) for f in caught.value.findings}
    assert said["142"] == (
        None,
        "The episode that started on 1 February 2026 has no end date or no reason it ended. "
        "Correct that one first: give both",
    )
    assert said["501"][0] == "decom" and "The episode that" not in said["501"][1]
    first = row(house, child_id)
    save(house, public_id, "episode", dict(first.values) | {"dec": "2026-05-01", "rec": "X1"},
         first.id, "It ended", True)  # fmt: skip
    save(house, public_id, "episode", SECOND | {"rne": "L"})
    assert (said_ := summary(house, child_id))[1] == "C2" and said_[3] == date(2026, 2, 1)


def test_two_people_on_one_row_the_second_is_shown_what_stands(house: House) -> None:
    child_id, public_id = house.child()
    imported.episode(house, child_id, imported.returned(house), date(2026, 2, 1))
    first = row(house, child_id)
    save(house, public_id, "episode", FIRST | {"ls": "C2"}, first.id, "The order")
    with pytest.raises(CareMoved) as caught:
        save(house, public_id, "episode", FIRST | {"ls": "V2"}, first.id, "I know better")
    assert [r.values["ls"] for r in caught.value.now] == ["C2"]
    with pytest.raises(CareMoved):
        void_row(house.scope("iro"), public_id, EPISODE, first.id, "Never", AT)
    # A return imported again has new rows: the day tells which is meant.
    with pytest.raises(CareMoved) as caught:
        save(
            house, public_id, "episode", FIRST, 987654, "Late", seen_day=date(2026, 2, 1)
        )  # fmt: skip
    assert [r.values["ls"] for r in caught.value.now] == ["C2"]


def test_a_decision_for_adoption_is_reversed_and_asylum_status_is_one(house: House) -> None:
    child_id, public_id = house.child()
    decision = {"decided_on": "2026-03-01"}
    save(house, public_id, "adoption-decision", decision)
    there = row(house, child_id, kind="adoption-decision")
    ended = decision | {"ceased_on": "2026-09-01", "ceased_reason": "RD1"}
    save(house, public_id, "adoption-decision", ended, there.id, "Reversed by the ADM")
    assert row(house, child_id, kind="adoption-decision").values == ended
    save(house, public_id, "asylum", {"ceases": "2028-01-01"})
    assert wrong(lambda: save(house, public_id, "asylum", {})) == [("ceases", "", True)]
    file_id = imported.returned(house, name="uasc.csv")
    imported.put(house, care_rows.TABLES["asylum"], child_id, file_id, ceases=None)
    assert states(house, child_id, "asylum") == ["in use", "overruled"]
    void_row(
        house.scope("iro"), public_id, ASYLUM, row(house, child_id, kind="asylum").id, "No", AT
    )
    assert sorted(states(house, child_id, "asylum")) == ["never happened", "overruled", "replaced"]
    assert ADOPTION_DECISION.day == "decided_on"


def test_a_child_not_born_or_not_seen_has_no_care_typed(house: House) -> None:
    child_id, public_id = house.child(born=date(2026, 12, 24))
    with writing():
        db.session.execute(sa.update(Child).values(birth_expected=True))
    assert wrong(lambda: save(house, public_id, "episode", FIRST)) == [(None, "", True)]
    other = House(house.app, house.today, "TOY", "toyshire")
    with pytest.raises(NoChild):
        save_row(other.scope("iro"), public_id, EPISODE, None, FIRST, "", False, AT)
    assert db.session.execute(sa.select(sa.func.count(EpisodeTable.id))).scalar_one() == 0
