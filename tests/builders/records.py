"""One child's whole record in a house: a case heard once and booked again, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from hashlib import sha256

import sqlalchemy as sa
from builders.house import AT, BODY, House
from builders.staff import staff_record

from core.domain.entry_days import PPM
from core.store import planning
from core.store.database import db, writing
from core.store.planning import NewPlanning
from core.store.tables import (
    Action,
    Booking,
    CaseChild,
    Child,
    Closing,
    Decision,
    Dispute,
    DisputeStage,
    Entry,
    EntryStatement,
    ImportRun,
    Message,
    OnwardReferral,
    PanelCase,
    Paper,
    PaperVersion,
    Person,
    PersonOfChild,
    StagedDocument,
    StagedText,
    StatedAccess,
)

GIVEN, FAMILY, LOCAL = "Wolferine", "Thrupplewick", "LOC-90417"
MOTHER = "Amberine Thrupplewick"
TRACES = (GIVEN, FAMILY, LOCAL, MOTHER)


def whole_record(
    house: House, referrer: str = "social.worker", **child: object
) -> Mapping[str, str]:
    """Make it; gives the public id of each thing by the first part of its address.

    ``held`` and ``heard`` are the meeting before and the case's item there; ``other`` is a second
    record of the same child.
    """
    child_id, child_public = house.child(LOCAL, GIVEN, FAMILY, **child)  # type: ignore[arg-type]
    _, other_public = house.child(f"{LOCAL}-2", GIVEN, FAMILY, **child)  # type: ignore[arg-type]
    held_id, held_public = house.meeting(date(2026, 11, 19), "closed")
    next_id, meeting_public = house.meeting(date(2026, 12, 3))
    own = {"authority_id": house.authority_id}

    def add(table: type, **values: object) -> tuple[int, str]:
        made = sa.insert(table).values(**own, **values)
        row = db.session.execute(made.returning(table.id, table.public_id)).one()  # type: ignore[attr-defined]
        return row.id, row.public_id

    with writing():
        about_one = NewPlanning(
            "TOY", "", PPM, "", date(2026, 12, 10), time(10, 30), "Room 4", f"{GIVEN} drifts"
        )
        _, planning_public = planning.book(house.scope(referrer), child_id, about_one, AT)
    with writing():
        case_id, case_public = add(
            PanelCase,
            procedure_code=house.code,
            procedure_edition="",
            body_code=BODY,
            form_code="referral",
            meeting_id=next_id,
            referrer_id=house.accounts[referrer],
            state="booked",
            opened_at=AT,
            submitted_at=AT,
        )
        db.session.execute(sa.insert(CaseChild).values(**own, case_id=case_id, child_id=child_id))
        heard_id, heard_public = add(
            Booking, meeting_id=held_id, case_id=case_id, item="cases", position=1, state="heard"
        )
        decision_id, _ = add(
            Decision,
            booking_id=heard_id,
            case_id=case_id,
            meeting_id=held_id,
            decided_on=date(2026, 11, 19),
            rationale="Said at the meeting",
            chair_name="A chair of the house",
            return_meeting_id=next_id,
            recorded_at=datetime(2026, 11, 19, 11, 0),
        )
        _, booking_public = add(
            Booking,
            meeting_id=next_id,
            case_id=case_id,
            item="cases",
            position=1,
            state="booked",
            from_decision_id=decision_id,
        )
        _, action_public = add(
            Action,
            decision_id=decision_id,
            case_id=case_id,
            kind="task",
            what="Write to the court",
            owner_id=house.accounts[referrer],
            owner_name="An owner",
            due=date(2026, 12, 1),
            first_due=date(2026, 12, 1),
        )
        dispute_id, dispute_public = add(
            Dispute,
            child_id=child_id,
            about="drift",
            words=f"{GIVEN} has no plan",
            opened_on=date(2026, 11, 19),
            opened_at=AT,
            opened_by=house.accounts["iro"],
            whole_by=date(2026, 12, 17),
        )
        db.session.execute(
            sa.insert(DisputeStage).values(
                **own,
                dispute_id=dispute_id,
                stage="informal",
                title="Informally",
                begun_on=date(2026, 11, 19),
                due=date(2026, 11, 26),
                why="",
            )
        )
        staged_id, staged_public = add(
            StagedDocument,
            child_id=child_id,
            kind="toy-letter",
            procedure_code="TOY",
            number=1,
            state="being written",
            since=AT,
            started_at=AT,
            started_by=house.accounts[referrer],
        )
        db.session.execute(
            sa.insert(StagedText).values(
                **own,
                document_id=staged_id,
                number=1,
                words=f"{GIVEN} is to stay",
                hash="0" * 64,
                at=AT,
                by=house.accounts[referrer],
            )
        )
        _, onward_public = add(
            OnwardReferral,
            decision_id=decision_id,
            case_id=case_id,
            outcome_code="refer-legal-planning",
            forum="legal-planning-meeting",
            forum_words="legal planning meeting",
            made_on=date(2026, 11, 19),
        )
        person_id, person_public = add(Person, name=MOTHER)
        db.session.execute(
            sa.insert(PersonOfChild).values(
                **own, child_id=child_id, person_id=person_id, relation="mother"
            )
        )
        paper_id, paper_public = add(Paper, child_id=child_id, title=f"A letter on {GIVEN}")
        content = f"A letter about {GIVEN} {FAMILY}".encode()
        _, version_public = add(
            PaperVersion,
            paper_id=paper_id,
            number=1,
            name=f"{GIVEN}.txt",
            stored_as="0" * 32,
            media_type="text/plain",
            size=len(content),
            sha256=sha256(content).hexdigest(),
            scan="not scanned",
            added_at=AT,
            added_by=house.accounts[referrer],
        )
        entry_id, entry_public = add(
            Entry, child_id=child_id, kind="gateway", match_key="2026-02-03", made_at=AT
        )
        for said, value in (("", "issue"), ("tracker", "s20")):
            db.session.execute(
                sa.insert(EntryStatement).values(
                    **own,
                    child_id=child_id,
                    entry_id=entry_id,
                    field="determination",
                    value=value,
                    format=said,
                    as_at=date(2026, 3, 31),
                    stated_at=AT,
                )
            )
        _, stated_public = add(
            StatedAccess,
            child_id=child_id,
            account_id=house.accounts["panel.chair"],
            reason="Rung by the school about tonight",
            since=AT,
            until=AT + timedelta(hours=1),
        )
        sealed = {**own, "local_id": "SEALED-1", "closed_to": "sealed"}
        sealed_id = db.session.execute(
            sa.insert(Child).values(**sealed).returning(Child.id)
        ).scalar_one()
        _, closing_public = add(
            Closing, child_id=sealed_id, kind="sealed", why="Adopted", made_at=AT
        )
        _, message_public = add(
            Message,
            key="a message",
            kind="test",
            account_id=house.accounts[referrer],
            meeting_id=next_id,
            case_id=case_id,
            to_name="Somebody told",
            address="somebody@bexley.example",
            subject="A message",
            body="/home",
            message_id="<a@b>",
            state="failed",
            fault="address",
            not_before=AT,
            queued_at=AT,
            failed_at=AT,
        )
        _, run_public = add(ImportRun, state="failed", asked_at=AT, changed_at=AT, counts={})
    folder = house.app.extensions["permanence"].settings.paper_folder
    folder.mkdir(exist_ok=True)
    (folder / ("0" * 32)).write_bytes(content)
    return {
        "children": child_public,
        "other": other_public,
        "record": entry_public,
        "cases": case_public,
        "meetings": meeting_public,
        "planning-meetings": planning_public,
        "items": booking_public,
        "held": held_public,
        "heard": heard_public,
        "actions": action_public,
        "disputes": dispute_public,
        "staged": staged_public,
        "onward": onward_public,
        "outbox": message_public,
        "people": person_public,
        "imports": run_public,
        "reasons": stated_public,
        "closings": closing_public,
        "papers": paper_public,
        "paper-versions": version_public,
        **staff_record(house, child_id),
    }
