"""Actions and onward referrals on their pages: who sees them, who saves, what is refused."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.sitting import AT, HELD, book, sit, who

from core.domain.procedure.forms import Place
from core.store import action_notes
from core.store.database import db, writing
from core.store.tables import Account, Action, OnwardReferral, Person
from core.usecases.decision import record_decision

DUE = date(2026, 12, 8)


@pytest.fixture
def decided(house: House) -> str:
    """A decision with an action of the team manager, a referral, and one of the mother."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    child_id, _ = house.child()
    meeting_id, _ = house.meeting(HELD, state="open")
    sit(house, meeting_id)
    item, _ = book(house, meeting_id, (child_id,))
    typed = {
        "outcome-care-planning-review.chosen": "yes",
        "outcome-care-planning-review.owner": who(house, "legal"),
        "outcome-refer-legal-planning.chosen": "yes",
        "outcome-refer-mother.chosen": "yes",
        "outcome-refer-mother.person-name": "Maud Wisp",
        "rationale": "Drift",
    }
    return record_decision(
        house.scope("panel.chair"),
        house.app.extensions["permanence"].registry,
        item,
        {Place.named(name): value for name, value in typed.items()},
        {},
        AT,
    ).public_id


def action(house: House) -> str:
    found = db.session.execute(sa.select(Action.public_id)).scalar_one()
    db.session.rollback()
    return f"/actions/{found}"


def referral(of_person: bool) -> str:
    found = db.session.execute(
        sa.select(OnwardReferral.public_id).where(
            OnwardReferral.person_id.is_not(None) == of_person
        )
    ).scalar_one()
    db.session.rollback()
    return f"/onward/{found}"


def test_the_owner_finds_the_action_among_theirs(house: House, decided: str) -> None:
    page = house.client("legal").get("/actions")
    assert "Hold a multi-agency care planning review meeting" in page.text
    assert "7 December 2026" in page.text
    assert "There are none" in house.client("iro").get("/actions").text
    assert "Orlin Thistlewick" in house.client("iro").get("/actions?whose=all").text


def test_an_action_after_its_date_is_marked_late(house: House, decided: str) -> None:
    with writing():
        db.session.execute(sa.update(Action).values(due=date(2026, 11, 22)))
    client = house.client("legal")
    assert re.search(r"govuk-tag--red[^>]*>\s*Late\s*<", client.get("/actions").text)
    assert "1 action" in client.get("/actions?show=late").text
    with writing():
        db.session.execute(sa.update(Action).values(due=date(2026, 11, 23)))
    assert "0 actions" in client.get("/actions?show=late").text


def test_an_owner_who_does_not_see_the_case_sees_the_action_and_no_child(
    house: House, decided: str
) -> None:
    account = house.account("social.worker", "far.away@bexley.example", team="Far team")
    with writing():
        db.session.execute(sa.update(Action).values(owner_id=account))
    house.accounts["social.worker"] = account
    page = house.client("social.worker").get(action(house))
    assert page.status_code == 200
    assert "Thistlewick" not in page.text
    assert "The decision that made it" not in page.text


def test_strangers_and_other_authorities_find_no_action(house: House, decided: str) -> None:
    other = House(house.app, house.today, code="TOY", slug="toyshire")
    house.accounts["social.worker"] = house.account(
        "social.worker", "far.away@bexley.example", team="Far team"
    )
    for client in (other.client("panel.chair"), house.client("social.worker")):
        assert client.get(action(house)).status_code == 404
        assert client.post(action(house), data={"version": "1"}).status_code == 404
        assert "care planning" not in client.get("/actions?whose=all").text


def test_progress_is_noted_and_then_it_is_done(house: House, decided: str) -> None:
    client = house.client("legal")
    answer = client.post(action(house), data={"version": "1", "progress": "Invitations are out"})
    assert answer.status_code == 303
    answer = client.post(action(house), data={"version": "2", "progress": "Out", "done": "yes"})
    assert answer.status_code == 422 and "Say what was done" in answer.text
    answer = client.post(
        action(house), data={"version": "2", "progress": "Out", "done": "yes", "done_words": "Held"}
    )
    assert answer.status_code == 303
    row = db.session.execute(sa.select(Action.done_on, Action.done_words)).one()
    assert tuple(row) == (house.today, "Held")
    assert "Held" in client.get(action(house)).text


def test_only_the_owner_administrator_and_chair_save(house: House, decided: str) -> None:
    data = {"version": "1", "progress": "Changed"}
    for role in ("iro", "social.worker", "deputy.director", "inspector"):
        assert house.client(role).get(action(house)).status_code == 200
        assert house.client(role).post(action(house), data=data).status_code == 404
    assert house.client("panel.administrator").post(action(house), data=data).status_code == 303


def test_two_people_on_one_action_lose_no_words(house: House, decided: str) -> None:
    house.client("legal").post(action(house), data={"version": "1", "progress": "Theirs"})
    answer = house.client("panel.chair").post(
        action(house), data={"version": "1", "progress": "Mine"}
    )
    assert answer.status_code == 422
    assert "Theirs" in answer.text and "Mine" in answer.text
    again = house.client("panel.chair").post(
        action(house), data={"version": "2", "progress": "Both"}
    )
    assert again.status_code == 303


