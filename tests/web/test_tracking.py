"""Plans that are tracked, plans to review, and suggested meetings, as each role sees them."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.house import AT, SINCE, House
from builders.queries import counted
from builders.two_weeks import in_care, met, planned, said, step, two_week, whole
from conftest import TODAY

from core.domain.care_typing import REVIEW
from core.store.database import db
from core.store.tables import AuditRow
from core.usecases.authority import hold_post
from core.usecases.care import save_row
from core.usecases.record_new import add as typed

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    yield from two_week(tmp_path, database_url, TODAY)


def page(house: House, role: str, address: str, status: int = 200) -> str:
    answer = house.client(role).get(address)
    assert answer.status_code == status, (role, address)
    return " ".join(re.sub(r"<[^>]+>", " ", markup.unescape(answer.text)).split())


TRACKS = ("team.manager", "service.manager", "head.of.service", "deputy.director")


@pytest.mark.clause("PPM2-2.4")
def test_the_chair_and_the_managers_have_the_plans_that_are_tracked_late_first(
    house: House,
) -> None:
    _, late = in_care(house)
    planned(house, late)
    met(house, late, "2026-09-14")
    _, soon = in_care(house, "0102", "Bryn", status="C1")
    met(house, soon, "2026-11-02")
    _, theirs = in_care(house, "0103", "Ada", team="no team", worker=None, iro=None)
    typed(whole(house), theirs, "earlier-meeting", {"meeting": "ppm", "held_on": "2026-11-03"}, AT)
    for role in TRACKS:
        text = page(house, role, "/tracking")
        assert text.index("Orlin Thistlewick") < text.index("Bryn Thistlewick"), role
        assert ("Ada" in text) == (role in ("head.of.service", "deputy.director")), role
        assert "by 26 October 2026" in text and "PPM2-2.4" in text
        assert "Special guardianship order" in text and "Otherwise: Adoption" in text
        assert "Tracked today : Orlin Thistlewick" in text
    assert "Tracked today" not in page(house, "inspector", "/tracking")
    for role in ("social.worker", "iro", "panel.chair", "legal", "authority.administrator"):
        page(house, role, "/tracking", 404)
    assert "0 plans" in page(house, "team.manager", "/tracking?differs=yes")
    assert "1 plan" in page(house, "team.manager", "/tracking?section-20=yes")
    assert "Choose a team" in page(house, "team.manager", "/tracking?team=x", 422)


@pytest.mark.clause("PPM2-2.4")
def test_tracked_today_is_typed_with_words_and_meets_what_was_due(house: House) -> None:
    _, child = in_care(house, status="C1")
    met(house, child, "2026-09-14")
    address = f"/children/{child}/tracking"
    client = house.client("team.manager")
    today = {"tracked_on-day": "23", "tracked_on-month": "11", "tracked_on-year": "2026"}
    empty = client.post(address, data={**today, "words": " "})
    assert empty.status_code == 422 and "How the plan stands" in empty.text
    ahead = client.post(address, data={**today, "tracked_on-day": "24", "words": "Kept words"})
    assert ahead.status_code == 422 and "Kept words" in ahead.text
    done = client.post(address, data={**today, "words": "The aunt is assessed"})
    assert done.status_code == 303
    text = page(house, "team.manager", "/tracking")
    assert "Tracked 23 November 2026" in text and "by 4 January 2027" in text
    assert "The aunt is assessed" in page(house, "team.manager", address)
    assert "Team Manager Of Bexley" in page(house, "team.manager", address)
    assert "Last tracked: 23 November 2026" in page(house, "social.worker", f"/children/{child}")
    for role in ("social.worker", "iro", "inspector"):
        page(house, role, address, 404)
        assert house.client(role).post(address, data={**today, "words": "x"}).status_code == 404
    audits = sa.select(AuditRow.after).where(AuditRow.did == "add to record")
    assert any(row.get("kind") == "plan-tracked" for row in db.session.scalars(audits))
    db.session.rollback()


@pytest.mark.clause("PPM2-2.4", "PPM10-3")
def test_it_ends_with_permanence_achieved_by_a_named_outcome(house: House) -> None:
    _, child = in_care(house, status="C1")
    met(house, child, "2026-09-14")
    said(house, child, "adoption", order_on="2026-11-20")
    assert "Orlin" not in page(house, "team.manager", "/tracking")
    ended = page(house, "team.manager", "/tracking?show=ended")
    assert "Ended: adoption order on 20 November 2026" in ended
    achieved = "Permanence achieved on 20 November 2026 by adoption order"
    assert achieved in page(house, "social.worker", f"/children/{child}")
    assert achieved in page(house, "social.worker", f"/children/{child}/dates")


@pytest.mark.clause("PPM2-1")
def test_the_posts_that_review_plans_have_their_list(house: House) -> None:
    _, child = in_care(house)
    planned(house, child, approved_on="2026-09-14")
    met(house, child, "2026-09-14")
    said(house, child, "plan-tracked", tracked_on="2026-10-01", words="On its way")
    for role in ("service.manager", "head.of.service", "inspector"):
        text = page(house, role, "/plans")
        assert "Orlin Thistlewick" in text and "Section 20" in text, role
        assert "Special guardianship order" in text
        assert "Planning began on 1 September 2026, on becoming looked after" in text
        assert "PPM2-1" in text
        assert "Last planning meeting 14 September 2026" in text
        assert "Last tracked 1 October 2026" in text
        assert "Plan reviewed and tracked after the last permanence planning meeting, by" in text
    for role in ("team.manager", "social.worker", "panel.chair"):
        page(house, role, "/plans", 404)
    chair = house.accounts["panel.chair"]
    hold_post(house.whole, chair, "PPM2", "", "cla-strategic-lead", AT, since=SINCE)
    assert "Orlin Thistlewick" in page(house, "panel.chair", "/plans")
    assert "Plans" in page(house, "panel.chair", "/")
    assert "0 children" in page(house, "service.manager", "/plans?plan=achieved")
    assert "Choose how far" in page(house, "service.manager", "/plans?plan=x", 422)


@pytest.mark.clause("PPM2-1")
def test_a_plan_of_which_is_not_known_how_far_it_is_says_so_in_words(house: House) -> None:
    _, child = in_care(house)
    planned(house, child, identified_on="2026-10-02")
    text = page(house, "service.manager", "/plans")
    assert "Special guardianship order How far is not recorded" in text
    assert "the plan since 2 October 2026" in text
    assert "ecorded 2 October" not in text and "not known 2 October" not in text


@pytest.mark.clause("PPM2-1")
def test_planning_that_began_in_pre_proceedings_is_there_before_care(house: House) -> None:
    _, child = house.child(became_looked_after=None, status="", legal_status="")
    said(house, child, "gateway", held_on="2026-10-05", determination="pre-proceedings")
    text = page(house, "service.manager", "/plans")
    assert "Planning begun, and not looked after" in text
    began = "Planning began on 5 October 2026, on entering pre-proceedings"
    assert began in text and began in page(house, "social.worker", f"/children/{child}")


@pytest.mark.clause("PPM2-1")
def test_the_next_review_shows_the_latest_planning_meeting(house: House) -> None:
    _, child = in_care(house, since=date(2026, 11, 10))
    met(house, child, "2026-11-16")
    met(house, child, "2026-11-20")
    for address in (f"/children/{child}", f"/children/{child}/dates"):
        html = house.client("social.worker").get(address).text
        text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
        review = text[text.index("First review") :]
        assert "Latest planning meeting: 20 November 2026" in review, address
        assert f'href="/children/{child}/planning"' in html


@pytest.mark.clause("PPM2-2.5", "PPM2-7")
def test_a_suggested_meeting_is_on_the_first_page_with_one_link_and_a_reason_not_to(
    house: House,
) -> None:
    _, child = in_care(house, status="C1")
    plan = planned(house, child)
    met(house, child, "2026-09-14")
    step(house, child, plan, "Assess the aunt", "2026-10-01", plan="primary")
    for role in ("social.worker", "team.manager", "service.manager"):
        text = page(house, role, "/")
        assert "A further planning meeting is suggested: Orlin Thistlewick" in text, role
        assert "“Assess the aunt” was due by 1 October 2026 and is more than 28 days late" in text
        assert "PPM2-7" in text and "set here, not by the procedure" in text
    html = house.client("social.worker").get(f"/children/{child}").text
    assert "Book a planning meeting" in html
    (address,) = set(re.findall(rf'href="(/children/{child}/suggestions/[^"]+)"', html))
    client = house.client("social.worker")
    assert "more than 28 days late" in client.get(address).text
    assert client.post(address, data={"why": ""}).status_code == 422
    assert client.post(address, data={"why": "She is back in May"}).status_code == 303
    assert "further planning meeting" not in page(house, "social.worker", f"/children/{child}")
    assert "further planning meeting" not in page(house, "team.manager", "/")
    kept = page(house, "social.worker", f"/children/{child}/record")
    assert "She is back in May" in kept and "Assess the aunt" in kept
    assert client.get(address).status_code == 404
    for role in ("panel.chair", "inspector", "legal"):
        assert house.client(role).get(address).status_code == 404


@pytest.mark.clause("PPM2-2.6", "PPM2-2.3", "PPM2-3.6")
def test_both_plans_have_their_steps_and_approval_stands_apart_from_agreement(
    house: House,
) -> None:
    _, child = in_care(house)
    plan = planned(house, child, approved_on="2026-10-12")
    step(house, child, plan, "Assess the aunt", "2026-10-01", plan="primary",
         late_why="awaiting-court", meanwhile="The aunt is visited")  # fmt: skip
    step(house, child, plan, "Begin family finding", "2027-01-11", plan="contingency")
    text = page(house, "social.worker", f"/children/{child}/record")
    first, _, second = text.partition("Steps of the contingency plan")
    assert "Steps of the primary plan" in first and "Assess the aunt" in first
    assert "Late Awaiting court. Meanwhile: The aunt is visited" in first
    assert "Begin family finding" in second and "PPM2-2.6" in text
    assert "Approved at a planning meeting 12 October 2026 That is not yet agreed" in text
    assert "Agreed on not recorded" in text


@pytest.mark.clause("PPM2-3.8")
def test_what_is_late_of_a_child_under_section_20_is_before_the_chair_by_name(
    house: House,
) -> None:
    _, child = in_care(house)
    met(house, child, "2026-09-14")
    for role in ("team.manager", "service.manager"):
        text = page(house, role, "/")
        named = "Late, and accommodated under section 20: Orlin Thistlewick:"
        assert f"{named} Plan reviewed and tracked" in text, role
        assert "PPM2-3.8" in text
    assert "Late, and accommodated" not in page(house, "social.worker", "/")
    listed = page(house, "team.manager", "/tracking")
    assert "Late, and accommodated under section 20: Plan reviewed and tracked" in listed
    own = page(house, "team.manager", f"/children/{child}")
    assert "Section 20 Accommodated under section 20 since 1 September 2026" in own


@pytest.mark.clause("PPM2-4.2")
def test_the_chair_is_asked_about_reunification_and_a_mismatch_is_shown(house: House) -> None:
    _, child = in_care(house, status="C1", since=date(2026, 10, 26))
    save_row(whole(house), child, REVIEW, None, {"held_on": "2026-11-16", "code": "PN1"},
             "Held", True, AT)  # fmt: skip
    asked = page(house, "team.manager", "/")
    assert "Is there a prospect of reunification? The chair answers: Orlin" in asked
    assert "Answer" in asked
    form = f"/children/{child}/record/add/reunification-prospect"
    page(house, "team.manager", form)
    page(house, "social.worker", form, 404)
    said(house, child, "reunification-prospect", answered_on="2026-11-20", prospect="no", why="So")
    planned(house, child, primary="adoption", contingencies="sgo", identified_on="2026-11-02")
    said(house, child, "care-plan-aim", review_on="2026-11-16", aim="long-term-fostering")
    assert "The chair answers" not in page(house, "team.manager", "/")
    differs = (
        "The care plan, agreed at the review of 16 November 2026, says long-term fostering, the "
        "permanence plan adoption"
    )
    own = page(house, "team.manager", f"/children/{child}")
    assert differs in own and "No prospect of reunification: answered on 20 November 2026" in own
    listed = page(house, "team.manager", "/tracking?differs=yes")
    assert differs in listed and "by 1 January 2027" in listed and "PPM2-4.2" in listed


def test_the_queries_of_the_lists_do_not_grow_with_children(house: House) -> None:
    def fill(numbers: range) -> None:
        for number in numbers:
            _, child = in_care(house, f"02{number:02}", f"Ada{number}")
            met(house, child, "2026-09-14")

    fill(range(2))
    manager, service = house.client("team.manager"), house.client("service.manager")
    asked = ((manager, "/tracking", 20), (service, "/plans", 30), (manager, "/", 45))
    for client, address, _ in asked:
        client.get(address)
    before = [counted(lambda c=c, a=a: c.get(a)) for c, a, _ in asked]  # type: ignore[misc]
    fill(range(2, 6))
    after = [counted(lambda c=c, a=a: c.get(a)) for c, a, _ in asked]  # type: ignore[misc]
    assert after == before
    assert all(n <= most for n, (_, _, most) in zip(before, asked, strict=True)), before


def test_another_authority_has_none_of_it(house: House) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    _, child = in_care(house)
    met(house, child)
    for role in TRACKS:
        client = other.client(role)
        assert "Orlin" not in client.get("/tracking").text
        for address in (f"/children/{child}/tracking", f"/children/{child}/suggestions/x"):
            assert client.get(address).status_code == 404
            assert client.post(address, data={"words": "x", "why": "x"}).status_code == 404
