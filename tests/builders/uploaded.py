"""Files uploaded at the import pages, read by the worker and applied, as a browser does it."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import sqlalchemy as sa
from builders.house import House
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core import worker
from core.store.database import db
from core.web.asker import Parts

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"
CHILD = "0101,F,04/05/2019,WBRI,UN1,0,"
OPEN = "0101,01/09/2025,S,C1,N1,U6,PR1,,,,AB1 2CD,AB1 2CD,"


def text(*lines: str, end: str = "\n") -> bytes:
    return (end.join(lines) + end).encode()


GOOD = {"header.csv": text(HEADER, CHILD), "episodes.csv": text(EPISODES, OPEN)}


def signed_in(house: House, role: str = "authority.administrator") -> FlaskClient:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house.client(role)


def send(client: FlaskClient, files: dict[str, bytes], **fields: str) -> TestResponse:
    parts = [(BytesIO(content), name) for name, content in files.items()]
    return client.post(
        "/imports/new", data={"files": parts, **fields}, content_type="multipart/form-data"
    )


def work(house: House) -> None:
    db.session.remove()
    while worker.work_once(house.app.extensions["permanence"].settings):
        db.session.remove()


def previewed(house: House, files: dict[str, bytes], **fields: str) -> tuple[FlaskClient, str]:
    """Upload and read; gives the browser and the import's address."""
    client = signed_in(house)
    answer = send(client, files, **fields)
    assert answer.status_code == 303, answer.text
    work(house)
    return client, answer.location


def apply(house: House, client: FlaskClient, address: str) -> str:
    shown = client.get(address).text
    answer = client.post(f"{address}/apply", data={"staged_hash": hash_in(shown)})
    assert answer.status_code == 303, answer.text
    work(house)
    return client.get(address).text


def hash_in(page: str) -> str:
    found = re.search(r'name="staged_hash" value="(\w+)"', page)
    assert found, page
    return found[1]


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def stored(house: House, table: type) -> int:
    found = db.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    db.session.rollback()
    return int(found)


def limit(house: House, mebibytes: int) -> None:
    held = house.app.extensions["permanence"]
    house.app.extensions["permanence"] = Parts(
        replace(held.settings, import_most_mebibytes=mebibytes), held.registry
    )
    house.app.config["MAX_CONTENT_LENGTH"] = 4 * mebibytes * 1024 * 1024
