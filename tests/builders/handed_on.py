"""Referrals to other bodies, and answers to them, as tests make them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from builders.house import House
from builders.reading import words

from core.store.database import db, writing
from core.store.tables import OnwardReferral


def referred(
    house: House, child_id: int, forum: str = "resource-panel", made_on: date = date(2026, 11, 2)
) -> str:
    with writing():
        return str(
            db.session.execute(
                sa.insert(OnwardReferral)
                .values(
                    authority_id=house.authority_id,
                    child_id=child_id,
                    forum=forum,
                    forum_words=forum.replace("-", " "),
                    clauses="BEX-1.22",
                    made_on=made_on,
                    made_by=house.accounts["social.worker"],
                )
                .returning(OnwardReferral.public_id)
            ).scalar_one()
        )


def answered(house: House, made: str, code: str, said: str, version: int) -> str:
    typed = {
        "answered_on-day": "20", "answered_on-month": "11", "answered_on-year": "2026",
        "answer_code": code, "answer": said, "version": str(version),
    }  # fmt: skip
    client = house.client("social.worker")
    assert client.post(f"/onward/{made}", data=typed).status_code == 303
    return words(client.get(f"/onward/{made}").text)
