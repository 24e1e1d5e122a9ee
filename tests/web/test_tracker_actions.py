"""Actions that came with an authority's own tracker: found, progressed and done like any other."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import House

from core.store.database import db, writing
from core.store.tables import Action, Allocation, Child, ImportFile, ImportRun

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def tracked(house: House) -> str:
    """The address of an action of the worker's child; the legal adviser owns it."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    child_id, _ = house.child()
    own = {"authority_id": house.authority_id}
    with writing():
        run = db.session.execute(
            sa.insert(ImportRun)
            .values(**own, state="applied", asked_at=sa.func.now(), changed_at=sa.func.now(),
                    counts={})
            .returning(ImportRun.id)
        ).scalar_one()  # fmt: skip
        file = db.session.execute(
            sa.insert(ImportFile)
            .values(**own, run_id=run, name="tracker.xlsx", size=1)
            .returning(ImportFile.id)
        ).scalar_one()
        public_id = db.session.execute(
            sa.insert(Action)
            .values(**own, child_id=child_id, import_file_id=file, import_line=7,
                    as_at=date(2026, 10, 31), kind="tracker", what="Write to the court",
                    owner_id=house.accounts["legal"], owner_name="Legal Of Bexley",
                    due=date(2026, 12, 1), first_due=date(2026, 12, 1))
            .returning(Action.public_id)
        ).scalar_one()  # fmt: skip
    return f"/actions/{public_id}"


def test_the_owner_finds_it_with_its_source_and_no_child_that_they_do_not_see(
    house: House, tracked: str
) -> None:
    client = house.client("legal")
    assert "Write to the court" in client.get("/actions").text
    page = client.get(tracked).text
    assert "Action from a tracker" in page and "tracker.xlsx, line 7, as at 31 October 2026" in page
    assert "Thistlewick" not in page


def test_who_sees_the_child_sees_it_and_nobody_else_does(house: House, tracked: str) -> None:
    worker = house.client("social.worker")
    assert "Orlin Thistlewick" in worker.get("/actions?whose=all").text
    assert "Orlin Thistlewick" in worker.get(tracked).text
    assert "Save" not in worker.get(tracked).text
    assert worker.post(tracked, data={"version": "1", "progress": "x"}).status_code == 404
    assert house.client("authority.administrator").get(tracked).status_code == 404
    with writing():
        db.session.execute(sa.delete(Allocation))
    assert house.client("social.worker").get(tracked).status_code == 404


def test_the_owner_notes_progress_and_does_it(house: House, tracked: str) -> None:
    client = house.client("legal")
    saved = client.post(tracked, data={"version": "1", "progress": "A draft is written"})
    assert saved.status_code == 303
    done = {"version": "2", "progress": "", "done": "yes", "done_words": "Sent"}
    assert client.post(tracked, data=done).status_code == 303
    row = db.session.execute(sa.select(Action.done_on, Action.done_words)).one()
    db.session.rollback()
    assert tuple(row) == (house.today, "Sent")


def test_it_stands_on_the_childs_page(house: House, tracked: str) -> None:
    from core.store.tables import Child

    public_id = db.session.execute(sa.select(Child.public_id)).scalar_one()
    db.session.rollback()
    page = house.client("social.worker").get(f"/children/{public_id}").text
    assert tracked in page and "Write to the court" in page


def test_it_waits_on_its_owners_first_page_with_the_child_whom_they_see(
    house: House, tracked: str
) -> None:
    with writing():
        db.session.execute(sa.update(Action).values(owner_id=house.accounts["social.worker"]))
    assert "Write to the court: Orlin Thistlewick" in house.client("social.worker").get("/").text
    with writing():
        db.session.execute(sa.update(Action).values(owner_id=house.accounts["legal"]))
    page = house.client("legal").get("/").text
    assert "Write to the court" in page and "Thistlewick" not in page


def test_of_an_action_that_nobody_owns_the_childs_page_says_so(house: House, tracked: str) -> None:
    with writing():
        db.session.execute(
            sa.update(Action).values(owner_id=None, owner_name="", due=date(2026, 11, 1))
        )
        child = db.session.execute(sa.select(Child.public_id)).scalar_one()
    page = house.client("social.worker").get(f"/children/{child}").text
    assert re.search(r'<th scope="row"[^>]*>Nobody</th>', page)
    assert "(nobody yet)" in page and "()" not in page


def test_who_notes_progress_while_it_is_handed_on_keeps_their_words(
    house: House, tracked: str
) -> None:
    with writing():
        db.session.execute(sa.update(Action).values(owner_id=house.accounts["social.worker"]))
    worker = house.client("social.worker")
    with writing():
        values = {"owner_id": house.accounts["legal"], "owner_name": "Legal", "version": 2}
        db.session.execute(sa.update(Action).values(**values))
    late = worker.post(tracked, data={"version": "1", "progress": "I rang the court"})
    assert late.status_code == 422
    assert "I rang the court" in late.text and "was changed while you were typing" in late.text
    assert worker.post(tracked, data={"version": "2", "progress": "Again"}).status_code == 404
    assert house.client("kinship").post(tracked, data={"version": "1"}).status_code == 404