def test_who_can_have_an_action_stands_in_the_order_of_their_names(
    house: House, decided: str
) -> None:
    with writing():
        for role, name in (("kinship", "zoe Plume"), ("iro", "Abel Zane"), ("adoption", "Mo Ash")):
            who_it_is = Account.id == house.accounts[role]
            db.session.execute(sa.update(Account).where(who_it_is).values(name=name))
    page = house.client("panel.chair").get(action(house)).text
    chosen = page[page.index('id="owner"') :]
    names = re.findall(r'<option value="[^"]+">\s*([^<,]+)', chosen[: chosen.index("</select>")])
    assert len(names) > 5 and names == sorted(names, key=str.casefold)
    assert names[0] == "Abel Zane" and names[-1] == "zoe Plume" and "Mo Ash" in names


def test_the_same_note_saved_again_says_that_it_is_noted_already(
    house: House, decided: str
) -> None:
    client = house.client("legal")
    for version, said in (("1", "The progress is noted"), ("2", "This is noted already")):
        answer = client.post(action(house), data={"version": version, "progress": "Rung"})
        assert answer.status_code == 303 and said in client.get(action(house)).text


@pytest.mark.parametrize("field", ["progress", "done_words"])
def test_words_of_an_action_that_are_too_long_are_kept_and_refused(
    house: House, decided: str, field: str
) -> None:
    typed = "w" * 30_110 + "ZZ"
    data = {"version": "1", "progress": "", "done": "yes", "done_words": "Held"} | {field: typed}
    answer = house.client("legal").post(action(house), data=data)
    assert answer.status_code == 422
    assert "at most 20,000 characters, and it has 30,112" in answer.text
    assert f'id="{field}-error"' in answer.text and typed in answer.text
    row = db.session.execute(sa.select(Action.progress, Action.done_on)).one()
    assert tuple(row) == ("", None)


def answered(day: str, month: str, year: str, words: str, version: str = "1") -> dict[str, str]:
    return {
        "answered_on-day": day,
        "answered_on-month": month,
        "answered_on-year": year,
        "answer": words,
        "answer_code": "determined-issue" if words else "",
        "version": version,
    }


@pytest.mark.clause("BEX-1.23.d")
def test_a_referral_is_open_until_its_answer_is_recorded(house: House, decided: str) -> None:
    with writing():
        db.session.execute(sa.update(OnwardReferral).values(made_on=date(2026, 11, 10)))
    client = house.client("team.manager")
    address = referral(of_person=False)
    assert "No answer is recorded" not in client.get(address).text
    for wrong, words in (
        (answered("24", "11", "2026", "Agreed"), "today or in the past"),
        (answered("9", "11", "2026", "Agreed"), "on or after 10 November 2026"),
        (answered("31", "2", "2026", "Agreed"), "must be a real date"),
        (answered("9" * 5_000, "2", "2026", "Agreed"), "must be a real date"),
        (answered("20", "11", "1066", "Agreed"), "must be in the years 1900 to 2100"),
        (answered("20", "11", "2026", "w" * 20_001), "and it has 20,001"),
        (answered("", "", "", ""), "Choose the answer"),
    ):
        refused = client.post(address, data=wrong)
        assert refused.status_code == 422 and words in refused.text
    assert client.post(address, data=answered("20", "11", "2026", "Agreed")).status_code == 303
    assert "Answered" in client.get(address).text
    late = client.post(address, data=answered("21", "11", "2026", "Not agreed"))
    assert late.status_code == 422 and "Agreed" in late.text and "Not agreed" in late.text


@pytest.mark.clause("BEX-1.23.h")
def test_a_mothers_referral_names_no_child_and_is_not_for_the_childs_worker(
    house: House, decided: str
) -> None:
    address = referral(of_person=True)
    page = house.client("panel.administrator").get(address)
    person = db.session.execute(sa.select(Person.public_id)).scalar_one()
    assert "Maud Wisp" in page.text and f"/people/{person}" in page.text
    assert "Thistlewick" not in page.text
    assert house.client("social.worker").get(address).status_code == 404
    assert house.client("team.manager").post(address, data={}).status_code == 404


def test_another_authority_finds_no_referral(house: House, decided: str) -> None:
    other = House(house.app, house.today, code="TOY", slug="toyshire")
    for of_person in (True, False):
        address = referral(of_person)
        assert other.client("panel.chair").get(address).status_code == 404
        assert other.client("panel.chair").post(address, data={}).status_code == 404


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (1, "Once: it stood overdue at a meeting"),
        (2, "Twice: it stood overdue at two meetings"),
        (3, "3 times: it stood overdue at 3 meetings"),
    ],
)
def test_its_page_says_at_how_many_meetings_it_stood_overdue(
    house: House, decided: str, times: int, said: str
) -> None:
    address = action(house)
    action_id = db.session.scalar(sa.select(Action.id))
    for number in range(times):
        meeting_id, _ = house.meeting(date(2026, 8, 3 + number), "closed")
        with writing():
            on = date(2026, 8, 3 + number)
            action_notes.roll(house.whole, meeting_id, on, [(action_id or 0, DUE)])
    assert said in house.client("legal").get(address).text
